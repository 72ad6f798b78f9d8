"""Decodes and encodes one record as its layout says. Strict: what COBOL would not have written is
named, never guessed.

A record is read the quick way, by one closure for each field. Only when a closure refuses its
bytes, a slow second look finds the first fault in record order: fields by their place, and within a
field bytes from left to right, then what the whole of it means.
"""

import codecs
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

import ebcdic

from common.language import joined, kept
from handlers.conectores.cobol.copybook import Campo, Clase, CopybookInvalido, Diseno, Signo

Valor = str | int | Decimal
Orden = Literal["big", "little"]
EstiloSigno = Literal["letras", "p-y"]
#: of what `struct` takes out of the record: bytes, or a whole number
Descifrar = Callable[[Any], Valor]
Falla = tuple[int, str]  #: place in the field, what is wrong

#: The whole of what a record may be written in: one byte, one character. `ebcdic` adds those that
#: Python lacks.
PAGINAS = frozenset(
    {"ascii", "latin-1", "cp1252", "cp850", "cp437", "cp037", "cp500", "cp1140"}
) | ({"cp284", "cp1047", "cp1145", "cp1148"} & set(ebcdic.codec_names))
SIGNOS = {"c": "", "f": "", "d": "-"}  #: the last half byte of COMP-3
CIFRAS = "0123456789"
_ENTEROS = {1: "B", 2: "H", 4: "I", 8: "Q"}  #: for `struct`, by bytes
# control characters beside those below the blank
_BORRADO_Y_C1 = "".join(map(chr, range(0x7F, 0xA0)))
_NINGUNA = "\ufffe"  # what `charmap_decode` takes for a byte without a character


class RegistroCorrupto(Exception):
    """A record that cannot be read; `registro` counts from 1, `offset` in bytes from the beginning
    of the record."""

    def __init__(self, registro: int, campo: str, offset: int, motivo: str) -> None:
        super().__init__(
            kept(
                "registro %(r)s, campo %(c)s, byte %(o)s: %(m)s",
                r=registro,
                c=campo,
                o=offset,
                m=motivo,
            )
        )
        self.registro, self.campo, self.offset, self.motivo = registro, campo, offset, motivo


@dataclass(frozen=True, slots=True)
class Escritura:
    """How a file was written, which no copybook says."""

    pagina: str = "cp284"
    paginas: Mapping[str, str] = field(default_factory=dict)  #: of single fields
    #: sign over a digit in ASCII: {ABC…}JKL… as IBM, or p…y for negative as GnuCOBOL and Micro
    #: Focus
    signo: EstiloSigno = "letras"
    comp5: Orden = "big"


class Codec:
    """Everything that depends on the layout is worked out once; one codec serves all threads."""

    def __init__(self, diseno: Diseno, escritura: Escritura | None = None) -> None:
        """Raises CopybookInvalido for a code page that is not known, or for a field that the layout
        does not have."""
        escritura = escritura or Escritura()
        if sobran := set(escritura.paginas) - {c.nombre for c in diseno.campos}:
            raise CopybookInvalido(
                kept(
                    "%(n)s no tiene %(s)s, que la configuración nombra",
                    n=diseno.nombre,
                    s=", ".join(sorted(sobran)),
                )
            )
        self.diseno = diseno
        self.nombres = tuple(c.nombre for c in diseno.campos)
        self._escritura = escritura
        self._clases = [_clase(c, escritura) for c in diseno.campos]
        self._pasos: list[Descifrar] = [clase.descifrar for clase in self._clases]
        self._partir = struct.Struct(_formato(diseno, self._clases)).unpack

    def solo(self, nombres: Iterable[str]) -> "Codec":
        """The same records, with these fields alone."""
        campos = sorted((self.diseno.campo(nombre) for nombre in nombres), key=lambda c: c.offset)
        paginas = {
            n: p for n, p in self._escritura.paginas.items() if n in {c.nombre for c in campos}
        }
        return Codec(
            replace(self.diseno, campos=tuple(campos)), replace(self._escritura, paginas=paginas)
        )

    def decodificar(self, registro: bytes, numero: int = 1) -> list[Valor]:
        """In the order of `nombres`. Raises RegistroCorrupto for the first fault of the record."""
        try:
            return [
                paso(parte) for paso, parte in zip(self._pasos, self._partir(registro), strict=True)
            ]
        except (
            ValueError,
            ArithmeticError,
            struct.error,
        ) as error:  # decimal.InvalidOperation is an ArithmeticError
            raise self._falla(registro, numero) from error

    def codificar(self, valores: Mapping[str, Valor]) -> bytes:
        """A whole record; what is FILLER or is not read is blank. Raises ValueError for a value
        that its field cannot hold."""
        escrito = bytearray(_pagina(self._escritura.pagina).blanco * self.diseno.largo)
        for campo, clase in zip(self.diseno.campos, self._clases, strict=True):
            try:
                escrito[campo.offset : campo.offset + campo.largo] = clase.cifrar(
                    valores[campo.nombre]
                )
            except ValueError as error:
                raise ValueError(joined(": ", (campo.nombre, error))) from error
        return bytes(escrito)

    def _falla(self, registro: bytes, numero: int) -> RegistroCorrupto:
        if len(registro) != self.diseno.largo:
            return RegistroCorrupto(
                numero,
                self.diseno.nombre,
                0,
                kept("tiene %(r)s bytes y se esperan %(l)s", r=len(registro), l=self.diseno.largo),
            )
        for campo, clase in zip(self.diseno.campos, self._clases, strict=True):
            if hallada := clase.falla(registro[campo.offset : campo.offset + campo.largo]):
                return RegistroCorrupto(numero, campo.nombre, campo.offset + hallada[0], hallada[1])
        raise AssertionError(f"un campo de {self.diseno.nombre} no se lee y no tiene falla")


