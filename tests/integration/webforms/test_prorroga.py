"""An officer asks for an extension of the legal term; whoever may grant it decides, and nobody
else."""

import datetime as dt
import html
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import app as door
from engine.clock import GivenClock
from engine.jobs.inprocess import InProcessJobs
from records.casos.tablas import Caso
from records.correo.tablas import Aviso
from tests.integration.webforms.test_escritorio import (
    ASESOR,
    COLEGA,
    OFICIAL,
    Despacho,
    UnCaso,
    avisos,
    investigando,
)
from tests.kit import visit as visita
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.handlers import MailDouble
from tests.kit.web import followed

PORQUE = "El banco entrega el soporte del recaudo la otra semana."


@pytest.fixture(scope="module")
def despacho(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Despacho]:
    carpeta = tmp_path_factory.mktemp("despacho")
    url = f"sqlite:///{carpeta / 'ventanilla.db'}"
    gente = visita.seed(carpeta, url, NOW)
    jobs, clock, correo = InProcessJobs(), GivenClock(NOW), MailDouble()
    config = door.Config(
        instance=carpeta,
        database_url=url,
        secret_key=SESSION_KEY,
        jobs=jobs,
        clock=clock,
        correo=correo,
    )
    despacho = Despacho(door.create_app(config), jobs, clock, gente, correo)
    yield despacho
    despacho.engine.db.dispose()


def enviar(cliente: FlaskClient, ruta: str, **campos: str) -> TestResponse:
    testigo = visita.hidden(cliente.get(ruta).text, "csrf_token")
    return cliente.post(ruta, data={"csrf_token": testigo, **campos})


def pedida(despacho: Despacho, dias: str = "5") -> tuple[UnCaso, str]:
    caso, ruta = investigando(despacho)
    pedido = enviar(
        despacho.entrar(OFICIAL), f"/caso/{caso.case_key}/prorroga/pedir", dias=dias, motivo=PORQUE
    )
    assert pedido.headers["Location"].startswith(ruta), pedido.text
    return caso, ruta


def leida(cliente: FlaskClient, ruta: str) -> str:
    return html.unescape(followed(cliente.get(ruta).text))


def para(despacho: Despacho, clave: str) -> set[str]:
    with despacho.sesion() as s:
        return set(s.scalars(sa.select(Aviso.para).where(Aviso.clave.startswith(clave))))


def test_the_request_has_a_form_of_its_own_that_says_the_resulting_date_before_it_is_sent(
    despacho: Despacho,
) -> None:
    oficial, (caso, ruta) = despacho.entrar(OFICIAL), investigando(despacho)
    pedir = f"/caso/{caso.case_key}/prorroga/pedir"
    assert f'href="{pedir}"' in oficial.get(ruta).text
    pagina = html.unescape(oficial.get(pedir).text)
    fechas = dict(re.findall(r'<option value="(\d+)"[^>]*>(.*?)</option>', pagina))
    assert len(fechas) == 15
    assert fechas["5"] == "5 días hábiles: hasta el miércoles 23 de diciembre de 2026"

    mala = enviar(oficial, pedir, dias="16", motivo="Corto")
    assert mala.status_code == 422
    assert "Elija cuántos días hábiles, de 1 a 15" in mala.text
    assert "Escriba el motivo, entre 20 y 2.000 letras" in mala.text
    assert ">Corto</textarea>" in mala.text

    for ajeno, codigo in ((COLEGA, 302), (ASESOR, 404), ("funcionario.vfo01", 404)):
        assert despacho.entrar(ajeno).get(pedir).status_code == codigo, ajeno


def test_it_goes_to_who_may_decide_and_to_nobody_else_with_who_why_and_the_date(
    despacho: Despacho,
) -> None:
    coordinador, (caso, ruta) = despacho.entrar("coordinador"), pedida(despacho)
    with despacho.sesion() as s:
        claves = s.scalars(
            sa.select(Aviso.clave).where(Aviso.clave.startswith("prorroga_pedida:"))
        ).all()
    ultima = max(int(c.split(":")[1]) for c in claves)
    assert para(despacho, f"prorroga_pedida:{ultima}:") == {"coordinador@ventanilla.example"}

    bandeja = leida(coordinador, "/bandeja")
    parte = bandeja.partition("Prórrogas por decidir")[2].partition("</section>")[0]
    assert caso.radicado in parte
    assert f'href="/caso/{caso.case_key}/prorroga"' in parte
    for ajeno in (OFICIAL, COLEGA, "lider.vcc", ASESOR):
        assert "Prórrogas por decidir" not in despacho.entrar(ajeno).get("/bandeja").text, ajeno
        assert despacho.entrar(ajeno).get(f"/caso/{caso.case_key}/prorroga").status_code == 403

    decidir = leida(coordinador, f"/caso/{caso.case_key}/prorroga")
    with despacho.sesion() as s:
        nombre = s.execute(
            sa.text("SELECT nombre FROM cuenta WHERE usuario = :u"), {"u": OFICIAL}
        ).scalar_one()
    assert f"La pidió {nombre}" in decidir
    assert PORQUE in decidir
    assert (
        "5 días hábiles más: del miércoles 16 de diciembre de 2026 al miércoles 23 de diciembre de 2026"
        in decidir
    )

    oficial = despacho.entrar(OFICIAL)
    for pagina in (leida(oficial, ruta), leida(oficial, f"/caso/{caso.case_key}")):
        assert "Se está decidiendo la prórroga" in pagina
        assert "hasta el miércoles 23 de diciembre de 2026" in pagina
    assert "Pedir prórroga…" not in leida(oficial, ruta), "once at a time"
    otra = oficial.get(f"/caso/{caso.case_key}/prorroga/pedir")
    assert otra.headers["Location"].startswith(ruta)
    assert "Pidió prórroga" in leida(oficial, f"/caso/{caso.case_key}/historia")


