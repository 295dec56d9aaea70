"""Files that she sends, on either app: here whole and sealed whatever fails between, and gone from Twilio after."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handlers.inbound import MOST_FILES
from handlers.media import LARGEST
from storage.unit import Unit
from tests import pictures, telling
from tests.people import Woman
from tests.telling import EVERYWHERE, ON_WHATSAPP, ONCE, Told
from tests.town import Town, town

PHOTO = b"\xff\xd8\xff" + hashlib.sha512(b"a photo").digest() * 9000
VOICE, VIDEO = b"OggS" + b"a voice" * 500, b"\0\0\0\x18ftypmp42" + b"a video" * 50_000
DOCUMENT = b"%PDF-1.7 a document"
KEPT = "It has reached the team as well. We go on where we were:"
LOST = "One file did not reach us, and that isn't your fault. If you can, please send it once more."
NOT_TAKEN = (
    "A file of this kind we can't take: it could harm whoever opens it, you as well. Please don't open it. A picture "
    "of the screen says enough, and photos, recordings and documents all reach us."
)
MANY_TODAY = (
    "That is a great deal for one day. What came before is kept, this one is not. Words still reach us; please send "
    "the rest tomorrow."
)
TOO_BIG = "The file was too big to reach us. Could you send a shorter or smaller one? There is no hurry."


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def sends_document(place: Town, amal: Woman, content: bytes, name: str, mime: str) -> None:
    """Each app names a document's type in its own way."""
    named = {"content_type": mime} if place.by_whatsapp else {"mime": mime}
    await amal.phone.sends_document(content, name, **named)


async def has_sent_one(place: Town, amal: Woman) -> str:
    """A case with a photo on its way."""
    code = await telling.in_danger(place, amal)
    await amal.phone.sends_photo(PHOTO)
    await amal.sees(KEPT)
    return code


@EVERYWHERE
async def test_each_kind_of_file_is_in_the_case_byte_for_byte(place: Town) -> None:
    amal = telling.her(place)
    code = await telling.in_danger(place, amal)
    await amal.phone.sends_photo(PHOTO, caption="تحت الصورة")
    await amal.sees(KEPT)
    await amal.phone.sends_video(VIDEO)
    await amal.sees(KEPT)
    await sends_document(place, amal, DOCUMENT, "letter.pdf", "application/pdf")
    await amal.sees(KEPT)
    await amal.phone.sends_voice(VOICE)
    await amal.sees(KEPT)
    await telling.files_are_here(place)
    found = {note["kind"]: (content, note["mime"]) for note, content in await telling.files_of(place, code)}
    assert found == {
        "photo": (PHOTO, "image/jpeg"),
        "video": (VIDEO, "video/mp4"),
        "document": (DOCUMENT, "application/pdf"),
        "voice": (VOICE, "audio/ogg"),
    }
    items = (await place.opens_case(code)).data["items"]
    assert any(item.get("words") == "تحت الصورة" for item in items)


@ONCE
async def test_a_file_of_a_draft_belongs_to_the_case_once_it_is_sent(place: Town) -> None:
    amal, told = telling.her(place), Told()
    await telling.begins(place, amal)
    await telling.tells(amal, told)
    await telling.sends_files(place, amal, told)
    await telling.files_are_here(place)
    assert await telling.counted(place, "SELECT COUNT(*) FROM files WHERE secret IS NOT NULL") == 3
    code = await telling.ends(amal, told)
    assert {content for _, content in await telling.files_of(place, code)} == {told.photo, told.voice, told.document}
    assert await telling.counted(place, "SELECT COUNT(*) FROM files WHERE secret IS NOT NULL") == 0


@ONCE
async def test_a_file_that_arrives_after_the_report_was_sent_is_sealed_to_it(place: Town) -> None:
    place.telegram.fails("download", times=3)
    amal, told = telling.her(place), Told()
    code = await telling.reports(place, amal, told)
    assert await telling.files_of(place, code) == []
    await place.telegram.called("download", times=3)
    place.telegram.passes(61)
    await telling.files_are_here(place)
    assert {content for _, content in await telling.files_of(place, code)} == {told.photo, told.voice, told.document}
    assert await telling.counted(place, "SELECT COUNT(*) FROM files WHERE secret IS NOT NULL") == 0


