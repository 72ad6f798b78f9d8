"""What a person brings for a case that they have already goes to that case: no other number, no
other term (M5-1-04 act. 1; Ley 1755 art. 17)."""

import datetime as dt
import io
import re
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from records.casos.tablas import Archivo as Guardado, Caso, Suspension
from records.correo.tablas import Aviso
from records.derechos.visitas_sin_caso import olvidar, sin_caso
from records.escritos.tablas import DocumentoSuelto, Escrito, EscritoDocumento
from records.visita.tablas import Atencion
from tests.integration.webforms.test_escritorio import OFICIAL, UnCaso
from tests.integration.webforms.test_web_escrita import GESTION, PDF, Archivo, archivo, imagenes
from tests.kit import files, visit as visita, visits
from tests.kit.web import followed

assert archivo  # a fixture
NUEVO = "La persona entregó documentos o información"
TRAE: dict[str, Any] = {"documento_1": "Recibo del banco", "folios_1": "2"}


def pedido(archivo: Archivo) -> UnCaso:
    """A claim with its area, which asked the person for something."""
    caso = archivo.escalado()
    archivo.enviar(
        archivo.entrar(OFICIAL),
        caso,
        resultado_analisis="falta_informacion",
        informacion_faltante="El recibo del pago de octubre",
    )
    return caso


def otra_visita(archivo: Archivo, ficha: str) -> str:
    """The person of the latest case is at a point again and hands documents in; the key of that
    visit."""
    quien = visita.holder(archivo.gente, archivo.usadas - 1)
    return visits.hands_in(
        archivo.engine, (quien.tipo_doc, quien.num_doc), ficha, archivo.clock.now()
    )


def recibe(archivo: Archivo, clave: str, **campos: Any) -> TestResponse:
    return archivo.hacer(GESTION, clave, "act_1", **{**TRAE, **campos})


def casos(archivo: Archivo) -> int:
    with archivo.sesion() as s:
        return s.scalar(sa.select(sa.func.count()).select_from(Caso)) or 0


def elegido(pagina: str) -> str | None:
    """The case that the page has chosen."""
    marcado = re.search(r'<input[^>]*name="destino"[^>]*value="(\d+)"[^>]*\schecked', pagina)
    return marcado[1] if marcado else None


def test_the_case_that_waits_is_chosen_beforehand_takes_the_documents_and_goes_on(
    archivo: Archivo,
) -> None:
    caso = pedido(archivo)
    clave, antes = otra_visita(archivo, "R901"), casos(archivo)
    pagina = archivo.entrar(GESTION).get(f"/tarea/{archivo.item(clave, 'act_1')}").text
    assert elegido(pagina) == str(caso.id)
    assert "El recibo del pago de octubre" in followed(pagina), "what was asked for"
    imagen = {"digital_1": (io.BytesIO(PDF), "recibo.pdf")}
    respuesta = recibe(archivo, clave, destino=str(caso.id), completo="si", **imagen)
    assert respuesta.status_code == 302, respuesta.text
    assert (casos(archivo), archivo.abiertos(clave)) == (antes, set()), "no other case began"
    with archivo.sesion() as s:
        espera = s.scalars(sa.select(Suspension).where(Suspension.caso_id == caso.id)).one()
        assert espera.hasta is not None, "the term goes on"
        assert "Recibo del banco (2)" in (espera.complemento or "")
        assert s.get_one(Caso, caso.id).estado == "en_analisis"
        entrega = s.scalars(sa.select(Escrito).where(Escrito.caso_id == caso.id)).one()
        assert (entrega.radicado, entrega.case_key) == (caso.radicado, caso.case_key)
        guardado = s.scalars(sa.select(Guardado).where(Guardado.case_key == caso.case_key)).one()
        assert guardado.nombre == "recibo.pdf"
        aviso = s.scalars(sa.select(Aviso).where(Aviso.tipo == "entrega")).one()
        assert f"/caso/{caso.case_key}" in aviso.texto, "the area is told, with where to look"
    oficial = archivo.entrar(OFICIAL)
    assert NUEVO in oficial.get("/bandeja?vista=todas").text, "the inbox says why it came back"
    for ruta in (f"/tarea/{archivo.abierta(caso).id}", f"/caso/{caso.case_key}"):
        assert "Recibo del banco (2)" in followed(oficial.get(ruta).text)


