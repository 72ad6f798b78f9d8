"""A store that speaks S3 on loopback: moto's server, and a bucket in it that is not ours alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import boto3
from moto.server import ThreadedMotoServer

from handlers.documentos.s3 import S3, CuboS3

BUCKET = CuboS3("documentos", prefijo="ventanilla/", cuenta="cuenta", clave="clave")
ACCOUNT = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}


@contextmanager
def running() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def store(where: CuboS3) -> Iterator[S3]:
    made = S3(where)
    try:
        yield made
    finally:
        made.cerrar()


@contextmanager
def bucket(address: str) -> Iterator[CuboS3]:
    """Empty, and with something of somebody else in it, which is still there when it ends."""
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **ACCOUNT)
    client.create_bucket(Bucket=BUCKET.cubo)
    client.put_object(Bucket=BUCKET.cubo, Key="otro/ajeno", Body=b"ajeno")
    try:
        yield replace(BUCKET, direccion=address)
        assert client.get_object(Bucket=BUCKET.cubo, Key="otro/ajeno")["Body"].read() == b"ajeno"
    finally:
        for seen in client.list_objects_v2(Bucket=BUCKET.cubo).get("Contents", ()):
            client.delete_object(Bucket=BUCKET.cubo, Key=seen["Key"])
        client.delete_bucket(Bucket=BUCKET.cubo)
        client.close()
