"""An application behind the server that the product ships, on a free port, in a thread of this
process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from webforms.servidor import Servidor

PATIENCE = 20  # seconds; the server itself gives up what it has taken after eight


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address. A browser leaves in the middle of an answer in every walk; the server of the
    framework for development leaves the file of that answer open then, so it is of no use here."""
    server = Servidor(app, ("127.0.0.1", 0))
    loop = threading.Thread(target=server.servir, daemon=True)
    loop.start()
    try:
        yield f"http://127.0.0.1:{server.puerto}"
    finally:
        server.parar()
        loop.join(PATIENCE)
        assert not loop.is_alive(), "the server does not stop"
