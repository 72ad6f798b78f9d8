"""`flask deploy`: sentences and exit codes of the shell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from engine.clock import GivenClock
from engine.types import Handlers
from tests.kit import web as web_kit
from tests.kit.web import WebKit
from webforms.comandos.consola import quien
from webforms.comandos.despliegue import deploy
from webforms.paquetes.plantilla import diagrama_vacio


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url, handlers=Handlers())
    yield kit
    kit.engine.db.dispose()


def correr(app: Flask, *argumentos: str) -> Result:
    return app.test_cli_runner().invoke(deploy, list(argumentos))


def archivo(carpeta: Path, nombre: str, contenido: bytes) -> str:
    ruta = carpeta / nombre
    ruta.write_bytes(contenido)
    return str(ruta)


def vigente(web: WebKit) -> int | None:
    with web.engine.uow.reading() as session:
        return web.engine.catalog.current_or_none(session)


def test_files_are_put_in_force_and_the_versions_are_said(web: WebKit, tmp_path: Path) -> None:
    dicho = correr(
        web.app,
        archivo(tmp_path, "visita.bpmn", diagrama_vacio("visita", "La visita")),
        "--note",
        "Primera",
    )

    assert dicho.exit_code == 0
    assert "Entrega 1 en vigor." in dicho.output
    assert "visita: versión 1" in dicho.output
    assert web.accesses() == [("despliegue", quien().id, "release/1")]


def test_the_same_files_again_raise_no_version(web: WebKit, tmp_path: Path) -> None:
    ruta = archivo(tmp_path, "visita.bpmn", diagrama_vacio("visita", "La visita"))
    correr(web.app, ruta)

    assert "Ningún proceso cambió." in correr(web.app, ruta).output


def test_a_refusal_names_file_element_rule_and_remedy_and_exits_1(
    web: WebKit, tmp_path: Path
) -> None:
    roto = diagrama_vacio("visita", "La visita").replace(
        b'<v:lane role="asesor" scope="punto_id"/>', b""
    )

    dicho = correr(web.app, archivo(tmp_path, "visita.bpmn", roto))

    assert dicho.exit_code == 1
    assert "Error · visita.bpmn, «Primera tarea»: La tarea no tiene quién la haga" in dicho.output
    assert "[lane_missing]" in dicho.output
    assert "No se puso nada en vigor." in dicho.output
    assert vigente(web) is None


def test_check_says_the_same_and_changes_nothing(web: WebKit, tmp_path: Path) -> None:
    bueno = archivo(tmp_path, "visita.bpmn", diagrama_vacio("visita", "La visita"))
    malo = archivo(tmp_path, "malo.bpmn", b"<a")

    assert correr(web.app, bueno, "--check").output == "Sin errores: se puede poner en vigor.\n"
    assert correr(web.app, malo, "--check").exit_code == 1
    assert vigente(web) is None


@pytest.mark.parametrize("nombre", ["tilde_ñ.bpmn", "texto.xml"])
def test_a_file_of_another_name_is_refused(web: WebKit, tmp_path: Path, nombre: str) -> None:
    dicho = correr(web.app, archivo(tmp_path, nombre, b"<a/>"))

    assert dicho.exit_code == 1
    assert "debe terminar en .bpmn o .dmn" in dicho.output


def test_without_files_it_says_how_to_use_it(web: WebKit) -> None:
    dicho = correr(web.app)

    assert dicho.exit_code == 1
    assert "flask deploy diagrama.bpmn" in dicho.output


def test_a_file_is_taken_out_of_force_on_request_only(web: WebKit, tmp_path: Path) -> None:
    for clave in ("una", "otra"):
        correr(web.app, archivo(tmp_path, f"{clave}.bpmn", diagrama_vacio(clave, clave)))

    assert correr(web.app, "--remove", "otra.bpmn").exit_code == 0
    with web.engine.uow.reading() as session:
        assert list(web.engine.catalog.files(session, 3)) == ["una.bpmn"]


def test_the_clock_of_the_release_is_the_product_s(web: WebKit, tmp_path: Path) -> None:
    assert isinstance(web.clock, GivenClock)
    correr(web.app, archivo(tmp_path, "visita.bpmn", diagrama_vacio("visita", "La visita")))
    with web.engine.db.connect() as c:
        assert (
            c.exec_driver_sql(
                "SELECT count(*) FROM release WHERE at LIKE '2026-11-24 14:00%'"
            ).scalar()
            == 1
        )
