"""Takes rows out for good: a case with all that hangs on it, a person with all that is hers, and what told of either.

It never decides what ends, and it leaves nothing but a trace that something was there: no number, no code, no name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage.unit import Unit, millis, moment

What = Literal["case", "person"]
Why = Literal["asked", "closed", "time"]
"""asked: she wanted it, at once · closed: she wanted it, once the team had closed it · time: its time was over."""
PARTING = "bye:"
"""How the key of a letter begins that is said to her after everything was destroyed: its row goes with it."""
DESTROYED_IN = (
    *("cases", "case_keys", "case_items", "files", "file_parts", "alarms", "alarm_log", "pages", "assignments"),
    *("exclusions", "tasks", "replies", "people", "talks", "letters", "words", "her_messages", "check_ins"),
    *("outages", "other_chats", "chat_codes"),
)
"""Tables that lose rows when something is destroyed."""
_HERS = ("in:", "told:", "reply:", "file:", "check:", "asked:", "leader:")
"""How the keys of letters begin that a woman gets, where the address is a member's of staff as well."""
_UNASKED = ("cast:", "lesson:", "asked:")
"""How the keys of letters begin whose readers are on lists of their own, and so not among people."""


def take_case(unit: Unit, number: int, now: datetime, *, letters: str = "") -> None:
    """Destroy a case, and with it keys, items, files, alarm, pages, work, messages, check-ins.

    `letters` is how the keys of letters about it begin; "" where there can be none any more.
    """
    replies = unit.all("SELECT id FROM replies WHERE case_id = :case", {"case": number})
    unit.many("DELETE FROM letters WHERE key = :key", [{"key": f"reply:{reply:x}"} for (reply,) in replies])
    if letters:
        unit.do("DELETE FROM letters WHERE key LIKE :like", {"like": letters + "%"})
    _leave_to_platform(unit, "case_id", number, now)
    unit.do("DELETE FROM cases WHERE id = :case", {"case": number})
    unit.wakes.update(("cases", "destroyed"))


def take_person(unit: Unit, number: int, index: bytes, now: datetime, *, works_here: bool) -> None:
    """Destroy a person: her address, talk, words, drafts, check-ins, other chats, and letters to her.

    Letters that are just being sent stay until they are settled, since a wipe must learn their ids, but are not sent a
    second time (as after a wipe); `take_orphans` has them afterwards. Where she `works_here`, letters for her work
    stay.
    """
    _leave_to_platform(unit, "person_id", number, now)
    begins = " OR ".join(f"key LIKE '{prefix}%'" for prefix in _HERS)
    only = f"AND ({begins})" if works_here else f"AND key NOT LIKE '{PARTING}%'"
    sql = f"DELETE FROM letters WHERE reader = :index AND state <> 'sending' {only}"  # noqa: S608 - our own words
    unit.do(sql, {"index": index})
    once = f"UPDATE letters SET why = 'wiped' WHERE reader = :index AND state = 'sending' {only}"  # noqa: S608 - as above
    unit.do(once, {"index": index})
    unit.do("DELETE FROM people WHERE id = :person", {"person": number})
    unit.wakes.update(("destroyed", "wipes"))


def _leave_to_platform(unit: Unit, of: Literal["case_id", "person_id"], number: int, now: datetime) -> None:
    """Files that the platform still has are nobody's from now on, but are deleted there as they would have been."""
    mine = f"SELECT id FROM files WHERE {of} = :number AND handle IS NOT NULL AND state IN ('wanted', 'discard')"  # noqa: S608 - our own names
    unit.do(f"DELETE FROM file_parts WHERE file_id IN ({mine})", {"number": number})  # noqa: S608 - as above
    sql = f"""UPDATE files SET case_id = NULL, person_id = NULL, secret = NULL,
        state = 'discard', tries = 0, due_at = :now
        WHERE id IN ({mine})"""  # noqa: S608 - as above
    unit.do(sql, {"number": number, "now": millis(now)})
    unit.wakes.add("files")


def cases_of(unit: Unit, person: int) -> list[int]:
    """Every case of hers, also those that her chat does not know of."""
    rows = unit.all("SELECT id FROM cases WHERE person_id = :person ORDER BY opened_at, id", {"person": person})
    return [number for (number,) in rows]


def leave_trace(unit: Unit, number: int, what: What, why: Why, now: datetime) -> None:
    """Keep, under a fresh number, that something was destroyed: what, why and when, and nothing of whose it was."""
    sql = "INSERT INTO destroyed (id, at, what, why) VALUES (:id, :now, :what, :why)"
    unit.do(sql, {"id": number, "now": millis(now), "what": what, "why": why})


def traces(unit: Unit) -> list[tuple[datetime, str, str]]:
    """What was destroyed: when, what and why; the latest last."""
    return [
        (moment(at), what, why) for at, what, why in unit.all("SELECT at, what, why FROM destroyed ORDER BY at, id")
    ]


def last(unit: Unit) -> datetime | None:
    """When something was last destroyed."""
    row = unit.one("SELECT MAX(at) FROM destroyed")
    return moment(row[0]) if row and row[0] is not None else None


def drop_letter(unit: Unit, number: int) -> None:
    """A parting letter has had its fate: nothing of it stays."""
    unit.do("DELETE FROM letters WHERE id = :id", {"id": number})
    unit.wakes.add("destroyed")


def take_orphans(unit: Unit, before: datetime, since: datetime) -> int:
    """Destroy letters made before a moment whose reader is nobody any more. Says how many.

    Looked for only where somebody was destroyed since a moment: else there are none.
    """
    lately = "SELECT 1 FROM destroyed WHERE what = 'person' AND at >= :since LIMIT 1"
    if unit.one(lately, {"since": millis(since)}) is None:
        return 0
    others = " AND ".join(f"key NOT LIKE '{prefix}%'" for prefix in _UNASKED)
    sql = f"""DELETE FROM letters WHERE made_at < :before AND (key LIKE '{PARTING}%' OR ({others}
        AND NOT EXISTS (SELECT 1 FROM people WHERE address_index = reader)
        AND NOT EXISTS (SELECT 1 FROM reaches WHERE address_index = reader)))"""  # noqa: S608 - our own words
    gone = unit.count(sql, {"before": millis(before)})
    if gone:
        unit.wakes.add("destroyed")
    return gone
