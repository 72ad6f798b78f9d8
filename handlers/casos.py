"""The register of cases as the engine is given it: what a command tells of a case becomes rows of
the records."""

import datetime as dt

from sqlalchemy.orm import Session

from common.language import said, speaking
from engine.states import ActorKind, InstanceStatus
from engine.types import Actor, CaseNews, Data
from records.base.reglas.documentos import tipo_de
from records.casos import registro
from records.casos.registro import ABIERTO, ANULADO, TERMINADO, Apertura, Dato, Dicho
from records.correo import avisos
from records.correo.reglas import cartas
from records.cuentas.reglas.cuentas import CIUDADANO

#: What the engine calls it → column. A place keeps its code, and its words beside it.
COLUMNAS = {
    "subject": "asunto",
    "person": "documento",
    "name": "nombre",
    "email": "correo",
    "place": "lugar_nombre",
}
ESTADOS = {InstanceStatus.FINISHED: TERMINADO, InstanceStatus.CANCELLED: ANULADO}
EN_LINEA = "en_linea"


class Registro:
    """Never commits: the command does."""

    def opened(self, news: CaseNews) -> Data:
        textos = {"clase": news.spec.kind}
        apertura = Apertura(
            news.case_key, news.process, news.spec.number, _canal(news.actor), _dicho(news, textos)
        )
        numero = registro.abrir(news.session, apertura, now=news.now)
        _acusar(news, numero, apertura)
        return {"numero_caso": numero, "fecha_caso": news.now.astimezone(dt.UTC).isoformat()}

    def changed(self, news: CaseNews) -> None:
        if news.told or news.found_by:
            registro.decir(news.session, news.case_key, _dicho(news, {}))
        registro.cambiar_estado(
            news.session, news.case_key, ESTADOS.get(news.status, ABIERTO), now=news.now
        )

    def due(self, session: Session, case_key: str) -> dt.datetime | None:
        suya = registro.ficha(session, case_key)
        return suya.vence if suya is not None else None


def _canal(actor: Actor) -> str:
    if actor.kind == ActorKind.PERSON and actor.id == CIUDADANO:
        return EN_LINEA
    return {ActorKind.PERSON: "persona", ActorKind.DEVICE: "equipo"}.get(actor.kind, "sistema")


def _acusar(news: CaseNews, numero: str, apertura: Apertura) -> None:
    """Whoever began it online and gave an address gets the number there, and the link that confirms
    the address."""
    correo = apertura.dicho.textos.get("correo", "")
    if apertura.canal != EN_LINEA or not correo:
        return
    vence = apertura.dicho.vence
    # a variable that the process may declare
    with speaking(str(news.data.get("idioma") or "") or None):
        pide = avisos.pide_confirmar(news.session, correo, now=news.now)
        sigue = (
            ""
            if vence is None
            else f" {said('Le respondemos a más tardar el %(d)s.', d=cartas.dia(vence))}"
        )
        carta = cartas.carta(
            "solicitud_recibida",
            numero=numero,
            sigue=sigue,
            consulta=f"{avisos.SITIO}/consulta",
            confirme=pide,
        )
        lengua = cartas.lengua_de("solicitud_recibida")
    orden = avisos.DesdeOrden(news.session, news.now, news.enqueue, news.case_key)
    avisos.avisar(
        orden,
        avisos.NuevoAviso(
            f"solicitud:{news.case_key}", avisos.SOLICITUD, correo, *carta, None, lengua
        ),
    )


def _dicho(news: CaseNews, textos: dict[str, str]) -> Dicho:
    for parte, dicho in news.told.items():
        if parte in COLUMNAS:
            textos[COLUMNAS[parte]] = dicho.shown
    if (lugar := news.told.get("place")) is not None:
        textos["lugar"] = str(lugar.value or "")
    if (tipo := news.told.get("person_kind")) is not None:
        textos["tipo_doc"] = tipo_de(str(tipo.value or "")) or tipo_de(tipo.shown)
    sin_nombre = news.told.get("anonymous")
    anonima = sin_nombre.value is True if sin_nombre is not None else None
    if anonima:
        textos |= {"nombre": registro.ANONIMA, "tipo_doc": "", "documento": ""}
    vence = news.told.get("due")
    datos = [Dato(nombre, rotulo, dicho.shown) for nombre, rotulo, dicho in news.found_by]
    return Dicho(
        textos,
        datos,
        dt.datetime.fromisoformat(str(vence.value)) if vence is not None else None,
        anonima,
    )
