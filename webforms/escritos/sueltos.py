"""Documents of no case yet: received here, looked at, and filed to a case by its number, or put
aside; each time with the reason."""

import io
import re
from collections.abc import Callable, Sequence

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import Conflict, InstanceNotActive
from engine.types import Noting, Writing
from records.base.actos import Acto
from records.base.errores import ArchivoSinGuardar, DatoInvalido, NoExiste
from records.casos import devueltos, escalonamientos
from records.casos.archivos import INFECTADO
from records.casos.busqueda import caso_por_clave, personas_con_documento
from records.casos.expediente import CasoAbierto, casos_abiertos
from records.casos.reglas import estados
from records.casos.reglas.notas import NOTA
from records.escritos import sueltos as registro
from records.escritos.sueltos import CasoPosible, NuevoSuelto, Suelto
from webforms.base.adjuntos import elegidos
from webforms.base.entrada import entero
from webforms.base.entregas import ENCERRADO, guardado, paginas_y_trae
from webforms.base.formatos import dia_local
from webforms.base.guias import DOCUMENTAL, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import RADICA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import dia_escrito, limpiar
from webforms.documentos import contenido
from webforms.documentos.contenido import NoSePuedeVer

rutas = Rutas()

LIMITE = 200
PASADOS = 20  # of those that were filed to a case lately
ANCHO = 1000  # points of the picture of a page
VISTO = "documento_suelto_visto"


# --- the list, and what is received ---------------------------------------------------------------
@rutas.get(
    "/radicacion/sueltos",
    para=RADICA,
    ayuda=Ayuda(_l("Documentos que llegaron y todavía no son de ningún caso."), DOCUMENTAL),
    menu=Entrada(Grupo.HOY, _l("Documentos sin caso")),
)
def sueltos() -> ResponseReturnValue:
    return _lista()


