"""The entity's web page as evidence (M5-1-02 5.2.21): copied by a job from real servers on loopback
that play the entity."""

import datetime as dt
import gzip
import hashlib
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from engine.jobs.inprocess import InProcessJobs
from engine.types import Data, Failed, Handlers
from handlers.sistemas import paginas as manejadores
from handlers.sistemas.paginas.texto import LARGO
from records.base.actos import Acto
from records.base.comprobaciones import Verificados
from records.sistemas import paginas
from records.sistemas.puertos import PaginaNoTraida
from records.sistemas.reglas.paginas import Falla, Sitios
from records.sistemas.tablas import PaginaCitada, PaginaCopia
from tests.kit.clock import NOW
from tests.kit.entity import HOST, OTHER, PUBLIC, Answer, Entity, entity
from tests.kit.scene import Scene, copy_of, template

CREDITOS = f"https://{HOST}/creditos"
PAGINA = (
    "<!doctype html><html><head><title>Créditos&amp;becas</title><style>p{}</style><script>alert('no')</script></head>"
    "<body><h1>Créditos</h1><p>La tasa es del <b>IPC</b>\n más 4 puntos.</p><ul><li>Pregrado<li>Posgrado</ul>"
    "<table><tr><th>Línea<th>Tasa<tr><td>Tú eliges<td>12 %</table></body></html>"
)