def test_refused_with_a_reason_the_officer_reads_it_and_may_ask_again(despacho: Despacho) -> None:
    (caso, ruta), coordinador, oficial = (
        pedida(despacho),
        despacho.entrar("coordinador"),
        despacho.entrar(OFICIAL),
    )
    decidir = f"/caso/{caso.case_key}/prorroga"
    sin_motivo = enviar(coordinador, decidir, decide="negar", dias="5", motivo=PORQUE, respuesta="")
    assert sin_motivo.status_code == 422
    assert "Escriba por qué no la concede" in sin_motivo.text
    sin_decision = enviar(coordinador, decidir, dias="5", motivo=PORQUE)
    assert "Elija si la concede o no" in sin_decision.text

    porque = "El soporte ya está en el expediente desde ayer."
    negada = enviar(coordinador, decidir, decide="negar", dias="5", motivo=PORQUE, respuesta=porque)
    assert negada.status_code == 302
    assert avisos(coordinador.get(negada.headers["Location"]).text) == [
        "No concedió la prórroga. Quien la pidió lee por qué."
    ]
    pagina = leida(oficial, ruta)
    assert "No se concedió la prórroga que se pidió" in pagina
    assert porque in pagina
    assert "Se está decidiendo la prórroga" not in pagina
    assert "Pedir prórroga…" in pagina
    assert "No concedió la prórroga" in leida(oficial, f"/caso/{caso.case_key}/historia")
    assert (
        caso.radicado
        not in leida(coordinador, "/bandeja")
        .partition("Prórrogas por decidir")[2]
        .partition("</section>")[0]
    )
    with despacho.sesion() as s:
        limite = s.execute(
            sa.text("SELECT count(*) FROM prorroga WHERE caso_id = :c"), {"c": caso.id}
        ).scalar_one()
    assert limite == 0
    assert (
        enviar(
            oficial, f"/caso/{caso.case_key}/prorroga/pedir", dias="3", motivo=PORQUE
        ).status_code
        == 302
    )
    assert "Se está decidiendo la prórroga" in leida(oficial, ruta)


def test_granted_the_term_moves_and_the_officer_goes_on_where_they_were(despacho: Despacho) -> None:
    (caso, _ruta), coordinador, oficial = (
        pedida(despacho),
        despacho.entrar("coordinador"),
        despacho.entrar(OFICIAL),
    )
    decidir = f"/caso/{caso.case_key}/prorroga"
    pagina = coordinador.get(decidir).text
    assert re.search(r'<option value="5"\s+selected', pagina), "as it was asked for"
    assert f">{PORQUE}</textarea>" in html.unescape(pagina)
    dada = enviar(coordinador, decidir, decide="conceder", dias="4", motivo=PORQUE)
    assert dada.status_code == 302, dada.text
    despacho.trabajar()
    nueva = leida(oficial, f"/tarea/{despacho.abierta(caso).id}")
    assert "Se está decidiendo la prórroga" not in nueva
    assert "ahora, a más tardar el martes 22 de diciembre de 2026" in nueva
    with despacho.sesion() as s:
        fila = s.execute(
            sa.text("SELECT concedida, decidida_por FROM prorroga_pedida WHERE caso_id = :c"),
            {"c": caso.id},
        ).one()
    assert tuple(fila) == (1, "coordinador")
    assert len(para(despacho, "prorroga_concedida:")) == 1


def test_what_was_asked_for_ends_with_the_term(despacho: Despacho) -> None:
    """Nobody can grant it any more: it leaves the list, and the officer reads why."""
    caso, ruta = pedida(despacho)
    with despacho.sesion() as s, s.begin():
        s.get_one(Caso, caso.id).limite_respuesta = NOW - dt.timedelta(days=1)
    bandeja = leida(despacho.entrar("coordinador"), "/bandeja")
    assert (
        caso.radicado
        not in bandeja.partition("Prórrogas por decidir")[2].partition("</section>")[0]
    )
    pagina = leida(despacho.entrar(OFICIAL), ruta)
    assert "Se está decidiendo la prórroga" not in pagina
    assert "No se puede prorrogar: el término venció" in pagina
