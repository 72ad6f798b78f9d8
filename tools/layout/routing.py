"""Orthogonal paths for the flows of a sheet: a shortest path each on a net of lanes between the
shapes.

A path pays for length, bends, crossings, shared stretches and busy ports, and never runs through a
shape. The flows are routed one after the other, short ones first; in each further round every flow
is taken away and routed again, so that early ones yield to later ones.
"""

import heapq
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from tools.layout.geometry import Box, Point, overlap, simplify
from tools.layout.sheet import AWAY, TASK, Flow, Sheet, frame_title

ROUNDS: Final = 3
CLEARANCE: Final = 8
NEAR: Final = 6
BEND: Final = 55
CROSSING: Final = 260
TOGETHER: Final = 4000  # one stretch that is shared with a flow that goes elsewhere
# factor on the length of a stretch shared with a flow that has the same target
MERGING: Final = 1.2
LABEL: Final = 0.6  # factor on the length of a stretch under a text
DOCK: Final = 24  # pixels between two flows that come into one side of an activity
BESIDE: Final = (-40, -20, 0, 20, 40)  # tracks in the gutters between columns and rows
STRAIGHT: Final = 2  # points of a line without a bend
_SIDES: Final = "rbtl"

Spot = tuple[int, int]  # numbers of a vertical and a horizontal line of the net
Edge = tuple[Spot, bool]  # from a spot, rightwards when true, else downwards


@dataclass(slots=True)
class _Port:
    spot: Spot
    side: str
    cost: float


