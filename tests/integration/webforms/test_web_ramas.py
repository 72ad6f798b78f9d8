"""Two branches of one case, each with a form that writes the same variable: a page that was open
writes only what its person changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import reads
from engine.types import SYSTEM, WorkItem
from tests.kit import diagrams as m, web as web_kit
from tests.kit.web import WebKit, csrf, hidden, task_form


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    nodos = (
        m.start("ini")
        + m.gate("parallel", "g", "j")
        + m.user("a", "b", fields="x")
        + m.user("c")
        + m.end("fin")
    )
    carril = m.lane("l", "asesor", "punto_id", "ini", "g", "j", "a", "b", "c", "fin")
    kit.deploy(
        {
            "p.bpmn": m.model(
                m.process("P", nodos, "ini>g>a>j>c>fin g>b>j", "punto_id x", lanes=carril)
            )
        }
    )
    yield kit
    kit.engine.db.dispose()


def abiertas(web: WebKit, **datos: str) -> tuple[WorkItem, WorkItem]:
    a, b = web.engine.instances.start(
        "P", actor=SYSTEM, now=web.clock.now(), data={"punto_id": "BOG-AGU", **datos}
    ).opened
    return (a, b) if a.element == "a" else (b, a)


@pytest.mark.parametrize(
    ("al_abrir", "enviado", "queda"),
    [
        ({}, "", "dos"),  # nobody had said anything when it was shown, nor did this person
        ({"x": "cero"}, "cero", "dos"),  # what they were shown came back
        ({"x": "cero"}, "uno", "uno"),
        ({}, "uno", "uno"),
        ({"x": "cero"}, "", ""),  # they emptied it
    ],
)
def test_what_another_branch_wrote_while_a_page_was_open_stays_unless_its_person_changed_it(
    web: WebKit, al_abrir: dict[str, str], enviado: str, queda: str
) -> None:
    a, b = abiertas(web, **al_abrir)
    cliente = web.browser("asesor")
    pagina = cliente.get(f"/tarea/{a.id}").text
    web.engine.items.complete(b.id, values={"x": "dos"}, actor=SYSTEM, now=web.clock.now())
    datos = {
        "csrf_token": csrf(pagina),
        "_mostrado": hidden(task_form(pagina), "_mostrado"),
        "x": enviado,
    }
    assert cliente.post(f"/tarea/{a.id}", data=datos).status_code == 302
    with web.session() as s:
        (c,) = reads.items.of_case(s, a.case_key, only_open=True)
    assert c.data["x"] == queda
    assert web.submitted(a.id) == {"x": enviado}, "the form is kept as it was sent"


@pytest.mark.parametrize("mostrado", ["", "x", "W10.x"])
def test_what_a_page_says_of_another_task_and_what_nobody_signed_counts_for_nothing(
    web: WebKit, mostrado: str
) -> None:
    a, b = abiertas(web, x="cero")
    cliente = web.browser("asesor")
    pagina = cliente.get(f"/tarea/{b.id}").text
    web.engine.items.complete(b.id, values={"x": "dos"}, actor=SYSTEM, now=web.clock.now())
    datos = {
        "csrf_token": csrf(pagina),
        "_mostrado": mostrado or hidden(task_form(pagina), "_mostrado"),
        "x": "cero",
    }
    assert cliente.post(f"/tarea/{a.id}", data=datos).status_code == 302
    with web.session() as s:
        (c,) = reads.items.of_case(s, a.case_key, only_open=True)
    assert c.data["x"] == "cero"
