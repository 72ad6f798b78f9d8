"""What each action would do with example values, for whoever draws it: nothing is written, nothing leaves."""

from collections.abc import Callable

from engine.types import Data
from engine.types import Shown
from engine.types import Trial
from handlers.acciones import casos
from handlers.acciones.cartas import lo_que_se_sabe
from handlers.acciones.cartas import molde_de
from handlers.acciones.cartas import texto
from handlers.acciones.casos import lleva
from handlers.acciones.documentos import Documentos
from handlers.acciones.palabras import en_palabras
from handlers.acciones.pedido import Mensajero
from handlers.acciones.pedido import de_donde
from records import avisos
from records.enlaces_de_caso import CLASES
from records.rules import cartas
from records.rules.calendario import dia_local
from records.rules.radicado import segun_patron


def dato(hace: Callable[[Trial], Data], ensayo: Trial) -> Shown:
    return Shown(gives=hace(ensayo))


def caso(ensayo: Trial) -> Shown:
    con = "\n".join(f"{nombre} = {en_palabras(valor)}" for nombre, valor in lleva(ensayo.inputs).items())
    return Shown((("Empezaría un caso de", texto(ensayo, "proceso")), ("Con", con or "Nada")))


def enlace(ensayo: Trial) -> Shown:
    """Whether there is a case of that number is told to nobody here."""
    motivo = cartas.llenar_nombre(texto(ensayo, "motivo"), lo_que_se_sabe(ensayo.session, ensayo), casos.LARGO_DEL_MOTIVO)
    return Shown((("Quedaría", CLASES[texto(ensayo, "clase")][0]), ("Caso", texto(ensayo, "numero")), ("Por qué", motivo)))


def numero(ensayo: Trial) -> Shown:
    """The first of its year: which one is next is known when it is given."""
    primero = segun_patron(texto(ensayo, "patron"), dia_local(ensayo.now).year, 1)
    return Shown((("Así son los números; el primero del año", primero),), {texto(ensayo, "variable"): primero})


def carta_a_la_persona(sitio: str, ensayo: Trial) -> Shown:
    campo = texto(ensayo, "para")
    para = str({**ensayo.data, **ensayo.written()}.get(campo) or "").strip()
    if not campo:
        para = "La dirección que se sepa del caso; sin ella queda «Por entregar en papel»"
    lleva = texto(ensayo, "adjunto")
    mas = (("Lleva", f"El documento que esté en «{lleva}»"),) if lleva else ()
    return Shown((("Para", para or "Nadie: quedaría «Por entregar en papel»"), *_carta(sitio, ensayo), *mas))


def carta_a_un_rol(sitio: str, ensayo: Trial) -> Shown:
    rol, lugar = texto(ensayo, "rol"), texto(ensayo, "lugar") or None
    cuantos = len(avisos.correos_de_rol(ensayo.session, rol, ensayo.now, lugar))
    para = f"{cuantos} de «{rol}» que hoy tienen correo" if cuantos else f"Nadie: hoy nadie de «{rol}» tiene correo"
    return Shown((("Para", para), *_carta(sitio, ensayo)))


def _carta(sitio: str, ensayo: Trial) -> tuple[tuple[str, str], ...]:
    asunto, cuerpo = cartas.llenar(molde_de(ensayo), lo_que_se_sabe(ensayo.session, ensayo))
    return ("Asunto", asunto), ("Carta", avisos.con_sitio(cuerpo, sitio))


def documento(documentos: Documentos, ensayo: Trial) -> Shown:
    pedido = documentos.pedido(ensayo.session, ensayo)
    return Shown((("Archivo", f"{pedido.nombre}.pdf"), ("Título", pedido.titulo)), pdf=lambda: documentos.hacer_pdf.poner(pedido))


def pedido(mensajero: Mensajero, ensayo: Trial) -> Shown:
    """With its secret covered."""
    salen = [cada.variable for cada in de_donde(texto(ensayo, "respuesta"))]
    va = mensajero.armar(ensayo.inputs, {**ensayo.written(), **ensayo.data}, "prueba")
    encabezados = va.cliente.encabezados(va.pedido, cubierto=True)
    return Shown((
        ("Se pediría", f"{va.pedido.metodo} {va.cliente.direccion(va.pedido)}"),
        ("Encabezados", "\n".join(f"{nombre}: {valor}" for nombre, valor in encabezados.items())),
        *((("Cuerpo", va.pedido.cuerpo.decode()),) if va.pedido.cuerpo is not None else ()),
        *((("De la respuesta saldrían", ", ".join(salen)),) if salen else ()),
    ))  # fmt: skip
