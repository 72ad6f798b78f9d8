"""Each business day: the tasks of the areas that nobody touches rise to who leads the area, who
gets one mail about all of them (Q27)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from engine import reads
from engine.reads.items import Touched
from engine.types import Call
from handlers.correo import plantillas
from handlers.correo.avisos import al_equipo
from records.base.datos import entero
from records.casos import quietud
from records.casos.quietud import NuevaQuieta, Tocada
from records.casos.reglas.notas import NOTA
from records.casos.reglas.quietud import dias_quieta
from records.correo import avisos
from records.cuentas import cuentas
from records.cuentas.ausencias import ausencias_hoy
from records.cuentas.reglas.roles import COORDINADOR, LIDER, repartidos
from records.plazos.reglas.calendario import dia_local, fin_del_dia, sumar_habiles


def sin_movimiento(call: Call) -> None:
    minimo = max(1, entero(call.data, "dias_sin_movimiento"))
    ultimo_dia = sumar_habiles(dia_local(call.now), -minimo)
    tocadas = reads.items.untouched(
        call.session, repartidos(LIDER), before=fin_del_dia(ultimo_dia), note_kind=NOTA
    )
    suben = quietud.elevar(call.session, list(_quietas(call, tocadas, minimo)), now=call.now)
    por_area = sorted(suben, key=lambda t: (t.area_id, t.desde, t.item_id))
    for area_id, tareas in groupby(por_area, key=lambda t: t.area_id):
        _escribir(call, area_id, list(tareas))


def _quietas(call: Call, tocadas: Sequence[Touched], minimo: int) -> Iterator[NuevaQuieta]:
    """Without those that rest on purpose: their holder put them off, or the person owes information
    and the clock stands still."""
    desde = quietud.quietas_desde(call.session, [Tocada(t.id, t.claimed_by, t.at) for t in tocadas])
    casos = quietud.casos_de(call.session, {t.case_key for t in tocadas})
    for t in tocadas:
        dias = dias_quieta(desde[t.id], call.now)
        caso = casos.get(t.case_key)
        if (
            t.scope is not None
            and dias >= minimo
            and not (caso is not None and caso.espera_a_la_persona)
        ):
            yield NuevaQuieta(
                t.id, t.case_key, t.scope, t.element, t.name, t.claimed_by, desde[t.id], dias
            )


def _escribir(call: Call, area_id: str, tareas: Sequence[NuevaQuieta]) -> None:
    casos = quietud.casos_de(call.session, {t.case_key for t in tareas})
    nombres = {
        c.usuario: c.nombre
        for c in cuentas.cuentas_llamadas(call.session, {t.tenia for t in tareas if t.tenia})
    }
    dichas = [
        plantillas.Quieta(
            radicado=casos[t.case_key].radicado if t.case_key in casos else "",
            tema=casos[t.case_key].subtema if t.case_key in casos else "",
            tarea=t.nombre,
            tiene=nombres.get(t.tenia, t.tenia) if t.tenia else "",
            desde=t.desde,
            dias=t.dias,
        )
        for t in tareas
    ]
    area, dia = avisos.nombre_de_area(call.session, area_id), dia_local(call.now).isoformat()
    for para in lideres(call, area_id):
        with avisos.hablandole(call.session, para):
            carta = plantillas.sin_movimiento(area, dichas)
            aviso = carta.aviso(
                f"sin_movimiento:{area_id}:{dia}:{avisos.huella(para)}",
                "sin_movimiento",
                para,
                None,
            )
            al_equipo(call, aviso, "/bandeja?termino=quieta")


def lideres(call: Call, area_id: str) -> list[str]:
    """Who leads the area, or who replaces them today; an area without such an account has the
    coordination, then its mailbox."""
    lideres = cuentas.cuentas_con_rol(call.session, LIDER, area_id, call.now)
    fuera = ausencias_hoy(call.session, [c.usuario for c in lideres], call.now)
    sustitutos = cuentas.cuentas_llamadas(call.session, {a.sustituto for a in fuera.values()})
    de_lideres = [c.correo for c in lideres if c.usuario not in fuera] + [
        c.correo for c in sustitutos
    ]
    coordinacion = avisos.correos_de_rol(call.session, COORDINADOR, call.now)
    return list(
        dict.fromkeys(de_lideres or coordinacion or avisos.correos_de_area(call.session, area_id))
    )
