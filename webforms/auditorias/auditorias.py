"""Weekly audits: how far each is, its sample drawn again, each F189, and what an adviser reads of
their own (5.2.27–5.2.29)."""

import datetime as dt
from collections.abc import Callable, Iterable

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.auditorias import auditorias, calibraciones, evaluaciones, muestras
from records.auditorias.reglas import muestra as reglas_de_muestra
from records.auditorias.reglas.f189 import FATALES
from records.auditorias.tablas import F189, Auditoria, AuditoriaMuestra
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos.tablas import Archivo
from records.comites import comites
from records.cuentas.reglas.roles import Facultad, con_facultad
from records.informes import diario
from records.lugares.puntos import puntos
from records.plazos.reglas.calendario import dia_local
from webforms import campos as c
from webforms.base import auditoria as dichos
from webforms.base.entregas import entregar
from webforms.base.guias import ASESOR, CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import ATIENDE, VE_AUDITORIAS, VISITA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede, usuario_actual
from webforms.base.servicios import servicios
from webforms.campos.formulario import TareaForm
from webforms.controles.evidencia import ve_casos
from webforms.documentos.planillas import BOM, linea
from webforms.navegador.ficha import ConFicha

rutas = Rutas()

ULTIMAS = 26  #: weeks that the list shows
LARGO_RESPUESTA = 1000
HISTORIA, DIAS_PROPIOS = dt.timedelta(days=60), 20  #: how far an adviser sees their own days


def _es_profesional() -> bool:
    usuario = usuario_actual()
    return usuario is not None and usuario.tiene(*VISITA)


def _ve_sin_remitir() -> bool:
    """Who audits sees an audit while it is made; the outsourcing sees it when its copy has left."""
    usuario = usuario_actual()
    return usuario is not None and usuario.tiene(*con_facultad(Facultad.AUDITAR))


def _auditoria(session: Session, semana: str) -> Auditoria:
    a = auditorias.de_semana(session, semana) or abort(404)
    if not _ve_sin_remitir() and auditorias.remitida(session, a.id) is None:
        abort(404)
    return a


# An audit whose copy has not left is a 404 for the outsourcing.
@rutas.get(
    "/auditorias",
    para=VE_AUDITORIAS,
    ayuda=Ayuda(_l("Las auditorías de cada semana."), CALIDAD),
    menu=Entrada(Grupo.CALIDAD, _l("Auditorías"), 1),
)
def lista_de_auditorias() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        todas = auditorias.ultimas(session, ULTIMAS)
        if not _ve_sin_remitir():
            todas = [a for a in todas if auditorias.remitida(session, a.id) is not None]
        resumenes = [
            (a, r := auditorias.resumen(session, a), auditorias.estado(session, a, r))
            for a in todas
        ]
        return render_template(
            "auditorias/auditorias.html",
            resumenes=resumenes,
            estados=dichos.ESTADOS,
            calibra=_ve_sin_remitir(),
        )


@rutas.get(
    "/auditorias/<semana>",
    para=VE_AUDITORIAS,
    ayuda=Ayuda(_l("La auditoría de una semana: su muestra, sus F189 y su informe."), CALIDAD),
)
def auditoria(semana: str) -> ResponseReturnValue:
    """How far it is, what it found, how its sample was drawn."""
    with servicios().uow.reading() as session:
        a = _auditoria(session, semana)
        r = auditorias.resumen(session, a)
        informe = auditorias.ultimo_informe(session, a.id)
        revision = auditorias.revision(session, informe.id) if informe is not None else None
        acuse = auditorias.acuse(session, a.id)
        quienes = (
            {i.asesor_id for i in r.inconsistencias}
            | set(r.por_auditor)
            | {f.retirada_por for f in r.retiradas if f.retirada_por}
        )
        quienes |= {x.por for x in (revision, acuse) if x is not None} | (
            {informe.autor} if informe is not None else set()
        )
        historia = [
            (x, auditorias.resumen(session, x))
            for x in reversed(auditorias.ultimas(session, 8))
            if x.semana <= a.semana
        ]
        return render_template(
            "auditorias/auditoria.html",
            a=a,
            r=r,
            estado_de=dichos.ESTADOS[auditorias.estado(session, a, r)],
            informe=informe,
            revision=revision,
            acuse=acuse,
            historia=[
                (x.semana, h.estimacion, h.completa)
                for x, h in historia
                if h.estimacion.media is not None
            ],
            meta=auditorias.META,
            tamano=_tamano(a),
            codigo=_codigo,
            calibra=_ve_sin_remitir(),
            puntos={p.codigo: p.nombre for p in puntos(session)},
            personas=nombres_de(session, quienes),
        )


