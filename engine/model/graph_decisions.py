"""A decision of a graph as a business rule task calls it: from the variables of a case to the
variables that it sets."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from engine.errors import DecisionError, ExpressionError, Finding, Problem, Rule
from engine.feel.names import normal
from engine.feel.plain import given, plain
from engine.feel.values import Feel, Run
from engine.model import decision_tables, xml
from engine.model.decision_graphs import Element, Graph
from engine.model.decision_tables import (
    DMN_CELL,
    DMN_ID_MISSING,
    DMN_NOT_A_TABLE,
    DMN_OUTPUTS,
    Answer,
    Table,
)
from engine.model.expressions import EXPRESSION
from engine.types import Data, Value

DMN_GRAPH: Final = Rule("dmn_graph", "DMN 1.5", ("table", "problem"))

#: What a table may hold that only FEEL reads; whatever else a plain table lacks, it lacks as part
#: of a graph, too.
_OF_CELLS: Final = frozenset({DMN_CELL.code, DMN_OUTPUTS.code, EXPRESSION.code})


@dataclass(frozen=True)
class GraphDecision:
    """`inputs`: the variable of a case that each input data is; `outputs`: the variables that it
    sets, by the columns of its table, or one. `file` and `sha256`: what it was read from, which the
    journal names beside each decision."""

    id: str
    name: str
    graph: Graph = field(repr=False, compare=False)
    element: Element = field(repr=False, compare=False)
    inputs: Mapping[str, Element] = field(repr=False, compare=False)
    outputs: tuple[str, ...]
    columns: tuple[str, ...] = ()
    file: str = ""
    sha256: str = ""

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.inputs)

    def ask(self, data: Data, now: dt.datetime | None = None) -> Answer:
        """An error (a table has no rule for this, or it cannot be computed) is told, not raised."""
        values: dict[str, Value] = {name: data.get(name) for name in self.inputs}
        run = Run(now, strict=True)
        try:
            asked = {
                each.key: given(run, values[name], each.type) for name, each in self.inputs.items()
            }
            result = self._set(run, self.graph.value(self.element, asked, run))
        except ExpressionError as error:
            return Answer(values, (), None, DecisionError.about(error.problem, table=self.id))
        except DecisionError as error:
            return Answer(values, (), None, error)
        except RecursionError:
            return Answer(values, (), None, DecisionError("nested_too_deeply", table=self.id))
        return Answer(values, tuple(run.rules.get(self.element.key, ())), result)

    def _set(self, run: Run, found: Feel) -> dict[str, Value]:
        """Of several rules of several columns: a list for each column."""
        if len(self.columns) <= 1:
            return {self.outputs[0]: plain(run, found)}
        pairs = list(zip(self.outputs, self.columns, strict=True))
        if isinstance(found, list):
            return {name: [plain(run, each[column]) for each in found] for name, column in pairs}
        return {
            name: plain(run, found[column] if isinstance(found, dict) else None)
            for name, column in pairs
        }


def variable(name: str) -> str:
    """The variable of a case that has this name: "Monthly Payment" is Monthly_Payment."""
    return name if name.isidentifier() else re.sub(r"\W+", "_", name).strip("_")


def read(
    file: str, root: etree._Element, others: Iterable[etree._Element] = ()
) -> tuple[list[Table], list[GraphDecision], list[Finding]]:
    """The decisions of a file, which all have to be sound: as plain tables where all of them are
    such, as they were read before there were graphs; else as a graph, which may import `others`. Of
    tables alone, which are none for want of input data or of more than what only FEEL reads, what
    is told is what a table lacks."""
    tables, found = decision_tables.read(file, root)
    decisions = root.findall(f"{{{xml.namespace(root)}}}decision")
    declared = root.find(f"{{{xml.namespace(root)}}}inputData") is not None
    if decisions and len(tables) == len(decisions):
        return [replace(table, open=declared) for table in tables], [], found
    if not decisions and not _is_library(root):
        return [], [], found
    graphs, problems = _read_graph(file, root, others)
    plain = not declared or any(each.rule not in _OF_CELLS for each in found)
    if _only_tables(root, decisions) and (problems or plain):
        return tables, [], found
    return [], graphs, problems


def _is_library(root: etree._Element) -> bool:
    """It has what other files import."""
    space = f"{{{xml.namespace(root)}}}"
    return any(
        root.find(space + name) is not None for name in ("businessKnowledgeModel", "itemDefinition")
    )


def _only_tables(root: etree._Element, decisions: Sequence[etree._Element]) -> bool:
    space = f"{{{xml.namespace(root)}}}"
    more = any(
        root.find(space + name) is not None
        for name in ("businessKnowledgeModel", "decisionService", "import")
    )
    return not more and all(each.find(space + "decisionTable") is not None for each in decisions)


def _read_graph(
    file: str, root: etree._Element, others: Iterable[etree._Element]
) -> tuple[list[GraphDecision], list[Finding]]:
    try:
        graph = Graph(root, others)
    except ExpressionError as error:
        return [], [DMN_GRAPH.at(file, None, table="", problem=error.problem)]
    own = [each for each in graph.elements.values() if each.file is graph.main]
    findings = [finding for element in own for finding in _faults(file, graph, element)]
    decisions = [_decision(graph, each) for each in own if each.kind == "decision" and each.decides]
    # its value is null, and no diagram may name it
    silent = DMN_NOT_A_TABLE.as_warning() if decisions else DMN_NOT_A_TABLE
    told = [
        silent.at(file, each.id or None, table=each.name)
        for each in own
        if each.kind == "decision" and not each.decides
    ]
    return ([] if findings else decisions), [*findings, *told]


def _faults(file: str, graph: Graph, element: Element) -> Iterator[Finding]:
    unknown = [
        Problem("feel_name_unknown", {"name": name}) for name in dict.fromkeys(element.unknown)
    ]
    for problem in [element.problem] if element.problem is not None else unknown:
        yield DMN_GRAPH.at(file, element.id or None, table=element.name, problem=problem)
    if element.kind != "decision" or element.problem is not None:
        return
    decision, named = _decision(graph, element), [each.name for each in graph.inputs_of(element)]
    if not element.id:
        yield DMN_ID_MISSING.at(file, None, table=element.name)
    if len(set(decision.outputs)) < len(decision.columns) or not all(
        map(str.isidentifier, decision.outputs)
    ):
        yield DMN_OUTPUTS.at(
            file, element.id or None, table=element.name, outputs=" ".join(decision.outputs)
        )
    if len(decision.inputs) < len(named) or not all(map(str.isidentifier, decision.inputs)):
        yield DMN_GRAPH.at(
            file,
            element.id,
            table=element.name,
            problem=Problem("feel_not_evaluated", {"construct": ", ".join(named)}),
        )


def _decision(graph: Graph, element: Element) -> GraphDecision:
    table = element.node.find(element.file.space + "decisionTable")
    columns = (
        ()
        if table is None
        else tuple(
            normal(each.get("name", "")) for each in table.findall(element.file.space + "output")
        )
    )
    inputs = {variable(each.name): each for each in graph.inputs_of(element)}
    named = element.node.find(element.file.space + "variable")
    own = variable(("" if named is None else named.get("name", "")) or element.name)
    outputs = tuple(map(variable, columns)) if all(columns) and columns else (own,)
    return GraphDecision(element.id, element.name, graph, element, inputs, outputs, columns)