@ON_WHATSAPP
async def test_twilio_is_asked_with_credentials_that_go_nowhere_else_and_keeps_nothing(place: Town) -> None:
    amal = telling.her(place)
    code = await has_sent_one(place, amal)
    await telling.files_are_here(place)
    assert [content for _, content in await telling.files_of(place, code)] == [PHOTO]
    assert place.twilio.leaked_credentials == 0
    assert list(place.twilio.media) == []
    assert "DeleteMedia" in [call.method for call in place.twilio.calls]


@ON_WHATSAPP
async def test_deletion_at_twilio_is_tried_until_it_succeeds(place: Town) -> None:
    place.twilio.fails(method="DeleteMedia", times=1)
    await has_sent_one(place, telling.her(place))
    await place.twilio.called("DeleteMedia")
    place.telegram.passes(61)
    await telling.files_are_here(place)
    assert list(place.twilio.media) == []


@ONCE
async def test_a_download_that_fails_is_tried_again(place: Town) -> None:
    place.telegram.fails("download", times=2)
    code = await has_sent_one(place, telling.her(place))
    await place.telegram.called("download")
    for _ in range(2):
        place.telegram.passes(61)
        await telling.fetches(place)
    await telling.files_are_here(place)
    assert [content for _, content in await telling.files_of(place, code)] == [PHOTO]


@ON_WHATSAPP
async def test_a_download_that_twilio_fails_is_tried_again(place: Town) -> None:
    place.twilio.fails(method="FetchMedia", times=1)
    code = await has_sent_one(place, telling.her(place))
    await place.twilio.called("FetchMedia")
    place.telegram.passes(61)
    await telling.files_are_here(place)
    assert [content for _, content in await telling.files_of(place, code)] == [PHOTO]


@EVERYWHERE
async def test_a_restart_between_receipt_and_download_loses_nothing(place: Town) -> None:
    place.telegram.fails("download", hangs=True)
    place.twilio.fails(method="FetchMedia", hangs=True)
    code = await has_sent_one(place, telling.her(place))
    asked = place.twilio.called("FetchMedia") if place.by_whatsapp else place.telegram.called("download")
    await asked
    await place.restarts()
    place.telegram.passes(61)
    await telling.files_are_here(place)
    assert [content for _, content in await telling.files_of(place, code)] == [PHOTO]


