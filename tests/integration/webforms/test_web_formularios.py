"""Forms of the lanes: what each asks for (domain §3), what it refuses, and the JSON values that it
gives."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField

from engine.types import Actor, ElementSpec, WorkItem
from records.auditorias.muestras import Parametros, tomar
from records.auditorias.tablas import (
    F189,
    AuditoriaInforme,
    AuditoriaMuestra,
    AuditoriaRevision,
    Calibracion,
    CalibracionF189,
    Inconsistencia,
)
from records.base.actos import Acto
from records.catalogos.catalogo import cargar_catalogo
from records.comites.tablas import Comite
from records.informes.meses import cerrar
from records.personas import personas
from records.personas.personas import NuevaPersona, actualizar_datos, crear_persona
from records.personas.tablas import Persona, ServicioAdquirido
from records.visita.charlas import asignar_charla
from records.visita.tablas import Atencion
from records.visita.turnos import NuevoTurno, Prioridad, crear_turno, encolar
from tests.kit import web as web_kit
from tests.kit.clock import NOW
from tests.kit.web import WebKit
from webforms.base.servicios import servicios
from webforms.campos.formulario import Contexto, TareaForm
from webforms.salas import FORMS

SERVICIO = 1
PERSONA = 1
TURNO = 1
CHARLA = 1
MUESTRA = 1
HALLAZGO = 1
QUIEN = Acto("prueba", NOW)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    carpeta: Path = tmp_path_factory.mktemp("formularios")
    kit = web_kit.build(carpeta, f"sqlite:///{carpeta / 'formularios.db'}")
    with kit.session() as s:
        sembrar(s)
    yield kit
    kit.engine.db.dispose()


def sembrar(s: Session) -> None:
    cargar_catalogo(s)
    persona = crear_persona(
        s,
        NuevaPersona(
            tipo_doc="CC", num_doc="9900000001", nombre="Luz Quintero", calidad="beneficiario"
        ),
        now=NOW,
    )
    datos = {
        "correo": "luz@correo.com",
        "direccion": "Calle 1 # 2-3",
        "medio_notificacion": "correo",
    }
    actualizar_datos(s, persona.id, datos, Acto("asesor", NOW))
    producto = {
        "linea": "pregrado",
        "obligacion": "2003-04",
        "sistema_origen": "cctex",
        "anio_giro": 2003,
        "estado": "vigente",
    }
    s.add(ServicioAdquirido(id=SERVICIO, persona_id=persona.id, **producto))
    turno = crear_turno(
        s,
        NuevoTurno(
            punto_id="BOG-AGU",
            motivo_visita="informacion_general",
            condicion="ninguna",
            origen="quiosco",
        ),
        QUIEN,
    )
    encolar(s, turno.id, Prioridad(peso=0, envejecimiento_min=0, letra="G"), now=NOW)
    asignar_charla(s, turno.id, now=NOW)
    cerrar(s, dt.date(2026, 10, 1), Acto("motor", NOW))
    auditoria, _por_evaluar = tomar(
        s, "presencial", dt.date(2026, 11, 23), Parametros(1.645, 0.1, 0, 0), Acto("motor", NOW)
    )
    otro = crear_turno(
        s,
        NuevoTurno(
            punto_id="BOG-AGU",
            motivo_visita="servicio_adquirido",
            condicion="ninguna",
            origen="asesor",
        ),
        QUIEN,
    )
    s.add(
        AuditoriaMuestra(
            id=MUESTRA,
            auditoria_id=auditoria.id,
            modo="sitio",
            punto_id="BOG-AGU",
            estrato="",
            orden=1,
            turno_id=otro.id,
        )
    )
    s.add(Atencion(turno_id=otro.id, punto_id="BOG-AGU", asesor_id="asesor.bog01", inicio=NOW))
    f189 = F189(
        muestra_id=MUESTRA, auditor="p", hecho=NOW, instancia_id="i", asesor_id="a", punto_id="BOG-AGU", respuestas={}, comentarios={},
        fatales=[], observaciones="",
    )  # fmt: skip
    informe = AuditoriaInforme(
        auditoria_id=auditoria.id,
        version=1,
        autor="p",
        hecho=NOW,
        conclusiones="",
        contenido=b"",
        huella="",
    )
    comite = Comite(mes="2026-11", reunido=NOW, instancia_id="i")
    s.add_all([f189, informe, comite])
    s.flush()
    s.add(
        AuditoriaRevision(informe_id=informe.id, remite=True, observaciones="", por="j", cuando=NOW)
    )
    quienes = {
        "motivo": "",
        "respuestas": {},
        "comentarios": {},
        "fatales": [],
        "observaciones": "",
    }
    calibrada = {
        "muestra_id": MUESTRA,
        "abierta_por": "j",
        "semilla": "",
        "acuerdo": "",
        "instancia_id": "i",
    }
    s.add(Calibracion(id=1, auditoria_id=auditoria.id, **calibrada, abierta=NOW, limite=NOW))
    s.add(CalibracionF189(calibracion_id=1, auditor="p", referencia=False, **quienes))
    s.add(
        Inconsistencia(
            id=HALLAZGO, auditoria_id=auditoria.id, f189_id=f189.id, criterio="7", gravedad="media", asesor_id="a", punto_id="BOG-AGU",
            descripcion="", hallada=NOW,
        )
    )  # fmt: skip
    s.commit()


@pytest.fixture
def sesion(web: WebKit) -> Iterator[Session]:
    with web.app.test_request_context(method="POST"), web.session() as s:
        yield s


def construir(
    sesion: Session,
    clave: str,
    escrito: Mapping[str, Any] | None,
    datos: Mapping[str, Any] | None = None,
) -> TareaForm:
    conocidos = {
        "punto_id": "BOG-AGU",
        "punto_ciudad": "Bogotá",
        "turno_id": TURNO,
        "persona_id": PERSONA,
        "charla_id": CHARLA,
    }
    conocidos |= {
        "titularidad": "verificada",
        "mes": "2026-10",
        "entrega": "2026-10:interventor01",
        "reporte_fallas_id": 0,
        "revision_accesos_id": 0,
        "caida_id": 0,
    }
    conocidos |= {
        "auditoria_id": 1,
        "muestra_id": MUESTRA,
        "comite_id": 1,
        "inconsistencia_id": HALLAZGO,
    }
    conocidos |= {"calibracion_id": 1, "auditor": "p"}
    tiempos = {"opened_at": NOW, "due_at": None, "closed_at": None, "closed_by": None}
    item = WorkItem(
        id="t", instance_id="i", case_key="c", release=1, process="p", element="e", name="Actividad", role="asesor", scope="VCC",
        state="open", claimed_by=None, priority=0, data={**conocidos, **(datos or {})}, **tiempos,
    )  # fmt: skip
    contexto = Contexto(
        sesion,
        item,
        ElementSpec("e", "Actividad", "userTask", "p"),
        Actor("person", "asesor"),
        NOW,
        servicios().archivos,
    )
    spec = FORMS[clave]
    if escrito is None:
        previo = spec.prefill(contexto) if spec.prefill else {}
        return spec.form(contexto, formdata=None, data=spec.form.nombres(previo))
    pares = [(n, t) for n, v in escrito.items() for t in (v if isinstance(v, list) else [v])]
    return spec.form(contexto, formdata=MultiDict(pares), meta={"csrf": False})


LLAMAR = {"modulo": "7", "resultado_llamado": "atendido"}
MOTIVO = {
    "motivo": "El paz y salvo de su crédito",
    "motivo_visita": "servicio_adquirido",
    "requiere_radicar": "no",
    "resoluble": "si",
}
A_MANO = {
    "decision_manual": "consultado",
    "sistema_consultado": "cobol",
    "quien_dio": "Ana Pérez, Cartera",
    "referencia": "Llamada 4471",
    "dato_consultado": "Saldo cero, corte de ayer",
    "doy_fe": "si",
}
TITULAR = {
    "tipo_doc": "CC",
    "num_doc": "9.900.000.001",
    "documento_exhibido": "si",
    "igual_nombre": "si",
    "igual_numero": "si",
    "calidad": "beneficiario",
    "camino": "verificar",
    "visto": "la huella del registro mostrado",
}
APODERADO = {
    "apoderado_nombre": "Gloria Cadena",
    "apoderado_tipo_doc": "CC",
    "apoderado_num_doc": "9951204018",
    "apoderado_exhibe": "si",
}
DEL_PODER = {
    "titular_tipo_doc": "CC",
    "titular_num_doc": "9900000001",
    "notaria": "Notaría 5",
    "numero_poder": "12",
}
PODER = {
    "trae_poder": "si",
    "facultades": "saldos",
    **APODERADO,
    **DEL_PODER,
    "fecha_poder": "24/10/2026",
}
BASICOS = {
    "nombre": "Luz Quintero",
    "direccion": "Calle 1 # 2-3",
    "municipio": "11001",
    "celular": "300 123 4567",
    "correo": "luz@correo.com",
    "medio_notificacion": "correo",
    "autoriza_tratamiento": "si",
}
TIPO = {
    "clase": "solicitud",
    "tema": "S02",
    "servicio_id": "0",
    "descripcion": "Pide el paz y salvo de su crédito",
}
RESUMEN = "Pide que se aplique un pago hecho en octubre que no aparece en su cartera"
WEB = {
    "respuesta": "Los requisitos del crédito",
    "url": "https://www.icetex.gov.co/creditos",
    "fecha_consulta": "24/11/2026",
}
EXTERIOR = {
    "pais": "España",
    "nivel": "posgrado",
    "requisitos_explicados": "si",
    "mecanismo": "credito",
    "remitido_consejeria": "no",
}
DE_CHARLA = {
    "tema_charla": "Créditos",
    "inicio": "09:00",
    "fin": "9.00 a. m.",  # it is nine
    "asistentes": ["1"],
    "medios": ["web", "chat"],
}

ENTREGA = {
    "tema": "S01",
    "asunto": "Derecho de petición",
    "documento_1": "Carta",
    "folios_1": "12",
    "completo": "si",
}
CORRECTOS = [
    (
        "usuario.tomar_turno",
        {"motivo_visita": "informacion_general", "condicion": "ninguna"},
        {"motivo_visita": "informacion_general"},
    ),
    ("usuario.calificar", {}, {"calificacion": None}),
    (
        "usuario.calificar",
        {"calificacion": "2", "motivo_calificacion": "espera"},
        {"calificacion": 2, "motivo_calificacion": "espera"},
    ),
    ("usuario.inquietud", {"tiene_inquietud": "no"}, {"tiene_inquietud": False}),
    ("asesor.llamar", LLAMAR, LLAMAR),
    ("asesor.fila_manual", {"ficha_manual": "12"}, {"ficha_manual": "12"}),
    ("asesor.motivo", MOTIVO, {"requiere_radicar": False, "resoluble": True}),
    (
        "asesor.titularidad",
        TITULAR,
        {"num_doc": "9900000001", "documento_exhibido": True, "igual_nombre": True},
    ),
    (
        "asesor.titularidad",
        {"camino": "poder", "documento_exhibido": "no"},
        {"calidad": "apoderado", "num_doc": ""},
    ),
    (
        "asesor.titularidad",
        {**TITULAR, "camino": "potencial", "nombre_nuevo": "Marina Solano"},
        {"calidad": "cliente_potencial"},
    ),
    ("asesor.poder", {"trae_poder": "hoy"}, {"poder_presentado": False, "vuelve_hoy": True}),
    ("asesor.poder", {"trae_poder": "otro_dia"}, {"poder_presentado": False, "vuelve_hoy": False}),
    (
        "asesor.poder",
        {"trae_poder": "dudoso", "motivo_duda": "La firma no se parece"},
        {"poder_presentado": False, "vuelve_hoy": False},
    ),
    ("asesor.poder", {"camino": "corregir"}, {"poder_presentado": False, "vuelve_hoy": False}),
    ("asesor.datos_basicos", BASICOS, {"celular": "3001234567", "autoriza_tratamiento": True}),
    ("asesor.tipificar", TIPO, {"servicio_id": 0, "tema": "S02"}),
    ("asesor.tipificar", {**TIPO, "servicio_id": "1"}, {"servicio_id": 1}),
    ("asesor.consulta_manual", {"decision_manual": "escalar"}, {"decision_manual": "escalar"}),
    ("asesor.consulta_manual", A_MANO, {"sistema_consultado": "cobol", "doy_fe": True}),
    ("asesor.responder", {"dispone": "si", "respuesta": "Está cancelada"}, {"dispone": True}),
    ("asesor.responder", {"dispone": "no"}, {"dispone": False}),
    (
        "asesor.solicitar_calificacion",
        {"medio_calificacion": "tableta"},
        {"medio_calificacion": "tableta"},
    ),
    (
        "asesor.informar_escalamiento",
        {"medio_respuesta": "punto", "resumen": RESUMEN},
        {"medio_respuesta": "punto"},
    ),
    ("asesor.charla", DE_CHARLA, {"asistentes": [1], "medios": ["web", "chat"]}),
    ("asesor.informacion_web", WEB, {"fecha_consulta": "2026-11-24"}),
    ("asesor.estudios_exterior", EXTERIOR, {"remitido_consejeria": False}),
    (
        "asesor.revisar_respuesta",
        {"revision_respuesta": "completa"},
        {"revision_respuesta": "completa"},
    ),
    ("asesor.enviar_respuesta", {"texto_respuesta": "Su pago ya se aplicó a la cartera"}, {}),
    (
        "asesor.otro_medio",
        {"medio_envio": "direccion", "constancia": "Guía 123"},
        {"medio_envio": "direccion"},
    ),
    (
        "funcionario.recibir",
        {"resultado_analisis": "competente"},
        {"area_destino": "", "informacion_faltante": ""},
    ),
    (
        "funcionario.investigar",
        {"hallazgos": "El pago está en el banco", "fuentes": "banco"},
        {"fuentes": ["banco"], "soporte": None},
    ),
    (
        "funcionario.documentar",
        {"respuesta_tecnica": "El pago se aplicó el 20", "favorable": "parcial"},
        {"favorable": "parcial"},
    ),
    ("gestion_documental.recibir", ENTREGA, {"folios_1": 12, "falta": ""}),
]
MALOS = [
    ("usuario.tomar_turno", {"condicion": "ninguna"}, {"motivo_visita"}),
    (
        "usuario.tomar_turno",
        {"motivo_visita": "radicar_documentos", "condicion": "ninguna", "num_doc": "123"},
        {"tipo_doc"},
    ),
    ("usuario.calificar", {"calificacion": "9"}, {"calificacion"}),
    ("usuario.calificar", {"calificacion": "1"}, {"motivo_calificacion"}),
    ("usuario.calificar", {"calificacion": "4", "comentario": "x" * 301}, {"comentario"}),
    ("usuario.inquietud", {"tiene_inquietud": "si"}, {"tema_inquietud", "pregunta"}),
    ("asesor.llamar", {"modulo": "99", "resultado_llamado": "atendido"}, {"modulo"}),
    ("asesor.fila_manual", {"ficha_manual": "doce y medio"}, {"ficha_manual"}),
    ("asesor.motivo", {**MOTIVO, "motivo": "x" * 501}, {"motivo"}),
    (
        "asesor.motivo",
        {"motivo": "   "},
        {"motivo", "motivo_visita", "requiere_radicar", "resoluble"},
    ),
    ("asesor.titularidad", {**TITULAR, "tipo_doc": "XX"}, {"tipo_doc", "num_doc"}),
    ("asesor.titularidad", {**TITULAR, "num_doc": "12AB"}, {"num_doc"}),
    ("asesor.titularidad", {**TITULAR, "documento_exhibido": "no"}, {"documento_exhibido"}),
    ("asesor.titularidad", {**TITULAR, "igual_nombre": ""}, {"igual_nombre"}),
    ("asesor.titularidad", {**TITULAR, "calidad": ""}, {"calidad"}),
    ("asesor.titularidad", {**TITULAR, "camino": "nombre"}, {"nombre_buscado", "motivo_busqueda"}),
    ("asesor.titularidad", {**TITULAR, "camino": "potencial"}, {"nombre_nuevo"}),
    ("asesor.poder", {}, {"trae_poder"}),
    ("asesor.poder", {"trae_poder": "dudoso"}, {"motivo_duda"}),
    ("asesor.poder", {**PODER, "facultades": ""}, {"facultades", "adjunto"}),
    ("asesor.poder", {**PODER, "fecha_poder": "24/12/2026"}, {"fecha_poder", "adjunto"}),
    ("asesor.poder", {**PODER, "titular_num_doc": "9900000002"}, {"titular_num_doc", "adjunto"}),
    ("asesor.poder", {**PODER, "apoderado_num_doc": "9900000001"}, {"titular_num_doc", "adjunto"}),
    ("asesor.poder", {**PODER, "apoderado_exhibe": ""}, {"apoderado_exhibe", "adjunto"}),
    (
        "asesor.poder",
        {**DEL_PODER, "trae_poder": "si", "fecha_poder": "24/10/2026"},
        {
            "apoderado_nombre",
            "apoderado_tipo_doc",
            "apoderado_num_doc",
            "apoderado_exhibe",
            "facultades",
            "adjunto",
        },
    ),
    ("asesor.datos_basicos", {**BASICOS, "celular": "2001234567"}, {"celular"}),
    ("asesor.datos_basicos", {**BASICOS, "correo": ""}, {"correo"}),
    ("asesor.datos_basicos", {**BASICOS, "correo": "luz@correo"}, {"correo"}),
    ("asesor.datos_basicos", {**BASICOS, "municipio": "99999"}, {"municipio"}),
    ("asesor.tipificar", {**TIPO, "tema": "R01"}, {"tema"}),
    ("asesor.tipificar", {**TIPO, "servicio_id": "77"}, {"servicio_id"}),
    ("asesor.tipificar", {**TIPO, "descripcion": "Corta"}, {"descripcion"}),
    (
        "asesor.consulta_manual",
        {"decision_manual": "consultado"},
        {"dato_consultado", "sistema_consultado", "quien_dio", "referencia", "doy_fe"},
    ),
    ("asesor.responder", {"dispone": "si"}, {"respuesta"}),
    ("asesor.responder", {"dispone": "si", "respuesta": "x" * 2001}, {"respuesta"}),
    (
        "asesor.informar_escalamiento",
        {"medio_respuesta": "correo", "resumen": RESUMEN},
        {"correo_confirmado"},
    ),
    ("asesor.informar_escalamiento", {"medio_respuesta": "punto", "resumen": "Corto"}, {"resumen"}),
    ("asesor.charla", {**DE_CHARLA, "fin": "08:00"}, {"fin"}),
    ("asesor.charla", {**DE_CHARLA, "fin": "09:01"}, {"fin"}),
    ("asesor.charla", {**DE_CHARLA, "inicio": "08:59"}, {"inicio"}),
    ("asesor.charla", {**DE_CHARLA, "asistentes": ["77"]}, {"asistentes"}),
    ("asesor.informacion_web", {**WEB, "url": "https://otra.test/icetex.gov.co"}, {"url"}),
    ("asesor.informacion_web", {**WEB, "fecha_consulta": "25/11/2026"}, {"fecha_consulta"}),
    ("asesor.revisar_respuesta", {"revision_respuesta": "incompleta"}, {"observacion"}),
    (
        "funcionario.recibir",
        {"resultado_analisis": "otra_area"},
        {"area_destino", "motivo_area", "confirma_area"},
    ),
    ("funcionario.recibir", {"resultado_analisis": "falta_informacion"}, {"informacion_faltante"}),
    ("funcionario.investigar", {"hallazgos": "Corto", "fuentes": "banco"}, {"hallazgos"}),
    (
        "funcionario.investigar",
        {"hallazgos": "El pago está en el banco", "fuentes": "otra"},
        {"otra_fuente"},
    ),
    ("funcionario.investigar", {"hallazgos": "El pago está en el banco"}, {"fuentes"}),
    (
        "funcionario.documentar",
        {"respuesta_tecnica": "El pago se aplicó el 20", "favorable": "tal vez"},
        {"favorable"},
    ),
    (
        "coordinador.decidir_area",
        {"area_destino": "NINGUNA", "motivo_decision": "Porque es la competente"},
        {"area_destino"},
    ),
    ("gestion_documental.recibir", ENTREGA | {"folios_1": "0"}, {"folios_1"}),
    ("gestion_documental.recibir", ENTREGA | {"folios_1": "doce"}, {"folios_1"}),
    (
        "gestion_documental.recibir",
        ENTREGA | {"documento_1": "", "folios_1": ""},
        {"documento_1", "folios_1"},
    ),
    ("gestion_documental.recibir", ENTREGA | {"documento_10": "Acta"}, {"folios_10"}),
    ("gestion_documental.recibir", ENTREGA | {"folios_2": "3"}, {"documento_2"}),
    ("gestion_documental.recibir", ENTREGA | {"completo": "no"}, {"falta"}),
]


@pytest.mark.parametrize(("clave", "escrito", "esperado"), CORRECTOS)
def test_a_form_that_is_filled_in_gives_json_values(
    sesion: Session, clave: str, escrito: dict[str, Any], esperado: dict[str, Any]
) -> None:
    form = construir(sesion, clave, escrito)
    assert form.validate(), form.errors
    valores = form.valores()
    assert {nombre: valores[nombre] for nombre in esperado} == esperado


@pytest.mark.parametrize(("clave", "escrito", "campos"), MALOS)
def test_a_form_that_is_not_right_says_where(
    sesion: Session, clave: str, escrito: dict[str, Any], campos: set[str]
) -> None:
    form = construir(sesion, clave, escrito)
    assert not form.validate()
    assert {campo for campo, _mensaje in form.errores()} == campos
    assert all(mensaje for _campo, mensaje in form.errores())


def test_what_the_crm_knows_is_there_before_the_adviser_types(sesion: Session) -> None:
    assert construir(sesion, "asesor.datos_basicos", None)["correo"].data == "luz@correo.com"
    assert (
        construir(sesion, "asesor.informar_escalamiento", None)["correo_confirmado"].data
        == "luz@correo.com"
    )


def test_the_counselling_office_is_asked_for_in_bogota_only(sesion: Session) -> None:
    assert "remitido_consejeria" in construir(sesion, "asesor.estudios_exterior", {})
    assert "remitido_consejeria" not in construir(
        sesion, "asesor.estudios_exterior", {}, {"punto_ciudad": "Pasto"}
    )


def test_an_answer_goes_back_to_the_area_twice_at_most(sesion: Session) -> None:
    datos = {"revision_respuesta": "incompleta", "observacion": "Falta la fecha del giro"}
    assert construir(sesion, "asesor.revisar_respuesta", datos, {"n_devoluciones": 1}).validate()
    assert not construir(
        sesion, "asesor.revisar_respuesta", datos, {"n_devoluciones": 2}
    ).validate()


def test_an_officer_does_not_pass_a_case_to_the_area_that_has_it(sesion: Session) -> None:
    propias = construir(sesion, "funcionario.recibir", {})
    assert "VCC" not in [valor for valor, _texto in propias["area_destino"].choices]


def test_a_case_of_a_diagram_in_which_5_2_17_has_one_way_on_is_offered_that_one(
    sesion: Session,
) -> None:
    form = construir(sesion, "funcionario.investigar", {"resultado_analisis": "falta_informacion"})
    assert form.salidas == ()
    assert not {"resultado_analisis", "area_destino", "informacion_faltante"} & {
        campo.name for campo in form
    }
    assert not form.validate(), "findings are asked for"


def test_products_are_offered_for_a_verified_holder_only(sesion: Session) -> None:
    """Control 6-2."""
    datos = {**TIPO, "servicio_id": "1"}
    assert not construir(
        sesion, "asesor.tipificar", datos, {"titularidad": "cliente_potencial"}
    ).validate()


@pytest.mark.parametrize(
    ("calidad", "elegido"), [("verificada", SERVICIO), ("cliente_potencial", 0)]
)
def test_the_only_product_is_chosen_and_who_has_none_means_none(
    sesion: Session, calidad: str, elegido: int
) -> None:
    assert (
        construir(sesion, "asesor.tipificar", None, {"titularidad": calidad})["servicio_id"].data
        == elegido
    )


#: Its fields are those of the accounts of a review; here there is none.
DE_CUENTAS = {"jefe_ocm.cuenta_de_quien_reviso"}


def test_every_registered_form_can_be_shown_empty(sesion: Session) -> None:
    for clave in FORMS:
        form = construir(sesion, clave, None)
        assert form.visibles or clave in DE_CUENTAS, clave
        assert all(str(campo.label.text).strip() for campo in form.visibles), clave


def test_a_date_is_understood_in_two_forms_and_nothing_else(sesion: Session) -> None:
    for texto, valor in (("24/11/2026", "2026-11-24"), ("2026-11-24", "2026-11-24")):
        form = construir(sesion, "asesor.informacion_web", {**WEB, "fecha_consulta": texto})
        assert form.validate()
        assert form.valores()["fecha_consulta"] == valor
    for texto in ("11/24/2026", "mañana", "24/11/26", "31/02/2026", str(dt.date.max)):
        assert not construir(
            sesion, "asesor.informacion_web", {**WEB, "fecha_consulta": texto}
        ).validate(), texto


def test_a_conditional_field_is_demanded_and_kept_only_while_it_applies(sesion: Session) -> None:
    """Issue 9, 1.8: it appears when it applies and is then required; what stands in it otherwise is
    not stored."""
    texto = "El recibo de pago de octubre, por las dos caras."
    falta = {"resultado_analisis": "falta_informacion", "informacion_faltante": ""}
    assert construir(sesion, "funcionario.recibir", falta).validate() is False
    no_aplica = construir(
        sesion,
        "funcionario.recibir",
        {"resultado_analisis": "competente", "informacion_faltante": texto},
    )
    assert no_aplica.validate()
    assert no_aplica.valores()["informacion_faltante"] == ""
    aplica = construir(sesion, "funcionario.recibir", {**falta, "informacion_faltante": texto})
    assert aplica.validate()
    assert aplica.valores()["informacion_faltante"] == aplica.informacion_faltante.data == texto


def test_a_conditional_field_stands_in_a_group_that_says_when_it_applies(
    sesion: Session, web: WebKit
) -> None:
    form = construir(sesion, "funcionario.recibir", {"resultado_analisis": "competente"})
    pagina = web.app.jinja_env.from_string(
        '{% from "macros/campo.html" import campos %}{{ campos(form) }}'
    ).render(form=form)
    assert 'data-cuando="resultado_analisis" data-valores="otra_area"' in pagina
    assert "Solo si en «Después de leer el caso» elige «Falta información del usuario»" in pagina
    assert "(opcional)" not in pagina.partition('name="hallazgos"')[0]


def test_what_a_condition_asks_about_is_a_field_of_the_same_form(sesion: Session) -> None:
    """A condition on a name that the form does not have would hide its field for ever."""
    formas = {clave: construir(sesion, clave, None) for clave in FORMS}
    condiciones = [
        (clave, f.flags.cuando)
        for clave, form in formas.items()
        for f in form.visibles
        if f.flags.cuando
    ]
    for clave, cuando in condiciones:
        opciones = {str(valor) for valor, _texto in formas[clave][cuando.campo].choices}
        assert set(cuando.valores) <= opciones, (clave, cuando.campo)
    preguntas = [
        formas["funcionario.recibir"].resultado_analisis,
        formas["usuario.inquietud"].tiene_inquietud,
        formas["asesor.consulta_manual"].decision_manual,
    ]
    assert {pregunta.name for pregunta in preguntas} <= {
        cuando.campo for _clave, cuando in condiciones
    }


def test_a_mail_address_is_demanded_when_the_answer_goes_by_mail_and_never_called_optional(
    sesion: Session, web: WebKit
) -> None:
    datos = {
        "nombre": "Luz Quintero",
        "direccion": "Calle 1 # 2-3",
        "municipio": "11001",
        "autoriza_tratamiento": "si",
    }
    form = construir(
        sesion, "asesor.datos_basicos", {**datos, "medio_notificacion": "correo", "correo": ""}
    )
    assert form.medio_notificacion.data == "correo"
    assert not form.validate()
    assert [campo for campo, _mensaje in form.errores()] == ["correo"]
    assert construir(
        sesion, "asesor.datos_basicos", {**datos, "medio_notificacion": "punto", "correo": ""}
    ).validate()
    pagina = web.app.jinja_env.from_string(
        '{% from "macros/campo.html" import field %}{{ field(c) }}'
    ).render(c=form.correo)
    assert "(opcional)" not in pagina


@pytest.mark.parametrize(
    ("escrito", "codigo"),
    [
        ("bogota", "11001"),
        ("Cali", "76001"),
        ("CÚCUTA", "54001"),
        ("La Unión, Nariño", "52399"),
        ("68176", "68176"),
        ("mompox", "13468"),
    ],
)
def test_a_municipality_is_found_by_typing_a_part_of_its_name(
    sesion: Session, escrito: str, codigo: str
) -> None:
    form = construir(sesion, "asesor.datos_basicos", {**BASICOS, "municipio": escrito})
    assert form.validate(), form.errors
    assert form.valores()["municipio"] == codigo


def test_the_list_of_municipalities_is_that_of_the_dane(sesion: Session) -> None:
    """1,121 municipalities, districts and corregimientos of 32 departments and the capital."""
    lista = dict(construir(sesion, "asesor.datos_basicos", None).municipio.opciones())
    assert len(lista) == 1121
    assert (lista["11001"], lista["25754"], lista["94343"]) == (
        "Bogotá, D. C.",
        "Soacha, Cundinamarca",
        "Barrancominas, Guainía",
    )
    assert len({codigo[:2] for codigo in lista}) == 33


@pytest.mark.parametrize(
    ("escrito", "frase"),
    [
        (
            "Springfield",
            "«Springfield» no está en la lista. Escriba una parte del nombre y elija una opción",
        ),
        (
            "san carlos",
            "«san carlos» puede ser San Carlos, Antioquia; San Carlos, Córdoba. Escriba el nombre completo",
        ),
        ("\x00", "Escriba el municipio"),
        (
            "x" * 10_000,
            f"«{'x' * 60}» no está en la lista. Escriba una parte del nombre y elija una opción",
        ),
    ],
)
def test_a_municipality_that_is_none_or_several_is_refused_with_a_sentence(
    sesion: Session, escrito: str, frase: str
) -> None:
    form = construir(sesion, "asesor.datos_basicos", {**BASICOS, "municipio": escrito})
    assert not form.validate()
    # the summary names the field, unless the sentence does
    dicha = frase if "municipio" in frase else f"Municipio: {frase}"
    assert form.errores() == [("municipio", dicha)]


def test_a_theme_is_found_by_typing_and_brings_its_class(sesion: Session) -> None:
    form = construir(sesion, "asesor.tipificar", {**TIPO, "clase": "", "tema": "paz y salvo"})
    assert form.validate(), form.errors
    assert (form.valores()["clase"], form.valores()["tema"]) == ("solicitud", "S02")
    ajeno = construir(sesion, "asesor.tipificar", {**TIPO, "clase": "queja", "tema": "paz y salvo"})
    assert not ajeno.validate()
    assert ajeno.errores() == [
        (
            "tema",
            "Este tema es de la clase «Solicitud» y usted eligió «Queja»: cambie la clase o el tema",
        )
    ]


def test_the_motive_is_offered_again_when_the_case_is_described_and_when_it_is_escalated(
    sesion: Session,
) -> None:
    sesion.add(
        Atencion(
            turno_id=TURNO,
            punto_id="BOG-AGU",
            asesor_id="asesor",
            inicio=NOW,
            motivo="Necesita el paz y salvo del crédito",
        )
    )
    sesion.flush()
    assert (
        construir(sesion, "asesor.tipificar", None).descripcion.data
        == "Necesita el paz y salvo del crédito"
    )
    assert (
        "Necesita el paz y salvo del crédito"
        in construir(sesion, "asesor.informar_escalamiento", None).resumen.data
    )


def test_an_answer_with_a_gap_of_its_template_is_not_sent(sesion: Session) -> None:
    for clave, escrito in (
        (
            "asesor.responder",
            {"dispone": "si", "respuesta": "Su saldo es [saldo] al {fecha}, señora Luz."},
        ),
        (
            "asesor.enviar_respuesta",
            {"texto_respuesta": "Su saldo es [saldo] al {fecha}, señora Luz."},
        ),
    ):
        form = construir(sesion, clave, escrito)
        assert not form.validate()
        [(_campo, falta)] = form.errores()
        assert "Complete «[saldo]», «{fecha}» antes de " in falta
    assert construir(
        sesion, "asesor.responder", {"dispone": "no", "respuesta": "Su saldo es [saldo]"}
    ).validate()


def test_the_text_of_the_authorisation_stands_where_it_is_marked(
    sesion: Session, web: WebKit
) -> None:
    form = construir(sesion, "asesor.datos_basicos", None)
    pagina = web.app.jinja_env.from_string(
        '{% from "macros/campo.html" import field %}{{ field(c) }}'
    ).render(c=form.autoriza_tratamiento)
    assert "Autorizo a esta entidad, como responsable" in pagina
    assert "Ley 1581 de 2012" in pagina


def test_who_authorised_before_is_asked_whether_it_is_still_so(sesion: Session) -> None:
    persona_id = sesion.scalars(sa.select(Persona.id)).first()
    assert persona_id is not None
    for autoriza, dicho in ((True, "Ya lo autorizó el"), (False, "no lo autorizó")):
        personas.registrar_consentimiento(
            sesion, persona_id, Acto("asesor", NOW), autoriza=autoriza
        )
        sesion.flush()
        campo = construir(
            sesion, "asesor.datos_basicos", None, {"persona_id": persona_id}
        ).autoriza_tratamiento
        assert dicho in str(campo.description)
        assert campo.lectura, "the text is there for who changes"


def test_a_new_person_is_registered_with_the_answer_whether_the_document_was_seen(
    sesion: Session,
) -> None:
    nueva = {
        "tipo_doc": "CC",
        "num_doc": "1099887766",
        "camino": "potencial",
        "nombre_nuevo": "Ana Solano",
    }
    form = construir(sesion, "asesor.titularidad", nueva)
    assert not form.validate()
    assert form.documento_exhibido.errors
    assert construir(sesion, "asesor.titularidad", {**nueva, "documento_exhibido": "si"}).validate()


# --- who is at the desk (5.2.4, 5.2.5) ------------------------------------------------------------
def mostrada(
    sesion: Session, clave: str, escrito: Mapping[str, Any], datos: Mapping[str, Any] | None = None
) -> Any:
    """The form as the page has it, after what it looked up."""
    form = construir(sesion, clave, escrito, datos)
    form.validate()
    form.leer()
    return form


def test_a_search_only_asks_and_the_record_stays_covered_until_the_document_is_exhibited(
    sesion: Session,
) -> None:
    """5.2.4: nothing may be ticked before it is seen."""
    cubierto = mostrada(
        sesion,
        "asesor.titularidad",
        {"tipo_doc": "CC", "num_doc": "9900000001", "camino": "buscar"},
    )
    assert cubierto.vuelve_a_preguntar()
    assert cubierto.registro.nombre == "Luz Quintero"
    assert (cubierto.descubierto, cubierto.visto.data) == (False, "")
    sin_decir = construir(
        sesion,
        "asesor.titularidad",
        {"tipo_doc": "CC", "num_doc": "9900000001", "camino": cubierto.principal()[2]},
    )
    assert not sin_decir.validate()
    assert [campo for campo, _mensaje in sin_decir.errores()] == ["documento_exhibido"], (
        "nothing that is not on the page yet"
    )
    visto = mostrada(
        sesion,
        "asesor.titularidad",
        {
            "tipo_doc": "CC",
            "num_doc": "9900000001",
            "documento_exhibido": "si",
            "igual_nombre": "si",
        },
    )
    assert visto.vuelve_a_preguntar(), (
        "a box ticked before the record was on the page is no comparison"
    )
    assert (visto.descubierto, visto.visto.data) == (True, visto.registro.huella)
    assert not visto.igual_nombre.marcada
    assert visto.principal()[2] == "verificar"


def test_only_the_qualities_of_the_records_are_offered(sesion: Session) -> None:
    """5.2.4: somebody who says "deudor solidario" is one only by a product."""
    form = mostrada(
        sesion,
        "asesor.titularidad",
        {"tipo_doc": "CC", "num_doc": "9900000001", "documento_exhibido": "si"},
    )
    assert [valor for valor, _palabra in form.calidades] == ["beneficiario", "apoderado"]
    assert form.calidad.data == "beneficiario", "the only one is chosen beforehand"


def test_nobody_found_keeps_the_page_and_offers_no_neighbour(sesion: Session) -> None:
    form = mostrada(
        sesion, "asesor.titularidad", {**TITULAR, "num_doc": "9900000010", "camino": "buscar"}
    )
    assert (form.registro, form.buscado, form.con_caminos, form.parecidas) == (
        None,
        True,
        True,
        None,
    )
    assert not form.igual_numero.marcada
    assert not form.igual_nacimiento.marcada


def test_people_found_by_name_are_used_by_a_button_that_only_this_page_can_make(
    sesion: Session,
) -> None:
    buscada = {
        "camino": "nombre",
        "nombre_buscado": "luz quintero",
        "motivo_busqueda": "numero_no_esta",
        "documento_exhibido": "si",
    }
    form = mostrada(sesion, "asesor.titularidad", buscada)
    ((persona, ficha),) = form.parecidas
    assert (persona.num_doc, form.demasiadas) == ("9900000001", False)
    usada = mostrada(
        sesion,
        "asesor.titularidad",
        {"elegida": ficha, "documento_exhibido": "si", "tipo_doc": "CC", "num_doc": "1"},
    )
    assert usada.vuelve_a_preguntar()
    assert usada.registro.nombre == "Luz Quintero"
    sin_documento = mostrada(
        sesion, "asesor.titularidad", {"elegida": ficha, "tipo_doc": "CC", "num_doc": "123456"}
    )
    assert sin_documento.num_doc.data == "123456", "the number stays covered without the document"
    falsa = mostrada(
        sesion,
        "asesor.titularidad",
        {
            "elegida": "9900000001",
            "documento_exhibido": "si",
            "tipo_doc": "CC",
            "num_doc": "123456",
        },
    )
    assert falsa.registro is None
    assert falsa.nombre_nuevo.data is None or falsa.nombre_nuevo.data == ""


def test_the_holder_of_a_power_is_shown_by_their_covered_name_only(sesion: Session) -> None:
    form = mostrada(
        sesion,
        "asesor.poder",
        {"camino": "buscar", "titular_tipo_doc": "CC", "titular_num_doc": "9900000001"},
    )
    assert form.vuelve_a_preguntar()
    assert form.titular.nombre == "Luz Quintero"
    assert form.principal()[2] == "seguir"
    assert (form.apoderado_nombre.data, form.adjunto.archivo) == (None, None)


def test_what_a_page_calls_optional_is_never_demanded(sesion: Session, web: WebKit) -> None:
    """Issue 9, 1.8: with each answer of each question given alone, nothing that carries
    "(opcional)" is asked for."""
    plantilla = web.app.jinja_env.from_string(
        '{% from "macros/campo.html" import field %}{{ field(c) }}'
    )
    for clave in FORMS:
        vacio = construir(sesion, clave, None)
        preguntas = [
            c for c in vacio.visibles if c.type in ("OpcionField", "SiNoField", "ListaField")
        ]
        respuestas = [(c.name, str(valor)) for c in preguntas for valor, _texto in c.choices or []]
        for pregunta, valor in respuestas:
            form = construir(sesion, clave, {pregunta: valor})
            form.validate()
            for c in form.visibles:
                demanda = bool(c.errors) and c.name != pregunta
                assert not (demanda and "(opcional)" in plantilla.render(c=c)), (
                    clave,
                    pregunta,
                    valor,
                    c.name,
                )


def test_no_field_of_a_form_hides_what_every_form_can_do() -> None:
    """5.2.20 asks for a "pregunta": a method of that name was the field there, and the form never
    left the page."""
    metodos = {nombre for nombre in vars(TareaForm) if not nombre.startswith("_")}
    campos = {
        (clave, n)
        for clave, spec in FORMS.items()
        for n in dir(spec.form)
        if isinstance(getattr(spec.form, n), UnboundField)
    }
    assert ("usuario.inquietud", "pregunta") in campos
    assert {(clave, nombre) for clave, nombre in campos if nombre in metodos} == set()


def test_a_complete_delivery_asks_for_nothing_that_is_missing_and_stores_no_empty_rows(
    sesion: Session,
) -> None:
    form = construir(
        sesion, "gestion_documental.recibir", ENTREGA | {"falta": "algo que se escribió antes"}
    )
    assert form.validate()
    assert form.completo.data == "si"
    assert form.valores() == {
        **ENTREGA,
        "subclase": "",
        "folios_1": 12,
        "soporte_1": "",
        "digital_1": None,
        "falta": "",
    }


def test_what_documents_are_about_is_found_by_typing_and_its_subclass_follows_from_what_was_typed(
    sesion: Session,
) -> None:
    form = construir(
        sesion,
        "gestion_documental.recibir",
        ENTREGA | {"tema": "mala atención", "subclase": "denuncia"},
    )
    assert form.validate()
    assert form.tema.con_codigos, "the page shows the subclass by what the chosen name stands for"
    assert (form.valores()["tema"], form.valores()["subclase"]) == ("Q01", "denuncia")
    otra = construir(
        sesion,
        "gestion_documental.recibir",
        ENTREGA | {"tema": "paz y salvo", "subclase": "denuncia"},
    )
    assert otra.validate()
    assert otra.valores()["subclase"] == ""
