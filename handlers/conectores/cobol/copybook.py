"""Reads a COBOL copybook into a layout: which field lies where in a record, and of which kind. What
is not sure is refused by name."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from common.language import kept

MAX_CIFRAS = 38
MAX_CAMPOS = 20_000
MAX_BYTES = 1_000_000
COLUMNA_INDICADOR, PRIMERA, ULTIMA = 6, 7, 72  # of a line in fixed format, from 0
NIVEL_CONDICION, NIVELES_NEGADOS, NIVEL_MAYOR = 88, (66, 77), 49


class CopybookInvalido(ValueError):
    """A copybook, or what the configuration says about it, cannot be read; the text names the
    field."""


class Clase(StrEnum):
    TEXTO = "texto"
    ZONA = "zona"  #: DISPLAY digits
    EMPACADO = "empacado"  #: COMP-3
    BINARIO = "binario"  #: COMP: as far as its picture says
    NATIVO = "nativo"  #: COMP-5: as far as its bytes go


class Signo(StrEnum):
    NO = "no"
    AL_FINAL = "al_final"  #: over the last digit
    AL_PRINCIPIO = "al_principio"
    APARTE_FINAL = "aparte_final"  #: a character of its own
    APARTE_PRINCIPIO = "aparte_principio"


@dataclass(frozen=True, slots=True)
class Campo:
    """One elementary field. `escala`: digits after the point; negative: zeros that the field does
    not hold (P)."""

    nombre: str
    clase: Clase
    offset: int
    largo: int
    cifras: int = 0
    escala: int = 0
    signo: Signo = Signo.NO
    #: names of level 88, each with its values or its stretches of values
    estados: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Diseno:
    """`campos` in record order, without FILLER and without what is left out."""

    nombre: str
    campos: tuple[Campo, ...]
    largo: int

    def campo(self, nombre: str) -> Campo:
        """Raises CopybookInvalido."""
        buscado = nombre.upper()
        for campo in self.campos:
            if campo.nombre == buscado:
                return campo
        raise CopybookInvalido(kept("%(n)s no tiene el campo %(n2)s", n=self.nombre, n2=nombre))


@dataclass(frozen=True, slots=True)
class Lectura:
    """What a copybook leaves open, said by the configuration. Names are those of the copybook."""

    libre: bool = False
    registro: str = ""  #: which one, where the text has several at the highest level
    #: field that is redefined → the alternative that is read
    redefine: Mapping[str, str] = field(default_factory=dict)
    omitir: frozenset[str] = frozenset()  #: not read at all; its size must be sure
    como_texto: frozenset[str] = frozenset()  #: edited pictures that are read as characters
    #: sizes of binary fields of more than 18 digits
    bytes: Mapping[str, int] = field(default_factory=dict)
    #: one and two digits of COMP in one byte, as GnuCOBOL and Micro Focus do by default
    desde_un_byte: bool = False

    @property
    def nombrados(self) -> set[str]:
        return {
            *self.redefine,
            *self.redefine.values(),
            *self.omitir,
            *self.como_texto,
            *self.bytes,
        }


@dataclass(slots=True)
class _Elemento:
    nivel: int
    nombre: str
    picture: str = ""
    uso: str = ""
    signo: Signo = Signo.NO
    veces: int = 1
    redefine: str = ""
    hijos: "list[_Elemento]" = field(default_factory=list)
    estados: list[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=list)


USOS = {
    "DISPLAY": Clase.ZONA,
    "COMP": Clase.BINARIO,
    "COMP-4": Clase.BINARIO,
    "BINARY": Clase.BINARIO,
    "COMP-5": Clase.NATIVO,
    "COMP-3": Clase.EMPACADO,
    "PACKED-DECIMAL": Clase.EMPACADO,
}
#: without a picture; nobody reads them, but they may be left out by name
FLOTANTES = {"COMP-1": 4, "COMP-2": 8}
_OTROS_USOS = {
    "COMP-6",
    "COMP-X",
    "COMP-N",
    "COMP-0",
    "COMP-9",
    "POINTER",
    "INDEX",
    "NATIONAL",
    "DISPLAY-1",
}
_DE_UN_BYTE = (2, 1)
_BINARIOS = ((4, 2), (9, 4), (18, 8))  # digits up to, bytes
_CLAUSULAS = {
    *USOS, *FLOTANTES, *_OTROS_USOS,
    "PIC", "PICTURE", "REDEFINES", "USAGE", "SIGN", "LEADING", "TRAILING", "OCCURS", "VALUE", "VALUES", "SYNC", "SYNCHRONIZED",
    "JUST", "JUSTIFIED", "BLANK", "GLOBAL", "EXTERNAL", "RENAMES",
}  # fmt: skip
_PALABRA = re.compile(
    r"""\s+|[,;](?=\s|$)|(?:[XN]|)"(?:[^"]|"")*"|(?:[XN]|)'(?:[^']|'')*'|[^\s"']+""", re.IGNORECASE
)
_REPETIDO = re.compile(r"(.)\((\d+)\)")
_NUMERICO = re.compile(r"S?V?(P*)V?(9*)V?(9*)(P*)V?")


