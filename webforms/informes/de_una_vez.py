"""The reports of a month on one page, for who has many of them (5.2.23, 5.2.24): only what missed
its target asks for words; each is sent, or reviewed, by a command and an entry of its own."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import reads
from engine.errors import DraftUnseen, EngineError, InvalidValues, NotFound
from engine.reads.items import InboxFilter
from engine.states import ItemState
from engine.types import Data, WorkItem
from records.base.errores import Rechazo
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.quienes import VE_INDICADORES
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.base.texto_llevado import RETOMAR, retomado
from webforms.informes.formularios import DelPunto
from webforms.informes.periodo import mes_de_la_ruta
from webforms.tareas import registros
from webforms.tareas.lectura import Tarea, construir, leer_item
from webforms.tareas.rechazos import lo_que_no_se_acepta, por_que_no

rutas = Rutas()

MUCHAS: Final = 200  #: reports that a page sends
ENVIA, REVISA = "act_5_2_23", "act_5_2_24"


@dataclass(frozen=True, slots=True)
class Reporte:
    """The report of a point as the page has it. `por_que`: what keeps it from being sent."""

    tarea: Tarea
    form: DelPunto
    por_que: str = ""

    @property
    def pide(self) -> list[Any]:
        """Fields that stand open: what has to be written, or was."""
        return [
            c
            for c in self.form.visibles
            if (c.flags.required and c.short_name != "cumple_requisitos") or c.data
        ]

    @property
    def a_la_vista(self) -> bool:
        """It has something to be written or read; the others are folded."""
        h = self.form.hoja
        dicho = h.ultima is not None and (h.ultima.reporte.comentarios or h.anterior or h.tarde)
        return bool(self.por_que or h.incumplidas or dicho or self.pide)

    @property
    def se_deja(self) -> bool:
        return self.tarea.item.id in request.form.getlist("dejar")


def suyas(session: Session, elemento: str, mes: dt.date) -> list[WorkItem]:
    """Open tasks of this activity and month that this person may do, and nobody else has."""
    actor = actor_actual()
    todas = [
        i
        for i in reads.items.inbox(session, actor, InboxFilter(element=elemento), limit=None)
        if i.data.get("mes") == f"{mes:%Y-%m}" and i.claimed_by in (None, actor.id)
    ]
    aparte = reads.items.kept_apart(session, servicios().engine.catalog, todas, actor.id)
    return [i for i in todas if i.id not in aparte][:MUCHAS]


def _prefijo(item: WorkItem) -> str:
    return f"t{item.id}-"


def _reportes(
    session: Session, items: Sequence[WorkItem], datos: MultiDict[str, object] | None
) -> list[Reporte]:
    """Those whose form is that of the procedure: a diagram may give the activity another one."""
    tareas = (construir(session, i, datos, _prefijo(i)) for i in items)
    return [Reporte(t, t.form) for t in tareas if isinstance(t.form, DelPunto)]


def _hoja(
    elemento: str,
    mes: dt.date,
    hechos: Sequence[Reporte],
    codigo: int = 200,
    aviso: str = "",
) -> Hoja:
    en_orden = sorted(hechos, key=lambda r: (-len(r.form.hoja.incumplidas), r.form.hoja.punto))
    return Hoja(
        "informes/de_una_vez.html",
        {
            "mes": mes,
            "revisa": elemento == REVISA,
            "reportes": en_orden,
            "visto": request.form.get("_visto") or servicios().clock.now().isoformat(),
            "errores": [
                (id_, f"{r.form.hoja.punto}: {dicho}")
                for r in en_orden
                for id_, dicho in (
                    [(f"t{r.tarea.item.id}", r.por_que)] if r.por_que else r.form.errores()
                )
            ],
            "aviso": aviso,
        },
        codigo,
    )


@rutas.get(
    "/reportes/<mes>/por-enviar",
    para=VE_INDICADORES,
    ayuda=Ayuda(
        _l(
            "Los reportes del mes que le faltan: escriba por qué no se cumplió cada meta y envíelos."
        ),
        CALIDAD,
    ),
)
def por_enviar(mes: str) -> ResponseReturnValue:
    """5.2.23 of every point."""
    return _mostrar(ENVIA, mes_de_la_ruta(mes))


@rutas.get(
    "/reportes/<mes>/por-revisar",
    para=VE_INDICADORES,
    ayuda=Ayuda(
        _l(
            "Los reportes que esperan su revisión: devuelva los que lo necesitan y apruebe los demás."
        ),
        CALIDAD,
    ),
)
def por_revisar(mes: str) -> ResponseReturnValue:
    """5.2.24 of every point."""
    return _mostrar(REVISA, mes_de_la_ruta(mes))


def _mostrar(elemento: str, mes: dt.date) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        suyos = _reportes(session, suyas(session, elemento, mes), None)
        pagina = _hoja(elemento, mes, suyos)
    return pagina.mostrar()


@rutas.post(
    "/reportes/<mes>/por-enviar",
    para=VE_INDICADORES,
    se_muestra=RETOMAR,
)
def enviar(mes: str) -> ResponseReturnValue:
    return _hacer(ENVIA, mes_de_la_ruta(mes))


@rutas.post(
    "/reportes/<mes>/por-revisar",
    para=VE_INDICADORES,
    se_muestra=RETOMAR,
)
def revisar(mes: str) -> ResponseReturnValue:
    return _hacer(REVISA, mes_de_la_ruta(mes))


def _hacer(elemento: str, mes: dt.date) -> ResponseReturnValue:
    """Sends none while one lacks something; then each by itself, and those that could not be sent
    stay on the page as they were typed."""
    with servicios().uow.reading() as session:
        hechos = _reportes(session, _enviados(session, elemento, mes), _escrito(elemento))
        quedan = [r for r in hechos if r.se_deja]
        suyos = [r for r in hechos if not r.se_deja]
        if retomado():
            aviso = _("Aquí está lo que había escrito. Todavía no se ha enviado.")
            return _hoja(elemento, mes, hechos, aviso=aviso).mostrar()
        if sum(r.tarea.item.state == ItemState.OPEN and not r.form.validate() for r in suyos):
            return _hoja(elemento, mes, hechos, 422).mostrar()
        listos = [(r, r.form.valores()) for r in suyos]
    enviados: list[Data] = []
    for r, valores in listos:
        if por_que := _enviar(r, valores):
            quedan.append(replace(r, por_que=por_que))
        else:
            enviados.append(valores)
    _decir(elemento, enviados)
    if not quedan:
        return redirect(url_for("calidad.del_mes", mes=f"{mes:%Y-%m}"))
    return _hoja(elemento, mes, quedan, 409 if any(r.por_que for r in quedan) else 200).mostrar()


def _enviados(session: Session, elemento: str, mes: dt.date) -> list[WorkItem]:
    """The tasks that the page had, open or not, that are of this person's lanes."""
    items = []
    for id_ in dict.fromkeys(request.form.getlist("tarea")[:MUCHAS]):
        try:
            item = leer_item(session, id_)
        except NotFound:
            continue
        if item.element == elemento and item.data.get("mes") == f"{mes:%Y-%m}":
            items.append(item)
    return items


