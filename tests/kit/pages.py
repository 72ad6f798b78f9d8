"""Rows of the documents, whether a page writes them as a table or, where cells are long, as a list:
`- **first cell**`, then a line for each other cell, named by its column."""

import re
from collections.abc import Iterator


def rows(text: str) -> Iterator[list[str]]:
    row: list[str] = []
    for line in [*text.splitlines(), ""]:
        first = re.match(r"- \*\*(.+?)\*\*(?:: (.*))?$", line)
        if row and (cell := re.match(r"  - (?:[^:`]+: )?(.*)$", line)):
            row.append(cell[1])
        elif row and line.startswith("  "):
            row[-1] += f" {line.strip()}"
        elif row:
            yield row
            row = []
        if first:
            row = [cell for cell in first.groups() if cell is not None]
        elif line.startswith("| "):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
