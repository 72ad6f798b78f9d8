"""The dossier of the six controls for a month: as a file with every row, and as a document that
carries that file."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from flask_babel import gettext as _, ngettext
from sqlalchemy.orm import Session

from records.controles import controles
from records.controles.controles import Periodo
from records.controles.reglas.controles import CONTROLES
from webforms.base import formatos
from webforms.controles import evidencia
from webforms.controles.evidencia import Ficha
from webforms.documentos.pdf import HECHOS, Adjunto, Pedido
from webforms.documentos.planillas import BOM, en_planilla, linea
from webforms.evidencia import separacion
from webforms.informes.palabras_de_pdf import de_todos

PLANTILLA: Final = HECHOS / "controles.typ"
DE_UNA_FECHA: Final = 12  #: letters of a moment that is set in two lines
EN_EL_DOCUMENTO: Final = 60  #: exceptions of a control that the document lists; the file has all


# --- as a file ------------------------------------------------------------------------------------
def planilla(session: Session, p: Periodo) -> str:
    return BOM + "".join(linea(fila) for fila in _filas(session, p))


def _filas(session: Session, p: Periodo) -> Iterator[list[str]]:
    yield [
        _("Expediente de los controles de la sección 6, %(m)s", m=formatos.mes(p.desde)),
        en_planilla(p.now),
    ]
    for control in CONTROLES.values():
        yield []
        yield from _de_un_control(session, evidencia.ficha(session, control, p), p)
    yield []
    yield [
        _("Separación de funciones"),
        _("Dónde se declara"),
        _("Casos que tocó"),
        _("Violaciones"),
        _("Intentos rechazados"),
    ]
    for r in separacion.reglas(session):
        yield [r.nombre, r.donde, str(r.casos), str(r.violaciones), str(r.rechazados)]


def _de_un_control(session: Session, ficha: Ficha, p: Periodo) -> Iterator[list[str]]:
    control, r = ficha.control, ficha.resumen
    yield [f"{control.id} {_(control.nombre)}", ficha.estado[1]]
    yield from ([que, dicho] for que, dicho in _ficha(ficha))
    yield [_("Veces"), str(r.veces), _("Excepciones"), str(r.excepciones)]
    yield from ([_("Sin ejercer"), dia.isoformat()] for dia in r.faltan)
    if r.veces:
        yield [
            *(str(c) for c in evidencia.TABLAS[control.id].columnas),
            _("Resultado"),
            _("Expediente"),
        ]
        todas = controles.filas(session, control.id, p, tamano=0).filas
        for renglon in evidencia.renglones(
            session, control.id, todas, lambda c: en_planilla(c) if c is not None else ""
        ):
            yield [
                *renglon.celdas,
                evidencia.veredicto(control.id, renglon.fila)[1],
                renglon.fila.case_key,
            ]


def _ficha(ficha: Ficha) -> list[tuple[str, str]]:
    """In the words of section 6."""
    control = ficha.control
    return [
        (_("Actividad a controlar"), _(control.actividad)),
        (_("Cómo ejercer el control"), _(control.como)),
        (_("Evidencia del control"), _(control.evidencia)),
        (_("Responsable"), ", ".join([_(control.responsable), *ficha.responsables])),
        (_("Consulta"), ficha.consulta),
    ]


# --- as a document --------------------------------------------------------------------------------
def documento(session: Session, texto: str, p: Periodo, para: str) -> Pedido:
    """`texto`: the file that it carries; `para`: who asks for it."""
    huella, mes = hashlib.sha256(texto.encode()).hexdigest(), formatos.mes(p.desde)
    titulo = _("Expediente de los controles, %(m)s", m=mes)
    hasta = _("del %(a)s al %(b)s", a=formatos.fecha(p.desde), b=formatos.fecha(p.hasta))
    reglas = separacion.reglas(session)
    datos = {
        "titulo": titulo,
        "nombre": _("Expediente de los controles"),
        "encabezado": titulo,
        "subtitulo": mes.capitalize(),
        "autor": "Ventanilla",
        "descripcion": _("%(t)s. Datos adjuntos, sha256 %(h)s", t=titulo, h=huella),
        "de_que": _("Procedimiento M5-1-02, Atención personalizada, %(a)s", a=_("sección 6")),
        "version": formatos.momento(p.now),
        "pie_datos": _("Datos del archivo adjunto"),
        "pie_huella": _en_grupos(huella[:16], 4),
        "ficha": [
            (_("Periodo"), hasta, False),
            (_("Sacado por"), f"{para}, {formatos.momento(p.now)}", False),
            (_("Huella de los datos"), _en_grupos(huella, 8), True),
        ],
        "controles": [
            _en_el_documento(session, evidencia.ficha(session, c, p), p) for c in CONTROLES.values()
        ],
        "reglas": [
            [r.nombre, r.donde, *map(formatos.numero, (r.casos, r.violaciones, r.rechazados))]
            for r in reglas
        ],
        **de_todos(
            comprobar=_(
                "Cómo comprobar una hoja suelta: el pie de cada una dice los 16 primeros dígitos de la huella del archivo adjunto, que "
                "tiene cada fila; la huella completa está en esta página y en la cadena de accesos."
            )
        ),
    }
    adjunto = Adjunto(
        f"controles-{p.desde:%Y-%m}.csv",
        texto,
        _("Cada fila que prueba cada control, como hoja de datos"),
    )
    return Pedido(PLANTILLA, datos, p.now, adjunto)


def _en_el_documento(session: Session, ficha: Ficha, p: Periodo) -> dict[str, Any]:
    control, r = ficha.control, ficha.resumen
    malas = controles.filas(session, control.id, p, solo_excepciones=True, tamano=EN_EL_DOCUMENTO)
    renglones = evidencia.renglones(
        session, control.id, malas.filas, lambda c: formatos.momento(c) if c is not None else "—"
    )
    columnas = [str(c) for c in evidencia.TABLAS[control.id].columnas]
    dichas = [
        [*renglon.celdas, evidencia.veredicto(control.id, renglon.fila)[1]] for renglon in renglones
    ]
    faltan = ", ".join(formatos.fecha(d) for d in r.faltan)
    cifra = ngettext("%(num)s excepción", "%(num)s excepciones", r.excepciones)
    quedan = malas.total - len(malas.filas)
    return {
        "titulo": f"{control.id} {_(control.nombre)}",
        "ficha": [
            *_ficha(ficha),
            (_("Resultado"), ficha.estado[1]),
            (_("Cifra"), f"{cifra} {ficha.de_cuantas}"),
            *_ultima(r.ultima),
        ],
        "faltan": f"{_('Sin ejercer, aunque tocaba:')} {faltan}." if faltan else "",
        "columnas": columnas,
        "anchos": [
            ancho(celdas) for celdas in zip([*columnas, _("Resultado")], *dichas, strict=True)
        ],
        "filas": dichas,
        "quedan": _("Las otras %(n)s están en el archivo adjunto.", n=formatos.numero(quedan))
        if quedan
        else "",
    }


def ancho(celdas: Sequence[str]) -> float:
    """The share of the sheet that a column gets: no word of it is parted or runs into the next, and
    what is short leaves room."""
    palabra = max(len(p) for celda in celdas for p in celda.split() or [""])
    return max(palabra + 2.5, min(max(map(len, celdas)), DE_UNA_FECHA))


def _ultima(cuando: dt.datetime | None) -> list[tuple[str, str]]:
    return [
        (
            _("Última vez"),
            formatos.momento(cuando) if cuando is not None else _("Ninguna en este periodo"),
        )
    ]


def _en_grupos(huella: str, de: int) -> str:
    return " ".join(huella[n : n + de] for n in range(0, len(huella), de))
