"""Kills web and worker with SIGKILL while people are attended, and proves that nothing was lost, doubled or stranded.

`python -m tests.crash.harness --visitas 200 --muertes 100`. Real processes of app.py on a fresh SQLite file, real HTTP, real mail
server; people repeat a request that got no answer, as a browser's reload does. The seed fixes what dies after how many requests.
"""

import argparse
import datetime as dt
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import IO
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.orm import Session

from demo import cuentas
from demo.correo_local import CorreoLocal
from demo.correo_local import list_messages
from demo.personas import PersonaDato
from engine.clock import SystemClock
from engine.jobs.durable import migrate
from engine.verify import verify
from tests import visita_http as visita

HILOS = 4
REQUESTS_POR_VISITA = 34  # about; kills are spread over them
PLAZO = 240.0  # seconds that one visit may take, outages included
SIN_RESPUESTA = (OSError, http.client.HTTPException)
DEL_ASESOR = ("asesor", "usuario")
#: Messages that begin a process; others may find no receiver and then wait for seven days, as written.
POR_ENTREGAR = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND message IN ('CasoEscalado', 'RadicarEscrito')"
#: What a person at a browser never sees if the product keeps its word.
INESPERADOS = (400, 403, 404, 409, 422, 500)


@dataclass(frozen=True, slots=True)
class Respuesta:
    codigo: int
    texto: str


@dataclass
class Procesos:
    """Web and worker as `make run` starts them, with their output in files."""

    carpeta: Path
    env: dict[str, str]
    puerto: int
    vivos: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    muertes: Counter[str] = field(default_factory=Counter)

    def orden(self, nombre: str) -> list[str]:
        if nombre == "web":
            return [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{self.puerto}", "--threads=8", "--call", "app:create_app"]
        return [sys.executable, "-m", "flask", "--app", "app", "worker"]

    def arrancar(self, nombre: str) -> None:
        salida: IO[bytes]
        with (self.carpeta / f"{nombre}.log").open("ab") as salida:
            self.vivos[nombre] = subprocess.Popen(self.orden(nombre), env=self.env, cwd=visita.ROOT, stdout=salida, stderr=salida)  # noqa: S603 - our own orders

    def matar(self, nombre: str) -> None:
        proceso = self.vivos[nombre]
        assert proceso.poll() is None, f"{nombre} ended by itself: {(self.carpeta / f'{nombre}.log').read_text()[-2000:]}"
        proceso.send_signal(signal.SIGKILL)
        proceso.wait()
        self.muertes[nombre] += 1
        self.arrancar(nombre)

    def parar(self) -> None:
        for proceso in self.vivos.values():
            proceso.kill()
            proceso.wait()


@dataclass
class Navegador:
    """One browser: keeps cookies, follows nothing, repeats what got no answer."""

    puerto: int
    contar: Callable[[], None]
    galletas: dict[str, str] = field(default_factory=dict)
    repetidos: int = 0

    def get(self, ruta: str) -> Respuesta:
        return self._pedir("GET", ruta, None)

    def post(self, ruta: str, datos: dict[str, str]) -> Respuesta:
        return self._pedir("POST", ruta, urlencode(datos).encode())

    def _pedir(self, metodo: str, ruta: str, cuerpo: bytes | None) -> Respuesta:
        limite = time.monotonic() + PLAZO
        while True:
            try:
                respuesta = self._una_vez(metodo, ruta, cuerpo)
            except SIN_RESPUESTA:
                if time.monotonic() > limite:
                    raise
                self.repetidos += 1
                time.sleep(0.1)
            else:
                self.contar()
                if respuesta.codigo in INESPERADOS:
                    raise AssertionError(f"{metodo} {ruta} answered {respuesta.codigo}: {respuesta.texto[-1500:]}")
                return respuesta

    def _una_vez(self, metodo: str, ruta: str, cuerpo: bytes | None) -> Respuesta:
        conexion = http.client.HTTPConnection("127.0.0.1", self.puerto, timeout=30)
        try:
            cabeceras = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.galletas.items())}
            if cuerpo is not None:
                cabeceras["Content-Type"] = "application/x-www-form-urlencoded"
            conexion.request(metodo, ruta, cuerpo, cabeceras)
            respuesta = conexion.getresponse()
            texto = respuesta.read().decode()
            for galleta in respuesta.headers.get_all("Set-Cookie") or []:
                nombre, _, valor = galleta.partition(";")[0].partition("=")
                self.galletas[nombre] = valor
            return Respuesta(respuesta.status, texto)
        finally:
            conexion.close()

    def ingresar(self, usuario: str) -> "Navegador":
        csrf = visita.oculto(self.get("/ingresar").texto, "csrf_token")
        self.post("/ingresar", {"csrf_token": csrf, "usuario": usuario, "clave": cuentas.CLAVE})
        assert self.get("/bandeja").codigo == 200, usuario
        return self


