"""`documento.hacer`: a letter of the package as a PDF, filed as a document of the case.

Remote, because a document takes a moment to set: no command waits for it. Done twice, it is the
same document.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from common.language import kept, speaking
from engine.errors import GiveUp, OutsideFailure
from engine.types import SYSTEM, Data, RemoteCall
from handlers.acciones.cartas import Preguntado, lengua_de, lo_que_se_sabe, molde_de, texto
from records.base.actos import Acto
from records.casos import archivos
from records.correo.avisos import con_sitio
from records.correo.reglas import cartas
from records.sistemas.puertos import DocumentoPedido, FallaDeSistema, HacerDocumento


@dataclass(frozen=True, slots=True)
class Documentos:
    """`sitio`: where this site is reached."""

    sesiones: Callable[[], Session]
    hacer_pdf: HacerDocumento
    sitio: str

    def hacer(self, call: RemoteCall) -> Data:
        with self.sesiones() as session:
            hecho = archivos.hecho_por(session, call.key)
            pedido = self.pedido(session, call) if hecho is None else None
        if pedido is not None:
            try:
                valor = self.hacer_pdf.guardar(pedido)
            except FallaDeSistema as falla:
                raise OutsideFailure("unreachable", falla.detalle) from falla
            with self.sesiones() as session, session.begin():
                # by another try that was given up as late
                hecho = archivos.hecho_por(session, call.key)
                if hecho is None:
                    acto = Acto(SYSTEM.id, call.now, call.case_key, call.instance_id)
                    archivos.registrar_archivo(session, valor, acto, tarea=call.key)
                    hecho = str(valor["sha256"])
        variable = texto(call, "variable")
        return {variable: hecho} if variable else {}

    def pedido(self, session: Session, call: Preguntado) -> DocumentoPedido:
        """What is to be set. GiveUp for what the letter or the name says and the case does not
        know."""
        lengua = lengua_de(session, call)
        with speaking(lengua):
            sabido = lo_que_se_sabe(session, call)
            en_papel = {nombre: con_sitio(valor, self.sitio) for nombre, valor in sabido.items()}
            try:
                titulo, bloques = cartas.llenar_bloques(molde_de(call), en_papel)
                nombre = cartas.llenar_nombre(texto(call, "nombre"), en_papel)
            except cartas.SinValor as falta:
                raise GiveUp(kept("falta: %(a)s", a=falta), "unexpected_data") from falta
        numero, hoy = sabido.get("numero", ""), sabido["hoy"]
        return DocumentoPedido(
            titulo, tuple(bloques), nombre, self._de_quien(call), numero, hoy, call.now, lengua
        )

    def _de_quien(self, call: Preguntado) -> str:
        """Whose procedure it is, as its package says."""
        paquete = call.part(f"{texto(call, 'carta').partition('/')[0]}/paquete.toml")
        return str(tomllib.loads(paquete).get("dueno", "")) if paquete is not None else ""
