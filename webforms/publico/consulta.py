"""The public status of a case: radicado and document in, state and dates out, and nothing about the
person or the matter."""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from wtforms.validators import StopValidation, ValidationError

from engine import reads
from engine.errors import Conflict, InstanceNotActive
from engine.states import ActorKind
from engine.types import Actor, Data, Noting, Writing
from records.base.actos import Acto, acto_de
from records.base.consultas import obtener
from records.base.errores import ArchivoSinGuardar, DatoInvalido, NoExiste
from records.base.reglas.firmas import codigo_de_respuesta
from records.casos import casos, registro
from records.casos.archivos import archivos_del_caso, registrar_archivo
from records.casos.escalonamientos import (
    anotar_aporte,
    anotar_complemento,
    aportes,
    complemento_recibido,
    suspension_abierta,
)
from records.casos.expediente import EstadoPublico, estado_publico
from records.casos.registro import Ficha
from records.casos.reglas import estados, radicado
from records.casos.reglas.notas import NOTA
from records.casos.tablas import Aporte, Caso, Respuesta, Suspension
from records.correo import avisos, codigos
from records.correo.reglas import cartas
from records.correo.tablas import Aviso
from records.cuentas.reglas import roles
from records.cuentas.reglas.frenos import UNA_HORA, Cupo, Limite
from records.escritos.tablas import Escrito
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import dia_local, fin_del_dia, sumar_habiles
from records.plazos.reglas.plazos import se_detiene
from webforms import campos as c
from webforms.base import formatos, frenos, llevados
from webforms.base.adjuntos import Elegidos, elegidos
from webforms.base.ajustes import ajustes
from webforms.base.formatos import hora
from webforms.base.frenos import Frenado
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.security import seudonimo
from webforms.base.servicios import servicios
from webforms.base.tardios import MOSTRAR, llego_tarde, lo_escrito, solo_mostrar
from webforms.campos.comunes import TIPOS_DOCUMENTO, NumeroDocumento
from webforms.campos.formulario import TareaForm
from webforms.documentos.archivos import Archivo
from webforms.navegador.ficha import SinCaso
from webforms.navegador.firmas import es_de_aqui, firmante_con_hora
from webforms.personas.sin_nombre import es_clave
from webforms.tareas.traduccion import nombre_de_proceso

log = logging.getLogger(__name__)

rutas = Rutas()

CIUDADANO = Actor(ActorKind.PERSON, "ciudadano")
LARGO_NUMERO = 48  # of any procedure, as the register keeps it
CLAVE = "CLAVE"  # instead of a document: of a case without a name
#: To ask for a decision to be reviewed (CPACA art. 76).
DIAS_DE_RECURSO = 10
APORTES_AL_DIA = 10  # of one case that waits for nothing: nobody fills it
VIGENCIA = dt.timedelta(hours=2)  # to write what is missing, after the status was shown


class _DocumentoOClave(NumeroDocumento):
    """A key has no form that a document must have, nor has a document whose type nobody asked
    for."""

    def __call__(self, form: Any, field: Any) -> None:
        if form.pide_tipo and form.tipo_doc.data != CLAVE:
            super().__call__(form, field)


class _SiEsRadicado:
    """A case of M5-1-02 has the type of the document; one of another procedure may. Told by the
    form of the number, never by whether there is such a case. So nobody is told that it is
    optional."""

    field_flags: ClassVar = {"sin_marca": True}

    def __call__(self, form: Any, field: Any) -> None:
        if not form.pide_tipo:
            field.data = field.data or ""
            raise StopValidation
        if not field.data:
            raise StopValidation(str(_("Elija el tipo de documento")))


