"""The figures of a report as rows of data, alike in the file inside its PDF and in its workbook:
numbers as numbers of their unit, and what was said and decided of each."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records.informes import reportes
from records.informes.tablas import InformeMensual, MesCerrado
from webforms.informes.cifras import RATINGS, Corte, Fila, cuenta_en_unidad, en_unidad, filas
from webforms.informes.reporte import Hoja, hoja

Celda = str | int | float


def columnas() -> list[str]:
    return [
        _("Mes"),
        _("Versión de los datos"),
        _("De"),
        _("Código"),
        _("Indicador"),
        _("Fórmula"),
        _("Valor"),
        _("Unidad"),
        _("Numerador"),
        _("De cuántos"),
        _("Meta desde"),
        _("Meta hasta"),
        _("Cumple"),
        _("Mes anterior"),
        _("Hace un año"),
        _("Comentario"),
        _("Observación de la revisión"),
        _("Revisó"),
    ]


def renglones(version: MesCerrado, de: str, suyas: Iterable[Fila]) -> Iterator[list[Celda]]:
    """A row each, the ends of an interval in rows of their own; without what a review says."""
    for f in (x for fila in suyas for x in (fila, *fila.extremos)):
        i, tasada = f.indicador, f.indicador.id in RATINGS
        cuenta = (None, None) if f.oculta else cuenta_en_unidad(i, f.cifra)
        metas = (None if m is None else m * i.unidad.escala for m in i.meta)
        comparadas = (None if tasada else en_unidad(i, c) for c in (f.antes, f.hace_un_anio))
        juicio = {True: _("Sí"), False: _("No"), None: ""}[f.cumple]
        yield [
            f"{version.mes:%Y-%m}",
            version.version,
            de,
            i.id,
            _(i.nombre),
            _(i.formula),
            _celda(None if f.oculta else en_unidad(i, f.cifra)),
            _(i.unidad.nombre),
            *map(_celda, (*cuenta, *metas)),
            _("reservado") if f.oculta else juicio,
            *map(_celda, comparadas),
            f.porque,
            "",
            "",
        ]


def del_punto(h: Hoja) -> Iterator[list[Celda]]:
    """Those of the report of a point, with what its author and its reviewer said of each."""
    u = h.ultima
    quien = h.personas.get(u.revision.por, u.revision.por) if u and u.revision else ""
    for renglon in renglones(h.corte.version, h.punto, h.filas):
        codigo = str(renglon[3])
        comentario, observada = (
            (u.comentarios.get(codigo, ""), u.observaciones.get(codigo, ""))
            if u is not None
            else ("", "")
        )
        yield [*renglon[:-3], comentario or renglon[-3], observada, quien]


def del_informe(
    session: Session, version: MesCerrado, anexos: Sequence[Hoja]
) -> Iterator[list[Celda]]:
    """Of the entity, and of each point as its report says them."""
    yield from renglones(version, _("La entidad"), filas(session, Corte(version, "total", "")))
    for h in anexos:
        yield from del_punto(h)


def anexos(session: Session, version: MesCerrado, informe: InformeMensual | None) -> list[Hoja]:
    """The reports of points, as they were joined, or as they stand; by name."""
    hoy = reportes.situaciones(session, version.mes)
    suyas: list[tuple[str, int | None]] = [(s.punto_id, None) for s in hoy]
    if informe is not None:
        juntados = {r["punto"]: r["version"] for r in reportes.contenido(informe)["reportes"]}
        suyas = [(s.punto_id, juntados[s.punto_id]) for s in hoy if s.punto_id in juntados]
    dichas = (hoja(session, version.mes, punto, v) for punto, v in suyas)
    return [h for h in dichas if h is not None]


def _celda(valor: Fraction | None) -> Celda:
    return "" if valor is None else round(float(valor), 2)
