"""Letters of cases as PDF: set like the reports (docs/decisions/pdf.md), kept like every document
(docs/documents.md)."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from common.language import said, speaking
from engine.errors import GiveUp
from records.sistemas.puertos import DocumentoPedido
from webforms.documentos.archivos import Almacen, Archivo, Revisado, nombre_limpio
from webforms.documentos.pdf import HECHOS, Documento, PDFSinHacer, Pedido, componer

PDF: Final = "application/pdf"
PLANTILLA: Final = HECHOS / "carta.typ"


@dataclass(frozen=True, slots=True)
class DocumentosHechos:
    """A `records.sistemas.puertos.HacerDocumento`."""

    almacen: Almacen

    def poner(self, pedido: DocumentoPedido) -> bytes:
        return _compuesto(pedido).contenido

    def guardar(self, pedido: DocumentoPedido) -> Mapping[str, object]:
        try:
            hecho = _compuesto(pedido)
        except PDFSinHacer as error:
            raise GiveUp(str(error), "unexpected_data") from error
        sha256 = hashlib.sha256(hecho.contenido).hexdigest()
        archivo = Archivo(
            sha256,
            nombre_limpio(f"{pedido.nombre}.pdf", PDF),
            PDF,
            len(hecho.contenido),
            hecho.paginas,
        )
        return self.almacen.guardar(Revisado(archivo, hecho.contenido)).valor()


def _compuesto(pedido: DocumentoPedido) -> Documento:
    with speaking(pedido.idioma):
        pagina = said("página {n} de {d}")
    datos = {
        "idioma": pedido.idioma,
        "pagina": pagina,
        "titulo": pedido.titulo or pedido.nombre,
        "autor": pedido.de_quien or "Ventanilla",
        "descripcion": pedido.nombre,
        "de_quien": pedido.de_quien,
        "numero": pedido.numero,
        "fecha": pedido.fecha,
        "pie": " · ".join(filter(None, (pedido.numero, pedido.titulo))),
        "bloques": [asdict(bloque) for bloque in pedido.bloques],
    }
    return componer(Pedido(PLANTILLA, datos, pedido.hecho))
