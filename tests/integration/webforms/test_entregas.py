"""What a case of any procedure waits for is handed over: on a page, by a signed call, from a
list."""

import base64
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from engine import reads
from engine.states import AccessKind
from engine.types import SYSTEM, Completed, StartForm
from handlers.conectores.digiturno.firma import Firmante
from handlers.conectores.mensajes import leer
from records.base.toml import ConfiguracionInvalida
from records.casos.tablas import DatoRegistrado, MensajeRecibido
from tests.kit import permit, web as web_kit
from tests.kit.clock import MINUTE
from tests.kit.web import WebKit, csrf, followed
from webforms.tareas import mensajes

SECRET = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"
CONFIG = '[pagos]\nmensajes = ["PagoRecibido"]\nsecretos = ["pagos.secreto"]\n'


@pytest.fixture
def kit(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    (tmp_path / "pagos.secreto").write_text(SECRET)
    (tmp_path / "mensajes.toml").write_text(CONFIG)
    kit = web_kit.build(tmp_path, db_url, mensajes=leer(tmp_path / "mensajes.toml"))
    kit.deploy(permit.FILES)
    yield kit
    kit.engine.db.dispose()


def until_paid(kit: WebKit, process: str = "permiso", **asked: Any) -> str:
    """A case that waits for its payment."""
    form = StartForm({**permit.ASKED, "area": 24, "plano": None, **asked})
    started = kit.engine.instances.start(process, actor=SYSTEM, now=kit.clock.now(), form=form)
    values = {"cumple": "si", "concepto": "Cumple con todo"}
    kit.engine.items.complete(
        started.opened[0].id, values=values, actor=SYSTEM, now=kit.clock.now()
    )
    return started.case_key


def open_now(kit: WebKit, case_key: str) -> list[str]:
    with kit.session() as s:
        return [i.element for i in reads.items.of_case(s, case_key, only_open=True)]


def test_the_page_of_the_case_says_what_it_waits_for_and_who_may_hands_it_over(kit: WebKit) -> None:
    case_key = until_paid(kit)
    clerk = kit.browser("gestora")

    shown = followed(clerk.get(f"/caso/{case_key}").text)
    assert "Pago recibido" in shown
    assert "Lo entrega otro sistema, con firma" in shown
    link = re.search(r'href="(/iniciar/mensajes/[^"]+)"', shown)
    assert link
    assert "/iniciar/mensajes/" not in kit.browser("coordinador").get(f"/caso/{case_key}").text
    assert kit.browser("coordinador").get(link[1]).status_code == 404
    assert kit.accesses()[-1] == (AccessKind.REFUSAL, "coordinador", case_key)
    assert "PEP-2026-00001" in clerk.get("/iniciar/mensajes").text

    page = clerk.get(link[1]).text
    assert kit.accesses()[-1] == ("consulta_caso", "gestora", case_key)
    wrong = clerk.post(link[1], data={"csrf_token": csrf(page), "pagado": "mucho", "recibo": "R-1"})
    assert wrong.status_code == 422
    assert "mucho" in wrong.text
    done = clerk.post(link[1], data={"csrf_token": csrf(page), "pagado": "412000", "recibo": "R-1"})
    assert done.location == f"/caso/{case_key}"
    assert open_now(kit, case_key) == ["decidir"]
    with kit.session() as s:
        item = reads.items.of_case(s, case_key, only_open=True)[0]
        assert item.data["pagado"] == 412000
        assert item.data["valor"] == 412000  # of the table of fees
        assert "recibo" not in item.data
        assert (
            s.scalar(sa.select(DatoRegistrado.valor).where(DatoRegistrado.campo == "recibo"))
            == "R-1"
        )
    assert "R-1" in clerk.get(f"/caso/{case_key}").text
    again = clerk.post(link[1], data={"csrf_token": csrf(page), "pagado": "1", "recibo": "R-2"})
    assert again.location == "/iniciar/mensajes"


def test_each_kind_of_message_has_its_own_room_and_the_rest_is_told(
    kit: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = (
        permit.DIAGRAM.replace(b'id="permiso"', b'id="permisob"')
        .replace(b"pago", b"abono")
        .replace(b"PEP", b"ABO")
    )
    other = other.replace(b"PagoRecibido", b"AbonoRecibido").replace(
        b"Pago recibido", b"Abono recibido"
    )
    kit.deploy({**permit.FILES, "otro.bpmn": other})
    for _ in range(3):
        until_paid(kit)
        kit.clock.advance(MINUTE)
    until_paid(kit, process="permisob")
    monkeypatch.setattr(mensajes, "CUANTAS", 2)
    clerk = kit.browser("gestora")
    page = followed(clerk.get("/iniciar/mensajes").text)
    assert re.findall(r">(PEP-2026-\d+|ABO-2026-\d+)</a>", page) == [
        "ABO-2026-00001",
        "PEP-2026-00001",
        "PEP-2026-00002",
    ]
    assert page.count("Se muestran los 2 más antiguos") == 1
    assert "3+" in clerk.get("/iniciar").text
    assert clerk.get("/iniciar/mensajes/abono/csv").status_code == 200


def call(
    kit: WebKit,
    body: Mapping[str, Any],
    name: str = "m1",
    *,
    secret: str = SECRET,
    system: str = "pagos",
) -> TestResponse:
    text = json.dumps(body)
    headers = Firmante([secret]).firmar(name, text, kit.clock.now())
    return kit.app.test_client().post(
        f"/mensajes/{system}", data=text, headers=headers, content_type="application/json"
    )


def test_a_signed_call_delivers_once(kit: WebKit) -> None:
    case_key = until_paid(kit)
    body = {
        "mensaje": "PagoRecibido",
        "numero": "PEP-2026-00001",
        "datos": {"pagado": 412000, "recibo": "R-9"},
    }

    assert (
        call(kit, body, secret=f"whsec_{base64.b64encode(bytes(32)).decode()}").status_code == 401
    )
    assert call(kit, body, system="otro").status_code == 401
    assert kit.app.test_client().post("/mensajes/pagos", json=body).status_code == 401
    assert open_now(kit, case_key) == []
    wrong = call(kit, {**body, "datos": {"pagado": 0}}, "m0")
    assert (wrong.status_code, set(wrong.json["datos"])) == (422, {"pagado", "recibo"})
    assert call(kit, {**body, "numero": "PEP-2026-00009"}, "m0").status_code == 404
    assert call(kit, {**body, "mensaje": "Otro"}, "m0").status_code == 404

    taken = call(kit, body)
    assert (taken.status_code, taken.json) == (202, {"entregado": True})
    assert open_now(kit, case_key) == ["decidir"]
    assert call(kit, body).json == {"entregado": True, "repetido": True}
    # another content under the same name
    assert call(kit, {**body, "datos": {"pagado": 1, "recibo": "x"}}).status_code == 409
    assert call(kit, body, "m2").status_code == 404  # nobody waits any more
    with kit.session() as s:
        (row,) = s.scalars(sa.select(MensajeRecibido))
    assert (row.sistema, row.mensaje_id, row.case_key) == ("pagos", "m1", case_key)


BODY: Mapping[str, Any] = {
    "mensaje": "PagoRecibido",
    "numero": "PEP-2026-00001",
    "datos": {"pagado": 412000, "recibo": "R-9"},
}


def after(monkeypatch: pytest.MonkeyPatch, what: Callable[[], object]) -> None:
    """Between the look whether a call was taken before and its delivery, something happens once."""
    deliver = mensajes.entregar

    def entregar(*args: Any, **kwargs: Any) -> Completed:
        monkeypatch.setattr(mensajes, "entregar", deliver)
        what()
        return deliver(*args, **kwargs)

    monkeypatch.setattr(mensajes, "entregar", entregar)


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        ((BODY, "m1"), (BODY, "m1"), (200, {"entregado": True, "repetido": True})),
        (
            ({**BODY, "datos": {"pagado": 1, "recibo": "x"}}, "m1"),
            (BODY, "m1"),
            (409, {"error": "ese webhook-id ya vino con otro contenido"}),
        ),
        ((BODY, "m1"), (BODY, "m2"), (409, {"error": "el caso ya no lo espera"})),
    ],
    ids=["the same", "another content", "another call"],
)
def test_of_two_calls_at_once_the_second_is_told_what_holds(
    kit: WebKit,
    monkeypatch: pytest.MonkeyPatch,
    first: tuple[Any, str],
    second: tuple[Any, str],
    answer: tuple[int, object],
) -> None:
    until_paid(kit)
    after(monkeypatch, lambda: call(kit, *first))
    told = call(kit, *second)
    assert (told.status_code, told.json) == answer
    with kit.session() as s:
        assert [row.mensaje_id for row in s.scalars(sa.select(MensajeRecibido))] == ["m1"]


