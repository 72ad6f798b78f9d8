"""Links of the case with others, of whatever procedure: made and taken away with a reason that
stays on both."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.states import AccessKind
from engine.types import MAX_REASON, MIN_REASON, Noting
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos import enlaces_de_caso, mensajes
from records.casos.enlaces_de_caso import CLASES, Enlace
from records.casos.reglas.notas import ENLACE
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.quienes import ANOTA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos.cabecera import exigir, nombre_del_caso, puede_ver
from webforms.tareas.nombres import nombres_de_casos

rutas = Rutas()


@dataclass(frozen=True, slots=True)
class Vinculado:
    """Another case, as the page of this one shows it."""

    enlace: Enlace
    nombre: str
    se_abre: bool


def vinculados(session: Session, case_key: str) -> list[Vinculado]:
    """Links that stand. Whoever may not open the other case reads its number and why it is
    linked."""
    vigentes = [x for x in enlaces_de_caso.del_caso(session, case_key) if x.quitado is None]
    nombres = nombres_de_casos(session, {x.otro for x in vigentes})
    return [
        Vinculado(
            x,
            nombres.get(x.otro) or str(_("Caso sin número")),
            puede_ver(session, actor_actual(), x.otro),
        )
        for x in vigentes
    ]


# --- link -----------------------------------------------------------------------------------------
@rutas.get(
    "/caso/<case_key>/vinculos/otro",
    para=ANOTA,
    ayuda=Ayuda(_l("Aquí vincula el caso con otro, por su número y con un motivo."), FUNCIONARIO),
)
def pedir_vinculo(case_key: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        exigir(session, case_key)
    return _pagina(case_key, "", "", "", [])


def _pagina(
    case_key: str, numero: str, clase: str, motivo: str, errores: list[tuple[str, str]]
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        nombre = nombre_del_caso(session, case_key)
    valores = {
        "numero": numero,
        "clase": clase,
        "motivo": motivo,
        "clases": CLASES,
        "minimo": MIN_REASON,
    }
    return render_template(
        "casos/vincular.html", case_key=case_key, nombre=nombre, **valores, errores=errores
    ), 422 if errores else 200


@rutas.post("/caso/<case_key>/vinculos/otro", para=ANOTA, haria=_l("Vincular dos casos"))
def vincular(case_key: str) -> ResponseReturnValue:
    """By number. One that this person may not see is not told apart from one that nobody has; the
    try is recorded."""
    s, actor = servicios(), actor_actual()
    numero, clase = limpiar(request.form.get("numero", ""))[:60], request.form.get("clase", "")
    motivo = limpiar(request.form.get("motivo", ""))
    with s.uow.reading() as session:
        exigir(session, case_key)
        otro = mensajes.caso_de(session, numero) if numero else None
        visible = otro is not None and puede_ver(session, actor, otro)
        uno = nombre_del_caso(session, case_key) or "Este caso"
    if otro is not None and not visible:
        s.engine.log_access(
            actor, AccessKind.REFUSAL, otro, now=s.clock.now(), detail={"reason": "case"}
        )
    errores = []
    if not numero:
        errores.append(("numero", _("Escriba el número del otro caso")))
    elif otro is None or not visible:
        errores.append(
            ("numero", _("No encontramos un caso con ese número: revise que esté completo"))
        )
    if clase not in CLASES:
        errores.append(("clase", _("Elija qué tiene que ver un caso con el otro")))
    errores += motivo_malo(motivo)
    if errores or otro is None:
        return _pagina(case_key, numero, clase, motivo, errores)
    dicho = f"{uno}: {CLASES[clase][0].lower()} {numero.upper()}. {motivo}"

    def guardar(n: Noting) -> None:
        enlaces_de_caso.enlazar(
            n.session, case_key, otro, clase, motivo, Acto(n.actor.id, n.now, case_key)
        )

    try:
        s.engine.notes.add_to(
            (case_key, otro), dicho, kind=ENLACE, actor=actor, now=s.clock.now(), records=guardar
        )
    except DatoInvalido as rechazo:
        return _pagina(case_key, numero, clase, motivo, [("numero", str(rechazo))])
    flash(_("Los dos casos quedaron vinculados, y cada uno muestra al otro."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key, _anchor="vinculos"))


def motivo_malo(motivo: str) -> list[tuple[str, str]]:
    if MIN_REASON <= len(motivo) <= MAX_REASON:
        return []
    return [("motivo", _("Escriba el motivo, entre %(n)s y 2.000 letras", n=MIN_REASON))]


# --- take the link away ---------------------------------------------------------------------------
@rutas.get(
    "/caso/<case_key>/vinculos/<int:enlace_id>/quitar",
    para=ANOTA,
    ayuda=Ayuda(_l("Aquí quita el vínculo de dos casos, con el motivo."), FUNCIONARIO),
)
def por_desvincular(case_key: str, enlace_id: int) -> ResponseReturnValue:
    return _pagina_quitar(case_key, _del_caso(case_key, enlace_id), "", [])


def _del_caso(case_key: str, enlace_id: int) -> Vinculado:
    """Of a case that this person may open, with another that they may open too. Raises NotFound."""
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        suyo = next(
            (v for v in vinculados(session, case_key) if v.enlace.id == enlace_id and v.se_abre),
            None,
        )
    if suyo is None:
        raise NotFound(str(enlace_id))
    return suyo


def _pagina_quitar(
    case_key: str, suyo: Vinculado, motivo: str, errores: list[tuple[str, str]]
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        nombre = nombre_del_caso(session, case_key)
    valores = {"v": suyo, "motivo": motivo, "minimo": MIN_REASON, "errores": errores}
    return render_template(
        "casos/desvincular.html", case_key=case_key, nombre=nombre, **valores
    ), 422 if errores else 200


@rutas.post(
    "/caso/<case_key>/vinculos/<int:enlace_id>/quitar",
    para=ANOTA,
    haria=_l("Quitar el vínculo de dos casos"),
)
def desvincular(case_key: str, enlace_id: int) -> ResponseReturnValue:
    s, actor, suyo = servicios(), actor_actual(), _del_caso(case_key, enlace_id)
    motivo = limpiar(request.form.get("motivo", ""))
    if errores := motivo_malo(motivo):
        return _pagina_quitar(case_key, suyo, motivo, errores)
    with s.uow.reading() as session:
        uno = nombre_del_caso(session, case_key) or "Este caso"
    dicho = f"{uno}: ya no «{suyo.enlace.dice.lower()} {suyo.nombre}». {motivo}"

    def guardar(n: Noting) -> None:
        enlaces_de_caso.quitar(n.session, enlace_id, motivo, Acto(n.actor.id, n.now, case_key))

    try:
        s.engine.notes.add_to(
            (case_key, suyo.enlace.otro),
            dicho,
            kind=ENLACE,
            actor=actor,
            now=s.clock.now(),
            records=guardar,
        )
    except DatoInvalido as rechazo:
        flash(str(rechazo), "ambar")
    else:
        flash(_("Los dos casos ya no están vinculados."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key, _anchor="vinculos"))
