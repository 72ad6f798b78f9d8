"""The adviser's console beside its forms: the clock of the attention."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit import public as public_kit
from tests.kit.public import Punto
from tests.kit.web import csrf


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Punto]:
    kit = public_kit.crear(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


def test_the_adviser_pauses_the_attention_and_goes_on_from_the_same_console(punto: Punto) -> None:
    punto.tomar(punto.equipo("quiosco-1"))
    turno = punto.turnos()[0]
    punto.llamar(turno, "3")
    punto.completar(turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar")
    asesor = punto.web.cliente("asesor")
    for boton, estado in (("Pausar", "pausa"), ("Reanudar", "atencion")):
        pagina = asesor.get("/atencion").text
        assert boton in pagina
        respuesta = asesor.post(f"/atencion/pausar/{turno.id}", data={"csrf_token": csrf(pagina)})
        assert respuesta.status_code == 302
        assert [t.estado for t in punto.turnos()] == [estado]


def test_a_colleague_s_attention_cannot_be_paused(punto: Punto) -> None:
    punto.tomar(punto.equipo("quiosco-1"))
    turno = punto.turnos()[0]
    punto.llamar(turno, "3")
    punto.completar(turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar")
    colega = punto.web.cliente("colega")
    respuesta = colega.post(f"/atencion/pausar/{turno.id}", data={"csrf_token": csrf(colega.get("/atencion").text)})
    assert respuesta.status_code == 404
    assert [t.estado for t in punto.turnos()] == ["atencion"]
