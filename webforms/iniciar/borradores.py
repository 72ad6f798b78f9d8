"""Drafts of start forms: saved by themselves while somebody writes, gone on with from «Iniciar»,
thrown away."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine.types import Data, Records, Writing
from records.base.errores import DatoInvalido
from records.cuentas import borradores_de_inicio as registro
from records.cuentas.borradores_de_inicio import NuevoBorrador
from records.cuentas.tablas import BorradorDeInicio
from webforms.base.formatos import hora
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.tareas.borradores import (
    LIMITE_BORRADOR,
    apartar_los_de,
    archivos_nuevos,
    crudo,
)
from webforms.tareas.envios import presentar
from webforms.tareas.guardado import LARGO_MARCA
from webforms.tareas.lectura import con_sus_archivos as conservar
from webforms.tareas.tramites import Solicitud, Tramite

rutas = Rutas()

LARGO_LLAVE: Final = 64


@dataclass(frozen=True, slots=True)
class Borrador:
    """One as the list shows it. `tramite` is None for what this person may begin no longer."""

    fila: BorradorDeInicio
    tramite: Tramite | None
    dicho: str


def suyos(session: Session, tramites: Sequence[Tramite]) -> list[Borrador]:
    por_clave = {t.clave: t for t in tramites}
    return [
        Borrador(f, por_clave.get(f.tramite), _dicho(f, por_clave.get(f.tramite)))
        for f in registro.de(session, actor_actual().id)
    ]


def _dicho(fila: BorradorDeInicio, tramite: Tramite | None) -> str:
    """The first that was typed, so that one is told from the other."""
    escrito: Data = {
        n: ", ".join(map(str, v)) if isinstance(v, list) else v["nombre"]
        for n, v in fila.textos.items()
        if v
    }
    partes = presentar(
        escrito, tramite.inicio if tramite is not None else None, servicios().forms, cubre=False
    )
    return " · ".join(texto for _etiqueta, texto in partes[:4])[:160]


def escrito(
    session: Session, tramite: Tramite, llave: str
) -> tuple[BorradorDeInicio | None, MultiDict[str, object] | None]:
    """What was typed before, as a form would send it."""
    fila = registro.uno(session, actor_actual().id, llave) if llave else None
    if fila is None or fila.tramite != tramite.clave:
        return None, None
    return fila, MultiDict(
        [
            (n, v)
            for n, textos in fila.textos.items()
            if n not in registro.archivos_de(fila)
            for v in (textos if isinstance(textos, list) else [textos])
        ]
    )


def con_sus_archivos(session: Session, pedida: Solicitud, llave: str) -> Solicitud:
    """The files that its draft has, or had when a case began with it."""
    fila = registro.uno(session, actor_actual().id, llave)
    if fila is not None and fila.tramite in (pedida.tramite.clave, registro.ENVIADO):
        conservar(pedida.form, registro.archivos_de(fila))
    return pedida


def de_la_pagina(pedida: Solicitud) -> NuevoBorrador:
    llave, pagina, visto = (request.form.get(n, "") for n in ("_llave", "_pagina", "_borrador"))
    archivos = archivos_nuevos(pedida.form)
    return _nuevo(pedida.tramite, crudo(pedida.form), llave, pagina, visto, archivos)


def _nuevo(
    tramite: Tramite,
    textos: Data | None,
    llave: str,
    pagina: str,
    visto: str,
    archivos: Data | None = None,
) -> NuevoBorrador:
    llave = llave[:LARGO_LLAVE] or secrets.token_urlsafe(16)
    return NuevoBorrador(
        llave,
        tramite.clave,
        tramite.nombre,
        textos,
        pagina[:LARGO_MARCA],
        visto[:LARGO_MARCA],
        archivos or {},
    )


def guardar_y_salir(pedida: Solicitud) -> ResponseReturnValue | None:
    """The button, for whom no script saves. None: another page saved since this one looked, and
    nothing changed. DatoInvalido."""
    s = servicios()
    for campo in pedida.form.de_archivo:
        if campo.data is not None:
            campo.validate(pedida.form)
    apartar_los_de(pedida.form)
    nuevo = de_la_pagina(pedida)
    if not s.uow.run(
        lambda session: registro.guardar(session, actor_actual().id, nuevo, now=s.clock.now())
    ):
        return None
    flash(_("Guardamos su borrador: está aquí, en «Iniciar»."), "verde")
    for campo in pedida.form.de_archivo:
        if campo.elegido and campo.errors:
            flash(f"{campo.elegido}: {campo.errors[0]}.", "ambar")
    return redirect(url_for("iniciar.lista"))


def otra() -> str:
    return str(
        _(
            "Otra pestaña guardó este borrador después. Lo de esta sigue aquí: guárdelo otra vez si es lo que vale."
        )
    )


def guardado_de(session: Session, llave: str) -> dt.datetime | None:
    """When the draft was saved last, by whichever page."""
    fila = registro.uno(session, actor_actual().id, llave)
    return fila.guardado if fila is not None else None


def conservar_lo_elegido(pedida: Solicitud, llave: str) -> None:
    """The files of a form that comes back: they are not chosen again."""
    if archivos_nuevos(pedida.form):
        guardar_archivos(pedida, llave)


def guardar_archivos(pedida: Solicitud, llave: str) -> dt.datetime | None:
    """None: another page has saved since. What the store did not take is said at its field.
    DatoInvalido."""
    s, now = servicios(), servicios().clock.now()
    apartar_los_de(pedida.form)
    pagina, visto = (request.form.get(n, "") for n in ("_pagina", "_borrador"))
    nuevo = _nuevo(pedida.tramite, None, llave, pagina, visto, archivos_nuevos(pedida.form))
    if not s.uow.run(lambda session: registro.guardar(session, actor_actual().id, nuevo, now=now)):
        return None
    for campo in pedida.form.de_archivo:
        campo.quedo()
    return now


def guardar_archivo(pedida: Solicitud, llave: str, nombre: str) -> ResponseReturnValue:
    """A file as soon as it is chosen, or taken away. 409: another page saved, or there are too many
    drafts; 422: why it is not taken; 503: the store does not answer."""
    suyo = next((campo for campo in pedida.form.de_archivo if campo.name == nombre), None)
    if suyo is None or (suyo.data is None and not suyo.quitado):
        abort(404)
    if suyo.data is not None and not suyo.validate(pedida.form):
        return jsonify(mensaje=suyo.errors[0]), 422
    try:
        now = guardar_archivos(pedida, llave)
    except DatoInvalido as falla:
        return jsonify(mensaje=str(falla)), 409
    if now is None:
        return jsonify(mensaje=otra()), 409
    if suyo.errors:
        return jsonify(mensaje=suyo.errors[0]), 503
    quedo = suyo.conservado.nombre if suyo.conservado is not None else ""
    return jsonify(nombre=quedo, guardado=hora(now, segundos=True), visto=now.isoformat())


def guardar_solo(tramite: Tramite, llave: str) -> ResponseReturnValue:
    """Autosave, as that of tasks: {"field": ["typed", …]}."""
    if (request.content_length or 0) > LIMITE_BORRADOR:
        abort(413)
    recibido = request.get_json()
    if not isinstance(recibido, dict) or not all(
        isinstance(n, str) and isinstance(v, list) and all(isinstance(t, str) for t in v)
        for n, v in recibido.items()
    ):
        abort(400)
    propios = {campo.name for campo in tramite.inicio.fields}
    textos = {n: v for n, v in recibido.items() if n in propios}
    pagina, visto = ("".join(recibido.get(n, [])) for n in ("_pagina", "_borrador"))
    s, now = servicios(), servicios().clock.now()
    nuevo = _nuevo(tramite, textos, llave, pagina, visto)
    try:
        guardado = s.uow.run(
            lambda session: registro.guardar(session, actor_actual().id, nuevo, now=now)
        )
    except DatoInvalido as falla:
        return jsonify(error="demasiados", mensaje=str(falla)), 409
    if not guardado:
        with s.uow.reading() as session:
            ultimo = guardado_de(session, nuevo.llave)
        return jsonify(
            error="otra_pestana",
            mensaje=otra(),
            otro=[],
            visto=ultimo.isoformat() if ultimo else "",
        ), 409
    return jsonify(guardado=hora(now, segundos=True), visto=now.isoformat())


@rutas.post("/borradores/<llave>", para=PERSONA, haria=_l("Botar un borrador sin enviar"))
def botar_borrador(llave: str) -> ResponseReturnValue:
    quien = actor_actual().id
    if not servicios().uow.run(lambda session: registro.botar(session, quien, llave[:LARGO_LLAVE])):
        abort(404)
    flash(_("Borrador botado."), "verde")
    return redirect(url_for("iniciar.lista"))


def al_empezar(llave: str) -> Records:
    """Its draft goes in the commit in which the case begins: never a case with a draft, never
    neither."""
    quien = actor_actual().id

    def enviar(w: Writing) -> None:
        registro.enviar(w.session, quien, llave)

    return enviar


def olvidar(llave: str) -> None:
    """Of a case that had begun before: another tab may have saved it since."""
    quien = actor_actual().id
    servicios().uow.run(lambda session: registro.enviar(session, quien, llave))
