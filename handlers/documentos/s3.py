"""A store that speaks S3 (AWS, MinIO, Ceph, Garage …), by boto3, which is installed only where one
is used (requirements-s3.txt)."""

import importlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from handlers.conectores import certificados
from records.casos.reglas.claves import exigir
from records.sistemas.puertos import Causa, DepositoFallido, Guardado

#: Codes of S3 that say: not with this account, or not there.
NO_PERMITIDO = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403"})
NO_ESTA = frozenset({"NoSuchKey", "404"})
SIN_CUBO = frozenset({"NoSuchBucket", "InvalidBucketName"})
OCUPADO = frozenset({"SlowDown", "503", "RequestTimeout", "InternalError", "500"})


@dataclass(frozen=True, slots=True)
class CuboS3:
    """Which bucket, where. Without an account boto3 looks for one as it always does (a role of the
    machine, a profile)."""

    cubo: str
    direccion: str | None = None  #: None: AWS
    region: str = "us-east-1"
    prefijo: str = ""
    cuenta: str | None = None
    clave: str | None = None
    certificado: str | None = None  #: file with ours and its key
    segundos: float = 10.0


class S3:
    def __init__(self, cubo: CuboS3) -> None:
        """ImportError: boto3 is not installed."""
        self._cubo = cubo
        self._errores: Any = importlib.import_module("botocore.exceptions")
        config = importlib.import_module("botocore.config").Config(
            connect_timeout=3,
            read_timeout=cubo.segundos,
            retries={"total_max_attempts": 2, "mode": "standard"},  # a person waits for it
            s3={"addressing_style": "path" if cubo.direccion else "auto"},
            # stores that are not AWS refuse the newer kinds
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            client_cert=cubo.certificado,
        )
        self._s3: Any = (
            importlib.import_module("boto3")
            .session.Session()
            .client(
                "s3",
                endpoint_url=cubo.direccion,
                region_name=cubo.region,
                aws_access_key_id=cubo.cuenta,
                aws_secret_access_key=cubo.clave,
                config=config,
            )
        )

    @property
    def direccion(self) -> str:
        """ "": AWS, which has one for each region, all of https."""
        return self._cubo.direccion or ""

    @property
    def certificado(self) -> str:
        """File with ours; "": none."""
        return self._cubo.certificado or ""

    def cerrar(self) -> None:
        """Its connections: for whoever opens several, one after the other."""
        self._s3.close()

    def _en(self, clave: str) -> dict[str, str]:
        return {"Bucket": self._cubo.cubo, "Key": f"{self._cubo.prefijo}{exigir(clave)}"}

    def poner(self, clave: str, contenido: bytes) -> None:
        with self._dicho():
            self._s3.put_object(
                **self._en(clave), Body=contenido, ContentType="application/octet-stream"
            )

    def sacar(self, clave: str) -> bytes | None:
        with self._dicho():
            try:
                contenido: bytes = self._s3.get_object(**self._en(clave))["Body"].read()
            except self._errores.ClientError as error:
                if _codigo(error) in NO_ESTA:
                    return None
                raise
        return contenido

    def mover(self, de: str, a: str) -> bool:
        """S3 has no such act: it is copied, then taken away. Stopped between the two it lies at
        both, and the sweep finds it."""
        origen = self._en(de)
        with self._dicho():
            try:
                self._s3.copy_object(**self._en(a), CopySource=origen)
            except self._errores.ClientError as error:
                if _codigo(error) in NO_ESTA:
                    return False
                raise
            self._s3.delete_object(**origen)
        return True

    def quitar(self, clave: str) -> None:
        with self._dicho():
            self._s3.delete_object(**self._en(clave))

    def listar(self, prefijo: str = "") -> Iterator[Guardado]:
        with self._dicho():
            hojas = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._cubo.cubo, Prefix=f"{self._cubo.prefijo}{prefijo}"
            )
            for hoja in hojas:
                for visto in hoja.get("Contents", ()):
                    yield Guardado(
                        visto["Key"].removeprefix(self._cubo.prefijo),
                        visto["Size"],
                        visto["LastModified"],
                    )

    def probar(self) -> None:
        clave = f"prueba/{secrets.token_hex(8)}"  # others look at the same moment
        self.poner(clave, b"prueba")
        leido = self.sacar(clave)
        self.quitar(clave)
        if leido != b"prueba":
            raise DepositoFallido(self._cubo.cubo, causa=Causa.ILEGIBLE, pasajera=False)

    @contextmanager
    def _dicho(self) -> Iterator[None]:
        """What went wrong, told by the code of S3 or the kind of the exception."""
        try:
            yield
        except self._errores.ClientError as error:
            codigo = _codigo(error)
            causa = (
                Causa.NO_PERMITIDO
                if codigo in NO_PERMITIDO
                else Causa.RECHAZADO
                if codigo in SIN_CUBO
                else Causa.OTRA
            )
            if codigo in OCUPADO:
                causa = Causa.OCUPADO
            raise DepositoFallido(
                f"{self._cubo.cubo}: {codigo}", causa=causa, pasajera=causa == Causa.OCUPADO
            ) from error
        except (self._errores.ConnectTimeoutError, self._errores.ReadTimeoutError) as error:
            raise DepositoFallido(
                self._cubo.cubo, causa=Causa.SIN_RESPUESTA, pasajera=True
            ) from error
        except (self._errores.NoCredentialsError, self._errores.PartialCredentialsError) as error:
            raise DepositoFallido(
                f"{self._cubo.cubo}: {error}", causa=Causa.NO_PERMITIDO, pasajera=False
            ) from error
        except self._errores.BotoCoreError as error:
            certificados.anotar(f"the store of documents {self._cubo.direccion or 'of AWS'}", error)
            raise DepositoFallido(
                f"{self._cubo.cubo}: {error}", causa=Causa.SIN_CONEXION, pasajera=True
            ) from error


def _codigo(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
