"""Figures of reports: sums and counts over all units of every division, and the quotients of two of them, exactly."""
