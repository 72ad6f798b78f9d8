"""The heat map: a diagram of the procedure with how often each activity was done, and where time
goes; waiting told apart from work."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.models import Drawing
from engine.types import ElementSpec
from records.informes.diario import Actividad
from webforms.base import formatos
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios
from webforms.tareas.elementos import numero_de_actividad, titulo_de_elemento

#: The diagrams that a case walks through.
MAPAS: Final[Mapping[str, Any]] = {
    "M5_1_02_atencion": _l("Atención en el punto"),
    "M5_1_02_escalonamiento": _l("Escalonamiento al área"),
    "M5_1_01_act13_15": _l("Respuesta a la persona"),
    "M5_1_02_sala": _l("Sala informativa"),
}
#: Mean waiting in seconds from which on → tone: none, minutes, hours, a working day, days.
TONOS: Final = (
    (86_400.0 * 2, "#7da3e4"),
    (86_400.0 / 3, "#9dbaec"),
    (3_600.0, "#c4d5f4"),
    (60.0, "#e6edfa"),
    (0.0, "#ffffff"),
)
PUNTA: Final = Markup(
    '<defs><marker id="punta" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0L10 5L0 10z" fill="#6c757d"/></marker></defs>'
)
#: The parts of the picture; what is filled in is escaped.
ABRE: Final = Markup(
    '<svg class="grafica" viewBox="{:.0f} {:.0f} {:.0f} {:.0f}" role="img" aria-label="{}">'
)
FLUJO: Final = Markup(
    '<polyline points="{}" fill="none" stroke="#8b95a3" stroke-width="2" marker-end="url(#punta)"/>'
)
EVENTO: Final = Markup(
    '<circle cx="{:.0f}" cy="{:.0f}" r="{:.0f}" fill="#fff" stroke="#8b95a3" stroke-width="2"/>'
)
COMPUERTA: Final = Markup('<polygon points="{}" fill="#fff" stroke="#8b95a3" stroke-width="2"/>')
CAJA: Final = Markup(
    '<rect x="{:.0f}" y="{:.0f}" width="{:.0f}" height="{:.0f}" rx="8" fill="{}" stroke="{}" stroke-width="{}" stroke-dasharray="{}"/>'
)
TEXTO: Final = Markup(
    '<text x="{:.0f}" y="{:.0f}" font-size="{}" text-anchor="middle" fill="{}" font-weight="{}">{}</text>'
)
GRUPO: Final = Markup("<g><title>{}</title>{}{}</g>")
TINTA, TINTA_2 = "#1b2430", "#4a5160"
UN_MINUTO, UNA_HORA, UN_DIA = 60, 3_600, 86_400
LLAMAR: Final = "act_5_2_2"  #: what is waited for in the queue
PROPIOS: Final = ("task", "userTask", "manualTask")


@dataclass(frozen=True, slots=True)
class Renglon:
    """An activity of the table beside the map."""

    elemento: str
    titulo: str
    veces: int
    espera_s: float | None  #: means; None: it was never done
    trabajo_s: float | None


@dataclass(frozen=True, slots=True)
class Mapa:
    proceso: str
    nombre: str
    svg: Markup
    renglones: Sequence[Renglon]

    @property
    def veces(self) -> int:
        return sum(r.veces for r in self.renglones)

    @property
    def peor(self) -> Renglon | None:
        return _peor(self.renglones)


def corta(segundos: float | None) -> str:
    """ "40 s", "12 min", "3,1 h", "2,1 d": what fits a box."""
    if segundos is None:
        return "–"
    if segundos < UN_MINUTO:
        return f"{round(segundos)} s"
    if segundos < UNA_HORA:
        return f"{round(segundos / UN_MINUTO)} min"
    if segundos < UN_DIA:
        return f"{formatos.numero(segundos / UNA_HORA, 1)} h"
    return f"{formatos.numero(segundos / UN_DIA, 1)} d"


def mapa(
    session: Session, proceso: str, sumas: Sequence[Actividad], fila: tuple[int, int]
) -> Mapa | None:
    """`fila`: turns that waited to be called and their seconds; that wait is before any task. None:
    the procedure is not in force."""
    catalog = servicios().engine.catalog
    release = reads.releases.current(session, catalog)
    procesos = reads.releases.processes(session, catalog, release) if release is not None else {}
    if release is None or proceso not in procesos:
        return None
    de = procesos[proceso]
    por_elemento = {a.elemento: a for a in sumas if a.proceso == proceso and a.veces}
    dibujo = _dibujo(reads.releases.files(session, catalog, release)[de.file])
    renglones = []
    for id_, spec in de.elements.items():
        if spec.type in PROPIOS and id_ in dibujo.shapes:
            a = por_elemento.get(id_)
            titulo = titulo_de_elemento(id_, spec.name)
            veces = a.veces if a is not None else 0
            espera = a.espera_s / a.veces if a is not None else None
            if id_ == LLAMAR and fila[0]:
                espera = fila[1] / fila[0]
            renglones.append(
                Renglon(
                    id_, titulo, veces, espera, a.trabajo_s / a.veces if a is not None else None
                )
            )
    return Mapa(
        proceso,
        str(MAPAS[proceso]),
        _svg(dibujo, de.elements, {r.elemento: r for r in renglones}),
        renglones,
    )


@lru_cache(maxsize=16)
def _dibujo(contenido: bytes) -> Drawing:
    """The same file is drawn for everybody who looks."""
    return reads.models.drawing(contenido)


def _svg(
    dibujo: Drawing, specs: Mapping[str, ElementSpec], renglones: Mapping[str, Renglon]
) -> Markup:
    cajas = {id_: _numeros(b[0]) for id_, b in dibujo.shapes.items() if b and id_ in specs}
    lineas = {id_: [_numeros(p) for p in puntos] for id_, puntos in dibujo.lines.items() if puntos}
    xs = [c[0] for c in cajas.values()] + [p[0] for ps in lineas.values() for p in ps]
    ys = [c[1] for c in cajas.values()] + [p[1] for ps in lineas.values() for p in ps]
    derecha = max([c[0] + c[2] for c in cajas.values()] + xs, default=0.0)
    abajo = max([c[1] + c[3] for c in cajas.values()] + ys, default=0.0)
    x0, y0 = min(xs, default=0.0) - 12, min(ys, default=0.0) - 12
    dicho = _(
        "Diagrama con las veces, el trabajo y la espera de cada actividad; la tabla tiene los mismos datos."
    )
    en_orden = sorted(cajas, key=lambda id_: (_altura(specs[id_].type), -cajas[id_][2]))
    marcos = [id_ for id_ in en_orden if _altura(specs[id_].type) == 0]
    partes = [ABRE.format(x0, y0, derecha - x0 + 12, abajo - y0 + 12, dicho), PUNTA]
    partes += [_caja(cajas[id_], specs[id_], None, es_peor=False) for id_ in marcos]
    partes += [
        FLUJO.format(" ".join(f"{p[0]:.0f},{p[1]:.0f}" for p in puntos))
        for puntos in lineas.values()
    ]
    peor = _peor(renglones.values())
    for id_ in en_orden[len(marcos) :]:
        partes.append(
            _caja(
                cajas[id_],
                specs[id_],
                renglones.get(id_),
                es_peor=peor is not None and peor.elemento == id_,
            )
        )
    return Markup("").join([*partes, Markup("</svg>")])


def _peor(renglones: Iterable[Renglon]) -> Renglon | None:
    """Where most time went by waiting, over all its times."""
    return max(
        (r for r in renglones if r.espera_s),
        key=lambda r: (r.espera_s or 0) * r.veces,
        default=None,
    )


def _numeros(texto: str) -> tuple[float, ...]:
    return tuple(float(n) for n in texto.split())


def _altura(tipo: str) -> int:
    """What lies below what: frames around others, events at the edge of a task, the tasks with
    their words."""
    return 0 if tipo == "subProcess" else 2 if "ask" in tipo or tipo == "callActivity" else 1


def _renglones(nombre: str, letras: int = 17, cuantos: int = 3) -> list[str]:
    """A name in lines that fit a box; the table has it whole."""
    lineas = textwrap.wrap(nombre, letras)
    return (
        lineas
        if len(lineas) <= cuantos
        else [*lineas[: cuantos - 1], f"{lineas[cuantos - 1][: letras - 1]}…"]
    )


def _caja(
    caja: tuple[float, ...], spec: ElementSpec, r: Renglon | None, *, es_peor: bool
) -> Markup:
    (x, y, ancho, alto), tipo = caja, spec.type
    medio_x, medio_y = x + ancho / 2, y + alto / 2
    if "Event" in tipo:
        return EVENTO.format(medio_x, medio_y, ancho / 2)
    if "Gateway" in tipo:
        rombo = f"{medio_x:.0f},{y:.0f} {x + ancho:.0f},{medio_y:.0f} {medio_x:.0f},{y + alto:.0f} {x:.0f},{medio_y:.0f}"
        return COMPUERTA.format(rombo)
    if r is None:
        nombre = _renglones(rotulo(spec.name)) if tipo != "subProcess" else []
        arriba = medio_y + 4 - (len(nombre) - 1) * 7.5
        marco = CAJA.format(x, y, ancho, alto, "#f5f7fb", "#b4bcc8", 1, "none")
        return Markup("").join(
            [
                marco,
                *(
                    TEXTO.format(medio_x, arriba + n * 15, 12.5, TINTA_2, 400, t)
                    for n, t in enumerate(nombre)
                ),
            ]
        )
    relleno = next(tono for desde, tono in TONOS if (r.espera_s or 0) >= desde)
    borde = ("#001c55", 4) if es_peor else (TINTA, 1.5)
    numero = numero_de_actividad(r.elemento)
    dichos = (
        [(numero, 19.0, 700)]
        if numero
        else [(linea, 13.0, 700) for linea in _renglones(r.titulo, cuantos=1 if r.veces else 2)]
    )
    if r.veces:
        dichos += [
            (_("%(n)s veces", n=formatos.numero(r.veces)), 15.0, 400),
            (_("trabajo %(t)s", t=corta(r.trabajo_s)), 15.0, 400),
            (_("espera %(t)s", t=corta(r.espera_s)), 15.0, 700 if es_peor else 400),
        ]
    else:
        dichos.append((_("ninguna vez"), 14.5, 400))
    marco = CAJA.format(x, y, ancho, alto, relleno, *borde, "none" if r.veces else "5 4")
    textos = [
        TEXTO.format(medio_x, y + 19 + n * 18, letra, TINTA, peso, t)
        for n, (t, letra, peso) in enumerate(dichos)
    ]
    return GRUPO.format(r.titulo, marco, Markup("").join(textos))
