"""People by a list: each person's data and roles as the list says them, with what would change and
what is wrong, line by line.

A line a role; whoever has several stands on several lines. Of the people that the list names, the
roles become those of the list, when it has a column for them; who is not on it stays as they are.
"""

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.language import said
from records.base.actos import Acto
from records.base.cambios import Anotado
from records.base.errores import DatoInvalido, NoExiste, Rechazo, Separado
from records.base.reglas import tabla_csv
from records.base.reglas.nombres import palabras
from records.base.reglas.tabla_csv import Fila, Tabla, TablaIlegible
from records.cuentas import carriles, cuentas, personal
from records.cuentas.cuentas import NuevaCuenta
from records.cuentas.personal import Datos, RolPedido
from records.cuentas.reglas.roles import Rol
from records.cuentas.tablas import Cuenta, RolAsignado
from records.plazos.reglas.calendario import dia_local, ultimo_dia

COLUMNAS = ("usuario", "nombre", "correo", "rol", "lugar", "desde", "hasta")
OBLIGATORIAS = ("nombre", "correo")
MAX_PERSONAS = 1_000  # each is a handful of statements, in one transaction that the others wait for


@dataclass(frozen=True, slots=True)
class Problema:
    linea: int
    columna: str
    dice: str
    frase: str
    regla: str = ""  #: the separation of duties that it would break


class _Mal(Exception):
    def __init__(self, fila: Fila, columna: str, frase: str, regla: str = "") -> None:
        super().__init__(frase)
        self.problema = Problema(fila.linea, columna, fila.datos.get(columna, ""), frase, regla)


@dataclass(frozen=True, slots=True)
class Hecho:
    """What became of a person of the list: nothing in `anotados` when all is as before."""

    linea: int
    usuario: str
    nombre: str
    nueva: bool
    anotados: Sequence[Anotado]


@dataclass(slots=True)
class Resultado:
    hechos: list[Hecho] = field(default_factory=list)
    problemas: list[Problema] = field(default_factory=list)

    @property
    def anotados(self) -> list[Anotado]:
        return [a for h in self.hechos for a in h.anotados]

    @property
    def nuevas(self) -> list[Hecho]:
        return [h for h in self.hechos if h.nueva]

    @property
    def cambian(self) -> list[Hecho]:
        return [h for h in self.hechos if h.anotados and not h.nueva]

    @property
    def iguales(self) -> int:
        return sum(not h.anotados for h in self.hechos)


@dataclass(frozen=True, slots=True)
class _Nombres:
    """Roles and places by their code and by their name, as people write them."""

    que_se_dan: frozenset[str]
    roles: Mapping[str, Rol]
    lugares: Mapping[str, Mapping[str, str]]  # variable → written → code
    llamados: Mapping[str, Sequence[str]]  # variable → names

    @classmethod
    def de(cls, session: Session) -> "_Nombres":
        dados = carriles.que_se_dan(session)
        roles = {_plano(r.nombre): r for r in dados.values()} | {
            _plano(codigo): r for codigo, r in dados.items()
        }
        valores = carriles.valores(session)
        lugares = {
            v: {_plano(n): c for c, n in filas} | {_plano(c): c for c, _n in filas}
            for v, filas in valores.items()
        }
        return cls(
            frozenset(dados),
            roles,
            lugares,
            {v: [n for _c, n in filas] for v, filas in valores.items()},
        )


def _plano(texto: str) -> str:
    return " ".join(palabras(texto.replace("_", " ").replace(",", " ")))


def aplicar(
    session: Session,
    filas: Iterable[Fila],
    columnas: frozenset[str],
    motivo: str,
    acto: Acto,
    sellos: Callable[[], tuple[str, str]],
) -> Resultado:
    """Each person in a savepoint: what is wrong with one keeps no other from being done. The caller
    commits, or does not.

    `sellos`: the hash of a password that nobody knows, and a name for sessions, of each new
    account.
    """
    resultado, nombres = Resultado(), _Nombres.de(session)
    for grupo in _por_persona(filas, resultado):
        try:
            with session.begin_nested():
                resultado.hechos.append(
                    _una(session, grupo, columnas, motivo, acto, sellos, nombres)
                )
        except _Mal as mal:
            resultado.problemas.append(mal.problema)
    resultado.problemas.sort(key=lambda p: p.linea)
    return resultado


