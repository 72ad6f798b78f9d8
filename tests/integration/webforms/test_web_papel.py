"""Paper continuity through its pages: printed, an outage, entered afterwards with both times and
both people, numbers that are missing."""

import datetime as dt
import html
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import app as door
from demo.personas import PersonaDato
from engine.clock import GivenClock
from engine.jobs.inprocess import InProcessJobs
from engine.reads.verification import verify
from engine.store.tables import Instance, Item
from records.base import numeracion_sql as sql
from records.base.actos import Acto
from records.casos.archivos import archivos_del_caso
from records.casos.tablas import Caso, Escalonamiento, Incumplimiento, Respuesta
from records.contingencia import papel
from records.contingencia.reglas.papel import CLASES, Estado
from records.contingencia.tablas import CaidaPunto, FormatoPapel, LotePapel
from records.cuentas.tablas import Cuenta
from records.escritos.tablas import Escrito
from records.informes import diario, disponibilidad, meses
from records.informes.tablas import DiaResumido
from records.lugares.tablas import Punto
from records.plazos.reglas.calendario import dia_local
from records.visita.tablas import Atencion, Calificacion, Turno, TurnoPeriodo
from tests.integration.webforms.test_escritorio import Despacho
from tests.kit import visit as visita
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import bogota
from tests.kit.files import pdf
from tests.kit.handlers import MailDouble
from tests.kit.pdfs import assert_document, pages, spanish_left
from tests.kit.web import followed
from webforms.base.qr import codigo_qr
from webforms.base.rutas import enlace_publico
from webforms.contingencia import hojas

PUNTO = "BOG-AGU"
ASESOR, COLEGA, COORDINADOR, GESTION = (
    "asesor.bog01",
    "asesor.bog02",
    "coordinador",
    "gestion.documental",
)
LUNES = bogota(2026, 11, 23, 7, 30)  # before the point opens
PIDE = "Pide el recibo de diciembre, que no le llegó a su casa."
HORAS = {"atendio": ASESOR, "fecha": "23/11/2026", "empezo": "08:42", "termino": "08:55"}


class Papeleria(Despacho):
    """The whole product; a point that prints, falls, and enters."""

    def enviar_a(
        self, cliente: FlaskClient, ruta: str, pagina: str | None = None, **campos: Any
    ) -> TestResponse:
        testigo = visita.hidden(cliente.get(pagina or ruta).text, "csrf_token")
        respuesta = cliente.post(ruta, data={**campos, "csrf_token": testigo})
        self.trabajar()
        return respuesta

    def imprimir(self, clase: str, cuantos: int) -> list[str]:
        """The names of the numbers."""
        cliente = self.entrar(COORDINADOR)
        campos = {"clase": clase, "cuantos": str(cuantos)}
        respuesta = self.enviar_a(
            cliente, f"/papel/{PUNTO}/imprimir", f"/papel?punto={PUNTO}", **campos
        )
        assert respuesta.status_code == 302, respuesta.text
        with self.sesion() as s:
            lote = s.scalars(sa.select(LotePapel).order_by(LotePapel.id.desc())).first()
            assert lote is not None
            return [f"{PUNTO}-{n:04d}" for n in range(lote.desde, lote.hasta + 1)]

    def caer(self, desde: str = "08:10", hasta: str = "", dia: str = "23/11/2026") -> None:
        cliente = self.entrar(COORDINADOR)
        campos = {
            "fecha": dia,
            "desde": desde,
            "hasta": hasta,
            "motivo": "Se fue la red del edificio",
        }
        respuesta = self.enviar_a(
            cliente, f"/papel/{PUNTO}/caida", f"/papel?punto={PUNTO}", **campos
        )
        assert respuesta.status_code == 302, reparos(respuesta)

    def digitar(self, formato: str, quien: str = COLEGA, **campos: Any) -> TestResponse:
        return self.enviar_a(
            self.entrar(quien),
            f"/papel/{PUNTO}/{formato.rpartition('-')[2]}",
            **{**HORAS, **campos},
        )

    def de(self, nombre: str) -> tuple[FormatoPapel, Turno, Caso | None]:
        with self.sesion() as s:
            suyo = (
                FormatoPapel.punto_id == PUNTO,
                FormatoPapel.numero == int(nombre.rpartition("-")[2]),
            )
            f = s.scalars(sa.select(FormatoPapel).where(*suyo)).one()
            turno = s.get_one(Turno, f.turno_id)
            return (
                f,
                turno,
                s.scalars(sa.select(Caso).where(Caso.turno_id == turno.id)).one_or_none(),
            )

    def persona(self, n: int) -> dict[str, str]:
        quien = visita.holder(self.gente, n)
        return {"tipo_doc": quien.tipo_doc, "num_doc": quien.num_doc, "nombre": quien.nombre}

    def atencion(self, n: int, **mas: str) -> dict[str, str]:
        comun = {
            "documento_exhibido": "si",
            "calidad": "beneficiario",
            "clase": "reclamo",
            "tema": "R01",
            "descripcion": PIDE,
        }
        comun["autoriza_tratamiento"] = "si"
        sigue = {
            "sigue": "resuelto",
            "respuesta": "Se le entregó el recibo impreso, corte del viernes.",
        }
        return {**self.persona(n), **comun, **sigue, **mas}


