"""The documents of a month in one file, with a manifest of hashes: what each contract supervisor
gets (5.2.32), and all that there are."""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from common.language import speaking
from records.base.errores import DatoInvalido
from records.base.pedidos import Avance
from records.informes import meses, reportes
from records.informes.documentos_del_mes import COMPONER, LEER
from records.sistemas.puertos import ArchivoHecho, Leyendo, PaqueteHecho
from webforms.documentos.pdf import Documento, Pedido, componer
from webforms.informes.documentos import informe_pdf, punto_pdf, quejas_pdf
from webforms.informes.libro import libro
from webforms.informes.reporte import hoja

MANIFIESTO: Final = "manifiesto.sha256"  #: as `sha256sum --check` reads it
#: documents that are set beside each other: who waits for a page needs a processor, too
A_LA_VEZ: Final = 2


def hacer_paquete(leyendo: Leyendo, mes: dt.date) -> PaqueteHecho:
    """Of the joined report, in the version of the month that it was made of. Documents are set
    after the session is closed."""
    with leyendo() as session, speaking(None):  # it is kept: in the language of the agency
        informe, quejas = (
            reportes.informe(session, mes, tipo)
            for tipo in (reportes.INTERVENTORIA, reportes.QUEJAS)
        )
        if informe is None or quejas is None:
            raise DatoInvalido("El informe de %(mes)s no está consolidado.", mes=f"{mes:%Y-%m}")
        version = meses.de_id(session, informe.mes_id)
        pedidos = {f"informe-mensual-{mes:%Y-%m}.pdf": informe_pdf(session, mes, informe, version)}
        pedidos[f"informe-quejas-{mes:%Y-%m}.pdf"] = quejas_pdf(session, quejas)
        planillas = {f"datos/indicadores-{mes:%Y-%m}.xlsx": libro(session, mes, informe, version)}
        hecho = informe.hecho
    with ThreadPoolExecutor(len(pedidos)) as hilos:  # each is set by a process of its own
        documentos = dict(zip(pedidos, hilos.map(componer, pedidos.values()), strict=True))
    return _empacar(documentos, planillas | _adjuntos(pedidos.values()), hecho)


def hacer_documentos(leyendo: Leyendo, mes: dt.date, avance: Avance) -> PaqueteHecho:
    """All that there is of the reports of a month as it stands: of the entity, of complaints, of
    each point, and the workbook."""
    with leyendo() as session, speaking(None):  # it is kept: in the language of the agency
        informe, quejas = (
            reportes.informe(session, mes, tipo)
            for tipo in (reportes.INTERVENTORIA, reportes.QUEJAS)
        )
        version = (
            meses.vigente(session, mes) if informe is None else meses.de_id(session, informe.mes_id)
        )
        if version is None:
            raise DatoInvalido("El mes %(mes)s no está cerrado.", mes=f"{mes:%Y-%m}")
        puntos = reportes.situaciones(session, mes)
        avance(LEER, 0, len(puntos))
        pedidos = {f"informe-mensual-{mes:%Y-%m}.pdf": informe_pdf(session, mes, informe, version)}
        if quejas is not None:
            pedidos[f"informe-quejas-{mes:%Y-%m}.pdf"] = quejas_pdf(session, quejas)
        adjuntos = _adjuntos(pedidos.values())
        for n, s in enumerate(puntos, 1):
            suya = hoja(session, mes, s.punto_id)
            if suya is not None:
                pedidos[f"puntos/reporte-{s.punto_id}-{mes:%Y-%m}.pdf"] = punto_pdf(session, suya)
            avance(LEER, n, len(puntos))
        planillas = {f"datos/indicadores-{mes:%Y-%m}.xlsx": libro(session, mes, informe, version)}
        hecho = version.cerrado if informe is None else informe.hecho
    documentos: dict[str, Documento] = {}
    with ThreadPoolExecutor(A_LA_VEZ) as hilos:
        haciendo = {nombre: hilos.submit(componer, p) for nombre, p in pedidos.items()}
        try:
            for nombre, futuro in haciendo.items():
                documentos[nombre] = futuro.result()
                avance(COMPONER, len(documentos), len(haciendo))
        except BaseException:
            hilos.shutdown(wait=False, cancel_futures=True)
            raise
    return _empacar(documentos, planillas | adjuntos, hecho)


def _adjuntos(pedidos: Iterable[Pedido]) -> dict[str, bytes]:
    """The data of each document, beside it."""
    return {
        f"datos/{p.adjunto.nombre}": p.adjunto.texto.encode()
        for p in pedidos
        if p.adjunto is not None
    }


def _empacar(
    documentos: Mapping[str, Documento], datos: dict[str, bytes], hecho: dt.datetime
) -> PaqueteHecho:
    contenidos = {nombre: d.contenido for nombre, d in documentos.items()} | datos
    archivos = [
        ArchivoHecho(
            nombre,
            hashlib.sha256(c).hexdigest(),
            len(c),
            documentos[nombre].paginas if nombre in documentos else 0,
        )
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
            entrada = zipfile.ZipInfo(
                nombre, (local.year, local.month, local.day, local.hour, local.minute, local.second)
            )
            archivo.writestr(entrada, contenido, compress_type=zipfile.ZIP_DEFLATED)
    return salida.getvalue()
