"""Who sends more than a form has writes nothing with it: neither what another form of the case
holds, nor a variable, nor who did it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import reads
from engine.types import Handlers
from records.cuentas.tablas import Cuenta, RolAsignado
from tests.kit import diagrams as m, web as web_kit
from tests.kit.web import WebKit, csrf

NODOS = (
    m.start("ini")
    + m.user("a", fields="uno")
    + m.user("b", fields="dos monto:integer")
    + m.end("fin")
    + m.flows("ini>a>b>fin")
)
CARRIL = m.lane("L1", "asesor", "punto_id", "ini", "a", "b", "fin")
AJENOS = {
    "dos": "de otro formulario",
    "monto": "9999",
    "punto_id": "PAS",
    "actor_id": "otra",
    "claimed_by": "otra",
    "closed_by": "otra",
    "release": "99",
    "state": "done",
    "__class__": "x",
    "uno.otro": "x",
    "uno[otro]": "x",
}


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url, handlers=Handlers())
    kit.deploy(
        {"p.bpmn": m.model(m.process("P", NODOS, lanes=CARRIL, variables="punto_id monto:integer"))}
    )
    yield kit
    kit.engine.db.dispose()


def test_a_task_takes_the_fields_of_its_own_form_and_no_other(web: WebKit) -> None:
    tarea = web.begin("P", {"punto_id": "BOG-AGU", "monto": 1})
    asesor = web.browser("asesor")
    datos = {"csrf_token": csrf(asesor.get(f"/tarea/{tarea}").text), "uno": "lo mío", **AJENOS}
    assert asesor.post(f"/tarea/{tarea}", data=datos).status_code == 302
    assert web.submitted(tarea) == {"uno": "lo mío"}
    with web.engine.uow.reading() as session:
        (caso,) = session.scalars(sa.text("SELECT case_key FROM instance")).all()
        hecha, sigue = sorted(reads.items.of_case(session, caso), key=lambda item: item.element)
    assert (hecha.closed_by, sigue.element, sigue.scope, sigue.claimed_by) == (
        "asesor",
        "b",
        "BOG-AGU",
        None,
    )
    assert sigue.data == {"punto_id": "BOG-AGU", "monto": 1, "uno": "lo mío"}


def test_ones_own_account_takes_its_language_and_nothing_that_others_give(web: WebKit) -> None:
    asesor = web.browser("asesor")
    datos = {
        "csrf_token": csrf(asesor.get("/cuenta").text),
        "idioma": "en",
        "rol": "administrador",
        "roles": "administrador",
        "activo": "",
    }
    assert (
        asesor.post(
            "/cuenta/idioma",
            data={**datos, "usuario": "admin", "nombre": "Otra", "clave_hash": "x"},
        ).status_code
        == 302
    )
    with web.session() as s:
        cuenta = s.scalars(sa.select(Cuenta).where(Cuenta.usuario == "asesor")).one()
        roles = set(s.scalars(sa.select(RolAsignado.rol).where(RolAsignado.cuenta_id == cuenta.id)))
    assert (cuenta.nombre, cuenta.activo, roles) == ("Andrés Salcedo", True, {"asesor"})
