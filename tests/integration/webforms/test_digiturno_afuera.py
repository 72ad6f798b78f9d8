"""Another turn system at a point (tests/kit/turnero.py): what it tells is applied once, in whatever
order; nobody's turn is lost."""

import datetime as dt
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from handlers.conectores.digiturno.archivo import Carpeta
from handlers.conectores.digiturno.firma import Firmante
from handlers.conectores.digiturno.red import Red
from handlers.conectores.digiturno.sistema import Nombres, SistemaDeTurnos
from records.base.actos import Acto
from records.informes.tablas import MesCerrado
from records.visita import digiturno, turnos
from records.visita.filas import fila as fila_del_punto
from records.visita.reglas.digiturno import Decision, Evento, decidir
from records.visita.tablas import (
    Calificacion,
    DigiturnoEvento,
    DigiturnoModo,
    DigiturnoSalida,
    Turno,
    TurnoPeriodo,
)
from tests.kit import public as public_kit
from tests.kit.cast import PUNTO
from tests.kit.chance import dice
from tests.kit.clock import MINUTE
from tests.kit.public import Point
from tests.kit.turnero import IN, OUT, TOKEN, Turnero, signed, turnero
from tests.kit.web import csrf, followed
from webforms.base.servicios import EXTENSION
from webforms.visita import turnos_afuera as intake

SUC = "SUC-01"


@dataclass
class Sala:
    """A point whose numbers the turnero gives, and the worker's round."""

    punto: Point
    turnero: Turnero
    sistema: SistemaDeTurnos
    mensajes: int = 0
    dichos: list[dict[str, Any]] = field(default_factory=list)

    @property
    def now(self) -> dt.datetime:
        return self.punto.clock.now()

    def evento(
        self, clase: str, ticket: str = "t1", *, hace: float = 0, **datos: Any
    ) -> dict[str, Any]:
        """As the turnero says it; `hace`: minutes ago."""
        return {
            "punto": SUC,
            "ticket": ticket,
            "clase": clase,
            "cuando": (self.now - hace * MINUTE).isoformat(),
            **datos,
        }

    def envia(self, *eventos: dict[str, Any], **como: Any) -> TestResponse:
        cuerpo = como.get("cuerpo", json.dumps({"eventos": eventos}).encode())
        self.mensajes += 1
        firma = signed(
            como.get("secreto", IN),
            como.get("nombre", f"m{self.mensajes}"),
            como.get("cuando", self.now),
            cuerpo,
        )
        encabezados = {**firma, **como.get("encabezados", {})}
        direccion = f"/digiturno/{como.get('sistema', 'turnero')}/eventos"
        return self.punto.web.app.test_client().post(
            direccion, data=cuerpo, headers=encabezados, content_type="application/json"
        )

    def vuelta(self) -> int:
        self.turnero.now = self.now
        with self.punto.web.app.app_context():
            return intake.vuelta(self.now)

    def llega(
        self, ticket: str = "t1", numero: str = "B012", *, hace: float = 0, **datos: Any
    ) -> Turno:
        assert (
            self.envia(
                self.evento("emitido", ticket, hace=hace, numero=numero, **datos)
            ).status_code
            == 202
        )
        self.vuelta()
        return self.punto.turnos()[-1]

    def pasa(self, *eventos: dict[str, Any]) -> None:
        assert self.envia(*eventos).status_code == 202
        self.vuelta()

    def eventos(self) -> list[tuple[str, str, str]]:
        with self.punto.web.session() as s:
            filas = s.scalars(sa.select(DigiturnoEvento).order_by(DigiturnoEvento.id))
            return [(f.clase, f.estado, f.motivo) for f in filas]

    def estado(self, n: int = 0) -> tuple[str | None, str]:
        turno = self.punto.turnos()[n]
        return turno.ficha, turno.estado

    def fila(self) -> list[str]:
        with self.punto.web.session() as s:
            return [
                f.ficha or ""
                for f in s.scalars(
                    sa.select(Turno)
                    .where(Turno.estado == "espera")
                    .order_by(Turno.llegada, Turno.id)
                )
            ]

    def modo(self, nuevo: str) -> None:
        with self.punto.web.app.app_context():
            uow = self.punto.web.engine.uow
            acto, permitidos = Acto("coordinador", self.now), {"propio", "manual", "turnero"}
            uow.run(
                lambda s: digiturno.cambiar_modo(
                    s, PUNTO, nuevo, "Se dañó el equipo", acto, permitidos
                )
            )


@pytest.fixture
def sala(tmp_path: Path, sqlite_url: str) -> Iterator[Sala]:
    with abierta(tmp_path, sqlite_url) as hecha:
        yield hecha


@pytest.fixture
def sala_de_cada_base(tmp_path: Path, db_url: str) -> Iterator[Sala]:
    """On both databases, one after another."""
    with abierta(tmp_path, db_url) as hecha:
        yield hecha


