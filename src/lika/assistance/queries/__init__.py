"""Named reads of help."""
