"""What each kind of Telegram update is understood as; none of them may raise anything but `NotUnderstood`."""

from typing import Any

import pytest

from bot.channels.telegram.understanding import LARGEST, read, understand
from bot.channels.understood import NotUnderstood
from flows.core import Commanded, Located, Pressed, Said, Unusable
from handlers.channel import Handle, Inbound
from tests.bot.channels import telegram_updates as sample
from tests.bot.channels.telegram_updates import message, pressing, standing, update


def said(**content: Any) -> Inbound:
    inbound = understand(update(message=message(**content)))
    assert inbound is not None
    return inbound


def test_words_keep_every_character_she_wrote() -> None:
    words = "هَدَّدني\u202e \x00 😢"
    assert said(text=words).event == Said(words)


def test_the_delivery_is_known_by_the_update_id_and_the_person_by_the_chat() -> None:
    inbound = said(text="x")
    assert (inbound.channel, inbound.key, inbound.address, inbound.hint) == ("telegram", "500", "1001", "ar")


def test_a_message_of_hers_can_be_deleted_by_its_number_and_a_press_is_none() -> None:
    assert said(text="x").message == said(sticker=sample.UNUSABLE["sticker"]).message == str(message()["message_id"])
    pressed = understand(pressing())
    assert pressed is not None
    assert pressed.message == ""


def test_so_can_one_of_another_shape_than_we_know() -> None:
    strange = update(message=message(text=5, message_id=77))
    inbound = understand(strange)
    assert inbound is not None
    assert (inbound.event, inbound.message) == (Unusable("strange"), "77")


@pytest.mark.parametrize(("code", "hint"), [("en-GB", "en"), ("ar", "ar"), ("fr", "ar"), (None, "ar")])
def test_the_language_is_guessed_from_her_telegram(code: str | None, hint: str) -> None:
    sender = {**sample.SENDER, "language_code": code}
    assert said(text="x", **{"from": sender}).hint == hint


def test_a_rich_message_is_read_as_its_words() -> None:
    assert said(rich_message=sample.WORDY["rich_message"]).event == Said("he threatened me\nagain")


def test_a_rich_message_nested_without_end_does_no_harm() -> None:
    block: dict[str, Any] = {"type": "paragraph", "text": "deep"}
    for _ in range(200):
        block = {"type": "details", "summary": "s", "blocks": [block]}
    assert isinstance(said(rich_message={"blocks": [block]}).event, Said)


@pytest.mark.parametrize(("field", "expected"), [(name, kind) for name, (kind, _) in sample.FILES.items()])
def test_a_file_becomes_a_handle(field: str, expected: str) -> None:
    event = said(**{field: sample.FILES[field][1]}, caption="تحته").event
    assert isinstance(event, Handle)
    assert event.kind == expected


def test_a_caption_comes_along() -> None:
    assert said(photo=sample.SIZES, caption="هذا هو").caption == "هذا هو"


def test_the_largest_size_of_a_photo_is_taken() -> None:
    assert said(photo=sample.SIZES).event == Handle("photo", "p-1280", "image/jpeg", "", 1280)


def test_a_size_of_a_photo_that_may_not_be_downloaded_is_passed_over() -> None:
    sizes = [*sample.SIZES, {"file_id": "huge", "width": 9000, "height": 9000, "file_size": LARGEST + 1}]
    event = said(photo=sizes).event
    assert isinstance(event, Handle)
    assert event.where == "p-1280"


def test_an_animation_is_a_video_though_a_document_stands_beside_it() -> None:
    event = said(animation=sample.MOVING, document=sample.FILE).event
    assert isinstance(event, Handle)
    assert event.kind == "video"


def test_a_document_keeps_its_name_type_and_size() -> None:
    assert said(document=sample.FILE).event == Handle("document", "f-1", "x/y", "n.y", 77)


@pytest.mark.parametrize("field", sorted(sample.PLACES))
def test_a_place_is_a_place_also_when_it_moves_or_has_a_name(field: str) -> None:
    assert said(**{field: sample.PLACES[field]}).event == Located(15.45, 45.32)


def test_a_live_location_that_moves_or_ends_is_told_by_her_phone_and_not_by_her() -> None:
    for place in ({"latitude": 15.45, "longitude": 45.32, "live_period": 900}, {"latitude": 15.45, "longitude": 45.32}):
        moved = understand(sample.update(edited_message=sample.message(location=place)))
        assert moved is not None
        assert moved.event == Located(15.45, 45.32, live=True)
        assert (moved.key, moved.address, moved.message) == ("500", str(sample.PRIVATE["id"]), "")


@pytest.mark.parametrize(
    "edited",
    [
        sample.message(text="other words"),
        sample.message(sample.GROUPS[0], location={"latitude": 1.0, "longitude": 1.0}),
        sample.message(location={"latitude": 91.0, "longitude": 1.0}),
    ],
)
def test_any_other_edit_is_left_alone(edited: dict[str, Any]) -> None:
    assert understand(sample.update(edited_message=edited)) is None


