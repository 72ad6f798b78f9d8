"""One web process of the bench: python -m bench.serve FOLDER DATABASE-URL PORT. Ends when its
standard input does."""

import os
import sys
import threading
from pathlib import Path

import app as door
from tests.kit.cast import SESSION_KEY
from webforms.servidor import Servidor


def until_the_parent_ends() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    folder, url, port = sys.argv[1:4]
    threading.Thread(target=until_the_parent_ends, daemon=True).start()
    app = door.create_app(
        door.Config(instance=Path(folder), database_url=url, secret_key=SESSION_KEY)
    )
    Servidor(app.wsgi_app, ("127.0.0.1", int(port))).servir()


if __name__ == "__main__":
    main()
