"""A SuiteCRM outside (tests/kit/suitecrm.py): written once whatever happens, never overwritten
blindly, compared whole, never awaited."""

import datetime as dt
import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from handlers.conectores.suitecrm import Instalacion, Sincronia, SuiteCRM, leer
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.base.tablas import todas
from records.base.toml import ConfiguracionInvalida
from records.casos.reglas.estados import NOMBRES
from records.personas import personas
from records.sistemas import crm_externo as externo
from records.sistemas.puertos import Causa, FallaDeSistema
from records.sistemas.reglas.crm import (
    CASO,
    PERSONA,
    PERSONAS,
    SITUACIONES,
    Campo,
    Gana,
    Momentos,
    Paso,
    decidir,
    huella,
)
from records.sistemas.tablas import CrmConciliacion, CrmDiferencia, CrmEnlace, CrmSalida
from tests.kit.scene import Scene, copy_of, template
from tests.kit.suitecrm import Crm, Fault, suitecrm
from tests.kit.threads import at_once

ANA = ("CC", "9900000001")
DESPUES = dt.timedelta(hours=1)


@dataclass
class Lados:
    """Both sides: our database, the CRM, and what keeps them the same."""

    escena: Scene
    crm: Crm
    sucesos: list[tuple[str, str]] = field(default_factory=list)
    espera: float = 1.0

    def __post_init__(self) -> None:
        instalacion = Instalacion(self.crm.url, *self.crm.client, self.crm.account)
        self.sincronia = Sincronia(
            SuiteCRM(instalacion, espera=self.espera), self.escena.sessions, self._suceso
        )

    def _suceso(self, sistema: str, que: str, _now: dt.datetime, _detalle: str) -> None:
        self.sucesos.append((sistema, que))

    def anotar(self, tipo: str, local_id: int) -> None:
        with self.escena.writing() as s:
            externo.anotar(s, tipo, local_id, "crm.radicar", self.escena.now)

    def enviar(self, lapso: dt.timedelta = dt.timedelta()) -> int:
        return self.sincronia.enviar_pendientes(self.escena.now + lapso)

    def conciliar(self, lapso: dt.timedelta = DESPUES) -> CrmConciliacion:
        return self.sincronia.conciliar("admin.crm", self.escena.now + lapso)

    def filas(self, consulta: sa.Select[Any]) -> list[Any]:
        with self.escena.sessions() as s:
            return list(s.scalars(consulta))

    def datos(self, cuando: dt.timedelta = dt.timedelta(), **datos: str) -> None:
        with self.escena.writing() as s:
            personas.actualizar_datos(
                s, self.escena.persona_id, datos, Acto("asesor", self.escena.now + cuando)
            )

    def vigentes(self) -> dict[str, str]:
        with self.escena.sessions() as s:
            return personas.datos_vigentes(s, self.escena.persona_id)

    def abiertas(self) -> list[CrmDiferencia]:
        return self.filas(sa.select(CrmDiferencia).where(CrmDiferencia.decidida.is_(None)))

    def enlazadas(self) -> None:
        """Both hold the same Ana, and know it."""
        self.anotar(PERSONA, self.escena.persona_id)
        assert self.enviar() == 1


