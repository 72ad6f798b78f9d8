"""The later entry of a paper: its form, and the process that it begins. Both times and both people
stay."""

import datetime as dt
from typing import Any, cast

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine.errors import InvalidValues, NotAllowed
from engine.states import ItemState
from engine.types import Data, ElementSpec, FirstForm, Started, WorkItem
from records.base.errores import Rechazo
from records.casos.tablas import Caso
from records.contingencia import papel
from records.contingencia.papel import Numero
from records.contingencia.reglas.papel import CLASES, FUERA, PENDIENTES, Clase, Estado, formar
from records.contingencia.tablas import FormatoPapel
from records.cuentas.reglas.roles import PAPEL, Facultad
from records.lugares.tablas import Punto
from webforms.base import formatos
from webforms.base.formatos import dia_local
from webforms.base.guias import DOCUMENTAL, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.personas import nombre_de
from webforms.base.quienes import DIGITA_PAPEL
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos.formulario import Contexto, TareaForm
from webforms.contingencia.inicio import ESTADOS, el_punto
from webforms.tareas.envio import registros
from webforms.tareas.rechazos import motivo_de_rechazo

rutas = Rutas()

PROCESO = "M5_1_02_papel"


@rutas.get(
    "/papel/<punto_id>/<numero>",
    para=DIGITA_PAPEL,
    ayuda=Ayuda(_l("Aquí pasa al sistema lo que se escribió en papel."), DOCUMENTAL),
)
@rutas.post(
    "/papel/<punto_id>/<numero>", para=DIGITA_PAPEL, haria=_l("Digitar un formato en papel")
)
def digitar(punto_id: str, numero: str) -> ResponseReturnValue:
    """Where the QR leads. A number that is entered already says when and by whom; one that cannot
    be, why."""
    if not numero.isascii() or not numero.isdigit():
        abort(404)
    nombre, enviado = formar(punto_id, int(numero)), request.method == "POST"
    with servicios().uow.reading() as session:
        punto = el_punto(session, punto_id, Facultad.DIGITAR_PAPEL)
        hallado = papel.numero(session, nombre)
        if hallado is None:
            abort(404)
        form = _formulario(session, hallado, _enviado() if enviado else None)
        valido = enviado and hallado.estado not in FUERA and form.validate()
        hoja = (
            None if valido else _hoja(session, punto, hallado, form, codigo=422 if enviado else 200)
        )
    return hoja.mostrar() if hoja is not None else _guardar(punto_id, hallado, form)


def _enviado() -> MultiDict[str, object]:
    return MultiDict([*request.form.items(multi=True), *request.files.items(multi=True)])


def _formulario(
    session: Session, hallado: Numero, enviado: MultiDict[str, object] | None
) -> TareaForm:
    """The form of the task that waits for this kind of paper, before there is one: it begins
    together with the process."""
    clase, actor, now = CLASES[hallado.lote.clase], actor_actual(), servicios().clock.now()
    item = WorkItem(
        id="", instance_id="", case_key="", release=0, process=PROCESO, element=clase.elemento, name=clase.nombre, role=PAPEL,
        scope=hallado.f.punto_id, state=ItemState.OPEN, claimed_by=None, opened_at=now, due_at=None, priority=0, closed_at=None,
        closed_by=None, data=_datos(hallado),
    )  # fmt: skip
    contexto = Contexto(
        session,
        item,
        ElementSpec(clase.elemento, clase.nombre, "userTask", PROCESO),
        actor,
        now,
        servicios().archivos,
    )
    form = cast("Any", servicios().forms[clase.formulario].form)
    if enviado is not None:
        return cast(TareaForm, form(contexto, formdata=enviado))
    conocido = {
        "fecha": dia_local(_caida(session, hallado, now)),
        "atendio": actor.id,
        "condicion": "ninguna",
    }
    return cast(TareaForm, form(contexto, formdata=None, data=conocido))


def _caida(session: Session, hallado: Numero, now: dt.datetime) -> dt.datetime:
    """When the point last worked on paper: the day that most papers say."""
    return next((c.desde for c in papel.caidas(session, hallado.f.punto_id)), now)


def _datos(hallado: Numero) -> Data:
    return {
        "punto_id": hallado.f.punto_id,
        "formato": hallado.nombre,
        "clase_formato": hallado.lote.clase,
    }


