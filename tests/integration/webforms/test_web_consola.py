"""The adviser's console beside its forms: the clock of the attention, what a call costs."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from engine import reads
from engine.store.tables import Item
from engine.types import Data
from records.base.actos import Acto
from records.casos import plantillas
from records.casos.plantillas import NuevaPlantilla
from records.casos.tablas import Caso, Norma, Tipificacion
from records.informes import ahora
from records.informes.reglas.indicadores import ABANDONOS
from records.personas import personas
from records.personas.tablas import Contacto, Persona, ServicioAdquirido
from records.sistemas.tablas import ConsultaLegado
from records.visita import filas
from records.visita.tablas import Atencion, Calificacion, Turno, TurnoPeriodo
from tests.kit import public as public_kit
from tests.kit.cast import ASESOR_DE_PUNTO
from tests.kit.public import Point
from tests.kit.statements import Cost, counting
from tests.kit.web import csrf, followed, hidden, log_in, signed_in
from webforms.base import formatos
from webforms.tareas import asientos


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


def test_the_adviser_pauses_the_attention_and_goes_on_from_the_same_console(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    punto.call_turn(turno, "3")
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
    )
    asesor = punto.web.browser("asesor")
    for boton, estado in (("Pausar", "pausa"), ("Reanudar", "atencion")):
        pagina = asesor.get("/atencion").text
        assert boton in pagina
        respuesta = asesor.post(
            f"/atencion/pausar/{turno.id}",
            data={"csrf_token": csrf(pagina), "motivo_pausa": "sistema"},
        )
        assert respuesta.status_code == 302
        assert [t.estado for t in punto.turnos()] == [estado]
    with punto.web.session() as s:
        razones = s.execute(
            sa.select(TurnoPeriodo.estado, TurnoPeriodo.razon).where(
                TurnoPeriodo.turno_id == turno.id
            )
        ).all()
    assert [r for r in razones if r.estado in ("pausa", "atencion")] == [
        ("atencion", None),
        ("pausa", "Espera un aplicativo"),
        ("atencion", None),
    ]


def test_a_colleague_s_attention_cannot_be_paused(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    punto.call_turn(turno, "3")
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
    )
    colega = punto.web.browser("colega")
    respuesta = colega.post(
        f"/atencion/pausar/{turno.id}", data={"csrf_token": csrf(colega.get("/atencion").text)}
    )
    assert respuesta.status_code == 404
    assert [t.estado for t in punto.turnos()] == ["atencion"]


def pulsar(
    punto: Point, asesor: FlaskClient, ruta: str, *, esperado: int = 302, **datos: str
) -> Cost:
    """What a button of the console costs, from the press to the redirect."""
    prueba = csrf(asesor.get("/atencion").text)
    with counting(punto.web.engine.db) as gasto:
        assert asesor.post(ruta, data={"csrf_token": prueba, **datos}).status_code == esperado
    return gasto


def en_el_modulo_3(punto: Point) -> FlaskClient:
    asesor = punto.web.browser("asesor")
    datos = {"csrf_token": csrf(asesor.get("/atencion").text), "modulo": "3"}
    assert asesor.post("/atencion/modulo", data=datos).status_code == 302
    return asesor


def test_calling_and_calling_again_are_one_commit_each(punto: Point) -> None:
    """5.2.2: the taken task and the call on the board are one fact; a crash between two commits
    would leave half of it."""
    punto.take_turn(punto.device("quiosco-1"))
    asesor = en_el_modulo_3(punto)
    assert pulsar(punto, asesor, "/atencion/llamar").written == 1
    turno = punto.turnos()[0]
    assert turno.n_llamados == 1

    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "ausente"}, "asesor.llamar"
    )
    punto.wait(minutes=2)
    assert pulsar(punto, asesor, f"/atencion/rellamar/{turno.id}").written == 1
    assert punto.open_item(turno, "act_5_2_2").claimed_by == "asesor"
    assert punto.turnos()[0].n_llamados == 2


def test_a_call_again_that_cannot_be_noted_takes_nothing(punto: Point) -> None:
    """Both or none: while the turn is closed, no call is opened."""
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    punto.call_turn(turno, "3")
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "ausente"}, "asesor.llamar"
    )
    punto.wait(minutes=2)
    asesor = en_el_modulo_3(punto)
    with punto.web.session() as s:
        s.execute(sa.update(Turno).where(Turno.id == turno.id).values(estado="cerrado"))
        s.commit()
    assert pulsar(punto, asesor, f"/atencion/rellamar/{turno.id}").written == 0
    assert "act_5_2_2" not in [i.element for i in punto.open_items(turno)]


def test_attending_a_person_at_once_begins_the_attention(punto: Point) -> None:
    """«Atender ya»: visit, turn, call and taken task are one fact; a crash between two commits
    would leave a turn that nobody called. Then 5.2.2, which asks nothing of who stands at the desk:
    a crash before it leaves the call on the adviser's page."""
    asesor = en_el_modulo_3(punto)
    gasto = pulsar(
        punto,
        asesor,
        "/atencion/recibir",
        llave="k1",
        atender="1",
        motivo_visita="servicio_adquirido",
    )
    assert gasto.written == 2
    turno = punto.turnos()[0]
    assert (turno.estado, turno.n_llamados) == ("atencion", 1)
    assert "5.2.3 Registrar motivo de la visita" in asesor.get("/atencion").text

    assert (
        pulsar(
            punto,
            asesor,
            "/atencion/recibir",
            llave="k1",
            atender="1",
            motivo_visita="servicio_adquirido",
        ).written
        == 0
    )
    assert len(punto.turnos()) == 1  # pressed twice


def llamadas(punto: Point) -> list[tuple[str | None, str | None]]:
    with punto.web.session() as s:
        p = TurnoPeriodo
        filas_ = s.execute(
            sa.select(p.fuera_de_orden, p.razon).where(p.estado == "llamado").order_by(p.id)
        )
        return [(f[0], f[1]) for f in filas_]


