"""The public status: radicado and document, nothing else comes in and little comes out; what is
missing can be sent."""

import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from engine.store.tables import Access
from engine.types import SYSTEM, Actor, Data, Role
from handlers.enlaces import Enlaces
from records.base.actos import Acto
from records.casos.casos import (
    NuevaRespuesta,
    NuevoCaso,
    crear_caso,
    guardar_respuesta,
    radicar,
)
from records.casos.escalonamientos import NuevoEscalonamiento, anotar_informe, escalar
from records.casos.tablas import Aporte, Archivo, Caso, Plazo, Respuesta, Suspension
from records.catalogos.catalogo import cargar_catalogo
from records.correo import codigos
from records.correo.avisos import EN_PAPEL
from records.correo.tablas import Aviso
from records.personas.personas import NuevaPersona, actualizar_datos, crear_persona
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import dia_local, fecha_larga
from tests.kit import files, public as public_kit
from tests.kit.cast import PUNTO, SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.public import Point
from tests.kit.web import again, csrf, followed
from webforms.navegador.firmas import firmante_con_hora

RADICADO = "2026-0000001"
DOCUMENTO = {"tipo_doc": "CC", "num_doc": "52123456"}
FUNCIONARIA = Actor("person", "funcionaria", frozenset({Role("funcionario", "VCC")}))
PDF = files.pdf("Una certificación")
DESCRIPCION = "El pago de octubre no aparece aplicado."


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    with kit.web.session() as s:
        cargar_catalogo(s)
        sembrar_caso(s)
        s.commit()
    yield kit
    kit.web.engine.db.dispose()


def sembrar_caso(s: Session) -> None:
    persona = crear_persona(
        s,
        NuevaPersona(
            tipo_doc="CC", num_doc="52123456", nombre="Lucía Restrepo", calidad="beneficiario"
        ),
        now=NOW,
    )
    caso = crear_caso(
        s,
        NuevoCaso(
            turno_id=None,
            punto_id=PUNTO,
            persona_id=persona.id,
            clase="reclamo",
            tema="R01",
            descripcion=DESCRIPCION,
        ),
        Acto("asesor", NOW),
    )
    radicar(s, caso.caso_id, Acto("asesor", NOW), dias_termino=15, prorroga_max=15)


def consultar(cliente: FlaskClient, **datos: str) -> TestResponse:
    ficha = csrf(cliente.get("/consulta").text)
    return cliente.post(
        "/consulta", data={"csrf_token": ficha, "radicado": RADICADO, **DOCUMENTO, **datos}
    )


def escalado(punto: Point, medio: str = "correo") -> None:
    """The area has the case: the escalation process runs."""
    with punto.web.session() as s:
        caso = s.scalars(sa.select(Caso)).one()
        anotar_informe(
            s,
            caso.id,
            medio=medio,
            correo="l@ejemplo.test",
            resumen="Pago de octubre sin aplicar. " * 3,
        )
        escalar(
            s,
            caso.id,
            NuevoEscalonamiento(
                area_id="VCC", grupo="Cartera", plazo_interno=5, nivel2="c", nivel3="v"
            ),
            Acto("asesor", NOW),
        )
        s.commit()
    datos: Data = {
        "caso_id": caso.id,
        "turno_id": 0,
        "punto_id": PUNTO,
        "persona_id": caso.persona_id,
        "area_id": "VCC",
        "tema": "R01",
        "clase": "reclamo",
        "plazo_interno": 5,
        "nivel2": "c",
        "nivel3": "v",
        "asesor_id": "asesor",
        "fecha_limite_respuesta": caso.limite_respuesta.isoformat()
        if caso.limite_respuesta
        else "",
        "radicado": RADICADO,
    }
    punto.web.engine.instances.start(
        "M5_1_02_escalonamiento", actor=SYSTEM, now=NOW, key="CasoEscalado:1", data=datos
    )
    with punto.web.session() as s:
        s.execute(sa.text("UPDATE caso SET case_key = (SELECT case_key FROM instance)"))
        s.commit()


def requerido(punto: Point, medio: str = "correo") -> None:
    """The officer asked for what is missing (art. 17 Ley 1755)."""
    escalado(punto, medio)
    requerido_de(punto)


