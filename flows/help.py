"""What she needs, for herself or another, and what exists near her. It never acts by itself."""

from typing import Final

from flows.core import Flow
from flows.questions import Choose
from messages import t

HELP: Final = Flow(
    "help", (Choose("help", t("Menu"), t("How can we be of use?"), {"ok": t("All right, go on")}, needed=True),)
)
