"""The case for everyone who may see it: the list, its pages, and what is added to it."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from engine import reads
from engine.errors import Conflict, InstanceNotActive, InvalidValues
from engine.types import Noting, Writing
from records.base.actos import Acto, acto_de
from records.base.errores import ArchivoSinGuardar, DatoInvalido, NoExiste, Rechazo
from records.casos import archivos, escalonamientos, registro
from records.casos.busqueda import FiltroCasos
from records.casos.registro import FiltroRegistro
from records.casos.reglas.notas import NOTA
from records.correo import avisos
from records.cuentas.reglas import roles
from records.cuentas.reglas.roles import Facultad, con_facultad
from webforms.base.adjuntos import elegidos
from webforms.base.en_la_direccion import abierto
from webforms.base.entrada import entero
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombre_de, nombres_de
from webforms.base.quienes import ANOTA, BUSCA_CASOS, COMPLEMENTA, PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede, usuario_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos import documento_buscado, lista, menciones
from webforms.casos.cabecera import abrir, exigir, ficha, puede_ver
from webforms.casos.documento_buscado import DocumentoBuscado
from webforms.casos.pagina import Intento, hoja_del_caso, linea_del_tiempo
from webforms.casos.recorrido import recorrido
from webforms.navegador import cabeceras

rutas = Rutas()

TRAIDO = range(5, 4001)  # letters on what was brought
ACUSE = (3, 200)  # letters of how an acknowledgement was handed over


# --- the list -------------------------------------------------------------------------------------
# Who sees a case is decided case by case; a foreign one is a 404 that is recorded.
@rutas.get(
    "/casos",
    para=BUSCA_CASOS,
    ayuda=Ayuda(
        _l("Aquí encuentra un caso por su número, por la persona o por lo que trata."), FUNCIONARIO
    ),
    menu=Entrada(Grupo.CASOS, _l("Casos"), 2),
)
def buscar() -> ResponseReturnValue:
    """Cases of the person's points and areas; the coordinator sees all."""
    return mostrar_lista()


def mostrar_lista(numero_ajeno: str = "", error: str = "") -> ResponseReturnValue:
    """`numero_ajeno`: of a case that somebody asked for by its number, and why it is not opened."""
    s, usuario = servicios(), usuario_actual()
    if usuario is None:
        abort(403)
    todo = puede(usuario.actor, Facultad.VER_TODO)
    filtro = FiltroCasos(
        radicado=request.args.get("radicado", "").strip() or None,
        persona=abierto(request.args.get("persona", "")).strip()[:80] or None,
        personas=(buscado := documento_buscado.de_la_direccion()).personas,
        abiertos=request.args.get("abiertos") == "1",
        vencidos=request.args.get("vencidos") == "1",
        solo_puntos=None if todo else usuario.ambitos(roles.ASESOR),
        solo_areas=None if todo else usuario.ambitos(roles.FUNCIONARIO),
    )
    numero = request.args.get("pagina", 1, type=entero) or 1
    with s.uow.reading() as session:
        procesos = lista.procedimientos(session)
        otros = _de_otros(filtro, buscado, request.args.get("procedimiento", ""), todo=todo)
        pagina = lista.buscar(session, filtro, otros, now=s.clock.now(), pagina=numero)
        mencionado = menciones.en_que_casos(session)
        nombres = reads.releases.names(
            session, {x.ficha.procedimiento for x in pagina.filas if x.ficha} - procesos.keys()
        )
    sin_documento = {
        k: v for k, v in request.args.items() if k not in ("pagina", documento_buscado.FIRMADO)
    }
    valores = {
        "procedimiento": otros.procedimiento,
        "procesos": procesos,
        "nombres": {**nombres, **procesos},
        "filtro": filtro,
        "buscado": buscado,
        "sin_documento": sin_documento,
        "mencionado": mencionado,
        "columnas": lista.columnas(pagina.filas),
        "busca": todo
        or bool(
            {rol.name for rol in usuario.actor.roles} - con_facultad(Facultad.ABRIR_CON_MOTIVO)
        ),
        "abre": puede(usuario.actor, Facultad.ABRIR_CON_MOTIVO) and not todo,
        "numero_ajeno": numero_ajeno,
        "errores": [("numero", error)] if error else [],
    }
    return render_template("casos/lista.html", pagina=pagina, **valores), 422 if error else 200


def _de_otros(
    filtro: FiltroCasos, buscado: DocumentoBuscado, procedimiento: str, *, todo: bool
) -> FiltroRegistro:
    """The same, of cases of other procedures: those in which this person has, or had, a task, or
    which they began."""
    return FiltroRegistro(
        texto=filtro.persona or "",
        numero=filtro.radicado or "",
        abiertos=filtro.abiertos,
        vencidos=filtro.vencidos,
        procedimiento=procedimiento[:120] or None,
        claves=None if buscado.personas is None else buscado.claves,
        solo=None if todo else reads.items.cases_of(actor_actual()),
    )


