"""Casework: campaigns with their quotas, and the days by which their periods run."""
