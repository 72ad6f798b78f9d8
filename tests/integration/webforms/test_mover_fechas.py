"""Due dates of what runs in a case: moved by hand with a reason, or by the business days that it
stood still."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import reads
from engine.errors import Conflict, NotAllowed, NotWaiting
from engine.reads.verification import verify
from engine.store.tables import Item, Timer
from engine.types import CaseDue, StartForm
from records.casos import registro
from records.plazos.reglas import plazos
from records.plazos.reglas.calendario import BOGOTA
from records.plazos.reglas.plazos import Pausa
from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import ASESORA, COORDINADORA
from tests.kit.web import WebKit, csrf, followed, hidden

WHY = "La persona pidió otra visita"
_START = m.extension(
    '<v:start roles="asesor"/><v:field name="asunto" label="Asunto" required="true"/>'
)
_TASK = m.extension('<v:due expr="P3D"/>')
MODELO = m.model(
    '<process id="visita" name="Visita" isExecutable="true">'
    + m.extension('<v:case number="VIS-{aaaa}-{000}" subject="asunto" due="P15D"/>')
    + '<laneSet id="ls">'
    + m.lane("ln", "asesor", "", "pide", "hacer", "tarde", "fin", "otro")
    + f'</laneSet><startEvent id="pide" name="Pedir">{_START}</startEvent><userTask id="hacer" name="Hacer la visita">{_TASK}</userTask>'
    + '<boundaryEvent id="tarde" name="Recordar la visita" attachedToRef="hacer" cancelActivity="false">'
    + "<timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition></boundaryEvent>"
    + '<endEvent id="fin" name="Hecha"/><endEvent id="otro" name="Recordada"/>'
    + m.flows("pide>hacer>fin tarde>otro")
    + "</process>"
)


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    kit.deploy({"visita.bpmn": MODELO})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def caso(web: WebKit) -> str:
    return web.engine.instances.start(
        "visita", actor=ASESORA, now=web.clock.now(), form=StartForm({"asunto": "Local"})
    ).case_key


def fechas(
    web: WebKit, caso: str
) -> tuple[dt.datetime | None, dt.datetime | None, list[dt.datetime]]:
    """Of the legal term, of the open task, of the timers."""
    with web.engine.uow.reading() as session:
        f = registro.ficha(session, caso)
        tarea = session.scalars(sa.select(Item.due_at).where(Item.case_key == caso)).one()
        tiempos = list(session.scalars(sa.select(Timer.due).where(Timer.instance_id == caso)))
        assert not verify(session, caso).faults
    assert f is not None
    return f.vence, tarea, tiempos


def enviar(web: WebKit, direccion: str, **datos: str) -> tuple[int, str]:
    jefe = web.browser("coordinador")
    ficha = csrf(jefe.get(direccion).text)
    respuesta = jefe.post(direccion, data={"csrf_token": ficha, **datos}, follow_redirects=True)
    return respuesta.status_code, followed(respuesta.text)


def test_dates_that_run_are_moved_with_a_reason_and_fire_by_the_new_ones(
    web: WebKit, caso: str
) -> None:
    direccion, ahora = f"/caso/{caso}/fechas/{caso}", web.clock.now()
    assert web.browser("asesor").get(direccion).status_code == 403
    with web.engine.uow.reading() as session:
        [tarea] = reads.items.of_case(session, caso, only_open=True)
        [tiempo] = web.engine.deadlines.running(session, caso, ahora)
    pagina = followed(web.browser("coordinador").get(direccion).text)
    for que in ("Término legal del caso", "Hacer la visita", "Recordar la visita"):
        assert que in pagina
    assert "al menos una fecha" in enviar(web, direccion, motivo=WHY)[1]
    malas = {
        "f.termino": "05/12/2026",
        f"f.{tarea.id}": "mañana",
        f"f.{tiempo.task_id}": "01/01/2020",
    }
    codigo, pagina = enviar(web, direccion, motivo="no", **malas)
    assert codigo == 422
    for falta in (
        "ese día no es hábil",
        "como día/mes/año",
        "de hoy en adelante",
        'value="mañana"',
        "entre 10 y 2.000",
    ):
        assert falta in pagina

    # at the hour that it has, which is this one
    hoy = {f"f.{tarea.id}": ahora.astimezone(BOGOTA).strftime("%d/%m/%Y")}
    codigo, pagina = enviar(web, direccion, motivo=WHY, **hoy)
    assert (codigo, "Hacer la visita: hoy a esa hora ya pasó" in pagina) == (422, True)

    visto = hidden(web.browser("coordinador").get(direccion).text, "vio.termino")
    buenas = {
        "f.termino": "30/12/2026",
        f"f.{tarea.id}": "10/12/2026",
        f"f.{tiempo.task_id}": "09/12/2026",
        "vio.termino": visto,
    }
    assert "Las fechas quedaron movidas." in enviar(web, direccion, motivo=WHY, **buenas)[1]
    # the other tab
    codigo, pagina = enviar(web, direccion, motivo=WHY, **buenas | {"f.termino": "29/12/2026"})
    assert (codigo, "Alguien movió el término del caso" in pagina) == (422, True)
    viejo = CaseDue(dt.datetime.fromisoformat(visto), ahora + dt.timedelta(days=40))
    with pytest.raises(Conflict):  # somebody was between the look and the command
        web.engine.deadlines.move(
            caso, {}, reason=WHY, actor=COORDINADORA, now=ahora, case_due=viejo
        )
    movidos = (
        ahora + dt.timedelta(days=36),
        ahora + dt.timedelta(days=16),
        [ahora + dt.timedelta(days=15)],
    )
    assert fechas(web, caso) == movidos
    revision = followed(web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text)
    for dicho in (
        "Movió plazos del caso",
        "Término legal: antes",
        "Recordar la visita: antes",
        WHY,
    ):
        assert dicho in revision
    web.clock.advance(dt.timedelta(days=6))
    assert web.engine.pump(web.clock.now()) == 0
    web.clock.advance(dt.timedelta(days=10))
    assert web.engine.pump(web.clock.now()) == 1

    with pytest.raises(NotWaiting):  # it fired
        web.engine.deadlines.move(
            caso,
            {tiempo.task_id: web.clock.now()},
            reason=WHY,
            actor=COORDINADORA,
            now=web.clock.now(),
        )
    with pytest.raises(NotAllowed):
        web.engine.deadlines.move(
            caso, {tarea.id: web.clock.now()}, reason=WHY, actor=ASESORA, now=web.clock.now()
        )


@pytest.mark.parametrize("sumar", ["1", ""])
def test_who_resumes_gives_back_the_business_days_that_it_stood_still(
    web: WebKit, caso: str, sumar: str
) -> None:
    antes, operar = fechas(web, caso), f"/caso/{caso}/operar/{caso}"
    assert "Al reanudar se puede decidir" in followed(
        web.browser("coordinador").get(f"{operar}/suspender").text
    )
    enviar(web, f"{operar}/suspender", motivo=WHY)
    desde = web.clock.now()
    # no business day went by
    assert "Sumar al término" not in web.browser("coordinador").get(f"{operar}/reanudar").text
    web.clock.advance(dt.timedelta(days=7))
    assert "Sumar al término los 5 días hábiles que estuvo suspendido" in followed(
        web.browser("coordinador").get(f"{operar}/reanudar").text
    )
    assert "El proceso sigue." in enviar(web, f"{operar}/reanudar", motivo=WHY, sumar=sumar)[1]
    vence, tarea, tiempos = fechas(web, caso)
    if not sumar:
        assert (vence, tarea) == antes[:2]
        # it came due meanwhile: the next look of the worker fires it
        assert tiempos[0] < web.clock.now()
        return
    pausa = Pausa(desde, web.clock.now())
    assert antes[0] is not None
    assert antes[1] is not None
    assert vence == plazos.reactivar(antes[0], pausa)
    assert tarea == plazos.con_lo_detenido(antes[1], pausa)
    assert tiempos == [plazos.con_lo_detenido(antes[2][0], pausa)]
    assert tiempos[0] > web.clock.now()
    pagina = followed(web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text)
    for dicho in ("Reanudó el proceso", "Término legal: antes", "Recordar la visita: antes"):
        assert dicho in pagina


@pytest.mark.parametrize(
    ("fecha", "despues"),
    [
        # three business days were left on Tuesday 24th; they count from the 1st of December
        ("2026-11-27T10:00", "2026-12-04T10:00"),
        ("2026-11-24T18:00", "2026-12-01T18:00"),  # of the day itself none was left
        ("2026-11-23T10:00", "2026-11-23T10:00"),  # it had passed before
    ],
)
def test_a_date_keeps_its_hour_and_the_business_days_that_were_left(
    fecha: str, despues: str
) -> None:
    tz = BOGOTA
    pausa = Pausa(dt.datetime(2026, 11, 24, 9, tzinfo=tz), dt.datetime(2026, 12, 1, 15, tzinfo=tz))
    momento = dt.datetime.fromisoformat(fecha).replace(tzinfo=tz)
    assert plazos.con_lo_detenido(momento, pausa) == dt.datetime.fromisoformat(despues).replace(
        tzinfo=tz
    )
