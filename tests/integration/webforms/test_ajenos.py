"""`flask procedure import FILE…`: what other engines' files say of people, forms and tables becomes
ours; the rest is told or asked."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from lxml import etree

from engine import reads
from engine.errors import NotAllowed
from engine.types import Actor, Handlers, Role, StartForm
from records.paquetes.reglas import paquete as reglas
from tests.kit import web as web_kit
from tests.kit.web import WebKit
from webforms.comandos.procedimiento import procedure
from webforms.paquetes.ajeno import BPMN, Ajeno, codigo, formularios_de

CABEZA = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">'
)
FORMULARIO = """<extensionElements><camunda:formData>
<camunda:formField id="monto" label="Monto" type="long">
<camunda:validation><camunda:constraint name="required"/></camunda:validation></camunda:formField>
<camunda:formField id="aprobado" type="boolean"/>
<camunda:formField id="tipo" label="Tipo" type="enum">
<camunda:value id="a" name="Uno"/><camunda:value id="b" name="Otro: dos"/></camunda:formField>
<camunda:formField id="con espacio" type="string"/>
</camunda:formData></extensionElements>"""
PRESTAMO = f"""{CABEZA}<process id="prestamo" name="Préstamo" isExecutable="true">
<startEvent id="inicio"/>
<userTask id="revisar" name="Revisar" camunda:candidateGroups="Gestión de préstamos"
  camunda:dueDate="P5D" camunda:asyncBefore="true">{FORMULARIO}</userTask>
