"""Benchmarks: commands that print figures. No Qt."""
