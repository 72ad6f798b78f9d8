"""The officer's desk on the diagrams of the product: what is said after each act, drafts, terms,
the page of the case."""

import csv
import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import app as door
from demo.personas import PersonaDato
from engine import reads
from engine.clock import GivenClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.reads.history import Entry
from engine.states import Act, ActorKind
from engine.store.tables import Instance, Item
from engine.types import SYSTEM, Data, Failed
from records.base.actos import Acto
from records.base.errores import Rechazo
from records.casos import escalonamientos
from records.casos.casos import NuevoCaso, crear_caso, radicar
from records.casos.tablas import Caso
from records.cuentas.tablas import Cuenta
from records.personas.personas import id_de_persona
from records.sistemas.puertos import Causa, CorreoFallido
from tests.kit import visit as visita
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.handlers import MailDouble
from tests.kit.web import browser_of, followed
from webforms.base.servicios import EXTENSION
from webforms.tareas.areas import DelArea
from webforms.tareas.asientos import frases
from webforms.tareas.envios import acto_de, presentar
from webforms.tareas.mesa import Mesa
from webforms.tareas.nombres import historia_en_palabras

assert DelArea.investigacion  # its template is the only reader
assert Mesa.pide_prorroga is not Mesa.sin_prorroga is not Mesa.vencido_legal  # theirs too
ASESOR, OFICIAL, COLEGA, OTRA_AREA, LIDER = (
    "asesor.bog01",
    "funcionario.vcc01",
    "funcionario.vcc02",
    "funcionario.vfo01",
    "lider.vcc",
)


@dataclass(frozen=True, slots=True)
class UnCaso:
    """The case of a test, as its pages name it."""

    id: int
    radicado: str
    case_key: str


@dataclass
class Despacho:
    """The whole product, a given clock, jobs in process; cases that an area has begin here without
    their visit."""

    app: Flask
    jobs: InProcessJobs
    clock: GivenClock
    gente: list[PersonaDato]
    correo: MailDouble
    usadas: int = 0

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions[EXTENSION].engine
        return engine

    def sesion(self) -> Session:
        return Session(
            self.engine.db.execution_options(ventanilla_write=True), expire_on_commit=False
        )

    def entrar(self, usuario: str) -> FlaskClient:
        return browser_of(self.app, self.engine.db, usuario)

    def escalado(
        self, *, hace: int = 0, correo: str = "persona@correo.example", persona: int | None = None
    ) -> UnCaso:
        """A reclamo with the area VCC, received and escalated so many days ago."""
        if persona is None:
            persona, self.usadas = self.usadas, self.usadas + 1
        quien, cuando = (
            visita.holder(self.gente, persona),
            self.clock.now() - dt.timedelta(days=hace),
        )
        acto = Acto(ASESOR, cuando)
        with self.sesion() as s, s.begin():
            persona_id = id_de_persona(s, quien.tipo_doc, quien.num_doc)
            assert persona_id is not None
            nuevo = NuevoCaso(
                None,
                "BOG-AGU",
                persona_id,
                "reclamo",
                "R01",
                "Pagué la cuota de octubre y sigue en mora.",
            )
            caso_id = crear_caso(s, nuevo, acto).caso_id
            radicado = radicar(s, caso_id, acto, dias_termino=15, prorroga_max=15).radicado
            escalonamientos.anotar_informe(
                s,
                caso_id,
                medio="correo",
                correo=correo,
                resumen="Trae el comprobante del 14 de octubre.",
            )
            area = escalonamientos.NuevoEscalonamiento(
                "VCC", "Cartera", 5, "Coordinador", "Vicepresidente"
            )
            escalonamientos.escalar(s, caso_id, area, acto)
            limite = s.get_one(Caso, caso_id).limite_respuesta
        assert limite is not None
        datos: Data = {
            "caso_id": caso_id, "turno_id": 0, "punto_id": "BOG-AGU", "persona_id": persona_id, "area_id": "VCC", "tema": "R01",
            "clase": "reclamo", "plazo_interno": 5, "nivel2": "c", "nivel3": "v", "asesor_id": ASESOR, "radicado": radicado,
            "fecha_limite_respuesta": limite.isoformat(),
        }  # fmt: skip
        nueva = self.engine.instances.start(
            "M5_1_02_escalonamiento",
            actor=SYSTEM,
            now=cuando,
            key=f"CasoEscalado:{caso_id}",
            data=datos,
        )
        with self.sesion() as s, s.begin():
            caso = s.get_one(Caso, caso_id)
            caso.case_key = s.get_one(Instance, nueva.instance_id).case_key
        self.trabajar()
        return UnCaso(caso_id, radicado, str(caso.case_key))

    def abierta(self, caso: UnCaso) -> Item:
        with Session(self.engine.db, expire_on_commit=False) as s:
            return s.scalars(
                sa.select(Item).where(Item.case_key == caso.case_key, Item.state == "open")
            ).one()

    def trabajar(self) -> None:
        while self.jobs.run_all(self) + self.engine.pump(self.clock.now()):
            pass

    def run(self, job: str, args: Data) -> None:
        self.engine.jobs.run_at(job, args, self.clock.now())

    def failed(self, job: str, args: Data, failure: Failed) -> None:
        self.engine.jobs.failed(job, args, failure)

    def enviar(self, cliente: FlaskClient, caso: UnCaso, **campos: str) -> TestResponse:
        """Complete the open task of the case, from the inbox; the answer is where it leads."""
        ruta = f"/tarea/{self.abierta(caso).id}?volver=bandeja"
        testigo = visita.hidden(cliente.get(ruta).text, "csrf_token")
        respuesta = cliente.post(ruta, data={**campos, "csrf_token": testigo})
        assert respuesta.status_code == 302, respuesta.text
        self.trabajar()
        return respuesta


@pytest.fixture(scope="module")
def despacho(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Despacho]:
    carpeta = tmp_path_factory.mktemp("despacho")
    url = f"sqlite:///{carpeta / 'ventanilla.db'}"
    gente = visita.seed(carpeta, url, NOW)
    jobs, clock, correo = InProcessJobs(), GivenClock(NOW), MailDouble()
    config = door.Config(
        instance=carpeta,
        database_url=url,
        secret_key=SESSION_KEY,
        jobs=jobs,
        clock=clock,
        correo=correo,
    )
    despacho = Despacho(door.create_app(config), jobs, clock, gente, correo)
    yield despacho
    despacho.engine.db.dispose()


