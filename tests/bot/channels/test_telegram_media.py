"""Pictures, voices and videos by Telegram, over real HTTP against the emulator."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.channel import Telegram
from handlers.channel import Delivered, Piece, TryLater, Undeliverable
from tests.bot.channels.letters import NOON, buttons, letter
from tests.bot.channels.shelves import OneShelf
from tests.platforms.telegram import Telegram as Platform

TOKEN = "123:abc"
VOICE = Piece("voice", 9, "light", "audio/ogg", "voice.ogg")
VIDEO = Piece("video", 9, "full", "video/mp4", "video.mp4")


@pytest.fixture
async def tg() -> AsyncIterator[Platform]:
    async with Platform(token=TOKEN, limits=None) as platform:
        yield platform
        assert platform.unknown_fields == set()


@pytest.fixture
def shelf() -> OneShelf:
    return OneShelf()


@pytest.fixture
async def channel(tg: Platform, shelf: OneShelf) -> AsyncIterator[Telegram]:
    opened = Telegram(TOKEN, lambda: NOON, api_url=tg.url, shelf=shelf)
    yield opened
    await opened.close()


@pytest.mark.parametrize(("piece", "kind"), [(VOICE, "voice"), (VIDEO, "video")])
async def test_it_comes_with_its_words_and_buttons_in_one_message(
    tg: Platform, channel: Telegram, shelf: OneShelf, piece: Piece, kind: str
) -> None:
    amal, shelf.lies = tg.person(1001, has_written=True), piece
    result = await channel.send(letter(text="نصيحة اليوم", media=9, buttons=buttons("المزيد")))
    shown = await amal.sees("نصيحة اليوم")
    assert result == Delivered(str(shown.id))
    assert (shown.kind, shown.buttons) == (kind, [("المزيد", "b1")])


async def test_its_bytes_go_once_and_then_telegrams_own_id(tg: Platform, channel: Telegram, shelf: OneShelf) -> None:
    for chat in (1001, 1002, 1003):
        tg.person(chat, has_written=True)
        assert isinstance(await channel.send(letter(address=str(chat), media=9)), Delivered)
    assert shelf.lent == 1
    assert len(tg.files) == 1


async def test_an_id_that_telegram_forgot_is_replaced_by_the_bytes(
    tg: Platform, channel: Telegram, shelf: OneShelf
) -> None:
    tg.person(1001, has_written=True)
    shelf.handles["telegram"] = "long-gone"
    assert isinstance(await channel.send(letter(media=9)), Delivered)
    assert shelf.handles["telegram"] in tg.files


async def test_words_too_long_for_a_caption_come_after_it_with_the_buttons(tg: Platform, channel: Telegram) -> None:
    amal = tg.person(1001, has_written=True)
    result = await channel.send(letter(text="كلمة " * 300, media=9, buttons=buttons("نعم")))
    picture, words = amal.reads()
    assert result == Delivered(f"{picture.id} {words.id}")
    assert (picture.kind, picture.labels, words.labels) == ("photo", [], ["نعم"])


async def test_words_that_fail_after_their_picture_go_again_without_it(tg: Platform, channel: Telegram) -> None:
    amal = tg.person(1001, has_written=True)
    tg.fails("sendMessage", status=500)
    long = letter(text="كلمة " * 300, media=9)
    assert isinstance(await channel.send(long), TryLater)
    assert isinstance(await channel.send(long), Delivered)
    assert [one.kind for one in amal.reads()] == ["photo", "text"]


async def test_what_was_withdrawn_is_not_sent_nor_its_words(tg: Platform, channel: Telegram, shelf: OneShelf) -> None:
    amal, shelf.lies = tg.person(1001, has_written=True), None
    assert isinstance(await channel.send(letter(media=9)), Undeliverable)
    amal.expects_nothing_more()


async def test_a_database_that_is_away_lets_the_letter_wait(tg: Platform, channel: Telegram, shelf: OneShelf) -> None:
    shelf.away = True
    assert isinstance(await channel.send(letter(media=9)), TryLater)


async def test_whoever_blocked_us_is_gone_for_pictures_too(tg: Platform, channel: Telegram) -> None:
    tg.person(1001, has_written=True)
    tg.blocked_by(1001)
    assert await channel.send(letter(media=9)) == Undeliverable("403", gone=True)


async def test_too_fast_is_told_with_the_seconds_to_wait(tg: Platform, channel: Telegram) -> None:
    tg.person(1001, has_written=True)
    tg.fails("sendPhoto", retry_after=7)
    result = await channel.send(letter(media=9))
    assert isinstance(result, TryLater)
    assert ((result.at - NOON).total_seconds(), result.everybody) == (7, True)