def requerido_de(punto: Point) -> None:
    motor = punto.web.engine
    with punto.web.session() as s:
        item = s.execute(
            sa.text("SELECT id FROM work_item WHERE element = 'act_5_2_16' AND state = 'open'")
        ).scalar_one()
    registros = punto.web.app.extensions["ventanilla"].forms["funcionario.recibir"].records
    valores: Data = {
        "resultado_analisis": "falta_informacion",
        "area_destino": "",
        "informacion_faltante": "Copia del recibo de octubre",
    }
    motor.items.complete(
        item, values=valores, actor=FUNCIONARIA, now=punto.clock.now(), records=registros
    )


def test_a_citizen_reads_that_an_area_reviews_the_case_and_no_inner_state(punto: Point) -> None:
    escalado(punto)
    pagina = consultar(punto.web.browser()).text
    assert "Lo revisa un área especializada" in pagina
    for interno in ("Escalado", "En análisis", "VCC"):
        assert interno not in pagina
    requerido_de(punto)
    assert "Esperamos información suya" in consultar(punto.web.browser()).text


def direccion(pagina: str) -> str:
    encontrada = re.search(r'href="(/consulta/complemento/[^"]+)"', pagina)
    assert encontrada, pagina
    return encontrada[1]


def test_state_dates_and_the_deadline_explained_are_shown(punto: Point) -> None:
    pagina = consultar(punto.web.browser())
    assert pagina.status_code == 200
    assert "Caso 2026-0000001" in pagina.text
    assert "vence el miércoles 16 de diciembre de 2026" in pagina.text
    assert "15 días hábiles desde el mar 24 nov; el mar 8 dic es festivo" in pagina.text
    assert "Radicado el martes 24 de noviembre de 2026" in pagina.text


def test_nothing_about_the_person_or_the_matter_is_shown(punto: Point) -> None:
    pagina = consultar(punto.web.browser()).text
    for dato in ("Lucía", "Restrepo", "52123456", DESCRIPCION, "asesor", "reclamo", "R01"):
        assert dato not in pagina


def test_radicado_and_document_never_come_into_an_address(punto: Point) -> None:
    respuesta = consultar(punto.web.browser())
    assert respuesta.status_code == 200
    assert respuesta.request.query_string == b""


def test_an_unknown_radicado_and_a_wrong_document_read_the_same(punto: Point) -> None:
    def cuerpo(**datos: str) -> tuple[int, str]:
        respuesta = consultar(punto.web.browser(), **datos)
        sin_lo_escrito = re.sub(r'(value|data-red)="[^"]*"( selected)?', "", respuesta.text)
        return respuesta.status_code, sin_lo_escrito

    assert (
        cuerpo(radicado="2026-0009999")
        == cuerpo(num_doc="52123457")
        == cuerpo(tipo_doc="CE", num_doc="521234")
    )
    assert cuerpo(radicado="2026-0009999")[0] == 404


@pytest.mark.parametrize("escrito", ["2026 0000001", "20260000001", " 2026-0000001 "])
def test_a_radicado_is_understood_as_people_type_it(punto: Point, escrito: str) -> None:
    assert consultar(punto.web.browser(), radicado=escrito, num_doc="52.123.456").status_code == 200


@pytest.mark.parametrize(
    ("datos", "mensaje"),
    [
        ({"radicado": "12"}, "Escriba el radicado así"),
        ({"radicado": "12345"}, "Escriba el radicado así"),
        ({"radicado": ""}, "Escriba el radicado"),
        ({"num_doc": "x"}, "de 3 a 10 dígitos"),
        ({"tipo_doc": ""}, "Elija el tipo de documento"),
        ({"tipo_doc": "XX"}, "Elija una de las opciones"),
        ({"radicado": "2" * 3000}, "máximo 48"),
    ],
)
def test_what_does_not_have_the_form_is_explained_beside_the_field(
    punto: Point, datos: dict[str, str], mensaje: str
) -> None:
    respuesta = consultar(punto.web.browser(), **datos)
    assert respuesta.status_code == 422
    assert mensaje in respuesta.text
    assert "<title>Error:" in respuesta.text


def test_whether_the_type_is_asked_for_is_told_by_the_form_of_the_number_not_by_the_case(
    punto: Point,
) -> None:
    for numero in ("2026-0000001", "2026-0009999"):  # one that is, one that is not
        sin_tipo = consultar(punto.web.browser(), radicado=numero, tipo_doc="")
        assert (sin_tipo.status_code, "Elija el tipo de documento" in sin_tipo.text) == (422, True)
    assert consultar(punto.web.browser(), radicado="EP-2026-00001", tipo_doc="").status_code == 404