def avisos(pagina: str) -> list[str]:
    """What was said with flash(), in reading order."""
    return [
        html.unescape(followed(t))
        for t in re.findall(
            r'<div class="aviso[^"]*" role="status"><p>(.*?)</p></div>', pagina, re.DOTALL
        )
    ]


# --- what is said after an act that hands the case on ---------------------------------------------
def seguida(cliente: FlaskClient, respuesta: TestResponse) -> list[str]:
    """The words on the page to which the browser comes, and none on the page after it."""
    pagina = cliente.get(respuesta.headers["Location"], follow_redirects=True)
    assert "<h1>Bandeja" in pagina.text
    assert avisos(cliente.get("/bandeja").text) == []
    return avisos(pagina.text)


HALLAZGOS = {
    "hallazgos": "El pago de octubre no se había aplicado al crédito.",
    "fuentes": "cctex",
    "resultado_analisis": "competente",
}
RESPUESTA = {
    "respuesta_tecnica": "Se aplicó el pago y el saldo quedó corregido.",
    "favorable": "si",
}
OTRA = {
    "resultado_analisis": "otra_area",
    "area_destino": "VFO",
    "motivo_area": "Lo lleva la Vicepresidencia de Fondos.",
    "confirma_area": "si",
}
FONDOS, CREDITO = "Vicepresidencia de Fondos", "Vicepresidencia de Crédito y Cobranza"
LEGAL = "Término legal: quedan 15 días hábiles, mié 16 dic."
PLAZOS = f"Plazo interno: quedan 5 días hábiles, mar 1 dic. {LEGAL}"


def test_each_act_that_hands_a_case_on_says_what_was_done_who_has_it_and_until_when(
    despacho: Despacho,
) -> None:
    """5.2.16 to another area or asking for information, 5.2.18, act. 13 that goes back, act. 14:
    once, and nothing of it later."""
    oficial, asesor, caso = despacho.entrar(OFICIAL), despacho.entrar(ASESOR), despacho.escalado()
    sigue = f"Sigue «5.2.16 Recibir y analizar» en {FONDOS}, sin asignar."
    assert seguida(oficial, despacho.enviar(oficial, caso, **OTRA)) == [
        f"Pasó el caso {caso.radicado} a {FONDOS}. {sigue} {PLAZOS}"
    ]

    caso, falta = despacho.escalado(), "Copia legible del recibo de octubre."
    (dicho,) = seguida(
        oficial,
        despacho.enviar(
            oficial, caso, resultado_analisis="falta_informacion", informacion_faltante=falta
        ),
    )
    assert dicho == (
        f"Le pedimos a la persona la información que falta del caso {caso.radicado}. El plazo queda suspendido: la persona tiene hasta "
        "el jue 24 dic. Mientras tanto está en «Espera al ciudadano»."
    )

    caso = despacho.escalado()
    despacho.enviar(oficial, caso, resultado_analisis="competente")
    despacho.enviar(oficial, caso, **HALLAZGOS)
    (dicho,) = seguida(oficial, despacho.enviar(oficial, caso, **RESPUESTA))
    assert dicho.startswith(
        f"Envió al asesor la respuesta del caso {caso.radicado}. Sigue «Recibir y revisar la respuesta»: la tiene "
    )
    assert dicho.endswith(LEGAL)
    (dicho,) = seguida(
        asesor,
        despacho.enviar(
            asesor, caso, revision_respuesta="incompleta", observacion="Falta la fecha."
        ),
    )
    assert dicho.startswith(
        f"Devolvió la respuesta del caso {caso.radicado} a {CREDITO}. Sigue «5.2.17 Investigar el caso»: la tiene "
    )
    despacho.enviar(oficial, caso, **HALLAZGOS)
    despacho.enviar(oficial, caso, **RESPUESTA)
    despacho.enviar(asesor, caso, revision_respuesta="completa")
    (dicho,) = seguida(
        asesor,
        despacho.enviar(
            asesor, caso, texto_respuesta="Le informamos que su saldo quedó corregido."
        ),
    )
    assert dicho == f"La respuesta del caso {caso.radicado} salió al correo p••••••@correo.example."


def test_the_third_area_is_decided_by_the_coordinator_and_both_are_told(despacho: Despacho) -> None:
    caso = despacho.escalado()
    for oficial, area in ((OFICIAL, "VFO"), (OTRA_AREA, "VCC")):
        despacho.enviar(despacho.entrar(oficial), caso, **{**OTRA, "area_destino": area})
    oficial, coordinador = despacho.entrar(OFICIAL), despacho.entrar("coordinador")
    (dicho,) = seguida(oficial, despacho.enviar(oficial, caso, **OTRA))
    pedido = f"Pidió pasar el caso {caso.radicado} a {FONDOS}. Ya cambió de área dos veces: decide el coordinador."
    assert dicho.startswith(f"{pedido} Sigue «Decidir área competente», sin asignar.")
    (dicho,) = seguida(
        coordinador,
        despacho.enviar(
            coordinador, caso, area_destino="VCC", motivo_decision="El crédito es de su cartera."
        ),
    )
    assert dicho.startswith(
        f"Decidió que el caso {caso.radicado} es de {CREDITO}. Sigue «5.2.16 Recibir y analizar» en {CREDITO}"
    )


def test_a_notice_that_could_not_be_sent_does_not_stop_the_case_of_whoever_works_on_it(
    despacho: Despacho,
) -> None:
    """The mail to the area failed: an administrator sends it again, and the officer goes on without
    being told that the case stands."""
    despacho.correo.failures += [
        CorreoFallido("sin servidor", causa=Causa.RECHAZADO, pasajera=False) for _ in range(9)
    ]
    caso, oficial = despacho.escalado(), despacho.entrar(OFICIAL)
    despacho.correo.failures.clear()
    assert seguida(oficial, despacho.enviar(oficial, caso, **OTRA))[0].startswith(
        f"Pasó el caso {caso.radicado}"
    )


