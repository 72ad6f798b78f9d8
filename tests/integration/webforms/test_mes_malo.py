"""Every page of the second half after a month in which everything went wrong, and after one of
which nothing is known, in both languages; names and what people wrote have each sign that a
sentence, a template or a document might take for its own."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.auditorias.tablas import F189
from records.base.actos import Acto
from records.casos.tablas import Caso, Escalonamiento, Tipificacion
from records.comites.tablas import Accion
from records.cuentas.tablas import Cuenta
from records.informes import meses
from records.informes.meses import Cifra
from records.informes.reglas.indicadores import INDICADORES
from records.informes.tablas import CaidaCrm
from records.lugares.tablas import Area, Punto
from records.personas.tablas import Persona
from records.visita.tablas import Atencion, Calificacion, Turno, TurnoPeriodo
from tests.kit.clock import bogota
from tests.kit.month import NOT_WALKED, World, month, move_to, starts
from tests.kit.walk import Seen, Walk, addresses
from webforms.base.catalogos import IDIOMAS

pytestmark = [pytest.mark.slow, pytest.mark.long]

MALO, VACIO = dt.date(2026, 11, 1), dt.date(2027, 1, 1)
SEGUNDA = ("calidad", "portada", "gerencia", "bandeja", "tareas", "cumplimiento")
ROLES = ("agente_calidad", "gerente_outsourcing", "gerente_operativo", "profesional_ocm", "jefe_ocm", "comite_calidad", "interventor",
         "admin_crm", "coordinador_gau", "cumplimiento", "asesor")  # fmt: skip
MARCA = "<i>100"
DURO = f'{MARCA} % de {{0}} %(n)s</i> & O\'Neil "Ñ" #panic() '
#: What is judged, and what these months can say of it.
CON_META = {i.id for i in INDICADORES.values() if i.meta != (None, None)}


def empeorar(s: Session) -> None:
    """What the demo did in the month, each worse than its target lets it be."""
    for tabla in (Cuenta, Punto, Area, Persona):
        for fila in s.scalars(sa.select(tabla)):
            fila.nombre = f"{DURO}{fila.nombre}"[:160]
    s.execute(sa.update(Tipificacion).values(subtema=DURO))
    s.execute(sa.update(Accion).values(accion=DURO))
    for p in s.scalars(sa.select(TurnoPeriodo)):
        p.inicio -= dt.timedelta(hours=2)
    s.execute(
        sa.update(Turno)
        .where(Turno.resultado.is_not(None), Turno.id % 3 == 0)
        .values(resultado="abandono")
    )
    s.execute(sa.update(Calificacion).values(valor=1, comentario=DURO))
    s.execute(sa.update(Calificacion).where(Calificacion.id % 2 == 0).values(valor=None))
    s.execute(sa.update(Atencion).values(datos_actualizados=False))
    s.execute(sa.update(Escalonamiento).values(n=Escalonamiento.n + 10, resumen=DURO))
    s.execute(sa.update(F189).values(puntaje=10.0, observaciones=DURO))
    for c in s.scalars(sa.select(Caso).where(Caso.recepcion >= meses.limites(MALO)[0])):
        ayer = c.recepcion - dt.timedelta(days=1)
        c.limite_escalar, c.limite_interno = ayer, ayer if c.limite_interno is not None else None
        c.limite_respuesta, c.resuelto_primer_contacto = c.recepcion, False
        c.descripcion = DURO
    dia = dt.date(2026, 11, 10)
    suceso = {
        "causa": DURO,
        "origen": "revision",
        "instancia_id": "x",
        "nota": DURO,
        "digitaron": "",
    }
    s.add(
        CaidaCrm(
            dia=dia,
            desde=bogota(2026, 11, 10, 6),
            hasta=bogota(2026, 11, 14, 18),
            segundos=4 * 86_400 + 43_200,
            **suceso,
        )
    )


@pytest.fixture(scope="module")
def mundo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("malo"), cases=150) as m:
        with Session(m.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
            empeorar(s)
        move_to(m, bogota(2026, 12, 1, 6, 1))
        yield m


def del_mes(mundo: World, mes: dt.date) -> dict[str, Cifra]:
    with Session(mundo.engine.db) as s:
        version = meses.vigente(s, mes)
        assert version is not None
        return {c.indicador: c for c in meses.cifras(s, version.id)}


def paginas(mundo: World, lengua: str, mes: dt.date) -> list[Seen]:
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.execute(sa.update(Cuenta).values(idioma=lengua))
    otras = {e for e in addresses(mundo.app) if e.partition(".")[0] not in SEGUNDA}
    dados = [f"/indicadores?mes={mes:%Y-%m}", f"/reportes/{mes:%Y-%m}", "/inicio", *starts(mundo)]
    walk, vistas = Walk(mundo.app, each=1, skip=frozenset(NOT_WALKED) | otras), list[Seen]()
    for rol in ROLES:
        vistas += walk.of(rol, mundo.person(mundo.by_role[rol]), dados)
    return vistas


def comprobar(vistas: list[Seen]) -> None:
    assert [f"{v.who} {v.path}: {v.status}" for v in vistas if v.status >= 500] == []
    assert [f"{v.who} {v.path}" for v in vistas if MARCA in v.html] == [], "a name is text"
    assert {"portada.inicio", "calidad.lista", "calidad.del_mes", "gerencia.vivo"} <= {
        v.endpoint for v in vistas if v.status == 200
    }


def test_no_target_is_met(mundo: World) -> None:
    cifras = del_mes(mundo, MALO)
    assert {i for i in CON_META if INDICADORES[i].cumple(cifras[i].valor) is not False} <= {
        "I14"
    }, "no audit may have left in the month"


def test_every_page_is_shown_in_each_language(mundo: World) -> None:
    """After the bad month, and after a month without a turn that is closed behind it."""
    for lengua in IDIOMAS:
        vistas = paginas(mundo, lengua, MALO)
        comprobar(vistas)
        de_inicio = [
            v.html
            for v in vistas
            if v.endpoint == "portada.inicio" and v.who == "gerente_outsourcing"
        ]
        assert any("80 %" in html and 'id="no"' in html for html in de_inicio), (
            "points below their target are told"
        )
        assert sum("&lt;i&gt;100 % de {0} %(n)s" in v.html for v in vistas) > len(vistas) / 4
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        mundo.clock.move_to(bogota(2027, 2, 1, 7))
        meses.cerrar(s, VACIO, Acto("motor", mundo.clock.now()))
    assert all(
        c.valor in (None, 0) or i.startswith("I10") for i, c in del_mes(mundo, VACIO).items()
    )
    for lengua in IDIOMAS:
        comprobar(paginas(mundo, lengua, VACIO))


@pytest.mark.parametrize(
    "ruta",
    [
        "/reportes/2026-11/informe.pdf",
        "/reportes/2026-11/informe.xlsx",
        "/indicadores/I3/lista.csv?mes=2026-11",
    ],
)
def test_every_file_of_it_is_made(mundo: World, ruta: str) -> None:
    answer = mundo.person(mundo.by_role["gerente_operativo"]).get(ruta)
    assert answer.status_code == 200
    assert len(answer.data) > 1000
    answer.close()
