"""The first page of the second half: what waits for each role, what stands beside it, the month
with its dates, at what price."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.states import ActorKind, ItemState
from engine.types import Actor, Role, WorkItem
from records.auditorias import auditorias
from records.informes import meses, reportes
from records.interventoria import interventoria
from records.plazos.reglas.obligaciones import Clase, Hechos, obligaciones
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.statements import counting
from tests.kit.tasks import enviar
from tests.kit.web import followed
from webforms.portada.asuntos import asuntos
from webforms.portada.mes import CORTOS, LARGOS, Dia, Inicios, Mes, porque as por_que

assert Dia.de_otro_mes is not Dia.festivo  # its template is the only reader
#: Who begins here; how many statements the page may cost them, the bar and the account included.
LLEGAN = {
    "agente.calidad": 22,
    "gerente": 40,
    "gerente.operativo": 26,
    "profesional01": 30,
    "jefe.ocm": 34,
    "comite01": 22,
    "interventor01": 20,
    "admin.crm": 14,
}


@pytest.fixture(scope="module")
def mundo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Tuesday 24 November: October is reported and delivered, an audit is under way."""
    with month(tmp_path_factory.mktemp("inicio"), cases=60) as m:
        yield m


def pagina(mundo: World, usuario: str) -> str:
    return followed(mundo.person(usuario).get("/inicio").text)


def fechas(texto: str) -> dict[str, tuple[str, str]]:
    """Duty → its date with what became of it, and why that day; of two of a kind the first."""
    tabla = texto[texto.index('id="fe"') :].partition("</section>")[0]
    filas = re.findall(
        r'<th role="rowheader" scope="row">(.*?)</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>',
        tabla,
    )
    return {
        nombre: (" ".join(re.sub("<[^>]+>", " ", cuando).split()), porque.strip())
        for nombre, cuando, porque in reversed(filas)
    }


def dias(texto: str) -> dict[str, str]:
    """What stands in each cell of the month; of two days with one number the first."""
    tabla = texto[texto.index('class="calendario"') :].partition("</table>")[0]
    celdas = [
        " ".join(re.sub("<[^>]+>", " ", c).split())
        for c in re.findall(r"<td[^>]*>(.*?)</td>", tabla)
    ]
    return {c.split(" ")[0]: c for c in reversed(celdas)}


def test_every_kind_of_duty_has_its_words() -> None:
    assert set(CORTOS) == set(LARGOS) == set(Clase)


@pytest.mark.parametrize("usuario", LLEGAN)
def test_each_lane_begins_with_what_waits_for_it(mundo: World, usuario: str) -> None:
    browser = mundo.person(usuario)
    assert browser.get("/").headers["Location"] == "/inicio"
    texto = pagina(mundo, usuario)
    assert "Lo que le espera" in texto
    assert '<a href="/inicio" aria-current="true">Hoy</a>' in texto
    assert fechas(texto)
    assert 'aria-current="date"' in texto
    actor = Actor(
        ActorKind.PERSON, usuario, frozenset(Role(r, a) for r, a in papeles(mundo, usuario))
    )
    with Session(mundo.engine.db) as s:
        suyas = [i.id for i in reads.items.inbox(s, actor)]
    vistas = re.findall(r"/tarea/([^/?\"]+)\?volver=bandeja", texto)
    assert vistas == [i for i in suyas if i in vistas], (
        "its tasks, the most urgent first, and those of nobody else"
    )
    conteos = re.findall(
        r'<section class="grupo[^>]*> <h2><span[^>]*>[^<]*</span> <span class="conteo">(\d+)</span>',
        texto,
    )
    assert sum(map(int, conteos)) == len(suyas)
    with counting(mundo.engine.db) as cost:
        browser.get("/inicio")
    assert len(cost.texts) <= LLEGAN[usuario], (len(cost.texts), cost.statements)
    assert cost.written == 0


def papeles(mundo: World, usuario: str) -> list[tuple[str, str | None]]:
    consulta = sa.text(
        "SELECT a.rol, a.ambito FROM rol_asignado a JOIN cuenta c ON c.id = a.cuenta_id WHERE c.usuario = :u"
    )
    with mundo.engine.db.connect() as c:
        return [(rol, ambito) for rol, ambito in c.execute(consulta, {"u": usuario})]


def test_who_has_no_part_in_the_second_half_does_not_come_here(mundo: World) -> None:
    for usuario in ("asesor.bog01", "funcionario.vcc01", "analista", "administrador"):
        assert mundo.person(usuario).get("/inicio").status_code == 403, usuario
        assert mundo.person(usuario).get("/").headers["Location"] != "/inicio"