def leer(texto: str, lectura: Lectura | None = None) -> Diseno:
    """Raises CopybookInvalido."""
    lectura = lectura or Lectura()
    registro = _registro(_arbol(_sentencias(_codigo(texto, libre=lectura.libre))), lectura.registro)
    hojas, largo = _colocar(registro, 0, (), _Contexto(lectura, "", Signo.NO))
    if largo > MAX_BYTES or not hojas:
        raise CopybookInvalido(
            kept(
                "%(n)s: un registro de %(l)s bytes con %(h)s campos no se puede leer",
                n=registro.nombre,
                l=largo,
                h=len(hojas),
            )
        )
    if sobran := lectura.nombrados - {e.nombre for e in _todos(registro)}:
        raise CopybookInvalido(
            kept(
                "%(n)s no tiene %(s)s, que la configuración nombra",
                n=registro.nombre,
                s=", ".join(sorted(sobran)),
            )
        )
    repetidos = {
        nombre
        for nombre, veces in Counter(campo.nombre for _ruta, campo in hojas).items()
        if veces > 1
    }
    campos = [
        replace(campo, nombre=f"{ruta}.{campo.nombre}") if campo.nombre in repetidos else campo
        for ruta, campo in hojas
    ]
    campos.sort(key=lambda campo: campo.offset)
    for uno, otro in pairwise(campos):
        if uno.offset + uno.largo > otro.offset:
            raise CopybookInvalido(
                kept(
                    "%(n)s y %(n2)s ocupan los mismos bytes: la configuración dice que se leen ambos",
                    n=uno.nombre,
                    n2=otro.nombre,
                )
            )
    return Diseno(registro.nombre, tuple(campos), largo)


def _codigo(texto: str, *, libre: bool) -> str:
    """The text without comments, sequence numbers and what stands right of column 72."""
    lineas = []
    for numero, cruda in enumerate(texto.splitlines(), 1):
        linea = cruda.expandtabs(8)
        if not libre:
            indicador = linea[COLUMNA_INDICADOR : COLUMNA_INDICADOR + 1]
            linea = linea[PRIMERA:ULTIMA]
            if indicador in ("*", "/", "D", "d", "$"):
                continue
            if indicador not in ("", " "):
                raise CopybookInvalido(
                    kept("línea %(n)s: «%(i)s» en la columna 7 no se lee", n=numero, i=indicador)
                )
        lineas.append(linea.split("*>")[0])
    return "\n".join(lineas)


def _sentencias(codigo: str) -> Iterator[list[str]]:
    """Each entry as its words; a literal is one word with its quotes."""
    palabras: list[str] = []
    posicion = 0
    while posicion < len(codigo):
        hallada = _PALABRA.match(codigo, posicion)
        if hallada is None:
            raise CopybookInvalido(
                kept("comillas sin cerrar después de «%(p)s»", p=" ".join(palabras))
            )
        posicion, palabra = hallada.end(), hallada.group().strip(", ;\n")
        if hallada.group()[-1:].isspace() or not palabra:
            continue
        literal = palabra[-1] in "\"'"
        palabras.append(palabra if literal else palabra.rstrip(".").upper() or ".")
        final = palabra.endswith(".") if not literal else codigo[posicion : posicion + 1] == "."
        if final:
            posicion += literal
            yield [p for p in palabras if p != "."]
            palabras = []
    if palabras:
        raise CopybookInvalido(kept("«%(p)s» no termina en punto", p=" ".join(palabras)))


