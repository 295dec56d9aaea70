"""Raise the alarm if I am not back in time. It never acts by itself."""

from typing import Final

from flows.core import Flow
from flows.questions import Choose
from messages import t

CHECK_IN: Final = Flow(
    "check_in", (Choose("check_in", t("Menu"), t("How can we be of use?"), {"ok": t("All right, go on")}, needed=True),)
)
