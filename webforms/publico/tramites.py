"""What anybody may ask for online: the list, the form, a look at what is about to be sent with its
files, and the number."""

import datetime as dt
import logging
import secrets
from dataclasses import replace
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine.errors import InvalidValues
from engine.states import ActorKind
from engine.types import Actor
from records.base.errores import Rechazo
from records.casos import registro
from records.cuentas.reglas.frenos import UNA_HORA, Cupo
from webforms.base import frenos, llevados
from webforms.base.formatos import hora
from webforms.base.frenos import Frenado
from webforms.base.idioma import idioma
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.base.tardios import MOSTRAR, lo_escrito, solo_mostrar
from webforms.navegador.firmas import firmante_con_hora
from webforms.personas.caracterizacion import llevado_para_responder
from webforms.personas.sin_nombre import clave_de
from webforms.tareas import tramites
from webforms.tareas.envios import texto_de
from webforms.tareas.traduccion import traducido
from webforms.tareas.tramites import Solicitud, Tramite

log = logging.getLogger(__name__)

rutas = Rutas()

CIUDADANO = Actor(ActorKind.PERSON, "ciudadano")
# requests that are free in each hour of the clock: an office, a library, a network of telephones
DE_UNA_DIRECCION = 60
VIGENCIA = dt.timedelta(hours=2)  # of the page with the number
LARGO_LLAVE = 64


@rutas.get("", para=PUBLICO)
def lista() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hallados = _en_linea(session)
    return render_template("publico/tramites.html", tramites=hallados)


def _en_linea(session: Session) -> list[Tramite]:
    """In the language of the page."""
    return [traducido(session, tramite) for tramite in tramites.en_linea(session)]


def _tramite(session: Session, proceso: str) -> Tramite:
    hallado = next((t for t in _en_linea(session) if t.proceso.id == proceso), None)
    if hallado is None:
        abort(404)
    return hallado


def _sin_archivos(tramite: Tramite) -> Tramite:
    """Files are chosen on the page that sends: a page that is shown again keeps none."""
    campos = tuple(campo for campo in tramite.inicio.fields if campo.type != "file")
    return replace(tramite, inicio=replace(tramite.inicio, fields=campos))


