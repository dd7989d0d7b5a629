"""Named writes of casework."""
