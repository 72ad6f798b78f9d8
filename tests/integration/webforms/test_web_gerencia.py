"""The operation now (issue: dashboards): who sees it, that its figures are those of the rows, what
each opens to, how it lives."""

import datetime as dt
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.tables import Item
from records.casos.reglas import estados
from records.casos.tablas import Caso
from records.cuentas.tablas import RolAsignado
from records.informes import ahora, diario, meses
from records.informes.diario import Propia
from records.informes.tablas import DiaActividad, DiaAsesor, DiaHora, DiaResumido
from records.plazos.reglas.calendario import dia_local
from records.visita.tablas import Turno
from tests.kit.month import World, month
from tests.kit.statements import counting
from tests.kit.web import followed
from webforms.informes import diario as de_dias
from webforms.informes.cuadro import Cuadro, PuntoAhora
from webforms.informes.diario import resumir_lo_que_falta

#: Their templates are the only readers.
assert len({Propia.por_dia, Propia.media_s, PuntoAhora.mayor_min, PuntoAhora.que_pasa}) == 4
assert Cuadro.mayor is not Cuadro.con_alerta
PAGINAS = (
    "/gerencia",
    "/gerencia/ahora",
    "/gerencia/muro",
    "/gerencia/muro/ahora",
    "/gerencia/turnos",
    "/gerencia/casos",
)


@pytest.fixture(scope="module")
def mundo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("gerencia"), cases=60) as m:
        yield m


def leer(mundo: World) -> Session:
    return Session(mundo.engine.db)


def test_managers_and_who_coordinates_see_it_and_nobody_else(mundo: World) -> None:
    for usuario in ("gerente", "gerente.operativo", "coordinador"):
        browser = mundo.person(usuario)
        assert [browser.get(a).status_code for a in (*PAGINAS, "/gerencia/punto/BOG-AGU")] == [
            200
        ] * 7, usuario
    for usuario in ("gerente", "gerente.operativo"):
        browser = mundo.person(usuario)
        assert browser.get("/").headers["Location"] == "/inicio"
        primera = followed(browser.get("/inicio").text)
        assert "Lo que le espera" in primera
        # a page has one thing to do: a task, where there is one
        espera = "No le espera ninguna tarea" not in primera
        assert (
            f'class="btn btn-sm {"btn-outline-primary" if espera else "btn-primary"}" href="/gerencia"'
            in primera
        )
        assert ("Hallazgos abiertos" in primera) is (usuario == "gerente"), (
            "who has no part in the committee reads nothing of it"
        )
    for usuario in (
        "asesor.bog01",
        "funcionario.vcc01",
        "analista",
        "administrador",
        "interventor01",
        "agente.calidad",
    ):
        browser = mundo.person(usuario)
        # the list behind the figures of the board is for whoever has the board
        tiene_tablero = browser.get("/tablero-de-carga").status_code == 200
        assert {
            a for a in (*PAGINAS, "/gerencia/punto/BOG-AGU") if browser.get(a).status_code != 403
        } == ({"/gerencia/casos"} if tiene_tablero else set()), usuario


def test_who_manages_one_point_sees_that_one(mundo: World) -> None:
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        fila = s.scalars(sa.select(RolAsignado).where(RolAsignado.rol == "gerente_operativo")).one()
        fila.ambito = "MED-CEN"
    try:
        browser = mundo.person("gerente.operativo")
        pagina = browser.get("/gerencia").text
        assert "Medellín" in pagina
        assert "El punto, ahora" in pagina
        assert "Bogotá, Aguas" not in pagina
        assert "Casos abiertos por área" not in pagina, "areas belong to no point"
        assert browser.get("/gerencia/punto/MED-CEN").status_code == 200
        assert browser.get("/gerencia/turnos?punto=MED-CEN").status_code == 200
        for ajena in (
            "/gerencia/punto/BOG-AGU",
            "/gerencia/turnos",
            "/gerencia/turnos?punto=BOG-AGU",
            "/gerencia/casos",
        ):
            assert browser.get(ajena).status_code == 404, ajena
    finally:
        with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
            s.scalars(
                sa.select(RolAsignado).where(RolAsignado.rol == "gerente_operativo")
            ).one().ambito = None


