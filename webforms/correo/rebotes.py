"""What is done about a mail that came back: the address is doubtful, the case says so, and its
adviser is told."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from sqlalchemy.orm import Session

from common.language import marked, said, speaking
from engine.commands import Engine
from engine.types import SYSTEM, Noting
from records.base.errores import NoExiste
from records.casos.reglas.notas import NOTA
from records.correo import avisos, correos
from records.correo.correos import Devuelto, Leido
from records.correo.reglas.cartas import carta, lengua_de
from records.correo.reglas.correos import en_voz_alta, motivo
from records.cuentas import cuentas

ENTREGUELA: Final = marked(
    "Entréguelo por otro medio desde la página del caso, en «Por entregar en papel»."
)
NO_HACE_FALTA: Final = marked(
    "Este no hace falta entregarlo: no se le escribe más a esa dirección mientras la persona no la confirme."
)


def anotar(engine: Engine, leido: Leido, now: dt.datetime) -> str:
    """What it was taken for; "" when it was read before. Of a case, in the commit of a note that
    says so."""
    with engine.uow.reading() as session:
        if correos.ya_leido(session, leido):
            return ""
        devuelto = correos.devuelto(session, leido)
    clases: list[str] = []

    def registrar(session: Session) -> None:
        clases[:] = [correos.anotar(session, leido, now=now)]

    _hacer(engine, devuelto, registrar, now)
    return clases[0]


def rechazada(engine: Engine, aviso_id: int, dicho: str, now: dt.datetime) -> None:
    """The server refused the address while we talked to it: nothing has left, all else is the same.
    Said twice it is written once."""
    with engine.uow.reading() as session:
        devuelto = correos.devuelto_por(session, aviso_id, dicho)
    with suppress(NoExiste):
        _hacer(
            engine,
            devuelto,
            lambda session: correos.rechazado(session, aviso_id, dicho, now=now),
            now,
        )


def _hacer(
    engine: Engine,
    devuelto: Devuelto | None,
    registrar: Callable[[Session], None],
    now: dt.datetime,
) -> None:
    if devuelto is None or not devuelto.case_key:
        engine.uow.run(registrar)
        return
    dicho = f"Volvió el correo «{devuelto.asunto}» ({motivo(devuelto.codigo)}). La dirección queda como dudosa."
    engine.notes.add(
        devuelto.case_key,
        dicho,
        actor=SYSTEM,
        now=now,
        kind=NOTA,
        records=_con_aviso(registrar, devuelto),
    )


def _con_aviso(
    registrar: Callable[[Session], None], devuelto: Devuelto
) -> Callable[[Noting], None]:
    def registros(n: Noting) -> None:
        registrar(n.session)
        for cuenta in cuentas.cuentas_llamadas(n.session, {devuelto.asesor_id}):
            clave = f"correo_devuelto:{devuelto.aviso_id}:{avisos.huella(cuenta.correo)}"
            with speaking(cuenta.idioma):
                sigue = said(ENTREGUELA if devuelto.tipo in avisos.AL_USUARIO else NO_HACE_FALTA)
                dichos = {
                    "que": devuelto.asunto,
                    "motivo": en_voz_alta(devuelto.codigo),
                    "sigue": sigue,
                }
                asunto, dicho = carta("correo_devuelto", radicado=devuelto.radicado, **dichos)
                texto = f"{dicho}\n\n{said('Ábralo en Ventanilla:')}\n{avisos.SITIO}/caso/{devuelto.case_key}"
                lengua = lengua_de("correo_devuelto")
                nuevo = avisos.NuevoAviso(
                    clave, "correo_devuelto", cuenta.correo, asunto, texto, devuelto.caso_id, lengua
                )
            avisos.avisar(avisos.DesdeOrden(n.session, n.now, n.enqueue, devuelto.case_key), nuevo)

    return registros
