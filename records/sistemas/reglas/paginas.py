"""Which pages of the entity may be cited as evidence (5.2.21), and how a copy of one may fail."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from common.language import marked
from common.settings import Setting

#: What `fuente` says of an answer that rests on a page of the entity (5.2.10).
PAGINA_WEB: Final = "pagina_web"
LARGO_URL: Final = 300
PUERTOS: Final[Mapping[str, int]] = {"https": 443, "http": 80}
ULTIMO_PUERTO: Final = 65_535
#: The entity's own, where a place sets no other.
SITIOS: Final = "www.icetex.gov.co, icetex.gov.co"
_NOMBRE: Final = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_VISIBLES: Final = re.compile(r"[!-~]+")


class Falla(StrEnum):
    """Why a page may not be cited, or was not copied; the words of each stand in
    webforms.sistemas.paginas."""

    # of the address
    FORMA = "forma"  #: no address at all
    LARGA = "larga"
    ESQUEMA = "esquema"  #: neither https nor http
    CUENTA = "cuenta"  #: it carries a user or a password
    SITIO = "sitio"  #: a host that is not the entity's
    PUERTO = "puerto"
    # of the site
    SIN_NOMBRE = "sin_nombre"  #: nobody knows the name
    INTERNA = "interna"  #: the name leads to an address that is not public
    SIN_CONEXION = "sin_conexion"
    CERTIFICADO = "certificado"
    LENTA = "lenta"
    DESVIOS = "desvios"  #: one redirect after the other
    RESPUESTA = "respuesta"  #: an HTTP status other than 200
    # of what came
    TIPO = "tipo"
    GRANDE = "grande"
    ILEGIBLE = "ilegible"


#: Asking again in a moment may help.
PASAJERAS: Final = frozenset({Falla.SIN_NOMBRE, Falla.SIN_CONEXION, Falla.LENTA})
_ESPERA: Final = frozenset({408, 425, 429, *range(500, 600)})


def es_pasajera(falla: Falla, estado_http: int = 0) -> bool:
    """A server that is busy or broken may answer later; one that says «not here» will not."""
    return falla in PASAJERAS or (falla == Falla.RESPUESTA and estado_http in _ESPERA)


class DireccionRechazada(ValueError):
    """This address is none of the entity's; `detalle` is the part that is wrong."""

    def __init__(self, falla: Falla, detalle: str = "") -> None:
        super().__init__(falla)
        self.falla = falla
        self.detalle = detalle


@dataclass(frozen=True, slots=True)
class Direccion:
    """An address that may be asked, in the parts that a connection needs."""

    esquema: str
    sitio: str
    puerto: int
    ruta: str  #: path and query, as the server gets them

    @property
    def url(self) -> str:
        puerto = "" if self.puerto == PUERTOS[self.esquema] else f":{self.puerto}"
        return f"{self.esquema}://{self.sitio}{puerto}{self.ruta}"


@dataclass(frozen=True, slots=True)
class Sitios:
    """The hosts of the entity, each with the further ports that its pages may use."""

    permitidos: Mapping[str, frozenset[int]]

    @staticmethod
    def leer(texto: str) -> "Sitios":
        """ "www.entidad.gov.co, tramites.entidad.gov.co:8443". ValueError names the part that is no
        host."""
        hallados: dict[str, frozenset[int]] = {}
        for parte in filter(None, (p.strip().lower() for p in texto.split(","))):
            nombre, _, puerto = parte.partition(":")
            if not _NOMBRE.fullmatch(nombre) or not re.fullmatch(
                "(?::[1-9][0-9]{0,4})?", parte.removeprefix(nombre), re.ASCII
            ):
                raise ValueError(parte)
            if puerto and int(puerto) > ULTIMO_PUERTO:
                raise ValueError(parte)
            hallados[nombre] = hallados.get(nombre, frozenset()) | (
                {int(puerto)} if puerto else frozenset()
            )
        if not hallados:
            raise ValueError(texto)
        return Sitios(hallados)

    @property
    def nombres(self) -> Sequence[str]:
        return tuple(self.permitidos)

    def direccion(self, texto: str) -> Direccion:
        """What of a typed address, or of a redirect, is asked. DireccionRechazada."""
        if len(texto) > LARGO_URL:
            raise DireccionRechazada(Falla.LARGA, str(LARGO_URL))
        # a space, a letter with an accent, a control character
        if not _VISIBLES.fullmatch(texto) or "\\" in texto:
            raise DireccionRechazada(Falla.FORMA)
        try:
            partes = urlsplit(texto)
            puerto = partes.port
        except ValueError:
            raise DireccionRechazada(Falla.FORMA) from None
        if partes.scheme not in PUERTOS:
            raise DireccionRechazada(
                Falla.ESQUEMA if "://" in texto else Falla.FORMA, partes.scheme
            )
        if "@" in partes.netloc:
            raise DireccionRechazada(Falla.CUENTA)
        sitio = (partes.hostname or "").removesuffix(".")
        if sitio not in self.permitidos:
            raise DireccionRechazada(Falla.SITIO if sitio else Falla.FORMA, sitio)
        propio = PUERTOS[partes.scheme]
        puerto = propio if puerto is None else puerto
        if puerto != propio and puerto not in self.permitidos[sitio]:
            raise DireccionRechazada(Falla.PUERTO, str(puerto))
        return Direccion(
            partes.scheme,
            sitio,
            puerto,
            (partes.path or "/") + (f"?{partes.query}" if partes.query else ""),
        )


#: Addresses that carry one of the old Internet inside (whoever checks only the outer one is led
#: into the house), old local ones, and what the registries of special addresses keep from hosts
#: (documentation, protocols, relays) though not every Python knows it.
_NO_PUBLICAS: Final = tuple(
    ipaddress.ip_network(red)
    for red in (
        *(
            "::ffff:0:0/96",
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2002::/16",
            "2001::/23",
            "fec0::/10",
            "3fff::/20",
        ),
        *("192.0.0.0/24", "192.88.99.0/24"),
    )
)


def es_publica(direccion: str) -> bool:
    """An address of the open Internet: none of a house, of this machine, of a group, of a cloud's
    own services."""
    try:
        ip = ipaddress.ip_address(direccion)
    except ValueError:
        return False
    if (isinstance(ip, ipaddress.IPv6Address) and ip.scope_id is not None) or any(
        ip in red for red in _NO_PUBLICAS
    ):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


AJUSTE_SITIOS: Final = Setting(
    "ENTITY_WEB_HOSTS",
    Sitios.leer,
    Sitios.leer(SITIOS),
    marked(
        "ENTITY_WEB_HOSTS: se esperan los sitios de la entidad, como www.entidad.gov.co, tramites.entidad.gov.co:8443; no «%(e)s»."
    ),
    unset="`www.icetex.gov.co, icetex.gov.co`",
    means=(
        "hosts whose pages advisers may cite (5.2.21) and the worker copies, with a further "
        "port where one is used: `www.entidad.gov.co, tramites.entidad.gov.co:8443`. The demo "
        "plays the site itself as long as this is not set"
    ),
)
