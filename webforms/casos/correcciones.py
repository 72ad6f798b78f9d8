"""What was said of a case of a procedure, corrected with a reason; what it said before stays in the
history."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import reads
from engine.errors import InvalidValues, ValuesChanged
from engine.states import ItemState
from engine.types import MIN_REASON, ElementSpec, FieldSpec, Value, WorkItem
from records.casos import registro
from webforms.base.guias import COORDINADOR, Ayuda
from webforms.base.quienes import CORRIGE
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.campos.formulario import Contexto, TareaForm
from webforms.casos.cabecera import exigir, nombre_del_caso
from webforms.casos.enlaces import motivo_malo
from webforms.navegador.firmas import firmante
from webforms.personas.cubierto import DATOS_COMPLETOS
from webforms.tareas.declarado import formulario_declarado

rutas = Rutas()


@rutas.get(
    "/caso/<case_key>/corregir",
    para=CORRIGE,
    ayuda=Ayuda(
        _l("Aquí corrige un dato del caso que quedó mal; lo que decía antes se conserva."),
        COORDINADOR,
    ),
)
def por_corregir(case_key: str) -> ResponseReturnValue:
    """The fields with what they say; who corrects reads them uncovered, which is recorded."""
    s = servicios()
    with s.uow.reading() as session:
        form, nombre = _formulario(session, case_key, None), nombre_del_caso(session, case_key)
        dicho = _lo_dicho(session, case_key)
    return _pagina(case_key, nombre, form, "", dicho, [])


def _lo_dicho(session: Session, case_key: str) -> dict[str, Value]:
    return {
        campo.name: valor
        for campo, valor in servicios().engine.corrections.known(
            session, case_key, servicios().clock.now()
        )
    }


def _sobre(case_key: str) -> URLSafeSerializer:
    """Carries what the page showed to its answer."""
    return firmante(f"corregir:{case_key}:{actor_actual().id}")


def _lo_mostrado(case_key: str) -> dict[str, Value] | None:
    """None: it is not of a page of this case."""
    try:
        return dict(_sobre(case_key).loads(request.form.get("_visto", "")))
    except BadData:
        return None


def _formulario(
    session: Session, case_key: str, enviado: "MultiDict[str, str] | None"
) -> TareaForm:
    """What may be corrected of the instance that opened the case, as its forms ask it. 404 for a
    case whose data are of M5-1-02."""
    s, ahora = servicios(), servicios().clock.now()
    exigir(session, case_key)
    instancia = next(
        (i for i in reads.instances.of_case(session, case_key) if i.id == case_key), None
    )
    suya = registro.ficha(session, case_key)
    if instancia is None or suya is None or registro.es_anulado(suya):
        abort(404)
    conocidos = s.engine.corrections.known(session, case_key, ahora)
    inicio = reads.releases.processes(session, s.engine.catalog, instancia.release)[
        instancia.process
    ].opening
    if inicio is None or not conocidos:
        abort(404)
    spec = formulario_declarado(tuple(campo for campo, _valor in conocidos))
    contexto = Contexto(
        session,
        _como_tarea(case_key, instancia.release, inicio, conocidos),
        inicio,
        actor_actual(),
        ahora,
        s.archivos,
    )
    return spec.form(
        contexto,
        formdata=enviado,
        data=spec.form.nombres({campo.name: valor for campo, valor in conocidos}),
    )


def _como_tarea(
    case_key: str, release: int, inicio: ElementSpec, conocidos: list[tuple[FieldSpec, Value]]
) -> WorkItem:
    """Forms are built for a task; this one is of none."""
    return WorkItem(
        id="",
        instance_id=case_key,
        case_key=case_key,
        release=release,
        process="",
        element=inicio.id,
        name="",
        role=None,
        scope=None,
        state=ItemState.OPEN,
        claimed_by=None,
        opened_at=servicios().clock.now(),
        due_at=None,
        priority=0,
        closed_at=None,
        closed_by=None,
        data={campo.name: valor for campo, valor in conocidos},
    )


def _pagina(
    case_key: str,
    nombre: str,
    form: TareaForm,
    motivo: str,
    visto: dict[str, Value],
    errores: list[tuple[str, str]],
) -> ResponseReturnValue:
    s = servicios()
    s.engine.log_access(
        actor_actual(),
        DATOS_COMPLETOS,
        case_key,
        now=s.clock.now(),
        detail={"pagina": str(request.endpoint)},
    )
    valores = {
        "form": form,
        "motivo": motivo,
        "minimo": MIN_REASON,
        "errores": errores,
        "visto": _sobre(case_key).dumps(visto),
    }
    return render_template(
        "casos/corregir.html", case_key=case_key, nombre=nombre, **valores
    ), 422 if errores else 200


@rutas.post("/caso/<case_key>/corregir", para=CORRIGE, haria=_l("Corregir los datos del caso"))
def corregir(case_key: str) -> ResponseReturnValue:
    s, motivo = servicios(), limpiar(request.form.get("motivo", ""))
    with s.uow.reading() as session:
        form, nombre = (
            _formulario(session, case_key, request.form),
            nombre_del_caso(session, case_key),
        )
        form.validate()
        dicho, visto = _lo_dicho(session, case_key), _lo_mostrado(case_key)
    errores = [*form.errores(), *motivo_malo(motivo)]
    if visto is None:
        visto = dicho
        errores.append(("contenido", _cambio()))
    if not errores:
        try:
            s.engine.corrections.correct(
                case_key,
                form.valores(),
                reason=motivo,
                actor=actor_actual(),
                now=s.clock.now(),
                seen=visto,
            )
        except InvalidValues as rechazo:
            errores.append(("contenido", _por_que_no(rechazo)))
        except ValuesChanged as cambio:
            with s.uow.reading() as session:
                dicho = _lo_dicho(session, case_key)
            # sent again, it is meant
            visto = {
                **visto,
                **{nombre: dicho[nombre] for nombre in cambio.names if nombre in dicho},
            }
            errores += [
                (campo.id, _ahora_dice(campo, visto[campo.name]))
                for campo in form.visibles
                if campo.name in cambio.names
            ]
    if errores:
        return _pagina(case_key, nombre, form, motivo, visto, errores)
    flash(_("Los datos quedaron corregidos. Lo que decían antes está en la historia."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))


def _por_que_no(rechazo: InvalidValues) -> str:
    if "values" in rechazo.problems:
        return str(_("No cambió ningún dato: corrija al menos uno."))
    return _cambio()


def _cambio() -> str:
    return str(_("El caso cambió mientras usted lo corregía. Mírelo otra vez antes de seguir."))


def _ahora_dice(campo: Any, valor: Value) -> str:
    """What somebody else made of it; the answer that was typed stays in its field."""
    return f"{_cambio()} «{campo.label.text}» {_('ahora dice «%(valor)s».', valor='–' if valor in (None, '') else valor)}"
