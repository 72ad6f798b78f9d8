"""The history of a case shows what people wrote: to whoever may open the case, with personal data
covered until they ask."""

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from engine import reads
from engine.types import SYSTEM
from tests.kit import public as public_kit
from tests.kit.cast import WHY, person
from tests.kit.public import Point
from tests.kit.web import csrf, followed
from webforms.tareas.envios import presentar

DOCUMENTO = "52123456"
CUBIERTO = "• ••• •456"
POR_QUE = "Una queja pregunta por este dato"
NADIE_LO_BORRO = "Lo escrito ya no está"


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


@pytest.fixture
def caso(punto: Point) -> str:
    return punto.with_power()


def pagina(punto: Point, usuario: str, ruta: str) -> str:
    respuesta = punto.web.browser(usuario).get(ruta)
    assert respuesta.status_code == 200, respuesta.status
    return followed(unescape(respuesta.text))


def asiento(historia: str, titulo: str) -> str:
    """The one entry of the history with this title."""
    (hallado,) = [li for li in re.findall(r"<li>.*?</li>", historia) if f"<b>{titulo}" in li]
    return hallado


@pytest.mark.parametrize("usuario", ["asesor", "colega", "coordinador", "admin"])
def test_whoever_may_open_the_case_reads_what_was_written_with_the_document_covered(
    punto: Point, caso: str, usuario: str
) -> None:
    if usuario == "admin":
        punto.web.open_with_reason(usuario, caso)
    historia = pagina(punto, usuario, f"/caso/{caso}/historia")
    titularidad = asiento(historia, "Completó 5.2.4")
    assert '<details class="imprime"> <summary>Ver lo que escribió</summary>' in titularidad, (
        "folded, and printed open"
    )
    assert f"<dd>{CUBIERTO}</dd>" in titularidad
    assert "Apoderado" in titularidad, "a choice by its words"
    assert DOCUMENTO not in historia


def test_the_entry_of_a_command_without_a_form_has_nothing_to_unfold(
    punto: Point, caso: str
) -> None:
    assert "<details" not in asiento(
        pagina(punto, "asesor", f"/caso/{caso}/historia"), "Llegó un mensaje en"
    )


@pytest.mark.parametrize("usuario", ["lejana", "funcionaria", "gestora", "analista", "nadie"])
def test_whoever_may_not_open_the_case_reads_nothing_and_the_attempt_is_recorded(
    punto: Point, caso: str, usuario: str
) -> None:
    respuesta = punto.web.browser(usuario).get(f"/caso/{caso}/historia")
    assert respuesta.status_code == 404
    assert "Apoderado" not in respuesta.text
    assert ("rechazo", usuario, caso) in punto.web.accesses()


def test_looking_is_recorded_before_it_is_shown(punto: Point, caso: str) -> None:
    pagina(punto, "colega", f"/caso/{caso}/historia")
    assert ("consulta_caso", "colega", caso) in punto.web.accesses()


@pytest.mark.parametrize(
    ("usuario", "partes"),
    [
        ("asesor", ("", "/historia")),
        ("coordinador", ("", "/historia")),
        ("revisor", ("", "/historia")),
        ("revisor", ("revision",)),
    ],
)
def test_every_page_of_a_case_covers_until_asked_and_then_records_what_it_shows(
    punto: Point, caso: str, usuario: str, partes: tuple[str, ...]
) -> None:
    rutas = [
        f"/cumplimiento/caso/{caso}" if parte == "revision" else f"/caso/{caso}{parte}"
        for parte in partes
    ]
    navegador = punto.web.browser(usuario)

    def leer(ruta: str) -> str:
        return followed(unescape(navegador.get(ruta).text))

    def pedir(ruta: str, **mas: str) -> None:
        datos = {
            "csrf_token": csrf(navegador.get(ruta).text),
            "_volver": ruta,
            "motivo": "" if usuario == "asesor" else POR_QUE,
            **mas,
        }
        assert navegador.post(f"/caso/{caso}/datos", data=datos).location == ruta

    def vistos() -> int:
        return punto.web.accesses().count(("datos_completos", usuario, caso))

    for ruta in rutas:
        pagina = leer(ruta)
        assert DOCUMENTO not in pagina, ruta
        assert f"<dd>{CUBIERTO}</dd>" in pagina, ruta
        assert (
            "Verlos queda registrado."
            if usuario == "asesor"
            else "Se pide un motivo, que queda registrado."
        ) in pagina, ruta
    assert vistos() == 0
    pedir(rutas[0])
    for n, ruta in enumerate(rutas, start=1):
        assert f"<dd>{DOCUMENTO}</dd>" in leer(ruta), ruta
        assert vistos() == n
    pedir(rutas[0], cubrir="1")
    assert DOCUMENTO not in leer(rutas[0])


def test_what_was_uncovered_is_covered_again_after_a_quarter_of_an_hour_and_for_every_other_case(
    punto: Point, caso: str
) -> None:
    navegador = punto.web.browser("asesor")
    ruta = f"/caso/{caso}/historia"
    navegador.post(
        f"/caso/{caso}/datos",
        data={"csrf_token": csrf(navegador.get(ruta).text), "_volver": "//otra.parte/x"},
    )
    assert DOCUMENTO in navegador.get(ruta).text
    assert DOCUMENTO not in punto.web.browser("colega").get(ruta).text, "who did not ask"
    punto.clock.advance(dt.timedelta(minutes=16))
    assert DOCUMENTO not in navegador.get(ruta).text