ESCALA = {
    "sigue": "escalar",
    "respuesta": "",
    "medio_respuesta": "correo",
    "correo": "persona@correo.example",
}


def reparos(respuesta: TestResponse) -> list[tuple[str, str]]:
    """(field, what is said of it) of the summary of a form that came back."""
    resumen = re.search(r'<div class="resumen-error".*?</div>', respuesta.text, re.DOTALL)
    assert resumen, respuesta.text
    return [
        (c, html.unescape(followed(t)))
        for c, t in re.findall(r'<a href="#(\w+)">(.*?)</a>', resumen[0], re.DOTALL)
    ]


@pytest.fixture(scope="module")
def sembrada(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[PersonaDato]]:
    """Made once, copied for each test."""
    carpeta = tmp_path_factory.mktemp("papel")
    return carpeta, visita.seed(carpeta, f"sqlite:///{carpeta / 'ventanilla.db'}", LUNES)


@pytest.fixture
def papeleria(sembrada: tuple[Path, list[PersonaDato]], tmp_path: Path) -> Iterator[Papeleria]:
    origen, gente = sembrada
    carpeta = tmp_path / "papel"
    shutil.copytree(origen, carpeta)
    jobs, clock, correo = InProcessJobs(), GivenClock(LUNES), MailDouble()
    url = f"sqlite:///{carpeta / 'ventanilla.db'}"
    config = door.Config(
        instance=carpeta,
        database_url=url,
        secret_key=SESSION_KEY,
        jobs=jobs,
        clock=clock,
        correo=correo,
    )
    hecha = Papeleria(door.create_app(config), jobs, clock, gente, correo)
    yield hecha
    hecha.engine.db.dispose()


