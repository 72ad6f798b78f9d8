"""Closed months: what is frozen, what a correction does, what comes late, and figures that plain
SQL gives, too (5.2.23)."""

import datetime as dt
import zlib
from collections.abc import Iterator
from fractions import Fraction

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.base.reglas.huellas import canonico, sha256
from records.casos import casos
from records.informes import disponibilidad, meses
from records.informes.reglas.indicadores import INDICADORES
from records.informes.tablas import IndicadorMes, MesDatos
from records.lugares.puntos import horario_de, puntos
from records.visita import calificaciones, turnos
from records.visita.tablas import Turno
from tests.kit import records as kit
from tests.kit.clock import bogota
from tests.kit.month import month

NOVIEMBRE, DICIEMBRE = dt.date(2026, 11, 1), dt.date(2026, 12, 1)
CIERRE = bogota(2026, 12, 1, 6)
QUIEN = Acto("gerente", CIERRE)


@pytest.fixture
def session() -> Iterator[Session]:
    with kit.in_memory() as abierta:
        yield abierta


def atendida(session: Session, valor: int | None = 5, minuto: float = 0) -> Turno:
    """Waited six minutes, was attended for eight, and rated."""
    turno = kit.turno(session, minuto)
    turnos.registrar_llamado(session, turno.id, "3", Acto(kit.ASESOR, kit.at(minuto + 6)))
    turnos.registrar_resultado(
        session, turno.id, "3", Acto(kit.ASESOR, kit.at(minuto + 6)), atendido=True
    )
    calificaciones.registrar_calificacion(
        session,
        turno.id,
        calificaciones.NuevaCalificacion(valor),
        Acto(kit.ASESOR, kit.at(minuto + 13)),
    )
    turnos.cerrar_turno(session, turno.id, resultado="atendido", now=kit.at(minuto + 14))
    session.flush()
    return turno


def figura(
    session: Session, version: meses.MesCerrado, id_: str
) -> tuple[Fraction | None, int, int]:
    (cifra,) = (c for c in meses.cifras(session, version.id) if c.indicador == id_)
    return cifra.valor, cifra.numerador, cifra.n


def test_a_month_is_closed_when_it_has_ended_and_again_only_with_a_reason(session: Session) -> None:
    with pytest.raises(DatoInvalido, match="no ha terminado"):
        meses.cerrar(session, NOVIEMBRE, Acto("gerente", bogota(2026, 11, 30, 23, 59, 59)))
    atendida(session)
    primera = meses.cerrar(session, NOVIEMBRE, QUIEN)
    assert (primera.version, primera.por, primera.cerrado) == (1, "gerente", CIERRE)
    with pytest.raises(DatoInvalido, match="ya está cerrado"):
        meses.cerrar(session, NOVIEMBRE, QUIEN, "  ")
    assert [v.version for v in meses.versiones(session)] == [1]


def test_a_month_without_anything_is_closed_and_says_nothing_of_shares(session: Session) -> None:
    vacio = meses.cerrar(session, NOVIEMBRE, QUIEN)
    assert meses.leer(session, vacio).filas == dict.fromkeys(
        ("visitas", "casos", "jornadas", "caidas", "evaluaciones", "observaciones"), 0
    )
    assert figura(session, vacio, "I3") == (None, 0, 0)
    assert meses.verificar(session, vacio) == ()


