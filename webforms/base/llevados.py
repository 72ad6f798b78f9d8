"""The secret of a link, which no address holds: addresses lie in logs, histories and bookmarks.

The link has it behind its `#`, which browsers send to nobody. Its page hands it over in a form
(`webforms/cuentas/puerta.py`); from then on this browser has it in a cookie, under a name that is
good for nothing elsewhere, and that name stands in the addresses.
"""

import datetime as dt
import re
import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import Response, after_this_request, flash, g, request, session, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.routing import RequestRedirect

from webforms.base.ajustes import ajustes
from webforms.navegador import galletas
from webforms.navegador.firmas import firmante_con_hora

_EN_LA_SESION: Final = "llevados"
NOMBRE: Final = re.compile(r"e-[0-9a-f]{8}")
#: Where each kind of link begins.
CLAVE, CALIFICAR, ENTREGA, CONFIRMAR, ACTIVAR, SOBRE_USTED, TURNO, COMPLEMENTO, RECIBIDA = (
    *(
        "/clave/",
        "/calificar/",
        "/entrega/",
        "/correo/confirmar/",
        "/activar/",
        "/tramites/sobre-usted/",
        "/turno/",
    ),
    *("/consulta/complemento/", "/tramites/recibida/"),
)
#: Of these no link is ever sent: who has just written something is led there, and who comes without
#: it has no code to type.
SIN_ENLACE: Final = frozenset((COMPLEMENTO, RECIBIDA))
DURA: Final = dt.timedelta(hours=2)
#: What is needed for longer than a session that nobody uses, and for how long: each has a cookie of
#: its own. People write there; a ticket is good for its day, on a telephone that sleeps in between.
DURAN: Final[Mapping[str, dt.timedelta]] = {
    TURNO: dt.timedelta(days=1),
    **dict.fromkeys((CALIFICAR, SOBRE_USTED, *sorted(SIN_ENLACE)), DURA),
}
CUANTOS: Final = 6  #: of one browser, and of one door that has its cookie
#: Characters of a secret. What is shorter opens nothing; the longest that is sent has 43, the
#: longest that is signed 290 (a case key of 40 and a process of 120). Six of the longest fit in a
#: cookie, whose limit is 4096, beside a login.
LARGO, LARGO_FIRMADO = range(20, 129), range(20, 401)
CABEN: Final = CUANTOS * (LARGO_FIRMADO.stop - 1)

Suyo = tuple[str, str, str]  # name, door and secret


class AOtra(RequestRedirect):
    """An address of before, or one whose name this browser does not have."""

    code = 303


def sirve(puerta: str, dicho: str) -> bool:
    """Whether it may be a secret of this door, by its length."""
    return len(dicho) in (LARGO_FIRMADO if puerta in DURAN else LARGO)


def guardar(puerta: str, secreto: str) -> str:
    """Its name in this browser, the same one while it is there. What is signed anew of the same
    thing takes its place."""
    suyos = _suyos(puerta)
    nombre = next(
        (n for n, de, llevado in suyos if de == puerta and _de_que(llevado) == _de_que(secreto)),
        f"e-{secrets.token_hex(4)}",
    )
    _poner(puerta, [*(suyo for suyo in suyos if suyo[0] != nombre), (nombre, puerta, secreto)])
    return nombre


def _de_que(secreto: str) -> str:
    """What a signed one says, without when and by which seal; of a secret that says nothing, all of
    it."""
    return secreto.rsplit(".", 2)[0]


def _suyos(puerta: str) -> list[Suyo]:
    """The newest last."""
    if puerta not in DURAN:
        guardados = session.get(_EN_LA_SESION, [])
    elif (de_ahora := _puestos().get(puerta)) is not None:
        return de_ahora
    else:
        try:
            guardados = _firmante().loads(
                galletas.leer(_galleta(puerta)), max_age=int(DURAN[puerta].total_seconds())
            )
        except BadData:
            guardados = []
    return [(nombre, de, secreto) for nombre, de, secreto in guardados]


