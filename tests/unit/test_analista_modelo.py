"""What the analysts' pages read in a file, and what they say that changed."""

import json
import re
from pathlib import Path

import pytest

from engine.model.vocabulary import VOCABULARY
from engine.reads import models
from engine.reads.models import Unreadable
from tests.unit.test_dmn import dmn
from webforms.paquetes.frases.palabras import ELEMENTOS
from webforms.paquetes.modelo import TIPOS, leer, nombre_limpio, nombre_valido
from webforms.paquetes.plantilla import diagrama_vacio

RAIZ = Path(__file__).parents[2]
TABLA = (RAIZ / "bpmn" / "m5_1_02" / "ruta_atencion.dmn").read_bytes()
VISITA = diagrama_vacio("visita", "La visita")


def test_the_editor_knows_exactly_the_vocabulary_of_the_deployer() -> None:
    descriptor = json.loads(
        (RAIZ / "webforms" / "assets" / "ventanilla-moddle.json").read_text("utf-8")
    )

    conocidos = {
        tipo["name"].lower(): {p["name"] for p in tipo["properties"]}
        for tipo in descriptor["types"]
    }

    assert conocidos == {
        nombre: {*required, *optional} for nombre, (_, required, optional) in VOCABULARY.items()
    }


def test_the_editor_allows_each_word_where_the_deployer_allows_it() -> None:
    descriptor = json.loads(
        (RAIZ / "webforms" / "assets" / "ventanilla-moddle.json").read_text("utf-8")
    )
    evento = {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
    for tipo in descriptor["types"]:
        lugares = {lugar.removeprefix("bpmn:") for lugar in tipo["meta"]["allowedIn"]}
        abiertos = {lugar[0].lower() + lugar[1:] for lugar in lugares - {"Event"}} | (
            evento if "Event" in lugares else set()
        )
        assert abiertos == set(VOCABULARY[tipo["name"].lower()][0]), tipo["name"]


@pytest.mark.parametrize(
    "ruta", sorted((RAIZ / "bpmn").rglob("*.bpmn")), ids=lambda ruta: ruta.name
)
def test_every_element_of_the_product_has_a_spanish_type_and_a_name(ruta: Path) -> None:
    modelo = leer(ruta.name, ruta.read_bytes())

    assert modelo.elementos
    for elemento in modelo.elementos:
        assert elemento.tipo[0].isupper(), elemento
        assert elemento.nombre, elemento


def test_the_table_of_elements_goes_from_left_to_right() -> None:
    assert [e.nombre for e in leer("visita.bpmn", VISITA).elementos] == [
        "Comienzo",
        "Primera tarea",
        "Fin",
    ]


def test_a_flow_without_a_name_is_told_by_its_ends() -> None:
    assert leer("visita.bpmn", VISITA).nombres["visita_f2"] == "Flujo de Primera tarea a Fin"


@pytest.mark.parametrize(
    ("contenido", "regla"),
    [
        (b"", "xml_empty"),
        (b"\x00\xff", "xml_empty"),
        (b"PK\x03\x04", "xml_not_xml"),
        (b"<a>", "xml_not_well_formed"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "xml_doctype"),
        (b"<a>" + b"x" * 2_200_000 + b"</a>", "xml_too_large"),
    ],
)
def test_bytes_that_are_no_xml_of_ours_are_refused_with_the_rule(
    contenido: bytes, regla: str
) -> None:
    with pytest.raises(Unreadable) as refutado:
        leer("x.bpmn", contenido)
    assert refutado.value.rule == regla


@pytest.mark.parametrize("nombre", ["a.bpmn", "M5_1_01.bpmn", "ruta-2.dmn"])
def test_plain_file_names_are_accepted(nombre: str) -> None:
    assert nombre_valido(nombre)


@pytest.mark.parametrize(
    "nombre",
    [
        "",
        "a",
        "a.xml",
        "../a.bpmn",
        "a/b.bpmn",
        ".bpmn",
        "a b.bpmn",
        "ñ.bpmn",
        "a.bpmn\n",
        "a" * 90 + ".bpmn",
    ],
)
def test_other_file_names_are_not(nombre: str) -> None:
    assert not nombre_valido(nombre)


# --- decision tables
def test_a_table_is_read_as_a_grid() -> None:
    (rejilla,) = models.grids(TABLA)

    assert rejilla.inputs[0] == ("Motivo de la visita", "motivo_visita")
    assert rejilla.outputs == (("Ruta", "ruta"),)
    assert rejilla.rows[0].cells == ("-", "true", "false", '"escrita"')
    assert rejilla.rows[0].note.startswith("5.2.3")


def test_a_grid_that_is_written_unchanged_reads_the_same() -> None:
    (rejilla,) = models.grids(TABLA)
    escrita = models.with_rows(TABLA, rejilla.id, rejilla.policy, rejilla.rows)

    assert models.grids(escrita) == [rejilla]
    assert models.parts(escrita) == models.parts(TABLA)


def test_a_new_rule_gets_an_id_of_its_own_and_the_others_keep_theirs() -> None:
    (rejilla,) = models.grids(TABLA)
    nueva = models.Row("", ("-", "true", "true", '"sala"'), "Porque sí")

    escrita = models.with_rows(TABLA, rejilla.id, "FIRST", [nueva, *rejilla.rows])

    (leida,) = models.grids(escrita)
    assert leida.policy == "FIRST"
    assert [fila.id for fila in leida.rows[1:]] == [fila.id for fila in rejilla.rows]
    assert leida.rows[0].cells == nueva.cells
    ids = [fila.id for fila in leida.rows]
    assert len(set(ids)) == len(ids)
    assert all(ids)


def test_what_the_grid_does_not_show_stays_in_the_file() -> None:
    (rejilla,) = models.grids(TABLA)
    escrita = models.with_rows(TABLA, rejilla.id, rejilla.policy, rejilla.rows[1:])

    assert b"DMNDI" in escrita
    assert rejilla.rows[0].id.encode() not in escrita


def test_text_of_a_cell_is_never_markup() -> None:
    (rejilla,) = models.grids(TABLA)
    fila = models.Row(rejilla.rows[0].id, ("< 5 & > 2", "-", "-", '"</text>"'))

    (leida,) = models.grids(models.with_rows(TABLA, rejilla.id, "UNIQUE", [fila]))

    assert leida.rows[0].cells == fila.cells


@pytest.mark.parametrize(
    ("subido", "guardado"),
    [
        ("visita.bpmn", "visita.bpmn"),
        ("A.1.0.bpmn", "A_1_0.bpmn"),
        ("Proceso de atención (v2).BPMN", "Proceso_de_atencion_v2.bpmn"),
        ("__x__.dmn", "x.dmn"),
        ("passwd", ""),
        ("a" * 200 + ".bpmn", "a" * 70 + ".bpmn"),
    ],
)
def test_the_name_of_an_uploaded_file_is_made_plain(subido: str, guardado: str) -> None:
    limpio = nombre_limpio(subido)
    assert limpio == guardado if nombre_valido(guardado) else not nombre_valido(limpio)


def test_a_policy_with_its_aggregation_is_read_and_written_as_one_choice() -> None:
    """What the page offers ("Se suman todas") sets both attributes; another policy takes the
    aggregation away."""
    content = dmn(["- => 1"], policy="COLLECT", more='aggregation="SUM"')
    (read,) = models.grids(content)
    assert read.policy == "COLLECT SUM"
    for policy in ("COLLECT MAX", "RULE ORDER", "COLLECT", "UNIQUE"):
        content = models.with_rows(content, "t", policy, read.rows)
        assert [g.policy for g in models.grids(content)] == [policy]
        assert (b"aggregation" in content) == (policy == "COLLECT MAX")


def test_an_element_has_one_name_in_the_palette_the_panel_the_pages_and_the_findings() -> None:
    guiones = {
        nombre: (RAIZ / "webforms" / "assets" / "bpmn" / f"{nombre}.js").read_text("utf-8")
        for nombre in ("tipos", "agregar")
    }
    for guion in guiones.values():
        pares = re.findall(r'\["bpmn:(\w+)", _\("([^":]+)"\)\]', guion)
        assert len(pares) >= 7
        for clase, nombre in pares:
            clave = clase[0].lower() + clase[1:]
            assert TIPOS.get(clave, nombre) == nombre
            if clave in ELEMENTOS and clave != "collaboration" and not clave.endswith("Definition"):
                assert ELEMENTOS[clave].partition(" ")[2] == nombre.lower()