def test_what_was_attended_on_paper_runs_the_procedure_from_the_hour_of_the_paper(
    papeleria: Papeleria,
) -> None:
    """Monday on paper, Wednesday entered: the term counts from Monday, both hours and both people
    stay, the area has the case."""
    resuelto, escala = papeleria.imprimir("atencion", 2)
    (ficha,) = papeleria.imprimir("turno", 1)
    papeleria.clock.move_to(bogota(2026, 11, 23, 9, 0))
    papeleria.caer()
    miercoles = bogota(2026, 11, 25, 10, 44)
    papeleria.clock.move_to(miercoles)
    hecho = papeleria.digitar(resuelto, llego="08:30", ficha_turno=ficha, **papeleria.atencion(1))
    assert hecho.status_code == 302, reparos(hecho)
    f, turno, caso = papeleria.de(resuelto)
    assert (f.inicio, f.fin, f.atendio) == (
        bogota(2026, 11, 23, 8, 42),
        bogota(2026, 11, 23, 8, 55),
        ASESOR,
    )
    assert (f.digitado, f.digitado_por) == (miercoles, COLEGA)
    assert (turno.fecha, turno.origen, turno.resultado, turno.ficha) == (
        dt.date(2026, 11, 23),
        "papel",
        "atendido",
        f"F-{resuelto[-4:]}",
    )
    assert (turno.llegada, turno.creado, turno.cerrado) == (
        bogota(2026, 11, 23, 8, 30),
        miercoles,
        f.fin,
    )
    assert caso is not None
    assert (caso.recepcion, caso.enviado, caso.asesor_id, caso.estado) == (
        f.inicio,
        f.fin,
        ASESOR,
        "cerrado",
    )
    assert caso.resuelto_primer_contacto
    with papeleria.sesion() as s:
        respuesta = s.scalars(sa.select(Respuesta).where(Respuesta.caso_id == caso.id)).one()
        assert (respuesta.autor, respuesta.enviada, respuesta.registrada) == (
            ASESOR,
            f.fin,
            miercoles,
        )
        atencion = s.scalars(sa.select(Atencion).where(Atencion.turno_id == turno.id)).one()
        assert (atencion.asesor_id, atencion.inicio, atencion.fin, atencion.titularidad) == (
            ASESOR,
            f.inicio,
            f.fin,
            "verificada",
        )
        periodos = s.scalars(
            sa.select(TurnoPeriodo)
            .where(TurnoPeriodo.turno_id == turno.id)
            .order_by(TurnoPeriodo.id)
        ).all()
        assert [(p.estado, p.confiable) for p in periodos] == [
            ("espera", False),
            ("atencion", False),
        ]
    assert papeleria.de(ficha)[0].turno_id == turno.id, (
        "the turn sheet of who was attended goes with the attention"
    )

    hecho = papeleria.digitar(
        escala, empezo="09:00", termino="09:10", **papeleria.atencion(2, **ESCALA)
    )
    assert hecho.status_code == 302, reparos(hecho)
    _f, turno, caso = papeleria.de(escala)
    assert caso is not None
    assert caso.limite_respuesta is not None
    assert dia_local(caso.limite_respuesta) == dt.date(2026, 12, 15), "15 business days from Monday"
    assert (caso.recepcion, caso.escalado, caso.area_id, turno.resultado) == (
        bogota(2026, 11, 23, 9, 0),
        miercoles,
        "VCC",
        "escalado",
    )
    with papeleria.sesion() as s:
        assert (
            s.scalars(
                sa.select(Escalonamiento.asesor_id).where(Escalonamiento.caso_id == caso.id)
            ).one()
            == ASESOR
        )
        procesos = s.scalars(
            sa.select(Instance.process).where(Instance.case_key == caso.case_key)
        ).all()
        assert sorted(procesos) == ["M5_1_02_escalonamiento", "M5_1_02_papel"]
        assert s.scalars(sa.select(Incumplimiento)).all() == []
    bandeja = followed(
        papeleria.entrar("funcionario.vcc01").get(f"/bandeja?q={caso.radicado}").text
    )
    assert "En papel" in bandeja
    pagina = followed(papeleria.entrar(COLEGA).get(f"/caso/{caso.case_key}").text)
    assert f"En papel: {escala}" in pagina
    assert "Lo digitó" in pagina
    assert ASESOR not in pagina, "people are called by their names, on paper too"
    assert "El plazo cuenta desde la hora del papel." in pagina
    with papeleria.sesion() as s:
        assert verify(s).faults == ()


def test_a_paper_entered_after_its_term_is_overdue_at_once_and_whoever_looks_sees_it(
    papeleria: Papeleria,
) -> None:
    """Condition 4.2 is not met either, and stays written; control 6-4 tells the third level the
    same day."""
    (escala,) = papeleria.imprimir("atencion", 1)
    papeleria.clock.move_to(bogota(2026, 11, 23, 9, 30))
    papeleria.caer(hasta="09:25")
    papeleria.clock.move_to(bogota(2026, 12, 17, 9, 0))
    hecho = papeleria.digitar(escala, **papeleria.atencion(1, **ESCALA))
    assert hecho.status_code == 302, reparos(hecho)
    dicho = followed(papeleria.entrar(COLEGA).get(hecho.headers["Location"]).text)
    assert "Papel de continuidad" in dicho
    _f, _turno, caso = papeleria.de(escala)
    assert caso is not None
    assert caso.limite_respuesta is not None
    assert caso.limite_respuesta < papeleria.clock.now()
    with papeleria.sesion() as s:
        condiciones = s.scalars(
            sa.select(Incumplimiento.condicion).where(Incumplimiento.caso_id == caso.id)
        ).all()
    assert sorted(condiciones) == ["4.2", "legal"]
    funcionario = papeleria.entrar("funcionario.vcc01")
    assert "Término legal: Venció" in followed(funcionario.get(f"/caso/{caso.case_key}").text)