def _escrito(elemento: str) -> MultiDict[str, object]:
    """What was typed; of a review, the verdict that follows from it: what has an observation goes
    back."""
    datos: MultiDict[str, object] = MultiDict(request.form)
    if elemento == REVISA:
        for id_ in request.form.getlist("tarea"):
            observado = request.form.get(f"t{id_}-obs_general", "").strip()
            datos[f"t{id_}-cumple_requisitos"] = "no" if observado else "si"
    return datos


def _enviar(r: Reporte, valores: Data) -> str:
    """Why it could not be sent; empty: it was."""
    s = servicios()
    try:
        s.engine.items.complete(
            r.tarea.item.id,
            values=valores,
            actor=actor_actual(),
            now=s.clock.now(),
            records=registros(r.tarea.spec, r.form),
            seen=r.tarea.item.release,
            draft_seen=lambda _valores, cuando: cuando <= _visto(),
        )
    except DraftUnseen:
        return str(_("tiene un borrador suyo más nuevo; ábralo y envíelo desde ahí"))
    except (InvalidValues, Rechazo) as error:
        return lo_que_no_se_acepta(error)
    except EngineError as error:
        with s.uow.reading() as session:
            return por_que_no(session, error)
    return ""


def _visto() -> dt.datetime:
    """When the page was made that was sent: what was saved after that was not on it."""
    try:
        visto = dt.datetime.fromisoformat(request.form.get("_visto", ""))
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    return visto if visto.tzinfo is not None else visto.replace(tzinfo=dt.UTC)


def _decir(elemento: str, enviados: Sequence[Mapping[str, Any]]) -> None:
    if not enviados:
        return
    if elemento == ENVIA:
        flash(
            ngettext(
                "Envió %(num)s reporte a revisión.",
                "Envió %(num)s reportes a revisión.",
                len(enviados),
            ),
            "verde",
        )
        return
    aprobados = sum(bool(v.get("cumple_requisitos")) for v in enviados)
    flash(_("Aprobó %(a)s y devolvió %(d)s.", a=aprobados, d=len(enviados) - aprobados), "verde")
