"""Mode *programa*: a COBOL program is called for each question, with limits, and speaks a protocol
of lines (5.2.9).

It reads one line: `CONSULTA|kind|number|obligation` (obligation may be empty), or `PRUEBA`, and
writes `OK|n` or `OK|n|AAAAMMDD`, then n lines with the values of the columns between bars; or
`ERR|code|text`.
"""

import datetime as dt
import os
import re
import selectors
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from common.language import kept
from handlers.conectores.cobol.columnas import CeldaIlegible, Columna, celda
from handlers.conectores.tipos import Documento, Plazo, Probado, Respuesta
from records.sistemas.puertos import Causa, FallaDeSistema

MAX_FILAS = 200
SIN_DATOS = "sin_datos"
#: By the file status that COBOL programs hand on; a place may give others.
ERRORES: Mapping[str, str] = {
    "23": SIN_DATOS,
    "35": Causa.SIN_CONEXION,
    "37": Causa.NO_PERMITIDO,
    "61": Causa.OCUPADO,
}
PASAJERAS = (Causa.SIN_CONEXION, Causa.OCUPADO)
_PREGUNTABLE = re.compile(r"[0-9A-Za-z ./-]+")
_CABEZA = re.compile(r"OK\|(\d{1,6})(?:\|(\d{8}))?")
_ERROR = re.compile(r"ERR\|([0-9A-Za-z]{1,10})\|(.*)")


@dataclass(frozen=True)
class Programa:
    """What is run, what it may use, and what the values of its lines are."""

    orden: Sequence[str]  #: path of the program, arguments
    columnas: Sequence[Columna]
    limitador: str = "/usr/bin/prlimit"  #: of util-linux: it limits itself and becomes the program
    #: of coreutils: the same, with no variable and in a folder of its own
    entorno: str = "/usr/bin/env"
    memoria_mb: int = 256
    cpu_s: int = 2
    archivo_mb: int = 1
    descriptores: int = 32
    salida_kb: int = 64
    pagina: str = "latin-1"
    #: a longer number is not asked about: the program would cut it and answer about somebody else
    largo_numero: int = 15
    errores: Mapping[str, str] = field(default_factory=lambda: ERRORES)

    def linea(self, carpeta: str) -> list[str]:
        limites = {
            "as": self.memoria_mb << 20,
            "cpu": f"{self.cpu_s}:{self.cpu_s + 1}",
            "fsize": self.archivo_mb << 20,
            "nofile": self.descriptores,
            "core": 0,
        }
        opciones = [f"--{cual}={cuanto}" for cual, cuanto in limites.items()]
        return [self.entorno, "-i", "-C", carpeta, self.limitador, *opciones, "--", *self.orden]


