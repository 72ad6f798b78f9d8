"""«Estado»: what the product does in the background, and what it needs of whoever administers."""

import datetime as dt
import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.sistemas import operacion, sistemas
from records.sistemas.operacion import Correos
from records.sistemas.puertos import Causa, Salud
from records.sistemas.sistemas import Situacion
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.palabras import NOMBRES_DE_SISTEMAS
from webforms.base.quienes import ADMINISTRA
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.operacion import blindaje, instalacion
from webforms.operacion.instalacion import Lectura, Punto
from webforms.operacion.novedades import FONDO
from webforms.sistemas.sistemas import ESTADOS

rutas = Rutas()

CADA_MS: Final = 30_000
#: How a part is → kind of badge, its word.
COMO: Final[Mapping[str, tuple[str, Any]]] = {
    "bien": ("hecha", _l("Bien")),
    "aviso": ("por-vencer", _l("Mírelo")),
    "falla": ("vencida", _l("Falla")),
}
#: Where one goes on from there.
VER: Final[Mapping[str, tuple[str, Any]]] = {
    "incidentes": ("incidentes.lista", _l("Ver incidentes")),
    "correo": ("correos.lista", _l("Ver correos")),
    "procedimientos": ("procesos.lista", _l("Ver procesos")),
}
PROGRAMAS: Final = ("Flask", "SQLAlchemy", "SpiffWorkflow", "dbos", "waitress")


@dataclass(frozen=True, slots=True)
class Vista:
    """What the page shows."""

    lectura: Lectura
    puntos: Mapping[str, Punto]
    desde: Mapping[str, dt.datetime]  #: what is noted → since when
    sistemas: Sequence[Situacion]
    correos: Correos

    @property
    def avisos(self) -> list[Punto]:
        """The gravest first, then in the order in which they were looked at."""
        return sorted(
            (p for p in self.puntos.values() if p.como != "bien"), key=lambda p: p.como != "falla"
        )

    @property
    def huellas(self) -> dict[str, str]:
        """Of the parts of the page: a browser draws only what changed."""
        partes = {
            "avisos": self.avisos,
            "cifras": (self.puntos, self.lectura.cifras, self.lectura.procesos, self.correos),
        }
        return {
            parte: hashlib.sha256(repr(datos).encode()).hexdigest()[:16]
            for parte, datos in partes.items()
        }

    @property
    def etiqueta(self) -> str:
        return "-".join(huella for _parte, huella in sorted(self.huellas.items()))


def _vista(session: Session) -> Vista:
    now = servicios().clock.now()
    lectura, vecinos = (
        instalacion.leer(session, now),
        sistemas.situaciones(session, NOMBRES_DE_SISTEMAS, now),
    )
    puntos = [revisar(lectura) for revisar in instalacion.DE_LA_BASE]
    puntos += [
        *instalacion.base(),
        instalacion.migraciones(),
        _correo(vecinos),
        *instalacion.del_lugar(now),
        *blindaje.puntos(),
    ]
    abiertos = operacion.abiertos(session)
    desde = {a.codigo.partition(":")[0]: a.desde for a in reversed(abiertos)}
    puntos += [
        Punto("fondo", _("Trabajo de fondo"), "aviso", a.dice, a.hacer)
        for a in abiertos
        if a.codigo.startswith(FONDO)
    ]
    return Vista(
        lectura, {p.codigo: p for p in puntos}, desde, vecinos, operacion.correos(session, now)
    )


def _correo(vecinos: Sequence[Situacion]) -> Punto:
    """As the worker's last look found it: a page does not wait for a mail server."""
    suyo = next(v for v in vecinos if v.sistema == "correo")
    if suyo.estado == sistemas.SIN_REVISAR:
        return Punto("correo", _("Correo"), "bien", _("Nadie lo ha mirado en los últimos minutos."))
    bien = suyo.estado in (sistemas.RESPONDE, sistemas.LENTO)
    return instalacion.correo(
        Salud(
            "correo",
            "responde" if bien else "no_responde",
            "cerrado",
            suyo.tiempos.mediana or 0,
            suyo.error,
            _causa(suyo),
        )
    )


def _causa(suyo: Situacion) -> Causa | None:
    return Causa(suyo.causa) if suyo.causa in set(Causa) else None


def _plantilla(vista: Vista) -> dict[str, Any]:
    return {
        "v": vista,
        "p": vista.puntos,
        "cifras": vista.lectura.cifras,
        "como": COMO,
        "ver": VER,
        "estados": ESTADOS,
        "nombres": NOMBRES_DE_SISTEMAS,
        "lapso": instalacion.lapso,
        "cada": CADA_MS,
        "programas": [f"{nombre} {version(nombre)}" for nombre in PROGRAMAS],
        "python": platform.python_version(),
    }


@rutas.get(
    "/estado",
    para=ADMINISTRA,
    ayuda=Ayuda(_l("Cómo está esta instalación y qué le pide."), ADMINISTRADOR),
    menu=Entrada(Grupo.HOY, _l("Estado"), 10),
)
def pagina() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        return render_template("operacion/estado/pagina.html", **_plantilla(_vista(session)))


@rutas.get("/estado/ahora", para=ADMINISTRA)
def ahora() -> ResponseReturnValue:
    """What changes of the page, as it asks for it: an empty 304 while nothing did."""
    with servicios().uow.reading() as session:
        vista = _vista(session)
        respuesta = make_response(
            render_template("operacion/estado/_partes.html", **_plantilla(vista))
        )
    respuesta.set_etag(vista.etiqueta)
    respuesta.headers["Cache-Control"] = "no-cache"
    return respuesta.make_conditional(request)


@rutas.get("/estado/informe", para=ADMINISTRA)
def informe() -> ResponseReturnValue:
    """For whoever helps from afar: how each part is, and versions. Nobody's data."""
    with servicios().uow.reading() as session:
        vista = _vista(session)
    lineas = [
        f"Ventanilla, {vista.lectura.now:%Y-%m-%d %H:%M:%S} UTC",
        f"Python {platform.python_version()}",
    ]
    lineas += [f"{nombre} {version(nombre)}" for nombre in PROGRAMAS]
    lineas += [
        f"{p.como.upper():6} {p.nombre}: {p.dice}{' -> ' if p.hacer else ''}{p.hacer}"
        for p in vista.puntos.values()
    ]
    lineas += [
        _(
            "%(c)s, desde %(d)s, visto %(v)s",
            c=f"{p.clase} {p.proceso}",
            d=f"{p.empezo:%Y-%m-%d %H:%M:%S}",
            v=f"{p.visto:%H:%M:%S}",
        )
        for p in vista.lectura.procesos
    ]
    lineas += [
        _("cola %(c)s: %(n)s", c=f"{cola or '-'} {como}", n=n)
        for (cola, como), n in sorted(vista.lectura.cifras.jobs.items())
    ]
    lineas += [
        _(
            "sistema %(s)s: %(e)s, mediana %(m)s, p95 %(p)s",
            s=s.sistema,
            e=s.estado,
            m=s.tiempos.mediana,
            p=s.tiempos.p95,
        )
        for s in vista.sistemas
    ]
    nombre = f"ventanilla-{vista.lectura.now:%Y%m%dT%H%M%S}.txt"
    return (
        "\n".join(lineas) + "\n",
        200,
        {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Disposition": f"attachment; filename={nombre}",
        },
    )