@pytest.fixture(scope="module")
def molde(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return template(tmp_path_factory.mktemp("molde") / "ventanilla.db")


@pytest.fixture
def escena(molde: Scene, tmp_path: Path) -> Iterator[Scene]:
    with copy_of(molde, tmp_path / "ventanilla.db") as escena:
        yield escena


@pytest.fixture
def entidad() -> Iterator[Entity]:
    with entity() as entidad:
        entidad.pages["/creditos"] = Answer(PAGINA.encode())
        yield entidad


def falla(entidad: Entity, ruta: str = "/creditos", **limites: int) -> tuple[Falla, str, bool]:
    with pytest.raises(PaginaNoTraida) as caida:
        entidad.downloader(**limites).traer(f"https://{HOST}{ruta}")
    return caida.value.falla, caida.value.detalle, caida.value.pasajera


# --- what comes -----------------------------------------------------------------------------------
def test_a_page_comes_with_its_title_its_text_and_the_hash_of_what_was_received(
    entidad: Entity,
) -> None:
    copia = entidad.downloader().traer(CREDITOS)
    assert copia.titulo == "Créditos&becas"
    assert (
        copia.texto
        == "Créditos\n\nLa tasa es del IPC más 4 puntos.\n\n- Pregrado\n- Posgrado\n\nLínea | Tasa\nTú eliges | 12 %"
    )
    assert (copia.url_final, copia.estado_http, copia.codificacion, copia.recortado) == (
        CREDITOS,
        200,
        "",
        False,
    )
    assert copia.cuerpo == PAGINA.encode()
    assert entidad.connected == [(PUBLIC, 443)]  # the address that was checked, not the name
    assert entidad.asked == [(HOST, "/creditos")]  # by its name all the same


@pytest.mark.parametrize(
    ("cuerpo", "tipo", "texto"),
    [
        pytest.param(
            "<p>Educación".encode("latin-1"),
            "text/html",
            "Educación",
            id="latin-1 without a word of it",
        ),
        pytest.param(
            "<p>Educación".encode("latin-1"),
            "text/html; charset=ISO-8859-1",
            "Educación",
            id="latin-1 as said",
        ),
        pytest.param(
            '<meta charset="windows-1252"><p>«Educación» €'.encode("cp1252"),
            "text/html",
            "«Educación» €",
            id="meta",
        ),
        pytest.param(
            "<p>Educación".encode("utf-16"), "text/html", "Educación", id="utf-16 by its mark"
        ),
        pytest.param(
            "<p>Educación".encode(),
            "text/html; charset=utf-7",
            "Educación",
            id="a name that is no character set",
        ),
        pytest.param(
            b"<p>a\x00b&#0;<p>c\x01d&#x202e;e",
            "text/html",
            "ab\ufffd\n\ncde",
            id="NUL and what turns text around",
        ),
        pytest.param(b"", "text/html", "", id="empty"),
        pytest.param(b"\x00", "text/html", "", id="one NUL"),
        pytest.param(
            b"<p>uno\r\ndos", "text/plain; charset=utf-8", "<p>uno\ndos", id="plain text is no page"
        ),
        pytest.param(
            b"<div>" * 100_000 + b"hondo" + b"</div>" * 100_000 + b"<p>fin",
            "text/html",
            "hondo\n\nfin",
            id="deep",
        ),
        pytest.param(
            b"<p " + b" ".join(b"a%d=1" % n for n in range(150_000)) + b">x",
            "text/html",
            "x",
            id="attributes without end",
        ),
        pytest.param(b"<b>" * 500_000 + b"x", "text/html", "x", id="never closed"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>a &e; b',
            "text/html",
            "]>\n\na &e; b",
            id="entities are not read",
        ),
        pytest.param(
            b"<script>x</script><template>x</template><svg><title>x</title></svg><p>solo<noscript>x</noscript> esto",
            "text/html",
            "solo esto",
            id="what is no text",
        ),
    ],
)
def test_whatever_a_page_is_its_text_comes_out(
    entidad: Entity, cuerpo: bytes, tipo: str, texto: str
) -> None:
    entidad.pages["/creditos"] = Answer(cuerpo, tipo)
    comienzo = time.monotonic()
    assert entidad.downloader().traer(CREDITOS).texto == texto
    assert time.monotonic() - comienzo < 4


def test_a_page_without_a_title_has_none_and_a_long_text_says_that_it_goes_on(
    entidad: Entity,
) -> None:
    entidad.pages["/creditos"] = Answer(b"<p>" + b"x" * (LARGO + 1))
    copia = entidad.downloader().traer(CREDITOS)
    assert (copia.titulo, len(copia.texto), copia.recortado) == ("", LARGO, True)


@pytest.mark.parametrize("empaque", ["gzip", "deflate", "deflate bare"])
def test_what_comes_packed_is_read_and_its_hash_is_of_what_came(
    entidad: Entity, empaque: str
) -> None:
    bare = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(PAGINA.encode()),
        "deflate": zlib.compress(PAGINA.encode()),
        "deflate bare": bare.compress(PAGINA.encode()) + bare.flush(),
    }[empaque]
    entidad.pages["/creditos"] = Answer(
        packed, headers=[("Content-Encoding", empaque.split(maxsplit=1)[0])]
    )
    copia = entidad.downloader().traer(CREDITOS)
    assert copia.texto.startswith("Créditos\n\nLa tasa")
    assert (copia.codificacion, copia.cuerpo) == (empaque.split(maxsplit=1)[0], packed)


