"""GET /desk/campaigns/courses: how far the courses reach and what they change, in figures without persons.

Under duress it shows the courses and no figure.
"""

from __future__ import annotations

from starlette.responses import Response

from console.desk.guard import Way
from console.desk.visit import Visit
from handlers import courses


async def show(visit: Visit) -> Response:
    """The courses with their figures."""
    found = () if visit.session.duress else await visit.read(courses.figures, visit.world())
    return visit.page("campaign_courses.html", courses=found, smallest=visit.world().rules.broadcasts.smallest)


WAYS: tuple[Way, ...] = (Way("/desk/campaigns/courses", show, "compose"),)