@pytest.mark.parametrize(
    ("cambia", "donde"),
    [
        ({"fecha": "26/11/2026"}, "fecha"),
        ({"empezo": "07:15", "termino": "07:20"}, "empezo"),
        ({"empezo": "07:40", "termino": "07:50"}, "empezo"),
        ({"empezo": "09:40", "termino": "09:50"}, "empezo"),
        ({"fecha": "25/11/2026", "empezo": "11:50", "termino": "11:55"}, "empezo"),
        ({"empezo": "08:55", "termino": "08:42"}, "termino"),
        ({"llego": "08:50"}, "llego"),
        ({"num_doc": "12AB"}, "num_doc"),
        ({"nombre": "Otra Señora Distinta"}, "num_doc"),
        ({"ficha_turno": "9999"}, "ficha_turno"),
    ],
    ids=[
        "future day",
        "before printing",
        "before the outage",
        "after the outage",
        "future hour",
        "backwards",
        "arrival",
        "document",
        "name",
        "ticket",
    ],
)
def test_an_hour_or_a_number_that_cannot_be_is_refused_where_it_stands(
    papeleria: Papeleria, cambia: dict[str, str], donde: str
) -> None:
    (formato,) = papeleria.imprimir("atencion", 1)
    papeleria.clock.move_to(bogota(2026, 11, 23, 9, 30))
    papeleria.caer(hasta="09:25")
    papeleria.clock.move_to(bogota(2026, 11, 25, 10, 44))
    vuelta = papeleria.digitar(formato, **{**papeleria.atencion(1), **cambia})
    assert vuelta.status_code == 422
    assert [campo for campo, _frase in reparos(vuelta)] == [donde]
    with papeleria.sesion() as s:
        assert s.scalars(sa.select(Turno)).all() == []
        assert s.scalars(sa.select(FormatoPapel.digitado)).all() == [None]


def test_a_number_is_entered_once_and_only_by_who_may_at_its_point(papeleria: Papeleria) -> None:
    uno, otro = papeleria.imprimir("atencion", 2)
    papeleria.clock.move_to(bogota(2026, 11, 23, 9, 30))
    papeleria.caer(hasta="09:25")
    papeleria.clock.move_to(bogota(2026, 11, 23, 15, 0))
    assert papeleria.digitar(uno, **papeleria.atencion(1)).status_code == 302
    vista = papeleria.entrar(COLEGA).get(f"/papel/{PUNTO}/{uno[-4:]}")
    assert "Este número no se puede digitar" in vista.text
    assert 'name="empezo"' not in vista.text
    ruta, cliente = f"/papel/{PUNTO}/{otro[-4:]}", papeleria.entrar(COLEGA)
    testigo = visita.hidden(cliente.get(ruta).text, "csrf_token")
    campos = {**HORAS, **papeleria.atencion(2), "csrf_token": testigo}
    assert [cliente.post(ruta, data=campos).status_code for _n in range(2)] == [302, 422], (
        "the second press finds it entered"
    )
    papeleria.trabajar()
    with papeleria.sesion() as s:
        assert s.scalar(sa.select(sa.func.count()).select_from(Turno)) == 2
    assert papeleria.entrar(COLEGA).get(f"/papel/{PUNTO}/9999").status_code == 404
    de_lejos = next(
        c for c in ("asesor.pas01", "asesor.cal01", "asesor.med01") if _existe(papeleria, c)
    )
    assert papeleria.entrar(de_lejos).get(ruta).status_code == 404
    assert papeleria.entrar("funcionario.vcc01").get("/papel").status_code == 403
    assert papeleria.entrar("administrador").get(ruta).status_code == 403, (
        "who administers prints, and enters nothing"
    )
    assert papeleria.entrar(COLEGA).post(f"/papel/{PUNTO}/imprimir").status_code in (400, 403)
    buscada = papeleria.entrar(COLEGA).get(
        "/papel/digitar", query_string={"numero": f"https://v.test/papel/{PUNTO}/{otro[-4:]}"}
    )
    assert buscada.headers["Location"].endswith(ruta), "what a reader of the QR types"
    assert (
        papeleria.entrar(COLEGA)
        .get("/papel/digitar?numero=nada")
        .headers["Location"]
        .endswith("/papel?punto=BOG-AGU")
    )


def _existe(papeleria: Papeleria, usuario: str) -> bool:
    with papeleria.sesion() as s:
        return s.scalar(sa.select(Cuenta.id).where(Cuenta.usuario == usuario)) is not None


