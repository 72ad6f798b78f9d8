"""The six controls of section 6 with their evidence by query, counted a second time here; duties
kept apart, proven over what was done."""

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.separation import Kept
from engine.store import guard
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos.tablas import Caso, Escalonamiento
from records.controles import controles
from records.controles.controles import Periodo
from records.controles.reglas.condiciones import CONDICIONES
from records.controles.reglas.controles import CONTROLES
from records.controles.tablas import RevisionAccesos, RevisionCuenta
from records.cuentas import cuentas, separacion
from records.cuentas.tablas import Cuenta, RolAsignado
from records.informes.tablas import ReporteFallas
from records.sistemas.tablas import ConsultaLegado
from records.visita.tablas import Atencion
from tests.kit.month import World, month
from tests.kit.pdfs import assert_document, attached, pages, spanish_left
from tests.kit.web import followed
from webforms.base.formatos import dia_local
from webforms.controles.evidencia import CONSULTA
from webforms.controles.expediente import ancho

OCTUBRE, NOVIEMBRE = (
    (dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
    (dt.date(2026, 11, 1), dt.date(2026, 11, 24)),
)

DIAGRAMAS = Path(__file__).parents[3] / "bpmn" / "m5_1_02"


@pytest.fixture(scope="module")
def mundo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("controles"), cases=60) as m:
        yield m


@pytest.fixture
def session(mundo: World) -> Iterator[Session]:
    with Session(mundo.engine.db) as s:
        yield s


def periodo(mundo: World, dias: tuple[dt.date, dt.date]) -> Periodo:
    return Periodo(*dias, mundo.clock.now())


def en(p: Periodo, cuando: dt.datetime | None) -> bool:
    return cuando is not None and p.desde <= dia_local(cuando) <= p.hasta


@pytest.mark.parametrize("dias", [OCTUBRE, NOVIEMBRE])
def test_each_figure_is_what_a_second_count_row_by_row_says(
    mundo: World, session: Session, dias: tuple[dt.date, dt.date]
) -> None:
    p = periodo(mundo, dias)
    contadas = {}
    revisiones = [r for r in session.scalars(sa.select(RevisionAccesos)) if en(p, r.tomada)]
    ultima = session.scalar(sa.select(sa.func.max(RevisionAccesos.id)))
    contadas["6-1"] = (
        len(revisiones),
        sum(r.terminada is None and r.id != ultima for r in revisiones),
    )
    atenciones = [
        a for a in session.scalars(sa.select(Atencion)) if en(p, a.inicio) and a.titularidad
    ]
    preguntas = set(session.scalars(sa.select(ConsultaLegado.turno_id)))
    contadas["6-2"] = (
        len(atenciones),
        sum(a.titularidad != "verificada" and a.turno_id in preguntas for a in atenciones),
    )
    escalados = [c for c in session.scalars(sa.select(Caso)) if en(p, c.escalado)]
    tarde = [
        c for c in escalados if c.escalado and c.limite_escalar and c.escalado > c.limite_escalar
    ]
    contadas["6-3"] = len(escalados), len(tarde)
    casos = {c.id: c for c in session.scalars(sa.select(Caso))}
    respuestas = fuera = 0
    for e in session.scalars(sa.select(Escalonamiento)):
        if e.respondido is not None:
            respuestas += en(p, e.respondido)
            fuera += en(p, e.respondido) and e.vence is not None and e.respondido > e.vence
        elif (
            e.terminado is None
            and e.vence is not None
            and e.vence < p.now
            and en(p, e.vence)
            and casos[e.caso_id].estado != "requerido"
        ):
            respuestas, fuera = respuestas + 1, fuera + 1
    contadas["6-4"] = respuestas, fuera
    reportes = [r for r in session.scalars(sa.select(ReporteFallas)) if en(p, r.determinado)]
    ultimo = session.scalar(sa.select(sa.func.max(ReporteFallas.id)))
    contadas["6-5"] = (
        len(reportes),
        sum(r.cuantos > 0 and r.revisado is None and r.id != ultimo for r in reportes),
    )
    for control, (veces, excepciones) in contadas.items():
        r = controles.resumen(session, control, p)
        assert r is not None
        assert (r.veces, r.excepciones - len(r.faltan)) == (veces, excepciones), control
        filas = controles.filas(session, control, p, tamano=0).filas
        assert (len(filas), sum(f.excepcion for f in filas)) == (veces, excepciones), control
        malas = controles.filas(session, control, p, solo_excepciones=True, tamano=0).filas
        assert malas == [f for f in filas if f.excepcion], control
    if dias == NOVIEMBRE:
        assert contadas["6-1"][1] == 1, "the demo has a week that nobody reviewed"
        assert min(veces for veces, _excepciones in contadas.values()) > 0


