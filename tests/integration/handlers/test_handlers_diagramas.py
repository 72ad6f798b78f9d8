"""The real diagrams with every handler, a real mail server and a real C&CTEX file: outputs,
messages and errors fit as drawn."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from demo.cctex import Credito, construir
from demo.correo_local import CorreoLocal, list_messages
from engine.types import SYSTEM, Actor, FirstForm, Handlers, Role, Value, Writing
from handlers import auditorias, comites, controles, correo, crm, informes, interventoria
from handlers.conectores.cctex import Cctex
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from handlers.enlaces import Enlaces
from handlers.sistemas import legado as sistemas
from handlers.visita import digiturno, sala
from records.base.actos import Acto
from records.casos import escalonamientos
from records.casos.tablas import Caso
from records.correo import avisos
from records.correo.tablas import Aviso
from records.cuentas.ausencias import NuevaAusencia, registrar_ausencia
from records.cuentas.cuentas import NuevaCuenta, asignar_rol, crear_cuenta
from records.cuentas.reglas.roles import COMITE
from records.personas import personas
from records.sistemas.tablas import ConsultaLegado
from records.visita import turnos
from records.visita.tablas import Calificacion, Turno
from tests.kit.cast import ASESORA, COORDINADORA, PUNTO
from tests.kit.engine import Kit
from tests.kit.scene import Scene
from webforms.correo import rebotes
from webforms.interventoria.paquete import hacer_documentos, hacer_paquete
from webforms.salas import FORMS

BPMN = Path("bpmn/m5_1_02")
QUIOSCO = Actor("device", "quiosco", frozenset({Role("usuario", PUNTO)}))
HALLAZGOS: dict[str, Value] = {
    "hallazgos": "El banco reportó tarde.",
    "fuentes": ["banco"],
    "accion_correctiva": "",
    "soporte": None,
    "resultado_analisis": "competente",
}
VISITA: dict[str, Value] = {
    "punto_id": PUNTO,
    "punto_ciudad": "Bogotá",
    "modo_fila": "digiturno",
    "calificar_escalados": True,
    "visita_anterior": "",
}


def oficial(area: str) -> Actor:
    return Actor("person", f"oficial.{area.lower()}", frozenset({Role("funcionario", area)}))


class Ventanilla:
    """The engine as app.py wires it, on a given clock, played one element at a time."""

    def __init__(self, escena: Scene, port: int, carpeta: Path) -> None:
        self.escena = escena
        self.digiturno_en_servicio = True
        ruta = carpeta / "cctex.db"
        construir(
            ruta,
            [Credito("2011000001", "PREG", 2011, "vigente", "CC", "9900000001", "Ana Rojas")],
            corte=dt.date(2026, 11, 23),
        )
        enlaces = Enlaces("https://ventanilla.example", b"secreto de la prueba")
        registro = Handlers()
        conectores = [Cctex(f"sqlite:///{ruta}")]
        smtp = CorreoSMTP(ServidorSMTP(port=port, espera=5))
        guardas = sistemas.guardar(
            conectores,
            sesiones=escena.sessions,
            bitacora=self._acceso,
            suceso=lambda *_suceso: None,
        )
        sistemas.register(registro, guardas, sesiones=escena.sessions, bitacora=self._acceso)
        correo.register(
            registro,
            correo=smtp,
            sesiones=escena.sessions,
            enlaces=enlaces,
            leer=lambda _sha256: b"",
            rechazada=lambda aviso_id, dicho, now: rebotes.rechazada(
                self.kit.engine, aviso_id, dicho, now
            ),
            pausa=0,
        )
        digiturno.register(registro, disponible=lambda _punto: self.digiturno_en_servicio)
        crm.register(registro, enlaces=enlaces)
        sala.register(registro)
        controles.register(registro)
        auditorias.register(registro)
        informes.register(
            registro,
            leyendo=escena.sessions,
            sesiones=escena.sessions,
            bitacora=self._acceso_de,
            hacer=hacer_documentos,
        )
        comites.register(registro)
        interventoria.register(
            registro, leyendo=escena.sessions, sesiones=escena.sessions, hacer=hacer_paquete
        )
        self.kit = Kit(escena.db, handlers=registro, forms=frozenset(FORMS))
        archivos = {
            p.name: p.read_bytes() for p in sorted([*BPMN.rglob("*.bpmn"), *BPMN.rglob("*.dmn")])
        }
        self.textos = b"\n".join(archivos.values()).decode()
        self.kit.engine.releases.deploy(archivos, actor=SYSTEM, now=self.kit.now)
        with escena.sessions() as s, s.begin():  # whom the calendar convenes while weeks go by
            crear_cuenta(
                s,
                NuevaCuenta("comite01", "Comité", "comite01@icetex.example", "x", "x"),
                now=self.kit.now,
            )
            asignar_rol(s, "comite01", COMITE, None, Acto("prueba", self.kit.now))

    def _acceso(self, kind: str, subject: str, now: dt.datetime, detail: object) -> None:
        self._acceso_de(SYSTEM, kind, subject, now, detail)

    def _acceso_de(
        self, actor: Actor, kind: str, subject: str, now: dt.datetime, detail: object
    ) -> None:
        assert isinstance(detail, dict)
        self.kit.engine.log_access(actor, kind, subject, now=now, detail=detail)

    def reposar(self) -> None:
        """Jobs, timers and messages until nothing is left; an incident fails the test."""
        while self.kit.run_jobs() + self.kit.engine.pump(self.kit.now):
            pass
        assert self.kit.rows("SELECT element, error FROM incident") == []

    def quien_tiene(self, element: str) -> object:
        ((quien,),) = self.kit.rows(
            "SELECT claimed_by FROM work_item WHERE state = 'open' AND element = :e", e=element
        )
        return quien

    def abiertas(self) -> dict[str, str]:
        return {
            str(e): str(i)
            for i, e in self.kit.rows("SELECT id, element FROM work_item WHERE state = 'open'")
        }

    def hacer(self, element: str, actor: Actor, **values: Value) -> None:
        tarea = re.search(
            rf'<bpmn:userTask id="{element}".*?</bpmn:userTask>', self.textos, re.DOTALL
        )
        assert tarea is not None
        forma = re.search(r'v:form key="([^"]+)"', tarea[0])
        assert forma is not None
        records = FORMS[forma[1]].records
        self.kit.engine.items.complete(
            self.abiertas()[element], values=values, actor=actor, now=self.kit.now, records=records
        )
        self.reposar()

    def mensaje(
        self,
        nombre: str,
        clave: int,
        payload: dict[str, Value] | None = None,
        *,
        actor: Actor,
        records: object = None,
    ) -> None:
        self.kit.engine.messages.correlate(
            nombre, str(clave), payload or {}, actor=actor, now=self.kit.now, records=records
        )
        self.reposar()

    def pasar(self, **delta: float) -> None:
        self.kit.later(**delta)
        self.reposar()

    def llegar(self, condicion: str = "ninguna") -> int:
        """At the kiosk (5.2.1); gives the turn."""
        valores: dict[str, Value] = {
            "motivo_visita": "servicio_adquirido",
            "condicion": condicion,
            "tipo_doc": "CC",
            "num_doc": "9900000001",
        }
        primera = FirstForm("act_5_2_1", valores, FORMS["usuario.tomar_turno"].records)
        self.kit.engine.instances.start(
            "M5_1_02_atencion", actor=QUIOSCO, now=self.kit.now, data=VISITA, first=primera
        )
        self.reposar()
        with self.escena.sessions() as session:
            return session.scalars(sa.select(sa.func.max(Turno.id))).one()

    def huella(self) -> str:
        """Of the record that the page of 5.2.4 shows."""
        with self.escena.sessions() as session:
            registro = personas.registro_crm(session, "CC", "9900000001")
        assert registro is not None
        return registro.huella

    def visitar(self) -> int:
        """From the kiosk to the updated data (5.2.1 to 5.2.7); gives the turn."""
        turno_id = self.llegar()

        def llamar(w: Writing) -> None:
            turnos.registrar_llamado(w.session, turno_id, "1", Acto(ASESORA.id, w.now))

        self.mensaje("TurnoLlamado", turno_id, actor=ASESORA, records=llamar)
        self.hacer("act_5_2_2", ASESORA, modulo="1", resultado_llamado="atendido")
        self.hacer(
            "act_5_2_3",
            ASESORA,
            motivo="Un pago",
            motivo_visita="servicio_adquirido",
            requiere_radicar=False,
            resoluble=True,
        )
        self.hacer(
            "act_5_2_4",
            ASESORA,
            tipo_doc="CC",
            num_doc="9900000001",
            documento_exhibido=True,
            igual_nombre=True,
            igual_numero=True,
            calidad="beneficiario",
            visto=self.huella(),
        )
        self.hacer(
            "act_5_2_7",
            ASESORA,
            nombre="Ana Rojas",
            direccion="Calle 1",
            municipio="11001",
            telefono_fijo="",
            celular="3001234567",
            correo="ana@ciudadana.example",
            autoriza_tratamiento=True,
            medio_notificacion="correo",
        )
        return turno_id

    def tipificar(self, tema: str, clase: str) -> int:
        with self.escena.sessions() as session:
            servicio = self.escena.servicio_id
            self.hacer(
                "act_5_2_8",
                ASESORA,
                clase=clase,
                subclase="",
                tema=tema,
                servicio_id=servicio,
                descripcion="Pagué la cuota de octubre.",
            )
            return session.scalars(sa.select(sa.func.max(Caso.id))).one()

    def escalar(self, correo_confirmado: str) -> int:
        self.visitar()
        caso_id = self.tipificar("R01", "reclamo")
        self.hacer("act_5_2_10", ASESORA, dispone=False, respuesta="", fuente="")
        self.hacer(
            "act_5_2_14",
            ASESORA,
            medio_respuesta="correo",
            correo_confirmado=correo_confirmado,
            resumen="Pago de octubre. " * 4,
        )
        return caso_id

    def analizar(self, area: str, resultado: str, destino: str = "", falta: str = "") -> None:
        self.hacer(
            "act_5_2_16",
            oficial(area),
            resultado_analisis=resultado,
            area_destino=destino,
            informacion_faltante=falta,
        )

    def documentar(self) -> None:
        self.hacer("act_5_2_17", oficial("VCC"), **HALLAZGOS)
        self.hacer(
            "act_5_2_18",
            oficial("VCC"),
            respuesta_tecnica="El pago quedó aplicado.",
            favorable="si",
            soporte=None,
        )
        self.hacer("act_13", ASESORA, revision_respuesta="completa", observacion="")
        self.hacer("act_14", ASESORA, texto_respuesta="Su pago quedó aplicado.")


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    return tmp_path / "correo"


@pytest.fixture
def ventanilla(db: sa.Engine, tmp_path: Path, maildir: Path) -> Iterator[Ventanilla]:
    with CorreoLocal(maildir) as servidor:
        yield Ventanilla(Scene(db).prepare(), servidor.port, tmp_path)


def leer(ventanilla: Ventanilla) -> Session:
    return ventanilla.escena.sessions()


def test_a_visit_solved_at_the_desk_reads_c_ctex_and_ends_without_a_rating(
    ventanilla: Ventanilla,
) -> None:
    turno_id = ventanilla.visitar()
    caso_id = ventanilla.tipificar("S01", "solicitud")
    ventanilla.hacer(
        "act_5_2_10", ASESORA, dispone=True, respuesta="Su saldo es 2.000.000.", fuente="C&CTEX"
    )
    ventanilla.hacer("act_5_2_12", ASESORA, medio_calificacion="tableta")
    assert set(ventanilla.abiertas()) == {"act_5_2_13"}
    ventanilla.pasar(minutes=3)
    assert ventanilla.abiertas() == {}
    with leer(ventanilla) as session:
        turno, caso = session.get_one(Turno, turno_id), session.get_one(Caso, caso_id)
        lectura = session.scalars(sa.select(ConsultaLegado)).one()
        calificacion = session.scalars(sa.select(Calificacion)).one()
    assert (turno.estado, turno.resultado, caso.estado) == ("cerrado", "atendido", "cerrado")
    assert (lectura.sistema, lectura.estado, lectura.asesor_id) == ("cctex", "ok", ASESORA.id)
    assert (calificacion.valor, calificacion.registrada_por) == (None, "motor")
    assert ("consulta_legado",) in ventanilla.kit.rows("SELECT kind FROM access")


def test_an_escalated_case_is_answered_by_mail_and_closed_with_a_rating_link(
    ventanilla: Ventanilla, maildir: Path
) -> None:
    caso_id = ventanilla.escalar("ana@ciudadana.example")
    ventanilla.analizar("VCC", "competente")
    ventanilla.documentar()
    with leer(ventanilla) as session:
        caso = session.get_one(Caso, caso_id)
    assert (caso.estado, caso.nc, caso.enviado) == ("cerrado", True, ventanilla.kit.now)
    asuntos = [
        m.asunto.split(":")[0] for m in list_messages(maildir) if m.para == "ana@ciudadana.example"
    ]
    suyos = ["Califique la respuesta a su radicado", "Respuesta a su radicado", "Su radicado"]
    assert sorted(asuntos) == [f"{dicho} {caso.radicado}" for dicho in suyos]


def test_misrouted_twice_completed_extended_overdue_and_an_address_that_bounces(
    ventanilla: Ventanilla,
) -> None:
    caso_id = ventanilla.escalar("nadie@rebota.example")
    for area, destino in (("VCC", "DTE"), ("DTE", "OAJ"), ("OAJ", "GAC")):
        ventanilla.analizar(area, "otra_area", destino)
    ventanilla.hacer(
        "us_decide_coord", COORDINADORA, area_destino="VCC", motivo_decision="Es de cartera."
    )
    ventanilla.analizar("VCC", "falta_informacion", falta="Copia del recibo")
    ventanilla.pasar(days=3)
    ventanilla.mensaje("ComplementoRecibido", caso_id, actor=ASESORA)
    ventanilla.analizar("VCC", "competente")

    def prorrogar(w: Writing) -> None:
        escalonamientos.prorrogar(
            w.session,
            caso_id,
            escalonamientos.NuevaProrroga(dias=5, motivo="Falta el banco.", archivo_id=None),
            Acto(w.actor.id, w.now),
        )

    ventanilla.mensaje(
        "ProrrogaAprobada",
        caso_id,
        {"actividad_interrumpida": "act_5_2_17"},
        actor=COORDINADORA,
        records=prorrogar,
    )
    ventanilla.pasar(days=60)
    ventanilla.documentar()
    ventanilla.hacer(
        "us_otro_medio", ASESORA, medio_envio="correo_certificado", constancia="Guía 123"
    )
    with leer(ventanilla) as session:
        caso = session.get_one(Caso, caso_id)
        tipos = list(
            session.scalars(
                sa.select(Aviso.tipo).where(Aviso.caso_id == caso_id, Aviso.enviado.is_not(None))
            )
        )
        rebotados = set(session.scalars(sa.select(Aviso.tipo).where(Aviso.devuelto.is_not(None))))
        en_papel = set(
            session.scalars(sa.select(Aviso.tipo).where(Aviso.error == avisos.CORREO_DUDOSO))
        )
    assert caso.estado == "cerrado"
    assert (tipos.count("asignado"), tipos.count("nivel2"), tipos.count("nivel3")) == (4, 1, 2)
    assert rebotados == {"escalado"}, (
        "the first refusal makes the address doubtful: no other mail goes there"
    )
    assert en_papel == {"requerimiento", "prorroga"}
    assert ventanilla.kit.rows("SELECT count(*) FROM incident") == [(0,)], (
        "an address that is none is nobody's repair"
    )


def test_who_receives_a_case_keeps_it_and_the_answer_goes_to_the_adviser_who_escalated(
    ventanilla: Ventanilla, maildir: Path
) -> None:
    """5.2.16 to 5.2.18 and M5-1-01 act. 13: each task opens in the hands of whoever goes on with
    it, and the adviser is told."""
    ventanilla.escena.account(ASESORA.id, "asesor", PUNTO)
    ventanilla.escalar("ana@ciudadana.example")
    ventanilla.analizar("VCC", "competente")
    assert ventanilla.quien_tiene("act_5_2_17") == oficial("VCC").id
    ventanilla.hacer("act_5_2_17", oficial("VCC"), **HALLAZGOS)
    assert ventanilla.quien_tiene("act_5_2_18") == oficial("VCC").id
    ventanilla.hacer(
        "act_5_2_18",
        oficial("VCC"),
        respuesta_tecnica="El pago quedó aplicado.",
        favorable="si",
        soporte=None,
    )
    assert ventanilla.quien_tiene("act_13") == ASESORA.id
    assert [m.asunto for m in list_messages(maildir) if "respondió el caso" in m.asunto]
    ventanilla.hacer("act_13", ASESORA, revision_respuesta="completa", observacion="")
    assert ventanilla.quien_tiene("act_14") == ASESORA.id


def test_the_answer_goes_to_the_point_while_the_adviser_is_away(
    ventanilla: Ventanilla, maildir: Path
) -> None:
    ventanilla.escena.account(ASESORA.id, "asesor", PUNTO)
    ventanilla.escena.account("otra.asesora", "asesor", PUNTO)
    ventanilla.escalar("ana@ciudadana.example")
    ventanilla.analizar("VCC", "competente")
    with leer(ventanilla) as session:
        hoy = ventanilla.kit.now.date()
        nueva = NuevaAusencia(
            ASESORA.id, "otra.asesora", hoy, hoy + dt.timedelta(days=3), "Vacaciones"
        )
        registrar_ausencia(session, nueva, Acto("coordinador", ventanilla.kit.now))
        session.commit()
    ventanilla.hacer("act_5_2_17", oficial("VCC"), **HALLAZGOS)
    ventanilla.hacer(
        "act_5_2_18",
        oficial("VCC"),
        respuesta_tecnica="El pago quedó aplicado.",
        favorable="si",
        soporte=None,
    )
    assert ventanilla.quien_tiene("act_13") is None
    avisados = [m.para for m in list_messages(maildir) if "respondió el caso" in m.asunto]
    assert avisados == ["otra.asesora@icetex.example"]


def test_without_digiturno_the_manual_queue_keeps_the_priority_of_the_turn(
    ventanilla: Ventanilla,
) -> None:
    """Condition 4.1: a point without Digiturno gives no ticket, and the order is the same."""
    ventanilla.digiturno_en_servicio = False
    turno_id = ventanilla.llegar("preferente")
    ventanilla.hacer("us_fila_manual", ASESORA, ficha_manual="12")
    with leer(ventanilla) as session:
        turno = session.get_one(Turno, turno_id)
    assert (turno.estado, turno.ficha, turno.letra) == ("espera", "M-12", "P")
    assert turno.peso > 0
