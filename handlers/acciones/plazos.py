"""`plazo.registrar`: a legal deadline of the case, by business days or by its date."""

import datetime as dt
from typing import Final

from common.language import counted, kept, marked, said
from engine.errors import GiveUp
from engine.types import ActionSpec, Call, Data, InputRule, Shown, Trial
from handlers.acciones.cartas import Preguntado, texto
from records.casos import plazos_registrados
from records.casos.plazos_registrados import NuevoPlazo
from records.correo.reglas.cartas import en_una_linea
from records.plazos.reglas.calendario import ZONA, dia_local, fin_del_dia, instante, larga

MAX_DIAS: Final = 2_500
LARGO_NOMBRE: Final = 160
LEJOS: Final = dt.timedelta(days=3_653)
ACCION: Final = ActionSpec(
    marked("Registrar un plazo legal del caso"),
    (
        InputRule(
            "nombre",
            marked("Cómo se llama"),
            hint=marked("Como lo dice la norma: Término para responder."),
        ),
        InputRule(
            "dias",
            marked("Días hábiles"),
            "number",
            required=False,
            hint=marked("Sin contar el primero."),
            minimum=0,
            maximum=MAX_DIAS,
        ),
        InputRule(
            "fecha",
            marked("O hasta qué día"),
            required=False,
            hint=marked("Una fecha, o = y la variable que la tiene; sin días hábiles."),
        ),
        InputRule(
            "desde",
            marked("Desde cuándo"),
            required=False,
            hint=marked("Una fecha, o = y una variable. Si falta, desde ahora."),
        ),
        InputRule(
            "variable",
            marked("Variable en que se entrega"),
            "output",
            required=False,
            hint=marked("El fin del plazo; de instante."),
        ),
    ),
)


def registrar(call: Call) -> Data:
    plazo = _plazo(call)
    try:
        plazos_registrados.registrar(call.session, call.case_key, plazo, call.task_id, now=call.now)
    except LookupError as falta:
        raise GiveUp(
            kept("el proceso no abre casos con plazo propio: no hay a qué registrarlo"),
            "unexpected_data",
        ) from falta
    return _entrega(call, plazo)


def ensayar(ensayo: Trial) -> Shown:
    plazo = _plazo(ensayo)
    desde, vence = (
        larga(dia_local(cuando), con_anio=True) for cuando in (plazo.desde, plazo.vence)
    )
    cuanto = (
        counted("%(num)s día hábil", "%(num)s días hábiles", plazo.dias)
        if plazo.dias is not None
        else said("hasta la fecha que se dice")
    )
    dicho = (
        (said("Plazo"), plazo.nombre),
        (said("Desde"), desde),
        (said("Cuánto"), cuanto),
        (said("Vence"), vence),
    )
    return Shown(dicho, _entrega(ensayo, plazo))


def _entrega(call: Preguntado, plazo: NuevoPlazo) -> Data:
    variable = texto(call, "variable")
    return {variable: plazo.vence.astimezone(dt.UTC).isoformat()} if variable else {}


def _plazo(call: Preguntado) -> NuevoPlazo:
    """GiveUp, in words: expressions may give anything."""
    nombre = en_una_linea(texto(call, "nombre"), LARGO_NOMBRE)
    dias, fecha, desde = texto(call, "dias"), texto(call, "fecha"), texto(call, "desde")
    if not nombre:
        raise GiveUp(kept("el plazo no tiene nombre"), "unexpected_data")
    if bool(dias) == bool(fecha):
        raise GiveUp(
            kept("el plazo necesita los días hábiles o la fecha, y solo una de las dos cosas"),
            "unexpected_data",
        )
    empieza = _cerca(call, _momento("desde", desde, fin=False)) if desde else call.now
    if fecha:
        vence = _cerca(call, _momento("fecha", fecha, fin=True))
        if desde and empieza > vence:
            raise GiveUp(
                kept(
                    "el plazo empieza («%(a)s») después de que vence («%(b)s»)",
                    a=desde[:40],
                    b=fecha[:40],
                ),
                "unexpected_data",
            )
        return NuevoPlazo(nombre, empieza, None, vence)
    try:
        cuantos = float(dias)
    except ValueError:
        raise GiveUp(kept("«%(a)s» no son días hábiles", a=dias[:40]), "unexpected_data") from None
    if not (0 <= cuantos <= MAX_DIAS and cuantos == int(cuantos)):
        raise GiveUp(
            kept("«%(a)s» no son días hábiles de 0 a %(b)s", a=dias[:40], b=MAX_DIAS),
            "unexpected_data",
        )
    return plazos_registrados.contado(nombre, empieza, int(cuantos))


def _momento(que: str, dicho: str, *, fin: bool) -> dt.datetime:
    """A day, of which its end or its beginning counts; or a moment, that of the agency where it
    says no zone."""
    try:
        if len(dicho) == len("2026-12-14"):
            dia = dt.date.fromisoformat(dicho)
            return fin_del_dia(dia) if fin else instante(dia, dt.time())
        leido = dt.datetime.fromisoformat(dicho)
        return (leido if leido.tzinfo is not None else leido.replace(tzinfo=ZONA)).astimezone(
            dt.UTC
        )
    except (ValueError, OverflowError):
        raise GiveUp(
            kept("«%(a)s» no es una fecha (%(b)s)", a=dicho[:40], b=que), "unexpected_data"
        ) from None


def _cerca(call: Preguntado, cuando: dt.datetime) -> dt.datetime:
    """Ten years around: no term is farther, and no calendar ends before."""
    if abs(cuando - call.now) > LEJOS:
        raise GiveUp(
            kept("«%(a)s» está a más de diez años", a=f"{cuando:%Y-%m-%d}"), "unexpected_data"
        )
    return cuando
