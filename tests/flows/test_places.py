"""Places: a shared location to its governorate, and words to the one place they name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mechanism import load
from flows.places import governorate_at, named_place, parse_shapes

RULES = load(Path(__file__).parents[2] / "mechanism")


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (15.4627, 45.3258, "marib"),
        (15.3694, 44.1910, "sanaa_city"),
        (12.7855, 45.0187, "aden"),
        (13.5795, 44.0209, "taiz"),
        (14.5425, 49.1242, "hadramawt"),
        (14.7978, 42.9545, "al_hodeidah"),
        (12.6488, 54.0177, "socotra"),
        (16.9400, 43.7600, "sadah"),
    ],
)
def test_a_city_lies_in_its_governorate(latitude: float, longitude: float, code: str) -> None:
    assert governorate_at(latitude, longitude, RULES.shapes) == code


@pytest.mark.parametrize(("latitude", "longitude"), [(24.7, 46.7), (11.588, 43.145), (0, 0), (13.5, 48.0)])
def test_riyadh_djibouti_and_the_open_sea_lie_in_none(latitude: float, longitude: float) -> None:
    assert governorate_at(latitude, longitude, RULES.shapes) is None


def test_a_harbour_just_off_the_coarse_coast_still_counts() -> None:
    assert governorate_at(14.80, 42.93, RULES.shapes) == "al_hodeidah"


def test_a_hole_belongs_to_what_fills_it() -> None:
    ring, hole = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], [[3, 3], [6, 3], [6, 6], [3, 6], [3, 3]]
    outer, inner = (
        {"properties": {"code": code}, "geometry": {"coordinates": [rings]}}
        for code, rings in (("around", [ring, hole]), ("within", [hole]))
    )
    shapes = parse_shapes({"features": [outer, inner]})
    assert [governorate_at(*at, shapes) for at in ((1, 1), (4, 4))] == ["around", "within"]


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True, allow_infinity=True))
def test_any_two_numbers_are_a_place_or_none(latitude: float, longitude: float) -> None:
    assert governorate_at(latitude, longitude, RULES.shapes) in {None, *RULES.taxonomy.governorates}


@pytest.mark.parametrize("code", RULES.taxonomy.governorates)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_governorate_is_known_by_its_own_name(code: str, language: str) -> None:
    assert named_place(RULES.taxonomy.label(code, "governorates")[language], RULES.taxonomy) == (code, None)


@pytest.mark.parametrize("code", RULES.taxonomy.districts)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_district_is_known_by_its_own_name(code: str, language: str) -> None:
    assert named_place(RULES.taxonomy.label(code, "districts")[language], RULES.taxonomy) == ("marib", code)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("أنا في مَأرِب الآن", ("marib", None)),
        ("بمأرب", ("marib", None)),
        ("وتعز", ("taiz", None)),
        ("للجوف", ("al_jawf", None)),
        ("حريب في مأرب", ("marib", "harib")),
        ("مديرية حريب القرامش", ("marib", "harib_al_qaramish")),
        ("في إب", ("ibb", None)),
        ("محافظة البيضاء", ("al_bayda", None)),
        ("I am in Taiz", ("taiz", None)),
    ],
)
def test_a_place_is_heard_among_other_words(words: str, place: tuple[str, str | None]) -> None:
    assert named_place(words, RULES.taxonomy) == place


@pytest.mark.parametrize("words", ["عند باب البيت", "أب أو أخ", "السيارة البيضاء", "أخي عمران", "مأربي", ""])
def test_everyday_words_and_names_are_no_places(words: str) -> None:
    assert named_place(words, RULES.taxonomy) is None


def test_two_governorates_decide_nothing() -> None:
    assert named_place("من صنعاء إلى مأرب", RULES.taxonomy) is None


def test_two_districts_of_one_governorate_leave_the_district_open() -> None:
    assert named_place("بين صرواح وحريب", RULES.taxonomy) == ("marib", None)


@given(st.text())
def test_any_text_is_a_place_or_none(words: str) -> None:
    found = named_place(words, RULES.taxonomy)
    assert found is None or found[0] in RULES.taxonomy.governorates