def test_the_weeks_add_up_to_what_their_days_have(mundo: World, session: Session) -> None:
    p = periodo(mundo, NOVIEMBRE)
    lunes = controles.semanas(p, 4)
    for control in controles.CONSULTAS:
        semanas = controles.por_semana(session, control, lunes, p)
        for n, dia in enumerate(lunes):
            sola = controles.resumen(
                session,
                control,
                Periodo(dia, min(dia + dt.timedelta(days=6), dia_local(p.now)), p.now),
            )
            assert sola is not None
            assert (semanas[n].veces, semanas[n].excepciones, semanas[n].graves) == (
                sola.veces,
                sola.excepciones,
                sola.graves,
            ), control


def test_the_panel_says_of_each_control_who_how_and_what_is_behind_it(mundo: World) -> None:
    pagina = followed(mundo.person("cumplimiento").get("/controles").text)
    for c in CONTROLES.values():
        for dicho in (c.nombre, c.como, c.evidencia, c.responsable):
            assert dicho in pagina, dicho
    assert "Ninguna violación" in pagina
    for usuario in ("coordinador", "jefe.ocm"):
        assert mundo.person(usuario).get("/controles").status_code == 200, usuario
    for usuario in ("asesor.bog01", "lider.vcc", "gerente", "analista", "admin.crm"):
        assert mundo.person(usuario).get("/controles").status_code == 403, usuario


def test_what_nobody_exercised_is_not_told_as_kept(mundo: World) -> None:
    antes = followed(mundo.person("cumplimiento").get("/controles?mes=2026-01").text)
    assert "Sin excepciones" not in antes
    assert antes.count("Todavía no se ha ejercido") >= 5
    assert mundo.person("cumplimiento").get("/controles?mes=2027-01").status_code == 404
    assert mundo.person("cumplimiento").get("/controles?mes=ayer").status_code == 404


def test_a_day_without_its_report_is_an_exception_although_no_row_says_so(mundo: World) -> None:
    p = periodo(mundo, NOVIEMBRE)
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s:
        quitado = s.scalars(
            sa.select(ReporteFallas).where(ReporteFallas.dia == dt.date(2026, 11, 12))
        ).one()
        s.execute(
            sa.update(ReporteFallas)
            .where(ReporteFallas.id == quitado.id)
            .values(dia=dt.date(2026, 11, 11))
        )
        r = controles.resumen(s, "6-5", p)
        assert r is not None
        assert r.faltan == (dt.date(2026, 11, 12),)
        s.rollback()


@pytest.mark.parametrize("control", controles.CONSULTAS)
def test_each_control_opens_to_its_rows_and_each_row_to_what_proves_it(
    mundo: World, control: str
) -> None:
    persona = mundo.person("cumplimiento")
    pagina = persona.get(f"/controles/{control}?mes=2026-11").text
    tabla = pagina[pagina.index('<tbody role="rowgroup">') :]
    assert str(CONSULTA[control]) in followed(pagina), "what is counted, and what is an exception"
    enlaces = [
        parte.split('"')[0]
        for parte in tabla.split('<th role="rowheader" scope="row">')[1:6]
        for parte in parte.split('href="')[1:2]
    ]
    assert enlaces, control
    for enlace in enlaces:
        assert persona.get(enlace).status_code == 200, enlace
    assert (
        persona.get(f"/controles/{control}?mes=2026-11&cual=excepciones&pagina=999").status_code
        == 200
    )
    sin_casos = mundo.person("jefe.ocm").get(f"/controles/{control}?mes=2026-11").text
    assert control == "6-1" or "/caso/" not in sin_casos, (
        "who may not see every case is not led there"
    )


def test_a_control_that_is_none_is_not_found(mundo: World) -> None:
    assert mundo.person("cumplimiento").get("/controles/6-7").status_code == 404
    assert mundo.person("cumplimiento").get("/controles/separacion/nada").status_code == 404