# --- what does not come ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("respuesta", "esperada"),
    [
        pytest.param(Answer(status=404), (Falla.RESPUESTA, "404", False), id="404"),
        pytest.param(Answer(status=403), (Falla.RESPUESTA, "403", False), id="403"),
        pytest.param(Answer(status=500), (Falla.RESPUESTA, "500", True), id="500"),
        pytest.param(Answer(status=429), (Falla.RESPUESTA, "429", True), id="429"),
        pytest.param(
            Answer(status=304), (Falla.RESPUESTA, "304", False), id="304, never asked for"
        ),
        pytest.param(
            Answer(b"x", "application/pdf"), (Falla.TIPO, "application/pdf", False), id="a PDF"
        ),
        pytest.param(Answer(b"x", ""), (Falla.TIPO, "", False), id="no type"),
        pytest.param(Answer(b"x" * 1001), (Falla.GRANDE, "1000", False), id="large"),
        pytest.param(
            Answer(b"x" * 2000, length=10**12),
            (Falla.GRANDE, "1000", False),
            id="says that it is huge",
        ),
        pytest.param(
            Answer(gzip.compress(b"\0" * 5_000_000), headers=[("Content-Encoding", "gzip")]),
            (Falla.GRANDE, "1000", False),
            id="bomb",
        ),
        pytest.param(
            Answer(b"no", headers=[("Content-Encoding", "gzip")]),
            (Falla.ILEGIBLE, "gzip", False),
            id="not packed",
        ),
        pytest.param(
            Answer(gzip.compress(b"mucho texto")[:-9], headers=[("Content-Encoding", "gzip")]),
            (Falla.ILEGIBLE, "gzip", False),
            id="cut",
        ),
        pytest.param(
            Answer(b"x", headers=[("Content-Encoding", "br")]),
            (Falla.ILEGIBLE, "br", False),
            id="packed as nobody asked",
        ),
        pytest.param(
            Answer(b"corto", length=500),
            (Falla.SIN_CONEXION, HOST, True),
            id="shorter than it said",
        ),
        pytest.param(Answer(status=302), (Falla.RESPUESTA, "302", False), id="redirect to nowhere"),
        pytest.param(
            Answer(b"x", headers=[("X-N", "1")] * 150),
            (Falla.ILEGIBLE, HOST, False),
            id="headers without end",
        ),
    ],
)
def test_what_is_no_page_is_refused_and_says_whether_to_ask_again(
    entidad: Entity, respuesta: Answer, esperada: tuple[Falla, str, bool]
) -> None:
    entidad.pages["/creditos"] = respuesta
    assert falla(entidad, size=1000) == esperada


def test_a_bomb_is_not_unpacked_to_be_measured(entidad: Entity) -> None:
    entidad.pages["/creditos"] = Answer(
        gzip.compress(bytes(100_000_000), 9), headers=[("Content-Encoding", "gzip")]
    )
    tracemalloc.start()
    try:
        assert falla(entidad)[0] == Falla.GRANDE
        _ahora, pico = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pico < 20_000_000


def test_a_page_that_drips_is_given_up_at_the_limit_for_all_of_it(entidad: Entity) -> None:
    # each byte in time, all of them in 50 s
    entidad.pages["/creditos"] = Answer(b"x" * 1000, drip=0.05)
    comienzo = time.monotonic()
    assert falla(entidad, seconds=1) == (Falla.LENTA, "", True)
    assert time.monotonic() - comienzo < 3


def test_redirects_share_one_limit_of_time(entidad: Entity) -> None:
    def slowly() -> Answer:
        time.sleep(0.7)
        return Answer(status=302, headers=[("Location", "/creditos")])

    entidad.pages["/creditos"] = slowly
    assert falla(entidad, seconds=1)[0] == Falla.LENTA


