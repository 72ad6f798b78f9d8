"""The keys of the log as commands take them: those of this place, or those that somebody gives."""

from collections.abc import Iterable

from common.language import said
from common.notes import BadNote, Keyring
from webforms.comandos.consola import Falla, Uso
from webforms.evidencia import llave
from webforms.evidencia.llave import Llaves


def de_aqui() -> Llaves | None:
    """None: there are none."""
    try:
        return llave.llaves()
    except llave.LlaveMala as mala:
        falla = said(
            "%(f)s no tiene una llave, o no es solo de su dueño (chmod 600).", f=llave.archivo()
        )
        raise Falla(falla) from mala


def dadas(publicas: Iterable[str]) -> Keyring:
    try:
        return llave.leidas(publicas)
    except BadNote as mala:
        raise Uso(said("No es una llave pública de un registro.")) from mala
