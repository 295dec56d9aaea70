"""The `sanad` command: names every subcommand, reads its words, and hands over to `bot.commands`.

It does nothing itself and loads only what the subcommand needs.
"""

# ruff: noqa: PLC0415 - a command imports its own work when it is called, so that `sanad --help` answers at once

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from bot.commands import outcome
from flows.roles import Role

if TYPE_CHECKING:
    from bot.settings import Settings

Tongue = Literal["ar", "en"]
Level = Literal["first", "substitute"]
DrillLevel = Literal["critical", "high", "medium"]


class _Sanad(TyperGroup):
    """Turns what the world did into a sentence and an exit code, for every subcommand."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.TyperException:
            raise
        except Exception as error:
            explained = outcome.explained(error)
            if explained is None or isinstance(error, BrokenPipeError):
                raise
            outcome.remark(explained[0])
            raise typer.Exit(explained[1]) from None


_OPTIONS: dict[str, Any] = {"no_args_is_help": True, "rich_markup_mode": "rich"}
app = typer.Typer(
    cls=_Sanad,
    name="sanad",
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sanad (سند): women activists report threats and reach protection focal points, in Arabic.",
    epilog="Exit codes: 0 done · 1 a problem found · 2 the words of the call are off.",
    **_OPTIONS,
)
keys = typer.Typer(help="Server keys and the recovery key.", **_OPTIONS)
staff = typer.Typer(help="Those who work here: focal points, coordinators and others.", **_OPTIONS)
rota = typer.Typer(help="Who is on call, and when.", **_OPTIONS)
audit = typer.Typer(help="The log of who read, exported and changed what.", **_OPTIONS)
app.add_typer(audit, name="audit")
app.add_typer(keys, name="keys")
recover = typer.Typer(help="Open a member's cases to her new key, after a lost passphrase (RECOVERY.md).", **_OPTIONS)
app.add_typer(recover, name="recover")
receipt = typer.Typer(help="Receipts: signed statements that something was received.", **_OPTIONS)
app.add_typer(receipt, name="receipt")
app.add_typer(staff, name="staff")
app.add_typer(rota, name="rota")


def main() -> None:
    """Run the command that was called; it speaks UTF-8 whatever the machine says of itself."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="sanad")


def _settings() -> Settings:
    from bot.settings import Settings

    return Settings()


# ---------------------------------------------------------------- processes


@app.command()
def demo() -> None:
    """Run everything with preview phones in one page, on this machine alone; nothing needs to be set up."""
    from bot.demo import run

    run(_settings())


@app.command()
def serve() -> None:
    """Run everything in one process."""
    _run("serve")


@app.command()
def web() -> None:
    """Run only the door: webhooks and pages (PostgreSQL; beside `worker`)."""
    _run("web")


@app.command()
def worker() -> None:
    """Run only the duties: sending, alarms, files (PostgreSQL; beside `web`)."""
    _run("worker")


def _run(part: Literal["serve", "web", "worker"]) -> None:
    from bot.app import run

    run(_settings(), part)


@app.command()
def migrate() -> None:
    """Bring the database's tables to this release."""
    from bot.commands.migrating import bring

    bring(_settings())


@app.command()
def doctor() -> None:
    """Check keys, database, rules, words, staff, rota and channels, and say how to mend what is wrong (exit code 1)."""
    from bot.commands.doctor import examine
    from bot.commands.opened import run

    run(examine(_settings()))


@app.command()
def talk(
    language: Annotated[Tongue, typer.Option(help="The language her phone is set to.")] = "ar",
    transcript: Annotated[Path | None, typer.Option(help="Write the conversation to this new file as well.")] = None,
) -> None:
    """Rehearse a conversation in this terminal, on a database that is thrown away at the end."""
    from bot.commands.opened import run
    from bot.commands.talk import converse

    run(converse(_settings(), language, transcript))


@app.command("open")
def open_(
    code: Annotated[str, typer.Argument(help="The case's code, such as KTR-4MW.")],
    key: Annotated[Path, typer.Option(help="The file that `sanad keys recovery` wrote.")],
    files: Annotated[Path | None, typer.Option(help="Write the case's files into this folder, as received.")] = None,
) -> None:
    """Print a case as JSON, where the key is. Needs the database and the key's file, no server key."""
    from bot.commands.opened import run
    from bot.commands.opening import show

    run(show(_settings(), code, key, files))


