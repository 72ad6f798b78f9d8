"""Mail: notices inside the entity, the answer to the citizen, and the job that sends what was
noted."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.orm import Session

from common.faults import is_outage
from common.language import said, speaking
from engine.errors import BusinessError, CauseCode, GiveUp
from engine.types import Call, Data, Handlers, RemoteCall
from handlers.conectores.proteccion import con_reintentos
from handlers.correo import (
    accesos,
    auditorias,
    comites,
    fallas,
    interventoria,
    plantillas,
    quietas,
    reportes,
)
from handlers.correo.avisos import al_equipo, caso_de
from handlers.enlaces import Enlaces
from records.base.actos import Acto
from records.base.datos import entero, instante, iso, opcional, texto
from records.casos import archivos, casos
from records.casos.tablas import Archivo
from records.correo import avisos, codigos, correos, direcciones
from records.correo.avisos import CON_ENLACE, ENLACE_DE_CORREO, RESPUESTA
from records.correo.reglas.correos import POR_HORA, VOLUNTARIOS
from records.correo.tablas import Aviso
from records.cuentas import cuentas, enlaces_de_clave
from records.cuentas.reglas.roles import ADMINISTRADOR, ASESOR, COORDINADOR, DOCUMENTAL
from records.sistemas import operacion, sistemas
from records.sistemas.puertos import Adjunto, Causa, Correo, CorreoFallido, Mensaje
from records.visita import calificaciones

log = logging.getLogger(__name__)
Sesiones = Callable[[], Session]
Leer = Callable[[str], bytes]
_Nombrado = tuple[str, str, str]  #: a document: its name, its type, the hash of what it holds
Rechazada = Callable[[int, str, dt.datetime], None]
#: how mail fails → as the engine keeps it
CAUSAS: Mapping[Causa, CauseCode] = {
    Causa.SIN_CONEXION: "unreachable",
    Causa.SIN_RESPUESTA: "timed_out",
    Causa.NO_PERMITIDO: "not_allowed",
    Causa.PROTEGIDO: "unreachable",
    **dict.fromkeys((Causa.ILEGIBLE, Causa.REGISTRO), "unexpected_data"),
    **dict.fromkeys((Causa.OCUPADO, Causa.RECHAZADO, Causa.OTRA), "mail_refused"),
}
# further tries of an answer while the adviser waits, and seconds before the first of them
REINTENTOS, PAUSA = 2, 1.0


NO_LO_QUIERE = "la persona no quiere mensajes que la ley no exige, o su dirección es dudosa"


def register(
    handlers: Handlers,
    *,
    correo: Correo,
    sesiones: Sesiones,
    enlaces: Enlaces,
    leer: Leer,
    rechazada: Rechazada,
    pausa: float = PAUSA,
    por_hora: int = POR_HORA,
) -> None:
    """`leer`: the content of a file of the store, by its hash; it raises when it is not what it
    was. `rechazada`: what is done about a mail to a person whose address the server refused, with
    what it said: it has come back, and its case and adviser hear of it."""
    cartero = Cartero(correo, sesiones, enlaces, pausa, leer, rechazada, por_hora)
    handlers.jobs[avisos.ENVIAR] = cartero.enviar
    handlers.jobs[sistemas.AVISAR] = cartero.avisar_de_un_sistema
    handlers.jobs[operacion.AVISAR] = cartero.avisar_de_la_operacion
    handlers.remote["correo.enviar_respuesta"] = cartero.enviar_respuesta
    handlers.local["correo.avisar_coordinador"] = avisar_coordinador
    handlers.local["correo.recordar"] = recordar
    handlers.local["correo.recordar_escrito"] = recordar_escrito
    handlers.local["correo.avisar_respuesta"] = avisar_respuesta
    handlers.local["correo.escalar_nivel2"] = escalar_nivel2
    handlers.local["correo.escalar_nivel3"] = escalar_nivel3
    handlers.local["correo.sin_movimiento"] = quietas.sin_movimiento
    handlers.local["correo.remitir_fallas"] = fallas.remitir
    handlers.local["correo.avisar_auditoria"] = auditorias.falta
    handlers.local["correo.remitir_auditoria"] = auditorias.remitir
    handlers.local["correo.avisar_respuestas"] = comites.faltan
    handlers.local["correo.convocar_comite"] = comites.convocar
    handlers.local["correo.preguntar_accesos"] = accesos.preguntar
    handlers.local["correo.avisar_reportes"] = reportes.faltan
    handlers.local["correo.avisar_devoluciones"] = reportes.volvio
    handlers.local["correo.enviar_entrega"] = lambda call: interventoria.enviar(call, enlaces)
    handlers.local["correo.recordar_acuse"] = interventoria.recordar
    handlers.local["correo.avisar_sin_acuse"] = interventoria.sin_acuse
    handlers.local["correo.avisar_requerimiento"] = interventoria.requerimiento


@dataclass(frozen=True, slots=True)
class Cartero:
    """What talks to the mail server; each has sessions of its own."""

    correo: Correo
    sesiones: Sesiones
    enlaces: Enlaces
    pausa: float  #: seconds, between two tries of an answer
    leer: Leer
    rechazada: Rechazada
    por_hora: int  #: mails to one address; answers count, and are not kept waiting

    def enviar(self, now: dt.datetime, args: Data) -> None:
        """The job behind every notice. What may pass is tried again by the worker's round
        (`repasar`), for a day; a failure for good is noted on the notice and is GiveUp, an incident
        for an administrator. An address of a person that does not exist is nothing that an
        administrator mends: the mail has come back.

        A crash between the server's acceptance and our note sends the mail once more, with the same
        Message-ID.
        """
        clave = texto(args, "clave")
        try:
            self._intentar(clave, instante(args, "turno"), now)
        except GiveUp:
            raise
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("mail %s could not be sent", clave)
            self._fallo(clave, f"{type(error).__name__}: {error}", Causa.OTRA, now)

    def _fallo(
        self, clave: str, error: str, causa: Causa, now: dt.datetime, *, pasajera: bool = True
    ) -> None:
        """GiveUp when it is tried no more."""
        with self.sesiones() as session, session.begin():
            se_deja = correos.fallo(session, clave, error, pasajera=pasajera, now=now)
        if se_deja:
            raise GiveUp(error, CAUSAS[causa])

    def _intentar(self, clave: str, turno: dt.datetime | None, now: dt.datetime) -> None:
        with self.sesiones() as session, session.begin():
            aviso = correos.tomar(session, clave, turno, now)
            if aviso is None:
                return
            de_un_caso = aviso.caso_id is not None or aviso.case_key is not None
            de_persona = aviso.id if de_un_caso and aviso.tipo in avisos.A_LA_PERSONA else None
            hasta = correos.cabe(session, aviso.para, self.por_hora, now)
            if hasta is not None:
                correos.esperar(session, clave, hasta)
                return
            mensaje = self._mensaje(session, aviso)
            van = _lleva(session, aviso)
            if aviso.tipo == enlaces_de_clave.AVISO:
                de_que = enlaces_de_clave.de_que_es_el_de(session, clave, now)
                if de_que is None or mensaje is None:
                    correos.descartar_solo(session, clave, enlaces_de_clave.VENCIDO, now=now)
                    return
                suyo = partial(_de_esta_clave, session, clave, de_que)
                con = self.enlaces.con_el_de(suyo).url_de_clave(de_que)
                mensaje = replace(
                    mensaje, texto=mensaje.texto.replace(enlaces_de_clave.ENLACE, con)
                )
            if mensaje is None:
                correos.descartar_solo(session, clave, NO_LO_QUIERE, now=now)
                return
        try:
            self.correo.enviar(self._con(mensaje, van), now)
        except CorreoFallido as falla:
            if de_persona is not None and not falla.pasajera and direcciones.codigo_de(str(falla)):
                self.rechazada(de_persona, str(falla), now)
                return
            self._fallo(clave, str(falla), falla.causa, now, pasajera=falla.pasajera)
        else:
            with self.sesiones() as session, session.begin():
                avisos.marcar_enviado(session, clave, now=now)

    def _mensaje(self, session: Session, aviso: Aviso) -> Mensaje | None:
        """With the secrets that only the mail carries. None: the person wants no such mail."""
        clave, sitio = aviso.clave, self.enlaces.sitio
        cuerpo, baja = avisos.con_sitio(aviso.texto, sitio), ""
        if plantillas.ENLACE in cuerpo and (caso := aviso.caso_id) is not None:
            con = self.enlaces.con_el_de(lambda e: calificaciones.es_de_uno(session, e.token(caso)))
            cuerpo = cuerpo.replace(plantillas.ENLACE, con.url(caso))
        if (
            plantillas.ENLACE_DE_ENTREGA in cuerpo
            and (entrega := interventoria.entrega_de(clave)) is not None
        ):
            con = self.enlaces.con_el_de(lambda e: interventoria.es_de_una(session, e, entrega))
            cuerpo = cuerpo.replace(plantillas.ENLACE_DE_ENTREGA, con.url_de_entrega(entrega))
        if codigos.HUECO in cuerpo and aviso.tipo == codigos.CODIGO:
            cuerpo = cuerpo.replace(codigos.HUECO, self.enlaces.codigo_de_respuesta(clave))
        if ENLACE_DE_CORREO in cuerpo and aviso.tipo in CON_ENLACE:
            direcciones.con_enlace(session, aviso.para, self.enlaces.token_de_direccion(clave))
            cuerpo = cuerpo.replace(ENLACE_DE_CORREO, self.enlaces.url_de_direccion(clave))
        if aviso.tipo in VOLUNTARIOS:
            huella = direcciones.huella(aviso.para)
            con = self.enlaces.con_el_de(
                lambda e: direcciones.por_baja(session, e.token_de_baja(huella)) is not None
            )
            if not direcciones.con_baja(session, aviso.para, con.token_de_baja(huella)):
                return None
            baja = con.url_de_baja(huella)
        marca = self.enlaces.marca(aviso.id)
        return Mensaje(
            clave,
            aviso.para,
            aviso.asunto,
            cuerpo,
            idioma=aviso.idioma,
            marca=marca,
            sitio=sitio,
            baja=baja,
        )

    def avisar_de_un_sistema(self, now: dt.datetime, args: Data) -> None:
        """A system around the desk has not answered for longer than its limit: who coordinates and
        who administers are told, once for each outage."""
        sistema, desde = texto(args, "sistema"), instante(args, "desde") or now
        with self.sesiones() as session, session.begin():
            for para in dict.fromkeys(
                c
                for rol in (COORDINADOR, ADMINISTRADOR)
                for c in avisos.correos_de_rol(session, rol, now)
            ):
                clave = f"sistema:{sistema}:{iso(desde)}:{avisos.huella(para)}"
                with avisos.hablandole(session, para):
                    aviso = plantillas.sistema_caido(sistema, desde).aviso(
                        clave, "sistema", para, None
                    )
                # a job for each: one that is refused keeps no other waiting
                avisos.crear_aviso(session, aviso, now=now, proximo=now)

    def avisar_de_la_operacion(self, now: dt.datetime, args: Data) -> None:
        """Whoever administers is told what has to be looked after, once for each time that it
        begins."""
        with self.sesiones() as session, session.begin():
            novedad = operacion.aviso(session, entero(args, "aviso"))
            if novedad is None or novedad.hasta is not None:
                return
            for para in dict.fromkeys(avisos.correos_de_rol(session, ADMINISTRADOR, now)):
                clave = f"operacion:{novedad.id}:{avisos.huella(para)}"
                with avisos.hablandole(session, para):
                    carta = plantillas.operacion(novedad.codigo, novedad.dice, novedad.hacer)
                avisos.crear_aviso(
                    session, carta.aviso(clave, "operacion", para, None), now=now, proximo=now
                )

    def enviar_respuesta(self, call: RemoteCall) -> Data | None:
        """M5-1-01 act. 14: done when the server has taken the mail, else ERR_CORREO and the adviser
        takes another medium.

        Remote, because the diagram needs to know: the case must not be closed on a mail that nobody
        got.
        """
        caso_id = entero(call.data, "caso_id")
        with self.sesiones() as session, session.begin():
            datos = avisos.datos_aviso(session, caso_id)
            respuesta = casos.ultima_respuesta(session, caso_id, "enviada")
            if respuesta is None:
                raise LookupError(f"caso {caso_id} sin respuesta redactada")
            if respuesta.enviada is not None:  # this job ran before and its result got lost
                return None
            clave = _clave_de(respuesta.id)
            van = casos.adjuntos_de(session, respuesta.id)
            carta = plantillas.respuesta(
                datos.del_caso, datos.idioma, respuesta.texto, [a.nombre for a in van]
            )
            dudosa = direcciones.estado(session, datos.correo_usuario).dudosa
            mensaje, archivos = None, _nombrados(van)
            if datos.medio_respuesta == "correo" and datos.correo_usuario and not dudosa:
                avisos.crear_aviso(
                    session,
                    carta.aviso(clave, RESPUESTA, datos.correo_usuario, caso_id),
                    now=call.now,
                )
                aviso = avisos.aviso(session, clave)
                mensaje = self._mensaje(session, aviso) if aviso is not None else None
                # somebody sent it again from «Correos» meanwhile
                if aviso is not None and aviso.enviado is not None:
                    casos.marcar_enviada(
                        session,
                        caso_id,
                        Acto(datos.asesor_id, call.now),
                        medio="correo",
                        acuse=clave,
                    )
                    return None
        if mensaje is None:
            motivo = avisos.EN_PAPEL.get(
                datos.medio_respuesta or "", avisos.CORREO_DUDOSO if dudosa else avisos.SIN_CORREO
            )
            raise BusinessError("ERR_CORREO", motivo)
        self._insistir(mensaje, archivos, call.now)
        with self.sesiones() as session, session.begin():
            avisos.marcar_enviado(session, clave, now=call.now)
            casos.marcar_enviada(
                session, caso_id, Acto(datos.asesor_id, call.now), medio="correo", acuse=clave
            )
        return None

    def _con(self, mensaje: Mensaje, van: Sequence[_Nombrado]) -> Mensaje:
        return replace(
            mensaje,
            adjuntos=[Adjunto(nombre, tipo, self.leer(sha256)) for nombre, tipo, sha256 in van],
        )

    def _insistir(self, mensaje: Mensaje, van: Sequence[_Nombrado], now: dt.datetime) -> None:
        """Tries, pauses and tries again; ERR_CORREO when the address is refused or the server stays
        away."""
        try:
            lleno = self._con(mensaje, van)
            con_reintentos(lambda: self.correo.enviar(lleno, now), REINTENTOS, self.pausa)
        except CorreoFallido as falla:
            with self.sesiones() as session, session.begin():
                avisos.marcar_fallido(session, mensaje.clave, str(falla))
                if not falla.pasajera:
                    direcciones.rechazada(session, mensaje.para, str(falla), now=now)
            raise BusinessError("ERR_CORREO", str(falla)) from falla
        except Exception as error:
            # its own job is tried again, or becomes an incident; the page of the mails says so
            # meanwhile
            if not is_outage(error):
                with self.sesiones() as session, session.begin():
                    avisos.marcar_fallido(
                        session, mensaje.clave, f"{type(error).__name__}: {error}"
                    )
            raise


def _clave_de(respuesta_id: int) -> str:
    return f"{RESPUESTA}:{respuesta_id}"


def _lleva(session: Session, aviso: Aviso) -> list[_Nombrado]:
    """The documents that go with a mail: of an answer its own, of a letter of a package those that
    it names."""
    if aviso.tipo == RESPUESTA:
        return _nombrados(
            casos.adjuntos_de(session, int(aviso.clave.removeprefix(f"{RESPUESTA}:")))
        )
    return (
        _nombrados(archivos.de_carta(session, aviso.case_key or "", aviso.adjuntos))
        if aviso.adjuntos
        else []
    )


def _nombrados(van: Iterable[Archivo]) -> list[_Nombrado]:
    return [(uno.nombre, uno.tipo, uno.sha256) for uno in van]


def _de_esta_clave(session: Session, clave: str, de_que: str, enlaces: Enlaces) -> bool:
    return enlaces_de_clave.es_el_de(session, clave, enlaces.token_de_clave(de_que))


# --- notices inside the entity --------------------------------------------------------------------
def avisar_coordinador(call: Call) -> None:
    """4.2: one business day is left and the case has not been escalated."""
    caso_id = entero(call.data, "caso_id")
    caso = caso_de(avisos.datos_aviso(call.session, caso_id))
    for para in _coordinacion(call):
        with avisos.hablandole(call.session, para):
            carta = plantillas.por_escalar(caso)
            al_equipo(
                call,
                carta.aviso(
                    f"por_escalar:{caso_id}:{avisos.huella(para)}", "por_escalar", para, caso_id
                ),
            )


def recordar(call: Call) -> None:
    """Control 6-4: to whoever has taken the case, else to the area. One notice a stage and date,
    also when two timers fire at once."""
    caso_id = entero(call.data, "caso_id")
    datos = avisos.datos_aviso(call.session, caso_id)
    etapa, fecha = _etapa(call)
    para = datos.correo_funcionario or datos.correo_area
    with avisos.hablandole(call.session, para):
        carta = plantillas.recordatorio(caso_de(datos), etapa, datos.area, call.now)
        al_equipo(
            call,
            carta.aviso(
                f"recordar:{caso_id}:{datos.n}:{etapa}:{fecha}", "recordatorio", para, caso_id
            ),
        )


def recordar_escrito(call: Call) -> None:
    """M5-1-04: the answer of a written case still has to be signed and sent. By the term in force:
    an extension may have moved it."""
    caso_id = entero(call.data, "caso_id")
    datos = avisos.datos_aviso(call.session, caso_id)
    if not casos.se_debe_respuesta(call.session, caso_id):
        return
    vencido = datos.limite_respuesta is not None and datos.limite_respuesta <= call.now
    etapa = "vencido" if vencido else "80"
    for para in dict.fromkeys(
        [
            datos.correo_funcionario or datos.correo_area,
            *avisos.correos_de_rol(call.session, DOCUMENTAL, call.now),
        ]
    ):
        clave = f"escrito:{caso_id}:{etapa}:{iso(datos.limite_respuesta or call.now)}:{avisos.huella(para)}"
        with avisos.hablandole(call.session, para):
            carta = plantillas.recordatorio_escrito(caso_de(datos), datos.area, vencido=vencido)
            al_equipo(call, carta.aviso(clave, "recordatorio", para, caso_id))


def escalar_nivel2(call: Call) -> None:
    """Control 6-4: the internal term has passed; level 2 of the matrix is told, nothing is
    blocked."""
    caso_id = entero(call.data, "caso_id")
    datos = avisos.datos_aviso(call.session, caso_id)
    vencia = datos.limite_interno or call.now
    avisos.registrar_incumplimiento(
        call.session, caso_id, condicion="6-4", vencia=vencia, now=call.now
    )
    with speaking(None):
        carta = plantillas.vencido_nivel2(caso_de(datos), datos.area, datos.nivel2)
        al_equipo(
            call,
            carta.aviso(f"nivel2:{caso_id}:{iso(vencia)}", "nivel2", datos.correo_area, caso_id),
        )


def escalar_nivel3(call: Call) -> None:
    """The legal term has passed: level 3 and the coordination are told; the row is what the failure
    report reads (6-5)."""
    caso_id = entero(call.data, "caso_id")
    datos = avisos.datos_aviso(call.session, caso_id)
    vencia = datos.limite_respuesta or call.now
    avisos.registrar_incumplimiento(
        call.session, caso_id, condicion="legal", vencia=vencia, now=call.now
    )
    for para in dict.fromkeys([datos.correo_area, *_coordinacion(call)]):
        with avisos.hablandole(call.session, para):
            carta = plantillas.vencido_nivel3(caso_de(datos), datos.area, datos.nivel3)
            al_equipo(
                call,
                carta.aviso(
                    f"nivel3:{caso_id}:{iso(vencia)}:{avisos.huella(para)}", "nivel3", para, caso_id
                ),
            )


def avisar_respuesta(call: Call) -> Data:
    """5.2.18: the answer of the area goes to the adviser who escalated, and to their point while
    they are away. Says who has it."""
    caso_id, asesor_id, punto_id = (
        entero(call.data, "caso_id"),
        texto(call.data, "asesor_id"),
        texto(call.data, "punto_id"),
    )
    datos = avisos.datos_aviso(call.session, caso_id)
    gente = {
        c.usuario: c for c in cuentas.cuentas_con_rol(call.session, ASESOR, punto_id, call.now)
    }
    asesor, esta = (
        gente.pop(asesor_id, None),
        cuentas.esta_disponible(call.session, asesor_id, ASESOR, punto_id, call.now),
    )
    paras = [asesor.correo] if asesor is not None and esta else [c.correo for c in gente.values()]
    vuelta = opcional(call.data, "n_devoluciones") or 0
    for para in paras or [""]:
        with avisos.hablandole(call.session, para):
            ausente = (
                ""
                if asesor is not None and esta
                else asesor.nombre
                if asesor is not None
                else said("alguien del punto")
            )
            carta = plantillas.respuesta_del_area(caso_de(datos), datos.area, ausente)
            al_equipo(
                call,
                carta.aviso(
                    f"respondido:{caso_id}:{vuelta}:{avisos.huella(para)}",
                    "respondido",
                    para,
                    caso_id,
                ),
            )
    return {"responde_id": asesor_id if esta else ""}


def _etapa(call: Call) -> tuple[str, str]:
    """Which of the three reminders is due, by the dates that `crm.calcular_plazos` gave."""
    for etapa in ("80", "50"):
        fecha = instante(call.data, f"fecha_recordar_{etapa}")
        if fecha is not None and fecha <= call.now:
            return etapa, iso(fecha)
    return "sin_tomar", texto(call.data, "fecha_sin_tomar")


def _coordinacion(call: Call) -> list[str]:
    """Whoever coordinates the GAU now; without such an account its mailbox."""
    return avisos.correos_de_rol(call.session, COORDINADOR, call.now) or avisos.correos_de_area(
        call.session, "GAU"
    )
