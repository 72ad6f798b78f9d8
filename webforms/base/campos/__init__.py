"""Fields of our forms: what a person types, what a form shows again, and the JSON value that the engine stores. One door to all kinds."""

from webforms.base.campos.adjuntado import ArchivoField
from webforms.base.campos.busqueda import BuscarField
from webforms.base.campos.busqueda import plano
from webforms.base.campos.eleccion import firmar_eleccion
from webforms.base.campos.eleccion import leer_eleccion
from webforms.base.campos.fechas import FechaField
from webforms.base.campos.fechas import HoraField
from webforms.base.campos.fechas import dia_escrito
from webforms.base.campos.numeros import EXTREMO_ENTERO
from webforms.base.campos.numeros import EnteroField
from webforms.base.campos.numeros import NumeroField
from webforms.base.campos.opciones import BotonField
from webforms.base.campos.opciones import CasillaField
from webforms.base.campos.opciones import CasillasField
from webforms.base.campos.opciones import ListaField
from webforms.base.campos.opciones import OpcionField
from webforms.base.campos.opciones import SiNoField
from webforms.base.campos.textos import TEXTO_CORTO
from webforms.base.campos.textos import TEXTO_LARGO
from webforms.base.campos.textos import CorreoField
from webforms.base.campos.textos import ParrafoField
from webforms.base.campos.textos import TextoField
from webforms.base.campos.textos import limpiar
from webforms.base.campos.validadores import ConOmision
from webforms.base.campos.validadores import Cuando
from webforms.base.campos.validadores import Derivado
from webforms.base.campos.validadores import ExigeSi
from webforms.base.campos.validadores import NoFutura
from webforms.base.campos.validadores import Obligatorio
from webforms.base.campos.validadores import Validadores
from webforms.base.campos.validadores import con_omision
from webforms.base.campos.validadores import cuando
from webforms.base.campos.validadores import derivado
from webforms.base.campos.validadores import es_correo
from webforms.base.campos.validadores import exige
from webforms.base.campos.validadores import exige_si
from webforms.base.campos.validadores import hasta
from webforms.base.campos.validadores import largo
from webforms.base.campos.validadores import marcada
from webforms.base.campos.validadores import opcional
from webforms.base.campos.validadores import patron
from webforms.base.campos.validadores import rango
from webforms.base.campos.validadores import se_pide

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
