"""A month of the demo with mishaps, and everybody who looks at it: what tests of every page walk
over."""

import datetime as dt
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import Config, create_app
from engine.clock import GivenClock
from engine.commands import Engine
from engine.types import SYSTEM, Data
from records.base.actos import Acto
from records.casos.casos import NuevaRespuesta, guardar_respuesta
from records.casos.tablas import Archivo, Caso, Norma, Tipificacion
from records.contingencia import papel
from records.correo.avisos import EN_PAPEL, NuevoAviso, crear_aviso, marcar_fallido
from records.correo.tablas import Aviso
from records.cuentas.reglas.roles import DISPOSITIVOS, ROLES
from records.cuentas.tablas import Cuenta
from records.escritos.tablas import Escrito
from records.lugares import dispositivos
from records.lugares.tablas import Area, Dispositivo, Punto
from records.sistemas.tablas import PaginaCitada
from records.visita.tablas import Turno
from tests.kit import diagrams as m
from tests.kit.cast import PUNTO, SESSION_KEY, WHY, person
from tests.kit.clock import NOW
from tests.kit.once import once
from tests.kit.public import Point
from tests.kit.walk import Seen, Walk, addresses, endpoint_of
from tests.kit.web import WebKit, signed_in
from webforms.base.idioma import PUBLICAS
from webforms.base.security import GALLETA_DISPOSITIVO
from webforms.base.servicios import EXTENSION
from webforms.salas import PERMISOS
from webforms.visita.seguimiento import enlace_de_turno

