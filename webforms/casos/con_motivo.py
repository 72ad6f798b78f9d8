"""Opening a case that is not of one's work: by its number, and with the reason that compliance
reads (`apertura`)."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from engine import reads
from engine.types import MIN_REASON
from records.casos import mensajes
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.quienes import ABRE, REVISA
from webforms.base.rutas import Rutas, destino_local
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos import apertura
from webforms.casos.cabecera import nombre_del_caso, restringido
from webforms.casos.caso import mostrar_lista
from webforms.casos.enlaces import motivo_malo

rutas = Rutas()


@rutas.post("/casos/por-numero", para=ABRE, haria=_l("Buscar un caso por su número"))
def por_numero() -> ResponseReturnValue:
    """To the case of this number; its page asks for a reason."""
    numero = limpiar(request.form.get("numero", ""))[:60]
    with servicios().uow.reading() as session:
        case_key = mensajes.caso_de(session, numero) if numero else None
    if case_key is None:
        dice = (
            _("No encontramos un caso con ese número: revise que esté completo")
            if numero
            else _("Escriba el número del caso")
        )
        return mostrar_lista(numero, dice)
    return redirect(url_for("casos.ver", case_key=case_key))


# compliance: one that is restricted
@rutas.get(
    "/caso/<case_key>/con-motivo",
    para=ABRE | REVISA,
    ayuda=Ayuda(_l("Aquí abre, con un motivo, un caso que no es de su trabajo."), ADMINISTRADOR),
)
def pedir_apertura(case_key: str) -> ResponseReturnValue:
    return _apertura(case_key, request.args.get("vuelta", ""), "", [])


@rutas.post(
    "/caso/<case_key>/con-motivo",
    para=ABRE | REVISA,
    haria=_l("Abrir con un motivo un caso que no es de su trabajo"),
)
def abrir_con_motivo(case_key: str) -> ResponseReturnValue:
    """For an hour; the reason stands in the access chain before anything of the case is shown."""
    motivo, vuelta = limpiar(request.form.get("motivo", "")), request.form.get("_vuelta", "")
    if errores := motivo_malo(motivo):
        return _apertura(case_key, vuelta, motivo, errores)
    with servicios().uow.reading() as session:
        if not reads.instances.of_case(session, case_key):
            abort(404)
    apertura.abrir_con_motivo(actor_actual(), case_key, motivo)
    return redirect(destino_local(vuelta) if vuelta else url_for("casos.ver", case_key=case_key))


def _apertura(
    case_key: str, vuelta: str, motivo: str, errores: list[tuple[str, str]]
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        if not reads.instances.of_case(session, case_key):
            abort(404)
        nombre = nombre_del_caso(session, case_key)
        antes, a_peticion = (
            apertura.ultima(session, actor_actual(), case_key),
            restringido(session, case_key),
        )
    hasta = antes.at + apertura.LAPSO if antes is not None else None
    ahora = servicios().clock.now()
    valores = {
        "vuelta": vuelta,
        "motivo": motivo,
        "minimo": MIN_REASON,
        "minutos": int(apertura.LAPSO.total_seconds()) // 60,
        "hasta": hasta,
        "restringido": a_peticion,
        "termino": hasta is not None and hasta <= ahora,
    }
    return render_template(
        "casos/con_motivo.html", nombre=nombre, errores=errores, **valores
    ), 422 if errores else 200