def test_whoever_is_called_before_those_who_wait_is_called_with_a_reason_that_is_counted(
    punto: Point,
) -> None:
    for _persona in range(3):
        punto.take_turn(punto.device("quiosco-1"))
        punto.clock.advance(dt.timedelta(minutes=1))
    primero, _segundo, tercero = punto.turnos()
    asesor = en_el_modulo_3(punto)
    ruta = f"/atencion/llamar/{tercero.id}"
    fila_ = asesor.get("/atencion").text
    assert f'href="{ruta}"' in fila_, "asks first"
    assert f'action="/atencion/llamar/{primero.id}"' in fila_, "the next one is called at once"
    pregunta = followed(asesor.get(ruta).text)
    assert f"¿Por qué pasa antes {tercero.ficha}?" in pregunta
    assert f"Sigue {primero.ficha}, que espera hace 3 min." in pregunta
    for sin in ({}, {"por_que": "porque sí"}):
        assert pulsar(punto, asesor, ruta, esperado=422, **sin).written == 0
    assert pulsar(punto, asesor, ruta, por_que="acordado").written == 1
    assert llamadas(punto) == [("acordado", "Quienes esperan estuvieron de acuerdo")]
    with punto.web.session() as s:
        historia = reads.history.of_case(s, punto.web.engine.catalog, str(tercero.case_key))
        motivos = [asientos.motivo(x) for x in historia if x.kind == "message" and x.values]
        assert motivos == ["Fuera de su orden: Quienes esperan estuvieron de acuerdo"]
        [hoy] = ahora.turnos_de_hoy(
            s, punto.clock.now(), tercero.punto_id, ahora.ANTES, pagina=1, tamano=9
        ).filas
        assert (hoy.ficha, hoy.antes) == (tercero.ficha, "acordado")
        cuenta = ahora.llamados_antes(s, punto.clock.now(), tercero.punto_id)
        assert cuenta == {"acordado": 1}


def test_whoever_was_handed_to_another_desk_is_called_from_this_one_with_a_reason(
    punto: Point,
) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    with punto.web.session() as s, s.begin():
        suyo = s.get_one(Turno, turno.id)
        suyo.modulo_destino = "7"
        suyo.modulo_hasta = punto.clock.now() + dt.timedelta(minutes=20)
    asesor, ruta = en_el_modulo_3(punto), f"/atencion/llamar/{turno.id}"
    pregunta = asesor.get(ruta)
    assert (pregunta.status_code, "Sigue" in pregunta.text) == (200, False)
    assert pulsar(punto, asesor, ruta, esperado=422).written == 0
    assert pulsar(punto, asesor, ruta, por_que="acordado").written == 1
    assert llamadas(punto)[-1][0] == "acordado"


def test_whom_the_order_puts_first_is_called_without_a_reason(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    asesor, turno = en_el_modulo_3(punto), punto.turnos()[0]
    assert pulsar(punto, asesor, f"/atencion/llamar/{turno.id}", por_que="error").written == 1
    [(fuera, razon)] = llamadas(punto)
    assert (fuera, bool(razon)) == (None, True)


def test_who_is_attended_at_once_while_others_wait_has_a_reason_or_the_law(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    asesor = en_el_modulo_3(punto)
    dicho = {"llave": "k1", "atender": "1", "motivo_visita": "servicio_adquirido"}
    prueba = csrf(asesor.get("/atencion").text)
    pregunta = asesor.post("/atencion/recibir", data={"csrf_token": prueba, **dicho})
    assert pregunta.status_code == 200
    assert "¿Por qué pasa antes quien acaba de llegar?" in pregunta.text
    for nombre, valor in dicho.items():
        assert hidden(pregunta.text, nombre) == valor, "what was typed goes on"
    sin = {**dicho, "preguntado": "1"}
    assert pulsar(punto, asesor, "/atencion/recibir", esperado=422, **sin).written == 0
    assert len(punto.turnos()) == 1, "nobody took a turn meanwhile"
    pulsar(punto, asesor, "/atencion/recibir", por_que="urgencia", **dicho)
    assert llamadas(punto)[-1][0] == "urgencia"


def test_a_preferential_person_passes_those_who_are_not_without_being_asked_why(
    punto: Point,
) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    asesor = en_el_modulo_3(punto)
    dicho = {"llave": "k1", "atender": "1", "condicion": "preferente"}
    pulsar(punto, asesor, "/atencion/recibir", **dicho)
    assert llamadas(punto)[-1][0] is None


def test_who_is_busy_puts_the_next_person_into_the_queue(punto: Point) -> None:
    asesor = en_el_modulo_3(punto)
    for llave in ("k1", "k2"):
        pulsar(
            punto,
            asesor,
            "/atencion/recibir",
            llave=llave,
            atender="1",
            motivo_visita="servicio_adquirido",
        )
    assert [t.estado for t in punto.turnos()] == ["atencion", "espera"]


# --- 5.2.2: called, and not attended here ---------------------------------------------------------
def test_a_no_show_is_seen_among_the_absent_and_called_again_at_once(punto: Point) -> None:
    """Within its two minutes, in one commit; nobody has to wait for the clock."""
    punto.take_turn(punto.device("quiosco-1"))
    asesor = en_el_modulo_3(punto)
    pulsar(punto, asesor, "/atencion/llamar")
    turno = punto.turnos()[0]
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "ausente"}, "asesor.llamar"
    )
    pagina = asesor.get("/atencion").text
    assert "Ausentes" in pagina
    assert "se llamó 1 de 3 veces" in pagina
    assert pulsar(punto, asesor, f"/atencion/rellamar/{turno.id}").written == 1
    assert punto.open_item(turno, "act_5_2_2").claimed_by == "asesor"
    assert punto.turnos()[0].n_llamados == 2