def test_documents_a_missing_power_a_ticket_and_a_rating_each_go_their_own_way(
    papeleria: Papeleria,
) -> None:
    """M5-1-04 from the hour of the paper; 5.2.5 pending; 5.2.2 absent; 5.2.13 of the attention that
    the paper names."""
    (documentos,), (sin_poder,) = (
        papeleria.imprimir("radicacion", 1),
        papeleria.imprimir("titularidad", 1),
    )
    (ficha,), (atendida,), (nota,) = (
        papeleria.imprimir("turno", 1),
        papeleria.imprimir("atencion", 1),
        papeleria.imprimir("calificacion", 1),
    )
    papeleria.clock.move_to(bogota(2026, 11, 23, 9, 30))
    papeleria.caer(hasta="09:25")
    papeleria.clock.move_to(bogota(2026, 11, 25, 10, 44))
    comun = {
        "documento_exhibido": "si",
        "calidad": "beneficiario",
        "medio_respuesta": "punto",
        "asunto": "Derecho de petición, 3 folios",
    }
    comun["autoriza_tratamiento"] = "no"
    foto = (io.BytesIO(pdf("El formato, como se llenó a mano")), "formato.pdf")
    assert (
        papeleria.digitar(
            documentos, quien=GESTION, copia=foto, **papeleria.persona(3), **comun
        ).status_code
        == 302
    )
    f, turno, _caso = papeleria.de(documentos)
    assert (f.atendio, f.digitado_por, turno.motivo_visita) == (
        ASESOR,
        GESTION,
        "radicar_documentos",
    )
    gestion = papeleria.entrar(GESTION)
    with papeleria.sesion() as s:
        (copia,) = archivos_del_caso(s, str(f.case_key))
    assert (copia.nombre, copia.subido_por) == ("formato.pdf", GESTION)
    assert gestion.get(f"/caso/{f.case_key}").status_code == 200
    with papeleria.sesion() as s:
        item = s.scalars(
            sa.select(Item.id).where(
                Item.case_key == f.case_key, Item.element == "act_1", Item.state == "open"
            )
        ).one()
    entrega = {
        "tema": "S02",
        "asunto": "Derecho de petición",
        "documento_1": "Carta",
        "folios_1": "3",
        "completo": "si",
    }
    assert papeleria.enviar_a(gestion, f"/tarea/{item}", **entrega).status_code == 302
    with papeleria.sesion() as s:
        escrito = s.scalars(sa.select(Escrito).where(Escrito.turno_id == turno.id)).one()
        caso = s.get_one(Caso, escrito.caso_id)
    assert caso.recepcion == bogota(2026, 11, 23, 8, 42), (
        "received when the paper says, not when it was filed"
    )
    assert escrito.radicado == caso.radicado

    falta = {
        **papeleria.persona(4),
        "motivo_visita": "servicio_adquirido",
        "motivo": "Vino por su hermana, sin poder.",
    }
    assert papeleria.digitar(sin_poder, **falta).status_code == 302
    assert papeleria.de(sin_poder)[1].resultado == "poder_pendiente"
    fila = {"motivo_visita": "servicio_adquirido", "condicion": "ninguna", "resultado": "ausente"}
    assert papeleria.digitar(ficha, **fila).status_code == 302
    assert papeleria.de(ficha)[1].resultado == "ausente"
    sin_digitar = papeleria.digitar(nota, formato_atencion=atendida, calificacion="5", atendio="")
    assert [campo for campo, _frase in reparos(sin_digitar)] == ["formato_atencion"]
    assert papeleria.digitar(atendida, **papeleria.atencion(5)).status_code == 302
    calificada = papeleria.digitar(nota, formato_atencion=atendida, calificacion="5")
    assert calificada.status_code == 302, reparos(calificada)
    with papeleria.sesion() as s:
        hecha = s.scalars(sa.select(Calificacion)).one()
    assert (hecha.valor, hecha.medio, hecha.turno_id, hecha.asesor_id) == (
        5,
        "papel",
        papeleria.de(atendida)[1].id,
        ASESOR,
    )
    assert papeleria.de(nota)[0].case_key == papeleria.de(atendida)[0].case_key
    with papeleria.sesion() as s:
        assert papel.pendientes(s, PUNTO) == []
        assert verify(s).faults == ()


