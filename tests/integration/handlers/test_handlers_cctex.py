"""C&CTEX against a real database file: read-only, bound parameters, timeout, lock, absence,
breaker, reserva bancaria (5.2.9)."""

import datetime as dt
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from demo.cctex import Credito, construir
from handlers.conectores.cctex import Cctex
from handlers.conectores.cctex.sentencias import Sentencias
from handlers.conectores.guarda import Guarda, Resultado, Verificada
from handlers.conectores.proteccion import Politica
from handlers.conectores.tipos import Documento, Plazo, Pregunta, TitularidadNoVerificada
from records.sistemas.puertos import Causa, FallaDeSistema, Salud
from records.sistemas.reglas.sistemas import SISTEMAS
from tests.kit.around import postgres_behind
from tests.kit.clock import NOW, Seconds
from tests.kit.connectors import ConnectorContract, Place
from tests.kit.gate import DOWN, OPEN, SLOW

CORTE = dt.date(2026, 11, 23)
ANA = Documento("CC", "9900000001", turno_id=7)
CREDITOS = (
    Credito("2011000001", "ACCES", 2011, "vigente", "CC", "9900000001", "Ana Rojas"),
    Credito("2015000009", "POSG", 2015, "cancelado", "CC", "9900000001", "Ana Rojas"),
    Credito("2019000002", "ACCES", 2019, "en_cobro", "CC", "9900000002", "Beto Díaz"),
    Credito(
        "2019000002",
        "ACCES",
        2019,
        "en_cobro",
        "CC",
        "9900000003",
        "Nuria Peña",
        "deudor_solidario",
    ),
)
RAPIDA = Politica(espera=5.0, reintentos=2, pausa=0.01, fallas_para_abrir=2, abierto=0.2)
UNA_VEZ = Politica(reintentos=0)
SISTEMA = SISTEMAS[0]


class Vigilado:
    """C&CTEX behind its guard, as handlers have it."""

    def __init__(
        self,
        url: str,
        politica: Politica,
        verificada: Verificada | None = None,
        sentencias: Sentencias | None = None,
    ) -> None:
        self.bitacora: list[str] = []
        self.sucesos: list[str] = []
        self.cctex, self.espera = Cctex(url, sentencias), politica.espera
        self._guarda = Guarda(
            SISTEMA,
            self.cctex,
            verificada=verificada or _siempre,
            bitacora=self._anotar,
            suceso=self._suceder,
            politica=politica,
        )

    def _anotar(self, kind: str, *_resto: object) -> None:
        self.bitacora.append(kind)

    def _suceder(self, _sistema: str, que: str, *_resto: object) -> None:
        self.sucesos.append(que)

    def consultar(self, doc: Documento, servicio: str | None = None) -> Resultado:
        return self._guarda.consultar(Pregunta(doc, 1, "asesora", NOW, servicio))

    def salud(self) -> Salud:
        return self._guarda.salud()


def _siempre(_doc: Documento) -> bool:
    return True


Abrir = Callable[..., Vigilado]


@pytest.fixture
def archivo(tmp_path: Path) -> Path:
    ruta = tmp_path / "c&ctex ñ.db"
    construir(ruta, CREDITOS, corte=CORTE)
    return ruta


@pytest.fixture
def abrir(archivo: Path) -> Abrir:
    def hacer(politica: Politica = RAPIDA, **kwargs: Any) -> Vigilado:
        return Vigilado(f"sqlite:///{archivo}", politica, **kwargs)

    return hacer


class TestContract(ConnectorContract):
    @pytest.fixture
    def place(self, archivo: Path) -> Place:
        contenido = archivo.read_bytes()

        @contextmanager
        def locked() -> Iterator[None]:
            with closing(sqlite3.connect(archivo, isolation_level=None)) as dueno:
                dueno.execute("BEGIN EXCLUSIVE")
                yield

        return Place(
            connect=lambda: Cctex(f"sqlite:///{archivo}"),
            holder=ANA,
            obligations=("2011000001", "2015000009"),
            other=Documento("CC", "9900000003", 7),
            other_obligation="2019000002",
            cutoff=CORTE,
            remove=archivo.unlink,
            restore=lambda: archivo.write_bytes(contenido),
            hang=locked,
        )


