"""What is wrong with a chain of evidence, in a sentence. Pure."""

from common.language import marked, said
from engine.reads.verification import Fault

FALLAS = {
    "edited": marked("fue editada"),
    "missing": marked("falta"),
    "inserted": marked("fue insertada"),
    "cut": marked("fue cortada"),
    "form": marked("el formulario no coincide con su huella"),
    "snapshot": marked("la copia de estado no coincide con su huella"),
    "note": marked("la nota no coincide con su huella"),
    "seal": marked("no la hizo este programa"),
    "task": marked("no la abrió o no la cerró ningún asiento del diario"),
}


def frase(falla: Fault) -> str:
    return f"{falla.chain}: {falla.row} {said(FALLAS[falla.what])}"
