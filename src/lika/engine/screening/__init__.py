"""Screenings: criteria run over a whole snapshot, with verdict files, digest, roll-ups and combinations of measures."""
