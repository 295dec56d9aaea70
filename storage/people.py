"""Keeps people and their talks: found by a blind index, sealed otherwise.

It never stores an address or a word that could be read without the server's keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.core import Person, Talk
from storage.coding import decode, encode
from storage.unit import Unit, millis, moment
from storage.vault import Place


@dataclass(frozen=True, slots=True)
class Known:
    """A person who wrote to us: number of her row, her facts and her talk; `staff` where the address is a member's."""

    id: int
    index: bytes
    person: Person
    talk: Talk
    lapsed: bool
    staff: int | None = None
    keyboard: str = ""
    """The platform's id of the message that asked last, if it has buttons and has arrived."""


def who(channel: str, address: str) -> str:
    """What the blind index is made of."""
    return f"{channel}:{address}"


_FIND = """
    SELECT people.id, facts, body, lapsed, expires_at,
        (SELECT staff_id FROM reaches WHERE address_index IN (:newest, :index)),
        (SELECT reference FROM letters WHERE key = asked_in), gone
    FROM people LEFT JOIN talks ON person_id = people.id WHERE people.address_index = :index /* held people */
"""
"""Held until the act ends: timers change people too, and neither may write over what the other did."""


def find(unit: Unit, channel: str, address: str, now: datetime) -> Known | None:
    """Who has this address; a talk past its time of silence is not opened any more."""
    indexes = unit.vault.indexes(who(channel, address))
    for index in indexes:
        row = unit.one(_FIND, {"index": index, "newest": indexes[0]})
        if row is not None:
            return _known(unit, index, row, now)
    return None


def _known(unit: Unit, index: bytes, row: tuple[object, ...], now: datetime) -> Known:
    number, facts, body, lapsed, expires_at, staff, keyboard, gone = row
    if gone:  # she writes, so she is back
        mark_gone(unit, index, gone=False)
    person = decode(unit.vault.open(_facts(number), bytes(facts)), Person)  # type: ignore[call-overload]
    over = body is not None and expires_at is not None and expires_at <= millis(now)  # type: ignore[operator]
    talk = Talk() if body is None or over else decode(unit.vault.open(_body(number), bytes(body)), Talk)  # type: ignore[call-overload]
    board = str(keyboard or "").rpartition(" ")[2]  # a long letter is several messages: the last has the buttons
    return Known(number, index, person, talk, bool(lapsed) or over, staff, board)  # type: ignore[arg-type]


def meet(unit: Unit, number: int, channel: str, address: str) -> Known:
    """Keep a stranger under `number`."""
    indexes = unit.vault.indexes(who(channel, address))
    index = indexes[0]
    sql = """INSERT INTO people (id, channel, address_index, address, facts)
        VALUES (:id, :channel, :index, :address, :facts)"""
    sealed = unit.vault.seal(_address(number), address.encode())
    facts = unit.vault.seal(_facts(number), encode(Person()))
    unit.do(sql, {"id": number, "channel": channel, "index": index, "address": sealed, "facts": facts})
    works_here = "SELECT staff_id FROM reaches WHERE address_index = :index"
    staff = next((row[0] for one in indexes if (row := unit.one(works_here, {"index": one}))), None)
    return Known(number, index, Person(), Talk(), lapsed=False, staff=staff)


def remember(unit: Unit, number: int, person: Person) -> None:
    """Keep what is known of a person from now on."""
    sealed = unit.vault.seal(_facts(number), encode(person))
    unit.do("UPDATE people SET facts = :facts WHERE id = :id", {"id": number, "facts": sealed})


def facts(unit: Unit, number: int) -> Person | None:
    """What is known of a person, held until the act ends, so that it may be changed; None where there is nobody."""
    row = unit.one("SELECT facts FROM people WHERE id = :id /* held people */", {"id": number})
    return None if row is None else decode(unit.vault.open(_facts(number), bytes(row[0])), Person)


