"""Mail against a real SMTP server on loopback, and notices on real records."""

import contextlib
import datetime as dt
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from common import language
from common.language import SPANISH
from demo.correo_local import CorreoLocal, get_message, list_messages
from engine.errors import BusinessError, GiveUp
from engine.types import Call, Data, Handlers
from handlers import correo as manejadores
from handlers.correo.avisos import al_usuario
from handlers.correo.plantillas import ENLACE, Carta
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from handlers.enlaces import Enlaces
from records.base.actos import Acto
from records.base.datos import iso
from records.base.errores import DatoInvalido, EnlaceInvalido, NoExiste
from records.casos import archivos, casos, escalonamientos
from records.casos.casos import NuevaRespuesta
from records.casos.reglas import estados
from records.casos.tablas import Caso, Incumplimiento, Respuesta
from records.correo import avisos, correos, direcciones
from records.correo.reglas.correos import ESPERAS, PRESTADO
from records.correo.tablas import Aviso
from records.cuentas.reglas.roles import ADMINISTRADOR
from records.cuentas.tablas import Cuenta
from records.sistemas import operacion, sistemas
from records.sistemas.puertos import Causa, Correo, CorreoFallido, Mensaje
from records.sistemas.tablas import AvisoDeOperacion
from tests.kit.cast import ASESORA
from tests.kit.clock import NOW
from tests.kit.handlers import MailDouble, remote_call
from tests.kit.scene import Scene, copy_of, template
from webforms.base.idioma import catalogo

ENLACES = Enlaces("https://ventanilla.example", b"secreto de la prueba")


def leer_archivo(sha256: str) -> bytes:
    return f"contenido de {sha256[:4]}".encode()


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    return tmp_path / "correo"


@pytest.fixture
def servidor(maildir: Path) -> Iterator[CorreoLocal]:
    with CorreoLocal(maildir) as servidor:
        yield servidor


@pytest.fixture
def smtp(servidor: CorreoLocal) -> CorreoSMTP:
    return CorreoSMTP(ServidorSMTP(port=servidor.port, espera=3))


