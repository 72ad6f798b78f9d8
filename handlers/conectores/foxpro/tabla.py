"""Tables of FoxPro and dBase, read strictly: a value is what the file says, or a fault that names
file, record and field.

Why not a library: docs/decisions/foxpro-reader.md. What is read is bytes in memory; nothing here
opens a file.
"""

import datetime as dt
import math
import re
import struct
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from mmap import mmap

from common.language import joined, kept

Bytes = bytes | mmap
Valor = str | int | Decimal | bool | dt.date | dt.datetime | None

DBASE3, DBASE4 = 0x83, 0x8B
VFP = frozenset({0x30, 0x31, 0x32})
TIPOS_DE_TABLA = VFP | {0x03, DBASE3, DBASE4, 0xF5}
ENCABEZADO, DESCRIPTOR, FIN_DE_CAMPOS = 32, 32, 0x0D
ENLACE_VFP = 263  # after the fields of a Visual FoxPro table: which database it belongs to
FIN, VIGENTE, BORRADO = 0x1A, 0x20, 0x2A
NULOS, ADMITE_NULO, DE_LARGO_VARIABLE = "0", 0x02, "VQ"
DE_MEMO = "MGPW"  # notes, and pictures and objects that lie in the same file
BINARIO = 4  # bytes of the number of a block where it is not written in digits
LARGOS = {
    "D": {8},
    "T": {8},
    "L": {1},
    "I": {4},
    "B": {8},
    "Y": {8},
    **{tipo: {BINARIO, 10} for tipo in DE_MEMO},
}
SOLO_VFP = frozenset("IBYTVQ")
#: Of the 29th byte of the header. 0 declares nothing.
PAGINAS = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x04: "mac_roman",
    0x57: "cp1252",
    0x64: "cp852",
    0x65: "cp866",
    0x66: "cp865",
    0x67: "cp861",
    0x6A: "cp737",
    0x6B: "cp857",
    0x78: "cp950",
    0x79: "cp949",
    0x7A: "cp936",
    0x7B: "cp932",
    0x7C: "cp874",
    0x7D: "cp1255",
    0x7E: "cp1256",
    0x96: "mac_cyrillic",
    0x97: "mac_latin2",
    0x98: "mac_greek",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
    0xCC: "cp1257",
}
SIN_PAGINA = "cp1252"
DIA_CERO = 1_721_425  # Julian day of the day before 1 January of year 1
DIA_MS = 86_400_000
ULTIMO_DIA = dt.date.max.toordinal()
SIGLO = 80  # two digits of a year: below it 20xx, from it on 1900 + what is written, as FoxPro does
NUMERO = re.compile(rb"[+-]?(?:(\d+)(?:\.(\d*))?|\.(\d+))")


class Ilegible(ValueError):
    """What cannot be read, where and why, without a word of what stands there: it is somebody's."""

    def __init__(self, archivo: str, motivo: str, *, registro: int = 0, campo: str = "") -> None:
        donde = [
            archivo,
            *([kept("registro %(r)s", r=registro)] if registro else []),
            *([kept("campo %(c)s", c=campo)] if campo else []),
        ]
        super().__init__(joined("", (joined(", ", donde), ": ", motivo, ".")))
        self.registro, self.campo = registro, campo


class _Motivo(ValueError):
    """Why a value cannot be read; who asked for it knows where it stands."""


@dataclass(frozen=True, slots=True)
class Campo:
    """`nulo`, `corto`: which bit of `_NullFlags` says that it is null, that it is shorter than its
    room; None: no bit does."""

    nombre: str
    tipo: str
    desde: int
    largo: int
    decimales: int
    nulo: int | None
    corto: int | None

    @property
    def forma(self) -> str:
        """As FoxPro writes it: N(14,2), C(60), D."""
        if self.tipo in LARGOS:
            return self.tipo
        return (
            f"{self.tipo}({self.largo},{self.decimales})"
            if self.tipo in "NF"
            else f"{self.tipo}({self.largo})"
        )


