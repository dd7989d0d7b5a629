"""Named reads of casework."""
