"""The texts of a procedure, written on a page: what the manifest says, row by row, and the other
texts of its folder."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from records.paquetes.reglas import paquete as reglas
from records.paquetes.reglas.paquete import Actividad, Definicion, Falta, Lista, Paquete
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.quienes import MODELA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.paquetes import hojas
from webforms.paquetes.edicion import OtroBorrador, guardar_borrador, sello
from webforms.paquetes.faltas import frases
from webforms.paquetes.hojas import Hoja
from webforms.paquetes.manifiesto import escrito

rutas = Rutas()

SUELTOS: Final = {
    "nombre": _l("Nombre"),
    "escrito": _l("Procedimiento escrito"),
    "dueno": _l("Dueño"),
    "objetivo": _l("Objetivo"),
    "alcance": _l("Alcance"),
}
LARGOS: Final = frozenset({"objetivo", "alcance", "texto", "valores"})
SEPARA: Final = " · "  # between what an element is called and its id


@dataclass(frozen=True, slots=True)
class Columna:
    clave: str
    rotulo: object


@dataclass(frozen=True, slots=True)
class Tabla:
    """Rows of one kind: how they are called, and what each says."""

    clave: str
    titulo: object
    una: object  #: how one row is called
    columnas: tuple[Columna, ...]


_N, _TEXTO, _QUIEN = (
    Columna("n", _l("N.º")),
    Columna("texto", _l("Texto")),
    Columna("quien", _l("Quién")),
)
_EN = Columna("elementos", _l("En el diagrama"))
TABLAS: Final = (
    Tabla(
        "definicion",
        _l("Definiciones"),
        _l("Definición"),
        (Columna("termino", _l("Término")), _TEXTO),
    ),
    Tabla("condicion", _l("Condiciones generales"), _l("Condición"), (_N, _TEXTO, _EN)),
    Tabla("actividad", _l("Actividades"), _l("Actividad"), (_N, _QUIEN, _TEXTO, _EN)),
    Tabla("control", _l("Controles"), _l("Control"), (_N, _QUIEN, _TEXTO, _EN)),
    Tabla(
        "lista",
        _l("Listas de lugares"),
        _l("Lista"),
        (
            Columna("codigo", _l("Código")),
            Columna("nombre", _l("Nombre")),
            Columna("variable", _l("Variable que la nombra en los carriles")),
            Columna("valores", _l("Lugares, uno por línea: código = nombre")),
        ),
    ),
)


@dataclass(slots=True)
class Fila:
    """A row as it was typed: a text for each column, the elements that it has already, and one more
    that was typed."""

    dichos: dict[str, str]
    elementos: list[str] = field(default_factory=list)
    mas: str = ""

    @property
    def vacia(self) -> bool:
        return not (any(self.dichos.values()) or self.elementos or self.mas)


@dataclass(slots=True)
class Escrito:
    """The page as it stands."""

    sueltos: dict[str, str]
    modelos: list[str]
    filas: dict[str, list[Fila]]


def del_paquete(paquete: Paquete) -> Escrito:
    return Escrito(
        {clave: getattr(paquete, clave) for clave in SUELTOS},
        list(paquete.modelos),
        {
            "definicion": [
                Fila({"termino": d.termino, "texto": d.texto}) for d in paquete.definiciones
            ],
            "condicion": [
                Fila({"n": a.n, "texto": a.texto}, list(a.elementos)) for a in paquete.condiciones
            ],
            "actividad": [_de_actividad(a) for a in paquete.actividades],
            "control": [_de_actividad(a) for a in paquete.controles],
            "lista": [
                Fila(
                    {
                        "codigo": x.codigo,
                        "nombre": x.nombre,
                        "variable": x.variable,
                        "valores": _en_lineas(x.valores),
                    }
                )
                for x in paquete.listas
            ],
        },
    )


def _de_actividad(a: Actividad) -> Fila:
    return Fila({"n": a.n, "quien": a.quien, "texto": a.texto}, list(a.elementos))


def _en_lineas(valores: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{codigo} = {nombre}" for codigo, nombre in valores)


def enviado() -> Escrito:
    """What came with the form, without the rows that say nothing."""
    dicho = request.form
    filas: dict[str, list[Fila]] = {}
    for tabla in TABLAS:
        leidas = (_fila(tabla, n) for n in _numeros(tabla, dicho))
        filas[tabla.clave] = [fila for fila in leidas if not fila.vacia]
    sueltos = {clave: limpiar(dicho.get(clave, "")) for clave in SUELTOS}
    return Escrito(sueltos, [limpiar(nombre) for nombre in dicho.getlist("modelos")], filas)


def _numeros(tabla: Tabla, dicho: Iterable[str]) -> list[int]:
    """Of all its rows; that they are too many is a fault of the manifest, and is said."""
    una = re.compile(rf"{tabla.clave}-([0-9]{{1,5}})-{tabla.columnas[0].clave}")
    return sorted(
        {int(hallado[1]) for clave in dicho if (hallado := una.fullmatch(clave)) is not None}
    )


def _fila(tabla: Tabla, n: int) -> Fila:
    def dicho(clave: str) -> str:
        return str(limpiar(request.form.get(f"{tabla.clave}-{n}-{clave}", "")))

    textos = {c.clave: dicho(c.clave) for c in tabla.columnas if c is not _EN}
    suyos = [limpiar(id_) for id_ in request.form.getlist(f"{tabla.clave}-{n}-elementos")]
    return Fila(textos, suyos, dicho("mas"))


class Nombrados:
    """The elements of the diagrams as people write them: name and id, the id, or a name that only
    one has."""

    def __init__(self, hoja: Hoja) -> None:
        self.llamados = {
            e.id: " ".join(rotulo(e.name or e.id).split()) for e in hojas.elementos(hoja).values()
        }

    @property
    def ofrecidos(self) -> list[str]:
        return sorted(
            (f"{nombre}{SEPARA}{id_}" for id_, nombre in self.llamados.items()), key=str.casefold
        )

    def id_de(self, dicho: str) -> str | None:
        for id_ in (dicho, dicho.rpartition(SEPARA)[2].strip()):
            if id_ in self.llamados:
                return id_
        suyos = [
            id_ for id_, nombre in self.llamados.items() if nombre.casefold() == dicho.casefold()
        ]
        return suyos[0] if len(suyos) == 1 else None


@dataclass(frozen=True, slots=True)
class Error:
    """Where on the page something is wrong, and what."""

    ancla: str
    frase: str


def a_paquete(hoja: Hoja, dicho: Escrito, nombrados: Nombrados) -> tuple[Paquete, list[Error]]:
    """The package that was written, and what could not be understood."""
    errores: list[Error] = []
    for tabla in TABLAS:
        for n, fila in enumerate(dicho.filas[tabla.clave], 1):
            errores += _tomar_mas(f"{tabla.clave}-{n}", fila, nombrados)
    listas: list[Lista] = []
    for n, fila in enumerate(dicho.filas["lista"], 1):
        valores, mal = _valores(fila.dichos["valores"])
        errores += [Error(f"lista-{n}-valores", linea) for linea in mal]
        listas.append(
            Lista(fila.dichos["codigo"], fila.dichos["nombre"], fila.dichos["variable"], valores)
        )
    paquete = replace(
        hoja.paquete,
        nombre=dicho.sueltos["nombre"],
        escrito=dicho.sueltos["escrito"],
        dueno=dicho.sueltos["dueno"],
        objetivo=dicho.sueltos["objetivo"],
        alcance=dicho.sueltos["alcance"],
        modelos=tuple(dicho.modelos),
        definiciones=tuple(Definicion(**fila.dichos) for fila in dicho.filas["definicion"]),
        condiciones=_actividades(dicho.filas["condicion"]),
        actividades=_actividades(dicho.filas["actividad"]),
        controles=_actividades(dicho.filas["control"]),
        listas=tuple(listas),
    )
    return paquete, errores


def _actividades(filas: Sequence[Fila]) -> tuple[Actividad, ...]:
    return tuple(Actividad(**fila.dichos, elementos=tuple(fila.elementos)) for fila in filas)


def _tomar_mas(donde: str, fila: Fila, nombrados: Nombrados) -> Iterator[Error]:
    """The element that was typed joins the others of its row."""
    if not fila.mas:
        return
    hallado = nombrados.id_de(fila.mas)
    if hallado is None:
        yield Error(
            f"{donde}-mas",
            _("«%(e)s» no es un elemento de los diagramas de este procedimiento.", e=fila.mas[:80]),
        )
        return
    fila.elementos = list(dict.fromkeys([*fila.elementos, hallado]))
    fila.mas = ""


def _valores(texto: str) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    valores: dict[str, str] = {}
    mal = []
    for n, linea in enumerate(texto.split("\n"), 1):
        codigo, igual, nombre = (parte.strip() for parte in linea.partition("="))
        if not linea.strip():
            continue
        if not igual or not codigo or not nombre:
            mal.append(_("Línea %(n)s: escriba código = nombre.", n=n))
        elif codigo in valores:
            mal.append(_("Línea %(n)s: el código «%(c)s» ya está arriba.", n=n, c=codigo[:40]))
        valores[codigo] = nombre
    return tuple(valores.items()), mal


def _de_falta(falta: Falta) -> Error:
    """ "actividad 3.texto" → the control of the third row."""
    donde, _punto, clave = falta.donde.partition(".")
    tabla, _espacio, n = donde.partition(" ")
    de_tabla = next((t for t in TABLAS if t.clave == tabla), None)
    frase = frases([replace(falta, donde="")])[0]
    if de_tabla is None:
        return Error(donde or "nombre", f"{SUELTOS[donde]}: {frase}" if donde in SUELTOS else frase)
    if not n:
        return Error(f"t-{tabla}", f"{de_tabla.titulo}: {frase}")
    columna = clave.partition(".")[0] or de_tabla.columnas[0].clave
    return Error(f"{tabla}-{n}-{columna}", f"{de_tabla.una} {n}: {frase}")


# --- the page -------------------------------------------------------------------------------------
@rutas.get(
    "/procedimientos/<codigo>/textos",
    para=MODELA,
    ayuda=Ayuda(
        _l(
            "Los textos del procedimiento escrito: objetivo, alcance, definiciones, actividades, controles."
        ),
        ANALISTA,
    ),
)
def textos(codigo: str) -> ResponseReturnValue:
    hoja = _hoja(codigo)
    return _pagina(hoja, del_paquete(hoja.paquete))


def _hoja(codigo: str) -> Hoja:
    with servicios().uow.reading() as session:
        return hojas.abrir(session, codigo)


@rutas.post(
    "/procedimientos/<codigo>/textos",
    para=MODELA,
    haria=_l("Guardar los textos de un procedimiento en su borrador"),
)
def guardar_textos(codigo: str) -> ResponseReturnValue:
    """A manifest with faults is not kept: the package would not be found by it. What was typed
    stays on the page."""
    hoja, dicho = _hoja(codigo), enviado()
    visto, nombrados = request.form.get("visto", ""), Nombrados(hoja)
    paquete, errores = a_paquete(hoja, dicho, nombrados)
    orden, _separador, cual = request.form.get("accion", "").partition(":")
    if orden == "fila" and cual in dicho.filas:
        return _pagina(hoja, dicho, visto=visto, abre=cual)
    archivo = f"{codigo}/{reglas.MANIFIESTO}"
    contenido = escrito(paquete)
    if not errores:
        errores = [
            _de_falta(f) for f in reglas.leer(codigo, {**hoja.archivos, archivo: contenido})[1]
        ]
    if errores:
        return _pagina(hoja, dicho, visto=visto, errores=errores, codigo=422)
    try:
        guardar_borrador(archivo, contenido, visto)
    except OtroBorrador as otro:
        aviso = _(
            "Usted guardó estos textos en otra pestaña. Aquí sigue lo que escribió: si guarda otra vez, reemplaza a los otros."
        )
        return _pagina(hoja, dicho, visto=sello(otro.guardado), aviso=aviso, codigo=409)
    flash(_("Los textos quedaron en su borrador. Entran en vigor con el procedimiento."), "verde")
    return redirect(url_for("procesos.paquete", codigo=codigo))


def _pagina(
    hoja: Hoja,
    dicho: Escrito,
    *,
    visto: str | None = None,
    errores: Sequence[Error] = (),
    aviso: str = "",
    abre: str = "",
    codigo: int = 200,
) -> ResponseReturnValue:
    archivo = f"{hoja.codigo}/{reglas.MANIFIESTO}"
    guardado, nombrados = hoja.borradores.get(archivo), Nombrados(hoja)
    return (
        render_template(
            "paquetes/textos.html",
            paquete=hoja.paquete,
            codigo=hoja.codigo,
            dicho=dicho,
            sueltos=SUELTOS,
            largos=LARGOS,
            tablas=TABLAS,
            modelos=[*dict.fromkeys([*hoja.paquete.modelos, *hoja.sueltos])],
            nombrados=nombrados,
            borrador=guardado,
            pieza=archivo,
            visto=sello(guardado) if visto is None else visto,
            errores=errores,
            mal=_por_ancla(errores),
            aviso=aviso,
            abre=abre,
        ),
        codigo,
    )


def _por_ancla(errores: Sequence[Error]) -> Mapping[str, str]:
    return {e.ancla: e.frase for e in reversed(errores)}


# --- the other texts of the folder ----------------------------------------------------------------
@rutas.get(
    "/procedimientos/<codigo>/piezas/nueva",
    para=MODELA,
    ayuda=Ayuda(
        _l("Aquí agrega otro texto del procedimiento: un escenario o una traducción."), ANALISTA
    ),
)
def nueva_pieza(codigo: str) -> ResponseReturnValue:
    return _pagina_de_pieza(_hoja(codigo), "", "", es_nueva=True)


@rutas.get(
    "/procedimientos/<codigo>/piezas/<path:ruta>",
    para=MODELA,
    ayuda=Ayuda(_l("Un texto del procedimiento, como quedó y como lo cambia."), ANALISTA),
)
def pieza(codigo: str, ruta: str) -> ResponseReturnValue:
    """Manifest and letters have pages of their own."""
    hoja = _hoja(codigo)
    contenido = hoja.texto(f"{codigo}/{ruta}")
    if contenido is None or ruta == reglas.MANIFIESTO:
        abort(404)
    return _pagina_de_pieza(hoja, ruta, contenido)


@rutas.post(
    "/procedimientos/<codigo>/piezas/nueva",
    para=MODELA,
    haria=_l("Agregar un texto a un procedimiento"),
)
def crear_pieza(codigo: str) -> ResponseReturnValue:
    hoja, ruta = (
        _hoja(codigo),
        str(limpiar(request.form.get("ruta", ""))).removeprefix(f"{codigo}/"),
    )
    if f"{codigo}/{ruta}" in hoja.archivos:
        error = _("Ya hay un texto con ese nombre en este procedimiento.")
        return _pagina_de_pieza(hoja, ruta, _contenido(), es_nueva=True, error=error, codigo=422)
    return _guardar_pieza(hoja, ruta, es_nueva=True)


@rutas.post(
    "/procedimientos/<codigo>/piezas/<path:ruta>",
    para=MODELA,
    haria=_l("Guardar un texto de un procedimiento en su borrador"),
)
def guardar_pieza(codigo: str, ruta: str) -> ResponseReturnValue:
    hoja = _hoja(codigo)
    if f"{codigo}/{ruta}" not in hoja.archivos or ruta == reglas.MANIFIESTO:
        abort(404)
    return _guardar_pieza(hoja, ruta)


def _contenido() -> str:
    return str(limpiar(request.form.get("contenido", "")))


def _guardar_pieza(hoja: Hoja, ruta: str, *, es_nueva: bool = False) -> ResponseReturnValue:
    nombre, contenido = f"{hoja.codigo}/{ruta}", _contenido()
    hallados = (
        hojas.revisar_pieza(hoja, nombre, f"{contenido}\n".encode())
        if ruta.endswith(reglas.TEXTOS)
        else []
    )
    if not ruta.endswith(reglas.TEXTOS) or ruta == reglas.MANIFIESTO:
        error = _(
            "El nombre lleva su carpeta y termina en .toml, .txt, .md o .csv, por ejemplo listas/tarifas.csv."
        )
    else:
        error = next((h.frase for h in hallados if h.gravedad == "error"), "")
    visto = request.form.get("visto", "")
    if error:
        return _pagina_de_pieza(
            hoja, ruta, contenido, es_nueva=es_nueva, error=error, visto=visto, codigo=422
        )
    try:
        guardar_borrador(nombre, f"{contenido}\n".encode(), visto)
    except OtroBorrador as otro:
        aviso = _(
            "Usted guardó este texto en otra pestaña. Aquí sigue lo que escribió: si guarda otra vez, reemplaza al otro."
        )
        return _pagina_de_pieza(
            hoja, ruta, contenido, visto=sello(otro.guardado), aviso=aviso, codigo=409
        )
    flash(_("El texto quedó en su borrador. Entra en vigor con el procedimiento."), "verde")
    return redirect(url_for("procesos.pieza", codigo=hoja.codigo, ruta=ruta))


def _pagina_de_pieza(
    hoja: Hoja,
    ruta: str,
    contenido: str,
    *,
    es_nueva: bool = False,
    error: str = "",
    aviso: str = "",
    visto: str | None = None,
    codigo: int = 200,
) -> ResponseReturnValue:
    guardada = hoja.borradores.get(f"{hoja.codigo}/{ruta}")
    return (
        render_template(
            "paquetes/pieza.html",
            paquete=hoja.paquete,
            codigo=hoja.codigo,
            ruta=ruta,
            contenido=contenido,
            es_nueva=es_nueva,
            borrador=guardada,
            visto=sello(guardada) if visto is None else visto,
            error=error,
            aviso=aviso,
        ),
        codigo,
    )


@rutas.post(
    "/procedimientos/<codigo>/descartar", para=MODELA, haria=_l("Descartar su borrador de un texto")
)
def descartar_pieza(codigo: str) -> ResponseReturnValue:
    """A draft of one text; the manifest of a package that was never in force stays: its pieces are
    found by it."""
    hoja, nombre = _hoja(codigo), request.form.get("pieza", "")
    es_unico = nombre == f"{codigo}/{reglas.MANIFIESTO}" and nombre not in hoja.en_vigor
    if not nombre.startswith(f"{codigo}/") or nombre not in hoja.borradores or es_unico:
        flash(_("No hay un borrador suyo de esa pieza. No se cambió nada."), "ambar")
    else:
        servicios().engine.releases.drop_draft(nombre, actor=actor_actual())
        flash(_("Se descartó su borrador de %(archivo)s.", archivo=nombre), "verde")
    return redirect(url_for("procesos.paquete", codigo=codigo))
