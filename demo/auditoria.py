"""The weekly audits in the demo (5.2.27–5.2.29): F189 of each sample, visits, reports, copies, a
calibration; advisers read theirs."""

import datetime as dt
import random

from demo import textos
from demo.escalamiento import laboral
from demo.mundo import Historia, Mundo
from engine.types import Value, WorkItem
from records.auditorias import auditorias, calibraciones, evaluaciones, muestras
from records.auditorias.evaluaciones import Hechos
from records.base.actos import Acto
from records.base.datos import entero
from records.plazos.reglas.calendario import dia_local, instante, sumar_habiles
from webforms.auditorias.formularios import RESPUESTA_DE, SOLO_EN_SITIO

SE_TOMA = dt.time(7, 0)
CALIBRACION = "M5_1_02_calibracion"
SE_CALIBRA = dt.timedelta(days=1, hours=3)  # after the sample of the week that follows was drawn
#: Business days until the first F189, each next batch, the report and the receipt; the report is
#: reviewed while it is fresh.
EMPIEZA, SIGUE, INFORMA, ACUSA = 0.3, 0.4, 0.3, 0.5
REVISA = dt.timedelta(minutes=40)
TANDAS, TANDA = 2, 36  # sittings of a week, and how many F189 three people do in each
LEE = 0.6  # of the advisers; one in three of them answers
POCO = 0.06  # of the answers are low
# attentions that went wrong: of anybody, of those who repeat it; and what of them is fatal
MALA, MALA_DE_SIEMPRE, FATAL = 0.03, 0.4, 0.2
REPITEN = ("asesor.bga01", "asesor.clo01", "asesor.baq01", "asesor.med02")
ILEGIBLE = 0.02  # of the files cannot be read


def lunes(desde: dt.datetime, hasta: dt.datetime) -> list[dt.datetime]:
    """When the calendar draws each sample."""
    dia = dia_local(desde) + dt.timedelta(days=(7 - dia_local(desde).weekday()) % 7)
    tomas = []
    while (cuando := instante(dia, SE_TOMA)) < hasta:
        tomas.append(cuando)
        dia += dt.timedelta(days=7)
    return [t for t in tomas if t > desde]


def auditoria_de_la_semana(mundo: Mundo, azar: random.Random, *, en_curso: bool) -> Historia:
    """From the sample to the receipt. One that is `en_curso` is left in the middle: people try the
    demo with it."""
    mundo.entregar()
    semana = muestras.semana_de(dia_local(mundo.now))
    yield laboral(mundo.now, EMPIEZA, azar)
    for _vez in range(TANDAS):
        for item in _de(mundo, "us_sortear", semana):
            _visita(mundo, item, azar)
        for item in _de(mundo, "act_5_2_27", semana)[:TANDA]:
            _f189(mundo, item, azar)
        yield laboral(mundo.now, SIGUE, azar)
        if en_curso:
            return
    for item in _de(mundo, "us_sortear", semana):
        mundo.completar(
            item,
            {"observa": False, "motivo": textos.VISITA_SIN_NADIE},
            actor=azar.choice(mundo.profesionales),
        )
    for item in _de(mundo, "act_5_2_27", semana):
        _f189(mundo, item, azar)
    mundo.entregar()
    yield laboral(mundo.now, INFORMA, azar)
    autor = azar.choice(mundo.profesionales)
    for item in _de(mundo, "act_5_2_28", semana):
        mundo.completar(
            item, {"conclusiones": azar.choice(textos.CONCLUSIONES_DE_AUDITORIA)}, actor=autor
        )
    yield mundo.now + REVISA
    for item in _de(mundo, "act_5_2_29", semana):
        mundo.completar(item, {"remite": True, "observaciones": ""}, actor=mundo.jefe)
        mundo.entregar()
    yield laboral(mundo.now, ACUSA, azar)
    for item in _de(mundo, "us_acuse", semana):
        mundo.completar(item, {"nota": ""}, actor=mundo.gerente)
    mundo.entregar()
    yield laboral(mundo.now, ACUSA, azar)
    _leen(mundo, semana, azar)


