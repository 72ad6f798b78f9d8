"""Deliveries that wait to be received, who hands in what and where; what was filed, found by number, ticket, document and name."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.types import WorkItem
from records import escritos
from records.datos import entero
from records.errores import DatoInvalido
from records.escritos import Entrega
from records.escritos import FilaRadicada
from records.escritos import FiltroRadicadas
from records.rules import radicado
from records.rules.calendario import dia_local
from records.rules.calendario import instante
from records.rules.nombres import palabras
from webforms.base.campos import limpiar
from webforms.base.hojas import Hoja
from webforms.base.personas import nombres_de
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios

rutas = Rutas()

PROCESO, RECIBIR = "M5_1_04", "act_1"
LIMITE = 200
FICHA = re.compile(r"([A-Za-z]{1,2})-?(\d{1,4})", re.ASCII)
VISTAS = (("por_recibir", _l("Por recibir")), ("mias", _l("Mías")), ("hoy", _l("Radicadas hoy")))


@dataclass(frozen=True, slots=True)
class Fila:
    item: WorkItem
    entrega: Entrega


@dataclass(frozen=True, slots=True)
class Buscado:
    """What was typed, as number, ticket, document or name."""

    texto: str
    filtro: FiltroRadicadas

    def esta_en(self, e: Entrega) -> bool:
        f = self.filtro
        if f.ficha is not None:
            return e.ficha == f.ficha
        if f.num_doc is not None:
            return e.num_doc == f.num_doc
        if f.persona is None:
            return False
        nombre = palabras(e.nombre)
        buscadas = palabras(f.persona)
        return bool(buscadas) and all(any(una.startswith(b) for una in nombre) for b in buscadas)


def entender(texto: str) -> Buscado:
    """Pure."""
    try:
        return Buscado(texto, FiltroRadicadas(radicado=radicado.leer(texto)))
    except DatoInvalido:
        pass
    ficha = FICHA.fullmatch(texto)
    if ficha is not None:
        return Buscado(texto, FiltroRadicadas(ficha=f"{ficha[1].upper()}{int(ficha[2]):03d}"))
    numero = re.sub(r"[.\s]", "", texto)
    if re.search(r"\d", numero):
        return Buscado(texto, FiltroRadicadas(num_doc=numero.upper()))
    return Buscado(texto, FiltroRadicadas(persona=texto))


@rutas.get("/radicacion")
def lista() -> ResponseReturnValue:
    vista = request.args.get("vista", VISTAS[0][0])
    with servicios().uow.reading() as session:
        hoja = _hoja(session, vista if vista in dict(VISTAS) else VISTAS[0][0], None)
    return hoja.mostrar()


@rutas.post("/radicacion/buscar")
def buscar() -> ResponseReturnValue:
    """By POST: a document number never comes into an address."""
    texto = str(limpiar(request.form.get("q", "")))[:80]
    with servicios().uow.reading() as session:
        hoja = _hoja(session, VISTAS[0][0], entender(texto) if texto else None)
    return hoja.mostrar()


def _hoja(session: Session, vista: str, buscado: Buscado | None) -> Hoja:
    s, actor = servicios(), actor_actual()
    now = s.clock.now()
    hoy = instante(dia_local(now), dt.time(0))
    filas = _por_recibir(session)
    de_hoy = escritos.radicadas(session, FiltroRadicadas(desde=hoy))
    conteos = {"por_recibir": len(filas), "mias": len(_de(filas, actor.id)), "hoy": len(de_hoy)}
    hechas: Sequence[FilaRadicada] = de_hoy if vista == "hoy" else []
    if buscado is not None:
        filas = [f for f in filas if buscado.esta_en(f.entrega)]
        hechas = escritos.radicadas(session, buscado.filtro, LIMITE)
    elif vista == "mias":
        filas = _de(filas, actor.id)
    elif vista == "hoy":
        filas = []
    return Hoja(
        "radicacion/lista.html",
        {
            "esperan": [f for f in filas if f.item.opened_at >= hoy],
            "anteriores": [f for f in filas if f.item.opened_at < hoy],
            "hechas": hechas,
            "vista": vista,
            "vistas": VISTAS,
            "conteos": conteos,
            "buscado": buscado.texto if buscado is not None else "",
            "quien": actor.id,
            "nombres": nombres_de(session, {f.item.claimed_by for f in filas if f.item.claimed_by}),
        },
    )


def _de(filas: Sequence[Fila], quien: str) -> list[Fila]:
    return [f for f in filas if f.item.claimed_by == quien]


def _por_recibir(session: Session) -> list[Fila]:
    """The longest waiting first."""
    filtro = InboxFilter(process=PROCESO, element=RECIBIR)
    items = sorted(reads.items.inbox(session, actor_actual(), filtro, limit=LIMITE), key=lambda i: i.opened_at)
    turnos = {i.id: entero(i.data, "turno_id") for i in items}
    halladas = escritos.entregas(session, set(turnos.values()))
    return [Fila(i, halladas[turnos[i.id]]) for i in items if turnos[i.id] in halladas]
