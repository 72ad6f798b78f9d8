"""The monthly reports as documents: accessible, to be kept, with their data in them; what people
wrote in them is text and nothing else."""

import csv
import datetime as dt
import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from records.informes import meses, reportes
from records.informes.tablas import MesCerrado
from tests.integration.webforms.test_web_reportes import generar_y_aprobar, hacer, tareas
from tests.kit.clock import NOW, bogota
from tests.kit.month import World, month, move_to
from tests.kit.pdfs import assert_document, attached, pages, spanish_left
from tests.kit.web import followed
from webforms.documentos.pdf import (
    HECHOS,
    INVISIBLES,
    Adjunto,
    PDFSinHacer,
    Pedido,
    componer,
    imprimible,
)

NOVIEMBRE = dt.date(2026, 11, 1)
#: What Typst would run, include, draw or hide if it were read as markup, and what no letter of ours
#: shows.
HOSTIL = (
    '#read("/etc/passwd") #panic() #include "x.typ" $x^2$ *negrita* _cursiva_ <marca> @marca `codigo` // nada /* nada */ \\ = Título '
    '#eval("1") #{1} ]) } 😀 漢 \ue000 e\u0301 \u200b#pagebreak()'
)


@pytest.fixture(scope="module")
def mundo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """November's reports, approved and joined, with what somebody wrote who knows Typst."""
    with month(tmp_path_factory.mktemp("mundo"), cases=60) as m:
        move_to(m, bogota(2026, 12, 1, 6, 1))
        generar_y_aprobar(m)
        (consolidar,) = tareas(m, "act_5_2_26").values()
        hacer(
            m,
            consolidar,
            "gerente.operativo",
            "gerente_operativo",
            {"conclusiones": f"{HOSTIL}\n\nSegundo párrafo."},
        )
        yield m


def version(mundo: World) -> MesCerrado:
    with Session(mundo.engine.db) as s:
        return meses.versiones(s, NOVIEMBRE)[0]


def test_the_report_of_the_month_is_a_document_with_its_data_and_the_hash_on_each_page(
    mundo: World, tmp_path: Path
) -> None:
    antes = len(anotados(mundo))
    respuesta = mundo.person("gerente").get("/reportes/2026-11/informe.pdf")
    assert respuesta.status_code == 200
    assert anotados(mundo)[antes:] == [{"mes": "2026-11", "version": 1}]
    assert (
        respuesta.headers["Content-Disposition"]
        == "attachment; filename=informe-mensual-2026-11.pdf"
    )
    leido = assert_document(respuesta.data, tmp_path)
    hojas = pages(leido)
    de = version(mundo)
    pie = " ".join(de.huella[n : n + 4] for n in range(0, 16, 4))
    for n, hoja in enumerate(hojas, 1):
        assert f"página {n} de {len(hojas)}" in hoja
        assert f"Datos del mes, versión 1 · sha256 {pie}" in hoja, n
    assert " ".join(de.huella[n : n + 8] for n in range(0, 64, 8)) in hojas[0]
    assert "23 de 23 aprobados por" in hojas[0]
    assert hojas[1].count("Anexo") == 23
    for titulo in (
        "1. Resumen",
        "Nivel de servicio 80/15 (I3)",
        "Conclusiones",
        "Notas",
        "Anexo 1. Armenia",
        "Anexo 23. Villavicencio",
    ):
        assert any(titulo in hoja for hoja in hojas[2:]), titulo
    (tabla,) = attached(leido).items()
    assert tabla[0] == "indicadores-2026-11.csv"
    with Session(mundo.engine.db) as s:
        (abandono,) = (c for c in meses.cifras(s, de.id) if c.indicador == "I4")
        total = len(meses.cifras(s, de.id)) + len(meses.cifras(s, de.id, "punto", None))
    filas = [fila.split(";") for fila in tabla[1].lstrip("\ufeff").splitlines()]
    assert len(filas) == 1 + total
    assert [f[8:10] for f in filas if f[2:4] == ["La entidad", "I4"]] == [
        [str(abandono.numerador), str(abandono.n)]
    ]


