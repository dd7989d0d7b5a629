"""The golden tables, one chapter per module."""