class ConsultaForm(SinCaso, TareaForm):
    """`pide_tipo`: the number that was typed is a radicado of M5-1-02, whose cases hold the type of
    the document."""

    pide_tipo = True
    radicado = c.TextoField(
        _l("Radicado o número"),
        c.exige(_l("Escriba el radicado"), c.hasta(LARGO_NUMERO)),
        description=_l("Está en su constancia o en el correo que recibió"),
    )
    tipo_doc = c.ListaField(
        _l("Tipo de documento"),
        [_SiEsRadicado()],
        choices=[*TIPOS_DOCUMENTO, (CLAVE, _l("Ninguno: no di mi nombre"))],
        default="CC",
        description=_l("El que dio con su solicitud"),
    )
    num_doc = c.TextoField(
        _l("Número de documento"),
        c.exige(_l("Escriba el número de documento"), c.hasta(20), _DocumentoOClave("tipo_doc")),
        description=_l(
            "Sin puntos ni espacios. Si no dio su nombre, la clave que recibió con el número."
        ),
    )

    def validate_radicado(self, field: Any) -> None:
        """A radicado, or a number of another procedure, which has the form that its diagram gives
        it."""
        try:
            field.data = radicado.leer(field.data)
        except DatoInvalido as error:
            self.pide_tipo = False
            field.data = "".join(field.data.split()).upper()
            if not radicado.NUMERO.fullmatch(field.data):
                raise ValidationError(str(error)) from None


class ComplementoForm(SinCaso, TareaForm):
    texto = c.ParrafoField(
        _l("Qué nos envía"),
        c.exige(_l("Escriba qué nos envía"), c.largo(10, 2000)),
        description=_l("Responda lo que le pedimos, o diga qué contienen los archivos"),
    )


def _documento(form: ConsultaForm) -> str:
    """Where its type need not be told, another type is no other guess."""
    return f"{form.tipo_doc.data if form.pide_tipo else ''} {form.num_doc.data}"


def _claves(form: ConsultaForm) -> dict[str, Limite]:
    """Guessing is slowed down for each radicado and each document, whoever asks, and for each
    address, which many may share. What is found undoes nothing of what was not: who has a case of
    their own would guess for ever."""
    return {
        frenos.llave("radicado", str(form.radicado.data)): frenos.CONSULTA,
        frenos.llave("documento", _documento(form)): frenos.CONSULTA,
        frenos.llave("consulta-de", frenos.de_donde(request.remote_addr)): frenos.DIRECCION,
    }


def _anotar_fallo(form: ConsultaForm, now: dt.datetime) -> None:
    """Whose document it was and from where stands there as a digest: enough to see that it is the
    same again."""
    detalle: Data = {
        "documento": seudonimo(_documento(form)),
        "direccion": seudonimo(request.remote_addr or ""),
    }
    servicios().engine.log_access(
        CIUDADANO, "consulta_fallida", str(form.radicado.data), now=now, detail=detalle
    )


@rutas.get("", para=PUBLICO)
@rutas.post("", para=PUBLICO, se_muestra=MOSTRAR)
def consulta() -> ResponseReturnValue:
    """The answer stands in the page of the POST: neither radicado nor document ever come into an
    address."""
    if request.method == "GET":
        return _hoja(ConsultaForm(formdata=None), 200)
    form, now = ConsultaForm(), servicios().clock.now()
    if (vista := _leer(request.form.get("vista", ""))) is not None:
        return _otra_vez(*vista)
    if (clave := _leer_tramite(request.form.get("tramite", ""))) is not None:
        with servicios().uow.reading() as session:
            return _estado_de_tramite(session, clave) or redirect(url_for("consulta.consulta"))
    if not form.validate() or llego_tarde():
        return _hoja(form, 422)
    try:
        with frenos.intento(_claves(form), now) as fallo:
            hallado = _buscar(form)
            if hallado is None:
                fallo()
    except Frenado as freno:
        log.warning("a question about a case has to wait: too many failures")
        cuando = hora(now + freno.espera, segundos=True)
        return _hoja(
            form,
            429,
            _("Hubo varios intentos sin resultado. Inténtelo otra vez a las %(h)s.", h=cuando),
        )
    if hallado is None:
        _anotar_fallo(form, now)
        aviso = _("No encontramos un caso con ese radicado y ese documento. Revise los dos datos.")
        return _hoja(form, 404, aviso)
    pagina, numero = hallado
    servicios().engine.log_access(CIUDADANO, "consulta_publica", numero, now=now)
    return pagina


def _buscar(form: ConsultaForm) -> tuple[str, str] | None:
    """The page of the state that was asked for, and the number of its case."""
    numero = str(form.radicado.data)
    with servicios().uow.reading() as session:
        estado = estado_publico(session, numero, str(form.tipo_doc.data), str(form.num_doc.data))
        caso_id = session.scalar(sa.select(Caso.id).where(Caso.radicado == form.radicado.data))
        otra = _de_otro(session, form) if estado is None else None
    if otra is not None:
        return otra, numero
    return (_estado(estado, caso_id), estado.radicado) if estado is not None else None


