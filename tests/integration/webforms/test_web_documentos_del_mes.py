"""Every document of the reports of a month, in one file: made by a job, with how far it is;
cancelled, and taken."""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from handlers.informes import Documentador
from records.base import pedidos
from records.base.pedidos import Avance
from records.base.tablas import DocumentosPedido
from records.informes import documentos_del_mes
from records.sistemas.puertos import Leyendo, PaqueteHecho
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.pdfs import assert_document
from tests.kit.web import csrf, followed
from webforms.interventoria.paquete import hacer_documentos

PUNTOS = 23
DE = "/reportes/2026-11"


@pytest.fixture(scope="module")
def mundo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The first of December: November is closed, no point has made its report yet."""
    with month(tmp_path_factory.mktemp("mes"), cases=60) as m:
        move_to(m, bogota(2026, 12, 1, 6, 1))
        yield m


def pedir(quien: FlaskClient) -> str:
    pagina = quien.get(DE).text
    return quien.post(f"{DE}/documentos", data={"csrf_token": csrf(pagina)}).location


def hacer(mundo: World, direccion: str) -> None:
    mundo.engine.jobs.run_at(
        documentos_del_mes.HACER,
        {"pedido_id": int(direccion.rpartition("/")[2])},
        mundo.clock.now(),
    )


def test_all_documents_of_a_month_are_made_by_a_job_and_taken_as_they_were_made(
    mundo: World, tmp_path: Path
) -> None:
    gerente, otra = mundo.person("gerente"), mundo.person("gerente.operativo")
    direccion = pedir(gerente)
    espera = gerente.get(direccion)
    assert (espera.status_code, "Espera su turno" in espera.text) == (202, True)
    assert gerente.get(f"{direccion}/avance").status_code == 202
    assert pedir(gerente) == direccion, "asking twice makes it once"
    assert gerente.get(f"{direccion}/documentos.zip").status_code == 404, "not made yet"
    ajena = otra.get(direccion).text
    assert "Dejar de hacerlos" not in ajena
    assert otra.post(f"{direccion}/cancelar", data={"csrf_token": csrf(ajena)}).status_code == 404

    hacer(mundo, direccion)
    pagina = gerente.get(direccion)
    # the month, each point, workbook and data; complaints are joined later
    archivos = 1 + PUNTOS + 2
    assert (
        pagina.status_code,
        f"Bajar los {archivos} archivos (ZIP, " in followed(pagina.text),
    ) == (200, True)
    bajado = gerente.get(f"{direccion}/documentos.zip")
    assert bajado.headers["Content-Disposition"] == "attachment; filename=documentos-2026-11.zip"
    assert hashlib.sha256(bajado.data).hexdigest() in pagina.text
    with zipfile.ZipFile(io.BytesIO(bajado.data)) as archivo:
        nombres = archivo.namelist()
        assert len(nombres) == len(set(nombres)) == archivos + 1
        for linea in archivo.read("manifiesto.sha256").decode().splitlines():
            huella, nombre = linea.split("  ")
            assert hashlib.sha256(archivo.read(nombre)).hexdigest() == huella
            assert huella[:16] in pagina.text
        de_punto = archivo.read("puntos/reporte-BOG-AGU-2026-11.pdf")
    assert de_punto == gerente.get(f"{DE}/BOG-AGU/reporte.pdf").data, "the same as one by one"
    assert_document(de_punto, tmp_path)
    with closing(mundo.engine.db.connect()) as c:
        ((quien, detalle),) = c.exec_driver_sql(
            "SELECT actor_id, detail FROM access WHERE subject = 'documentos.zip'"
        )
    assert (quien, hashlib.sha256(bajado.data).hexdigest() in str(detalle)) == ("gerente", True)

    despues = pedir(otra)
    hacer(mundo, despues)
    assert otra.get(f"{despues}/documentos.zip").data == bajado.data, (
        "the same reports give the same bytes, whoever asks"
    )
    assert "Después se hicieron otros" in followed(gerente.get(direccion).text)
    assert gerente.get(f"{direccion}/documentos.zip").status_code == 404


def test_what_is_cancelled_is_not_made_to_its_end_and_leaves_nothing(
    mundo: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.informes.CADA", 0.0)
    gerente = mundo.person("gerente")
    direccion = pedir(gerente)
    ficha, dichos = csrf(gerente.get(direccion).text), list[str]()

    def a_la_mitad(leyendo: Leyendo, mes: dt.date, avance: Avance) -> PaqueteHecho:
        def mira(paso: str, hechos: int, total: int) -> None:
            avance(paso, hechos, total)
            dichos.append(paso)
            if paso == documentos_del_mes.COMPONER and hechos == 2:
                assert f"Compone los documentos: 2 de {1 + PUNTOS}" in followed(
                    gerente.get(f"{direccion}/avance").text
                )
                cancela = gerente.post(f"{direccion}/cancelar", data={"csrf_token": ficha})
                assert "Se canceló: no quedó ningún archivo." in followed(
                    gerente.get(cancela.location).text
                )

        return hacer_documentos(leyendo, mes, mira)

    trabajo = Documentador(mundo.engine.uow.reading_one_state, mundo.engine.uow.session, a_la_mitad)
    trabajo.hacer_todos(mundo.clock.now(), {"pedido_id": int(direccion.rpartition("/")[2])})
    assert dichos.count(documentos_del_mes.COMPONER) == 2, "the others were not waited for"
    with mundo.engine.uow.session() as s:
        pedido = pedidos.uno(s, DocumentosPedido, int(direccion.rpartition("/")[2]))
        assert (pedido.estado, pedido.contenido, pedido.archivos) == (pedidos.CANCELADO, None, [])
    assert pedir(gerente) != direccion, "it can be asked for again"


def test_of_what_month_there_is_nothing_is_no_page(mundo: World) -> None:
    gerente = mundo.person("gerente")
    ficha = csrf(gerente.get(DE).text)
    for mes in ("2026-09", "2027-01", "nada", "2026-13"):
        assert (
            gerente.post(f"/reportes/{mes}/documentos", data={"csrf_token": ficha}).status_code
            == 404
        ), mes
    assert gerente.get(f"{DE}/documentos/99").status_code == 404
    direccion = pedir(gerente)
    assert gerente.get(direccion.replace("2026-11", "2026-10")).status_code == 404
    asesor = mundo.person("asesor.bog01")
    assert asesor.get(direccion).status_code in (403, 404)