def test_guessing_a_document_of_another_procedure_waits_whatever_type_is_said(punto: Point) -> None:
    for tipo in ("CC", "CE", "TI", "", "CC"):
        assert (
            consultar(punto.web.browser(), radicado="EP-2026-00001", tipo_doc=tipo).status_code
            == 404
        )
    assert (
        consultar(punto.web.browser(), radicado="EP-2026-00002", tipo_doc="PA").status_code == 429
    )


def test_guessing_documents_of_one_radicado_has_to_wait(punto: Point) -> None:
    for numero in range(5):
        assert consultar(punto.web.browser(), num_doc=f"5200000{numero}").status_code == 404
    assert consultar(punto.web.browser()).status_code == 429
    punto.clock.advance(dt.timedelta(seconds=31))
    assert consultar(punto.web.browser()).status_code == 200


def test_guessing_radicados_of_one_document_has_to_wait(punto: Point) -> None:
    for numero in range(5):
        consultar(punto.web.browser(), radicado=f"2026-001000{numero}")
    assert consultar(punto.web.browser()).status_code == 429


def test_a_success_resets_nothing(punto: Point) -> None:
    """Somebody with a case of their own would guess for ever: four failures, one success, four
    failures …"""
    for numero in range(4):
        assert consultar(punto.web.browser(), num_doc=f"5200000{numero}").status_code == 404
    assert [consultar(punto.web.browser()).status_code for _vez in range(3)] == [200] * 3, (
        "and is no failure itself"
    )
    assert consultar(punto.web.browser(), num_doc="52000009").status_code == 404
    assert consultar(punto.web.browser()).status_code == 429


def test_guesses_from_one_address_have_to_wait_whatever_they_try(punto: Point) -> None:
    for numero in range(20):
        assert (
            consultar(
                punto.web.browser(), radicado=f"2026-00200{numero:02}", num_doc=f"520000{numero:02}"
            ).status_code
            == 404
        )
    assert consultar(punto.web.browser()).status_code == 429
    punto.clock.advance(dt.timedelta(hours=1, seconds=1))
    assert consultar(punto.web.browser(), num_doc="52999999").status_code == 404
    assert consultar(punto.web.browser()).status_code == 200, (
        "an hour without failures, and counting begins anew"
    )


def test_a_failure_is_recorded_and_what_was_typed_is_not(punto: Point) -> None:
    for documento in ("52999999", "52999999", "52888888"):
        consultar(punto.web.browser(), num_doc=documento)
    with punto.web.engine.db.connect() as c:
        filas = c.exec_driver_sql(
            "SELECT subject, detail FROM access WHERE kind = 'consulta_fallida' ORDER BY day, n"
        ).all()
    detalles = [
        json.loads(fila.detail) if isinstance(fila.detail, str) else fila.detail for fila in filas
    ]
    assert [fila.subject for fila in filas] == [RADICADO] * 3
    assert detalles[0] == detalles[1] != detalles[2]
    assert {d["direccion"] for d in detalles} == {detalles[0]["direccion"]}
    for dato in ("52999999", "52888888", "127.0.0.1"):
        assert dato not in str(filas)


def test_whoever_knows_both_data_may_look_again_and_again(punto: Point) -> None:
    assert [consultar(punto.web.browser()).status_code for _vez in range(8)] == [200] * 8


def test_looking_at_a_case_is_recorded_without_the_document(punto: Point) -> None:
    consultar(punto.web.browser())
    assert ("consulta_publica", "ciudadano", RADICADO) in punto.web.accesses()


def test_an_overdue_case_says_so(punto: Point) -> None:
    punto.clock.advance(dt.timedelta(days=40))
    assert "venció el miércoles 16 de diciembre de 2026" in consultar(punto.web.browser()).text


def test_a_case_that_waits_for_the_citizen_says_until_when_and_shows_no_date_of_ours(
    punto: Point,
) -> None:
    requerido(punto)
    suyo = punto.web.browser()
    pagina = consultar(suyo).text
    assert "16 de diciembre" not in pagina
    formulario = suyo.get(direccion(pagina)).text
    for texto in (pagina, formulario):
        assert "Copia del recibo de octubre" in texto
        assert "Puede entregarlo hasta el jueves 24 de diciembre de 2026." in texto
        assert "vuelve a correr el día siguiente a aquel en que lo recibamos" in texto
        assert "entendemos que desiste" in texto
    assert (
        "También puede llevarlo a cualquier punto de atención, con el número 2026-0000001."
        in pagina
    )
    publico = punto.web.browser()
    datos = {"csrf_token": csrf(publico.get("/consulta").text), "radicado": RADICADO, **DOCUMENTO}
    assert (
        "You can hand it in until Thursday 24 December 2026."
        in publico.post("/consulta?idioma=en", data=datos).text
    )