# --- terms ----------------------------------------------------------------------------------------
def test_the_terms_of_a_case_are_told_in_one_unit_and_one_wording_on_every_page(
    despacho: Despacho,
) -> None:
    """Inbox, task, case and Operar: business days and the date; the adviser reads of their own
    term, not of the area's."""
    caso, oficial, asesor = despacho.escalado(), despacho.entrar(OFICIAL), despacho.entrar(ASESOR)
    bandeja = followed(oficial.get("/bandeja?q=" + caso.radicado).text)
    assert re.search(
        r'<span class="cuando">Quedan 5 días hábiles</span> · <time [^>]*>mar 1 dic</time>', bandeja
    )
    item = despacho.abierta(caso).id
    assert ">Plazo interno: Quedan 5 días hábiles</span>" in oficial.get(f"/tarea/{item}").text
    ficha = followed(oficial.get(f"/caso/{caso.case_key}").text)
    assert ">Término legal: Quedan 15 días hábiles</span>" in ficha
    assert re.search(r">Quedan 5 días hábiles</span> <time [^>]*>mar 1 dic</time>", ficha)
    operar = followed(despacho.entrar("coordinador").get(f"/caso/{caso.case_key}/operar").text)
    assert "Quedan 5 días hábiles, mar 1 dic" in operar

    despacho.enviar(oficial, caso, resultado_analisis="competente")
    despacho.enviar(oficial, caso, **HALLAZGOS)
    despacho.enviar(oficial, caso, **RESPUESTA)
    assert (
        ">Término legal: Quedan 15 días hábiles</span>"
        in asesor.get(f"/tarea/{despacho.abierta(caso).id}").text
    )


def test_past_the_term_an_extension_is_not_offered_and_the_norm_is_told(despacho: Despacho) -> None:
    coordinador, vencido, vigente = (
        despacho.entrar("coordinador"),
        despacho.escalado(hace=40),
        despacho.escalado(),
    )
    pedir = "/caso/{}/prorroga"
    assert pedir.format(vigente.case_key) in coordinador.get(f"/caso/{vigente.case_key}").text
    pagina = followed(coordinador.get(f"/caso/{vencido.case_key}").text)
    assert pedir.format(vencido.case_key) not in pagina
    assert "No se puede prorrogar: el término venció el" in pagina
    assert "art. 14, parágrafo" in pagina
    assert coordinador.get(pedir.format(vencido.case_key)).status_code == 302
    assert avisos(coordinador.get(f"/caso/{vencido.case_key}").text)[0].startswith(
        "No se puede prorrogar"
    )


def test_the_task_shows_what_else_the_person_has_open(despacho: Despacho) -> None:
    oficial, persona = despacho.entrar(OFICIAL), despacho.usadas
    uno, otro = despacho.escalado(), despacho.escalado(persona=persona)
    pagina = oficial.get(f"/tarea/{despacho.abierta(uno).id}").text
    assert otro.radicado in panel(pagina, "Otros casos abiertos de la persona")
    assert (
        "Otros casos abiertos"
        not in oficial.get(f"/tarea/{despacho.abierta(despacho.escalado()).id}").text
    )


def test_an_answer_that_nobody_need_take_is_no_wait(despacho: Despacho) -> None:
    """`RespuestaDisponible` is told for whoever listens: the case waits for the adviser, and for
    nothing else."""
    caso, oficial = despacho.escalado(), despacho.entrar(OFICIAL)
    despacho.enviar(oficial, caso, resultado_analisis="competente")
    despacho.enviar(oficial, caso, **HALLAZGOS)
    despacho.enviar(oficial, caso, **RESPUESTA)
    pagina = oficial.get(f"/caso/{caso.case_key}").text
    assert "Entregar a otra parte del proceso" not in pagina


def test_the_reviewer_reads_which_areas_had_the_case_since_when_and_why(despacho: Despacho) -> None:
    caso, oficial = despacho.escalado(), despacho.entrar(OFICIAL)
    despacho.enviar(oficial, caso, **OTRA)
    pagina = followed(
        despacho.entrar("cumplimiento").get(f"/cumplimiento/caso/{caso.case_key}").text
    )
    areas = re.search(r"<dt>Áreas</dt>(.*?)</div>", pagina)
    assert areas is not None
    assert areas[1].count("desde el") == 2
    assert OTRA["motivo_area"] in areas[1]


def test_a_task_whose_case_is_over_its_legal_term_says_so_in_its_head(despacho: Despacho) -> None:
    oficial = despacho.entrar(OFICIAL)
    for caso, vencido in ((despacho.escalado(hace=40), True), (despacho.escalado(hace=10), False)):
        pagina = followed(oficial.get(f"/tarea/{despacho.abierta(caso).id}").text)
        cabeza = pagina[pagina.index('<div class="encabezado') : pagina.index('<div class="cinta')]
        assert "Plazo interno: Venció" in cabeza
        assert ('data-e="critica">Término legal: Venció' in cabeza) is vencido


def test_what_is_asked_for_after_the_legal_term_passed_stops_it_on_no_page(
    despacho: Despacho,
) -> None:
    """Art. 17: task, inbox, list, case, reviewer and export go on saying that the answer is
    overdue; asked for in time, none does."""
    oficial, revisor = despacho.entrar(OFICIAL), despacho.entrar("cumplimiento")
    falta = {
        "resultado_analisis": "falta_informacion",
        "informacion_faltante": "Copia legible del recibo de octubre.",
    }
    for caso, vencido in ((despacho.escalado(hace=40), True), (despacho.escalado(), False)):
        (dicho,) = seguida(oficial, despacho.enviar(oficial, caso, **falta))
        assert ("sigue vencido" in dicho, "El plazo queda suspendido" in dicho) == (
            vencido,
            not vencido,
        )
        linea = next(
            fila
            for fila in oficial.get("/bandeja").text.split('<li class="fila')[1:]
            if caso.radicado in fila
        )
        assert ("El término legal venció el" in linea) is vencido
        assert (caso.radicado in oficial.get("/casos?vencidos=1").text) is vencido
        assert ("Plazo suspendido" in oficial.get(f"/caso/{caso.case_key}").text) is not vencido
        verdicto = "incumplido" if vencido else "suspendido"
        assert caso.radicado in revisor.get(f"/cumplimiento?termino={verdicto}").text
        revisado = followed(revisor.get(f"/cumplimiento/caso/{caso.case_key}").text)
        assert (">Plazo suspendido<" in revisado) is not vencido
        assert ("cuando se pidió información; la persona tiene hasta el" in revisado) is not vencido
        tabla = csv.DictReader(
            revisor.get("/cumplimiento/casos.csv").text.lstrip("\ufeff").splitlines(), delimiter=";"
        )
        (fila,) = (f for f in tabla if f["radicado"] == caso.radicado)
        assert (fila["termino"], fila["vencido"]) == (
            verdicto.capitalize(),
            "sí" if vencido else "no",
        )