def index_of(unit: Unit, number: int) -> bytes | None:
    """A person's blind index; None where there is nobody."""
    row = unit.one("SELECT address_index FROM people WHERE id = :id", {"id": number})
    return None if row is None else bytes(row[0])


def recall(unit: Unit, number: int) -> tuple[str, str, bytes, Person] | None:
    """A person's channel, address, blind index and facts, to write to her; None where she is gone."""
    row = unit.one(
        "SELECT channel, address, address_index, facts FROM people WHERE id = :id AND gone = 0", {"id": number}
    )
    if row is None:
        return None
    address = unit.vault.open(_address(number), bytes(row[1])).decode()
    return row[0], address, bytes(row[2]), decode(unit.vault.open(_facts(number), bytes(row[3])), Person)


def last_wrote(unit: Unit, number: int) -> datetime | None:
    """When a person last wrote to us."""
    row = unit.one("SELECT heard_at FROM talks WHERE person_id = :id", {"id": number})
    return moment(row[0]) if row and row[0] is not None else None


def at(unit: Unit, channel: str, address: str) -> Person | None:
    """What is known of whoever has this address, and nothing is held or changed; None where it is a stranger's."""
    for index in unit.vault.indexes(who(channel, address)):
        if row := unit.one("SELECT id, facts FROM people WHERE address_index = :index", {"index": index}):
            return decode(unit.vault.open(_facts(row[0]), bytes(row[1])), Person)
    return None


def heard_since(unit: Unit, channel: str, since: datetime) -> set[bytes]:
    """Blind indexes of all who wrote to us on a channel since a moment, colleagues as well."""
    sql = """SELECT address_index FROM talks JOIN people ON people.id = person_id
            WHERE heard_at > :since AND channel = :channel
        UNION ALL SELECT address_index FROM reaches WHERE heard_at > :since AND channel = :channel"""
    return {bytes(index) for (index,) in unit.all(sql, {"since": millis(since), "channel": channel})}


def mark_gone(unit: Unit, index: bytes, *, gone: bool) -> None:
    """She blocked us on this address, or came back."""
    for table in ("people", "reaches"):
        sql = f"UPDATE {table} SET gone = :gone WHERE address_index = :index"  # noqa: S608 - two names of our own
        unit.do(sql, {"index": index, "gone": int(gone)})


def change_address(unit: Unit, old: bytes, channel: str, address: str) -> bytes:
    """A platform gave a person another address. Returns its blind index."""
    new = unit.vault.index(who(channel, address))
    row = unit.one("SELECT id FROM people WHERE address_index = :old", {"old": old})
    if row is not None and unit.one("SELECT 1 FROM people WHERE address_index = :new", {"new": new}) is None:
        sealed = unit.vault.seal(_address(row[0]), address.encode())
        sql = "UPDATE people SET address_index = :new, address = :address WHERE id = :id"
        unit.do(sql, {"id": row[0], "new": new, "address": sealed})
    return new


_KEEP = """
    INSERT INTO talks (person_id, body, heard_at, expires_at, lapsed, asked_in, alert_at)
    VALUES (:id, :body, :now, :expires_at, :lapsed, :asked_in, :alert_at)
    ON CONFLICT (person_id) DO UPDATE SET body = excluded.body, heard_at = excluded.heard_at,
        expires_at = excluded.expires_at, lapsed = excluded.lapsed, asked_in = excluded.asked_in,
        alert_at = CASE WHEN :alert_stays = 1 THEN talks.alert_at ELSE excluded.alert_at END
"""


