"""From a file to the staging tables."""