def test_each_number_of_the_data_is_of_the_unit_that_it_names(mundo: World, tmp_path: Path) -> None:
    """What is read as so many minutes or so many of a hundred is just that; the workbook names the
    same unit."""
    gerente = mundo.person("gerente")
    leido = assert_document(gerente.get("/reportes/2026-11/informe.pdf").data, tmp_path)
    filas = list(
        csv.DictReader(
            attached(leido)["indicadores-2026-11.csv"].lstrip("\ufeff").splitlines(), delimiter=";"
        )
    )
    dichas = {fila["Código"]: fila for fila in filas if fila["De"] == "La entidad"}
    with Session(mundo.engine.db) as s:
        cifras = {c.indicador: c for c in meses.cifras(s, version(mundo).id)}
    por_unidad = {
        "minutos": 1 / 60, "por ciento": 100, "por ciento del tiempo, contado en minutos": 100, "días hábiles": 1, "casos": 1,
        "por mil personas atendidas": 1, "puntos de 100": 1,
    }  # fmt: skip
    assert {fila["Unidad"] for fila in filas} == set(por_unidad)
    assert (dichas["I1"]["Unidad"], dichas["I3"]["Unidad"], dichas["I10"]["Unidad"]) == (
        "minutos",
        "por ciento",
        "casos",
    )
    for codigo, fila in dichas.items():
        valor = cifras[codigo].valor
        if valor is not None and fila["Cumple"] != "reservado":
            assert float(fila["Valor"].replace(",", ".")) == pytest.approx(
                float(valor) * por_unidad[fila["Unidad"]], abs=0.005
            ), codigo
    tiempo = cifras["I13"]
    assert tiempo.n > 0
    partes = [float(dichas["I13"][c].replace(",", ".")) for c in ("Numerador", "De cuántos")]
    assert partes == [pytest.approx(x / 60, abs=0.005) for x in (tiempo.numerador, tiempo.n)], (
        "minutes of minutes"
    )
    hoja = load_workbook(io.BytesIO(gerente.get("/reportes/2026-11/informe.xlsx").data))[
        "Indicadores"
    ]
    cabeza, *renglones = ([celda.value for celda in fila] for fila in hoja.iter_rows())
    assert cabeza == list(filas[0])
    for en_libro, en_datos in zip(renglones, filas, strict=True):
        for celda, dicho in zip(en_libro, en_datos.values(), strict=True):
            numero = isinstance(celda, int | float)
            visto = float(dicho.replace(",", ".")) if numero else dicho
            assert (celda or ("" if not numero else 0)) == visto, en_datos


def anotados(mundo: World) -> list[dict[str, object]]:
    """What the access chain says of each time that it left."""
    with mundo.engine.db.connect() as c:
        dichos = (
            c.exec_driver_sql(
                "SELECT detail FROM access WHERE subject = 'informe-mensual-2026-11.pdf'"
            )
            .scalars()
            .all()
        )
    return [json.loads(d) if isinstance(d, str) else d for d in dichos]


def test_the_same_report_is_the_same_file_whenever_it_is_asked_for(mundo: World) -> None:
    pedir = "/reportes/2026-11/informe.pdf"
    primero = mundo.person("gerente").get(pedir).data
    assert mundo.person("cumplimiento").get(pedir).data == primero


def test_what_people_wrote_is_shown_as_they_wrote_it(mundo: World, tmp_path: Path) -> None:
    leido = "\n".join(
        pages(
            assert_document(
                mundo.person("gerente").get("/reportes/2026-11/informe.pdf").data, tmp_path
            )
        )
    )
    sin_blancos = re.sub("[ \n\u2010-]", "", leido)  # a word may be parted at the end of its line
    for texto in (
        '#read("/etc/passwd")',
        "$x^2$",
        "*negrita*",
        "<marca>",
        "@marca",
        "`codigo`",
        "//nada/*nada*/",
        "=Título",
        '#eval("1")',
    ):
        assert texto in sin_blancos, texto
    assert "Segundo párrafo." in leido
    assert "root:" not in leido


def test_a_point_has_a_document_of_its_own_and_so_have_the_complaints(
    mundo: World, tmp_path: Path
) -> None:
    punto = mundo.person("gerente").get("/reportes/2026-11/BOG-AGU/reporte.pdf?version=1")
    leido = assert_document(punto.data, tmp_path)
    assert "Reporte mensual de Bogotá, Aguas (central)" in pages(leido)[0]
    assert any("las esperas se explican por dos ausencias" in hoja for hoja in pages(leido))
    pagina = followed(mundo.person("gerente").get("/reportes/2026-11/BOG-AGU").text)
    for grafica in ("Nivel de servicio 80/15 (I3), por hora", "Abandono (I4), por mes"):
        assert sum(hoja.count(grafica) for hoja in pages(leido)) == 2, (
            "a chapter, and what the chart is called"
        )
        assert f'<caption class="visually-hidden">{grafica}</caption>' in pagina, (
            "a chart has its table"
        )
    assert len(attached(leido)["indicadores-2026-11.csv"].splitlines()) > 20
    quejas = mundo.person("gerente").get("/reportes/2026-11/quejas.pdf")
    leido = assert_document(quejas.data, tmp_path)
    assert "Informe mensual de quejas, reclamos o sugerencias" in pages(leido)[0]
    with Session(mundo.engine.db) as s:
        informe = reportes.informe(s, NOVIEMBRE, reportes.QUEJAS)
        assert informe is not None
        recibidas = sum(
            f["recibidos"]
            for f in reportes.contenido(informe)["filas"]
            if f["clase"] == "solicitud"
        )
    assert f"Por clase;Solicitudes;{recibidas};" in attached(leido)["quejas.csv"]
    for nada in (
        "/reportes/2026-11/NADA/reporte.pdf",
        "/reportes/2026-11/BOG-AGU/reporte.pdf?version=7",
        "/reportes/2026-12/informe.pdf",
    ):
        assert mundo.person("gerente").get(nada).status_code == 404, nada
    assert mundo.person("asesor.bog01").get("/reportes/2026-11/informe.pdf").status_code == 403


