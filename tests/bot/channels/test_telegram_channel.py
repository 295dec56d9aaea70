"""Telegram as a channel, over real HTTP against the emulator."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.rendering import keyboard, messages
from bot.channels.telegram.request import AiohttpRequest
from handlers.channel import Delivered, FetchLater, Handle, Moved, TryLater, Undeliverable, Unfetchable
from tests.bot.channels.letters import NOON, buttons, letter
from tests.platforms.telegram import Telegram as Platform

TOKEN = "123:abc"


class Stumbling(AiohttpRequest):
    """Loses the line once, at the second request."""

    __slots__ = ("_requests",)

    async def exchange(self, url: str, body: bytes, read: float = 15.0) -> tuple[int, bytes]:
        self._requests = getattr(self, "_requests", 0) + 1
        if self._requests == 2:
            raise ConnectionResetError
        return await super().exchange(url, body, read)


@pytest.fixture
async def tg() -> AsyncIterator[Platform]:
    async with Platform(token=TOKEN, limits=None) as platform:
        yield platform
        assert platform.unknown_fields == set()


@pytest.fixture
async def channel(tg: Platform) -> AsyncIterator[Telegram]:
    opened = Telegram(TOKEN, lambda: NOON, api_url=tg.url)
    yield opened
    await opened.close()


async def taken(channel: Telegram, handle: Handle) -> bytes:
    return b"".join([piece async for piece in channel.fetch(handle)])


async def test_a_letter_arrives_with_its_buttons(tg: Platform, channel: Telegram) -> None:
    amal = tg.person(1001, has_written=True)
    result = await channel.send(letter(text="هل أنت بأمان؟", buttons=buttons("نعم", "لا")))
    shown = await amal.sees("هل أنت بأمان؟")
    assert result == Delivered(str(shown.id))
    assert shown.buttons == [("نعم", "b1"), ("لا", "b2")]


async def test_no_page_is_fetched_for_a_link(tg: Platform, channel: Telegram) -> None:
    tg.person(1001, has_written=True)
    await channel.send(letter(text="https://example.org"))
    assert tg.calls[-1].params["link_preview_options"] == {"is_disabled": True}


async def test_a_long_letter_comes_in_parts_and_the_buttons_on_the_last(tg: Platform, channel: Telegram) -> None:
    amal = tg.person(1001, has_written=True)
    await channel.send(letter(text="هذه جملة. " * 900, buttons=buttons("نعم")))
    shown = amal.reads()
    assert len(shown) > 1
    assert [message.labels for message in shown] == [[]] * (len(shown) - 1) + [["نعم"]]
    assert all(message.text.endswith(".") for message in shown)


async def test_a_part_that_arrived_is_not_sent_again(tg: Platform) -> None:
    amal = tg.person(1001, has_written=True)
    channel = Telegram(TOKEN, lambda: NOON, api_url=tg.url, request=Stumbling())
    long = letter(text="أولا. " + "x" * 4095)
    results = [await channel.send(long), await channel.send(long)]
    await channel.close()
    assert [type(result) for result in results] == [TryLater, Delivered]
    assert [message.text[:3] for message in amal.reads()] == ["أول", "xxx"]


async def test_the_reference_of_a_letter_in_parts_names_each_of_them(tg: Platform, channel: Telegram) -> None:
    amal = tg.person(1001, has_written=True)
    result = await channel.send(letter(text="هذه جملة. " * 900))
    assert result == Delivered(" ".join(str(message.id) for message in amal.messages))


async def test_it_does_so_too_where_a_part_came_later(tg: Platform) -> None:
    amal = tg.person(1001, has_written=True)
    channel = Telegram(TOKEN, lambda: NOON, api_url=tg.url, request=Stumbling())
    long = letter(text="أولا. " + "x" * 4095)
    await channel.send(long)
    result = await channel.send(long)
    await channel.close()
    assert result == Delivered(" ".join(str(message.id) for message in amal.messages))


async def test_the_standing_button_comes_and_goes(tg: Platform, channel: Telegram) -> None:
    amal = tg.person(1001, has_written=True)
    await channel.send(letter(text="أهلًا!", standing="on", hide="طقس اليوم"))
    assert amal.standing == ["طقس اليوم"]
    await channel.send(letter(key="letter-2", text="سؤال", buttons=buttons("نعم"), hide="طقس اليوم"))
    assert amal.standing == ["طقس اليوم"]
    await channel.send(letter(key="letter-3", text="صحو", standing="off", hide="طقس اليوم"))
    assert amal.standing == []


async def test_a_letter_with_buttons_keeps_them_whatever_it_was_to_bring(tg: Platform, channel: Telegram) -> None:
    amal = tg.person(1001, has_written=True)
    await channel.send(letter(text="سؤال", buttons=buttons("نعم"), standing="on", hide="طقس اليوم"))
    assert ((await amal.sees("سؤال")).labels, amal.standing) == (["نعم"], [])


async def test_messages_of_both_are_deleted_in_one_call(tg: Platform, channel: Telegram) -> None:
    amal = tg.person(1001)
    hers = await amal.says("كلام")
    await channel.send(letter(text="جواب"))
    ours = await amal.sees("جواب")
    assert await channel.erase("1001", [str(ours.id), str(hers.id), "999999"]) == Delivered("")
    assert amal.chat == []
    assert [call.method for call in tg.calls].count("deleteMessages") == 1


async def test_one_that_telegram_will_not_delete_keeps_no_other(tg: Platform, channel: Telegram) -> None:
    amal = tg.person(1001)
    wrote = [await amal.says(f"{number}") for number in range(8)]
    tg.stays = {wrote[5].id}
    assert await channel.erase("1001", [str(message.id) for message in wrote]) == Delivered("")
    assert [message.text for message in amal.chat] == ["5"]


async def test_a_rate_limit_on_deleting_is_kept(tg: Platform, channel: Telegram) -> None:
    tg.person(1001, has_written=True)
    tg.fails("deleteMessages", retry_after=9)
    assert await channel.erase("1001", ["1"]) == TryLater(NOON + timedelta(seconds=9), "429", everybody=True)


async def test_deleting_comes_again_when_telegram_is_away(tg: Platform, channel: Telegram) -> None:
    tg.person(1001, has_written=True)
    tg.fails("deleteMessages", status=502)
    assert isinstance(await channel.erase("1001", ["1"]), TryLater)
    tg.fails("deleteMessages", closes=True)
    assert isinstance(await channel.erase("1001", ["1"]), TryLater)


async def test_nothing_is_deleted_while_she_has_blocked_the_bot(tg: Platform, channel: Telegram) -> None:
    tg.person(1001, has_written=True).blocked = True
    assert await channel.erase("1001", ["1", "2"]) == Undeliverable("403", gone=True)
    assert len(tg.calls) == 1


async def test_the_answered_question_loses_its_buttons(tg: Platform, channel: Telegram) -> None:
    amal = tg.person(1001, has_written=True)
    await channel.send(letter(text="سؤال", buttons=buttons("نعم")))
    question = await amal.sees("سؤال")
    await channel.send(letter(key="letter-2", text="شكرا", clears=str(question.id)))
    await amal.sees_no_buttons_on(question)


async def test_a_keyboard_that_is_gone_already_harms_nobody(tg: Platform, channel: Telegram) -> None:
    tg.person(1001, has_written=True)
    result = await channel.send(letter(clears="999999"))
    await channel.close()
    assert isinstance(result, Delivered)
    assert tg.calls[-1].status == 400


async def test_a_rate_limit_is_kept(tg: Platform, channel: Telegram) -> None:
    tg.person(1001, has_written=True)
    tg.fails("sendMessage", retry_after=9)
    assert await channel.send(letter()) == TryLater(NOON + timedelta(seconds=9), "429", everybody=True)


async def test_who_blocked_the_bot_is_gone(tg: Platform, channel: Telegram) -> None:
    tg.person(1001, has_written=True)
    tg.blocked_by(1001)
    assert await channel.send(letter()) == Undeliverable("403", gone=True)


async def test_nobody_at_this_address_is_gone(tg: Platform, channel: Telegram) -> None:
    assert await channel.send(letter(address="424242")) == Undeliverable("400", gone=True)


async def test_a_chat_that_migrated_is_moved(tg: Platform, channel: Telegram) -> None:
    tg.migrates(-5, -100)
    assert await channel.send(letter(address="-5")) == Moved("-100")


async def test_an_answer_that_is_lost_is_sent_again(tg: Platform, channel: Telegram) -> None:
    tg.person(1001, has_written=True)
    tg.fails("sendMessage", closes=True)
    assert isinstance(await channel.send(letter()), TryLater)


async def test_nobody_listening_means_later() -> None:
    channel = Telegram(TOKEN, lambda: NOON, api_url="http://127.0.0.1:9")
    assert await channel.send(letter(attempt=3)) == TryLater(NOON + timedelta(seconds=4), "ClientConnectorError")
    await channel.close()


async def test_a_file_comes_byte_for_byte(tg: Platform, channel: Telegram) -> None:
    data = bytes(range(256)) * 1000
    message = await tg.person(1001).sends_document(data, "proof.pdf", "application/pdf")
    assert await taken(channel, Handle("document", message.raw["document"]["file_id"])) == data


async def test_a_file_that_telegram_will_not_give_is_unfetchable(tg: Platform, channel: Telegram) -> None:
    large = await tg.person(1001).sends_video(b"x", size=21 * 2**20)
    with pytest.raises(Unfetchable, match="too large"):
        await taken(channel, Handle("video", large.raw["video"]["file_id"]))


async def test_a_file_said_to_be_too_large_is_not_asked_for(tg: Platform, channel: Telegram) -> None:
    with pytest.raises(Unfetchable, match="too large"):
        await taken(channel, Handle("video", "f", size=21 * 2**20))
    assert tg.calls == []


async def test_an_unknown_file_is_unfetchable(channel: Telegram) -> None:
    with pytest.raises(Unfetchable, match="expired"):
        await taken(channel, Handle("photo", "no-such-file"))


async def test_a_file_is_asked_for_again_when_telegram_fails(tg: Platform, channel: Telegram) -> None:
    tg.fails("getFile", status=502)
    with pytest.raises(FetchLater):
        await taken(channel, Handle("photo", "f"))


async def test_python_telegram_bots_own_calls_go_the_same_way(tg: Platform, channel: Telegram) -> None:
    assert (await channel.bot.get_me()).username == "sanad_test_bot"


async def test_the_webhook_is_set_with_its_secret_and_only_the_kinds_we_read(tg: Platform, channel: Telegram) -> None:
    await channel.listen("https://sanad.example/", "s3cret")
    assert tg.webhook is not None
    assert (tg.webhook.url, tg.webhook.secret) == ("https://sanad.example/telegram", "s3cret")
    assert tg.allowed_updates == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_nothing_she_was_sent_is_logged(tg: Platform, channel: Telegram, caplog: Any) -> None:
    tg.fails("sendMessage", status=400, times=2, description="Bad Request: canary-words")
    with capture_logs() as logs:
        await channel.send(letter(text="canary-words"))
    seen = json.dumps(logs) + caplog.text
    assert "canary" not in seen
    assert "1001" not in seen
    assert TOKEN not in seen


def test_many_short_buttons_share_rows() -> None:
    rows = keyboard(buttons(*"abcde"))
    assert [[button["text"] for button in row] for row in rows] == [["a", "b"], ["c", "d"], ["e"]]


@pytest.mark.parametrize("labels", ["abcd", ["a", "b", "c", "d", "a label longer than that"]])
def test_few_or_long_buttons_stand_alone(labels: list[str]) -> None:
    assert all(len(row) == 1 for row in keyboard(buttons(*labels)))


def test_an_address_goes_out_as_the_number_it_is() -> None:
    assert json.loads(messages(letter(address="-100123"))[0])["chat_id"] == -100123
