"""COBOL: files that its programs write, read by their copybook, or a program that is called for
each question (5.2.9)."""

from handlers.conectores.cobol.configuracion import conector

__all__ = ["conector"]
