"""Of whom nothing must be kept, nothing is left: what is held is looked for in every column of the
database and in the store of files."""

import datetime as dt
import hashlib
import io
import json
import re
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.types import Completed, Data
from records.base.actos import Acto
from records.casos import archivos
from records.casos.tablas import Archivo, Caso, Norma, Tipificacion
from records.correo import correos
from records.correo.avisos import SIN_CORREO
from records.correo.tablas import Aviso
from records.derechos import de_una_persona, derechos
from records.derechos.tablas import ParteDeSolicitud, SolicitudDatos
from records.escritos.tablas import Escrito, EscritoDocumento
from records.personas import personas
from records.personas.personas import NuevaPersona
from records.personas.tablas import Contacto, Persona, Poder, ServicioAdquirido
from records.plazos.reglas.calendario import dia_local
from records.retencion import reservas
from records.sistemas import crm_externo
from records.sistemas.tablas import ConsultaLegado, CrmDiferencia, CrmEnlace, CrmSalida
from records.visita.tablas import Atencion, Calificacion, DigiturnoEvento, Turno
from tests.kit import files, public
from tests.kit.cast import ASESOR_DE_PUNTO, person
from tests.kit.clock import NOW
from tests.kit.public import Point
from tests.kit.web import followed
from webforms.base.servicios import EXTENSION
from webforms.comandos.auditoria import audit
from webforms.comandos.retencion import retention
from webforms.derechos import supresion as trabajador
from webforms.documentos.barrido import barrer

DOCUMENTO = ("CC", "52123456")
NOMBRE, CALLE, CELULAR = "Rosalbina Quiñónez Zapata", "Carrera 91 # 77-13 Sur", "3104477129"
CORREO, OBLIGACION, PREGUNTA = (
    "rosalbina.q@ciudadana.example",
    "5510098877",
    "Si puede pagar en Medellín por su enfermedad",
)
DICHO = (DOCUMENTO[1], NOMBRE, CALLE, CELULAR, CORREO, OBLIGACION, PREGUNTA)
PODER = "Notaría 88 de Sincelejo"


@pytest.fixture
def punto(tmp_path: Path, db_url: str) -> Iterator[Point]:
    kit = public.build(tmp_path, db_url)
    yield kit
    kit.web.engine.db.dispose()


def una_persona(punto: Point) -> int:
    """With contact data, products, a power, answers of a legacy system, what the two CRMs said
    otherwise, and a document of her own."""
    acto = Acto(ASESOR_DE_PUNTO.id, NOW)
    with punto.web.session() as s, s.begin():
        suya = personas.crear_persona(s, NuevaPersona(*DOCUMENTO, NOMBRE, "beneficiario"), now=NOW)
        suya.fecha_nac = dt.date(1988, 4, 3)
        personas.actualizar_datos(
            s, suya.id, {"direccion": CALLE, "celular": CELULAR, "correo": CORREO}, acto
        )
        s.add(
            ServicioAdquirido(
                persona_id=suya.id,
                linea="PREG",
                obligacion=OBLIGACION,
                sistema_origen="cctex",
                anio_giro=2019,
                estado="vigente",
            )
        )
        s.add(Poder(titular_id=suya.id, apoderado_id=suya.id, notaria=PODER, numero="1187", fecha=NOW.date(), estado="valido",
                    registrado=NOW, registrado_por=acto.quien))  # fmt: skip
        s.add(ConsultaLegado(clave="9:9:cctex", persona_id=suya.id, sistema="cctex", modo="automatica", estado="ok", ms=3,
                             filas=[{"obligacion": OBLIGACION, "saldo": "77000"}], consultada=NOW, asesor_id=acto.quien))  # fmt: skip
        s.add(CrmDiferencia(tipo="persona", local_id=suya.id, campo="correo", nuestro=CORREO, suyo=f"otro.{CORREO}", paso="preguntar",
                            porque="distintos", hallada=NOW))  # fmt: skip
        return suya.id


def guarda(punto: Point, nombre: str, caso: str | None, persona_id: int | None = None) -> str:
    """A PDF of a case or of a person, in the store; its hash."""
    almacen = punto.web.app.extensions[EXTENSION].archivos
    guardado = almacen.guardar(almacen.revisar(io.BytesIO(files.pdf(nombre)), f"{nombre}.pdf"))
    with punto.web.session() as s, s.begin():
        archivos.registrar_archivo(
            s,
            guardado.valor(),
            Acto(ASESOR_DE_PUNTO.id, punto.clock.now(), case_key=caso),
            persona_id=persona_id,
        )
    return str(guardado.sha256)