@dataclass(slots=True)
class Router:
    """Lines of the net, and who runs where."""

    sheet: Sheet
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)
    # stretch from (k, l) to (k + 1, l)
    across: dict[Spot, set[str]] = field(default_factory=lambda: defaultdict(set))
    # stretch from (k, l) to (k, l + 1)
    down: dict[Spot, set[str]] = field(default_factory=lambda: defaultdict(set))
    leaving: Counter[tuple[str, str]] = field(default_factory=Counter)
    entering: Counter[tuple[str, str]] = field(default_factory=Counter)
    sides: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sheet = self.sheet
        ports = [self._point(node, side) for node in sheet.boxes for side in AWAY]
        column_lines = [x + d for x in sheet.columns for d in BESIDE]
        row_lines = [y + d for y in sheet.rows for d in BESIDE]
        row_lines += [frame_title(sheet, frame).bottom + 2 * CLEARANCE for frame in sheet.frames]
        border = {
            y
            for box in (*sheet.lane_boxes.values(), *sheet.pool_boxes.values())
            for y in (box.y, box.bottom)
        }
        self.xs = _net({x for x, _ in ports}, column_lines, set())
        self.ys = _net({y for _, y in ports}, row_lines, border)

    def route(self) -> None:
        for _ in range(ROUNDS):
            for flow in sorted(self.sheet.flows.values(), key=self._distance):
                self._take_away(flow)
                self._find(flow)
        self._dock()

    # --- one flow ---------------------------------------------------------------------------------
    def _find(self, flow: Flow) -> None:
        walls = _Walls(self, flow)
        starts = list(self._ports(flow, flow.source, leaving=True))
        goals = {
            (port.spot, port.side): port.cost
            for port in self._ports(flow, flow.target, leaving=False)
        }
        spots = self._search(flow, walls, starts, goals)
        points = simplify([(self.xs[k], self.ys[n]) for k, n in spots])
        self.sheet.routes[flow.id] = points
        for one, other in pairwise(spots):
            stretches, at = (
                (self.across, min(one, other))
                if one[1] == other[1]
                else (self.down, min(one, other))
            )
            stretches[at].add(flow.id)
        out, into = _side(points[0], points[1]), _side(points[-1], points[-2])
        self.sides[flow.id] = out, into
        self.leaving[flow.source, out] += 1
        self.entering[flow.target, into] += 1

    def _search(
        self, flow: Flow, walls: "_Walls", starts: list[_Port], goals: dict[tuple[Spot, str], float]
    ) -> list[Spot]:
        ends = [spot for spot, _ in goals]
        queue: list[tuple[float, float, Spot, str]] = []
        best: dict[tuple[Spot, str], float] = {}
        came: dict[tuple[Spot, str], tuple[Spot, str] | None] = {}
        for port in starts:
            best[port.spot, port.side] = port.cost
            came[port.spot, port.side] = None
            heapq.heappush(
                queue, (port.cost + self._left(port.spot, ends), port.cost, port.spot, port.side)
            )
        opposite = {"r": "l", "l": "r", "t": "b", "b": "t"}
        finish: tuple[float, tuple[Spot, str]] | None = None
        while queue:
            estimate, cost, spot, heading = heapq.heappop(queue)
            if finish is not None and estimate >= finish[0]:
                break
            if cost > best[spot, heading]:
                continue
            arrival = goals.get((spot, opposite[heading]))
            if (
                arrival is not None
                and came[spot, heading] is not None
                and (finish is None or cost + arrival < finish[0])
            ):
                finish = cost + arrival, (spot, heading)
            for turn, after, price in self._steps(
                flow, walls, spot, heading, first=came[spot, heading] is None
            ):
                total = cost + price
                if total < best.get((after, turn), float("inf")):
                    best[after, turn] = total
                    came[after, turn] = spot, heading
                    heapq.heappush(queue, (total + self._left(after, ends), total, after, turn))
        if finish is None:
            raise ValueError(f"no way for {flow.id}")
        path: list[Spot] = []
        state: tuple[Spot, str] | None = finish[1]
        while state is not None:
            path.append(state[0])
            state = came[state]
        return path[::-1]

    def _steps(
        self, flow: Flow, walls: "_Walls", spot: Spot, heading: str, *, first: bool
    ) -> Iterator[tuple[str, Spot, float]]:
        k, n = spot
        for turn, (dx, dy) in AWAY.items():
            if first and turn != heading:
                continue
            if AWAY[heading] == (-dx, -dy):
                continue
            after = k + dx, n + dy
            if not (0 <= after[0] < len(self.xs) and 0 <= after[1] < len(self.ys)):
                continue
            at = min(spot, after)
            if walls.closed((at, dx != 0)):
                continue
            length = abs(self.xs[after[0]] - self.xs[k]) + abs(self.ys[after[1]] - self.ys[n])
            price = length + BEND * (turn != heading) + walls.toll((at, dx != 0))
            price += self._company(flow, at, after, length, horizontal=dx != 0)
            yield turn, after, price

    def _company(
        self, flow: Flow, at: Spot, after: Spot, length: float, *, horizontal: bool
    ) -> float:
        """What it costs to share this stretch, and to meet others where it ends."""
        own, other = (self.across, self.down) if horizontal else (self.down, self.across)
        price = 0.0
        for rival in own.get(at, ()):
            same = self.sheet.flows[rival].target == flow.target
            price += MERGING * length if same else TOGETHER
        k, n = after
        before = (k, n - 1) if horizontal else (k - 1, n)
        for rival in other.get(after, set()) | other.get(before, set()):
            price += 0 if self.sheet.flows[rival].target == flow.target else CROSSING
        return price

    def _left(self, spot: Spot, ends: list[Spot]) -> float:
        return min(
            abs(self.xs[spot[0]] - self.xs[k]) + abs(self.ys[spot[1]] - self.ys[n]) for k, n in ends
        )

    # --- ports ------------------------------------------------------------------------------------
    def _ports(self, flow: Flow, node: str, *, leaving: bool) -> Iterator[_Port]:
        wish = self.sheet.grid.get("flows", {}).get(flow.id, ">").split(">")[0 if leaving else 1]
        for side in wish or self._open_sides(node):
            price = self._price(flow, node, side, leaving=leaving)
            for point in self._points(node, side):
                yield _Port(
                    (bisect_left(self.xs, point[0]), bisect_left(self.ys, point[1])), side, price
                )

    def _open_sides(self, node: str) -> str:
        if self.sheet.nodes[node].host is None:
            return _SIDES
        return str(self.sheet.grid.get("boundary", {}).get(node, "b")[0])

    def _price(self, flow: Flow, node: str, side: str, *, leaving: bool) -> float:
        busy_out, busy_in = self.leaving[node, side] > 0, self.entering[node, side] > 0
        onward = self.sheet.boxes[flow.target].middle[0] >= self.sheet.boxes[flow.source].middle[0]
        if leaving:
            against = side == ("l" if onward else "r")
            return (
                300 * busy_out
                + 350 * busy_in
                + 120 * against
                + 40 * (flow.is_default and onward and side != "r")
            )
        return 350 * busy_out + 80 * busy_in + 120 * (side == ("r" if onward else "l"))

    def _points(self, node: str, side: str) -> Iterator[Point]:
        """Middle of the side; of an expanded sub-process also other places on it."""
        box = self.sheet.boxes[node]
        yield self._point(node, side)
        if node in self.sheet.frames:
            x, y = self._point(node, side)
            if side in "tb":
                yield from ((k, y) for k in self.xs if box.x + 30 < k < box.right - 30)
            else:
                yield from ((x, n) for n in self.ys if box.y + 30 < n < box.bottom - 30)

    def _point(self, node: str, side: str) -> Point:
        box, (dx, dy) = self.sheet.boxes[node], AWAY[side]
        x, y = box.middle
        return x + dx * box.width / 2, y + dy * box.height / 2

    # --- docks ------------------------------------------------------------------------------------
    def _dock(self) -> None:
        """Flows that come into one side of an activity at one point get a point each, unless they
        have come together before."""
        arriving: dict[tuple[str, Point], list[str]] = defaultdict(list)
        for flow in self.sheet.flows.values():
            if self.sheet.nodes[flow.target].size == TASK and flow.target not in self.sheet.frames:
                arriving[flow.target, self.sheet.routes[flow.id][-1]].append(flow.id)
        for (node, _), flows in arriving.items():
            if len(flows) > 1:
                self._spread(node, flows)

    def _spread(self, node: str, flows: list[str]) -> None:
        """Who comes straight keeps the middle; of those from one hand, the nearer its last turn the
        further out."""
        routes = self.sheet.routes
        # the coordinate that a dock may change
        free = 0 if _side(routes[flows[0]][-1], routes[flows[0]][-2]) in "tb" else 1
        bundles: list[list[str]] = []
        for flow in flows:
            friend = next((b for b in bundles if _together(routes[b[0]], routes[flow])), None)
            bundles.append([flow]) if friend is None else friend.append(flow)

        def place(bundle: list[str]) -> tuple[int, float]:
            points = routes[bundle[0]]
            if len(points) == STRAIGHT:
                return 0, 0
            hand = 1 if points[-3][free] > points[-1][free] else -1
            return hand, -hand * abs(points[-2][1 - free] - points[-1][1 - free])

        bundles.sort(key=place)
        straight = next((k for k, b in enumerate(bundles) if len(routes[b[0]]) == STRAIGHT), None)
        middle = (len(bundles) - 1) / 2 if straight is None else straight
        room = self.sheet.boxes[node].width if free == 0 else self.sheet.boxes[node].height
        gap = min(DOCK, room / (len(bundles) + 1))
        for k, bundle in enumerate(bundles):
            for flow in bundle if k != middle else ():
                points = routes[flow]
                wished, along = points[-1][free] + (k - middle) * gap, points[-3][free]
                # no jog that is smaller than the way to the next dock
                place_at = along if abs(along - wished) < gap else wished
                for end in (-1, -2):
                    points[end] = (
                        (place_at, points[end][1]) if free == 0 else (points[end][0], place_at)
                    )
                routes[flow] = simplify(points)

    # --- order ------------------------------------------------------------------------------------
    def _distance(self, flow: Flow) -> float:
        (sx, sy), (tx, ty) = (
            self.sheet.boxes[flow.source].middle,
            self.sheet.boxes[flow.target].middle,
        )
        return abs(sx - tx) + abs(sy - ty) + (2000 if tx < sx else 0)

    def _take_away(self, flow: Flow) -> None:
        if flow.id not in self.sides:
            return
        out, into = self.sides.pop(flow.id)
        self.leaving[flow.source, out] -= 1
        self.entering[flow.target, into] -= 1
        for stretches in (self.across, self.down):
            for users in stretches.values():
                users.discard(flow.id)