def leer(contenido: bytes) -> Tabla:
    """TablaIlegible: it is no list, or of too many people."""
    tabla = tabla_csv.leer(contenido, COLUMNAS, OBLIGATORIAS)
    personas = len({f.datos["correo"].lower() for f in tabla.filas})
    if personas > MAX_PERSONAS:
        raise TablaIlegible(
            said(
                "El archivo trae %(n)s personas; se reciben hasta %(maximo)s a la vez. Pártalo en varios.",
                n=personas,
                maximo=MAX_PERSONAS,
            )
        )
    return tabla


def _por_persona(filas: Iterable[Fila], resultado: Resultado) -> list[list[Fila]]:
    """The lines of each person, in the order of the list."""
    grupos: dict[str, list[Fila]] = {}
    de_correo: dict[str, str] = {}
    for fila in filas:
        correo = fila.datos["correo"].lower()
        usuario = (
            fila.datos.get("usuario") or de_correo.get(correo, "") or personal.usuario_de(correo)
        ).lower()
        suyas = grupos.get(usuario, [])
        if de_correo.setdefault(correo, usuario) != usuario or (
            suyas and suyas[0].datos["correo"].lower() != correo
        ):
            otra = suyas[0].linea if suyas else grupos[de_correo[correo]][0].linea
            frase = said(
                "En la línea %(n)s está con otros datos. Cada persona tiene un usuario y un correo suyos.",
                n=otra,
            )
            resultado.problemas.append(Problema(fila.linea, "correo", fila.datos["correo"], frase))
            continue
        grupos.setdefault(usuario, []).append(fila)
    return list(grupos.values())


def _una(
    session: Session,
    grupo: Sequence[Fila],
    columnas: frozenset[str],
    motivo: str,
    acto: Acto,
    sellos: Callable[[], tuple[str, str]],
    nombres: _Nombres,
) -> Hecho:
    primera = grupo[0]
    correo = primera.datos["correo"].lower()
    dado = primera.datos.get("usuario", "").lower()
    suya = session.scalar(
        select(Cuenta).where(Cuenta.usuario == dado if dado else Cuenta.correo == correo)
    )
    usuario = suya.usuario if suya is not None else dado or personal.usuario_de(correo)
    if distinta := next((f for f in grupo if f.datos["nombre"] != primera.datos["nombre"]), None):
        raise _Mal(
            distinta,
            "nombre",
            said("En la línea %(n)s la misma persona se llama de otra manera.", n=primera.linea),
        )
    try:
        datos = personal.revisar_datos(Datos(primera.datos["nombre"], correo))
        if suya is None:
            anotados = [
                personal.crear(
                    session,
                    NuevaCuenta(usuario, datos.nombre, datos.correo, *sellos()),
                    motivo,
                    acto,
                )
            ]
        else:
            anotados = personal.corregir(session, usuario, datos, motivo, acto)
    except Rechazo as rechazo:
        raise _Mal(primera, _columna(rechazo), str(rechazo)) from rechazo
    if "rol" in columnas:
        anotados += _roles(session, usuario, grupo, motivo, acto, nombres)
    return Hecho(primera.linea, usuario, datos.nombre, suya is None, anotados)


def _columna(rechazo: Rechazo) -> str:
    dicho = rechazo.mensaje
    return "correo" if "correo" in dicho else "nombre" if "nombre" in dicho else "usuario"


def _roles(
    session: Session,
    usuario: str,
    grupo: Sequence[Fila],
    motivo: str,
    acto: Acto,
    nombres: _Nombres,
) -> list[Anotado]:
    pedidos = [(fila, _pedido(fila, nombres)) for fila in grupo if fila.datos.get("rol")]
    tiene = {
        (r.rol, r.ambito): r
        for r in personal.roles_de(session, usuario, acto.now)
        if r.rol in nombres.que_se_dan
    }
    quedan = {(p.rol, p.ambito): p for _fila, p in pedidos}
    anotados: list[Anotado] = []
    for clave, asignado in tiene.items():
        if clave not in quedan or _otros_dias(asignado, quedan[clave], acto.now):
            try:
                anotados.append(personal.quitar_rol(session, usuario, asignado.id, motivo, acto))
            except (DatoInvalido, NoExiste) as rechazo:
                raise _Mal(grupo[0], "rol", str(rechazo), _regla(rechazo)) from rechazo
    for fila, pedido in pedidos:
        suyo = tiene.get((pedido.rol, pedido.ambito))
        if suyo is None or _otros_dias(suyo, pedido, acto.now):
            try:
                anotados += personal.dar_rol(session, usuario, pedido, motivo, acto)
            except (DatoInvalido, NoExiste) as rechazo:
                raise _Mal(fila, "rol", str(rechazo), _regla(rechazo)) from rechazo
    return anotados


