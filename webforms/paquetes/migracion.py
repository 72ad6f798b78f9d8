"""Moving running cases to the version in force: what would happen to each, where removed activities
go, and the result."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.commands import Plan
from engine.errors import InvalidValues
from engine.types import MAX_REASON, MIN_REASON, ElementSpec
from records.cuentas.titulares import Titulares, titulares
from webforms.base.entrada import entero
from webforms.base.formatos import dia_local
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.quienes import MIGRA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.paquetes import casos_por_migrar
from webforms.paquetes.casos_por_migrar import PorMigrar, Resultado
from webforms.paquetes.edicion import ahora, exigir_vigente, modelo_de, nombre_pedido
from webforms.paquetes.lectura import Vigente
from webforms.paquetes.titulares import Huerfana, huerfanas
from webforms.tareas.asientos import ESTADOS

rutas = Rutas()

POR_PAGINA = 50
TANDA = 25  #: cases moved by one request; the page goes on with the others


@dataclass(frozen=True, slots=True)
class Fila:
    """A case on the page: what would happen, or why it cannot be moved."""

    caso: PorMigrar
    donde: str
    puede: bool
    frases: tuple[str, ...]
    resumen: tuple[str, ...]  #: without the days of this case


@dataclass(frozen=True, slots=True)
class Destino:
    """An activity that is gone, and those of its kind to which it may lead."""

    elemento: str
    nombre: str
    opciones: tuple[tuple[str, str], ...]
    elegido: str


def _mapa(datos: Mapping[str, str]) -> dict[str, str]:
    """`a-<old>=<new>` of the page."""
    return {
        nombre.removeprefix("a-"): valor
        for nombre, valor in datos.items()
        if nombre.startswith("a-") and valor
    }


def _procesos(hoy: Vigente, archivo: str) -> list[str]:
    """Also those that call a process of this file: their cases stand in it."""
    return [p.id for p in hoy.procesos.values() if archivo in {p.file, *p.uses}] or abort(404)


@rutas.get(
    "/procesos/<archivo>/migrar",
    para=MIGRA,
    ayuda=Ayuda(_l("Aquí pasa casos abiertos a otra versión, y ve antes qué cambia."), ANALISTA),
)
def migrar(archivo: str) -> ResponseReturnValue:
    """The dry run: nothing is written."""
    return _pagina(nombre_pedido(archivo), _mapa(request.args))


def _pagina(
    archivo: str,
    mapa: dict[str, str],
    *,
    motivo: str = "",
    elegidos: Iterable[str] = (),
    errores: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    desde = max(0, request.args.get("desde", 0, type=entero) or 0)
    with servicios().uow.reading() as session:
        hoy = exigir_vigente(session)
        casos = casos_por_migrar.por_migrar(session, _procesos(hoy, archivo), hoy.numero)
        vistos = casos_por_migrar.con_nombres(session, casos[desde : desde + POR_PAGINA])
        planes = [_plan(session, hoy, caso, mapa) for caso in vistos]
        nombres = casos_por_migrar.nombres_de_elementos(
            session, [*(c.release for c in casos), hoy.numero]
        )
        quienes = titulares(session, ahora())
        filas = [
            _fila(caso, plan, nombres, quienes) for caso, plan in zip(vistos, planes, strict=True)
        ]
        destinos = _destinos(session, hoy, vistos, planes, mapa)
        solas = _huerfanas(_elementos(session, hoy.numero), planes, quienes)
    return render_template(
        "paquetes/migrar.html",
        archivo=archivo,
        modelo=modelo_de(archivo, hoy.archivos[archivo]),
        hoy_en_vigor=hoy.numero,
        filas=filas,
        total=len(casos),
        desde=desde,
        por_pagina=POR_PAGINA,
        grupos=_grupos(filas),
        estados=ESTADOS,
        destinos=destinos,
        huerfanas=solas,
        mapa=mapa,
        vinculo={f"a-{antes}": despues for antes, despues in mapa.items()},
        motivo=motivo,
        elegidos=set(elegidos),
        minimo=MIN_REASON,
        errores=errores or [],
    ), 422 if errores else 200


def _huerfanas(
    elementos: Mapping[str, ElementSpec], planes: Iterable[Plan], quienes: Titulares
) -> list[Huerfana]:
    """Tasks of the cases that can be moved which nobody could do afterwards."""
    tareas = [
        (elementos[i.new_element], i.new_scope, 1)
        for plan in planes
        if not plan.problems
        for i in plan.items
    ]
    return huerfanas(tareas, quienes)


def _grupos(filas: Iterable[Fila]) -> list[tuple[Fila, int]]:
    """What would happen, said once for the cases to which it would happen alike, whatever day each
    falls due; refused ones first, then the most frequent."""
    cuantos = Counter((f.donde, f.puede, f.resumen) for f in filas)
    primeras = {(f.donde, f.puede, f.resumen): f for f in reversed(list(filas))}
    return [
        (primeras[clave], n)
        for clave, n in sorted(cuantos.items(), key=lambda par: (par[0][1], -par[1]))
    ]


def _plan(session: Session, hoy: Vigente, caso: PorMigrar, mapa: dict[str, str]) -> Plan:
    propio = _del_caso(session, caso, mapa)
    (plan,) = servicios().engine.migration.plan(
        session, [caso.id], hoy.numero, now=ahora(), mapping=propio
    )
    return plan


def _del_caso(session: Session, caso: PorMigrar, mapa: dict[str, str]) -> dict[str, str]:
    """The part of the mapping that the version of this case knows: cases of several versions stand
    on one page."""
    suyos = _elementos(session, caso.release)
    return {antes: despues for antes, despues in mapa.items() if antes in suyos}


def _elementos(session: Session, release: int) -> dict[str, ElementSpec]:
    return reads.releases.elements(session, servicios().engine.catalog, release)


def _fila(caso: PorMigrar, plan: Plan, nombres: Mapping[str, str], quienes: Titulares) -> Fila:
    donde = ", ".join(nombres.get(e, e) for e in plan.standing)
    if plan.problems:
        por_que = (
            *casos_por_migrar.detenido(plan, nombres),
            *casos_por_migrar.problemas(plan.problems, nombres),
        )
        return Fila(caso, donde, puede=False, frases=por_que, resumen=por_que)
    frases, resumen = (
        tuple(casos_por_migrar.frases(plan, nombres, dia, quienes))
        for dia in (dia_local(ahora()), None)
    )
    return Fila(caso, donde, puede=True, frases=frases, resumen=resumen)


def _destinos(
    session: Session, hoy: Vigente, casos: list[PorMigrar], planes: list[Plan], mapa: dict[str, str]
) -> list[Destino]:
    """For each activity that is gone and holds a case: those of its kind, new ones first."""
    nuevos, hallados = _elementos(session, hoy.numero), dict[str, Destino]()
    for caso, plan in zip(casos, planes, strict=True):
        viejos = _elementos(session, caso.release)
        quitados = [p.facts["element"] for p in plan.problems if p.code == "removed"] + [
            e for e in plan.standing if e in mapa
        ]
        for elemento in quitados:
            if elemento in viejos and elemento not in hallados:
                iguales = [
                    e
                    for e in nuevos.values()
                    if e.type == viejos[elemento].type and e.process == viejos[elemento].process
                ]
                orden = sorted(iguales, key=lambda e: (e.id in viejos, e.id))
                opciones = tuple((e.id, e.name or e.id) for e in orden)
                hallados[elemento] = Destino(
                    elemento, viejos[elemento].name or elemento, opciones, mapa.get(elemento, "")
                )
    return list(hallados.values())


@rutas.post(
    "/procesos/<archivo>/migrar", para=MIGRA, haria=_l("Pasar casos a otra versión"), de_peso=True
)
def migrar_casos(archivo: str) -> ResponseReturnValue:
    """Moves up to TANDA of the chosen cases and says what became of each; the same page goes on
    with the rest."""
    archivo, mapa = nombre_pedido(archivo), _mapa(request.form)
    motivo, elegidos = request.form.get("motivo", "").strip(), request.form.getlist("caso")
    with servicios().uow.reading() as session:
        hoy = exigir_vigente(session)
        casos = {
            c.id: c
            for c in casos_por_migrar.por_migrar(session, _procesos(hoy, archivo), hoy.numero)
        }
        pendientes = [id_ for id_ in elegidos if id_ in casos]
        casos |= {
            c.id: c
            for c in casos_por_migrar.con_nombres(
                session, (casos[id_] for id_ in pendientes[:TANDA])
            )
        }
    errores = []
    if request.form.get("en_vigor") != str(hoy.numero):
        errores.append(
            (
                "contenido",
                _("Otra versión entró en vigor mientras usted revisaba. Vea otra vez qué pasaría."),
            )
        )
    elif not pendientes:
        errores.append(("casos", _("Marque los casos que quiere migrar")))
    if not MIN_REASON <= len(motivo) <= MAX_REASON:
        errores.append(("motivo", _("Escriba el motivo, entre %(n)s y 2.000 letras", n=MIN_REASON)))
    if errores:
        return _pagina(archivo, mapa, motivo=motivo, elegidos=elegidos, errores=errores)
    try:
        hechos = list(_tanda(pendientes, casos, hoy.numero, motivo, mapa))
    except InvalidValues:
        return _pagina(
            archivo,
            mapa,
            motivo=motivo,
            elegidos=elegidos,
            errores=[("motivo", _("Escriba un motivo más largo"))],
        )
    antes = [
        (n, f)
        for n, f in zip(request.form.getlist("hecho"), request.form.getlist("dicho"), strict=False)
    ]
    resultados = [*antes, *((casos[r.instancia].nombre, " ".join(r.frases)) for r in hechos)]
    return render_template(
        "paquetes/migrados.html",
        archivo=archivo,
        modelo=modelo_de(archivo, hoy.archivos[archivo]),
        hoy_en_vigor=hoy.numero,
        resultados=resultados,
        faltan=pendientes[TANDA:],
        mapa=mapa,
        motivo=motivo,
    )


def _tanda(
    ids: list[str], casos: Mapping[str, PorMigrar], release: int, motivo: str, mapa: dict[str, str]
) -> Iterable[Resultado]:
    """Each case with the part of the mapping that its own version knows."""
    for id_ in ids[:TANDA]:
        with servicios().uow.reading() as session:
            propio = _del_caso(session, casos[id_], mapa)
        yield from casos_por_migrar.migrar(
            [id_], release, reason=motivo, actor=actor_actual(), mapping=propio
        )
