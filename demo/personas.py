"""5,000 people for the demo: documents in a reserved range, contact data, products. The same seed
gives the same people.

Nobody real appears: documents are 9 9xx xxx xxx, mail is under `.example`, mobile numbers use a
prefix that no operator has.
"""

import datetime as dt
import hashlib
import random
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from faker import Faker
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from demo.azar import sembrado
from demo.cctex import Credito
from records.base.reglas.nombres import palabras
from records.catalogos.catalogo import LINEAS, PUNTOS
from records.personas.reglas.titularidad import ProductoEnCrm, RegistroCrm
from records.personas.tablas import Contacto, Persona, PersonaPalabra, ServicioAdquirido
from records.sistemas.reglas.sistemas import del_anio

SEMILLA = 20110603
CUANTAS = 5_000
PRIMER_DOCUMENTO = 9_900_000_000
ULTIMO_ANIO = 2026
QUIEN = "carga.inicial"
NOMBRES = 600  # drawn once from Faker's weighted lists; one draw for each person costs seconds

#: Share of the people whose first grant lies in each stretch of years.
EPOCAS = (
    ((1988, 1998), 0.08),
    ((1999, 2005), 0.20),
    ((2006, 2015), 0.32),
    ((2016, ULTIMO_ANIO), 0.40),
)
OTRO_CREDITO = 0.35
DEUDORES_SOLIDARIOS = 0.08  # share of codebtors
CON_TELEFONO_FIJO = 0.3
# a request older than the last year is not under study: in force since this year, cancelled before
AUN_VIGENTE = 2010
PRIMER_ACCES = 2003
# of a hundred credits of C&CTEX, which stand there, too
TAMBIEN_EN = {"foxpro": range(3), "cobol": range(3, 6)}
ESTADOS = (("vigente", 0.62), ("cancelado", 0.24), ("en_cobro", 0.09), ("en_estudio", 0.05))


@dataclass(frozen=True, slots=True)
class ProductoDato:
    obligacion: str
    linea: str
    anio_giro: int
    estado: str
    sistema: str
    calidad: str


@dataclass(frozen=True, slots=True)
class PersonaDato:
    tipo_doc: str
    num_doc: str
    nombre: str
    calidad: str
    fecha_nac: dt.date
    datos: dict[str, str]
    productos: tuple[ProductoDato, ...]


def generar(cuantas: int = CUANTAS, semilla: int = SEMILLA) -> list[PersonaDato]:
    faker = Faker("es_CO")
    faker.seed_instance(semilla)
    azar = sembrado(semilla)
    nombres = [faker.first_name() for _ in range(NOMBRES)]
    apellidos = [faker.last_name() for _ in range(NOMBRES)]
    documentos = azar.sample(range(PRIMER_DOCUMENTO, PRIMER_DOCUMENTO + 99_999_999), cuantas)
    return [
        _persona(faker, azar, (nombres, apellidos), numero, documento)
        for numero, documento in enumerate(documentos)
    ]


def _persona(
    faker: Faker,
    azar: random.Random,
    bolsas: tuple[list[str], list[str]],
    numero: int,
    documento: int,
) -> PersonaDato:
    nombres, apellidos = bolsas
    nombre = f"{azar.choice(nombres)} {azar.choice(apellidos)} {azar.choice(apellidos)}"
    productos = tuple(_productos(azar, numero))
    primero = min(p.anio_giro for p in productos)
    nacimiento = dt.date(primero - azar.randint(17, 24), azar.randint(1, 12), azar.randint(1, 28))
    tipo = "TI" if nacimiento.year > ULTIMO_ANIO - 18 else "CC"
    calidad = "deudor_solidario" if azar.random() < DEUDORES_SOLIDARIOS else "beneficiario"
    punto = azar.choices(PUNTOS, weights=[p.turnos_dia for p in PUNTOS])[0]
    datos = {
        "nombre": nombre,
        "direccion": faker.street_address().replace("\n", " "),
        "municipio": punto.dane,
        "celular": f"399{azar.randrange(10**7):07d}",
        "correo": f"{_usuario_de_correo(nombre)}{numero}@correo.example",
        "medio_notificacion": azar.choices(("correo", "direccion"), weights=(85, 15))[0],
    }
    if azar.random() < CON_TELEFONO_FIJO:
        datos["telefono_fijo"] = f"60{azar.randint(1, 8)}{azar.randrange(10**7):07d}"
    if calidad == "deudor_solidario":
        productos = tuple(
            ProductoDato(p.obligacion, p.linea, p.anio_giro, p.estado, p.sistema, calidad)
            for p in productos
        )
    return PersonaDato(tipo, str(documento), nombre, calidad, nacimiento, datos, productos)


