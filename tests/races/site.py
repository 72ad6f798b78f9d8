"""The pages on small diagrams for races: real engine and database, a cast of twelve advisers, the
clock stands still.

`/operar/…` gives commands that no page of a person gives (start, pump, cancel, suspend), beside the
pages in the same processes.
"""

import datetime as dt
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask

from engine.errors import EngineError
from records.cuentas.tablas import Cuenta, RolAsignado
from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import ADMIN
from tests.kit.clock import NOW

PERSONS = tuple(f"persona{n:02d}" for n in range(1, 13))
NAMES = dict(
    zip(
        PERSONS,
        (
            "Ana",
            "Beto",
            "Carla",
            "Darío",
            "Elsa",
            "Fabio",
            "Gina",
            "Hugo",
            "Inés",
            "Jaime",
            "Katia",
            "Luis",
        ),
        strict=True,
    )
)
PUNTO = "BOG-AGU"
LATER = NOW + dt.timedelta(hours=2)  # every timer of these diagrams is due
ROUNDS = 20


def _timer(id_: str, on: str, *, interrupting: bool) -> str:
    due = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    return f'<boundaryEvent id="{id_}" name="{id_}" attachedToRef="{on}" cancelActivity="{str(interrupting).lower()}">{due}</boundaryEvent>'


def _process(id_: str, body: str, *nodes: str, variables: str = "punto_id") -> bytes:
    return m.model(
        m.process(
            id_, body, lanes=m.lane(f"l_{id_}", "asesor", "punto_id", *nodes), variables=variables
        )
    )


def _two_steps() -> bytes:
    body = (
        m.start("ini") + m.user("tarea", fields="texto:longtext!") + m.user("luego") + m.end("fin")
    )
    return _process(
        "dos_pasos", body + m.flows("ini > tarea > luego > fin"), "ini", "tarea", "luego", "fin"
    )


def _interrupting() -> bytes:
    body = (
        m.start("ini")
        + m.user("tarea", fields="texto:longtext!")
        + _timer("t", "tarea", interrupting=True)
    )
    body += m.end("fin", "vencido") + m.flows("ini > tarea > fin") + m.flows("t > vencido")
    return _process("interrumpe", body, "ini", "tarea", "t", "fin", "vencido")


def _beside() -> bytes:
    """A reminder while a sub-process of two activities goes on: completing the first does not take
    the timer away."""
    inner = (
        m.start("ini2")
        + m.user("tarea", fields="texto:longtext!")
        + m.user("luego")
        + m.end("fin2")
    )
    inner += m.flows("ini2 > tarea > luego > fin2")
    body = f'<startEvent id="ini"/><subProcess id="sub" name="sub">{inner}</subProcess>' + _timer(
        "t", "sub", interrupting=False
    )
    body += (
        m.user("aviso")
        + m.end("fin", "fin3")
        + m.flows("ini > sub > fin")
        + m.flows("t > aviso > fin3")
    )
    return _process(
        "recuerda",
        body,
        "ini",
        "sub",
        "tarea",
        "luego",
        "t",
        "aviso",
        "fin",
        "fin3",
        "ini2",
        "fin2",
    )


def _parallel() -> bytes:
    tasks = ("p1", "p2", "p3", "p4")
    body = m.start("ini") + m.gate("parallel", "abre", "junta") + m.end("fin") + m.user("luego")
    body += (
        "".join(m.user(task, fields=f"texto_{task}:longtext!") for task in tasks)
        + m.flows("ini > abre")
        + m.flows("junta > luego > fin")
    )
    body += "".join(m.flows(f"abre > {task} > junta") for task in tasks)
    return _process("paralelo", body, "ini", "abre", "junta", "fin", "luego", *tasks)


