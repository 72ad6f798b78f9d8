"""The demo's hands: a clock that moves, people who act, forms completed the way the pages complete
them."""

import datetime as dt
import hashlib
import heapq
import itertools
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from common.prepared import Prepared
from demo import cuentas
from demo.lugar import Cola
from demo.personas import PersonaDato
from engine import reads
from engine.clock import GivenClock
from engine.commands import Engine
from engine.errors import Conflict, InstanceNotActive, NotAllowed
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Completed, Data, Failed, FirstForm, Records, Role, WorkItem, Writing
from records.base.actos import acto_de
from records.catalogos.catalogo import PuntoDato
from records.personas.personas import registro_crm
from records.personas.reglas.titularidad import RegistroCrm
from records.personas.tablas import Persona, ServicioAdquirido
from records.visita.reglas.turnos import EnEspera, siguiente
from records.visita.tablas import Turno
from records.visita.turnos import registrar_llamado
from webforms.base.security import con_incluidos, papeles_de_dispositivo
from webforms.campos.formulario import FormSpec
from webforms.documentos.archivos import Almacen, Archivo, Revisado

Historia = Iterator[dt.datetime]  #: a story that runs, then says when it goes on
Paso = Generator[dt.datetime, None, Completed]  #: a part of a story that ends with an act
Pregunta = Generator[dt.datetime, None, WorkItem]
PROCESO = "M5_1_02_atencion"
REVISAR_TIMERS = dt.timedelta(minutes=10)
TURNO_DE = Prepared(
    select(Turno.id)
    .where(Turno.instancia_id == sa.bindparam("b_instancia"))
    .order_by(Turno.id.desc())
    .limit(1)
)
EN_ESPERA = Prepared(
    select(
        Turno.id, Turno.ficha, Turno.llegada, Turno.peso, Turno.envejecimiento_min, Turno.condicion
    ).where(Turno.id == sa.bindparam("b_turno"))
)


class _Corredor:
    """Runs jobs of the in-process queue at the hour of the clock."""

    def __init__(self, engine: Engine, clock: GivenClock) -> None:
        self._engine, self._clock = engine, clock
        self.fallas: list[str] = []

    def run(self, job: str, args: Data) -> None:
        self._engine.jobs.run_at(job, args, self._clock.now())

    def failed(self, job: str, args: Data, failure: Failed) -> None:
        self.fallas.append(f"{job}: {failure.text}")
        self._engine.jobs.failed(job, args, failure)


