"""What SECURITY.md promises, row by row: each promise has its test here, and each test that the page names exists.

The tests named on the page go deeper; this file is what a reader of the page can run.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import chance, mechanism
from bot.__main__ import app
from bot.settings import ROOT, Settings
from bot.wiring import DRAW
from flows.core import Answer, Language, Talk
from flows.rota import Shift
from handlers import clean_copies, destroying, own_words, retained
from handlers.draw import World
from messages import Text
from messages.catalog import render
from messages.text import BLANK
from storage import audit, cases, people, shifts, staff
from storage.inventory import PLAIN
from storage.people import Known
from storage.seal import public_key
from storage.store import Store
from storage.unit import Unit
from storage.vault import Place, Unreadable, pad
from tests import pictures, telling
from tests import test_promises_public as public
from tests.desk.newcomer import arrives
from tests.desk.staff import PASSPHRASE, Desks
from tests.handlers.check_in_town import HER, PLAN, CheckInTown
from tests.people import Woman
from tests.telling import EVERYWHERE, ONCE
from tests.test_canaries import of_words, opened_with_server_keys
from tests.town import Town, town

WORDS = "هددني رجل قرب السوق وقال إنه يعرف بيتي"
NOW = "You have an appointment that needs confirming now ({code})"


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


# ---------------------------------------------------------------- the page itself


@dataclass(frozen=True, slots=True)
class Row:
    """One promise of the page, and who holds it."""

    promise: str
    held_by: str


def rows() -> list[Row]:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    table = page.partition("## What is promised")[2].partition("\n## ")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return [Row(cells[0], cells[2]) for cells in lines[2:]]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.promise[:40])
def test_every_test_that_the_page_names_exists(row: Row) -> None:
    named = re.findall(r"tests/[\w./]*\w", row.held_by)
    assert named, "a promise that no test holds"
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_each_promise_of_the_page_has_its_test_here() -> None:
    begun = [start for row in rows() for start in HELD if row.promise.startswith(start)]
    assert len(rows()) > 5
    assert sorted(begun) == sorted(HELD)
    assert len(begun) == len(rows())


# ---------------------------------------------------------------- sealed


@ONCE
async def test_even_the_server_s_keys_open_no_word_that_belongs_to_a_case(place: Town) -> None:
    amal = telling.her(place)
    code = await telling.in_danger(place, amal)
    amal.phone.reads()
    await amal.says(WORDS)
    await amal.sees_words("")
    await telling.letters_are_gone(place)
    items = (await place.opens_case(code)).data["items"]
    assert any(WORDS in str(item) for item in items)
    opened = await place.working.store.read(opened_with_server_keys)
    assert [where for where, plain in opened if WORDS.encode() in plain and where != "talks.body"] == []


@ONCE
async def test_a_sealed_value_opens_only_in_its_own_place(place: Town) -> None:
    for number in (1, 2):
        woman = telling.her(place, number=telling.NUMBER + number)
        await woman.says("مرحبا")
        await woman.sees(telling.WELCOME)
    held = await place.working.store.read(lambda unit: unit.all("SELECT id, address, facts FROM people ORDER BY id"))
    (first, address, facts), (second, _, _) = held

    def opens(unit: Any, column: str, row: int, sealed: bytes) -> bytes:
        return bytes(unit.vault.open(Place("people", column, str(row)), bytes(sealed)))

    assert await place.working.store.read(opens, "address", first, address)
    for column, row, sealed in (("address", second, address), ("facts", first, address), ("address", first, facts)):
        with pytest.raises(Unreadable):
            await place.working.store.read(opens, column, row, sealed)


def test_sizes_betray_only_an_order_of_magnitude() -> None:
    assert {len(pad(b"x" * size)) for size in range(64)} == {64}
    sizes = {len(pad(b"x" * size)) for size in range(100_000)}
    assert len(sizes) < 200
    assert all(len(pad(b"x" * size)) <= max(64, size * 1.13 + 1) for size in range(100_000))


# ---------------------------------------------------------------- pages

CODE = "[A-HJKMNP-Z][2-9A-HJKMNP-Z]{2}"
BLANKS = {"code": CODE, "time": r"\d{1,2}:\d\d\s(?:am|pm|ص|م)", "codes": rf"{CODE}(, {CODE})*"}
PAGES = (
    "You have an appointment that needs confirming now ({code})",
    "You have an appointment that needs confirming ({code})",
    "You have an appointment that needs confirming today ({code})",
)
AFTERWARDS = (
    "The appointment is yours ({code}). When you have spoken, choose “Contact made”.",
    "Without that by {time}, it goes on to others.",
    "The appointment is more pressing now ({code}).",
    "A colleague confirmed the appointment ({code}) at {time}. Nothing more is needed.",
    "The appointment is over ({code}). Nothing more is needed.",
    "Thank you. The appointment goes on to others ({code}).",
    "No contact was noted in time, so the appointment goes on to others ({code}).",
    "It is noted, thank you ({code}).",
    "That was from before, and nothing was changed.",
    "Nothing is waiting for you now.",
)
BUTTONS = ("I take it", "I can't", "Contact made", "Give it back")
MARKS = "[\u2066-\u2069\u200e\u200f]?"


def allowed(sentences: tuple[str, ...], language: Language) -> re.Pattern[str]:
    """Exactly these sentences of the catalog, each on a line of its own, and nothing beside them."""
    shapes = []
    for english in sentences:
        blanks = tuple((name, f"§{name}§") for name in sorted(set(BLANK.findall(english))))
        shape = re.escape(plain(render(Text(english, blanks), language)))
        for name, pattern in BLANKS.items():
            shape = shape.replace(f"§{name}§", f"{MARKS}{pattern}{MARKS}")
        shapes.append(shape)
    one = "|".join(shapes)
    return re.compile(f"(?:{one})(?:\n(?:{one}))*")


def plain(text: str) -> str:
    """Without the marks that isolate a blank's direction."""
    return re.sub("[\u2066-\u2069]", "", text)