def test_calling_once_more_rings_the_board_without_counting(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    asesor = en_el_modulo_3(punto)
    pulsar(punto, asesor, "/atencion/llamar")
    turno = punto.turnos()[0]
    tablero = punto.device("tablero-1")
    antes = tablero.get("/tablero/llamados").text
    punto.clock.advance(dt.timedelta(seconds=20))
    pulsar(punto, asesor, f"/atencion/otra-vez/{turno.id}")
    assert tablero.get("/tablero/llamados").text != antes
    assert punto.turnos()[0].n_llamados == 1
    ajeno = asesor.post(
        f"/atencion/otra-vez/{turno.id + 1}",
        data={"csrf_token": csrf(asesor.get("/atencion").text)},
    )
    assert ajeno.status_code == 404


def test_a_called_turn_goes_back_to_the_queue_with_its_number(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    asesor = en_el_modulo_3(punto)
    pulsar(punto, asesor, "/atencion/llamar")
    turno = punto.turnos()[0]
    assert pulsar(punto, asesor, f"/atencion/devolver/{turno.id}").written == 1
    vuelto = punto.turnos()[0]
    assert (vuelto.estado, vuelto.ficha, vuelto.llegada, vuelto.n_llamados) == (
        "espera",
        "A001",
        turno.llegada,
        0,
    )
    assert "A001" in asesor.get("/atencion").text


def test_a_turn_handed_to_another_desk_is_not_called_here(punto: Point) -> None:
    for _persona in range(2):
        punto.take_turn(punto.device("quiosco-1"))
    asesor = en_el_modulo_3(punto)
    pulsar(punto, asesor, "/atencion/llamar")
    primero, _segundo = punto.turnos()
    aqui = {"csrf_token": csrf(asesor.get("/atencion").text), "destino": "modulo:3"}
    # it stands there already
    respuesta = asesor.post(f"/atencion/trasladar/{primero.id}", data=aqui)
    assert (respuesta.status_code, "Elija a qué módulo o punto se traslada." in respuesta.text) == (
        422,
        True,
    )
    assert (
        pulsar(punto, asesor, f"/atencion/trasladar/{primero.id}", destino="modulo:7").written == 1
    )
    pulsar(punto, asesor, "/atencion/llamar")
    assert [t.estado for t in punto.turnos()] == ["espera", "llamado"]


def test_whoever_is_sent_to_another_point_is_expected_there_with_the_old_arrival(
    punto: Point,
) -> None:
    punto.take_turn(punto.device("quiosco-1"), tipo_doc="CC", num_doc="52123456")
    asesor = en_el_modulo_3(punto)
    pulsar(punto, asesor, "/atencion/llamar")
    turno = punto.turnos()[0]
    assert (
        pulsar(punto, asesor, f"/atencion/trasladar/{turno.id}", destino="punto:PAS").written == 1
    )
    cerrado = punto.turnos()[0]
    assert (cerrado.estado, cerrado.resultado, cerrado.destino_punto_id) == (
        "cerrado",
        "trasladado",
        "PAS",
    )
    with punto.web.session() as s:
        [viene] = filas.reingresos(s, "PAS", punto.clock.now())
    assert (viene.turno_id, viene.viene_de) == (turno.id, "Bogotá Aguas")
    punto.clock.advance(dt.timedelta(minutes=50))
    punto.take_turn(punto.device("quiosco-pasto"), tipo_doc="CC", num_doc="52123456")
    alla = punto.turnos()[-1]
    assert (alla.punto_id, alla.llegada, alla.visita_anterior_id) == (
        "PAS",
        turno.llegada,
        turno.id,
    )
    with punto.web.session() as s:
        assert filas.reingresos(s, "PAS", punto.clock.now()) == []


def atendido(punto: Point, asesor: FlaskClient, hasta: str) -> Turno:
    """A turn whose attention has begun at desk 3, up to this activity."""
    punto.take_turn(punto.device("quiosco-1"), tipo_doc="CC", num_doc="52123456")
    pulsar(punto, asesor, "/atencion/llamar")
    turno = punto.turnos()[-1]
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
    )
    if hasta == "act_5_2_4":
        motivo: Data = {"motivo": "Quiere su paz y salvo", "motivo_visita": "servicio_adquirido"}
        punto.complete(
            turno,
            "act_5_2_3",
            {**motivo, "requiere_radicar": False, "resoluble": True},
            "asesor.motivo",
        )
    assert punto.open_item(turno, hasta)
    return turno


@pytest.mark.parametrize("hasta", ["act_5_2_3", "act_5_2_4"])
def test_an_attention_that_began_goes_back_to_the_queue_with_the_reason_and_begins_anew(
    punto: Point, hasta: str
) -> None:
    """1.5: the same ticket and arrival, at no desk any more; the next adviser reads why, and what
    the person said is not asked again."""
    asesor = en_el_modulo_3(punto)
    turno = atendido(punto, asesor, hasta)
    pagina = asesor.get("/atencion").text
    assert pagina.count("Devolver a la fila") >= 2
    ruta = f"/atencion/devolver/{turno.id}"
    vacio = asesor.post(ruta, data={"csrf_token": csrf(pagina), "motivo_salida": " "})
    assert vacio.status_code == 422
    assert "Escriba el motivo: lo lee quien atienda" in vacio.text
    assert pulsar(punto, asesor, ruta, motivo_salida="Fue por su documento").written == 1

    vuelto = punto.turnos()[-1]
    assert (vuelto.estado, vuelto.ficha, vuelto.llegada, vuelto.n_llamados) == (
        "espera",
        turno.ficha,
        turno.llegada,
        0,
    )
    fila = asesor.get("/atencion").text
    assert "Devuelto a la fila: Fue por su documento" in fila
    assert punto.open_items(turno) == []
    with punto.web.session() as s:
        assert filas.tablero(s, "BOG-AGU", punto.clock.now()) == []
        assert s.scalars(sa.select(Atencion)).all() == []  # nobody was attended yet
        historia = reads.history.of_case(s, punto.web.engine.catalog, str(turno.case_key))
    [mensaje] = [x for x in historia if x.kind == "message" and x.values]
    assert asientos.motivo(mensaje) == "Devuelto a la fila: Fue por su documento"
    # pressed twice
    assert pulsar(punto, asesor, ruta, motivo_salida="otra vez", esperado=404).written == 0

    punto.clock.advance(dt.timedelta(minutes=4))
    pulsar(punto, asesor, "/atencion/llamar")
    assert "Devuelto a la fila: Fue por su documento" in asesor.get("/atencion").text
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
    )
    assert ("Quiere su paz y salvo" in asesor.get("/atencion").text) == (hasta == "act_5_2_4")
    with punto.web.session() as s:
        assert s.scalars(sa.select(Atencion.asesor_id)).all() == ["asesor"]


