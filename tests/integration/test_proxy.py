"""What the proxies of `deploy/proxy` do with plain HTTP, and with requests whose end is ambiguous:
read always, and run where the program is there (`NGINX` and `CADDY` say where; else it is looked
for in PATH)."""

import contextlib
import fnmatch
import os
import re
import shutil
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme
from werkzeug.routing import Rule

from tests.kit.pages import rows
from tests.kit.processes import free_ports, listens, run, spawn
from tests.kit.web import build
from webforms.servidor import Servidor

ROOT = Path(__file__).resolve().parents[2]
PROXY = ROOT / "deploy" / "proxy"
PATIENCE = 30.0
NAME = "ventanilla.entidad.gov.co"
#: Of docs/access.md, «Ways in»: who comes there is no browser.
MACHINES = ("signed call", "watch")


# --- what the files say ---------------------------------------------------------------------------
@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> list[Rule]:
    folder = tmp_path_factory.mktemp("addresses")
    return list(build(folder, f"sqlite:///{folder / 'v.db'}").app.url_map.iter_rules())


def endpoints_of_machines() -> set[str]:
    ways = rows((ROOT / "docs" / "access.md").read_text("utf-8"))
    return {
        name for way in ways if way[0] in MACHINES for name in re.findall(r"`([\w.]+)`", way[-1])
    }


def addresses(rules: Iterable[Rule], *, of_machines: bool) -> list[str]:
    """As they are asked for: what stands in `<…>` is a name."""
    there = endpoints_of_machines()
    return [
        re.sub(r"<[^>]+>", "x1", rule.rule)
        for rule in rules
        if (rule.endpoint in there) is of_machines
    ]


def nginx_refuses(address: str) -> bool:
    plain = (
        (PROXY / "nginx.conf")
        .read_text("utf-8")
        .partition("listen 80;")[2]
        .partition("\nserver {")[0]
    )
    (pattern,) = re.findall(r"location ~ (\S+) \{ return 403 ", plain)
    return re.search(pattern, address) is not None


def caddy_refuses(address: str) -> bool:
    plain = (
        (PROXY / "Caddyfile")
        .read_text("utf-8")
        .partition("\nhttp://{$DOMAIN")[2]
        .partition("\n}\n")[0]
    )
    (patterns,) = re.findall(r"^\t@machines path (.+)$", plain, re.MULTILINE)
    return any(fnmatch.fnmatch(address, pattern) for pattern in patterns.split())


@pytest.mark.parametrize("refuses", [nginx_refuses, caddy_refuses])
def test_without_https_what_machines_ask_is_refused_and_no_page_is(
    rules: list[Rule], refuses: Callable[[str], bool]
) -> None:
    machines = addresses(rules, of_machines=True)
    assert len(machines) == 5
    assert [address for address in machines if not refuses(address)] == []
    assert [address for address in addresses(rules, of_machines=False) if refuses(address)] == []


def test_without_https_only_what_is_asked_is_led_on_and_nothing_that_is_sent() -> None:
    nginx, caddy = ((PROXY / name).read_text("utf-8") for name in ("nginx.conf", "Caddyfile"))
    (led,) = re.findall(
        r"^ *location / \{\n(.+)\n(.+)\n    \}\n",
        nginx.partition("\nserver {")[2].partition("\nserver {")[0],
        re.MULTILINE,
    )
    refusal, redirect = (line.strip() for line in led)
    assert refusal.startswith("if ($request_method !~ ^(GET|HEAD)$) { return 403 ")
    assert redirect == "return 301 https://$server_name$request_uri;"
    assert nginx.count("return 30") == 1
    assert re.findall(r"^\t+(?:redir|rewrite) (.+)$", caddy, re.MULTILINE) == [
        "@asks https://{host}{uri} 301"
    ]
    assert "@asks method GET HEAD\n" in caddy