class CobolPrograma:
    """A connector: one process for each question, which ends with it."""

    sistema = "cobol"

    def __init__(self, programa: Programa, tipos: Mapping[str, str] | None = None) -> None:
        self._programa = programa
        self._tipos = tipos

    def preguntar(self, doc: Documento, servicio: str | None, plazo: Plazo) -> Respuesta:
        tipo = doc.tipo if self._tipos is None else self._tipos.get(doc.tipo, "")
        preguntas = (tipo, doc.numero, *([servicio] if servicio else []))
        if not all(
            _PREGUNTABLE.fullmatch(parte) and len(parte) <= self._programa.largo_numero
            for parte in preguntas
        ):
            return Respuesta((), None)  # nobody has such a document
        return self._leer(self._correr(f"CONSULTA|{tipo}|{doc.numero}|{servicio or ''}\n", plazo))

    def probar(self, plazo: Plazo) -> Probado:
        """By a question about nobody."""
        return Probado(self._leer(self._correr("PRUEBA\n", plazo)).fecha_corte)

    def _leer(self, salida: str) -> Respuesta:
        lineas = salida.removesuffix("\n").split("\n")
        lineas = [linea.rstrip("\r ") for linea in lineas]
        if error := _ERROR.fullmatch(lineas[0]):
            return self._error(*error.groups())
        cabeza = _CABEZA.fullmatch(lineas[0])
        if cabeza is None or len(lineas) != int(cabeza[1]) + 1 or int(cabeza[1]) > MAX_FILAS:
            raise _ilegible(kept("el programa no contestó como dice el protocolo"))
        corte = None
        if cabeza[2]:
            with suppress(ValueError):
                corte = dt.date.fromisoformat(cabeza[2])
            if corte is None:
                raise _ilegible(kept("el programa: %(c)s no es una fecha de corte", c=cabeza[2]))
        return Respuesta(
            tuple(self._fila(cual, linea) for cual, linea in enumerate(lineas[1:], 1)), corte
        )

    def _fila(self, cual: int, linea: str) -> "dict[str, str | int | bool | None]":
        partes = linea.split("|")
        if len(partes) != len(self._programa.columnas):
            raise _ilegible(
                kept(
                    "el programa: la línea %(l)s tiene %(n)s valores y se esperan %(m)s",
                    l=cual,
                    n=len(partes),
                    m=len(self._programa.columnas),
                )
            )
        fila = {}
        for columna, parte in zip(self._programa.columnas, partes, strict=True):
            try:
                fila[columna.nombre] = celda(columna, parte)
            except CeldaIlegible as error:
                raise _ilegible(
                    kept(
                        "el programa: en la línea %(c)s, %(n)s %(e)s",
                        c=cual,
                        n=columna.nombre,
                        e=error,
                    )
                ) from error
        return fila

    def _error(self, codigo: str, texto: str) -> Respuesta:
        que = self._programa.errores.get(codigo, Causa.RECHAZADO)
        if que == SIN_DATOS:
            return Respuesta((), None)
        dicho = "".join(letra for letra in texto if letra.isprintable())[:100]
        causa = Causa(que)
        raise FallaDeSistema(
            kept("el programa dice %(c)s: %(d)s", c=codigo, d=dicho),
            causa=causa,
            pasajera=causa in PASAJERAS,
        )

    def _correr(self, pregunta: str, plazo: Plazo) -> str:
        """What it wrote. Raises FallaDeSistema when it does not end well, in time and within its
        limits."""
        fin = time.monotonic() + plazo.segundos
        tope = self._programa.salida_kb << 10
        with (
            tempfile.TemporaryDirectory(prefix="cobol-") as carpeta,
            _proceso(self._programa.linea(carpeta), pregunta.encode()) as hijo,
        ):
            plazo.al_vencer(hijo.matar)
            salida = hijo.leer(tope + 1, fin)
            if salida is None:
                raise FallaDeSistema(
                    kept("sin respuesta en %(s)s s", s=f"{plazo.segundos:g}"),
                    causa=Causa.SIN_RESPUESTA,
                    pasajera=True,
                )
            if len(salida) > tope:
                raise _ilegible(
                    kept("el programa escribió más de %(s)s KB", s=self._programa.salida_kb)
                )
            estado = hijo.esperar(fin)
        if estado is None:
            raise FallaDeSistema(
                kept("sin respuesta en %(s)s s", s=f"{plazo.segundos:g}"),
                causa=Causa.SIN_RESPUESTA,
                pasajera=True,
            )
        if estado == -signal.SIGXCPU:
            raise FallaDeSistema(
                kept("el programa pasó de %(c)s s de procesador", c=self._programa.cpu_s),
                causa=Causa.SIN_RESPUESTA,
                pasajera=False,
            )
        if estado < 0:
            raise _ilegible(
                kept("el programa terminó por la señal %(n)s", n=signal.Signals(-estado).name)
            )
        if estado in (_NO_SE_PUEDE, _NO_ESTA):
            causa = Causa.SIN_CONEXION if estado == _NO_ESTA else Causa.NO_PERMITIDO
            raise FallaDeSistema(kept("no se puede ejecutar"), causa=causa, pasajera=False)
        if estado:
            raise _ilegible(kept("el programa terminó con el código %(e)s", e=estado))
        try:
            return salida.decode(self._programa.pagina)
        except UnicodeDecodeError as error:
            raise _ilegible(
                kept("el programa escribió lo que no es %(p)s", p=self._programa.pagina)
            ) from error