def test_numbers_that_were_printed_and_never_entered_are_listed_until_somebody_says_what_became_of_them(
    papeleria: Papeleria,
) -> None:
    """Control 6-6: by point, with their age; damaged, lost, given back, in use; a lot is void with
    a reason. Who did it stays."""
    numeros = papeleria.imprimir("atencion", 5)
    sueltos = papeleria.imprimir("turno", 2)
    assert [n[-4:] for n in numeros + sueltos] == [f"{n:04d}" for n in range(1, 8)], (
        "one series a point, whatever the form"
    )
    papeleria.clock.move_to(bogota(2026, 11, 26, 9, 0))
    coordinador, ruta, pagina = (
        papeleria.entrar(COORDINADOR),
        f"/papel/{PUNTO}/explicar",
        f"/papel?punto={PUNTO}",
    )
    sin_motivo = papeleria.enviar_a(
        coordinador, ruta, pagina, numero=numeros[0], como="danado", nota=""
    )
    assert sin_motivo.status_code == 422
    dichos = [
        ("danado", "Se mojó en la bodega"),
        ("perdido", "No aparece en la carpeta"),
        ("en_blanco", ""),
        ("usado", "Andrés, módulo 7"),
    ]
    for numero, (como, nota) in zip(numeros, dichos, strict=False):
        assert (
            papeleria.enviar_a(
                coordinador, ruta, pagina, numero=numero, como=como, nota=nota
            ).status_code
            == 302
        )
    lista = followed(papeleria.entrar(COLEGA).get("/papel").text)
    assert "hace 3 días" in lista
    assert "Andrés, módulo 7" in lista
    al_lado = followed(
        papeleria.entrar(COLEGA).get(f"/papel/{PUNTO}/{numeros[3][-4:]}").text
    ).partition("Impresos y sin digitar")[2]
    assert (al_lado.count(">Falta<"), al_lado.count(">Guardado<")) == (0, 3), (
        "beside the form a blank one is no more missing than on the list"
    )
    with papeleria.sesion() as s:
        (cuenta,) = papel.cuentas(s)
        assert [n.nombre for n in papel.pendientes(s)] == [numeros[3], numeros[4], *sueltos]
        lote = s.scalars(sa.select(LotePapel).where(LotePapel.clase == "turno")).one()
    assert dict(cuenta.por_estado) == {
        Estado.DANADO: 1, Estado.PERDIDO: 1, Estado.EN_BLANCO: 1, Estado.USADO: 1, Estado.FALTA: 3,
    }  # fmt: skip
    assert (cuenta.mas_viejo, cuenta.impresos) == (LUNES, 7)
    with papeleria.sesion() as s:
        danado = papel.numero(s, numeros[0])
    assert danado is not None
    assert (danado.f.explicado_por, danado.f.explicado, danado.f.explicacion_nota) == (
        COORDINADOR, papeleria.clock.now(), "Se mojó en la bodega",
    )  # fmt: skip
    disponibilidad = followed(papeleria.entrar("admin.crm").get("/disponibilidad").text)
    assert "Papel de continuidad, por punto" in disponibilidad
    anular = f"/papel/lote/{lote.id}/anular"
    papeleria.enviar_a(coordinador, anular, pagina, motivo="no")
    assert len(_pendientes(papeleria)) == 4
    papeleria.enviar_a(coordinador, anular, pagina, motivo="Se imprimieron con el logo viejo")
    assert _pendientes(papeleria) == [numeros[3], numeros[4]]
    assert coordinador.get(f"/papel/lote/{lote.id}.pdf").status_code == 404, (
        "void numbers are not printed again"
    )
    with papeleria.sesion() as s:
        anulado = s.get_one(LotePapel, lote.id)
    assert (anulado.anulado_por, anulado.anulado_motivo) == (
        COORDINADOR,
        "Se imprimieron con el logo viejo",
    )
    anulada = papeleria.entrar(COLEGA).get(f"/papel/{PUNTO}/{sueltos[0][-4:]}").text
    assert "Se imprimieron con el logo viejo" in anulada


def _pendientes(papeleria: Papeleria) -> list[str]:
    with papeleria.sesion() as s:
        return [n.nombre for n in papel.pendientes(s, PUNTO)]


