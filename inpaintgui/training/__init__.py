"""Training data, DCGAN training, checkpoints and model cards. No Qt."""
