"""What people call the elements of a diagram: number of the activity and name. Pure."""


def numero_de_actividad(elemento: str) -> str:
    """ "5.2.17" of "act_5_2_17"; other elements have no number."""
    if not elemento.startswith("act_5_"):
        return ""
    return ".".join(parte for parte in elemento.removeprefix("act_").split("_") if parte.isdigit())


def titulo_de_elemento(elemento: str, nombre: str) -> str:
    """ "5.2.17 Dar respuesta al caso"."""
    return f"{numero_de_actividad(elemento)} {nombre}".strip()
