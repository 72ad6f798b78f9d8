"""Indicators of a closed month: of the entity, a point, an adviser or an hour; each figure opens to
the turns or cases behind it."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.types import Data
from records.base.actos import Acto
from records.base.consultas import Pagina
from records.base.errores import DatoInvalido, Rechazo, Separado
from records.contingencia import papel
from records.cuentas import aprobaciones
from records.cuentas.aprobaciones import Pedido
from records.cuentas.reglas.roles import Facultad, con_facultad
from records.informes import cierres, meses, reportes
from records.informes.reglas.indicadores import (
    EXPEDIENTE,
    INDICADORES,
    POCOS,
    POR_MIL,
    PORCENTAJE,
    CasoMes,
    Indicador,
    Mes,
    Visita,
    dentro,
    partes,
)
from records.informes.tablas import MesCerrado
from records.lugares.puntos import areas, puntos, tipificaciones
from records.visita.calificaciones import MINIMO_PROPIAS
from webforms.base import auditoria, dos_personas, formatos, palabras
from webforms.base.cambios import anotar_rechazo
from webforms.base.entrada import entero
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.palabras import de_catalogo
from webforms.base.personas import nombre_de, nombres_de
from webforms.base.quienes import CIERRA_MES, VE_INDICADORES
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, usuario_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.documentos.planillas import BOM, en_decimal, en_planilla, linea
from webforms.informes.cifras import RATINGS, Cambiada, Corte, cambiadas, filas

rutas = Rutas()

POR_PAGINA: Final = 50
MAX_MOTIVO: Final = 500
DIMENSIONES: Mapping[str, Any] = {
    "punto": _l("Punto"),
    "franja": _l("Hora de llegada"),
    "canal": _l("Canal"),
    "asesor": _l("Asesor"),
}
ORIGENES: Mapping[str, Any] = {
    "revision": _l("La vigilancia de cada minuto"),
    "llamadas": _l("Llamadas que fallaron"),
    "afuera": _l("La vigilancia: el CRM de la entidad"),
}
CANALES: Mapping[str, Any] = {"presencial": _l("Presencial"), "escrito": _l("Escrito")}
#: What a closing keeps.
TABLAS: Mapping[str, Any] = {
    "visitas": _l("Turnos"),
    "casos": _l("Casos"),
    "jornadas": _l("Jornadas de cada punto"),
    "caidas": _l("Caídas del CRM"),
    "evaluaciones": _l("F189 remitidos"),
    "observaciones": _l("Observaciones planeadas en los puntos"),
}
COLUMNAS: Mapping[str, tuple[Any, ...]] = {
    "visitas": (
        _l("Turno"),
        _l("Llegada"),
        _l("Punto"),
        _l("Asesor"),
        _l("Espera"),
        _l("Atención"),
        _l("Cómo terminó"),
    ),
    "casos": (
        _l("Radicado"),
        _l("Recibido"),
        _l("Punto"),
        _l("Área"),
        _l("Tema"),
        _l("Término legal"),
        _l("Respondido"),
        _l("Estado"),
    ),
    "jornadas": (
        _l("Caída desde"),
        _l("Hasta"),
        _l("Caído en horario de atención"),
        _l("Causa"),
        _l("Cómo se supo"),
    ),
    "evaluaciones": (
        _l("Atención"),
        _l("Auditoría"),
        _l("Punto"),
        _l("Asesor"),
        _l("Puntaje"),
        _l("Cómo"),
        _l("Remitido"),
    ),
    "observaciones": (
        _l("Observación"),
        _l("Auditoría"),
        _l("Punto"),
        _l("Por qué no se hizo"),
    ),
}


def _corte(session: Session) -> Corte | None:
    """Of the address; the latest version of the latest month where it asks for none. 404: for one
    that is not there."""
    todas = meses.versiones(session)
    if not todas:
        return None
    mes, version = request.args.get("mes", ""), request.args.get("version", "")
    elegidas = [
        v
        for v in todas
        if (not mes or f"{v.mes:%Y-%m}" == mes) and (not version or str(v.version) == version)
    ]
    dimension, _separador, clave = request.args.get("de", "").partition(":")
    if dimension not in DIMENSIONES or not clave:
        dimension, clave = "total", ""
    return Corte(elegidas[0] if elegidas else abort(404), dimension, clave)


# --- the pages ------------------------------------------------------------------------------------
def _nombres(session: Session, version: MesCerrado) -> dict[str, dict[str, str]]:
    """Dimension → key → what it is called, of the parts that the month has."""
    claves = {
        d: [c.clave for c in meses.cifras(session, version.id, d, None) if c.indicador == "I1"]
        for d in DIMENSIONES
    }
    llamados = {p.codigo: p.nombre for p in puntos(session)}
    asesores = nombres_de(session, set(claves["asesor"]))
    return {
        "punto": dict(
            sorted(((c, llamados.get(c, c)) for c in claves["punto"]), key=lambda par: par[1])
        ),
        "franja": {c: str(_("%(h)s:00 a %(h)s:59", h=c)) for c in claves["franja"]},
        "canal": {c: str(CANALES.get(c, c)) for c in claves["canal"]},
        "asesor": dict(
            sorted(((c, asesores.get(c, c)) for c in claves["asesor"]), key=lambda par: par[1])
        ),
    }


@rutas.get(
    "/indicadores",
    para=VE_INDICADORES,
    ayuda=Ayuda(_l("Los indicadores de cada mes cerrado; cada cifra se abre."), CALIDAD),
    menu=Entrada(Grupo.MES, _l("Indicadores"), 2),
)
def lista() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        return _lista(session)


def _lista(
    session: Session,
    motivo: str = "",
    errores: Sequence[tuple[str, str]] = (),
    ensayo: Sequence[Cambiada] | None = None,
) -> str:
    """`ensayo`: what the correction with this reason would change; None: nobody asks for one."""
    corte = _corte(session)
    espera = cierres.por_aprobar(session, corte.version.mes) if corte is not None else None
    de_la_pagina: dict[str, Any] = {
        "ensayo": ensayo,
        "visto": _sello(ensayo or ()),
        "espera": espera,
        "pidio": nombre_de(session, espera.pedida_por) if espera is not None else "",
        "suya": espera is not None and espera.pedida_por == actor_actual().id,
        "por_cerrar": _por_cerrar(session),
        "cerrandose": cierres.en_curso(session),
        "motivo": motivo,
        "errores": errores,
    }
    de_la_pagina["cierra"] = _puede(Facultad.CERRAR_MES)
    if corte is None:
        return render_template("informes/sin_meses.html", **de_la_pagina)
    # who may make another one
    de_hoy = de_la_pagina["cierra"] and corte.version == meses.vigente(session, corte.version.mes)
    de_la_pagina["sin_contar"] = meses.sin_contar(session, corte.version) if de_hoy else 0
    return render_template(
        "informes/indicadores.html", **_de_un_mes(session, corte), **de_la_pagina
    )


def _de_un_mes(session: Session, corte: Corte) -> dict[str, Any]:
    todas = meses.versiones(session)
    nombres = _nombres(session, corte.version)
    if corte.clave and corte.clave not in nombres[corte.dimension]:
        abort(404)
    return {
        "corte": corte,
        "filas": filas(session, corte),
        "nombres": nombres,
        "dimensiones": DIMENSIONES,
        "meses": list(dict.fromkeys(v.mes for v in todas)),
        "versiones": (suyas := [v for v in todas if v.mes == corte.version.mes]),
        "aprobo": nombre_de(session, dada.decidida_por)
        if (dada := cierres.aprobada(session, corte.version)) is not None
        else "",
        "cambiadas": _de_la_anterior(session, corte.version, suyas),
        "personas": nombres_de(session, {v.por for v in todas if v.mes == corte.version.mes}),
        "que_es": nombres[corte.dimension][corte.clave] if corte.clave else _("Toda la entidad"),
        "de_antes": len(reportes.de_antes(session, corte.version.mes)),
        "guardado": [
            (TABLAS.get(tabla, tabla), cuantas, huella)
            for tabla, cuantas, huella in meses.guardado(session, corte.version)
        ],
        "minimo": MINIMO_PROPIAS,
        "papel": papel.del_mes(
            session,
            corte.version.mes,
            meses.siguiente(corte.version.mes),
            corte.clave if corte.dimension == "punto" and corte.clave else None,
        ),
        "pocos": POCOS,
    }


def _de_la_anterior(
    session: Session, version: MesCerrado, suyas: Sequence[MesCerrado]
) -> list[Cambiada] | None:
    """What this version changed of the one before; None: it is the first."""
    for antes in (v for v in suyas if v.version == version.version - 1):
        return cambiadas(meses.cifras(session, antes.id), meses.cifras(session, version.id))
    return None


def _sello(ensayo: Sequence[Cambiada]) -> str:
    """The same for the same change: what is approved is what was shown."""
    dicho = [(c.indicador.id, c.antes, c.despues) for c in ensayo]
    return hashlib.sha256(repr(dicho).encode()).hexdigest()


def _ensayo(session: Session, mes: dt.date, motivo: str, acto: Acto) -> list[Cambiada] | None:
    """What another version would change now; nothing is written. None: the month is not closed, and
    its closing changes nothing that anybody has. DatoInvalido: it may not be asked for."""
    cierres.se_puede_pedir(session, mes, motivo, acto)
    vigente = meses.vigente(session, mes)
    if vigente is None:
        return None
    hecho = meses.reunir(session, mes, acto, motivo)
    return cambiadas(meses.cifras(session, vigente.id), hecho.del_total())


def _puede(facultad: Facultad) -> bool:
    usuario = usuario_actual()
    return usuario is not None and bool({p.name for p in usuario.papeles} & con_facultad(facultad))


def _por_cerrar(session: Session) -> list[dt.date]:
    """Months that have ended since the first turn or the last closing and are not closed."""
    return meses.sin_cerrar(session, formatos.dia_local(servicios().clock.now()))


@rutas.post(
    "/indicadores/cerrar", para=CIERRA_MES, haria=_l("Cerrar un mes, o corregirlo con otra versión")
)
def cerrar() -> ResponseReturnValue:
    """Ask for a closing, or for another version of a closed month with its reason, after a look at
    what it would change; a job does it, and its page tells how far it is."""
    s = servicios()
    acto, motivo = (
        Acto(actor_actual().id, s.clock.now()),
        str(limpiar(request.form.get("motivo", "")))[:MAX_MOTIVO].strip(),
    )
    mes = _mes_pedido(request.form.get("mes", ""))
    pedidos: list[int] = []

    def pedir(session: Session) -> tuple[str, Data]:
        pedidos[:] = [cierres.pedir(session, mes, motivo, acto).id]
        return f"cierre-{pedidos[0]}", {"cierre_id": pedidos[0]}

    try:
        if not request.form.get("visto"):
            with s.uow.reading_one_state() as session:
                ensayo = _ensayo(session, mes, motivo, acto)
                if ensayo is not None:
                    return _lista(session, motivo, ensayo=ensayo)
        if _pedida_a_otra(mes, motivo, acto):
            return redirect(url_for("calidad.lista", mes=f"{mes:%Y-%m}"))
        s.engine.jobs.ask(cierres.CERRAR, pedir)
    except DatoInvalido as error:
        with s.uow.reading() as session:
            return _lista(
                session, motivo, [("motivo" if meses.vigente(session, mes) else "mes", str(error))]
            ), 422
    return redirect(url_for("calidad.ver_cierre", pedido_id=pedidos[0]))


def _pedida_a_otra(mes: dt.date, motivo: str, acto: Acto) -> bool:
    """Whether this is a correction, which another person decides. False: a closing, or nobody else
    ever had the role. DatoInvalido: it may not be asked for, or somebody has."""
    with servicios().uow.reading() as session:
        cierres.se_puede_pedir(session, mes, motivo, acto)
        vigente = meses.vigente(session, mes)
        if vigente is None or not aprobaciones.hay_otra_persona(
            session, CIERRA_MES, acto.quien, acto.now
        ):
            return False
        if cierres.por_aprobar(session, mes) is not None:
            raise DatoInvalido(_("La corrección de este mes espera la decisión de otra persona."))
        datos = {"version": vigente.version + 1}
    nombre = _l("corregir las cifras de %(m)s", m=LazyString(formatos.mes, mes))
    dos_personas.pedir(
        Pedido(
            cierres.CORREGIR,
            f"{mes:%Y-%m}",
            nombre,
            motivo,
            CIERRA_MES,
            datos,
            carta="correccion_pedida",
        )
    )
    return True


@rutas.post(
    "/indicadores/corregir",
    para=CIERRA_MES,
    haria=_l("Decidir la corrección de un mes que pidió otra persona"),
    de_peso=True,
)
def decidir_correccion() -> ResponseReturnValue:
    """Shown as it would be now, approved as it was shown, or sent back; the approval and the
    closing that it allows are one commit."""
    s, acto = servicios(), Acto(actor_actual().id, servicios().clock.now())
    mes, decide = _mes_pedido(request.form.get("mes", "")), request.form.get("decide", "")
    respuesta = str(limpiar(request.form.get("respuesta", "")))[:MAX_MOTIVO].strip()
    hechos: list[int] = []
    with s.uow.reading_one_state() as session:
        fila = cierres.por_aprobar(session, mes) or abort(404)
        pidio = Acto(fila.pedida_por, acto.now)
        ensayo = _ensayo(session, mes, fila.motivo, pidio) or []
        suya, visto = fila.pedida_por == acto.quien, request.form.get("visto") == _sello(ensayo)
        if not decide or (decide == "aprobar" and not suya and not visto):
            return _lista(session, fila.motivo, ensayo=ensayo)

    def decidir(session: Session) -> None:
        dos_personas.decidir(
            session,
            fila.id,
            respuesta,
            aprueba=decide == "aprobar",
            nombre=_l("corregir las cifras de %(m)s", m=LazyString(formatos.mes, mes)),
        )

    def aprobar(session: Session) -> tuple[str, Data]:
        decidir(session)
        hechos[:] = [cierres.pedir(session, mes, fila.motivo, pidio).id]
        return f"cierre-{hechos[0]}", {"cierre_id": hechos[0]}

    try:
        if decide == "aprobar":
            s.engine.jobs.ask(cierres.CERRAR, aprobar)
        else:
            s.uow.run(decidir)
    except Rechazo as error:
        if isinstance(error, Separado):
            anotar_rechazo(error.regla)
        with s.uow.reading() as session:
            campo = "mes" if suya else "respuesta"
            return _lista(session, fila.motivo, [(campo, str(error))], ensayo), 422
    dicho = {"obra": fila.obra, "sujeto": fila.sujeto, "aprobada": decide == "aprobar"}
    dos_personas.anotar(dos_personas.DECIDIDA, fila.id, {**dicho, "pidio": fila.pedida_por})
    if hechos:
        return redirect(url_for("calidad.ver_cierre", pedido_id=hechos[0]))
    flash(_("Devuelto: no cambió nada, y quien lo pidió lee por qué."), "verde")
    return redirect(url_for("calidad.lista", mes=f"{mes:%Y-%m}"))


def _mes_pedido(texto: str) -> dt.date:
    try:
        return dt.date.fromisoformat(f"{texto}-01")
    except ValueError:
        abort(422)


# --- behind a figure ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Renglon:
    """A turn or a case that a figure counts, in words. `cuenta`: it is in the numerator; None:
    there is none."""

    celdas: tuple[str, ...]
    case_key: str
    cuenta: bool | None
    enlace: str = ""  #: where it is no case


@dataclass(frozen=True, slots=True)
class Escritura:
    """How moments and times are written: in words for a page, as numbers that a spreadsheet sums
    and sorts for a file."""

    momento: Callable[[str | dt.datetime], str]
    duracion: Callable[[int], str]
    nada: str


EN_PAGINA: Final = Escritura(formatos.momento, formatos.duracion, "—")
EN_ARCHIVO: Final = Escritura(en_planilla, lambda segundos: en_decimal(segundos / 60), "")


def _renglones(session: Session, corte: Corte, i: Indicador, escritura: Escritura) -> list[Renglon]:
    """Those that count first."""
    mes = partes(meses.leer(session, corte.version).mes, corte.dimension).get(corte.clave)
    if mes is None:
        abort(404)
    if i.de == "jornadas":
        return _caidas(mes, escritura)
    medida = i.medir(mes)
    if i.de == "evaluaciones":
        return _evaluadas(session, mes, set(medida.todos), escritura)
    cumplen = set(medida.cumplen)
    if i.de == "observaciones":
        return _planeadas(session, mes, cumplen, escritura)
    llamados = {p.codigo: p.nombre for p in puntos(session)} | {
        a.codigo: a.nombre for a in areas(session)
    }
    if i.de == "visitas":
        visitas = {v.id: v for v in mes.visitas}
        contadas: list[Visita | CasoMes] = [visitas[n] for n in medida.todos]
    else:
        casos = {c.id: c for c in mes.casos}
        contadas = [casos[n] for n in (medida.cumplen if i.unidad is POR_MIL else medida.todos)]
    llamados |= nombres_de(session, {f.asesor for f in contadas if f.asesor})
    temas = {
        t.codigo: de_catalogo(t.subtema)
        for t in tipificaciones(session, formatos.dia_local(corte.version.cerrado))
    }
    con_parte = i.unidad is PORCENTAJE
    hechos = [
        Renglon(
            _celdas(f, llamados, temas, escritura),
            f.case_key,
            f.id in cumplen if con_parte else None,
        )
        for f in contadas
    ]
    return sorted(hechos, key=lambda r: r.cuenta is False)


def _caidas(mes: Mes, e: Escritura) -> list[Renglon]:
    """The outages that took opening hours of these points, the longest first."""
    hechas = []
    for c in mes.caidas:
        if caido := sum(dentro(j.desde, j.hasta, [(c.desde, c.hasta)]) for j in mes.jornadas):
            celdas = (
                e.momento(c.desde),
                e.momento(c.hasta),
                e.duracion(caido),
                c.causa or e.nada,
                str(ORIGENES.get(c.origen, c.origen)),
            )
            hechas.append((caido, Renglon(celdas, "", None)))
    return [r for _caido, r in sorted(hechas, key=lambda par: -par[0])]


def _evaluadas(session: Session, mes: Mes, cuentan: set[int], e: Escritura) -> list[Renglon]:
    """The F189 that the figure counts, the lowest first; whose they are, and the way to them, only
    for who reads audits."""
    ve = _puede(Facultad.VER_AUDITORIAS)
    suyas = sorted(
        (x for x in mes.evaluaciones if x.id in cuentan), key=lambda x: (x.centesimas or 0, x.id)
    )
    llamados = {p.codigo: p.nombre for p in puntos(session)} | (
        nombres_de(session, {x.asesor for x in suyas}) if ve else {}
    )
    return [
        Renglon(
            (
                x.atencion,
                str(_("Semana %(s)s", s=auditoria.semana(x.semana))),
                llamados.get(x.punto, x.punto),
                llamados.get(x.asesor, x.asesor) if ve else e.nada,
                e.nada if x.centesimas is None else formatos.numero(x.centesimas / 100, 2),
                str(_("Por su expediente") if x.modo == EXPEDIENTE else _("Observada en el punto")),
                e.momento(x.liberada),
            ),
            "",
            None,
            url_for("calidad.f189", f189_id=x.id) if ve else "",
        )
        for x in suyas
    ]


def _planeadas(session: Session, mes: Mes, hechas: set[int], e: Escritura) -> list[Renglon]:
    """Each that was planned at a point; those that were not done say why, first."""
    llamados = {p.codigo: p.nombre for p in puntos(session)}
    sin_motivo = str(_("Sin motivo todavía"))
    dichas = [
        Renglon(
            (
                str(_("Observación %(n)s", n=o.orden)),
                str(_("Semana %(s)s", s=auditoria.semana(o.semana))),
                llamados.get(o.punto, o.punto),
                e.nada if o.hecha else o.motivo or sin_motivo,
            ),
            "",
            o.id in hechas,
        )
        for o in mes.observaciones
    ]
    return sorted(dichas, key=lambda r: r.cuenta is True)


def _celdas(
    f: Visita | CasoMes, llamados: Mapping[str, str], temas: Mapping[str, str], e: Escritura
) -> tuple[str, ...]:
    if isinstance(f, Visita):
        return (
            (f.ficha or str(_("Sin ficha"))) + (str(_(" (registrado tarde)")) if f.tardia else ""),
            e.momento(f.llegada),
            llamados.get(f.punto, f.punto),
            llamados.get(f.asesor, f.asesor) or e.nada,
            e.nada if f.espera is None else e.duracion(f.espera),
            e.nada if f.atencion is None else e.duracion(f.atencion),
            str(palabras.RESULTADOS.get(f.resultado, f.resultado) or _("Sin terminar")),
        )
    return (
        f.radicado or str(_("Sin radicado")),
        e.momento(f.recepcion),
        llamados.get(f.punto, f.punto),
        llamados.get(f.area, f.area) or e.nada,
        temas.get(f.tema, f.tema),
        e.momento(f.limite_respuesta) if f.limite_respuesta else e.nada,
        e.momento(f.enviado) if f.enviado else e.nada,
        palabras.estado_caso(f.estado),
    )


def _pedido(
    session: Session, id_: str, escritura: Escritura
) -> tuple[Corte, Indicador, list[Renglon]]:
    """404 for what opens to nothing: which turn got which rating is nobody's to read here."""
    corte = _corte(session)
    if corte is None or id_ not in INDICADORES or id_ in RATINGS:
        abort(404)
    return corte, INDICADORES[id_], _renglones(session, corte, INDICADORES[id_], escritura)


