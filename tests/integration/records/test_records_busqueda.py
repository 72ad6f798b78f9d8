"""Lists of cases, the public status page, accounts, absences, devices, points and the catalogue."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import DatoInvalido, NoExiste
from records.casos import busqueda, casos, escalonamientos, expediente
from records.casos.busqueda import FiltroCasos
from records.casos.reglas import estados, veredictos
from records.casos.tablas import Caso, Escalonamiento, Suspension
from records.catalogos import catalogo
from records.cuentas import ausencias, cuentas
from records.cuentas.tablas import RolAsignado
from records.escritos import escritos
from records.lugares import dispositivos, puntos
from records.lugares.tablas import Punto
from records.personas import personas
from records.plazos.reglas.plazos import DIAS_ENTREGA, termino_legal
from tests.kit import records as kit
from tests.kit.clock import NOW, local
from tests.kit.statements import counting

pytestmark = pytest.mark.usefixtures("everywhere")

DOC = "9912345821"
VENCIDO = local(2026, 12, 17, 8)


@pytest.fixture
def session() -> Iterator[Session]:
    with kit.in_memory() as abierta:
        yield abierta


def radicados(session: Session, filtro: FiltroCasos, now: dt.datetime = NOW) -> list[str | None]:
    return [f.radicado for f in busqueda.buscar_casos(session, filtro, now=now).filas]


# --- lists ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "filtro",
    [
        FiltroCasos(radicado="2026-0000001"),
        FiltroCasos(radicado="1"),
        FiltroCasos(radicado="2026-1"),
        FiltroCasos(persona="pérez luz"),
        FiltroCasos(persona="PERE mar"),
        FiltroCasos(clase="reclamo"),
        FiltroCasos(tema="R01"),
        FiltroCasos(hasta=dt.date(2026, 11, 24)),
        FiltroCasos(estado=estados.EN_ATENCION),
        FiltroCasos(abiertos=True),
    ],
)
def test_each_filter_finds_the_case_that_it_describes_and_not_the_other(
    session: Session, filtro: FiltroCasos
) -> None:
    kit.persona(session, DOC, "Luz Marina Pérez")
    kit.persona(session, "9912345000", "José 100%_Gómez")
    kit.filed(session)
    otro = kit.filed(session, tema="S05", clase="solicitud", num_doc="9912345000", minuto=60 * 24)
    casos.resolver_en_punto(session, otro, Acto("x", kit.at(60 * 24)))
    assert radicados(session, filtro) == ["2026-0000001"]


def test_signs_of_a_pattern_in_a_name_are_letters(session: Session) -> None:
    kit.filed(session)
    kit.persona(session, "9912345000", "José 100%_Gómez")
    kit.filed(session, num_doc="9912345000")
    assert radicados(session, FiltroCasos(persona="100%_g")) == ["2026-0000002"]
    assert radicados(session, FiltroCasos(persona="%")) == []


def test_a_list_goes_by_pages_latest_first(session: Session) -> None:
    for n in range(5):
        kit.filed(session, minuto=n)
    pagina = busqueda.buscar_casos(session, FiltroCasos(), now=NOW, pagina=2, tamano=2)
    assert [f.radicado for f in pagina.filas] == ["2026-0000003", "2026-0000002"]
    assert (pagina.total, pagina.paginas) == (5, 3)
    ids = [fila.id for fila in session.execute(busqueda.hallados(session, FiltroCasos(), now=NOW))]
    assert {f.radicado for f in busqueda.filas_de(session, ids, now=NOW).values()} == {
        f"2026-000000{n}" for n in range(1, 6)
    }


def test_a_name_is_found_by_the_one_in_force(session: Session) -> None:
    kit.filed(session)
    quien = kit.persona(session)
    personas.actualizar_datos(session, quien.id, {"nombre": "Álvaro Núñez"}, Acto("x", NOW))
    assert radicados(session, FiltroCasos(persona="alvaro NUNEZ")) == ["2026-0000001"]
    assert radicados(session, FiltroCasos(persona="luz")) == []


def test_of_many_people_with_a_name_the_list_shows_the_latest_cases(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        kit.filed(session, num_doc=f"99123450{n:02d}", minuto=n)
    pocas = radicados(session, FiltroCasos(persona="luz"))
    monkeypatch.setattr(busqueda, "MUCHAS_PERSONAS", 2)
    assert (
        radicados(session, FiltroCasos(persona="luz"))
        == pocas
        == [f"2026-000000{n}" for n in (4, 3, 2, 1)]
    )


def test_of_many_people_with_a_name_every_visit_is_found(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        turno = kit.turno(session, n)
        turno.persona_id, turno.case_key = (
            kit.persona(session, f"99123450{n:02d}").id,
            f"visita-{n}",
        )
    session.flush()
    monkeypatch.setattr(busqueda, "MUCHAS_PERSONAS", 2)
    visitas = busqueda.claves_de_visitas(session, FiltroCasos(persona="luz"))
    assert visitas is not None
    assert set(session.scalars(visitas)) == {f"visita-{n}" for n in range(4)}


def test_counting_stops_and_the_pages_with_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        kit.filed(session, minuto=n)
    monkeypatch.setattr(busqueda, "TOPE_CONTEO", 3)
    assert busqueda.buscar_casos(session, FiltroCasos(), now=NOW, tamano=2).total == 3
    assert (
        busqueda.buscar_casos(session, FiltroCasos(), now=NOW, pagina=1_000_000, tamano=2).numero
        == 2
    )


#: What each list must read by: no table from end to end, no sorting of more than what is open.
PLANES = {
    "ix_caso_recepcion": FiltroCasos(),
    "uq_caso_radicado": FiltroCasos(radicado="2026-0000001"),
    "ix_caso_punto_recepcion": FiltroCasos(punto_id=kit.PUNTO),
    "ix_caso_estado_recepcion": FiltroCasos(estado=estados.CERRADO),
    "ix_caso_area_recepcion": FiltroCasos(area_id="VCC"),
    "ix_caso_asesor_recepcion": FiltroCasos(asesor_id="x"),
    "ix_caso_clase_recepcion": FiltroCasos(clase="queja"),
    "ix_caso_tema_recepcion": FiltroCasos(tema="R01"),
    "ix_caso_persona_id": FiltroCasos(persona="luz"),
}


@pytest.mark.parametrize(
    ("indice", "filtro"),
    [
        *PLANES.items(),
        ("ix_caso_estado", FiltroCasos(abiertos=True)),
        ("ix_caso_estado", FiltroCasos(vencidos=True)),
    ],
)
def test_no_list_reads_a_table_from_end_to_end(
    session: Session, indice: str, filtro: FiltroCasos
) -> None:
    kit.filed(session)
    planes = kit.plans(session, lambda: busqueda.buscar_casos(session, filtro, now=NOW))
    assert any(
        indice in plan or ("sqlite_autoindex_caso" in plan and indice.startswith("uq_"))
        for plan in planes
    ), planes
    leidas = [
        plan
        for plan in planes
        if plan.startswith("SCAN")
        and "INDEX" not in plan
        and plan.split()[1] not in ("anon_1", "SUBQUERY", "CONSTANT")
    ]
    assert leidas == []


def test_a_page_of_a_list_costs_the_same_statements_however_many_cases(session: Session) -> None:
    for n in range(30):
        kit.filed(session, minuto=n)
    with counting(session.get_bind()) as cost:
        busqueda.buscar_casos(session, FiltroCasos(persona="luz"), now=NOW)
    assert len(cost.texts) == 3  # the first finds people by name


def test_overdue_is_computed_from_the_case_and_ends_with_its_answer(session: Session) -> None:
    caso_id = kit.filed(session)
    vencidos = FiltroCasos(vencidos=True)
    assert radicados(session, vencidos, local(2026, 12, 16, 23, 59, 59)) == []
    assert radicados(session, vencidos, VENCIDO) == ["2026-0000001"]
    (fila,) = busqueda.buscar_casos(session, FiltroCasos(), now=VENCIDO).filas
    assert fila.vencido
    casos.resolver_en_punto(session, caso_id, Acto("x", VENCIDO))
    assert radicados(session, vencidos, VENCIDO) == []


#: What a case can come to: its state, when it was answered, when it ended and when it was asked for
#: information, in days after its limit.
SUERTES = [
    (estado, enviado, cerrado, pedido)
    for estado in estados.NOMBRES
    for enviado in (None, -1, 1)
    for cerrado in ((-1, 1) if estado in estados.FINALES else (None,))
    for pedido in ((-1, 1) if estado == estados.REQUERIDO else (None,))
]


@pytest.mark.parametrize("dias", [-1, 1])
def test_the_verdict_on_a_term_is_the_same_in_the_list_as_on_the_page_of_the_case(
    session: Session, dias: int
) -> None:
    ahora = VENCIDO + dt.timedelta(days=dias * 3)
    esperados: dict[str, set[str]] = {cual: set() for cual in veredictos.NOMBRES}
    for n, (estado, enviado, cerrado, pedido) in enumerate(SUERTES):
        caso = session.get_one(Caso, kit.filed(session, minuto=n))
        limite = caso.limite_respuesta
        assert limite is not None
        caso.estado = estado
        caso.enviado = limite + dt.timedelta(days=enviado) if enviado else None
        caso.cerrado = limite + dt.timedelta(days=cerrado) if cerrado else None
        if pedido:
            espera = {
                "causa": "falta_informacion",
                "informacion": "x",
                "requerido_por": "x",
                "vence": limite + dt.timedelta(days=40),
            }
            session.add(
                Suspension(caso_id=caso.id, desde=limite + dt.timedelta(days=pedido), **espera)
            )
        momento = veredictos.Momento(estado, caso.cerrado, ahora, detenido=pedido == -1)
        dado = veredictos.veredicto(limite, caso.enviado, momento)
        esperados[dado.cual].add(str(caso.radicado))
    session.flush()
    hallados = {}
    for cual in veredictos.NOMBRES:
        ids = [
            f.id
            for f in session.execute(
                busqueda.hallados(session, FiltroCasos(termino=cual), now=ahora)
            )
        ]
        hallados[cual] = {
            str(f.radicado) for f in busqueda.filas_de(session, ids, now=ahora).values()
        }
    assert hallados == esperados
    assert radicados(session, FiltroCasos(termino="otro")) == []


def test_only_those_that_another_area_took_over_are_reassigned(session: Session) -> None:
    quieto, movido = kit.filed(session), kit.filed(session, minuto=20)
    for caso_id, n in ((quieto, 1), (movido, 1), (movido, 2)):
        area = "VCC" if n == 1 else "VFO"
        session.add(
            Escalonamiento(
                caso_id=caso_id,
                n=n,
                area_id=area,
                plazo_interno=5,
                resumen="x",
                asesor_id="x",
                escalado=NOW,
            )
        )
    session.flush()
    assert radicados(session, FiltroCasos(reasignados=True)) == ["2026-0000002"]


def test_who_sees_one_point_or_area_sees_only_its_cases(session: Session) -> None:
    escalado = kit.filed(session)
    kit.filed(session, tema="S05", clase="solicitud")
    escalonamientos.escalar(
        session,
        escalado,
        escalonamientos.NuevoEscalonamiento(
            area_id="VCC", grupo="", plazo_interno=5, nivel2="", nivel3=""
        ),
        Acto("x", kit.at(20)),
    )
    assert radicados(session, FiltroCasos(solo_areas=("VCC",))) == ["2026-0000001"]
    assert len(radicados(session, FiltroCasos(solo_puntos=(kit.PUNTO,)))) == 2
    assert radicados(session, FiltroCasos(solo_puntos=("MED-CEN",), solo_areas=("DTE",))) == []
    assert radicados(session, FiltroCasos(solo_puntos=())) == []


# --- the public -----------------------------------------------------------------------------------
def test_the_public_sees_state_and_limit_but_nothing_personal(session: Session) -> None:
    kit.filed(session)
    visto = expediente.estado_publico(session, "2026-0000001", "CC", DOC)
    assert visto is not None
    assert (visto.nombre_estado, visto.limite_respuesta) == (
        "En atención",
        local(2026, 12, 16, 23, 59, 59),
    )
    assert visto.explicacion is not None
    assert "15 días hábiles" in visto.explicacion["frase"]
    texto = str([getattr(visto, f.name) for f in fields(visto)])
    assert not any(secreto in texto for secreto in ("Luz", DOC, kit.ASESOR, "octubre", "R01"))


@pytest.mark.parametrize(
    ("radicado", "tipo", "numero"),
    [
        ("2026-0000001", "CC", "9912345000"),
        ("2026-0000001", "CE", DOC),
        ("2026-0000002", "CC", DOC),
    ],
)
def test_a_wrong_pair_of_radicado_and_document_finds_nothing(
    session: Session, radicado: str, tipo: str, numero: str
) -> None:
    kit.persona(session, "9912345000")
    kit.filed(session)
    assert expediente.estado_publico(session, radicado, tipo, numero) is None


def test_while_information_is_missing_the_public_sees_until_when_to_bring_it(
    session: Session,
) -> None:
    caso_id = kit.filed(session)
    escalonamientos.escalar(
        session,
        caso_id,
        escalonamientos.NuevoEscalonamiento(
            area_id="VCC", grupo="", plazo_interno=5, nivel2="", nivel3=""
        ),
        Acto("x", kit.at(20)),
    )
    vence = escalonamientos.requerir(session, caso_id, "Recibo.", Acto("x", kit.at(30)))
    visto = expediente.estado_publico(session, "2026-0000001", "CC", DOC)
    assert visto is not None
    assert (visto.limite_respuesta, visto.complemento_hasta, visto.explicacion) == (
        None,
        vence,
        None,
    )
    assert [p.nombre for p in visto.pasos][-1] == "Esperamos información suya"


def test_filed_documents_are_found_by_the_same_page(session: Session) -> None:
    turno = kit.attended(session)
    quien = kit.persona(session)
    recibido = escritos.NuevoEscrito(
        kit.PUNTO,
        quien.id,
        "S01",
        "Derecho de petición",
        [escritos.NuevoDocumento("Carta", 1, "original")],
    )
    escritos.recibir_escrito(session, turno.id, recibido, Acto("x", kit.at(9)))
    escritos.radicar_escrito(session, turno.id, escritos.Termino(15, 15), Acto("x", kit.at(10)))
    visto = expediente.estado_publico(session, "2026-0000001", "CC", DOC)
    assert visto is not None
    assert visto.limite_respuesta is not None
    assert expediente.estado_publico(session, "2026-0000001", "CC", "9912345000") is None


# --- accounts -------------------------------------------------------------------------------------
def cuenta(session: Session, usuario: str) -> None:
    cuentas.crear_cuenta(
        session,
        cuentas.NuevaCuenta(
            usuario=usuario,
            nombre=usuario,
            correo=f"{usuario}@x.co",
            clave_hash="h",
            fs_uniquifier=usuario,
        ),
        now=NOW,
    )


def test_a_role_ends_without_disappearing(session: Session) -> None:
    cuenta(session, "ana")
    for _ in range(2):
        cuentas.asignar_rol(session, "ana", "asesor", kit.PUNTO, Acto("admin", kit.at(0)))
    cuentas.asignar_rol(session, "ana", "cumplimiento", None, Acto("admin", kit.at(0)))
    cuentas.retirar_rol(session, "ana", rol="asesor", ambito=kit.PUNTO, now=kit.at(10))
    assert cuentas.roles_vigentes(session, "ana", kit.at(9)) == {
        ("asesor", kit.PUNTO),
        ("cumplimiento", None),
    }
    session.expire_all()
    assert cuentas.roles_vigentes(session, "ana", kit.at(10)) == {("cumplimiento", None)}
    assert session.scalar(sa.select(sa.func.count()).select_from(RolAsignado)) == 2


def test_a_user_name_or_mail_belongs_to_one_account(session: Session) -> None:
    cuenta(session, "ana")
    with pytest.raises(DatoInvalido):
        cuenta(session, "ana")


def test_a_new_password_ends_the_sessions(session: Session) -> None:
    cuenta(session, "ana")
    cuentas.cambiar_clave(session, "ana", clave_hash="otra", fs_uniquifier="nuevo", now=kit.at(1))
    ana = cuentas.cuenta(session, "ana")
    assert (ana.clave_hash, ana.fs_uniquifier, ana.clave_cambiada) == ("otra", "nuevo", kit.at(1))


def test_a_substitute_has_the_roles_of_who_is_away_on_those_days_only(session: Session) -> None:
    cuenta(session, "ana")
    cuenta(session, "beto")
    cuentas.asignar_rol(session, "ana", "funcionario", "VCC", Acto("admin", kit.at(0)))
    ausencia = ausencias.registrar_ausencia(
        session,
        ausencias.NuevaAusencia(
            usuario="ana",
            sustituto="beto",
            desde=dt.date(2026, 11, 25),
            hasta=dt.date(2026, 11, 26),
            motivo="vacaciones",
        ),
        Acto("admin", kit.at(0)),
    )
    dias = {
        dia: cuentas.roles_vigentes(session, "beto", local(2026, 11, dia, 23))
        for dia in (24, 25, 26, 27)
    }
    assert dias == {
        24: set(),
        25: {("funcionario", "VCC")},
        26: {("funcionario", "VCC")},
        27: set(),
    }
    assert [
        c.usuario for c in cuentas.cuentas_con_rol(session, "funcionario", "VCC", kit.at(1))
    ] == ["ana"]
    ausencias.anular_ausencia(session, ausencia, "Volvió", Acto("admin", kit.at(2)))
    assert cuentas.roles_vigentes(session, "beto", local(2026, 11, 25, 9)) == set()


@pytest.mark.parametrize(
    ("sustituto", "hasta", "error"),
    [("ana", 26, DatoInvalido), ("beto", 24, DatoInvalido), ("nadie", 26, NoExiste)],
)
def test_an_impossible_absence_is_refused(
    session: Session, sustituto: str, hasta: int, error: type[Exception]
) -> None:
    cuenta(session, "ana")
    cuenta(session, "beto")
    with pytest.raises(error):
        ausencias.registrar_ausencia(
            session,
            ausencias.NuevaAusencia(
                usuario="ana",
                sustituto=sustituto,
                desde=dt.date(2026, 11, 25),
                hasta=dt.date(2026, 11, hasta),
                motivo="",
            ),
            Acto("admin", kit.at(0)),
        )


@pytest.mark.parametrize("primero", ["reemplaza", "falta"])
def test_who_is_away_replaces_nobody_on_those_days_whichever_was_noted_first(
    session: Session, primero: str
) -> None:
    for quien in ("ana", "beto", "carla"):
        cuenta(session, quien)
    dia, acto = dt.date(2026, 11, 25), Acto("admin", kit.at(0))
    reemplaza = ausencias.NuevaAusencia(
        "ana", "beto", dia, dia + dt.timedelta(days=2), "vacaciones"
    )
    falta = ausencias.NuevaAusencia(
        "beto", "carla", dia + dt.timedelta(days=2), dia + dt.timedelta(days=4), "permiso"
    )
    una, otra = (reemplaza, falta) if primero == "reemplaza" else (falta, reemplaza)
    ausencias.registrar_ausencia(session, una, acto)
    with pytest.raises(DatoInvalido, match="reemplaza"):
        ausencias.registrar_ausencia(session, otra, acto)
    despues = ausencias.NuevaAusencia(
        "beto", "carla", dia + dt.timedelta(days=5), dia + dt.timedelta(days=6), "permiso"
    )
    ausencias.registrar_ausencia(session, despues, acto)


def test_a_saved_filter_is_replaced_by_name_and_erased_only_by_its_owner(session: Session) -> None:
    for consulta in ("estado=a", "estado=b"):
        cuentas.guardar_filtro(
            session,
            cuentas.NuevoFiltro(usuario="ana", pagina="casos", nombre=" Míos ", consulta=consulta),
            now=NOW,
        )
    (filtro,), _mas = cuentas.filtros(session, "ana", "casos")
    assert (filtro.nombre, filtro.consulta) == ("Míos", "estado=b")
    with pytest.raises(NoExiste):
        cuentas.borrar_filtro(session, filtro.id, usuario="beto")
    cuentas.borrar_filtro(session, filtro.id, usuario="ana")
    assert cuentas.filtros(session, "ana", "casos") == ([], 0)


def test_filters_that_others_share_hide_none_of_ones_own_and_those_without_a_place_are_counted(
    session: Session,
) -> None:
    def guardar(usuario: str, nombre: str, ambito: str | None) -> None:
        cuentas.guardar_filtro(
            session, cuentas.NuevoFiltro(usuario, "casos", nombre, "estado=a", ambito), now=NOW
        )

    for n in range(cuentas.MAX_FILTROS):
        guardar("ana", f"z{n:02d}", None)
        guardar("beto", f"a{n:02d}", "VCC")
    guardar("caro", "b", "VCC")
    guardar("caro", "c", "CALI")
    hallados, mas = cuentas.filtros(session, "ana", "casos", ["VCC"])
    assert {f.nombre for f in hallados if f.usuario == "ana"} == {
        f"z{n:02d}" for n in range(cuentas.MAX_FILTROS)
    }
    assert (len(hallados), mas) == (cuentas.MAX_FILTROS + cuentas.COMPARTIDOS, 1)


def test_a_device_is_known_by_its_token_until_it_is_switched_off(session: Session) -> None:
    dispositivos.registrar_dispositivo(
        session,
        dispositivos.NuevoDispositivo("quiosco.1", "quiosco", kit.PUNTO, None, "secreto"),
        Acto("admin", NOW),
    )
    assert dispositivos.por_token(session, "otro") is None
    hallado = dispositivos.por_token(session, "secreto")
    assert hallado is not None
    assert "secreto" not in (hallado.token_hash, hallado.codigo)
    dispositivos.desactivar(session, "quiosco.1")
    assert dispositivos.por_token(session, "secreto") is None


@pytest.mark.parametrize(
    ("cambio", "error"),
    [
        ({"tipo": "reloj"}, DatoInvalido),
        ({"tipo": "tableta"}, DatoInvalido),
        ({"punto_id": "XXX"}, NoExiste),
    ],
)
def test_an_impossible_device_is_refused(
    session: Session, cambio: dict[str, str], error: type[Exception]
) -> None:
    campos: dict[str, Any] = {
        "codigo": "q",
        "tipo": "quiosco",
        "punto_id": kit.PUNTO,
        "modulo": None,
        "token": "t",
    }
    with pytest.raises(error):
        dispositivos.registrar_dispositivo(
            session, dispositivos.NuevoDispositivo(**(campos | cambio)), Acto("a", NOW)
        )


# --- places and catalogue -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cuando", "abierto"),
    [
        (local(2026, 11, 24, 7, 59), False),
        (local(2026, 11, 24, 8), True),
        (local(2026, 11, 24, 16, 59), True),
        (local(2026, 11, 24, 17), False),
        (local(2026, 11, 28, 10), False),  # Saturday
        (local(2026, 12, 8, 10), False),  # holiday
    ],
)
def test_a_point_is_open_in_its_hours_on_its_days(
    session: Session, cuando: dt.datetime, *, abierto: bool
) -> None:
    assert puntos.esta_abierto(session.get_one(Punto, kit.PUNTO), cuando) is abierto


def test_the_catalogue_is_loaded_once_and_keeps_what_was_changed(session: Session) -> None:
    session.get_one(Punto, kit.PUNTO).hora_cierre = dt.time(18)
    session.commit()
    catalogo.cargar_catalogo(session)
    assert session.get_one(Punto, kit.PUNTO).hora_cierre == dt.time(18)
    assert len(puntos.puntos(session)) == 23
    assert len(puntos.areas(session)) == 8
    assert len(puntos.tipificaciones(session, dt.date(2026, 11, 24))) == 24
    assert puntos.modulos(session, kit.PUNTO) == [str(n) for n in range(1, 15)]
    assert session.scalar(sa.text("SELECT count(*) FROM puesto")) == 83


def test_digiturno_serves_the_points_of_five_cities() -> None:
    ciudades = {p.ciudad for p in catalogo.PUNTOS if p.modo_fila == "digiturno"}
    assert ciudades == {"Bogotá", "Cali", "Medellín", "Barranquilla", "Bucaramanga"}


def test_each_kind_of_case_has_one_area_whose_term_leaves_time_to_hand_over() -> None:
    areas = {tema: a for a in catalogo.AREAS for tema in a.temas}
    assert sum(len(a.temas) for a in catalogo.AREAS) == len(areas) == len(catalogo.TIPIFICACION)
    for tipo in catalogo.TIPIFICACION:
        interno = catalogo.PLAZO_POR_TEMA.get(tipo.codigo, areas[tipo.codigo].plazo_interno)
        assert interno + DIAS_ENTREGA <= termino_legal(tipo.tipo_termino, dt.date(2026, 1, 1)).dias
