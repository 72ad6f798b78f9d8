"""The monthly report as a workbook: figures as numbers that a spreadsheet sums, every text as text
(never a formula)."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from itertools import pairwise

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from records.informes import meses, reportes
from records.informes.tablas import InformeMensual, MesCerrado
from records.lugares.puntos import tipificaciones
from webforms.base import formatos
from webforms.base.palabras import de_catalogo
from webforms.base.personas import nombres_de
from webforms.informes.cifras import Corte, Fila, en_palabras, filas
from webforms.informes.datos import Celda, anexos, columnas, del_informe, del_punto
from webforms.informes.reporte import ESTADOS, Hoja, cambios, hoja

ANCHO_MAXIMO = 60  # characters of the widest column


def libro(
    session: Session, mes: dt.date, informe: InformeMensual | None, version: MesCerrado
) -> bytes:
    """Of the data that the report was made of; while it is not made, of the latest, and it says
    so."""
    archivo = io.BytesIO()
    nombre = formatos.mes(mes)
    with Workbook(
        archivo, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as libro_:
        libro_.set_properties(
            {
                "title": _("Informe mensual de %(m)s", m=nombre),
                "created": version.cerrado.replace(tzinfo=None),
            }
        )
        situaciones, tardes = reportes.situaciones(session, mes), reportes.tardes(session, mes)
        entidad = filas(session, Corte(version, "total", ""))
        personas = nombres_de(
            session,
            {s.reporte.autor for s in situaciones if s.reporte}
            | ({informe.por} if informe else set()),
        )
        _hoja(
            libro_,
            _("Informe"),
            [_("Qué"), _("Dato")],
            _portada(nombre, informe, version, personas, entidad),
        )
        de_puntos = anexos(session, version, informe)
        dichas = del_informe(session, version, de_puntos)
        _hoja(libro_, _("Indicadores"), columnas(), dichas)
        _hoja(
            libro_,
            _("Reportes"),
            [
                _("Punto"),
                _("Dónde está"),
                _("Versión"),
                _("Lo hizo"),
                _("Llegó tarde"),
                _("Comentarios"),
                _("Huella"),
            ],
            [
                [
                    s.nombre,
                    str(ESTADOS[s.estado][0]),
                    s.reporte.version if s.reporte else "",
                    personas.get(s.reporte.autor, s.reporte.autor) if s.reporte else "",
                    tardes.get(s.punto_id, ""),
                    s.reporte.comentarios if s.reporte else "",
                    s.reporte.huella if s.reporte else "",
                ]
                for s in situaciones
            ],
        )
        if cambiadas := _cambios(session, mes, situaciones):
            _hoja(libro_, _("Cambios"), _columnas_de_cambios(), cambiadas)
        _quejas(session, libro_, mes)
    return archivo.getvalue()


def libro_de_punto(session: Session, h: Hoja) -> bytes:
    """The report of a point, in the version that `h` is of: its figures, and what each version
    changed."""
    archivo, u = io.BytesIO(), h.ultima
    nombre, version = formatos.mes(h.mes), h.corte.version
    dichas: list[list[Celda]] = [
        [_("Punto"), h.punto],
        [_("Mes"), nombre],
        [
            _("Datos"),
            _(
                "versión %(v)s, cerrada el %(c)s",
                v=version.version,
                c=formatos.momento(version.cerrado),
            ),
        ],
        [_("Huella de los datos"), version.huella],
        [_("Lo que dicen los datos"), " ".join(h.frases)],
    ]
    if u is not None:
        quien = h.personas.get(u.reporte.autor, u.reporte.autor)
        dichas += [
            [_("Versión"), u.reporte.version],
            [_("Lo hizo"), f"{quien}, {formatos.momento(u.reporte.hecho)}"],
            [_("Llegó tarde"), h.tarde],
            [_("Comentarios"), u.reporte.comentarios],
            [_("Huella del reporte"), u.reporte.huella],
        ]
    with Workbook(
        archivo, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as libro_:
        titulo = _("Reporte mensual de %(p)s, %(m)s", p=h.punto, m=nombre)
        libro_.set_properties(
            {
                "title": titulo,
                "created": (u.reporte.hecho if u is not None else version.cerrado).replace(
                    tzinfo=None
                ),
            }
        )
        _hoja(libro_, _("Reporte"), [_("Qué"), _("Dato")], dichas)
        _hoja(libro_, _("Indicadores"), columnas(), del_punto(h))
        if cambiadas := _cambios_de(session, h):
            _hoja(libro_, _("Cambios"), _columnas_de_cambios(), cambiadas)
    return archivo.getvalue()


def _columnas_de_cambios() -> list[str]:
    return [
        _("Punto"),
        _("De la versión"),
        _("A la versión"),
        _("Qué"),
        _("Antes"),
        _("Ahora"),
        _("Por qué"),
    ]


def _portada(
    nombre: str,
    informe: InformeMensual | None,
    version: MesCerrado,
    personas: dict[str, str],
    entidad: Sequence[Fila],
) -> list[list[Celda]]:
    dichas: list[list[Celda]] = [
        [_("Mes"), nombre],
        [
            _("Datos"),
            _(
                "versión %(v)s, cerrada el %(c)s",
                v=version.version,
                c=formatos.momento(version.cerrado),
            ),
        ],
        [_("Huella de los datos"), version.huella],
        [_("Lo que dicen los datos"), " ".join(en_palabras(str(_("La entidad")), entidad))],
    ]
    if informe is None:
        return [*dichas, [_("Informe"), _("Sin consolidar: estas cifras son del mes cerrado.")]]
    return [
        *dichas,
        [
            _("Lo consolidó"),
            f"{personas.get(informe.por, informe.por)}, {formatos.momento(informe.hecho)}",
        ],
        [_("Conclusiones"), informe.conclusiones],
        [_("Huella del informe"), informe.huella],
    ]


def _cambios(
    session: Session, mes: dt.date, situaciones: Sequence[reportes.Situacion]
) -> list[list[Celda]]:
    """What each version of a report says otherwise than the one before it, as its page says it."""
    dichos: list[list[Celda]] = []
    for s in situaciones:
        h = (
            hoja(session, mes, s.punto_id)
            if s.reporte is not None and s.reporte.version > 1
            else None
        )
        dichos += _cambios_de(session, h) if h is not None else []
    return dichos


def _cambios_de(session: Session, h: Hoja) -> list[list[Celda]]:
    dichos: list[list[Celda]] = []
    for nueva, vieja in pairwise(h.rondas):
        de: list[Celda] = [h.punto, vieja.reporte.version, nueva.reporte.version]
        dichos += [
            [*de, c.que, c.antes, c.ahora, nueva.reporte.cambio]
            for c in cambios(session, vieja, nueva, h.punto_id)
        ]
    return dichos


def _quejas(session: Session, libro_: Workbook, mes: dt.date) -> None:
    """Section 7, row by row; nothing while it is not made."""
    informe = reportes.informe(session, mes, reportes.QUEJAS)
    if informe is None:
        return
    de = meses.de_id(session, informe.mes_id)
    temas = {
        t.codigo: de_catalogo(t.subtema)
        for t in tipificaciones(session, formatos.dia_local(de.cerrado))
    }
    lugares = {s.punto_id: s.nombre for s in reportes.situaciones(session, mes)}
    columnas = [
        _("Clase"),
        _("Tema"),
        _("Punto"),
        _("Recibidos"),
        _("Respondidos"),
        _("En término"),
    ]
    hechas = [
        [
            f["clase"].capitalize(),
            temas.get(f["tema"], f["tema"]),
            lugares.get(f["punto"], f["punto"]),
            f["recibidos"],
            f["respondidos"],
            f["a_tiempo"],
        ]
        for f in reportes.contenido(informe)["filas"]
    ]
    _hoja(libro_, _("Quejas y reclamos"), columnas, hechas)


def _hoja(
    libro_: Workbook, nombre: str, columnas: Sequence[str], renglones: Iterable[Sequence[Celda]]
) -> None:
    """A sheet whose head stays in sight and filters, each column as wide as what it says."""
    hoja: Worksheet = libro_.add_worksheet(nombre)
    cabeza, texto = (
        libro_.add_format({"bold": True, "bottom": 1}),
        libro_.add_format({"text_wrap": True, "valign": "top"}),
    )
    anchos = [len(c) for c in columnas]
    for n, columna in enumerate(columnas):
        hoja.write_string(0, n, columna, cabeza)
    ultima = 0
    for ultima, renglon in enumerate(renglones, start=1):
        for n, celda in enumerate(renglon):
            anchos[n] = max(anchos[n], min(ANCHO_MAXIMO, len(str(celda))))
            if celda == "":
                hoja.write_blank(ultima, n, None, texto)
            elif isinstance(celda, str):
                hoja.write_string(ultima, n, celda, texto)
            else:
                hoja.write_number(ultima, n, celda, texto)
    for n, ancho in enumerate(anchos):
        hoja.set_column(n, n, ancho + 2)
    hoja.freeze_panes(1, 0)
    if ultima:
        hoja.autofilter(0, 0, ultima, len(columnas) - 1)
