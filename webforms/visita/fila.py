"""The queue of the point between two attentions: who is next and why, who is absent, what else is
this adviser's. Live."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.types import WorkItem
from records.contingencia import papel
from records.correo import correos
from records.escritos.escritos import Entregada
from records.lugares import puntos
from records.sistemas.legado import SinRespuesta, sin_respuesta
from records.sistemas.reglas.sistemas import SISTEMAS
from records.visita import atenciones, calificaciones, filas
from records.visita.filas import Ausente, EnFila, Reingreso, ResumenFila
from webforms.base.guias import ASESOR, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.quienes import ATIENDE
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos.comunes import MOTIVOS_VISITA
from webforms.casos.detenidos import Detenido, detenidos
from webforms.visita import cierre, curso, llegadas
from webforms.visita.cierre import Cierre
from webforms.visita.contexto import entregas_de_hoy
from webforms.visita.curso import Pendientes
from webforms.visita.puesto import Puesto, puesto_actual

rutas = Rutas()

MOTIVOS = dict(MOTIVOS_VISITA)
NOMBRES_DE_SISTEMAS = {s.codigo: s.nombre for s in SISTEMAS}
A_LA_VISTA = 8  # turns that the table shows before "Ver los otros"


@dataclass(frozen=True, slots=True)
class Viva:
    """The parts of the page that change by themselves."""

    modulo: str | None
    fila: tuple[EnFila, ...]
    resumen: ResumenFila
    modulos: int
    hoy: atenciones.DelDia
    ausentes: tuple[Ausente, ...]
    reingresos: tuple[Reingreso, ...]
    vuelven: tuple[tuple[WorkItem, str], ...]
    pendientes: Pendientes
    entregas: tuple[Entregada, ...]
    sin_respuesta: tuple[SinRespuesta, ...]
    cierre: Cierre | None

    @property
    def sigue(self) -> EnFila | None:
        """Whom "Llamar siguiente" calls to this desk: who was handed to another is left to that
        one."""
        return next((f for f in self.fila if f.reservado in (None, self.modulo)), None)

    @property
    def huellas(self) -> Mapping[str, str]:
        """A mark of each part: a browser that has it keeps what it shows, with the focus where it
        is."""
        ids = [[i.id for i in t] for t in (self.pendientes.suyas, self.pendientes.del_punto)]
        mas = [[i.id for i, _ in t] for t in (self.pendientes.por_continuar, self.vuelven)]
        partes = {
            "sigue": self.sigue,
            "tira": (self.resumen, self.modulos, self.hoy),
            "tabla": (self.fila, self.sigue),
            "lado": (ids, mas, self.ausentes, self.reingresos, self.sin_respuesta),
            "entregas": self.entregas,
            "cierre": self.cierre,
        }
        return {
            parte: hashlib.sha256(repr(datos).encode()).hexdigest()[:16]
            for parte, datos in partes.items()
        }

    @property
    def etiqueta(self) -> str:
        return "-".join(huella for _parte, huella in sorted(self.huellas.items()))


def viva(session: Session, puesto: Puesto, now: dt.datetime) -> Viva:
    codigo = puesto.punto.codigo
    return Viva(
        modulo=puesto.modulo,
        fila=tuple(filas.fila(session, codigo, now)),
        resumen=filas.resumen(session, codigo, now),
        modulos=len(puntos.modulos(session, codigo)),
        hoy=atenciones.del_dia(session, actor_actual().id, now),
        ausentes=tuple(filas.ausentes(session, codigo, now)),
        reingresos=tuple(filas.reingresos(session, codigo, now)),
        vuelven=tuple(_vuelven(session)),
        pendientes=curso.pendientes(session, codigo),
        entregas=tuple(entregas_de_hoy(session)),
        sin_respuesta=tuple(sin_respuesta(session, now)),
        cierre=cierre.ultimo(session, codigo),
    )


def _detenidos(session: Session, case_key: str) -> list[Detenido]:
    """What the visit waits for; a mail that did not leave holds up nobody."""
    return [d for d in detenidos(session, case_key) if not d.de_fondo]


def hoja(session: Session, puesto: Puesto) -> Hoja:
    now = servicios().clock.now()
    turno = atenciones.en_curso(session, actor_actual().id)
    mes, propias = calificaciones.propias(session, actor_actual().id, now)
    return Hoja(
        "visita/fila.html",
        {
            "puesto": puesto,
            "modulos": puntos.modulos(session, puesto.punto.codigo),
            "sistemas": NOMBRES_DE_SISTEMAS,
            "viva": viva(session, puesto, now),
            "motivos": MOTIVOS,
            "a_la_vista": A_LA_VISTA,
            "propias": propias,
            "mes_propias": mes,
            "abierto": puntos.esta_abierto(puesto.punto, now),
            "en_papel": papel.caida_abierta(session, puesto.punto.codigo),
            "por_digitar": papel.cuantos_usados(session, puesto.punto.codigo),
            "devueltos": correos.devueltos_de(session, actor_actual().id),
            "turno": turno,
            "llave": secrets.token_urlsafe(12),
            "detenidos": _detenidos(session, turno.case_key)
            if turno is not None and turno.case_key
            else [],
        },
    )


@rutas.get("/atencion/fila", para=ATIENDE, ayuda=Ayuda(_l("La fila de su punto, ahora."), ASESOR))
def parte_viva() -> ResponseReturnValue:
    """What changes of the queue, as the board asks for it: an empty 304 while nothing did, 204 once
    somebody is at the desk."""
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        puesto = puesto_actual(session)
        ocupado = curso.ocupado(session, puesto)
        vista = None if ocupado else viva(session, puesto, now)
    if vista is None:
        return "", 204
    partes = render_template(
        "visita/_fila_viva.html",
        viva=vista,
        motivos=MOTIVOS,
        sistemas=NOMBRES_DE_SISTEMAS,
        a_la_vista=A_LA_VISTA,
    )
    respuesta = make_response(partes)
    # of what is told, not of the page: its forms carry a token of their own each time
    respuesta.set_etag(vista.etiqueta)
    respuesta.headers["Cache-Control"] = "no-store"
    return respuesta.make_conditional(request)


def _vuelven(session: Session) -> list[tuple[WorkItem, str]]:
    """Visits that wait for their power of attorney today (Q6), with the ticket that they had."""
    abiertas = reads.items.inbox(
        session,
        actor_actual(),
        InboxFilter(process=llegadas.PROCESO, element=llegadas.PRIMERA),
        limit=None,
    )
    return [(i, str(i.data.get("ficha") or "")) for i in abiertas]
