"""Selecting with OpenCV: alike pixels, objects, faces, and operations on whole masks."""