def _tamano(a: Auditoria) -> tuple[float, int]:
    """n₀, and how many it asks for of a population of this size: the sample has more where a
    stratum would be left without any."""
    p = muestras.parametros_de(a)
    n = (
        reglas_de_muestra.tamano(a.n_poblacion, p.confianza_z, 0.5, p.error_maximo)
        if a.n_poblacion
        else 0
    )
    return p.confianza_z**2 * 0.25 / p.error_maximo**2, n


@rutas.get(
    "/auditorias/<semana>/muestra",
    para=VE_AUDITORIAS,
    ayuda=Ayuda(_l("Las atenciones que se sortearon, y cómo se sortearon."), CALIDAD),
)
def muestra_de_auditoria(semana: str) -> ResponseReturnValue:
    """The sample, and what comes out when it is drawn again now."""
    with servicios().uow.reading() as session:
        a = _auditoria(session, semana)
        r = auditorias.resumen(session, a)
        quienes = {e.f189.auditor for e in r.filas if e.f189 is not None} | {
            e.f189.asesor_id for e in r.filas if e.f189 is not None
        }
        return render_template(
            "auditorias/muestra.html",
            a=a,
            r=r,
            vuelta=muestras.volver_a_sacar(session, a),
            puntos={p.codigo: p.nombre for p in puntos(session)},
            codigo=_codigo,
            a_ciegas=calibraciones.califica_a_ciegas(
                session, [f.fila.id for f in r.filas], actor_actual().id, servicios().clock.now()
            ),
            personas=nombres_de(
                session, quienes | {f.retirada_por for f in r.retiradas if f.retirada_por}
            ),
        )


def _codigo(fila: AuditoriaMuestra) -> str:
    return muestras.codigo(fila.punto_id, fila.atencion_id) if fila.atencion_id is not None else ""


@rutas.get("/auditorias/<semana>/muestra.csv", para=VE_AUDITORIAS)
def exportar_muestra(semana: str) -> ResponseReturnValue:
    """What anybody needs to draw it again, and what came out; recorded before it leaves."""
    s = servicios()
    with s.uow.reading() as session:
        a = _auditoria(session, semana)
        hecho = BOM + "".join(linea(fila) for fila in _filas(session, a))
    s.engine.log_access(
        actor_actual(), "exportacion", "muestra.csv", now=s.clock.now(), detail={"semana": semana}
    )
    cabecera = {
        "Content-Disposition": f"attachment; filename=muestra-{a.semana}.csv",
        "Cache-Control": "no-store",
    }
    return Response(hecho, mimetype="text/csv", headers=cabecera)


def _filas(session: Session, a: Auditoria) -> Iterable[list[str]]:
    yield [
        "semana",
        a.semana,
        "canal",
        a.canal,
        "poblacion",
        f"{a.n_poblacion}",
        "huella",
        a.huella_poblacion,
        "semilla",
        a.semilla,
    ]
    yield [
        f"{nombre}={' '.join(valor) if isinstance(valor, list) else valor}"
        for nombre, valor in sorted(a.parametros.items())
    ]
    yield ["estrato", "atencion", "en la muestra", "lugar en la reserva", "retirada por"]
    sacadas = {
        _codigo(e.fila): e.fila
        for e in auditorias.resumen(session, a).filas
        if e.fila.modo == muestras.EXPEDIENTE
    }
    reserva = muestras.reserva(session, a)
    for estrato, codigos in sorted(muestras.guardada(a).items()):
        for codigo in codigos:
            fila = sacadas.get(codigo)
            dicho = "" if fila is None else "reemplazo" if fila.reemplaza_id is not None else "si"
            yield [
                estrato,
                codigo,
                dicho,
                f"{reserva.get(codigo, '')}",
                fila.motivo if fila is not None else "",
            ]


# --- one F189 -------------------------------------------------------------------------------------
def _f189(session: Session, f189_id: int) -> F189:
    return session.get(F189, f189_id) or abort(404)


