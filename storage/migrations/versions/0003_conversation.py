"""The tables of a safe conversation: her own words, wiping, check-ins, other chats, traces of what was destroyed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger
BYTES = sa.LargeBinary


def _column(name: str, kind: Any, *, null: bool = False, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, server_default=default)


def _key(name: str, kind: Any = NUMBER) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _of(name: str, table: str, *, null: bool = False, key: bool = False) -> sa.Column[Any]:
    link = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, NUMBER, link, nullable=null, primary_key=key, autoincrement=False)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def upgrade() -> None:
    """Add to what 0002 made; nothing that it keeps is rewritten."""
    _hiding()
    _watching()
    _ending()


def _hiding() -> None:
    op.add_column("cases", _column("hidden", sa.Integer, default="0"))
    op.create_table(
        "words",
        _of("person_id", "people", key=True),
        _column("safe", BYTES, null=True),
        _column("duress", BYTES, null=True),
        _column("set_at", NUMBER),
    )
    op.create_table(
        "her_messages",
        _of("person_id", "people", key=True),
        _key("message", sa.Text),
        _column("at", NUMBER),
    )
    op.create_index("her_messages_at", "her_messages", ["at"])
    op.create_table(
        "wipes",
        _key("id"),
        _column("channel", sa.Text),
        _column("address", BYTES),
        _column("messages", BYTES),
        _column("before_at", NUMBER),
        _column("due_at", NUMBER),
        _column("tries", sa.Integer, default="0"),
    )
    op.create_index("wipes_due", "wipes", ["due_at"])
    _partial("letters_of_reader", "letters", ["reader"], "reference IS NOT NULL")
    _partial("letters_erasable", "letters", ["sent_at"], "reference IS NOT NULL AND channel = 'telegram'")


def _watching() -> None:
    op.add_column("talks", _column("alert_at", NUMBER, null=True))
    _partial("talks_alert", "talks", ["alert_at"], "alert_at IS NOT NULL")
    op.create_table(
        "check_ins",
        _key("id"),
        _of("person_id", "people"),
        _of("case_id", "cases", null=True),
        _column("body", BYTES),
        _column("state", sa.Text),
        _column("next_action_at", NUMBER, null=True),
        _column("version", sa.Integer, default="0"),
        _column("area", BYTES, null=True),
        _column("missed_at", NUMBER, null=True),
    )
    _partial("check_ins_due", "check_ins", ["next_action_at"], "next_action_at IS NOT NULL")
    op.create_index("check_ins_of_person", "check_ins", ["person_id"])
    op.create_index("check_ins_of_case", "check_ins", ["case_id"])
    _partial("check_ins_missed", "check_ins", ["area", "missed_at"], "missed_at IS NOT NULL")
    op.create_table(
        "outages",
        _key("id"),
        _column("area", BYTES),
        _of("case_id", "cases", null=True),
        _column("made_at", NUMBER),
        _column("missed", sa.Integer, default="0"),
    )
    op.create_index("outages_of_area", "outages", ["area", "made_at"])
    op.create_table("other_chats", _of("person_id", "people", key=True), _of("other_id", "people", key=True))
    op.create_table("chat_codes", _key("code_hash", BYTES), _of("person_id", "people"), _column("expires_at", NUMBER))


def _ending() -> None:
    op.add_column("files", _column("clean_of", NUMBER, null=True))
    op.add_column("files", _column("uncleaned", sa.Integer, default="0"))
    _partial("files_clean_of", "files", ["clean_of"], "clean_of IS NOT NULL")
    op.create_index("cases_closed", "cases", ["closed_at"])
    _partial("cases_sleeping", "cases", ["id"], "status = 'sleeping'")
    op.create_table("destroyed", _key("id"), _column("at", NUMBER), _column("what", sa.Text), _column("why", sa.Text))
    op.create_index("destroyed_at", "destroyed", ["at"])
    op.create_table(
        "consent_records",
        _key("id"),
        _column("layer", sa.Text),
        _column("version", sa.Text),
        _column("at", NUMBER),
        _column("ends_at", NUMBER),
    )
