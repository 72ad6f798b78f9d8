"""The demo's people, accounts and queues, before the engine runs anything."""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from demo import agenda, carga, cuentas, foxpro, guion, personas
from handlers.conectores.foxpro import FoxPro
from handlers.conectores.foxpro.mapeo import de_la_demostracion
from handlers.conectores.tipos import Documento, Plazo, RegistroIlegible
from records.base.reglas.documentos import validar_celular, validar_documento
from records.base.tablas import todas
from records.catalogos.catalogo import AREAS, PUNTOS, cargar_catalogo
from records.cuentas.tablas import Cuenta
from records.lugares.dispositivos import activar
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import dia_local, es_habil
from tests.kit.chance import dice
from tests.kit.clock import NOW, bogota


@pytest.fixture(scope="module")
def gente() -> list[personas.PersonaDato]:
    return personas.generar(600)


@pytest.fixture(scope="module")
def visitas() -> list[agenda.Visita]:
    return agenda.hasta_hoy(NOW, dice(1), dia_local(NOW - agenda.RECIENTE))


def test_people_have_valid_documents_in_the_reserved_range_and_no_real_contact_data(
    gente: list[personas.PersonaDato],
) -> None:
    for persona in gente:
        assert validar_documento(persona.tipo_doc, persona.num_doc) == persona.num_doc
        assert persona.num_doc.startswith("99")
        assert len(persona.num_doc) == 10
        assert validar_celular(persona.datos["celular"]).startswith("399")
        assert persona.datos["correo"].endswith(".example")
    assert len({p.num_doc for p in gente}) == len(gente)


def test_the_same_seed_gives_the_same_people(gente: list[personas.PersonaDato]) -> None:
    assert personas.generar(600) == gente


def test_each_product_lies_in_the_system_of_its_year(gente: list[personas.PersonaDato]) -> None:
    productos = [producto for persona in gente for producto in persona.productos]
    assert {p.sistema for p in productos if p.anio_giro <= 1998} == {"cobol"}
    assert {p.sistema for p in productos if 1999 <= p.anio_giro <= 2005} == {"foxpro"}
    assert {p.sistema for p in productos if p.anio_giro >= 2006} == {"cctex"}
    assert len({p.obligacion for p in productos}) == len(productos)


def test_some_credits_stand_in_an_older_system_too_each_in_one_at_most() -> None:
    gente = personas.generar()
    nuevos = {c.obligacion for c in personas.creditos(gente, "cctex")}
    en = {
        sistema: {c.obligacion for c in personas.duplicados(gente, sistema)}
        for sistema in ("foxpro", "cobol")
    }
    assert en["foxpro"] & en["cobol"] == set()
    for duplicados in en.values():
        assert duplicados < nuevos
        assert 0.02 < len(duplicados) / len(nuevos) < 0.04
    propios = {
        c.obligacion for sistema in ("foxpro", "cobol") for c in personas.creditos(gente, sistema)
    }
    assert propios & nuevos == set()


def test_one_in_a_hundred_records_of_fox_pro_cannot_be_read_and_the_others_say_what_they_are(
    tmp_path: Path,
) -> None:
    """Everybody else has each of their credits of 1999 to 2005, and those of C&CTEX that stand
    there have another balance."""
    gente = personas.generar()
    viejos = [*personas.creditos(gente, "foxpro"), *personas.duplicados(gente, "foxpro")]
    cuantos = foxpro.construir(tmp_path, viejos, corte=foxpro.cierre(NOW.date()))
    conector, leidas, malas, sin_documento = (
        FoxPro(de_la_demostracion(tmp_path / foxpro.ARCHIVO), tmp_path / "copia"),
        0,
        0,
        0,
    )
    de_quien: dict[str, set[object]] = defaultdict(set)
    for credito in viejos:
        de_quien[credito.num_doc].add(credito.obligacion)
    for persona in gente:
        suyas = de_quien[persona.num_doc]
        try:
            respuesta = conector.preguntar(
                Documento(persona.tipo_doc, persona.num_doc, 1), None, Plazo(3)
            )
        except RegistroIlegible:
            malas += 1
            continue
        dichas = {fila["obligacion"] for fila in respuesta.filas}
        assert dichas <= suyas
        sin_documento += len(suyas - dichas)
        leidas += len(dichas)
        assert respuesta.fecha_corte == dt.date(2026, 10, 31)
    assert f"{sin_documento} registros no son de nadie" in conector.probar(Plazo(3)).nota
    assert 0.005 < (malas + sin_documento) / cuantos < 0.02
    assert leidas > 0.95 * cuantos


