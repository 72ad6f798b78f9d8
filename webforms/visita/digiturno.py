"""Digiturno: who gives the numbers at each point, how other turn systems are, and what they said
that somebody has to look at."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.errors import Conflict, InstanceNotActive
from engine.types import Writing
from records.base.actos import Acto
from records.base.errores import DatoInvalido, NoExiste
from records.cuentas.cuentas import cuentas_con_rol
from records.cuentas.reglas.roles import ASESOR
from records.lugares.puntos import puntos
from records.lugares.tablas import Punto
from records.visita import digiturno
from records.visita.digiturno import Cola, Resuelto
from records.visita.puertos import TurnosAfuera
from records.visita.reglas.digiturno import ARCHIVO, MANUAL, PROPIO, Clase, Motivo
from records.visita.reglas.turnos import ESPERA
from records.visita.tablas import DigiturnoEvento, DigiturnoModo, DigiturnoSistema, Turno
from webforms.base.guias import COORDINADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.palabras import por_que_no
from webforms.base.personas import nombre_de
from webforms.base.quienes import COORDINA_TURNOS
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.visita import turnos_afuera

rutas = Rutas()

LISTADOS: Final = 100
ULTIMOS: Final = 30
CAMBIOS: Final = 20
LARGO_NOTA: Final = 300

CLASES: Final[Mapping[str, Any]] = {
    Clase.EMITIDO: _l("Tomó ficha"),
    Clase.LLAMADO: _l("Llamado"),
    Clase.AUSENTE: _l("No se presentó"),
    Clase.REINGRESO: _l("Volvió"),
    Clase.RETIRADO: _l("Se retiró"),
    Clase.INICIADO: _l("Empezó la atención"),
    Clase.FINALIZADO: _l("Terminó la atención"),
    Clase.CALIFICADO: _l("Calificó"),
}
MOTIVOS: Final[Mapping[str, Any]] = {
    Motivo.YA_ESTABA: _l("Aquí ya estaba así"),
    Motivo.TARDE: _l("Llegó tarde: después pasó otra cosa"),
    Motivo.SIGUE_AQUI: _l("La atención sigue en el módulo: termina con el procedimiento"),
    Motivo.SIN_EMITIR: _l("Nadie avisó que esa ficha se entregó"),
    Motivo.SIN_LLAMADO: _l("El turno no está llamado"),
    Motivo.SIN_PREGUNTA: _l("La calificación todavía no se ha pedido"),
    Motivo.MODULO_OCUPADO: _l("En ese módulo hay otra persona"),
    Motivo.PUNTO_DESCONOCIDO: _l(
        "No se sabe cuál es ese punto: quien instala lo dice en la configuración"
    ),
    Motivo.FUTURO: _l("La hora está en el futuro: revise el reloj del sistema"),
    Motivo.OTRO_DIA: _l("Es de otro día"),
    Motivo.CONTRADICE: _l("Contradice lo que consta aquí"),
    Motivo.YA_SALIO: _l("Ese turno ya terminó"),
    Motivo.TERMINADO_ALLA: _l("Allá terminó y aquí sigue sin atender"),
    Motivo.SIN_ASESOR: _l("No se sabe qué asesor está en ese módulo"),
    Motivo.SIN_ATENCION: _l("Calificó un turno que nadie atendió"),
    Motivo.DOCUMENTO_ABIERTO: _l("Ese documento ya tiene un turno abierto hoy"),
    Motivo.MES_CERRADO: _l("El mes ya está cerrado"),
    Motivo.CERRADO_HOY: _l("El punto está cerrado"),
    Motivo.NO_SE_PUDO: _l("Algo falló al aplicarlo: avise a quien administra"),
}
ESTADOS: Final[Mapping[str, tuple[str, Any]]] = {
    digiturno.NUEVO: ("activa", _l("Por aplicar")),
    digiturno.EN_ESPERA: ("por-vencer", _l("Espera")),
    digiturno.APLICADO: ("hecha", _l("Aplicado")),
    digiturno.SIN_EFECTO: ("tranquila", _l("Sin efecto")),
    digiturno.LISTADO: ("vencida", _l("Por revisar")),
    digiturno.DESCARTADO: ("borrador", _l("Descartado")),
}
MEDIOS: Final[Mapping[str, Any]] = {
    "consulta": _l("HTTP: avisa cada evento y se le pregunta por los que faltan"),
    "vista": _l("Una vista de su base de datos"),
    "archivo": _l("Un archivo cada noche"),
}


@dataclass(frozen=True, slots=True)
class Aviso:
    """An event as the page shows it."""

    fila: DigiturnoEvento
    sistema: str
    punto: str
    ficha: str
    retirable: bool
    #: who may have attended there, where the system did not say it
    asesores: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DeSistema:
    sistema: TurnosAfuera
    fila: DigiturnoSistema | None
    cola: Cola


@dataclass(frozen=True, slots=True)
class DePunto:
    """A point: who gives its numbers since when and why, who waits with whose number, what it may
    be changed to."""

    punto: Punto
    modo: str
    cambio: DigiturnoModo | None
    quien: str
    esperan: int
    con_numero_de: Sequence[tuple[str, int]]
    otros: Sequence[tuple[str, str]]


def _nombre_de_modo(modo: str) -> str:
    if modo == PROPIO:
        return str(_("Ventanilla (quiosco y asesores)"))
    if modo == MANUAL:
        return str(_("Fichas de papel"))
    sistema = turnos_afuera.sistema_de_turnos(modo)
    return sistema.nombre if sistema is not None else modo


def _permitidos(punto_id: str) -> list[str]:
    """A point has its own numbers, paper, or the system that names it, unless that one tells them
    at night only."""
    suyos = [
        s.codigo
        for s in servicios().turnos_afuera
        if punto_id in s.puntos.values() and s.medio != ARCHIVO
    ]
    return [*suyos, PROPIO, MANUAL]


def _avisos(session: Session, filas: Sequence[DigiturnoEvento]) -> list[Aviso]:
    nombres = {
        p.codigo: p.nombre
        for p in session.scalars(
            sa.select(Punto).where(Punto.codigo.in_({f.punto_id for f in filas if f.punto_id}))
        )
    }
    de_turnos = {f.turno_id for f in filas if f.turno_id}
    turnos = {t.id: t for t in session.scalars(sa.select(Turno).where(Turno.id.in_(de_turnos)))}
    avisos = []
    for fila in filas:
        turno = turnos.get(fila.turno_id or 0)
        retirable = fila.clase == Clase.FINALIZADO and turno is not None and turno.estado == ESPERA
        punto = nombres.get(fila.punto_id or "", fila.punto)
        ficha = (turno.ficha if turno is not None else None) or str(
            fila.datos.get("numero") or fila.ticket
        )
        sin_asesor = fila.motivo == Motivo.SIN_ASESOR and fila.punto_id is not None
        gente = cuentas_con_rol(session, ASESOR, fila.punto_id, fila.cuando) if sin_asesor else ()
        asesores = [(cuenta.usuario, cuenta.nombre) for cuenta in gente]
        avisos.append(Aviso(fila, _nombre_de_modo(fila.sistema), punto, ficha, retirable, asesores))
    return avisos


def _de_punto(
    session: Session, punto: Punto, cambio: DigiturnoModo | None, now: dt.datetime
) -> DePunto:
    modo = cambio.modo if cambio is not None else PROPIO
    esperan = digiturno.con_turnos_de(session, punto.codigo, now)
    con_numero = [
        (_nombre_de_modo(codigo) if codigo else str(_("Ventanilla")), n)
        for codigo, n in sorted(esperan.items())
    ]
    return DePunto(
        punto,
        modo,
        cambio,
        nombre_de(session, cambio.quien) if cambio is not None else "",
        sum(esperan.values()),
        con_numero,
        [
            (codigo, _nombre_de_modo(codigo))
            for codigo in _permitidos(punto.codigo)
            if codigo != modo
        ],
    )


@rutas.get(
    "/digiturno",
    para=COORDINA_TURNOS,
    ayuda=Ayuda(
        _l("Quién da los números en cada punto, y lo que el otro sistema dijo y hay que mirar."),
        COORDINADOR,
    ),
    menu=Entrada(Grupo.AJUSTES, _l("Digiturno"), 4),
)
def estado() -> ResponseReturnValue:
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        modos = digiturno.modos(session)
        con_sistema = {p for a in s.turnos_afuera for p in a.puntos.values()}
        de_puntos = sorted(
            puntos(session),
            key=lambda p: (p.codigo not in con_sistema and p.codigo not in modos, p.nombre),
        )
        nombres = {p.codigo: p.nombre for p in de_puntos}
        listados, ultimos = (
            digiturno.listados(session, LISTADOS),
            digiturno.ultimos(session, ULTIMOS),
        )
        return render_template(
            "visita/digiturno.html",
            sistemas=[
                DeSistema(
                    a,
                    digiturno.sistema_de_o_nada(session, a.codigo),
                    digiturno.cola(session, a.codigo, now),
                )
                for a in s.turnos_afuera
            ],
            de_puntos=[_de_punto(session, p, modos.get(p.codigo), now) for p in de_puntos],
            listados=_avisos(session, listados),
            cuantos=digiturno.cuantos_listados(session),
            ultimos=_avisos(session, ultimos),
            cambios=[
                (c, nombres[c.punto_id], nombre_de(session, c.quien))
                for c in digiturno.cambios(session, CAMBIOS)
            ],
            nombre_de_modo=_nombre_de_modo,
            clases=CLASES,
            motivos=MOTIVOS,
            estados=ESTADOS,
            medios=MEDIOS,
            largo_nota=LARGO_NOTA,
            por_que_no=por_que_no,
        )


@rutas.post(
    "/digiturno/puntos/<punto_id>",
    para=COORDINA_TURNOS,
    haria=_l("Cambiar quién da los números en un punto"),
)
def cambiar_modo(punto_id: str) -> ResponseReturnValue:
    """Who waits goes on waiting, whoever gave the number."""
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    nuevo, razon = request.form.get("modo", ""), str(limpiar(request.form.get("razon", "")) or "")
    try:
        fila = s.uow.run(
            lambda session: digiturno.cambiar_modo(
                session, punto_id, nuevo, razon, acto, _permitidos(punto_id)
            )
        )
    except (DatoInvalido, NoExiste) as error:
        flash(str(error), "rojo")
    else:
        flash(
            _(
                "Desde ahora los números los da: %(m)s. Quien ya espera conserva su ficha y su lugar.",
                m=_nombre_de_modo(fila.modo),
            ),
            "verde",
        )
    return redirect(url_for("digiturno.estado"))


@rutas.post(
    "/digiturno/avisos/<int:evento_id>",
    para=COORDINA_TURNOS,
    haria=_l("Resolver un aviso del sistema de turnos"),
)
def resolver(evento_id: int) -> ResponseReturnValue:
    """Tried again, put aside with a note, or the turn taken out of the queue."""
    hacer = request.form.get("hacer", "")
    nota = str(limpiar(request.form.get("nota", "")) or "")[:LARGO_NOTA]
    try:
        if hacer == "intentar":
            dicho = _intentar(evento_id, request.form.get("asesor", ""))
        elif hacer == "descartar":
            dicho = _descartar(evento_id, nota)
        elif hacer == "retirar":
            dicho = _retirar(evento_id, nota)
        else:
            dicho = ""
    except (NoExiste, DatoInvalido) as error:
        flash(str(error), "rojo")
    except (Conflict, InstanceNotActive):
        flash(_("Ese turno ya no espera."), "ambar")
    else:
        flash(dicho or _("Elija qué hacer con el aviso."), "verde" if dicho else "rojo")
    return redirect(url_for("digiturno.estado"))


def _intentar(evento_id: int, asesor: str) -> str:
    """`asesor`: whom the coordinator names for a desk of which the system did not say whose it
    is."""
    s, now = servicios(), servicios().clock.now()

    def otra_vez(session: Session) -> None:
        fila = digiturno.listado(session, evento_id)
        if asesor and fila.motivo == Motivo.SIN_ASESOR:
            digiturno.atendia(session, fila, asesor)
        sistema = turnos_afuera.sistema_de_turnos(fila.sistema)
        digiturno.otra_vez(
            session, evento_id, now, sistema.puntos.get(fila.punto) if sistema is not None else None
        )

    s.uow.run(otra_vez)
    return str(_("Se intenta otra vez enseguida. Si no se puede, vuelve a esta lista."))


def _descartar(evento_id: int, nota: str) -> str:
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    if not nota:
        raise DatoInvalido(_("Escriba por qué se descarta: queda con el aviso."))

    def descartar(session: Session) -> None:
        fila = digiturno.listado(session, evento_id)
        digiturno.decidido(
            session, evento_id, Resuelto(digiturno.DESCARTADO, fila.motivo, nota=nota), acto
        )

    s.uow.run(descartar)
    return str(_("Quedó descartado. Aquí no cambia nada."))


def _retirar(evento_id: int, nota: str) -> str:
    """Of one that ended there and still waits here: the person has gone."""
    s = servicios()
    now, actor = s.clock.now(), actor_actual()
    with s.uow.reading() as session:
        fila = digiturno.listado(session, evento_id)
        turno = session.get(Turno, fila.turno_id) if fila.turno_id else None
    if turno is None or fila.clase != Clase.FINALIZADO:
        raise DatoInvalido(_("Ese aviso no es de un turno que se pueda retirar."))
    hecho = Resuelto(digiturno.APLICADO, fila.motivo, turno.id, nota)

    def anotar(w: Writing) -> None:
        digiturno.decidido(w.session, evento_id, hecho, Acto(actor.id, w.now))

    razon = nota or "Terminó en el sistema de turnos"
    s.engine.messages.correlate(
        "TurnoRetirado", str(turno.id), {}, actor=actor, now=now, records=anotar, reason=razon
    )
    return str(_("%(f)s salió de la fila.", f=turno.ficha or ""))
