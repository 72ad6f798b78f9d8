"""The second procedure, EP-01, made of diagrams, a table, letters and a manifest alone: run whole,
with every way through it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import app as door
from engine import reads
from engine.errors import NotAllowed
from engine.states import ActorKind
from engine.types import Actor, Handlers, Role, StartForm
from records.casos import registro
from records.correo.tablas import Aviso
from records.cuentas import carriles
from records.paquetes.reglas import paquete
from tests.kit import web as web_kit
from tests.kit.web import WebKit

PAQUETE = Path(__file__).resolve().parents[3] / "bpmn" / "permiso_espacio"
PEDIDO = {
    "nombre": "Yolanda Prada Cuesta",
    "tipo_doc": "CC",
    "documento": "51000481",
    "correo": "yolanda@correo.example",
    "uso": "terraza",
    "direccion": "Calle 14 n.º 6-25",
    "localidad_id": "suba",
    "area": 24,
    "dias": 30,
}


def quien(nombre: str, rol: str, lugar: str | None = None) -> Actor:
    return Actor(ActorKind.PERSON, nombre, frozenset({Role(rol, lugar)}))


VENTANILLA, TESORERA = quien("vera", "ventanilla_ep"), quien("tulia", "tesoreria_ep")
ABOGADA, OTRA_ABOGADA, JEFE = (
    quien("ana", "juridica_ep"),
    quien("olga", "juridica_ep"),
    quien("jaime", "jefe_ep"),
)
INSPECTOR, DE_USAQUEN = (
    quien("ines", "inspector_ep", "suba"),
    quien("ugo", "inspector_ep", "usaquen"),
)


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    registrados = Handlers()
    kit = web_kit.with_actions(
        web_kit.build(tmp_path, sqlite_url, handlers=registrados, functions=door.functions()),
        registrados,
    )
    kit.engine.releases.deploy(paquete.archivos_de(PAQUETE), actor=JEFE, now=kit.clock.now())
    yield kit
    kit.engine.db.dispose()


class Permiso:
    """One case: what people do to it, and what can be seen of it."""

    def __init__(self, web: WebKit) -> None:
        self.web = web
        ciudadana = Actor(ActorKind.PERSON, "ciudadano")
        self.caso = web.engine.instances.start(
            "ep_permiso", actor=ciudadana, now=web.clock.now(), form=StartForm(PEDIDO)
        ).case_key

    def hacer(self, elemento: str, actor: Actor, **valores: Any) -> None:
        with self.web.engine.uow.reading() as session:
            [tarea] = [
                i
                for i in reads.items.of_case(session, self.caso)
                if i.element == elemento and i.closed_at is None
            ]
        self.web.engine.items.complete(
            tarea.id, values=valores, actor=actor, now=self.web.clock.now()
        )
        assert self.incidentes() == []

    def llega(self, elemento: str, actor: Actor, **valores: Any) -> None:
        with self.web.engine.uow.reading() as session:
            [espera] = reads.operation.awaited(session, case_key=self.caso, elements=[elemento])
        self.web.engine.messages.hand_over(
            espera.task_id, values=valores, actor=actor, now=self.web.clock.now()
        )
        assert self.incidentes() == []

    def pasan(self, **cuanto: int) -> None:
        self.web.clock.advance(dt.timedelta(**cuanto))
        self.web.engine.pump(self.web.clock.now())
        assert self.incidentes() == []

    def incidentes(self) -> list[str]:
        with self.web.engine.uow.reading() as session:
            return [i.error for i in reads.incidents.open_ones(session)]

    def cartas(self) -> list[str]:
        with self.web.engine.uow.reading() as session:
            return list(session.scalars(sa.select(Aviso.asunto).order_by(Aviso.id)))

    def carta(self, empieza: str) -> str:
        with self.web.engine.uow.reading() as session:
            return session.scalars(
                sa.select(Aviso.texto).where(Aviso.asunto.startswith(empieza))
            ).one()

    def ficha(self) -> registro.Ficha:
        with self.web.engine.uow.reading() as session:
            ficha = registro.ficha(session, self.caso)
        assert ficha is not None
        return ficha

    def hasta_el_pago(self) -> None:
        self.hacer("ep_revisar", ABOGADA, revision="cumple", observacion="Completa.")
        self.llega("ep_pago", TESORERA, pagado=1360800, recibo="R-77")


def test_granted_by_appeal_after_something_was_missing(web: WebKit) -> None:
    p = Permiso(web)
    assert (p.ficha().numero, p.ficha().asunto, p.ficha().documento) == (
        "EP-2026-00001",
        "Calle 14 n.º 6-25",
        "51000481",
    )

    p.hacer("ep_revisar", ABOGADA, revision="falta", observacion="El plano no muestra el andén.")
    assert "El plano no muestra el andén." in p.carta("Solicitud EP-2026-00001: falta algo")
    p.llega("ep_complemento", VENTANILLA, complemento="Trajo otro plano.")
    p.hacer("ep_revisar", ABOGADA, revision="cumple", observacion="Ahora sí.")
    assert "24 metros cuadrados durante 30 días es de 1.360.800 pesos" in p.carta(
        "Solicitud EP-2026-00001: valor"
    )
    p.llega("ep_pago", TESORERA, pagado=1360800, recibo="R-77")
    p.hacer(
        "ep_inspeccion",
        INSPECTOR,
        visita="2026-12-01",
        concepto="desfavorable",
        hallado="Tapa la rampa.",
    )
    p.hacer("ep_decidir", JEFE, decision="niega", motivo="Tapa la rampa.")
    p.llega("ep_recurso_llega", VENTANILLA, razones="La rampa está en la otra esquina.")
    p.hacer("er_estudiar", OTRA_ABOGADA, estudio="Tiene razón.", propone="revoca")
    p.hacer(
        "er_resolver", JEFE, recurso="revoca", motivo_recurso="La rampa está en la otra esquina."
    )

    assert "Resolución: RES-EP-2026-0001" in p.carta("Solicitud EP-2026-00001: permiso otorgado")
    assert p.ficha().estado == registro.TERMINADO


def test_refused_and_confirmed(web: WebKit) -> None:
    p = Permiso(web)
    p.hacer("ep_revisar", ABOGADA, revision="no_cumple", observacion="Es una zona verde.")
    p.llega("ep_recurso_llega", VENTANILLA, razones="No es una zona verde.")
    p.hacer("er_estudiar", OTRA_ABOGADA, estudio="Sí lo es.", propone="confirma")
    p.hacer("er_resolver", JEFE, recurso="confirma", motivo_recurso="Sí es una zona verde.")

    assert "Sí es una zona verde." in p.carta("Solicitud EP-2026-00001: la negativa queda en firme")
    assert p.ficha().estado == registro.TERMINADO


def test_an_appeal_grants_nothing_that_was_not_paid_and_inspected(web: WebKit) -> None:
    p = Permiso(web)
    p.hacer("ep_revisar", ABOGADA, revision="no_cumple", observacion="Es una zona verde.")
    assert "Es una zona verde." in p.carta("Solicitud EP-2026-00001: permiso negado")
    p.llega("ep_recurso_llega", VENTANILLA, razones="No es una zona verde.")
    p.hacer("er_estudiar", OTRA_ABOGADA, estudio="No lo es.", propone="revoca")
    p.hacer("er_resolver", JEFE, recurso="revoca", motivo_recurso="No lo es.")
    assert "Solicitud EP-2026-00001: permiso otorgado" not in p.cartas()

    p.llega("ep_pago", TESORERA, pagado=1000000, recibo="R-1")
    assert "Llegaron 1.000.000 pesos" in p.carta("Solicitud EP-2026-00001: falta una parte")
    p.llega("ep_pago", TESORERA, pagado=1360800, recibo="R-2")
    p.hacer("ep_inspeccion", INSPECTOR, visita="2026-12-01", concepto="favorable", hallado="Bien.")
    p.hacer("ep_decidir", JEFE, decision="otorga", motivo="Todo en orden.")
    assert p.cartas()[-1] == "Solicitud EP-2026-00001: permiso otorgado"


def test_the_term_is_counted_again_when_what_was_missing_has_come_and_when_it_is_paid(
    web: WebKit,
) -> None:
    p = Permiso(web)
    primero = p.ficha().vence
    p.hacer("ep_revisar", ABOGADA, revision="falta", observacion="El plano.")
    p.pasan(days=20)
    p.llega("ep_complemento", VENTANILLA, complemento="Trajo el plano.")
    segundo = p.ficha().vence
    p.hasta_el_pago()
    assert primero is not None
    assert segundo is not None
    assert primero < segundo != p.ficha().vence


def test_refused_and_nobody_appeals_in_ten_business_days(web: WebKit) -> None:
    p = Permiso(web)
    p.hacer("ep_revisar", ABOGADA, revision="no_cumple", observacion="Es una zona verde.")
    p.pasan(days=10)
    assert p.ficha().estado == registro.ABIERTO  # ten days are not ten business days
    p.pasan(days=10)
    assert p.ficha().estado == registro.TERMINADO


@pytest.mark.parametrize(
    ("revision", "dias", "fin", "carta"),
    [("falta", 32, "ep_desistido", "se cierra"), ("cumple", 31, "ep_archivado", "se archiva")],
)
def test_a_case_that_nobody_moves_on_ends_by_itself(
    web: WebKit, revision: str, dias: int, fin: str, carta: str
) -> None:
    p = Permiso(web)
    p.hacer("ep_revisar", ABOGADA, revision=revision, observacion="El plano.")
    p.pasan(days=dias)

    with web.engine.uow.reading() as session:
        [instancia] = reads.instances.of_case(session, p.caso)
        assert fin in [paso.element for paso in reads.history.steps(session, instancia.id)]
    assert p.ficha().estado == registro.TERMINADO
    assert [asunto for asunto in p.cartas() if asunto.endswith(carta)] != []


def test_an_inspection_belongs_to_its_place_and_is_reminded_after_seven_days(web: WebKit) -> None:
    p = Permiso(web)
    p.hasta_el_pago()
    with pytest.raises(NotAllowed):
        p.hacer(
            "ep_inspeccion", DE_USAQUEN, visita="2026-12-01", concepto="favorable", hallado="Bien."
        )
    p.pasan(days=7, minutes=1)
    assert "Inspección pendiente: EP-2026-00001" in p.cartas()
    p.hacer("ep_inspeccion", INSPECTOR, visita="2026-12-01", concepto="favorable", hallado="Bien.")
    p.hacer("ep_decidir", JEFE, decision="otorga", motivo="Todo en orden.")
    assert p.cartas()[-1] == "Solicitud EP-2026-00001: permiso otorgado"


def test_who_reviewed_neither_decides_nor_studies_the_appeal(web: WebKit) -> None:
    ambas = Actor(ActorKind.PERSON, "ana", frozenset({Role("juridica_ep"), Role("jefe_ep")}))
    p = Permiso(web)
    p.hasta_el_pago()
    p.hacer("ep_inspeccion", INSPECTOR, visita="2026-12-01", concepto="favorable", hallado="Bien.")
    with pytest.raises(NotAllowed):
        p.hacer("ep_decidir", ambas, decision="niega", motivo="No.")
    p.hacer("ep_decidir", JEFE, decision="niega", motivo="No.")
    p.llega("ep_recurso_llega", VENTANILLA, razones="Sí.")
    with pytest.raises(NotAllowed):
        p.hacer("er_estudiar", ambas, estudio="No.", propone="confirma")


def test_the_month_is_counted_on_its_first_business_day(web: WebKit) -> None:
    Permiso(web)
    Permiso(web)
    web.clock.advance(dt.timedelta(days=35))
    web.engine.pump(web.clock.now())

    with web.engine.uow.reading() as session:
        [texto] = session.scalars(
            sa.select(Aviso.texto).where(Aviso.asunto.startswith("Permisos de espacio público"))
        ).all()
    assert "se pidieron 2 permisos y terminaron 0" in texto
    assert "en curso 2" in texto


def test_the_package_brings_its_roles_and_its_list(web: WebKit) -> None:
    with web.engine.uow.reading() as session:
        dados = {
            codigo: (rol.nombre, str(rol.alcance))
            for codigo, rol in carriles.que_se_dan(session).items()
            if codigo.endswith("_ep")
        }
        lugares = carriles.valores(session)["localidad_id"]
    assert dados == {
        "ventanilla_ep": ("Ventanilla de espacio público", ""),
        "juridica_ep": ("Abogado de espacio público", ""),
        "tesoreria_ep": ("Tesorería", ""),
        "inspector_ep": ("Inspector de espacio público", "localidad_id"),
        "jefe_ep": ("Jefe de Espacio Público", ""),
    }
    assert [nombre for _codigo, nombre in lugares] == ["Chapinero", "Suba", "Usaquén"]
