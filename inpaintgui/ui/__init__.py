"""The window. PySide6 only: never torch, OpenCV or the engine."""
