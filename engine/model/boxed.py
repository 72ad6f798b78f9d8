"""Boxed expressions of DMN (1.5, 7.3.2 and 10.2.2): literal expressions, contexts, invocations,
lists, relations, functions, tables, conditionals, filters and iterators become code that gives a
value of FEEL."""

from collections.abc import Callable, Sequence
from typing import Final

from lxml import etree

from engine.errors import ExpressionError
from engine.feel.evaluate import choose, compiled, invoke, iterate
from engine.feel.names import Names, normal
from engine.feel.parser import expression, unary_tests
from engine.feel.types import ANY, Type, conform, taken
from engine.feel.values import Code, Env, Feel, Function, Run, nothing
from engine.model import boxed_tables, xml
from engine.model.item_types import ItemTypes


class Boxes:
    """Reads the boxed expressions of an element (`inside_of`: its key). `unknown`: names that
    nothing gives, which are null."""

    def __init__(self, space: str, types: ItemTypes, members: Names, key: str, name: str) -> None:
        self.space, self.types, self.members, self.inside_of, self.name = (
            space,
            types,
            members,
            key,
            name,
        )
        self.unknown: list[str] = []

    # --- texts ------------------------------------------------------------------------------------
    def feel(self, text: str, names: Names) -> Code:
        tree, unknown = expression(text, names, self.members, self.types.names)
        self.unknown += unknown
        return compiled(tree, self.types.known)

    def tests(self, text: str, names: Names) -> Code:
        tree, unknown = unary_tests(text, names, self.members, self.types.names)
        self.unknown += unknown
        return compiled(tree, self.types.known)

    def text(self, node: etree._Element | None) -> str:
        """What stands in the `text` of an element. ExpressionError: it is in another language."""
        if node is None:
            return ""
        language = (
            node.get("expressionLanguage")
            or node.getroottree().getroot().get("expressionLanguage")
            or "feel"
        )
        if not language.lower().rstrip("/").endswith("feel"):
            raise ExpressionError("feel_not_evaluated", construct=language)
        return xml.text(node.find(self.space + "text"))

    # --- boxes ------------------------------------------------------------------------------------
    def inside(self, node: etree._Element) -> list[etree._Element]:
        """The expressions that stand directly in an element."""
        return [
            each
            for each in node
            if isinstance(each.tag, str)
            and each.tag.startswith(self.space)
            and xml.local(each) in _READERS
        ]

    def only(self, node: etree._Element | None, names: Names) -> Code:
        """Of the one expression in an element; without any, null."""
        found = [] if node is None else self.inside(node)
        return self.code(found[0], names) if found else nothing

    def code(self, node: etree._Element, names: Names) -> Code:
        return _READERS[xml.local(node)](self, node, names)

    def part(self, node: etree._Element, name: str, names: Names) -> Code:
        return self.only(node.find(self.space + name), names)

    def literal(self, node: etree._Element, names: Names) -> Code:
        text = self.text(node)
        return self.feel(text, names) if text else nothing

    def context(self, node: etree._Element, names: Names) -> Code:
        """Each entry sees those before it; one without a name is the result."""
        entries: list[tuple[str, Code, Type | None]] = []
        known = Names((), names)
        for each in node.findall(self.space + "contextEntry"):
            variable = each.find(self.space + "variable")
            name = "" if variable is None else normal(variable.get("name", ""))
            if each.find(self.space + "functionDefinition") is not None:
                known.add(name)  # a function sees its own name
            entries.append(
                (
                    name,
                    self.only(each, known),
                    None if variable is None else self.types.of(variable.get("typeRef")),
                )
            )
            self.members.add(name)
            known.add(name)

        def make(env: Env) -> Feel:
            found: dict[str, Feel] = {}
            inner = Env(env.run, found, env)
            for name, value, type_ in entries:
                env.run.spend()
                if not name:
                    return value(inner)
                found[name] = conform(env.run, value(inner), type_)
            return found

        return make

    def invocation(self, node: etree._Element, names: Names) -> Code:
        function = self.only(node, names)
        bindings = node.findall(self.space + "binding")
        given = [self.only(each, names) for each in bindings]
        named = [normal(each.find(self.space + "parameter").get("name", "")) for each in bindings]
        return lambda env: invoke(env, function(env), [each(env) for each in given], named)

    def list_(self, node: etree._Element, names: Names) -> Code:
        items = [self.code(each, names) for each in self.inside(node)]
        return lambda env: env.run.items([each(env) for each in items])

    def relation(self, node: etree._Element, names: Names) -> Code:
        columns = [normal(each.get("name", "")) for each in node.findall(self.space + "column")]
        for name in columns:
            self.members.add(name)
        rows = [
            [self.code(each, names) for each in self.inside(row)]
            for row in node.findall(self.space + "row")
        ]
        if any(len(row) != len(columns) for row in rows):
            raise ExpressionError("feel_not_evaluated", construct="relation")
        return lambda env: env.run.items(
            [{name: cell(env) for name, cell in zip(columns, row, strict=True)} for row in rows]
        )

    def function(self, node: etree._Element, names: Names) -> Code:
        """`functionDefinition` and `encapsulatedLogic`. The parameters are all that its body adds
        to what it sees."""
        if (node.get("kind") or "FEEL") != "FEEL":
            raise ExpressionError("feel_not_evaluated", construct=node.get("kind"))
        parameters = node.findall(self.space + "formalParameter")
        own = tuple(normal(each.get("name", "")) for each in parameters)
        wanted = [self.types.of(each.get("typeRef")) for each in parameters]
        body = self.only(node, Names(own, names))
        given = next((self.types.of(each.get("typeRef")) for each in self.inside(node)), None)
        return lambda env: function(own, wanted, given, body, env)

    def table(self, node: etree._Element, names: Names) -> Code:
        return boxed_tables.read(self, node, names)

    def conditional(self, node: etree._Element, names: Names) -> Code:
        condition, then, otherwise = (
            self.part(node, name, names) for name in ("if", "then", "else")
        )

        def decide(env: Env) -> Feel:
            """A condition that is neither a boolean nor null has no result (TCK 1150)."""
            found = condition(env)
            if found is not None and not isinstance(found, bool):
                return None
            return then(env) if found is True else otherwise(env)

        return decide

    def filter(self, node: etree._Element, names: Names) -> Code:
        items = self.part(node, "in", names)
        return choose(
            items, self.part(node, "match", Names(["item", *self.members.own], names)), boxed=True
        )

    def iterator(self, node: etree._Element, names: Names) -> Code:
        word, name = xml.local(node), normal(node.get("iteratorVariable", ""))
        inner = Names([name, *(["partial"] if word == "for" else [])], names)
        body = self.part(node, "return" if word == "for" else "satisfies", inner)
        return iterate(word, [(name, self.part(node, "in", names), None)], body, boxed=True)


def function(
    names: Sequence[str], wanted: Sequence[Type | None], given: Type | None, body: Code, env: Env
) -> Function:
    """A function whose arguments and result are as their types want them."""

    def call(run: Run, arguments: Sequence[Feel]) -> Feel:
        values = taken(run, names, arguments, wanted)
        return None if values is None else conform(run, body(Env(run, values, env)), given)

    types = (*(each or ANY for each in wanted), given or ANY)
    return Function(tuple(names), call, len(names), types=types)


_READERS: Final[dict[str, Callable[[Boxes, etree._Element, Names], Code]]] = {
    "literalExpression": Boxes.literal,
    "decisionTable": Boxes.table,
    "context": Boxes.context,
    "invocation": Boxes.invocation,
    "list": Boxes.list_,
    "relation": Boxes.relation,
    "functionDefinition": Boxes.function,
    "conditional": Boxes.conditional,
    "filter": Boxes.filter,
    "for": Boxes.iterator,
    "some": Boxes.iterator,
    "every": Boxes.iterator,
}
