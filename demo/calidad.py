"""The second half in the demo: the reports of a closed month are made, two come back once, all are
approved and joined (5.2.23–5.2.26), delivered and certified (5.2.32); each business day the report
of overdue cases is reviewed (control 6-5), each week who enters (control 6-1)."""

import datetime as dt
import itertools
import random
import tempfile
from contextlib import suppress
from pathlib import Path

from sqlalchemy.orm import Session

from demo import textos
from demo.agenda import dias_habiles
from demo.cuentas import SIN_INGRESAR, todas
from demo.escalamiento import laboral
from demo.mundo import Historia, Mundo
from engine.errors import NotAllowed
from engine.states import ActorKind
from engine.types import Actor, Data, Value, Writing
from records.base.actos import acto_de
from records.base.datos import entero, texto
from records.controles import accesos
from records.controles.reglas.accesos import (
    CONSERVAR,
    FALLIDOS,
    INGRESO,
    INGRESO_FALLIDO,
    PREGUNTAR,
)
from records.informes import disponibilidad, meses, reportes
from records.interventoria import interventoria
from records.plazos.reglas.calendario import dia_local, instante
from records.plazos.reglas.obligaciones import limite_de_reportes
from webforms.informes.cifras import Corte, filas
from webforms.sistemas.vigilancia import Marca, Vigia

SE_CIERRA = dt.time(6, 0)  # the month, on the first
SE_HACE = dt.time(7, 30)  # the report of overdue cases
MIRA = dt.time(9, 5)
DEVUELTOS, TARDIOS = 2, 2  # reports that come back once, and of a bad month those that come late
#: Business days until the reports are made, reviewed, adjusted, approved and joined: all before the
#: fifth, but for those that come late.
HACE, REVISA, AJUSTA, APRUEBA, JUNTA = 1.0, 1.0, 0.8, 0.7, 0.6
#: And until the joined report is sent, acknowledged, presented, and each step of the supervision
#: done.
REMITE, ACUSA, PRESENTA, SUPERVISA = 1.0, 1.0, 2.0, 0.7


def mananas(desde: dt.datetime, hasta: dt.datetime) -> list[dt.datetime]:
    """When the calendar makes the report of overdue cases: each business day."""
    dias = dias_habiles(dia_local(desde), dia_local(hasta))
    return [cuando for dia in dias if desde < (cuando := instante(dia, SE_HACE)) < hasta]


def reporte_de_fallas(mundo: Mundo, azar: random.Random) -> Historia:
    """Control 6-5: the calendar makes it; the coordinator reviews it, now and then with a note, and
    sends it."""
    mundo.entregar()
    yield instante(dia_local(mundo.now), MIRA)
    for item in mundo.abiertas(mundo.coordinador, "us_revisar_fallas"):
        mundo.completar(
            item, {"nota": azar.choice(textos.NOTAS_A_LOS_LIDERES)}, actor=mundo.coordinador
        )


# --- control 6-1 ----------------------------------------------------------------------------------
ENTRAN, SE_TOMA, DECIDE = dt.time(6, 45), dt.time(7, 0), dt.time(8, 10)
ATACADA, INTENTOS = "asesor.med02", 6  # an account that somebody tried to enter with
# the week whose review nobody made, counted from the end: control 6-1 has an exception to show
SIN_DECIDIR = 4
# before the end, one of them: longer than the review lets pass
DEJA_DE_ENTRAR = dt.timedelta(days=38)


def lunes(desde: dt.datetime, hasta: dt.datetime) -> list[dt.datetime]:
    """When the calendar takes the list of accounts: each Monday, or the business day after it."""
    habiles = list(dias_habiles(dia_local(desde), dia_local(hasta)))
    primeros = {dia.isocalendar()[:2]: dia for dia in reversed(habiles)}
    return sorted(
        cuando for dia in primeros.values() if desde < (cuando := instante(dia, SE_TOMA)) < hasta
    )


def entradas(mundo: Mundo, deja: dt.datetime) -> Historia:
    """Everybody enters before the day begins, but for one who does not any more."""
    entran = [c.usuario for c in todas() if c.usuario != SIN_INGRESAR or mundo.now < deja]
    mundo.engine.uow.run(lambda session: accesos.registrar_ingreso(session, *entran, now=mundo.now))
    for usuario in entran:
        mundo.engine.log_access(Actor(ActorKind.PERSON, usuario), INGRESO, usuario, now=mundo.now)
    yield mundo.now