def _hoja(form: ConsultaForm, codigo: int, aviso: str = "") -> ResponseReturnValue:
    """The question. Where no case was ever filed with the type of a document nobody is asked for
    it."""
    s = servicios()
    with s.uow.reading() as session:
        version = reads.releases.current(session, s.engine.catalog)
        en_vigor = version is not None and registro.PROCESO_DE_CASO in reads.releases.processes(
            session, s.engine.catalog, version
        )
        radicados = (
            en_vigor
            or registro.con_tipos(session)
            or session.scalar(sa.union_all(_UN_CASO, _UN_ESCRITO)) is not None
        )
    repetible = None if request.method == "GET" else lo_escrito()
    return render_template(
        "publico/consulta.html", form=form, radicados=radicados, aviso=aviso, repetible=repetible
    ), codigo


_UN_CASO, _UN_ESCRITO = (
    sa.select(sa.select(Caso.id).limit(1).subquery()),
    sa.select(sa.select(Escrito.id).limit(1).subquery()),
)


def _de_otro(session: Session, form: ConsultaForm) -> str | None:
    """The state of a case of another procedure, for who knows its number and the document of its
    person; or its key, where nobody gave a name."""
    numero, dicho = str(form.radicado.data), str(form.num_doc.data)
    sin_nombre = registro.anonima(session, numero)
    con_clave = (
        sin_nombre if sin_nombre is not None and es_clave(sin_nombre.case_key, dicho) else None
    )
    ficha = con_clave or registro.publica(session, numero, str(form.tipo_doc.data), dicho)
    return _estado_de_tramite(session, ficha.case_key) if ficha is not None else None


def _estado_de_tramite(session: Session, case_key: str) -> str | None:
    """What the agency does with it inside is not told, only whether something of the person is
    waited for. In the other language it is asked for by a signature, as that of M5-1-02."""
    ficha, instancias = (
        registro.ficha(session, case_key),
        reads.instances.of_case(session, case_key),
    )
    if ficha is None:
        return None
    abiertas = reads.items.of_case(session, case_key, only_open=True)
    suyo = any(i.role == roles.USUARIO for i in abiertas)
    primera = instancias[0] if instancias else None
    nombre = (
        nombre_de_proceso(session, primera.release, primera.process, primera.process_name)
        if primera is not None
        else ""
    )
    otra_vez = {"tramite": _firmante_de_tramites().dumps(case_key)}
    cartas = [
        (a.asunto, avisos.con_sitio(a.texto, ajustes().base_url.rstrip("/")))
        for a in _por_leer(session, ficha)
    ]
    valores = {"f": ficha, "nombre": nombre, "suyo": suyo, "cartas": cartas}
    return render_template("publico/tramite_estado.html", **valores, repetible=otra_vez)


def _por_leer(session: Session, ficha: Ficha) -> Sequence[Aviso]:
    """Who gave neither name nor address reads here what was answered."""
    return avisos.por_consulta(session, ficha.case_key) if ficha.anonima else ()


def _firmante_de_tramites() -> URLSafeTimedSerializer:
    return firmante_con_hora("estado de un trámite")


def _leer_tramite(firma: str) -> str | None:
    try:
        return str(_firmante_de_tramites().loads(firma, max_age=int(VIGENCIA.total_seconds())))
    except BadData:
        return None


def _estado(estado: EstadoPublico, caso_id: int | None) -> str:
    """In the other language it is asked for by a signature: the document that was typed does not
    stand in this page."""
    firma = _firmante().dumps([caso_id, estado.radicado]) if caso_id is not None else None
    complemento = None
    if firma and estado.abierto:
        envio = llevados.guardar(llevados.COMPLEMENTO, firma)
        # what is owed and came is told to whoever comes back; this is a wish to send more
        mas = None if estado.complemento_hasta is not None else 1
        complemento = url_for("consulta.complemento", firma=envio, mas=mas)
    return render_template(
        "publico/estado.html",
        e=estado,
        complemento=complemento,
        vista=firma,
        a=_a_donde_va_el_codigo(caso_id) if caso_id is not None and estado.respondido else None,
        repetible={"vista": firma} if firma else None,
    )


