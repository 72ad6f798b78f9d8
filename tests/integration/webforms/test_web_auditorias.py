"""The weekly audit (5.2.27–5.2.29): drawn, evaluated, reported, sent, acknowledged; each by whoever
it belongs to."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import NotAllowed
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Role
from records.auditorias import auditorias, evaluaciones, muestras
from records.auditorias.muestras import Parametros
from records.auditorias.tablas import (
    F189,
    Auditoria,
    AuditoriaInforme,
    AuditoriaMuestra,
    Inconsistencia,
)
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos.tablas import Caso, Respuesta
from records.correo.tablas import Aviso
from records.plazos.reglas.calendario import instante
from records.visita.tablas import Atencion, Calificacion, Turno, TurnoPeriodo
from tests.kit import files
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.tasks import enviar, ocultos
from tests.kit.web import csrf, followed
from webforms.auditorias.formularios import FormatoF189
from webforms.salas import FORMS

ROLES = ("profesional_ocm", "jefe_ocm", "gerente_outsourcing")
TODOS = Actor(ActorKind.PERSON, "nadie", frozenset(Role(r, None) for r in ROLES))
SEMANA = "2026-W49"
DE = {
    "act_5_2_27": "profesional.f189",
    "us_sortear": "profesional.sortear_observacion",
    "act_5_2_28": "profesional.informe_auditoria",
    "act_5_2_29": "jefe.revisar_auditoria",
    "us_acuse": "gerente.acusar_auditoria",
}
BIEN = {
    "evaluable": "si",
    "oportunidad": "si",
    "coherencia": "si",
    "pertinencia": "si",
    "solucion": "si",
    "registro_crm": "completo",
    "escalonado": "no_aplica",
}
EN_SITIO = {
    "bienvenida": "si",
    "presentacion": "si",
    "lenguaje": "5",
    "manejo_crisis": "na",
    "tono": "4",
}
# their template is the only reader
assert len({FormatoF189.secciones, FormatoF189.antes, FormatoF189.despues}) == 3


def lunes(m: World) -> None:
    """Monday the thirtieth of November: the calendar has drawn the sample of the week before."""
    move_to(m, bogota(2026, 11, 30, 7, 1))


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path, lunes, cases=60) as m:
        yield m


def tareas(mundo: World, elemento: str) -> dict[int, str]:
    """muestra_id (0: of the whole audit) → open item of this activity, of this week."""
    with Session(mundo.engine.db) as s:
        todas = reads.items.inbox(s, TODOS, InboxFilter(element=elemento))
        return {
            int(i.data.get("muestra_id") or 0): i.id for i in todas if i.data["semana"] == SEMANA
        }


def auditoria(s: Session) -> Auditoria:
    hallada = auditorias.de_semana(s, SEMANA)
    assert hallada is not None
    return hallada


def escribir(mundo: World) -> Session:
    return Session(mundo.engine.db.execution_options(ventanilla_write=True))


def hacer(mundo: World, item: str, usuario: str, rol: str, **valores: Any) -> None:
    """The form through the engine, as its page would send it."""
    quien = Actor(ActorKind.PERSON, usuario, frozenset({Role(rol, None)}))
    with Session(mundo.engine.db) as s:
        formulario = FORMS[DE[reads.items.item(s, item).element]]
    mundo.engine.items.complete(
        item, values=valores, actor=quien, now=mundo.clock.now(), records=formulario.records
    )


def todo_bien(mundo: World, *, menos: int = 0) -> None:
    """Every F189 of the week, and visits in which nobody came."""
    for item in list(tareas(mundo, "act_5_2_27").values())[menos:]:
        hacer(
            mundo,
            item,
            "profesional01",
            "profesional_ocm",
            **{**BIEN, "evaluable": True, "fatales": []},
        )
    for item in tareas(mundo, "us_sortear").values():
        hacer(
            mundo,
            item,
            "profesional01",
            "profesional_ocm",
            observa=False,
            motivo="No llegó nadie al punto.",
        )


def avisos(mundo: World, tipo: str) -> dict[str, str]:
    """To whom → what."""
    with Session(mundo.engine.db) as s:
        todos = s.scalars(
            sa.select(Aviso).where(
                Aviso.tipo == tipo, Aviso.asunto.contains("23–29 de noviembre de 2026")
            )
        )
        return {a.para: a.texto for a in todos}


def test_an_audit_from_its_sample_to_the_answer_of_the_adviser(mundo: World) -> None:
    with Session(mundo.engine.db) as s:
        a = auditoria(s)
        assert (a.desde, a.hasta) == (dt.date(2026, 11, 23), dt.date(2026, 11, 29))
        assert a.cierre == bogota(2026, 12, 4, 17, 0)
        assert a.n_muestra == len(tareas(mundo, "act_5_2_27")) == 3
    assert len(tareas(mundo, "us_sortear")) == 3 * 2, (
        "three points are visited, two attentions each"
    )
    bandeja = followed(mundo.person("profesional01").get("/bandeja").text)
    assert "Diligenciar F189: Bogotá, Aguas (central), atención" in bandeja

    item = next(iter(tareas(mundo, "act_5_2_27").values()))
    pagina = followed(mundo.person("profesional01").get(f"/tarea/{item}").text)
    for dicho in (
        "1 Asesor",
        "2 Cliente",
        "De los periodos del turno",
        "atención del asesor ese día",
        "El sistema propone: Completo",
    ):
        assert dicho in pagina, dicho
    assert "Protocolo de bienvenida" not in pagina, "of a record only what it shows is asked"
    assert "Diga si hubo solución" in enviar(
        mundo, "profesional01", item, **{**BIEN, "solucion": ""}
    )
    baja = {**BIEN, "solucion": "no", "coherencia": "no"}
    assert "Escriba por qué: la respuesta es baja" in enviar(mundo, "profesional01", item, **baja)
    baja |= {
        "por_que_7_4": "Debe volver por el recibo.",
        "por_que_7_2": "Habló de otro crédito.",
        "oportunidad": "no",
    }
    baja |= {
        "por_que_7_1": "Esperó veinte minutos.",
        "registro_crm": "no",
        "por_que_10": "No hay caso.",
    }
    assert re.search(
        r"F189: \d\d,\d de 100, deficiente\.", enviar(mundo, "profesional01", item, **baja)
    )
    with Session(mundo.engine.db) as s:
        (hecho,) = s.scalars(
            sa.select(F189)
            .join(AuditoriaMuestra)
            .where(AuditoriaMuestra.auditoria_id == auditoria(s).id)
        )
        campos = evaluaciones.por_campo(evaluaciones.criterios(s, hecho.id))
        assert campos["7"] == (6.25, 25.0)
        assert campos["10"] == (0.0, 10.0)
        assert hecho.puntaje == pytest.approx(
            100 * sum(p for p, _ in campos.values()) / sum(m for _, m in campos.values()), abs=0.005
        )
        assert hecho.puntaje_critico == pytest.approx(100 * 6.25 / 35, abs=0.005)
        assert (hecho.banda, hecho.consecuencia) == ("deficiente", "inconsistencia")
        halladas = {
            i.criterio: i.descripcion
            for i in s.scalars(sa.select(Inconsistencia).where(Inconsistencia.f189_id == hecho.id))
        }
        assert (
            halladas["7"]
            == "Esperó veinte minutos. Habló de otro crédito. Debe volver por el recibo."
        )
        asesor, f189_id = hecho.asesor_id, hecho.id

    assert mundo.person("gerente").get(f"/auditorias/{SEMANA}").status_code == 404, (
        "the outsourcing reads it when its copy has left"
    )
    assert mundo.person("gerente").get(f"/f189/{f189_id}").status_code == 404
    assert mundo.person(asesor).get(f"/mi-calidad/{f189_id}").status_code == 404
    todo_bien(mundo)
    informe = tareas(mundo, "act_5_2_28")[0]
    assert "Escriba entre 20 y 4000 caracteres" in enviar(
        mundo, "profesional02", informe, conclusiones="corto"
    )
    assert "Debe volver por el recibo." in followed(
        mundo.person("profesional02").get(f"/tarea/{informe}").text
    )
    enviar(
        mundo,
        "profesional02",
        informe,
        conclusiones="El servicio fue bueno; una atención salió mal.",
    )
    revisar = tareas(mundo, "act_5_2_29")[0]
    assert "Escriba qué falta en el informe" in enviar(mundo, "jefe.ocm", revisar, remite="no")
    assert "Devolvió el informe" in enviar(
        mundo, "jefe.ocm", revisar, remite="no", observaciones="Diga de qué punto habla."
    )
    otra = tareas(mundo, "act_5_2_28")[0]
    pagina = followed(mundo.person("profesional02").get(f"/tarea/{otra}").text)
    assert "Diga de qué punto habla." in pagina
    assert "El servicio fue bueno; una atención salió mal." in pagina, (
        "it is adjusted, not written again"
    )
    enviar(
        mundo,
        "profesional02",
        otra,
        conclusiones="El servicio fue bueno; en Bogotá, Aguas, una atención salió mal.",
    )
    assert "se remite al Outsourcing" in enviar(
        mundo, "jefe.ocm", tareas(mundo, "act_5_2_29")[0], remite="si"
    )

    assert [p.split("@")[0] for p in avisos(mundo, "auditoria_remitida")] == ["gerente"]
    cartas = avisos(mundo, "f189_liberado")
    assert asesor in {para.split("@")[0] for para in cartas}
    assert not any("Debe volver" in texto for texto in cartas.values()), (
        "nothing of what it says stands in a mail"
    )
    pagina = followed(mundo.person("gerente").get(f"/auditorias/{SEMANA}").text)
    for dicho in (
        "en Bogotá, Aguas, una atención salió mal",
        "Debe volver por el recibo.",
        "No se pudieron evaluar",
        "Remitida, sin acuse",
    ):
        assert dicho in pagina, dicho
    enviar(mundo, "gerente", tareas(mundo, "us_acuse")[0], nota="")
    assert "Terminada" in followed(mundo.person("cumplimiento").get("/auditorias").text)
    _responde(mundo, asesor, f189_id)


def _responde(mundo: World, asesor: str, f189_id: int) -> None:
    """The adviser reads theirs, answers once; nobody else reads it there."""
    otro = next(u for u in ("asesor.med01", "asesor.clo01") if u != asesor)
    for metodo in ("get", "post"):
        direccion = f"/mi-calidad/{f189_id}" + ("/acuse" if metodo == "post" else "")
        pagina = mundo.person(otro).get("/mi-calidad").text
        datos = {"csrf_token": ocultos_de(pagina)} if metodo == "post" else {}
        assert getattr(mundo.person(otro), metodo)(direccion, data=datos).status_code in {
            400,
            404,
        }, metodo
    persona = mundo.person(asesor)
    with Session(mundo.engine.db) as s:
        assert [p.liberada for p in auditorias.de_asesor(s, asesor) if p.f189.id == f189_id] == [
            mundo.clock.now()
        ]
    assert "Por leer" in followed(persona.get("/mi-calidad").text)
    pagina = persona.get(f"/mi-calidad/{f189_id}")
    assert "Debe volver por el recibo." in followed(pagina.text)
    datos = {
        **ocultos(
            pagina.text.replace(
                'aria-labelledby="acuse"', 'aria-label="Formulario de la actividad"'
            )
        )
    }
    larga = persona.post(f"/mi-calidad/{f189_id}/acuse", data={**datos, "respuesta": "x" * 1001})
    assert larga.status_code == 422
    assert "x" * 1001 in larga.text, "what was typed stays"
    assert (
        persona.post(
            f"/mi-calidad/{f189_id}/acuse",
            data={**datos, "respuesta": "C&CTEX no respondía a esa hora."},
        ).status_code
        == 302
    )
    assert "C&amp;CTEX no respondía a esa hora." in persona.get(f"/mi-calidad/{f189_id}").text
    persona.post(f"/mi-calidad/{f189_id}/acuse", data={**datos, "respuesta": "Otra cosa."})
    assert "Otra cosa." not in persona.get(f"/mi-calidad/{f189_id}").text, "once"
    assert (
        "C&amp;CTEX no respondía a esa hora."
        in mundo.person("jefe.ocm").get(f"/f189/{f189_id}").text
    )


def test_every_field_of_an_f189_says_why_and_what_proves_it_opens(mundo: World) -> None:
    """For who audits, for the committee once it has left, for its adviser, who also reads what
    became of it."""
    item = next(iter(tareas(mundo, "act_5_2_27").values()))
    foto = {"soporte": (io.BytesIO(files.pdf("Fila")), "fila.pdf")}
    enviar(
        mundo,
        "profesional01",
        item,
        **{**BIEN, "solucion": "no", "por_que_7_4": "Debe volver por el recibo."},
        **foto,
    )
    todo_bien(mundo)
    with Session(mundo.engine.db) as s:
        (hecho,) = s.scalars(sa.select(F189).where(F189.archivo_id.is_not(None)))
        asesor, f189_id, clave = (
            hecho.asesor_id,
            hecho.id,
            s.get_one(Atencion, s.get_one(AuditoriaMuestra, hecho.muestra_id).atencion_id),
        )
        puntos, maximo = map(
            sum,
            zip(*evaluaciones.por_campo(evaluaciones.criterios(s, hecho.id)).values(), strict=True),
        )
    pagina = followed(mundo.person("profesional02").get(f"/f189/{f189_id}").text)
    leida = " ".join(re.sub(r"<[^>]+>", " ", pagina).split())
    assert leida.count("No se observó: se evaluó por su expediente") == 3, "fields 3, 8 and 9"
    total = f"{puntos:.2f} de {maximo:.2f} = {100 * puntos / maximo:.1f} de 100".replace(".", ",")
    for dicho in (
        "de periodos confiables del turno",
        "«Debe volver por el recibo.»",
        "Completo",
        "No aplica",
        "12 Novedades",
        total,
    ):
        assert dicho in leida, dicho
    assert f"/caso/{clave.case_key}" in mundo.person("profesional02").get(f"/f189/{f189_id}").text

    for usuario, direccion, codigo in (
        ("profesional02", f"/f189/{f189_id}/soporte", 200),
        ("comite01", f"/f189/{f189_id}/soporte", 404),
        (asesor, f"/f189/{f189_id}/soporte", 403),
        (asesor, f"/mi-calidad/{f189_id}/soporte", 404),
    ):
        with mundo.person(usuario).get(direccion) as bajada:
            assert bajada.status_code == codigo, (usuario, direccion)
    enviar(
        mundo,
        "profesional02",
        tareas(mundo, "act_5_2_28")[0],
        conclusiones="El servicio fue bueno; una atención salió mal.",
    )
    enviar(mundo, "jefe.ocm", tareas(mundo, "act_5_2_29")[0], remite="si")
    propia = mundo.person(asesor).get(f"/mi-calidad/{f189_id}")
    assert f"/mi-calidad/{f189_id}/soporte" in propia.text
    assert "La tratará el próximo Comité de Calidad, con lo que usted responda antes." in followed(
        propia.text
    )
    for usuario, direccion in (
        (asesor, f"/mi-calidad/{f189_id}/soporte"),
        ("comite01", f"/f189/{f189_id}/soporte"),
    ):
        with mundo.person(usuario).get(direccion) as bajada:
            assert bajada.data == files.pdf("Fila"), usuario
    otro = next(u for u in ("asesor.med01", "asesor.clo01") if u != asesor)
    assert mundo.person(otro).get(f"/mi-calidad/{f189_id}/soporte").status_code == 404
    with mundo.engine.db.connect() as c:
        assert (
            c.exec_driver_sql("SELECT count(*) FROM access WHERE subject = 'fila.pdf'").scalar_one()
            == 3
        ), "each time it left"


def test_an_estimate_is_told_against_the_target_only_as_far_as_it_goes(mundo: World) -> None:
    """Everything of a small population is seen: the interval has no width. One of three: it says
    less."""
    item = next(iter(tareas(mundo, "act_5_2_27").values()))
    hacer(
        mundo,
        item,
        "profesional01",
        "profesional_ocm",
        **{**BIEN, "evaluable": True, "fatales": []},
    )
    with Session(mundo.engine.db) as s:
        r = auditorias.resumen(s, auditoria(s))
        assert (r.hechos, r.completa, r.frente_a_la_meta) == (1, False, "")
    todo_bien(mundo)
    with Session(mundo.engine.db) as s:
        r = auditorias.resumen(s, auditoria(s))
        assert r.estimacion.media == r.estimacion.desde == r.estimacion.hasta
        assert r.frente_a_la_meta == (
            "supera" if (r.estimacion.media or 0) >= auditorias.META else "no_alcanza"
        )


def ocultos_de(pagina: str) -> str:
    return pagina.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_who_cannot_be_evaluated_gives_way_to_the_next_of_the_reserve(mundo: World) -> None:
    """A population larger than its sample: all attentions of the month in one week, and a wide
    error."""
    with escribir(mundo) as s:
        s.execute(
            sa.update(Atencion)
            .where(Atencion.fin.is_not(None))
            .values(fin=bogota(2026, 12, 2, 10, 0))
        )
        a, ids = muestras.tomar(
            s,
            "presencial",
            dt.date(2026, 12, 7),
            Parametros(1.645, 0.3, 0, 0),
            Acto("motor", mundo.clock.now()),
        )
        assert a.n_muestra == len(ids) < a.n_poblacion
        filas = [muestras.una(s, i) for i in ids]
        vuelta = muestras.volver_a_sacar(s, a)
        assert (vuelta.es_la_misma, vuelta.iguales, vuelta.poblacion_hoy) == (True, len(ids), True)
        estrato = max({f.estrato for f in filas}, key=lambda e: len(muestras.guardada(a)[e]))
        muestras.retirar(
            s,
            (sale := next(f for f in filas if f.estrato == estrato)).id,
            "No se puede leer.",
            Acto("profesional01", a.tomada),
        )
        nuevas = []
        while (nueva := muestras.reemplazar(s, sale.id)) is not None:
            assert nueva.estrato == estrato
            nuevas.append(nueva.atencion_id)
            sale = nueva
        todas = {muestras.atencion_de(c) for c in muestras.guardada(a)[estrato]}
        assert set(nuevas) == todas - {f.atencion_id for f in filas}, (
            "each once, until the reserve is at its end"
        )
        r = auditorias.resumen(s, a)
        lugares = {
            e.fila.atencion_id: r.de_la_reserva(e.fila) for e in r.filas if e.reemplaza is not None
        }
        assert lugares == dict(zip(nuevas, range(1, len(nuevas) + 1), strict=True)), (
            "in the order of the reserve"
        )
        guardada = muestras.reserva(s, a)
        assert {
            muestras.atencion_de(c): n
            for c, n in guardada.items()
            if muestras.atencion_de(c) in set(nuevas)
        } == lugares
        assert len(guardada) == a.n_poblacion - a.n_muestra, "everything that was not drawn"
        ((vieja, primera),) = r.reemplazos
        assert (vieja.motivo, primera.atencion_id if primera is not None else None) == (
            "No se puede leer.",
            nuevas[0],
        )
        assert muestras.volver_a_sacar(s, a).es_la_misma, (
            "a replacement is no part of what was drawn"
        )
        with pytest.raises(DatoInvalido, match="ya se tomó"):
            muestras.tomar(
                s,
                "presencial",
                dt.date(2026, 12, 9),
                Parametros(1.645, 0.3, 0, 0),
                Acto("motor", mundo.clock.now()),
            )
        with pytest.raises(DatoInvalido, match="no tiene atenciones que se auditen"):
            muestras.poblacion(s, "telefonico", a.desde, a.hasta)


def test_a_reserve_that_is_at_its_end_is_said_and_the_report_goes_on(mundo: World) -> None:
    """The population is as small as the sample."""
    item = next(iter(tareas(mundo, "act_5_2_27").values()))
    assert "Escriba por qué no se puede evaluar" in enviar(
        mundo, "profesional01", item, evaluable="no"
    )
    assert "Quedó el motivo" in enviar(
        mundo, "profesional01", item, evaluable="no", motivo="El soporte no se puede leer."
    )
    assert len(tareas(mundo, "act_5_2_27")) == 2
    todo_bien(mundo)
    pagina = followed(mundo.person("jefe.ocm").get(f"/auditorias/{SEMANA}/muestra").text)
    assert "El soporte no se puede leer." in pagina
    assert "Sale la misma: 3 de 3 iguales." in pagina
    assert tareas(mundo, "act_5_2_28")
    pagina = followed(mundo.person("jefe.ocm").get(f"/auditorias/{SEMANA}").text)
    reemplazos = " ".join(
        re.sub(r"<[^>]+>", " ", pagina[pagina.index('id="reemplazos"') :]).split()
    )
    assert "El soporte no se puede leer. Ninguna: la reserva se acabó" in reemplazos
    assert reemplazos.count("No llegó nadie al punto. Ninguna: no se observa") == 6


def test_nobody_evaluates_an_attention_of_their_own_and_nobody_reviews_what_they_wrote(
    mundo: World,
) -> None:
    muestra_id, item = next(iter(tareas(mundo, "act_5_2_27").items()))
    with escribir(mundo) as s, s.begin():
        fila = muestras.una(s, muestra_id)
        s.execute(
            sa.update(Atencion)
            .where(Atencion.id == fila.atencion_id)
            .values(asesor_id="profesional01")
        )
    assert "Esta atención es suya: la evalúa otra persona" in enviar(
        mundo, "profesional01", item, **BIEN
    )
    prueba = followed(
        mundo.person("cumplimiento").get("/controles/separacion/atencion_propia").text
    )
    assert 'Intentos rechazados <span class="conteo">1</span>' in prueba
    with pytest.raises(DatoInvalido, match="es suya"):
        hacer(
            mundo,
            item,
            "profesional01",
            "profesional_ocm",
            **{**BIEN, "evaluable": True, "fatales": []},
        )
    assert re.search(r"F189: \d+,\d de 100", enviar(mundo, "profesional02", item, **BIEN))
    todo_bien(mundo)
    informe = tareas(mundo, "act_5_2_28")[0]
    hacer(
        mundo,
        informe,
        "profesional01",
        "profesional_ocm",
        conclusiones="El servicio de la semana fue bueno.",
    )
    with pytest.raises(NotAllowed):
        hacer(mundo, tareas(mundo, "act_5_2_29")[0], "profesional01", "jefe_ocm", remite=True)
    with Session(mundo.engine.db) as s:
        escrito = auditorias.ultimo_informe(s, auditoria(s).id)
        assert escrito is not None
        with pytest.raises(DatoInvalido, match="no lo revisa"):
            auditorias.revisar(
                s,
                escrito.id,
                remite=True,
                observaciones="",
                acto=Acto("profesional01", mundo.clock.now()),
            )


def test_a_fatal_error_leaves_zero_and_a_finding_that_comes_again_is_told_as_repeated(
    mundo: World,
) -> None:
    primera, segunda, tercera = tareas(mundo, "act_5_2_27").values()
    fatal = {**BIEN, "fatales": "maltrato"}
    assert "Escriba qué pasó: un error fatal se explica" in enviar(
        mundo, "profesional01", primera, **fatal
    )
    assert "F189: 0,0 de 100, deficiente." in enviar(
        mundo, "profesional01", primera, **fatal, que_paso="Le gritó a la persona."
    )
    with Session(mundo.engine.db) as s:
        suyas = sa.select(Inconsistencia).where(
            Inconsistencia.auditoria_id == auditoria(s).id, Inconsistencia.criterio == "fatal"
        )
        (hallada,) = s.scalars(suyas)
        assert (hallada.criterio, hallada.gravedad, hallada.descripcion) == (
            "fatal",
            "fatal",
            "Le gritó a la persona.",
        )
        assert hallada.reiterada_de is None
    # it was found of this point four months ago, and of another point last month
    with escribir(mundo) as s, s.begin():
        punto = s.get_one(
            Atencion, muestras.una(s, next(iter(tareas(mundo, "act_5_2_27")))).atencion_id
        ).punto_id
        vieja = s.scalars(sa.select(Auditoria).order_by(Auditoria.id)).first()
        fatales = sa.select(Inconsistencia.f189_id).where(Inconsistencia.criterio == "fatal")
        ajenos = s.scalars(
            sa.select(F189.id).where(F189.id.not_in(fatales)).order_by(F189.id).limit(2)
        ).all()
        assert vieja is not None
        hace_mucho = mundo.clock.now() - dt.timedelta(days=400)
        s.execute(
            sa.update(Inconsistencia)
            .where(Inconsistencia.auditoria_id != hallada.auditoria_id)
            .values(hallada=hace_mucho)
        )
        for f189_id, donde, hace in zip(ajenos, (punto, "RCH-CEN"), (130, 30), strict=True):
            cuando = mundo.clock.now() - dt.timedelta(days=hace)
            datos = {
                "criterio": "fatal",
                "gravedad": "fatal",
                "asesor_id": "otra.persona",
                "descripcion": "",
                "hallada": cuando,
            }
            s.add(Inconsistencia(auditoria_id=vieja.id, f189_id=f189_id, punto_id=donde, **datos))
    enviar(mundo, "profesional01", segunda, **fatal, que_paso="No la dejó hablar.")
    with escribir(mundo) as s, s.begin():
        *_, ultima = s.scalars(suyas)
        assert ultima.reiterada_de is None, (
            "neither of them is the same criterion and point within three months"
        )
        otro = s.get_one(
            Atencion, muestras.una(s, next(iter(tareas(mundo, "act_5_2_27")))).atencion_id
        ).punto_id
        s.execute(
            sa.update(Inconsistencia)
            .where(Inconsistencia.punto_id == "RCH-CEN")
            .values(punto_id=otro)
        )
    enviar(mundo, "profesional01", tercera, **fatal, que_paso="La dejó esperando.")
    with Session(mundo.engine.db) as s:
        *_, ultima = s.scalars(suyas)
        assert ultima.reiterada_de is not None
    assert "Reiterada" in followed(mundo.person("jefe.ocm").get(f"/auditorias/{SEMANA}").text)


def test_a_finding_that_follows_from_the_record_says_what_the_record_says(mundo: World) -> None:
    """The committee decides on it: "according to the data" is no reason."""
    muestra_id, item = next(iter(tareas(mundo, "act_5_2_27").items()))
    with escribir(mundo) as s, s.begin():
        sabe = evaluaciones.hechos(s, muestras.una(s, muestra_id))
        assert sabe is not None
        s.execute(sa.delete(Calificacion).where(Calificacion.turno_id == sabe.turno_id))
        nota = {
            "turno_id": sabe.turno_id,
            "punto_id": sabe.punto_id,
            "fuente": "digiturno",
            "valor": 1,
            "momento": "atencion",
        }
        s.add(Calificacion(**nota, registrada=sabe.inicio, registrada_por="tableta"))
    malas = {
        "solucion": "no",
        "por_que_7_4": "Debe volver.",
        "coherencia": "no",
        "por_que_7_2": "Habló de otro crédito.",
    }
    enviar(mundo, "profesional01", item, **{**BIEN, **malas})
    with Session(mundo.engine.db) as s:
        suyas = s.scalars(
            sa.select(Inconsistencia).where(Inconsistencia.auditoria_id == auditoria(s).id)
        )
        assert {i.criterio: i.descripcion for i in suyas}[
            "6"
        ] == "La persona calificó la atención con 1 de 5."


def test_who_is_observed_is_drawn_at_the_point_among_those_who_wait(mundo: World) -> None:
    muestra_id, item = next(iter(tareas(mundo, "us_sortear").items()))
    assert "Ahora nadie espera ni está en atención en el punto." in followed(
        mundo.person("profesional01").get(f"/tarea/{item}").text
    )
    assert "Espere a que llegue alguien y sortee otra vez" in enviar(
        mundo, "profesional01", item, observa="si"
    )
    with escribir(mundo) as s, s.begin():
        punto = muestras.una(s, muestra_id).punto_id
        turnos = [_turno(s, mundo, punto, f"A0{n}", "espera") for n in range(1, 5)] + [
            _turno(s, mundo, punto, "A09", "atencion")
        ]
    assert "Ahora el sorteo es entre 4 personas." in followed(
        mundo.person("profesional01").get(f"/tarea/{item}").text
    )
    siguiente = enviar(mundo, "profesional01", item, observa="si")
    assert re.search(r"<dt>Turno</dt> <dd>A0[1-4] ", siguiente), (
        "who came out, on the page that follows"
    )
    with Session(mundo.engine.db) as s:
        fila = muestras.una(s, muestra_id)
        assert fila.turno_id in turnos[:4]
        assert (fila.entre, fila.sorteada) == ([str(t) for t in turnos[:4]], mundo.clock.now())
    f189 = tareas(mundo, "act_5_2_27")[muestra_id]
    pagina = followed(mundo.person("profesional01").get(f"/tarea/{f189}").text)
    assert "Ningún asesor ha atendido todavía este turno." in pagina
    assert "Protocolo de bienvenida" in pagina
    todo = {**BIEN, **EN_SITIO}
    assert "Ningún asesor ha atendido todavía el turno que se observa" in enviar(
        mundo, "profesional01", f189, **todo
    )
    with escribir(mundo) as s, s.begin():
        s.add(
            Atencion(
                turno_id=fila.turno_id,
                punto_id=punto,
                asesor_id="asesor.bog01",
                inicio=mundo.clock.now(),
                motivo="Saldo",
            )
        )
    assert re.search(r"F189: \d+,\d de 100", enviar(mundo, "profesional01", f189, **todo))
    with Session(mundo.engine.db) as s:
        hecho = evaluaciones.de_muestra(s, muestra_id)
        assert hecho is not None
        assert evaluaciones.por_campo(evaluaciones.criterios(s, hecho.id))["9"] == (9.0, 10.0), (
            "what was not seen does not count"
        )
        r = auditorias.resumen(s, auditoria(s))
        assert (r.observados, r.frente_a_la_meta) == (1, ""), (
            "a visit is told as what it is: it makes no estimate"
        )


def _turno(s: Session, mundo: World, punto: str, ficha: str, estado: str) -> int:
    ahora = mundo.clock.now()
    turno = Turno(
        punto_id=punto,
        fecha=dt.date(2026, 11, 30),
        ficha=ficha,
        motivo_visita="informacion_general",
        origen="asesor",
    )
    turno.llegada, turno.creado, turno.estado = ahora, ahora, estado
    s.add(turno)
    s.flush()
    s.add(
        TurnoPeriodo(
            turno_id=turno.id,
            punto_id=punto,
            estado="espera",
            inicio=ahora - dt.timedelta(minutes=12),
            fin=ahora,
        )
    )
    return turno.id


def test_times_that_are_not_reliable_are_told_and_do_not_count(mundo: World) -> None:
    muestra_id, item = next(iter(tareas(mundo, "act_5_2_27").items()))
    with escribir(mundo) as s, s.begin():
        sabe = evaluaciones.hechos(s, muestras.una(s, muestra_id))
        assert sabe is not None
        assert sabe.espera.confiable
        s.execute(
            sa.update(TurnoPeriodo)
            .where(TurnoPeriodo.turno_id == sabe.turno_id)
            .values(confiable=False)
        )
    assert "Sin tiempo confiable: no cuenta" in followed(
        mundo.person("profesional01").get(f"/tarea/{item}").text
    )
    enviar(mundo, "profesional01", item, **BIEN)
    with Session(mundo.engine.db) as s:
        hecho = evaluaciones.de_muestra(s, muestra_id)
        assert hecho is not None
        assert "4" not in evaluaciones.por_campo(evaluaciones.criterios(s, hecho.id))


def test_friday_tells_the_head_of_the_office_what_is_missing(mundo: World) -> None:
    todo_bien(mundo, menos=2)
    move_to(mundo, bogota(2026, 12, 4, 16, 59))
    assert not avisos(mundo, "auditoria_falta")
    move_to(mundo, bogota(2026, 12, 4, 17, 1))
    ((para, texto),) = avisos(mundo, "auditoria_falta").items()
    assert para.startswith("jefe.ocm@")
    assert "Faltan 2 F189" in texto
    todo_bien(mundo)
    move_to(mundo, bogota(2026, 12, 4, 17, 2))
    assert tareas(mundo, "act_5_2_28"), "nothing closes by itself"


def test_what_was_changed_afterwards_does_not_come_out_again_and_is_named(mundo: World) -> None:
    todo_bien(mundo)
    hacer(
        mundo,
        tareas(mundo, "act_5_2_28")[0],
        "profesional01",
        "profesional_ocm",
        conclusiones="El servicio de la semana fue bueno.",
    )
    shell = mundo.app.test_cli_runner()
    bien = shell.invoke(args=["sample", "redraw", SEMANA])
    assert bien.exit_code == 0, bien.output
    assert "Sale la misma: 3 de 3 iguales." in bien.output
    assert shell.invoke(args=["audit", "verify"]).exit_code == 0
    with Session(mundo.engine.db) as s:
        a = auditoria(s)
        assert bien.output.startswith(
            f"población 3, huella {a.huella_poblacion}, semilla {a.semilla}"
        )
        codigos = {c for cs in muestras.guardada(a).values() for c in cs}
        assert codigos == set(bien.output.splitlines()[1:4])
    nada = shell.invoke(args=["sample", "redraw", "nada"])
    assert (nada.exit_code, "se escribe como 2026-W48" in nada.output) == (1, True)
    assert "No hubo atenciones" in shell.invoke(args=["sample", "redraw", "2026-W44"]).output
    with escribir(mundo) as s, s.begin():
        otra = s.scalars(
            sa.select(Atencion.id).where(Atencion.fin < instante(dt.date(2026, 11, 20), dt.time(0)))
        ).first()
        fila = s.scalars(
            sa.select(AuditoriaMuestra).where(AuditoriaMuestra.auditoria_id == auditoria(s).id)
        ).first()
        assert fila is not None
        fila.atencion_id = otra
        s.execute(
            sa.update(AuditoriaInforme)
            .where(AuditoriaInforme.auditoria_id == auditoria(s).id)
            .values(conclusiones="Todo bien siempre.")
        )
    mala = shell.invoke(args=["sample", "redraw", SEMANA])
    assert mala.exit_code == 1
    assert "no sale ahora" in mala.output
    roto = shell.invoke(args=["audit", "verify"])
    assert roto.exit_code == 1
    assert f"muestra de la auditoría {SEMANA}" in roto.output
    assert f"informe de la auditoría {SEMANA}, versión 1" in roto.output
    assert "No sale la misma: 2 iguales." in followed(
        mundo.person("jefe.ocm").get(f"/auditorias/{SEMANA}/muestra").text
    )


def test_the_pages_are_for_whoever_audits_and_the_sample_leaves_as_a_file_that_says_how_it_was_drawn(
    mundo: World,
) -> None:
    bajada = mundo.person("cumplimiento").get(f"/auditorias/{SEMANA}/muestra.csv")
    assert bajada.status_code == 200
    with Session(mundo.engine.db) as s:
        a = auditoria(s)
        assert a.huella_poblacion in bajada.text
        assert a.semilla in bajada.text
        assert all(
            codigo in bajada.text for codigos in muestras.guardada(a).values() for codigo in codigos
        )
    dicha = followed(mundo.person("cumplimiento").get(f"/auditorias/{SEMANA}").text)
    assert "1,645² × 0,25 ÷ 0,10² = 67,65" in " ".join(re.sub(r"<[^>]+>", " ", dicha).split())
    with mundo.engine.db.connect() as c:
        assert (
            c.exec_driver_sql(
                "SELECT count(*) FROM access WHERE subject = 'muestra.csv'"
            ).scalar_one()
            == 1
        )
    pagina = followed(mundo.person("jefe.ocm").get("/auditorias").text)
    assert "Sin atenciones" in pagina, "a week in which nobody came says so"
    for mala in (
        "/auditorias/nada",
        "/auditorias/2026-W60",
        "/f189/999999",
        "/auditorias/2026-W60/muestra",
    ):
        assert mundo.person("jefe.ocm").get(mala).status_code == 404, mala
    for usuario in ("asesor.bog01", "funcionario.vcc01", "analista"):
        assert mundo.person(usuario).get("/auditorias").status_code == 403, usuario


def test_what_is_judged_stands_beside_the_f189_and_the_look_is_recorded(mundo: World) -> None:
    with Session(mundo.engine.db) as s:
        de_muestra = {
            reads.items.item(s, i).data["muestra_id"]: i
            for i in tareas(mundo, "act_5_2_27").values()
        }
        caso, muestra_id = s.execute(
            sa.select(Caso, AuditoriaMuestra.id)
            .join(Atencion, Atencion.case_key == Caso.case_key)
            .join(AuditoriaMuestra, AuditoriaMuestra.atencion_id == Atencion.id)
            .where(AuditoriaMuestra.id.in_(de_muestra))
        ).first() or pytest.fail("an attention of the sample has a case")
        item = de_muestra[muestra_id]
        respondido = s.scalars(sa.select(Respuesta).where(Respuesta.caso_id == caso.id)).all()
    pagina = followed(mundo.person("profesional01").get(f"/tarea/{item}").text)
    antes = pagina[pagina.index("Lo que pasó") : pagina.index("¿Se puede evaluar?")]
    assert caso.descripcion in antes
    assert all(r.texto.split("\n")[0] in antes for r in respondido)
    assert re.search(r"<dt>Calificó</dt>\s*<dd>(\d de 5|No calificó)", antes)
    with Session(mundo.engine.db) as s:
        vistos = s.scalars(sa.text("SELECT subject FROM access WHERE kind = 'consulta_caso'")).all()
    assert caso.case_key in vistos
    folded = re.findall(r"<details class=\"criterio\"( open)?>", pagina)
    assert folded == ["", ""], "field 12 and fatal errors, while nothing is written there"


def test_an_f189_says_what_it_leaves_and_why_and_its_auditor_adds_to_it(mundo: World) -> None:
    primera, *otras = tareas(mundo, "act_5_2_27").values()
    baja = {**BIEN, "solucion": "no", "por_que_7_4": "Debe volver por el recibo."}
    dicho = enviar(mundo, "profesional01", primera, **baja)
    bueno = enviar(mundo, "profesional01", otras[0], **BIEN)
    with Session(mundo.engine.db) as s:
        f189s = s.scalars(sa.select(F189).order_by(F189.id)).all()
        hecho, otro = f189s[-2], f189s[-1]
        halladas = [i.criterio for i in evaluaciones.halladas(s, hecho.id)]
    siguiente = re.search(r'action="/tarea/([^"?/]+)', dicho)
    assert siguiente is not None, "the next F189 is in front: one press for each"
    assert siguiente[1] in otras
    for criterio in halladas:
        assert f"{criterio} " in dicho[dicho.index("Inconsistencias: ") :]
    assert "Ninguna inconsistencia: la banda" in bueno
    auditora = mundo.person("profesional01")
    pagina = followed(auditora.get(f"/f189/{otro.id}").text)
    assert "Ninguna inconsistencia: la banda" in pagina
    ruta = f"/f189/{otro.id}/inconsistencia"

    def agregar(usuario: str, **valores: str) -> Any:
        navegador = mundo.person(usuario)
        token = csrf(navegador.get(f"/f189/{otro.id}").text)
        return navegador.post(ruta, data={"csrf_token": token, **valores})

    corta = agregar("profesional01", criterio="11", por_que="corta")
    assert corta.status_code == 422
    assert 'value="11" selected' in corta.text
    assert ">corta</textarea>" in corta.text
    suya = {"criterio": "11", "por_que": "La matriz pedía escalarlo y nadie lo escaló."}
    assert agregar("jefe.ocm", **suya).status_code == 403
    assert agregar("profesional01", **suya).status_code == 302
    assert agregar("profesional01", **suya).status_code == 422, "once for each criterion"
    pagina = followed(auditora.get(f"/f189/{otro.id}").text)
    assert "11 Escalonado (La agregó quien audita)" in pagina
    todo_bien(mundo)
    (informe,) = tareas(mundo, "act_5_2_28").values()
    assert suya["por_que"] in followed(auditora.get(f"/tarea/{informe}").text)
    enviar(
        mundo, "profesional01", informe, conclusiones="Una atención debía escalarse y no lo fue."
    )
    assert agregar("profesional01", criterio="10", por_que="Falta el motivo.").status_code == 422
    with Session(mundo.engine.db) as s:
        ultimo = auditorias.ultimo_informe(s, auditoria(s).id)
        assert ultimo is not None
        dichas = auditorias.contenido(ultimo)["inconsistencias"]
        assert [i[1:] for i in dichas if i[-1]] == [
            ["11", "media", otro.asesor_id, otro.punto_id, None, "profesional01"]
        ]
