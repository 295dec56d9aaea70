"""Decides which governorate a location lies in, and which place her words name.

It never guesses between two places, and keeps nothing finer than a governorate or a district.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from flows.rules import Place, Shape, Taxonomy
from messages.arabic import tokens

Point = tuple[float, float]
NEAR: Final = 0.04
"""Degrees, about 4 km: outlines are coarse, so a location that lies just off one (a harbour) still counts to it."""
BEFORE_A_PLACE: Final = frozenset(
    ["في", "محافظه", "بمحافظه", "مديريه", "بمديريه", "مدينه", "بمدينه", "in", "governorate", "district"]
)
"""Normalised words after which an ambiguous name is a place."""
PROCLITICS: Final = ("وب", "ول", "و", "ف", "ب", "ل")
SHORTEST_WITH_PROCLITIC: Final = 3
"""Letters. باب is a door, and not "in Ibb"."""


# ---------------------------------------------------------------- a shared location


def parse_shapes(geojson: Mapping[str, Any]) -> tuple[Shape, ...]:
    """Return the outlines of a GeoJSON FeatureCollection of MultiPolygons with `properties.code`.

    Raises KeyError, TypeError or ValueError for anything else.
    """
    return tuple(_shape(feature) for feature in geojson["features"])


def governorate_at(latitude: float, longitude: float, shapes: Iterable[Shape]) -> str | None:
    """Return the code of the governorate that holds the location, or lies within about 4 km of it; else None."""
    close = [shape for shape in shapes if _in_box((longitude, latitude), shape)]
    for shape in close:
        if any(_in_polygon((longitude, latitude), polygon) for polygon in shape.polygons):
            return shape.code
    off = [(_distance((longitude, latitude), shape), shape.code) for shape in close]
    return min((found for found in off if found[0] <= NEAR), default=(0.0, None))[1]


def _shape(feature: Mapping[str, Any]) -> Shape:
    polygons = tuple(
        tuple(tuple((float(x), float(y)) for x, y in ring) for ring in polygon)
        for polygon in feature["geometry"]["coordinates"]
    )
    xs, ys = zip(*(point for polygon in polygons for ring in polygon for point in ring), strict=True)
    return Shape(feature["properties"]["code"], (min(xs), min(ys), max(xs), max(ys)), polygons)


def _in_box(point: Point, shape: Shape) -> bool:
    west, south, east, north = shape.box
    return west - NEAR <= point[0] <= east + NEAR and south - NEAR <= point[1] <= north + NEAR


def _in_polygon(point: Point, polygon: Sequence[Sequence[Point]]) -> bool:
    outline, *holes = polygon
    return _in_ring(point, outline) and not any(_in_ring(point, hole) for hole in holes)


def _in_ring(point: Point, ring: Sequence[Point]) -> bool:
    """Count how often a line to the east crosses the ring; odd is inside."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _distance(point: Point, shape: Shape) -> float:
    rings = (ring for polygon in shape.polygons for ring in polygon)
    return min(_off(point, a, b) for ring in rings for a, b in pairwise(ring))


def _off(point: Point, a: Point, b: Point) -> float:
    """Return the distance in degrees from the point to the line between two points; the earth is flat over 4 km."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length if length else 0.0
    along = max(0.0, min(1.0, along))
    return float(((a[0] + along * dx - point[0]) ** 2 + (a[1] + along * dy - point[1]) ** 2) ** 0.5)


# ---------------------------------------------------------------- her words


def named_place(words: str, taxonomy: Taxonomy) -> tuple[str, str | None] | None:
    """Return (governorate, district or None) when her words name one place, in Arabic or English; else None.

    Names count as whole words in sequence, the longest first. Words that name two governorates decide nothing.
    """
    found = list(_found(tokens(words), _names(taxonomy)))
    governorates = {place.governorate or place.code for place in found}
    districts = {place.code for place in found if place.governorate}
    if len(governorates) != 1:
        return None
    return governorates.pop(), districts.pop() if len(districts) == 1 else None


Names = list[tuple[list[str], Place]]


def _names(taxonomy: Taxonomy) -> Names:
    places = (*taxonomy.governorates.values(), *taxonomy.districts.values())
    names = [(tokens(name), p) for p in places for name in (p.ar, p.en, p.short_ar, p.short_en, *p.also) if name]
    return sorted(names, key=lambda named: len(named[0]), reverse=True)


def _found(said: list[str], names: Names) -> Iterator[Place]:
    at = 0
    while at < len(said):
        name, place = next(((n, p) for n, p in names if _stands(n, p, said, at)), ([""], None))
        if place:
            yield place
        at += len(name)


def _stands(name: list[str], place: Place, said: list[str], at: int) -> bool:
    if said[at + 1 : at + len(name)] != name[1:]:
        return False
    if place.ambiguous:
        alone = len(said) == len(name) or (at > 0 and said[at - 1] in BEFORE_A_PLACE)
        return alone and said[at] == name[0]
    return said[at] == name[0] or said[at] in _with_proclitic(name[0])


def _with_proclitic(name: str) -> set[str]:
    if len(name) < SHORTEST_WITH_PROCLITIC:
        return set()
    to_the = {f"لل{name.removeprefix('ال')}"} if name.startswith("ال") else set()
    return {f"{proclitic}{name}" for proclitic in PROCLITICS} | to_the
