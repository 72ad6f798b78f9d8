"""All files of a release, read, before they are checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.model.decision_tables import Table
from engine.model.graph_decisions import GraphDecision
from engine.model.vocabulary import Diagram, Process

#: What a release carries beside diagrams and tables: parts of packages, for whoever knows how to
#: read them. Kept and versioned, never run.
PARTS: Final = (".toml", ".txt", ".md", ".csv", ".po")


def is_part(name: str) -> bool:
    return name.endswith(PARTS)


@dataclass(slots=True)
class ReleaseFiles:
    diagrams: dict[str, Diagram] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    file_of: dict[str, str] = field(default_factory=dict)  # process -> file
    tables: dict[str, Table] = field(default_factory=dict)
    # decisions of files that a table reader alone does not read
    graphs: dict[str, GraphDecision] = field(default_factory=dict)
    table_files: dict[str, str] = field(default_factory=dict)
    parts: Mapping[str, bytes] = field(default_factory=dict)  # texts of packages
    # call of a global task -> file of that task
    global_files: dict[str, str] = field(default_factory=dict)

    def decision(self, id_: str | None) -> Table | GraphDecision | None:
        """What a business rule task names."""
        return self.tables.get(id_ or "") or self.graphs.get(id_ or "")

    def add(self, diagram: Diagram) -> None:
        self.diagrams[diagram.file] = diagram
        for process in diagram.processes:
            self.processes.setdefault(process.id, process)
            self.file_of.setdefault(process.id, diagram.file)

    def calls(self, process: str) -> set[str]:
        found = (
            element.called
            for element in self.processes[process].elements.values()
            if element.type == "callActivity"
        )
        return {called for called in found if called in self.processes}

    def closure(self, process: str) -> set[str]:
        """The process and all that it calls, directly or not."""
        seen, todo = {process}, [process]
        while todo:
            new = self.calls(todo.pop()) - seen
            seen |= new
            todo += new
        return seen
