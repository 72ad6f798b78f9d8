"""Settings of a place: each is a row beside what uses it. A start reads all rows, and tells every
fault at once.

A row says the name of the environment variable, how what is given is read, what holds where nothing
is, and what to write instead of what makes no sense. What is made of several rows is a function of
the reading.
"""

import re
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from types import EllipsisType
from typing import Any, Final, Generic, TypeVar, cast

from common import tls
from common.language import marked, said

T = TypeVar("T")
NUMBER: Final = marked("%(n)s: se espera un número entre %(a)s y %(b)s, no «%(g)s».")
UNREADABLE: Final = marked("%(n)s: no se puede leer el archivo %(g)s.")
#: In this folder systemd puts the credentials of a unit (LoadCredential=): a file for each, called
#: as the setting.
CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"


class SettingRefused(ValueError):
    """A setting of this place makes no sense; the sentence is for whoever starts it."""


class Unfit(ValueError):
    """What a reader says of a value, with a sentence of its own: %(n)s is the setting, %(g)s what
    was given."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values


class Reading:
    """What one process is told. `reading(row)` is the value of a row, `reading(made)` what a
    function makes of several; each is read once."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self._read: dict[object, Any] = {}

    def given(self, name: str) -> str:
        """As it was written; "": it was not."""
        return self.env.get(name, "")

    def __call__(self, source: "Source[T]") -> T:
        """SettingRefused: the same one each time."""
        key = source.name if isinstance(source, Setting) else source
        if key not in self._read:
            try:
                self._read[key] = source(self)
            except SettingRefused as error:
                self._read[key] = error
        found = self._read[key]
        if isinstance(found, SettingRefused):
            raise found
        return cast("T", found)

    def check(self, sources: "Iterable[Source[Any]]") -> None:
        """SettingRefused with a line for each fault."""
        faults: dict[str, SettingRefused] = {}
        for source in sources:
            try:
                self(source)
            except SettingRefused as error:
                faults.setdefault(str(error), error)
        if faults:
            raise SettingRefused("\n".join(faults)) from next(iter(faults.values()))


#: Every row there is, by its name: those of the rooms that are imported, and the start imports all.
KNOWN: Final[dict[str, "Setting[Any]"]] = {}


@dataclass(frozen=True, eq=False)
class Setting(Generic[T]):
    """One row. `read`: ValueError says that what is given makes no sense, and `instead` what to
    write; Unfit brings a sentence of its own. `default`: a value, or how it follows from others.
    `unset`, `means`: the default and the row in words, for docs/configuration.md. `of_process`: it
    belongs to a process, not to a place, and stands in the environment only."""

    name: str
    read: Callable[[str], T]
    default: T | Callable[[Reading], T]
    instead: str = UNREADABLE
    of_process: bool = False
    _: KW_ONLY
    unset: str
    means: str

    def __post_init__(self) -> None:
        KNOWN[self.name] = self

    def __call__(self, reading: Reading) -> T:
        given = reading.given(self.name)
        if not given:
            return self.default(reading) if callable(self.default) else self.default
        try:
            return self.read(given)
        except ValueError as error:
            told, values = (
                (error.sentence, error.values) if isinstance(error, Unfit) else (self.instead, {})
            )
            raise SettingRefused(said(told, n=self.name, g=given, e=error, **values)) from error


Source = Setting[T] | Callable[[Reading], T]


#: In the metadata of a field: what it is read from.
SOURCE: Final = "source"


def of(source: Source[T], default: T | EllipsisType = ...) -> T:
    """A field of a dataclass of settings, read from this row or made of several. `default`: what it
    is where a program fills the dataclass without reading; not said, that of the row."""
    value = source.default if default is ... and isinstance(source, Setting) else default
    return cast("T", field(default_factory=lambda: value, metadata={SOURCE: source}))


def read_all(kind: type[Any], env: Mapping[str, str]) -> dict[str, Any]:
    """What each field of this dataclass of settings holds for a process of this environment.
    SettingRefused with a line for each fault, of rows that no field is read from, too."""
    reading = Reading(env)
    sources = {each.name: each.metadata[SOURCE] for each in fields(kind) if SOURCE in each.metadata}
    reading.check((*KNOWN.values(), *sources.values()))
    return {name: reading(source) for name, source in sources.items()}


def names_of_a_place() -> tuple[str, ...]:
    """In small letters, as they stand in its file."""
    return tuple(sorted(name.lower() for name, row in KNOWN.items() if not row.of_process))


def credentials(reading: Reading) -> Path | None:
    """The folder of those that systemd hands to this process."""
    given = reading.given(CREDENTIALS)
    return Path(given) if given else None


def handed_over(reading: Reading, name: str) -> Path | None:
    """A credential that is no setting; its name is never that of one."""
    folder = credentials(reading)
    return folder / name if folder is not None and is_there(folder / name) else None


# --- how values are read --------------------------------------------------------------------------
def number(least: int, most: int) -> Callable[[str], int]:
    def read(given: str) -> int:
        if not re.fullmatch("[0-9]{1,6}", given) or not least <= int(given) <= most:
            raise Unfit(NUMBER, a=least, b=most)
        return int(given)

    return read


def yes_or_no(given: str) -> bool:
    if given not in ("yes", "no"):
        raise Unfit(marked("%(n)s: se espera yes o no, no «%(g)s»."))
    return given == "yes"


def one_of(*known: str) -> Callable[[str], str]:
    def read(given: str) -> str:
        if given not in known:
            raise ValueError(given)
        return given

    return read


def file(given: str) -> str:
    """One that this account reads."""
    try:
        Path(given).open("rb").close()
    except OSError as error:
        raise ValueError(given) from error
    return given


def place(given: str) -> Path:
    """Where links lead, whether anything is there or not."""
    try:
        return Path(given).resolve()
    except (OSError, ValueError, RuntimeError) as error:  # the last: links that lead to each other
        raise Unfit(UNREADABLE) from error


def is_there(path: Path) -> bool:
    """What this account may not look at is not there for it."""
    try:
        return path.exists()
    except OSError:
        return False


def authorities(given: str) -> str:
    """File with the only ones that are believed."""
    try:
        tls.client(file(given))
    except OSError as error:
        raise Unfit(marked("%(n)s: %(g)s no lleva certificados de una autoridad.")) from error
    return given


def own_certificate(given: str) -> str:
    """File with ours and its key."""
    try:
        tls.client(own=file(given))
    except (OSError, ssl.SSLError) as error:
        raise Unfit(
            marked("%(n)s: %(g)s no lleva un certificado con su llave, o no se puede leer.")
        ) from error
    return given


def address(given: str) -> str:
    """Of mail, with a name or without; it stands in headers."""
    if any(sign in given for sign in "\r\n\0") or not re.fullmatch(
        r"[^@\s]+@[^@\s]+", parseaddr(given)[1]
    ):
        raise Unfit(
            marked(
                "%(n)s: se espera una dirección de correo, como Atención <atencion@entidad.gov.co>, no «%(g)s»."
            )
        )
    return given