@pytest.mark.parametrize("place", [{"latitude": 91.0, "longitude": 0.0}, {"latitude": 0.0, "longitude": -180.5}])
def test_a_place_outside_the_globe_is_unusable(place: dict[str, float]) -> None:
    assert said(location=place).event == Unusable("location")


@pytest.mark.parametrize("field", sorted(sample.UNUSABLE))
def test_what_cannot_be_used_is_told_by_its_kind_so_that_she_gets_an_answer(field: str) -> None:
    assert said(**{field: sample.UNUSABLE[field]}).event == Unusable(field)


def test_a_kind_that_telegram_has_not_invented_yet_gets_an_answer_too() -> None:
    assert said(hologram={"file_id": "h"}).event == Unusable("unknown")


@pytest.mark.parametrize("field", sample.SERVICE)
def test_a_note_that_telegram_makes_by_itself_gets_no_answer(field: str) -> None:
    understood = read(update(message=message(**{field: {}})))
    assert (understood.inbound, understood.kind) == (None, field)


@pytest.mark.parametrize("field", sorted(sample.BESIDE))
def test_what_stands_beside_her_words_does_not_matter(field: str) -> None:
    assert said(text="x", **{field: sample.BESIDE[field]}).event == Said("x")


@pytest.mark.parametrize("kind", sample.OTHERS)
def test_every_other_kind_of_update_is_ignored_knowingly(kind: str) -> None:
    understood = read(update(**{kind: message(text="x")}))
    assert (understood.inbound, understood.kind) == (None, kind)


def test_an_update_of_a_kind_not_invented_yet_is_ignored() -> None:
    assert read(update(telepathy={})).kind == "unknown"


@pytest.mark.parametrize("chat", sample.GROUPS)
def test_nobody_is_answered_in_a_group(chat: dict[str, Any]) -> None:
    updates = (update(message=message(chat, text="x")), pressing(chat=chat), standing("kicked", chat))
    assert [understand(one) for one in updates] == [None, None, None]


def test_another_bot_gets_no_answer() -> None:
    assert understand(update(message=message(text="x", **{"from": {**sample.SENDER, "is_bot": True}}))) is None


@pytest.mark.parametrize("text", ["/start", "/start ref_77", "/START@sanad_bot", "/start\n"])
def test_start_is_a_command_whatever_comes_with_it(text: str) -> None:
    assert said(text=text).event == Commanded("start")


@pytest.mark.parametrize("text", ["/help me he is here", "/مساعدة", "/", "/start!", "not /start"])
def test_words_that_only_look_like_a_command_stay_words(text: str) -> None:
    assert said(text=text).event == Said(text)


def test_another_command_counts_only_as_the_whole_message() -> None:
    assert said(text="/Help").event == Commanded("help")


def test_a_pressed_button_brings_its_key_and_the_message_it_stood_on() -> None:
    understood = read(pressing("k1"))
    assert understood.inbound is not None
    assert (understood.inbound.event, understood.inbound.pressed_on) == (Pressed("k1"), "7")
    assert understood.callback == "q-1"


def test_a_button_on_a_message_too_old_to_be_seen_still_works() -> None:
    inbound = understand(pressing("k1", message={"chat": sample.PRIVATE, "message_id": 3, "date": 0}))
    assert inbound is not None
    assert inbound.pressed_on == "3"


def test_a_button_whose_message_is_not_named_is_hers() -> None:
    inbound = understand(pressing("k1", message=None))
    assert inbound is not None
    assert (inbound.address, inbound.pressed_on) == ("1001", "")


@pytest.mark.parametrize(
    "update", [pressing(None, game_short_name="g"), pressing("k", message=None, inline_message_id="i")]
)
def test_a_button_that_is_not_ours_is_acknowledged_and_ignored(update: bytes) -> None:
    understood = read(update)
    assert (understood.inbound, understood.callback) == (None, "q-1")


@pytest.mark.parametrize(("status", "gone"), [("kicked", "blocked"), ("member", "back")])
def test_blocking_the_bot_and_coming_back_are_told(status: str, gone: str) -> None:
    inbound = understand(standing(status))
    assert inbound is not None
    assert inbound.gone == gone


@pytest.mark.parametrize("body", [b"", b"{", b"null x", b"\xff\xfe", b"[" * 100_000])
def test_what_is_not_json_is_not_understood(body: bytes) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read(body)
    assert str(caught.value) == ""


@pytest.mark.parametrize(
    "body", [b"[]", b"5", b"null", b"{}", b'{"update_id":"x"}', b'{"update_id":1e99}', b'{"update_id":NaN}']
)
def test_json_of_another_shape_is_ignored(body: bytes) -> None:
    assert read(body).inbound is None


def test_a_message_of_another_shape_from_a_person_still_gets_an_answer() -> None:
    assert said(text=5).event == Unusable("strange")


def test_half_a_surrogate_pair_does_not_cost_her_the_message() -> None:
    body = update(message=message(text="XX")).replace(b"XX", b"hi \\ud83d")
    inbound = understand(body)
    assert inbound is not None
    assert inbound.event == Said("hi ?")