def intentos(mundo: Mundo) -> Historia:
    """Somebody who does not know the password."""
    for _veces in range(INTENTOS):
        mundo.engine.log_access(
            Actor(ActorKind.SYSTEM, "anonimo"), INGRESO_FALLIDO, ATACADA, now=mundo.now
        )
    yield mundo.now


def revision_de_accesos(mundo: Mundo, *, decide: bool) -> Historia:
    """Control 6-1: the calendar takes the list; the administrator of the CRM decides, but for one
    week."""
    mundo.entregar()
    yield instante(dia_local(mundo.now), DECIDE)
    if not decide:
        return
    for item in mundo.abiertas(mundo.admin_crm, "us_revisar_claves"):
        with mundo.engine.uow.reading() as session:
            miradas = [
                c
                for c in accesos.de_revision(session, entero(item.data, "revision_accesos_id"))
                if c.motivos
            ]
        dichas: dict[str, Value] = {}
        for c in miradas:
            atacada = any(m["motivo"] == FALLIDOS for m in c.motivos)
            dichas[f"cuenta_{c.usuario}"] = CONSERVAR if atacada else PREGUNTAR
            dichas[f"nota_{c.usuario}"] = (
                textos.NOTA_DE_LA_ATACADA if atacada else textos.PREGUNTA_POR_LA_CUENTA
            )
        mundo.completar(item, dichas, actor=mundo.admin_crm)
        mundo.entregar()


# --- control 6-6 ----------------------------------------------------------------------------------
# the worker looks each minute; the demo once an hour, of days before twice
SE_MIRA = tuple(dt.time(hora, 30) for hora in range(7, 18))
NO_RESPONDE, DURO = dt.time(10, 12), dt.timedelta(minutes=31)  # one morning, a week before the end
EN_PAPEL = 4


def vigilancia(mundo: Mundo, *, de_hoy: bool) -> Historia:
    """The CRM answers whenever somebody looks, on one day: of a day that is over its first and last
    look say how long it was watched."""
    for hora in SE_MIRA if de_hoy else (SE_MIRA[0], SE_MIRA[-1]):
        yield instante(dia_local(mundo.now), hora)
        mundo.engine.uow.run(lambda s: disponibilidad.latido(s, mundo.now))


