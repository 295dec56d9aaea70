"""Proves that a text is a value: marked once, equal to its like, and back from JSON as it was."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages import Blank, Text, both, clock, from_json, isolated, join, raw, t, tn, to_json

SIMPLE = st.one_of(st.text(), st.integers(), st.dates(), st.datetimes(timezones=st.just(UTC)))
PLAIN = st.one_of(
    st.builds(raw, st.text()),
    st.builds(isolated, st.text()),
    st.builds(both, st.text(), st.text()),
    st.builds(clock, st.datetimes(timezones=st.just(UTC))),
    st.builds(lambda count: tn("{count} report", "{count} reports", count), st.integers(min_value=0)),
    st.builds(lambda blank: t("Hello {name}", name=blank), SIMPLE),
)
TEXTS = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=12).map(lambda several: join(*several)),
        inner.map(lambda one: t("Outer {inner}", inner=one)),
    ),
    max_leaves=15,
)


@given(TEXTS)
def test_a_text_comes_back_from_json_exactly(text: Text) -> None:
    assert from_json(json.loads(json.dumps(to_json(text)))) == text


@given(TEXTS)
def test_a_text_comes_back_even_if_the_json_s_keys_were_sorted(text: Text) -> None:
    assert from_json(json.loads(json.dumps(to_json(text), sort_keys=True))) == text


@pytest.mark.parametrize(
    "shape",
    [
        None,
        "words",
        [],
        ["shouted", "x", {}],
        ["said", 1, {}],
        ["said", "x", {"b": {"unknown": 1}}],
        ["said", "x", {}, "y"],
        ["raw", "x", {}, "y", 2],
        ["said", "x", {"b": None}],
    ],
)
def test_json_that_we_did_not_write_is_refused(shape: object) -> None:
    with pytest.raises(ValueError, match="isn't a text"):
        from_json(shape)


def test_the_order_in_which_blanks_are_given_makes_no_difference() -> None:
    assert t("{a} and {b}", a="1", b="2") == t("{a} and {b}", b="2", a="1")


def test_a_text_can_be_a_key() -> None:
    assert {t("Yes"): 1}[t("Yes")] == 1


@pytest.mark.parametrize("blanks", [{}, {"other": "x"}, {"name": "x", "other": "y"}])
def test_blanks_that_do_not_fit_the_sentence_are_refused(blanks: dict[str, Blank]) -> None:
    with pytest.raises(TypeError, match="has the blanks"):
        t("Hello {name}", **blanks)


def test_a_singular_with_a_blank_of_its_own_is_refused() -> None:
    with pytest.raises(TypeError, match="singular"):
        tn("{one} report", "{count} reports", 1)


def test_a_counted_sentence_fills_its_count_by_itself() -> None:
    assert tn("{count} report", "{count} reports", 3).blanks == (("count", 3),)


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2025, 10, 4, 15, 5)  # noqa: DTZ001 - that is what is refused
    with pytest.raises(ValueError, match="zone"):
        t("Until {at}", at=naive)


def test_a_day_needs_no_zone() -> None:
    assert t("On {day}", day=date(2025, 10, 4)).blanks == (("day", date(2025, 10, 4)),)


@pytest.mark.parametrize(
    "text", [raw("secret"), t("Hello {name}", name="secret"), isolated("secret"), join(raw("secret"))]
)
def test_the_words_of_a_person_never_show_in_a_text_s_repr(text: Text) -> None:
    assert "secret" not in repr(text)
