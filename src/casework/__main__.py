"""python -m casework: the command line, also where no script was installed."""

import sys

from casework.cli import main

if __name__ == "__main__":
    sys.exit(main())