class Mundo:
    """Stories that act through the engine, one after the other, in the order of their hours."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: GivenClock,
        cola: Cola,
        forms: Mapping[str, FormSpec],
        archivos: Almacen,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.cola = cola
        self.forms = forms
        self.archivos = archivos
        self.asesores = {
            punto: [_persona(c) for c in gente] for punto, gente in cuentas.asesores().items()
        }
        self.funcionarios = {
            area: [_persona(c) for c in gente] for area, gente in cuentas.funcionarios().items()
        }
        entidad = {c.usuario: _persona(c) for c in cuentas.de_la_entidad()}
        self.coordinador = entidad["coordinador"]
        self.gestion = entidad["gestion.documental"]
        self._imagenes: dict[str, Data] = {}
        self.agente_calidad, self.gerente, self.operativo = (
            entidad[u] for u in ("agente.calidad", "gerente", "gerente.operativo")
        )
        self.interventores = [entidad[f"interventor0{n}"] for n in (1, 2, 3)]
        self.comite = [entidad[f"comite0{n}"] for n in range(1, 6)]
        self.admin_crm = entidad["admin.crm"]
        self.jefe, self.profesionales = (
            entidad["jefe.ocm"],
            [entidad[f"profesional0{n}"] for n in (1, 2, 3)],
        )
        self.funcionarios[cuentas.GAU] = [self.coordinador]
        self.equipos = {e.codigo: _equipo(e) for e in cuentas.equipos()}
        self._corredor = _Corredor(engine, clock)
        self._formas: dict[str, str | None] = {}
        self._servicios: dict[str, int] = {}
        self._agenda: list[tuple[dt.datetime, int, Historia]] = []
        self._orden = itertools.count()
        self._revisado = clock.now()

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()

    @property
    def fallas(self) -> list[str]:
        """Jobs that failed for good; a demo without faults has none."""
        return self._corredor.fallas

    # --- the clock --------------------------------------------------------------------------------
    def contar(self, cuando: dt.datetime, historia: Historia) -> None:
        """Put a story on the agenda."""
        heapq.heappush(self._agenda, (cuando, next(self._orden), historia))

    def correr(self, hasta: dt.datetime) -> None:
        """Run the stories up to this hour; what they still had in mind is dropped."""
        while self._agenda and self._agenda[0][0] <= hasta:
            cuando, _, historia = heapq.heappop(self._agenda)
            self._mover(max(cuando, self.now))
            sigue = next(historia, None)
            if sigue is not None:
                self.contar(sigue, historia)
        self._mover(hasta)
        while self.entregar():
            pass

    def _mover(self, a: dt.datetime) -> None:
        """Move the clock; timers that fall due on the way fire at their hour."""
        if a - self._revisado >= REVISAR_TIMERS:
            while (vence := self._proximo_timer()) is not None and vence <= a:
                self.clock.move_to(max(vence, self.now))
                if not self.entregar():
                    break
            self._revisado = a
        self.clock.move_to(a)

    def _proximo_timer(self) -> dt.datetime | None:
        with self.engine.uow.reading() as session:
            return reads.instances.next_timer(session)

    def entregar(self) -> int:
        """Due timers and messages, then the jobs that they left; what these throw waits for the
        next time."""
        return self.engine.pump(self.now) + self.cola.run_all(self._corredor)

    # --- acts -------------------------------------------------------------------------------------
    def llegar(
        self, punto: PuntoDato, valores: Data, *, actor: Actor, visita_anterior: str = ""
    ) -> tuple[int, str]:
        """Somebody comes and takes a turn (5.2.1); gives the turn and the case."""
        datos: Data = {
            "punto_id": punto.codigo,
            "punto_ciudad": punto.ciudad,
            "modo_fila": punto.modo_fila,
            "calificar_escalados": True,
            "visita_anterior": visita_anterior,
        }
        primero = FirstForm("act_5_2_1", valores, self._records("usuario.tomar_turno"))
        empezado = self.engine.instances.start(
            PROCESO, actor=actor, now=self.now, data=datos, first=primero
        )
        return self.turno_de(empezado.instance_id), empezado.case_key

    def turno_de(self, instancia_id: str) -> int:
        with self.engine.uow.reading() as session:
            return TURNO_DE.scalar(session, {"b_instancia": instancia_id}) or 0

    def llamar(self, turno_id: int, *, actor: Actor, modulo: str) -> WorkItem:
        """Call this turn to a desk, as «Llamar siguiente» does; gives the task 5.2.2, taken for the
        adviser."""
        with self.engine.uow.reading() as session:
            turno = EN_ESPERA.first(session, {"b_turno": turno_id})
        if turno is None:
            raise LookupError(turno_id)
        espera = EnEspera(
            turno.id,
            turno.ficha or "",
            turno.llegada,
            turno.peso,
            turno.envejecimiento_min,
            turno.condicion != "ninguna",
        )
        eleccion = siguiente([espera], self.now)
        return self._llamar(
            turno_id, actor, modulo, eleccion.razon if eleccion is not None else None
        )

    def llamar_otra_vez(self, turno_id: int, *, actor: Actor, modulo: str) -> WorkItem | None:
        """Call again whoever was absent; None: the turn has ended, by its third call or because the
        point closed."""
        self.entregar()
        try:
            return self._llamar(turno_id, actor, modulo, None)
        except (Conflict, InstanceNotActive):
            return None

    def _llamar(self, turno_id: int, actor: Actor, modulo: str, razon: str | None) -> WorkItem:
        def anotar(w: Writing) -> None:
            registrar_llamado(w.session, turno_id, modulo, acto_de(w), razon)

        llamado = self.engine.messages.correlate(
            "TurnoLlamado",
            str(turno_id),
            {},
            actor=actor,
            now=self.now,
            claim="act_5_2_2",
            records=anotar,
        )
        return next(item for item in llamado.opened if item.element == "act_5_2_2")

    def retirar(self, turno_id: int, *, actor: Actor) -> None:
        self.engine.messages.correlate(
            "TurnoRetirado", str(turno_id), {}, actor=actor, now=self.now
        )

    def completar(self, item: WorkItem, valores: Data, *, actor: Actor) -> Completed:
        """Complete a task with its form, as the page does: the same values, the same `records`."""
        forma = self._forma(item)
        hecho = self.engine.items.complete(
            item.id,
            values=valores,
            actor=actor,
            now=self.now,
            records=self._records(forma) if forma else None,
        )
        self.cola.run_all(self._corredor)
        return hecho

    def intentar(self, item: WorkItem, valores: Data, *, actor: Actor) -> bool:
        """An act that the engine refuses: it stays in the access chain. True when it was
        refused."""
        try:
            self.engine.items.complete(item.id, values=valores, actor=actor, now=self.now)
        except NotAllowed:
            return True
        return False

    def correlacionar(
        self, mensaje: str, clave: str, datos: Data, *, actor: Actor, records: Records | None = None
    ) -> Completed:
        hecho = self.engine.messages.correlate(
            mensaje, clave, datos, actor=actor, now=self.now, records=records
        )
        self.cola.run_all(self._corredor)
        return hecho

    def adjuntar(self, nombre: str, lineas: tuple[str, ...]) -> Data:
        """A file kept as an upload is; gives the value of its field."""
        contenido = pdf(lineas)
        archivo = Archivo(
            hashlib.sha256(contenido).hexdigest(), nombre, "application/pdf", len(contenido), 1
        )
        return self.archivos.guardar(Revisado(archivo, contenido)).valor()

    def imagen(self, nombre: str) -> Data:
        """What a document looks like, scanned; the same for all that are called so."""
        if nombre not in self._imagenes:
            self._imagenes[nombre] = self.adjuntar(
                f"{nombre.lower()}.pdf", (nombre, "Documento digitalizado.")
            )
        return self._imagenes[nombre]

    # --- looks ------------------------------------------------------------------------------------
    def abierta(
        self, case_key: str, element: str, hecho: Completed | None = None
    ) -> WorkItem | None:
        """The open task of this element, from what the last act opened or from the case."""
        opened = hecho.opened if hecho is not None else ()
        for item in opened:
            if item.element == element:
                return item
        with self.engine.uow.reading() as session:
            items = reads.items.of_case(session, case_key, only_open=True)
        return next((item for item in items if item.element == element), None)

    def abiertas(self, actor: Actor, element: str) -> list[WorkItem]:
        """What waits for this person in an activity."""
        with self.engine.uow.reading() as session:
            return reads.items.inbox(session, actor, InboxFilter(element=element))

    def servicio_de(self, persona: PersonaDato) -> int:
        """Id of the latest product of a person; 0 when there is none."""
        if not self._servicios:
            self._servicios = self.leer(_ultimos_servicios)
        return self._servicios.get(persona.num_doc, 0)

    def registro_crm(self, persona: PersonaDato) -> RegistroCrm | None:
        with self.engine.uow.reading() as session:
            return registro_crm(session, persona.tipo_doc, persona.num_doc)

    def leer(self, funcion: Callable[[Session], Any]) -> Any:
        with self.engine.uow.reading() as session:
            return funcion(session)

    def quiosco(self, punto: PuntoDato) -> Actor | None:
        return self.equipos.get(f"quiosco.{punto.codigo.lower()}")

    def tableta(self, punto: PuntoDato) -> Actor | None:
        return self.equipos.get(f"tableta.{punto.codigo.lower()}.1")

    def _records(self, forma: str) -> Records | None:
        return self.forms[forma].records

    def _forma(self, item: WorkItem) -> str | None:
        if item.element not in self._formas:
            with self.engine.uow.reading() as session:
                self._formas[item.element] = reads.releases.element_of(
                    session, self.engine.catalog, item
                ).form
        return self._formas[item.element]


def _ultimos_servicios(session: Session) -> dict[str, int]:
    filas = session.execute(
        select(Persona.num_doc, ServicioAdquirido.id)
        .join(ServicioAdquirido, ServicioAdquirido.persona_id == Persona.id)
        .order_by(ServicioAdquirido.anio_giro)
    )
    return dict(filas.all())


def _persona(cuenta: cuentas.CuentaDato) -> Actor:
    papeles = frozenset(Role(rol, ambito) for rol, ambito in cuenta.roles)
    return Actor(ActorKind.PERSON, cuenta.usuario, con_incluidos(papeles))


def _equipo(equipo: cuentas.EquipoDato) -> Actor:
    return Actor(
        ActorKind.DEVICE, equipo.codigo, papeles_de_dispositivo(equipo.tipo, equipo.punto_id)
    )


def pdf(lineas: tuple[str, ...]) -> bytes:
    """A page of plain text: what a scanner would have given."""
    texto = "".join(f"({linea.translate(_ESCAPAR)}) Tj T* " for linea in lineas)
    flujo = f"BT /F1 12 Tf 16 TL 60 780 Td {texto}ET".encode("cp1252")
    partes = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(flujo), flujo),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    salida, inicios = b"%PDF-1.4\n", []
    for n, parte in enumerate(partes, 1):
        inicios.append(len(salida))
        salida += b"%d 0 obj\n%b\nendobj\n" % (n, parte)
    tabla = b"".join(b"%010d 00000 n \n" % inicio for inicio in inicios)
    cola = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(partes) + 1,
        len(salida),
    )
    return salida + b"xref\n0 %d\n0000000000 65535 f \n%b%b" % (len(partes) + 1, tabla, cola)


_ESCAPAR = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})
