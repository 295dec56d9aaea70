"""The page of a run over HTTP: what it tells, what may be done with it by whom, and what it never tells."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from flows.broadcast import RunState
from handlers import broadcast_work, broadcasts, campaign_report
from storage import audit, recipients, runs
from storage.unit import Unit
from tests.desk.run_seeds import Seeds, half_sent
from tests.desk.staff import Desks, Staffer
from tests.town import Town, town


@dataclass(frozen=True, slots=True)
class Place:
    """A town with somebody of the campaign team."""

    town: Town
    desks: Desks
    seeds: Seeds
    rana: Staffer

    async def state(self, run: int) -> RunState:
        found = await self.town.working.store.read(runs.get, run)
        assert found is not None
        return found.state

    async def logged(self) -> list[tuple[str, int | None]]:
        found = await self.town.working.store.read(audit.newest, 10)
        return [(entry.what, entry.staff) for entry in found]


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with town(sqlite, tmp_path) as opened, Desks(opened) as desks:
        yield Place(opened, desks, Seeds(opened), await desks.hired("رنا", "campaigner", language="en"))


def at(run: int, way: str = "", campaign: int = 5) -> str:
    return f"/desk/campaigns/{campaign}/runs/{run}{way}"


def plain(html: str) -> str:
    """The words of a page without its tags and its frame, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main(html))).split())


def main(html: str) -> str:
    """A page without its frame."""
    return html.partition('<main id="main" tabindex="-1">')[2].partition("</main>")[0]


async def test_it_tells_counts_by_state_and_channel_and_reasons_in_words(place: Place) -> None:
    run = await half_sent(place.seeds)
    said = plain((await place.rana.get(at(run))).text)
    for words in ("Read 4", "Delivered 12", "Still to come 9", "Failed 5", "Uncertain 2", "Together 37"):
        assert words in said
    assert "Telegram 0 12 9" in said
    assert "WhatsApp has paused the template: 1" in said
    assert "Outside WhatsApp's 24 hours, and no template was chosen for it: 2" in said
    assert not re.search(r"\b(63016|63041|63024|hidden|spacing)\b", said)


async def test_a_hidden_chat_reads_like_hours_and_spacing(place: Place) -> None:
    hidden, hours = await place.seeds.run("done"), await place.seeds.run("done")
    await place.seeds.listed(hidden, "skipped", why="hidden")
    await place.seeds.listed(hours, "skipped", why="hours")
    for way in ("", "/now", "/report"):
        pages = [(await place.rana.get(at(run, way))).text.replace(str(run), "RUN") for run in (hidden, hours)]
        assert pages[0] == pages[1]


async def test_who_wrote_and_who_approved_it_is_named_and_the_texts_stand_as_frozen(place: Place) -> None:
    noor = await place.desks.hired("نور", "coordinator")
    run = await place.seeds.run(made_by=place.rana.number, approved_by=noor.number)
    said = (await place.rana.get(at(run))).text
    assert "رنا" in said
    assert "نور" in said
    assert "اختاري ثلاث كلمات لا يجمعها شيء." in said


async def test_no_address_and_no_number_of_a_subscriber_comes_to_the_page(place: Place) -> None:
    run = await half_sent(place.seeds)
    numbers = await place.town.working.store.read(recipients.in_doubt, run)
    assert len(numbers) == 2
    for way in ("", "/now", "/report", "/letters.csv", "/sums.csv"):
        said = (await place.rana.get(at(run, way))).text
        assert "+967" not in said
        assert not [number for number in numbers if str(number) in said]


async def test_the_part_asks_again_while_it_moves_and_stops_when_it_is_done(place: Place) -> None:
    run = await place.seeds.run("waiting", starts_at=place.town.now() + timedelta(minutes=5))
    await place.seeds.listed(run)
    part = (await place.rana.get(at(run, "/now"))).text
    assert 'hx-trigger="every 2s"' in part
    assert "X-Desk-Live" in part
    done = await place.seeds.run("done")
    assert "hx-trigger" not in (await place.rana.get(at(done, "/now"))).text


async def test_beside_the_part_comes_only_what_has_changed(place: Place) -> None:
    run = await half_sent(place.seeds, state="paused")
    whole = (await place.rana.get(at(run, "/now"))).text
    seen = re.search(r"now\?seen=([\w.]+)", whole)
    assert seen is not None
    assert "run-acts" in whole
    again = (await place.rana.get(at(run, f"/now?seen={seen[1]}"))).text
    assert "run-acts" not in again
    await place.rana.post(at(run, "/resume"))
    assert 'id="run-acts"' in (await place.rana.get(at(run, f"/now?seen={seen[1]}"))).text


