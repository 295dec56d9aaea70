"""The preview phones keep the channel's contract."""

from datetime import UTC, datetime

import pytest

from bot.channels.preview import FILES, REMEMBERED, Preview
from console.phones import Told
from flows.core import Commanded, Located, Pressed, Said
from handlers.channel import Button, Delivered, Handle, Outgoing, TryLater, Undeliverable, Unfetchable

NOON = datetime(2026, 11, 22, 9, tzinfo=UTC)
YES = Button("q1:yes", "نعم")


def phones(token: str = "run") -> Preview:
    return Preview(("hers", "huda"), token, lambda: NOON)


def letter(key: str = "letter-1", text: str = "مرحبًا", **more: object) -> Outgoing:
    return Outgoing(key, "hers", text, **more)  # type: ignore[arg-type]


def heard(preview: Preview, after: str = "") -> list[Told]:
    with preview.follow(after) as queue:
        return [queue.get_nowait() for _ in range(queue.qsize())]


async def test_a_letter_is_shown_on_its_readers_phone_with_its_buttons() -> None:
    preview = phones()
    outcome = await preview.send(letter(buttons=(YES,)))
    shown = heard(preview)[-1]
    assert outcome == Delivered(str(shown.data["number"]))
    assert (shown.name, shown.data["phone"], shown.data["text"]) == ("message", "hers", "مرحبًا")
    assert shown.data["buttons"] == [{"key": "q1:yes", "label": "نعم", "hint": ""}]
    assert shown.data["mine"] is False


async def test_the_same_letter_sent_again_is_not_shown_twice() -> None:
    preview = phones()
    first = await preview.send(letter())
    second = await preview.send(letter())
    assert first == second
    assert [told.name for told in heard(preview)] == ["start", "message"]


async def test_a_letter_to_a_phone_that_is_not_there_never_arrives() -> None:
    outcome = await phones().send(Outgoing("letter-1", "nobody", "…"))
    assert isinstance(outcome, Undeliverable)
    assert outcome.gone


async def test_an_answer_takes_away_the_keyboard_it_clears_and_no_other() -> None:
    preview = phones()
    asked = await preview.send(letter(buttons=(YES,)))
    assert isinstance(asked, Delivered)
    await preview.send(letter("letter-2", clears=asked.reference))
    await preview.send(letter("letter-3", clears=asked.reference))
    cleared = [told.data for told in heard(preview) if told.name == "cleared"]
    assert cleared == [{"phone": "hers", "number": asked.reference}]


async def test_a_page_is_marked_so_that_the_lock_screen_can_show_it() -> None:
    preview = phones()
    await preview.send(letter(purpose="page"))
    await preview.send(letter("letter-2"))
    assert [told.data["page"] for told in heard(preview) if told.name == "message"] == [True, False]


async def test_a_letter_in_doubt_is_found_again_or_sent_anew() -> None:
    preview = phones()
    assert await preview.reconcile(letter(), NOON) == TryLater(NOON, "it was never shown")
    sent = await preview.send(letter())
    assert await preview.reconcile(letter(), NOON) == sent


def test_what_people_do_becomes_what_any_channel_would_understand() -> None:
    preview = phones()
    assert preview.say("hers", "مرحبا").event == Said("مرحبا")
    assert preview.say("hers", "/Start").event == Commanded("start")
    assert preview.say("hers", "/not a command").event == Said("/not a command")
    assert preview.place("hers", 15.4, 45.3).event == Located(15.4, 45.3)


async def test_messages_of_both_sides_are_taken_from_the_phone_and_not_told_to_a_page_that_comes_later() -> None:
    preview = phones()
    ours = await preview.send(letter(text="سر", buttons=(YES,)))
    hers = preview.say("hers", "كلام").message
    stays = await preview.send(letter("letter-2", text="طقس"))
    assert isinstance(ours, Delivered)
    assert isinstance(stays, Delivered)
    assert await preview.erase("hers", [ours.reference, hers, "run-99"]) == Delivered("")
    told = heard(preview)
    assert [one.data["text"] for one in told if one.name == "message"] == ["طقس"]
    assert told[-1].data == {"phone": "hers", "numbers": [ours.reference, hers, "run-99"]}
    assert await preview.erase("hers", [ours.reference]) == Delivered("")


def test_whatever_she_does_can_be_deleted_by_its_number() -> None:
    preview = phones()
    did = [
        preview.say("hers", "كلام"),
        preview.share("hers", b"x", "image/png", "x.png"),
        preview.place("hers", 15.4, 45.3),
    ]
    shown = [told.data["number"] for told in heard(preview) if told.name == "message"]
    assert [inbound.message for inbound in did] == shown


