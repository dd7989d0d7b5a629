"""`python -m lika` is the same as `lika`."""

import sys

from lika.cli import main

if __name__ == "__main__":
    sys.exit(main())
