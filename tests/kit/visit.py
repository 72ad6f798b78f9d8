"""A visit as browsers send it: the fields of each form (M5-1-02 5.2.2 to 5.2.18, M5-1-01 act. 13
and 14), the task of a page."""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

import app as door
from demo import carga, cctex, cuentas, personas
from demo.lugar import CCTEX
from demo.personas import PersonaDato
from engine.jobs.inprocess import InProcessJobs
from engine.store.uow import prepare
from records.catalogos.catalogo import cargar_catalogo
from records.lugares.tablas import Punto
from tests.kit import tables
from tests.kit.cast import SESSION_KEY

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 300
TASK = re.compile(r'action="(/tarea/([^"?/]+)(?:\?[^"]*)?)"')


def seed(folder: Path, url: str, now: dt.datetime) -> list[PersonaDato]:
    """Catalogue, people, accounts, devices, C&CTEX and the diagrams in force; the points stay open
    for a day."""
    db = sa.create_engine(url)
    prepare(db)
    tables.make(db)
    people = personas.generar(PEOPLE)
    cctex.construir(folder / CCTEX, personas.creditos(people, "cctex"), corte=now.date())
    with Session(db.execution_options(ventanilla_write=True)) as session, session.begin():
        cargar_catalogo(session)
        personas.cargar(session, people, now - dt.timedelta(days=1))
        cuentas.cargar(session, now - dt.timedelta(days=1))
        session.execute(sa.update(Punto).values(abierto_hasta=now + dt.timedelta(days=1)))
    config = door.Config(
        instance=folder, database_url=url, secret_key=SESSION_KEY, jobs=InProcessJobs()
    )
    carga.desplegar(door.build_engine(config, db), ROOT / "bpmn", now - dt.timedelta(days=1))
    db.dispose()
    return people


def hidden(page: str, nombre: str) -> str:
    """The value of a hidden field, whatever the order of its attributes."""
    found = re.search(rf'name="{nombre}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{nombre}"', page
    )
    if found is None:
        raise LookupError(f"no hidden field {nombre} in: {page[:300]}")
    return found[1]


def task_in(page: str) -> tuple[str, str] | None:
    """(address, id) of the form of the task that a page shows."""
    found = TASK.search(page)
    return (found[1].replace("&amp;", "&"), found[2]) if found else None


def holder(people: list[PersonaDato], n: int, system: str = "cctex") -> PersonaDato:
    """The n-th holder with a citizenship card whose products are in this system alone."""
    good = [
        g
        for g in people
        if g.tipo_doc == "CC" and g.productos and all(p.sistema == system for p in g.productos)
    ]
    return good[n % len(good)]


def answers(persona: PersonaDato, marca: str, *, escala: bool) -> Mapping[str, Mapping[str, str]]:
    """Element → fields as a browser sends them. `marca` stands in every free text, so that each
    submission can be told."""
    return {
        "act_5_2_2": {"modulo": "1", "resultado_llamado": "atendido"},
        "act_5_2_3": {
            "motivo": f"Pregunta por su crédito {marca}",
            "motivo_visita": "servicio_adquirido",
            "requiere_radicar": "no",
            "resoluble": "si",
        },
        "act_5_2_4": {
            "tipo_doc": persona.tipo_doc,
            "num_doc": persona.num_doc,
            "documento_exhibido": "si",
            "igual_nombre": "si",
            "igual_numero": "si",
            "igual_nacimiento": "si",
            "calidad": persona.calidad,
            "camino": "verificar",
            "visto": personas.en_crm(persona).huella,
        },
        "act_5_2_7": {
            "nombre": persona.nombre,
            "direccion": f"Calle 72 # 10-03, {marca}",
            "municipio": "11001",
            "telefono_fijo": "",
            "celular": "3991234567",
            "correo": f"{marca}@correo.example",
            "medio_notificacion": "correo",
            "autoriza_tratamiento": "si",
        },
        "act_5_2_8": {
            "clase": "solicitud",
            "subclase": "",
            "tema": "S01",
            "servicio_id": "0",
            "descripcion": f"La persona pide el saldo de su crédito y el extracto del mes. {marca}",
        },
        "us_consulta_manual": {
            "decision_manual": "consultado",
            "sistema_consultado": "cctex",
            "quien_dio": "Mesa de Cartera",
            "referencia": "Llamada 4471",
            "dato_consultado": f"Consultado por teléfono. {marca}",
            "doy_fe": "si",
        },
        "act_5_2_10": {
            "dispone": "no" if escala else "si",
            "fuente": "",
            "respuesta": ""
            if escala
            else f"Su crédito está al día; el extracto queda en su correo. {marca}",
        },
        "act_5_2_14": {
            "medio_respuesta": "correo",
            "correo_confirmado": f"{marca}@correo.example",
            "resumen": f"La persona pide el saldo; no hay dato en los aplicativos del punto de atención. {marca}",
        },
        "act_5_2_12": {"medio_calificacion": "verbal"},
        "act_5_2_13": {
            "calificacion": "5",
            "motivo_calificacion": "",
            "comentario": f"Bien atendida {marca}",
        },
        "act_5_2_16": {
            "resultado_analisis": "competente",
            "area_destino": "",
            "informacion_faltante": "",
        },
        "act_5_2_17": {
            "hallazgos": f"El pago de octubre no se había aplicado al crédito. {marca}",
            "fuentes": "cctex",
            "accion_correctiva": "",
            "resultado_analisis": "competente",
        },
        "act_5_2_18": {
            "respuesta_tecnica": f"Se aplicó el pago y el saldo quedó corregido. {marca}",
            "favorable": "si",
        },
        "act_13": {"revision_respuesta": "completa", "observacion": ""},
        "act_14": {
            "texto_respuesta": f"Le informamos que su saldo quedó corregido desde hoy. {marca}"
        },
    }
