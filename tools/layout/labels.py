"""Names beside events and gateways, and on flows: the free place that disturbs least."""

import math
from collections.abc import Iterable, Iterator
from typing import Final

from tools.layout.geometry import Box, Segment, segments
from tools.layout.sheet import Sheet

LINE: Final = 14
WIDEST: Final = 94
CHAR: Final = 6.1
CAPITAL: Final = 6.8
GAP: Final = 5
SIDE: Final = 8  # from the line that leaves a corner
ORDER: Final = {
    "Event": ("b", "t", "br", "bl", "tr", "tl", "r", "l"),
    "Gateway": ("t", "b", "tr", "tl", "br", "bl"),
}


def text_size(name: str) -> tuple[float, float]:
    """Width and height of a name as bpmn-js breaks it: whole words, at most 90 pixels wide."""
    lines, used = [0.0], False
    for word in name.split():
        width = len(word) * CHAR
        if used and lines[-1] + CHAR + width > WIDEST:
            lines.append(width)
        else:
            lines[-1] += width + (CHAR if used else 0)
        used = True
    return max(24, math.ceil(max(lines)) + 6), LINE * len(lines)


def first_guess(sheet: Sheet) -> None:
    """Before routing: where names will probably stand, so that flows keep away."""
    for id_, node in sheet.nodes.items():
        if node.labelled:
            side, box = next(_places(sheet, id_))
            del side
            sheet.labels[id_] = box


def settle(sheet: Sheet) -> None:
    """After routing: nodes first, then flows; each takes the first place with the smallest
    damage."""
    sheet.labels.clear()
    for id_, node in sheet.nodes.items():
        if node.labelled:
            wish = sheet.grid.get("labels", {}).get(id_)
            places = list(_places(sheet, id_))
            sheet.labels[id_] = next((box for side, box in places if side == wish), None) or _best(
                sheet, id_, [box for _, box in places]
            )
    for id_, flow in sheet.flows.items():
        if flow.name:
            sheet.labels[id_] = _best(sheet, id_, _on_flow(sheet, id_))


def title_groups(sheet: Sheet) -> None:
    """The title of a group stands in a corner of its frame, or at the middle of an edge."""
    for group, box in sheet.group_boxes.items():
        width = len(sheet.groups[group]) * CAPITAL + 10
        xs = box.x + 4, box.right - width - 4, box.middle[0] - width / 2
        places = [
            Box(round(x), round(y), round(width), LINE)
            for y in (box.bottom - LINE - 3, box.y + 3)
            for x in xs
        ]
        sheet.labels[group] = _best(sheet, group, places)


def _places(sheet: Sheet, id_: str) -> Iterator[tuple[str, Box]]:
    node, shape = sheet.nodes[id_], sheet.boxes[id_]
    width, height = text_size(node.name)
    left, centre, right = shape.x - width - GAP, shape.middle[0] - width / 2, shape.right + GAP
    above, middle, below = shape.y - height - GAP, shape.middle[1] - height / 2, shape.bottom + GAP
    (cx, cy), reach = shape.middle, shape.height / 2 - 4
    east, west, north, south = cx + SIDE, cx - SIDE - width, cy - reach - height, cy + reach
    spots = {
        "b": (centre, below), "t": (centre, above), "r": (right, middle), "l": (left, middle),
        "br": (east, south), "bl": (west, south), "tr": (east, north), "tl": (west, north),
    }  # fmt: skip
    order: tuple[str, ...] = ORDER["Gateway" if node.tag.endswith("Gateway") else "Event"]
    if node.host is not None:
        below, above = shape.middle[1] + 5, shape.middle[1] - 5 - height
        spots |= {
            "br": (right, below),
            "bl": (left, below),
            "tr": (right, above),
            "tl": (left, above),
        }
        order = (
            ("tr", "tl") if sheet.grid.get("boundary", {}).get(id_, "b")[0] == "t" else ("br", "bl")
        )
    wish = sheet.grid.get("labels", {}).get(id_)
    for side in sorted(order, key=lambda s: s != wish) if wish else order:
        yield side, Box(round(spots[side][0]), round(spots[side][1]), width, height)


def _on_flow(sheet: Sheet, id_: str) -> Iterator[Box]:
    flow = sheet.flows[id_]
    width, height = text_size(flow.name)
    for (x1, y1), (x2, y2) in segments(sheet.routes[id_])[:3]:
        if y1 == y2:
            step = 1 if x2 > x1 else -1
            for start in range(
                12 if flow.is_default else 6, max(13, int(abs(x2 - x1)) - int(width)), 8
            ):
                x = x1 + step * start if step > 0 else x1 - start - width
                yield Box(round(x), y1 - height - 3, width, height)
                yield Box(round(x), y1 + 4, width, height)
        else:
            step = 1 if y2 > y1 else -1
            for start in range(
                12 if flow.is_default else 4, max(13, int(abs(y2 - y1)) - int(height)), 8
            ):
                y = y1 + start if step > 0 else y1 - start - height
                yield Box(x1 + 6, round(y), width, height)
                yield Box(x1 - width - 6, round(y), width, height)


def _best(sheet: Sheet, id_: str, places: Iterable[Box]) -> Box:
    return min(places, key=lambda box: _damage(sheet, id_, box))


def _damage(sheet: Sheet, id_: str, box: Box) -> float:
    near = box.grown(1)
    shapes = sum(
        near.meets(other) for node, other in sheet.boxes.items() if node not in (*sheet.frames, id_)
    )
    borders = sum(near.crossed_by(edge) for edge in _borders(sheet))
    lines = sum(
        box.crossed_by(piece) for route in sheet.routes.values() for piece in segments(route)
    )
    others = sum(near.meets(other) for label, other in sheet.labels.items() if label != id_)
    notes = sum(near.meets(other) for other in sheet.note_boxes.values())
    return 100 * shapes + 60 * others + 60 * notes + 40 * lines + 30 * borders


def _borders(sheet: Sheet) -> Iterator[Segment]:
    frames = [sheet.boxes[frame] for frame in sheet.frames]
    for box in (*sheet.lane_boxes.values(), *frames):
        corners = (box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)
        yield from zip(corners, (*corners[1:], corners[0]), strict=True)