def _poner(puerta: str, suyos: list[Suyo]) -> None:
    suyos, largo = suyos[-CUANTOS:], 0
    caben = [
        suyo
        for suyo in reversed(suyos)
        if (largo := largo + len(suyo[2])) <= CABEN or suyo == suyos[-1]
    ][::-1]
    if puerta not in DURAN:
        session[_EN_LA_SESION] = caben
        return
    if puerta not in _puestos():
        after_this_request(lambda respuesta: _con_galleta(respuesta, puerta))
    _puestos()[puerta] = caben


def _puestos() -> dict[str, list[Suyo]]:
    """What this request has put into cookies that are not sent yet: door → what it keeps."""
    if "llevados" not in g:
        g.llevados = {}
    puestos: dict[str, list[Suyo]] = g.llevados
    return puestos


def _con_galleta(respuesta: Response, puerta: str) -> Response:
    galletas.poner(
        respuesta, _galleta(puerta), _firmante().dumps(_puestos()[puerta]), DURAN[puerta]
    )
    return respuesta


def _galleta(puerta: str) -> str:
    return f"llevado{puerta.rstrip('/').replace('/', '-')}"


def _firmante() -> URLSafeTimedSerializer:
    return firmante_con_hora("llevados")


def leer(puerta: str, dicho: str) -> str:
    """The secret of this name, which is the last to go from now on. A secret that stands in the
    address itself, as links of before have it, is taken out of it before a page is shown; a form
    that was open then is taken as it comes, for what it holds is nowhere else."""
    if NOMBRE.fullmatch(dicho):
        suyos = _suyos(puerta)
        suyo = next((suyo for suyo in suyos if suyo[:2] == (dicho, puerta)), None)
        if suyo is None:
            raise AOtra(sin_secreto(puerta))
        if suyo != suyos[-1]:
            _poner(puerta, [*(otro for otro in suyos if otro != suyo), suyo])
        return suyo[2]
    if sirve(puerta, dicho):
        nombre = guardar(puerta, dicho)
        if request.method in ("GET", "HEAD"):
            raise AOtra(_con_nombre(dicho, nombre))
    return dicho


def _con_nombre(dicho: str, nombre: str) -> str:
    """The address of this request. What was asked for besides is written behind it, never given to
    what makes addresses as if it were a part: its names are of whoever asks."""
    partes: dict[str, Any] = {
        parte: nombre if valor == dicho else valor
        for parte, valor in (request.view_args or {}).items()
    }
    mas = [
        (clave, nombre if valor == dicho else valor)
        for clave, valor in request.args.items(multi=True)
    ]
    direccion, _signo, puesto = url_for(request.endpoint or "", **partes).partition("?")
    dicho_ya = dict(parse_qsl(puesto))  # the language that the page was asked for in
    todo = urlencode(
        [*dicho_ya.items(), *((clave, valor) for clave, valor in mas if clave not in dicho_ya)]
    )
    return f"{direccion}?{todo}" if todo else direccion


def sin_secreto(puerta: str) -> str:
    """Where whoever comes to this door with nothing that opens it goes on."""
    if puerta not in SIN_ENLACE:
        return puerta
    flash(
        _(
            "Este navegador ya no guarda esa página. Consulte su caso con su número y con su documento o su clave."
        ),
        "ambar",
    )
    return url_for("consulta.consulta")


def enlace(puerta: str, secreto: str, idioma: str = "") -> str:
    """A whole address, for mails, paper and whoever keeps it: from BASE_URL, never from what the
    request says of its host. `idioma`: in which its door speaks."""
    pedido = f"?{urlencode({'idioma': idioma})}" if idioma else ""
    return f"{ajustes().base_url.rstrip('/')}{puerta}{pedido}#{secreto}"
