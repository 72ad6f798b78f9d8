"""Control 6-1: every Monday the accounts are listed as they stand, who has a reason to be looked at
is decided, never by themselves."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from demo.cuentas import CLAVE
from engine import reads
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Role
from records.controles import accesos
from records.controles.tablas import RevisionCuenta
from records.correo.tablas import Aviso
from records.cuentas.tablas import Cuenta, RolAsignado
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.tasks import enviar, ocultos
from tests.kit.web import csrf, followed

LUNES = bogota(2026, 11, 30, 7, 1)
QUIETA, ATACADA, PROPIA = "interventor03", "asesor.bog01", "admin.crm"


def escribir(mundo: World, *sentencias: sa.Executable) -> None:
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        for sentencia in sentencias:
            s.execute(sentencia)


def dia_de(usuario: str, **valores: object) -> sa.Executable:
    return sa.update(Cuenta).where(Cuenta.usuario == usuario).values(**valores)


def lunes(m: World) -> None:
    """Monday morning: one account has not entered for long, one was tried seven times, that of the
    reviewer has an old password."""
    ahora = m.clock.now()
    escribir(
        m,
        sa.update(Cuenta).values(
            creada=ahora - dt.timedelta(days=20),
            ultimo_ingreso=ahora - dt.timedelta(days=1),
            clave_cambiada=None,
        ),
        dia_de(QUIETA, ultimo_ingreso=ahora - dt.timedelta(days=47)),
        # what the demo asked
        sa.update(RevisionCuenta).values(
            decision=sa.case((RevisionCuenta.decision.is_not(None), "conservar"))
        ),
        dia_de(PROPIA, clave_cambiada=ahora - dt.timedelta(days=100)),
    )
    for _veces in range(7):
        desde_fuera = m.app.test_client()
        pagina = desde_fuera.get("/ingresar")
        desde_fuera.post(
            "/ingresar",
            data={"csrf_token": csrf(pagina.text), "usuario": ATACADA, "clave": "no es"},
        )
    move_to(m, LUNES)


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path, lunes, cases=60) as m:
        yield m


def por_hacer(mundo: World, rol: str, elemento: str) -> list[str]:
    quien = Actor(ActorKind.PERSON, "alguien", frozenset({Role(rol, None)}))
    with Session(mundo.engine.db) as s:
        return [i.id for i in reads.items.inbox(s, quien, InboxFilter(element=elemento))]


def revision(mundo: World) -> tuple[int, dict[str, RevisionCuenta]]:
    with Session(mundo.engine.db) as s:
        ultima = accesos.ultima(s)
        assert ultima is not None
        return ultima.id, {f.usuario: f for f in accesos.de_revision(s, ultima.id)}


def esta_activa(mundo: World, usuario: str) -> bool:
    with Session(mundo.engine.db) as s:
        return bool(s.scalar(sa.select(Cuenta.activo).where(Cuenta.usuario == usuario)))


BIEN = {
    f"cuenta_{QUIETA}": "inactivar",
    f"nota_{QUIETA}": "Terminó su contrato.",
    f"cuenta_{ATACADA}": "conservar",
}


def test_the_list_says_of_each_account_what_a_second_count_says(mundo: World) -> None:
    id_, filas = revision(mundo)
    with Session(mundo.engine.db) as s:
        assert set(filas) == set(s.scalars(sa.select(Cuenta.usuario)))
        assert (
            s.get_one(accesos.RevisionAccesos, id_).cuentas,
            s.get_one(accesos.RevisionAccesos, id_).con_motivo,
        ) == (len(filas), 3)
        intentos = s.execute(
            sa.text("SELECT count(*) FROM access WHERE subject = :u AND kind LIKE 'ingreso_f%'"),
            {"u": ATACADA},
        ).scalar()
    # five that failed, and that whoever came on had to wait
    assert filas[ATACADA].fallidos == intentos == 6
    assert {u: [m["motivo"] for m in f.motivos] for u, f in filas.items() if f.motivos} == {
        QUIETA: ["sin_ingreso"],
        ATACADA: ["fallidos"],
        PROPIA: ["clave"],
    }


def test_decisions_are_demanded_only_of_who_is_looked_at_and_never_on_one_s_own_account(
    mundo: World,
) -> None:
    (item,) = por_hacer(mundo, "admin_crm", "us_revisar_claves")
    pagina = mundo.person(PROPIA).get(f"/tarea/{item}").text
    assert f'name="cuenta_{QUIETA}"' in pagina
    assert 'name="cuenta_asesor.bog02"' in pagina, (
        "who knows something of another account may decide on it"
    )
    assert f'name="cuenta_{PROPIA}"' not in pagina
    assert "sobre ella decide el Jefe OCM" in followed(pagina)
    assert (
        followed(enviar(mundo, PROPIA, item, **{f"cuenta_{ATACADA}": "conservar"})).count(
            f"Decida sobre la cuenta {QUIETA}"
        )
        >= 1
    )
    sin_nota = enviar(mundo, PROPIA, item, **{**BIEN, f"nota_{QUIETA}": ""})
    assert "Diga por qué, de interventor03" in sin_nota
    assert esta_activa(mundo, QUIETA), "nothing was done"


def test_an_account_that_is_made_inactive_enters_no_more_and_its_session_is_over(
    mundo: World,
) -> None:
    dentro = mundo.person(QUIETA)
    assert dentro.get("/cuenta-que-no-existe").status_code == 404
    assert dentro.get("/").status_code in (200, 302)
    (item,) = por_hacer(mundo, "admin_crm", "us_revisar_claves")
    assert "Quedó la decisión sobre 2 cuentas." in enviar(mundo, PROPIA, item, **BIEN)
    assert not esta_activa(mundo, QUIETA)
    assert "/ingresar" in dentro.get("/").location
    fuera = mundo.app.test_client()
    pagina = fuera.get("/ingresar")
    otra_vez = fuera.post(
        "/ingresar", data={"csrf_token": csrf(pagina.text), "usuario": QUIETA, "clave": CLAVE}
    )
    assert otra_vez.status_code == 422


def test_the_account_of_who_reviewed_is_decided_by_somebody_else(mundo: World) -> None:
    (item,) = por_hacer(mundo, "admin_crm", "us_revisar_claves")
    enviar(mundo, PROPIA, item, **BIEN)
    assert "Falta la cuenta de quien revisó" in followed(
        mundo.person("cumplimiento").get("/accesos").text
    )
    (otro,) = por_hacer(mundo, "jefe_ocm", "us_cuenta_revisor")
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        ambos = s.scalars(sa.select(Cuenta.id).where(Cuenta.usuario == PROPIA)).one()
        s.add(
            RolAsignado(
                cuenta_id=ambos,
                rol="jefe_ocm",
                ambito=None,
                vigente_desde=mundo.clock.now(),
                asignado_por="prueba",
            )
        )
    persona = mundo.person(PROPIA)
    suya = persona.get(f"/tarea/{otro}?volver=bandeja").text
    persona.post(
        f"/tarea/{otro}?volver=bandeja", data={**ocultos(suya), f"cuenta_{PROPIA}": "conservar"}
    )
    id_, filas = revision(mundo)
    assert filas[PROPIA].decision is None, "who holds both roles is still one person"
    with Session(mundo.engine.db) as s:
        catalogo = mundo.engine.catalog
        probadas = reads.separation.kept(s, catalogo, reads.releases.current(s, catalogo) or 0)
        (k,) = (k for k in probadas if k.rule.element == "us_cuenta_revisor")
    assert [(r.actor_id, r.at) for r in k.refused] == [(PROPIA, mundo.clock.now())]
    regla = followed(
        mundo.person("cumplimiento")
        .get("/controles/separacion/us_cuenta_revisor:us_revisar_claves")
        .text
    )
    assert "No cambiaron nada" in regla
    assert "Quedó la decisión sobre 1 cuenta." in enviar(
        mundo, "jefe.ocm", otro, **{f"cuenta_{PROPIA}": "conservar"}
    )
    with Session(mundo.engine.db) as s:
        assert s.get_one(accesos.RevisionAccesos, id_).terminada == mundo.clock.now()
    pagina = followed(mundo.person("cumplimiento").get(f"/accesos/{id_}").text)
    assert "Terminó su contrato." in pagina
    assert "La misma clave hace" in pagina


def test_a_leader_who_is_asked_gets_a_letter_and_the_account_comes_again(mundo: World) -> None:
    (item,) = por_hacer(mundo, "admin_crm", "us_revisar_claves")
    enviar(
        mundo,
        PROPIA,
        item,
        **{**BIEN, f"cuenta_{ATACADA}": "preguntar", f"nota_{ATACADA}": "¿Sigue en Chapinero?"},
    )
    with Session(mundo.engine.db) as s:
        (carta,) = s.scalars(
            sa.select(Aviso).where(Aviso.tipo == "accesos", Aviso.creado == mundo.clock.now())
        ).all()
        coordinacion = s.scalar(sa.select(Cuenta.correo).where(Cuenta.usuario == "coordinador"))
    assert carta.para == coordinacion
    assert "¿Sigue en Chapinero?" in carta.texto
    (otro,) = por_hacer(mundo, "jefe_ocm", "us_cuenta_revisor")
    enviar(mundo, "jefe.ocm", otro, **{f"cuenta_{PROPIA}": "conservar"})
    move_to(mundo, LUNES + dt.timedelta(days=7))
    _id, filas = revision(mundo)
    assert [m["motivo"] for m in filas[ATACADA].motivos] == ["preguntada"], (
        "what failed before the last review is not counted again"
    )
    assert not filas[QUIETA].activa
    assert filas[QUIETA].motivos == []


def test_what_was_made_inactive_can_be_made_active_again(mundo: World) -> None:
    (item,) = por_hacer(mundo, "admin_crm", "us_revisar_claves")
    enviar(mundo, PROPIA, item, **BIEN)
    move_to(mundo, LUNES + dt.timedelta(days=7))
    (item,) = por_hacer(mundo, "admin_crm", "us_revisar_claves")
    # as who left on a day that was planned
    escribir(mundo, sa.update(Cuenta).where(Cuenta.usuario == QUIETA).values(activa_hasta=LUNES))
    enviar(mundo, PROPIA, item, **{f"cuenta_{QUIETA}": "activar"})
    assert esta_activa(mundo, QUIETA)
    assert mundo.person(QUIETA).get("/cuenta").status_code == 200


def test_a_review_that_nobody_ends_says_so_and_the_next_one_has_the_same_accounts(
    mundo: World,
) -> None:
    primera, _filas = revision(mundo)
    move_to(mundo, LUNES + dt.timedelta(days=7))
    segunda, filas = revision(mundo)
    assert segunda > primera
    assert {QUIETA, PROPIA} <= {u for u, f in filas.items() if f.motivos}
    lista = followed(mundo.person(PROPIA).get("/accesos").text)
    assert lista.index("Por revisar") < lista.index("Sin revisar")
    assert len(por_hacer(mundo, "admin_crm", "us_revisar_claves")) == 1


def test_a_role_that_did_nothing_though_there_was_work_is_told(mundo: World) -> None:
    """Officers of an area where others worked; a role without any task says nothing of whoever
    holds it."""
    _id, filas = revision(mundo)
    usados = {(u, r["rol"]): r["usado"] for u, f in filas.items() for r in f.roles}
    assert usados["coordinador", "coordinador_gau"] is not None
    assert usados["cumplimiento", "cumplimiento"] is None
    with Session(mundo.engine.db) as s:
        hechas = (
            s.execute(
                sa.text(
                    "SELECT DISTINCT closed_by FROM work_item WHERE state = 'done' AND role = 'asesor'"
                )
            )
            .scalars()
            .all()
        )
    for usuario, f in filas.items():
        if any(r["rol"] == "asesor" and r["usado"] for r in f.roles):
            assert usuario in hechas


def test_the_file_has_every_account_and_leaves_its_trace(mundo: World) -> None:
    id_, filas = revision(mundo)
    archivo = mundo.person("cumplimiento").get(f"/accesos/{id_}.csv").text
    assert archivo.count("\r\n") == len(filas) + 1
    assert f"{QUIETA};" in archivo
    with Session(mundo.engine.db) as s:
        assert (
            s.execute(
                sa.text(
                    "SELECT count(*) FROM access WHERE kind = 'exportacion' AND actor_id = 'cumplimiento'"
                )
            ).scalar()
            == 1
        )
    assert mundo.person("cumplimiento").get("/accesos/999999").status_code == 404
    for usuario in ("asesor.bog01", "lider.vcc", "gerente", "analista"):
        assert mundo.person(usuario).get("/accesos").status_code == 403, usuario
