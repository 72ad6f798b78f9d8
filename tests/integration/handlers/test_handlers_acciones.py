"""Actions that analysts choose in the panel: what they are given, what they give, what happens when
something is missing."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import GiveUp
from engine.states import ActorKind
from engine.types import SYSTEM, Actor, Handlers, Role, Trial
from handlers.acciones import buscar, numero_o_texto
from handlers.acciones.palabras import en_palabras
from handlers.acciones.plazos import ensayar
from records.casos import plazos_registrados
from records.casos.tablas import CasoRegistrado, PlazoRegistrado
from records.correo.tablas import Aviso
from records.cuentas.tablas import Cuenta
from records.plazos.reglas.calendario import situar, vencimiento
from tests.kit import web as web_kit
from tests.kit.clock import NOW
from tests.kit.diagrams import boundary, end, extension, lane, model, process, start
from tests.kit.play import findings
from tests.kit.web import WebKit

ASESOR = Actor(ActorKind.PERSON, "asesor", frozenset({Role("asesor")}))
CAMPOS = (
    '<v:field name="nombre" label="Nombre" required="true"/><v:field name="correo" label="Correo" type="email"/>'
    '<v:field name="uso" label="Uso" type="choice" decision="true" options="terraza:Terraza de un negocio|obra:Obra"/>'
    '<v:field name="metros" label="Metros" type="integer" decision="true"/>'
)
CARTA = b"Asunto: Su permiso {resolucion}\n\n{nombre}: para {uso} pague {valor} pesos antes del {plazo}."
ACTO = """Asunto: Permiso para {nombre}

# Resuelve

Se permite a {nombre} ocupar {metros} metros
para {uso}.

