"""How each system around is spoken to: whether the line is encrypted and whoever answers proves who
it is, as the settings say it."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from common.hosts import is_here
from handlers.ajustes import Alrededor
from handlers.conectores.digiturno.red import Red
from handlers.conectores.digiturno.vista import Vista
from handlers.documentos.antivirus import Clamd
from handlers.documentos.s3 import S3
from handlers.evidencia.sellos import EnSello
from handlers.evidencia.testigos import EnRed
from records.sistemas.puertos import Conexion, Linea

#: Of libpq: those that encrypt for certain, and the one that also compares the name of the server.
CIFRAN, COMPRUEBA = ("require", "verify-ca", "verify-full"), "verify-full"
#: what libpq does when it is told nothing: in the clear where the server has no TLS
DE_FABRICA: Final = "prefer"


def de_web(ajuste: str, url: str) -> Conexion:
    """Clients of ours check the certificate of every https."""
    partes = urlsplit(url)
    return Conexion(
        ajuste,
        partes.hostname or "",
        Linea.SEGURA if partes.scheme == "https" else Linea.A_LA_VISTA,
    )


def de_equipo(ajuste: str, equipo: str, *, cifrada: bool = False) -> Conexion:
    """Clients of ours that encrypt check the certificate."""
    return Conexion(ajuste, equipo, Linea.SEGURA if cifrada else Linea.A_LA_VISTA)


def de_base(ajuste: str, url: str, env: Mapping[str, str]) -> list[Conexion]:
    """A line for each machine that may answer. `env`: where libpq looks for what the URL does not
    say. The address that it is given decides which machine that is, whatever name stands beside
    it."""
    leida = make_url(url)
    if leida.get_backend_name() == "sqlite":
        return []
    # how the driver of another database is told to encrypt is not known here
    if leida.get_backend_name() != "postgresql":
        return [Conexion(ajuste, leida.host or "", Linea.NO_SE_SABE)]
    modo, servicio = leida.query.get("sslmode"), leida.query.get("service") or env.get("PGSERVICE")
    nombres = _lista(
        leida.host or leida.query.get("host") or ("" if servicio else env.get("PGHOST"))
    )
    direcciones = _lista(leida.query.get("hostaddr") or env.get("PGHOSTADDR"))
    equipos = [
        direccion or _sin_puerto(nombre)
        for nombre, direccion in zip_longest(nombres, direcciones, fillvalue="")
    ]
    # its file, which is not read here, says what the URL does not, before the environment does
    if servicio:
        equipos = [equipo or f"service={servicio}" for equipo in equipos]
        return [
            Conexion(ajuste, equipo, Linea.NO_SE_SABE if modo is None else _de_modo(str(modo)))
            for equipo in equipos
        ]
    return [
        Conexion(ajuste, equipo, _de_modo(str(modo or env.get("PGSSLMODE") or DE_FABRICA)))
        for equipo in equipos
    ]


def _lista(dicho: str | Sequence[str] | None) -> list[str]:
    """Of one or several, with commas between or each said by itself; one that says nothing is
    none."""
    return dicho.split(",") if isinstance(dicho, str) else list(dicho or [""])


def _sin_puerto(equipo: str) -> str:
    return equipo.rpartition(":")[0] if equipo.count(":") == 1 else equipo


def _de_modo(modo: str) -> Linea:
    return (
        Linea.SEGURA
        if modo == COMPRUEBA
        else Linea.SIN_COMPROBAR
        if modo in CIFRAN
        else Linea.A_LA_VISTA
    )


def fuera(conexiones: list[Conexion]) -> tuple[Conexion, ...]:
    """Those that leave this machine, each once."""
    return tuple(dict.fromkeys(c for c in conexiones if not is_here(c.equipo)))


def conexiones(ajustes: Alrededor, env: Mapping[str, str]) -> tuple[Conexion, ...]:
    """All that leave this machine, with how they go. `env`: what the driver of PostgreSQL reads by
    itself."""
    smtp, antivirus, documentos = ajustes.smtp, ajustes.antivirus, ajustes.documentos
    halladas = de_base("DATABASE_URL", ajustes.database_url, env)
    if ajustes.cctex_url:
        halladas += de_base("CCTEX_URL", ajustes.cctex_url, env)
    halladas.append(de_equipo("SMTP_TLS", smtp.host, cifrada=smtp.cifrado != "no"))
    if ajustes.crm:
        halladas.append(de_web("CRM_CONFIG", ajustes.crm.url))
    halladas += [de_web("SERVICES_CONFIG", servicio.url) for servicio in ajustes.servicios]
    for sistema in ajustes.turnos:
        if isinstance(sistema.adaptador, Red) and sistema.adaptador.url:
            halladas.append(de_web("DIGITURNO_CONFIG", sistema.adaptador.url))
        elif isinstance(sistema.adaptador, Vista):
            halladas += de_base("DIGITURNO_CONFIG", sistema.adaptador.direccion, env)
    halladas += [
        de_web("EVIDENCE_WITNESSES", testigo.direccion)
        for testigo in ajustes.testigos
        if isinstance(testigo, EnRed | EnSello)
    ]
    if isinstance(documentos, S3) and documentos.direccion:
        halladas.append(de_web("DOCUMENTS_S3_ENDPOINT", documentos.direccion))
    if isinstance(antivirus, Clamd) and not isinstance(antivirus.lugar, str):
        halladas.append(de_equipo("CLAMD", antivirus.lugar[0]))
    if ajustes.otel:
        halladas.append(de_web("OTEL_EXPORTER_OTLP_ENDPOINT", ajustes.otel))
    return fuera(halladas)


def certificados(ajustes: Alrededor) -> tuple[tuple[str, str], ...]:
    """(setting, file) of each by which this process enters somewhere."""
    hallados: list[tuple[str, str | None]] = []
    for nombre, url in (("DATABASE_URL", ajustes.database_url), ("CCTEX_URL", ajustes.cctex_url)):
        dichos = make_url(url).query if url else {}
        hallados += [
            (nombre, str(dichos[clave])) for clave in ("sslcert", "ssl_cert") if clave in dichos
        ]
    hallados.append(("SMTP_CERTIFICATE", ajustes.smtp.certificado))
    if ajustes.crm:
        hallados.append(("CRM_CONFIG", ajustes.crm.certificado))
    hallados += [("SERVICES_CONFIG", servicio.certificado) for servicio in ajustes.servicios]
    hallados += [
        ("DIGITURNO_CONFIG", sistema.adaptador.certificado)
        for sistema in ajustes.turnos
        if isinstance(sistema.adaptador, Red)
    ]
    if isinstance(ajustes.documentos, S3):
        hallados.append(("DOCUMENTS_S3_CERTIFICATE", ajustes.documentos.certificado))
    return tuple((nombre, archivo) for nombre, archivo in hallados if archivo)