@rutas.post("/casos", para=BUSCA_CASOS, haria=_l("Buscar un caso"))
def pedir() -> ResponseReturnValue:
    """The search as it was sent; the number of a document stays out of the address that answers
    it."""
    with servicios().uow.reading() as session:
        pedidos = documento_buscado.argumentos(session)
    return redirect(url_for("casos.buscar", **pedidos))


# --- the page -------------------------------------------------------------------------------------
@rutas.get(
    "/caso/<case_key>",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Todo lo que hay de un caso: en qué va, qué se respondió, documentos y notas."),
        FUNCIONARIO,
    ),
)
def ver(case_key: str) -> ResponseReturnValue:
    """Its notes are on it: whoever they name has read them then. `?mencion=`: whom a note is to
    tell."""
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        hoja = hoja_del_caso(session, case_key, Intento(marcadas=request.args.getlist("mencion")))
        nuevas = menciones.hay_nuevas(session, case_key)
    if nuevas:
        menciones.dar_por_leidas(case_key)
    return hoja.mostrar()


@rutas.get("/caso/<case_key>/documentos", para=PERSONA)
def documentos(case_key: str) -> ResponseReturnValue:
    """Where the documents of the case stand."""
    return redirect(url_for("casos.ver", case_key=case_key, _anchor="documentos"))


@rutas.get("/caso/<case_key>/notas", para=PERSONA)
def notas(case_key: str) -> ResponseReturnValue:
    """Where its notes stand: mails lead here, so that the place outlives a login on the way."""
    mencion = request.args.getlist("mencion")
    return redirect(url_for("casos.ver", case_key=case_key, mencion=mencion, _anchor="notas"))


def _de_vuelta(case_key: str, intento: Intento) -> ResponseReturnValue:
    """The page again, with what was sent and what is wrong with it."""
    with servicios().uow.reading() as session:
        hoja = hoja_del_caso(session, case_key, intento)
    return hoja.mostrar()


# --- other pages of the case ----------------------------------------------------------------------
@rutas.get(
    "/caso/<case_key>/historia",
    para=PERSONA,
    ayuda=Ayuda(_l("Lo que pasó en el caso, en orden, con quién lo hizo."), FUNCIONARIO),
)
def historia(case_key: str) -> ResponseReturnValue:
    """What happened, steps that ran by themselves included, and what people wrote."""
    with servicios().uow.reading() as session:
        cab = abrir(session, case_key)
        entradas, escrito, decididas = linea_del_tiempo(session, case_key, cab.instancias)
        nombres = nombres_de(session, {x.actor_id for x in entradas})
    valores = {"entradas": entradas, "escrito": escrito, "decididas": decididas, "nombres": nombres}
    return render_template(
        "casos/historia.html", pestana="historia", **cab.en_plantilla(), **valores
    )


