"""Letters to the person of a case of another procedure than M5-1-02: sent once for each passage,
and a duty where no mail reaches."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import reads
from engine.jobs.inprocess import InProcessJobs
from engine.types import Handlers
from handlers import correo
from handlers.enlaces import Enlaces
from records.casos.tablas import CasoRegistrado
from records.correo.tablas import Aviso
from records.sistemas.puertos import Causa, CorreoFallido
from tests.kit import web as web_kit
from tests.kit.cast import person
from tests.kit.diagrams import end, extension, gate, lane, model, process, start, user
from tests.kit.handlers import MailDouble
from tests.kit.web import WebKit, csrf, followed
from webforms.correo import rebotes
from webforms.correo.cola import repasar

COORDINADOR = person("coordinador", "coordinador_gau")
LETTER = "Asunto: Su permiso\n\nSu permiso está listo."
CASE = '<extensionElements><v:case number="PEP-{aaaa}-{0000}" name="nombre" email="correo"/></extensionElements>'
GIVEN = '<v:input name="carta" value="permiso/cartas/listo"/>'
TO = '<v:handler name="carta.enviar"/><v:input name="para" value="correo"/>'
SENDS = f'<serviceTask id="envia" name="Enviar">{extension(TO + GIVEN)}</serviceTask>'
TELLS = '<v:handler name="carta.avisar"/><v:input name="rol" value="{}"/>' + GIVEN
NODES = (
    start()
    + user("pide", fields="nombre! correo!")
    + SENDS
    + user("sigue", fields="otra")
    + gate("exclusive", "G")
    + end()
)


def drawn(rol: str = "coordinador_gau") -> bytes:
    tells = f'<serviceTask id="avisa" name="Avisar">{extension(TELLS.format(rol))}</serviceTask>'
    wires = "S>pide>envia>avisa>sigue>G G>envia?otra~==~'si' G>E*"
    drawing = process(
        "permiso", NODES + tells, wires, lanes=lane("ln", "coordinador_gau", "", "pide", "sigue")
    )
    return model(drawing.replace('isExecutable="true">', f'isExecutable="true">{CASE}', 1))


@dataclass
class Desk:
    web: WebKit
    server: MailDouble

    def ask(self, address: str, drawing: bytes) -> str:
        """The key of a case whose letter was written."""
        self.web.deploy({"permiso.bpmn": drawing, "permiso/cartas/listo.es.txt": LETTER.encode()})
        begun = self.web.engine.instances.start(
            "permiso", actor=COORDINADOR, now=self.web.clock.now()
        )
        self.go_on(begun.opened[0].id, {"nombre": "Yolanda Prada", "correo": address})
        return begun.instance_id

    def go_on(self, item: str, values: dict[str, str]) -> None:
        self.web.engine.items.complete(
            item, values=values, actor=COORDINADOR, now=self.web.clock.now()
        )

    def task(self, case_key: str) -> str:
        with self.web.session() as session:
            return reads.items.of_case(session, case_key, only_open=True)[0].id

    def post(self) -> None:
        cast(InProcessJobs, self.web.engine.core.jobs).run_all(self.web.engine.jobs)

    def letters(self, kind: str = "carta") -> list[Aviso]:
        with self.web.session() as session:
            return list(
                session.scalars(sa.select(Aviso).where(Aviso.tipo == kind).order_by(Aviso.id))
            )

    def page(self, person: str, address: str) -> str:
        answer = self.web.browser(person).get(address)
        assert answer.status_code == 200, answer.text
        return followed(answer.text)


@pytest.fixture
def desk(tmp_path: Path, db_url: str) -> Iterator[Desk]:
    served, server = Handlers(), MailDouble()
    kit = web_kit.with_actions(web_kit.build(tmp_path, db_url, handlers=served), served)
    correo.register(
        served,
        correo=server,
        sesiones=kit.session,
        enlaces=Enlaces("https://ventanilla.example", b"secreto de la prueba"),
        leer=lambda _sha256: b"",
        rechazada=lambda aviso_id, said, now: rebotes.rechazada(kit.engine, aviso_id, said, now),
        pausa=0,
    )
    yield Desk(kit, server)
    kit.engine.db.dispose()


def test_each_passage_of_a_task_sends_its_letter_and_no_try_sends_it_twice(desk: Desk) -> None:
    case_key = desk.ask("yolanda@correo.example", drawn())
    desk.go_on(desk.task(case_key), {"otra": "si"})
    desk.post()

    assert [(a.para, a.case_key, a.enviado is not None) for a in desk.letters()] == [
        ("yolanda@correo.example", case_key, True)
    ] * 2
    assert len(desk.letters("carta_equipo")) == 2
    assert len(desk.server.sent) == 4


def test_without_an_address_it_is_delivered_on_paper_by_who_files(desk: Desk) -> None:
    case_key = desk.ask("", drawn())
    (letter,) = desk.letters()

    assert "Por entregar en papel" in desk.page("coordinador", f"/caso/{case_key}")
    files = desk.web.browser("gestora")
    assert f'href="/caso/{case_key}/carta/{letter.id}">Su permiso</a>' in desk.page(
        "gestora", "/radicacion?vista=cartas"
    )
    sheet = followed(files.get(f"/caso/{case_key}/carta/{letter.id}").text)
    assert "No se conoce un correo de la persona." in sheet
    assert "PEP-2026-0001" in sheet
    assert "Yolanda Prada" in sheet
    assert "Su permiso está listo." in sheet
    assert files.get(f"/caso/otro/carta/{letter.id}").status_code == 404
    sent = files.post(
        f"/caso/{case_key}/carta/{letter.id}",
        data={"csrf_token": csrf(sheet), "constancia": "Guía 1234"},
    )

    assert sent.status_code == 302
    assert "No hay cartas por enviar" in desk.page("gestora", "/radicacion?vista=cartas")
    case = desk.page("coordinador", f"/caso/{case_key}")
    assert "Por entregar en papel" not in case
    assert "Constancia: Guía 1234." in case


def test_an_address_that_the_server_refuses_is_a_note_on_the_case_and_no_incident(
    desk: Desk,
) -> None:
    desk.server.failures = [
        CorreoFallido("550 5.1.1 no such user", causa=Causa.RECHAZADO, pasajera=False)
    ]
    case_key = desk.ask("yolanda@correo.example", drawn())
    desk.post()

    (letter,) = desk.letters()
    assert letter.devuelto is not None
    assert [a.enviado is not None for a in desk.letters("carta_equipo")] == [True]
    with desk.web.session() as session:
        assert list(reads.incidents.open_ones(session)) == []
        case = session.scalars(sa.select(CasoRegistrado)).one()
    page = desk.page("coordinador", f"/caso/{case_key}")
    assert "Volvió el correo «Su permiso»" in page
    assert "Por entregar en papel" in page
    assert "Su permiso</a>" in desk.page("gestora", "/radicacion?vista=cartas")
    admin = desk.web.browser("admin")
    mails = admin.get("/administracion/correos?vista=volvieron").text
    found = admin.post(
        "/administracion/correos",
        data={"csrf_token": csrf(mails), "vista": "volvieron", "que": case.numero.lower()},
    ).text
    for listed in (mails, found):
        assert f'href="/caso/{case_key}">PEP-2026-0001</a>' in followed(listed)

    # the address is doubtful now: the next letter is no mail
    desk.go_on(desk.task(case_key), {"otra": "si"})
    assert [(a.para, a.error) for a in desk.letters()][1:] == [
        ("", "en papel: su correo devolvió un mensaje")
    ]


def test_a_mail_that_came_back_is_not_sent_again_from_a_page_of_before(desk: Desk) -> None:
    desk.ask("yolanda@correo.example", drawn())
    (letter,) = desk.letters()
    admin = desk.web.browser("admin")
    stale = admin.get("/administracion/correos").text
    assert "En la fila, todavía no se intenta." in stale
    desk.server.failures = [
        CorreoFallido("550 5.1.1 no such user", causa=Causa.RECHAZADO, pasajera=False)
    ]
    desk.post()
    for act, data in (("enviar", {}), ("descartar", {"razon": "Ya se le dijo"})):
        admin.post(
            f"/administracion/correos/{letter.id}/{act}", data={"csrf_token": csrf(stale), **data}
        )
        assert (
            "Ese correo ya salió, ya volvió o ya se descartó."
            in admin.get("/administracion/correos").text
        )
    (letter,) = desk.letters()
    assert (letter.proximo, letter.descartado) == (None, None)
    desk.web.clock.advance(dt.timedelta(days=1))
    assert repasar(desk.web.engine, desk.web.clock.now()) == 0


def test_two_clicks_send_a_mail_once(desk: Desk) -> None:
    desk.server.failures = [CorreoFallido("451 later", causa=Causa.OCUPADO, pasajera=True)]
    desk.ask("yolanda@correo.example", drawn())
    desk.post()
    (letter,) = desk.letters()
    admin = desk.web.browser("admin")
    page = admin.get("/administracion/correos").text
    sent = len(desk.server.sent)
    desk.web.clock.advance(dt.timedelta(seconds=20))
    for _ in range(2):
        assert (
            admin.post(
                f"/administracion/correos/{letter.id}/enviar", data={"csrf_token": csrf(page)}
            ).status_code
            == 302
        )
        desk.web.clock.advance(dt.timedelta(seconds=5))
    desk.post()
    assert len(desk.server.sent) == sent + 1


def test_a_letter_to_a_role_that_nobody_holds_is_told_on_the_case_and_is_no_letter_on_paper(
    desk: Desk,
) -> None:
    case_key = desk.ask("yolanda@correo.example", drawn("notificador"))

    page = desk.page("coordinador", f"/caso/{case_key}")
    assert "Nadie con este rol tiene correo" in page
    assert "Por entregar en papel" not in page
    assert "No hay cartas por enviar" in desk.page("gestora", "/radicacion?vista=cartas")


def test_a_letter_that_came_back_says_why_and_waits_again_and_until_one_leaves_the_case_has_no_acknowledgement(
    desk: Desk,
) -> None:
    caso = desk.ask("", drawn())
    (carta,) = desk.letters()
    coordinador, gestora = desk.web.browser("coordinador"), desk.web.browser("gestora")
    pagina = followed(coordinador.get(f"/caso/{caso}").text)
    assert "Nada le ha dicho por escrito a la persona" in pagina
    hoja = f"/caso/{caso}/carta/{carta.id}"

    def enviar(quien: FlaskClient, ruta: str, **datos: str) -> TestResponse:
        return quien.post(ruta, data=datos | {"csrf_token": csrf(quien.get(hoja).text)})

    assert enviar(gestora, f"{hoja}/devuelta", causa="cerrado").status_code == 302
    assert "La carta no está entregada" in gestora.get(hoja).text, "it has not left yet"
    assert enviar(gestora, hoja, constancia="Guía RA123456785CO").status_code == 302
    assert "Sin acuse de recibo" not in coordinador.get(f"/caso/{caso}").text
    for datos, dice in (
        ({"causa": "paloma"}, "Elija por qué volvió"),
        ({"causa": "otra", "nota": " "}, "Escriba qué pasó"),
    ):
        mala = enviar(gestora, f"{hoja}/devuelta", **datos)
        assert (mala.status_code, dice in mala.text) == (422, True)
    assert (
        enviar(gestora, f"{hoja}/devuelta", causa="no_reside", nota="Se mudó a Cali").status_code
        == 302
    )
    del_caso = followed(coordinador.get(f"/caso/{caso}").text)
    assert "La persona no reside ahí. Se mudó a Cali" in del_caso
    assert "Por entregar en papel" in del_caso
    assert "Sin acuse de recibo" in del_caso, "nothing in writing has reached the person"
    lista = followed(gestora.get("/radicacion?vista=cartas").text)
    assert "Su permiso" in lista
    assert "<dt>La persona no reside ahí</dt><dd>1</dd>" in lista
    for como, codigo in (("x", 422), ("En la mano, a Yolanda Prada", 302)):
        assert enviar(coordinador, f"/caso/{caso}/acuse", acuse=como).status_code == codigo
    despues = followed(coordinador.get(f"/caso/{caso}").text)
    assert "Sin acuse de recibo" not in despues
    assert "Se entregó en papel el acuse de recibo: En la mano, a Yolanda Prada" in despues
