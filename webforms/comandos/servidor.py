"""`flask serve`: attends the web until a signal ends it."""

import gc
import signal
import threading
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from common.faults import is_outage
from common.language import marked, said
from records.sistemas import operacion
from webforms.base.catalogos import calentar
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla, exigir_tablas, no_responde
from webforms.operacion.instalacion import version_propia
from webforms.servidor import HILOS, Servidor
from webforms.sistemas.latido import Latidos, este_proceso


@click.command(help=marked("Atiende la web hasta Ctrl-C."))
@click.option(
    "--host", default="127.0.0.1", show_default=True, help=marked("Dirección en que escucha.")
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    envvar="PORT",
    type=click.IntRange(1, 65535),
    help=marked("Puerto."),
)
@click.option(
    "--socket",
    "enchufe",
    type=click.Path(dir_okay=False, path_type=Path),
    help=marked("Escucha en este socket del sistema de archivos, y en ningún puerto."),
)
@click.option(
    "--threads",
    "hilos",
    default=HILOS,
    show_default=True,
    type=click.IntRange(1, 64),
    help=marked("Peticiones a la vez."),
)
@with_appcontext
def serve(host: str, port: int, enchufe: Path | None, hilos: int) -> None:
    try:
        exigir_tablas()
    except DBAPIError as error:
        if not is_outage(error):
            raise
        click.echo(
            f"{no_responde(error)} {said('La web arranca, y cada página lo dice hasta que responda.')}",
            err=True,
        )
    # signals are heard before it listens: whoever sees that it does may send one at once
    dicho, quien = threading.Event(), list[Servidor]()

    def parar(_numero: int, _marco: FrameType | None) -> None:
        dicho.set()
        for uno in quien:
            uno.parar()

    antes = {senal: signal.signal(senal, parar) for senal in (signal.SIGTERM, signal.SIGINT)}
    try:
        servidor = Servidor(current_app.wsgi_app, enchufe or (host, port), hilos=hilos)
    except OSError as error:
        for senal, suyo in antes.items():
            signal.signal(senal, suyo)
        raise Falla(
            said(
                "No se puede escuchar en %(d)s: %(e)s.",
                d=enchufe or f"{host}:{port}",
                e=error.strerror,
            )
        ) from error
    quien.append(servidor)
    if dicho.is_set():
        servidor.parar()
    alto = threading.Event()
    latidos = Latidos(
        este_proceso(operacion.WEB, version_propia()), servicios().uow, servicios().clock, alto
    )
    latidos.start()
    threading.Thread(target=calentar, name="languages", daemon=True).start()
    gc.collect()
    # the program stays: a look for garbage among all of it holds up whoever asks meanwhile
    gc.freeze()
    servidor.servir()
    alto.set()
    latidos.join(timeout=5)
