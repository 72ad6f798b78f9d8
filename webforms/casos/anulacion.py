"""Annulling the number of a case: asked for with a reason, decided by another person; a case that
runs is cancelled in the same act."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import InstanceNotActive
from engine.states import RUNNING
from engine.types import MIN_REASON, Noting, Writing
from records.base.actos import Acto, acto_de
from records.base.errores import DatoInvalido
from records.casos import numeros_anulados, registro
from records.casos.registro import Ficha
from records.casos.reglas.notas import ANULACION
from webforms.base.guias import ADMINISTRADOR, FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import ANOTA, CANCELA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos.cabecera import exigir
from webforms.casos.enlaces import motivo_malo
from webforms.tareas.nombres import nombres_de_casos

rutas = Rutas()


def _con_numero(session: Session, case_key: str) -> Ficha:
    """404 for a case without a number of its own in the register; those of M5-1-02 are annulled by
    cancelling them."""
    exigir(session, case_key)
    suya = registro.ficha(session, case_key)
    if suya is None:
        abort(404)
    return suya


# --- ask ------------------------------------------------------------------------------------------
@rutas.get(
    "/caso/<case_key>/anulacion",
    para=ANOTA,
    ayuda=Ayuda(
        _l("Aquí pide que se anule un número que no debió darse; lo decide otra persona."),
        FUNCIONARIO,
    ),
)
def por_anular(case_key: str) -> ResponseReturnValue:
    return _pagina(case_key, "", [])


def _pagina(case_key: str, motivo: str, errores: list[tuple[str, str]]) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        f, pedida = _con_numero(session, case_key), numeros_anulados.que_cuenta(session, case_key)
    if pedida is not None and pedida.decidida is None and pedida.pedida_por == actor_actual().id:
        valores = {"f": f, "a": pedida, "motivo": motivo, "minimo": MIN_REASON, "errores": errores}
        return render_template(
            "casos/retirar_anulacion.html", case_key=case_key, **valores
        ), 422 if errores else 200
    if pedida is not None and not errores:
        flash(_("La anulación de este número ya se pidió."), "ambar")
        return redirect(url_for("casos.ver", case_key=case_key))
    valores = {"f": f, "motivo": motivo, "minimo": MIN_REASON, "errores": errores}
    return render_template(
        "casos/anular.html", case_key=case_key, **valores
    ), 422 if errores else 200


@rutas.post(
    "/caso/<case_key>/anulacion", para=ANOTA, haria=_l("Pedir que se anule el número de un caso")
)
def pedir_anulacion(case_key: str) -> ResponseReturnValue:
    s, motivo = servicios(), limpiar(request.form.get("motivo", ""))
    with s.uow.reading() as session:
        f = _con_numero(session, case_key)
    if errores := motivo_malo(motivo):
        return _pagina(case_key, motivo, errores)
    if registro.es_anulado(f):
        return redirect(url_for("casos.ver", case_key=case_key))

    def guardar(n: Noting) -> None:
        numeros_anulados.pedir(n.session, case_key, motivo, Acto(n.actor.id, n.now, case_key))

    dicho = f"Pide anular el número {f.numero}. {motivo}"
    try:
        s.engine.notes.add(
            case_key,
            dicho,
            kind=ANULACION,
            actor=actor_actual(),
            now=s.clock.now(),
            records=guardar,
        )
    except DatoInvalido as rechazo:
        return _pagina(case_key, motivo, [("contenido", str(rechazo))])
    flash(_("Quedó pedida. Otra persona la decide; mientras tanto el caso sigue."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))


@rutas.post(
    "/caso/<case_key>/anulacion/retirar",
    para=ANOTA,
    haria=_l("Retirar la petición de anular el número de un caso"),
)
def retirar_anulacion(case_key: str) -> ResponseReturnValue:
    """By whoever asked, while nobody has decided."""
    s, motivo = servicios(), limpiar(request.form.get("motivo", ""))
    with s.uow.reading() as session:
        f = _con_numero(session, case_key)
        pedida = numeros_anulados.que_cuenta(session, case_key)
    if pedida is None or pedida.decidida is not None or pedida.pedida_por != actor_actual().id:
        flash(_("No hay una petición suya por decidir: quizá otra persona ya la decidió."), "ambar")
        return redirect(url_for("casos.ver", case_key=case_key))
    if errores := motivo_malo(motivo):
        return _pagina(case_key, motivo, errores)

    def guardar(n: Noting) -> None:
        numeros_anulados.retirar(n.session, case_key, motivo, Acto(n.actor.id, n.now, case_key))

    dicho = f"Retira la petición de anular el número {f.numero}. {motivo}"
    try:
        s.engine.notes.add(
            case_key,
            dicho,
            kind=ANULACION,
            actor=actor_actual(),
            now=s.clock.now(),
            records=guardar,
        )
    except DatoInvalido as rechazo:
        flash(str(rechazo), "ambar")
        return redirect(url_for("casos.ver", case_key=case_key))
    flash(_("Quedó retirada. El número sigue como está."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))


# --- decide ---------------------------------------------------------------------------------------
@rutas.get(
    "/anulaciones",
    para=CANCELA,
    ayuda=Ayuda(
        _l("Números que alguien pidió anular y esperan que otra persona decida."), ADMINISTRADOR
    ),
    menu=Entrada(Grupo.CASOS, _l("Números anulados")),
)
def anulaciones() -> ResponseReturnValue:
    """What waits for a decision, the oldest first."""
    with servicios().uow.reading() as session:
        filas = numeros_anulados.pendientes(session)
        numeros = nombres_de_casos(session, {a.case_key for a in filas})
        nombres = nombres_de(session, {a.pedida_por for a in filas})
    return render_template("casos/anulaciones.html", filas=filas, numeros=numeros, nombres=nombres)


@rutas.get(
    "/caso/<case_key>/anulacion/decidir",
    para=CANCELA,
    ayuda=Ayuda(
        _l("Aquí decide si se anula un número que otra persona pidió anular."), ADMINISTRADOR
    ),
)
def por_decidir_anulacion(case_key: str) -> ResponseReturnValue:
    return _pagina_decidir(case_key, "", "", [])


def _pagina_decidir(
    case_key: str, decide: str, motivo: str, errores: list[tuple[str, str]]
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        pedida = numeros_anulados.que_cuenta(session, case_key)
        if pedida is None or pedida.decidida is not None:
            flash(_("No hay una anulación de este número por decidir."), "ambar")
            return redirect(url_for("casos.anulaciones"))
        f = _con_numero(session, case_key)
        en_curso = [i for i in reads.instances.of_case(session, case_key) if i.status in RUNNING]
        nombres = nombres_de(session, {pedida.pedida_por})
    suya = pedida.pedida_por == actor_actual().id
    valores = {
        "f": f,
        "a": pedida,
        "suya": suya,
        "en_curso": en_curso,
        "nombres": nombres,
        "decide": decide,
        "motivo": motivo,
    }
    pagina = render_template(
        "casos/decidir_anulacion.html",
        case_key=case_key,
        **valores,
        minimo=MIN_REASON,
        errores=errores,
    )
    return pagina, 422 if errores else 200


@rutas.post(
    "/caso/<case_key>/anulacion/decidir",
    para=CANCELA,
    haria=_l("Decidir si se anula el número de un caso"),
)
def decidir_anulacion(case_key: str) -> ResponseReturnValue:
    s, actor, now = servicios(), actor_actual(), servicios().clock.now()
    decide, motivo = request.form.get("decide", ""), limpiar(request.form.get("motivo", ""))
    with s.uow.reading() as session:
        pedida = numeros_anulados.que_cuenta(session, case_key)
        if pedida is None or pedida.decidida is not None:
            return _pagina_decidir(case_key, decide, motivo, [])
        f = _con_numero(session, case_key)
        en_curso = [i.id for i in reads.instances.of_case(session, case_key) if i.status in RUNNING]
    errores = motivo_malo(motivo)
    if decide not in ("anular", "negar"):
        errores.insert(0, ("decide", _("Elija si el número se anula o no")))
    elif decide == "anular" and len(en_curso) > 1:
        errores.insert(
            0,
            (
                "decide",
                _(
                    "El caso tiene varios procesos en curso. Cancele los demás en «Operar» y deje uno."
                ),
            ),
        )
    if errores:
        return _pagina_decidir(case_key, decide, motivo, errores)
    aprueba = decide == "anular"
    dicho = f"{'Anula' if aprueba else 'No anula'} el número {f.numero}. {motivo}"

    def con_el_proceso(w: Writing) -> None:
        numeros_anulados.decidir(w.session, case_key, motivo, acto_de(w), aprueba=True)

    def sin_proceso(n: Noting) -> None:
        if aprueba:  # whoever reopens it looks at the number under the same lock
            registro.exigir_sin_anular(n.session, case_key)
            if any(i.status in RUNNING for i in reads.instances.of_case(n.session, case_key)):
                raise DatoInvalido(_("El caso se reabrió mientras usted decidía. Mírelo otra vez."))
        numeros_anulados.decidir(
            n.session, case_key, motivo, Acto(n.actor.id, n.now, case_key), aprueba=aprueba
        )

    try:
        if aprueba and en_curso:
            s.engine.instances.cancel(
                en_curso[0], reason=dicho[:2000], actor=actor, now=now, records=con_el_proceso
            )
        else:
            s.engine.notes.add(
                case_key, dicho, kind=ANULACION, actor=actor, now=now, records=sin_proceso
            )
    except DatoInvalido as rechazo:
        return _pagina_decidir(case_key, decide, motivo, [("contenido", str(rechazo))])
    except InstanceNotActive:
        return _pagina_decidir(
            case_key,
            decide,
            motivo,
            [("contenido", _("El caso terminó mientras usted decidía. Mírelo otra vez."))],
        )
    flash(_("El número quedó anulado.") if aprueba else _("El número sigue como está."), "verde")
    return redirect(url_for("casos.anulaciones"))
