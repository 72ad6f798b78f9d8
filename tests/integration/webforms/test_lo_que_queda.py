"""What is kept is in the language of the agency: the same acts by people who read English leave the
same words, byte by byte."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import app as door
from common.language import SPANISH
from demo.personas import PersonaDato
from engine import reads
from engine.clock import GivenClock
from engine.jobs.inprocess import InProcessJobs
from records.base.actos import Acto
from records.cuentas import ausencias, cuentas
from tests.integration.webforms.test_escritorio import (
    ASESOR,
    COLEGA,
    HALLAZGOS,
    LIDER,
    OFICIAL,
    RESPUESTA,
    Despacho,
    UnCaso,
)
from tests.kit import files, visit as visita
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.handlers import MailDouble
from tests.kit.web import csrf

COORDINADOR = "coordinador"
#: Digests, keys and addresses: each case has its own.
PROPIO = re.compile(r"[0-9a-f]{8,}(-[0-9a-f]{4,})*|[A-Za-z0-9_.-]{40,}|p[0-9]+@")


@pytest.fixture(scope="module")
def despacho(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Despacho]:
    carpeta = tmp_path_factory.mktemp("despacho")
    url = f"sqlite:///{carpeta / 'ventanilla.db'}"
    gente = visita.seed(carpeta, url, NOW)
    jobs, clock, correo = InProcessJobs(), GivenClock(NOW), MailDouble()
    config = door.Config(
        instance=carpeta,
        database_url=url,
        secret_key=SESSION_KEY,
        jobs=jobs,
        clock=clock,
        correo=correo,
    )
    despacho = Despacho(door.create_app(config), jobs, clock, gente, correo)
    yield despacho
    despacho.engine.db.dispose()


#: What nobody here changes; letters, which speak the language of whoever gets them; and counters,
#: which the first who acts begins.
DE_OTROS = {
    "file_content",
    "process_version",
    "release_file",
    "persona",
    "servicio_adquirido",
    "aviso",
    "freno",
}


def hablan(despacho: Despacho, idioma: str) -> None:
    with despacho.sesion() as s, s.begin():
        for quien in (ASESOR, OFICIAL, COLEGA, LIDER, COORDINADOR):
            cuentas.hablarle(s, quien, idioma)


def textos(valor: object) -> Iterator[str]:
    """What people read of a value, JSON within texts, too: a sentence has a space in it."""
    if isinstance(valor, str):
        if valor[:1] in "{[":
            try:
                yield from textos(json.loads(valor))
            except ValueError:
                yield valor
        elif " " in valor:
            yield valor
    elif isinstance(valor, dict):
        for nombre, suyo in valor.items():
            yield from (f"{nombre}: {texto}" for texto in textos(suyo))
    elif isinstance(valor, list | tuple):
        for suyo in valor:
            yield from textos(suyo)


def guardado(despacho: Despacho) -> Counter[str]:
    """Every sentence of the tables of the engine and of the records."""
    db, todo = despacho.engine.db, Counter[str]()
    with db.connect() as c:
        for tabla in set(sa.inspect(db).get_table_names()) - DE_OTROS:
            for fila in c.execute(sa.select(sa.text("*")).select_from(sa.table(tabla))).mappings():
                todo.update(
                    f"{tabla}.{columna}: {texto}"
                    for columna, valor in fila.items()
                    for texto in textos(valor)
                )
    return todo


def pulsar(
    cliente: FlaskClient, pagina: str, ruta: str, codigo: int = 302, **campos: object
) -> str:
    hecho = cliente.post(ruta, data={"csrf_token": csrf(cliente.get(pagina).text), **campos})
    assert hecho.status_code == codigo, hecho.text
    return hecho.text


def lo_que_dejan(despacho: Despacho, idioma: str) -> Counter[str]:
    """A case from the analysis to the answer: what an officer, an adviser, a leader and a
    coordinator do."""
    hablan(despacho, idioma)
    persona = despacho.usadas
    caso = despacho.escalado(correo=f"p{persona}@correo.example")
    antes = guardado(despacho)
    with Session(despacho.engine.db) as s:
        item = reads.items.of_case(s, caso.case_key, only_open=True)[0].id
    asesor, oficial, colega, lider, coordinador = map(
        despacho.entrar, (ASESOR, OFICIAL, COLEGA, LIDER, COORDINADOR)
    )
    caso_, prorroga = f"/caso/{caso.case_key}", f"/caso/{caso.case_key}/prorroga"

    pulsar(oficial, "/bandeja", f"/tarea/{item}/tomar")
    with despacho.sesion() as s, s.begin():
        dia = despacho.clock.now().date()
        ausencias.registrar_ausencia(
            s,
            ausencias.NuevaAusencia(OFICIAL, COLEGA, dia, dia, "cita"),
            Acto(LIDER, despacho.clock.now()),
        )
    pulsar(colega, "/bandeja", f"/tarea/{item}/tomar")
    pulsar(lider, "/bandeja", f"/tarea/{item}/reasignar", persona=OFICIAL, motivo="Ya volvió")
    with despacho.sesion() as s, s.begin():
        s.execute(sa.text("DELETE FROM ausencia"))
    pulsar(
        oficial,
        caso_,
        f"{caso_}/documentos",
        archivos=(io.BytesIO(files.pdf("Recibo")), "recibo.pdf"),
    )
    pulsar(oficial, caso_, f"{caso_}/notas", texto="La persona llamó y trae el comprobante.")

    despacho.enviar(oficial, caso, resultado_analisis="competente")
    pulsar(
        coordinador, prorroga, prorroga, dias="5", motivo="El banco no ha respondido la consulta."
    )
    despacho.trabajar()
    despacho.enviar(oficial, caso, **HALLAZGOS)
    despacho.enviar(oficial, caso, **RESPUESTA)
    despacho.enviar(asesor, caso, revision_respuesta="incompleta", observacion="Falta la fecha.")
    despacho.enviar(oficial, caso, **HALLAZGOS)
    despacho.enviar(oficial, caso, **RESPUESTA)
    despacho.enviar(asesor, caso, revision_respuesta="completa")
    despacho.enviar(asesor, caso, texto_respuesta="Le informamos que su saldo quedó corregido.")
    # a paper for the person is in theirs; what stands around it is not
    carta = asesor.get(f"{caso_}/carta").text
    assert '<article class="hoja carta" lang="es-CO">' in carta
    assert f">{'Imprimir' if idioma == SPANISH else 'Print'}</button>" in carta
    return sin_lo_propio(guardado(despacho) - antes, caso, visita.holder(despacho.gente, persona))


def sin_lo_propio(dichos: Counter[str], caso: UnCaso, quien: PersonaDato) -> Counter[str]:
    """Without what tells this case and its person from any others."""
    suyos = {
        caso.radicado: "RADICADO",
        caso.case_key: "CASO",
        quien.nombre: "PERSONA",
        quien.num_doc: "DOCUMENTO",
    }
    quedan = Counter[str]()
    for dicho, veces in dichos.items():
        comun = dicho
        for suyo, nombre in suyos.items():
            comun = comun.replace(suyo, nombre)
        quedan[PROPIO.sub("#", comun)] += veces
    return quedan


def test_the_same_acts_leave_the_same_words_whatever_language_people_read(
    despacho: Despacho,
) -> None:
    en_espanol = lo_que_dejan(despacho, SPANISH)
    en_ingles = lo_que_dejan(despacho, "en")
    assert any("En reemplazo de" in texto for texto in en_espanol)
    assert en_ingles == en_espanol