def test_the_inbox_and_the_task_say_what_came_until_somebody_reads_it(archivo: Archivo) -> None:
    caso = archivo.escalado()
    oficial = archivo.entrar(OFICIAL)

    def linea() -> str:
        pagina = oficial.get("/bandeja?vista=todas").text
        return pagina[pagina.index(caso.radicado) :].partition("</li>")[0]

    assert NUEVO not in linea()
    archivo.clock.advance(dt.timedelta(minutes=1))
    recibe(archivo, otra_visita(archivo, "R910"), destino=str(caso.id))
    assert NUEVO in linea()
    tarea = oficial.get(f"/tarea/{archivo.abierta(caso).id}").text
    assert re.search(r'class="aviso azul[^"]*".*?Recibo del banco \(2\)', tarea, re.DOTALL)


def test_the_person_leaves_with_the_proof_of_this_delivery_under_the_number_of_the_case(
    archivo: Archivo,
) -> None:
    caso = pedido(archivo)
    clave = otra_visita(archivo, "R902")
    respuesta = recibe(archivo, clave, destino=str(caso.id), completo="si")
    gestora = archivo.entrar(GESTION)
    pagina = gestora.get(respuesta.headers["Location"], follow_redirects=True)
    assert (pagina.status_code, pagina.request.path) == (200, f"/radicacion/{clave}")
    assert "No corre" not in pagina.text, "all of it came"
    assert f"/caso/{caso.case_key}" not in pagina.text, "who files sees no case of an area"
    for hoja in ("prueba", "tiquete"):
        papel = gestora.get(f"/radicacion/{clave}/{hoja}").text
        assert caso.radicado in papel


def test_what_is_not_all_leaves_the_case_waiting_for_the_rest(archivo: Archivo) -> None:
    caso = pedido(archivo)
    clave = otra_visita(archivo, "R903")
    respuesta = recibe(
        archivo, clave, destino=str(caso.id), completo="no", falta="La segunda hoja del recibo"
    )
    assert respuesta.status_code == 302, respuesta.text
    with archivo.sesion() as s:
        espera = s.scalars(sa.select(Suspension).where(Suspension.caso_id == caso.id)).one()
        assert (espera.hasta, espera.informacion) == (None, "La segunda hoja del recibo")
    # and the rest comes by the same way
    recibe(archivo, otra_visita(archivo, "R904"), destino=str(caso.id), completo="si")
    with archivo.sesion() as s:
        assert (
            s.scalars(sa.select(Suspension.hasta).where(Suspension.caso_id == caso.id)).one()
            is not None
        )
        documentos = s.execute(
            sa.select(EscritoDocumento.folio_desde, EscritoDocumento.folio_hasta)
            .join(Escrito, Escrito.id == EscritoDocumento.escrito_id)
            .where(Escrito.caso_id == caso.id)
            .order_by(EscritoDocumento.n)
        ).all()
        assert [tuple(d) for d in documentos] == [(1, 2), (3, 4)], "folios go on through the case"
        assert not s.scalars(
            sa.select(Escrito.id).where(
                Escrito.caso_id == caso.id,
                Escrito.falta.is_not(None),
                Escrito.completado.is_(None),
            )
        ).all()