def _lista(
    errores: Sequence[tuple[str, str]] = (), otra_vez: Sequence[str] = ()
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        filas, vueltas = registro.por_pasar(session, LIMITE), devueltos.pendientes(session)
        cuantos = registro.cuantos(session)
        pasados = registro.pasados(session, PASADOS)
        nombres = nombres_de(
            session, {*(f.fila.recibido_por for f in filas), *(v.pedido_por for v, _s in vueltas)}
        )
    escrito = {
        k: limpiar(request.form.get(k, "")) for k in ("remitente", "asunto", "canal", "llego")
    }
    valores = {
        "filas": filas,
        "cuantos": cuantos,
        "vueltas": vueltas,
        "pasados": pasados,
        "nombres": nombres,
        "canales": registro.CANALES,
        "errores": errores,
        "otra_vez": otra_vez,
    }
    return render_template(
        "escritos/sueltos.html", escrito=escrito, **valores
    ), 422 if errores else 200


@rutas.post(
    "/radicacion/sueltos",
    para=RADICA,
    haria=_l("Recibir documentos que no son de un caso todavía"),
    varios=True,
)
def recibir_sueltos() -> ResponseReturnValue:
    s, actor = servicios(), actor_actual()
    now = s.clock.now()
    hoy = dia_local(now)
    dicho = {
        k: " ".join(str(limpiar(request.form.get(k, ""))).split())
        for k in ("remitente", "asunto", "canal", "llego")
    }
    llego = dia_escrito(dicho["llego"]) if dicho["llego"] else hoy
    nuevo = NuevoSuelto(dicho["remitente"], dicho["asunto"], dicho["canal"], llego or hoy)
    errores = registro.faltas(nuevo, hoy)
    if llego is None:
        errores.append(("llego", str(_("Escriba el día así: 14/10/2026"))))
    subidos = elegidos("archivos")
    errores += [
        ("archivos", f)
        for f in subidos.faltas
        or ([] if subidos.subidos else [str(_("Elija al menos un archivo"))])
    ]
    if errores:
        return _lista(errores, subidos.nombres)

    def guardar(session: Session) -> None:
        registro.recibir(session, nuevo, [a.valor() for a in subidos.archivos], Acto(actor.id, now))
        subidos.guardar()

    try:
        s.uow.run(guardar)
    except (ArchivoSinGuardar, DatoInvalido) as falla:
        return _lista([("archivos", str(falla))], subidos.nombres)
    flash(_("Recibido. Espera aquí hasta que se sepa de qué caso es."), "verde")
    return redirect(url_for("radicacion.sueltos"))


# --- one of them ----------------------------------------------------------------------------------
def _uno(suelto_id: int) -> Suelto:
    with servicios().uow.reading() as session:
        return registro.uno(session, suelto_id)


@rutas.get(
    "/radicacion/sueltos/<int:suelto_id>",
    para=RADICA,
    ayuda=Ayuda(_l("Mire el documento y páselo a su caso, o apártelo, con el motivo."), DOCUMENTAL),
)
def suelto(suelto_id: int) -> ResponseReturnValue:
    hallado = _uno(suelto_id)
    if hallado.fila.case_key is not None:
        return redirect(url_for("casos.ver", case_key=hallado.fila.case_key, _anchor="documentos"))
    return _pagina(hallado)


def _anotar(hallado: Suelto, que: str) -> None:
    s, detalle = servicios(), {"sha256": hallado.archivo.sha256, "que": que}
    s.engine.log_access(
        actor_actual(), VISTO, f"suelto/{hallado.fila.id}", now=s.clock.now(), detail=detalle
    )


def _pagina(
    hallado: Suelto,
    errores: Sequence[tuple[str, str]] = (),
    es: CasoPosible | None = None,
    abiertos: Sequence[CasoAbierto] = (),
) -> ResponseReturnValue:
    """`es`: the case of the number that was typed, to be confirmed; `abiertos`: those of the person
    whose document was typed, to choose from."""
    _anotar(hallado, "ficha")
    se_ve = hallado.archivo.antivirus != INFECTADO and hallado.archivo.eliminado is None
    paginas = paginas_y_trae(hallado.archivo, guardado(hallado.archivo))[0] if se_ve else 0
    pedida = request.args.get("pagina", 1, type=entero)
    with servicios().uow.reading() as session:
        nombres = nombres_de(
            session, {n for n in (hallado.fila.recibido_por, hallado.fila.decidido_por) if n}
        )
        procesos = reads.instances.of_case(session, es.case_key) if es is not None else []
        espera = _pedido(session, es.case_key) if es is not None else None
    escrito = {k: limpiar(request.form.get(k, ""))[:400] for k in ("numero", "motivo", "por_que")}
    escrito |= {"numero": es.numero} if es is not None else {}
    valores = {
        "paginas": paginas,
        "pagina": pedida if pedida and 1 <= pedida <= paginas else 1,
        "nombres": nombres,
        "escrito": escrito,
    }
    return (
        render_template(
            "escritos/suelto.html",
            f=hallado.fila,
            d=hallado.archivo,
            canales=registro.CANALES,
            errores=errores,
            es=es,
            espera=espera,
            abiertos=abiertos,
            tramite=rotulo(procesos[0].process_name) if procesos else "",
            **valores,
        ),
        422 if errores else 200,
    )


@rutas.get("/radicacion/sueltos/<int:suelto_id>/imagen", para=RADICA)
def imagen_de_suelto(suelto_id: int) -> ResponseReturnValue:
    """One page, drawn here: a browser runs nothing of the file. Of one that was filed, the page of
    its case shows it to who may see it."""
    hallado = _uno(suelto_id)
    archivo = hallado.archivo
    if hallado.fila.case_key is not None:
        abort(404)
    numero = request.args.get("pagina", 1, type=entero) or 1
    if (
        archivo.antivirus == INFECTADO
        or archivo.eliminado is not None
        or not 1 <= numero <= (archivo.paginas or contenido.PAGINAS)
    ):
        abort(404)
    try:
        hecha = contenido.pagina(guardado(archivo), archivo.tipo, numero, ANCHO, 0).imagen
    except NoSePuedeVer:
        abort(404)
    _anotar(hallado, f"pagina {numero}")
    salida = send_file(io.BytesIO(hecha), mimetype="image/jpeg")
    salida.headers["Cache-Control"] = "no-store"
    salida.headers["Content-Security-Policy"] = ENCERRADO
    return salida


@rutas.post(
    "/radicacion/sueltos/<int:suelto_id>/caso",
    para=RADICA,
    haria=_l("Pasar un documento a su caso"),
)
def pasar_suelto(suelto_id: int) -> ResponseReturnValue:
    """With a note of the case, in the same commit; the first press says which case it is, the
    second one files."""
    s, actor, hallado = servicios(), actor_actual(), _uno(suelto_id)
    if hallado.fila.destino is not None:
        return _ya_decidido()
    numero, elegido, motivo = (
        str(limpiar(request.form.get(campo, "")))[:400] for campo in ("numero", "elegido", "motivo")
    )
    with s.uow.reading() as session:
        # a number that was typed after the list of cases was shown counts, not what the list had
        casos = registro.casos_con_numero(session, numero) if numero else []
        casos = casos or (registro.casos_con_numero(session, elegido) if elegido else [])
        abiertos = [] if casos else _de_la_persona(session, numero)
    if abiertos:
        return _pagina(hallado, abiertos=abiertos)
    if len(casos) != 1:
        cuales = ", ".join(c.numero for c in casos)
        dicho = (
            _("Hay varios: %(n)s. Escríbalo entero", n=cuales)
            if casos
            else _(
                "Ningún caso tiene ese número, y ese documento no tiene casos abiertos. Revíselo"
            )
        )
        return _pagina(hallado, [("numero", str(dicho))])
    (caso,) = casos
    if caso.anulado:
        return _pagina(
            hallado,
            [
                (
                    "numero",
                    str(_("El número %(n)s está anulado: no recibe documentos", n=caso.numero)),
                )
            ],
        )
    try:
        registro.motivo_valido(motivo)
    except DatoInvalido as falla:
        return _pagina(hallado, [("motivo", str(falla))])
    if request.form.get("es", "") != caso.numero:
        return _pagina(hallado, es=caso)
    acto = Acto(actor.id, s.clock.now(), caso.case_key)

    def pasar(n: Noting | Writing) -> None:
        registro.pasar(n.session, suelto_id, caso.case_key, motivo, acto)

    archivo, remitente = hallado.archivo.nombre, hallado.fila.remitente
    texto = (
        f"Llegó «{archivo}», de {remitente}, y no decía de qué caso era. Se pasó a este: {motivo}"
    )

    def anotar() -> None:
        def registros(n: Noting) -> None:
            pasar(n)
            m5 = caso_por_clave(n.session, caso.case_key)
            if m5 is not None and m5.estado not in estados.RESUELTOS:
                escalonamientos.anotar_aporte(n.session, m5.id, texto, acto)

        s.engine.notes.add(
            caso.case_key, texto, actor=actor, now=acto.now, kind=NOTA, records=registros
        )

    def seguir() -> None:
        """The case waited for this: its term goes on (art. 17)."""
        with s.uow.reading() as session:
            m5 = caso_por_clave(session, caso.case_key)
        if m5 is None:
            raise NoExiste("El caso %(n)s no espera información.", n=caso.numero)

        def registros(w: Writing) -> None:
            pasar(w)
            escalonamientos.anotar_complemento(w.session, m5.id, texto, acto)

        s.engine.messages.correlate(
            "ComplementoRecibido", str(m5.id), {}, actor=actor, now=acto.now, records=registros
        )

    return _hacer(
        hallado,
        "motivo",
        seguir if request.form.get("llego") else anotar,
        _("El documento quedó en el caso %(n)s.", n=caso.numero),
    )


def _de_la_persona(session: Session, documento: str) -> list[CasoAbierto]:
    """Open cases of whom this document names; those that wait for them first."""
    numero = re.sub(r"[.\s]", "", documento).upper()
    personas = personas_con_documento(session, numero) if numero else []
    casos = [caso for persona_id in personas for caso in casos_abiertos(session, persona_id)]
    return sorted(casos, key=lambda caso: not caso.pedido)


def _pedido(session: Session, case_key: str) -> str | None:
    """What the case asked its person for and has not got."""
    caso = caso_por_clave(session, case_key)
    abierta = escalonamientos.suspension_abierta(session, caso.id) if caso is not None else None
    return abierta.informacion if abierta is not None else None


@rutas.post(
    "/radicacion/sueltos/<int:suelto_id>/apartar",
    para=RADICA,
    haria=_l("Apartar un documento que no es de ningún caso"),
)
def apartar_suelto(suelto_id: int) -> ResponseReturnValue:
    s, actor, hallado = servicios(), actor_actual(), _uno(suelto_id)
    if hallado.fila.destino is not None:
        return _ya_decidido()
    motivo = str(limpiar(request.form.get("por_que", "")))
    acto = Acto(actor.id, s.clock.now())
    return _hacer(
        hallado,
        "por_que",
        lambda: s.uow.run(lambda session: registro.apartar(session, suelto_id, motivo, acto)),
        _("Apartado. El documento y el motivo se conservan."),
    )


def _hacer(
    hallado: Suelto, campo: str, hacer: Callable[[], object], dicho: str
) -> ResponseReturnValue:
    try:
        registro.motivo_valido(str(limpiar(request.form.get(campo, ""))))
        hacer()
    except DatoInvalido as falla:
        return _pagina(hallado, [(campo, str(falla))])
    except (NoExiste, Conflict, InstanceNotActive):
        return _ya_decidido()
    flash(dicho, "verde")
    return redirect(url_for("radicacion.sueltos"))


def _ya_decidido() -> ResponseReturnValue:
    flash(_("Otra persona ya decidió sobre este documento. No se cambió nada."), "ambar")
    return redirect(url_for("radicacion.sueltos"))