def _arbol(sentencias: Iterator[list[str]]) -> list[_Elemento]:
    raices: list[_Elemento] = []
    abiertos: list[_Elemento] = []
    for palabras in sentencias:
        if not palabras:
            continue
        if not re.fullmatch(r"\d{1,2}", palabras[0]):
            raise CopybookInvalido(
                kept("«%(p)s» no empieza con un nivel", p=" ".join(palabras)[:60])
            )
        nivel = int(palabras[0])
        if nivel == NIVEL_CONDICION:
            _condicion(palabras, abiertos)
            continue
        elemento = _elemento(nivel, palabras[1:])
        while abiertos and abiertos[-1].nivel >= nivel:
            abiertos.pop()
        (abiertos[-1].hijos if abiertos else raices).append(elemento)
        abiertos.append(elemento)
    return raices


def _elemento(nivel: int, palabras: list[str]) -> _Elemento:
    nombre = "FILLER"
    if palabras and palabras[0] not in _CLAUSULAS:
        nombre, palabras = palabras[0], palabras[1:]
    if nivel in NIVELES_NEGADOS or not 1 <= nivel <= NIVEL_MAYOR:
        raise CopybookInvalido(
            kept("%(n)s: el nivel %(n2)s no se lee", n=nombre, n2=f"{nivel:02d}")
        )
    elemento = _Elemento(nivel, nombre)
    resto = list(palabras)
    while resto:
        _clausula(elemento, resto)
    return elemento


def _clausula(e: _Elemento, resto: list[str]) -> None:
    """Takes one clause from the front of `resto`."""
    palabra = resto.pop(0)

    def sigue(*palabras: str) -> bool:
        """An optional word, taken when it is there."""
        if resto and resto[0] in palabras:
            resto.pop(0)
            return True
        return False

    def tomar() -> str:
        if not resto:
            raise CopybookInvalido(
                kept("%(n)s: falta algo después de %(p)s", n=e.nombre, p=palabra)
            )
        return resto.pop(0)

    if palabra in ("PIC", "PICTURE"):
        sigue("IS")
        e.picture = tomar()
    elif palabra == "REDEFINES":
        e.redefine = tomar()
    elif palabra in ("USAGE", *USOS, *FLOTANTES, *_OTROS_USOS) or palabra.startswith(
        "COMPUTATIONAL"
    ):
        if palabra == "USAGE":
            sigue("IS")
            palabra = tomar()
        e.uso = palabra.replace("COMPUTATIONAL", "COMP")
        if e.uso not in USOS and e.uso not in FLOTANTES:
            raise CopybookInvalido(kept("%(n)s: USAGE %(p)s no se lee", n=e.nombre, p=palabra))
    elif palabra in ("SIGN", "LEADING", "TRAILING"):
        if palabra == "SIGN":
            sigue("IS")
            palabra = tomar()
        if palabra not in ("LEADING", "TRAILING"):
            raise CopybookInvalido(kept("%(n)s: SIGN %(p)s no se lee", n=e.nombre, p=palabra))
        aparte = sigue("SEPARATE")
        if aparte:
            sigue("CHARACTER")
        posibles = {
            ("LEADING", True): Signo.APARTE_PRINCIPIO,
            ("LEADING", False): Signo.AL_PRINCIPIO,
            ("TRAILING", True): Signo.APARTE_FINAL,
            ("TRAILING", False): Signo.AL_FINAL,
        }
        e.signo = posibles[palabra, aparte]
    elif palabra == "OCCURS":
        _veces(e, tomar(), resto)
    elif palabra in ("VALUE", "VALUES"):
        sigue("IS", "ARE")
        tomar()
    elif palabra in ("SYNC", "SYNCHRONIZED"):
        raise CopybookInvalido(
            kept("%(n)s: SYNC no se lee: los bytes de relleno dependen del compilador", n=e.nombre)
        )
    elif palabra in ("JUST", "JUSTIFIED"):
        sigue("RIGHT")
    elif palabra not in ("GLOBAL", "EXTERNAL"):
        raise CopybookInvalido(kept("%(n)s: %(p)s no se lee", n=e.nombre, p=palabra))