- Vale un año.
- Sígalo en {consulta}.{nota?}"""
MOTIVO = '<v:field name="motivo" label="Motivo"/>'
PIEZAS = {
    "permiso/cartas/por_que.es.txt": b"Asunto: Su permiso\n\nNos dijo: {motivo}",
    "permiso/cartas/uso.es.txt": b"Asunto: Su permiso\n\n{uso}, {metros}",
    "permiso/cartas/quien.es.txt": b"Asunto: Su permiso\n\n{nombre}",
    "permiso/cartas/solo_en_ingles.en.txt": b"Subject: Your permit\n\n{uso}",
    "permiso/cartas/cobro.es.txt": CARTA,
    "permiso/cartas/cobro.en.txt": b"Asunto: Your permit {resolucion}\n\n{nombre}: for {uso} pay {valor} pesos before {plazo}.",
    "permiso/traducciones/en.toml": b'[rotulos]\n"Terraza de un negocio" = "Terrace of a business"\n',
    "permiso/cartas/acto.es.txt": ACTO.encode(),
    "permiso/paquete.toml": 'formato = 1\nnombre = "Permiso"\ndueno = "Espacio Público"\nmodelos = ["permiso.bpmn"]\n'.encode(),
    "permiso/listas/tarifas.csv": b"uso;tarifa;nota\nterraza;1250;por metro\nobra;90;por metro\n",
}


def tarea(id_: str, accion: str, entradas: str = "", salidas: str = "") -> str:
    return f'<serviceTask id="{id_}" name="{id_}">{extension(f"""<v:handler name="{accion}"/>{entradas}{salidas}""")}</serviceTask>'


def valor(nombre: str, que: str) -> str:
    return f'<v:input name="{nombre}" value="{que}"/>'


def expr(nombre: str, que: str) -> str:
    return f'<v:input name="{nombre}" expr="{que}"/>'


def salida(nombre: str, tipo: str) -> str:
    return f'<v:output name="{nombre}" type="{tipo}"/>'


TARIFAS = valor("lista", "permiso/listas/tarifas")
PRECIO = tarea(
    "precio", "lista.buscar", TARIFAS + expr("clave", "uso"), salida("tarifa", "integer")
)
TOTAL = tarea("total", "datos.fijar", expr("valor", "tarifa * metros"), salida("valor", "number"))
NUMERO = tarea(
    "numera",
    "numero.dar",
    valor("patron", "RES-{aaaa}-{0000}") + valor("variable", "numero"),
    salida("numero", "text"),
)
FIJA = tarea("fija", "datos.fijar", expr("resolucion", "numero"), salida("resolucion", "text"))
PLAZO = tarea(
    "dias",
    "plazo.calcular",
    valor("dias", "10") + valor("variable", "plazo"),
    salida("plazo", "instant"),
)
ENVIA = tarea(
    "envia", "carta.enviar", valor("carta", "permiso/cartas/cobro") + valor("para", "correo")
)
AVISA = tarea(
    "avisa",
    "carta.avisar",
    valor("carta", "permiso/cartas/cobro") + valor("rol", "coordinador_gau"),
)


DADO = valor("variable", "uso")
PATRON = valor("patron", "RES-{aaaa}-{0000}")


def diagrama(*tareas: str, pasos: str) -> bytes:
    pide = f'<userTask id="pide" name="Pedir">{extension(CAMPOS)}</userTask>'
    nodos = start() + pide + "".join(tareas) + end()
    return model(
        process("permiso", nodos, f"S>pide>{pasos}>E", lanes=lane("ln", "asesor", "", "pide"))
    )


def todo() -> bytes:
    return diagrama(
        PRECIO,
        TOTAL,
        NUMERO,
        FIJA,
        PLAZO,
        ENVIA,
        AVISA,
        pasos="precio>total>numera>fija>dias>envia>avisa",
    )


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    registro = Handlers()
    kit = web_kit.with_actions(web_kit.build(tmp_path, sqlite_url, handlers=registro), registro)
    yield kit
    kit.engine.db.dispose()


def pedir(web: WebKit, contenido: bytes, ajeno: bytes | None = None, **valores: Any) -> str:
    """The instance, after its first form was sent; `ajeno`: another file in force."""
    otros = {"zeta.bpmn": ajeno} if ajeno is not None else {}
    web.engine.releases.deploy(
        {"permiso.bpmn": contenido, **otros, **PIEZAS}, actor=ASESOR, now=web.clock.now()
    )
    caso = web.engine.instances.start("permiso", actor=ASESOR, now=web.clock.now())
    dicho = {
        "nombre": "Yolanda Prada",
        "correo": "yolanda@correo.example",
        "uso": "terraza",
        "metros": 24,
        **valores,
    }
    web.engine.items.complete(caso.opened[0].id, values=dicho, actor=ASESOR, now=web.clock.now())
    return caso.instance_id


def decidir(web: WebKit, instancia: str, **valores: Any) -> None:
    """The open task of this instance, done."""
    with web.engine.uow.reading() as session:
        [abierta] = reads.items.of_case(session, instancia, only_open=True)
    web.engine.items.complete(abierta.id, values=valores, actor=ASESOR, now=web.clock.now())


def avisos(web: WebKit) -> list[tuple[str, str, str]]:
    with web.engine.uow.reading() as session:
        return [
            (a.para, a.asunto, a.texto)
            for a in session.scalars(sa.select(Aviso).order_by(Aviso.id))
        ]


def incidentes(web: WebKit) -> list[str]:
    with web.engine.uow.reading() as session:
        return [i.error for i in reads.incidents.open_ones(session)]


def test_a_case_is_priced_numbered_dated_and_written_to_without_code(web: WebKit) -> None:
    pedir(web, todo())

    assert incidentes(web) == []
    (a_quien, asunto, cuerpo), *otros = avisos(web)
    assert (a_quien, asunto) == ("yolanda@correo.example", "Su permiso RES-2026-0001")
    assert cuerpo.startswith(
        "Yolanda Prada: para Terraza de un negocio pague 30.000 pesos antes del "
    )
    assert {correo for correo, _asunto, _texto in otros} == {"coordinador@ejemplo.test"}
    pedir(web, todo())
    assert [asunto for _para, asunto, _texto in avisos(web)][-1] == "Su permiso RES-2026-0002"


def test_a_letter_speaks_the_language_that_the_person_used_and_to_each_colleague_theirs(
    web: WebKit,
) -> None:
    pide = f'<userTask id="pide" name="Pedir">{extension(CAMPOS)}</userTask><userTask id="decide" name="Decidir"/>'
    nodos = start() + pide + f"{PRECIO}{TOTAL}{NUMERO}{FIJA}{PLAZO}{ENVIA}{AVISA}" + end()
    pasos = "S>pide>decide>precio>total>numera>fija>dias>envia>avisa>E"
    instancia = pedir(
        web,
        model(process("permiso", nodos, pasos, lanes=lane("ln", "asesor", "", "pide", "decide"))),
    )

    def en_ingles(session: Session) -> None:
        dicho = {
            "para": "yolanda@correo.example",
            "asunto": "x",
            "texto": "x",
            "creado": web.clock.now(),
            "idioma": "en",
        }
        session.add(Aviso(clave=f"solicitud:{instancia}", tipo="solicitud", **dicho))
        session.execute(
            sa.update(Cuenta).where(Cuenta.correo == "coordinador@ejemplo.test").values(idioma="en")
        )

    web.engine.uow.run(en_ingles)
    decidir(web, instancia)

    with web.engine.uow.reading() as session:
        suya, *colegas = session.scalars(
            sa.select(Aviso).where(Aviso.tipo != "solicitud").order_by(Aviso.id)
        )
    assert (suya.idioma, suya.asunto) == ("en", "Your permit RES-2026-0001")
    assert suya.texto.startswith(
        "Yolanda Prada: for Terrace of a business pay 30.000 pesos before "
    )
    assert re.search(r"before [A-Z][a-z]+day \d+ [A-Z][a-z]+ 20\d\d\.$", suya.texto), (
        "a day as English says it"
    )
    assert {(a.para, a.idioma, a.asunto) for a in colegas} == {
        ("coordinador@ejemplo.test", "en", "Your permit RES-2026-0001")
    }


def test_without_an_address_the_letter_is_a_duty(web: WebKit) -> None:
    pedir(
        web,
        diagrama(
            PRECIO, TOTAL, NUMERO, FIJA, PLAZO, ENVIA, pasos="precio>total>numera>fija>dias>envia"
        ),
        correo="",
    )

    with web.engine.uow.reading() as session:
        [aviso] = session.scalars(sa.select(Aviso))
    assert (aviso.para, aviso.error) == ("", "sin correo: avisar por otro medio")


def test_a_letter_that_names_what_this_case_does_not_know_is_an_incident_and_no_letter(
    web: WebKit,
) -> None:
    pedir(
        web,
        diagrama(
            ENVIA, PLAZO, NUMERO, FIJA, TOTAL, PRECIO, pasos="envia>dias>numera>fija>precio>total"
        ),
    )

    assert avisos(web) == []
    [error] = incidentes(web)
    assert "plazo, resolucion, valor" in error


def test_the_reason_of_an_act_inside_is_no_word_of_a_letter(web: WebKit) -> None:
    pide = f'<userTask id="pide" name="Pedir">{extension(CAMPOS + MOTIVO)}</userTask><userTask id="decide" name="Decidir"/>'
    nodos = (
        start()
        + pide
        + tarea(
            "envia",
            "carta.enviar",
            valor("carta", "permiso/cartas/por_que") + valor("para", "correo"),
        )
        + end()
    )
    dibujo = model(
        process(
            "permiso",
            nodos,
            "S>pide>decide>envia>E",
            lanes=lane("ln", "asesor", "", "pide", "decide"),
        )
    )
    instancia = pedir(web, dibujo, motivo="Para la feria")

    for acto in (web.engine.instances.suspend, web.engine.instances.resume):
        acto(instancia, reason="El solicitante es sospechoso", actor=SYSTEM, now=web.clock.now())
    decidir(web, instancia)

    assert [cuerpo for _para, _asunto, cuerpo in avisos(web)] == ["Nos dijo: Para la feria"]


def test_a_letter_says_what_was_corrected_also_of_a_field_that_is_no_variable(web: WebKit) -> None:
    busca = CAMPOS.replace('name="nombre"', 'name="nombre" search="true"').replace(
        'name="correo"', 'name="correo" search="true"'
    )
    pide = f'<userTask id="pide" name="Pedir">{extension(busca)}</userTask><userTask id="decide" name="Decidir"/>'
    nodos = (
        start()
        + pide
        + tarea(
            "envia",
            "carta.enviar",
            valor("carta", "permiso/cartas/quien") + valor("para", "correo"),
        )
        + end()
    )
    dibujo = model(
        process(
            "permiso",
            nodos,
            "S>pide>decide>envia>E",
            lanes=lane("ln", "asesor", "", "pide", "decide"),
        )
    )
    instancia = pedir(web, dibujo)
    dicho = {"nombre": "Yolanda Prado", "correo": "prado@correo.example"}
    web.engine.corrections.correct(
        instancia, dicho, reason="Quedó mal tomado", actor=SYSTEM, now=web.clock.now()
    )
    decidir(web, instancia)

    assert [(para, cuerpo) for para, _asunto, cuerpo in avisos(web)] == [
        ("prado@correo.example", "Yolanda Prado")
    ]


def test_a_letter_says_what_holds_now_in_the_words_of_the_process_that_it_is_of(
    web: WebKit,
) -> None:
    cambia = tarea(
        "cambia",
        "datos.fijar",
        expr("uso", "'obra'") + expr("metros", "metros + 1"),
        salida("uso", "text") + salida("metros", "integer"),
    )
    envia = tarea(
        "envia", "carta.enviar", valor("carta", "permiso/cartas/uso") + valor("para", "correo")
    )
    otros = (
        '<v:field name="uso" label="Uso" type="choice" options="terraza:Azotea|obra:Demolición"/>'
    )
    otro = f'<userTask id="mira" name="Mirar">{extension(otros)}</userTask>'
    ajeno = model(
        process("zeta", start() + otro + end(), "S>mira>E", lanes=lane("lz", "asesor", "", "mira"))
    )

    pedir(
        web,
        diagrama(envia, cambia, envia.replace('"envia"', '"repite"'), pasos="envia>cambia>repite"),
        ajeno=ajeno,
    )

    assert incidentes(web) == []
    assert [cuerpo for _para, _asunto, cuerpo in avisos(web)] == [
        "Terraza de un negocio, 24",
        "Obra, 25",
    ]


def test_what_a_list_does_not_hold_is_an_error_that_the_diagram_may_catch(web: WebKit) -> None:
    busca = tarea(
        "precio", "lista.buscar", TARIFAS + valor("clave", "andamio"), salida("tarifa", "integer")
    )
    borde = boundary("no", "precio", '<errorEventDefinition errorRef="err"/>')
    pide = f'<userTask id="pide" name="Pedir">{extension(CAMPOS)}</userTask>'
    nodos = start() + pide + busca + borde + end("E", "F")
    dibujo = model(
        process("permiso", nodos, "S>pide>precio>E no>F", lanes=lane("ln", "asesor", "", "pide")),
        defs='<error id="err" errorCode="ERR_LISTA"/>',
    )

    instancia = pedir(web, dibujo)

    assert incidentes(web) == []
    with web.engine.uow.reading() as session:
        assert [
            s.element for s in reads.history.steps(session, instancia) if s.element in {"E", "F"}
        ] == ["F"]


@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
def test_a_list_is_read_whatever_its_lines_end_with(fin: str) -> None:
    assert buscar(lista(f"uso;tarifa{fin}obra;5{fin}terraza;7{fin}")) == {"tarifa": 7}


def test_a_list_that_cannot_be_read_says_where() -> None:
    with pytest.raises(GiveUp, match=r"permiso/listas/tarifas\.csv, línea 1: no se puede leer"):
        buscar(lista("uso;tarifa\n" + "x" * 140_000 + ";5\n"))


def lista(texto: str) -> Trial:
    dadas = {"lista": "permiso/listas/tarifas", "clave": "terraza"}
    return Trial(
        Session(),
        dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC),
        {},
        dadas,
        {"permiso/listas/tarifas.csv": texto}.get,
        dict,
    )


@pytest.mark.parametrize(
    ("entradas", "regla"),
    [
        (("numero.dar", DADO), "input_missing"),
        (("numero.dar", DADO + PATRON + valor("color", "rojo")), "input_unknown"),
        (("numero.dar", DADO + PATRON * 2), "input_twice"),
        (("numero.dar", DADO + '<v:input name="patron"/>'), "input_way"),
        (("numero.dar", DADO + '<v:input name="patron" value="a" expr="uso"/>'), "input_way"),
        (("numero.dar", DADO + valor("patron", "RES-{aaaa}")), "input_value"),
        (("numero.dar", valor("variable", "metros") + PATRON), "input_output"),
        (("plazo.calcular", DADO + valor("dias", "diez")), "input_value"),
        (("plazo.calcular", DADO + valor("dias", "1.5")), "input_value"),
        (("plazo.calcular", DADO + valor("dias", "-1")), "input_value"),
        (("plazo.calcular", DADO + valor("dias", "2501")), "input_value"),
        (("carta.enviar", valor("carta", "permiso/cartas/otra")), "input_letter"),
        (("carta.enviar", valor("carta", "permiso/cartas/solo_en_ingles")), "input_letter"),
        (("carta.enviar", valor("carta", "permiso/cartas/cobro")), "input_word"),
        (
            ("lista.buscar", valor("lista", "permiso/listas/otra") + valor("clave", "a")),
            "input_letter",
        ),
        (
            ("carta.enviar", valor("carta", "permiso/cartas/uso") + valor("para", "nadie")),
            "input_name",
        ),
        (("numero.dar", DADO + expr("patron", "nada + 1")), "variable_unknown"),
        (("numero.dar", DADO + expr("patron", "1 +")), "expression"),
    ],
)
def test_what_an_action_is_given_wrongly_is_refused(
    web: WebKit, entradas: tuple[str, str], regla: str
) -> None:
    dibujo = diagrama(tarea("x", *entradas, salida("uso", "text")), pasos="x")
    halladas = web.engine.releases.check({"permiso.bpmn": dibujo, **PIEZAS})

    assert {f.rule for f in halladas if f.severity == "error"} == {regla}


def test_a_letter_may_name_fields_variables_what_tables_give_and_what_the_register_knows(
    web: WebKit,
) -> None:
    palabras = " ".join(
        f"{{{palabra}}}"
        for palabra in (
            "nombre",
            "correo",
            "uso",
            "numero",
            "asunto",
            "lugar",
            "vence",
            "consulta",
            "hoy",
        )
    )
    carta = {"permiso/cartas/uso.es.txt": f"Asunto: Todo\n\n{palabras}".encode()}
    dibujo = diagrama(tarea("x", "carta.enviar", valor("carta", "permiso/cartas/uso")), pasos="x")

    assert web.engine.releases.check({"permiso.bpmn": dibujo, **PIEZAS, **carta}) == []


def test_a_letter_in_another_language_may_name_no_more_than_the_case_knows(web: WebKit) -> None:
    dibujo = diagrama(tarea("x", "carta.enviar", valor("carta", "permiso/cartas/uso")), pasos="x")
    otra = {"permiso/cartas/uso.en.txt": b"Asunto: All\n\n{uso} {nothing}"}

    [hallado] = web.engine.releases.check({"permiso.bpmn": dibujo, **PIEZAS, **otra})
    assert (
        hallado.rule,
        "permiso/cartas/uso.en.txt" in str(hallado),
        "nothing" in str(hallado),
    ) == ("input_word", True, True)


def test_another_text_of_a_letter_is_another_version_of_the_process_that_sends_it(
    web: WebKit,
) -> None:
    envia = tarea("x", "carta.enviar", valor("carta", "permiso/cartas/uso"))
    ajeno = model(process("zeta", start() + end(), "S>E"))
    archivos = {"permiso.bpmn": diagrama(envia, pasos="x"), "zeta.bpmn": ajeno, **PIEZAS}
    web.engine.releases.deploy(archivos, actor=ASESOR, now=web.clock.now())
    otra = {"permiso/cartas/uso.es.txt": b"Asunto: Su permiso\n\n{uso}"}

    assert web.engine.releases.deploy(otra, actor=ASESOR, now=web.clock.now()).changed == (
        "permiso",
    )


def test_a_handler_without_inputs_takes_none() -> None:
    assert "input_unknown" in {
        f.rule for f in findings(diagrama(tarea("x", "h", valor("a", "b")), pasos="x"))
    }


@pytest.mark.parametrize(
    ("dato", "dicho"),
    [
        (None, ""), (True, "Sí"), (False, "No"), (1250000, "1.250.000"), (-3, "-3"), (1250.5, "1250,50"),
        (12500.5, "12.500,50"), ("texto", "texto"),
        (2026, "2026"), (-9999, "-9999"), (10000, "10.000"), ("19790228", "19790228"), ("2026-W48-1", "2026-W48-1"),
        ("0001-01-01T00:00+14:00", "0001-01-01T00:00+14:00"),
        ("2026-12-14", "lunes 14 de diciembre de 2026"), ("2026-12-14T22:00:00+00:00", "lunes 14 de diciembre de 2026"),
        ("9999-99-99", "9999-99-99"), ("T", "T"), (["a", 2], "a, 2"),
    ],
)  # fmt: skip
def test_a_value_as_a_letter_says_it(dato: Any, dicho: str) -> None:
    assert en_palabras(dato) == dicho


@pytest.mark.parametrize(
    ("celda", "leida"),
    [
        ("12", 12),
        (" 1.5 ", 1.5),
        ("-2.5", -2.5),
        ("1.2.3", "1.2.3"),
        ("", ""),
        ("nan", "nan"),
        ("05001", "05001"),
        ("0", 0),
        ("0.5", 0.5),
        ("1_000", "1_000"),
        ("9" * 400, "9" * 400),
        ("inf", "inf"),
        ("٣", "٣"),
    ],
)
def test_a_cell_of_a_list_is_a_number_where_it_is_written_as_one(celda: str, leida: object) -> None:
    assert numero_o_texto(celda) == leida


# --- legal deadlines ------------------------------------------------------------------------------
def con_caso(*entradas: str) -> bytes:
    """A process that opens cases, whose step registers a deadline."""
    hace = tarea("registra", "plazo.registrar", "".join(entradas), salida("fin", "instant"))
    return diagrama(hace, pasos="registra").replace(
        b'isExecutable="true">',
        b'isExecutable="true">' + extension('<v:case number="PL-{0000}"/>').encode(),
        1,
    )


def plazos(web: WebKit, caso: str) -> tuple[list[PlazoRegistrado], CasoRegistrado]:
    with web.engine.uow.reading() as session:
        suyo = session.scalars(
            sa.select(CasoRegistrado).where(CasoRegistrado.case_key == caso)
        ).one()
        return list(plazos_registrados.del_caso(session, caso)), suyo


def test_a_step_registers_a_legal_deadline_which_is_the_term_of_the_case(web: WebKit) -> None:
    caso = pedir(
        web,
        con_caso(
            valor("nombre", "Término para responder"), valor("dias", "15"), valor("variable", "fin")
        ),
    )
    assert incidentes(web) == []
    [plazo], suyo = plazos(web, caso)
    assert (plazo.nombre, plazo.dias, plazo.desde) == (
        "Término para responder",
        15,
        web.clock.now(),
    )
    assert plazo.vence == suyo.vence == vencimiento(web.clock.now(), 15)
    pagina = web.browser("coordinador").get(f"/caso/{caso}").text
    assert "Término para responder" in pagina
    assert "15 días hábiles" in pagina
    ensayo = Trial(Session(), web.clock.now(), {}, {"nombre": "Otro", "fecha": "2026-12-14"})
    assert dict(ensayar(ensayo).said)["Vence"] == "lunes 14 de diciembre de 2026"


@pytest.mark.parametrize(
    ("entradas", "dice"),
    [
        ((valor("fecha", "2026-12-14"),), ""),
        ((valor("fecha", "2026-12-14"), valor("dias", "3")), "solo una de las dos cosas"),
        ((), "solo una de las dos cosas"),
        ((expr("fecha", "nombre"),), "no es una fecha"),
        ((valor("fecha", "9999-12-31"),), "no es una fecha"),
        ((valor("fecha", "2050-01-31"),), "más de diez años"),
        ((valor("dias", "3"), valor("desde", "2026-02-30")), "no es una fecha (desde)"),
        ((valor("fecha", "2026-12-14"), valor("desde", "0001-01-01")), "más de diez años"),
        ((valor("fecha", "2026-12-14"), valor("desde", "2026-12-15")), "después de que vence"),
        ((expr("dias", "metros / 7"),), "no son días hábiles"),
    ],
)
def test_what_is_no_deadline_is_an_incident_in_words(
    web: WebKit, entradas: tuple[str, ...], dice: str
) -> None:
    campos = con_caso(valor("nombre", "Término"), *entradas).replace(
        b'name="nombre" label', b'name="nombre" decision="true" label', 1
    )
    caso = pedir(web, campos)
    hechos, suyo = plazos(web, caso)
    assert [dice in error for error in incidentes(web)] == ([True] if dice else [])
    assert len(hechos) == (0 if dice else 1)
    assert (suyo.vence is None) is bool(dice)


def test_an_hour_without_a_zone_is_that_of_the_agency() -> None:
    dado = {"nombre": "Término", "fecha": "2026-12-14T10:00", "variable": "fin"}
    try:
        situar(ZoneInfo("Europe/Madrid"), "ES")
        assert ensayar(Trial(Session(), NOW, {}, dado)).gives == {
            "fin": "2026-12-14T09:00:00+00:00"
        }
    finally:
        situar()


def test_a_process_without_cases_has_nothing_to_register_it_to(web: WebKit) -> None:
    hace = tarea("registra", "plazo.registrar", valor("nombre", "Término") + valor("dias", "3"))
    pedir(web, diagrama(hace, pasos="registra"))
    [error] = incidentes(web)
    assert "no abre casos con plazo propio" in error
