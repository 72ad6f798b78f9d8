"""A process that is not the product's is begun: by a clerk, by a citizen, from a list; its cases
have numbers and are found."""

import datetime as dt
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engine import reads
from engine.store.tables import SubmissionRow
from records.casos.tablas import Archivo, CasoRegistrado, DatoRegistrado
from records.correo.tablas import Aviso
from records.cuentas import borradores_de_inicio, carriles
from records.cuentas.borradores_de_inicio import NuevoBorrador
from records.cuentas.tablas import BorradorDeInicio, Cuenta, RolAsignado
from tests.kit import files, permit, web as web_kit
from tests.kit.clock import NOW
from tests.kit.statements import counting
from tests.kit.web import WebKit, again, csrf, followed, hidden
from webforms.comandos.retencion import retention
from webforms.documentos.archivos import necesarios
from webforms.publico import tramites


@pytest.fixture
def kit(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    kit.deploy(permit.FILES)
    yield kit
    kit.engine.db.dispose()


def begin(browser: FlaskClient, **mas: str) -> str:
    """By the page; the address that follows."""
    page = browser.get("/iniciar/permiso").text
    data = {"csrf_token": csrf(page), "_llave": hidden(page, "_llave"), **permit.ASKED, **mas}
    answer = browser.post("/iniciar/permiso", data=data)
    assert answer.status_code == 302, answer.text
    return answer.location


def registered(kit: WebKit) -> list[CasoRegistrado]:
    with kit.session() as s:
        return list(s.scalars(sa.select(CasoRegistrado).order_by(CasoRegistrado.id)))


def test_a_clerk_begins_a_case_and_reads_its_number_and_what_follows(kit: WebKit) -> None:
    clerk = kit.browser("asesor")

    assert "Permiso de ocupación" in clerk.get("/iniciar").text
    done = clerk.get(begin(clerk)).text

    assert "Quedó con el número PEP-2026-00001" in done
    assert permit.AFTER in done
    assert "Revisar los requisitos" in done
    (case,) = registered(kit)
    assert (case.numero, case.asunto) == ("PEP-2026-00001", "Calle 14 n.º 6-25")
    assert (case.documento, case.nombre) == ("51000481", "Yolanda Prada Cuesta")
    assert (case.lugar, case.lugar_nombre, case.clase) == (
        "terraza",
        "Terraza de un negocio",
        "permiso",
    )
    assert (case.canal, case.estado) == ("persona", "abierto")
    assert case.vence is not None
    assert (case.vence - NOW).days == 15
    with kit.session() as s:
        found = {d.campo: d.valor for d in s.scalars(sa.select(DatoRegistrado))}
        sent = s.scalars(sa.select(SubmissionRow)).one()
        item = reads.items.of_case(s, case.case_key)[0]
    assert found == {
        "documento": "51000481",
        "uso": "Terraza de un negocio",
        "direccion": "Calle 14 n.º 6-25",
    }
    assert (sent.element, sent.form_values["nombre"]) == ("pide", "Yolanda Prada Cuesta")
    assert item.data["numero_caso"] == "PEP-2026-00001"
    assert item.data["punto_id"] == "BOG-AGU"
    assert "nombre" not in item.data  # what decides nothing stays erasable


def test_what_is_wrong_comes_back_with_what_was_typed_and_a_second_press_is_the_same_case(
    kit: WebKit,
) -> None:
    clerk = kit.browser("asesor")
    page = clerk.get("/iniciar/permiso").text
    data = {"csrf_token": csrf(page), "_llave": hidden(page, "_llave"), **permit.ASKED}

    wrong = clerk.post("/iniciar/permiso", data={**data, "area": "9000"})

    assert wrong.status_code == 422
    assert "Calle 14 n.º 6-25" in wrong.text
    assert registered(kit) == []
    first, second = (clerk.post("/iniciar/permiso", data=data) for _ in range(2))
    assert first.location == second.location
    assert len(registered(kit)) == 1
    assert "Ya lo había enviado: es el mismo caso" in clerk.get(second.location).text
    # back, another text, sent: not the case of before
    other = clerk.post("/iniciar/permiso", data={**data, "direccion": "Carrera 7"})
    assert other.location != first.location
    assert "Ya lo había enviado" not in clerk.get(other.location).text
    assert [case.asunto for case in registered(kit)] == ["Calle 14 n.º 6-25", "Carrera 7"]


def test_what_was_typed_is_kept_gone_on_with_thrown_away_and_gone_when_the_case_begins(
    kit: WebKit,
) -> None:
    clerk = kit.browser("asesor")
    page = clerk.get("/iniciar/permiso").text
    token, key = csrf(page), hidden(page, "_llave")
    where = f"/iniciar/permiso/borrador/{key}"
    typed = {"direccion": ["Calle 14"], "nada": ["x"], "_pagina": ["a"], "_borrador": [""]}
    saved = clerk.put(where, json=typed, headers={"X-CSRFToken": token})
    assert saved.status_code == 200, saved.text
    other = clerk.put(where, json={**typed, "_pagina": ["b"]}, headers={"X-CSRFToken": token})
    assert (other.status_code, "Otra pestaña" in other.json["mensaje"]) == (409, True)
    # what the script knows to go on from
    assert (other.json["error"], other.json["visto"]) == ("otra_pestana", saved.json["visto"])
    button = {
        "csrf_token": token,
        "_llave": key,
        "_pagina": "b",
        "_borrador": "",
        "direccion": "Carrera 9",
        "_accion": "guardar",
    }
    kept = clerk.post("/iniciar/permiso", data=button)
    assert (kept.status_code, "Otra pestaña guardó" in kept.text, "Carrera 9" in kept.text) == (
        409,
        True,
        True,
    )
    assert (
        clerk.post(
            "/iniciar/permiso", data={**button, "_borrador": hidden(kept.text, "_borrador")}
        ).status_code
        == 302
    )
    saved = clerk.put(where, json={**typed, "_pagina": ["b"]}, headers={"X-CSRFToken": token})
    again_ = clerk.put(
        where, json={**typed, "_borrador": [saved.json["visto"]]}, headers={"X-CSRFToken": token}
    )
    assert again_.status_code == 200
    assert clerk.put(where, json=["x"], headers={"X-CSRFToken": token}).status_code == 400

    listed = clerk.get("/iniciar").text
    assert "Calle 14" in listed
    assert "Calle 14" not in kit.browser("companero").get("/iniciar").text
    reopened = clerk.get(f"/iniciar/permiso?borrador={key}").text
    assert 'value="Calle 14"' in reopened
    assert hidden(reopened, "_llave") == key
    assert "Falta corregir" not in reopened  # nothing was sent yet
    kept = clerk.post(
        "/iniciar/permiso",
        data={
            "csrf_token": token,
            "_llave": "otra",
            "direccion": "Carrera 7",
            "_accion": "guardar",
        },
    )
    assert kept.location == "/iniciar"
    assert clerk.post("/iniciar/borradores/otra", data={"csrf_token": token}).status_code == 302
    assert clerk.post("/iniciar/borradores/otra", data={"csrf_token": token}).status_code == 404
    with counting(kit.engine.db) as without_draft:
        assert (
            clerk.post(
                "/iniciar/permiso", data={"csrf_token": token, "_llave": "none", **permit.ASKED}
            ).status_code
            == 302
        )
    with counting(kit.engine.db) as with_draft:
        begun = clerk.post(
            "/iniciar/permiso", data={"csrf_token": token, "_llave": key, **permit.ASKED}
        )
    assert begun.status_code == 302, begun.text
    # it goes in the commit in which the case begins
    assert with_draft.written == without_draft.written
    with kit.session() as s:
        assert s.scalars(sa.select(BorradorDeInicio)).all() == []


def test_a_file_is_kept_as_soon_as_it_is_chosen_and_a_second_press_is_the_same_case(
    kit: WebKit,
) -> None:
    clerk, plan = kit.browser("asesor"), files.pdf("Plano del sitio")
    page = clerk.get("/iniciar/permiso").text
    token, key = csrf(page), hidden(page, "_llave")
    marks = {"_pagina": "a", "_borrador": ""}

    def choose(content: bytes, name: str) -> TestResponse:
        return clerk.put(
            f"/iniciar/permiso/borrador/{key}/plano",
            data={**marks, "plano": (io.BytesIO(content), name)},
            headers={"X-CSRFToken": token},
        )

    assert choose(b"MZ", "plano.pdf").status_code == 422
    kept = choose(plan, "plano.pdf")
    assert (kept.status_code, kept.json["nombre"]) == (200, "plano.pdf")
    typed = {**marks, "_borrador": [kept.json["visto"]], "direccion": ["Calle 14"]}
    typed |= {"_pagina": ["a"]}
    where = f"/iniciar/permiso/borrador/{key}"
    assert clerk.put(where, json=typed, headers={"X-CSRFToken": token}).status_code == 200
    assert "plano.pdf" in clerk.get(f"/iniciar/permiso?borrador={key}").text
    assert "plano.pdf" not in kit.browser("companero").get(f"/iniciar/permiso?borrador={key}").text
    with kit.session() as s:
        (row,) = s.scalars(sa.select(BorradorDeInicio))
        stored = row.textos["plano"]["sha256"]
        assert necesarios(s, [stored]) == {stored}

    data = {"csrf_token": token, "_llave": key, **permit.ASKED}
    wrong = clerk.post("/iniciar/permiso", data={**data, "area": "9000"})
    assert (wrong.status_code, "plano.pdf" in wrong.text) == (422, True)
    first, second = (clerk.post("/iniciar/permiso", data=data) for _ in range(2))
    assert (first.status_code, first.location) == (302, second.location)
    with kit.session() as s:
        assert [a.nombre for a in s.scalars(sa.select(Archivo))] == ["plano.pdf"]
    assert "plano.pdf" not in clerk.get("/iniciar").text, "no draft any more"


def test_a_file_that_came_with_a_start_form_that_is_wrong_or_kept_is_in_its_draft(
    kit: WebKit,
) -> None:
    """Of whom no script keeps it."""
    clerk, plan = kit.browser("asesor"), files.pdf("Plano del sitio")
    page = clerk.get("/iniciar/permiso").text
    data = {"csrf_token": csrf(page), "_llave": hidden(page, "_llave"), **permit.ASKED}
    wrong = clerk.post(
        "/iniciar/permiso", data={**data, "area": "9000", "plano": (io.BytesIO(plan), "plano.pdf")}
    )
    assert "Elíjalo otra vez" not in wrong.text
    assert clerk.post("/iniciar/permiso", data=data).status_code == 302
    data |= {"_llave": "otra", "_accion": "guardar", "plano": (io.BytesIO(plan), "otro.pdf")}
    assert clerk.post("/iniciar/permiso", data=data).location == "/iniciar"
    assert "otro.pdf" in clerk.get("/iniciar/permiso?borrador=otra").text
    data |= {"plano": (io.BytesIO(b"MZ"), "virus.pdf"), "_llave": "mala"}
    assert "virus.pdf" in clerk.post("/iniciar/permiso", data=data, follow_redirects=True).text
    with kit.session() as s:
        assert [a.nombre for a in s.scalars(sa.select(Archivo))] == ["plano.pdf"]


def test_drafts_of_starts_go_with_those_of_tasks(kit: WebKit) -> None:
    with kit.session() as s:
        for key, saved in (("old", NOW - dt.timedelta(days=31)), ("new", NOW)):
            row = NuevoBorrador(key, "permiso", "Permiso", {"direccion": ["Calle 1"]})
            assert borradores_de_inicio.guardar(s, "asesor", row, now=saved)
        s.commit()
    runner = kit.app.test_cli_runner()
    assert "1 borradores de inicio" in runner.invoke(retention, []).output
    assert "1 borradores de inicio" in runner.invoke(retention, ["--apply"]).output
    with kit.session() as s:
        assert [row.llave for row in s.scalars(sa.select(BorradorDeInicio))] == ["new"]


def test_who_has_no_role_of_the_start_learns_nothing_of_it(kit: WebKit) -> None:
    other = kit.browser("funcionaria")

    assert "Permiso" not in other.get("/iniciar").text
    assert other.get("/iniciar/permiso").status_code == 404
    assert 'href="/iniciar"' not in other.get("/bandeja").text
    assert 'href="/iniciar"' in kit.browser("asesor").get("/bandeja").text


def test_many_begin_from_a_list_once_every_line_is_right(kit: WebKit) -> None:
    clerk = kit.browser("asesor")
    head = "Nombre completo;Documento;Para qué;Dirección del sitio;Área en metros\r\n"
    good = "Ana Ruiz;101;Obra o andamio;Carrera 1;10\r\n"
    token = csrf(clerk.get("/iniciar/permiso/csv").text)

    def send(text: str) -> str:
        file = (io.BytesIO(text.encode("utf-8-sig")), "casos.csv")
        return followed(
            clerk.post("/iniciar/permiso/csv", data={"csrf_token": token, "archivo": file}).text
        )

    bad = send(head + good + "Luis Paz;102;piscina;Carrera 2;10\r\n")
    assert "1 de 2 líneas tienen algo que corregir" in bad
    assert registered(kit) == []
    assert "La columna «Edad» no es de este trámite" in send("Edad\r\n3\r\n")
    ready = clerk.post(
        "/iniciar/permiso/csv",
        data={
            "csrf_token": token,
            "archivo": (
                io.BytesIO((head + good + "Luis Paz;102;terraza;Carrera 2;10\r\n").encode()),
                "casos.csv",
            ),
        },
    ).text
    text = re.search(r'<textarea name="texto" hidden>(.*?)</textarea>', ready, re.DOTALL)
    assert text
    for _ in range(2):  # sent twice, begun once
        done = clerk.post(
            "/iniciar/permiso/csv", data={"csrf_token": token, "texto": text[1], "confirmar": "1"}
        )
        assert done.status_code == 200, done.text
    assert [c.numero for c in registered(kit)] == ["PEP-2026-00001", "PEP-2026-00002"]
    assert {c.lugar for c in registered(kit)} == {"obra", "terraza"}


def upload(clerk: FlaskClient, *lines: str) -> str:
    """A list that is looked at and confirmed; what the page says then."""
    head = "Nombre completo;Documento;Para qué;Dirección del sitio;Área en metros"
    file = (io.BytesIO("\r\n".join((head, *lines)).encode()), "casos.csv")
    token = csrf(clerk.get("/iniciar/permiso/csv").text)
    ready = clerk.post("/iniciar/permiso/csv", data={"csrf_token": token, "archivo": file}).text
    text = re.search(r'<textarea name="texto" hidden>(.*?)</textarea>', ready, re.DOTALL)
    assert text, ready
    sent = {"csrf_token": token, "texto": html.unescape(text[1]), "confirmar": "1"}
    return followed(
        clerk.post("/iniciar/permiso/csv", data=sent, content_type="multipart/form-data").text
    )


def test_a_list_that_was_corrected_begins_only_what_had_not_begun(kit: WebKit) -> None:
    clerk = kit.browser("asesor")
    ana, luis, eva = (
        f"{name};10{n};terraza;Carrera {n};10"
        for n, name in enumerate(("Ana Ruiz", "Luis Paz", "Eva Gil"))
    )
    assert "Ya estaba" not in upload(clerk, ana, luis)
    second = upload(clerk, luis, ana, eva, ana)  # in another order, with a line more, and one twice
    assert second.count("Ya estaba, de un envío anterior") == 2
    assert [case.nombre for case in registered(kit)] == [
        "Ana Ruiz",
        "Luis Paz",
        "Eva Gil",
        "Ana Ruiz",
    ]


def test_a_list_that_may_be_looked_at_may_be_sent(kit: WebKit) -> None:
    clerk = kit.browser("asesor")
    first = followed(clerk.get("/iniciar/permiso/csv").text)
    assert "250 kB" in first
    token = csrf(first)

    def look(size: int) -> TestResponse:
        """Letters of two bytes, in a file of one byte for each."""
        line = f"{'ñ' * 120};101;terraza;{'ñ' * 500};10\r\n"
        text = (
            "Nombre completo;Documento;Para qué;Dirección del sitio;Área en metros\r\n"
            + line * (size // len(line))
        )
        file = (io.BytesIO(text.encode("cp1252")), "casos.csv")
        return clerk.post("/iniciar/permiso/csv", data={"csrf_token": token, "archivo": file})

    ready = look(120_000)
    assert "Todas las líneas están bien" in ready.text
    form = re.search(
        r'<form method="post" enctype="([^"]+)"[^>]*>(?:(?!</form>).)*<textarea name="texto" hidden>(.*?)<',
        ready.text,
        re.DOTALL,
    )
    assert form
    sent = clerk.post(
        "/iniciar/permiso/csv",
        data={"csrf_token": token, "texto": html.unescape(form[2])},
        content_type=form[1],
    )
    assert (sent.status_code, "Todas las líneas están bien" in sent.text) == (200, True)
    for size in (130_000, 260_000):  # too much as it would be sent again; too much as it is
        heavy = look(size)
        assert (heavy.status_code, "pesa más de 250 kB" in heavy.text) == (422, True)


def ask_online(kit: WebKit, **mas: str) -> str:
    """The page that a citizen gets in the end."""
    citizen = kit.app.test_client()
    page = citizen.get("/tramites/permiso").text
    data = {
        "csrf_token": csrf(page),
        "_llave": hidden(page, "_llave"),
        "_paso": "revisar",
        **permit.ASKED,
        **mas,
    }
    review = citizen.post("/tramites/permiso", data=data)
    assert review.status_code == 200, review.text
    assert "Todavía no ha enviado nada" in review.text
    without = citizen.post("/tramites/permiso", data={**data, "_paso": "enviar"})
    assert without.status_code == 422
    sent = citizen.post("/tramites/permiso", data={**data, "_paso": "enviar", "acepto": "si"})
    assert sent.status_code == 303, sent.text
    return citizen.get(sent.location).text


def test_a_citizen_asks_online_gets_a_number_and_a_mail_and_follows_it_up(kit: WebKit) -> None:
    received = followed(ask_online(kit))

    assert "PEP-2026-00001" in received
    assert "yolanda@correo.example" not in received
    (case,) = registered(kit)
    assert case.canal == "en_linea"
    with kit.session() as s:
        mail = s.scalars(sa.select(Aviso)).one()
    assert (mail.para, mail.tipo) == ("yolanda@correo.example", "solicitud")
    assert "PEP-2026-00001" in mail.asunto
    assert "{enlace_de_correo}" in mail.texto

    citizen = kit.app.test_client()
    token = csrf(citizen.get("/consulta").text)
    asked = {
        "csrf_token": token,
        "radicado": " pep-2026-00001",
        "tipo_doc": "CC",
        "num_doc": "51000481",
    }
    state = followed(citizen.post("/consulta", data=asked).text)
    assert "Solicitud PEP-2026-00001" in state
    assert "En trámite" in state
    for inner in ("Revisar los requisitos", "Yolanda", "51000481"):
        assert inner not in state
    english = again(citizen, citizen.post("/consulta", data=asked), "English")
    assert "Request PEP-2026-00001" in followed(english.text)
    assert "51000481" not in english.text
    assert citizen.post("/consulta", data={**asked, "num_doc": "51000482"}).status_code == 404
    assert "tipo_doc" not in citizen.get("/consulta").text, "no case of this agency holds a type"
    assert citizen.post("/consulta", data={**asked, "tipo_doc": ""}).status_code == 200
    ajeno, inventado = (citizen.post("/consulta", data={**asked, "tipo_doc": "", **otro}) for otro in (
        {"num_doc": "51000482"}, {"radicado": "PEP-2026-00009"}))  # fmt: skip
    assert (ajeno.status_code, inventado.status_code) == (404, 404)
    assert "No encontramos un caso" in ajeno.text
    assert "No encontramos un caso" in inventado.text


def test_too_many_requests_from_one_address_wait(
    kit: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tramites, "DE_UNA_DIRECCION", 4)
    citizen = kit.app.test_client()
    page = citizen.get("/tramites/permiso").text
    data = {"csrf_token": csrf(page), "_paso": "enviar", "acepto": "si", **permit.ASKED}

    def send(n: int, address: str) -> int:
        return citizen.post(
            "/tramites/permiso",
            data={**data, "_llave": f"k{n}"},
            environ_base={"REMOTE_ADDR": address},
        ).status_code

    # a house has a network of them
    assert [send(n, f"2001:db8::{n + 1:x}") for n in range(5)] == [303] * 4 + [429]
    assert send(5, "2001:db8:0:1::1") == 303
    # whoever else asks from there is not shut out for as long as somebody asks
    kit.clock.advance(dt.timedelta(hours=1))
    assert send(5, "2001:db8::1") == 303


def test_a_citizen_who_goes_back_and_asks_for_another_thing_gets_another_number(
    kit: WebKit,
) -> None:
    citizen = kit.app.test_client()
    page = citizen.get("/tramites/permiso").text
    data = {
        "csrf_token": csrf(page),
        "_llave": hidden(page, "_llave"),
        "_paso": "enviar",
        "acepto": "si",
        **permit.ASKED,
    }

    def received(**mas: Any) -> str:
        return followed(
            citizen.get(citizen.post("/tramites/permiso", data={**data, **mas}).location).text
        )

    def plan(text: str) -> tuple[io.BytesIO, str]:
        return io.BytesIO(files.pdf(text)), "plano.pdf"

    assert "PEP-2026-00001" in received()
    assert "PEP-2026-00002" in received(direccion="Carrera 7")
    assert "PEP-2026-00003" in received(plano=plan("uno"))
    assert "PEP-2026-00004" in received(plano=plan("otro"))
    pressed = received(plano=plan("uno"))  # a second press
    assert "PEP-2026-00003" in pressed
    assert "es la misma solicitud, y no se creó otra" in pressed
    assert len(registered(kit)) == 4


def test_its_cases_stand_in_inbox_search_review_and_exports_with_number_subject_and_person(
    kit: WebKit,
) -> None:
    clerk = kit.browser("asesor")
    begin(clerk)
    ask_online(
        kit, nombre="Álvaro Peña", documento="79.000.111", direccion="Plaza Mayor 3", uso="obra"
    )

    inbox = kit.browser("gestora").get("/bandeja").text
    for words in (
        "PEP-2026-00001",
        "Calle 14 n.º 6-25",
        "Yolanda Prada Cuesta",
        "Terraza de un negocio",
        "PEP-2026-00002",
    ):
        assert words in inbox
    for typed, found in (
        ("plaz", "00002"),
        ("prada", "00001"),
        ("PEP-2026-00002", "00002"),
        ("terraza", "00001"),
    ):
        page = kit.browser("gestora").get(f"/bandeja?q={typed}").text
        assert re.findall(r"PEP-2026-(\d{5})</a>", page) == [found], typed
    # documents are no words of an address
    assert "00002</a>" not in kit.browser("gestora").get("/bandeja?q=79000111").text
    browser = kit.browser("gestora")
    asked = browser.post(
        "/bandeja/buscar",
        data={"csrf_token": csrf(browser.get("/bandeja").text), "num_doc": "79000111"},
    )
    assert re.findall(r"PEP-2026-(\d{5})</a>", browser.get(asked.location).text) == ["00002"]
    listed = kit.browser("gestora").get("/bandeja/lista.csv").text
    assert "PEP-2026-00001" in listed
    task = re.search(r'href="(/tarea/[^"?]+)', inbox)
    assert task
    sheet = followed(kit.browser("gestora").get(task[1]).text)
    assert "Lo registrado hasta ahora" in sheet
    assert "Nombre completo" in sheet
    mine = followed(clerk.get("/casos").text)
    assert "PEP-2026-00001" in mine
    assert "PEP-2026-00002" not in mine  # that one is not of her lanes, nor did she begin it
    assert "PEP-2026-00002" in kit.browser("coordinador").get("/casos?persona=plaza").text
    (first, second) = registered(kit)
    head = followed(clerk.get(f"/caso/{first.case_key}").text)
    assert "Permiso de ocupación · PEP-2026-00001" in head
    assert "51000481" not in head
    review = kit.browser("revisor")
    assert "PEP-2026-00002" in review.get("/cumplimiento").text
    for asked in (
        "radicado=PEP-2026-00002",
        "persona=mayo",
        "persona=pena",
        "punto=obra",
        "proceso=permiso&radicado=2",
    ):
        page = review.get(f"/cumplimiento?{asked}").text
        assert "PEP-2026-00002" in page, asked
        assert "PEP-2026-00001" not in page, asked
    by_document = review.post(
        "/cumplimiento",
        data={"csrf_token": csrf(review.get("/cumplimiento").text), "num_doc": "79000111"},
    )
    assert "PEP-2026-00002" in review.get(by_document.location).text
    assert "79000111" not in by_document.location
    exported = review.get("/cumplimiento/casos.csv").text
    assert "PEP-2026-00001" in exported
    assert "Dirección del sitio: Calle 14 n.º 6-25" in exported
    assert "51000481" not in exported
    assert second.nombre == "Álvaro Peña"


def test_the_public_pages_speak_english_too(kit: WebKit) -> None:
    citizen = kit.app.test_client()
    assert "Online procedures" in citizen.get("/tramites?idioma=en").text
    page = citizen.get("/tramites/permiso?idioma=en").text
    assert "Step 1 of 2" in page
    data = {
        "csrf_token": csrf(page),
        "_llave": hidden(page, "_llave"),
        "_paso": "revisar",
        **permit.ASKED,
    }
    wrong = citizen.post("/tramites/permiso?idioma=en", data={**data, "nombre": ""}).text
    assert "Write “Nombre completo”" in wrong
    review = followed(citizen.post("/tramites/permiso?idioma=en", data=data).text)
    assert "Check before you send" in review
    assert "idioma=en" in review
    sent = citizen.post(
        "/tramites/permiso?idioma=en", data={**data, "_paso": "enviar", "acepto": "si"}
    )
    assert "Your number is" in citizen.get(sent.location).text
    with kit.session() as s:
        mail = s.scalars(sa.select(Aviso)).one()
    assert (mail.idioma, mail.asunto) == ("en", "We received your request: number PEP-2026-00001")


def test_back_from_the_review_keeps_what_was_written_and_files_are_chosen_there(
    kit: WebKit,
) -> None:
    citizen = kit.app.test_client()
    page = citizen.get("/tramites/permiso").text
    assert 'type="file"' not in page
    data = {"csrf_token": csrf(page), "_llave": hidden(page, "_llave"), **permit.ASKED}
    assert (
        'type="file"' in citizen.post("/tramites/permiso", data={**data, "_paso": "revisar"}).text
    )
    back = citizen.post("/tramites/permiso", data={**data, "_paso": "corregir"})
    assert "Calle 14 n.º 6-25" in back.text
    plan = (io.BytesIO(b"no es un PDF"), "plano.pdf")
    wrong = citizen.post(
        "/tramites/permiso", data={**data, "_paso": "enviar", "acepto": "si", "plano": plan}
    )
    assert wrong.status_code == 422
    assert registered(kit) == []


def test_a_role_that_only_begins_or_delivers_may_be_given_and_has_iniciar_in_its_bar(
    kit: WebKit,
) -> None:
    """No lane names it: it is known by the diagram all the same."""
    diagram = permit.DIAGRAM.replace(b'roles="asesor"', b'roles="asesor ventanilla_unica"')
    diagram = diagram.replace(b'roles="gestion_documental"', b'roles="tesoreria"')
    kit.deploy({**permit.FILES, "permiso.bpmn": diagram})
    with kit.session() as s:
        assert {"ventanilla_unica", "tesoreria"} <= set(carriles.que_se_dan(s))
        s.add(
            RolAsignado(
                cuenta_id=_account(s, "nadie"),
                rol="ventanilla_unica",
                vigente_desde=NOW,
                asignado_por="admin",
            )
        )
        s.commit()
    browser = kit.browser("nadie")
    assert 'href="/iniciar"' in browser.get("/bandeja").text
    assert browser.get(begin(browser)).status_code == 200
    assert "PEP-2026-00001" in browser.get("/casos").text


def _account(session: Session, usuario: str) -> int:
    return session.scalars(sa.select(Cuenta.id).where(Cuenta.usuario == usuario)).one()


def test_where_nobody_has_radicados_a_number_of_that_form_is_asked_its_type_in_a_field_that_is_there(
    kit: WebKit,
) -> None:
    citizen = kit.app.test_client()
    page = citizen.get("/consulta").text
    assert 'name="tipo_doc"' not in page
    answer = citizen.post(
        "/consulta",
        data={"csrf_token": csrf(page), "radicado": "2026-0000001", "num_doc": "52123456"},
    )
    assert (
        answer.status_code,
        "Elija el tipo de documento" in answer.text,
        'name="tipo_doc"' in answer.text,
    ) == (422, True, True)
