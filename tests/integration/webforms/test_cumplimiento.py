"""The reviewer's pages: cases of every process in one list, a file in days of Bogotá, and the
verdict on each deadline of a case."""

import csv
import datetime as dt
import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from engine import reads
from engine.store import guard
from engine.store.tables import Instance, Item
from engine.types import SYSTEM
from records.base.actos import Acto
from records.casos.casos import NuevoCaso, crear_caso, radicar
from records.casos.tablas import Caso
from records.catalogos.catalogo import cargar_catalogo
from records.cuentas.tablas import Cuenta
from records.personas.personas import NuevaPersona, crear_persona
from records.visita.tablas import Atencion
from tests.kit import diagrams as m, public as public_kit, web as web_kit
from tests.kit.cast import ADMIN, WHY, person
from tests.kit.clock import MINUTE, bogota
from tests.kit.public import Point
from tests.kit.statements import counting
from tests.kit.web import csrf, followed
from webforms.comandos.auditoria import audit

RADICADO = "2026-0000001"
RECIBIDO = bogota(2026, 11, 23, 22, 30)  # the 24th in UTC
#: Filters that the records alone can answer: they hide what has no case there.
DE_CASOS = (
    "radicado=1",
    "estado=en_atencion",
    "termino=vigente",
    "vencidos=1",
    "reasignados=1",
    "area=VCC",
)


def mundo(carpeta: Path, url: str) -> Point:
    """A visit that the records have no case of yet, and a case of another one."""
    kit = public_kit.build(carpeta, url)
    kit.take_turn(kit.device("quiosco-1"))
    kit.take_turn(kit.device("quiosco-1"))
    visita = kit.turnos()[1]
    with kit.web.session() as s:
        cargar_catalogo(s)
        persona = crear_persona(
            s,
            NuevaPersona(
                tipo_doc="CC", num_doc="52123456", nombre="Lucía R", calidad="beneficiario"
            ),
            now=RECIBIDO,
        )
        nuevo = NuevoCaso(
            turno_id=None,
            punto_id="BOG-AGU",
            persona_id=persona.id,
            clase="reclamo",
            tema="R01",
            descripcion="Un pago.",
        )
        caso = crear_caso(s, nuevo, Acto("asesor", RECIBIDO))
        radicar(s, caso.caso_id, Acto("asesor", RECIBIDO), dias_termino=15, prorroga_max=15)
        s.get_one(Caso, caso.caso_id).case_key = visita.case_key
        s.commit()
    return kit


@pytest.fixture(scope="module")
def punto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Point]:
    """Only to be read."""
    carpeta = tmp_path_factory.mktemp("revision")
    kit = mundo(carpeta, f"sqlite:///{carpeta / 'v.db'}")
    yield kit
    kit.web.engine.db.dispose()


@pytest.fixture(scope="module")
def revisor(punto: Point) -> FlaskClient:
    return punto.web.browser("revisor")


def hallados(revisor: FlaskClient, consulta: str = "") -> list[str]:
    """The names of the cases of the list, in its order."""
    pagina = revisor.get(f"/cumplimiento?{consulta}")
    assert pagina.status_code == 200, pagina.status
    filas = re.findall(
        r'<th role="rowheader" scope="row">(.*?)</th>', unescape(pagina.text), re.DOTALL
    )
    return [RADICADO if RADICADO in fila else "visita" for fila in filas]


def archivo(revisor: FlaskClient, cual: str = "casos.csv") -> list[dict[str, str]]:
    texto = revisor.get(f"/cumplimiento/{cual}").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(texto.removeprefix("\ufeff")), delimiter=";"))


def test_the_list_holds_cases_of_every_process_once_each(revisor: FlaskClient) -> None:
    assert hallados(revisor) == ["visita", RADICADO], (
        "the case is that of its visit, and began before"
    )


@pytest.mark.parametrize("consulta", DE_CASOS)
def test_what_only_the_records_say_finds_cases_of_the_records_only(
    revisor: FlaskClient, consulta: str
) -> None:
    assert "visita" not in hallados(revisor, consulta)


