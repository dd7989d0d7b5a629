"""Reading runs and faults."""
