"""The library of what campaigns show: what is taken in, cleaned, made light, given to channels, and withdrawn."""

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from bot import mechanism
from bot.settings import ROOT
from bot.wiring import DRAW
from handlers import media_library
from handlers.draw import World
from handlers.media_library import LIGHT, MOST, Offered, Ready
from handlers.picture_cleaner import LIGHT_BYTES
from handlers.shelf import OPEN_FOR, Library, hashed
from storage import media
from storage.store import Store
from tests.pictures import CANARIES, jpeg

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
VOICE = b"OggS" + bytes(5000)
VIDEO = b"\0\0\0\x18ftypmp42" + bytes(5000)


RULES = mechanism.load(ROOT / "mechanism")


def world_at(now: datetime) -> World:
    return World(now, RULES, DRAW)


def offered(file: bytes, **more: object) -> Offered:
    return Offered(**{"name": "ندوة", "file": file, "shows": "نساء حول طاولة", **more})  # type: ignore[arg-type]


async def taken(store: Store, **more: object) -> int:
    ready = await media_library.prepare(offered(jpeg(), **more))
    assert isinstance(ready, Ready)
    return await store.write(media_library.keep, ready, 7, world_at(NOW))


async def test_a_picture_is_kept_without_place_and_camera_in_two_sizes() -> None:
    ready = await media_library.prepare(offered(jpeg()))
    assert isinstance(ready, Ready)
    assert (ready.kind, set(ready.data)) == ("picture", {"light", "full"})
    assert not any(canary in data for data in ready.data.values() for canary in CANARIES)
    assert ready.facts.versions["full"].sha256 == hashlib.sha256(ready.data["full"]).hexdigest()


async def test_the_light_picture_is_small_enough_for_a_weak_line() -> None:
    noisy = io.BytesIO()
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(noisy, "JPEG", quality=92)
    ready = await media_library.prepare(offered(noisy.getvalue()))
    assert isinstance(ready, Ready)
    assert len(ready.data["light"]) <= LIGHT_BYTES < len(ready.data["full"]) <= MOST["picture"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (offered(b""), "empty"),
        (offered(b"MZ\0\0 a program"), "kind"),
        (offered(b"<svg onload=alert(1)>"), "kind"),
        (offered(jpeg()[:200]), "damaged"),
        (offered(jpeg(), name=" "), "name"),
        (offered(jpeg(), name="a" * 61), "name"),
        (offered(jpeg(), shows=""), "shows"),
        (offered(jpeg(), people=True), "consent"),
        (offered(VOICE + bytes(MOST["voice"])), "too large"),
        (offered(VIDEO + bytes(MOST["video"])), "too large"),
        (offered(VIDEO + bytes(LIGHT["video"])), "light too large"),
        (offered(VIDEO + bytes(LIGHT["video"]), light=VIDEO + bytes(LIGHT["video"])), "light too large"),
        (offered(VIDEO, light=VOICE), "light kind"),
        (offered(VIDEO + b"\xa9xyz+15.4+45.3/"), "place"),
        (offered(VIDEO, light=VIDEO + b"....loci"), "place"),
    ],
)
async def test_what_can_not_be_sent_is_refused_with_its_reason(given: Offered, why: str) -> None:
    assert await media_library.prepare(given) == why


async def test_a_video_may_come_in_two_sizes_and_a_voice_in_one() -> None:
    video = await media_library.prepare(offered(VIDEO + bytes(LIGHT["video"]), light=VIDEO))
    voice = await media_library.prepare(offered(VOICE))
    assert isinstance(video, Ready)
    assert isinstance(voice, Ready)
    assert (set(video.data), set(voice.data)) == ({"full", "light"}, {"light"})


async def test_it_comes_back_byte_for_byte_and_is_sealed_where_it_lies(store: Store) -> None:
    ready = await media_library.prepare(offered(VIDEO + bytes(range(256)) * 2000))
    assert isinstance(ready, Ready)
    kept = await store.write(media_library.keep, ready, 7, world_at(NOW))
    assert await store.read(media.data, kept, "light") == ready.data["light"]
    parts = await store.read(lambda unit: unit.all("SELECT body FROM media_parts"))
    assert len(parts) == 2
    assert not any(bytes(range(64)) in bytes(body) for (body,) in parts)


async def test_only_what_everybody_shown_agreed_to_is_given_to_a_channel(store: Store) -> None:
    kept = await taken(store, people=True, consent="قالت نعم أمام سلوى، 20 نوفمبر")
    shelf = Library(store, lambda: world_at(NOW), "https://sanad.example")
    piece = await shelf.piece(kept, full=False)
    assert piece is not None
    assert (piece.kind, piece.size, piece.name) == ("picture", "light", "picture.jpg")
    assert await store.write(media_library.withdraw, kept, 7, NOW) is True
    assert await shelf.piece(kept, full=False) is None
    assert await store.read(media.data, kept, "light") == b""
    assert await store.write(media_library.withdraw, kept, 7, NOW) is False


async def test_a_link_gives_it_for_some_hours_and_nothing_after_a_withdrawal(store: Store) -> None:
    kept = await taken(store)
    shelf = Library(store, lambda: world_at(NOW), "https://sanad.example")
    piece = await shelf.piece(kept, full=True)
    assert piece is not None
    token = (await shelf.link(piece)).removeprefix("https://sanad.example/media/")
    found = await store.read(media.by_link, hashed(token), NOW)
    assert found is not None
    assert (found[0].id, found[1]) == (kept, "full")
    assert await store.read(media.by_link, hashed(token), NOW + OPEN_FOR) is None
    assert await store.read(media.by_link, hashed(token + "a"), NOW) is None
    await store.write(media_library.withdraw, kept, 7, NOW)
    assert await store.read(media.by_link, hashed(token), NOW) is None


async def test_links_whose_time_is_over_are_forgotten_with_the_next(store: Store) -> None:
    kept = await taken(store)
    now = [NOW]
    shelf = Library(store, lambda: world_at(now[0]), "https://sanad.example")
    piece = await shelf.piece(kept, full=True)
    assert piece is not None
    await shelf.link(piece)
    now[0] = NOW + OPEN_FOR + timedelta(seconds=1)
    await shelf.link(piece)
    assert await store.read(lambda unit: unit.one("SELECT COUNT(*) FROM media_links")) == (1,)


async def test_a_platforms_id_is_remembered_until_it_is_forgotten_or_withdrawn(store: Store) -> None:
    kept = await taken(store)
    shelf = Library(store, lambda: world_at(NOW), "https://sanad.example")
    piece = await shelf.piece(kept, full=False)
    assert piece is not None
    await shelf.keep_handle(piece, "telegram", "AgAC-1")
    assert await shelf.handle(piece, "telegram") == "AgAC-1"
    await shelf.keep_handle(piece, "telegram", "")
    assert await shelf.handle(piece, "telegram") == ""
    await store.write(media_library.withdraw, kept, 7, NOW)
    await shelf.keep_handle(piece, "telegram", "AgAC-2")
    assert await shelf.handle(piece, "telegram") == ""


async def test_who_took_it_in_and_who_withdrew_it_stands_in_the_log(store: Store) -> None:
    kept = await taken(store)
    await store.write(media_library.withdraw, kept, 9, NOW)
    rows = await store.read(lambda unit: unit.all("SELECT what, staff_id, target FROM audit ORDER BY seq"))
    assert rows == [("media_added", 7, kept), ("media_withdrawn", 9, kept)]
