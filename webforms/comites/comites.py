"""The quality committee (5.2.30–5.2.31): its sessions with attendance and votes of each member,
minutes, findings until they are closed."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.auditorias.evaluaciones import REITERADA
from records.base.actos import Acto
from records.base.errores import ArchivoSinGuardar, DatoInvalido, NoExiste
from records.casos import archivos
from records.casos.tablas import Archivo
from records.comites import comites
from records.comites.comites import Tratado
from records.comites.tablas import Comite, ComiteActa
from records.cuentas.reglas.roles import Facultad, con_facultad
from records.lugares.puntos import puntos
from webforms.base import auditoria as f189, formatos
from webforms.base.adjuntos import elegidos
from webforms.base.entregas import entregar
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import CIERRA_ACCIONES, SESIONA, VE_COMITES
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, usuario_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.comites import palabras as dichos
from webforms.comites.palabras import sala
from webforms.documentos.pdf import HECHOS, Pedido, componer
from webforms.documentos.planillas import BOM, en_planilla, linea
from webforms.evidencia import separacion
from webforms.informes.palabras_de_pdf import de_todos

rutas = Rutas()

PLANTILLA: Final = HECHOS / "acta.typ"
MAX_MOTIVO, EVIDENCIA = 1000, (10, 2000)  # letters


def _tiene(facultad: Facultad) -> bool:
    usuario = usuario_actual()
    return usuario is not None and usuario.tiene(*con_facultad(facultad))


def _comite(session: Session, comite_id: int) -> Comite:
    try:
        return comites.uno(session, comite_id)
    except NoExiste:
        abort(404)


# Each member for themselves; who is convened is decided there.
@rutas.get(
    "/comites",
    para=VE_COMITES,
    ayuda=Ayuda(_l("Los comités de calidad, sus actas y sus votos."), CALIDAD),
    menu=Entrada(Grupo.CALIDAD, _l("Comités"), 4),
)
def lista_de_comites() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        filas = [
            (s := sala(session, k), dichos.estado_de_comite(session, s))
            for k in comites.todos(session)
        ]
        return render_template("comites/comites.html", filas=filas)


@rutas.get(
    "/comites/<int:comite_id>",
    para=VE_COMITES,
    ayuda=Ayuda(_l("Una sesión del comité: asistencia, votos y lo que se decide."), CALIDAD),
)
def comite(comite_id: int) -> ResponseReturnValue:
    """The committee in session: who is there, each finding with its answer, the votes; each member
    acts for themselves alone."""
    with servicios().uow.reading() as session:
        return _pagina(session, _comite(session, comite_id))


def _pagina(session: Session, k: Comite, error: str = "", en: str = "") -> str:
    """`en`: the finding whose vote was not taken."""
    s, yo = sala(session, k), actor_actual().id
    miembro = (
        s.abierta and s.sesion is not None and yo in s.sesion.miembros and _tiene(Facultad.SESIONAR)
    )
    plan = comites.plan(session, k.id)
    return render_template(
        "comites/comite.html",
        s=s,
        yo=yo,
        miembro=miembro,
        esta=yo in s.estan,
        mios=s.mis_votos(yo),
        estado_de=dichos.estado_de_comite(session, s),
        acta=comites.acta(session, k.id),
        plan=plan,
        opciones=dichos.VOTOS,
        faltan=comites.sin_responder(session, k.id),
        error=error,
        en=en,
        escrito=request.form if request.method == "POST" else {},
        max_motivo=MAX_MOTIVO,
    )


@rutas.post(
    "/comites/<int:comite_id>/asistencia",
    para=SESIONA,
    haria=_l("Registrar su asistencia al comité"),
)
def asistir(comite_id: int) -> ResponseReturnValue:
    """For themselves: nobody notes the attendance of another."""
    s, acto = servicios(), Acto(actor_actual().id, servicios().clock.now())
    with s.uow.reading() as session:
        _comite(session, comite_id)
    try:
        s.uow.run(lambda session: comites.asistir(session, comite_id, acto))
    except DatoInvalido as falta:
        flash(str(falta), "ambar")
    else:
        flash(_("Quedó su asistencia, a las %(h)s.", h=formatos.hora(acto.now)), "verde")
    return redirect(url_for("calidad.comite", comite_id=comite_id))


@rutas.post(
    "/comites/<int:comite_id>/votos/<int:inconsistencia_id>",
    para=SESIONA,
    haria=_l("Votar un hallazgo en el comité"),
)
def votar(comite_id: int, inconsistencia_id: int) -> ResponseReturnValue:
    """One vote a member, finding and session; it cannot be changed."""
    s, acto = servicios(), Acto(actor_actual().id, servicios().clock.now())
    voto, motivo = request.form.get("voto", ""), str(limpiar(request.form.get("motivo", "")))
    with s.uow.reading() as session:
        k, codigo = _comite(session, comite_id), comites.codigo(inconsistencia_id)
        if len(motivo) > MAX_MOTIVO:
            return _pagina(
                session, k, _("Escriba máximo %(n)s caracteres", n=MAX_MOTIVO), codigo
            ), 422
    try:
        s.uow.run(
            lambda session: comites.votar(session, comite_id, inconsistencia_id, voto, motivo, acto)
        )
    except DatoInvalido as falta:
        separacion.anotar(falta, codigo)
        with s.uow.reading() as session:
            return _pagina(session, _comite(session, comite_id), str(falta), codigo), 422
    flash(_("Quedó su voto sobre %(h)s.", h=codigo), "verde")
    return redirect(url_for("calidad.comite", comite_id=comite_id, _anchor=codigo))


# --- minutes --------------------------------------------------------------------------------------
def _acta(session: Session, comite_id: int) -> tuple[Comite, ComiteActa]:
    k = _comite(session, comite_id)
    return k, comites.acta(session, k.id) or abort(404)


def _nombrados(dicho: dict[str, Any]) -> set[str]:
    quienes = {m for sesion in dicho["sesiones"] for m in sesion["miembros"]}
    return quienes | {
        h[q] for h in dicho["hallazgos"] for q in ("asesor", "responsable", "respondio") if h[q]
    }


@rutas.get(
    "/comites/<int:comite_id>/acta",
    para=VE_COMITES,
    ayuda=Ayuda(_l("El acta de un comité."), CALIDAD),
)
def acta_de_comite(comite_id: int) -> ResponseReturnValue:
    """As it was frozen."""
    with servicios().uow.reading() as session:
        k, acta = _acta(session, comite_id)
        dicho = comites.contenido(acta)
        return render_template(
            "comites/acta.html",
            k=k,
            acta=acta,
            d=dicho,
            personas=nombres_de(session, _nombrados(dicho)),
            puntos={p.codigo: p.nombre for p in puntos(session)},
            instante=dt.datetime.fromisoformat,
            dia=dt.date.fromisoformat,
        )


@rutas.get("/comites/<int:comite_id>/acta.pdf", para=VE_COMITES)
def acta_en_pdf(comite_id: int) -> ResponseReturnValue:
    """The same minutes give the same bytes; recorded before they leave."""
    s = servicios()
    with s.uow.reading() as session:
        k, acta = _acta(session, comite_id)
        pedido, huella, mes = _documento(session, k, acta), acta.huella, k.mes
    hecho = componer(pedido)
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        f"acta-{mes}.pdf",
        now=s.clock.now(),
        detail={"sha256": huella},
    )
    cabecera = {
        "Content-Disposition": f"attachment; filename=acta-comite-{mes}.pdf",
        "Cache-Control": "no-store",
    }
    return Response(hecho.contenido, mimetype="application/pdf", headers=cabecera)


def _documento(session: Session, k: Comite, acta: ComiteActa) -> Pedido:
    d = comites.contenido(acta)
    quien = nombres_de(session, _nombrados(d))
    lugar = {p.codigo: p.nombre for p in puntos(session)}
    titulo = _("Acta del Comité de Calidad, %(m)s", m=dichos.mes_de_comite(k.mes))
    datos = {
        "titulo": titulo,
        "nombre": _("Acta del Comité de Calidad"),
        "encabezado": titulo,
        "subtitulo": dichos.mes_de_comite(k.mes).capitalize(),
        "autor": "Ventanilla",
        "descripcion": _("%(t)s. Huella sha256 %(h)s", t=titulo, h=acta.huella),
        "de_que": _(
            "Procedimiento M5-1-02, Atención personalizada, %(a)s", a=_("actividad 5.2.31")
        ),
        "version": formatos.momento(acta.levantada),
        "pie_datos": _("Acta"),
        "pie_huella": " ".join(acta.huella[n : n + 4] for n in range(0, 16, 4)),
        "ficha": [
            (_("Levantada"), formatos.momento(acta.levantada), False),
            (_("Huella del acta"), " ".join(acta.huella[n : n + 8] for n in range(0, 64, 8)), True),
        ],
        "sesiones": [_sesion(s, quien) for s in d["sesiones"]],
        "hallazgos": [_hallazgo(h, quien, lugar) for h in d["hallazgos"]],
        **de_todos(
            comprobar=_(
                "Cómo comprobar una hoja suelta: el pie de cada una dice los 16 primeros dígitos de la huella del acta, que el sistema "
                "compara con los votos, la asistencia y las respuestas de los que salió."
            )
        ),
    }
    return Pedido(PLANTILLA, datos, acta.levantada)


def _sesion(s: dict[str, Any], quien: dict[str, str]) -> dict[str, Any]:
    asistieron = ", ".join(
        f"{quien.get(m, m)} ({formatos.momento(dt.datetime.fromisoformat(c))})"
        for m, c in s["asistieron"]
    )
    cuantos = {"n": len(s["asistieron"]), "d": len(s["miembros"]), "q": s["quorum"]}
    quorum = (
        _("Sí: %(n)s de %(d)s, se necesitan %(q)s", **cuantos)
        if s["hubo"]
        else _("No: %(n)s de %(d)s, se necesitan %(q)s", **cuantos)
    )
    return {
        "titulo": _("Sesión %(n)s", n=s["numero"]),
        "ficha": [
            (_("Convocada"), formatos.momento(dt.datetime.fromisoformat(s["convocada"]))),
            (_("Miembros"), ", ".join(quien.get(m, m) for m in s["miembros"])),
            (_("Asistieron"), asistieron or _("Nadie")),
            (_("Quórum"), quorum),
            (
                _("Presidió y cerró"),
                f"{quien.get(s['preside'], s['preside'])}, {formatos.momento(dt.datetime.fromisoformat(s['cerrada']))}",
            ),
            *([(_("Desarrollo"), s["desarrollo"])] if s["desarrollo"] else []),
        ],
    }


def _hallazgo(h: dict[str, Any], quien: dict[str, str], lugar: dict[str, str]) -> dict[str, Any]:
    votos = [
        [quien.get(m, m), str(dichos.VOTOS[voto]), motivo]
        for m, voto, motivo, _cuando in h["votos"]
    ]
    decision = (
        _("Se acepta la respuesta.")
        if h["acepta"]
        else _("No se acepta la respuesta: vuelve al comité siguiente.")
    )
    reiterada = (
        f" {_('Reiterada: repite %(h)s', h=h['reiterada_de'])}." if h["reiterada_de"] else ""
    )
    return {
        "titulo": f"{h['codigo']} · {f189.nombre_de_criterio(h['criterio'])}",
        "decision": decision + reiterada,
        "ficha": [
            (_("Auditoría"), _("Semana %(s)s", s=f189.semana(h["semana"]))),
            (
                _("Punto y asesor"),
                f"{lugar.get(h['punto'], h['punto'])}, {quien.get(h['asesor'], h['asesor'])}",
            ),
            (_("Qué pasó"), h["descripcion"] or _("Según los datos del turno")),
            *(
                [(_("Respuesta del asesor"), h["respuesta_del_asesor"])]
                if h["respuesta_del_asesor"]
                else []
            ),
            (_("Causa"), h["causa"]),
            (_("Acción"), h["accion"]),
            (
                _("Responsable y fecha"),
                f"{quien.get(h['responsable'], h['responsable'])}, {formatos.fecha(h['fecha'])}",
            ),
            *(
                [(_("No votan"), ", ".join(quien.get(m, m) for m in h["no_votan"]))]
                if h["no_votan"]
                else []
            ),
        ],
        "votos": votos,
    }


# --- findings -------------------------------------------------------------------------------------
def _elegidos(
    session: Session,
) -> tuple[list[tuple[Tratado, str]], list[tuple[Tratado, str]], str, bool]:
    """All findings, those that the address chooses, and by what. What has expired first, then by
    date."""
    estado, reiterados = request.args.get("estado", ""), bool(request.args.get("reiterados"))
    if estado and estado not in comites.ESTADOS:
        abort(404)
    hoy = formatos.dia_local(servicios().clock.now())
    todos = [(t, t.estado(hoy)) for t in comites.hallazgos(session)]
    suyos = [
        p
        for p in todos
        if (not estado or p[1] == estado)
        and (not reiterados or p[0].inconsistencia.reiterada_de is not None)
    ]
    orden = [comites.VENCIDA, comites.EN_CURSO, comites.SIN_RESPUESTA, comites.CERRADA]
    suyos.sort(
        key=lambda p: (
            orden.index(p[1]),
            p[0].accion.fecha if p[0].accion is not None else hoy,
            p[0].inconsistencia.id,
        )
    )
    return todos, suyos, estado, reiterados


@dataclass(frozen=True, slots=True)
class PorCriterio:
    """How often a criterion was found in three months, and how many of these came again."""

    criterio: str
    cuantos: int
    reiterados: int


def _por_criterio(todos: Sequence[tuple[Tratado, str]], now: dt.datetime) -> list[PorCriterio]:
    """The most frequent first, as far back as a finding counts as repeated."""
    suyos = [
        t.inconsistencia for t, _estado in todos if t.inconsistencia.hallada >= now - REITERADA
    ]
    cuantos = Counter(i.criterio for i in suyos)
    otra_vez = Counter(i.criterio for i in suyos if i.reiterada_de is not None)
    return [
        PorCriterio(c, cuantos[c], otra_vez[c])
        for c in sorted(cuantos, key=lambda c: (-cuantos[c], c))
    ]


@rutas.get(
    "/hallazgos",
    para=VE_COMITES,
    ayuda=Ayuda(_l("Los hallazgos y en qué va la acción de cada uno."), CALIDAD),
    menu=Entrada(Grupo.CALIDAD, _l("Hallazgos"), 3),
)
def lista_de_hallazgos() -> ResponseReturnValue:
    """Those of audits that were sent. `estado` and `reiterados` choose."""
    with servicios().uow.reading() as session:
        todos, suyos, estado, reiterados = _elegidos(session)
        return render_template(
            "comites/hallazgos.html",
            filas=suyos,
            por_criterio=_por_criterio(todos, servicios().clock.now()),
            cuantos={e: sum(p[1] == e for p in todos) for e in comites.ESTADOS},
            de_reiterados=sum(p[0].inconsistencia.reiterada_de is not None for p in todos),
            todos=len(todos),
            elegido=estado,
            reiterados=reiterados,
            estados=dichos.ESTADOS,
            codigo=comites.codigo,
            puntos={p.codigo: p.nombre for p in puntos(session)},
            personas=nombres_de(session, _de(t for t, _e in suyos)),
        )


@rutas.get("/hallazgos/hallazgos.csv", para=VE_COMITES)
def exportar_hallazgos() -> ResponseReturnValue:
    """Those that the page shows, each with its answer and its end; recorded before they leave."""
    s = servicios()
    with s.uow.reading() as session:
        _todos, suyos, estado, reiterados = _elegidos(session)
        hecho = BOM + "".join(linea(fila) for fila in _en_filas(session, suyos))
    elegido: dict[str, Any] = {"estado": estado, "reiterados": reiterados, "filas": len(suyos)}
    s.engine.log_access(
        actor_actual(), "exportacion", "hallazgos.csv", now=s.clock.now(), detail=elegido
    )
    cabecera = {
        "Content-Disposition": "attachment; filename=hallazgos.csv",
        "Cache-Control": "no-store",
    }
    return Response(hecho, mimetype="text/csv", headers=cabecera)


COLUMNAS: Final = (
    *(
        "hallazgo",
        "gravedad",
        "criterio",
        "punto",
        "asesor",
        "auditoria",
        "hallado",
        "repite",
        "que paso",
    ),
    *("causa", "accion", "responsable", "fecha", "comite", "estado", "cerrada", "evidencia"),
)


def _en_filas(session: Session, suyos: Sequence[tuple[Tratado, str]]) -> Iterable[list[str]]:
    quien, lugar = (
        nombres_de(session, _de(t for t, _e in suyos)),
        {p.codigo: p.nombre for p in puntos(session)},
    )
    yield list(COLUMNAS)
    for t, estado in suyos:
        i, vale = t.inconsistencia, t.accion if t.vale else None
        accion = (
            [
                vale.causa,
                vale.accion,
                quien.get(vale.responsable, vale.responsable),
                vale.fecha.isoformat(),
            ]
            if vale
            else [""] * 4
        )
        comite_ = "" if t.acepta is None else str(_("Acepta") if t.acepta else _("No acepta"))
        cierre = (
            [en_planilla(t.cierre.cuando), t.cierre.evidencia] if t.cierre is not None else ["", ""]
        )
        yield [
            t.codigo,
            str(f189.GRAVEDADES[i.gravedad]),
            f189.nombre_de_criterio(i.criterio),
            lugar.get(i.punto_id, i.punto_id),
            quien.get(i.asesor_id, i.asesor_id),
            t.semana,
            en_planilla(i.hallada),
            comites.codigo(i.reiterada_de) if i.reiterada_de is not None else "",
            i.descripcion,
            *accion,
            comite_,
            str(dichos.ESTADOS[estado]),
            *cierre,
        ]


def _de(tratados: Any) -> set[str]:
    quienes = set()
    for t in tratados:
        quienes.add(t.inconsistencia.asesor_id)
        if t.accion is not None:
            quienes |= {t.accion.por, t.accion.responsable}
        if t.cierre is not None:
            quienes.add(t.cierre.por)
    return quienes


def _hallado(session: Session, inconsistencia_id: int) -> Tratado:
    try:
        return comites.hallazgo(session, inconsistencia_id)
    except NoExiste:
        abort(404)


@rutas.get(
    "/hallazgos/<int:inconsistencia_id>",
    para=VE_COMITES,
    ayuda=Ayuda(_l("Un hallazgo, lo que se respondió y la acción que lo cierra."), CALIDAD),
)
def hallazgo(inconsistencia_id: int) -> ResponseReturnValue:
    """One finding from the report to the proof that its action was done."""
    with servicios().uow.reading() as session:
        return _un_hallazgo(session, _hallado(session, inconsistencia_id))


def _un_hallazgo(session: Session, t: Tratado, errores: list[tuple[str, str]] | None = None) -> str:
    i, yo = t.inconsistencia, actor_actual().id
    anterior = comites.que_repite(session, i)
    suya = t.accion is not None and yo in (t.accion.por, t.accion.responsable)
    return render_template(
        "comites/hallazgo.html",
        t=t,
        estado_de=t.estado(formatos.dia_local(servicios().clock.now())),
        anterior=anterior,
        cierra=_tiene(Facultad.CERRAR_ACCIONES)
        and t.acepta is True
        and t.cierre is None
        and not suya,
        evidencia=session.get(Archivo, t.cierre.archivo_id)
        if t.cierre is not None and t.cierre.archivo_id is not None
        else None,
        puntos={p.codigo: p.nombre for p in puntos(session)},
        personas=nombres_de(session, _de([t, *([anterior] if anterior is not None else [])])),
        errores=errores or [],
        escrito=str(request.form.get("evidencia", "")) if request.method == "POST" else "",
    )


@rutas.post(
    "/hallazgos/<int:inconsistencia_id>/cierre",
    para=CIERRA_ACCIONES,
    haria=_l("Cerrar la acción de un hallazgo"),
)
def cerrar_accion(inconsistencia_id: int) -> ResponseReturnValue:
    """By OCM, with what proves it."""
    s, acto = servicios(), Acto(actor_actual().id, servicios().clock.now())
    evidencia, subidos = str(limpiar(request.form.get("evidencia", ""))), elegidos("soporte")
    errores = [("soporte", falta) for falta in subidos.faltas]
    if len(subidos.subidos) > 1:
        errores.append(("soporte", _("Elija un solo archivo")))
    if not EVIDENCIA[0] <= len(evidencia) <= EVIDENCIA[1]:
        errores.insert(0, ("evidencia", _("Escriba con qué se comprobó, entre 10 y 2.000 letras")))
    with s.uow.reading() as session:
        t = _hallado(session, inconsistencia_id)
        if errores:
            return _un_hallazgo(session, t, errores), 422

    def cerrar(session: Session) -> None:
        archivo_id = (
            archivos.registrar_archivo(session, subidos.archivos[0].valor(), acto)
            if subidos.archivos
            else None
        )
        comites.cerrar_accion(session, inconsistencia_id, evidencia, archivo_id, acto)
        subidos.guardar()

    try:
        s.uow.run(cerrar)
    except ArchivoSinGuardar as falla:
        with s.uow.reading() as session:
            return _un_hallazgo(
                session, _hallado(session, inconsistencia_id), [("soporte", str(falla))]
            ), 503
    except DatoInvalido as falta:
        separacion.anotar(falta, comites.codigo(inconsistencia_id))
        flash(str(falta), "ambar")
    else:
        flash(
            _(
                "La acción de %(h)s quedó cerrada, con su evidencia.",
                h=comites.codigo(inconsistencia_id),
            ),
            "verde",
        )
    return redirect(url_for("calidad.hallazgo", inconsistencia_id=inconsistencia_id))


@rutas.get("/hallazgos/<int:inconsistencia_id>/evidencia", para=VE_COMITES)
def evidencia_de_cierre(inconsistencia_id: int) -> ResponseReturnValue:
    """The file that the closing names; recorded before it leaves."""
    s = servicios()
    with s.uow.reading() as session:
        t = _hallado(session, inconsistencia_id)
        if t.cierre is None or t.cierre.archivo_id is None:
            abort(404)
        archivo = session.get_one(Archivo, t.cierre.archivo_id)
        codigo = t.codigo
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        archivo.nombre[-80:],
        now=s.clock.now(),
        detail={"hallazgo": codigo},
    )
    return entregar(archivo)