def test_closed_figures_stand_until_a_correction_and_the_old_version_stays(
    session: Session,
) -> None:
    turno, caso_id = atendida(session, 5), kit.filed(session)
    primera = meses.cerrar(session, NOVIEMBRE, QUIEN)
    assert figura(session, primera, "I1") == (Fraction(360), 0, 1)
    assert figura(session, primera, "I6") == (Fraction(1), 1, 1)
    session.execute(
        sa.text("UPDATE calificacion SET valor = 2 WHERE turno_id = :t"), {"t": turno.id}
    )
    casos.resolver_en_punto(session, caso_id, Acto("x", kit.at(60)))
    assert figura(session, primera, "I6") == (Fraction(1), 1, 1)
    segunda = meses.cerrar(
        session,
        NOVIEMBRE,
        Acto("gerente", CIERRE + dt.timedelta(days=2)),
        "Se corrigió una calificación mal digitada.",
    )
    assert (segunda.version, figura(session, segunda, "I6")) == (2, (Fraction(0), 0, 1))
    assert figura(session, primera, "I6") == (Fraction(1), 1, 1)
    assert meses.vigente(session, NOVIEMBRE) == segunda
    assert meses.verificar(session, primera) == meses.verificar(session, segunda) == ()
    assert primera.huella != segunda.huella


def test_what_is_entered_after_the_closing_belongs_to_the_month_in_which_it_was_entered(
    session: Session,
) -> None:
    atendida(session)
    meses.cerrar(session, NOVIEMBRE, QUIEN)
    tardio, antes = atendida(session, 4, minuto=60), atendida(session, 3, minuto=120)
    for turno, creado in (
        (tardio, CIERRE + dt.timedelta(days=1)),
        (antes, CIERRE - dt.timedelta(hours=5)),
    ):
        session.execute(sa.update(Turno).where(Turno.id == turno.id).values(creado=creado))
    otra = meses.cerrar(session, NOVIEMBRE, QUIEN, "Otra vez, sin lo que llegó después.")
    assert [v.id for v in meses.leer(session, otra).mes.visitas] == [1, antes.id]
    diciembre = meses.cerrar(session, DICIEMBRE, Acto("gerente", bogota(2027, 1, 1, 6)))
    assert [(v.id, v.tardia) for v in meses.leer(session, diciembre).mes.visitas] == [
        (tardio.id, True)
    ]
    assert figura(session, diciembre, "I4") == (Fraction(0), 0, 1)


@pytest.mark.parametrize(
    ("cambio", "falta"),
    [
        ("UPDATE mes_datos SET contenido = :otro WHERE tabla = 'visitas'", "tabla visitas"),
        ("UPDATE mes_datos SET filas = filas + 1 WHERE tabla = 'casos'", "tabla casos"),
        ("UPDATE mes_cerrado SET motivo = 'otro'", "huella del mes"),
        ("UPDATE mes_cerrado SET por = 'otro'", "huella del mes"),
        (
            "UPDATE indicador_mes SET arriba = arriba + 1 WHERE indicador = 'I1' AND dimension = 'total'",
            "indicadores",
        ),
        ("DELETE FROM indicador_mes WHERE indicador = 'I9'", "indicadores"),
        (
            "UPDATE mes_datos SET filas = filas + 1 WHERE tabla = 'evaluaciones'",
            "tabla evaluaciones",
        ),
    ],
)
def test_what_was_changed_after_the_closing_is_told(
    session: Session, cambio: str, falta: str
) -> None:
    atendida(session)
    version = meses.cerrar(session, NOVIEMBRE, QUIEN)
    assert meses.verificar(session, version) == ()
    datos = session.scalars(sa.select(MesDatos.contenido).where(MesDatos.tabla == "visitas")).one()
    otro = zlib.compress(zlib.decompress(datos).replace(b'"nota":5', b'"nota":1'))
    session.execute(sa.text(cambio), {"otro": otro} if ":otro" in cambio else {})
    session.expire_all()
    assert falta in meses.verificar(session, version)


def test_a_month_is_closed_alike_on_both_databases(db: sa.Engine) -> None:
    kit.populate(db)
    with Session(db.execution_options(ventanilla_write=True), expire_on_commit=False) as s:
        turno, caso_id = atendida(s), kit.filed(s)
        version = meses.cerrar(s, NOVIEMBRE, QUIEN)
        s.commit()
        congelado = meses.leer(s, version)
        assert [(v.id, v.espera, v.nota) for v in congelado.mes.visitas] == [(turno.id, 360, 5)]
        assert [(c.id, c.recepcion, c.escalado) for c in congelado.mes.casos] == [
            (caso_id, kit.at(10), None)
        ]
        assert meses.verificar(s, version) == ()
        assert meses.sin_cerrar(s, DICIEMBRE) == []


