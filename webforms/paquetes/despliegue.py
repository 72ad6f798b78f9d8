"""Putting a draft in force: what would change, for whom, and why not."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import DeployRefused, Finding, StaleBase
from engine.reads.releases import ModelDraftView
from records.base.errores import DatoInvalido
from records.cuentas.titulares import Titulares, titulares
from webforms.base.entrada import entero_o
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.quienes import MODELA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.navegador.cabeceras import permitir_estilos_en_linea
from webforms.paquetes import lectura
from webforms.paquetes.cambios_de_tabla import comparacion_de_tablas
from webforms.paquetes.edicion import (
    ahora,
    comparacion_de,
    modelo_de,
    nombre_pedido,
    nombres_en,
    revisar,
    sello,
)
from webforms.paquetes.efectos import (
    MARCAS,
    NADIE_AQUI,
    anotar_vacios,
    cambio_ajeno,
    efectos,
    nota_con_vacios,
)
from webforms.paquetes.hallazgos import Hallazgo, hallazgos
from webforms.paquetes.lectura import Vigente
from webforms.paquetes.paquetes import mis_borradores, van_juntos
from webforms.paquetes.por_aprobar import Peticion, pedida_de, pedir, se_pide
from webforms.paquetes.titulares import (
    CONFIRMABLES,
    Huerfana,
    abiertas,
    actividades,
    huerfanas,
    lugares,
    quienes_pueden,
    sin_titular,
)

rutas = Rutas()


@rutas.get(
    "/procesos/<archivo>/poner-en-vigor",
    para=MODELA,
    ayuda=Ayuda(_l("Lo que cambia si este borrador entra en vigor, y a quién afecta."), ANALISTA),
)
def poner(archivo: str) -> ResponseReturnValue:
    return _pagina_poner(nombre_pedido(archivo))


def _pagina_poner(
    archivo: str,
    *,
    aviso: str = "",
    nota: str = "",
    sin_nadie: str = "",
    refutado: tuple[Finding, ...] = (),
    codigo: int = 200,
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        guardado = lectura.borrador(session, actor_actual().id, archivo)
        if guardado is None:
            return redirect(url_for("procesos.ver", archivo=archivo))
        antes = hoy.archivos.get(archivo) if hoy else None
        ajeno = cambio_ajeno(session, archivo, guardado, hoy)
        juntos = van_juntos(archivo, hoy, mis_borradores(session))
        que_pasa = efectos(session, archivo, guardado.content, hoy)
        esperan = reads.instances.waiting_at(session, hoy.usan(archivo)) if hoy else {}
        versiones = lectura.versiones_de(session, hoy, archivo) if hoy else []
        quienes = titulares(session, ahora())
        vacios = list(sin_titular(archivo, guardado.content, quienes, lugares(session)))
        por_carril = quienes_pueden(session, archivo, guardado.content, ahora())
        solas = _huerfanas(session, archivo, guardado.content, hoy, quienes) if hoy else []
        pedida = pedida_de(session, archivo)
    es_diagrama = archivo.endswith(".bpmn")
    comparacion = (comparacion_de if es_diagrama else comparacion_de_tablas)(
        antes, guardado.content
    )
    modelo = modelo_de(archivo, guardado.content)
    encontrados = (
        hallazgos(refutado, nombres_en(archivo, guardado.content))
        if refutado
        else revisar(archivo, guardado.content)
    ) + vacios
    permitir_estilos_en_linea()
    return (
        render_template(
            "paquetes/poner.html",
            archivo=archivo,
            modelo=modelo,
            borrador=guardado,
            comparacion=comparacion,
            marcas=MARCAS,
            esperan=esperan,
            abiertos=sum(e["abiertos"] for e in que_pasa),
            rige=versiones[0] if versiones else None,
            igual=antes is not None and antes == guardado.content,
            es_nuevo=antes is None,
            efectos=que_pasa,
            huerfanas=solas,
            hallazgos=encontrados,
            impide=any(h.gravedad == "error" and h.regla not in CONFIRMABLES for h in encontrados),
            por_carril=por_carril,
            confirmables=[h for h in vacios if h.regla in CONFIRMABLES],
            sin_nadie=sin_nadie,
            ajeno=ajeno,
            juntos=juntos,
            base=hoy.numero if hoy else 0,
            visto=sello(guardado),
            release=hoy.numero if hoy else 0,
            aviso=aviso,
            nota=nota,
            pedida=pedida,
            se_pide=se_pide(),
        ),
        codigo,
    )


def _sin_nadie(session: Session, guardado: ModelDraftView | None) -> list[Hallazgo]:
    """Lanes of the draft whose tasks nobody could do today."""
    if guardado is None:
        return []
    hallados = sin_titular(
        guardado.file, guardado.content, titulares(session, ahora()), lugares(session)
    )
    return [h for h in hallados if h.regla in CONFIRMABLES]


def _huerfanas(
    session: Session, archivo: str, contenido: bytes, hoy: Vigente, quienes: Titulares
) -> list[Huerfana]:
    """Open tasks that nobody could do if their cases were moved to this draft."""
    antes = reads.releases.elements(session, servicios().engine.catalog, hoy.numero)
    procesos = [p.id for p in hoy.procesos.values() if p.file == archivo]
    return huerfanas(abiertas(session, procesos, antes, actividades(archivo, contenido)), quienes)


@rutas.get("/procesos/<archivo>/borrador", para=MODELA)
def ver_borrador(archivo: str) -> ResponseReturnValue:
    """The text of the draft for the viewers of the comparison."""
    with servicios().uow.reading() as session:
        guardado = lectura.borrador(session, actor_actual().id, nombre_pedido(archivo)) or abort(
            404
        )
    return Response(
        guardado.content, mimetype="application/xml", headers={"Content-Disposition": "inline"}
    )


@rutas.post(
    "/procesos/<archivo>/poner-en-vigor",
    para=MODELA,
    haria=_l("Poner en vigor una versión"),
    de_peso=True,
)
def desplegar(archivo: str) -> ResponseReturnValue:
    nota, sin_nadie = (
        limpiar(request.form.get(campo, ""))[:500] for campo in ("nota", "sin_nadie")
    )
    base = request.form.get("base", "")
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        guardado = lectura.borrador(session, actor_actual().id, nombre_pedido(archivo))
        ajeno = guardado is not None and cambio_ajeno(session, archivo, guardado, hoy)
        vacios = _sin_nadie(session, guardado)
    if guardado is None:
        flash(
            _("Usted puso en vigor o descartó este borrador en otra pestaña. Aquí no cambió nada."),
            "ambar",
        )
        return redirect(
            url_for(
                "procesos.ver" if hoy is not None and archivo in hoy.archivos else "procesos.lista",
                archivo=archivo,
            )
        )
    if request.form.get("visto", sello(guardado)) != sello(guardado):
        aviso = _(
            "Usted guardó este borrador en otra pestaña después de abrir esta página. Revise de nuevo qué cambia; lo que escribió "
            "sigue abajo."
        )
        return _pagina_poner(archivo, aviso=aviso, nota=nota, sin_nadie=sin_nadie, codigo=409)
    if not nota:
        aviso = _("Escriba qué cambia y por qué: queda en la historia de versiones.")
        return _pagina_poner(archivo, aviso=aviso, sin_nadie=sin_nadie, codigo=422)
    if vacios and not sin_nadie:
        return _pagina_poner(archivo, aviso=str(NADIE_AQUI), nota=nota, codigo=422)
    if ajeno and request.form.get("reemplaza") != "si":
        return _pagina_poner(
            archivo,
            aviso=_("Confirme que revisó la versión que otra persona puso en vigor."),
            nota=nota,
            sin_nadie=sin_nadie,
            codigo=409,
        )
    try:
        if se_pide():
            pedir(
                Peticion(
                    archivo,
                    modelo_de(archivo, guardado.content).titulo,
                    nota,
                    {archivo: guardado.content},
                    (),
                    sin_nadie,
                ),
                hoy,
            )
            return redirect(url_for("procesos.poner", archivo=archivo))
        puesto = servicios().engine.releases.deploy(
            {archivo: guardado.content},
            actor=actor_actual(),
            now=ahora(),
            base=entero_o(base, -1),
            note=nota_con_vacios(nota, vacios, sin_nadie),
        )
    except DatoInvalido as rechazo:
        return _pagina_poner(
            archivo, aviso=str(rechazo), nota=nota, sin_nadie=sin_nadie, codigo=409
        )
    except DeployRefused as refutado:
        return _pagina_poner(
            archivo, nota=nota, sin_nadie=sin_nadie, refutado=refutado.findings, codigo=422
        )
    except StaleBase:
        aviso = _(
            "Otra persona puso cambios en vigor mientras usted revisaba. Su borrador sigue aquí: revise de nuevo qué cambia."
        )
        return _pagina_poner(archivo, aviso=aviso, nota=nota, sin_nadie=sin_nadie, codigo=409)
    anotar_vacios(puesto.release, vacios, sin_nadie)
    nombres = {p.id: rotulo(p.name) for p in hoy.procesos.values()} if hoy else {}
    nombres |= dict(modelo_de(archivo, guardado.content).procesos)
    cuales = ", ".join(
        _("%(t)s, versión %(v)s", t=" ".join(nombres.get(p, p).split()), v=puesto.versions[p])
        for p in puesto.changed
    )
    flash(
        _(
            "En vigor: %(cuales)s. Los casos abiertos siguen en su versión.",
            cuales=cuales or archivo,
        ),
        "verde",
    )
    return redirect(url_for("procesos.ver", archivo=archivo))