def test_who_goes_on_with_a_visit_is_found_behind_hundreds_of_tasks_of_colleagues(
    punto: Point,
) -> None:
    asesor = en_el_modulo_3(punto)
    turno = atendido(punto, asesor, "act_5_2_3")
    with punto.web.session() as s:
        suya = s.scalars(
            sa.select(Item).where(Item.case_key == turno.case_key, Item.element == "act_5_2_3")
        ).one()
        comun = {
            c.key: getattr(suya, c.key) for c in sa.inspect(Item).column_attrs if c.key != "id"
        }
        antes = {
            **comun,
            "claimed_by": "companero",
            "due_at": punto.clock.now() - dt.timedelta(days=1),
        }
        s.execute(
            sa.insert(Item),
            [{**antes, "id": f"copia-{n}", "case_key": f"otra-{n}"} for n in range(201)],
        )
        s.commit()
    pulsar(punto, asesor, f"/atencion/continuar/{turno.id}")
    assert "Primero termine con la persona que está en su módulo." in followed(
        asesor.get("/atencion").text
    )


def test_an_attention_that_began_goes_on_at_another_desk_or_point(punto: Point) -> None:
    asesor = en_el_modulo_3(punto)
    turno = atendido(punto, asesor, "act_5_2_4")
    ruta = f"/atencion/trasladar/{turno.id}"
    falta = asesor.post(
        ruta, data={"csrf_token": csrf(asesor.get("/atencion").text), "destino": "modulo:7"}
    )
    assert falta.status_code == 422
    assert 'value="modulo:7" selected' in falta.text  # what was chosen stays
    pulsar(
        punto, asesor, ruta, destino="modulo:7", motivo_salida="Pide atención en lengua de señas"
    )
    vuelto = punto.turnos()[-1]
    assert (vuelto.estado, vuelto.modulo_destino, vuelto.llegada) == ("espera", "7", turno.llegada)

    punto.clock.advance(dt.timedelta(minutes=21))
    pulsar(punto, asesor, "/atencion/llamar")  # the desk did not call within its twenty minutes
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
    )
    pulsar(punto, asesor, ruta, destino="punto:PAS", motivo_salida="Su carpeta está en Pasto")
    with punto.web.session() as s:
        [viene] = filas.reingresos(s, "PAS", punto.clock.now())
    assert (viene.turno_id, viene.razon) == (turno.id, "Su carpeta está en Pasto")


def test_the_confirmation_of_a_visit_ends_with_the_next_call(punto: Point) -> None:
    for _persona in range(2):
        punto.take_turn(punto.device("quiosco-1"))
    asesor = en_el_modulo_3(punto)
    punto.until_rating(punto.turnos()[0])
    pedida = "Si llama al siguiente antes de que la persona responda"
    assert pedida in asesor.get("/atencion").text
    punto.clock.advance(dt.timedelta(seconds=30))
    pulsar(punto, asesor, "/atencion/llamar")
    pulsar(punto, asesor, f"/atencion/devolver/{punto.turnos()[1].id}")
    assert pedida not in asesor.get("/atencion").text


def test_who_was_verified_is_not_given_back(punto: Point) -> None:
    asesor = en_el_modulo_3(punto)
    turno = atendido(punto, asesor, "act_5_2_4")
    valores: Data = {
        "tipo_doc": "CC",
        "num_doc": "990001",
        "nombre_nuevo": "Ana Rojas",
        "camino": "potencial",
    }
    punto.complete(
        turno, "act_5_2_4", {**valores, "calidad": "cliente_potencial"}, "asesor.titularidad"
    )
    assert "Devolver a la fila" not in asesor.get("/atencion").text
    assert (
        pulsar(punto, asesor, f"/atencion/devolver/{turno.id}", motivo_salida="Se fue").written == 0
    )
    assert "La atención ya pasó de 5.2.4" in asesor.get("/atencion").text
    assert punto.turnos()[-1].estado == "atencion"


MAL, BIEN = "Luz Marina Gonsález", "Luz Marina González"
PORQUE = "El apellido está con S y en la cédula es con Z."


def con_el_nombre_mal(punto: Point, nacida: dt.date | None) -> None:
    with punto.web.session() as s:
        persona = personas.crear_persona(
            s,
            personas.NuevaPersona("CC", "52123456", MAL, "beneficiario"),
            now=punto.clock.now(),
        )
        persona.fecha_nac = nacida
        s.add(
            ServicioAdquirido(
                persona_id=persona.id,
                linea="PREG",
                obligacion="777001",
                anio_giro=2008,
                calidad="beneficiario",
                sistema_origen="cctex",
                estado="vigente",
            )
        )
        s.commit()


def cotejar(punto: Point, asesor: FlaskClient, turno: Turno, camino: str, **escrito: str) -> str:
    """5.2.4 as its page sends it; the page that answers."""
    item = punto.open_item(turno, "act_5_2_4").id
    ruta = f"/tarea/{item}?volver=consola"
    valores = {
        "tipo_doc": "CC",
        "num_doc": "52123456",
        "documento_exhibido": "si",
        "csrf_token": csrf(asesor.get("/atencion").text),
        "camino": camino,
    }
    return asesor.post(ruta, data={**valores, **escrito}, follow_redirects=True).text


