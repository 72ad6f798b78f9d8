"""The quality committee (5.2.30–5.2.31): answers, sessions with attendance and votes, minutes,
findings until they are closed."""

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Role
from records.auditorias.tablas import (
    F189,
    Auditoria,
    AuditoriaInforme,
    AuditoriaRevision,
    F189Acuse,
    Inconsistencia,
)
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.comites import comites
from records.comites.reglas import comite as reglas
from records.comites.tablas import Accion, AccionCierre, ComiteActa, ComiteHallazgo, ComiteVoto
from records.correo.tablas import Aviso
from records.cuentas import separacion
from tests.kit import files
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.pdfs import assert_document, pages, spanish_left
from tests.kit.tasks import enviar
from tests.kit.web import csrf, followed
from webforms.comites.palabras import Sala

TODOS = Actor(
    ActorKind.PERSON,
    "nadie",
    frozenset(Role(r, None) for r in ("gerente_outsourcing", "comite_calidad")),
)
MIEMBROS = [f"comite0{n}" for n in range(1, 6)]
OCTAVO = bogota(2026, 12, 11, 8, 1)  # the eighth is a holiday
BIEN = {
    "causa": "No consultó antes de dar el dato.",
    "accion": "Se consulta y se lee en pantalla.",
    "fecha": "30/12/2026",
}

assert Sala.por_que_no  # its template is the only reader


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path, cases=60) as m:
        yield m


def escribir(mundo: World) -> Session:
    return Session(mundo.engine.db.execution_options(ventanilla_write=True))


def hallar(
    mundo: World, cuantas: int, asesor: str = "asesor.bog01", *, reiterada: bool = False
) -> list[int]:
    """Findings of an audit that was sent; what earlier audits found belongs to nobody here."""
    with escribir(mundo) as s, s.begin():
        remitidas = (
            sa.select(AuditoriaInforme.auditoria_id)
            .join(AuditoriaRevision)
            .where(AuditoriaRevision.remite.is_(True))
        )
        a = s.scalars(
            sa.select(Auditoria).where(Auditoria.id.in_(remitidas)).order_by(Auditoria.id)
        ).first()
        assert a is not None
        ya = s.scalars(sa.select(Inconsistencia.id)).all()
        s.execute(sa.update(ComiteHallazgo).values(acepta=True))
        tratadas = set(s.scalars(sa.select(ComiteHallazgo.inconsistencia_id)))
        s.add_all(
            ComiteHallazgo(comite_id=_viejo(s, mundo), inconsistencia_id=i, acepta=True)
            for i in ya
            if i not in tratadas
        )
        f189 = s.scalars(sa.select(F189.id).order_by(F189.id)).first()
        antes = Inconsistencia(
            auditoria_id=a.id, f189_id=f189, criterio="90", gravedad="leve", asesor_id=asesor, punto_id="BOG-AGU", descripcion="",
            hallada=mundo.clock.now(), reiterada_de=None,
        )  # fmt: skip
        s.add(antes)
        s.flush()
        s.add(ComiteHallazgo(comite_id=_viejo(s, mundo), inconsistencia_id=antes.id, acepta=True))
        nuevas = [
            Inconsistencia(
                auditoria_id=a.id, f189_id=f189, criterio=f"9{n}", gravedad="media", asesor_id=asesor, punto_id="BOG-AGU",
                descripcion=f"Lo que pasó {n}", hallada=mundo.clock.now(), reiterada_de=antes.id if reiterada and n == 1 else None,
            )
            for n in range(1, cuantas + 1)
        ]  # fmt: skip
        s.add_all(nuevas)
        s.flush()
        return [i.id for i in nuevas]


def _viejo(s: Session, mundo: World) -> int:
    viejo = s.scalars(sa.select(comites.Comite).where(comites.Comite.mes == "2026-10")).first()
    if viejo is None:
        viejo = comites.Comite(mes="2026-10", reunido=mundo.clock.now(), instancia_id="")
        s.add(viejo)
        s.flush()
    return viejo.id


def abiertas(mundo: World, elemento: str) -> dict[int, str]:
    with Session(mundo.engine.db) as s:
        return {
            int(i.data.get("inconsistencia_id") or 0): i.id
            for i in reads.items.inbox(s, TODOS, InboxFilter(element=elemento))
        }


def este(mundo: World) -> int:
    with Session(mundo.engine.db) as s:
        return next(c.id for c in comites.todos(s) if c.mes == "2026-12")


