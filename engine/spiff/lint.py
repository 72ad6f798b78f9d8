"""What would not run as drawn is refused, with the element, a rule code and the facts; screens make the sentence."""

from collections.abc import Container
from collections.abc import Iterator

from engine.errors import Finding
from engine.spiff import dmn
from engine.spiff.world import World
from engine.types import Functions


def check(world: World, *, handlers: Container[str], forms: Container[str], functions: Functions) -> Iterator[Finding]:
    for name, table in world.tables.items():
        yield from dmn.check(world.table_files[name], table)