@pytest.mark.parametrize(
    ("consulta", "cuales"),
    [
        ("proceso=visita", ["visita", RADICADO]),
        ("proceso=visita:1", ["visita", RADICADO]),
        ("proceso=visita:2", []),
        ("proceso=escalonamiento", []),
        ("proceso=visita:" + "9" * 40, ["visita", RADICADO]),
        ("proceso=visita&abiertos=1", ["visita", RADICADO]),
        ("desde=24/11/2026", ["visita"]),
        ("hasta=23/11/2026", [RADICADO]),
        ("punto=BOG-AGU", ["visita", RADICADO]),
        ("punto=CLO-CEN", []),
        ("persona=lucia", [RADICADO]),
        ("termino=vigente", [RADICADO]),
        ("termino=incumplido", []),
        ("asesor=asesor", [RADICADO]),
        ("asesor=ASESOR", [RADICADO]),
        ("asesor=colega", []),
    ],
)
def test_each_filter_finds_what_it_describes(
    punto: Point, revisor: FlaskClient, consulta: str, cuales: list[str]
) -> None:
    proceso = (
        punto.web.session().scalar(sa.text("select process from instance"))
        if "visita" in consulta
        else ""
    )
    assert hallados(revisor, consulta.replace("proceso=visita", f"proceso={proceso}")) == cuales


# --- what is wrong with a filter stands at its field, and no other list is shown ------------------
def al_campo(pagina: str, campo: str) -> str:
    """What is said at this field; it is tied to it, and named in the summary."""
    (dicho,) = re.findall(
        rf'<p class="error mb-1" id="{campo}-e">\s*<span class="visually-hidden">Error: </span>(.*?)\s*</p>',
        pagina,
    )
    control = re.findall(rf'<input[^>]* id="{campo}"[^>]*>', pagina, re.DOTALL)[0]
    assert ('aria-invalid="true"' in control, f"{campo}-e" in control) == (True, True)
    assert f'<a href="#{campo}">{dicho}</a>' in pagina
    return str(dicho)


@pytest.mark.parametrize(
    ("consulta", "campo", "dicho"),
    [
        ("asesor=nadie.así", "asesor", "No hay nadie con ese nombre ni con ese usuario"),
        ("desde=31/02/2026", "desde", "Escriba la fecha como día/mes/año"),
        (
            "desde=25/11/2026&hasta=24/11/2026",
            "hasta",
            "«Recibido hasta» es anterior a «Recibido desde»",
        ),
    ],
)
def test_a_filter_that_cannot_be_says_so_at_its_field_keeps_what_was_typed_and_shows_no_list(
    revisor: FlaskClient, consulta: str, campo: str, dicho: str
) -> None:
    respuesta = revisor.get(f"/cumplimiento?radicado=77&{consulta}")
    pagina = unescape(respuesta.text)
    assert respuesta.status_code == 422
    assert dicho in al_campo(pagina, campo)
    for parte in consulta.split("&"):
        nombre, _, escrito = parte.partition("=")
        assert f'id="{nombre}" name="{nombre}" value="{escrito}"' in " ".join(pagina.split())
    assert 'value="77"' in pagina
    assert ('<th role="rowheader"' in pagina, "Exportar la lista" in pagina) == (False, False)
    assert "No se buscó nada" in pagina
    assert revisor.get(f"/cumplimiento/casos.csv?{consulta}").status_code == 302, (
        "nor does a file leave"
    )


def test_the_adviser_is_found_by_the_name_that_pages_show_also_in_visits_that_have_no_case(
    tmp_path: Path, sqlite_url: str
) -> None:
    punto = mundo(tmp_path, sqlite_url)
    punto.until_power(punto.turnos()[0])  # 5.2.4: identified at the desk; nothing is filed
    with punto.web.session() as s:
        s.execute(
            sa.update(Cuenta).where(Cuenta.usuario == "asesor").values(nombre="Viviana Álvarez")
        )
        s.execute(sa.update(Cuenta).where(Cuenta.usuario == "colega").values(nombre="Viviana Alba"))
        s.execute(sa.update(Cuenta).where(Cuenta.usuario == "lejana").values(nombre="Viviana Alba"))
        titular = NuevaPersona(
            tipo_doc="CC", num_doc="1020304050", nombre="Mateo R", calidad="beneficiario"
        )
        s.execute(sa.update(Atencion).values(persona_id=crear_persona(s, titular, now=RECIBIDO).id))
        s.commit()
    revisor = punto.web.browser("revisor")
    for escrito in ("asesor", "viviana alvarez", "Álvarez", "Viviana Álvarez (asesor)"):
        assert hallados(revisor, f"asesor={escrito}") == ["visita", RADICADO], escrito
    assert hallados(revisor, "asesor=Viviana Alba (colega)") == []
    varias = unescape(revisor.get("/cumplimiento?asesor=viviana").text)
    assert (
        "Varias personas se llaman así: Viviana Alba (colega), Viviana Alba (lejana), Viviana Álvarez (asesor)."
        in al_campo(varias, "asesor")
    )
    ofrecidos = re.findall(r'<option value="([^"]+)"></option>', varias)
    assert {"Viviana Álvarez", "Viviana Alba (colega)"} <= set(ofrecidos), (
        "the user name only where names are the same"
    )
    token = csrf(revisor.get("/cumplimiento").text)
    respuesta = revisor.post(
        "/cumplimiento", data={"csrf_token": token, "num_doc": "CC 1.020.304.050"}
    )
    assert hallados(revisor, respuesta.location.partition("?")[2]) == ["visita"], (
        "whoever was identified at the desk"
    )
    punto.web.engine.db.dispose()


