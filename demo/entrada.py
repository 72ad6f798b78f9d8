"""How the demo enters the application when DEMO=1 asks for it: the command `flask demo`, and the
mails on a page."""

from flask import Flask

from demo.comando import comando
from demo.correo_local import get_message, list_messages
from demo.lugar import Fabrica, Lugar
from webforms.correo import correo_demo


def registrar(app: Flask, fabrica: Fabrica, lugar: Lugar) -> None:
    buzon = lugar.instance / "correo"
    app.extensions[correo_demo.LECTORES] = (
        lambda: list_messages(buzon),
        lambda clave: get_message(buzon, clave),
    )
    app.cli.add_command(comando(fabrica, lugar))