def test_the_holder_s_credits_come_with_cut_off_source_and_hash(abrir: Abrir) -> None:
    resultado = abrir().consultar(ANA)
    assert (resultado.estado, resultado.fecha_corte, resultado.fuente) == ("ok", CORTE, "C&CTEX")
    assert [fila["obligacion"] for fila in resultado.filas] == ["2015000009", "2011000001"]
    assert resultado.filas[0]["saldo"] == 0
    assert isinstance(resultado.filas[1]["saldo"], str)
    assert len(resultado.hash) == 64
    assert resultado.hash == abrir().consultar(ANA).hash


def test_one_service_limits_the_answer_to_its_obligation(abrir: Abrir) -> None:
    assert [fila["obligacion"] for fila in abrir().consultar(ANA, "2011000001").filas] == [
        "2011000001"
    ]


def test_another_person_s_obligation_gives_nothing(abrir: Abrir) -> None:
    resultado = abrir().consultar(ANA, "2019000002")
    assert (resultado.estado, resultado.filas) == ("sin_datos", ())


def test_a_joint_debtor_sees_the_credit_in_that_capacity(abrir: Abrir) -> None:
    filas = abrir().consultar(Documento("CC", "9900000003", 7)).filas
    assert [(fila["obligacion"], fila["calidad"]) for fila in filas] == [
        ("2019000002", "deudor_solidario")
    ]


def test_without_a_verified_holder_nothing_is_asked(abrir: Abrir, archivo: Path) -> None:
    archivo.unlink()  # were it asked, it would be "no_disponible"
    conector = abrir(verificada=lambda _doc: False)
    with pytest.raises(TitularidadNoVerificada):
        conector.consultar(ANA)
    assert conector.bitacora == ["legado_negado"]


def test_an_empty_document_is_refused(abrir: Abrir) -> None:
    with pytest.raises(TitularidadNoVerificada):
        abrir().consultar(Documento("CC", "", 7))


@pytest.mark.parametrize(
    "numero",
    [
        "x' OR '1'='1",
        "9900000001'; DROP TABLE creditos; --",
        '" OR ""="',
        "9900000001 UNION SELECT 1",
        "%",
        "\x00",
        "9" * 5000,
        "ñ😀",
    ],
)
def test_a_document_number_is_data_and_never_sql(abrir: Abrir, numero: str) -> None:
    assert abrir().consultar(Documento("CC", numero, 7)).estado == "sin_datos"
    assert abrir().consultar(ANA).estado == "ok"


def test_the_connection_cannot_write(abrir: Abrir, archivo: Path) -> None:
    espia = Sentencias(filas="WITH d AS (SELECT :tipo_doc, :num_doc) DELETE FROM creditos")
    resultado = abrir(sentencias=espia).consultar(ANA)
    assert (resultado.estado, resultado.causa) == ("no_disponible", Causa.NO_PERMITIDO)
    assert "readonly" in resultado.detalle
    with closing(sqlite3.connect(archivo)) as base:
        assert base.execute("SELECT COUNT(*) FROM creditos").fetchone() == (3,)


def test_a_missing_file_is_a_state_and_no_file_is_made(abrir: Abrir, archivo: Path) -> None:
    archivo.unlink()
    resultado = abrir().consultar(ANA)
    assert (resultado.estado, resultado.filas, resultado.fecha_corte) == ("no_disponible", (), None)
    assert resultado.causa is Causa.SIN_CONEXION
    assert not archivo.exists()


def test_a_file_that_is_no_database_is_a_state(abrir: Abrir, archivo: Path) -> None:
    archivo.write_bytes(b"esto no es una base de datos" * 100)
    resultado = abrir().consultar(ANA)
    assert (resultado.estado, resultado.causa) == ("no_disponible", Causa.ILEGIBLE)


def test_a_lock_that_goes_away_is_waited_for(abrir: Abrir, archivo: Path) -> None:
    with closing(sqlite3.connect(archivo, isolation_level=None, check_same_thread=False)) as dueno:
        dueno.execute("BEGIN EXCLUSIVE")
        conector = abrir(politica=Politica(espera=0.1, reintentos=2, pausa=0.15))
        threading.Timer(0.15, dueno.execute, ["ROLLBACK"]).start()
        assert conector.consultar(ANA).estado == "ok"


