"""Which turn systems there are, how each is reached and what it calls our points: the file that
`DIGITURNO_CONFIG` names."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from common.language import joined, kept
from handlers.conectores.digiturno.archivo import Carpeta
from handlers.conectores.digiturno.firma import Firmante, SecretoInvalido
from handlers.conectores.digiturno.red import Red
from handlers.conectores.digiturno.sistema import Adaptador, Nombres, SistemaDeTurnos
from handlers.conectores.digiturno.vista import CONSULTA, Vista, VistaInvalida
from records.base.toml import ConfiguracionInvalida, Seccion, abrir
from records.plazos.reglas.calendario import ZONA
from records.visita.reglas.digiturno import CODIGO, MANUAL, PROPIO, SILENCIO_MIN

COMUNES: Final = {
    "adaptador",
    "nombre",
    "silencio_min",
    "cada_s",
    "puntos",
    "servicios",
    "modulos",
    "asesores",
}
PROPIAS: Final[Mapping[str, set[str]]] = {
    "http": {"secretos", "url", "ficha", "secreto_salida", "autoridades", "certificado"},
    "vista": {"url", "consulta", "posicion", "zona"},
    "archivo": {"carpeta", "zona", "separador", "codigos", "columnas"},
}
CADA: Final = {"http": 60, "vista": 5, "archivo": 300}  #: seconds
MOTIVOS: Final = (
    "servicio_adquirido",
    "informacion_general",
    "estudios_exterior",
    "radicar_documentos",
)


def leer(archivo: Path, credenciales: Path | None = None) -> tuple[SistemaDeTurnos, ...]:
    """Raises ConfiguracionInvalida. Whether anybody answers there is asked later."""
    dicho = abrir(archivo, credenciales)
    dicho.solo("sistemas")
    partes = dicho.seccion("sistemas", obligatoria=False)
    if not partes.tabla:
        raise ConfiguracionInvalida(
            kept("se espera una parte [sistemas.CODIGO] por cada sistema de turnos")
        )
    hechos = [_sistema(codigo, partes.seccion(codigo)) for codigo in partes.tabla]
    usados: dict[str, str] = {}
    for sistema in hechos:
        for punto in sistema.puntos.values():
            if usados.setdefault(punto, sistema.codigo) != sistema.codigo:
                raise ConfiguracionInvalida(
                    kept(
                        "el punto %(p)s está en dos sistemas de turnos: %(p2)s y %(c)s",
                        p=punto,
                        p2=usados[punto],
                        c=sistema.codigo,
                    )
                )
    return tuple(hechos)


def _sistema(codigo: str, de: Seccion) -> SistemaDeTurnos:
    if not CODIGO.fullmatch(codigo) or codigo in (PROPIO, MANUAL):
        raise ConfiguracionInvalida(
            kept(
                "[%(d)s]: el código no sirve: letras minúsculas, números y _, y ni %(p)s ni %(m)s",
                d=de.donde[:-1],
                p=PROPIO,
                m=MANUAL,
            )
        )
    clase = de.texto("adaptador", entre=tuple(PROPIAS))
    de.solo(*COMUNES, *PROPIAS[clase])
    puntos = de.nombres("puntos")
    if not puntos:
        raise de.falta("puntos", kept("cómo llama el sistema a cada punto, y su código aquí"))
    servicios = de.nombres("servicios")
    if otros := set(servicios.values()) - set(MOTIVOS):
        raise de.falta(
            "servicios", kept("%(m)s, no %(o)s", m=", ".join(MOTIVOS), o=", ".join(sorted(otros)))
        )
    segundos = de.entero("cada_s", CADA[clase], (1, 86_400))
    adaptador, firmante = _hacer(clase, de)
    sin_pregunta = isinstance(adaptador, Red) and not adaptador.pregunta
    return SistemaDeTurnos(
        codigo=codigo,
        nombre=de.texto("nombre") if de.tiene("nombre") else codigo,
        adaptador=adaptador,
        nombres=Nombres(puntos, servicios, de.nombres("modulos"), de.nombres("asesores")),
        firmante=firmante,
        silencio=dt.timedelta(minutes=de.entero("silencio_min", SILENCIO_MIN, (1, 1440))),
        cada=None if sin_pregunta else dt.timedelta(seconds=segundos),
    )


def _hacer(clase: str, de: Seccion) -> tuple[Adaptador, Firmante | None]:
    if clase == "http":
        archivos = de.lista("secretos")
        if not archivos:
            raise de.falta(
                "secretos", kept("la lista de los archivos con los secretos con los que firma")
            )
        firmante = _firmante(de, "secretos", archivos)
        return Red(
            url=de.url("url", kept("del sistema, como https://turnos.entidad.gov.co/api"))
            if de.tiene("url")
            else "",
            ficha=de.secreto("ficha") if de.tiene("ficha") else "",
            firmante=_firmante(de, "secreto_salida", [de.texto("secreto_salida")])
            if de.tiene("secreto_salida")
            else None,
            autoridades=de.autoridades(),
            certificado=de.certificado(),
            archivo=de.lugar("ficha", de.texto("ficha")) if de.tiene("ficha") else None,
        ), firmante
    if clase == "vista":
        try:
            return Vista(
                de.texto("url"),
                de.texto("consulta", CONSULTA),
                de.texto("posicion", "numero"),
                _zona(de),
            ), None
        except VistaInvalida as error:
            raise ConfiguracionInvalida(joined(" ", (f"[{de.donde[:-1]}]", error))) from error
    separador, codigos = de.texto("separador", ","), de.texto("codigos", "utf-8-sig")
    if len(separador) != 1:
        raise de.falta("separador", kept("un solo signo"))
    try:
        "ñ".encode(codigos)
    except (LookupError, ValueError) as error:
        raise de.falta("codigos", kept("una página de códigos, no «%(c)s»", c=codigos)) from error
    return Carpeta(de.ruta("carpeta"), de.nombres("columnas"), _zona(de), separador, codigos), None


def _firmante(de: Seccion, clave: str, dichos: Sequence[str]) -> Firmante:
    try:
        return Firmante(
            [de.secreto_de(clave, dicho) for dicho in dichos],
            [de.lugar(clave, dicho) for dicho in dichos],
        )
    except SecretoInvalido as error:
        raise ConfiguracionInvalida(joined(": ", (de.donde + clave, error))) from error


def _zona(de: Seccion) -> dt.tzinfo:
    """Of the vendor's system; the agency's, when it says none."""
    nombre = de.texto("zona", "")
    try:
        return ZoneInfo(nombre) if nombre else ZONA
    except (ValueError, OSError, KeyError) as error:
        raise de.falta("zona", kept("una zona horaria, no «%(n)s»", n=nombre)) from error
