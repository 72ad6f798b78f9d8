"""Legacy queries on real records: who may be asked about, what is kept, what the diagram is told
(5.2.9, control 6-2)."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from demo.cctex import Credito, construir
from engine.errors import BusinessError
from engine.types import Data, Handlers
from handlers.conectores.cctex import Cctex
from handlers.conectores.guarda import Estado
from handlers.conectores.tipos import (
    Conector,
    Documento,
    Plazo,
    Probado,
    Respuesta,
    TitularidadNoVerificada,
)
from handlers.sistemas import legado as manejadores
from records.base.actos import Acto
from records.sistemas import legado
from records.sistemas.puertos import Causa, FallaDeSistema
from records.sistemas.tablas import ConsultaLegado
from records.visita import turnos
from tests.kit.clock import NOW
from tests.kit.handlers import remote_call
from tests.kit.scene import Scene

TODOS = ["C&CTEX", "COBOL", "FOX PRO"]


@dataclass
class Registro:
    """The handlers under test and what they wrote into the access chain."""

    handlers: Handlers
    accesos: list[tuple[str, str, Data]] = field(default_factory=list)


PACIENCIA = 10  #: seconds, for threads that a loaded machine holds up


@dataclass
class ConectorDePrueba:
    sistema: str
    estado: Estado = "ok"
    mientras: Callable[[], object] = lambda: None
    preguntas: list[str | None] = field(default_factory=list)

    def preguntar(self, doc: Documento, servicio: str | None, _plazo: Plazo) -> Respuesta:
        assert doc.numero == "9900000001"
        self.preguntas.append(servicio)
        self.mientras()
        if self.estado == "no_disponible":
            raise FallaDeSistema("fuera de servicio", causa=Causa.SIN_CONEXION, pasajera=False)
        filas = ({"obligacion": "2011000001"},) if self.estado == "ok" else ()
        return Respuesta(filas, dt.date(2026, 11, 23))

    def probar(self, _plazo: Plazo) -> Probado:
        return Probado()


@pytest.fixture
def escena(db: sa.Engine) -> Scene:
    escena = Scene(db).prepare()
    escena.attend()
    escena.verify_holder()
    return escena


def registrar(escena: Scene, *conectores: Conector) -> Registro:
    registro = Registro(Handlers())

    def acceso(kind: str, subject: str, _now: dt.datetime, detail: Data) -> None:
        registro.accesos.append((kind, subject, detail))

    guardas = manejadores.guardar(
        conectores, sesiones=escena.sessions, bitacora=acceso, suceso=lambda *_suceso: None
    )
    manejadores.register(registro.handlers, guardas, sesiones=escena.sessions, bitacora=acceso)
    return registro


def consultar(
    escena: Scene, registro: Registro, sistemas: list[str] | None = None, servicio_id: int = 0
) -> object:
    datos: Data = {
        "turno_id": escena.turno_id,
        "persona_id": 999,
        "servicio_id": servicio_id,
        "sistemas": sistemas or ["C&CTEX"],
    }
    salida = registro.handlers.remote["legado.consultar"](remote_call(NOW, datos))
    return (salida or {}).get("estado_consulta")


def precargar(escena: Scene, registro: Registro) -> None:
    registro.handlers.jobs["legado.precargar"](NOW, {"turno_id": escena.turno_id})


def filas(escena: Scene) -> list[tuple[str, str]]:
    with escena.sessions() as session:
        consulta = sa.select(ConsultaLegado.sistema, ConsultaLegado.estado).order_by(
            ConsultaLegado.sistema
        )
        return [(sistema, estado) for sistema, estado in session.execute(consulta)]


def test_the_answer_of_a_real_file_is_kept_with_who_read_it(escena: Scene, tmp_path: Path) -> None:
    ruta = tmp_path / "cctex.db"
    construir(
        ruta,
        [Credito("2011000001", "PREG", 2011, "vigente", "CC", "9900000001", "Ana Rojas")],
        corte=dt.date(2026, 11, 23),
    )

    registro = registrar(escena, Cctex(f"sqlite:///{ruta}"))
    assert consultar(escena, registro) == "ok"
    with escena.sessions() as session:
        fila = session.scalars(sa.select(ConsultaLegado)).one()
    assert (fila.turno_id, fila.persona_id, fila.asesor_id, fila.consultada) == (
        escena.turno_id,
        escena.persona_id,
        "asesora",
        NOW,
    )
    assert fila.filas is not None
    assert fila.filas[0]["obligacion"] == "2011000001"
    assert len(fila.hash or "") == 64
    assert fila.fecha_corte == dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)  # that day in Bogotá
    assert registro.accesos == [
        (
            "consulta_legado",
            f"persona:{escena.persona_id}",
            {"turno_id": escena.turno_id, "sistemas": ["cctex"], "asesor_id": "asesora"},
        )
    ]


def test_without_a_verified_holder_no_system_is_asked_and_the_attempt_is_logged(
    escena: Scene,
) -> None:
    escena.verify_holder("no_titular")
    cctex = ConectorDePrueba("cctex")
    registro = registrar(escena, cctex)
    with pytest.raises(TitularidadNoVerificada):
        consultar(escena, registro)
    precargar(escena, registro)
    assert (cctex.preguntas, filas(escena)) == ([], [])
    assert [acceso[0] for acceso in registro.accesos] == ["legado_negado"]


def test_the_connector_itself_refuses_another_document_than_the_verified_one(escena: Scene) -> None:
    with escena.sessions() as session:
        assert legado.titularidad_verificada(session, escena.turno_id, "CC", "9900000001")
        assert not legado.titularidad_verificada(session, escena.turno_id, "CC", "9900000002")
        assert not legado.titularidad_verificada(session, escena.turno_id, "CE", "9900000001")
        assert not legado.titularidad_verificada(session, escena.turno_id + 1, "CC", "9900000001")


def test_after_the_attention_nobody_may_ask_any_more(escena: Scene) -> None:
    with escena.writing() as session:
        turnos.cerrar_turno(session, escena.turno_id, resultado="atendido", now=NOW)
    with pytest.raises(TitularidadNoVerificada):
        consultar(escena, registrar(escena, ConectorDePrueba("cctex")))


def test_what_was_fetched_before_is_not_asked_again(escena: Scene) -> None:
    cctex, cobol = ConectorDePrueba("cctex"), ConectorDePrueba("cobol", "sin_datos")
    registro = registrar(escena, cctex, cobol)
    precargar(escena, registro)
    assert consultar(escena, registro, TODOS[:2]) == "ok"
    assert (len(cctex.preguntas), len(cobol.preguntas)) == (1, 1)
    assert filas(escena) == [("cctex", "ok"), ("cobol", "sin_datos")]


def test_a_prefetch_that_failed_is_asked_again(escena: Scene) -> None:
    cctex = ConectorDePrueba("cctex", "no_disponible")
    registro = registrar(escena, cctex)
    precargar(escena, registro)
    cctex.estado = "ok"
    assert consultar(escena, registro) == "ok"
    assert filas(escena) == [("cctex", "ok")]


def test_err_legado_only_when_all_configured_systems_that_were_asked_failed(escena: Scene) -> None:
    registro = registrar(escena, ConectorDePrueba("cctex", "no_disponible"))
    with pytest.raises(BusinessError) as error:
        consultar(escena, registro, TODOS)
    assert error.value.code == "ERR_LEGADO"
    assert filas(escena) == [
        ("cctex", "no_disponible"),
        ("cobol", "no_configurado"),
        ("foxpro", "no_configurado"),
    ]


def test_one_failure_among_answers_is_partial(escena: Scene) -> None:
    registro = registrar(
        escena, ConectorDePrueba("cctex"), ConectorDePrueba("cobol", "no_disponible")
    )
    assert consultar(escena, registro, TODOS[:2]) == "parcial"


def test_systems_that_are_not_configured_are_a_state_and_not_an_error(escena: Scene) -> None:
    registro = registrar(escena, ConectorDePrueba("cctex"))
    assert consultar(escena, registro, ["COBOL", "FOX PRO"]) == "no_configurado"
    assert filas(escena) == [("cobol", "no_configurado"), ("foxpro", "no_configurado")]


def test_the_systems_are_asked_at_the_same_time(escena: Scene) -> None:
    """None answers before all three have been asked."""
    juntos = threading.Barrier(3, timeout=PACIENCIA)
    sistemas = ("cctex", "cobol", "foxpro")
    registro = registrar(escena, *(ConectorDePrueba(s, mientras=juntos.wait) for s in sistemas))
    assert consultar(escena, registro, TODOS) == "ok"


def test_the_case_s_product_limits_the_question_to_its_obligation(escena: Scene) -> None:
    cctex = ConectorDePrueba("cctex")
    registro = registrar(escena, cctex)
    consultar(escena, registro, servicio_id=escena.servicio_id)
    assert cctex.preguntas == ["2011000001"]


def test_a_system_that_the_procedure_does_not_know_is_a_fault_of_the_table(escena: Scene) -> None:
    with pytest.raises(KeyError):
        consultar(escena, registrar(escena), ["NINGUNO"])


def test_a_repeated_job_keeps_one_row_and_a_failure_never_hides_an_answer(escena: Scene) -> None:
    titular = legado.Titular(escena.persona_id, "CC", "9900000001", "asesora")
    for estado in ("ok", "no_disponible"):
        with escena.writing() as session:
            legado.guardar(
                session,
                legado.Lectura("cctex", estado),
                escena.turno_id,
                titular,
                Acto("asesora", NOW),
            )
    assert filas(escena) == [("cctex", "ok")]


def test_prefetch_and_question_at_once_lose_nothing(escena: Scene) -> None:
    registro = registrar(escena, ConectorDePrueba("cctex", mientras=lambda: time.sleep(0.05)))
    fallas: list[BaseException] = []

    def correr(accion: object) -> None:
        try:
            precargar(escena, registro) if accion == "precarga" else consultar(escena, registro)
        except sa.exc.IntegrityError as falla:  # the loser of the race is tried again by the engine
            fallas.append(falla)

    hilos = [threading.Thread(target=correr, args=(a,)) for a in ("precarga", "consulta")]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert len(fallas) <= 1
    assert filas(escena) == [("cctex", "ok")]
    assert consultar(escena, registro) == "ok"


def test_one_record_that_cannot_be_read_is_no_silence_of_the_system(escena: Scene) -> None:
    """The queue of every desk tells which systems are silent: this one answers everybody else."""
    titular = legado.Titular(escena.persona_id, "CC", "9900000001", "asesora")
    for sistema, causa in (("foxpro", Causa.REGISTRO), ("cobol", Causa.ILEGIBLE)):
        with escena.sessions() as session, session.begin():
            legado.guardar(
                session,
                legado.Lectura(sistema, "no_disponible", causa=causa),
                escena.turno_id,
                titular,
                Acto("asesora", NOW),
            )
    with escena.sessions() as session:
        assert [s.sistema for s in legado.sin_respuesta(session, NOW)] == ["cobol"]