def test_what_is_asked_for_after_the_term_passed_stops_no_term_and_promises_no_date(
    punto: Point,
) -> None:
    punto.clock.advance(dt.timedelta(days=40))
    requerido(punto)
    publico = punto.web.browser()
    pagina = consultar(publico).text
    ruta = direccion(pagina)
    formulario = publico.get(ruta).text
    for texto in (pagina, formulario):
        assert "venció el miércoles 16 de diciembre de 2026: la respuesta está pendiente" in texto
        assert "no corre" not in texto
    punto.clock.advance(dt.timedelta(days=3))
    publico.post(
        ruta,
        data={"csrf_token": csrf(formulario), "texto": "Aquí está el recibo."},
        content_type="multipart/form-data",
    )
    despues = consultar(publico).text
    assert "venció el miércoles 16 de diciembre de 2026" in despues
    assert "-" not in despues.partition("Así se cuenta:")[2].partition("</p>")[0]
    with punto.web.session() as s:
        caso = s.scalars(sa.select(Caso)).one()
        plazos = s.scalars(sa.select(Plazo).where(Plazo.tipo == "respuesta")).all()
    assert caso.estado == "en_analisis"
    assert [p.vence for p in plazos] == [caso.limite_respuesta]


def test_sending_what_is_missing_resumes_the_case_with_text_and_file(punto: Point) -> None:
    requerido(punto)
    publico = punto.web.browser()
    punto.clock.advance(dt.timedelta(days=3))
    ruta = direccion(consultar(publico).text)
    datos = {
        "csrf_token": csrf(publico.get(ruta).text),
        "texto": "Adjunto el recibo de octubre.",
        "archivos": [(io.BytesIO(PDF), "recibo.pdf"), (io.BytesIO(PDF + b"%"), "reverso.pdf")],
    }
    respuesta = publico.post(ruta, data=datos, content_type="multipart/form-data")
    assert respuesta.status_code == 200
    assert "Recibimos su información" in respuesta.text
    llego = "Llegó el viernes 27 de noviembre de 2026, a las 09:00."
    assert llego in followed(respuesta.text)
    with punto.web.session() as s:
        suspension = s.scalars(sa.select(Suspension)).one()
        archivos = s.scalars(sa.select(Archivo).order_by(Archivo.id)).all()
        caso = s.scalars(sa.select(Caso)).one()
        abiertas = (
            s.execute(sa.text("SELECT element FROM work_item WHERE state = 'open'")).scalars().all()
        )
        quien = (
            s.execute(sa.text("SELECT actor_id FROM journal WHERE kind = 'message'"))
            .scalars()
            .all()
        )
    assert (suspension.complemento, suspension.hasta) == (
        "Adjunto el recibo de octubre.",
        punto.clock.now(),
    )
    assert [(a.nombre, a.tipo, a.subido_por) for a in archivos] == [
        ("recibo.pdf", "application/pdf", "ciudadano"),
        ("reverso.pdf", "application/pdf", "ciudadano"),
    ]
    assert caso.limite_respuesta is not None
    assert (
        f"El plazo para responderle vence el {fecha_larga(dia_local(caso.limite_respuesta))}."
        in followed(respuesta.text)
    )
    assert caso.estado == "en_analisis"
    assert abiertas == ["act_5_2_16"]
    assert quien == ["ciudadano"]
    datos["archivos"] = [(io.BytesIO(PDF), "recibo.pdf"), (io.BytesIO(PDF + b"%"), "reverso.pdf")]
    punto.clock.advance(dt.timedelta(minutes=5))
    vuelve = followed(publico.get(ruta).text)
    assert (llego in vuelve, "No se guardó nada" in vuelve) == (True, False), (
        "who goes back, or reloads, reads that it came"
    )
    de_nuevo = publico.post(ruta, data=datos, content_type="multipart/form-data").text
    assert "Recibimos su información" in de_nuevo
    assert llego in followed(de_nuevo), "when it came, not when it was pressed again"
    with punto.web.session() as s:
        assert s.scalar(sa.select(sa.func.count(Archivo.id))) == 2