@dataclass(frozen=True, slots=True)
class Envio:
    """A form that the server said it had taken."""

    tarea: str
    elemento: str
    marca: str


@dataclass
class Mundo:
    db: sa.Engine
    procesos: Procesos
    gente: list[PersonaDato]
    aceptados: list[Envio] = field(default_factory=list)
    escalados: set[str] = field(default_factory=set)
    terminadas: list[str] = field(default_factory=list)
    fallas: list[str] = field(default_factory=list)
    requests: int = 0
    repetidos: int = 0
    cerrojo: threading.Lock = field(default_factory=threading.Lock)

    def contar(self) -> None:
        with self.cerrojo:
            self.requests += 1

    def filas(self, texto: str, **ligados: object) -> list[tuple[Any, ...]]:
        with self.db.connect() as conexion:
            return [tuple(fila) for fila in conexion.execute(sa.text(texto), ligados)]

    def uno(self, texto: str, **ligados: object) -> int:
        return int(str(self.filas(texto, **ligados)[0][0]))

    def navegador(self, usuario: str) -> Navegador:
        return Navegador(self.procesos.puerto, self.contar).ingresar(usuario)


class Puesto(threading.Thread):
    """An adviser at a desk, with the officers of the areas at hand for the cases that he escalates."""

    def __init__(self, mundo: Mundo, numero: int, visitas: list[int]) -> None:
        super().__init__(name=f"puesto-{numero}", daemon=True)
        self.m, self.numero, self.visitas = mundo, numero, visitas
        self.navegadores: dict[str, Navegador] = {}

    def run(self) -> None:
        try:
            self.asesor = self.m.navegador(cuentas.asesores()[visita.PUNTO][self.numero].usuario)
            csrf = visita.oculto(self.asesor.get("/atencion").texto, "csrf_token")
            self.asesor.post("/atencion/modulo", {"csrf_token": csrf, "modulo": "1"})
            for n in self.visitas:
                self._atender(n)
        except Exception as error:  # noqa: BLE001 - told at the end, with the others
            self.m.fallas.append(f"{self.name}: {type(error).__name__}: {error}")
        finally:
            todos = [self.asesor] if hasattr(self, "asesor") else []
            self.m.repetidos += sum(n.repetidos for n in [*todos, *self.navegadores.values()])

    def _atender(self, n: int) -> None:
        """From the desk's press to the last act of every process of the case."""
        marca, escala = f"marca{n:04d}", n % 3 == 0
        respuestas = visita.respuestas(visita.titular(self.m.gente, n), marca, escala=escala)
        csrf = visita.oculto(self.asesor.get("/atencion").texto, "csrf_token")
        llegada = {"csrf_token": csrf, "llave": f"llave-{marca}", "atender": "1", "motivo_visita": "servicio_adquirido"}
        self.asesor.post("/atencion/recibir", llegada)
        primera = visita.tarea_en(self.asesor.get("/atencion").texto)
        assert primera is not None, f"{marca}: nobody is at the desk"
        caso = str(self.m.filas("SELECT case_key FROM work_item WHERE id = :t", t=primera[1])[0][0])
        if escala:
            self.m.escalados.add(caso)
        limite = time.monotonic() + PLAZO
        while not self._terminado(caso):
            assert time.monotonic() < limite, f"{marca}: stranded in {self._donde(caso)}"
            abiertas = self.m.filas("SELECT id, element, role, scope FROM work_item WHERE case_key = :c AND state = 'open'", c=caso)
            for tarea, elemento, rol, ambito in abiertas:
                self._enviar(str(tarea), str(elemento), self._quien(str(rol), str(ambito)), dict(respuestas[str(elemento)]), marca)
            if not abiertas:
                time.sleep(0.1)
        self.m.terminadas.append(caso)

    def _enviar(self, tarea: str, elemento: str, quien: Navegador, datos: dict[str, str], marca: str) -> None:
        csrf = visita.oculto(quien.get(f"/tarea/{tarea}").texto, "csrf_token")
        respuesta = quien.post(f"/tarea/{tarea}", {**datos, "csrf_token": csrf})
        assert respuesta.codigo == 302, f"{elemento} answered {respuesta.codigo}"
        self.m.aceptados.append(Envio(tarea, elemento, marca if any(marca in v for v in datos.values()) else ""))

    def _quien(self, rol: str, ambito: str) -> Navegador:
        if rol in DEL_ASESOR:
            return self.asesor
        usuario = "coordinador" if ambito == cuentas.GAU else cuentas.funcionarios()[ambito][0].usuario
        if usuario not in self.navegadores:
            self.navegadores[usuario] = self.m.navegador(usuario)
        return self.navegadores[usuario]

    def _terminado(self, caso: str) -> bool:
        vivas = self.m.uno("SELECT count(*) FROM instance WHERE case_key = :c AND status <> 'finished'", c=caso)
        return vivas == 0 and self.m.uno(f"{POR_ENTREGAR} AND case_key = :c", c=caso) == 0

    def _donde(self, caso: str) -> list[str]:
        tablas = ("work_item WHERE state = 'open' AND", "timer WHERE", "job WHERE state = 'open' AND", "incident WHERE state = 'open' AND")
        de_caso = "instance_id IN (SELECT id FROM instance WHERE case_key = :c)"
        return [f"{t.split()[0]} {f}" for t in tablas for f in self.m.filas(f"SELECT element FROM {t} {de_caso}", c=caso)]  # noqa: S608 - constants