def calibracion(mundo: Mundo, azar: random.Random) -> Historia:
    """Three auditors score the same attention of the latest finished audit apart; two see its
    solution otherwise, and it is agreed."""
    with mundo.engine.uow.reading() as session:
        de = next(
            (
                a
                for a in calibraciones.con_candidatas(session)
                if auditorias.remitida(session, a.id) is not None
            ),
            None,
        )
    if de is None:
        return
    empezada = mundo.engine.instances.start(CALIBRACION, actor=mundo.jefe, now=mundo.now)
    hasta = sumar_habiles(dia_local(mundo.now), calibraciones.DIAS).isoformat()
    quienes: list[Value] = [p.id for p in mundo.profesionales]
    escoge = next(item for item in empezada.opened if item.element == "us_escoger")
    mundo.completar(
        escoge,
        {"auditoria": f"{de.id}", "codigo": "", "auditores": quienes, "hasta": hasta},
        actor=mundo.jefe,
    )
    distintas: list[dict[str, Value]] = [
        {},
        {"solucion": "no", "por_que_7_4": textos.PORQUES_F189["solucion"][0]},
        {},
    ]
    for quien, distinta in zip(mundo.profesionales, distintas, strict=False):
        yield laboral(mundo.now, SIGUE, azar)
        for item in [i for i in mundo.abiertas(quien, "us_calificar") if i.claimed_by == quien.id]:
            sabe, en_sitio = _hechos(mundo, item)
            if sabe is not None:
                vacio = {n: v for n, v in _vacio(en_sitio=en_sitio).items() if n != "soporte"}
                mundo.completar(
                    item, {**vacio, "evaluable": True, **_bien(sabe), **distinta}, actor=quien
                )
    yield laboral(mundo.now, INFORMA, azar)
    for item in mundo.abiertas(mundo.jefe, "us_acordar"):
        sabe, _en_sitio = _hechos(mundo, item)
        if sabe is not None:
            mundo.completar(
                item,
                {**_bien(sabe), "fatales": [], "acuerdo": textos.ACUERDO_DE_CALIBRACION},
                actor=mundo.jefe,
            )


def _bien(sabe: Hechos) -> dict[str, Value]:
    """Nothing is low but what the record shows."""
    dichas: dict[str, Value] = {
        **dict.fromkeys(("oportunidad", "coherencia", "pertinencia", "solucion"), "si")
    }
    return dichas | _del_expediente(sabe)


def _de(mundo: Mundo, elemento: str, semana: str) -> list[WorkItem]:
    actor = {"us_acuse": mundo.gerente, "act_5_2_29": mundo.jefe}.get(
        elemento, mundo.profesionales[0]
    )
    return [item for item in mundo.abiertas(actor, elemento) if item.data.get("semana") == semana]


def _hechos(mundo: Mundo, item: WorkItem) -> tuple[Hechos | None, bool]:
    """What the record says; whether it is observed at the point."""
    with mundo.engine.uow.reading() as session:
        fila = muestras.una(session, entero(item.data, "muestra_id"))
        return evaluaciones.hechos(session, fila), fila.modo == muestras.SITIO


def _f189(mundo: Mundo, item: WorkItem, azar: random.Random) -> None:
    sabe, en_sitio = _hechos(mundo, item)
    auditor = azar.choice(mundo.profesionales)
    if sabe is None:
        return
    if azar.random() < ILEGIBLE:
        mundo.completar(
            item,
            {**_vacio(en_sitio=en_sitio), "evaluable": False, "motivo": textos.EXPEDIENTE_ILEGIBLE},
            actor=auditor,
        )
        return
    respuestas = _respuestas(sabe, azar, en_sitio=en_sitio)
    mala = azar.random() < (MALA_DE_SIEMPRE if sabe.asesor_id in REPITEN else MALA)
    if mala:
        respuestas |= dict.fromkeys(("oportunidad", "coherencia", "solucion"), "no")
        respuestas |= {
            f"por_que_{n}": azar.choice(textos.PORQUES_F189[c])
            for n, c in (("7_1", "oportunidad"), ("7_2", "coherencia"), ("7_4", "solucion"))
        }
        respuestas |= {"registro_crm": "parcial", "por_que_10": textos.FALTA_REGISTRO}
    fatal: dict[str, Value] = {}
    if mala and azar.random() < FATAL:
        fatal = {"fatales": ["informacion_falsa"], "que_paso": textos.INFORMACION_FALSA}
    mundo.completar(
        item, {**_vacio(en_sitio=en_sitio), "evaluable": True, **respuestas, **fatal}, actor=auditor
    )