@app.command()
def backup(
    out: Annotated[Path, typer.Option(help="A new file, or a folder in which it gets a name with date and time.")],
    keep: Annotated[
        int | None, typer.Option(metavar="DAYS", help="Then delete older ones beside it, after so many days.")
    ] = None,
) -> None:
    """Write the whole database into one file, as it is: ciphertext stays ciphertext. Sanad may go on running."""
    from bot.commands.backup import make

    make(_settings(), out, keep)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `sanad backup` wrote, from either kind of database.")],
    replace: Annotated[bool, typer.Option("--replace", help="Also where the database holds something.")] = False,
) -> None:
    """Put a backup in the place of the database. Stop Sanad first; it is done whole or not at all."""
    from bot.commands.restore import restore as put_back

    put_back(_settings(), file, replace=replace)


# ---------------------------------------------------------------- log


@audit.command("verify")
def audit_verify(
    head: Annotated[str, typer.Option(metavar="HASH", help="A head that an earlier call printed.")] = "",
    after: Annotated[int, typer.Option(metavar="NUMBER", min=0, help="Only entries behind this one.")] = 0,
) -> None:
    """Check that no entry of the log was changed, removed, put elsewhere or added by somebody else (exit code 1)."""
    from bot.commands.audit import verify
    from bot.commands.opened import run

    run(verify(_settings(), head, after))


@app.command()
def drill(
    level: Annotated[DrillLevel, typer.Option(help="How urgent it is to be: which ladder is climbed.")],
) -> None:
    """Rehearse an alarm: those on call are woken as in earnest, and told afterwards that it was a drill."""
    from bot.commands.drill import begin
    from bot.commands.opened import run

    run(begin(_settings(), level))


# ---------------------------------------------------------------- keys


@keys.command("new")
def keys_new() -> None:
    """Print one fresh server key, `id:base64`, to put first in SANAD_KEYS. It is kept nowhere."""
    from bot.commands.keys import new

    new()


@keys.command("rotate")
def keys_rotate() -> None:
    """Rewrite everything that older server keys sealed with the newest one.

    First put the new key in front of SANAD_KEYS and restart every process; then run this, while they run. It may be
    stopped and run again at any time, and says when the older keys may be removed.
    """
    from bot.commands.keys import rotate
    from bot.commands.opened import run

    run(rotate(_settings()))


@keys.command("recovery")
def keys_recovery(
    out: Annotated[Path, typer.Option(help="A new file for the private half, or with --shares a new folder.")],
    shares: Annotated[str, typer.Option(metavar="K/N", help="Write N paper shares instead, any K of which open.")] = "",
) -> None:
    """Make the recovery key: every case opened from now on is sealed to it. With --shares no file holds it whole."""
    from bot.commands.keys import recovery
    from bot.commands.opened import run

    run(recovery(_settings(), out, shares))


@keys.command("split")
def keys_split(
    file: Annotated[Path, typer.Argument(help="The file that `sanad keys recovery` wrote.")],
    shares: Annotated[str, typer.Option(metavar="K/N", help="N paper shares, any K of which open.")],
    out: Annotated[Path, typer.Option(help="A new folder for the pages to be printed.")],
) -> None:
    """Split a recovery key that there is into paper shares. Needs no database."""
    from bot.commands.keys import split

    split(file, shares, out)


# ---------------------------------------------------------------- recovery


@recover.command("export")
def recover_export(
    who: Annotated[str, typer.Option(help="Her name. She has opened a fresh link and chosen a new passphrase.")],
    out: Annotated[Path, typer.Option(help="A new file to be carried to the offline machine.")],
) -> None:
    """On the server: write down which keys are to be sealed to her new key."""
    from bot.commands.opened import run
    from bot.commands.recover import export

    run(export(_settings(), who, out))


@recover.command("seal")
def recover_seal(
    request: Annotated[Path, typer.Argument(help="What `sanad recover export` wrote.")],
    out: Annotated[Path, typer.Option(help="A new file to be carried back to the server.")],
    shares: Annotated[Path | None, typer.Option(help="A folder with shares as text files; else you type them.")] = None,
    key: Annotated[Path | None, typer.Option(help="Or the file that `sanad keys recovery` wrote.")] = None,
    yes: Annotated[bool, typer.Option("--yes", hidden=True)] = False,
) -> None:
    """On the offline machine: join the paper shares, and seal her cases to her new key."""
    from bot.commands.recover import seal

    seal(request, shares, key, out, sure=yes)