def responder(mundo: World, responsable: str = "agente.calidad") -> None:
    for item in abiertas(mundo, "act_5_2_30").values():
        enviar(mundo, "gerente", item, **BIEN, responsable=responsable)
    move_to(mundo, mundo.clock.now())


def post(mundo: World, usuario: str, direccion: str, **datos: object) -> str:
    """As the page sends it; what the next page says."""
    persona = mundo.person(usuario)
    token = csrf(persona.get(f"/comites/{este(mundo)}").text)
    respuesta = persona.post(
        direccion, data={"csrf_token": token, **datos}, content_type="multipart/form-data"
    )
    while respuesta.status_code == 302:
        respuesta = persona.get(respuesta.location)
    return followed(respuesta.text)


def asisten(mundo: World, *quienes: str) -> None:
    for quien in quienes:
        assert "Quedó su asistencia" in post(mundo, quien, f"/comites/{este(mundo)}/asistencia")


def vota(mundo: World, quien: str, hallazgo: int, voto: str, motivo: str = "") -> str:
    return post(mundo, quien, f"/comites/{este(mundo)}/votos/{hallazgo}", voto=voto, motivo=motivo)


def cerrar(mundo: World, quien: str) -> str:
    (item,) = abiertas(mundo, "act_5_2_31").values()
    dicho = enviar(mundo, quien, item, desarrollo="Se habló de las fechas.")
    move_to(mundo, mundo.clock.now())
    return dicho


def test_a_finding_that_repeats_one_of_an_audit_that_was_not_sent_is_shown_without_it(
    mundo: World,
) -> None:
    (uno,) = hallar(mundo, 1)
    with escribir(mundo) as s, s.begin():
        este = s.get_one(Inconsistencia, uno)
        guardada = Auditoria(
            **{
                c.key: getattr(s.get_one(Auditoria, este.auditoria_id), c.key)
                for c in sa.inspect(Auditoria).column_attrs
                if c.key != "id"
            }
        )
        guardada.semana = "2026-W40"
        s.add(guardada)
        s.flush()
        comun = {
            c.key: getattr(este, c.key)
            for c in sa.inspect(Inconsistencia).column_attrs
            if c.key != "id"
        }
        s.add(
            antes := Inconsistencia(
                **{
                    **comun,
                    "auditoria_id": guardada.id,
                    "criterio": "99",
                    "descripcion": "Nadie debe leerlo aún",
                }
            )
        )
        s.flush()
        este.reiterada_de = antes.id
    pagina = followed(mundo.person("gerente").get(f"/hallazgos/{uno}").text)
    assert "Repite un hallazgo de una auditoría cuyo informe todavía no se ha remitido." in pagina
    assert "Nadie debe leerlo aún" not in pagina
    move_to(mundo, OCTAVO)
    tarea = mundo.person("gerente").get(f"/tarea/{abiertas(mundo, 'act_5_2_30')[uno]}")
    assert tarea.status_code == 200