def _cual() -> str:
    """ "si": those that count in the figure; "no": the others; "": all."""
    pedido = request.args.get("cual", "")
    return pedido if pedido in ("si", "no") else ""


def _elegidos(renglones: Sequence[Renglon], cual: str) -> list[Renglon]:
    return [r for r in renglones if not cual or r.cuenta is (cual == "si")]


@rutas.get(
    "/indicadores/<id_>",
    para=VE_INDICADORES,
    ayuda=Ayuda(_l("Los turnos y casos que hay detrás de un indicador."), CALIDAD),
)
def detras(id_: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        corte, i, renglones = _pedido(session, id_, EN_PAGINA)
        cual = _cual()
        vistos = _elegidos(renglones, cual)
        numero = max(1, request.args.get("pagina", 1, type=entero) or 1)
        desde = (min(numero, 10**6) - 1) * POR_PAGINA
        cifra = next((f for f in filas(session, corte) if f.indicador.id == id_), None) or abort(
            404
        )
        nombres = _nombres(session, corte.version)
        return render_template(
            "informes/detras.html",
            corte=corte,
            i=i,
            cifra=cifra,
            columnas=COLUMNAS[i.de],
            ve_casos=_puede(Facultad.VER_TODO),
            pagina=Pagina(vistos[desde : desde + POR_PAGINA], len(vistos), numero, POR_PAGINA),
            cual=cual,
            cuantos={
                "": len(renglones),
                "si": sum(r.cuenta is True for r in renglones),
                "no": sum(r.cuenta is False for r in renglones),
            },
            que_es=nombres[corte.dimension].get(corte.clave, corte.clave)
            if corte.clave
            else _("Toda la entidad"),
        )


@rutas.get("/indicadores/<id_>/lista.csv", para=VE_INDICADORES)
def exportar(id_: str) -> ResponseReturnValue:
    """Those that the page shows, on all its sheets; recorded before they leave."""
    s, cual = servicios(), _cual()
    with s.uow.reading() as session:
        corte, i, todos = _pedido(session, id_, EN_ARCHIVO)
    renglones = _elegidos(todos, cual)
    detalle: dict[str, Any] = {
        "indicador": id_,
        "mes": f"{corte.version.mes:%Y-%m}",
        "version": corte.version.version,
        "de": corte.de,
    }
    if cual:
        detalle["cual"] = cual
    s.engine.log_access(
        actor_actual(), "exportacion", "indicadores.csv", now=s.clock.now(), detail=detalle
    )
    en_minutos = (
        {str(_("Espera")), str(_("Atención"))}
        if i.de == "visitas"
        else {str(_("Caído en horario de atención"))}
    )
    cabeza = [
        _("%(c)s (minutos)", c=c) if c in en_minutos else c for c in map(str, COLUMNAS[i.de])
    ] + [str(_("Se cuenta"))]
    cuenta = {True: str(_("Sí")), False: str(_("No")), None: ""}
    lineas = [linea(cabeza), *(linea([*r.celdas, cuenta[r.cuenta]]) for r in renglones)]
    cabecera = {
        "Content-Disposition": f"attachment; filename={id_}-{corte.version.mes:%Y-%m}.csv",
        "Cache-Control": "no-store",
    }
    return Response(BOM + "".join(lineas), mimetype="text/csv", headers=cabecera)
