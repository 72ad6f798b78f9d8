"""A request without a name is a case: nobody is asked for a document, a key stands for it, and what
is answered is read with it."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from engine import reads
from engine.store.tables import SubmissionRow
from engine.types import Handlers
from records.casos.tablas import CasoRegistrado
from records.correo.tablas import Aviso
from records.personas import caracterizacion
from records.personas.tablas import Caracterizacion
from tests.kit import permit, web as web_kit
from tests.kit.clock import NOW
from tests.kit.diagrams import extension
from tests.kit.web import WebKit, csrf, followed, hidden, opened
from webforms.base import llevados
from webforms.personas.caracterizacion import leer_permiso, permiso_de_responder, secreto_de

ASKED = {
    "sin_nombre": "si",
    "correo": "",
    "uso": "terraza",
    "direccion": "Calle 14 n.º 6-25",
    "area": "24",
}
LETTER = (
    "Asunto: Recibimos el reporte {numero}\n\nVamos a ir a {direccion}. Se sigue en {consulta}.\n"
)
_ANSWER = extension(
    '<v:handler name="carta.enviar"/><v:input name="carta" value="permiso/cartas/recibido"/>'
)
_ASKS = '<v:field name="sin_nombre" label="¿Sin su nombre?" type="boolean" required="true"/><v:field name="nombre"'
_TELLS = f'<sendTask id="avisar" name="Avisar">{_ANSWER}</sendTask><userTask id="revisar" name="Revisar los requisitos">'
DIAGRAM = (
    permit.DIAGRAM.replace(b'email="correo"', b'email="correo" anonymous="sin_nombre"', 1)
    .replace(b'<v:field name="nombre"', _ASKS.encode(), 1)
    .replace(b'<userTask id="revisar" name="Revisar los requisitos">', _TELLS.encode(), 1)
    .replace(b'sourceRef="pide" targetRef="revisar"', b'sourceRef="pide" targetRef="avisar"', 1)
    .replace(
        b"<sequenceFlow",
        b'<sequenceFlow id="f_avisado" sourceRef="avisar" targetRef="revisar"/><sequenceFlow',
        1,
    )
    .replace(
        b"<flowNodeRef>revisar</flowNodeRef>",
        b"<flowNodeRef>avisar</flowNodeRef><flowNodeRef>revisar</flowNodeRef>",
        1,
    )
)
FILES = {**permit.FILES, "permiso.bpmn": DIAGRAM, "permiso/cartas/recibido.es.txt": LETTER.encode()}


@pytest.fixture
def kit(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    registry = Handlers()
    kit = web_kit.with_actions(web_kit.build(tmp_path, sqlite_url, handlers=registry), registry)
    kit.deploy(FILES)
    yield kit
    kit.engine.db.dispose()


def online(kit: WebKit, **mas: str) -> tuple[FlaskClient, str]:
    """The page with the number, for who asks online."""
    somebody = kit.browser()
    page = somebody.get("/tramites/permiso").text
    data = {
        "csrf_token": csrf(page),
        "_llave": hidden(page, "_llave"),
        **ASKED,
        **mas,
        "_paso": "enviar",
        "acepto": "si",
    }
    answer = somebody.post("/tramites/permiso", data=data)
    assert answer.status_code == 303, answer.text
    return somebody, somebody.get(answer.location).text


def key_of(page: str) -> str:
    found = re.search(r"<b[^>]*>([A-Z2-7]{5}-[A-Z2-7]{5})</b>", page)
    assert found, page
    return found[1]


def test_a_request_without_a_name_is_a_case_with_a_number_and_is_followed_by_its_key(
    kit: WebKit,
) -> None:
    somebody, page = online(kit, nombre="Ana que no quería decirlo", documento="123")
    assert "PEP-2026-00001" in page
    clave = key_of(page)
    with kit.session() as s:
        case = s.scalars(sa.select(CasoRegistrado)).one()
        sent = s.scalars(sa.select(SubmissionRow)).one().form_values
        letter = s.scalars(sa.select(Aviso)).one()
    assert (case.nombre, case.documento, case.anonima) == ("Anónima", "", True)
    assert not sent["nombre"]  # what was typed before the answer changed is not kept
    assert not sent["documento"]
    assert letter.error is None  # no duty of anybody: it is read where the case is followed

    def ask(number: str, kind: str) -> str:
        token = csrf(somebody.get("/consulta").text)
        asked = {
            "csrf_token": token,
            "radicado": "PEP-2026-00001",
            "tipo_doc": kind,
            "num_doc": number,
        }
        return somebody.post("/consulta", data=asked).text

    followed = ask(f" {clave.lower()} ", "CLAVE")
    assert "En trámite" in followed
    assert "Vamos a ir a Calle 14 n.º 6-25" in followed
    assert "En trámite" in ask(clave, ""), (
        "the type of a document is asked for by no form of this procedure"
    )
    assert "No encontramos un caso" in ask("AAAAA-BBBBB", "CLAVE")
    assert "No encontramos un caso" in ask("123", "CC")


def test_the_page_with_number_and_key_lasts_as_long_as_its_signature_however_often_it_is_looked_at(
    kit: WebKit,
) -> None:
    """A session that nobody uses ends after half an hour, and who gave no name has number and key
    nowhere else."""
    somebody = kit.browser()
    page = somebody.get("/tramites/permiso").text
    data = {
        "csrf_token": csrf(page),
        "_llave": hidden(page, "_llave"),
        **ASKED,
        "_paso": "enviar",
        "acepto": "si",
    }
    answer = somebody.post("/tramites/permiso", data=data)
    (kept,) = (
        c
        for c in answer.headers.getlist("Set-Cookie")
        if c.startswith("llevado-tramites-recibida=")
    )
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=7200", "Path=/"} <= {
        part.strip() for part in kept.split(";")
    }
    first = somebody.get(answer.location).text
    asks = re.search(r'href="(/tramites/sobre-usted/[^"]+)"', first)
    assert asks
    for _look in range(llevados.CUANTOS + 2):
        page = somebody.get(answer.location).text
        assert asks[1] in page, "called as before"
        somebody.delete_cookie("ventanilla")  # its session ended
    assert key_of(page) == key_of(first)
    assert "PEP-2026-00001" in page
    assert somebody.get(asks[1]).status_code == 200


def test_an_address_of_the_questions_that_is_good_for_nothing_says_so(kit: WebKit) -> None:
    somebody = kit.browser()
    page = somebody.get(opened(somebody, "/tramites/sobre-usted/#" + "x" * 40))
    assert page.status_code == 404
    assert "Pasó el tiempo para responderlas, o la dirección está incompleta" in page.text


def test_a_clerk_may_take_it_at_the_desk_and_the_register_shows_it(kit: WebKit) -> None:
    clerk = kit.browser("asesor")
    page = clerk.get("/iniciar/permiso").text
    assert 'data-cuando="sin_nombre" data-valores="no"' in page
    data = {"csrf_token": csrf(page), "_llave": hidden(page, "_llave"), **ASKED}

    where = clerk.post("/iniciar/permiso", data=data).location
    clave = key_of(clerk.get(where).text)

    # whoever may see the case, and did not begin it
    assert clave not in kit.browser("coordinador").get(where).text
    kit.clock.move_to(NOW + dt.timedelta(hours=2))
    assert clave not in kit.browser("asesor").get(where).text  # the person has gone
    kit.clock.move_to(NOW)
    assert "Anónima" in clerk.get("/casos?q=calle+14").text
    with kit.session() as s:
        case = s.scalars(sa.select(CasoRegistrado)).one()
        assert reads.items.of_case(s, case.case_key)[0].element == "revisar"


def test_with_a_name_the_name_is_asked_for_as_before(kit: WebKit) -> None:
    clerk = kit.browser("asesor")
    page = clerk.get("/iniciar/permiso").text
    data = {
        "csrf_token": csrf(page),
        "_llave": hidden(page, "_llave"),
        **permit.ASKED,
        "sin_nombre": "no",
    }
    missing = clerk.post("/iniciar/permiso", data={**data, "documento": ""})
    assert missing.status_code == 422
    assert "Escriba «Documento»" in missing.text
    assert clerk.post("/iniciar/permiso", data=data).status_code == 302
    with kit.session() as s:
        assert s.scalars(sa.select(CasoRegistrado.anonima)).all() == [False]


def test_what_somebody_tells_of_themselves_is_of_no_case_counted_when_the_quarter_is_over_and_taken_back(
    kit: WebKit,
) -> None:
    somebody, page = online(kit)
    found = re.search(r'href="(/tramites/sobre-usted/[^"]+)"', page)
    assert found
    form = somebody.get(found[1]).text
    told = {"csrf_token": csrf(form), "edad": "mayor", "etnia": "raizal"}
    unsaid = somebody.post(found[1], data=told)
    assert unsaid.status_code == 422
    assert "Marque que autoriza" in unsaid.text
    # nothing is told
    assert (
        somebody.post(found[1], data={"csrf_token": csrf(form), "autorizo": "si"}).status_code
        == 422
    )
    answer = somebody.post(found[1], data={**told, "autorizo": "si"})
    assert answer.status_code == 303, answer.text
    again = [somebody.post(found[1], data={**told, "autorizo": "si"}), somebody.get(found[1])]
    # a second press keeps the way to take it back
    assert [a.location for a in again] == [answer.location] * 2
    with kit.session() as s:
        row = s.scalars(sa.select(Caracterizacion)).one()
        assert (row.procedimiento, row.trimestre, row.edad, row.etnia, row.genero) == (
            "permiso",
            "2026-4",
            "mayor",
            "raizal",
            "",
        )
        columns = {c.name for c in Caracterizacion.__table__.columns}
        # a running number would tell the order
        assert not columns & {"case_key", "creado", "persona_id", "quien", "id"}
    kept = somebody.get(answer.location).text
    somebody.post(answer.location, data={"csrf_token": csrf(kept)})
    with kit.session() as s:
        assert s.scalars(sa.select(Caracterizacion)).all() == []
    assert somebody.get(answer.location).status_code == 404


def test_whoever_asks_for_the_page_again_answers_no_second_time(kit: WebKit) -> None:
    with kit.app.app_context():
        ways = [permiso_de_responder("permiso", case) for case in ("uno", "uno", "otro")]
        first, again, other = (secreto_de(way) for way in ways)
    assert first == again != other
    assert first is not None
    assert "uno" not in first
    with kit.app.app_context():
        assert (leer_permiso(ways[0] + "x"), leer_permiso("nada"), leer_permiso(ways[0])) == (
            None,
            None,
            ("permiso", first),
        )


def test_counts_that_would_show_somebody_stay_away(kit: WebKit) -> None:
    with kit.session() as s:
        for n in range(14):
            edad = "mayor" if n < 8 else "joven" if n < 13 else "menor"
            caracterizacion.decir(s, f"secret {n}", "permiso", {"edad": edad}, dt.date(2026, 9, 30))
        caracterizacion.decir(s, "now", "permiso", {"edad": "menor"}, dt.date(2026, 11, 24))
        s.commit()
    page = followed(
        re.sub(r"<[^>]*>", " ", kit.browser("revisor").get("/calidad/a-quien-atendemos").text)
    )
    assert "2026-3" in page
    assert "2026-4" not in page
    assert "60 años o más 8" in page
    # five, and with it the one who is younger would be known
    assert "De 18 a 28 años pocas" in page
    assert "Menos de 18 años pocas" in page
    assert kit.browser("asesor").get("/calidad/a-quien-atendemos").status_code == 403


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            b'name="correo" label="Correo" type="email"',
            b'name="correo" label="Correo" type="email" required="true"',
        ),
        (b'type="boolean" required="true"', b'type="boolean"'),
        (
            b'name="documento" label="Documento"',
            b'name="documento" label="Documento" decision="true"',
        ),
        (b'anonymous="sin_nombre"', b'anonymous="uso"'),
    ],
)
def test_a_diagram_in_which_nobody_could_stay_without_a_name_is_refused(
    kit: WebKit, before: bytes, after: bytes
) -> None:
    assert before in DIAGRAM
    found = kit.engine.releases.check({"permiso.bpmn": DIAGRAM.replace(before, after, 1)})
    assert "case_anonymous" in {f.rule for f in found}
