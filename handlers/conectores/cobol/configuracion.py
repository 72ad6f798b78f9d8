"""The configuration of COBOL: a TOML file that says which files or which program, and what their fields are on the screen."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handlers.conectores.cobol.archivo import FECHA_DEL_ARCHIVO
from handlers.conectores.cobol.archivo import CobolArchivos
from handlers.conectores.cobol.archivo import Origen
from handlers.conectores.cobol.codec import Codec
from handlers.conectores.cobol.codec import Escritura
from handlers.conectores.cobol.columnas import COMOS
from handlers.conectores.cobol.columnas import Columna
from handlers.conectores.cobol.copybook import Clase
from handlers.conectores.cobol.copybook import CopybookInvalido
from handlers.conectores.cobol.copybook import Lectura
from handlers.conectores.cobol.copybook import leer
from handlers.conectores.cobol.programa import ERRORES
from handlers.conectores.cobol.programa import SIN_DATOS
from handlers.conectores.cobol.programa import CobolPrograma
from handlers.conectores.cobol.programa import Programa
from records.puertos import Causa

Tabla = dict[str, Any]


class ConfiguracionInvalida(ValueError):
    """The file makes no sense; the text says where."""


def conector(ruta: Path) -> CobolArchivos | CobolPrograma:
    """Raises ConfiguracionInvalida. The data files themselves need not be there yet; copybooks and the program must."""
    try:
        texto = ruta.read_text("utf-8")
        leida = _Seccion("", tomllib.loads(texto))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfiguracionInvalida(f"no se puede leer el archivo {ruta}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfiguracionInvalida(f"{ruta.name} no es TOML: {error}") from error
    try:
        modo = leida.texto("modo", entre=("archivos", "programa"))
        tipos = leida.nombres("tipos") if leida.tiene("tipos") else None
        if modo == "programa":
            hecho: CobolArchivos | CobolPrograma = CobolPrograma(_programa(leida.seccion("programa"), ruta.parent), tipos)
        else:
            archivos = leida.secciones("archivo")
            hecho = CobolArchivos([_origen(seccion, ruta.parent) for seccion in archivos], tipos)
        leida.nada_mas()
    except CopybookInvalido as error:
        raise ConfiguracionInvalida(str(error)) from error
    return hecho


class _Seccion:
    """A table of the file that is read key by key; what nobody asked for is a typing error."""

    def __init__(self, donde: str, tabla: Tabla) -> None:
        self._donde, self._tabla = donde, dict(tabla)

    def tiene(self, clave: str) -> bool:
        return clave in self._tabla

    def falta(self, clave: str, que: str) -> ConfiguracionInvalida:
        return ConfiguracionInvalida(f"{self._donde}{clave}: se espera {que}")

    def texto(self, clave: str, por_defecto: str | None = None, *, entre: tuple[str, ...] = ()) -> str:
        valor = self._tabla.pop(clave, por_defecto)
        if not isinstance(valor, str) or (entre and valor not in entre):
            raise self.falta(clave, " o ".join(f"«{uno}»" for uno in entre) if entre else "un texto")
        return valor

    def entero(self, clave: str, por_defecto: int, entre: tuple[int, int]) -> int:
        valor = self._tabla.pop(clave, por_defecto)
        if type(valor) is not int or not entre[0] <= valor <= entre[1]:
            raise self.falta(clave, f"un número entre {entre[0]} y {entre[1]}")
        return valor

    def si_o_no(self, clave: str) -> bool:
        valor = self._tabla.pop(clave, False)
        if not isinstance(valor, bool):
            raise self.falta(clave, "true o false")
        return valor

    def lista(self, clave: str) -> list[str]:
        valor = self._tabla.pop(clave, [])
        if not isinstance(valor, list) or not all(isinstance(uno, str) for uno in valor):
            raise self.falta(clave, "una lista de textos")
        return valor

    def nombres(self, clave: str) -> dict[str, str]:
        valor = self._tabla.pop(clave, {})
        if not isinstance(valor, dict) or not all(isinstance(uno, str) for uno in valor.values()):
            raise self.falta(clave, "una tabla de textos")
        return valor

    def numeros(self, clave: str) -> dict[str, int]:
        valor = self._tabla.pop(clave, {})
        if not isinstance(valor, dict) or not all(type(uno) is int and uno > 0 for uno in valor.values()):
            raise self.falta(clave, "una tabla de números")
        return valor

    def seccion(self, clave: str, *, obligatoria: bool = True) -> "_Seccion":
        valor = self._tabla.pop(clave, None if obligatoria else {})
        if not isinstance(valor, dict):
            raise self.falta(clave, "una tabla")
        return _Seccion(f"{self._donde}{clave}.", valor)

    def secciones(self, clave: str) -> list["_Seccion"]:
        valor = self._tabla.pop(clave, None)
        if not isinstance(valor, list) or not valor or not all(isinstance(una, dict) for una in valor):
            raise self.falta(clave, f"[[{self._donde}{clave}]], una vez o más")
        return [_Seccion(f"{self._donde}{clave}[{n}].", una) for n, una in enumerate(valor, 1)]

    def resto(self) -> Tabla:
        """All that is left, read by whoever asks."""
        resto, self._tabla = self._tabla, {}
        return resto

    def nada_mas(self) -> None:
        if self._tabla:
            raise ConfiguracionInvalida(f"{self._donde}{next(iter(self._tabla))}: no se conoce")


def _origen(de: _Seccion, carpeta: Path) -> Origen:
    copybook = carpeta / de.texto("copybook")
    try:
        texto = copybook.read_text("latin-1")
    except OSError as error:
        raise de.falta("copybook", f"un archivo que se pueda leer, no {copybook}") from error
    diseno = leer(texto, _lectura(de.seccion("lectura", obligatoria=False)))
    escrito = de.seccion("escritura", obligatoria=False)
    escritura = Escritura(
        pagina=de.texto("pagina"),
        paginas=_en_mayusculas(escrito.nombres("paginas")),
        signo="p-y" if escrito.texto("signo", "letras", entre=("letras", "p-y")) == "p-y" else "letras",
        comp5="little" if escrito.texto("comp5", "big", entre=("big", "little")) == "little" else "big",
    )
    escrito.nada_mas()
    origen = Origen(
        ruta=carpeta / de.texto("ruta"),
        codec=Codec(diseno, escritura),
        tipo_doc=de.texto("tipo_doc"),
        num_doc=de.texto("num_doc"),
        columnas=_columnas_de_campos(de.seccion("columnas")),
        servicio=de.texto("servicio", ""),
        formato="rdw" if de.texto("formato", "fijo", entre=("fijo", "rdw")) == "rdw" else "fijo",
        corte=de.texto("corte", FECHA_DEL_ARCHIVO),
    )
    de.nada_mas()
    for columna in origen.columnas:
        if columna.como == "estado" and not diseno.campo(columna.campo).estados:
            raise ConfiguracionInvalida(f"{columna.campo} no tiene nombres de nivel 88, que la columna {columna.nombre} pide")
        if columna.como == "cifras" and diseno.campo(columna.campo).escala > 0:
            raise ConfiguracionInvalida(f"{columna.campo} tiene decimales, y la columna {columna.nombre} pide cifras")
    if origen.servicio and diseno.campo(origen.servicio).clase is not Clase.TEXTO and diseno.campo(origen.servicio).escala > 0:
        raise ConfiguracionInvalida(f"{origen.servicio} tiene decimales y no puede ser el número de la obligación")
    return origen


def _lectura(de: _Seccion) -> Lectura:
    hecha = Lectura(
        libre=de.si_o_no("libre"),
        registro=de.texto("registro", ""),
        redefine={base: leida.upper() for base, leida in _en_mayusculas(de.nombres("redefine")).items()},
        omitir=frozenset(nombre.upper() for nombre in de.lista("omitir")),
        como_texto=frozenset(nombre.upper() for nombre in de.lista("como_texto")),
        bytes={nombre.upper(): cuantos for nombre, cuantos in de.numeros("bytes").items()},
        desde_un_byte=de.si_o_no("desde_un_byte"),
    )
    de.nada_mas()
    return hecha


def _en_mayusculas(nombres: Mapping[str, str]) -> dict[str, str]:
    return {nombre.upper(): valor for nombre, valor in nombres.items()}


def _columnas_de_campos(de: _Seccion) -> list[Columna]:
    """`column = "FIELD"`, or `column = {campo = "FIELD", como = "fecha"}`."""
    hechas = [
        _columna(nombre, {"campo": valor} if isinstance(valor, str) else valor, de, con_campo=True) for nombre, valor in de.resto().items()
    ]
    if not hechas:
        raise ConfiguracionInvalida("columnas: se espera al menos una")
    return hechas


def _columna(nombre: str, dado: object, de: _Seccion, *, con_campo: bool) -> Columna:
    if not isinstance(dado, dict):
        raise de.falta(nombre, 'el nombre de un campo, o {campo = "CAMPO", como = "fecha"}')
    valor = _Seccion(f"{nombre}.", dado)
    como = COMOS[valor.texto("como", "", entre=tuple(COMOS))]
    columna = Columna(
        nombre,
        valor.texto("campo", None if con_campo else ""),
        como,
        valor.entero("cifras", 0, (0, 38)),
        valor.texto("mascara", ""),
    )
    valor.nada_mas()
    if (como == "cifras") != bool(columna.cifras or "9" in columna.mascara):
        raise valor.falta("cifras", "un número de cifras o una máscara con nueves, con como = «cifras»")
    return columna


def _programa(de: _Seccion, carpeta: Path) -> Programa:
    orden = de.lista("orden")
    if not orden:
        raise de.falta("orden", "la ruta del programa y sus argumentos, en una lista")
    programa = (carpeta / orden[0]).resolve()
    if not programa.is_file():
        raise de.falta("orden", f"un programa que exista, no {programa}")
    columnas = []
    for seccion in de.secciones("columna"):
        dado = seccion.resto()
        columnas.append(_columna(str(dado.pop("nombre", "")), dado, seccion, con_campo=False))
        if not columnas[-1].nombre or columnas[-1].como == "estado":
            raise seccion.falta("nombre", "el nombre de la columna; los estados vienen ya con su nombre")
    errores = de.nombres("errores")
    if malas := set(errores.values()) - {SIN_DATOS, *Causa}:
        raise de.falta("errores", f"{SIN_DATOS} o una causa ({', '.join(Causa)}), no {', '.join(sorted(malas))}")
    hecho = Programa(
        orden=[str(programa), *orden[1:]],
        columnas=columnas,
        pagina=de.texto("pagina", "latin-1", entre=("ascii", "latin-1", "cp1252", "utf-8")),
        errores={**ERRORES, **errores},
        memoria_mb=de.entero("memoria_mb", Programa.memoria_mb, (16, 4096)),
        cpu_s=de.entero("cpu_s", Programa.cpu_s, (1, 60)),
        archivo_mb=de.entero("archivo_mb", Programa.archivo_mb, (0, 1024)),
        descriptores=de.entero("descriptores", Programa.descriptores, (8, 1024)),
        salida_kb=de.entero("salida_kb", Programa.salida_kb, (1, 10_240)),
        largo_numero=de.entero("largo_numero", Programa.largo_numero, (1, 60)),
    )
    de.nada_mas()
    for necesario in (hecho.limitador, hecho.entorno):
        if not Path(necesario).is_file():
            raise ConfiguracionInvalida(f"falta {necesario}, sin el cual el programa correría sin límites")
    return hecho
