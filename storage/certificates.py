"""Keeps the certificates that were given: number, course, month and score. It keeps nobody's name, and never will.

Whoever was given one isn't known here: only she has the number.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Certificate:
    """One that was given."""

    number: str
    course: str
    """Its track."""
    month: str
    """2026-11."""
    score: int
    """Per cent of the last questions."""


def give(unit: Unit, certificate: Certificate) -> None:
    """Keep it. Raises `Taken` where the number stands there already."""
    sql = "INSERT INTO certificates (number, course, month, score) VALUES (:number, :course, :month, :score)"
    values = {"number": certificate.number, "course": certificate.course}
    unit.do(sql, values | {"month": certificate.month, "score": certificate.score})


def find(unit: Unit, number: str) -> Certificate | None:
    """The certificate of this number, written as it was given."""
    row = unit.one("SELECT number, course, month, score FROM certificates WHERE number = :number", {"number": number})
    return None if row is None else Certificate(*row)
