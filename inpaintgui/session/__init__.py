"""The document being edited: pixels, mask, tools, undo history. numpy only."""