def test_a_committee_from_the_finding_to_the_closed_action(mundo: World) -> None:
    uno, dos = hallar(mundo, 2, reiterada=True)
    assert "entra al próximo que reúna inconsistencias" in followed(
        mundo.person("gerente").get(f"/hallazgos/{uno}").text
    )
    move_to(mundo, OCTAVO)
    items = abiertas(mundo, "act_5_2_30")
    assert set(items) == {uno, dos}
    pagina = followed(mundo.person("gerente").get(f"/tarea/{items[uno]}").text)
    assert f"Evaluar inconsistencias y tomar acciones: {comites.codigo(uno)}" in pagina
    assert "Ya pasó: repite" in pagina
    assert "La fecha ya pasó" in enviar(
        mundo,
        "gerente",
        items[uno],
        **{**BIEN, "fecha": "01/12/2026"},
        responsable="agente.calidad",
    )
    assert "Elija una de las opciones" in enviar(
        mundo, "gerente", items[uno], **BIEN, responsable="jefe.ocm"
    )
    assert not abiertas(mundo, "act_5_2_31"), "it is convened when everything is answered"
    responder(mundo)
    with Session(mundo.engine.db) as s:
        cartas = s.scalars(
            sa.select(Aviso).where(
                Aviso.tipo == "comite_convocado", Aviso.asunto.contains("diciembre")
            )
        ).all()
        assert {a.para.split("@")[0] for a in cartas} == set(MIEMBROS)
        assert all(comites.codigo(uno) in a.texto and "asesor.bog01" not in a.texto for a in cartas)

    pagina = followed(mundo.person("comite01").get(f"/comites/{este(mundo)}").text)
    for dicho in (
        "Sin quórum: 0 de 5",
        "Se necesitan 3",
        "No consultó antes de dar el dato.",
        "Registrar mi asistencia",
    ):
        assert dicho in pagina, dicho
    assert "Registre primero su asistencia" in vota(mundo, "comite01", uno, reglas.ACEPTA)
    asisten(mundo, "comite01", "comite02")
    assert "Todavía no hay quórum: no se vota." in vota(mundo, "comite01", uno, reglas.ACEPTA)
    asisten(mundo, "comite03")
    assert "Elija su voto." in vota(mundo, "comite01", uno, "")
    assert "Escriba por qué no acepta" in vota(mundo, "comite01", uno, reglas.NO_ACEPTA)
    assert "Quedó su voto" in vota(mundo, "comite01", uno, reglas.ACEPTA)
    assert "Ya votó este hallazgo en esta sesión." in vota(
        mundo, "comite01", uno, reglas.NO_ACEPTA, "Otra cosa."
    )
    vota(mundo, "comite02", uno, reglas.ACEPTA)
    vota(mundo, "comite03", uno, reglas.NO_ACEPTA, "No dice cómo se comprueba.")
    assert f"Falta votar {comites.codigo(dos)}." in cerrar(mundo, "comite01")
    vota(mundo, "comite01", dos, reglas.ACEPTA)
    vota(mundo, "comite02", dos, reglas.NO_ACEPTA, "La fecha es tarde.")
    vota(mundo, "comite03", dos, reglas.SE_ABSTIENE)
    assert "Quien preside registra primero su asistencia" in cerrar(mundo, "comite04")
    assert "el acta está levantada" in cerrar(mundo, "comite01")

    acta = followed(mundo.person("comite05").get(f"/comites/{este(mundo)}/acta").text)
    for dicho in (
        "Con quórum",
        "«No dice cómo se comprueba.»",
        "No aceptada",
        "Se habló de las fechas.",
        "Huella sha256",
    ):
        assert dicho in acta, dicho
    with Session(mundo.engine.db) as s:
        decididos = {t.inconsistencia.id: t.acepta for t in comites.tratados(s, este(mundo))}
        assert decididos == {uno: True, dos: False}, "a tie does not accept"
    (plan,) = abiertas(mundo, "us_plan_mejora").values()
    escrito = "Formación por punto, con caso práctico y cinco atenciones revisadas."
    assert comites.codigo(uno) in followed(mundo.person("gerente").get(f"/tarea/{plan}").text)
    enviar(mundo, "gerente", plan, plan=escrito, fecha="20/01/2027")
    assert escrito in followed(mundo.person("cumplimiento").get(f"/comites/{este(mundo)}").text)
    _se_cierra(mundo, uno, dos)


def _se_cierra(mundo: World, uno: int, dos: int) -> None:
    """An action is closed by OCM with what proves it; one that was not accepted comes back to the
    next committee."""
    direccion = f"/hallazgos/{uno}/cierre"
    assert "En curso" in followed(mundo.person("gerente").get(f"/hallazgos/{uno}").text)
    move_to(mundo, bogota(2026, 12, 31, 9, 0))
    lista = followed(mundo.person("jefe.ocm").get("/hallazgos?estado=vencida").text)
    assert comites.codigo(uno) in lista
    assert comites.codigo(dos) not in lista
    assert comites.codigo(dos) in followed(
        mundo.person("jefe.ocm").get("/hallazgos?estado=sin_respuesta").text
    )
    assert comites.codigo(uno) in followed(
        mundo.person("jefe.ocm").get("/hallazgos?reiterados=1").text
    )
    _sale_como_archivo(mundo, uno, dos)
    assert mundo.person("gerente").post(direccion, data={}).status_code in {400, 403}
    assert "Escriba con qué se comprobó, entre 10" in post(
        mundo, "profesional01", direccion, evidencia="corto"
    )
    soporte = (io.BytesIO(files.pdf("Asistencia")), "asistencia.pdf")
    dicho = post(
        mundo,
        "profesional01",
        direccion,
        evidencia="Lista de asistencia al repaso del punto.",
        soporte=soporte,
    )
    assert "quedó cerrada, con su evidencia" in dicho
    assert "asistencia.pdf" in dicho
    bajada = mundo.person("gerente").get(f"/hallazgos/{uno}/evidencia")
    assert (bajada.status_code, bajada.data) == (200, files.pdf("Asistencia"))
    bajada.close()
    assert "ya está cerrada" in post(
        mundo, "jefe.ocm", direccion, evidencia="Otra vez lo mismo, por si acaso."
    )
    assert "después de que el comité acepta" in post(
        mundo, "jefe.ocm", f"/hallazgos/{dos}/cierre", evidencia="Eso no se ha aceptado."
    )
    move_to(mundo, bogota(2027, 1, 15, 9, 0))
    with Session(mundo.engine.db) as s:
        siguiente = comites.todos(s)[0]
        assert siguiente.mes == "2027-01"
        assert dos in {t.inconsistencia.id for t in comites.tratados(s, siguiente.id)}
        assert uno not in {t.inconsistencia.id for t in comites.tratados(s, siguiente.id)}
    assert "El comité anterior no aceptó la respuesta" not in followed(
        mundo.person("gerente").get(f"/hallazgos/{uno}").text
    )