def test_a_number_without_its_zeros_finds_the_case_in_inbox_and_list(despacho: Despacho) -> None:
    caso, oficial = despacho.escalado(), despacho.entrar(OFICIAL)
    breve = str(int(caso.radicado.partition("-")[2]))
    for ruta in (
        f"/bandeja?q={breve}",
        f"/bandeja?q=2026-{breve}",
        f"/casos?radicado={breve}",
        f"/casos?radicado=2026-{breve}",
    ):
        assert caso.radicado in oficial.get(ruta).text, ruta


# --- drafts ---------------------------------------------------------------------------------------
def en_pagina(cliente: FlaskClient, ruta: str) -> dict[str, str]:
    """What one open page of a task remembers of the draft."""
    pagina = cliente.get(ruta).text
    return {
        nombre: visita.hidden(pagina, nombre) for nombre in ("csrf_token", "_pagina", "_borrador")
    }


def teclear(
    despacho: Despacho, cliente: FlaskClient, ruta: str, pagina: dict[str, str], **textos: str
) -> TestResponse:
    """Autosave, a second later."""
    despacho.clock.advance(dt.timedelta(seconds=1))
    json = {
        n: [v]
        for n, v in {
            **textos,
            "_pagina": pagina["_pagina"],
            "_borrador": pagina["_borrador"],
        }.items()
    }
    respuesta = cliente.put(
        f"{ruta}/borrador",
        json=json,
        headers={"X-CSRFToken": pagina["csrf_token"], "Accept": "application/json"},
    )
    if respuesta.status_code == 200:
        pagina["_borrador"] = respuesta.json["visto"]
    return respuesta


def reasignar(cliente: FlaskClient, ruta: str, a: str) -> None:
    testigo = visita.hidden(cliente.get(f"{ruta}/reasignar").text, "csrf_token")
    respuesta = cliente.post(
        f"{ruta}/reasignar",
        data={"csrf_token": testigo, "persona": a, "motivo": "Usted conoce el caso"},
    )
    assert respuesta.status_code == 302, respuesta.text


def investigando(despacho: Despacho) -> tuple[UnCaso, str]:
    """5.2.17, in the hands of the officer; where its page is."""
    caso = despacho.escalado()
    despacho.enviar(despacho.entrar(OFICIAL), caso, resultado_analisis="competente")
    return caso, f"/tarea/{despacho.abierta(caso).id}"


def test_who_receives_a_task_reads_whose_draft_it_is_and_goes_on_with_it_or_begins_anew(
    despacho: Despacho,
) -> None:
    oficial, colega = despacho.entrar(OFICIAL), despacho.entrar(COLEGA)
    _caso, ruta = investigando(despacho)
    teclear(despacho, oficial, ruta, en_pagina(oficial, ruta), hallazgos="Lo que vi en el banco")
    assert "Sigue con su borrador de hoy" in followed(oficial.get(ruta).text)
    reasignar(despacho.entrar(LIDER), ruta, COLEGA)
    pagina = followed(colega.get(ruta).text)
    assert re.search(
        r"El texto del formulario lo escribió [^<]+ \(hoy, [0-9:]+\) y llegó con la tarea\.", pagina
    )
    assert "Sigue con su borrador" not in pagina
    assert ">Lo que vi en el banco</textarea>" in pagina

    testigo = en_pagina(colega, ruta)["csrf_token"]
    colega.post(f"{ruta}/borrador", data={"csrf_token": testigo})
    pagina = followed(colega.get(ruta).text)
    assert ">Lo que vi en el banco</textarea>" not in pagina
    assert 'Versiones anteriores <span class="conteo">1</span>' in pagina
    assert "Lo que vi en el banco" in pagina, "nothing is lost"
    teclear(despacho, colega, ruta, en_pagina(colega, ruta), hallazgos="Lo mío")
    colega.post(f"{ruta}/borrador", data={"csrf_token": testigo, "version": "0"})
    pagina = colega.get(ruta).text
    assert ">Lo que vi en el banco</textarea>" in pagina
    assert "Lo mío" in pagina
    assert (
        colega.post(f"{ruta}/borrador", data={"csrf_token": testigo, "version": "9"}).status_code
        == 404
    )


def test_a_second_page_does_not_write_over_the_draft_of_the_first_unless_it_says_so(
    despacho: Despacho,
) -> None:
    oficial, (_caso, ruta) = despacho.entrar(OFICIAL), investigando(despacho)
    una, otra = en_pagina(oficial, ruta), en_pagina(oficial, ruta)
    assert teclear(despacho, oficial, ruta, una, hallazgos="De la primera").status_code == 200
    assert (
        teclear(despacho, oficial, ruta, una, hallazgos="De la primera, más").status_code == 200
    ), "a page goes on with its own"
    choque = teclear(despacho, oficial, ruta, otra, hallazgos="De la segunda")
    assert choque.status_code == 409
    assert "Otra pestaña guardó este borrador a las" in choque.json["mensaje"]
    assert ["Hallazgos", "De la primera, más"] in choque.json["otro"]
    assert ">De la primera, más</textarea>" in oficial.get(ruta).text

    otra["_borrador"] = choque.json["visto"]
    assert (
        teclear(despacho, oficial, ruta, otra, hallazgos="De la segunda", _sobre="1").status_code
        == 200
    )
    pagina = oficial.get(ruta).text
    assert ">De la segunda</textarea>" in pagina
    assert "De la primera, más" in pagina, "it stays among the earlier versions"

    tercera = en_pagina(oficial, ruta)
    teclear(despacho, oficial, ruta, otra, hallazgos="De la segunda, otra vez")
    oficial.post(ruta, data={**tercera, "hallazgos": "De la tercera", "_accion": "guardar"})
    assert "queda en la tarea, en «Versiones anteriores»" in avisos(oficial.get("/bandeja").text)[0]
    assert "De la segunda, otra vez" in oficial.get(ruta).text


def test_completing_in_a_stale_page_first_shows_what_the_other_page_has_saved(
    despacho: Despacho,
) -> None:
    oficial, (caso, ruta) = despacho.entrar(OFICIAL), investigando(despacho)
    vieja, otra = en_pagina(oficial, ruta), en_pagina(oficial, ruta)
    teclear(
        despacho, oficial, ruta, otra, hallazgos="Lo que llegó después del banco", fuentes="banco"
    )
    respuesta = oficial.post(ruta, data={**vieja, **HALLAZGOS})
    assert respuesta.status_code == 409
    dicho = followed(respuesta.text)
    assert re.search(
        r"No se envió nada: otra pestaña guardó después un texto distinto, a las [0-9:]+\.", dicho
    )
    assert f">{HALLAZGOS['hallazgos']}</textarea>" in dicho
    assert 'Versiones anteriores <span class="conteo">1</span>' in dicho
    assert "Lo que llegó después del banco" in dicho
    assert despacho.abierta(caso).element == "act_5_2_17"
    vista = {n: visita.hidden(respuesta.text, n) for n in ("csrf_token", "_pagina", "_borrador")}
    assert oficial.post(ruta, data={**vista, **HALLAZGOS}).status_code == 302, (
        "who has seen both decides"
    )
    assert despacho.abierta(caso).element == "act_5_2_18"