class Memo:
    """The file of long texts beside a table: FPT of FoxPro, DBT of dBase III (0x83) or IV
    (0x8b)."""

    def __init__(self, nombre: str, datos: Bytes, tipo_de_tabla: int) -> None:
        self.nombre, self._datos, self._tipo = nombre, datos, tipo_de_tabla
        if len(datos) < ENCABEZADO:
            raise Ilegible(nombre, kept("le falta el encabezado"))
        if tipo_de_tabla == DBASE3:
            self.bloque, self._primero = 512, 512
        elif tipo_de_tabla == DBASE4:
            self.bloque = struct.unpack_from("<H", datos, 20)[0] or 512
            self._primero = self.bloque
        else:
            # Visual FoxPro 9 with SET BLOCKSIZE TO 0
            self.bloque = struct.unpack_from(">H", datos, 6)[0] or 1
            self._primero = 512
            libre = struct.unpack_from(">I", datos)[0] * self.bloque
            # with another size of blocks each note would be another record's
            if not 0 <= libre - len(datos) < self.bloque:
                raise Ilegible(nombre, kept("no mide lo que dice su encabezado"))

    def desde(self, bloque: int) -> int:
        """Where the content of a block begins. Raises _Motivo."""
        inicio = bloque * self.bloque
        if inicio < self._primero or inicio + 8 > len(self._datos):
            raise _Motivo(
                kept("apunta al bloque %(b)s, que no está en %(n)s", b=bloque, n=self.nombre)
            )
        if self._tipo == DBASE3:
            return inicio
        if self._tipo == DBASE4 and self._datos[inicio : inicio + 4] != b"\xff\xff\x08\x00":
            raise _Motivo(
                kept("el bloque %(b)s de %(n)s no comienza como un texto", b=bloque, n=self.nombre)
            )
        if (
            self._tipo not in (DBASE3, DBASE4)
            and struct.unpack_from(">I", self._datos, inicio)[0] != 1
        ):
            raise _Motivo(kept("el bloque %(b)s de %(n)s no es un texto", b=bloque, n=self.nombre))
        return inicio + 8

    def hasta(self, bloque: int) -> int:
        """Where it ends. Raises _Motivo."""
        desde = self.desde(bloque)
        if self._tipo == DBASE3:
            fin = self._datos.find(b"\x1a", desde)
        elif self._tipo == DBASE4:
            fin = desde - 8 + max(8, struct.unpack_from("<I", self._datos, desde - 4)[0])
        else:
            fin = desde + struct.unpack_from(">I", self._datos, desde - 4)[0]
        if not desde <= fin <= len(self._datos):
            raise _Motivo(
                kept("el texto del bloque %(b)s se sale de %(n)s", b=bloque, n=self.nombre)
            )
        return fin

    def leer(self, bloque: int) -> bytes:
        return bytes(self._datos[self.desde(bloque) : self.hasta(bloque)])


