"""Cases by document: sent and never in an address, within the reach of who looks, recorded as a
view of personal data."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from records.base.actos import Acto
from records.casos.casos import NuevoCaso, crear_caso, radicar
from records.catalogos.catalogo import cargar_catalogo
from records.personas.personas import NuevaPersona, crear_persona
from tests.kit import public as public_kit
from tests.kit.clock import NOW
from tests.kit.public import Point
from tests.kit.web import csrf

DE_AGUAS, DE_CALI = "52123456", "52999888"
PUNTOS = {DE_AGUAS: "BOG-AGU", DE_CALI: "CLO-CEN"}
DE_UNA_PAGINA = 25


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    with kit.web.session() as s:
        cargar_catalogo(s)
        for num_doc, punto_id in PUNTOS.items():
            persona = crear_persona(
                s,
                NuevaPersona(
                    tipo_doc="CC", num_doc=num_doc, nombre="Lucía R", calidad="beneficiario"
                ),
                now=NOW,
            )
            nuevo = NuevoCaso(
                turno_id=None,
                punto_id=punto_id,
                persona_id=persona.id,
                clase="reclamo",
                tema="R01",
                descripcion="Un pago.",
            )
            radicar(
                s,
                crear_caso(s, nuevo, Acto("asesor", NOW)).caso_id,
                Acto("asesor", NOW),
                dias_termino=15,
                prorroga_max=15,
            )
        s.commit()
    yield kit
    kit.web.engine.db.dispose()


def buscar(
    navegador: FlaskClient, num_doc: str, ruta: str = "/casos", **mas: str
) -> tuple[str, str]:
    """(the address that answers, its page)."""
    respuesta = navegador.post(
        ruta, data={"csrf_token": csrf(navegador.get(ruta).text), "num_doc": num_doc, **mas}
    )
    assert respuesta.status_code == 302
    return respuesta.location, navegador.get(respuesta.location).text


def busquedas(punto: Point) -> list[tuple[str, str]]:
    """(who, what) of the searches by document in the access chain."""
    with punto.web.engine.db.connect() as c:
        filas = c.execute(
            sa.text(
                "SELECT actor_id, detail FROM access WHERE kind = 'busqueda_casos' ORDER BY day, n"
            )
        ).all()
    return [(f.actor_id, f.detail) for f in filas if "num_doc" in f.detail]


@pytest.mark.parametrize(
    ("usuario", "ruta"),
    [("asesor", "/casos"), ("coordinador", "/casos"), ("revisor", "/cumplimiento")],
)
@pytest.mark.parametrize("escrito", [DE_AGUAS, "52.123.456", " 52 123 456 "])
def test_a_case_is_found_by_its_document_which_stands_in_no_address(
    punto: Point, usuario: str, ruta: str, escrito: str
) -> None:
    direccion, pagina = buscar(punto.web.browser(usuario), escrito, ruta)
    assert "2026-0000001" in pagina
    assert "2026-0000002" not in pagina
    assert "Buscado: • ••• •456" in pagina
    for expuesto in (direccion, pagina):
        assert DE_AGUAS not in expuesto, "covered, and in no address"
    assert [quien for quien, _ in busquedas(punto)] == [usuario, usuario], (
        "the search and the list that it gave"
    )
    assert all(DE_AGUAS not in detalle for _, detalle in busquedas(punto))


def test_who_sees_one_point_finds_nobody_of_another_and_cannot_tell_that_there_is_one(
    punto: Point,
) -> None:
    asesor = punto.web.browser("asesor")
    _, ajeno = buscar(asesor, DE_CALI)
    _, nadie = buscar(asesor, "10000001")
    for pagina in (ajeno, nadie):
        assert "Ningún caso coincide." in pagina
        assert "2026-000000" not in pagina
    assert "2026-0000002" in buscar(punto.web.browser("coordinador"), DE_CALI)[1]


def test_the_answer_of_one_account_opens_nothing_for_another(punto: Point) -> None:
    direccion, _ = buscar(punto.web.browser("coordinador"), DE_AGUAS)
    assert "Ningún caso coincide." in punto.web.browser("asesor").get(direccion).text


def test_a_number_in_the_address_finds_nothing_by_itself(punto: Point) -> None:
    pagina = punto.web.browser("coordinador").get(f"/casos?num_doc={DE_AGUAS}").text
    assert "2026-0000002" in pagina, "it is no filter: the list is whole"


def test_the_other_filters_go_with_the_document(punto: Point) -> None:
    coordinador = punto.web.browser("coordinador")
    direccion, pagina = buscar(coordinador, DE_AGUAS, abiertos="1", radicado="2026-0000002")
    assert "Ningún caso coincide." in pagina
    assert parse_qs(urlsplit(direccion).query)["abiertos"] == ["1"]
    firma = parse_qs(urlsplit(direccion).query)["de"][0]
    assert "2026-0000001" in buscar(coordinador, "", de=firma)[1], (
        "asked again with another filter, the document stays"
    )


@pytest.mark.parametrize("malo", ["\x07", "1" * 500, "<script>", "' or 1=1"])
def test_what_is_no_document_finds_nobody(punto: Point, malo: str) -> None:
    direccion, pagina = buscar(punto.web.browser("coordinador"), malo)
    assert "2026-0000001" not in pagina
    assert "<script>" not in direccion


@pytest.mark.parametrize(
    ("usuario", "ruta"), [("coordinador", "/casos"), ("revisor", "/cumplimiento")]
)
def test_a_long_list_has_pages_that_keep_what_was_asked_for(
    punto: Point, usuario: str, ruta: str
) -> None:
    with punto.web.session() as s:
        persona = crear_persona(
            s,
            NuevaPersona(
                tipo_doc="CC", num_doc="70123456", nombre="Mateo R", calidad="beneficiario"
            ),
            now=NOW,
        )
        for _ in range(DE_UNA_PAGINA + 1):
            nuevo = NuevoCaso(
                turno_id=None,
                punto_id="BOG-AGU",
                persona_id=persona.id,
                clase="reclamo",
                tema="R01",
                descripcion="Un pago.",
            )
            radicar(
                s,
                crear_caso(s, nuevo, Acto("asesor", NOW)).caso_id,
                Acto("asesor", NOW),
                dias_termino=15,
                prorroga_max=15,
            )
        s.commit()
    navegador = punto.web.browser(usuario)
    _, primera = buscar(navegador, "70123456", ruta)
    assert "Página 1 de 2" in primera
    assert ">Anterior</a>" not in primera
    siguiente = unescape(re.findall(r'href="([^"]+)">Siguiente</a>', primera)[0])
    segunda = navegador.get(siguiente).text
    assert "Página 2 de 2" in segunda
    assert ">Siguiente</a>" not in segunda
    assert len(set(re.findall(r"2026-\d{7}", segunda))) == 1, (
        "of the person who was asked for, what the first page did not hold"
    )
    assert ">Anterior</a>" in segunda


@pytest.mark.parametrize(
    ("usuario", "ruta", "campo", "donde"),
    [
        ("coordinador", "/casos", "persona", "/casos"),
        ("revisor", "/cumplimiento", "persona", "/cumplimiento"),
        ("asesor", "/bandeja", "q", "/bandeja/buscar"),
        ("gestora", "/radicacion", "q", "/radicacion/buscar"),
    ],
)
def test_a_name_that_somebody_looks_for_stands_in_no_address_and_in_no_record(
    punto: Point, usuario: str, ruta: str, campo: str, donde: str
) -> None:
    navegador = punto.web.browser(usuario)
    datos = {"csrf_token": csrf(navegador.get(ruta).text), campo: "Lucía R"}
    direccion = navegador.post(donde, data=datos).location
    assert direccion == navegador.post(donde, data=datos).location, (
        "the same search has the same address"
    )
    (cerrado,) = parse_qs(urlsplit(direccion).query)[campo]
    assert not [
        letras
        for letras in ("Lucía", "lucía", "Luc%", "luc%", "Lucia", "%C3%AD")
        if letras in direccion
    ]
    pagina = unescape(navegador.get(direccion).text)
    assert 'value="Lucía R"' in pagina, "what they looked for is in its field"
    assert ("2026-0000001" in pagina) is (ruta in ("/casos", "/cumplimiento"))
    for enlace in re.findall(r'href="([^"]*)"', pagina):
        assert "Luc%C3%ADa" not in enlace
        assert "Lucía" not in enlace
    with punto.web.engine.db.connect() as c:
        detalles = list(c.scalars(sa.text("SELECT detail FROM access")))
    assert not [detalle for detalle in detalles if "Luc" in detalle]
    assert any("huellas" in detalle for detalle in detalles)
    assert navegador.get(f"{ruta}?{campo}={cerrado[:-2]}xx").status_code == 200, (
        "one that was changed finds what it says"
    )