CASES = 80
HOUR = "hour.txt"
# one closed month and the current one to date: what `make run` loads has another one before
DAYS = 31
CODES = (Punto, Area, Norma, Tipificacion, Dispositivo)
ALSO_WORDS = frozenset({"GAU"})  # «Coordinador GAU» is what the procedure calls the role
#: Endpoints without a page that is read, or that this world cannot come to, and why or where they
#: are looked at.
NOT_WALKED = {
    "static": "files",
    "ingreso.sesion": "JSON for pages that are left open",
    "procesos.bajar": "a file",
    "personas.exportar": "a file",
    "procesos.exportar_paquete": "a ZIP",
    "procesos.carta_en": "no package of the world has a letter: test_procedimiento_por_pagina.py",
    "procesos.poner_paquete": "no draft of the world is of a package: test_paquetes.py",
    "procesos.ensayar": "no draft of the world has a step with an action: test_ensayo.py",
    "aprobaciones.ver": "nobody of the demo asks for a change: test_dos_personas.py",
    "aprobaciones.archivo": "XML for the viewer",
    "procesos.diagrama": "XML for the viewer",
    "procesos.vista_xml": "XML for the editor",
    "procesos.ver_borrador": "XML for the viewer",
    "casos.modelo": "XML for the viewer",
    "casos.imagen_de_documento": "a picture",
    "radicacion.imagen_de_suelto": "a picture",
    "radicacion.vuelta": "nor was any filed to a case: test_web_sueltos.py",
    "radicacion.suelto": "no document of the demo is of no case: test_web_sueltos.py",
    "casos.miniatura": "a picture",
    "ayuda.imagen": "a picture",
    "casos.por_desvincular": "no case of the demo is linked: test_casos_vinculados.py",
    **dict.fromkeys(
        (
            "casos.por_corregir",
            "casos.por_mover",
            "casos.por_anular",
            "casos.por_decidir_anulacion",
        ),
        "no procedure of the demo but M5-1-02 has cases: test_corregir_caso.py, test_mover_fechas.py, test_anular_numero.py",
    ),
    "cuenta.de_vuelta": "leads to the account",
    "papel.lote_en_pdf": "PDF",
    "papel.buscar": "leads to the number that was typed: test_web_papel.py",
    "casos.documentos": "an address of before, which leads to its place on the page of the case",
    "casos.notas": "the same",
    "cumplimiento.exportar": "CSV",
    "cumplimiento.exportar_decisiones": "CSV",
    "cumplimiento.exportar_tiempos": "CSV",
    "casos.tiempos_csv": "CSV",
    "casos.indice_xml": "XML",
    "casos.indice_en_pdf": "PDF",
    "radicacion.acta_en_pdf": "PDF",
    "radicacion.acta_de_eliminacion": "no file of the demo reached its term: test_eliminaciones.py",
    "radicacion.inventario_de_eliminacion": "CSV",
    "radicacion.acta_como_archivo": "JSON",
    "cumplimiento.acta_de_datos": "JSON",
    "cumplimiento.pedir_sobre_datos": "of a person whose document was looked for: test_derechos.py",
    "cumplimiento.solicitud_de_datos": "nobody of the demo asks about their data: test_derechos.py",
    "casos.version_de_indice": "XML",
    "bandeja.exportar": "CSV",
    "calidad.exportar": "CSV",
    "calidad.exportar_accesos": "CSV",
    "calidad.expediente_de_controles": "CSV",
    "calidad.expediente_en_pdf": "PDF",
    "calidad.exportar_informe": "a workbook",
    "calidad.exportar_punto": "a workbook",
    "calidad.bajar_paquete": "a ZIP",
    "calidad.archivo_entregado": "a file of it",
    "estado.ahora": "a part of «Estado»",
    "estado.informe": "a text: test_web_estado.py",
    "vigia.vive": "for machines: test_web_vigia.py",
    "vigia.listo": "the same",
    "vigia.medidas": "the same",
    "ingreso.elegir_clave": "a secret of a mail or of paper: test_web_clave.py",
    "entrega.con_enlace": "a secret of a mail: test_web_interventoria.py",
    "calidad.quejas_en_pdf": "PDF",
    "calidad.punto_en_pdf": "PDF",
    "calidad.informe_en_pdf": "PDF",
    "calidad.exportar_muestra": "CSV",
    "calidad.exportar_calibracion": "CSV",
    "calidad.exportar_hallazgos": "CSV",
    "calidad.acta_en_pdf": "PDF",
    "calidad.evidencia_de_cierre": "a file",
    "calidad.soporte_de_f189": "the photo or PDF of an F189: test_web_auditorias.py",
    "calidad.soporte_propio": "the same for its adviser",
    **dict.fromkeys(
        ("tramites.preguntar", "tramites.respondido"),
        "signed on the page with a number: test_sin_nombre.py",
    ),
    **dict.fromkeys(
        (
            "iniciar.formulario",
            "iniciar.hecho",
            "iniciar.desde_csv",
            "iniciar.plantilla",
            "tramites.solicitar",
            "tramites.recibida",
        ),
        "no procedure of the demo begins by a form: test_iniciar.py",
    ),
    **dict.fromkeys(
        ("iniciar.entrega", "iniciar.entregar_csv"),
        "nor waits for what a person hands over: test_entregas.py",
    ),
    "ayuda.indice": "leads to the guide of one's role: test_web_ayuda.py",
    "inicio.inicio": "leads on: every role has a first page",
    "calidad.ultimo_mes": "leads on",
    "calidad.ver_cierre": "of a closing that somebody asked for by hand: test_web_indicadores.py, test_cierre.py",
    "calidad.avance_de_cierre": "the part of it that changes",
    "calidad.ver_documentos": "of documents that somebody asked for: test_web_reportes.py",
    "calidad.avance_de_documentos": "the part of it that changes",
    "calidad.bajar_documentos": "a ZIP",
    "calidad.llave": "JSON for the script of the visit",
    "calidad.trabajador": "a script",
    "calidad.formato": "of an observation that is drawn, and none is open in the demo: test_web_visita.py, test_visita_sin_red.py",
    "bandeja.exportar_calificaciones": "CSV",
    "tareas.seguir": "leads on",
    "bandeja.novedades": "JSON for the script of the inbox",
    "correo.confirmar": "a secret of a mail: test_correo.py",
    "correo.baja": "a secret of a mail: test_correo.py",
    "correo_demo.mensaje": "the world sends no mail: test_accesibilidad.py",
    "calificacion.enlace": "a secret of a mail: test_publico_enlace.py",
    "consulta.complemento": "signed on the page of a citizen who looked: test_publico_consulta.py",
    "programaciones.ver": "no procedure of the demo begins by the calendar: test_programaciones.py",
    "tableta.vigente": "JSON for the script of the tablet",
    "tableta.preguntar": "asks whether somebody is to rate: test_publico_tableta.py",
    "tableta.calificar": "needs a person who is asked: test_publico_tableta.py",
}


