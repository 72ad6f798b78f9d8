"""What each contract supervisor gets of a month (5.2.32): the PDFs that are printed, the workbook, the data, and a manifest of hashes."""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session

from records import meses
from records import reportes
from records.errores import DatoInvalido
from records.puertos import ArchivoHecho
from records.puertos import PaqueteHecho
from webforms.base.pdf import componer
from webforms.calidad.documentos import informe_pdf
from webforms.calidad.documentos import quejas_pdf
from webforms.calidad.libro import libro

MANIFIESTO = "manifiesto.sha256"  #: as `sha256sum --check` reads it


def hacer_paquete(sesiones: Callable[[], Session], mes: dt.date) -> PaqueteHecho:
    """Of the joined report, in the version of the month that it was made of. Documents are set after the session is closed."""
    with sesiones() as session:
        informe, quejas = (reportes.informe(session, mes, tipo) for tipo in (reportes.INTERVENTORIA, reportes.QUEJAS))
        if informe is None or quejas is None:
            raise DatoInvalido(f"El informe de {mes:%Y-%m} no está consolidado.")
        version = meses.de_id(session, informe.mes_id)
        pedidos = {f"informe-mensual-{mes:%Y-%m}.pdf": informe_pdf(session, mes, informe, version)}
        pedidos[f"informe-quejas-{mes:%Y-%m}.pdf"] = quejas_pdf(session, quejas)
        planillas = {f"datos/indicadores-{mes:%Y-%m}.xlsx": libro(session, mes, informe, version)}
        hecho = informe.hecho
    with ThreadPoolExecutor(len(pedidos)) as hilos:  # each is set by a process of its own
        documentos = dict(zip(pedidos, hilos.map(componer, pedidos.values()), strict=True))
    datos = {f"datos/{p.adjunto.nombre}": p.adjunto.texto.encode() for p in pedidos.values() if p.adjunto is not None}
    contenidos = {nombre: d.contenido for nombre, d in documentos.items()} | planillas | datos
    archivos = [
        ArchivoHecho(nombre, hashlib.sha256(c).hexdigest(), len(c), documentos[nombre].paginas if nombre in documentos else 0)
        for nombre, c in contenidos.items()
    ]
    contenidos[MANIFIESTO] = "".join(f"{a.sha256}  {a.nombre}\n" for a in archivos).encode()
    return PaqueteHecho(_zip(contenidos, hecho), archivos)


def _zip(contenidos: dict[str, bytes], hecho: dt.datetime) -> bytes:
    """With the moment of the report in it, not that of the day on which it was packed."""
    salida = io.BytesIO()
    local = hecho.astimezone(dt.UTC)
    with zipfile.ZipFile(salida, "w") as archivo:
        for nombre, contenido in contenidos.items():
            entrada = zipfile.ZipInfo(nombre, (local.year, local.month, local.day, local.hour, local.minute, local.second))
            archivo.writestr(entrada, contenido, compress_type=zipfile.ZIP_DEFLATED)
    return salida.getvalue()