def test_the_text_of_the_citizen_is_not_in_the_process_data(punto: Point) -> None:
    requerido(punto)
    publico = punto.web.browser()
    ruta = direccion(consultar(publico).text)
    publico.post(
        ruta,
        data={"csrf_token": csrf(publico.get(ruta).text), "texto": "Vivo en otra parte ahora."},
    )
    with punto.web.session() as s:
        filas = s.execute(sa.text("SELECT delta, detail FROM journal")).all()
    assert all(b"otra parte" not in bytes(f.delta) and "otra parte" not in f.detail for f in filas)


def test_what_is_missing_is_taken_once(punto: Point) -> None:
    requerido(punto)
    publico = punto.web.browser()
    ruta = direccion(consultar(publico).text)
    datos = {"csrf_token": csrf(publico.get(ruta).text), "texto": "Aquí está lo que pidieron."}
    assert publico.post(ruta, data=datos).status_code == 200
    otra_vez = publico.post(ruta, data=datos)
    assert otra_vez.status_code == 200, "a second press: it was received"
    assert "Recibimos su información" in otra_vez.text
    con_archivo = {**datos, "archivos": (io.BytesIO(PDF), "tarde.pdf")}
    with punto.web.session() as s:
        s.execute(sa.update(Caso).values(estado="cerrado"))
        s.commit()
    repetida = publico.post(ruta, data=con_archivo, content_type="multipart/form-data")
    assert repetida.status_code == 409
    assert datos["texto"] in repetida.text, "to be copied"
    carpeta = punto.web.app.extensions["ventanilla"].archivos.deposito.lugar
    assert not [f for f in carpeta.rglob("*") if f.is_file()]


@pytest.mark.parametrize(
    ("texto", "archivo", "mensaje"),
    [
        ("corto", b"", "entre 10 y 2000"),
        ("a" * 2001, b"", "entre 10 y 2000"),
        ("Un texto suficiente", b"MZ ejecutable", "PDF, JPG o PNG"),
    ],
)
def test_a_bad_complement_comes_back_with_its_text(
    punto: Point, texto: str, archivo: bytes, mensaje: str
) -> None:
    requerido(punto)
    publico = punto.web.browser()
    ruta = direccion(consultar(publico).text)
    datos: dict[str, object] = {"csrf_token": csrf(publico.get(ruta).text), "texto": texto}
    if archivo:
        datos["archivos"] = (io.BytesIO(archivo), "x.pdf")
    respuesta = publico.post(ruta, data=datos, content_type="multipart/form-data")
    assert respuesta.status_code == 422
    assert mensaje in respuesta.text
    assert texto in respuesta.text
    # the file stayed behind: what is left would do, and still nothing is sent
    en_ingles = again(publico, respuesta, "English")
    assert texto in en_ingles.text
    assert '<html lang="en">' in en_ingles.text


GRANDE = PDF + b" " * (11 * 1024 * 1024)
MEDIANO = PDF + b" " * (9 * 1024 * 1024)


@pytest.mark.parametrize(
    ("subidos", "mensajes"),
    [
        (
            [(PDF, "recibo.pdf"), (b"MZ", "foto.jpg"), (GRANDE, "cartas.pdf")],
            ["foto.jpg: El archivo debe ser", "cartas.pdf: El archivo pesa más"],
        ),
        (
            [(PDF, f"hoja {n}.pdf") for n in range(1, 12)],
            ["Eligió 11 archivos. Envíe como máximo 10"],
        ),
        ([(MEDIANO, f"libro {n}.pdf") for n in range(1, 4)], ["pesan más de 25 MB entre todos"]),
    ],
)
def test_when_a_file_is_refused_none_is_stored_and_the_text_stays(
    punto: Point, subidos: list[tuple[bytes, str]], mensajes: list[str]
) -> None:
    requerido(punto)
    publico = punto.web.browser()
    ruta = direccion(consultar(publico).text)
    texto = "Lo que pidieron, en varias hojas."
    datos = {
        "csrf_token": csrf(publico.get(ruta).text),
        "texto": texto,
        "archivos": [FileStorage(io.BytesIO(contenido), nombre) for contenido, nombre in subidos],
    }
    frontera, cuerpo = encode_multipart(datos)
    respuesta = publico.post(
        ruta, data=cuerpo, content_type=f"multipart/form-data; boundary={frontera}"
    )
    assert respuesta.status_code == 422
    for dicho in [*mensajes, texto, "Elíjalos otra vez:", subidos[0][1]]:
        assert dicho in respuesta.text
    with punto.web.session() as s:
        assert s.scalars(sa.select(Archivo)).all() == []
    carpeta = punto.web.app.extensions["ventanilla"].archivos.deposito.lugar
    assert not [f for f in carpeta.rglob("*") if f.is_file()]