# --- the same figures once more, in plain SQL -----------------------------------------------------
V = """
WITH p AS (
  SELECT turno_id, min(confiable) AS bien, sum(fin IS NULL) AS abiertos,
    sum(CASE WHEN estado = 'espera' THEN round((julianday(fin) - julianday(inicio)) * 86400) END) AS espera,
    sum(CASE WHEN estado = 'atencion' THEN round((julianday(fin) - julianday(inicio)) * 86400) END) AS atencion
  FROM turno_periodo GROUP BY turno_id),
v AS (
  SELECT t.id, t.punto_id AS punto, coalesce(a.asesor_id, '') AS asesor, strftime('%H', t.llegada, '-5 hours') AS franja, t.resultado,
    CASE WHEN p.bien = 1 AND p.abiertos = 0 THEN p.espera END AS espera,
    CASE WHEN p.bien = 1 AND p.abiertos = 0 THEN p.atencion END AS atencion,
    a.titularidad = 'verificada' AS titular, a.datos_actualizados AS datos, c.valor AS nota
  FROM turno t LEFT JOIN p ON p.turno_id = t.id LEFT JOIN atencion a ON a.turno_id = t.id
    LEFT JOIN calificacion c ON c.turno_id = t.id AND c.momento = 'atencion'
  WHERE t.fecha BETWEEN '2026-11-01' AND '2026-11-30'),
c AS (
  SELECT c.*, c.punto_id AS punto, c.asesor_id AS asesor, strftime('%H', c.recepcion, '-5 hours') AS franja,
    c.recepcion >= :desde AND c.recepcion < :hasta AS recibido, c.escalado >= :desde AND c.escalado < :hasta AS paso_a_area,
    c.respondido >= :desde AND c.respondido < :hasta AS respondio_area,
    c.limite_respuesta >= :desde AND c.limite_respuesta < :hasta AS vencia,
    (SELECT count(*) FROM escalonamiento e WHERE e.caso_id = c.id) AS areas,
    EXISTS (SELECT 1 FROM suspension s WHERE s.caso_id = c.id AND s.hasta IS NULL AND s.desde <= c.limite_respuesta)
      AND c.estado = 'requerido' AS detenido,
    EXISTS (SELECT 1 FROM caso o WHERE o.persona_id = c.persona_id AND o.tema = c.tema AND o.recepcion > c.recepcion
      AND julianday(o.recepcion) - julianday(c.recepcion) <= 7.0) AS repetido
  FROM caso c)
"""
DE_V, DE_C = "FROM v WHERE ({de}) AND ", "FROM c WHERE ({de}) AND "
FUERA = "resultado IN ('abandono', 'ausente')"
ATENDIDAS = "resultado IN ('atendido', 'escalado', 'poder_pendiente')"
TERMINO = (
    "estado IN ('cerrado', 'desistido', 'trasladado', 'anulado') AND cerrado <= limite_respuesta"
)
DEBIDO = f"vencia AND (enviado IS NOT NULL OR NOT (detenido OR coalesce({TERMINO}, 0)))"
VENCIDO = "limite_respuesta < :hasta AND NOT detenido AND coalesce(enviado >= :hasta, 1) AND coalesce(cerrado >= :hasta, 1)"
#: Indicator → how many count, of how many.
CUENTAS = {
    "I3": (f"NOT ({FUERA}) AND espera <= 900", f"(espera IS NOT NULL OR {FUERA})", DE_V),
    "I4": (FUERA, "1", DE_V),
    "I5": ("resuelto_primer_contacto AND NOT repetido", "turno_id IS NOT NULL AND recibido", DE_C),
    "I6": ("nota >= 4", "nota IS NOT NULL", DE_V),
    "I6.tasa": ("nota IS NOT NULL", ATENDIDAS, DE_V),
    "I7": ("escalado <= limite_escalar", "paso_a_area AND limite_escalar IS NOT NULL", DE_C),
    "I7.hoy": ("date(escalado, '-5 hours') = date(recepcion, '-5 hours')", "paso_a_area", DE_C),
    "I8": ("respondido <= limite_interno", "respondio_area AND limite_interno IS NOT NULL", DE_C),
    "I9": ("enviado <= limite_respuesta", DEBIDO, DE_C),
    "I10": ("1", VENCIDO, DE_C),
    "I11": ("areas > 1", "paso_a_area", DE_C),
    "I12": ("datos", "titular", DE_V),
    "I15.solicitud": ("clase = 'solicitud'", "recibido", DE_C),
    "I15.queja": ("clase = 'queja'", "recibido", DE_C),
    "I15.reclamo": ("clase = 'reclamo'", "recibido", DE_C),
}