@contextmanager
def abierta(tmp_path: Path, url: str) -> Iterator[Sala]:
    with turnero() as otro:
        punto = public_kit.build(tmp_path, url)
        red = Red(otro.url, TOKEN, Firmante([OUT]), espera=0.5)
        nombres = Nombres(
            {SUC: PUNTO},
            {"PAPELES": "radicar_documentos"},
            {"Ventanilla 3": "3"},
            {"ag7": "asesor"},
        )
        sistema = SistemaDeTurnos(
            "turnero", "Turnero", red, nombres, Firmante([IN]), cada=dt.timedelta(minutes=1)
        )
        servicios = punto.web.app.extensions[EXTENSION]
        punto.web.app.extensions[EXTENSION] = replace(servicios, turnos_afuera=(sistema,))
        yield Sala(punto, otro, sistema)
        punto.web.engine.db.dispose()


# --- who may tell us something --------------------------------------------------------------------
@pytest.mark.parametrize(
    "como",
    [
        {"secreto": OUT},
        {"sistema": "nadie"},
        {"encabezados": {"webhook-signature": ""}},
        {"encabezados": {"webhook-signature": "v1"}},
        {"encabezados": {"webhook-signature": "v1,¡no es base64!"}},
        {"encabezados": {"webhook-timestamp": "ayer"}},
        {"encabezados": {"webhook-id": "otro"}},
        {"encabezados": {"webhook-id": ""}},
    ],
    ids=["secret", "system", "none", "half", "no base64", "no stamp", "other id", "no id"],
)
def test_what_the_system_did_not_sign_is_refused_without_saying_why(
    sala: Sala, como: dict[str, Any]
) -> None:
    respuesta = sala.envia(sala.evento("emitido", numero="B012"), **como)
    assert (respuesta.status_code, respuesta.json) == (401, {"error": "no autorizado"})
    assert sala.eventos() == []


def test_a_content_that_was_changed_on_the_way_is_refused(sala: Sala) -> None:
    cuerpo = json.dumps(sala.evento("emitido", numero="B012")).encode()
    firma = signed(IN, "m1", sala.now, cuerpo)
    cliente = sala.punto.web.app.test_client()
    respuesta = cliente.post(
        "/digiturno/turnero/eventos", data=cuerpo.replace(b"B012", b"B013"), headers=firma
    )
    assert respuesta.status_code == 401


@pytest.mark.parametrize(("minutos", "esperado"), [(-6, 401), (-4, 202), (4, 202), (6, 401)])
def test_both_clocks_may_differ_by_five_minutes(sala: Sala, minutos: int, esperado: int) -> None:
    assert (
        sala.envia(
            sala.evento("emitido", numero="B012"), cuando=sala.now + minutos * MINUTE
        ).status_code
        == esperado
    )


def test_a_message_that_is_sent_again_does_nothing_and_one_under_its_name_is_refused(
    sala: Sala,
) -> None:
    evento = sala.evento("emitido", numero="B012")
    assert sala.envia(evento, nombre="uno").json == {"nuevos": 1}
    assert sala.envia(evento, nombre="uno").json == {"nuevos": 0, "repetido": True}
    assert sala.envia(sala.evento("emitido", "t2", numero="B013"), nombre="uno").status_code == 409
    assert len(sala.eventos()) == 1


def test_what_is_no_event_is_told_by_its_place_and_nothing_of_the_message_is_kept(
    sala: Sala,
) -> None:
    respuesta = sala.envia(
        sala.evento("emitido", numero="B012"), sala.evento("calificado", valor=9)
    )
    assert respuesta.status_code == 422
    assert "evento 2: la calificación no va de 1 a 5" in respuesta.json["error"]
    assert sala.envia(cuerpo=b"[1, 2").status_code == 422
    assert sala.envia(cuerpo=b'{"eventos": []}').status_code == 202  # a sign of life
    assert sala.envia(cuerpo=b" " * 300_000).status_code == 413
    assert sala.eventos() == []


def test_a_secret_is_changed_while_both_sides_go_on(sala: Sala) -> None:
    firmante = Firmante([OUT, IN])
    for secreto in (IN, OUT):
        assert firmante.verificar(signed(secreto, "m", sala.now, b"{}"), b"{}", sala.now) == "m"


# --- a day at the point ---------------------------------------------------------------------------
def test_a_ticket_of_the_turnero_waits_with_its_number_and_the_hour_that_is_printed_on_it(
    sala: Sala,
) -> None:
    turno = sala.llega(
        hace=3, servicio="PAPELES", preferente=True, tipo_doc="CC", num_doc="52.123.456"
    )
    assert (turno.ficha, turno.estado, turno.origen, turno.punto_id) == (
        "B012",
        "espera",
        "digiturno",
        PUNTO,
    )
    assert (turno.motivo_visita, turno.condicion, turno.num_doc) == (
        "radicar_documentos",
        "preferente",
        "52123456",
    )
    assert turno.llegada == sala.now - 3 * MINUTE
    with sala.punto.web.session() as s:
        (periodo,) = s.scalars(sa.select(TurnoPeriodo)).all()
        (evento,) = s.scalars(sa.select(DigiturnoEvento)).all()
    assert periodo.inicio == turno.llegada
    assert "num_doc" not in evento.datos  # it is in the turn now, and nowhere else


