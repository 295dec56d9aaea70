"""The list of every column that holds something personal: whose it is, how it is sealed, when it ends.

It never reads a database; `storage.rotation` works through it, and a test walks the tables beside it, so that a new
column stands either here or among `PLAIN`, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Seal = Literal["server", "index", "case", "reader", "file", "hash", "passphrase"]
"""server: the server's ring, bound to its place · index: a blind index (HMAC with the ring) · case: the case's public
key · reader: a reader's public key · file: the file's own key
· hash: SHA-256 of something shown once, or of what Argon2id made · passphrase: by her browser, with her own."""
Owner = Literal["reporter", "staff", "either"]


@dataclass(frozen=True, slots=True)
class Personal:
    """One column. `row` names the columns that say which row it is, in the order in which its place names them."""

    table: str
    column: str
    owner: Owner
    seal: Seal
    ends: str
    row: tuple[str, ...] = ()


_GONE = "with the person's last case and chat link (retention.toml, chat_link)"
_CASE = "with its case (retention.toml, closed_case)"
_LETTER = "when the letter has arrived or was given up; the row after delivered_letters"
_STAFF = "with the member's row"

PERSONAL: tuple[Personal, ...] = (
    Personal("people", "address_index", "either", "index", _GONE, ("id",)),
    Personal("people", "address", "either", "server", _GONE, ("id",)),
    Personal("people", "facts", "either", "server", _GONE, ("id",)),
    Personal("talks", "body", "either", "server", "after draft_silence, or kept_draft if she asked", ("person_id",)),
    Personal("letters", "reader", "either", "index", "with the letter's row (delivered_letters)", ("key",)),
    Personal("letters", "body", "either", "server", _LETTER, ("key",)),
    Personal("cases", "facets", "reporter", "server", _CASE, ("id",)),
    Personal("cases", "work", "reporter", "server", _CASE, ("id",)),
    Personal("case_keys", "seed", "reporter", "reader", _CASE, ("case_id", "epoch", "reader_id")),
    Personal("case_items", "body", "reporter", "case", _CASE, ("case_id", "number")),
    Personal("files", "handle", "reporter", "server", "when the file was fetched or given up", ("id",)),
    Personal("files", "secret", "reporter", "server", "when its key is sealed to the case, or with the draft", ("id",)),
    Personal("file_parts", "body", "reporter", "file", "with its case, or with the draft", ("file_id", "part")),
    Personal("staff", "facts", "staff", "server", _STAFF, ("id",)),
    Personal("reaches", "address_index", "staff", "index", _STAFF, ("staff_id", "channel")),
    Personal("reaches", "address", "staff", "server", _STAFF, ("staff_id", "channel")),
    Personal("invitations", "token_hash", "staff", "hash", "after 24 hours, or when it was used"),
    Personal("replies", "body", "reporter", "server", "when it is in the outbox, or was taken back", ("id",)),
    Personal("logins", "name_index", "staff", "index", _STAFF, ("staff_id",)),
    Personal("logins", "name", "staff", "server", _STAFF, ("staff_id",)),
    Personal("logins", "login_hash", "staff", "hash", _STAFF),
    Personal("logins", "wrapped", "staff", "passphrase", _STAFF),
    Personal("logins", "duress_hash", "staff", "hash", _STAFF),
    Personal("logins", "decoy", "staff", "passphrase", _STAFF),
    Personal("logins", "totp", "staff", "server", _STAFF, ("staff_id",)),
    Personal("recovery_codes", "code_hash", "staff", "hash", _STAFF),
    Personal("sessions", "token_hash", "staff", "hash", "12 hours after it began, or 30 minutes after its last use"),
    Personal("sessions", "agent_hash", "staff", "hash", "with the session"),
    Personal("sessions", "label", "staff", "server", "with the session", ("id",)),
    Personal("throttles", "key", "staff", "index", "a day after the last wrong try"),
    Personal("link_codes", "code_hash", "staff", "index", "after 15 minutes, or when it was used"),
    Personal("voice_pins", "pin_hash", "staff", "server", _STAFF, ("staff_id",)),
    Personal("feeds", "token_hash", "staff", "hash", "when she makes a new one, or with the member's row"),
    Personal("alarms", "body", "reporter", "server", _CASE, ("case_id",)),
    Personal("words", "safe", "reporter", "server", "when she changes or forgets it, or " + _GONE, ("person_id",)),
    Personal("words", "duress", "reporter", "server", "when she changes or forgets it, or " + _GONE, ("person_id",)),
    Personal("wipes", "address", "either", "server", "when the wipe is done, or after message_ids", ("id",)),
    Personal("wipes", "messages", "either", "server", "when the wipe is done, or after message_ids", ("id",)),
    Personal("check_ins", "body", "reporter", "server", "7 days after it is over (check_ins.toml, keep)", ("id",)),
    Personal("check_ins", "area", "reporter", "index", "with the check-in"),
    Personal("outages", "area", "reporter", "index", "with its case"),
    Personal("chat_codes", "code_hash", "reporter", "index", "after 15 minutes, or when it was used"),
)
"""Everything that could say who somebody is or what she told."""

_NUMBER = "a random number, ours"
_CODE = "one of a few fixed words"
_COUNT = "a count"
_TIME = "a moment: needed to order, to wake and to delete"
_LINK = "which row of ours it belongs to"

PLAIN: Mapping[str, Mapping[str, str]] = {
    "marks": {"name": "fixed names", "value": "no person's: when a duty was done, whether the keys fit"},
    "leases": {"name": "fixed names", "holder": "a process, by a random word", "until_at": _TIME},
    "inbox": {
        "channel": _CODE,
        "key": "the platform's number of a delivery; ends with seen_updates",
        "received_at": _TIME,
    },
    "people": {"id": _NUMBER, "channel": _CODE, "gone": "yes or no"},
    "talks": {
        "person_id": _LINK,
        "heard_at": _TIME,
        "expires_at": _TIME,
        "lapsed": "yes or no",
        "asked_in": "a letter's key: made of numbers",
        "alert_at": _TIME,
    },
    "letters": {
        "id": "a row's number",
        "key": "made of numbers of ours, or of the delivery that it answers",
        "channel": _CODE,
        "lane": _CODE,
        "state": _CODE,
        "attempts": _COUNT,
        "due_at": _TIME,
        "made_at": _TIME,
        "sent_at": _TIME,
        "reference": "the platform's numbers of the message; Telegram's, to delete it by, end after message_ids",
        "rank": _COUNT,
        "why": _CODE,
    },
    "readers": {
        "id": _NUMBER,
        "kind": _CODE,
        "public_key": "public: it seals and never opens",
        "added_at": _TIME,
        "removed_at": _TIME,
        "staff_id": _LINK,
    },
    "cases": {
        "id": _NUMBER,
        "code": "drawn by chance; found by it when she or the desk names it",
        "person_id": _LINK,
        "public_key": "public: it seals and never opens",
        "status": _CODE,
        "finished": "yes or no",
        "mechanism": "version of the rules",
        "opened_at": _TIME,
        "version": _COUNT,
        "epoch": _COUNT,
        "heard_at": _TIME,
        "answered_at": _TIME,
        "closed_at": _TIME,
        "drill": "yes or no",
        "hidden": "yes or no: whether she sees it among her reports",
    },
    "words": {"person_id": _LINK, "set_at": _TIME},
    "her_messages": {
        "person_id": _LINK,
        "message": "the platform's number of a message of hers, to delete it by; ends after message_ids",
        "at": _TIME,
    },
    "wipes": {"id": _NUMBER, "channel": _CODE, "before_at": _TIME, "due_at": _TIME, "tries": _COUNT},
    "check_ins": {
        "id": _NUMBER,
        "person_id": _LINK,
        "case_id": _LINK,
        "state": _CODE,
        "next_action_at": _TIME,
        "version": _COUNT,
        "missed_at": _TIME,
    },
    "outages": {"id": _NUMBER, "case_id": _LINK, "made_at": _TIME, "missed": _COUNT},
    "other_chats": {"person_id": _LINK, "other_id": _LINK},
    "chat_codes": {"person_id": _LINK, "expires_at": _TIME},
    "destroyed": {"id": _NUMBER, "at": _TIME, "what": _CODE, "why": _CODE},
    "consent_records": {
        "id": _NUMBER,
        "layer": _CODE,
        "version": "of the words she agreed to",
        "at": _TIME,
        "ends_at": _TIME,
    },
    "case_keys": {"case_id": _LINK, "epoch": _COUNT, "reader_id": _LINK},
    "case_items": {"id": "a row's number", "case_id": _LINK, "number": _NUMBER, "epoch": _COUNT, "staff_id": _LINK},
    "assignments": {
        "id": _NUMBER,
        "case_id": _LINK,
        "staff_id": _LINK,
        "part": _CODE,
        "since": _TIME,
        "until": _TIME,
    },
    "exclusions": {"case_id": _LINK, "staff_id": _LINK, "made_at": _TIME},
    "tasks": {
        "id": _NUMBER,
        "case_id": _LINK,
        "staff_id": _LINK,
        "due_at": _TIME,
        "made_at": _TIME,
        "done_at": _TIME,
    },
    "replies": {
        "id": _NUMBER,
        "case_id": _LINK,
        "staff_id": _LINK,
        "state": _CODE,
        "due_at": _TIME,
        "made_at": _TIME,
    },
    "logins": {
        "staff_id": _LINK,
        "salt": "random: Argon2id's",
        "totp_step": "which half minute was used last",
        "set_at": _TIME,
        "duress_at": "a moment: the coordinators must see it until they have dealt with it",
        "duress_code": "drawn by chance for one quiet alarm",
    },
    "recovery_codes": {"staff_id": _LINK, "used_at": _TIME},
    "sessions": {
        "id": _NUMBER,
        "staff_id": _LINK,
        "made_at": _TIME,
        "seen_at": _TIME,
        "ends_at": _TIME,
        "confirmed": "yes or no",
        "duress": "yes or no: whoever reads the database could tell it from the session's case list as well",
    },
    "throttles": {"fails": _COUNT, "until_at": _TIME, "at": _TIME},
    "link_codes": {"staff_id": _LINK, "expires_at": _TIME},
    "voice_pins": {"staff_id": _LINK, "salt": "random: Argon2id's"},
    "feeds": {"staff_id": _LINK, "made_at": _TIME},
    "swaps": {
        "id": _NUMBER,
        "shift_id": _LINK,
        "by_id": _LINK,
        "to_id": _LINK,
        "state": _CODE,
        "made_at": _TIME,
        "starts_at": _TIME,
        "ends_at": _TIME,
        "back_id": _LINK,
    },
    "reminders": {
        "id": _NUMBER,
        "key": "made of numbers of ours",
        "shift_id": _LINK,
        "staff_id": _LINK,
        "sent_at": _TIME,
        "ready_at": _TIME,
        "told_at": _TIME,
    },
    "audit_keys": {"id": "a key's id", "public_key": "public: it checks and never signs", "since": _TIME},
    "audit": {
        "seq": _COUNT,
        "at": _TIME,
        "staff_id": _LINK,
        "what": _CODE,
        "case_id": _LINK,
        "target": _LINK,
        "previous": "SHA-256 of the entry before",
        "hash": "SHA-256 of the entry",
        "key_id": "a key's id",
        "signature": "Ed25519, of the hash",
    },
    "audit_head": {"id": "always 1", "seq": _COUNT, "hash": "SHA-256 of the last entry"},
    "files": {
        "id": _NUMBER,
        "person_id": _LINK,
        "case_id": _LINK,
        "channel": _CODE,
        "state": _CODE,
        "tries": _COUNT,
        "due_at": _TIME,
        "made_at": _TIME,
        "clean_of": "the row of the original that it is the clean copy of",
        "uncleaned": "yes where it is a picture of which no clean copy could be made",
    },
    "file_parts": {"file_id": _LINK, "part": _COUNT},
    "staff": {"id": _NUMBER, "role": _CODE, "active": "yes or no", "added_at": _TIME},
    "reaches": {"staff_id": _LINK, "channel": _CODE, "heard_at": _TIME, "gone": "yes or no"},
    "invitations": {"staff_id": _LINK, "expires_at": _TIME, "used_at": _TIME},
    "shifts": {
        "id": _NUMBER,
        "staff_id": _LINK,
        "level": _CODE,
        "starts": _TIME,
        "ends": _TIME,
        "zone": "the zone of its wall clock",
        "overrides": "yes or no",
        "covers": _LINK,
    },
    "alarms": {"case_id": _LINK, "status": _CODE, "next_action_at": _TIME, "version": _COUNT},
    "pages": {
        "id": _NUMBER,
        "key": "made of numbers of ours",
        "case_id": _LINK,
        "staff_id": _LINK,
        "channel": _CODE,
        "code": "drawn by chance for this page alone",
        "step": _COUNT,
        "round": _COUNT,
        "state": _CODE,
        "made_at": _TIME,
    },
    "alarm_log": {
        "id": "a row's number",
        "case_id": _LINK,
        "at": _TIME,
        "what": _CODE,
        "staff_id": _LINK,
        "step": _COUNT,
        "late_ms": _COUNT,
    },
}
"""Every other column, with what makes it harmless as it is: table, column, reason."""


def sealed_by(seal: Seal) -> tuple[Personal, ...]:
    """The columns that are sealed in this way."""
    return tuple(one for one in PERSONAL if one.seal == seal)