# which Python ignores, and a program would inherit that
_SENALES = (signal.SIGPIPE, signal.SIGXFSZ)
# what env and prlimit end with when they cannot become the program
_NO_SE_PUEDE, _NO_ESTA = 126, 127


def _ilegible(motivo: str) -> FallaDeSistema:
    return FallaDeSistema(motivo, causa=Causa.ILEGIBLE, pasajera=False)


@dataclass(slots=True)
class _Hijo:
    """A process, first of its group, and the pipe with what it writes."""

    pid: int
    salida: int
    enterrado: bool = False

    def matar(self) -> None:
        """With all that it started."""
        if not self.enterrado:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def enterrar(self) -> None:
        self.matar()
        self.enterrado = True
        os.waitpid(self.pid, 0)

    def leer(self, tope: int, fin: float) -> bytes | None:
        """Up to `tope` bytes; None: it was not done in time."""
        leido = bytearray()
        with selectors.DefaultSelector() as espera:
            espera.register(self.salida, selectors.EVENT_READ)
            while len(leido) < tope:
                if not espera.select(max(0.0, fin - time.monotonic())):
                    return None
                trozo = os.read(self.salida, min(1 << 16, tope - len(leido)))
                if not trozo:
                    break
                leido += trozo
        return bytes(leido)

    def esperar(self, fin: float) -> int | None:
        """How it ended, a signal as a negative number; None: it closed its pipe and goes on. It
        stays a zombie, so its id is its own."""
        while (
            visto := os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        ) is None:
            if time.monotonic() > fin:
                return None
            time.sleep(0.001)
        return visto.si_status if visto.si_code == os.CLD_EXITED else -visto.si_status


def _heredables() -> Iterator[int]:
    """Descriptors that some library of this process left open for its children."""
    for abierto in Path("/dev/fd").iterdir():
        with suppress(OSError):
            if abierto.name not in ("0", "1", "2") and os.get_inheritable(int(abierto.name)):
                yield int(abierto.name)


@contextmanager
def _proceso(orden: Sequence[str], pregunta: bytes) -> Iterator[_Hijo]:
    """Started without a shell, in a group of its own, with three descriptors; whatever is left of
    the group is killed at the end."""
    de_pregunta, a_pregunta = os.pipe()
    de_salida, a_salida = os.pipe()
    with Path(os.devnull).open("wb") as nada:
        acciones = [
            (os.POSIX_SPAWN_DUP2, de_pregunta, 0),
            (os.POSIX_SPAWN_DUP2, a_salida, 1),
            (os.POSIX_SPAWN_DUP2, nada.fileno(), 2),
            *((os.POSIX_SPAWN_CLOSE, abierto) for abierto in _heredables()),
        ]
        try:
            pid = os.posix_spawn(
                orden[0],
                list(orden),
                {},
                file_actions=acciones,
                setsid=True,
                setsigmask=(),
                setsigdef=_SENALES,
            )
        except OSError as error:
            os.close(a_pregunta)
            os.close(de_salida)
            raise FallaDeSistema(
                kept("no se puede ejecutar"), causa=Causa.SIN_CONEXION, pasajera=False
            ) from error
        finally:
            os.close(de_pregunta)
            os.close(a_salida)
    hijo = _Hijo(pid, de_salida)
    try:
        with suppress(BrokenPipeError):  # it does not read; what it writes is judged all the same
            os.write(a_pregunta, pregunta)
        os.close(a_pregunta)
        yield hijo
    finally:
        hijo.enterrar()
        os.close(de_salida)
