"""The offline bundle: one archive that runs on a machine without a network."""