@rutas.get("/<proceso>", para=PUBLICO)
def solicitar(proceso: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        tramite = _tramite(session, proceso)
        pedida = tramites.solicitud(session, _sin_archivos(tramite), CIUDADANO, None)
        return _preguntar(tramite, pedida, secrets.token_urlsafe(16))


@rutas.post("/<proceso>", para=PUBLICO, se_muestra=MOSTRAR, varios=True)
def enviar(proceso: str) -> ResponseReturnValue:
    """First what was written, to be looked at; then, with the files, it is sent. Back again keeps
    what was written."""
    enviado: MultiDict[str, object] = MultiDict(
        [*request.form.items(multi=True), *request.files.items(multi=True)]
    )
    llave, paso = (
        request.form.get("_llave", "")[:LARGO_LLAVE] or secrets.token_urlsafe(16),
        request.form.get("_paso", ""),
    )
    with servicios().uow.reading() as session:
        tramite = _tramite(session, proceso)
        escrito = tramites.solicitud(session, _sin_archivos(tramite), CIUDADANO, enviado)
        if paso == "corregir":
            return _preguntar(tramite, escrito, llave)
        if not escrito.form.validate():
            return _preguntar(tramite, escrito, llave), 422
        pedida = tramites.solicitud(session, tramite, CIUDADANO, enviado)
        if paso != "enviar" or solo_mostrar():
            return _revisar(tramite, escrito, pedida, llave)
        faltas = [] if pedida.form.validate() else pedida.form.errores()
        if not request.form.get("acepto"):
            faltas.append(
                (
                    "acepto",
                    str(_("Marque que lo que escribió es cierto y que autoriza usar sus datos")),
                )
            )
        if faltas:
            return _revisar(tramite, escrito, pedida, llave, faltas), 422
    return _empezar(tramite, escrito, pedida, llave)


def _empezar(
    tramite: Tramite, escrito: Solicitud, pedida: Solicitud, llave: str
) -> ResponseReturnValue:
    now = servicios().clock.now()
    try:
        frenos.gastar(
            "tramite", frenos.de_donde(request.remote_addr), Cupo(DE_UNA_DIRECCION, UNA_HORA), now
        )
    except Frenado as freno:
        log.warning("a request online has to wait: too many from one address")
        cuando = hora(now + freno.espera)
        aviso = str(
            _(
                "Llegaron muchas solicitudes desde esta conexión. Envíela otra vez a las %(h)s; lo escrito sigue aquí.",
                h=cuando,
            )
        )
        return _revisar(tramite, escrito, pedida, llave, [("contenido", aviso)]), 429
    try:
        empezado = tramites.iniciar(
            pedida, f"en_linea:{llave}:{tramites.huella(pedida)}", {"idioma": idioma()}
        )
    except (Rechazo, InvalidValues) as falla:
        log.info("a request online was not taken: %s", type(falla).__name__)
        dicho = (
            str(falla)
            if isinstance(falla, Rechazo)
            else str(_("Un dato no se puede recibir. Revíselo y envíe otra vez."))
        )
        return _revisar(tramite, escrito, pedida, llave, [("contenido", dicho)]), 422
    firma = _firmante().dumps([empezado.case_key, tramite.proceso.id, empezado.duplicate])
    return redirect(
        url_for("tramites.recibida", firma=llevados.guardar(llevados.RECIBIDA, firma)), 303
    )


def _preguntar(tramite: Tramite, pedida: Solicitud, llave: str) -> str:
    valores = {"t": tramite, "form": pedida.form, "errores": pedida.form.errores(), "llave": llave}
    repetible = {**lo_escrito(), "_paso": "corregir"} if request.method == "POST" else None
    return render_template("publico/tramite.html", **valores, repetible=repetible)


def _revisar(
    tramite: Tramite,
    escrito: Solicitud,
    pedida: Solicitud,
    llave: str,
    errores: list[tuple[str, str]] | None = None,
) -> str:
    """`escrito` is what was asked for first, as text; the fields of `pedida` that are files are
    chosen here."""
    dichos = [(campo.label.text, _en_palabras(campo)) for campo in escrito.form.visibles]
    archivos = [campo for campo in pedida.form.visibles if campo.type == "ArchivoField"]
    escritos = [
        (n, v)
        for n, v in request.form.items(multi=True)
        if not n.startswith("_") and n not in ("csrf_token", "acepto", "mostrar")
    ]
    valores = {
        "t": tramite,
        "dichos": dichos,
        "archivos": archivos,
        "llevados": escritos,
        "llave": llave,
    }
    return render_template(
        "publico/tramite_revisar.html", **valores, errores=errores or [], repetible=lo_escrito()
    )


def _en_palabras(campo: Any) -> str:
    return texto_de(
        campo.valor(),
        {str(valor): str(texto) for valor, texto in getattr(campo, "choices", None) or []},
    )


def _firmante() -> URLSafeTimedSerializer:
    return firmante_con_hora("solicitud")


@rutas.get("/recibida/<firma>", para=PUBLICO)
def recibida(firma: str) -> ResponseReturnValue:
    """The number and what comes next, for a while: afterwards the page that asks for number and
    document shows it."""
    firma = llevados.leer(llevados.RECIBIDA, firma)
    try:
        case_key, proceso, ya_estaba = _firmante().loads(
            firma, max_age=int(VIGENCIA.total_seconds())
        )
    except (BadData, TypeError, ValueError):
        raise llevados.AOtra(llevados.sin_secreto(llevados.RECIBIDA)) from None
    with servicios().uow.reading() as session:
        ficha = registro.ficha(session, str(case_key))
        tramite = next((t for t in _en_linea(session) if t.proceso.id == proceso), None)
    clave = clave_de(ficha.case_key) if ficha is not None and ficha.anonima else ""
    responde = (
        llevado_para_responder(str(proceso), str(case_key))
        if ficha is not None and not ya_estaba
        else ""
    )
    valores = {
        "ficha": ficha,
        "t": tramite,
        "ya_estaba": ya_estaba,
        "clave": clave,
        "responde": responde,
    }
    return render_template("publico/tramite_recibida.html", **valores)
