"""Named reads: what may be proposed and what was (staff), and what everyone reads (`published`)."""
