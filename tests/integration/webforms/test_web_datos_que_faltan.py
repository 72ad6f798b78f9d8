"""Wrong and missing data of the second half, each with what comes of it: nobody came, nobody rated,
a clock that jumps, a version in force in mid-month, who evaluated themselves. The others are named
in the docstring of the test that has them: test_web_reportes.py (three returns),
test_web_comites.py (no quorum), test_web_interventoria.py (no receipt), test_rules_muestra.py
(ties, small populations)."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.types import SYSTEM
from records.auditorias import auditorias, evaluaciones, muestras
from records.auditorias.tablas import F189
from records.base.actos import Acto
from records.correo.tablas import Aviso
from records.cuentas import separacion
from records.informes import meses
from records.lugares.tablas import Punto
from records.visita.tablas import Atencion, Calificacion
from tests.integration.webforms import test_web_auditorias as auditoria
from tests.integration.webforms.test_web_indicadores import filas
from tests.integration.webforms.test_web_reportes import (
    BIEN,
    NOVIEMBRE,
    PUNTOS,
    TODOS,
    de_cifras,
    generar_y_aprobar,
    hacer,
    tareas,
)
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.pdfs import assert_document, attached, pages
from tests.kit.procedure import BPMN
from tests.kit.tasks import enviar
from tests.kit.visits import is_attended, waits
from tests.kit.web import followed
from webforms.informes.cifras import Corte, filas as filas_de

NUEVO = "NVO-CEN"
PRIMERO = bogota(2026, 12, 1, 6, 1)


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path, cases=60) as m:
        yield m


def escribir(mundo: World) -> Session:
    return Session(mundo.engine.db.execution_options(ventanilla_write=True))


def contar(mundo: World, consulta: str) -> int:
    with mundo.engine.db.connect() as c:
        return int(c.exec_driver_sql(consulta).scalar_one())


def visita(s: Session, punto: str, ficha: str, llegada: dt.datetime) -> None:
    """Waited six minutes, was attended for eight."""
    turno = waits(s, punto, ficha, llegada)
    is_attended(s, turno, llegada + dt.timedelta(minutes=6), llegada + dt.timedelta(minutes=14))


def consolidar(mundo: World, conclusiones: str) -> None:
    (item,) = tareas(mundo, "act_5_2_26").values()
    hacer(mundo, item, "gerente.operativo", "gerente_operativo", {"conclusiones": conclusiones})


def hojas_del_libro(mundo: World) -> dict[str, list[list[Any]]]:
    respuesta = mundo.person("gerente").get("/reportes/2026-11/informe.xlsx")
    assert respuesta.status_code == 200
    return {
        hoja.title: [[c.value for c in fila] for fila in hoja.iter_rows()]
        for hoja in load_workbook(io.BytesIO(respuesta.data))
    }


# --- nobody came, nobody rated --------------------------------------------------------------------
def test_a_point_where_nobody_came_owes_its_report_and_says_so(
    mundo: World, tmp_path: Path
) -> None:
    with escribir(mundo) as s, s.begin():
        horario = {"hora_apertura": dt.time(8), "hora_cierre": dt.time(17)}
        s.add(
            Punto(
                codigo=NUEVO,
                nombre="Punto nuevo",
                ciudad="Cali",
                dane="76001",
                modo_fila="manual",
                **horario,
            )
        )
    move_to(mundo, PRIMERO)
    generar = tareas(mundo, "act_5_2_23")
    assert len(generar) == PUNTOS + 1
    assert de_cifras(mundo, NUEVO) == {}, "of nobody no target is missed"
    assert "Punto nuevo no tuvo turnos ni casos en el mes." in followed(
        mundo.person("agente.calidad").get(f"/tarea/{generar[NUEVO]}").text
    )
    assert "pasó a revisión" in enviar(mundo, "agente.calidad", generar[NUEVO], **BIEN)
    revision = followed(
        mundo.person("gerente").get(f"/tarea/{tareas(mundo, 'act_5_2_24')[NUEVO]}").text
    )
    assert "El punto no tuvo turnos ni casos en el mes." in revision
    generar_y_aprobar(mundo)
    consolidar(mundo, "En el punto nuevo todavía no atiende nadie.")
    punto = assert_document(
        mundo.person("gerente").get(f"/reportes/2026-11/{NUEVO}/reporte.pdf").data, tmp_path
    )
    assert any("no tuvo turnos ni casos en el mes" in hoja for hoja in pages(punto))
    todos = pages(
        assert_document(mundo.person("gerente").get("/reportes/2026-11/informe.pdf").data, tmp_path)
    )
    assert "24 de 24 aprobados" in todos[0]
    cabeza, *dichas = hojas_del_libro(mundo)["Indicadores"]
    assert "Punto nuevo" not in {f[cabeza.index("De")] for f in dichas}, "nothing is counted of it"


def test_a_month_that_nobody_rated_is_reported_and_no_satisfaction_is_made_up(
    mundo: World, tmp_path: Path
) -> None:
    with escribir(mundo) as s, s.begin():
        s.execute(sa.delete(Calificacion))
    move_to(mundo, PRIMERO)
    dichas = filas(mundo.person("gerente").get("/indicadores?mes=2026-11").text)
    assert dichas["Satisfacción"][:3] == ["—", "al menos 85,0 %", "0 de 0"]
    assert dichas["Tasa de calificación"][0].startswith("0,0 %")
    generar_y_aprobar(mundo)
    consolidar(mundo, "En el mes nadie calificó la atención.")
    pagina = followed(mundo.person("gerente").get("/reportes/2026-11").text)
    assert "tasa de calificación (0,0 %)" in pagina, "that nobody was asked is what is missed"
    assert "satisfacción (" not in pagina
    hojas = pages(
        assert_document(mundo.person("gerente").get("/reportes/2026-11/informe.pdf").data, tmp_path)
    )
    assert not any("reservado" in hoja for hoja in hojas), "nobody is to be protected"
    fila = next(f for f in hojas_del_libro(mundo)["Indicadores"] if f[4] == "Satisfacción")
    assert fila[6:13] == [None, "por ciento", 0, 0, 85, None, None]


# --- who evaluated themselves ---------------------------------------------------------------------
def test_who_evaluated_an_attention_of_their_own_before_is_found_and_named(mundo: World) -> None:
    """The form refuses it (test_web_auditorias.py): this one came another way."""
    consola = mundo.app.test_cli_runner()
    assert consola.invoke(args=["audit", "segregation"]).exit_code == 0
    with escribir(mundo) as s, s.begin():
        hecho = s.scalars(sa.select(F189).order_by(F189.id)).first()
        assert hecho is not None
        cuantos, quien = s.scalar(sa.select(sa.func.count(F189.id))), hecho.asesor_id
        hecho.auditor = quien
        s.flush()
        (regla,) = (r for r in separacion.probadas(s) if r.regla == separacion.ATENCION_PROPIA)
        assert (regla.casos, [v.quien for v in regla.violaciones]) == (cuantos, [quien])
    mal = consola.invoke(args=["audit", "segregation"])
    assert mal.exit_code == 1
    assert f"Nadie evalúa una atención suya: {quien}" in mal.output
    pagina = followed(
        mundo.person("cumplimiento").get(f"/controles/separacion/{separacion.ATENCION_PROPIA}").text
    )
    assert "No se cumple" in pagina
    assert "Se declara en: 5.2.27, en el F189." in pagina


# --- a clock that jumps ---------------------------------------------------------------------------
def test_a_clock_that_ran_ahead_closes_no_month_and_draws_no_sample_twice_and_what_it_left_out_is_told(
    mundo: World,
) -> None:
    """A week ahead by mistake, set right, and the same days once more: starts by the calendar
    happen once, and nothing is lost."""
    noviembre = "SELECT count(*) FROM instance WHERE process = 'M5_1_02_reporte_mensual' AND start_key LIKE '%2026-12-01%'"
    semana = "SELECT count(*) FROM instance WHERE process = 'M5_1_02_auditoria' AND start_key LIKE '%2026-11-30%'"
    incidentes = contar(mundo, "SELECT count(*) FROM incident")
    move_to(mundo, PRIMERO)
    with Session(mundo.engine.db) as s:
        (cerrado,) = meses.versiones(s, NOVIEMBRE)
        contadas = meses.leer(s, cerrado).filas["visitas"]
        assert meses.sin_contar(s, cerrado) == 0
    ahora = bogota(2026, 11, 25, 9)
    move_to(mundo, ahora)
    with escribir(mundo) as s, s.begin():
        visita(s, "BOG-AGU", "Z001", ahora)
    for cuando in (
        bogota(2026, 11, 30, 7, 1),
        PRIMERO,
        bogota(2026, 11, 30, 23),
        bogota(2026, 12, 1, 8),
    ):
        move_to(mundo, cuando)
    assert (contar(mundo, noviembre), contar(mundo, semana)) == (1, 1)
    assert contar(mundo, "SELECT count(*) FROM incident") == incidentes
    assert len(tareas(mundo, "act_5_2_23")) == PUNTOS
    with Session(mundo.engine.db) as s:
        (cerrado,) = meses.versiones(s, NOVIEMBRE)
        assert meses.verificar(s, cerrado) == ()
        a = auditorias.de_semana(s, auditoria.SEMANA)
        assert a is not None
        vuelta = muestras.volver_a_sacar(s, a)
        assert (vuelta.es_la_misma, vuelta.poblacion_hoy) == (True, False), (
            "who came after the draw is not drawn, and that is told"
        )
    muestra = followed(mundo.person("jefe.ocm").get(f"/auditorias/{auditoria.SEMANA}/muestra").text)
    assert "La población de hoy no es la guardada" in muestra
    _is_corrected(mundo, contadas)


def _is_corrected(mundo: World, contadas: int) -> None:
    """The month says what it does not count to whoever may make another version; that one counts
    it, once."""
    dicho = "1 turno de este mes no está en ninguna cifra."
    assert dicho in followed(mundo.person("gerente.operativo").get("/indicadores?mes=2026-11").text)
    with escribir(mundo) as s, s.begin():
        otra = meses.cerrar(
            s,
            NOVIEMBRE,
            Acto("gerente.operativo", mundo.clock.now()),
            "El reloj del servidor estuvo adelantado.",
        )
        assert (otra.version, meses.leer(s, otra).filas["visitas"]) == (2, contadas + 1)
        assert meses.sin_contar(s, otra) == 0
    pagina = followed(mundo.person("gerente.operativo").get("/indicadores?mes=2026-11").text)
    assert "en ninguna cifra" not in pagina
    move_to(mundo, bogota(2027, 1, 1, 6, 1))
    with Session(mundo.engine.db) as s:
        (diciembre,) = meses.versiones(s, dt.date(2026, 12, 1))
        assert meses.leer(s, diciembre).filas["visitas"] == 0, (
            "it is in November, and not once more as late"
        )


# --- a version in force in mid-month --------------------------------------------------------------
def poner_en_vigor(mundo: World, archivo: str, *cambios: tuple[str, str]) -> int:
    texto = (BPMN / archivo).read_text()
    for viejo, nuevo in cambios:
        assert viejo in texto, viejo
        texto = texto.replace(viejo, nuevo)
    return mundo.engine.releases.deploy(
        {archivo: texto.encode()}, actor=SYSTEM, now=mundo.clock.now(), note="A mitad de mes"
    ).release


def test_an_audit_keeps_the_form_and_the_tables_it_began_with_and_the_next_takes_the_new_ones(
    mundo: World,
) -> None:
    move_to(mundo, bogota(2026, 11, 30, 7, 1))
    regla = 'id="f189_criterios_r41_s_puntos"><text>'
    nueva = poner_en_vigor(mundo, "f189_criterios.dmn", (f"{regla}10<", f"{regla}4<"))
    nueva = max(
        nueva,
        poner_en_vigor(
            mundo,
            "auditoria_semanal.bpmn",
            ('name="Diligenciar F189"', 'name="Diligenciar formato F189"'),
        ),
    )
    bien = {**auditoria.BIEN, "evaluable": True, "fatales": []}

    def f189(semana: str) -> F189:
        """Of a week, the first that is done."""
        with Session(mundo.engine.db) as s:
            todas = reads.items.inbox(s, auditoria.TODOS, InboxFilter(element="act_5_2_27"))
            item = next(i for i in todas if i.data["semana"] == semana)
            nombre = reads.releases.element_name(
                s, mundo.engine.catalog, item.release, item.element
            )
        assert nombre == (
            "Diligenciar F189" if semana == auditoria.SEMANA else "Diligenciar formato F189"
        )
        auditoria.hacer(mundo, item.id, "profesional01", "profesional_ocm", **bien)
        with Session(mundo.engine.db) as s:
            hecho = evaluaciones.de_muestra(s, int(item.data["muestra_id"]))
            assert hecho is not None
            puntos = evaluaciones.por_campo(evaluaciones.criterios(s, hecho.id))["10"]
        assert puntos == ((10.0, 10.0) if semana == auditoria.SEMANA else (4.0, 10.0))
        return hecho

    antes = f189(auditoria.SEMANA)
    with escribir(mundo) as s, s.begin():  # attentions of the next week
        viejas = s.scalars(
            sa.select(Atencion.id).where(Atencion.fin < bogota(2026, 11, 20)).limit(10)
        ).all()
        s.execute(
            sa.update(Atencion).where(Atencion.id.in_(viejas)).values(fin=bogota(2026, 12, 2, 10))
        )
    move_to(mundo, bogota(2026, 12, 7, 7, 1))
    despues = f189("2026-W50")
    assert antes.version_en_vigor is not None
    assert antes.version_en_vigor < nueva == despues.version_en_vigor
    for hecho, version in ((antes, 1), (despues, 2)):
        pagina = followed(mundo.person("jefe.ocm").get(f"/f189/{hecho.id}").text)
        for dicho in (
            f"formato, versión {version}",
            f"puntos por criterio, versión {version}",
            "bandas, versión 1",
        ):
            assert dicho in pagina, dicho
    with Session(mundo.engine.db) as s:
        assert auditorias.verificar(s).faltas == ()


def test_reports_of_a_closed_month_go_on_as_they_began_and_the_next_month_takes_the_new_version(
    mundo: World,
) -> None:
    move_to(mundo, PRIMERO)
    poner_en_vigor(
        mundo,
        "reporte_mensual.bpmn",
        ('name="Revisar reporte del punto"', 'name="Revisar el reporte"'),
        ("n_devoluciones &gt;= 3", "n_devoluciones &gt;= 2"),
    )
    with escribir(mundo) as s, s.begin():
        visita(s, "BOG-AGU", "Z001", bogota(2026, 12, 2, 9))

    def devolver_dos_veces(mes: str) -> tuple[str, int]:
        """What the review is called, and how many letters the second return wrote."""
        nombre = ""
        for ronda in range(2):
            hecho = (
                {**BIEN, "cambio": "Se corrigió", "resp_general": "Corregido."} if ronda else BIEN
            )
            hacer(
                mundo,
                abierta(mes, "act_5_2_25" if ronda else "act_5_2_23").id,
                "agente.calidad",
                "agente_calidad",
                hecho,
            )
            item = abierta(mes, "act_5_2_24")
            with Session(mundo.engine.db) as s:
                nombre = reads.releases.element_name(
                    s, mundo.engine.catalog, item.release, item.element
                )
            no = {"cumple_requisitos": False, "obs_general": "Falta."}
            hacer(mundo, item.id, "gerente", "gerente_outsourcing", no)
        with Session(mundo.engine.db) as s:
            cartas = s.scalars(sa.select(Aviso.texto).where(Aviso.tipo == "reporte_devuelto")).all()
        return nombre, sum(mes in texto for texto in cartas)

    def abierta(mes: str, elemento: str) -> Any:
        with Session(mundo.engine.db) as s:
            todas = reads.items.inbox(s, TODOS, InboxFilter(element=elemento))
            return next(
                i for i in todas if i.data["mes"] == mes and i.data["punto_id"] == "BOG-AGU"
            )

    assert devolver_dos_veces("2026-11") == ("Revisar reporte del punto", 0)
    move_to(mundo, bogota(2027, 1, 1, 6, 1))
    assert devolver_dos_veces("2026-12") == ("Revisar el reporte", 1)
    generar_y_aprobar_lo_que_falta(mundo)
    consolidar(mundo, "El mes se informa con la versión con la que empezó.")
    with Session(mundo.engine.db) as s:
        empezadas = sa.text(
            "SELECT release FROM instance WHERE process = 'M5_1_02_reporte_mensual' ORDER BY started_at DESC LIMIT 2"
        )
        despues, antes = s.execute(empezadas).scalars()
        assert antes < despues


def generar_y_aprobar_lo_que_falta(mundo: World) -> None:
    """November: one report is to be adjusted, the others to be made."""
    (ajustar,) = tareas(mundo, "act_5_2_25").values()
    for item in tareas(mundo, "act_5_2_23").values():
        tarde = {**BIEN, "tarde": "Se hizo con los de diciembre."}
        hacer(mundo, item, "agente.calidad", "agente_calidad", tarde)
    hacer(
        mundo,
        ajustar,
        "agente.calidad",
        "agente_calidad",
        {**BIEN, "cambio": "Se corrigió", "resp_general": "Corregido."},
    )
    generar_y_aprobar(mundo)


# --- beside the same month of last year -----------------------------------------------------------
def test_a_month_stands_beside_the_same_month_of_last_year_on_page_paper_and_sheet(
    mundo: World, tmp_path: Path
) -> None:
    """And what a report says otherwise than its version before stands in each of them."""
    with escribir(mundo) as s, s.begin():
        for n in range(25):
            visita(
                s,
                "BOG-AGU",
                f"Z{n:03d}",
                bogota(2025, 11, 12, 8, 15) + dt.timedelta(minutes=17 * n),
            )
        meses.cerrar(s, dt.date(2025, 11, 1), Acto("motor", mundo.clock.now()))
    move_to(mundo, PRIMERO)
    punto = "BOG-AGU"
    hacer(mundo, tareas(mundo, "act_5_2_23")[punto], "agente.calidad", "agente_calidad", BIEN)
    no = {"cumple_requisitos": False, "obs_general": "Diga de qué días habla."}
    hacer(mundo, tareas(mundo, "act_5_2_24")[punto], "gerente", "gerente_outsourcing", no)
    ahora = {
        "comentarios": "El 12 y el 13 faltaron dos asesores.",
        "cambio": "Se nombran los días",
        "resp_general": "Esos dos.",
    }
    hacer(mundo, tareas(mundo, "act_5_2_25")[punto], "agente.calidad", "agente_calidad", ahora)
    generar_y_aprobar(mundo)
    consolidar(mundo, "La espera de la tarde pide otro asesor.")
    with Session(mundo.engine.db) as s, mundo.app.test_request_context():
        version = meses.versiones(s, NOVIEMBRE)[0]
        de_la_entidad = {f.indicador.id: f for f in filas_de(s, Corte(version, "total", ""))}
        espera, satisfaccion = de_la_entidad["I1"], de_la_entidad["I6"]
    hace_un_anio = espera.dicho_hace_un_anio
    assert hace_un_anio.startswith("6")
    assert satisfaccion.dicho_hace_un_anio == "—", "a second month of ratings could be subtracted"
    gerente = mundo.person("gerente")
    for direccion in (
        "/reportes/2026-11",
        f"/reportes/2026-11/{punto}",
        "/indicadores?mes=2026-11",
    ):
        pagina = followed(gerente.get(direccion).text)
        assert f'data-l="Hace un año">{hace_un_anio}</td>' in pagina, direccion
    cambio = (BIEN["comentarios"], ahora["comentarios"])
    for direccion in ("informe.pdf", f"{punto}/reporte.pdf"):
        leido = assert_document(gerente.get(f"/reportes/2026-11/{direccion}").data, tmp_path)
        hojas = " ".join(pages(leido))
        assert "Hace un año" in hojas
        assert "Qué cambió de la versión anterior a esta" in hojas
        lineas = [
            fila.split(";")
            for fila in attached(leido)["indicadores-2026-11.csv"].lstrip("\ufeff").splitlines()
        ]
        assert lineas[0][13:15] == ["Mes anterior", "Hace un año"]
        assert next(f[14] for f in lineas if f[3] == "I1") == "6"
    libro = hojas_del_libro(mundo)
    assert next(f[14] for f in libro["Indicadores"] if f[3] == "I1") == 6
    nombre = next(f[2] for f in libro["Indicadores"] if "Aguas" in str(f[2]))
    assert [nombre, 1, 2, "Comentarios", *cambio, "Se nombran los días"] in libro["Cambios"]
