"""Turn systems of other vendors: how each is reached, by signed messages over HTTP, by a view of
its database, or by a file a night."""

from handlers.conectores.digiturno.configuracion import leer
from handlers.conectores.digiturno.sistema import SistemaDeTurnos

__all__ = ["SistemaDeTurnos", "leer"]
