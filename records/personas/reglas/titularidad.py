"""Who is the holder, and whether a power of attorney is valid (M5-1-02 5.2.4, 5.2.5, control
6-2)."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal

from common.language import marked

Titularidad = Literal["verificada", "no_titular", "cliente_potencial", "pendiente"]
CALIDADES = ("beneficiario", "deudor_solidario", "apoderado", "cliente_potencial")
#: What the adviser compares with the document, in the order of the page.
COTEJADOS = ("nombre", "numero", "nacimiento")
#: What a power may allow: to change what the CRM holds of the holder (5.2.7).
DATOS_DEL_TITULAR = "datos"


@dataclass(frozen=True, slots=True)
class ProductoEnCrm:
    """A product of the person, and in which quality it is theirs."""

    calidad: str  # beneficiario | deudor_solidario
    linea: str
    obligacion: str
    anio_giro: int
    titular_id: int | None = None  # of a joint debtor: whose credit it is, when the CRM knows it
    titular: str = ""


@dataclass(frozen=True, slots=True)
class RegistroCrm:
    """What the CRM holds of the person with a document: what is compared at 5.2.4, and the
    qualities that follow from it."""

    persona_id: int
    tipo_doc: str
    num_doc: str
    nombre: str
    fecha_nac: dt.date | None
    productos: tuple[ProductoEnCrm, ...] = ()

    @property
    def campos(self) -> dict[str, str]:
        """Field → what the CRM says; what it does not hold cannot be compared."""
        nacimiento = self.fecha_nac.isoformat() if self.fecha_nac else ""
        dichos = {
            "nombre": self.nombre,
            "numero": f"{self.tipo_doc} {self.num_doc}",
            "nacimiento": nacimiento,
        }
        return {campo: dichos[campo] for campo in COTEJADOS if dichos[campo]}

    @property
    def calidades(self) -> tuple[str, ...]:
        """Holder or joint debtor: only those that a product gives."""
        return tuple(
            c
            for c in ("beneficiario", "deudor_solidario")
            if any(p.calidad == c for p in self.productos)
        )

    @property
    def huella(self) -> str:
        """Of what the adviser saw: when it is another by the time they answer, they compare
        again."""
        productos = sorted(
            [p.calidad, p.linea, p.obligacion, p.titular_id or 0] for p in self.productos
        )
        texto = json.dumps([self.campos, productos], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(texto.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Cotejo:
    """What the adviser said of the document in their hands. `visto`: the mark of the record that
    was on the page."""

    calidad: str
    documento_exhibido: bool
    iguales: frozenset[str] = frozenset()
    visto: str = ""


@dataclass(frozen=True, slots=True)
class Verificacion:
    """`pendiente`: nothing is decided, the page asks again; a slip of the pen makes nobody a
    non-holder."""

    titularidad: Titularidad
    razon: str


def verificar(registro: RegistroCrm | None, cotejo: Cotejo) -> Verificacion:
    """5.2.4, control 6-2. An attorney is never the holder: 5.2.5 asks for the power. A potential
    customer gets public information."""
    if cotejo.calidad not in CALIDADES:
        raise ValueError(cotejo.calidad)
    if cotejo.calidad == "apoderado":
        return Verificacion(
            "no_titular", marked("Actúa por otra persona: se pide el poder autenticado.")
        )
    if registro is None:
        if cotejo.calidad == "cliente_potencial":
            return Verificacion(
                "cliente_potencial",
                marked("No está en el CRM: cliente potencial, solo información pública."),
            )
        return Verificacion("pendiente", marked("Nadie en el CRM tiene ese documento."))
    if not cotejo.documento_exhibido:
        return Verificacion(
            "pendiente", marked("No exhibió el documento: no se descubre ni se decide nada.")
        )
    if cotejo.visto != registro.huella:
        return Verificacion(
            "pendiente",
            marked("El registro del CRM cambió o no se ha mostrado: compárelo otra vez."),
        )
    if not registro.campos.keys() <= cotejo.iguales:
        return Verificacion(
            "pendiente", marked("Falta comparar datos del registro con el documento.")
        )
    if cotejo.calidad == "cliente_potencial":
        if registro.productos:
            return Verificacion(
                "pendiente",
                marked("Tiene productos: elija la calidad que consta en los registros."),
            )
        return Verificacion(
            "cliente_potencial",
            marked("Sin productos: cliente potencial, solo información pública."),
        )
    if cotejo.calidad not in registro.calidades:
        return Verificacion(
            "pendiente", marked("Esa calidad no consta en los registros de la persona.")
        )
    return Verificacion(
        "verificada",
        marked(
            "Documento exhibido, datos iguales a los del CRM y calidad que consta en los registros."
        ),
    )


def puede_corregirse(registro: RegistroCrm, cotejo: Cotejo) -> bool:
    """Only its name is wrong: document in sight, number and birth date those of the record that was
    on the page. A record without a birth date proves nothing."""
    return (
        cotejo.documento_exhibido
        and cotejo.visto == registro.huella
        and registro.fecha_nac is not None
        and {"numero", "nacimiento"} <= cotejo.iguales
    )


def comparacion(
    registro: RegistroCrm | None, cotejo: Cotejo, documento: tuple[str, str], razon: str
) -> dict[str, Any]:
    """The snapshot that stays (control 6-2): what was on the page, what was ticked, from which
    records the quality followed."""
    campos = registro.campos if registro is not None and cotejo.documento_exhibido else {}
    return {
        "documento": {"tipo": documento[0], "numero": documento[1]},
        "en_crm": registro is not None,
        "campos": [
            {"campo": campo, "crm": valor, "igual": campo in cotejo.iguales}
            for campo, valor in campos.items()
        ],
        "calidades": [
            {
                "calidad": p.calidad,
                "linea": p.linea,
                "obligacion": p.obligacion,
                "titular": p.titular_id,
            }
            for p in (registro.productos if registro else ())
        ],
        "razon": razon,
    }


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
        return (marked("No presentó el poder."),)
    faltas = []
    if not poder.notaria.strip():
        faltas.append(marked("Falta la notaría que lo autenticó."))
    if not poder.numero.strip():
        faltas.append(marked("Falta el número del poder."))
    if poder.fecha is None:
        faltas.append(marked("Falta la fecha del poder."))
    elif poder.fecha > hoy:
        faltas.append(marked("La fecha del poder es posterior a hoy."))
    if poder.vence is not None and poder.vence < hoy:
        faltas.append(marked("El poder ya venció."))
    if not poder.con_adjunto:
        faltas.append(marked("Falta la copia del poder."))
    if poder.titular_id is None:
        faltas.append(marked("El titular no está en el CRM."))
    elif poder.apoderado_id is None:
        faltas.append(marked("Falta quién es el apoderado."))
    elif poder.titular_id == poder.apoderado_id:
        faltas.append(marked("El titular y el apoderado son la misma persona."))
    return tuple(faltas)
