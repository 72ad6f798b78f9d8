"""What a command gathers while it advances the workflow, to be written at its end and told to its
caller."""

from dataclasses import dataclass, field, replace
from typing import Any

from engine import incidents
from engine.incidents import Place, Trouble
from engine.turn.scene import Scene
from engine.types import Decision, Step, Waiting, WorkItem

MAX_ERROR = 4_000  # characters of an error that are kept


@dataclass(slots=True)
class Gathered:
    """Rows and facts, in the order in which they came."""

    scene: Scene
    opened: list[WorkItem] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    remote: list[Waiting] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    # element and code: nobody in the diagram caught them
    escalations: list[list[str]] = field(default_factory=list)
    # the task that a repair tries again: its next failure continues its incident
    mending: str | None = None
    again: dict[str, Any] | None = None  # that failure

    def incident(self, waiting: Waiting, trouble: Trouble) -> None:
        scene = self.scene
        place = Place(waiting.task_id, waiting.process, waiting.element)
        trouble = replace(trouble, error=trouble.error[:MAX_ERROR], input=waiting.data)
        row = incidents.row(
            scene.instance.id, scene.instance.case_key, place, trouble, scene.actor, scene.now
        )
        if waiting.task_id == self.mending:
            self.again = row
        else:
            self.incidents.append(row)
