"""Settings of the store of documents: a bucket, when one is named; and of who looks for viruses."""

import re
from typing import Final
from urllib.parse import urlsplit

from common.language import marked, said
from common.settings import Reading, Setting, SettingRefused, own_certificate
from handlers.documentos.antivirus import Clamd
from handlers.documentos.s3 import S3, CuboS3
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


CUBO: Final = Setting(
    "DOCUMENTS_S3_BUCKET",
    str,
    "",
    unset="none: documents lie in `INSTANCE/archivos`",
    means=(
        "bucket of a store that speaks S3, of this database alone together with its prefix; "
        "needs `requirements-s3.txt` (docs/documents.md)"
    ),
)
DIRECCION: Final = Setting(
    "DOCUMENTS_S3_ENDPOINT",
    _direccion,
    "",
    marked(
        "DOCUMENTS_S3_ENDPOINT: se espera la dirección del depósito, como https://minio.entidad.gov.co:9000, no «%(g)s»."
    ),
    unset="AWS",
    means="address of the store where it is not AWS: `https://minio.entidad.gov.co:9000`",
)
REGION: Final = Setting(
    "DOCUMENTS_S3_REGION", str, "us-east-1", unset="`us-east-1`", means="region of the store"
)
PREFIJO: Final = Setting(
    "DOCUMENTS_S3_PREFIX", str, "", unset="none", means="what begins each key: `ventanilla/`"
)
CUENTA: Final = Setting(
    "DOCUMENTS_S3_KEY_ID",
    str,
    "",
    unset=(
        "what boto3 finds: a role of the machine, one that is taken with a token "
        "(`AWS_ROLE_ARN`, `AWS_WEB_IDENTITY_TOKEN_FILE`), a profile"
    ),
    means=(
        "account that may list, read, write and delete there; better none, for keys that end "
        "by themselves"
    ),
)
CLAVE: Final = Setting(
    "DOCUMENTS_S3_SECRET",
    str,
    "",
    unset="as for `DOCUMENTS_S3_KEY_ID`",
    means="secret of that account",
)
CERTIFICADO: Final = Setting(
    "DOCUMENTS_S3_CERTIFICATE",
    own_certificate,
    "",
    unset="none",
    means="file with our certificate and its key (PEM), where the store asks for one",
)
CLAMD: Final = Setting[Antivirus | None](
    "CLAMD",
    _clamd,
    None,
    marked(
        "CLAMD: se espera equipo:puerto, como 127.0.0.1:3310, o la ruta de un socket, no «%(g)s»."
    ),
    unset="none: files are taken without a look for viruses",
    means="clamd: `host:3310`, or the path of its socket",
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
