"""The library of what campaigns show: taking in a picture, voice or video, looking at it, withdrawing it.

It shows nothing whose consent was withdrawn: that is destroyed already.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from console.desk.guard import Way, refuse
from console.desk.visit import Visit
from handlers import media_library
from handlers.media_library import LARGEST, NotTaken, Offered
from messages import Text, t
from messages.arabic import quote
from storage import media
from storage.media import Kind, Size
from storage.unit import Unit

KINDS: Final[Mapping[Kind, Text]] = {"picture": t("Picture"), "voice": t("Voice"), "video": t("Video")}
SIZES: Final[Mapping[Size, Text]] = {"light": t("light"), "full": t("full")}
WHY: Final[Mapping[NotTaken, Text]] = {
    "empty": t("No file came with it. Choose one, then try again."),
    "kind": t("Not every phone opens this kind. Pictures: JPEG, PNG, WebP. Voices: OGG, MP3, M4A. Videos: MP4."),
    "damaged": t("This picture can't be opened. A screenshot of it often works."),
    "too large": t("That is too large for WhatsApp: 5 MB for a picture, 1 MB for a voice, 16 MB for a video."),
    "light too large": t("A weak line needs a light version as well: at most 3 MB for a video, 1 MB for a voice."),
    "light kind": t("The light version must be of the same kind as the full one."),
    "place": t("This recording tells where it was made. Save it once more without location in a video program first."),
    "name": t("Give it a short name, so that colleagues find it."),
    "shows": t("Say in a sentence what it shows or says, for those who can't see or hear it."),
    "consent": t("Somebody can be recognised in it: write down how she agreed, and when."),
}


async def library(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def _page(
    visit: Visit, status: int = 200, why: Text | None = None, given: Mapping[str, str] | None = None
) -> Response:
    found = [] if visit.session.duress else await visit.read(media.everything)
    fields = dict.fromkeys(("name", "shows", "consent", "people"), "") | dict(given or {})
    return visit.page(
        "campaign_media.html", status, found=found, kinds=KINDS, sizes=SIZES, why=why, given=fields, quote=quote
    )


async def add(visit: Visit) -> Response:
    """Take one in."""
    form = await visit.request.form()
    given = {name: str(form.get(name, "")) for name in ("name", "shows", "consent", "people")}
    file, light = [await _data(form.get(name)) for name in ("file", "light")]
    offered = Offered(given["name"], file, light, bool(given["people"]), given["consent"], given["shows"])
    ready = await media_library.prepare(offered)
    if isinstance(ready, str):
        return await _page(visit, 422, WHY[ready], given)
    if not visit.session.duress:
        await visit.write(media_library.keep, ready, visit.member.id, visit.world())
    return visit.go("/desk/campaigns/media")


async def _data(given: object) -> bytes:
    return await given.read() if isinstance(given, UploadFile) else b""


async def show(visit: Visit) -> Response:
    """One of them, in one size."""
    number, size = visit.request.path_params["number"], visit.request.path_params["size"]
    if size not in SIZES or not number.isdecimal() or len(number) > 19 or visit.session.duress:  # noqa: PLR2004 - 64 bits
        return refuse(visit, 404)
    found = await visit.read(_look, int(number), size)
    if found is None:
        return refuse(visit, 404)
    mime, data = found
    return Response(data, media_type=mime, headers={"Content-Disposition": "inline"})


def _look(unit: Unit, number: int, size: Size) -> tuple[str, bytes] | None:
    found = media.get(unit, number)
    if found is None or found.withdrawn_at is not None or size not in found.facts.versions:
        return None
    return found.facts.versions[size].mime, media.data(unit, number, size)


async def withdraw(visit: Visit) -> Response:
    """Nobody is sent it any more."""
    number = visit.request.path_params["number"]
    if not number.isdecimal() or len(number) > 19:  # noqa: PLR2004 - 64 bits
        return refuse(visit, 404)
    if not visit.session.duress:
        await visit.write(media_library.withdraw, int(number), visit.member.id, visit.world().now)
    return visit.go("/desk/campaigns/media")


WAYS: tuple[Way, ...] = (
    Way("/desk/campaigns/media", library, "compose"),
    Way("/desk/campaigns/media", add, "publish", ("POST",), LARGEST),
    Way("/desk/campaigns/media/{number}/withdraw", withdraw, "publish", ("POST",)),
    Way("/desk/campaigns/media/{number}/{size}", show, "compose"),
)
