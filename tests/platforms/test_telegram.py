"""Proof that the Telegram emulator behaves as Telegram does, to a plain HTTP client and to a real library."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import telegram
from aiohttp import web

from tests.platforms.serving import Served
from tests.platforms.telegram import Limits, Person, Telegram

KEYBOARD = {
    "inline_keyboard": [[{"text": "I am safe", "callback_data": "s1"}, {"text": "Not safe", "callback_data": "s2"}]]
}


class Site(Served):
    """A webhook that answers as told and keeps what it got."""

    def __init__(self) -> None:
        super().__init__(None, 0)
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answers: list[web.Response | None] = []

    async def start(self) -> None:
        self.url = await self.open([web.post("/telegram", self._take)])

    async def _take(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.log("update", self.got[-1])
        return (self.answers.pop(0) if self.answers else None) or web.Response()


@pytest.fixture
async def tg() -> AsyncIterator[Telegram]:
    async with Telegram(retry_base=0.01) as platform:
        yield platform


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as one:
        yield one


@pytest.fixture
async def amal(tg: Telegram) -> Person:
    return tg.person(chat_id=1001, first_name="Amal", has_written=True)


async def ask(tg: Telegram, method: str, **params: Any) -> dict[str, Any]:
    async with tg.session.post(f"{tg.url}/bot123:abc/{method}", json=params) as answer:
        body: dict[str, Any] = await answer.json()
        assert answer.status == (200 if body["ok"] else body["error_code"])
        return body


@pytest.mark.parametrize("encoding", ["query", "form", "json", "multipart"])
async def test_it_takes_fields_in_all_four_encodings(tg: Telegram, amal: Person, encoding: str) -> None:
    fields = {"chat_id": "1001", "text": "hello"}
    multipart = aiohttp.FormData(fields, default_to_multipart=True)
    how: dict[str, Any] = {"query": {"params": fields}, "form": {"data": fields}, "json": {"json": fields}}
    async with tg.session.post(f"{tg.url}/bot123:abc/sendMessage", **how.get(encoding, {"data": multipart})) as answer:
        assert (await answer.json())["result"]["text"] == "hello"
    assert (await amal.sees("hello")).id == 2


async def test_a_wrong_token_is_unauthorized(tg: Telegram) -> None:
    async with tg.session.get(f"{tg.url}/bot123:wrong/getMe") as answer:
        assert await answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "a"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 1001}, "Bad Request: message text is empty"),
        ({"chat_id": 1001, "text": ""}, "Bad Request: message text is empty"),
        ({"chat_id": 1001, "text": " \n"}, "Bad Request: text must be non-empty"),
        ({"chat_id": 1001, "text": "😀" * 2049}, "Bad Request: message is too long"),
        ({"chat_id": 4, "text": "a"}, "Bad Request: chat not found"),
        ({"chat_id": 1001, "text": 5}, 'Bad Request: field "text" must be of type str'),
        (
            {"chat_id": 1001, "text": "<b>a", "parse_mode": "HTML"},
            "Bad Request: can't parse entities: Can't find end tag",
        ),
        ({"chat_id": 1001, "text": "a", "reply_markup": "{"}, "Bad Request: object expected as reply markup"),
    ],
)
async def test_it_refuses_a_message_as_telegram_does(
    tg: Telegram, amal: Person, params: dict[str, Any], description: str
) -> None:
    body = await ask(tg, "sendMessage", **params)
    assert body["error_code"] == 400
    assert body["description"].startswith(description)
    amal.expects_nothing_more()


@pytest.mark.parametrize(("data", "ok"), [("ب" * 32, True), ("ب" * 33, False)])
async def test_a_buttons_data_is_at_most_64_bytes(tg: Telegram, amal: Person, data: str, ok: bool) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    body = await ask(tg, "sendMessage", chat_id=1001, text="a", reply_markup=markup)
    assert body["ok"] is ok
    assert len(amal.messages) == ok


async def test_formatting_marks_do_not_count_and_are_not_shown(tg: Telegram, amal: Person) -> None:
    await ask(tg, "sendMessage", chat_id=1001, text="<b>" + "a" * 4096 + "</b>", parse_mode="HTML")
    assert amal.messages[0].text == "a" * 4096


async def test_she_must_have_written_before_the_bot_may_write(tg: Telegram) -> None:
    stranger = tg.person(chat_id=7)
    assert (await ask(tg, "sendMessage", chat_id=7, text="a"))["description"] == "Bad Request: chat not found"
    await stranger.says("/start")
    assert (await ask(tg, "sendMessage", chat_id=7, text="a"))["ok"]


async def test_who_blocked_or_left_is_forbidden_and_a_moved_group_says_where(tg: Telegram, amal: Person) -> None:
    tg.blocked_by(1001)
    assert (await ask(tg, "sendMessage", chat_id=1001, text="a"))["description"] == (
        "Forbidden: bot was blocked by the user"
    )
    amal.blocked = False
    tg.deactivated(1001)
    assert (await ask(tg, "sendMessage", chat_id=1001, text="a"))["description"] == "Forbidden: user is deactivated"
    tg.migrates(-5, -1005)
    assert (await ask(tg, "sendMessage", chat_id=-5, text="a"))["parameters"] == {"migrate_to_chat_id": -1005}


async def test_one_chat_gets_a_burst_and_then_one_a_second(tg: Telegram, amal: Person) -> None:
    answers = [await ask(tg, "sendMessage", chat_id=1001, text=f"{number}") for number in range(6)]
    assert [answer["ok"] for answer in answers] == [True] * 5 + [False]
    assert answers[5]["description"] == "Too Many Requests: retry after 1"
    assert answers[5]["parameters"] == {"retry_after": 1}
    tg.passes(1)
    assert (await ask(tg, "sendMessage", chat_id=1001, text="again"))["ok"]


async def test_all_chats_together_get_thirty_in_a_second(tg: Telegram) -> None:
    tg.limits = Limits(per_second=30)
    for number in range(31):
        tg.person(2000 + number, has_written=True)
    answers = await asyncio.gather(*(ask(tg, "sendMessage", chat_id=2000 + n, text="a") for n in range(31)))
    assert sum(answer["ok"] for answer in answers) == 30


async def test_lifted_limits_let_everything_through(tg: Telegram, amal: Person) -> None:
    tg.limits = None
    answers = [await ask(tg, "sendMessage", chat_id=1001, text=f"{number}") for number in range(40)]
    assert all(answer["ok"] for answer in answers)


async def test_an_edit_changes_her_screen_and_the_same_again_is_refused(tg: Telegram, amal: Person) -> None:
    number = (await ask(tg, "sendMessage", chat_id=1001, text="one", reply_markup=KEYBOARD))["result"]["message_id"]
    message = await amal.sees("one")
    assert message.buttons == [("I am safe", "s1"), ("Not safe", "s2")]
    await ask(tg, "editMessageText", chat_id=1001, message_id=number, text="two")
    assert (await amal.sees("two")) is message
    assert message.edited
    assert message.buttons == []
    again = await ask(tg, "editMessageText", chat_id=1001, message_id=number, text="two")
    assert again["description"].startswith("Bad Request: message is not modified: specified new message content")


async def test_taking_a_keyboard_away_leaves_the_words_read(tg: Telegram, amal: Person) -> None:
    await ask(tg, "sendMessage", chat_id=1001, text="one", reply_markup=KEYBOARD)
    message = await amal.sees("one")
    await ask(tg, "editMessageReplyMarkup", chat_id=1001, message_id=message.id)
    await amal.sees_no_buttons_on(message)
    amal.expects_nothing_more()


async def test_messages_of_both_can_be_deleted_for_two_days(tg: Telegram, amal: Person) -> None:
    hers = await amal.says("secret")
    await ask(tg, "sendMessage", chat_id=1001, text="one")
    ours = await amal.sees("one")
    assert (await ask(tg, "deleteMessages", chat_id=1001, message_ids=[hers.id, 999]))["ok"]
    assert [message.text for message in amal.chat] == ["one"]
    tg.passes(48 * 3600 + 1)
    late = await ask(tg, "deleteMessage", chat_id=1001, message_id=ours.id)
    assert late["description"] == "Bad Request: message can't be deleted for everyone"


async def test_deleting_many_skips_what_is_too_old_or_unknown(tg: Telegram, amal: Person) -> None:
    old = await amal.says("old")
    tg.passes(48 * 3600 + 1)
    new = await amal.says("new")
    assert (await ask(tg, "deleteMessages", chat_id=1001, message_ids=[old.id, new.id, 999]))["ok"]
    assert [message.text for message in amal.chat] == ["old"]


@pytest.mark.parametrize("ids", [[], list(range(101)), ["x"]])
async def test_deleting_takes_one_to_a_hundred_numbers(tg: Telegram, amal: Person, ids: list[Any]) -> None:
    assert (await ask(tg, "deleteMessages", chat_id=1001, message_ids=ids))["error_code"] == 400


async def test_deleting_counts_against_the_bots_rate_and_not_the_chats(tg: Telegram, amal: Person) -> None:
    answers = [await ask(tg, "deleteMessages", chat_id=1001, message_ids=[1]) for _ in range(31)]
    assert [answer["ok"] for answer in answers] == [True] * 30 + [False]
    assert answers[-1]["parameters"] == {"retry_after": 1}


async def test_nobody_deletes_in_anothers_chat(tg: Telegram, amal: Person) -> None:
    hers = await amal.says("hers")
    tg.person(chat_id=7, has_written=True)
    assert (await ask(tg, "deleteMessages", chat_id=7, message_ids=[hers.id]))["ok"]
    assert [message.text for message in amal.chat] == ["hers"]


async def test_a_reply_keyboard_stands_until_it_is_removed_and_writes_its_words(tg: Telegram, amal: Person) -> None:
    board = {"keyboard": [[{"text": "Weather"}]], "resize_keyboard": True, "is_persistent": True}
    sent = (await ask(tg, "sendMessage", chat_id=1001, text="a", reply_markup=board))["result"]
    assert "reply_markup" not in sent
    await ask(tg, "sendMessage", chat_id=1001, text="b", reply_markup=KEYBOARD)
    await ask(tg, "deleteMessages", chat_id=1001, message_ids=[sent["message_id"]])
    assert amal.standing == ["Weather"]
    pressed = await amal.presses_standing("Weather")
    assert [one.update["message"]["text"] for one in tg.pending()] == [pressed.text] == ["Weather"]
    await ask(tg, "sendMessage", chat_id=1001, text="c", reply_markup={"remove_keyboard": True})
    assert amal.standing == []


@pytest.mark.parametrize(
    "markup",
    [
        {"keyboard": []},
        {"keyboard": [[{"text": " "}]]},
        {"keyboard": [[{"text": "a"}]], "inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
    ],
)
async def test_a_broken_reply_keyboard_is_refused(tg: Telegram, amal: Person, markup: dict[str, Any]) -> None:
    assert (await ask(tg, "sendMessage", chat_id=1001, text="a", reply_markup=markup))["error_code"] == 400
    assert (amal.messages, amal.standing) == ([], [])


async def test_polling_confirms_by_offset_and_wakes_as_soon_as_she_writes(tg: Telegram, amal: Person) -> None:
    waiting = asyncio.create_task(ask(tg, "getUpdates", timeout=30))
    await tg.called("getUpdates")
    await amal.says("hello")
    first = (await waiting)["result"]
    assert [update["message"]["text"] for update in first] == ["hello"]
    assert (await ask(tg, "getUpdates"))["result"] == first
    assert (await ask(tg, "getUpdates", offset=first[0]["update_id"] + 1))["result"] == []
    await tg.settles()


async def test_an_offset_confirms_only_what_lies_before_it(tg: Telegram, amal: Person) -> None:
    first = await amal.sends_raw({"message": {"text": "0"}})
    for number in range(1, 4):
        await amal.sends_raw({"message": {"text": f"{number}"}})
    some = (await ask(tg, "getUpdates", offset=first + 1, limit=2))["result"]
    assert [update["message"]["text"] for update in some] == ["1", "2"]
    last = (await ask(tg, "getUpdates", offset=-1))["result"]
    assert [update["message"]["text"] for update in last] == ["3"]
    assert len((await ask(tg, "getUpdates"))["result"]) == 1


async def test_a_second_poll_ends_the_first(tg: Telegram) -> None:
    first = asyncio.create_task(ask(tg, "getUpdates", timeout=30))
    await tg.called("getUpdates")
    await ask(tg, "getUpdates")
    assert (await first)["description"].startswith("Conflict: terminated by other getUpdates request")


async def test_a_webhook_forbids_polling(tg: Telegram, site: Site) -> None:
    await ask(tg, "setWebhook", url=f"{site.url}/telegram", secret_token="s3cret")
    assert (await ask(tg, "getUpdates"))["description"].startswith(
        "Conflict: can't use getUpdates method while webhook"
    )
    await ask(tg, "deleteWebhook")
    assert (await ask(tg, "getUpdates"))["ok"]


async def test_a_webhook_needs_https_elsewhere_and_a_clean_secret(tg: Telegram, site: Site) -> None:
    assert "HTTPS URL must be provided" in (await ask(tg, "setWebhook", url="http://sanad.example/x"))["description"]
    bad = await ask(tg, "setWebhook", url=f"{site.url}/telegram", secret_token="no spaces")
    assert bad["description"] == "Bad Request: secret token contains unallowed characters"


async def test_the_webhook_gets_the_secret_and_each_chat_in_order(tg: Telegram, site: Site, amal: Person) -> None:
    tg.sets_webhook(f"{site.url}/telegram", secret="s3cret")
    site.answers = [web.Response(status=500), web.Response(status=500)]
    for number in range(3):
        await amal.says(f"{number}")
    await tg.settles()
    assert [update["message"]["text"] for update in site.got] == ["0", "0", "0", "1", "2"]
    assert set(site.secrets) == {"s3cret"}


async def test_retry_after_is_honoured(tg: Telegram, site: Site, amal: Person) -> None:
    tg.sets_webhook(f"{site.url}/telegram")
    site.answers = [web.Response(status=429, headers={"Retry-After": "600"})]
    await amal.says("hello")
    await site.called("update")
    with pytest.raises(AssertionError, match="message"):
        await tg.settles(within=0.1)
    tg.passes(600)
    await tg.settles()
    assert len(site.got) == 2


async def test_a_webhook_that_is_gone_for_a_day_is_forgotten(tg: Telegram, site: Site, amal: Person) -> None:
    tg.sets_webhook(f"{site.url}/telegram")
    site.answers = [web.Response(status=410, headers={"Retry-After": "3600"}), web.Response(status=410)]
    await amal.says("hello")
    await site.called("update")
    await tg.called("webhook failed")
    tg.passes(23 * 3600 + 1)
    await tg.called("webhook failed", times=2)
    assert (await ask(tg, "getWebhookInfo"))["result"]["url"] == ""


async def test_a_press_nobody_took_is_gone_after_150_seconds_but_words_stay(
    tg: Telegram, site: Site, amal: Person
) -> None:
    await ask(tg, "sendMessage", chat_id=1001, text="safe?", reply_markup=KEYBOARD)
    await amal.presses("Not")
    await amal.says("not safe")
    tg.passes(151)
    tg.sets_webhook(f"{site.url}/telegram")
    await tg.settles()
    assert [next(reversed(update)) for update in site.got] == ["message"]


async def test_only_allowed_updates_come(tg: Telegram, site: Site, amal: Person) -> None:
    await ask(tg, "setWebhook", url=f"{site.url}/telegram", allowed_updates=["message"])
    await amal.blocks_bot()
    await amal.unblocks_bot()
    await amal.says("hello")
    await tg.settles()
    assert [list(update) for update in site.got] == [["update_id", "message"]]


async def test_deliveries_repeat_and_reorder_on_command(tg: Telegram, site: Site, amal: Person) -> None:
    tg.sets_webhook(f"{site.url}/telegram")
    tg.repeats_deliveries = 2
    tg.reorder(2)
    await amal.says("first")
    await amal.says("second")
    await tg.settles()
    assert [update["message"]["text"] for update in site.got] == ["second", "second", "first", "first"]
    assert site.got[0]["update_id"] > site.got[2]["update_id"]


async def test_after_an_idle_week_update_ids_start_elsewhere(tg: Telegram, amal: Person) -> None:
    before = await amal.sends_raw({"message": {}})
    tg.passes(8 * 24 * 3600)
    assert await amal.sends_raw({"message": {}}) < before


async def test_a_forged_delivery_carries_no_secret(tg: Telegram, site: Site, amal: Person) -> None:
    tg.sets_webhook(f"{site.url}/telegram", secret="s3cret")
    site.answers = [web.Response(status=401)]
    assert await amal.forges("let me in") == 401
    assert site.secrets == [None]


async def test_a_press_names_its_message_and_is_answered_in_time(tg: Telegram, amal: Person) -> None:
    await ask(tg, "sendMessage", chat_id=1001, text="safe?", reply_markup=KEYBOARD)
    query = await amal.presses("Not")
    update = (await ask(tg, "getUpdates"))["result"][0]["callback_query"]
    assert update["data"] == "s2"
    assert update["message"]["text"] == "safe?"
    assert (await ask(tg, "answerCallbackQuery", callback_query_id=query, text="noted"))["ok"]
    assert amal.popups == ["noted"]
    tg.passes(151)
    late = await ask(tg, "answerCallbackQuery", callback_query_id=query)
    assert late["description"].startswith("Bad Request: query is too old")


async def test_pressing_what_is_not_there_tells_what_she_sees(tg: Telegram, amal: Person) -> None:
    await ask(tg, "sendMessage", chat_id=1001, text="safe?", reply_markup=KEYBOARD)
    with pytest.raises(AssertionError, match=r"no button 'Maybe'(.|\n)*I am safe"):
        await amal.presses("Maybe")


async def test_the_newest_message_is_pressed_and_in_it_the_exact_label(tg: Telegram, amal: Person) -> None:
    for text, labels in (("old", ["No"]), ("new", ["No way", "No"]), ("newest", ["Nothing here"])):
        rows = [[{"text": label, "callback_data": f"{text} {label}"}] for label in labels]
        await ask(tg, "sendMessage", chat_id=1001, text=text, reply_markup={"inline_keyboard": rows})
    await amal.presses("No way")
    await ask(tg, "deleteMessage", chat_id=1001, message_id=amal.messages[2].id)
    await amal.presses("No")
    await amal.presses_data("long gone", amal.messages[2])
    queries = [update["callback_query"] for update in (await ask(tg, "getUpdates"))["result"]]
    assert [query["data"] for query in queries] == ["new No way", "new No", "long gone"]
    assert [query["message"]["date"] == 0 for query in queries] == [False, False, True]


async def test_nothing_unexpected_goes_unnoticed(tg: Telegram, amal: Person) -> None:
    await ask(tg, "sendMessage", chat_id=1001, text="surprise")
    with pytest.raises(AssertionError, match="surprise"):
        amal.expects_nothing_more()


async def test_a_photo_comes_in_sizes_and_downloads_for_an_hour(tg: Telegram, amal: Person) -> None:
    await amal.sends_photo(b"jpeg bytes" * 100, caption="see")
    sizes = (await ask(tg, "getUpdates"))["result"][0]["message"]["photo"]
    assert [size["width"] for size in sizes] == [90, 320, 1280]
    path = (await ask(tg, "getFile", file_id=sizes[-1]["file_id"]))["result"]["file_path"]
    async with tg.session.get(f"{tg.url}/file/bot123:abc/{path}") as answer:
        assert await answer.read() == b"jpeg bytes" * 100
    tg.passes(3601)
    async with tg.session.get(f"{tg.url}/file/bot123:abc/{path}") as answer:
        assert answer.status == 404


async def test_a_file_over_20_mb_is_too_big_to_download(tg: Telegram, amal: Person) -> None:
    await amal.sends_document(b"x", "proof.pdf", "application/pdf", size=20 * 2**20 + 1)
    document = (await ask(tg, "getUpdates"))["result"][0]["message"]["document"]
    assert document["file_name"] == "proof.pdf"
    body = await ask(tg, "getFile", file_id=document["file_id"])
    assert body["description"] == "Bad Request: file is too big"


async def test_every_kind_of_message_is_one_a_real_library_reads(tg: Telegram, amal: Person) -> None:
    await amal.sends_voice(b"ogg")
    await amal.sends_video(b"mp4")
    await amal.sends_location(15.35, 44.2)
    await amal.sends_sticker()
    await amal.sends_contact()
    await amal.sends_album([b"a", b"b"])
    note = await amal.says("typo")
    await amal.edits(note.id, "fixed")
    await amal.blocks_bot()
    updates = (await ask(tg, "getUpdates"))["result"]
    read = [telegram.Update.de_json(update) for update in updates]
    kinds = [
        update.effective_message.effective_attachment.__class__.__name__
        for update in read[:5]
        if update.effective_message
    ]
    assert kinds == ["Voice", "Video", "Location", "Sticker", "Contact"]
    assert read[5].message is not None
    assert read[6].message is not None
    assert read[5].message.media_group_id == read[6].message.media_group_id
    assert read[8].edited_message is not None
    assert read[8].edited_message.text == "fixed"
    assert read[9].my_chat_member is not None
    assert read[9].my_chat_member.new_chat_member.status == "kicked"


async def test_failures_come_as_often_as_asked(tg: Telegram, amal: Person) -> None:
    tg.fails("sendMessage", status=500, times=2)
    answers = [await ask(tg, "sendMessage", chat_id=1001, text="a") for _ in range(3)]
    assert [answer.get("error_code") for answer in answers] == [500, 500, None]
    tg.fails("sendMessage", retry_after=3)
    assert (await ask(tg, "sendMessage", chat_id=1001, text="a"))["parameters"] == {"retry_after": 3}


async def test_a_failure_may_hide_that_the_work_was_done(tg: Telegram, amal: Person) -> None:
    tg.fails("sendMessage", carried_out=True)
    assert not (await ask(tg, "sendMessage", chat_id=1001, text="done"))["ok"]
    await amal.sees("done")


async def test_a_closed_line_and_silence_reach_the_client(tg: Telegram, amal: Person) -> None:
    tg.fails("sendMessage", closes=True)
    with pytest.raises(aiohttp.ClientError):
        await ask(tg, "sendMessage", chat_id=1001, text="a")
    tg.fails("sendMessage", hangs=True)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ask(tg, "sendMessage", chat_id=1001, text="a"), 0.1)
    amal.expects_nothing_more()


async def test_python_telegram_bot_talks_to_it(tg: Telegram, amal: Person) -> None:
    async with telegram.Bot(tg.token, base_url=f"{tg.url}/bot", base_file_url=f"{tg.url}/file/bot") as bot:
        markup = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="y")]])
        sent = await bot.send_message(1001, "مرحبا", reply_markup=markup, protect_content=True)
        assert (await amal.sees("مرحبا")).protected
        await bot.send_photo(1001, b"jpeg bytes", caption="photo")
        await amal.presses("Yes")
        update = (await bot.get_updates(timeout=1))[0]
        assert update.callback_query is not None
        await update.callback_query.answer("ok")
        await bot.edit_message_reply_markup(1001, sent.message_id)
        await bot.set_my_commands([("start", "begin")], language_code="ar")
        photo = await amal.sends_photo(b"evidence")
        file = await bot.get_file(photo.raw["photo"][-1]["file_id"])
        assert bytes(await file.download_as_bytearray()) == b"evidence"
        with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
            await bot.send_message(5, "a")
    assert tg.commands == {"ar": {"start": "begin"}}
    assert tg.unknown_fields == set()