def test_the_whole_way_at_the_turnero_is_the_way_of_the_visit_here(sala_de_cada_base: Sala) -> None:
    sala = sala_de_cada_base
    turno = sala.llega(hace=10)
    sala.pasa(sala.evento("llamado", hace=5, modulo="Ventanilla 3", asesor="ag7"))
    assert sala.estado() == ("B012", "llamado")
    assert sala.punto.open_item(turno, "act_5_2_2").claimed_by == "asesor"
    sala.pasa(sala.evento("iniciado", hace=4, modulo="Ventanilla 3"))
    assert sala.estado() == ("B012", "atencion")
    with sala.punto.web.session() as s:
        periodos = s.scalars(sa.select(TurnoPeriodo).order_by(TurnoPeriodo.id)).all()
    assert [(p.estado, p.inicio, p.asesor_id) for p in periodos] == [
        ("espera", sala.now - 10 * MINUTE, None),
        ("llamado", sala.now - 5 * MINUTE, "asesor"),
        ("atencion", sala.now - 4 * MINUTE, "asesor"),
    ]
    assert {e[1] for e in sala.eventos()} == {"aplicado"}
    historia = sala.punto.web.browser("revisor").get(f"/caso/{turno.case_key}").text
    assert "Sistema de turnos Turnero" in historia
    assert sala.turnero.heard == []  # what it said first, it need not hear


def test_what_comes_in_the_wrong_order_waits_for_the_one_before_it(sala: Sala) -> None:
    sala.pasa(sala.evento("iniciado", hace=1, modulo="3"))
    sala.pasa(sala.evento("llamado", hace=2, modulo="3", asesor="ag7"))
    assert [e[1:] for e in sala.eventos()] == [("espera", "sin_emitir")] * 2
    sala.llega(hace=3)
    assert sala.estado() == ("B012", "atencion")
    assert {e[1] for e in sala.eventos()} == {"aplicado"}


def test_what_waits_in_vain_is_listed(sala: Sala) -> None:
    sala.pasa(sala.evento("llamado", modulo="3", asesor="ag7"))
    sala.punto.wait(minutes=11)
    sala.vuelta()
    assert sala.eventos() == [("llamado", "listado", "sin_emitir")]


def test_told_again_by_whatever_way_it_changes_nothing(sala_de_cada_base: Sala) -> None:
    sala = sala_de_cada_base
    evento = sala.evento("emitido", numero="B012")
    sala.turnero.events = [evento, evento]
    sala.pasa(evento)
    sala.pasa(evento)
    assert len(sala.punto.turnos()) == 1
    assert sala.eventos() == [("emitido", "aplicado", "")]


@pytest.mark.parametrize(
    ("evento", "estado", "motivo"),
    [
        ({"clase": "llamado", "modulo": "7", "asesor": "ag7"}, "listado", "contradice"),
        ({"clase": "llamado", "modulo": "3"}, "sin_efecto", "ya_estaba"),
        ({"clase": "retirado"}, "listado", "contradice"),
        ({"clase": "retirado", "hace": 20}, "sin_efecto", "tarde"),
        ({"clase": "emitido", "numero": "C001"}, "listado", "contradice"),
        ({"clase": "llamado", "modulo": "3", "hace": -10}, "listado", "futuro"),
        ({"clase": "llamado", "modulo": "3", "hace": 1440}, "listado", "sin_emitir"),
        (
            {"clase": "emitido", "ticket": "t9", "numero": "B099", "hace": 1440},
            "listado",
            "otro_dia",
        ),
        (
            {"clase": "emitido", "ticket": "t9", "numero": "B099", "punto": "SUC-99"},
            "listado",
            "punto_desconocido",
        ),
    ],
)
def test_what_contradicts_comes_late_or_belongs_nowhere_changes_nothing(
    sala: Sala, evento: dict[str, Any], estado: str, motivo: str
) -> None:
    """B012 stands called at desk 3."""
    sala.llega(hace=10)
    sala.pasa(sala.evento("llamado", hace=5, modulo="3", asesor="ag7"))
    antes = [(t.ficha, t.estado) for t in sala.punto.turnos()]
    datos = dict(evento)
    sala.pasa(
        {
            **sala.evento(datos.pop("clase"), datos.pop("ticket", "t1"), hace=datos.pop("hace", 0)),
            **datos,
        }
    )
    assert sala.eventos()[-1][1:] == (estado, motivo)
    assert [(t.ficha, t.estado) for t in sala.punto.turnos()] == antes


