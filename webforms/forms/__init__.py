"""Forms of the lanes: one module a lane, each with its `FORMS`. The keys are those of `<v:form key="…"/>`."""

from collections.abc import Mapping

from webforms.forms import asesor
from webforms.forms import coordinador
from webforms.forms import funcionario
from webforms.forms import gestion_documental
from webforms.forms import usuario
from webforms.forms.base import FormSpec

FORMS: Mapping[str, FormSpec] = {
    **usuario.FORMS,
    **asesor.FORMS,
    **funcionario.FORMS,
    **coordinador.FORMS,
    **gestion_documental.FORMS,
}