def test_an_outage_is_told_once_with_possible_hours_and_belongs_to_one_that_was_recorded(
    papeleria: Papeleria,
) -> None:
    papeleria.imprimir("atencion", 1)
    papeleria.clock.move_to(bogota(2026, 11, 23, 9, 30))
    with papeleria.sesion() as s, s.begin():
        caida = disponibilidad.caer(
            s,
            bogota(2026, 11, 23, 8, 5),
            "08006",
            disponibilidad.REVISION,
            Acto("motor", papeleria.clock.now()),
        )
        caida_id = caida.id
    coordinador, ruta, pagina = (
        papeleria.entrar(COORDINADOR),
        f"/papel/{PUNTO}/caida",
        f"/papel?punto={PUNTO}",
    )
    comun = {"fecha": "23/11/2026", "motivo": "El CRM no responde en el punto"}
    for campos in (
        {"desde": "10:00"},
        {"desde": "09:00", "hasta": "08:00"},
        {"desde": "08:10", "hasta": "10:00"},
    ):
        mala = papeleria.enviar_a(coordinador, ruta, pagina, **comun, **campos)
        assert [campo for campo, _frase in reparos(mala)] == ["desde"]
    assert (
        papeleria.enviar_a(
            coordinador, ruta, pagina, **comun, desde="08:10", de=f"crm:{caida_id}"
        ).status_code
        == 302
    )
    assert (
        reparos(papeleria.enviar_a(coordinador, ruta, pagina, **comun, desde="09:00"))[0][0]
        == "desde"
    ), "it goes on already"
    fila = followed(papeleria.entrar(ASESOR).get("/atencion").text)
    assert "El punto trabaja en papel desde" in fila
    papeleria.digitar(f"{PUNTO}-0001", **papeleria.atencion(1))
    with papeleria.sesion() as s:
        suya = s.scalars(sa.select(CaidaPunto)).one()
        assert papel.de_caida_del_crm(s, caida_id) == (1, 0)
    fin = f"/papel/caida/{suya.id}/terminar"
    assert (
        reparos(
            papeleria.enviar_a(coordinador, fin, pagina, fecha_fin="23/11/2026", hora_fin="08:30")
        )[0][0]
        == "hora_fin"
    )
    assert (
        papeleria.enviar_a(
            coordinador, fin, pagina, fecha_fin="23/11/2026", hora_fin="09:25"
        ).status_code
        == 302
    )
    with papeleria.sesion() as s:
        terminada = s.get_one(CaidaPunto, suya.id)
    assert (terminada.hasta, terminada.terminada_por) == (bogota(2026, 11, 23, 9, 25), COORDINADOR)
    assert "El punto trabaja en papel desde" not in followed(
        papeleria.entrar(ASESOR).get("/atencion").text
    )


def test_every_paper_of_an_outage_counts_also_when_a_point_went_to_paper_twice_in_it(
    papeleria: Papeleria,
) -> None:
    papeleria.imprimir("atencion", 3)
    papeleria.clock.move_to(bogota(2026, 11, 23, 11, 0))
    with papeleria.sesion() as s, s.begin():
        caida = disponibilidad.caer(
            s,
            bogota(2026, 11, 23, 8, 0),
            "08006",
            disponibilidad.REVISION,
            Acto("motor", papeleria.clock.now()),
        )
        de, acto = f"crm:{caida.id}", Acto(COORDINADOR, papeleria.clock.now())
        for desde, hasta in ((8, 9), (10, 11)):
            tramo = (bogota(2026, 11, 23, desde), bogota(2026, 11, 23, hasta))
            papel.declarar(
                s, PUNTO, papel.NuevaCaida(*tramo, "El CRM no responde en el punto", de), acto
            )
    for n, empezo in enumerate(("08:42", "10:10"), 1):
        hecho = papeleria.digitar(
            f"{PUNTO}-{n:04d}", empezo=empezo, termino=f"{empezo[:3]}55", **papeleria.atencion(n)
        )
        assert hecho.status_code == 302, reparos(hecho)
    with papeleria.sesion() as s, s.begin():
        papel.explicar(s, f"{PUNTO}-0003", Estado.USADO, "La tiene el módulo 2", acto)
        assert papel.de_caida_del_crm(s, caida.id) == (2, 1)


