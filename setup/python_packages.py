"""Makes .venv, installs the locked packages into it and the checkout beside them. It never installs without a hash."""

import importlib.util
import venv
from collections.abc import Iterable
from pathlib import Path

from setup.progress import Step, Stopped, run
from setup.stamps import ROOT, VENV, is_done, print_of, set_done, was_done

PYTHON = VENV / "bin" / "python"
_NETWORK = (
    "The packages could not be installed. Check the network, or name your mirror in pip's own configuration "
    "(`pip config`), then run the same command again: it goes on where it stopped."
)


def for_running() -> bool:
    """Install what Sanad runs on. Returns whether there was anything to do."""
    return _install("run", "Python packages", [ROOT / "requirements.txt"]) | _install_checkout()


def for_tests() -> bool:
    """Install what tests, lint and benchmarks need, too. Returns whether there was anything to do."""
    locks = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    return _install("tests", "Python packages", locks) | _install_checkout()


def install_extra(name: str, title: str) -> bool:
    """Install setup/`name`.txt: a program the machine lacks, from a wheel. Returns whether there was anything to do."""
    return _install(name, title, [ROOT / "setup" / f"{name}.txt"])


def _install(name: str, title: str, locks: list[Path]) -> bool:
    content = print_of(locks, str(ROOT))
    if is_done(name, content) and PYTHON.exists():
        return False
    _make_venv()
    with Step(title) as step:
        _pip(step, ["--require-hashes"], locks)
    set_done(name, content)
    return True


def _install_checkout() -> bool:
    content = print_of([ROOT / "pyproject.toml"], str(ROOT))
    if is_done("checkout", content):
        return False
    with Step("sanad command"):
        run(
            [PYTHON, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--editable", ROOT],
            otherwise="The checkout itself could not be installed: look at pyproject.toml.",
        )
    set_done("checkout", content)
    return True


def _make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        message = (
            "This Python cannot make environments (it lacks ensurepip). "
            "On Debian and Ubuntu: apt-get install python3-venv. Elsewhere install Python's venv and pip."
        )
        raise Stopped(message)
    # An environment that was moved with its folder still points to the old place: made anew.
    moved = was_done("place") and not is_done("place", str(ROOT))
    if moved or not PYTHON.exists():
        with Step("Python environment"):
            venv.create(VENV, with_pip=True, clear=moved)
    set_done("place", str(ROOT))


def _pip(step: Step, options: list[str], locks: Iterable[Path]) -> None:
    named = [option for lock in locks for option in ("--requirement", lock)]
    awaited = {line.split("==")[0] for lock in locks for line in lock.read_text().splitlines() if "==" in line}
    seen: set[str] = set()

    def follow(line: str) -> None:
        first, _, rest = line.strip().partition(" ")
        if first in {"Collecting", "Requirement"}:
            package = rest.removeprefix("already satisfied: ").split("==")[0]
            seen.add(package)
            step.show(0.7 * len(seen) / len(awaited), package)
        elif first == "Installing":
            step.show(0.7, "writing them down")

    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *options, *named]
    run(command, otherwise=_NETWORK, each=follow)
