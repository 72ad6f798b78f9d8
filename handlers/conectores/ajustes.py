"""Settings of the systems around: which each place has connected, and the files that say how."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from common.language import marked, said
from common.place import database_address, folder
from common.settings import Reading, Setting, SettingRefused, Unfit, credentials, is_there, place
from handlers.conectores import digiturno, mensajes, servicios, suitecrm
from handlers.conectores.cctex.sentencias import SentenciaInsegura, Sentencias
from handlers.conectores.cobol import conector as conector_cobol
from handlers.conectores.digiturno import SistemaDeTurnos
from handlers.conectores.foxpro import mapeo
from handlers.conectores.foxpro.mapeo import Mapeo
from handlers.conectores.servicios import Servicio
from handlers.conectores.suitecrm import Instalacion
from handlers.conectores.tipos import Conector
from records.base.toml import ConfiguracionInvalida

T = TypeVar("T")
_Hecho = Callable[[Reading], T]


def _de(fila: Setting[Path | None], leer: Callable[[Path, Path | None], T], sin: T) -> _Hecho[T]:
    """What the file of a row says; `sin`: where none is given."""

    def hecho(lectura: Reading) -> T:
        archivo = lectura(fila)
        return sin if archivo is None else _leido(fila, lambda: leer(archivo, credentials(lectura)))

    return hecho


def _leido(fila: Setting[Path | None], leer: Callable[[], T]) -> T:
    try:
        return leer()
    except ConfiguracionInvalida as error:
        raise SettingRefused(f"{fila.name}: {said(str(error))}.") from error


def _archivo(nombre: str, unset: str, means: str) -> Setting[Path | None]:
    return Setting[Path | None](nombre, place, None, unset=unset, means=means)


def _sentencia(parte: str) -> Callable[[str], Sentencias]:
    """One of the two of the C&CTEX installation, from a file because it is long."""

    def leer(archivo: str) -> Sentencias:
        try:
            return Sentencias(**{parte: Path(archivo).read_text("utf-8")})
        except SentenciaInsegura as error:
            raise Unfit(
                marked("%(n)s: %(g)s no lleva la consulta que se espera (docs/systems.md).")
            ) from error
        except OSError as error:
            raise ValueError(archivo) from error

    return leer


def _cctex_de_la_demostracion(lectura: Reading) -> str | None:
    archivo = lectura(folder) / "cctex.db"
    return f"sqlite:///{archivo}" if is_there(archivo) else None


CCTEX: Final = Setting[str | None](
    "CCTEX_URL",
    database_address,
    _cctex_de_la_demostracion,
    unset="`sqlite:///instance/cctex.db` when that file is there",
    means="C&CTEX database, read-only account",
)
CCTEX_FILAS: Final = Setting(
    "CCTEX_ROWS_SQL",
    _sentencia("filas"),
    Sentencias(),
    unset="that of the demo database",
    means=(
        "file with the statement that asks the C&CTEX installation for the credits of a "
        "person (docs/systems.md)"
    ),
)
CCTEX_CORTE: Final = Setting(
    "CCTEX_CUTOFF_SQL",
    _sentencia("corte"),
    Sentencias(),
    unset="that of the demo database",
    means="file with the statement that asks it until when its data are complete",
)
FOXPRO: Final = _archivo(
    "FOXPRO_CONFIG",
    unset="the demo's `instance/foxpro/CREDITOS.DBF` when that file is there",
    means=(
        "TOML file: which FOX PRO table is read, and how (docs/systems.md); copies of it lie "
        "in `INSTANCE/foxpro-copia`"
    ),
)
COBOL: Final = Setting[Path | None](
    "COBOL_CONFIG",
    Path,
    None,
    unset="the demo's `instance/cobol/cobol.toml` when its data are there",
    means=(
        "TOML file: which COBOL files are read by which copybook, or which program is asked "
        "(docs/systems.md)"
    ),
)
CRM: Final = _archivo(
    "CRM_CONFIG",
    unset="none: the CRM is ours alone",
    means=(
        "TOML file: the SuiteCRM 8 that holds the same people and cases, how it is entered, "
        "how it calls its fields, who wins (docs/systems.md)"
    ),
)
DIGITURNO: Final = _archivo(
    "DIGITURNO_CONFIG",
    unset="none: the turn system is ours alone",
    means=(
        "TOML file: turn systems of other vendors, how each is reached, what it calls our "
        "points (docs/systems.md)"
    ),
)
MENSAJES: Final = _archivo(
    "MESSAGES_CONFIG",
    unset="none: no system may deliver messages",
    means=(
        "TOML file: systems that deliver messages of diagrams by signed calls, and their "
        "secrets (docs/actions.md)"
    ),
)
SERVICIOS: Final = _archivo(
    "SERVICES_CONFIG",
    unset="none: no diagram calls another system",
    means=(
        "TOML file: HTTP services that steps of diagrams may call, and their secrets "
        "(docs/actions.md)"
    ),
)

crm: Final[_Hecho[Instalacion | None]] = _de(CRM, suitecrm.leer, None)
turnos: Final[_Hecho[tuple[SistemaDeTurnos, ...]]] = _de(DIGITURNO, digiturno.leer, ())
que_avisan: Final[_Hecho[tuple[mensajes.Sistema, ...]]] = _de(MENSAJES, mensajes.leer, ())
llamados: Final[_Hecho[tuple[Servicio, ...]]] = _de(SERVICIOS, servicios.leer, ())


def sentencias(lectura: Reading) -> Sentencias:
    return Sentencias(filas=lectura(CCTEX_FILAS).filas, corte=lectura(CCTEX_CORTE).corte)


def foxpro_de_la_demostracion(instancia: Path) -> Mapeo:
    return mapeo.de_la_demostracion(instancia / "foxpro" / "CREDITOS.DBF")


def foxpro(lectura: Reading) -> Mapeo | None:
    """How the tables of this place are read, or the demo's when it is there."""
    archivo = lectura(FOXPRO)
    if archivo is not None:
        return _leido(FOXPRO, lambda: mapeo.leer(archivo))
    demo = foxpro_de_la_demostracion(lectura(folder))
    return demo if is_there(demo.tabla) else None


def cobol_de_la_demostracion(instancia: Path) -> Conector | None:
    """Of the file that the demo has left beside its data."""
    suyos = instancia / "cobol"
    if not is_there(suyos / "CARTERA.DAT"):
        return None
    return _leido(COBOL, lambda: conector_cobol(suyos / "cobol.toml"))


def cobol(lectura: Reading) -> Conector | None:
    archivo = lectura(COBOL)
    if archivo is None:
        return cobol_de_la_demostracion(lectura(folder))
    return _leido(COBOL, lambda: conector_cobol(archivo))