@dataclass(frozen=True, slots=True)
class _Clase:
    """How one field is read, what is wrong with bytes that cannot be read, and how it is
    written."""

    descifrar: Descifrar
    falla: Callable[[bytes], Falla | None]
    cifrar: Callable[[Valor], bytes]
    formato: str = ""  #: for `struct`; "": its bytes


def _formato(diseno: Diseno, clases: Sequence[_Clase]) -> str:
    partes, lugar = [">"], 0
    for campo, clase in zip(diseno.campos, clases, strict=True):
        partes.append(f"{campo.offset - lugar}x{clase.formato or f'{campo.largo}s'}")
        lugar = campo.offset + campo.largo
    return "".join(partes) + f"{diseno.largo - lugar}x"


def _clase(campo: Campo, escritura: Escritura) -> _Clase:
    pagina = _pagina(escritura.paginas.get(campo.nombre, escritura.pagina))
    if campo.clase is Clase.TEXTO:
        return _texto(campo, pagina)
    if campo.clase is Clase.EMPACADO:
        return _empacado(campo)
    if campo.clase is Clase.ZONA:
        return _zona(campo, pagina, escritura.signo)
    return _binario(campo, escritura.comp5 if campo.clase is Clase.NATIVO else "big")


# ---- text ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pagina:
    nombre: str
    legible: str  #: a character for each byte; control characters have none
    blanco: bytes
    es_ebcdic: bool


def _pagina(nombre: str) -> _Pagina:
    if nombre not in PAGINAS:
        raise CopybookInvalido(kept("la página de códigos %(n)s no se conoce", n=nombre))
    signos = []
    for byte in range(256):
        signo = bytes((byte,)).decode(nombre, "replace")
        control = ord(signo) < ord(" ") or signo in _BORRADO_Y_C1
        signos.append(_NINGUNA if control or signo == "\ufffd" else signo)
    return _Pagina(nombre, "".join(signos), " ".encode(nombre), "0".encode(nombre) == b"\xf0")


def _texto(campo: Campo, pagina: _Pagina) -> _Clase:
    legible, leer, relleno = pagina.legible, codecs.charmap_decode, pagina.blanco + b"\0"

    def descifrar(crudo: bytes) -> str:
        return leer(crudo.rstrip(relleno), "strict", legible)[0]

    def falla(crudo: bytes) -> Falla | None:
        for lugar, byte in enumerate(crudo.rstrip(relleno)):
            if legible[byte] == _NINGUNA:
                return lugar, kept(
                    "0x%(b)s no es una letra en %(n)s", b=f"{byte:02X}", n=pagina.nombre
                )
        return None

    def cifrar(valor: Valor) -> bytes:
        crudo = str(valor).encode(pagina.nombre)
        if len(crudo) > campo.largo:
            raise ValueError(kept("más de %(l)s letras", l=campo.largo))
        return crudo.ljust(campo.largo, pagina.blanco)

    return _Clase(descifrar, falla, cifrar)


# ---- numbers -------------------------------------------------------------------------------------


def _escalador(escala: int) -> Callable[[str, str], Valor]:
    """From a sign ("" or "-") and digits to an exact number; whatever is no digit ends in
    ValueError or ArithmeticError."""
    if escala <= 0:
        por: int = 10**-escala

        def entero(signo: str, digitos: str) -> Valor:
            return int(signo + digitos) * por

        return entero

    def decimal(signo: str, digitos: str) -> Valor:
        if len(digitos) < escala:
            digitos = digitos.zfill(escala)
        numero = Decimal(f"{signo}{digitos[:-escala]}.{digitos[-escala:]}")
        return numero or abs(numero)  # COBOL writes -0; people do not read it

    return decimal


