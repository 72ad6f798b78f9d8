"""Decision graphs (DMN 1.5, chapters 6 and 7): decisions, the data, decisions and knowledge that
they require, and decision services.

A file is compiled once; each decision is then evaluated after all that it requires. What we do not
evaluate is refused when the file is read, with its reason; a decision that requires it is refused
with it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from engine.errors import ExpressionError, Problem
from engine.feel.builtins import FUNCTIONS
from engine.feel.names import Names, normal
from engine.feel.parser import PROPERTIES
from engine.feel.types import Type, conform
from engine.feel.values import Code, Env, Feel, Function, Run, nothing
from engine.model import xml
from engine.model.boxed import Boxes, function
from engine.model.item_types import BUILTIN, ItemTypes

MAX_CHAIN: Final = 40  # of decisions that require each other
MAX_ELEMENTS: Final = 2_000
MAX_LETTERS: Final = 400_000  # of all its expressions
_KINDS: Final = ("inputData", "decision", "businessKnowledgeModel", "decisionService")
_REQUIRED: Final = ("requiredInput", "requiredDecision", "requiredKnowledge")
_OF_SERVICE: Final = ("inputData", "inputDecision")
_MODELS: Final = "/DMN/"  # in the name space of what an import may bring


@dataclass(slots=True)
class Element:
    """What has a name in a graph. `requires`: (name of the import or "", key) of what it sees;
    `problem`: why it is refused; `unknown`: names that it uses and nothing gives."""

    key: str
    kind: str
    name: str
    node: etree._Element
    file: "_File"
    type: Type | None = None
    requires: list[tuple[str, str]] = field(default_factory=list)
    code: Code | None = None
    problem: Problem | None = None
    unknown: list[str] = field(default_factory=list)
    decides: bool = True  # it says how
    given: tuple[str, ...] = ()  # of a service: the keys of its parameters
    wanted: tuple[str, ...] = ()  # and of what it gives

    @property
    def id(self) -> str:
        return str(self.node.get("id", ""))


class _File:
    """One model: its types, and where names of its imports lead."""

    def __init__(self, root: etree._Element, others: Mapping[str, "_File"]) -> None:
        self.root, self.space, self.namespace = (
            root,
            f"{{{xml.namespace(root)}}}",
            root.get("namespace", ""),
        )
        self.types: ItemTypes
        self.imports: dict[str, str] = {}  # name space -> name
        for each in root.findall(self.space + "import"):
            if _MODELS in each.get("importType", ""):
                self.imports[each.get("namespace", "")] = normal(each.get("name", ""))
        named = {
            name: others[space].types for space, name in self.imports.items() if space in others
        }
        self.types = ItemTypes(root, named)

    def key(self, href: str) -> str:
        space, _, id_ = href.rpartition("#")
        return f"{space or self.namespace}#{id_}"


class Graph:
    """`elements`: by "name space#id", those of the first file and of the files that it imports,
    directly or not."""

    def __init__(self, root: etree._Element, others: Iterable[etree._Element] = ()) -> None:
        by_space = {each.get("namespace", ""): each for each in others}
        self.files: dict[str, _File] = {}
        self.main = self._load(root, by_space, ())
        self.members = Names(
            (name for each in self.files.values() for name in each.types.members), PROPERTIES
        )
        self.elements: dict[str, Element] = {}
        for file in self.files.values():
            for each in _elements(file):
                if each.key in self.elements:
                    raise ExpressionError("attribute_invalid", element=each.kind, attribute="id")
                self.elements[each.key] = each
        for element in self.elements.values():
            self.members.add(element.name)
        if len(self.elements) > MAX_ELEMENTS:
            raise ExpressionError("too_many_parts", maximum=MAX_ELEMENTS)
        for key in self.elements:
            self._compile(key, ())

    def _load(
        self, root: etree._Element, others: Mapping[str, etree._Element], above: tuple[str, ...]
    ) -> _File:
        space = root.get("namespace", "")
        if space in self.files:
            return self.files[space]
        if len(above) > MAX_CHAIN or space in above:
            raise ExpressionError("nested_too_deeply")
        tag = f"{{{xml.namespace(root)}}}import"
        for each in root.findall(tag):
            if (wanted := each.get("namespace", "")) in others:
                self._load(others[wanted], others, (*above, space))
        if (
            sum(len(xml.text(each)) for each in root.iter(f"{{{xml.namespace(root)}}}text"))
            > MAX_LETTERS
        ):
            raise ExpressionError("too_many_characters", maximum=MAX_LETTERS)
        self.files[space] = _File(root, self.files)
        return self.files[space]

    # --- compiling --------------------------------------------------------------------------------
    def _compile(self, key: str, above: tuple[str, ...]) -> Problem | None:
        """First what it requires; the problem of one is that of the other."""
        element = self.elements[key]
        if element.problem is not None or element.code is not None:
            return element.problem
        element.problem = self._required(element, above)
        if element.problem is None:
            try:
                element.code = self._code(element)
            except ExpressionError as error:
                element.problem = error.problem
        return element.problem

    def _required(self, element: Element, above: tuple[str, ...]) -> Problem | None:
        if element.key in above or len(above) > MAX_CHAIN:
            return Problem("nested_too_deeply")
        known = {(alias, key) for alias, key in element.requires if key in self.elements}
        if len({(alias, self.elements[key].name) for alias, key in known}) < len(known):
            return Problem("attribute_invalid", {"element": element.name, "attribute": "name"})
        for _, key in element.requires:
            if key not in self.elements:
                return Problem("feel_not_evaluated", {"construct": key.rpartition("#")[2]})
            if (
                key != element.key
                and (problem := self._compile(key, (*above, element.key))) is not None
            ):
                return problem
        return None

    def _code(self, element: Element) -> Code:
        file, node = element.file, element.node
        boxes = Boxes(file.space, file.types, self.members, element.key, element.name)
        element.type = file.types.of(_type_ref(node, file.space))
        names = Names(
            (alias or self.elements[key].name for alias, key in element.requires), BUILTIN
        )
        match element.kind:
            case "inputData":
                return nothing
            case "decision":
                code = boxes.only(node, names)
                element.decides = code is not nothing
            case "businessKnowledgeModel":
                code = _knowledge(boxes, element, Names([element.name], names))
            case _:
                code = nothing
                element.given = tuple(_named(file, node, *_OF_SERVICE))
                element.wanted = tuple(_named(file, node, "outputDecision"))
                if (
                    not element.wanted
                    or not {*element.given, *element.wanted} <= self.elements.keys()
                ):
                    raise ExpressionError("feel_not_evaluated", construct=element.name)
        element.unknown = boxes.unknown
        return code

    # --- evaluating -------------------------------------------------------------------------------
    def find(self, name: str, *kinds: str) -> Element | None:
        """By its name, in the first file."""
        wanted = normal(name)
        found = (
            e
            for e in self.elements.values()
            if e.file is self.main and e.name == wanted and e.kind in (kinds or _KINDS)
        )
        return next(found, None)

    def value(self, element: Element, inputs: Mapping[str, Feel], run: Run) -> Feel:
        """What a decision gives for these inputs (by key), or the function that a knowledge model
        or a service is. ExpressionError: it was refused, or is too much work."""
        return _Evaluation(self, inputs, run).value(element.key)

    def inputs_of(self, element: Element) -> list[Element]:
        """The input data that it depends on, directly or not, in the order of the file."""
        seen, todo = {element.key}, [element.key]
        while todo:
            new = {
                key for _, key in self.elements[todo.pop()].requires if key in self.elements
            } - seen
            seen |= new
            todo += new
        return [
            each for key, each in self.elements.items() if key in seen and each.kind == "inputData"
        ]


def _elements(file: _File) -> Iterator[Element]:
    for node in file.root:
        if (
            isinstance(node.tag, str)
            and node.tag.startswith(file.space)
            and xml.local(node) in _KINDS
        ):
            kind, variable = xml.local(node), node.find(file.space + "variable")
            name = node.get("name") or ("" if variable is None else variable.get("name", ""))
            id_ = node.get("id") or f"{kind} {name}"
            yield Element(
                file.key(f"#{id_}"),
                kind,
                normal(name),
                node,
                file,
                requires=list(_requires(file, node)),
            )


def _requires(file: _File, node: etree._Element) -> Iterator[tuple[str, str]]:
    for each in node.iter(*(file.space + name for name in _REQUIRED)):
        href = each.get("href", "")
        space = href.rpartition("#")[0]
        yield ("" if space in ("", file.namespace) else file.imports.get(space, "")), file.key(href)


def _named(file: _File, node: etree._Element, *tags: str) -> Iterator[str]:
    yield from (
        file.key(each.get("href", "")) for tag in tags for each in node.findall(file.space + tag)
    )


def _type_ref(node: etree._Element, space: str) -> str | None:
    variable = node.find(space + "variable")
    return None if variable is None else variable.get("typeRef")


def _knowledge(boxes: Boxes, element: Element, names: Names) -> Code:
    """The function that it is; what its variable says is the type of the result, unless it is that
    of a function."""
    logic = element.node.find(boxes.space + "encapsulatedLogic")
    if logic is None:
        return nothing
    made, type_ = boxes.function(logic, names), element.type
    element.type = None
    if type_ is None or type_.name == "function":
        return made

    def of_type(env: Env) -> Feel:
        inner: Function = made(env)
        return Function(
            inner.parameters,
            lambda run, given: conform(run, inner.call(run, given), type_),
            inner.least,
            types=inner.types,
        )

    return of_type


class _Evaluation:
    """One answer: what was decided already is not decided again."""

    def __init__(self, graph: Graph, inputs: Mapping[str, Feel], run: Run) -> None:
        self.graph, self.run, self.known = graph, run, dict(inputs)

    def value(self, key: str) -> Feel:
        if key in self.known:
            return self.known[key]
        element = self.graph.elements[key]
        if element.problem is not None or element.code is None:
            raise ExpressionError.about(
                element.problem or Problem("feel_not_evaluated", {"construct": element.name})
            )
        if element.kind == "inputData":
            return None
        if element.kind == "decisionService":
            found = self._service(element)
        else:
            names = self._names(element)
            found = element.code(Env(self.run, names, Env(self.run, FUNCTIONS)))
            if element.kind == "businessKnowledgeModel":
                names[element.name] = found
            found = conform(self.run, found, element.type)
        self.known[key] = found
        return found

    def _names(self, element: Element) -> dict[str, Feel]:
        """What it sees: what it requires, that of an imported file behind the name of the
        import."""
        found: dict[str, Feel] = {}
        for alias, key in element.requires:
            if key == element.key:
                continue
            required = self.graph.elements[key]
            value = self.value(key)
            if required.kind == "inputData":
                value = conform(self.run, value, required.type)
            if alias:
                found.setdefault(alias, {})[required.name] = value
            else:
                found[required.name] = value
        return found

    def _service(self, element: Element) -> Function:
        """Its parameters are its input data, then the decisions that are given to it."""
        elements = self.graph.elements

        def body(env: Env) -> Feel:
            inner = _Evaluation(
                self.graph, {key: env.names[elements[key].name] for key in element.given}, env.run
            )
            found = {elements[key].name: inner.value(key) for key in element.wanted}
            return found if len(found) > 1 else next(iter(found.values()))

        types: Sequence[Type | None] = [elements[key].type for key in element.given]
        return function(
            [elements[key].name for key in element.given],
            types,
            element.type,
            body,
            Env(self.run, {}),
        )


def evaluate(
    graph: Graph,
    element: Element,
    inputs: Mapping[str, Feel],
    now: dt.datetime | None = None,
    *,
    strict: bool = False,
) -> Feel:
    """By names of input data, as they are given."""
    run = Run(now, strict=strict)
    by_key = {
        each.key: inputs[each.name]
        for each in graph.elements.values()
        if each.kind == "inputData" and each.name in inputs
    }
    return graph.value(element, by_key, run)