def test_a_second_delivery_for_a_case_that_does_not_wait_is_asked_about_and_its_area_is_told(
    archivo: Archivo,
) -> None:
    caso = archivo.escalado()
    clave, antes = otra_visita(archivo, "R905"), casos(archivo)
    pagina = archivo.entrar(GESTION).get(f"/tarea/{archivo.item(clave, 'act_1')}").text
    assert (elegido(pagina), f'value="{caso.id}"' in pagina) == (None, True)
    sin_decir = recibe(archivo, clave, tema="S02", asunto="Un recibo", completo="si")
    assert sin_decir.status_code == 422, "nobody chose for whoever files"
    assert recibe(archivo, clave, destino=str(caso.id)).status_code == 302
    assert casos(archivo) == antes
    assert "Recibo del banco (2)" in followed(
        archivo.entrar(OFICIAL).get(f"/tarea/{archivo.abierta(caso).id}").text
    )


def test_what_is_new_begins_a_case_of_its_own_as_before(archivo: Archivo) -> None:
    pedido(archivo)
    clave, antes = otra_visita(archivo, "R906"), casos(archivo)
    nuevo = {"destino": "0", "tema": "S02", "asunto": "Otra cosa", "completo": "si"}
    assert recibe(archivo, clave, **nuevo).status_code == 302
    assert (casos(archivo), archivo.abiertos(clave)) == (antes + 1, {"act_3"})


def test_a_case_of_somebody_else_is_no_answer(archivo: Archivo) -> None:
    ajeno = pedido(archivo)
    archivo.escalado()  # of another person, who comes
    clave = otra_visita(archivo, "R907")
    respuesta = recibe(archivo, clave, destino=str(ajeno.id), completo="si")
    assert respuesta.status_code == 422


def test_what_is_still_missing_of_an_incomplete_delivery_is_completed_from_its_list(
    archivo: Archivo,
) -> None:
    caso = archivo.radicado(falta="Certificación de prácticas y diploma")
    clave, falta = otra_visita(archivo, "R909"), "El diploma"
    recibe(archivo, clave, destino=str(caso.id), completo="no", falta=falta)
    gestora = archivo.entrar(GESTION)
    lista = gestora.get("/radicacion?vista=devueltas").text
    assert f"/radicacion/{clave}/completar" in lista
    ruta = f"/radicacion/{clave}/completar"
    datos = {"documento_1": "Diploma", "folios_1": "1", "completo": "si"}
    testigo = visita.hidden(gestora.get(ruta).text, "csrf_token")
    assert gestora.post(ruta, data={**datos, "csrf_token": testigo}).status_code == 302
    archivo.trabajar()
    assert archivo.abiertos(caso.case_key) == {"act_3"}


def test_an_incomplete_delivery_is_completed_by_filing_and_all_of_it_is_digitised(
    archivo: Archivo,
) -> None:
    caso = archivo.radicado(falta="Certificación de prácticas")
    clave = otra_visita(archivo, "R908")
    assert recibe(archivo, clave, destino=str(caso.id), completo="si").status_code == 302
    assert (archivo.estado(caso).estado, archivo.abiertos(caso.case_key)) == (
        "en_atencion",
        {"act_3"},
    )
    respuesta = archivo.hacer(
        GESTION,
        caso.case_key,
        "act_3",
        **imagenes(4, 2, 3),
    )
    assert respuesta.status_code == 302, followed(respuesta.text)


