"""Draw hand-written BPMN files: python -m tools.layout bpmn/m5_1_02/*.bpmn
bpmn/m5_1_02/supuestos/*.bpmn

Each file needs a grid of the same name in tools/layout/grids (see sheet.py). The diagram in the
file is replaced. A tool for the author of a diagram, never run at deploy: analysts keep the
positions that they choose in the editor.
"""

import json
import sys
from pathlib import Path

from lxml import etree

from tools.layout import check, labels, sheet as sheets
from tools.layout.diagram import Writer
from tools.layout.routing import Router

GRIDS = Path(__file__).parent / "grids"


def draw(path: Path) -> check.Drawing:
    tree = etree.parse(path)
    sheet = sheets.read(
        tree.getroot(), json.loads((GRIDS / f"{path.stem}.json").read_text("utf-8"))
    )
    sheets.place(sheet)
    labels.first_guess(sheet)
    sheets.frame_groups(sheet)
    Router(sheet).route()
    labels.settle(sheet)
    sheets.frame_groups(sheet)
    labels.title_groups(sheet)
    Writer(tree.getroot(), sheet).write()
    tree.write(path, encoding="UTF-8", xml_declaration=True)
    path.write_bytes(
        path.read_bytes()
        .replace(
            b"<?xml version='1.0' encoding='UTF-8'?>", b'<?xml version="1.0" encoding="UTF-8"?>', 1
        )
        .rstrip()
        + b"\n"
    )
    return check.read(tree.getroot())


if __name__ == "__main__":
    for name in sys.argv[1:]:
        drawing = draw(Path(name))
        sys.stdout.write(f"{name}: {drawing.summary()}\n")
        for problem in drawing.problems():
            sys.stdout.write(f"  {problem}\n")
