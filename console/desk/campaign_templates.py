"""WhatsApp's Content templates: which there are, word for word, whether they may be used, and registering another.

It never asks Twilio: what Meta approved is copied here by a person, and checked against Meta's rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from console.desk import campaign_words as words
from console.desk.campaigns import number_of
from console.desk.guard import Way
from console.desk.visit import Visit
from flows.pushed import WAYS as PUSHED
from flows.pushed import key
from flows.template import BUTTONS, LONGEST, NAME, TITLE, Draft
from handlers import campaign_templates
from handlers.campaigns import Refused
from messages import Text, t
from messages.arabic import quote, strip_controls
from storage import templates
from storage.unit import Taken

HERE: Final = "/desk/campaigns/templates"
_FIELDS: Final = (
    "name", "sid", "language", "category", "body",
    *(f"{what}-{place}" for what in ("title", "way") for place in range(BUTTONS)),
)  # fmt: skip
_ACTS: Final = {
    "pause": campaign_templates.pause,
    "allow": campaign_templates.allow,
    "delete": campaign_templates.delete,
}


async def show(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def _page(
    visit: Visit, status: int = 200, *, wrong: Mapping[str, Text] | None = None,
    given: Mapping[str, str] | None = None, why: Text | None = None,
) -> Response:  # fmt: skip
    found = [] if visit.session.duress else await visit.read(templates.everything)
    return visit.page(
        "campaign_templates.html", status, found=found, wrong=wrong or {}, why=why, words=words, quote=quote,
        given=dict.fromkeys(_FIELDS, "") | dict(given or {}), ways=PUSHED, key=key, most=BUTTONS, longest=LONGEST,
        longest_name=NAME, longest_title=TITLE,
    )  # fmt: skip


async def add(visit: Visit) -> Response:
    """Register one."""
    form = await visit.request.form()
    given = {name: _said(form.get(name, "")) for name in _FIELDS}
    draft = Draft(
        " ".join(given["name"].split()), given["sid"], given["language"], given["category"], given["body"],
        tuple(
            (given[f"title-{place}"], given[f"way-{place}"])
            for place in range(BUTTONS)
            if given[f"title-{place}"] or given[f"way-{place}"]
        ),
    )  # fmt: skip
    if visit.session.duress:
        return visit.go(HERE)
    try:
        wrong = await visit.write(campaign_templates.register, draft, visit.member.id, visit.world())
    except Taken:
        wrong = {"sid": campaign_templates.KNOWN}
    return await _page(visit, 422, wrong=wrong, given=given) if wrong else visit.go(HERE)


def _said(given: object) -> str:
    whole = given if isinstance(given, str) else ""
    return strip_controls(whole[: LONGEST * 2].replace("\r\n", "\n")).encode("utf-8", "replace").decode().strip()


async def change(visit: Visit) -> Response:
    """Pause one, allow it again, or forget it."""
    act = _ACTS.get(str((await visit.request.form()).get("act", "")))
    if visit.session.duress:
        return visit.go(HERE)
    if act is None:
        return await _page(visit, 422, why=t("Choose what is to be done with the template."))
    done = await visit.write(act, number_of(visit), visit.member.id, visit.world())
    return await _page(visit, done.status, why=done.why) if isinstance(done, Refused) else visit.go(HERE)


WAYS: tuple[Way, ...] = (
    Way("/desk/campaigns/templates", show, "publish"),
    Way("/desk/campaigns/templates", add, "publish", ("POST",)),
    Way("/desk/campaigns/templates/{number}", change, "publish", ("POST",)),
)
"""What this page can do."""
