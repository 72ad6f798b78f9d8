"""The analyst's canvas in a bare page without a server, and what a diagram says, element by
element, to compare before and after."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from lxml import etree
from playwright.sync_api import Page

from engine.model import xml

BUNDLE: Final = Path(__file__).resolve().parents[2] / "webforms" / "static" / "dist"
_PLACES: Final = (
    "lienzo",
    "propiedades",
    "avisos-apertura",
    "negado",
    "guardado",
    "revision",
    "revision-resumen",
)
_EMPTY: Final = {
    **dict.fromkeys(
        ("roles", "alcances", "forms", "handlers", "tables", "processes", "cartas", "listas"), ()
    ),
    "acciones": {},
    "se_prueban": [],
    "abren_casos": {},
}
#: what BPMN assumes where nothing is written: the canvas leaves it out
_DEFAULTS: Final = frozenset({
    ("completionQuantity", "1"), ("startQuantity", "1"), ("isForCompensation", "false"), ("isInterrupting", "true"),
    ("isSequential", "false"), ("parallelMultiple", "false"), ("testBefore", "false"),
    ("gatewayDirection", "Unspecified"), ("triggeredByEvent", "false"), ("cancelActivity", "true"), ("isCollection", "false"),
    ("eventGatewayType", "Exclusive"), ("instantiate", "false"), ("textFormat", "text/plain"), ("isExecutable", "false"),
    ("expressionLanguage", "http://www.w3.org/1999/XPath"), ("typeLanguage", "http://www.w3.org/2001/XMLSchema"),
})  # fmt: skip
_REFERENCES: Final = frozenset({"incoming", "outgoing", "flowNodeRef"})

#: id → what the element says: its attributes, its parts without an id, and which parts with one it
#: holds, in their order
Facts = Mapping[str, tuple[str, ...]]


class Canvas:
    """One page for many diagrams; each act is one step of undo, done as the mouse or the panel does
    it."""

    def __init__(self, page: Page, first: str) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        data = {
            "xml": first,
            "archivo": "a.bpmn",
            "base": 0,
            "visto": "",
            "csrf": "",
            "guardar": "/",
            "revisar": "/",
            "catalogo": _EMPTY,
        }
        boxes = "".join(f'<div id="{place}"></div>' for place in _PLACES)
        text = json.dumps(data).replace("<", "\\u003c")
        page.set_content(
            f'<html lang="es-CO"><style>#lienzo{{width:1200px;height:600px}}</style>'
            f'<div id="editor">{boxes}<select id="ir-a-elemento"></select></div>'
            f'<script type="application/json" id="editor-datos">{text}</script>'
        )
        page.add_style_tag(path=BUNDLE / "editor.css")
        page.add_script_tag(path=BUNDLE.parent / "js" / "palabras.js")
        page.add_script_tag(path=BUNDLE / "editor.js")
        page.wait_for_function("document.getElementById('editor').dataset.estado")

    def run(self, code: str, *given: Any) -> Any:
        head = "async (given) => { const m = document.getElementById('editor').modeler; const [get, all] = "
        tools = (
            "[(id) => m.get('elementRegistry').get(id), (f) => m.get('elementRegistry').filter(f)];"
        )
        return self.page.evaluate(head + tools + code + "}", list(given))

    def open(self, content: str) -> None:
        self.run("await m.importXML(given[0])", content)

    def text(self) -> str:
        return str(self.run("return (await m.saveXML({ format: true })).xml"))

    def ids(self, kind: str) -> list[str]:
        """What is drawn of this kind of the standard, without names beside it."""
        found: list[str] = self.run(
            "return all((e) => e.businessObject?.$instanceOf?.(given[0]) && !e.labelTarget && e.parent).map((e) => e.id)",
            kind,
        )
        return found

    def boxes(self, kind: str) -> dict[str, tuple[float, float, float, float]]:
        """Where they are drawn, from top to bottom."""
        found: list[Any] = self.run(
            "return given[0].map(get).map((e) => [e.id, [e.x, e.y, e.width, e.height]])",
            self.ids(kind),
        )
        return {
            id_: tuple(box) for id_, box in sorted(found, key=lambda row: (row[1][1], row[1][0]))
        }

    def move(self, id_: str, dx: int, dy: int) -> None:
        """As it is dragged: over what it stands in."""
        self.run(
            """
            const [e, by] = [get(given[0]), { x: given[1], y: given[2] }];
            m.get("modeling").moveElements([e], by, e.host ?? e.parent, e.host ? { attach: true } : {});
            """,
            id_,
            dx,
            dy,
        )

    def remove(self, id_: str) -> None:
        """By the button beside it."""
        self.run("m.get('modeling').removeElements([get(given[0])])", id_)

    def undo_all(self) -> None:
        self.run("const stack = m.get('commandStack'); while (stack.canUndo()) stack.undo()")

    def with_room(self, kind: str) -> list[str]:
        """The flows that a new shape of this kind can be put into by the rules of the sheet
        (acomodar.js)."""
        code = """
            const shape = m.get("elementFactory").createShape({ type: given[0] });
            const flows = all((e) => e.type === "bpmn:SequenceFlow" && e.parent);
            return flows.filter((flow) => m.get("acomodar").planear(flow, shape)).map((flow) => flow.id).sort();
        """
        found: list[str] = self.run(code, kind)
        return found

    def press(self, id_: str, button: str, kind: str = "") -> bool:
        """A button of the panel, with the kind of what it makes; False where the panel has no such
        button or kind for this element."""
        return bool(
            self.run(
                """
                if (!get(given[0])) return false;
                m.get("selection").select(get(given[0]));
                const panel = document.getElementById("propiedades");
                const kind = panel.querySelector("[data-clave=agregar-tipo]");
                const button = panel.querySelector(`[data-clave^="${given[1]}"]`);
                if (!button || (given[2] && !kind)) return false;
                if (given[2] && ![...kind.options].some((option) => option.value === given[2])) return false;
                if (given[2]) { kind.value = given[2]; kind.dispatchEvent(new Event("change")); }
                button.click();
                return true;
                """,
                id_,
                button,
                kind,
            )
        )


def facts(content: str | bytes) -> Facts:
    root = etree.fromstring(content.encode() if isinstance(content, str) else content)
    found: dict[str, tuple[str, ...]] = {}
    for node in root.iter():
        if isinstance(node.tag, str) and (node.get("id") or node is root) and not _drawn(node):
            found[node.get("id", "")] = tuple(_lines(node, inside=False))
    return found


def _drawn(node: etree._Element) -> bool:
    return str(node.tag).startswith(xml.BPMN_DI) or any(
        str(parent.tag).startswith(xml.BPMN_DI) for parent in node.iterancestors()
    )


def _lines(node: etree._Element, *, inside: bool) -> Iterator[str]:
    if not isinstance(node.tag, str) or node.tag.startswith(xml.BPMN_DI):
        return
    if inside and node.get("id"):
        yield f"#{node.get('id')}"
        return
    attributes = sorted(
        _attribute(str(name), str(value))
        for name, value in node.attrib.items()
        if (name, value) not in _DEFAULTS
    )
    if xml.local(node) in _REFERENCES:
        yield f"{xml.local(node)}:#{(node.text or '').strip()}"
        return
    yield f"<{node.tag} {' '.join(attributes)}>{' '.join((node.text or '').split())}"
    for child in node:
        yield from _lines(child, inside=True)


def _attribute(name: str, value: str) -> str:
    return (
        f"{name}={value.rpartition(':')[2] if name.endswith('}type') else ' '.join(value.split())}"
    )


def differences(before: Facts, after: Facts) -> dict[str, tuple[list[str], list[str]]]:
    """Id → what it no longer says, and what it says now; order counts. What is new or gone is left
    out, and whatever names it."""
    new, gone = after.keys() - before.keys(), before.keys() - after.keys()

    def told(lines: tuple[str, ...], strange: set[str]) -> list[str]:
        return [line for line in lines if line.rpartition("#")[2] not in strange or "#" not in line]

    found = {}
    for id_ in before.keys() & after.keys():
        was, is_ = told(before[id_], gone), told(after[id_], new)
        if was != is_:
            lost, won = (
                [line for line in was if line not in is_],
                [line for line in is_ if line not in was],
            )
            found[id_] = (lost, won) if lost or won else (was, is_)
    return found
