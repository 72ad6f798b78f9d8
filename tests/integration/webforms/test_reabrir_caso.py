"""A case that ended is reopened with a reason, at an activity that its diagram allows; it keeps its
number, and is in course again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import reads
from engine.reads.verification import verify
from engine.types import StartForm
from records.casos import registro
from tests.kit import web as web_kit
from tests.kit.cast import ASESORA, person
from tests.kit.permit import ASKED, FILES
from tests.kit.web import WebKit, csrf, followed

WHY = "Se negó por un plano que sí estaba"
GESTORA = person("gestora", "gestion_documental")


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    kit.deploy(FILES)
    yield kit
    kit.engine.db.dispose()


def revisar(web: WebKit, caso: str) -> None:
    with web.engine.uow.reading() as session:
        [tarea] = reads.items.of_case(session, caso, only_open=True)
    web.engine.items.complete(
        tarea.id, values={"cumple": "no", "concepto": "Falta."}, actor=GESTORA, now=web.clock.now()
    )


def ficha(web: WebKit, caso: str) -> registro.Ficha:
    with web.engine.uow.reading() as session:
        hallada = registro.ficha(session, caso)
    assert hallada is not None
    return hallada


def test_an_ended_case_goes_on_from_an_activity_with_its_number_and_ends_again(web: WebKit) -> None:
    caso = web.engine.instances.start(
        "permiso", actor=ASESORA, now=web.clock.now(), form=StartForm({**ASKED, "area": 24})
    ).case_key
    jefe = web.browser("coordinador")
    assert "Reabrir…" not in jefe.get(f"/caso/{caso}").text
    revisar(web, caso)
    assert (ficha(web, caso).estado, ficha(web, caso).cerrado) == (
        registro.TERMINADO,
        web.clock.now(),
    )
    assert "Reabrir…" not in web.browser("gestora").get(f"/caso/{caso}").text

    direccion = f"/caso/{caso}/operar/{caso}/devolver"
    assert f'href="{direccion}">Reabrir…' in jefe.get(f"/caso/{caso}").text
    pagina = jefe.get(direccion).text
    assert "El caso terminó. Al reabrirlo sigue desde la actividad que elija" in followed(pagina)
    with web.engine.uow.reading() as session:
        [pasada] = [
            e
            for e in web.engine.instances.earlier(session, caso, web.clock.now())
            if e.element == "revisar"
        ]
    elegida = jefe.get(f"{direccion}?tarea={pasada.task_id}").text
    datos = {"csrf_token": csrf(elegida), "tarea": pasada.task_id, "motivo": "no"}
    assert jefe.post(direccion, data=datos).status_code == 422
    pagina = followed(
        jefe.post(direccion, data={**datos, "motivo": WHY}, follow_redirects=True).text
    )
    assert "El caso está abierto otra vez, en: Revisar los requisitos." in pagina
    f = ficha(web, caso)
    assert (f.estado, f.cerrado, f.numero) == (registro.ABIERTO, None, "PEP-2026-00001")
    revision = followed(web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text)
    assert "Estaba en «Terminado» y volvió a estar en curso." in revision
    assert WHY in revision

    revisar(web, caso)
    assert ficha(web, caso).estado == registro.TERMINADO
    with web.engine.uow.reading() as session:
        assert not verify(session, caso).faults
