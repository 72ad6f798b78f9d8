"""5.2.32 and A4-2-02: the report goes to each supervisor by both media, each is acknowledged, it is
presented, the month is certified."""

import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import NotAllowed
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Role, WorkItem
from handlers.enlaces import Enlaces
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.correo.tablas import Aviso
from records.cuentas import aprobaciones
from records.cuentas.aprobaciones import Pedido
from records.informes import cierres, meses, reportes
from records.interventoria import interventoria
from records.interventoria.tablas import EntregaInterventor
from records.plazos.reglas.calendario import sumar_habiles
from tests.integration.webforms.test_web_reportes import generar_y_aprobar, hacer, tareas
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.pdfs import assert_document
from tests.kit.tasks import enviar, ocultos
from tests.kit.web import csrf, followed, opened
from webforms.base.personas import nombre_de
from webforms.interventoria.formularios import Certificar, Presentar, Remitir, Verificar
from webforms.salas import FORMS

NOVIEMBRE = dt.date(2026, 11, 1)
MES = "2026-11"
INTERVENTORES = ("interventor01", "interventor02", "interventor03")
QUIENES = Actor(
    ActorKind.PERSON,
    "nadie",
    frozenset(Role(r, None) for r in ("gerente_outsourcing", "interventor")),
)
ENVIO = {"radicado_fisico": "GUIA-77", "forma_digital": "enlace", "radicado_digital": ""}
ACTA = {
    "fecha_comite": "04/12/2026",
    "asistieron": "interventor01",
    "acta": "Se presentó el informe y se analizó en conjunto.",
}


#: Their templates and diagrams are the only readers.
assert all(
    (
        Remitir.imprimibles == (),
        Presentar.fecha_comite,
        Verificar.cumple_ans,
        Certificar.certifica_pago,
    )
)


def empaquetado(m: World) -> None:
    """November is reported: its package is ready, and each supervisor waits for it."""
    move_to(m, bogota(2026, 12, 1, 6, 1))
    generar_y_aprobar(m)
    (consolidar,) = tareas(m, "act_5_2_26").values()
    hacer(
        m,
        consolidar,
        "gerente.operativo",
        "gerente_operativo",
        {"conclusiones": "La espera de la tarde pide otro asesor."},
    )
    entregar(m)


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path, empaquetado, cases=60) as m:
        yield m


def entregar(mundo: World) -> None:
    """Messages and jobs until nothing is left."""
    while mundo.engine.pump(mundo.clock.now()):
        pass
    with mundo.engine.uow.reading() as s:
        pendientes = s.execute(sa.text("SELECT id FROM job WHERE state = 'open'")).scalars().all()
    for job in pendientes:
        mundo.engine.jobs.perform(job, mundo.clock.now())
    while mundo.engine.pump(mundo.clock.now()):
        pass


def abiertas(mundo: World, elemento: str) -> list[WorkItem]:
    """Of November, by supervisor where they are told apart."""
    with Session(mundo.engine.db) as s:
        todas = reads.items.inbox(s, QUIENES, InboxFilter(element=elemento))
        return sorted(
            (i for i in todas if i.data["mes"] == MES), key=lambda i: str(i.data.get("entrega"))
        )


def paquete_id(mundo: World) -> int:
    with Session(mundo.engine.db) as s:
        hallado = interventoria.del_mes(s, NOVIEMBRE)
        assert hallado is not None
        return hallado.id


def remitir(mundo: World) -> None:
    for item in abiertas(mundo, "act_5_2_32"):
        enviar(mundo, "gerente", item.id, **ENVIO)
    entregar(mundo)


def acusar(mundo: World, quien: str, medio: str, nota: str = "") -> str:
    persona = mundo.person(quien)
    pagina = persona.get(f"/interventoria/{MES}").text
    respuesta = persona.post(
        f"/interventoria/{MES}/acuse",
        data={"csrf_token": csrf(pagina), "medio": medio, "nota": nota},
    )
    assert respuesta.status_code == HTTPStatus.FOUND
    return followed(persona.get(respuesta.location).text)


