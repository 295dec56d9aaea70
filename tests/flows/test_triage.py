"""Urgency from codes: what makes a report critical, and that no answer can ever lower it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mechanism import load
from bot.mechanism.urgency import answer_codes
from flows.rules import LEVELS, UNKNOWN, Level
from flows.triage import Answers, Reason, Urgency, lower, raise_to, triage

RULES = load(Path(__file__).parents[2] / "mechanism")
CODES = answer_codes(RULES.taxonomy)
SEVERAL = {name: st.frozensets(st.sampled_from(sorted(codes)), min_size=1, max_size=3) for name, codes in CODES.items()}
ANSWERS = st.fixed_dictionaries({}, optional=SEVERAL)
QUESTIONS = st.sampled_from(sorted(CODES))


def said(**answers: str) -> Answers:
    return {question: frozenset(codes.split()) for question, codes in answers.items()}


def level(answers: Answers) -> Level:
    return triage(answers, RULES).level


def as_urgent(one: Level, other: Level) -> bool:
    return LEVELS.index(one) <= LEVELS.index(other)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (said(danger="unsafe"), "critical"),
        (said(danger="cannot_talk"), "critical"),
        (said(danger="safe", today="yes"), "critical"),
        (said(door="menu_violence", kind="attacker_near"), "critical"),
        (said(door="menu_violence", kind="armed"), "critical"),
        (said(door="menu_detention", kind="abduction"), "critical"),
        (said(door="menu_detention", kind="home_raid"), "critical"),
        (said(door="menu_sexual", recent="yes"), "critical"),
        (said(door="menu_sexual", recent="unknown"), "critical"),
        (said(door="menu_distress", kind="self_harm_risk"), "critical"),
        (said(door="menu_family", kind="child_in_danger"), "critical"),
        (said(door="menu_digital", kind="deadline_today online_blackmail"), "critical"),
        (said(door="menu_family", kind="honour_threat"), "critical"),
        (said(kind="death_threat", who="close_family"), "critical"),
        (said(door="menu_official", kind="device_confiscated others_data_on_phone"), "critical"),
        (said(door="menu_family", kind="happening_now confinement"), "critical"),
        (said(danger="safe", door="menu_violence", kind="death_threat"), "high"),
        (said(door="menu_violence", kind="stalking"), "high"),
        (said(door="menu_digital", kind="sextortion"), "high"),
        (said(door="menu_digital", kind="account_takeover happening_now"), "high"),
        (said(door="menu_official", kind="summons_soon"), "high"),
        (said(door="menu_defamation", kind="smear_campaign", again="growing"), "high"),
        (said(door="menu_defamation", kind="smear_campaign", again="repeated", when="this_week"), "high"),
        (said(door="menu_other", kind="threat_to_family"), "high"),
        (said(door="menu_sexual", recent="no"), "high"),
        (said(danger="safe", today="no", door="menu_defamation", kind="smear_campaign"), "medium"),
        (said(door="menu_official", kind="travel_ban", again="repeated", when="older"), "medium"),
        (said(door="menu_other", kind="none_of_these"), "medium"),
        (said(danger="safe", today="no", door="menu_economic", kind="salary_withheld"), "low"),
        (said(wish="information_only"), "low"),
        (said(need="care", recent="yes"), "critical"),
        (said(need="care", recent="unknown"), "critical"),
        (said(need="care", recent="no"), "high"),
        (said(need="care"), "high"),
        (said(need="self_harm"), "critical"),
        (said(need="self_harm", company="trusted", person="later"), "critical"),
        (said(need="legal", adult="no"), "high"),
        (said(need="legal", adult="unknown"), "medium"),
        (said(need="physical", wish="safe_shelter", soon="today"), "high"),
        (said(need="physical", wish="temporary_relocation", soon="unknown"), "high"),
        (said(need="physical", wish="safe_shelter", soon="this_week"), "medium"),
        (said(need="physical", wish="unknown", soon="today"), "high"),
        (said(need="physical legal", wish="legal_advice", soon="later"), "medium"),
        (said(need="legal", wish="legal_advice", soon="today"), "medium"),
        (said(need="legal", wish="unknown", soon="unknown"), "medium"),
        (said(need="legal", wish="legal_advice", soon="later", adult="yes"), "low"),
        (said(need="unsure", soon="later"), "medium"),
        ({}, "low"),
    ],
)
def test_the_protection_teams_table_holds(answers: Answers, expected: Level) -> None:
    assert level(answers) == expected


@pytest.mark.parametrize("question", ["danger", "today"])
def test_a_skipped_question_on_danger_counts_at_least_high(question: str) -> None:
    assert as_urgent(level({question: frozenset([UNKNOWN])}), "high")


@given(ANSWERS, QUESTIONS, st.data())
def test_adding_an_answer_never_lowers(answers: Answers, question: str, data: st.DataObject) -> None:
    more = answers.get(question, frozenset()) | {data.draw(st.sampled_from(sorted(CODES[question])))}
    assert as_urgent(level({**answers, question: more}), level(answers))


@given(ANSWERS, QUESTIONS)
def test_a_skipped_question_never_counts_less_than_its_calmest_answer(answers: Answers, question: str) -> None:
    skipped = level({**answers, question: frozenset([UNKNOWN])})
    calmest = max((level({**answers, question: frozenset([code])}) for code in CODES[question]), key=LEVELS.index)
    assert as_urgent(skipped, calmest)


@given(ANSWERS, st.data())
def test_neither_the_order_of_answers_nor_of_rules_matters(answers: Answers, data: st.DataObject) -> None:
    questions = data.draw(st.permutations(sorted(answers)))
    rules = data.draw(st.permutations(RULES.urgency.rules))
    shuffled = replace(RULES, urgency=replace(RULES.urgency, rules=tuple(rules)))
    assert triage({question: answers[question] for question in questions}, shuffled) == triage(answers, RULES)


@given(ANSWERS)
def test_the_answers_it_names_are_enough_to_set_the_level(answers: Answers) -> None:
    found = triage(answers, RULES)
    named: dict[str, frozenset[str]] = {}
    for question, code in found.because:
        named[question] = named.get(question, frozenset()) | {code}
    assert level(named) == found.level


def test_only_the_answers_that_set_the_level_are_named() -> None:
    found = triage(said(danger="unsafe", door="menu_violence", kind="stalking"), RULES)
    assert found.because == (Reason("danger", "unsafe"),)


def test_an_urgency_carries_the_version_that_said_so() -> None:
    assert triage({}, RULES).version == RULES.version


def test_a_kind_from_another_version_of_the_taxonomy_counts_as_unknown() -> None:
    assert level(said(door="menu_detention", kind="renamed_since")) == level(said(door="menu_detention", kind=UNKNOWN))


@given(st.sampled_from(LEVELS), st.sampled_from(LEVELS))
def test_her_own_statement_only_raises(was: Level, says: Level) -> None:
    found = raise_to(Urgency(was, (), "v"), says)
    assert found.level == min(was, says, key=LEVELS.index)


def test_raising_names_her_statement_as_the_reason() -> None:
    assert raise_to(Urgency("low", (), "v"), "high").because == (Reason("statement", "high"),)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_person_cannot_lower_without_a_reason(reason: str) -> None:
    with pytest.raises(ValueError, match="say why"):
        lower(Urgency("high", (), "v"), "low", reason)


def test_lowering_to_the_same_or_a_higher_level_is_refused() -> None:
    with pytest.raises(ValueError, match="not lower"):
        lower(Urgency("medium", (), "v"), "high", "she is safe at her sister's")


def test_the_reason_for_lowering_is_kept_and_stays_out_of_logs() -> None:
    found = lower(Urgency("high", (), "v"), "low", " she is safe ")
    assert (found.level, found.lowered_because, "safe" in repr(found)) == ("low", "she is safe", False)
