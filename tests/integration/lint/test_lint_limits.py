"""Hostile files and texts: refused within bounds that are counted, never by a clock."""

import sys
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.compile import compile_release
from engine.errors import ExpressionError
from engine.lint import check, contents
from engine.model import xml
from engine.model.cells import cell
from engine.model.expressions import compile_expression
from engine.spiff.parser import Parser
from tests.kit.diagrams import (
    boundary,
    catch,
    end,
    gate,
    model,
    process,
    service,
    start,
    timer,
    user,
)
from tests.kit.play import Everything, findings
from webforms.paquetes.hallazgos import hallazgos


def one(nodes: str, wires: str, variables: str = "") -> bytes:
    return model(process("P", nodes, wires, variables))


def chain(number: int, kind: Callable[..., str] = user) -> bytes:
    ids = [f"A{n}" for n in range(number)]
    wires = " ".join(f"{a}>{b}" for a, b in pairwise(ids))
    return one(start() + kind(*ids) + end(), f"S>{ids[0]} {wires} {ids[-1]}>E")


def forks(number: int, kind: str) -> bytes:
    """One split and join after the other."""
    nodes, wires = start() + end(), "S>G0 "
    choice = ("", "") if kind == "parallel" else ("?x~==~1", "*")
    for n in range(number):
        nodes += gate(kind, f"G{n}", f"J{n}") + service(f"A{n}", f"B{n}")
        following = f"G{n + 1}" if n + 1 < number else "E"
        wires += f"G{n}>A{n}{choice[0]} G{n}>B{n}{choice[1]} A{n}>J{n} B{n}>J{n} J{n}>{following} "
    return one(nodes, wires, "x:integer")


def calls(content: bytes) -> int:
    """Python calls of our lint on this file."""
    number = 0

    def count(frame: FrameType, kind: str, _: Any) -> None:
        nonlocal number
        number += kind == "call" and "/engine/" in frame.f_code.co_filename

    sys.setprofile(count)
    try:
        _, found = compile_release(
            {"m.bpmn": content}, handlers=Everything(), forms=Everything(), functions={}
        )
    finally:
        sys.setprofile(None)
    assert [f for f in found if f.severity == "error"] == []
    return number


@pytest.mark.parametrize(
    ("make", "sizes"),
    [
        (chain, (75, 150, 298)),
        (lambda n: forks(n, "exclusive"), (18, 36, 72)),
        (lambda n: forks(n, "parallel"), (18, 36, 72)),
        (lambda n: forks(n, "inclusive"), (18, 36, 72)),
    ],
    ids=["chain", "exclusive", "parallel", "inclusive"],
)
def test_twice_the_diagram_is_twice_the_work_up_to_300_elements(
    make: Callable[[int], bytes], sizes: tuple[int, int, int]
) -> None:
    small, middle, large = (calls(make(size)) for size in sizes)
    assert middle < 2.3 * small
    assert large < 2.3 * middle


# --- files ----------------------------------------------------------------------------------------
HOSTILE = {
    "xml_too_large": b"<x>" + b" " * xml.MAX_BYTES + b"</x>",
    "xml_too_many": one(start() + end(), "S>E").replace(
        b"</definitions>", b'<message id="m"/>' * 50_000 + b"</definitions>"
    ),
    "xml_too_deep": one(start() + end(), "S>E").replace(
        b"</process>", b"<subProcess>" * 200 + b"</subProcess>" * 200 + b"</process>"
    ),
    "xml_not_well_formed": b"<x><y></x></y>",
    "xml_empty": b" \r\n",
    "xml_not_xml": b"PK\x03\x04" + b"\0" * 100,
    "xml_encoding": b'<?xml version="1.0" encoding="klingon"?><x/>',
    "xml_doctype": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>',
    "processes_too_many": model(
        *(
            process(f"P{n}", start(f"S{n}") + end(f"E{n}"), f"S{n}>E{n}")
            for n in range(contents.MAX_PROCESSES + 1)
        ),
    ),
    "process_too_large": one(
        start() + service(*(f"A{n}" for n in range(40))) + end(),
        "S>A0 A0>E "
        + " ".join(f"A{n}>A{(n + step) % 40}" for n in range(40) for step in range(1, 9)),
    ),
}