def test_a_person_who_goes_and_one_who_does_not_come_and_is_back(sala: Sala) -> None:
    sala.llega("t1", "B012", hace=9)
    sala.llega("t2", "B013", hace=8)
    sala.pasa(sala.evento("retirado", "t1"))
    assert sala.estado(0) == ("B012", "cerrado")
    for _vez in range(3):
        sala.pasa(sala.evento("llamado", "t2", modulo="3", asesor="ag7"))
        sala.punto.wait(seconds=30)
        sala.pasa(sala.evento("ausente", "t2", modulo="3"))
        sala.punto.wait(minutes=2)
    assert sala.estado(1) == ("B013", "cerrado")
    sala.pasa(sala.evento("reingreso", "t2"))
    assert sala.estado(2) == ("B013", "espera")
    assert sala.punto.turnos()[2].llegada == sala.punto.turnos()[1].llegada
    sala.pasa(sala.evento("llamado", "t2", modulo="3", asesor="ag7"))
    assert sala.estado(2) == ("B013", "llamado")


def test_a_call_waits_while_somebody_is_at_that_desk(sala: Sala) -> None:
    sala.llega("t1", "B012", hace=9)
    sala.llega("t2", "B013", hace=8)
    sala.pasa(sala.evento("llamado", "t1", hace=2, modulo="3", asesor="ag7"))
    sala.pasa(sala.evento("llamado", "t2", hace=1, modulo="3", asesor="ag7"))
    assert sala.estado(1) == ("B013", "espera")
    assert sala.eventos()[-1][1:] == ("espera", "modulo_ocupado")
    sala.pasa(sala.evento("ausente", "t1", modulo="3"))
    sala.vuelta()
    assert sala.estado(1) == ("B013", "llamado")


def test_a_rating_at_its_machine_is_that_of_the_attention(sala: Sala) -> None:
    turno = sala.llega(hace=10)
    sala.punto.until_rating(turno, medio="digiturno")
    sala.pasa(sala.evento("calificado", valor=4))
    with sala.punto.web.session() as s:
        (calificacion,) = s.scalars(sa.select(Calificacion)).all()
    assert (calificacion.valor, calificacion.fuente, calificacion.medio) == (
        4,
        "digiturno",
        "digiturno",
    )
    assert sala.estado() == ("B012", "cerrado")
    sala.punto.wait(minutes=1)
    sala.pasa(sala.evento("calificado", valor=2))
    assert sala.eventos()[-1][1:] == ("listado", "contradice")


def test_a_rating_that_comes_when_its_question_has_ended_completes_it(sala: Sala) -> None:
    turno = sala.llega(hace=10)
    sala.punto.until_rating(turno, medio="digiturno")
    sala.punto.wait(minutes=4)
    with sala.punto.web.session() as s:
        assert s.scalars(sa.select(Calificacion.valor)).all() == [None]
    sala.pasa(sala.evento("calificado", valor=5))
    with sala.punto.web.session() as s:
        assert s.execute(sa.select(Calificacion.valor, Calificacion.fuente)).all() == [
            (5, "digiturno")
        ]


def test_one_that_fails_for_a_fault_of_ours_holds_up_nobody(
    sala: Sala, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falla(e: Evento, *dados: Any, **mas: Any) -> Decision:
        if e.ticket == "t1":
            raise ZeroDivisionError
        return decidir(e, *dados, **mas)

    monkeypatch.setattr(intake, "decidir", falla)
    sala.pasa(
        sala.evento("emitido", "t1", hace=2, numero="B012"),
        sala.evento("emitido", "t2", hace=1, numero="B013"),
    )
    assert sala.fila() == ["B013"]
    assert sala.eventos() == [("emitido", "listado", "no_se_pudo"), ("emitido", "aplicado", "")]


def test_many_that_wait_for_something_keep_nobody_behind_them_waiting(
    sala: Sala, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "RONDA", 3)
    for n in range(5):
        # of tickets that nobody has told of
        sala.envia(sala.evento("llamado", f"t{n}", hace=1, modulo="3", asesor="ag7"))
    sala.pasa(sala.evento("emitido", "t9", numero="B019"))
    assert sala.fila() == ["B019"]


def test_workers_that_look_at_once_apply_each_event_once(sala_de_cada_base: Sala) -> None:
    sala = sala_de_cada_base
    for n in range(4):
        sala.envia(
            sala.evento("emitido", f"t{n}", hace=9, numero=f"B{n:03}"),
            sala.evento("retirado", f"t{n}", hace=n - 4),
        )
    sala.envia(
        sala.evento("emitido", "t9", hace=9, numero="B009"),
        sala.evento("llamado", "t9", hace=8, modulo="3", asesor="ag7"),
    )
    salida = threading.Barrier(3)

    def trabajar() -> None:
        with sala.punto.web.app.app_context():
            salida.wait(20)
            intake.aplicar_pendientes(sala.now)

    hilos = [threading.Thread(target=trabajar) for _ in range(3)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(60)
    sala.vuelta()
    estados = {t.ficha: (t.estado, t.n_llamados) for t in sala.punto.turnos()}
    assert estados == {f"B{n:03}": ("cerrado", 0) for n in range(4)} | {"B009": ("llamado", 1)}
    assert {e[1] for e in sala.eventos()} == {"aplicado"}


# --- what it hears --------------------------------------------------------------------------------
def test_what_the_console_does_is_told_signed_once_and_in_order(sala_de_cada_base: Sala) -> None:
    sala = sala_de_cada_base
    turno = sala.llega()
    sala.punto.call_turn(turno, "3")
    sala.punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "ausente"}, "asesor.llamar"
    )
    sala.turnero.faults = [503]
    sala.vuelta()
    sala.punto.wait(minutes=2)
    sala.punto.call_turn(turno, "3")
    sala.punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
    )
    sala.vuelta()
    sala.vuelta()
    assert sala.turnero.told() == [
        ("B012", c) for c in ("llamado", "ausente", "llamado", "iniciado")
    ]
    assert {(h["punto"], h["ticket"]) for h in sala.turnero.heard} == {(SUC, "t1")}
    with sala.punto.web.session() as s:
        assert (
            s.scalars(
                sa.select(DigiturnoSalida.estado).where(DigiturnoSalida.estado == "pendiente")
            ).all()
            == []
        )