def test_back_in_the_inbox_are_the_filters_and_the_line_from_which_one_came(
    despacho: Despacho,
) -> None:
    oficial, (caso, ruta) = despacho.entrar(OFICIAL), investigando(despacho)
    item, lista = despacho.abierta(caso).id, "/bandeja?vista=mias&clase=reclamo&orden=antigua"
    assert f'id="t-{item}"' in oficial.get(lista).text
    vuelta = f'href="{html.escape(lista)}#t-{item}"'
    for pagina in (ruta, f"/caso/{caso.case_key}", f"{ruta}/reasignar"):
        assert vuelta in oficial.get(pagina).text, pagina
    escrito = {**en_pagina(oficial, ruta), "hallazgos": "A medias", "_accion": "guardar"}
    assert oficial.post(f"{ruta}?volver=bandeja", data=escrito).headers["Location"] == lista
    testigo = en_pagina(oficial, ruta)["csrf_token"]
    assert (
        oficial.post(
            f"{ruta}/devolver?volver=bandeja", data={"csrf_token": testigo, "motivo": "No alcanzo"}
        ).headers["Location"]
        == lista
    )
    oficial.get("/bandeja")
    assert f'href="/bandeja?vista=mias#t-{item}"' in oficial.get(ruta).text


def test_what_changed_meanwhile_is_told_as_it_was_and_the_text_goes_on_with_the_activity(
    despacho: Despacho,
) -> None:
    """An extension opens the activity again with the text; a task that went to a colleague names
    who has it and why."""
    oficial, coordinador, (caso, ruta) = (
        despacho.entrar(OFICIAL),
        despacho.entrar("coordinador"),
        investigando(despacho),
    )
    escrito = {
        **en_pagina(oficial, ruta),
        **HALLAZGOS,
        "hallazgos": "Escrito mientras se prorrogaba el término",
    }
    testigo = visita.hidden(coordinador.get(f"/caso/{caso.case_key}/prorroga").text, "csrf_token")
    prorroga = {
        "csrf_token": testigo,
        "dias": "5",
        "motivo": "El banco no ha respondido la consulta.",
    }
    assert coordinador.post(f"/caso/{caso.case_key}/prorroga", data=prorroga).status_code == 302
    despacho.trabajar()
    tarde = oficial.post(ruta, data=escrito)
    assert tarde.status_code == 409
    dicho = followed(tarde.text)
    assert "La actividad se abrió otra vez" in dicho
    assert "No se envió, porque mientras usted escribía se aprobó la prórroga." in dicho
    assert "ya siguió adelante" not in dicho
    nueva = f"/tarea/{despacho.abierta(caso).id}"
    assert f'href="{nueva}">Abrirla con lo que escribió</a>' in dicho
    assert ">Escrito mientras se prorrogaba el término</textarea>" in oficial.get(nueva).text

    escrito |= en_pagina(oficial, nueva)
    reasignar(despacho.entrar(LIDER), nueva, COLEGA)
    dicho = followed(oficial.post(nueva, data=escrito).text)
    assert "No se envió, porque la tarea pasó a otra persona mientras usted escribía." in dicho
    assert "Motivo: Usted conoce el caso" in dicho
    assert "Escrito mientras se prorrogaba el término" in dicho


def test_compliance_reads_all_of_the_history_and_in_the_path_who_had_the_task_that_an_extension_interrupted(
    despacho: Despacho,
) -> None:
    """Not whoever approved it, nor them at what began by itself; a message that may come has
    neither hour nor schedule."""
    (caso, _ruta), coordinador, revisora = (
        investigando(despacho),
        despacho.entrar("coordinador"),
        despacho.entrar("cumplimiento"),
    )
    testigo = visita.hidden(coordinador.get(f"/caso/{caso.case_key}/prorroga").text, "csrf_token")
    prorroga = {
        "csrf_token": testigo,
        "dias": "5",
        "motivo": "El banco no ha respondido la consulta.",
    }
    assert coordinador.post(f"/caso/{caso.case_key}/prorroga", data=prorroga).status_code == 302
    despacho.trabajar()
    with despacho.sesion() as s:
        tiene, aprobo = (
            s.scalars(sa.select(Cuenta.nombre).where(Cuenta.usuario == u)).one()
            for u in (OFICIAL, "coordinador")
        )

    historia = html.unescape(followed(revisora.get(f"/caso/{caso.case_key}/historia").text))
    revision = html.unescape(followed(revisora.get(f"/cumplimiento/caso/{caso.case_key}").text))
    registro = revision.split('id="registro"')[1].split("</section>")[0]
    (cuantos,) = re.findall(r'Todo lo registrado <span class="conteo">(\d+)<', registro)
    dichos = re.findall(r"</span> <div> <b>(.*?)</b>", registro)
    assert (len(dichos), dichos[::-1]) == (
        int(cuantos),
        re.findall(r"</span> <div> <b>(.*?)</b>", historia),
    )
    (prorrogo,) = [x for x in registro.split("<li>") if "<b>Prorrogó el término" in x]
    assert "Motivo de la carta: El banco no ha respondido la consulta." in prorrogo
    assert "de los datos del caso, fuera de la cadena" in prorrogo
    assert "<code>" not in prorrogo, "it has no number in the chain"
    assert "Nueva fecha de respuesta" in registro, "the letter"
    assert f'href="/cumplimiento/caso/{caso.case_key}">Revisión</a>' in historia
    assert (
        "/cumplimiento/" not in despacho.entrar(OFICIAL).get(f"/caso/{caso.case_key}/historia").text
    )

    (tabla,) = re.findall(r'id="diagrama-1-tabla".*?</table>', revision)
    filas = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "|", x)) for x in tabla.split("<tr")[2:]]

    def de(nombre: str, estado: str) -> list[str]:
        partes = ([c.strip() for c in x.split("|") if c.strip()] for x in filas)
        return [p[3] for p in partes if p[1:3] == [nombre, estado]]

    assert de("5.2.17 Investigar el caso", "Interrumpido") == [tiene]
    assert de("5.2.17 Investigar el caso", "Aquí espera") == [tiene]
    assert de("En análisis", "Hecho") == ["Automático", "Automático"]
    (puede,) = [x for x in filas if "Prórroga aprobada" in x and "Puede ocurrir" in x]
    assert "nov" not in puede
    assert "hoy" not in puede
    assert aprobo not in tabla, "whoever approved did no step of it"


