"""Her own words, and how the chat hides. It never acts by itself."""

from typing import Final

from flows.core import Flow
from flows.questions import Choose
from messages import t

SAFETY: Final = Flow(
    "safety", (Choose("safety", t("Menu"), t("How can we be of use?"), {"ok": t("All right, go on")}, needed=True),)
)
