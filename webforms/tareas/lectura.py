"""A work item with what its page needs: who may read it, its form as typed, as drafted or as known,
what was recorded before."""

from dataclasses import dataclass, replace
from typing import Final

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import reads
from engine.errors import NotFound
from engine.states import AccessKind, InstanceStatus
from engine.types import Data, ElementSpec, Value, WorkItem
from records.cuentas.reglas.roles import Facultad
from webforms.base.personas import nombres_de
from webforms.base.rotulos import rotulo
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.campos.formulario import Contexto, FormSpec, TareaForm
from webforms.personas.cubierto import cubre
from webforms.tareas import mostrado
from webforms.tareas.envios import especificacion, presentar, texto_de
from webforms.tareas.guardado import Guardado, archivos_de, hay, leer
from webforms.tareas.registrado import Registro, registrados

#: Fields whose file the person takes away.
QUITAR: Final = "_quitar"


@dataclass(frozen=True, slots=True)
class Tarea:
    """A work item with what its page needs, read in one short transaction."""

    item: WorkItem
    elemento: ElementSpec
    spec: FormSpec
    form: TareaForm
    borrador: Guardado | None
    mostrado: str  #: of the case, by the page that shows the form (`mostrado.de`)
    enviado: MultiDict[str, object] | None = None  #: what was typed, when a form came in
    ayuda: tuple[tuple[str, str], ...] = ()
    anteriores: tuple[Registro, ...] = ()  #: what was recorded in the case before
    estado: str = InstanceStatus.ACTIVE  #: of the instance
    versiones: tuple[Registro, ...] = ()  #: what gave way to the draft, in words
    #: (label, text) of a draft whose fields the form of this version no longer has
    sueltos: tuple[tuple[str, str], ...] = ()

    @property
    def ajeno(self) -> str | None:
        """Who wrote the draft that came with the task, while this person has not written on."""
        if (
            self.borrador is None
            or self.borrador.autor == actor_actual().id
            or not hay(self.borrador.textos)
        ):
            return None
        return self.borrador.autor


def elemento_de(session: Session, item: WorkItem) -> ElementSpec:
    return reads.releases.element_of(session, servicios().engine.catalog, item)


def leer_item(session: Session, item_id: str, *, supervisando: bool = False) -> WorkItem:
    """The item, if it is of a lane of this actor. Unknown and foreign ids get the same 404; the
    foreign ones are recorded."""
    item, actor = reads.items.item(session, item_id), actor_actual()
    suya = item.role is not None and actor.has(item.role, item.scope)
    if suya or (supervisando and puede(actor, Facultad.SUPERVISAR, item.scope)):
        return item
    servicios().engine.log_access(
        actor, AccessKind.REFUSAL, item_id, now=servicios().clock.now(), detail={"reason": "lane"}
    )
    raise NotFound(f"item {item_id}")


def construir(
    session: Session, item: WorkItem, datos: MultiDict[str, object] | None, prefijo: str = ""
) -> Tarea:
    """The form filled with `datos` as typed, else with the person's draft, else with what is known
    of the case. `prefijo`: of the names of its fields, on a page with several forms."""
    s, elemento = servicios(), elemento_de(session, item)
    if datos is None:
        s.mostrados.guardar(item)
    spec = especificacion(elemento, s.forms)
    contexto = Contexto(session, item, elemento, actor_actual(), s.clock.now(), s.archivos)
    borrador = leer(reads.items.draft(session, item, contexto.actor.id)) if datos is None else None
    escrito = datos if datos is not None else _escrito(borrador, prefijo)
    conocido = spec.prefill(contexto) if spec.prefill and escrito is None else {}
    form = spec.form(contexto, formdata=escrito, data=spec.form.nombres(conocido), prefix=prefijo)
    if form.de_archivo:
        suyos: Data = borrador.archivos if borrador is not None else {}
        if request.form.get("_borrador"):  # the page that sends it has seen one
            suyos = _los_que_vio(session, item, contexto.actor.id)
        con_sus_archivos(form, suyos)
    visto = mostrado.de(item, elemento) if datos is None else request.form.get(mostrado.CAMPO, "")
    return Tarea(item, elemento, spec, form, borrador, visto, datos)


