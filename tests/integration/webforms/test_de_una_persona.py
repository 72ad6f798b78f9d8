"""Everything that is held about one person, in one file, for whom asks for it: all of theirs,
nothing of anybody else, and it says so."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from records.base.tablas import todas
from records.casos.tablas import Archivo, Caso
from records.derechos import de_una_persona
from records.derechos.de_una_persona import DE_QUIEN_ATENDIO, DERIVADAS
from records.personas.tablas import Persona
from records.visita.tablas import Atencion, Turno
from tests.kit.month import World, month
from tests.kit.web import csrf, hidden
from webforms.documentos.archivos import Almacen, ArchivoDistinto

MOTIVO = "Solicitud de habeas data 2026-0140022"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("persona")) as made:
        yield made


def con_casos(world: World, cuantas: int = 25) -> list[Persona]:
    with Session(world.engine.db) as s:
        ids = sa.select(Caso.persona_id).where(Caso.radicado.is_not(None)).distinct()
        con_archivo = sa.select(Caso.persona_id).join(Archivo, Archivo.case_key == Caso.case_key)
        return list(
            s.scalars(
                sa.select(Persona)
                .where(Persona.id.in_(ids))
                .order_by(Persona.id.in_(con_archivo).desc(), Persona.id)
                .limit(cuantas)
            )
        )


def buscar(revisora: FlaskClient, persona: Persona) -> str:
    ficha = csrf(revisora.get("/cumplimiento/accesos").text)
    datos = {"csrf_token": ficha, "num_doc": persona.num_doc, "motivo": MOTIVO}
    direccion = revisora.post("/cumplimiento/accesos", data=datos).location
    assert not [
        dicho for dicho in (persona.num_doc, "habeas", "2026-0140022") if dicho in direccion
    ], "nor why: a reason names people"
    pagina = revisora.get(direccion).text
    assert f'value="{MOTIVO}"' in pagina, "it stays in its field"
    return pagina


def bajar(revisora: FlaskClient, pagina: str, **otros: str) -> TestResponse:
    suyo = pagina.partition('action="/cumplimiento/accesos/exportar"')[2]
    datos = {campo: hidden(suyo, campo) for campo in ("persona", "de", "motivo")}
    return revisora.post(
        "/cumplimiento/accesos/exportar", data={"csrf_token": csrf(suyo), **datos, **otros}
    )


def leido(respuesta: TestResponse) -> tuple[dict[str, Any], dict[str, bytes]]:
    contenido = respuesta.data
    respuesta.close()
    with zipfile.ZipFile(io.BytesIO(contenido)) as archivo:
        dentro = {nombre: archivo.read(nombre) for nombre in archivo.namelist()}
    return json.loads(dentro.pop("datos.json")), dentro


def test_who_asks_gets_all_of_theirs_with_their_documents_and_it_is_noted(world: World) -> None:
    revisora, con_archivos = world.person(world.by_role["cumplimiento"]), 0
    for persona in con_casos(world, 8):
        respuesta = bajar(revisora, buscar(revisora, persona))
        assert respuesta.mimetype == "application/zip"
        datos, archivos = leido(respuesta)
        assert datos["filas"]["persona"][0]["num_doc"] == persona.num_doc
        with Session(world.engine.db) as s:
            radicados = set(
                s.scalars(
                    sa.select(Caso.radicado).where(
                        Caso.persona_id == persona.id, Caso.radicado.is_not(None)
                    )
                )
            )
        assert radicados == {c["radicado"] for c in datos["filas"]["caso"] if "radicado" in c}
        assert datos["formularios"]
        assert datos["accesos"]
        for documento in datos["documentos"]:
            assert hashlib.sha256(archivos[documento["archivo"]]).hexdigest() == documento["sha256"]
        con_archivos += bool(archivos)
        with world.engine.db.connect() as c:
            dicho = c.exec_driver_sql(
                "SELECT detail FROM access WHERE kind = 'exportacion_persona' ORDER BY day DESC, n DESC LIMIT 1"
            ).scalar()
        assert MOTIVO in str(dicho)
        assert persona.num_doc not in str(dicho)
    assert con_archivos


def test_a_document_that_the_store_does_not_give_is_said_and_the_rest_leaves(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_esta(_almacen: object, sha256: str) -> bytes:
        raise ArchivoDistinto(sha256, falta=True)

    revisora, persona = world.person(world.by_role["cumplimiento"]), con_casos(world, 1)[0]
    monkeypatch.setattr(Almacen, "leer", no_esta)
    datos, archivos = leido(bajar(revisora, buscar(revisora, persona)))
    assert archivos == {}
    assert datos["documentos"]
    assert {d["falta"] for d in datos["documentos"]} == {"el lugar de los documentos no lo dio"}
    assert datos["filas"]["caso"]


def test_each_row_that_names_the_person_is_there_and_none_of_another_one(world: World) -> None:
    with Session(world.engine.db) as s:
        personas = {p.id: p.num_doc for p in s.scalars(sa.select(Persona))}
        for persona in con_casos(world):
            suyo = de_una_persona.todo(s, persona.id)
            for tabla in todas().sorted_tables:
                if "persona_id" in tabla.columns and tabla.name not in DERIVADAS:
                    suyas = s.scalar(
                        sa.select(sa.func.count())
                        .select_from(tabla)
                        .where(tabla.c.persona_id == persona.id)
                    )
                    dichas = [
                        f
                        for f in suyo.filas.get(tabla.name, ())
                        if f.get("persona_id") == persona.id
                    ]
                    assert len(dichas) == suyas, tabla.name
                if (
                    "case_key" in tabla.columns
                    and "persona_id" not in tabla.columns
                    and tabla.name not in DE_QUIEN_ATENDIO
                ):
                    suyas = s.scalar(
                        sa.select(sa.func.count())
                        .select_from(tabla)
                        .where(tabla.c.case_key.in_(suyo.claves))
                    )
                    assert len(suyo.filas.get(tabla.name, ())) >= (suyas or 0), tabla.name
            escrito = json.dumps(suyo.filas, ensure_ascii=False, default=str)
            otros = {
                n
                for i, n in personas.items()
                if i != persona.id and n != persona.num_doc and f'"{n}"' in escrito
            }
            apoderados = s.scalars(
                sa.select(Atencion.apoderado_id).where(Atencion.persona_id == persona.id)
            ).all()
            assert otros <= {personas[i] for i in apoderados if i}, persona.id
            assert not DE_QUIEN_ATENDIO & set(suyo.filas)


def test_an_attorney_gets_that_they_stood_for_somebody_and_nothing_of_whom(world: World) -> None:
    with Session(world.engine.db) as s:
        visita = s.scalars(
            sa.select(Atencion).where(
                Atencion.apoderado_id.is_not(None), Atencion.persona_id.is_not(None)
            )
        ).first()
        assert visita is not None, "a month with attorneys"
        apoderado = s.get_one(Persona, visita.apoderado_id)
        suyo = {
            "persona_id": apoderado.id,
            "tipo_doc": apoderado.tipo_doc,
            "num_doc": apoderado.num_doc,
        }
        # who took the turn stands in it, too
        s.execute(sa.update(Turno).where(Turno.id == visita.turno_id).values(**suyo))
        titular = s.get_one(Persona, visita.persona_id)
        todo = de_una_persona.todo(s, apoderado.id)
        assert visita.id in [
            f["id"] for f in todo.filas["atencion"] if f.get("apoderado_id") == apoderado.id
        ]
        assert not [f for f in todo.filas.get("caso", ()) if f.get("persona_id") == titular.id]
        assert {
            t: f
            for t, filas in todo.filas.items()
            for f in filas
            if titular.num_doc in json.dumps(f, default=str)
        } == {}
        assert visita.case_key not in todo.claves
        s.rollback()


def test_nobody_gets_whom_they_did_not_look_for_nor_without_a_reason(world: World) -> None:
    revisora = world.person(world.by_role["cumplimiento"])
    una, otra = con_casos(world, 2)
    pagina = buscar(revisora, una)
    assert bajar(revisora, pagina, persona=str(otra.id)).status_code == 404
    assert bajar(revisora, pagina, persona="x").status_code == 404
    assert bajar(revisora, pagina, de="x").status_code == 404
    assert bajar(revisora, pagina, motivo=" ").status_code == 302
    ajena = world.person(world.by_role["coordinador_gau"])
    token = csrf(ajena.get("/bandeja").text)
    datos = {
        "csrf_token": token,
        "persona": str(una.id),
        "de": hidden(pagina, "de"),
        "motivo": MOTIVO,
    }
    assert ajena.post("/cumplimiento/accesos/exportar", data=datos).status_code == 403
