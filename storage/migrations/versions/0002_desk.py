"""The tables of the case desk: log-ins, sessions, epochs of case keys, work on cases, the rota's reminders, the log."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger
BYTES = sa.LargeBinary


def _column(name: str, kind: Any, *, null: bool = False, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, server_default=default)


def _key(name: str, kind: Any = NUMBER) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _of(name: str, table: str, *, null: bool = False, key: bool = False) -> sa.Column[Any]:
    link = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, NUMBER, link, nullable=null, primary_key=key, autoincrement=False)


def upgrade() -> None:
    """Add to what 0001 made; nothing that it keeps is rewritten but the shape of `case_keys`."""
    _epochs()
    _work()
    _entry()
    _on_call()
    _log()


def _epochs() -> None:
    """A case may have several keys, one after the other: each is an epoch, and 0001 knew the first only."""
    op.add_column("cases", _column("epoch", sa.Integer, default="1"))
    op.add_column("cases", _column("heard_at", NUMBER, null=True))
    op.add_column("cases", _column("answered_at", NUMBER, null=True))
    op.add_column("cases", _column("closed_at", NUMBER, null=True))
    op.add_column("cases", _column("work", BYTES, null=True))
    op.add_column("cases", _column("drill", sa.Integer, default="0"))
    drills = sa.text("drill = 1")
    op.create_index("cases_drills", "cases", ["opened_at"], sqlite_where=drills, postgresql_where=drills)
    op.create_index("cases_by_status", "cases", ["status", "opened_at"])
    _lists()
    op.add_column("case_items", _column("epoch", sa.Integer, default="1"))
    op.add_column("case_items", _column("staff_id", NUMBER, null=True))
    op.add_column("readers", _column("staff_id", NUMBER, null=True))
    op.rename_table("case_keys", "case_keys_1")
    op.create_table(
        "case_keys",
        _of("case_id", "cases", key=True),
        sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reader_id", NUMBER, sa.ForeignKey("readers.id"), primary_key=True, autoincrement=False),
        _column("seed", BYTES),
    )
    op.execute(
        "INSERT INTO case_keys (case_id, epoch, reader_id, seed) SELECT case_id, 1, reader_id, seed FROM case_keys_1"
    )
    op.drop_table("case_keys_1")
    op.create_index("case_keys_of_reader", "case_keys", ["reader_id"])


def _lists() -> None:
    """The list of cases reads small indexes of what is open: a million closed ones cost nothing."""
    is_open = sa.text("status <> 'closed'")
    line = ["opened_at", "status", "id", "version", "heard_at", "answered_at", "drill"]
    op.create_index("cases_open", "cases", line, sqlite_where=is_open, postgresql_where=is_open)
    is_taken = sa.text("status = 'taken'")
    op.create_index(
        "alarms_contact", "alarms", ["status", "next_action_at", "case_id"],
        sqlite_where=is_taken, postgresql_where=is_taken,
    )  # fmt: skip
    turns = sa.text("what IN ('taken', 'contacted', 'closed')")
    op.create_index(
        "alarm_log_turns", "alarm_log", ["at", "what", "case_id", "late_ms"], sqlite_where=turns, postgresql_where=turns
    )


def _work() -> None:
    op.create_table(
        "assignments",
        _key("id"),
        _of("case_id", "cases"),
        _of("staff_id", "staff"),
        _column("part", sa.Text),
        _column("since", NUMBER),
        _column("until", NUMBER, null=True),
    )
    now = sa.text("until IS NULL")
    op.create_index(
        "assignments_now", "assignments", ["case_id", "staff_id"], unique=True, sqlite_where=now, postgresql_where=now
    )
    op.create_index("assignments_of_staff", "assignments", ["staff_id"], sqlite_where=now, postgresql_where=now)
    op.create_table(
        "exclusions", _of("case_id", "cases", key=True), _of("staff_id", "staff", key=True), _column("made_at", NUMBER)
    )
    op.create_table(
        "tasks",
        _key("id"),
        _of("case_id", "cases"),
        _of("staff_id", "staff"),
        _column("due_at", NUMBER),
        _column("made_at", NUMBER),
        _column("done_at", NUMBER, null=True),
    )
    op.create_index("tasks_of_case", "tasks", ["case_id"])
    undone = sa.text("done_at IS NULL")
    op.create_index("tasks_due", "tasks", ["staff_id", "due_at"], sqlite_where=undone, postgresql_where=undone)
    op.create_table(
        "replies",
        _key("id"),
        _of("case_id", "cases"),
        _of("staff_id", "staff"),
        _column("body", BYTES, null=True),
        _column("state", sa.Text),
        _column("due_at", NUMBER),
        _column("made_at", NUMBER),
    )
    op.create_index("replies_of_case", "replies", ["case_id"])
    held = sa.text("state = 'held'")
    op.create_index("replies_due", "replies", ["due_at"], sqlite_where=held, postgresql_where=held)


def _entry() -> None:
    op.create_table(
        "logins",
        _of("staff_id", "staff", key=True),
        sa.Column("name_index", BYTES, nullable=False, unique=True),
        _column("name", BYTES),
        _column("salt", BYTES),
        _column("login_hash", BYTES),
        _column("wrapped", BYTES),
        _column("duress_hash", BYTES, null=True),
        _column("decoy", BYTES, null=True),
        _column("totp", BYTES, null=True),
        _column("totp_step", NUMBER, default="0"),
        _column("set_at", NUMBER),
        _column("duress_at", NUMBER, null=True),
        _column("duress_code", sa.Text, null=True),
    )
    op.create_table(
        "recovery_codes", _key("code_hash", BYTES), _of("staff_id", "staff"), _column("used_at", NUMBER, null=True)
    )
    op.create_table(
        "sessions",
        _key("id"),
        sa.Column("token_hash", BYTES, nullable=False, unique=True),
        _of("staff_id", "staff"),
        _column("made_at", NUMBER),
        _column("seen_at", NUMBER),
        _column("ends_at", NUMBER),
        _column("agent_hash", BYTES),
        _column("label", BYTES),
        _column("confirmed", sa.Integer, default="0"),
        _column("duress", sa.Integer, default="0"),
    )
    op.create_index("sessions_of_staff", "sessions", ["staff_id"])
    op.create_table(
        "throttles",
        _key("key", BYTES),
        _column("fails", sa.Integer),
        _column("until_at", NUMBER),
        _column("at", NUMBER),
    )
    op.create_table("link_codes", _key("code_hash", BYTES), _of("staff_id", "staff"), _column("expires_at", NUMBER))
    op.create_table(
        "voice_pins", _of("staff_id", "staff", key=True), _column("salt", BYTES), _column("pin_hash", BYTES)
    )


def _on_call() -> None:
    op.create_table("feeds", _key("token_hash", BYTES), _of("staff_id", "staff"), _column("made_at", NUMBER))
    op.create_table(
        "swaps",
        _key("id"),
        _of("shift_id", "shifts"),
        _of("by_id", "staff"),
        _of("to_id", "staff"),
        _column("state", sa.Text),
        _column("made_at", NUMBER),
        _column("starts_at", NUMBER, null=True),
        _column("ends_at", NUMBER, null=True),
        _of("back_id", "shifts", null=True),
    )
    op.create_table(
        "reminders",
        _key("id"),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        _of("shift_id", "shifts"),
        _of("staff_id", "staff"),
        _column("sent_at", NUMBER),
        _column("ready_at", NUMBER, null=True),
        _column("told_at", NUMBER, null=True),
    )
    op.create_index("reminders_of_staff", "reminders", ["staff_id", "sent_at"])


def _log() -> None:
    op.create_table("audit_keys", _key("id", sa.Text), _column("public_key", BYTES), _column("since", NUMBER))
    op.create_table(
        "audit",
        _key("seq"),
        _column("at", NUMBER),
        _column("staff_id", NUMBER, null=True),
        _column("what", sa.Text),
        _column("case_id", NUMBER, null=True),
        _column("target", NUMBER, null=True),
        _column("previous", BYTES),
        _column("hash", BYTES),
        _column("key_id", sa.Text),
        _column("signature", BYTES),
    )
    op.create_index("audit_of_case", "audit", ["case_id", "seq"])
    op.create_table("audit_head", _key("id"), _column("seq", NUMBER), _column("hash", BYTES))
    op.execute(sa.text("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, :zero)").bindparams(zero=bytes(32)))
