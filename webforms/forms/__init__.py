"""Forms of the lanes: a module a lane (the adviser's by part of the visit), each with its `FORMS`;
keys as in `<v:form key="…"/>`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from webforms.base.formulario import FormSpec

#: What the modules of this package register; `comunes` and `codigos` register nothing.
FORMS: Mapping[str, FormSpec] = {
    key: form
    for module in iter_modules(__path__, f"{__name__}.")
    for key, form in getattr(import_module(module.name), "FORMS", {}).items()
}
