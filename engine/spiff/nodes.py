# mypy: disallow-subclassing-any=False
"""What the elements of a diagram do when a token reaches them: activities, splits, starts and
ends."""

from typing import Any, ClassVar, Final

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import (
    BoundaryEventSplit,
    BpmnStartTask,
    SimpleBpmnTask,
    _EndJoin,
)
from SpiffWorkflow.bpmn.specs.mixins import CallActivityMixin, SubWorkflowTaskMixin
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from engine.model.decision_tables import Table
from engine.model.due import due_at, priority_of
from engine.model.graph_decisions import GraphDecision
from engine.spiff import compensation, middle, passed
from engine.spiff.data import detached
from engine.spiff.throwing import throw_error
from engine.spiff.tokens import COMPLETED, STARTED, WAITING, Token
from engine.spiff.workflow import Caught
from engine.states import StepState
from engine.types import Decision

BEGIN: Final = ".start"
FINISH: Final = ".finish"


class Core:
    """Takes the place of TaskSpec's machinery: nothing is predicted, and what fails on entering
    stays as a failure."""

    manual: bool
    joins: ClassVar[bool] = False  # waits for other tokens
    ends: ClassVar[bool] = False  # a token here is at an end of its scope
    idles: ClassVar[bool] = False  # waits from the beginning of its scope and does not keep it open
    chooses: ClassVar[bool] = False  # puts the tokens on its outgoing flows itself
    serves: ClassVar[bool] = False  # STARTED means: its result comes from a handler
    shown: ClassVar[bool] = False  # an activity as people see it: a case may be sent back to it
    # what runs inside has variables of its own, and gives them back when it is over
    calls: ClassVar[bool] = False
    holds: ClassVar[bool] = False  # what runs inside it are its children: they go with it
    # the event gateway that begins an instance with one of its events and waits for the others
    gateway: str | None = None
    awaits = False  # a start that something outside has to set off
    undo: str | None = None  # the activity that compensates it
    repeats: ClassVar[bool] = False  # the whole of a loop or of a multi-instance activity
    undone_inside: ClassVar[bool] = False  # compensating it compensates what was completed inside
    hidden = False  # nobody drew it, or the path says it elsewhere

    @property
    def throws(self) -> bool:
        """Somebody else in the instance may catch what it throws."""
        return False

    def enter(self, my_task: Token) -> None:
        """A token arrives, or what failed on arriving is tried again."""
        try:
            if self.arrive(my_task):
                my_task.ready()
        except Caught as error:
            my_task.workflow.top_workflow.fail(my_task, error, "enter")

    def arrive(self, my_task: Token) -> bool:  # noqa: ARG002 - others look at it
        """True: the token may go on at once."""
        return True

    def work(self, _: Token) -> bool | None:
        return True

    def leave(self, my_task: Token) -> None:
        """What happens right after the element is done."""

    def remember(self, my_task: Token) -> None:
        """What must be known later of the completion of this element."""

    def idle(self, _: Token) -> bool:
        """A token that waits here does not keep its scope open."""
        return self.idles

    def reports(self, _: Token, state: str) -> bool:
        """Whether its end belongs to the path that people see."""
        return state == StepState.DONE and not self.hidden


class Node(Core, BpmnSpecMixin):
    """A plain element: the token passes."""


class Activity(Node):
    def remember(self, my_task: Token) -> None:
        compensation.remember(my_task)

    def reports(self, token: Token, state: str) -> bool:
        # its handlers are reported
        undoing = token.memory.undoing is not None and self.undone_inside
        return state in (StepState.DONE, StepState.CANCELLED) and not undoing


class Work(Activity):
    """A user or manual task. Its due date and priority must be computable when it opens."""

    shown = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manual = True
        self.due: str | None = None
        self.priority: str | None = None

    def arrive(self, my_task: Token) -> bool:
        top = my_task.workflow.top_workflow
        functions = top.script_engine.environment.functions
        due_at(self.due, my_task.data, functions, top.now, top.zone)
        priority_of(self.priority, my_task.data, functions, top.now)
        return True


class Service(Activity):
    """Stays STARTED until the command completes it with what the handler gave."""

    serves = True

    def work(self, _: Token) -> bool | None:
        return None


class Rule(Activity):
    table: Table | GraphDecision

    def work(self, my_task: Token) -> bool | None:
        """What it decides is told to the journal; what nobody catches is an incident, and told
        there."""
        table, top = self.table, my_task.workflow.top_workflow
        answer = table.ask(my_task.data, top.now)
        if answer.error is not None and not throw_error(my_task, answer.error.code):
            raise answer.error
        my_task.write(answer.result or {})
        problem = "" if answer.error is None else answer.error.problem.code
        inputs = detached(answer.inputs)
        top.decisions.append(
            Decision(
                self.bpmn_id,
                table.id,
                table.file,
                table.sha256,
                answer.rules,
                inputs,
                answer.result,
                problem,
            )
        )
        return True