def _sale_como_archivo(mundo: World, uno: int, dos: int) -> None:
    """The list that is shown, and the chart with its table: counted once more from the rows."""
    quien = mundo.person("jefe.ocm")
    todas, abiertas = (
        list(
            csv.DictReader(
                quien.get(f"/hallazgos/hallazgos.csv{q}").text.lstrip("\ufeff").splitlines(),
                delimiter=";",
            )
        )
        for q in ("", "?estado=sin_respuesta")
    )
    with Session(mundo.engine.db) as s:
        tratados = comites.hallazgos(s)
        desde = mundo.clock.now() - dt.timedelta(days=92)
        de = Counter(
            t.inconsistencia.criterio for t in tratados if t.inconsistencia.hallada >= desde
        )
    assert {f["hallazgo"] for f in todas} == {t.codigo for t in tratados}
    assert comites.codigo(dos) in {f["hallazgo"] for f in abiertas}
    assert comites.codigo(uno) not in {f["hallazgo"] for f in abiertas}
    assert {f["estado"] for f in abiertas} == {"Sin respuesta"}
    pagina = followed(quien.get("/hallazgos").text)
    tabla = pagina[pagina.index("Hallazgos por criterio en los últimos tres meses") :]
    numeros = [int(n) for n in re.findall(r'</th><td class="num">(\d+)</td>', tabla)]
    assert sorted(numeros, reverse=True) == numeros == sorted(de.values(), reverse=True)


def test_without_a_quorum_it_is_convened_again_and_without_findings_it_is_informative(
    mundo: World,
) -> None:
    hallar(mundo, 0)
    move_to(mundo, OCTAVO)
    assert not abiertas(mundo, "act_5_2_30"), "nothing to answer"
    asisten(mundo, "comite01", "comite02")
    assert "comité es informativo" in followed(
        mundo.person("comite01").get(f"/comites/{este(mundo)}").text
    )
    assert "se convoca otra vez en cinco días hábiles" in cerrar(mundo, "comite01")
    assert not abiertas(mundo, "act_5_2_31")
    assert "Sin quórum: se convoca otra vez" in followed(
        mundo.person("gerente").get("/comites").text
    )
    assert "El comité no está en sesión." in post(
        mundo, "comite03", f"/comites/{este(mundo)}/asistencia"
    )
    move_to(mundo, bogota(2026, 12, 18, 23, 58))
    assert not abiertas(mundo, "act_5_2_31"), "five business days"
    move_to(mundo, bogota(2026, 12, 19, 0, 1))
    with Session(mundo.engine.db) as s:
        cartas = s.scalars(
            sa.select(Aviso.texto).where(
                Aviso.tipo == "comite_convocado", Aviso.asunto.contains("diciembre")
            )
        ).all()
        assert len(cartas) == 2 * len(MIEMBROS)
        assert sum("esta es la 2.ª convocatoria" in texto for texto in cartas) == len(MIEMBROS)
        assert all("Informativo: ninguna inconsistencia" in texto for texto in cartas)
    pagina = followed(mundo.person("comite01").get(f"/comites/{este(mundo)}").text)
    assert "asistieron 2 de 5, sin quórum" in pagina
    assert "Sin quórum: 0 de 5" in pagina, "attendance is of a session"
    asisten(mundo, "comite01", "comite02", "comite03")
    assert "el acta está levantada" in cerrar(mundo, "comite03")
    acta = followed(mundo.person("gerente").get(f"/comites/{este(mundo)}/acta").text)
    for dicho in ("Sesión 1", "Sin quórum", "Sesión 2", "Con quórum", "el comité fue informativo"):
        assert dicho in acta, dicho
    assert not abiertas(mundo, "us_plan_mejora")
    with Session(mundo.engine.db) as s:
        abiertos = "SELECT count(*) FROM instance WHERE process = 'M5_1_02_comite_calidad' AND ended_at IS NULL"
        assert s.execute(sa.text(abiertos)).scalar_one() == 0