def cartas(mundo: World, tipo: str) -> list[tuple[str, str]]:
    with Session(mundo.engine.db) as s:
        todas = s.scalars(sa.select(Aviso).where(Aviso.tipo == tipo).order_by(Aviso.id))
        return [(a.para, a.texto) for a in todas if "noviembre" in a.texto]


def test_the_package_has_what_is_printed_and_what_is_read_by_machines_with_a_manifest(
    mundo: World, tmp_path: Path
) -> None:
    respuesta = mundo.person("gerente").get(f"/interventoria/{MES}/paquete.zip")
    assert respuesta.headers["Content-Disposition"] == f"attachment; filename=informe-{MES}.zip"
    with zipfile.ZipFile(io.BytesIO(respuesta.data)) as z:
        dentro = {nombre: z.read(nombre) for nombre in z.namelist()}
    manifiesto = dentro.pop("manifiesto.sha256").decode()
    assert manifiesto == "".join(
        f"{hashlib.sha256(c).hexdigest()}  {n}\n" for n, c in dentro.items()
    )
    assert [n.rpartition(".")[2] for n in dentro] == ["pdf", "pdf", "xlsx", "csv", "csv"]
    leidos = [assert_document(c, tmp_path) for n, c in dentro.items() if n.endswith(".pdf")]
    impreso = sum(len(leido.pages) for leido in leidos)
    pagina = followed(mundo.person("interventor01").get(f"/interventoria/{MES}").text)
    assert f"El juego impreso son los PDF: {impreso} páginas" in pagina
    assert hashlib.sha256(respuesta.data).hexdigest() in pagina
    uno = mundo.person("cumplimiento").get(
        f"/interventoria/{MES}/archivo/informe-mensual-{MES}.pdf"
    )
    assert uno.data == dentro[f"informe-mensual-{MES}.pdf"]
    assert (
        mundo.person("gerente").get(f"/interventoria/{MES}/archivo/otro.pdf").status_code
        == HTTPStatus.NOT_FOUND
    )
    with Session(mundo.engine.db) as s:
        assert interventoria.verificar(s).faltas == ()


def test_each_supervisor_gets_both_media_and_acknowledges_each(mundo: World) -> None:
    """act_5_2_32: «en medio físico y magnético … a cada uno de los interventores»."""
    suyas = abiertas(mundo, "act_5_2_32")
    assert [i.data["entrega"] for i in suyas] == [f"{MES}:{i}" for i in INTERVENTORES]
    item = suyas[0].id
    with Session(mundo.engine.db) as s:
        quien = nombre_de(s, "interventor01")
    assert quien != "interventor01"
    assert f"Remitir informe: {quien}, noviembre de 2026" in followed(
        mundo.person("gerente").get("/bandeja").text
    )
    assert "Escriba con qué guía o radicado salió el juego impreso" in enviar(
        mundo, "gerente", item, forma_digital="enlace"
    )
    sin_guia = {"radicado_fisico": "GUIA-1", "forma_digital": "memoria", "radicado_digital": ""}
    assert "Escriba con qué guía o radicado salió la memoria" in enviar(
        mundo, "gerente", item, **sin_guia
    )
    assert "salió hacia" in enviar(
        mundo, "gerente", item, **{**sin_guia, "radicado_digital": "GUIA-2"}
    )
    assert abiertas(mundo, "act_5_2_32b") == [], "it is presented when it was sent to all"
    remitir(mundo)
    with Session(mundo.engine.db) as s:
        medios = [
            (e.interventor, e.medio, e.forma, e.radicado)
            for e in interventoria.entregas(s, paquete_id(mundo))
        ]
    enlaces = [radicado for _quien, _medio, forma, radicado in medios if forma == "enlace"]
    assert medios[:2] == [
        ("interventor01", "fisico", "impreso", "GUIA-1"),
        ("interventor01", "digital", "memoria", "GUIA-2"),
    ]
    assert medios[2:4] == [
        ("interventor02", "fisico", "impreso", "GUIA-77"),
        ("interventor02", "digital", "enlace", enlaces[0]),
    ]
    assert len(set(enlaces)) == len(enlaces) == 2, "each supervisor's link has a number of its own"
    assert all(re.fullmatch(rf"ENLACE-{MES}-\d{{4,}}", e) for e in enlaces)

    assert "Falta su acuse del informe de noviembre de 2026" in followed(
        mundo.person("interventor02").get("/interventoria").text
    )
    assert "Falta su acuse" not in followed(mundo.person("gerente").get("/interventoria").text)
    assert "Quedó su acuse de recibo del medio físico" in acusar(
        mundo, "interventor02", "fisico", "Llegó completo."
    )
    pagina = acusar(mundo, "interventor02", "fisico")
    assert "Ya acusó recibo de ese medio." in pagina
    assert "Llegó completo." in pagina
    assert mundo.person("gerente").post(
        f"/interventoria/{MES}/acuse", data={"medio": "fisico"}
    ).status_code in (400, 403)
    for quien in INTERVENTORES:
        for medio in ("fisico", "digital"):
            acusar(mundo, quien, medio)
    entregar(mundo)
    assert "6 de 6 con acuse" in followed(mundo.person("gerente").get(f"/interventoria/{MES}").text)
    move_to(mundo, bogota(2026, 12, 20, 9, 0))
    assert cartas(mundo, "falta_acuse") == [], "who acknowledged is not asked again"


