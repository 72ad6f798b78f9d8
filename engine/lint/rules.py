"""The list of all rules: each is a constant beside the check that it names, one module a family."""

from collections.abc import Mapping
from types import ModuleType
from typing import Final

from engine.errors import Rule
from engine.lint import (
    beside,
    cases,
    choreography,
    collaboration,
    contents,
    conversations,
    data,
    drawing,
    events,
    flows,
    inputs,
    kinds,
    lanes,
    parts,
    references,
    resources,
    schema,
    standard,
    tables,
    tasks,
    values,
    variables,
)
from engine.model import decision_tables, expressions, graph_decisions, vocabulary, xml

#: What is read before it is judged, then the judgement.
FAMILIES: Final[tuple[ModuleType, ...]] = (
    *(xml, vocabulary, expressions, decision_tables, graph_decisions),
    *(
        schema,
        contents,
        parts,
        references,
        resources,
        collaboration,
        conversations,
        choreography,
        drawing,
        data,
    ),
    *(
        standard,
        flows,
        events,
        tasks,
        inputs,
        cases,
        variables,
        beside,
        values,
        kinds,
        tables,
        lanes,
    ),
)
#: code → rule
RULES: Final[Mapping[str, Rule]] = {
    rule.code: rule
    for family in FAMILIES
    for rule in vars(family).values()
    if isinstance(rule, Rule)
}
