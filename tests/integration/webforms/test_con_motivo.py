"""An administrator sees no case by the role alone: they write why, see it for an hour, and
compliance reads both."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.store.tables import Item
from records.casos.tablas import Caso
from records.cuentas.reglas.roles import ADMINISTRADOR, FUNCIONARIO
from records.personas.tablas import Persona
from tests.kit import public as public_kit
from tests.kit.cast import person
from tests.kit.month import NOT_WALKED, World, month, starts
from tests.kit.public import Point
from tests.kit.walk import Walk
from tests.kit.web import csrf, followed
from webforms.base.formatos import hora

DOCUMENTO = "52123456"
POR_QUE = "No le llega el correo, lo pidió la mesa"
DATOS = "Una queja pregunta por este dato"


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


@pytest.fixture
def caso(punto: Point) -> str:
    return punto.with_power()


def text_of(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def abrir(punto: Point, caso: str, motivo: str = POR_QUE, vuelta: str = "") -> tuple[int, str]:
    admin = punto.web.browser("admin")
    pagina = admin.get(vuelta or f"/caso/{caso}", follow_redirects=True)
    datos = {"csrf_token": csrf(pagina.text), "_vuelta": vuelta, "motivo": motivo}
    hecho = admin.post(f"/caso/{caso}/con-motivo", data=datos)
    return hecho.status_code, hecho.headers.get("Location", followed(hecho.text))


@pytest.mark.parametrize(
    "parte", ["", "/historia", "/diagrama", "/notas", "/operar", "/tiempos", "/documentos"]
)
def test_no_page_of_a_case_opens_without_a_reason_and_none_of_its_data_is_on_the_way(
    punto: Point, caso: str, parte: str
) -> None:
    respuesta = punto.web.browser("admin").get(f"/caso/{caso}{parte}", follow_redirects=True)
    assert "Por qué necesita verlo" in respuesta.text
    assert DOCUMENTO not in respuesta.text
    assert not [a for a in punto.web.accesses() if a[:2] == ("consulta_caso", "admin")]


def test_nor_its_documents_its_model_or_a_search_by_person(punto: Point, caso: str) -> None:
    admin = punto.web.browser("admin")
    assert admin.get(f"/caso/{caso}/modelo/{caso}.bpmn").status_code == 404
    lista = followed(admin.get("/casos").text)
    assert caso not in lista
    assert "Quien administra no ve los casos" in lista
    assert "Abrir un caso que no es de su trabajo" not in followed(
        punto.web.browser("coordinador").get("/casos").text
    )


def test_who_hands_out_a_task_sees_its_name_and_number_and_nobody_of_the_case(
    punto: Point, caso: str
) -> None:
    with punto.web.engine.uow.reading() as session:
        (tarea,) = reads.items.of_case(session, caso, only_open=True)
    pagina = punto.web.browser("admin").get(f"/tarea/{tarea.id}/reasignar")
    assert pagina.status_code == 200
    with punto.web.session() as s:
        nombres = [nombre for nombre in s.scalars(sa.select(Persona.nombre)) if nombre]
    assert [nombre for nombre in (*nombres, DOCUMENTO) if nombre in pagina.text] == []


def test_with_a_reason_it_opens_where_they_wanted_for_an_hour_and_compliance_reads_why(
    punto: Point, caso: str
) -> None:
    assert abrir(punto, caso, "poco")[0] == 422
    donde = f"/caso/{caso}/historia"
    assert abrir(punto, caso, vuelta=donde) == (302, donde)
    admin = punto.web.browser("admin")
    assert "Completó 5.2.4" in followed(admin.get(donde).text)
    revision = followed(punto.web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text)
    assert revision.count(f"«{POR_QUE}»") == 2, "of the opening, and of the look"
    punto.clock.advance(dt.timedelta(minutes=61))
    assert "Por qué necesita verlo" in admin.get(donde, follow_redirects=True).text


def test_the_case_says_why_it_is_open_and_until_when_and_the_next_request_that_the_hour_is_over(
    punto: Point, caso: str
) -> None:
    admin = punto.web.browser("admin")
    assert "la hora pasó" not in followed(admin.get(f"/caso/{caso}", follow_redirects=True).text)
    abrir(punto, caso)
    hasta = hora(punto.clock.now() + dt.timedelta(hours=1))
    punto.clock.advance(dt.timedelta(minutes=20))
    for parte in ("", "/historia", "/indice"):
        pagina = followed(admin.get(f"/caso/{caso}{parte}").text)
        assert f"Lo abrió con un motivo, y lo ve hasta las {hasta}. «{POR_QUE}»" in text_of(pagina)
    assert (
        "Lo abrió con un motivo" not in punto.web.browser("coordinador").get(f"/caso/{caso}").text
    )
    punto.clock.advance(dt.timedelta(minutes=41))
    pedida = followed(admin.get(f"/caso/{caso}", follow_redirects=True).text)
    assert f"Lo tuvo abierto, y la hora pasó: hoy, {hasta}." in pedida


def test_whole_data_say_until_when_they_are_seen(punto: Point, caso: str) -> None:
    abrir(punto, caso)
    admin = punto.web.browser("admin")
    datos = {"csrf_token": csrf(admin.get(f"/caso/{caso}/datos").text), "motivo": DATOS}
    assert admin.post(f"/caso/{caso}/datos", data=datos).status_code == 302
    hasta = hora(punto.clock.now() + dt.timedelta(minutes=15))
    punto.clock.advance(dt.timedelta(minutes=10))
    assert f"Los ve hasta las {hasta}, solo en este caso" in admin.get(f"/caso/{caso}").text


def test_what_was_seen_of_a_case_that_is_open_with_a_reason_is_no_look_without_a_case(
    tmp_path: Path,
) -> None:
    """Pages that show the data, and documents, write no reason of their own: it stands in the entry
    that opened them."""
    with month(tmp_path) as world:
        admin, quien = (
            world.person(world.by_role[ADMINISTRADOR]),
            person(world.by_role[ADMINISTRADOR], ADMINISTRADOR),
        )
        with Session(world.engine.db) as s:
            con_numero = (
                sa.select(Caso.case_key, Persona.num_doc)
                .join(Persona, Caso.persona_id == Persona.id)
                .where(Caso.radicado.is_not(None))
            )
            caso, numero = s.execute(con_numero.order_by(Caso.id).limit(1)).one()
        for pagina, motivo in (("con-motivo", POR_QUE), ("datos", DATOS)):
            enviado = {
                "csrf_token": csrf(admin.get(f"/caso/{caso}/{pagina}").text),
                "motivo": motivo,
            }
            assert admin.post(f"/caso/{caso}/{pagina}", data=enviado).status_code == 302
        admin.get(f"/caso/{caso}")
        world.engine.log_access(quien, "documento_visto", caso, now=world.clock.now(), detail={})
        antes = miradas_de(world, numero)
        assert f"Documento, teléfonos y direcciones completos «{DATOS}»" in antes
        assert f"Un documento del caso «{POR_QUE}»" in antes
        assert "No atendió a la persona" not in antes
        world.clock.advance(dt.timedelta(hours=2))
        world.engine.log_access(quien, "documento_visto", caso, now=world.clock.now(), detail={})
        despues = miradas_de(world, numero)
        assert (
            despues.count("Un documento del caso Sin caso a cargo No atendió a la persona") == 1
        ), "the hour is over, and what was begun in it"


def test_who_looked_while_they_had_a_task_that_they_passed_on_has_a_relation_with_the_case(
    tmp_path: Path,
) -> None:
    with month(tmp_path) as world:
        with Session(world.engine.db) as s:
            de_area = sa.select(Item.id, Item.scope, Caso.case_key, Persona.num_doc).join(
                Caso, Caso.case_key == Item.case_key
            )
            libre = (Item.role == FUNCIONARIO, Item.state == "open", Item.claimed_by.is_(None))
            item, area, caso, numero = (
                s.execute(
                    de_area.join(Persona, Persona.id == Caso.persona_id).where(*libre)
                ).first()
                or ("",) * 4
            )
        una = person(f"funcionario.{area.lower()}01", f"{FUNCIONARIO}@{area}")
        world.engine.items.claim(item, actor=una, now=world.clock.now())
        world.engine.log_access(una, "documento_visto", caso, now=world.clock.now(), detail={})
        world.engine.items.release(item, actor=una, now=world.clock.now())
        assert "Un documento del caso Tuvo una tarea del caso" in miradas_de(world, numero)


def miradas_de(world: World, numero: str) -> str:
    """As compliance reads them: what was seen, and why."""
    revisora = world.person(world.by_role["cumplimiento"])
    pedido = {
        "csrf_token": csrf(revisora.get("/cumplimiento/accesos").text),
        "num_doc": numero,
        "motivo": "Habeas data 2026-1",
    }
    return text_of(revisora.post("/cumplimiento/accesos", data=pedido, follow_redirects=True).text)


def test_what_was_begun_within_the_hour_may_still_be_sent(punto: Point, caso: str) -> None:
    abrir(punto, caso)
    admin = punto.web.browser("admin")
    datos = {
        "csrf_token": csrf(admin.get(f"/caso/{caso}").text),
        "texto": "Reenvié el correo a la persona",
    }
    punto.clock.advance(dt.timedelta(minutes=70))
    assert admin.post(f"/caso/{caso}/notas", data=datos).status_code == 302
    punto.clock.advance(dt.timedelta(minutes=60))
    assert "/con-motivo" in admin.post(f"/caso/{caso}/notas", data=datos).location


def test_by_its_number_and_a_number_that_nobody_has_stays_in_the_field(punto: Point) -> None:
    admin = punto.web.browser("admin")
    token = csrf(admin.get("/casos").text)
    for numero, dice in (
        ("", "Escriba el número del caso"),
        ("2026-9999999", "No encontramos un caso con ese número"),
    ):
        respuesta = admin.post("/casos/por-numero", data={"csrf_token": token, "numero": numero})
        assert (
            respuesta.status_code,
            dice in respuesta.text,
            f'value="{numero}"' in respuesta.text,
        ) == (422, True, True)


def test_back_leads_to_pages_of_ours_alone(punto: Point, caso: str) -> None:
    admin = punto.web.browser("admin")
    token = csrf(admin.get(f"/caso/{caso}/con-motivo?vuelta=//malo.example/x").text)
    datos = {"csrf_token": token, "_vuelta": "//malo.example/x", "motivo": POR_QUE}
    assert admin.post(f"/caso/{caso}/con-motivo", data=datos).location == "/"


def test_a_case_that_there_is_not_has_no_page(punto: Point) -> None:
    admin = punto.web.browser("admin")
    assert admin.get("/caso/nadie/con-motivo").status_code == 404
    assert admin.get("/caso/nadie").status_code == 404


def test_no_page_that_an_administrator_comes_to_names_a_citizen(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Of a month of work, as they click through all that the role shows them."""
    with month(tmp_path_factory.mktemp("administra")) as world:
        admin = world.person(world.by_role[ADMINISTRADOR])
        with Session(world.engine.db) as s:
            citizens = {
                text
                for row in s.execute(sa.select(Persona.nombre, Persona.num_doc))
                for text in row
                if text
            }
        pages = list(
            Walk(world.app, skip=frozenset(NOT_WALKED)).of(ADMINISTRADOR, admin, starts(world))
        )
        assert len(pages) > 60
        assert [(page.path, name) for page in pages for name in citizens if name in page.html] == []
