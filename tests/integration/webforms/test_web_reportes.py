"""Monthly reports (5.2.23–5.2.26): made, sent back, answered, approved, joined; each by whoever it
belongs to."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import NotAllowed
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Role
from records.base.actos import Acto
from records.base.comprobaciones import Verificados
from records.base.errores import DatoInvalido
from records.correo.tablas import Aviso
from records.informes import meses, reportes
from records.informes.tablas import InformeMensual, ReportePunto
from records.lugares.tablas import Punto
from records.visita.tablas import Turno
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.tasks import enviar
from tests.kit.web import followed
from webforms.base.personas import nombre_de
from webforms.informes.cifras import Fila
from webforms.informes.formularios import Consolidar
from webforms.informes.reporte import Hoja
from webforms.salas import FORMS

TODOS = Actor(
    ActorKind.PERSON,
    "nadie",
    frozenset(
        Role(r, None) for r in ("agente_calidad", "gerente_outsourcing", "gerente_operativo")
    ),
)
NOVIEMBRE = dt.date(2026, 11, 1)
PUNTOS = 23


def primero(m: World) -> None:
    """The first of December: the calendar has closed November, and each point owes its report."""
    move_to(m, bogota(2026, 12, 1, 6, 1))


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path, primero, cases=60) as m:
        yield m


def tareas(mundo: World, elemento: str) -> dict[str, str]:
    """Point → open item of this activity, of November."""
    with Session(mundo.engine.db) as s:
        todas = reads.items.inbox(s, TODOS, InboxFilter(element=elemento))
        return {i.scope or "": i.id for i in todas if i.data["mes"] == "2026-11"}


BIEN = {"comentarios": "El mes fue como los demás; las esperas se explican por dos ausencias."}


def de_cifras(mundo: World, punto: str) -> dict[str, str]:
    """A comment for each target that the point missed."""
    pagina = mundo.person("agente.calidad").get(f"/tarea/{tareas(mundo, 'act_5_2_23')[punto]}").text
    return dict.fromkeys(re.findall(r'name="(com_\w+)"', pagina), "Ese día faltaron dos asesores.")


def test_a_report_comes_back_with_observations_is_answered_and_approved(mundo: World) -> None:
    generar = tareas(mundo, "act_5_2_23")
    assert len(generar) == PUNTOS
    punto = max(generar, key=lambda p: len(de_cifras(mundo, p)))
    bandeja = followed(mundo.person("agente.calidad").get("/bandeja").text)
    assert f"Generar reporte del punto: {nombre(mundo, punto)}, noviembre de 2026" in bandeja
    item, comentadas = generar[punto], de_cifras(mundo, punto)
    assert comentadas, "some target was missed"
    assert "Escriba por qué no se cumplió esta meta" in enviar(mundo, "agente.calidad", item)
    dicho = enviar(mundo, "agente.calidad", item, **BIEN, **comentadas)
    assert f"El reporte de {nombre(mundo, punto)}, noviembre de 2026, pasó a revisión." in dicho

    assert (
        mundo.person("agente.calidad")
        .get(f"/tarea/{tareas(mundo, 'act_5_2_24')[punto]}")
        .status_code
        == 404
    )
    revisar = tareas(mundo, "act_5_2_24")[punto]
    pagina = followed(mundo.person("gerente").get(f"/tarea/{revisar}").text)
    assert BIEN["comentarios"] in pagina
    assert "Cada meta que no se cumple tiene su comentario." in pagina
    assert "Diga si el reporte cumple los requisitos" in enviar(mundo, "gerente", revisar)
    assert "al menos una observación" in enviar(mundo, "gerente", revisar, cumple_requisitos="no")
    observada = next(iter(comentadas)).replace("com_", "obs_")
    devuelto = {
        "cumple_requisitos": "no",
        observada: "¿Cuáles asesores?",
        "obs_general": "Diga de qué días habla.",
    }
    assert "con sus observaciones" in enviar(mundo, "gerente", revisar, **devuelto)

    ajustar = tareas(mundo, "act_5_2_25")[punto]
    pagina = mundo.person("agente.calidad").get(f"/tarea/{ajustar}").text
    assert BIEN["comentarios"] in pagina, "it is adjusted, not written again"
    assert "¿Cuáles asesores?" in pagina
    assert re.search(
        r'<div class="ayuda" id="resp_general-a">Diga de qué días habla.</div>', pagina
    ), "what is answered stands at its field"
    assert set(re.findall(r'name="(resp_\w+)"', pagina)) == {
        "resp_general",
        observada.replace("obs_", "resp_"),
    }
    nuevos = {
        **BIEN,
        **comentadas,
        "cambio": "Se nombran los días",
        "comentarios": "El 12 y el 13 faltaron dos asesores de tres.",
    }
    assert "Responda la observación" in enviar(mundo, "agente.calidad", ajustar, **nuevos)
    respuestas = {
        "resp_general": "Del 12 y el 13.",
        observada.replace("obs_", "resp_"): "Los de los módulos 1 y 2.",
    }
    enviar(mundo, "agente.calidad", ajustar, **nuevos, **respuestas)

    revisar = tareas(mundo, "act_5_2_24")[punto]
    assert "Cada observación de la ronda anterior tiene su respuesta." in followed(
        mundo.person("gerente").get(f"/tarea/{revisar}").text
    )
    aprobado = {"cumple_requisitos": "si", "obs_general": "Para el mes que viene, con fechas."}
    cual = enviar(mundo, "gerente", revisar, **aprobado)
    assert 'href="#aprueba_asi"' in cual, "which of the two is meant"
    assert aprobado["obs_general"] in cual
    assert "Aprobó el reporte" in enviar(mundo, "gerente", revisar, **aprobado, aprueba_asi="si")
    pagina = followed(mundo.person("cumplimiento").get(f"/reportes/2026-11/{punto}").text)
    for texto in (
        "Aprobado",
        "Se nombran los días",
        "¿Cuáles asesores?",
        "Los de los módulos 1 y 2.",
        "Qué cambió de la versión 1 a la 2",
    ):
        assert texto in pagina, texto
    primera = followed(
        mundo.person("cumplimiento").get(f"/reportes/2026-11/{punto}?version=1").text
    )
    assert nuevos["comentarios"] not in primera
    assert "Esta es la versión 1, que se devolvió." in primera
    assert "Versión 1, devuelta" in primera
    libro = mundo.person("gerente").get(f"/reportes/2026-11/{punto}/reporte.xlsx?version=1").data
    cabeza, *filas = load_workbook(io.BytesIO(libro))["Indicadores"].iter_rows(values_only=True)
    dichas = [dict(zip(cabeza, f, strict=True)) for f in filas]
    assert all(d["Comentario"] for d in dichas if d["Cumple"] == "No"), "each with its reason"
    (con_observacion,) = (d for d in dichas if d["Observación de la revisión"])
    assert con_observacion["Código"] == observada.removeprefix("obs_").replace("_", ".")
    assert {d["Revisó"] for d in dichas} == {"María Correa"}
    assert f"1 de {PUNTOS} aprobados" in followed(
        mundo.person("gerente").get("/reportes/2026-11").text
    )
    with Session(mundo.engine.db) as s, pytest.raises(DatoInvalido):
        reportes.consolidar(
            s,
            NOVIEMBRE,
            "Falta casi todo en este mes.",
            Acto("gerente.operativo", mundo.clock.now()),
        )


def nombre(mundo: World, punto: str) -> str:
    with Session(mundo.engine.db) as s:
        return str(s.scalar(sa.select(Punto.nombre).where(Punto.codigo == punto)))


def hacer(mundo: World, item: str, usuario: str, rol: str, valores: dict[str, Any]) -> None:
    """The form through the engine, as its page would send it."""
    quien = Actor(ActorKind.PERSON, usuario, frozenset({Role(rol, None)}))
    with Session(mundo.engine.db) as s:
        formulario = FORMS[DE[reads.items.item(s, item).element]]
    mundo.engine.items.complete(
        item, values=valores, actor=quien, now=mundo.clock.now(), records=formulario.records
    )


# their templates are the only readers
assert len({Fila.dicho_antes, Fila.dicho_hace_un_anio, Hoja.requisitos}) == 3
DE = {
    "act_5_2_23": "agente_calidad.generar_reporte",
    "act_5_2_24": "gerente.revisar_reporte",
    "act_5_2_25": "agente_calidad.ajustar_reporte",
    "act_5_2_26": "gerente_operativo.consolidar",
}


def generar_y_aprobar(mundo: World) -> None:
    for item in tareas(mundo, "act_5_2_23").values():
        hacer(mundo, item, "agente.calidad", "agente_calidad", BIEN)
    for item in tareas(mundo, "act_5_2_24").values():
        hacer(mundo, item, "gerente", "gerente_outsourcing", {"cumple_requisitos": True})


def test_all_of_them_are_joined_with_conclusions_and_the_complaints_have_a_report_of_their_own(
    mundo: World,
) -> None:
    with Session(mundo.engine.db) as s:
        de_octubre = reportes.verificar(s).cuantos
    generar_y_aprobar(mundo)
    (consolidar,) = tareas(mundo, "act_5_2_26").values()
    pagina = enviar(mundo, "gerente.operativo", consolidar, conclusiones="corto")
    assert "Escriba entre 20 y 4000 caracteres" in pagina
    assert "Junta 23 reportes aprobados." in pagina
    conclusiones = "=La espera de la tarde pide otro asesor en Neiva."
    enviar(mundo, "gerente.operativo", consolidar, conclusiones=conclusiones)
    assert mundo.person("cumplimiento").get("/reportes").location.endswith("/reportes/2026-11")
    pagina = followed(mundo.person("cumplimiento").get("/reportes/2026-11").text)
    for texto in (
        conclusiones,
        "23 de 23 aprobados",
        "Informe mensual de quejas, reclamos o sugerencias",
    ):
        assert texto in pagina, texto
    quejas = followed(mundo.person("gerente").get("/reportes/2026-11/quejas").text)
    with Session(mundo.engine.db) as s:
        congelado = meses.leer(s, meses.versiones(s, NOVIEMBRE)[0]).mes
        recibidas = sum(c.clase == "queja" and congelado.paso(c.recepcion) for c in congelado.casos)
        informe = reportes.informe(s, NOVIEMBRE, reportes.INTERVENTORIA)
        assert informe is not None
        assert len(reportes.contenido(informe)["reportes"]) == PUNTOS
        assert reportes.verificar(s) == Verificados(de_octubre + PUNTOS + 2, ())
    assert re.search(
        rf'Quejas</th> *<td role="cell" class="num" data-l="Recibidos">{recibidas}</td>', quejas
    )
    assert not tareas(mundo, "act_5_2_26")
    leer_libro(mundo, conclusiones, recibidas)

    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.execute(
            sa.update(ReportePunto)
            .where(ReportePunto.punto_id == "NVA-CEN")
            .values(comentarios="Otra cosa muy distinta.")
        )
        s.execute(
            sa.update(InformeMensual)
            .where(InformeMensual.tipo == "interventoria")
            .values(conclusiones="Todo bien.")
        )
    roto = mundo.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert roto.exit_code == 1
    assert "reporte de NVA-CEN, 2026-11, versión 1" in roto.output
    assert "informe interventoria de 2026-11, versión 1" in roto.output


def nombres_de_puntos(mundo: World) -> list[Punto]:
    with Session(mundo.engine.db) as s:
        return list(s.scalars(sa.select(Punto)))


def leer_libro(mundo: World, conclusiones: str, quejas: int) -> None:
    """The workbook, read back: the same figures as the page, numbers as numbers, and no formula
    whatever people wrote."""
    respuesta = mundo.person("cumplimiento").get("/reportes/2026-11/informe.xlsx")
    assert respuesta.status_code == 200
    libro = load_workbook(io.BytesIO(respuesta.data))
    assert libro.sheetnames == [
        "Informe",
        "Indicadores",
        "Reportes",
        "Quejas y reclamos",
    ]
    hojas = {
        hoja.title: [[celda.value for celda in fila] for fila in hoja.iter_rows()] for hoja in libro
    }
    assert ["Conclusiones", conclusiones] in hojas["Informe"]
    with Session(mundo.engine.db) as s:
        version = meses.versiones(s, NOVIEMBRE)[0]
        (abandono,) = (c for c in meses.cifras(s, version.id) if c.indicador == "I4")
        puntos = {c.clave for c in meses.cifras(s, version.id, "punto", None)}
    cabeza, *renglones = hojas["Indicadores"]
    dichas = [dict(zip(cabeza, r, strict=True)) for r in renglones]
    entera = next(d for d in dichas if (d["De"], d["Código"]) == ("La entidad", "I4"))
    assert (entera["Numerador"], entera["De cuántos"]) == (abandono.numerador, abandono.n)
    assert entera["Valor"] == pytest.approx(float(abandono.valor or 0) * 100, abs=0.005)
    assert {d["De"] for d in dichas if d["De"] != "La entidad"} == {
        p.nombre for p in nombres_de_puntos(mundo) if p.codigo in puntos
    }
    for d in dichas:  # never a text where a number belongs
        columnas = ("Valor", "Numerador", "De cuántos", "Meta desde", "Meta hasta", "Mes anterior")
        assert all(isinstance(d[c], int | float | None) for c in columnas), d
        assert d["Cumple"] in (None, "Sí", "No", "reservado")
    de_puntos = [d for d in dichas if d["De"] != "La entidad"]
    assert all(d["Revisó"] for d in de_puntos), "and with who reviewed it"
    assert len(hojas["Reportes"]) == 1 + PUNTOS
    assert sum(fila[3] for fila in hojas["Quejas y reclamos"][1:] if fila[0] == "Queja") == quejas
    assert not [
        celda
        for hoja in libro
        for fila in hoja.iter_rows()
        for celda in fila
        if celda.data_type == "f"
    ]
    with mundo.engine.db.connect() as c:
        assert (
            c.exec_driver_sql(
                "SELECT count(*) FROM access WHERE subject = 'informe.xlsx'"
            ).scalar_one()
            == 1
        )


def test_a_month_that_is_corrected_meanwhile_leaves_each_report_with_the_figures_it_was_made_of(
    mundo: World,
) -> None:
    punto = "BOG-AGU"  # the one with most turns
    hacer(mundo, tareas(mundo, "act_5_2_23")[punto], "agente.calidad", "agente_calidad", BIEN)
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.execute(sa.update(Turno).where(Turno.punto_id == punto).values(resultado="abandono"))
        meses.cerrar(
            s,
            NOVIEMBRE,
            Acto("gerente.operativo", mundo.clock.now()),
            "Los turnos de ese punto no se atendieron.",
        )
    revisar = tareas(mundo, "act_5_2_24")[punto]
    del_mes = mundo.person("gerente").get("/reportes/2026-11").text
    assert "Hechos con una versión anterior del mes" in del_mes
    assert "Los turnos de ese punto no se atendieron." in del_mes
    assert f'href="/tarea/{revisar}">Devolverlo en su revisión (5.2.24)</a>' in del_mes, (
        "who may send it back is led there"
    )
    de_otro = followed(mundo.person("agente.calidad").get("/reportes/2026-11").text)
    assert (
        "Quien lo revisa puede devolverlo (5.2.24); se rehace con la versión de ahora." in de_otro
    )
    assert "1 reporte se hizo con una versión anterior" in followed(
        mundo.person("gerente").get("/indicadores?mes=2026-11").text
    )
    pagina = followed(mundo.person("gerente").get(f"/tarea/{revisar}").text)
    assert "Sus cifras son de la versión 1 del mes; ya hay otra." in pagina
    viejas = abandono(pagina)
    assert "con sus observaciones" in enviar(
        mundo,
        "gerente",
        revisar,
        cumple_requisitos="no",
        obs_general="Use la versión nueva del mes.",
    )
    ajustar = tareas(mundo, "act_5_2_25")[punto]
    nuevas = abandono(followed(mundo.person("agente.calidad").get(f"/tarea/{ajustar}").text))
    assert viejas != nuevas, "who adjusts it sees what the next version will be made of"
    assert "Se está ajustando (5.2.25)" in followed(
        mundo.person("gerente").get(f"/reportes/2026-11/{punto}").text
    )
    hacer(
        mundo,
        ajustar,
        "agente.calidad",
        "agente_calidad",
        {**BIEN, "cambio": "Cifras nuevas", "resp_general": "Hecho."},
    )
    otra_vez = followed(
        mundo.person("gerente").get(f"/tarea/{tareas(mundo, 'act_5_2_24')[punto]}").text
    )
    assert re.search(
        r"Datos del mes</th>.{,80}<del>Versión 1</del>.{,80}<ins>Versión 2</ins>", otra_vez
    ), "who reviews it sees what changed"
    pagina = followed(mundo.person("gerente").get(f"/reportes/2026-11/{punto}").text)
    assert abandono(pagina) == nuevas
    assert "El mes se corrigió" not in pagina, "it was made again"
    assert (
        "Hechos con una versión anterior del mes"
        not in mundo.person("gerente").get("/reportes/2026-11").text
    )
    assert re.search(
        r"Datos del mes</th>.{,80}<del>Versión 1</del>.{,80}<ins>Versión 2</ins>", pagina
    )
    assert re.search(r"Abandono</th>.{,80}<del>[^<]*</del>", pagina)
    assert (
        abandono(followed(mundo.person("gerente").get(f"/reportes/2026-11/{punto}?version=1").text))
        == viejas
    )
    leer_libro_de_punto(mundo, punto)


def leer_libro_de_punto(mundo: World, punto: str) -> None:
    """Its figures with what was said of each, and what the second version changed; the first as it
    was."""
    hojas = {}
    for version, hay in (
        (2, ["Reporte", "Indicadores", "Cambios"]),
        (1, ["Reporte", "Indicadores"]),
    ):
        respuesta = mundo.person("gerente").get(
            f"/reportes/2026-11/{punto}/reporte.xlsx?version={version}"
        )
        assert respuesta.status_code == 200
        libro = load_workbook(io.BytesIO(respuesta.data))
        assert libro.sheetnames == hay
        assert not [
            celda
            for hoja in libro
            for fila in hoja.iter_rows()
            for celda in fila
            if celda.data_type == "f"
        ]
        hojas[version] = {
            hoja.title: [[celda.value for celda in fila] for fila in hoja.iter_rows()]
            for hoja in libro
        }
    assert ["Versión", 2] in hojas[2]["Reporte"]
    with Session(mundo.engine.db) as s:
        for v in (1, 2):
            (cifra,) = (
                c
                for c in meses.cifras(s, meses.versiones(s, NOVIEMBRE)[2 - v].id, "punto", punto)
                if c.indicador == "I4"
            )
            dicha = next(fila for fila in hojas[v]["Indicadores"] if fila[3] == "I4")
            assert dicha[8:10] == [cifra.numerador, cifra.n]
    assert [fila[1:4] for fila in hojas[2]["Cambios"][1:2]] == [[1, 2, "Datos del mes"]]
    assert "Observación de la revisión" in hojas[1]["Indicadores"][0]
    assert (
        mundo.person("gerente").get(f"/reportes/2026-11/{punto}/reporte.xlsx?version=9").status_code
        == 404
    )


def abandono(pagina: str) -> str:
    (celda,) = re.findall(
        r'>Abandono <span class="nota">I4</span>.*?data-l="De cuántos">(.*?)</td>', pagina
    )
    return str(celda)


def test_who_joins_reports_of_an_older_version_of_the_month_is_told(mundo: World) -> None:
    generar_y_aprobar(mundo)
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        meses.cerrar(
            s,
            NOVIEMBRE,
            Acto("gerente.operativo", mundo.clock.now()),
            "Se anuló una visita registrada dos veces.",
        )
    assert Consolidar.de_antes == ()
    (consolidar,) = tareas(mundo, "act_5_2_26").values()
    pagina = followed(mundo.person("gerente.operativo").get(f"/tarea/{consolidar}").text)
    assert (
        f"Después de estos reportes se hizo otra versión del mes: {nombre(mundo, 'AXM-CEN')}, "
        in pagina
    )
    punto = followed(mundo.person("gerente").get("/reportes/2026-11/AXM-CEN").text)
    assert "El mes se corrigió: va en la versión 2, y este reporte se hizo con la 1" in punto
    assert "el proceso no lo reabre y queda sobre esa versión" in punto
    del_mes = followed(mundo.person("gerente.operativo").get("/reportes/2026-11").text)
    with Session(mundo.engine.db) as s:
        anteriores = reportes.de_antes(s, NOVIEMBRE)
        assert {a.situacion.punto_id for a in anteriores if a.situacion} == {
            x.punto_id for x in reportes.situaciones(s, NOVIEMBRE)
        }
        quien = nombre_de(
            s,
            anteriores[0].situacion.revision.por
            if anteriores[0].situacion and anteriores[0].situacion.revision
            else None,
        )
    assert del_mes.count(
        "Está aprobado y el proceso no lo reabre: queda sobre la versión 1, y el mes va en la 2."
    ) == len(anteriores)
    assert quien in del_mes


def test_who_makes_a_report_never_reviews_it_whatever_roles_they_hold(mundo: World) -> None:
    """Segregation of duties: on the diagram, and in the records for whoever would come another
    way."""
    punto, item = next(iter(tareas(mundo, "act_5_2_23").items()))
    hacer(mundo, item, "gerente", "agente_calidad", BIEN)
    with pytest.raises(NotAllowed):
        hacer(
            mundo,
            tareas(mundo, "act_5_2_24")[punto],
            "gerente",
            "gerente_outsourcing",
            {"cumple_requisitos": True},
        )
    with Session(mundo.engine.db) as s:
        reporte = reportes.ultimo(s, NOVIEMBRE, punto)
        assert reporte is not None
        with pytest.raises(DatoInvalido, match="no lo revisa"):
            reportes.revisar(
                s,
                reporte.id,
                cumple=True,
                observaciones={},
                acto=Acto("gerente", mundo.clock.now()),
            )
    assert tareas(mundo, "act_5_2_24").keys() == {punto}, "it waits for somebody else"


def test_the_fifth_business_day_tells_who_is_missing_and_the_third_return_tells_the_gerente_operativo(
    mundo: World,
) -> None:
    """Q17, Q18: alerts, never automatic acceptance."""
    punto, item = next(iter(tareas(mundo, "act_5_2_23").items()))
    hacer(mundo, item, "agente.calidad", "agente_calidad", BIEN)
    for ronda in range(3):
        assert len(avisos(mundo, "reporte_devuelto")) == 0, ronda
        no = {"cumple_requisitos": False, "obs_general": f"Falta, ronda {ronda}."}
        hacer(mundo, tareas(mundo, "act_5_2_24")[punto], "gerente", "gerente_outsourcing", no)
        si = {**BIEN, "cambio": "Se corrigió", "resp_general": "Corregido."}
        if ronda < 2:
            hacer(mundo, tareas(mundo, "act_5_2_25")[punto], "agente.calidad", "agente_calidad", si)
    ((para, texto),) = avisos(mundo, "reporte_devuelto")
    assert para.startswith("gerente.operativo@")
    assert nombre(mundo, punto) in texto
    move_to(mundo, bogota(2026, 12, 7, 23, 58))
    assert avisos(mundo, "faltan_reportes") == []
    move_to(mundo, bogota(2026, 12, 8, 0, 1))
    faltan = avisos(mundo, "faltan_reportes")
    assert len(faltan) == 3
    assert not any("Hoy" in texto for _para, texto in faltan), "it is sent when that day is over"
    assert all(
        "Faltan por aprobar" in texto and f"{nombre(mundo, punto)}: por ajustar" in texto
        for _para, texto in faltan
    )
    assert len(tareas(mundo, "act_5_2_23")) == PUNTOS - 1, "they go on"
    _never_accepted_by_time(mundo, punto, si)


def _never_accepted_by_time(mundo: World, punto: str, si: dict[str, Any]) -> None:
    """Sent back a fourth time and left alone until the month is over: another letter, and it still
    waits for a person."""
    hacer(mundo, tareas(mundo, "act_5_2_25")[punto], "agente.calidad", "agente_calidad", si)
    otra_vez = {"cumple_requisitos": False, "obs_general": "Falta todavía."}
    hacer(mundo, tareas(mundo, "act_5_2_24")[punto], "gerente", "gerente_outsourcing", otra_vez)
    assert len(avisos(mundo, "reporte_devuelto")) == 2
    hacer(mundo, tareas(mundo, "act_5_2_25")[punto], "agente.calidad", "agente_calidad", si)
    move_to(mundo, bogota(2026, 12, 31, 23, 0))
    assert tareas(mundo, "act_5_2_24").keys() == {punto}
    with Session(mundo.engine.db) as s:
        (suya,) = (x for x in reportes.situaciones(s, NOVIEMBRE) if x.punto_id == punto)
        assert (suya.estado, suya.devoluciones) == (reportes.POR_REVISAR, 4)
        with pytest.raises(DatoInvalido, match="Falta aprobar"):
            reportes.consolidar(
                s,
                NOVIEMBRE,
                "Se acabó el mes y hay que entregarlo.",
                Acto("gerente.operativo", mundo.clock.now()),
            )


def avisos(mundo: World, tipo: str) -> list[tuple[str, str]]:
    with Session(mundo.engine.db) as s:
        todos = s.scalars(sa.select(Aviso).where(Aviso.tipo == tipo).order_by(Aviso.id))
        return [(a.para, a.texto) for a in todos if "2026-11" in a.texto]


def test_of_a_month_without_turns_nobody_owes_a_report(mundo: World) -> None:
    """September is closed by hand, long before the first turn; the process would do the same."""
    septiembre = dt.date(2026, 9, 1)
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        cerrado = meses.cerrar(s, septiembre, Acto("motor", mundo.clock.now()))
        assert reportes.pedir(s, septiembre, cerrado, Acto("motor", mundo.clock.now())) == []
        assert reportes.situaciones(s, septiembre) == []
        assert {s_.estado for s_ in reportes.situaciones(s, NOVIEMBRE)} == {reportes.POR_GENERAR}
    pagina = followed(mundo.person("gerente").get("/reportes/2026-09").text)
    assert "A ningún punto se le pidió reporte de este mes." in pagina
    for mala in (
        "/reportes/2026-13",
        "/reportes/nada",
        "/reportes/2026-12",
        "/reportes/2026-11/NADA",
        "/reportes/2026-09/quejas",
    ):
        assert mundo.person("gerente").get(mala).status_code == 404, mala
    for usuario in ("asesor.bog01", "funcionario.vcc01", "analista"):
        assert mundo.person(usuario).get("/reportes/2026-11").status_code == 403