def test_a_link_serves_once_and_not_at_a_look(mundo: World) -> None:
    remitir(mundo)
    enlaces = Enlaces("", SESSION_KEY.encode())
    with Session(mundo.engine.db) as s:
        digital = s.scalars(
            sa.select(EntregaInterventor.id).where(EntregaInterventor.forma == "enlace")
        ).all()
        zip_ = interventoria.paquete(s, paquete_id(mundo)).contenido
    token = enlaces.token_de_entrega(digital[-1])
    assert all(token not in texto for _para, texto in cartas(mundo, "informe_remitido")), (
        "only the mail that leaves has it"
    )
    persona = mundo.app.test_client()
    suya = opened(persona, enlaces.url_de_entrega(digital[-1]))
    for _veces in range(2):
        pagina = persona.get(suya)
        assert pagina.status_code == HTTPStatus.OK, "a look does not use it up"
    bajado = persona.post(suya, data={"csrf_token": csrf(pagina.text)})
    assert bajado.data == zip_
    assert persona.get(suya).status_code == HTTPStatus.GONE
    assert persona.get("/entrega/otro").status_code == HTTPStatus.NOT_FOUND
    # who owns the database, by a hash of their own
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        suya_no = {"token_hash": hashlib.sha256("otrá".encode()).hexdigest()}
        s.execute(
            sa.update(EntregaInterventor)
            .where(EntregaInterventor.id == digital[-3])
            .values(suya_no)
        )
    assert persona.get("/entrega/otrá").status_code == HTTPStatus.NOT_FOUND
    vencido = enlaces.url_de_entrega(digital[-2])
    move_to(mundo, bogota(2026, 12, 18, 9, 0))
    assert "venció" in followed(persona.get(opened(persona, vencido)).text)