#: Of October and November 2026 (Ley 51 de 1983).
FESTIVOS = {dt.date(2026, 10, 12), dt.date(2026, 11, 2), dt.date(2026, 11, 16)}


@pytest.fixture(scope="module")
def mes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with (
        month(tmp_path_factory.mktemp("mes"), cases=150) as mundo,
        Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s,
    ):
        version = meses.cerrar(s, NOVIEMBRE, QUIEN)
        assert meses.verificar(s, version) == ()
        s.commit()
        yield s


def cifra_de(session: Session, id_: str, dimension: str, clave: str) -> meses.Cifra:
    (cifra,) = (
        c
        for c in meses.cifras(session, _noviembre(session).id, dimension, clave)
        if c.indicador == id_
    )
    return cifra


def _noviembre(session: Session) -> meses.MesCerrado:
    version = meses.vigente(session, NOVIEMBRE)
    assert version is not None
    return version


def en_sql(session: Session, consulta: str, de: str) -> tuple[int, ...]:
    valores = {"desde": "2026-11-01 05:00:00.000000", "hasta": "2026-12-01 05:00:00.000000"}
    (fila,) = session.connection().exec_driver_sql(V + consulta.format(de=de), valores).all()
    return tuple(fila)


def partes_de_la_prueba(session: Session) -> list[tuple[str, str, str]]:
    """Dimension, key and the condition in SQL: the whole, each point, adviser and hour."""
    partes = sa.select(IndicadorMes.dimension, IndicadorMes.clave).distinct()
    filas = session.execute(partes.where(IndicadorMes.mes_id == _noviembre(session).id)).all()
    return [(d, k, "1" if d == "total" else f"{d} = '{k}'") for d, k in filas if d != "canal"]


@pytest.mark.parametrize("id_", CUENTAS)
def test_plain_sql_gives_the_same_counts_for_each_point_adviser_and_hour(
    mes: Session, id_: str
) -> None:
    cumple, de_que, tabla = CUENTAS[id_]
    vistas, contadas = 0, 0
    for dimension, clave, condicion in partes_de_la_prueba(mes):
        cifra = cifra_de(mes, id_, dimension, clave)
        arriba, abajo = en_sql(
            mes, f"SELECT coalesce(sum({cumple}), 0), count(*) {tabla}{de_que}", condicion
        )
        assert (cifra.numerador, cifra.n) == (arriba, abajo), (dimension, clave)
        esperado = Fraction(arriba) if id_ == "I10" else Fraction(arriba, abajo) if abajo else None
        assert cifra.valor == esperado
        vistas, contadas = vistas + 1, contadas + abajo
    assert vistas > 30
    assert contadas > 0, "the demo has something of it"


