"""Static files under names that change with their content, compressed where a .gz lies beside
them."""

import functools
import hashlib
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory, url_for
from werkzeug.security import safe_join

CARPETA = Path(__file__).parent.parent / "static"
SIEMPRE = 365 * 24 * 3600


@functools.lru_cache(maxsize=512)
def _digest(ruta: Path, _mtime_ns: int, _size: int) -> str:
    return hashlib.sha256(ruta.read_bytes()).hexdigest()[:12]


def version(nombre: str) -> str | None:
    """A digest of the file's content, or None when it is not there."""
    ruta = CARPETA / nombre
    try:
        estado = ruta.stat()
    except OSError:
        return None
    return _digest(ruta, estado.st_mtime_ns, estado.st_size)


def asset(nombre: str) -> str:
    """URL of a static file; the browser keeps it for ever, because another content has another
    URL."""
    return url_for("static", nombre=nombre, v=version(nombre))


def existe(nombre: str) -> bool:
    """Whether a file of the folder is called so."""
    ruta = safe_join(str(CARPETA), nombre)
    try:
        return ruta is not None and Path(ruta).is_file()
    except OSError:  # a name that no file can have
        return False


def servir(nombre: str) -> Response:
    """404: no file of the folder is called so, whatever else may be."""
    if not existe(nombre):
        abort(404)
    actual = version(nombre)
    comprimido = (
        request.accept_encodings["gzip"] > 0 and existe(f"{nombre}.gz") and not request.range
    )
    entregado = f"{nombre}.gz" if comprimido else nombre
    tipo = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}.get(
        Path(nombre).suffix
    )
    respuesta = send_from_directory(CARPETA, entregado, mimetype=tipo, conditional=True)
    if comprimido:
        respuesta.headers["Content-Encoding"] = "gzip"
    fija = actual is not None and request.args.get("v") == actual
    # In each browser alone, which takes gzip always or never: nothing has to vary.
    respuesta.headers["Cache-Control"] = (
        f"private, max-age={SIEMPRE}, immutable" if fija else "no-cache"
    )
    return respuesta


def register(app: Flask) -> None:
    app.add_url_rule("/static/<path:nombre>", "static", servir)
    app.jinja_env.globals.update(asset=asset, existe_asset=existe)