def test_who_never_acknowledges_is_asked_three_times_then_it_is_sent_again_and_nothing_is_taken_as_received(
    mundo: World,
) -> None:
    remitir(mundo)
    for quien in INTERVENTORES[:2]:
        for medio in ("fisico", "digital"):
            acusar(mundo, quien, medio)
    acusar(mundo, "interventor03", "fisico")
    entregar(mundo)
    dia = mundo.clock.now().astimezone(dt.timezone(dt.timedelta(hours=-5))).date()
    for n in range(1, 4):
        assert len(cartas(mundo, "falta_acuse")) == n - 1
        assert cartas(mundo, "sin_acuse") == []
        dia = sumar_habiles(dia, 3)
        siguiente = dia + dt.timedelta(days=1)
        move_to(mundo, bogota(siguiente.year, siguiente.month, siguiente.day, 0, 1))
        entregar(mundo)
        dia = siguiente
    assert len(cartas(mundo, "falta_acuse")) == 3
    assert all(
        "medio magnético" in texto and "medio físico" not in texto
        for _para, texto in cartas(mundo, "falta_acuse")
    )
    assert [para.partition("@")[0] for para, _texto in cartas(mundo, "sin_acuse")] == [
        "gerente",
        "gerente.operativo",
    ]
    (otra,) = abiertas(mundo, "act_5_2_32")
    assert otra.data["entrega"] == f"{MES}:interventor03"
    entrega = followed(mundo.person("gerente").get(f"/interventoria/{MES}").text)
    leida = " ".join(re.sub(r"<[^>]+>", " ", entrega).split())
    assert "Falta 1 acuse de 6:" in leida
    assert re.search(r"medio magnético\. Nada se da por recibido solo", leida)
    assert re.search(r"3 recordatorios: \w{3} \d+ dic, \w{3} \d+ dic, \w{3} \d+ dic", leida), (
        "when it was asked for"
    )
    pagina = mundo.person("gerente").get(f"/tarea/{otra.id}").text
    assert 'name="radicado_fisico"' not in pagina, "what is acknowledged is not sent again"
    enviar(mundo, "gerente", otra.id, forma_digital="memoria", radicado_digital="GUIA-99")
    entregar(mundo)
    with Session(mundo.engine.db) as s:
        assert interventoria.sin_acuse(s, paquete_id(mundo), "interventor03") == ["digital"], (
            "never by time"
        )
        assert [
            e.radicado
            for e in interventoria.entregas(s, paquete_id(mundo), "interventor03")
            if e.envio == 2
        ] == ["GUIA-99"]
    assert "Quedó su acuse" in acusar(mundo, "interventor03", "digital")


def test_a_receipt_that_comes_while_it_is_sent_again_counts(mundo: World) -> None:
    remitir(mundo)
    for quien in INTERVENTORES[:2]:
        for medio in ("fisico", "digital"):
            acusar(mundo, quien, medio)
    for dia in (5, 6, 11, 12, 16, 17, 21, 22, 24, 26, 29, 30):
        move_to(mundo, bogota(2026, 12, dia, 1, 0))
        entregar(mundo)
    (otra,) = abiertas(mundo, "act_5_2_32")
    for medio in ("fisico", "digital"):
        assert "Quedó su acuse" in acusar(mundo, "interventor03", medio)
    enviar(mundo, "gerente", otra.id)
    entregar(mundo)
    assert abiertas(mundo, "act_5_2_32") == []
    assert "6 de 6 con acuse" in followed(mundo.person("gerente").get(f"/interventoria/{MES}").text)


def presentar(mundo: World) -> None:
    (comite,) = abiertas(mundo, "act_5_2_32b")
    move_to(mundo, bogota(2026, 12, 4, 16, 0))
    pagina = followed(mundo.person("gerente").get(f"/tarea/{comite.id}").text)
    assert "Sin acuse" in pagina
    assert "Abandono" in pagina, "with the figures of the month"
    assert "La reunión todavía no ha pasado" in enviar(
        mundo, "gerente", comite.id, **{**ACTA, "fecha_comite": "05/12/2026"}
    )
    enviar(mundo, "gerente", comite.id, **ACTA)
    entregar(mundo)