def test_plain_sql_gives_the_same_hours_of_a_point(mes: Session) -> None:
    """Of what was frozen, beside the figures: all its turns, and none of another point."""
    cumple, de_que, tabla = CUENTAS["I3"]
    cuenta, vistas = f"SELECT coalesce(sum({cumple}), 0), count(*) {tabla}{de_que}", 0
    for punto in {
        clave for dimension, clave, _condicion in partes_de_la_prueba(mes) if dimension == "punto"
    }:
        dichas = meses.por_hora(mes, _noviembre(mes), punto, "I3")
        assert (sum(c.numerador for c in dichas), sum(c.n for c in dichas)) == en_sql(
            mes, cuenta, f"punto = '{punto}'"
        )
        for c in dichas:
            assert (c.numerador, c.n) == en_sql(
                mes, cuenta, f"punto = '{punto}' AND franja = '{c.clave}'"
            )
        vistas += len(dichas)
    assert vistas > 60


@pytest.mark.parametrize(("id_", "columna"), [("I1", "espera"), ("I2", "atencion")])
def test_plain_sql_gives_the_same_times(mes: Session, id_: str, columna: str) -> None:
    for dimension, clave, condicion in partes_de_la_prueba(mes):
        n, suma = en_sql(
            mes, f"SELECT count({columna}), coalesce(sum({columna}), 0) {DE_V}1", condicion
        )
        dadas = {c.indicador: c for c in meses.cifras(mes, _noviembre(mes).id, dimension, clave)}
        assert dadas[id_].n == n
        assert dadas[id_].valor == (Fraction(int(suma), n) if n else None), (dimension, clave)
        for percentil, p in (("I1.p50", 50), ("I1.p90", 90)) if id_ == "I1" and n else ():
            lugar = f"SELECT espera {DE_V}espera IS NOT NULL ORDER BY espera LIMIT 1 OFFSET {-(-p * n // 100) - 1}"
            assert dadas[percentil].valor == Fraction(int(en_sql(mes, lugar, condicion)[0]))


def test_plain_sql_gives_the_same_complaints_of_a_thousand(mes: Session) -> None:
    for dimension, clave, condicion in partes_de_la_prueba(mes):
        (quejas,) = en_sql(mes, f"SELECT count(*) {DE_C}clase = 'queja' AND recibido", condicion)
        (atendidas,) = en_sql(mes, f"SELECT count(*) {DE_V}{ATENDIDAS}", condicion)
        cifra = cifra_de(mes, "I15.mil", dimension, clave)
        assert (cifra.numerador, cifra.n, cifra.valor) == (
            quejas,
            atendidas,
            Fraction(1000 * quejas, atendidas) if atendidas else None,
        )


def test_days_counted_one_by_one_give_the_same_age_of_what_is_overdue(mes: Session) -> None:
    """I10.edad: the business days after each limit until the end of the month, one by one."""
    fechas = {"desde": "2026-11-01 05:00:00.000000", "hasta": "2026-12-01 05:00:00.000000"}
    vistos = 0
    for dimension, clave, condicion in partes_de_la_prueba(mes):
        consulta = (
            V + f"SELECT date(limite_respuesta, '-5 hours') {DE_C.format(de=condicion)}{VENCIDO}"
        )
        limites = [
            dt.date.fromisoformat(f[0]) for f in mes.connection().exec_driver_sql(consulta, fechas)
        ]
        dias = [dt.date(2026, 11, 30) - dt.timedelta(days=n) for n in range(60)]
        edades = [
            sum(limite < dia and dia.weekday() < 5 and dia not in FESTIVOS for dia in dias)
            for limite in limites
        ]
        assert cifra_de(mes, "I10.edad", dimension, clave).valor == (
            Fraction(sum(edades), len(edades)) if edades else None
        ), (
            dimension,
            clave,
        )
        vistos += sum(edades)
    assert vistos > 0