def test_a_lock_that_stays_is_given_up_in_time(abrir: Abrir, archivo: Path) -> None:
    with closing(sqlite3.connect(archivo, isolation_level=None)) as dueno:
        dueno.execute("BEGIN EXCLUSIVE")
        desde = time.monotonic()
        resultado = abrir(politica=Politica(espera=0.1, pausa=0.01)).consultar(ANA)
        assert resultado.estado == "no_disponible"
        assert resultado.causa in (Causa.OCUPADO, Causa.SIN_RESPUESTA)
        assert time.monotonic() - desde < 2


LENTA = """
WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000)
SELECT MAX(x) AS obligacion FROM n WHERE :tipo_doc <> :num_doc
"""


def test_a_slow_query_is_stopped_and_leaves_no_thread_at_work(abrir: Abrir) -> None:
    conector = abrir(
        sentencias=Sentencias(filas=LENTA), politica=Politica(espera=0.1, reintentos=0)
    )
    resultado = conector.consultar(ANA)
    assert (resultado.estado, resultado.causa) == ("no_disponible", Causa.SIN_RESPUESTA)
    limite = time.monotonic() + 3
    while any(hilo.name == "legado" for hilo in threading.enumerate()):
        assert time.monotonic() < limite, "the abandoned query still runs"
        time.sleep(0.01)


def test_a_query_that_begins_when_its_time_is_over_is_stopped_too(archivo: Path) -> None:
    """Opening took all of it: nothing ran yet that could have been interrupted."""
    plazo = Plazo(0.1)
    plazo.vencer()
    conector = Cctex(
        f"sqlite:///{archivo}", Sentencias(filas=LENTA.replace("1000000000", "30000000"))
    )
    with pytest.raises(FallaDeSistema) as falla:
        conector.preguntar(ANA, None, plazo)
    assert falla.value.causa is Causa.SIN_RESPUESTA


def test_after_failures_in_a_row_the_breaker_answers_at_once_and_closes_when_the_file_is_back(
    abrir: Abrir, archivo: Path
) -> None:
    contenido = archivo.read_bytes()
    archivo.unlink()
    clock = Seconds()
    conector = abrir(replace(RAPIDA, reloj=clock))
    estados = [conector.consultar(ANA).estado for _ in range(2)]
    assert estados == ["no_disponible"] * 2
    assert conector.salud().circuito == "abierto"
    archivo.write_bytes(contenido)
    assert conector.consultar(ANA).causa is Causa.PROTEGIDO
    clock.now += RAPIDA.abierto
    assert conector.salud().circuito == "prueba"
    assert conector.consultar(ANA).estado == "ok"
    assert conector.salud().circuito == "cerrado"
    assert conector.sucesos == ["abierto", "cerrado"]


def test_health_says_what_is_wrong_in_the_driver_s_words(abrir: Abrir, archivo: Path) -> None:
    conector = abrir()
    assert conector.salud().disponible
    archivo.unlink()
    salud = conector.salud()
    assert (salud.disponible, salud.sistema) == (False, "cctex")
    assert "unable to open" in salud.detalle


def test_a_wrong_statement_never_shows_the_citizen_s_document(abrir: Abrir) -> None:
    mala = Sentencias(filas="SELECT no_hay FROM creditos WHERE :tipo_doc = 'CC' AND :num_doc <> ''")
    detalle = abrir(sentencias=mala).consultar(ANA).detalle
    assert "no_hay" in detalle
    assert ANA.numero not in detalle


def test_the_demo_file_is_the_same_for_the_same_people(tmp_path: Path) -> None:
    for nombre in ("a.db", "b.db"):
        assert construir(tmp_path / nombre, CREDITOS, corte=CORTE) == 3
    volcados = []
    for nombre in ("a.db", "b.db"):
        with closing(sqlite3.connect(tmp_path / nombre)) as base:
            volcados.append("\n".join(base.iterdump()))
    assert volcados[0] == volcados[1]
    assert "plan_pagos" in volcados[0]


