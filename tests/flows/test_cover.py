"""The cover: ordinary enough for ten messages, right where somebody may act by it, and silent about everything else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from flows.core import Event, Language, Located, Pressed, Said, Shared, Unusable
from flows.cover import COVERS, HOME, answer, first
from flows.cover_recipes import RECIPES
from flows.cover_weather import CITIES, weather
from flows.dates import YEMEN
from flows.sun import prayers
from messages.arabic import normalise
from messages.catalog import render

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
TELLING = [
    normalise(word)
    for word in (
        "تهديد", "عنف", "بلاغ", "خطر", "حماية", "سند", "حالة", "كلمة", "فريق", "رابطة", "مساعدة", "قفل", "إخفاء",
        "رمز",
        "threat", "violence", "report", "danger", "protect", "sanad",
        "case", "word", "team", "help", "lock", "hide",
        "hidden", "code", "understand", "sorry", "fault",
    )
]  # fmt: skip
ODD: tuple[Event, ...] = (
    Said("طقس"), Said("وصفة"), Said("سلام عليكم"), Said("بكرة"), Said("؟؟؟"), Said("افتحي"), Said("0"), Said("2"),
    Said("صلاة"), Said("عدن"), Said("hello"), Said("tomorrow"), Said("what is this"), Said("/start"), Said("😀"),
    Said(""),
    Said("شكرا"), Said("كلمة السر"), Pressed("1.aaaa"), Shared(3, "photo"), Located(15.4, 45.3), Unusable("sticker"),
)  # fmt: skip


def ten(cover: str, events: list[Event], language: Language) -> list[str]:
    said = [first(cover, NOW)]
    for event in events:
        said.append(answer(cover, event, tuple(one.line for one in said), NOW))
    return [render(one.text, language) for one in said]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("cover", [*COVERS, "", "one that a deploy removed"])
@pytest.mark.parametrize("event", ODD, ids=str)
def test_the_same_message_ten_times_never_gets_the_same_line_and_betrays_nothing(
    cover: str, event: Event, language: Language
) -> None:
    said = ten(cover, [event] * 10, language)
    assert len(set(said)) == len(said)
    for line in said:
        assert not [word for word in TELLING if word in normalise(line).split()], line


@generated(st.lists(st.one_of(st.sampled_from(ODD), st.builds(Said, st.text(max_size=30))), min_size=10, max_size=10))
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_ten_lines_differ(events: list[Event]) -> None:
    said = ten("weather", events, "ar")
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("طقس اليوم", "w.marib.0"), ("0", "w.marib.0"),
        ("كيف الجو في عدن", "w.aden.0"), ("weather in Taiz", "w.taiz.0"),
        ("طقس بكرة", "w.marib.1"), ("الجو غدا في صنعاء", "w.sanaa.1"), ("١", "w.marib.1"), ("عدن", "w.aden.0"),
        ("وصفة", "r.bint_alsahn"), ("ايش نطبخ للغداء", "r.bint_alsahn"), ("2", "r.bint_alsahn"),
        ("متى صلاة العشاء", "p.marib.0"), ("٣", "p.marib.0"), ("prayer times tomorrow", "p.marib.1"),
        ("السلام عليكم", "menu"), ("hi", "menu"), ("شكرا", "thanks"), ("قرنفل", "w.marib.0"),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_answered(words: str, line: str) -> None:
    assert answer("weather", Said(words), (), NOW).line == line


def test_tomorrow_goes_on_with_what_was_spoken_of() -> None:
    assert answer("weather", Said("وبكرة؟"), ("p.aden.0",), NOW).line == "p.marib.1"
    assert answer("weather", Said("وبكرة؟"), ("w.aden.0",), NOW).line == "w.marib.1"


def test_each_cover_hides_with_a_line_of_its_own() -> None:
    assert [first(cover, NOW).line for cover in COVERS] == ["w.marib.0", "r.bint_alsahn", "p.marib.0"]


def test_a_day_has_one_weather_and_every_day_of_the_year_a_likely_one() -> None:
    marib = CITIES[HOME]
    assert weather(marib, date(2026, 11, 22)) == weather(marib, date(2026, 11, 22))
    year = [weather(city, date(2026, 1, 1) + timedelta(days=n)) for city in CITIES.values() for n in range(365)]
    assert all(0 <= one.low < one.high <= 44 for one in year)
    assert len({(one.sky, one.high) for one in year[:30]}) > 5


def test_tomorrow_of_today_is_today_of_tomorrow() -> None:
    ahead = answer("weather", Said("طقس بكرة"), (), NOW).text
    then = answer("weather", Said("طقس"), (), NOW + timedelta(days=1)).text
    assert dict(ahead.blanks) == dict(then.blanks)


def test_there_are_recipes_for_a_week_and_more() -> None:
    assert len(RECIPES) >= 8
    assert all(2 <= len(render(one, "ar").splitlines()) <= 4 for one in RECIPES.values())


MECCA = 21.427009, 39.828685
TABLE = """
2016-01-05 5:38 7:00 12:26 15:31 17:52 19:22
2016-02-04 5:39 6:57 12:35 15:48 18:12 19:42
2016-03-05 5:22 6:38 12:32 15:55 18:27 19:57
2016-04-03 4:55 6:12 12:24 15:50 18:36 20:06
2016-05-02 4:28 5:49 12:18 15:39 18:47 20:17
2016-06-04 4:11 5:38 12:19 15:36 19:01 20:31
2016-07-08 4:18 5:45 12:26 15:43 19:07 20:37
2016-08-02 4:31 5:54 12:27 15:46 18:59 20:29
2016-09-04 4:47 6:05 12:20 15:44 18:34 20:04
2016-10-06 4:57 6:13 12:09 15:31 18:04 19:34
2016-11-05 5:08 6:26 12:04 15:18 17:42 19:12
2016-12-04 5:23 6:44 12:11 15:17 17:38 19:08
"""
"""The Umm al-Qura calendar for Mecca (ummulqura.org.sa), as the Adhan project keeps it for its tests."""


@pytest.mark.parametrize("row", TABLE.split("\n")[1:-1])
def test_prayer_times_are_those_of_umm_al_qura_within_two_minutes(row: str) -> None:
    day, *times = row.split()
    found = prayers(date.fromisoformat(day), *MECCA)
    for at, written in zip(found.values(), times, strict=True):
        hour, minute = map(int, written.split(":"))
        local = at.astimezone(YEMEN)
        assert abs(local.hour * 60 + local.minute - hour * 60 - minute) <= 2, (written, local)


def test_prayer_times_are_told_on_the_clock_of_twelve_hours() -> None:
    said = render(answer("prayers", Said("صلاة"), (), NOW).text, "ar")
    assert said.splitlines()[1:] == ["الفجر 4:47", "الظهر 11:45", "العصر 3:00", "المغرب 5:25", "العشاء 6:55"]


def test_the_next_prayer_is_the_next_one_even_at_night() -> None:
    late = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert "الفجر 4:4" in render(answer("prayers", Said("؟"), ("p.marib.0",), late).text, "ar")