def _veces(e: _Elemento, veces: str, resto: list[str]) -> None:
    if "TO" in resto[:1] or "DEPENDING" in resto:
        raise CopybookInvalido(kept("%(n)s: OCCURS DEPENDING ON no se lee", n=e.nombre))
    if not veces.isdecimal() or not 1 <= int(veces) <= MAX_CAMPOS:
        raise CopybookInvalido(kept("%(n)s: OCCURS %(v)s no se lee", n=e.nombre, v=veces))
    e.veces = int(veces)
    # TIMES, ASCENDING KEY IS …, INDEXED BY …
    while resto and resto[0] not in _CLAUSULAS - {"INDEX"}:
        resto.pop(0)


def _condicion(palabras: list[str], abiertos: list[_Elemento]) -> None:
    """Level 88: a name for values of the field before it."""
    nombre, *resto = palabras[1:] or [""]
    if not abiertos or not resto or resto[0] not in ("VALUE", "VALUES"):
        raise CopybookInvalido(
            kept("nivel 88 %(n)s: se espera VALUE, después de un campo", n=nombre)
        )
    valores: list[tuple[str, str]] = []
    sigue_hasta = False
    for palabra in resto[1:]:
        if palabra in ("IS", "ARE"):
            continue
        if palabra in ("THRU", "THROUGH"):
            sigue_hasta = True
            continue
        valor = _literal(palabra)
        if sigue_hasta and valores:
            valores[-1] = (valores[-1][0], valor)
        else:
            valores.append((valor, valor))
        sigue_hasta = False
    abiertos[-1].estados.append((nombre, tuple(valores)))


def _literal(palabra: str) -> str:
    if palabra[:1] in "\"'":
        return palabra[1:-1].replace(palabra[0] * 2, palabra[0])
    if palabra in ("SPACE", "SPACES"):
        return ""
    return "0" if palabra in ("ZERO", "ZEROS", "ZEROES") else palabra


def _registro(raices: Sequence[_Elemento], pedido: str) -> _Elemento:
    """The record that is read: the only one, the one of this name, or all that stands on one level
    without a name over it."""
    if pedido:
        raices = [e for e in raices if e.nombre == pedido.upper()]
    if not raices:
        raise CopybookInvalido(
            kept("no hay un registro %(p)s", p=pedido) if pedido else kept("no hay ningún registro")
        )
    if len(raices) == 1:
        return raices[0]
    if raices[0].nivel == 1:
        raise CopybookInvalido(
            kept(
                "hay varios registros (%(r)s): la configuración debe decir cuál se lee",
                r=", ".join(e.nombre for e in raices),
            )
        )
    return _Elemento(1, "REGISTRO", hijos=list(raices))


def _todos(e: _Elemento) -> Iterator[_Elemento]:
    yield e
    for hijo in e.hijos:
        yield from _todos(hijo)


@dataclass(frozen=True, slots=True)
class _Contexto:
    """What a field has from the groups around it."""

    lectura: Lectura
    uso: str
    signo: Signo
    # inside of FILLER, of what is left out or of an alternative that is not read
    callado: bool = False

    def dentro(self, e: _Elemento, *, callado: bool = False) -> "_Contexto":
        signo = e.signo if e.signo is not Signo.NO else self.signo
        return _Contexto(
            self.lectura,
            e.uso or self.uso,
            signo,
            callado=self.callado or callado or e.nombre in self.lectura.omitir,
        )


Hojas = list[tuple[str, Campo]]


