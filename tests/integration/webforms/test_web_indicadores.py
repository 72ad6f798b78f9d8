"""Indicators of closed months (5.2.23): who sees them, what is told of few, what opens behind a
figure, how a month is corrected."""

import csv
import datetime as dt
import html
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engine.types import SYSTEM
from records.base import pedidos
from records.base.actos import Acto
from records.base.tablas import CierrePedido
from records.informes import cierres as informes_cierres, meses
from records.informes.reglas.indicadores import INDICADORES, Indicador
from records.visita.tablas import Turno
from tests.kit import web as web_kit
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.web import csrf, followed
from webforms.informes import cifras
from webforms.informes.cifras import Fila
from webforms.informes.indicadores import TABLAS

# their templates are the only readers
assert len({Indicador.formula, Fila.de_cuantos, Fila.sin_medir}) == 3
NOVIEMBRE = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def mundo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A small month of the demo, closed on the day after it ended."""
    with month(tmp_path_factory.mktemp("indicadores"), cases=60) as m:
        m.clock.move_to(bogota(2026, 12, 1, 9))
        with Session(m.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
            meses.cerrar(s, NOVIEMBRE, Acto("motor", m.clock.now()))
        yield m


@pytest.fixture
def abierto(tmp_path: Path) -> Iterator[World]:
    """A smaller one that nobody has closed."""
    with month(tmp_path, cases=60) as m:
        m.clock.move_to(bogota(2026, 12, 1, 9))
        yield m


def filas(pagina: str) -> dict[str, list[str]]:
    """Name of an indicator → what stands in its cells."""
    hechas = {}
    for fila in re.findall(r'<tr role="row">\s*<th role="rowheader".*?</tr>', pagina, re.DOTALL):
        celdas = [
            " ".join(html.unescape(re.sub(r"<[^>]+>", " ", c)).split())
            for c in re.findall(r"<t[dh].*?</t[dh]>", fila, re.DOTALL)
        ]
        hechas[celdas[0].partition(" I")[0]] = celdas[1:]
    return hechas


def test_who_coordinates_closes_a_month_by_hand_and_corrects_it_with_a_reason(
    abierto: World,
) -> None:
    """5.2.23: without a closed month nothing is shown; a version needs its reason; the access chain
    keeps each hash."""
    jefe, revisor = abierto.person("coordinador"), abierto.person("cumplimiento")
    vacia = jefe.get("/indicadores").text
    assert "Indicadores de octubre de 2026" in vacia, (
        "the calendar closed it while the month went by"
    )
    assert "Hay un mes sin cerrar" in vacia
    assert "Cerrar noviembre de 2026" in vacia
    datos = {"csrf_token": csrf(vacia), "mes": "2026-11"}
    assert (
        revisor.post(
            "/indicadores/cerrar",
            data={**datos, "csrf_token": csrf(revisor.get("/indicadores").text)},
        ).status_code
        == 403
    )
    hecho = jefe.post("/indicadores/cerrar", data=datos)
    assert hecho.status_code == 302
    pagina = followed(se_cierra(abierto, jefe, hecho.location))
    assert "Noviembre de 2026 quedó cerrado: versión 1." in pagina
    assert "Indicadores de noviembre de 2026" in pagina
    assert "sin cerrar" not in pagina
    with Session(abierto.engine.db) as s:
        (primera,) = meses.versiones(s, NOVIEMBRE)
        assert (primera.por, primera.version, meses.verificar(s, primera)) == ("coordinador", 1, ())
        primera_huella = primera.huella

    negada = jefe.post(
        "/indicadores/cerrar?mes=2026-11",
        data={"csrf_token": csrf(pagina), "mes": "2026-11", "motivo": "  "},
    )
    assert negada.status_code == 422
    assert "escriba por qué se hace otra versión" in negada.text
    assert re.search(r'<input[^>]*id="motivo"[^>]*aria-invalid="true"', followed(negada.text))
    corregido = {
        "csrf_token": csrf(pagina),
        "mes": "2026-11",
        "motivo": "Se anuló una visita registrada dos veces",
    }
    vaga = jefe.post("/indicadores/cerrar?mes=2026-11", data={**corregido, "motivo": "x"})
    assert vaga.status_code == 422, "a reason that says nothing is none"
    anular_un_abandono(abierto)
    vista = jefe.post("/indicadores/cerrar?mes=2026-11", data=corregido)
    assert vista.status_code == 200, "it is shown before it is done"
    antes_y_despues = comparadas(followed(vista.text))
    assert "Abandono" in antes_y_despues
    assert antes_y_despues["Abandono"][0] != antes_y_despues["Abandono"][1]
    with Session(abierto.engine.db) as s:
        assert len(meses.versiones(s, NOVIEMBRE)) == 1
    corregido["visto"] = "1"
    pedida = jefe.post("/indicadores/cerrar?mes=2026-11", data=corregido)
    assert pedida.status_code == 302
    de_nuevo = jefe.post("/indicadores/cerrar?mes=2026-11", data=corregido)
    assert de_nuevo.status_code == 422, "it waits once"
    decide = {"csrf_token": datos["csrf_token"], "mes": "2026-11"}
    con_sello = {**decide, "visto": sello(jefe, decide), "decide": "aprobar"}
    propia = jefe.post("/indicadores/corregir", data=con_sello)
    assert propia.status_code == 422, "nobody approves what they asked for"
    otra_persona = abierto.person("gerente.operativo")
    decide["csrf_token"] = csrf(otra_persona.get("/indicadores?mes=2026-11").text)
    muda = otra_persona.post("/indicadores/corregir", data={**decide, "decide": "devolver"})
    assert muda.status_code == 422, "it is not sent back without a word"
    a_ciegas = otra_persona.post("/indicadores/corregir", data={**decide, "decide": "aprobar"})
    assert a_ciegas.status_code == 200, "what nobody was shown is shown first"
    assert comparadas(followed(a_ciegas.text)) == antes_y_despues
    with Session(abierto.engine.db) as s:
        assert len(meses.versiones(s, NOVIEMBRE)) == 1
    aprobada = otra_persona.post(
        "/indicadores/corregir",
        data={**decide, "visto": sello(otra_persona, decide), "decide": "aprobar"},
    )
    otra = se_cierra(abierto, jefe, aprobada.location)
    with Session(abierto.engine.db) as s:
        corregida = meses.vigente(s, NOVIEMBRE)
        assert corregida is not None
        assert (corregida.version, corregida.por) == (2, "coordinador")
        dada = informes_cierres.aprobada(s, corregida)
        assert dada is not None
        assert dada.decidida_por == "gerente.operativo"
    assert comparadas(followed(otra)) == antes_y_despues, "what was shown is what was done"
    assert "Motivo: Se anuló una visita registrada dos veces." in followed(otra)
    vieja = followed(jefe.get("/indicadores?mes=2026-11&version=1").text)
    assert primera_huella[:12] in vieja
    assert "Versión 1, cerrada " in vieja
    for malo in ("mes=2026-09", "mes=2026-11&version=9", "de=punto:NADA", "mes=nada"):
        assert jefe.get(f"/indicadores?{malo}").status_code == 404, malo
    assert (
        jefe.post(
            "/indicadores/cerrar", data={"csrf_token": csrf(pagina), "mes": "2026-13"}
        ).status_code
        == 422
    )
    futuro = jefe.post("/indicadores/cerrar", data={"csrf_token": csrf(pagina), "mes": "2026-12"})
    assert (futuro.status_code, "El mes no ha terminado" in futuro.text) == (422, True)
    with abierto.engine.db.connect() as c:
        cierres = list(
            c.exec_driver_sql(
                "SELECT actor_id, subject, detail FROM access WHERE kind = 'cierre_mes'"
            )
        )
    assert [(f[0], f[1]) for f in cierres] == [
        ("coordinador", "2026-11"),
        ("coordinador", "2026-11"),
    ]
    assert primera_huella in str(cierres[0][2])


def sello(quien: FlaskClient, decide: dict[str, str]) -> str:
    """Of the change as it is shown to this person."""
    pagina = quien.post("/indicadores/corregir", data=decide)
    assert pagina.status_code == 200
    hallado = re.search(r'name="visto" value="([0-9a-f]{64})"', pagina.text)
    return hallado[1] if hallado is not None else ""


def anular_un_abandono(mundo: World) -> None:
    """A turn of November whose person had left, it was said, was attended."""
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        turno = s.scalars(
            sa.select(Turno).where(Turno.fecha >= NOVIEMBRE, Turno.resultado == "abandono")
        ).first()
        assert turno is not None
        turno.resultado = "solucionado"


def comparadas(pagina: str) -> dict[str, list[str]]:
    """What changes, by figure: before, after."""
    tabla = re.search(r"Cifras de toda la entidad que cambian.*?</table>", pagina, re.DOTALL)
    assert tabla is not None
    return filas(tabla[0])


def se_cierra(mundo: World, jefe: FlaskClient, direccion: str) -> str:
    """The page of the closing, then that of the month, when the worker has done it."""
    espera = jefe.get(direccion)
    assert (espera.status_code, "Espera su turno" in espera.text) == (202, True)
    assert jefe.get(f"{direccion}/avance").status_code == 202
    mundo.engine.jobs.run_at(
        "calidad.cerrar_mes", {"cierre_id": int(direccion.rpartition("/")[2])}, mundo.clock.now()
    )
    hecho = jefe.get(direccion)
    assert hecho.status_code == 302
    return jefe.get(hecho.location).text


def test_a_closing_is_cancelled_before_it_is_written_and_refused_when_somebody_was_faster(
    abierto: World,
) -> None:
    """Item 11: with progress and cancel; what was read is dropped, and the month is still to be
    closed."""
    jefe, mira = abierto.person("coordinador"), abierto.person("cumplimiento")
    datos = {"csrf_token": csrf(jefe.get("/indicadores").text), "mes": "2026-11"}
    direccion = jefe.post("/indicadores/cerrar", data=datos).location
    pedido = int(direccion.rpartition("/")[2])
    otra_vez = jefe.post("/indicadores/cerrar", data=datos)
    assert (otra_vez.status_code, "Este mes ya se está cerrando." in otra_vez.text) == (422, True)
    assert "Se está cerrando noviembre de 2026" in followed(jefe.get("/indicadores").text)
    assert "Cancelar el cierre" not in mira.get(direccion).text
    pasos: list[str] = []

    def a_la_mitad(paso: str, hechos: int, de: int) -> None:
        with abierto.engine.uow.session() as s, s.begin():
            pedidos.va(s, CierrePedido, pedido, paso, hechos, de)
        pasos.append(paso)
        if paso == "cifras" and hechos == 3:
            assert "Calcula los indicadores: 3 de" in followed(jefe.get(f"{direccion}/avance").text)
            cancela = jefe.post(f"{direccion}/cancelar", data={"csrf_token": datos["csrf_token"]})
            assert "Se canceló: nada quedó escrito del mes." in followed(
                jefe.get(cancela.location).text
            )

    with pytest.raises(pedidos.Cancelado), abierto.engine.uow.reading_one_state() as s:
        meses.reunir(s, NOVIEMBRE, Acto("coordinador", abierto.clock.now()), avance=a_la_mitad)
    assert pasos[:3] == ["visitas", "casos", "cifras"]
    abierto.engine.jobs.run_at("calidad.cerrar_mes", {"cierre_id": pedido}, abierto.clock.now())
    with Session(abierto.engine.db) as s:
        assert meses.vigente(s, NOVIEMBRE) is None

    direccion = jefe.post("/indicadores/cerrar", data=datos).location
    with abierto.engine.uow.session() as s, s.begin():
        meses.cerrar(s, NOVIEMBRE, Acto("gerente.operativo", abierto.clock.now()))
    abierto.engine.jobs.run_at(
        "calidad.cerrar_mes", {"cierre_id": int(direccion.rpartition("/")[2])}, abierto.clock.now()
    )
    negado = jefe.get(direccion)
    assert (negado.status_code, "Este mes ya está cerrado" in negado.text) == (200, True)
    assert jefe.get("/indicadores/cierres/99").status_code == 404


def test_who_has_no_part_in_the_quality_sees_no_indicators(mundo: World) -> None:
    for usuario in (
        "asesor.bog01",
        "funcionario.vcc01",
        "analista",
        "administrador",
        "gestion.documental",
    ):
        assert mundo.person(usuario).get("/indicadores").status_code == 403, usuario
    for usuario in (
        "coordinador",
        "cumplimiento",
        "agente.calidad",
        "gerente",
        "gerente.operativo",
    ):
        pagina = mundo.person(usuario).get("/indicadores?mes=2026-11")
        assert pagina.status_code == 200, usuario
        assert ("Corregir el mes" in pagina.text) is (
            usuario in ("coordinador", "gerente.operativo")
        )


def test_few_are_told_as_few_and_targets_are_judged_only_of_enough(mundo: World) -> None:
    jefe = mundo.person("coordinador")
    todas = filas(jefe.get("/indicadores?mes=2026-11").text)
    assert re.fullmatch(r"\d+,\d % (no )?cumple la meta", todas["Abandono"][0])
    assert todas["Abandono"][1] == "hasta 5,0 %"
    assert todas["Tiempo de atención"][1] == "de 6 min a 15 min"
    with Session(mundo.engine.db) as s:
        version = meses.vigente(s, NOVIEMBRE)
        assert version is not None
        de_puntos = {
            c.clave: c for c in meses.cifras(s, version.id, "punto", None) if c.indicador == "I4"
        }
    punto = min((c for c in de_puntos.values() if c.n), key=lambda c: c.n)
    assert punto.n < 20, "a point of the demo with few"
    pocas = filas(jefe.get(f"/indicadores?mes=2026-11&de=punto:{punto.clave}").text)
    assert pocas["Abandono"][0] == f"{punto.numerador} de {punto.n} muy pocos para un porcentaje"
    assert "cumple" not in pocas["Abandono"][0]
    # a time of as few is told, and not judged either; where there is no target, there is nothing to
    # say of judging
    with Session(mundo.engine.db) as s:
        de_asesores = [
            c
            for c in meses.cifras(s, version.id, "asesor", None)
            if c.indicador == "I2" and 0 < c.n < 20
        ]
    pocas = filas(jefe.get(f"/indicadores?mes=2026-11&de=asesor:{de_asesores[0].clave}").text)
    for nombre in ("Tiempo de atención", "Espera de nueve de cada diez"):
        assert re.fullmatch(r"[\d,]+ (min|s) muy pocos para juzgar", pocas[nombre][0]), pocas[
            nombre
        ]
    assert "pocos" not in pocas["Tiempo de espera"][0]
    i1, minutos = INDICADORES["I1"], meses.Cifra("I1", "", 1, 100, Fraction(593))
    assert cifras.decir(i1, minutos) == "9,9 min", "9,89 minutes are not nine"


def test_the_table_says_how_many_turns_were_not_measured(mundo: World) -> None:
    """What is left out of the waiting times is told beside them, not only explained below."""
    todas = filas(mundo.person("coordinador").get("/indicadores?mes=2026-11").text)
    turnos = int(todas["Abandono"][2].split(" de ")[1].replace(".", ""))
    for nombre in ("Tiempo de espera", "Nivel de servicio 80/15"):
        contados, _separador, sin = todas[nombre][2].partition(" sin medir")[0].rpartition(" ")
        assert _separador, todas[nombre]
        medidos = int(contados.split(" de ")[-1].replace(".", ""))
        assert medidos + int(sin) == turnos, nombre


def test_each_figure_opens_to_what_it_counts_and_the_list_leaves_as_a_file(mundo: World) -> None:
    jefe = mundo.person("coordinador")
    for id_ in cifras.INDICADORES.keys() - cifras.RATINGS - set(cifras.EXTREMOS):
        pagina = jefe.get(f"/indicadores/{id_}?mes=2026-11")
        assert pagina.status_code == 200, id_
        with Session(mundo.engine.db) as s:
            version = meses.vigente(s, NOVIEMBRE)
            assert version is not None
            (cifra,) = (c for c in meses.cifras(s, version.id) if c.indicador == id_)
        archivo = jefe.get(f"/indicadores/{id_}/lista.csv?mes=2026-11").text.lstrip("\ufeff")
        filas_ = list(csv.DictReader(archivo.splitlines(), delimiter=";"))
        if cifras.INDICADORES[id_].unidad is cifras.PORCENTAJE:
            assert (len(filas_), sum(f["Se cuenta"] == "Sí" for f in filas_)) == (
                cifra.n,
                cifra.numerador,
            ), id_
        elif id_ == "I13":
            assert (
                float(filas_[0]["Caído en horario de atención (minutos)"].replace(",", ".")) > 0
            ), "an outage, in opening hours"
        else:
            assert len(filas_) == (cifra.numerador if id_ == "I15.mil" else cifra.n), id_
    abandono = jefe.get("/indicadores/I4?mes=2026-11&cual=si").text
    assert "Se retiró" in abandono or "No se presentó" in abandono
    assert ">Atendido<" not in abandono
    primero = re.findall(r'<a href="(/caso/[^"]+)">', abandono)[0]
    assert jefe.get(primero).status_code == 200
    assert (
        '<a href="/caso/'
        not in mundo.person("gerente").get("/indicadores/I4?mes=2026-11&cual=si").text
    ), "who may not see cases"
    with mundo.engine.db.connect() as c:
        salidas = c.exec_driver_sql(
            "SELECT count(*) FROM access WHERE kind = 'exportacion' AND subject = 'indicadores.csv'"
        ).scalar_one()
    assert salidas == len(cifras.INDICADORES) - len(cifras.RATINGS) - len(cifras.EXTREMOS)
    assert re.search(r'href="/indicadores/I4/lista\.csv\?[^"]*cual=si', abandono), (
        "what is shown is what leaves"
    )
    suyas = jefe.get("/indicadores/I4/lista.csv?mes=2026-11&cual=si").text.lstrip("\ufeff")
    de_la_lista = list(csv.DictReader(suyas.splitlines(), delimiter=";"))
    assert {f["Se cuenta"] for f in de_la_lista} == {"Sí"}
    assert f"Exportar {len(de_la_lista)}" in followed(abandono)


def test_a_month_says_what_was_frozen_how_many_rows_and_with_which_hash(mundo: World) -> None:
    pagina = followed(mundo.person("coordinador").get("/indicadores?mes=2026-11").text)
    with Session(mundo.engine.db) as s:
        version = meses.vigente(s, NOVIEMBRE)
        assert version is not None
        congelado, guardado = meses.leer(s, version), meses.guardado(s, version)
    assert {tabla: n for tabla, n, _huella in guardado} == congelado.filas
    with mundo.app.test_request_context():
        nombres = {tabla: str(TABLAS[tabla]) for tabla in congelado.filas}
    for tabla, n, huella in guardado:
        fila = (
            rf'>{nombres[tabla]}</th>.{{,80}}>{n}</td>.{{,80}}<code class="huella">{huella}</code>'
        )
        assert re.search(fila, pagina), tabla
    assert f'<code class="huella">{version.huella}</code>' in pagina


def test_a_file_is_of_times_that_a_spreadsheet_sums(mundo: World) -> None:
    jefe = mundo.person("coordinador")
    espera = jefe.get("/indicadores/I1/lista.csv?mes=2026-11").text.lstrip("\ufeff")
    una = next(csv.DictReader(espera.splitlines(), delimiter=";"))
    assert re.fullmatch(r"2026-11-\d\d \d\d:\d\d", una["Llegada"])
    assert re.fullmatch(r"\d+(,\d+)?", una["Espera (minutos)"]), "a spreadsheet sums it"


def test_nobody_reads_who_gave_which_rating(mundo: World) -> None:
    """No list behind them, none of an adviser or an hour; of a point only with ten, and never so
    that one could be subtracted."""
    jefe = mundo.person("coordinador")
    for id_ in cifras.RATINGS:
        assert jefe.get(f"/indicadores/{id_}?mes=2026-11").status_code == 404
        assert jefe.get(f"/indicadores/{id_}/lista.csv?mes=2026-11").status_code == 404
    opciones = re.findall(
        r'<option value="((?:asesor|franja|punto):[^"]+)"',
        jefe.get("/indicadores?mes=2026-11").text,
    )
    with Session(mundo.engine.db) as s:
        version = meses.vigente(s, NOVIEMBRE)
        assert version is not None
        n_de = {
            c.clave: c.n for c in meses.cifras(s, version.id, "punto", None) if c.indicador == "I6"
        }
    assert len(opciones) > 20
    for de in opciones:
        satisfechos = filas(jefe.get(f"/indicadores?mes=2026-11&de={de}").text)["Satisfacción"][0]
        dimension, _separador, clave = de.partition(":")
        if dimension != "punto":
            assert satisfechos in ("— reservado", "—"), de
        elif 0 < n_de[clave] < 10:
            assert satisfechos == "— reservado", de


@pytest.mark.parametrize(
    ("calificadas", "ocultas"),
    [
        ({"A": 30, "B": 12}, set()),
        ({"A": 30, "B": 12, "C": 3}, {"B", "C"}),  # 45 - 42 would tell of three
        ({"A": 30, "B": 6, "C": 5}, {"B", "C"}),  # eleven together
        ({"A": 4}, {"A"}),
        ({"A": 30, "B": 0}, set()),
    ],
)
def test_too_few_ratings_are_not_found_by_subtracting(
    calificadas: dict[str, int], ocultas: set[str]
) -> None:
    assert cifras.ocultos(calificadas) == ocultas


def test_the_calendar_closes_the_month_once_and_a_closed_one_stays(abierto: World) -> None:
    """`M5_1_02_reporte_mensual`: the journal keeps month, version and hash."""
    abierto.clock.move_to(bogota(2027, 1, 1, 5, 59))
    abierto.engine.pump(abierto.clock.now())
    with Session(abierto.engine.db) as s:
        assert meses.vigente(s, dt.date(2026, 12, 1)) is None
    abierto.clock.move_to(bogota(2027, 1, 1, 6, 1))
    for _n in range(3):
        move_to(abierto, abierto.clock.now())
    with Session(abierto.engine.db) as s:
        (diciembre,) = meses.versiones(s, dt.date(2026, 12, 1))
        assert (diciembre.version, diciembre.por) == (1, SYSTEM.id)
        assert meses.verificar(s, diciembre) == ()
    pagina = abierto.person("gerente").get("/indicadores").text
    assert "Indicadores de diciembre de 2026" in followed(pagina)
    nadie = filas(pagina)["Abandono"]
    assert nadie[0] == "—"
    assert re.fullmatch(r"\d+,\d %", nadie[3]), "the month before stands beside it"
    assert "Hace un año" not in pagina
    noviembre = abierto.person("gerente").get("/indicadores?mes=2026-11").text
    assert noviembre.count('class="tendencia"') > 10
    assert filas(noviembre)["Satisfacción"][3] == "—", (
        "a second month of ratings could be subtracted"
    )


def test_the_shell_tells_a_closed_month_that_was_changed(mundo: World) -> None:
    consola = mundo.app.test_cli_runner()
    bien = consola.invoke(args=["audit", "verify"])
    assert (bien.exit_code, "versiones de meses cerrados" in bien.output) == (0, True), bien.output
    with mundo.engine.db.begin() as c:
        c.exec_driver_sql(
            "UPDATE indicador_mes SET numerador = numerador + 1 WHERE indicador = 'I4' AND dimension = 'total' AND mes_id = 1"
        )
    mal = consola.invoke(args=["audit", "verify"])
    with mundo.engine.db.begin() as c:
        c.exec_driver_sql(
            "UPDATE indicador_mes SET numerador = numerador - 1 WHERE indicador = 'I4' AND dimension = 'total' AND mes_id = 1"
        )
    assert mal.exit_code == 1
    assert "No está como se hizo: mes 2026-10, versión 1: indicadores" in mal.output


def test_before_the_first_closing_the_page_says_so(tmp_path: Path, sqlite_url: str) -> None:
    kit = web_kit.build(tmp_path, sqlite_url)
    pagina = kit.browser("coordinador").get("/indicadores").text
    assert "Todavía no hay meses cerrados" in pagina
    assert "sin cerrar" not in pagina, "nobody came yet"
    kit.engine.db.dispose()
