"""A file that was chosen is kept in the draft of its task: when another field is wrong, when the task
is left, when the session ends. It is of whoever chose it, and goes with the draft."""

import datetime as dt
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import reads
from engine.commands import delete_drafts
from engine.store.tables import Draft
from records.casos.tablas import Archivo
from tests.kit import diagrams as m, files, web as web_kit
from tests.kit.web import WebKit, csrf, followed, hidden, log_in, task_form
from webforms.documentos import contenido as contenido_
from webforms.documentos.barrido import barrer

CAMPOS = (
    '<v:field name="hallazgos" label="Hallazgos" type="longtext" required="true" min="20"/>'
    '<v:field name="soporte" label="Soporte" type="file"/>'
    '<v:field name="recibo" label="Recibo" type="file" required="true"/>'
)
TEXTO = "El pago está en el banco desde octubre"
RECIBO, OTRO = files.pdf("Recibo"), files.pdf("Otro")


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    nodos = (
        '<startEvent id="ini"/>'
        f'<userTask id="act_5_2_17" name="Investigar el caso">{m.extension(CAMPOS)}</userTask>'
        '<endEvent id="fin"/>'
    )
    carril = m.lane("l1", "asesor", "punto_id", "ini", "act_5_2_17", "fin")
    cuerpo = nodos + m.flows("ini > act_5_2_17 > fin")
    kit = web_kit.build(tmp_path, sqlite_url)
    proceso = m.process("prueba", cuerpo, lanes=carril, variables="punto_id")
    kit.deploy({"prueba.bpmn": m.model(proceso)})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def tarea(web: WebKit) -> str:
    return web.begin("prueba", {"punto_id": "BOG-AGU"})


@pytest.fixture
def asesor(web: WebKit) -> FlaskClient:
    return web.browser("asesor")


