"""Every conversation by its name. It decides nothing: what is in no list here can't be opened."""

from typing import Final

from flows.asides import AGAIN, OFFER, PAUSED, STOP, STUCK
from flows.asking import ASKING
from flows.assist import ASSIST
from flows.certificate import CERTIFICATE
from flows.check_in import CHECK_IN
from flows.core import Book
from flows.course import COURSE
from flows.danger import DANGER
from flows.help import HELP, STAYING
from flows.learn import LEARN
from flows.lesson import LESSON
from flows.menu import LANGUAGE, MENU
from flows.my_data import MY_DATA
from flows.my_reports import MY_REPORTS
from flows.other_chat import OTHER_CHAT
from flows.poll import POLL
from flows.quiet import HUSH, QUIET
from flows.report import NOW, REPORT
from flows.safety import SAFETY
from flows.sos import SOS
from flows.stories import INITIATIVES_FLOW, STORIES_FLOW
from flows.subscribe import SUBSCRIBE
from flows.welcome import ABOUT, WELCOME

FLOWS: Final = (
    WELCOME,
    MENU,
    REPORT,
    HELP,
    CHECK_IN,
    OTHER_CHAT,
    STAYING,
    MY_REPORTS,
    MY_DATA,
    SAFETY,
    ABOUT,
    LEARN,
    SUBSCRIBE,
    POLL,
    STORIES_FLOW,
    INITIATIVES_FLOW,
    ASKING,
    COURSE,
    LESSON,
    CERTIFICATE,
)
ASIDES: Final = (DANGER, SOS, NOW, HUSH, QUIET, STOP, PAUSED, AGAIN, STUCK, OFFER, ASSIST, LANGUAGE)
BOOK: Final[Book] = {flow.name: flow for flow in (*FLOWS, *ASIDES)}
