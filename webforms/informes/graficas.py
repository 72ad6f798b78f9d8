"""Charts of a closed month: a bar for each point, hour or month with its target, for pages and,
whole as SVG, for documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Final

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records.informes import meses
from records.informes.meses import Cifra
from records.informes.reglas.indicadores import INDICADORES, POCOS, Indicador
from records.informes.tablas import MesCerrado
from records.lugares.puntos import puntos
from webforms.base import auditoria, formatos
from webforms.informes.cifras import ESTIMADO, Corte, decir, decir_meta

#: Of these a bar for each point says more than a column of figures.
POR_PUNTO = ("I3", "I4")
POR_HORA = "I3"
#: Of a chart as SVG, in its own units.
ANCHO, CIFRAS, RENGLON, GRUESO, LETRA = 400, 64, 19, 12, 11
POR_LETRA = 0.56  #: of its height, what a letter of a name takes at most on average
NOMBRE_MAXIMO = 30  #: letters of a name; the table has it whole
#: Judged or not → fill and edge: the shape of the figure beside it says the same.
COLORES: Final = {
    True: ("#8fa9e6", "#3366cc"),
    False: ("#f3c3cb", "#a80521"),
    None: ("#ffffff", "#6c757d"),
}
TOPE = 0.985  #: the longest bar ends before its figure


@dataclass(frozen=True, slots=True)
class Barra:
    """A point, an hour, a week or a month in a chart: how long its bar is, between 0 and 1.
    `cumple` None: told and not judged. `detalle`: what the table says more of it.
    """

    punto: str
    dicho: str
    largo: float
    cumple: bool | None
    detalle: str = ""


@dataclass(frozen=True, slots=True)
class Grafica:
    """An indicator of each point, hour, week or month. `duda`: what is said where a bar is not
    judged."""

    titulo: str
    explica: str
    que: str  #: what each bar is of
    linea: float | None  #: where the target stands
    barras: Sequence[Barra]
    duda: str

    @property
    def encabezado(self) -> str:
        """Where the same indicator has more than one chart."""
        return str(_("%(t)s, por %(q)s", t=self.titulo, q=self.que.lower()))


def graficas(session: Session, version: MesCerrado) -> list[Grafica]:
    """Of the entity: a bar for each point, the worst first; quality by week."""
    nombres = {p.codigo: p.nombre for p in puntos(session)}
    de_puntos = meses.cifras(session, version.id, "punto", None)
    hechas = []
    for id_ in POR_PUNTO:
        i = INDICADORES[id_]
        signo = 1 if i.meta[0] is not None else -1
        suyas = [
            (nombres.get(c.clave, c.clave), c)
            for c in de_puntos
            if c.indicador == id_ and c.valor is not None
        ]
        suyas.sort(key=lambda par: (signo * (par[1].valor or 0), par[0]))
        explica = _(
            "Por punto, el que peor está primero. Meta: %(m)s, la línea cortada. Triángulo: no cumple.",
            m=decir_meta(i),
        )
        hechas.append(_de_barras(i, str(_("Punto")), str(explica), suyas))
    return [*hechas, *_calidad(session, version)]


def graficas_de_un_punto(session: Session, corte: Corte) -> list[Grafica]:
    """Its service level hour by hour, and its figures month by month up to this one; where there is
    nothing to compare, none."""
    de_este = {
        c.indicador: c for c in meses.cifras(session, corte.version.id, "punto", corte.clave)
    }
    historia = {
        **meses.tendencia(session, corte.version.mes, "punto", corte.clave),
        corte.version.mes: de_este,
    }
    de_horas = [
        (f"{c.clave}:00", c) for c in meses.por_hora(session, corte.version, corte.clave, POR_HORA)
    ]
    como = _(
        "Por hora de llegada. Meta: %(m)s, la línea cortada. Triángulo: no cumple.",
        m=decir_meta(INDICADORES[POR_HORA]),
    )
    hechas = [_de_barras(INDICADORES[POR_HORA], str(_("Hora")), str(como), de_horas)]
    for id_ in POR_PUNTO:
        de_meses = [
            (formatos.mes(mes), suyas[id_])
            for mes, suyas in sorted(historia.items())
            if id_ in suyas
        ]
        como = _(
            "Mes a mes, hasta este. Meta: %(m)s, la línea cortada. Triángulo: no cumple.",
            m=decir_meta(INDICADORES[id_]),
        )
        hechas.append(_de_barras(INDICADORES[id_], str(_("Mes")), str(como), de_meses))
    return [g for g in hechas if len(g.barras) > 1]


def _de_barras(i: Indicador, que: str, explica: str, suyas: Sequence[tuple[str, Cifra]]) -> Grafica:
    """Of those that have a value; what few turns say is not judged."""
    valores = [(nombre, c, c.valor) for nombre, c in suyas if c.valor is not None]
    minimo, maximo = i.meta
    tope = max(
        [v for _nombre, _c, v in valores]
        + [m for m in i.meta if m is not None]
        + [Fraction(1, 100)]
    )
    meta = minimo if minimo is not None else maximo
    barras = [
        Barra(nombre, decir(i, c), float(v / tope), i.cumple(v) if c.n >= POCOS else None)
        for nombre, c, v in valores
    ]
    linea = float(meta / tope) if meta is not None else None
    return Grafica(f"{_(i.nombre)} ({i.id})", explica, que, linea, barras, str(_("Muy pocos")))


def _calidad(session: Session, version: MesCerrado) -> list[Grafica]:
    """I14 by week; each judged by its interval. None where no audit left in the month."""
    i, meta = INDICADORES[ESTIMADO], INDICADORES[ESTIMADO].meta[0] or Fraction(0)
    barras = []
    for semana, e in meses.calidad_por_semana(session, version):
        media = formatos.numero(e.media or 0, 1)
        entre = (
            _("de %(a)s a %(b)s", a=formatos.numero(e.desde, 1), b=formatos.numero(e.hasta, 1))
            if e.desde and e.hasta
            else ""
        )
        detalle = f"{media} ({entre}; {e.n} F189)" if entre else f"{media} ({e.n} F189)"
        seguro = (
            {e.desde >= meta, e.hasta >= meta}
            if e.desde is not None and e.hasta is not None
            else {True, False}
        )
        cumple = seguro.pop() if len(seguro) == 1 else None
        barras.append(
            Barra(
                str(_("Semana %(s)s", s=auditoria.semana(semana))),
                media,
                (e.media or 0) / 100,
                cumple,
                detalle,
            )
        )
    if not barras:
        return []
    explica = _(
        "Por semana, de las auditorías remitidas en el mes. Meta: %(m)s, la línea cortada; la tabla dice el intervalo al 90 %% y de "
        "cuántos F189. Los hallazgos van al Comité de Calidad, aparte de este informe (4.6).",
        m=decir_meta(i),
    )
    return [
        Grafica(
            f"{_(i.nombre)} ({ESTIMADO})",
            str(explica),
            str(_("Semana")),
            float(meta) / 100,
            barras,
            str(_("No concluye")),
        )
    ]


def svg(barras: Sequence[Barra], linea: float | None) -> str:
    """Whole, with its words and colours: it stands on paper, too. Who does not see it has the table
    beside it.

    Without a target nothing is judged: then a bar is a bar.
    """
    nombres = [
        b.punto if len(b.punto) <= NOMBRE_MAXIMO else f"{b.punto[: NOMBRE_MAXIMO - 1]}…"
        for b in barras
    ]
    margen = 10 + max((len(n) for n in nombres), default=0) * LETRA * POR_LETRA
    campo, alto = (ANCHO - margen - CIFRAS) * TOPE, len(barras) * RENGLON + 4
    partes = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ANCHO} {alto}" font-family="Work Sans" font-size="{LETRA}">'
    ]
    for n, b in enumerate(barras):
        relleno, borde = COLORES[b.cumple if linea is not None else True]
        partes.append(
            f'<rect x="{margen:.1f}" y="{n * RENGLON + 5}" width="{max(b.largo * campo, 1):.1f}" height="{GRUESO}" '
            f'fill="{relleno}" stroke="{borde}"/>'
        )
    if linea is not None:
        meta = f"{margen + linea * campo:.1f}"
        partes.append(
            f'<line x1="{meta}" x2="{meta}" y1="0" y2="{alto}" stroke="#1b2430" stroke-dasharray="4 3"/>'
        )
    for n, (b, nombre) in enumerate(zip(barras, nombres, strict=True)):
        x, y, falla = margen + b.largo * campo + 5, n * RENGLON + 5 + GRUESO - 2, b.cumple is False
        dicho, tinta = (
            escape(b.dicho),
            'fill="#a80521" font-weight="600"' if falla else 'fill="#1b2430"',
        )
        partes += [  # white behind the figure: the line is not read as a letter
            f'<text x="{margen - 6:.1f}" y="{y}" text-anchor="end" fill="#1b2430">{escape(nombre)}</text>',
            f'<text x="{x:.1f}" y="{y}" fill="#ffffff" stroke="#ffffff" stroke-width="3">{dicho}</text>',
            f'<text x="{x:.1f}" y="{y}" {tinta}>{dicho}</text>',
            *([_triangulo(x + len(b.dicho) * LETRA * POR_LETRA + 4, y)] if falla else []),
        ]
    return "".join([*partes, "</svg>"])


def _triangulo(x: float, y: int) -> str:
    """Drawn: our letters have no such sign, and where one is missing on paper the whole figure is
    set in another face."""
    return f'<polygon points="{x:.1f},{y} {x + 6:.1f},{y} {x + 3:.1f},{y - 6}" fill="#a80521"/>'


def en_una_frase(g: Grafica) -> str:
    """For who does not see it: how many meet it, the ends, and that the table has the rest."""
    cumplen, fallan = (sum(b.cumple is x for b in g.barras) for x in (True, False))
    partes = {"t": g.titulo, "q": g.que.lower(), "a": cumplen, "b": fallan, "c": len(g.barras)}
    dichas = _("%(t)s por %(q)s: %(a)s cumplen, %(b)s no, de %(c)s.", **partes)
    if not g.barras:
        return str(dichas)
    primera, ultima = g.barras[0], g.barras[-1]
    extremos = _(
        "De %(p)s (%(v)s) a %(u)s (%(w)s).",
        p=primera.punto,
        v=primera.dicho,
        u=ultima.punto,
        w=ultima.dicho,
    )
    return f"{dichas} {extremos} {_('La tabla de al lado tiene los mismos datos.')}"
