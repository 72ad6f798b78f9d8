"""Form of document management (M5-1-04 act. 1, SUPUESTO)."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from engine.types import Writing
from records import archivos
from records import escritos
from webforms.base import campos as c
from webforms.base.formulario import FormSpec
from webforms.base.formulario import TareaForm
from webforms.forms.comunes import entero
from webforms.forms.comunes import texto


class RecibirEscrito(TareaForm):
    folios = c.EnteroField(_l("Número de folios"), c.exige(_l("Escriba cuántos folios son"), c.rango(1, 2000)))
    asunto = c.TextoField(_l("Asunto"), c.exige(_l("Escriba el asunto"), c.largo(5, 300)))
    adjunto = c.ArchivoField(_l("Copia digital"), description=_l("PDF, JPG o PNG, hasta 10 MB"))


def _recibir(w: Writing) -> None:
    valor = w.values.get("adjunto")
    archivo_id = archivos.registrar_archivo(
        w.session, valor if isinstance(valor, dict) else None, actor_id=w.actor.id, now=w.now, case_key=w.case_key
    )
    folios = w.values["folios"]
    escritos.recibir_escrito(
        w.session,
        entero(w, "turno_id"),
        punto_id=str(w.data["punto_id"]),
        persona_id=entero(w, "persona_id") or None,
        folios=folios if isinstance(folios, int) else 1,
        asunto=texto(w, "asunto"),
        archivo_id=archivo_id,
        actor_id=w.actor.id,
        now=w.now,
        case_key=w.case_key,
    )


FORMS: Mapping[str, FormSpec] = {"gestion_documental.recibir": FormSpec(RecibirEscrito, _recibir, boton=_l("Recibir y radicar"))}