@pytest.mark.parametrize(
    "escrito", ["CC 52123456", "cc. 52.123.456", "C.C. 52 123 456", "52-123-456"]
)
def test_a_document_is_found_as_people_write_it(revisor: FlaskClient, escrito: str) -> None:
    respuesta = revisor.post(
        "/cumplimiento",
        data={"csrf_token": csrf(revisor.get("/cumplimiento").text), "num_doc": escrito},
    )
    assert "52" not in respuesta.location.partition("de=")[0]
    assert hallados(revisor, respuesta.location.partition("?")[2]) == [RADICADO]


@pytest.mark.parametrize(
    ("escrito", "dicho"),
    [
        ("CE 52123456", "Nadie tiene este documento: revise el número"),
        ("10000001", "Nadie tiene este documento: revise el número"),
        ("la de Ana", "Escriba el número del documento, con su tipo o sin él: CC 52.123.456"),
        ("la de Lucía", "Escriba el número del documento, con su tipo o sin él: CC 52.123.456"),
        ("1", "Escriba el número del documento, con su tipo o sin él: CC 52.123.456"),
    ],
)
def test_a_document_that_nobody_has_or_that_is_none_is_told_at_its_field(
    revisor: FlaskClient, escrito: str, dicho: str
) -> None:
    token = csrf(revisor.get("/cumplimiento").text)
    respuesta = revisor.post(
        "/cumplimiento", data={"csrf_token": token, "num_doc": escrito, "persona": "lucia"}
    )
    pagina = unescape(respuesta.text)
    assert respuesta.status_code == 422
    assert al_campo(pagina, "num_doc") == dicho
    assert f'value="{escrito}"' in pagina
    assert 'value="lucia"' in pagina
    assert '<th role="rowheader"' not in pagina


def test_the_file_says_days_of_the_reader_and_moments_in_columns_of_their_own(
    revisor: FlaskClient,
) -> None:
    visita, caso = archivo(revisor)
    assert (caso["radicado"], caso["recepcion"], caso["recepcion_iso"]) == (
        RADICADO,
        "23/11/2026",
        "2026-11-23T22:30:00-05:00",
    )
    assert (caso["limite_respuesta"], caso["limite_respuesta_iso"]) == (
        "15/12/2026",
        "2026-12-15T23:59:59-05:00",
    )
    assert (caso["termino"], caso["enviado"], caso["enviado_iso"], caso["area"]) == (
        "Vigente",
        "",
        "",
        "",
    )
    assert visita["proceso"] == caso["proceso"] != ""
    assert (
        visita["radicado"],
        visita["documento"],
        visita["vencido"],
        visita["limite_respuesta"],
    ) == ("", "", "", "")
    assert visita["caso"].startswith("Turno ")


def test_the_file_is_in_words_and_has_the_codes_in_columns_of_their_own(
    revisor: FlaskClient,
) -> None:
    visita, caso = archivo(revisor)
    dichos = {"punto": "Bogotá Aguas", "clase": "Reclamo", "tema": "Pago no aplicado", "estado": "En atención", "vencido": "no",
              "asesor": "Andrés Salcedo", "caso": RADICADO, "proceso": "Atención personalizada"}  # fmt: skip
    codigos = {
        "punto_codigo": "BOG-AGU",
        "tema_codigo": "R01",
        "estado_codigo": "en_atencion",
        "asesor_usuario": "asesor",
    }
    assert {n: caso[n] for n in (*dichos, *codigos)} == dichos | codigos
    assert (visita["punto"], visita["punto_codigo"], visita["proceso"]) == (
        dichos["punto"],
        "BOG-AGU",
        dichos["proceso"],
    )
    assert visita["proceso_codigo"] == caso["proceso_codigo"] != ""
    assert (visita["asesor"], visita["tema_codigo"], "nombre" in caso) == ("", "", False)