def test_the_dossier_has_every_row_and_its_hash_stands_in_the_chain(
    mundo: World, session: Session
) -> None:
    archivo = mundo.person("cumplimiento").get("/controles/expediente.csv?mes=2026-11")
    filas = list(csv.reader(io.StringIO(archivo.text.lstrip("\ufeff")), delimiter=";"))
    p = periodo(mundo, NOVIEMBRE)
    for control in controles.CONSULTAS:
        desde = next(n for n, f in enumerate(filas) if f and f[0].startswith(control))
        hasta = next(n for n in range(desde, len(filas)) if not filas[n])
        assert ["Consulta", str(CONSULTA[control])] in filas[desde:hasta]
        esperadas = controles.filas(session, control, p, tamano=0).total
        assert sum(len(f) > 3 for f in filas[desde:hasta]) - 2 == esperadas, control
    detalle = session.execute(
        sa.text(
            "SELECT detail FROM access WHERE subject = 'controles-2026-11.csv' ORDER BY day DESC, n DESC"
        )
    ).scalar()
    assert hashlib.sha256(archivo.data).hexdigest() in str(detalle)


def test_the_document_carries_that_file_and_its_hash_on_each_page(
    mundo: World, tmp_path: Path
) -> None:
    archivo = mundo.person("cumplimiento").get("/controles/expediente.csv?mes=2026-11").text
    respuesta = mundo.person("cumplimiento").get("/controles/expediente.pdf?mes=2026-11")
    assert respuesta.mimetype == "application/pdf"
    leido = assert_document(respuesta.data, tmp_path)
    ((nombre, adjunto),) = attached(leido).items()
    assert (nombre, adjunto) == ("controles-2026-11.csv", archivo)
    huella, hojas = hashlib.sha256(archivo.encode()).hexdigest(), pages(leido)
    for hoja in hojas:
        assert " ".join(huella[n : n + 4] for n in range(0, 16, 4)) in hoja
    junto = " ".join(hojas)
    for c in CONTROLES.values():
        assert f"{c.id} {c.nombre}" in junto
    assert "Nadie la terminó" in junto, "the exceptions stand in it"
    assert "Separación de funciones" in junto
    lectora = mundo.person("cumplimiento")
    lectora.set_cookie("idioma", "en")
    en_ingles = "\n".join(
        pages(
            assert_document(
                lectora.get("/controles/expediente.pdf?mes=2026-11").data,
                tmp_path,
                language="en-CO",
            )
        )
    )
    assert "Separation of duties" in en_ingles
    # rules name activities as they are drawn
    dibujado = "".join(f.read_text("utf-8") for f in DIAGRAMAS.rglob("*.bpmn"))
    assert spanish_left(en_ingles, data=dibujado) == []


def test_a_column_of_the_document_is_as_wide_as_its_longest_word() -> None:
    """A number that runs into its neighbour is read as another one."""
    anchos = [
        ancho(celdas)
        for celdas in (
            ("Radicado", "2026-0000252"),
            ("Área", "Vicepresidencia de Crédito"),
            ("Enviado", "—", ""),
        )
    ]
    assert anchos == [14.5, 17.5, 9.5]
    assert ancho(("Enviado", "lun 30 nov 2026, 23:59")) == 12, "a moment stands in two lines"


# --- duties kept apart ----------------------------------------------------------------------------
def pruebas(mundo: World, s: Session) -> dict[tuple[str, str], Kept]:
    catalogo = mundo.engine.catalog
    release = reads.releases.current(s, catalogo)
    assert release is not None
    return {(k.rule.element, k.rule.other): k for k in reads.separation.kept(s, catalogo, release)}


def test_every_rule_of_the_diagrams_is_there_and_none_was_broken(
    mundo: World, session: Session
) -> None:
    dibujadas = set()
    for archivo in DIAGRAMAS.rglob("*.bpmn"):
        texto = archivo.read_text()
        for tarea in texto.split("<bpmn:userTask ")[1:]:
            cuerpo = tarea.split("</bpmn:userTask>")[0]
            dibujadas |= {
                (cuerpo.split('id="')[1].split('"')[0], parte.split('"')[0])
                for parte in cuerpo.split('<v:separate from="')[1:]
            }
    halladas = pruebas(mundo, session)
    assert set(halladas) == dibujadas
    assert all(not k.violations for k in halladas.values())
    reporte = halladas["act_5_2_24", "act_5_2_23"]
    hechas = session.execute(
        sa.text("SELECT count(*) FROM work_item WHERE element = 'act_5_2_24' AND state = 'done'")
    ).scalar()
    assert (reporte.cases, reporte.times) == (1, hechas)