@pytest.fixture(scope="module")
def molde(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return template(tmp_path_factory.mktemp("molde") / "ventanilla.db")


@pytest.fixture
def escena(molde: Scene, tmp_path: Path) -> Iterator[Scene]:
    with copy_of(molde, tmp_path / "ventanilla.db") as escena:
        yield escena


@pytest.fixture
def falso() -> MailDouble:
    return MailDouble()


@pytest.fixture
def handlers(escena: Scene, falso: MailDouble) -> Handlers:
    registro = Handlers()
    registrar(registro, escena, falso)
    return registro


def registrar(
    registro: Handlers,
    escena: Scene,
    correo: Correo,
    *,
    leer: Callable[[str], bytes] = leer_archivo,
    **mas: int,
) -> None:
    """What a refused address leads to is written, too; its note on the case is told by tests with
    an engine."""

    def rechazada(aviso_id: int, dicho: str, now: dt.datetime) -> None:
        with escena.writing() as session:
            correos.rechazado(session, aviso_id, dicho, now=now)

    puertos = {
        "sesiones": escena.sessions,
        "enlaces": ENLACES,
        "leer": leer,
        "rechazada": rechazada,
    }
    manejadores.register(registro, correo=correo, **puertos, pausa=0, **mas)


def mensaje(para: str = "ana@ciudadana.example", **campos: str) -> Mensaje:
    return Mensaje(
        **{
            "clave": "prueba:1",
            "para": para,
            "asunto": "Señora Ñáñez: respuesta",
            "texto": "Línea 1\n\n<b>Línea 2</b>",
        }
        | campos
    )


# --- the server and the message -------------------------------------------------------------------
def test_a_mail_arrives_with_its_accents_its_html_twin_and_its_id(
    smtp: CorreoSMTP, maildir: Path
) -> None:
    smtp.enviar(mensaje(), NOW)
    (resumen,) = list_messages(maildir)
    recibido = get_message(maildir, resumen.id)
    assert recibido is not None
    assert (resumen.asunto, resumen.para, resumen.fecha) == (
        "Señora Ñáñez: respuesta",
        "ana@ciudadana.example",
        NOW,
    )
    assert recibido.texto.splitlines() == ["Línea 1", "", "<b>Línea 2</b>"]
    assert ">&lt;b&gt;Línea 2&lt;/b&gt;</p>" in recibido.html
    assert '<html lang="es">' in recibido.html


def test_the_same_key_gives_the_same_message_id(smtp: CorreoSMTP, maildir: Path) -> None:
    for _ in range(2):
        smtp.enviar(mensaje(clave="respuesta:7:ñ"), NOW)
    ids = {
        linea
        for f in (maildir / "new").iterdir()
        for linea in f.read_text().splitlines()
        if linea.startswith("Message-ID")
    }
    assert ids == {"Message-ID: <respuesta-7--@entidad.example>"}


def test_a_subject_cannot_add_a_header(smtp: CorreoSMTP, maildir: Path) -> None:
    smtp.enviar(mensaje(asunto="Hola\r\nBcc: otro@ciudadana.example"), NOW)
    (resumen,) = list_messages(maildir)
    assert resumen.asunto == "Hola Bcc: otro@ciudadana.example"
    assert not [f for f in (maildir / "new").iterdir() if "\nBcc:" in f.read_text()]


@pytest.mark.parametrize(
    "direccion",
    [
        "",
        "ana",
        "ana@",
        "@x.example",
        "a b@x.example",
        "a@x.example, b@x.example",
        "a@x.example\nBcc: b@x.example",
        "a@localhost",
        "a@[::1]",
    ],
)
def test_an_address_that_is_none_is_refused_for_good_and_nothing_is_sent(
    smtp: CorreoSMTP, maildir: Path, direccion: str
) -> None:
    with pytest.raises(CorreoFallido) as falla:
        smtp.enviar(mensaje(direccion), NOW)
    assert (falla.value.pasajera, falla.value.causa) == (False, Causa.RECHAZADO)
    assert list_messages(maildir) == []


def test_an_address_beyond_ascii_is_reached(smtp: CorreoSMTP, maildir: Path) -> None:
    smtp.enviar(mensaje("peña@ñandú.example"), NOW)
    assert len(list_messages(maildir)) == 1


def test_an_unknown_recipient_is_a_refusal_for_good(smtp: CorreoSMTP) -> None:
    with pytest.raises(CorreoFallido, match="550") as falla:
        smtp.enviar(mensaje("nadie@rebota.example"), NOW)
    assert (falla.value.pasajera, falla.value.causa) == (False, Causa.RECHAZADO)


def test_a_server_that_is_away_may_come_back(maildir: Path) -> None:
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        puerto = libre.getsockname()[1]
    with pytest.raises(CorreoFallido) as falla:
        CorreoSMTP(ServidorSMTP(port=puerto, espera=1)).enviar(mensaje(), NOW)
    assert (falla.value.pasajera, falla.value.causa) == (True, Causa.SIN_CONEXION)
    with CorreoLocal(maildir, puerto):
        CorreoSMTP(ServidorSMTP(port=puerto, espera=3)).enviar(mensaje(), NOW)
    assert len(list_messages(maildir)) == 1


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mudo:
        servidor = ServidorSMTP(port=mudo.getsockname()[1], espera=0.2)
        with pytest.raises(CorreoFallido) as falla:
            CorreoSMTP(servidor).enviar(mensaje(), NOW)
    assert (falla.value.pasajera, falla.value.causa) == (True, Causa.SIN_RESPUESTA)


def test_the_newest_mail_comes_first_and_an_unknown_id_is_nothing(
    smtp: CorreoSMTP, maildir: Path
) -> None:
    assert list_messages(maildir) == []
    for n in range(3):
        smtp.enviar(mensaje(asunto=f"Correo {n}"), NOW)
    assert [r.asunto for r in list_messages(maildir, limit=2)] == ["Correo 2", "Correo 1"]
    assert get_message(maildir, "../../etc/passwd") is None


def test_eight_clients_at_once_are_all_served(servidor: CorreoLocal, maildir: Path) -> None:
    def enviar(n: int) -> None:
        with smtplib.SMTP("127.0.0.1", servidor.port, timeout=5) as sesion:
            sesion.sendmail("a@x.example", ["b@x.example"], f"Subject: {n}\r\n\r\nhola".encode())

    hilos = [threading.Thread(target=enviar, args=(n,)) for n in range(8)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert {r.asunto for r in list_messages(maildir)} == {str(n) for n in range(8)}


# --- the job behind every notice ------------------------------------------------------------------
def aviso(escena: Scene, clave: str, **campos: Any) -> Aviso:
    datos: dict[str, Any] = {
        "tipo": "prueba",
        "para": "ana@ciudadana.example",
        "asunto": "Asunto",
        "texto": "Texto",
    }
    case_key = campos.pop("case_key", "")
    with escena.writing() as session:
        avisos.crear_aviso(
            session, avisos.NuevoAviso(clave, **(datos | campos)), now=NOW, case_key=case_key
        )
    return leer_aviso(escena, clave)


def leer_aviso(escena: Scene, clave: str) -> Aviso:
    with escena.sessions() as session:
        hallado = avisos.aviso(session, clave)
    assert hallado is not None
    return hallado


def test_a_notice_is_sent_once_and_keeps_when(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    aviso(escena, "k")
    for _ in range(2):
        handlers.jobs["correo.enviar"](NOW, {"clave": "k"})
    assert [m.clave for m in falso.sent] == ["k"]
    assert leer_aviso(escena, "k").enviado == NOW


def test_a_refusal_for_good_ends_the_job_and_stands_on_the_notice(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    aviso(escena, "k")
    falso.failures = [CorreoFallido("550 no existe", causa=Causa.RECHAZADO, pasajera=False)]
    with pytest.raises(GiveUp, match="550 no existe") as falla:
        handlers.jobs["correo.enviar"](NOW, {"clave": "k"})
    assert falla.value.cause == "mail_refused"
    hallado = leer_aviso(escena, "k")
    assert (hallado.enviado, hallado.error) == (None, "550 no existe")


def ronda(escena: Scene, handlers: Handlers, now: dt.datetime) -> list[str]:
    """What the worker's round does at this moment: the keys that it took."""
    tomadas = []
    while True:
        with escena.writing() as session:
            tomado = correos.tomar_vencido(session, now)
        if tomado is None:
            return tomadas
        tomadas.append(tomado.clave)
        handlers.jobs["correo.enviar"](now, {"clave": tomado.clave})


def test_a_passing_failure_is_tried_again_by_the_round_and_not_before_its_time(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    aviso(escena, "k")
    falso.failures = [CorreoFallido("451 vuelva luego", causa=Causa.OCUPADO, pasajera=True)]
    handlers.jobs["correo.enviar"](NOW, {"clave": "k"})
    hallado = leer_aviso(escena, "k")
    assert (hallado.error, hallado.intentos, hallado.proximo) == (
        "451 vuelva luego",
        1,
        NOW + dt.timedelta(minutes=1),
    )
    assert ronda(escena, handlers, NOW + dt.timedelta(seconds=59)) == []
    assert ronda(escena, handlers, NOW + dt.timedelta(minutes=1)) == ["k"]
    hallado = leer_aviso(escena, "k")
    assert (hallado.enviado, hallado.error, hallado.proximo) == (
        NOW + dt.timedelta(minutes=1),
        None,
        None,
    )


def test_what_fails_for_a_day_is_given_up_and_an_incident(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    aviso(escena, "k")
    falso.failures = [CorreoFallido("timeout", causa=Causa.SIN_RESPUESTA, pasajera=True)] * 20
    handlers.jobs["correo.enviar"](NOW, {"clave": "k"})
    ahora = NOW
    for minutos in ESPERAS:
        proximo = leer_aviso(escena, "k").proximo
        assert proximo == ahora + dt.timedelta(minutes=minutos)
        ahora = proximo
        if minutos != ESPERAS[-1] or leer_aviso(escena, "k").intentos < len(ESPERAS):
            ronda(escena, handlers, ahora)
    with pytest.raises(GiveUp) as falla:
        ronda(escena, handlers, ahora)
    assert falla.value.cause == "timed_out"
    assert dt.timedelta(hours=20) < ahora - NOW < dt.timedelta(hours=30)
    assert leer_aviso(escena, "k").proximo is None


def test_a_recipient_gets_so_many_in_an_hour_and_the_others_wait(
    escena: Scene, falso: MailDouble
) -> None:
    registro = Handlers()
    registrar(registro, escena, falso, por_hora=3)
    for n in range(5):
        aviso(escena, f"k{n}")
    aviso(escena, "otra", para="luz@ciudadana.example")
    for n, clave in enumerate(["k0", "k1", "k2", "k3", "k4", "otra"]):
        registro.jobs["correo.enviar"](NOW + dt.timedelta(minutes=n), {"clave": clave})
    assert [m.clave for m in falso.sent] == ["k0", "k1", "k2", "otra"]
    assert (leer_aviso(escena, "k3").proximo, leer_aviso(escena, "k3").intentos) == (
        NOW + dt.timedelta(hours=1),
        0,
    )
    assert ronda(escena, registro, NOW + dt.timedelta(minutes=59)) == []
    # the first is an hour old: there is room for one
    ronda(escena, registro, NOW + dt.timedelta(hours=1))
    assert [m.clave for m in falso.sent][4:] == ["k3"]
    ronda(escena, registro, NOW + dt.timedelta(hours=1, minutes=1))
    assert [m.clave for m in falso.sent][4:] == ["k3", "k4"]


def test_a_try_that_nobody_finished_is_begun_again(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    aviso(escena, "k")
    falso.failures = [CorreoFallido("451", causa=Causa.OCUPADO, pasajera=True)]
    handlers.jobs["correo.enviar"](NOW, {"clave": "k"})
    vence = NOW + dt.timedelta(minutes=1)
    with escena.writing() as session:
        assert correos.tomar_vencido(session, vence) is not None  # and the worker dies
    with escena.writing() as session:
        assert correos.tomar_vencido(session, vence + dt.timedelta(minutes=9)) is None
    assert ronda(escena, handlers, vence + dt.timedelta(minutes=10)) == ["k"]
    assert [m.clave for m in falso.sent] == ["k"]


def test_what_was_dropped_is_not_sent(escena: Scene, handlers: Handlers, falso: MailDouble) -> None:
    numero = aviso(escena, "k").id
    with escena.writing() as session:
        correos.descartar(session, numero, "Ya se le dijo por teléfono", Acto("admin", NOW))
    handlers.jobs["correo.enviar"](NOW, {"clave": "k"})
    assert falso.sent == []
    with escena.sessions() as session, pytest.raises(NoExiste):
        correos.de_nuevo(session, numero, Acto("admin", NOW))


def sin_quien_los_envie(escena: Scene) -> list[str]:
    with escena.sessions() as session:
        return list(correos.sin_quien_los_envie(session))


@pytest.mark.parametrize("job", [sistemas.AVISAR, operacion.AVISAR])
def test_an_address_that_is_refused_keeps_nobody_else_from_being_told(
    escena: Scene, handlers: Handlers, falso: MailDouble, job: str
) -> None:
    for usuario in ("admin-a", "admin-b", "admin-c"):
        escena.account(usuario, ADMINISTRADOR)
    with escena.writing() as session:
        session.add(
            AvisoDeOperacion(
                codigo="respaldo", desde=NOW, dice="No se ha hecho ninguno.", hacer="Haga uno."
            )
        )
    handlers.jobs[job](NOW, {"sistema": "crm", "desde": NOW.isoformat(), "aviso": 1})
    # a job that is done again tells nobody twice
    handlers.jobs[job](NOW, {"sistema": "crm", "desde": NOW.isoformat(), "aviso": 1})
    assert sin_quien_los_envie(escena) == []
    falso.failures = [
        CorreoFallido("550 5.1.1 no such user", causa=Causa.RECHAZADO, pasajera=False)
    ]
    with pytest.raises(GiveUp):
        ronda(escena, handlers, NOW)
    ronda(escena, handlers, NOW)
    assert [m.para for m in falso.sent] == ["admin-b@icetex.example", "admin-c@icetex.example"]
    assert sin_quien_los_envie(escena) == []


def test_of_two_jobs_for_one_mail_the_one_that_took_it_last_sends_it(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    """The queue was slow: the round took the mail again before its first job began."""
    aviso(escena, "k")
    primera = {"clave": "k", "turno": iso(leer_aviso(escena, "k").proximo or NOW)}
    tarde = NOW + PRESTADO
    with escena.writing() as session:
        tomado = correos.tomar_vencido(session, tarde)
    assert tomado is not None
    handlers.jobs["correo.enviar"](tarde, primera)
    assert falso.sent == []
    for _ in range(2):
        handlers.jobs["correo.enviar"](tarde, {"clave": "k", "turno": iso(tomado.turno)})
    assert [m.clave for m in falso.sent] == ["k"]


def test_a_mail_whose_job_was_lost_is_sent_by_the_round(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    aviso(escena, "k")
    assert ronda(escena, handlers, NOW + PRESTADO - dt.timedelta(seconds=1)) == []
    falso.failures = [CorreoFallido("451", causa=Causa.OCUPADO, pasajera=True)]
    for lo_es in (True, False):
        with escena.sessions() as session:
            assert [c.en_la_fila for c in correos.en_cola(session, correos.ESPERAN)] == [lo_es]
        ronda(escena, handlers, NOW + PRESTADO)
    assert ronda(escena, handlers, NOW + PRESTADO + dt.timedelta(minutes=1)) == ["k"]
    assert [m.clave for m in falso.sent] == ["k"]


def test_whatever_fails_while_a_mail_is_sent_it_is_tried_again_and_stands_on_the_notice(
    escena: Scene, falso: MailDouble
) -> None:
    def no_esta(sha256: str) -> bytes:
        raise ValueError(sha256)

    registro = Handlers()
    registrar(registro, escena, falso, leer=no_esta)
    escena.escalate()
    documentar(escena)
    adjuntar(escena, "caso-1")
    aviso(escena, "k", tipo=avisos.CARTA, adjuntos=("ab" * 32,), case_key="caso-1")
    registro.jobs["correo.enviar"](NOW, {"clave": "k"})
    hallado = leer_aviso(escena, "k")
    assert (hallado.proximo, hallado.intentos) == (NOW + dt.timedelta(minutes=1), 1)
    assert "ValueError" in (hallado.error or "")
    with pytest.raises(ValueError, match="abab"):
        enviar(escena, registro)
    assert falso.sent == []
    assert sin_quien_los_envie(escena) == []


@pytest.mark.parametrize(
    "cambio", ["esperar", "fallo", "descartar", "descartar_solo", "de_nuevo", "tomar"]
)
def test_a_mail_that_came_back_left_or_was_dropped_is_changed_by_nothing_that_was_asked_before(
    escena: Scene, cambio: str
) -> None:
    acto = Acto("admin", NOW)
    for hecho in ("enviado", "devuelto", "descartado"):
        numero = aviso(escena, hecho).id
        with escena.writing() as session:
            session.execute(
                sa.update(Aviso)
                .where(Aviso.id == numero)
                .values({hecho: NOW, "proximo": None, "error": "antes"})
            )
        with escena.writing() as session, contextlib.suppress(NoExiste):
            {
                "esperar": lambda clave, _n, s=session: correos.esperar(s, clave, NOW),
                "fallo": lambda clave, _n, s=session: correos.fallo(
                    s, clave, "tarde", pasajera=True, now=NOW
                ),
                "descartar": lambda _c, n, s=session: correos.descartar(s, n, "ya no", acto),
                "descartar_solo": lambda clave, _n, s=session: correos.descartar_solo(
                    s, clave, "ya no", now=NOW
                ),
                "de_nuevo": lambda _c, n, s=session: correos.de_nuevo(s, n, acto),
                "tomar": lambda clave, _n, s=session: correos.tomar(s, clave, None, NOW),
            }[cambio](hecho, numero)
        hallado = leer_aviso(escena, hecho)
        assert (hallado.proximo, hallado.error, hallado.descartado_porque) == (
            None,
            "antes",
            None,
        ), hecho
        assert ronda_vacia(escena, NOW + dt.timedelta(days=1)), hecho


def ronda_vacia(escena: Scene, now: dt.datetime) -> bool:
    with escena.writing() as session:
        return correos.tomar_vencido(session, now) is None


# --- addresses ------------------------------------------------------------------------------------
def conocido(escena: Scene, direccion: str = "ana@ciudadana.example") -> direcciones.Estado:
    with escena.sessions() as session:
        return direcciones.estado(session, direccion)


def rebotar(escena: Scene, numero: int, para: str = "ana@ciudadana.example") -> str:
    leido = correos.Leido(f"{numero}", numero, permanentes=frozenset({para}), codigo="5.1.1")
    with escena.writing() as session:
        return correos.anotar(session, leido, now=NOW)


def test_the_link_of_the_escalation_confirms_the_address_once_and_only_the_mail_has_it(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    caso_id = escena.escalate()
    with escena.writing() as session:
        nuevo = avisos.escalado(session, caso_id, now=NOW)
        assert nuevo is not None
        assert avisos.crear_aviso(session, nuevo, now=NOW)
    handlers.jobs["correo.enviar"](NOW, {"clave": nuevo.clave})
    (enviado,) = falso.sent
    token = ENLACES.token_de_direccion(nuevo.clave)
    assert (
        "https://ventanilla.example/consulta\n\nPara saber que este correo es suyo" in enviado.texto
    )
    assert f"https://ventanilla.example/correo/confirmar/#{token}" in enviado.texto
    assert token not in leer_aviso(escena, nuevo.clave).texto
    assert conocido(escena).estado == direcciones.SIN_CONFIRMAR
    with escena.writing() as session:
        direcciones.confirmar(session, token, now=NOW)
    assert conocido(escena, "ANA@ciudadana.example ") == direcciones.Estado(
        direcciones.CONFIRMADA, NOW
    )
    with escena.sessions() as session, pytest.raises(EnlaceInvalido):
        direcciones.confirmar(session, token, now=NOW + dt.timedelta(minutes=1))
    with escena.writing() as session:
        otra = avisos.escalado(session, caso_id, now=NOW)
    assert otra is not None
    assert avisos.ENLACE_DE_CORREO not in otra.texto, "a confirmed address is not asked again"


def test_a_link_that_confirms_ends_after_a_week(escena: Scene, handlers: Handlers) -> None:
    caso_id = escena.escalate()
    with escena.writing() as session:
        nuevo = avisos.escalado(session, caso_id, now=NOW)
        assert nuevo is not None
        avisos.crear_aviso(session, nuevo, now=NOW)
    handlers.jobs["correo.enviar"](NOW, {"clave": nuevo.clave})
    with escena.sessions() as session, pytest.raises(EnlaceInvalido):
        direcciones.confirmar(
            session,
            ENLACES.token_de_direccion(nuevo.clave),
            now=NOW + dt.timedelta(days=7, seconds=1),
        )


def test_an_address_that_sent_a_mail_back_gets_no_answer_before_it_is_confirmed(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    escena.escalate()
    documentar(escena)
    assert rebotar(escena, aviso(escena, "k").id) == correos.PERMANENTE
    assert conocido(escena).dudosa
    with pytest.raises(BusinessError, match=avisos.CORREO_DUDOSO):
        enviar(escena, handlers)
    assert falso.sent == []
    with escena.writing() as session:
        vence = direcciones.preguntar(session, "ana@ciudadana.example", now=NOW)
        direcciones.con_enlace(session, "ana@ciudadana.example", "secreto")
        direcciones.confirmar(session, "secreto", now=NOW)
    assert vence is not None
    enviar(escena, handlers)
    assert [m.para for m in falso.sent] == ["ana@ciudadana.example"]


def test_a_letter_that_the_law_wants_goes_on_paper_where_the_address_is_doubtful(
    escena: Scene,
) -> None:
    caso_id = escena.escalate()
    rebotar(escena, aviso(escena, "k").id)
    with escena.writing() as session:
        carta = Carta("Nueva fecha", "Le responderemos después.")
        al_usuario(
            escena.requests.call(session, NOW, {"caso_id": caso_id}),
            caso_id,
            "prorroga:1",
            "prorroga",
            carta,
        )
    hallado = leer_aviso(escena, "prorroga:1")
    assert (hallado.para, hallado.error, avisos.es_carta(hallado)) == (
        "",
        avisos.CORREO_DUDOSO,
        True,
    )
    assert escena.requests.jobs == {} or "correo:prorroga:1" not in escena.requests.jobs


@pytest.mark.parametrize("dicho", ["550 5.1.1 No such user", "550 5.7.1 Blocked by policy"])
def test_a_server_that_refuses_the_address_itself_makes_it_doubtful_and_the_letter_goes_on_paper(
    escena: Scene, handlers: Handlers, falso: MailDouble, dicho: str
) -> None:
    dudosa = "5.1.1" in dicho
    caso_id = escena.escalate()
    aviso(escena, "prorroga:1", tipo="prorroga", caso_id=caso_id)
    falso.failures = [CorreoFallido(dicho, causa=Causa.RECHAZADO, pasajera=False)]
    # an administrator mends nothing about an address that is none
    with contextlib.nullcontext() if dudosa else pytest.raises(GiveUp):
        handlers.jobs["correo.enviar"](NOW, {"clave": "prorroga:1"})
    hallado = leer_aviso(escena, "prorroga:1")
    assert (conocido(escena).dudosa, avisos.es_carta(hallado), avisos.es_deber(hallado)) == (
        dudosa,
        dudosa,
        True,
    )
    if dudosa:
        with escena.writing() as session:
            avisos.entregar_carta(session, hallado.id, now=NOW)
        handlers.jobs["correo.enviar"](NOW, {"clave": "prorroga:1"})  # a job that is run once more
        assert falso.sent == []


def test_the_link_is_sent_once_more_and_the_earlier_one_ends(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    caso_id = escena.escalate()
    rebotar(escena, aviso(escena, "k").id)
    claves = []
    for minutos in (0, 1):
        with escena.writing() as session:
            nuevo = avisos.confirmacion(session, caso_id, now=NOW + dt.timedelta(minutes=minutos))
            assert nuevo is not None
            assert avisos.crear_aviso(session, nuevo, now=NOW)
            claves.append(nuevo.clave)
        handlers.jobs["correo.enviar"](NOW, {"clave": nuevo.clave})
    primera, segunda = (ENLACES.token_de_direccion(clave) for clave in claves)
    assert segunda in falso.sent[-1].texto, "a doubtful address still gets its link"
    with escena.sessions() as session, pytest.raises(EnlaceInvalido):
        direcciones.confirmar(session, primera, now=NOW + dt.timedelta(minutes=2))
    with escena.writing() as session:
        direcciones.confirmar(session, segunda, now=NOW + dt.timedelta(minutes=2))
        session.expire_all()
        assert avisos.confirmacion(session, caso_id, now=NOW + dt.timedelta(minutes=3)) is None
    assert conocido(escena).estado == direcciones.CONFIRMADA


def test_only_the_mail_that_nobody_owes_has_a_way_to_end_it(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    caso_id = escena.escalate()
    aviso(escena, "calificar:1", tipo="calificacion", caso_id=caso_id)
    aviso(escena, "requerir:1", tipo="requerimiento", caso_id=caso_id)
    for clave in ("calificar:1", "requerir:1"):
        handlers.jobs["correo.enviar"](NOW, {"clave": clave})
    token = ENLACES.token_de_baja(direcciones.huella("ana@ciudadana.example"))
    assert [m.baja for m in falso.sent] == [f"https://ventanilla.example/correo/baja/{token}", ""]
    with escena.writing() as session:
        direcciones.dar_de_baja(session, token, now=NOW)
    for clave, tipo in (("calificar:2", "calificacion"), ("requerir:2", "requerimiento")):
        aviso(escena, clave, tipo=tipo, caso_id=caso_id)
        handlers.jobs["correo.enviar"](NOW, {"clave": clave})
    assert [m.clave for m in falso.sent][2:] == ["requerir:2"]
    assert leer_aviso(escena, "calificar:2").descartado == NOW


def test_the_secret_of_the_rating_link_is_in_the_mail_and_not_in_the_database(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    caso_id = escena.escalate()
    aviso(escena, "k", texto=f"Califique: {ENLACE}", caso_id=caso_id)
    handlers.jobs["correo.enviar"](NOW, {"clave": "k"})
    assert falso.sent[0].texto == f"Califique: {ENLACES.url(caso_id)}"
    assert ENLACES.token(caso_id) not in leer_aviso(escena, "k").texto


# --- notices inside the entity --------------------------------------------------------------------
def avisar(
    escena: Scene, handlers: Handlers, nombre: str, now: dt.datetime = NOW, **data: object
) -> None:
    datos: Data = {"caso_id": escena.caso_id} | data
    with escena.writing() as session:
        llamada: Call = escena.requests.call(session, now, datos)
        handlers.local[nombre](llamada)


def destinos(escena: Scene) -> list[str]:
    with escena.sessions() as session:
        return list(session.scalars(sa.select(Aviso.para).order_by(Aviso.id)))


def test_the_coordinator_is_told_before_4_2_runs_out_else_the_mailbox_of_the_gau(
    escena: Scene, handlers: Handlers
) -> None:
    escena.open_case()
    avisar(escena, handlers, "correo.avisar_coordinador")
    escena.account("coordinadora", "coordinador_gau")
    avisar(escena, handlers, "correo.avisar_coordinador")
    assert destinos(escena) == ["gau@icetex.example", "coordinadora@icetex.example"]
    assert {(job, queue) for job, _, queue in escena.requests.jobs.values()} == {
        ("correo.enviar", "mail")
    }


def test_each_colleague_is_written_to_in_their_language(escena: Scene, handlers: Handlers) -> None:
    language.lend(lambda: SPANISH, catalogo)
    escena.open_case()
    for quien in ("coordinadora", "ines"):
        escena.account(quien, "coordinador_gau")
    with escena.writing() as session:
        session.execute(sa.update(Cuenta).where(Cuenta.usuario == "ines").values(idioma="en"))
    with language.speaking("en"):  # whoever does it reads English: that changes nothing
        avisar(escena, handlers, "correo.avisar_coordinador")
    with escena.sessions() as session:
        suyas = {a.para.partition("@")[0]: a for a in session.scalars(sa.select(Aviso))}
    assert {quien: a.idioma for quien, a in suyas.items()} == {"coordinadora": "es", "ines": "en"}
    assert (suyas["coordinadora"].asunto[:5], suyas["ines"].asunto[:5]) == ("Caso ", "Case ")
    assert "Open it in Ventanilla:" in suyas["ines"].texto
    assert "Ábralo en Ventanilla:" in suyas["coordinadora"].texto


def test_a_reminder_goes_to_whoever_took_the_case_else_to_the_area(
    escena: Scene, handlers: Handlers
) -> None:
    escena.escalate()
    avisar(escena, handlers, "correo.recordar", fecha_sin_tomar="2026-11-25T13:00:00+00:00")
    escena.account("oficial", "funcionario", "VCC")
    with escena.writing() as session:
        escalonamientos.recibir(session, escena.caso_id, Acto("oficial", NOW))
    avisar(escena, handlers, "correo.recordar", fecha_recordar_50=NOW.isoformat())
    assert destinos(escena) == ["vcc@icetex.example", "oficial@icetex.example"]


def test_two_timers_of_one_stage_give_one_reminder(escena: Scene, handlers: Handlers) -> None:
    escena.escalate()
    fechas = {
        "fecha_recordar_50": "2026-11-20T13:00:00+00:00",
        "fecha_recordar_80": "2026-11-23T13:00:00+00:00",
    }
    for _ in range(2):
        avisar(escena, handlers, "correo.recordar", NOW, **fechas)
    assert escena.count(Aviso) == 1
    assert len(escena.requests.jobs) == 1


def test_what_passed_is_told_to_its_level_and_kept_once(escena: Scene, handlers: Handlers) -> None:
    escena.escalate()
    with escena.writing() as session:
        escalonamientos.calcular_plazos(session, escena.caso_id, now=NOW)
    for nombre in ("correo.escalar_nivel2", "correo.escalar_nivel2", "correo.escalar_nivel3"):
        avisar(escena, handlers, nombre)
    with escena.sessions() as session:
        filas = session.execute(sa.select(Incumplimiento.condicion, Incumplimiento.vencia)).all()
        caso = session.get_one(Caso, escena.caso_id)
    assert sorted(tuple(fila) for fila in filas) == [
        ("6-4", caso.limite_interno),
        ("legal", caso.limite_respuesta),
    ]
    assert destinos(escena) == ["vcc@icetex.example", "vcc@icetex.example", "gau@icetex.example"]


def test_inside_mails_name_the_case_and_never_the_citizen(
    escena: Scene, handlers: Handlers
) -> None:
    escena.escalate()
    for nombre in (
        "correo.avisar_coordinador",
        "correo.recordar",
        "correo.escalar_nivel2",
        "correo.escalar_nivel3",
    ):
        avisar(escena, handlers, nombre)
    with escena.sessions() as session:
        textos = [f"{a.asunto} {a.texto}" for a in session.scalars(sa.select(Aviso))]
        radicado = session.get_one(Caso, escena.caso_id).radicado or "sin radicar"
    assert len(textos) == 5
    assert all(radicado in texto for texto in textos)
    assert not any(
        secreto in texto for texto in textos for secreto in ("Ana", "9900000001", "octubre")
    )
    assert all(f"{avisos.SITIO}/caso/" in texto for texto in textos), (
        "whoever reads it goes there from the mail"
    )


def test_the_address_of_the_case_in_a_mail_is_that_of_the_place_and_not_of_the_database(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    escena.escalate()
    avisar(escena, handlers, "correo.recordar")
    with escena.sessions() as session:
        clave = session.scalars(sa.select(Aviso.clave)).one()
    handlers.jobs["correo.enviar"](NOW, {"clave": clave})
    assert "https://ventanilla.example/caso/" in falso.sent[0].texto


# --- the answer to the citizen (M5-1-01 act. 14) --------------------------------------------------
def documentar(escena: Scene) -> None:
    with escena.writing() as session:
        escalonamientos.recibir(session, escena.caso_id, Acto("oficial", NOW))
        escalonamientos.documentar(
            session,
            escena.caso_id,
            NuevaRespuesta("tecnica", "Se aplicó el pago.", favorable="si"),
            Acto("oficial", NOW),
        )
        casos.guardar_respuesta(
            session,
            escena.caso_id,
            casos.NuevaRespuesta(tipo="enviada", texto="Su pago quedó aplicado."),
            Acto(ASESORA.id, NOW),
        )


def enviar(escena: Scene, handlers: Handlers) -> None:
    handlers.remote["correo.enviar_respuesta"](remote_call(NOW, {"caso_id": escena.caso_id}))


def estado(escena: Scene) -> tuple[str, dt.datetime | None]:
    with escena.sessions() as session:
        caso = session.get_one(Caso, escena.caso_id)
        return caso.estado, caso.enviado


def test_the_answer_is_sent_once_and_the_case_says_so(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    escena.escalate()
    documentar(escena)
    for _ in range(2):
        enviar(escena, handlers)
    (enviado,) = falso.sent
    assert enviado.para == "ana@ciudadana.example"
    assert "Su pago quedó aplicado." in enviado.texto
    assert estado(escena) == (estados.ENVIADO, NOW)
    with escena.sessions() as session:
        respuesta = session.scalars(sa.select(Respuesta).where(Respuesta.tipo == "enviada")).one()
    assert (respuesta.medio, respuesta.acuse) == ("correo", enviado.clave)


def adjuntar(escena: Scene, case_key: str) -> None:
    """A document of the case with the answer that is written."""
    with escena.writing() as session:
        valor = {
            "sha256": "ab" * 32,
            "nombre": "paz y salvo.pdf",
            "tipo": "application/pdf",
            "bytes": 12,
        }
        archivo_id = archivos.registrar_archivo(session, valor, Acto(ASESORA.id, NOW, case_key))
        respuesta = casos.ultima_respuesta(session, escena.caso_id, "enviada")
        assert archivo_id is not None
        assert respuesta is not None
        casos.adjuntar_a_respuesta(session, respuesta.id, case_key, [archivo_id])
        with pytest.raises(DatoInvalido):
            casos.adjuntar_a_respuesta(session, respuesta.id, "otro-caso", [archivo_id])


def test_the_documents_that_the_adviser_chose_go_with_the_answer_and_are_named_in_it(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    escena.escalate()
    documentar(escena)
    adjuntar(escena, "caso-1")
    enviar(escena, handlers)
    (enviado,) = falso.sent
    assert [(a.nombre, a.tipo, a.contenido) for a in enviado.adjuntos] == [
        ("paz y salvo.pdf", "application/pdf", b"contenido de abab")
    ]
    assert "Anexos:\n- paz y salvo.pdf" in enviado.texto


def test_an_answer_that_is_sent_again_from_the_queue_takes_its_documents_along(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    escena.escalate()
    documentar(escena)
    adjuntar(escena, "caso-1")
    falso.failures = [CorreoFallido("421", causa=Causa.OCUPADO, pasajera=True)] * 3
    with pytest.raises(BusinessError):
        enviar(escena, handlers)
    with escena.writing() as session:
        (fallido,) = avisos.avisos_del_caso(session, "", escena.caso_id)
        otra_vez = correos.de_nuevo(session, fallido.id, Acto("admin", NOW))
    handlers.jobs["correo.enviar"](NOW, {"clave": otra_vez.clave})
    (enviado,) = falso.sent
    assert "Anexos:\n- paz y salvo.pdf" in enviado.texto
    assert [(a.nombre, a.contenido) for a in enviado.adjuntos] == [
        ("paz y salvo.pdf", b"contenido de abab")
    ]


def test_who_wants_no_mail_gets_another_medium(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    escena.escalate(correo=None)
    escena.set_mail("ana@ciudadana.example")
    documentar(escena)
    with pytest.raises(BusinessError) as error:
        enviar(escena, handlers)
    assert error.value.code == "ERR_CORREO"
    assert str(error.value) == avisos.EN_PAPEL["direccion"]
    assert falso.sent == []
    assert estado(escena) == (estados.RESPONDIDO_AREA, None)


def test_a_refused_address_is_err_correo_against_a_real_server(
    escena: Scene, smtp: CorreoSMTP
) -> None:
    escena.escalate(correo="nadie@rebota.example")
    documentar(escena)
    registro = Handlers()
    registrar(registro, escena, smtp)
    with pytest.raises(BusinessError, match="550"):
        enviar(escena, registro)
    assert estado(escena) == (estados.RESPONDIDO_AREA, None)
    with escena.sessions() as session:
        (fallido,) = avisos.avisos_del_caso(session, "", escena.caso_id)
    assert "550" in (fallido.error or "")


def test_a_server_that_hiccups_twice_is_asked_a_third_time(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    escena.escalate()
    documentar(escena)
    falso.failures = [
        CorreoFallido("421", causa=Causa.OCUPADO, pasajera=True),
        CorreoFallido("timeout", causa=Causa.OCUPADO, pasajera=True),
    ]
    enviar(escena, handlers)
    assert estado(escena)[0] == estados.ENVIADO


def test_a_server_that_stays_away_is_err_correo(
    escena: Scene, handlers: Handlers, falso: MailDouble
) -> None:
    escena.escalate()
    documentar(escena)
    falso.failures = [CorreoFallido("421", causa=Causa.OCUPADO, pasajera=True)] * 3
    with pytest.raises(BusinessError):
        enviar(escena, handlers)
    assert estado(escena)[0] == estados.RESPONDIDO_AREA