def _colocar(
    e: _Elemento, desde: int, indices: tuple[int, ...], contexto: _Contexto, grupo: str = ""
) -> tuple[Hojas, int]:
    """The fields under an element with the name of their group, and how many bytes it takes with
    all its repetitions."""
    dentro = contexto.dentro(e)
    if e.picture and e.hijos:
        raise CopybookInvalido(kept("%(n)s tiene PICTURE y campos debajo", n=e.nombre))
    hojas: Hojas = []
    largo = 0
    for vez in range(1, e.veces + 1):
        suyos = (*indices, vez) if e.veces > 1 else indices
        if e.hijos:
            mas, ocupa = _grupo(e, desde + largo, suyos, dentro)
        else:
            campo = _hoja(e, desde + largo, suyos, dentro)
            callado = dentro.callado or e.nombre == "FILLER"
            mas, ocupa = ([] if callado else [(grupo, campo)]), campo.largo
        hojas += mas
        largo += ocupa
        if len(hojas) > MAX_CAMPOS or largo > MAX_BYTES:
            raise CopybookInvalido(kept("%(n)s: demasiados campos o bytes", n=e.nombre))
    return hojas, largo


def _grupo(
    e: _Elemento, desde: int, indices: tuple[int, ...], contexto: _Contexto
) -> tuple[Hojas, int]:
    redefinidos = {hijo.redefine for hijo in e.hijos if hijo.redefine}
    hojas: Hojas = []
    lugares: dict[str, tuple[int, int]] = {}
    siguiente = desde
    for hijo in e.hijos:
        base = hijo.redefine or hijo.nombre
        if hijo.redefine and hijo.redefine not in lugares:
            raise CopybookInvalido(
                kept(
                    "%(n)s: REDEFINES %(r)s, que no está antes en su grupo",
                    n=hijo.nombre,
                    r=hijo.redefine,
                )
            )
        callado = False
        if base in redefinidos and not contexto.callado and base not in contexto.lectura.omitir:
            leida = contexto.lectura.redefine.get(base)
            if leida is None:
                raise CopybookInvalido(
                    kept(
                        "%(b)s: hay REDEFINES y la configuración no dice cuál alternativa se lee",
                        b=base,
                    )
                )
            callado = leida != hijo.nombre
        elif hijo.redefine:
            callado = True
        inicio = lugares[hijo.redefine][0] if hijo.redefine else siguiente
        mas, ocupa = _colocar(
            hijo, inicio, indices, replace(contexto, callado=contexto.callado or callado), e.nombre
        )
        hojas += mas
        if hijo.redefine:
            if ocupa > lugares[base][1]:
                raise CopybookInvalido(
                    kept("%(n)s ocupa más que %(b)s, que redefine", n=hijo.nombre, b=base)
                )
        else:
            siguiente += ocupa
        lugares[hijo.nombre] = (inicio, ocupa)
    return hojas, siguiente - desde


def _hoja(e: _Elemento, offset: int, indices: tuple[int, ...], contexto: _Contexto) -> Campo:
    """Raises CopybookInvalido for what is not read, unless it is left out and its size is sure."""
    nombre = e.nombre + (f"({','.join(map(str, indices))})" if indices else "")
    if contexto.uso in FLOTANTES:
        if not contexto.callado or e.picture:
            raise CopybookInvalido(
                kept("%(n)s: USAGE %(u)s (coma flotante) no se lee", n=e.nombre, u=contexto.uso)
            )
        return Campo(nombre, Clase.TEXTO, offset, FLOTANTES[contexto.uso])
    if not e.picture:
        raise CopybookInvalido(kept("%(n)s no tiene PICTURE ni campos debajo", n=e.nombre))
    picture = _desplegar(e)
    clase = USOS[contexto.uso or "DISPLAY"]
    if set(picture) <= set("XA9") and set(picture) & set("XA"):
        if clase is not Clase.ZONA:
            raise CopybookInvalido(
                kept(
                    "%(n)s: PIC %(p)s con USAGE %(u)s no se lee",
                    n=e.nombre,
                    p=e.picture,
                    u=contexto.uso,
                )
            )
        return Campo(nombre, Clase.TEXTO, offset, len(picture), estados=tuple(e.estados))
    numerica = _NUMERICO.fullmatch(picture)
    if numerica is None or picture.count("V") > 1 or "9" not in picture:
        if set(picture) & set("NG1"):
            raise CopybookInvalido(kept("%(n)s: PIC %(p)s no se lee", n=e.nombre, p=e.picture))
        largo = len(picture.replace("V", "").replace("S", "").replace("P", ""))
        if clase is Clase.ZONA and (contexto.callado or e.nombre in contexto.lectura.como_texto):
            return Campo(nombre, Clase.TEXTO, offset, largo)
        raise CopybookInvalido(
            kept("%(n)s: PIC %(p)s está editada y no se lee como número", n=e.nombre, p=e.picture)
        )
    campo = Campo(nombre, clase, offset, 0, signo=e.signo, estados=tuple(e.estados))
    return _numero(campo, picture, numerica, contexto)


