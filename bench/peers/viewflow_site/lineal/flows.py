"""n tasks in a row, each a form view that is given to the same person."""

from typing import Any

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow.views import UpdateProcessView

from lineal.models import LinealProcess


def lineal(steps: int) -> Any:
    nodes: dict[str, Any] = {
        "process_class": LinealProcess,
        "start": flow.StartHandle().Next(this.t1),
        "end": flow.End(),
    }
    for n in range(1, steps + 1):
        following = getattr(this, f"t{n + 1}") if n < steps else this.end
        nodes[f"t{n}"] = (
            flow.View(UpdateProcessView.as_view(fields=["ok", "texto"]))
            .Assign(username="bench")
            .Next(following)
        )
    return type(f"Lineal{steps}Flow", (flow.Flow,), {**nodes, "__module__": __name__})


Lineal10Flow = lineal(10)  # found by their names in this module
Lineal11Flow = lineal(11)
Lineal20Flow = lineal(20)
Lineal200Flow = lineal(200)
FLOWS = {10: Lineal10Flow, 11: Lineal11Flow, 20: Lineal20Flow, 200: Lineal200Flow}
