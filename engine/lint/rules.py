"""The list of all rules: each is a constant beside the check that it names, one module a family."""

from collections.abc import Mapping
from types import ModuleType
from typing import Final

from engine.errors import Rule
from engine.lint import beside
from engine.lint import cases
from engine.lint import choreography
from engine.lint import collaboration
from engine.lint import contents
from engine.lint import conversations
from engine.lint import data
from engine.lint import drawing
from engine.lint import events
from engine.lint import flows
from engine.lint import inputs
from engine.lint import kinds
from engine.lint import lanes
from engine.lint import parts
from engine.lint import references
from engine.lint import resources
from engine.lint import schema
from engine.lint import standard
from engine.lint import tables
from engine.lint import tasks
from engine.lint import values
from engine.lint import variables
from engine.model import decision_tables
from engine.model import expressions
from engine.model import graph_decisions
from engine.model import vocabulary
from engine.model import xml

#: What is read before it is judged, then the judgement.
FAMILIES: Final[tuple[ModuleType, ...]] = (
    *(xml, vocabulary, expressions, decision_tables, graph_decisions),
    *(schema, contents, parts, references, resources, collaboration, conversations, choreography, drawing, data),
    *(standard, flows, events, tasks, inputs, cases, variables, beside, values, kinds, tables, lanes),
)
#: code → rule
RULES: Final[Mapping[str, Rule]] = {rule.code: rule for family in FAMILIES for rule in vars(family).values() if isinstance(rule, Rule)}
