"""A manifest written down, as `records.paquetes.reglas.paquete` reads it. Pure."""

from typing import Any

import tomli_w

from records.paquetes.reglas.paquete import FORMATO, Actividad, Paquete


def escrito(paquete: Paquete) -> bytes:
    """What is empty is left out."""
    sueltas = ("nombre", "escrito", "dueno", "objetivo", "alcance")
    dicho: dict[str, Any] = {"formato": FORMATO}
    dicho |= {clave: valor for clave in sueltas if (valor := getattr(paquete, clave))}
    dicho["modelos"] = list(paquete.modelos)
    filas: dict[str, list[dict[str, Any]]] = {
        "definicion": [{"termino": d.termino, "texto": d.texto} for d in paquete.definiciones],
        "condicion": [_actividad(a) for a in paquete.condiciones],
        "actividad": [_actividad(a) for a in paquete.actividades],
        "control": [_actividad(a) for a in paquete.controles],
        "lista": [
            {
                "codigo": x.codigo,
                "nombre": x.nombre,
                "variable": x.variable,
                "valores": dict(x.valores),
            }
            for x in paquete.listas
        ],
    }
    dicho |= {clave: cuales for clave, cuales in filas.items() if cuales}
    return tomli_w.dumps(dicho, multiline_strings=False).encode()


def _actividad(a: Actividad) -> dict[str, Any]:
    fila: dict[str, Any] = {
        "n": a.n,
        "quien": a.quien,
        "texto": a.texto,
        "elementos": list(a.elementos),
    }
    return {clave: valor for clave, valor in fila.items() if valor}
