"""The inbox as this person left it: whatever leads back keeps its view, filters and order, and the
line from which they came."""

from flask import session as galleta, url_for

from webforms.base.security import usuario_actual

DEJADA = "bandeja"  #: in the session of the browser: [account, query string]


def recordar(texto: str) -> None:
    """`texto`: the query string of the list that is shown."""
    usuario = usuario_actual()
    dejada = [usuario.usuario, texto] if usuario is not None else None
    if galleta.get(DEJADA) != dejada:
        galleta[DEJADA] = dejada


def bandeja_dejada(item_id: str = "") -> str:
    """Its address; `item_id`: the task on whose line it is to open."""
    usuario = usuario_actual()
    dejada: list[str] | None = galleta.get(DEJADA)
    suya = usuario is not None and dejada is not None and dejada[0] == usuario.usuario
    consulta = f"?{dejada[1]}" if dejada is not None and suya and dejada[1] else ""
    return f"{url_for('bandeja.bandeja')}{consulta}{f'#t-{item_id}' if item_id else ''}"
