"""Role × route, as the routes say (`para=`): each is tried with every role, every device and
nobody."""

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app import Config, create_app
from engine.clock import GivenClock
from engine.jobs.inprocess import InProcessJobs
from engine.store.tables import Base as EngineBase
from records.base.actos import Acto
from records.base.tablas import todas
from records.lugares.dispositivos import NuevoDispositivo, registrar_dispositivo
from tests.kit import web as web_kit
from tests.kit.cast import ELENCO
from tests.kit.clock import NOW
from tests.kit.web import WebKit, address_of
from webforms.base.rutas import Rutas, SinPara
from webforms.base.servicios import EXTENSION
from webforms.permisos import decidir
from webforms.salas import PERMISOS, SALAS

DISPOSITIVOS = ("quiosco", "tablero", "tableta")
ROLES = {
    usuario: frozenset(rol for rol, _ambito in papeles)
    for usuario, (_nombre, papeles) in ELENCO.items()
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    """The whole application, with the pages that only the demo has."""
    carpeta, reloj = tmp_path_factory.mktemp("permisos"), GivenClock(NOW)
    url = f"sqlite:///{carpeta / 'permisos.db'}"
    aplicacion = create_app(
        Config(
            instance=carpeta,
            database_url=url,
            secret_key=url,
            demo=True,
            clock=reloj,
            jobs=InProcessJobs(),
        )
    )
    kit = WebKit(aplicacion, aplicacion.extensions[EXTENSION].engine, reloj)
    todas().create_all(kit.engine.db)
    EngineBase.metadata.create_all(kit.engine.db)
    with kit.session() as s:
        web_kit.seed(s)
    yield kit
    kit.engine.db.dispose()


@pytest.fixture(scope="module")
def clientes(web: WebKit) -> dict[str, FlaskClient]:
    """One browser a person, a device, and one that is nobody."""
    todos = {usuario: web.browser(usuario) for usuario in ELENCO}
    for tipo in DISPOSITIVOS:
        token = secrets.token_urlsafe()
        with web.session() as s:
            registrar_dispositivo(
                s,
                NuevoDispositivo(tipo, tipo, "BOG-AGU", "1", token),
                Acto("admin", web.clock.now()),
            )
            s.commit()
        todos[f"dispositivo:{tipo}"] = web.app.test_client()
        todos[f"dispositivo:{tipo}"].set_cookie("dispositivo", token)
    return {**todos, "anonimo": web.app.test_client()}


def reglas(web: WebKit) -> list[tuple[Rule, str]]:
    return [
        (regla, metodo)
        for regla in web.app.url_map.iter_rules()
        for metodo in sorted((regla.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_every_route_has_a_row_and_every_row_a_route(web: WebKit) -> None:
    rutas = {regla.endpoint for regla in web.app.url_map.iter_rules()}
    assert rutas - set(PERMISOS) == set(), "routes without permission"
    assert set(PERMISOS) - rutas == set(), "permissions of routes that do not exist"


def test_a_route_that_says_nobody_does_not_start() -> None:
    get: Callable[..., Any] = Rutas().get
    with pytest.raises(TypeError, match="para"):
        get("/nueva")
    with pytest.raises(SinPara, match="GET /nueva"):
        get("/nueva", para=frozenset())(lambda: "")


def test_a_view_under_several_addresses_says_one_thing() -> None:
    dichos: dict[str, set[frozenset[str]]] = {}
    for sala in SALAS:
        for endpoint, ruta in sala.rutas():
            dichos.setdefault(endpoint, set()).add(ruta.para)
    assert {endpoint for endpoint, para in dichos.items() if len(para) > 1} == set()


def test_rows_name_only_roles_that_exist() -> None:
    conocidos = {
        "publico",
        "persona",
        *(f"dispositivo:{tipo}" for tipo in DISPOSITIVOS),
        *(rol for roles in ROLES.values() for rol in roles),
    }
    nombrados = {nombre for fila in PERMISOS.values() for nombre in fila}
    assert nombrados <= conocidos


def test_the_permission_check_stands_before_every_other(web: WebKit) -> None:
    nombres = [f"{f.__module__}.{f.__qualname__}" for f in web.app.before_request_funcs[None]]
    assert nombres.index("webforms.permisos.exigir") < next(
        i for i, n in enumerate(nombres) if "csrf" in n.lower()
    )


def test_everyone_gets_exactly_what_the_table_says(
    web: WebKit, clientes: dict[str, FlaskClient]
) -> None:
    """The refusals of the table are 403, or the login page for nobody; what is allowed is never one
    of the two."""
    for regla, metodo in reglas(web):
        permitidos = PERMISOS[regla.endpoint]
        if "publico" in permitidos:
            continue
        url = address_of(web.app, regla)
        for quien, cliente in clientes.items():
            roles = ROLES.get(quien, frozenset())
            tipo = quien.removeprefix("dispositivo:") if quien.startswith("dispositivo:") else None
            esperado = decidir(permitidos, roles, tipo, con_sesion=quien in ROLES)
            with cliente.open(url, method=metodo) as respuesta:
                _comprobar(
                    f"{metodo} {url} as {quien}",
                    esperado,
                    respuesta.status_code,
                    respuesta.headers.get("Location", ""),
                )


def _en_el_menu(cliente: FlaskClient) -> dict[str, str]:
    """Address → name, as «Ir a» lists them."""
    hallados = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', cliente.get("/ir-a").text)
    return dict(hallados)


def test_a_bar_has_at_most_seven_entries(clientes: dict[str, FlaskClient]) -> None:
    for quien in ELENCO:
        barra = clientes[quien].get("/ir-a").text
        barra = barra[barra.index('<nav aria-label="Principal">') :]
        entradas = re.findall(r"<a ", barra[: barra.index("</nav>")])
        assert 2 <= len(entradas) <= 7, (quien, entradas)


def test_every_page_that_one_may_open_is_found_by_its_name(
    web: WebKit, clientes: dict[str, FlaskClient]
) -> None:
    """Whole pages without parts in their address; fragments, files and devices are none. What is
    listed opens."""
    menus = {quien: _en_el_menu(clientes[quien]) for quien in ELENCO}
    for regla, metodo in reglas(web):
        permitidos = PERMISOS[regla.endpoint]
        if metodo != "GET" or regla.arguments or "publico" in permitidos:
            continue
        suyos = [
            q for q in ELENCO if decidir(permitidos, ROLES[q], None, con_sesion=True) == "persona"
        ]
        if not suyos or regla.endpoint == "inicio.ir_a":
            continue
        with clientes[suyos[0]].get(regla.rule) as respuesta:
            entera = respuesta.status_code == 200 and b"<main" in respuesta.data
            lleva = 300 <= respuesta.status_code < 400
        hallan = {q for q in ELENCO if regla.rule in menus[q]}
        assert entera or lleva or not hallan, regla.rule
        assert hallan == (set(suyos) if entera or hallan else set()), regla.rule
    nombres = [list(menu.values()) for menu in menus.values()]
    assert [n for n in nombres if len(n) != len(set(n))] == []


def test_what_somebody_types_narrows_their_pages(clientes: dict[str, FlaskClient]) -> None:
    hallados = re.findall(
        r'<li><a href="([^"]+)"', clientes["coordinador"].get("/ir-a?q=auditorias").text
    )
    assert hallados == ["/auditorias"]
    assert "Ninguna de sus páginas" in clientes["asesor"].get("/ir-a?q=auditorias").text


def _comprobar(caso: str, esperado: str, codigo: int, destino: str) -> None:
    ingreso = codigo == 401 or destino.startswith("/ingresar")
    if esperado == "anonimo":
        assert ingreso, caso
    elif esperado == "prohibido":
        assert codigo == 403, caso
    else:
        assert codigo != 403, caso
        assert not ingreso, caso


def test_a_route_without_a_row_is_refused_to_everybody(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(PERMISOS, "inicio.inicio")
    assert web.browser("admin").get("/").status_code == 403


def test_a_refused_route_is_recorded(web: WebKit) -> None:
    web.browser("asesor").get("/equipos")
    assert ("rechazo", "asesor", "ruta/dispositivos.lista") in web.accesses()


@pytest.mark.parametrize(
    ("escrita", "codigo", "lleva"),
    [
        ("/bandeja/", 308, "/bandeja"),
        ("/bandeja//?vista=libres", 308, "/bandeja?vista=libres"),
        ("/casos/?persona=p%C3%A9rez", 308, "/casos?persona=p%C3%A9rez"),
        ("/no-existe/", 404, None),
    ],
)
def test_a_slash_at_the_end_of_an_address_leads_to_the_page(
    web: WebKit, escrita: str, codigo: int, lleva: str | None
) -> None:
    respuesta = web.browser("coordinador").get(escrita)
    assert (respuesta.status_code, respuesta.headers.get("Location")) == (codigo, lleva)
    assert web.browser("coordinador").post("/bandeja/").status_code in (400, 404), (
        "what is sent is not sent on"
    )


#: Machines sign what they send; a server of mail ends its letters by one press (RFC 8058).
SIN_TOKEN = frozenset({"correo.baja", "digiturno_entrada.recibir", "mensajes_entrada.recibir"})


def test_nothing_is_written_without_the_token_of_its_form(
    web: WebKit,
    clientes: dict[str, FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each route that writes, asked by somebody who may: none reaches its view."""
    tried = set()
    for regla, metodo in reglas(web):
        if metodo == "GET" or regla.endpoint in SIN_TOKEN:
            continue
        monkeypatch.setitem(
            web.app.view_functions, regla.endpoint, lambda **_partes: ("reached", 299)
        )
        permitidos = PERMISOS[regla.endpoint]
        quien = next(
            (
                u
                for u, roles in ROLES.items()
                if decidir(permitidos, roles, None, con_sesion=True) == "persona"
            ),
            next(
                (f"dispositivo:{t}" for t in DISPOSITIVOS if f"dispositivo:{t}" in permitidos),
                "anonimo",
            ),
        )
        caplog.clear()
        respuesta = clientes[quien].open(address_of(web.app, regla), method=metodo, data={"x": "1"})
        assert respuesta.status_code == 400, (regla.rule, metodo, quien, respuesta.status_code)
        assert "came without the token of its form" in caplog.text, regla.rule
        tried.add(regla.endpoint)
    assert len(tried) > 130