async def works_here(place: Town, number: int, role: str, language: Language, level: Any = None) -> Woman:
    """A member of staff who reads this language."""
    who = chance.number()
    facts = staff.Facts(f"Huda {number}", language)
    await place.working.store.write(staff.add, who, facts, role, {"telegram": str(number)}, place.now())
    if level is not None:
        starts, ends = datetime(2020, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - wall-clock
        shift = Shift(chance.number(), who, level, starts, ends, "Asia/Aden")
        await place.working.store.write(shifts.add, shift)
    return Woman(place.phone(number, has_written=True), language)


@pytest.mark.parametrize("language", ["ar", "en"])
@ONCE
async def test_a_page_says_one_neutral_sentence_and_a_fresh_code(place: Town, language: Language) -> None:
    first = await works_here(place, 2001, "focal_point", language, "first")
    other = await works_here(place, 2002, "focal_point", language, "substitute")
    last = await works_here(place, 2003, "coordinator", language)
    amal = telling.her(place)
    hers = await telling.in_danger(place, amal)
    await amal.says(WORDS)
    await first.sees(NOW)
    await first.answers("I can't")
    await place.passes(minutes=2)
    await other.sees(NOW)
    await place.passes(minutes=4)
    await place.passes(minutes=5)
    await last.sees(NOW)
    await last.answers("I take it")
    await last.sees("The appointment is yours ({code}). When you have spoken, choose “Contact made”.")
    await other.sees("A colleague confirmed the appointment ({code}) at {time}. Nothing more is needed.")
    await place.passes(minutes=31)
    await last.sees("No contact was noted in time, so the appointment goes on to others ({code}).")
    await telling.letters_are_gone(place)
    told = [message for woman in (first, other, last) for message in woman.phone.messages]
    assert len(told) > 8
    fits = allowed((*PAGES, *AFTERWARDS), language)
    assert [message.text for message in told if not fits.fullmatch(plain(message.text))] == []
    labels = {render(Text(label), language) for label in BUTTONS}
    assert {label for message in told for label in message.labels} <= labels
    codes = [re.findall(CODE, message.text)[0] for message in told if fits.fullmatch(plain(message.text))]
    assert hers[:3] not in codes
    assert all(hers not in message.text for message in told)


def test_the_list_of_what_pages_may_say_lets_nothing_else_pass() -> None:
    fits = allowed(PAGES, "en")
    assert fits.fullmatch("You have an appointment that needs confirming now (K7P)")
    assert not fits.fullmatch("You have an appointment that needs confirming now (K7P) in Marib")
    assert not fits.fullmatch("You have an appointment that needs confirming now (KTR-4MW)")


@EVERYWHERE
async def test_pages_are_the_same_byte_for_byte_whatever_was_reported(place: Town) -> None:
    huda = await telling.on_call(place, "هدى", 2001)
    for number, danger in enumerate(("No, I am not safe", "I can't talk now")):
        amal = telling.her(place, ("ar", "en")[number], number=telling.NUMBER + number)
        await telling.is_welcomed(amal)
        await amal.answers("Tell what happened")
        await amal.answers(danger)
        await huda.sees(NOW)
    pages = [message for message in huda.phone.messages if huda.hers(NOW) in message.text]
    assert len(pages) == 2
    assert {re.sub(CODE, "", page.text).encode() for page in pages} == {re.sub(CODE, "", pages[0].text).encode()}
    assert pages[0].labels == pages[1].labels
    assert len({re.findall(CODE, page.text)[0] for page in pages}) == 2


# ---------------------------------------------------------------- on a lock screen

FORBIDDEN = (
    *("تهديد", "هدد", "عنف", "ناشطة", "بلاغ", "الرابطة", "رابطة", "خطر", "ابتزاز", "اعتداء", "اغتصاب", "حماية"),
    *("threat", "violence", "activist", "report", "association", "danger", "blackmail", "assault", "abuse"),
)


@pytest.mark.parametrize("language", ["ar", "en"])
@ONCE
async def test_the_first_forty_characters_of_what_is_pushed_to_her_are_harmless(
    place: Town, language: Language
) -> None:
    huda = await telling.on_call(place, "هدى", 2001)
    amal = telling.her(place, language)
    await telling.in_danger(place, amal)
    await huda.sees(NOW)
    before = len(amal.phone.messages)
    for minutes in (2, 4, 4, 5, 15, 10, 10):
        await place.passes(minutes=minutes)
        await telling.letters_are_gone(place)
    await huda.answers("I take it")
    await amal.sees("A person has your message now and is seeing to it.")
    await place.passes(minutes=31)
    await telling.letters_are_gone(place)
    pushed = [message.text[:40].lower() for message in amal.phone.messages[before:]]
    assert len(pushed) > 2
    assert [(text, word) for text in pushed for word in FORBIDDEN if word in text] == []


@pytest.mark.parametrize("language", ["ar", "en"])
@ONCE
async def test_the_first_forty_characters_of_every_letter_of_a_report_are_harmless(
    place: Town, language: Language
) -> None:
    amal = telling.her(place, language)
    await telling.reports(place, amal, telling.Told())
    shown = [message.text[:40].lower() for message in amal.phone.messages]
    assert [(text, word) for text in shown for word in FORBIDDEN if word in text] == []


# ---------------------------------------------------------------- logs, losses, silence


@ONCE
async def test_no_word_and_no_address_reaches_the_log_when_everything_fails(place: Town) -> None:
    amal = telling.her(place)
    code = await telling.in_danger(place, amal)
    place.telegram.fails("sendMessage", status=500, times=2)
    place.telegram.fails("sendMessage", status=400, description=f"Bad Request: {WORDS} {telling.NUMBER}")
    place.telegram.fails("download", times=1)
    await amal.says(WORDS)
    await amal.phone.sends_photo(WORDS.encode(), caption=WORDS)
    await place.telegram.called("download")
    logged = place.log.getvalue()
    assert '"ready"' in logged
    assert [word for word in (WORDS, str(telling.NUMBER), code, "AgACAgQ") if word in logged] == []


@EVERYWHERE
async def test_what_was_acknowledged_survives_a_restart_and_is_acted_upon_once(place: Town) -> None:
    place.telegram.repeats_deliveries = place.twilio.repeats_deliveries = 2
    amal = telling.her(place)
    await amal.says("مرحبا")
    await amal.sees(telling.HELLO)
    platform = place.twilio if place.by_whatsapp else place.telegram
    await amal.sees(telling.WELCOME)
    await platform.settles()
    await telling.letters_are_gone(place)
    await place.restarts()
    amal.phone.expects_nothing_more()


@ONCE
async def test_a_case_that_nobody_took_is_always_about_to_page_somebody(place: Town) -> None:
    huda = await telling.on_call(place, "هدى", 2001)
    await telling.in_danger(place, telling.her(place))
    await huda.sees(NOW)
    for _ in range(30):
        await place.passes(minutes=7)
        await telling.letters_are_gone(place)
        due = await telling.counted(place, "SELECT COALESCE(MAX(next_action_at), 0) FROM alarms WHERE status = 'open'")
        assert 0 < due - place.now().timestamp() * 1000 <= timedelta(minutes=15).total_seconds() * 1000
    assert len([message for message in huda.phone.messages if huda.hers(NOW) in message.text]) > 10


# ---------------------------------------------------------------- the desk


@ONCE
async def test_a_case_shows_itself_to_nobody_who_was_not_given_it(place: Town) -> None:
    async with Desks(place) as desks:
        huda, rana = await desks.hired("هدى"), await desks.hired("رنا")
        code = await telling.reports(place, telling.her(place), telling.Told())
        assert (await rana.get(f"/desk/cases/{code}/sealed")).status == 404
        for act in ("take", "contact"):
            assert (await huda.post(f"/desk/cases/{code}/{act}", json={})).status == 200
        sealed = await place.working.store.read(cases.sealed_case, code)
        assert sealed is not None
        assert {reader for reader, _ in sealed.seeds} == {1, huda.reader}, "whoever does not work on it can't open it"
        assert (await huda.get(f"/desk/cases/{code}/sealed")).status == 200


def _values(unit: Unit) -> list[bytes]:
    """Every value of every table, as bytes."""
    rows = [row for table in PLAIN for row in unit.all(f"SELECT * FROM {table}")]
    values = [value for row in rows for value in row]
    return [bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode() for value in values]


@ONCE
async def test_no_passphrase_and_no_private_half_is_kept_here(place: Town) -> None:
    async with await arrives(place, "هدى") as huda:
        kept = await place.working.store.read(_values)
        assert any(public_key(huda.seed) in value for value in kept), "the net was cast where her key lies"
        for secret in (PASSPHRASE.encode(), huda.seed):
            assert [value for value in kept if secret in value] == []


@ONCE
async def test_what_was_done_is_on_record_and_the_record_shows_a_change(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        code = await telling.reports(place, telling.her(place), telling.Told())
        await huda.post(f"/desk/cases/{code}/take", json={})
        await huda.get(f"/desk/cases/{code}/sealed")
    entries = await place.working.store.read(audit.after, 0)
    assert {"take", "read"} <= {entry.what for entry in entries if entry.staff == huda.number}
    assert all(entry.digest() == entry.hash for entry in entries)
    forged = replace(entries[-1], staff=huda.number + 1)
    assert forged.digest() != entries[-1].hash


# ---------------------------------------------------------------- keys


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command on a machine where nothing is set."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*words: str, **environment: str) -> Result:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(app, list(words))

    return call


@pytest.mark.parametrize("part", ["serve", "web", "worker"])
def test_no_start_up_makes_keys(bare: Callable[..., Result], tmp_path: Path, part: str) -> None:
    called = bare(part)
    assert called.exit_code != 0
    assert "sanad keys new" in called.output
    assert list(tmp_path.rglob("*")) == [], "nothing was made"


@pytest.mark.parametrize("part", ["web", "worker"])
def test_two_processes_refuse_to_share_a_sqlite_file(bare: Callable[..., Result], part: str) -> None:
    called = bare(part, SANAD_KEYS="k1:" + "A" * 43 + "=")
    assert called.exit_code != 0
    assert "DATABASE_URL" in called.output
    assert "sanad serve" in called.output


# ---------------------------------------------------------------- a safe conversation


@ONCE
async def test_a_hidden_chat_shows_nothing_of_ours_and_what_can_be_deleted_is_gone(place: Town) -> None:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await amal.answers("Tell what happened")
    await amal.sees(telling.SAFE)
    before, asked = len(amal.phone.messages), [one for one in amal.phone.chat if "آمن" in one.text]
    assert asked
    await amal.says("طقس اليوم")
    await amal.phone.until(lambda: len(amal.phone.messages) > before)
    for words in ("من أنتم", "القائمة", "بلاغ"):
        before = len(amal.phone.messages)
        await amal.says(words)
        await amal.phone.until(lambda before=before: len(amal.phone.messages) > before)
        assert not any(told in amal.phone.messages[-1].text for told in ("بلاغ", "آمن", "الفريق", "طلب"))
    amal.phone.reads()
    if not place.by_whatsapp:
        for message in asked:
            await amal.phone.loses(message)
        assert not any("آمن" in message.text for message in amal.phone.chat)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_no_word_of_her_own_is_kept(store: Store) -> None:
    word = "هيل-وقرنفل-q7w"

    def keep(unit: Unit) -> None:
        people.meet(unit, 5, "telegram", "12345")
        world = World(chance.now(), mechanism.load(ROOT / "mechanism"), DRAW)
        own_words.keep(unit, 5, "safe", own_words.stretch(word, 5), world)

    await store.write(keep)
    assert await store.read(own_words.judge, 5, own_words.stretch("هيل وقرنفل q7w", 5)) == "safe"
    opened = await store.read(opened_with_server_keys)
    assert any(where == "words.safe" for where, _ in opened)
    spelled = list(of_words(word))
    assert [where for where, plain in opened if any(spelling in plain for spelling in spelled)] == []


async def test_where_she_goes_is_served_to_nobody_before_she_is_missed(store: Store) -> None:
    place = CheckInTown(store)
    await place.begins()
    await place.woman()
    code = await place.arms()
    assert await store.read(cases.by_code, code) is not None
    assert await store.read(cases.sealed_case, code) is None
    assert await store.read(cases.of_person, HER) == []
    words = PLAN["plan"].words.encode()
    assert [where for where, plain in await store.read(opened_with_server_keys) if words in plain] == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_she_deletes_is_gone_from_the_file_as_well(database: str, store: Store) -> None:
    address = "77012345678"

    def meet(unit: Unit) -> Known:
        known = people.meet(unit, 5, "telegram", address)
        people.keep_talk(unit, 5, Talk("report", {"what": Answer(words=WORDS)}), chance.now(), timedelta(hours=1))
        return known

    known = await store.write(meet)
    path = Path(database.removeprefix("sqlite:///"))
    assert any(known.index in file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    world = World(chance.now(), mechanism.load(ROOT / "mechanism"), DRAW)
    await store.write(destroying.everything, known, world)
    await store.scrub()
    assert [file.name for file in path.parent.glob(f"{path.name}*") if known.index in file.read_bytes()] == []


async def test_a_clean_copy_holds_nothing_but_the_picture() -> None:
    taken = pictures.jpeg()
    made = await clean_copies.clean(taken)
    assert isinstance(made, bytes)
    assert all(told in taken for told in pictures.CANARIES if told != b"kanarie-small")
    assert not any(told in made for told in pictures.CANARIES)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_has_been_kept_for_its_time_ends_by_itself(store: Store) -> None:
    rules = mechanism.load(ROOT / "mechanism")
    now = chance.now()

    def close(unit: Unit) -> None:
        cases.add_reader(unit, 1, "recovery", public_key(bytes(32)), now)
        facets = cases.Facets("high")
        cases.open_case(
            unit, 7, "KTR-4MW", bytes(32), person=None, facets=facets, mechanism="1", now=now, to=cases.readers(unit)
        )
        cases.put_status(unit, 7, "closed")
        cases.note_closed(unit, 7, now)

    await store.write(close)
    for days, left in ((-1, True), (1, False)):
        later = now + rules.retention.closed_case + timedelta(days=days)
        await store.write(retained.sweep, World(later, rules, DRAW))
        assert (await store.read(cases.by_number, 7) is not None) is left


HELD: dict[str, Callable[..., Any]] = {
    "Nothing a woman wrote": test_even_the_server_s_keys_open_no_word_that_belongs_to_a_case,
    "A page that wakes a focal point": test_a_page_says_one_neutral_sentence_and_a_fresh_code,
    "No word, address, name or file id": test_no_word_and_no_address_reaches_the_log_when_everything_fails,
    "A message that was acknowledged": test_what_was_acknowledged_survives_a_restart_and_is_acted_upon_once,
    "An open critical or high case": test_a_case_that_nobody_took_is_always_about_to_page_somebody,
    "A sealed value opens only": test_a_sealed_value_opens_only_in_its_own_place,
    "Sizes betray only": test_sizes_betray_only_an_order_of_magnitude,
    "Nobody reads a case": test_a_case_shows_itself_to_nobody_who_was_not_given_it,
    "No passphrase and no member": test_no_passphrase_and_no_private_half_is_kept_here,
    "Every read, export and change": test_what_was_done_is_on_record_and_the_record_shows_a_change,
    "A hidden chat shows nothing": test_a_hidden_chat_shows_nothing_of_ours_and_what_can_be_deleted_is_gone,
    "No word of her own is kept": test_no_word_of_her_own_is_kept,
    "Where she goes is read by nobody": test_where_she_goes_is_served_to_nobody_before_she_is_missed,
    "What she deletes is gone": test_what_she_deletes_is_gone_from_the_file_as_well,
    "A clean copy holds nothing": test_a_clean_copy_holds_nothing_but_the_picture,
    "What has been kept for its time": test_what_has_been_kept_for_its_time_ends_by_itself,
    "No start-up makes keys": test_no_start_up_makes_keys,
    "Who is subscribed": public.test_no_value_in_the_database_joins_the_public_to_people,
    "One word ends": public.test_one_word_ends_what_is_sent_unasked_until_she_chooses_again,
    "Nothing goes to many": public.test_nothing_goes_to_many_before_a_second_person_and_the_undo_window,
    "Nothing that is kept says who": public.test_nothing_that_is_kept_says_who_answered_a_poll_how,
    "Nothing comes unasked": public.test_nothing_comes_unasked_to_a_hidden_chat_or_in_the_night,
    "What those who are shown": public.test_what_was_withdrawn_is_sent_to_nobody_any_more,
}
"""Each row of the page, by its first words, and its test."""
