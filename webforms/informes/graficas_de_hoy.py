"""Charts as SVG, made here: no library draws in the browser. Each has a table with the same figures
beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from markupsafe import Markup

from records.casos import abiertos
from webforms.base import formatos
from webforms.informes.cuadro import AreaVista, Cuadro

NOCHE, TINTA, LINEA, ROJO, BANDA, GRIS = (
    "#001c55",
    "#4a5160",
    "#d8dee8",
    "#a80521",
    "#e6edfa",
    "#6c757d",
)
#: Term → its words and how it is drawn: pattern as well as colour.
TERMINOS: Final[dict[str, Any]] = {
    abiertos.CON_TIEMPO: _l("Con tiempo"),
    abiertos.POR_VENCER: _l("Vence hoy o el próximo día hábil"),
    abiertos.PLAZO_INTERNO: _l("Pasó el plazo interno"),
    abiertos.FUERA: _l("Fuera de término legal"),
    abiertos.DETENIDO: _l("Espera a la persona"),
}
RELLENOS: Final = {
    abiertos.CON_TIEMPO: ("#9dbaec", "#3366cc"),
    abiertos.POR_VENCER: ("url(#r-pv)", "#8a6100"),
    abiertos.PLAZO_INTERNO: ("url(#r-pi)", ROJO),
    abiertos.FUERA: (ROJO, ROJO),
    abiertos.DETENIDO: ("#ffffff", "#6c757d"),
}
PATRONES: Final = Markup(
    '<defs><pattern id="r-pv" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#ffe083"/><rect width="2.5" height="6" fill="#8a6100"/></pattern>'
    '<pattern id="r-pi" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="#fff"/>'
    '<circle cx="2.5" cy="2.5" r="1.3" fill="#a80521"/></pattern></defs>'
)


#: The parts of a chart; what is filled in is escaped.
ABRE: Final = Markup('<svg class="grafica" viewBox="0 0 {} {}" role="img" aria-label="{}">')
CIERRA: Final = Markup("</svg>")
RAYA: Final = Markup(
    '<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="{}"/>'
)
LINEA_DE_PUNTOS: Final = Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="{}"/>')
CORTADA: Final = Markup(
    '<polyline points="{}" fill="none" stroke="{}" stroke-width="{}" stroke-dasharray="7 5"/>'
)
AREA: Final = Markup('<polygon points="{}" fill="{}"/>')
PUNTO: Final = Markup(
    '<circle cx="{:.1f}" cy="{:.1f}" r="{}" fill="{}" stroke="{}" stroke-width="{}"/>'
)
CAJA: Final = Markup('<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill="{}" stroke="{}"/>')
TEXTO: Final = Markup(
    '<text x="{:.1f}" y="{:.1f}" font-size="{}" text-anchor="{}" fill="{}" font-weight="{}"{}>{}</text>'
)
#: White around the letters of a figure: a line that passes below them is not read as one of them.
_CON_HALO: Final = Markup(
    ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
)
DE_LA_CLAVE: Final = Markup(
    '<svg width="16" height="12" aria-hidden="true" focusable="false">'
    '<rect x="1" y="1" width="14" height="10" fill="{}" stroke="{}"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Medidas:
    """Of a chart, in its own units: a wall needs larger letters in the same frame."""

    ancho: int
    alto: int
    letra: float
    grueso: float


EN_PAGINA: Final = Medidas(620, 250, 13, 2.5)
ENTERAS: Final = 10  #: from so many people on nobody needs a decimal
EN_EL_MURO: Final = Medidas(620, 380, 25, 5)


def _redondo(tope: int) -> int:
    """The next round figure: the axis ends there."""
    for paso in (4, 10, 20, 40, 50, 100, 200, 400, 500, 1000, 2000, 5000):
        if tope <= paso:
            return paso
    return -(-tope // 5000) * 5000


def llegadas(c: Cuadro, m: Medidas = EN_PAGINA) -> Markup:
    """Arrivals by the hour: today, what is usual as a dashed line with its band, and what comes
    with its range."""
    izquierda, arriba, abajo = m.letra * 3.2, m.letra * 1.6, m.letra * 2
    n = max(1, len(c.horas) - 1)
    tope = _redondo(max([h.hoy or 0 for h in c.horas] + [h.usual.maximo for h in c.horas] + [1]))

    def x(k: int) -> float:
        return izquierda + m.letra + k * (m.ancho - izquierda - 2 * m.letra) / n

    def y(valor: float) -> float:
        return arriba + (m.alto - arriba - abajo) * (1 - valor / tope)

    partes = [ABRE.format(m.ancho, m.alto, en_una_frase(c))]
    for valor in (0, tope // 2, tope):
        partes.append(RAYA.format(izquierda, y(valor), m.ancho, y(valor), LINEA, 1))
        partes.append(
            _texto(
                izquierda - m.letra * 0.4,
                y(valor) + m.letra * 0.35,
                formatos.numero(valor),
                m,
                ancla="end",
            )
        )
    usuales = [(k, h) for k, h in enumerate(c.horas) if h.usual.llegan is not None]
    if usuales:
        ida = [(x(k), y(h.usual.maximo)) for k, h in usuales]
        vuelta = [(x(k), y(h.usual.minimo)) for k, h in reversed(usuales)]
        partes.append(AREA.format(_puntos([*ida, *vuelta]), BANDA))
        partes.append(
            CORTADA.format(
                _puntos([(x(k), y(float(h.usual.llegan or 0))) for k, h in usuales]),
                GRIS,
                m.grueso * 0.7,
            )
        )
    hechas = [(k, h, h.hoy) for k, h in enumerate(c.horas) if h.hoy is not None]
    partes.append(
        LINEA_DE_PUNTOS.format(_puntos([(x(k), y(hoy)) for k, _h, hoy in hechas]), NOCHE, m.grueso)
    )
    partes += [
        PUNTO.format(x(k), y(hoy), m.grueso * 1.7, "#fff" if h.en_curso else NOCHE, NOCHE, 2)
        for k, h, hoy in hechas
    ]
    if hechas:
        k, _h, hoy = max(hechas, key=lambda tres: tres[2])
        partes.append(
            _texto(x(k), y(hoy) - m.letra * 0.7, formatos.numero(hoy), m, color=NOCHE, fuerte=True)
        )
    partes += _prevista(c, x, y, m)
    cada = 1 if len(c.horas) * m.letra * 2.6 < m.ancho else 2
    partes += [
        _texto(x(k), m.alto - m.letra * 0.5, str(h.franja), m)
        for k, h in enumerate(c.horas)
        if k % cada == 0
    ]
    return Markup("").join([*partes, CIERRA])


def _puntos(pares: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pares)


def _prevista(
    c: Cuadro, x: Callable[[int], float], y: Callable[[float], float], m: Medidas
) -> list[Markup]:
    k = next((k for k, h in enumerate(c.horas) if h.franja == c.proxima), None)
    p = c.prevision
    if k is None or p.llegan is None or not c.abiertos_despues:
        return []
    dicho = _("prevén %(n)s", n=cuantas(p.llegan))
    ancla, corre = ("start", m.letra) if k < len(c.horas) * 0.7 else ("end", -m.letra)
    return [
        RAYA.format(x(k), y(p.minimo), x(k), y(p.maximo), NOCHE, m.grueso),
        PUNTO.format(x(k), y(float(p.llegan)), m.grueso * 2, "#fff", NOCHE, m.grueso),
        _texto(
            x(k) + corre,
            y(p.maximo) - m.letra * 0.5,
            str(dicho),
            m,
            ancla=ancla,
            color=NOCHE,
            fuerte=True,
        ),
    ]


def _texto(
    x: float,
    y: float,
    texto: str,
    m: Medidas,
    *,
    ancla: str = "middle",
    color: str = TINTA,
    fuerte: bool = False,
) -> Markup:
    return TEXTO.format(
        x, y, m.letra, ancla, color, 600 if fuerte else 400, _CON_HALO if fuerte else "", texto
    )


def cuantas(llegan: Fraction) -> str:
    """Half a person is said as what the middle of two days is, while they are few."""
    return formatos.numero(float(llegan), 0 if llegan.denominator == 1 or llegan >= ENTERAS else 1)


def en_una_frase(c: Cuadro) -> str:
    """For who does not see it."""
    hoy = sum(h.hoy or 0 for h in c.horas)
    dicho = ngettext(
        "Llegadas por hora: hoy %(num)s persona.", "Llegadas por hora: hoy %(num)s personas.", hoy
    )
    if c.prevision.llegan is not None and c.abiertos_despues:
        dicho += " " + _(
            "Para las %(h)s se prevén %(n)s.", h=c.proxima, n=cuantas(c.prevision.llegan)
        )
    return f"{dicho} {_('La tabla tiene los mismos datos.')}"


RENGLON, BARRA, NOMBRE, LETRA, ANCHO, LETRAS = 26, 16, 205, 13, 620, 26
_CIFRAS = 110


def por_area(areas: Sequence[AreaVista]) -> Markup:
    """A bar for each area, of its open cases by term; what is out of term is told in red, with its
    mark."""
    tope = max((a.total for a in areas), default=1)
    alto = len(areas) * RENGLON + 6
    dicho = "; ".join(
        _(
            "%(a)s, %(n)s abiertos, %(f)s fuera",
            a=a.nombre,
            n=a.total,
            f=a.cuantos.get(abiertos.FUERA, 0),
        )
        for a in areas
    )
    titulo = _(
        "Casos abiertos por área y término: %(d)s. La tabla tiene los mismos datos.", d=dicho
    )
    m = Medidas(ANCHO, alto, LETRA, 1)
    partes = [ABRE.format(ANCHO, alto, titulo), PATRONES]
    for n, a in enumerate(areas):
        y = n * RENGLON + 6
        nombre = a.nombre if len(a.nombre) <= LETRAS else f"{a.nombre[: LETRAS - 1]}…"
        partes.append(_texto(NOMBRE - 8, y + BARRA - 3, nombre, m, ancla="end"))
        x = float(NOMBRE)
        for termino in abiertos.TERMINOS:
            ancho = (ANCHO - NOMBRE - _CIFRAS) * a.cuantos.get(termino, 0) / tope
            if ancho:
                partes.append(CAJA.format(x, y, ancho, BARRA, *RELLENOS[termino]))
            x += ancho
        fuera = a.cuantos.get(abiertos.FUERA, 0)
        cifra = f"{a.total} · {fuera} {_('fuera')} ▲" if fuera else str(a.total)
        partes.append(
            _texto(
                x + 7,
                y + BARRA - 3,
                cifra,
                m,
                ancla="start",
                color=ROJO if fuera else TINTA,
                fuerte=bool(fuera),
            )
        )
    return Markup("").join([*partes, CIERRA])


def muestra(termino: str) -> Markup:
    """A square of the key."""
    return DE_LA_CLAVE.format(*RELLENOS[termino])
