"""The ways in which `peers.py` screens the same households: ours, and what people use today."""