# --- the month ------------------------------------------------------------------------------------
def test_the_dates_of_a_month_come_from_its_calendar_and_from_the_diagrams(mundo: World) -> None:
    """November 2026: the 2nd and the 16th are holidays, the 1st is a Sunday."""
    agente = pagina(mundo, "agente.calidad")
    de = fechas(agente)
    reportes_, porque = de[next(n for n in de if "Reportes de los puntos" in n)]
    assert (reportes_, porque) == (
        "lun 7 dic",
        "5.º día hábil después del mes. Ninguno se aprueba solo.",
    )
    with mundo.app.test_request_context():
        debidos = Hechos(cerrados=frozenset({"2026-10"}), reportes={"2026-10": (14, 23)})
        _cierre, de_octubre, _remitir = obligaciones(
            {Clase.CIERRE: [bogota(2026, 11, 1, 6)]}, debidos, bogota(2026, 11, 6)
        )
        dicho = por_que(de_octubre, Inicios({}, {}, {}), dt.date(2026, 11, 6))
    assert (
        dicho == "5.º día hábil después del mes; el lun 2 nov es festivo. Ninguno se aprueba solo."
    )
    assert de["Congelar noviembre"] == (
        "mar 1 dic, 06:00",
        "El día 1 de cada mes a las 6:00; lo que entre después es tardío",
    )
    casillas = dias(agente)
    assert "dom 1 nov: Se congela octubre" in casillas["2"]
    assert "festivo : Día de Todos los Santos" in casillas["2"]
    assert "Hecho:" in casillas["9"]
    assert casillas["24"].startswith("24 · hoy")
    assert "Se congela noviembre" in casillas["1"], "the first of December stands at the end"
    assert "Auditoría" not in agente.partition('id="ca"')[2], (
        "of an audit under way the outsourcing is told nothing"
    )


def test_a_rule_of_the_diagram_that_is_changed_moves_its_dates(mundo: World) -> None:
    """Nothing of it is written in the page: the committee begins on the day that the diagram in
    force says."""
    antes = fechas(pagina(mundo, "comite01"))
    assert "8" in antes["5.2.30 Reunir los hallazgos"][1]
    with mundo.engine.db.execution_options(ventanilla_write=True).begin() as c:
        (guardada,) = c.execute(
            sa.text("SELECT rule FROM schedule WHERE process = 'M5_1_02_comite_calidad'")
        ).one()
        cambiada = guardada.replace('"business_day": 8', '"business_day": 10').replace(
            '"business_day":8', '"business_day":10'
        )
        assert cambiada != guardada
        poner = sa.text("UPDATE schedule SET rule = :r WHERE process = 'M5_1_02_comite_calidad'")
        c.execute(poner, {"r": cambiada})
    try:
        ahora = fechas(pagina(mundo, "comite01"))
        assert ahora["5.2.30 Reunir los hallazgos"][1].startswith(
            "El día hábil número 10 de cada mes a las 8:00"
        )
    finally:
        with mundo.engine.db.execution_options(ventanilla_write=True).begin() as c:
            c.execute(poner, {"r": guardada})


def test_a_paused_start_says_that_it_does_not_begin_by_itself(mundo: World) -> None:
    def poner(estado: str) -> None:
        with mundo.engine.db.execution_options(ventanilla_write=True).begin() as c:
            c.execute(
                sa.text("UPDATE schedule SET state = :e WHERE process = 'CTRL_6_1_accesos'"),
                {"e": estado},
            )

    poner("paused")
    try:
        assert (
            "está en pausa: no empieza sola"
            in fechas(pagina(mundo, "admin.crm"))["6-1 Revisión de accesos"][1]
        )
    finally:
        poner("active")