def en_el_almacen(tmp_path: Path, sha256: str) -> bool:
    return (tmp_path / "archivos" / sha256[:2] / sha256[2:]).exists()


def visita(punto: Point) -> str:
    """She takes a turn with her document, is attended, brings no power, and the day ends: no case
    comes of it."""
    punto.take_turn(punto.device("quiosco-1"), tipo_doc=DOCUMENTO[0], num_doc=DOCUMENTO[1])
    turno = punto.turnos()[-1]
    assert turno.num_doc == DOCUMENTO[1]
    punto.call_turn(turno, "3")
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
    )
    motivo: Data = {
        "motivo": PREGUNTA,
        "motivo_visita": "servicio_adquirido",
        "requiere_radicar": False,
        "resoluble": True,
    }
    punto.complete(turno, "act_5_2_3", motivo, "asesor.motivo")
    titular: Data = {
        "tipo_doc": "CC",
        "num_doc": DOCUMENTO[1],
        "documento_exhibido": True,
        "calidad": "apoderado",
        "camino": "poder",
    }
    punto.complete(turno, "act_5_2_4", titular, "asesor.titularidad")
    sin_poder: Data = {"poder_presentado": False, "vuelve_hoy": True, "volver_a_titularidad": False}
    sin_poder |= {"apoderado_tipo_doc": "CC", "apoderado_num_doc": DOCUMENTO[1]}
    punto.complete(turno, "act_5_2_5", sin_poder, "asesor.poder")
    punto.wait(hours=12)
    assert not punto.open_items(turno)
    return str(turno.case_key)


def vuelve(punto: Point) -> str:
    """She takes another turn, and nobody attends her: the day ends."""
    punto.clock.move_to(NOW + dt.timedelta(days=7))
    punto.take_turn(punto.device("quiosco-2"), tipo_doc=DOCUMENTO[0], num_doc=DOCUMENTO[1])
    turno = punto.turnos()[-1]
    punto.wait(hours=12)
    return str(turno.case_key)


def pedir(punto: Point, persona_id: int, **otro: str) -> int:
    """All is to be erased, unless said otherwise; who decides says yes. The number of the row."""
    acto = Acto("revisor", punto.clock.now())

    def pide(s: Session) -> int:
        hay = derechos.que_hay(
            s, persona_id, trabajador.en_curso(s, derechos.suyos(s, persona_id).por_mirar)
        )
        hacer = [(parte, otro.get(parte.que, derechos.SUPRIMIR)) for parte in hay]
        pedido = derechos.Pedido(
            persona_id, "2026-0140022", dia_local(acto.now), "Retira la autorización", hacer
        )
        return derechos.pedir(s, pedido, acto).id

    hecha = punto.web.engine.uow.run(pide)
    punto.web.engine.uow.run(
        lambda s: derechos.decidir(s, hecha, "", Acto("coordinador", acto.now), aprueba=True)
    )
    return hecha


def cumplir(punto: Point) -> int:
    with punto.web.app.app_context():
        return trabajador.cumplir(punto.clock.now())


def partes(punto: Point) -> dict[str, tuple[str, str, int]]:
    with punto.web.session() as s:
        return {
            p.que: (p.estado, p.causa, p.datos)
            for p in s.scalars(sa.select(ParteDeSolicitud).order_by(ParteDeSolicitud.id))
        }


def donde(punto: Point, *dicho: str) -> set[str]:
    """Table.column in which any of this stands, also inside of JSON and of what is stored as
    bytes."""
    hallado = set()
    with punto.web.engine.db.connect() as c:
        for tabla in sa.inspect(c).get_table_names():
            for fila in c.execute(sa.select(sa.text("*")).select_from(sa.table(tabla))).mappings():
                for columna, valor in fila.items():
                    texto = (
                        valor.decode("utf-8", "replace")
                        if isinstance(valor, bytes | memoryview)
                        else json.dumps(valor, default=str)
                    )
                    texto += str(valor)
                    if any(d in texto for d in dicho):
                        hallado.add(f"{tabla}.{columna}")
    return hallado


def audita(punto: Point) -> None:
    hecho = punto.web.app.test_cli_runner().invoke(audit, ["verify"])
    assert hecho.exit_code == 0, hecho.output


