"""Named reads of governance."""