@rutas.get(
    "/caso/<case_key>/diagrama",
    para=PERSONA,
    ayuda=Ayuda(_l("Dónde está el caso en el diagrama de su procedimiento."), FUNCIONARIO),
)
def diagrama(case_key: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        cab = abrir(session, case_key)
        recorridos = [recorrido(session, i) for i in cab.instancias]
    cabeceras.permitir_estilos_en_linea()
    return render_template(
        "casos/diagrama.html", pestana="diagrama", **cab.en_plantilla(), recorridos=recorridos
    )


@rutas.get("/caso/<case_key>/modelo/<instance_id>.bpmn", para=PERSONA)
def modelo(case_key: str, instance_id: str) -> ResponseReturnValue:
    """The diagram with which this instance began."""
    s = servicios()
    with s.uow.reading() as session:
        if not puede_ver(session, actor_actual(), case_key):
            abort(404)
        instancia = next(
            (i for i in reads.instances.of_case(session, case_key) if i.id == instance_id), None
        )
        if instancia is None:
            abort(404)
        proceso = reads.releases.processes(session, s.engine.catalog, instancia.release)[
            instancia.process
        ]
        xml = reads.releases.files(session, s.engine.catalog, instancia.release)[proceso.file]
    return Response(xml, mimetype="application/xml")


# --- what is added to the case --------------------------------------------------------------------
@rutas.post(
    "/caso/<case_key>/documentos", para=ANOTA, haria=_l("Adjuntar documentos al caso"), varios=True
)
def adjuntar(case_key: str) -> ResponseReturnValue:
    """Whoever may see the case adds documents to it, or to its person; each is a note of the case
    too, with its digest."""
    s, actor = servicios(), actor_actual()
    with s.uow.reading() as session:
        exigir(session, case_key)
        suya = request.form.get("de") == "persona"
        persona_id = archivos.persona_del_caso(session, case_key) if suya else None
    subidos = elegidos("archivos")
    faltas = subidos.faltas or ([] if subidos.subidos else [_("Elija al menos un archivo")])
    if faltas:
        return _de_vuelta(
            case_key,
            Intento(
                [("archivos", falta) for falta in faltas],
                adjuntos=subidos.nombres,
                de_la_persona=suya,
            ),
        )
    nuevos = subidos.archivos
    acto = Acto(actor.id, s.clock.now(), case_key)

    def guardar(n: Noting) -> None:
        for nuevo in nuevos:
            archivos.registrar_archivo(n.session, nuevo.valor(), acto, persona_id=persona_id)
        subidos.guardar()

    dicho = "\n".join(f"Adjuntó «{a.nombre}» (SHA-256 {a.sha256[:16]}…)" for a in nuevos)
    try:
        s.engine.notes.add(case_key, dicho, actor=actor, now=acto.now, kind=NOTA, records=guardar)
    except ArchivoSinGuardar as falla:
        return _de_vuelta(
            case_key,
            Intento([("archivos", str(falla))], adjuntos=subidos.nombres, de_la_persona=suya),
        )
    flash(
        _("Quedaron en el caso %(n)s archivos.", n=len(nuevos))
        if len(nuevos) > 1
        else _("El archivo quedó en el caso."),
        "verde",
    )
    return redirect(url_for("casos.ver", case_key=case_key, _anchor="documentos"))


@rutas.post(
    "/caso/<case_key>/acuse", para=ANOTA, haria=_l("Registrar que se entregó el acuse de recibo")
)
def acusar_recibo(case_key: str) -> ResponseReturnValue:
    """The person has it in writing that their case was received: on paper, and how."""
    s, como = servicios(), " ".join(str(limpiar(request.form.get("acuse", ""))).split())
    with s.uow.reading() as session:
        exigir(session, case_key)
        e = ficha(session, case_key)
    if not ACUSE[0] <= len(como) <= ACUSE[1]:
        return _de_vuelta(
            case_key,
            Intento([("acuse", _("Escriba cómo y a quién se entregó, entre 3 y 200 letras"))]),
        )
    caso_id = e.caso.id if e is not None else None

    def registros(n: Noting) -> None:
        registro.exigir_sin_anular(n.session, case_key)
        avisos.acusar_en_papel(n.session, case_key, caso_id, como, now=n.now)

    dicho = f"Se entregó en papel el acuse de recibo: {como}"
    try:
        s.engine.notes.add(
            case_key, dicho, actor=actor_actual(), now=s.clock.now(), kind=NOTA, records=registros
        )
    except DatoInvalido as rechazo:
        flash(str(rechazo), "ambar")
    except NoExiste:
        flash(_("El acuse ya estaba registrado."), "ambar")
    else:
        flash(_("El acuse quedó en el caso."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))


@rutas.post("/caso/<case_key>/notas", para=ANOTA, haria=_l("Agregar una nota al caso"))
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
        return _de_vuelta(case_key, Intento([("texto", error)], nota=texto, marcadas=marcadas))
    if nota.nombradas:
        flash(
            _(
                "La nota quedó en el caso. Le avisamos a %(gente)s.",
                gente=", ".join(c.nombre for c in nota.nombradas),
            ),
            "verde",
        )
    else:
        flash(_("La nota quedó en el caso."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key, _anchor="notas"))


# --- what the person brought (art. 17 Ley 1755) -----------------------------------------------------
@rutas.post(
    "/caso/<case_key>/complemento",
    para=COMPLEMENTA,
    haria=_l("Recibir lo que faltaba"),
    varios=True,
)
def complemento(case_key: str) -> ResponseReturnValue:
    """The citizen brought what was missing to the desk, with the files: the clock goes on (art.
    17)."""
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        e = ficha(session, case_key)
    texto = limpiar(request.form.get("texto", ""))
    subidos = elegidos("archivos")
    errores = [("traidos", falta) for falta in subidos.faltas]
    if len(texto) not in TRAIDO:
        errores.insert(
            0, ("complemento", _("Escriba qué entregó la persona, entre 5 y 4.000 letras"))
        )
    if e is None:
        abort(404)
    if errores:
        return _de_vuelta(case_key, Intento(errores, entregado=texto, traidos=subidos.nombres))
    caso_id = e.caso.id

    def registros(w: Writing) -> None:
        escalonamientos.anotar_complemento(w.session, caso_id, texto, acto_de(w))
        for nuevo in subidos.archivos:
            archivos.registrar_archivo(w.session, nuevo.valor(), acto_de(w))
        subidos.guardar()

    try:
        s.engine.messages.correlate(
            "ComplementoRecibido",
            str(caso_id),
            {},
            actor=actor_actual(),
            now=s.clock.now(),
            records=registros,
        )
    except ArchivoSinGuardar as falla:
        return _de_vuelta(
            case_key, Intento([("traidos", str(falla))], entregado=texto, traidos=subidos.nombres)
        )
    except (Conflict, InstanceNotActive, Rechazo):
        flash(_("El caso ya no espera información."), "ambar")
    else:
        flash(_("Registrado. El término sigue corriendo y el caso volvió al área."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))
