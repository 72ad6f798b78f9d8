"""A task sent as a person does in the browser: its page is read first, what it hides goes along."""

import html
import re
from http import HTTPStatus
from typing import Any

from tests.kit.month import World
from tests.kit.web import csrf, followed


def enviar(mundo: World, usuario: str, item: str, **datos: Any) -> str:
    """What the page says after the form was sent; the form is read first, as a person does."""
    persona = mundo.person(usuario)
    pagina = persona.get(f"/tarea/{item}?volver=bandeja")
    assert pagina.status_code == 200, pagina.text[:300]
    respuesta = persona.post(
        f"/tarea/{item}?volver=bandeja", data={**ocultos(pagina.text), **datos}
    )
    while respuesta.status_code == HTTPStatus.FOUND:
        respuesta = persona.get(respuesta.location)
    return followed(respuesta.text)


def ocultos(pagina: str) -> dict[str, str]:
    formulario = pagina[pagina.index('aria-label="Formulario de la actividad"') :]
    dichos = re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', formulario)
    return {"csrf_token": csrf(pagina), **{n: html.unescape(v) for n, v in dichos}}