@recover.command("import")
def recover_import(
    answer: Annotated[Path, typer.Argument(help="What `sanad recover seal` wrote.")],
) -> None:
    """On the server: keep what was sealed to her new key."""
    from bot.commands.opened import run
    from bot.commands.recover import take_in

    run(take_in(_settings(), answer))


# ---------------------------------------------------------------- receipts


@receipt.command("keys")
def receipt_keys() -> None:
    """Print the public keys by which anybody can check a receipt."""
    from bot.commands.opened import run
    from bot.commands.receipt import show_keys

    run(show_keys(_settings()))


@receipt.command("verify")
def receipt_verify(
    line: Annotated[str, typer.Argument(help="The line that begins with SND1.")],
    key: Annotated[str, typer.Option(metavar="ID:BASE64", help="The published key; then no database is needed.")] = "",
    code: Annotated[str, typer.Option(help="A case's code: is the receipt of what it holds in this database?")] = "",
) -> None:
    """Say what a receipt states, if it holds."""
    from bot.commands.opened import run
    from bot.commands.receipt import verify

    run(verify(_settings(), line, key, code))


# ---------------------------------------------------------------- staff


@staff.command("add")
def staff_add(
    name: Annotated[str, typer.Argument(help="Her name, as her colleagues will see it.")],
    role: Annotated[Role, typer.Option(help="What she does here.")],
    telegram: Annotated[str, typer.Option(metavar="CHAT_ID", help="Her Telegram chat id, a number.")] = "",
    whatsapp: Annotated[str, typer.Option(metavar="+E164", help="Her WhatsApp number, such as +967770000001.")] = "",
    language: Annotated[Tongue, typer.Option(help="The language she is written to in.")] = "ar",
    voice: Annotated[
        str, typer.Option(metavar="+E164", help="The telephone by which she may be called, once she has chosen a PIN.")
    ] = "",
    preview: Annotated[str, typer.Option(metavar="PHONE", hidden=True)] = "",
) -> None:
    """Add somebody, and print her one-time link to the desk."""
    from bot.commands.opened import run
    from bot.commands.staff import Newcomer, add

    run(add(_settings(), Newcomer(name, role, language, telegram, whatsapp, preview, voice)))


@staff.command("list")
def staff_list() -> None:
    """List everybody: role, language, and the channels by which she has proven to be reached."""
    from bot.commands.opened import run
    from bot.commands.staff import show

    run(show(_settings()))


@staff.command("disable")
def staff_disable(name: Annotated[str, typer.Argument(help="Her name.")]) -> None:
    """Stop paging somebody, and close the desk to her, from now on."""
    from bot.commands.opened import run
    from bot.commands.staff import disable

    run(disable(_settings(), name))


# ---------------------------------------------------------------- rota


@rota.command("add")
def rota_add(
    who: Annotated[str, typer.Option(help="Her name.")],
    starts: Annotated[str, typer.Option("--from", metavar="TIME", help="From when, as 2026-01-31T08:00.")],
    ends: Annotated[str, typer.Option("--to", metavar="TIME", help="Until when (not included).")],
    level: Annotated[Level, typer.Option(help="Paged first, or when the first does not answer.")] = "first",
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Whose clock the times are read by.")] = "",
    override: Annotated[bool, typer.Option("--override", help="Stand in for others during these hours.")] = False,
    covers: Annotated[str, typer.Option(metavar="NAME", help="With --override: for whom; else for everybody.")] = "",
) -> None:
    """Put somebody on call. Times are wall-clock times of the zone (SANAD_TIMEZONE unless --zone)."""
    from bot.commands.opened import run
    from bot.commands.rota import Wanted, add

    run(add(_settings(), Wanted(who, starts, ends, level, zone, override, covers)))


@rota.command("show")
def rota_show(
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days to look ahead.")] = 7,
) -> None:
    """Show who is on call now and in the coming days, and where nobody is."""
    from bot.commands.opened import run
    from bot.commands.rota import show

    run(show(_settings(), days))


if __name__ == "__main__":
    main()
