"""What a button stands for whose data are covered on the page, signed."""

from typing import Any

from itsdangerous import URLSafeSerializer

from webforms.navegador.firmas import firmante


def _firmante_de_eleccion() -> URLSafeSerializer:
    return firmante("eleccion")


def firmar_eleccion(partes: list[str]) -> str:
    """For a button that stands for somebody whose data are covered on the page."""
    return _firmante_de_eleccion().dumps(partes)


def leer_eleccion(ficha: str) -> Any:
    """BadData: no page of ours made it."""
    return _firmante_de_eleccion().loads(ficha)
