"""Three systems asked for one person: how much longer is it than the slowest of them?

`python -m bench.systems [--rounds N]`

C&CTEX, COBOL and FOX PRO of the demo, each behind its guard and each slowed by so many milliseconds
as a network or an old machine would; a question is put as 5.2.9 puts it, with the read log and the
answers kept in a database. What is above the slowest is ours.
"""

import argparse
import datetime as dt
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import app as door
import demo.cctex
import demo.cobol
import demo.foxpro
import handlers.sistemas.legado
from demo.cctex import Credito
from demo.lugar import COBOL, FOXPRO
from engine.types import Handlers
from handlers.conectores.tipos import Conector, Documento, Plazo, Probado, Respuesta
from handlers.sistemas.vecinos import conectores
from records.sistemas.tablas import ConsultaLegado
from tests.kit.clock import NOW
from tests.kit.handlers import remote_call
from tests.kit.scene import Scene, database_at

CUTOFF = dt.date(2026, 11, 23)
DELAYS = {"cctex": 0.1, "foxpro": 0.2, "cobol": 0.3}  # seconds
SYSTEMS = ["C&CTEX", "COBOL", "FOX PRO"]
PEOPLE = 5_000


@dataclass(frozen=True, slots=True)
class Slow:
    """A connector that takes longer by so much."""

    de: Conector
    delay: float

    @property
    def sistema(self) -> str:
        return self.de.sistema

    def preguntar(self, doc: Documento, servicio: str | None, plazo: Plazo) -> Respuesta:
        time.sleep(self.delay)
        return self.de.preguntar(doc, servicio, plazo)

    def probar(self, plazo: Plazo) -> Probado:
        return self.de.probar(plazo)


def connectors(folder: Path) -> list[Conector]:
    """The demo's files for so many people, the one of the scene among them."""
    numbers = ["9900000001", *(f"98{n:08d}" for n in range(1, PEOPLE))]

    def granted(year: int) -> list[Credito]:
        return [
            Credito(f"{year}{n:06d}", "PREG", year, "vigente", "CC", number, "Ana Rojas")
            for n, number in enumerate(numbers, 1)
        ]

    demo.cctex.construir(folder / "cctex.db", granted(2011), corte=CUTOFF)
    demo.cobol.construir(folder / COBOL, granted(1996), corte=CUTOFF)
    demo.foxpro.construir(folder / FOXPRO, granted(2003), corte=CUTOFF)
    config = door.Config.from_environment({"INSTANCE": str(folder)})
    return [Slow(one, DELAYS[one.sistema]) for one in conectores(config)]


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--rounds", type=int, default=40)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name, database_at(Path(name) / "bench.db") as db:
        scene = Scene(db).prepare()
        scene.attend()
        scene.verify_holder()
        registry, never = Handlers(), lambda *_nothing: None
        guards = handlers.sistemas.legado.guardar(
            connectors(Path(name)), sesiones=scene.sessions, bitacora=never, suceso=never
        )
        handlers.sistemas.legado.register(registry, guards, sesiones=scene.sessions, bitacora=never)
        data: Any = {
            "turno_id": scene.turno_id,
            "persona_id": scene.persona_id,
            "servicio_id": 0,
            "sistemas": SYSTEMS,
        }
        spent = []
        for _ in range(asked.rounds + 1):  # the first makes copies and indices
            with scene.sessions() as session, session.begin():
                session.query(ConsultaLegado).delete()
            begin = time.perf_counter()
            answer = registry.remote["legado.consultar"](remote_call(NOW, data))
            spent.append(time.perf_counter() - begin)
            if answer != {"estado_consulta": "ok"}:
                raise SystemExit(f"not all of them answered: {answer}")
    slowest, together, first = (
        1000 * seconds for seconds in (max(DELAYS.values()), sum(DELAYS.values()), spent[0])
    )
    above = sorted(1000 * seconds - slowest for seconds in spent[1:])
    sys.stdout.write(
        f"{PEOPLE} people in each; the slowest takes {slowest:.0f} ms, one after the other they would take {together:.0f}\n"
        f"{len(above)} questions: {statistics.median(above):.0f} ms above the slowest, 95 % {above[int(0.95 * len(above))]:.0f} ms;\n"
        f"the first, which copies and indexes, {first - slowest:.0f} ms\n"
    )


if __name__ == "__main__":
    main()
