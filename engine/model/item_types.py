"""Item definitions of a DMN file (DMN 1.5, 7.3.3): the types that its variables, parameters and
columns name."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from lxml import etree

from engine.errors import ExpressionError
from engine.feel.builtins import FUNCTIONS
from engine.feel.evaluate import TESTED, compiled
from engine.feel.names import Names, normal
from engine.feel.parser import TYPES, type_name, unary_tests
from engine.feel.types import ANY, Type, resolve
from engine.feel.values import MAX_LEVELS, Env, Feel, Run
from engine.model import xml

BUILTIN = Names(FUNCTIONS)


class ItemTypes:
    """The types of one file, and by their prefix those of the files that it imports."""

    def __init__(self, root: etree._Element, imported: Mapping[str, "ItemTypes"]) -> None:
        self.space = f"{{{xml.namespace(root)}}}"
        self._nodes = {
            normal(each.get("name", "")): each
            for each in root.findall(self.space + "itemDefinition")
        }
        self.known: dict[str, Type] = {}
        self.members: set[str] = set()
        self._open: set[str] = set()
        for prefix, types in imported.items():
            self.known.update(
                {
                    f"{prefix}.{name}" if prefix else name: type_
                    for name, type_ in types.known.items()
                    if "." not in name
                }
            )
            self.members |= types.members
        self.names = Names([*self.known, *self._nodes], TYPES)
        for name in self._nodes:
            self._defined(name)

    def of(self, text: str | None) -> Type | None:
        """What `typeRef` says; None where it says nothing. ExpressionError: nobody knows such a
        type."""
        text = normal(text or "")
        if not text:
            return None
        name = text if text in self._nodes or text in self.known else text.rpartition(":")[2]
        if name in self._nodes:
            return self._defined(name)
        return resolve(type_name(name, self.names), self.known)

    def _defined(self, name: str) -> Type:
        if name not in self.known:
            if len(self._open) > MAX_LEVELS:
                raise ExpressionError("nested_too_deeply")
            if name in self._open:
                raise ExpressionError("feel_not_evaluated", construct=f"itemDefinition {name}")
            self._open.add(name)
            self.known[name] = self._type(self._nodes[name])
            self._open.discard(name)
        return self.known[name]

    def _type(self, node: etree._Element) -> Type:
        """Restrictions are of the items of a collection (`allowedValues`), or of it as a whole
        (`typeConstraint`)."""
        components = node.findall(self.space + "itemComponent")
        function = node.find(self.space + "functionItem")
        if components:
            found = Type("context")
            for each in components:
                member = normal(each.get("name", ""))
                self.members.add(member)
                found.members[member] = self._type(each)
        elif function is not None:
            taken = tuple(
                self.of(each.get("typeRef")) or ANY
                for each in function.findall(self.space + "parameters")
            )
            found = Type(
                "function", item=self.of(function.get("outputTypeRef")) or ANY, parameters=taken
            )
        else:
            found = self.of(xml.text(node.find(self.space + "typeRef"))) or ANY
        allowed = self._test(node.find(self.space + "allowedValues"))
        constraint = self._test(node.find(self.space + "typeConstraint"))
        found = found if allowed is None else _restricted(found, allowed)
        if xml.is_true(node, "isCollection"):
            found = Type("list", item=found)
        return found if constraint is None else _restricted(found, constraint)

    def _test(self, node: etree._Element | None) -> Callable[[Run, Feel], bool] | None:
        text = "" if node is None else xml.text(node.find(self.space + "text"))
        if not text:
            return None
        tree, unknown = unary_tests(text, BUILTIN)
        if unknown:
            raise ExpressionError("feel_name_unknown", name=unknown[0])
        code = compiled(tree, {})
        return lambda run, value: code(Env(run, {TESTED: value}, Env(run, FUNCTIONS))) is True


def _restricted(base: Type, test: Callable[[Run, Feel], bool]) -> Type:
    before = base.allowed
    return replace(
        base,
        allowed=test
        if before is None
        else lambda run, value: before(run, value) and test(run, value),
    )