def _vacio(*, en_sitio: bool) -> dict[str, Value]:
    """Every field of the page, unanswered: it sends those that are not asked for as well."""
    criterios = [n for n in RESPUESTA_DE.items() if en_sitio or n[1] not in SOLO_EN_SITIO]
    campos = [nombre for _criterio, nombre in criterios] + [
        f"por_que_{criterio.replace('.', '_')}" for criterio, _nombre in criterios
    ]
    return {
        **dict.fromkeys(["motivo", "que_paso", "observaciones", *campos], ""),
        "fatales": [],
        "soporte": None,
    }


def _respuestas(sabe: Hechos, azar: random.Random, *, en_sitio: bool) -> dict[str, Value]:
    """Mostly good; what the record shows is taken from it."""
    dichas = _del_expediente(sabe)
    for criterio, nombre in (
        ("7_1", "oportunidad"),
        ("7_2", "coherencia"),
        ("7_3", "pertinencia"),
        ("7_4", "solucion"),
    ):
        baja = azar.random() < (
            POCO * 3 if nombre == "solucion" and sabe.escalado != "no_aplica" else POCO
        )
        dichas[nombre] = "no" if baja else "si"
        if baja:
            dichas[f"por_que_{criterio}"] = azar.choice(textos.PORQUES_F189[nombre])
    if en_sitio:
        dichas |= {
            "bienvenida": "si",
            "presentacion": "si",
            "lenguaje": "5",
            "manejo_crisis": "na",
            "tono": azar.choice("455"),
        }
        if azar.random() < POCO * 3:
            dichas |= {"bienvenida": "parcial", "por_que_3": textos.FALTO_BIENVENIDA}
    return dichas


def _del_expediente(sabe: Hechos) -> dict[str, Value]:
    dichas: dict[str, Value] = {"registro_crm": sabe.registro_crm, "escalonado": sabe.escalado}
    if sabe.registro_crm in ("parcial", "no"):
        dichas["por_que_10"] = textos.FALTA_REGISTRO
    if sabe.escalado in ("tarde", "area_errada"):
        dichas["por_que_11"] = textos.MAL_ESCALADO[sabe.escalado]
    return dichas


def _visita(mundo: Mundo, item: WorkItem, azar: random.Random) -> None:
    """Draws among who is there now; nobody: another time."""
    with mundo.engine.uow.reading() as session:
        hay = muestras.se_pueden_observar(
            session, muestras.una(session, entero(item.data, "muestra_id")), mundo.now
        )
    if hay:
        mundo.completar(
            item, {"observa": True, "motivo": ""}, actor=azar.choice(mundo.profesionales)
        )


def _leen(mundo: Mundo, semana: str, azar: random.Random) -> None:
    """Most advisers acknowledge theirs; one in three of those with a low score answers."""
    with mundo.engine.uow.session() as session, session.begin():
        auditoria = auditorias.de_semana(session, semana)
        if auditoria is None or auditorias.remitida(session, auditoria.id) is None:
            return
        for f in [
            e.f189 for e in auditorias.resumen(session, auditoria).filas if e.f189 is not None
        ]:
            if azar.random() < LEE:
                responde = f.consecuencia != "ninguna" and azar.random() < 1 / 3
                acto = Acto(f.asesor_id, mundo.now)
                evaluaciones.acusar(
                    session, f.id, azar.choice(textos.RESPUESTAS_F189) if responde else "", acto
                )
