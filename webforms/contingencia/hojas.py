"""What a blank form shows: its number and QR, and the rows that its kind asks for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l

from records.base.reglas.documentos import TIPOS
from records.base.reglas.entidad import aqui
from records.contingencia.reglas.papel import CLASES, formar
from records.contingencia.tablas import LotePapel
from records.lugares.tablas import Punto
from webforms.base.formatos import fecha_larga
from webforms.base.idioma import idioma
from webforms.base.qr import codigo_qr
from webforms.base.rutas import enlace_publico
from webforms.campos.comunes import (
    AUTORIZACION_DATOS,
    CLASES_DE_CASO,
    MEDIOS_RESPUESTA,
    MOTIVOS_BAJA,
    MOTIVOS_VISITA,
    VALORES,
)
from webforms.contingencia.formularios import CALIDADES
from webforms.documentos.pdf import Pedido

PLANTILLA: Final = Path(__file__).parent / "pdf" / "formato.typ"
SI_NO: Final = (("si", _l("Sí")), ("no", _l("No: solo información general")))

#: What is written in a row beside a word, and how long the line for it is, in cm.
Hueco = tuple[Any, float]


@dataclass(frozen=True, slots=True)
class Renglon:
    """A row of the paper: what is asked, the boxes to tick, the lines to write on, small print; how
    high it is in cm.

    A row with neither boxes nor lines is for a sentence: it has a line to write on for each 8 mm.
    """

    que: Any
    opciones: tuple[Any, ...] = ()
    alto: float = 0.95
    huecos: tuple[Hueco, ...] = ()
    nota: Any = ""


def _renglon(
    que: Any, opciones: Any = (), alto: float = 0.95, *huecos: Hueco, nota: Any = ""
) -> Renglon:
    return Renglon(que, tuple(nombre for _valor, nombre in opciones), alto, huecos, nota)


DIA: Final[Hueco] = (_l("Día"), 3.4)
HORA: Final = 1.9
_NUMERO: Final[Hueco] = (_l("Número"), 7.0)
_HORAS = _renglon(
    _l("Cuándo se la atendió"), (), 0.95, DIA, (_l("Empezó"), HORA), (_l("Terminó"), HORA)
)
_LLEGADA = _renglon(
    _l("Cuándo llegó, y dónde"),
    (),
    0.95,
    (_l("Llegó"), HORA),
    (_l("Ficha"), 3.4),
    (_l("Módulo"), 1.4),
)
_PERSONA = (
    _renglon(_l("Nombre de la persona")),
    _renglon(_l("Tipo y número de documento"), [(k, k) for k in TIPOS], 1.6, _NUMERO),
)
_RESPUESTA = (
    _renglon(
        _l("¿Autoriza el tratamiento de sus datos? Léaselo"),
        (("si", _l("Sí")), ("no", _l("No"))),
        2.1,
        nota=AUTORIZACION_DATOS,
    ),
    _renglon(_l("Por dónde recibe la respuesta"), MEDIOS_RESPUESTA, 0.9),
    _renglon(_l("Correo, dirección o celular")),
)
#: The foot of the sheet, with the number: what the person takes away, or what is done with it.
PIES: Final[dict[str, Any]] = {
    "turno": _l(
        "Desprendible para la persona: es su ficha. Guárdela hasta que la llamen; si la atienden, va con el formato de su atención."
    ),
    "calificacion": _l("Deje este formato en la urna: quien la atendió no lo abre."),
}
PIE: Final = _l(
    "Desprendible para la persona: atendida en papel. Su radicado se lo da cualquier punto con este número cuando el formato esté "
    "digitado; los términos corren desde hoy."
)
RENGLONES: Final[dict[str, tuple[Renglon, ...]]] = {
    "atencion": (
        _HORAS,
        _LLEGADA,
        *_PERSONA,
        _renglon(_l("¿Exhibió el original?"), SI_NO, 0.85),
        _renglon(_l("Viene como"), CALIDADES, 1.35),
        _renglon(_l("Clase"), CLASES_DE_CASO, 0.85),
        _renglon(_l("Tema")),
        _renglon(_l("Qué pide, con sus palabras"), (), 2.05),
        _renglon(_l("Qué se le respondió, y de qué fuente y corte"), (), 2.05),
        _renglon(
            _l("Cómo sigue"), (("resuelto", _l("Resuelto")), ("escalar", _l("Se escala"))), 0.85
        ),
        *_RESPUESTA,
    ),
    "turno": (
        _renglon(_l("Cuándo llegó"), (), 1.3, DIA, (_l("Hora"), HORA)),
        _renglon(_l("A qué viene"), MOTIVOS_VISITA, 1.7),
        _renglon(_l("Atención preferencial"), (("si", _l("Sí")), ("no", _l("No"))), 1.3),
        _renglon(
            _l("Tipo y número de documento, si quiere darlo"), [(k, k) for k in TIPOS], 1.7, _NUMERO
        ),
        _renglon(
            _l("Cuándo se la llamó"),
            (),
            1.3,
            (_l("1.ª vez"), HORA),
            (_l("2.ª"), HORA),
            (_l("3.ª"), HORA),
        ),
        _renglon(
            _l("Qué pasó"),
            (
                ("a", _l("Fue atendida")),
                ("b", _l("Se fue sin ser atendida")),
                ("c", _l("No estaba cuando se la llamó")),
            ),
            2.3,
            (_l("Si fue atendida, número del formato"), 4.6),
        ),
        _renglon(_l("Cuándo se fue"), (), 1.3, (_l("Hora"), HORA)),
    ),
    "titularidad": (
        _HORAS,
        *_PERSONA,
        _renglon(_l("A qué viene"), MOTIVOS_VISITA, 1.3),
        _renglon(_l("Qué le faltó para probar quién es o por quién viene"), (), 4.1),
    ),
    "radicacion": (
        _HORAS,
        _LLEGADA,
        *_PERSONA,
        _renglon(_l("¿Exhibió el original?"), (("si", _l("Sí")), ("no", _l("No")))),
        _renglon(_l("Viene como"), CALIDADES, 1.3),
        _renglon(_l("Qué entrega y para qué"), (), 2.4),
        _renglon(_l("Documentos, y folios de cada uno"), (), 3.6),
        *_RESPUESTA,
    ),
    "calificacion": (
        _renglon(
            _l("Qué atención califica"),
            (),
            1.3,
            (_l("Número de su formato, que está en el desprendible"), 4.6),
        ),
        _renglon(_l("Cuándo la califica"), (), 1.3, DIA, (_l("Hora"), HORA)),
        _renglon(_l("¿Cómo califica la atención?"), VALORES, 1.6),
        _renglon(_l("Si no le gustó, qué fue"), MOTIVOS_BAJA, 2.2),
        _renglon(_l("Comentario"), (), 4.1),
    ),
}


def pedido(punto: Punto, lote: LotePapel) -> Pedido:
    """One sheet a number. Nothing of the document comes from a clock: printed again it is the
    same."""
    clase, impreso = CLASES[lote.clase], fecha_larga(lote.impreso)
    numeros = [formar(lote.punto_id, n) for n in range(lote.desde, lote.hasta + 1)]
    nombre = _(clase.nombre)
    titulo = _("%(c)s, %(a)s a %(b)s", c=nombre, a=numeros[0], b=numeros[-1])
    datos = {
        "titulo": titulo,
        "autor": "Ventanilla",
        "descripcion": f"{_('Papel de continuidad')}: {titulo}",
        "clase": nombre,
        "actividades": _(
            "Actividades %(a)s. Se llena a mano sin sistema y se digita el mismo día.",
            a=clase.actividades,
        ),
        "punto": punto.nombre,
        "entidad": aqui().nombre,
        "dependencia": aqui().dependencia,
        "impreso": _("Impreso el %(f)s", f=impreso),
        "renglones": [
            {
                "que": str(r.que),
                "opciones": [str(o) for o in r.opciones],
                "huecos": [
                    {
                        "que": str(que),
                        "largo": largo,
                        "hora": largo == HORA,
                        "dia": (que, largo) == DIA,
                    }
                    for que, largo in r.huecos
                ],
                "nota": str(r.nota),
                "alto": r.alto,
            }
            for r in RENGLONES[lote.clase]
        ],
        "firma_persona": lote.clase != "calificacion",
        "se_lleva": lote.clase != "calificacion",
        "pie": str(PIES.get(lote.clase, PIE)),
        "hojas": [{"numero": n, "qr": _qr(lote.punto_id, n)} for n in numeros],
        "idioma": idioma(),
        "dice": {
            "papel": _("Papel de continuidad"),
            "formato": _("Formato"),
            "alt": _("Código QR que abre la digitación del formato {n}"),
            "para_digitarlo": _("Para digitarlo"),
            "que": _("Qué"),
            "escriba": _("Escriba aquí"),
            "firma_de_quien_atendio": _("Firma y nombre de quien atendió"),
            "firma_si_quiere": _("Firma, si quiere"),
            "firma_de_la_persona": _("Firma de la persona. Recibí el desprendible"),
            "dia": _("Día"),
            "hora": _("Hora"),
        },
    }
    return Pedido(PLANTILLA, datos, lote.impreso)


def _qr(punto_id: str, numero: str) -> str:
    return str(
        codigo_qr(
            enlace_publico("papel.digitar", punto_id=punto_id, numero=numero.rpartition("-")[2])
        )
    )