async def test_before_the_first_letter_the_time_to_it_runs_down(place: Place) -> None:
    run = await place.seeds.run("waiting", starts_at=place.town.now() + timedelta(minutes=9, seconds=59))
    await place.seeds.listed(run)
    assert re.search(r"First letter in 9:5\d", plain((await place.rana.get(at(run))).text))


async def test_whoever_may_approve_takes_it_back_before_its_first_letter(place: Place) -> None:
    run = await place.seeds.run("waiting", starts_at=place.town.now() + timedelta(minutes=9))
    await place.seeds.listed(run)
    answer = await place.rana.post(at(run, "/back"))
    assert (answer.status, answer.goes_to) == (303, at(run))
    assert await place.state(run) == "cancelled"
    assert ("run_cancelled", place.rana.number) in await place.logged()


async def test_after_the_first_letter_it_is_not_taken_back(place: Place) -> None:
    run = await half_sent(place.seeds)
    answer = await place.rana.post(at(run, "/back"))
    assert answer.status == 409
    assert "It has begun already." in answer.text
    assert await place.state(run) == "sending"


@pytest.mark.parametrize("way", ["back", "pause", "resume", "cancel", "retry", "stop-all", "doubt"])
async def test_who_only_composes_follows_it_and_does_nothing(place: Place, way: str) -> None:
    run = await half_sent(place.seeds, state="paused")
    editor = await place.desks.hired("Suha", "content_editor")
    page = await editor.get(at(run))
    assert page.status == 200
    assert f"/{way}" not in main(page.text)
    assert (await editor.post(at(run, f"/{way}"), {"number": "1", "fate": "again"})).status == 403
    assert await place.state(run) == "paused"


async def test_paused_and_let_go_on_and_ended(place: Place) -> None:
    run = await half_sent(place.seeds)
    for way, state in (("pause", "paused"), ("resume", "waiting"), ("cancel", "cancelled")):
        assert (await place.rana.post(at(run, f"/{way}"))).status == 303
        assert await place.state(run) in {state, "sending" if way == "resume" else state}
    said = await place.rana.post(at(run, "/cancel"))
    assert (said.status, "It was over already." in said.text) == (409, True)
    assert {what for what, _ in await place.logged()} >= {"run_paused", "run_resumed", "run_cancelled"}


async def test_stopping_everything_shows_on_every_run(place: Place) -> None:
    run = await half_sent(place.seeds)
    assert (await place.rana.post(at(run, "/stop-all"))).status == 303
    assert await place.town.working.store.read(broadcasts.is_stopped)
    assert "Everything that is being sent is held." in plain((await place.rana.get(at(run))).text)
    assert (await place.rana.post(at(run, "/stop-all"))).status == 409


async def test_what_failed_for_a_while_is_sent_again_and_what_failed_for_good_is_not(place: Place) -> None:
    run = await half_sent(place.seeds, state="paused")
    assert "Send 1 again" in plain((await place.rana.get(at(run))).text)
    assert (await place.rana.post(at(run, "/retry"))).status == 303
    found = await place.town.working.store.read(broadcasts.progress, run, place.town.working.world())
    assert found is not None
    assert (found.counts["failed"], found.counts["pending"]) == (4, 10)


@pytest.mark.parametrize(("fate", "state"), [("sent", "sent"), ("again", "pending")])
async def test_a_person_decides_about_a_letter_in_doubt_by_its_number(place: Place, fate: str, state: str) -> None:
    run = await place.seeds.run("paused")
    await place.seeds.many(run, 6, "delivered")
    number = await place.seeds.listed(run, "doubt", "whatsapp")
    said = plain((await place.rana.get(at(run))).text)
    shown = re.search(r"Letter (\d+) · WhatsApp", said)
    assert shown is not None
    answer = await place.rana.post(at(run, "/doubt"), {"number": shown[1], "fate": fate})
    assert answer.status == 303
    assert await place.town.working.store.read(recipients.state_of, run, number) == state
    assert (await place.rana.post(at(run, "/doubt"), {"number": shown[1], "fate": fate})).status == 409