def test_an_answer_that_is_lost_tells_it_nothing_twice(sala: Sala) -> None:
    turno = sala.llega()
    sala.punto.call_turn(turno, "3")
    sala.vuelta()
    with sala.punto.web.session() as s:
        s.execute(
            sa.update(DigiturnoSalida)
            .where(DigiturnoSalida.estado == "enviada")
            .values(estado="pendiente", enviada=None)
        )
        s.commit()
    sala.vuelta()
    assert sala.turnero.told() == [("B012", "llamado")]


def test_turns_of_our_own_are_not_its_business(sala: Sala) -> None:
    sala.punto.take_turn(sala.punto.device("quiosco-1"))
    sala.punto.call_turn(sala.punto.turnos()[0], "3")
    sala.vuelta()
    assert sala.turnero.heard == []


def events_of_two_people(sala: Sala) -> list[dict[str, Any]]:
    """One is attended, the other does not come, twice, and goes."""
    return [
        sala.evento("emitido", "t1", hace=9, numero="B012"),
        sala.evento("emitido", "t2", hace=8.5, numero="B013"),
        sala.evento("llamado", "t2", hace=8, modulo="7", asesor="colega"),
        sala.evento("ausente", "t2", hace=7, modulo="7"),
        sala.evento("llamado", "t1", hace=6, modulo="3", asesor="ag7"),
        sala.evento("iniciado", "t1", hace=5, modulo="3"),
        sala.evento("llamado", "t2", hace=4, modulo="7", asesor="colega"),
        sala.evento("ausente", "t2", hace=3, modulo="7"),
    ]


@pytest.mark.parametrize("semilla", range(4))
def test_whatever_order_one_message_has_it_and_however_often_it_comes_the_end_is_the_same(
    sala: Sala, semilla: int
) -> None:
    azar = dice(semilla)
    eventos = events_of_two_people(sala)
    revueltos = azar.sample(eventos, len(eventos))
    assert sala.envia(*revueltos, *azar.sample(eventos, 4)).status_code == 202
    sala.vuelta()
    sala.pasa(*azar.sample(eventos, 5))
    assert [sala.estado(n) for n in range(2)] == [("B012", "atencion"), ("B013", "ausente")]
    assert [t.n_llamados for t in sala.punto.turnos()] == [1, 2]
    with sala.punto.web.session() as s:
        periodos = s.scalars(
            sa.select(TurnoPeriodo).order_by(TurnoPeriodo.turno_id, TurnoPeriodo.id)
        ).all()
    assert [(p.estado, (sala.now - p.inicio) / MINUTE) for p in periodos] == [
        *(("espera", 9.0), ("llamado", 6.0), ("atencion", 5.0)),
        *(("espera", 8.5), ("llamado", 8.0), ("ausente", 7.0), ("llamado", 4.0), ("ausente", 3.0)),
    ]
    assert {e[1] for e in sala.eventos()} == {"aplicado"}


@pytest.mark.parametrize("semilla", range(4))
def test_event_by_event_in_any_order_nothing_is_done_twice_or_to_somebody_else(
    sala: Sala, semilla: int
) -> None:
    """Told one at a time, what comes too late changes nothing; whoever holds a ticket has one turn,
    whatever came first."""
    azar = dice(semilla)
    eventos = events_of_two_people(sala)
    for evento in azar.sample(eventos, len(eventos)):
        sala.pasa(evento)
    sala.punto.wait(minutes=11)
    sala.vuelta()
    assert sorted(t.ficha or "" for t in sala.punto.turnos()) == ["B012", "B013"]
    assert all(t.n_llamados <= 2 for t in sala.punto.turnos())
    assert "espera" not in {e[1] for e in sala.eventos()}
    with sala.punto.web.session() as s:
        for turno in sala.punto.turnos():
            inicios = s.scalars(
                sa.select(TurnoPeriodo.inicio)
                .where(TurnoPeriodo.turno_id == turno.id)
                .order_by(TurnoPeriodo.id)
            ).all()
            assert inicios == sorted(inicios)


