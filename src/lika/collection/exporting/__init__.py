"""The door out: the register in the layout in which it came, so that what leaves can come back and change nothing."""
