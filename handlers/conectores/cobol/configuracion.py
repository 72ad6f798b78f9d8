"""The configuration of COBOL: a TOML file that says which files or which program, and what their
fields are on the screen."""

from collections.abc import Mapping
from pathlib import Path

from common.language import kept
from handlers.conectores.cobol.archivo import FECHA_DEL_ARCHIVO, CobolArchivos, Origen
from handlers.conectores.cobol.codec import Codec, Escritura
from handlers.conectores.cobol.columnas import COMOS, Columna
from handlers.conectores.cobol.copybook import Clase, CopybookInvalido, Lectura, leer
from handlers.conectores.cobol.programa import ERRORES, SIN_DATOS, CobolPrograma, Programa
from records.base.toml import ConfiguracionInvalida, Seccion, abrir
from records.sistemas.puertos import Causa


def conector(ruta: Path) -> CobolArchivos | CobolPrograma:
    """Raises ConfiguracionInvalida. The data files themselves need not be there yet; copybooks and
    the program must."""
    leida = abrir(ruta)
    modo = leida.texto("modo", entre=("archivos", "programa"))
    tipos = leida.nombres("tipos") if leida.tiene("tipos") else None
    try:
        if modo == "programa":
            hecho: CobolArchivos | CobolPrograma = CobolPrograma(
                _programa(leida.seccion("programa")), tipos
            )
        else:
            hecho = CobolArchivos(
                [_origen(seccion) for seccion in leida.secciones("archivo")], tipos
            )
    except CopybookInvalido as error:
        raise ConfiguracionInvalida(str(error)) from error
    leida.solo("modo", "tipos", "programa" if modo == "programa" else "archivo")
    return hecho


def _origen(de: Seccion) -> Origen:
    de.solo(
        "ruta",
        "copybook",
        "formato",
        "pagina",
        "corte",
        "tipo_doc",
        "num_doc",
        "servicio",
        "columnas",
        "lectura",
        "escritura",
    )
    copybook = de.ruta("copybook")
    try:
        texto = copybook.read_text("latin-1")
    except OSError as error:
        raise de.falta(
            "copybook", kept("un archivo que se pueda leer, no %(c)s", c=copybook)
        ) from error
    diseno = leer(texto, _lectura(de.seccion("lectura", obligatoria=False)))
    escrito = de.seccion("escritura", obligatoria=False)
    escrito.solo("paginas", "signo", "comp5")
    escritura = Escritura(
        pagina=de.texto("pagina"),
        paginas=_en_mayusculas(escrito.nombres("paginas")),
        signo="p-y"
        if escrito.texto("signo", "letras", entre=("letras", "p-y")) == "p-y"
        else "letras",
        comp5="little"
        if escrito.texto("comp5", "big", entre=("big", "little")) == "little"
        else "big",
    )
    origen = Origen(
        ruta=de.ruta("ruta"),
        codec=Codec(diseno, escritura),
        tipo_doc=de.texto("tipo_doc"),
        num_doc=de.texto("num_doc"),
        columnas=_columnas_de_campos(de.seccion("columnas")),
        servicio=de.texto("servicio", ""),
        formato="rdw" if de.texto("formato", "fijo", entre=("fijo", "rdw")) == "rdw" else "fijo",
        corte=de.texto("corte", FECHA_DEL_ARCHIVO),
    )
    for columna in origen.columnas:
        if columna.como == "estado" and not diseno.campo(columna.campo).estados:
            raise ConfiguracionInvalida(
                kept(
                    "%(c)s no tiene nombres de nivel 88, que la columna %(n)s pide",
                    c=columna.campo,
                    n=columna.nombre,
                )
            )
        if columna.como == "cifras" and diseno.campo(columna.campo).escala > 0:
            raise ConfiguracionInvalida(
                kept(
                    "%(c)s tiene decimales, y la columna %(n)s pide cifras",
                    c=columna.campo,
                    n=columna.nombre,
                )
            )
    if (
        origen.servicio
        and diseno.campo(origen.servicio).clase is not Clase.TEXTO
        and diseno.campo(origen.servicio).escala > 0
    ):
        raise ConfiguracionInvalida(
            kept(
                "%(s)s tiene decimales y no puede ser el número de la obligación", s=origen.servicio
            )
        )
    return origen