# --- the day after --------------------------------------------------------------------------------
def attended_and_left_open(sala: Sala) -> Turno:
    """B012 was attended yesterday, nobody closed the attention, and the night is over."""
    turno = sala.llega(hace=10)
    sala.pasa(
        sala.evento("llamado", hace=8, modulo="3", asesor="ag7"), sala.evento("iniciado", hace=7)
    )
    sala.punto.wait(hours=23)
    with sala.punto.web.session() as s:
        turnos.cerrar_turno(s, turno.id, resultado="atendido", now=sala.now)
        s.commit()
    return turno


def test_what_a_night_brings_of_the_day_before_completes_it(sala_de_cada_base: Sala) -> None:
    sala = sala_de_cada_base
    turno = attended_and_left_open(sala)
    ayer = {"hace": 23 * 60 - 5}
    sala.pasa(
        sala.evento("finalizado", **ayer),
        sala.evento("calificado", valor=3, **ayer),
        sala.evento("retirado", **ayer),
    )
    with sala.punto.web.session() as s:
        atencion = s.scalars(sa.select(TurnoPeriodo).where(TurnoPeriodo.estado == "atencion")).one()
        assert (atencion.confiable, atencion.fin) == (True, atencion.inicio + 12 * MINUTE)
        assert s.execute(sa.select(Calificacion.turno_id, Calificacion.valor)).all() == [
            (turno.id, 3)
        ]
    assert [e[1:] for e in sala.eventos()[-3:]] == [
        ("aplicado", ""),
        ("aplicado", ""),
        ("sin_efecto", "otro_dia"),
    ]


def test_a_file_of_the_night_completes_what_an_adviser_wrote_down_from_paper(
    sala: Sala, tmp_path: Path
) -> None:
    """A point with paper tickets of a machine that is not connected: its file says when the
    attention ended and how it was rated."""
    sala.modo("manual")
    asesor = sala.punto.web.browser("asesor")
    asesor.post(
        "/atencion/recibir",
        data={
            "csrf_token": csrf(asesor.get("/atencion").text),
            "motivo_visita": "servicio_adquirido",
        },
    )
    turno = sala.punto.turnos()[-1]
    sala.punto.complete(turno, "us_fila_manual", {"ficha_manual": "7"}, "asesor.fila_manual")
    sala.punto.call_turn(turno, "3")
    sala.punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
    )
    del_dia = [
        ("emitido", "7", ""),
        ("finalizado", "7", ""),
        ("calificado", "7", "4"),
        ("emitido", "8", ""),
        ("calificado", "8", "5"),
    ]
    hora = (sala.now + 12 * MINUTE).isoformat()
    sala.punto.wait(hours=23)
    with sala.punto.web.session() as s:
        turnos.cerrar_turno(s, turno.id, resultado="atendido", now=sala.now)
        s.commit()
    lineas = [
        "punto,ticket,clase,cuando,valor",
        *(f"{SUC},{ticket},{clase},{hora},{valor}" for clase, ticket, valor in del_dia),
    ]
    (tmp_path / "noche").mkdir()
    (tmp_path / "noche" / "ayer.csv").write_text("\n".join(lineas), "utf-8")
    os.utime(tmp_path / "noche" / "ayer.csv", (0, 0))
    noche = replace(
        sala.sistema, codigo="noche", adaptador=Carpeta(tmp_path / "noche"), firmante=None
    )
    servicios = sala.punto.web.app.extensions[EXTENSION]
    sala.punto.web.app.extensions[EXTENSION] = replace(servicios, turnos_afuera=(noche,))
    sala.vuelta()
    assert sorted(sala.eventos()) == [
        ("calificado", "aplicado", ""),
        ("calificado", "sin_efecto", "sin_emitir"),
        ("emitido", "sin_efecto", "otro_dia"),
        ("emitido", "sin_efecto", "otro_dia"),
        ("finalizado", "aplicado", ""),
    ]
    with sala.punto.web.session() as s:
        atencion = s.scalars(sa.select(TurnoPeriodo).where(TurnoPeriodo.estado == "atencion")).one()
        assert (atencion.confiable, atencion.fin) == (True, atencion.inicio + 12 * MINUTE)
        assert s.execute(sa.select(Calificacion.turno_id, Calificacion.valor)).all() == [
            (turno.id, 4)
        ]


