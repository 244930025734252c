"""How good a prior is: fills of images it was not trained on beside plain baselines, and its samples."""
