"""Says what each role may do at the desk, as a closed list of rights; what is not named is refused.

It never looks at a case: whose case it is, is asked beside this.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Role = Literal[
    "focal_point",
    "case_worker",
    "coordinator",
    "national_desk",
    "campaigner",
    "content_editor",
    "key_holder",
    "auditor",
    "partner_viewer",
    "body_government",
    "body_cso",
    "community_leader",
]
"""Accounts at the desk (capabilities 1.2). The women who write to us have none: they are `people`."""
Right = Literal[
    "own", "cases", "rota", "organise", "audit", "compose", "approve", "publish", "moderate", "answer", "leaders"
]
"""own: her own account · cases: read and work on cases that she was given · rota: see and arrange who is on call ·
organise: see load and gaps, hand cases out without reading them, invite · audit: read the log of everything ·
compose: write, preview, test and follow campaigns · approve: be the second person · publish: pause, stop, calendar,
media, templates · moderate: read the question box first · answer: what was passed on · leaders: their own page."""
ROLES: Final[tuple[Role, ...]] = get_args(Role)
RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    "focal_point": frozenset({"own", "cases", "rota"}),
    "case_worker": frozenset({"own", "cases"}),
    "coordinator": frozenset({"own", "cases", "rota", "organise", "compose", "approve", "publish", "moderate"}),
    "national_desk": frozenset({"own", "cases", "rota"}),
    "campaigner": frozenset({"own", "compose", "approve", "publish", "moderate"}),
    "content_editor": frozenset({"own", "compose"}),
    "key_holder": frozenset({"own"}),
    "auditor": frozenset({"own", "audit"}),
    "partner_viewer": frozenset({"own"}),
    "body_government": frozenset({"own", "answer"}),
    "body_cso": frozenset({"own", "answer"}),
    "community_leader": frozenset({"own", "answer", "leaders"}),
}
"""One person never has all of it: who holds the recovery key is no administrator, who audits works on no case."""
READS_CASES: Final = frozenset(role for role, rights in RIGHTS.items() if "cases" in rights)
"""Roles that may be given a case."""


def may(role: str, right: Right) -> bool:
    """Whether a role has a right; an unknown role has none."""
    return right in RIGHTS.get(role, frozenset())  # type: ignore[call-overload]