def test_what_the_database_refuses_is_not_told_as_delivered(
    kit: WebKit, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = until_paid(kit), until_paid(kit)
    assert call(kit, BODY).status_code == 202
    with kit.engine.db.begin() as connection:
        connection.execute(sa.text("CREATE UNIQUE INDEX uno_solo ON mensaje_recibido (sistema)"))
    assert call(kit, {**BODY, "numero": "PEP-2026-00002"}, "m2").status_code == 500
    assert (open_now(kit, first), open_now(kit, second)) == (["decidir"], [])
    caplog.clear()
    assert (
        call(kit, BODY, "m3", secret=f"whsec_{base64.b64encode(bytes(32)).decode()}").status_code
        == 401
    )
    assert [r.getMessage() for r in caplog.records if r.levelname == "WARNING"] == [
        "a call was refused: pagos"
    ]


def test_by_the_key_that_joins_both_sides_too_and_nonsense_is_said(kit: WebKit) -> None:
    case_key = until_paid(kit)
    assert call(kit, {"mensaje": "PagoRecibido"}, "a").status_code == 422
    assert (
        call(kit, {"mensaje": "PagoRecibido", "numero": "x", "clave": "y"}, "b").status_code == 422
    )
    assert (
        call(
            kit,
            {"mensaje": "PagoRecibido", "clave": "PEP-2026-00001", "datos": {"pagado": [1]}},
            "c",
        ).status_code
        == 422
    )
    assert (
        call(
            kit,
            {
                "mensaje": "PagoRecibido",
                "clave": "PEP-2026-00001",
                "datos": {"pagado": 5, "recibo": "R"},
            },
            "d",
        ).status_code
        == 202
    )
    assert open_now(kit, case_key) == ["decidir"]


def test_many_are_delivered_from_a_list_once_every_line_is_right(kit: WebKit) -> None:
    cases = [until_paid(kit, documento=str(n)) for n in range(2)]
    clerk = kit.browser("gestora")
    token = csrf(clerk.get("/iniciar/mensajes/pago/csv").text)

    def send(text: str) -> TestResponse:
        return clerk.post(
            "/iniciar/mensajes/pago/csv",
            data={"csrf_token": token, "archivo": (io.BytesIO(text.encode()), "p.csv")},
        )

    head = "Número;Valor pagado;Recibo\r\n"
    bad = send(head + "PEP-2026-00001;412000;R1\r\nPEP-2026-00077;1;R2\r\nPEP-2026-00001;1;R3\r\n")
    assert bad.status_code == 422
    assert "2 de 3 líneas" in followed(bad.text)
    assert "Ningún caso con ese número lo espera" in bad.text
    assert open_now(kit, cases[0]) == []
    good = send(head + "PEP-2026-00001;412000;R1\r\nPEP-2026-00002;90000;R2\r\n")
    text = re.search(r'<textarea name="texto" hidden>(.*?)</textarea>', good.text, re.DOTALL)
    assert text
    sent = clerk.post(
        "/iniciar/mensajes/pago/csv", data={"csrf_token": token, "texto": text[1], "confirmar": "1"}
    )
    assert sent.status_code == 302
    assert [open_now(kit, case) for case in cases] == [["decidir"], ["decidir"]]


@pytest.mark.parametrize(
    "text",
    [
        "[Pagos]\n",
        "[pagos]\nmensajes = []\nsecretos = ['x']\n",
        "[pagos]\nmensajes = ['m']\nsecretos = ['no']\n",
        "no es toml =",
    ],
)
def test_a_file_that_makes_no_sense_is_told_at_the_start(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(ConfiguracionInvalida):
        leer(tmp_path / "m.toml")