<exclusiveGateway id="g" default="no"/>
<userTask id="firmar" name="Firmar" camunda:assignee="${{firmante}}" camunda:priority="3"/>
<userTask id="cerrar" name="Cerrar" camunda:assignee="kermit"/>
<endEvent id="fin"/>
<sequenceFlow id="f1" sourceRef="inicio" targetRef="revisar"/><sequenceFlow id="f2" sourceRef="revisar" targetRef="g"/>
<sequenceFlow id="si" sourceRef="g" targetRef="firmar">
<conditionExpression>${{aprobado &amp;&amp; monto &gt; tope}}</conditionExpression></sequenceFlow>
<sequenceFlow id="no" sourceRef="g" targetRef="cerrar"/>
<sequenceFlow id="f3" sourceRef="firmar" targetRef="fin"/><sequenceFlow id="f4" sourceRef="cerrar" targetRef="fin"/>
</process></definitions>"""
ZEEBE = f"""{CABEZA}<message id="m" name="Pago">
<extensionElements><zeebe:subscription correlationKey="=pedido_id"/></extensionElements></message>
<process id="compra" isExecutable="true">
<startEvent id="cini"><extensionElements><zeebe:formDefinition formId="pedido"/></extensionElements></startEvent>
<intermediateCatchEvent id="pago"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
<businessRuleTask id="regla">
<extensionElements><zeebe:calledDecision decisionId="ruta" resultVariable="r"/></extensionElements></businessRuleTask>
<serviceTask id="cobrar"><extensionElements><zeebe:taskDefinition type="cobro"/></extensionElements></serviceTask>
<endEvent id="cfin"/>
<sequenceFlow id="c1" sourceRef="cini" targetRef="pago"/><sequenceFlow id="c2" sourceRef="pago" targetRef="regla"/>
<sequenceFlow id="c3" sourceRef="regla" targetRef="cobrar"/><sequenceFlow id="c4" sourceRef="cobrar" targetRef="cfin"/>
</process></definitions>"""
PEDIDO = json.dumps({
    "id": "pedido",
    "components": [
        {"type": "text", "text": "Datos"},
        {"type": "group", "components": [{"type": "textfield", "key": "pedido_id", "label": "Pedido", "validate": {"required": True}}]},
        {
            "type": "select", "key": "medio", "label": "Medio",
            "values": [{"value": "e", "label": "Efectivo"}, {"value": "t", "label": "Tarjeta"}],
        },
        {"type": "textarea", "key": "nota"},
        {"type": "button", "key": "enviar"},
    ],
})  # fmt: skip


def traducido(texto: str, formularios: str = "") -> tuple[etree._Element, dict[str, list[str]]]:
    """The tree in our words, and the notes by their class."""
    uno = Ajeno(
        etree.fromstring(texto), formularios_de([formularios.encode()] if formularios else [])
    )
    raiz = etree.fromstring(uno.traducir())
    notas: dict[str, list[str]] = {"traducido": [], "omitido": [], "decidir": []}
    for nota in uno.notas:
        notas[nota.clase].append(f"{nota.elemento}: {nota.frase}")
    return raiz, notas


def nuestros(raiz: etree._Element, elemento: str) -> list[tuple[str, dict[str, str]]]:
    (nodo,) = [n for n in raiz.iter("*") if n.get("id") == elemento]
    prefijo = "{urn:ventanilla:bpmn:1}"
    return [
        (str(v.tag).removeprefix(prefijo), dict(v.attrib))
        for v in nodo.iter("*")
        if str(v.tag).startswith(prefijo)
    ]


def test_groups_are_lanes_persons_are_holders_and_nobody_is_asked_for() -> None:
    raiz, notas = traducido(PRESTAMO)
    carriles = {
        nuestros(raiz, carril.get("id", ""))[0][1]["role"]: [
            r.text for r in carril if str(r.tag).endswith("flowNodeRef")
        ]
        for carril in raiz.iter(f"{BPMN}lane")
    }
    assert carriles == {
        "gestion_de_prestamos": ["revisar"],
        "por_decidir": ["firmar"],
        "kermit": ["cerrar"],
    }
    assert ("holder", {"variable": "firmante"}) in nuestros(raiz, "firmar")
    assert ("priority", {"expr": "3"}) in nuestros(raiz, "firmar")
    assert ("due", {"expr": "P5D"}) in nuestros(raiz, "revisar")
    assert [n.partition(":")[0] for n in notas["decidir"]] == [
        "cerrar",
        "prestamo_carriles_ajenos_2",
        "revisar",
    ]
    assert notas["omitido"] == ["revisar: asyncBefore"]


def test_fields_of_a_form_are_ours_and_a_name_that_none_can_be_is_asked_for() -> None:
    raiz, notas = traducido(PRESTAMO)
    campos = [atributos for palabra, atributos in nuestros(raiz, "revisar") if palabra == "field"]
    assert campos == [
        {
            "name": "monto",
            "label": "Monto",
            "type": "integer",
            "required": "true",
            "decision": "true",
        },
        {
            "name": "aprobado",
            "label": "aprobado",
            "type": "boolean",
            "required": "false",
            "decision": "true",
        },
        {
            "name": "tipo",
            "label": "Tipo",
            "type": "choice",
            "required": "false",
            "options": "a:Uno|b:Otro  dos",
            "decision": "true",
        },
    ]
    assert any("con espacio" in nota for nota in notas["decidir"])


def test_a_form_of_its_own_file_a_table_and_the_key_of_a_message() -> None:
    raiz, notas = traducido(ZEEBE, PEDIDO)
    inicio = nuestros(raiz, "cini")
    assert [a["name"] for palabra, a in inicio if palabra == "field"] == [
        "pedido_id",
        "medio",
        "nota",
    ]
    assert ("start", {"roles": "por_decidir"}) in inicio
    assert nuestros(raiz, "pago") == [("message", {"key": "pedido_id"})]
    assert nuestros(raiz, "regla") == [("decision", {"table": "ruta"})]
    assert notas["omitido"] == ["cobrar: taskDefinition"]
    sin_archivo = traducido(ZEEBE)[1]
    assert any("pedido" in nota for nota in sin_archivo["decidir"])


def test_what_is_ours_already_stays_and_a_second_time_changes_nothing() -> None:
    primera, _ = traducido(PRESTAMO)
    segunda, _ = traducido(etree.tostring(primera, encoding="unicode"))
    assert etree.tostring(primera) == etree.tostring(segunda)


@pytest.mark.parametrize(
    ("nombre", "rol"),
    [
        ("Gestión de préstamos", "gestion_de_prestamos"),
        ("", "por_decidir"),
        ("***", "por_decidir"),
        ("2ª línea", "rol_2a_linea"),
        ("x" * 90, "x" * 40),
    ],
)
def test_a_role_is_a_plain_word(nombre: str, rol: str) -> None:
    assert codigo(nombre) == rol
    assert codigo(nombre).isidentifier()


def test_several_groups_and_one_that_is_computed_are_asked_for() -> None:
    _, notas = traducido(PRESTAMO.replace("Gestión de préstamos", "uno, dos"))
    assert any("dos" in nota for nota in notas["decidir"])
    raiz, notas = traducido(PRESTAMO.replace("Gestión de préstamos", "${grupo(1)}"))
    assert any("grupo(1)" in nota for nota in notas["decidir"])
    assert "por_decidir" in {
        nuestros(raiz, c.get("id", ""))[0][1]["role"] for c in raiz.iter(f"{BPMN}lane")
    }


def test_a_drawn_lane_gets_the_group_of_its_tasks_and_a_repetition_its_collection() -> None:
    drawn = PRESTAMO.replace(
        '<startEvent id="inicio"/>',
        '<laneSet id="ls"><lane id="l1" name="Analistas"><flowNodeRef>revisar</flowNodeRef></lane>'
        '<lane id="l2" name="Dirección general"><flowNodeRef>firmar</flowNodeRef><flowNodeRef>cerrar</flowNodeRef></lane></laneSet>'
        '<startEvent id="inicio"/>',
    ).replace(
        'camunda:assignee="kermit"/>',
        '><multiInstanceLoopCharacteristics camunda:collection="${revisores}" camunda:elementVariable="revisor"/></userTask>',
    )
    raiz, _ = traducido(drawn)
    assert nuestros(raiz, "l1") == [("lane", {"role": "gestion_de_prestamos"})]
    assert nuestros(raiz, "l2") == [("lane", {"role": "direccion_general"})]
    (ciclo,) = raiz.iter("{*}multiInstanceLoopCharacteristics")
    assert [(str(h.tag).rpartition("}")[2], h.text or h.get("name")) for h in ciclo] == [
        ("loopDataInputRef", "revisores"), ("inputDataItem", "revisor"),
    ]  # fmt: skip


# --- the command ----------------------------------------------------------------------------------
@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url, handlers=Handlers())
    yield kit
    kit.engine.db.dispose()


def orden(web: WebKit, *palabras: object) -> Result:
    return web.app.test_cli_runner().invoke(procedure, [str(p) for p in palabras])


def test_a_file_becomes_a_package_that_is_put_in_force_and_runs(
    web: WebKit, tmp_path: Path
) -> None:
    """The whole way: written, checked, in force, a case done by those of its lanes."""
    (tmp_path / "prestamo.bpmn20.xml").write_text(
        PRESTAMO.replace('<camunda:formField id="con espacio" type="string"/>', "")
    )
    carpeta = tmp_path / "prestamo"
    hecho = orden(
        web, "import", tmp_path / "prestamo.bpmn20.xml", "--to", carpeta, "--name", "Préstamos"
    )
    assert hecho.exit_code == 0, hecho.output
    assert sorted(r.name for r in carpeta.iterdir()) == [
        "importacion.md",
        "paquete.toml",
        "prestamo.bpmn",
    ]
    informe = (carpeta / "importacion.md").read_text()
    assert "`revisar`: Su formulario: monto, aprobado, tipo." in informe
    assert "`si`: Empieza con el dato «tope»" in informe
    assert "`firmar`: Empieza con el dato «firmante»" in informe
    datos = {
        v["name"]: v.get("type")
        for p, v in nuestros(etree.parse(carpeta / "prestamo.bpmn").getroot(), "prestamo")
        if p == "variable"
    }
    assert datos == {"tope": "number", "firmante": None}
    paquete, faltas = reglas.leer_entero("prestamo", reglas.archivos_de(carpeta))
    assert (faltas, paquete.nombre if paquete else "") == ([], "Préstamos")
    revisado = orden(web, "check", carpeta)
    assert revisado.exit_code == 0, revisado.output
    puesto = orden(
        web, "import", carpeta, "--note", "De otro motor", "--confirm-lanes", "Se asignan después"
    )
    assert puesto.exit_code == 0, puesto.output
    todos = Actor(
        "person",
        "ana",
        frozenset(Role(rol, None) for rol in ("gestion_de_prestamos", "por_decidir", "kermit")),
    )
    ahora = web.clock.now()
    caso = web.engine.instances.start(
        "prestamo", actor=todos, now=ahora, data={"tope": 100, "firmante": "ana"}
    )
    valores = {"monto": 500, "aprobado": True, "tipo": "a"}
    (firma,) = web.engine.items.complete(
        caso.opened[0].id, values=valores, actor=todos, now=ahora
    ).opened
    assert (firma.element, firma.claimed_by, firma.priority) == ("firmar", "ana", 3)
    assert web.engine.items.complete(firma.id, values={}, actor=todos, now=ahora).opened == ()


def test_what_a_person_must_decide_is_said_and_nothing_comes_into_force(
    web: WebKit, tmp_path: Path
) -> None:
    (tmp_path / "compra.bpmn").write_text(ZEEBE)
    (tmp_path / "pedido.form").write_text(PEDIDO)
    hecho = orden(
        web,
        "import",
        tmp_path / "compra.bpmn",
        tmp_path / "pedido.form",
        "--to",
        tmp_path / "compra",
    )
    assert hecho.exit_code == 0, hecho.output
    informe = (tmp_path / "compra" / "importacion.md").read_text()
    decidir = informe.partition("debe decidir")[2]
    for elemento in ("cini", "cobrar", "regla"):
        assert f"`{elemento}`" in decidir, informe
    assert orden(web, "list").output.count("compra") == 0


ESPERA = f"""{CABEZA}<signal id="s" name="Cierre del mes"/><process id="espera" isExecutable="true">
<startEvent id="eini"/><endEvent id="efin"/>
<intermediateCatchEvent id="cierre"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>
<sequenceFlow id="e1" sourceRef="eini" targetRef="cierre"/><sequenceFlow id="e2" sourceRef="cierre" targetRef="efin"/>
</process></definitions>"""


def test_a_signal_that_came_from_outside_is_sent_by_a_process_that_somebody_may_begin(
    web: WebKit, tmp_path: Path
) -> None:
    (tmp_path / "espera.bpmn").write_text(ESPERA)
    carpeta = tmp_path / "espera"
    assert orden(web, "import", tmp_path / "espera.bpmn", "--to", carpeta).exit_code == 0
    assert sorted(r.name for r in carpeta.glob("*.bpmn")) == [
        "enviar_cierre_del_mes.bpmn",
        "espera.bpmn",
    ]
    assert (
        "enviar_cierre_del_mes"
        in (carpeta / "importacion.md").read_text().partition("debe decidir")[2]
    )
    assert orden(web, "import", carpeta, "--confirm-lanes", "Se asigna después").exit_code == 0
    alguien, otro = (
        Actor("person", rol, frozenset({Role(rol, None)})) for rol in ("por_decidir", "nadie")
    )
    motor, ahora = web.engine, web.clock.now()
    dos = [motor.instances.start("espera", actor=alguien, now=ahora) for _ in range(2)]
    with pytest.raises(NotAllowed):
        motor.instances.start("enviar_cierre_del_mes", actor=otro, now=ahora, form=StartForm({}))
    motor.instances.start("enviar_cierre_del_mes", actor=alguien, now=ahora, form=StartForm({}))
    while motor.pump(ahora):
        pass
    with motor.uow.reading() as session:
        assert {reads.instances.status(session, caso.instance_id) for caso in dos} == {"finished"}


@pytest.mark.parametrize(
    ("nombre", "contenido", "dicho"),
    [
        ("a.bpmn", b"<no", "no es un archivo XML"),
        ("a.bpmn", b"<svg/>", "no es un diagrama BPMN"),
        ("a.form", b"[]", "componentes en JSON"),
        ("a.form", b"{", "componentes en JSON"),
        ("a.form", b'{"components": []}', "al menos un diagrama"),
        ("a.bpmn", b"<x>" + b" " * 2**21 + b"</x>", "2 MB"),
        ("a.bpmn", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "no es un diagrama BPMN"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_written(
    web: WebKit, tmp_path: Path, nombre: str, contenido: bytes, dicho: str
) -> None:
    (tmp_path / nombre).write_bytes(contenido)
    hecho = orden(web, "import", tmp_path / nombre, "--to", tmp_path / "nuevo")
    assert hecho.exit_code == 1
    assert dicho in hecho.output
    assert not (tmp_path / "nuevo").exists()


def test_a_folder_that_is_there_stays_and_two_files_are_not_one(
    web: WebKit, tmp_path: Path
) -> None:
    (tmp_path / "a.bpmn").write_text(PRESTAMO)
    (tmp_path / "otra").mkdir()
    (tmp_path / "otra" / "a.bpmn20.xml").write_text(PRESTAMO)
    assert (
        "ya existe" in orden(web, "import", tmp_path / "a.bpmn", "--to", tmp_path / "otra").output
    )
    assert (
        "se llamarían"
        in orden(
            web,
            "import",
            tmp_path / "a.bpmn",
            tmp_path / "otra" / "a.bpmn20.xml",
            "--to",
            tmp_path / "dos",
        ).output
    )
    assert (
        "letras minúsculas"
        in orden(web, "import", tmp_path / "a.bpmn", "--to", tmp_path / "Mal").output
    )
    assert "o solo archivos" in orden(web, "import", tmp_path / "a.bpmn", tmp_path / "otra").output