# --- the answer -----------------------------------------------------------------------------------
def _a_donde_va_el_codigo(caso_id: int) -> str:
    """The address of the person, covered; "": there is none that takes mail."""
    with servicios().uow.reading() as session:
        datos = avisos.datos_aviso(session, caso_id)
        return formatos.correo(datos.correo_usuario) if codigos.puede(session, datos) else ""


@rutas.post("/respuesta", para=PUBLICO, cupo=Cupo(60, UNA_HORA))
def respuesta() -> ResponseReturnValue:
    """The answer, for whoever has the number, the document and the person's mailbox: what stands in
    it is theirs alone (reserva bancaria)."""
    s, dicho = servicios(), "".join(request.form.get("codigo", "").split())
    now, vista = s.clock.now(), _leer(request.form.get("vista", ""))
    if vista is None:
        return redirect(url_for("consulta.consulta"))
    caso_id, numero = vista
    with s.uow.reading() as session:
        datos = avisos.datos_aviso(session, caso_id)
        escrita = _la_respuesta(session, caso_id)
        puede, ya = codigos.puede(session, datos), codigos.enviado(session, caso_id, now)
    if escrita is None or not puede:
        return _otra_vez(caso_id, numero)
    if "codigo" not in request.form:
        if not ya:
            s.engine.jobs.ask(
                avisos.ENVIAR,
                lambda session: codigos.enviar(session, caso_id, datos, now=now),
                queue="mail",
            )
        return _pedir_codigo(datos, 200)
    llaves = {
        frenos.llave("codigo", numero): frenos.CONSULTA,
        frenos.llave("codigo-de", frenos.de_donde(request.remote_addr)): frenos.DIRECCION,
    }
    try:
        with frenos.intento(llaves, now) as fallo:
            if not (vale := _vale(caso_id, dicho, now)):
                fallo()
    except Frenado as freno:
        cuando = hora(now + freno.espera, segundos=True)
        return _pedir_codigo(
            datos, 429, _("Hubo varios intentos. Inténtelo otra vez a las %(h)s.", h=cuando)
        )
    if not vale:
        return _pedir_codigo(datos, 422, _("Ese no es el código, o ya no sirve. Revise el correo."))
    s.engine.log_access(CIUDADANO, "respuesta_leida", numero, now=now)
    with s.uow.reading() as session:
        van = [a.nombre for a in casos.adjuntos_de(session, escrita.id)]
        enviado = obtener(session, Caso, caso_id).enviado
    plazo = fin_del_dia(sumar_habiles(dia_local(enviado), DIAS_DE_RECURSO)) if enviado else None
    return render_template(
        "publico/respuesta.html",
        radicado=numero,
        persona=datos.persona,
        texto=escrita.texto,
        enviado=enviado,
        anexos=van,
        recursos=cartas.recursos(numero),
        repetible={"vista": request.form["vista"], "codigo": dicho},
        plazo=plazo if plazo is not None and plazo >= now else None,
    )


def _la_respuesta(session: Session, caso_id: int) -> Respuesta | None:
    """The one that was sent; else the one given at the desk. One that did not leave yet is nobody's
    to read."""
    dadas = (casos.ultima_respuesta(session, caso_id, tipo) for tipo in ("enviada", "punto"))
    return next((r for r in dadas if r is not None and r.enviada is not None), None)


def _vale(caso_id: int, codigo: str, now: dt.datetime) -> bool:
    if not (codigo.isascii() and codigo.isdigit()):
        return False
    de_antes, de_ahora = (
        es_de_aqui(codigo, partial(codigo_de_respuesta, clave=clave))
        for clave in codigos.claves(caso_id, now)
    )
    return de_antes or de_ahora


def _pedir_codigo(
    datos: avisos.DatosAviso, estado_http: int, aviso: str = ""
) -> ResponseReturnValue:
    return render_template(
        "publico/codigo.html",
        radicado=datos.radicado,
        a=formatos.correo(datos.correo_usuario),
        vista=request.form.get("vista", ""),
        aviso=aviso,
        repetible={"vista": request.form.get("vista", "")},
        minutos=int(codigos.LAPSO.total_seconds()) // 60,
    ), estado_http