def _en_digitos(valor: Valor, campo: Campo) -> tuple[str, str]:
    """The sign and the digits that the field holds. Raises ValueError for what does not fit
    exactly."""
    negativo, digitos, exponente = Decimal(valor).as_tuple()
    if exponente in ("n", "N", "F"):  # NaN and infinity
        raise ValueError(kept("%(v)s no es un número", v=valor))
    exponente = int(exponente)
    entero = int("".join(map(str, digitos)))
    mueve = exponente + campo.escala
    entero, resto = (entero * 10**mueve, 0) if mueve >= 0 else divmod(entero, 10**-mueve)
    if resto or (len(str(entero)) > campo.cifras and campo.clase is not Clase.NATIVO):
        raise ValueError(kept("%(v)s no cabe", v=valor))
    if negativo and entero and campo.signo is Signo.NO:
        raise ValueError(kept("%(v)s es negativo y el campo no tiene signo", v=valor))
    return "-" if negativo and entero else "", str(entero).zfill(campo.cifras)


def _empacado(campo: Campo) -> _Clase:
    escalar = _escalador(campo.escala)
    signos = (
        SIGNOS
        if campo.signo is not Signo.NO
        else {medio: signo for medio, signo in SIGNOS.items() if not signo}
    )
    de_mas = campo.cifras % 2 == 0  # a half byte that holds no digit

    def descifrar(crudo: bytes) -> Valor:
        medios = crudo.hex()
        digitos, signo = medios[:-1], signos.get(medios[-1])
        if signo is None or not digitos.isdigit() or (de_mas and digitos[0] != "0"):
            raise ValueError
        return escalar(signo, digitos)

    corte = -campo.escala - 1

    def con_punto(crudo: bytes) -> Valor:
        """The same for money, which is most of what there is: the point goes between its half
        bytes."""
        medios = crudo.hex()
        signo = signos.get(medios[-1])
        if signo is None or not medios[:-1].isdigit() or (de_mas and medios[0] != "0"):
            raise ValueError
        numero = Decimal(f"{signo}{medios[:corte]}.{medios[corte:-1]}")
        return abs(numero) if signo and not numero else numero

    def falla(crudo: bytes) -> Falla | None:
        medios = crudo.hex()
        for lugar, medio in enumerate(medios[:-1]):
            if medio not in CIFRAS:
                return lugar // 2, kept("0x%(u)s donde va una cifra de COMP-3", u=medio.upper())
            if lugar == 0 and de_mas and medio != "0":
                return 0, kept("más de %(c)s cifras", c=campo.cifras)
        if medios[-1] in signos:
            return None
        return len(crudo) - 1, kept("0x%(u)s donde va el signo de COMP-3", u=medios[-1].upper())

    def cifrar(valor: Valor) -> bytes:
        signo, digitos = _en_digitos(valor, campo)
        ultimo = "d" if signo else "f" if campo.signo is Signo.NO else "c"
        return bytes.fromhex(("0" if de_mas else "") + digitos + ultimo)

    return _Clase(con_punto if 0 < campo.escala <= campo.cifras else descifrar, falla, cifrar)


def _binario(campo: Campo, orden: Orden) -> _Clase:
    escalar = _escalador(campo.escala)
    con_signo = campo.signo is not Signo.NO
    tope = 256**campo.largo if campo.clase is Clase.NATIVO else 10**campo.cifras

    def de_bytes(crudo: bytes) -> Valor:
        return de_numero(int.from_bytes(crudo, orden, signed=con_signo))

    def de_numero(numero: int) -> Valor:
        if not -tope < numero < tope:
            raise ValueError
        return numero if simple else escalar("-" if numero < 0 else "", str(abs(numero)))

    simple = campo.escala == 0
    formato = _ENTEROS.get(campo.largo, "") if orden == "big" else ""

    def falla(crudo: bytes) -> Falla | None:
        numero = int.from_bytes(crudo, orden, signed=con_signo)
        return (
            None
            if -tope < numero < tope
            else (0, kept("%(n)s tiene más de %(c)s cifras", n=numero, c=campo.cifras))
        )

    def cifrar(valor: Valor) -> bytes:
        signo, digitos = _en_digitos(valor, campo)
        try:
            return int(signo + digitos).to_bytes(campo.largo, orden, signed=con_signo)
        except OverflowError as error:
            raise ValueError(kept("%(v)s no cabe", v=valor)) from error

    return _Clase(
        de_numero if formato else de_bytes, falla, cifrar, formato.lower() if con_signo else formato
    )


