"""Many cases of one process from a list: looked at line by line, begun only when all are right; the
same line begins nothing twice."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.errors import InvalidValues
from engine.types import FieldSpec, Started
from records.base.errores import Rechazo
from records.casos import registro
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.quienes import PERSONA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.casos.cabecera import puede_ver
from webforms.documentos import planillas
from webforms.documentos.planillas import NoEsPlanilla
from webforms.iniciar.paginas import tramite_de
from webforms.tareas import tramites
from webforms.tareas.rechazos import lo_que_no_se_acepta
from webforms.tareas.tramites import Solicitud, Tramite

rutas = Rutas()

FILAS = 500
#: of one list, as it comes and as it is sent again once it was looked at: it is a field of that
#: form
LETRAS = 250_000


@dataclass(frozen=True, slots=True)
class Fila:
    """A line of the list: what it says, and what is wrong with it."""

    numero: int
    dicho: str
    errores: Sequence[str]
    pedida: Solicitud


@dataclass(frozen=True, slots=True)
class Revisada:
    """The list as it was read; `falta` is about the file as a whole."""

    falta: str = ""
    filas: Sequence[Fila] = ()
    texto: str = ""

    @property
    def sirve(self) -> bool:
        return not self.falta and not any(fila.errores for fila in self.filas)

    @property
    def malas(self) -> int:
        return sum(bool(fila.errores) for fila in self.filas)


@rutas.get(
    "/<proceso>/csv",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Aquí empieza muchos casos desde un archivo; cada línea se revisa antes."), FUNCIONARIO
    ),
)
def desde_csv(proceso: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        tramite = tramite_de(session, proceso)
    return _pagina(tramite, None)


@rutas.get("/<proceso>/plantilla.csv", para=PERSONA)
def plantilla(proceso: str) -> ResponseReturnValue:
    """The head of the list, to be filled in."""
    with servicios().uow.reading() as session:
        tramite = tramite_de(session, proceso)
    cabeza = planillas.BOM + planillas.linea([rotulo(campo.label) for campo in _campos(tramite)])
    return Response(
        cabeza,
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={tramite.clave}.csv"},
    )


@rutas.post("/<proceso>/csv", para=PERSONA, haria=_l("Iniciar muchos casos desde un archivo"))
def iniciar_varios(proceso: str) -> ResponseReturnValue:
    """First with the file: what would happen. Then with its text, once whoever sent it has looked
    at it: it happens.

    A line is known by what it says, and by how many above it say the same: a list that was
    corrected, or sent again, begins the rest.
    """
    subido = request.files.get("archivo")
    contenido = (
        subido.read(LETRAS + 1)
        if subido is not None and subido.filename
        else request.form.get("texto", "").encode()
    )
    with servicios().uow.reading() as session:
        tramite = tramite_de(session, proceso)
        revisada = revisar(session, tramite, contenido)
    if not revisada.sirve:
        return _pagina(tramite, revisada), 422
    if "confirmar" not in request.form:
        return _pagina(tramite, revisada)
    hechos: list[tuple[int, Started]] = []
    veces: Counter[str] = Counter()
    for fila in revisada.filas:
        huella = tramites.huella(fila.pedida)
        veces[huella] += 1
        try:
            hechos.append(
                (fila.numero, tramites.iniciar(fila.pedida, f"csv:{huella}:{veces[huella]}"))
            )
        except (Rechazo, InvalidValues) as falla:
            dicho = lo_que_no_se_acepta(falla)
            parado = _(
                "Se detuvo en la línea %(n)s; las anteriores ya están. Corrija el archivo y súbalo completo. %(f)s",
                n=fila.numero,
                f=dicho,
            )
            return _pagina(tramite, revisada, hechos=_numerados(hechos), parado=parado), 422
    return _pagina(tramite, revisada, hechos=_numerados(hechos))


@dataclass(frozen=True, slots=True)
class Hecho:
    """What became of a line. Without `caso` its order had begun one that this person may not see:
    nothing of it is told."""

    linea: int
    caso: str
    numero: str
    ya_estaba: bool


def _numerados(hechos: Sequence[tuple[int, Started]]) -> list[Hecho]:
    with servicios().uow.reading() as session:
        ajenos = {
            e.case_key
            for _n, e in hechos
            if e.duplicate and not puede_ver(session, actor_actual(), e.case_key)
        }
        fichas = registro.fichas(session, [empezado.case_key for _n, empezado in hechos])
    numeros = {clave: ficha.numero for clave, ficha in fichas.items() if clave not in ajenos}
    return [
        Hecho(
            n, "" if e.case_key in ajenos else e.case_key, numeros.get(e.case_key, ""), e.duplicate
        )
        for n, e in hechos
    ]


def _pagina(
    tramite: Tramite,
    revisada: Revisada | None,
    *,
    hechos: Sequence[Hecho] | None = None,
    parado: str = "",
) -> str:
    valores = {
        "t": tramite,
        "campos": _campos(tramite),
        "revisada": revisada,
        "hechos": hechos,
        "parado": parado,
    }
    return render_template("iniciar/csv.html", **valores, maximo=FILAS, kilos=LETRAS // 1000)


def _campos(tramite: Tramite) -> list[FieldSpec]:
    return [campo for campo in tramite.inicio.fields if campo.type != "file"]


def revisar(session: Session, tramite: Tramite, contenido: bytes) -> Revisada:
    """Each line through the form of the process, as if a person had typed it."""
    if len(contenido) > LETRAS:
        return _pesada()
    if any(campo.required and campo.type == "file" for campo in tramite.inicio.fields):
        return Revisada(_("Este trámite pide un archivo con cada caso: se inicia uno por uno."))
    if not contenido.strip():
        return Revisada(_("Elija el archivo CSV."))
    try:
        cabeza, lineas = planillas.leer(contenido, FILAS)
    except NoEsPlanilla as error:
        return Revisada(str(error))
    columnas = {
        nombre.casefold(): campo
        for campo in _campos(tramite)
        for nombre in (campo.name, campo.label, rotulo(campo.label))
    }
    sobran = [nombre for nombre in cabeza if nombre.casefold() not in columnas]
    if sobran:
        conocidas = ", ".join(rotulo(campo.label) for campo in _campos(tramite))
        return Revisada(
            _(
                "La columna «%(c)s» no es de este trámite. Las columnas son: %(t)s.",
                c=sobran[0][:60],
                t=conocidas,
            )
        )
    elegidas = [columnas[nombre.casefold()] for nombre in cabeza]
    filas = [_fila(session, tramite, numero, celdas, elegidas) for numero, celdas in lineas]
    texto = "".join(
        planillas.linea(celdas) for celdas in (cabeza, *(celdas for _n, celdas in lineas))
    )
    return Revisada("", filas, texto) if len(texto.encode()) <= LETRAS else _pesada()


def _pesada() -> Revisada:
    return Revisada(_("El archivo pesa más de %(n)s kB. Divídalo en varios.", n=LETRAS // 1000))


def _fila(
    session: Session,
    tramite: Tramite,
    numero: int,
    celdas: Sequence[str],
    campos: Sequence[FieldSpec],
) -> Fila:
    dichas = {
        campo.name: como_opcion(campo, celda) for campo, celda in zip(campos, celdas, strict=False)
    }
    pedida = tramites.solicitud(session, tramite, actor_actual(), tramites.de_la_fila(dichas))
    errores = [] if pedida.form.validate() else [mensaje for _id, mensaje in pedida.form.errores()]
    if len(celdas) > len(campos):
        errores.insert(0, str(_("Tiene más celdas que columnas")))
    return Fila(numero, " · ".join(celda for celda in celdas[:4] if celda)[:120], errores, pedida)


def como_opcion(campo: FieldSpec, celda: str) -> str:
    """An option by its words or by its value; a text that `planillas.linea` made one of what looks
    like a formula, as it was."""
    celda = celda[1:] if celda[:1] == "'" and celda[1:2] in "=+-@" and celda[1:2] else celda
    por_palabras: Mapping[str, str] = {texto.casefold(): valor for valor, texto in campo.options}
    if campo.type == "boolean":
        por_palabras = {"sí": "si", "si": "si", "no": "no"}
    return por_palabras.get(celda.casefold(), celda)
