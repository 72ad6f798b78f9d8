"""Nobody's absence stops a case: who leads an area or coordinates hands tasks out, a substitute
takes those of who is away."""

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import reads
from engine.states import TextOf
from engine.store.tables import SubmissionRow
from records.base.actos import Acto
from records.cuentas import ausencias
from records.cuentas.tablas import Ausencia
from tests.kit import diagrams as m, web as web_kit
from tests.kit.web import WebKit, csrf, followed


def diagrama() -> bytes:
    nodos = m.start("ini") + m.user("uno", fields="a") + m.user("dos", fields="b") + m.end("fin")
    carril = m.lane("l1", "funcionario", "area_id", "ini", "uno", "dos", "fin")
    return m.model(
        m.process(
            "prueba", nodos + m.flows("ini > uno > dos > fin"), lanes=carril, variables="area_id"
        )
    )


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    kit.deploy({"prueba.bpmn": diagrama()})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def tarea(web: WebKit) -> str:
    """A task of the area that an officer holds."""
    tarea = web.begin("prueba", {"area_id": "VCC"})
    enviar(web.browser("funcionaria"), f"/tarea/{tarea}/tomar")
    assert web.claimed_by(tarea) == "funcionaria"
    return tarea


def enviar(cliente: FlaskClient, ruta: str, **datos: str) -> TestResponse:
    return cliente.post(ruta, data={"csrf_token": csrf(cliente.get("/bandeja").text), **datos})


def caso_de(web: WebKit, tarea: str) -> str:
    with web.session() as s:
        return reads.items.item(s, tarea).case_key


def motivos(web: WebKit) -> list[str]:
    """The reasons that the history keeps of acts on tasks."""
    with web.session() as s:
        filas = s.scalars(
            sa.select(SubmissionRow)
            .where(SubmissionRow.form.in_(["reassign", "release"]))
            .order_by(SubmissionRow.rev)
        )
        return [str(fila.form_values[TextOf.REASON]) for fila in filas]


def ausentar(web: WebKit, usuario: str, sustituto: str) -> None:
    dia = web.clock.now().date()
    nueva = ausencias.NuevaAusencia(
        usuario, sustituto, dia, dia + dt.timedelta(days=2), "vacaciones"
    )
    with web.session() as s:
        ausencias.registrar_ausencia(s, nueva, Acto("lider", web.clock.now()))
        s.commit()


@pytest.mark.parametrize("quien", ["lider", "coordinador"])
def test_who_leads_the_area_or_coordinates_reassigns_what_another_holds(
    web: WebKit, tarea: str, quien: str
) -> None:
    jefe = web.browser(quien)
    assert f"/tarea/{tarea}/reasignar" in jefe.get(f"/caso/{caso_de(web, tarea)}").text
    pagina = followed(jefe.get(f"/tarea/{tarea}/reasignar").text)
    assert "La tiene Carolina Rincón." in pagina
    assert "Jairo Ortiz: 0 tareas" in pagina
    sin_motivo = enviar(jefe, f"/tarea/{tarea}/reasignar", persona="companero", motivo=" ")
    assert sin_motivo.status_code == 422
    assert web.claimed_by(tarea) == "funcionaria"
    enviar(jefe, f"/tarea/{tarea}/reasignar", persona="companero", motivo="Carolina no vino hoy")
    assert web.claimed_by(tarea) == "companero"
    assert motivos(web) == ["Carolina no vino hoy"]
    caso = f"/caso/{caso_de(web, tarea)}"
    assert "Motivo: Carolina no vino hoy" in followed(jefe.get(f"{caso}/historia").text)
    assert jefe.get(caso).text.count("Carolina no vino hoy") == 1, (
        "as the reason of the act: it is no form of the activity"
    )


@pytest.mark.parametrize("quien", ["lider", "coordinador"])
def test_they_give_it_back_to_the_area_with_a_reason(web: WebKit, tarea: str, quien: str) -> None:
    jefe = web.browser(quien)
    assert enviar(jefe, f"/tarea/{tarea}/devolver").status_code == 422
    assert web.claimed_by(tarea) == "funcionaria"
    enviar(jefe, f"/tarea/{tarea}/devolver", motivo="Que la tome quien esté")
    assert web.claimed_by(tarea) is None
    assert motivos(web) == ["Que la tome quien esté"]


def test_the_leader_of_another_area_cannot_touch_it(web: WebKit, tarea: str) -> None:
    ajeno = web.browser("otro.lider")
    assert ajeno.get(f"/tarea/{tarea}/reasignar").status_code == 404
    assert enviar(ajeno, f"/tarea/{tarea}/devolver", motivo="Porque sí").status_code == 404
    assert web.claimed_by(tarea) == "funcionaria"


