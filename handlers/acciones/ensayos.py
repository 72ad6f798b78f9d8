"""What each action would do with example values, for whoever draws it: nothing is written, nothing
leaves."""

from collections.abc import Callable

from common.language import said
from engine.types import Data, Shown, Trial
from handlers.acciones import casos
from handlers.acciones.cartas import lo_que_se_sabe, molde_de, texto
from handlers.acciones.casos import lleva
from handlers.acciones.documentos import Documentos
from handlers.acciones.palabras import en_palabras
from handlers.acciones.pedido import Mensajero, de_donde
from records.casos.enlaces_de_caso import CLASES
from records.casos.reglas.radicado import segun_patron
from records.correo import avisos
from records.correo.reglas import cartas
from records.plazos.reglas.calendario import dia_local


def dato(hace: Callable[[Trial], Data], ensayo: Trial) -> Shown:
    return Shown(gives=hace(ensayo))


def caso(ensayo: Trial) -> Shown:
    con = "\n".join(
        f"{nombre} = {en_palabras(valor)}" for nombre, valor in lleva(ensayo.inputs).items()
    )
    return Shown(
        (
            (said("Empezaría un caso de"), texto(ensayo, "proceso")),
            (said("Con"), con or said("Nada")),
        )
    )


def enlace(ensayo: Trial) -> Shown:
    """Whether there is a case of that number is told to nobody here."""
    motivo = cartas.llenar_nombre(
        texto(ensayo, "motivo"), lo_que_se_sabe(ensayo.session, ensayo), casos.LARGO_DEL_MOTIVO
    )
    clase, otro = said(CLASES[texto(ensayo, "clase")][0]), texto(ensayo, "numero")
    return Shown(((said("Quedaría"), clase), (said("Caso"), otro), (said("Por qué"), motivo)))


def numero(ensayo: Trial) -> Shown:
    """The first of its year: which one is next is known when it is given."""
    primero = segun_patron(texto(ensayo, "patron"), dia_local(ensayo.now).year, 1)
    return Shown(
        ((said("Así son los números; el primero del año"), primero),),
        {texto(ensayo, "variable"): primero},
    )


def carta_a_la_persona(sitio: str, ensayo: Trial) -> Shown:
    campo = texto(ensayo, "para")
    para = str({**ensayo.data, **ensayo.written()}.get(campo) or "").strip()
    if not campo:
        para = said("La dirección que se sepa del caso; sin ella queda «Por entregar en papel»")
    lleva = texto(ensayo, "adjunto")
    mas = ((said("Lleva"), said("El documento que esté en «%(d)s»", d=lleva)),) if lleva else ()
    return Shown(
        (
            (said("Para"), para or said("Nadie: quedaría «Por entregar en papel»")),
            *_carta(sitio, ensayo),
            *mas,
        )
    )


def carta_a_un_rol(sitio: str, ensayo: Trial) -> Shown:
    rol, lugar = texto(ensayo, "rol"), texto(ensayo, "lugar") or None
    cuantos = len(avisos.correos_de_rol(ensayo.session, rol, ensayo.now, lugar))
    para = (
        said("%(n)s de «%(r)s» que hoy tienen correo", n=cuantos, r=rol)
        if cuantos
        else said("Nadie: hoy nadie de «%(r)s» tiene correo", r=rol)
    )
    return Shown(((said("Para"), para), *_carta(sitio, ensayo)))


def _carta(sitio: str, ensayo: Trial) -> tuple[tuple[str, str], ...]:
    asunto, cuerpo = cartas.llenar(molde_de(ensayo), lo_que_se_sabe(ensayo.session, ensayo))
    return (said("Asunto"), asunto), (said("Carta"), avisos.con_sitio(cuerpo, sitio))


def documento(documentos: Documentos, ensayo: Trial) -> Shown:
    pedido = documentos.pedido(ensayo.session, ensayo)
    dicho = (said("Archivo"), f"{pedido.nombre}.pdf"), (said("Título"), pedido.titulo)
    return Shown(dicho, pdf=lambda: documentos.hacer_pdf.poner(pedido))


def pedido(mensajero: Mensajero, ensayo: Trial) -> Shown:
    """With its secret covered."""
    salen = [cada.variable for cada in de_donde(texto(ensayo, "respuesta"))]
    va = mensajero.armar(ensayo.inputs, {**ensayo.written(), **ensayo.data}, "prueba")
    encabezados = va.cliente.encabezados(va.pedido, cubierto=True)
    return Shown((
        (said("Se pediría"), f"{va.pedido.metodo} {va.cliente.direccion(va.pedido)}"),
        (said("Encabezados"), "\n".join(f"{nombre}: {valor}" for nombre, valor in encabezados.items())),
        *(((said("Cuerpo"), va.pedido.cuerpo.decode()),) if va.pedido.cuerpo is not None else ()),
        *(((said("De la respuesta saldrían"), ", ".join(salen)),) if salen else ()),
    ))  # fmt: skip