async def test_the_standing_button_is_told_of_apart_from_the_message_that_brought_it() -> None:
    preview = phones()
    brought = await preview.send(letter(standing="on", hide="طقس اليوم"))
    assert isinstance(brought, Delivered)
    await preview.erase("hers", [brought.reference])
    assert [told.data["label"] for told in heard(preview) if told.name == "standing"] == ["طقس اليوم"]
    await preview.send(letter("letter-2", standing="off", hide="طقس اليوم"))
    assert [told.data["label"] for told in heard(preview) if told.name == "standing"] == ["طقس اليوم", ""]


def test_every_delivery_has_a_key_of_its_own_that_no_other_run_repeats() -> None:
    preview = phones("monday")
    keys = [preview.say("hers", "مرحبا").key for _ in range(3)] + [phones("tuesday").say("hers", "مرحبا").key]
    assert len(set(keys)) == 4


async def test_a_pressed_button_is_passed_on_with_its_message_and_shown_as_her_words() -> None:
    preview = phones()
    asked = await preview.send(letter(buttons=(YES,)))
    assert isinstance(asked, Delivered)
    inbound = preview.press("hers", "q1:yes", asked.reference, "en")
    assert (inbound.event, inbound.pressed_on, inbound.hint) == (Pressed("q1:yes"), asked.reference, "en")
    shown = heard(preview)[-1].data
    assert (shown["text"], shown["mine"]) == ("نعم", True)


def test_a_button_that_was_never_shown_is_passed_on_like_any_forgery() -> None:
    preview = phones()
    assert preview.press("hers", "forged", "run-99").event == Pressed("forged")
    assert [told.name for told in heard(preview)] == ["start"]


@pytest.mark.parametrize(
    ("mime", "kind"),
    [
        ("image/jpeg", "photo"),
        ("audio/ogg", "voice"),
        ("video/mp4", "video"),
        ("application/pdf", "document"),
        ("", "document"),
    ],
)
async def test_a_file_comes_back_byte_for_byte_until_it_is_discarded(mime: str, kind: str) -> None:
    preview = phones()
    data = bytes(range(256)) * 1000
    handle = preview.share("hers", data, mime, "ملف").event
    assert isinstance(handle, Handle)
    assert (handle.kind, handle.size, handle.name) == (kind, len(data), "ملف")
    assert b"".join([piece async for piece in preview.fetch(handle)]) == data
    await preview.discard(handle)
    with pytest.raises(Unfetchable):
        _ = [piece async for piece in preview.fetch(handle)]


async def test_files_that_nobody_fetches_do_not_fill_the_memory() -> None:
    preview = phones()
    handles = [preview.share("hers", b"x", "image/png", "").event for _ in range(FILES + 1)]
    first, last = handles[0], handles[-1]
    assert isinstance(first, Handle)
    assert isinstance(last, Handle)
    with pytest.raises(Unfetchable):
        _ = [piece async for piece in preview.fetch(first)]
    assert [piece async for piece in preview.fetch(last)] == [b"x"]


def test_an_unknown_phone_is_refused_before_anything_is_shown() -> None:
    preview = phones()
    with pytest.raises(KeyError):
        preview.say("nobody", "مرحبا")
    assert [told.name for told in heard(preview)] == ["start"]


def test_a_page_that_comes_back_hears_only_what_it_missed() -> None:
    preview = phones()
    for words in ("one", "two", "three"):
        preview.say("hers", words)
    everything = heard(preview)
    missed = heard(preview, everything[1].id)
    assert [told.data.get("text") for told in missed] == ["two", "three"]
    assert heard(preview, everything[0].id) == everything[1:]


def test_a_page_from_before_a_restart_starts_anew() -> None:
    before, after = phones("monday"), phones("tuesday")
    before.say("hers", "one")
    after.say("hers", "two")
    told = heard(after, heard(before)[-1].id)
    assert [one.name for one in told] == ["start", "message"]


def test_only_the_newest_events_are_remembered() -> None:
    preview = phones()
    for number in range(REMEMBERED + 5):
        preview.say("hers", str(number))
    told = heard(preview)
    assert len(told) == REMEMBERED + 1
    assert (told[0].name, told[1].data["text"]) == ("start", "5")


def test_a_follower_hears_what_happens_while_it_listens() -> None:
    preview = phones()
    with preview.follow("") as queue:
        queue.get_nowait()
        preview.say("hers", "مرحبا")
        assert queue.get_nowait().data["text"] == "مرحبا"