def caida_del_crm(mundo: Mundo) -> Historia:
    """For half an hour it does not; then the administrator of the CRM says what was typed in from
    paper."""
    with tempfile.TemporaryDirectory() as carpeta:
        vigia = Vigia(mundo.engine, Marca(Path(carpeta)))
        for minutos in range(int(DURO.total_seconds()) // 60):
            vigia.marca.anotar(
                mundo.now + dt.timedelta(minutes=minutos), "SQLITE_IOERR", disponibilidad.REVISION
            )
        yield mundo.now + DURO
        vigia.mirar(mundo.now)
    mundo.entregar()
    yield mundo.now + dt.timedelta(hours=2)
    for item in mundo.abiertas(mundo.admin_crm, "us_sincronizar"):
        papel: Data = {
            "registros_papel": EN_PAPEL,
            "digitaron": textos.DIGITARON,
            "nota_papel": textos.NOTA_DEL_PAPEL,
        }
        mundo.completar(item, papel, actor=mundo.admin_crm)


# --- the monthly reports --------------------------------------------------------------------------
def cierres(desde: dt.datetime, hasta: dt.datetime) -> list[dt.datetime]:
    """When the calendar closes each month."""
    primeros, mes = [], meses.siguiente(dia_local(desde))
    while (cuando := instante(mes, SE_CIERRA)) < hasta:
        primeros.append(cuando)
        mes = meses.siguiente(mes)
    return primeros


def reportes_del_mes(mundo: Mundo, azar: random.Random, *, malo: bool) -> Historia:
    """From the closing to the joined report; of a bad month some come late. Of a month without
    turns nobody owes one: then there is nothing to tell."""
    mundo.entregar()
    yield laboral(mundo.now, HACE, azar)
    por_hacer = list(mundo.abiertas(mundo.agente_calidad, "act_5_2_23"))
    tardios = por_hacer[-TARDIOS:] if malo else []
    for item in por_hacer[: len(por_hacer) - len(tardios)]:
        mundo.completar(item, _escrito(mundo, item.data, azar), actor=mundo.agente_calidad)
    yield laboral(mundo.now, REVISA, azar)
    por_revisar = mundo.abiertas(mundo.gerente, "act_5_2_24")
    se_van = {item.id: _se_fueron(mundo, item.data) for item in por_revisar}
    vuelven = {
        id_
        for id_ in sorted(se_van, key=lambda id_: (-se_van[id_], id_))[:DEVUELTOS]
        if se_van[id_]
    }
    for item in por_revisar:
        devuelve = item.id in vuelven
        observado = {"obs_I4": textos.OBSERVACION, "obs_general": ""} if devuelve else {}
        mundo.completar(item, {"cumple_requisitos": not devuelve, **observado}, actor=mundo.gerente)
    yield laboral(mundo.now, AJUSTA, azar)
    for item in mundo.abiertas(mundo.agente_calidad, "act_5_2_25"):
        nuevo = _escrito(mundo, item.data, azar)
        corregido = {
            "comentarios": f"{_comentado(mundo, item.data)} {textos.AGREGADO}",
            "cambio": textos.CAMBIO,
        }
        respondido = {"resp_I4": textos.RESPUESTA_A_LA_OBSERVACION}
        mundo.completar(item, {**nuevo, **corregido, **respondido}, actor=mundo.agente_calidad)
    yield laboral(mundo.now, APRUEBA, azar)
    for item in mundo.abiertas(mundo.gerente, "act_5_2_24"):
        mundo.completar(item, {"cumple_requisitos": True}, actor=mundo.gerente)
    if tardios:
        limite = limite_de_reportes(reportes.mes_de(texto(tardios[0].data, "mes")))
        yield laboral(max(mundo.now, limite), HACE, azar)
        for item in tardios:
            escrito: Data = {**_escrito(mundo, item.data, azar), "tarde": textos.LLEGO_TARDE}
            mundo.completar(item, escrito, actor=mundo.agente_calidad)
        yield laboral(mundo.now, APRUEBA, azar)
        for item in mundo.abiertas(mundo.gerente, "act_5_2_24"):
            mundo.completar(item, {"cumple_requisitos": True}, actor=mundo.gerente)
    yield laboral(mundo.now, JUNTA, azar)
    for item in mundo.abiertas(mundo.operativo, "act_5_2_26"):
        mundo.completar(item, {"conclusiones": textos.CONCLUSIONES}, actor=mundo.operativo)
        mundo.entregar()
    yield from entrega_del_mes(mundo, azar, acusan_todos=malo)


def entrega_del_mes(mundo: Mundo, azar: random.Random, *, acusan_todos: bool) -> Historia:
    """5.2.32: sent to each supervisor; one acknowledges late, or never. The committee meets all the
    same, and the month is certified (A4-2-02)."""
    serie = 3000 + 100 * dia_local(mundo.now).month
    mundo.entregar()
    yield laboral(mundo.now, REMITE, azar)
    for n, item in enumerate(mundo.abiertas(mundo.gerente, "act_5_2_32"), 1):
        guia = {
            "radicado_fisico": f"{dia_local(mundo.now).year}-EE-{serie + n:07d}",
            "forma_digital": interventoria.ENLACE,
            "radicado_digital": None,
        }
        mundo.completar(item, guia, actor=mundo.gerente)
        mundo.entregar()
    yield laboral(mundo.now, ACUSA, azar)
    _acusar(mundo, mundo.interventores[:-1])
    yield laboral(mundo.now, PRESENTA, azar)
    if acusan_todos:
        _acusar(mundo, mundo.interventores[-1:])
    for item in mundo.abiertas(mundo.gerente, "act_5_2_32b"):
        asistieron = [q.id for q in mundo.interventores[: None if acusan_todos else -1]]
        acta: Data = {
            "fecha_comite": dia_local(mundo.now).isoformat(),
            "asistieron": list[Value](asistieron),
            "acta": textos.ACTA,
        }
        mundo.completar(item, acta, actor=mundo.gerente)
    uno, otro = mundo.interventores[:2]
    pasos: tuple[tuple[str, Actor, Data], ...] = (
        ("act_10", uno, {"cumple_ans": True, "verificacion": textos.VERIFICACION}),
        ("act_12", uno, {"informe": textos.INFORME_DE_SUPERVISION, "descuento": None}),
        ("act_13_certificar", otro, {"certifica_pago": True, "nota": textos.CERTIFICADO}),
    )
    for elemento, quien, valores in pasos:
        yield laboral(mundo.now, SUPERVISA, azar)
        for item in mundo.abiertas(quien, elemento):
            # who verified tries to certify as well: duties are kept apart, and that they tried is
            # seen
            if quien is otro:
                with suppress(NotAllowed):
                    mundo.engine.items.claim(item.id, actor=uno, now=mundo.now)
            dadas = _dadas_por_cumplidas(mundo, item.data) if elemento == "act_10" else {}
            mundo.completar(item, {**valores, **dadas}, actor=quien)


def _dadas_por_cumplidas(mundo: Mundo, datos: Data) -> Data:
    """Why, of each target of the entity that was missed."""
    with mundo.engine.uow.reading() as session:
        faltan = _incumplidas(session, reportes.mes_de(texto(datos, "mes")))
    return {f"ver_{i.replace('.', '_')}": textos.DADA_POR_CUMPLIDA for i in faltan}


def _acusar(mundo: Mundo, quienes: list[Actor]) -> None:
    """As the page does: each of both media of what was sent to them."""
    for quien, medio in itertools.product(quienes, interventoria.MEDIOS):
        with mundo.engine.uow.reading() as session:
            esperan = [
                (p.id, p.mes)
                for p, medios in interventoria.pendientes(session, quien.id)
                if medio in medios
            ]
        for paquete_id, mes in esperan:

            def anotar(w: Writing, paquete_id: int = paquete_id, medio: str = medio) -> None:
                interventoria.acusar(w.session, paquete_id, medio, "", acto_de(w))

            mundo.correlacionar(
                "AcuseInterventor",
                interventoria.clave(mes, quien.id),
                {},
                actor=quien,
                records=anotar,
            )


def _se_fueron(mundo: Mundo, datos: Data) -> int:
    """How many left that point without being attended."""
    with mundo.engine.uow.reading() as session:
        cerrado = meses.vigente(session, reportes.mes_de(texto(datos, "mes")))
        cifras = (
            meses.cifras(session, cerrado.id, "punto", texto(datos, "punto_id"))
            if cerrado is not None
            else []
        )
    return next((c.numerador for c in cifras if c.indicador == "I4"), 0)


def _comentado(mundo: Mundo, datos: Data) -> str:
    with mundo.engine.uow.reading() as session:
        ultimo = reportes.ultimo(
            session, reportes.mes_de(texto(datos, "mes")), texto(datos, "punto_id")
        )
        return ultimo.comentarios if ultimo is not None else ""


def _escrito(mundo: Mundo, datos: Data, azar: random.Random) -> Data:
    """A comment on the month, and one on each target that was missed."""
    with mundo.engine.uow.reading() as session:
        faltan = _incumplidas(
            session, reportes.mes_de(texto(datos, "mes")), texto(datos, "punto_id")
        )
    de_cifras: dict[str, Value] = {
        f"com_{i.replace('.', '_')}": azar.choice(textos.PORQUES) for i in faltan
    }
    return {"comentarios": azar.choice(textos.COMENTARIOS_DEL_MES), **de_cifras}


def _incumplidas(session: Session, mes: dt.date, punto_id: str = "") -> list[str]:
    """Those that the page asks about, of a point or of the entity: who writes the report says of
    each why it was missed."""
    cerrado = meses.vigente(session, mes)
    return (
        [
            f.indicador.id
            for f in filas(session, Corte(cerrado, "punto" if punto_id else "total", punto_id))
            if f.cumple is False and not f.indicador.de_la_entidad
        ]
        if cerrado is not None
        else []
    )
