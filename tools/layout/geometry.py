"""Points, segments and boxes of an orthogonal drawing; pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def grown(self, margin: float) -> "Box":
        return Box(
            self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin
        )

    def contains(self, other: "Box") -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: "Box") -> bool:
        """Share an area; a common border is no area."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def crossed_by(self, segment: Segment) -> bool:
        """An orthogonal segment runs through the inside."""
        (x1, y1), (x2, y2) = segment
        across = min(x1, x2) < self.right and max(x1, x2) > self.x
        return across and min(y1, y2) < self.bottom and max(y1, y2) > self.y


def around(boxes: Iterable[Box]) -> Box:
    every = list(boxes)
    x, y = min(b.x for b in every), min(b.y for b in every)
    return Box(x, y, max(b.right for b in every) - x, max(b.bottom for b in every) - y)


def segments(points: Sequence[Point]) -> list[Segment]:
    return list(pairwise(points))


def orthogonal(segment: Segment) -> bool:
    (x1, y1), (x2, y2) = segment
    return x1 == x2 or y1 == y2


def cross(a: Segment, b: Segment) -> bool:
    """One runs across the other; touching ends do not count."""
    (ax1, ay1), (ax2, ay2) = a
    (bx1, by1), (bx2, by2) = b
    if ax1 == ax2 and by1 == by2:
        return min(bx1, bx2) < ax1 < max(bx1, bx2) and min(ay1, ay2) < by1 < max(ay1, ay2)
    return ay1 == ay2 and bx1 == bx2 and cross(b, a)


def overlap(a: Segment, b: Segment) -> float:
    """Length that two segments share."""
    for fixed, free in ((0, 1), (1, 0)):
        if a[0][fixed] == a[1][fixed] == b[0][fixed] == b[1][fixed]:
            (a1, a2), (b1, b2) = (sorted((s[0][free], s[1][free])) for s in (a, b))
            return max(0, min(a2, b2) - max(a1, b1))
    return 0


def simplify(points: Sequence[Point]) -> list[Point]:
    """Drop repeated points and points in the middle of a straight line."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]
        ):
            kept.pop()
        kept.append(point)
    return kept
