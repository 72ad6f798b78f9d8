"""An application of codes as somebody has it on a telephone, made of nothing but what the page
shows."""

import base64
import datetime as dt
import hmac
import html
import re
import struct
import time
from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.kit.web import csrf, followed

PAGINA = "/cuenta/segundo-factor"


def codigo_de(secreto: bytes, cuando: dt.datetime, algoritmo: str) -> str:
    """What an application with this secret shows then."""
    suma = hmac.digest(secreto, struct.pack(">Q", int(cuando.timestamp()) // 30), algoritmo)
    desde = suma[-1] & 15  # RFC 4226, 5.3
    return f"{(int.from_bytes(suma[desde : desde + 4]) & 0x7FFFFFFF) % 10**6:06}"


class Telefono:
    def __init__(self, pagina: str, now: Callable[[], dt.datetime], algoritmo: str = "") -> None:
        """`pagina`: its HTML; `now`: the clock of the telephone; `algoritmo`: the only one that it
        knows, "": what the page says."""
        escrito = re.search(
            r'escriba esta clave:\s*<span class="mono">([A-Z2-7 ]+)</span>.*?con (SHA\d+), 6 cifras y 30 seg',
            followed(pagina),
        )
        assert escrito is not None
        letras = escrito[1].replace(" ", "")
        self.now, self.secreto = now, base64.b32decode(letras + "=" * (-len(letras) % 8))
        self.algoritmo = algoritmo or escrito[2].lower()

    def codigo(self, despues: int = 0) -> str:
        """Of so many seconds later."""
        return codigo_de(self.secreto, self.now() + dt.timedelta(seconds=despues), self.algoritmo)

    def codigo_que_dure(self) -> str:
        """Of now, by a clock that goes on: not one that ends while it is typed."""
        if (queda := 30 - self.now().timestamp() % 30) < 5:
            time.sleep(queda)
        return self.codigo()


def oculto(pagina: str, nombre: str) -> str:
    """What a hidden field of this page holds."""
    campo = re.search(rf'<input(?=[^>]*\bname="{nombre}")[^>]*\bvalue="([^"]*)"', pagina)
    assert campo is not None, nombre
    return html.unescape(campo[1])


def activar(
    cliente: FlaskClient, now: Callable[[], dt.datetime], algoritmo: str = ""
) -> tuple[Telefono, list[str]]:
    """Of whoever is logged in here; the telephone and the codes to recover."""
    telefono, hecho = leer_y_enviar(cliente, now, algoritmo)
    assert hecho.status_code == 200, followed(hecho.text)
    return telefono, re.findall(r"<li>([a-z2-9]{4}(?:-[a-z2-9]{4}){5})</li>", hecho.text)


def leer_y_enviar(
    cliente: FlaskClient, now: Callable[[], dt.datetime], algoritmo: str = ""
) -> tuple[Telefono, TestResponse]:
    pagina = cliente.get(PAGINA).text
    telefono = Telefono(pagina, now, algoritmo)
    datos = {
        "csrf_token": csrf(pagina),
        "nuevo": oculto(pagina, "nuevo"),
        "codigo": telefono.codigo(),
    }
    return telefono, cliente.post(PAGINA, data=datos)


def segundo(cliente: FlaskClient, pagina: str, codigo: str) -> TestResponse:
    """The code, on the page that the password led to."""
    datos = {
        "csrf_token": csrf(pagina),
        "pendiente": oculto(pagina, "pendiente"),
        "next": oculto(pagina, "next"),
        "codigo": codigo,
    }
    return cliente.post("/ingresar/segundo", data=datos)