def test_a_month_that_is_not_joined_says_so_in_its_document(mundo: World, tmp_path: Path) -> None:
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        informes = s.execute(
            sa.text("SELECT id, tipo FROM informe_mensual WHERE mes = '2026-11-01'")
        ).all()
        s.execute(sa.text("UPDATE informe_mensual SET mes = '2020-01-01' WHERE mes = '2026-11-01'"))
    try:
        hojas = pages(
            assert_document(
                mundo.person("gerente").get("/reportes/2026-11/informe.pdf").data, tmp_path
            )
        )
    finally:
        with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
            s.execute(
                sa.text("UPDATE informe_mensual SET mes = '2026-11-01' WHERE mes = '2020-01-01'")
            )
    assert len(informes) == 2
    assert "Sin consolidar: estas cifras son del mes cerrado." in hojas[0]
    assert "no es el que recibe la Interventoría" in hojas[2]


def test_who_reads_english_gets_the_same_figures_with_no_sentence_of_ours_in_spanish(
    mundo: World, tmp_path: Path
) -> None:
    lectora = mundo.person("gerente")
    lectora.set_cookie("idioma", "en")
    leidos = {}
    for cual in ("informe", "quejas", "BOG-AGU/reporte"):
        leido = assert_document(
            lectora.get(f"/reportes/2026-11/{cual}.pdf").data, tmp_path, language="en-CO"
        )
        leidos[cual] = "\n".join(pages(leido))
        # a subject that people ask about
        assert spanish_left(leidos[cual], data="Actualización de datos") == [], cual
    assert "Monthly report to the Contract Supervision, November 2026" in leidos["informe"]
    assert "23 of 23 approved by" in leidos["informe"]
    assert f"page 1 of {leidos['informe'].count('page ')}" in leidos["informe"]
    assert "Service level 80/15 (I3), by hour" in leidos["BOG-AGU/reporte"]
    assert "las esperas se explican por dos ausencias" in leidos["BOG-AGU/reporte"], (
        "what people wrote stays as they wrote it"
    )
    hoja = load_workbook(io.BytesIO(lectora.get("/reportes/2026-11/informe.xlsx").data))
    assert hoja.sheetnames[:4] == ["Report", "Indicators", "Reports", "Complaints and claims"]
    assert [c.value for c in hoja["Indicators"][1]][4:7] == ["Indicator", "Formula", "Value"]


# --- the setter -----------------------------------------------------------------------------------
def plantilla(carpeta: Path, cuerpo: str) -> Path:
    archivo = carpeta / "prueba.typ"
    cabeza = '#set document(title: "Prueba")\n#set text(font: "Work Sans", lang: "es")\n#let datos = json(bytes(sys.inputs.datos))\n'
    archivo.write_text(
        f"{cabeza}{cuerpo}\n#context [#metadata(counter(page).final().first()) <paginas>]", "utf-8"
    )
    return archivo


def test_every_sign_that_may_be_written_has_a_letter(tmp_path: Path) -> None:
    """Typst refuses a document with a hole in it: what `imprimible` lets through must all be there,
    in any text."""
    todos = [chr(n) for n in range(0x20, 0x3000) if n not in range(0x7F, 0xA0)]
    dejados = "".join(c for c in todos if imprimible(c) == c and not INVISIBLES.match(c))
    hecho = componer(
        Pedido(
            plantilla(tmp_path, "#datos.texto"),
            {"texto": " ".join(f"x{c}x" for c in dejados)},
            NOW.replace(microsecond=123),
        )
    )
    assert hecho.paginas >= 1
    assert len(dejados) > 1200
    assert imprimible({"a": ["\x00\x1b", "漢\r\n"], "b": 3}) == {"a": ["��", "�\n"], "b": 3}


@pytest.mark.parametrize(
    "cuerpo",
    [
        '#read("/etc/hostname")',
        '#read("../fuera.txt")',
        '#image("/etc/hostname")',
        '#include "../fuera.typ"',
    ],
)
def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path, cuerpo: str) -> None:
    (tmp_path / "dentro").mkdir()
    (tmp_path / "fuera.txt").write_text("secreto", "utf-8")
    (tmp_path / "fuera.typ").write_text("secreto", "utf-8")
    with pytest.raises(PDFSinHacer):
        componer(Pedido(plantilla(tmp_path / "dentro", cuerpo), {}, NOW))


def test_the_templates_load_no_package_and_run_no_text() -> None:
    for archivo in HECHOS.glob("*.typ"):
        dicho = archivo.read_text("utf-8")
        assert set(re.findall(r"#(?:import|include) (\S+?):?\s", dicho)) <= {'"estilo.typ"'}, (
            archivo.name
        )
        assert not re.search(r"\beval\(|@preview|\bread\(|plugin\(", dicho), archivo.name


def test_a_document_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    sin_fin = plantilla(
        tmp_path, "#for i in range(1000000) { for j in range(1000000) { str(i + j) } }"
    )
    desde = time.monotonic()
    with pytest.raises(PDFSinHacer, match="más de 1 segundos"):
        componer(Pedido(sin_fin, {}, NOW, Adjunto("a.csv", "a", "a")), segundos=1)
    assert time.monotonic() - desde < 5
