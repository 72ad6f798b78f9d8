"""Puts the pages on a Flask application that app.py made: extensions, blueprints, errors, headers,
formats."""

import datetime as dt
from collections.abc import Mapping, Sequence

from flask import Flask, request

from common.witness import Witness
from engine.clock import Clock
from engine.commands import Engine
from records.plazos.reglas.calendario import ZONA
from records.sistemas.puertos import CrmAfuera, SistemaQueAvisa, Vecino
from records.visita.puertos import TurnosAfuera
from webforms import (
    cupos,
    errores,
    interrupciones,
    permisos,
    plantillas,
    rastro,
)
from webforms.base import apartados, assets, entrada, guiones, idioma, security, sesiones, tardios
from webforms.base.adjuntos import dejar_leer
from webforms.base.ajustes import EXTENSION as AJUSTES, Ajustes
from webforms.base.rutas import dicho, registrar
from webforms.base.servicios import EXTENSION, Servicios, servicios
from webforms.base.sesiones import nombre_vigente
from webforms.campos.formulario import FormSpec
from webforms.cuentas.ingreso import ENTRADAS
from webforms.documentos.archivos import Almacen
from webforms.documentos.contenido import LIMITE
from webforms.navegador import cabeceras, ficha, galletas
from webforms.plazos import dias
from webforms.publico.correo import baja
from webforms.salas import DICHO, FORMS, MENU, SALAS

SESION = dt.timedelta(minutes=30)  # without use


def _configurar(app: Flask, ajustes: Ajustes) -> None:
    """What Flask and its libraries read by name; pages read `webforms.base.ajustes`."""
    app.config.update(
        SECRET_KEY=ajustes.secret_key,
        SECRET_KEY_FALLBACKS=list(ajustes.older_keys),
    )
    app.config.update(
        PERMANENT_SESSION_LIFETIME=SESION,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME=galletas.nombre_de(app, "ventanilla"),
        MAX_CONTENT_LENGTH=LIMITE + 1_000_000,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=None,  # a form is valid as long as its session
        # the referrer check breaks behind proxies that end TLS; the token stays
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="es",
        BABEL_DEFAULT_TIMEZONE=ZONA.key,
    )
    app.config.setdefault(
        "WTF_CSRF_SECRET_KEY",  # the newest last
        [*reversed(ajustes.older_keys), ajustes.secret_key],
    )


def limitar() -> None:
    """Texts have their own limit: Werkzeug applies MAX_FORM_MEMORY_SIZE to multipart forms only.
    Files come as multipart."""
    if request.mimetype == "application/x-www-form-urlencoded":
        mas = dicho().get("pesa", 0) if nombre_vigente(servicios().clock.now()) else 0
        request.max_content_length = (request.max_form_memory_size or 0) + mas
    dejar_leer(request)


def register(
    app: Flask,
    ajustes: Ajustes,
    *,
    engine: Engine,
    clock: Clock,
    archivos: Almacen,
    forms: Mapping[str, FormSpec] = FORMS,
    vecinos: Sequence[Vecino] = (),
    crm: CrmAfuera | None = None,
    turnos_afuera: Sequence[TurnosAfuera] = (),
    mensajes: Sequence[SistemaQueAvisa] = (),
    testigos: Sequence[Witness] = (),
) -> None:
    """`app` was made with `static_folder=None`. Reads and
    writes go through the engine's database.

    The order matters: permissions stand before CSRF, so that a form of an expired session reaches
    the login page with its text.
    """
    _configurar(app, ajustes)
    app.extensions[AJUSTES] = ajustes
    app.session_interface = sesiones.Sesiones()
    app.extensions[EXTENSION] = Servicios(
        engine.db,
        engine.uow,
        engine,
        clock,
        archivos,
        forms,
        vecinos=tuple(vecinos),
        crm=crm,
        turnos_afuera=tuple(turnos_afuera),
        mensajes=tuple(mensajes),
        testigos=tuple(testigos),
    )
    rastro.register(app)
    app.before_request(limitar)
    dias.register(app)
    apartados.register(app)
    entrada.register(app)
    idioma.register(app)
    security.register(app)
    sesiones.register(app)
    entrada.leer_json(app)
    permisos.register(app)
    app.before_request(rastro.quien)
    csrf = ficha.Proteccion(app, ENTRADAS)
    csrf.exempt(baja)
    ficha.register(app)
    tardios.register(app)
    cupos.register(app)
    assets.register(app)
    guiones.register(app)
    cabeceras.register(app)
    errores.register(app)
    interrupciones.register(app)
    plantillas.register(app)
    app.extensions.update(dicho=DICHO, menu=MENU)
    registrar(app, SALAS)
    # a machine signs what it sends; it has no page of ours
    for de_maquinas in ("digiturno_entrada.recibir", "mensajes_entrada.recibir"):
        csrf.exempt(app.view_functions[de_maquinas])