@pytest.mark.parametrize("usuario", ["coordinador", "revisor"])
def test_whose_work_it_is_not_to_attend_says_why_and_what_they_typed_stays(
    punto: Point, caso: str, usuario: str
) -> None:
    navegador, ruta = punto.web.browser(usuario), f"/caso/{caso}/historia"
    pide = navegador.get(f"/caso/{caso}/datos?volver={ruta}")
    assert "Para qué los necesita" in pide.text
    datos = {"csrf_token": csrf(pide.text), "_volver": ruta}
    for motivo in ("", "corto", "x" * 2_001):
        malo = navegador.post(f"/caso/{caso}/datos", data={**datos, "motivo": motivo})
        assert malo.status_code == 422
        assert 'aria-invalid="true"' in malo.text
        assert f">{motivo}</textarea>" in malo.text
        assert DOCUMENTO not in navegador.get(ruta).text
    assert navegador.post(f"/caso/{caso}/datos", data={**datos, "motivo": POR_QUE}).location == ruta
    with punto.web.engine.uow.reading() as session:
        dicho = reads.history.latest_access(session, usuario, "datos_con_motivo", caso)
    assert dicho is not None
    assert dicho.detail == {"motivo": POR_QUE}, "before anything was shown"
    assert ("datos_completos", usuario, caso) not in punto.web.accesses()
    assert f"<dd>{DOCUMENTO}</dd>" in followed(unescape(navegador.get(ruta).text))
    revision = followed(
        unescape(punto.web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text)
    )
    assert "Documento, teléfonos y direcciones completos, con un motivo" in revision
    assert f"«{POR_QUE}»" in revision


def test_an_administrator_says_why_twice_to_open_the_case_and_to_see_its_data(
    punto: Point, caso: str
) -> None:
    admin = punto.web.browser("admin")
    assert "Por qué necesita verlo" in admin.get(f"/caso/{caso}/datos", follow_redirects=True).text
    punto.web.open_with_reason("admin", caso)
    assert "Para qué los necesita" in admin.get(f"/caso/{caso}/datos").text


def test_no_way_back_leads_elsewhere(punto: Point, caso: str) -> None:
    coordinador = punto.web.browser("coordinador")
    pagina = coordinador.get(f"/caso/{caso}/datos?volver=//otra.parte/x").text
    assert "otra.parte" not in pagina
    datos = {"csrf_token": csrf(pagina), "volver": "//otra.parte/x", "motivo": POR_QUE}
    assert "otra.parte" not in coordinador.post(f"/caso/{caso}/datos", data=datos).location


def test_a_foreign_case_cannot_be_uncovered(punto: Point, caso: str) -> None:
    navegador = punto.web.browser("lejana")
    assert (
        navegador.post(
            f"/caso/{caso}/datos", data={"csrf_token": csrf(navegador.get("/casos").text)}
        ).status_code
        == 404
    )
    assert ("rechazo", "lejana", caso) in punto.web.accesses()


def test_what_was_erased_names_the_act_and_shows_no_value(punto: Point, caso: str) -> None:
    motor, instancia = punto.web.engine, str(punto.turnos()[0].instancia_id)
    admin = person("admin", "administrador")
    motor.instances.cancel(instancia, reason=WHY, actor=admin, now=punto.clock.now())
    assert (
        motor.erasures.erase_forms(
            instancia, detail={"rule": "formularios"}, actor=SYSTEM, now=punto.clock.now()
        )
        > 0
    )
    historia = pagina(punto, "coordinador", f"/caso/{caso}/historia")
    titularidad = asiento(historia, "Completó 5.2.4")
    assert "Lo escrito fue eliminado el " in titularidad
    assert "<details" not in titularidad
    assert NADIE_LO_BORRO not in historia
    revisada = pagina(punto, "revisor", f"/cumplimiento/caso/{caso}")
    acto = re.search(r"registro <code>(\d+)</code>", asiento(revisada, "Borró los formularios"))
    assert acto is not None, "an auditor quotes the number of the act"
    assert f"en un acto registrado. Registro <code>{acto[1]}</code>" in asiento(
        revisada, "Completó 5.2.4"
    )


def test_files_stand_by_their_name_and_personal_data_covered_only_where_asked(punto: Point) -> None:
    valores = {
        "adjunto": {
            "sha256": "a" * 64,
            "nombre": "poder.pdf",
            "tipo": "application/pdf",
            "bytes": 9,
        },
        "celular": "3001237719",
        "correo": "lucia@correo.com",
        "titular_num_doc": DOCUMENTO,
        "observacion": "",
        "direccion": "",
    }
    with punto.web.app.test_request_context():
        cubiertos = dict(presentar(valores, None, {}, cubre=True))
        enteros = dict(presentar(valores, None, {}, cubre=False))
    assert cubiertos == {
        "Adjunto": "poder.pdf",
        "Celular": "3•• ••• 7719",
        "Correo": "l••••••@correo.com",
        "Titular documento": CUBIERTO,
    }, "and nothing of what nobody gave"
    assert enteros["Titular documento"] == DOCUMENTO