def test_of_whom_nothing_must_be_kept_nothing_is_left(punto: Point, tmp_path: Path) -> None:
    suya = una_persona(punto)
    caso = visita(punto)
    de_la_visita, de_ella = guarda(punto, "foto", caso), guarda(punto, "cedula", None, suya)
    compartido = guarda(punto, "aviso", caso)
    assert guarda(punto, "aviso", "otro-caso") == compartido
    antes = donde(punto, *DICHO, PODER)
    assert {"persona.nombre", "contacto.valor", "turno.num_doc", "atencion.comparacion", "submission.form_values", "atencion.motivo",
            "crm_diferencia.suyo", "servicio_adquirido.obligacion", "consulta_legado.filas", "poder.notaria"} <= antes  # fmt: skip
    with punto.web.session() as s:
        suyo = de_una_persona.todo(s, suya)
    assert (suyo.claves, {f["case_key"] for f in suyo.filas["turno"]}) == ({caso}, {caso}), (
        "whoever asks what is held is told of it"
    )
    pedir(punto, suya)
    assert donde(punto, *DICHO, PODER) == antes
    assert cumplir(punto) == 1
    assert donde(punto, *DICHO, PODER) == set()
    assert {hecha for hecha, _causa, _datos in partes(punto).values()} == {"hecha"}
    assert partes(punto)["visita"][2] >= 5, (
        "four forms, what the turn and the attention said, two files"
    )
    assert [en_el_almacen(tmp_path, x) for x in (de_la_visita, de_ella, compartido)] == [
        False,
        False,
        True,
    ]
    with punto.web.session() as s:
        assert s.get_one(Persona, suya).nombre == "Persona suprimida"
        assert set(s.scalars(sa.select(Archivo.nombre).where(Archivo.eliminado.is_not(None)))) == {
            "eliminado"
        }
        assert s.scalars(sa.select(Turno.resultado)).one() == "poder_pendiente", (
            "what is counted of the point stays"
        )
        acta = s.scalars(sa.select(SolicitudDatos)).one()
        assert hashlib.sha256(acta.contenido or b"").hexdigest() == acta.huella
        cadenas = acta.cadenas or {}
        assert (cadenas["antes"][caso]["formularios"], cadenas["despues"][caso]["formularios"]) == (
            5,
            0,
        )
    pagina = followed(punto.web.browser("revisor").get("/cumplimiento/datos/1").text)
    assert "Persona suprimida" in pagina
    assert f"*{suya}" not in pagina
    assert "siguen íntegras" in pagina
    audita(punto)


def test_the_name_goes_with_everything_else_or_stays(punto: Point) -> None:
    suya = una_persona(punto)
    with pytest.raises(derechos.DatoInvalido, match="se suprimen con todo lo demás"):
        pedir(punto, suya, contactos=derechos.CONSERVAR)
    pedir(punto, suya, contactos=derechos.CONSERVAR, nombre=derechos.CONSERVAR)
    assert cumplir(punto) == 1
    assert {que: estado for que, (estado, _c, datos) in partes(punto).items() if not datos} == {
        "contactos": "hecha",
        "nombre": "hecha",
    }
    assert "contacto.valor" in donde(punto, CELULAR)
    assert donde(punto, NOMBRE) >= {"persona.nombre"}
    audita(punto)


def test_whoever_came_again_since_they_asked_keeps_their_name(punto: Point) -> None:
    suya = una_persona(punto)
    visita(punto)
    pedir(punto, suya)
    otra = vuelve(punto)
    assert cumplir(punto) == 1
    assert partes(punto)["visita"][:2] == ("hecha", "")
    assert partes(punto)["nombre"] == ("no", "vino_otra_vez", 0)
    assert "La persona vino otra vez después de pedirlo" in followed(
        punto.web.browser("revisor").get("/cumplimiento/datos/1").text
    )
    with punto.web.session() as s:
        assert derechos.suyos(s, suya).visitas == {otra}
    pedir(punto, suya)
    assert cumplir(punto) == 1
    assert donde(punto, *DICHO) == set()
    audita(punto)