@pytest.mark.parametrize("firma", ["otra", "WzEsIjIwMjYiXQ.aaaa.bbbb"])
def test_an_address_that_we_did_not_sign_sends_nothing(punto: Point, firma: str) -> None:
    requerido(punto)
    respuesta = punto.web.browser().get(f"/consulta/complemento/{firma}", follow_redirects=True)
    assert respuesta.status_code == 410
    assert "Consulte su caso otra vez" in respuesta.text


def test_what_is_missing_is_sent_after_the_session_ended_and_other_looks_push_nothing_out(
    punto: Point,
) -> None:
    requerido(punto)
    publico = punto.web.browser()
    ruta = direccion(consultar(publico).text)
    for _vez in range(8):
        assert direccion(consultar(publico).text) == ruta
    publico.delete_cookie("ventanilla")
    assert publico.get(ruta).status_code == 200


def test_more_is_sent_for_a_case_that_waits_for_nothing_and_its_officer_reads_it(
    punto: Point,
) -> None:
    """It became a new case with a term of its own, or stayed at home."""
    escalado(punto)
    publico, oficial = punto.web.browser(), punto.web.browser("funcionaria")
    ruta = direccion(consultar(publico).text)
    pagina = publico.get(ruta).text
    with punto.web.session() as s:
        antes = s.scalars(sa.select(Caso.limite_respuesta)).one()
    punto.clock.advance(dt.timedelta(minutes=5))
    datos: dict[str, object] = {"csrf_token": csrf(pagina), "texto": "Encontré este otro recibo."}
    for _vez in range(2):  # a second press is the same sending
        datos["archivos"] = (io.BytesIO(PDF), "otro.pdf")
        llego = publico.post(ruta, data={**datos, "espera": ""}, content_type="multipart/form-data")
        assert (llego.status_code, "otro.pdf" in llego.text or _vez) == (200, True)
    with punto.web.session() as s:
        assert [a.texto for a in s.scalars(sa.select(Aporte))] == [datos["texto"]]
        assert [a.subido_por for a in s.scalars(sa.select(Archivo))] == ["ciudadano"]
        assert s.scalars(sa.select(Caso.limite_respuesta)).one() == antes
        clave = s.scalars(sa.select(Caso.case_key)).one()
        tarea = s.execute(
            sa.text("SELECT id FROM work_item WHERE element = 'act_5_2_16'")
        ).scalar_one()
    assert "la persona entregó" in oficial.get("/bandeja?vista=todas").text.lower()
    for donde in (f"/tarea/{tarea}", f"/caso/{clave}"):
        assert "Encontré este otro recibo." in oficial.get(donde).text


def test_what_was_asked_for_meanwhile_is_shown_before_more_is_sent(punto: Point) -> None:
    """Else it would let the clock go on without what the area needs."""
    escalado(punto)
    publico = punto.web.browser()
    ruta = direccion(consultar(publico).text)
    datos = {
        "csrf_token": csrf(publico.get(ruta).text),
        "texto": "Encontré otro recibo.",
        "espera": "",
    }
    requerido_de(punto)
    vuelve = publico.post(ruta, data=datos)
    assert vuelve.status_code == 409
    assert "Copia del recibo de octubre" in vuelve.text
    assert datos["texto"] in vuelve.text
    with punto.web.session() as s:
        assert s.scalars(sa.select(Aporte)).all() == []
        assert s.scalars(sa.select(Suspension.hasta)).all() == [None]


def test_a_case_does_not_take_more_than_ten_in_a_day_and_none_once_it_is_over(punto: Point) -> None:
    escalado(punto)
    publico = punto.web.browser()
    ruta = direccion(consultar(publico).text)
    datos = {"csrf_token": csrf(publico.get(ruta).text), "espera": ""}
    codigos_http = [
        publico.post(ruta, data={**datos, "texto": f"Otro recibo, el {n}"}).status_code
        for n in range(11)
    ]
    assert codigos_http == [200] * 10 + [429]
    punto.clock.advance(dt.timedelta(days=1))
    ruta = direccion(consultar(publico).text)
    assert publico.post(ruta, data={**datos, "texto": "Uno de hoy."}).status_code == 200
    with punto.web.session() as s:
        s.execute(sa.update(Caso).values(estado="cerrado"))
        s.commit()
    assert "/consulta/complemento/" not in consultar(publico).text
    assert publico.post(ruta, data={**datos, "texto": "Otro de hoy."}).status_code == 409