def _lectura(de: Seccion) -> Lectura:
    de.solo("libre", "registro", "redefine", "omitir", "como_texto", "bytes", "desde_un_byte")
    return Lectura(
        libre=de.si_o_no("libre"),
        registro=de.texto("registro", ""),
        redefine={
            base: leida.upper() for base, leida in _en_mayusculas(de.nombres("redefine")).items()
        },
        omitir=frozenset(nombre.upper() for nombre in de.lista("omitir")),
        como_texto=frozenset(nombre.upper() for nombre in de.lista("como_texto")),
        bytes={nombre.upper(): cuantos for nombre, cuantos in de.numeros("bytes").items()},
        desde_un_byte=de.si_o_no("desde_un_byte"),
    )


def _en_mayusculas(nombres: Mapping[str, str]) -> dict[str, str]:
    return {nombre.upper(): valor for nombre, valor in nombres.items()}


def _columnas_de_campos(de: Seccion) -> list[Columna]:
    """`column = "FIELD"`, or `column = {campo = "FIELD", como = "fecha"}`."""
    hechas = [
        _columna(nombre, {"campo": valor} if isinstance(valor, str) else valor, de, con_campo=True)
        for nombre, valor in de.tabla.items()
    ]
    if not hechas:
        raise ConfiguracionInvalida(kept("columnas: se espera al menos una"))
    return hechas


def _columna(nombre: str, dado: object, de: Seccion, *, con_campo: bool) -> Columna:
    if not isinstance(dado, dict):
        raise de.falta(nombre, kept('el nombre de un campo, o {campo = "CAMPO", como = "fecha"}'))
    valor = Seccion(dado, de.carpeta, f"{nombre}.")
    valor.solo("campo", "como", "cifras", "mascara")
    como = COMOS[valor.texto("como", "", entre=tuple(COMOS))]
    columna = Columna(
        nombre,
        valor.texto("campo", None if con_campo else ""),
        como,
        valor.entero("cifras", 0, (0, 38)),
        valor.texto("mascara", ""),
    )
    if (como == "cifras") != bool(columna.cifras or "9" in columna.mascara):
        raise valor.falta(
            "cifras", kept("un número de cifras o una máscara con nueves, con como = «cifras»")
        )
    return columna


def _programa(de: Seccion) -> Programa:
    de.solo(
        "orden",
        "columna",
        "pagina",
        "errores",
        "memoria_mb",
        "cpu_s",
        "archivo_mb",
        "descriptores",
        "salida_kb",
        "largo_numero",
    )
    orden = de.lista("orden")
    if not orden:
        raise de.falta("orden", kept("la ruta del programa y sus argumentos, en una lista"))
    programa = de.carpeta / orden[0]
    try:
        programa = programa.resolve()
        existe = programa.is_file()
    except (OSError, RuntimeError):  # closed to this account, or links that lead to each other
        existe = False
    if not existe:
        raise de.falta("orden", kept("un programa que exista, no %(p)s", p=programa))
    columnas = []
    for seccion in de.secciones("columna"):
        dado = dict(seccion.tabla)
        columnas.append(_columna(str(dado.pop("nombre", "")), dado, seccion, con_campo=False))
        if not columnas[-1].nombre or columnas[-1].como == "estado":
            raise seccion.falta(
                "nombre", kept("el nombre de la columna; los estados vienen ya con su nombre")
            )
    errores = de.nombres("errores")
    if malas := set(errores.values()) - {SIN_DATOS, *Causa}:
        raise de.falta(
            "errores",
            kept(
                "%(s)s o una causa (%(c)s), no %(m)s",
                s=SIN_DATOS,
                c=", ".join(Causa),
                m=", ".join(sorted(malas)),
            ),
        )
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
    for necesario in (hecho.limitador, hecho.entorno):
        if not Path(necesario).is_file():
            raise ConfiguracionInvalida(
                kept("falta %(n)s, sin el cual el programa correría sin límites", n=necesario)
            )
    return hecho
