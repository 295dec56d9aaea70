"""What is said to a member of staff on the telephone. Before her PIN nothing but one neutral sentence.

It holds no name, no code, no place and no word of anybody's: somebody else may have picked up, or a machine.
"""

from __future__ import annotations

from typing import Literal

from messages import Text, t

Said = Literal[
    "ask", "again", "choose", "choose_again", "taken", "passed", "elsewhere", "stale", "nothing", "shut", "goodbye"
]


def spoken(what: Said) -> Text:
    """One of the few things that are ever said."""
    return _SPOKEN[what]


_SPOKEN: dict[Said, Text] = {
    # page: said on the telephone, to whoever picks up
    "ask": t("Hello. You have an appointment that needs confirming. Please type your PIN, then the hash key."),
    # page: said on the telephone, to whoever picks up
    "again": t("That was not it. Please type your PIN once more, then the hash key."),
    # page: said on the telephone, after her PIN
    "choose": t("Thank you. To take the appointment, press 4. If you can't, press 5."),
    # page: said on the telephone, after her PIN
    "choose_again": t("To take the appointment, press 4. If you can't, press 5."),
    # page: said on the telephone, after her PIN
    "taken": t("The appointment is yours, thank you. What comes next is in your messages. Goodbye."),
    # page: said on the telephone, after her PIN
    "passed": t("Thank you. The appointment goes on to others. Goodbye."),
    # page: said on the telephone, after her PIN
    "elsewhere": t("Thank you. A colleague has confirmed it already, and nothing more is needed. Goodbye."),
    # page: said on the telephone, after her PIN
    "stale": t("Thank you. That was from before. What holds now is in your messages. Goodbye."),
    # page: said on the telephone, to whoever picks up
    "nothing": t("Hello. Nothing is waiting for you now. Goodbye."),
    # page: said on the telephone, to whoever picks up
    "shut": t("Hello. This can't be answered by telephone now. Please look at your messages. Goodbye."),
    # page: said on the telephone, to whoever picks up
    "goodbye": t("Goodbye."),
}
"""All of it. A drill is told in her messages: on the telephone it is like any other."""