def _matar(mundo: Mundo, puestos: list[Puesto], muertes: int, cada: float, azar: random.Random) -> None:
    """Kill one process each so many requests, some in the middle of one, some while it starts."""
    siguiente = azar.uniform(0.3, 1.5) * cada
    while any(p.is_alive() for p in puestos):
        time.sleep(0.01)
        if sum(mundo.procesos.muertes.values()) >= muertes or mundo.requests < siguiente:
            continue
        siguiente = mundo.requests + azar.uniform(0.5, 1.5) * cada
        time.sleep(azar.uniform(0, 0.05))
        cuales = ["web", "worker"] if azar.random() < 0.2 else [azar.choice(["web", "web", "worker"])]
        for nombre in cuales:
            mundo.procesos.matar(nombre)


def _reposo(mundo: Mundo, plazo: float = 90.0) -> None:
    """Until the worker has done all that was asked of it; jobs of dead workers are taken over within seconds."""
    limite = time.monotonic() + plazo
    pendientes = "SELECT count(*) FROM workflow_status WHERE status IN ('PENDING', 'ENQUEUED', 'DELAYED')"
    while mundo.uno(pendientes) or mundo.uno(POR_ENTREGAR):
        if time.monotonic() > limite:
            mundo.fallas.append(f"jobs are left: {mundo.filas('SELECT workflow_uuid, status, recovery_attempts FROM workflow_status')}")  # noqa: S608 - a message, not a statement
            return
        time.sleep(0.2)


def revisar(mundo: Mundo, visitas: int, correos: list[str]) -> list[str]:
    """Every way in which something was lost, doubled or stranded; empty when nothing was."""
    faltas = list(mundo.fallas)

    def cuenta(que: str, esperado: int, texto: str) -> None:
        if (hay := mundo.uno(texto)) != esperado:
            faltas.append(f"{que}: {hay} instead of {esperado}")

    faltas += _envios(mundo)
    for sobra in mundo.filas(
        "SELECT i.id, i.process FROM instance i WHERE i.status <> 'finished' "
        "AND NOT EXISTS (SELECT 1 FROM work_item w WHERE w.instance_id = i.id AND w.state = 'open') "
        "AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.instance_id = i.id) "
        "AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.instance_id = i.id) "
        "AND NOT EXISTS (SELECT 1 FROM job j WHERE j.instance_id = i.id AND j.state = 'open') "
        "AND NOT EXISTS (SELECT 1 FROM incident c WHERE c.instance_id = i.id AND c.state = 'open')"
    ):
        faltas.append(f"stranded: {tuple(sobra)}")
    n = len(mundo.escalados)
    cuenta("finished visits", visitas, "SELECT count(*) FROM instance WHERE process = 'M5_1_02_atencion' AND status = 'finished'")
    cuenta("instances that go on", 0, "SELECT count(*) FROM instance WHERE status <> 'finished'")
    cuenta("turns", visitas, "SELECT count(*) FROM turno")
    cuenta("visits with a turn", visitas, "SELECT count(DISTINCT instancia_id) FROM turno")
    cuenta("turns that are open", 0, "SELECT count(*) FROM turno WHERE cerrado IS NULL")
    cuenta("cases", visitas, "SELECT count(*) FROM caso")
    cuenta("numbers of cases", visitas, "SELECT count(DISTINCT radicado) FROM caso")
    cuenta("ratings at the desk", visitas, "SELECT count(*) FROM calificacion WHERE turno_id IS NOT NULL")
    cuenta("escalations", n, "SELECT count(*) FROM escalonamiento")
    cuenta("investigations", n, "SELECT count(*) FROM investigacion")
    cuenta("answers sent twice or never", 0, "SELECT count(*) FROM aviso WHERE enviado IS NULL")
    cuenta("open incidents", 0, "SELECT count(*) FROM incident WHERE state = 'open'")
    cuenta("jobs that were given up", 0, "SELECT count(*) FROM workflow_status WHERE status NOT IN ('SUCCESS')")
    avisos = mundo.uno("SELECT count(*) FROM aviso")
    if len(correos) < avisos:
        faltas.append(f"mails: {len(correos)} for {avisos} notices")
    with Session(mundo.db) as session:
        faltas += [f"chain: {f.chain} {f.row} {f.what}" for f in verify(session).faults]
    return faltas


