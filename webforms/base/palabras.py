"""The one place that turns a stored code into the words of a page: points, areas, themes, norms,
devices, messages, variables.

Reference data are read once a process, and again when a code is unknown or `EDAD` has passed. What
is to be quoted as it is (a hash, a key) stands in `<code>`; a test walks every page and finds codes
that stand anywhere else.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _, lazy_gettext as _l

from common.prepared import Prepared
from records.casos.reglas import estados
from records.casos.tablas import Norma, Tipificacion
from records.catalogos.catalogo import LINEAS
from records.catalogos.tablas import ListaValor
from records.cuentas.reglas.roles import ASESOR, DISPOSITIVOS, INTERVENTOR, ROLES, TABLETA
from records.cuentas.tablas import Cuenta, RolAsignado, RolDeCarril
from records.lugares.tablas import Area, Dispositivo, Punto
from records.sistemas.reglas import sistemas
from webforms.base import auditoria
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios

#: How a turn ended.
RESULTADOS: Mapping[str, Any] = {
    "atendido": _l("Atendido"),
    "escalado": _l("Pasó a un área"),
    "abandono": _l("Se retiró"),
    "ausente": _l("No se presentó"),
    "poder_pendiente": _l("Falta el poder"),
    "trasladado": _l("Pasó a otro punto"),
}
#: In which capacity somebody comes (records.personas.reglas.titularidad.CALIDADES).
CALIDADES: Final[Mapping[str, Any]] = {
    "beneficiario": _l("Beneficiario"),
    "deudor_solidario": _l("Deudor solidario"),
    "apoderado": _l("Apoderado de otra persona"),
    "cliente_potencial": _l("Cliente potencial"),
}
#: The systems around, by their codes.
NOMBRES_DE_SISTEMAS: Final[Mapping[str, Any]] = {
    codigo: _l(nombre) for codigo, nombre in sistemas.NOMBRES.items()
}
#: Why a system outside did not do it (records.sistemas.puertos.Causa).
POR_QUE_NO: Mapping[str, Any] = {
    "sin_conexion": _l("no se pudo llegar a él"),
    "sin_respuesta": _l("tardó más de lo permitido"),
    "ocupado": _l("estaba ocupado"),
    "no_permitido": _l("no aceptó la cuenta con que se le pregunta"),
    "rechazado": _l("no aceptó la pregunta"),
    "ilegible": _l("lo que tiene no se puede leer"),
    "registro": _l("responde, pero lo que tiene de esta persona no se puede leer"),
    "protegido": _l("falló varias veces seguidas y descansa unos segundos"),
    "otra": _l("falló"),
}
EDAD = dt.timedelta(minutes=10)
CATALOGO: Final = "ventanilla.palabras"  #: in `app.extensions`


def por_que_no(causa: str | None) -> str:
    """The end of a sentence: why a system did not do it."""
    return str(POR_QUE_NO.get(causa or "otra", POR_QUE_NO["otra"]))


def _columnas(clase: str, codigo: Any, nombre: Any, *mas: Any) -> Any:
    resto = [*mas, *[sa.literal("")] * (3 - len(mas))]
    rotulos = ("tipo", "punto", "modulo")
    return sa.select(
        sa.literal(clase).label("clase"),
        codigo.label("codigo"),
        nombre.label("nombre"),
        *[c.label(rotulo) for c, rotulo in zip(resto, rotulos, strict=True)],
    )


#: Contract supervisors are few, and a task says to whom a report goes.
_QUIENES_INTERVIENEN: Final = sa.select(RolAsignado.cuenta_id).where(RolAsignado.rol == INTERVENTOR)
#: Who attends: a form says whose hand stands on a paper.
_QUIENES_ATIENDEN: Final = sa.select(RolAsignado.cuenta_id).where(RolAsignado.rol == ASESOR)
_EQUIPO: Final = Dispositivo.codigo
_TODO = Prepared(
    sa.union_all(
        _columnas("punto", Punto.codigo, Punto.nombre),
        _columnas("area", Area.codigo, Area.nombre),
        _columnas("valor", ListaValor.codigo, ListaValor.nombre),
        _columnas("rol", RolDeCarril.codigo, RolDeCarril.nombre),
        _columnas("tema", Tipificacion.codigo, Tipificacion.subtema),
        _columnas("norma", Norma.codigo, Norma.nombre),
        _columnas("interventor", Cuenta.usuario, Cuenta.nombre).where(
            Cuenta.id.in_(_QUIENES_INTERVIENEN)
        ),
        _columnas("asesor", Cuenta.usuario, Cuenta.nombre).where(Cuenta.id.in_(_QUIENES_ATIENDEN)),
        _columnas(
            "equipo",
            _EQUIPO,
            _EQUIPO,
            Dispositivo.tipo,
            Dispositivo.punto_id,
            sa.func.coalesce(Dispositivo.modulo, ""),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class _Catalogo:
    leido: dt.datetime
    #: of a device what it is, where and at which desk, each by itself
    nombres: Mapping[tuple[str, str], str]


def _leer(now: dt.datetime) -> _Catalogo:
    filas = servicios().uow.lookup(_TODO, {})
    nombres = {(f.clase, f.codigo): f.nombre for f in filas if f.clase != "equipo"}
    for f in filas:
        if f.clase == "equipo":
            partes = {"equipo": f.tipo, "equipo_punto": f.punto, "equipo_modulo": f.modulo}
            nombres |= {(parte, f.codigo): valor for parte, valor in partes.items()}
    return _Catalogo(now, nombres)


def _nombre_de_equipo(tipo: str, punto_: str, modulo: str) -> str:
    """ "Tableta de calificación del módulo 1, Bogotá, Aguas (central)"."""
    palabra = DISPOSITIVOS[tipo].nombre if tipo in DISPOSITIVOS else tipo
    if tipo == TABLETA and modulo:
        return str(_("%(t)s del módulo %(m)s, %(p)s", t=_(palabra), m=modulo, p=punto_))
    return f"{_(palabra)}, {punto_}"


def _nombre(clase: str, codigo: str | None) -> str:
    if not codigo:
        return ""
    now = servicios().clock.now()
    catalogo = cast("_Catalogo | None", current_app.extensions.get(CATALOGO))
    if (
        catalogo is None
        or abs(now - catalogo.leido) > EDAD
        or ((clase, codigo) not in catalogo.nombres and catalogo.leido != now)
    ):
        catalogo = current_app.extensions[CATALOGO] = _leer(now)
    return catalogo.nombres.get((clase, codigo), "")


# --- reference data -------------------------------------------------------------------------------
def punto(codigo: str | None) -> str:
    return _nombre("punto", codigo) or codigo or ""


def area(codigo: str | None) -> str:
    return _nombre("area", codigo) or codigo or ""


def lugar(codigo: str | None) -> str:
    """For what a role or a task is held: a point, an area, or a value of a list that the agency
    keeps."""
    return (
        _nombre("punto", codigo)
        or _nombre("area", codigo)
        or rotulo(_nombre("valor", codigo))
        or codigo
        or ""
    )


def interventor(usuario: str) -> str:
    return _nombre("interventor", usuario) or usuario


def asesor(usuario: str) -> str:
    return _nombre("asesor", usuario) or usuario


def tema(codigo: str | None) -> str:
    """ "Paz y salvo" of "S02"."""
    return de_catalogo(_nombre("tema", codigo)) or codigo or ""


def de_catalogo(texto: str | None) -> str:
    """A word that a catalogue has from us, in the language of the page; one that an agency wrote
    stays as it is."""
    return str(_(texto)) if texto else ""


def norma(codigo: str | None) -> str:
    """ "Ley 1755 de 2015" of "LEY1755"."""
    return _nombre("norma", codigo) or codigo or ""


def equipo(codigo: str | None) -> str:
    """ "Tableta de calificación del módulo 1, Bogotá, Aguas (central)" of "tableta.bog-agu.1";
    empty for what is no device."""
    tipo = _nombre("equipo", codigo)
    return (
        _nombre_de_equipo(
            tipo, punto(_nombre("equipo_punto", codigo)), _nombre("equipo_modulo", codigo)
        )
        if tipo
        else ""
    )


# --- what the code itself names -------------------------------------------------------------------
def linea(codigo: str) -> str:
    """ "Posgrado en Colombia" of "POSG"."""
    return LINEAS.get(codigo, codigo)


def estado_caso(codigo: str) -> str:
    return str(_(estados.NOMBRES[codigo])) if codigo in estados.NOMBRES else codigo


#: What a case of M5-1-02 is (5.2.8); other procedures have classes of their own.
CLASES: Final[Mapping[str, Any]] = {
    "solicitud": _l("Solicitud"),
    "queja": _l("Queja"),
    "reclamo": _l("Reclamo"),
}


def clase_de_caso(codigo: str | None) -> str:
    return str(CLASES.get(codigo or "", (codigo or "").capitalize()))


def rol(codigo: str | None) -> str:
    """The name of a role: of the product, of a diagram; one of a diagram that is not in force yet
    is read as it is written."""
    conocido = ROLES.get(codigo or "")
    return (
        str(_(conocido.nombre))
        if conocido is not None
        else rotulo(_nombre("rol", codigo)) or en_palabras(codigo or "")
    )


def olvidar() -> None:
    """What an administrator has just renamed is read again at once by this process; the others read
    it when `EDAD` has passed."""
    current_app.extensions.pop(CATALOGO, None)


MENSAJES: Final[Mapping[str, Any]] = {
    "CasoEscalado": _l("el caso pasó a un área"),
    "ComplementoRecibido": _l("llegó la información que faltaba"),
    "ProrrogaAprobada": _l("se aprobó la prórroga"),
    "RespuestaDisponible": _l("la respuesta del área está lista"),
    "RespuestaEnviada": _l("la respuesta firmada salió"),
    "RespuestaDevuelta": _l("quien firma devolvió la respuesta"),
    "CasoDesistido": _l("la persona desistió"),
    "RadicarEscrito": _l("hay documentos por radicar"),
    "TurnoLlamado": _l("llamaron el turno"),
    "TurnoRetirado": _l("la persona retiró su turno"),
    "PersonaSeFue": _l("la persona se fue"),
    "CharlaAsignada": _l("hay una charla asignada"),
    "CharlaRealizada": _l("la charla se hizo"),
}
_UNIONES = re.compile(r"(?<=[a-záéíóúñ0-9])(?=[A-ZÁÉÍÓÚÑ])|_")


_CION = re.compile(r"cion\b")


def en_palabras(codigo: str) -> str:
    """ "turno pedido" of "TurnoPedido" or "turno_pedido": what a code says when nobody has written
    better words for it."""
    return _CION.sub("ción", " ".join(_UNIONES.sub(" ", codigo).split()).lower())


_HUELLA = re.compile(r"(?=.*\d)[0-9a-f]{16,}")


def es_huella(texto: str) -> bool:
    """A digest: it is quoted, never read."""
    return _HUELLA.fullmatch(texto) is not None


_MARCA: Final = r"(?:SUPUESTO|ASSUMPTION) Q\d+"
_SUPUESTOS = (
    (re.compile(rf"\s*\({_MARCA}\)"), ""),
    (re.compile(rf"\({_MARCA}: "), "("),
    (re.compile(rf", {_MARCA}"), ""),
    (re.compile(rf"^{_MARCA}(?:, | · )"), ""),
    (re.compile(rf"{_MARCA}: (\w)"), lambda hallado: hallado[1].upper()),
    (re.compile(r"«([a-z0-9]+(?:_[a-z0-9]+)+)»"), lambda hallado: f"«{en_palabras(hallado[1])}»"),
)


def articulos(cita: str) -> str:
    """ "artículo 14" of "art. 14", as a norm is kept."""
    clase, _espacio, cuales = cita.partition(" ")
    return str(
        _("artículos %(n)s", n=cuales) if clase == "arts." else _("artículo %(n)s", n=cuales)
    )


def guia(texto: str | None) -> str:
    """What a diagram says of an activity, for who does it: the marks of its assumptions are for
    analysts, tables go by words."""
    dicho = rotulo(texto or "")
    for patron, por in _SUPUESTOS:
        dicho = patron.sub(por, dicho)
    return dicho


def mensaje(nombre: str) -> str:
    """What a message of a diagram says: "se aprobó la prórroga" of "ProrrogaAprobada"."""
    return str(MENSAJES[nombre]) if nombre in MENSAJES else en_palabras(nombre)


#: Errors of the diagrams, as people know them.
ERRORES: Final[Mapping[str, Any]] = {
    "ERR_CORREO": _l("el correo no salió"),
    "ERR_CRM": _l("el CRM no respondió"),
    "ERR_DIGITURNO": _l("el Digiturno no respondió"),
    "ERR_LEGADO": _l("el aplicativo no respondió"),
}


def error_de_sistema(codigo: str) -> str:
    """ "el CRM no respondió" of "ERR_CRM"."""
    return str(ERRORES[codigo]) if codigo in ERRORES else en_palabras(codigo.removeprefix("ERR_"))


#: What variables of processes and fields of forms are called where no form gives a label.
VARIABLES: Final[Mapping[str, Any]] = {
    "punto_id": _l("Punto"),
    "area_id": _l("Área"),
    "caso_id": _l("Caso"),
    "turno_id": _l("Turno"),
    "persona_id": _l("Persona"),
    "asesor_id": _l("Asesor"),
    "charla_id": _l("Charla"),
    "servicio_id": _l("Producto"),
    "sin_enviar": _l("Respuesta que no se envió"),
    "num_doc": _l("Número de documento"),
    "tipo_doc": _l("Tipo de documento"),
    "modulo": _l("Módulo"),
    "ambito": _l("Dónde"),
    "fecha_limite_respuesta": _l("Término legal"),
}


def variable(nombre: str) -> str:
    """ "Plazo interno" of "plazo_interno"."""
    if nombre in VARIABLES:
        return str(VARIABLES[nombre])
    return en_palabras(
        nombre.removesuffix("_id")
        .replace("num_doc", "documento")
        .replace("tipo_doc", "tipo_de_documento")
    ).capitalize()


#: The end of a field's or variable's name → the words of its values.
VALORES: Final[Mapping[str, Callable[[str], str]]] = {
    "punto": punto,
    "punto_id": punto,
    "area": area,
    "area_id": area,
    "tema": tema,
    "norma": norma,
    "rol": rol,
    "ambito": lugar,
    "estado_caso": estado_caso,
    "clase_de_caso": clase_de_caso,
    "atendio": asesor,
    "escalonado": lambda codigo: str(auditoria.ESCALADOS.get(codigo, codigo)),
    **dict.fromkeys(auditoria.RESPUESTAS, lambda codigo: str(auditoria.DICHAS.get(codigo, codigo))),
}


def valor(campo: str, codigo: str) -> str:
    """The words of a value, by what its field is called; free text stays as it is."""
    decir = next(
        (d for final, d in VALORES.items() if campo == final or campo.endswith(f"_{final}")), None
    )
    return decir(codigo) if decir is not None else codigo


FILTROS: Final[Mapping[str, Callable[..., str]]] = {
    "punto": punto,
    "area": area,
    "equipo": equipo,
    "lugar": lugar,
    "tema": tema,
    "de_catalogo": de_catalogo,
    "norma": norma,
    "rol": rol,
    "guia": guia,
    "articulos": articulos,
    "mensaje": mensaje,
    "error_de_sistema": error_de_sistema,
    "variable": variable,
    "estado_caso": estado_caso,
    "clase_de_caso": clase_de_caso,
    "linea": linea,
}
