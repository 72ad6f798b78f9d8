"""Days that are over, and today: the same turns counted the same way, by an index on both
databases, however many there were before."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.casos import abiertos
from records.casos.reglas import estados
from records.casos.tablas import Caso
from records.cuentas.tablas import Ausencia, Cuenta, RolAsignado
from records.informes import ahora, diario
from records.informes.ahora import HoraDeHoy
from records.informes.diario import Actividad, Hora
from records.informes.tablas import DiaActividad, DiaAsesor, DiaHora, DiaResumido
from records.plazos.reglas.calendario import dia_local, instante
from records.visita.tablas import Atencion, Calificacion, Turno, TurnoPeriodo
from tests.kit import records as kit
from tests.kit.clock import NOW

HOY = dia_local(NOW)
AYER = HOY - dt.timedelta(days=1)
GRANDES = (
    "turno",
    "turno_periodo",
    "caso",
    "atencion",
    "calificacion",
    "dia_hora",
    "dia_asesor",
    "dia_actividad",
)
MUCHOS = 16_000
MINUTO = dt.timedelta(minutes=1)


@pytest.fixture
def session(db: sa.Engine) -> Iterator[Session]:
    kit.populate(db)
    with Session(db, expire_on_commit=False) as abierta:
        yield abierta


def turno(
    s: Session,
    dia: dt.date,
    hora: dt.time,
    *,
    espera: float | None,
    resultado: str | None = "atendido",
    **mas: Any,
) -> int:
    """A turn that waited so many minutes (None: waits still); attended for ten minutes by the
    adviser when that is how it ended."""
    llegada = instante(dia, hora)
    estado = "espera" if espera is None else "cerrado"
    hecho = Turno(
        punto_id=mas.pop("punto_id", kit.PUNTO), fecha=dia, ficha=f"A{hora:%H%M%S}", letra="A", motivo_visita="x", origen="quiosco",
        llegada=llegada, creado=llegada, estado=estado, resultado=None if espera is None else resultado,
    )  # fmt: skip
    s.add(hecho)
    s.flush()
    llamado = None if espera is None else llegada + espera * MINUTO
    comun = {"turno_id": hecho.id, "punto_id": hecho.punto_id}
    s.add(
        TurnoPeriodo(
            **comun,
            estado="espera",
            inicio=llegada,
            fin=llamado,
            confiable=mas.pop("confiable", True),
        )
    )
    if llamado is not None and resultado == "atendido":
        fin = llamado + 10 * MINUTO
        s.add(
            TurnoPeriodo(
                **comun,
                estado="llamado",
                inicio=llamado,
                fin=llamado,
                asesor_id=kit.ASESOR,
                modulo="1",
            )
        )
        s.add(
            TurnoPeriodo(
                **comun,
                estado="atencion",
                inicio=llamado,
                fin=fin,
                asesor_id=kit.ASESOR,
                modulo="1",
            )
        )
        s.add(Atencion(**comun, asesor_id=kit.ASESOR, inicio=llamado, fin=fin))
    s.flush()
    return hecho.id


def un_dia(s: Session, dia: dt.date) -> None:
    """Attended in time, at the limit, late; who left soon; a wait that somebody wrote down; two
    hours, two points."""
    turno(s, dia, dt.time(8, 5), espera=4)
    turno(s, dia, dt.time(8, 59, 59), espera=15)
    turno(s, dia, dt.time(9), espera=15 + 1 / 60)
    turno(s, dia, dt.time(9, 30), espera=3, resultado="abandono")
    turno(s, dia, dt.time(9, 40), espera=2, confiable=False)
    turno(s, dia, dt.time(9, 50), espera=7, punto_id="MED-CEN")


ESPERADO = {  # visitas, abandonos, medibles, a_tiempo
    (kit.PUNTO, 8): (2, 0, 2, 2),
    (kit.PUNTO, 9): (3, 1, 2, 0),
    ("MED-CEN", 9): (1, 0, 1, 1),
}


def contado(filas: list[Hora] | list[HoraDeHoy]) -> dict[tuple[str, int], tuple[int, ...]]:
    return {(f.punto_id, f.franja): (f.visitas, f.abandonos, f.medibles, f.a_tiempo) for f in filas}


def test_a_day_that_is_over_and_the_same_day_while_it_goes_on_say_the_same(
    session: Session,
) -> None:
    un_dia(session, AYER)
    un_dia(session, HOY)
    diario.resumir(session, AYER, [], now=NOW)
    assert contado(diario.horas(session, [AYER])) == ESPERADO
    assert contado(ahora.horas_de_hoy(session, NOW)) == ESPERADO
    (una,) = (h for h in diario.horas(session, [AYER], kit.PUNTO) if h.franja == 8)
    assert (una.atenciones, una.atencion_s) == (2, 1200)
    assert diario.espera_en_la_fila(session, [AYER]) == (5, (60 * (4 + 15 + 15 + 3 + 7) + 1)), (
        "not the one that was written down"
    )
    assert diario.de_asesores(session, [AYER], kit.PUNTO)[kit.ASESOR] == diario.Propia(
        1, 4, 3, 1800
    )
    assert diario.de_un_asesor(session, kit.ASESOR, AYER) == [(AYER, diario.Propia(1, 5, 4, 2400))]
    assert diario.de_un_asesor(session, "otra", AYER) == []


def test_who_waits_is_in_no_share_until_called_and_is_counted_as_waiting(session: Session) -> None:
    turno(session, HOY, dt.time(9, 20), espera=None)
    turno(session, HOY, dt.time(9, 40), espera=None)
    (hora,) = ahora.horas_de_hoy(session, NOW)
    assert (hora.visitas, hora.medibles, hora.esperan, hora.primera) == (
        2,
        0,
        2,
        instante(HOY, dt.time(9, 20)),
    )
    assert [
        t.espera_s
        for t in ahora.turnos_de_hoy(
            session, NOW, kit.PUNTO, ahora.ESPERAN, pagina=1, tamano=9
        ).filas
    ] == [None, None]
    assert (
        ahora.turnos_de_hoy(session, NOW, "MED-CEN", ahora.ESPERAN, pagina=1, tamano=9).total == 0
    )


def test_each_figure_of_today_opens_to_as_many_turns(session: Session) -> None:
    un_dia(session, HOY)
    for cual, cuantos in (
        (ahora.TODOS, 6),
        (ahora.TARDE, 1),
        (ahora.ABANDONARON, 1),
        (ahora.ESPERAN, 0),
    ):
        pagina = ahora.turnos_de_hoy(session, NOW, None, cual, pagina=1, tamano=4)
        assert (pagina.total, len(pagina.filas)) == (cuantos, min(4, cuantos)), cual


def test_a_day_is_summed_up_once_again_gives_the_same_and_missed_days_are_made_up_for(
    session: Session,
) -> None:
    assert diario.faltan(session, NOW) == [], "nobody has come yet"
    un_dia(session, AYER - dt.timedelta(days=2))
    un_dia(session, HOY)
    antier, otro = AYER - dt.timedelta(days=1), AYER - dt.timedelta(days=2)
    assert diario.faltan(session, NOW) == [AYER, antier, otro], (
        "the latest first; today has not ended"
    )
    with pytest.raises(ValueError, match=str(HOY)):
        diario.resumir(session, HOY, [], now=NOW)
    tareas = [Actividad("P", "act_5_2_17", 3, 600, 60)]
    for _ in range(2):
        diario.resumir(session, otro, tareas, now=NOW)
        assert contado(diario.horas(session, [otro])) == ESPERADO
        assert diario.actividades(session, [otro]) == tareas
    assert diario.faltan(session, NOW) == [AYER, antier]
    diario.resumir(session, antier, [], now=NOW)
    assert diario.horas(session, [antier]) == [], "a day without anybody is known, too"
    assert diario.resumidos(session, otro) == {otro, antier}


def test_a_day_with_a_turn_that_had_not_ended_is_made_again_on_the_next_for_a_week(
    session: Session,
) -> None:
    abierto = turno(session, AYER, dt.time(15), espera=None)
    diario.resumir(session, AYER, [], now=NOW)
    assert diario.faltan(session, NOW) == [], "not again and again on the same day"
    manana = NOW + dt.timedelta(days=1)
    diario.resumir(session, HOY, [], now=manana)
    assert diario.faltan(session, manana) == [AYER]
    diario.resumir(session, AYER, [], now=manana)
    assert diario.faltan(session, manana + dt.timedelta(days=8))[-1] > AYER, (
        "at last it stays as it is"
    )
    session.get_one(Turno, abierto).estado = "cerrado"
    session.flush()
    diario.resumir(session, AYER, [], now=manana)
    assert AYER not in diario.faltan(session, manana + dt.timedelta(days=1))


def test_an_adviser_attends_pauses_with_a_reason_is_away_or_has_nobody(session: Session) -> None:
    for usuario in ("asesor.a", "asesor.b", "asesor.c", "asesor.d", "asesor.e"):
        cuenta = Cuenta(
            usuario=usuario,
            nombre=usuario.upper(),
            correo=f"{usuario}@x",
            clave_hash="",
            fs_uniquifier=usuario,
            creada=NOW,
        )
        session.add(cuenta)
        session.flush()
        desde = NOW - dt.timedelta(days=1)
        session.add(
            RolAsignado(
                cuenta_id=cuenta.id,
                rol="asesor",
                ambito=kit.PUNTO,
                vigente_desde=desde,
                asignado_por="x",
            )
        )
    for n, (usuario, estado) in enumerate(
        (("asesor.a", "atencion"), ("asesor.b", "pausa"), ("asesor.c", "llamado"))
    ):
        hecho = turno(session, HOY, dt.time(9, n), espera=None)
        session.get_one(Turno, hecho).estado = estado
        espera = session.scalars(
            sa.select(TurnoPeriodo).where(TurnoPeriodo.turno_id == hecho)
        ).one()
        espera.fin = espera.inicio
        fila = {"turno_id": hecho, "punto_id": kit.PUNTO, "asesor_id": usuario, "modulo": str(n)}
        session.add(
            TurnoPeriodo(
                **fila,
                estado=estado,
                inicio=NOW - 5 * MINUTO,
                razon="Espera de un sistema" if n == 1 else None,
            )
        )
    hecho = turno(session, HOY, dt.time(8), espera=1)
    session.execute(
        sa.update(TurnoPeriodo).where(TurnoPeriodo.turno_id == hecho).values(asesor_id="asesor.d")
    )
    session.add(
        Ausencia(
            usuario="asesor.e",
            sustituto="asesor.a",
            desde=HOY,
            hasta=HOY,
            motivo="Cita",
            registrada=NOW,
            registrada_por="x",
        )
    )
    session.flush()
    gente = {a.usuario: a for a in ahora.asesores_ahora(session, NOW, [kit.PUNTO])}
    assert {u: a.hace for u, a in gente.items()} == {
        "asesor.a": ahora.ATIENDE, "asesor.b": ahora.EN_PAUSA, "asesor.c": ahora.ATIENDE, "asesor.d": ahora.LIBRE,
        "asesor.e": ahora.AUSENTE,
    }  # fmt: skip
    assert (gente["asesor.b"].razon, gente["asesor.b"].modulo) == ("Espera de un sistema", "1")
    assert "Cita" not in str(gente["asesor.e"]), "why somebody is away is nobody's to read here"
    assert ahora.asesores_ahora(session, NOW, ["MED-CEN"]) == []


def test_open_cases_are_as_old_as_their_terms_say(session: Session) -> None:
    def caso(n: int, **como: Any) -> None:
        caso_id = kit.filed(session, num_doc=f"99{n}")
        hecho = session.get_one(Caso, caso_id, populate_existing=True)
        for campo, valor in {
            "estado": estados.ESCALADO,
            "area_id": "VCC",
            "limite_interno": None,
            **como,
        }.items():
            setattr(hecho, campo, valor)
        session.flush()

    lejos, pronto, antes = (
        NOW + dt.timedelta(days=20),
        NOW + dt.timedelta(hours=3),
        NOW - dt.timedelta(hours=1),
    )
    caso(1, limite_respuesta=lejos)
    caso(2, limite_respuesta=pronto)
    caso(3, limite_respuesta=lejos, limite_interno=antes)
    caso(4, limite_respuesta=antes, limite_interno=antes)
    caso(5, limite_respuesta=lejos, limite_interno=pronto)
    caso(6, limite_respuesta=antes, estado=estados.ENVIADO)
    caso(7, limite_respuesta=lejos, area_id=None)
    assert abiertos.por_area(session, NOW) == {
        "VCC": {
            abiertos.CON_TIEMPO: 1,
            abiertos.POR_VENCER: 2,
            abiertos.PLAZO_INTERNO: 1,
            abiertos.FUERA: 1,
        },
        "": {abiertos.CON_TIEMPO: 1},
    }
    for area, cuantos in abiertos.por_area(session, NOW).items():
        for termino, n in cuantos.items():
            lista = abiertos.lista(
                session, NOW, areas=(area,), terminos=(termino,), pagina=1, tamano=9
            )
            assert (lista.total, {f.termino for f in lista.filas}) == (n, {termino}), (
                area,
                termino,
            )
    assert abiertos.lista(session, NOW, areas=None, terminos=(), pagina=1, tamano=2).total == 6


# --- by an index ----------------------------------------------------------------------------------
def llenar(session: Session) -> None:
    """Many days that are over, and a few rows of today."""
    turnos, periodos, casos, horas, asesores, actividades, atenciones, notas = (
        [],
        [],
        [],
        [],
        [],
        [],
        [],
        [],
    )
    quien = kit.persona(session).id
    for n in range(1, MUCHOS + 1):
        dia = HOY - dt.timedelta(days=1 + n % 1_500) if n % 1_600 else HOY
        llegada = instante(dia, dt.time(9))
        comun = {"punto_id": kit.PUNTO if n % 2 else "MED-CEN"}
        turnos.append({
            **comun, "id": n, "fecha": dia, "ficha": f"A{n}", "motivo_visita": "x", "origen": "quiosco", "llegada": llegada,
            "creado": llegada, "estado": "cerrado", "resultado": "atendido",
        })  # fmt: skip
        atenciones.append({**comun, "turno_id": n, "asesor_id": "a", "inicio": llegada})
        notas.append(
            {
                **comun,
                "turno_id": n,
                "momento": "atencion",
                "fuente": "crm",
                "registrada": llegada,
                "registrada_por": "a",
            }
        )
        periodos.append(
            {
                **comun,
                "turno_id": n,
                "estado": "espera",
                "inicio": llegada,
                "fin": llegada + 5 * MINUTO,
            }
        )
        casos.append({
            **comun, "persona_id": quien, "asesor_id": "x", "clase": "reclamo", "tema": "R01", "descripcion": "x", "recepcion": llegada,
            "norma": "LEY1755", "tipo_termino": "peticion", "estado": "cerrado" if n % 400 else "escalado", "area_id": "VCC",
        })  # fmt: skip
    for n in range(1, 400):
        dia = HOY - dt.timedelta(days=n)
        for franja in range(8, 17):
            cuantos = dict.fromkeys(
                (
                    "visitas",
                    "abandonos",
                    "medibles",
                    "a_tiempo",
                    "esperas",
                    "espera_s",
                    "atenciones",
                    "atencion_s",
                ),
                1,
            )
            horas.append({"fecha": dia, "punto_id": kit.PUNTO, "franja": franja, **cuantos})
        uno = {"fecha": dia, "punto_id": kit.PUNTO, "turnos": 1, "atenciones": 1, "atencion_s": 1}
        asesores += [{**uno, "asesor_id": quien_atiende} for quien_atiende in ("a", "b", "c", "d")]
        for elemento in range(20):
            fila = {
                "fecha": dia,
                "proceso": "P",
                "elemento": f"e{elemento}",
                "veces": 1,
                "espera_s": 1,
                "trabajo_s": 1,
            }
            actividades.append(fila)
    grandes = {
        Turno: turnos,
        TurnoPeriodo: periodos,
        Caso: casos,
        DiaHora: horas,
        DiaAsesor: asesores,
        DiaActividad: actividades,
    }
    grandes |= {Atencion: atenciones, Calificacion: notas}
    for tabla, filas in grandes.items():
        session.execute(sa.insert(tabla), filas)
    session.add(DiaResumido(fecha=AYER, resumido=NOW, abiertos=0))
    session.commit()
    with (
        session.get_bind()
        .engine.connect()
        .execution_options(isolation_level="AUTOCOMMIT") as connection
    ):
        connection.exec_driver_sql("ANALYZE")


SEMANAS = [HOY - dt.timedelta(weeks=n) for n in range(1, 9)]
LECTURAS: dict[str, Callable[[Session], object]] = {
    "the turns of today": lambda s: ahora.horas_de_hoy(s, NOW),
    "those of one point": lambda s: ahora.horas_de_hoy(s, NOW, kit.PUNTO),
    "the list behind a figure": lambda s: ahora.turnos_de_hoy(
        s, NOW, None, ahora.TARDE, pagina=1, tamano=50
    ),
    "who attends": lambda s: ahora.asesores_ahora(s, NOW, [kit.PUNTO, "MED-CEN"]),
    "what each attended": lambda s: ahora.atendidos_hoy(s, NOW, kit.PUNTO),
    "open cases": lambda s: abiertos.por_area(s, NOW),
    "the list behind a bar": lambda s: abiertos.lista(
        s, NOW, areas=("VCC",), terminos=("fuera",), pagina=1, tamano=50
    ),
    "days like today": lambda s: diario.horas(s, SEMANAS),
    "activities": lambda s: diario.actividades(s, SEMANAS),
    "waits in the queue": lambda s: diario.espera_en_la_fila(s, SEMANAS),
    "advisers of a point": lambda s: diario.de_asesores(s, SEMANAS, kit.PUNTO),
    "one adviser": lambda s: diario.de_un_asesor(s, "a", HOY - dt.timedelta(days=20)),
    "the turns of a day that is over": lambda s: diario.resumir(s, AYER, [], now=NOW),
}


def test_nothing_that_managers_look_at_reads_the_years_before(session: Session) -> None:
    llenar(session)
    enteras = {}
    for que, leer in LECTURAS.items():
        planes = kit.plans(session, partial(leer, session))
        assert planes, que
        enteras[que] = [plan for plan in planes if kit.reads_whole(plan, GRANDES)]
    assert {que: planes for que, planes in enteras.items() if planes} == {}