def _envios(mundo: Mundo) -> list[str]:
    """What the server took is there once, as it was sent, and nothing else is."""
    filas = mundo.filas("SELECT item_id, form_values FROM submission WHERE item_id IS NOT NULL AND element <> 'act_5_2_1'")
    veces = Counter(str(fila[0]) for fila in filas)
    textos = {str(fila[0]): str(fila[1]) for fila in filas}
    faltas = [f"{e.elemento} ({e.tarea}) is there {veces[e.tarea]} times" for e in mundo.aceptados if veces[e.tarea] != 1]
    faltas += [f"{e.elemento} lost its text" for e in mundo.aceptados if e.marca not in textos.get(e.tarea, "")]
    faltas += [f"{e} was accepted twice" for e, n in Counter(e.tarea for e in mundo.aceptados).items() if n != 1]
    return faltas + [f"submission of {tarea} that nobody sent" for tarea in veces.keys() - {e.tarea for e in mundo.aceptados}]


@dataclass(frozen=True, slots=True)
class Resultado:
    visitas: int
    envios: int
    escalados: int
    muertes: dict[str, int]
    requests: int
    repetidos: int
    segundos: float
    faltas: list[str]


def _puerto() -> int:
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        return int(libre.getsockname()[1])


def correr(carpeta: Path, *, visitas: int, muertes: int, semilla: int) -> Resultado:
    """The whole experiment, in a folder of its own."""
    url, now = f"sqlite:///{carpeta / 'ventanilla.db'}", SystemClock().now()
    gente = visita.sembrar(carpeta, url, now - dt.timedelta(hours=1))
    migrate(url)
    inicio = time.monotonic()
    with CorreoLocal(carpeta / "correo") as correo:
        puerto = _puerto()
        env = {**os.environ, "DATABASE_URL": url, "INSTANCE": str(carpeta), "PORT": str(puerto), "SMTP_PORT": str(correo.port)}
        mundo = Mundo(sa.create_engine(url), Procesos(carpeta, env, puerto), gente)
        try:
            for nombre in ("web", "worker"):
                mundo.procesos.arrancar(nombre)
            puestos = [Puesto(mundo, n, list(range(n, visitas, HILOS))) for n in range(HILOS)]
            for puesto in puestos:
                puesto.start()
            _matar(mundo, puestos, muertes, visitas * REQUESTS_POR_VISITA / max(muertes, 1), random.Random(semilla))  # noqa: S311 - a seed, no secret
            _reposo(mundo)
        finally:
            mundo.procesos.parar()
        faltas = revisar(mundo, visitas, [m.id for m in list_messages(carpeta / "correo")])
        mundo.db.dispose()
    return Resultado(
        visitas=visitas,
        envios=len(mundo.aceptados),
        escalados=len(mundo.escalados),
        muertes=dict(mundo.procesos.muertes),
        requests=mundo.requests,
        repetidos=mundo.repetidos,
        segundos=time.monotonic() - inicio,
        faltas=faltas,
    )


def main() -> int:
    partes = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    partes.add_argument("--visitas", type=int, default=200)
    partes.add_argument("--muertes", type=int, default=100)
    partes.add_argument("--semilla", type=int, default=1)
    a = partes.parse_args()
    with tempfile.TemporaryDirectory() as carpeta:
        r = correr(Path(carpeta), visitas=a.visitas, muertes=a.muertes, semilla=a.semilla)
    muertes = ", ".join(f"{n} of {nombre}" for nombre, n in sorted(r.muertes.items()))
    sys.stdout.write(
        f"{r.visitas} visits ({r.escalados} escalated), {r.envios} forms accepted, {r.requests} requests answered, {r.repetidos} repeated\n"
        f"SIGKILL: {muertes or 'none'}; seed {a.semilla}; {r.segundos:.0f} s\n"
        f"lost, doubled or stranded: {len(r.faltas)}\n" + "".join(f"  {f}\n" for f in r.faltas[:40])
    )
    return 1 if r.faltas else 0


if __name__ == "__main__":
    sys.exit(main())
