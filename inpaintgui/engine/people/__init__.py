"""People in photos: the segmentation network, its weights, and looking at large photos with it."""
