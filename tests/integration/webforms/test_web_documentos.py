"""Documents of a case: kept when the act is done, seen by whoever may open the case, taken out with
a reason; antivirus, sweep."""

import dataclasses
import datetime as dt
import io
import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app import Config
from handlers.documentos.antivirus import Clamd
from handlers.documentos.carpeta import Carpeta
from handlers.sistemas.vecinos import Vecinos
from records.casos import archivos
from records.casos.reglas import claves
from records.casos.tablas import Archivo
from records.personas.tablas import Persona
from records.sistemas.puertos import Causa, DepositoFallido, Mensaje
from records.visita.tablas import Turno as TurnoDeSala
from tests.kit import clamd, files, public as public_kit, s3
from tests.kit.clock import NOW
from tests.kit.public import Point
from tests.kit.web import csrf, followed
from webforms.base.entregas import ENCERRADO
from webforms.comandos.auditoria import audit
from webforms.comandos.documentos import documents
from webforms.comandos.sistemas import systems
from webforms.documentos import barrido
from webforms.documentos.archivos import Almacen, Revisado
from webforms.documentos.barrido import Turno, barrer, revisar_los_que_esperan
from webforms.sistemas.vigilancia import responde

MOTIVO = "Para cotejarlo con el original."


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


@pytest.fixture
def almacen(punto: Point) -> Almacen:
    dado: Almacen = punto.web.app.extensions["ventanilla"].archivos
    return dado


@pytest.fixture
def clam(almacen: Almacen) -> Iterator[clamd.Clam]:
    with clamd.running(clamd.Clam()) as running:
        almacen.antivirus = Clamd(running.address, segundos=2)
        yield running


def adjuntar(
    punto: Point, caso: str, *enviados: tuple[bytes, str], quien: str = "asesor", de: str = "caso"
) -> TestResponse:
    navegador = punto.web.browser(quien)
    data = {
        "csrf_token": csrf(navegador.get(f"/caso/{caso}").text),
        "de": de,
        "archivos": [(io.BytesIO(c), n) for c, n in enviados],
    }
    return navegador.post(f"/caso/{caso}/documentos", data=data, content_type="multipart/form-data")


def filas(punto: Point) -> list[Archivo]:
    with punto.web.session() as s:
        return list(s.scalars(sa.select(Archivo).order_by(Archivo.id)))


def guardado(almacen: Almacen) -> list[str]:
    return [g.clave for g in almacen.deposito.listar()]


def descargar(navegador: FlaskClient, caso: str, sha256: str, **datos: str) -> TestResponse:
    token = csrf(navegador.get(f"/caso/{caso}").text)
    return navegador.post(
        f"/caso/{caso}/documentos/{sha256}", data={"csrf_token": token, "motivo": MOTIVO, **datos}
    )


# --- kept when the act is done --------------------------------------------------------------------
def test_a_document_belongs_to_its_case_and_its_visit(
    punto: Point, caso: str, almacen: Almacen
) -> None:
    assert adjuntar(punto, caso, (files.pdf(pages=2), "extracto.pdf")).status_code == 302
    (fila,) = filas(punto)
    turno = punto.turnos()[0]
    assert (fila.case_key, fila.turno_id, fila.persona_id) == (caso, turno.id, None)
    assert (fila.paginas, fila.trae, fila.antivirus, fila.origen) == (2, [], "", "")
    assert guardado(almacen) == [claves.de_contenido(fila.sha256)], "nothing lies aside"