def test_nobody_votes_on_a_finding_about_themselves(mundo: World) -> None:
    """Of whom it is, who answers for the action; they count for the quorum all the same."""
    (suyo,) = hallar(mundo, 1, asesor="comite01")
    move_to(mundo, OCTAVO)
    responder(mundo)
    with escribir(mundo) as s, s.begin():
        s.execute(
            sa.update(Accion).where(Accion.inconsistencia_id == suyo).values(responsable="comite02")
        )
    asisten(mundo, "comite01", "comite02", "comite03")
    pagina = followed(mundo.person("comite01").get(f"/comites/{este(mundo)}").text)
    assert "Usted no vota este hallazgo: el hallazgo es sobre su atención." in pagina
    assert f"Votar {comites.codigo(suyo)}" not in pagina
    assert "la acción es suya" in followed(
        mundo.person("comite02").get(f"/comites/{este(mundo)}").text
    )
    assert (orden(mundo, "comite01"), orden(mundo, "comite03")) == (
        f"{comites.codigo(suyo)} (sin votos)",
        f"{comites.codigo(suyo)} (falta su voto)",
    )
    for quien in ("comite01", "comite02"):
        assert "es sobre usted o sobre una acción suya" in vota(mundo, quien, suyo, reglas.ACEPTA)
    assert mundo.person("gerente").post(
        f"/comites/{este(mundo)}/votos/{suyo}", data={}
    ).status_code in {400, 403}, "not a member"
    assert "Ese hallazgo no es de este comité." in vota(mundo, "comite03", 999_999, reglas.ACEPTA)
    assert "Quedó su voto" in vota(mundo, "comite03", suyo, reglas.ACEPTA)
    assert orden(mundo, "comite03") == comites.codigo(suyo)
    cerrar(mundo, "comite03")
    acta = followed(mundo.person("cumplimiento").get(f"/comites/{este(mundo)}/acta").text)
    assert "Respuesta aceptada" in acta
    assert "No votan" in acta
    with escribir(mundo) as s, pytest.raises(DatoInvalido, match="no la cierra quien la escribió"):
        comites.cerrar_accion(
            s, suyo, "Con lo que dijo él mismo.", None, Acto("comite02", mundo.clock.now())
        )
    _se_prueba(mundo, suyo)
    with escribir(mundo) as s, s.begin():
        s.execute(
            sa.update(Accion)
            .where(Accion.inconsistencia_id == suyo)
            .values(responsable="profesional01")
        )
    for evidencia in ("Corta", "Con lo que dijo él mismo."):  # the first is refused for what it is
        post(mundo, "profesional01", f"/hallazgos/{suyo}/cierre", evidencia=evidencia)
    for regla, cuantos in ((separacion.VOTO_PROPIO, 2), (separacion.ACCION_PROPIA, 1)):
        pagina = followed(mundo.person("cumplimiento").get(f"/controles/separacion/{regla}").text)
        rechazados = " ".join(
            re.sub(r"<[^>]+>", " ", pagina[pagina.index('id="rechazados"') :]).split()
        )
        assert rechazados.startswith(
            f'id="rechazados">Intentos rechazados {cuantos} No cambiaron nada.'
        )
        assert rechazados.count(", hoy, ") == cuantos, "who and when"


def orden(mundo: World, quien: str) -> str:
    """The findings of the agenda, as this person reads them."""
    pagina = followed(mundo.person(quien).get(f"/comites/{este(mundo)}").text)
    leida = " ".join(
        re.sub(
            r"<[^>]+>",
            " ",
            pagina[pagina.index('id="orden"') : pagina.index('aria-labelledby="hallazgos-t"')],
        ).split()
    )
    return leida.partition("Hallazgos: ")[2].partition(" <")[0]