def _regla(rechazo: Rechazo) -> str:
    return rechazo.regla if isinstance(rechazo, Separado) else ""


def _otros_dias(asignado: RolAsignado, pedido: RolPedido, now: dt.datetime) -> bool:
    """Of one that is held already, only its end is anything to change."""
    hasta = ultimo_dia(asignado.vigente_hasta) if asignado.vigente_hasta is not None else None
    return hasta != pedido.hasta or (
        asignado.vigente_desde > now and dia_local(asignado.vigente_desde) != pedido.desde
    )


def _pedido(fila: Fila, nombres: _Nombres) -> RolPedido:
    rol = nombres.roles.get(_plano(fila.datos["rol"]))
    if rol is None:
        cerca = _parecidos(fila.datos["rol"], {r.nombre for r in nombres.roles.values()})
        mas = cerca or said(" Los roles de un procedimiento se dan cuando está en vigor.")
        raise _Mal(fila, "rol", f"{said('No existe ese rol.')}{mas}")
    escrito = fila.datos.get("lugar", "")
    lugares = nombres.lugares.get(str(rol.alcance), {})
    ambito = lugares.get(_plano(escrito)) if escrito else None
    if escrito and ambito is None:
        if not rol.alcance:
            raise _Mal(
                fila,
                "lugar",
                said(
                    "El rol «%(rol)s» es de toda la entidad: deje el lugar vacío.",
                    rol=said(rol.nombre),
                ),
            )
        cerca = _parecidos(escrito, nombres.llamados.get(str(rol.alcance), ()))
        raise _Mal(
            fila,
            "lugar",
            said("No hay un lugar con ese nombre para el rol «%(rol)s».", rol=said(rol.nombre))
            + cerca,
        )
    return RolPedido(rol.codigo, ambito, _dia(fila, "desde"), _dia(fila, "hasta"))


def _parecidos(escrito: str, nombres: Iterable[str]) -> str:
    por_plano = {_plano(n): n for n in nombres}
    cerca = difflib.get_close_matches(_plano(escrito), por_plano, n=2, cutoff=0.6)
    return (
        said(" ¿Quiso decir %(n)s?", n=said(" o ").join(f"«{por_plano[c]}»" for c in cerca))
        if cerca
        else ""
    )


def _dia(fila: Fila, columna: str) -> dt.date | None:
    escrito = fila.datos.get(columna, "")
    if not escrito:
        return None
    for forma in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            dia = dt.datetime.strptime(escrito, forma).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
        if not personal.ANOS[0] <= dia.year <= personal.ANOS[1]:
            raise _Mal(
                fila,
                columna,
                said(personal.FUERA_DE_ANOS, desde=personal.ANOS[0], hasta=personal.ANOS[1]),
            )
        return dia
    raise _Mal(fila, columna, said("No es un día: escríbalo como 27/11/2026."))


def exportar(session: Session, now: dt.datetime) -> list[list[str]]:
    """The active accounts in the shape that is read back: a line a role."""
    vigentes: dict[int, list[RolAsignado]] = {}
    quedan = RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now)
    for r in session.scalars(select(RolAsignado).where(quedan).order_by(RolAsignado.id)):
        vigentes.setdefault(r.cuenta_id, []).append(r)
    dados, filas = carriles.que_se_dan(session), []
    for c in cuentas.cuentas(session):
        if c.activo:
            suyo = [c.usuario, c.nombre, c.correo]
            filas += [
                [*suyo, r.rol, r.ambito or "", *_dias(r, now)]
                for r in vigentes.get(c.id, ())
                if r.rol in dados
            ] or [[*suyo, "", "", "", ""]]
    return filas


def _dias(r: RolAsignado, now: dt.datetime) -> tuple[str, str]:
    """The day from which it will be held, when it has not begun; the last day, when it has one."""
    desde = f"{dia_local(r.vigente_desde):%d/%m/%Y}" if r.vigente_desde > now else ""
    return desde, f"{ultimo_dia(r.vigente_hasta):%d/%m/%Y}" if r.vigente_hasta is not None else ""
