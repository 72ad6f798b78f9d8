"""The menus of the analyst's canvas offer what the deployer runs: every entry is pressed, and what
it drew is checked."""

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.acceptance.mundo import ROOT
from tests.kit.canvas import Canvas, facts
from tests.kit.edits import a_canvas, blank, collisions
from tests.kit.play import findings

#: What is told of a thing that was drawn this moment: what it still lacks, or that nothing leads to
#: it or on from it yet.
UNFINISHED = frozenset({
    "ad_hoc_empty", "ad_hoc_event", "ad_hoc_shape", "called_missing", "cancel_uncaught", "compensation_handler", "condition_empty",
    "condition_missing", "condition_of_event_empty",
    "end_missing", "event_gateway_alone", "event_gateway_target", "flow_missing", "gateway_alone", "handler_missing",
    "join_deadlock", "lane_missing", "link_source", "link_target", "loop_without_end", "message_missing", "multi_source", "process_missing",
    "reference_missing", "scope_empty", "send_task_message_or_handler", "start_ambiguous", "start_missing", "start_of_sub_process",
    "table_missing", "timer_missing", "unreachable",
})  # fmt: skip

#: Two errors on one border, until one of them has its code.
SIN_CODIGO = "boundary_ambiguous"

#: A sheet with one of each place that has a menu of its own.
DRAW = """
const [fabrica, modeling, pool] = [m.get("elementFactory"), m.get("modeling"), get("vacio_pool")];
const poner = (tipo, x, y, en = pool, mas = {}, pista) =>
  modeling.createShape(fabrica.createShape({ type: `bpmn:${tipo}`, ...mas }), { x, y }, en, pista);
const unir = (...nodos) => nodos.slice(1).forEach((n, i) => modeling.connect(nodos[i], n, { type: "bpmn:SequenceFlow" }));
const evento = (clase) => ({ eventDefinitionType: `bpmn:${clase}EventDefinition` });
const linea = (y, ...medio) => unir(poner("StartEvent", 250, y, pool, evento("Signal")), ...medio, poner("EndEvent", 1200, y));
const alBorde = (clase, x, en) => poner("BoundaryEvent", x, en.y + en.height, en, evento(clase), { attach: true });
const dentro = (y, tipo, mas = {}, inicio = {}) => {
  const sub = poner(tipo, 500, y, pool, { isExpanded: true, ...mas });
  unir(poner("StartEvent", 400, y, sub, inicio), poner("UserTask", 500, y, sub), poner("EndEvent", 600, y, sub));
  return sub;
};
modeling.resizeShape(get("vacio_carril"), { x: 190, y: 80, width: 1400, height: 1500 });
const tarea = poner("UserTask", 400, 400);
alBorde("Timer", 400, tarea);
const espera = poner("IntermediateCatchEvent", 650, 400, pool, evento("Timer"));
linea(400, tarea, poner("IntermediateThrowEvent", 550, 400), espera, poner("ExclusiveGateway", 800, 400));
for (const [y, tipo] of [[600, "SubProcess"], [850, "Transaction"]]) {
  const sub = dentro(y, tipo);
  linea(y, sub);
  alBorde("Error", 560, sub);
}
dentro(1100, "SubProcess", { triggeredByEvent: true }, evento("Message"));
linea(1300, poner("EventBasedGateway", 400, 1300));
poner("DataObjectReference", 700, 1450);
poner("DataStoreReference", 850, 1450);
"""
MENUS = """
const [popup, pad] = [m.get("popupMenu"), m.get("contextPad")];
const proveedores = popup._getProviders("bpmn-replace");
const menus = (e) => ({
  cambiar: popup._getEntries(e, proveedores),
  marcar: popup._getHeaderEntries(e, proveedores),
  agregar: Object.fromEntries(Object.entries(pad.getEntries(e)).filter(([clave]) => /^(append|lane)/.test(clave))),
});
"""
#: Each entry once for each kind of place that an element stands in; those of the palette on the
#: lane.
OFFERED = f"""{MENUS}
const vistas = new Set();
const ofrecidas = [];
const ofrecer = (id, menu, clave, de) => {{
  if (!vistas.has(`${{de}} ${{clave}}`)) ofrecidas.push([id, menu, clave]);
  vistas.add(`${{de}} ${{clave}}`);
}};
for (const e of all((x) => x.parent && !x.labelTarget)) {{
  for (const [menu, entradas] of Object.entries(menus(e))) {{
    const de = menu === "cambiar" ? [e.host?.type, e.parent.type, e.parent.businessObject.triggeredByEvent] : "";
    for (const clave of Object.keys(entradas)) ofrecer(e.id, menu, clave, de);
  }}
}}
for (const clave of Object.keys(m.get("palette").getEntries())) if (clave.startsWith("create")) ofrecer("vacio_carril", "crear", clave, "");
return ofrecidas;
"""
PRESS = f"""{MENUS}
const [id, menu, clave] = given;
const e = get(id);
if (menu === "crear") {{
  const [create, modeling] = [m.get("create"), m.get("modeling")];
  let que;
  create.start = (_, formas) => (que = [formas].flat());
  m.get("palette").getEntries()[clave].action.click(null);
  delete create.start;
  const donde = que[0].type === "bpmn:Participant" ? m.get("canvas").getRootElement() : e;
  modeling.createElements(que, {{ x: 1450, y: 200 }}, donde);
}} else {{
  const entrada = menus(e)[menu][clave];
  (entrada.action.click ?? entrada.action)(null, menu === "marcar" ? entrada : e);
}}
"""


