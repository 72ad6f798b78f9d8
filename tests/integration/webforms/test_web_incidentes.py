"""The administrator's pages of incidents: what is said, what each button does, what others see
meanwhile."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from engine import reads
from engine.reads.verification import verify
from engine.types import SYSTEM, Call, Data, Handlers
from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import ADMIN
from tests.kit.conflicts import joins_of_before
from tests.kit.web import WebKit, csrf, followed
from webforms.operacion.incidentes_fichas import ficha

MOTIVO = "se corrigió con el área responsable"


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    handlers = Handlers()
    kit = web_kit.build(tmp_path, sqlite_url, handlers=handlers)
    yield kit
    kit.engine.db.dispose()


def diagrama(nodos: str, proceso: str = "P") -> bytes:
    nombres = re.findall(
        r'<(?:startEvent|endEvent|userTask|serviceTask|\w+Gateway) id="(\w+)"', nodos
    )
    return m.model(
        m.process(
            proceso, nodos, lanes=m.lane("L1", "asesor", "punto_id", *nombres), variables="punto_id"
        )
    )


def con_condicion(web: WebKit) -> None:
    nodos = (
        m.start("ini")
        + m.user("a", fields="n:integer k:integer")
        + '<exclusiveGateway id="g" name="¿Alcanza?" default="f_g_c"/>'
    )
    nodos += m.user("b") + m.user("c") + m.end("fin") + m.flows("ini>a>g>c>fin")
    web.deploy({"p.bpmn": diagrama(nodos + m.flow("g", "b", "n / k > 1") + m.flow("b", "fin"))})


def con_servicio(web: WebKit) -> None:
    nodos = (
        m.start("ini")
        + m.user("a", fields="uno")
        + m.service("s", handler="cae", out="r:integer ok:boolean")
        + m.user("b")
    )
    web.deploy({"p.bpmn": diagrama(nodos + m.end("fin") + m.flows("ini>a>s>b>fin"))})


def detener(web: WebKit, **valores: object) -> TestResponse:
    """The adviser completes a, and something after it fails; what the browser gets."""
    item = web.begin("P", {"punto_id": "BOG-AGU"})
    cliente = web.browser("asesor")
    pagina = cliente.get(f"/tarea/{item}").text
    datos = {
        "csrf_token": csrf(pagina),
        **{nombre: str(valor) for nombre, valor in valores.items()},
    }
    return cliente.post(f"/tarea/{item}", data=datos, follow_redirects=True)


def incidentes(web: WebKit, estado: str = "open") -> list[int]:
    with web.engine.db.connect() as c:
        return list(
            c.execute(
                sa.text("SELECT id FROM incident WHERE state = :e ORDER BY id"), {"e": estado}
            ).scalars()
        )


def abiertas(web: WebKit) -> list[str]:
    with web.engine.db.connect() as c:
        return list(
            c.exec_driver_sql(
                "SELECT element FROM work_item WHERE state = 'open' ORDER BY element"
            ).scalars()
        )


def reparar(
    cliente: FlaskClient, desde: str, accion: str, numeros: list[int], **mas: object
) -> TestResponse:
    token = csrf(cliente.get(desde).text)
    datos = {
        "csrf_token": token,
        "accion": accion,
        "incidente": [str(n) for n in numeros],
        "motivo": MOTIVO,
        **mas,
    }
    return cliente.post("/administracion/incidentes/reparar", data=datos, follow_redirects=True)


def integro(web: WebKit) -> bool:
    with web.session() as s:
        return verify(s).faults == ()


# --- the person whose click met it ----------------------------------------------------------------
def test_whoever_met_the_failure_reads_that_the_work_is_saved_and_somebody_repairs_it(
    web: WebKit,
) -> None:
    con_condicion(web)
    respuesta = detener(web, n=4, k=0)
    assert respuesta.status_code == 200
    assert "Su trabajo quedó guardado" in respuesta.text
    assert "¿Alcanza?" in respuesta.text
    assert respuesta.text.count("hoy, 09:00") == 1


def test_the_case_page_says_that_it_waits_for_repair_and_since_when(web: WebKit) -> None:
    con_condicion(web)
    detener(web, n=4, k=0)
    with web.engine.db.connect() as c:
        caso = c.exec_driver_sql("SELECT case_key FROM incident").scalar_one()
    for parte in ("", "/historia", "/diagrama"):
        pagina = web.browser("asesor").get(f"/caso/{caso}{parte}").text
        assert "Espera reparación desde hoy, 09:00" in pagina
        assert "/administracion/incidentes/" not in pagina
    web.open_with_reason("admin", caso)
    assert "/administracion/incidentes/" in web.browser("admin").get(f"/caso/{caso}").text
    assert web.browser("lejana").get(f"/caso/{caso}/reparacion").status_code == 404


def test_what_a_step_was_given_stands_covered_where_it_says_who_somebody_is(web: WebKit) -> None:
    nodos = (
        m.start("ini")
        + m.user("a", fields="n:integer num_doc celular")
        + '<exclusiveGateway id="g" name="¿Alcanza?" default="f_g_c"/>'
    )
    nodos += m.user("b") + m.user("c") + m.end("fin") + m.flows("ini>a>g>c>fin")
    carril = m.lane("L1", "asesor", "punto_id", "ini", "a", "g", "b", "c", "fin")
    wires = m.flow("g", "b", "1 / n > 1 and num_doc == celular") + m.flow("b", "fin")
    web.deploy(
        {
            "p.bpmn": m.model(
                m.process("P", nodos + wires, lanes=carril, variables="punto_id num_doc celular")
            )
        }
    )
    detener(web, n=0, num_doc="52123456", celular="3101234567")
    datos = followed(
        web.browser("admin").get(f"/administracion/incidentes/{incidentes(web)[0]}").text
    )
    leidos = datos.partition("Los datos como estaban")[2].partition("Detalle técnico")[0]
    assert ("52123456" in leidos, "3101234567" in leidos, "456" in leidos) == (False, False, True)


# --- the list -------------------------------------------------------------------------------------
def test_the_list_groups_by_cause_with_counts_and_the_bar_shows_how_many(web: WebKit) -> None:
    con_condicion(web)
    for _ in range(3):
        detener(web, n=4, k=0)
    pagina = web.browser("admin").get("/administracion/incidentes").text
    assert pagina.count("Una condición no se pudo evaluar") == 1
    assert "«n / k &gt; 1» de «¿Alcanza?» no se pudo evaluar: divide entre cero." in pagina
    assert re.search(r'Incidentes <span class="conteo">3</span>', followed(pagina))
    assert "conteo" not in web.browser("coordinador").get("/casos").text.split("</nav>")[0]


def test_the_page_of_one_incident_marks_the_element_and_shows_input_and_technical_detail(
    web: WebKit,
) -> None:
    con_condicion(web)
    detener(web, n=4, k=0)
    pagina = web.browser("admin").get(f"/administracion/incidentes/{incidentes(web)[0]}").text
    assert (
        '{"g": "problema"}' in unescape(unescape(pagina)).replace("\\u00bf", "¿")
        or "&#34;g&#34;: &#34;problema&#34;" in pagina
    )
    assert "n / k &gt; 1: division by zero" in pagina
    assert "Andrés Salcedo" in pagina
    for titulo in (
        "Reintentar",
        "Editar y reintentar",
        "Omitir con motivo",
        "Devolver a una actividad anterior",
    ):
        assert f"<summary><b>{titulo}</b></summary>" in pagina


def con_vencimiento(web: WebKit, vence: str, prioridad: str = "2") -> None:
    nodos = (
        m.start("ini")
        + m.user("a")
        + m.user("b", extra=f'<v:due expr="{vence}"/><v:priority expr="{prioridad}"/>')
        + m.end("fin")
    )
    nodos += m.flows("ini>a>b>fin")
    variables = "punto_id f:instant g:instant n:integer"
    carril = m.lane("L1", "asesor", "punto_id", "ini", "a", "b", "fin")
    web.deploy({"p.bpmn": m.model(m.process("P", nodos, lanes=carril, variables=variables))})


def empezar(web: WebKit, **datos: object) -> str:
    """Until b cannot open; the instance."""
    iniciado = web.engine.instances.start(
        "P", actor=SYSTEM, now=web.clock.now(), data={"punto_id": "BOG-AGU", **datos}
    )
    web.engine.items.complete(iniciado.opened[0].id, values={}, actor=SYSTEM, now=web.clock.now())
    return iniciado.instance_id


def test_a_due_date_that_cannot_be_computed_is_told_as_one_with_what_to_do_and_that_does_it(
    web: WebKit,
) -> None:
    con_vencimiento(web, "f")
    caso = empezar(web, f="R-2026-12", g="2026-12-01T12:00:00+00:00")
    (numero,) = incidentes(web)
    admin, lugar = web.browser("admin"), f"/administracion/incidentes/{numero}"
    pagina = " ".join(unescape(admin.get(lugar).text).split())
    assert "<h1>Un vencimiento no se pudo calcular</h1>" in pagina
    assert "condición" not in pagina
    assert (
        "La fecha en que vence «b» es «f», y no se pudo calcular: «R-2026-12» no es una fecha. La tarea no se abrió."
        in pagina
    )
    assert "Si está mal «Vence» en el diagrama, corregir el dato no basta" in pagina
    assert 'id="edit-v.f"' in pagina.split("Otros datos del caso")[0], (
        "the datum that the expression names is asked for first"
    )

    # when what it says is done: the diagram is corrected and put in force, the case moved, and it
    # is tried again
    con_vencimiento(web, "g")
    with web.session() as s:
        en_vigor = reads.releases.current(s, web.engine.catalog)
    web.engine.migration.migrate(caso, en_vigor, reason=MOTIVO, actor=ADMIN, now=web.clock.now())
    reparar(admin, lugar, "retry", [numero])
    assert abiertas(web) == ["b"]
    assert incidentes(web) == []
    assert "corregir el dato no basta" not in admin.get(lugar).text
    with web.app.test_request_context(), web.session() as s:
        assert ficha(s, reads.incidents.incident(s, numero)).consejo == ""
    assert integro(web)


def test_a_priority_and_a_wait_are_told_as_such(web: WebKit) -> None:
    con_vencimiento(web, "g", prioridad="n")
    empezar(web, n="alta")
    nodos = (
        m.start("ini")
        + m.user("a")
        + m.catch("t", m.timer("f", "timeDate"))
        + m.end("fin")
        + m.flows("ini>a>t>fin")
    )
    carril = m.lane("L1", "asesor", "punto_id", "ini", "a", "t", "fin")
    web.deploy(
        {"p.bpmn": m.model(m.process("P", nodos, lanes=carril, variables="punto_id f:instant"))}
    )
    empezar(web, f="pronto")
    una, otra = (
        " ".join(unescape(web.browser("admin").get(f"/administracion/incidentes/{n}").text).split())
        for n in incidentes(web)
    )
    assert "<h1>Una prioridad no se pudo calcular</h1>" in una
    assert (
        "La prioridad de «b» es «n», y no se pudo calcular: la prioridad es un número, y hay 'alta'."
        in una
    )
    assert "<h1>Una espera no se pudo calcular</h1>" in otra
    assert "«t» espera hasta «f», y no se pudo calcular: «pronto» no es una fecha." in otra
    assert "Si está mal «Tiempo» en el diagrama" in otra


# --- repairs --------------------------------------------------------------------------------------
def test_editing_takes_typed_values_and_refuses_others_with_what_was_typed(web: WebKit) -> None:
    con_condicion(web)
    detener(web, n=4, k=0)
    admin, (numero,) = web.browser("admin"), incidentes(web)
    desde = f"/administracion/incidentes/{numero}"
    for texto, frase in (("dos", "Escriba un número entero"), ("0", "Cambie al menos un dato")):
        mala = reparar(admin, desde, "edit", [numero], **{"v.n": "4", "v.k": texto})
        assert mala.status_code == 422
        assert frase in mala.text
    assert (
        'value="dos"' in reparar(admin, desde, "edit", [numero], **{"v.n": "4", "v.k": "dos"}).text
    )
    sin_motivo = reparar(admin, desde, "edit", [numero], **{"v.k": "2", "motivo": "corto"})
    assert sin_motivo.status_code == 422
    assert "Escriba el motivo" in sin_motivo.text
    buena = reparar(admin, desde, "edit", [numero], **{"v.n": "4", "v.k": "2"})
    assert "el caso sigue con los datos corregidos" in buena.text
    assert abiertas(web) == ["b"]
    assert integro(web)


def test_three_alike_are_repaired_at_once_and_a_repeated_click_changes_nothing(web: WebKit) -> None:
    con_condicion(web)
    for n in (4, 5, 6):
        detener(web, n=n, k=0)
    admin, numeros = web.browser("admin"), incidentes(web)
    with web.engine.db.connect() as c:
        causa = c.exec_driver_sql("SELECT DISTINCT cause FROM incident").scalar_one()
    desde = f"/administracion/incidentes/causa/{causa}"
    pagina = admin.get(desde).text
    assert "(hay varios valores; vacío no cambia nada)" in pagina
    hecho = reparar(admin, desde, "edit", numeros, **{"v.n": "", "v.k": "2"})
    assert "Reparados 3 de 3" in hecho.text
    assert abiertas(web) == ["b", "b", "b"]
    otra_vez = admin.post(
        "/administracion/incidentes/reparar",
        data={
            "csrf_token": csrf(admin.get("/administracion/incidentes").text),
            "accion": "retry",
            "incidente": [str(n) for n in numeros],
            "motivo": MOTIVO,
        },
    )
    assert otra_vez.text.count("Ya estaba resuelto") == 3
    assert abiertas(web) == ["b", "b", "b"]
    assert integro(web)


def test_of_many_the_ones_that_cannot_be_repaired_are_named_and_the_others_go_on(
    web: WebKit,
) -> None:
    con_condicion(web)
    for _ in range(3):
        detener(web, n=4, k=0)
    with web.engine.db.connect() as c:
        quieta = c.exec_driver_sql(
            "SELECT instance_id FROM incident ORDER BY id LIMIT 1"
        ).scalar_one()
    web.engine.instances.suspend(quieta, reason=MOTIVO, actor=SYSTEM, now=web.clock.now())
    hecho = reparar(
        web.browser("admin"), "/administracion/incidentes", "skip", incidentes(web), salida="c"
    )
    assert "Reparados 2 de 3" in hecho.text
    assert "El caso está suspendido" in hecho.text
    assert abiertas(web) == ["c", "c"]


def test_more_than_one_batch_shows_progress_and_goes_on(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webforms.operacion.incidentes.LOTE", 2)
    con_condicion(web)
    for _ in range(3):
        detener(web, n=4, k=0)
    admin, numeros = web.browser("admin"), incidentes(web)
    primera = reparar(admin, "/administracion/incidentes", "skip", numeros, salida="b")
    assert "Seguir con los 1 que faltan" in primera.text
    assert 'max="3" value="2"' in primera.text
    campos = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">', primera.text.split("mb-4")[1]
    )
    segunda = admin.post(
        "/administracion/incidentes/reparar", data=MultiDict((n, unescape(v)) for n, v in campos)
    )
    assert "Reparados 3 de 3" in segunda.text
    assert abiertas(web) == ["b", "b", "b"]


def test_a_skipped_service_asks_for_its_results(web: WebKit) -> None:
    def cae(_call: Call) -> Data:
        raise RuntimeError("interno")

    web.engine.core.handlers.local["cae"] = cae
    con_servicio(web)
    detener(web, uno="x")
    admin, (numero,) = web.browser("admin"), incidentes(web)
    desde = f"/administracion/incidentes/{numero}"
    mala = reparar(admin, desde, "skip", [numero], **{"v.r": "7"})
    assert "ok: escriba el resultado o marque «Sin valor»" in mala.text
    assert (
        "El paso se omitió"
        in reparar(
            admin, desde, "skip", [numero], **{"v.r": "7", "v.ok": "", "sin_valor": "ok"}
        ).text
    )
    with web.engine.db.connect() as c:
        assert '"r":7,"ok":null' in c.exec_driver_sql("SELECT data FROM instance").scalar_one()
    assert integro(web)


def test_going_back_offers_the_activities_that_were_passed(web: WebKit) -> None:
    con_condicion(web)
    detener(web, n=4, k=0)
    admin, (numero,) = web.browser("admin"), incidentes(web)
    desde = f"/administracion/incidentes/{numero}"
    assert '<option value="a">a</option>' in admin.get(desde).text
    assert reparar(admin, desde, "back", [numero], destino="fin").status_code == 422
    assert "El caso volvió" in reparar(admin, desde, "back", [numero], destino="a").text
    assert abiertas(web) == ["a"]
    assert incidentes(web) == []
    assert "El caso volvió a una actividad anterior" in admin.get(desde).text


def test_of_a_conflict_of_a_release_of_before_one_value_is_chosen_by_who_wrote_it(
    web: WebKit,
) -> None:
    nodos = (
        m.start("ini")
        + m.gate("parallel", "g")
        + m.user("a", "b", fields="x")
        + '<parallelGateway id="j" name="Unir"/>'
    )
    web.deploy(
        {
            "p.bpmn": diagrama(
                nodos + m.user("c") + m.end("fin") + m.flows("ini>g>a>j>c>fin") + m.flows("g>b>j")
            )
        }
    )
    with joins_of_before("x", a="uno", b="dos"):
        for _ in range(2):
            abiertos = web.engine.instances.start(
                "P", actor=SYSTEM, now=web.clock.now(), data={"punto_id": "BOG-AGU"}
            ).opened
            for item, valor in zip(
                sorted(abiertos, key=lambda i: i.element), ("uno", "dos"), strict=True
            ):
                web.engine.items.complete(
                    item.id, values={"x": valor}, actor=SYSTEM, now=web.clock.now()
                )
    web.engine.core.cache.clear()
    admin, numeros = web.browser("admin"), incidentes(web)
    pagina = admin.get(f"/administracion/incidentes/{numeros[0]}").text
    assert "<b>uno</b>" in pagina
    assert "lo escribió El sistema en «b»" in pagina
    assert "Elija cuál valor" in reparar(admin, "/administracion/incidentes", "edit", numeros).text
    assert (
        "Reparados 2 de 2"
        in reparar(admin, "/administracion/incidentes", "edit", numeros, **{"elegir.x": "a"}).text
    )
    with web.engine.db.connect() as c:
        datos = c.exec_driver_sql("SELECT data FROM instance").scalars().all()
    assert all('"x":"uno"' in texto for texto in datos)
    assert abiertas(web) == ["c", "c"]
    assert integro(web)


def test_history_and_compliance_read_what_was_changed_and_why(web: WebKit) -> None:
    con_condicion(web)
    detener(web, n=4, k=0)
    admin, (numero,) = web.browser("admin"), incidentes(web)
    reparar(
        admin, f"/administracion/incidentes/{numero}", "edit", [numero], **{"v.n": "4", "v.k": "2"}
    )
    with web.engine.db.connect() as c:
        caso = c.exec_driver_sql("SELECT case_key FROM incident").scalar_one()
    revision = web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text
    assert "Corrigió datos y reintentó ¿Alcanza?" in followed(revision)
    assert "K: de 0 a 2" in revision
    assert MOTIVO in revision
    assert "Cadena verificada" in revision


def test_nobody_else_reads_or_repairs(web: WebKit) -> None:
    con_condicion(web)
    detener(web, n=4, k=0)
    (numero,) = incidentes(web)
    for usuario in ("asesor", "coordinador", "analista", "revisor"):
        cliente = web.browser(usuario)
        assert cliente.get("/administracion/incidentes").status_code == 403
        assert cliente.get(f"/administracion/incidentes/{numero}").status_code == 403
    assert web.browser("admin").get("/administracion/incidentes/999999").status_code == 404
    assert (
        web.browser("admin")
        .get("/administracion/incidentes/causa/nada", follow_redirects=True)
        .status_code
        == 200
    )
