"""Keeps single values by name (a polling offset, when a duty was last done) and leases on what one process does.

It never holds anything about a person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.unit import Unit, millis


def get(unit: Unit, name: str) -> str | None:
    """The value under a name."""
    row = unit.one("SELECT value FROM marks WHERE name = :name", {"name": name})
    return bytes(row[0]).decode() if row else None


def beginning(unit: Unit, prefix: str) -> list[tuple[str, str]]:
    """Names that begin so, with their values. `prefix` holds no % or _."""
    rows = unit.all("SELECT name, value FROM marks WHERE name LIKE :like ORDER BY name", {"like": f"{prefix}%"})
    return [(name, bytes(value).decode()) for name, value in rows]


def put(unit: Unit, name: str, value: str) -> None:
    """Keep a value under a name."""
    sql = (
        "INSERT INTO marks (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )
    unit.do(sql, {"name": name, "value": value.encode()})


def drop(unit: Unit, name: str) -> None:
    """Forget what stands under a name."""
    unit.do("DELETE FROM marks WHERE name = :name", {"name": name})


_HOLD = """
    INSERT INTO leases (name, holder, until_at) VALUES (:name, :holder, :until)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at
    WHERE leases.holder = excluded.holder OR leases.until_at <= :now
"""


def hold(unit: Unit, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Take or renew a lease. False while another process holds it."""
    values = {"name": name, "holder": holder, "until": millis(now + length), "now": millis(now)}
    return unit.count(_HOLD, values) == 1


def let_go(unit: Unit, name: str, holder: str) -> None:
    """Give a lease back."""
    unit.do("DELETE FROM leases WHERE name = :name AND holder = :holder", {"name": name, "holder": holder})
