"""The codes the association sorts by, each with its names in Arabic and English.

Values only: what a code leads to is decided elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flows.ladder import Level

UNKNOWN: Final = "unknown"
"""The code that a skipped question counts as."""
NONE_OF_THESE: Final = "none_of_these"
LONGEST_LABEL: Final = 24
"""Characters of a label on a button or a list row (WhatsApp's list row title)."""
LONGEST_ABOUT: Final = 72
"""Characters of a list row's description (WhatsApp)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A code with its names. `short_*` are at most 24 characters, for buttons; empty where the name itself fits."""

    code: str
    ar: str
    en: str
    short_ar: str = ""
    short_en: str = ""

    @property
    def label(self) -> Mapping[str, str]:
        """Its full name by language."""
        return {"ar": self.ar, "en": self.en}

    @property
    def short(self) -> Mapping[str, str]:
        """What stands on its button, by language."""
        return {"ar": self.short_ar or self.ar, "en": self.short_en or self.en}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat(Term):
    """A kind of threat, with the domain it is counted under and the urgency that the code alone gives."""

    domain: str
    urgency: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Door(Term):
    """One of the ten first choices of a report: a line about it, and the threats and signs offered behind it."""

    about_ar: str
    about_en: str
    kinds: tuple[str, ...]

    @property
    def about(self) -> Mapping[str, str]:
        """Its description by language, at most 72 characters."""
        return {"ar": self.about_ar, "en": self.about_en}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Term):
    """A governorate, or a district (then `governorate` is set).

    `also` are other names for it. An `ambiguous` name is an everyday word or a person's name as well.
    """

    governorate: str = ""
    pcode: str
    iso: str = ""
    also: tuple[str, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Term):
    """Something she may wish for, with the track of help it belongs to."""

    track: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder(Term):
    """A kind of body that can help; `kind` is its class (association, civil_society, government, ...)."""

    kind: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Every code with its names, by group, in the order of the file. `who` and `wish` are the short lists offered."""

    doors: Mapping[str, Door]
    signs: Mapping[str, Term]
    threats: Mapping[str, Threat]
    perpetrators: Mapping[str, Term]
    governorates: Mapping[str, Place]
    districts: Mapping[str, Place]
    place_kinds: Mapping[str, Term]
    needs: Mapping[str, Need]
    responders: Mapping[str, Responder]
    circles: Mapping[str, Term]
    who: tuple[str, ...]
    wish: tuple[str, ...]

    @property
    def door_kinds(self) -> Mapping[str, tuple[str, ...]]:
        """By door: the codes of threats and signs offered behind it, the most decisive first, at most eight."""
        return {code: door.kinds for code, door in self.doors.items()}

    def term(self, code: str, group: str = "") -> Term:
        """Return the code's term. Raises KeyError for a code that is nowhere.

        A few codes stand in several groups (`other`, `prefer_not_say`, `health_facility`): name the group
        ("place_kinds") to say which, else the first in the order above is taken.
        """
        for name in (group,) if group else GROUPS:
            found: Mapping[str, Term] = getattr(self, name)
            if code in found:
                return found[code]
        raise KeyError(code)

    def label(self, code: str, group: str = "") -> Mapping[str, str]:
        """Return the code's full name by language; see `term`."""
        return self.term(code, group).label

    def short(self, code: str, group: str = "") -> Mapping[str, str]:
        """Return what stands on the code's button, by language; see `term`."""
        return self.term(code, group).short

    def districts_of(self, governorate: str) -> tuple[str, ...]:
        """Return the codes of the governorate's districts that we know (today only those of Marib)."""
        return tuple(code for code, place in self.districts.items() if place.governorate == governorate)


GROUPS: Final = (
    "doors",
    "signs",
    "threats",
    "perpetrators",
    "governorates",
    "districts",
    "place_kinds",
    "needs",
    "responders",
    "circles",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A governorate's outline: polygons, each a ring and its holes, of (longitude, latitude) in degrees (WGS 84)."""

    code: str
    box: tuple[float, float, float, float]
    """West, south, east, north."""
    polygons: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]
