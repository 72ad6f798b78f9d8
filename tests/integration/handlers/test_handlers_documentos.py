"""`documento.hacer`: a letter of the package as a PDF among the documents of its case, and with the
letter that takes it along."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from engine import reads
from engine.jobs.inprocess import InProcessJobs
from engine.types import Handlers, RemoteCall
from handlers import correo
from handlers.enlaces import Enlaces
from records.casos.tablas import Archivo
from records.correo.reglas import cartas
from records.correo.reglas.cartas import Bloque
from records.correo.tablas import Aviso
from tests.integration.handlers.test_handlers_acciones import (
    CAMPOS,
    diagrama,
    incidentes,
    pedir,
    salida,
    tarea,
    valor,
)
from tests.kit import pdfs, web as web_kit
from tests.kit.diagrams import end, extension, lane, model, process, start
from tests.kit.handlers import MailDouble
from tests.kit.web import BASE_URL, WebKit

HACE = tarea(
    "hace",
    "documento.hacer",
    valor("carta", "permiso/cartas/acto")
    + valor("nombre", "Permiso de {nombre}")
    + valor("variable", "acto"),
    salida("acto", "text"),
)
ENVIA = tarea(
    "envia",
    "carta.enviar",
    valor("carta", "permiso/cartas/uso") + valor("para", "correo") + valor("adjunto", "acto"),
)


@dataclass
class Mesa:
    web: WebKit
    servidor: MailDouble
    registro: Handlers

    def correr(self) -> None:
        assert isinstance(self.web.engine.core.jobs, InProcessJobs)
        self.web.engine.core.jobs.run_all(self.web.engine.jobs)

    def documentos(self) -> list[Archivo]:
        with self.web.session() as session:
            return list(session.scalars(sa.select(Archivo)))


@pytest.fixture
def mesa(tmp_path: Path, sqlite_url: str) -> Iterator[Mesa]:
    registro, servidor = Handlers(), MailDouble()
    kit = web_kit.with_actions(web_kit.build(tmp_path, sqlite_url, handlers=registro), registro)
    enlaces = Enlaces(BASE_URL, b"secreto de la prueba")
    almacen = kit.app.extensions["ventanilla"].archivos
    correo.register(
        registro,
        correo=servidor,
        sesiones=kit.session,
        enlaces=enlaces,
        leer=almacen.leer,
        rechazada=lambda *_: None,
        pausa=0,
    )
    yield Mesa(kit, servidor, registro)
    kit.engine.db.dispose()


def test_a_document_is_made_filed_and_sent_with_a_letter(mesa: Mesa) -> None:
    instancia = pedir(
        mesa.web,
        diagrama(HACE, ENVIA, pasos="hace>envia"),
        nombre="Ana «la de *siempre*»\n# Otra cosa",
    )
    mesa.correr()

    assert incidentes(mesa.web) == []
    [documento] = mesa.documentos()
    assert documento.nombre == "Permiso de Ana «la de siempre» # Otra cosa.pdf"
    assert (documento.tipo, documento.paginas, documento.subido_por) == (
        "application/pdf",
        1,
        "motor",
    )
    contenido = mesa.web.app.extensions["ventanilla"].archivos.leer(documento.sha256)
    assert hashlib.sha256(contenido).hexdigest() == documento.sha256
    dicho = " ".join("".join(pdfs.pages(PdfReader(io.BytesIO(contenido)))).split())
    assert "Espacio Público" in dicho
    assert (
        "Se permite a Ana «la de *siempre*» # Otra cosa ocupar 24 metros para Terraza de un negocio."
        in dicho
    )
    assert "ventanilla.test/consulta." in dicho
    [carta] = mesa.servidor.sent
    assert [(a.nombre, a.contenido) for a in carta.adjuntos] == [(documento.nombre, contenido)]
    with mesa.web.session() as session:
        [aviso] = session.scalars(sa.select(Aviso))
        caso = reads.instances.status(session, instancia)
    assert (aviso.adjuntos, aviso.enviado is not None, caso) == (
        [documento.sha256],
        True,
        "finished",
    )


def test_done_again_it_is_the_same_document(mesa: Mesa) -> None:
    pedir(mesa.web, diagrama(HACE, pasos="hace"))
    mesa.correr()
    [documento] = mesa.documentos()
    assert documento.tarea is not None
    de_nuevo = RemoteCall(
        mesa.web.clock.now(), documento.tarea, "otra", "caso", "hace", {}, {"variable": "acto"}
    )

    assert mesa.registro.remote["documento.hacer"](de_nuevo) == {"acto": documento.sha256}
    assert len(mesa.documentos()) == 1


def test_a_letter_that_names_what_this_case_does_not_know_makes_no_document(mesa: Mesa) -> None:
    otra = HACE.replace("permiso/cartas/acto", "permiso/cartas/cobro")
    resto = tarea("fija", "datos.fijar", valor("resolucion", "R") + valor("valor", "1") + valor("plazo", "2026-12-14"),
                  salida("resolucion", "text") + salida("valor", "text") + salida("plazo", "text"))  # fmt: skip
    pedir(mesa.web, diagrama(otra, resto, pasos="hace>fija"))
    mesa.correr()

    [error] = incidentes(mesa.web)
    assert "plazo, resolucion, valor" in error
    assert mesa.documentos() == []


def test_a_letter_takes_no_document_of_another_case_along(mesa: Mesa) -> None:
    pedir(mesa.web, diagrama(HACE, pasos="hace"))
    mesa.correr()
    [ajeno] = mesa.documentos()
    fija = tarea("fija", "datos.fijar", valor("acto", ajeno.sha256), salida("acto", "text"))
    pedir(mesa.web, diagrama(fija, ENVIA, pasos="fija>envia"))

    [error] = incidentes(mesa.web)
    assert "no document of this case" in error
    mesa.correr()
    assert mesa.servidor.sent == []


def test_a_letter_goes_where_the_same_command_says_the_person_is(mesa: Mesa) -> None:
    """The register hears of it when the command ends."""
    pide = f'<userTask id="pide" name="Pedir">{extension(CAMPOS)}</userTask>'
    envia = tarea("envia", "carta.enviar", valor("carta", "permiso/cartas/uso"))
    marca = '<v:case number="PER-{aaaa}-{000}" email="correo" name="nombre"/><v:variable name="de_nadie" type="text"/>'
    carril = lane("ln", "asesor", "", "pide")
    dibujo = model(
        process(
            "permiso",
            start() + pide + envia + end(),
            "S>pide>envia>E",
            "de_nadie:text",
            lanes=carril,
        )
    )
    pedir(mesa.web, dibujo.replace(b'<v:variable name="de_nadie" type="text"/>', marca.encode()))

    assert incidentes(mesa.web) == []
    with mesa.web.session() as session:
        assert [a.para for a in session.scalars(sa.select(Aviso).where(Aviso.tipo == "carta"))] == [
            "yolanda@correo.example"
        ]


def test_a_store_that_is_away_is_an_incident_with_words(mesa: Mesa, tmp_path: Path) -> None:
    (tmp_path / "archivos").write_bytes(b"no es una carpeta")
    pedir(mesa.web, diagrama(HACE, pasos="hace"))
    mesa.correr()

    with mesa.web.engine.uow.reading() as session:
        [incidente] = reads.incidents.open_ones(session)
    assert incidente.facts["problem"] == "unreachable"


def test_only_whoever_wrote_the_letter_makes_headings_and_lists() -> None:
    titulo, bloques = cartas.llenar_bloques(
        "Asunto: A\n\n# Uno\n\n- {a}\n- dos\n\n{a}\n{b?}", {"a": "# x\n\n- y"}
    )

    assert titulo == "A"
    assert bloques == [
        Bloque("titulo", ("Uno",)),
        Bloque("lista", ("# x\n\n- y", "dos")),
        Bloque("parrafo", ("# x\n\n- y",)),
    ]