@pytest.mark.parametrize("puerto", [80, 443])
def test_a_site_that_accepts_and_says_nothing_is_given_up(entidad: Entity, puerto: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mudo:
        entidad.ports[puerto] = mudo.getsockname()[1]
        comienzo = time.monotonic()
        with pytest.raises(PaginaNoTraida) as caida:
            entidad.downloader(seconds=1).traer(
                f"http{'s' if puerto == 443 else ''}://{HOST}/creditos"
            )
    assert (caida.value.falla, caida.value.pasajera) == (Falla.LENTA, True)
    assert time.monotonic() - comienzo < 3


def test_a_handshake_that_drips_is_given_up(entidad: Entity) -> None:
    """Every byte comes within any time limit of a single read."""
    with socket.create_server(("127.0.0.1", 0)) as servidor:

        def gotear() -> None:
            enchufe, _ = servidor.accept()
            with enchufe, suppress(OSError):  # the other side hangs up
                for byte in b"\x16\x03\x03\x40\x00" + b"\x02" * 1000:
                    enchufe.sendall(bytes([byte]))
                    time.sleep(0.05)

        hilo = threading.Thread(target=gotear, daemon=True)
        hilo.start()
        entidad.ports[443] = servidor.getsockname()[1]
        comienzo = time.monotonic()
        assert falla(entidad, seconds=1)[0] == Falla.LENTA
        assert time.monotonic() - comienzo < 3
        hilo.join(5)


def test_nobody_listens_and_nobody_knows_the_name(entidad: Entity) -> None:
    entidad.ports.clear()
    assert falla(entidad) == (Falla.SIN_CONEXION, HOST, True)
    entidad.names.clear()
    assert falla(entidad) == (Falla.SIN_NOMBRE, HOST, True)


def test_a_resolver_that_hangs_holds_nobody(entidad: Entity) -> None:
    descargador = entidad.downloader(seconds=1)
    object.__setattr__(descargador, "resolver", lambda _nombre, _puerto: time.sleep(3) or [])
    with pytest.raises(PaginaNoTraida) as caida:
        descargador.traer(CREDITOS)
    assert caida.value.falla == Falla.LENTA


def test_a_certificate_that_nobody_vouches_for_ends_it_and_is_a_line_of_the_log(
    entidad: Entity, caplog: pytest.LogCaptureFixture
) -> None:
    entidad.tls = ssl.create_default_context()
    que, _detalle, pasajera = falla(entidad)
    assert (que, pasajera, entidad.asked) == (Falla.CERTIFICADO, False, [])
    assert [r.getMessage() for r in caplog.records] == [
        f"the certificate of the site {HOST} does not hold: unable to get local issuer certificate"
    ]


# --- where it may lead ----------------------------------------------------------------------------
def redirect(a_donde: str, status: int = 302) -> Answer:
    return Answer(status=status, headers=[("Location", a_donde)])


def test_a_redirect_inside_the_entity_is_followed_and_named(entidad: Entity) -> None:
    entidad.pages["/viejo"] = redirect("/creditos", 301)
    entidad.pages["/"] = redirect(f"https://{OTHER}/viejo", 308)
    copia = entidad.downloader().traer(f"http://{HOST}/")
    assert (copia.url, copia.url_final) == (f"http://{HOST}/", f"https://{OTHER}/creditos")
    assert entidad.asked == [(HOST, "/"), (OTHER, "/viejo"), (OTHER, "/creditos")]


@pytest.mark.parametrize(
    ("a_donde", "esperada"),
    [
        ("http://169.254.169.254/latest/meta-data/", (Falla.SITIO, "169.254.169.254")),
        ("https://169.254.169.254/latest/meta-data/", (Falla.SITIO, "169.254.169.254")),
        ("https://[::1]/", (Falla.SITIO, "::1")),
        ("https://otra.example/", (Falla.SITIO, "otra.example")),
        (f"https://{HOST}.otra.example/", (Falla.SITIO, f"{HOST}.otra.example")),
        (f"https://{HOST}@otra.example/", (Falla.CUENTA, "")),
        (f"https://ana:clave@{HOST}/", (Falla.CUENTA, "")),
        (f"https://{HOST}:8443/", (Falla.PUERTO, "8443")),
        (f"http://{HOST}/creditos", (Falla.ESQUEMA, "http")),
        ("file:///etc/passwd", (Falla.ESQUEMA, "file")),
        ("//otra.example/", (Falla.SITIO, "otra.example")),
        (f"https://{HOST}\\@otra.example/", (Falla.FORMA, "")),
    ],
)
def test_a_redirect_is_checked_like_what_somebody_types(
    entidad: Entity, a_donde: str, esperada: tuple[Falla, str]
) -> None:
    entidad.pages["/creditos"] = redirect(a_donde)
    que, detalle, pasajera = falla(entidad)
    assert (que, detalle, pasajera) == (*esperada, False)
    assert entidad.connected == [(PUBLIC, 443)]  # nowhere else


def test_three_redirects_are_followed_and_no_fourth(entidad: Entity) -> None:
    for n in range(1, 4):
        entidad.pages[f"/{n}"] = redirect(f"/{n + 1}" if n < 3 else "/creditos")
    assert entidad.downloader().traer(f"https://{HOST}/1").url_final == CREDITOS
    entidad.pages["/0"] = redirect("/1")
    assert falla(entidad, "/0") == (Falla.DESVIOS, "3", False)


@pytest.mark.parametrize(
    "direcciones",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["fe80::1%eth0"],
        ["64:ff9b::a00:1"],
        ["224.0.0.1"],
        ["0.0.0." + "0"],
        [PUBLIC, "192.168.0.10"],  # one good one does not make the other good
    ],
)
def test_a_name_that_leads_into_the_house_is_not_asked(
    entidad: Entity, direcciones: list[str]
) -> None:
    entidad.names[HOST] = direcciones
    assert falla(entidad) == (Falla.INTERNA, HOST, False)
    assert entidad.connected == []


