"""What is signed stands, whatever is written beside it or afterwards: months, minutes, samples,
reports, indexes, archived cases, acts."""

import datetime as dt
import secrets
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.store.uow import prepare
from records.auditorias import muestras
from records.auditorias.muestras import Parametros
from records.auditorias.tablas import F189Acuse, Inconsistencia
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.base.tablas import todas
from records.comites import comites
from records.comites.reglas import comite as reglas
from records.comites.tablas import Comite, ComiteActa, ComiteAsistencia, ComiteSesion
from tests.integration.webforms.test_web_comites import (
    OCTAVO,
    asisten,
    cerrar,
    escribir,
    este,
    hallar,
    responder,
    vota,
)
from tests.kit.clock import NOW
from tests.kit.month import World, month, move_to
from tests.kit.records import populate
from webforms.expedientes import indices

#: Tables that hold what was signed, or that nobody writes to once it is: another row there is a
#: forgery.
FIRMADAS = {
    "acta_eliminacion", "acta_eliminacion_caso", "acta_eliminacion_objecion", "acta_interventor", "archivado", "auditoria",
    "auditoria_informe", "auditoria_muestra", "comite_acta", "comite_asistencia", "comite_sesion", "comite_voto", "escrito_documento",
    "firma", "indicador_mes", "indice_expediente", "informe_mensual", "mes_cerrado", "mes_datos", "pagina_copia", "paquete_interventoria",
    "paso_supervision", "reporte_nota", "reporte_punto", "solicitud_datos", "solicitud_datos_parte",
}  # fmt: skip
VECES = 3  #: rows of each table


