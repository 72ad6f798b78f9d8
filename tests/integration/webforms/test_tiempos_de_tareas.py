"""How long each task waited and how long somebody had it, by the journal: on the case, in its file,
in the file of compliance."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import reads
from engine.reads.times import TaskTime
from engine.types import StartForm
from tests.kit import web as web_kit
from tests.kit.cast import ASESORA, COORDINADORA, WHY, person
from tests.kit.permit import ASKED, FILES
from tests.kit.web import WebKit, followed

GESTORA, OTRA = (
    person("gestora", "gestion_documental"),
    person("otra.gestora", "gestion_documental"),
)
MEDIA = dt.timedelta(minutes=30)


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    kit.deploy(FILES)
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def caso(web: WebKit) -> str:
    return web.engine.instances.start(
        "permiso", actor=ASESORA, now=web.clock.now(), form=StartForm({**ASKED, "area": 24})
    ).case_key


def tiempos(web: WebKit, caso: str) -> list[TaskTime]:
    with web.engine.uow.reading() as session:
        return reads.times.of_cases(session, [caso], web.clock.now())


def pasa(web: WebKit, veces: int = 1) -> dt.datetime:
    web.clock.advance(MEDIA * veces)
    return web.clock.now()


def test_waiting_working_and_suspended_add_up_to_the_time_of_the_task(
    web: WebKit, caso: str
) -> None:
    items = web.engine.items
    tarea = tiempos(web, caso)[0].item.id
    tomada = pasa(web)
    items.claim(tarea, actor=GESTORA, now=tomada)
    items.release(tarea, actor=GESTORA, now=pasa(web, 2))
    items.save_draft(tarea, {"concepto": "Falta"}, actor=OTRA, now=pasa(web))
    assert tiempos(web, caso)[0].drafted_at == web.clock.now()
    items.claim(tarea, actor=OTRA, now=web.clock.now())
    web.engine.instances.suspend(caso, reason=WHY, actor=COORDINADORA, now=pasa(web))
    pasa(web, 4)
    [abierta] = tiempos(web, caso)
    assert (abierta.waiting, abierta.working, abierta.suspended) == (
        MEDIA * 2,
        MEDIA * 3,
        MEDIA * 4,
    )
    web.engine.instances.resume(caso, reason=WHY, actor=COORDINADORA, now=web.clock.now())
    items.complete(tarea, values={"cumple": "no", "concepto": "Falta."}, actor=OTRA, now=pasa(web))
    pasa(web, 9)
    [hecha] = tiempos(web, caso)
    assert (hecha.waiting, hecha.working, hecha.suspended) == (MEDIA * 2, MEDIA * 4, MEDIA * 4)
    assert (
        hecha.waiting + hecha.working + hecha.suspended
        == hecha.item.closed_at - hecha.item.opened_at
    )
    assert hecha.taken_at == tomada

    pagina = followed(web.browser("gestora").get(f"/caso/{caso}/tiempos").text)
    for dicho in ("Revisar los requisitos", ">1 h<", ">2 h<", "Hecha"):
        assert dicho in pagina
    suyo = web.browser("gestora").get(f"/caso/{caso}/tiempos.csv")
    [fila] = csv.DictReader(io.StringIO(suyo.text.removeprefix("\ufeff")), delimiter=";")
    assert (fila["caso"], fila["tarea"], fila["estado"]) == (
        "PEP-2026-00001",
        "Revisar los requisitos",
        "Hecha",
    )
    assert (fila["en_espera_min"], fila["en_trabajo_min"], fila["suspendida_min"]) == (
        "60",
        "120",
        "120",
    )
    assert ("exportacion", "gestora", caso) in web.accesses()
    assert web.browser("revisor").get("/cumplimiento/tiempos.csv").text == suyo.text
    assert web.browser("gestora").get("/cumplimiento/tiempos.csv").status_code == 403


def test_what_was_never_taken_only_waited_and_a_case_that_went_back_has_both_tasks(
    web: WebKit, caso: str
) -> None:
    tarea = tiempos(web, caso)[0].item.id
    web.engine.items.complete(
        tarea, values={"cumple": "no", "concepto": "Falta."}, actor=GESTORA, now=pasa(web)
    )
    web.engine.instances.go_back(caso, "revisar", reason=WHY, actor=COORDINADORA, now=pasa(web))
    pasa(web, 3)
    primera, otra = tiempos(web, caso)
    assert (primera.waiting, primera.working, primera.taken_at) == (MEDIA, dt.timedelta(0), None)
    # it came back to who had done it
    assert (otra.waiting, otra.working) == (dt.timedelta(0), MEDIA * 3)
