"""`sistema.consultar`: what a step reads of connected systems, who may be asked about, what stays
of it, and how it fails."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import handlers.crm
import handlers.sistemas.legado
from demo.cctex import Credito, construir
from engine import reads
from engine.jobs.inprocess import InProcessJobs
from engine.states import ActorKind
from engine.types import SYSTEM, Actor, Handlers, Repair, Role
from handlers.conectores.cctex import Cctex
from handlers.conectores.proteccion import Politica
from handlers.conectores.suitecrm import Instalacion, Sincronia, SuiteCRM
from records.base.actos import Acto
from records.personas import personas
from records.personas.personas import NuevaPersona
from records.sistemas.tablas import ConsultaLegado
from tests.integration.handlers.test_handlers_acciones import incidentes, salida, tarea, valor
from tests.kit import web as web_kit
from tests.kit.clock import NOW
from tests.kit.diagrams import boundary, end, extension, lane, model, process, start
from tests.kit.suitecrm import suitecrm
from tests.kit.web import WebKit

ADMIN = Actor(ActorKind.PERSON, "admin", frozenset({Role("administrador")}))
CORTE = NOW.date()
ANA, LUIS, NADIE = "9900000001", "9900000002", "9900000003"
CREDITOS = [
    Credito("2011000001", "PREG", 2011, "vigente", "CC", ANA, "Ana Rojas"),
    Credito("2012000007", "PREG", 2012, "vigente", "CC", ANA, "Ana Rojas"),
    Credito("2013000002", "PREG", 2013, "vigente", "CC", LUIS, "Luis Mora"),
]
CAMPOS = (
    '<v:field name="tipo_doc" label="Tipo" type="choice" options="CC:Cédula de ciudadanía|TI:Tarjeta de identidad"/>'
    '<v:field name="num_doc" label="Documento"/><v:field name="producto" label="Producto"/>'
    '<v:field name="es_ella" label="Se verificó quién es" type="choice" options="si:Sí|no:No"/>'
)
CRM = valor("sistema", "crm")
CCTEX = valor("sistema", "cctex")
DE_QUIEN = valor("numero", "num_doc") + valor("tipo", "tipo_doc") + valor("verificada", "es_ella")
SALDO = valor(
    "respuesta",
    "obligacion = /filas/0/obligacion, saldo = /filas/0/saldo, cuantas = /cuantas, al = /corte",
)
SALIDAS = (
    salida("obligacion", "text")
    + salida("saldo", "number")
    + salida("cuantas", "integer")
    + salida("al", "text")
)
COMO = valor("estado", "como_le_fue")
RAPIDA = Politica(espera=1.0, reintentos=1, pausa=0.001)


def dibujo(entradas: str, salidas: str = "") -> bytes:
    """One confirms who it is, the step asks, another task waits: a case that ends keeps nothing to
    look at."""
    pide = f'<userTask id="pide" name="Pedir">{extension(CAMPOS)}</userTask><userTask id="sigue" name="Seguir"/>'
    consulta = tarea(
        "consulta", "sistema.consultar", entradas, salidas + salida("como_le_fue", "text")
    )
    borde = boundary("no_hay", "consulta", '<errorEventDefinition errorRef="err"/>')
    carriles = lane("ln", "asesor", "", "pide", "sigue")
    nodos = start() + pide + consulta + borde + end("E", "F")
    return model(
        process("permiso", nodos, "S>pide>consulta>sigue>E no_hay>F", lanes=carriles),
        defs='<error id="err" errorCode="ERR_SISTEMA"/>',
    )


@pytest.fixture
def archivo(tmp_path: Path) -> Path:
    ruta = tmp_path / "cctex.db"
    construir(ruta, CREDITOS, corte=CORTE)
    return ruta


Montar = Callable[..., WebKit]


@pytest.fixture
def montar(tmp_path: Path, sqlite_url: str, archivo: Path) -> Iterator[Montar]:
    """A place that has connected C&CTEX, and the CRM that is given; COBOL and FOX PRO are not."""
    hechos: list[WebKit] = []

    def hacer(instalacion: Instalacion | None = None) -> WebKit:
        registro = Handlers()
        web = web_kit.build(tmp_path, sqlite_url, handlers=registro)

        def bitacora(kind: str, subject: str, now: Any, detail: Any) -> None:
            web.engine.log_access(SYSTEM, kind, subject, now=now, detail=detail)

        dicho: dict[str, Any] = {"bitacora": bitacora, "suceso": lambda *_suceso: None}
        crm = (
            Sincronia(SuiteCRM(instalacion, espera=1.0), web.session, dicho["suceso"])
            if instalacion is not None
            else None
        )
        antiguas = handlers.sistemas.legado.guardar(
            [Cctex(f"sqlite:///{archivo}")], sesiones=web.session, politica=RAPIDA, **dicho
        )
        guardas = [handlers.crm.guarda_de_persona(web.session, crm, **dicho), *antiguas.values()]
        hechos.append(web_kit.with_actions(web, registro, guardas=guardas))
        return web

    yield hacer
    for hecho in hechos:
        hecho.engine.db.dispose()


def quien(usuario: str) -> Actor:
    return Actor(ActorKind.PERSON, usuario, frozenset({Role("asesor")}))


def correr(web: WebKit, contenido: bytes, de: str = "asesor", **dicho: Any) -> str:
    """The instance, after somebody said who the person is and the worker asked."""
    web.engine.releases.deploy(
        {"permiso.bpmn": contenido}, actor=quien("asesor"), now=web.clock.now()
    )
    caso = web.engine.instances.start("permiso", actor=quien("asesor"), now=web.clock.now())
    valores = {"tipo_doc": "CC", "num_doc": ANA, "es_ella": "si", **dicho}
    web.engine.items.complete(
        caso.opened[0].id, values=valores, actor=quien(de), now=web.clock.now()
    )
    ejecutar(web)
    return caso.instance_id


def ejecutar(web: WebKit) -> None:
    assert isinstance(web.engine.core.jobs, InProcessJobs)
    web.engine.core.jobs.run_all(web.engine.jobs)


def variables(web: WebKit, instancia: str) -> dict[str, Any]:
    """Those that the task after the question opened with."""
    with web.engine.uow.reading() as session:
        [sigue] = [i for i in reads.items.of_case(session, instancia) if i.element == "sigue"]
    return dict(sigue.data)


def leidas(web: WebKit) -> list[tuple[str, str, str, int | None]]:
    with web.session() as session:
        return [
            (c.sistema, c.estado, c.asesor_id, c.persona_id)
            for c in session.scalars(sa.select(ConsultaLegado))
        ]


def pasos(web: WebKit, instancia: str) -> set[str]:
    with web.engine.uow.reading() as session:
        return {s.element for s in reads.history.steps(session, instancia)}


def test_what_an_old_system_holds_of_the_person_becomes_variables_and_who_confirmed_it_answers_for_it(
    montar: Montar,
) -> None:
    web = montar()

    instancia = correr(
        web, dibujo(CCTEX + DE_QUIEN + SALDO + COMO, SALIDAS), num_doc="9.900.000.001"
    )

    assert incidentes(web) == []
    dicho = variables(web, instancia)
    assert (dicho["obligacion"], dicho["cuantas"], dicho["al"]) == (
        "2012000007",
        2,
        CORTE.isoformat(),
    )
    assert isinstance(dicho["saldo"], float)
    assert dicho["como_le_fue"] == "ok"
    assert leidas(web) == [("cctex", "ok", "asesor", None)]
    with web.session() as session:
        fila = session.scalars(sa.select(ConsultaLegado)).one()
        assert (fila.instancia_id, fila.turno_id, len(fila.hash or ""), len(fila.filas or [])) == (
            instancia,
            None,
            64,
            2,
        )
        assert [a for a in web.accesses() if a[0] == "consulta_legado"] == [
            ("consulta_legado", "motor", fila.case_key)
        ]


def test_the_number_goes_with_the_type_that_the_case_has(montar: Montar) -> None:
    """Ana's number as that of a TI: nobody's here, and never hers."""
    web = montar()
    marca = extension(
        '<v:case number="PL-{aaaa}-{0000}" person="num_doc" person_kind="tipo_doc"/>'
    ).encode()
    sin_tipo = dibujo(CCTEX + valor("numero", "num_doc") + valor("verificada", "es_ella") + COMO)
    suyo = sin_tipo.replace(b'isExecutable="true">', b'isExecutable="true">' + marca, 1)

    assert variables(web, correr(web, suyo, tipo_doc="TI"))["como_le_fue"] == "sin_datos"
    assert variables(web, correr(web, suyo))["como_le_fue"] == "ok"


def test_one_product_is_asked_for_by_its_field(montar: Montar) -> None:
    web = montar()

    instancia = correr(
        web,
        dibujo(CCTEX + DE_QUIEN + SALDO + valor("obligacion", "producto"), SALIDAS),
        producto="2011000001",
    )

    assert (variables(web, instancia)["obligacion"], variables(web, instancia)["cuantas"]) == (
        "2011000001",
        1,
    )


def test_the_crm_of_the_house_gives_what_holds_now_and_the_question_is_found_by_the_person(
    montar: Montar,
) -> None:
    web = montar()
    with web.session() as session, session.begin():
        ana = personas.crear_persona(
            session, NuevaPersona("CC", ANA, "Ana Rojas", "beneficiario"), now=NOW
        )
        personas.actualizar_datos(session, ana.id, {"celular": "3001112233"}, Acto("asesor", NOW))
        persona_id = ana.id
    entradas = (
        CRM + DE_QUIEN + valor("respuesta", "nombre = /filas/0/nombre, celular = /filas/0/celular")
    )

    instancia = correr(web, dibujo(entradas, salida("nombre", "text") + salida("celular", "text")))

    dicho = variables(web, instancia)
    assert (dicho["nombre"], dicho["celular"]) == ("Ana Rojas", "3001112233")
    assert leidas(web) == [("crm", "ok", "asesor", persona_id)]
    assert ("consulta_legado", "motor", f"persona:{persona_id}") in web.accesses()


def test_a_crm_outside_is_asked_where_there_is_one(montar: Montar) -> None:
    with suitecrm() as crm:
        crm.put(
            "Contacts",
            last_name="Ana Rojas",
            tipo_documento_c="CC",
            numero_documento_c=ANA,
            phone_mobile="3009998877",
        )
        web = montar(Instalacion(crm.url, *crm.client, crm.account))
        entradas = CRM + DE_QUIEN + COMO + valor("respuesta", "celular = /filas/0/celular")

        instancia = correr(web, dibujo(entradas, salida("celular", "text")))

    assert variables(web, instancia)["celular"] == "3009998877"
    assert crm.writes() == []


def test_a_crm_outside_that_is_gone_is_what_the_diagram_is_told(montar: Montar) -> None:
    with suitecrm() as crm:
        lugar = Instalacion(crm.url, *crm.client, crm.account)
    web = montar(lugar)

    instancia = correr(
        web,
        dibujo(
            CRM + DE_QUIEN + COMO + valor("respuesta", "celular = /filas/0/celular"),
            salida("celular", "text"),
        ),
    )

    assert incidentes(web) == []
    assert (variables(web, instancia)["como_le_fue"], variables(web, instancia)["celular"]) == (
        "no_disponible",
        None,
    )
    assert leidas(web) == [("crm", "no_disponible", "asesor", None)]


def test_somebody_of_whom_nothing_is_held_is_a_state_or_an_error_to_be_caught(
    montar: Montar,
) -> None:
    web = montar()

    con_estado = correr(web, dibujo(CCTEX + DE_QUIEN + SALDO + COMO, SALIDAS), num_doc=NADIE)
    sin_estado = correr(web, dibujo(CCTEX + DE_QUIEN + SALDO, SALIDAS), num_doc=NADIE)

    assert incidentes(web) == []
    assert (variables(web, con_estado)["como_le_fue"], variables(web, con_estado)["saldo"]) == (
        "sin_datos",
        None,
    )
    assert {"F", "sigue"} & pasos(web, sin_estado) == {"F"}


def test_a_system_that_does_not_answer_is_an_incident_in_words_and_is_asked_again_when_it_is_back(
    montar: Montar, archivo: Path
) -> None:
    web = montar()
    archivo.rename(archivo.with_suffix(".lejos"))

    instancia = correr(web, dibujo(CCTEX + DE_QUIEN + SALDO, SALIDAS))

    [uno] = incidentes(web)
    assert "C&CTEX" in uno
    assert leidas(web) == [("cctex", "no_disponible", "asesor", None)]
    archivo.with_suffix(".lejos").rename(archivo)
    with web.engine.uow.reading() as session:
        [abierto] = reads.incidents.open_ones(session)
    web.engine.incidents.resolve(
        abierto.id, Repair("retry", "C&CTEX ya responde"), actor=ADMIN, now=web.clock.now()
    )
    ejecutar(web)
    assert variables(web, instancia)["cuantas"] == 2


@pytest.mark.parametrize(
    ("de", "dicho"),
    [
        ("asesor", {"es_ella": "no"}),
        ("asesor", {"es_ella": None}),
        ("ciudadano", {}),  # who fills a public form
        ("equipo.7", {}),
    ],
)
def test_where_nobody_of_the_agency_confirmed_who_it_is_no_system_is_asked(
    montar: Montar, de: str, dicho: dict[str, Any]
) -> None:
    web = montar()

    correr(web, dibujo(CCTEX + DE_QUIEN + SALDO + COMO, SALIDAS), de, **dicho)

    [uno] = incidentes(web)
    assert "nadie de la entidad confirmó en «es_ella»" in uno
    assert (leidas(web), [a for a in web.accesses() if a[0] == "consulta_legado"]) == ([], [])


@pytest.mark.parametrize("numero", ["x' OR '1'='1", "no tiene", "0", "9" * 400, "ñ😀"])
def test_what_is_no_document_is_an_incident_in_words(montar: Montar, numero: str) -> None:
    web = montar()

    correr(web, dibujo(CCTEX + DE_QUIEN + SALDO + COMO, SALIDAS), num_doc=numero)

    [uno] = incidentes(web)
    assert "no es un documento que se pueda consultar" in uno
    assert leidas(web) == []


def test_a_system_that_this_place_has_not_connected_is_refused_where_the_diagram_is_written(
    montar: Montar,
) -> None:
    web = montar()

    halladas = web.engine.releases.check(
        {"permiso.bpmn": dibujo(valor("sistema", "cobol") + DE_QUIEN)}
    )

    assert "input_value" in {h.rule for h in halladas}


def test_the_panel_offers_only_what_is_connected(montar: Montar) -> None:
    [sistema] = [
        r
        for r in montar().engine.core.handlers.actions["sistema.consultar"].inputs
        if r.name == "sistema"
    ]

    assert sistema.options == (("crm", "CRM"), ("cctex", "C&CTEX"))
