"""Type the number of a certificate, and hear whether it was given, and for what.

It never says to whom: nobody knows.
"""

from typing import Final

from flows.core import Effect, Flow, ForgetFiles, Given, Led, LookUpCertificate, Say, Talk
from flows.lesson_stage import code, ended
from flows.questions import Choose
from messages import t

AS_YOU_LIKE: Final = t("All right. You can come back to it whenever you like.")
NUMBER: Final = Choose(
    "number",
    t("The number"),
    t("Write the number of the certificate. It begins with S, as in S7K2 M4QT 9WXY; capitals and dashes don't matter."),
    {"nothing": t("Not now")},
    needed=True,
    or_write=True,
)


def _written(talk: Talk, _given: Given) -> Led:
    answer = talk.answers["number"]
    if code(talk.answers, "number") == "nothing":
        return ended(talk, Say(AS_YOU_LIKE))
    forgotten: tuple[Effect, ...] = (ForgetFiles(answer.files),) if answer.files else ()
    return ended(talk, *forgotten, LookUpCertificate(answer.words))


CERTIFICATE: Final = Flow("certificate", (NUMBER,), after={"number": _written})
