"""Two people whose documents have one number, a CC and a CE: what is of one is never given, shown,
restricted or erased as the other's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine.types import StartForm
from records.base.reglas.documentos import enmascarar_documento
from records.casos import registro
from records.derechos import de_una_persona, derechos
from records.personas import personas
from records.personas.personas import NuevaPersona
from records.personas.tablas import Persona
from tests.kit import web as web_kit
from tests.kit.cast import ASESORA
from tests.kit.permit import ASKED, FILES, WITH_KIND
from tests.kit.web import WebKit, csrf
from webforms.casos.documento_buscado import CAMPO

NUMERO = "328456"
LAURA, PIERRE = ("CC", "Laura Gómez Ríos"), ("CE", "Pierre Martin Duval")


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    kit.deploy(WITH_KIND)
    with kit.session() as s, s.begin():
        for tipo, nombre in (LAURA, PIERRE):
            personas.crear_persona(
                s, NuevaPersona(tipo, NUMERO, nombre, "cliente_potencial"), now=kit.clock.now()
            )
    yield kit
    kit.engine.db.dispose()


def pedir(web: WebKit, nombre: str, **tipo: str) -> str:
    valores = {**ASKED, "nombre": nombre, "documento": NUMERO, "area": 24, **tipo}
    return web.engine.instances.start(
        "permiso", actor=ASESORA, now=web.clock.now(), form=StartForm(valores)
    ).case_key


@dataclass(frozen=True)
class Suyo:
    """What each of them would get, and what could be done with it."""

    exportado: frozenset[str]
    por_decidir: frozenset[str]


def suyo(s: Session, tipo: str) -> Suyo:
    persona = personas.buscar_persona(s, tipo, NUMERO)
    assert isinstance(persona, Persona)
    return Suyo(
        de_una_persona.todo(s, persona.id).claves, frozenset(derechos.suyos(s, persona.id).casos)
    )


def solo(*claves: str) -> Suyo:
    return Suyo(frozenset(claves), frozenset(claves))


def test_each_gets_their_own_and_decides_on_their_own(web: WebKit) -> None:
    de_laura, de_pierre = (
        pedir(web, LAURA[1], tipo="CC"),
        pedir(web, PIERRE[1], tipo="Cédula de extranjería"),
    )
    with web.session() as s:
        assert (suyo(s, "CC"), suyo(s, "CE")) == (solo(de_laura), solo(de_pierre))
        assert {registro.fichas(s, [c])[c].tipo_doc for c in (de_laura, de_pierre)} == {"CC", "CE"}


def test_where_the_type_was_not_asked_for_the_name_says_whose_it_is(web: WebKit) -> None:
    """A case of before, and of a diagram that does not ask: never by the number alone."""
    web.deploy(FILES)
    de_laura, de_nadie = pedir(web, "LAURA GOMEZ RIOS"), pedir(web, "Óscar Peña Roa")
    corto, apellido = pedir(web, "Pierre Martin"), pedir(web, "Gómez")
    with web.session() as s:
        assert (suyo(s, "CC"), suyo(s, "CE")) == (solo(de_laura), solo(corto))
        todas = {de_laura, de_nadie, corto, apellido}
        assert set(registro.halladas_con_documento(s, NUMERO)) == todas, (
            "who searches by a number sees all that have it"
        )


def test_compliance_is_told_of_each_by_the_whole_document_and_of_what_may_be_of_either(
    web: WebKit,
) -> None:
    web.deploy(FILES)
    pedir(web, "Óscar Peña Roa")
    revisor = web.browser("revisor")
    datos = {
        "csrf_token": csrf(revisor.get("/cumplimiento/accesos").text),
        CAMPO: NUMERO,
        "motivo": "Solicitud 2026-0140022",
    }
    pagina = revisor.post("/cumplimiento/accesos", data=datos, follow_redirects=True).text
    for tipo, nombre in (LAURA, PIERRE):
        assert (
            f'{nombre} <span class="nota">{enmascarar_documento(tipo, NUMERO)}</span>' in pagina
        ), tipo
    assert pagina.count("PEP-2026-00001 tiene el mismo número, sin tipo de documento") == 2


def test_who_searches_with_the_type_finds_those_of_that_type(web: WebKit) -> None:
    de_laura, de_pierre = pedir(web, LAURA[1], tipo="CC"), pedir(web, PIERRE[1], tipo="CE")
    navegador = web.browser("coordinador")
    for escrito, hallados in (
        ("C.C. 328.456", {de_laura}),
        ("CE 328456", {de_pierre}),
        ("328456", {de_laura, de_pierre}),
    ):
        datos = {"csrf_token": csrf(navegador.get("/casos").text), CAMPO: escrito}
        pagina = navegador.post("/casos", data=datos, follow_redirects=True).text
        assert {c for c in (de_laura, de_pierre) if f"/caso/{c}" in pagina} == hallados, escrito


def test_online_a_case_is_shown_for_its_number_with_the_document_and_its_type(web: WebKit) -> None:
    pedir(web, LAURA[1], tipo="CC")
    publico = web.app.test_client()

    def consultar(**datos: str) -> int:
        pagina = publico.get("/consulta").text
        assert 'name="tipo_doc"' in pagina
        datos = {
            "csrf_token": csrf(pagina),
            "radicado": "PEP-2026-00001",
            "num_doc": NUMERO,
            **datos,
        }
        return publico.post("/consulta", data=datos).status_code

    assert consultar(tipo_doc="CC") == 200
    assert consultar(tipo_doc="", num_doc=f"CC {NUMERO}") == 200
    assert consultar(tipo_doc="CE") == 404
    assert consultar(tipo_doc="") == 404


def test_what_is_erased_of_one_leaves_the_other(web: WebKit) -> None:
    de_laura, de_pierre = pedir(web, LAURA[1], tipo="CC"), pedir(web, PIERRE[1], tipo="CE")
    with web.session() as s, s.begin():
        registro.olvidar(s, sorted(suyo(s, "CC").exportado))
        queda = registro.ficha(s, de_pierre)
        assert queda is not None
        assert (queda.tipo_doc, queda.documento, queda.nombre) == ("CE", NUMERO, PIERRE[1])
        borrada = registro.ficha(s, de_laura)
        assert borrada is not None
        assert (borrada.tipo_doc, borrada.documento, borrada.nombre) == ("", "", "")