def test_a_violation_that_is_planted_in_the_journal_is_found(mundo: World) -> None:
    """Somebody who could write the database: the engine was not asked."""
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s:
        uno = s.execute(
            sa.text(
                "SELECT instance_id, rev FROM journal WHERE element = 'act_5_2_24' AND kind = 'complete'"
            )
        ).first()
        assert uno is not None
        guard.release(s.connection())
        plantada = (
            "UPDATE journal SET actor_id = 'agente.calidad' WHERE instance_id = :i AND rev = :r"
        )
        s.execute(sa.text(plantada), {"i": uno.instance_id, "r": uno.rev})
        (mala,) = pruebas(mundo, s)["act_5_2_24", "act_5_2_23"].violations
        assert mala.person == "agente.calidad"
        assert mala.other_at < mala.at
        s.rollback()


def test_roles_that_exclude_each_other_are_refused_and_found_where_somebody_wrote_them(
    mundo: World,
) -> None:
    now = mundo.clock.now()
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s:
        with pytest.raises(DatoInvalido, match="nunca del outsourcing"):
            cuentas.asignar_rol(s, "profesional01", "asesor", "BOG-AGU", Acto("prueba", now))
        with pytest.raises(DatoInvalido, match="nunca del outsourcing"):
            cuentas.asignar_rol(s, "gerente", "profesional_ocm", None, Acto("prueba", now))
        assert all(not r.violaciones for r in separacion.probadas(s))
        id_ = s.scalars(sa.select(Cuenta.id).where(Cuenta.usuario == "profesional01")).one()
        s.add(
            RolAsignado(
                cuenta_id=id_,
                rol="asesor",
                ambito="BOG-AGU",
                vigente_desde=now,
                asignado_por="prueba",
            )
        )
        s.execute(
            sa.update(RevisionCuenta)
            .where(RevisionCuenta.usuario == "interventor03")
            .values(decidida_por="interventor03")
        )
        s.flush()
        malas = {r.regla: [v.quien for v in r.violaciones] for r in separacion.probadas(s)}
        assert malas["auditor"] == ["profesional01"]
        assert malas["jefe"] == []
        assert set(malas[separacion.PROPIA]) == {"interventor03"}
        s.rollback()


def test_the_shell_proves_the_same_and_fails_on_a_violation(mundo: World) -> None:
    consola = mundo.app.test_cli_runner()
    bien = consola.invoke(args=["audit", "segregation"])
    assert bien.exit_code == 0, bien.output
    assert "«Revisar reporte del punto» (5.2.24 ≠ 5.2.23): 1 casos, 0 violaciones" in bien.output
    cambio = sa.text("UPDATE journal SET actor_id = :a WHERE instance_id = :i AND rev = :r")
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        revisado = "SELECT instance_id, rev, actor_id FROM journal WHERE element = 'act_5_2_24' AND kind = 'complete'"
        fila = s.execute(sa.text(revisado)).first()
        assert fila is not None
        guard.release(s.connection())  # as the owner of the database may
        s.execute(cambio, {"a": "agente.calidad", "i": fila.instance_id, "r": fila.rev})
    try:
        mal = consola.invoke(args=["audit", "segregation"])
        assert mal.exit_code == 1
        assert "agente.calidad hizo act_5_2_23 y act_5_2_24" in mal.output
        assert "No se cumple" in followed(mundo.person("cumplimiento").get("/controles").text)
    finally:
        with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
            s.execute(cambio, {"a": fila.actor_id, "i": fila.instance_id, "r": fila.rev})
            guard.protect(s.connection(), ())


def test_each_control_is_traced_to_its_elements_and_to_a_test_that_walks_it(mundo: World) -> None:
    """Every element is drawn, has a lane and something that does it, and a test names the
    control."""
    hecho = mundo.app.test_cli_runner().invoke(args=["trace", "--controls"])
    assert hecho.exit_code == 0, hecho.output
    assert set(CONTROLES) == set(controles.CONSULTAS)
    for c in CONTROLES.values():
        for elemento in c.elementos:
            assert re.search(rf"^ok +{c.id} +{elemento} ", hecho.output, re.MULTILINE), elemento


def test_each_condition_is_traced_to_its_elements_and_to_a_test_that_walks_it(mundo: World) -> None:
    """Every element is drawn, has a lane and something that does it, and a test names the
    condition."""
    hecho = mundo.app.test_cli_runner().invoke(args=["trace", "--conditions"])
    assert hecho.exit_code == 0, hecho.output
    for c in CONDICIONES.values():
        for elemento in c.elementos:
            assert re.search(rf"^ok +{re.escape(c.id)} +{elemento} ", hecho.output, re.MULTILINE), (
                c.id,
                elemento,
            )
