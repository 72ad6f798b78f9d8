"""Pages of the entity that were cited (5.2.21): who reads their copies, as what, and what a page on
the site cannot do in ours."""

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from engine.jobs.inprocess import InProcessJobs
from records.base.actos import Acto
from records.sistemas import paginas
from records.sistemas.paginas import Copia
from records.sistemas.reglas.paginas import Falla
from records.sistemas.tablas import PaginaCitada
from tests.kit import public as public_kit
from tests.kit.clock import NOW
from tests.kit.public import Point
from tests.kit.web import csrf, followed
from webforms.sistemas.paginas import estado, razon

URL = "https://www.icetex.gov.co/creditos"
MALA = "<script>alert(1)</script> & <b>negrilla</b>"


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


@pytest.fixture
def caso(punto: Point) -> str:
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    punto.until_power(turno)
    return str(turno.case_key)


def citar(
    punto: Point,
    caso: str,
    copia: Copia | None = None,
    falla: Falla | None = None,
    detalle: str = "",
) -> int:
    with punto.web.session() as session:
        citada = paginas.citar(
            session, punto.turnos()[0].id, URL, Acto("asesor", NOW, caso, "inst-1")
        )
        if copia is not None:
            paginas.anotar_copia(session, citada.id, paginas.guardar_copia(session, copia, now=NOW))
        if falla is not None:
            paginas.anotar_falla(session, citada.id, falla, detalle, hay_mas=False, maximo=4)
        session.commit()
        return citada.id


def una_copia(texto: str = MALA, titulo: str = MALA, final: str = URL) -> Copia:
    return Copia(URL, final, 200, "text/html", "", texto.encode(), titulo, texto, recortado=False)


def test_what_stands_on_the_site_is_text_here_and_nothing_else(punto: Point, caso: str) -> None:
    citada_id = citar(punto, caso, una_copia())
    for usuario, ruta in (
        ("asesor", f"/caso/{caso}/paginas/{citada_id}"),
        ("asesor", f"/caso/{caso}"),
        ("asesor", f"/caso/{caso}/historia"),
        ("revisor", f"/cumplimiento/caso/{caso}"),
    ):
        respuesta = punto.web.browser(usuario).get(ruta)
        assert respuesta.status_code == 200, ruta
        assert respuesta.headers["Cache-Control"] == "no-store"
        assert "<script>alert" not in respuesta.text, ruta
        assert "<b>negrilla" not in respuesta.text, ruta
        assert "&lt;b&gt;negrilla" in respuesta.text, ruta


def test_the_copy_says_who_cited_when_where_it_led_and_who_shares_it(
    punto: Point, caso: str
) -> None:
    citada_id = citar(punto, caso, una_copia("La tasa", "Créditos", "https://icetex.gov.co/nuevo"))
    with punto.web.session() as session:
        otra = paginas.citar(
            session, punto.turnos()[0].id, URL, Acto("colega", NOW, caso, "inst-1")
        )
        reciente = paginas.copia_reciente(session, URL, NOW)
        assert reciente is not None
        paginas.anotar_copia(session, otra.id, reciente)
        session.commit()
    pagina = followed(
        unescape(punto.web.browser("coordinador").get(f"/caso/{caso}/paginas/{citada_id}").text)
    )
    assert "la misma de otra cita de ese minuto" in pagina
    assert re.search(r"Llevó a</dt><dd>.*nuevo", pagina)
    assert f'<code class="huella">{paginas.sha256(b"La tasa")}</code>' in pagina
    assert 'rel="noopener noreferrer external"' in pagina
    assert "Hoy puede ser otra" in pagina


@pytest.mark.parametrize("usuario", ["lejana", "funcionaria", "analista", "nadie"])
def test_whoever_may_not_open_the_case_reads_no_copy_and_the_attempt_is_recorded(
    punto: Point, caso: str, usuario: str
) -> None:
    citada_id = citar(punto, caso, una_copia())
    assert punto.web.browser(usuario).get(f"/caso/{caso}/paginas/{citada_id}").status_code == 404
    assert ("rechazo", usuario, caso) in punto.web.accesses()


def test_the_copy_of_another_case_is_not_read_through_this_one(punto: Point, caso: str) -> None:
    ajena = citar(punto, "otro-caso", una_copia())
    sin_copia = citar(punto, caso)
    navegador = punto.web.browser("asesor")
    assert [
        navegador.get(f"/caso/{caso}/paginas/{n}").status_code for n in (ajena, sin_copia, 999)
    ] == [404, 404, 404]


def test_whoever_works_on_the_case_asks_again_for_a_copy_that_failed_and_once_only(
    punto: Point, caso: str
) -> None:
    citada_id = citar(punto, caso, falla=Falla.SIN_NOMBRE, detalle="www.icetex.gov.co")
    hechos: list[dict[str, object]] = []
    punto.web.engine.jobs.core.handlers.jobs[paginas.COPIAR] = lambda _now, args: hechos.append(
        dict(args)
    )
    navegador = punto.web.browser("asesor")
    pagina = navegador.get(f"/caso/{caso}").text
    assert "Nadie conoce el sitio www.icetex.gov.co." in followed(pagina)
    for _ in range(2):
        assert (
            navegador.post(
                f"/caso/{caso}/paginas/{citada_id}", data={"csrf_token": csrf(pagina)}
            ).status_code
            == 302
        )
    punto.web.clock.advance(dt.timedelta(seconds=1))
    jobs = punto.web.engine.jobs.core.jobs
    assert isinstance(jobs, InProcessJobs)
    jobs.run_all(punto.web.engine.jobs)
    assert [h["citada_id"] for h in hechos] == [citada_id]
    assert "Copiando la página" in navegador.get(f"/caso/{caso}").text


def test_each_way_to_fail_has_its_words(punto: Point) -> None:
    with punto.web.app.test_request_context():
        dichas = {
            falla: razon(PaginaCitada(estado="fallida", falla=falla, detalle="404"))
            for falla in Falla
        }
        assert all(dichas.values())
        assert len(set(dichas.values())) == len(Falla)
        assert dichas[Falla.RESPUESTA] == "la página no existe en el sitio (respondió 404)"
        assert estado(PaginaCitada(estado="fallida"))[1] == "Sin copia"
