"""What the pages on which analysts edit share: the draft of a person, the review of a text."""

import datetime as dt
from collections.abc import Mapping

from flask import abort
from sqlalchemy.orm import Session

from engine.reads.models import Unreadable
from engine.reads.releases import ModelDraftView
from records.cuentas.reglas.roles import Facultad
from webforms.base.security import actor_actual, usuario_actual
from webforms.base.servicios import servicios
from webforms.paquetes import lectura
from webforms.paquetes.comparacion import Comparacion, comparar_diagramas
from webforms.paquetes.hallazgos import Hallazgo, hallazgos
from webforms.paquetes.lectura import Vigente
from webforms.paquetes.modelo import Modelo, leer, nombre_valido
from webforms.paquetes.tablas import palabras_de


def ahora() -> dt.datetime:
    return servicios().clock.now()


def edita_modelos() -> bool:
    usuario = usuario_actual()
    return usuario is not None and usuario.puede(Facultad.MODELAR)


def migra_casos() -> bool:
    usuario = usuario_actual()
    return usuario is not None and usuario.puede(Facultad.MIGRAR)


def nombre_pedido(nombre: str) -> str:
    return nombre if nombre_valido(nombre) else abort(404)


def exigir_vigente(session: Session) -> Vigente:
    return lectura.vigente(session) or abort(404)


def modelo_de(archivo: str, contenido: bytes) -> Modelo:
    """What can be shown of a text; of one that is not XML, its file name."""
    try:
        return leer(archivo, contenido)
    except Unreadable:
        return Modelo(archivo, (), (), {}, "")


def comparacion_de(antes: bytes | None, despues: bytes) -> Comparacion:
    """What changes on a diagram, in words; of what cannot be read, nothing."""
    try:
        return comparar_diagramas(antes, despues)
    except Unreadable:
        return Comparacion()


def revisar(
    archivo: str, contenido: bytes, junto: Mapping[str, bytes] | None = None
) -> list[Hallazgo]:
    """What a deployment of this file would say, with `junto` al_lado it: everything on it, and
    errors that it causes elsewhere."""
    al_lado = {} if junto is None else junto
    encontrados = servicios().engine.releases.check({**al_lado, archivo: contenido})
    propios = [
        f
        for f in encontrados
        if f.file == archivo or (f.severity == "error" and f.file not in al_lado)
    ]
    return hallazgos(propios, nombres_en(archivo, contenido))


def nombres_en(archivo: str, contenido: bytes) -> Mapping[str, str]:
    """What findings call the parts of a file."""
    de_tabla = palabras_de(contenido) if archivo.endswith(".dmn") else {}
    return {**modelo_de(archivo, contenido).nombres, **de_tabla}


def texto_actual(
    session: Session, hoy: Vigente, archivo: str
) -> tuple[bytes, ModelDraftView | None]:
    """The analyst's own draft, else what is in force. 404 when there is neither."""
    guardado = lectura.borrador(session, actor_actual().id, archivo)
    if guardado is not None:
        return guardado.content, guardado
    return hoy.archivos.get(archivo) or abort(404), None


def sello(guardado: ModelDraftView | None) -> str:
    """What the page saw last: another tab's save is noticed by it."""
    return guardado.saved_at.isoformat() if guardado is not None else ""


def texto_o_borrador(
    session: Session, hoy: Vigente | None, archivo: str
) -> tuple[bytes, ModelDraftView | None]:
    if hoy is not None:
        return texto_actual(session, hoy, archivo)
    guardado = lectura.borrador(session, actor_actual().id, archivo) or abort(404)
    return guardado.content, guardado


def version_en_vigor(session: Session, hoy: Vigente | None, archivo: str) -> int:
    """The version in force of the first process of the file; 0 when it is new."""
    versiones = lectura.versiones_de(session, hoy, archivo) if hoy else []
    return max((v.version for v in versiones), default=0)


def guardar_borrador(archivo: str, contenido: bytes, visto: str | None) -> ModelDraftView:
    """Save; `visto` None overwrites. Raises OtroBorrador when another tab saved meanwhile."""
    with servicios().uow.reading() as session:
        anterior = lectura.borrador(session, actor_actual().id, archivo)
    if visto is not None and sello(anterior) != visto:
        raise OtroBorrador(anterior)
    servicios().engine.releases.save_draft(archivo, contenido, actor=actor_actual(), now=ahora())
    with servicios().uow.reading() as session:
        nuevo = lectura.borrador(session, actor_actual().id, archivo)
    return nuevo or abort(500)


class OtroBorrador(Exception):
    """Another tab of the same person saved this draft meanwhile, or (None) put it in force or threw
    it away."""

    def __init__(self, guardado: ModelDraftView | None) -> None:
        super().__init__(guardado)
        self.guardado = guardado