@pytest.mark.parametrize("rule", HOSTILE)
def test_a_file_beyond_the_bounds_is_refused_and_not_looked_at_any_further(rule: str) -> None:
    assert rule in [f.rule for f in findings(HOSTILE[rule])]


SOUND = one(start() + end(), "S>E")
TEXT = SOUND.decode()
LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
BOM = b"\xef\xbb\xbf"
SCHEMA = b'xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="u http://[::1]/"'


def named(text: str) -> str:
    return TEXT.replace('id="S"', f'id="S" name="{text}"')


#: what people and attackers upload: the rule that refuses it, None where it is a diagram after all
FILES: dict[str, tuple[bytes, str | None]] = {
    "nothing": (b"", "xml_empty"),
    "only a byte order mark": (BOM, "xml_empty"),
    "zeros": (b"\0" * 100, "xml_empty"),
    "a zero inside": (SOUND.replace(b'id="S"', b'id="S\0"'), "xml_not_well_formed"),
    "plain text": (b"hola", "xml_not_xml"),
    "json": (b'{"a": "<x/>"}', "xml_not_xml"),
    "an archive": (b"PK\x03\x04<x>", "xml_not_xml"),
    "gzip": (b"\x1f\x8b\x08<x>", "xml_not_xml"),
    "pdf": (b"%PDF-1.4 <x>", "xml_not_xml"),
    "png": (b"\x89PNG\r\n<x>", "xml_not_xml"),
    "a page of the web": (b"<!DOCTYPE html><html><body>x</body></html>", "xml_doctype"),
    "another drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "file_unknown"),
    "an older version": (SOUND.replace(b"20100524", b"20090101"), "file_unknown"),
    "cut off": (SOUND[:-30], "xml_not_well_formed"),
    "two documents": (SOUND + SOUND, "xml_not_well_formed"),
    "UTF-16": (f'<?xml version="1.0" encoding="UTF-16"?>{TEXT}'.encode("utf-16"), "xml_encoding"),
    "UTF-16 that says nothing": (TEXT.encode("utf-16"), "xml_encoding"),
    "UTF-32": (f'<?xml version="1.0" encoding="UTF-32"?>{TEXT}'.encode("utf-32"), "xml_encoding"),
    "Latin 1": (f'<?xml version="1.0" encoding="ISO-8859-1"?>{named("Año")}'.encode("latin-1"), "xml_encoding"),
    "Latin 1 called UTF-8": (f'<?xml version="1.0" encoding="UTF-8"?>{named("Año")}'.encode("latin-1"), "xml_encoding"),
    "UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?>' + named("+AGEAYg-").encode(), "xml_encoding"),
    "UTF-16 without a mark": (TEXT.encode("utf-16-le"), "xml_not_well_formed"),
    "ASCII": (f'<?xml version="1.0" encoding="us-ascii"?>{TEXT}'.encode(), None),
    "no such encoding": (f'<?xml version="1.0" encoding="klingon"?>{TEXT}'.encode(), "xml_encoding"),
    "half a letter": (named("x").encode().replace(b'name="x"', b'name="\xed\xa0\x80"'), "xml_encoding"),
    "a byte order mark": (BOM + SOUND, None),
    "a mark and a declaration": (BOM + f'<?xml version="1.0" encoding="UTF-8"?>{TEXT}'.encode(), None),
    "an external DTD": (b'<!DOCTYPE definitions SYSTEM "http://127.0.0.1:1/x.dtd">' + SOUND, "xml_doctype"),
    "a parameter entity": (b'<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>' + SOUND, "xml_doctype"),
    "an entity that nobody declares": (named("&nbsp;").encode(), "xml_doctype"),
    "a billion laughs": (b'<!DOCTYPE d [<!ENTITY a0 "ha">' + LAUGHS + b"]>" + named("&a11;").encode(), "xml_doctype"),
    "quadratic laughs": (b'<!DOCTYPE d [<!ENTITY a "' + b"x" * 10**5 + b'">]>' + named("&a;" * 3_000).encode(), "xml_doctype"),
    "100,000 levels": (b"<a>" * 100_000 + b"</a>" * 100_000, "xml_too_deep"),
    "100,000 elements": (SOUND.replace(b"</definitions>", b"<x/>" * 100_000 + b"</definitions>"), "xml_too_many"),
    "100,000 attributes": (SOUND.replace(b'id="S"', b'id="S" ' + b" ".join(b'a%d="x"' % n for n in range(100_000))), "xml_too_many"),
    "100 megabytes": (b"<x>" + b" " * 100_000_000, "xml_too_large"),
    "another file": (
        SOUND.replace(b"</process>", b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/></process>'),
        "schema",
    ),
    "a schema elsewhere": (SOUND.replace(b"targetNamespace", SCHEMA + b" targetNamespace"), None),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_whatever_is_uploaded_is_read_or_refused_in_a_sentence(kind: str) -> None:
    content, rule = FILES[kind]
    found = findings(content)
    assert [f.rule for f in found] == ([] if rule is None else [rule]), found
    for said in hallazgos(found):
        assert said.frase.endswith(".")
        assert "…" not in said.frase


#: many of one kind in one file: what made the lint slow once
MANY: dict[str, Callable[[int], str]] = {
    "tasks in 20 sub-processes": lambda n: (
        "".join(f'<subProcess id="s{i}">' for i in range(20))
        + "".join(f'<task id="t{i}"/>' for i in range(n))
        + "</subProcess>" * 20
    ),
    "ad-hoc sub-processes": lambda n: "".join(
        f'<adHocSubProcess id="h{i}" ordering="Sequential"><task id="t{i}"/></adHocSubProcess>'
        for i in range(n)
    ),
    "events by reference": lambda n: "".join(
        f'<intermediateCatchEvent id="c{i}"><eventDefinitionRef>x</eventDefinitionRef></intermediateCatchEvent>'
        for i in range(n)
    ),
    "compensations": lambda n: "".join(
        f'<task id="t{i}" isForCompensation="true"/><association id="a{i}" sourceRef="S" targetRef="t{i}"/>'
        for i in range(n)
    ),
    "links": lambda n: "".join(
        f'<intermediateThrowEvent id="t{i}"><linkEventDefinition name="n"/></intermediateThrowEvent>'
        for i in range(n)
    ),
}


@pytest.mark.parametrize("kind", MANY)
def test_twice_as_many_of_a_kind_are_twice_the_work(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps are counted, not seconds; errors are many here, and all of them are looked for."""
    monkeypatch.setattr(check, "MAX_ERRORS", -1)
    small, large = (
        steps(SOUND.replace(b"</process>", MANY[kind](n).encode() + b"</process>"))
        for n in (100, 200)
    )
    assert large < 2.3 * small


def steps(content: bytes) -> int:
    """Lines of our lint that are run on this file."""
    number = 0

    def count(frame: FrameType, kind: str, _: Any) -> Any:
        nonlocal number
        if "/engine/" not in frame.f_code.co_filename:
            return None
        number += kind == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        compile_release(
            {"m.bpmn": content}, handlers=Everything(), forms=Everything(), functions={}
        )
    finally:
        sys.settrace(before)
    return number


def test_a_file_full_of_errors_is_not_read_to_its_end() -> None:
    content = SOUND.replace(b"</process>", b"<task/>" * 5_000 + b"</process>")
    assert len([f for f in findings(content) if f.severity == "error"]) == check.MAX_ERRORS


def test_an_external_entity_reads_no_file() -> None:
    content = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><definitions xmlns="x">&f;</definitions>'
    (found,) = findings(content)
    assert (found.rule, found.params) == ("xml_doctype", {})


def test_a_huge_attribute_changes_nothing() -> None:
    content = one(start() + end(), "S>E").replace(
        b'id="S"', b'id="S" name="' + b"a" * 1_900_000 + b'"'
    )
    assert findings(content) == []


# --- expressions, wherever they stand -------------------------------------------------------------
ESCAPES = [
    "().__class__.__mro__[-1].__subclasses__()",
    "__import__('os').getpid()",
    "eval('1')",
    "getattr((), '__class__')",
    "'{f.__globals__}'.format(f=dias)",
    "dias.__globals__",
    "type(()).__mro__",
    "().__ｃlass__",
    "(lambda: 1).__code__",
    "[c for c in ()]",
    "(x for x in [1])",
    "{}.__class__",
    "open('/etc/passwd')",
    "globals()",
    "x.real()",
    "f'{x}'",
    "(y := 1)",
    "breakpoint()",
    "hidden()",
]
BOMBS = [
    "9 ** 9 ** 9",
    "'a' * 10000000000",
    "[0] * 10000000000",
    "1 << 10000000",
    "(" * 300 + "1" + ")" * 300,
    "not " * 400 + "True",
    "+".join(["x"] * 300),
    "[" * 100 + "]" * 100,
    "min(" * 100 + "1" + ")" * 100,
    "1" * 400,
    "'" + "a" * 600 + "'",
]


def places(text: str) -> dict[str, bytes]:
    """One model for each place that takes an expression."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    plain = start() + user("A") + end()
    wires = "S>A A>E"
    task = '<userTask id="A"><extensionElements>{0}</extensionElements>{1}</userTask>'
    when = "<conditionalEventDefinition><condition>{0}</condition></conditionalEventDefinition>"
    loop = "<standardLoopCharacteristics loopMaximum='2'><loopCondition>{0}</loopCondition></standardLoopCharacteristics>"
    many = "<multiInstanceLoopCharacteristics><loopCardinality>{0}</loopCardinality></multiInstanceLoopCharacteristics>"
    condition = one(
        start() + gate("exclusive", "G") + user("A", "B") + end(), "S>G G>A?@@ G>B* A>E B>E"
    )
    sends = task.replace("userTask", "sendTask").replace('"A"', '"A" messageRef="M"')
    return {
        "condition": condition.replace(b"@@", safe.encode()),
        "due": one(start() + task.format(f'<v:due expr="{safe}"/>', "") + end(), wires),
        "priority": one(start() + task.format(f'<v:priority expr="{safe}"/>', "") + end(), wires),
        "timer": one(start() + catch("T", timer(safe)) + end(), "S>T T>E"),
        "conditional event": one(plain + boundary("B", "A", when.format(safe)), "S>A A>E B>E"),
        "loop": one(start() + task.format("", loop.format(safe)) + end(), wires),
        "cardinality": one(start() + task.format("", many.format(safe)) + end(), wires),
        "message key": one(
            start() + sends.format(f'<v:message key="{safe}"/>', "") + end(),
            wires,
        ).replace(b"<process", b'<message id="M" name="m"/><process', 1),
        "collection": one(
            start() + task.format("", f"<multiInstanceLoopCharacteristics><loopDataInputRef>{safe}</loopDataInputRef>"
                                      '<inputDataItem id="i"/></multiInstanceLoopCharacteristics>') + end(),
            wires,
        ),
    }  # fmt: skip


@pytest.mark.parametrize("text", ESCAPES + BOMBS, ids=range(len(ESCAPES + BOMBS)))
def test_no_place_of_a_diagram_takes_an_escape_or_a_bomb(text: str) -> None:
    for place, content in places(text).items():
        errors = [
            f.rule
            for f in findings(content, functions={"dias": lambda n: n})
            if f.severity == "error"
        ]
        assert errors, (place, text)


@pytest.mark.parametrize("text", ESCAPES, ids=range(len(ESCAPES)))
def test_no_cell_of_a_table_takes_an_escape(text: str) -> None:
    """A cell holds a value or a comparison with one; its column's expression is of the language."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    table = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="t"><decisionTable>'
        "<input><inputExpression><text>{0}</text></inputExpression></input><output name='r'/>"
        "<rule><inputEntry><text>{1}</text></inputEntry><outputEntry><text>{2}</text></outputEntry></rule>"
        "</decisionTable></decision></definitions>"
    )
    for cells in ((safe, "-", "1"), ("n", safe, "1"), ("n", "-", safe)):
        found = [
            f.rule
            for f in findings(one(start() + end(), "S>E"), t_dmn=table.format(*cells).encode())
        ]
        assert {"expression", "dmn_cell", "function_unknown"} & set(found), (cells, found)


def test_the_work_of_an_expression_is_counted() -> None:
    data = {"x": list(range(900))}
    compile_expression("1 in x")(data)
    with pytest.raises(ExpressionError, match="too many steps"):
        compile_expression("1000 in x or 2000 in x")(data)
    with pytest.raises(ExpressionError, match="number out of range"):
        compile_expression("n * n / n")({"n": 10**300})
    with pytest.raises(ExpressionError, match="number out of range"):
        compile_expression("n / 3")({"n": 10**400})


def test_data_without_end_is_an_error_of_ours() -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(ExpressionError, match="nested too deeply"):
        compile_expression("x == x")({"x": deep})


@pytest.mark.parametrize(
    "text",
    [
        "R" + "9" * 5_000 + "/PT1H",
        "P" + "9" * 400 + "Y",
        "P" + "9" * 400 + "D",
        "PT" + "9" * 400 + "S",
        "R/" + "/" * 3_000,
        "2026-11" + "9" * 5_000,
    ],
    ids=range(6),
)
def test_a_time_beyond_all_bounds_is_refused(text: str) -> None:
    for kind in "timeDuration", "timeDate", "timeCycle":
        assert [
            f
            for f in findings(one(start() + catch("T", timer(text, kind)) + end(), "S>T T>E"))
            if f.severity == "error"
        ]
    due = (
        f'<userTask id="A"><extensionElements><v:due expr="{text}"/></extensionElements></userTask>'
    )
    assert [f for f in findings(one(start() + due + end(), "S>A A>E")) if f.severity == "error"]


@pytest.mark.parametrize(
    "text",
    [
        "[" + " " * 990 + "x",
        "[" + ".." * 490 + "]",
        "[" + "1.. " * 240 + "]",
        "not(" + '"' * 900 + ")",
        "," * 990 + '"',
    ],
)
def test_a_cell_of_signs_is_none(text: str) -> None:
    """No expression of ours goes back over what it has read."""
    with pytest.raises(ExpressionError):
        cell(text)


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|a)*", r"(a)\1", "x" * 300, "(?=a)"])
def test_a_pattern_that_could_hold_the_server_is_refused(pattern: str) -> None:
    task = f'<userTask id="A"><extensionElements><v:field name="n" label="N" pattern="{pattern}"/></extensionElements></userTask>'
    assert "field_pattern" in [f.rule for f in findings(one(start() + task + end(), "S>A A>E"))]


# --- the rules themselves -------------------------------------------------------------------------
def test_what_the_parser_below_refuses_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise ValidationException("no such thing")

    monkeypatch.setattr(Parser, "get_spec", refuse)
    (found,) = findings(one(start() + end(), "S>E"))
    assert (found.rule, found.element) == ("parser", "P")
