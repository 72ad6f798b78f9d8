"""What was said of a case is corrected with a reason, by who may; what it said before is kept, and
the register finds it by the new."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import reads
from engine.errors import InvalidValues, NotAllowed
from engine.reads.verification import verify
from engine.store.tables import Instance
from engine.types import StartForm
from records.casos import registro
from records.casos.registro import FiltroRegistro
from tests.kit import web as web_kit
from tests.kit.cast import ASESORA, COORDINADORA
from tests.kit.permit import ASKED, FILES
from tests.kit.web import WebKit, csrf, followed

WHY = "La dirección quedó mal tomada"


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


def corregir(web: WebKit, caso: str, motivo: str = WHY, **datos: str) -> TestResponse:
    cliente = web.browser("coordinador")
    pagina = cliente.get(f"/caso/{caso}/corregir").text
    return enviar(cliente, caso, pagina, {"motivo": motivo, **datos})


def enviar(cliente: FlaskClient, caso: str, pagina: str, datos: dict[str, str]) -> TestResponse:
    """By this page, which may be old by now."""
    visto = re.findall(r'name="_visto" value="([^"]*)"', pagina)[0]
    enviado = {"csrf_token": csrf(pagina), "_visto": visto, **ASKED, **datos}
    return cliente.post(f"/caso/{caso}/corregir", data=enviado, follow_redirects=True)


def ficha(web: WebKit, caso: str) -> registro.Ficha:
    with web.engine.uow.reading() as session:
        hallada = registro.ficha(session, caso)
    assert hallada is not None
    return hallada


def test_data_are_corrected_as_their_form_asks_and_what_they_said_stays(
    web: WebKit, caso: str
) -> None:
    malo = corregir(web, caso, "no", nombre="", area="900", correo="sin arroba")
    assert malo.status_code == 422
    for falta in (
        "Escriba «Nombre completo»",
        "«Área en metros»",
        "Escriba el motivo, entre 10",
        'value="sin arroba"',
    ):
        assert falta in malo.text
    assert "No cambió ningún dato" in corregir(web, caso).text

    nueva = {
        "direccion": "Carrera 9 n.º 1-2",
        "documento": "51.000.999",
        "uso": "obra",
        "area": "30",
    }
    pagina = followed(corregir(web, caso, **nueva).text)
    assert "Los datos quedaron corregidos." in pagina
    assert "Dirección del sitio: antes «" in pagina
    assert "Para qué: antes «Terraza de un negocio», después «Obra o andamio»." in pagina
    assert "51000481" not in pagina
    f = ficha(web, caso)
    assert (f.asunto, f.documento, f.lugar, f.lugar_nombre) == (
        "Carrera 9 n.º 1-2",
        "51000999",
        "obra",
        "Obra o andamio",
    )
    with web.engine.uow.reading() as session:
        hallados = [
            len(
                session.execute(
                    registro.halladas(FiltroRegistro(texto=t), now=web.clock.now())
                ).all()
            )
            for t in ("carrera", "calle 14", "andamio")
        ]
        [tarea] = reads.items.of_case(session, caso, only_open=True)
        assert tarea.data["area"] == 30
        assert not verify(session, caso).faults
        [dicho] = [
            x
            for x in reads.history.of_case(session, web.engine.catalog, caso)
            if x.kind == "correct"
        ]
    assert hallados == [1, 0, 1]
    assert dicho.values == {
        "motivo": WHY,
        "antes": {
            "documento": "51000481",
            "uso": "terraza",
            "direccion": "Calle 14 n.º 6-25",
            "area": 24,
        },
        "después": {
            "documento": "51.000.999",
            "uso": "obra",
            "direccion": "Carrera 9 n.º 1-2",
            "area": 30,
        },
    }
    revision = followed(web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text)
    assert "Corrigió datos del caso" in revision
    assert WHY in revision
    assert ("datos_completos", "coordinador", caso) in web.accesses()

    corregir(web, caso, **{**nueva, "area": "31"})  # again: what it said is what was corrected
    with web.engine.uow.reading() as session:
        assert reads.history.of_case(session, web.engine.catalog, caso)[-1].values["antes"] == {
            "area": 30
        }


def test_two_who_correct_at_once_undo_nothing_of_each_other(web: WebKit, caso: str) -> None:
    cliente = web.browser("coordinador")
    vieja = cliente.get(f"/caso/{caso}/corregir").text
    corregir(web, caso, direccion="Carrera 9 n.º 1-2", area="30")

    choca = enviar(cliente, caso, vieja, {"motivo": WHY, "area": "31"})
    assert choca.status_code == 422
    assert "El caso cambió mientras usted lo corregía." in choca.text
    assert "ahora dice «30»" in choca.text
    assert 'value="31"' in choca.text
    assert (
        "Los datos quedaron corregidos."
        in enviar(cliente, caso, choca.text, {"motivo": WHY, "area": "31"}).text
    )
    with web.engine.uow.reading() as session:
        [tarea] = reads.items.of_case(session, caso, only_open=True)
        assert tarea.data["area"] == 31
    assert ficha(web, caso).asunto == "Carrera 9 n.º 1-2"

    falsa = vieja.replace('name="_visto" value="', 'name="_visto" value="x')
    assert enviar(cliente, caso, falsa, {"motivo": WHY, "area": "32"}).status_code == 422


def test_an_ended_case_is_corrected_in_the_register_alone(web: WebKit, caso: str) -> None:
    web.engine.instances.cancel(caso, reason=WHY, actor=web_kit.SYSTEM, now=web.clock.now())
    cerrado = ficha(web, caso).cerrado
    with web.engine.uow.reading() as session:
        ended = session.scalars(sa.select(Instance.ended_at)).one()
    web.clock.advance(web_kit.dt.timedelta(days=1))
    assert "Los datos quedaron corregidos." in corregir(web, caso, nombre="Yolanda Prada").text
    f = ficha(web, caso)
    assert (f.nombre, f.estado, f.cerrado) == ("Yolanda Prada", registro.ANULADO, cerrado)
    with web.engine.uow.reading() as session:  # its data are kept no longer for it
        assert session.scalars(sa.select(Instance.ended_at)).one() == ended


def test_who_may_not_and_what_may_not(web: WebKit, caso: str) -> None:
    assert web.browser("asesor").get(f"/caso/{caso}/corregir").status_code == 403
    correct, now = web.engine.corrections.correct, web.clock.now()
    with pytest.raises(NotAllowed):
        correct(caso, {"area": 30}, reason=WHY, actor=ASESORA, now=now)
    for malos in (
        {"cumple": "si"},
        {"punto_id": "PAS"},
        {"area": "treinta"},
        {"direccion": "\ud800"},
    ):
        with pytest.raises(InvalidValues):
            correct(caso, malos, reason=WHY, actor=COORDINADORA, now=now)
    with pytest.raises(InvalidValues):
        correct(caso, {"area": 30}, reason="no", actor=COORDINADORA, now=now)