class _Walls:
    """Where one flow may not run (shapes, frames) and where it should not (names beside shapes,
    notes)."""

    def __init__(self, router: Router, flow: Flow) -> None:
        sheet = router.sheet
        self.xs, self.ys = router.xs, router.ys
        self.shapes: list[Box] = []
        open_frames = {s for end in (flow.source, flow.target) for s in _scopes(sheet, end)}
        for id_, box in sheet.boxes.items():
            if id_ in open_frames:
                continue
            if id_ in (flow.source, flow.target):
                self.shapes.append(box.grown(-1))
            elif (
                sheet.nodes[id_].scope not in sheet.frames or sheet.nodes[id_].scope in open_frames
            ):
                near = sheet.nodes[id_].host in (flow.source, flow.target) or id_ in (
                    sheet.nodes[flow.source].host,
                    sheet.nodes[flow.target].host,
                )
                self.shapes.append(box.grown(1 if near else CLEARANCE))
        self.shapes += [frame_title(sheet, frame) for frame in sheet.frames]
        common = _scopes(sheet, flow.source) & _scopes(sheet, flow.target)
        self.frame = min(
            (sheet.boxes[f].grown(-4) for f in common), key=lambda b: b.width, default=None
        )
        pool = sheet.pool_boxes.values()
        self.sheet_frame = next(
            (
                p
                for p in pool
                if p.contains(sheet.boxes[flow.source]) and p.contains(sheet.boxes[flow.target])
            ),
            None,
        )
        self.soft = [box.grown(2) for box in (*sheet.labels.values(), *sheet.note_boxes.values())]
        self.soft += [edge for group in sheet.group_boxes.values() for edge in _edges(group)]
        self._known: dict[Edge, tuple[bool, float]] = {}

    def closed(self, edge: Edge) -> bool:
        return self._look(edge)[0]

    def toll(self, edge: Edge) -> float:
        return self._look(edge)[1]

    def _look(self, edge: Edge) -> tuple[bool, float]:
        found = self._known.get(edge)
        if found is None:
            (k, n), horizontal = edge
            start = self.xs[k], self.ys[n]
            stop = (self.xs[k + 1], self.ys[n]) if horizontal else (self.xs[k], self.ys[n + 1])
            segment = start, stop
            wall = (
                any(box.crossed_by(segment) for box in self.shapes)
                or not self._allowed(*start)
                or not self._allowed(*stop)
            )
            length = stop[0] - start[0] + stop[1] - start[1]
            found = wall, LABEL * length * any(box.crossed_by(segment) for box in self.soft)
            self._known[edge] = found
        return found

    def _allowed(self, x: float, y: float) -> bool:
        for frame, slack in ((self.frame, 0.0), (self.sheet_frame, 10.0)):
            if frame is not None and not (
                frame.x + slack < x < frame.right - slack
                and frame.y + slack < y < frame.bottom - slack
            ):
                return False
        return True


