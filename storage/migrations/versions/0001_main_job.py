"""The tables of the main job: people and talks, letters, cases and files, staff and rota, alarms and pages."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger
BYTES = sa.LargeBinary
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _column(name: str, kind: Any, *, null: bool = False, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, server_default=default)


def _key(name: str, kind: Any = NUMBER) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _serial() -> sa.Column[Any]:
    return sa.Column("id", SERIAL, primary_key=True, autoincrement=True)


def _of(name: str, table: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, NUMBER, sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=null)


def upgrade() -> None:
    """Make the tables; those that hold something personal are described in `storage.inventory`."""
    op.create_table("marks", _key("name", sa.Text), _column("value", BYTES), sqlite_with_rowid=False)
    op.create_table(
        "leases",
        _key("name", sa.Text),
        _column("holder", sa.Text),
        _column("until_at", NUMBER),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inbox",
        _key("channel", sa.Text),
        _key("key", sa.Text),
        _column("received_at", NUMBER),
        sqlite_with_rowid=False,
    )
    op.create_index("inbox_received", "inbox", ["received_at"])
    _people()
    _letters()
    _cases()
    _staff()
    _alarms()


def _people() -> None:
    op.create_table(
        "people",
        _key("id"),
        _column("channel", sa.Text),
        sa.Column("address_index", BYTES, nullable=False, unique=True),
        _column("address", BYTES),
        _column("facts", BYTES),
        _column("gone", sa.Integer, default="0"),
    )
    op.create_table(
        "talks",
        sa.Column(
            "person_id", NUMBER, sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        ),
        _column("body", BYTES, null=True),
        _column("heard_at", NUMBER),
        _column("expires_at", NUMBER, null=True),
        _column("lapsed", sa.Integer, default="0"),
        _column("asked_in", sa.Text, null=True),
    )
    op.create_index("talks_expiring", "talks", ["expires_at"], sqlite_where=sa.text("expires_at IS NOT NULL"))


def _letters() -> None:
    op.create_table(
        "letters",
        _serial(),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        _column("channel", sa.Text),
        _column("reader", BYTES),
        _column("lane", sa.Integer),
        _column("body", BYTES, null=True),
        _column("state", sa.Text),
        _column("attempts", sa.Integer, default="0"),
        _column("due_at", NUMBER),
        _column("made_at", NUMBER),
        _column("sent_at", NUMBER, null=True),
        _column("reference", sa.Text, null=True),
        _column("rank", sa.Integer, default="0"),
        _column("why", sa.Text, null=True),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "letters_waiting", "letters", ["channel", "lane", "id"], sqlite_where=waiting, postgresql_where=waiting
    )
    open_ = sa.text("state IN ('sending', 'held', 'doubt')")
    op.create_index("letters_open", "letters", ["reader"], sqlite_where=open_, postgresql_where=open_)


def _cases() -> None:
    op.create_table(
        "readers",
        _key("id"),
        _column("kind", sa.Text),
        _column("public_key", BYTES),
        _column("added_at", NUMBER),
        _column("removed_at", NUMBER, null=True),
    )
    op.create_table(
        "cases",
        _key("id"),
        sa.Column("code", sa.Text, nullable=False, unique=True),
        _of("person_id", "people", null=True),
        _column("public_key", BYTES),
        _column("facets", BYTES),
        _column("status", sa.Text),
        _column("finished", sa.Integer, default="0"),
        _column("mechanism", sa.Text),
        _column("opened_at", NUMBER),
        _column("version", sa.Integer, default="1"),
    )
    op.create_index("cases_of_person", "cases", ["person_id"])
    op.create_table(
        "case_keys",
        sa.Column("case_id", NUMBER, sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("reader_id", NUMBER, sa.ForeignKey("readers.id"), primary_key=True),
        _column("seed", BYTES),
    )
    op.create_table(
        "case_items",
        _serial(),
        _of("case_id", "cases"),
        sa.Column("number", NUMBER, nullable=False, unique=True),
        _column("body", BYTES),
    )
    op.create_index("case_items_of_case", "case_items", ["case_id", "id"])
    op.create_table(
        "files",
        _key("id"),
        _of("person_id", "people", null=True),
        _of("case_id", "cases", null=True),
        _column("channel", sa.Text),
        _column("handle", BYTES, null=True),
        _column("secret", BYTES, null=True),
        _column("state", sa.Text),
        _column("tries", sa.Integer, default="0"),
        _column("due_at", NUMBER),
        _column("made_at", NUMBER),
    )
    undone = sa.text("state IN ('wanted', 'discard')")
    op.create_index("files_due", "files", ["due_at"], sqlite_where=undone, postgresql_where=undone)
    op.create_index("files_of_person", "files", ["person_id"])
    op.create_index("files_of_case", "files", ["case_id"])
    op.create_table(
        "file_parts",
        sa.Column("file_id", NUMBER, sa.ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        _column("body", BYTES),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        _key("id"),
        _column("facts", BYTES),
        _column("role", sa.Text),
        _column("active", sa.Integer, default="1"),
        _column("added_at", NUMBER),
    )
    op.create_table(
        "reaches",
        sa.Column("staff_id", NUMBER, sa.ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("address_index", BYTES, nullable=False, unique=True),
        _column("address", BYTES),
        _column("heard_at", NUMBER, null=True),
        _column("gone", sa.Integer, default="0"),
    )
    op.create_table(
        "invitations",
        _key("token_hash", BYTES),
        _of("staff_id", "staff"),
        _column("expires_at", NUMBER),
        _column("used_at", NUMBER, null=True),
    )
    op.create_table(
        "shifts",
        _key("id"),
        _of("staff_id", "staff"),
        _column("level", sa.Text),
        _column("starts", sa.Text),
        _column("ends", sa.Text),
        _column("zone", sa.Text),
        _column("overrides", sa.Integer, default="0"),
        _column("covers", NUMBER, null=True),
    )


def _alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column(
            "case_id", NUMBER, sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        ),
        _column("body", BYTES),
        _column("status", sa.Text),
        _column("next_action_at", NUMBER, null=True),
        _column("version", sa.Integer, default="1"),
    )
    op.create_index(
        "alarms_due", "alarms", ["next_action_at"], sqlite_where=sa.text("next_action_at IS NOT NULL"),
        postgresql_where=sa.text("next_action_at IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "pages",
        _serial(),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        _of("case_id", "cases"),
        _of("staff_id", "staff"),
        _column("channel", sa.Text),
        sa.Column("code", sa.Text, nullable=False),
        _column("step", sa.Integer),
        _column("round", sa.Integer),
        _column("state", sa.Text),
        _column("made_at", NUMBER),
    )
    op.create_index("pages_of_case", "pages", ["case_id"])
    op.create_index("pages_of_staff", "pages", ["staff_id", "state"])
    op.create_index("pages_by_code", "pages", ["staff_id", "code"])
    op.create_table(
        "alarm_log",
        _serial(),
        _of("case_id", "cases"),
        _column("at", NUMBER),
        _column("what", sa.Text),
        _column("staff_id", NUMBER, null=True),
        _column("step", sa.Integer, null=True),
        _column("late_ms", NUMBER, null=True),
    )
    op.create_index("alarm_log_of_case", "alarm_log", ["case_id", "id"])
