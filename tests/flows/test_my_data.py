"""What is held about her, as she is told it; what she takes back; deleting with her word, without one, and forced."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from flows.core import (
    AddToCase,
    CheckIn,
    Consent,
    Destroy,
    EraseThis,
    GiveReceipt,
    Held,
    Holding,
    OpenCase,
    OwnWord,
    Remember,
    Report,
    Wipe,
)
from tests.flows.chat import AMAL, NOW, Chat, given

TALKED = Report("K7P-2XM", NOW - timedelta(days=9), "contacted", finished=True)
WAITING = Report("B4T-9QR", NOW - timedelta(days=1), "waiting", finished=True)
HELD = Held(
    (
        Holding("K7P-2XM", TALKED.opened_at, items=7, files=2, readers=2, documented=True, until=None),
        Holding("B4T-9QR", WAITING.opened_at, items=1, files=0, readers=0, documented=False, until=None, urgent=True),
    ),
    draft=True,
    check_ins=1,
    other_chats=1,
)
AGREED = {layer: Consent("1", NOW - timedelta(days=9)) for layer in ("store", "document", "contact", "alert", "map")}
PERSON = replace(AMAL, consents=AGREED, cases=("K7P-2XM", "B4T-9QR"))
WITH_WORDS = replace(PERSON, words=("safe", "duress"))


def asking(**changes: object) -> Chat:
    known = {"reports": (TALKED, WAITING), "held": HELD, "person": PERSON, **changes}
    return Chat(given=given(**known)).says("menu").presses("What you keep of me")


def deleting_all(**changes: object) -> Chat:
    return asking(**changes).presses("Delete everything")


def writes(chat: Chat, word: OwnWord | Literal["other"], *said: str) -> Chat:
    """She writes a word of hers, or another."""
    chat.given = replace(chat.given, word=word)
    chat.says(*(said or ("lemon",)))
    chat.given = replace(chat.given, word="")
    return chat


# ---------------------------------------------------------------- what is held


def test_she_reads_of_each_report_what_there_is_who_can_open_it_and_until_when() -> None:
    said = asking().presses("Show me what is kept").reads
    assert said.index("B4T-9QR, since") < said.index("K7P-2XM, since"), "the newest first"
    assert "7 sealed entries" in said
    assert "2 files" in said
    assert "2 members of the team, and the holder of the key in the safe" in said
    assert "nobody but the holder of the key in the safe" in said
    assert "kept as evidence, until you take that back" in said
    assert "as long as it is open, and 90 days after that" in said
    assert "sealed, even from us" in said


def test_she_reads_what_is_held_besides() -> None:
    said = asking(person=WITH_WORDS).presses("Show me what is kept").reads
    for words in ("your address in this app", "have not sent", "One check on you", "One other chat", "Your own words"):
        assert words in said, words


def test_with_nothing_held_it_says_so() -> None:
    held = Held((), draft=False, check_ins=0, other_chats=0)
    chat = asking(held=held, reports=(), person=AMAL).presses("Show me what is kept")
    assert "Nothing of what you told is tied to this chat." in chat.reads
    assert "closed more than 30 days ago" in chat.reads, "what says no more whose it was is not denied"
    assert "A receipt" not in chat.buttons


def test_of_very_many_reports_the_newest_are_described_and_the_others_counted() -> None:
    many = tuple(replace(HELD.reports[0], code=f"K7P-2X{letter}") for letter in "ABCDEFGH")
    said = asking(held=replace(HELD, reports=many)).presses("Show me what is kept").reads
    assert said.count("sealed entries") == 5
    assert "And 3 earlier ones." in said


def test_a_receipt_is_given_for_the_report_she_names() -> None:
    chat = asking().presses("A receipt", "K7P-2XM")
    assert GiveReceipt("K7P-2XM") in chat.effects


def test_the_word_for_deleting_leads_here_from_the_menu() -> None:
    assert Chat(given=given(person=PERSON)).says("احذفي بياناتي").asked == "my_data.what"


# ---------------------------------------------------------------- what she agreed to


@pytest.mark.parametrize("layer", ["document", "map", "contact", "alert"])
def test_each_consent_is_shown_with_its_day_and_taken_back_at_once(layer: str) -> None:
    chat = asking().presses("What I agreed to")
    assert "since Monday, 23 February 2026" in chat.reads
    labels = {"document": "Keep it as evidence", "map": "Count it, without me", "contact": "Contact me"}
    chat.presses(labels.get(layer, "Call if I go silent"))
    assert chat.given.person.consents.keys() == AGREED.keys() - {layer}
    assert chat.reads.startswith("Done.")
    assert chat.asked == "my_data.what"


def test_to_take_back_that_it_is_kept_is_to_delete_and_nothing_is_changed_before_she_is_sure() -> None:
    chat = asking().presses("What I agreed to", "Keep what I send", "No, leave them")
    assert chat.asked == "my_data.sure"
    chat.presses("No, keep it")
    assert chat.given.person.consents == AGREED
    assert Destroy() not in chat.effects


def test_who_agreed_to_nothing_hears_so() -> None:
    assert "agreed to nothing" in asking(person=AMAL).presses("What I agreed to").reads


# ---------------------------------------------------------------- deleting without a word


def test_what_is_not_urgent_or_was_spoken_about_goes_at_once() -> None:
    chat = asking().presses("Delete one of them", "K7P-2XM", "Yes, delete for good")
    assert Destroy("K7P-2XM") in chat.effects
    assert chat.sealed() == []
    for said in (
        "Nothing of K7P-2XM is kept",
        "in 30 days at most",
        "handed on with your consent",
        "stays on your phone",
    ):
        assert said in chat.reads, said


def test_an_urgent_one_that_nobody_has_answered_waits_for_the_team_and_she_is_told_why() -> None:
    chat = asking().presses("Delete one of them", "B4T-9QR")
    assert "we can't know who holds this phone now" in chat.reads
    chat.presses("Yes, delete for good")
    assert Destroy("B4T-9QR") not in chat.effects
    assert chat.last[:2] == (AddToCase("B4T-9QR", "withdrawn"), Destroy("B4T-9QR", waits=True))
    assert "It is destroyed when they have closed it." in chat.reads


def test_what_is_not_known_to_be_calm_counts_as_urgent() -> None:
    chat = asking(held=None).presses("Delete one of them", "B4T-9QR", "Yes, delete for good")
    assert Destroy("B4T-9QR", waits=True) in chat.effects


def test_everything_goes_but_what_waits_for_the_team() -> None:
    chat = deleting_all().presses("Yes, the messages too", "Yes, delete for good")
    kinds = [effect for effect in chat.last if not isinstance(effect, Remember)][:-1]
    assert kinds == [Wipe(), AddToCase("B4T-9QR", "withdrawn"), Destroy("B4T-9QR", waits=True), Destroy()]
    assert "B4T-9QR is taken back" in chat.reads
    assert chat.letters[-1].choices == ()


def test_a_check_that_is_set_is_not_ended_that_way_without_a_word() -> None:
    check = CheckIn(1, NOW + timedelta(hours=2), timedelta(minutes=15), "armed")
    chat = deleting_all(check_ins=(check,))
    assert chat.reads.startswith("A check on you is still set.")
    assert chat.asked == "menu.menu"


def test_an_ok_is_not_clear_enough() -> None:
    chat = asking().presses("Delete one of them", "K7P-2XM").says("ok")
    assert Destroy("K7P-2XM") not in chat.effects
    assert chat.asked == "my_data.sure"


def test_no_changes_nothing() -> None:
    chat = deleting_all().presses("No, leave them", "No, keep it")
    assert "Nothing was changed" in chat.reads
    assert not [effect for effect in chat.effects if isinstance(effect, Destroy | Wipe)]


def test_where_messages_cannot_be_deleted_she_is_not_asked_but_told_how() -> None:
    chat = deleting_all(erasable=False)
    assert chat.asked == "my_data.sure"
    assert "Clear chat" in chat.presses("Yes, delete for good").reads


# ---------------------------------------------------------------- deleting with her word


def test_with_a_word_set_nothing_is_deleted_without_it() -> None:
    assert deleting_all(person=WITH_WORDS).asked == "my_data.word"
    assert asking(person=WITH_WORDS).presses("Delete one of them", "K7P-2XM").asked == "my_data.word"


def test_her_word_deletes_at_once_even_what_somebody_is_on_the_way_for_and_she_is_told_that_before() -> None:
    chat = writes(deleting_all(person=WITH_WORDS), "safe").presses("No, leave them")
    assert "a person may be on the way to you because of B4T-9QR" in chat.reads
    assert "only before you delete" in chat.reads
    assert "nobody asks after you any more" in chat.reads
    chat.presses("Yes, delete for good")
    assert Destroy() in chat.last
    assert not [effect for effect in chat.effects if isinstance(effect, Destroy) and effect.waits]


def test_a_word_of_hers_does_not_stay_in_the_chat() -> None:
    assert EraseThis() in writes(deleting_all(person=WITH_WORDS), "safe").last
    assert EraseThis() in writes(deleting_all(person=WITH_WORDS), "other").last


def test_another_word_is_refused_kindly_and_three_times_it_is_left() -> None:
    chat = writes(deleting_all(person=WITH_WORDS), "other")
    assert chat.reads.startswith("This is not the word that we know here.")
    writes(chat, "other", "apple")
    writes(chat, "other", "pear")
    assert chat.reads.startswith("Let us leave it for now.")
    assert chat.asked == "menu.menu"
    assert not [effect for effect in chat.effects if isinstance(effect, Destroy)]


def forced(*labels: str) -> Chat:
    return writes(asking(person=WITH_WORDS).presses(*labels), "duress")


def test_her_other_word_calls_the_team_in_silence_at_once() -> None:
    chat = forced("Delete everything")
    (case,) = chat.cases()
    assert (case.level, case.because, case.silent) == ("critical", (("duress", "duress"),), True)


@pytest.mark.parametrize(
    ("labels", "answer"), [(("Delete everything",), ("No, leave them",)), (("Delete one of them", "K7P-2XM"), ())]
)
def test_her_other_word_looks_the_same_to_the_letter_and_deletes_nothing(
    labels: tuple[str, ...], answer: tuple[str, ...]
) -> None:
    seen = []
    calm = replace(HELD, reports=(HELD.reports[0],), check_ins=0, other_chats=0)
    both: tuple[OwnWord, ...] = ("safe", "duress")
    for word in both:
        plain = replace(TALKED, status="waiting")
        held = replace(calm, reports=(replace(HELD.reports[0], urgent=False),))
        chat = asking(person=WITH_WORDS, reports=(plain,), held=held).presses(*labels)
        before = len(chat.letters)
        writes(chat, word).presses(*answer, "Yes, delete for good")
        seen.append([chat.render(letter).partition("\n\nHow can we")[0] for letter in chat.letters[before:]])
        assert any(isinstance(effect, Destroy) for effect in chat.effects) == (word == "safe")
    assert seen[0] == seen[1]


def test_afterwards_nothing_of_before_is_seen_and_her_word_brings_it_back() -> None:
    chat = forced("Delete everything").presses("No, leave them", "Yes, delete for good")
    chat.says("مرحبا")
    assert chat.asked.startswith("welcome.")
    writes(chat, "safe")
    assert chat.given.person.words == ("safe", "duress")
    assert chat.given.person.consents == AGREED
    chat.says("menu").presses("What I sent before")
    assert chat.buttons[:2] == ["B4T-9QR", "K7P-2XM"]


# ---------------------------------------------------------------- from her reports


def test_a_report_is_deleted_and_its_receipt_given_from_the_list_as_well() -> None:
    chat = Chat(given=given(reports=(TALKED, WAITING), held=HELD, person=PERSON)).says("menu")
    chat.presses("What I sent before", "K7P-2XM", "A receipt")
    assert GiveReceipt("K7P-2XM") in chat.effects
    chat.says("menu").presses("What I sent before", "K7P-2XM", "Delete it for good", "Yes, delete for good")
    assert Destroy("K7P-2XM") in chat.effects


def test_a_begun_report_is_given_back_afterwards() -> None:
    chat = Chat(given=given(reports=(TALKED,), held=HELD, person=PERSON)).says("menu")
    chat.presses("Tell what happened", "Yes, I am safe").says("طلبي")
    chat.presses("K7P-2XM", "Delete it for good", "Yes, delete for good")
    assert chat.asked == "report.today"


def test_what_was_begun_of_a_deleted_report_is_not_gone_on_with() -> None:
    chat = Chat(given=given(held=None, person=PERSON)).says("menu")
    chat.presses("Tell what happened", "No, I am not safe")
    chat.given = replace(chat.given, reports=(replace(WAITING, code=chat.talk.case, finished=False),))
    chat.says("طلبي").presses(chat.buttons[0], "Delete it for good", "Yes, delete for good")
    assert chat.asked == "menu.menu"


def test_nothing_is_paged_by_deleting() -> None:
    chat = deleting_all().presses("No, leave them", "Yes, delete for good")
    assert [effect for effect in chat.effects if isinstance(effect, OpenCase)] == []


# ---------------------------------------------------------------- what is left is said


def test_she_is_told_that_her_other_chat_is_not_part_of_it() -> None:
    held = replace(HELD, check_ins=0)
    chat = writes(deleting_all(person=WITH_WORDS, reports=(TALKED,), held=held), "safe").presses("No, leave them")
    assert "Your other chat is not part of it" in chat.reads
    chat.presses("Yes, delete for good")
    assert "keep nothing that points to you" not in chat.reads
    assert "Your other chat stays as it was" in chat.reads


def test_while_something_waits_for_the_team_nobody_is_told_that_nothing_is_kept() -> None:
    chat = deleting_all(held=replace(HELD, check_ins=0, other_chats=0)).presses("No, leave them")
    chat.presses("Yes, delete for good")
    assert "keep nothing that points to you" not in chat.reads
    assert "but for what waits for the team" in chat.reads
