"""What is wrong with a chain of evidence, in a sentence. Pure."""

from engine.reads.verification import Fault

FALLAS = {
    "edited": "fue editada",
    "missing": "falta",
    "inserted": "fue insertada",
    "cut": "fue cortada",
    "form": "el formulario no coincide con su huella",
    "snapshot": "la copia de estado no coincide con su huella",
    "note": "la nota no coincide con su huella",
}


def frase(falla: Fault) -> str:
    return f"{falla.chain}: {falla.row} {FALLAS[falla.what]}"
