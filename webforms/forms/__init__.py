"""Forms of the lanes: a module a lane (the adviser's by part of the visit), each with its `FORMS`; keys as in `<v:form key="…"/>`."""

from collections.abc import Mapping

from webforms.base.formulario import FormSpec
from webforms.forms import asesor
from webforms.forms import asesor_caso
from webforms.forms import asesor_respuesta
from webforms.forms import asesor_sala
from webforms.forms import coordinador
from webforms.forms import funcionario
from webforms.forms import gestion_documental
from webforms.forms import usuario

FORMS: Mapping[str, FormSpec] = {
    **usuario.FORMS,
    **asesor.FORMS,
    **asesor_caso.FORMS,
    **asesor_sala.FORMS,
    **asesor_respuesta.FORMS,
    **funcionario.FORMS,
    **coordinador.FORMS,
    **gestion_documental.FORMS,
}