def test_a_name_that_is_wrong_in_the_crm_is_corrected_with_reason_and_trace(punto: Point) -> None:
    """5.2.4: number and birth date are those of the document; nobody ticks that a name is equal
    that is not."""
    con_el_nombre_mal(punto, dt.date(1980, 5, 17))
    asesor = en_el_modulo_3(punto)
    turno = atendido(punto, asesor, "act_5_2_4")
    visto = hidden(cotejar(punto, asesor, turno, "buscar"), "visto")
    ofrece = "Es la misma persona; el registro está mal"
    pagina = cotejar(punto, asesor, turno, "no_coincide", visto=visto)
    assert ofrece in pagina
    datos = {"visto": visto, "igual_numero": "si", "calidad": "beneficiario"}
    datos |= {"nombre_corregido": BIEN, "motivo_correccion": PORQUE}
    assert "si no, no es la misma persona" in cotejar(
        punto, asesor, turno, "registro_mal", **datos
    ), "the birth date was not compared"
    sin_motivo = {**datos, "igual_nacimiento": "si", "motivo_correccion": ""}
    assert "Escriba qué está mal en el registro" in cotejar(
        punto, asesor, turno, "registro_mal", **sin_motivo
    )
    with punto.web.session() as s:
        assert s.scalars(sa.select(Persona.nombre)).one() == MAL

    pagina = cotejar(punto, asesor, turno, "registro_mal", **datos, igual_nacimiento="si")
    assert "5.2.7" in pagina
    with punto.web.session() as s:
        assert s.scalars(sa.select(Persona.nombre)).one() == BIEN
        dato = s.scalars(sa.select(Contacto).where(Contacto.tipo == "nombre")).one()
        assert (dato.valor, dato.registrado_por, dato.case_key) == (BIEN, "asesor", turno.case_key)
        atencion = s.scalars(sa.select(Atencion)).one()
        assert (atencion.titularidad, atencion.calidad) == ("verificada", "beneficiario")
        assert atencion.comparacion["correccion"] == {
            "antes": MAL,
            "despues": BIEN,
            "motivo": PORQUE,
        }
    historia = followed(asesor.get(f"/caso/{turno.case_key}/historia").text)
    assert PORQUE in historia


def test_without_a_birth_date_in_the_record_nothing_proves_that_it_is_the_same_person(
    punto: Point,
) -> None:
    con_el_nombre_mal(punto, None)
    asesor = en_el_modulo_3(punto)
    turno = atendido(punto, asesor, "act_5_2_4")
    visto = hidden(cotejar(punto, asesor, turno, "buscar"), "visto")
    datos = {"visto": visto, "igual_numero": "si", "igual_nacimiento": "si"}
    assert "el registro está mal" not in cotejar(punto, asesor, turno, "no_coincide", **datos)
    datos |= {"nombre_corregido": BIEN, "motivo_correccion": PORQUE, "calidad": "beneficiario"}
    dicho = cotejar(punto, asesor, turno, "registro_mal", **datos)
    assert "El número y la fecha de nacimiento deben ser los del documento" in dicho
    with punto.web.session() as s:
        assert s.scalars(sa.select(Persona.nombre)).one() == MAL


def hasta_titularidad(punto: Point, asesor: FlaskClient, hasta: str) -> Turno:
    """Whoever is at the desk is new to the CRM, and stands at 5.2.7, or at 5.2.8."""
    turno = atendido(punto, asesor, "act_5_2_4")
    valores: Data = {
        "tipo_doc": "CC",
        "num_doc": "990001",
        "nombre_nuevo": "Ana Rojas",
        "camino": "potencial",
    }
    punto.complete(
        turno, "act_5_2_4", {**valores, "calidad": "cliente_potencial"}, "asesor.titularidad"
    )
    if hasta == "act_5_2_8":
        datos: Data = {
            "nombre": "Ana Rojas",
            "direccion": "Calle 1",
            "municipio": "11001",
            "telefono_fijo": "",
            "celular": "3001234567",
            "correo": "ana@ciudadana.example",
            "autoriza_tratamiento": True,
            "medio_notificacion": "correo",
        }
        punto.complete(turno, "act_5_2_7", datos, "asesor.datos_basicos")
    return turno


@pytest.mark.parametrize("hasta", ["act_5_2_3", "act_5_2_4", "act_5_2_7", "act_5_2_8"])
def test_whoever_leaves_half_way_ends_the_visit_as_given_up_with_what_was_done(
    punto: Point, hasta: str
) -> None:
    """SUPUESTO Q3: in one commit, with the reason in the history; the desk is free, and I4 counts
    the turn."""
    asesor = en_el_modulo_3(punto)
    turno = (
        atendido(punto, asesor, hasta)
        if hasta in ("act_5_2_3", "act_5_2_4")
        else hasta_titularidad(punto, asesor, hasta)
    )
    ruta = f"/atencion/se-fue/{turno.id}"
    assert f'action="{ruta}"' in asesor.get("/atencion").text
    punto.clock.advance(dt.timedelta(minutes=3))
    assert pulsar(punto, asesor, ruta).written == 1

    pagina = followed(asesor.get("/atencion").text)
    assert f"{turno.ficha} terminó: la persona se fue. Lo que se hizo queda guardado." in pagina
    assert 'action="/atencion/llamar"' in pagina, "the desk is free"
    ido = punto.turnos()[-1]
    assert (ido.estado, ido.resultado) == ("cerrado", "abandono")
    assert punto.open_items(turno) == []
    with punto.web.session() as s:
        atencion = s.scalars(sa.select(Atencion)).one()
        assert (atencion.resultado, atencion.fin) == ("abandono", punto.clock.now())
        assert (atencion.persona_id is not None) == (hasta in ("act_5_2_7", "act_5_2_8"))
        assert s.scalars(sa.select(Caso)).all() == []
        historia = reads.history.of_case(s, punto.web.engine.catalog, str(turno.case_key))
        [hecho] = [x for x in historia if x.kind == "message" and x.values]
        assert asientos.motivo(hecho) == "La persona se fue"
    assert ido.resultado in ABANDONOS, "I3 and I4"
    assert pulsar(punto, asesor, ruta, esperado=404).written == 0  # pressed twice


