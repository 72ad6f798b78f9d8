"""Going back to an earlier activity, and stopping an instance. Nothing that was done is removed:
the case goes on from a new token.

Going back is sound when what followed the activity can be taken away as a whole. Two ways in which
it cannot: a join put together the branch of the activity with another branch (that one would be
waited for in vain), or the path that followed was itself taken away by something that still runs.
Into what is over the case goes by opening it again in its middle, which is sound when the activity
once was all that ran there: `engine.spiff.passed` knows.
"""

from collections.abc import Container
from typing import Any

from engine.spiff.data import Wrote
from engine.spiff.middle import set_middle
from engine.spiff.passed import Pass, beginning, entrance, following, passes, root
from engine.spiff.tokens import CANCELLED, COMPLETED
from engine.spiff.workflow import Workflow


def targets(top: Workflow) -> list[Pass]:
    """The latest pass through each activity that people see, oldest first."""
    found = [
        each for workflow in top.workflows() for each in passes(workflow, over=workflow.completed)
    ]
    return sorted(found, key=lambda each: each.since)


def go_back(top: Workflow, target: Pass, kept: Container[str]) -> None:
    """Take away what followed the activity and enter it again, with the variables that it had,
    except those in `kept`.

    `kept` names the results of effects (ids, answers of systems): what was done stays done, so it
    stays known. In what was over and is opened again everything stays as it is now.
    """
    owner, workflow, after = target.owner, target.owner.workflow, following(target)
    anchor, name = root(owner).parent, owner.task_spec.name
    if anchor is None:  # a scope that was opened in its middle goes back to before that
        anchor, name = owner, target.place[0].activity
    for other in list(after.values()):
        other.cancel()
    if not target.place:
        for other in after.values():
            if other.wrote:
                other.wrote = tuple(
                    Wrote(at, {n: v for n, v in values.items() if n in kept})
                    for at, values in other.wrote
                )
                top.touch(other)
        top.replay()
    if workflow.completed:
        workflow.completed = False
        _await_events(workflow)
    again = anchor.add(anchor.task_spec)
    again.own_memory.sent_back = True
    if target.place:
        set_middle(again, target)
    again.become(COMPLETED)
    entry = again.add(entrance(workflow.spec, name))
    entry.task_spec.enter(entry)


def stop(top: Workflow) -> None:
    """Take every token away; the instance is over without having reached an end."""
    for token in list(top.active.values()):
        token.cancel()
    top.completed = True


def _await_events(workflow: Any) -> None:
    """Event sub-processes that waited until the end wait again."""
    latest = {
        token.task_spec.name: token for token in workflow.tasks.values() if token.task_spec.idles
    }
    for token in latest.values():
        if token.state == CANCELLED and not token.memory.begun:
            again = beginning(workflow).add(token.task_spec)
            again.task_spec.enter(again)