def test_a_colleague_s_task_offers_what_is_allowed_and_links_lead_back_whence_one_came(
    despacho: Despacho,
) -> None:
    caso, ruta = investigando(despacho)
    pagina = followed(despacho.entrar(COLEGA).get(f"{ruta}/reasignar").text)
    assert "¿A quién le pasa la tarea?" not in pagina
    assert 'id="devolver"' not in pagina
    assert "quien lidera el área y el coordinador" in pagina
    assert "Guardar el seguimiento" in pagina
    assert "¿A quién le pasa la tarea?" in despacho.entrar(LIDER).get(f"{ruta}/reasignar").text

    oficial = despacho.entrar(OFICIAL)
    assert f'href="{ruta}?volver=caso"' in oficial.get(f"/caso/{caso.case_key}").text
    pagina = oficial.get(f"{ruta}?volver=caso").text
    assert f'{ruta}/reasignar?volver=caso"' in pagina
    escrito = {
        "csrf_token": visita.hidden(pagina, "csrf_token"),
        "hallazgos": "A medias",
        "_accion": "guardar",
    }
    assert (
        oficial.post(f"{ruta}?volver=caso", data=escrito).headers["Location"]
        == f"/caso/{caso.case_key}"
    )
    assert oficial.post(f"{ruta}?volver=bandeja", data=escrito).headers["Location"] == "/bandeja"


def test_who_cannot_finish_hands_on_gives_back_or_asks_who_leads_and_what_follows_depends_on_the_answer(
    despacho: Despacho,
) -> None:
    caso, ruta = investigando(despacho)
    oficial = despacho.entrar(OFICIAL)
    pagina = followed(oficial.get(ruta).text)
    for opcion in ("Falta información del usuario", "Es de otra área"):
        assert f">{opcion}</label>" in pagina
    assert f'href="/caso/{caso.case_key}/prorroga/pedir">Pedir prórroga…</a>' in pagina
    assert pagina.count("/reasignar") == 1, "one act for both"
    assert f'href="{ruta}/reasignar">Reasignar o devolver…</a>' in pagina
    assert "Reasignar o devolver…" not in despacho.entrar(COLEGA).get(ruta).text
    caja = oficial.get(f"{ruta}/reasignar").text
    pedir = re.search(r'href="(/caso/[^"]+\?mencion=lider\.vcc)#notas"', caja)
    assert pedir
    assert re.search(r'value="lider\.vcc"\s+checked', oficial.get(pedir[1]).text)

    nuevo = despacho.escalado()
    pagina = followed(oficial.get(f"/tarea/{despacho.abierta(nuevo).id}").text)
    assert re.findall(
        r'data-cuando="resultado_analisis" data-valores="(\w+)"> <span>Después', pagina
    ) == [
        "competente",
        "otra_area",
        "falta_informacion",
    ]
    assert caso


def test_the_second_part_that_is_refused_stands_on_the_page_of_its_own_task(
    despacho: Despacho, monkeypatch: pytest.MonkeyPatch
) -> None:
    """5.2.16 is done, 5.2.17 waits with what was typed; the same form sent once more completes
    it."""
    oficial, caso = despacho.entrar(OFICIAL), despacho.escalado()
    ruta = f"/tarea/{despacho.abierta(caso).id}"
    escrito = {**en_pagina(oficial, ruta), **HALLAZGOS}

    def nada(*_: object) -> None:
        raise Rechazo("El expediente está cerrado.")

    with monkeypatch.context() as m:
        m.setattr(escalonamientos, "investigar", nada)
        respuesta = oficial.post(ruta, data=escrito)
    assert respuesta.status_code == 422
    pagina = followed(respuesta.text)
    assert "El expediente está cerrado." in pagina
    assert f">{HALLAZGOS['hallazgos']}</textarea>" in pagina
    siguiente = despacho.abierta(caso)
    assert (siguiente.element, siguiente.claimed_by) == ("act_5_2_17", OFICIAL)
    assert f'action="/tarea/{siguiente.id}"' in pagina
    assert oficial.post(ruta, data=escrito).status_code == 302
    assert despacho.abierta(caso).element == "act_5_2_18"
    assert oficial.post(ruta, data=escrito).status_code == 302, "and once again does nothing more"
    assert despacho.abierta(caso).element == "act_5_2_18"


def test_who_ticks_a_source_of_their_own_has_begun_to_investigate(despacho: Despacho) -> None:
    """Those of the visit come ticked and are none; another one went nowhere."""
    oficial, caso = despacho.entrar(OFICIAL), despacho.escalado()
    ruta = f"/tarea/{despacho.abierta(caso).id}"
    pagina = {**en_pagina(oficial, ruta), "resultado_analisis": "competente"}
    otra = followed(oficial.post(ruta, data={**pagina, "fuentes": "expediente"}).text)
    assert re.findall(r'<a href="#([a-z_0-9]+)">', otra) == ["hallazgos"]
    assert oficial.post(ruta, data=pagina).status_code == 302
    assert despacho.abierta(caso).element == "act_5_2_17", "it was only received"