# --- what the programs do -------------------------------------------------------------------------
@dataclass
class Behind:
    """The application behind the proxy: counts what reached it, and who is said to have asked."""

    got: list[str] = field(default_factory=list)
    said: list[tuple[str | None, ...]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        self.got.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        self.said.append(
            tuple(environ.get(f"HTTP_X_FORWARDED_{each}") for each in ("FOR", "PROTO", "HOST"))
        )
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return [b"done"]


@dataclass
class Door:
    """A proxy that runs: its two ports, and what is behind it."""

    plain: int
    tls: int
    behind: Behind

    def ask(self, whole: bytes, *, tls: bool = False, by: str = "127.0.0.1") -> bytes:
        """What is answered until the connection, which comes from there, ends."""
        with contextlib.ExitStack() as kept:
            connection: socket.socket = kept.enter_context(
                socket.create_connection(
                    ("127.0.0.1", self.tls if tls else self.plain), PATIENCE, (by, 0)
                )
            )
            if tls:
                connection = kept.enter_context(
                    _any_certificate().wrap_socket(connection, server_hostname=NAME)
                )
            connection.sendall(whole)
            read = b""
            with contextlib.suppress(ConnectionResetError):
                while piece := connection.recv(65_536):
                    read += piece
            return read


def _any_certificate() -> ssl.SSLContext:
    """The one that the proxy has here is made for this run."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def nginx(
    binary: str, folder: Path, behind: int, plain: int, tls: int, change: Callable[[str], str] = str
) -> tuple[list[str], dict[str, str]]:
    """The file as it is shipped, within the least that a main file says; ports, certificate and
    logs are those of the test."""
    authority, cert, key = trustme.CA(), str(folder / "cert.pem"), str(folder / "key.pem")
    made = authority.issue_cert(NAME)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    made.private_key_pem.write_to_path(key)
    made.cert_chain_pems[0].write_to_path(cert)
    said = change((PROXY / "nginx.conf").read_text("utf-8"))
    for was, now in (
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{tls} ssl http2;"),
        ("server unix:/run/ventanilla-web/1.sock", f"server 127.0.0.1:{behind}"),
        ("/etc/ssl/ventanilla/fullchain.pem", cert),
        ("/etc/ssl/ventanilla/privkey.pem", key),
        ("/var/log/nginx/ventanilla.log", str(folder / "access.log")),
    ):
        assert was in said
        said = said.replace(was, now)
    temporary = "".join(
        f"{each}_temp_path {folder / each};"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    main = folder / "main.conf"
    main.write_text(
        f"daemon off; {user} pid {folder / 'pid'}; error_log {folder / 'error.log'}; events {{}} http {{ {temporary}\n{said}\n}}",
        "utf-8",
    )
    return [binary, "-e", str(folder / "error.log"), "-c", str(main), "-p", str(folder)], dict(
        os.environ
    )


def caddy(
    binary: str, folder: Path, behind: int, plain: int, tls: int
) -> tuple[list[str], dict[str, str]]:
    """The file as it is shipped, behind options of the test: ports, no administration, a
    certificate of its own."""
    options = f"{{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {tls}\n\tskip_install_trust\n\tlocal_certs\n}}\n"
    file = folder / "Caddyfile"
    file.write_text(options + (PROXY / "Caddyfile").read_text("utf-8"), "utf-8")
    env = {
        **os.environ,
        "DOMAIN": NAME,
        "UPSTREAM": f"127.0.0.1:{behind}",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
    }
    return [binary, "run", "--config", str(file), "--adapter", "caddyfile"], {
        **env,
        "XDG_CONFIG_HOME": str(folder),
    }


PROGRAMS = {"nginx": nginx, "caddy": caddy}
#: nginx comes with every system; Caddy is tried where it is.
HERE = {
    name: binary
    for name in PROGRAMS
    if (binary := os.environ.get(name.upper()) or shutil.which(name))
}


@pytest.fixture(scope="module", params=["nginx", *(HERE.keys() - {"nginx"})])
def door(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    program = str(request.param)
    if program not in HERE:
        pytest.skip("nginx is not on this machine")
    folder = tmp_path_factory.mktemp(program)
    with application() as (behind, port):
        plain, tls = free_ports(2)
        order, env = PROGRAMS[program](HERE[program], folder, port, plain, tls)
        with at_work(order, env, folder, Door(plain, tls, behind)) as here:
            until(
                lambda: here.ask(asked("GET", "/first"), tls=True).startswith(b"HTTP/1.1 200"),
                folder,
            )
            yield here


@contextlib.contextmanager
def application() -> Iterator[tuple[Behind, int]]:
    """And its port."""
    behind = Behind()
    server = Servidor(behind, ("127.0.0.1", 0))
    loop = threading.Thread(target=server.servir)
    loop.start()
    try:
        yield behind, server.puerto
    finally:
        server.parar()
        loop.join(PATIENCE)


@contextlib.contextmanager
def at_work(order: list[str], env: dict[str, str], folder: Path, door: Door) -> Iterator[Door]:
    with (folder / "said.log").open("wb") as said:
        running = spawn(order, env=env, stdout=said, stderr=said)
    try:
        until(lambda: running.poll() is None and listens(door.plain) and listens(door.tls), folder)
        yield door
    finally:
        running.terminate()
        running.wait(PATIENCE)


def until(true: Callable[[], bool], folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError):
            if true():
                return
        assert time.monotonic() < end, "\n".join(
            file.read_text("utf-8") for file in folder.glob("*.log")
        )
        time.sleep(0.1)


def _but_looks(door: Door) -> list[str]:
    """What reached the application; Caddy asks by itself whether it lives."""
    return [each for each in door.behind.got if each != "GET /health"]


def asked(method: str, address: str, head: bytes = b"", body: bytes = b"") -> bytes:
    start = f"{method} {address} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n".encode()
    return start + head + b"\r\n" + body


def test_a_browser_without_https_is_led_on(door: Door) -> None:
    said = door.ask(asked("GET", "/consulta/?numero=1"))
    assert said.startswith(b"HTTP/1.1 301")
    assert f"location: https://{NAME}/consulta/?numero=1\r\n" in said.decode().replace(
        "Location", "location"
    )


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/digiturno/nuevo/eventos"),
        ("POST", "/mensajes/banco"),
        ("PUT", "/mensajes/banco"),
        ("GET", "/mensajes/banco"),
        ("GET", "//mensajes/banco"),
        ("GET", "/mensaj%65s/banco"),
        ("GET", "/health"),
        ("GET", "/metrics"),
        ("POST", "/correo/baja/abc"),
        ("POST", "/ingresar"),
    ],
)
def test_a_machine_without_https_is_refused_and_nothing_reaches_the_application(
    door: Door, method: str, address: str
) -> None:
    before = _but_looks(door)
    said = door.ask(asked(method, address, b"Content-Length: 6\r\n", b"a=seen"))
    assert said.startswith(b"HTTP/1.1 403")
    assert b"ocation:" not in said
    assert _but_looks(door) == before


def test_figures_and_readiness_do_not_leave_by_the_door_either(door: Door) -> None:
    for address in ("/ready", "/metrics"):
        assert door.ask(asked("GET", address), tls=True).startswith(b"HTTP/1.1 404")


def test_a_request_whose_end_is_ambiguous_is_one_for_the_door_and_for_what_is_behind_it(
    door: Door,
) -> None:
    """nginx refuses a length beside chunks; Caddy counts the chunks, as the standard says, and
    passes them on without the length."""
    second = f"GET /second HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode()
    ambiguous = f"POST /one HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode()
    twice = f"POST /one HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 4\r\nContent-Length: 80\r\n\r\nabcd".encode()
    before = _but_looks(door)
    said = door.ask(ambiguous + second, tls=True)
    reached = len(_but_looks(door)) - len(before)
    assert said.count(b"HTTP/1.1 200") == reached
    assert reached in (0, 2)
    assert reached == 2 or said.startswith(b"HTTP/1.1 400")
    assert door.ask(twice + second, tls=True).startswith(b"HTTP/1.1 400")
    assert len(_but_looks(door)) == len(before) + reached


# --- two in a row ---------------------------------------------------------------------------------
def with_lines(said: str, *lines: str) -> str:
    """Of the file, which ships them as comments."""
    for line in lines:
        said, found = re.subn(rf"^( +)# ({re.escape(line)}.*)$", r"\1\2", said, flags=re.MULTILINE)
        assert found == 1, line
    return said


def inner(said: str) -> str:
    """The proxy of a machine, behind the one of the test."""
    return with_lines(
        said, "set_real_ip_from 10.0.0.20;", "real_ip_header X-Forwarded-For;"
    ).replace("10.0.0.20", "127.0.0.1")


def in_front(said: str, authority: Path) -> str:
    said = said.replace("        proxy_pass http://ventanilla;\n", "")
    for line in ("verify on;", "trusted_certificate ", "server_name on;", "name "):
        said = with_lines(said, f"proxy_ssl_{line}")
    return with_lines(said, "proxy_pass https://ventanilla;").replace(
        "/etc/ssl/ventanilla/authority.pem", str(authority)
    )


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[tuple[Door, Path]]:
    """The proxy of a machine, with what is behind it, and the folder that has the authority of its
    certificate."""
    if "nginx" not in HERE:
        pytest.skip("nginx is not on this machine")
    folder = tmp_path / "inner"
    folder.mkdir()
    plain, tls = free_ports(2)
    with application() as (behind, port):
        order, env = nginx(HERE["nginx"], folder, port, plain, tls, inner)
        with at_work(order, env, folder, Door(plain, tls, behind)) as here:
            until(
                lambda: here.ask(asked("GET", "/first"), tls=True).startswith(b"HTTP/1.1 200"),
                folder,
            )
            yield here, folder


@contextlib.contextmanager
def front(tmp_path: Path, behind: Door, authority: Path) -> Iterator[Door]:
    folder = tmp_path / "front"
    folder.mkdir()
    plain, tls = free_ports(2)
    order, env = nginx(
        HERE["nginx"], folder, behind.tls, plain, tls, lambda said: in_front(said, authority)
    )
    with at_work(order, env, folder, Door(plain, tls, behind.behind)) as here:
        yield here


FORGED = (
    b"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: http\r\n"
)


def test_behind_two_proxies_the_application_knows_who_asked_and_nobody_says_it_of_themselves(
    machine: tuple[Door, Path], tmp_path: Path
) -> None:
    """One address reaches it, so it believes one proxy (TRUSTED_PROXIES=1), however many stand in a
    row."""
    here, folder = machine
    with front(tmp_path, here, folder / "authority.pem") as door:
        assert door.ask(asked("GET", "/in", FORGED), tls=True, by="127.0.0.5").startswith(
            b"HTTP/1.1 200"
        )
    assert here.behind.said[-1] == ("127.0.0.5", "https", NAME)


def test_the_proxy_of_a_machine_believes_only_the_one_in_front_of_it(
    machine: tuple[Door, Path],
) -> None:
    here, _folder = machine
    assert here.ask(asked("GET", "/in", FORGED), tls=True, by="127.0.0.6").startswith(
        b"HTTP/1.1 200"
    )
    assert here.behind.said[-1] == ("127.0.0.6", "https", NAME)


def test_the_proxy_in_front_speaks_to_nobody_whose_certificate_is_of_another_authority(
    machine: tuple[Door, Path], tmp_path: Path
) -> None:
    here, _folder = machine
    before = list(here.behind.got)
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    with front(tmp_path, here, tmp_path / "other.pem") as door:
        assert door.ask(asked("GET", "/in"), tls=True).startswith(b"HTTP/1.1 502")
    assert here.behind.got == before


if "caddy" in HERE:

    def test_the_configuration_is_one_that_caddy_takes(tmp_path: Path) -> None:
        """`caddy validate` looks at more than a start does."""
        env = {**os.environ, "DOMAIN": NAME, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
        order = [
            HERE["caddy"],
            "validate",
            "--config",
            str(PROXY / "Caddyfile"),
            "--adapter",
            "caddyfile",
        ]
        said = run(order, env=env, capture_output=True, text=True)
        assert said.returncode == 0, said.stderr
