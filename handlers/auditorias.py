"""The weekly audit: its sample, what is evaluated of it, the points of an F189 (5.2.27–5.2.29), and
those of a calibration."""

from engine.types import Call, Data, Handlers
from records.auditorias import calibraciones, evaluaciones, muestras
from records.auditorias.reglas import f189
from records.base.actos import acto_de
from records.base.datos import entero, instante, iso, lista, marcado, numero, texto
from records.plazos.reglas.calendario import dia_local


def register(handlers: Handlers) -> None:
    handlers.local["auditoria.tomar_muestra"] = tomar_muestra
    handlers.local["auditoria.que_se_evalua"] = que_se_evalua
    handlers.local["auditoria.reemplazar"] = reemplazar
    handlers.local["auditoria.puntaje"] = puntaje
    handlers.local["auditoria.registrar"] = registrar
    handlers.local["calibracion.puntaje"] = puntaje_de_calibracion
    handlers.local["calibracion.registrar"] = registrar_calibracion


def tomar_muestra(call: Call) -> Data:
    """The week before that of the start, by the parameters of its channel (5.2.27, Q20)."""
    parametros = muestras.Parametros(
        confianza_z=numero(call.data, "confianza_z"),
        error_maximo=numero(call.data, "error_maximo"),
        puntos_visita=entero(call.data, "puntos_visita"),
        observaciones_visita=entero(call.data, "observaciones_visita"),
    )
    corte = dia_local(instante(call.data, "corte") or call.now)
    auditoria, por_evaluar = muestras.tomar(
        call.session, texto(call.data, "canal"), corte, parametros, acto_de(call)
    )
    return {
        "auditoria_id": auditoria.id,
        "semana": auditoria.semana,
        "muestra": list(por_evaluar),
        "fecha_cierre": iso(auditoria.cierre),
    }


def que_se_evalua(call: Call) -> Data:
    """An observed turn is drawn at its point first; what comes from the sample is known."""
    fila = muestras.una(call.session, entero(call.data, "muestra_id"))
    return {
        "modo": fila.modo,
        "punto_id": fila.punto_id,
        "evalua": muestras.nombre(fila),
        "hay_atencion": fila.turno_id is not None or fila.atencion_id is not None,
    }


def reemplazar(call: Call) -> Data:
    nueva = muestras.reemplazar(call.session, entero(call.data, "muestra_id"))
    return {
        "muestra_id": nueva.id if nueva is not None else entero(call.data, "muestra_id"),
        "hay_reemplazo": nueva is not None,
    }


def puntaje(call: Call) -> Data:
    """The points that the table gave to each answer, over the maximum of what was seen; a fatal
    error leaves it at zero."""
    total, criterios = _puntuar(call)
    evaluaciones.puntuar(call.session, entero(call.data, "f189_id"), total, criterios)
    return {"puntaje": None if total.puntaje is None else float(total.puntaje)}


def _puntuar(call: Call) -> tuple[f189.Puntaje, list[tuple[str, float, float, bool]]]:
    criterio, puntos, maximo, critico = (
        lista(call.data, n) for n in ("criterio", "puntos", "maximo", "critico")
    )
    total = f189.puntuar(criterio, puntos, maximo, critico, fatal=marcado(call.data, "fatal"))
    return total, [
        (str(c), float(p), float(m), bool(k))
        for c, p, m, k in zip(criterio, puntos, maximo, critico, strict=True)
        if m
    ]


def registrar(call: Call) -> None:
    evaluaciones.concluir(
        call.session,
        entero(call.data, "f189_id"),
        texto(call.data, "banda"),
        texto(call.data, "consecuencia"),
        call.now,
    )


# --- a calibration: the same tables, rows of its own ----------------------------------------------
def puntaje_de_calibracion(call: Call) -> Data:
    total, criterios = _puntuar(call)
    calibraciones.puntuar(call.session, entero(call.data, "evaluacion_id"), total, criterios)
    return {"puntaje": None if total.puntaje is None else float(total.puntaje)}


def registrar_calibracion(call: Call) -> None:
    calibraciones.en_banda(
        call.session, entero(call.data, "evaluacion_id"), texto(call.data, "banda")
    )