def _productos(azar: random.Random, numero: int) -> Iterator[ProductoDato]:
    desde, hasta = azar.choices([e for e, _ in EPOCAS], weights=[p for _, p in EPOCAS])[0]
    anio = azar.randint(desde, hasta)
    for n in range(1, 4):
        estado = azar.choices([e for e, _ in ESTADOS], weights=[p for _, p in ESTADOS])[0]
        if estado == "en_estudio" and anio < ULTIMO_ANIO:
            estado = "cancelado" if anio < AUN_VIGENTE else "vigente"
        linea = azar.choice(
            [codigo for codigo in LINEAS if codigo != "ACCE" or anio >= PRIMER_ACCES]
        )
        yield ProductoDato(
            f"{anio % 100:02d}{n}{numero:07d}",
            linea,
            anio,
            estado,
            del_anio(anio).codigo,
            "beneficiario",
        )
        if azar.random() > OTRO_CREDITO or anio >= ULTIMO_ANIO - 4:
            return
        anio += azar.randint(1, 4)


def _usuario_de_correo(nombre: str) -> str:
    simple = unicodedata.normalize("NFKD", nombre).encode("ascii", "ignore").decode().lower()
    partes = re.findall(r"[a-z]+", simple)
    return f"{partes[0]}.{partes[-1]}"


def cargar(session: Session, personas: Sequence[PersonaDato], now: dt.datetime) -> None:
    """Write them down as the CRM would have them; in the order given, so that ids follow it."""
    session.execute(
        insert(Persona),
        [
            {
                "tipo_doc": p.tipo_doc,
                "num_doc": p.num_doc,
                "nombre": p.nombre,
                "calidad": p.calidad,
                "fecha_nac": p.fecha_nac,
                "creada": now,
            }
            for p in personas
        ],
    )
    ids = dict(session.execute(select(Persona.num_doc, Persona.id)).all())
    session.execute(
        insert(PersonaPalabra),
        [
            {"palabra": palabra, "persona_id": ids[p.num_doc]}
            for p in personas
            for palabra in palabras(p.nombre)
        ],
    )
    session.execute(
        insert(Contacto),
        [
            {
                "persona_id": ids[p.num_doc],
                "tipo": tipo,
                "valor": valor,
                "vigente_desde": now,
                "registrado_por": QUIEN,
            }
            for p in personas
            for tipo, valor in p.datos.items()
        ],
    )
    session.execute(
        insert(ServicioAdquirido),
        [
            {
                "persona_id": ids[p.num_doc],
                "calidad": producto.calidad,
                "linea": producto.linea,
                "obligacion": producto.obligacion,
                "sistema_origen": producto.sistema,
                "anio_giro": producto.anio_giro,
                "estado": producto.estado,
            }
            for p in personas
            for producto in p.productos
        ],
    )


def en_crm(p: PersonaDato, persona_id: int = 0) -> RegistroCrm:
    """The record that `cargar` makes of a person, for whoever fills in 5.2.4 without a page."""
    productos = tuple(
        ProductoEnCrm(q.calidad, q.linea, q.obligacion, q.anio_giro) for q in p.productos
    )
    return RegistroCrm(persona_id, p.tipo_doc, p.num_doc, p.nombre, p.fecha_nac, productos)


def creditos(personas: Iterable[PersonaDato], sistema: str) -> Iterator[Credito]:
    """What this system holds of these people."""
    for p in personas:
        for producto in p.productos:
            if producto.sistema == sistema:
                yield Credito(
                    producto.obligacion,
                    producto.linea,
                    producto.anio_giro,
                    producto.estado,
                    p.tipo_doc,
                    p.num_doc,
                    p.nombre,
                    producto.calidad,
                )


def duplicados(personas: Iterable[PersonaDato], sistema: str) -> Iterator[Credito]:
    """Credits of C&CTEX that an older system still holds, too, and may say otherwise of. Each
    stands in one of them at most."""
    return (
        c
        for c in creditos(personas, "cctex")
        if c.estado != "en_estudio" and _centesima(c.obligacion) in TAMBIEN_EN[sistema]
    )


def _centesima(obligacion: str) -> int:
    """In which of a hundred equal parts of all obligations it lies."""
    return int(hashlib.sha256(f"{SEMILLA}:{obligacion}".encode()).hexdigest(), 16) % 100
