"""Diagrams, decision tables, forms, handlers and docs/process-contract.md name the same things."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import handlers.acciones
import handlers.auditorias
import handlers.comites
import handlers.controles
import handlers.correo
import handlers.crm
import handlers.informes
import handlers.interventoria
import handlers.sistemas.legado
import handlers.sistemas.paginas
import handlers.visita.digiturno
import handlers.visita.sala
from engine.types import Handlers
from handlers.enlaces import Enlaces
from records.catalogos.catalogo import AREAS, PLAZO_POR_TEMA, TIPIFICACION
from records.controles.reglas.condiciones import CONDICIONES
from records.controles.reglas.controles import CONTROLES
from tests.kit import pages
from webforms.comandos.trazabilidad import leer
from webforms.salas import FORMS

ROOT = Path(__file__).resolve().parents[2]
TRACED = leer(ROOT / "bpmn" / "m5_1_02")
PAQUETE = ROOT / "bpmn" / "m5_1_02"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
OURS = "{urn:ventanilla:bpmn:1}"

#: M5-1-02 5.2.1–5.2.32: what the diagrams call them, and in whose lane they stand.
ACTIVITIES = {
    1: ("Tomar ficha o hacer la fila", "usuario"),
    2: ("Llamar al usuario", "asesor"),
    3: ("Registrar motivo de la visita", "asesor"),
    4: ("Verificar titularidad", "asesor"),
    5: ("Solicitar poder autenticado", "asesor"),
    6: ("Consultar información del usuario en CRM", "asesor"),
    7: ("Actualizar datos básicos", "asesor"),
    8: ("Tipificar solicitud, queja o reclamo", "asesor"),
    9: ("Consultar C&CTEX, COBOL, FOX PRO", "asesor"),
    10: ("Suministrar respuesta", "asesor"),
    11: ("Registrar respuesta en CRM", "asesor"),
    12: ("Solicitar calificación", "asesor"),
    13: ("Calificar el servicio", "usuario"),
    14: ("Informar escalonamiento y plazo", "asesor"),
    15: ("Escalar por CRM al funcionario", "asesor"),
    16: ("Recibir y analizar", "funcionario"),
    17: ("Investigar el caso", "funcionario"),
    18: ("Documentar y suministrar información", "funcionario"),
    19: ("Brindar charla", "asesor"),
    20: ("¿Tiene inquietudes?", "usuario"),
    21: ("Suministrar información según página web", "asesor"),
    22: ("Orientar estudios en el exterior", "asesor"),
    23: ("Generar reporte del punto", "agente_calidad"),
    24: ("Revisar reporte del punto", "gerente_outsourcing"),
    25: ("Ajustar reporte del punto", "agente_calidad"),
    26: ("Consolidar informe mensual", "gerente_operativo"),
    27: ("Diligenciar F189", "profesional_ocm"),
    28: ("Elaborar informe de auditoría", "profesional_ocm"),
    29: ("Revisar el informe", "jefe_ocm"),
    30: ("Evaluar inconsistencias y tomar acciones", "gerente_outsourcing"),
    31: ("Evaluar inconsistencias y respuestas", "comite_calidad"),
    32: ("Remitir informe", "gerente_outsourcing"),
}
TASKS = tuple(BPMN + tag for tag in ("userTask", "serviceTask", "businessRuleTask"))
NAMED = (("form", "key"), ("handler", "name"), ("decision", "table"))
FLOW_NODE = re.compile(r"(.*Event|.*Gateway|.*Task|task|callActivity|subProcess)$")


def diagrams() -> dict[str, etree._Element]:
    return {
        str(path.relative_to(PAQUETE)): etree.parse(path).getroot()
        for path in PAQUETE.rglob("*.bpmn")
    }


def tables() -> dict[str, etree._Element]:
    return {path.stem: etree.parse(path).getroot() for path in PAQUETE.glob("*.dmn")}


def nodes() -> Iterator[etree._Element]:
    """All flow nodes of all diagrams."""
    for root in diagrams().values():
        for element in root.iter():
            parent = element.getparent()
            inside = parent is not None and parent.tag in (BPMN + "process", BPMN + "subProcess")
            if (
                inside
                and isinstance(element.tag, str)
                and FLOW_NODE.match(etree.QName(element).localname)
            ):
                yield element


def node(id_: str) -> etree._Element:
    [found] = [element for element in nodes() if element.get("id") == id_]
    return found


def documentation(element: etree._Element) -> str:
    return str(element.findtext(BPMN + "documentation") or "")


def ours(element: etree._Element, name: str) -> list[etree._Element]:
    return list(element.findall(f"{BPMN}extensionElements/{OURS}{name}"))


def role(element: etree._Element) -> str:
    """Of its lane, or of the lane of the sub-process around it."""
    while (parent := element.getparent()) is not None and parent.tag == BPMN + "subProcess":
        element = parent
    assert parent is not None
    [lane] = [
        lane
        for lane in parent.iter(BPMN + "lane")
        if element.get("id") in [each.text for each in lane.iter(BPMN + "flowNodeRef")]
    ]
    return str(ours(lane, "lane")[0].get("role", ""))


def rows(table: str) -> list[list[str]]:
    """Inputs and outputs of each rule, without quotation marks."""
    root = tables()[table]
    return [
        [(cell.findtext(DMN + "text") or "").replace('"', "") for cell in rule if len(cell)]
        for rule in root.iter(DMN + "rule")
    ]


def clauses(table: str) -> tuple[list[str], list[str]]:
    """Names of inputs and outputs."""
    root = tables()[table]
    inputs = [text.text or "" for text in root.iterfind(f".//{DMN}inputExpression/{DMN}text")]
    return inputs, [output.get("name", "") for output in root.iter(DMN + "output")]


# --- the procedure --------------------------------------------------------------------------------
@pytest.mark.parametrize("number", ACTIVITIES)
def test_an_activity_stands_once_in_the_diagrams_with_name_lane_and_text(number: int) -> None:
    element = node(f"act_5_2_{number}")
    name, lane = ACTIVITIES[number]
    assert element.get("name") == name
    assert role(element) == lane
    assert documentation(element).startswith(f"5.2.{number}")


def test_every_element_says_what_it_is_for_and_from_which_paragraph() -> None:
    source = re.compile(r"5\.2\.\d+|Control 6-\d|4\.\d|M5-1-0[124]|SUPUESTO|Ley \d+|Definiciones")
    silent = [
        element.get("id")
        for element in nodes()
        if not source.match(documentation(element)) or not element.get("name")
    ]
    assert silent == []


def test_the_two_controls_of_a_visit_are_named_where_they_act() -> None:
    for control, element in {
        "6-2": "act_5_2_4",
        "6-3": "act_5_2_15",
        "6-4": "act_5_2_18",
        "6-6": "err_crm",
    }.items():
        assert f"ontrol {control}" in documentation(node(element))


def test_every_process_says_which_text_it_draws() -> None:
    for root in diagrams().values():
        for process in root.iter(BPMN + "process"):
            assert process.get("isExecutable") == "true"
            [mark] = ours(process, "process")
            assert mark.get("version_tag", "").startswith(("M5-1-0", "A4-2-02"))
            assert (mark.get("assumption") == "true") == mark.get("version_tag", "").endswith(
                "SUPUESTO"
            )


# --- assumptions ----------------------------------------------------------------------------------
def test_what_the_procedure_does_not_say_carries_the_category_supuesto() -> None:
    for root in diagrams().values():
        titles = {
            value.get("id"): value.get("value", "") for value in root.iter(BPMN + "categoryValue")
        }
        assert all(title.startswith("SUPUESTO") for title in titles.values())
        for element in root.iter(
            *(
                BPMN + tag
                for tag in ("userTask", "serviceTask", "exclusiveGateway", "boundaryEvent")
            )
        ):
            invented = documentation(element).startswith("SUPUESTO")
            marked = [titles[mark.text] for mark in element.iter(BPMN + "categoryValueRef")]
            assert marked or not invented, element.get("id")


def test_every_question_of_the_diagrams_is_answered_in_the_list_of_assumptions() -> None:
    answered = {row[0] for row in pages.rows((ROOT / "docs/assumptions.md").read_text("utf-8"))}
    files = [*(ROOT / "bpmn").rglob("*.bpmn"), *(ROOT / "bpmn").rglob("*.dmn")]
    asked = {
        q for path in files for q in re.findall(r"\bQ\d{1,2}\b(?!\d)", path.read_text("utf-8"))
    } - {"Q01", "Q02", "Q03"}
    assert asked <= answered
    assert len(asked) > 12


# --- gateways -------------------------------------------------------------------------------------
def test_every_exclusive_gateway_has_a_default_without_condition_and_conditions_on_the_rest() -> (
    None
):
    for root in diagrams().values():
        flows = {flow.get("id"): flow for flow in root.iter(BPMN + "sequenceFlow")}
        for gateway in root.iter(BPMN + "exclusiveGateway"):
            leaving = [
                flow for flow in flows.values() if flow.get("sourceRef") == gateway.get("id")
            ]
            assert len(leaving) > 1
            for flow in leaving:
                conditioned = flow.find(BPMN + "conditionExpression") is not None
                assert conditioned == (flow.get("id") != gateway.get("default")), flow.get("id")
                assert flow.get("name"), flow.get("id")


def test_whoever_is_not_a_verified_holder_is_asked_for_a_power() -> None:
    """The way without condition is the most reserved one (control 6-2)."""
    assert node("x_titularidad").get("default") == "f_titularidad_no"
    assert node("x_titular").get("default") == "f_titular_no"


# --- forms ----------------------------------------------------------------------------------------
def form_tasks() -> dict[str, tuple[str, etree._Element]]:
    return {
        element.get("id", ""): (mark.get("key", ""), element)
        for element in nodes()
        for mark in ours(element, "form")
    }


def test_diagrams_and_code_have_the_same_forms() -> None:
    assert {key for key, _ in form_tasks().values()} == set(FORMS)


@pytest.mark.parametrize("task", form_tasks())
def test_the_decision_variables_of_a_task_are_fields_of_its_form_with_the_same_options(
    task: str,
) -> None:
    key, element = form_tasks()[task]
    form = FORMS[key].form
    for field in ours(element, "field"):
        assert field.get("decision") == "true"
        unbound: Any = getattr(form, field.get("name", ""))
        declared = [
            option.partition(":")[0] for option in (field.get("options") or "").split("|") if option
        ]
        choices = unbound.kwargs.get("choices")
        if declared and choices:
            assert sorted(declared) == sorted(str(value) for value, _ in choices if str(value)), (
                field.get("name")
            )


def test_a_user_task_without_a_form_declares_its_fields() -> None:
    for element in nodes():
        if element.tag == BPMN + "userTask" and not ours(element, "form"):
            assert ours(element, "field"), element.get("id")


# --- handlers -------------------------------------------------------------------------------------
def registered() -> Handlers:
    registry = Handlers()
    links = Enlaces("http://localhost", b"key")
    never: Any = None  # nothing is called here
    handlers.acciones.register(registry, sesiones=never, hacer=never, empezar=never, sitio="")
    handlers.sistemas.legado.register(registry, {}, sesiones=never, bitacora=never)
    handlers.correo.register(
        registry, correo=never, sesiones=never, enlaces=links, leer=never, rechazada=never
    )
    handlers.visita.digiturno.register(registry)
    handlers.crm.register(registry, enlaces=links)
    handlers.visita.sala.register(registry)
    handlers.sistemas.paginas.register(registry, web=never, sesiones=never, bitacora=never)
    handlers.controles.register(registry)
    handlers.auditorias.register(registry)
    handlers.informes.register(registry, leyendo=never, sesiones=never, bitacora=never, hacer=never)
    handlers.comites.register(registry)
    handlers.interventoria.register(registry, leyendo=never, sesiones=never, hacer=never)
    return registry


def test_diagrams_and_code_have_the_same_handlers() -> None:
    drawn = {mark.get("name") for element in nodes() for mark in ours(element, "handler")}
    known = registered()
    assert drawn == known.names - known.actions.keys()  # actions are for diagrams of others, too


def test_every_service_task_has_a_handler() -> None:
    for element in nodes():
        if element.tag == BPMN + "serviceTask":
            assert len(ours(element, "handler")) == 1, element.get("id")


# --- decision tables ------------------------------------------------------------------------------
def test_a_rule_task_declares_what_its_table_gives() -> None:
    used = set()
    for element in nodes():
        for mark in ours(element, "decision"):
            table = mark.get("table", "")
            used.add(table)
            assert [output.get("name") for output in ours(element, "output")] == clauses(table)[1]
    assert used == set(tables())


def test_the_tables_have_the_policies_that_they_need() -> None:
    policies = {
        name: next(root.iter(DMN + "decisionTable")).get("hitPolicy")
        for name, root in tables().items()
    }
    assert policies.pop("sistema_consulta") == policies.pop("f189_criterios") == "COLLECT"
    assert set(policies.values()) == {"UNIQUE"}
    for name in policies:
        assert set(rows(name)[-1][: len(clauses(name)[0])]) == {"-"}, f"{name} has no else row"


def test_the_matrix_gives_every_kind_of_case_to_the_area_of_the_catalogue() -> None:
    (tema, _, _), (area, grupo, *_) = clauses("matriz_escalonamiento")
    assert (tema, area, grupo) == ("tema", "area_id", "grupo")
    found = {
        row[0]: (row[3], int(row[5]), row[6], row[7])
        for row in rows("matriz_escalonamiento")
        if row[0] != "-"
    }
    assert found == {
        code: (each.codigo, PLAZO_POR_TEMA.get(code, each.plazo_interno), each.nivel2, each.nivel3)
        for each in AREAS
        for code in each.temas
    }
    assert set(found) == {kind.codigo for kind in TIPIFICACION}


def test_every_area_of_section_3_gets_cases() -> None:
    assert {row[3] for row in rows("matriz_escalonamiento")} == {area.codigo for area in AREAS}


def test_every_internal_term_leaves_two_days_before_the_legal_one() -> None:
    legal = {
        (row[1], norm): int(row[3])
        for row in rows("terminos_respuesta")[:-1]
        for norm in row[2].split(",")
        if row[1] != "-"
    }
    internal = {row[0]: int(row[5]) for row in rows("matriz_escalonamiento")}
    for kind in TIPIFICACION:
        assert internal[kind.codigo] + 2 <= legal[kind.tipo_termino, "LEY1755"], kind.codigo


# --- docs/process-contract.md ---------------------------------------------------------------------
def contract() -> dict[str, tuple[str, str]]:
    """Element -> (the row's second cell, its section)."""
    found = {}
    for part in re.split(
        r"^(?=## )", (ROOT / "docs/process-contract.md").read_text("utf-8"), flags=re.MULTILINE
    ):
        section = part.partition("\n")[0]
        for cells in pages.rows(part):
            if cells[0] != "element":
                for id_ in re.findall(r"[a-z]+_\w+", cells[0].partition("(")[0]):
                    found[id_] = cells[1], section
    return found


def test_every_task_of_the_diagrams_has_a_row_in_the_contract() -> None:
    tasks = {element.get("id", "") for element in nodes() if element.tag in TASKS}
    assert tasks - set(contract()) - {"svc_prorroga", "svc_retiro", "svc_enviar"} == set()


def test_every_element_of_the_contract_is_drawn() -> None:
    drawn = {element.get("id") for element in nodes()}
    assert set(contract()) - drawn == set()


def test_the_contract_names_the_form_handler_and_table_of_an_element() -> None:
    for element in nodes():
        cell, _ = contract().get(element.get("id", ""), ("", ""))
        for name in (
            mark.get(attribute) for kind, attribute in NAMED for mark in ours(element, kind)
        ):
            assert not cell or f"`{name}`" in cell, (
                f"{element.get('id')}: {name} is not in {cell!r}"
            )


def test_all_parts_together_name_the_same_messages() -> None:
    """Every message that is waited for or starts a process is thrown by a diagram, a handler or a
    page of the contract."""
    text = (ROOT / "docs/process-contract.md").read_text("utf-8")
    for root in diagrams().values():
        for message in root.iter(BPMN + "message"):
            assert message.get("name", "") in text


def test_what_is_traced_is_what_the_rules_say() -> None:
    assert [(part.id, part.elementos) for part in TRACED.actividades] == [
        (f"5.2.{n}", (f"act_5_2_{n}",)) for n in ACTIVITIES
    ]
    assert {part.id: part.elementos for part in TRACED.controles} == {
        c.id: c.elementos for c in CONTROLES.values()
    }
    assert {part.id: part.elementos for part in TRACED.condiciones} == {
        c.id: c.elementos for c in CONDICIONES.values()
    }
