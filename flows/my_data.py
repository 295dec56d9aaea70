"""What is held about her, and what she wants done with it. It never acts by itself."""

from typing import Final

from flows.core import Flow
from flows.questions import Choose
from messages import t

MY_DATA: Final = Flow(
    "my_data", (Choose("my_data", t("Menu"), t("How can we be of use?"), {"ok": t("All right, go on")}, needed=True),)
)
