"""Runs the steps that make a checkout ready: `python3 -m setup [run|check|tests]`. It never starts Sanad itself."""

import sys
import time

from setup import browser_code, machine, python_packages
from setup.progress import Stopped

# What each kind of set-up does, in order. `run` is all that Sanad needs; the others add to it.
STEPS = {
    "run": (python_packages.for_running, browser_code.build),
    "check": (python_packages.for_tests, browser_code.build),
    "tests": (
        python_packages.for_tests,
        browser_code.build_with_test_tools,
        machine.postgres,
        machine.chromium,
    ),
}


def main(arguments: list[str]) -> int:
    """Run the steps named by the one argument (`run` if there is none). 0 done, 1 stopped, 2 the argument is off."""
    kind = arguments[0] if arguments else "run"
    if kind not in STEPS:
        print(f"There is no set-up called {kind!r}. Choose one of: {', '.join(STEPS)}.", file=sys.stderr)
        return 2
    started = time.monotonic()
    try:
        done = [step() for step in STEPS[kind]]
    except Stopped as why:
        print(f"\nSet-up stopped. {why}", file=sys.stderr)
        return 1
    if any(done):
        print(f"Set up in {time.monotonic() - started:.0f} seconds.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
