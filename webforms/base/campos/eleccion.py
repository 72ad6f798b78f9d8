"""What a button stands for whose data are covered on the page, signed."""

from typing import Any

from flask import current_app
from itsdangerous import URLSafeSerializer


def _firmante_de_eleccion() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="eleccion")


def firmar_eleccion(partes: list[str]) -> str:
    """For a button that stands for somebody whose data are covered on the page."""
    return _firmante_de_eleccion().dumps(partes)


def leer_eleccion(ficha: str) -> Any:
    """BadData: no page of ours made it."""
    return _firmante_de_eleccion().loads(ficha)