@dataclass
class World:
    app: Flask
    clock: GivenClock
    codes: frozenset[str] = frozenset()
    sessions: dict[str, str] = field(default_factory=dict)  # user name → session key
    by_role: dict[str, str] = field(default_factory=dict)  # role → an account that has it
    starts: list[str] = field(default_factory=list)  # where walks begin

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions[EXTENSION].engine
        return engine

    def person(self, usuario: str) -> FlaskClient:
        browser = self.app.test_client()
        with browser.session_transaction() as session:
            session.update(signed_in(self.sessions[usuario]))
        return browser

    def device(self, codigo: str) -> FlaskClient:
        token, activacion = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        with Session(self.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
            dispositivos.pedir_activacion(s, codigo, activacion, now=self.clock.now())
            dispositivos.activar(s, activacion, token, now=self.clock.now())
        browser = self.app.test_client()
        browser.set_cookie(GALLETA_DISPOSITIVO, token)
        return browser


def move_to(world: World, moment: dt.datetime) -> None:
    """What is due by then has happened, and a month that ended is closed: the only job that what
    follows stands on."""
    world.clock.move_to(moment)
    while world.engine.pump(moment) or close_months(world):
        pass


def close_months(world: World) -> int:
    """The worker closes what the calendar began to close; how many months."""
    with world.engine.db.connect() as c:
        jobs = c.scalars(
            sa.text(
                "SELECT id FROM job WHERE state = 'open' AND handler = 'calidad.cerrar_periodo'"
            )
        ).all()
    for job in jobs:
        world.engine.jobs.perform(job, world.clock.now())
    return len(jobs)


@contextmanager
def month(
    folder: Path, after: Callable[["World"], None] | None = None, *, cases: int = CASES
) -> Iterator[World]:
    """A world of its own in this folder: a copy of the one that this run of the tests made with so
    many cases, at its hour. `after`: what happened in it before the test begins; once, too."""
    made = once(f"month-{cases}", folder, partial(_make, cases=cases))
    if after is not None:
        name = f"month-{cases}-{after.__module__}-{after.__qualname__}"
        made = once(name, folder, partial(_go_on, made, after))
    shutil.copytree(made, folder, dirs_exist_ok=True)
    kit = _world(folder)
    kit.clock.move_to(dt.datetime.fromisoformat((folder / HOUR).read_text()))
    yield kit
    kit.engine.db.dispose()


def _go_on(made: Path, after: Callable[["World"], None], folder: Path) -> None:
    shutil.copytree(made, folder, dirs_exist_ok=True)
    kit = _world(folder)
    after(kit)
    _leave(kit, folder)


def _leave(kit: World, folder: Path) -> None:
    """To be copied: all of it in the files."""
    with kit.engine.db.connect() as c:
        c.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    kit.engine.db.dispose()
    (folder / HOUR).write_text(kit.clock.now().isoformat())


def _make(folder: Path, cases: int) -> None:
    app, _clock = _app(folder)
    made = app.test_cli_runner().invoke(
        args=["demo", "--cases", str(cases), "--days", str(DAYS), "--package", "m5_1_02"],
        catch_exceptions=False,
    )
    assert made.exit_code == 0, made.output
    kit = _world(folder)
    disturb(kit)
    app.extensions[EXTENSION].engine.db.dispose()
    _leave(kit, folder)


def _app(folder: Path) -> tuple[Flask, GivenClock]:
    clock = GivenClock(NOW + dt.timedelta(hours=1))
    config = Config(
        instance=folder,
        database_url=f"sqlite:///{folder / 'ventanilla.db'}",
        secret_key=SESSION_KEY,
        demo=True,
        clock=clock,
    )
    return create_app(config), clock


def _world(folder: Path) -> World:
    kit = World(*_app(folder))
    with kit.engine.db.connect() as c:
        stored = [code for table in CODES for code in c.scalars(sa.select(table.codigo))]
        kit.sessions = dict(c.execute(sa.text("SELECT usuario, fs_uniquifier FROM cuenta")).all())
        roles = c.execute(
            sa.text(
                "SELECT a.rol, c.usuario FROM rol_asignado a JOIN cuenta c ON c.id = a.cuenta_id ORDER BY c.id DESC"
            )
        )
        kit.by_role = dict(roles.all())
    kit.codes = frozenset(stored) - ALSO_WORDS | {
        usuario for usuario in kit.sessions if "." in usuario
    }
    return kit


def disturb(kit: World) -> None:
    """What a month without mishaps lacks: incidents of one cause, cases of an earlier version, a
    suspended case, a draft."""
    engine, now = kit.engine, kit.clock.now()
    for name in ("¿Alcanza?", "¿Alcanza para la cuota?"):
        engine.releases.deploy({"cuotas.bpmn": _model(name)}, actor=SYSTEM, now=now)
        for _instance in range(2):
            engine.instances.start("cuotas", actor=SYSTEM, now=now, data={"monto": 10, "cuotas": 0})
    engine.releases.save_draft(
        "cuotas.bpmn",
        _model("¿Alcanza hoy?"),
        actor=person("analista", "analista_procesos"),
        now=now,
    )
    with kit.engine.db.connect() as c:
        area = c.execute(
            sa.text(
                "SELECT id, instance_id FROM work_item WHERE state = 'open' AND element = 'act_5_2_17' LIMIT 2"
            )
        ).all()
    assert area, "a month with cases at the areas"
    coordinator = person("coordinador", "coordinador_gau", "funcionario@GAU")
    engine.instances.suspend(area[-1].instance_id, reason=WHY, actor=coordinator, now=now)
    point = Point(WebKit(kit.app, engine, kit.clock), {})
    waiting = next(t for t in point.turnos() if t.punto_id == PUNTO and t.estado == "espera")
    point.until_rating(waiting)
    papeles: Data = {
        "tema": "S01",
        "asunto": "Copia del pagaré",
        "documento_1": "Cédula",
        "folios_1": 2,
        "soporte_1": "",
    }
    papeles |= {"digital_1": None, "completo": "si", "falta": ""}
    point.complete(
        waiting,
        "act_1",
        papeles,
        "gestion_documental.recibir",
        person("gestion.documental", "gestion_documental"),
    )


def _model(name: str) -> bytes:
    """A process whose gateway cannot be evaluated with the data of `disturb`."""
    gateway = f'<exclusiveGateway id="cual" name="{name}" default="f_cual_fin"/>'
    nodes = f'<startEvent id="ini"/>{gateway}<endEvent id="fin"/><endEvent id="otro"/>'
    flows = (
        m.flow("ini", "cual") + m.flow("cual", "fin") + m.flow("cual", "otro", "monto / cuotas > 3")
    )
    return m.model(m.process("cuotas", nodes + flows, variables="monto:integer cuotas:integer"))


def by_number(world: World) -> list[str]:
    """Addresses that no page of this world links to: they are reached by printing, by a code on
    paper, by a link that was sent."""
    with world.engine.db.connect() as c:
        turno = c.scalars(
            sa.select(Turno.id)
            .where(Turno.punto_id == PUNTO, Turno.ficha.is_not(None))
            .order_by(Turno.id.desc())
        ).first()
        caso = c.scalars(
            sa.select(Caso.id).where(Caso.punto_id == PUNTO, Caso.radicado.is_not(None))
        ).first()
        equipo = c.scalars(
            sa.select(Dispositivo.codigo)
            .where(Dispositivo.tipo == "tablero")
            .order_by(Dispositivo.id.desc())
        ).first()
        filed = c.scalars(
            sa.select(Escrito.case_key).where(
                Escrito.punto_id == PUNTO, Escrito.radicado.is_not(None)
            )
        ).first()
        stopped = c.execute(sa.text("SELECT case_key FROM incident")).scalars().first()
        asked = c.execute(
            sa.select(Caso.id, Caso.case_key).where(
                Caso.case_key.is_not(None), Caso.escalado.is_not(None)
            )
        ).first()
        cited = c.execute(
            sa.select(PaginaCitada.id, PaginaCitada.case_key).where(
                PaginaCitada.copia_id.is_not(None)
            )
        ).first()
        kept = c.execute(
            sa.select(Archivo.case_key, Archivo.sha256).where(Archivo.case_key.is_not(None))
        ).first()
    assert None not in (turno, caso, equipo, filed, stopped, asked, cited, kept)
    activacion = secrets.token_urlsafe(16)
    with Session(world.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        dispositivos.pedir_activacion(s, equipo, activacion, now=world.clock.now())
        month_later = world.clock.now() + dt.timedelta(days=30)
        nueva = NuevoAviso(
            "requerir:papel",
            "requerimiento",
            "",
            "Necesitamos información",
            "Falta el acta de grado.",
            asked.id,
        )
        crear_aviso(s, nueva, now=world.clock.now())
        marcar_fallido(s, nueva.clave, EN_PAPEL["direccion"])
        guardar_respuesta(
            s,
            asked.id,
            NuevaRespuesta("enviada", "Su pago quedó aplicado."),
            Acto("asesor.bog01", world.clock.now()),
        )
        letter = s.scalars(sa.select(Aviso.id).where(Aviso.clave == nueva.clave)).one()
        papel.imprimir(s, PUNTO, "atencion", 2, Acto("coordinador", world.clock.now()))
        s.execute(
            sa.update(Escrito)
            .where(Escrito.case_key == filed)
            .values(falta="El acta de grado", falta_hasta=month_later)
        )
    with world.app.test_request_context():
        return [
            url_for("asesor.constancia", caso_id=caso),
            url_for("radicacion.radicada", case_key=filed),
            url_for("radicacion.prueba", case_key=filed),
            url_for("radicacion.completar", case_key=filed),
            url_for("radicacion.tiquete", case_key=filed),
            url_for("casos.carta", case_key=asked.case_key, aviso_id=letter),
            url_for("casos.carta_respuesta", case_key=asked.case_key),
            url_for("casos.ver", case_key=cited.case_key),
            url_for("casos.documento", case_key=kept.case_key, sha256=kept.sha256),
            url_for("casos.pagina_citada", case_key=cited.case_key, citada_id=cited.id),
            url_for("papel.digitar", punto_id=PUNTO, numero="0001"),
            url_for("quiosco.tiquete", turno_id=turno),
            url_for("seguimiento.turno", firma=urlsplit(enlace_de_turno(turno)).fragment),
            url_for("dispositivos.activar", activacion=activacion),
            url_for("incidentes.en_reparacion", case_key=stopped),
            url_for("calidad.del_mes", mes="2026-10"),
            url_for("procesos.ver", archivo="cuotas.bpmn"),
        ]


def people(world: World) -> Iterator[tuple[str, FlaskClient]]:
    for role, usuario in world.by_role.items():
        yield role, world.person(usuario)
    for kind in DISPOSITIVOS:
        yield kind, world.device(f"{kind}.bog-agu" + (".1" if kind == "tableta" else ""))
    yield "publico", world.app.test_client()


def everything(world: World) -> list[Seen]:
    """A few pages of each kind for each person and device."""
    walk, given = Walk(world.app, skip=frozenset(NOT_WALKED)), starts(world)
    return [page for who, browser in people(world) for page in walk.of(who, browser, given)]


def starts(world: World) -> list[str]:
    if not world.starts:
        world.starts += [
            rule for rule in addresses(world.app).values() if "<" not in rule
        ] + by_number(world)
    return world.starts


#: Of these each person sees others: forms of their tasks, what their role may do to a case.
OWN = frozenset(
    {
        "tareas.mostrar",
        "bandeja.bandeja",
        "portada.inicio",
        "casos.ver",
        "casos.historia",
        "cuenta.ver",
    }
)
ENOUGH = 2  #: pages of a kind that everybody sees alike


def may_see(world: World, who: str) -> frozenset[str]:
    """Endpoints that are open to this role, device or anybody."""
    if who == "publico":
        mine = {who}
    elif who in DISPOSITIVOS:
        mine = {"publico", f"dispositivo:{who}"}
    else:
        mine = {"publico", "persona", who, *ROLES[who].incluye}
    return frozenset(
        endpoint for endpoint in addresses(world.app) if PERMISOS.get(endpoint, frozenset()) & mine
    )


def in_language(world: World, language: str) -> list[Seen]:
    """Each page in this language, twice whoever sees it; what everybody has of their own for each
    of them."""
    with Session(world.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.execute(sa.update(Cuenta).values(idioma=language))
    public = [
        f"{path}?idioma={language}"
        for path in starts(world)
        if str(endpoint_of(world.app, path)).partition(".")[0] in PUBLICAS
    ]
    given = [f"/ingresar?idioma={language}", *public, *starts(world)]
    pages: list[Seen] = []
    for who, browser in people(world):
        seen = Counter(page.endpoint for page in pages)
        shut = addresses(world.app).keys() - may_see(world, who)
        known = frozenset(endpoint for endpoint, times in seen.items() if times >= ENOUGH) - OWN
        pages += Walk(world.app, each=1, skip=known | shut | set(NOT_WALKED)).of(
            who, browser, given
        )
    return pages
