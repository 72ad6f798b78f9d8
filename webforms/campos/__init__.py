"""Fields of our forms: what a person types, what a form shows again, and the JSON value that the
engine stores. One door to all kinds."""

from webforms.campos.adjuntado import ArchivoField
from webforms.campos.busqueda import BuscarField, plano
from webforms.campos.eleccion import firmar_eleccion, leer_eleccion
from webforms.campos.fechas import FechaField, HoraField, dia_escrito
from webforms.campos.numeros import EXTREMO_ENTERO, EnteroField, NumeroField
from webforms.campos.opciones import (
    BotonField,
    CasillaField,
    CasillasField,
    ListaField,
    OpcionField,
    SiNoField,
)
from webforms.campos.resumen import con_su_nombre
from webforms.campos.textos import (
    TEXTO_CORTO,
    TEXTO_LARGO,
    CorreoField,
    ParrafoField,
    TextoField,
    limpiar,
)
from webforms.campos.validadores import (
    ConOmision,
    Cuando,
    Derivado,
    ExigeSi,
    NoFutura,
    Obligatorio,
    Validadores,
    con_omision,
    cuando,
    derivado,
    es_correo,
    exige,
    exige_si,
    hasta,
    largo,
    marcada,
    opcional,
    patron,
    rango,
    se_pide,
)

__all__ = [
    "EXTREMO_ENTERO",
    "TEXTO_CORTO",
    "TEXTO_LARGO",
    "ArchivoField",
    "BotonField",
    "BuscarField",
    "CasillaField",
    "CasillasField",
    "ConOmision",
    "CorreoField",
    "Cuando",
    "Derivado",
    "EnteroField",
    "ExigeSi",
    "FechaField",
    "HoraField",
    "ListaField",
    "NoFutura",
    "NumeroField",
    "Obligatorio",
    "OpcionField",
    "ParrafoField",
    "SiNoField",
    "TextoField",
    "Validadores",
    "con_omision",
    "con_su_nombre",
    "cuando",
    "derivado",
    "dia_escrito",
    "es_correo",
    "exige",
    "exige_si",
    "firmar_eleccion",
    "hasta",
    "largo",
    "leer_eleccion",
    "limpiar",
    "marcada",
    "opcional",
    "patron",
    "plano",
    "rango",
    "se_pide",
]