def test_a_name_that_changes_its_mind_between_check_and_connection_gains_nothing(
    entidad: Entity,
) -> None:
    """Resolved once: what was checked is what is connected to, and a redirect is resolved and
    checked anew."""
    preguntas: list[str] = []

    def voluble(nombre: str, _puerto: int) -> list[str]:
        preguntas.append(nombre)
        return [PUBLIC] if len(preguntas) == 1 else ["127.0.0.1"]

    entidad.pages["/creditos"] = redirect("/otra")
    descargador = entidad.downloader()
    object.__setattr__(descargador, "resolver", voluble)
    with pytest.raises(PaginaNoTraida) as caida:
        descargador.traer(CREDITOS)
    assert (caida.value.falla, preguntas, entidad.connected) == (
        Falla.INTERNA,
        [HOST, HOST],
        [(PUBLIC, 443)],
    )


# --- the job --------------------------------------------------------------------------------------
@dataclass
class Trabajos:
    """Jobs of citations in this process, at a given time."""

    escena: Scene
    handlers: Handlers
    linea: list[tuple[str, str, Data]]
    fallidos: list[str]
    ahora: dt.datetime = NOW

    def run(self, job: str, args: Data) -> None:
        self.handlers.jobs[job](self.ahora, args)

    def failed(self, job: str, _args: Data, failure: Failed) -> None:
        self.fallidos.append(f"{job}: {failure.text}")

    def citar(self, url: str = CREDITOS) -> int:
        turno_id = self.escena.turno_id or self.escena.take_turn()
        cola = InProcessJobs()
        with self.escena.writing() as session:
            citada = paginas.citar(
                session, turno_id, url, Acto("asesor.bog01", self.ahora, "caso-1", "inst-1")
            )
            cola.enqueue(session, *paginas.trabajo(citada), queue="web")
            citada_id = citada.id
        cola.committed()
        cola.run_all(self)
        return citada_id

    def leer(self, citada_id: int) -> PaginaCitada:
        with self.escena.sessions() as session:
            return session.get_one(PaginaCitada, citada_id)

    def copia(self, citada_id: int) -> tuple[PaginaCopia, str]:
        with self.escena.sessions() as session:
            hallada = paginas.una_del_caso(session, "caso-1", citada_id)
            assert hallada is not None
            assert hallada.copia is not None
            return hallada.copia, paginas.texto_de(session, hallada.copia)


@pytest.fixture
def trabajos(escena: Scene, entidad: Entity) -> Trabajos:
    registro, linea = Handlers(), []

    def bitacora(clase: str, sujeto: str, _now: dt.datetime, detalle: Data) -> None:
        linea.append((clase, sujeto, detalle))

    manejadores.register(
        registro, web=entidad.downloader(seconds=2), sesiones=escena.sessions, bitacora=bitacora
    )
    return Trabajos(escena, registro, linea, [])


def test_a_page_that_was_cited_is_kept_as_it_was_and_its_hash_stands_in_the_chain(
    trabajos: Trabajos, entidad: Entity
) -> None:
    citada_id = trabajos.citar()
    entidad.pages["/creditos"] = Answer(b"<title>Otra</title><p>La tasa es del 20 %")
    citada = trabajos.leer(citada_id)
    copia, texto = trabajos.copia(citada_id)
    assert (citada.estado, citada.intentos, citada.citada_por, citada.citada) == (
        "copiada",
        1,
        "asesor.bog01",
        NOW,
    )
    assert (copia.traida, copia.titulo, copia.huella) == (
        NOW,
        "Créditos&becas",
        hashlib.sha256(PAGINA.encode()).hexdigest(),
    )
    assert texto.startswith("Créditos\n\nLa tasa es del IPC")
    dicho = {
        "copia": copia.id,
        "huella": copia.huella,
        "huella_texto": hashlib.sha256(texto.encode()).hexdigest(),
    }
    assert trabajos.linea == [("copia_pagina", "caso-1", dicho)]
    with trabajos.escena.sessions() as session:
        assert paginas.verificar(session) == Verificados(1, ())


