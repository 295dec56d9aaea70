"""Every conversation by its name. It decides nothing: what is in no list here can't be opened."""

from typing import Final

from flows.asides import AGAIN, OFFER, PAUSED, STOP, STUCK
from flows.core import Book
from flows.danger import DANGER
from flows.menu import LANGUAGE, MENU
from flows.my_reports import MY_REPORTS
from flows.quiet import HUSH, QUIET
from flows.report import NOW, REPORT
from flows.welcome import ABOUT, WELCOME

FLOWS: Final = (WELCOME, MENU, REPORT, MY_REPORTS, ABOUT)
"""Check-ins and subscriptions get their line here, and their entry in `flows.ways.MENU`."""
ASIDES: Final = (DANGER, NOW, HUSH, QUIET, STOP, PAUSED, AGAIN, STUCK, OFFER, LANGUAGE)
BOOK: Final[Book] = {flow.name: flow for flow in (*FLOWS, *ASIDES)}
