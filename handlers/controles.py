"""Evidence of the conditions and controls of the procedure (sections 4 and 6)."""

import datetime as dt
from typing import Final

from engine import reads
from engine.types import Call, Data, Handlers
from handlers.correo import plantillas
from handlers.correo.avisos import al_equipo
from records.base.actos import acto_de
from records.base.datos import entero, instante, iso, texto
from records.contingencia import contingencia
from records.controles import accesos
from records.controles.accesos import Uso, Usos
from records.controles.reglas.accesos import (
    DESCONOCIDO,
    INGRESO,
    INGRESO_FALLIDO,
    INGRESO_FRENADO,
    Limites,
)
from records.correo import avisos
from records.informes import disponibilidad, fallas
from records.plazos.reglas.calendario import dia_local
from records.plazos.reglas.obligaciones import relevo_de_accesos, relevo_de_fallas


def register(handlers: Handlers) -> None:
    handlers.local["controles.incumple_4_2"] = incumple_4_2
    handlers.local["controles.determinar_fallas"] = determinar_fallas
    handlers.local["controles.tomar_accesos"] = tomar_accesos
    handlers.local["controles.avisar_contingencia"] = avisar_contingencia


def incumple_4_2(call: Call) -> None:
    """Condition 4.2: five business days have passed and the case was not escalated. Nothing is
    blocked; the row stays."""
    caso_id = entero(call.data, "caso_id")
    vencia = instante(call.data, "fecha_limite_escalar") or call.now
    avisos.registrar_incumplimiento(
        call.session, caso_id, condicion="4.2", vencia=vencia, now=call.now
    )


def determinar_fallas(call: Call) -> Data:
    """Control 6-5: the escalated cases that are not solved within their terms, as they stand this
    morning."""
    hecho = fallas.determinar(call.session, acto_de(call))
    return {
        "n_vencidos": hecho.cuantos,
        "reporte_fallas_id": hecho.id,
        "fecha_reemplazo": iso(relevo_de_fallas(hecho.dia)),
    }


SEMANA: Final = dt.timedelta(days=7)  #: of which the first review speaks


def tomar_accesos(call: Call) -> Data:
    """Control 6-1: every account as it stands this Monday; what failed is counted since the review
    before."""
    limites = Limites(
        **{
            n: max(1, entero(call.data, n))
            for n in ("dias_sin_ingreso", "dias_rol_sin_uso", "dias_clave", "intentos_fallidos")
        }
    )
    tomada = accesos.tomar(call.session, limites, _usos(call, limites), acto_de(call))
    return {
        "revision_accesos_id": tomada.id,
        "cuentas_con_motivo": tomada.con_motivo,
        "fecha_reemplazo": iso(relevo_de_accesos(dia_local(call.now))),
    }


def _usos(call: Call, limites: Limites) -> Usos:
    anterior = accesos.ultima(call.session)
    desde = anterior.tomada if anterior is not None else call.now - SEMANA
    entradas = reads.history.access_counts(
        call.session, (INGRESO, INGRESO_FALLIDO, INGRESO_FRENADO), desde, call.now
    )
    trabajo = reads.items.work_since(
        call.session, call.now - dt.timedelta(days=limites.dias_rol_sin_uso)
    )
    tienen = reads.items.held(call.session)
    hizo: dict[str, set[accesos.Papel]] = {}
    for quien, rol, lugar in trabajo.done:
        hizo.setdefault(quien, set()).add((rol, lugar))
    sujetos = {sujeto for _clase, sujeto in entradas}
    de_cuenta = {
        usuario: Uso(
            entradas.get((INGRESO, usuario), 0),
            entradas.get((INGRESO_FALLIDO, usuario), 0)
            + entradas.get((INGRESO_FRENADO, usuario), 0),
            tienen.get(usuario, 0),
            frozenset(hizo.get(usuario, ())),
        )
        for usuario in sujetos | set(tienen) | set(hizo)
    }
    desconocidos = sum(
        n for (_clase, sujeto), n in entradas.items() if sujeto.startswith(DESCONOCIDO)
    )
    return Usos(de_cuenta, trabajo.there_was, desconocidos)


def avisar_contingencia(call: Call) -> Data:
    """Control 6-6: the CRM does not answer, or did not: who must know is told, and the outage is
    kept."""
    desde, origen = instante(call.data, "caida_desde") or call.now, texto(call.data, "caida_origen")
    caida = disponibilidad.caer(
        call.session, desde, texto(call.data, "caida_causa"), origen, acto_de(call)
    )
    hasta, afuera = instante(call.data, "caida_hasta"), origen == disponibilidad.AFUERA
    for rol in contingencia.AVISADOS:
        for para in avisos.correos_de_rol(call.session, rol, call.now):
            with avisos.hablandole(call.session, para):
                carta = plantillas.contingencia(desde, hasta, afuera=afuera)
                al_equipo(
                    call,
                    carta.aviso(
                        f"crm:{caida.id}:{avisos.huella(para)}", "contingencia", para, None
                    ),
                    "/disponibilidad",
                )
    return {"caida_id": caida.id}