def un(contenido: bytes = RECIBO, nombre: str = "recibo.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(contenido), nombre


def pagina_de(quien: FlaskClient, tarea: str) -> str:
    return followed(quien.get(f"/tarea/{tarea}").text)


def enviar(quien: FlaskClient, tarea: str, **datos: Any) -> TestResponse:
    pagina = quien.get(f"/tarea/{tarea}").text
    ocultos = {"csrf_token": csrf(pagina), "_borrador": hidden(pagina, "_borrador")}
    return quien.post(f"/tarea/{tarea}", data={**ocultos, "hallazgos": TEXTO, **datos})


def elegir(quien: FlaskClient, tarea: str, campo: str = "recibo", **datos: Any) -> TestResponse:
    """What the page does as soon as a file is chosen."""
    token = csrf(quien.get("/borradores").text)
    return quien.put(
        f"/tarea/{tarea}/borrador/{campo}",
        data=datos or {campo: un()},
        headers={"X-CSRFToken": token, "Accept": "application/json"},
        content_type="multipart/form-data",
    )


def escribir(quien: FlaskClient, tarea: str, pagina: str = "") -> TestResponse:
    token = csrf(quien.get("/borradores").text)
    escrito = {"hallazgos": ["A medio escri"], "_pagina": [pagina]}
    return quien.put(f"/tarea/{tarea}/borrador", json=escrito, headers={"X-CSRFToken": token})


def conservados(web: WebKit, quien: str = "asesor") -> dict[str, str]:
    """Field → name of the file in the draft of this person."""
    with web.session() as s:
        borrador = s.scalars(sa.select(Draft).where(Draft.person == quien)).one_or_none()
        dicho = borrador.draft_values if borrador else {}
    return {n: v["nombre"] for n, v in dicho.items() if isinstance(v, dict)}


def en_disco(carpeta: Path) -> list[bytes]:
    return sorted(ruta.read_bytes() for ruta in carpeta.rglob("*") if ruta.is_file())


# --- it stays -------------------------------------------------------------------------------------
def test_a_file_stays_when_another_field_is_wrong_and_goes_with_the_form(
    web: WebKit, tarea: str, asesor: FlaskClient, tmp_path: Path
) -> None:
    vuelve = enviar(asesor, tarea, hallazgos="Corto", recibo=un())
    assert vuelve.status_code == 422
    assert 'recibo.pdf</span> <span class="nota">Se conserva' in followed(vuelve.text)
    assert "Elíjalo otra vez" not in vuelve.text
    assert "Falta corregir 1 dato" in vuelve.text

    assert enviar(asesor, tarea).status_code == 302

    assert web.submitted(tarea)["recibo"]["nombre"] == "recibo.pdf"
    assert en_disco(tmp_path / "archivos") == [RECIBO]
    with web.session() as s:
        assert s.scalars(sa.select(Archivo.nombre)).all() == ["recibo.pdf"]
        assert s.scalars(sa.select(Draft)).all() == []


def test_keeping_and_leaving_keeps_the_file_too(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    sale = enviar(asesor, tarea, hallazgos="A medio escri", recibo=un(), _accion="guardar")
    assert sale.status_code == 302
    assert "recibo.pdf" in asesor.get("/borradores").text
    assert "recibo.pdf" in pagina_de(asesor, tarea)
    assert enviar(asesor, tarea).status_code == 302
    assert web.submitted(tarea)["recibo"]["nombre"] == "recibo.pdf"


def test_of_what_is_kept_and_left_a_file_that_is_not_taken_is_named_with_its_reason(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    malo = un(b"MZ\x90 un programa", "recibo.exe")
    sale = enviar(asesor, tarea, recibo=malo, _accion="guardar")
    dicho = asesor.get(sale.location).text
    assert "recibo.exe: El archivo debe ser PDF, JPG o PNG, y este es un programa" in dicho
    assert conservados(web) == {}


def test_a_file_is_kept_as_soon_as_it_is_chosen_and_outlives_the_session(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    dicho = elegir(asesor, tarea)
    assert (dicho.status_code, dicho.json["nombre"]) == (200, "recibo.pdf")
    assert dicho.json["guardado"] == "09:00:00"
    pagina = asesor.get(f"/tarea/{tarea}").text
    firma, viejo = hidden(task_form(pagina), "_firma"), csrf(pagina)
    asesor.delete_cookie("ventanilla")
    caida = asesor.post(
        f"/tarea/{tarea}", data={"hallazgos": TEXTO, "_firma": firma, "csrf_token": viejo}
    )
    assert caida.status_code == 401
    llevado = {"_firma": hidden(caida.text, "_firma"), "_llevado": hidden(caida.text, "_llevado")}
    vuelta = log_in(asesor, "asesor", **llevado).text
    campos = ("csrf_token", "_firma", "_retomar", "hallazgos")
    ocultos = {n: hidden(task_form(vuelta), n) for n in campos}
    formulario = asesor.post(f"/tarea/{tarea}", data=ocultos).text
    assert TEXTO in formulario
    assert "recibo.pdf" in formulario
    assert enviar(asesor, tarea).status_code == 302
    assert web.submitted(tarea)["recibo"]["nombre"] == "recibo.pdf"


def test_what_is_typed_before_and_after_does_not_put_the_file_out(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    escribir(asesor, tarea, "una")
    elegir(asesor, tarea)
    elegir(asesor, tarea, "soporte", soporte=un(OTRO, "otro.pdf"))
    assert escribir(asesor, tarea, "una").status_code == 200
    assert conservados(web) == {"recibo": "recibo.pdf", "soporte": "otro.pdf"}
    assert ">A medio escri</textarea>" in asesor.get(f"/tarea/{tarea}").text


def test_a_file_alone_does_not_empty_what_the_form_knows(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    """The draft of a page that was never typed into says nothing of its other fields."""
    elegir(asesor, tarea)
    with web.session() as s:
        visto = reads.items.drafts_of(s, "asesor")[0].values
    assert {n for n in visto if not n.startswith("_")} == {"recibo"}


def test_another_page_that_typed_is_asked_as_before_after_a_file(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    """A file that this page keeps does not make the text of the other page its own."""
    escribir(asesor, tarea, "una")
    elegir(asesor, tarea, recibo=un(), _pagina="otra")
    assert escribir(asesor, tarea, "otra").status_code == 409
    assert conservados(web) == {"recibo": "recibo.pdf"}


def test_a_page_of_before_the_file_does_not_send_the_form_without_it(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    """Somebody went back to it, and a file need not be there."""
    elegir(asesor, tarea, "soporte", soporte=un(OTRO, "otro.pdf"))
    vuelve = enviar(asesor, tarea, recibo=un(), _borrador="")
    assert vuelve.status_code == 409
    assert "No se envió nada" in vuelve.text
    assert "otro.pdf" in vuelve.text
    assert enviar(asesor, tarea).status_code == 302
    assert web.submitted(tarea)["soporte"]["nombre"] == "otro.pdf"


def test_a_form_with_a_kept_file_that_is_sent_twice_succeeds_twice_and_counts_once(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    """The draft went with the first."""
    elegir(asesor, tarea)
    pagina = asesor.get(f"/tarea/{tarea}").text
    ocultos = {n: hidden(task_form(pagina), n) for n in ("csrf_token", "_borrador", "_pagina")}
    datos = {**ocultos, "hallazgos": TEXTO}
    veces = [asesor.post(f"/tarea/{tarea}", data=datos).status_code for _vez in range(2)]
    assert veces == [302, 302]
    with web.session() as s:
        assert s.scalars(sa.select(Archivo.nombre)).all() == ["recibo.pdf"]


# --- it is taken away, or another comes -----------------------------------------------------------
def test_another_file_takes_its_place_and_one_may_be_taken_away(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    elegir(asesor, tarea)
    elegir(asesor, tarea, recibo=un(OTRO, "otro.pdf"))
    assert conservados(web) == {"recibo": "otro.pdf"}
    assert elegir(asesor, tarea, _quitar="recibo").json["nombre"] == ""
    assert conservados(web) == {}
    assert enviar(asesor, tarea).status_code == 422, "it has to be there, and is not"
    elegir(asesor, tarea)
    assert enviar(asesor, tarea, recibo=un(OTRO, "otro.pdf")).status_code == 302
    assert web.submitted(tarea)["recibo"]["nombre"] == "otro.pdf"
    with web.session() as s:
        assert s.scalars(sa.select(Archivo.nombre)).all() == ["otro.pdf"]


def test_without_scripts_it_is_taken_away_with_the_form(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    elegir(asesor, tarea)
    elegir(asesor, tarea, "soporte", soporte=un(OTRO, "otro.pdf"))
    assert "_quitar" in pagina_de(asesor, tarea)
    assert enviar(asesor, tarea, _quitar="recibo").status_code == 422
    assert conservados(web) == {"soporte": "otro.pdf"}
    assert enviar(asesor, tarea, recibo=un(), _quitar="soporte").status_code == 302
    assert web.submitted(tarea)["soporte"] is None


def test_beginning_anew_leaves_the_file_with_the_earlier_version(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    escribir(asesor, tarea)
    elegir(asesor, tarea)
    token = csrf(asesor.get(f"/tarea/{tarea}").text)
    asesor.post(f"/tarea/{tarea}/borrador", data={"csrf_token": token})
    assert conservados(web) == {}
    asesor.post(f"/tarea/{tarea}/borrador", data={"csrf_token": token, "version": "0"})
    assert conservados(web) == {"recibo": "recibo.pdf"}


# --- who, and what --------------------------------------------------------------------------------
def test_what_one_person_keeps_another_does_not_see_nor_send(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    elegir(asesor, tarea)
    colega = web.browser("colega")
    assert "recibo.pdf" not in colega.get(f"/tarea/{tarea}").text
    assert enviar(colega, tarea).status_code == 422
    assert conservados(web, "colega") == {}


def test_a_file_goes_with_the_task_that_is_given_to_a_colleague(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    token = csrf(asesor.get(f"/tarea/{tarea}").text)
    asesor.post(f"/tarea/{tarea}/tomar", data={"csrf_token": token})
    elegir(asesor, tarea)
    pasa = {"csrf_token": token, "persona": "colega", "motivo": "Me voy a almorzar"}
    asesor.post(f"/tarea/{tarea}/reasignar", data=pasa)
    assert (conservados(web), conservados(web, "colega")) == ({}, {"recibo": "recibo.pdf"})


@pytest.mark.parametrize("usuario", ["lejana", "funcionaria", "admin"])
def test_who_has_not_the_task_puts_no_file_there(
    web: WebKit, tarea: str, usuario: str, tmp_path: Path
) -> None:
    assert elegir(web.browser(usuario), tarea).status_code == 404
    assert ("rechazo", usuario, tarea) in web.accesses()
    assert en_disco(tmp_path / "archivos") == []


def test_a_task_that_a_colleague_has_and_one_that_is_closed_take_no_file(
    web: WebKit, tarea: str, asesor: FlaskClient, tmp_path: Path
) -> None:
    colega = web.browser("colega")
    token = csrf(asesor.get(f"/tarea/{tarea}").text)
    asesor.post(f"/tarea/{tarea}/tomar", data={"csrf_token": token})
    ajena = elegir(colega, tarea)
    assert (ajena.status_code, conservados(web, "colega")) == (409, {})
    assert "La tarea la tiene otra persona" in ajena.json["mensaje"]
    assert enviar(colega, tarea, hallazgos="Corto", recibo=un()).status_code == 422
    assert conservados(web, "colega") == {}
    assert enviar(asesor, tarea, recibo=un(OTRO, "otro.pdf")).status_code == 302
    cerrada = elegir(asesor, tarea)
    assert (cerrada.status_code, conservados(web)) == (409, {})
    assert en_disco(tmp_path / "archivos") == [OTRO]


@pytest.mark.parametrize(
    ("contenido", "mensaje"),
    [
        (b"MZ\x90 un programa", "debe ser PDF, JPG o PNG"),
        (RECIBO + b" " * 2_000, "pesa más de 10 MB"),
        (b"", "vacío"),
    ],
)
def test_a_file_that_is_not_taken_leaves_what_is_there_and_says_why(
    web: WebKit,
    tarea: str,
    asesor: FlaskClient,
    contenido: bytes,
    mensaje: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elegir(asesor, tarea)
    monkeypatch.setattr(contenido_, "MEGA", 100)
    monkeypatch.setattr(contenido_, "LIMITES", dict.fromkeys(contenido_.LIMITES, 1_000))
    dicho = elegir(asesor, tarea, recibo=un(contenido, "malo.pdf"))
    assert dicho.status_code == 422
    assert mensaje in dicho.json["mensaje"]
    assert conservados(web) == {"recibo": "recibo.pdf"}


def test_names_of_files_and_fields_are_not_believed(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    assert elegir(asesor, tarea, recibo=un(RECIBO, "re\x00cibo.pdf")).status_code == 400
    assert conservados(web) == {}
    raro = elegir(asesor, tarea, recibo=un(RECIBO, "../../re\x07ci\u202ebo.pdf"))
    assert raro.json["nombre"] == "recibo.pdf"
    assert elegir(asesor, tarea, "recibo%00", recibo=un()).status_code == 400
    for campo in ("hallazgos", "no_existe", "_autor", "csrf_token"):
        assert elegir(asesor, tarea, campo, **{campo: un()}).status_code == 404
    assert elegir(asesor, tarea, "soporte", recibo=un()).status_code == 404
    assert elegir(asesor, tarea, "soporte", soporte="recibo.pdf").status_code == 404
    assert conservados(web) == {"recibo": "recibo.pdf"}


def test_a_page_cannot_name_a_file_that_it_did_not_bring(
    web: WebKit, tarea: str, asesor: FlaskClient
) -> None:
    """Neither a field of the form nor the draft that a page saves says what is kept."""
    elegir(web.browser("colega"), tarea)
    with web.session() as s:
        suyo = reads.items.drafts_of(s, "colega")[0].values["recibo"]
    token = csrf(asesor.get("/borradores").text)
    cabezas = {"X-CSRFToken": token}
    direccion = f"/tarea/{tarea}/borrador"
    assert asesor.put(direccion, json={"recibo": suyo}, headers=cabezas).status_code == 400
    textos = {"recibo": [suyo["sha256"]], "hallazgos": [TEXTO]}
    assert asesor.put(direccion, json=textos, headers=cabezas).status_code == 200
    assert enviar(asesor, tarea, recibo=suyo["sha256"]).status_code == 422


def test_a_file_wants_a_token_and_a_session(web: WebKit, tarea: str, asesor: FlaskClient) -> None:
    direccion = f"/tarea/{tarea}/borrador/recibo"
    assert asesor.put(direccion, data={"recibo": un()}).status_code == 400
    cabezas = {"X-CSRFToken": csrf(asesor.get("/borradores").text), "Accept": "application/json"}
    asesor.delete_cookie("ventanilla")
    assert asesor.put(direccion, data={"recibo": un()}, headers=cabezas).status_code == 401
    assert conservados(web) == {}


# --- the store ------------------------------------------------------------------------------------
def envejecer(carpeta: Path, now: dt.datetime) -> None:
    antes = (now - dt.timedelta(hours=25)).timestamp()
    for ruta in carpeta.rglob("*"):
        if ruta.is_file():
            os.utime(ruta, (antes, antes))


def test_the_sweep_leaves_what_a_draft_names_and_takes_it_when_the_draft_is_gone(
    web: WebKit, tarea: str, asesor: FlaskClient, tmp_path: Path
) -> None:
    elegir(asesor, tarea)
    elegir(asesor, tarea, recibo=un(OTRO, "otro.pdf"))
    almacen, uow, now = web.app.extensions["ventanilla"].archivos, web.engine.uow, web.clock.now()
    assert en_disco(tmp_path / "archivos") == sorted([RECIBO, OTRO])
    envejecer(tmp_path / "archivos", now)
    barrer(almacen, uow, now, quitar=True)
    assert en_disco(tmp_path / "archivos") == [OTRO], "what another took the place of is nobody's"
    enviar(web.browser("colega"), tarea, recibo=un())
    uow.run(lambda s: delete_drafts(s, now + dt.timedelta(days=31)))
    envejecer(tmp_path / "archivos", now)
    barrer(almacen, uow, now, quitar=True)
    assert en_disco(tmp_path / "archivos") == [RECIBO]


def test_a_file_of_an_earlier_version_is_still_needed(
    web: WebKit, tarea: str, asesor: FlaskClient, tmp_path: Path
) -> None:
    elegir(asesor, tarea)
    token = csrf(asesor.get(f"/tarea/{tarea}").text)
    asesor.post(f"/tarea/{tarea}/borrador", data={"csrf_token": token})
    envejecer(tmp_path / "archivos", web.clock.now())
    servicios = web.app.extensions["ventanilla"]
    barrer(servicios.archivos, web.engine.uow, web.clock.now(), quitar=True)
    assert en_disco(tmp_path / "archivos") == [RECIBO]


def test_a_kept_file_that_is_no_longer_in_the_store_is_asked_for_again(
    web: WebKit, tarea: str, asesor: FlaskClient, tmp_path: Path
) -> None:
    elegir(asesor, tarea)
    for ruta in (tmp_path / "archivos").rglob("*"):
        if ruta.is_file():
            ruta.unlink()
    vuelve = enviar(asesor, tarea)
    assert vuelve.status_code == 422
    assert "El archivo que se conservaba ya no está. Elíjalo otra vez" in vuelve.text
    assert conservados(web) == {}
    assert enviar(asesor, tarea, recibo=un()).status_code == 302


def test_a_store_that_is_away_says_so_and_keeps_the_text(
    tarea: str, asesor: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "archivos").mkdir(exist_ok=True)
    lugar = tmp_path / "archivos" / "llegadas"
    lugar.write_text("no es una carpeta")
    dicho = elegir(asesor, tarea)
    assert dicho.status_code == 503
    assert "El lugar de los archivos no responde" in dicho.json["mensaje"]
    sale = enviar(asesor, tarea, hallazgos="A medio escri", recibo=un(), _accion="guardar")
    assert "recibo.pdf: El lugar de los archivos no responde" in asesor.get(sale.location).text
    assert ">A medio escri</textarea>" in asesor.get(f"/tarea/{tarea}").text