async def test_after_its_time_a_letter_in_doubt_can_only_be_said_to_have_arrived(place: Place) -> None:
    over = place.town.now() - timedelta(minutes=1)
    run = await place.seeds.run("done", starts_at=over - timedelta(hours=5), ends_at=over)
    await place.seeds.listed(run, "doubt", "whatsapp")
    page = main((await place.rana.get(at(run))).text)
    assert ("It arrived" in page, "Send it again" in page) == (True, False)
    assert (await place.rana.post(at(run, "/doubt"), {"number": "1", "fate": "again"})).status == 409
    assert (await place.rana.post(at(run, "/doubt"), {"number": "1", "fate": "sent"})).status == 303


@pytest.mark.parametrize("number", ["", "0", "999", "-1", "٣", "1e3", "9" * 40, "😀" * 5000, "1; DROP TABLE x"])
async def test_a_forged_letter_in_doubt_is_refused_in_words(place: Place, number: str) -> None:
    run = await half_sent(place.seeds, state="paused")
    answer = await place.rana.post(at(run, "/doubt"), {"number": number, "fate": "again"})
    assert answer.status in {409, 422}
    assert "this letter" in answer.text
    assert (await place.rana.post(at(run, "/doubt"), {"number": "1", "fate": "burn"})).status == 422


@pytest.mark.parametrize("run", ["0", "99", "x", "-1", "9" * 30, "%00", "١"])
@pytest.mark.parametrize("way", ["", "/now", "/report", "/letters.csv"])
async def test_a_run_that_is_none_is_said_in_words(place: Place, run: str, way: str) -> None:
    answer = await place.rana.get(f"/desk/campaigns/5/runs/{run}{way}")
    assert answer.status == 404
    assert answer.text


async def test_a_run_is_found_under_its_own_campaign_only(place: Place) -> None:
    run = await half_sent(place.seeds)
    assert (await place.rana.get(at(run, campaign=6))).status == 404
    assert (await place.rana.post(at(run, "/cancel", campaign=6))).status == 404
    assert await place.state(run) == "sending"


async def test_under_duress_there_is_no_run_and_nothing_is_done(place: Place) -> None:
    run = await half_sent(place.seeds)
    forced = await place.desks.hired("Amal", "campaigner", duress=True)
    for way in ("", "/now", "/report", "/letters.csv", "/sums.csv"):
        answer = await forced.get(at(run, way))
        assert answer.status == 404
        assert "كلمات السر" not in answer.text
    for way in ("back", "pause", "cancel", "retry", "stop-all", "doubt"):
        assert (await forced.post(at(run, f"/{way}"), {"number": "1", "fate": "sent"})).status == 404
    assert await place.state(run) == "sending"


async def test_a_run_whose_readers_are_forgotten_keeps_its_numbers(place: Place) -> None:
    run = await half_sent(place.seeds, state="done")
    long_after = place.town.working.world().rules.broadcasts.recipients_kept + timedelta(days=1)
    await place.town.working.store.write(_aged, run, int(long_after.total_seconds() * 1000))
    for _ in range(3):
        await place.town.working.store.write(broadcast_work.sweep, place.town.working.world())
    said = plain((await place.rana.get(at(run))).text)
    assert "Delivered 12" in said
    assert "has been deleted after its time" in said
    assert (await place.rana.get(at(run, "/report"))).status == 200


def _aged(unit: Unit, run: int, by: int) -> None:
    unit.do("UPDATE runs SET ended_at = ended_at - :by WHERE id = :id", {"id": run, "by": by})


async def test_a_number_of_one_run_is_not_the_number_of_another(place: Place) -> None:
    store = place.town.working.store
    first = await place.seeds.run("done")
    await place.seeds.many(first, 40, "delivered")
    second = await place.seeds.run("done")
    numbers = sorted(await store.read(campaign_report.places, first))
    await store.write(recipients.add, second, [recipients.Listed(one, "telegram", place.town.now()) for one in numbers])
    orders = [await store.read(campaign_report.places, run) for run in (first, second)]
    assert orders[0].keys() == orders[1].keys()
    assert sum(orders[0][one] == orders[1][one] for one in numbers) < 12
    assert orders[0] == await store.read(campaign_report.places, first)


async def test_what_was_refused_leaves_a_page_whose_buttons_and_links_still_lead_to_the_run(place: Place) -> None:
    run = await half_sent(place.seeds)
    refused = main((await place.rana.post(at(run, "/resume"))).text)
    assert f'action="{at(run, "/pause")}"' in refused
    assert f'href="{at(run, "/report")}"' in refused
    assert f'hx-get="{at(run, "/now")}?' in refused
    report = main((await place.rana.get(at(run, "/report"))).text)
    assert all(f'href="{at(run, way)}"' in report for way in ("", "/letters.csv", "/sums.csv"))
