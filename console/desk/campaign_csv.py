"""Writes tables as CSV that a spreadsheet opens as they are: Arabic shown, nothing executed. It decides no content.

RFC 4180 with a BOM, by which Excel knows UTF-8. What would be taken for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from starlette.responses import Response, StreamingResponse

Cell = str | int
_BOM: Final = "\ufeff"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a formula of a cell (OWASP, CSV injection), in the wide forms of East Asian keyboards as well."""
_UNSEEN: Final = "\u061c\u200b\u200e\u200f\u2066\u2067\u2068\u2069\ufeff \u00a0"
"""May stand before it and isn't seen."""
_PIECE: Final = 500
"""Rows that are sent at once."""


def safe(cell: Cell) -> Cell:
    """A cell that no spreadsheet executes. Numbers stay numbers."""
    if isinstance(cell, int):
        return cell
    words = cell.replace("\x00", "")
    return f"'{words}" if words.lstrip(_UNSEEN).startswith(_FORMULA) or words.startswith(_FORMULA) else words


def lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file, in pieces."""
    buffer = io.StringIO()
    buffer.write(_BOM)
    writer = csv.writer(buffer, lineterminator="\r\n")
    for number, row in enumerate(rows, 1):
        writer.writerow([safe(cell) for cell in row])
        if number % _PIECE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def download(name: str, rows: Iterable[Sequence[Cell]]) -> Response:
    """A file to be saved under this name (letters, digits and hyphens only)."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingResponse(lines(rows), media_type="text/csv; charset=utf-8", headers=headers)
