"""What nobody may guess has 128 bits and more, from the source of the system; what has fewer is a
name, and here it says of what."""

import ast
import math
from collections.abc import Iterator
from pathlib import Path

from common.notes import SEED
from handlers.enlaces import Enlaces
from webforms.cuentas import doble

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("common", "engine", "records", "handlers", "webforms", "app.py")
ENOUGH = 128
#: Where fewer bits are made, and what they name: whoever knows or guesses one gains nothing.
NAMES = {
    "common/lines.py": "a file of lines",
    "common/trail.py": "a request, in the log",
    "engine/commands/starts.py": "an instance: to open it asks who one is",
    "engine/jobs/durable.py": "a process",
    "engine/spiff/release.py": "the tasks of an instance",
    "engine/store/rows.py": "an entry, whose seal nobody can make",
    "handlers/documentos/carpeta.py": "an object of a trial",
    "handlers/documentos/s3.py": "an object of a trial",
    "webforms/visita/fila.py": "one press of a button",
    "webforms/documentos/archivos.py": "a file on its way in",
    "webforms/cuentas/conocidos.py": "a browser, in a cookie that is signed",
    "webforms/sistemas/latido.py": "a process",
    "webforms/iniciar/paginas.py": "a page that is open",
    "webforms/base/llevados.py": "a link, among those that one browser has open",
    "webforms/tareas/borradores.py": "a page that is open",
    "webforms/tareas/pagina.py": "a page that is open",
}
BY_ITSELF = 32  # bytes, where the library is not told how many


def made() -> Iterator[tuple[str, int]]:
    """(file, bits) of each call for random octets."""
    for room in ROOMS:
        for file in [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py")):
            for call in (
                node
                for node in ast.walk(ast.parse(file.read_text("utf-8")))
                if isinstance(node, ast.Call)
            ):
                what = ast.unparse(call.func)
                if what in (
                    "secrets.token_bytes",
                    "secrets.token_hex",
                    "secrets.token_urlsafe",
                    "os.urandom",
                ):
                    octets = ast.unparse(call.args[0]) if call.args else str(BY_ITSELF)
                    yield (
                        file.relative_to(ROOT).as_posix(),
                        8 * (SEED if octets == "SEED" else int(octets)),
                    )  # ValueError: it says so nowhere


def test_what_is_made_by_chance_has_128_bits_or_names_something() -> None:
    found = list(made())
    assert len(found) > 25
    assert {file for file, bits in found if bits < ENOUGH} == set(NAMES)


def test_codes_to_recover_need_no_hash_for_passwords_and_seals_of_mail_have_their_length() -> None:
    codes = doble.codigos_nuevos()
    assert len(set(codes)) == doble.CODIGOS
    assert (
        min(math.log2(len(set(doble.LETRAS))) * len(code.replace("-", "")) for code in codes) >= 112
    )
    assert len(doble.secreto_nuevo().octetos) * 8 >= ENOUGH
    enlaces = Enlaces("https://e.example", b"secreto")
    links = (
        enlaces.token(1),
        enlaces.token_de_entrega(1),
        enlaces.token_de_direccion("a"),
        enlaces.token_de_baja("a"),
    )
    seals = [enlaces.marca(1).partition(".")[2], *links]
    assert min(len(seal) * 6 for seal in seals) >= ENOUGH  # letters of base64