class Tabla:
    """Raises Ilegible when header and size do not fit together. `codigos`: the code page, whatever
    the header says."""

    def __init__(
        self,
        nombre: str,
        datos: Bytes,
        memo: tuple[str, Bytes] | None = None,
        *,
        codigos: str = "",
        sin_declarar: str = "",
    ) -> None:
        self.nombre, self._datos, self._memo = nombre, datos, memo
        if len(datos) <= ENCABEZADO:
            raise self._roto(kept("le falta el encabezado"))
        self.tipo, self._nulos = datos[0], 0
        if self.tipo not in TIPOS_DE_TABLA:
            raise self._roto(
                kept("el tipo 0x%(t)s no es de una tabla que se sepa leer", t=f"{self.tipo:02x}")
            )
        self.registros, self._inicio, self._largo = struct.unpack_from("<IHH", datos, 4)
        self.codigos = codigos or self._pagina(datos[29], sin_declarar or SIN_PAGINA)
        self.campos: Mapping[str, Campo] = {campo.nombre: campo for campo in self._leer_campos()}
        sobra = len(datos) - self._inicio - self.registros * self._largo
        if sobra < 0:
            caben = max(0, len(datos) - self._inicio) // self._largo
            raise self._roto(
                kept(
                    "el encabezado dice %(r)s registros y el archivo alcanza para %(c)s",
                    r=self.registros,
                    c=caben,
                )
            )
        if sobra and datos[len(datos) - sobra] != FIN:
            raise self._roto(
                kept(
                    "después de los %(r)s registros que dice el encabezado hay otros datos",
                    r=self.registros,
                )
            )

    @property
    def actualizada(self) -> dt.date:
        """The day of the last change that the header names. Raises Ilegible: it names no day."""
        anio, mes, dia = self._datos[1:4]
        try:
            return dt.date((2000 if anio < SIGLO else 1900) + anio, mes, dia)
        except ValueError:
            raise self._roto(kept("no dice qué día cambió")) from None

    def vigentes(self) -> Iterator[int]:
        """Numbers of the records that are not deleted, as FoxPro counts them. One whose mark is
        neither is among them."""
        datos, largo = self._datos, self._largo
        desde = self._inicio
        for registro in range(1, self.registros + 1):
            if datos[desde] != BORRADO:
                yield registro
            desde += largo

    def comprobar(self, registro: int) -> None:
        """Raises Ilegible where its mark says neither that it is deleted nor that it is not."""
        if self._datos[self._inicio + (registro - 1) * self._largo] not in (VIGENTE, BORRADO):
            raise Ilegible(self.nombre, kept("no se sabe si está borrado"), registro=registro)

    def leer(self, registro: int, campo: Campo) -> Valor:
        """Raises Ilegible."""
        try:
            crudo = self._crudo(self._inicio + (registro - 1) * self._largo, campo)
            return None if crudo is None else self._valor(campo, crudo)
        except _Motivo as motivo:
            raise Ilegible(
                self.nombre, str(motivo), registro=registro, campo=campo.nombre
            ) from None

    def _crudo(self, desde: int, campo: Campo) -> bytes | None:
        """The bytes of a field of the record that begins there; None: it is null."""
        if campo.nulo is not None and self._bit(desde, campo.nulo):
            return None
        crudo = self._datos[desde + campo.desde : desde + campo.desde + campo.largo]
        if campo.corto is None or not self._bit(desde, campo.corto):
            return crudo
        if crudo[-1] >= campo.largo:
            raise _Motivo(kept("dice medir más que su espacio"))
        return crudo[: crudo[-1]]

    def _valor(self, campo: Campo, crudo: bytes) -> Valor:
        if campo.tipo in SOLO_VFP and self.tipo not in VFP:
            raise _Motivo(
                kept(
                    "el tipo %(t)s no se lee en una tabla 0x%(t2)s",
                    t=campo.tipo,
                    t2=f"{self.tipo:02x}",
                )
            )
        if campo.tipo == "C":
            return self._texto(crudo).rstrip(" \0")
        if campo.tipo == "V":
            return self._texto(crudo)
        if campo.tipo == "M":
            return self._texto(self._de_memo(crudo))
        if campo.tipo not in _LECTORES:
            raise _Motivo(kept("el tipo %(t)s no se lee", t=campo.tipo))
        return _LECTORES[campo.tipo](crudo, campo.decimales)

    def _texto(self, crudo: bytes) -> str:
        try:
            return crudo.decode(self.codigos)
        except UnicodeDecodeError:
            raise _Motivo(
                kept("tiene un byte que la página de códigos %(c)s no conoce", c=self.codigos)
            ) from None

    def _de_memo(self, crudo: bytes) -> bytes:
        bloque = _bloque(crudo)
        if not bloque:
            return b""
        if self._memo is None:
            raise _Motivo(kept("no está el archivo de memos que lo guarda"))
        memo = self._archivo_de_memos
        texto = memo.leer(bloque)
        # A pointer or a length that is wrong would show what stands in somebody else's record.
        inicios, duenos = self._inicios
        en = bisect_left(inicios, bloque)
        if duenos[bloque] > 1:
            raise _Motivo(
                kept("el bloque %(b)s de %(n)s es de dos registros", b=bloque, n=memo.nombre)
            )
        if en + 1 < len(inicios) and memo.hasta(bloque) > inicios[en + 1] * memo.bloque:
            raise _Motivo(
                kept(
                    "el texto del bloque %(b)s de %(n)s entra en el de otro registro",
                    b=bloque,
                    n=memo.nombre,
                )
            )
        if en and self._llega(memo, inicios[en - 1]) > bloque * memo.bloque:
            raise _Motivo(
                kept(
                    "el bloque %(b)s de %(n)s está dentro del texto de otro registro",
                    b=bloque,
                    n=memo.nombre,
                )
            )
        return texto

    @staticmethod
    def _llega(memo: Memo, bloque: int) -> int:
        try:
            return memo.hasta(bloque)
        except _Motivo:
            return 0  # that record is told by itself

    @cached_property
    def _archivo_de_memos(self) -> Memo:
        nombre, datos = self._memo or ("", b"")
        try:
            return Memo(nombre, datos, self.tipo)
        except Ilegible as error:
            raise _Motivo(
                kept("no se puede leer el archivo de memos (%(r)s)", r=str(error).rstrip("."))
            ) from None

    @cached_property
    def _inicios(self) -> tuple[list[int], dict[int, int]]:
        """Where the texts of all records begin, in order, and how many point to each."""
        veces: dict[int, int] = {}
        for campo in (c for c in self.campos.values() if c.tipo in DE_MEMO):
            for registro in range(self.registros):
                desde = self._inicio + registro * self._largo + campo.desde
                try:
                    bloque = _bloque(self._datos[desde : desde + campo.largo])
                except _Motivo:
                    continue
                if bloque:
                    veces[bloque] = veces.get(bloque, 0) + 1
        return sorted(veces), veces

    def _bit(self, desde: int, bit: int) -> bool:
        return bool(self._datos[desde + self._nulos + bit // 8] >> bit % 8 & 1)

    def _leer_campos(self) -> Iterator[Campo]:
        datos, en, desde, bits, caben, nombres = self._datos, ENCABEZADO, 1, 0, 0, set[str]()
        if self._inicio > len(datos):
            raise self._roto(kept("el archivo es más corto que su encabezado"))
        while datos[en] != FIN_DE_CAMPOS:
            if en + DESCRIPTOR >= self._inicio:
                raise self._roto(kept("la lista de campos no termina dentro del encabezado"))
            nombre = datos[en : en + 11].split(b"\0")[0].decode("latin-1").strip().upper()
            tipo, declarado = chr(datos[en + 11]), struct.unpack_from("<I", datos, en + 12)[0]
            largo, decimales, marcas = datos[en + 16], datos[en + 17], datos[en + 18]
            if tipo == "C" and self.tipo not in VFP:
                largo, decimales = largo + 256 * decimales, 0
            if not nombre or nombre in nombres:
                raise self._roto(kept("un campo no tiene nombre propio"))
            if not largo or largo not in LARGOS.get(tipo, {largo}):
                raise self._roto(kept("no puede medir %(l)s", l=largo), nombre)
            if self.tipo in VFP and declarado != desde:
                raise self._roto(kept("no está donde el encabezado dice"), nombre)
            nombres.add(nombre)
            corto = nulo = None
            if self.tipo in VFP and tipo in DE_LARGO_VARIABLE:
                corto, bits = bits, bits + 1
            if self.tipo in VFP and marcas & ADMITE_NULO and tipo != NULOS:
                nulo, bits = bits, bits + 1
            yield Campo(nombre, tipo, desde, largo, decimales, nulo, corto)
            if tipo == NULOS:
                self._nulos, caben = desde, 8 * largo
            desde, en = desde + largo, en + DESCRIPTOR
        if bits > caben:
            raise self._roto(kept("faltan las marcas de sus campos nulos o de largo variable"))
        if desde != self._largo:
            raise self._roto(
                kept(
                    "los campos suman %(d)s bytes y el encabezado dice que un registro tiene %(l)s",
                    d=desde,
                    l=self._largo,
                )
            )
        sigue = self._inicio - en - 1
        if sigue != ENLACE_VFP if self.tipo in VFP else sigue not in (0, 1):
            raise self._roto(kept("el encabezado no mide lo que dice"))

    def _pagina(self, marca: int, sin_declarar: str) -> str:
        if not marca:
            return sin_declarar
        if marca not in PAGINAS:
            raise self._roto(
                kept("declara una página de códigos que no se conoce (0x%(m)s)", m=f"{marca:02x}")
            )
        return PAGINAS[marca]

    def _roto(self, motivo: str, campo: str = "") -> Ilegible:
        return Ilegible(self.nombre, motivo, campo=campo)


def _bloque(crudo: bytes) -> int:
    """The number of a block: four bytes, or ten digits. 0: no text."""
    if len(crudo) == BINARIO:
        return int(struct.unpack("<I", crudo)[0])
    cifras = crudo.strip(b" \0")
    if not re.fullmatch(rb"[0-9]*", cifras):
        raise _Motivo(kept("no dice en qué bloque está"))
    return int(cifras or b"0")


def _numero(crudo: bytes, decimales: int) -> Valor:
    """Exactly the digits that are written, with at least the declared decimals."""
    escrito = crudo.strip(b" \0")
    if not escrito:
        return None
    leido = NUMERO.fullmatch(escrito)
    if leido is None and set(escrito) == {ord("*")}:
        raise _Motivo(kept("el número no cupo y FoxPro escribió asteriscos"))
    if leido is None and re.fullmatch(rb"[+-]?[0-9.]+E[+-]?[0-9]+", escrito):
        raise _Motivo(kept("el número no cupo y FoxPro lo abrevió"))
    if leido is None:
        raise _Motivo(kept("no es un número"))
    entero, cifras = leido[1] or b"0", leido[2] or leido[3] or b""
    signo = "-" if escrito.startswith(b"-") else ""
    if not decimales and not cifras:
        return int(signo + entero.decode())
    return Decimal(f"{signo}{entero.decode()}.{cifras.decode().ljust(decimales, '0')}")


def _fecha(crudo: bytes, _decimales: int) -> Valor:
    escrita = crudo.strip(b" \0")
    if escrita in (b"", b"00000000"):
        return None
    if not re.fullmatch(rb"[0-9]{8}", escrita):
        raise _Motivo(kept("no es una fecha"))
    try:
        return dt.date(int(escrita[:4]), int(escrita[4:6]), int(escrita[6:]))
    except ValueError:
        raise _Motivo(kept("no es una fecha")) from None


def _fecha_y_hora(crudo: bytes, _decimales: int) -> Valor:
    """FoxPro counts seconds and stores milliseconds, which may be one off."""
    if crudo in (bytes(8), b" " * 8):
        return None
    dia, milisegundos = struct.unpack("<ii", crudo)
    if not 1 <= dia - DIA_CERO < ULTIMO_DIA or not 0 <= milisegundos < DIA_MS:
        raise _Motivo(kept("no es una fecha con hora"))
    segundos = (milisegundos + 500) // 1000
    return dt.datetime.combine(dt.date.fromordinal(dia - DIA_CERO), dt.time()) + dt.timedelta(
        seconds=segundos
    )


def _logico(crudo: bytes, _decimales: int) -> Valor:
    if crudo in (b"T", b"t", b"Y", b"y"):
        return True
    if crudo in (b"F", b"f", b"N", b"n"):
        return False
    if crudo in (b" ", b"?", b"\0"):
        return None
    raise _Motivo(kept("no es ni sí ni no"))


def _entero(crudo: bytes, _decimales: int) -> Valor:
    return int(struct.unpack("<i", crudo)[0])


def _moneda(crudo: bytes, _decimales: int) -> Valor:
    """Ten-thousandths in eight bytes."""
    return Decimal(struct.unpack("<q", crudo)[0]).scaleb(-4)


def _doble(crudo: bytes, decimales: int) -> Valor:
    """The shortest decimal that is this binary fraction."""
    valor = struct.unpack("<d", crudo)[0]
    if not math.isfinite(valor):
        raise _Motivo(kept("no es un número"))
    entero, _, cifras = f"{Decimal(repr(valor)):f}".partition(".")
    return Decimal(f"{entero}.{cifras.ljust(decimales, '0')}")


_LECTORES: Mapping[str, Callable[[bytes, int], Valor]] = {
    "N": _numero,
    "F": _numero,
    "D": _fecha,
    "T": _fecha_y_hora,
    "L": _logico,
    "I": _entero,
    "Y": _moneda,
    "B": _doble,
}