@pytest.fixture(scope="module")
def mundo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two months with their reports and samples, minutes that were just taken, and the indexes of
    what ended."""
    carpeta = tmp_path_factory.mktemp("firmado")
    with month(carpeta, cases=60) as m:
        hallazgos = hallar(m, 2, reiterada=True)
        move_to(m, OCTAVO)
        responder(m)
        asisten(m, "comite01", "comite02", "comite03")
        for h in hallazgos:
            vota(m, "comite01", h, reglas.ACEPTA)
        cerrar(m, "comite01")
        with m.app.app_context():
            turno = indices.Turno()
            while turno.ronda(m.clock.now()):
                pass
        yield m


def comprobado(mundo: World) -> list[str]:
    return mundo.app.test_cli_runner().invoke(args=["audit", "verify"]).stderr.splitlines()


def test_a_sample_without_observations_of_its_visits_comes_out_again(mundo: World) -> None:
    with escribir(mundo) as s:
        corte = max(a.hasta for a in s.scalars(sa.select(muestras.Auditoria))) + dt.timedelta(
            days=1
        )
        for n in range(1, 60):  # a week in which somebody came
            lunes = corte - dt.timedelta(days=7 * n + corte.weekday())
            estratos = muestras.poblacion(
                s, "presencial", lunes - dt.timedelta(days=7), lunes - dt.timedelta(days=1)
            )
            if sum(map(len, estratos.values())) > 10:
                break
        s.execute(
            sa.update(muestras.Auditoria)
            .where(muestras.Auditoria.semana == muestras.semana_de(lunes))
            .values(canal="otro")
        )
        tomada, _ids = muestras.tomar(
            s,
            "presencial",
            lunes,
            Parametros(1.645, 0.4, 23, 0),
            Acto("sistema", mundo.clock.now()),
        )
        vuelta = muestras.volver_a_sacar(s, tomada)
        assert (vuelta.faltan, vuelta.sobran) == ((), ())
        assert vuelta.iguales == tomada.n_muestra > 0
        s.rollback()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "hacer",
    [
        comites.asistir,
        lambda s, comite_id, acto: comites.votar(s, comite_id, 1, reglas.ACEPTA, "", acto),
    ],
    ids=["asistir", "votar"],
)
def test_who_comes_or_votes_while_the_session_is_closed_waits_and_is_refused(
    postgres_url: str, hacer: Callable[[Session, int, Acto], None]
) -> None:
    db = sa.create_engine(postgres_url)
    prepare(db)
    populate(db)
    with Session(db) as s, s.begin():
        comite = Comite(mes="2026-12", reunido=NOW, instancia_id="")
        s.add(comite)
        s.flush()
        comite_id, miembros = comite.id, ["uno", "dos", "tres", "cuatro"]
        sesion = ComiteSesion(
            comite_id=comite_id, numero=1, convocada=NOW, para=NOW, miembros=miembros
        )
        s.add(sesion)
        s.flush()
        s.add_all(
            ComiteAsistencia(sesion_id=sesion.id, miembro=m, cuando=NOW) for m in miembros[:3]
        )
    dichos = list[str]()

    def al_lado() -> None:
        with Session(db) as s, s.begin():
            try:
                hacer(s, comite_id, Acto("cuatro", NOW))
            except DatoInvalido as error:
                dichos.append(str(error))

    with Session(db) as s, s.begin():
        assert comites.cerrar_sesion(s, comite_id, "Se habló.", Acto("uno", NOW))
        hilo = threading.Thread(target=al_lado)
        hilo.start()
        with db.connect() as mira:
            while (
                hilo.is_alive()
                and not mira.exec_driver_sql("SELECT 1 FROM pg_locks WHERE NOT granted").first()
            ):
                mira.rollback()
    hilo.join()
    assert dichos == ["El comité no está en sesión."]
    db.dispose()


def otra(s: Session, tabla: sa.Table, fila: dict[str, Any]) -> bool:
    """A row like this one, as far as the database takes another; its moment is that of the one that
    was seen."""
    (clave,) = tabla.primary_key.columns if len(tabla.primary_key.columns) == 1 else (None,)
    nueva = {c.name: v for c, v in fila.items() if c is not clave or not isinstance(v, int)}
    unicas = {
        c.name for x in tabla.constraints if isinstance(x, sa.UniqueConstraint) for c in x.columns
    }
    unicas |= {c.name for i in tabla.indexes if i.unique for c in i.columns} | {
        c.name for c in tabla.columns if c.unique
    }
    unicas |= {
        c.name for c in tabla.primary_key.columns if c is not clave or not isinstance(fila[c], int)
    }
    for nombre in sorted(unicas & nueva.keys()):
        columna, valor = tabla.c[nombre], nueva[nombre]
        if columna.foreign_keys and valor is not None:
            (ajena,) = list(columna.foreign_keys)[:1]
            libre = (
                sa.select(ajena.column)
                .where(ajena.column.not_in(sa.select(columna).where(columna.is_not(None))))
                .limit(1)
            )
            nueva[nombre] = s.scalar(libre) or valor
        elif isinstance(valor, str):
            nueva[nombre] = secrets.token_hex(3)[: getattr(columna.type, "length", None) or 6]
        elif isinstance(valor, int) and not isinstance(valor, bool):
            nueva[nombre] = valor + 1000
    try:
        with s.begin_nested():
            s.execute(sa.insert(tabla).values(nueva))
    except IntegrityError:
        return False
    return True


def test_another_row_in_any_table_that_people_still_write_to_is_taken_for_no_forgery(
    mundo: World,
) -> None:
    assert comprobado(mundo) == []
    # an adviser answered before the minutes were taken, and it was committed after
    with escribir(mundo) as s, s.begin():
        f189_id = s.scalars(
            sa.select(Inconsistencia.f189_id).order_by(Inconsistencia.id.desc())
        ).first()
        antes = s.scalars(
            sa.select(ComiteActa.levantada).where(ComiteActa.comite_id == este(mundo))
        ).one() - dt.timedelta(seconds=1)
        s.execute(sa.delete(F189Acuse).where(F189Acuse.f189_id == f189_id))
        s.add(
            F189Acuse(
                f189_id=f189_id, por="asesor.bog01", cuando=antes, respuesta="Lo dije a tiempo."
            )
        )
    assert comprobado(mundo) == []
    escritas, rehusadas = set(), set()
    with escribir(mundo) as s, s.begin():
        for tabla in todas().sorted_tables:
            if tabla.name in FIRMADAS:
                continue
            filas = s.execute(sa.select(tabla)).all()
            for fila in filas[:: max(1, len(filas) // VECES)][:VECES]:
                hecha = otra(s, tabla, dict(zip(tabla.columns, fila, strict=True)))
                (escritas if hecha else rehusadas).add(tabla.name)
    assert comprobado(mundo) == []
    assert todas().tables.keys() >= FIRMADAS
    assert {
        "atencion",
        "turno",
        "caso",
        "f189",
        "f189_acuse",
        "inconsistencia",
        "archivo",
        "respuesta",
    } <= escritas
    assert rehusadas - escritas <= {
        "auditoria_revision",
        "dia_resumido",
        "reporte_revision",
        "vigilancia_crm",
    }, "one of each, for ever"
