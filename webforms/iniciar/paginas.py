"""What this person may begin, the form that begins it, and what comes next."""

import datetime as dt
import secrets
from contextlib import suppress
from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import InvalidValues, NotAllowed
from records.base.errores import DatoInvalido, Rechazo
from records.casos import registro
from records.casos.registro import Ficha
from records.cuentas.reglas.frenos import UN_MINUTO, Cupo
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario, actor_actual
from webforms.base.servicios import servicios
from webforms.casos.cabecera import exigir, puede_ver
from webforms.iniciar import borradores
from webforms.personas.caracterizacion import llevado_para_responder
from webforms.personas.sin_nombre import clave_de
from webforms.tareas import mensajes, tramites
from webforms.tareas.borradores import enviado
from webforms.tareas.guardado import LARGO_MARCA
from webforms.tareas.rechazos import lo_que_no_se_acepta
from webforms.tareas.tramites import Solicitud, Tramite

rutas = Rutas()

LARGO_LLAVE = 64
CON_LA_PERSONA = dt.timedelta(hours=1)


def hay_que_iniciar(usuario: Usuario) -> bool:
    """A process in force may be begun, or a message be handed over, by a role of theirs."""
    return usuario.version is not None and tramites.hay_para(usuario.version, usuario.actor)


# What each may begin is decided there, process by process.
@rutas.get(
    "",
    para=PERSONA,
    ayuda=Ayuda(_l("Aquí empieza un caso de los trámites que su rol puede iniciar."), FUNCIONARIO),
    menu=Entrada(Grupo.HOY, _l("Iniciar"), 6, hay=hay_que_iniciar),
)
def lista() -> ResponseReturnValue:
    """Narrowed by what somebody types; an address without scripts."""
    buscado = request.args.get("q", "").strip()[:80]
    with servicios().uow.reading() as session:
        suyos, colas = (
            tramites.que_inicia(session, actor_actual()),
            mensajes.que_entrega(session, actor_actual(), mensajes.CUANTAS),
        )
        guardados = borradores.suyos(session, suyos)
    hallados = [t for t in suyos if buscado.casefold() in f"{t.nombre} {t.para_que}".casefold()]
    return render_template(
        "iniciar/lista.html",
        tramites=hallados,
        hay=bool(suyos),
        q=buscado,
        colas=colas.values(),
        borradores=guardados,
    )


def tramite_de(session: Session, proceso: str) -> Tramite:
    """404 for what does not begin by a form, and for who may not begin it: nobody learns which
    processes there are."""
    hallado = next(
        (t for t in tramites.que_inicia(session, actor_actual()) if t.clave == proceso), None
    )
    if hallado is None:
        abort(404)
    return hallado