@pytest.fixture(scope="module")
def lienzo(browser: Browser) -> Iterator[Canvas]:
    with a_canvas(browser) as abierto:
        yield abierto


def errores(lienzo: Canvas) -> Counter[str]:
    return Counter(
        finding.rule for finding in findings(lienzo.text().encode()) if finding.severity == "error"
    )


@pytest.mark.long
def test_no_menu_offers_what_the_deployer_refuses(lienzo: Canvas) -> None:
    """What an entry draws may still lack something, never be of a kind that does not run; and
    undone it leaves nothing."""
    lienzo.open(blank())
    lienzo.run(DRAW)
    lienzo.open(lienzo.text())
    antes, dicho = errores(lienzo), facts(lienzo.text())
    ofrecidas: list[list[str]] = lienzo.run(OFFERED)
    rechazadas = []
    for entrada in ofrecidas:
        lienzo.run(PRESS, *entrada)
        rechazadas += [
            (*entrada, regla) for regla in errores(lienzo) - antes if regla not in UNFINISHED
        ]
        lienzo.undo_all()

    assert rechazadas == []
    assert facts(lienzo.text()) == dicho
    assert {"replace-with-service-task", "replace-with-timer-boundary", "create.task"} <= {
        clave for _, _, clave in ofrecidas
    }


#: What the panel offers for each kind of place, and the button that makes it; into what it turns an
#: element, and the menu does.
OF_THE_PANEL = f"""{MENUS}
const panel = document.getElementById("propiedades");
const [vistas, ofrecidas, tipos] = [new Set(), [], []];
for (const e of all((x) => x.parent && !x.labelTarget)) {{
  m.get("selection").select(e);
  for (const [lista, boton] of [["agregar-tipo", "agregar-despues"], ["agregar-tipo", "insertar"], ["borde-tipo", "agregar-al-borde"]]) {{
    const control = panel.querySelector(`[data-clave=${{lista}}]`);
    if (!control || !panel.querySelector(`[data-clave=${{boton}}]`)) continue;
    const origen = e.source ?? e;
    const propio = /EventBased/.test(origen.type) || boton === "agregar-al-borde" || origen.host;
    const de = [boton, e.parent.type, e.parent.businessObject.triggeredByEvent, propio && origen.type, propio && origen.host?.type].join();
    for (const {{ value }} of control.options) {{
      if (!vistas.has(`${{de}} ${{value}}`)) ofrecidas.push([e.id, lista, boton, value]);
      vistas.add(`${{de}} ${{value}}`);
    }}
  }}
  const opciones = [...(panel.querySelector("[data-clave=tipo]")?.options ?? [])].map(({{ value }}) => value).filter(Boolean);
  if (e.businessObject.$instanceOf("bpmn:FlowNode")) tipos.push([e.id, opciones, Object.keys(menus(e).cambiar)]);
}}
return [ofrecidas, tipos];
"""
CHOOSE = """
const [id, lista, boton, valor] = given;
m.get("selection").select(get(id));
const panel = document.getElementById("propiedades");
const control = panel.querySelector(`[data-clave=${lista}]`);
control.value = valor;
control.dispatchEvent(new Event("change"));
if (boton) panel.querySelector(`[data-clave=${boton}]`).click();
"""


