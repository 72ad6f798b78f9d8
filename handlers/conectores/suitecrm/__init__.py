"""SuiteCRM 8: how it is asked, how this installation calls its fields, how it and our rows are kept
the same."""

from handlers.conectores.suitecrm.cliente import SuiteCRM
from handlers.conectores.suitecrm.configuracion import Instalacion, leer
from handlers.conectores.suitecrm.sincronia import Sincronia

__all__ = ["Instalacion", "Sincronia", "SuiteCRM", "leer"]
