"""Sets one document and ends: run by `webforms.documentos.pdf` as a process of its own, so that a text
can neither hold a page nor read a file.

It gets its order as JSON and gives the number of pages (four bytes) and the PDF. It knows nothing
else of the product.
"""

import contextlib
import datetime as dt
import importlib
import json
import struct
import sys

import typst

SEGUNDOS, MEMORIA = 60, 4 << 30


def limitar() -> None:
    """Of this process; where the system has no such limits the caller's clock is the only one."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        resource = importlib.import_module("resource")
        resource.setrlimit(resource.RLIMIT_CPU, (SEGUNDOS, SEGUNDOS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORIA, MEMORIA))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file


def main() -> None:
    orden = json.loads(sys.stdin.buffer.read())
    limitar()
    compilador = typst.Compiler(
        input=orden["plantilla"],
        root=orden["carpeta"],  # nothing outside is read
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[orden["letras"]]),
        ignore_system_fonts=True,
        sys_inputs=orden["datos"],
        package_path=orden["carpeta"],
        package_cache_path=orden["carpeta"],
    )
    hecho = dt.datetime.fromisoformat(orden["hecho"])
    # To be read by who does not see it, and in fifty years, with its data in it.
    pdf = compilador.compile(format="pdf", pdf_standards=["a-3a", "ua-1"], timestamp=hecho)
    if not isinstance(pdf, bytes):  # a list would be pages as pictures
        raise TypeError(type(pdf))
    paginas = int(compilador.query("<paginas>", field="value", one=True))
    sys.stdout.buffer.write(struct.pack(">I", paginas) + pdf)


if __name__ == "__main__":
    main()