def _se_prueba(mundo: World, suyo: int) -> None:
    """The panel of duties kept apart has both rules over every vote and every closing; what came
    another way is found."""

    def probada(s: Session, regla: str) -> tuple[int | None, list[str]]:
        (una,) = (r for r in separacion.probadas(s) if r.regla == regla)
        return una.casos, [v.quien for v in una.violaciones]

    pagina = followed(mundo.person("cumplimiento").get("/controles").text)
    for dicho in (
        "Nadie vota un hallazgo propio ni una acción suya",
        "Nadie cierra la acción que escribió o por la que responde",
    ):
        assert dicho in pagina
    with escribir(mundo) as s:
        votos, cierres = (
            s.scalar(sa.select(sa.func.count()).select_from(t)) for t in (ComiteVoto, AccionCierre)
        )
        assert probada(s, separacion.VOTO_PROPIO) == (votos, [])
        assert probada(s, separacion.ACCION_PROPIA) == (cierres, [])
        accion = s.scalars(sa.select(Accion).where(Accion.inconsistencia_id == suyo)).one()
        for propio in ("comite01", "comite02", accion.por):
            s.execute(
                sa.update(ComiteVoto)
                .where(ComiteVoto.inconsistencia_id == suyo)
                .values(miembro=propio)
            )
            assert probada(s, separacion.VOTO_PROPIO) == (votos, [propio])
        cierre = AccionCierre(
            accion_id=accion.id,
            evidencia="Lo dijo él mismo.",
            archivo_id=None,
            por="comite02",
            cuando=mundo.clock.now(),
        )
        s.add(cierre)
        s.flush()
        assert probada(s, separacion.ACCION_PROPIA)[1] == ["comite02"]
        s.rollback()


def test_after_five_business_days_a_letter_says_what_is_not_answered(mundo: World) -> None:
    hallar(mundo, 2)
    move_to(mundo, OCTAVO)
    enviar(
        mundo,
        "gerente",
        next(iter(abiertas(mundo, "act_5_2_30").values())),
        **BIEN,
        responsable="agente.calidad",
    )
    move_to(mundo, bogota(2026, 12, 18, 23, 58))
    aviso = sa.select(Aviso).where(Aviso.tipo == "comite_respuestas")
    with Session(mundo.engine.db) as s:
        assert not s.scalars(aviso).all()
    move_to(mundo, bogota(2026, 12, 19, 0, 1))
    with Session(mundo.engine.db) as s:
        (carta,) = s.scalars(aviso)
        assert carta.para.startswith("gerente@")
        assert "1 inconsistencia de las auditorías no tiene respuesta" in carta.texto
    assert len(abiertas(mundo, "act_5_2_30")) == 1, "nothing counts as answered"
    assert not abiertas(mundo, "act_5_2_31")


@pytest.mark.parametrize("cancelado", [True, False])
def test_what_a_committee_took_up_that_was_cancelled_before_its_minutes_is_taken_up_by_the_next(
    mundo: World, *, cancelado: bool
) -> None:
    suyos = hallar(mundo, 2)
    move_to(mundo, OCTAVO)
    with Session(mundo.engine.db) as s:
        instancia = comites.uno(s, este(mundo)).instancia_id
    if cancelado:
        admin = Actor(ActorKind.PERSON, "admin", frozenset({Role("administrador", None)}))
        mundo.engine.instances.cancel(
            instancia, reason="Se convocó por error.", actor=admin, now=mundo.clock.now()
        )
    move_to(mundo, bogota(2027, 1, 14, 8, 1))
    with Session(mundo.engine.db) as s:
        enero = next(c for c in comites.todos(s) if c.mes == "2027-01")
        tratados = {t.inconsistencia.id for t in comites.tratados(s, enero.id)}
    assert set(suyos) & tratados == (set(suyos) if cancelado else set()), (
        "what is in course is of one committee alone"
    )