# --- the figures ----------------------------------------------------------------------------------
A_MANO = """
WITH de_turno AS (
  SELECT t.id, t.punto_id, CAST(strftime('%H', t.llegada, '-5 hours') AS INTEGER) AS franja, coalesce(t.resultado, '') AS resultado,
    (SELECT count(*) FROM turno_periodo p WHERE p.turno_id = t.id AND (p.confiable = 0 OR p.fin IS NULL)) AS dudosos,
    (SELECT round(sum((julianday(p.fin) - julianday(p.inicio)) * 86400)) FROM turno_periodo p
      WHERE p.turno_id = t.id AND p.estado = 'espera') AS espera
  FROM turno t WHERE t.fecha = :dia
)
SELECT punto_id, franja, count(*), sum(resultado IN ('abandono', 'ausente')),
  sum(resultado IN ('abandono', 'ausente') OR (dudosos = 0 AND espera IS NOT NULL)),
  sum(resultado NOT IN ('abandono', 'ausente') AND dudosos = 0 AND espera <= 900)
FROM de_turno GROUP BY punto_id, franja ORDER BY punto_id, franja
"""


def test_each_day_agrees_with_plain_sql_and_with_the_day_while_it_went_on(mundo: World) -> None:
    """Three ways to the same figures: by the definitions of the indicators, by the statement of the
    live page, by hand."""
    with leer(mundo) as s:
        dias = sorted(diario.resumidos(s, dt.date(2026, 1, 1)))
        assert len(dias) > 20, "the load sums up the days of its history"
        assert dias[-1] == dia_local(mundo.clock.now()) - dt.timedelta(days=1)
        vistos = 0
        for dia in dias:
            de_dia = [
                (h.punto_id, h.franja, h.visitas, h.abandonos, h.medibles, h.a_tiempo)
                for h in diario.horas(s, [dia])
            ]
            a_mano = [tuple(f) for f in s.execute(sa.text(A_MANO), {"dia": dia.isoformat()})]
            entonces = dt.datetime.combine(dia, dt.time(23), dt.UTC)
            en_vivo = [
                (h.punto_id, h.franja, h.visitas, h.abandonos, h.medibles, h.a_tiempo)
                for h in ahora.horas_de_hoy(s, entonces)
            ]
            assert sorted(de_dia) == a_mano == sorted(en_vivo), dia
            vistos += sum(f[2] for f in a_mano)
        assert vistos == s.scalar(sa.select(sa.func.count()).where(Turno.fecha <= dias[-1]))


def test_the_days_of_a_month_add_up_to_its_closed_indicators(mundo: World) -> None:
    with leer(mundo) as s:
        octubre = dt.date(2026, 10, 1)
        version = meses.vigente(s, octubre)
        assert version is not None
        cerradas = {c.indicador: c for c in meses.cifras(s, version.id)}
        dias = [d for d in diario.resumidos(s, octubre) if d.month == 10]
        horas = diario.horas(s, dias)
        assert (sum(h.a_tiempo for h in horas), sum(h.medibles for h in horas)) == (
            cerradas["I3"].numerador,
            cerradas["I3"].n,
        )
        assert (sum(h.abandonos for h in horas), sum(h.visitas for h in horas)) == (
            cerradas["I4"].numerador,
            cerradas["I4"].n,
        )
        n, segundos = diario.espera_en_la_fila(s, dias)
        assert Fraction(segundos, n) == cerradas["I1"].valor
        assert n == cerradas["I1"].n > 0


def test_time_of_an_activity_is_told_apart_into_work_and_waiting(mundo: World) -> None:
    with leer(mundo) as s:
        filas = s.scalars(sa.select(DiaActividad)).all()
        assert {"act_5_2_2", "act_5_2_10", "act_5_2_17"} <= {f.elemento for f in filas}
        assert all(0 <= f.trabajo_s <= f.veces * 16 * 3600 and f.espera_s >= 0 for f in filas), (
            "work is of one day only"
        )
        una = [f for f in filas if f.elemento == "act_5_2_17"]
        assert sum(f.espera_s for f in una) > sum(f.trabajo_s for f in una) > 0, (
            "a case lies longer than somebody works on it"
        )
        a_mano = s.execute(
            sa.text(
                "SELECT count(*), sum((julianday(closed_at) - julianday(opened_at)) * 86400) FROM work_item"
                " WHERE element = 'act_5_2_17' AND state = 'done' AND date(closed_at, '-5 hours') < :hoy"
            ),
            {"hoy": dia_local(mundo.clock.now()).isoformat()},
        ).one()
        assert sum(f.veces for f in una) == a_mano[0]
        assert sum(f.espera_s + f.trabajo_s for f in una) == pytest.approx(
            a_mano[1], abs=2 * len(una)
        ), "nothing of its time is lost"