def test_what_is_missing_is_asked_from_5_2_17_and_what_was_written_waits_there(
    despacho: Despacho,
) -> None:
    """The person is asked and the term stands still; what had been found is in the form again, and
    a file stays in the case."""
    oficial, coordinador, (caso, ruta) = (
        despacho.entrar(OFICIAL),
        despacho.entrar("coordinador"),
        investigando(despacho),
    )
    a_medias = {
        "hallazgos": "El banco",
        "fuentes": "expediente",
        "accion_correctiva": "Reversar la mora",
    }
    falta = {
        "resultado_analisis": "falta_informacion",
        "informacion_faltante": "Copia legible del recibo de octubre.",
    }
    testigo = visita.hidden(oficial.get(ruta).text, "csrf_token")
    corta = followed(
        oficial.post(
            ruta, data={**a_medias, **falta, "informacion_faltante": "", "csrf_token": testigo}
        ).text
    )
    assert re.findall(r'<a href="#([a-z_0-9]+)">', corta) == ["informacion_faltante"], (
        "only the way out is asked for"
    )
    teclear(despacho, oficial, ruta, en_pagina(oficial, ruta), **a_medias)
    con_borrador = followed(oficial.get(ruta).text)
    assert re.search(r'value="competente" checked', con_borrador), (
        "a draft that says nothing of the ways has the usual one"
    )
    despacho.correo.sent.clear()
    (dicho,) = seguida(oficial, despacho.enviar(oficial, caso, **a_medias, **falta))
    assert dicho.startswith(
        f"Le pedimos a la persona la información que falta del caso {caso.radicado}. El plazo queda suspendido"
    )
    assert any(falta["informacion_faltante"] in m.texto for m in despacho.correo.sent)

    testigo = visita.hidden(coordinador.get(f"/caso/{caso.case_key}").text, "csrf_token")
    entrega = {"csrf_token": testigo, "texto": "Trajo el recibo de octubre, dos caras."}
    assert coordinador.post(f"/caso/{caso.case_key}/complemento", data=entrega).status_code == 302
    despacho.trabajar()
    nueva = despacho.abierta(caso)
    assert (nueva.element, nueva.claimed_by) == ("act_5_2_17", OFICIAL)
    pagina = followed(oficial.get(f"/tarea/{nueva.id}").text)
    assert ">El banco</textarea>" in pagina
    assert 'value="Reversar la mora"' in pagina
    assert re.findall(
        r'name="(?:fuentes|resultado_analisis)" id="[^"]+" value="(\w+)" checked', pagina
    ) == ["expediente", "competente"]
    despacho.enviar(oficial, caso, **HALLAZGOS)
    assert despacho.abierta(caso).element == "act_5_2_18"


def test_a_case_that_is_of_another_area_after_all_leaves_from_5_2_17(despacho: Despacho) -> None:
    oficial, (caso, _ruta) = despacho.entrar(OFICIAL), investigando(despacho)
    (dicho,) = seguida(
        oficial,
        despacho.enviar(oficial, caso, **OTRA, hallazgos="El crédito pasó a otro fondo en 2024."),
    )
    assert dicho.startswith(
        f"Pasó el caso {caso.radicado} a {FONDOS}. Sigue «5.2.16 Recibir y analizar» en {FONDOS}"
    )
    fondos, item = despacho.entrar(OTRA_AREA), despacho.abierta(caso)
    assert "El crédito pasó a otro fondo en 2024." in fondos.get(f"/tarea/{item.id}").text, (
        "beside the form"
    )
    despacho.enviar(fondos, caso, resultado_analisis="competente")
    pagina = followed(fondos.get(f"/tarea/{despacho.abierta(caso).id}").text)
    assert "2024.</textarea>" not in pagina, "the form is of who writes it"
    despacho.enviar(fondos, caso, **{**OTRA, "area_destino": "VCC"})
    despacho.enviar(oficial, caso, resultado_analisis="competente")
    assert "2024.</textarea>" in oficial.get(f"/tarea/{despacho.abierta(caso).id}").text


# --- the page of the case -------------------------------------------------------------------------
def panel(pagina: str, titulo: str) -> str:
    """The section under this title."""
    return next((s for s in pagina.split("<section class") if re.search(rf">\s*{titulo}\b", s)), "")


def test_the_case_says_first_what_was_answered_and_each_term_once(despacho: Despacho) -> None:
    """Answer and state on top, rounds between areas, other cases of the person; the adviser and the
    coordinator read the arguments."""
    persona, despacho.usadas = despacho.usadas, despacho.usadas + 1
    antes, caso = despacho.escalado(persona=persona), despacho.escalado(persona=persona)
    oficial, asesor, coordinador = (
        despacho.entrar(quien) for quien in (OFICIAL, ASESOR, "coordinador")
    )
    for quien, area in ((OFICIAL, "VFO"), (OTRA_AREA, "VCC")):
        despacho.enviar(despacho.entrar(quien), caso, **{**OTRA, "area_destino": area})
    despacho.enviar(oficial, caso, **OTRA)
    argumentos = panel(
        followed(coordinador.get(f"/tarea/{despacho.abierta(caso).id}").text),
        "Por qué cada área dice que es de otra",
    )
    assert argumentos.count("Lo lleva la Vicepresidencia de Fondos.") == 3

    despacho.enviar(
        coordinador, caso, area_destino="VCC", motivo_decision="El crédito es de su cartera."
    )
    despacho.enviar(oficial, caso, resultado_analisis="competente")
    despacho.enviar(oficial, caso, **HALLAZGOS)
    despacho.enviar(oficial, caso, **RESPUESTA)
    pagina = followed(asesor.get(f"/tarea/{despacho.abierta(caso).id}").text)
    lo_dicho = panel(pagina, "Lo que respondió el área")
    for dicho in (
        "Favorable",
        RESPUESTA["respuesta_tecnica"],
        HALLAZGOS["hallazgos"],
        "C&amp;CTEX",
    ):
        assert dicho in lo_dicho
    assert pagina.index("Qué pide la persona") < pagina.index("Lo que respondió el área")

    pagina = followed(asesor.get(f"/caso/{caso.case_key}").text)
    assert (
        pagina.index("Qué se espera ahora")
        < pagina.index("Lo que respondió el área")
        < pagina.index("Qué pide la persona")
    )
    rondas = panel(pagina, "Vueltas entre áreas")
    assert re.findall(r"(\d)\.ª vuelta: ([^<]+)", rondas) == [
        ("4", CREDITO),
        ("3", CREDITO),
        ("2", FONDOS),
        ("1", CREDITO),
    ]
    assert "El crédito es de su cartera." in rondas
    assert antes.radicado in panel(pagina, "Otros casos de la persona")
    plazos = panel(pagina, "Plazos")
    assert len(re.findall(r'<span class="nota">5 días hábiles desde el mar 24 nov', plazos)) == 2, (
        "to pass it on, and of the area"
    )
    assert len(re.findall(r'<span class="nota">15 días hábiles desde el mar 24 nov', plazos)) == 1
    despacho.enviar(asesor, caso, revision_respuesta="completa")
    despacho.enviar(asesor, caso, texto_respuesta="Le informamos que su saldo quedó corregido.")
    pagina = followed(asesor.get(f"/caso/{caso.case_key}").text)
    respuesta = panel(pagina, "Respuesta a la persona")
    assert "Entregada" in respuesta
    assert "su saldo quedó corregido" in respuesta
    assert pagina.index("Respuesta a la persona") < pagina.index("Qué se espera ahora")


