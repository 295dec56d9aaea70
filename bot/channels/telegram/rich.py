"""Reads the words out of a rich message (headings, lists, tables), line by line. It never keeps how they looked."""

from typing import Any

# What a part may hold, in the order in which it's read, and what stands between several of it.
_BETWEEN = {
    "summary": "",
    "text": "",
    "expression": "",
    "alternative_text": "",
    "blocks": "\n",
    "items": "\n",
    "cells": "\n",
    "caption": "",
    "credit": "",
}
# Rich text may be nested without end; nobody writes deeper than this.
_DEEPEST = 24


def words(blocks: list[Any]) -> str:
    """The words of a rich message's blocks in order, a line for each block; empty where there are none."""
    return _read(blocks, "\n", 0).strip()


def _read(part: object, between: str, depth: int) -> str:
    if depth > _DEEPEST:
        return ""
    match part:
        case str():
            return part
        case list():
            return between.join(filter(None, (_read(inner, between, depth + 1) for inner in part)))
        case dict():
            found = (_read(part[name], joined, depth + 1) for name, joined in _BETWEEN.items() if name in part)
            return "\n".join(filter(None, found))
        case _:
            return ""