def test_the_same_page_within_a_minute_is_asked_once_and_later_again(
    trabajos: Trabajos, entidad: Entity
) -> None:
    una, otra = trabajos.citar(), trabajos.citar()
    assert trabajos.leer(una).copia_id == trabajos.leer(otra).copia_id
    assert len(entidad.asked) == 1
    trabajos.ahora += dt.timedelta(minutes=1, seconds=1)
    assert trabajos.leer(trabajos.citar()).copia_id != trabajos.leer(una).copia_id
    assert len(entidad.asked) == 2


def test_a_job_that_is_done_twice_makes_no_second_copy(trabajos: Trabajos, entidad: Entity) -> None:
    citada_id = trabajos.citar()
    trabajos.ahora += dt.timedelta(hours=1)
    trabajos.run(paginas.COPIAR, {"citada_id": citada_id})
    assert (len(entidad.asked), trabajos.leer(citada_id).intentos) == (1, 1)


def test_a_site_that_is_broken_for_a_moment_is_asked_again(
    trabajos: Trabajos, entidad: Entity
) -> None:
    respuestas = [Answer(status=500), Answer(status=503), Answer(PAGINA.encode())]
    entidad.pages["/creditos"] = lambda: respuestas.pop(0)
    citada = trabajos.leer(trabajos.citar())
    assert (citada.estado, citada.intentos, citada.falla, respuestas) == ("copiada", 3, "", [])


def test_a_site_that_stays_away_leaves_the_reason_and_no_incident(
    trabajos: Trabajos, entidad: Entity
) -> None:
    entidad.pages["/creditos"] = Answer(status=500)
    citada = trabajos.leer(trabajos.citar())
    assert (citada.estado, citada.intentos, citada.falla, citada.detalle) == (
        "fallida",
        4,
        "respuesta",
        "500",
    )
    assert (len(entidad.asked), trabajos.fallidos, trabajos.linea) == (4, [], [])


def test_a_page_that_does_not_exist_is_asked_once(trabajos: Trabajos, entidad: Entity) -> None:
    citada = trabajos.leer(trabajos.citar(f"https://{HOST}/no-existe"))
    assert (citada.estado, citada.intentos, citada.falla, citada.detalle) == (
        "fallida",
        1,
        "respuesta",
        "404",
    )
    assert len(entidad.asked) == 1


@pytest.mark.parametrize("columna", ["texto", "cuerpo"])
def test_a_copy_that_somebody_changed_is_named(trabajos: Trabajos, columna: str) -> None:
    citada_id = trabajos.citar()
    with trabajos.escena.writing() as session:
        copia = session.get_one(PaginaCopia, trabajos.leer(citada_id).copia_id)
        setattr(copia, columna, "otro" if columna == "texto" else b"otro")
    with trabajos.escena.sessions() as session:
        assert paginas.verificar(session).faltas == (f"copia 1 de la página {CREDITOS}",)


def test_outside_of_a_demo_nothing_is_asked_of_the_site_in_the_clear(entidad: Entity) -> None:
    entidad.pages = {"/creditos": Answer(PAGINA.encode())}
    copia = entidad.downloader(only_encrypted=True).traer(f"http://{HOST}/creditos")
    assert (copia.url, copia.url_final) == (f"http://{HOST}/creditos", CREDITOS)
    elsewhere = replace(entidad.downloader(only_encrypted=True), sitios=Sitios.leer(f"{HOST}:8080"))
    with pytest.raises(PaginaNoTraida) as refused:
        elsewhere.traer(f"http://{HOST}:8080/creditos")
    assert refused.value.falla is Falla.ESQUEMA
    assert {port for _address, port in entidad.connected} == {443}
