"""The person is back with what was missing of a delivery: received row by row, and the area that
has the case knows."""

from dataclasses import dataclass
from typing import Any, cast

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.errors import Conflict, InstanceNotActive
from engine.types import Writing
from records.base.actos import Acto
from records.base.errores import ArchivoSinGuardar, NoExiste
from records.casos import escalonamientos
from records.casos.reglas import estados
from records.casos.reglas.notas import NOTA
from records.escritos import escritos
from records.escritos.escritos import Radicada
from webforms.base.apartados import apartar
from webforms.base.guias import DOCUMENTAL, Ayuda
from webforms.base.quienes import RADICA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.casos.cabecera import exigir
from webforms.documentos.archivos import Almacen
from webforms.escritos.formularios.recibo import CompletarEscrito, listados, traidos
from webforms.navegador.ficha import ConFicha

rutas = Rutas()


@dataclass(frozen=True, slots=True)
class SoloArchivos:
    """What a file field needs from the context of a task."""

    archivos: Almacen


class Formulario(CompletarEscrito):
    """Shown on a page, not in a task: it has no case to look at."""

    def __init__(self, **kwargs: Any) -> None:
        self.contexto = cast("Any", SoloArchivos(servicios().archivos))
        ConFicha.__init__(self, **kwargs)


@rutas.get(
    "/radicacion/<case_key>/completar",
    para=RADICA,
    ayuda=Ayuda(_l("Aquí recibe los documentos y les da su número."), DOCUMENTAL),
)
@rutas.post("/radicacion/<case_key>/completar", para=RADICA, haria=_l("Radicar un documento"))
def completar(case_key: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        hallada = escritos.radicada(session, case_key)
        if hallada is None:
            abort(404)
        case_key = hallada.escrito.case_key or case_key  # it came in a later visit
        exigir(session, case_key)
        suspendido = (
            hallada.caso is not None
            and escalonamientos.suspension_abierta(session, hallada.caso.id) is not None
        )
    if not _falta_algo(hallada):  # «Atrás» after it was received, or a page that stayed open
        flash(
            _("A esta entrega no le falta nada que se pueda recibir. No se guardó nada."), "ambar"
        )
        return redirect(url_for("radicacion.radicada", case_key=case_key))
    if request.method == "GET":
        return render_template(
            "escritos/completar.html",
            form=Formulario(formdata=None),
            r=hallada,
            case_key=case_key,
        )
    form = Formulario()
    if not form.validate():
        return render_template(
            "escritos/completar.html", form=form, r=hallada, case_key=case_key
        ), 422
    try:
        _recibir(hallada, case_key, form, reanuda=suspendido)
    except ArchivoSinGuardar as falla:
        flash(str(falla), "rojo")
        return render_template(
            "escritos/completar.html", form=form, r=hallada, case_key=case_key
        ), 503
    except (Conflict, InstanceNotActive, NoExiste):
        flash(
            _("Otra persona ya recibió lo que faltaba, o el caso cambió. No se guardó nada."),
            "ambar",
        )
        return redirect(url_for("radicacion.radicada", case_key=case_key))
    flash(_("Recibido. Queda en el caso."), "verde")
    return redirect(url_for("radicacion.radicada", case_key=case_key))


def _falta_algo(hallada: Radicada) -> bool:
    """Something is missing, and still owed."""
    if not hallada.escrito.falta or hallada.escrito.completado:
        return False
    return hallada.caso is None or hallada.caso.estado not in estados.RESUELTOS


def _recibir(hallada: Radicada, case_key: str, form: Formulario, *, reanuda: bool) -> None:
    """A note of the case, or, where the area waits for it, what lets the clock of the case go on
    (art. 17); in one commit."""
    s, actor, valores = servicios(), actor_actual(), form.valores()
    now, falta = s.clock.now(), str(valores.get("falta") or "")
    documentos = traidos(valores)
    dicho = f"Entregó lo que faltaba. Documentos y folios: {listados(documentos)}."
    if falta:
        dicho = f"{dicho} Todavía falta: {falta}."
    acto = Acto(actor.id, now, case_key)

    def anotar(session: Session) -> None:
        escritos.completar_escrito(session, case_key, documentos, falta, acto)
        for revisado in form.archivos().values():
            apartar(revisado)

    if not reanuda or falta or hallada.caso is None:
        s.engine.notes.add(
            case_key, dicho, actor=actor, now=now, kind=NOTA, records=lambda n: anotar(n.session)
        )
        return
    caso_id = hallada.caso.id

    def registros(w: Writing) -> None:
        anotar(w.session)
        escalonamientos.anotar_complemento(w.session, caso_id, dicho, acto)

    s.engine.messages.correlate(
        "ComplementoRecibido", str(caso_id), {}, actor=actor, now=now, records=registros
    )