def _pagina(
    session: Session,
    hecho: F189,
    plantilla: str,
    form: "AcuseForm | None" = None,
    agregar: "AgregarForm | None" = None,
) -> str:
    """`form`: of the adviser whose F189 it is; `agregar`: of an auditor who adds a finding."""
    fila = session.get_one(AuditoriaMuestra, hecho.muestra_id)
    a = auditorias.una(session, fila.auditoria_id)
    audita, now = _ve_sin_remitir(), servicios().clock.now()
    calibracion = calibraciones.de_muestra(session, fila.id) if audita else None
    return render_template(
        plantilla,
        form=form,
        calibracion=calibracion.id if calibracion is not None else None,
        a_ciegas=bool(calibraciones.califica_a_ciegas(session, [fila.id], actor_actual().id, now)),
        se_calibra=calibracion is None
        and fila.modo == muestras.EXPEDIENTE
        and puede(actor_actual(), Facultad.CALIBRAR),
        f=hecho,
        fila=fila,
        a=a,
        h=evaluaciones.hechos(session, fila),
        campos=evaluaciones.por_campo(suyos := evaluaciones.criterios(session, hecho.id)),
        puntos_de={c.criterio: c for c in suyos},
        hecho_con=dichos.hecho_con(session, hecho.version_en_vigor),
        archivos=dichos.HECHO_CON,
        remitida=auditorias.remitida(session, a.id),
        acuse=evaluaciones.acuse(session, hecho.id),
        halladas=(halladas := evaluaciones.halladas(session, hecho.id)),
        lo_hallado=dichos.lo_hallado(halladas, hecho, evaluaciones.por_campo(suyos)),
        agregar=(agregar or AgregarForm())
        if _es_profesional() and auditorias.se_agrega(session, a.id)
        else None,
        errores=c.con_su_nombre(agregar or form or ()),
        dichas=dichos.dichas(hecho, fila.modo),
        soporte=session.get(Archivo, hecho.archivo_id) if hecho.archivo_id is not None else None,
        url_soporte=url_for(
            "calidad.soporte_de_f189" if form is None else "calidad.soporte_propio",
            f189_id=hecho.id,
        ),
        ve_casos=ve_casos(),
        tratados=comites.de_f189(session, hecho.id) if form is not None else (),
        criterios=dichos.CRITERIOS,
        subcriterios=dichos.SUBCRITERIOS,
        bandas=dichos.BANDAS,
        banda_e=dichos.BANDA_E,
        fatales=FATALES,
        puntos={p.codigo: p.nombre for p in puntos(session)},
        personas=nombres_de(session, {hecho.auditor, hecho.asesor_id}),
    )


@rutas.get(
    "/f189/<int:f189_id>",
    para=VE_AUDITORIAS,
    ayuda=Ayuda(_l("Una evaluación F189, con lo que se observó."), CALIDAD),
)
def f189(f189_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        return _pagina(session, _legible(session, f189_id), "auditorias/f189.html")


class AgregarForm(ConFicha):
    """A finding that the points do not give."""

    Meta = TareaForm.Meta

    criterio = c.ListaField(
        _l("Criterio"),
        c.exige(_l("Elija el criterio")),
        choices=[(n, f"{n} {nombre}") for n, (nombre, _f) in dichos.CRITERIOS.items() if n != "12"],
    )
    por_que = c.ParrafoField(
        _l("Por qué es inconsistencia"),
        c.exige(_l("Escriba por qué, con al menos 10 letras"), c.largo(10, 1000)),
    )


@rutas.post(
    "/f189/<int:f189_id>/inconsistencia",
    para=VISITA,
    haria=_l("Agregar una inconsistencia a un F189"),
)
def agregar_inconsistencia(f189_id: int) -> ResponseReturnValue:
    """5.2.28: while the report is made."""
    s, form = servicios(), AgregarForm()
    with s.uow.reading() as session:
        hecho = _legible(session, f189_id)
        if not form.validate_on_submit():
            return _pagina(session, hecho, "auditorias/f189.html", agregar=form), 422
    criterio, por_que = form.criterio.data or "", form.por_que.data or ""
    acto = Acto(actor_actual().id, s.clock.now())
    try:
        s.uow.run(lambda session: auditorias.agregar(session, f189_id, criterio, por_que, acto))
    except DatoInvalido as error:
        form.criterio.errors = [str(error)]
        with s.uow.reading() as session:
            return _pagina(
                session, _legible(session, f189_id), "auditorias/f189.html", agregar=form
            ), 422
    flash(_("Quedó la inconsistencia: va con el informe (5.2.28)."), "verde")
    return redirect(url_for("calidad.f189", f189_id=f189_id))


def _legible(session: Session, f189_id: int) -> F189:
    """Of an audit that this person may read."""
    hecho = _f189(session, f189_id)
    fila = session.get_one(AuditoriaMuestra, hecho.muestra_id)
    if not _ve_sin_remitir() and auditorias.remitida(session, fila.auditoria_id) is None:
        abort(404)
    return hecho


@rutas.get("/f189/<int:f189_id>/soporte", para=VE_AUDITORIAS)
def soporte_de_f189(f189_id: int) -> ResponseReturnValue:
    return _sale_el_soporte(_legible, f189_id)


def _sale_el_soporte(de: Callable[[Session, int], F189], f189_id: int) -> Response:
    """The photo or the PDF of field 12; recorded before it leaves."""
    s = servicios()
    with s.uow.reading() as session:
        archivo = session.get(Archivo, de(session, f189_id).archivo_id or 0) or abort(404)
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        archivo.nombre[-80:],
        now=s.clock.now(),
        detail={"f189": f189_id},
    )
    return entregar(archivo)