def test_what_tables_decided_in_the_cases_of_the_list_is_a_file_too(
    punto: Point, revisor: FlaskClient
) -> None:
    una, otra = archivo(revisor, "decisiones.csv")
    assert (una["caso"][:6], otra["caso"]) == ("Turno ", RADICADO), "in the order of the list"
    assert (otra["tabla"], otra["version"], otra["reglas"], otra["segun"]) == (
        "Prioridad del turno",
        "1",
        "2",
        "Servicio adquirido",
    )
    assert (otra["con"], otra["registro"]) == (
        "Condición: Atención general; Motivo de la visita: Mi crédito o servicio",
        "1",
    )
    assert (otra["archivo"], len(otra["huella"])) == ("prioridad_turno.dmn", 64)
    assert otra["resulto"] == "Peso: 1; Minutos por punto: 30; Letra: A"
    assert archivo(revisor, "decisiones.csv?radicado=1") == [otra], "of the list that was asked for"
    with punto.web.engine.db.connect() as c:
        anotadas = (
            c.execute(sa.text("select subject from access where kind = 'exportacion'"))
            .scalars()
            .all()
        )
    assert anotadas.count("decisiones.csv") == 2


def test_a_case_that_the_records_know_nothing_of_says_that_no_deadline_runs(
    punto: Point, revisor: FlaskClient
) -> None:
    pagina = followed(
        unescape(revisor.get(f"/cumplimiento/caso/{punto.turnos()[0].case_key}").text)
    )
    assert "Ningún plazo corre en este caso" in pagina


def test_a_case_begins_with_its_verdict_and_a_list_costs_the_same_however_many_there_are(
    tmp_path: Path, db_url: str
) -> None:
    punto = mundo(tmp_path, db_url)
    revisor = punto.web.browser("revisor")

    def costo() -> int:
        with counting(punto.web.engine.db) as cuenta:
            assert revisor.get("/cumplimiento").status_code == 200
        return len(cuenta.texts)

    costo()  # names are read once and kept
    antes = costo()
    for _ in range(3):
        punto.take_turn(punto.device("quiosco-1"))
    assert costo() == antes <= 15
    assert [fila["radicado"] for fila in archivo(revisor)] == ["", "", "", "", RADICADO]
    for consulta in (
        *DE_CASOS,
        "proceso=visita:1&abiertos=1&punto=BOG-AGU&persona=lu&desde=01/11/2026&hasta=30/11/2026",
    ):
        hallados(revisor, consulta)

    with punto.web.session() as s:
        clave = s.scalars(sa.select(Caso.case_key)).one()
    for ahora, enviado, cabeza, fila in (
        (bogota(2026, 12, 15, 18), None, "Vence hoy", "Vigente"),
        (bogota(2026, 12, 17, 8), None, "Sin respuesta: 2 días hábiles tarde", "Incumplido"),
        (bogota(2026, 12, 17, 9), bogota(2026, 12, 15, 23), "Respondido a tiempo", "Cumplido"),
        (
            bogota(2026, 12, 22, 8),
            bogota(2026, 12, 16, 9),
            "Respondido 1 día hábil tarde",
            "Incumplido",
        ),
    ):
        with punto.web.session() as s:
            s.execute(sa.update(Caso).values(enviado=enviado))
            s.commit()
        punto.clock.advance(ahora - punto.clock.now())
        pagina = followed(
            unescape(punto.web.browser("revisor").get(f"/cumplimiento/caso/{clave}").text)
        )
        assert f">{cabeza}</span>" in pagina[: pagina.index("¿A tiempo?")]
        (termino,) = re.findall(
            r'<tr role="row"> <th role="rowheader" scope="row">Responder a la persona.*?</tr>',
            pagina,
        )
        assert f">{fila}</span>" in termino
        assert "15 días hábiles desde el lun 23 nov" in termino
    punto.web.engine.db.dispose()