#: Opening hours of each point in seconds of the epoch, as far as somebody watched or knew that the
#: CRM was down, and what of it was down.
CRM = """
WITH RECURSIVE d(dia) AS (SELECT '2026-11-01' UNION ALL SELECT date(dia, '+1 day') FROM d WHERE dia < '2026-11-30'),
k AS (SELECT id, dia, CAST(strftime('%s', desde) AS INT) AS a, CAST(strftime('%s', hasta) AS INT) AS b FROM caida_crm),
w AS (
  SELECT v.dia, min(CAST(strftime('%s', v.primera) AS INT), coalesce((SELECT min(a) FROM k WHERE k.dia = v.dia), 1e12)) AS a,
    max(CAST(strftime('%s', v.ultima) AS INT), coalesce((SELECT max(b) FROM k WHERE k.dia = v.dia), 0)) AS b
  FROM vigilancia_crm v),
j AS (
  SELECT p.codigo AS punto, d.dia, max(w.a, CAST(strftime('%s', d.dia || ' ' || p.hora_apertura, '+5 hours') AS INT)) AS a,
    min(w.b, CAST(strftime('%s', d.dia || ' ' || p.hora_cierre, '+5 hours') AS INT)) AS b
  FROM punto p JOIN d JOIN w ON w.dia = d.dia
  WHERE instr(p.dias, CASE strftime('%w', d.dia) WHEN '0' THEN '7' ELSE strftime('%w', d.dia) END) > 0
    AND d.dia NOT IN ('2026-11-02', '2026-11-16'))
SELECT coalesce(sum(b - a), 0),
  coalesce(sum((SELECT coalesce(sum(max(0, min(j.b, k.b) - max(j.a, k.a))), 0) FROM k)), 0)
FROM j WHERE b > a AND ({de})
"""


def test_plain_sql_gives_the_same_availability_of_the_crm(mes: Session) -> None:
    vistas = 0
    for dimension, clave, condicion in partes_de_la_prueba(mes):
        suyas = [
            c
            for c in meses.cifras(mes, _noviembre(mes).id, dimension, clave)
            if c.indicador == "I13"
        ]
        if dimension not in ("total", "punto"):
            assert suyas == [], "of an adviser or an hour it is not told"
            continue
        ((abierto, caido),) = mes.connection().exec_driver_sql(CRM.format(de=condicion)).all()
        assert (suyas[0].numerador, suyas[0].n) == (abierto - caido, abierto), clave
        assert suyas[0].valor == Fraction(abierto - caido, abierto)
        vistas += caido > 0
    assert vistas > 2, "the demo has an outage while points were open"


#: Weight, sum in hundredths and number of F189 of each stratum: the population is counted in the
#: attentions themselves, not read.
F189_SQL = """
WITH r AS (
  SELECT a.id, a.desde, a.hasta FROM auditoria a JOIN auditoria_informe i ON i.auditoria_id = a.id
    JOIN auditoria_revision v ON v.informe_id = i.id WHERE v.remite AND v.cuando >= :desde AND v.cuando < :hasta)
SELECT (SELECT count(*) FROM atencion t JOIN r ON r.id = m.auditoria_id
    WHERE date(t.fin, '-5 hours') BETWEEN r.desde AND r.hasta AND t.punto_id || ' · ' || coalesce(t.resultado, 'otro') = m.estrato),
  CAST(sum(round(f.puntaje * 100)) AS INT), count(*)
FROM f189 f JOIN auditoria_muestra m ON m.id = f.muestra_id JOIN r ON r.id = m.auditoria_id
WHERE m.modo = 'expediente' AND f.puntaje IS NOT NULL AND ({de}) GROUP BY m.auditoria_id, m.estrato
"""


