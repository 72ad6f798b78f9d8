"""An application of codes as somebody has it on a telephone, made of nothing but what the page shows."""

import base64
import datetime as dt
import hmac
import html
import re
import struct
from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.kit.web import csrf
from tests.kit.web import followed

PAGINA = "/cuenta/segundo-factor"


class Telefono:
    def __init__(self, pagina: str, now: Callable[[], dt.datetime]) -> None:
        """`pagina`: its HTML; `now`: the clock of the telephone."""
        escrito = re.search(r'escriba esta clave:\s*<span class="mono">([A-Z2-7 ]+)</span>', followed(pagina))
        assert escrito is not None
        self.now, self.secreto = now, base64.b32decode(escrito[1].replace(" ", ""))

    def codigo(self, despues: int = 0) -> str:
        """Of so many seconds later."""
        paso = int((self.now() + dt.timedelta(seconds=despues)).timestamp()) // 30
        suma = hmac.digest(self.secreto, struct.pack(">Q", paso), "sha1")
        desde = suma[-1] & 15  # RFC 4226, 5.3
        return f"{(int.from_bytes(suma[desde : desde + 4]) & 0x7FFFFFFF) % 10**6:06}"


def oculto(pagina: str, nombre: str) -> str:
    """What a hidden field of this page holds."""
    campo = re.search(rf'<input(?=[^>]*\bname="{nombre}")[^>]*\bvalue="([^"]*)"', pagina)
    assert campo is not None, nombre
    return html.unescape(campo[1])


def activar(cliente: FlaskClient, now: Callable[[], dt.datetime]) -> tuple[Telefono, list[str]]:
    """Of whoever is logged in here; the telephone and the codes to recover."""
    pagina = cliente.get(PAGINA).text
    telefono = Telefono(pagina, now)
    datos = {"csrf_token": csrf(pagina), "nuevo": oculto(pagina, "nuevo"), "codigo": telefono.codigo()}
    hecho = cliente.post(PAGINA, data=datos)
    assert hecho.status_code == 200, followed(hecho.text)
    return telefono, re.findall(r"<li>([a-z2-9]{4}(?:-[a-z2-9]{4}){5})</li>", hecho.text)


def segundo(cliente: FlaskClient, pagina: str, codigo: str) -> TestResponse:
    """The code, on the page that the password led to."""
    datos = {"csrf_token": csrf(pagina), "pendiente": oculto(pagina, "pendiente"), "next": oculto(pagina, "next"), "codigo": codigo}
    return cliente.post("/ingresar/segundo", data=datos)
