"""What the business data refuse. A person reads the message: as a text it is in the language of
whoever is being answered."""

from common.language import said


class Rechazo(Exception):
    """No se puede hacer lo pedido."""

    def __init__(self, mensaje: str | None = None, /, **valores: object) -> None:
        """`mensaje`: as it stands in the catalogues, with `%(nombre)s` for each value; without one
        what the class says of itself."""
        self.mensaje, self.valores = mensaje or str(self.__doc__), valores
        super().__init__(self.mensaje)

    def __str__(self) -> str:
        return said(self.mensaje, **self.valores)


class NoExiste(Rechazo):
    """No existe el registro pedido."""


class Restringido(Rechazo):
    """Este caso está restringido: su titular pidió que no se abra. El intento quedó registrado."""


class TransicionIlegal(Rechazo):
    """El caso no puede pasar de un estado al otro."""


class ProrrogaRechazada(Rechazo):
    """El término no se puede prorrogar."""


class ReasignacionRechazada(Rechazo):
    """El caso no se puede reasignar."""


class TurnoNoDisponible(Rechazo):
    """El turno ya no está en ese estado: otra persona lo tomó o se cerró."""


class TurnoAbierto(Rechazo):
    """Ese documento ya tiene un turno abierto hoy."""


class FilaManual(Rechazo):
    """En el punto se dan fichas de papel: un asesor anota el número."""


class EnlaceInvalido(Rechazo):
    """El enlace no existe, ya se usó o venció."""


class DatoInvalido(Rechazo):
    """El dato no tiene la forma esperada."""


class EnUnCampo(DatoInvalido):
    """Lo que se escribió en un campo no sirve."""

    def __init__(self, campo: str, mensaje: str, /, **valores: object) -> None:
        """`campo`: as forms and functions call it; the sentence stands beside it."""
        super().__init__(mensaje, **valores)
        self.campo = campo


class ArchivoSinGuardar(Rechazo):
    """El lugar de los archivos no responde. No se guardó nada: intente otra vez en unos minutos."""


class Separado(DatoInvalido):
    """Esa función está separada de otra que hizo la misma persona."""

    def __init__(self, regla: str, mensaje: str, /, **valores: object) -> None:
        """`regla`: of records/cuentas/separacion.py; who tried is noted under it."""
        super().__init__(mensaje, **valores)
        self.regla = regla


class DatoInesperado(Rechazo, TypeError):
    """El proceso no tiene el dato que este paso necesita, o es de otro tipo."""

    def __init__(self, nombre: str, valor: object) -> None:
        super().__init__(
            "Falta %(nombre)s, o no es lo que se esperaba: %(valor)s.",
            nombre=nombre,
            valor=repr(valor),
        )