def _los_que_vio(session: Session, item: WorkItem, quien: str) -> Data:
    """Files of the draft; where that has gone with the form, those of the form: sent once more, it is
    the same."""
    borrador = leer(reads.items.draft(session, item, quien))
    if borrador is not None:
        return borrador.archivos
    envios = reads.history.submissions(session, item.case_key)
    suyos = (e.values or {} for e in envios if (e.item_id, e.actor_id) == (item.id, quien))
    return {n: valor for valores in suyos for n, valor in archivos_de(valores).items()}


def con_sus_archivos(form: TareaForm, guardados: Data) -> None:
    """A draft has these for its fields."""
    quitados = request.form.getlist(QUITAR)
    for campo in form.de_archivo:
        campo.conservar(guardados.get(campo.name), quitado=campo.name in quitados)


def con_lecturas(session: Session, tarea: Tarea) -> Tarea:
    """What only a page needs: a form that is accepted does without it."""
    contexto = tarea.form.contexto = replace(tarea.form.contexto, session=session)
    tarea.form.leer()
    ayuda = tuple(tarea.spec.ayuda(contexto)) if tarea.spec.ayuda else ()
    borrador = tarea.borrador or leer(reads.items.draft(session, tarea.item, contexto.actor.id))
    if borrador is not None:
        con_sus_archivos(tarea.form, borrador.archivos)
    return replace(
        tarea,
        ayuda=ayuda,
        borrador=borrador,
        anteriores=tuple(registrados(session, tarea.item.case_key)),
        estado=reads.instances.status(session, tarea.item.instance_id),
        versiones=tuple(_versiones(session, tarea, borrador))
        if borrador is not None and borrador.anteriores
        else (),
        sueltos=tuple(_sueltos(session, tarea, borrador)),
    )


def _versiones(session: Session, tarea: Tarea, borrador: Guardado) -> list[Registro]:
    nombres, cubierto = (
        nombres_de(session, {v.autor for v in borrador.anteriores}),
        cubre(tarea.item.case_key),
    )
    return [
        Registro(
            rotulo(tarea.elemento.name or tarea.item.name),
            nombres.get(v.autor, v.autor),
            v.cuando,
            tuple(
                presentar(sin_listas(v.textos), tarea.elemento, servicios().forms, cubre=cubierto)
            ),
        )
        for v in borrador.anteriores
    ]


def _sueltos(session: Session, tarea: Tarea, borrador: Guardado | None) -> list[tuple[str, str]]:
    """What was typed into fields that went with an earlier version of the activity, under the label
    that they had there."""
    guardado = sin_listas(borrador.textos) if borrador is not None else {}
    listas = tarea.enviado.lists() if tarea.enviado is not None else ()
    enviado = {
        n: [t for t in textos if isinstance(t, str)]
        for n, textos in listas
        if not n.startswith("_") and n != "csrf_token"
    }
    escrito = {**guardado, **{n: ", ".join(textos) for n, textos in enviado.items() if any(textos)}}
    propios = {campo.name for campo in tarea.form}
    sobran = {nombre: valor for nombre, valor in escrito.items() if nombre not in propios}
    if not sobran:
        return []
    etiquetas: dict[str, str] = {}
    for numero in reversed(reads.history.releases_of(session, tarea.item.instance_id)):
        elementos = reads.releases.elements(session, servicios().engine.catalog, numero).values()
        etiquetas |= {
            f.name: rotulo(f.label) for e in elementos for f in e.fields if f.name in sobran
        }
    return [(etiquetas.get(nombre, nombre), texto_de(valor)) for nombre, valor in sobran.items()]


def _escrito(borrador: Guardado | None, prefijo: str) -> MultiDict[str, object] | None:
    if borrador is None or not borrador.escrito:
        return None
    pares = (
        (prefijo + n, v)
        for n, valores in borrador.escrito.items()
        for v in (valores if isinstance(valores, list) else [valores])
    )
    return MultiDict(pares)


def sin_listas(valores: Data) -> dict[str, Value]:
    return {
        n: ", ".join(map(str, v)) if isinstance(v, list) else v for n, v in valores.items() if v
    }
