"""A case of a procedure that is not the product's, as people see it on the pages that every
procedure shares."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from engine import reads
from engine.states import ActorKind
from engine.types import Actor, Role, StartForm
from records.casos import plazos_registrados
from tests.kit import web as web_kit
from tests.kit.cast import ADMIN, ASESORA
from tests.kit.permit import ASKED, FILES
from tests.kit.web import WebKit

REVISA = Actor(ActorKind.PERSON, "gestora", frozenset({Role("gestion_documental", None)}))


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    kit.deploy(FILES)
    yield kit
    kit.engine.db.dispose()


def pedir(web: WebKit, **otros: object) -> str:
    """Fifteen days from now its term ends."""
    valores = {**ASKED, "area": 24, **otros}
    return web.engine.instances.start(
        "permiso", actor=ASESORA, now=web.clock.now(), form=StartForm(valores)
    ).case_key


def hacer(web: WebKit, caso: str, actor: Actor, **valores: object) -> None:
    with web.engine.uow.reading() as session:
        [tarea] = reads.items.of_case(session, caso, only_open=True)
    web.engine.items.complete(tarea.id, values=valores, actor=actor, now=web.clock.now())


def negar(web: WebKit, caso: str) -> None:
    hacer(web, caso, REVISA, cumple="no", concepto="No se puede ahí.")


@pytest.fixture
def en_cada_termino(web: WebKit) -> dict[str, str]:
    """Subject of a case → its verdict, 20 days after all of them began."""
    casos = {
        direccion: pedir(web, direccion=direccion)
        for direccion in ("Calle 1", "Calle 2", "Calle 3", "Calle 4")
    }
    web.clock.advance(timedelta(days=2))
    negar(web, casos["Calle 1"])
    with web.engine.uow.reading() as session:
        [suya] = reads.instances.of_case(session, casos["Calle 4"])
    web.engine.instances.cancel(
        suya.id, reason="Se pidió dos veces por error.", actor=ADMIN, now=web.clock.now()
    )
    web.clock.advance(timedelta(days=18))
    negar(web, casos["Calle 2"])
    pedir(web, direccion="Calle 5")
    return {
        "Calle 1": "cumplido",
        "Calle 2": "incumplido",
        "Calle 3": "incumplido",
        "Calle 4": "sin_efecto",
        "Calle 5": "vigente",
    }


def hallados(web: WebKit, consulta: str) -> set[str]:
    pagina = web.browser("revisor").get(f"/cumplimiento?{consulta}")
    assert pagina.status_code == 200, pagina.status
    return set(re.findall(r"Calle \d", unescape(pagina.text)))


def test_compliance_finds_cases_by_how_their_term_ended(
    web: WebKit, en_cada_termino: dict[str, str]
) -> None:
    for termino in {*en_cada_termino.values(), "suspendido", "ninguno"}:
        assert hallados(web, f"termino={termino}") == {
            d for d, suyo in en_cada_termino.items() if suyo == termino
        }, termino
    assert hallados(web, "vencidos=1") == {"Calle 3"}
    assert hallados(web, "estado=registro.terminado") == {"Calle 1", "Calle 2"}
    assert hallados(web, "estado=registro.anulado&termino=sin_efecto") == {"Calle 4"}
    assert hallados(web, "estado=anulado") == set(), "that is a state of M5-1-02"
    assert hallados(web, "punto=terraza&termino=vigente") == {"Calle 5"}
    assert hallados(web, "punto=obra") == set()


def test_the_list_and_its_file_say_the_verdict_and_the_page_of_the_case_the_same(
    web: WebKit, en_cada_termino: dict[str, str]
) -> None:
    revisor = web.browser("revisor")
    pagina = unescape(revisor.get("/cumplimiento").text)
    for dicho in (
        "Terminó a tiempo",
        "Terminó 3 días hábiles tarde",
        "Sin terminar: 3 días hábiles tarde",
        "Terminó dentro del plazo",
    ):
        assert dicho in pagina
    assert "Terraza de un negocio" in pagina, "the place of the case, and a place to look for"
    archivo = revisor.get("/cumplimiento/casos.csv").get_data(as_text=True).removeprefix("\ufeff")
    filas = {f["tema"]: f for f in csv.DictReader(io.StringIO(archivo), delimiter=";")}
    assert {
        tema: f["termino"].lower().replace(" ", "_") for tema, f in filas.items()
    } == en_cada_termino
    de_la_primera = unescape(
        revisor.get(f"/cumplimiento/caso/{filas['Calle 2']['expediente']}").text
    )
    assert "Término del caso" in de_la_primera
    assert "Terminó 3 días hábiles tarde" in de_la_primera


def test_a_deadline_that_the_diagram_registered_is_judged_until_another_takes_its_place(
    web: WebKit,
) -> None:
    caso = pedir(web)
    with web.session() as session:
        for n, (nombre, dias) in enumerate(
            (("Responder la petición", 15), ("Responder después de la prórroga", 30))
        ):
            nuevo = plazos_registrados.contado(nombre, web.clock.now(), dias)
            plazos_registrados.registrar(session, caso, nuevo, f"t{n}", now=web.clock.now())
        session.commit()
    pagina = unescape(web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text)
    cuentan, reemplazados = pagina.split("Plazos que otro reemplazó", 1)
    assert "Responder después de la prórroga" in cuentan
    assert "30 días hábiles desde el" in cuentan
    assert "Responder la petición" in reemplazados
    assert "Reemplazado" in reemplazados
    assert "Término del caso" not in pagina, "the term has the name of the deadline that counts"


def filtros(pagina: str) -> list[str]:
    formulario = pagina.split('<form class="filtros"', 1)[1].split("</form>", 1)[0]
    return re.findall(r"<label for=\"([a-z_]+)\"", formulario)


def test_an_inbox_asks_only_for_what_the_cases_of_its_tasks_have(web: WebKit) -> None:
    pedir(web, direccion="Calle 1")
    pedir(web, direccion="Calle 2", uso="obra")
    gestora = web.browser("gestora")
    pagina = unescape(gestora.get("/bandeja").text)
    assert not {"tema", "estado", "clase"} & set(filtros(pagina)), "one class only, no topics"
    assert "punto" in filtros(pagina)
    assert "Persona y lugar" in pagina
    for palabra in ("Tema", "Punto", "Asesor", "Queja", "radicado"):
        assert palabra not in pagina.split("<main", 1)[1], palabra
    solo = unescape(gestora.get("/bandeja?punto=obra").text)
    assert ("Calle 2" in solo, "Calle 1" in solo) == (True, False)
    assert "Lugar: Obra o andamio" in solo
    assert "Calle 1" in unescape(gestora.get("/bandeja?clase=permiso").text)
    assert "Calle 1" not in unescape(gestora.get("/bandeja?clase=queja").text)
    lista = unescape(gestora.get("/bandeja/imprimir").text)
    assert "Permiso › Calle 1" in lista
    assert "Persona y lugar" in lista


def test_the_list_of_cases_has_no_column_in_which_nothing_is_said(web: WebKit) -> None:
    pedir(web)
    assert columnas(web, "/casos") == ["Número", "Persona", "Asunto", "Lugar", "Estado", "Vence"]
    assert "—" not in tabla(web, "/casos")


def test_a_case_without_person_place_and_term_has_none_of_their_columns(web: WebKit) -> None:
    sin_mas = FILES["permiso.bpmn"].replace(
        b' person="documento" name="nombre" email="correo" place="uso" due="P15D"', b""
    )
    web.deploy({**FILES, "permiso.bpmn": sin_mas})
    pedir(web)
    assert columnas(web, "/casos") == ["Número", "Asunto", "Estado"]


def tabla(web: WebKit, direccion: str) -> str:
    return (
        unescape(web.browser("coordinador").get(direccion).text)
        .split("<table", 1)[1]
        .split("</table>", 1)[0]
    )


def columnas(web: WebKit, direccion: str) -> list[str]:
    return re.findall(r'<th role="columnheader" scope="col">(.*?)</th>', tabla(web, direccion))


def frente(web: WebKit, caso: str, usuario: str) -> dict[str, str]:
    """What stands beside the form of the open task."""
    with web.engine.uow.reading() as session:
        [tarea] = reads.items.of_case(session, caso, only_open=True)
    pagina = unescape(web.browser(usuario).get(f"/tarea/{tarea.id}").text)
    panel = pagina.split('aria-labelledby="frente"', 1)[1].split("</section>", 1)[0]
    return {
        k: re.sub("<.*?>", "", v).strip()
        for k, v in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", panel, re.DOTALL)
    }


def test_who_decides_has_before_them_what_was_asked_said_and_worked_out(web: WebKit) -> None:
    caso = pedir(web, area=24)
    assert frente(web, caso, "gestora") == {"Área en metros": "24"}, (
        "the head of the page says the rest"
    )
    hacer(web, caso, REVISA, cumple="si", concepto="Deja dos metros libres.")
    with web.engine.uow.reading() as session:
        [espera] = reads.operation.awaited(session, case_key=caso, elements=["pago"])
    web.engine.messages.hand_over(
        espera.task_id,
        values={"pagado": 412000, "recibo": "R-7"},
        actor=REVISA,
        now=web.clock.now(),
    )
    assert frente(web, caso, "coordinador") == {
        "Área en metros": "24",
        "¿Cumple?": "Sí",
        "Concepto": "Deja dos metros libres.",
        "Valor pagado": "412.000",
        "Recibo": "R-7",
        "Valor": "412.000",
    }
    with web.engine.uow.reading() as session:
        [suya] = reads.instances.of_case(session, caso)
    web.engine.corrections.correct(
        suya.id,
        {"area": 30, "recibo": "R-8"},
        reason="El recibo era otro.",
        actor=ADMIN,
        now=web.clock.now(),
    )
    corregido = frente(web, caso, "coordinador")
    assert (corregido["Área en metros"], corregido["Recibo"]) == ("30", "R-8")
