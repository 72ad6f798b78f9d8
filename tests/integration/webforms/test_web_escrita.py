"""A written case through its pages (M5-1-04): images, subject, signature, guide, result, notice,
archive; wrong input; who may sign."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import app as door
from engine import reads
from engine.clock import GivenClock
from engine.errors import NotAllowed
from engine.jobs.inprocess import InProcessJobs
from engine.reads import separation
from engine.states import ActorKind
from engine.store.tables import Item
from engine.types import Actor, Role
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos.tablas import Caso, Respuesta, Tipificacion
from records.correo.tablas import Aviso
from records.cuentas import ausencias
from records.escritos import envios
from records.escritos.reglas import guias
from records.escritos.tablas import (
    Archivado,
    DocumentoSuelto,
    Envio,
    Escrito,
    EscritoDocumento,
    Firma,
)
from records.personas.personas import id_de_persona
from records.plazos.reglas.calendario import sumar_habiles
from records.visita.tablas import Atencion, Turno
from tests.integration.webforms.test_escritorio import HALLAZGOS, RESPUESTA, Despacho
from tests.kit import files, visit as visita, visits
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.handlers import MailDouble
from tests.kit.web import followed, put
from webforms.comandos.auditoria import audit
from webforms.comandos.evidencia import evidence
from webforms.escritos.formularios.escrita import Entrega
from webforms.expedientes import indices

GESTION, OFICIAL, LIDER, COORDINADOR = (
    "gestion.documental",
    "funcionario.vcc01",
    "lider.vcc",
    "coordinador",
)
ADMINISTRADOR = "administrador"
PDF = files.pdf("Documento")
CARTA = "Señora: el pago quedó aplicado y su paz y salvo está listo."
ENVIO = {
    "medio": "certificado",
    "operador": "472",
    "guia": "RA123456785CO",
    "direccion": "Calle 10 # 20-30",
    "municipio": "Bogotá",
}


@dataclass
class Archivo(Despacho):
    """The whole product; deliveries begin here without their visit."""

    def radicado(self, medio: str = "direccion", *, falta: str = "") -> Caso:
        """Received, filed: two documents, three folios and one."""
        quien, self.usadas = visita.holder(self.gente, self.usadas), self.usadas + 1
        documento = (quien.tipo_doc, quien.num_doc)
        clave = visits.hands_in(
            self.engine, documento, f"R{self.usadas:03d}", self.clock.now(), medio
        )
        respuesta = self.hacer(
            GESTION,
            clave,
            "act_1",
            tema="S02",
            asunto="Paz y salvo",
            documento_1="Carta",
            folios_1="3",
            documento_2="Cédula",
            folios_2="1",
            completo="no" if falta else "si",
            falta=falta,
        )
        assert respuesta.status_code == 302, respuesta.text
        with self.sesion() as s:
            return s.scalars(sa.select(Caso).where(Caso.case_key == clave)).one()

    def item(self, clave: str | None, elemento: str) -> str:
        with self.sesion() as s:
            abierto = (Item.case_key == clave, Item.element == elemento, Item.state == "open")
            return s.scalars(sa.select(Item.id).where(*abierto)).one()

    def abiertos(self, clave: str | None) -> set[str]:
        with self.sesion() as s:
            return set(
                s.scalars(
                    sa.select(Item.element).where(Item.case_key == clave, Item.state == "open")
                )
            )

    def hacer(self, usuario: str, clave: str | None, elemento: str, **campos: Any) -> TestResponse:
        """The open task of this element, by this person, as its page sends it."""
        return self.mandar(self.entrar(usuario), self.item(clave, elemento), **campos)

    def mandar(self, cliente: FlaskClient, item: str, **campos: Any) -> TestResponse:
        ruta = f"/tarea/{item}?volver=bandeja"
        testigo = visita.hidden(cliente.get(ruta).text, "csrf_token")
        respuesta = cliente.post(
            ruta, data={**campos, "csrf_token": testigo}, content_type="multipart/form-data"
        )
        self.trabajar()
        return respuesta

    def en_el_area(self, medio: str = "direccion") -> Caso:
        caso = self.radicado(medio)
        assert (
            self.hacer(
                GESTION,
                caso.case_key,
                "act_3",
                **imagenes(4, 2),
                novedad="",
            ).status_code
            == 302
        )
        assert (
            self.hacer(GESTION, caso.case_key, "act_4", tema="S02", subclase="").status_code == 302
        )
        return caso

    def responde(self, caso: Caso, quien: str = OFICIAL) -> None:
        if "act_5_2_16" in self.abiertos(caso.case_key):
            self.hacer(quien, caso.case_key, "act_5_2_16", resultado_analisis="competente")
        self.hacer(quien, caso.case_key, "act_5_2_17", **HALLAZGOS)
        assert self.hacer(quien, caso.case_key, "act_5_2_18", **RESPUESTA).status_code == 302

    def por_firmar(self, medio: str = "direccion") -> Caso:
        caso = self.en_el_area(medio)
        self.responde(caso)
        return caso

    def firmada(self, medio: str = "direccion") -> Caso:
        caso = self.por_firmar(medio)
        assert (
            self.hacer(LIDER, caso.case_key, "act_5", firma="firmada", carta=CARTA).status_code
            == 302
        )
        return caso

    def enviada(self, guia: str) -> Caso:
        caso = self.firmada()
        fecha = f"{self.clock.now():%d/%m/%Y}"
        assert (
            self.hacer(
                GESTION, caso.case_key, "act_6", **{**ENVIO, "guia": guia}, fecha_envio=fecha
            ).status_code
            == 302
        )
        return caso

    def uno(self, modelo: type[Any], caso: Caso) -> Any:
        with self.sesion() as s:
            return s.scalars(sa.select(modelo).where(modelo.caso_id == caso.id)).one()

    def estado(self, caso: Caso) -> Caso:
        with self.sesion() as s:
            return s.get_one(Caso, caso.id)


assert Entrega.resultado_envio  # a variable of the diagram; its page is made of the fields


def imagenes(*paginas: int) -> dict[str, Any]:
    """Of so many pages each. Read once each."""
    return {
        f"digital_{n}": (io.BytesIO(files.pdf(pages=de)), f"{n}.pdf")
        for n, de in enumerate(paginas, start=1)
    }


def guia(n: int) -> str:
    return f"RA{n:08d}{guias.digito(f'{n:08d}')}CO"


@pytest.fixture(scope="module")
def archivo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archivo]:
    carpeta = tmp_path_factory.mktemp("escrita")
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
    archivo = Archivo(door.create_app(config), jobs, clock, gente, correo)
    yield archivo
    archivo.engine.db.dispose()


# --- act. 2–4 -------------------------------------------------------------------------------------
def test_every_document_has_its_image_and_pages_that_agree_with_its_folios_or_an_explanation(
    archivo: Archivo,
) -> None:
    caso = archivo.radicado()
    faltas = {
        "Adjunte el archivo": imagenes(3),
        "tiene 7 páginas; 3 folios tienen de 3 a 6": imagenes(7, 1),
        "El archivo debe ser PDF, JPG o PNG": {
            **imagenes(3),
            "digital_2": (io.BytesIO(b"MZ"), "x.exe"),
        },
    }
    for dicho, campos in faltas.items():
        respuesta = archivo.hacer(GESTION, caso.case_key, "act_3", **campos)
        assert (respuesta.status_code, dicho in followed(respuesta.text)) == (422, True), dicho
    dos = archivo.hacer(GESTION, caso.case_key, "act_3", **imagenes(3), tema="nada")
    assert re.findall(r'<a href="#(\w+)">', followed(dos.text)) == ["digital_2", "tema"], (
        "in the order of the page"
    )
    respuesta = archivo.hacer(
        GESTION,
        caso.case_key,
        "act_3",
        **imagenes(7, 1),
        novedad="Una hoja está doblada en tres.",
    )
    assert respuesta.status_code == 302, respuesta.text
    escrito = archivo.uno(Escrito, caso)
    assert (escrito.novedad, escrito.digitalizado_por) == (
        "Una hoja está doblada en tres.",
        GESTION,
    )
    with archivo.sesion() as s:
        contadas = sa.select(EscritoDocumento.paginas).where(
            EscritoDocumento.escrito_id == escrito.id
        )
        assert list(s.scalars(contadas.order_by(EscritoDocumento.n))) == [7, 1], "counted by us"
    assert archivo.abiertos(caso.case_key) == {"act_4"}


def test_another_subject_gives_another_term_and_the_person_is_told(archivo: Archivo) -> None:
    """S02 asks for documents (10 days); a consultation has 30."""
    caso = archivo.radicado()
    antes = archivo.estado(caso)
    assert (antes.dias_termino, antes.estado) == (10, "en_atencion")
    archivo.hacer(GESTION, caso.case_key, "act_3", **imagenes(3, 1))
    with archivo.sesion() as s:
        consulta = s.scalars(
            sa.select(Tipificacion.codigo).where(Tipificacion.tipo_termino == "consulta")
        ).first()
    assert archivo.hacer(GESTION, caso.case_key, "act_4", tema="nada de eso").status_code == 422
    assert archivo.hacer(GESTION, caso.case_key, "act_4", tema=consulta).status_code == 302
    despues = archivo.estado(caso)
    assert (despues.dias_termino, despues.tema, despues.estado) == (30, consulta, "escalado")
    assert despues.limite_respuesta > antes.limite_respuesta
    with archivo.sesion() as s:
        carta = s.scalars(
            sa.select(Aviso).where(Aviso.caso_id == caso.id, Aviso.tipo == "termino")
        ).one()
    assert "Cambió la fecha" in carta.asunto
    oficial = archivo.entrar(f"funcionario.{str(despues.area_id).lower()}01")
    assert "Al leer los documentos cambió el asunto" in followed(
        oficial.get(f"/tarea/{archivo.item(caso.case_key, 'act_5_2_16')}").text
    )
    revision = followed(
        archivo.entrar("cumplimiento").get(f"/cumplimiento/caso/{caso.case_key}").text
    )
    assert "(al tipificar los documentos)" in revision
    assert carta.error == "en papel, a su dirección física", (
        "the person did not choose mail: a letter for document management"
    )


def test_an_incomplete_delivery_waits_before_it_is_digitised_and_then_goes_on(
    archivo: Archivo,
) -> None:
    caso = archivo.radicado(falta="Certificación de prácticas")
    assert (archivo.estado(caso).estado, archivo.abiertos(caso.case_key)) == ("requerido", set())
    gestora = archivo.entrar(GESTION)
    ruta = f"/radicacion/{caso.case_key}/completar"
    testigo = visita.hidden(gestora.get(ruta).text, "csrf_token")
    gestora.post(
        ruta,
        data={
            "csrf_token": testigo,
            "documento_1": "Certificación",
            "folios_1": "2",
            "completo": "si",
        },
    )
    archivo.trabajar()
    assert (archivo.estado(caso).estado, archivo.abiertos(caso.case_key)) == (
        "en_atencion",
        {"act_3"},
    )
    pagina = followed(gestora.get(f"/tarea/{archivo.item(caso.case_key, 'act_3')}").text)
    assert "Certificación" in pagina
    assert "folios 5 a 6" in pagina


# --- act. 5 ---------------------------------------------------------------------------------------
def test_the_answer_of_an_officer_is_signed_by_who_leads_the_area(archivo: Archivo) -> None:
    caso = archivo.por_firmar()
    assert archivo.abiertos(caso.case_key) == {"act_5"}
    item = archivo.item(caso.case_key, "act_5")
    assert archivo.entrar(OFICIAL).get(f"/tarea/{item}").status_code == 404, (
        "an officer leads nothing"
    )
    lider = archivo.entrar(LIDER)
    lider.post(
        f"/tarea/{item}/tomar",
        data={"csrf_token": visita.hidden(lider.get(f"/tarea/{item}").text, "csrf_token")},
    )
    pagina = followed(lider.get(f"/tarea/{item}").text)
    for dicho in (
        "Lo que respondió el área",
        RESPUESTA["respuesta_tecnica"],
        "1.pdf",
        "Correo certificado, con guía.",
    ):
        assert dicho in pagina
    faltas = {
        "Diga si la firma o la devuelve": {},
        "Escriba la carta con al menos 20 letras": {"firma": "firmada", "carta": ""},
        "Escriba qué debe corregir el área": {"firma": "devuelta", "motivo": ""},
        "Complete «[nombre]» antes de firmar": {
            "firma": "firmada",
            "carta": "Señor [nombre]: su pago quedó aplicado.",
        },
    }
    for dicho, campos in faltas.items():
        respuesta = archivo.mandar(lider, item, **campos)
        assert (respuesta.status_code, dicho in followed(respuesta.text)) == (422, True), dicho
    assert archivo.mandar(lider, item, firma="firmada", carta=CARTA).status_code == 302
    firma, estado = archivo.uno(Firma, caso), archivo.estado(caso)
    assert (firma.por, firma.calidad, estado.estado, estado.enviado) == (
        LIDER,
        "lider",
        "respondido_area",
        None,
    )
    assert archivo.abiertos(caso.case_key) == {"act_6"}
    with archivo.sesion() as s:
        carta = s.get_one(Respuesta, firma.respuesta_id).texto
    assert carta.startswith(CARTA)
    assert carta.endswith("Líder, Vicepresidencia de Crédito y Cobranza")


def test_who_leads_the_area_and_answered_does_not_sign_and_the_coordination_does(
    archivo: Archivo,
) -> None:
    caso = archivo.en_el_area()
    archivo.responde(caso, LIDER)
    assert archivo.abiertos(caso.case_key) == {"act_5_gau"}
    assert (
        archivo.hacer(
            COORDINADOR, caso.case_key, "act_5_gau", firma="firmada", carta=CARTA
        ).status_code
        == 302
    )
    assert archivo.uno(Firma, caso).calidad == "coordinacion"


def test_nobody_signs_at_the_leaders_what_they_wrote(archivo: Archivo) -> None:
    """The diagram says so across both processes of the case; the try is recorded."""
    caso = archivo.por_firmar()
    item = archivo.item(caso.case_key, "act_5")
    doble = Actor(ActorKind.PERSON, OFICIAL, frozenset({Role("lider_area", "VCC")}))
    with pytest.raises(NotAllowed, match="same_person"):
        archivo.engine.items.claim(item, actor=doble, now=archivo.clock.now())
    assert (
        archivo.hacer(LIDER, caso.case_key, "act_5", firma="firmada", carta=CARTA).status_code
        == 302
    )
    with archivo.sesion() as s:
        vigente = reads.releases.in_force(s, archivo.engine.catalog)
        assert vigente is not None
        reglas = separation.kept(s, archivo.engine.catalog, vigente.number)
    (regla,) = [k for k in reglas if k.rule.element == "act_5"]
    assert (regla.rule.other_name, regla.violations) == ("Documentar y suministrar información", ())
    assert regla.cases


def test_while_who_leads_the_area_is_away_the_coordination_signs(archivo: Archivo) -> None:
    hoy = archivo.clock.now().date()
    fuera = ausencias.NuevaAusencia(LIDER, OFICIAL, hoy, hoy, "Vacaciones")
    with archivo.sesion() as s, s.begin():
        nueva = ausencias.registrar_ausencia(s, fuera, Acto(COORDINADOR, archivo.clock.now()))
    caso = archivo.por_firmar()
    assert archivo.abiertos(caso.case_key) == {"act_5_gau"}
    with archivo.sesion() as s, s.begin():
        ausencias.anular_ausencia(s, nueva, "Volvió antes.", Acto(COORDINADOR, archivo.clock.now()))


def test_what_is_returned_goes_to_the_area_with_its_reason_twice_at_most(archivo: Archivo) -> None:
    caso, motivo = archivo.por_firmar(), "Falta decir desde cuándo se aplica la corrección."
    for vez in (1, 2):
        assert (
            archivo.hacer(
                LIDER, caso.case_key, "act_5", firma="devuelta", motivo=motivo
            ).status_code
            == 302
        ), vez
        assert archivo.abiertos(caso.case_key) == {"act_5_2_17"}
        assert archivo.estado(caso).estado == "en_analisis"
        pagina = followed(
            archivo.entrar(OFICIAL).get(f"/tarea/{archivo.item(caso.case_key, 'act_5_2_17')}").text
        )
        assert "Quien firma devolvió la respuesta" in pagina
        assert motivo in pagina
        archivo.responde(caso)
    pagina = archivo.entrar(LIDER).get(f"/tarea/{archivo.item(caso.case_key, 'act_5')}").text
    assert "ya se devolvió dos veces" in pagina
    assert re.findall(r'type="(\w+)" name="firma"', pagina) == ["checkbox"], (
        "of one answer there is nothing to choose"
    )
    assert (
        archivo.hacer(LIDER, caso.case_key, "act_5", firma="devuelta", motivo=motivo).status_code
        == 422
    )
    assert (
        archivo.hacer(LIDER, caso.case_key, "act_5", firma="firmada", carta=CARTA).status_code
        == 302
    )


# --- act. 6, 7 ------------------------------------------------------------------------------------
def test_the_guide_is_that_of_its_operator_and_of_no_other_case_and_its_day_is_between_signature_and_today(
    archivo: Archivo,
) -> None:
    ya = archivo.enviada(guia(1))
    caso, hoy = archivo.firmada(), archivo.clock.now()
    item, gestora = archivo.item(caso.case_key, "act_6"), archivo.entrar(GESTION)
    faltas: dict[str, dict[str, str]] = {
        "No es una guía de 4-72": {"guia": "RA123456789CO"},
        "Esa guía ya está registrada en otro caso": {"guia": archivo.uno(Envio, ya).guia},
        "La carta no pudo salir después de hoy": {
            "fecha_envio": f"{hoy + dt.timedelta(days=1):%d/%m/%Y}"
        },
        "La carta se firmó el": {"fecha_envio": f"{hoy - dt.timedelta(days=1):%d/%m/%Y}"},
        "Escriba la dirección": {"direccion": ""},
        "Escriba el número de guía": {"guia": ""},
        "Elija el operador postal": {"operador": ""},
        "Escriba quién la recibió": {"medio": "punto", "recibe": ""},
    }
    for dicho, mal in faltas.items():
        respuesta = archivo.mandar(
            gestora, item, **{**ENVIO, "guia": guia(2), "fecha_envio": f"{hoy:%d/%m/%Y}", **mal}
        )
        assert (respuesta.status_code, dicho in followed(respuesta.text)) == (422, True), dicho
    assert archivo.estado(caso).enviado is None
    assert "Calle 10 # 20-30" in gestora.get(f"/tarea/{item}").text


def test_what_arrives_is_archived_under_its_series_with_its_folios_and_hash(
    archivo: Archivo,
) -> None:
    caso = archivo.enviada(guia(3))
    estado = archivo.estado(caso)
    assert (estado.estado, estado.enviado <= estado.limite_respuesta) == ("enviado", True)
    ficha = followed(archivo.entrar(COORDINADOR).get(f"/caso/{caso.case_key}").text)
    for dicho in (guia(3), "En camino", "En término: vencía el"):
        assert dicho in ficha
    hoy = archivo.clock.now()
    entrega = {"resultado_envio": "entregado", "recibe": "La persona"}
    ayer = f"{hoy - dt.timedelta(days=1):%d/%m/%Y}"
    mal = archivo.hacer(GESTION, caso.case_key, "us_entrega", **entrega, fecha_resultado=ayer)
    assert (mal.status_code, "La carta salió el" in mal.text) == (422, True)
    bien = archivo.hacer(
        GESTION, caso.case_key, "us_entrega", **entrega, fecha_resultado=f"{hoy:%d/%m/%Y}"
    )
    assert bien.status_code == 302
    salida, fila = archivo.uno(Envio, caso), archivo.uno(Archivado, caso)
    assert (salida.resultado_por, salida.resultado_registrado) == (GESTION, hoy)
    assert (fila.subserie, fila.folio_desde, fila.folio_hasta) == (
        "210.30.01 Derechos de petición",
        1,
        4,
    )
    assert (archivo.estado(caso).estado, archivo.abiertos(caso.case_key)) == ("cerrado", set())
    for usuario, ruta in (
        (COORDINADOR, f"/caso/{caso.case_key}"),
        ("cumplimiento", f"/cumplimiento/caso/{caso.case_key}"),
    ):
        pagina = followed(archivo.entrar(usuario).get(ruta).text)
        for dicho in (guia(3), "Entregada", f'<code class="huella">{fila.huella}</code>'):
            assert dicho in pagina, (usuario, dicho)
        sin_citas = re.sub(r"<code.*?</code>|<[^>]+>", " ", pagina)
        assert not re.search(r"\b[0-9a-f]{64}\b", sin_citas), (
            "a hash is quoted, never a word of a line"
        )


def test_a_letter_that_comes_back_is_published_five_business_days_and_then_archived(
    archivo: Archivo,
) -> None:
    caso, hoy = archivo.enviada(guia(4)), archivo.clock.now()
    sin_causa = archivo.hacer(
        GESTION,
        caso.case_key,
        "us_entrega",
        resultado_envio="devuelto",
        fecha_resultado=f"{hoy:%d/%m/%Y}",
    )
    assert (sin_causa.status_code, "Elija por qué la devolvieron" in sin_causa.text) == (422, True)
    campos = {
        "resultado_envio": "devuelto",
        "fecha_resultado": f"{hoy:%d/%m/%Y}",
        "causa": "no_reside",
    }
    assert archivo.hacer(GESTION, caso.case_key, "us_entrega", **campos).status_code == 302
    assert archivo.abiertos(caso.case_key) == {"us_aviso"}
    desde = sumar_habiles(hoy.date(), 1)
    corto, justo = sumar_habiles(desde, 3), sumar_habiles(desde, 4)
    archivo.clock.advance(dt.timedelta(days=20))
    aviso = {"lugar": "www.icetex.gov.co/avisos y cartelera", "aviso_desde": f"{desde:%d/%m/%Y}"}
    faltas = {
        "cinco días hábiles": {"aviso_hasta": f"{corto:%d/%m/%Y}"},
        "el aviso se publica después": {
            "aviso_desde": f"{hoy - dt.timedelta(days=3):%d/%m/%Y}",
            "aviso_hasta": f"{justo:%d/%m/%Y}",
        },
        "Registre el aviso cuando lo retire": {
            "aviso_hasta": f"{archivo.clock.now() + dt.timedelta(days=9):%d/%m/%Y}"
        },
    }
    for dicho, mal in faltas.items():
        respuesta = archivo.hacer(GESTION, caso.case_key, "us_aviso", **{**aviso, **mal})
        assert (respuesta.status_code, dicho in followed(respuesta.text)) == (422, True), dicho
    assert (
        archivo.hacer(
            GESTION, caso.case_key, "us_aviso", **aviso, aviso_hasta=f"{justo:%d/%m/%Y}"
        ).status_code
        == 302
    )
    salida = archivo.uno(Envio, caso)
    assert (salida.aviso_lugar, salida.aviso_por, archivo.estado(caso).estado) == (
        aviso["lugar"],
        GESTION,
        "cerrado",
    )
    assert "Notificada por aviso" in followed(
        archivo.entrar(COORDINADOR).get(f"/caso/{caso.case_key}").text
    )
    with (
        archivo.engine.uow.reading() as session,
        pytest.raises(DatoInvalido, match="ya está registrado"),
    ):
        envios.registrar_aviso(
            session,
            salida.caso_id,
            "otra cartelera",
            desde,
            justo,
            Acto(GESTION, archivo.clock.now()),
        )


def test_at_the_point_it_is_handed_over_and_by_mail_it_goes_to_who_authorised_it(
    archivo: Archivo,
) -> None:
    caso = archivo.firmada("punto")
    fecha = f"{archivo.clock.now():%d/%m/%Y}"
    respuesta = archivo.hacer(
        GESTION,
        caso.case_key,
        "act_6",
        medio="punto",
        recibe="Rosa, con su cédula",
        fecha_envio=fecha,
    )
    assert respuesta.status_code == 302
    salida = archivo.uno(Envio, caso)
    assert (salida.guia, salida.resultado, archivo.estado(caso).estado) == (
        None,
        "entregado",
        "cerrado",
    )

    caso = archivo.firmada("correo")
    assert (archivo.estado(caso).estado, archivo.abiertos(caso.case_key)) == ("cerrado", set())
    with archivo.sesion() as s:
        assert envios.envio(s, caso.id) is None
        enviada = s.scalars(
            sa.select(Respuesta).where(Respuesta.caso_id == caso.id, Respuesta.tipo == "enviada")
        ).one()
    assert (
        enviada.medio,
        CARTA in archivo.correo.sent[-2].texto or CARTA in archivo.correo.sent[-1].texto,
    ) == ("correo", True)


def test_a_letter_or_a_file_that_was_changed_is_found(archivo: Archivo) -> None:
    caso = archivo.firmada("correo")
    with archivo.sesion() as s:
        antes = envios.verificar(s)
        assert antes.faltas == ()
        assert antes.cuantos > 1
    with archivo.sesion() as s:
        s.execute(
            sa.update(Respuesta)
            .where(Respuesta.caso_id == caso.id, Respuesta.tipo == "enviada")
            .values(texto="Otra cosa.")
        )
        dichas = envios.verificar(s).faltas
        s.rollback()
    assert dichas == (
        f"carta firmada del caso {caso.radicado}",
        f"expediente archivado del caso {caso.radicado}",
    )


# --- what is still open once it is archived -------------------------------------------------------
#: POST of a case → who does it, and with what; everything that is open on a case that is closed and
#: archived.
SE_HACE: dict[str, tuple[str, dict[str, Any]]] = {
    "/caso/<case_key>/acuse": (GESTION, {"acuse": "Se le entregó a ella misma"}),
    "/caso/<case_key>/documentos": (
        GESTION,
        {"de": "caso", "archivos": (io.BytesIO(files.pdf("Llegó tarde")), "tarde.pdf")},
    ),
    "/caso/<case_key>/notas": (GESTION, {"texto": "Vino a preguntar otra vez."}),
    "/caso/<case_key>/vinculos/otro": (
        COORDINADOR,
        {"clase": "relacionado", "motivo": "Es la misma cuota del mismo mes."},
    ),
    "/caso/<case_key>/con-motivo": ("cumplimiento", {"motivo": "Lo pide la auditoría interna."}),
    "/cumplimiento/caso/<case_key>/observacion": (
        "cumplimiento",
        {"texto": "Revisado por muestreo."},
    ),
    "/cumplimiento/caso/<case_key>/reserva": (
        "cumplimiento",
        {"motivo": "Hay una acción de tutela."},
    ),
    "/cumplimiento/caso/<case_key>/reserva/levantar": (
        "cumplimiento",
        {"motivo": "La tutela se archivó."},
    ),
}
#: What is looked at by POST, what another test does, and what a closed case refuses.
NO_CAMBIA = {
    "/caso/<case_key>/anulacion": "its number has been used",
    "/caso/<case_key>/anulacion/decidir": "the same",
    "/caso/<case_key>/anulacion/retirar": "the same",
    "/caso/<case_key>/carta/<int:aviso_id>": "a letter that left is none to deliver",
    "/caso/<case_key>/carta/<int:aviso_id>/devuelta": "of no case of M5-1-02",
    "/caso/<case_key>/complemento": "nothing is missing any more",
    "/caso/<case_key>/correo": "the address is that of the person",
    "/caso/<case_key>/corregir": "of no case of M5-1-02",
    "/caso/<case_key>/datos": "is looked at",
    "/caso/<case_key>/documentos/<sha256>": "is looked at",
    "/caso/<case_key>/fechas/<instance_id>": "nothing runs",
    "/caso/<case_key>/operar/<instance_id>/<acto>": "it is opened again, below",
    "/caso/<case_key>/paginas/<int:citada_id>": "is looked at",
    "/caso/<case_key>/prorroga": "nobody owes an answer",
    "/caso/<case_key>/prorroga/pedir": "nobody owes an answer",
    "/caso/<case_key>/vinculos/<int:enlace_id>/quitar": "as the link was made",
    "/cumplimiento/caso/<case_key>/restriccion/levantar": "tests/integration/webforms/test_restringido.py",
    "/radicacion/<case_key>/completar": "nothing is missing any more",
}


def suelto(archivo: Archivo, nombre: str) -> int:
    gestora = archivo.entrar(GESTION)
    testigo = visita.hidden(gestora.get("/radicacion/sueltos").text, "csrf_token")
    datos = {
        "remitente": "Alcaldía",
        "asunto": "Responde a su oficio",
        "canal": "mensajeria",
        "llego": "",
        "csrf_token": testigo,
    }
    datos |= {"archivos": (io.BytesIO(files.pdf(nombre)), f"{nombre}.pdf")}
    assert (
        gestora.post(
            "/radicacion/sueltos", data=datos, content_type="multipart/form-data"
        ).status_code
        == 302
    )
    with archivo.sesion() as s:
        return (
            s.scalars(sa.select(DocumentoSuelto.id).order_by(DocumentoSuelto.id.desc())).first()
            or 0
        )


def decir(archivo: Archivo, quien: str, ruta: str, **datos: Any) -> TestResponse:
    """From the page of that address, or of its case."""
    cliente = archivo.entrar(quien)
    pagina = (
        cliente.get(ruta) if "/sueltos" in ruta or "/operar" in ruta else cliente.get("/cuenta")
    )
    datos["csrf_token"] = visita.hidden(pagina.text, "csrf_token")
    return cliente.post(ruta.partition("?")[0], data=datos, content_type="multipart/form-data")


def comprobado(archivo: Archivo, tmp_path: Path) -> list[str]:
    """What both verifications say against it; this base has no triggers, of which it is warned."""
    put(archivo.app, evidence_key=tmp_path / "evidence.key")
    corredor = archivo.app.test_cli_runner()
    for orden in ("key", "checkpoint"):
        assert corredor.invoke(evidence, [orden]).exit_code == 0
    dichas = [
        linea
        for orden in (audit, evidence)
        for linea in corredor.invoke(orden, ["verify"]).stderr.splitlines()
    ]
    return [
        linea for linea in dichas if not linea.startswith("OJO: las filas no tienen constancias")
    ]


def test_whatever_is_done_to_an_archived_case_no_verification_takes_it_for_a_forgery(
    archivo: Archivo, tmp_path: Path
) -> None:
    caso = archivo.firmada()
    sale, entra = suelto(archivo, "Sale"), suelto(archivo, "Entra")
    al_caso = {"numero": caso.radicado, "es": caso.radicado, "motivo": "Dice su número"}
    assert decir(archivo, GESTION, f"/radicacion/sueltos/{sale}/caso", **al_caso).status_code == 302
    fecha = f"{archivo.clock.now():%d/%m/%Y}"
    archivo.hacer(GESTION, caso.case_key, "act_6", **{**ENVIO, "guia": guia(7)}, fecha_envio=fecha)
    archivo.hacer(
        GESTION,
        caso.case_key,
        "us_entrega",
        resultado_envio="entregado",
        recibe="La persona",
        fecha_resultado=fecha,
    )
    assert archivo.estado(caso).estado == "cerrado"
    turno = indices.Turno()

    def ronda() -> None:
        archivo.clock.advance(dt.timedelta(minutes=5))
        with archivo.app.app_context():
            turno.ronda(archivo.clock.now())

    ronda()
    assert comprobado(archivo, tmp_path) == []

    rutas = {
        str(r)
        for r in archivo.app.url_map.iter_rules()
        if "POST" in (r.methods or ()) and "case_key" in r.arguments
    }
    assert rutas == SE_HACE.keys() | NO_CAMBIA.keys(), (
        "what is open on a case is done here, or it is said why not"
    )
    for ruta, (quien, campos) in SE_HACE.items():
        datos = campos | ({"numero": archivo.radicado().radicado} if "vinculos" in ruta else {})
        assert (
            decir(
                archivo, quien, ruta.replace("<case_key>", str(caso.case_key)), **datos
            ).status_code
            == 302
        ), ruta
    ronda()
    assert comprobado(archivo, tmp_path) == []

    assert (
        decir(archivo, GESTION, f"/radicacion/sueltos/{entra}/caso", **al_caso).status_code == 302
    )
    assert (
        decir(
            archivo,
            GESTION,
            f"/radicacion/sueltos/{sale}/vuelta",
            motivo="El sello dice otro número",
        ).status_code
        == 302
    )
    sacar = {"decide": "sacar", "motivo": "Lo revisé, es de otro"}
    assert (
        decir(
            archivo,
            ADMINISTRADOR,
            f"/caso/{caso.case_key}/con-motivo",
            motivo="Piden sacarle un documento",
        ).status_code
        == 302
    )
    assert (
        decir(
            archivo, ADMINISTRADOR, f"/radicacion/sueltos/{sale}/vuelta/decidir", **sacar
        ).status_code
        == 302
    )
    assert comprobado(archivo, tmp_path) == []
    ronda()

    volver = f"/caso/{caso.case_key}/operar/{caso.case_key}/devolver"
    for hecho, campos in (
        (
            "us_entrega",
            {"resultado_envio": "devuelto", "causa": "no_reside", "fecha_resultado": fecha},
        ),
        ("act_5", {"firma": "firmada", "carta": f"{CARTA} Va otra vez."}),
    ):
        with archivo.sesion() as s:
            (pasada,) = [
                e
                for e in archivo.engine.instances.earlier(
                    s, str(caso.case_key), archivo.clock.now()
                )
                if e.element == hecho
            ][-1:]
        vuelta = decir(
            archivo,
            COORDINADOR,
            f"{volver}?tarea={pasada.task_id}",
            tarea=pasada.task_id,
            motivo="Se registró lo que no era",
        )
        assert vuelta.status_code == 302, followed(vuelta.text)
        assert (
            archivo.hacer(
                LIDER if hecho == "act_5" else GESTION, caso.case_key, hecho, **campos
            ).status_code
            == 302
        )
        ronda()
        assert comprobado(archivo, tmp_path) == [], hecho


# --- what document management sees ----------------------------------------------------------------
def test_what_follows_stands_in_its_list_and_a_case_is_found_by_its_guide(archivo: Archivo) -> None:
    pendiente, enviado = archivo.radicado(), archivo.enviada(guia(5))
    gestora = archivo.entrar(GESTION)
    pagina = followed(gestora.get("/radicacion?vista=tramite").text)
    for dicho in (
        "Digitalizar",
        str(pendiente.radicado),
        "Registrar la entrega",
        str(enviado.radicado),
    ):
        assert dicho in pagina
    testigo = visita.hidden(gestora.get("/radicacion").text, "csrf_token")
    hallada = gestora.post(
        "/radicacion/buscar",
        data={"csrf_token": testigo, "q": guia(5).lower()},
        follow_redirects=True,
    )
    assert f"guía {guia(5)}" in followed(hallada.text)
    assert str(pendiente.radicado) not in hallada.text


def test_what_waits_is_found_behind_hundreds_of_other_tasks_and_a_list_that_is_cut_says_so(
    archivo: Archivo,
) -> None:
    """201 deliveries have waited longer: none of them takes the place of one that is looked for, of
    one's own, or of what was filed."""
    filada, otra = archivo.radicado(), visita.holder(archivo.gente, archivo.usadas + 1)
    quien, archivo.usadas = visita.holder(archivo.gente, archivo.usadas), archivo.usadas + 2
    clave, de_otra = (
        visits.hands_in(archivo.engine, (p.tipo_doc, p.num_doc), f, archivo.clock.now(), "correo")
        for p, f in ((quien, "R900"), (otra, "R901"))
    )
    gestora = archivo.entrar(GESTION)
    with archivo.sesion() as s, s.begin():
        atencion = s.scalars(
            sa.select(Atencion)
            .join(Turno, Turno.id == Atencion.turno_id)
            .where(Turno.case_key == clave)
        ).one()
        atencion.persona_id = id_de_persona(s, quien.tipo_doc, quien.num_doc)
        copiada, antes = (
            s.scalars(sa.select(Item).where(Item.case_key == de_otra)).one(),
            NOW - dt.timedelta(days=9),
        )
        comun = {
            c.key: getattr(copiada, c.key) for c in sa.inspect(Item).column_attrs if c.key != "id"
        }
        s.execute(
            sa.insert(Item),
            [
                {**comun, "id": f"copia-{n}", "due_at": antes, "opened_at": antes}
                for n in range(201)
            ],
        )
    suya = f"/tarea/{archivo.item(clave, 'act_1')}"
    pagina = followed(gestora.get("/radicacion").text)
    assert suya not in pagina
    assert "La lista está cortada: hay más de lo que se muestra." in pagina
    testigo = visita.hidden(pagina, "csrf_token")
    for q in ("R900", quien.nombre, quien.num_doc):
        hallada = gestora.post(
            "/radicacion/buscar", data={"csrf_token": testigo, "q": q}, follow_redirects=True
        ).text
        assert suya in hallada, q
        assert "La lista está cortada" not in hallada
    assert suya not in gestora.get("/radicacion?vista=mias").text
    persona = Actor(ActorKind.PERSON, GESTION, frozenset({Role("gestion_documental", None)}))
    archivo.engine.items.claim(suya.removeprefix("/tarea/"), actor=persona, now=NOW)
    assert suya in gestora.get("/radicacion?vista=mias").text
    assert str(filada.radicado) in gestora.get("/radicacion?vista=tramite").text
    # no act opened them, as verification would say to whoever comes after
    with archivo.sesion() as s, s.begin():
        s.execute(sa.delete(Item).where(Item.id.like("copia-%")))