def test_an_adviser_of_any_point_receives_for_the_case_of_who_is_before_them_and_only_then(
    archivo: Archivo,
) -> None:
    caso = pedido(archivo)
    asesor = archivo.entrar("asesor.med01")
    ruta, ahora = f"/caso/{caso.case_key}", archivo.clock.now()
    assert asesor.get(ruta).status_code == 404
    with archivo.sesion() as s, s.begin():
        turno = visits.waits(s, "MED-CEN", "M900", ahora)
        visits.is_attended(s, turno, ahora, ahora)
        atencion = s.scalars(sa.select(Atencion).where(Atencion.turno_id == turno.id)).one()
        atencion.asesor_id, atencion.fin, atencion.titularidad = "asesor.med01", None, None
        atencion.persona_id = s.get_one(Caso, caso.id).persona_id
        atencion_id = atencion.id
    assert asesor.get(ruta).status_code == 404, "nobody has verified who it is"
    with archivo.sesion() as s, s.begin():
        s.get_one(Atencion, atencion_id).titularidad = "verificada"
    pagina = asesor.get(ruta)
    assert pagina.status_code == 200
    trae = {"texto": "Trajo el recibo", "csrf_token": visita.hidden(pagina.text, "csrf_token")}
    assert asesor.post(f"{ruta}/complemento", data=trae).status_code == 302
    archivo.trabajar()
    with archivo.sesion() as s, s.begin():
        assert s.get_one(Caso, caso.id).estado == "en_analisis"
        s.get_one(Atencion, atencion_id).fin = ahora
    assert asesor.get(ruta).status_code == 404, "the person has gone"


def test_a_document_that_came_by_mail_finds_the_case_that_waits_by_the_document_of_its_person(
    archivo: Archivo,
) -> None:
    caso = archivo.radicado(falta="El recibo de octubre")
    quien = visita.holder(archivo.gente, archivo.usadas - 1)
    gestora = archivo.entrar(GESTION)

    def manda(ruta: str, **datos: Any) -> TestResponse:
        testigo = visita.hidden(gestora.get("/radicacion/sueltos").text, "csrf_token")
        return gestora.post(
            ruta, data={**datos, "csrf_token": testigo}, content_type="multipart/form-data"
        )

    manda(
        "/radicacion/sueltos",
        remitente="La persona",
        asunto="Recibo de octubre",
        canal="mensajeria",
        llego="",
        archivos=(io.BytesIO(files.pdf("Recibo de octubre")), "recibo.pdf"),
    )
    with archivo.sesion() as s:
        suelto = s.scalars(sa.select(DocumentoSuelto.id)).one()
    ruta = f"/radicacion/sueltos/{suelto}/caso"
    motivo = {"motivo": "El recibo es de su obligación"}
    pagina = followed(manda(ruta, numero=quien.num_doc, **motivo).text)
    assert re.search(rf'name="elegido"[^>]*value="{caso.radicado}"[^>]*checked', pagina)
    otro = archivo.radicado()
    corregido = manda(ruta, numero=otro.radicado, elegido=caso.radicado, **motivo).text
    assert re.search(rf'name="es"[^>]*value="{otro.radicado}"', corregido), "what was typed last"
    pagina = manda(ruta, numero=quien.num_doc, elegido=caso.radicado, **motivo).text
    assert 'name="llego"' in pagina, "it waits: whether this is all of it is asked"
    hecho = manda(ruta, numero=caso.radicado, es=caso.radicado, llego="si", **motivo)
    assert hecho.status_code == 302, hecho.text
    archivo.trabajar()
    with archivo.sesion() as s:
        assert s.get_one(Caso, caso.id).estado == "en_atencion"
        guardado = s.scalars(sa.select(Guardado).where(Guardado.case_key == caso.case_key)).one()
        assert guardado.nombre == "recibo.pdf"


def test_what_is_forgotten_of_the_visit_leaves_what_it_brought_for_the_case(
    archivo: Archivo,
) -> None:
    caso = pedido(archivo)
    clave = otra_visita(archivo, "R911")
    recibe(archivo, clave, destino=str(caso.id), completo="si")
    with archivo.sesion() as s, s.begin():
        assert sin_caso(s, [clave]) == [clave], "the visit has no case of its own"
        olvidar(s, clave, archivo.clock.now())
        entrega = s.scalars(sa.select(Escrito).where(Escrito.caso_id == caso.id)).one()
        assert entrega.persona_id is not None
        documentos = s.scalars(
            sa.select(EscritoDocumento.nombre).where(EscritoDocumento.escrito_id == entrega.id)
        ).all()
        assert documentos == ["Recibo del banco"]