def test_what_was_typed_goes_with_the_task(web: WebKit, tarea: str) -> None:
    funcionaria = web.browser("funcionaria")
    pagina = funcionaria.get(f"/tarea/{tarea}").text
    funcionaria.post(
        f"/tarea/{tarea}",
        data={"csrf_token": csrf(pagina), "a": "El banco ya respondió", "_accion": "guardar"},
    )
    enviar(
        web.browser("lider"),
        f"/tarea/{tarea}/reasignar",
        persona="companero",
        motivo="Carolina no vino hoy",
    )
    assert "El banco ya respondió" in web.browser("companero").get(f"/tarea/{tarea}").text


def test_a_substitute_takes_and_completes_what_who_is_away_holds(web: WebKit, tarea: str) -> None:
    otro = web.browser("companero")
    assert enviar(otro, f"/tarea/{tarea}/tomar").status_code == 409
    assert web.claimed_by(tarea) == "funcionaria"
    ausentar(web, "funcionaria", "companero")
    enviar(otro, f"/tarea/{tarea}/tomar")
    assert web.claimed_by(tarea) == "companero"
    assert motivos(web) == [
        "En reemplazo de Carolina Rincón, ausente del mar 24 nov 2026 al jue 26 nov 2026"
    ]


def test_a_substitute_from_elsewhere_works_in_the_area_only_on_those_days(
    web: WebKit, tarea: str
) -> None:
    lejano = web.browser("otro.lider")
    assert lejano.get(f"/tarea/{tarea}").status_code == 404
    ausentar(web, "funcionaria", "otro.lider")
    assert lejano.get(f"/tarea/{tarea}").status_code == 200
    web.clock.advance(dt.timedelta(days=3))
    assert lejano.get(f"/tarea/{tarea}").status_code == 404


DIAS = {"desde": "25/11/2026", "hasta": "27/11/2026", "motivo": "Vacaciones"}


def test_an_absence_is_corrected_with_a_reason_and_the_earlier_one_stays_with_it(
    web: WebKit,
) -> None:
    lider = web.browser("lider")
    enviar(lider, "/ausencias", persona="funcionaria", sustituto="companero", **DIAS)
    pagina = followed(lider.get("/ausencias?corregir=1").text)
    assert 'value="25/11/2026"' in pagina
    assert "Por qué la corrige (opcional)" not in pagina
    nueva = {
        "persona": "funcionaria",
        "sustituto": "lider",
        **DIAS,
        "hasta": "30/11/2026",
        "corrige": "1",
    }
    sin_motivo = enviar(lider, "/ausencias", **nueva)
    assert sin_motivo.status_code == 422
    assert "Escriba por qué la corrige" in sin_motivo.text
    assert (
        "la persona no cambia"
        in enviar(
            lider, "/ausencias", **{**nueva, "persona": "companero", "motivo_correccion": "x"}
        ).text
    )
    mal = enviar(
        lider, "/ausencias", **{**nueva, "hasta": "24/11/2026", "motivo_correccion": "Se alargó"}
    )
    assert mal.status_code == 422
    with web.session() as s:
        assert s.scalars(sa.select(Ausencia)).one().anulada is None, (
            "what cannot be noted corrects nothing"
        )
    assert (
        enviar(
            lider, "/ausencias", **{**nueva, "motivo_correccion": "Se alargó la comisión"}
        ).status_code
        == 302
    )
    pagina = followed(lider.get("/ausencias").text)
    assert "lun 30 nov" in pagina
    assert "Corregida: Se alargó la comisión" in pagina
    with web.session() as s:
        antes, ahora = s.scalars(sa.select(Ausencia).order_by(Ausencia.id))
    assert (antes.anulada_por, ahora.sustituto, ahora.anulada) == ("lider", "lider", None)
    assert web.browser("companero").get("/ausencias?corregir=2").status_code == 404
    assert lider.get("/ausencias?corregir=1").status_code == 404, "it has ended"


