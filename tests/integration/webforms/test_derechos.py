"""Somebody asks that what is held about them be erased or restricted: one person asks, another
decides, the worker does it, with proof."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from records.base.actos import Acto
from records.casos.reglas import estados
from records.casos.tablas import Caso, CasoRestringido
from records.derechos.tablas import ParteDeSolicitud, SolicitudDatos
from records.personas.tablas import Contacto, Persona
from records.retencion import reservas
from records.sistemas.tablas import ConsultaLegado
from records.visita.tablas import Atencion, Turno
from tests.kit.month import World, month
from tests.kit.web import csrf, followed, hidden
from webforms.derechos import supresion

RETIRA = "Retira la autorización (Ley 1581 de 2012, art. 8)"


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("derechos")) as made:
        yield made


def con_todo_terminado(world: World) -> Persona:
    """With a case that ended, contact data and answers of legacy systems, and nothing that goes
    on."""
    with Session(world.engine.db) as s:
        en_curso = sa.text("SELECT case_key FROM instance WHERE ended_at IS NULL").columns(
            sa.column("case_key")
        )
        abierto = sa.select(Caso.persona_id).where(
            Caso.estado.not_in(sorted(estados.FINALES)) | Caso.case_key.in_(en_curso)
        )
        atendido = sa.select(Atencion.persona_id).where(
            Atencion.case_key.in_(en_curso), Atencion.persona_id.is_not(None)
        )
        quienes = (
            sa.select(Persona)
            .where(Persona.id.in_(sa.select(Caso.persona_id).where(Caso.radicado.is_not(None))))
            .where(Persona.id.not_in(abierto), Persona.id.not_in(atendido))
            .where(Persona.id.in_(sa.select(Contacto.persona_id).where(Contacto.valor != "")))
            .where(
                Persona.id.in_(
                    sa.select(ConsultaLegado.persona_id).where(ConsultaLegado.filas.is_not(None))
                )
            )
        )
        persona = s.scalars(quienes.order_by(Persona.id)).first()
        assert persona is not None
        return persona


def con_algo_en_curso(world: World) -> Persona:
    with Session(world.engine.db) as s:
        persona = s.scalars(
            sa.select(Persona).where(
                Persona.id.in_(
                    sa.select(Caso.persona_id).where(Caso.estado.not_in(sorted(estados.FINALES)))
                )
            )
        ).first()
        assert persona is not None
        return persona


def abrir(revisora: FlaskClient, persona: Persona) -> str:
    """The page on which it is asked for, from that of who has seen them."""
    ficha = csrf(revisora.get("/cumplimiento/accesos").text)
    datos = {"csrf_token": ficha, "num_doc": persona.num_doc, "motivo": "Solicitud 2026-0140022"}
    pagina = revisora.get(revisora.post("/cumplimiento/accesos", data=datos).location).text
    (direccion,) = re.findall(r'href="(/cumplimiento/datos/nueva[^"]*)"', pagina)
    respuesta = revisora.get(direccion.replace("&amp;", "&"))
    assert respuesta.status_code == 200
    return respuesta.text


def pedir(world: World, revisora: FlaskClient, persona: Persona, **mas: str) -> TestResponse:
    """All that may be erased is, the rest is restricted."""
    pagina = abrir(revisora, persona)
    datos = {nombre: hidden(pagina, nombre) for nombre in ("persona", "de")} | {
        "csrf_token": csrf(pagina)
    }
    for campo, opciones in re.findall(
        r'<select class="form-select" name="([^"]+)"[^>]*>(.*?)</select>', pagina, re.DOTALL
    ):
        datos[campo] = "suprimir" if 'value="suprimir"' in opciones else "restringir"
    datos |= {
        "solicitud": "2026-0140022",
        "recibida": f"{world.clock.now():%d/%m/%Y}",
        "fundamento": RETIRA,
        **mas,
    }
    return revisora.post("/cumplimiento/datos/nueva", data=datos)


def decidir(
    quien: FlaskClient, direccion: str, decide: str = "aprobar", respuesta: str = ""
) -> TestResponse:
    datos = {
        "csrf_token": csrf(quien.get(direccion).text),
        "decide": decide,
        "respuesta": respuesta,
    }
    return quien.post(f"{direccion}/decidir", data=datos)


def cumplir(world: World) -> int:
    with world.app.app_context():
        return supresion.cumplir(world.clock.now())


def quedan(world: World, persona_id: int) -> dict[str, int]:
    def cuantos(modelo: Any, *donde: Any) -> int:
        return s.scalar(sa.select(sa.func.count()).select_from(modelo).where(*donde)) or 0

    with Session(world.engine.db) as s:
        return {
            "contactos": cuantos(Contacto, Contacto.persona_id == persona_id, Contacto.valor != ""),
            "respuestas": cuantos(
                ConsultaLegado,
                ConsultaLegado.persona_id == persona_id,
                ConsultaLegado.filas.is_not(None),
            ),
            "turnos": cuantos(
                Turno,
                Turno.persona_id == persona_id,
                Turno.case_key.not_in(sa.select(Caso.case_key)),
            ),
        }


def audita(world: World) -> None:
    hecho = world.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert hecho.exit_code == 0, hecho.output


def test_what_nobody_has_to_keep_is_erased_and_the_rest_restricted_with_proof(world: World) -> None:
    revisora, coordinador = (
        world.person(world.by_role["cumplimiento"]),
        world.person(world.by_role["coordinador_gau"]),
    )
    persona = con_todo_terminado(world)
    antes = quedan(world, persona.id)
    assert min(antes["contactos"], antes["respuestas"]) > 0
    pedida = pedir(world, revisora, persona)
    assert pedida.status_code == 302, followed(pedida.text)
    direccion = pedida.location
    assert quedan(world, persona.id) == antes, "nothing changes by asking"
    assert cumplir(world) == 0
    assert re.search(
        r'Eliminación documental</a>\s*<span class="conteo">1<', coordinador.get("/ir-a").text
    ), "it waits for who decides"
    pagina = revisora.get(direccion).text
    assert "Usted la pidió: la decide otra persona." in pagina
    assert (
        revisora.post(
            f"{direccion}/decidir", data={"csrf_token": csrf(pagina), "decide": "aprobar"}
        ).status_code
        == 403
    )
    assert decidir(coordinador, direccion).status_code == 302
    assert cumplir(world) == 1
    assert quedan(world, persona.id) == {"contactos": 0, "respuestas": 0, "turnos": 0}
    with Session(world.engine.db) as s:
        solicitud = s.scalars(sa.select(SolicitudDatos)).one()
        partes = s.scalars(sa.select(ParteDeSolicitud).order_by(ParteDeSolicitud.n)).all()
        restringidos = set(s.scalars(sa.select(CasoRestringido.case_key)))
        casos = set(s.scalars(sa.select(Caso.case_key).where(Caso.persona_id == persona.id)))
        acta = json.loads(solicitud.contenido or b"")
        nombre = s.get_one(Persona, persona.id).nombre
    assert (solicitud.estado, restringidos) == ("cumplida", casos)
    assert nombre == persona.nombre, "while a case is kept, whose it is stays"
    assert {p.que: p.datos for p in partes if p.que in ("contactos", "legado")} == {
        "contactos": antes["contactos"],
        "legado": antes["respuestas"],
    }
    assert all(len(p.huella) == 64 for p in partes if p.que in ("contactos", "legado"))
    assert not [
        dicho
        for dicho in (persona.nombre, persona.num_doc)
        if dicho in json.dumps(acta, ensure_ascii=False)
    ]
    assert acta["cadenas"]["antes"].keys() == acta["cadenas"]["despues"].keys()
    assert not any(v["fallas"] for cuando in acta["cadenas"].values() for v in cuando.values())
    bajada = revisora.get(f"{direccion}/acta.json")
    assert (bajada.status_code, bajada.data) == (200, solicitud.contenido)
    audita(world)
    dicho = followed(revisora.get(direccion).text)
    assert "Cumplida el" in dicho
    assert "siguen íntegras" in dicho or "sigue íntegra" in dicho


def test_a_case_that_is_restricted_is_opened_by_compliance_with_a_reason_and_by_nobody_else(
    world: World,
) -> None:
    revisora, coordinador = (
        world.person(world.by_role["cumplimiento"]),
        world.person(world.by_role["coordinador_gau"]),
    )
    persona = con_todo_terminado(world)
    with Session(world.engine.db) as s:
        clave, numero = s.execute(
            sa.select(Caso.case_key, Caso.radicado).where(Caso.persona_id == persona.id)
        ).first() or ("", "")
    assert coordinador.get(f"/caso/{clave}").status_code == 200
    direccion = pedir(world, revisora, persona).location
    decidir(coordinador, direccion)
    assert cumplir(world) == 1
    for quien in ("coordinador_gau", "administrador", "asesor"):
        pedida = world.person(world.by_role[quien]).get(f"/caso/{clave}")
        assert pedida.status_code in (403, 404), quien
        assert persona.nombre not in pedida.text
    lista = coordinador.get("/casos", query_string={"radicado": numero}).text
    assert numero in lista
    assert persona.nombre not in lista
    for pagina in (f"/caso/{clave}", f"/cumplimiento/caso/{clave}"):
        pedida = revisora.get(pagina)
        assert pedida.status_code == 302
        assert pedida.location.startswith(f"/caso/{clave}/con-motivo")
    motivo = revisora.get(f"/caso/{clave}/con-motivo").text
    assert "Su titular pidió que no se abra" in motivo
    datos = {
        "csrf_token": csrf(motivo),
        "motivo": "Lo pide la Procuraduría, oficio 4411",
        "_vuelta": f"/cumplimiento/caso/{clave}",
    }
    abierta = revisora.get(revisora.post(f"/caso/{clave}/con-motivo", data=datos).location)
    assert abierta.status_code == 200
    assert "Restringido" in abierta.text
    assert ("caso_con_motivo", clave) in {(a[0], a[2]) for a in accesos(world)}
    sin_motivo = revisora.post(
        f"/cumplimiento/caso/{clave}/restriccion/levantar", data={"csrf_token": csrf(abierta.text)}
    )
    assert sin_motivo.status_code == 422
    datos = {"csrf_token": csrf(abierta.text), "motivo_restriccion": "La persona lo pidió otra vez"}
    assert (
        revisora.post(f"/cumplimiento/caso/{clave}/restriccion/levantar", data=datos).status_code
        == 302
    )
    assert coordinador.get(f"/caso/{clave}").status_code == 200
    audita(world)


def accesos(world: World) -> list[tuple[str, str, str]]:
    with world.engine.db.connect() as c:
        return [tuple(f) for f in c.exec_driver_sql("SELECT kind, actor_id, subject FROM access")]


def test_nothing_of_somebody_with_a_case_that_goes_on_is_erased_whatever_is_sent(
    world: World,
) -> None:
    revisora = world.person(world.by_role["cumplimiento"])
    persona = con_algo_en_curso(world)
    pagina = abrir(revisora, persona)
    assert "Mientras dure el trámite" in pagina
    assert 'value="suprimir"' not in pagina
    datos = {n: hidden(pagina, n) for n in ("persona", "de")} | {
        "csrf_token": csrf(pagina),
        "hacer-contactos": "suprimir",
    }
    datos |= {
        "solicitud": "2026-1",
        "recibida": f"{world.clock.now():%d/%m/%Y}",
        "fundamento": RETIRA,
    }
    pedida = revisora.post("/cumplimiento/datos/nueva", data=datos)
    assert pedida.status_code == 422
    assert "ya no se puede hacer hoy" in pedida.text
    assert 'value="2026-1"' in pedida.text, "what was typed stays"


def test_what_was_put_on_hold_meanwhile_stays_and_the_act_says_so(world: World) -> None:
    revisora, coordinador = (
        world.person(world.by_role["cumplimiento"]),
        world.person(world.by_role["coordinador_gau"]),
    )
    persona = con_todo_terminado(world)
    antes = quedan(world, persona.id)
    direccion = pedir(world, revisora, persona).location
    decidir(coordinador, direccion)
    with Session(world.engine.db) as s, s.begin():
        clave = s.scalars(sa.select(Caso.case_key).where(Caso.persona_id == persona.id)).first()
        reservas.poner(
            s, str(clave), "Tutela 2026-0231, juzgado 4", Acto("revisor", world.clock.now())
        )
    assert cumplir(world) == 1
    assert quedan(world, persona.id) == antes
    assert "No se hizo: Un caso suyo tiene reserva legal" in revisora.get(direccion).text
    audita(world)


@pytest.mark.parametrize(
    ("mas", "dice"),
    [
        ({"solicitud": " "}, "Escriba el número con que la persona lo pidió."),
        ({"recibida": "31/02/2026"}, "Escriba el día en que llegó la solicitud"),
        ({"recibida": "01/01/2099"}, "no puede ser posterior a hoy"),
        ({"fundamento": ""}, "Escriba el motivo"),
    ],
)
def test_what_is_missing_is_told_at_its_field(world: World, mas: dict[str, str], dice: str) -> None:
    revisora = world.person(world.by_role["cumplimiento"])
    pedida = pedir(world, revisora, con_todo_terminado(world), **mas)
    (campo,) = mas
    assert pedida.status_code == 422
    assert dice in followed(pedida.text)
    assert f'id="{campo}-e"' in pedida.text


def test_it_is_given_back_with_a_reason_or_withdrawn_and_asked_for_again(world: World) -> None:
    revisora, coordinador = (
        world.person(world.by_role["cumplimiento"]),
        world.person(world.by_role["coordinador_gau"]),
    )
    persona = con_todo_terminado(world)
    direccion = pedir(world, revisora, persona).location
    assert "De esta persona ya hay una solicitud en curso." in pedir(world, revisora, persona).text
    assert decidir(coordinador, direccion, "devolver").status_code == 422
    assert (
        decidir(coordinador, direccion, "devolver", "Falta la copia del documento").status_code
        == 302
    )
    assert "Falta la copia del documento" in revisora.get(direccion).text
    assert decidir(coordinador, direccion).status_code == 422, "it waits no more"
    otra = pedir(world, revisora, persona).location
    datos = {"csrf_token": csrf(revisora.get(otra).text), "motivo": "La persona desistió"}
    assert revisora.post(f"{otra}/retirar", data=datos).status_code == 302
    assert cumplir(world) == 0
    assert pedir(world, revisora, persona).status_code == 302


def test_an_address_of_another_person_is_none(world: World) -> None:
    revisora = world.person(world.by_role["cumplimiento"])
    pagina = abrir(revisora, con_todo_terminado(world))
    de = hidden(pagina, "de")
    for persona in ("1000000", "x", "-1", "9" * 30, ""):
        assert (
            revisora.get(
                "/cumplimiento/datos/nueva", query_string={"persona": persona, "de": de}
            ).status_code
            == 404
        )
    for numero in ("0", "99999", "9" * 30):
        assert revisora.get(f"/cumplimiento/datos/{numero}").status_code == 404
    assert world.clock.now() > dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def restringir(world: World, casos: list[str]) -> None:
    """As if their persons had asked for it."""
    now = world.clock.now()
    with Session(world.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        titular = s.scalars(sa.select(Caso.persona_id).where(Caso.case_key.in_(casos))).first()
        una = SolicitudDatos(numero="SD-2026-0001", persona_id=titular, solicitud="2026-1", recibida=now.date(), responder=now.date(),
                             fundamento=RETIRA, estado="cumplida", pedida=now, pedida_por="a")  # fmt: skip
        s.add(una)
        s.flush()
        s.add_all(CasoRestringido(case_key=caso, solicitud_id=una.id, puesta=now) for caso in casos)


def test_the_proof_on_paper_of_a_restricted_case_is_not_printed_again(world: World) -> None:
    with Session(world.engine.db) as s:
        asesora = world.person(world.by_role["asesor"])
        cerrados = sa.select(Caso).where(
            Caso.estado.in_(sorted(estados.FINALES)),
            Caso.radicado.is_not(None),
            Caso.case_key.is_not(None),
        )
        caso = next(
            c
            for c in s.scalars(cerrados)
            if asesora.get(f"/atencion/constancia/{c.id}").status_code == 200
        )
        titular = s.get_one(Persona, caso.persona_id)
    restringir(world, [str(caso.case_key)])
    cerrada = asesora.get(f"/atencion/constancia/{caso.id}")
    assert cerrada.status_code == 403
    assert "Este caso está restringido: su titular pidió que no se abra." in followed(cerrada.text)
    assert not [dicho for dicho in (titular.nombre, titular.num_doc) if dicho in cerrada.text]
    assert ("rechazo", world.by_role["asesor"], str(caso.case_key)) in accesos(world)


def test_whoever_evaluates_an_attention_does_not_read_whose_restricted_case_it_was(
    world: World,
) -> None:
    """It is evaluated all the same: how long it took, what was recorded of it."""
    auditor = world.person(world.by_role["profesional_ocm"])
    with world.engine.db.connect() as c:
        tareas = c.scalars(
            sa.text(
                "SELECT id FROM work_item WHERE element = 'act_5_2_27' AND state = 'open' ORDER BY id"
            )
        ).all()
    vistas = {tarea: pagina for tarea in tareas if (pagina := auditor.get(f"/tarea/{tarea}").text)}
    with Session(world.engine.db) as s:
        cerrados = s.execute(
            sa.select(Caso.case_key, Persona.nombre, Atencion.motivo)
            .join(Persona, Persona.id == Caso.persona_id)
            .join(Atencion, Atencion.case_key == Caso.case_key)
            .where(Caso.estado.in_(sorted(estados.FINALES)))
        ).all()
    tarea, caso, nombre, motivo = next(
        (t, *c) for t, pagina in vistas.items() for c in cerrados if f"/caso/{c.case_key}" in pagina
    )
    assert nombre in vistas[tarea]
    restringir(world, [caso])
    pagina = auditor.get(f"/tarea/{tarea}")
    assert pagina.status_code == 200
    assert "Restringido: su titular pidió que no se abra." in pagina.text
    assert not [dicho for dicho in (nombre, motivo, f"/caso/{caso}") if dicho in pagina.text]
