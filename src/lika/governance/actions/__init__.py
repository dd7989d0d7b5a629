"""Named writes of governance."""
