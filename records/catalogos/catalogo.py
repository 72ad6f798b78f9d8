"""Reference data: points, areas, norms, the 24 kinds of case. SUPUESTO where docs/assumptions.md
says so (domain §14)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from common.language import marked
from records.base.reglas.entidad import Entidad
from records.base.tablas import Base
from records.casos.tablas import Norma, Tipificacion
from records.expedientes.tablas import SerieDocumental
from records.lugares import entidad
from records.lugares.tablas import Area, DatosDeEntidad, Puesto, Punto
from records.plazos.reglas.plazos import NORMAS, NormaLegal
from records.retencion import retencion

VIGENTE_DESDE = dt.date(2011, 6, 3)  # M5-1-02 V3
APERTURA = dt.time(8)
CIERRE = dt.time(17)


class PuntoDato(NamedTuple):
    codigo: str
    nombre: str
    ciudad: str
    dane: str
    modo_fila: str
    turnos_dia: int
    asesores: int


class AreaDato(NamedTuple):
    codigo: str
    nombre: str
    # business days; the table matriz_escalonamiento decides, this is what it starts with
    plazo_interno: int
    nivel2: str
    nivel3: str
    temas: tuple[str, ...]


class TipoDato(NamedTuple):
    codigo: str
    clase: str
    tema: str
    subtema: str
    tipo_termino: str


#: M5-1-02 is a procedure of this agency.
ENTIDAD = Entidad("ICETEX", "899.999.035-7", "Bogotá D.C.", "Grupo de Atención al Usuario")


class SerieDato(NamedTuple):
    codigo: str
    nombre: str
    gestion: int
    central: int
    gobierna: str


#: Terms until the agency has its retention tables (docs/assumptions.md).
SERIES = (
    SerieDato("PQR", "Peticiones, quejas y reclamos", 1, 7, retencion.FORMULARIOS),
    SerieDato("CONTACTO", "Datos de contacto reemplazados", 1, 4, retencion.CONTACTOS),
    SerieDato("CONSULTAS", "Consultas a otros sistemas", 1, 0, retencion.LEGADO),
    SerieDato("SIN-CASO", "Documentos sin caso que se apartaron", 1, 1, retencion.SUELTOS),
)

#: M5-1-02 4.1: Digiturno only in Bogotá, Cali, Medellín, Barranquilla and Bucaramanga.
PUNTOS = (
    PuntoDato("BOG-AGU", "Bogotá, Aguas (central)", "Bogotá", "11001", "digiturno", 430, 14),
    PuntoDato("BOG-CHA", "Bogotá, Chapinero", "Bogotá", "11001", "digiturno", 300, 10),
    PuntoDato("MED-CEN", "Medellín", "Medellín", "05001", "digiturno", 240, 8),
    PuntoDato("CLO-CEN", "Cali", "Cali", "76001", "digiturno", 200, 7),
    PuntoDato("BAQ-CEN", "Barranquilla", "Barranquilla", "08001", "digiturno", 190, 6),
    PuntoDato("BGA-CEN", "Bucaramanga", "Bucaramanga", "68001", "digiturno", 150, 5),
    PuntoDato("CTG-CEN", "Cartagena", "Cartagena", "13001", "manual", 95, 3),
    PuntoDato("CUC-CEN", "Cúcuta", "Cúcuta", "54001", "manual", 70, 3),
    PuntoDato("MTR-CEN", "Montería", "Montería", "23001", "manual", 62, 2),
    PuntoDato("PEI-CEN", "Pereira", "Pereira", "66001", "manual", 60, 2),
    PuntoDato("NVA-CEN", "Neiva", "Neiva", "41001", "manual", 60, 2),
    PuntoDato("PSO-CEN", "Pasto", "Pasto", "52001", "manual", 60, 2),
    PuntoDato("VUP-CEN", "Valledupar", "Valledupar", "20001", "manual", 60, 2),
    PuntoDato("IBE-CEN", "Ibagué", "Ibagué", "73001", "manual", 55, 2),
    PuntoDato("SMR-CEN", "Santa Marta", "Santa Marta", "47001", "manual", 50, 2),
    PuntoDato("SJO-CEN", "Sincelejo", "Sincelejo", "70001", "manual", 48, 2),
    PuntoDato("PPN-CEN", "Popayán", "Popayán", "19001", "manual", 45, 2),
    PuntoDato("VVC-CEN", "Villavicencio", "Villavicencio", "50001", "manual", 45, 2),
    PuntoDato("MZL-CEN", "Manizales", "Manizales", "17001", "manual", 42, 2),
    PuntoDato("TUN-CEN", "Tunja", "Tunja", "15001", "manual", 40, 2),
    PuntoDato("AXM-CEN", "Armenia", "Armenia", "63001", "manual", 35, 1),
    PuntoDato("RCH-CEN", "Riohacha", "Riohacha", "44001", "manual", 22, 1),
    PuntoDato("UIB-CEN", "Quibdó", "Quibdó", "27001", "manual", 22, 1),
)

#: The 7 areas of M5-1-02 section 3, and the coordinator who gets what no area has.
AREAS = (
    AreaDato(
        "VCC",
        "Vicepresidencia de Crédito y Cobranza",
        5,
        "Coordinador de Cartera",
        "Vicepresidente de Crédito y Cobranza",
        ("S01", "S02", "S03", "S04", "S05", "S06", "S08", "S09", "S10", "S11", "R01", "R02", "R03"),
    ),
    AreaDato(
        "VFO",
        "Vicepresidencia de Fondos",
        6,
        "Coordinador de Fondos",
        "Vicepresidente de Fondos",
        ("S13", "R05"),
    ),
    AreaDato(
        "ORI",
        "Oficina de Relaciones Internacionales",
        5,
        "Asesor de Relaciones Internacionales",
        "Jefe de Relaciones Internacionales",
        ("S12",),
    ),
    AreaDato(
        "GAC",
        "Grupo de Archivo y Correspondencia",
        3,
        "Coordinador de Archivo y Correspondencia",
        "Secretaría General",
        ("S14",),
    ),
    AreaDato(
        "ACP",
        "Asesores Comerciales de Presidencia",
        4,
        "Asesor comercial líder",
        "Presidencia",
        ("S07",),
    ),
    AreaDato(
        "DTE",
        "Dirección de Tesorería",
        5,
        "Coordinador de Giros",
        "Director de Tesorería",
        ("R04", "R06"),
    ),
    AreaDato(
        "OAJ", "Oficina Asesora Jurídica", 3, "Abogado", "Jefe de la Oficina Asesora Jurídica", ()
    ),
    AreaDato(
        "GAU",
        "Grupo de Atención al Usuario",
        2,
        "Coordinador del Grupo de Atención al Usuario",
        "Jefe de la Oficina Comercial y de Mercadeo",
        ("Q01", "Q02", "Q03", "S15"),
    ),
)

#: Internal term of a kind of case where it differs from that of its area.
PLAZO_POR_TEMA = {"R03": 3}

TIPIFICACION = (
    TipoDato("S01", "solicitud", marked("Crédito"), marked("Saldo y extracto"), "informacion"),
    TipoDato("S02", "solicitud", marked("Crédito"), marked("Paz y salvo"), "informacion"),
    TipoDato("S03", "solicitud", marked("Crédito"), marked("Recibo de pago"), "informacion"),
    TipoDato("S04", "solicitud", marked("Crédito"), marked("Plan de pagos"), "informacion"),
    TipoDato("S05", "solicitud", marked("Crédito"), marked("Renovación"), "peticion"),
    TipoDato("S06", "solicitud", marked("Crédito"), marked("Estado de solicitud"), "informacion"),
    TipoDato("S07", "solicitud", marked("Crédito"), marked("Requisitos de crédito"), "informacion"),
    TipoDato(
        "S08", "solicitud", marked("Crédito"), marked("Cambio de deudor solidario"), "peticion"
    ),
    TipoDato(
        "S09", "solicitud", marked("Crédito"), marked("Aplazamiento o suspensión"), "peticion"
    ),
    TipoDato(
        "S10",
        "solicitud",
        marked("Certificados"),
        marked("Certificado para declaración de renta"),
        "informacion",
    ),
    TipoDato("S11", "solicitud", marked("Cartera"), marked("Acuerdo de pago"), "peticion"),
    TipoDato(
        "S12",
        "solicitud",
        marked("Estudios en el exterior"),
        marked("Becas y cupos en el exterior"),
        "consulta",
    ),
    TipoDato("S13", "solicitud", marked("Fondos"), marked("Condonación de fondos"), "peticion"),
    TipoDato(
        "S14", "solicitud", marked("Documentos"), marked("Copia de documentos"), "informacion"
    ),
    TipoDato(
        "S15", "solicitud", marked("Datos personales"), marked("Actualización de datos"), "peticion"
    ),
    TipoDato("R01", "reclamo", marked("Cartera"), marked("Pago no aplicado"), "peticion"),
    TipoDato("R02", "reclamo", marked("Cartera"), marked("Cobro errado o facturación"), "peticion"),
    TipoDato(
        "R03", "reclamo", marked("Cartera"), marked("Reporte en centrales de riesgo"), "peticion"
    ),
    TipoDato("R04", "reclamo", marked("Giros"), marked("Giro no realizado a la IES"), "peticion"),
    TipoDato("R05", "reclamo", marked("Fondos"), marked("Negación de condonación"), "peticion"),
    TipoDato(
        "R06", "reclamo", marked("Giros"), marked("Mayor valor cobrado (devolución)"), "peticion"
    ),
    TipoDato("Q01", "queja", marked("Servicio"), marked("Mala atención"), "peticion"),
    TipoDato("Q02", "queja", marked("Servicio"), marked("Demora en la respuesta"), "peticion"),
    TipoDato("Q03", "queja", marked("Servicio"), marked("Fallas de la página web"), "peticion"),
)

#: Lines of the products, as legacy systems write them (4 characters).
LINEAS = {
    "PREG": "Pregrado en Colombia",
    "POSG": "Posgrado en Colombia",
    "EXTE": "Estudios en el exterior",
    "FOND": "Fondo en administración",
    "ACCE": "Acceso con Calidad a la Educación Superior",
}

CIUDADES_CON_CONSEJERIA = frozenset({"Bogotá"})  # 5.2.22


def cargar_catalogo(session: Session) -> None:
    """Add what is missing; what somebody changed (hours of a point, a term) stays as it is."""
    if session.get(DatosDeEntidad, entidad.SUJETO) is None:
        session.add(DatosDeEntidad(codigo=entidad.SUJETO, **asdict(ENTIDAD)))
    _agregar(session, Norma, Norma.codigo, {n.codigo: _norma(n) for n in NORMAS})
    _agregar(session, Area, Area.codigo, {a.codigo: _area(a) for a in AREAS})
    _agregar(session, Punto, Punto.codigo, {p.codigo: _punto(p) for p in PUNTOS})
    _agregar(session, Tipificacion, Tipificacion.codigo, {t.codigo: _tipo(t) for t in TIPIFICACION})
    _agregar(
        session, SerieDocumental, SerieDocumental.codigo, {s.codigo: _serie(s) for s in SERIES}
    )
    session.flush()
    hay = set(map(tuple, session.execute(select(Puesto.punto_id, Puesto.modulo))))
    for punto in PUNTOS:
        modulos = [str(n) for n in range(1, punto.asesores + 1)]
        session.add_all(
            Puesto(punto_id=punto.codigo, modulo=m) for m in modulos if (punto.codigo, m) not in hay
        )
    session.flush()


def _agregar(
    session: Session,
    modelo: type[Base],
    clave: InstrumentedAttribute[str],
    filas: Mapping[str, Base],
) -> None:
    hay = set(session.scalars(select(clave).select_from(modelo)))
    session.add_all(fila for codigo, fila in filas.items() if codigo not in hay)


def _norma(norma: NormaLegal) -> Norma:
    return Norma(
        codigo=norma.codigo,
        nombre=norma.nombre,
        articulo=norma.articulo,
        vigente_desde=norma.desde,
        vigente_hasta=norma.hasta,
    )


def _area(dato: AreaDato) -> Area:
    correo = f"{dato.codigo.lower()}@icetex.example"
    return Area(
        codigo=dato.codigo,
        nombre=dato.nombre,
        nivel2=dato.nivel2,
        nivel3=dato.nivel3,
        correo=correo,
    )


def _punto(dato: PuntoDato) -> Punto:
    return Punto(
        codigo=dato.codigo,
        nombre=dato.nombre,
        ciudad=dato.ciudad,
        dane=dato.dane,
        modo_fila=dato.modo_fila,
        consejeria=dato.ciudad in CIUDADES_CON_CONSEJERIA,
        hora_apertura=APERTURA,
        hora_cierre=CIERRE,
        turnos_dia=dato.turnos_dia,
    )


def _serie(dato: SerieDato) -> SerieDocumental:
    return SerieDocumental(
        **dato._asdict(), disposicion=retencion.ELIMINAR, vigente_desde=VIGENTE_DESDE
    )


def _tipo(dato: TipoDato) -> Tipificacion:
    return Tipificacion(
        codigo=dato.codigo,
        clase=dato.clase,
        tema=dato.tema,
        subtema=dato.subtema,
        tipo_termino=dato.tipo_termino,
        vigente_desde=VIGENTE_DESDE,
    )
