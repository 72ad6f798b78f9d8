"""A message that begins a process is handed over from outside: on a page, from a list, by a signed
call; the same order begins one case."""

import base64
import hashlib
import html
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import reads
from engine.errors import NotAllowed, NotFound
from engine.store.tables import Instance
from handlers.conectores.digiturno.firma import Firmante
from handlers.conectores.mensajes import leer
from records.casos.tablas import CasoRegistrado, MensajeRecibido
from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import person
from tests.kit.threads import at_once
from tests.kit.web import WebKit, csrf, followed, hidden

SECRET = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"
CONFIG = '[compras]\nmensajes = ["PedidoRecibido"]\nsecretos = ["compras.secreto"]\n'
CAMPOS = (
    '<v:field name="pedido" label="Pedido" required="true" decision="true"/><v:field name="proveedor" label="Proveedor" required="true"/>'
    '<v:field name="valor" label="Valor" type="integer" decision="true"/>'
)
DATOS = {"pedido": "P-17", "proveedor": "Aseo Total", "valor": 412000}


def pedido(entrega: str = '<v:delivery roles="asesor" webhook="true"/>') -> bytes:
    marca = m.extension(f'<v:message key="pedido"/>{entrega}{CAMPOS}')
    oye = m.event(
        "startEvent",
        "llega_pedido",
        '<messageEventDefinition messageRef="p"/>',
        marca,
        'name="Llegó un pedido"',
    )
    flujo = m.flows("llega_pedido>recibir>fin")
    caso = m.extension(
        '<v:case number="PED-{aaaa}-{0000}" subject="proveedor"/><v:variable name="pedido"/>'
    )
    proceso = m.process(
        "pedidos", oye + m.user("recibir", fields="visto") + m.end("fin") + flujo
    ).replace(">", f">{caso}", 1)
    return m.model(proceso, defs='<message id="p" name="PedidoRecibido"/>')


def construir(donde: Path, url: str) -> WebKit:
    (donde / "compras.secreto").write_text(SECRET)
    (donde / "mensajes.toml").write_text(CONFIG)
    kit = web_kit.build(donde, url, mensajes=leer(donde / "mensajes.toml"))
    kit.deploy({"pedidos.bpmn": pedido()})
    return kit