def test_plain_sql_gives_the_same_quality_of_the_audits_that_were_sent(mes: Session) -> None:
    fechas = {"desde": "2026-11-01 05:00:00.000000", "hasta": "2026-12-01 05:00:00.000000"}
    vistas = 0
    for dimension, clave, condicion in partes_de_la_prueba(mes):
        if dimension not in ("total", "punto"):
            continue
        consulta = F189_SQL.format(de=condicion.replace("punto =", "f.punto_id ="))
        estratos = mes.connection().exec_driver_sql(consulta, fechas).all()
        peso = sum(n for n, _suma, _k in estratos)
        esperado = (
            sum((Fraction(n * suma, 100 * k) for n, suma, k in estratos), Fraction()) / peso
            if peso
            else None
        )
        cifra = cifra_de(mes, "I14", dimension, clave)
        assert (cifra.valor, cifra.n) == (esperado, sum(k for _n, _suma, k in estratos)), clave
        desde, hasta = (
            cifra_de(mes, f"I14.{x}", dimension, clave).valor for x in ("desde", "hasta")
        )
        assert desde is None or (
            hasta is not None and cifra.valor is not None and desde <= cifra.valor <= hasta
        )
        vistas += cifra.n
        de_sitio = F189_SQL.replace("'expediente'", "'sitio'").format(
            de=condicion.replace("punto =", "f.punto_id =")
        )
        de_visitas = [
            (suma, k) for _n, suma, k in mes.connection().exec_driver_sql(de_sitio, fechas)
        ]
        suma, cuantos = sum(s for s, _k in de_visitas), sum(k for _s, k in de_visitas)
        observada = cifra_de(mes, "I14.sitio", dimension, clave)
        assert (observada.valor, observada.n) == (
            Fraction(suma, 100 * cuantos) if cuantos else None,
            cuantos,
        )
    assert vistas > 50, "the demo has audits that left"


#: What was drawn for the visits and not as the replacement of another; done: it, or the end of the
#: chain of those that replace it, has its F189.
VISITAS_SQL = """
WITH RECURSIVE cadena(primera, id) AS (
  SELECT m.id, m.id FROM auditoria_muestra m JOIN auditoria a ON a.id = m.auditoria_id
    WHERE m.modo = 'sitio' AND m.reemplaza_id IS NULL AND a.cierre >= :desde AND a.cierre < :hasta AND ({de})
  UNION ALL SELECT c.primera, m.id FROM auditoria_muestra m JOIN cadena c ON m.reemplaza_id = c.id)
SELECT count(DISTINCT c.primera), count(f.id) FROM cadena c LEFT JOIN f189 f ON f.muestra_id = c.id
"""


def test_plain_sql_gives_the_same_coverage_of_the_points(mes: Session) -> None:
    fechas = {"desde": "2026-11-01 05:00:00.000000", "hasta": "2026-12-01 05:00:00.000000"}
    vistas = 0
    for dimension, clave, condicion in partes_de_la_prueba(mes):
        if dimension not in ("total", "punto"):
            continue
        consulta = VISITAS_SQL.format(de=condicion.replace("punto =", "m.punto_id ="))
        ((planeadas, con_f189),) = mes.connection().exec_driver_sql(consulta, fechas).all()
        cifra = cifra_de(mes, "I14.visitas", dimension, clave)
        assert (cifra.numerador, cifra.n) == (con_f189, planeadas), clave
        vistas += planeadas
    assert vistas, "the demo plans some"


def test_quality_by_week_is_that_of_the_audit_of_the_week(mes: Session) -> None:
    """The chart of the report: each week by itself, and together they are as many F189 as I14
    counts."""
    fechas = {"desde": "2026-11-01 05:00:00.000000", "hasta": "2026-12-01 05:00:00.000000"}
    de_semana = F189_SQL.replace("WHERE v.remite", "WHERE a.semana = :semana AND v.remite").format(
        de="1 = 1"
    )
    por_semana = meses.calidad_por_semana(mes, _noviembre(mes))
    assert [s for s, _e in por_semana] == sorted(s for s, _e in por_semana)
    assert len(por_semana) > 1, "more than one audit left in the month"
    for semana, e in por_semana:
        estratos = mes.connection().exec_driver_sql(de_semana, {**fechas, "semana": semana}).all()
        peso = sum(n for n, _suma, _k in estratos)
        media = sum((Fraction(n * suma, 100 * k) for n, suma, k in estratos), Fraction()) / peso
        assert e.media == pytest.approx(float(media), abs=1e-9), semana
        assert e.n == sum(k for _n, _suma, k in estratos)
    assert sum(e.n for _s, e in por_semana) == cifra_de(mes, "I14", "total", "").n


