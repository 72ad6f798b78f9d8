"""The SMTP client against real servers on loopback: TLS with a CA made here, login, greylisting,
refusals, slowness, cut lines."""

import asyncio
import dataclasses
import datetime as dt
import email
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from demo.correo_local import ConPuerto
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from records.sistemas.puertos import Adjunto, Causa, CorreoFallido, Mensaje
from tests.kit.clock import NOW
from tests.kit.tls import context, trust

LARGO = "x" * 90
OTRO = str(IPv4Address(0))  # no address of loopback; it leads to this machine all the same
ANA = "ana@ciudadana.example"


@dataclass
class Buzon:
    """What the server answers to each command, in order; then it takes everything."""

    a_rcpt: list[str] = field(default_factory=list)
    a_data: list[str] = field(default_factory=list)
    recibidos: list[Envelope] = field(default_factory=list)
    juntos: int = 0
    mas_juntos: int = 0
    demora: float = 0

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.a_rcpt:
            return self.a_rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.juntos += 1
        self.mas_juntos = max(self.mas_juntos, self.juntos)
        await asyncio.sleep(self.demora)
        self.juntos -= 1
        if self.a_data:
            return self.a_data.pop(0)
        self.recibidos.append(envelope)
        return "250 OK"

    def mensajes(self) -> list[EmailMessage]:
        leidos = [
            email.message_from_bytes(e.original_content or b"", policy=policy.default)
            for e in self.recibidos
        ]
        return [m for m in leidos if isinstance(m, EmailMessage)]


@contextmanager
def servidor(buzon: Buzon, **mas: Any) -> Iterator[int]:
    controlador = ConPuerto(
        buzon, hostname="127.0.0.1", port=0, server_hostname="correo.local", **mas
    )
    controlador.start()
    try:
        yield controlador.port
    finally:
        controlador.stop()


def cliente(puerto: int, **mas: Any) -> CorreoSMTP:
    return CorreoSMTP(dataclasses.replace(ServidorSMTP(port=puerto, espera=5), **mas))


def mensaje(**mas: Any) -> Mensaje:
    return dataclasses.replace(
        Mensaje("k:1", ANA, "Hola", "Un saludo.", marca="7.abcdefghij0123456789"), **mas
    )


def fallo(correo: CorreoSMTP, **mas: Any) -> CorreoFallido:
    with pytest.raises(CorreoFallido) as falla:
        correo.enviar(mensaje(**mas), NOW)
    return falla.value


# --- TLS and login --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def archivo_ca(ca: trustme.CA, tmp_path: Path) -> str:
    return trust(ca, tmp_path)


def cifrado(ca: trustme.CA, como: str, nombre: str = "127.0.0.1") -> dict[str, Any]:
    return (
        {"tls_context": context(ca, nombre), "require_starttls": True}
        if como == "starttls"
        else {"ssl_context": context(ca, nombre)}
    )


@pytest.mark.parametrize("como", ["starttls", "tls"])
def test_a_mail_leaves_encrypted_to_a_server_whose_certificate_is_checked(
    ca: trustme.CA, archivo_ca: str, como: str
) -> None:
    buzon = Buzon()
    with servidor(buzon, **cifrado(ca, como)) as puerto:
        cliente(puerto, cifrado=como, ca=archivo_ca).enviar(mensaje(), NOW)
    assert len(buzon.recibidos) == 1