@rutas.get(
    "/<proceso>",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Llene el formulario para que empiece un caso; recibirá su número."), FUNCIONARIO
    ),
)
def formulario(proceso: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        tramite, llave = (
            tramite_de(session, proceso),
            request.args.get("borrador", "")[:LARGO_LLAVE],
        )
        fila, escrito = borradores.escrito(session, tramite, llave)
        pedida = borradores.con_sus_archivos(
            session, tramites.solicitud(session, tramite, actor_actual(), escrito), llave
        )
        return _pagina(
            pedida,
            llave if fila is not None else secrets.token_urlsafe(16),
            guardado=fila.guardado if fila is not None else None,
        )


@rutas.put("/<proceso>/borrador/<llave>", para=PERSONA, cupo=Cupo(240, UN_MINUTO))
def guardar_borrador(proceso: str, llave: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        tramite = tramite_de(session, proceso)
    return borradores.guardar_solo(tramite, llave)


@rutas.put("/<proceso>/borrador/<llave>/<campo>", para=PERSONA, cupo=Cupo(60, UN_MINUTO))
def guardar_archivo(proceso: str, llave: str, campo: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        pedida = _pedida(session, proceso, llave)
    return borradores.guardar_archivo(pedida, llave, campo)


def _pedida(session: Session, proceso: str, llave: str) -> Solicitud:
    """What was sent, with the files that its draft has."""
    pedida = tramites.solicitud(session, tramite_de(session, proceso), actor_actual(), enviado())
    return borradores.con_sus_archivos(session, pedida, llave)


@rutas.post("/<proceso>", para=PERSONA, haria=_l("Iniciar un caso"), varios=True)
def iniciar(proceso: str) -> ResponseReturnValue:
    """What is wrong comes back with what was typed; a second press leads to the case of the
    first."""
    llave = request.form.get("_llave", "")[:LARGO_LLAVE] or secrets.token_urlsafe(16)
    with servicios().uow.reading() as session:
        pedida = _pedida(session, proceso, llave)
        guardando = request.form.get("_accion") == "guardar"
        valida = guardando or pedida.form.validate()
    if not valida:
        return _devuelta(pedida, llave, 422)
    if guardando:
        try:
            guardado = borradores.guardar_y_salir(pedida)
        except DatoInvalido as falla:
            return _devuelta(pedida, llave, 422, str(falla))
        if guardado is None:  # a second press saves it over the other one, which was seen by then
            with servicios().uow.reading() as session:
                visto = borradores.guardado_de(session, llave)
            return _devuelta(pedida, llave, 409, borradores.otra(), visto)
        return guardado
    try:
        empezado = tramites.iniciar(
            pedida,
            f"persona:{llave}:{tramites.huella(pedida)}",
            ademas=borradores.al_empezar(llave),
        )
    except (Rechazo, InvalidValues) as falla:
        return _devuelta(pedida, llave, 422, lo_que_no_se_acepta(falla))
    except NotAllowed:
        abort(404)
    if empezado.duplicate:
        with servicios().uow.reading() as session:
            suyo = puede_ver(session, actor_actual(), empezado.case_key)
        if not suyo:
            dicho = _("Ese número ya inició un caso, que lleva otra persona. No se creó otro.")
            return _devuelta(pedida, llave, 409, dicho)
        borradores.olvidar(llave)
        flash(_("Ya lo había enviado: es el mismo caso, y no se creó otro."), "ambar")
    return redirect(url_for("iniciar.hecho", case_key=empezado.case_key))


def _devuelta(
    pedida: Solicitud,
    llave: str,
    codigo: int,
    error: str = "",
    guardado: dt.datetime | None = None,
) -> ResponseReturnValue:
    """The form once more, with what was typed and chosen."""
    with suppress(DatoInvalido):  # they have too many drafts: files are chosen again
        borradores.conservar_lo_elegido(pedida, llave)
    with servicios().uow.reading() as session:
        pedida.form.contexto = replace(pedida.form.contexto, session=session)
        return _pagina(pedida, llave, error, guardado), codigo


def _pagina(
    pedida: Solicitud, llave: str, error: str = "", guardado: dt.datetime | None = None
) -> str:
    errores = ([("contenido", error)] if error else []) + pedida.form.errores()
    marcas = {
        "llave": llave,
        "guardado": guardado,
        "pagina": request.form.get("_pagina", "")[:LARGO_MARCA] or secrets.token_hex(8),
    }
    visto = (
        request.form.get("_borrador", "")[:LARGO_MARCA]
        if guardado is None
        else guardado.isoformat()
    )
    valores = {
        "pedida": pedida,
        "t": pedida.tramite,
        "form": pedida.form,
        "errores": errores,
        "visto": visto,
    }
    return render_template("iniciar/formulario.html", **valores, **marcas)


def _lo_empezo(session: Session, ficha: Ficha) -> bool:
    """With the key the person follows their case: whoever began it for them tells it, while they
    are there, and nobody else."""
    recien = servicios().clock.now() - ficha.abierto < CON_LA_PERSONA
    return recien and reads.instances.begun_by(session, ficha.case_key) == actor_actual().id


@rutas.get(
    "/hecho/<case_key>",
    para=PERSONA,
    ayuda=Ayuda(_l("El caso empezó: este es su número y lo que sigue."), FUNCIONARIO),
)
def hecho(case_key: str) -> ResponseReturnValue:
    """The number, who has it now, what the diagram says to whoever began it."""
    s, actor = servicios(), actor_actual()
    with s.uow.reading() as session:
        exigir(session, case_key)
        instancia = reads.instances.of_case(session, case_key)[0]
        proceso = reads.releases.processes(session, s.engine.catalog, instancia.release)[
            instancia.process
        ]
        ficha = registro.ficha(session, case_key)
        abiertas = reads.items.of_case(session, case_key, only_open=True)
        valores = {
            "case_key": case_key,
            "proceso": proceso,
            "inicio": proceso.opening,
            "ficha": ficha,
            "responde": llevado_para_responder(proceso.id, case_key) if ficha is not None else "",
            "clave": clave_de(case_key)
            if ficha is not None and ficha.anonima and _lo_empezo(session, ficha)
            else "",
            "abiertas": abiertas,
            "mias": [i for i in abiertas if i.role and actor.has(i.role, i.scope)],
        }
    return render_template("iniciar/hecho.html", **valores)