def test_a_closing_of_before_these_figures_is_read_as_it_was_kept(session: Session) -> None:
    """It has two tables and no I13 and I14: nothing is missing of it, and nothing is added."""
    atendida(session)
    version = meses.cerrar(session, NOVIEMBRE, QUIEN)
    nuevas = ("jornadas", "caidas", "evaluaciones", "observaciones")
    session.execute(sa.delete(MesDatos).where(MesDatos.tabla.in_(nuevas)))
    session.execute(
        sa.delete(IndicadorMes).where(
            IndicadorMes.indicador.startswith("I13") | IndicadorMes.indicador.startswith("I14")
        )
    )
    huellas = {d.tabla: d.huella for d in session.scalars(sa.select(MesDatos))}
    cabeza = {
        "mes": "2026-11-01",
        "version": 1,
        "cerrado": version.cerrado,
        "por": version.por,
        "motivo": "",
        **huellas,
    }
    version.huella = sha256(canonico(cabeza))
    session.flush()
    assert meses.verificar(session, version) == ()
    assert figura(session, version, "I1") == (Fraction(360), 0, 1)
    assert meses.leer(session, version).mes.jornadas == ()


def test_an_outage_over_night_and_one_that_goes_on_count_where_nobody_could_look(
    session: Session,
) -> None:
    """The worker looks at what answers: a day that was down from morning to evening has no look of
    its own."""
    acto = Acto("motor", CIERRE)
    disponibilidad.latido(session, bogota(2026, 11, 4, 8))
    disponibilidad.latido(session, bogota(2026, 11, 4, 12))
    larga = disponibilidad.caer(
        session, bogota(2026, 11, 4, 15), "OperationalError", disponibilidad.REVISION, acto
    )
    disponibilidad.restablecer(session, larga.id, bogota(2026, 11, 6, 9))
    disponibilidad.caer(
        session, bogota(2026, 11, 30, 16), "OperationalError", disponibilidad.REVISION, acto
    )
    version = meses.cerrar(session, NOVIEMBRE, QUIEN)
    punto = next(p for p in puntos(session))
    horario = [horario_de(punto, dt.date(2026, 11, d)) for d in (4, 5, 6, 30)]
    abre, cierra = next(h for h in horario if h is not None)
    dia = int((cierra - abre).total_seconds())
    cuantos = len(puntos(session))
    de_un_punto = meses.leer(session, version).mes.jornadas
    suyas = [(j.desde, j.hasta) for j in de_un_punto if j.punto == punto.codigo]
    assert suyas == [
        (bogota(2026, 11, 4, 8), bogota(2026, 11, 4, 12)),
        (bogota(2026, 11, 4, 15), bogota(2026, 11, 4, 17)),
        horario[1],
        (bogota(2026, 11, 6, 8), bogota(2026, 11, 6, 9)),
        (bogota(2026, 11, 30, 16), bogota(2026, 11, 30, 17)),
    ], "from twelve to three nobody looked: neither up nor down"
    valor, arriba, abajo = figura(session, version, "I13")
    assert (arriba, abajo) == (4 * 3600 * cuantos, (4 + 2 + 1 + 1) * 3600 * cuantos + dia * cuantos)
    assert valor == Fraction(arriba, abajo)


def test_every_indicator_has_its_second_computation() -> None:
    a_mano = {
        "I1",
        "I1.p50",
        "I1.p90",
        "I2",
        "I10.edad",
        "I15.mil",
        "I13",
        "I14",
        "I14.desde",
        "I14.hasta",
        "I14.sitio",
        "I14.visitas",
    }
    assert INDICADORES.keys() == {*CUENTAS, *a_mano}
