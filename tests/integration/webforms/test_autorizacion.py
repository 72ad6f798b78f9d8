"""What 5.2.7 keeps of a person: as far as they agreed, and as far as the power goes (Ley 1581 art. 9
and 10, Decreto 1377 art. 20)."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from records.personas.tablas import Consentimiento, Contacto, Persona, Poder
from records.visita.tablas import Atencion, Turno
from tests.integration.webforms.test_web_consola import (
    en_el_modulo_3,
    enviar,
    hasta_titularidad,
)
from tests.kit import public as public_kit
from tests.kit.public import Point
from tests.kit.web import followed

SUYOS = {
    "nombre": "Ana Rojas",
    "direccion": "Calle 1 # 2-3",
    "municipio": "11001",
    "celular": "3001234567",
    "correo": "ana@ciudadana.example",
}


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


def en_5_2_7(punto: Point) -> tuple[FlaskClient, Turno]:
    asesor = en_el_modulo_3(punto)
    return asesor, hasta_titularidad(punto, asesor, "act_5_2_7")


def contactos(punto: Point) -> list[str]:
    with punto.web.session() as s:
        return list(s.scalars(sa.select(Contacto.tipo).order_by(Contacto.tipo)))


def consentimientos(punto: Point) -> list[tuple[str, bool]]:
    with punto.web.session() as s:
        filas = s.execute(
            sa.select(Persona.nombre, Consentimiento.autoriza).join(
                Consentimiento, Consentimiento.persona_id == Persona.id
            )
        )
        return [(f[0], f[1]) for f in filas]


def test_whoever_does_not_agree_is_asked_for_nothing_more_and_nothing_of_them_is_kept(
    punto: Point,
) -> None:
    asesor, turno = en_5_2_7(punto)
    # an old page sends what it had: it is not kept either
    codigo, pagina = enviar(
        asesor, **SUYOS, autoriza_tratamiento="no", medio_notificacion="direccion"
    )
    assert (codigo, "5.2.8" in pagina) == (200, True)
    assert contactos(punto) == []
    assert consentimientos(punto) == [("Ana Rojas", False)]
    with punto.web.session() as s:
        assert s.scalars(sa.select(Atencion.datos_actualizados)).one(), "5.2.7 was done"
    assert punto.open_item(turno, "act_5_2_8")


def test_the_answer_says_what_it_does_before_it_is_given(punto: Point) -> None:
    asesor, _turno = en_5_2_7(punto)
    pagina = asesor.get("/atencion").text
    assert "No: se usan solo para responderle y no se actualizan" in followed(pagina)
    assert pagina.index('name="autoriza_tratamiento"') < pagina.index('name="direccion"')
    assert 'data-cuando="autoriza_tratamiento" data-valores="si"' in pagina


def con_apoderado(punto: Point, facultades: str) -> tuple[FlaskClient, Turno]:
    """Of a visit at 5.2.7 the person at the desk is an attorney, whose power 5.2.5 accepted."""
    asesor, turno = en_5_2_7(punto)
    with punto.web.session() as s, s.begin():
        gloria = Persona(
            tipo_doc="CC",
            num_doc="9951204018",
            nombre="Gloria Cadena",
            calidad="apoderado",
            creada=punto.clock.now(),
        )
        s.add(gloria)
        s.flush()
        atencion = s.scalars(sa.select(Atencion)).one()
        atencion.apoderado_id = gloria.id
        s.add(
            Poder(
                titular_id=atencion.persona_id,
                apoderado_id=gloria.id,
                notaria="Notaría 5",
                numero="12",
                fecha=punto.clock.now().date() - dt.timedelta(days=9),
                facultades=facultades,
                estado="valido",
                registrado=punto.clock.now(),
                registrado_por="asesor",
                case_key=turno.case_key,
            )
        )
    return asesor, turno


@pytest.fixture
def con_poder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable that 5.2.5 gives, which this visit did not pass."""
    monkeypatch.setattr("webforms.visita.formularios.asesor._con_poder", lambda _datos: True)


@pytest.mark.usefixtures("con_poder")
def test_an_attorney_agrees_for_themselves_and_changes_nothing_of_the_holder(punto: Point) -> None:
    asesor, _turno = con_apoderado(punto, "saldos certificados")
    pagina = asesor.get("/atencion").text
    assert "¿Gloria Cadena autoriza el tratamiento de sus propios datos?" in followed(pagina)
    assert "El poder no permite cambiar los datos de su titular" in followed(pagina)
    assert not re.search(r'name="(nombre|direccion|municipio|celular|correo)"', pagina)
    codigo, _ = enviar(asesor, **SUYOS, autoriza_tratamiento="si", medio_notificacion="correo")
    assert codigo == 200
    assert contactos(punto) == []
    assert consentimientos(punto) == [("Gloria Cadena", True)]


@pytest.mark.usefixtures("con_poder")
def test_a_power_that_says_so_lets_the_attorney_change_them_in_the_holder_s_name(
    punto: Point,
) -> None:
    asesor, _turno = con_apoderado(punto, "saldos datos")
    assert "en nombre de su poderdante" in followed(asesor.get("/atencion").text)
    codigo, _ = enviar(asesor, **SUYOS, autoriza_tratamiento="si", medio_notificacion="correo")
    assert codigo == 200
    assert "correo" in contactos(punto)
    assert consentimientos(punto) == [("Ana Rojas", True)]
