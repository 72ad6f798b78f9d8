"""A case on hold is not erased by `flask retention`, nor what is known of its person, until
somebody lifts it; both say why."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from records.sistemas.tablas import ConsultaLegado
from records.visita.tablas import Atencion
from tests.kit.month import World, month
from tests.kit.web import csrf, followed

MOTIVO = "Tutela 2026-0231, juzgado 4"


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("reserva")) as made:
        yield made


def terminados(world: World) -> list[str]:
    """Cases that ended and have forms, of persons of the CRM."""
    with world.engine.db.connect() as c:
        return list(
            c.scalars(
                sa.text(
                    "SELECT DISTINCT i.case_key FROM instance i JOIN submission s ON s.instance_id = i.id"
                    " JOIN atencion a ON a.case_key = i.case_key"
                    " WHERE i.ended_at IS NOT NULL AND s.form_values IS NOT NULL AND a.persona_id IS NOT NULL ORDER BY i.case_key"
                )
            )
        )


def con_formularios(world: World) -> set[str]:
    sql = "SELECT i.case_key FROM instance i JOIN submission s ON s.instance_id = i.id WHERE s.form_values IS NOT NULL"
    with world.engine.db.connect() as c:
        return set(c.scalars(sa.text(sql)))


def respuestas(world: World, clave: str) -> int:
    """Answers of legacy systems about the person of this case."""
    de_quien = sa.select(Atencion.persona_id).where(Atencion.case_key == clave).scalar_subquery()
    suyas = (
        sa.select(sa.func.count())
        .select_from(ConsultaLegado)
        .where(ConsultaLegado.persona_id == de_quien)
    )
    with world.engine.db.connect() as c:
        return c.scalar(suyas.where(sa.literal_column("consulta_legado.filas").is_not(None))) or 0


def enviar(quien: FlaskClient, clave: str, acto: str = "", motivo: str = MOTIVO) -> TestResponse:
    pagina = quien.get(f"/cumplimiento/caso/{clave}").text.partition('id="reserva"')[2]
    return quien.post(
        f"/cumplimiento/caso/{clave}/reserva{acto}",
        data={"csrf_token": csrf(pagina), "motivo": motivo},
    )


def borrar(world: World) -> str:
    hecho = world.app.test_cli_runner().invoke(
        args=["retention", "--apply", "--forms", "0", "--contacts", "0", "--legacy", "0"]
    )
    assert hecho.exit_code == 0, hecho.output
    return hecho.output


def test_what_is_on_hold_stays_until_it_is_lifted(world: World) -> None:
    revisora = world.person(world.by_role["cumplimiento"])
    suyos = [clave for clave in terminados(world) if respuestas(world, clave)]
    clave, otro = suyos[0], suyos[-1]
    assert clave != otro
    sin_decir = enviar(revisora, clave, motivo=" ")
    assert sin_decir.status_code == 422
    assert "Escriba el motivo" in sin_decir.text
    assert enviar(revisora, clave).status_code == 302
    assert "Nada de este caso se elimina" in followed(
        revisora.get(f"/cumplimiento/caso/{clave}").text
    )
    assert "Este caso ya está reservado." in enviar(revisora, clave).text

    world.clock.advance(dt.timedelta(days=400))
    antes = respuestas(world, clave)
    assert "no se borran ni lo de su persona: 1." in borrar(world)
    assert clave in con_formularios(world)
    assert otro not in con_formularios(world)
    assert (respuestas(world, clave), respuestas(world, otro)) == (antes, 0)

    assert enviar(revisora, clave, "/levantar", "El juzgado archivó").status_code == 302
    pagina = followed(revisora.get(f"/cumplimiento/caso/{clave}").text)
    assert MOTIVO in pagina
    assert "El juzgado archivó" in pagina
    assert "no está reservado" in enviar(revisora, clave, "/levantar").text
    assert "Casos reservados" not in borrar(world)
    assert clave not in con_formularios(world)
    assert respuestas(world, clave) == 0
    with world.engine.db.connect() as c:
        kinds = c.scalars(
            sa.text(
                "SELECT kind FROM access WHERE subject = :k AND kind LIKE 'reserva%' ORDER BY day, n"
            ),
            {"k": clave},
        ).all()
    assert kinds == ["reserva_puesta", "reserva_levantada"]
    assert world.app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0


def test_only_compliance_holds_and_only_what_there_is(world: World) -> None:
    clave = terminados(world)[0]
    coordinador, revisora = (
        world.person(world.by_role[rol]) for rol in ("coordinador_gau", "cumplimiento")
    )
    token = csrf(coordinador.get("/bandeja").text)
    assert (
        coordinador.post(
            f"/cumplimiento/caso/{clave}/reserva", data={"csrf_token": token, "motivo": MOTIVO}
        ).status_code
        == 403
    )
    token = csrf(revisora.get("/cumplimiento/accesos").text)
    assert (
        revisora.post(
            "/cumplimiento/caso/no-hay/reserva", data={"csrf_token": token, "motivo": MOTIVO}
        ).status_code
        == 404
    )