def test_a_day_made_again_is_the_same(mundo: World) -> None:
    with leer(mundo) as s:
        antes = sorted(
            (h.fecha, h.punto_id, h.franja, h.visitas)
            for h in diario.horas(s, sorted(diario.resumidos(s, dt.date(2026, 1, 1))))
        )
    hecho = mundo.app.test_cli_runner().invoke(args=["daily", "--rebuild", "--desde", "2026-11-01"])
    assert (hecho.exit_code, hecho.output.strip()) == (0, "Se volvieron a hacer 23 días.")
    with leer(mundo) as s:
        otra = sorted(
            (h.fecha, h.punto_id, h.franja, h.visitas)
            for h in diario.horas(s, sorted(diario.resumidos(s, dt.date(2026, 1, 1))))
        )
    assert otra == antes
    assert "No falta ningún día" in mundo.app.test_cli_runner().invoke(args=["daily"]).output
    sin_dia = mundo.app.test_cli_runner().invoke(args=["daily", "--rebuild"])
    assert (sin_dia.exit_code, "Escriba desde qué día" in sin_dia.output) == (1, True)
    assert (
        resumir_lo_que_falta(
            mundo.engine.uow, mundo.clock.now() + dt.timedelta(days=1), seguir=lambda: False
        )
        == []
    )