def _numero(campo: Campo, picture: str, partes: "re.Match[str]", contexto: _Contexto) -> Campo:
    """`campo` with its size, digits and sign; so far it has only the sign that its own entry
    says."""
    clase = campo.clase
    p_antes, enteros, decimales, p_despues = (len(parte) for parte in partes.groups())
    propio = re.sub(r"\(.*", "", campo.nombre)
    if p_antes and p_despues:
        raise CopybookInvalido(kept("%(p)s: P a ambos lados", p=propio))
    if (p_antes or p_despues) and "V" in picture.strip("SV").strip("P"):
        raise CopybookInvalido(kept("%(p)s: PIC %(p2)s no se lee", p=propio, p2=picture))
    cifras = enteros + decimales
    if cifras > MAX_CIFRAS:
        raise CopybookInvalido(kept("%(p)s: más de %(m)s cifras", p=propio, m=MAX_CIFRAS))
    if "V" in picture:
        antes = picture.index("V")
        decimales = picture[antes:].count("9")
    escala = (
        cifras + p_antes
        if p_antes
        else -p_despues
        if p_despues
        else decimales
        if "V" in picture
        else 0
    )
    con_signo = picture.startswith("S")
    if not con_signo and campo.signo is not Signo.NO:
        raise CopybookInvalido(kept("%(p)s: SIGN en una PICTURE sin S", p=propio))
    signo = (
        (contexto.signo if contexto.signo is not Signo.NO else Signo.AL_FINAL)
        if con_signo
        else Signo.NO
    )
    if clase is not Clase.ZONA and con_signo:
        if campo.signo is not Signo.NO:
            raise CopybookInvalido(kept("%(p)s: SIGN con USAGE %(u)s", p=propio, u=contexto.uso))
        signo = Signo.AL_FINAL  # that of a group is for its DISPLAY fields
    if clase is Clase.ZONA:
        largo = cifras + (signo in (Signo.APARTE_FINAL, Signo.APARTE_PRINCIPIO))
    elif clase is Clase.EMPACADO:
        largo = cifras // 2 + 1
    else:
        largo = _bytes_binario(propio, cifras, contexto.lectura)
    return replace(campo, largo=largo, cifras=cifras, escala=escala, signo=signo)


def _bytes_binario(nombre: str, cifras: int, lectura: Lectura) -> int:
    if nombre in lectura.bytes:
        dados = lectura.bytes[nombre]
        if 256**dados < 10**cifras:
            raise CopybookInvalido(
                kept("%(n)s: %(c)s cifras no caben en %(d)s bytes", n=nombre, c=cifras, d=dados)
            )
        return dados
    for hasta, largo in (_DE_UN_BYTE, *_BINARIOS) if lectura.desde_un_byte else _BINARIOS:
        if cifras <= hasta:
            return largo
    raise CopybookInvalido(
        kept(
            "%(n)s: un binario de %(c)s cifras; la configuración debe decir cuántos bytes ocupa",
            n=nombre,
            c=cifras,
        )
    )


def _desplegar(e: _Elemento) -> str:
    """The picture with its repetitions written out."""
    picture = e.picture

    def repetir(hallada: "re.Match[str]") -> str:
        if not 1 <= int(hallada.group(2)) <= MAX_BYTES:
            raise CopybookInvalido(kept("%(n)s: PIC %(p)s no se lee", n=e.nombre, p=e.picture))
        return hallada.group(1) * int(hallada.group(2))

    picture = _REPETIDO.sub(repetir, picture)
    if "(" in picture or ")" in picture:
        raise CopybookInvalido(kept("%(n)s: PIC %(p)s no se lee", n=e.nombre, p=e.picture))
    return picture