# --- the adviser's own ----------------------------------------------------------------------------
class AcuseForm(ConFicha):
    Meta = TareaForm.Meta

    respuesta = c.ParrafoField(
        _l("Qué quiere que el comité sepa"),
        c.opcional(c.hasta(LARGO_RESPUESTA)),
        description=_l(
            "No cambia el puntaje: lo lee y lo decide el comité. Acusar recibo dice que lo leyó, no que esté de acuerdo."
        ),
    )


# Their own, and nobody else's.
@rutas.get(
    "/mi-calidad",
    para=ATIENDE,
    ayuda=Ayuda(_l("Sus evaluaciones y sus calificaciones; nadie más las ve por aquí."), ASESOR),
    menu=Entrada(Grupo.CALIDAD, _l("Mi calidad"), 6),
)
def mi_calidad() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        propias = auditorias.de_asesor(session, actor_actual().id)
        dias = diario.de_un_asesor(
            session, actor_actual().id, dia_local(servicios().clock.now()) - HISTORIA
        )[-DIAS_PROPIOS:]
        return render_template(
            "auditorias/mi_calidad.html",
            propias=propias,
            bandas=dichos.BANDAS,
            banda_e=dichos.BANDA_E,
            dias=dias,
        )


def _propio(session: Session, f189_id: int) -> F189:
    """Nobody else's, and not before the report has left."""
    hecho = _f189(session, f189_id)
    if hecho.asesor_id != actor_actual().id:
        abort(404)
    if (
        auditorias.remitida(
            session, session.get_one(AuditoriaMuestra, hecho.muestra_id).auditoria_id
        )
        is None
    ):
        abort(404)
    return hecho


@rutas.get(
    "/mi-calidad/<int:f189_id>",
    para=ATIENDE,
    ayuda=Ayuda(_l("Una evaluación suya, con lo que se observó y su acuse."), ASESOR),
)
def mi_f189(f189_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        return _pagina(session, _propio(session, f189_id), "auditorias/mi_f189.html", AcuseForm())


@rutas.get("/mi-calidad/<int:f189_id>/soporte", para=ATIENDE)
def soporte_propio(f189_id: int) -> ResponseReturnValue:
    return _sale_el_soporte(_propio, f189_id)


@rutas.post("/mi-calidad/<int:f189_id>/acuse", para=ATIENDE, haria=_l("Acusar recibo de un F189"))
def acusar_f189(f189_id: int) -> ResponseReturnValue:
    """The adviser has read it; what they answer is for the committee and changes no points."""
    s, form = servicios(), AcuseForm()
    with s.uow.reading() as session:
        hecho = _propio(session, f189_id)
        if not form.validate_on_submit():
            return _pagina(session, hecho, "auditorias/mi_f189.html", form), 422
    respuesta, acto = form.respuesta.data or "", Acto(actor_actual().id, s.clock.now())
    try:
        s.uow.run(lambda session: evaluaciones.acusar(session, f189_id, respuesta, acto))
    except DatoInvalido as error:
        flash(str(error), "ambar")
    else:
        flash(
            _("Quedó su acuse y su respuesta.") if respuesta else _("Quedó su acuse de recibo."),
            "verde",
        )
    return redirect(url_for("calidad.mi_f189", f189_id=f189_id))
