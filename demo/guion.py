"""What each visit is about, drawn before it happens: the mix and the faults of domain §14. Pure: no
database, no engine."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from demo import textos
from demo.agenda import RECIENTE, Visita
from demo.azar import sembrado
from demo.personas import PersonaDato
from records.catalogos.catalogo import TIPIFICACION
from records.plazos.reglas.calendario import dia_local, vencimiento
from records.plazos.reglas.plazos import NORMAS

PERSONALIZADA = "personalizada"
SALA = "sala"
ESCRITA = "escrita"
EXTERIOR = "exterior"
RUTAS = ((PERSONALIZADA, 84), (SALA, 8), (ESCRITA, 5), (EXTERIOR, 3))
CLASES = (("solicitud", 82), ("reclamo", 13), ("queja", 5))
NO_TITULARES = 0.04
CON_PODER = 1 / 3
VUELVEN_HOY = 0.3
POTENCIALES = 0.04
ESCALAN = 0.14
DEMORA_EN_ESCALAR = 0.02  # beyond the five days of condition 4.2
MAL_DIRIGIDOS = 0.06
DOS_VECES = 0.3  # of the misrouted: the second area is wrong too
FALTA_INFORMACION = 0.08
PRORROGAS = 0.05
VENCIDOS = 0.07
INCOMPLETAS = 0.08  # answers that the adviser sends back
CALIFICAN = 0.70
CON_DOCUMENTO = 0.6  # share of people who type their document at the kiosk
NOTAS = ((5, 52), (4, 28), (3, 11), (2, 5), (1, 4))
POR_CUARTO_DE_HORA = 0.4  # what a quarter of an hour of waiting takes off a rating
VENCIDOS_AL_CIERRE = 60 / 50_000
MINIMO_VENCIDOS = 6
MINIMO_ABIERTOS = 24
MOTIVO_DE = {
    SALA: "informacion_general",
    ESCRITA: "radicar_documentos",
    EXTERIOR: "estudios_exterior",
    PERSONALIZADA: "servicio_adquirido",
}
_TERMINOS = NORMAS[-1].terminos


@dataclass(frozen=True, slots=True)
class Guion:
    """The story of one visit. Numbers of days are business days from the escalation."""

    visita: Visita
    persona: PersonaDato
    ruta: str
    motivo_visita: str
    azar: random.Random = field(repr=False)  # for wording and minutes: no other story depends on it
    potencial: bool = False
    # whose affair it is, when the person at the desk is not the holder
    titular: PersonaDato | None = None
    con_poder: bool = False
    vuelve_hoy: bool = False
    clase: str = "solicitud"
    tema: str = "S01"
    escala: bool = False
    demora_en_escalar: bool = False
    areas_erradas: int = 0
    falta_informacion: bool = False
    prorroga: bool = False
    vencido: bool = False  # answered, after the legal term
    sin_responder: bool = False  # still with the area when the month ends
    incompleta: bool = False
    calificacion: int | None = None

    @property
    def termino(self) -> int:
        """Legal term of the answer, in business days."""
        tipo = next(t.tipo_termino for t in TIPIFICACION if t.codigo == self.tema)
        return _TERMINOS["peticion" if self.clase != "solicitud" else tipo]

    @property
    def descripcion(self) -> str:
        return f"{textos.PEDIDOS[self.tema]}. {self.azar.choice(textos.DETALLES)}"


def escribir(
    visitas: Sequence[Visita], personas: Sequence[PersonaDato], azar: random.Random
) -> list[Guion]:
    """One story for each visit. Nobody comes twice on a day: the second turn would be refused while
    the first one is open."""
    orden = {p.num_doc: n for n, p in enumerate(personas)}
    vinieron: set[tuple[dt.date, str]] = set()
    guiones = []
    for visita in visitas:
        g, dia = _guion(visita, personas, sembrado(azar.getrandbits(64))), dia_local(visita.llegada)
        if (dia, g.persona.num_doc) in vinieron:
            desde = orden[g.persona.num_doc]
            las_demas = (*personas[desde:], *personas[:desde])
            g = replace(g, persona=next(p for p in las_demas if (dia, p.num_doc) not in vinieron))
        vinieron.add((dia, g.persona.num_doc))
        guiones.append(g)
    return guiones


def dejar_pendientes(guiones: Sequence[Guion], now: dt.datetime) -> list[Guion]:
    """Keep some of the latest cases with the areas, so that it ends with a backlog and overdue
    cases of every size of sample."""
    pueden = [
        k for k, g in enumerate(guiones) if _puede_quedar(g) and g.visita.llegada > now - RECIENTE
    ]
    vencidos = [k for k in pueden if _limite(guiones[k]) < now]
    abiertos = [k for k in pueden if _limite(guiones[k]) > now + dt.timedelta(days=1)]
    quedan = _los_primeros(
        guiones, vencidos, max(MINIMO_VENCIDOS, round(len(guiones) * VENCIDOS_AL_CIERRE))
    )
    quedan |= _los_primeros(guiones, abiertos[::-1], min(MINIMO_ABIERTOS, len(guiones) // 4))
    return [_pendiente(g) if k in quedan else g for k, g in enumerate(guiones)]


def _pendiente(g: Guion) -> Guion:
    return replace(
        g,
        escala=True,
        sin_responder=True,
        areas_erradas=0,
        falta_informacion=False,
        prorroga=False,
        vencido=False,
        demora_en_escalar=False,
    )


def _puede_quedar(g: Guion) -> bool:
    return (
        g.visita.desenlace == "atendido"
        and g.ruta == PERSONALIZADA
        and not g.potencial
        and g.titular is None
    )


def _limite(g: Guion) -> dt.datetime:
    return vencimiento(g.visita.llegada, g.termino)


def _los_primeros(guiones: Sequence[Guion], entre: Sequence[int], n: int) -> set[int]:
    """`n` of these, those that escalate anyway before others."""
    return set(sorted(entre, key=lambda k: not guiones[k].escala)[:n])


def _guion(visita: Visita, personas: Sequence[PersonaDato], azar: random.Random) -> Guion:
    ruta = _elegir(azar, RUTAS)
    persona = azar.choice(personas)
    calificacion = _nota(visita, azar) if azar.random() < CALIFICAN else None
    if ruta != PERSONALIZADA:
        return Guion(visita, persona, ruta, MOTIVO_DE[ruta], azar, calificacion=calificacion)
    if azar.random() < POTENCIALES:
        tema = azar.choice(("S07", "S07", "S12"))
        return Guion(
            visita,
            _desconocida(azar),
            ruta,
            MOTIVO_DE[ruta],
            azar,
            potencial=True,
            tema=tema,
            calificacion=calificacion,
        )
    clase = _elegir(azar, CLASES)
    tema = azar.choice([t.codigo for t in TIPIFICACION if t.clase == clase])
    no_titular = azar.random() < NO_TITULARES
    escala = azar.random() < ESCALAN
    return Guion(
        visita,
        persona,
        ruta,
        MOTIVO_DE[ruta],
        azar,
        titular=azar.choice(personas) if no_titular else None,
        con_poder=no_titular and azar.random() < CON_PODER,
        vuelve_hoy=no_titular and azar.random() < VUELVEN_HOY,
        clase=clase,
        tema=tema,
        escala=escala,
        demora_en_escalar=escala and visita.puesto > 1 and azar.random() < DEMORA_EN_ESCALAR,
        areas_erradas=(1 + (azar.random() < DOS_VECES))
        if escala and azar.random() < MAL_DIRIGIDOS
        else 0,
        falta_informacion=escala and azar.random() < FALTA_INFORMACION,
        prorroga=escala and azar.random() < PRORROGAS,
        vencido=escala and azar.random() < VENCIDOS,
        incompleta=escala and azar.random() < INCOMPLETAS,
        calificacion=calificacion,
    )


def _elegir(azar: random.Random, pesos: Sequence[tuple[str, int]]) -> str:
    return azar.choices([valor for valor, _ in pesos], weights=[peso for _, peso in pesos])[0]


def _nota(visita: Visita, azar: random.Random) -> int:
    nota = azar.choices([n for n, _ in NOTAS], weights=[p for _, p in NOTAS])[0]
    espera = (visita.llamado - visita.llegada).total_seconds() / 900
    return max(1, min(5, round(nota - POR_CUARTO_DE_HORA * espera)))


def _desconocida(azar: random.Random) -> PersonaDato:
    """A potential customer: not in the CRM yet; the document lies above the range of those who
    are."""
    nombres: Mapping[str, tuple[str, ...]] = {
        "n": ("Laura", "Andrés", "Camila", "Julián", "Valentina", "Mateo", "Sara", "Nicolás"),
        "a": ("Rojas", "Castaño", "Mejía", "Pardo", "Quintero", "Salazar", "Ibáñez", "Cuéllar"),
    }
    nombre = f"{azar.choice(nombres['n'])} {azar.choice(nombres['a'])} {azar.choice(nombres['a'])}"
    documento = str(azar.randrange(9_800_000_000, 9_899_999_999))
    datos = {
        "nombre": nombre,
        "direccion": f"Calle {azar.randint(1, 150)} # {azar.randint(1, 90)}-{azar.randint(1, 99)}",
    }
    return PersonaDato("CC", documento, nombre, "cliente_potencial", dt.date(2004, 1, 1), datos, ())
