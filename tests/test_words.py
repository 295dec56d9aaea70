"""Holds the project's own words to the rules: all there in both languages, none stale, none badly said."""

from messages.check import check


def test_every_sentence_is_said_well_in_both_languages() -> None:
    assert check() == []
