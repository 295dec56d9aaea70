"""Where a member says by which telephone she may be rung, and chooses the PIN that a call asks for.

It never shows a number in full, and never a PIN.
"""

from __future__ import annotations

from starlette.responses import Response

from console.desk.guard import Way
from console.desk.visit import Visit
from handlers import voice
from handlers.members import phone
from messages import Text, t
from messages.arabic import isolate
from storage.unit import Taken

_LONGEST = 60


async def show(visit: Visit) -> Response:
    """The form by itself; the account page has it as well."""
    return visit.page("voice.html", wrong=None)


async def keep(visit: Visit) -> Response:
    """Keep number and PIN together, or neither; or forget both."""
    form = await visit.request.form()
    said = {name: str(form.get(name, ""))[:_LONGEST] for name in ("number", "pin", "again", "forget")}
    if visit.session.duress:  # whoever forces her shall not be rung in her place
        return visit.go("/desk/account")
    if said["forget"]:
        await visit.write(voice.forget, visit.member.id, visit.world())
        return visit.go("/desk/account")
    if wrong := await _keep(visit, said["number"], said["pin"], said["again"]):
        return visit.page("voice.html", 422, wrong=wrong)
    return visit.go("/desk/account")


async def _keep(visit: Visit, number: str, pin: str, again: str) -> Text | None:
    """What is wrong, where nothing was kept."""
    telephone = phone(number)
    if telephone is None:
        return t("Write the number with + and the country's code, such as {example}.", example=isolate("+967770000001"))
    if pin != again:
        return t("The two PINs are not the same.")
    try:
        return await visit.write(voice.set_both, visit.member.id, telephone, pin, visit.world())
    except Taken:
        return t("This number is another colleague's.")


WAYS: tuple[Way, ...] = (
    Way("/desk/account/voice", show, "own"),
    Way("/desk/account/voice", keep, "own", ("POST",)),
)
"""What this page can do."""
