"""`python -m matgrad` is the command `matgrad`."""

import sys

from matgrad.cli import main

sys.exit(main())
