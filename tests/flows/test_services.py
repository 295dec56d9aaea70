"""The directory: what may be offered, to the day of its verification, and the bodies that never are."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rules import Mechanism
from flows.services import A_HANDFUL, COULD_BE_ANYONE, Service, due, near, verified_on
from tests.flows.chat import mechanism

RULES = mechanism()
DAY = date(2026, 11, 22)
VERIFIED = verified_on(RULES, DAY)


def entry(body: str = "shelter", needs: Collection[str] = ("safe_shelter",), **more: object) -> Service:
    made = Service(
        code="made", ar="مكان", en="A place", needs=tuple(needs), governorates=("marib",), body=body,
        about_ar="مكان هادئ", about_en="A quiet place", verified=DAY,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def with_entries(*entries: Service) -> Mechanism:
    return replace(RULES, services={f"{place}": one for place, one in enumerate(entries)})


def offered(
    rules: Mechanism, *needs: str, place: str = "marib", who: Collection[str] = (), today: date = DAY, **more: object
) -> list[str]:
    return [service.body for service in near(rules, needs, place, who, today, **more)]  # type: ignore[arg-type]


# ---------------------------------------------------------------- verified in time


def test_what_we_deliver_is_offered_to_nobody_before_it_is_verified() -> None:
    needs = tuple(RULES.taxonomy.needs)
    assert RULES.services
    assert near(RULES, needs, "marib", (), DAY) == ()
    assert len(due(RULES, DAY)) == len(RULES.services)


@pytest.mark.parametrize(("days", "is_offered"), [(0, True), (89, True), (90, True), (91, False), (4000, False)])
def test_an_entry_is_offered_up_to_the_last_day_of_its_time(days: int, is_offered: bool) -> None:
    rules, today = with_entries(entry()), DAY + timedelta(days=days)
    assert bool(offered(rules, "safe_shelter", today=today)) is is_offered
    assert bool(due(rules, today)) is not is_offered


def test_an_entry_may_have_a_shorter_time_of_its_own() -> None:
    rules = with_entries(entry(verify_every=timedelta(days=7)))
    assert offered(rules, "safe_shelter", today=DAY + timedelta(days=7))
    assert not offered(rules, "safe_shelter", today=DAY + timedelta(days=8))


def test_a_day_that_is_still_to_come_verifies_nothing() -> None:
    assert not offered(with_entries(entry(verified=DAY + timedelta(days=1))), "safe_shelter")


# ---------------------------------------------------------------- near, and what it answers


def test_only_what_is_there_is_near() -> None:
    rules = with_entries(entry(), entry("ama_legal", governorates=("everywhere",)))
    assert offered(rules, "safe_shelter", place="aden") == ["ama_legal"]
    assert offered(rules, "safe_shelter", place="") == ["ama_legal"]


def test_what_answers_more_comes_first_then_what_is_near() -> None:
    both = entry("ama_legal", ("safe_shelter", "child_safety"), governorates=("everywhere",))
    rules = with_entries(entry("womens_union", governorates=("everywhere",)), entry(), both)
    assert offered(rules, "safe_shelter", "child_safety") == ["ama_legal", "shelter", "womens_union"]


def test_a_handful_is_the_most() -> None:
    assert len(offered(with_entries(*[entry()] * 9), "safe_shelter")) == A_HANDFUL


def test_what_answers_none_of_her_needs_is_not_offered() -> None:
    assert not offered(with_entries(entry()), "legal_advice")


# ---------------------------------------------------------------- bodies that are never offered


@pytest.mark.parametrize("body", [code for code, one in RULES.taxonomy.responders.items() if one.kind == "community"])
def test_a_leader_is_never_offered(body: str) -> None:
    assert not offered(with_entries(entry(body)), "safe_shelter", who=("employer_colleague",))


@pytest.mark.parametrize("who", sorted(RULES.matrix.bodies))
def test_a_body_that_the_perpetrator_may_belong_to_is_never_offered(who: str) -> None:
    bodies = [body for body in RULES.matrix.bodies[who] if body in RULES.taxonomy.responders]
    assert not offered(with_entries(*map(entry, bodies)), "safe_shelter", who=(who,))


@pytest.mark.parametrize("who", [(), *((code,) for code in sorted(COULD_BE_ANYONE)), ("media_actor", "unknown")])
def test_while_it_is_not_known_who_it_is_no_body_is_offered_that_could_be_his(who: tuple[str, ...]) -> None:
    rules = with_entries(entry("women_police"), entry("human_rights_office"), entry("idp_executive_unit"), entry())
    assert offered(rules, "safe_shelter", who=who) == ["shelter"]


def test_once_it_is_known_who_it_is_other_bodies_may_be_offered() -> None:
    rules = with_entries(entry("women_police"), entry("human_rights_office"))
    assert offered(rules, "safe_shelter", who=("civil_official",)) == ["women_police"]


def test_care_after_an_assault_is_offered_by_its_closed_family_alone() -> None:
    bodies = RULES.matrix.families["sexual"]
    rules = with_entries(*[entry(body, ("survivor_medical_care",)) for body in RULES.taxonomy.responders])
    shown = {body for n in range(0, 40, A_HANDFUL) for body in offered(_from(rules, n), "survivor_medical_care")}
    assert shown == {bodies.lead, *bodies.support}


def _from(rules: Mechanism, start: int) -> Mechanism:
    """The same with some of its entries, so that each has its chance among a handful."""
    return replace(rules, services=dict(list(rules.services.items())[start : start + A_HANDFUL]))


def test_what_a_family_excludes_is_not_offered_for_it() -> None:
    rules = with_entries(entry("ama_legal", ("psychosocial_support", "legal_advice")))
    assert offered(rules, "legal_advice") == ["ama_legal"]
    assert not offered(rules, "psychosocial_support")


def test_the_door_of_her_report_counts_for_every_need() -> None:
    rules = with_entries(entry("ama_legal", ("legal_advice",)))
    assert not offered(rules, "legal_advice", doors=("menu_sexual",))


def test_where_an_aid_worker_is_behind_it_only_those_apart_from_it_are_offered() -> None:
    rules = with_entries(entry("womens_union"), entry("psea_focal"))
    assert offered(rules, "safe_shelter", who=("aid_worker",)) == ["psea_focal"]


NEEDS = st.lists(st.sampled_from(sorted(RULES.taxonomy.needs)), max_size=5)
WHO = st.lists(st.sampled_from(sorted(RULES.taxonomy.perpetrators)), max_size=3)


@given(NEEDS, WHO, st.sampled_from(["", "marib", "aden"]), st.integers(-5, 200))
def test_nothing_is_ever_offered_that_is_stale_elsewhere_or_the_perpetrators(
    needs: list[str], who: list[str], place: str, days: int
) -> None:
    today = DAY + timedelta(days=days)
    for service in near(VERIFIED, needs, place, who, today):
        assert service.verified
        assert 0 <= (today - service.verified).days <= 90
        assert place in service.governorates or service.governorates == ("everywhere",)
        assert not any(service.body in RULES.matrix.bodies.get(one, ()) for one in who)
        assert set(service.needs).intersection(needs)