def test_a_process_that_ends_half_way_is_gone_on_with_and_counts_what_it_did(
    punto: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    suya = una_persona(punto)
    visita(punto)
    pedir(punto, suya)
    with monkeypatch.context() as m:
        de_verdad = derechos.hacer

        def se_apaga(s: Session, parte_id: int, *todo: Any, **mas: Any) -> object:
            if derechos.parte(s, parte_id).que == derechos.VISITA:
                raise SystemExit
            return de_verdad(s, parte_id, *todo, **mas)

        m.setattr(derechos, "hacer", Mock(side_effect=se_apaga))
        with pytest.raises(SystemExit):
            cumplir(punto)
    assert "submission.form_values" not in donde(punto, *DICHO)
    assert "atencion.motivo" in donde(punto, *DICHO)
    assert cumplir(punto) == 1
    assert partes(punto)["visita"][2] >= 5
    assert donde(punto, *DICHO) == set()
    audita(punto)


def test_a_hold_that_comes_when_half_of_a_visit_is_gone_keeps_the_rest_and_the_act_counts_the_half(
    punto: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    suya = una_persona(punto)
    caso = visita(punto)
    pedir(punto, suya)
    de_verdad = trabajador.en_curso

    def a_tiempo(s: Session, claves: Iterable[str]) -> set[str]:
        """The hold is put when the forms are gone."""
        formularios = s.execute(
            sa.text("SELECT count(*) FROM submission WHERE form_values IS NOT NULL")
        ).scalar_one()
        reservado = reservas.esta(s, caso)
        if not formularios and not reservado:
            reservas.poner(s, caso, "Tutela 2026-0231", Acto("revisor", punto.clock.now()))
        return de_verdad(s, claves)

    with monkeypatch.context() as m:
        m.setattr(trabajador, "en_curso", a_tiempo)
        assert cumplir(punto) == 1
    assert partes(punto)["visita"] == ("no", "reserva", 5)
    assert partes(punto)["nombre"] == ("no", "reserva", 0)
    assert "atencion.motivo" in donde(punto, PREGUNTA)
    assert "5 formularios ya se habían suprimido" in followed(
        punto.web.browser("revisor").get("/cumplimiento/datos/1").text
    )
    audita(punto)


def test_a_hold_that_is_put_at_the_moment_of_the_erasure_is_seen(punto: Point) -> None:
    """Either waits for the other: whichever commits first, the other one sees it."""
    suya = una_persona(punto)
    caso = visita(punto)
    pedir(punto, suya)
    hecho: list[int] = []
    otro = threading.Thread(target=lambda: hecho.append(cumplir(punto)))
    with punto.web.session() as s, s.begin():
        reservas.poner(s, caso, "Tutela", Acto("revisor", punto.clock.now()))
        s.flush()
        otro.start()
        otro.join(0.7)
        assert otro.is_alive()
    otro.join(30)
    assert hecho == [1]
    assert {(estado, causa) for estado, causa, _datos in partes(punto).values()} == {
        ("no", "reserva")
    }
    assert donde(punto, CELULAR, PREGUNTA, NOMBRE) >= {
        "contacto.valor",
        "atencion.motivo",
        "persona.nombre",
        "submission.form_values",
    }


def test_a_visit_that_is_not_theirs_any_more_is_left_as_it_is(punto: Point) -> None:
    """It was opened again since, and somebody else was verified in it."""
    suya = una_persona(punto)
    visita(punto)
    pedir(punto, suya)
    with punto.web.session() as s, s.begin():
        otra = personas.crear_persona(
            s, NuevaPersona("CC", "52999888", "Olga Ríos", "cliente_potencial"), now=NOW
        )
        s.execute(sa.update(Atencion).values(persona_id=otra.id))
    antes = donde(punto, PREGUNTA)
    assert cumplir(punto) == 1
    assert partes(punto)["visita"] == ("no", "cambio", 0)
    assert partes(punto)["nombre"][0] == "no"
    assert donde(punto, PREGUNTA) == antes >= {"atencion.motivo"}
    with punto.web.session() as s:
        assert (
            s.execute(
                sa.text("SELECT count(*) FROM submission WHERE form_values IS NULL")
            ).scalar_one()
            == 0
        )
    assert "Ya no es suya, o ya tiene caso" in followed(
        punto.web.browser("revisor").get("/cumplimiento/datos/1").text
    )
    audita(punto)


def test_what_was_erased_meanwhile_by_rule_keeps_no_request_open(punto: Point) -> None:
    suya = una_persona(punto)
    pedir(punto, suya)
    with punto.web.session() as s, s.begin():
        s.execute(sa.update(Contacto).values(valor=""))
        s.execute(sa.update(CrmDiferencia).values(nuestro="", suyo=""))
    assert cumplir(punto) == 1
    assert partes(punto)["contactos"] == ("hecha", "", 0)


def test_a_visit_may_be_restricted_instead(punto: Point) -> None:
    suya = una_persona(punto)
    caso = visita(punto)
    coordinador = punto.web.browser("coordinador")
    assert coordinador.get(f"/caso/{caso}").status_code == 200
    pedir(
        punto,
        suya,
        visita=derechos.RESTRINGIR,
        nombre=derechos.CONSERVAR,
        contactos=derechos.CONSERVAR,
    )
    assert cumplir(punto) == 1
    cerrado = coordinador.get(f"/caso/{caso}")
    assert cerrado.status_code == 403
    dicho = followed(cerrado.text)
    assert "Este caso está restringido: su titular pidió que no se abra." in dicho
    assert "pídalo a Cumplimiento" in dicho
    assert not re.search("|".join(map(re.escape, DICHO)), cerrado.text)
    assert punto.web.browser("funcionaria").get(f"/caso/{caso}").status_code == 404, (
        "who never could is told nothing"
    )
    with punto.web.session() as s:
        assert personas.historia_persona(s, suya).visitas == ()
    pedir(punto, suya)
    assert cumplir(punto) == 1
    assert donde(punto, *DICHO) == set(), "and erased later"
    audita(punto)


def test_the_rule_of_retention_takes_of_such_a_visit_what_is_personal(
    punto: Point, tmp_path: Path
) -> None:
    suya = una_persona(punto)
    caso = visita(punto)
    foto = guarda(punto, "foto", caso)
    punto.clock.move_to(NOW + dt.timedelta(days=9 * 366))
    for _vez in range(2):
        hecho = punto.web.app.test_cli_runner().invoke(retention, ["--apply"])
        assert hecho.exit_code == 0, hecho.output
        assert ("1 visitas sin caso" in hecho.output) == (not _vez)
    quedan = donde(punto, DOCUMENTO[1], PREGUNTA)
    assert quedan == {"persona.num_doc"}, "of the person herself it is not said to go"
    assert en_el_almacen(tmp_path, foto), "its content goes with the next sweep"
    barrer(
        punto.web.app.extensions[EXTENSION].archivos,
        punto.web.engine.uow,
        punto.clock.now(),
        quitar=True,
    )
    assert not en_el_almacen(tmp_path, foto)
    with punto.web.session() as s:
        assert not derechos.suyos(s, suya).visitas
    audita(punto)


def test_what_somebody_was_typing_and_what_servers_answered_goes_too(
    punto: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    suya = una_persona(punto)
    de_verdad = Point.complete

    def con_borrador(self: Point, turno: Turno, elemento: str, *todo: Any, **mas: Any) -> Completed:
        """A colleague had begun the same form."""
        if elemento == "act_5_2_5":
            tarea, otra = punto.open_item(turno, elemento), person("otra.asesora", "asesor@BOG-AGU")
            punto.web.engine.items.save_draft(
                tarea.id, {"notaria": PODER, "de": NOMBRE}, actor=otra, now=punto.clock.now()
            )
        return de_verdad(self, turno, elemento, *todo, **mas)

    monkeypatch.setattr(Point, "complete", con_borrador)
    caso = visita(punto)
    turno_id = punto.turnos()[-1].id
    with punto.web.session() as s:
        producto = s.scalars(sa.select(ServicioAdquirido.id)).one()
    devuelto = f"550 5.1.1 <{CORREO}>: no such user"
    sin_respuesta = {"sistema": "cctex", "modo": "automatica", "estado": "no_disponible", "ms": 1, "causa": "rechazado",
                     "detalle": f"el programa dice 12: {DOCUMENTO[1]} no existe", "consultada": NOW, "asesor_id": "a"}  # fmt: skip
    with punto.web.session() as s, s.begin():
        s.add_all(
            [
                Aviso(clave="a", case_key=caso, tipo="carta", para=CORREO, asunto="Su visita", texto=NOMBRE, creado=NOW, error=devuelto,
                      descartado=NOW, descartado_por="admin", descartado_porque=f"{CORREO} es de otra persona"),
                Aviso(clave="b", case_key=caso, tipo="carta", para="", asunto="Su visita", texto=NOMBRE, creado=NOW, error=SIN_CORREO),
                Aviso(clave="c", case_key=caso, tipo="carta", para=CORREO, asunto="Su visita", texto=NOMBRE, creado=NOW, proximo=NOW),
                ConsultaLegado(clave="1", turno_id=turno_id, persona_id=suya, **sin_respuesta),
                ConsultaLegado(clave="2", persona_id=suya, **sin_respuesta),
                ConsultaLegado(clave="3", persona_id=suya, servicio_id=producto, **sin_respuesta),
                CrmSalida(tipo="persona", local_id=suya, causa="5.2.7", pedida=NOW, error=f"400: {CORREO} no es un correo"),
                DigiturnoEvento(sistema="sala", punto="1", ticket="A7", clase="creado", cuando=NOW, recibido=NOW, medio="aviso", huella="x",
                                datos={"tipo_doc": DOCUMENTO[0], "num_doc": DOCUMENTO[1], "numero": "A7"}, estado="listado"),
                Calificacion(momento="atencion", turno_id=turno_id, punto_id="BOG-AGU", fuente="web", valor=1, comentario=NOMBRE,
                             registrada=NOW, registrada_por="a"),
                escrito := Escrito(turno_id=turno_id, punto_id="BOG-AGU", persona_id=suya, folios=2, asunto=PREGUNTA, falta=NOMBRE,
                                   recibido=NOW, recibido_por="a", case_key=caso),
            ]
        )  # fmt: skip
        s.flush()
        s.add(
            EscritoDocumento(
                escrito_id=escrito.id,
                n=1,
                nombre=f"Cédula de {NOMBRE}",
                folio_desde=1,
                folio_hasta=2,
                soporte="copia",
            )
        )
    assert {"draft.draft_values", "aviso.error", "consulta_legado.detalle", "crm_salida.error", "digiturno_evento.datos",
            "escrito_documento.nombre"} <= donde(punto, *DICHO)  # fmt: skip
    pedir(punto, suya)
    assert cumplir(punto) == 1
    assert donde(punto, *DICHO, PODER) == set()
    with punto.web.session() as s:
        errores = {a.clave: a.error for a in s.scalars(sa.select(Aviso))}
        assert errores == {"a": "eliminado", "b": SIN_CORREO, "c": None}, (
            "that it failed stays, and what no server wrote"
        )
        assert not correos.hay_vencidos(s, punto.clock.now()), "nothing is sent to nobody"
        assert s.scalars(sa.select(DigiturnoEvento.datos)).all() == [{"numero": "A7"}]
    audita(punto)


def test_of_two_workers_at_once_one_does_each_part_and_the_act_keeps_what_it_counted(
    punto: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    suya = una_persona(punto)
    visita(punto)
    pedir(punto, suya)
    juntos, de_verdad, hechas = threading.Barrier(2, timeout=20), derechos.pendientes, list[int]()
    vistos = threading.local()

    def a_la_vez(s: Session, solicitud_id: int) -> object:
        """Both have read what is to be done before either begins."""
        pendientes = de_verdad(s, solicitud_id)
        if not getattr(vistos, "ya", False):
            vistos.ya = True
            juntos.wait()
        return pendientes

    with monkeypatch.context() as m:
        m.setattr(derechos, "pendientes", a_la_vez)
        dos = [threading.Thread(target=lambda: hechas.append(cumplir(punto))) for _vez in range(2)]
        for uno in dos:
            uno.start()
        for uno in dos:
            uno.join(60)
    assert sorted(hechas) == [0, 1]
    assert {que: datos for que, (_estado, _causa, datos) in partes(punto).items()} == {
        "contactos": 4, "legado": 1, "visita": 7, "nombre": 3
    }  # fmt: skip
    with punto.web.session() as s:
        (cadenas,) = s.scalars(sa.select(SolicitudDatos.cadenas))
        assert [v["formularios"] for v in (cadenas or {})["antes"].values()] == [5]
        borrados = s.execute(
            sa.text("SELECT count(*) FROM access WHERE kind = 'borrado'")
        ).scalar_one()
    assert borrados == len(partes(punto))
    audita(punto)


def test_who_stands_for_somebody_whose_visit_goes_on_is_not_erased_meanwhile(punto: Point) -> None:
    suya = una_persona(punto)
    punto.take_turn(punto.device("quiosco-1"), tipo_doc="CC", num_doc="79999111")
    turno = punto.turnos()[-1]
    punto.call_turn(turno, "3")
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
    )
    with punto.web.session() as s, s.begin():
        s.execute(sa.update(Atencion).values(apoderado_id=suya))
    with pytest.raises(derechos.DatoInvalido, match="ya no se puede hacer hoy"):
        pedir(punto, suya)
    with punto.web.session() as s:
        hay = derechos.que_hay(s, suya, set())
        assert {(p.causa, p.pueden) for p in hay} == {("", (derechos.SUPRIMIR,))}, (
            "its visit became no case"
        )
        hoy = NOW.date()
        s.add(Norma(codigo="LEY1755", nombre="Ley 1755", articulo="14", vigente_desde=hoy))
        s.add(
            Tipificacion(
                codigo="S99",
                clase="solicitud",
                tema="Otro",
                subtema="Otro",
                tipo_termino="peticion",
                vigente_desde=hoy,
            )
        )
        s.flush()
        suyo = {
            "turno_id": turno.id,
            "case_key": turno.case_key,
            "punto_id": turno.punto_id,
            "persona_id": otra(s),
            "asesor_id": "a",
        }
        cual = {
            "clase": "solicitud",
            "tema": "S99",
            "norma": "LEY1755",
            "tipo_termino": "peticion",
            "descripcion": "",
        }
        s.add(Caso(**suyo, **cual, estado="cerrado", recepcion=NOW))
        s.flush()
        assert {p.causa for p in derechos.que_hay(s, suya, set()) if p.que == derechos.NOMBRE} == {
            derechos.CON_CASOS
        }
        assert {
            p.causa for p in derechos.que_hay(s, suya, set()) if p.que == derechos.CONTACTOS
        } == {""}
        s.rollback()


def otra(s: Session) -> int:
    return personas.crear_persona(
        s, NuevaPersona("CC", "79999111", "Otra persona", "beneficiario"), now=NOW
    ).id


def test_a_crm_outside_is_told_nothing_and_no_hash_of_what_it_held_stays(punto: Point) -> None:
    """A hash of a telephone number without a key is the telephone number."""
    suya = una_persona(punto)
    campos = {"num_doc": DOCUMENTO[1], "nombre": NOMBRE, "celular": CELULAR, "correo": CORREO}

    def enlace() -> CrmEnlace | None:
        with punto.web.session() as s:
            return crm_externo.enlace(s, "persona", suya)

    with punto.web.session() as s, s.begin():
        crm_externo.acordar(crm_externo.enlazar(s, "persona", suya, "4be0-11"), campos)
        crm_externo.anotar(s, "persona", suya, "5.2.7", NOW)
    pedir(punto, suya, nombre=derechos.CONSERVAR)
    assert cumplir(punto) == 1
    quedo = enlace()
    assert quedo is not None
    assert quedo.acordado.keys() == {"num_doc", "nombre"}
    pedir(punto, suya)
    assert cumplir(punto) == 1
    assert enlace() is None
    with punto.web.session() as s:
        assert crm_externo.tomar(s, NOW) is None, "nobody there is called «Persona suprimida»"
    audita(punto)


def test_whoever_has_no_name_any_more_has_nobody_elses_number(punto: Point) -> None:
    """A passport may say S10000."""
    with punto.web.session() as s, s.begin():
        s.add(
            Persona(
                id=10_000,
                tipo_doc="PA",
                num_doc="AX77120",
                nombre=NOMBRE,
                calidad="beneficiario",
                creada=NOW,
            )
        )
        s.add(
            Persona(
                id=10_001,
                tipo_doc="PA",
                num_doc="S10000",
                nombre="Otra",
                calidad="beneficiario",
                creada=NOW,
            )
        )
    pedir(punto, 10_000)
    assert cumplir(punto) == 1
    assert donde(punto, "AX77120", NOMBRE) == set()


def test_what_goes_on_of_thousands_of_visits_is_asked_for_in_a_few_statements(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"), tipo_doc=DOCUMENTO[0], num_doc=DOCUMENTO[1])
    abierta = str(punto.turnos()[-1].case_key)
    pedidas: list[str] = []
    with punto.web.session() as s:
        sa.event.listen(
            punto.web.engine.db, "before_cursor_execute", lambda *todo: pedidas.append(todo[2])
        )
        assert trabajador.en_curso(s, [abierta, *(f"otra-{n}" for n in range(2_000))]) == {abierta}
    assert len(pedidas) < 10
