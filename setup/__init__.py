"""Makes a checkout ready to run. It uses the standard library only, and never runs with the program."""

import sys

# Said here, before a newer Python's words stop an older one with a SyntaxError or ImportError.
if sys.version_info < (3, 11):  # noqa: UP036 - set-up is the one thing an older Python gets to run
    sys.exit(
        "Sanad needs Python 3.11 or newer; this is {}. Install one and name it: make PYTHON=python3.11 …".format(  # noqa: UP032
            sys.version.split()[0]
        )
    )