@pytest.fixture
def kit(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = construir(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


def casos(kit: WebKit) -> list[tuple[str, str]]:
    with kit.session() as s:
        return [
            (n, a)
            for n, a in s.execute(
                sa.select(CasoRegistrado.numero, CasoRegistrado.asunto).order_by(
                    CasoRegistrado.numero
                )
            )
        ]


def call(kit: WebKit, body: Mapping[str, Any], name: str = "m1") -> TestResponse:
    text = json.dumps(body)
    headers = Firmante([SECRET]).firmar(name, text, kit.clock.now())
    return kit.app.test_client().post(
        "/mensajes/compras", data=text, headers=headers, content_type="application/json"
    )


def enviar(navegador: FlaskClient, **datos: str) -> TestResponse:
    pagina = navegador.get("/iniciar/pedidos~llega_pedido").text
    sellos = {"csrf_token": csrf(pagina), "_llave": hidden(pagina, "_llave")}
    return navegador.post("/iniciar/pedidos~llega_pedido", data={**sellos, **datos})


def test_whoever_the_diagram_names_begins_it_on_a_page(kit: WebKit) -> None:
    asesor = kit.browser("asesor")
    assert "Llegó un pedido" in followed(html.unescape(asesor.get("/iniciar").text))
    falta = enviar(asesor, pedido="P-17")
    assert falta.status_code == 422
    assert "P-17" in falta.text
    assert casos(kit) == []
    hecho = enviar(asesor, pedido="P-17", proveedor="Aseo Total", valor="412000")
    assert hecho.status_code == 302
    assert "PED-2026-0001" in asesor.get(hecho.location).text
    assert casos(kit) == [("PED-2026-0001", "Aseo Total")]
    otra_vez = enviar(asesor, pedido="P-17", proveedor="Aseo Total", valor="1")
    assert otra_vez.location == hecho.location  # the same order
    with kit.session() as s:
        [tarea] = reads.items.of_case(s, hecho.location.rpartition("/")[2], only_open=True)
    assert (tarea.element, tarea.data["pedido"], tarea.data["valor"]) == ("recibir", "P-17", 412000)
    assert "proveedor" not in tarea.data  # a field that decides nothing is kept with its form alone
    assert kit.browser("coordinador").get("/iniciar/pedidos~llega_pedido").status_code == 404


def test_many_begin_from_a_list(kit: WebKit) -> None:
    asesor = kit.browser("asesor")
    sello = csrf(asesor.get("/iniciar/pedidos~llega_pedido/csv").text)

    def subir(texto: str) -> TestResponse:
        datos = {"csrf_token": sello, "archivo": (io.BytesIO(texto.encode()), "p.csv")}
        return asesor.post("/iniciar/pedidos~llega_pedido/csv", data=datos)

    assert subir("Pedido;Proveedor;Valor\nP-1;Uno;5\nP-2;;x\n").status_code == 422
    assert casos(kit) == []
    bien = subir("Pedido;Proveedor;Valor\nP-1;Uno;5\nP-2;Dos;6\n")
    texto = re.search(r'<textarea name="texto" hidden>(.*?)</textarea>', bien.text, re.DOTALL)
    assert texto
    asesor.post(
        "/iniciar/pedidos~llega_pedido/csv",
        data={"csrf_token": sello, "texto": texto[1], "confirmar": "1"},
    )
    assert [asunto for _n, asunto in casos(kit)] == ["Uno", "Dos"]


def test_a_signed_call_begins_it_once_and_is_told_the_number(kit: WebKit) -> None:
    mal = call(kit, {"mensaje": "PedidoRecibido", "datos": {"valor": "mucho"}}, "m0")
    assert (mal.status_code, set(mal.json["datos"])) == (422, {"pedido", "proveedor", "valor"})
    tomado = call(kit, {"mensaje": "PedidoRecibido", "datos": DATOS})
    assert (tomado.status_code, tomado.json) == (
        202,
        {"entregado": True, "numero": "PED-2026-0001"},
    )
    assert call(kit, {"mensaje": "PedidoRecibido", "datos": DATOS}).json == {
        "entregado": True,
        "repetido": True,
    }
    # another call with the same order
    otra = call(kit, {"mensaje": "PedidoRecibido", "datos": DATOS}, "m2")
    assert (otra.status_code, otra.json) == (
        200,
        {"entregado": True, "numero": "PED-2026-0001", "repetido": True},
    )
    assert (
        call(kit, {"mensaje": "PedidoRecibido", "datos": {**DATOS, "pedido": "P-18"}}).status_code
        == 409
    )
    assert (
        call(
            kit, {"mensaje": "PedidoRecibido", "numero": "PED-2026-0001", "datos": DATOS}, "m3"
        ).status_code
        == 404
    )
    assert casos(kit) == [("PED-2026-0001", "Aseo Total")]
    with kit.session() as s:
        [fila] = s.scalars(sa.select(MensajeRecibido))
    assert (fila.sistema, fila.mensaje_id) == ("compras", "m1")


def test_what_a_page_began_a_call_does_not_begin_again(kit: WebKit) -> None:
    enviar(kit.browser("asesor"), pedido="P-17", proveedor="Aseo Total", valor="412000")
    assert call(kit, {"mensaje": "PedidoRecibido", "datos": DATOS}).status_code == 200
    assert len(casos(kit)) == 1


def test_the_same_order_twice_at_once_is_one_case(kit: WebKit) -> None:
    at_once(
        [
            lambda n=n: call(kit, {"mensaje": "PedidoRecibido", "datos": DATOS}, f"m{n}")
            for n in range(2)
        ]
    )
    assert len(casos(kit)) == 1


@pytest.mark.parametrize("largo", ["P" * 200, "ñ" * 61])
def test_a_long_key_is_one_key_by_whatever_way_it_comes(
    tmp_path: Path, db_url: str, largo: str
) -> None:
    kit = construir(tmp_path, db_url)
    try:
        enviar(kit.browser("asesor"), pedido=largo, proveedor="Aseo Total", valor="1")
        for n, dicho in enumerate(
            (
                {"datos": {**DATOS, "pedido": largo}},
                {"clave": largo, "datos": {**DATOS, "pedido": largo}},
            )
        ):
            assert call(kit, {"mensaje": "PedidoRecibido", **dicho}, f"m{n}").status_code == 200
        assert len(casos(kit)) == 1
        otro = {**DATOS, "pedido": f"{largo[:-1]}X"}
        assert (
            call(
                kit, {"mensaje": "PedidoRecibido", "clave": otro["pedido"], "datos": otro}, "otro"
            ).status_code
            == 202
        )
        assert len(casos(kit)) == 2
    finally:
        kit.engine.db.dispose()


def test_an_order_of_before_the_keys_were_shortened_is_still_known(kit: WebKit) -> None:
    datos = {**DATOS, "pedido": "P" * 200}
    assert call(kit, {"mensaje": "PedidoRecibido", "datos": datos}).status_code == 202
    whole = f"PedidoRecibido:{datos['pedido']}"
    with kit.session() as s:
        s.execute(
            sa.update(Instance).values(
                start_key=f"{whole[:50]}#{hashlib.sha256(whole.encode()).hexdigest()}"
            )
        )
        s.commit()
    assert call(kit, {"mensaje": "PedidoRecibido", "datos": datos}, "m2").status_code == 200
    assert len(casos(kit)) == 1


def test_a_copied_diagram_has_an_address_of_its_own(kit: WebKit) -> None:
    copia = (
        pedido()
        .replace(b'"pedidos"', b'"devoluciones"')
        .replace(b"PedidoRecibido", b"DevolucionRecibida")
        .replace(b"PED-", b"DEV-")
    )
    kit.deploy({"pedidos.bpmn": pedido(), "devoluciones.bpmn": copia})
    asesor = kit.browser("asesor")
    donde = re.findall(r'href="(/iniciar/\w+~\w+)"', asesor.get("/iniciar").text)
    assert sorted(donde) == ["/iniciar/devoluciones~llega_pedido", "/iniciar/pedidos~llega_pedido"]
    for aqui in donde:
        pagina = asesor.get(aqui).text
        sellos = {"csrf_token": csrf(pagina), "_llave": hidden(pagina, "_llave")}
        asesor.post(
            aqui, data={**sellos, "pedido": "P-17", "proveedor": "Aseo Total", "valor": "1"}
        )
    assert sorted(numero[:4] for numero, _asunto in casos(kit)) == ["DEV-", "PED-"]


def test_an_order_of_which_somebody_else_has_the_case_is_told_on_the_form(kit: WebKit) -> None:
    call(kit, {"mensaje": "PedidoRecibido", "datos": DATOS})
    dicho = enviar(kit.browser("asesor"), pedido="P-17", proveedor="Aseo Total", valor="1")
    assert dicho.status_code == 409
    assert "Ese número ya inició un caso, que lleva otra persona." in html.unescape(dicho.text)
    assert 'value="P-17"' in dicho.text
    assert len(casos(kit)) == 1


def test_a_list_tells_nothing_of_the_case_that_somebody_else_has(kit: WebKit) -> None:
    call(kit, {"mensaje": "PedidoRecibido", "datos": DATOS})
    asesor, aqui = kit.browser("asesor"), "/iniciar/pedidos~llega_pedido/csv"
    datos = {
        "csrf_token": csrf(asesor.get(aqui).text),
        "texto": "pedido;proveedor;valor\r\nP-17;Aseo Total;1\r\n",
        "confirmar": "1",
    }
    dicho = asesor.post(aqui, data=datos).text
    assert "Ese número ya inició un caso, que lleva otra persona." in html.unescape(dicho)
    assert "PED-2026" not in dicho
    assert "/caso/" not in dicho


def test_nobody_begins_what_the_diagram_does_not_let_them(kit: WebKit) -> None:
    begin = kit.engine.messages.begin
    now = kit.clock.now()
    with pytest.raises(NotAllowed):
        begin(
            "pedidos",
            "llega_pedido",
            DATOS,
            key="1",
            actor=person("otra", "coordinador@PAS"),
            now=now,
        )
    with pytest.raises(NotFound):
        begin("pedidos", "recibir", DATOS, key="1", actor=person("ella", "asesor@PAS"), now=now)
    kit.deploy({"pedidos.bpmn": pedido('<v:delivery roles="asesor"/>')})
    # no system may
    assert call(kit, {"mensaje": "PedidoRecibido", "datos": DATOS}).status_code == 422
    kit.deploy({"pedidos.bpmn": pedido("")})
    assert kit.browser("asesor").get("/iniciar/pedidos~llega_pedido").status_code == 404
    assert casos(kit) == []


def test_a_signal_from_outside_is_sent_on_a_page_and_by_a_signed_call_through_a_process_of_its_own(
    kit: WebKit,
) -> None:
    """docs/modelling.md, signals: who may send it is what the starts say; every case that waits
    goes on, and nobody else sends it."""
    senal = '<signalEventDefinition signalRef="s"/>'
    por_pagina = m.event(
        "startEvent",
        "alguien",
        "",
        m.extension('<v:start roles="asesor"/>'),
        'name="Cerrar el mes"',
    )
    marca = m.extension(
        '<v:message key="mes"/><v:delivery webhook="true"/><v:field name="mes" label="Mes" required="true" decision="true"/>'
    )
    por_llamada = m.event(
        "startEvent", "sistema", '<messageEventDefinition messageRef="p"/>', marca
    )
    envia = m.process(
        "cerrar",
        por_pagina + por_llamada + m.event("endEvent", "sale", senal),
        "alguien>sale sistema>sale",
        "mes:?",
    )
    espera = m.process(
        "espera", m.start("ini") + m.catch("cierre", senal) + m.end("fin"), "ini>cierre>fin"
    )
    kit.deploy(
        {
            "senal.bpmn": m.model(
                envia,
                espera,
                defs='<message id="p" name="PedidoRecibido"/><signal id="s" name="Cierre"/>',
            )
        }
    )
    estados: list[str] = []
    for enviada in ("página", "llamada"):
        dos = [
            kit.engine.instances.start(
                "espera", actor=person("asesor"), now=kit.clock.now()
            ).instance_id
            for _ in range(2)
        ]
        if enviada == "página":
            navegador = kit.browser("asesor")
            pagina = navegador.get("/iniciar/cerrar").text
            sellos = {"csrf_token": csrf(pagina), "_llave": hidden(pagina, "_llave")}
            assert navegador.post("/iniciar/cerrar", data=sellos).status_code == 302
        else:
            assert (
                call(
                    kit, {"mensaje": "PedidoRecibido", "datos": {"mes": "2026-11"}}, "cierre"
                ).status_code
                == 202
            )
        while kit.engine.pump(kit.clock.now()):
            pass
        with kit.session() as s:
            estados += [reads.instances.status(s, uno) for uno in dos]
    assert estados == ["finished"] * 4
    assert kit.browser("coordinador").get("/iniciar/cerrar").status_code == 404
