"""A voice note is as good as words wherever she is, a picture is never lost, and how it is kept is her choice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.core import (
    AddToCase,
    Answer,
    FileKind,
    ForgetFiles,
    KeepClean,
    LookUpCertificate,
    Said,
    Say,
    Shared,
    Talk,
    Turn,
)
from flows.questions.parts import ENOUGH, MOST_FILES
from flows.ways import NOT_HERE
from messages.catalog import render
from tests.flows.chat import CODE, Chat, given, reporting
from tests.flows.everywhere import Place, files_in, places

VOICE, WORDS = 9001, "كركديه بالنعناع"
SILENT = frozenset(("quiet", "hush", "cover"))
"""Where nothing may show what was sent: what belongs to a case is in it, and a harmless line is all she sees."""
WRITTEN = frozenset(("asking", "certificate"))
"""Where only what is written can be passed on, or looked up: a voice note is refused, or destroyed at once."""
ANSWERED = {question: Answer(codes=(code,)) for question, code in {
    "danger": "safe", "today": "no", "door": "menu_official", "kind": "not_sure", "where": "YE-MA", "when": "today",
    "again": "once", "what": "x", "who": "unknown",
}.items()}  # fmt: skip


def _answers(turn: Turn) -> list[Answer]:
    sealed = [answer for e in turn.effects if isinstance(e, AddToCase) for answer in e.answers.values()]
    loose = [Answer(words=e.words, files=e.files) for e in turn.effects if isinstance(e, AddToCase)]
    return [*turn.talk.answers.values(), *sealed, *loose, *([turn.talk.partial] if turn.talk.partial else [])]


def _said(turn: Turn) -> list[Say]:
    return [effect for effect in turn.effects if isinstance(effect, Say)]


def test_the_walk_comes_to_every_flow_that_can_be_opened() -> None:
    seen = {place.talk.flow for place in places()}
    assert {"", "welcome", "report", "my_reports", "about", "language", "now", "stop", "offer"} <= seen


def test_wherever_words_are_an_answer_a_voice_note_is_one() -> None:
    taken = set()
    for place in places():
        words, voice = place.does(Said(WORDS)), place.does(Shared(VOICE, "voice"))
        if place.talk.flow in WRITTEN:
            continue
        if any(WORDS in answer.words for answer in _answers(words)):
            assert any(VOICE in answer.files for answer in _answers(voice)), place.name
            taken.add(place.name)
    assert {"report.where", "report.when", "report.what", "report.who", "report.proof", "report.wish"} <= taken
    assert {"report.never", "report.reach", "report.hours", "report.word", "my_reports.add"} <= taken


@pytest.mark.parametrize("kind", ["voice", "photo", "video", "document"])
def test_a_file_is_kept_wherever_she_sends_it_or_she_is_told_where_it_belongs(kind: FileKind) -> None:
    for place in places():
        turn = place.does(Shared(VOICE, kind))
        if VOICE in files_in(turn) or place.talk.flow in SILENT:
            continue
        assert ForgetFiles((VOICE,)) in turn.effects, place.name
        assert looks_up(turn) or _shows(_said(turn)[0]), place.name


def looks_up(turn: Turn) -> bool:
    """It is answered by what is looked up (`handlers.public.carry`)."""
    return any(isinstance(effect, LookUpCertificate) for effect in turn.effects)


def _shows(letter: Say) -> bool:
    return render(NOT_HERE, "en") in render(letter.text, "en")


def test_a_file_is_always_answered() -> None:
    for place in places():
        turn = place.does(Shared(VOICE, "voice"))
        assert _said(turn) or looks_up(turn) or place.given.person.quiet, place.name


def test_the_words_under_a_file_are_never_lost() -> None:
    for place in places():
        turn = place.does(Shared(VOICE, "voice", WORDS))
        if VOICE in files_in(turn):
            kept = [*_answers(turn), *_loose(turn.talk)]
            assert any(WORDS in answer.words for answer in kept), place.name


def _loose(talk: Talk | None) -> list[Answer]:
    found: list[Answer] = []
    while talk is not None:
        found += [*talk.answers.values(), *(part for part in (talk.early, talk.partial) if part)]
        talk = talk.under
    return found


def test_a_day_said_under_a_voice_note_keeps_the_note() -> None:
    place = Place(
        Talk("report", {name: ANSWERED[name] for name in ("danger", "today", "door", "kind", "where")}), given()
    )
    assert place.does(Shared(VOICE, "voice", "أمس")).talk.answers["when"].files == (VOICE,)


def test_where_she_is_asked_to_tell_she_is_warned_that_a_voice_can_be_recognised() -> None:
    chat = Chat(language="ar", talk=Talk("report", {name: ANSWERED[name] for name in list(ANSWERED)[:7]}))
    chat.says("رجوع").says("مرة")
    assert "الصوت قد يُعرف" in "\n".join(chat.shown)


# ---------------------------------------------------------------- how pictures are kept


def at_files() -> Chat:
    return Chat(talk=Talk("report", dict(ANSWERED)))


def test_she_is_asked_how_a_picture_is_to_be_kept_and_only_of_pictures() -> None:
    chat = at_files()
    chat.does(Shared(1, "voice"))
    assert chat.buttons == ["That's all"]
    chat.does(Shared(2, "photo"))
    assert chat.buttons == ["That's all", "Without place and time"]


def test_unless_she_says_otherwise_a_picture_is_evidence() -> None:
    chat = at_files()
    chat.does(Shared(1, "photo"))
    chat.presses("That's all")
    assert chat.talk.answers["proof"] == Answer(files=(1,))
    assert not [effect for effect in chat.effects if isinstance(effect, KeepClean)]


def test_she_may_want_the_clean_copy_alone_and_change_her_mind() -> None:
    chat = at_files()
    chat.does(Shared(1, "photo"))
    chat.presses("Without place and time", "Keep as evidence", "Without place and time")
    chat.does(Shared(2, "photo"))
    chat.presses("That's all")
    assert chat.talk.answers["proof"] == Answer(codes=("clean",), files=(1, 2))
    assert KeepClean((1, 2)) in chat.last


def test_a_picture_that_came_early_is_asked_about_too() -> None:
    chat = reporting()
    chat.does(Shared(1, "photo"))
    chat.talk = replace(chat.talk, answers=dict(ANSWERED))
    chat.does(Shared(2, "voice"))
    assert "Without place and time" in chat.buttons


def test_her_wish_is_kept_when_the_question_is_left_and_come_back_to() -> None:
    chat = at_files()
    chat.does(Shared(1, "photo"))
    chat.presses("Without place and time").says("back")
    chat.says("back").says("once")
    assert chat.talk.early == Answer(codes=("picture", "clean"), files=(1,))


def test_her_wish_is_kept_when_the_team_is_called_in_the_middle() -> None:
    chat = at_files()
    chat.does(Shared(1, "photo"))
    chat.presses("Without place and time").says("ساعدوني")
    chat.presses("Yes, I need help now")
    order = [
        type(e).__name__ for e in chat.effects if isinstance(e, KeepClean) or (isinstance(e, AddToCase) and e.files)
    ]
    assert order[:2] == ["KeepClean", "AddToCase"]


def test_in_an_open_case_the_wish_goes_before_the_files_are_sealed() -> None:
    chat = Chat(talk=Talk("report", dict(ANSWERED), case=CODE))
    chat.does(Shared(1, "photo"))
    chat.presses("Without place and time", "That's all")
    order = [type(e).__name__ for e in chat.last if isinstance(e, KeepClean | AddToCase)]
    assert order == ["KeepClean", "AddToCase"]


def test_a_picture_added_to_a_report_may_be_kept_clean_as_well() -> None:
    from tests.flows.everywhere import REPORTS  # noqa: PLC0415 - a table, not a part

    chosen = {"which": Answer(codes=("KTR-4MW",)), "do": Answer(codes=("add",))}
    chat = Chat(given=given(reports=REPORTS), talk=Talk("my_reports", chosen))
    chat.does(Shared(1, "photo"))
    chat.presses("Without place and time", "That's all")
    assert KeepClean((1,)) in chat.last


# ---------------------------------------------------------------- so many


def test_the_thirty_first_file_is_not_kept_and_she_hears_so() -> None:
    chat = at_files()
    for number in range(1, MOST_FILES + 1):
        chat.does(Shared(number, "photo"))
    chat.does(Shared(99, "photo"))
    assert ForgetFiles((99,)) in chat.last
    assert render(ENOUGH, "en") in chat.reads


def test_so_it_is_with_files_that_come_early() -> None:
    chat = reporting()
    for number in range(1, MOST_FILES + 2):
        chat.does(Shared(number, "photo"))
    assert ForgetFiles((MOST_FILES + 1,)) in chat.last
    assert chat.talk.early is not None
    assert len(chat.talk.early.files) == MOST_FILES


# ---------------------------------------------------------------- "done" in words


@pytest.mark.parametrize("words", ["تم", "تمّ.", "هذا كل شيء", "خلاص", "done", "That's all!", "Done"])
def test_done_in_words_ends_what_goes_on_until_that_is_all(words: str) -> None:
    chat = at_files()
    chat.does(Shared(1, "photo"))
    chat.says(words)
    assert chat.asked == "report.wish"
    chat.presses("Safe shelter") if "Safe shelter" in chat.buttons else chat.presses(chat.buttons[0])
    chat.says(words)
    assert chat.asked == "report.never"


def test_done_with_nothing_sent_means_that_there_is_nothing() -> None:
    chat = at_files().says("menu").presses("Go on")
    chat.says("تم")
    assert (chat.asked, chat.talk.answers["proof"]) == ("report.wish", Answer())
