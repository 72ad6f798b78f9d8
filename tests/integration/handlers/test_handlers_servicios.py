"""`http.pedir`: what leaves, what comes back as variables, how it fails, and that nothing is asked
of whoever is not on the list."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import reads
from engine.errors import GiveUp
from engine.jobs.inprocess import InProcessJobs
from engine.types import SYSTEM, Handlers, RemoteCall
from handlers.acciones.pedido import Mensajero, de_donde, leer as leer_respuesta
from handlers.conectores.proteccion import Politica
from handlers.conectores.servicios import Servicio, leer
from handlers.conectores.servicios.cliente import CUBIERTO, Cliente, Pedido
from records.base.toml import ConfiguracionInvalida
from records.sistemas.puertos import Causa, FallaDeSistema
from tests.integration.handlers.test_handlers_acciones import (
    PIEZAS,
    diagrama,
    expr,
    incidentes,
    pedir,
    salida,
    tarea,
)
from tests.kit import web as web_kit
from tests.kit.clock import NOW
from tests.kit.diagrams import boundary
from tests.kit.service import Service, service
from tests.kit.web import WebKit

SECRETO = "clave-muy-secreta"
PRONTO = Politica(espera=1.0, reintentos=2, pausa=0.001)
ESCRITO = """
[catastro]
nombre = "Catastro"
url = "{url}"
metodos = ["GET", "POST"]
secreto = "catastro.secreto"
"""


def valor(nombre: str, que: str) -> str:
    dicho = que.replace("&", "&amp;").replace('"', "&quot;")
    return f'<v:input name="{nombre}" value="{dicho}"/>'


@pytest.fixture
def afuera() -> Iterator[Service]:
    with service() as dada:
        yield dada


@pytest.fixture
def montar(tmp_path: Path, sqlite_url: str, afuera: Service) -> Iterator[Callable[..., WebKit]]:
    hechos: list[WebKit] = []

    def hacer(mas: str = "", politica: Politica = PRONTO) -> WebKit:
        (tmp_path / "catastro.secreto").write_text(SECRETO)
        (tmp_path / "servicios.toml").write_text(ESCRITO.format(url=afuera.url) + mas)
        registro = Handlers()
        clientes = [
            Cliente(servicio, politica=politica) for servicio in leer(tmp_path / "servicios.toml")
        ]
        hechos.append(
            web_kit.with_actions(
                web_kit.build(tmp_path, sqlite_url, handlers=registro), registro, clientes
            )
        )
        return hechos[-1]

    yield hacer
    for hecho in hechos:
        hecho.engine.db.dispose()


SERVICIO = valor("servicio", "catastro")
VALE = salida("avaluo", "integer")
RESPUESTA = valor("respuesta", "avaluo = /datos/0/avaluo")
GET = (
    SERVICIO
    + valor("ruta", "predios/{uso}")
    + valor("consulta", "metros={metros}&nota={nota?}")
    + RESPUESTA
)
POST = (
    SERVICIO
    + valor("metodo", "POST")
    + valor("cuerpo", '{"que": {"uso": "{uso}", "metros": "{metros}"}, "para": "de {nombre}"}')
)


def una(entradas: str, salidas: str = "") -> bytes:
    return diagrama(
        tarea("pide_dato", "http.pedir", entradas, salidas + salida("nota", "text")),
        pasos="pide_dato",
    )


def correr(web: WebKit, contenido: bytes, **valores: Any) -> str:
    """The instance, after its first form was sent and its jobs are done."""
    instancia = pedir(web, contenido, **valores)
    assert isinstance(web.engine.core.jobs, InProcessJobs)
    web.engine.core.jobs.run_all(web.engine.jobs)
    return instancia


def test_a_service_is_asked_with_data_of_the_case_and_its_answer_becomes_typed_variables(
    montar: Any, afuera: Service
) -> None:
    web = montar()
    afuera.answer = b'{"datos": [{"avaluo": 1200}]}'
    suma = tarea("suma", "datos.fijar", expr("total", "avaluo + 1"), salida("total", "integer"))
    cuerpo = diagrama(
        tarea("pide_dato", "http.pedir", GET, VALE + salida("nota", "text")),
        suma,
        pasos="pide_dato>suma",
    )

    correr(web, cuerpo)

    assert incidentes(web) == []
    [uno] = afuera.asked
    assert (uno.method, uno.path, uno.body) == ("GET", "/api/predios/terraza?metros=24", None)
    assert (uno.headers["Authorization"], len(uno.headers["Idempotency-Key"])) == (
        f"Bearer {SECRETO}",
        32,
    )


def test_a_body_holds_values_as_they_are(montar: Any, afuera: Service) -> None:
    correr(montar(), una(POST))

    [uno] = afuera.asked
    assert uno.body == {"que": {"uso": "terraza", "metros": 24}, "para": "de Yolanda Prada"}


@pytest.mark.parametrize("uso", ["a/secreto", "a?b=c#d ñ %2e"])
def test_what_people_wrote_stays_one_part_of_the_path(
    montar: Any, afuera: Service, uso: str
) -> None:
    afuera.answer = b'{"datos": [{"avaluo": 1}]}'
    ruta = GET.replace("{uso}", "{nombre}")

    correr(montar(), una(ruta, VALE), nombre=uso)

    [uno] = afuera.asked
    assert uno.path.startswith("/api/predios/")
    assert uno.path.partition("?")[0].count("/") == 3


@pytest.mark.parametrize("nombre", ["..", "../../admin/x", "a\\..\\x", "a/./b"])
def test_a_path_that_climbs_is_asked_of_nobody(montar: Any, afuera: Service, nombre: str) -> None:
    web = montar()
    correr(web, una(GET.replace("{uso}", "{nombre}"), VALE), nombre=nombre)

    assert (afuera.asked, len(incidentes(web))) == ([], 1)


@pytest.mark.parametrize(
    ("faltas", "veces"),
    [([503, 429], 3), ([0], 2)],
)
def test_a_question_is_asked_again_under_the_same_key(
    montar: Any, afuera: Service, faltas: list[int], veces: int
) -> None:
    web = montar("espera = 1\n")
    afuera.faults, afuera.answer = list(faltas), b'{"datos": [{"avaluo": 1}]}'

    correr(web, una(GET, VALE))

    assert incidentes(web) == []
    assert len(afuera.asked) == veces
    assert len({uno.headers["Idempotency-Key"] for uno in afuera.asked}) == 1


def test_a_change_that_was_left_unanswered_is_not_asked_for_twice(
    montar: Any, afuera: Service
) -> None:
    web = montar()
    afuera.faults = [500]

    correr(web, una(POST))

    assert len(afuera.asked) == 1
    with web.engine.uow.reading() as session:
        [incidente] = reads.incidents.open_ones(session)
    assert incidente.facts["problem"] == "maybe_done"


@pytest.mark.parametrize("que", ["muere", "se suspende"])
def test_a_change_whose_answer_reached_nobody_is_not_asked_for_twice(
    montar: Any, afuera: Service, que: str
) -> None:
    web = montar()
    pide = web.engine.core.handlers.remote["http.pedir"]

    def interrumpido(call: RemoteCall) -> Any:
        web.engine.core.handlers.remote["http.pedir"] = pide
        leido = pide(call)
        if que == "muere":
            raise RuntimeError
        web.engine.instances.suspend(
            call.instance_id, reason="Se revisa el caso", actor=SYSTEM, now=web.clock.now()
        )
        return leido

    web.engine.core.handlers.remote["http.pedir"] = interrumpido
    instancia = correr(web, una(POST))
    if que != "muere":
        web.engine.instances.resume(
            instancia, reason="Se revisó el caso", actor=SYSTEM, now=web.clock.now()
        )
        web.engine.core.jobs.run_all(web.engine.jobs)

    assert len(afuera.asked) == 1
    with web.engine.uow.reading() as session:
        [incidente] = reads.incidents.open_ones(session)
    assert incidente.facts["problem"] == "maybe_done"


def test_a_change_that_was_put_off_is_asked_for_again(montar: Any, afuera: Service) -> None:
    web = montar()
    afuera.faults = [429] * 3

    correr(web, una(POST))

    assert incidentes(web) == []
    assert len(afuera.asked) == 4


def test_it_is_where_the_service_tells_repeated_ones(montar: Any, afuera: Service) -> None:
    web = montar("reconoce_llave = true\n")
    afuera.faults = [500]

    correr(web, una(POST))

    assert incidentes(web) == []
    assert len({uno.headers["Idempotency-Key"] for uno in afuera.asked}) == 1
    assert len(afuera.asked) == 2


def test_no_redirect_is_followed(montar: Any, afuera: Service) -> None:
    with service() as otra:
        web = montar()
        afuera.faults, afuera.elsewhere = [302], f"{otra.url}/robo"
        correr(web, una(GET, VALE))

        assert (otra.asked, len(afuera.asked), len(incidentes(web))) == ([], 1, 1)


@pytest.mark.parametrize("respuesta", [b'{"datos": []}', b'{"datos": [{"avaluo": "mil"}]}'])
def test_an_answer_of_another_form_is_an_incident_with_words(
    montar: Any, afuera: Service, respuesta: bytes
) -> None:
    web = montar()
    afuera.answer = respuesta

    correr(web, una(GET, VALE))

    with web.engine.uow.reading() as session:
        [incidente] = reads.incidents.open_ones(session)
    assert incidente.facts["problem"] == "unexpected_data"
    assert (
        "encontró un dato que no esperaba"
        in web.browser("admin").get(f"/administracion/incidentes/{incidente.id}").text
    )


@pytest.mark.parametrize(
    "respuesta", [b"<html>", b"", b'{"a": NaN}', b'{"a": "\\u0000"}', b"\xff", b"[" * 100_000]
)
def test_what_is_no_json_is_no_answer(respuesta: bytes) -> None:
    with pytest.raises(GiveUp) as falla:
        leer_respuesta(respuesta, de_donde("a = /a"))
    assert falla.value.cause == "unexpected_data"


def test_an_answer_has_a_size(afuera: Service) -> None:
    afuera.answer = b" " * (1024 * 1024 + 1)
    with pytest.raises(FallaDeSistema, match="la respuesta pasa de"):
        Cliente(Servicio("catastro", "Catastro", afuera.url)).pedir(Pedido("GET", "x"), NOW)


def test_a_no_of_the_service_is_an_error_that_the_diagram_may_catch(
    montar: Any, afuera: Service
) -> None:
    afuera.faults = [404]
    web = montar()
    pide = diagrama(
        tarea("pide_dato", "http.pedir", GET, VALE + salida("nota", "text")),
        boundary("no", "pide_dato", '<errorEventDefinition errorRef="err"/>'),
        tarea("fija", "datos.fijar", valor("nota", "no está"), salida("nota", "text")),
        pasos="pide_dato>E no>fija",
    ).replace(b"<process ", b'<error id="err" errorCode="ERR_SERVICIO"/><process ', 1)

    instancia = correr(web, pide)

    assert incidentes(web) == []
    with web.engine.uow.reading() as session:
        assert "fija" in {s.element for s in reads.history.steps(session, instancia)}


def test_a_service_that_the_administrator_took_off_the_list_is_said(afuera: Service) -> None:
    for entradas in ({"servicio": "otro"}, {"servicio": "catastro", "metodo": "DELETE"}):
        cliente = Cliente(Servicio("catastro", "Catastro", afuera.url))
        with pytest.raises(GiveUp) as falla:
            Mensajero({"catastro": cliente}).armar(entradas, {}, "t")
        assert falla.value.cause == "not_listed"


def test_the_breaker_rests_a_service_that_fails(afuera: Service) -> None:
    dichos: list[tuple[str, str]] = []
    cliente = Cliente(
        Servicio("catastro", "Catastro", afuera.url, secreto=SECRETO),
        lambda sistema, que, _now, detalle: dichos.append((sistema, f"{que}: {detalle}")),
        Politica(reintentos=0, fallas_para_abrir=2),
    )
    afuera.faults = [500, 500]
    for _vez in range(3):
        with pytest.raises(FallaDeSistema):
            cliente.pedir(Pedido("GET", "x"), NOW)

    assert len(afuera.asked) == 2
    assert dichos == [("servicios", "abierto: Catastro: respondió 500")]
    assert SECRETO not in repr(cliente)


def test_whether_it_is_there_is_seen_without_data(afuera: Service) -> None:
    afuera.faults = [404, 404]
    Cliente(Servicio("catastro", "Catastro", afuera.url)).probar()
    with pytest.raises(FallaDeSistema, match="404"):
        Cliente(Servicio("catastro", "Catastro", afuera.url, prueba="/salud")).probar()
    with pytest.raises(FallaDeSistema, match="nadie responde"):
        Cliente(Servicio("catastro", "Catastro", "http://127.0.0.1:1")).probar()
    assert [uno.path for uno in afuera.asked] == ["/api", "/api/salud"]


def test_what_is_asked_wrongly_is_refused(montar: Any) -> None:
    web = montar()
    for entradas, regla in (
        (valor("servicio", "otro"), "input_value"),
        (SERVICIO + valor("metodo", "TRACE"), "input_value"),
        (SERVICIO + valor("ruta", "a/../b"), "input_value"),
        (SERVICIO + valor("ruta", "a?b"), "input_value"),
        (SERVICIO + expr("ruta", "uso"), "input_value"),
        (SERVICIO + expr("cuerpo", "uso"), "input_value"),
        (SERVICIO + valor("ruta", "a/{nadie}"), "input_name"),
        (SERVICIO + valor("consulta", "a={nadie?}"), "input_name"),
        (SERVICIO + valor("cuerpo", "{uso}"), "input_value"),
        (SERVICIO + valor("cuerpo", '{"a": "{nadie}"}'), "input_name"),
        (SERVICIO + valor("respuesta", "x: /a"), "input_value"),
        (SERVICIO + valor("respuesta", "x = /a"), "input_output"),
    ):
        halladas = web.engine.releases.check({"permiso.bpmn": una(entradas), **PIEZAS})
        assert {f.rule for f in halladas if f.severity == "error"} == {regla}, entradas


@pytest.mark.parametrize(
    ("dicho", "leido"),
    [
        ("a = ", {"a": {"b~/": [1, None]}}),
        ("a = /b~0~1/0", {"a": 1}),
        ("a = /b~0~1/1, c? = /b~0~1/2, d? = /x", {"a": None, "c": None, "d": None}),
    ],
)
def test_where_a_variable_stands_in_an_answer(dicho: str, leido: Any) -> None:
    assert leer_respuesta(b'{"b~/": [1, null]}', de_donde(dicho)) == leido


@pytest.mark.parametrize(
    "texto",
    [
        "[Catastro]\nurl = 'http://a'\n",
        "[catastro]\n",
        "[catastro]\nurl = 'ftp://a'\n",
        "[catastro]\nurl = 'http://a'\nmetodos = ['TRACE']\n",
        "[catastro]\nurl = 'http://a'\nsecreto = 'no-hay'\n",
        "[catastro]\nurl = 'http://a'\nsecreto = 'dos.secreto'\n",
        "[catastro]\nurl = 'http://a'\nencabezado = 'X-Api-Key'\n",
        "[catastro]\nurl = 'http://a'\nencabezado = 'X Api'\n",
        "[catastro]\nurl = 'http://a'\nclave = 'x'\n",
        "[catastro]\nurl = 'http://a'\nespera = 0\n",
    ],
)
def test_a_file_of_services_that_makes_no_sense_is_told_at_the_start(
    tmp_path: Path, texto: str
) -> None:
    (tmp_path / "dos.secreto").write_text("uno\r\nX: dos")
    (tmp_path / "s.toml").write_text(texto)
    with pytest.raises(ConfiguracionInvalida):
        leer(tmp_path / "s.toml")


def test_a_secret_may_be_a_credential_and_whoever_was_not_handed_it_only_says_which_services_there_are(
    tmp_path: Path,
) -> None:
    archivo, entregadas = tmp_path / "servicios.toml", tmp_path / "credentials"
    entregadas.mkdir()
    archivo.write_text(
        "[catastro]\nurl = 'http://a'\nsecreto = 'credencial:catastro.secret'\n", "utf-8"
    )
    for sin in (None, entregadas):
        assert [(s.codigo, s.secreto, s.cerrado) for s in leer(archivo, sin)] == [
            ("catastro", "", True)
        ]
    (entregadas / "catastro.secret").write_text("del-trabajador", "utf-8")
    assert [(s.secreto, s.cerrado) for s in leer(archivo, entregadas)] == [
        ("del-trabajador", False)
    ]
    archivo.write_text(
        "[catastro]\nurl = 'http://a'\nsecreto = 'credencial:../catastro.secret'\n", "utf-8"
    )
    (tmp_path / "catastro.secret").write_text("de-otra-carpeta", "utf-8")
    # never out of the folder
    assert [s.secreto for s in leer(archivo, entregadas)] == ["del-trabajador"]


def test_a_secret_that_only_the_worker_may_read_lets_the_web_say_which_services_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archivo, secreto, leer_texto = (
        tmp_path / "servicios.toml",
        tmp_path / "catastro.secreto",
        Path.read_text,
    )
    archivo.write_text(
        '[catastro]\nurl = "http://127.0.0.1:1"\nencabezado = "X-Api-Key"\nsecreto = "catastro.secreto"\n',
        "utf-8",
    )
    secreto.write_text("el del trabajador", "utf-8")

    def cerrada(ruta: Path, *como: str, **mas: str) -> str:
        if ruta == secreto:
            raise PermissionError(13, "Permission denied", str(ruta))
        return leer_texto(ruta, *como, **mas)

    monkeypatch.setattr(Path, "read_text", cerrada)
    (servicio,) = leer(archivo)
    cliente = Cliente(servicio)
    assert (servicio.codigo, servicio.secreto) == ("catastro", "")
    assert cliente.encabezados(Pedido("GET", ""), cubierto=True)["X-Api-Key"] == CUBIERTO
    for preguntar in (cliente.probar, lambda: cliente.pedir(Pedido("GET", ""), NOW)):
        with pytest.raises(FallaDeSistema, match="no puede leer su secreto") as falla:
            preguntar()
        assert (falla.value.causa, falla.value.pasajera) == (Causa.NO_PERMITIDO, False)