def test_every_role_and_desk_has_its_people_with_one_hash_and_each_device_waits_for_its_browser(
    gente: list[personas.PersonaDato], sqlite_url: str
) -> None:
    db = sa.create_engine(sqlite_url)
    todas().create_all(db)
    with Session(db) as session, session.begin():
        cargar_catalogo(session)
        personas.cargar(session, gente, NOW)
        cuentas.cargar(session, NOW)
        cuentas.cargar(session, NOW)  # a second start adds nothing
    with Session(db) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Persona)) == 600
        usuarios = set(session.scalars(sa.select(Cuenta.usuario)))
        assert len(usuarios) == len(list(cuentas.todas()))
        assert len(set(session.scalars(sa.select(Cuenta.clave_hash)))) == 1
        enlaces = {equipo.codigo: codigo for equipo, codigo in cuentas.activaciones(session, NOW)}
        quiosco = enlaces["quiosco.bog-agu"]
        assert quiosco is not None
        assert activar(session, quiosco, "token", now=NOW) == "quiosco.bog-agu"
        session.expire_all()
        assert {e.codigo: c for e, c in cuentas.activaciones(session, NOW)}[
            "quiosco.bog-agu"
        ] is None
    db.dispose()
    asesores = cuentas.asesores()
    assert {punto: len(suyos) for punto, suyos in asesores.items()} == {
        p.codigo: p.asesores for p in PUNTOS
    }
    assert "asesor.bog24" in {c.usuario for c in asesores["BOG-CHA"]}
    por_area = cuentas.funcionarios()
    assert all(len(por_area[area.codigo]) == 4 for area in AREAS if area.codigo != cuentas.GAU)


def test_visits_fall_in_office_hours_of_business_days_and_no_desk_attends_two_at_once(
    visitas: list[agenda.Visita],
) -> None:
    assert all(es_habil(v.llegada.date()) for v in visitas)
    ocupado: dict[tuple[str, int], dt.datetime] = {}
    for v in sorted((v for v in visitas if v.desenlace == "atendido"), key=lambda v: v.llamado):
        puesto = (v.punto.codigo, v.puesto)
        assert v.llegada <= v.llamado >= ocupado.get(puesto, v.llamado)
        ocupado[puesto] = v.fin


def test_large_points_wait_little_and_small_ones_lose_people(visitas: list[agenda.Visita]) -> None:
    def espera(punto: str) -> float:
        return statistics.mean(
            (v.llamado - v.llegada).total_seconds() / 60
            for v in visitas
            if v.punto.codigo == punto and v.desenlace == "atendido"
        )

    assert espera("BOG-AGU") < 2 < espera("AXM-CEN")
    assert 40_000 < len(visitas) < 50_000


def test_of_what_lies_more_than_a_month_back_each_point_has_one_day_in_four() -> None:
    primero = dt.date(2026, 9, 1)
    de_antes: dict[str, set[dt.date]] = {}
    llenos: dict[dt.date, set[str]] = {}
    for v in agenda.hasta_hoy(NOW, dice(1), primero):
        if v.llegada < NOW - agenda.RECIENTE:
            de_antes.setdefault(v.punto.codigo, set()).add(dia_local(v.llegada))
        else:
            llenos.setdefault(dia_local(v.llegada), set()).add(v.punto.codigo)
    habiles = list(agenda.dias_habiles(primero, dia_local(NOW - agenda.RECIENTE)))
    assert set(de_antes) == {p.codigo for p in PUNTOS}
    assert all(
        len(habiles) // 4 <= len(dias) <= len(habiles) // 4 + 1 for dias in de_antes.values()
    )
    assert {dia.weekday() for dia in de_antes["BOG-AGU"]} == set(range(5))
    assert dia_local(NOW) in llenos
    assert all(puntos == {p.codigo for p in PUNTOS} for puntos in llenos.values())


@pytest.mark.parametrize(
    ("now", "primero"),
    [
        (NOW, dt.date(2026, 9, 1)),
        (bogota(2026, 1, 2, 9), dt.date(2025, 11, 1)),
        (bogota(2026, 10, 31, 9), dt.date(2026, 8, 4)),
    ],
    ids=["november", "over the year", "months so long that a password would be too old"],
)
def test_a_history_has_two_whole_months_as_long_as_no_password_is_too_old(
    now: dt.datetime, primero: dt.date
) -> None:
    desde, dia = carga.principio(now, None)
    assert dia == dia_local(desde) == primero
    assert carga.principio(now, 31) == (
        now - dt.timedelta(days=32),
        dia_local(now) - dt.timedelta(days=31),
    )


def test_the_stories_keep_the_mix_of_the_domain(
    visitas: list[agenda.Visita], gente: list[personas.PersonaDato]
) -> None:
    azar = dice(2)
    guiones = guion.escribir(agenda.muestra(visitas, 4_000, azar), gente, azar)
    vinieron = Counter((dia_local(g.visita.llegada), g.persona.num_doc) for g in guiones)
    assert set(vinieron.values()) == {1}, "a second turn of a day could be refused"
    rutas = Counter(g.ruta for g in guiones)
    assert 0.81 < rutas["personalizada"] / 4_000 < 0.87
    assert 0.06 < rutas["sala"] / 4_000 < 0.10
    en_desk = [g for g in guiones if g.ruta == "personalizada" and not g.potencial]
    assert 0.11 < sum(g.escala for g in en_desk) / len(en_desk) < 0.17
    assert 0.09 < sum(g.visita.preferente for g in guiones) / 4_000 < 0.15


def test_a_small_sample_too_ends_with_overdue_cases(
    visitas: list[agenda.Visita], gente: list[personas.PersonaDato]
) -> None:
    azar = dice(3)
    guiones = guion.dejar_pendientes(
        guion.escribir(agenda.muestra(visitas, 120, azar), gente, azar), NOW
    )
    assert sum(g.sin_responder for g in guiones) >= guion.MINIMO_VENCIDOS + 20