def test_a_closed_month_stays_as_it_is(sala: Sala) -> None:
    attended_and_left_open(sala)
    with sala.punto.web.session() as s:
        s.add(
            MesCerrado(
                mes=dt.date(2026, 11, 1),
                version=1,
                cerrado=sala.now,
                por="gerente",
                motivo="",
                huella="0" * 64,
            )
        )
        s.commit()
    sala.pasa(sala.evento("calificado", valor=3, hace=23 * 60 - 5))
    assert sala.eventos()[-1][1:] == ("listado", "mes_cerrado")


# --- offline, to and fro --------------------------------------------------------------------------
def test_a_point_that_was_offline_catches_up_with_the_hours_at_which_it_happened(
    sala: Sala,
) -> None:
    sala.vuelta()
    for n in range(8):
        sala.turnero.events.append(sala.evento("emitido", f"t{n}", hace=30 - n, numero=f"B{n:03}"))
    sala.turnero.events.append(sala.evento("llamado", "t0", hace=12, modulo="3", asesor="ag7"))
    sala.turnero.faults = [503] * 2
    sala.punto.wait(minutes=2)
    sala.vuelta()
    assert sala.punto.turnos() == []
    sala.punto.wait(minutes=2)
    sala.turnero.faults = []
    sala.vuelta()
    assert [t.ficha for t in sala.punto.turnos()] == [f"B{n:03}" for n in range(8)]
    assert sala.estado(0) == ("B000", "llamado")
    llegadas = [t.llegada for t in sala.punto.turnos()]
    assert llegadas == sorted(llegadas)
    assert llegadas[0] < sala.now - 30 * MINUTE


def test_a_point_changes_to_and_fro_in_the_middle_of_a_day_and_loses_nobody(
    sala_de_cada_base: Sala,
) -> None:
    sala = sala_de_cada_base
    quiosco = sala.punto.device("quiosco-1")
    sala.modo("turnero")
    assert "Tome su ficha en la otra máquina" in quiosco.get("/quiosco").text
    sala.llega("t1", "A001", hace=20)
    sala.modo("propio")
    sala.punto.wait(minutes=1)
    sala.punto.take_turn(quiosco)  # A001 of our own series
    sala.llega("t2", "A002", hace=10)  # a person with paper of the turnero, told late
    sala.modo("manual")
    sala.punto.wait(minutes=1)
    assert "Pida su ficha de papel" in quiosco.get("/quiosco").text
    asesor = sala.punto.web.browser("asesor")
    recibido = {
        "csrf_token": csrf(asesor.get("/atencion").text),
        "motivo_visita": "servicio_adquirido",
        "llave": "papel",
    }
    anotar = asesor.post("/atencion/recibir", data=recibido, follow_redirects=True)
    assert "escriba el número de la suya" in anotar.text
    papel = sala.punto.turnos()[-1]
    sala.punto.complete(papel, "us_fila_manual", {"ficha_manual": "7"}, "asesor.fila_manual")
    sala.modo("turnero")
    sala.punto.wait(minutes=1)
    sala.llega("t3", "A003")
    sala.llega("t4", "A001")  # begins again at 1 after its repair
    assert sala.fila() == ["A001", "A002", "A001-2", "M-7", "A003", "A001-3"]
    llamados = []
    for turno in sorted(sala.punto.turnos(), key=lambda t: t.llegada):
        sala.punto.call_turn(turno, "3")
        sala.punto.complete(
            turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
        )
        llamados.append(turno.ficha)
        sala.vuelta()
    assert len(set(llamados)) == 6
    assert sala.fila() == []
    assert sala.turnero.told().count(("A001", "llamado")) == 2  # its two, not ours
    assert [(n, c) for n, c in sala.turnero.told() if c == "llamado"] == [
        (n, "llamado") for n in ("A001", "A002", "A003", "A001")
    ]


def test_a_silent_turnero_is_left_by_itself_and_taken_again_when_it_is_back(sala: Sala) -> None:
    sala.modo("turnero")
    sala.vuelta()
    sala.turnero.faults = [503] * 20
    for _minuto in range(12):
        sala.punto.wait(minutes=1)
        sala.vuelta()
    with sala.punto.web.session() as s:
        assert [
            (m.modo, m.quien)
            for m in s.scalars(sa.select(DigiturnoModo).order_by(DigiturnoModo.id))
        ] == [
            ("turnero", "coordinador"),
            ("propio", "motor"),
        ]
    sala.turnero.faults = []
    sala.punto.wait(minutes=1)
    sala.vuelta()
    with sala.punto.web.session() as s:
        assert (
            s.scalars(
                sa.select(DigiturnoModo.modo).order_by(DigiturnoModo.id.desc()).limit(1)
            ).one()
            == "turnero"
        )


def test_what_somebody_chose_is_not_changed_by_itself(sala: Sala) -> None:
    sala.modo("turnero")
    sala.modo("propio")
    sala.vuelta()
    sala.punto.wait(minutes=1)
    sala.vuelta()
    with sala.punto.web.session() as s:
        assert (
            s.scalars(
                sa.select(DigiturnoModo.modo).order_by(DigiturnoModo.id.desc()).limit(1)
            ).one()
            == "propio"
        )


