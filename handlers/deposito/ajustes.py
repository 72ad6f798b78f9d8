"""Settings of the store of documents: a bucket, when one is named; and of who looks for viruses."""

import re
from typing import Final
from urllib.parse import urlsplit

from common.language import marked, said
from common.settings import Reading, Setting, SettingRefused, own_certificate
from handlers.antivirus import Clamd
from handlers.deposito.s3 import S3, CuboS3
from records.sistemas.puertos import Antivirus, Deposito


def _direccion(dicha: str) -> str:
    if urlsplit(dicha).scheme not in ("http", "https"):
        raise ValueError(dicha)
    return dicha


def _clamd(dicho: str) -> Antivirus:
    """host:port, or the path of its socket."""
    if dicho.startswith("/"):
        return Clamd(dicho)
    equipo, _dos_puntos, puerto = dicho.rpartition(":")
    if not equipo or not re.fullmatch("[1-9][0-9]{0,4}", puerto):
        raise ValueError(dicho)
    return Clamd((equipo.strip("[]"), int(puerto)))


CUBO: Final = Setting("DOCUMENTS_S3_BUCKET", str, "")
DIRECCION: Final = Setting(
    "DOCUMENTS_S3_ENDPOINT",
    _direccion,
    "",
    marked(
        "DOCUMENTS_S3_ENDPOINT: se espera la dirección del depósito, como https://minio.entidad.gov.co:9000, no «%(g)s»."
    ),
)
REGION: Final = Setting("DOCUMENTS_S3_REGION", str, "us-east-1")
PREFIJO: Final = Setting("DOCUMENTS_S3_PREFIX", str, "")
CUENTA: Final = Setting("DOCUMENTS_S3_KEY_ID", str, "")
CLAVE: Final = Setting("DOCUMENTS_S3_SECRET", str, "")
CERTIFICADO: Final = Setting("DOCUMENTS_S3_CERTIFICATE", own_certificate, "")
CLAMD: Final = Setting[Antivirus | None](
    "CLAMD",
    _clamd,
    None,
    marked(
        "CLAMD: se espera equipo:puerto, como 127.0.0.1:3310, o la ruta de un socket, no «%(g)s»."
    ),
)


def deposito(lectura: Reading) -> Deposito | None:
    """A bucket, when one is named; half an account is a typing error."""
    cubo = lectura(CUBO)
    if not cubo:
        return None
    cuenta, clave = lectura(CUENTA), lectura(CLAVE)
    if bool(cuenta) != bool(clave):
        raise SettingRefused(
            said("DOCUMENTS_S3_KEY_ID y DOCUMENTS_S3_SECRET van juntas: falta una de las dos.")
        )
    dado = CuboS3(
        cubo,
        lectura(DIRECCION) or None,
        lectura(REGION),
        lectura(PREFIJO),
        cuenta or None,
        clave or None,
        lectura(CERTIFICADO) or None,
    )
    try:
        return S3(dado)
    except ImportError as error:
        raise SettingRefused(
            said("DOCUMENTS_S3_BUCKET: falta instalar requirements-s3.txt en este lugar.")
        ) from error
    except ValueError as error:  # of boto3: an address that is none
        raise SettingRefused(f"DOCUMENTS_S3_ENDPOINT: {said(str(error))}.") from error
