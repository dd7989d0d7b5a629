"""Named writes of help."""
