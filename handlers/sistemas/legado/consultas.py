"""Asks the legacy systems for the verified holder of a visit, in parallel, and keeps what they said
(5.2.9)."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.errors import BusinessError
from engine.types import Data, RemoteCall
from handlers.conectores.guarda import Bitacora, Guarda
from handlers.conectores.tipos import Documento, Pregunta, TitularidadNoVerificada
from records.base.actos import Acto
from records.base.datos import entero, opcional, texto
from records.sistemas import legado
from records.sistemas.puertos import Lectura
from records.sistemas.reglas.sistemas import RESPONDIDA, codigo_de

Sesiones = Callable[[], Session]


@dataclass(frozen=True, slots=True)
class Visita:
    """In which visit and for which engine instance is asked."""

    turno_id: int
    instancia_id: str | None = None
    case_key: str | None = None


@dataclass(frozen=True, slots=True)
class Consultas:
    """Who asks what in a visit. A system without a connector is "no_configurado", a state of its
    own and not an error."""

    sesiones: Sesiones
    guardas: Mapping[str, Guarda]  # by code, one for each system of the procedure
    bitacora: Bitacora
    a_la_vez: bool = True

    def consultar(self, call: RemoteCall) -> Data:
        """5.2.9. Raises BusinessError ERR_LEGADO when at least one configured system was asked and
        all of those failed."""
        pedidos = _conocidos(call.data.get("sistemas"))
        turno_id = entero(call.data, "turno_id")
        visita = Visita(turno_id, call.instance_id, call.case_key)
        titular = self._titular(turno_id, call.now)
        with self.sesiones() as session:
            estados = {
                s: e
                for s, e in legado.estados(session, turno_id, titular.persona_id).items()
                if s in pedidos
            }
            servicio = legado.obligacion(
                session, opcional(call.data, "servicio_id"), titular.persona_id
            )
        nuevos = self._preguntar(
            [s for s in pedidos if s not in estados], visita, titular, servicio, call.now
        )
        preguntados = [estado for estado in nuevos.values() if estado != "no_configurado"]
        estados |= nuevos
        if preguntados and all(estado == "no_disponible" for estado in preguntados):
            raise BusinessError("ERR_LEGADO", "ningún aplicativo respondió")
        return {"estado_consulta": resumir(list(estados.values()))}

    def precargar(self, now: dt.datetime, args: Data) -> None:
        """While the adviser does 5.2.7: asks every configured system that has not answered in this
        visit."""
        turno_id = entero(args, "turno_id")
        visita = Visita(
            turno_id, texto(args, "instance_id") or None, texto(args, "case_key") or None
        )
        with self.sesiones() as session:
            titular = legado.titular_verificado(session, turno_id)
            # the visit ended, or its holder is another by now: nothing may be read
            if titular is None:
                return
            respondidos = legado.estados(session, turno_id, titular.persona_id)
        self._preguntar(
            [s for s, guarda in self.guardas.items() if guarda.conectada and s not in respondidos],
            visita,
            titular,
            None,
            now,
        )

    def _titular(self, turno_id: int, now: dt.datetime) -> legado.Titular:
        with self.sesiones() as session:
            titular = legado.titular_verificado(session, turno_id)
        if titular is None:
            self.bitacora("legado_negado", f"turno:{turno_id}", now, {})
            raise TitularidadNoVerificada(turno_id)
        return titular

    def _preguntar(
        self,
        sistemas: Iterable[str],
        visita: Visita,
        titular: legado.Titular,
        servicio: str | None,
        now: dt.datetime,
    ) -> dict[str, str]:
        """The state of each system."""
        sistemas = list(sistemas)
        if not sistemas:
            return {}
        doc = Documento(titular.tipo_doc, titular.num_doc, visita.turno_id)
        pregunta = Pregunta(doc, titular.persona_id, titular.asesor_id, now, servicio)
        acto = Acto(titular.asesor_id, now, visita.case_key, visita.instancia_id)
        estados = {}
        for lectura in self._leer_todos(sistemas, pregunta):
            # each at once: the adviser sees it while another is slow
            with self.sesiones() as session, session.begin():
                legado.guardar(session, lectura, visita.turno_id, titular, acto)
            estados[lectura.sistema] = lectura.estado
        return estados

    def _leer_todos(self, sistemas: list[str], pregunta: Pregunta) -> Iterator[Lectura]:
        """Asked at the same time, given as they answer; alone, one needs no other thread."""
        if len(sistemas) == 1 or not self.a_la_vez:
            yield from (self._leer(sistema, pregunta) for sistema in sistemas)
            return
        with ThreadPoolExecutor(len(sistemas), "legado") as hilos:
            for leida in as_completed(
                [hilos.submit(self._leer, sistema, pregunta) for sistema in sistemas]
            ):
                yield leida.result()

    def _leer(self, sistema: str, pregunta: Pregunta) -> Lectura:
        return self.guardas[sistema].consultar(pregunta).lectura(sistema)


def resumir(estados: list[str]) -> str:
    """One word for the diagram: is what the adviser sees the whole answer?"""
    respondidos = [estado for estado in estados if estado in RESPONDIDA]
    if not estados:
        return "sin_datos"
    if not respondidos:
        return "no_configurado"
    if len(respondidos) < len(estados):
        return "parcial"
    return "ok" if "ok" in respondidos else "sin_datos"


def _conocidos(sistemas: object) -> list[str]:
    """The table writes names as people read them or as codes; an unknown one is a fault of the
    table, not a state."""
    if not isinstance(sistemas, list):
        raise TypeError(f"sistemas: {sistemas!r}")
    return list(dict.fromkeys(codigo_de(str(sistema)) for sistema in sistemas))