def _hoja(
    session: Session,
    punto: Punto,
    hallado: Numero,
    form: TareaForm,
    *,
    codigo: int,
    error: str = "",
) -> Hoja:
    clase: Clase = CLASES[hallado.lote.clase]
    actor = actor_actual()
    faltan = [x for x in papel.pendientes(session, punto.codigo) if x.estado in PENDIENTES]
    caidas = papel.caidas(session, punto.codigo)
    valores = {
        "punto": punto,
        "n": hallado,
        "clase": clase,
        "form": form,
        "error": error,
        "se_puede": hallado.estado not in FUERA,
        "estados": ESTADOS,
        "faltan": faltan,
        "guardados": {x.f.id for x in faltan if papel.guardado(x, caidas)},
        "abierta": next((c for c in caidas if c.hasta is None), None),
        "Estado": Estado,
        "digita": nombre_de(session, actor.id),
        "caidas": caidas[:3],
        "digito": nombre_de(session, hallado.f.digitado_por) if hallado.f.digitado_por else "",
        "atendio": nombre_de(session, hallado.f.atendio) if hallado.f.atendio else "",
        "lote_por": nombre_de(session, hallado.lote.impreso_por),
        "clases": CLASES,
        "con_nombre": "confirma_nombre" in form,
    }
    return Hoja("contingencia/digitar.html", valores, codigo)


def _guardar(punto_id: str, hallado: Numero, form: TareaForm) -> ResponseReturnValue:
    """One command: the process begins, its form is sent, and what follows of it is done: number,
    terms, area."""
    s, clase = servicios(), CLASES[hallado.lote.clase]
    spec = s.forms[clase.formulario]
    primera = FirstForm(
        clase.elemento, form.valores() | {"formato": hallado.nombre}, registros(spec, form)
    )
    try:
        hecho = s.engine.instances.start(
            PROCESO,
            actor=actor_actual(),
            now=s.clock.now(),
            key=f"papel:{hallado.nombre}",
            case_key=_de_que_caso(hallado, form),
            data=_datos(hallado),
            first=primera,
        )
    except (Rechazo, InvalidValues, NotAllowed) as rechazo:
        dicho = motivo_de_rechazo(rechazo) if isinstance(rechazo, NotAllowed) else str(rechazo)
        with s.uow.reading() as session:
            punto = session.get_one(Punto, punto_id)
            actual = papel.numero(session, hallado.nombre) or hallado
            hoja = _hoja(session, punto, actual, form, codigo=422, error=dicho)
        return hoja.mostrar()
    return _despues(punto_id, hallado, hecho)


def _de_que_caso(hallado: Numero, form: TareaForm) -> str | None:
    """A rating belongs to the case of its attention; every other paper begins its own."""
    if hallado.lote.clase != "calificacion":
        return None
    with servicios().uow.reading() as session:
        dicho = str(form["formato_atencion"].data).rpartition("-")[2].strip()
        atencion = (
            papel.atencion_de(session, formar(hallado.f.punto_id, int(dicho)))
            if dicho.isdigit()
            else None
        )
        return atencion.case_key if atencion is not None else None


def _despues(punto_id: str, hallado: Numero, hecho: Started) -> ResponseReturnValue:
    """What came of it, and the next paper that is used and not entered."""
    s = servicios()
    now = s.clock.now()
    if hecho.duplicate:
        flash(_("El %(n)s ya estaba digitado. No se guardó otra vez.", n=hallado.nombre), "ambar")
        return redirect(url_for("papel.lista", punto=punto_id))
    with s.uow.reading() as session:
        caso = session.query(Caso).filter(Caso.case_key == hecho.case_key).first()
        siguiente = next(
            (x for x in papel.pendientes(session, punto_id) if x.estado == Estado.USADO), None
        )
        dicho, clase = _dicho(session, hallado, caso, now)
    flash(dicho, clase)
    if request.form.get("_sigue") == "salir" or siguiente is None:
        return redirect(url_for("papel.lista", punto=punto_id))
    return redirect(
        url_for("papel.digitar", punto_id=punto_id, numero=siguiente.nombre.rpartition("-")[2])
    )


def _dicho(
    session: Session, hallado: Numero, caso: Caso | None, now: dt.datetime
) -> tuple[str, str]:
    f = session.get_one(FormatoPapel, hallado.f.id)
    hoy = dia_local(now)
    quedo = _("El %(n)s quedó digitado", n=hallado.nombre)
    if (
        caso is None
        or caso.radicado is None
        or caso.limite_respuesta is None
        or f.inicio is None
        or caso.enviado is not None
    ):
        return f"{quedo}.", "verde"
    datos = {
        "r": caso.radicado,
        "f": formatos.fecha(caso.limite_respuesta, hoy),
        "d": formatos.el_momento(f.inicio, hoy),
    }
    if caso.limite_respuesta < now:
        return f"{quedo}. " + _(
            "El caso %(r)s ya venció: su término corría hasta el %(f)s, desde %(d)s, la hora del papel.",
            **datos,
        ), "rojo"
    return f"{quedo}. " + _(
        "Caso %(r)s: se responde a más tardar el %(f)s, contado desde %(d)s, la hora del papel.",
        **datos,
    ), "verde"
