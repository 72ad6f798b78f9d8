"""The operation now, for who manages it: page, wall, a point with its advisers, and the lists
behind the figures. It only reads."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.casos import abiertos
from records.cuentas.reglas.roles import Facultad
from records.informes import ahora, diario
from records.informes.ahora import TurnoDeHoy
from records.informes.reglas import operacion
from records.informes.reglas.indicadores import POCOS
from records.lugares.puntos import areas, puntos
from records.plazos.reglas.calendario import dia_local, sumar_habiles
from records.visita.reglas.turnos import (
    ATENCION,
    AUSENTE,
    ESPERA,
    FUERA_DE_ORDEN,
    LLAMADO,
    NUEVO,
    PAUSA,
)
from webforms.base import formatos, palabras
from webforms.base.entrada import entero
from webforms.base.guias import COORDINADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import SUPERVISA, VE_OPERACION
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, donde_puede, puede
from webforms.base.servicios import servicios
from webforms.casos.a_cargo import areas_a_cargo
from webforms.informes import calor, graficas_de_hoy
from webforms.informes.calor import Mapa
from webforms.informes.cuadro import Cuadro, cuadro

rutas = Rutas()

CADA_MS: Final = 10_000
TODAS: Final = "todas"  #: the areas; without one is a case that is still at its point
POR_PAGINA: Final = 50
EN_EL_MURO: Final = 6
HABILES: Final = 20  #: business days that the heat map and an adviser's history look back
#: State of a point → its word.
ESTADOS: Final[dict[str, Any]] = {
    operacion.CRITICO: _l("Crítico"),
    operacion.BAJO: _l("Bajo lo usual"),
    operacion.RIESGO: _l("En riesgo"),
    operacion.NORMAL: _l("Normal"),
    operacion.CERRADO: _l("Cerrado"),
}
HACE: Final[dict[str, tuple[str, Any]]] = {
    ahora.ATIENDE: ("activa", _l("Atiende")),
    ahora.EN_PAUSA: ("pausa", _l("En pausa")),
    ahora.LIBRE: ("tranquila", _l("Sin turno")),
    ahora.AUSENTE: ("borrador", _l("Ausente")),
    ahora.SIN_EMPEZAR: ("borrador", _l("No ha llamado hoy")),
}
CUALES: Final[dict[str, Any]] = {
    ahora.TODOS: _l("Todos los de hoy"),
    ahora.ESPERAN: _l("Esperan"),
    ahora.TARDE: _l("Esperaron más de 15 min"),
    ahora.ABANDONARON: _l("Se fueron"),
    ahora.ANTES: _l("Llamados fuera de su orden"),
}


#: State of a turn that has not ended → what it does.
EN_CURSO: Final[dict[str, Any]] = {
    NUEVO: _l("Toma su turno"),
    ESPERA: _l("En la fila"),
    LLAMADO: _l("Llamado"),
    ATENCION: _l("En atención"),
    PAUSA: _l("En pausa"),
    AUSENTE: _l("No se presentó; puede volver"),
}


def visibles() -> tuple[str, ...] | None:
    """The points for which this person may see how the operation goes; None: all of them."""
    return donde_puede(actor_actual(), Facultad.VER_OPERACION)


def _solo(session: Session, codigo: str) -> str:
    """The name of a point that one may see; 404 for every other."""
    suyos = visibles()
    nombres = {p.codigo: p.nombre for p in puntos(session) if suyos is None or p.codigo in suyos}
    return nombres.get(codigo) or abort(404)


def _en_plantilla(c: Cuadro) -> dict[str, Any]:
    return {
        "c": c,
        "estados": ESTADOS,
        "hace": HACE,
        "terminos": graficas_de_hoy.TERMINOS,
        "muestra": graficas_de_hoy.muestra,
        "dia": formatos.nombre_de_dia(dia_local(c.ahora).weekday()),
        "pocos": POCOS,
        "bastan": operacion.BASTAN,
        "cada": CADA_MS,
        "hechos": ahora,
        "cuantas": graficas_de_hoy.cuantas,
    }


def _habiles(hoy: dt.date) -> list[dt.date]:
    return [sumar_habiles(hoy, -n) for n in range(1, HABILES + 1)]


@rutas.get(
    "/gerencia",
    para=VE_OPERACION,
    ayuda=Ayuda(_l("Cómo va hoy cada punto, al lado de lo usual."), COORDINADOR),
    menu=Entrada(Grupo.HOY, _l("Los puntos ahora"), 7),
)
def vivo() -> ResponseReturnValue:
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        c = cuadro(session, now, visibles())
        proceso = request.args.get("mapa", "")
        proceso = proceso if proceso in calor.MAPAS else next(iter(calor.MAPAS))
        dias = diario.resumidos(session, sumar_habiles(dia_local(now), -HABILES)) & set(
            _habiles(dia_local(now))
        )
        mapa = _mapa(session, proceso, sorted(dias)) if c.todos else None
    return render_template(
        "informes/hoy/vivo.html",
        **_en_plantilla(c),
        llegadas=graficas_de_hoy.llegadas(c),
        barras=graficas_de_hoy.por_area(c.areas),
        mapa=mapa,
        mapas=calor.MAPAS,
        corta=calor.corta,
        dias_del_mapa=len(dias),
        habiles=HABILES,
    )


def _mapa(session: Session, proceso: str, dias: Sequence[dt.date]) -> Mapa | None:
    return calor.mapa(
        session, proceso, diario.actividades(session, dias), diario.espera_en_la_fila(session, dias)
    )


@rutas.get(
    "/gerencia/ahora",
    para=VE_OPERACION,
    ayuda=Ayuda(_l("Cómo va hoy cada punto, al lado de lo usual."), COORDINADOR),
)
def parte_viva() -> ResponseReturnValue:
    """What changes of the page, as it asks for it: an empty 304 while nothing did."""
    with servicios().uow.reading() as session:
        c = cuadro(session, servicios().clock.now(), visibles())
    partes = render_template(
        "informes/hoy/_partes.html",
        **_en_plantilla(c),
        llegadas=graficas_de_hoy.llegadas(c),
        barras=graficas_de_hoy.por_area(c.areas),
    )
    return _con_etiqueta(partes, c)


@rutas.get(
    "/gerencia/muro",
    para=VE_OPERACION,
    ayuda=Ayuda(_l("Lo mismo de «Hoy», para una pantalla de pared."), COORDINADOR),
    menu=Entrada(Grupo.HOY, _l("Los puntos en una pantalla de pared")),
)
def muro() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        c = cuadro(session, servicios().clock.now(), visibles())
    return render_template("informes/hoy/muro.html", **_en_plantilla(c), **_del_muro(c))


@rutas.get(
    "/gerencia/muro/ahora",
    para=VE_OPERACION,
    ayuda=Ayuda(_l("Lo mismo de «Hoy», para una pantalla de pared."), COORDINADOR),
)
def parte_del_muro() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        c = cuadro(session, servicios().clock.now(), visibles())
    return _con_etiqueta(
        render_template("informes/hoy/_muro.html", **_en_plantilla(c), **_del_muro(c)), c
    )


def _del_muro(c: Cuadro) -> dict[str, Any]:
    return {
        "llegadas": graficas_de_hoy.llegadas(c, graficas_de_hoy.EN_EL_MURO),
        "primeros": c.puntos[:EN_EL_MURO],
    }


def _con_etiqueta(partes: str, c: Cuadro) -> ResponseReturnValue:
    respuesta = make_response(partes)
    respuesta.set_etag(c.etiqueta)
    respuesta.headers["Cache-Control"] = "no-cache"
    return respuesta.make_conditional(request)


# --- a point --------------------------------------------------------------------------------------
@rutas.get(
    "/gerencia/punto/<punto_id>",
    para=VE_OPERACION,
    ayuda=Ayuda(_l("Un punto, ahora: quién espera, quién atiende, qué se demora."), COORDINADOR),
)
def punto(punto_id: str) -> ResponseReturnValue:
    """Its figures, and each adviser beside their own last days, by name: nobody is ranked."""
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        _solo(session, punto_id)
        c = cuadro(session, now, (punto_id,))
        dias = diario.resumidos(session, sumar_habiles(dia_local(now), -HABILES)) & set(
            _habiles(dia_local(now))
        )
        return render_template(
            "informes/hoy/punto.html",
            **_en_plantilla(c),
            p=c.puntos[0],
            llegadas=graficas_de_hoy.llegadas(c),
            hoy_de=ahora.atendidos_hoy(session, now, punto_id),
            antes_de=diario.de_asesores(session, sorted(dias), punto_id),
            dias_de_historia=len(dias),
            habiles=HABILES,
            fuera_de_orden=ahora.llamados_antes(session, now, punto_id),
            por_que=FUERA_DE_ORDEN,
        )


# --- behind a figure ------------------------------------------------------------------------------
def _numero() -> int:
    return min(max(1, request.args.get("pagina", 1, type=entero) or 1), 10**6)


@rutas.get(
    "/gerencia/turnos",
    para=VE_OPERACION,
    ayuda=Ayuda(_l("Los turnos que hay detrás de una cifra."), COORDINADOR),
    menu=Entrada(Grupo.HOY, _l("Turnos de hoy")),
)
def turnos() -> ResponseReturnValue:
    """The turns of today that a figure counts: tickets, no names."""
    now, cual, cual_punto = (
        servicios().clock.now(),
        request.args.get("cual", ""),
        request.args.get("punto", ""),
    )
    cual = cual if cual in ahora.CUALES else ahora.TODOS
    with servicios().uow.reading() as session:
        suyos = visibles()
        if cual_punto:
            _solo(session, cual_punto)
        elif suyos is not None:
            abort(404)  # who sees some points asks for one of them
        pagina = ahora.turnos_de_hoy(
            session, now, cual_punto or None, cual, pagina=_numero(), tamano=POR_PAGINA
        )
        return render_template(
            "informes/hoy/turnos.html",
            pagina=pagina,
            cual=cual,
            cuales=CUALES,
            punto=cual_punto,
            nombres={p.codigo: p.nombre for p in puntos(session)},
            now=now,
            ve_casos=_ve_casos(),
            como_va=_como_va,
            por_que=FUERA_DE_ORDEN,
        )


def _como_va(t: TurnoDeHoy) -> str:
    """How it ended, or what it does."""
    if t.resultado:
        return str(palabras.RESULTADOS.get(t.resultado, t.resultado))
    return str(EN_CURSO.get(t.estado, t.estado))


@rutas.get(
    "/gerencia/casos",
    para=VE_OPERACION | SUPERVISA,
    ayuda=Ayuda(_l("Los casos que hay detrás de una cifra."), COORDINADOR),
    menu=Entrada(Grupo.CASOS, _l("Casos abiertos"), 8),
)
def casos() -> ResponseReturnValue:
    """The open cases that a figure counts, the one that was due first on top: no names. Whoever
    leads an area sees those of it."""
    now, pedida, termino = (
        servicios().clock.now(),
        request.args.get("area", TODAS),
        request.args.get("termino", ""),
    )
    area = None if pedida == TODAS else pedida
    terminos: Sequence[str] = (termino,) if termino in abiertos.TERMINOS else ()
    suyas = areas_a_cargo(actor_actual())
    if suyas == ():
        abort(404)
    with servicios().uow.reading() as session:
        nombres = {a.codigo: a.nombre for a in areas(session) if suyas is None or a.codigo in suyas}
        if suyas is None:
            nombres[""] = str(_("En los puntos"))
        if area is not None and area not in nombres:
            abort(404)
        pagina = abiertos.lista(
            session,
            now,
            areas=suyas if area is None else (area,),
            terminos=terminos,
            pagina=_numero(),
            tamano=POR_PAGINA,
        )
        return render_template(
            "informes/hoy/casos.html",
            pagina=pagina,
            area=area,
            areas=nombres,
            todas=TODAS,
            termino=terminos[0] if terminos else "",
            terminos=graficas_de_hoy.TERMINOS,
            puntos={p.codigo: p.nombre for p in puntos(session)},
            ve_casos=_ve_casos() or suyas is not None,
        )


def _ve_casos() -> bool:
    return puede(actor_actual(), Facultad.VER_TODO)
