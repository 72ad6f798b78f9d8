"""Any user task in the browser: generated form, errors, draft, conflict, claim, expired session,
foreign and stale ids."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import reads
from engine.states import ActorKind
from engine.types import Actor, Role
from tests.kit import diagrams as m, files, web as web_kit
from tests.kit.statements import counting
from tests.kit.web import WebKit, csrf, followed, hidden, log_in, task_form
from webforms.documentos import contenido as contenido_

CAMPOS = (
    '<v:field name="hallazgos" label="Hallazgos" type="longtext" required="true" hint="Qué encontró y dónde" min="20"/>'
    '<v:field name="encontrado" label="¿Encontró el pago?" type="choice" required="true" decision="true" options="si:Sí|no:No"/>'
    '<v:field name="fecha" label="Fecha del pago" type="date" decision="true"/>'
    '<v:field name="soporte" label="Soporte" type="file"/>'
)
BUENO = {
    "hallazgos": "El pago está en el banco desde octubre",
    "encontrado": "si",
    "fecha": "14/10/2026",
}


def diagrama() -> bytes:
    nodos = (
        '<startEvent id="ini"/>'
        f'<userTask id="act_5_2_17" name="Investigar el caso">{m.extension(CAMPOS)}</userTask>'
        f'<userTask id="act_5_2_18" name="Documentar">{m.extension("")}</userTask>'
        '<endEvent id="fin"/>'
    )
    carril = m.lane("l1", "asesor", "punto_id", "ini", "act_5_2_17", "act_5_2_18", "fin")
    cuerpo = nodos + m.flows("ini > act_5_2_17 > act_5_2_18 > fin")
    return m.model(m.process("prueba", cuerpo, lanes=carril, variables="punto_id"))


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    kit.deploy({"prueba.bpmn": diagrama()})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def tarea(web: WebKit) -> str:
    return web.begin("prueba", {"punto_id": "BOG-AGU"})


def enviar(cliente: FlaskClient, url: str, datos: dict[str, object], **mas: object) -> TestResponse:
    pagina = cliente.get(url).text
    ocultos = {"csrf_token": csrf(pagina), "_firma": hidden(task_form(pagina), "_firma")}
    return cliente.post(url, data={**ocultos, **datos}, **mas)


def estado(web: WebKit, tarea: str) -> tuple[str, str | None]:
    with web.engine.db.connect() as c:
        fila = c.exec_driver_sql(
            "SELECT state, closed_by FROM work_item WHERE id = ?", (tarea,)
        ).one()
    return fila[0], fila[1]


def test_a_task_without_python_gets_an_accessible_form(web: WebKit, tarea: str) -> None:
    pagina = web.browser("asesor").get(f"/tarea/{tarea}").text
    assert "5.2.17 Investigar el caso" in pagina
    assert '<label for="hallazgos">Hallazgos</label>' in pagina
    assert 'aria-describedby="hallazgos-a"' in pagina
    assert re.search(r"<fieldset[^>]*>\s*<legend>¿Encontró el pago\?</legend>", pagina)
    assert 'Fecha del pago <span class="opcional">(opcional)</span>' in followed(pagina)


def test_errors_come_back_in_a_summary_beside_the_field_and_with_the_text(
    web: WebKit, tarea: str
) -> None:
    respuesta = enviar(
        web.browser("asesor"), f"/tarea/{tarea}", {"hallazgos": "Corto", "fecha": "31/31/2026"}
    )
    pagina = respuesta.text
    assert respuesta.status_code == 422
    assert "<title>Error:" in pagina
    assert "Falta corregir 3 datos" in pagina
    assert '<a href="#hallazgos">«Hallazgos»: escriba entre 20 y 4.000 letras</a>' in pagina
    assert 'aria-describedby="hallazgos-a hallazgos-e" aria-invalid="true"' in pagina
    assert ">Corto</textarea>" in pagina
    assert 'value="31/31/2026"' in pagina
    assert estado(web, tarea) == ("open", None)


def test_completing_leads_to_the_person_s_next_task_of_the_case(web: WebKit, tarea: str) -> None:
    cliente = web.browser("asesor")
    respuesta = enviar(cliente, f"/tarea/{tarea}", dict(BUENO))
    assert respuesta.status_code == 302
    assert estado(web, tarea) == ("done", "asesor")
    siguiente = cliente.get(respuesta.location).text
    assert "5.2.18 Documentar" in siguiente
    assert "miércoles 14 de octubre de 2026" in siguiente, (
        "what was recorded before stands beside the form"
    )


def test_a_field_that_the_form_does_not_have_is_not_kept(web: WebKit, tarea: str) -> None:
    """Nor are those of the process, of the task or of the account written by being sent."""
    ajenos = {
        "punto_id": "MED",
        "claimed_by": "otro",
        "state": "done",
        "id": "1",
        "usuario": "admin",
        "papeles": "administrador",
        "otra_cosa": "x",
    }
    assert enviar(web.browser("asesor"), f"/tarea/{tarea}", {**BUENO, **ajenos}).status_code == 302
    assert set(web.submitted(tarea)) == {"hallazgos", "encontrado", "fecha", "soporte"}
    with web.session() as s:
        abiertas = list(
            reads.items.inbox(
                s, Actor(ActorKind.PERSON, "x", frozenset({Role("asesor", "BOG-AGU")}))
            )
        )
    assert [i.scope for i in abiertas] == ["BOG-AGU"], "the next task is still of this point"


def test_dates_and_files_are_stored_as_json_values(web: WebKit, tarea: str, tmp_path: Path) -> None:
    datos = {**BUENO, "soporte": (io.BytesIO(files.pdf("Recibo")), "mis cosas/recibo.pdf")}
    enviar(web.browser("asesor"), f"/tarea/{tarea}", datos)
    valores = web.submitted(tarea)
    assert valores["fecha"] == "2026-10-14"
    assert valores["encontrado"] == "si"
    assert valores["soporte"]["nombre"] == "recibo.pdf"
    digesto = valores["soporte"]["sha256"]
    assert (tmp_path / "archivos" / digesto[:2] / digesto[2:]).read_bytes() == files.pdf("Recibo")
    with web.engine.db.connect() as c:
        assert c.exec_driver_sql("SELECT sha256, subido_por FROM archivo").all() == [
            (digesto, "asesor")
        ]


def en_disco(carpeta: Path) -> list[str]:
    return [archivo.name for archivo in carpeta.rglob("*") if archivo.is_file()]


def test_a_file_that_comes_after_somebody_else_closed_the_task_is_not_stored(
    web: WebKit, tarea: str, tmp_path: Path
) -> None:
    colega = web.browser("colega")
    token = csrf(colega.get(f"/tarea/{tarea}").text)
    enviar(web.browser("asesor"), f"/tarea/{tarea}", dict(BUENO))
    tarde = colega.post(
        f"/tarea/{tarea}",
        data={**BUENO, "csrf_token": token, "soporte": (io.BytesIO(files.pdf("Otro")), "otro.pdf")},
    )
    assert tarde.status_code == 409
    assert en_disco(tmp_path / "archivos") == []


@pytest.mark.parametrize(
    ("contenido", "mensaje"),
    [
        (b"MZ\x90 un programa", "debe ser PDF, JPG o PNG"),
        (files.pdf() + b" " * 2_000, "pesa más de 10 MB"),
    ],
)
def test_a_file_is_judged_by_its_content_and_size(
    web: WebKit, tarea: str, contenido: bytes, mensaje: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contenido_, "MEGA", 100)
    monkeypatch.setattr(contenido_, "LIMITES", dict.fromkeys(contenido_.LIMITES, 1_000))
    respuesta = enviar(
        web.browser("asesor"),
        f"/tarea/{tarea}",
        {**BUENO, "soporte": (io.BytesIO(contenido), "recibo.pdf")},
    )
    assert respuesta.status_code == 422
    assert mensaje in respuesta.text


def test_a_text_in_place_of_a_file_is_no_file(web: WebKit, tarea: str) -> None:
    enviar(
        web.browser("asesor"),
        f"/tarea/{tarea}",
        {**BUENO, "soporte": '["' + "a" * 64 + '","x.pdf","application/pdf",1].firma'},
    )
    assert web.submitted(tarea)["soporte"] is None


def test_a_text_of_two_megabytes_is_refused_with_a_message(web: WebKit, tarea: str) -> None:
    cliente = web.browser("asesor")
    respuesta = enviar(cliente, f"/tarea/{tarea}", {**BUENO, "hallazgos": "x" * 2_000_000})
    assert respuesta.status_code == 413
    assert "demasiado grande" in respuesta.text
    largo = enviar(cliente, f"/tarea/{tarea}", {**BUENO, "hallazgos": "x" * 5_000})
    assert largo.status_code == 422
    assert "x" * 5_000 in largo.text
    assert estado(web, tarea) == ("open", None)


def test_a_control_character_does_not_reach_the_database(web: WebKit, tarea: str) -> None:
    enviar(
        web.browser("asesor"),
        f"/tarea/{tarea}",
        {**BUENO, "hallazgos": "El pago\x07 está en el banco desde octubre"},
    )
    assert web.submitted(tarea)["hallazgos"] == "El pago está en el banco desde octubre"


# --- who else -------------------------------------------------------------------------------------
@pytest.mark.parametrize("usuario", ["lejana", "funcionaria", "revisor", "admin"])
def test_a_foreign_task_looks_like_an_unknown_one_and_the_attempt_is_recorded(
    web: WebKit, tarea: str, usuario: str
) -> None:
    cliente = web.browser(usuario)
    ajena, ninguna = cliente.get(f"/tarea/{tarea}"), cliente.get("/tarea/no-existe")
    assert ajena.status_code == ninguna.status_code == 404
    # a token carries the second in which it was made, and two requests may fall into two seconds
    assert ajena.text.replace(csrf(ajena.text), "") == ninguna.text.replace(csrf(ninguna.text), "")
    assert ("rechazo", usuario, tarea) in web.accesses()


def test_an_adviser_cannot_complete_another_point_s_task(web: WebKit, tarea: str) -> None:
    cliente = web.browser("lejana")
    token = csrf(cliente.get("/borradores").text)
    respuesta = cliente.post(f"/tarea/{tarea}", data={**BUENO, "csrf_token": token})
    assert respuesta.status_code == 404
    assert estado(web, tarea) == ("open", None)


def test_the_second_person_gets_the_conflict_page_and_keeps_the_text(
    web: WebKit, tarea: str
) -> None:
    segunda = web.browser("colega")
    pagina = segunda.get(f"/tarea/{tarea}").text
    enviar(web.browser("asesor"), f"/tarea/{tarea}", dict(BUENO))
    datos = {**BUENO, "hallazgos": "Yo encontré otra cosa muy distinta", "csrf_token": csrf(pagina)}
    respuesta = segunda.post(f"/tarea/{tarea}", data=datos)
    assert respuesta.status_code == 409
    assert "Andrés Salcedo completó esta actividad (hoy, 09:00)" in respuesta.text
    assert "Yo encontré otra cosa muy distinta" in respuesta.text
    assert "El pago está en el banco desde octubre" in respuesta.text
    assert web.submitted(tarea)["hallazgos"] == BUENO["hallazgos"]


def test_the_text_of_a_conflict_can_become_a_note_of_the_case(web: WebKit, tarea: str) -> None:
    cliente = web.browser("colega")
    token = csrf(cliente.get("/borradores").text)
    respuesta = cliente.post(
        f"/tarea/{tarea}/nota", data={"csrf_token": token, "texto": "Hallazgos: otra cosa"}
    )
    assert respuesta.status_code == 302
    with web.engine.db.connect() as c:
        assert c.exec_driver_sql("SELECT actor_id, text FROM note").all() == [
            ("colega", "Hallazgos: otra cosa")
        ]


def test_sending_the_same_form_twice_succeeds_twice_and_counts_once(
    web: WebKit, tarea: str
) -> None:
    cliente = web.browser("asesor")
    datos = {**BUENO, "csrf_token": csrf(cliente.get(f"/tarea/{tarea}").text)}
    primera, segunda = (cliente.post(f"/tarea/{tarea}", data=datos) for _vez in range(2))
    assert (primera.status_code, segunda.status_code) == (302, 302)
    with web.engine.db.connect() as c:
        assert c.exec_driver_sql("SELECT count(*) FROM submission").scalar() == 1


def test_a_closed_task_opens_as_a_conflict_not_as_a_form(web: WebKit, tarea: str) -> None:
    enviar(web.browser("asesor"), f"/tarea/{tarea}", dict(BUENO))
    respuesta = web.browser("colega").get(f"/tarea/{tarea}")
    assert respuesta.status_code == 409
    assert "<textarea" not in respuesta.text


def test_a_task_is_taken_given_back_and_given_to_a_colleague(web: WebKit, tarea: str) -> None:
    cliente = web.browser("asesor")
    token = csrf(cliente.get(f"/tarea/{tarea}").text)
    cliente.post(f"/tarea/{tarea}/tomar", data={"csrf_token": token})
    assert web.claimed_by(tarea) == "asesor"
    sin_motivo = cliente.post(f"/tarea/{tarea}/devolver", data={"csrf_token": token})
    assert sin_motivo.status_code == 422
    cliente.post(
        f"/tarea/{tarea}/devolver", data={"csrf_token": token, "motivo": "Me voy a almorzar"}
    )
    assert web.claimed_by(tarea) is None
    cliente.post(f"/tarea/{tarea}/tomar", data={"csrf_token": token})
    malo = enviar(cliente, f"/tarea/{tarea}/reasignar", {"persona": "lejana", "motivo": ""})
    assert malo.status_code == 422
    assert "Falta corregir 2 datos" in malo.text
    enviar(
        cliente, f"/tarea/{tarea}/reasignar", {"persona": "colega", "motivo": "Me voy a almorzar"}
    )
    assert web.claimed_by(tarea) == "colega"


def test_a_task_that_a_colleague_took_is_answered_with_who_has_it(web: WebKit, tarea: str) -> None:
    colega, asesor = web.browser("colega"), web.browser("asesor")
    pagina = asesor.get(f"/tarea/{tarea}").text
    colega.post(
        f"/tarea/{tarea}/tomar", data={"csrf_token": csrf(colega.get(f"/tarea/{tarea}").text)}
    )
    respuesta = asesor.post(f"/tarea/{tarea}", data={**BUENO, "csrf_token": csrf(pagina)})
    assert respuesta.status_code == 409
    assert "Ana Pérez tiene esta actividad" in respuesta.text
    assert BUENO["hallazgos"] in respuesta.text


# --- drafts and sessions --------------------------------------------------------------------------
def borrador(cliente: FlaskClient, tarea: str, token: str, **valores: str) -> TestResponse:
    json = {nombre: [valor] for nombre, valor in valores.items()}
    return cliente.put(
        f"/tarea/{tarea}/borrador",
        json=json,
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )


def test_a_draft_comes_back_as_it_was_typed_to_its_author_only(web: WebKit, tarea: str) -> None:
    cliente = web.browser("asesor")
    token = csrf(cliente.get(f"/tarea/{tarea}").text)
    guardado = borrador(cliente, tarea, token, hallazgos="A medio escri", fecha="14/1")
    assert guardado.json == {"guardado": "09:00:00", "visto": web.clock.now().isoformat()}
    pagina = cliente.get(f"/tarea/{tarea}").text
    assert ">A medio escri</textarea>" in pagina
    assert 'value="14/1"' in pagina
    assert "Borrador guardado, 09:00:00" in pagina
    assert "A medio escri" not in web.browser("colega").get(f"/tarea/{tarea}").text


def test_a_draft_can_be_kept_without_scripts(web: WebKit, tarea: str) -> None:
    cliente = web.browser("asesor")
    respuesta = enviar(
        cliente, f"/tarea/{tarea}", {"hallazgos": "A medio escri", "_accion": "guardar"}
    )
    assert respuesta.status_code == 302
    assert ">A medio escri</textarea>" in cliente.get(f"/tarea/{tarea}").text
    assert "A medio escri" in cliente.get("/borradores").text


def test_autosave_on_a_closed_task_answers_409_and_keeps_the_earlier_draft(
    web: WebKit, tarea: str
) -> None:
    colega = web.browser("colega")
    token = csrf(colega.get(f"/tarea/{tarea}").text)
    borrador(colega, tarea, token, hallazgos="Antes del cierre")
    enviar(web.browser("asesor"), f"/tarea/{tarea}", dict(BUENO))
    tarde = borrador(colega, tarea, token, hallazgos="Después del cierre")
    assert tarde.status_code == 409
    assert "Otra persona cerró" in tarde.json["mensaje"]
    assert "Antes del cierre" in colega.get("/borradores").text
    assert "Su borrador está guardado" in colega.get(f"/tarea/{tarea}").text


def test_autosave_wants_a_token_a_session_and_a_small_object(web: WebKit, tarea: str) -> None:
    cliente = web.browser("asesor")
    token = csrf(cliente.get(f"/tarea/{tarea}").text)
    assert borrador(cliente, tarea, "falso", hallazgos="x").status_code == 400
    assert borrador(web.browser(), tarea, token, hallazgos="x").status_code == 401
    assert borrador(cliente, tarea, token, hallazgos="x" * 400_000).status_code == 413
    assert (
        cliente.put(
            f"/tarea/{tarea}/borrador", json=[1], headers={"X-CSRFToken": token}
        ).status_code
        == 400
    )


def test_the_text_survives_an_expired_session_and_comes_back_to_the_same_account(
    web: WebKit, tarea: str
) -> None:
    cliente = web.browser("asesor")
    pagina = cliente.get(f"/tarea/{tarea}").text
    firma, viejo = hidden(task_form(pagina), "_firma"), csrf(pagina)
    cliente.delete_cookie("ventanilla")
    caida = cliente.post(f"/tarea/{tarea}", data={**BUENO, "_firma": firma, "csrf_token": viejo})
    assert caida.status_code == 401
    assert "su texto sigue aquí" in caida.text
    llevado = {"_firma": hidden(caida.text, "_firma"), "_llevado": hidden(caida.text, "_llevado")}
    vuelta = log_in(cliente, "asesor", **llevado)
    assert "Volver a mi formulario" in vuelta.text
    ocultos = {
        n: hidden(task_form(vuelta.text), n)
        for n in ("csrf_token", "_firma", "_retomar", "hallazgos", "encontrado", "fecha")
    }
    formulario = cliente.post(f"/tarea/{tarea}", data=ocultos)
    assert formulario.status_code == 200
    assert BUENO["hallazgos"] in formulario.text
    assert "Todavía no se ha enviado" in formulario.text
    assert estado(web, tarea) == ("open", None)


def test_the_text_of_an_expired_session_is_never_shown_to_another_account(
    web: WebKit, tarea: str
) -> None:
    cliente = web.browser("asesor")
    firma = hidden(task_form(cliente.get(f"/tarea/{tarea}").text), "_firma")
    cliente.delete_cookie("ventanilla")
    caida = cliente.post(f"/tarea/{tarea}", data={**BUENO, "_firma": firma})
    llevado = {"_firma": hidden(caida.text, "_firma"), "_llevado": hidden(caida.text, "_llevado")}
    vuelta = log_in(cliente, "colega", **llevado)
    assert vuelta.location == "/?ajeno=1"
    assert BUENO["hallazgos"] not in cliente.get(vuelta.location).text


def test_a_foreign_page_cannot_put_text_into_somebody_s_form(web: WebKit, tarea: str) -> None:
    respuesta = web.browser("asesor").post(f"/tarea/{tarea}", data={**BUENO, "_firma": "inventada"})
    assert respuesta.status_code == 400
    assert BUENO["hallazgos"] not in respuesta.text
    assert estado(web, tarea) == ("open", None)


def test_a_token_of_an_earlier_login_shows_the_text_again_and_sends_nothing(
    web: WebKit, tarea: str
) -> None:
    cliente = web.browser("asesor")
    pagina = cliente.get(f"/tarea/{tarea}").text
    datos = {**BUENO, "_firma": hidden(task_form(pagina), "_firma"), "csrf_token": csrf(pagina)}
    cliente.post("/salir", data={"csrf_token": csrf(pagina)})
    log_in(cliente, "asesor")
    respuesta = cliente.post(f"/tarea/{tarea}", data=datos)
    assert "Su texto sigue aquí" in respuesta.text
    assert BUENO["hallazgos"] in respuesta.text
    assert estado(web, tarea) == ("open", None)


# --- the budget (docs/decisions/one-command.md): counted, not timed -------------------------------
def test_an_accepted_form_takes_at_most_ten_statements_and_one_commit(
    web: WebKit, tarea: str
) -> None:
    """From the request to the redirect: user 1, item for the page 1, then the engine's command."""
    cliente = web.browser("asesor")
    datos = {**BUENO, "csrf_token": csrf(cliente.get(f"/tarea/{tarea}").text)}
    with counting(web.engine.db) as cost:
        assert cliente.post(f"/tarea/{tarea}", data=datos).status_code == 302
    assert len(cost.texts) <= 10, "\n".join(cost.texts)
    assert cost.commits == 1