def _otra_vez(caso_id: int, numero: str) -> ResponseReturnValue:
    """The status that was shown a moment ago, in the other language."""
    with servicios().uow.reading() as session:
        persona = session.scalars(
            sa.select(Persona).join(Caso, Caso.persona_id == Persona.id).where(Caso.id == caso_id)
        ).one()
        estado = estado_publico(session, numero, persona.tipo_doc, persona.num_doc)
    return (
        _estado(estado, caso_id) if estado is not None else redirect(url_for("consulta.consulta"))
    )


# --- what the person sends ------------------------------------------------------------------------
def _firmante() -> URLSafeTimedSerializer:
    """Of what whoever has just shown both data may see again and send."""
    return firmante_con_hora("complemento")


def _leer(firma: str) -> tuple[int, str] | None:
    try:
        caso_id, numero = _firmante().loads(firma, max_age=int(VIGENCIA.total_seconds()))
    except (BadData, TypeError, ValueError):
        return None
    return int(caso_id), str(numero)


@rutas.get("/complemento/<firma>", para=PUBLICO)
@rutas.post(
    "/complemento/<firma>", para=PUBLICO, se_muestra=MOSTRAR, varios=True, cupo=Cupo(60, UNA_HORA)
)
def complemento(firma: str) -> ResponseReturnValue:
    """The citizen sends what the area asked for, and the clock of the case goes on (art. 17 Ley
    1755); or something more for a case that waits for nothing, and whoever works on it is told."""
    try:
        leida = _leer(llevados.leer(llevados.COMPLEMENTO, firma))
    except llevados.AOtra:
        if request.method == "GET":
            raise
        leida = None
    if leida is None:
        return render_template(
            "publico/complemento_fin.html", causa="vencida", escrito=request.form.get("texto", "")
        ), 410
    caso_id, numero = leida
    if request.method == "GET":
        if "mas" not in request.args and _espera(caso_id) is None and _ya_llego(caso_id):
            return _recibido(caso_id, numero, ())
        return _pedir(caso_id, ComplementoForm(formdata=None), numero)
    form, subidos = ComplementoForm(), elegidos("archivos")
    if not form.validate() or subidos.faltas or solo_mostrar():
        return _pedir(caso_id, form, numero, subidos, 422)
    texto, nombres = str(form.texto.valor()), [a.nombre for a in subidos.archivos]
    if _ya_lo_envio(caso_id, texto, nombres):
        return _recibido(caso_id, numero, ())
    espera = _espera(caso_id)
    if espera is not None and request.form.get("espera", str(espera.id)) != str(espera.id):
        return _pedir(caso_id, form, numero, subidos, 409)  # asked for while this was being written
    try:
        (_entregar if espera is not None else _aportar)(caso_id, texto, subidos)
    except ArchivoSinGuardar as falla:
        return _pedir(caso_id, form, numero, replace(subidos, faltas=[str(falla)]), 503)
    except _Demasiados:
        return _pedir(caso_id, form, numero, subidos, 429, demasiados=True)
    except (Conflict, InstanceNotActive, NoExiste):
        if not _ya_lo_envio(caso_id, texto, nombres):
            return _pedir(caso_id, form, numero, subidos, 409)
    return _recibido(caso_id, numero, subidos.archivos)


def _ya_no(numero: str) -> ResponseReturnValue:
    """The case is over."""
    return render_template(
        "publico/complemento_fin.html",
        causa="tarde",
        radicado=numero,
        escrito=request.form.get("texto", ""),
        repetible=lo_escrito(),
    ), 409


def _recibido(caso_id: int, numero: str, nuevos: Sequence[Archivo]) -> str:
    """When it came, and until when the answer comes now that the clock goes on; a second press
    tells of the first."""
    with servicios().uow.reading() as session:
        limite = obtener(session, Caso, caso_id).limite_respuesta
        llegadas = (
            sa.select(Suspension.hasta).where(Suspension.caso_id == caso_id),
            sa.select(Aporte.llego).where(Aporte.caso_id == caso_id),
        )
        llego = session.scalar(sa.select(sa.func.max(sa.union_all(*llegadas).subquery().c[0])))
    vigente = limite if limite is not None and limite >= servicios().clock.now() else None
    valores = {"radicado": numero, "archivos": nuevos, "recibido": llego, "limite": vigente}
    return render_template("publico/complemento_fin.html", causa="recibido", **valores)


