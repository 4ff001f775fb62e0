"""`python -m answerable` is the command `answerable`."""

import sys

from answerable.app.cli import main

if __name__ == "__main__":
    sys.exit(main())
