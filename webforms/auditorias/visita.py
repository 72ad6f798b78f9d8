"""The F189 of a visit, on a tablet that may be without network all day (5.2.27).

What the tablet needs is fetched while there is a network and kept by the browser: `/sw.js` answers
`/visita` and its formats from there when the server does not. What is typed is kept on the device
(`assets/visita.js`), closed by a key which a login or the code of the device opens; «Terminar»
puts it into a queue that sends itself. Here each sending completes the very task of 5.2.27 by the
ordinary command, with its receipt in the same commit: whoever sends it again gets the same receipt.
What the server does not take comes back as JSON, for a person to decide; the device forgets nothing
before its receipt is there.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from jinja2.utils import htmlsafe_json_dumps
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from common import language
from common.language import marked
from engine import reads
from engine.errors import (
    ClaimedByOther,
    Conflict,
    DraftUnseen,
    EngineError,
    FormChanged,
    InstanceNotActive,
    InvalidValues,
    ItemClosed,
    NotAllowed,
)
from engine.reads.items import InboxFilter
from engine.states import ItemState
from engine.types import Data, Records, Value, WorkItem, Writing
from records.auditorias import evaluaciones, muestras
from records.auditorias.evaluaciones import Hechos
from records.base.actos import Acto, acto_de
from records.base.datos import entero, texto
from records.base.errores import Rechazo
from records.contingencia import recibos
from records.contingencia.tablas import Recibo
from records.cuentas.reglas import contrasenas
from records.lugares.puntos import puntos
from webforms import campos as c
from webforms.base import formatos, sesiones
from webforms.base.assets import CARPETA, asset
from webforms.base.auditoria import CRITERIOS
from webforms.base.catalogos import IDIOMAS
from webforms.base.entrada import entero as numero
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.idioma import en_cada_idioma
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import PUBLICO, VISITA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos.formulario import TareaForm
from webforms.navegador import firmas
from webforms.navegador.cabeceras import politica
from webforms.navegador.ficha import ficha
from webforms.tareas import (
    Tarea,
    construir,
    ha_visto,
    hoja_de_conflicto,
    leer_borrador,
    leer_item,
    registros,
    tomar_tarea,
)
from webforms.tareas.envios import presentar
from webforms.tareas.rechazos import motivo_de_rechazo

rutas = Rutas()

PROCESO, FORMATO, SORTEO = "M5_1_02_f189", "act_5_2_27", "us_sortear"
LLAVE = re.compile(r"[0-9a-f-]{36}")
#: What the system proposes and the auditor judges: when it knows something else than the device
#: showed, the person decides. Field → (number of its criterion, what it is called among the facts).
PROPUESTOS: Final[Mapping[str, tuple[str, str]]] = {
    "registro_crm": ("10", "registro_crm"),
    "escalonado": ("11", "escalado"),
}


# --- what is taken along --------------------------------------------------------------------------
# The tablet of a visit: only what the lane of the task allows; the worker is a script like
# those of /static.
@rutas.get(
    "/visita",
    para=VISITA,
    ayuda=Ayuda(_l("Las observaciones de hoy, que se llenan sin red en una tableta."), CALIDAD),
    menu=Entrada(Grupo.CALIDAD, _l("Visita"), 2),
)
def visita() -> ResponseReturnValue:
    """The observations of this auditor, or of nobody yet, by point; what the device holds is added
    there by its script."""
    s = servicios()
    with s.uow.reading() as session:
        abiertas = _de_visita(session)
        filas = {i.id: muestras.una(session, entero(i.data, "muestra_id")) for i in abiertas}
        sabe = {
            i.id: evaluaciones.hechos(session, filas[i.id])
            for i in abiertas
            if i.element == FORMATO
        }
        asesores = nombres_de(session, {h.asesor_id for h in sabe.values() if h is not None})
        nombres = {p.codigo: p.nombre for p in puntos(session)}
        de_puntos: dict[str, list[dict[str, Any]]] = {}
        for i in sorted(abiertas, key=lambda i: (filas[i.id].punto_id, filas[i.id].orden, i.id)):
            h = sabe.get(i.id)
            dicha = {
                "item": i,
                "orden": filas[i.id].orden,
                "ficha": muestras.ficha(session, filas[i.id]),
                "asesor": asesores.get(h.asesor_id, h.asesor_id) if h is not None else "",
                "por_sortear": i.element == SORTEO,
                "suya": i.claimed_by == actor_actual().id,
            }
            de_puntos.setdefault(
                nombres.get(filas[i.id].punto_id, filas[i.id].punto_id), []
            ).append(dicha)
    return render_template(
        "auditorias/visita.html", de_puntos=de_puntos, minimo=contrasenas.MINIMO, dura=_dura()
    )


def _de_visita(session: Session) -> list[WorkItem]:
    """Open tasks about what is observed at a point, without those that somebody else holds."""
    actor = actor_actual()
    todas = reads.items.inbox(
        session, actor, InboxFilter(process=PROCESO, free_or_of=actor.id), limit=None
    )
    return [i for i in todas if es_de_visita(i)]


def es_de_visita(item: WorkItem) -> bool:
    return (
        item.process == PROCESO
        and item.element in (FORMATO, SORTEO)
        and texto(item.data, "modo") == muestras.SITIO
    )


@rutas.post("/visita/tomar", para=VISITA, haria=_l("Tomar las observaciones de una visita"))
def tomar_visita() -> ResponseReturnValue:
    """Take what nobody has of this list, so that nobody else begins it while there is no
    network."""
    pedidas = set(request.form.getlist("tarea"))
    with servicios().uow.reading() as session:
        suyas = [i for i in _de_visita(session) if i.id in pedidas and i.claimed_by is None]
    tomadas = 0
    for item in suyas:
        try:
            tomar_tarea(item, "")
        except (ClaimedByOther, ItemClosed, NotAllowed, InstanceNotActive):
            continue  # somebody was faster: the list says so
        tomadas += 1
    flash(
        _(
            "Tomó %(n)s. Espere a que cada una diga «En este equipo» antes de quedarse sin red.",
            n=tomadas,
        ),
        "verde",
    )
    return redirect(url_for("calidad.visita"))


@rutas.get(
    "/visita/<item_id>",
    para=VISITA,
    ayuda=Ayuda(_l("El F189 de una observación, sin red."), CALIDAD),
)
def formato(item_id: str) -> ResponseReturnValue:
    """One format, as the device keeps it. The document stands covered, whatever this person has
    uncovered: the page stays on the device."""
    with servicios().uow.reading() as session:
        item = leer_item(session, item_id)
        if not es_de_visita(item):
            abort(404)
        if (
            item.state != ItemState.OPEN
            or item.element != FORMATO
            or item.claimed_by not in (None, actor_actual().id)
        ):
            return hoja_de_conflicto(
                session,
                item,
                {},
                None if item.state != ItemState.OPEN else ClaimedByOther(item.claimed_by or ""),
            ).mostrar()
        tarea = construir(session, item, None)
        tarea.form.leer()
        fila = muestras.una(session, entero(item.data, "muestra_id"))
        h = evaluaciones.hechos(session, fila)
        ficha = muestras.ficha(session, fila)
        borrador = leer_borrador(reads.items.draft(session, item, actor_actual().id))
        return render_template(
            "auditorias/formato.html",
            item=item,
            form=tarea.form,
            h=h,
            ficha=ficha,
            documento=formatos.documento(h.tipo_doc, h.num_doc) if h is not None else "",
            sabe=_lo_que_sabe(h),
            exige=_exige(tarea.form),
            dura=_dura(),
            borrador=borrador.marca if borrador is not None else "",
        )


def _dura() -> dict[str, int]:
    """Seconds after which the device closes what it shows: as long as a login of this person lasts,
    without use and in all."""
    suyos = sesiones.limites({papel.name for papel in actor_actual().roles})
    return {
        "sin_uso": int(suyos.sin_uso.total_seconds()),
        "en_total": int(suyos.en_total.total_seconds()),
    }


def _lo_que_sabe(h: Hechos | None) -> dict[str, str]:
    return (
        {campo: getattr(h, sabido) for campo, (_numero, sabido) in PROPUESTOS.items()}
        if h is not None
        else {}
    )


def _exige(form: TareaForm) -> dict[str, dict[str, Any]]:
    """What the device can say without us: which field may not be empty, how short a text may not
    be, and the sentence for each."""
    return {
        campo.name: {
            "falta": str(obligatorio.mensaje),
            "minimo": largo.min if largo is not None else 0,
            "corto": str(largo.message) % {"min": largo.min, "max": largo.max}
            if largo is not None
            else "",
        }
        for campo in form.visibles
        if (
            obligatorio := next((v for v in campo.validators if isinstance(v, c.Obligatorio)), None)
        )
        is not None
        for largo in [next((v for v in campo.validators if getattr(v, "min", 0) > 0), None)]
    }


@rutas.get("/visita/llave", para=VISITA)
def llave() -> ResponseReturnValue:
    """Whose session this is, and its token: the one of a page that lay on the device is of a
    session that ended. To a device that names itself, what opens what this person keeps there: of
    the secret of now first. Another person has another, and we keep none."""
    equipo, quien = request.args.get("equipo", ""), actor_actual().id
    abren = firmas.llaves_para("visita", quien, equipo) if LLAVE.fullmatch(equipo) else []
    return jsonify(csrf=ficha(), usuario=quien, abren=abren)


#: Pages of the tablet's worker: they are none of this server any more when they are shown. Of what
#: is not on the device, and of its code.
SIN_RED = (
    marked("Sin conexión"),
    marked("Esta página no está en este equipo."),
    marked("Volver a la visita"),
)
HOJAS = (
    "dist/bootstrap.min.css",
    "tokens.css",
    "app.css",
    "web.css",
    "calidad.css",
    "colores-sistema.css",
)
GUIONES = (
    "js/palabras.js",
    "js/pagina.js",
    "js/cierre.js",
    "js/visita-base.js",
    "js/visita-candado.js",
)
#: Scripts that its own stands on.
DEL_TRABAJADOR = ("js/cierre.js", "js/visita-base.js", "js/visita-sw.js")
HUECO = 'const PUESTO = { sinRed: "", cerrada: {}, fijos: [], politica: "" };'


@rutas.get("/sw.js", para=PUBLICO)
def trabajador() -> ResponseReturnValue:
    """At the root: a worker answers only for what lies below its own address. Asked for anew each
    time, so that a new one is found."""
    dichas = [en_cada_idioma(frase) for frase in SIN_RED]
    puesto = {
        "sinRed": render_template(
            "auditorias/visita_sin_red.html",
            titulos=dichas[0],
            frases=dict(dichas[1]),
            vueltas=dict(dichas[2]),
        ),
        "cerrada": {codigo: _cerrada(codigo) for codigo in IDIOMAS},
        "fijos": [asset(nombre) for nombre in (*HOJAS, *GUIONES)],
        "politica": politica(),
    }
    guion = "\n".join((CARPETA / nombre).read_text("utf-8") for nombre in DEL_TRABAJADOR)
    respuesta = Response(
        guion.replace(HUECO, f"const PUESTO = {htmlsafe_json_dumps(puesto)};"),
        mimetype="text/javascript",
    )
    respuesta.headers["Cache-Control"] = "no-cache"
    return respuesta


def _cerrada(codigo: str) -> str:
    with language.speaking(codigo):
        return render_template("auditorias/visita_cerrada.html", HOJAS=HOJAS, GUIONES=GUIONES)


# --- what comes back ------------------------------------------------------------------------------
@rutas.post("/visita/<item_id>", para=VISITA, haria=_l("Enviar un F189 desde un equipo sin red"))
def recibir(item_id: str) -> ResponseReturnValue:
    """200 with the receipt; 422 with what is to be corrected, field by field; 409 with what stands
    here and what was sent."""
    con = request.headers.get("Idempotency-Key", "")
    if not LLAVE.fullmatch(con):
        abort(400)
    enviado = MultiDict([*request.form.items(multi=True), *request.files.items(multi=True)])
    with servicios().uow.reading() as session:
        item = leer_item(session, item_id)
        if not es_de_visita(item) or item.element != FORMATO:
            abort(404)
        if (dado := recibos.de_llave(session, con)) is not None:
            return _recibido(dado) if dado.quien == actor_actual().id else abort(404)
        tarea = construir(session, item, enviado)
        if item.state == ItemState.OPEN:
            valido = tarea.form.validate()
            if cambios := _cambios(session, tarea):
                return _conflicto(
                    "datos",
                    str(_("El sistema sabe ahora otra cosa de esta atención")),
                    cambios=cambios[0],
                    sabe=cambios[1],
                )
            if not valido:
                return jsonify(
                    errores=[
                        [campo.name, str(campo.errors[0])]
                        for campo in tarea.form.visibles
                        if campo.errors
                    ]
                ), 422
        valores = tarea.form.valores()
    return _completar(tarea, valores, con)


def _cambios(session: Session, tarea: Tarea) -> tuple[list[dict[str, str]], dict[str, str]] | None:
    """Where the system knows something else than the page of the device said, and than its person
    answered."""
    try:
        mostrado = json.loads(request.form.get("_sabe", "{}"))
    except ValueError:
        mostrado = None
    if not isinstance(mostrado, dict):
        abort(400)
    form, sabe = (
        tarea.form,
        _lo_que_sabe(
            evaluaciones.hechos(
                session, muestras.una(session, entero(tarea.item.data, "muestra_id"))
            )
        ),
    )
    cambios = []
    for campo, ahora in sabe.items():
        suyo = form[campo].data if campo in form else ahora
        if suyo and c.se_pide(form, form[campo]) and ahora not in (mostrado.get(campo), suyo):
            dichas = {str(valor): str(dicho) for valor, dicho in form[campo].choices}
            cambios.append(
                {
                    "campo": str(CRITERIOS[PROPUESTOS[campo][0]][0]),
                    "antes": dichas.get(str(mostrado.get(campo)), str(_("Nada"))),
                    "ahora": dichas.get(ahora, ahora),
                    "suyo": dichas.get(suyo, suyo),
                }
            )
    return (cambios, sabe) if cambios else None


def _completar(tarea: Tarea, valores: dict[str, Value], con: str) -> ResponseReturnValue:
    s, item = servicios(), tarea.item
    escrito = _momento(request.form.get("_escrito", ""))
    try:
        s.engine.items.complete(
            item.id,
            values=valores,
            actor=actor_actual(),
            now=s.clock.now(),
            records=_con_recibo(registros(tarea.spec, tarea.form), con, item.id, escrito),
            seen=request.form.get("_version", item.release, type=numero),
            draft_seen=ha_visto(tarea),
        )
    except (Conflict, InstanceNotActive, NotAllowed, InvalidValues, Rechazo) as rechazo:
        with s.uow.reading() as session:
            return _rechazado(session, tarea, valores, rechazo)
    with s.uow.reading() as session:
        dado = recibos.de_llave(session, con)
    if dado is None:  # the same person had sent the same by another way
        acto = Acto(actor_actual().id, s.clock.now())
        dado = s.uow.run(lambda session: recibos.dar(session, con, item.id, escrito, acto))
    with s.uow.reading() as session:
        contexto = replace(tarea.form.contexto, session=session)
        dicho = tarea.spec.hecho(contexto, valores) if tarea.spec.hecho is not None else ""
    return _recibido(dado, dicho)


def _con_recibo(
    registrar: Records | None, con: str, item_id: str, escrito: dt.datetime | None
) -> Records:
    def escribir(w: Writing) -> Data | None:
        salidas = registrar(w) if registrar is not None else None
        recibos.dar(w.session, con, item_id, escrito, acto_de(w))
        return salidas

    return escribir


def _recibido(recibo: Recibo, dicho: str = "") -> ResponseReturnValue:
    hoy = formatos.dia_local(servicios().clock.now())
    return jsonify(
        recibo=f"{recibo.id:06d}", cuando=formatos.momento(recibo.recibido, hoy), dicho=dicho
    )


def _momento(escrito: str) -> dt.datetime | None:
    try:
        momento = dt.datetime.fromisoformat(escrito)
    except ValueError:
        return None
    return momento if momento.tzinfo is not None else None


def _rechazado(
    session: Session, tarea: Tarea, valores: dict[str, Value], rechazo: EngineError | Rechazo
) -> ResponseReturnValue:
    """Why the engine did not take it, with what stands here beside what was sent."""
    if isinstance(rechazo, FormChanged):
        return _conflicto(
            "version",
            str(
                _(
                    "El formulario cambió mientras el equipo estaba sin red. Revíselo y termínelo otra vez"
                )
            ),
        )
    if isinstance(rechazo, DraftUnseen):
        antes = leer_borrador(reads.items.draft(session, tarea.item, actor_actual().id))
        otro = presentar(
            antes.textos if antes else {}, tarea.elemento, servicios().forms, cubre=True
        )
        titulo = str(_("Usted guardó después otro borrador, en otra página"))
        return _conflicto(
            "borrador",
            titulo,
            otro=otro,
            mio=_dichos(tarea, valores),
            borrador=antes.marca if antes else "",
        )
    if isinstance(rechazo, (Conflict, InstanceNotActive)):
        hoja = hoja_de_conflicto(
            session, reads.items.item(session, tarea.item.id), valores, rechazo
        ).valores
        otro = [*([(str(_("Quién")), hoja["autor"])] if hoja["autor"] else []), *hoja["suyo"]]
        return _conflicto(
            "cerrada", hoja["titulo"], texto=hoja["porque"], otro=otro, mio=_dichos(tarea, valores)
        )
    if isinstance(rechazo, NotAllowed):
        return jsonify(mensaje=motivo_de_rechazo(rechazo)), 403
    dicho = ", ".join(rechazo.problems) if isinstance(rechazo, InvalidValues) else str(rechazo)
    return jsonify(errores=[["evaluable", dicho]]), 422


def _dichos(tarea: Tarea, valores: Data) -> Sequence[tuple[str, str]]:
    return presentar(valores, tarea.elemento, servicios().forms, cubre=True)


def _conflicto(tipo: str, titulo: str, **mas: Any) -> tuple[Response, int]:
    return jsonify(tipo=tipo, titulo=titulo, **mas), 409
