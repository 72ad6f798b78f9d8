"""The CRM outside and ours, kept the same: what changed here is written there when it is there, and
what changed there comes here.

Nobody at a desk waits for it. What the procedure does goes into `crm_salida` with the act itself; a
round of the worker writes it, one person or case at a time, however many changes each had. Done
twice it is written once: a record is looked for by document or number before it is made, and is
made under an identifier that follows from them.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy.orm import Session

from common.faults import is_outage
from common.language import kept
from handlers.conectores.guarda import Suceso, vecino
from handlers.conectores.proteccion import Circuito
from handlers.conectores.suitecrm.cliente import MasDespacio, Registro, SuiteCRM
from records.personas import personas
from records.sistemas import crm_externo as externo
from records.sistemas.crm_externo import Nuestro, Pendiente
from records.sistemas.puertos import Causa, FallaDeSistema, Hallazgo, Vecino
from records.sistemas.reglas.crm import CASO, PERSONA, Decision, Paso
from records.sistemas.reglas.sistemas import OTROS
from records.sistemas.tablas import CrmConciliacion, CrmEnlace

log = logging.getLogger(__name__)
#: Of the identifiers that records of ours have there.
ESPACIO: Final = uuid.UUID("6f1b0d0e-6a0b-5f0c-9d57-8c6c1f6b2a11")
#: It is not there: whatever else waits is not tried either.
CALLA: Final = frozenset(
    {Causa.SIN_CONEXION, Causa.SIN_RESPUESTA, Causa.OCUPADO, Causa.NO_PERMITIDO, Causa.OTRA}
)
INDISPENSABLES: Final = frozenset({"tipo_doc", "num_doc", "nombre", "radicado", "asunto"})
RONDA: Final = 200  #: people and cases of one round


class DosRegistros(FallaDeSistema):
    def __init__(self) -> None:
        super().__init__(
            kept("el CRM tiene dos registros con el mismo documento o radicado"),
            causa=Causa.RECHAZADO,
            pasajera=False,
        )


class DeOtraPersona(FallaDeSistema):
    def __init__(self) -> None:
        super().__init__(
            kept("el registro del CRM con este documento está unido aquí a otro"),
            causa=Causa.RECHAZADO,
            pasajera=False,
        )


@dataclass(slots=True)
class Sincronia:
    """Thread safe: rounds of several workers take turns by the rows that they take."""

    crm: SuiteCRM
    sesiones: Callable[[], Session]
    suceso: Suceso
    circuito: Circuito = field(default_factory=lambda: Circuito(3, 30.0))

    # --- the desk ---------------------------------------------------------------------------------
    def al_dia(self, tipo_doc: str, num_doc: str, now: dt.datetime) -> Hallazgo:
        """5.2.4: the person as the CRM has them now is the person here, or it is said why not. It
        takes seconds at most, and never raises: with the CRM away the desk goes on with what
        Ventanilla holds."""
        if not self.circuito.permite():
            return "no_responde"
        try:
            # once: somebody waits
            halladas = self.crm.buscar(PERSONA, {"tipo_doc": tipo_doc, "num_doc": num_doc})
        except FallaDeSistema as falla:
            self._anotar(now, falla)
            return "no_responde"
        self._anotar(now)
        if len(halladas) != 1:
            return "dos" if halladas else "no_esta"
        with self._escribiendo() as session:
            persona_id = personas.id_de_persona(session, tipo_doc, num_doc)
            if self._de_otra(session, PERSONA, persona_id, halladas[0], now):
                return "de_otra"
            persona_id = persona_id or externo.nueva(session, halladas[0].campos, now)
            if persona_id is None:
                return "no_esta"
            liga = externo.enlazar(session, PERSONA, persona_id, halladas[0].id)
            self._encontrarse(session, externo.persona(session, persona_id), halladas[0], liga, now)
        return "al_dia"

    def _de_otra(
        self,
        session: Session,
        tipo: str,
        local_id: int | None,
        registro: Registro,
        now: dt.datetime,
    ) -> bool:
        """Whether this record is linked with another row of ours: its document was changed there.
        That is asked, nothing else is done."""
        liga = externo.enlazado(session, tipo, registro.id)
        if liga is None or liga.local_id == local_id:
            return False
        otro = externo.nuestro(session, tipo, liga.local_id)
        if otro is not None:
            self._encontrarse(session, otro, registro, liga, now)
        return True

    # --- rounds -----------------------------------------------------------------------------------
    def enviar_pendientes(self, now: dt.datetime, seguir: Callable[[], bool] = lambda: True) -> int:
        """What waits is written, the oldest first; how many people and cases were. A CRM that is
        silent ends the round."""
        hechos = 0
        while hechos < RONDA and seguir():
            with self._escribiendo() as session:
                pendiente = externo.tomar(session, now)
            if pendiente is None:
                break
            if not self.circuito.permite():
                with self._escribiendo() as session:
                    externo.soltar(session, pendiente)
                break
            try:
                self._enviar(pendiente, now)
            except FallaDeSistema as falla:
                calla = falla.causa in CALLA
                self._anotar(now, falla if calla else None)
                self._no_enviada(pendiente, falla, now)
                if calla:
                    break
                continue
            except Exception as error:
                if is_outage(error):
                    raise
                log.exception(
                    "%s %s could not be written to the CRM", pendiente.tipo, pendiente.local_id
                )
                nuestra = FallaDeSistema(
                    f"{type(error).__name__}: {error}", causa=Causa.REGISTRO, pasajera=True
                )
                self._no_enviada(pendiente, nuestra, now)
                continue
            self._anotar(now)
            hechos += 1
        return hechos

    def _no_enviada(self, pendiente: Pendiente, falla: FallaDeSistema, now: dt.datetime) -> None:
        with self._escribiendo() as session:
            espera = falla.segundos if isinstance(falla, MasDespacio) else None
            externo.no_enviada(session, pendiente, falla.detalle, falla.causa.value, now, espera)

    def _enviar(self, pendiente: Pendiente, now: dt.datetime) -> None:
        with self.sesiones() as session:
            aqui = externo.nuestro(session, pendiente.tipo, pendiente.local_id)
        if aqui is not None:
            persona_id = ""
            if aqui.tipo == CASO:
                with self.sesiones() as session:
                    persona = externo.persona(session, aqui.persona_id)
                persona_id = self._llevar(persona, now)
            caso_id = self._llevar(aqui, now)
            if persona_id:
                self.crm.unir(caso_id, persona_id)
        with self._escribiendo() as session:
            externo.enviada(session, pendiente, now)

    def _llevar(self, aqui: Nuestro, now: dt.datetime) -> str:
        """The record of this row there holds what it should; its identifier. What both changed is
        decided field by field."""
        with self.sesiones() as session:
            liga = externo.enlace(session, aqui.tipo, aqui.local_id)
            antes = liga.externo_id if liga is not None else ""
        registro = self.crm.leer(aqui.tipo, antes) if antes else None
        if registro is None:
            registro = self._hallar(aqui)
            if registro is not None:
                with self._escribiendo() as session:
                    ajeno = self._de_otra(session, aqui.tipo, aqui.local_id, registro, now)
                if ajeno:
                    raise DeOtraPersona
        if registro is None:
            externo_id = self.crm.crear(
                aqui.tipo, _identificador(aqui, antes), valores := self._que_cabe(aqui)
            )
            registro = replace(
                self.crm.leer(aqui.tipo, externo_id) or Registro(externo_id, valores),
                modificado=now,
            )
        with self._escribiendo() as session:
            liga = externo.enlazar(
                session, aqui.tipo, aqui.local_id, registro.id, registro.campos.get("numero", "")
            )
            decisiones = self._encontrarse(session, aqui, registro, liga, now, envia=True)
        van = {d.campo.nuestro: d.nuestro for d in decisiones if d.paso is Paso.ENVIAR}
        if van:
            self.crm.cambiar(aqui.tipo, registro.id, van)
        with self._escribiendo() as session:
            escrita = externo.enlace(session, aqui.tipo, aqui.local_id)
            if escrita is not None:
                externo.acordar(escrita, van)
                escrita.enviado = now
        return registro.id

    def _que_cabe(self, aqui: Nuestro) -> dict[str, str]:
        """What a new record is made of. Without its name or number there is none to be made."""
        valores: dict[str, str] = {}
        for campo in self.crm.instalacion.campos[aqui.tipo]:
            valor = aqui.valores[campo.nuestro]
            if len(valor) <= campo.largo:
                valores |= {campo.nuestro: valor} if valor else {}
            elif campo.nuestro in INDISPENSABLES:
                dicho = kept(
                    "%(n)s: tiene %(v)s caracteres y el CRM admite %(l)s",
                    n=campo.nombre,
                    v=len(valor),
                    l=campo.largo,
                )
                raise FallaDeSistema(dicho, causa=Causa.RECHAZADO, pasajera=False)
        return valores

    def _hallar(self, aqui: Nuestro) -> Registro | None:
        claves = ("tipo_doc", "num_doc") if aqui.tipo == PERSONA else ("radicado",)
        halladas = self.crm.buscar(aqui.tipo, {clave: aqui.valores[clave] for clave in claves})
        if len(halladas) > 1:
            raise DosRegistros
        return halladas[0] if halladas else None

    # --- a record of both sides -------------------------------------------------------------------
    def _encontrarse(
        self,
        session: Session,
        aqui: Nuestro,
        registro: Registro,
        liga: CrmEnlace,
        now: dt.datetime,
        *,
        envia: bool = False,
        conciliacion: CrmConciliacion | None = None,
    ) -> list[Decision]:
        """Field by field: what comes here is kept, what is to be asked is noted, what goes there is
        asked for (`envia`: is being sent)."""
        propios = {c.nuestro: c for c in self.crm.instalacion.campos[aqui.tipo]}
        alla = {campo: valor for campo, valor in registro.campos.items() if campo in propios}
        decisiones = externo.comparar(aqui, alla, liga, registro.modificado, list(propios.values()))
        traidos: Mapping[str, str] = {}
        if aqui.tipo == PERSONA:
            traidos = externo.traer(
                session, aqui.local_id, [d for d in decisiones if d.paso is Paso.TRAER], now
            )
        decisiones = [
            replace(d, paso=Paso.PREGUNTAR, porque="no_sirve")
            if d.paso is Paso.TRAER and d.campo.nuestro not in traidos
            else d
            for d in decisiones
        ]
        iguales = {
            d.campo.nuestro: d.suyo for d in decisiones if d.paso in (Paso.IGUAL, Paso.TRAER)
        }
        externo.acordar(liga, iguales)
        externo.coinciden(session, aqui, list(iguales), now)
        liga.visto = now
        distintas = [d for d in decisiones if d.paso is not Paso.IGUAL]
        for d in distintas:
            if not (envia and d.paso is Paso.ENVIAR):  # what is being sent is no difference
                externo.diferir(
                    session, aqui, d, now, conciliacion.id if conciliacion is not None else None
                )
        if not envia and any(d.paso is Paso.ENVIAR for d in distintas):
            externo.anotar(session, aqui.tipo, aqui.local_id, "diferencia", now)
        if conciliacion is not None:
            conciliacion.iguales += not distintas
            conciliacion.enviados += sum(d.paso is Paso.ENVIAR for d in distintas)
            conciliacion.traidos += sum(d.paso is Paso.TRAER for d in distintas)
            conciliacion.por_decidir += sum(d.paso is Paso.PREGUNTAR for d in distintas)
        session.flush()
        return decisiones

    # --- everything -------------------------------------------------------------------------------
    def conciliar(
        self, quien: str, now: dt.datetime, seguir: Callable[[], bool] = lambda: True
    ) -> CrmConciliacion:
        """Every contact and case of the CRM beside ours, a page at a time; then those of ours that
        it has not are sent. One that breaks off says so, and where the CRM failed."""
        with self._escribiendo() as session:
            conciliacion_id = externo.comenzar(session, quien, now).id
        return self._comparar_todo(conciliacion_id, now, seguir)

    def conciliar_hoy(
        self, quien: str, now: dt.datetime, seguir: Callable[[], bool] = lambda: True
    ) -> None:
        """The same, unless one has begun today, by this worker or by another."""
        with self._escribiendo() as session:
            conciliacion_id = (
                externo.comenzar(session, quien, now).id
                if externo.falta_hoy(session, now)
                else None
            )
        if conciliacion_id is not None:
            self._comparar_todo(conciliacion_id, now, seguir)

    def _comparar_todo(
        self, conciliacion_id: int, now: dt.datetime, seguir: Callable[[], bool]
    ) -> CrmConciliacion:
        falla = ""
        try:
            for tipo in (PERSONA, CASO):
                for registros in self._paginas(tipo, seguir):
                    with self._escribiendo() as session:
                        self._comparar_pagina(session, tipo, registros, conciliacion_id, now)
                self._faltantes(tipo, conciliacion_id, now)
        except FallaDeSistema as error:
            falla = error.detalle
            log.warning("the CRM could not be compared whole: %s", falla)
        except Exception as error:
            # that one is told when the database is back: the next comparison closes what was left
            # open
            if not is_outage(error):
                self._terminar(conciliacion_id, f"{type(error).__name__}: {error}", now)
            raise
        return self._terminar(conciliacion_id, falla, now)

    def _terminar(self, conciliacion_id: int, falla: str, now: dt.datetime) -> CrmConciliacion:
        with self._escribiendo() as session:
            fila = session.get_one(CrmConciliacion, conciliacion_id)
            fila.termino, fila.error = now, falla
            session.flush()
            session.expunge(fila)
        return fila

    def comparar_pedido(self, quien: str, now: dt.datetime) -> None:
        """The job behind «Conciliar ahora». What broke off is told on the page; nothing is to be
        mended by a retry."""
        self.conciliar(quien, now)

    def _paginas(self, tipo: str, seguir: Callable[[], bool]) -> Iterator[list[Registro]]:
        for registros in self.crm.todos(tipo):
            if not seguir():
                raise FallaDeSistema(externo.SE_DETUVO, causa=Causa.OTRA, pasajera=True)
            yield registros

    def _comparar_pagina(
        self,
        session: Session,
        tipo: str,
        registros: list[Registro],
        conciliacion_id: int,
        now: dt.datetime,
    ) -> None:
        conciliacion = session.get_one(CrmConciliacion, conciliacion_id)
        for registro in registros:
            local_id = self._de_quien(session, tipo, registro)
            aqui = externo.nuestro(session, tipo, local_id) if local_id is not None else None
            liga = externo.enlace(session, tipo, aqui.local_id) if aqui is not None else None
            if aqui is None or (liga is not None and liga.conciliacion_id == conciliacion_id):
                conciliacion.ajenos += 1  # nobody here, or a second record of the same person
                continue
            liga = externo.enlazar(
                session, tipo, aqui.local_id, registro.id, registro.campos.get("numero", "")
            )
            liga.conciliacion_id = conciliacion_id
            if tipo == PERSONA:
                conciliacion.personas += 1
            else:
                conciliacion.casos += 1
            self._encontrarse(session, aqui, registro, liga, now, conciliacion=conciliacion)

    @staticmethod
    def _de_quien(session: Session, tipo: str, registro: Registro) -> int | None:
        """The row of ours whose record this is: by the link, else by document or number."""
        liga = externo.enlazado(session, tipo, registro.id)
        if liga is not None:
            return liga.local_id
        if tipo == PERSONA:
            return personas.id_de_persona(
                session, registro.campos.get("tipo_doc", ""), registro.campos.get("num_doc", "")
            )
        return externo.caso_con(session, registro.campos.get("radicado", "") or "-")

    def _faltantes(self, tipo: str, conciliacion_id: int, now: dt.datetime) -> None:
        despues = 0
        while True:
            with self._escribiendo() as session:
                faltan = externo.faltan(session, tipo, conciliacion_id, despues, RONDA)
                for local_id in faltan:
                    externo.anotar(session, tipo, local_id, "faltaba", now)
                session.get_one(CrmConciliacion, conciliacion_id).faltaban += len(faltan)
            if not faltan:
                return
            despues = faltan[-1]

    # --- health -----------------------------------------------------------------------------------
    def caida(self) -> str:
        """Nothing, or what is wrong with it in a word or two: what control 6-6 asks each minute."""
        try:
            self.crm.probar()
        except FallaDeSistema as falla:
            return falla.detalle[:160] or falla.causa.value
        return ""

    def vecino(self) -> Vecino:
        """To be looked at, past its breaker."""
        uno = vecino("crm", OTROS["crm"], self.crm.probar, espera=self.crm.espera * 2)
        return replace(uno, mirar=lambda: replace(uno.mirar(), circuito=self.circuito.estado))

    def _anotar(self, now: dt.datetime, falla: FallaDeSistema | None = None) -> None:
        if cambio := self.circuito.anotar(exito=falla is None):
            self.suceso("crm", cambio, now, falla.detalle if falla is not None else "")

    @contextmanager
    def _escribiendo(self) -> Iterator[Session]:
        with self.sesiones() as session, session.begin():
            yield session


def _identificador(aqui: Nuestro, antes: str) -> str:
    """The same for the same person or case, whoever asks; another one when the record that was
    there is gone."""
    clave = (
        f"{aqui.valores['tipo_doc']}:{aqui.valores['num_doc']}"
        if aqui.tipo == PERSONA
        else aqui.valores["radicado"]
    )
    return str(uuid.uuid5(ESPACIO, f"{aqui.tipo}:{clave}:{antes}"))
