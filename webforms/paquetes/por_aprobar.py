"""Putting files in force, or taking them out, as one analyst asks for it and another person sees
and decides it."""

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from common.language import marked
from engine import reads
from engine.errors import DeployRefused, StaleBase
from records.base.errores import DatoInvalido
from records.cuentas import aprobaciones
from records.cuentas.aprobaciones import Pedido
from records.cuentas.tablas import Aprobacion
from records.cuentas.titulares import titulares
from records.paquetes.reglas import paquete as reglas
from webforms.base import dos_personas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.paquetes import lectura
from webforms.paquetes.cambios_de_tabla import comparacion_de_tablas
from webforms.paquetes.comparacion import Comparacion
from webforms.paquetes.edicion import ahora, comparacion_de
from webforms.paquetes.efectos import NADIE_AQUI, anotar_vacios, efectos, nota_con_vacios
from webforms.paquetes.escenarios import Resultado, recordados
from webforms.paquetes.hallazgos import Hallazgo
from webforms.paquetes.importacion import revisar_juntos, titulo
from webforms.paquetes.lectura import Vigente
from webforms.paquetes.titulares import CONFIRMABLES, lugares, sin_titular

VERSION = "version"  #: the code of this kind of change
NOMBRE = _l("Poner en vigor")
YA_NO_ENTRA = marked("Ya no puede entrar en vigor: vea la revisión, y devuélvala.")
MAX_RENGLONES = 400  # of a text that changes


def se_pide() -> bool:
    return dos_personas.se_pide(dos_personas.DE_MODELOS)


def pedida_de(session: Session, sujeto: str) -> Aprobacion | None:
    """What this analyst asked for of this file or procedure, and nobody decided yet."""
    suyas = (
        a
        for a in aprobaciones.pendientes(session)
        if (a.obra, a.sujeto, a.pedida_por) == (VERSION, sujeto, actor_actual().id)
    )
    return next(suyas, None)


@dataclass(frozen=True, slots=True)
class Peticion:
    """`sujeto`: a file, or the code of a procedure; `llamado`: as people call it."""

    sujeto: str
    llamado: str
    nota: str
    archivos: Mapping[str, bytes]
    quitar: Sequence[str] = ()
    sin_nadie: str = ""


def pedir(peticion: Peticion, hoy: Vigente | None) -> int:
    """DeployRefused: it could not come into force; DatoInvalido: the same waits already."""
    encontrados = servicios().engine.releases.check(peticion.archivos, peticion.quitar)
    if any(f.severity == "error" for f in encontrados):
        raise DeployRefused(encontrados)
    nombres = [*peticion.archivos, *peticion.quitar]
    datos = {
        "llamado": peticion.llamado,
        "sin_nadie": peticion.sin_nadie,
        "quitar": list(peticion.quitar),
        "eran": {nombre: _huella(hoy.archivos.get(nombre) if hoy else None) for nombre in nombres},
        "son": {nombre: _huella(contenido) for nombre, contenido in peticion.archivos.items()},
    }
    llamado = (
        _l("poner en vigor «%(l)s»", l=peticion.llamado)
        if peticion.archivos
        else _l("quitar «%(l)s»", l=peticion.llamado)
    )
    pedido = Pedido(
        VERSION,
        peticion.sujeto,
        llamado,
        peticion.nota,
        dos_personas.DE_MODELOS,
        datos,
        peticion.archivos,
    )
    return dos_personas.pedir(pedido)


def _huella(contenido: bytes | None) -> str:
    return hashlib.sha256(contenido).hexdigest() if contenido is not None else ""


# --- what whoever decides sees --------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pieza:
    """A file that would change. `renglones`: of a text; sign and line."""

    nombre: str
    titulo: str
    nueva: bool
    comparacion: Comparacion | None
    renglones: Sequence[tuple[str, str]] = ()

    @property
    def es_diagrama(self) -> bool:
        return self.nombre.endswith(".bpmn")


@dataclass(frozen=True, slots=True)
class Cuadro:
    """A version that waits, compared with what is in force today."""

    piezas: list[Pieza]
    quitar: Sequence[str]
    efectos: list[dict[str, object]]
    hallazgos: list[Hallazgo]
    vacios: list[Hallazgo]  #: lanes whose tasks nobody could do
    esperan: Mapping[str, int]  #: open tasks by element
    base: int
    otra: bool  #: somebody put another text of one of these files in force after it was asked for
    sigue: Sequence[str]  #: files that whoever asked went on drawing since
    ensayados: list[Resultado] | None = None
    archivos: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def impide(self) -> bool:
        return self.otra or any(
            h.gravedad == "error" and h.regla not in CONFIRMABLES for h in self.hallazgos
        )