class SubProcess(SubWorkflowTaskMixin, Activity):
    """An embedded sub-process: sees all variables and gives back all changes."""

    undone_inside = True
    shown = True
    transaction = False
    holds = True

    def child_done(self, my_task: Token, child: Token) -> None:
        """What an event sub-process undoes around it runs under it."""
        compensation.child_done(my_task, child)

    def arrive(self, my_task: Token) -> bool:
        my_task.become(STARTED)
        top = my_task.workflow.top_workflow
        sub = top.create_subprocess(my_task, self.spec)
        top.begin(
            sub,
            {n: v for n, v in sub.spec.initial.items() if n not in my_task.data},
            middle=middle.middle(my_task),
        )
        return False

    def forget(self, my_task: Token, sub: Any) -> None:
        """What ran inside is over."""
        passed.record(my_task, sub)


class Call(CallActivityMixin, Activity):
    """A called process: it begins with the initial values of what the caller does not have; what it
    writes the caller has at its end."""

    calls = True
    shown = True
    transaction = False
    arrive = SubProcess.arrive
    forget = SubProcess.forget


class Split(Core, BoundaryEventSplit):
    """Stands before an activity with boundary events: the activity is entered first, then they are
    armed."""

    def work(self, _: Token) -> bool | None:
        return True

    def reports(self, *_: Any) -> bool:
        return False


class Begin(Core, BpmnStartTask):
    chooses = True
    holds = True

    def work(self, my_task: Token) -> bool | None:
        """A sub-process that is compensated only runs handlers."""
        handlers = my_task.memory.handlers
        if handlers is None:
            return True
        compensation.begin(my_task, handlers.left)
        return None

    def child_done(self, my_task: Token, child: Token) -> None:
        compensation.child_done(my_task, child)

    def undone(self, my_task: Token) -> None:
        my_task.become(COMPLETED)
        my_task.workflow.top_workflow.finish(my_task.workflow)

    def leave(self, my_task: Token) -> None:
        """At the start that was chosen; else, as when it is called, at the one that waits for
        nothing."""
        chosen = my_task.memory.start
        plain = [spec for spec in self.outputs if not spec.awaits]
        instead = middle.enter_middle(my_task)
        if instead is not None:
            begun = [instead] if chosen in (None, instead.name) else []
        elif chosen is None:
            begun = plain or self.outputs
        else:
            first = self._wf_spec.task_specs[chosen]
            begun = [
                spec
                for spec in self.outputs
                if spec is first or (first.gateway is not None and spec.gateway == first.gateway)
            ]
        for spec in begun:
            token = my_task.add(spec)
            if spec.name == chosen:
                token.own_memory.chosen = True
        for name in self._wf_spec.event_sub_processes:
            my_task.add(self._wf_spec.task_specs[name])

    def reports(self, *_: Any) -> bool:
        return False


class Finish(Core, SimpleBpmnTask):
    """SpiffWorkflow's last task; tokens end one step before it."""

    def reports(self, *_: Any) -> bool:
        return False


class EndJoin(Core, _EndJoin):
    """Tokens wait here until no other is left in their scope."""

    ends = True

    def arrive(self, my_task: Token) -> bool:
        """Of those that came by one way the latest stays: so the reminders of a cycle do not pile
        up, however many they become."""
        way = my_task.parent.task_spec
        for other in my_task.workflow.top_workflow.tokens(my_task.workflow):
            if (
                other.task_spec is self
                and other is not my_task
                and other.state == WAITING
                and other.parent.task_spec is way
            ):
                other.cancel()
        my_task.become(WAITING)
        return False

    def join(self, tokens: list[Token]) -> bool:
        """The scope is over; what only waited for something to happen in it goes."""
        workflow = tokens[-1].workflow
        top = workflow.top_workflow
        for token in top.tokens(workflow):
            token.cancel()
        top.finish(workflow)
        return True

    def reports(self, *_: Any) -> bool:
        return False


def harden(spec: BpmnProcessSpec) -> None:
    """Give the tasks that every parsed process starts and ends with our behaviour."""
    spec.start.__class__ = Begin
    spec.end.__class__ = EndJoin
    spec.task_specs[FINISH].__class__ = Finish


def free_names(spec: BpmnProcessSpec) -> None:
    """Right after a spec is made: leave the names Start and End to the diagram."""
    spec.event_sub_processes = []
    spec.undone_by = None
    for old, new in (("Start", BEGIN), ("End", FINISH)):
        task_spec = spec.task_specs.pop(old)
        task_spec.name = new
        spec.task_specs[new] = task_spec
    spec.end.outputs = [spec.task_specs[FINISH]]
    spec.task_specs[FINISH].inputs = [spec.end]


class Removed(Core):
    """What stands in the place of an element that a release no longer has, where a case passed before
    it was moved there: a mark in its history; no token that still moves may stand on it."""

    manual = False

    def __init__(self, name: str) -> None:
        self.name = self.bpmn_id = name

    def reports(self, *_: object) -> bool:
        return False