def test_the_committee_meets_without_a_receipt_and_what_is_not_met_is_required_answered_reported_and_certified(
    mundo: World,
) -> None:
    """act_5_2_32b, then A4-2-02 from activity 10."""
    remitir(mundo)
    acusar(mundo, "interventor01", "fisico")
    presentar(mundo)
    with Session(mundo.engine.db) as s:
        acta = interventoria.acta(s, paquete_id(mundo))
        assert acta is not None
        assert acta.sin_acuse == list(INTERVENTORES), "one of two media is not all"
        assert acta.asistieron == ["interventor01"]
    (verifica,) = abiertas(mundo, "act_10")
    pagina = followed(mundo.person("interventor01").get(f"/tarea/{verifica.id}").text)
    assert ACTA["acta"] in pagina
    assert "Nivel de servicio 80/15" in pagina
    fallan = re.findall(r'name="ver_(\w+)"', pagina)
    assert fallan, "some target was missed"
    general = {"verificacion": "El abandono pasó de la meta en cuatro puntos."}
    cumplida = enviar(mundo, "interventor01", verifica.id, cumple_ans="si", **general)
    assert cumplida.count("escriba por qué se da por cumplida") >= len(fallan), (
        "beside a figure that misses its target"
    )
    enviar(
        mundo,
        "interventor01",
        verifica.id,
        cumple_ans="no",
        **general,
        **{f"ver_{fallan[0]}": "Neiva y Pasto."},
    )
    (requiere,) = abiertas(mundo, "act_11")
    enviar(
        mundo,
        "interventor01",
        requiere.id,
        requerimiento="Explique el abandono de los cuatro puntos y su plan.",
    )
    entregar(mundo)
    ((para, texto),) = cartas(mundo, "requerimiento_contratista")
    assert para.startswith("gerente@")
    assert "Explique el abandono" in texto
    (responde,) = abiertas(mundo, "act_11_descargos")
    assert responde.due_at is not None, "five business days"
    assert "Responder el requerimiento" in mundo.person("gerente").get("/bandeja").text
    assert mundo.person("interventor01").get(f"/tarea/{responde.id}").status_code == 404
    pagina = followed(mundo.person("gerente").get(f"/tarea/{responde.id}").text)
    assert "Explique el abandono" in pagina, "what is required stands above the answer"
    corto = enviar(mundo, "gerente", responde.id, descargos="Ya.")
    assert 'href="#descargos"' in corto, "too short"
    enviar(
        mundo,
        "gerente",
        responde.id,
        descargos="Faltaron dos asesores; desde el lunes hay reemplazo.",
    )
    entregar(mundo)
    (informa,) = abiertas(mundo, "act_12")
    assert "desde el lunes hay reemplazo" in followed(
        mundo.person("interventor02").get(f"/tarea/{informa.id}").text
    )
    enviar(
        mundo,
        "interventor02",
        informa.id,
        informe="El contratista respondió y tiene un plan con fechas.",
        descuento="500000",
        **{f"desc_{fallan[0]}": "1000000"},
    )
    (certifica,) = abiertas(mundo, "act_13_certificar")
    firma = followed(mundo.person("interventor02").get(f"/tarea/{certifica.id}").text)
    dichas = firma.partition("Obligaciones sin cumplir")[2].partition("</table>")[0]
    for dicho in ("Neiva y Pasto.", "$ 1.000.000"):
        assert dicho in dichas, f"{dicho}: beside its figure"
    assert "<dt>Descuento del mes</dt><dd><b>$ 1.500.000</b>" in firma, "what is signed"
    no = {"certifica_pago": True, "nota": "Sin salvedades."}
    with pytest.raises(NotAllowed):
        completar(mundo, certifica, "interventor01", no)
    enviar(
        mundo, "interventor02", certifica.id, certifica_pago="si", nota="Se paga con el descuento."
    )
    entregar(mundo)
    with Session(mundo.engine.db) as s:
        pasos = interventoria.pasos(s, paquete_id(mundo))
        assert [(p.paso, p.decision, p.descuento) for p in pasos] == [
            ("verificacion", False, None), ("requerimiento", None, None), ("descargos", None, None), ("informe", None, 1500000),
            ("certificado", True, None), ("archivo", None, None),
        ]  # fmt: skip
        assert interventoria.verificar(s).faltas == ()
        with pytest.raises(DatoInvalido, match="ya se dio"):
            interventoria.dar_paso(
                s,
                paquete_id(mundo),
                "informe",
                "Otro informe distinto.",
                Acto("interventor01", mundo.clock.now()),
            )
    pagina = followed(mundo.person("cumplimiento").get(f"/interventoria/{MES}").text)
    for dicho in (
        "Neiva y Pasto.",
        "$ 1.000.000",
        "$ 1.500.000",
        "Se paga con el descuento.",
        "Sin acuse ese día:",
        "Archivo en la carpeta del contrato",
    ):
        assert dicho in pagina, dicho
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.execute(
            sa.text(
                "UPDATE paso_supervision SET texto = 'Otra cosa' WHERE paso = 'informe' AND descuento = 1500000"
            )
        )
    with Session(mundo.engine.db) as s:
        assert interventoria.verificar(s).faltas == (f"informe de {MES}",)
    roto = mundo.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert roto.exit_code == 1
    assert f"informe de {MES}" in roto.output


