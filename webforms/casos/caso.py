"""The case page for everyone who may see the case: summary, history, diagram, documents, notes; extension and complement."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask import Response
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import send_file
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import Conflict
from engine.errors import InstanceNotActive
from engine.errors import InvalidValues
from engine.types import Noting
from engine.types import Writing
from records import archivos
from records import avisos
from records import escalonamientos
from records.actos import Acto
from records.actos import acto_de
from records.busqueda import FiltroCasos
from records.busqueda import buscar_casos
from records.errores import Rechazo
from records.expediente import Expediente
from records.expediente import OtroCaso
from records.expediente import otros_casos
from records.rules import roles
from records.rules.notas import NOTA
from records.rules.roles import Facultad
from webforms.base import cabeceras
from webforms.base.adjuntos import elegidos
from webforms.base.areas import del_area
from webforms.base.areas import vueltas
from webforms.base.asientos import motivo
from webforms.base.campos import limpiar
from webforms.base.cubierto import descubrir
from webforms.base.cubierto import tapar
from webforms.base.entrada import entero
from webforms.base.entrada import entero_o
from webforms.base.hojas import Hoja
from webforms.base.nombres import historia_en_palabras
from webforms.base.personas import nombre_de
from webforms.base.personas import nombres_de
from webforms.base.plazos import no_prorroga
from webforms.base.plazos import plazos_vistos
from webforms.base.plazos import si_entrega_hoy
from webforms.base.plazos import suspension_abierta
from webforms.base.registrado import dicho_en
from webforms.base.registrado import registrados
from webforms.base.rutas import Rutas
from webforms.base.rutas import destino_local
from webforms.base.security import actor_actual
from webforms.base.security import puede
from webforms.base.security import usuario_actual
from webforms.base.servicios import servicios
from webforms.base.vencimientos import PLAZOS
from webforms.casos import documento_buscado
from webforms.casos import menciones
from webforms.casos.cabecera import abrir
from webforms.casos.cabecera import cabecera
from webforms.casos.cabecera import exigir
from webforms.casos.cabecera import ficha
from webforms.casos.cabecera import puede_ver
from webforms.casos.esperas import esperas
from webforms.casos.recorrido import recorrido
from webforms.casos.subidas import ademas

rutas = Rutas()

#: How an answer got to the person.
MEDIOS_DE_ENTREGA: Mapping[str, Any] = {
    "correo": _l("por correo electrónico"),
    "direccion": _l("por correo físico"),
    "punto": _l("en el punto"),
    "telefono": _l("leída por teléfono"),
}
EN_ANALISIS = ("act_5_2_16", "act_5_2_17", "act_5_2_18")


# --- the list ---------------------------------------------------------------------------------------------------------
@rutas.get("/casos")
def buscar() -> ResponseReturnValue:
    """Cases of the person's points and areas; the coordinator sees all."""
    s, usuario = servicios(), usuario_actual()
    if usuario is None:
        abort(403)
    todo = puede(usuario.actor, Facultad.VER_TODO)
    filtro = FiltroCasos(
        radicado=request.args.get("radicado", "").strip() or None,
        persona=request.args.get("persona", "").strip()[:80] or None,
        personas=(buscado := documento_buscado.de_la_direccion()).personas,
        abiertos=request.args.get("abiertos") == "1",
        vencidos=request.args.get("vencidos") == "1",
        solo_puntos=None if todo else usuario.ambitos(roles.ASESOR),
        solo_areas=None if todo else usuario.ambitos(roles.FUNCIONARIO),
    )
    numero = request.args.get("pagina", 1, type=entero) or 1
    with s.uow.reading() as session:
        pagina = buscar_casos(session, filtro, now=s.clock.now(), pagina=numero)
        mencionado = menciones.en_que_casos(session)
    sin_documento = {k: v for k, v in request.args.items() if k not in ("pagina", documento_buscado.FIRMADO)}
    valores = {"filtro": filtro, "buscado": buscado, "sin_documento": sin_documento, "mencionado": mencionado}
    return render_template("casos/lista.html", pagina=pagina, **valores)