def _pedir(
    caso_id: int,
    form: ComplementoForm,
    numero: str,
    subidos: Elegidos | None = None,
    codigo: int = 200,
    *,
    demasiados: bool = False,
) -> ResponseReturnValue:
    """What was asked for, if anything, and the form, again with what was typed; files are chosen
    again, for none was kept."""
    abierta = _espera(caso_id)
    if abierta is None and not _sigue_abierto(caso_id):
        return _ya_no(numero)
    if abierta is None:
        form.texto.description = _("Lo que quiera agregar, o qué contienen los archivos")
    faltas = [("archivos", falta) for falta in subidos.faltas] if subidos else []
    otra_vez = subidos.nombres if subidos else []
    errores = form.errores() + faltas
    pedido = {
        "abierta": abierta,
        "radicado": numero,
        "repetible": lo_escrito(),
        "vencio": _vencio_antes(caso_id, abierta) if abierta is not None else None,
        "demasiados": APORTES_AL_DIA if demasiados else 0,
    }
    return render_template(
        "publico/complemento.html", form=form, errores=errores, otra_vez=otra_vez, **pedido
    ), codigo


def _espera(caso_id: int) -> Suspension | None:
    """Asked before any file is stored; a sending that is a moment faster is found by the engine."""
    with servicios().uow.reading() as session:
        return suspension_abierta(session, caso_id)


def _sigue_abierto(caso_id: int) -> bool:
    with servicios().uow.reading() as session:
        return obtener(session, Caso, caso_id).estado not in estados.RESUELTOS


def _vencio_antes(caso_id: int, abierta: Suspension) -> dt.datetime | None:
    """When the term to answer ended, if that was before anything was asked for."""
    with servicios().uow.reading() as session:
        limite = obtener(session, Caso, caso_id).limite_respuesta
    return limite if limite is not None and not se_detiene(limite, abierta.desde) else None


def _ya_llego(caso_id: int) -> bool:
    """Whoever comes back to the page after sending: what they sent is here, nothing was lost."""
    with servicios().uow.reading() as session:
        return bool(complemento_recibido(session, caso_id))


def _ya_lo_envio(caso_id: int, texto: str, nombres: Sequence[str]) -> bool:
    """The same sending twice, by a second press: text and files were received the first time."""
    with servicios().uow.reading() as session:
        caso = session.get_one(Caso, caso_id)
        guardados = {archivo.nombre for archivo in archivos_del_caso(session, caso.case_key or "")}
        textos = {a.texto for a in aportes(session, caso_id)}
        return (
            texto in textos | {complemento_recibido(session, caso_id)}
        ) and guardados.issuperset(nombres)


def _entregar(caso_id: int, texto: str, subidos: Elegidos) -> None:
    def registros(w: Writing) -> None:
        anotar_complemento(w.session, caso_id, texto, acto_de(w))
        for archivo in subidos.archivos:
            registrar_archivo(w.session, archivo.valor(), acto_de(w))
        subidos.guardar()

    now = servicios().clock.now()
    servicios().engine.messages.correlate(
        "ComplementoRecibido", str(caso_id), {}, actor=CIUDADANO, now=now, records=registros
    )


class _Demasiados(Exception):
    """So much came for this case today that the rest waits for tomorrow."""


def _aportar(caso_id: int, texto: str, subidos: Elegidos) -> None:
    """The words are the person's and can be erased; the note of the case says that they came."""
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        case_key = obtener(session, Caso, caso_id).case_key or ""

    def registros(n: Noting) -> None:
        hoy = [a for a in aportes(n.session, caso_id) if dia_local(a.llego) == dia_local(now)]
        if len(hoy) >= APORTES_AL_DIA:
            raise _Demasiados
        acto = Acto(CIUDADANO.id, now, case_key)
        anotar_aporte(n.session, caso_id, texto, acto, una_vez=True)
        for archivo in subidos.archivos:
            registrar_archivo(n.session, archivo.valor(), acto)
        subidos.guardar()

    dicho = "La persona envió algo más desde la consulta."
    s.engine.notes.add(case_key, dicho, actor=CIUDADANO, now=now, kind=NOTA, records=registros)