def completar(mundo: World, item: WorkItem, quien: str, valores: dict[str, Any]) -> None:
    actor = Actor(ActorKind.PERSON, quien, frozenset({Role("interventor", None)}))
    records = FORMS["interventor.certificar"].records
    mundo.engine.items.complete(
        item.id, values=valores, actor=actor, now=mundo.clock.now(), records=records
    )


def test_a_requirement_that_nobody_answers_does_not_stop_the_report(mundo: World) -> None:
    remitir(mundo)
    presentar(mundo)
    (verifica,) = abiertas(mundo, "act_10")
    enviar(
        mundo,
        "interventor01",
        verifica.id,
        cumple_ans="no",
        verificacion="El abandono pasó de la meta en cuatro puntos.",
    )
    (requiere,) = abiertas(mundo, "act_11")
    enviar(
        mundo,
        "interventor01",
        requiere.id,
        requerimiento="Explique el abandono de los cuatro puntos y su plan.",
    )
    assert abiertas(mundo, "act_12") == []
    entregar(mundo)
    (responde,) = abiertas(mundo, "act_11_descargos")
    gerente = mundo.person("gerente")
    ruta = f"/tarea/{responde.id}"
    tarde = {**ocultos(gerente.get(ruta).text), "descargos": "Llegamos tarde, pero esto pasó."}
    move_to(mundo, bogota(2026, 12, 15, 0, 1))
    assert len(abiertas(mundo, "act_12")) == 1
    assert abiertas(mundo, "act_11_descargos") == []
    cerrada = gerente.post(ruta, data=tarde)
    assert (cerrada.status_code, tarde["descargos"] in cerrada.text) == (409, True)