def test_what_comes_late_counts_in_the_totals_of_its_day_and_not_in_the_times(
    papeleria: Papeleria,
) -> None:
    """A day of an open month is summed up again; one of a closed month stays, and the visit counts
    in the month of its entry."""
    uno, otro = papeleria.imprimir("atencion", 2)
    papeleria.clock.move_to(bogota(2026, 11, 23, 9, 30))
    papeleria.caer(hasta="09:25")
    papeleria.clock.move_to(bogota(2026, 11, 25, 10, 0))
    lunes = dt.date(2026, 11, 23)
    with papeleria.sesion() as s, s.begin():
        diario.resumir(s, lunes, [], now=papeleria.clock.now())
    papeleria.digitar(uno, **papeleria.atencion(1))
    with papeleria.sesion() as s, s.begin():
        assert lunes in diario.faltan(s, papeleria.clock.now())
        (visita_,) = meses.visitas_del_dia(s, lunes)
        assert (visita_.espera, visita_.atencion, visita_.resultado) == (None, None, "atendido")
        diario.resumir(s, lunes, [], now=papeleria.clock.now())
    papeleria.clock.move_to(bogota(2026, 12, 1, 6, 0))
    with papeleria.sesion() as s, s.begin():
        meses.cerrar(s, dt.date(2026, 11, 1), Acto("motor", papeleria.clock.now()))
    papeleria.clock.move_to(bogota(2026, 12, 2, 9, 0))
    papeleria.digitar(otro, **papeleria.atencion(2))
    with papeleria.sesion() as s:
        assert s.get(DiaResumido, lunes) is not None, (
            "the days of a closed month add up to its figures"
        )
        assert meses.tardios(s, dt.date(2026, 11, 1)) == 1
        assert papel.del_mes(s, dt.date(2026, 11, 1), dt.date(2026, 12, 1)) == papel.DelMes(2, 1)
    indicadores = followed(papeleria.entrar(COORDINADOR).get("/indicadores?mes=2026-11").text)
    assert "2 personas de este mes fueron atendidas en papel" in indicadores
    assert "1 se digitó después del cierre" in indicadores


def test_the_code_of_a_paper_leads_to_its_own_number_also_beyond_four_digits(
    papeleria: Papeleria,
) -> None:
    with papeleria.sesion() as s, s.begin():
        sql.SIGUIENTE["sqlite"].scalar(s, {"serie": f"papel:{PUNTO}", "ultimo": 9_998})
    (cuatro, cinco) = papeleria.imprimir("atencion", 2)
    assert (cuatro, cinco) == (f"{PUNTO}-9999", f"{PUNTO}-10000")
    with (
        papeleria.sesion() as s,
        papeleria.app.test_request_context(base_url="https://ventanilla.test"),
    ):
        hechas = hojas.pedido(s.get_one(Punto, PUNTO), s.scalars(sa.select(LotePapel)).one()).datos[
            "hojas"
        ]
        codigos = [
            codigo_qr(enlace_publico("papel.digitar", punto_id=PUNTO, numero=n))
            for n in (9999, 10000)
        ]
        assert [h["qr"] for h in hechas] == codigos
    papeleria.clock.move_to(bogota(2026, 11, 23, 9, 0))
    papeleria.caer()
    assert cinco in followed(papeleria.entrar(COLEGA).get(f"/papel/{PUNTO}/10000").text)


@pytest.mark.parametrize("clase", list(CLASES))
def test_a_lot_is_one_accessible_document_with_a_sheet_and_a_code_for_each_number(
    papeleria: Papeleria, clase: str, tmp_path: Path
) -> None:
    numeros = papeleria.imprimir(clase, 3)
    respuesta = papeleria.entrar(COORDINADOR).get("/papel/lote/1.pdf")
    assert respuesta.mimetype == "application/pdf"
    assert papeleria.entrar(COLEGA).get("/papel/lote/1.pdf").status_code == 403
    hojas = pages(assert_document(respuesta.data, tmp_path, contents=False))
    assert len(hojas) == 3, "a sheet a number"
    for numero, hoja in zip(numeros, hojas, strict=True):
        assert hoja.count(numero) == 2
        assert CLASES[clase].nombre in hoja
        assert ("como responsable, a reco" in hoja) == (clase in ("atencion", "radicacion")), (
            "who ticks that they consent has read to what"
        )
    assert respuesta.data == papeleria.entrar(COORDINADOR).get("/papel/lote/1.pdf").data, (
        "printed again it is the same"
    )
    lectora = papeleria.entrar(COORDINADOR)
    lectora.set_cookie("idioma", "en")
    en_ingles = pages(
        assert_document(
            lectora.get("/papel/lote/1.pdf").data, tmp_path, contents=False, language="en-CO"
        )
    )
    assert (len(en_ingles), en_ingles[0].count("Write here")) == (3, 1)
    assert spanish_left(en_ingles[0]) == []
