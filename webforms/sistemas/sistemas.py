"""How the systems around the desk are, live: in short for whoever attends, with times, breakers and
whom it affected for who may."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.cuentas.reglas.roles import Facultad
from records.sistemas import sistemas
from records.sistemas.reglas.sistemas import OPCIONALES, SISTEMAS
from records.sistemas.sistemas import Afectados, Situacion
from records.sistemas.tablas import SistemaSuceso
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.palabras import NOMBRES_DE_SISTEMAS, por_que_no
from webforms.base.quienes import PERSONA, VE_SISTEMAS
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario, actor_actual, puede
from webforms.base.servicios import servicios
from webforms.sistemas.sondeo import limite_de

rutas = Rutas()

CADA_MS: Final = 5_000
CON_AFECTADOS: Final = 3
#: State of a system → kind of badge, its word.
ESTADOS: Final[Mapping[str, tuple[str, Any]]] = {
    sistemas.RESPONDE: ("hecha", _l("Responde")),
    sistemas.LENTO: ("por-vencer", _l("Lento")),
    sistemas.CORTE_VIEJO: ("por-vencer", _l("Corte viejo")),
    sistemas.NO_RESPONDE: ("vencida", _l("No responde")),
    sistemas.NO_CONECTADO: ("pausa", _l("No conectado")),
    sistemas.SIN_REVISAR: ("borrador", _l("Sin revisar")),
}
#: State of a breaker → the same.
CIRCUITOS: Final[Mapping[str, tuple[str, Any]]] = {
    "cerrado": ("tranquila", _l("Cerrada")),
    "abierto": ("vencida", _l("Abierta")),
    "prueba": ("por-vencer", _l("A prueba")),
}
SUCESOS: Final[Mapping[str, Any]] = {
    sistemas.CAYO: _l("Dejó de responder."),
    sistemas.VOLVIO: _l("Volvió a responder."),
    sistemas.LIMITE: _l("Pasó su límite: se avisó a la coordinación y a los administradores."),
    sistemas.ABIERTO: _l("Falló varias veces seguidas: se deja de preguntar por unos segundos."),
    sistemas.CERRADO: _l("Contestó la pregunta de prueba: se le vuelve a preguntar."),
}
LEGADOS: Final = frozenset(s.codigo for s in SISTEMAS)


@dataclass(frozen=True, slots=True)
class Vista:
    """What the page shows; a mark of each part tells a browser whether it has it already."""

    now: dt.datetime
    limite: dt.timedelta
    filas: Sequence[Situacion]
    sucesos: Sequence[SistemaSuceso]
    afectados: Sequence[Afectados]

    @property
    def caidos(self) -> list[Situacion]:
        return [f for f in self.filas if f.estado == sistemas.NO_RESPONDE]

    @property
    def sin_revisar(self) -> bool:
        """No worker looks: nothing here is of now."""
        return all(f.estado == sistemas.SIN_REVISAR for f in self.filas)

    @property
    def con_falla(self) -> list[Situacion]:
        """What somebody who attends is to know; what is optional and nobody connected is not of
        it."""
        con = [f for f in self.filas if f.estado != sistemas.RESPONDE]
        return [f for f in con if f.estado != sistemas.NO_CONECTADO or f.sistema not in OPCIONALES]

    @property
    def responden(self) -> list[Situacion]:
        return [f for f in self.filas if f.estado == sistemas.RESPONDE]

    @property
    def nombres_de_los_que_responden(self) -> str:
        return ", ".join(str(NOMBRES_DE_SISTEMAS[f.sistema]) for f in self.responden)

    @property
    def huellas(self) -> dict[str, str]:
        """Without the instants of the looks: those change every minute and tell nothing."""
        dichas = [
            (
                f.sistema,
                f.estado,
                f.desde,
                f.circuito,
                f.tiempos,
                f.corte,
                f.nota,
                f.error_en,
                f.avisado,
                f.personas,
            )
            for f in self.filas
        ]
        partes = {
            "avisos": [(f.sistema, f.desde, f.avisado) for f in self.caidos],
            "tabla": dichas,
            "hoy": ([s.id for s in self.sucesos], self.afectados),
        }
        return {
            parte: hashlib.sha256(repr(datos).encode()).hexdigest()[:16]
            for parte, datos in partes.items()
        }

    @property
    def etiqueta(self) -> str:
        return "-".join(huella for _parte, huella in sorted(self.huellas.items()))


def _vista(session: Session, *, todo: bool) -> Vista:
    now = servicios().clock.now()
    filas = sistemas.situaciones(session, NOMBRES_DE_SISTEMAS, now)
    sin_dato = [f.sistema for f in filas if f.sistema in LEGADOS and f.personas]
    return Vista(
        now,
        limite_de(current_app),
        filas,
        sistemas.sucesos_de_hoy(session, now) if todo else (),
        [sistemas.afectados(session, codigo, now) for codigo in sin_dato[:CON_AFECTADOS]]
        if todo
        else (),
    )


def _plantilla(vista: Vista, *, todo: bool) -> dict[str, Any]:
    return {
        "v": vista,
        "se_ven": sistemas.SUCESOS,
        "caidos": vista.caidos,
        "sin_revisar": vista.sin_revisar,
        "con_falla": vista.con_falla,
        "responden": vista.responden,
        "los_que_responden": vista.nombres_de_los_que_responden,
        "todo": todo,
        "nombres": NOMBRES_DE_SISTEMAS,
        "estados": ESTADOS,
        "circuitos": CIRCUITOS,
        "sucesos": SUCESOS,
        "legados": LEGADOS,
        "por_que_no": por_que_no,
        "cada": CADA_MS,
        "incorporados": [
            NOMBRES_DE_SISTEMAS[c]
            for c, afuera in (("crm", servicios().crm), ("digiturno", servicios().turnos_afuera))
            if not afuera
        ],
    }


# Everybody sees whether they answer; the rest, who may (`todo`).
def los_ve(usuario: Usuario) -> bool:
    return usuario.puede(Facultad.VER_SISTEMAS)


@rutas.get(
    "/sistemas",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Si cada sistema de alrededor responde, y qué hacer mientras no."), ADMINISTRADOR
    ),
    menu=Entrada(Grupo.HOY, _l("Sistemas"), 11, hay=los_ve),
)
def estado() -> ResponseReturnValue:
    todo = puede(actor_actual(), Facultad.VER_SISTEMAS)
    with servicios().uow.reading() as session:
        vista = _vista(session, todo=todo)
        return render_template("sistemas/estado.html", **_plantilla(vista, todo=todo))


@rutas.get(
    "/sistemas/ahora",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Si cada sistema de alrededor responde, y qué hacer mientras no."), ADMINISTRADOR
    ),
)
def ahora() -> ResponseReturnValue:
    """What changes of the page, as it asks for it: an empty 304 while nothing did."""
    todo = puede(actor_actual(), Facultad.VER_SISTEMAS)
    with servicios().uow.reading() as session:
        vista = _vista(session, todo=todo)
        respuesta = make_response(
            render_template("sistemas/_partes.html", **_plantilla(vista, todo=todo))
        )
    respuesta.set_etag(vista.etiqueta)
    respuesta.headers["Cache-Control"] = "no-cache"
    return respuesta.make_conditional(request)


@rutas.post("/sistemas/probar", para=VE_SISTEMAS, haria=_l("Probar las conexiones de los sistemas"))
def probar() -> ResponseReturnValue:
    """A round at once instead of within the minute, by a worker: the web need not reach the systems
    around."""
    s = servicios()
    now = s.clock.now()
    s.engine.jobs.ask(
        sistemas.MIRAR, lambda _s: (f"sistemas-{now:%Y%m%d%H%M%S%f}", {}), queue="web"
    )
    flash(_("El trabajador los está mirando; lo que halle aparece aquí en unos segundos."), "verde")
    return redirect(url_for("sistemas.estado"))