# --- the same against PostgreSQL ------------------------------------------------------------------
TABLAS = """
CREATE TABLE creditos (obligacion text PRIMARY KEY, linea char(8), estado text, saldo numeric(14,2), dias_mora int,
                       fecha_giro date, fecha_corte date);
CREATE TABLE deudores (obligacion text, calidad text, tipo_doc text, num_doc text);
CREATE TABLE plan_pagos (obligacion text, fecha date, valor numeric(14,2), pagada int);
CREATE TABLE pagos (obligacion text, fecha date);
INSERT INTO creditos VALUES ('2011000001', 'PREG', 'vigente', 1234567.80, 0, '2011-08-01', '2026-11-23');
INSERT INTO deudores VALUES ('2011000001', 'beneficiario', 'CC', '9900000001');
"""


def _cerrar(conector: Vigilado) -> None:
    """Once the question that was given up has given its connection back."""
    grupo: Any = conector.cctex.motor(conector.espera).pool
    limite = time.monotonic() + 10
    while grupo.checkedout() and time.monotonic() < limite:
        time.sleep(0.02)
    conector.cctex.cerrar()


@pytest.fixture
def abrir_postgres(postgres_url: str) -> Iterator[Abrir]:
    motor = sa.create_engine(postgres_url)
    with motor.begin() as conexion:
        conexion.exec_driver_sql(TABLAS)
    motor.dispose()

    hechos: list[Vigilado] = []

    def hacer(politica: Politica = UNA_VEZ, **kwargs: Any) -> Vigilado:
        hechos.append(Vigilado(postgres_url, politica, **kwargs))
        return hechos[-1]

    yield hacer
    for hecho in hechos:
        _cerrar(hecho)


@pytest.mark.postgres
def test_on_postgresql_money_is_exact_text_and_padding_is_gone(abrir_postgres: Abrir) -> None:
    resultado = abrir_postgres().consultar(ANA)
    assert (resultado.estado, resultado.fecha_corte) == ("ok", CORTE)
    assert resultado.filas[0]["saldo"] == "1234567.80"
    assert resultado.filas[0]["linea"] == "PREG"
    assert resultado.filas[0]["fecha_giro"] == "2011-08-01"
    assert abrir_postgres().consultar(Documento("CC", "x' OR '1'='1", 7)).estado == "sin_datos"


@pytest.mark.postgres
def test_on_postgresql_the_session_cannot_write(abrir_postgres: Abrir) -> None:
    borrar = Sentencias(
        filas="WITH d AS (DELETE FROM creditos RETURNING 1) SELECT 1 FROM d WHERE :tipo_doc <> :num_doc"
    )
    resultado = abrir_postgres(sentencias=borrar).consultar(ANA)
    assert (resultado.estado, resultado.causa) == ("no_disponible", Causa.NO_PERMITIDO)
    assert "read-only" in resultado.detalle
    assert abrir_postgres().consultar(ANA).estado == "ok"


@pytest.mark.postgres
def test_on_postgresql_a_slow_query_is_stopped(abrir_postgres: Abrir) -> None:
    lenta = Sentencias(
        filas="SELECT pg_sleep(30) WHERE CAST(:tipo_doc AS text) <> CAST(:num_doc AS text)"
    )
    desde = time.monotonic()
    conector = abrir_postgres(sentencias=lenta, politica=Politica(espera=0.5, reintentos=0))
    assert conector.consultar(ANA).estado == "no_disponible"
    assert time.monotonic() - desde < 5


CUENTA, CLAVE_DE_LA_CUENTA = "ventanilla_lee", "solo-para-leer"
FUNCION = """
CREATE FUNCTION obligaciones_de(p_tipo text, p_num text, p_servicio text)
RETURNS TABLE (obligacion text, linea text, estado text, saldo numeric, dias_mora int, fecha_giro date, calidad text)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT c.obligacion, c.linea, c.estado, c.saldo, c.dias_mora, c.fecha_giro, d.calidad
  FROM deudores d JOIN creditos c USING (obligacion)
  WHERE d.tipo_doc = p_tipo AND d.num_doc = p_num AND (p_servicio IS NULL OR c.obligacion = p_servicio) $$;
CREATE FUNCTION corte_de_creditos() RETURNS date LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT max(fecha_corte) FROM creditos';
REVOKE ALL ON FUNCTION obligaciones_de, corte_de_creditos FROM PUBLIC;
DROP ROLE IF EXISTS ventanilla_lee;
CREATE ROLE ventanilla_lee LOGIN PASSWORD 'solo-para-leer';
GRANT EXECUTE ON FUNCTION obligaciones_de, corte_de_creditos TO ventanilla_lee;
"""
POR_FUNCION = Sentencias(
    filas="SELECT * FROM obligaciones_de(:tipo_doc, :num_doc, CAST(:servicio AS text))",
    corte="SELECT corte_de_creditos()",
)


