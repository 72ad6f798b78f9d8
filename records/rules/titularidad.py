"""Who is the holder, and whether a power of attorney is valid (M5-1-02 5.2.4, 5.2.5, control 6-2)."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Titularidad = Literal["verificada", "no_titular", "cliente_potencial"]
CALIDADES = ("beneficiario", "deudor_solidario", "apoderado", "cliente_potencial")


@dataclass(frozen=True, slots=True)
class Verificacion:
    titularidad: Titularidad
    razon: str


def verificar(*, calidad: str, en_crm: bool, documento_exhibido: bool, coincide_crm: bool) -> Verificacion:
    """5.2.4. An attorney is never the holder: 5.2.5 asks for the power. A potential customer gets public information."""
    if calidad not in CALIDADES:
        raise ValueError(calidad)
    if calidad == "cliente_potencial":
        return Verificacion("cliente_potencial", "Cliente potencial: solo información pública.")
    if calidad == "apoderado":
        return Verificacion("no_titular", "Actúa por otra persona: se pide el poder autenticado.")
    if not documento_exhibido:
        return Verificacion("no_titular", "No exhibió el documento de identidad.")
    if not en_crm:
        return Verificacion("no_titular", "El documento no está en el CRM.")
    if not coincide_crm:
        return Verificacion("no_titular", "Los datos del documento no coinciden con el CRM.")
    return Verificacion("verificada", "Documento exhibido y datos iguales a los del CRM.")


@dataclass(frozen=True, slots=True)
class PoderMostrado:
    """A power of attorney as shown at the desk."""

    presentado: bool
    notaria: str = ""
    numero: str = ""
    fecha: dt.date | None = None
    vence: dt.date | None = None
    con_adjunto: bool = False
    titular_id: int | None = None
    apoderado_id: int | None = None


def faltas_del_poder(poder: PoderMostrado, hoy: dt.date) -> tuple[str, ...]:
    """Why the power is not valid on this day; empty: it is valid (5.2.5)."""
    if not poder.presentado:
        return ("No presentó el poder.",)
    faltas = []
    if not poder.notaria.strip():
        faltas.append("Falta la notaría que lo autenticó.")
    if not poder.numero.strip():
        faltas.append("Falta el número del poder.")
    if poder.fecha is None:
        faltas.append("Falta la fecha del poder.")
    elif poder.fecha > hoy:
        faltas.append("La fecha del poder es posterior a hoy.")
    if poder.vence is not None and poder.vence < hoy:
        faltas.append("El poder ya venció.")
    if not poder.con_adjunto:
        faltas.append("Falta la copia del poder.")
    if poder.titular_id is None:
        faltas.append("El titular no está en el CRM.")
    elif poder.titular_id == poder.apoderado_id:
        faltas.append("El titular y el apoderado son la misma persona.")
    return tuple(faltas)
