"""Pages of the process analysts: processes, tables, drafts, versions."""

from webforms.analista import borradores
from webforms.analista import despliegue
from webforms.analista import en_vigor
from webforms.analista import migracion
from webforms.analista import reglas
from webforms.analista.comun import bp

__all__ = ["borradores", "bp", "despliegue", "en_vigor", "migracion", "reglas"]