def _edges(box: Box) -> list[Box]:
    """The dashes of a group: a flow may cross them but should not run along them."""
    wide, high = box.width + 2 * NEAR, box.height + 2 * NEAR
    across = [Box(box.x - NEAR, y - NEAR, wide, 2 * NEAR) for y in (box.y, box.bottom)]
    return [*across, *(Box(x - NEAR, box.y - NEAR, 2 * NEAR, high) for x in (box.x, box.right))]


def _scopes(sheet: Sheet, node: str) -> set[str]:
    """The sub-processes around an element."""
    found = set()
    while (scope := sheet.nodes[node].scope) in sheet.nodes:
        found.add(scope)
        node = scope
    return found


def _net(ports: set[float], gutters: list[float], forbidden: set[float]) -> list[float]:
    """Lines through all ports, and tracks that keep their distance from them and from borders."""
    lines = set(ports)
    for line in gutters:
        if all(abs(line - other) >= CLEARANCE for other in forbidden) and all(
            abs(line - other) >= CLEARANCE for other in lines
        ):
            lines.add(line)
    return sorted(lines)


def _together(one: list[Point], other: list[Point]) -> bool:
    """Two routes share more than their last piece."""
    return (
        min(len(one), len(other)) > STRAIGHT
        and overlap((one[-3], one[-2]), (other[-3], other[-2])) > 0
    )


def _side(port: Point, beside: Point) -> str:
    dx, dy = beside[0] - port[0], beside[1] - port[1]
    return next(
        side
        for side, (ax, ay) in AWAY.items()
        if (dx > 0) - (dx < 0) == ax and (dy > 0) - (dy < 0) == ay
    )
