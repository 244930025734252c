"""Many photos in one go: what is to be done, doing it in one or several processes, and telling how it went."""
