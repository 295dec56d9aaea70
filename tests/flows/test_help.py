"""Asking for help: what is asked and left out, the two short paths, children, and that a person is called in time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.core import AddToCase, Answer, Given, Located, Report, Said, Shared
from flows.dates import today
from flows.services import verified_on
from tests.flows.chat import CODE, NOW, Chat, given, mechanism, reporting

SKIP, DONE = "I'd rather not say", "That's all"


def verified(**changes: object) -> Given:
    """A world whose directory was verified today."""
    return given(rules=verified_on(mechanism(), today(NOW)), **changes)


def asking(given: Given | None = None) -> Chat:
    """A chat that asks for help, at its question what would help."""
    chat = Chat(given=given) if given else Chat()
    return chat.says("menu").presses("Ask for help", "Yes, I am safe")


def until_near(chat: Chat, *needs: str) -> Chat:
    chat.presses(*needs, DONE)
    if chat.asked == "help.wish":
        chat.presses(SKIP)
    return chat.presses("For me", "Yes", "This week", "Ma'rib")


# ---------------------------------------------------------------- what is asked


def test_one_need_is_enough_and_all_the_rest_can_be_left_out() -> None:
    chat = asking().presses("Legal help", DONE)
    asked = []
    while chat.asked != "help.send":
        asked.append(chat.asked.removeprefix("help."))
        chat.presses(SKIP)
    assert asked == ["wish", "whom", "adult", "soon", "where", "reach", "hours", "word"]
    chat.presses("Send")
    assert chat.talk.flow == ""
    assert CODE in chat.reads
    assert chat.sealed("report")[0].answers == {
        "danger": Answer(codes=("safe",)),
        "need": Answer(codes=("legal",)),
        "near": Answer(codes=("advise",)),
    }


def test_without_a_need_nothing_is_sent() -> None:
    assert "can't go on" in asking().says("skip").reads


def test_what_is_known_of_her_safety_is_not_asked_again() -> None:
    chat = reporting().presses("Yes, I am safe", "No").says("help").presses("Ask for help")
    assert chat.asked == "help.need"
    assert chat.talk.answers["danger"].codes == ("safe",)


def test_who_has_called_for_help_is_not_asked_again_whether_she_is_safe() -> None:
    chat = reporting().says("danger").presses("Tell more").says("help").presses("Ask for help")
    assert chat.asked == "help.need"
    assert chat.talk.case == CODE


def test_a_report_that_waits_goes_on_after_it() -> None:
    chat = reporting().presses("Yes, I am safe", "No").says("help").presses("Ask for help", "Don't know, advise me")
    while chat.asked != "help.send":
        chat.presses(SKIP)
    assert chat.presses("Send").asked == "report.door"


def test_needs_are_offered_by_their_tracks_in_turn() -> None:
    chat = asking().presses("Legal help", "My phone or accounts", DONE)
    assert chat.buttons[:4] == [
        "Legal advice",
        "Digital security help",
        "Lawyer / representation",
        "Recover an account",
    ]
    assert len(chat.buttons) <= 10


def test_care_after_an_assault_stands_among_no_other_needs() -> None:
    chat = asking().presses("Safe place, health", DONE)
    assert "Confidential care" not in chat.buttons


def test_whoever_asks_for_another_is_asked_whether_she_knows_and_told_that_the_yes_is_hers() -> None:
    chat = asking().presses("Don't know, advise me", "For another woman")
    assert chat.reads == "Does she know that you are writing about her?"
    chat.presses("No, she doesn't")
    assert "The yes is hers alone" in chat.reads
    assert chat.reads.endswith("Is she 18 or older?")


def test_whoever_says_that_she_knows_is_not_told_so() -> None:
    chat = asking().presses("Don't know, advise me", "For another woman", "Yes, she knows")
    assert chat.reads == "Is she 18 or older?"


# ---------------------------------------------------------------- what is near


def test_nothing_unverified_is_offered_and_a_person_advises_instead() -> None:
    chat = until_near(asking(), "Legal help")
    assert chat.asked == "help.reach"
    assert "so a person will advise you" in chat.reads
    assert chat.talk.answers["near"].codes == ("advise",)


def test_what_is_near_is_offered_with_what_follows_from_choosing_it() -> None:
    chat = until_near(asking(verified()), "Legal help")
    assert chat.asked == "help.near"
    assert chat.buttons == ["Legal advice", "Legal aid", "Let a person advise me"]
    assert "A woman lawyer explains your rights" in chat.reads
    assert "speaks with you first" in chat.reads
    chat.presses("Legal aid", "Legal advice", DONE)
    assert chat.talk.answers["near"].codes == ("legal_aid", "legal_unit")


def test_an_entry_that_ran_out_meanwhile_is_offered_no_more() -> None:
    stale = verified_on(mechanism(), today(NOW) - timedelta(days=91))
    assert until_near(asking(given(rules=stale)), "Legal help").asked == "help.reach"


def test_she_can_leave_the_choice_to_a_person() -> None:
    chat = until_near(asking(verified()), "Legal help").presses("Let a person advise me")
    assert chat.asked == "help.reach"
    assert "verified" not in chat.reads


def test_what_she_chose_is_asked_anew_where_it_is_near_no_more() -> None:
    chat = until_near(asking(verified()), "Safe place, health").presses("Shelter", DONE)
    chat.presses("Here, in this chat", "Any time", SKIP)
    chat.presses("Change something", "Where").says("عدن")
    assert chat.talk.answers["where"].codes == ("aden",)
    assert chat.talk.answers["near"].codes == ("advise",)
    assert "nothing near you is verified" in chat.reads
    assert chat.asked == "help.send"


def test_going_back_to_what_is_near_never_shows_an_empty_list() -> None:
    chat = until_near(asking(), "Legal help").says("back")
    assert chat.asked == "help.near"
    assert "Let a person advise me" in chat.reads
    assert chat.presses(DONE).asked == "help.reach"


def test_behind_the_report_of_a_family_only_its_bodies_are_near() -> None:
    chat = reporting(rules=verified_on(mechanism(), today(NOW)))
    chat.presses("Yes, I am safe", "No", "Sexual harm", "No").says("help").presses("Ask for help")
    until_near(chat, "Legal help")
    assert chat.asked == "help.reach"


# ---------------------------------------------------------------- in danger


def test_in_danger_the_team_is_called_before_anything_else_and_she_is_asked_little() -> None:
    chat = Chat().says("menu").presses("Ask for help", "No, I am not safe")
    assert (chat.cases()[0].level, chat.cases()[0].facets) == ("critical", {"door": "help"})
    chat.presses("Safe place, health", DONE)
    assert chat.asked == "help.where"
    assert chat.presses("Ma'rib").asked == "help.reach"
    assert chat.presses("Here, in this chat").asked == "help.send"
    assert {opened.code for opened in chat.cases()} == {CODE}


def test_who_cannot_talk_is_left_in_peace_and_asked_again_later() -> None:
    chat = Chat().says("menu").presses("Ask for help", "I can't talk now")
    assert chat.given.person.quiet
    chat.presses("Ma'rib").says("مرحبا").presses("Yes")
    assert chat.asked == "help.danger"


def test_words_of_danger_in_it_call_the_team_and_it_goes_on() -> None:
    chat = asking().says("ساعدوني هو عند الباب").presses("Yes, I need help now")
    assert chat.cases()[0].level == "critical"
    assert chat.asked == "help.need"
    assert any("عند الباب" in one.words for one in chat.sealed())


# ---------------------------------------------------------------- care after an assault


@pytest.mark.parametrize(("answer", "level"), [("Yes", "critical"), ("I don't know", "critical"), ("No", "high")])
def test_care_calls_a_person_after_one_question_that_asks_no_detail(answer: str, level: str) -> None:
    chat = asking().presses("Care after an assault")
    assert "last three days?" in chat.reads
    assert chat.cases() == []
    chat.presses(answer)
    assert chat.cases()[0].level == level
    assert chat.sealed("answers")[0].answers["wish"].codes == ("survivor_medical_care",)
    assert chat.asked == "help.reach"


def test_after_care_only_the_way_the_hours_and_the_word_are_asked_then_it_is_sent() -> None:
    chat = asking().presses("Care after an assault", "Yes", "By a call", "The one I write from", "In the evening")
    assert chat.asked == "help.word"
    assert chat.says("هيل").asked == "help.send"
    chat.presses("Send")
    assert chat.talk.flow == ""
    assert len(chat.sealed("report")) == 1
    assert chat.sealed("report")[0].answers["reach"].codes == ("call",)


def test_leaving_everything_out_after_care_still_ends_with_the_team() -> None:
    chat = asking().presses("Care after an assault").says("skip").presses(SKIP, SKIP, SKIP, "Send")
    assert chat.cases()[-1].level == "critical"
    assert len(chat.sealed("report")) == 1


def test_a_person_is_told_of_care_although_she_never_sends_the_rest() -> None:
    chat = asking().presses("Care after an assault").says("skip", "stop").presses("Stop here")
    assert chat.cases()[-1].level == "critical"
    assert chat.sealed("report") == []


# ---------------------------------------------------------------- thoughts of self-harm


def test_thoughts_of_self_harm_call_a_person_at_once() -> None:
    chat = asking().presses("Thoughts of self-harm")
    assert (chat.cases()[0].level, chat.cases()[0].because) == ("critical", (("need", "self_harm"),))
    assert "takes courage" in chat.reads
    assert chat.reads.endswith("Is somebody with you now?")


@pytest.mark.parametrize(
    ("answers", "reach"),
    [
        (("Yes, in writing, here",), ("here",)),
        (("Yes, by a call", "The one I write from"), ("call",)),
        (("Not now",), ()),
        ((SKIP,), ()),
    ],
)
def test_no_further_form_is_asked_and_the_chat_stays_open(answers: tuple[str, ...], reach: tuple[str, ...]) -> None:
    chat = asking().presses("Thoughts of self-harm", "I am alone", *answers)
    assert chat.asked == "stay.stay"
    assert chat.sealed("report")[0].answers.get("reach", Answer()).codes == reach
    assert chat.buttons == ["Enough for now"]


def staying() -> Chat:
    return asking().presses("Thoughts of self-harm", "I am alone", "Yes, in writing, here")


def test_each_of_her_words_goes_to_the_case_and_raises_no_question() -> None:
    chat = staying().says("اشتي اموت", "لا أعرف ماذا أفعل", "الدنيا ثقيلة عليّ")
    assert [one.words for one in chat.sealed("words")] == ["اشتي اموت", "لا أعرف ماذا أفعل", "الدنيا ثقيلة عليّ"]
    assert chat.asked == "stay.stay"
    assert len({opened.code for opened in chat.cases()}) == 1


def test_voice_pictures_and_places_go_to_the_case_too() -> None:
    chat = staying()
    chat.does(Shared(7, "voice"))
    chat.does(Shared(8, "photo", "هنا"))
    chat.does(Located(15.46, 45.32))
    assert chat.sealed("words") == [
        AddToCase(CODE, "words", files=(7,)),
        AddToCase(CODE, "words", words="هنا", files=(8,)),
        AddToCase(CODE, "words", {"here": Answer(place=(15.46, 45.32))}),
    ]
    assert chat.asked == "stay.stay"


def test_she_closes_it_herself() -> None:
    chat = staying().says("الدنيا ثقيلة").presses("Enough for now")
    assert chat.talk.flow == ""
    assert CODE in chat.reads


def test_stopping_there_says_honestly_that_the_team_has_it() -> None:
    chat = staying().says("stop")
    assert "keeps what has reached it" in chat.reads
    assert chat.presses("Stop here").talk.flow == ""


@pytest.mark.parametrize("aside", ["help", "language"])
def test_it_is_open_still_after_an_aside(aside: str) -> None:
    chat = staying().says(aside)
    chat.presses("Go on" if aside == "help" else "English")
    assert chat.asked == "stay.stay"


def test_words_of_danger_while_the_team_is_called_are_an_answer_and_no_question() -> None:
    chat = asking().presses("Thoughts of self-harm").says("اشتي اموت")
    assert chat.asked in {"help.person", "danger.sure"}


# ---------------------------------------------------------------- children


@pytest.mark.parametrize("whom", ["For me", "For another woman"])
def test_a_child_is_not_interviewed_but_handed_to_a_specialist(whom: str) -> None:
    chat = asking().presses("Emotional support", DONE, SKIP, whom)
    if whom == "For another woman":
        chat.presses("Yes, she knows")
    chat.presses("No")
    assert chat.talk.flow == ""
    assert (chat.cases()[-1].level, chat.cases()[-1].facets) == ("high", {"door": "child"})
    assert len(chat.sealed("report")) == 1
    assert "ask" in chat.reads
    assert CODE in chat.reads


def test_a_child_who_may_not_be_written_to_can_say_so() -> None:
    chat = asking().presses("Emotional support", DONE, SKIP, "For me", "No")
    assert "“do not call”" in chat.reads
    chat.says("لا ترسلوا")
    assert chat.given.person.quiet
    assert Chat().says("do not call").given.person.quiet


def test_somebody_to_listen_is_a_need_of_hers_at_the_desk() -> None:
    chat = asking().presses("A woman who listens", DONE, "For me", "No")
    assert chat.sealed("report")[0].answers["wish"].codes == ("someone_to_listen",)


# ---------------------------------------------------------------- leaving and coming back


def test_a_request_that_was_begun_is_asked_about() -> None:
    chat = asking().presses("Legal help", DONE).says("menu")
    assert chat.asked == "again.again"
    assert chat.presses("Go on").asked == "help.wish"


def test_beginning_it_again_begins_it_again() -> None:
    chat = asking().presses("Legal help", DONE).says("help").presses("Ask for help", "Begin again")
    assert chat.asked == "help.danger"


def test_stopping_asks_what_becomes_of_it() -> None:
    chat = asking().presses("Legal help", DONE).says("stop").presses("Forget it")
    assert chat.talk.flow == ""
    assert chat.sealed() == []


def test_two_at_once_never_make_two_cases() -> None:
    chat = reporting().presses("No, I am not safe").says("help").presses("Ask for help", "Don't know, advise me")
    chat.presses("Ma'rib", "Here, in this chat", "Send")
    assert {opened.code for opened in chat.cases()} == {CODE}
    assert chat.asked == "report.door"


# ---------------------------------------------------------------- the word help


@pytest.mark.parametrize("word", ["مساعدة", "help", "؟", "دعم"])
def test_help_offers_a_person_first_and_asking_for_help_second(word: str) -> None:
    chat = Chat().says(word)
    assert chat.buttons == ["I need help now", "Ask for help", "Menu"]
    assert chat.presses("Ask for help").asked == "help.danger"


def test_what_she_writes_there_instead_is_kept() -> None:
    chat = asking().says("help", "عندي سؤال عن أوراق أختي")
    assert chat.asked == "help.need"
    assert chat.talk.early
    assert "أوراق" in chat.talk.early.words


def test_what_she_writes_there_with_an_open_case_goes_to_it() -> None:
    chat = Chat().says("menu").presses("Ask for help", "No, I am not safe").says("help", "قرب السوق")
    assert AddToCase(CODE, "words", words="قرب السوق") in chat.effects


def test_at_the_menu_what_she_writes_there_is_offered_to_be_kept() -> None:
    assert Chat().says("help", "أريد أن أحكي لكم عن مشكلة قديمة").asked == "offer.offer"


# ---------------------------------------------------------------- triage of what she said


@pytest.mark.parametrize(
    ("soon", "level"), [("Today", "high"), (SKIP, "high"), ("This week", "medium"), ("There is time", "medium")]
)
def test_a_shelter_is_urgent_today_and_whenever_she_has_not_said(soon: str, level: str) -> None:
    chat = asking().presses("Safe place, health", DONE, "Safe shelter", DONE, "For me", "Yes", soon)
    while chat.asked != "help.send":
        chat.presses(SKIP)
    assert chat.presses("Send").cases()[-1].level == level


def test_sending_twice_changes_nothing() -> None:
    chat = asking().presses("Don't know, advise me")
    while chat.asked != "help.send":
        chat.presses(SKIP)
    key = chat.button("Send")
    chat.presses("Send")
    before = list(chat.effects)
    chat.letters[-1] = replace(chat.letters[-1], choices=(key,))
    chat.presses("Send")
    assert [effect for effect in chat.effects[len(before) :] if isinstance(effect, AddToCase)] == []


def test_an_answer_to_the_team_is_still_an_answer_to_the_team() -> None:
    report = Report(CODE, NOW, "taken", finished=True, wrote_at=NOW, answered=False)
    chat = Chat(given=given(reports=(report,)))
    chat.does(Said("نعم أسمعكم"))
    assert chat.sealed("words")
