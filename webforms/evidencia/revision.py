"""Compliance: find cases, review one on the diagram that was in force, verify its chains, export
the list; changes nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from urllib.parse import urlencode

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import InvalidValues, NotFound
from records.base.reglas.documentos import parece_documento
from records.casos import plazos_registrados, registro, restringidos
from records.casos.busqueda import FiltroCasos
from records.casos.registro import FiltroRegistro
from records.casos.reglas import estados
from records.casos.reglas.notas import OBSERVACION
from records.casos.reglas.veredictos import NOMBRES, Momento
from records.contingencia import papel
from records.cuentas.cuentas import Asesor, a_quien_nombra, asesores
from records.lugares import puntos
from records.retencion import reservas
from webforms.base.en_la_direccion import abierto
from webforms.base.entrada import entero
from webforms.base.guias import CUMPLIMIENTO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import REVISA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas, destino_local
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos.fechas import dia_escrito
from webforms.casos import apertura, documento_buscado
from webforms.casos.cabecera import ficha, restringido
from webforms.casos.documento_buscado import DocumentoBuscado
from webforms.casos.lugares import lugares_de_casos
from webforms.casos.pagina import linea_del_tiempo
from webforms.casos.recorrido import recorrido
from webforms.evidencia import accesos, archivos, busqueda, ilegible, veredictos
from webforms.evidencia.busqueda import Fila, Pedido
from webforms.evidencia.cadenas import frase
from webforms.navegador import cabeceras
from webforms.tareas.nombres import nombres_de_casos
from webforms.tareas.notas import notas_de

rutas = Rutas()

ESTADOS = tuple(
    valor for nombre, valor in vars(estados).items() if nombre.isupper() and isinstance(valor, str)
)
#: Before the state of a case of another procedure: «anulado» is one of each.
DEL_REGISTRO = "registro."
DIGITOS_DE_VERSION = 6
CUANTOS_PARECIDOS = 5  #: of the same name that an error lists
RECHAZOS = {
    "lane": _l("No era de su carril o de su punto"),
    "case": _l("El caso no era suyo"),
    "route": _l("La página no es de su rol"),
    "same_person": _l("La misma persona no puede hacer las dos actividades"),
    "not_holder": _l("No tenía la tarea"),
    "operation": _l("No podía operar el proceso"),
}


def filtro_pedido(
    session: Session, argumentos: Mapping[str, str], buscado: DocumentoBuscado
) -> tuple[Pedido, list[tuple[str, str]]]:
    """The filter, and what is wrong with it, by field."""
    errores: list[tuple[str, str]] = []

    def texto(nombre: str) -> str | None:
        return argumentos.get(nombre, "").strip()[:80] or None

    def dia(nombre: str) -> dt.date | None:
        escrito = texto(nombre)
        if escrito is None:
            return None
        if (leido := dia_escrito(escrito)) is None:
            errores.append((nombre, _("Escriba la fecha como día/mes/año, por ejemplo 14/10/2026")))
        return leido

    asesor, falta = _asesor(session, texto("asesor"))
    if falta:
        errores.append(("asesor", falta))
    desde, hasta = dia("desde"), dia("hasta")
    if desde and hasta and hasta < desde:
        errores.append(
            (
                "hasta",
                _("«Recibido hasta» es anterior a «Recibido desde»: cambie una de las dos fechas"),
            )
        )
    estado = texto("estado") or ""
    de_otro = estado.removeprefix(DEL_REGISTRO) if estado.startswith(DEL_REGISTRO) else None
    filtro = FiltroCasos(
        radicado=texto("radicado"),
        persona=abierto(argumentos.get("persona", "")).strip()[:80] or None,
        personas=buscado.personas,
        punto_id=texto("punto"),
        area_id=texto("area"),
        asesor_id=asesor,
        estado=None if de_otro else estado or None,
        desde=desde,
        hasta=hasta,
        abiertos=argumentos.get("abiertos") == "1",
        vencidos=argumentos.get("vencidos") == "1",
        termino=texto("termino"),
        reasignados=argumentos.get("reasignados") == "1",
    )
    proceso, _separador, version = (texto("proceso") or "").partition(":")
    numero = (
        int(version)
        if version.isascii() and version.isdecimal() and len(version) <= DIGITOS_DE_VERSION
        else None
    )
    de_otros = FiltroRegistro(
        texto=filtro.persona or "",
        numero=filtro.radicado or "",
        lugar=filtro.punto_id,
        estado=de_otro,
        desde=desde,
        hasta=hasta,
        abiertos=filtro.abiertos,
        vencidos=filtro.vencidos,
        termino=filtro.termino,
        claves=None if buscado.personas is None else buscado.claves,
        solo=() if asesor else None,  # of an adviser are only cases of M5-1-02
    )
    return Pedido(filtro, proceso or None, numero, de_otros), errores


def _asesor(session: Session, escrito: str | None) -> tuple[str | None, str]:
    """The user name of who was written, by user name or by name; or what is wrong with it."""
    if escrito is None:
        return None, ""
    hallados = a_quien_nombra(session, escrito)
    if len(hallados) == 1:
        return hallados[0].usuario, ""
    if not hallados:
        return None, _(
            "No hay nadie con ese nombre ni con ese usuario: escríbalo como está en las páginas del caso, o elíjalo de la lista"
        )
    nombres = ", ".join(_con_usuario(c) for c in hallados[:CUANTOS_PARECIDOS])
    resto = len(hallados) - CUANTOS_PARECIDOS
    mas = f" {_('y %(n)s más', n=resto)}" if resto > 0 else ""
    return None, _("Varias personas se llaman así: %(n)s. Escriba una completa", n=nombres + mas)


def _con_usuario(c: Asesor) -> str:
    return f"{c.nombre} ({c.usuario})"


def _asesores_por_nombre(session: Session) -> list[str]:
    """What the list of the field offers: names; with the user name where several have the same."""
    todos = asesores(session)
    veces = Counter(c.nombre for c in todos)
    return [c.nombre if veces[c.nombre] == 1 else _con_usuario(c) for c in todos]


def _nombres_usados() -> list[str]:
    """What was looked for, without its values: the access chain holds no personal data."""
    return sorted(
        nombre
        for nombre, valor in request.args.items()
        if valor and nombre not in ("pagina", documento_buscado.FIRMADO)
    )


@rutas.get(
    "/cumplimiento",
    para=REVISA,
    ayuda=Ayuda(_l("Aquí busca los casos que va a revisar."), CUMPLIMIENTO),
    menu=Entrada(Grupo.CASOS, _l("Revisión de casos"), 1, primera=True),
)
def buscar() -> ResponseReturnValue:
    if _nombres_usados():
        s = servicios()
        s.engine.log_access(
            actor_actual(),
            "busqueda_casos",
            "casos",
            now=s.clock.now(),
            detail={"por": _nombres_usados()},
        )
    return _lista(request.args, documento_buscado.de_la_direccion())


def _lista(
    pedidos: Mapping[str, str], buscado: DocumentoBuscado, faltas: Sequence[tuple[str, str]] = ()
) -> ResponseReturnValue:
    """The page of the search. What is wrong stands at its field, and then there is no list: it
    would be another one."""
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        pedido, errores = filtro_pedido(session, pedidos, buscado)
        errores = [*errores, *faltas]
        numero = request.args.get("pagina", 1, type=entero) or 1
        pagina = None if errores else busqueda.buscar(session, pedido, now=now, pagina=numero)
        lugares, areas, de_otros = (
            puntos.puntos(session),
            puntos.areas(session),
            lugares_de_casos(session),
        )
        versiones = reads.releases.versions(session)
        nombres = _asesores_por_nombre(session)
    procesos = _por_proceso(versiones)
    argumentos = {k: v for k, v in pedidos.items() if k != "pagina"}
    return render_template(
        "evidencia/buscar.html",
        pagina=pagina,
        filtro=pedido.filtro,
        persona=pedido.filtro.persona or "",
        terminos={(f.clave, f.nombre): _termino(f, now) for f in pagina.filas} if pagina else {},
        procesos=procesos,
        veredictos={cual: _(nombre) for cual, nombre in NOMBRES.items()},
        errores=errores,
        puntos=lugares,
        lugares=de_otros,
        areas=areas,
        asesores=nombres,
        estados=ESTADOS,
        # without M5-1-02 nothing asks for what only its cases have
        visitas=registro.PROCESO_DE_CASO in procesos or bool(nombres),
        de_otros={DEL_REGISTRO + valor: _(nombre) for valor, nombre in registro.ESTADOS.items()},
        argumentos=argumentos,
        buscado=buscado,
        escrito=documento_buscado.escrito() if faltas else "",
        sin_documento={k: v for k, v in argumentos.items() if k != documento_buscado.FIRMADO},
        esta_lista=f"{url_for('cumplimiento.buscar')}?{urlencode({**argumentos, 'pagina': numero})}"
        if argumentos or numero > 1
        else None,
    ), 422 if errores else 200


@rutas.post("/cumplimiento", para=REVISA, haria=_l("Buscar un caso"))
def pedir() -> ResponseReturnValue:
    """The search as it was sent; the number of a document stays out of the address that answers it.

    A document that is none, or that nobody has, is answered at once: what was typed stays in its
    field.
    """
    with servicios().uow.reading() as session:
        pedidos = documento_buscado.argumentos(session)
    buscado = documento_buscado.leer(pedidos.get(documento_buscado.FIRMADO, ""))
    escrito = documento_buscado.escrito()
    if escrito and not buscado.hay:
        falta = (
            _("Nadie tiene este documento: revise el número")
            if parece_documento(escrito)
            else _("Escriba el número del documento, con su tipo o sin él: CC 52.123.456")
        )
        sin_documento = {k: v for k, v in pedidos.items() if k != documento_buscado.FIRMADO}
        return _lista(sin_documento, DocumentoBuscado(), [(documento_buscado.CAMPO, falta)])
    return redirect(url_for("cumplimiento.buscar", **pedidos))


@rutas.get("/cumplimiento/casos.csv", para=REVISA, de_peso=True)
def exportar() -> ResponseReturnValue:
    """The list as CSV; documents stay covered."""
    return _archivo("casos.csv", archivos.casos)


@rutas.get("/cumplimiento/decisiones.csv", para=REVISA, de_peso=True)
def exportar_decisiones() -> ResponseReturnValue:
    """What decision tables decided in the cases of the list, a line a decision."""
    return _archivo("decisiones.csv", archivos.decisiones)


@rutas.get("/cumplimiento/tiempos.csv", para=REVISA, de_peso=True)
def exportar_tiempos() -> ResponseReturnValue:
    """How long the tasks of the cases of the list waited and were worked on, a line a task."""
    return _archivo("tiempos.csv", archivos.tiempos)


def _archivo(
    nombre: str, lineas: Callable[[Session, Pedido, dt.datetime], Iterator[str]]
) -> ResponseReturnValue:
    """The export is recorded before the first line leaves."""
    s = servicios()
    with s.uow.reading() as session:
        pedido, errores = filtro_pedido(session, request.args, documento_buscado.de_la_direccion())
    if errores:
        return redirect(f"{url_for('cumplimiento.buscar')}?{urlencode(request.args)}")
    now = s.clock.now()
    s.engine.log_access(
        actor_actual(), "exportacion", nombre, now=now, detail={"por": _nombres_usados()}
    )

    def todas() -> Iterator[str]:
        with s.uow.reading_one_state() as session:
            yield from lineas(session, pedido, now)

    cabecera = {"Content-Disposition": f"attachment; filename={nombre}"}
    return Response(stream_with_context(todas()), mimetype="text/csv", headers=cabecera)


def _termino(f: Fila, now: dt.datetime) -> tuple[str, str] | None:
    c = f.caso
    if c is None:
        return veredictos.de_otro(f.ficha, now) if f.ficha is not None else None
    return veredictos.del_termino(
        c.limite_respuesta, c.enviado, Momento(c.estado, c.cerrado, now, c.detenido)
    )


def _por_proceso(
    versiones: Iterable[reads.releases.VersionView],
) -> dict[str, tuple[str, list[int]]]:
    """Process → its name and its versions, the latest first."""
    procesos: dict[str, tuple[str, list[int]]] = {}
    for v in versiones:
        procesos.setdefault(v.process, (rotulo(v.name), []))[1].append(v.version)
    return dict(sorted(procesos.items(), key=lambda par: par[1][0].casefold()))


@rutas.get(
    "/cumplimiento/caso/<case_key>",
    para=REVISA,
    ayuda=Ayuda(
        _l("Un caso con su evidencia, sobre el diagrama que regía entonces."), CUMPLIMIENTO
    ),
)
def caso(case_key: str) -> ResponseReturnValue:
    return ilegible.o_lo_que_esta_mal(case_key, partial(mostrar, case_key))


def mostrar(
    case_key: str,
    texto: str = "",
    errores: list[tuple[str, str]] | None = None,
    *,
    reserva: str = "",
    error_de_reserva: str = "",
    restriccion: str = "",
    error_de_restriccion: str = "",
) -> ResponseReturnValue:
    """`texto`, `reserva`, `restriccion`: what was written and not done, with why. One that is
    restricted asks for a reason first."""
    s = servicios()
    with s.uow.reading() as session:
        instancias = reads.instances.of_case(session, case_key)
        if not instancias:
            raise NotFound(case_key)
        if (
            restringido(session, case_key)
            and apertura.vigente(session, actor_actual(), case_key) is None
        ):
            return redirect(
                url_for(
                    "casos.pedir_apertura",
                    case_key=case_key,
                    vuelta=request.full_path.removesuffix("?"),
                )
            )
    s.engine.log_access(actor_actual(), "revision_caso", case_key, now=s.clock.now(), detail={})
    with s.uow.reading_one_state() as session:
        e = ficha(session, case_key)
        ultimo_primero, formularios, decididas = linea_del_tiempo(session, case_key, instancias)
        entradas = ultimo_primero[::-1]
        informe = reads.verification.verify(session, case_key)
        items = reads.items.of_case(session, case_key)
        vistas = accesos.del_caso(session, case_key)
        notas = notas_de(session, case_key)
        registrado, reservado = (
            registro.ficha(session, case_key),
            reservas.del_caso(session, case_key),
        )
        restringida, rige = restringidos.uno(session, case_key), restringido(session, case_key)
        quienes = {q for r in reservado for q in (r.puesta_por, r.levantada_por) if q}
        quienes |= (
            {x.actor_id for x in entradas}
            | {a.actor_id for a in vistas}
            | {n.actor_id for n in notas}
        )
        nombres = nombres_de(session, quienes)
        recorridos = [recorrido(session, i) for i in instancias]
        nombre = nombres_de_casos(session, {case_key}).get(case_key, "")
        papeles = papel.de_casos(session, [case_key]).get(case_key, ())
        suyos = plazos_registrados.del_caso(session, case_key) if registrado is not None else ()
    now = s.clock.now()
    if e:
        dicho, plazos = veredictos.del_caso(e, now)
        plazos += veredictos.de_otras_tareas(items, plazos, now)
    elif registrado is not None:
        dicho, plazos = (
            veredictos.de_otro(registrado, now),
            veredictos.de_sus_plazos(registrado, suyos, now),
        )
        plazos += veredictos.de_las_tareas(items, now)
    else:
        plazos = veredictos.de_las_tareas(items, now)
        dicho = veredictos.de_todas(plazos)
    # as a fault names its chain
    de_instancias = {f"instance {i.id}": rotulo(i.process_name) for i in instancias}
    cabeceras.permitir_estilos_en_linea()
    return render_template(
        "evidencia/caso.html",
        case_key=case_key,
        e=e,
        registrado=registrado,
        reservado=reservado,
        reserva=reserva,
        error_de_reserva=error_de_reserva,
        restringida=restringida,
        rige_restriccion=rige,
        restriccion=restriccion,
        error_de_restriccion=error_de_restriccion,
        instancias=instancias,
        entradas=entradas,
        formularios=formularios,
        decididas=decididas,
        informe=informe,
        fallas=[(de_instancias.get(f.chain, ""), frase(f)) for f in informe.faults],
        intentos=accesos.rechazos(vistas),
        miradas=accesos.miradas(vistas),
        rechazos=RECHAZOS,
        nombre=nombre,
        papeles=papeles,
        veredicto=dicho,
        plazos=plazos,
        notas=notas,
        nombres=nombres,
        recorridos=recorridos,
        volver=_la_lista(),
        texto=texto,
        errores=errores or [],
    ), 422 if errores or error_de_reserva or error_de_restriccion else 200


@rutas.post(
    "/cumplimiento/caso/<case_key>/observacion", para=REVISA, haria=_l("Dejar una observación")
)
def observar(case_key: str) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        if not reads.instances.of_case(session, case_key):
            raise NotFound(case_key)
    texto = request.form.get("texto", "")
    try:
        s.engine.notes.add(
            case_key, texto, actor=actor_actual(), now=s.clock.now(), kind=OBSERVACION
        )
    except InvalidValues:
        return mostrar(
            case_key, texto, [("texto", _("Escriba la observación, en máximo 4.000 letras"))]
        )
    flash(_("La observación quedó en el caso."), "verde")
    return redirect(
        url_for("cumplimiento.caso", case_key=case_key, volver=_la_lista() or None, _anchor="notas")
    )


def _la_lista() -> str:
    """The search from which the case was opened; "" for none."""
    pedida = request.args.get("volver", "")
    return (
        pedida
        if pedida.startswith(f"{url_for('cumplimiento.buscar')}?")
        and destino_local(pedida) == pedida
        else ""
    )