def _ping(name: str, sends: str, waits: str) -> bytes:
    """Says and hears by turns; `ping` speaks first, `pong` hears first. The key is the pair's."""
    event = f'<messageEventDefinition messageRef="m_{sends}"/>'
    say = f'<intermediateThrowEvent id="dice">{_message("pareja", "pareja")}{event}</intermediateThrowEvent>'
    hear = f'<intermediateCatchEvent id="oye">{_message("pareja")}<messageEventDefinition messageRef="m_{waits}"/></intermediateCatchEvent>'
    count = m.service("cuenta", handler="contar", out="vueltas:number")
    body = f'<startEvent id="ini"/>{say}{hear}{count}<exclusiveGateway id="otra"/><exclusiveGateway id="junta"/><endEvent id="fin"/>'
    order = (
        "junta > dice > oye > cuenta > otra"
        if name == "ping"
        else "junta > oye > dice > cuenta > otra"
    )
    body += (
        m.flows("ini > junta")
        + m.flows(order)
        + m.flow("otra", "junta", f"vueltas < {ROUNDS}")
        + m.flow("otra", "fin", f"vueltas >= {ROUNDS}")
    )
    messages = "".join(f'<message id="m_{text}" name="{text}"/>' for text in (sends, waits))
    nodes = ("ini", "dice", "oye", "cuenta", "otra", "junta", "fin")
    variables = "punto_id pareja vueltas:number"
    return m.model(
        m.process(
            name, body, lanes=m.lane(f"l_{name}", "asesor", "punto_id", *nodes), variables=variables
        ),
        defs=messages,
    )


def _message(key: str, payload: str = "") -> str:
    return m.extension(
        f'<v:message key="{key}"' + (f' payload="{payload}"' if payload else "") + "/>"
    )


def diagrams() -> dict[str, bytes]:
    made = {
        "dos_pasos": _two_steps(),
        "interrumpe": _interrupting(),
        "recuerda": _beside(),
        "paralelo": _parallel(),
    }
    made |= {"ping": _ping("ping", "Ping", "Pong"), "pong": _ping("pong", "Pong", "Ping")}
    return {f"{name}.bpmn": content for name, content in made.items()}


class Operations:
    """WSGI in front of the pages: commands as JSON, for tests only."""

    def __init__(self, kit: web_kit.WebKit) -> None:
        self._engine = kit.engine
        self._commands: dict[str, Callable[[dict[str, Any]], Any]] = {
            "/operar/iniciar": self._start,
            "/operar/bombear": lambda _order: self._engine.pump(LATER),
            "/operar/cancelar": lambda order: self._control(self._engine.instances.cancel, order),
            "/operar/suspender": lambda order: self._control(self._engine.instances.suspend, order),
        }

    def around(self, pages: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        def wsgi(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
            command = self._commands.get(environ["PATH_INFO"])
            if command is None:
                return pages(environ, start_response)
            order = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            try:
                answer = {"done": command(order)}
            except EngineError as error:
                answer = {"refused": type(error).__name__}
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(answer).encode()]

        return wsgi

    def _start(self, order: dict[str, Any]) -> dict[str, Any]:
        data = {"punto_id": PUNTO, **order.get("data", {})}
        started = self._engine.instances.start(
            order["process"], actor=ADMIN, now=NOW, data=data, key=order.get("key")
        )
        return {
            "instance": started.instance_id,
            "duplicate": started.duplicate,
            "items": {item.element: item.id for item in started.opened},
        }

    def _control(self, act: Callable[..., object], order: dict[str, Any]) -> str:
        act(order["instance"], reason="La persona desistió", actor=ADMIN, now=NOW)
        return act.__name__


def create() -> Flask:
    """The factory that the zygote calls once, before any fork."""
    kit = web_kit.build(Path(os.environ["INSTANCE"]), os.environ["DATABASE_URL"])
    kit.engine.core.handlers.local["contar"] = lambda call: {
        "vueltas": int(str(call.data.get("vueltas") or 0)) + 1
    }
    with kit.session() as session:
        for number, user in enumerate(PERSONS, start=100):
            account = {"clave_hash": web_kit.HASH, "fs_uniquifier": f"fs-{user}", "creada": NOW}
            session.add(
                Cuenta(
                    id=number,
                    usuario=user,
                    nombre=f"{NAMES[user]} Prueba",
                    correo=f"{user}@ejemplo.test",
                    **account,
                )
            )
            session.flush()
            role = {"rol": "asesor", "ambito": PUNTO, "vigente_desde": NOW, "asignado_por": "admin"}
            session.add(RolAsignado(cuenta_id=number, **role))
        session.commit()
    kit.deploy(diagrams())
    kit.app.wsgi_app = Operations(kit).around(kit.app.wsgi_app)
    return kit.app