def test_a_person_of_another_case_cannot_see_this_one(punto: Point) -> None:
    with punto.web.session() as s:
        s.add(
            Persona(
                tipo_doc="CC", num_doc="79000001", nombre="Otra", calidad="beneficiario", creada=NOW
            )
        )
        s.commit()
    assert consultar(punto.web.browser(), num_doc="79000001").status_code == 404


# --- who chose paper ------------------------------------------------------------------------------
def test_who_chose_paper_gets_a_letter_that_somebody_prints_sends_and_registers(
    punto: Point,
) -> None:
    """At first the request went by mail to an address that the person had not chosen, and nobody
    knew of a letter."""
    requerido(punto, "direccion")
    with punto.web.session() as s:
        persona = s.scalars(sa.select(Persona)).one()
        actualizar_datos(
            s, persona.id, {"direccion": "Calle 5 # 6-7", "municipio": "76001"}, Acto("asesor", NOW)
        )
        pedido = s.scalars(sa.select(Aviso).where(Aviso.tipo == "requerimiento")).one()
        clave = s.scalars(sa.select(Caso.case_key)).one()
        s.commit()
    assert (pedido.para, pedido.enviado, pedido.error) == ("", None, EN_PAPEL["direccion"])
    coordinador, gestora = punto.web.browser("coordinador"), punto.web.browser("gestora")
    assert "Por entregar en papel" in coordinador.get(f"/caso/{clave}").text
    assert "Avisos que no salieron" not in coordinador.get(f"/caso/{clave}").text
    lista = gestora.get("/radicacion?vista=cartas").text
    assert "Lucía Restrepo" in lista
    ruta = f"/caso/{clave}/carta/{pedido.id}"
    assert ruta in lista
    hoja = gestora.get(ruta).text
    for dicho in (
        "Lucía Restrepo",
        "Calle 5 # 6-7",
        "Cali",
        "Copia del recibo de octubre",
        "https://ventanilla.test/consulta",
    ):
        assert dicho in hoja
    assert punto.web.browser("lejana").get(ruta).status_code == 404, "of another point"
    mala = gestora.post(ruta, data={"csrf_token": csrf(hoja), "constancia": ""})
    assert (mala.status_code, "Escriba la guía" in mala.text) == (422, True)
    assert (
        gestora.post(
            ruta, data={"csrf_token": csrf(hoja), "constancia": "Guía 4-72 RA123"}
        ).status_code
        == 302
    )
    assert "No hay cartas por enviar" in gestora.get("/radicacion?vista=cartas").text
    assert "Guía 4-72 RA123" in coordinador.get(f"/caso/{clave}").text
    repetida = gestora.post(
        ruta,
        data={"csrf_token": csrf(hoja), "constancia": "Guía 4-72 RA123"},
        follow_redirects=True,
    )
    assert "Otra persona ya registró la entrega" in repetida.text


# --- the answer, behind a code --------------------------------------------------------------------
DICHA = "Su pago de octubre quedó aplicado el 3 de diciembre. No debe nada."
CORREO = "l@ejemplo.test"


def respondido(punto: Point, correo: str = CORREO, *, salio: bool = True) -> int:
    """The answer was sent to the address that the person gave."""
    with punto.web.session() as s, s.begin():
        caso = s.scalars(sa.select(Caso)).one()
        caso.estado, caso.enviado, caso.cerrado = "cerrado", NOW, NOW
        caso.medio_respuesta, caso.correo_respuesta = "correo", correo
        nueva = NuevaRespuesta("enviada", DICHA)
        suya = guardar_respuesta(s, caso.id, nueva, Acto("asesor", NOW))
        s.get_one(Respuesta, suya).enviada = NOW if salio else None
        return int(caso.id)


def vista(pagina: str) -> dict[str, str]:
    return {
        "csrf_token": csrf(pagina),
        "vista": re.findall(r'name="vista" value="([^"]+)"', pagina)[0],
    }


def codigos_enviados(punto: Point) -> list[Aviso]:
    with punto.web.session() as s:
        return list(s.scalars(sa.select(Aviso).where(Aviso.tipo == "codigo")))


def de_ahora(punto: Point, caso_id: int) -> str:
    """The code as the mail carries it."""
    clave = codigos.claves(caso_id, punto.clock.now())[0]
    return Enlaces("", SESSION_KEY.encode()).codigo_de_respuesta(clave)


