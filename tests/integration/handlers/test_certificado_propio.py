"""Systems around that know us by a certificate instead of a password: each client shows it, takes a
renewed one without being started anew, and gets nowhere without it. Tokens and keys that somebody
else renews are read again; a store of documents is entered with ones that end by themselves."""

import base64
import contextlib
import datetime as dt
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from botocore.auth import SigV4Auth
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app import BadSetting, Config
from handlers.conectores.digiturno.configuracion import leer as leer_turnos
from handlers.conectores.digiturno.firma import Firmante
from handlers.conectores.digiturno.red import Red
from handlers.conectores.servicios import Servicio, leer as leer_servicios
from handlers.conectores.servicios.cliente import Cliente, Pedido
from handlers.conectores.suitecrm import Instalacion, SuiteCRM
from handlers.conectores.suitecrm.configuracion import leer as leer_crm
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from handlers.documentos.s3 import S3, CuboS3
from handlers.sistemas.conexiones import certificados as own_certificates
from records.sistemas.puertos import FallaDeSistema, FirmaInvalida, Mensaje
from tests.kit import certificates, s3
from tests.kit.clock import NOW
from tests.kit.processes import run

CLAVE = "aa/" + "b" * 62


def crm(direccion: str, ca: str, propio: str | None) -> Callable[[], Any]:
    return SuiteCRM(
        Instalacion(
            f"https://{direccion}", "ventanilla", "s", "", autoridades=ca, certificado=propio
        )
    ).probar


def turnos(direccion: str, ca: str, propio: str | None) -> Callable[[], Any]:
    return Red(f"https://{direccion}", autoridades=ca, certificado=propio).probar


def servicio(direccion: str, ca: str, propio: str | None) -> Callable[[], Any]:
    cliente = Cliente(
        Servicio("tarifas", "Tarifas", f"https://{direccion}", autoridades=ca, certificado=propio)
    )
    return lambda: cliente.pedir(Pedido("GET", "hoy"), NOW)


def correo(direccion: str, ca: str, propio: str | None) -> Callable[[], Any]:
    host, puerto = direccion.split(":")
    buzon = CorreoSMTP(
        ServidorSMTP(host, int(puerto), cifrado="tls", ca=ca, certificado=propio or "", espera=5)
    )
    return lambda: buzon.enviar(Mensaje("k:1", "ana@correo.example", "Hola", "Un saludo."), NOW)


def documentos(direccion: str, _ca: str, propio: str | None) -> Callable[[], Any]:
    deposito = S3(CuboS3("cubo", f"https://{direccion}", cuenta="c", clave="k", certificado=propio))
    return lambda: deposito.sacar(CLAVE)


SISTEMAS = {
    "crm": crm,
    "turnos": turnos,
    "servicio": servicio,
    "correo": correo,
    "documentos": documentos,
}


def emitir(ca: trustme.CA, archivo: Path, quien: str = "ventanilla-worker", dias: int = 1) -> None:
    """Written beside and renamed, as who renews does."""
    hoy = dt.datetime.now(dt.UTC)
    suyo = ca.issue_cert(
        quien,
        common_name=quien,
        not_before=hoy - dt.timedelta(days=1),
        not_after=hoy + dt.timedelta(days=dias),
    )
    nuevo = archivo.with_suffix(".nuevo")
    suyo.private_key_and_cert_chain_pem.write_to_path(str(nuevo))
    nuevo.rename(archivo)


@contextmanager
def que_pide_certificado(ca: trustme.CA) -> Iterator[tuple[str, list[x509.Certificate]]]:
    """A server that speaks to nobody whom this authority does not know; the certificates that it
    was shown."""
    contexto, vistos = certificates.context(ca, "good"), list[x509.Certificate]()
    contexto.verify_mode = ssl.CERT_REQUIRED
    ca.configure_trust(contexto)
    escucha, fin = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def servir() -> None:
        while not fin.is_set():
            with contextlib.suppress(OSError):
                linea, _ = escucha.accept()
                with linea, contexto.wrap_socket(linea, server_side=True) as dicha:
                    vistos.append(
                        x509.load_der_x509_certificate(dicha.getpeercert(binary_form=True) or b"")
                    )
                    dicha.settimeout(0.5)
                    with contextlib.suppress(TimeoutError):
                        dicha.recv(65_536)
                    dicha.sendall(
                        b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    )

    hilo = threading.Thread(target=servir, daemon=True)
    hilo.start()
    try:
        yield f"{certificates.HOST}:{escucha.getsockname()[1]}", vistos
    finally:
        fin.set()
        with contextlib.suppress(OSError):
            socket.create_connection(escucha.getsockname(), 1).close()
        hilo.join(5)
        escucha.close()


