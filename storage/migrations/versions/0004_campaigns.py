"""The tables of the campaign desk: subscribers, learners, runs and recipients, campaigns, polls, stories, questions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

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
    """Add to what 0003 made; nothing that it keeps is touched. None of these tables names a person of `people`."""
    _readers()
    _sending()
    _composing()
    _others()


def _reader(name: str, *more: sa.Column[Any]) -> None:
    op.create_table(
        name,
        _key("id"),
        _column("channel", sa.Text),
        sa.Column("address_index", BYTES, nullable=False, unique=True),
        _column("facts", BYTES),
        *more,
    )


def _readers() -> None:
    _reader("subscribers", _column("joined_at", NUMBER), _column("last_at", NUMBER, null=True))
    _reader("learners", _column("next_at", NUMBER, null=True), _column("last_at", NUMBER))
    _partial("learners_due", "learners", ["next_at"], "next_at IS NOT NULL")
    op.create_index("learners_last", "learners", ["last_at"])
    op.create_table(
        "certificates", _key("number", sa.Text), _column("course", sa.Text), _column("month", sa.Text),
        _column("score", sa.Integer),
    )  # fmt: skip
    op.create_table(
        "figures", _key("name", sa.Text), _key("part", sa.Text), _key("month", sa.Text),
        _column("count", sa.Integer, default="0"),
    )  # fmt: skip


def _sending() -> None:
    op.create_table(
        "runs",
        _key("id"),
        _column("campaign_id", NUMBER, null=True),
        _column("kind", sa.Text),
        _column("state", sa.Text),
        _column("body", BYTES),
        _column("starts_at", NUMBER),
        _column("ends_at", NUMBER),
        _column("planned_to", NUMBER, null=True),
        _column("made_at", NUMBER),
        _column("made_by", NUMBER, null=True),
        _column("approved_by", NUMBER, null=True),
        _column("ended_at", NUMBER, null=True),
        _column("version", sa.Integer, default="0"),
        _column("why", sa.Text, null=True),
    )
    op.create_index("runs_of_campaign", "runs", ["campaign_id"])
    _partial("runs_open", "runs", ["starts_at"], "ended_at IS NULL")
    op.create_table(
        "recipients",
        _of("run_id", "runs", key=True),
        _key("subscriber_id"),
        _column("channel", sa.Text),
        _column("state", sa.Text),
        _column("why", sa.Text, null=True),
        _column("due_at", NUMBER),
        _column("sent_at", NUMBER, null=True),
        _column("rank", sa.Integer, default="0"),
        _column("tapped", sa.Integer, default="0"),
        _column("template", sa.Integer, default="0"),
        sqlite_with_rowid=False,
    )
    _partial("recipients_queued", "recipients", ["run_id", "channel"], "state = 'queued'")
    _partial("recipients_by_template", "recipients", ["sent_at"], "template = 1")
    _partial("recipients_pending", "recipients", ["run_id", "channel", "due_at"], "state = 'pending'")
    op.create_index("recipients_of_subscriber", "recipients", ["subscriber_id"])
    op.create_table(
        "calendar",
        _key("id"),
        _column("what", sa.Text),
        _column("part", sa.Text),
        _column("moments", sa.Text),
        _column("zone", sa.Text),
        _column("state", sa.Text),
        _column("place", sa.Integer, default="0"),
        _column("next_at", NUMBER, null=True),
        _column("made_by", NUMBER, null=True),
        _column("made_at", NUMBER),
    )


def _composing() -> None:
    op.create_table(
        "campaigns",
        _key("id"),
        _column("state", sa.Text),
        _column("body", BYTES),
        _column("made_by", NUMBER),
        _column("changed_by", NUMBER),
        _column("made_at", NUMBER),
        _column("changed_at", NUMBER),
        _column("approved_by", NUMBER, null=True),
        _column("approved_at", NUMBER, null=True),
        _column("frozen_hash", BYTES, null=True),
        _column("next_at", NUMBER, null=True),
        _column("place", sa.Integer, default="0"),
        _column("version", sa.Integer, default="1"),
    )
    op.create_table(
        "media",
        _key("id"),
        _column("kind", sa.Text),
        _column("state", sa.Text),
        _column("facts", BYTES),
        _column("made_by", NUMBER),
        _column("made_at", NUMBER),
        _column("consented_at", NUMBER, null=True),
        _column("withdrawn_at", NUMBER, null=True),
    )
    op.create_table(
        "media_parts", _of("media_id", "media", key=True), _key("size", sa.Text), _key("part", sa.Integer),
        _column("body", BYTES),
    )  # fmt: skip
    op.create_table(
        "media_handles", _of("media_id", "media", key=True), _key("size", sa.Text), _key("channel", sa.Text),
        _column("handle", BYTES),
    )  # fmt: skip
    op.create_table(
        "media_links", _key("token_hash", BYTES), _of("media_id", "media"), _column("size", sa.Text),
        _column("ends_at", NUMBER),
    )  # fmt: skip
    op.create_table(
        "templates",
        _key("id"),
        sa.Column("sid", sa.Text, nullable=False, unique=True),
        _column("name", sa.Text),
        _column("language", sa.Text),
        _column("category", sa.Text),
        _column("body", sa.Text),
        _column("variables", sa.Integer, default="0"),
        _column("buttons", sa.Text, default="[]"),
        _column("state", sa.Text),
        _column("why", sa.Text, null=True),
        _column("made_by", NUMBER, null=True),
        _column("made_at", NUMBER),
    )


def _others() -> None:
    op.create_table(
        "polls",
        _key("id"),
        _column("kind", sa.Text),
        _column("state", sa.Text),
        _column("body", BYTES),
        _column("made_by", NUMBER),
        _column("approved_by", NUMBER, null=True),
        _column("opens_at", NUMBER),
        _column("closes_at", NUMBER),
    )
    op.create_table("poll_marks", _of("poll_id", "polls", key=True), _key("mark", BYTES), sqlite_with_rowid=False)
    op.create_table(
        "poll_counts", _of("poll_id", "polls", key=True), _key("choice", sa.Text),
        _column("count", sa.Integer, default="0"),
    )  # fmt: skip
    op.create_table(
        "stories",
        _key("id"),
        _column("kind", sa.Text),
        _column("state", sa.Text),
        _column("body", BYTES),
        _column("made_by", NUMBER),
        _column("approved_by", NUMBER, null=True),
        _column("changed_at", NUMBER),
    )
    op.create_table("story_marks", _of("story_id", "stories", key=True), _key("mark", BYTES), sqlite_with_rowid=False)
    op.create_table(
        "box",
        _key("id"),
        _column("addressed", sa.Text),
        _column("state", sa.Text),
        _column("address_index", BYTES, null=True),
        _column("body", BYTES),
        _column("asked_at", NUMBER),
        _column("changed_at", NUMBER),
        _column("moderated_by", NUMBER, null=True),
        _column("answered_by", NUMBER, null=True),
    )
    op.create_index("box_state", "box", ["state", "asked_at"])
    op.create_table(
        "leader_codes", _key("code_hash", BYTES), _column("kind", sa.Text), _column("made_by", NUMBER),
        _column("expires_at", NUMBER),
    )  # fmt: skip