def test_without_supervisors_nobody_is_taken_as_served(tmp_path: Path) -> None:
    """An incident says so; once somebody holds the role, the package is made and goes to them."""
    with month(tmp_path, cases=60) as m:
        move_to(m, bogota(2026, 12, 1, 6, 1))
        generar_y_aprobar(m)
        (consolidar,) = tareas(m, "act_5_2_26").values()
        with Session(m.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
            s.execute(sa.text("UPDATE cuenta SET activo = 0 WHERE usuario LIKE 'interventor0%'"))
        hacer(
            m,
            consolidar,
            "gerente.operativo",
            "gerente_operativo",
            {"conclusiones": "La espera de la tarde pide otro asesor."},
        )
        with pytest.raises(Exception, match="no hay a quién remitir"):
            entregar(m)
        assert abiertas(m, "act_5_2_32") == []
        assert abiertas(m, "act_5_2_32b") == []


def test_who_has_no_part_in_it_sees_none_of_it(mundo: World) -> None:
    for quien in ("asesor.bog01", "funcionario.vcc01", "analista", "agente.calidad"):
        assert mundo.person(quien).get("/interventoria").status_code == HTTPStatus.FORBIDDEN, quien
    assert (
        mundo.person("interventor01").get("/interventoria/2020-01").status_code
        == HTTPStatus.NOT_FOUND
    )
    assert (
        mundo.person("interventor01").get("/interventoria/nada").status_code == HTTPStatus.NOT_FOUND
    )
    for quien in ("interventor01", "gerente"):
        assert 'href="/interventoria"' in mundo.person(quien).get("/bandeja").text


def test_the_bar_says_how_many_receipts_a_supervisor_owes(mundo: World) -> None:
    def en_la_barra(quien: str) -> str:
        return " ".join(
            re.findall(
                r'href="/interventoria"[^>]*>(.*?)</a>',
                followed(mundo.person(quien).get("/bandeja").text),
            )[0].split()
        )

    assert en_la_barra("interventor01") == "Contrato"
    remitir(mundo)
    assert re.match(r"Contrato .*\b2\b", en_la_barra("interventor01")), en_la_barra("interventor01")
    primera = followed(mundo.person("interventor01").get("/inicio").text)
    assert "5.2.32 Acusar recibo del informe de noviembre de 2026" in primera, (
        "what is owed is told as what waits"
    )
    assert "No le espera ninguna tarea" not in primera
    acusar(mundo, "interventor01", "fisico")
    assert re.match(r"Contrato .*\b1\b", en_la_barra("interventor01"))
    assert en_la_barra("gerente") == "Contrato"


def test_who_has_something_of_a_month_is_told_by_mail_when_it_is_corrected(mundo: World) -> None:
    """Supervisors to whom it was sent, and who wrote, reviewed and joined the reports; not who
    corrects."""
    motivo = "Se anuló una visita registrada dos veces."
    quien = "coordinador"
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        antes = interventoria.recibieron(s, NOVIEMBRE)
        assert not set(antes) & set(INTERVENTORES), "it was sent to nobody"
    remitir(mundo)
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        asunto = Pedido(cierres.CORREGIR, MES, "corregir", motivo, ["coordinador"], {"version": 2})
        suya = aprobaciones.pedir(s, asunto, Acto(quien, mundo.clock.now()))
        otra = Acto("gerente.operativo", mundo.clock.now())
        aprobaciones.decidir(s, suya, "", otra, aprueba=True, nombre="corregir")
        pedido = cierres.pedir(s, NOVIEMBRE, motivo, Acto(quien, mundo.clock.now())).id
        entregado = interventoria.paquete(s, paquete_id(mundo)).huella
    mundo.engine.jobs.run_at(cierres.CERRAR, {"cierre_id": pedido}, mundo.clock.now())
    with Session(mundo.engine.db) as s:
        corregido = meses.vigente(s, NOVIEMBRE)
        assert corregido is not None
        assert corregido.version == 2
        dichos = s.scalars(
            sa.select(Aviso).where(Aviso.clave.startswith(f"mes_corregido:{corregido.id}:"))
        ).all()
        nombrados = {a.para.partition("@")[0] for a in dichos}
        informe = reportes.informe(s, NOVIEMBRE, reportes.INTERVENTORIA, 1)
        assert informe is not None, "what was delivered stays as it was"
        assert meses.de_id(s, informe.mes_id).version == 1
        assert interventoria.paquete(s, paquete_id(mundo)).huella == entregado
        for tipo in (reportes.INTERVENTORIA, reportes.QUEJAS):
            nuevo = reportes.informe(s, NOVIEMBRE, tipo)
            assert nuevo is not None
            assert (nuevo.version, nuevo.mes_id) == (2, corregido.id), "made again, corrected"
        assert reportes.de_antes(s, NOVIEMBRE) == []
        for de_punto in reportes.situaciones(s, NOVIEMBRE):
            assert de_punto.reporte is not None
            assert de_punto.revision is not None
            assert de_punto.revision.por == "gerente.operativo"
            primera = reportes.versiones(s, NOVIEMBRE, de_punto.punto_id)[-1]
            assert (primera.version, primera.comentarios) == (1, de_punto.reporte.comentarios)
        assert reportes.verificar(s).faltas == ()
    gerente = mundo.person("gerente")
    for version, codigo in ((1, 200), (2, 200), (3, 404)):
        pdf = gerente.get(f"/reportes/{MES}/informe.pdf?version={version}")
        assert pdf.status_code == codigo
    assert "informe.pdf?version=1" in gerente.get(f"/reportes/{MES}").text
    assert {*INTERVENTORES, "gerente.operativo"} <= nombrados
    assert quien not in nombrados
    assert all(motivo.rstrip(".") in a.texto for a in dichos)