def test_each_time_that_a_step_was_passed_stands_in_the_path_with_its_moment_and_who(
    tmp_path: Path,
) -> None:
    web = web_kit.build(tmp_path, f"sqlite:///{tmp_path / 'v.db'}")
    nodos = (
        m.start("ini")
        + m.user("uno", fields="sigue")
        + m.gate("exclusive", "vuelta")
        + '<exclusiveGateway id="si" default="f_si_dos"/>'
        + m.user("dos")
        + m.end("fin")
    )
    carril = m.lane("l", "coordinador_gau", "", "ini", "vuelta", "uno", "si", "dos", "fin")
    flujos = m.flows("""ini>vuelta>uno>si dos>fin si>vuelta?sigue~==~"otra" si>dos""")
    web.deploy({"p.bpmn": m.model(m.process("p", nodos + flujos, lanes=carril))})
    tarea = web.begin("p", {})
    with web.session() as s:
        instancia = s.scalars(sa.select(Instance)).one()
        clave, numero = instancia.case_key, instancia.id
    for quien, sigue in (("coordinador", "otra"), ("coordinador", "otra"), ("otro", "no")):
        web.clock.advance(MINUTE)
        actor = person(quien, "coordinador_gau")
        web.engine.items.claim(tarea, actor=actor, now=web.clock.now())
        web.engine.items.complete(tarea, values={"sigue": sigue}, actor=actor, now=web.clock.now())
        with web.session() as s:
            tarea = reads.items.of_case(s, clave, only_open=True)[0].id
    pagina = followed(unescape(web.browser("revisor").get(f"/cumplimiento/caso/{clave}").text))
    filas = re.findall(
        r'<tr role="row"[^>]*data-elemento="(\w+)".*?<td role="cell" data-l="Cuándo"> (.*?) </td>',
        pagina,
    )
    assert [(e, re.sub(r"<[^>]+>", " ", c).split()) for e, c in filas if e in ("uno", "dos")] == [
        ("uno", ["hoy,", "09:01", "1.ª", "de", "3", "veces"]),
        ("uno", ["hoy,", "09:02", "2.ª", "de", "3", "veces"]),
        ("uno", ["hoy,", "09:03", "3.ª", "de", "3", "veces"]),
        ("dos", ["hoy,", "09:03"]),
    ]
    with web.session() as s:
        marca = reads.instances.path(s, numero)["uno"]
    assert [pase.actor_id for pase in marca.passes] == ["coordinador", "coordinador", "otro"]
    web.engine.db.dispose()


def test_a_case_that_was_moved_is_found_under_each_version_and_leads_to_the_drawing_of_each(
    tmp_path: Path, db_url: str
) -> None:
    web = web_kit.build(tmp_path, db_url)

    def poner(*tareas: str) -> int:
        web.clock.advance(MINUTE)
        carril = m.lane("l", "coordinador_gau", "", "ini", *tareas, "fin")
        nodos = (
            m.start("ini")
            + m.user(*tareas)
            + m.end("fin")
            + m.flows(">".join(["ini", *tareas, "fin"]))
        )
        web.deploy({"p.bpmn": m.model(m.process("p", nodos, lanes=carril))})
        web.clock.advance(MINUTE)
        with web.engine.uow.reading() as s:
            return reads.releases.current(s, web.engine.catalog) or 0

    def empezar(clave: str) -> str:
        return web.engine.instances.start(
            "p", actor=SYSTEM, now=web.clock.now(), data={}, case_key=clave
        ).instance_id

    primera = poner("uno")
    movido, quieto = empezar("movido"), empezar("quieto")
    segunda = poner("uno", "dos")
    empezar("nuevo")
    web.engine.migration.migrate(movido, segunda, reason=WHY, actor=ADMIN, now=web.clock.now())
    tercera = poner("uno", "dos", "tres")
    web.engine.migration.migrate(movido, tercera, reason=WHY, actor=ADMIN, now=web.clock.now())
    revisor = web.browser("revisor")

    def bajo(version: int) -> set[str]:
        return set(
            re.findall(
                r'href="/cumplimiento/caso/([^"?]+)',
                revisor.get(f"/cumplimiento?proceso=p:{version}").text,
            )
        )

    assert quieto
    assert [bajo(v) for v in (1, 2, 3)] == [{"movido", "quieto"}, {"movido", "nuevo"}, {"movido"}]
    pagina = followed(unescape(revisor.get("/cumplimiento/caso/movido").text))
    dicho = (
        r"Diagrama de la versión (\d), con la que fue desde hoy, ([0-9:]+) hasta hoy, ([0-9:]+)<"
    )
    enlaces = re.findall(rf'<a href="(/procesos/p.bpmn/version/(\d+))">{dicho}', pagina)
    assert [(int(r), v, d, h) for _ruta, r, v, d, h in enlaces] == [
        (primera, "1", "09:02", "09:04"),
        (segunda, "2", "09:04", "09:06"),
    ]
    for ruta, *_resto in enlaces:
        assert "Rigió desde hoy, " in followed(revisor.get(ruta).text)
    assert "Diagrama de la versión" not in revisor.get("/cumplimiento/caso/quieto").text
    web.engine.db.dispose()