@rutas.post("/casos")
def pedir() -> ResponseReturnValue:
    """The search as it was sent; the number of a document stays out of the address that answers it."""
    with servicios().uow.reading() as session:
        pedidos = documento_buscado.argumentos(session)
    return redirect(url_for("casos.buscar", **pedidos))


# --- tabs -------------------------------------------------------------------------------------------------------------
@rutas.get("/caso/<case_key>")
def ver(case_key: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        hoja = _resumen(session, case_key)
    return hoja.mostrar()


def _resumen(
    session: Session, case_key: str, escrito: str = "", errores: Sequence[tuple[str, str]] = (), otra_vez: Sequence[str] = ()
) -> Hoja:
    cab, ahora = cabecera(session, case_key), servicios().clock.now()
    e = cab.expediente
    abiertas = reads.items.of_case(session, case_key, only_open=True)
    sin_salir = [a for a in avisos.avisos_del_caso(session, e.caso.id) if a.error and a.enviado is None] if e else []
    fallidos = [a for a in sin_salir if not avisos.es_carta(a)]
    abiertos = reads.incidents.open_of_case(session, case_key) if fallidos else ()
    enviada = next((r for r in reversed(e.respuestas) if r.tipo in ("enviada", "punto")), None) if e else None
    valores = {
        "pestana": "ver",
        "enviada": enviada,
        "medios": MEDIOS_DE_ENTREGA,
        "abiertas": abiertas,
        "envios": registrados(session, case_key),
        "esperas": esperas(session, cab.instancias),
        "nombres": nombres_de(session, {i.claimed_by for i in abiertas if i.claimed_by} | ({enviada.autor} if enviada else set())),
        "suspension": suspension_abierta(e) if e else None,
        "si_hoy": si_entrega_hoy(e, ahora) if e else None,
        "vistos": plazos_vistos(e, ahora) if e else (),
        "vueltas": vueltas(session, e) if e else (),
        "del_area": del_area(session, e) if e else None,
        "otros": _otros_casos(session, e) if e else (),
        "avisos_fallidos": fallidos,
        "cartas": [a for a in sin_salir if avisos.es_carta(a)],
        "incidentes_de_aviso": {str(i.input.get("clave")): i.id for i in abiertos},
        "mias": {i.id for i in abiertas if i.role and actor_actual().has(i.role, i.scope)},
        "prorrogable": puede_prorrogar(e),
        "no_prorroga": no_prorroga(e, ahora) if e is not None and _prorroga_a_la_vista(e) else "",
        "plazos": PLAZOS,
        "escrito": escrito,
        "errores": errores,
        "otra_vez": otra_vez,
    }
    return Hoja("casos/resumen.html", {**cab.en_plantilla(), **valores}, 422 if errores else 200)


def _otros_casos(session: Session, e: Expediente) -> list[tuple[OtroCaso, bool]]:
    """Other cases of the person, and whether whoever asks may open each."""
    actor = actor_actual()
    return [(otro, otro.case_key is not None and puede_ver(session, actor, otro.case_key)) for otro in otros_casos(session, e.caso)]


def puede_prorrogar(e: Expediente | None) -> bool:
    """Offered to the coordinator while an area has the case, the term has not passed and no extension was given."""
    return e is not None and _prorroga_a_la_vista(e) and not no_prorroga(e, servicios().clock.now())


def _prorroga_a_la_vista(e: Expediente) -> bool:
    return puede(actor_actual(), Facultad.PRORROGAR) and e.caso.estado in ("escalado", "en_analisis")


@rutas.get("/caso/<case_key>/historia")
def historia(case_key: str) -> ResponseReturnValue:
    """What happened, and what people wrote; personal data covered as in the head of the page."""
    s = servicios()
    with s.uow.reading() as session:
        cab = abrir(session, case_key)
        entradas = historia_en_palabras(session, reads.history.of_case(session, s.engine.catalog, case_key), cab.instancias)
        escrito = dicho_en(session, (x for x in entradas if not motivo(x)), case_key)
        entradas = sorted([*entradas, *ademas(session, case_key)], key=lambda x: x.at)
        nombres = nombres_de(session, {x.actor_id for x in entradas})
    return render_template(
        "casos/historia.html",
        pestana="historia",
        **cab.en_plantilla(),
        entradas=list(reversed(entradas)),
        escrito=escrito,
        nombres=nombres,
    )


@rutas.post("/caso/<case_key>/datos")
def datos(case_key: str) -> ResponseReturnValue:
    """Uncover the personal data of the case on the pages of this person, or cover them again; every page that shows them is recorded."""
    with servicios().uow.reading() as session:
        exigir(session, case_key)
    if request.form.get("cubrir"):
        tapar()
    else:
        descubrir(case_key)
    return redirect(destino_local(request.form.get("volver", "") or url_for("casos.ver", case_key=case_key)))


@rutas.get("/caso/<case_key>/diagrama")
def diagrama(case_key: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        cab = abrir(session, case_key)
        recorridos = [recorrido(session, i) for i in cab.instancias]
    cabeceras.permitir_estilos_en_linea()
    return render_template("casos/diagrama.html", pestana="diagrama", **cab.en_plantilla(), recorridos=recorridos)


@rutas.get("/caso/<case_key>/modelo/<instance_id>.bpmn")
def modelo(case_key: str, instance_id: str) -> ResponseReturnValue:
    """The diagram with which this instance began."""
    s = servicios()
    with s.uow.reading() as session:
        if not puede_ver(session, actor_actual(), case_key):
            abort(404)
        instancia = next((i for i in reads.instances.of_case(session, case_key) if i.id == instance_id), None)
        if instancia is None:
            abort(404)
        proceso = reads.releases.processes(session, s.engine.catalog, instancia.release)[instancia.process]
        xml = reads.releases.files(session, s.engine.catalog, instancia.release)[proceso.file]
    return Response(xml, mimetype="application/xml")


@rutas.get("/caso/<case_key>/documentos")
def documentos(case_key: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        hoja = _documentos(session, case_key)
    return hoja.mostrar()


def _documentos(session: Session, case_key: str, errores: Sequence[tuple[str, str]] = (), otra_vez: Sequence[str] = ()) -> Hoja:
    lista = archivos.archivos_del_caso(session, case_key)
    nombres = nombres_de(session, {a.subido_por for a in lista})
    valores = {"pestana": "documentos", "documentos": lista, "nombres": nombres, "errores": errores, "otra_vez": otra_vez}
    return Hoja("casos/documentos.html", {**cabecera(session, case_key).en_plantilla(), **valores}, 422 if errores else 200)


@rutas.post("/caso/<case_key>/documentos")
def adjuntar(case_key: str) -> ResponseReturnValue:
    """Whoever may see the case adds documents to it; each is a note of the case too, with its digest."""
    s, actor = servicios(), actor_actual()
    with s.uow.reading() as session:
        exigir(session, case_key)
    subidos = elegidos("archivos")
    faltas = subidos.faltas or ([] if subidos.subidos else [_("Elija al menos un archivo")])
    if faltas:
        with s.uow.reading() as session:
            hoja = _documentos(session, case_key, [("archivos", falta) for falta in faltas], subidos.nombres)
        return hoja.mostrar()
    nuevos = subidos.archivos
    acto = Acto(actor.id, s.clock.now(), case_key)

    def guardar(n: Noting) -> None:
        for nuevo in nuevos:
            archivos.registrar_archivo(n.session, nuevo.valor(), acto)
        subidos.guardar()

    dicho = "\n".join(_("Adjuntó «%(n)s» (SHA-256 %(h)s…)", n=a.nombre, h=a.sha256[:16]) for a in nuevos)
    s.engine.notes.add(case_key, dicho, actor=actor, now=acto.now, kind=NOTA, records=guardar)
    flash(_("Quedaron en el caso %(n)s archivos.", n=len(nuevos)) if len(nuevos) > 1 else _("El archivo quedó en el caso."), "verde")
    return redirect(url_for("casos.documentos", case_key=case_key))


@rutas.get("/caso/<case_key>/documentos/<sha256>")
def documento(case_key: str, sha256: str) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        archivo = next((a for a in archivos.archivos_del_caso(session, case_key) if a.sha256 == sha256), None)
    if archivo is None:
        abort(404)
    return send_file(s.archivos.ruta(sha256), mimetype=archivo.tipo, download_name=archivo.nombre, as_attachment=True)


@rutas.get("/caso/<case_key>/notas")
def notas(case_key: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        hoja = _notas(session, case_key, _pedido(), marcadas=request.args.getlist("mencion"))
        nuevas = menciones.hay_nuevas(session, case_key)
    if nuevas:
        menciones.dar_por_leidas(case_key)
    return hoja.mostrar()


def _pedido() -> str:
    """What a page that leads here begins to ask."""
    return str(_("Pido prórroga del término de la respuesta. Motivo: ")) if request.args.get("pide") == "prorroga" else ""


def _notas(session: Session, case_key: str, texto: str = "", marcadas: Sequence[str] = (), error: str = "") -> Hoja:
    lista, usuario = reads.history.notes(session, case_key), usuario_actual()
    anota = usuario is not None and usuario.puede(Facultad.ANOTAR)
    nombres = nombres_de(session, {n.actor_id for n in lista})
    valores = {
        "pestana": "notas",
        "notas": lista,
        "nombres": nombres,
        "texto": texto,
        "colegas": menciones.quienes_ven(session, case_key, servicios().clock.now()) if anota else [],
        "marcadas": marcadas,
        "errores": [("texto", error)] if error else [],
    }
    return Hoja("casos/notas.html", {**cabecera(session, case_key).en_plantilla(), **valores}, 422 if error else 200)


@rutas.post("/caso/<case_key>/notas")
def anotar(case_key: str) -> ResponseReturnValue:
    """A note; whom it names gets a mail and a mark, in its commit."""
    s, actor = servicios(), actor_actual()
    texto, marcadas = request.form.get("texto", ""), request.form.getlist("mencion")
    with s.uow.reading() as session:
        exigir(session, case_key)
        nota = menciones.leer_nota(session, case_key, texto, marcadas, s.clock.now())
        quien = nombre_de(session, actor.id)
    error = nota.error
    if not error:
        try:
            s.engine.notes.add(
                case_key,
                nota.texto,
                actor=actor,
                now=s.clock.now(),
                kind=NOTA,
                records=lambda n: menciones.avisar(n, nota.nombradas, quien),
            )
        except InvalidValues:
            error = _("Escriba la nota, en máximo 4.000 letras")
    if error:
        with s.uow.reading() as session:
            hoja = _notas(session, case_key, texto, marcadas, error)
        return hoja.mostrar()
    if nota.nombradas:
        flash(_("La nota quedó en el caso. Le avisamos a %(gente)s.", gente=", ".join(c.nombre for c in nota.nombradas)), "verde")
    else:
        flash(_("La nota quedó en el caso."), "verde")
    return redirect(url_for("casos.notas", case_key=case_key))


# --- extension of the answer (art. 14 par. Ley 1755) ------------------------------------------------------------------
@rutas.get("/caso/<case_key>/prorroga")
def pedir_prorroga(case_key: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        e = ficha(session, case_key)
    if e is None or not _prorroga_a_la_vista(e):
        abort(404)
    if porque := no_prorroga(e, servicios().clock.now()):
        flash(porque, "ambar")
        return redirect(url_for("casos.ver", case_key=case_key))
    return render_template("casos/prorroga.html", case_key=case_key, e=e, motivo="", dias="", errores=[])


@rutas.post("/caso/<case_key>/prorroga")
def prorrogar(case_key: str) -> ResponseReturnValue:
    """The extension, its letter and the interruption of what the area does, in one commit; the draft waits there."""
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        e = ficha(session, case_key)
        abierta = next((i for i in reads.items.of_case(session, case_key, only_open=True) if i.element in EN_ANALISIS), None)
    if e is None or abierta is None or not _prorroga_a_la_vista(e):
        abort(404)
    if porque := no_prorroga(e, s.clock.now()):
        flash(porque, "ambar")
        return redirect(url_for("casos.ver", case_key=case_key))
    motivo, dias = request.form.get("motivo", "").strip(), request.form.get("dias", "").strip()
    errores = []
    if not 20 <= len(motivo) <= 2000:  # noqa: PLR2004 - one paragraph of the letter
        errores.append(("motivo", _("Escriba el motivo de la carta, entre 20 y 2.000 letras")))
    if not 1 <= entero_o(dias, 0) <= 60:  # noqa: PLR2004 - the rule caps it again
        errores.append(("dias", _("Escriba cuántos días hábiles, por ejemplo 10")))
    if not errores:
        caso_id = e.caso.id

        def conceder(w: Writing) -> None:
            escalonamientos.prorrogar(w.session, caso_id, escalonamientos.NuevaProrroga(int(dias), motivo), acto_de(w))

        try:
            s.engine.messages.correlate(
                "ProrrogaAprobada",
                str(caso_id),
                {"actividad_interrumpida": abierta.element, "funcionario_id": abierta.claimed_by or ""},
                actor=actor_actual(),
                now=s.clock.now(),
                records=conceder,
            )
        except Rechazo as rechazo:
            errores.append(("dias", str(rechazo)))
        except (Conflict, InstanceNotActive):
            errores.append(("contenido", _("El caso ya no está en análisis. No se cambió nada.")))
    if errores:
        return render_template("casos/prorroga.html", case_key=case_key, e=e, motivo=motivo, dias=dias, errores=errores), 422
    flash(_("Prórroga registrada. Se le avisa al usuario con la nueva fecha."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))


@rutas.post("/caso/<case_key>/complemento")
def complemento(case_key: str) -> ResponseReturnValue:
    """The citizen brought what was missing to the desk, with the files: the clock goes on (art. 17)."""
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        e = ficha(session, case_key)
    texto = limpiar(request.form.get("texto", ""))
    subidos = elegidos("archivos")
    errores = [("archivos", falta) for falta in subidos.faltas]
    if not 5 <= len(texto) <= 4000:  # noqa: PLR2004 - something was brought, and it fits
        errores.insert(0, ("complemento", _("Escriba qué entregó la persona, entre 5 y 4.000 letras")))
    if e is None:
        abort(404)
    if errores:
        with s.uow.reading() as session:
            hoja = _resumen(session, case_key, escrito=texto, errores=errores, otra_vez=subidos.nombres)
        return hoja.mostrar()
    caso_id = e.caso.id

    def registros(w: Writing) -> None:
        escalonamientos.anotar_complemento(w.session, caso_id, texto, acto_de(w))
        for nuevo in subidos.archivos:
            archivos.registrar_archivo(w.session, nuevo.valor(), acto_de(w))
        subidos.guardar()

    try:
        s.engine.messages.correlate("ComplementoRecibido", str(caso_id), {}, actor=actor_actual(), now=s.clock.now(), records=registros)
    except (Conflict, InstanceNotActive, Rechazo):
        flash(_("El caso ya no espera información."), "ambar")
    else:
        flash(_("Registrado. El término sigue corriendo y el caso volvió al área."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))