def test_what_was_answered_late_reads_as_over_and_what_nobody_gave_is_not_said(
    despacho: Despacho,
) -> None:
    caso, oficial = despacho.escalado(hace=14), despacho.entrar(OFICIAL)
    plazos = panel(followed(oficial.get(f"/caso/{caso.case_key}").text), "Plazos")
    assert "escalado el mismo día" in plazos
    assert "venció hace 4 días hábiles (término de 5)" in plazos, "16 November is a holiday"
    despacho.enviar(oficial, caso, resultado_analisis="competente")
    despacho.enviar(oficial, caso, **HALLAZGOS)
    despacho.enviar(oficial, caso, **RESPUESTA)
    pagina = followed(oficial.get(f"/caso/{caso.case_key}").text)
    assert "respondido en 9 de 5 días hábiles, 4 tarde" in panel(pagina, "Plazos")
    paso = panel(pagina, "Qué ha pasado")
    assert re.findall(r"<b>Completó (5\.2\.\d+)", paso) == ["5.2.18", "5.2.17", "5.2.16"], (
        "the latest first, its values open"
    )
    de_5_2_17 = re.findall(
        r"<dt>([^<]+)</dt>", paso.partition("Completó 5.2.17")[2].partition("Completó 5.2.16")[0]
    )
    assert de_5_2_17 == ["Hallazgos", "Fuentes consultadas", "Después de investigar"], (
        "nothing of fields that stayed empty"
    )
    assert "Sin dato" not in pagina


def test_which_way_was_taken_is_told_as_an_act_and_not_among_the_values(despacho: Despacho) -> None:
    valores: Data = {
        "resumen": "Pide el paz y salvo",
        "camino": "escalar",
        "volver_a_responder": False,
        "correo_confirmado": "",
    }
    with despacho.app.test_request_context(), despacho.sesion() as s:
        elemento = reads.releases.elements(s, despacho.engine.catalog, 1)["act_5_2_14"]
        formas = despacho.app.extensions[EXTENSION].forms
        assert presentar(valores, elemento, formas, cubre=False) == [
            ("Resumen para el área", "Pide el paz y salvo")
        ]
        assert acto_de(valores, elemento, formas) == "Escaló el caso"
        quien = (ActorKind.PERSON, ASESOR, Act.COMPLETE, "act_5_2_14", "Informar")
        asiento = Entry("", "", 1, NOW, *quien, (), {}, valores, erased=False, release=1)
        [dicho] = historia_en_palabras(s, [asiento], (), cubierto=False)
        assert frases(dicho) == ["Escaló el caso."]


def test_the_answer_says_where_it_goes_and_is_seen_as_the_person_gets_it_before_it_leaves(
    despacho: Despacho,
) -> None:
    caso, oficial, asesor = despacho.escalado(), despacho.entrar(OFICIAL), despacho.entrar(ASESOR)
    despacho.enviar(oficial, caso, resultado_analisis="competente")
    despacho.enviar(oficial, caso, **HALLAZGOS)
    despacho.enviar(oficial, caso, **RESPUESTA)
    despacho.enviar(asesor, caso, revision_respuesta="completa")
    ruta = f"/tarea/{despacho.abierta(caso).id}"
    pagina = followed(asesor.get(ruta).text)
    assert "<dt>Sale a</dt><dd>p••••••@correo.example · Sin confirmar</dd>" in pagina
    assert "Así le llega" not in pagina
    escrito = {
        "csrf_token": visita.hidden(pagina, "csrf_token"),
        "texto_respuesta": "Le informamos que su saldo quedó corregido.",
    }
    vista = asesor.post(ruta, data={**escrito, "_accion": "ver"})
    assert vista.status_code == 200
    carta = panel(followed(vista.text), "Así le llega a la persona")
    assert "Todavía no se ha enviado. Para: p••••••@correo.example" in carta
    assert "data-foco>Así le llega" in carta, "the page opens where it is, on a phone too"
    assert ">Enviar respuesta</button>" in carta, "and it leaves from there"
    assert "Le informamos que su saldo quedó corregido.</textarea>" in vista.text
    assert (
        asesor.post(
            ruta, data={**escrito, "texto_respuesta": "Corta", "_accion": "ver"}
        ).status_code
        == 422
    )
    despacho.correo.sent.clear()
    despacho.enviar(asesor, caso, texto_respuesta=escrito["texto_respuesta"])
    correo = next(m for m in despacho.correo.sent if m.asunto.startswith("Respuesta a su radicado"))
    assert correo.asunto in carta
    assert html.escape(correo.texto).replace("\n", "<br>") in carta, (
        "letter by letter what the mail says"
    )


def test_an_extension_and_the_mails_stand_in_the_history_and_what_was_told_has_the_date_of_now(
    despacho: Despacho,
) -> None:
    oficial, coordinador, (caso, ruta) = (
        despacho.entrar(OFICIAL),
        despacho.entrar("coordinador"),
        investigando(despacho),
    )
    testigo = visita.hidden(coordinador.get(f"/caso/{caso.case_key}/prorroga").text, "csrf_token")
    prorroga = {
        "csrf_token": testigo,
        "dias": "16",
        "motivo": "El banco no ha respondido la consulta.",
    }
    assert (
        "Elija cuántos días hábiles, de 1 a 15"
        in coordinador.post(f"/caso/{caso.case_key}/prorroga", data=prorroga).text
    )
    assert (
        coordinador.post(
            f"/caso/{caso.case_key}/prorroga", data={**prorroga, "dias": "5"}
        ).status_code
        == 302
    )
    assert (
        "Prórroga registrada. Se responde a más tardar el mié 23 dic"
        in coordinador.get(f"/caso/{caso.case_key}").text
    )
    despacho.trabajar()
    historia = followed(oficial.get(f"/caso/{caso.case_key}/historia").text)
    assert "Prorrogó el término" in historia
    assert (
        "5 días hábiles más: del miércoles 16 de diciembre de 2026 al miércoles 23 de diciembre de 2026."
        in historia
    )
    assert "Motivo de la carta: El banco no ha respondido la consulta." in historia
    assert "p••••••@correo.example" in historia
    assert "persona@correo.example" not in historia
    dicho = panel(
        followed(oficial.get(f"/tarea/{despacho.abierta(caso).id}").text), "Lo dicho y lo hecho"
    )
    assert "a más tardar el miércoles 16 de diciembre" in dicho
    assert (
        "se le avisó la prórroga: ahora, a más tardar el miércoles 23 de diciembre de 2026."
        in dicho
    )
    assert ruta
