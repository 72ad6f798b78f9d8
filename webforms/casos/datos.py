"""Uncovering the personal data of a case: by a click for whose work it is to attend, with a reason
for everybody else (`base.cubierto`)."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engine.types import MIN_REASON
from webforms.base.guias import CUMPLIMIENTO, Ayuda
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas, destino_local
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos.cabecera import exigir, nombre_del_caso
from webforms.casos.enlaces import motivo_malo
from webforms.personas.cubierto import LAPSO, descubrir, exige_motivo, tapar

rutas = Rutas()


@rutas.get(
    "/caso/<case_key>/datos",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Aquí escribe para qué necesita ver los datos personales de un caso."), CUMPLIMIENTO
    ),
)
def pedir_datos(case_key: str) -> ResponseReturnValue:
    """Why somebody whose work is not to attend needs the personal data of the case."""
    return _por_que_los_datos(case_key, "", [])


@rutas.post(
    "/caso/<case_key>/datos", para=PERSONA, haria=_l("Descubrir o cubrir los datos personales")
)
def datos(case_key: str) -> ResponseReturnValue:
    """Uncover the personal data of the case on the pages of this person, or cover them again; every
    page that shows them is recorded."""
    with servicios().uow.reading() as session:
        exigir(session, case_key)
    if request.form.get("cubrir"):
        tapar()
    elif exige_motivo():
        motivo = limpiar(request.form.get("motivo", ""))
        if errores := motivo_malo(motivo):
            return _por_que_los_datos(case_key, motivo, errores)
        descubrir(case_key, motivo)
    else:
        descubrir(case_key, "")
    return redirect(
        destino_local(request.form.get("_volver", "") or url_for("casos.ver", case_key=case_key))
    )


def _por_que_los_datos(
    case_key: str, motivo: str, errores: list[tuple[str, str]]
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        nombre = nombre_del_caso(session, case_key)
    volver = (
        request.form.get("_volver")
        or request.args.get("volver")
        or url_for("casos.ver", case_key=case_key)
    )
    valores = {
        "volver": destino_local(volver),
        "motivo": motivo,
        "minimo": MIN_REASON,
        "minutos": int(LAPSO.total_seconds()) // 60,
    }
    return render_template(
        "casos/datos.html", nombre=nombre, errores=errores, **valores
    ), 422 if errores else 200