# --- what stands beside it ------------------------------------------------------------------------
def test_panels_say_what_the_records_say_and_to_whom_it_matters(mundo: World) -> None:
    with Session(mundo.engine.db) as s:
        ultima = auditorias.ultimas(s, 1)[0]
        r = auditorias.resumen(s, ultima)
        octubre = meses.vigente(s, dt.date(2026, 10, 1))
        assert octubre is not None
        tardios = meses.tardios(s, octubre.mes)
        assert {x.estado for x in reportes.situaciones(s, octubre.mes)} == {reportes.APROBADO}
    auditora, jefe, agente = (
        pagina(mundo, "profesional01"),
        pagina(mundo, "jefe.ocm"),
        pagina(mundo, "agente.calidad"),
    )
    for texto in (auditora, jefe):
        assert f"<dd>{r.hechos} de {len(r.muestra)}</dd>" in texto
        assert ("se dice cuando estén todos" in texto) is not r.completa
    assert "Reportes de octubre de 2026" in agente
    assert ("Llegó tarde" in agente) is (tardios > 0)
    for usuario in LLEGAN:
        texto = pagina(mundo, usuario)
        assert ("Auditoría, semana" in texto) is (usuario in ("profesional01", "jefe.ocm")), usuario
        assert ("Cuentas por decidir" in texto) is (usuario in ("admin.crm", "jefe.ocm")), usuario
        assert ("Sin su acuse de recibo" in texto) is (usuario == "interventor01"), usuario
        assert ('<h2 id="ah">Ahora' in texto) is usuario.startswith("gerente"), usuario
    assert "El CRM este mes" in pagina(mundo, "admin.crm")
    assert "Nadie decide sobre su propia cuenta." in pagina(mundo, "admin.crm")
    quien = "Quien hace «5.2.28 Elaborar informe de auditoría» no hace «5.2.29 Revisar el informe»."
    assert quien in jefe, "as the diagram keeps it apart"
    assert quien not in auditora


def test_condition_4_6_the_supervisors_read_nothing_of_the_committee(mundo: World) -> None:
    texto = pagina(mundo, "interventor01")
    for palabra in ("Hallazgos", "omité de Calidad", "Comité de", "H-0", "Sesión del comité"):
        assert palabra not in texto, palabra