def test_minutes_are_frozen_and_what_was_changed_afterwards_is_named(
    mundo: World, tmp_path: Path
) -> None:
    (uno,) = hallar(mundo, 1)
    move_to(mundo, OCTAVO)
    responder(mundo)
    asisten(mundo, "comite01", "comite02", "comite03")
    vota(mundo, "comite02", uno, reglas.NO_ACEPTA, "No dice cómo se comprueba.")
    cerrar(mundo, "comite01")
    # an adviser who answers later is not in the minutes, and does not break them
    with escribir(mundo) as s, s.begin():
        f189_id = s.get_one(Inconsistencia, uno).f189_id
        if not s.scalars(sa.select(F189Acuse.id).where(F189Acuse.f189_id == f189_id)).all():
            s.add(
                F189Acuse(
                    f189_id=f189_id,
                    por="asesor.bog01",
                    cuando=mundo.clock.now() + dt.timedelta(days=1),
                    respuesta="Tarde.",
                )
            )
        huella = s.scalars(
            sa.select(ComiteActa.huella).where(ComiteActa.comite_id == este(mundo))
        ).one()
    shell = mundo.app.test_cli_runner()
    bien = shell.invoke(args=["audit", "verify"])
    assert bien.exit_code == 0, bien.output
    assert "actas del Comité de Calidad" in bien.output
    assert huella in mundo.person("cumplimiento").get(f"/comites/{este(mundo)}/acta").text
    bajada = mundo.person("jefe.ocm").get(f"/comites/{este(mundo)}/acta.pdf")
    assert bajada.status_code == 200
    assert bajada.data == mundo.person("gerente").get(f"/comites/{este(mundo)}/acta.pdf").data, (
        "the same minutes are the same file"
    )
    hojas = pages(assert_document(bajada.data, tmp_path, contents=False))
    leido = " ".join(hojas)
    for dicho in (
        "Acta del Comité de Calidad",
        comites.codigo(uno),
        "No la acepta",
        "No dice cómo se comprueba.",
    ):
        assert dicho in leido, dicho
    for n, hoja in enumerate(hojas, 1):
        assert f"página {n} de {len(hojas)}" in hoja
        assert " ".join(huella[d : d + 4] for d in range(0, 16, 4)) in hoja, (
            "each page says the hash"
        )
    assert "mié 30 dic 2026" in leido, "a date as everywhere"
    lectora = mundo.person("gerente")
    lectora.set_cookie("idioma", "en")
    pedida = lectora.get(f"/comites/{este(mundo)}/acta.pdf").data
    en_ingles = " ".join(pages(assert_document(pedida, tmp_path, contents=False, language="en-CO")))
    for dicho in (
        "Minutes of the Quality Committee",
        "Does not accept it",
        "No dice cómo se comprueba.",
        huella[:4],
    ):
        assert dicho in en_ingles, dicho
    assert spanish_left(en_ingles) == []
    with escribir(mundo) as s, s.begin():
        s.execute(
            sa.update(ComiteVoto)
            .where(ComiteVoto.inconsistencia_id == uno)
            .values(voto=reglas.ACEPTA)
        )
    roto = shell.invoke(args=["audit", "verify"])
    assert roto.exit_code == 1
    assert "votos o respuestas del comité de 2026-12" in roto.output
    with escribir(mundo) as s, s.begin():
        s.execute(
            sa.update(ComiteActa).where(ComiteActa.comite_id == este(mundo)).values(huella="0" * 64)
        )
    assert "acta del comité de 2026-12" in shell.invoke(args=["audit", "verify"]).output


def test_the_pages_are_for_who_has_to_do_with_the_committee(mundo: World) -> None:
    for mala in (
        "/comites/999",
        "/comites/999/acta",
        "/hallazgos/999999",
        "/hallazgos?estado=nada",
        "/hallazgos/1/evidencia",
    ):
        assert mundo.person("jefe.ocm").get(mala).status_code == 404, mala
    for usuario in ("asesor.bog01", "funcionario.vcc01", "interventor01", "gerente.operativo"):
        for direccion in ("/comites", "/hallazgos"):
            assert mundo.person(usuario).get(direccion).status_code == 403, (usuario, direccion)


@pytest.mark.parametrize(("miembros", "bastan"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4)])
def test_a_quorum_is_half_and_one_more(miembros: int, bastan: int) -> None:
    assert reglas.quorum(miembros) == bastan


@pytest.mark.parametrize(
    ("votos", "acepta"),
    [
        ((), False),
        (("se_abstiene",), False),
        (("acepta", "no_acepta"), False),
        (("acepta", "se_abstiene"), True),
        (("acepta", "acepta", "no_acepta"), True),
    ],
)
def test_a_tie_does_not_accept(votos: tuple[str, ...], *, acepta: bool) -> None:
    assert reglas.se_acepta(votos) is acepta
