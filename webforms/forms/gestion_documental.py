"""Form of document management (M5-1-04 act. 1, SUPUESTO)."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from engine.types import Writing
from records import archivos
from records import escritos
from records.actos import acto_de
from records.datos import entero
from records.datos import opcional
from records.datos import texto
from webforms.base import campos as c
from webforms.base.formulario import FormSpec
from webforms.base.formulario import TareaForm


class RecibirEscrito(TareaForm):
    folios = c.EnteroField(_l("Número de folios"), c.exige(_l("Escriba cuántos folios son"), c.rango(1, 2000)))
    asunto = c.TextoField(_l("Asunto"), c.exige(_l("Escriba el asunto"), c.largo(5, 300)))
    adjunto = c.ArchivoField(_l("Copia digital"), description=_l("PDF, JPG o PNG, hasta 10 MB"))


def _recibir(w: Writing) -> None:
    acto = acto_de(w)
    recibido = escritos.NuevoEscrito(
        punto_id=texto(w.data, "punto_id"),
        persona_id=opcional(w.data, "persona_id"),
        folios=entero(w.values, "folios"),
        asunto=texto(w.values, "asunto"),
        archivo_id=archivos.registrar_archivo(w.session, w.values.get("adjunto"), acto),
    )
    escritos.recibir_escrito(w.session, entero(w.data, "turno_id"), recibido, acto)


FORMS: Mapping[str, FormSpec] = {"gestion_documental.recibir": FormSpec(RecibirEscrito, _recibir, boton=_l("Recibir y radicar"))}
