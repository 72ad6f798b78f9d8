"""`flask retention`: counts first; erases by rule, with a trace; a case that runs is never touched;
the evidence stays whole."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.commands import delete_drafts
from engine.errors import NotPossible
from engine.reads.verification import verify
from engine.store.tables import Access, Draft, Instance, SubmissionRow
from engine.store.uow import prepare
from engine.types import SYSTEM
from records.base.actos import Acto
from records.casos.tablas import Archivo
from records.escritos.sueltos import AL_CASO, APARTADO
from records.escritos.tablas import DocumentoSuelto
from records.expedientes.tablas import SerieDocumental
from records.personas import personas
from records.personas.tablas import Contacto
from records.retencion import retencion
from records.retencion.retencion import Antes, Plazo
from records.sistemas.tablas import ConsultaLegado, CrmDiferencia
from records.visita.tablas import DigiturnoEvento
from tests.kit import diagrams as m, records as records_kit
from tests.kit.cast import ASESOR
from tests.kit.clock import NOW
from tests.kit.engine import Kit

REGLA = {"rule": "formularios"}
ANIO = dt.timedelta(days=365)


@pytest.fixture
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    db = sa.create_engine(f"sqlite:///{tmp_path_factory.mktemp('retencion') / 'v.db'}")
    prepare(db)
    kit = Kit(db)
    nodos = m.start("ini") + m.user("uno", fields="a") + m.user("dos", fields="b") + m.end("fin")
    carril = m.lane("l", "asesor", "punto_id", "ini", "uno", "dos", "fin")
    kit.deploy(
        p=m.model(
            m.process(
                "p", nodos + m.flows("ini > uno > dos > fin"), lanes=carril, variables="punto_id"
            )
        )
    )
    for clave, pasos in (("terminado", 2), ("en curso", 1)):
        hecho = kit.engine.instances.start(
            "p", actor=ASESOR, now=kit.now, case_key=clave, data={"punto_id": "P1"}
        )
        for campo in ("a", "b")[:pasos]:
            hecho = kit.engine.items.complete(
                hecho.opened[0].id,
                values={campo: "lo escrito"},
                actor=ASESOR,
                now=kit.later(minutes=1),
            )
    yield kit
    db.dispose()


def _id(kit: Kit, clave: str) -> str:
    with kit.engine.uow.reading() as session:
        return session.scalars(sa.select(Instance.id).where(Instance.case_key == clave)).one()


def test_only_forms_of_what_ended_long_ago_are_due(kit: Kit) -> None:
    with kit.engine.uow.reading() as session:
        assert reads.operation.with_forms_ended_before(session, kit.now - ANIO) == []
        assert reads.operation.with_forms_ended_before(session, kit.now + ANIO) == [
            _id(kit, "terminado")
        ]
    with pytest.raises(NotPossible, match="not_ended"):
        kit.engine.erasures.erase_forms(
            _id(kit, "en curso"), detail=REGLA, actor=SYSTEM, now=kit.now
        )


def test_erased_forms_are_valid_because_an_act_says_so_and_only_then(kit: Kit) -> None:
    caso = _id(kit, "terminado")
    antes = kit.rows("SELECT status, ended_at, rev FROM instance WHERE case_key = 'terminado'")[0]
    assert (
        kit.engine.erasures.erase_forms(caso, detail=REGLA, actor=SYSTEM, now=kit.later(days=1))
        == 2
    )
    with kit.engine.uow.reading() as session:
        assert all(
            f.form_values is None and f.salt is None
            for f in session.scalars(
                sa.select(SubmissionRow).where(SubmissionRow.instance_id == caso)
            )
        )
        informe = verify(session)
    assert (informe.erased, informe.faults) == (2, ())
    assert (
        kit.rows("SELECT status, ended_at, rev - 1 FROM instance WHERE case_key = 'terminado'")[0]
        == antes
    )
    with Session(kit.engine.db) as session, session.begin():
        session.execute(
            sa.update(SubmissionRow)
            .where(SubmissionRow.instance_id == _id(kit, "en curso"))
            .values(form_values=None, salt=None)
        )
    with kit.engine.uow.reading() as session:
        assert [f.what for f in verify(session).faults] == ["form"]


def test_erasing_again_writes_nothing(kit: Kit) -> None:
    caso = _id(kit, "terminado")
    kit.engine.erasures.erase_forms(caso, detail=REGLA, actor=SYSTEM, now=kit.now)
    filas = kit.rows("SELECT count(*) FROM journal")
    assert kit.engine.erasures.erase_forms(caso, detail=REGLA, actor=SYSTEM, now=kit.now) == 0
    assert kit.rows("SELECT count(*) FROM journal") == filas
    assert kit.rows(
        "SELECT count(*) FROM instance i WHERE rev <> (SELECT max(rev) FROM journal j WHERE j.instance_id = i.id)"
    ) == [(0,)]


def test_a_case_is_forgotten_when_none_of_its_instances_runs_any_more(kit: Kit) -> None:
    """An instance may have another id than its case, and the case others that go on."""
    hecho = kit.engine.instances.start(
        "p", actor=ASESOR, now=kit.now, case_key="terminado", data={"punto_id": "P1"}
    )
    ambas, en_curso = [_id_de(kit, "terminado"), hecho.instance_id], _id(kit, "en curso")
    with kit.engine.uow.reading() as session:
        assert reads.operation.ended_cases(session, [*ambas, en_curso]) == []
    for campo in ("a", "b"):
        hecho = kit.engine.items.complete(
            hecho.opened[0].id, values={campo: "más"}, actor=ASESOR, now=kit.later(minutes=1)
        )
    with kit.engine.uow.reading() as session:
        assert reads.operation.ended_cases(session, [ambas[1], en_curso]) == ["terminado"]


def _id_de(kit: Kit, clave: str) -> str:
    """Of the first of several."""
    with kit.engine.uow.reading() as session:
        return (
            session.scalars(
                sa.select(Instance.id)
                .where(Instance.case_key == clave)
                .order_by(Instance.started_at)
            ).first()
            or ""
        )


def test_old_drafts_go_when_their_task_is_closed_and_the_chain_of_accesses_says_how_many(
    kit: Kit,
) -> None:
    with kit.engine.uow.reading() as session:
        abierta = session.scalars(
            sa.select(Instance.id).where(Instance.case_key == "en curso")
        ).one()
    (tarea,) = kit.rows(
        "SELECT id FROM work_item WHERE instance_id = :id AND state = 'open'", id=abierta
    )
    with Session(kit.engine.db) as session, session.begin():
        for elemento, item in (("dos", str(tarea[0])), ("uno", "cerrada")):
            session.add(
                Draft(
                    instance_id=abierta,
                    element=elemento,
                    person="x",
                    item_id=item,
                    draft_values={"b": "?"},
                    saved_at=kit.now,
                )
            )
    limite = kit.now + dt.timedelta(days=30)
    with kit.engine.uow.reading() as session:
        assert reads.operation.old_drafts(session, limite) == 1
    hechos = kit.engine.erasures.erase(
        lambda s: {"borradores": delete_drafts(s, limite)},
        subject="retencion",
        detail={},
        actor=SYSTEM,
        now=limite,
    )
    assert hechos == {"borradores": 1}
    assert kit.engine.erasures.erase(
        lambda s: {"borradores": delete_drafts(s, limite)},
        subject="retencion",
        detail={},
        actor=SYSTEM,
        now=limite,
    ) == {"borradores": 0}
    with kit.engine.uow.reading() as session:
        assert [d.element for d in session.scalars(sa.select(Draft))] == ["dos"]
        (acto,) = session.scalars(sa.select(Access).where(Access.kind == "borrado"))
        assert acto.detail == {"borradores": 1}
        assert verify(session).faults == ()


def _suelto(
    session: Session, n: int, destino: str | None, decidido: dt.datetime
) -> DocumentoSuelto:
    archivo = Archivo(
        sha256=f"{n}" * 64,
        nombre="cedula_ana.pdf",
        tipo="application/pdf",
        bytes=9,
        subido_por="x",
        subido=decidido,
    )
    session.add(archivo)
    session.flush()
    suelto = DocumentoSuelto(archivo_id=archivo.id, remitente="Ana", asunto="Su crédito", canal="ventanilla", llego=decidido.date(),
                             recibido=decidido, recibido_por="x", destino=destino, motivo="Publicidad", decidido=decidido)  # fmt: skip
    session.add(suelto)
    session.flush()
    return suelto


def test_how_long_each_is_kept_says_the_series_that_governs_it_and_one_that_conserves_lets_nothing_go() -> (
    None
):
    with records_kit.in_memory() as session:
        del_catalogo = retencion.plazos(session, NOW.date())
        assert {que: plazo.anios for que, plazo in del_catalogo.items()} == retencion.SUPUESTOS
        assert all(plazo.serie for plazo in del_catalogo.values())
        session.execute(sa.delete(SerieDocumental))
        ayer, comun = NOW.date() - dt.timedelta(days=1), {"nombre": "S", "gestion": 1, "central": 4}
        session.add_all(
            SerieDocumental(
                codigo=codigo,
                gobierna=que,
                disposicion=disposicion,
                vigente_desde=desde,
                vigente_hasta=hasta,
                **comun,
            )
            for codigo, que, disposicion, desde, hasta in (
                ("A", retencion.SUELTOS, "eliminar", ayer, None),
                ("B", retencion.CONTACTOS, "conservar", ayer, None),
                ("C", retencion.LEGADO, "eliminar", ayer, ayer),
                ("D", retencion.FORMULARIOS, "eliminar", NOW.date() + dt.timedelta(days=1), None),
            )
        )
        session.flush()
        assert retencion.plazos(session, NOW.date()) == {
            retencion.SUELTOS: Plazo(5, "A"),
            retencion.CONTACTOS: Plazo(5, "B", se_borra=False),
            retencion.LEGADO: Plazo(1),
            retencion.FORMULARIOS: Plazo(8),
        }


def test_superseded_contact_data_and_legacy_answers_lose_their_content_and_keep_their_trace() -> (
    None
):
    with records_kit.in_memory() as session:
        quien = records_kit.persona(session)
        personas.actualizar_datos(
            session, quien.id, {"celular": "3001112233"}, Acto("x", NOW - 2 * ANIO)
        )
        personas.actualizar_datos(
            session, quien.id, {"celular": "3004445566"}, Acto("x", NOW - ANIO)
        )
        consulta = ConsultaLegado(clave="k", persona_id=quien.id, sistema="cctex", modo="automatica", estado="ok", filas=[{"saldo": "1"}],
                                  hash="h", consultada=NOW - ANIO, asesor_id="x")  # fmt: skip
        suya: dict[str, Any] = {
            "tipo": "persona",
            "local_id": quien.id,
            "hallada": NOW - ANIO,
            "paso": "enviar",
            "porque": "cambio_aqui",
        }
        diferencia = CrmDiferencia(
            **suya,
            campo="correo",
            nuestro="a@x.co",
            suyo="b@x.co",
            decidida=NOW - ANIO,
            queda="ventanilla",
        )
        abierta = CrmDiferencia(**suya, campo="nombre", nuestro="Ana", suyo="Eva")
        avisado: dict[str, Any] = {
            "cuando": NOW - ANIO,
            "recibido": NOW - ANIO,
            "medio": "aviso",
            "estado": "listado",
        }
        evento = DigiturnoEvento(
            sistema="t",
            punto="P",
            ticket="1",
            clase="emitido",
            **avisado,
            datos={"num_doc": "52123456"},
            huella="h",
        )
        session.add_all([consulta, diferencia, abierta, evento])
        session.flush()
        sueltos = [
            _suelto(session, n, destino, NOW - ANIO)
            for n, destino in enumerate((APARTADO, AL_CASO, None))
        ]
        antes = Antes(NOW, NOW, NOW)
        uno_de_cada = {"contactos": 1, "consultas": 1, "diferencias": 1, "eventos": 1, "sueltos": 1}
        assert retencion.por_borrar(session, antes) == uno_de_cada
        assert retencion.borrar(session, antes, NOW) == uno_de_cada
        assert retencion.por_borrar(session, antes) == dict.fromkeys(uno_de_cada, 0)
        session.expire_all()
        celulares = session.scalars(
            sa.select(Contacto).where(Contacto.tipo == "celular").order_by(Contacto.id)
        ).all()
        assert [(c.valor, c.registrado_por) for c in celulares] == [("", "x"), ("3004445566", "x")]
        assert (diferencia.nuestro, diferencia.suyo, diferencia.queda) == ("", "", "ventanilla")
        assert (abierta.nuestro, abierta.suyo) == ("Ana", "Eva")  # somebody has to decide it
        assert (consulta.filas, consulta.hash, consulta.sistema) == (None, "h", "cctex")
        assert [(x.remitente, x.asunto, x.decidido_por) for x in sueltos] == [
            ("", "", None),
            *[("Ana", "Su crédito", None)] * 2,
        ]
        nombres = session.execute(
            sa.select(Archivo.nombre, Archivo.eliminado.is_not(None)).order_by(Archivo.id)
        ).all()
        assert [tuple(n) for n in nombres] == [
            ("eliminado", True),
            *[("cedula_ana.pdf", False)] * 2,
        ]