def test_the_way_back_from_a_case_leads_to_the_list_that_was_asked_for(
    revisor: FlaskClient,
) -> None:
    pedida = "/cumplimiento?radicado=1&abiertos=1"
    (enlace,) = re.findall(r'href="(/cumplimiento/caso/[^"]+)"', unescape(revisor.get(pedida).text))
    caso = unescape(revisor.get(enlace).text)
    (lista,) = re.findall(r'<p class="migas"><a href="([^"]+)"', caso)
    assert hallados(revisor, lista.partition("?")[2]) == [RADICADO]
    assert "abiertos=1" in lista
    (accion,) = re.findall(r'action="([^"]+/observacion[^"]*)"', caso)
    for texto, codigo in (("", 422), ("Se revisó con la lista de noviembre", 302)):
        respuesta = revisor.post(accion, data={"csrf_token": csrf(caso), "texto": texto})
        assert respuesta.status_code == codigo
        pagina = respuesta.text if codigo == 422 else revisor.get(respuesta.location).text
        assert re.findall(r'<p class="migas"><a href="([^"]+)"', unescape(pagina)) == [lista]
    for ajena in (
        "https://otra.example/cumplimiento?x",
        "//otra.example",
        "/cumplimiento?\\",
        "/procesos/",
    ):
        pagina = revisor.get(
            "/cumplimiento/caso/" + enlace.split("/")[3].split("?")[0],
            query_string={"volver": ajena},
        )
        assert '<p class="migas"><a href="/cumplimiento">' in pagina.text


def test_who_looked_at_the_case_is_told_by_day_and_the_command_counts_it(
    tmp_path: Path, sqlite_url: str
) -> None:
    punto = mundo(tmp_path, sqlite_url)
    punto.until_power(punto.turnos()[0])
    caso = punto.turnos()[0].case_key
    asesor, revisor = punto.web.browser("asesor"), punto.web.browser("revisor")
    for _vez in range(3):
        asesor.get(f"/caso/{caso}")
    punto.web.browser("lejana").get(f"/caso/{caso}")
    punto.web.clock.advance(dt.timedelta(days=1))
    pagina = followed(unescape(revisor.get(f"/cumplimiento/caso/{caso}").text))
    (parte,) = re.findall(
        r'<section class="panel ajustada parte" id="miradas".*?</section>', pagina
    )
    filas = [" ".join(re.sub("<[^>]+>", " ", fila).split()) for fila in parte.split("<tr")[2:]]
    assert "La revisión de cumplimiento" in filas[0]
    (abrio,) = [fila for fila in filas if fila.endswith("El caso")]
    assert "3 veces desde las 09:0" in abrio
    assert "Andrés Salcedo" in abrio
    assert "Pilar de Pasto" not in parte, "who was refused saw nothing"
    assert "Pilar de Pasto" in pagina.split('id="rechazados"')[1]
    dicho = punto.web.app.test_cli_runner().invoke(audit, ["verify", "--caso", str(caso)])
    assert dicho.exit_code == 0, dicho.output
    (cuantos,) = re.findall(r"(\d+) accesos a este caso", dicho.output)
    with punto.web.engine.db.connect() as c:
        sobre = c.execute(
            sa.text("select count(*) from access where subject = :k"), {"k": caso}
        ).scalar_one()
    assert int(cuantos) == sobre > 4
    punto.web.engine.db.dispose()