def test_a_leader_notes_an_absence_and_ends_it_and_both_are_recorded(web: WebKit) -> None:
    lider = web.browser("lider")
    enviar(lider, "/ausencias", persona="funcionaria", sustituto="companero", **DIAS)
    pagina = followed(lider.get("/ausencias").text)
    assert "Carolina Rincón" in pagina
    assert "mié 25 nov" in pagina
    sin_motivo = enviar(lider, "/ausencias/1/terminar", motivo=" ")
    assert sin_motivo.status_code == 422
    assert "Escriba por qué termina antes" in sin_motivo.text
    assert "mié 25 nov" in sin_motivo.text
    enviar(lider, "/ausencias/1/terminar", motivo="Volvió de la comisión")
    pagina = followed(lider.get("/ausencias").text)
    assert "Nadie figura como ausente" in pagina
    assert "Martha Ferro, hoy, 09:00: Volvió de la comisión" in pagina
    with web.session() as s:
        fila = s.scalars(sa.select(Ausencia)).one()
    assert (fila.anulada_por, fila.motivo_fin) == ("lider", "Volvió de la comisión")
    assert [a for a in web.accesses() if a[0].startswith("ausencia")] == [
        ("ausencia", "lider", "funcionaria"),
        ("ausencia_terminada", "lider", "funcionaria"),
    ]


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"hasta": "24/11/2026"}, "El último día es anterior al primero"),
        ({"desde": "01/01/2026", "hasta": "02/01/2026"}, "Esos días ya pasaron"),
        ({"hasta": "31/12/2030"}, "Una ausencia dura como mucho 400 días"),
        ({"sustituto": "funcionaria"}, "nadie se reemplaza a sí mismo"),
        ({"persona": "asesor"}, "Elija"),
        ({"motivo": ""}, "Escriba el motivo"),
        ({"desde": "mañana"}, "Escriba la fecha como día/mes/año"),
    ],
)
def test_an_impossible_absence_is_answered_at_its_field(
    web: WebKit, cambio: dict[str, str], dice: str
) -> None:
    datos = {"persona": "funcionaria", "sustituto": "companero", **DIAS, **cambio}
    respuesta = enviar(web.browser("lider"), "/ausencias", **datos)
    assert respuesta.status_code == 422
    assert dice in followed(respuesta.text)
    assert "/ausencias/1/terminar" not in respuesta.text


def test_an_officer_notes_only_their_own_absence(web: WebKit) -> None:
    respuesta = enviar(
        web.browser("funcionaria"), "/ausencias", persona="companero", sustituto="lider", **DIAS
    )
    assert respuesta.status_code == 422
    enviar(
        web.browser("funcionaria"),
        "/ausencias",
        persona="funcionaria",
        sustituto="companero",
        **DIAS,
    )
    assert enviar(web.browser("companero"), "/ausencias/1/terminar").status_code == 404


def test_nobody_of_another_area_or_point_is_offered_as_a_substitute(web: WebKit) -> None:
    """Whoever replaces sees what the person who is away sees: never the people and papers of
    another area."""
    pagina = web.browser("lider").get("/ausencias").text
    ofrecidos = re.search(r'<select[^>]*name="sustituto".*?</select>', pagina, re.DOTALL)
    assert ofrecidos is not None
    assert 'value="companero"' in ofrecidos[0]
    assert 'value="otro.lider"' not in ofrecidos[0]
    respuesta = enviar(
        web.browser("lider"), "/ausencias", persona="funcionaria", sustituto="otro.lider", **DIAS
    )
    assert respuesta.status_code == 422
    propia = web.browser("asesor").get("/ausencias").text
    assert 'value="colega"' in propia
    assert 'value="lejana"' not in propia
    assert re.findall('value="asesor"', propia[propia.index('name="sustituto"') :]) == []


def test_who_is_offered_as_a_substitute_is_who_may_be_chosen(web: WebKit) -> None:
    """The page keeps for each person who may replace them; each of these is accepted, and nobody
    else."""
    lider = web.browser("lider")
    pagina = lider.get("/ausencias").text
    (dicho,) = re.findall(r'data-reemplazos="([^"]+)"', pagina)
    reemplazos = json.loads(html.unescape(dicho))
    assert set(reemplazos["funcionaria"]) >= {"companero", "lider"}
    lista = re.search(r'<select[^>]*name="sustituto".*?</select>', pagina, re.DOTALL)
    assert lista is not None
    ofrecidos = set(re.findall('value="([^"]+)"', lista[0]))
    assert ofrecidos == {o for suyos in reemplazos.values() for o in suyos}
    for persona, suyos in reemplazos.items():
        assert persona not in suyos
        for otro in ofrecidos:
            # an impossible day, so that nothing is recorded
            datos = {"persona": persona, "sustituto": otro, **DIAS, "hasta": "31/12/2030"}
            dicho = enviar(lider, "/ausencias", **datos).text
            negado = "no hace el mismo trabajo" in dicho or "se reemplaza a sí mismo" in dicho
            assert negado is (otro not in suyos), (persona, otro)


def test_the_summary_of_errors_names_each_field(web: WebKit) -> None:
    datos = {"persona": "funcionaria", "sustituto": "companero", **DIAS}
    datos |= {"desde": "mañana", "hasta": "ayer", "motivo": ""}
    pagina = enviar(web.browser("lider"), "/ausencias", **datos).text
    resumen = pagina[pagina.index('class="resumen-error"') :].partition("</ul>")[0]
    ejemplo = "Escriba la fecha como día/mes/año, por ejemplo 14/10/2026"
    assert re.findall(r'<a href="#\w+">([^<]+)</a>', resumen) == [
        f"Desde: {ejemplo}",
        f"Hasta: {ejemplo}",
        "Escriba el motivo",
    ]