def test_once_something_is_filed_nobody_ends_the_visit_as_given_up(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    asesor, turno = en_el_modulo_3(punto), punto.turnos()[0]
    punto.until_rating(turno)
    assert "/atencion/se-fue/" not in asesor.get("/atencion").text
    assert pulsar(punto, asesor, f"/atencion/se-fue/{turno.id}").written == 0
    assert "responda o escale, aunque la persona se haya ido" in asesor.get("/atencion").text
    assert punto.turnos()[-1].estado == "atencion"


def test_whoever_logs_in_again_in_the_middle_of_a_visit_is_at_the_console_with_their_desk(
    punto: Point,
) -> None:
    """What was typed is in the form again, in the frame of the visit; the next activity, too."""
    asesor = en_el_modulo_3(punto)
    atendido(punto, asesor, "act_5_2_3")
    pagina = asesor.get("/atencion").text
    [ruta] = re.findall(r'action="(/tarea/[^"]+)"', pagina)
    forma = pagina.partition(f'action="{ruta}"')[2]
    escrito = {"csrf_token": csrf(pagina), "_firma": hidden(forma, "_firma")}
    escrito |= {"motivo": "Quiere saber su saldo", "motivo_visita": "servicio_adquirido"}
    escrito |= {"requiere_radicar": "no", "resoluble": "si"}
    asesor.delete_cookie("ventanilla")
    caida = asesor.post(ruta, data=escrito)
    assert caida.status_code == 401
    dichos = {n: hidden(caida.text, n) for n in ("_firma", "_llevado")}
    vuelta = log_in(asesor, "asesor", **dichos).text.partition("<main")[2]
    assert f'action="{ruta}"' in vuelta, "the console, as before"
    llevados = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', vuelta)
    otra_vez = followed(asesor.post(ruta, data=dict(llevados)).text)
    assert 'aria-label="Turno en atención"' in otra_vez
    assert "módulo 3" in otra_vez
    assert "Quiere saber su saldo" in otra_vez
    seguida = asesor.post(ruta, data={**escrito, "csrf_token": csrf(otra_vez)})
    assert seguida.headers["Location"] == "/atencion"


def test_a_pending_rating_ends_with_the_next_call_of_the_desk(punto: Point) -> None:
    for _persona in range(2):
        punto.take_turn(punto.device("quiosco-1"))
    primero = punto.turnos()[0]
    item = punto.until_rating(primero)
    tableta, ajena = punto.device("tableta-3"), punto.device("tableta-7")
    assert tableta.get("/tableta/pendiente").json == {"ir": f"/tableta/calificar/{item.id}"}
    prueba = csrf(tableta.get(f"/tableta/calificar/{item.id}").text)
    asesor = en_el_modulo_3(punto)
    pulsar(punto, asesor, "/atencion/llamar")
    assert tableta.get("/tableta/pendiente").json == {"ir": None}
    assert ajena.get("/tableta/pendiente").json == {"ir": None}
    tarde = tableta.post(
        f"/tableta/calificar/{item.id}", data={"csrf_token": prueba, "calificacion": "4"}
    )
    assert tarde.status_code == 409
    with punto.web.session() as s:
        filas_ = s.execute(
            sa.select(Calificacion.valor, Calificacion.por_asesor).where(
                Calificacion.turno_id == primero.id
            )
        ).all()
    assert [tuple(f) for f in filas_] == [(None, False)]
    assert punto.turnos()[0].resultado == "atendido"


def test_the_desk_is_told_when_the_person_has_rated(punto: Point) -> None:
    """Whoever waits for it calls the next person then, and not before; the page changes by
    itself."""
    punto.take_turn(punto.device("quiosco-1"))
    item = punto.until_rating(punto.turnos()[0])
    tableta, asesor = punto.device("tableta-3"), en_el_modulo_3(punto)
    viva, pedida = (
        asesor.get("/atencion/fila"),
        "Si llama al siguiente antes de que la persona responda",
    )
    assert pedida in viva.text
    assert pedida in asesor.get("/atencion").text
    prueba = csrf(tableta.get(f"/tableta/calificar/{item.id}").text)
    assert (
        tableta.post(
            f"/tableta/calificar/{item.id}", data={"csrf_token": prueba, "calificacion": "4"}
        ).status_code
        == 303
    )
    ahora = asesor.get("/atencion/fila", headers={"If-None-Match": viva.headers["ETag"]})
    assert ahora.status_code == 200
    assert pedida not in ahora.text
    assert 'data-parte="cierre"' in ahora.text


def test_the_queue_says_which_system_leaves_questions_without_an_answer_and_since_when(
    punto: Point,
) -> None:
    """Of what the questions of today have shown, whoever put them; nothing of systems that answer
    or that nobody asked."""
    asesor = en_el_modulo_3(punto)
    ahora = punto.clock.now()
    with punto.web.session() as s:
        s.add(
            marta := Persona(
                tipo_doc="CC",
                num_doc="52123456",
                nombre="Marta Rojas",
                calidad="titular",
                creada=ahora,
            )
        )
        s.commit()
        persona = marta.id

    def pregunta(sistema: str, estado: str, hace: int) -> None:
        with punto.web.session() as s:
            cuando = ahora - dt.timedelta(minutes=hace)
            fila = ConsultaLegado(
                clave=f"{sistema}:{hace}",
                persona_id=persona,
                sistema=sistema,
                estado=estado,
                consultada=cuando,
                asesor_id="colega",
            )
            s.add(fila)
            s.commit()

    def sistemas() -> str:
        pagina = followed(asesor.get("/atencion").text)
        return re.sub(
            r"<[^>]+>", "", pagina.partition('id="sistemas">')[2].partition("</section>")[0]
        )

    for sistema, estado, hace in (
        ("cobol", "no_disponible", 24 * 60),
        ("cctex", "ok", 40),
        ("foxpro", "no_configurado", 30),
    ):
        pregunta(sistema, estado, hace)
    assert sistemas() == "", "yesterday's failure is nothing of today"
    for sistema, estado, hace in (
        ("cobol", "no_disponible", 50),
        ("cobol", "ok", 45),
        ("cctex", "no_disponible", 20),
    ):
        pregunta(sistema, estado, hace)
    assert "COBOL" not in sistemas(), "it has answered since"
    viva = asesor.get("/atencion/fila").headers["ETag"]
    pregunta("cctex", "no_disponible", 10)
    assert asesor.get("/atencion/fila").headers["ETag"] != viva
    desde, ultima = (formatos.hora(ahora - dt.timedelta(minutes=hace)) for hace in (20, 10))
    assert (
        f"C&amp;CTEX no responde desde las {desde}. Última pregunta, a las {ultima}."
        in " ".join(sistemas().split())
    )


def test_the_desk_is_remembered_for_the_person_on_this_device_only(punto: Point) -> None:
    sin_modulo = 'id="modulo" name="modulo" autofocus'
    assert sin_modulo in punto.web.browser("asesor").get("/atencion").text, (
        "nobody is called without it"
    )
    asesor = en_el_modulo_3(punto)
    assert sin_modulo not in asesor.get("/atencion").text
    asesor.post("/salir", data={"csrf_token": csrf(asesor.get("/atencion").text)})
    with asesor.session_transaction() as sesion:
        sesion.clear()
        sesion.update(signed_in("fs-asesor"))
    elegido = re.search(r'<option value="3"[^>]*selected', asesor.get("/atencion").text)
    assert elegido, "the same person finds the desk again"
    with asesor.session_transaction() as sesion:
        sesion.update({"_user_id": "fs-colega"})
    assert not re.search(r'<option value="3"[^>]*selected', asesor.get("/atencion").text), (
        "a colleague at this machine chooses"
    )
    otro = punto.web.browser("asesor")
    assert not re.search(r'<option value="3"[^>]*selected', otro.get("/atencion").text), (
        "another machine knows nothing"
    )


def test_a_memory_of_desks_that_was_tampered_with_is_forgotten(punto: Point) -> None:
    asesor = en_el_modulo_3(punto)
    asesor.set_cookie("ventanilla_puesto", '{"asesor":["BOG-AGU","3"]}.falsa')
    with asesor.session_transaction() as sesion:
        sesion.pop("modulo")
    assert not re.search(r'<option value="3"[^>]*selected', asesor.get("/atencion").text)


def test_an_adviser_does_not_read_who_gave_which_rating_or_comment(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    item = punto.until_rating(turno, medio="verbal")
    registros = punto.web.app.extensions["ventanilla"].forms["usuario.calificar"].records
    valores: Data = {
        "calificacion": 2,
        "motivo_calificacion": "trato",
        "comentario": "Me hablaron mal",
    }
    punto.web.engine.items.complete(
        item.id, values=valores, actor=ASESOR_DE_PUNTO, now=punto.clock.now(), records=registros
    )
    with punto.web.session() as s:
        assert s.scalars(sa.select(Calificacion.por_asesor)).all() == [True]
    for pagina in (f"/caso/{turno.case_key}", f"/caso/{turno.case_key}/historia"):
        visto = punto.web.browser("asesor").get(pagina).text
        assert "Me hablaron mal" not in visto
        assert "Reservada" in visto
    assert (
        "Me hablaron mal"
        in punto.web.browser("revisor").get(f"/caso/{turno.case_key}/historia").text
    )
    coordinador = punto.web.browser("coordinador")
    informe = coordinador.get("/calificaciones?periodo=30").text
    assert "100 %" in informe
    assert "El promedio se muestra por mes terminado." in informe
    informe = coordinador.get("/calificaciones").text
    assert '<option value="2026-10" selected>octubre de 2026</option>' in informe
    assert "Sin calificaciones en estos días." in informe
    planilla = coordinador.get("/calificaciones/lista.csv?periodo=hoy")
    titulos, del_punto, del_asesor = planilla.data.decode("utf-8-sig").splitlines()
    assert (
        titulos
        == "De;Nombre;Desde;Hasta;Pedidas;Calificaron;Promedio;De viva voz;Parte de viva voz"
    )
    assert del_punto == "Punto;Bogotá Aguas;2026-11-24;2026-11-24;1;1;;1;1,00"
    assert del_asesor == "Asesor;Andrés Salcedo, Bogotá Aguas;2026-11-24;2026-11-24;1;1;;1;1,00"
    for pagina in ("/calificaciones", "/calificaciones/lista.csv"):
        assert punto.web.browser("asesor").get(pagina).status_code == 403


def test_who_is_absent_when_the_point_closes_is_closed_and_tomorrow_nobody_is_left_over(
    punto: Point,
) -> None:
    """Q3: called once, gone, and nobody called again: the turn ends with the point, and the page of
    the next day is empty."""
    punto.take_turn(punto.device("quiosco-1"))
    asesor = en_el_modulo_3(punto)
    pulsar(punto, asesor, "/atencion/llamar")
    turno = punto.turnos()[0]
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "ausente"}, "asesor.llamar"
    )
    punto.wait(hours=12)
    turno = punto.turnos()[0]
    assert (turno.estado, turno.resultado) == ("cerrado", "ausente")
    assert punto.open_items(turno) == []
    with punto.web.session() as s:
        periodos = s.scalars(
            sa.select(TurnoPeriodo)
            .where(TurnoPeriodo.turno_id == turno.id)
            .order_by(TurnoPeriodo.id)
        ).all()
        assert [(p.estado, p.fin is not None) for p in periodos] == [
            ("espera", True),
            ("llamado", True),
            ("ausente", True),
        ]
        assert periodos[-1].fin == turno.cerrado
    punto.wait(hours=12)
    assert 'id="ausentes"' not in punto.web.browser("asesor").get("/atencion").text


