"""The heart: priors, z-search, regions, full-resolution detail, blending and image files. No Qt."""