@pytest.mark.parametrize("como", ["starttls", "tls"])
@pytest.mark.parametrize(
    "que", ["another authority", "one that the machine trusts", "another name"]
)
def test_nothing_leaves_to_a_server_that_cannot_prove_who_it_is(
    ca: trustme.CA,
    archivo_ca: str,
    como: str,
    que: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    buzon = Buzon()
    ajena = ca if que == "another name" else trustme.CA()
    if que == "one that the machine trusts":
        (tmp_path / "machine").mkdir()
        monkeypatch.setenv("SSL_CERT_FILE", trust(ajena, tmp_path / "machine"))
    with servidor(
        buzon, **cifrado(ajena, como, "otro.example" if que == "another name" else "127.0.0.1")
    ) as puerto:
        falla = fallo(cliente(puerto, cifrado=como, ca=archivo_ca))
    assert (falla.causa, falla.pasajera, buzon.recibidos) == (Causa.NO_PERMITIDO, True, [])


def test_a_server_without_starttls_gets_no_mail_in_the_clear(archivo_ca: str) -> None:
    buzon = Buzon()
    with servidor(buzon) as puerto:
        falla = fallo(cliente(puerto, cifrado="starttls", ca=archivo_ca))
    assert (falla.causa, falla.pasajera, buzon.recibidos) == (Causa.NO_PERMITIDO, True, [])


def test_to_another_machine_nothing_leaves_in_the_clear_unless_that_network_is_said_to_be_trusted() -> (
    None
):
    buzon = Buzon()
    with servidor(buzon) as puerto:
        falla = fallo(cliente(puerto, host=OTRO))
        assert (falla.causa, falla.pasajera, buzon.recibidos) == (Causa.NO_PERMITIDO, True, [])
        cliente(puerto, host=OTRO, sin_cifrar=True).enviar(mensaje(), NOW)
    assert len(buzon.recibidos) == 1


@pytest.mark.parametrize("clave", ["buena", "mala"])
def test_the_account_is_shown_after_encryption_and_a_wrong_one_is_no_fault_of_the_address(
    ca: trustme.CA, archivo_ca: str, clave: str
) -> None:
    def quien(
        _server: SMTP, _session: Session, _envelope: Envelope, _mecanismo: str, datos: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=datos == LoginPassword(b"ventanilla", b"buena"), handled=False)

    buzon = Buzon()
    with servidor(
        buzon,
        **cifrado(ca, "starttls"),
        authenticator=quien,
        auth_required=True,
        auth_exclude_mechanism=["LOGIN"],
    ) as puerto:
        correo = cliente(
            puerto, cifrado="starttls", ca=archivo_ca, usuario="ventanilla", clave=clave, espera=60
        )
        if clave == "buena":
            correo.enviar(mensaje(), NOW)
        else:
            falla = fallo(correo)
            assert (falla.causa, falla.pasajera) == (Causa.NO_PERMITIDO, True)
    assert len(buzon.recibidos) == (clave == "buena")


# --- what servers say -----------------------------------------------------------------------------
def test_a_server_that_asks_a_stranger_to_come_back_takes_the_same_mail_later() -> None:
    buzon = Buzon(a_rcpt=["451 4.7.1 Greylisted, come back in 5 minutes"])
    with servidor(buzon) as puerto:
        correo = cliente(puerto)
        falla = fallo(correo)
        assert (falla.causa, falla.pasajera) == (Causa.OCUPADO, True)
        correo.enviar(mensaje(), NOW + dt.timedelta(minutes=5))
    assert [m["Message-ID"] for m in buzon.mensajes()] == [
        "<aviso-7.abcdefghij0123456789@entidad.example>"
    ]


@pytest.mark.parametrize(
    "respuesta", ["550 5.1.1 No such user", "553 5.1.3 Bad address", "554 5.7.1 Rejected"]
)
def test_a_refusal_of_the_address_is_for_good(respuesta: str) -> None:
    with servidor(Buzon(a_rcpt=[respuesta])) as puerto:
        falla = fallo(cliente(puerto))
    assert (falla.causa, falla.pasajera, str(falla)) == (Causa.RECHAZADO, False, respuesta)


def test_a_refusal_of_the_content_is_for_good_and_a_full_disk_is_not() -> None:
    with servidor(Buzon(a_data=["554 5.6.0 Content", "452 4.3.1 No space"])) as puerto:
        falla, otra = fallo(cliente(puerto)), fallo(cliente(puerto))
    assert (falla.causa, falla.pasajera) == (Causa.RECHAZADO, False)
    assert (otra.causa, otra.pasajera) == (Causa.OCUPADO, True)


def test_a_mail_that_is_too_large_for_the_server_is_not_tried_again() -> None:
    buzon = Buzon()
    with servidor(buzon, data_size_limit=10_000) as puerto:
        falla = fallo(
            cliente(puerto), adjuntos=(Adjunto("acta.pdf", "application/pdf", b"x" * 20_000),)
        )
    assert (falla.causa, falla.pasajera, buzon.recibidos) == (Causa.RECHAZADO, False, [])
    assert str(falla).startswith("552")


def test_an_address_beyond_ascii_needs_a_server_that_knows_them() -> None:
    buzon = Buzon()
    with servidor(buzon, enable_SMTPUTF8=True) as puerto:
        cliente(puerto).enviar(mensaje(para="peña@ñandú.example"), NOW)
    with servidor(buzon, enable_SMTPUTF8=False) as puerto:
        falla = fallo(cliente(puerto), para="peña@ñandú.example")
    assert (falla.causa, falla.pasajera) == (Causa.RECHAZADO, False)
    assert [e.rcpt_tos for e in buzon.recibidos] == [["peña@xn--and-6ma2c.example"]]


def test_a_line_that_breaks_after_the_mail_was_taken_sends_it_again_under_the_same_id() -> None:
    buzon = Buzon()
    with servidor(buzon) as puerto:
        with pytest.raises(CorreoFallido) as falla:
            _cortado(puerto)
        cliente(puerto).enviar(mensaje(), NOW)
    assert falla.value.pasajera
    ids = [m["Message-ID"] for m in buzon.mensajes()]
    assert ids == ["<aviso-7.abcdefghij0123456789@entidad.example>"] * 2, "who gets both can tell"


def _cortado(puerto: int) -> None:
    """Through a pipe that is cut when the client has said the end of the mail."""
    with socket.create_server(("127.0.0.1", 0)) as boca:
        hilo = threading.Thread(target=_tubo, args=(boca, puerto), daemon=True)
        hilo.start()
        CorreoSMTP(ServidorSMTP(port=boca.getsockname()[1], espera=5)).enviar(mensaje(), NOW)
        hilo.join()


def _tubo(boca: socket.socket, puerto: int) -> None:
    de_aqui, _quien = boca.accept()
    dicho_todo = threading.Event()
    with de_aqui, socket.create_connection(("127.0.0.1", puerto)) as de_alla:

        def volver() -> None:
            """What the server says, but not its yes to the mail."""
            while dicho := de_alla.recv(4096):
                if dicho_todo.is_set():
                    de_aqui.shutdown(socket.SHUT_RDWR)
                    return
                de_aqui.sendall(dicho)

        hilo = threading.Thread(target=volver, daemon=True)
        hilo.start()
        visto = b""
        while not visto.endswith(b"\r\n.\r\n"):
            dicho = de_aqui.recv(4096)
            visto += dicho
            if visto.endswith(b"\r\n.\r\n"):
                dicho_todo.set()
            de_alla.sendall(dicho)
        hilo.join(10)


def test_a_server_that_dribbles_is_left_after_the_limit_of_the_whole_conversation() -> None:
    alto = threading.Event()

    def gotear(boca: socket.socket) -> None:
        linea, _quien = boca.accept()
        with linea:
            while not alto.wait(0.05):
                try:
                    linea.sendall(b"2")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as boca:
        hilo = threading.Thread(target=gotear, args=(boca,), daemon=True)
        hilo.start()
        antes = time.monotonic()
        falla = fallo(CorreoSMTP(ServidorSMTP(port=boca.getsockname()[1], espera=30, entero=0.5)))
        alto.set()
        hilo.join(5)
    assert (falla.causa, falla.pasajera) == (Causa.SIN_RESPUESTA, True)
    assert time.monotonic() - antes < 20, "far below the thirty seconds of one step"


def test_no_more_conversations_at_once_than_the_place_says() -> None:
    buzon = Buzon(demora=0.1)
    with servidor(buzon) as puerto:
        correo = cliente(puerto, a_la_vez=2, espera=30)
        hilos = [
            threading.Thread(target=correo.enviar, args=(mensaje(clave=f"k{n}"), NOW))
            for n in range(6)
        ]
        for hilo in hilos:
            hilo.start()
        for hilo in hilos:
            hilo.join()
    assert len(buzon.recibidos) == 6
    assert buzon.mas_juntos <= 2


# --- headers --------------------------------------------------------------------------------------
def test_the_envelope_and_the_headers_are_those_of_the_place() -> None:
    buzon = Buzon()
    with servidor(buzon) as puerto:
        correo = cliente(
            puerto,
            remitente="ICETEX <atencion@icetex.example>",
            responder_a="gau@icetex.example",
            rebotes="rebotes+@icetex.example",
        )
        correo.enviar(
            mensaje(idioma="en", baja=f"https://ventanilla.example/correo/baja/{LARGO}"), NOW
        )
        cliente(puerto).enviar(mensaje(), NOW)
    (uno, otro), (sobre, sobre_otro) = buzon.mensajes(), buzon.recibidos
    assert sobre.mail_from == "rebotes+7.abcdefghij0123456789@icetex.example", (
        "what comes back says of itself which mail it is"
    )
    assert sobre_otro.mail_from == "ventanilla@entidad.example"
    assert (uno["From"], uno["Reply-To"], uno["To"]) == (
        "ICETEX <atencion@icetex.example>",
        "gau@icetex.example",
        ANA,
    )
    assert (uno["Auto-Submitted"], uno["Content-Language"]) == ("auto-generated", "en")
    assert uno["Date"].datetime == NOW
    assert (uno["List-Unsubscribe"], uno["List-Unsubscribe-Post"]) == (
        f"<https://ventanilla.example/correo/baja/{LARGO}>",
        "List-Unsubscribe=One-Click",
    )
    crudo = buzon.recibidos[0].original_content or b""
    assert (
        f"\r\nList-Unsubscribe: <https://ventanilla.example/correo/baja/{LARGO}>\r\n".encode()
        in crudo
    ), "whole, as programs look for it"
    assert otro["List-Unsubscribe"] is None
    assert otro["List-Unsubscribe-Post"] is None


def test_an_attachment_goes_with_both_parts_of_the_letter() -> None:
    buzon = Buzon()
    with servidor(buzon) as puerto:
        cliente(puerto).enviar(
            mensaje(adjuntos=(Adjunto("acta\r\nX: 1 ñ.pdf", "application/pdf", b"%PDF-1.7 x"),)),
            NOW,
        )
    (uno,) = buzon.mensajes()
    assert [p.get_content_type() for p in uno.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    (adjunto,) = uno.iter_attachments()
    assert (adjunto.get_filename(), adjunto.get_content()) == ("acta X: 1 ñ.pdf", b"%PDF-1.7 x")