def test_a_task_with_a_due_date_of_its_own_is_judged_beside_the_terms_of_the_case(
    tmp_path: Path, sqlite_url: str
) -> None:
    punto = mundo(tmp_path, sqlite_url)
    punto.until_power(punto.turnos()[1])
    with punto.web.session() as s:
        clave = s.scalars(sa.select(Caso.case_key)).one()
        (item,) = s.scalars(sa.select(Item).where(Item.case_key == clave, Item.state == "open"))
        item.due_at, nombre = bogota(2026, 11, 25, 8), item.name
        s.commit()
    punto.web.clock.advance(dt.timedelta(days=2))

    def plazos() -> list[str]:
        pagina = followed(
            unescape(punto.web.browser("revisor").get(f"/cumplimiento/caso/{clave}").text)
        )
        return re.findall(
            r'<tr role="row"> <th role="rowheader" scope="row">(.*?)</tr>',
            pagina[: pagina.index('id="registro"')],
        )

    legal, escalar, suya = plazos()
    assert ("Responder a la persona" in legal, "Escalar" in escalar, nombre in suya) == (
        True,
        True,
        True,
    )
    assert (">Incumplido</span>" in suya, "mié 25 nov, 08:00" in suya) == (True, True)
    with punto.web.session() as s:
        s.get_one(Item, item.id).due_at = bogota(2026, 12, 15, 23, 59, 59)
        s.commit()
    assert not [fila for fila in plazos() if nombre in fila], "the term of the case is told once"
    punto.web.engine.db.dispose()


SUYAS = "WHERE instance_id IN (SELECT id FROM instance WHERE case_key = :c)"
#: Of a case: what is no value of its column, and whether its chains tell of it.
ILEGIBLES = {
    "UPDATE journal SET detail = '{' @suyas": True,
    "UPDATE journal SET at = '2026-13-45' @suyas": True,
    "UPDATE instance SET started_at = 'ayer' WHERE case_key = :c": True,
    "UPDATE submission SET form_values = '[' @suyas": True,
    "UPDATE submission SET element = CAST(x'ff41' AS TEXT) @suyas": True,
    "UPDATE work_item SET opened_at = '2026-11' WHERE case_key = :c": True,
    "UPDATE work_item SET data = x'ff' WHERE case_key = :c": False,
    "UPDATE instance SET data = x'ff' WHERE case_key = :c": False,
    "UPDATE caso SET recepcion = 'ayer' WHERE case_key = :c": False,
    "UPDATE access SET at = 7 WHERE subject = :c": False,
}


def test_a_case_with_a_value_that_cannot_be_read_says_what_is_wrong_as_the_command_does(
    tmp_path: Path, sqlite_url: str
) -> None:
    punto = mundo(tmp_path, sqlite_url)
    visita, revisor, db = punto.turnos()[1], punto.web.browser("revisor"), punto.web.engine.db
    punto.call_turn(visita, "3")
    punto.complete(
        visita, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
    )
    camino, bien = f"/cumplimiento/caso/{visita.case_key}", tmp_path / "bien.db"
    assert "La evidencia no está completa" not in revisor.get(camino).text
    with db.execution_options(ventanilla_write=True).begin() as c:
        guard.release(c)
    with db.connect() as c:
        c.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    shutil.copy(str(db.url.database), bien)
    for orden, en_cadena in ILEGIBLES.items():
        with db.execution_options(ventanilla_write=True).begin() as c:
            assert c.execute(
                sa.text(orden.replace("@suyas", SUYAS)), {"c": visita.case_key}
            ).rowcount, orden
        pagina = revisor.get(camino)
        dicha = followed(unescape(pagina.text))
        dicho = punto.web.app.test_cli_runner().invoke(audit, ["verify", "--case", visita.case_key])
        assert "El programa falló" not in dicho.output, orden
        assert pagina.status_code == 200 or "Este caso no se puede mostrar" in dicha, orden
        de_cadenas = [
            falla.partition(": ")[2]
            for falla in dicho.stderr.splitlines()
            if falla.startswith("instance ")
        ]
        assert [falla for falla in de_cadenas if falla not in dicha] == [], orden
        assert bool(de_cadenas) == en_cadena, (orden, dicho.output)
        db.dispose()
        for aparte in ("-wal", "-shm"):
            Path(f"{db.url.database}{aparte}").unlink(missing_ok=True)
        shutil.copy(bien, str(db.url.database))
