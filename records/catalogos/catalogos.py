"""What the agency keeps and an administrator edits: points, areas, lists and their values, kinds of
case, norms, retention series.

One shape for all: fields by kind, a change says why and what stood before, and nothing that history
refers to is deleted: it ends.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import available_timezones

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.language import marked, said
from records.base import cambios
from records.base.actos import Acto
from records.base.cambios import Anotado, De
from records.base.errores import DatoInvalido, NoExiste
from records.base.reglas import documentos
from records.base.tablas import Base
from records.casos.tablas import Caso, Norma, Tipificacion
from records.catalogos.tablas import Lista, ListaValor
from records.cuentas.reglas.roles import Alcance
from records.cuentas.tablas import RolAsignado, RolDeCarril
from records.expedientes import series
from records.expedientes.tablas import SerieDocumental
from records.lugares.tablas import Area, Dispositivo, Punto
from records.plazos.reglas.calendario import MEDIODIA, dia_local
from records.retencion import retencion

TEXTO, CODIGO, CORREO, HORA, DIAS, OPCION, SI_NO, ENTERO, FECHA = (
    "texto",
    "codigo",
    "correo",
    "hora",
    "dias",
    "opcion",
    "si_no",
    "entero",
    "fecha",
)
_CODIGO: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?")
_VARIABLE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HORA: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DIAS: Final = re.compile(r"1?2?3?4?5?6?7?")
MAXIMO, MAX_ENTERO = 160, 100_000
MAX_RETENCION: Final = 200  #: years
ANOS: Final = (1900, 2200)
YA_EXISTE: Final = marked("Ya existe ese código.")


@dataclass(frozen=True, slots=True)
class Campo:
    nombre: str
    rotulo: str
    tipo: str = TEXTO
    ayuda: str = ""
    opciones: Sequence[tuple[str, str]] = ()
    obligatorio: bool = True
    al_crear: bool = False  #: afterwards it stays as it is: history names it
    forma: re.Pattern[str] | None = None
    por_defecto: str = ""
    maximo: int = MAX_ENTERO  #: of an ENTERO
    vacio: Any = None  #: what is kept of one that may stay empty and does


@dataclass(frozen=True, slots=True)
class Catalogo:
    clase: str  #: of its changes; stands in the address
    nombre: str
    ayuda: str
    modelo: type[Base]
    campos: Sequence[Campo]
    fin: str  #: a flag ("activo"), or the last day in force ("vigente_hasta")
    en_uso: Callable[[Session, str], Sequence[str]]
    fijos: Callable[[Acto], Mapping[str, Any]] = field(default=lambda _acto: {})
    revisar: Callable[[Session, Mapping[str, Any]], Mapping[str, str]] = field(
        default=lambda _s, _v: {}
    )

    @property
    def con_fechas(self) -> bool:
        return self.fin == "vigente_hasta"

    def rige(self, fila: Any, hoy: dt.date) -> bool:
        if not self.con_fechas:
            return bool(getattr(fila, self.fin))
        return fila.vigente_desde <= hoy and (
            fila.vigente_hasta is None or fila.vigente_hasta >= hoy
        )


class NoEntra(DatoInvalido):
    """Fields that make no sense: name → why."""

    def __init__(self, errores: Mapping[str, str]) -> None:
        super().__init__("; ".join(errores.values()))
        self.errores = errores


# --- what is in use -------------------------------------------------------------------------------
def _cuantos(session: Session, dicho: str, *que: Any) -> list[str]:
    n = session.scalar(select(func.count()).where(*que)) or 0
    return [f"{said(dicho)}: {n}"] if n else []


def _roles_en(session: Session, codigo: str) -> list[str]:
    return _cuantos(
        session,
        marked("Roles que se tienen allí"),
        RolAsignado.ambito == codigo,
        RolAsignado.vigente_hasta.is_(None),
    )


def _punto_en_uso(session: Session, codigo: str) -> list[str]:
    equipos = _cuantos(
        session, marked("Equipos activos"), Dispositivo.punto_id == codigo, Dispositivo.activo
    )
    return [
        *_roles_en(session, codigo),
        *equipos,
        *_cuantos(session, marked("Casos"), Caso.punto_id == codigo),
    ]


def _area_en_uso(session: Session, codigo: str) -> list[str]:
    return _roles_en(session, codigo)


def _lista_en_uso(session: Session, codigo: str) -> list[str]:
    variable = session.scalar(select(Lista.variable).where(Lista.codigo == codigo)) or ""
    valores = _cuantos(session, marked("Valores"), ListaValor.lista == codigo, ListaValor.activo)
    return [
        *valores,
        *_cuantos(
            session,
            marked("Roles de diagramas que se dan por ella"),
            RolDeCarril.alcance == variable,
        ),
    ]


def _tema_en_uso(session: Session, codigo: str) -> list[str]:
    return _cuantos(session, marked("Casos"), Caso.tema == codigo)


def _norma_en_uso(session: Session, codigo: str) -> list[str]:
    return _cuantos(session, marked("Casos"), Caso.norma == codigo)


def _nada(_session: Session, _codigo: str) -> list[str]:
    return []


# --- what only several fields, or the rest of the catalogue, say ----------------------------------
def _horario(_session: Session, valores: Mapping[str, Any]) -> dict[str, str]:
    if valores["hora_cierre"] <= valores["hora_apertura"]:
        return {"hora_cierre": said("Cierra después de abrir: escriba una hora posterior.")}
    if not set(valores["dias_manana"]) <= set(valores["dias"]):
        return {"dias_manana": said("Son algunos de los días en que abre.")}
    if (
        not valores["hora_apertura"] < valores["mediodia"] < valores["hora_cierre"]
        and valores["dias_manana"]
    ):
        return {
            "mediodia": said("El mediodía va entre la hora en que abre y la hora en que cierra.")
        }
    if valores["tz"] not in available_timezones():
        return {"tz": said("No es una zona horaria, como America/Bogota.")}
    return {}


def _vigencia(_session: Session, valores: Mapping[str, Any]) -> dict[str, str]:
    hasta = valores.get("vigente_hasta")
    return (
        {"vigente_hasta": said("El último día va después del primero.")}
        if hasta is not None and hasta < valores["vigente_desde"]
        else {}
    )


def _serie(session: Session, valores: Mapping[str, Any]) -> dict[str, str]:
    """One thing is governed by one series at a time; files, those of one procedure."""
    errores = _vigencia(session, valores)
    if not errores and valores["procedimiento"] and valores["gobierna"] != series.EXPEDIENTES:
        return {
            "procedimiento": said("Solo una serie que gobierna expedientes es de un procedimiento.")
        }
    if errores or not valores["gobierna"]:
        return errores
    otras = select(SerieDocumental.codigo).where(
        SerieDocumental.gobierna == valores["gobierna"],
        SerieDocumental.procedimiento == valores["procedimiento"],
        SerieDocumental.codigo != valores["codigo"],
        SerieDocumental.vigente_hasta.is_(None)
        | (SerieDocumental.vigente_hasta >= valores["vigente_desde"]),
        *(
            [SerieDocumental.vigente_desde <= valores["vigente_hasta"]]
            if valores["vigente_hasta"] is not None
            else []
        ),
    )
    otra = session.scalar(otras.limit(1))
    dicho = "La serie «%(s)s» ya gobierna eso en esos días: primero termínela."
    return {"gobierna": said(dicho, s=otra)} if otra is not None else {}


def _variable_libre(session: Session, valores: Mapping[str, Any]) -> dict[str, str]:
    otra = session.scalar(
        select(Lista.codigo).where(
            Lista.variable == valores["variable"], Lista.codigo != valores["codigo"]
        )
    )
    reservada = valores["variable"] in {a.value for a in Alcance if a.value}
    return (
        {"variable": said("Ya hay una lista con esa variable.")}
        if otra is not None or reservada
        else {}
    )


def _codigo_de_lugar_libre(session: Session, valores: Mapping[str, Any]) -> dict[str, str]:
    """A role that is held for a place is held for nothing else: points, areas and values share
    their codes."""
    for modelo in (Punto, Area, ListaValor):
        if session.get(modelo, valores["codigo"]) is not None:
            return {"codigo": said("Ya hay un punto, un área o un valor con ese código.")}
    return {}


def _con_horario(session: Session, valores: Mapping[str, Any]) -> dict[str, str]:
    nuevo = (
        _codigo_de_lugar_libre(session, valores)
        if session.get(Punto, valores["codigo"]) is None
        else {}
    )
    return {**nuevo, **_horario(session, valores)}


def _area_nueva(session: Session, valores: Mapping[str, Any]) -> dict[str, str]:
    return (
        _codigo_de_lugar_libre(session, valores)
        if session.get(Area, valores["codigo"]) is None
        else {}
    )


def _valor_nuevo(session: Session, valores: Mapping[str, Any]) -> dict[str, str]:
    return (
        _codigo_de_lugar_libre(session, valores)
        if session.get(ListaValor, valores["codigo"]) is None
        else {}
    )


_COD = Campo(
    "codigo",
    marked("Código"),
    CODIGO,
    marked("Letras, números, guion y punto; no cambia después"),
    al_crear=True,
    forma=_CODIGO,
)
_NOM = Campo("nombre", marked("Nombre"))
#: What `flask retention` forgets (records/retencion/retencion.py), as a series names it.
GOBIERNAN: Final = (
    (series.EXPEDIENTES, marked("Expedientes de un procedimiento: solo con acta de eliminación")),
    (retencion.FORMULARIOS, marked("Formularios y datos de casos terminados")),
    (retencion.CONTACTOS, marked("Datos de contacto reemplazados")),
    (retencion.LEGADO, marked("Respuestas de los sistemas de consulta")),
    (retencion.SUELTOS, marked("Documentos sin caso que se apartaron")),
)
_DESDE = Campo("vigente_desde", marked("Desde"), FECHA, marked("Día, mes y año: 27/11/2026"))
_HASTA = Campo(
    "vigente_hasta", marked("Último día"), FECHA, marked("Vacío: sigue vigente"), obligatorio=False
)

CATALOGOS: Final[Mapping[str, Catalogo]] = {
    c.clase: c
    for c in (
        Catalogo(
            "puntos",
            marked("Puntos de atención"),
            marked("Dónde se atiende, a qué horas y cómo se dan los turnos."),
            Punto,
            (
                _COD,
                _NOM,
                Campo("ciudad", marked("Ciudad")),
                Campo(
                    "dane",
                    marked("Código DANE del municipio"),
                    ayuda=marked("Cinco cifras"),
                    forma=re.compile(r"\d{5}"),
                ),
                Campo(
                    "modo_fila",
                    marked("Cómo se dan los turnos"),
                    OPCION,
                    opciones=(
                        ("digiturno", marked("Digiturno")),
                        ("manual", marked("Fichas de papel")),
                    ),
                ),
                Campo("consejeria", marked("Tiene consejería (5.2.22)"), SI_NO),
                Campo(
                    "hora_apertura",
                    marked("Abre a las"),
                    HORA,
                    marked("Por ejemplo 08:00"),
                    por_defecto="08:00",
                ),
                Campo(
                    "hora_cierre",
                    marked("Cierra a las"),
                    HORA,
                    marked("Por ejemplo 17:00"),
                    por_defecto="17:00",
                ),
                Campo(
                    "dias",
                    marked("Días en que abre"),
                    DIAS,
                    marked("1 es lunes y 7 domingo: 12345"),
                    forma=_DIAS,
                    por_defecto="12345",
                ),
                Campo(
                    "dias_manana",
                    marked("Días en que abre solo en la mañana"),
                    DIAS,
                    marked(
                        "De los de arriba: 6 es solo el sábado. Los plazos cuentan esos días enteros"
                    ),
                    obligatorio=False,
                    forma=_DIAS,
                    vacio="",
                ),
                Campo(
                    "mediodia",
                    marked("Mediodía"),
                    HORA,
                    marked(
                        "Hasta qué hora abre los días que abre solo en la mañana, y desde cuál los que abre solo en la tarde"
                    ),
                    obligatorio=False,
                    por_defecto="12:00",
                    vacio=MEDIODIA,
                ),
                Campo("tz", marked("Zona horaria")),
                Campo(
                    "turnos_dia",
                    marked("Turnos de un día corriente"),
                    ENTERO,
                    marked("Para las estimaciones"),
                    por_defecto="0",
                ),
            ),
            "activo",
            _punto_en_uso,
            revisar=_con_horario,
        ),
        Catalogo(
            "areas",
            marked("Áreas"),
            marked("A quién se escalan los casos, y quiénes la dirigen."),
            Area,
            (
                _COD,
                _NOM,
                Campo("nivel2", marked("Segundo nivel")),
                Campo("nivel3", marked("Tercer nivel")),
                Campo("correo", marked("Correo"), CORREO, forma=documentos.CORREO),
            ),
            "activa",
            _area_en_uso,
            revisar=_area_nueva,
        ),
        Catalogo(
            "listas",
            marked("Listas"),
            marked(
                "Aquello por lo que se dan roles, además de puntos y áreas: zonas, sedes, grupos."
            ),
            Lista,
            (
                _COD,
                _NOM,
                Campo(
                    "variable",
                    marked("Variable de los diagramas"),
                    ayuda=marked("La que dice el lugar en los diagramas: minúsculas y guion bajo"),
                    al_crear=True,
                    forma=_VARIABLE,
                ),
            ),
            "activa",
            _lista_en_uso,
            fijos=lambda acto: {"creada": acto.now, "creada_por": acto.quien},
            revisar=_variable_libre,
        ),
        Catalogo(
            "valores",
            marked("Valores de listas"),
            marked("Cada lugar o grupo de una lista."),
            ListaValor,
            (_COD, Campo("lista", marked("Lista"), OPCION, al_crear=True), _NOM),
            "activo",
            _roles_en,
            revisar=_valor_nuevo,
        ),
        Catalogo(
            "temas",
            marked("Temas"),
            marked("Las clases de caso (5.2.8) y desde cuándo se ofrecen."),
            Tipificacion,
            (
                _COD,
                Campo(
                    "clase",
                    marked("Clase"),
                    OPCION,
                    opciones=(
                        ("solicitud", marked("Solicitud")),
                        ("queja", marked("Queja")),
                        ("reclamo", marked("Reclamo")),
                    ),
                ),
                Campo("tema", marked("Tema")),
                Campo("subtema", marked("Subtema")),
                Campo(
                    "tipo_termino",
                    marked("Término"),
                    OPCION,
                    opciones=(
                        ("peticion", marked("Petición")),
                        ("informacion", marked("Información")),
                        ("consulta", marked("Consulta")),
                    ),
                ),
                _DESDE,
                _HASTA,
            ),
            "vigente_hasta",
            _tema_en_uso,
            revisar=_vigencia,
        ),
        Catalogo(
            "normas",
            marked("Normas"),
            marked("Las normas de los términos y cuándo rigieron."),
            Norma,
            (_COD, _NOM, Campo("articulo", marked("Artículo")), _DESDE, _HASTA),
            "vigente_hasta",
            _norma_en_uso,
            revisar=_vigencia,
        ),
        Catalogo(
            "series",
            marked("Series documentales"),
            marked(
                "Cuánto se guardan los documentos y qué se hace con ellos después. «flask retention» borra por las que gobiernan algo y "
                "dicen «Eliminar», al cumplirse sus años en gestión y en archivo central; los expedientes, un acta de eliminación."
            ),
            SerieDocumental,
            (
                _COD,
                _NOM,
                Campo("subserie", marked("Subserie"), obligatorio=False, vacio=""),
                Campo("gestion", marked("Años en gestión"), ENTERO, maximo=MAX_RETENCION),
                Campo("central", marked("Años en archivo central"), ENTERO, maximo=MAX_RETENCION),
                Campo(
                    "disposicion",
                    marked("Disposición final"),
                    OPCION,
                    opciones=(
                        ("conservar", marked("Conservar")),
                        ("eliminar", marked("Eliminar")),
                        ("seleccionar", marked("Seleccionar")),
                        ("digitalizar", marked("Digitalizar y eliminar")),
                    ),
                ),
                Campo(
                    "gobierna",
                    marked("Qué gobierna en «flask retention»"),
                    OPCION,
                    marked("Vacío: nada de lo que guarda Ventanilla"),
                    opciones=GOBIERNAN,
                    obligatorio=False,
                    vacio="",
                ),
                Campo(
                    "procedimiento",
                    marked("De qué procedimiento son los expedientes"),
                    TEXTO,
                    marked(
                        "El código de su proceso, como m5_1_02. Vacío: los de todos los que no tienen serie propia"
                    ),
                    obligatorio=False,
                    vacio="",
                ),
                _DESDE,
                _HASTA,
            ),
            "vigente_hasta",
            _nada,
            revisar=_serie,
        ),
    )
}


# --- reading what was typed -----------------------------------------------------------------------
def _leer(campo: Campo, escrito: str, opciones: Sequence[tuple[str, str]]) -> Any:
    """The value; ValueError says why not, in words."""
    texto = " ".join(escrito.split())
    if campo.tipo == SI_NO:
        return texto == "si"
    if not texto:
        if campo.obligatorio:
            raise ValueError(said("Escriba: %(campo)s.", campo=said(campo.rotulo).lower()))
        return campo.vacio
    if len(texto) > MAXIMO:
        raise ValueError(said("Máximo %(n)s letras.", n=MAXIMO))
    if campo.forma is not None and not campo.forma.fullmatch(texto):
        raise ValueError(
            f"{said('No tiene la forma esperada.')} {said(campo.ayuda) if campo.ayuda else ''}".strip()
        )
    if campo.tipo == OPCION and texto not in dict(opciones):
        raise ValueError(said("Elija una de la lista."))
    return (
        _entero(texto, campo.maximo)
        if campo.tipo == ENTERO
        else _LECTORES.get(campo.tipo, str)(texto)
    )


def _entero(texto: str, maximo: int) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", texto) or int(texto) > maximo:
        raise ValueError(said("Escriba un número entero entre 0 y %(n)s.", n=maximo))
    return int(texto)


def _hora(texto: str) -> dt.time:
    hallada = _HORA.fullmatch(texto)
    if hallada is None:
        raise ValueError(said("Escriba la hora como 08:00."))
    return dt.time(int(hallada[1]), int(hallada[2]))


def _fecha(texto: str) -> dt.date:
    for forma in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            dia = dt.datetime.strptime(texto, forma).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
        if ANOS[0] <= dia.year <= ANOS[1]:
            return dia
    raise ValueError(said("No es un día: escríbalo como 27/11/2026."))


_LECTORES: Final[Mapping[str, Callable[[str], Any]]] = {HORA: _hora, FECHA: _fecha}


def opciones_de(session: Session, campo: Campo) -> Sequence[tuple[str, str]]:
    """Those of a field; of the list of a value, the lists that there are."""
    if campo.nombre != "lista":
        return campo.opciones
    return [
        (f.codigo, f.nombre)
        for f in session.execute(
            select(Lista.codigo, Lista.nombre).where(Lista.activa).order_by(Lista.nombre)
        )
    ]


def _valores(
    session: Session, catalogo: Catalogo, escrito: Mapping[str, str], *, nuevo: bool
) -> dict[str, Any]:
    valores, errores = {}, {}
    for campo in catalogo.campos:
        if nuevo or not campo.al_crear:
            try:
                valores[campo.nombre] = _leer(
                    campo, escrito.get(campo.nombre, ""), opciones_de(session, campo)
                )
            except ValueError as falla:
                errores[campo.nombre] = str(falla)
    if errores:
        raise NoEntra(errores)
    return valores


# --- changing -------------------------------------------------------------------------------------
def _dicho(valor: Any) -> Any:
    if isinstance(valor, dt.time):
        return f"{valor:%H:%M}"
    return valor.isoformat() if isinstance(valor, dt.date) else valor


def fila_de(
    session: Session, catalogo: Catalogo, codigo: str, *, para_cambiar: bool = False
) -> Any:
    """`para_cambiar`: nobody else changes it until the transaction ends. NoExiste."""
    como: dict[str, Any] = (
        {"with_for_update": {"key_share": True}, "populate_existing": True} if para_cambiar else {}
    )
    fila = session.get(catalogo.modelo, codigo, **como) if codigo.isprintable() else None
    if fila is None:
        raise NoExiste
    return fila


def crear(
    session: Session, catalogo: Catalogo, escrito: Mapping[str, str], motivo: str, acto: Acto
) -> list[Anotado]:
    """NoEntra: by field; DatoInvalido: without a reason."""
    valores = _valores(session, catalogo, escrito, nuevo=True)
    errores = dict(catalogo.revisar(session, valores))
    if session.get(catalogo.modelo, valores["codigo"]) is not None:
        errores["codigo"] = said(YA_EXISTE)
    if errores:
        raise NoEntra(errores)
    session.add(catalogo.modelo(**valores, **catalogo.fijos(acto)))
    try:
        session.flush()
    except IntegrityError as error:  # somebody else made it in this moment
        raise NoEntra({"codigo": said(YA_EXISTE)}) from error
    dichos = {k: _dicho(v) for k, v in valores.items()}
    return [
        cambios.anotar(
            session, De(catalogo.clase, valores["codigo"], "creado"), {}, dichos, motivo, acto
        )
    ]


def cambiar(
    session: Session,
    catalogo: Catalogo,
    codigo: str,
    escrito: Mapping[str, str],
    motivo: str,
    acto: Acto,
) -> list[Anotado]:
    """DatoInvalido when nothing is other than before."""
    fila = fila_de(session, catalogo, codigo, para_cambiar=True)
    valores = _valores(session, catalogo, escrito, nuevo=False)
    todos = {**{c.nombre: getattr(fila, c.nombre) for c in catalogo.campos}, **valores}
    if errores := catalogo.revisar(session, todos):
        raise NoEntra(errores)
    cambian = [k for k, v in valores.items() if getattr(fila, k) != v]
    if not cambian:
        raise DatoInvalido("No cambió nada.")
    antes = {k: _dicho(getattr(fila, k)) for k in cambian}
    for k in cambian:
        setattr(fila, k, valores[k])
    session.flush()
    despues = {k: _dicho(valores[k]) for k in cambian}
    return [
        cambios.anotar(session, De(catalogo.clase, codigo, "datos"), antes, despues, motivo, acto)
    ]


def poner_fin(
    session: Session, catalogo: Catalogo, codigo: str, motivo: str, acto: Acto, *, rige: bool
) -> list[Anotado]:
    """It is offered no more from now on (with dates: after today), or again; what names it stays as
    it is."""
    fila, hoy = fila_de(session, catalogo, codigo, para_cambiar=True), dia_local(acto.now)
    if catalogo.con_fechas:
        antes, despues = fila.vigente_hasta, None if rige else max(hoy, fila.vigente_desde)
    else:
        antes, despues = getattr(fila, catalogo.fin), rige
    if antes == despues:
        raise DatoInvalido("Ya está así.")
    if rige and catalogo.con_fechas:
        todos = {
            **{c.nombre: getattr(fila, c.nombre) for c in catalogo.campos},
            catalogo.fin: despues,
        }
        if errores := catalogo.revisar(session, todos):
            raise NoEntra(errores)
    setattr(fila, catalogo.fin, despues)
    session.flush()
    que = De(catalogo.clase, codigo, "vigencia")
    return [
        cambios.anotar(
            session,
            que,
            {catalogo.fin: _dicho(antes)},
            {catalogo.fin: _dicho(despues)},
            motivo,
            acto,
        )
    ]


def filas(session: Session, catalogo: Catalogo) -> Sequence[Any]:
    return session.scalars(
        select(catalogo.modelo).order_by(*inspect(catalogo.modelo).primary_key)
    ).all()