# --- 5.2.8 put right ------------------------------------------------------------------------------
RADICADO: Data = {
    "clase": "solicitud",
    "subclase": "",
    "tema": "S01",
    "servicio_id": 0,
    "descripcion": "Quiere saber cómo se paga el crédito de su hermana.",
}


def en_5_2_10(punto: Point) -> tuple[FlaskClient, Turno]:
    with punto.web.session() as s, s.begin():
        desde = punto.clock.now().date() - dt.timedelta(days=1)
        s.add(Norma(codigo="LEY1755", nombre="Ley 1755", articulo="14", vigente_desde=desde))
        for codigo, clase, tipo in (
            ("S01", "solicitud", "informacion"),
            ("R01", "reclamo", "peticion"),
        ):
            dicho = {"tema": "Crédito", "subtema": codigo, "tipo_termino": tipo}
            s.add(Tipificacion(codigo=codigo, clase=clase, vigente_desde=desde, **dicho))
    asesor = en_el_modulo_3(punto)
    turno = hasta_titularidad(punto, asesor, "act_5_2_8")
    punto.complete(turno, "act_5_2_8", RADICADO, "asesor.tipificar")
    return asesor, turno


def enviar(asesor: FlaskClient, **campos: str) -> tuple[int, str]:
    """The form of the console; (status, the page that follows)."""
    pagina = asesor.get("/atencion").text
    [ruta] = set(re.findall(r'action="(/tarea/[^"?]+)\?', pagina))
    datos = {"csrf_token": csrf(pagina), **campos}
    respuesta = asesor.post(f"{ruta}?volver=consola", data=datos, follow_redirects=True)
    return respuesta.status_code, followed(respuesta.text)


