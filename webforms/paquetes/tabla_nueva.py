"""A decision table from nothing: one condition, one result, and a rule for everything else."""

import keyword
import re
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import MODELA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.paquetes import lectura
from webforms.paquetes.celdas import NUMEROS, leer_resultado
from webforms.paquetes.edicion import guardar_borrador
from webforms.paquetes.modelo import nombre_valido
from webforms.paquetes.paquetes import tomar_en

rutas = Rutas()

TIPOS: Final[Mapping[str, Any]] = {
    "string": _l("Texto, o una de varias opciones"),
    "integer": _l("Número entero"),
    "number": _l("Número"),
    "boolean": _l("Sí o no"),
}
CAMPOS: Final = (
    "nombre",
    "archivo",
    "entrada_nombre",
    "entrada_variable",
    "entrada_tipo",
    "salida_nombre",
    "salida_variable",
    "salida_tipo",
)
VARIABLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
RESERVADAS: Final = frozenset({*keyword.kwlist, "true", "false", "null"})  #: of the expressions
#: letters that a cell may have, and that come back to whoever typed more
LARGO, MAX_ESCRITO = 120, 2_000
VERDAD: Final[Mapping[str, str]] = {
    "sí": "true",
    "si": "true",
    "true": "true",
    "no": "false",
    "false": "false",
}
_TABLA: Final = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="{clave}_def" name={nombre} namespace="urn:ventanilla:{clave}">
  <decision id="{clave}" name={nombre}>
    <decisionTable id="{clave}_tabla" hitPolicy="UNIQUE">
      <input id="{clave}_entrada" label={que}>
        <inputExpression id="{clave}_entrada_e" typeRef="{tipo}"><text>{variable}</text></inputExpression>
      </input>
      <output id="{clave}_salida" label={resulta} name="{salida}" typeRef="{de_salida}"/>
      <rule id="{clave}_demas">
        <inputEntry id="{clave}_demas_e"><text>-</text></inputEntry>
        <outputEntry id="{clave}_demas_s"><text>{demas}</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"""


def tabla_vacia(dicho: Mapping[str, str], demas: str) -> bytes:
    """`dicho`: the fields of the page; `demas`: the cell of the result for everything else, as a
    table writes it."""
    return _TABLA.format(
        clave=dicho["archivo"],
        nombre=quoteattr(dicho["nombre"]),
        que=quoteattr(dicho["entrada_nombre"]),
        variable=dicho["entrada_variable"],
        tipo=dicho["entrada_tipo"],
        resulta=quoteattr(dicho["salida_nombre"]),
        salida=dicho["salida_variable"],
        de_salida=dicho["salida_tipo"],
        demas=escape(demas),
    ).encode()


def celda_de(valor: str, tipo: str) -> str | None:
    """What somebody wrote as the result, as a cell says it; None: it is none of this type."""
    if tipo == "boolean":
        return VERDAD.get(valor.casefold())
    if tipo in NUMEROS:
        numero = valor.replace(",", ".")
        entero = tipo == "number" or "." not in numero
        return numero if entero and numero and not leer_resultado(numero, tipo).escrita else None
    return f'"{valor}"' if valor and '"' not in valor and "\\" not in valor else None


@rutas.get(
    "/procesos/nueva-tabla",
    para=MODELA,
    ayuda=Ayuda(
        _l("Aquí empieza una tabla de decisión; sus reglas se escriben después."), ANALISTA
    ),
    menu=Entrada(Grupo.AJUSTES, _l("Tabla nueva")),
)
def nueva_tabla() -> ResponseReturnValue:
    dicho = {
        **dict.fromkeys(CAMPOS, ""),
        "entrada_tipo": "string",
        "salida_tipo": "string",
        "demas": "",
    }
    return _pagina(dicho, request.args.get("paquete", ""))


def _pagina(dicho: Mapping[str, str], de_paquete: str, error: str = "") -> ResponseReturnValue:
    valores = {"dicho": dicho, "tipos": TIPOS, "error": error, "de_paquete": de_paquete}
    return render_template("paquetes/nueva_tabla.html", **valores), 422 if error else 200


@rutas.post("/procesos/nueva-tabla", para=MODELA, haria=_l("Crear una tabla de decisión"))
def crear_tabla() -> ResponseReturnValue:
    dicho = {
        campo: " ".join(str(limpiar(request.form.get(campo, ""))).split())[:MAX_ESCRITO]
        for campo in (*CAMPOS, "demas")
    }
    dicho["archivo"] = dicho["archivo"].removesuffix(".dmn")
    archivo, de_paquete = f"{dicho['archivo']}.dmn", request.form.get("paquete", "")
    demas = celda_de(dicho["demas"], dicho["salida_tipo"])
    if error := _falta(dicho, archivo, demas):
        return _pagina(dicho, de_paquete, error)
    if de_paquete and not tomar_en(de_paquete, archivo):
        error = _(
            "Los textos del procedimiento tienen errores y escribirlos perdería algo. Primero corríjalos en «Textos»."
        )
        return _pagina(dicho, de_paquete, error)
    guardar_borrador(archivo, tabla_vacia(dicho, demas or ""), None)
    return redirect(url_for("procesos.editar", archivo=archivo))


def _falta(dicho: Mapping[str, str], archivo: str, demas: str | None) -> str:
    if not (dicho["nombre"] and dicho["entrada_nombre"] and dicho["salida_nombre"]):
        return str(_("Escriba el nombre de la tabla, el de lo que se mira y el de lo que resulta."))
    if largo := next((valor for valor in dicho.values() if len(valor) > LARGO), ""):
        return str(_("«%(v)s…» tiene más de %(n)s letras: acórtelo.", v=largo[:40], n=LARGO))
    if not nombre_valido(archivo) or VARIABLE.fullmatch(dicho["archivo"]) is None:
        return str(
            _("La clave lleva letras sin tilde, números y guion bajo, y empieza por una letra.")
        )
    if any(VARIABLE.fullmatch(dicho[de]) is None for de in ("entrada_variable", "salida_variable")):
        return str(
            _("Una variable lleva letras sin tilde, números y guion bajo, y empieza por una letra.")
        )
    if reservada := next(
        (
            v
            for v in map(dicho.get, ("archivo", "entrada_variable", "salida_variable"))
            if v in RESERVADAS
        ),
        "",
    ):
        return str(
            _("«%(v)s» ya significa algo en las expresiones: elija otro nombre.", v=reservada)
        )
    if dicho["entrada_tipo"] not in TIPOS or dicho["salida_tipo"] not in TIPOS:
        return str(_("Elija de qué tipo es cada columna."))
    if demas is None:
        return str(
            _(
                "El resultado para todo lo demás no es de su tipo: escriba un texto sin comillas, un número, o sí o no."
            )
        )
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        ocupado = (hoy is not None and archivo in hoy.archivos) or lectura.borrador(
            session, actor_actual().id, archivo
        ) is not None
    return str(_("Ya hay una tabla con esa clave. Elija otra.")) if ocupado else ""
