"""Rounds of the yearly collection: opened by the county, filled by villages, audited by townships, locked."""
