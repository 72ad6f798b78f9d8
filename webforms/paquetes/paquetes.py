"""Procedures as packages: which there are, what is in each, one as a ZIP, a new one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.types import ElementSpec
from records.correo.reglas import moldes
from records.cuentas import carriles
from records.cuentas.titulares import Titulares, titulares
from records.paquetes.reglas import escenarios, paquete as reglas, paquete_zip
from records.paquetes.reglas.paquete import Paquete
from webforms.base import palabras
from webforms.base.catalogos import ES, IDIOMAS
from webforms.base.formatos import numero
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import LEE_MODELOS, MODELA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.paquetes import lectura
from webforms.paquetes.edicion import ahora, edita_modelos, guardar_borrador
from webforms.paquetes.escenarios import OtroEnsayo, Resultado, probar
from webforms.paquetes.lectura import Vigente
from webforms.paquetes.manifiesto import escrito
from webforms.paquetes.plantilla import diagrama_vacio
from webforms.paquetes.titulares import DE_PERSONAS, lugares
from webforms.tareas.elementos import titulo_de_elemento

rutas = Rutas()

#: Faults of a manifest that is read whole in spite of them.
NO_PIERDEN: Final = frozenset({"no_esta", "sin_diagrama", "dos_veces", "vacio"})


@dataclass(frozen=True, slots=True)
class Version:
    """A release in which some piece of the package changed."""

    numero: int
    release: int
    desde: dt.datetime
    quien: str
    nota: str


@dataclass(frozen=True, slots=True)
class FilaPaquete:
    paquete: Paquete
    version: Version | None  #: in force; None: only a draft yet
    borradores: int
    cubiertas: int
    controles: int
    abiertos: int


@dataclass(frozen=True, slots=True)
class FilaRol:
    """A role that lanes of the package ask for, and whether somebody has it."""

    codigo: str
    nombre: str
    alcance: str  #: name of the list of places; empty: the whole entity
    total: int  #: places for which it may be held
    sin_nadie: tuple[str, ...]  #: their names, where nobody has it
    tiene: bool


def mis_borradores(session: Session) -> dict[str, bytes]:
    return {d.file: d.content for d in lectura.borradores(session, actor_actual().id)}


def con_borradores(hoy: Vigente | None, mios: Mapping[str, bytes]) -> dict[str, bytes]:
    """What would be in force if the drafts of this person were."""
    return {**(hoy.archivos if hoy else {}), **mios}


def paquete_pedido(codigo: str, archivos: Mapping[str, bytes]) -> Paquete:
    """404 when there is no such package; one whose manifest is a draft that cannot be read is shown
    by its drafts alone."""
    if reglas.CODIGO.fullmatch(codigo) is None or f"{codigo}/{reglas.MANIFIESTO}" not in archivos:
        abort(404)
    return reglas.leer(codigo, archivos)[0] or Paquete(codigo, codigo)


def versiones(session: Session, paquete: Paquete) -> list[Version]:
    """The newest first."""
    cambios = {
        (v.first_release, v.since) for v in reads.releases.file_versions(session, paquete.piezas)
    }
    dichas = {
        r.number: r for r in reads.releases.notes(session, [numero for numero, _desde in cambios])
    }
    personas = lectura.nombres_de_personas(session, (r.by for r in dichas.values()))
    return [
        Version(
            n,
            numero,
            desde,
            personas.get(dichas[numero].by, dichas[numero].by),
            dichas[numero].note,
        )
        for n, (numero, desde) in reversed(list(enumerate(sorted(cambios), 1)))
    ]


def _fila(
    session: Session, paquete: Paquete, hoy: Vigente | None, mios: Mapping[str, bytes]
) -> FilaPaquete:
    elementos = elementos_de(paquete, hoy)
    vigente = hoy is not None and f"{paquete.codigo}/{reglas.MANIFIESTO}" in hoy.archivos
    propias = versiones(session, paquete) if vigente else []
    procesos = lectura.procesos(session, hoy, {}) if hoy else []
    return FilaPaquete(
        paquete,
        propias[0] if propias else None,
        sum(nombre in mios for nombre in paquete.piezas),
        paquete.cubiertas(elementos),
        sum(any(id_ in elementos for id_ in c.elementos) for c in paquete.controles),
        sum(p.abiertos for p in procesos if p.archivo in paquete.modelos),
    )


def elementos_de(paquete: Paquete, hoy: Vigente | None) -> dict[str, ElementSpec]:
    """The elements in force of its diagrams."""
    procesos = [p for p in hoy.procesos.values() if p.file in paquete.modelos] if hoy else []
    return {id_: e for p in procesos for id_, e in p.elements.items()}


def paquete_de(archivo: str, archivos: Mapping[str, bytes]) -> Paquete | None:
    """The package that names this diagram or table."""
    return next((p for p in reglas.paquetes(archivos) if archivo in p.modelos), None)


def van_juntos(archivo: str, hoy: Vigente | None, mios: Mapping[str, bytes]) -> Paquete | None:
    """The package of this file when it has to come into force with others: it is new, or other
    pieces of it are drafts as well."""
    paquete = paquete_de(archivo, con_borradores(hoy, mios))
    if paquete is None:
        return None
    es_nuevo = hoy is None or f"{paquete.codigo}/{reglas.MANIFIESTO}" not in hoy.archivos
    return (
        paquete
        if es_nuevo or any(nombre in mios for nombre in paquete.piezas if nombre != archivo)
        else None
    )


def tomar_en(codigo: str, archivo: str) -> bool:
    """A new diagram becomes one of this package: its manifest names it. False, and nothing is
    written, when the manifest says what would be lost by writing it anew."""
    with servicios().uow.reading() as session:
        archivos = con_borradores(lectura.vigente(session), mis_borradores(session))
        paquete_pedido(codigo, archivos)
        leido, faltas = reglas.leer_lo_que_se_pueda(codigo, archivos)
    if leido is None or any(f.que not in NO_PIERDEN for f in faltas):
        return False
    guardar_borrador(
        f"{codigo}/{reglas.MANIFIESTO}",
        escrito(replace(leido, modelos=(*leido.modelos, archivo))),
        None,
    )
    return True


@rutas.get(
    "/procedimientos/",
    para=LEE_MODELOS,
    ayuda=Ayuda(_l("Cada procedimiento con sus diagramas, sus roles y lo que cubre."), ANALISTA),
    menu=Entrada(Grupo.AJUSTES, _l("Procedimientos"), 6),
)
def procedimientos() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        mios = mis_borradores(session)
        archivos = con_borradores(hoy, mios)
        filas = [
            _fila(session, paquete_pedido(codigo, archivos), hoy, mios)
            for codigo in reglas.codigos(archivos)
        ]
        de_paquetes = {nombre for fila in filas for nombre in fila.paquete.modelos}
        sueltos = sorted(
            nombre
            for nombre in archivos
            if nombre.endswith(reglas.MODELOS) and nombre not in de_paquetes
        )
    return render_template(
        "paquetes/paquetes.html",
        filas=sorted(filas, key=lambda f: f.paquete.nombre.casefold()),
        sueltos=sueltos,
        edita=edita_modelos(),
    )


@rutas.get(
    "/procedimientos/<codigo>",
    para=LEE_MODELOS,
    ayuda=Ayuda(
        _l("Un procedimiento: qué cubre de lo escrito, quién hace cada cosa y su historia."),
        ANALISTA,
    ),
)
def paquete(codigo: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        mios = mis_borradores(session)
        archivos = con_borradores(hoy, mios)
        paquete = paquete_pedido(codigo, archivos)
        fila = _fila(session, paquete, hoy, mios)
        historia = versiones(session, paquete) if fila.version else []
        elementos = elementos_de(paquete, hoy)
        roles = filas_de_roles(
            elementos, titulares(session, ahora()), lugares(session), carriles.alcances(session)
        )
    return render_template(
        "paquetes/paquete.html",
        fila=fila,
        paquete=paquete,
        historia=historia,
        elementos=elementos,
        actividades=_actividades(paquete, elementos),
        titulo_de=titulo_de_elemento,
        archivo_de={p.id: p.file for p in hoy.procesos.values()} if hoy else {},
        roles=roles,
        borradores=sorted(nombre for nombre in mios if nombre in paquete.piezas),
        vigentes=hoy.archivos if hoy else {},
        edita=edita_modelos(),
        direccion_de=direccion,
        escenarios=len(escenarios.de_un_paquete(codigo, archivos)),
    )


def direccion(codigo: str, nombre: str) -> str:
    """The page on which a text of the package is edited."""
    ruta = nombre.removeprefix(f"{codigo}/")
    if ruta == reglas.MANIFIESTO:
        return url_for("procesos.textos", codigo=codigo)
    carta = moldes.ARCHIVO.fullmatch(nombre)
    if carta is not None and carta["codigo"] == codigo and carta["lengua"] == ES:
        return url_for("procesos.carta", codigo=codigo, nombre=carta["nombre"])
    if carta is not None and carta["codigo"] == codigo and carta["lengua"] in IDIOMAS:
        return url_for(
            "procesos.carta_en", codigo=codigo, nombre=carta["nombre"], lengua=carta["lengua"]
        )
    return url_for("procesos.pieza", codigo=codigo, ruta=ruta)


def _actividades(
    paquete: Paquete, elementos: Mapping[str, ElementSpec]
) -> list[tuple[reglas.Actividad, list[ElementSpec]]]:
    return [
        (a, [elementos[id_] for id_ in a.elementos if id_ in elementos])
        for a in paquete.actividades
    ]


def filas_de_roles(
    elementos: Mapping[str, ElementSpec],
    quienes: Titulares,
    donde: Mapping[str, Sequence[tuple[str, str]]],
    listas: Mapping[str, str],
) -> list[FilaRol]:
    """One row a role and kind of place, as the lanes with tasks of people ask for them; then those
    that only begin or hand over."""
    pedidos: dict[tuple[str, str], str] = {}
    for e in elementos.values():
        if e.type in DE_PERSONAS and e.lane is not None and e.lane.role is not None:
            pedidos.setdefault((e.lane.role, e.lane.scope or ""), e.lane.called)
    en_carriles = {rol for rol, _variable in pedidos}
    for e in elementos.values():
        otros = (*(e.start.roles if e.start else ()), *(e.delivery.roles if e.delivery else ()))
        pedidos |= {(rol, ""): "" for rol in otros if rol not in en_carriles}
    filas = []
    for (rol, variable), llamado in sorted(pedidos.items()):
        posibles = donde.get(variable, ())
        sin_nadie = tuple(nombre for clave, nombre in posibles if not quienes.puede(rol, clave))
        filas.append(
            FilaRol(
                rol,
                rotulo(llamado) or palabras.rol(rol),
                _(rotulo(listas.get(variable, variable))),
                len(posibles),
                sin_nadie,
                quienes.tiene(rol),
            )
        )
    return filas


@rutas.post(
    "/procedimientos/<codigo>/escenarios",
    para=MODELA,
    haria=_l("Probar los escenarios de un procedimiento"),
)
def probar_escenarios(codigo: str) -> ResponseReturnValue:
    """As the package would be with the drafts of whoever asks. Changes nothing."""
    with servicios().uow.reading() as session:
        mios = mis_borradores(session)
        archivos = con_borradores(lectura.vigente(session), mios)
        paquete = paquete_pedido(codigo, archivos)
    try:
        ensayados, ocupado = probar(servicios().engine, paquete, archivos), False
    except OtroEnsayo:
        ensayados, ocupado = list[Resultado](), True
    return render_template(
        "paquetes/escenarios.html",
        paquete=paquete,
        ensayados=ensayados,
        ocupado=ocupado,
        por_poner=any(nombre in mios for nombre in paquete.piezas),
    ), 409 if ocupado else 200


@rutas.get("/procedimientos/<codigo>/exportar", para=LEE_MODELOS)
def exportar_paquete(codigo: str) -> ResponseReturnValue:
    """The package in force as a ZIP, or with `?borrador=1` as it would be with the drafts of
    whoever asks. No case, no person."""
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        archivos = con_borradores(
            hoy, mis_borradores(session) if request.args.get("borrador") else {}
        )
        paquete = paquete_pedido(codigo, archivos)
    contenido = paquete_zip.escribir(
        codigo, {nombre: archivos[nombre] for nombre in paquete.piezas if nombre in archivos}
    )
    return Response(
        contenido,
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{codigo}.zip"'},
    )


@rutas.get(
    "/procedimientos/nuevo",
    para=MODELA,
    ayuda=Ayuda(_l("Aquí empieza un procedimiento en blanco, con una tarea."), ANALISTA),
    menu=Entrada(Grupo.AJUSTES, _l("Procedimiento nuevo")),
)
@rutas.post("/procedimientos/nuevo", para=MODELA, haria=_l("Crear un procedimiento"))
def nuevo_procedimiento() -> ResponseReturnValue:
    """A manifest and a first diagram, as drafts: they are in force nowhere."""
    if request.method == "GET":
        return render_template("paquetes/paquete_nuevo.html", error="", dicho={})
    dicho = {
        clave: " ".join(limpiar(request.form.get(clave, "")).split())[:200]
        for clave in ("nombre", "codigo", "escrito", "dueno")
    }
    dicho["objetivo"] = limpiar(request.form.get("objetivo", ""))
    codigo = dicho["codigo"]
    with servicios().uow.reading() as session:
        hay = con_borradores(lectura.vigente(session), mis_borradores(session))
    error = ""
    if not dicho["nombre"]:
        error = _("Escriba el nombre del procedimiento.")
    elif len(dicho["nombre"]) > reglas.MAX_NOMBRE or len(dicho["objetivo"]) > reglas.MAX_TEXTO:
        error = _(
            "El nombre lleva hasta %(n)s letras y el objetivo hasta %(m)s.",
            n=reglas.MAX_NOMBRE,
            m=numero(reglas.MAX_TEXTO),
        )
    elif reglas.CODIGO.fullmatch(codigo) is None:
        error = _(
            "El código lleva minúsculas sin tilde, números y guion bajo, y empieza por una letra."
        )
    elif f"{codigo}/{reglas.MANIFIESTO}" in hay or f"{codigo}.bpmn" in hay:
        error = _("Ya hay un procedimiento o un proceso con ese código. Elija otro.")
    if error:
        return render_template("paquetes/paquete_nuevo.html", error=error, dicho=dicho), 422
    primero = f"{codigo}.bpmn"
    paquete = Paquete(
        codigo,
        dicho["nombre"],
        escrito=dicho["escrito"],
        dueno=dicho["dueno"],
        objetivo=dicho["objetivo"],
        modelos=(primero,),
    )
    guardar_borrador(f"{codigo}/{reglas.MANIFIESTO}", escrito(paquete), None)
    guardar_borrador(primero, diagrama_vacio(codigo, dicho["nombre"]), None)
    return redirect(url_for("procesos.editar", archivo=primero))
