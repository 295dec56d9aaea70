"""What the desk calls the answers of a woman who asked for help, in both languages, and what its list says of her."""

import pytest

from flows.core import Language
from flows.help_script import ASKED
from handlers.words import DOORS, dictionary
from messages.catalog import render
from tests.flows.chat import mechanism

RULES = mechanism()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_question_and_every_code_of_hers_has_a_name(language: Language) -> None:
    words = dictionary(language, RULES)
    questions = {question["name"]: question for question in words["questions"]}
    for question in ASKED.questions:
        known = questions[question.name]
        assert known["title"]
        options = getattr(question, "options", {})
        for code in options if isinstance(options, dict) else ():
            assert known["labels"][code]
    for code in (*RULES.services, "advise", *RULES.taxonomy.needs):
        assert words["terms"][code]


def test_a_report_keeps_its_order_and_no_question_stands_twice() -> None:
    names = [question["name"] for question in dictionary("ar", RULES)["questions"]]
    assert len(names) == len(set(names))
    assert [n for n in names if n in {"danger", "today", "door", "what", "word"}] == [
        *("danger", "today", "door", "what", "word")
    ]


def test_a_line_says_that_she_asks_for_help_or_is_a_child_in_both_languages() -> None:
    assert {code: render(text, "en") for code, text in DOORS.items()} == {"help": "Asks for help", "child": "Under 18"}
    assert render(DOORS["child"], "ar") == "دون 18 سنة"