def test_the_answer_is_read_with_the_code_of_the_mailbox_and_says_how_to_appeal(
    punto: Point,
) -> None:
    caso_id, cliente = respondido(punto), punto.web.browser()
    pagina = consultar(cliente).text
    assert DICHA not in pagina
    assert "l•" in followed(pagina), "to which address, covered"
    assert CORREO not in pagina
    pedida = cliente.post("/consulta/respuesta", data=vista(pagina))
    assert (pedida.status_code, DICHA in pedida.text) == (200, False)
    [aviso] = codigos_enviados(punto)
    assert (aviso.para, aviso.caso_id) == (CORREO, caso_id)
    codigo = de_ahora(punto, caso_id)
    assert codigo not in aviso.texto, "nobody who reads the table has it"
    leida = cliente.post(
        "/consulta/respuesta", data={**vista(pedida.text), "codigo": f"{codigo[:3]} {codigo[3:]}"}
    )
    assert leida.status_code == 200
    assert DICHA in followed(leida.text)
    assert "Para: Lucía Restrepo" in followed(leida.text)
    assert "recursos de reposición y de apelación" in followed(leida.text)
    with punto.web.session() as s:
        hechos = [a.kind for a in s.scalars(sa.select(Access)) if a.actor_id == "ciudadano"]
    assert "respuesta_leida" in hechos


def test_asked_for_ten_times_the_code_is_one_mail(punto: Point) -> None:
    respondido(punto)
    cliente = punto.web.browser()
    datos = vista(consultar(cliente).text)
    for _vez in range(10):
        assert cliente.post("/consulta/respuesta", data=datos).status_code == 200
    assert len(codigos_enviados(punto)) == 1


@pytest.mark.parametrize("codigo", ["", "abcdef", "٠١٢٣٤٥", "1" * 5000, "\x00", "\ud800"])
def test_what_is_no_code_opens_nothing(punto: Point, codigo: str) -> None:
    respondido(punto)
    cliente = punto.web.browser()
    datos = vista(consultar(cliente).text)
    otra = cliente.post(
        "/consulta/respuesta",
        data={**datos, "codigo": codigo.encode("utf-8", "surrogatepass").decode("latin-1")},
    )
    assert otra.status_code in {400, 422}
    assert DICHA not in otra.text


def test_a_code_ends_and_guessing_is_slowed_down(punto: Point) -> None:
    caso_id, cliente = respondido(punto), punto.web.browser()
    codigo = de_ahora(punto, caso_id)
    punto.clock.advance(dt.timedelta(minutes=21))
    datos = vista(consultar(cliente).text)
    assert cliente.post("/consulta/respuesta", data={**datos, "codigo": codigo}).status_code == 422
    vistos = [
        cliente.post("/consulta/respuesta", data={**datos, "codigo": f"{n:06}"}).status_code
        for n in range(9)
    ]
    assert vistos[-1] == 429
    assert 200 not in vistos


def test_without_an_address_that_takes_mail_it_is_asked_for_at_a_point(punto: Point) -> None:
    respondido(punto, correo="")
    pagina = consultar(punto.web.browser()).text
    assert "Leer la respuesta" not in pagina
    assert "pida una copia en cualquier punto de atención" in followed(pagina)


def test_an_answer_that_has_not_left_is_nobody_s_to_read(punto: Point) -> None:
    caso_id, cliente = respondido(punto, salio=False), punto.web.browser()
    pagina = consultar(cliente).text
    assert "Leer la respuesta" not in pagina
    # whoever makes up the form all the same
    datos = {"csrf_token": csrf(cliente.get("/consulta").text)}
    with punto.web.app.test_request_context():
        datos["vista"] = firmante_con_hora("complemento").dumps([caso_id, RADICADO])
    otra = cliente.post("/consulta/respuesta", data={**datos, "codigo": de_ahora(punto, caso_id)})
    assert DICHA not in otra.text
    assert codigos_enviados(punto) == []


def test_a_signature_of_another_page_reads_nothing(punto: Point) -> None:
    respondido(punto)
    cliente = punto.web.browser()
    ficha = csrf(cliente.get("/consulta").text)
    otra = cliente.post("/consulta/respuesta", data={"csrf_token": ficha, "vista": "x.y"})
    assert otra.headers["Location"].endswith("/consulta")
    assert codigos_enviados(punto) == []
