"""What is done about the quality of data: runs, and following faults up."""

from lika.monitoring.actions.following import assign, explain, fix, recheck
from lika.monitoring.actions.running import run_quality

__all__ = ["assign", "explain", "fix", "recheck", "run_quality"]
