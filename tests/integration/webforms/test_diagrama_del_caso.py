"""The diagram of a case, as its page gives it to the drawing: what it paints after the engine's own
acts."""

import json
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest

from engine import reads
from engine.types import SYSTEM, Handlers
from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import ADMIN, ASESORA, WHY
from tests.kit.web import WebKit

A_LA_VISTA = "ini>a>g g>b* b>c>fin g>c?n~==~1"


def hoja(caminos: str, *tareas: str) -> bytes:
    nodos = (
        m.start("ini")
        + m.user("a", fields="n:integer")
        + m.gate("exclusive", "g")
        + m.user(*tareas)
        + m.end("fin")
    )
    return m.model(
        m.process(
            "visita",
            nodos,
            caminos,
            variables="punto_id",
            lanes=m.lane("L1", "asesor", "punto_id", "a", *tareas),
        )
    )


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url, handlers=Handlers())
    kit.deploy({"visita.bpmn": hoja(A_LA_VISTA, "b", "c")})
    yield kit
    kit.engine.db.dispose()


def pintados(web: WebKit, caso: str) -> list[str]:
    respuesta = web.browser("coordinador").get(f"/caso/{caso}/diagrama")
    assert respuesta.status_code == 200
    (dibujo,) = lxml.html.fromstring(respuesta.text).xpath("//div[@data-estados]")
    estados = json.loads(dibujo.get("data-estados", ""))
    assert all(estados[clave] == "hecho" for clave in estados if clave.startswith("f_"))
    return sorted(clave.removeprefix("f_") for clave in estados if clave.startswith("f_"))


def hacer(web: WebKit, caso: str, elemento: str, **valores: int) -> None:
    with web.engine.uow.reading() as session:
        (item,) = reads.items.of_case(session, caso, only_open=True)
    assert item.element == elemento
    web.engine.items.complete(item.id, values=valores, actor=ASESORA, now=web.clock.now())


def test_the_diagram_paints_the_way_that_the_case_took_also_when_it_was_sent_back_and_moved(
    web: WebKit,
) -> None:
    empezado = web.engine.instances.start(
        "visita", actor=SYSTEM, now=web.clock.now(), data={"punto_id": "BOG-AGU"}, case_key="caso-1"
    )
    hacer(web, "caso-1", "a", n=2)
    assert pintados(web, "caso-1") == ["a_g", "g_b", "ini_a"]
    hacer(web, "caso-1", "b")
    assert pintados(web, "caso-1") == ["a_g", "b_c", "g_b", "ini_a"], (
        "g and c were reached, not from one to the other"
    )

    web.engine.instances.go_back(
        empezado.instance_id, "a", reason=WHY, actor=ADMIN, now=web.clock.now()
    )
    assert pintados(web, "caso-1") == ["a_g", "b_c", "g_b", "ini_a"]
    hacer(web, "caso-1", "a", n=1)
    assert pintados(web, "caso-1") == ["a_g", "b_c", "g_b", "g_c", "ini_a"]

    web.deploy({"visita.bpmn": hoja("ini>a>g g>b* b>d>c>fin g>c?n~==~1", "b", "c", "d")})
    with web.engine.uow.reading() as session:
        en_vigor = reads.releases.current(session, web.engine.catalog)
    assert en_vigor is not None
    web.engine.migration.migrate(
        empezado.instance_id, en_vigor, reason=WHY, actor=ADMIN, now=web.clock.now()
    )
    assert pintados(web, "caso-1") == ["a_g", "g_b", "g_c", "ini_a"], (
        "the new drawing has no line from b to c"
    )
    hacer(web, "caso-1", "c")
    assert pintados(web, "caso-1") == ["a_g", "c_fin", "g_b", "g_c", "ini_a"]