def test_a_day_that_cannot_be_summed_up_keeps_no_other_waiting(
    mundo: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = mundo.clock.now()
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        dias = sorted(diario.resumidos(s, dt.date(2026, 1, 1)))[-4:]
        for tabla in (DiaHora, DiaAsesor, DiaActividad, DiaResumido):
            s.execute(sa.delete(tabla).where(tabla.fecha.in_(dias)))
    suyo, malo = de_dias.resumir_un_dia, dias[-1]

    def resumir(session: Session, dia: dt.date, now: dt.datetime) -> None:
        if dia == malo:
            raise ValueError(dia)
        suyo(session, dia, now)

    monkeypatch.setattr(de_dias, "resumir_un_dia", resumir)
    assert resumir_lo_que_falta(mundo.engine.uow, now) == dias[:-1][::-1]
    monkeypatch.undo()
    assert resumir_lo_que_falta(mundo.engine.uow, now) == [malo]


# --- what opens -----------------------------------------------------------------------------------
def cuantas_filas(pagina: str) -> int:
    return len(re.findall(r'<tr role="row">\s*<th role="rowheader"', pagina))


def test_each_figure_opens_to_as_many_lines_without_a_name(mundo: World) -> None:
    gerente = mundo.person("gerente")
    pagina = gerente.get("/gerencia").text
    hallados = {
        (a.replace("&amp;", "&"), int(n.replace(".", "")))
        for a, n in re.findall(
            r'href="(/gerencia/(?:casos|turnos)[^"]*)">\s*([\d.]+)\s*[<]', pagina
        )
    }
    assert len(hallados) > 15
    for direccion, n in sorted(hallados):
        lista = gerente.get(direccion).text
        (dicho,) = re.findall(r"<h1[^>]*>[^<]*: ([\d.]+)</h1>", lista)
        assert (int(dicho.replace(".", "")), cuantas_filas(lista)) == (n, min(n, 50)), direccion
    with leer(mundo) as s:
        nombres = list(
            s.scalars(
                sa.text("SELECT nombre FROM persona JOIN caso ON caso.persona_id = persona.id")
            )
        )
    todos = gerente.get("/gerencia/casos").text + gerente.get("/gerencia/turnos").text + pagina
    assert [n for n in nombres if n in todos] == []
    assert "/caso/" not in gerente.get("/gerencia/casos").text, (
        "who may not see every case gets no way to it"
    )
    assert "/caso/" in mundo.person("coordinador").get("/gerencia/casos").text
    de_todas, otra_vez = (
        gerente.get(f"/gerencia/casos{de}").text for de in ("", "?area=todas&termino=")
    )
    assert '<option value="todas" selected>Todas las áreas' in de_todas, (
        "the filter says what the list is of"
    )
    assert (
        re.findall(r"Casos abiertos: [\d.]+", de_todas)
        == re.findall(r"Casos abiertos: [\d.]+", otra_vez)
        != []
    )
    for malo in (
        "/gerencia/casos?area=NADA",
        "/gerencia/turnos?punto=NADA",
        "/gerencia/punto/NADA",
    ):
        assert gerente.get(malo).status_code == 404, malo
    assert gerente.get("/gerencia/turnos?pagina=999999999999&cual=x").status_code == 200


def cifras_de(pagina: str) -> dict[str, int]:
    """Address of the list → the figure, of the line of open cases."""
    return {
        a.replace("&amp;", "&"): int(n.replace(".", ""))
        for a, n in re.findall(r'<a class="n" href="([^"]+)">([\d.]+)</a>', pagina)
    }


def test_open_cases_are_one_number_wherever_they_are_counted(mundo: World) -> None:
    """First page, inbox, board and «Los puntos ahora»; each figure opens as many cases."""
    coordinador = mundo.person("coordinador")
    dichas = [
        cifras_de(coordinador.get(d).text)
        for d in ("/inicio", "/bandeja", "/bandeja?vista=areas", "/tablero-de-carga")
    ]
    assert len(dichas[0]) == 3
    assert all(d == dichas[0] for d in dichas)
    for direccion, n in dichas[0].items():
        lista = coordinador.get(direccion).text
        (dicho,) = re.findall(r"<h1[^>]*>[^<]*: ([\d.]+)</h1>", lista)
        assert (int(dicho.replace(".", "")), cuantas_filas(lista)) == (n, min(n, 50)), direccion
    vivo = coordinador.get("/gerencia").text
    for direccion in ("/gerencia/casos", "/gerencia/casos?termino=fuera"):
        assert re.search(rf'href="{re.escape(direccion)}">\s*{dichas[0][direccion]}\b', vivo)
    with leer(mundo) as s:
        abiertas = sa.select(Caso.area_id, sa.func.count()).where(Caso.estado.in_(estados.ABIERTOS))
        por_area = dict(s.execute(abiertas.group_by(Caso.area_id)).all())
    assert dichas[0]["/gerencia/casos"] == sum(por_area.values())
    lider = mundo.person("lider.vcc")
    assert cifras_de(lider.get("/bandeja").text)["/gerencia/casos"] == por_area["VCC"]
    suyos = lider.get("/gerencia/casos").text
    assert f"Casos abiertos: {por_area['VCC']}<" in suyos
    caso = re.findall(r'href="(/caso/[^"]+)"', suyos)[0]
    assert lider.get(caso).status_code == 200
    otra = next(a for a in por_area if a not in (None, "VCC"))
    assert lider.get(f"/gerencia/casos?area={otra}").status_code == 404
    assert cifras_de(mundo.person("funcionario.vcc01").get("/bandeja").text) == {}


def test_what_waits_stands_on_the_first_page_by_how_urgent_it_is(mundo: World) -> None:
    gerente = followed(mundo.person("gerente").get("/inicio").text)
    assert "Octubre de 2026, punto por punto" in gerente
    with leer(mundo) as s:
        espera = sum(h.esperan for h in ahora.horas_de_hoy(s, mundo.clock.now()))
        abiertas = {i.id for i in s.scalars(sa.select(Item).where(Item.state == "open"))}
    assert f'<b class="cuantos">{espera}</b>' in gerente
    coordinador = followed(mundo.person("coordinador").get("/inicio").text)
    vistas = re.findall(r"/tarea/([^/?\"]+)\?volver=bandeja", coordinador)
    assert 0 < len(vistas) <= 30
    assert set(vistas) <= abiertas
    lineas = re.findall(r'<li class="tarea-inicio">(.*?)</li>', coordinador, re.DOTALL)
    assert len(lineas) == len(vistas)
    # several have one name: each says of which case it is, and what it is about
    assert all(re.search(r'class="nota">\d{4}-\d{7} · \w', linea) for linea in lineas)
    grupos = re.findall(r'<section class="grupo ([\w-]+)">', coordinador)
    assert (
        grupos
        == [g for g in ("critica", "vencida", "por-vencer", "tranquila") if g in grupos]
        != []
    )


def test_an_adviser_reads_their_own_days_and_no_other_s(mundo: World) -> None:
    with leer(mundo) as s:
        quien = s.scalars(sa.select(DiaAsesor.asesor_id).order_by(DiaAsesor.asesor_id)).first()
        assert quien is not None
        suyos = diario.de_un_asesor(s, quien, dt.date(2026, 10, 1))
    pagina = followed(mundo.person(quien).get("/mi-calidad").text)
    dias = re.findall(
        r'<th role="rowheader" scope="row">(\w{3} \d+ \w{3})</th> <td role="cell" class="num" data-l="Turnos">(\d+)</td>',
        pagina,
    )
    assert [int(n) for _dia, n in dias] == [d.turnos for _dia, d in reversed(suyos)][:20]
    assert dias
    assert "Solo usted y quien coordina lo ven" in pagina


def test_advisers_stand_by_name_beside_their_own_days(mundo: World) -> None:
    pagina = mundo.person("gerente").get("/gerencia/punto/BOG-AGU").text
    tabla = pagina[pagina.index('id="asesores"') :]
    nombres = re.findall(r'<th role="rowheader" scope="row">([^<]+)</th>', tabla)
    assert len(nombres) > 10
    with leer(mundo) as s:
        por_nombre = list(
            s.scalars(
                sa.text(
                    "SELECT nombre FROM cuenta WHERE usuario LIKE 'asesor.bog%' ORDER BY nombre, usuario"
                )
            )
        )
    assert nombres == [n for n in por_nombre if n in nombres]
    assert "Nadie se ordena por sus cifras" in pagina
    assert "muy pocas para juzgar" in pagina


# --- how it lives ---------------------------------------------------------------------------------
def test_the_page_says_of_what_its_forecast_is_made(mundo: World) -> None:
    pagina = followed(mundo.person("gerente").get("/gerencia").text)
    assert "«Usual» es la mediana de los últimos 4 martes sin festivo" in pagina
    assert "va del día que menos tuvo al que más" in pagina
    assert "Próxima hora, a las 11" in pagina
    assert "lo demás es espera" in pagina


def test_with_nothing_known_before_and_everything_closed_it_says_so(mundo: World) -> None:
    """On a Sunday night: no point opens, no Sunday was ever one to compare with, and nobody
    waits."""
    antes = mundo.clock.now()
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.execute(sa.text("UPDATE punto SET abierto_hasta = NULL"))
        s.execute(sa.text("DELETE FROM dia_resumido WHERE strftime('%w', fecha) = '0'"))
    mundo.clock.move_to(dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC))
    try:
        pagina = followed(mundo.person("gerente").get("/gerencia").text)
        assert "ningún punto abre a esa hora" in pagina
        assert (
            "No hay ningún domingo anterior resumido: nada se llama usual y no se prevé." in pagina
        )
        assert "nadie en la fila" in pagina
        assert pagina.count(">Cerrado</span>") == 23
        muro = followed(mundo.person("gerente").get("/gerencia/muro").text)
        assert "ningún punto está abierto" in muro
    finally:
        mundo.clock.move_to(antes)
        resumir_lo_que_falta(mundo.engine.uow, antes)