@pytest.fixture(scope="module")
def molde(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return template(tmp_path_factory.mktemp("molde") / "ventanilla.db")


@pytest.fixture
def lados(molde: Scene, tmp_path: Path) -> Iterator[Lados]:
    with copy_of(molde, tmp_path / "ventanilla.db") as escena, suitecrm() as crm:
        crm.now = escena.now
        yield Lados(escena, crm)


@pytest.mark.parametrize("pasa", [True, False])
def test_a_comparison_that_fails_for_a_fault_of_ours_has_ended_and_says_so(
    lados: Lados, monkeypatch: pytest.MonkeyPatch, *, pasa: bool
) -> None:
    """`pasa`: the database was away, so nobody could write that it ended: the next one does."""
    lados.enlazadas()
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR"
    falla = OperationalError("SELECT", {}, error) if pasa else ZeroDivisionError("al comparar")

    def comparar(*_dados: object, **_mas: object) -> None:
        raise falla

    monkeypatch.setattr(externo, "comparar", comparar)
    with pytest.raises(type(falla)):
        lados.conciliar()
    monkeypatch.undo()
    if pasa:
        lados.conciliar(dt.timedelta(days=1))
    (fila, *_otra) = lados.filas(sa.select(CrmConciliacion).order_by(CrmConciliacion.id))
    assert fila.termino is not None
    assert fila.error == ("se detuvo el trabajador" if pasa else "ZeroDivisionError: al comparar")


def test_one_that_cannot_be_written_for_a_fault_of_ours_rests_and_the_others_are_written(
    lados: Lados, monkeypatch: pytest.MonkeyPatch
) -> None:
    caso_id = lados.escena.open_case()
    lados.anotar(PERSONA, lados.escena.persona_id)
    lados.anotar(CASO, caso_id)
    suya = externo.nuestro

    def nuestro(session: Session, tipo: str, local_id: int) -> externo.Nuestro | None:
        if tipo == PERSONA:
            raise ZeroDivisionError
        return suya(session, tipo, local_id)

    monkeypatch.setattr(externo, "nuestro", nuestro)
    assert lados.enviar() == 1
    (salida,) = lados.filas(sa.select(CrmSalida).where(CrmSalida.enviada.is_(None)))
    assert (salida.tipo, salida.intentos, salida.error.partition(":")[0]) == (
        PERSONA,
        1,
        "ZeroDivisionError",
    )
    monkeypatch.undo()
    assert lados.enviar(DESPUES) == 1


# --- written once ---------------------------------------------------------------------------------
def test_a_case_and_its_person_are_written_with_what_the_crm_asks_for(lados: Lados) -> None:
    lados.datos(correo="ana@correo.com", celular="3001234567", municipio="11001")
    caso_id = lados.escena.open_case()
    lados.anotar(CASO, caso_id)
    lados.anotar(CASO, caso_id)  # filed, escalated: one write
    assert lados.enviar() == 1
    contacto, caso = lados.crm.only("Contacts"), lados.crm.only("Cases")
    assert (
        contacto["tipo_documento_c"],
        contacto["numero_documento_c"],
        contacto["last_name"],
    ) == (*ANA, "Ana Rojas")
    assert (contacto["email1"], contacto["phone_mobile"]) == ("ana@correo.com", "3001234567")
    assert contacto["primary_address_city"] == "Bogotá, D. C."
    assert caso["radicado_c"] in caso["name"]
    assert (caso["state"], caso["status"], caso["account_id"]) == (
        "Open",
        "Open_Assigned",
        lados.crm.account,
    )
    assert len(lados.crm.links) == 1
    assert lados.filas(sa.select(CrmSalida).where(CrmSalida.enviada.is_(None))) == []
    numeros = {e.tipo: e.numero for e in lados.filas(sa.select(CrmEnlace))}
    assert numeros == {"persona": "", "caso": str(caso["case_number"])}


def test_nothing_new_is_written_when_nothing_changed(lados: Lados) -> None:
    lados.anotar(CASO, lados.escena.open_case())
    assert lados.enviar() == 1
    assert len(lados.crm.asked) == 8  # token; each of the two searched, made, read; joined
    lados.crm.asked.clear()
    lados.anotar(CASO, lados.escena.caso_id)
    assert lados.enviar() == 1
    (_persona, _caso, junta) = lados.crm.asked  # each read, and joined as before
    assert lados.crm.writes() == [" ".join(junta)]
    assert "relationships" in junta[1]


def test_an_answer_that_is_lost_makes_no_second_record(lados: Lados) -> None:
    lados.anotar(PERSONA, lados.escena.persona_id)
    lados.sincronia.crm.probar()  # has its token
    lados.crm.faults.append(Fault(lost=True, method="POST"))
    assert lados.enviar() == 0
    assert len(lados.crm.live("Contacts")) == 1
    assert lados.enviar(DESPUES) == 1
    assert len(lados.crm.live("Contacts")) == 1


def test_a_record_that_is_made_meanwhile_is_told_apart_by_its_identifier(lados: Lados) -> None:
    """Two rounds search, find nobody and both create: the second is told that it exists, and
    changes it."""
    valores = {"tipo_doc": "CC", "num_doc": "9900000001", "nombre": "Ana Rojas"}
    for _vez in range(2):
        lados.sincronia.crm.crear(PERSONA, "2f9e5a80-5a4f-5a54-9a30-1a2b3c4d5e6f", valores)
    assert len(lados.crm.live("Contacts")) == 1


def test_a_record_that_is_there_already_is_found_and_not_doubled(lados: Lados) -> None:
    lados.crm.put(
        "Contacts", last_name="Ana Rojas", tipo_documento_c="CC", numero_documento_c="9900000001"
    )
    lados.enlazadas()
    assert len(lados.crm.live("Contacts")) == 1


def test_a_record_that_was_deleted_there_is_made_again(lados: Lados) -> None:
    lados.enlazadas()
    (viejo,) = lados.crm.records["Contacts"]
    lados.crm.records["Contacts"][viejo]["deleted"] = True
    lados.anotar(PERSONA, lados.escena.persona_id)
    assert lados.enviar() == 1
    (nuevo,) = lados.crm.live("Contacts")
    assert nuevo != viejo


def test_two_records_with_one_document_are_an_error_that_people_see(lados: Lados) -> None:
    for nombre in ("Ana Rojas", "Ana R."):
        lados.crm.put(
            "Contacts", last_name=nombre, tipo_documento_c="CC", numero_documento_c="9900000001"
        )
    lados.anotar(PERSONA, lados.escena.persona_id)
    assert lados.enviar() == 0
    (salida,) = lados.filas(sa.select(CrmSalida))
    assert "dos registros" in salida.error
    assert lados.sincronia.al_dia(*ANA, lados.escena.now) == "dos"


def test_what_is_being_sent_by_one_worker_is_not_sent_by_another(lados: Lados) -> None:
    lados.anotar(PERSONA, lados.escena.persona_id)
    with lados.escena.writing() as s:
        assert externo.tomar(s, lados.escena.now) is not None
    assert lados.enviar() == 0
    assert lados.enviar(externo.TOMA + dt.timedelta(seconds=1)) == 1  # the other one died


def test_what_changes_while_it_is_sent_is_sent_again(lados: Lados) -> None:
    lados.anotar(PERSONA, lados.escena.persona_id)
    with lados.escena.writing() as s:
        pendiente = externo.tomar(s, lados.escena.now)
    assert pendiente is not None
    lados.anotar(PERSONA, lados.escena.persona_id)
    with lados.escena.writing() as s:
        externo.enviada(s, pendiente, lados.escena.now)
    assert lados.enviar() == 1


# --- an outage ------------------------------------------------------------------------------------
def test_an_outage_loses_nothing_and_the_rest_is_not_tried(lados: Lados) -> None:
    caso_id = lados.escena.open_case()
    lados.anotar(PERSONA, lados.escena.persona_id)
    lados.anotar(CASO, caso_id)
    lados.crm.faults.append(Fault(status=503, times=99))
    assert lados.enviar() == 0
    assert len(lados.crm.asked) == 1  # one try told that it is away
    salidas = {s.tipo: s for s in lados.filas(sa.select(CrmSalida))}
    assert (salidas["persona"].error, salidas["persona"].intentos) == ("respondió 503: no", 1)
    assert salidas["caso"].error == ""
    lados.crm.faults.clear()
    assert lados.enviar(DESPUES) == 2
    assert lados.crm.only("Cases")["state"] == "Open"


def test_the_breaker_opens_after_failures_and_one_try_closes_it(lados: Lados) -> None:
    lados.crm.faults.append(Fault(status=500, times=99))
    for _vez in range(3):
        assert lados.sincronia.al_dia(*ANA, lados.escena.now) == "no_responde"
    preguntas = len(lados.crm.asked)
    assert lados.sincronia.al_dia(*ANA, lados.escena.now) == "no_responde"
    assert len(lados.crm.asked) == preguntas  # at rest: nobody waits for it
    assert lados.sucesos == [("crm", "abierto")]
    lados.crm.faults.clear()
    lados.sincronia.circuito.abierto = 0.0  # half a minute later
    assert lados.sincronia.al_dia(*ANA, lados.escena.now) == "no_esta"
    assert lados.sucesos[-1] == ("crm", "cerrado")


@pytest.mark.parametrize(
    ("falla", "causa"),
    [
        (Fault(sleep=3, times=9), Causa.SIN_RESPUESTA),
        (
            Fault(status=200, body=b"<html>mantenimiento</html>", media="text/html", times=9),
            Causa.ILEGIBLE,
        ),
        (Fault(status=200, body=b"[" * 100_000, times=9), Causa.ILEGIBLE),
        (Fault(status=200, body=b'{"data": {}}', times=9), Causa.ILEGIBLE),
        (
            Fault(status=302, headers={"Location": "http://example.org"}, times=9),
            Causa.NO_PERMITIDO,
        ),
        (Fault(status=429, headers={"Retry-After": "17"}, times=9), Causa.OCUPADO),
    ],
)
def test_every_way_to_fail_has_its_cause(lados: Lados, falla: Fault, causa: Causa) -> None:
    lados.crm.faults.append(falla)
    with pytest.raises(FallaDeSistema) as fallo:
        lados.sincronia.crm.buscar(PERSONA, {"num_doc": "1"})
    assert fallo.value.causa is causa


def test_a_crm_that_asks_for_patience_gets_it(lados: Lados) -> None:
    lados.enlazadas()
    lados.datos(DESPUES, celular="3009998877")
    lados.anotar(PERSONA, lados.escena.persona_id)
    lados.crm.faults.append(Fault(status=429, headers={"Retry-After": "600"}, method="PATCH"))
    assert lados.enviar() == 0
    assert lados.enviar(dt.timedelta(seconds=599)) == 0
    assert lados.enviar(dt.timedelta(seconds=600)) == 1
    assert lados.crm.only("Contacts")["phone_mobile"] == "3009998877"


def test_a_token_that_has_ended_is_asked_for_again(lados: Lados) -> None:
    lados.enlazadas()
    lados.crm.tokens.clear()
    lados.anotar(PERSONA, lados.escena.persona_id)
    assert lados.enviar() == 1
    fichas = [camino for _metodo, camino in lados.crm.asked if "access_token" in camino]
    assert len(fichas) == 2


def test_a_secret_that_is_not_ours_is_told_as_such(lados: Lados) -> None:
    lados.crm.client = ("otro", "otro")
    with pytest.raises(FallaDeSistema) as fallo:
        lados.sincronia.crm.probar()
    assert fallo.value.causa is Causa.NO_PERMITIDO
    assert lados.sincronia.caida() == "no aceptó la cuenta (401)"


@pytest.mark.parametrize(
    "falla",
    [
        Fault(status=400, echo=True, times=99, method="PATCH"),
        Fault(status=500, echo=True, times=99, method="PATCH"),
        Fault(status=400, echo=True, times=99),
        Fault(status=500, echo=True, times=99),
        Fault(status=500, body=b"<h1>no</h1>", media="text/html", times=99),
        Fault(sleep=3, times=99),
        Fault(status=302, headers={"Location": "http://127.0.0.1:9/"}, times=99),
        Fault(lost=True, times=99),
        Fault(times=0),
    ],
    ids=[
        "refused",
        "broken",
        "all refused",
        "all broken",
        "a page",
        "silent",
        "elsewhere",
        "lost",
        "well",
    ],
)
def test_neither_token_nor_secret_is_in_a_line_of_the_log_a_row_or_what_is_told(
    lados: Lados, falla: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    """Of all loggers, at their finest, and of a CRM that says back what it was sent."""
    caplog.set_level(logging.DEBUG)
    lados.enlazadas()
    lados.crm.faults.append(falla)
    lados.datos(celular="3009998877")
    lados.anotar(PERSONA, lados.escena.persona_id)
    lados.enviar()
    caida = lados.sincronia.caida()
    fallos = list[str]()
    # without a token yet
    crm, recien = lados.sincronia.crm, SuiteCRM(lados.sincronia.crm.instalacion, espera=1.0)
    for pedir in (crm.probar, lambda: crm.buscar(PERSONA, {"num_doc": "1"}), recien.probar):
        try:
            pedir()
        except FallaDeSistema as fallo:
            logging.getLogger("prueba").exception("as an error that nobody expected is written")
            fallos += [fallo.detalle, str(fallo), repr(fallo)]
    with lados.escena.sessions() as s:
        guardado = [repr(s.execute(sa.select(tabla)).all()) for tabla in todas().sorted_tables]
    dicho = "\n".join(
        [
            caplog.text,
            *guardado,
            *fallos,
            str(caida),
            repr(crm),
            repr(recien),
            repr(lados.sucesos),
            repr(lados.sincronia.vecino().mirar()),
        ]
    )
    secretos = {*lados.crm.tokens, lados.crm.client[1]}
    assert len(secretos) >= 2
    assert [secreto for secreto in secretos if secreto in dicho] == []
    assert "DEBUG" in caplog.text


def test_nobody_listens(molde: Scene, tmp_path: Path) -> None:
    with copy_of(molde, tmp_path / "ventanilla.db") as escena:
        lados = Lados(escena, Crm(url="http://127.0.0.1:9"))
        lados.anotar(PERSONA, escena.persona_id)
        assert lados.enviar() == 0
        (salida,) = lados.filas(sa.select(CrmSalida))
        assert salida.error_causa == "sin_conexion"
        assert lados.sincronia.vecino().mirar().estado == "no_responde"


# --- both sides change ----------------------------------------------------------------------------
def test_what_only_the_crm_changed_comes_here_with_its_history(lados: Lados) -> None:
    lados.datos(celular="3001234567")
    lados.enlazadas()
    (clave,) = lados.crm.live("Contacts")
    lados.crm.records["Contacts"][clave] |= {
        "phone_mobile": "3110000000",
        "primary_address_city": "Cali, Valle del Cauca",
    }
    assert lados.sincronia.al_dia(*ANA, lados.escena.now + DESPUES) == "al_dia"
    assert lados.vigentes()["celular"] == "3110000000"
    assert lados.vigentes()["municipio"] == "76001"
    with lados.escena.sessions() as s:
        historia = personas.historia_datos(s, lados.escena.persona_id)
    assert {(c.valor, c.registrado_por) for c in historia if c.tipo == "celular"} == {
        ("3110000000", "crm"),
        ("3001234567", "asesor"),
    }


def test_what_only_we_changed_goes_there(lados: Lados) -> None:
    lados.datos(correo="ana@correo.com")
    lados.enlazadas()
    lados.datos(DESPUES, correo="ana@nuevo.com")
    assert lados.sincronia.al_dia(*ANA, lados.escena.now + DESPUES) == "al_dia"
    # the older one of the CRM does not come back
    assert lados.vigentes()["correo"] == "ana@nuevo.com"
    assert lados.enviar(DESPUES) == 1
    assert lados.crm.only("Contacts")["email1"] == "ana@nuevo.com"


@pytest.mark.parametrize(
    ("suyo_despues", "queda"), [(True, "suyo@correo.com"), (False, "nuestro@correo.com")]
)
def test_of_two_changes_the_later_one_stays(
    lados: Lados, queda: str, *, suyo_despues: bool
) -> None:
    lados.datos(correo="ana@correo.com")
    lados.enlazadas()
    lados.datos(DESPUES, correo="nuestro@correo.com")
    (clave,) = lados.crm.live("Contacts")
    cuando = lados.escena.now + DESPUES * (2 if suyo_despues else 0.5)
    lados.crm.records["Contacts"][clave] |= {
        "email1": "suyo@correo.com",
        "date_modified": cuando.isoformat(),
    }
    lados.conciliar(DESPUES * 3)
    lados.enviar(DESPUES * 3)
    assert lados.vigentes()["correo"] == queda
    assert lados.crm.only("Contacts")["email1"] == queda


def test_of_two_names_somebody_decides(lados: Lados) -> None:
    lados.enlazadas()
    lados.datos(DESPUES, nombre="Ana Rojas Prieto")
    (clave,) = lados.crm.live("Contacts")
    lados.crm.records["Contacts"][clave]["last_name"] = "Ana María Rojas"
    lados.conciliar()
    lados.conciliar(DESPUES * 2)
    (abierta,) = lados.abiertas()  # once, however often it is found
    assert (abierta.campo, abierta.nuestro, abierta.suyo) == (
        "nombre",
        "Ana Rojas Prieto",
        "Ana María Rojas",
    )
    lados.anotar(PERSONA, lados.escena.persona_id)
    lados.enviar(DESPUES * 2)
    assert lados.crm.only("Contacts")["last_name"] == "Ana María Rojas"  # nothing moves until then
    with lados.escena.writing() as s:
        externo.resolver(
            s, abierta.id, "ventanilla", Acto("admin.crm", lados.escena.now + DESPUES * 3)
        )
    lados.enviar(DESPUES * 3)
    assert lados.crm.only("Contacts")["last_name"] == "Ana Rojas Prieto"
    with lados.escena.writing() as s, pytest.raises(DatoInvalido, match="ya decidió"):
        externo.resolver(s, abierta.id, "crm", Acto("otro", lados.escena.now))


def test_a_decision_for_the_crm_keeps_its_value_here(lados: Lados) -> None:
    lados.crm.put(
        "Contacts",
        last_name="Ana María Rojas",
        tipo_documento_c="CC",
        numero_documento_c="9900000001",
    )
    lados.conciliar()
    (abierta,) = lados.abiertas()
    with lados.escena.writing() as s:
        externo.resolver(s, abierta.id, "crm", Acto("admin.crm", lados.escena.now))
    assert lados.vigentes()["nombre"] == "Ana María Rojas"
    assert lados.conciliar(DESPUES * 2).iguales == 1


def test_a_difference_that_is_gone_is_no_longer_asked(lados: Lados) -> None:
    clave = lados.crm.put(
        "Contacts",
        last_name="Ana María Rojas",
        tipo_documento_c="CC",
        numero_documento_c="9900000001",
    )
    lados.conciliar()
    assert len(lados.abiertas()) == 1
    lados.crm.records["Contacts"][clave]["last_name"] = "Ana Rojas"
    lados.conciliar(DESPUES * 2)
    assert lados.abiertas() == []


def test_a_case_that_somebody_closed_there_is_opened_again(lados: Lados) -> None:
    lados.anotar(CASO, lados.escena.open_case())
    lados.enviar()
    (clave,) = lados.crm.live("Cases")
    lados.crm.records["Cases"][clave] |= {"state": "Closed", "status": "Closed_Closed"}
    assert lados.conciliar().enviados == 2
    lados.enviar(DESPUES)
    assert (lados.crm.only("Cases")["state"], lados.crm.only("Cases")["status"]) == (
        "Open",
        "Open_Assigned",
    )


def test_what_makes_no_sense_here_is_left_and_asked(lados: Lados) -> None:
    lados.enlazadas()
    (clave,) = lados.crm.live("Contacts")
    lados.crm.records["Contacts"][clave]["primary_address_city"] = "Macondo"
    lados.conciliar()
    (abierta,) = lados.abiertas()
    assert (abierta.campo, abierta.porque) == ("municipio", "no_sirve")
    with lados.escena.writing() as s, pytest.raises(DatoInvalido, match="no sirve aquí"):
        externo.resolver(s, abierta.id, "crm", Acto("admin.crm", lados.escena.now))


@pytest.mark.parametrize(
    ("campo", "suyo", "dicho", "queda"),
    [
        ("correo", "email1", "no es un correo", None),
        ("celular", "phone_mobile", "llamar a la vecina", None),
        ("telefono_fijo", "phone_home", "x", None),
        ("celular", "phone_mobile", "+57 315 555-0000", "3155550000"),
        ("telefono_fijo", "phone_home", "(601) 382 1670", "(601) 382 1670"),
    ],
)
def test_what_5_2_7_would_refuse_does_not_come_in_by_the_crm(
    lados: Lados, campo: str, suyo: str, dicho: str, queda: str | None
) -> None:
    antes = {"correo": "ana@correo.com", "celular": "3001234567", "telefono_fijo": "6013820000"}
    lados.datos(**antes)
    lados.enlazadas()
    registro = next(iter(lados.crm.live("Contacts")))
    lados.crm.records["Contacts"][registro] |= {
        suyo: dicho,
        "date_modified": (lados.escena.now + DESPUES).isoformat(),
    }
    lados.conciliar()
    assert lados.vigentes()[campo] == (queda or antes[campo])
    assert [(d.campo, d.porque) for d in lados.abiertas()] == (
        [] if queda else [(campo, "no_sirve")]
    )


def test_what_does_not_fit_there_is_not_cut(lados: Lados) -> None:
    lados.datos(nombre="Ana " * 30)
    lados.anotar(PERSONA, lados.escena.persona_id)
    assert lados.enviar() == 0  # the CRM asks for a name
    (salida,) = lados.filas(sa.select(CrmSalida))
    assert salida.error == "Nombre: tiene 119 caracteres y el CRM admite 100"
    assert lados.crm.live("Contacts") == {}


def test_a_person_whom_only_the_crm_knows_comes_with_what_it_holds(lados: Lados) -> None:
    lados.crm.put(
        "Contacts",
        last_name="Luz Marina Ospina",
        tipo_documento_c="CC",
        numero_documento_c="9900000777",
        phone_mobile="3150001122",
    )
    assert lados.sincronia.al_dia("CC", "9900000777", lados.escena.now) == "al_dia"
    with lados.escena.sessions() as s:
        luz = personas.buscar_persona(s, "CC", "9900000777")
        assert luz is not None
        assert personas.datos_vigentes(s, luz.id) == {"celular": "3150001122"}
    assert lados.sincronia.al_dia("CC", "9900000778", lados.escena.now) == "no_esta"


CORREGIDO = "9900000555"


def corregido(lados: Lados, **mas: str) -> dict[str, Any]:
    """Somebody in the CRM gives the contact of Ana another number, and what else."""
    lados.datos(correo="ana@correo.com")
    lados.enlazadas()
    contacto = next(iter(lados.crm.live("Contacts").values()))
    contacto |= {
        "numero_documento_c": CORREGIDO,
        "date_modified": (lados.escena.now + DESPUES).isoformat(),
        **mas,
    }
    return contacto


def test_a_contact_with_another_number_by_now_is_not_written_over_nor_is_anything_of_it_taken(
    lados: Lados,
) -> None:
    contacto = corregido(lados, email1="luz@correo.com")
    lados.datos(DESPUES, celular="3001234567")
    lados.anotar(PERSONA, lados.escena.persona_id)
    assert lados.enviar(DESPUES) == 1
    lados.conciliar(DESPUES * 2)
    assert (
        contacto["numero_documento_c"],
        contacto["email1"],
        contacto.get("phone_mobile", ""),
    ) == (CORREGIDO, "luz@correo.com", "")
    assert lados.vigentes() == {"correo": "ana@correo.com", "celular": "3001234567"}
    (abierta,) = lados.abiertas()
    assert (abierta.campo, abierta.porque, abierta.suyo) == ("num_doc", "otro_documento", CORREGIDO)
    with lados.escena.writing() as s:
        externo.resolver(
            s, abierta.id, "ventanilla", Acto("admin.crm", lados.escena.now + DESPUES * 3)
        )
    assert lados.enviar(DESPUES * 4) == 1
    assert (contacto["numero_documento_c"], contacto["phone_mobile"]) == (ANA[1], "3001234567"), (
        "who decided it was Ana has it so"
    )
    assert lados.abiertas() == []


@pytest.mark.parametrize("conocida", [True, False])
def test_at_the_desk_the_contact_of_somebody_else_is_told_and_the_visit_goes_on(
    lados: Lados, *, conocida: bool
) -> None:
    """5.2.4 with the number that the CRM has by now: it is linked with Ana here."""
    corregido(lados)
    if conocida:
        with lados.escena.writing() as s:
            personas.crear_persona(
                s,
                personas.NuevaPersona("CC", CORREGIDO, "Luz Ríos", "beneficiario"),
                now=lados.escena.now,
            )
    assert lados.sincronia.al_dia("CC", CORREGIDO, lados.escena.now + DESPUES) == "de_otra"
    assert lados.sincronia.al_dia("CE", CORREGIDO, lados.escena.now + DESPUES) == "no_esta", (
        "the same number of another kind"
    )
    with lados.escena.sessions() as s:
        suya = personas.id_de_persona(s, "CC", CORREGIDO)
    assert (suya is not None) is conocida, "nobody is made of a record that is somebody's"
    assert [(d.local_id, d.campo) for d in lados.abiertas()] == [
        (lados.escena.persona_id, "num_doc")
    ]
    if suya is not None:
        lados.anotar(PERSONA, suya)
        assert lados.enviar(DESPUES) == 0
        (salida,) = lados.filas(sa.select(CrmSalida).where(CrmSalida.enviada.is_(None)))
        assert salida.error == "el registro del CRM con este documento está unido aquí a otro"


def test_hostile_values_of_the_crm_do_no_harm(lados: Lados) -> None:
    lados.crm.put(
        "Contacts",
        last_name="Luz\0 <script>\ud800",
        tipo_documento_c="CC",
        numero_documento_c="9900000779",
        phone_mobile="3" * 500,
    )
    assert lados.sincronia.al_dia("CC", "9900000779", lados.escena.now) == "al_dia"
    with lados.escena.sessions() as s:
        luz = personas.buscar_persona(s, "CC", "9900000779")
    assert luz is not None
    assert "\0" not in luz.nombre


# --- everything -----------------------------------------------------------------------------------
def test_a_comparison_counts_both_sides_page_by_page(lados: Lados) -> None:
    lados.anotar(CASO, lados.escena.open_case())
    lados.enviar()
    for n in range(250):
        lados.crm.put(
            "Contacts",
            last_name=f"Ajena {n}",
            tipo_documento_c="CC",
            numero_documento_c=f"88{n:08}",
        )
    otro = lados.escena.open_case()  # filed while nobody sent anything
    hecha = lados.conciliar()
    assert (
        hecha.personas,
        hecha.casos,
        hecha.iguales,
        hecha.ajenos,
        hecha.faltaban,
        hecha.error,
    ) == (1, 1, 2, 250, 1, "")
    assert len([p for _m, p in lados.crm.asked if "module/Contacts?" in p and "sort" in p]) == 3
    lados.enviar(DESPUES)
    assert {
        e.local_id for e in lados.filas(sa.select(CrmEnlace).where(CrmEnlace.tipo == "caso"))
    } >= {otro}
    assert lados.conciliar(DESPUES * 2).faltaban == 0


def test_a_comparison_that_breaks_off_says_so(lados: Lados) -> None:
    for n in range(150):
        lados.crm.put(
            "Contacts",
            last_name=f"Ajena {n}",
            tipo_documento_c="CC",
            numero_documento_c=f"88{n:08}",
        )
    lados.sincronia.crm.probar()  # has its token
    lados.crm.faults += [Fault(status=200, times=0), Fault(status=502, times=99)]
    hecha = lados.conciliar()
    assert hecha.error == "respondió 502: no"
    assert hecha.termino is not None


# --- settings and rules ---------------------------------------------------------------------------
def escribir(carpeta: Path, texto: str, clave: str = "secreto") -> Path:
    (carpeta / "clave").write_text(clave)
    archivo = carpeta / "crm.toml"
    archivo.write_text(texto)
    return archivo


BASE = 'url = "https://crm.entidad.gov.co/"\nclient_id = "v"\nclient_secret_file = "clave"\ncuenta = "c"\n'


def test_an_installation_says_how_it_calls_its_fields(tmp_path: Path) -> None:
    texto = BASE + '[personas]\nnum_doc = "cedula_c"\ntelefono_fijo = ""\n[gana]\ncorreo = "crm"\n'
    leida = leer(escribir(tmp_path, texto))
    campos = {c.nuestro: c for c in leida.campos[PERSONA]}
    assert campos["num_doc"].suyo == "cedula_c"
    assert "telefono_fijo" not in campos
    assert campos["correo"].gana is Gana.CRM
    assert leida.url == "https://crm.entidad.gov.co"
    assert "secreto" not in repr(leida)


@pytest.mark.parametrize(
    ("texto", "clave", "dice"),
    [
        ("url = ", "x", "no es un archivo TOML"),
        (BASE.replace("https", "ftp"), "x", "url: se espera la dirección"),
        (BASE, "", "está vacío"),
        (BASE + "otra = 1\n", "x", "otra: no se conoce"),
        (BASE.replace('cuenta = "c"\n', ""), "x", "cuenta"),
        (BASE + '[personas]\nnum_doc = ""\n', "x", "num_doc: se espera el nombre"),
        (BASE + '[personas]\nsexo = "x"\n', "x", "no se conoce el dato sexo"),
        (BASE + '[gana]\ncorreo = "nadie"\n', "x", "se espera ventanilla"),
        (BASE + '[gana]\nnum_doc = "crm"\n', "x", "no es un dato que las dos partes cambien"),
        (BASE + 'autoridades = "no-esta.pem"\n', "x", "no existe el archivo"),
    ],
)
def test_settings_that_make_no_sense_are_told_in_a_sentence(
    tmp_path: Path, texto: str, clave: str, dice: str
) -> None:
    with pytest.raises(ConfiguracionInvalida, match=dice):
        leer(escribir(tmp_path, texto, clave))


CAMPO = Campo("correo", "email1", "Correo", 10, Gana.RECIENTE, trae=True)
ANTES, LUEGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("acordado", "nuestro", "suyo", "momentos", "gana", "paso", "porque"),
    [
        (None, "a", " a ", Momentos(), Gana.RECIENTE, Paso.IGUAL, ""),
        (None, "a\r\nb", "a\nb", Momentos(), Gana.RECIENTE, Paso.IGUAL, ""),
        (None, "", "b", Momentos(), Gana.RECIENTE, Paso.TRAER, "vacio_aqui"),
        (None, "a", "", Momentos(), Gana.RECIENTE, Paso.ENVIAR, "vacio_alla"),
        ("b", "a", "b", Momentos(), Gana.PREGUNTAR, Paso.ENVIAR, "cambio_aqui"),
        ("a", "a", "b", Momentos(), Gana.PREGUNTAR, Paso.TRAER, "cambio_alla"),
        ("c", "a", "b", Momentos(ANTES, LUEGO), Gana.RECIENTE, Paso.TRAER, "reciente_alla"),
        ("c", "a", "b", Momentos(LUEGO, ANTES), Gana.RECIENTE, Paso.ENVIAR, "reciente_aqui"),
        ("c", "a", "b", Momentos(LUEGO, LUEGO), Gana.RECIENTE, Paso.PREGUNTAR, "regla_reciente"),
        ("c", "a", "b", Momentos(None, LUEGO), Gana.RECIENTE, Paso.PREGUNTAR, "regla_reciente"),
        ("c", "a", "b", Momentos(ANTES, LUEGO), Gana.VENTANILLA, Paso.ENVIAR, "regla_ventanilla"),
        ("c", "a", "b", Momentos(LUEGO, ANTES), Gana.CRM, Paso.TRAER, "regla_crm"),
        (None, "a", "b", Momentos(LUEGO, ANTES), Gana.PREGUNTAR, Paso.PREGUNTAR, "regla_preguntar"),
        ("b", "a" * 11, "b", Momentos(), Gana.RECIENTE, Paso.PREGUNTAR, "no_cabe"),
    ],
)
def test_each_field_goes_the_way_of_its_rule(
    acordado: str | None,
    nuestro: str,
    suyo: str,
    momentos: Momentos,
    gana: Gana,
    paso: Paso,
    porque: str,
) -> None:
    campo = Campo(CAMPO.nuestro, CAMPO.suyo, CAMPO.nombre, CAMPO.largo, gana, trae=True)
    decidida = decidir(campo, huella(acordado) if acordado else None, nuestro, suyo, momentos)
    assert (decidida.paso, decidida.porque) == (paso, porque)


def test_every_state_of_a_case_has_its_place_in_the_crm() -> None:
    assert SITUACIONES.keys() == NOMBRES.keys()
    assert all(not c.trae for c in PERSONAS if c.nuestro in ("tipo_doc", "num_doc"))


def test_two_workers_that_begin_the_comparison_of_a_night_at_once_make_one(lados: Lados) -> None:
    now = lados.escena.now + DESPUES
    assert at_once([lambda: lados.sincronia.conciliar_hoy("motor", now)] * 3) == []
    lados.sincronia.conciliar_hoy("motor", now + DESPUES)
    assert len(lados.filas(sa.select(CrmConciliacion))) == 1
    lados.sincronia.conciliar_hoy("motor", now + dt.timedelta(days=1))
    assert len(lados.filas(sa.select(CrmConciliacion))) == 2