@ONCE
async def test_a_file_of_twenty_megabytes_is_kept_whole(place: Town) -> None:
    content = (hashlib.sha512(b"large").digest() * (LARGEST // 64))[:LARGEST]
    amal = telling.her(place)
    code = await telling.in_danger(place, amal)
    await sends_document(place, amal, content, "video.mp4", "video/mp4")
    await amal.sees(KEPT)
    await telling.files_are_here(place)
    ((note, kept),) = await telling.files_of(place, code)
    assert kept == content
    assert (note["size"], note["sha256"]) == (LARGEST, hashlib.sha256(content).hexdigest())


@ONCE
async def test_a_file_too_large_for_a_bot_is_answered_kindly(place: Town) -> None:
    amal = telling.her(place)
    await telling.in_danger(place, amal)
    await amal.phone.sends_video(VIDEO, size=LARGEST + 1)
    await amal.sees(KEPT)
    await telling.files_are_here(place)
    await telling.letters_are_gone(place)
    assert amal.hers(TOO_BIG) in [message.text for message in amal.phone.unread]


@ON_WHATSAPP
async def test_a_file_too_large_on_whatsapp_is_answered_kindly(place: Town) -> None:
    amal = telling.her(place)
    await telling.in_danger(place, amal)
    await amal.phone.sends_video(bytes(LARGEST + 1))
    await amal.sees(KEPT)
    await telling.files_are_here(place)
    await telling.letters_are_gone(place)
    assert amal.hers(TOO_BIG) in [message.text for message in amal.phone.unread]


@ON_WHATSAPP
async def test_a_file_that_is_gone_at_the_platform_is_asked_for_again_kindly(place: Town) -> None:
    amal = telling.her(place)
    code = await telling.in_danger(place, amal)
    await amal.phone.sends_photo(PHOTO, MediaUrl0=f"{place.twilio.url}/2010-04-01/Accounts/{'A' * 34}/nothing")
    await amal.sees(LOST)
    ((note, content),) = await telling.files_of(place, code)
    assert content == b""
    assert note["why"]


@ON_WHATSAPP
async def test_what_no_longer_can_be_fetched_is_still_deleted_at_twilio(place: Town) -> None:
    amal = telling.her(place)
    await telling.in_danger(place, amal)
    await amal.phone.sends_video(bytes(LARGEST + 1))
    await amal.sees(KEPT)
    await telling.files_are_here(place)
    assert list(place.twilio.media) == []


@EVERYWHERE
async def test_a_picture_is_in_the_case_as_it_came_and_beside_it_without_what_it_tells(place: Town) -> None:
    amal, original = telling.her(place), pictures.jpeg()
    code = await telling.in_danger(place, amal)
    await amal.phone.sends_photo(original)
    await amal.sees(KEPT)
    await telling.files_are_here(place)
    (note, kept), (copy, cleaned) = await telling.files_of(place, code)
    assert (kept, note["sha256"]) == (original, hashlib.sha256(original).hexdigest())
    assert copy["clean_of"] == note["file"]
    assert not [canary for canary in pictures.CANARIES if canary in cleaned]
    await cleaned_away(place)


async def cleaned_away(place: Town) -> None:
    """Nothing of what a picture tells lies anywhere in the database."""
    tables = ("files", "file_parts", "case_items", "letters", "talks", "people")

    def rows(unit: Unit) -> list[Any]:
        return [row for table in tables for row in unit.all(f"SELECT * FROM {table}")]

    held = b"".join(
        bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
        for row in await place.working.store.read(rows)
        for v in row
    )
    assert not [canary for canary in pictures.CANARIES if canary in held]


@EVERYWHERE
async def test_of_a_picture_that_she_wants_without_place_and_time_only_the_clean_copy_is_sent(place: Town) -> None:
    amal, told = telling.her(place), Told()
    await telling.begins(place, amal)
    await telling.tells(amal, told)
    await amal.phone.sends_photo(pictures.jpeg(), caption=told.caption)
    await telling.sees_it_kept(amal)
    await amal.answers("Without place and time")
    await amal.sees("Of pictures we keep only a copy without place and time. What came as it was is then destroyed.")
    await amal.answers(telling.DONE)
    code = await telling.ends(amal, told)
    await telling.files_are_here(place)
    found = await telling.files_of(place, code)
    assert sorted((note.get("why", ""), bool(content)) for note, content in found) == [
        ("", True), ("clean copy only", False),
    ]  # fmt: skip
    assert (await place.opens_case(code)).data["answers"]["proof"]["codes"] == ["clean"]


@EVERYWHERE
async def test_a_program_that_passes_for_a_document_is_not_taken_and_answered_kindly(place: Town) -> None:
    amal = telling.her(place)
    code = await telling.in_danger(place, amal)
    await sends_document(place, amal, b"MZ\x90\0 not a photo at all", "photo.pdf", "application/pdf")
    await amal.sees(KEPT)
    await telling.files_are_here(place)
    await amal.sees(NOT_TAKEN)
    ((note, content),) = await telling.files_of(place, code)
    assert (note["why"], content) == ("not taken: program", b"")


@ONCE
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\amal\\letter.pdf", "letter.pdf"),
        ("gepj.\u202efdp.exe", "gepj.fdp.exe"),
        ("x" * 5000 + ".pdf", "x" * 116 + ".pdf"),
        ("\0\n.pdf", ".pdf"),
    ],
)
async def test_a_strange_name_leads_nowhere(place: Town, name: str, kept: str) -> None:
    amal = telling.her(place)
    code = await telling.in_danger(place, amal)
    await amal.phone.sends_document(DOCUMENT, name, "application/pdf")
    await amal.sees(KEPT)
    await telling.files_are_here(place)
    ((note, content),) = await telling.files_of(place, code)
    assert (note.get("name", ""), content) == (kept, DOCUMENT)


@ONCE
async def test_above_the_files_of_a_day_she_hears_so_kindly_and_what_she_wrote_is_heard(place: Town) -> None:
    amal = telling.her(place)
    code = await telling.in_danger(place, amal)
    for number in range(MOST_FILES):
        await amal.phone.sends_document(DOCUMENT + b"%d" % number, "letter.pdf", "application/pdf")
    await amal.phone.sends_photo(PHOTO)
    await amal.sees(MANY_TODAY)
    await amal.phone.sends_photo(PHOTO, caption="عاد إلى الباب")
    await amal.sees(MANY_TODAY)
    await telling.letters_are_gone(place)
    assert await telling.counted(place, "SELECT COUNT(*) FROM files") == MOST_FILES
    assert any(item.get("words") == "عاد إلى الباب" for item in (await place.opens_case(code)).data["items"])
    await place.passes(hours=25)
    await amal.phone.sends_photo(PHOTO)
    await amal.sees(KEPT)
    await telling.letters_are_gone(place)
    assert await telling.counted(place, "SELECT COUNT(*) FROM files") == MOST_FILES + 1