@pytest.mark.long
def test_nothing_that_is_drawn_by_keyboard_is_of_a_kind_that_the_deployer_refuses(
    lienzo: Canvas,
) -> None:
    """The events of the menu too, after an element, in a flow and on a border; and each can be
    turned into what the menu turns it into."""
    lienzo.open(blank())
    lienzo.run(DRAW)
    lienzo.open(lienzo.text())
    antes, dicho = errores(lienzo), facts(lienzo.text())
    ofrecidas: list[list[str]]
    tipos: list[tuple[str, list[str], list[str]]]
    ofrecidas, tipos = lienzo.run(OF_THE_PANEL)
    assert [(id_, panel) for id_, panel, menu in tipos if panel != menu] == []
    rechazadas = []
    for entrada in ofrecidas:
        lienzo.run(CHOOSE, *entrada)
        rechazadas += [
            (*entrada, regla)
            for regla in errores(lienzo) - antes
            if regla not in UNFINISHED | {SIN_CODIGO}
        ]
        lienzo.undo_all()

    assert rechazadas == []
    assert facts(lienzo.text()) == dicho
    cambiables = {valor for _id, panel, _menu in tipos for valor in panel}
    assert {
        "replace-with-error-boundary",
        "replace-with-service-task",
        "replace-with-timer-intermediate-catch",
    } <= cambiables
    como = {(boton, valor) for _id, _lista, boton, valor in ofrecidas}
    for boton, valor in (
        ("agregar-despues", "replace-with-timer-intermediate-catch"), ("insertar", "replace-with-message-intermediate-throw"),
        ("agregar-despues", "replace-with-error-end"), ("agregar-al-borde", "replace-with-timer-boundary"),
        ("agregar-al-borde", "replace-with-non-interrupting-message-boundary"), ("agregar-al-borde", "replace-with-cancel-boundary"),
    ):  # fmt: skip
        assert (boton, valor) in como
    terminan = {"bpmn:EndEvent", "replace-with-error-end", "replace-with-link-intermediate-throw"}
    assert not {valor for boton, valor in como if boton == "insertar"} & terminan


#: The frames of their assumptions run 12 px around them, with their words.
SIN_LUGAR = {"svc_prorroga", "svc_asignar_charla"}


def test_an_event_on_a_border_stands_where_nothing_does(lienzo: Canvas) -> None:
    """By the rules of the committed drawings, on every activity of two of them; removed by one
    undo."""
    for nombre in ("escalonamiento", "sala_informativa"):
        lienzo.open((ROOT / "bpmn" / "m5_1_02" / f"{nombre}.bpmn").read_text("utf-8"))
        antes = facts(lienzo.text())
        faltas = {}
        for id_ in sorted(lienzo.ids("bpmn:Activity")):
            if (
                id_ not in SIN_LUGAR
                and lienzo.run(
                    CHOOSE, id_, "borde-tipo", "agregar-al-borde", "replace-with-timer-boundary"
                )
                is None
            ):
                faltas[id_] = collisions(lienzo.text().encode())
                lienzo.undo_all()
        assert {id_: falta for id_, falta in faltas.items() if falta} == {}
        assert facts(lienzo.text()) == antes


FILL = """
const [id, clave, valor] = given;
m.get("selection").select(get(id));
const control = document.querySelector(`#propiedades [data-clave="${clave}"]`);
control.value = valor;
control.dispatchEvent(new Event("change"));
"""
MAKE = """
const [tipo, clase] = given;
const forma = { type: `bpmn:${tipo}`, eventDefinitionType: `bpmn:${clase}EventDefinition` };
return m.get("modeling").createShape(m.get("elementFactory").createShape(forma), { x: 400, y: 100 }, get("vacio_carril")).id;
"""


@pytest.mark.parametrize(
    ("eventos", "clase", "clave", "valor", "reglas"),
    [
        (
            ["IntermediateThrowEvent", "IntermediateCatchEvent"],
            "Signal",
            "codigo",
            "Cierre",
            {"reference_missing"},
        ),
        (
            ["IntermediateCatchEvent"],
            "Conditional",
            "condicion",
            "punto_id == 'BOG'",
            {"condition_of_event_empty"},
        ),
        (
            ["IntermediateThrowEvent", "IntermediateCatchEvent"],
            "Link",
            "enlace",
            "A",
            {"link_target"},
        ),
    ],
)
def test_what_the_menu_draws_is_finished_in_the_panel(
    lienzo: Canvas, eventos: list[str], clase: str, clave: str, valor: str, reglas: set[str]
) -> None:
    lienzo.open(blank())
    nuevos = [lienzo.run(MAKE, tipo, clase) for tipo in eventos]
    assert reglas <= errores(lienzo).keys()

    for nuevo in nuevos:
        lienzo.run(FILL, nuevo, clave, valor)

    assert not reglas & errores(lienzo).keys()