def quien(visto: x509.Certificate) -> str:
    return str(visto.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)


@pytest.mark.parametrize("sistema", SISTEMAS)
def test_each_client_is_known_by_its_certificate_takes_a_new_one_and_gets_nowhere_without(
    sistema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca, archivo = certificates.authority(tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", archivo)
    propio = tmp_path / "propio.pem"
    emitir(ca, propio)
    with que_pide_certificado(ca) as (direccion, vistos):
        sin_nada = SISTEMAS[sistema](direccion, archivo, None)
        with pytest.raises((FallaDeSistema, OSError)):
            sin_nada()
        assert vistos == []
        pedir = SISTEMAS[sistema](direccion, archivo, str(propio))
        with contextlib.suppress(FallaDeSistema, OSError):
            pedir()
        assert {quien(v) for v in vistos} == {"ventanilla-worker"}
        antes = {v.serial_number for v in vistos}
        vistos.clear()
        if sistema == "documentos":
            return  # botocore reads it when it begins: docs/security.md says so
        propio.write_bytes(b"half of a cert")  # that of before goes on
        with contextlib.suppress(FallaDeSistema, OSError):
            pedir()
        assert {v.serial_number for v in vistos} <= antes
        vistos.clear()
        emitir(ca, propio)
        with contextlib.suppress(FallaDeSistema, OSError):
            pedir()
        assert vistos
        assert antes.isdisjoint(v.serial_number for v in vistos)


def test_the_settings_name_it_and_what_is_none_is_a_sentence(tmp_path: Path) -> None:
    ca, _archivo = certificates.authority(tmp_path)
    propio, secreto = tmp_path / "propio.pem", tmp_path / "secreto"
    emitir(ca, propio)
    secreto.write_text("uno")
    (tmp_path / "servicios.toml").write_text(
        '[tarifas]\nurl = "https://t.example"\nsecreto = "secreto"\ncertificado = "propio.pem"\n'
    )
    (tmp_path / "crm.toml").write_text(
        'url = "https://c.example"\nclient_id = "v"\nclient_secret_file = "secreto"\ncuenta = "1"\ncertificado = "propio.pem"\n'
    )
    (tmp_path / "turnos.toml").write_text(
        '[sistemas.otro]\nadaptador = "http"\nurl = "https://d.example"\nficha = "secreto"\nsecretos = ["largo"]\n'
        'certificado = "propio.pem"\npuntos = { A = "BOG-AGU" }\n'
    )
    (tmp_path / "largo").write_text("whsec_" + "QUFB" * 12)
    (uno,) = leer_servicios(tmp_path / "servicios.toml")
    (sistema,) = leer_turnos(tmp_path / "turnos.toml")
    assert isinstance(sistema.adaptador, Red)
    assert [
        uno.certificado,
        leer_crm(tmp_path / "crm.toml").certificado,
        sistema.adaptador.certificado,
    ] == [str(propio)] * 3
    env = {
        "INSTANCE": str(tmp_path),
        "DATABASE_URL": f"postgresql://ventanilla_web@db.example/ventanilla?sslmode=verify-full&sslcert={propio}&sslkey=k",
        "SMTP_HOST": "correo.example",
        "SMTP_CERTIFICATE": str(propio),
        "DOCUMENTS_S3_BUCKET": "documentos",
        "DOCUMENTS_S3_ENDPOINT": "https://s3.example",
        "DOCUMENTS_S3_CERTIFICATE": str(propio),
        "SERVICES_CONFIG": str(tmp_path / "servicios.toml"),
        "CRM_CONFIG": str(tmp_path / "crm.toml"),
        "DIGITURNO_CONFIG": str(tmp_path / "turnos.toml"),
    }
    nombrados = {
        "DATABASE_URL",
        "SMTP_CERTIFICATE",
        "CRM_CONFIG",
        "SERVICES_CONFIG",
        "DIGITURNO_CONFIG",
        "DOCUMENTS_S3_CERTIFICATE",
    }
    assert set(own_certificates(Config.from_environment(env))) == {
        (nombre, str(propio)) for nombre in nombrados
    }
    propio.write_text("no certificate at all")
    for nombre in (
        "SMTP_CERTIFICATE",
        "SERVICES_CONFIG",
        "CRM_CONFIG",
        "DIGITURNO_CONFIG",
        "DOCUMENTS_S3_CERTIFICATE",
    ):
        bucket = {
            k: v
            for k, v in env.items()
            if k.startswith("DOCUMENTS_S3") and (k != "DOCUMENTS_S3_CERTIFICATE" or nombre == k)
        }
        with pytest.raises(BadSetting, match="certificado con su llave"):
            Config.from_environment({"INSTANCE": str(tmp_path), **bucket, nombre: env[nombre]})


def test_a_key_that_is_closed_is_none_and_nobody_is_asked_for_what_opens_it(tmp_path: Path) -> None:
    """OpenSSL asks at the terminal, and a process that somebody began by hand would wait there."""
    hecha, propio = trustme.CA().issue_cert("ventanilla-worker"), tmp_path / "propio.pem"
    llave = serialization.load_pem_private_key(hecha.private_key_pem.bytes(), None)
    como = serialization.BestAvailableEncryption(b"clave")
    cerrada = llave.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, como
    )
    propio.write_bytes(hecha.cert_chain_pems[0].bytes() + cerrada)
    orden = [
        sys.executable,
        "-c",
        "import sys; from common import tls; tls.client(own=sys.argv[1])",
        str(propio),
    ]
    dicho = run(
        orden, input="clave\n", capture_output=True, text=True, timeout=60, start_new_session=True
    )
    assert (dicho.returncode, "SSLError" in dicho.stderr, "pass phrase" in dicho.stderr) == (
        1,
        True,
        False,
    )


def test_a_token_that_somebody_renews_is_read_again(tmp_path: Path) -> None:
    archivo = tmp_path / "secreto"
    archivo.write_text("de la mañana\n".replace("ñ", "n").replace(" ", "-"))
    (tmp_path / "servicios.toml").write_text(
        '[tarifas]\nurl = "https://t.example"\nsecreto = "secreto"\n'
    )
    (uno,) = leer_servicios(tmp_path / "servicios.toml")
    cliente = Cliente(uno)
    assert cliente.encabezados(Pedido("GET", ""))["Authorization"] == "Bearer de-la-manana"
    archivo.write_text("de-la-tarde")
    assert cliente.encabezados(Pedido("GET", ""))["Authorization"] == "Bearer de-la-tarde"
    archivo.write_text("")  # being written
    assert cliente.encabezados(Pedido("GET", ""))["Authorization"] == "Bearer de-la-manana"


def test_a_secret_of_signed_calls_is_changed_while_both_sides_go_on(tmp_path: Path) -> None:
    uno, otro = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
    archivo = tmp_path / "firma"
    archivo.write_text(uno)
    nuestro = Firmante([uno], [archivo])
    assert nuestro.verificar(Firmante([uno]).firmar("m1", "{}", NOW), b"{}", NOW) == "m1"
    archivo.write_text(otro)
    assert nuestro.verificar(Firmante([otro]).firmar("m2", "{}", NOW), b"{}", NOW) == "m2"
    assert nuestro.firmar("m3", "{}", NOW) == Firmante([otro]).firmar("m3", "{}", NOW)
    with pytest.raises(FirmaInvalida):
        nuestro.verificar(Firmante([uno]).firmar("m4", "{}", NOW), b"{}", NOW)
    archivo.write_text("whsec_half")
    assert nuestro.verificar(Firmante([uno]).firmar("m5", "{}", NOW), b"{}", NOW) == "m5"


def test_documents_are_kept_with_keys_that_end_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role is taken with a token of this machine, which somebody renews in its file: no key of
    ours stands in a setting."""
    ficha = tmp_path / "ficha"
    ficha.write_text("una-ficha-de-esta-maquina")
    firmados: list[str | None] = []
    firmar = SigV4Auth.add_auth

    def anotar(yo: Any, pedido: Any) -> Any:
        firmados.append(yo.credentials.token)
        return firmar(yo, pedido)

    with s3.running() as direccion:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", direccion)
        monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/ventanilla")
        monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(ficha))
        for nombre in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(nombre, raising=False)
        with s3.bucket(direccion):
            monkeypatch.setattr(SigV4Auth, "add_auth", anotar)
            env = {
                "INSTANCE": str(tmp_path),
                "DOCUMENTS_S3_BUCKET": s3.BUCKET.cubo,
                "DOCUMENTS_S3_ENDPOINT": direccion,
            }
            dado = Config.from_environment(
                {**env, "DOCUMENTS_S3_PREFIX": "ventanilla/", "TRUSTED_NETWORK": ""}
            ).documentos
            assert isinstance(dado, S3)
            dado.poner(CLAVE, b"hola")
            assert dado.sacar(CLAVE) == b"hola"
            dado.cerrar()
            assert len(firmados) == 2
            assert all(firmados)  # with the token of keys that end