def test_a_wrong_class_is_put_right_at_the_desk_with_the_same_number_and_its_own_term(
    punto: Point,
) -> None:
    asesor, turno = en_5_2_10(punto)
    with punto.web.session() as s:
        antes = s.scalars(sa.select(Caso)).one()
    assert (antes.clase, antes.dias_termino) == ("solicitud", 10)
    _, pagina = enviar(asesor, camino="reclasificar", respuesta="Se paga en el banco.")
    assert "Corregir la clasificación" in pagina
    assert RADICADO["descripcion"] in pagina, "what it said is there"
    otra = {**{k: str(v) for k, v in RADICADO.items()}, "clase": "reclamo", "tema": "R01"}
    codigo, pagina = enviar(asesor, **otra)
    assert (codigo, "Diga por qué se corrige" in pagina) == (422, True)
    codigo, pagina = enviar(asesor, **otra, motivo_correccion="Reclama un cobro, no pregunta.")
    assert codigo == 200
    assert "Se paga en el banco." in pagina, "what was typed at 5.2.10 is there again"
    with punto.web.session() as s:
        caso = s.scalars(sa.select(Caso)).one()
        assert (caso.id, caso.radicado) == (antes.id, antes.radicado)
        assert (caso.clase, caso.tema, caso.dias_termino) == ("reclamo", "R01", 15)
        assert caso.limite_respuesta is not None
        assert antes.limite_respuesta is not None
        assert caso.limite_respuesta > antes.limite_respuesta
        historia = reads.history.of_case(s, punto.web.engine.catalog, str(turno.case_key))
    hechos = [x for x in historia if x.kind == "complete" and x.values]
    [primero] = [x.values for x in hechos if x.element == "act_5_2_8"]
    [corregido] = [x.values for x in hechos if x.element == "us_reclasificar"]
    assert primero is not None
    assert corregido is not None
    assert (primero["tema"], corregido["tema"]) == ("S01", "R01"), "both stay"
    assert corregido["motivo_correccion"] == "Reclama un cobro, no pregunta."
    enviar(asesor, dispone="si", respuesta="Se paga en el banco.")
    with punto.web.session() as s:
        assert s.scalars(sa.select(Caso.estado)).one() == "cerrado"


def test_who_looked_at_the_class_and_changes_nothing_owes_no_reason(punto: Point) -> None:
    asesor, turno = en_5_2_10(punto)
    enviar(asesor, camino="reclasificar")
    codigo, _ = enviar(asesor, **{k: str(v) for k, v in RADICADO.items()})
    assert codigo == 200
    assert punto.open_item(turno, "act_5_2_10")


# --- templates with figures, in the person's language ---------------------------------------------
SALDO = "{nombre}, el saldo de {obligacion} es {saldo}, con corte: {corte}."
BALANCE = "{nombre}, the balance of {obligacion} is {saldo}, as of {corte}."


def con_plantillas(punto: Point) -> tuple[FlaskClient, Turno]:
    asesor, turno = en_5_2_10(punto)
    acto = Acto("coordinador", punto.clock.now())
    with punto.web.session() as s, s.begin():
        plantillas.agregar(s, NuevaPlantilla("S01", "Saldo", SALDO), acto)
        plantillas.agregar(s, NuevaPlantilla("S01", "Balance", BALANCE, "en"), acto)
    return asesor, turno


def responde_el_sistema(punto: Point, turno: Turno, sistema: str, **fila: object) -> None:
    with punto.web.session() as s, s.begin():
        s.add(
            ConsultaLegado(
                turno_id=turno.id,
                sistema=sistema,
                modo="automatica",
                asesor_id="asesor",
                clave=f"{sistema}:{turno.id}",
                estado="ok",
                filas=[fila],
                consultada=punto.clock.now(),
                fecha_corte=punto.clock.now() - dt.timedelta(days=1),
            )
        )


def test_a_template_whose_figure_is_missing_cannot_be_used_and_says_why(punto: Point) -> None:
    asesor, _turno = con_plantillas(punto)
    pagina = followed(asesor.get("/atencion").text)
    assert "falta «obligacion»: ningún aplicativo dio datos de esta persona" in pagina
    assert "data-insertar" not in asesor.get("/atencion").text


def test_a_template_carries_what_the_system_says_and_the_day_of_its_data(punto: Point) -> None:
    asesor, turno = con_plantillas(punto)
    responde_el_sistema(punto, turno, "cctex", obligacion="0810000000", saldo=1986000)
    pagina = asesor.get("/atencion").text
    [texto] = re.findall(r'data-insertar="(Ana [^"]*)"', pagina)
    dia = formatos.fecha(formatos.dia_local(punto.clock.now() - dt.timedelta(days=1)))
    assert texto == f"Ana Rojas, el saldo de 0810000000 es $ 1.986.000, con corte: {dia}."
    assert 'data-fuente="C&amp;CTEX"' in pagina


def test_two_systems_that_contradict_each_other_give_no_figure(punto: Point) -> None:
    asesor, turno = con_plantillas(punto)
    for sistema, saldo in (("cctex", 1), ("cobol", 2)):
        responde_el_sistema(punto, turno, sistema, obligacion="0810000000", saldo=saldo)
    assert "falta «saldo»: los aplicativos no coinciden" in followed(asesor.get("/atencion").text)


def test_the_desk_puts_the_language_of_the_person_right_and_the_templates_follow(
    punto: Point,
) -> None:
    asesor, turno = con_plantillas(punto)
    responde_el_sistema(punto, turno, "cctex", obligacion="0810000000", saldo=1986000)
    ruta = f"/atencion/idioma/{turno.id}"
    assert "Cambiar a English" in followed(asesor.get("/atencion").text)
    pulsar(punto, asesor, ruta, esperado=404, idioma="xx")
    assert pulsar(punto, asesor, ruta, idioma="en").written == 1
    pagina = asesor.get("/atencion").text
    [texto] = re.findall(r'data-insertar="(Ana [^"]*)"', pagina)
    assert texto.startswith("Ana Rojas, the balance of 0810000000 is $ 1.986.000, as of Mon 23 Nov")
    colega = punto.web.browser("colega")
    assert pulsar(punto, colega, ruta, esperado=404, idioma="es").written == 0
