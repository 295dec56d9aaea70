"""The report of a run: how it went over time, by state, reason, channel and language, and what followed it; and as CSV.

It shows sums only. What followed, and cases above all, comes rounded, and nothing at all below what the rules allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from babel.dates import format_datetime
from starlette.responses import Response

from console.desk import plots, run_page
from console.desk.campaign_csv import Cell, download
from console.desk.guard import Way
from console.desk.run_page import Wanted, arrived, moment
from console.desk.run_words import ORDER, RUNS, STATES, reason, reasons
from console.desk.visit import Visit
from handlers import campaign_report, campaign_run
from handlers.campaign_report import Report, Sum
from handlers.campaign_run import Running
from handlers.words import CHANNEL
from messages import Text, raw, t
from messages.catalog import LOCALES

HERE: Final = "/desk/campaigns/{campaign}/runs/{run}"
LANGUAGES: Final = {"ar": t("Arabic"), "en": t("English"), "": t("has left since")}
_AXIS: Final = {"ar": "EEE d MMM، h:mm a", "en": "EEE d MMM, h:mm a"}
_HOUR: Final = "y-MM-dd HH:00"
_PER_CENT: Final = 100


async def show(visit: Visit) -> Response:
    """The page."""
    wanted, running = await _look(visit)
    if wanted is None or running is None:
        return visit.page("run_gone.html", 404)
    report = await visit.read(campaign_report.report, wanted.run, visit.world())
    return visit.page("run_report.html", **_shown(visit, wanted, running, report))


async def _look(visit: Visit) -> tuple[Wanted | None, Running | None]:
    wanted = run_page.wanted(visit)
    if wanted is None or visit.session.duress:
        return None, None
    return wanted, await visit.read(campaign_run.look, wanted.campaign, wanted.run, visit.world())


def _shown(visit: Visit, wanted: Wanted, running: Running, report: Report) -> dict[str, Any]:
    progress = running.progress
    return {
        "run_at": wanted.address,
        "progress": progress,
        "title": run_page.title(visit, running),
        "report": report,
        "state": RUNS[progress.state],
        "states": STATES,
        "order": [state for state in ORDER if progress.counts.get(state)],
        "state_bars": plots.bars(progress.counts),
        "reasons": _bars(visit, reasons(progress.reasons)),
        "line": plots.line(report.grew, report.until) if report.until else None,
        "arrived": arrived(progress.counts),
        "few": running.few,
        "share": _share(progress.taps, arrived(progress.counts)),
        "channels": CHANNEL,
        "languages": LANGUAGES,
        "smallest": visit.world().rules.broadcasts.smallest,
        "state_word": lambda name: visit.say(STATES[name]),
        "plain": str,
        "moment": lambda at: moment(visit, at),
        "axis": lambda at: _written(visit, at, _AXIS[visit.language]),
        "as_sum": lambda one: visit.say(_sum(visit, one)),
    }


def _bars(visit: Visit, found: Sequence[tuple[Text, int]]) -> Sequence[plots.Bar]:
    return plots.bars({visit.say(why): count for why, count in found})


def _share(part: int, whole: int) -> int:
    """Per cent, rounded; 0 of nothing."""
    return round(_PER_CENT * part / whole) if whole else 0


def _sum(visit: Visit, one: Sum) -> Text:
    if one.about is None:
        return t("fewer than {smallest}", smallest=visit.world().rules.broadcasts.smallest)
    return t("about {count}", count=one.about)


def _written(visit: Visit, at: datetime, shape: str) -> str:
    return format_datetime(at, shape, visit.desk.zone, LOCALES[visit.language])


# ---------------------------------------------------------------- tables to take out


async def letters(visit: Visit) -> Response:
    """One row for each letter, without anything that tells whose it was."""
    wanted, running = await _look(visit)
    if wanted is None or running is None:
        return visit.page("run_gone.html", 404)
    found = await visit.read(campaign_report.letters, wanted.run)
    await visit.write(campaign_run.exported, wanted.run, visit.member.id, visit.world())
    return download("letters", _letters(visit, found, few=running.few))


def _letters(visit: Visit, found: Sequence[tuple[int, Any]], *, few: bool) -> Iterator[Sequence[Cell]]:
    """Where there are `few`, nothing of what a reader did."""
    said = visit.say
    yield [said(word) for word in _LETTERS]
    yes, no = said(t("yes")), said(t("no"))
    for number, row in found:
        channel = said(CHANNEL.get(row.channel, raw(row.channel)))
        state = said(STATES["delivered" if few and row.state == "read" else row.state])
        why = said(reason(row.why)) if row.why else ""
        left = _written(visit, row.sent_at, _HOUR) if row.sent_at else ""
        yield number, channel, state, why, left, "" if few else yes if row.tapped else no


async def sums(visit: Visit) -> Response:
    """The report's sums."""
    wanted, running = await _look(visit)
    if wanted is None or running is None:
        return visit.page("run_gone.html", 404)
    report = await visit.read(campaign_report.report, wanted.run, visit.world())
    await visit.write(campaign_run.exported, wanted.run, visit.member.id, visit.world())
    return download("sums", _sums(visit, running, report))


def _sums(visit: Visit, running: Running, report: Report) -> Iterator[Sequence[Cell]]:
    progress, said = running.progress, visit.say
    yield said(t("What")), said(t("Of what")), said(t("How many"))
    yield said(t("Name")), progress.name, ""
    yield said(t("Begins")), _written(visit, progress.starts_at, "y-MM-dd HH:mm"), ""
    yield said(t("Together")), "", progress.total
    for state in ORDER:
        if progress.counts.get(state):
            yield said(t("State")), said(STATES[state]), progress.counts[state]
    for why, count in reasons(progress.reasons):
        yield said(t("Why not, or not yet")), said(why), count
    yield said(t("Pressed a button")), "", said(_sum(visit, Sum(None))) if running.few else progress.taps
    for channel, counts in sorted(progress.channels.items()):
        yield said(t("Arrived, by channel")), said(CHANNEL.get(channel, raw(channel))), arrived(counts)
    for language, counts in sorted(report.languages.items()):
        yield said(t("Arrived, by language")), said(LANGUAGES[language]), arrived(counts)
    if report.followed:
        for words, one in zip(_FOLLOWED, _followed(report), strict=True):
            yield said(words), "", said(_sum(visit, one))


def _followed(report: Report) -> Sequence[Sum]:
    one = report.followed
    return () if one is None else (one.subscribed, one.left, one.cases_before, one.cases)


_LETTERS: Final = (
    t("Number"),
    t("Channel"),
    t("State"),
    t("Reason"),
    t("Hour in which it left"),
    t("Pressed a button"),
)
_FOLLOWED: Final = (
    t("Subscribed in the 72 hours after"),
    t("Stopped everything in the 72 hours after"),
    t("New cases in the 72 hours before"),
    t("New cases in the 72 hours after"),
)
WAYS: tuple[Way, ...] = (
    Way(f"{HERE}/report", show, "compose"),
    Way(f"{HERE}/letters.csv", letters, "compose"),
    Way(f"{HERE}/sums.csv", sums, "compose"),
)
"""What this page can do."""
