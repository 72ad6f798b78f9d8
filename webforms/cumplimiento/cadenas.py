"""What is wrong with a chain of evidence, in a sentence. Pure."""

from flask_babel import lazy_gettext as _l

from engine.reads.verification import Fault

FALLAS = {
    "edited": _l("fue editada"),
    "missing": _l("falta"),
    "inserted": _l("fue insertada"),
    "cut": _l("fue cortada"),
    "form": _l("el formulario no coincide con su huella"),
    "snapshot": _l("la copia de estado no coincide con su huella"),
    "note": _l("la nota no coincide con su huella"),
}


def frase(falla: Fault) -> str:
    return f"{falla.chain}: {falla.row} {FALLAS[falla.what]}"