def test_who_has_the_parts_gets_an_empty_answer_until_something_changes(mundo: World) -> None:
    gerente = mundo.person("gerente")
    for direccion in ("/gerencia/ahora", "/gerencia/muro/ahora"):
        primera = gerente.get(direccion)
        assert re.findall(r'data-parte="(\w+)"', primera.text)[0] == "cifras"
        igual = gerente.get(direccion, headers={"If-None-Match": primera.headers["ETag"]})
        assert (igual.status_code, igual.data) == (304, b"")
        mundo.clock.advance(dt.timedelta(minutes=2))
        assert (
            gerente.get(direccion, headers={"If-None-Match": primera.headers["ETag"]}).status_code
            == 200
        ), "who waits waits longer"
    pagina = gerente.get("/gerencia").text
    partes = re.findall(r'data-parte="(\w+)"', gerente.get("/gerencia/ahora").text)
    assert set(partes) <= set(re.findall(r'data-parte="(\w+)"', pagina))


def test_the_page_costs_the_same_statements_however_many_turns(mundo: World) -> None:
    gerente = mundo.person("gerente")
    for direccion, cuantas in (("/gerencia", 16), ("/gerencia/ahora", 11), ("/gerencia/muro", 11)):
        gerente.get(direccion)
        with counting(mundo.engine.db) as cost:
            gerente.get(direccion)
        assert len(cost.texts) <= cuantas, (direccion, cost.texts)
        assert cost.written == 0
