"""What the agency keeps, by one editor: a list, a form, an end. Each change says why and stays in
the history of what changed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.base import cambios as registro
from records.base.actos import Acto
from records.base.cambios import Anotado
from records.base.errores import Rechazo
from records.catalogos import catalogos
from records.catalogos.catalogos import CATALOGOS, Campo, Catalogo, NoEntra
from records.lugares import puestos
from records.lugares.puntos import modulos
from records.plazos.reglas.calendario import ZONA
from webforms.base import cambios
from webforms.base.cambios import Datos, Obra
from webforms.base.formatos import dia_local, fecha
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import GOBIERNA
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.campos import limpiar

rutas = Rutas()
PUNTOS = "puntos"


def _catalogo(clase: str) -> Catalogo:
    return CATALOGOS.get(clase) or abort(404)


def _hoy() -> dt.date:
    return dia_local(servicios().clock.now())


def escrito_de(campo: Campo, valor: Any) -> str:
    """As the form shows a value that is kept."""
    if isinstance(valor, bool):
        return "si" if valor else ""
    if isinstance(valor, dt.time):
        return f"{valor:%H:%M}"
    if isinstance(valor, dt.date):
        return f"{valor:%d/%m/%Y}"
    return campo.por_defecto if valor is None else str(valor)


def _mostrado(campo: Campo, valor: Any, opciones: Sequence[tuple[str, str]]) -> str:
    """As the list shows it."""
    if campo.tipo == catalogos.SI_NO:
        return str(_("sí")) if valor else str(_("no"))
    if isinstance(valor, dt.date):
        return fecha(valor, _hoy())
    llamado = dict(opciones).get(valor, "")
    return str(_(llamado)) if llamado else escrito_de(campo, valor)


@rutas.get(
    "/entidad",
    para=GOBIERNA,
    ayuda=Ayuda(
        _l("Lo que la entidad mantiene: puntos, áreas, listas, temas, normas."), ADMINISTRADOR
    ),
    menu=Entrada(Grupo.AJUSTES, _l("Entidad"), 2),
)
def indice() -> ResponseReturnValue:
    hoy = _hoy()
    with servicios().uow.reading() as session:
        conteos = {
            c.clase: sum(c.rige(f, hoy) for f in catalogos.filas(session, c))
            for c in CATALOGOS.values()
        }
    return render_template("catalogos/indice.html", catalogos=CATALOGOS.values(), conteos=conteos)


@rutas.get(
    "/entidad/<clase>",
    para=GOBIERNA,
    ayuda=Ayuda(
        _l("Una lista de la entidad; nada se borra, todo termina con fecha."), ADMINISTRADOR
    ),
)
def lista(clase: str) -> ResponseReturnValue:
    catalogo, hoy = _catalogo(clase), _hoy()
    with servicios().uow.reading() as session:
        opciones = {c.nombre: catalogos.opciones_de(session, c) for c in catalogo.campos}
        filas = [
            (
                f.codigo,
                catalogo.rige(f, hoy),
                [
                    _mostrado(c, getattr(f, c.nombre), opciones[c.nombre])
                    for c in catalogo.campos[1:]
                ],
            )
            for f in catalogos.filas(session, catalogo)
        ]
    return render_template("catalogos/catalogo.html", catalogo=catalogo, filas=filas)


def _escrito(catalogo: Catalogo) -> dict[str, str]:
    return {c.nombre: limpiar(request.form.get(c.nombre, ""))[:400] for c in catalogo.campos}


def _pagina(
    catalogo: Catalogo,
    escrito: Mapping[str, str],
    errores: Mapping[str, str],
    error: str = "",
    fila: Any = None,
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        opciones = {c.nombre: catalogos.opciones_de(session, c) for c in catalogo.campos}
        codigo = fila.codigo if fila is not None else ""
        usos = catalogo.en_uso(session, codigo) if codigo else []
        suyos = modulos(session, codigo) if codigo and catalogo.clase == PUNTOS else None
        historia = (
            cambios.historia(session, registro.de(session, catalogo.clase, codigo))
            if codigo
            else []
        )
    rige = catalogo.rige(fila, _hoy()) if fila is not None else True
    campos = [c for c in catalogo.campos if fila is None or not c.al_crear]
    fijos = [
        (c.rotulo, _mostrado(c, getattr(fila, c.nombre), opciones[c.nombre]))
        for c in catalogo.campos
        if fila is not None and c.al_crear
    ]
    valores = {
        "opciones": opciones,
        "usos": usos,
        "historia": historia,
        "rige": rige,
        "campos": campos,
        "fijos": fijos,
    }
    motivo = limpiar(request.form.get("motivo", ""))[:600]
    pagina = render_template(
        "catalogos/editar.html",
        catalogo=catalogo,
        codigo=codigo,
        escrito=escrito,
        errores=errores,
        error=error,
        motivo=motivo,
        modulos=suyos,
        **valores,
    )
    return pagina, 422 if error or errores else 200


@rutas.get(
    "/entidad/<clase>/nuevo",
    para=GOBIERNA,
    ayuda=Ayuda(_l("Aquí agrega algo a una lista de la entidad."), ADMINISTRADOR),
)
@rutas.post("/entidad/<clase>/nuevo", para=GOBIERNA, haria=_l("Agregar a un catálogo"))
def crear(clase: str) -> ResponseReturnValue:
    catalogo = _catalogo(clase)
    if request.method == "GET":
        propuesto = {
            c.nombre: ZONA.key if c.nombre == "tz" else c.por_defecto for c in catalogo.campos
        }
        return _pagina(
            catalogo, {k: request.args.get(k, valor)[:40] for k, valor in propuesto.items()}, {}
        )
    return _de_catalogo(catalogo, _escrito(catalogo), "crear", "", None)


#: What they say is law for cases that are to come, and for what is forgotten: two persons change
#: it.
DE_DOS = frozenset({"temas", "normas", "series"})


def _cambiar(session: Session, sujeto: str, datos: Datos, acto: Acto) -> list[Anotado]:
    """`sujeto`: "series/S1"; a new one has its code among what was written."""
    clase, _barra, codigo = sujeto.partition("/")
    catalogo, accion, motivo = CATALOGOS[clase], datos["accion"], datos["motivo"]
    if accion == "crear":
        return catalogos.crear(session, catalogo, datos["escrito"], motivo, acto)
    if accion == "guardar":
        return catalogos.cambiar(session, catalogo, codigo, datos["escrito"], motivo, acto)
    return catalogos.poner_fin(session, catalogo, codigo, motivo, acto, rige=accion == "reanudar")


def _alli(sujeto: str) -> str:
    clase, _barra, codigo = sujeto.partition("/")
    return (
        url_for("entidad.ver", clase=clase, codigo=codigo)
        if codigo
        else url_for("entidad.lista", clase=clase)
    )


CATALOGO = Obra("catalogo", _l("Temas, normas o series documentales"), _cambiar, _alli)


def _de_catalogo(
    catalogo: Catalogo, escrito: Mapping[str, str], accion: str, codigo: str, fila: Any
) -> ResponseReturnValue:
    datos = {
        "accion": accion,
        "escrito": dict(escrito),
        "motivo": limpiar(request.form.get("motivo", "")),
    }
    sujeto = f"{catalogo.clase}/{codigo}"
    if catalogo.clase not in DE_DOS:
        return _hacer(catalogo, escrito, lambda s, a: _cambiar(s, sujeto, datos, a), fila)
    try:
        hecho = cambios.hacer_o_pedir(CATALOGO, sujeto, datos)
    except Rechazo as rechazo:
        return _no_entra(catalogo, escrito, rechazo, fila)
    if hecho:
        flash(_("Guardado."), "verde")
    return redirect(_alli(f"{catalogo.clase}/{codigo or escrito['codigo']}" if hecho else sujeto))


def _no_entra(
    catalogo: Catalogo, escrito: Mapping[str, str], rechazo: Rechazo, fila: Any
) -> ResponseReturnValue:
    if isinstance(rechazo, NoEntra):
        return _pagina(catalogo, escrito, rechazo.errores, fila=fila)
    return _pagina(catalogo, escrito, {}, str(rechazo), fila)


def _hacer(
    catalogo: Catalogo, escrito: Mapping[str, str], cambiar: cambios.Cambiar, fila: Any
) -> ResponseReturnValue:
    try:
        hechos = cambios.hacer(cambiar)
    except Rechazo as rechazo:
        return _no_entra(catalogo, escrito, rechazo, fila)
    flash(_("Guardado."), "verde")
    return redirect(url_for("entidad.ver", clase=catalogo.clase, codigo=hechos[0].sujeto))


@rutas.get(
    "/entidad/<clase>/de/<codigo>",
    para=GOBIERNA,
    ayuda=Ayuda(
        _l("Aquí cambia algo de una lista, con un motivo, y ve quién lo usa."), ADMINISTRADOR
    ),
)
def ver(clase: str, codigo: str) -> ResponseReturnValue:
    catalogo = _catalogo(clase)
    fila = _fila(catalogo, codigo)
    return _pagina(
        catalogo,
        {c.nombre: escrito_de(c, getattr(fila, c.nombre)) for c in catalogo.campos},
        {},
        fila=fila,
    )


def _fila(catalogo: Catalogo, codigo: str) -> Any:
    with servicios().uow.reading() as session:
        return catalogos.fila_de(session, catalogo, codigo)


@rutas.post("/entidad/<clase>/de/<codigo>", para=GOBIERNA, haria=_l("Cambiar algo de un catálogo"))
def cambiar(clase: str, codigo: str) -> ResponseReturnValue:
    """`accion`: "guardar", or "terminar" and "reanudar" what it is offered for."""
    catalogo, accion = _catalogo(clase), request.form.get("accion", "guardar")
    if accion not in ("guardar", "terminar", "reanudar"):
        abort(400)
    fila = _fila(catalogo, codigo)
    guardado = {c.nombre: escrito_de(c, getattr(fila, c.nombre)) for c in catalogo.campos}
    return _de_catalogo(
        catalogo, _escrito(catalogo) if accion == "guardar" else guardado, accion, codigo, fila
    )


@rutas.post(
    "/entidad/puntos/de/<codigo>/modulos",
    para=GOBIERNA,
    haria=_l("Cambiar los módulos de un punto"),
)
def poner_modulos(codigo: str) -> ResponseReturnValue:
    """The desks of a point, all of them at once, between spaces or commas."""
    catalogo = CATALOGOS[PUNTOS]
    fila, motivo = _fila(catalogo, codigo), limpiar(request.form.get("motivo", ""))
    pedidos = limpiar(request.form.get("modulos", ""))[:4_000].replace(",", " ").split()
    guardado = {c.nombre: escrito_de(c, getattr(fila, c.nombre)) for c in catalogo.campos}
    return _hacer(
        catalogo, guardado, lambda s, a: puestos.poner(s, codigo, pedidos, motivo, a), fila
    )
