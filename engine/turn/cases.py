"""What a command says of its case: gathered while it runs, given once, when it is written, to the
register of cases.

A process that opens no cases costs nothing here, and a command that tells nothing new writes
nothing.
"""

from collections.abc import Iterator, Mapping

from engine.errors import Conflict, ExpressionError
from engine.model.expressions import compile_expression
from engine.model.timers import is_literal
from engine.states import ENDED, InstanceStatus
from engine.turn.scene import Scene
from engine.turn.workflow import Workflow
from engine.types import CaseDue, CaseNews, CaseSpec, Data, ElementSpec, FieldSpec, Told, Value

DUE = "due"
NOTHING: Data = {}


class CaseTeller:
    """One for a turn. `spec` is None where the process opens no cases, or runs for a case that
    another one opened."""

    __slots__ = ("_before", "_found_by", "_scene", "_told", "_was", "_workflow", "spec")

    def __init__(self, scene: Scene, workflow: Workflow) -> None:
        self._scene, self._workflow = scene, workflow
        process = workflow.release.processes.get(scene.instance.process)
        own = scene.instance.case_key == scene.instance.id
        self.spec: CaseSpec | None = (
            process.case if process is not None and own and scene.cases is not None else None
        )
        self._was = scene.instance.status
        self._before: Data = {}
        self._told: dict[str, Told] = {}
        self._found_by: list[tuple[str, str, Told]] = []

    def watch(self) -> None:
        """Variables as they are before the command advances the workflow."""
        if self.spec is not None:
            self._before = self._variables()

    def hear(self, element: ElementSpec, values: Data) -> None:
        """A form, or what came with a message."""
        if self.spec is None:
            return
        fields = {field.name: field for field in element.fields}
        for part, name in self.spec.names.items():
            if name in values:
                self._told[part] = _told(values[name], fields.get(name))
        found = (
            (name, field.label, _told(values[name], field))
            for name, field in fields.items()
            if field.search and name in values
        )
        self._found_by.extend(found)

    def open(self, data: Data) -> Data:
        """The case begins, with what is known before its first step; what the process declares of
        the answer becomes its variables."""
        if self.spec is None or self._scene.cases is None:
            return data
        process = self._workflow.release.processes[self._scene.instance.process]
        known = {**process.initial, **data}
        self._tell(known)
        self._tell_due(known)
        given = self._scene.cases.opened(self._news(self.spec, known))
        self._told, self._found_by = {}, []
        self._before = {name: known.get(name) for name in self._names()}
        return {
            **data,
            **{name: value for name, value in given.items() if name in process.variables},
        }

    def postpone(self, detail: dict[str, Value], due: CaseDue | None) -> None:
        """The legal term is another from here on; the journal says which it was. Conflict: somebody
        moved it meanwhile."""
        if self.spec is None or self._scene.cases is None or due is None:
            return
        if self._scene.cases.due(self._scene.session, self._scene.instance.case_key) != due.before:
            raise Conflict
        self._told[DUE] = Told(due.after.isoformat(), "")
        detail["case_due"] = [
            None if due.before is None else due.before.isoformat(),
            due.after.isoformat(),
        ]

    def so_far(self, data: Data) -> Mapping[str, Told]:
        """What the command has told of the case by now, and the register does not know yet; `data`:
        variables of the task that asks."""
        return self._heard(
            {
                name: data[name]
                for name in self._names()
                if name in data and data[name] != self._before.get(name)
            }
        )

    def write(self) -> None:
        """At the end of the command, when everything else is written."""
        if self.spec is None or self._scene.cases is None:
            return
        now = self._variables()
        new = {name: value for name, value in now.items() if value != self._before.get(name)}
        self._tell(new)
        if self.spec.due is not None and (new.keys() & _reads(self.spec.due)):
            self._tell_due(self._workflow.live.variables())
        status = self._scene.instance.status
        if self._told or self._found_by or (status in ENDED) != (self._was in ENDED):
            self._scene.cases.changed(self._news(self.spec))

    def _news(self, spec: CaseSpec, data: Data = NOTHING) -> CaseNews:
        scene, instance = self._scene, self._scene.instance
        about = (instance.case_key, instance.process, spec, InstanceStatus(instance.status))
        return CaseNews(
            scene.session,
            scene.now,
            scene.actor,
            *about,
            dict(self._told),
            scene.enqueue,
            tuple(self._found_by),
            data,
        )

    def _variables(self) -> Data:
        variables = self._workflow.live.variables()
        return {name: variables.get(name) for name in self._names()}

    def _names(self) -> Iterator[str]:
        if self.spec is not None:
            yield from self.spec.names.values()
            yield from _reads(self.spec.due)

    def _tell(self, values: Data) -> None:
        self._told = self._heard(values)

    def _heard(self, values: Data) -> dict[str, Told]:
        """What a form has told in this command stays: it has the words of its options."""
        if self.spec is None:
            return {}
        return {
            **{
                part: _told(values[name], None)
                for part, name in self.spec.names.items()
                if values.get(name) is not None
            },
            **self._told,
        }

    def _tell_due(self, variables: Data) -> None:
        """Nothing while what it is counted from is not known yet."""
        if self.spec is None or self.spec.due is None:
            return
        try:
            due = self._workflow.release.when(self.spec.due, variables, self._scene.now)
        except ExpressionError:
            return
        if due is not None:
            self._told[DUE] = Told(due.isoformat(), "")


def _told(value: Value, field: FieldSpec | None) -> Told:
    words = dict(field.options).get(str(value)) if field is not None else None
    return Told(value, words or ("" if value is None else str(value)))


def _reads(due: str | None) -> frozenset[str]:
    return frozenset() if due is None or is_literal(due) else compile_expression(due).names