@pytest.fixture
def cuenta_de_lectura(postgres_url: str) -> Iterator[str]:
    """An account that may call the functions of the owner of the data, and nothing else."""
    motor = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with motor.connect() as conexion:
        conexion.exec_driver_sql(TABLAS + FUNCION)
    url = sa.engine.make_url(postgres_url).set(username=CUENTA, password=CLAVE_DE_LA_CUENTA)
    yield url.render_as_string(hide_password=False)
    with motor.connect() as conexion:
        conexion.exec_driver_sql("DROP OWNED BY ventanilla_lee; DROP ROLE ventanilla_lee")
    motor.dispose()


MAS = """
INSERT INTO creditos SELECT n, 'PREG', 'vigente', 10, 0, '2015-08-01', '2026-11-23' FROM unnest(ARRAY['2015000009', '2019000002']) n;
INSERT INTO deudores VALUES ('2015000009', 'beneficiario', 'CC', '9900000001'), ('2019000002', 'beneficiario', 'CC', '9900000003');
"""


@pytest.mark.postgres
class TestByFunction(ConnectorContract):
    """The same of an account that may call a function, over a network that can be cut."""

    @pytest.fixture
    def place(self, cuenta_de_lectura: str, postgres_url: str) -> Iterator[Place]:
        motor = sa.create_engine(postgres_url)
        with motor.begin() as conexion:
            conexion.exec_driver_sql(MAS)
        motor.dispose()
        hechos: list[Cctex] = []
        with postgres_behind(cuenta_de_lectura) as (url, door):

            def conectar() -> Cctex:
                hechos.append(Cctex(url, POR_FUNCION))
                return hechos[-1]

            @contextmanager
            def callado() -> Iterator[None]:
                door.set(SLOW)
                yield
                door.set(OPEN)

            yield Place(
                connect=conectar,
                holder=ANA,
                obligations=("2011000001", "2015000009"),
                other=Documento("CC", "9900000003", 7),
                other_obligation="2019000002",
                cutoff=CORTE,
                remove=lambda: door.set(DOWN),
                restore=lambda: door.set(OPEN),
                hang=callado,
            )
            for hecho in hechos:
                hecho.cerrar()


@pytest.mark.postgres
def test_on_postgresql_a_function_may_be_all_that_the_account_can_do(
    cuenta_de_lectura: str,
) -> None:
    conector, directo = (
        Vigilado(cuenta_de_lectura, UNA_VEZ, sentencias=POR_FUNCION),
        Vigilado(cuenta_de_lectura, UNA_VEZ),
    )
    resultado = conector.consultar(ANA)
    assert (resultado.estado, resultado.fecha_corte) == ("ok", CORTE)
    assert resultado.filas[0]["saldo"] == "1234567.80"
    assert conector.consultar(ANA, "2099000001").estado == "sin_datos"
    assert conector.salud().disponible
    cerrado = directo.consultar(ANA)  # the tables themselves are closed to it
    assert (cerrado.estado, cerrado.causa) == ("no_disponible", Causa.NO_PERMITIDO)
    _cerrar(conector)
    _cerrar(directo)


@pytest.mark.postgres
def test_on_postgresql_connections_are_kept_and_one_that_broke_costs_nobody_an_answer(
    abrir_postgres: Abrir, postgres_url: str
) -> None:
    conector = abrir_postgres()
    assert [conector.consultar(ANA).estado for _ in range(5)] == ["ok"] * 5
    grupo = conector.cctex.motor(UNA_VEZ.espera).pool
    assert isinstance(grupo, sa.QueuePool)
    assert (grupo.checkedin(), grupo.checkedout()) == (1, 0)
    motor = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with motor.connect() as conexion:  # the server was restarted, or the network broke
        conexion.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    motor.dispose()
    assert conector.consultar(ANA).estado == "ok"