def cuadro(session: Session, fila: Aprobacion) -> Cuadro:
    """Of one that still waits."""
    archivos, hoy = aprobaciones.archivos_de(session, fila.id), lectura.vigente(session)
    en_vigor: Mapping[str, bytes] = hoy.archivos if hoy else {}
    quienes, donde = titulares(session, ahora()), lugares(session)
    diagramas = {n: c for n, c in archivos.items() if n.endswith(".bpmn")}
    de_carriles = [h for n, c in diagramas.items() for h in sin_titular(n, c, quienes, donde)]
    que_pasa = [e for n, c in archivos.items() for e in efectos(session, n, c, hoy)]
    esperan: dict[str, int] = {}
    for nombre in diagramas if hoy else ():
        esperan |= reads.instances.waiting_at(session, hoy.usan(nombre) if hoy else [])
    suyos = {d.file: d.content for d in lectura.borradores(session, fila.pedida_por)}
    paquete = (
        reglas.leer(fila.sujeto, {**en_vigor, **archivos})[0]
        if reglas.CODIGO.fullmatch(fila.sujeto)
        else None
    )
    return Cuadro(
        piezas=[
            _pieza(nombre, en_vigor.get(nombre), contenido)
            for nombre, contenido in archivos.items()
        ],
        quitar=fila.pedido["quitar"],
        efectos=list({str(e["nombre"]): e for e in que_pasa}.values()),
        hallazgos=(revisar_juntos(archivos) if archivos else []) + de_carriles,
        vacios=[h for h in de_carriles if h.regla in CONFIRMABLES],
        esperan=esperan,
        base=hoy.numero if hoy else 0,
        otra=any(
            _huella(en_vigor.get(nombre)) != era for nombre, era in fila.pedido["eran"].items()
        ),
        sigue=[n for n, c in archivos.items() if suyos.get(n, c) != c],
        ensayados=recordados(servicios().engine, paquete, {**en_vigor, **archivos})
        if paquete is not None
        else None,
        archivos=archivos,
    )


def _pieza(nombre: str, antes: bytes | None, despues: bytes) -> Pieza:
    if nombre.endswith(reglas.MODELOS):
        comparada = (comparacion_de if nombre.endswith(".bpmn") else comparacion_de_tablas)(
            antes, despues
        )
        return Pieza(nombre, titulo(nombre, despues), antes is None, comparada)
    unas, otras = ((t or b"").decode("utf-8", "replace").splitlines() for t in (antes, despues))
    renglones = [
        (r[:1], r[1:])
        for r in difflib.unified_diff(unas, otras, n=1, lineterm="")
        if not r.startswith(("---", "+++", "@@"))
    ]
    return Pieza(nombre, titulo(nombre, despues), antes is None, None, renglones[:MAX_RENGLONES])


def aprobar(fila: Aprobacion, respuesta: str, base: int, nombre: object) -> str:
    """Put in force and decided, in one commit; in words. DatoInvalido: not as it is now."""
    with servicios().uow.reading() as session:
        c = cuadro(session, fila)
    sin_nadie, quien = str(fila.pedido["sin_nadie"]), fila.pedida_por
    if c.otra:
        raise DatoInvalido(
            _(
                "Otra persona puso en vigor otro texto de lo mismo. Devuélvala, para que se pida con el de ahora."
            )
        )
    if c.impide:
        raise DatoInvalido(YA_NO_ENTRA)
    if c.vacios and not sin_nadie:
        raise DatoInvalido(str(NADIE_AQUI))
    nota = nota_con_vacios(fila.motivo, c.vacios, sin_nadie)
    try:
        puesto = servicios().engine.releases.deploy(
            c.archivos,
            actor=actor_actual(),
            now=ahora(),
            remove=c.quitar,
            base=base,
            note=f"{nota} · La pidió {quien}",
            asked_by=quien,
            records=lambda session: dos_personas.decidir(
                session, fila.id, respuesta, aprueba=True, nombre=nombre
            ),
        )
    except DeployRefused as refutado:
        raise DatoInvalido(YA_NO_ENTRA) from refutado
    except StaleBase as viejo:
        raise DatoInvalido(
            _(
                "Otra persona puso cambios en vigor mientras usted revisaba. Mire otra vez qué cambia."
            )
        ) from viejo
    anotar_vacios(puesto.release, c.vacios, sin_nadie)
    return str(_("En vigor. Los casos abiertos siguen en su versión."))