# --- the page -------------------------------------------------------------------------------------
def test_the_coordinator_sees_what_is_to_be_looked_at_and_takes_out_who_has_gone(
    sala: Sala,
) -> None:
    sala.llega(hace=20)
    sala.pasa(sala.evento("finalizado"))
    sala.punto.wait(minutes=11)
    sala.vuelta()
    coordinador = sala.punto.web.browser("coordinador")
    pagina = coordinador.get("/digiturno").text
    assert "Allá terminó y aquí sigue sin atender" in followed(pagina)
    with sala.punto.web.session() as s:
        evento = s.scalars(
            sa.select(DigiturnoEvento.id).where(DigiturnoEvento.estado == "listado")
        ).one()
    datos = {"csrf_token": csrf(pagina), "hacer": "retirar", "nota": "El guardia la vio salir"}
    assert (
        "B012 salió de la fila"
        in coordinador.post(f"/digiturno/avisos/{evento}", data=datos, follow_redirects=True).text
    )
    assert sala.estado() == ("B012", "cerrado")
    with sala.punto.web.session() as s:
        hecho = s.get_one(DigiturnoEvento, evento)
        assert (hecho.estado, hecho.decidido_por, hecho.nota) == (
            "aplicado",
            "coordinador",
            "El guardia la vio salir",
        )


def test_an_event_is_put_aside_with_a_note_or_tried_again(sala: Sala) -> None:
    sala.pasa(
        sala.evento("llamado", "t1", modulo="3", asesor="ag7"),
        sala.evento("llamado", "t2", modulo="3", asesor="ag7"),
    )
    sala.punto.wait(minutes=11)
    sala.vuelta()
    coordinador = sala.punto.web.browser("coordinador")
    pagina = coordinador.get("/digiturno").text
    uno, dos = 1, 2
    sin_nota = coordinador.post(
        f"/digiturno/avisos/{uno}",
        data={"csrf_token": csrf(pagina), "hacer": "descartar"},
        follow_redirects=True,
    )
    assert "Escriba por qué se descarta" in sin_nota.text
    coordinador.post(
        f"/digiturno/avisos/{uno}",
        data={"csrf_token": csrf(pagina), "hacer": "descartar", "nota": "Prueba del equipo"},
    )
    coordinador.post(
        f"/digiturno/avisos/{dos}", data={"csrf_token": csrf(pagina), "hacer": "intentar"}
    )
    sala.llega("t2", "B013", hace=11)
    assert [e[1] for e in sala.eventos()] == ["descartado", "aplicado", "aplicado"]


def test_whose_desk_it_was_is_said_by_the_coordinator_where_the_system_does_not(sala: Sala) -> None:
    sala.llega(hace=5)
    with sala.punto.web.session() as s:
        assert [f.lugar for f in fila_del_punto(s, PUNTO, sala.now)] == ["Orden de llegada"], (
            "nobody came back: it came late"
        )
    sala.pasa(sala.evento("llamado", modulo="9"))
    coordinador = sala.punto.web.browser("coordinador")
    pagina = coordinador.get("/digiturno").text
    assert "No se sabe qué asesor está en ese módulo" in followed(pagina)
    assert "Quién atendía ahí" in pagina
    datos = {"csrf_token": csrf(pagina), "hacer": "intentar"}
    otro = coordinador.post(
        "/digiturno/avisos/2", data={**datos, "asesor": "coordinador"}, follow_redirects=True
    )
    assert "no era asesora de ese punto" in otro.text
    coordinador.post("/digiturno/avisos/2", data={**datos, "asesor": "asesor"})
    sala.vuelta()
    assert sala.eventos()[-1] == ("llamado", "aplicado", "")
    assert sala.estado() == ("B012", "llamado")
    sala.pasa(sala.evento("llamado", modulo="9"))  # told again it is the same event
    assert len(sala.eventos()) == 2


def test_who_gives_the_numbers_is_changed_with_a_reason(sala: Sala) -> None:
    coordinador = sala.punto.web.browser("coordinador")
    prueba = csrf(coordinador.get("/digiturno").text)
    for razon, dicho in (
        ("", "Escriba por qué cambia"),
        ("Se instaló hoy", "Desde ahora los números los da: Turnero"),
    ):
        datos = {"csrf_token": prueba, "modo": "turnero", "razon": razon}
        assert dicho in followed(
            coordinador.post(f"/digiturno/puntos/{PUNTO}", data=datos, follow_redirects=True).text
        )
    otro = coordinador.post(
        "/digiturno/puntos/PAS",
        data={"csrf_token": prueba, "modo": "turnero", "razon": "x"},
        follow_redirects=True,
    )
    assert "Elija quién da los números" in otro.text  # nobody said that it names that point
    assert sala.punto.web.browser("asesor").get("/digiturno").status_code == 403