# --- the line of a task ---------------------------------------------------------------------------
def test_tasks_say_what_they_are_about(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The first of December: each point owes its report; one comes back with an observation. The
    week has its audit."""
    with month(tmp_path_factory.mktemp("lineas"), cases=60) as m:
        move_to(m, bogota(2026, 12, 1, 6, 1))
        todos = Actor(
            ActorKind.PERSON,
            "x",
            frozenset(Role(r, None) for r in ("agente_calidad", "gerente_outsourcing")),
        )

        def tarea(elemento: str, punto: str) -> str:
            with Session(m.engine.db) as s:
                abiertas = reads.items.inbox(s, todos, InboxFilter(element=elemento))
                return next(
                    i.id for i in abiertas if i.scope == punto and i.data["mes"] == "2026-11"
                )

        generar = tarea("act_5_2_23", "BOG-AGU")
        assert "5.2.23 Generar reporte del punto: 23" in pagina(m, "agente.calidad")
        formulario = m.person("agente.calidad").get(f"/tarea/{generar}").text
        metas = dict.fromkeys(
            re.findall(r'name="(com_\w+)"', formulario), "Ese día faltaron dos asesores."
        )
        enviar(
            m,
            "agente.calidad",
            generar,
            comentarios="El mes fue como los demás, con dos ausencias.",
            **metas,
        )
        assert "Primera ronda; enviado: hoy, 06:01." in pagina(m, "gerente")
        devuelto = {"cumple_requisitos": "no", "obs_general": "Diga por qué esperaron más."}
        enviar(m, "gerente", tarea("act_5_2_24", "BOG-AGU"), **devuelto)
        assert "Devuelto: hoy, 06:01, con 1 observación. Ronda 1." in pagina(m, "agente.calidad")
        de_reportes = dias(pagina(m, "agente.calidad"))
        assert "Reportes de noviembre (0 de 23)" in de_reportes["7"]
        with counting(m.engine.db) as cost:
            m.person("agente.calidad").get("/inicio")
        assert len(cost.texts) <= LLEGAN["agente.calidad"], "as many for 23 reports as for one"

        auditora = pagina(m, "profesional01")
        assert re.search(
            r"[^<>]+, canal presencial, según su expediente\. Semana 23–29 de noviembre de 2026\.",
            auditora,
        )
        assert (
            fechas(pagina(m, "admin.crm"))["6-1 Revisión de accesos"][0]
            == "lun 30 nov, 07:00 Abierta"
        )
        m.clock.move_to(bogota(2026, 12, 8, 9))
        assert fechas(pagina(m, "admin.crm"))["6-1 Revisión de accesos"][0].startswith(
            "lun 30 nov, 07:00 Vencida"
        )
        tarde = pagina(m, "agente.calidad")
        assert "Vencido:" in dias(tarde)["7"]
        assert (
            fechas(tarde)["5.2.23 a 5.2.25 Reportes de los puntos (0 de 23)"][0]
            == "lun 7 dic Vencida"
        )


# --- a report that is sent again, several F189 of a point, the last documents ---------------------
UNA_TAREA = WorkItem(
    "una", "i", "k", 1, "M5_1_02_entrega_interventor", "", "Remitir informe", "gerente_outsourcing", None, ItemState.OPEN, None,
    bogota(2026, 11, 6), None, 0, None, None, {},
)  # fmt: skip


def test_what_is_sent_again_says_so_and_gives_no_reason_that_is_not_its_own(mundo: World) -> None:
    """The term of the first sending is no reason for the day on which it is sent again."""
    with mundo.app.test_request_context(), Session(mundo.engine.db) as s:
        vence = bogota(2026, 11, 10, 23, 59)
        razones = {
            (Clase.REMITIR, "2026-10"): (
                dt.date(2026, 11, 10),
                "2 días hábiles desde que el informe está listo, el vie 6 nov",
            )
        }
        mes = Mes("noviembre de 2026", [], [], [], razones)
        assert mes.razon("act_5_2_32", {"mes": "2026-10"}, vence).startswith("2 días hábiles")
        assert mes.razon("act_5_2_32", {"mes": "2026-10"}, bogota(2026, 11, 25, 23, 59)) == ""
        paquete = interventoria.paquetes(s)[0]
        otra_vez = replace(
            UNA_TAREA,
            element="act_5_2_32",
            data={"paquete_id": paquete.id, "entrega": "2026-10:interventor01"},
        )
        nunca = replace(
            otra_vez, id="otra", data={"paquete_id": paquete.id, "entrega": "2026-10:nadie"}
        )
        dichos = asuntos(s, [otra_vez, nunca], mundo.clock.now())
        assert dichos[otra_vez.id].startswith(
            "Se remitió 1 vez y no hay acuse. Por remitir otra vez:"
        )
        assert dichos["otra"] == "Por remitir: medio físico, medio magnético."


def test_several_tasks_of_a_point_are_told_as_many_and_what_is_folded_is_counted_in_tasks(
    mundo: World,
) -> None:
    auditora = pagina(mundo, "profesional01")
    assert re.search(r"Sortear la que se observa: [^<]+, \d+ atenciones</a>", auditora), (
        "the point, and how many"
    )
    assert not re.search(r": \d+</a>", auditora)
    grupos = re.findall(r'<section class="grupo.*?</section>', auditora, re.DOTALL)
    for grupo in grupos:
        lineas = re.findall(r'<a class="titulo".*?</a>', grupo, re.DOTALL)
        cuantas = [
            int(m[1]) if (m := re.search(r"(\d+) atenciones</a>", linea)) else 1 for linea in lineas
        ]
        conteo = re.search(r'<span class="conteo">(\d+)</span>', grupo)
        assert conteo is not None
        assert sum(cuantas) == int(conteo[1])
        if (dobladas := re.search(r"Ver las otras (\d+)", grupo)) is not None:
            assert int(dobladas[1]) == sum(cuantas[8:])


def test_the_last_documents_name_their_data_and_lead_to_their_files(mundo: World) -> None:
    """Of the entity for who reads indicators; of audits for who makes them, and for nobody else."""
    for usuario in LLEGAN:
        texto = pagina(mundo, usuario)
        tabla = (
            texto[texto.index('id="ui"') :].partition("</section>")[0] if 'id="ui"' in texto else ""
        )
        lee = mundo.person(usuario).get("/reportes/2026-10").status_code == HTTPStatus.OK
        assert ("Informe mensual" in tabla) is lee, usuario
        assert ("Informe de auditoría" in tabla) is (
            usuario in ("profesional01", "jefe.ocm") and bool(con_informe(mundo))
        ), usuario
        for donde in re.findall(r'href="([^"]+)"', tabla):
            assert (
                mundo.person(usuario).get(donde.replace("&amp;", "&")).status_code == HTTPStatus.OK
            ), (usuario, donde)
        if usuario == "gerente":
            assert "versión 1" in tabla
            # a part of few is told as its numbers
            assert re.search(r"Nivel de servicio 80/15 \d+ de \d+; meta: al menos 80,0 %", tabla)
            assert re.search(r"acuses", tabla)
            assert re.search(r"\d+ quejas, \d+ reclamos", tabla)


def con_informe(mundo: World) -> list[object]:
    with Session(mundo.engine.db) as s:
        return list(auditorias.informes_remitidos(s, 3))
