"""A procedure as a package: what its folder holds, what its manifest says, and how two of them
differ. Pure.

On disk `bpmn/<codigo>/`; in a release of the engine its diagrams and tables go by their base names
and everything else as `<codigo>/<path>`. The manifest, `<codigo>/paquete.toml`, says which diagrams
and tables are its own: docs/packages.md.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from records.cuentas.reglas.roles import Alcance

MANIFIESTO: Final = "paquete.toml"
FORMATO: Final = 1
CODIGO: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
#: Of a value of a list; as the pages of the agency take it.
VALOR: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?")
MODELOS: Final = (".bpmn", ".dmn")
TEXTOS: Final = (".toml", ".txt", ".md", ".csv", ".po")
MAX_TEXTO: Final = 20_000
MAX_NOMBRE: Final = 160
MAX_NOMBRE_DE_PIEZA: Final = 120  # letters of the name of a file, with its folders
MAX_FILAS: Final = 500


@dataclass(frozen=True, slots=True)
class Falta:
    """What is wrong with a manifest: where, and what is wrong (a code of `FRASES` in webforms, with
    its facts)."""

    donde: str
    que: str
    dato: str = ""


@dataclass(frozen=True, slots=True)
class Definicion:
    termino: str
    texto: str


@dataclass(frozen=True, slots=True)
class Actividad:
    """A numbered line of the written procedure and the elements of the diagrams that carry it out;
    without any it is not covered."""

    n: str
    texto: str
    quien: str = ""
    elementos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lista:
    """Places for which a role is held, kept by the agency afterwards; `variable` is what the
    `scope` of a lane names."""

    codigo: str
    nombre: str
    variable: str
    valores: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Paquete:
    codigo: str
    nombre: str
    escrito: str = ""  #: code and version of the written procedure
    dueno: str = ""
    objetivo: str = ""
    alcance: str = ""
    modelos: tuple[str, ...] = ()  #: base names of its diagrams and tables
    definiciones: tuple[Definicion, ...] = ()
    condiciones: tuple[Actividad, ...] = ()
    actividades: tuple[Actividad, ...] = ()
    controles: tuple[Actividad, ...] = ()
    listas: tuple[Lista, ...] = ()
    textos: tuple[str, ...] = field(default=())  #: the other parts, as `<codigo>/<path>`

    @property
    def diagramas(self) -> tuple[str, ...]:
        return tuple(nombre for nombre in self.modelos if nombre.endswith(".bpmn"))

    @property
    def tablas(self) -> tuple[str, ...]:
        return tuple(nombre for nombre in self.modelos if nombre.endswith(".dmn"))

    @property
    def piezas(self) -> tuple[str, ...]:
        """Every file of the package, as a release names it."""
        return (*self.modelos, *self.textos)

    def cubiertas(self, elementos: Mapping[str, object]) -> int:
        """Of its activities, those that some element of the diagrams carries out."""
        return sum(any(id_ in elementos for id_ in a.elementos) for a in self.actividades)


# --- files ----------------------------------------------------------------------------------------
def archivos_de(carpeta: Path) -> dict[str, bytes]:
    """The files of a package folder as a release names them. Raises ValueError for two models of
    one name."""
    juntos: dict[str, bytes] = {}
    for ruta in sorted(carpeta.rglob("*")):
        if not ruta.is_file() or ruta.name.startswith("."):
            continue
        nombre = nombre_en_la_version(carpeta.name, ruta.relative_to(carpeta).as_posix())
        if nombre is None:
            continue
        if nombre in juntos:
            raise ValueError(nombre)
        juntos[nombre] = ruta.read_bytes()
    return juntos


def nombre_en_la_version(codigo: str, ruta: str) -> str | None:
    """How a release calls the file at this path of the package; None for what is no part of one."""
    if ruta.endswith(MODELOS):
        return ruta.rpartition("/")[2]
    return f"{codigo}/{ruta}" if ruta.endswith(TEXTOS) else None


def carpetas(raiz: Path) -> list[Path]:
    """The packages that lie side by side in a folder."""
    return sorted(ruta.parent for ruta in raiz.glob(f"*/{MANIFIESTO}"))


def codigos(archivos: Mapping[str, bytes]) -> list[str]:
    """The packages of a release."""
    return sorted(
        nombre.partition("/")[0]
        for nombre in archivos
        if nombre.count("/") == 1 and nombre.endswith("/" + MANIFIESTO)
    )


def paquetes(archivos: Mapping[str, bytes]) -> list[Paquete]:
    """Those of a release that can be read; what cannot was refused when it came."""
    leidos = (leer(codigo, archivos)[0] for codigo in codigos(archivos))
    return [paquete for paquete in leidos if paquete is not None]


# --- the manifest ---------------------------------------------------------------------------------
def leer(codigo: str, archivos: Mapping[str, bytes]) -> tuple[Paquete | None, list[Falta]]:
    """The package of this code among the files of a release, or all that is wrong with its
    manifest."""
    paquete, faltas = leer_lo_que_se_pueda(codigo, archivos)
    return (None if faltas else paquete), faltas


def leer_lo_que_se_pueda(
    codigo: str, archivos: Mapping[str, bytes]
) -> tuple[Paquete | None, list[Falta]]:
    """What its manifest says although something in it is wrong: whoever mends it by page loses
    nothing of the rest."""
    if CODIGO.fullmatch(codigo) is None:
        return None, [Falta("", "codigo", codigo)]
    try:
        dicho = tomllib.loads(archivos[f"{codigo}/{MANIFIESTO}"].decode("utf-8"))
    except KeyError:
        return None, [Falta("", "sin_manifiesto", codigo)]
    except (ValueError, RecursionError) as error:  # also a number of more digits than Python reads
        return None, [Falta("", "no_es_toml", str(error)[:200])]
    lector = _Lector(dicho)
    return lector.paquete(codigo, archivos), lector.faltas


def leer_entero(codigo: str, piezas: Mapping[str, bytes]) -> tuple[Paquete | None, list[Falta]]:
    """A package that comes by itself, as a folder or a ZIP: a model that its manifest does not name
    would be lost on the way."""
    paquete, faltas = leer(codigo, piezas)
    if paquete is not None:
        faltas = [Falta(nombre, "no_nombrada") for nombre in sorted({*piezas} - {*paquete.piezas})]
    return (None if faltas else paquete), faltas


def listas_de(codigo: str, archivos: Mapping[str, bytes]) -> tuple[Lista, ...]:
    """The lists that the manifest of this package brings, whatever else it may lack: its diagrams
    may be elsewhere."""
    try:
        dicho = tomllib.loads(archivos[f"{codigo}/{MANIFIESTO}"].decode("utf-8"))
    except (ValueError, RecursionError):
        return ()
    lector = _Lector({clave: valor for clave, valor in dicho.items() if clave == "lista"})
    listas = lector.listas()
    return () if lector.faltas else listas


#: table of the manifest → what each row says
_FILAS: Final[Mapping[str, tuple[str, ...]]] = {
    "definicion": ("termino", "texto"),
    "condicion": ("n", "texto", "elementos"),
    "actividad": ("n", "texto", "quien", "elementos"),
    "control": ("n", "texto", "quien", "elementos"),
    "lista": ("codigo", "nombre", "variable", "valores"),
}
_SUELTAS: Final = ("formato", "nombre", "escrito", "dueno", "objetivo", "alcance", "modelos")
#: What points and areas go by, which have pages of their own.
RESERVADAS: Final = frozenset(alcance.value for alcance in Alcance if alcance.value)
_PUEDEN_FALTAR: Final = frozenset({"quien", "elementos", "valores"})


class _Lector:
    """Reads one manifest and gathers what is wrong: an analyst wants to hear it all at once."""

    def __init__(self, dicho: dict[str, Any]) -> None:
        self.dicho = dicho
        self.faltas: list[Falta] = []

    def paquete(self, codigo: str, archivos: Mapping[str, bytes]) -> Paquete:
        for clave in self.dicho:
            if clave not in _SUELTAS and clave not in _FILAS:
                self.faltas.append(Falta(clave, "desconocido"))
        if self.dicho.get("formato") != FORMATO:
            self.faltas.append(Falta("formato", "formato", str(FORMATO)))
        nombre = self._nombre(self._texto(self.dicho, "nombre", ""), "nombre")
        if not nombre:
            self.faltas.append(Falta("nombre", "vacio"))
        return Paquete(
            codigo,
            nombre,
            escrito=self._texto(self.dicho, "escrito", ""),
            dueno=self._texto(self.dicho, "dueno", ""),
            objetivo=self._texto(self.dicho, "objetivo", ""),
            alcance=self._texto(self.dicho, "alcance", ""),
            modelos=self._modelos(archivos),
            definiciones=tuple(Definicion(**fila) for _donde, fila in self._filas("definicion")),
            condiciones=self._actividades("condicion"),
            actividades=self._actividades("actividad"),
            controles=self._actividades("control"),
            listas=self.listas(),
            textos=tuple(sorted(nombre for nombre in archivos if nombre.startswith(f"{codigo}/"))),
        )

    def _texto(self, de: Mapping[str, Any], clave: str, donde: str) -> str:
        valor = de.get(clave, "")
        lugar = f"{donde}.{clave}" if donde else clave
        if not isinstance(valor, str):
            self.faltas.append(Falta(lugar, "no_es_texto"))
            return ""
        if len(valor) > MAX_TEXTO:
            self.faltas.append(Falta(lugar, "largo", str(MAX_TEXTO)))
        if "\0" in valor:
            self.faltas.append(Falta(lugar, "signo"))
        return valor.strip()

    def _nombre(self, valor: str, donde: str) -> str:
        """One line of text, as the columns of both databases hold it."""
        if len(valor) > MAX_NOMBRE:
            self.faltas.append(Falta(donde, "largo", str(MAX_NOMBRE)))
        if any(signo < " " or signo == "\x7f" for signo in valor):
            self.faltas.append(Falta(donde, "signo"))
        return valor

    def _textos(self, de: Mapping[str, Any], clave: str, donde: str) -> tuple[str, ...]:
        valor = de.get(clave, [])
        if not isinstance(valor, list) or not all(isinstance(each, str) for each in valor):
            self.faltas.append(Falta(f"{donde}.{clave}" if donde else clave, "no_es_lista"))
            return ()
        return tuple(valor)

    def _modelos(self, archivos: Mapping[str, bytes]) -> tuple[str, ...]:
        modelos = self._textos(self.dicho, "modelos", "")
        if not any(nombre.endswith(".bpmn") for nombre in modelos):
            self.faltas.append(Falta("modelos", "sin_diagrama"))
        self.faltas.extend(
            Falta("modelos", "no_es_modelo", nombre)
            for nombre in modelos
            if not nombre.endswith(MODELOS)
        )
        self.faltas.extend(
            Falta("modelos", "no_esta", nombre) for nombre in modelos if nombre not in archivos
        )
        self.faltas.extend(
            Falta("modelos", "dos_veces", nombre)
            for nombre in sorted({n for n in modelos if modelos.count(n) > 1})
        )
        return modelos

    def _filas(self, tabla: str) -> Iterator[tuple[str, dict[str, Any]]]:
        filas = self.dicho.get(tabla, [])
        if not isinstance(filas, list) or not all(isinstance(fila, dict) for fila in filas):
            self.faltas.append(Falta(tabla, "no_son_filas"))
            return
        if len(filas) > MAX_FILAS:
            self.faltas.append(Falta(tabla, "muchas", str(MAX_FILAS)))
            return
        for numero, fila in enumerate(filas, 1):
            donde = f"{tabla} {numero}"
            self.faltas.extend(
                Falta(f"{donde}.{clave}", "desconocido")
                for clave in fila
                if clave not in _FILAS[tabla]
            )
            leida: dict[str, Any] = {}
            for clave in _FILAS[tabla]:
                if clave == "valores":
                    leida[clave] = fila.get(clave, {})
                    continue
                leida[clave] = (
                    self._textos(fila, clave, donde)
                    if clave == "elementos"
                    else self._texto(fila, clave, donde)
                )
                if not leida[clave] and clave not in _PUEDEN_FALTAR:
                    self.faltas.append(Falta(f"{donde}.{clave}", "vacio"))
            yield donde, leida

    def _actividades(self, tabla: str) -> tuple[Actividad, ...]:
        filas = [Actividad(**fila) for _donde, fila in self._filas(tabla)]
        numeros = [fila.n for fila in filas]
        self.faltas.extend(
            Falta(tabla, "dos_veces", n)
            for n in sorted({n for n in numeros if numeros.count(n) > 1})
        )
        return tuple(filas)

    def listas(self) -> tuple[Lista, ...]:
        listas = [self._lista(donde, fila) for donde, fila in self._filas("lista")]
        unicos = (
            (lista.codigo for lista in listas),
            (lista.variable for lista in listas),
            (c for lista in listas for c, _n in lista.valores),
        )
        for dichos in map(Counter, unicos):
            self.faltas.extend(
                Falta("lista", "dos_veces", dicho)
                for dicho, veces in dichos.items()
                if dicho and veces > 1
            )
        return tuple(listas)

    def _lista(self, donde: str, fila: Mapping[str, Any]) -> Lista:
        valores = fila["valores"]
        if not isinstance(valores, dict) or not all(
            isinstance(v, str) and v.strip() for v in valores.values()
        ):
            self.faltas.append(Falta(f"{donde}.valores", "valores"))
            valores = {}
        if len(valores) > MAX_FILAS:
            self.faltas.append(Falta(f"{donde}.valores", "muchas", str(MAX_FILAS)))
        mal = [
            clave
            for clave in (fila["codigo"], fila["variable"])
            if clave and CODIGO.fullmatch(clave) is None
        ]
        self.faltas.extend(Falta(donde, "codigo", clave) for clave in mal)
        self.faltas.extend(
            Falta(f"{donde}.valores", "valor", clave)
            for clave in valores
            if VALOR.fullmatch(clave) is None
        )
        if fila["variable"] in RESERVADAS:
            self.faltas.append(Falta(f"{donde}.variable", "reservada", fila["variable"]))
        nombre = self._nombre(fila["nombre"], f"{donde}.nombre")
        llamados = tuple(
            (codigo, self._nombre(n.strip(), f"{donde}.valores.{codigo}"))
            for codigo, n in valores.items()
        )
        return Lista(fila["codigo"], nombre, fila["variable"], llamados)


# --- two of them ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Diferencia:
    """One file of a package: `nueva`, `cambiada`, `solo_aqui` or `igual`."""

    nombre: str
    estado: str


def comparar(aqui: Mapping[str, bytes], llega: Mapping[str, bytes]) -> list[Diferencia]:
    """File by file, what differs first."""
    orden = ("cambiada", "nueva", "solo_aqui", "igual")
    halladas = [
        Diferencia(nombre, _estado(aqui.get(nombre), llega.get(nombre)))
        for nombre in {*aqui, *llega}
    ]
    return sorted(halladas, key=lambda d: (orden.index(d.estado), d.nombre))


def _estado(antes: bytes | None, despues: bytes | None) -> str:
    if antes is None:
        return "nueva"
    if despues is None:
        return "solo_aqui"
    return "igual" if antes == despues else "cambiada"