# byte → its digit and its sign, for the digit that carries the sign
_Sobre = dict[int, tuple[str, str]]


def _sobre(*, es_ebcdic: bool, estilo: EstiloSigno, con_signo: bool) -> _Sobre:
    if es_ebcdic:
        zonas = {0xF0: "", 0xC0: "", 0xD0: "-"}
        todos = {zona + n: (str(n), signo) for zona, signo in zonas.items() for n in range(10)}
    else:
        escritos = (
            ((CIFRAS, ""), ("{ABCDEFGHI", ""), ("}JKLMNOPQR", "-"))
            if estilo == "letras"
            else ((CIFRAS, ""), ("pqrstuvwxy", "-"))
        )
        todos = {
            ord(letra): (str(n), signo)
            for letras, signo in escritos
            for n, letra in enumerate(letras)
        }
    return {byte: par for byte, par in todos.items() if con_signo or not par[1]}


def _zona(campo: Campo, pagina: _Pagina, estilo: EstiloSigno) -> _Clase:
    """DISPLAY digits. A field without a sign may have the zone of a positive one: COBOL programs
    leave it there."""
    escalar = _escalador(campo.escala)
    cero = 0xF0 if pagina.es_ebcdic else 0x30
    cifras = bytes(
        byte - cero + ord("0") if cero <= byte <= cero + 9 else ord("x") for byte in range(256)
    )
    sobre = _sobre(es_ebcdic=pagina.es_ebcdic, estilo=estilo, con_signo=campo.signo is not Signo.NO)
    aparte = {signo.encode(pagina.nombre): vale for signo, vale in (("+", ""), ("-", "-"))}
    al_principio = campo.signo in (Signo.AL_PRINCIPIO, Signo.APARTE_PRINCIPIO)
    lleva = 0 if al_principio else campo.largo - 1  # the byte with the sign
    entero = campo.escala == 0

    def sin_signo(crudo: bytes) -> Valor:
        digitos = crudo.translate(cifras)
        if not digitos.isdigit():
            return con_sobre(crudo)
        return int(digitos) if entero else escalar("", str(digitos, "ascii"))

    def con_sobre(crudo: bytes) -> Valor:
        par = sobre.get(crudo[lleva])
        if par is None:
            raise ValueError
        digitos = str(crudo.translate(cifras), "ascii")
        return escalar(par[1], par[0] + digitos[1:] if al_principio else digitos[:-1] + par[0])

    def con_aparte(crudo: bytes) -> Valor:
        signo = aparte.get(crudo[lleva : lleva + 1])
        if signo is None:
            raise ValueError
        digitos = str(crudo.translate(cifras), "ascii")
        return escalar(signo, digitos[1:] if al_principio else digitos[:-1])

    separado = campo.signo in (Signo.APARTE_FINAL, Signo.APARTE_PRINCIPIO)

    def falla(crudo: bytes) -> Falla | None:
        for lugar, byte in enumerate(crudo):
            if lugar != lleva:
                bueno, que = cero <= byte <= cero + 9, kept("una cifra")
            elif separado:
                bueno, que = bytes((byte,)) in aparte, kept("el signo + o -")
            else:
                bueno, que = (
                    byte in sobre,
                    kept("una cifra con su signo")
                    if campo.signo is not Signo.NO
                    else kept("una cifra sin signo"),
                )
            if not bueno:
                vacio = kept(" (en blanco)") if crudo == pagina.blanco * len(crudo) else ""
                return lugar, kept("0x%(b)s donde va %(q)s%(v)s", b=f"{byte:02X}", q=que, v=vacio)
        return None

    def cifrar(valor: Valor) -> bytes:
        signo, digitos = _en_digitos(valor, campo)
        crudo = bytearray(ord(cifra) - ord("0") + cero for cifra in digitos)
        if separado:
            crudo.insert(lleva, (signo or "+").encode(pagina.nombre)[0])
        elif campo.signo is not Signo.NO:
            crudo[lleva] = _con_signo[digitos[lleva], signo]
        return bytes(crudo)

    # as compilers write it: a positive one in EBCDIC has its zone C, in ASCII the digit alone
    # unless the style is that of IBM
    _con_signo = {
        par: byte for byte, par in sobre.items() if par[1] or not pagina.es_ebcdic or byte < cero
    }
    return _Clase(
        con_aparte if separado else sin_signo if campo.signo is Signo.NO else con_sobre,
        falla,
        cifrar,
    )