def keep_talk(
    unit: Unit,
    number: int,
    talk: Talk,
    now: datetime,
    silence: timedelta | None,
    *,
    asked_in: str | None = None,
    lapsed: bool = False,
    alert_at: datetime | None = None,
    alert_stays: bool = False,
) -> None:
    """Keep a talk until it has been silent for its time; one with nothing of hers in it (None) stays.

    `asked_in` is the key of the letter with the pending question's buttons. `lapsed` where she could not yet be told
    that her draft was destroyed. `alert_at` is when her silence calls the team, where she agreed to it; `alert_stays`
    where this is no answer of hers, so that it changes nothing of that.
    """
    sealed = unit.vault.seal(_body(number), encode(talk))
    values = {
        "id": number,
        "body": sealed,
        "now": millis(now),
        "expires_at": None if silence is None else millis(now + silence),
        "asked_in": asked_in,
        "lapsed": int(lapsed),
        "alert_at": None if alert_at is None else millis(alert_at),
        "alert_stays": int(alert_stays),
    }
    unit.do(_KEEP, values)


def keep_on(unit: Unit, number: int, talk: Talk, now: datetime, silence: timedelta | None) -> None:
    """Keep a talk that went on without her: what her phone sent by itself, or her silence. She is not here for it."""
    sealed = unit.vault.seal(_body(number), encode(talk))
    expires_at = None if silence is None else millis(now + silence)
    sql = "UPDATE talks SET body = :body, expires_at = :expires_at WHERE person_id = :id"
    unit.do(sql, {"id": number, "body": sealed, "expires_at": expires_at})


def due_alerts(unit: Unit, now: datetime, most: int = 1000) -> list[int]:
    """Numbers of those whose silence after words of danger is long enough to call the team, the longest first."""
    sql = "SELECT person_id FROM talks WHERE alert_at <= :now ORDER BY alert_at LIMIT :most"
    return [number for (number,) in unit.all(sql, {"now": millis(now), "most": most})]


def take_alert(unit: Unit, number: int, now: datetime) -> tuple[str, str, Known] | None:
    """Whose silence it is, by channel and address, and that it has called; None where it has, or she wrote."""
    held = "SELECT id FROM people WHERE id = :id /* held people */"
    if unit.one(held, {"id": number}) is None:
        return None
    taken = "UPDATE talks SET alert_at = NULL WHERE person_id = :id AND alert_at <= :now RETURNING body"
    row = unit.one(taken, {"id": number, "now": millis(now)})
    if row is None:
        return None
    body = None if row[0] is None else bytes(row[0])
    her = unit.one("SELECT channel, address, address_index, facts FROM people WHERE id = :id", {"id": number})
    assert her is not None  # noqa: S101 - the talk goes with its person
    talk = Talk() if body is None else decode(unit.vault.open(_body(number), body), Talk)
    person = decode(unit.vault.open(_facts(number), bytes(her[3])), Person)
    address = unit.vault.open(_address(number), bytes(her[1])).decode()
    return her[0], address, Known(number, bytes(her[2]), person, talk, lapsed=body is None)


def silent_talks(unit: Unit, now: datetime, most: int = 200) -> list[tuple[int, Talk]]:
    """Talks whose time of silence is over: person's number, and the talk to know its files by.

    Where her silence has yet to call the team, it does so first: what she wrote goes with it.
    """
    sql = """SELECT person_id, body FROM talks WHERE expires_at <= :now AND body IS NOT NULL AND alert_at IS NULL
        ORDER BY expires_at LIMIT :most"""
    rows = unit.all(sql, {"now": millis(now), "most": most})
    return [(number, decode(unit.vault.open(_body(number), bytes(body)), Talk)) for number, body in rows]


def destroy_talk(unit: Unit, number: int, *, lapsed: bool) -> None:
    """Destroy a draft; `lapsed` where she is to be told when she comes back."""
    sql = "UPDATE talks SET body = NULL, expires_at = NULL, lapsed = :lapsed WHERE person_id = :id"
    unit.do(sql, {"id": number, "lapsed": int(lapsed)})


def _facts(number: object) -> Place:
    return Place("people", "facts", str(number))


def _address(number: object) -> Place:
    return Place("people", "address", str(number))


def _body(number: object) -> Place:
    return Place("talks", "body", str(number))