def test_an_act_that_is_refused_at_its_last_line_leaves_nothing(
    punto: Point, caso: str, almacen: Almacen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file was put aside within the command; then its commit was not done."""
    puestas: list[str] = []
    apartar = Almacen.apartar

    def y_se_cae(self: Almacen, revisado: Revisado) -> str:
        puestas.append(apartar(self, revisado))
        raise ZeroDivisionError

    adjuntar(punto, caso)  # the page once, without a file
    with monkeypatch.context() as m:
        m.setattr(Almacen, "apartar", y_se_cae)
        assert adjuntar(punto, caso, (files.pdf(), "extracto.pdf")).status_code == 500
    assert len(puestas) == 1
    assert filas(punto) == []
    assert guardado(almacen) == puestas, "the machine stopped between two lines: the sweep takes it"


def test_a_store_that_is_away_costs_no_text_and_no_act(
    punto: Point, caso: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lejos(*_: object) -> None:
        raise DepositoFallido("lejos", causa=Causa.SIN_CONEXION, pasajera=True)

    monkeypatch.setattr(Carpeta, "poner", lejos)
    respuesta = adjuntar(punto, caso, (files.pdf(), "extracto.pdf"))
    assert respuesta.status_code == 422
    assert "El lugar de los archivos no responde. No se guardó nada" in respuesta.text
    assert "Elíjalos otra vez: extracto.pdf" in followed(respuesta.text)
    assert filas(punto) == []


def test_the_same_content_twice_lies_once_and_a_refused_one_takes_nothing_from_it(
    punto: Point, caso: str, almacen: Almacen
) -> None:
    assert adjuntar(punto, caso, (files.pdf(), "uno.pdf")).status_code == 302
    assert adjuntar(punto, caso, (files.pdf(), "dos.pdf")).status_code == 302
    assert (
        adjuntar(punto, caso, (files.pdf(), "uno.pdf"), (files.HTML, "malo.pdf")).status_code == 422
    )
    (una, otra) = filas(punto)
    assert una.sha256 == otra.sha256
    hoja = punto.web.browser("asesor").get(f"/caso/{caso}/documentos/{una.sha256}").text
    assert ('rel="next"' in hoja, 'rel="prev"' in hoja) == (False, False), "it would lead to itself"
    assert guardado(almacen) == [claves.de_contenido(una.sha256)]


def test_with_a_store_that_speaks_s3_people_do_the_same(
    punto: Point, caso: str, almacen: Almacen
) -> None:
    with s3.running() as direccion, s3.bucket(direccion) as cubo, s3.store(cubo) as deposito:
        almacen.deposito = deposito
        assert (
            adjuntar(
                punto, caso, (files.pdf(), "extracto.pdf"), (files.HTML, "malo.pdf")
            ).status_code
            == 422
        )
        assert guardado(almacen) == []
        assert adjuntar(punto, caso, (files.pdf(), "extracto.pdf")).status_code == 302
        sha256, asesor = filas(punto)[0].sha256, punto.web.browser("asesor")
        assert guardado(almacen) == [claves.de_contenido(sha256)]
        assert "Coincide" in asesor.get(f"/caso/{caso}/documentos/{sha256}").text
        assert descargar(asesor, caso, sha256).data == files.pdf()
        verificar = punto.web.app.test_cli_runner().invoke
        assert verificar(audit, ["verify"]).exit_code == 0
        almacen.deposito.poner(claves.de_contenido(sha256), b"otra cosa")
        dicho = verificar(audit, ["verify"])
        assert (
            dicho.exit_code,
            "archivo «extracto.pdf»" in dicho.output,
            "su contenido cambió" in dicho.output,
        ) == (1, True, True)
        assert asesor.get(f"/caso/{caso}/documentos/{sha256}").status_code == 410
    lejos = punto.web.app.test_cli_runner().invoke(audit, ["verify"])
    assert (lejos.exit_code, "el depósito no responde" in lejos.output) == (1, True)
    assert asesor.get(f"/caso/{caso}/documentos/{sha256}").status_code == 503
    assert asesor.get(f"/caso/{caso}").status_code == 200, (
        "the case works without its small pictures"
    )


# --- seen -----------------------------------------------------------------------------------------
def test_it_is_shown_by_pictures_that_run_nothing_and_stay_nowhere(punto: Point, caso: str) -> None:
    adjuntar(
        punto,
        caso,
        (files.with_script(), "formulario.pdf"),
        (files.picture(place=True), "cedula.jpg"),
    )
    navegador = punto.web.browser("asesor")
    pagina = navegador.get(f"/caso/{caso}").text
    for fila in filas(punto):
        assert f"/caso/{caso}/documentos/{fila.sha256}/miniatura" in pagina
        for ruta in ("imagen?tamano=150", "miniatura"):
            vista = navegador.get(f"/caso/{caso}/documentos/{fila.sha256}/{ruta}")
            assert (vista.status_code, vista.mimetype) == (200, "image/jpeg")
            assert vista.headers["Cache-Control"] == "no-store"
            assert vista.headers["Content-Security-Policy"] == ENCERRADO
            assert vista.headers["X-Content-Type-Options"] == "nosniff"
            assert not Image.open(io.BytesIO(vista.data)).getexif()
    formulario, cedula = filas(punto)
    hoja = navegador.get(f"/caso/{caso}/documentos/{formulario.sha256}").text
    for dicho in (
        "programas que se ejecutan al abrirlo",
        "Descargar la copia",
        formulario.sha256,
        "Coincide",
        "folio 1",
        "Turno",
    ):
        assert dicho in followed(hoja)
    assert "Descargar el original" not in hoja
    assert cedula.origen in navegador.get(f"/caso/{caso}/documentos/{cedula.sha256}").text
    assert cedula.origen != cedula.sha256


@pytest.mark.parametrize(
    "consulta", ["pagina=99", "pagina=-1&tamano=7&giro=13", "pagina=x&giro=y", "giro=90&tamano=200"]
)
def test_whatever_is_asked_of_a_page_shows_one(punto: Point, caso: str, consulta: str) -> None:
    adjuntar(punto, caso, (files.pdf(), "extracto.pdf"))
    navegador, sha256 = punto.web.browser("asesor"), filas(punto)[0].sha256
    assert navegador.get(f"/caso/{caso}/documentos/{sha256}?{consulta}").status_code in (200, 400)
    assert navegador.get(f"/caso/{caso}/documentos/{sha256}/imagen?{consulta}").status_code in (
        200,
        400,
    )


def test_who_may_not_open_the_case_sees_nothing_of_it_and_the_try_is_recorded(
    punto: Point, caso: str
) -> None:
    adjuntar(punto, caso, (files.pdf(), "extracto.pdf"))
    sha256 = filas(punto)[0].sha256
    ajena = punto.web.browser("lejana")
    for ruta in ("", "/imagen", "/miniatura"):
        assert ajena.get(f"/caso/{caso}/documentos/{sha256}{ruta}").status_code == 404
    assert punto.web.accesses().count(("rechazo", "lejana", caso)) == 3
    assert punto.web.browser("asesor").get(f"/caso/{caso}/documentos/{'0' * 64}").status_code == 404
    otro = punto.web.browser("asesor").get(f"/caso/otro/documentos/{sha256}")
    assert otro.status_code == 404, "of this case only"


def test_who_looked_and_who_took_it_out_and_why_is_told(punto: Point, caso: str) -> None:
    adjuntar(punto, caso, (files.pdf(), "extracto.pdf"))
    sha256, asesor = filas(punto)[0].sha256, punto.web.browser("asesor")
    asesor.get(f"/caso/{caso}/documentos/{sha256}")
    corto = descargar(asesor, caso, sha256, motivo="Sí")
    assert corto.status_code == 422
    assert "Escriba para qué lo descarga" in corto.text
    assert 'value="Sí"' in corto.text
    bajado = descargar(asesor, caso, sha256)
    assert bajado.data == files.pdf()
    assert bajado.headers["Content-Disposition"] == "attachment; filename=extracto.pdf"
    assert bajado.headers["Content-Security-Policy"] == ENCERRADO
    accesos = punto.web.accesses()
    assert accesos.count(("documento_visto", "asesor", caso)) == 1
    assert accesos.count(("documento_descargado", "asesor", caso)) == 1
    assert (
        "Lo vio y lo descargó"
        in punto.web.browser("coordinador").get(f"/caso/{caso}/documentos/{sha256}").text
    )
    revision = punto.web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text
    assert "Un documento del caso, al descargarlo" in revision


def test_a_pdf_that_brings_programs_leaves_as_it_came_for_compliance_only(
    punto: Point, caso: str
) -> None:
    adjuntar(punto, caso, (files.with_action("Launch"), "formulario.pdf"))
    sha256, asesor = filas(punto)[0].sha256, punto.web.browser("asesor")
    assert descargar(asesor, caso, sha256, que="original").status_code == 403
    copia = descargar(asesor, caso, sha256, que="copia")
    assert copia.data.startswith(b"%PDF-")
    assert b"Launch" not in copia.data
    assert descargar(
        punto.web.browser("revisor"), caso, sha256, que="original"
    ).data == files.with_action("Launch")


def test_a_document_of_the_person_is_seen_in_all_their_cases_and_one_of_a_case_where_that_may_be_opened(
    punto: Point, caso: str
) -> None:
    adjuntar(punto, caso, (files.pdf("Extracto"), "extracto.pdf"))
    with punto.web.session() as s:
        persona = Persona(
            tipo_doc="CC", num_doc="79000009", nombre="Otra", calidad="beneficiario", creada=NOW
        )
        s.add(persona)
        s.flush()
        s.execute(
            sa.update(TurnoDeSala).where(TurnoDeSala.case_key == caso).values(persona_id=persona.id)
        )
        s.commit()
    otra_vez = adjuntar(punto, caso, (files.HTML, "cedula.pdf"), de="persona").text
    assert re.search(r'value="persona"[^>]* checked', otra_vez), "what was chosen stays"
    assert (
        adjuntar(punto, caso, (files.pdf("Cédula"), "cedula.pdf"), de="persona").status_code == 302
    )
    extracto, cedula = filas(punto)
    assert (extracto.persona_id, cedula.persona_id) == (None, persona.id)
    punto.take_turn(punto.device("quiosco-1"))
    otro = punto.turnos()[-1]
    punto.until_power(otro)
    otra_clave, asesor = str(otro.case_key), punto.web.browser("asesor")
    with punto.web.session() as s:
        s.execute(
            sa.update(TurnoDeSala)
            .where(TurnoDeSala.case_key == otra_clave)
            .values(persona_id=persona.id)
        )
        s.commit()
    pagina = asesor.get(f"/caso/{otra_clave}").text
    assert f"/caso/{otra_clave}/documentos/{cedula.sha256}" in pagina, "of the person"
    assert f"/caso/{caso}/documentos/{extracto.sha256}" in pagina, (
        "of the other visit, which this adviser may open"
    )
    assert asesor.get(f"/caso/{otra_clave}/documentos/{cedula.sha256}").status_code == 200
    assert asesor.get(f"/caso/{otra_clave}/documentos/{extracto.sha256}").status_code == 404, (
        "of the other visit only"
    )
    with punto.web.session() as s:
        nadie = archivos.de_la_persona(s, persona.id, menos=otra_clave, limite=9)
    assert [a.nombre for a in nadie] == ["extracto.pdf"]


# --- antivirus ------------------------------------------------------------------------------------
def test_a_virus_is_refused_in_words_and_nothing_of_it_stays(
    punto: Point, caso: str, almacen: Almacen, clam: clamd.Clam
) -> None:
    respuesta = adjuntar(
        punto,
        caso,
        (files.pdf() + b"% " + files.EICAR, "factura.pdf"),
        (files.pdf(), "extracto.pdf"),
    )
    assert respuesta.status_code == 422
    assert "factura.pdf: El archivo tiene un virus y no se recibe" in respuesta.text
    assert (filas(punto), guardado(almacen)) == ([], [])
    assert adjuntar(punto, caso, (files.pdf(), "extracto.pdf")).status_code == 302
    assert filas(punto)[0].antivirus == "limpio"
    assert len(clam.seen) == 3


def test_documents_that_no_look_mends_keep_nobody_behind_them_waiting(
    punto: Point, caso: str, almacen: Almacen, monkeypatch: pytest.MonkeyPatch
) -> None:
    almacen.antivirus = Clamd(("127.0.0.1", 1), segundos=1)
    adjuntar(punto, caso, *((files.pdf() + b"%% %d" % n, f"{n}.pdf") for n in range(4)))
    monkeypatch.setattr(barrido, "LOTE", 2)
    for malo in filas(punto)[:2]:
        almacen.deposito.poner(claves.de_contenido(malo.sha256), b"otro")
    turno, now = Turno(almacen, punto.web.engine.uow), punto.clock.now()
    with clamd.running(clamd.Clam()) as clam:
        almacen.antivirus = Clamd(clam.address)
        for _ in range(2):
            turno.ronda(now)
    assert [f.antivirus for f in filas(punto)] == ["por_revisar", "por_revisar", "limpio", "limpio"]


def test_an_antivirus_that_is_away_keeps_nobody_from_sending_and_looks_later(
    punto: Point, caso: str, almacen: Almacen
) -> None:
    almacen.antivirus = Clamd(("127.0.0.1", 1), segundos=1)
    malo = files.pdf() + b"% " + files.EICAR
    assert (
        adjuntar(punto, caso, (malo, "factura.pdf"), (files.pdf(), "extracto.pdf")).status_code
        == 302
    )
    assert [f.antivirus for f in filas(punto)] == ["por_revisar", "por_revisar"]
    asesor, now = punto.web.browser("asesor"), punto.clock.now()
    factura, extracto = (f.sha256 for f in filas(punto))
    assert "Espera al antivirus" in asesor.get(f"/caso/{caso}/documentos/{extracto}").text
    assert descargar(asesor, caso, extracto, que="original").status_code == 403
    assert descargar(asesor, caso, extracto, que="copia").status_code == 200
    uow = punto.web.engine.uow
    assert dataclasses.astuple(revisar_los_que_esperan(almacen, uow, now)) == (0, 0, 2)
    dicho = punto.web.app.test_cli_runner().invoke(documents, ["scan"])
    assert (dicho.exit_code, "2 siguen esperando" in dicho.output) == (1, True)
    with clamd.running(clamd.Clam()) as clam:
        almacen.antivirus = Clamd(clam.address)
        Turno(almacen, uow).ronda(now)
    assert [(f.antivirus, f.virus) for f in filas(punto)] == [
        ("infectado", "Eicar-Test-Signature"),
        ("limpio", ""),
    ]
    assert descargar(asesor, caso, extracto, que="original").data == files.pdf()
    hoja = asesor.get(f"/caso/{caso}/documentos/{factura}").text
    assert "Este archivo no se muestra ni se descarga" in hoja
    for quien in ("asesor", "revisor"):
        assert descargar(punto.web.browser(quien), caso, factura, que="original").status_code == 403
        assert (
            punto.web.browser(quien).get(f"/caso/{caso}/documentos/{factura}/imagen").status_code
            == 404
        )
    assert "Con virus" in asesor.get(f"/caso/{caso}").text


def test_a_content_over_the_limit_of_the_antivirus_waits_and_is_not_clean(
    punto: Point, caso: str, clam: clamd.Clam
) -> None:
    clam.limit = 300
    assert adjuntar(punto, caso, (files.pdf(), "extracto.pdf")).status_code == 302
    assert filas(punto)[0].antivirus == "por_revisar"
    dicho = punto.web.app.test_cli_runner().invoke(documents, ["scan"])
    assert (dicho.exit_code, "1 siguen esperando" in dicho.output) == (1, True)


class CorreoQueEsta:
    def probar(self) -> None: ...

    def enviar(self, mensaje: Mensaje, now: dt.datetime) -> None: ...


def test_store_and_antivirus_stand_among_the_systems_with_what_waits(
    punto: Point, caso: str, almacen: Almacen, tmp_path: Path
) -> None:
    app, lejos = punto.web.app, Clamd(("127.0.0.1", 1), segundos=1)
    almacen.antivirus = lejos
    adjuntar(punto, caso, (files.pdf(), "extracto.pdf"))
    sin = Config(instance=tmp_path, database_url="sqlite://", secret_key="x" * 32)

    def preguntar(antivirus: Clamd | None) -> tuple[str, str, str]:
        """What `flask systems check` ends with and says of both."""
        vecinos = tuple(
            Vecinos(
                dataclasses.replace(sin, antivirus=antivirus),
                punto.web.engine.uow,
                partial(responde, punto.web.engine),
                CorreoQueEsta(),
                {},
            ).todos()
        )
        app.extensions["ventanilla"] = dataclasses.replace(
            app.extensions["ventanilla"], vecinos=vecinos
        )
        dicho = app.test_cli_runner().invoke(systems, ["check"])
        lineas = {linea.split()[0]: linea for linea in dicho.output.splitlines()}
        return str(dicho.exit_code), lineas["Documentos"], lineas["Antivirus"]

    codigo, documentos, antivirus = preguntar(None)
    assert ("responde en" in documentos, "no conectado" in antivirus) == (True, True)
    assert codigo == "0"
    codigo, _documentos, antivirus = preguntar(lejos)
    assert (codigo, "NO RESPONDE: no se pudo llegar a él" in antivirus) == ("1", True)
    with clamd.running(clamd.Clam()) as clam:
        codigo, _documentos, antivirus = preguntar(Clamd(clam.address))
    assert (codigo, "1 documentos esperan su revisión" in antivirus) == ("0", True)
    (tmp_path / "archivos").rename(tmp_path / "otro")
    (tmp_path / "archivos").write_bytes(b"no es una carpeta")
    codigo, documentos, _antivirus = preguntar(None)
    assert (codigo, "NO RESPONDE" in documentos) == ("1", True)


def test_without_an_antivirus_the_command_says_so(punto: Point) -> None:
    dicho = punto.web.app.test_cli_runner().invoke(documents, ["scan"])
    assert dicho.exit_code != 0


# --- the sweep ------------------------------------------------------------------------------------
def envejecer(carpeta: Path, now: dt.datetime, horas: int) -> None:
    for ruta in carpeta.rglob("*"):
        if ruta.is_file():
            os.utime(ruta, ((now - dt.timedelta(hours=horas)).timestamp(),) * 2)


def test_the_sweep_takes_what_no_act_needs_and_rescues_what_one_does(
    punto: Point, caso: str, almacen: Almacen, tmp_path: Path
) -> None:
    adjuntar(punto, caso, (files.pdf("Uno"), "uno.pdf"), (files.pdf("Dos"), "dos.pdf"))
    uno, dos = (f.sha256 for f in filas(punto))
    deposito = almacen.deposito
    # the machine stopped after the commit
    deposito.mover(claves.de_contenido(dos), claves.de_llegada(dos, "1a"))
    huerfano = almacen.guardar(almacen.revisar(io.BytesIO(files.pdf("Nadie")), "nadie.pdf")).sha256
    refusado = almacen.apartar(almacen.revisar(io.BytesIO(files.pdf("Rechazado")), "rechazado.pdf"))
    deposito.poner("ajeno/notas.txt", b"de otro")
    antes, uow, now = guardado(almacen), punto.web.engine.uow, punto.clock.now()
    envejecer(tmp_path / "archivos", now, 23)
    assert dataclasses.astuple(barrer(almacen, uow, now, quitar=True))[:3] == (4, 0, 0), (
        "they may still get their row"
    )
    envejecer(tmp_path / "archivos", now, 25)
    dicho = punto.web.app.test_cli_runner().invoke(documents, ["sweep"])
    assert (dicho.exit_code, "se pueden quitar 2" in dicho.output) == (0, True), dicho.output
    assert guardado(almacen) == antes, "it only counted"
    Turno(almacen, uow).ronda(now)
    assert guardado(almacen) == sorted(
        [claves.de_contenido(uno), claves.de_contenido(dos), "ajeno/notas.txt"]
    )
    assert almacen.leer(dos) == files.pdf("Dos")
    assert refusado not in guardado(almacen)
    assert claves.de_contenido(huerfano) not in guardado(almacen)


class Entretanto(Carpeta):
    """Before anything leaves its place, something else is done."""

    def __init__(self, lugar: Path, hacer: Callable[[], object]) -> None:
        super().__init__(lugar)
        self._por_hacer = [hacer]

    def _antes(self, clave: str) -> None:
        if self._por_hacer and not clave.startswith(claves.LLEGADAS):
            self._por_hacer.pop()()

    def mover(self, de: str, a: str) -> bool:
        self._antes(de)
        return super().mover(de, a)

    def quitar(self, clave: str) -> None:
        self._antes(clave)
        super().quitar(clave)


def test_a_document_that_is_handed_in_while_its_content_is_swept_away_stays(
    punto: Point, caso: str, almacen: Almacen, tmp_path: Path
) -> None:
    """It lay there without an owner, and the names of all were read before it got one."""
    almacen.guardar(almacen.revisar(io.BytesIO(files.pdf("Uno")), "uno.pdf"))
    otro = almacen.guardar(almacen.revisar(io.BytesIO(files.pdf("Otro")), "otro.pdf")).sha256
    envejecer(tmp_path / "archivos", punto.clock.now(), 25)
    almacen.deposito = Entretanto(
        tmp_path / "archivos", lambda: adjuntar(punto, caso, (files.pdf("Uno"), "uno.pdf"))
    )
    barrer(almacen, punto.web.engine.uow, punto.clock.now(), quitar=True)
    (fila,) = filas(punto)
    assert almacen.leer(fila.sha256) == files.pdf("Uno")
    assert guardado(almacen) == [claves.de_contenido(fila.sha256)]
    assert claves.de_contenido(otro) not in guardado(almacen)


def test_a_document_that_is_made_while_its_content_is_swept_away_is_there_when_its_command_is_done(
    punto: Point, almacen: Almacen, tmp_path: Path
) -> None:
    """A letter is stored before its step commits; one of the same words lay there, of a step that
    had failed."""
    carta = almacen.revisar(io.BytesIO(files.pdf("Carta")), "carta.pdf")
    almacen.guardar(carta)
    envejecer(tmp_path / "archivos", punto.clock.now(), 25)
    almacen.deposito = Entretanto(tmp_path / "archivos", lambda: almacen.guardar(carta))
    barrer(almacen, punto.web.engine.uow, punto.clock.now(), quitar=True)
    assert almacen.leer(carta.archivo.sha256) == files.pdf("Carta")


def vistas(tmp_path: Path) -> set[str]:
    """SHA-256 of the documents whose small picture lies in this place."""
    return {
        "".join(ruta.relative_to(tmp_path / "vistas").parts).removesuffix(".jpg")
        for ruta in (tmp_path / "vistas").rglob("*.jpg")
    }


def test_a_small_picture_goes_with_its_document_when_that_is_erased(
    punto: Point, caso: str, almacen: Almacen, tmp_path: Path
) -> None:
    adjuntar(punto, caso, (files.pdf("Uno"), "uno.pdf"), (files.pdf("Dos"), "dos.pdf"))
    uno, dos = (f.sha256 for f in filas(punto))
    asesor = punto.web.browser("asesor")
    for sha256 in (uno, dos):
        assert asesor.get(f"/caso/{caso}/documentos/{sha256}/miniatura").status_code == 200
    assert vistas(tmp_path) == {uno, dos}
    now = punto.clock.now()
    with punto.web.session() as s:  # as `flask retention` does (records/retencion/retencion.py)
        s.execute(
            sa.update(Archivo)
            .where(Archivo.sha256 == uno)
            .values(eliminado=now, nombre="eliminado")
        )
        s.commit()
    assert asesor.get(f"/caso/{caso}/documentos/{uno}/miniatura").status_code == 404
    envejecer(tmp_path / "archivos", now, 25)
    Turno(almacen, punto.web.engine.uow).ronda(now)
    assert guardado(almacen) == [claves.de_contenido(dos)]
    assert vistas(tmp_path) == {dos}
    assert asesor.get(f"/caso/{caso}/documentos/{dos}/miniatura").status_code == 200


def test_a_small_picture_whose_document_went_otherwise_goes_with_the_next_sweep(
    punto: Point, caso: str, almacen: Almacen, tmp_path: Path
) -> None:
    """The machine stopped between the two, or another one swept the store that both use: the
    document is no longer there to be found."""
    adjuntar(punto, caso, (files.pdf("Uno"), "uno.pdf"), (files.pdf("Dos"), "dos.pdf"))
    uno, dos = (f.sha256 for f in filas(punto))
    for sha256 in (uno, dos):
        almacen.miniatura(sha256, "application/pdf")
    (tmp_path / "vistas" / "notas.txt").write_text("de otro", "utf-8")
    with punto.web.session() as s:
        s.execute(
            sa.update(Archivo)
            .where(Archivo.sha256 == uno)
            .values(eliminado=punto.clock.now(), nombre="eliminado")
        )
        s.commit()
    almacen.deposito.quitar(claves.de_contenido(uno))
    dicho = punto.web.app.test_cli_runner().invoke(documents, ["sweep"])
    assert (dicho.exit_code, vistas(tmp_path)) == (0, {uno, dos}), "it only counts"
    Turno(almacen, punto.web.engine.uow).ronda(punto.clock.now())
    assert vistas(tmp_path) == {dos}
    assert (tmp_path / "vistas" / "notas.txt").exists()
    almacen.miniatura(dos, "application/pdf")


def test_the_worker_leaves_a_store_that_seems_to_be_another_database_s_to_a_person(
    punto: Point, caso: str, almacen: Almacen, tmp_path: Path
) -> None:
    adjuntar(punto, caso, (files.pdf("Uno"), "uno.pdf"))
    for n in range(21):
        almacen.deposito.poner(claves.de_contenido(f"{n:064x}"), b"x")
    now = punto.clock.now()
    envejecer(tmp_path / "archivos", now, 48)
    Turno(almacen, punto.web.engine.uow).ronda(now)
    assert len(guardado(almacen)) == 22
    dicho = punto.web.app.test_cli_runner().invoke(documents, ["sweep", "--apply"])
    assert "se quitaron 21" in dicho.output
    assert len(guardado(almacen)) == 1
