"""Papers of casework."""
