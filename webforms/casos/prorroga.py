"""The extension of the answer (Ley 1755 de 2015, art. 14, parágrafo): whoever has the case asks for
it with a reason, and whoever may grant it decides."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import Conflict, InstanceNotActive
from engine.types import MIN_REASON, Noting, WorkItem, Writing
from records.base.actos import Acto, acto_de
from records.base.errores import DatoInvalido, Rechazo
from records.casos import escalonamientos, prorrogas
from records.casos.expediente import Expediente
from records.casos.reglas.notas import PRORROGA as DE_PRORROGA
from records.correo import correos
from records.correo.avisos import SITIO
from records.cuentas import cuentas
from records.cuentas.reglas.roles import Facultad, con_facultad
from webforms.base import formatos
from webforms.base.entrada import entero_o
from webforms.base.guias import COORDINADOR, FUNCIONARIO, Ayuda
from webforms.base.quienes import ANOTA, PRORROGA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos.cabecera import exigir, ficha
from webforms.casos.enlaces import motivo_malo
from webforms.plazos.palabras import fechas_de_prorroga, no_prorroga
from webforms.tareas.prorrogas import la_que_espera

rutas = Rutas()

PARRAFO = range(20, 2001)  #: letters of a reason in a letter
EN_ANALISIS = ("act_5_2_16", "act_5_2_17", "act_5_2_18")
Errores = list[tuple[str, str]]


def _abierta(session: Session, case_key: str) -> WorkItem | None:
    """What the area does now."""
    abiertas = reads.items.of_case(session, case_key, only_open=True)
    return next((i for i in abiertas if i.element in EN_ANALISIS), None)


def _leido(e: Expediente, motivo_de: str) -> tuple[str, str, Errores]:
    """Days and reason as they were sent, and what is wrong with them."""
    motivo, dias = limpiar(request.form.get("motivo", "")), request.form.get("dias", "").strip()
    errores: Errores = []
    tope = e.caso.prorroga_max or 0
    if not 1 <= entero_o(dias, 0) <= tope:
        errores.append(("dias", _("Elija cuántos días hábiles, de 1 a %(n)s", n=tope)))
    if len(motivo) not in PARRAFO:
        errores.append(("motivo", motivo_de))
    return dias, motivo, errores


# --- ask ------------------------------------------------------------------------------------------
@rutas.get(
    "/caso/<case_key>/prorroga/pedir",
    para=ANOTA,
    ayuda=Ayuda(
        _l("Aquí pide más días para responder; lo decide quien puede conceder la prórroga."),
        FUNCIONARIO,
    ),
)
def por_pedir_prorroga(case_key: str) -> ResponseReturnValue:
    return _pagina_pedir(case_key, "", "", [])


def _pagina_pedir(case_key: str, dias: str, motivo: str, errores: Errores) -> ResponseReturnValue:
    """Back to the task, with the reason, where nothing can be asked for."""
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        e, abierta = ficha(session, case_key), _abierta(session, case_key)
        espera = la_que_espera(session, e, servicios().clock.now()) if e is not None else None
    if e is None or abierta is None or abierta.claimed_by != actor_actual().id:
        flash(_("La prórroga la pide quien tiene el caso en su área."), "ambar")
        return redirect(url_for("casos.ver", case_key=case_key))
    if espera is not None or (no_prorroga(e, servicios().clock.now()) and not errores):
        return redirect(url_for("tareas.mostrar", item_id=abierta.id))
    valores: dict[str, Any] = {"e": e, "item_id": abierta.id, "dias": dias, "motivo": motivo}
    return render_template(
        "casos/pedir_prorroga.html",
        case_key=case_key,
        fechas=fechas_de_prorroga(e),
        errores=errores,
        **valores,
    ), 422 if errores else 200


@rutas.post(
    "/caso/<case_key>/prorroga/pedir", para=ANOTA, haria=_l("Pedir la prórroga de la respuesta")
)
def pedir_prorroga(case_key: str) -> ResponseReturnValue:
    """The request, its entry in the chain and the mails to who may decide, in one commit."""
    s, actor = servicios(), actor_actual()
    with s.uow.reading() as session:
        exigir(session, case_key)
        e, abierta = ficha(session, case_key), _abierta(session, case_key)
    if (
        e is None
        or abierta is None
        or abierta.claimed_by != actor.id
        or no_prorroga(e, s.clock.now())
    ):
        return _pagina_pedir(case_key, "", "", [])
    dias, motivo, errores = _leido(e, _("Escriba el motivo, entre 20 y 2.000 letras"))
    if errores:
        return _pagina_pedir(case_key, dias, motivo, errores)
    caso_id, radicado = e.caso.id, e.caso.radicado

    def guardar(n: Noting) -> None:
        acto = Acto(n.actor.id, n.now, case_key)
        numero = prorrogas.pedir(n.session, caso_id, int(dias), motivo, acto)
        deciden = {
            p.usuario
            for p in cuentas.gente_con(n.session, con_facultad(Facultad.PRORROGAR), None, n.now)
        }
        for usuario in sorted(deciden - {n.actor.id}):
            _avisar(
                n.session,
                usuario,
                "prorroga_pedida",
                numero,
                acto,
                dias=dias,
                caso=radicado,
                donde=f"{SITIO}/caso/{case_key}/prorroga",
            )

    try:
        s.engine.notes.add(
            case_key,
            f"Pide prorrogar la respuesta {dias} días hábiles. {motivo}",
            kind=DE_PRORROGA,
            actor=actor,
            now=s.clock.now(),
            records=guardar,
        )
    except DatoInvalido as rechazo:
        flash(str(rechazo), "ambar")
    else:
        flash(_("Quedó pedida. El término no cambia mientras se decide."), "verde")
    return redirect(url_for("tareas.mostrar", item_id=abierta.id))


def _avisar(
    session: Session, usuario: str, carta: str, numero: int, acto: Acto, **dichos: object
) -> None:
    """A mail without what was written: the case says it."""
    suya, quien = cuentas.cuenta(session, usuario), cuentas.cuenta(session, acto.quien).nombre
    correos.avisar_a_su_cuenta(
        session, suya, f"{carta}:{numero}:{suya.id}", carta, acto.now, quien=quien, **dichos
    )


# --- decide ---------------------------------------------------------------------------------------
@rutas.get(
    "/caso/<case_key>/prorroga",
    para=PRORROGA,
    ayuda=Ayuda(_l("Aquí amplía, una sola vez, el plazo de ley de la respuesta."), COORDINADOR),
)
def por_prorrogar(case_key: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        e = ficha(session, case_key)
    if e is None or not prorroga_a_la_vista(e):
        abort(404)
    if porque := no_prorroga(e, servicios().clock.now()):
        flash(porque, "ambar")
        return redirect(url_for("casos.ver", case_key=case_key))
    return _pagina(case_key, e, {}, [])


def prorroga_a_la_vista(e: Expediente) -> bool:
    return puede(actor_actual(), Facultad.PRORROGAR) and e.caso.estado in prorrogas.EN_EL_AREA


def puede_prorrogar(e: Expediente | None) -> bool:
    """Offered to the coordinator while an area has the case, the term has not passed and no
    extension was given."""
    return e is not None and prorroga_a_la_vista(e) and not no_prorroga(e, servicios().clock.now())


def _pagina(
    case_key: str, e: Expediente, enviado: dict[str, str], errores: Errores
) -> ResponseReturnValue:
    """Days and reason as they were asked for, until who decides writes others."""
    with servicios().uow.reading() as session:
        espera = la_que_espera(session, e, servicios().clock.now())
    pedido = (
        {"dias": str(espera.fila.dias), "motivo": espera.fila.motivo} if espera is not None else {}
    )
    valores = {"dias": "", "motivo": "", "decide": "", "respuesta": "", **pedido, **enviado}
    return render_template(
        "casos/prorroga.html",
        case_key=case_key,
        e=e,
        espera=espera,
        fechas=fechas_de_prorroga(e),
        errores=errores,
        **valores,
    ), 422 if errores else 200


@rutas.post(
    "/caso/<case_key>/prorroga", para=PRORROGA, haria=_l("Ampliar el plazo de la respuesta")
)
def prorrogar(case_key: str) -> ResponseReturnValue:
    """What was asked for is granted or refused; nothing needs to have been asked for to grant."""
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        e, abierta = ficha(session, case_key), _abierta(session, case_key)
        espera = la_que_espera(session, e, s.clock.now()) if e is not None else None
    if e is None or abierta is None or not prorroga_a_la_vista(e):
        abort(404)
    if porque := no_prorroga(e, s.clock.now()):
        flash(porque, "ambar")
        return redirect(url_for("casos.ver", case_key=case_key))
    enviado = {
        "decide": request.form.get("decide", "" if espera is not None else "conceder"),
        "respuesta": limpiar(request.form.get("respuesta", "")),
    }
    if enviado["decide"] == "negar":
        return _negar(case_key, e, enviado)
    dias, motivo, errores = _leido(e, _("Escriba el motivo de la carta, entre 20 y 2.000 letras"))
    enviado |= {"dias": dias, "motivo": motivo}
    if enviado["decide"] != "conceder":
        errores = [("decide", _("Elija si la concede o no"))]
    return (
        _pagina(case_key, e, enviado, errores)
        if errores
        else _conceder(case_key, e, abierta, enviado)
    )


def _negar(case_key: str, e: Expediente, enviado: dict[str, str]) -> ResponseReturnValue:
    s, respuesta, caso_id, radicado = (
        servicios(),
        enviado["respuesta"],
        e.caso.id,
        e.caso.radicado,
    )
    if motivo_malo(respuesta):
        falta = _(
            "Escriba por qué no la concede, entre %(n)s y 2.000 letras: lo lee quien la pidió",
            n=MIN_REASON,
        )
        return _pagina(case_key, e, enviado, [("respuesta", falta)])

    def guardar(n: Noting) -> None:
        acto = Acto(n.actor.id, n.now, case_key)
        hecha = prorrogas.decidir(n.session, caso_id, respuesta, acto, concede=False)
        if hecha is None:
            raise DatoInvalido("No hay una prórroga por decidir: quizá otra persona la decidió.")
        donde = f"{SITIO}/caso/{case_key}"
        numero, pidio = hecha
        _avisar(n.session, pidio, "prorroga_negada", numero, acto, caso=radicado, donde=donde)

    try:
        s.engine.notes.add(
            case_key,
            f"No concede la prórroga. {respuesta}",
            kind=DE_PRORROGA,
            actor=actor_actual(),
            now=s.clock.now(),
            records=guardar,
        )
    except DatoInvalido as rechazo:
        flash(str(rechazo), "ambar")
    else:
        flash(_("No concedió la prórroga. Quien la pidió lee por qué."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))


def _conceder(
    case_key: str, e: Expediente, abierta: WorkItem, enviado: dict[str, str]
) -> ResponseReturnValue:
    """The extension, its letter and the interruption of what the area does, in one commit; the
    draft waits there."""
    s, caso_id, radicado = servicios(), e.caso.id, e.caso.radicado
    nueva = escalonamientos.NuevaProrroga(int(enviado["dias"]), enviado["motivo"])

    def conceder(w: Writing) -> None:
        acto = acto_de(w)
        escalonamientos.prorrogar(w.session, caso_id, nueva, acto)
        if (hecha := prorrogas.decidir(w.session, caso_id, None, acto, concede=True)) is not None:
            donde = f"{SITIO}/caso/{case_key}"
            numero, pidio = hecha
            _avisar(
                w.session, pidio, "prorroga_concedida", numero, acto, caso=radicado, donde=donde
            )

    try:
        s.engine.messages.correlate(
            "ProrrogaAprobada",
            str(caso_id),
            {
                "actividad_interrumpida": abierta.element,
                "funcionario_id": abierta.claimed_by or "",
            },
            actor=actor_actual(),
            now=s.clock.now(),
            records=conceder,
        )
    except Rechazo as rechazo:
        return _pagina(case_key, e, enviado, [("dias", str(rechazo))])
    except (Conflict, InstanceNotActive):
        falta = _("El caso ya no está en análisis. No se cambió nada.")
        return _pagina(case_key, e, enviado, [("contenido", falta)])
    with s.uow.reading() as session:
        prorrogado = ficha(session, case_key)
    fecha = (
        formatos.fecha(prorrogado.caso.limite_respuesta, formatos.dia_local(s.clock.now()))
        if prorrogado
        else ""
    )
    flash(
        _(
            "Prórroga registrada. Se responde a más tardar el %(f)s, y así se le avisa al usuario.",
            f=fecha,
        ),
        "verde",
    )
    return redirect(url_for("casos.ver", case_key=case_key))
