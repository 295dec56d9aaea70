"""What each kind of message in Twilio's webhook is understood as; nothing raises."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.understanding import read, understand
from flows.core import Located, Pressed, Said, Unusable
from handlers.channel import Handle, Inbound

SID = "SM" + "a" * 32
MEDIA = f"https://api.twilio.com/2010-04-01/Accounts/AC{'b' * 32}/Messages/MM{'c' * 32}/Media/ME{'d' * 32}"


def form(**fields: str) -> dict[str, str]:
    return {"MessageSid": SID, "From": "whatsapp:+967770000001", "NumMedia": "0", "Body": "", **fields}


def told(**fields: str) -> Inbound:
    inbound = understand(form(**fields))
    assert inbound is not None
    return inbound


def file(mime: str, **fields: str) -> Any:
    return told(NumMedia="1", MediaUrl0=MEDIA, MediaContentType0=mime, **fields)


def test_words_come_as_she_wrote_them() -> None:
    inbound = told(Body=" ١ ")
    assert (inbound.channel, inbound.key, inbound.address) == ("whatsapp", SID, "+967770000001")
    assert inbound.event == Said(" ١ ")


def test_a_word_such_as_stop_is_just_a_word_here() -> None:
    assert told(Body="STOP", OptOutType="STOP").event == Said("STOP")


def test_a_button_counts_by_its_key_and_not_by_its_title() -> None:
    assert told(Body="نعم", ButtonText="نعم", ButtonPayload="k1").event == Pressed("k1")


def test_a_row_of_a_list_counts_by_its_key() -> None:
    assert told(Body="مأرب", ListId="k2", ListTitle="مأرب").event == Pressed("k2")


def test_a_button_without_a_key_counts_as_its_words() -> None:
    assert told(ButtonText="نعم").event == Said("نعم")


def test_a_location_is_a_place() -> None:
    assert told(Latitude="15.45", Longitude="45.32").event == Located(15.45, 45.32)


@pytest.mark.parametrize("latitude", ["91", "nan", "inf", "north", "1e999"])
def test_a_location_outside_the_globe_is_unusable(latitude: str) -> None:
    assert told(Latitude=latitude, Longitude="0").event == Unusable("location")


@pytest.mark.parametrize(
    ("mime", "kind"),
    [
        ("image/jpeg", "photo"),
        ("audio/ogg; codecs=opus", "voice"),
        ("video/mp4", "video"),
        ("application/pdf", "document"),
        ("", "document"),
    ],
)
def test_media_become_a_handle_that_can_be_fetched_and_deleted(mime: str, kind: str) -> None:
    event = file(mime).event
    assert isinstance(event, Handle)
    assert (event.kind, event.where, event.delete) == (kind, MEDIA, f"MM{'c' * 32}/ME{'d' * 32}")


def test_the_words_under_a_photo_come_along() -> None:
    assert file("image/jpeg", Body="هذا هو").caption == "هذا هو"


def test_the_body_of_a_document_is_its_name() -> None:
    inbound = file("application/pdf", Body="تهديد.pdf")
    assert (inbound.event.name, inbound.caption) == ("تهديد.pdf", "")


def test_the_body_of_a_document_that_is_no_name_is_kept_as_her_words() -> None:
    inbound = file("application/pdf", Body="هذا ما أرسله لي.")
    assert (inbound.event.name, inbound.caption) == ("", "هذا ما أرسله لي.")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"MessageType": "sticker", "MediaUrl0": MEDIA, "MediaContentType0": "image/webp"}, "sticker"),
        ({"MessageType": "contacts", "MediaUrl0": MEDIA, "MediaContentType0": "text/vcard"}, "contact"),
        ({"NumMedia": "1", "MediaUrl0": "https://[", "MediaContentType0": "image/png"}, "media"),
        ({"MessageType": "reaction"}, "reaction"),
        ({"MessageType": "unsupported"}, "unsupported"),
        ({"MessageType": "her own words"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_cannot_be_used_is_told_by_one_of_few_kinds(fields: dict[str, str], kind: str) -> None:
    assert told(**fields).event == Unusable(kind)


@pytest.mark.parametrize("sender", ["+967770000001", "whatsapp:967", "messenger:1", "whatsapp:+0", "whatsapp:YE.1"])
def test_who_is_not_on_whatsapp_is_ignored(sender: str) -> None:
    assert read(form(From=sender)).inbound is None


def test_a_message_without_an_id_is_ignored() -> None:
    assert understand(form(MessageSid="")) is None


NAMES = st.sampled_from(
    ["Body", "From", "MessageSid", "MediaUrl0", "MediaContentType0", "Latitude", "Longitude", "ListId", "MessageType"]
)


@given(st.dictionaries(NAMES | st.text(max_size=9), st.text(max_size=40)))
def test_no_form_at_all_raises(fields: dict[str, str]) -> None:
    understand(form() | fields)
