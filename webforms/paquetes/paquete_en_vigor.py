"""The drafts of a package put in force together: a diagram and the table that it asks come in one
version or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.errors import DeployRefused, StaleBase
from engine.reads.releases import ModelDraftView
from records.base.errores import DatoInvalido
from records.cuentas.titulares import titulares
from records.paquetes.reglas import escenarios, paquete as reglas
from records.paquetes.reglas.paquete import Falta, Paquete
from webforms.base.entrada import entero_o
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.quienes import MODELA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.paquetes import lectura
from webforms.paquetes.edicion import ahora, sello
from webforms.paquetes.efectos import (
    NADIE_AQUI,
    anotar_vacios,
    cambio_ajeno,
    efectos,
    nota_con_vacios,
)
from webforms.paquetes.escenarios import recordados
from webforms.paquetes.faltas import frases
from webforms.paquetes.hallazgos import Hallazgo
from webforms.paquetes.hojas import avisos_de_traducciones
from webforms.paquetes.importacion import revisar_juntos, titulo
from webforms.paquetes.lectura import Vigente
from webforms.paquetes.paquetes import con_borradores, paquete_pedido
from webforms.paquetes.por_aprobar import Peticion, pedida_de, pedir, se_pide
from webforms.paquetes.titulares import CONFIRMABLES, lugares, sin_titular

rutas = Rutas()


@dataclass(frozen=True, slots=True)
class Cambio:
    """A draft that would come into force."""

    nombre: str
    titulo: str
    nueva: bool
    guardado: ModelDraftView
    ajeno: bool  #: somebody put another text of it in force after this draft was begun


@dataclass(frozen=True, slots=True)
class Propuesta:
    paquete: Paquete
    hoy: Vigente | None
    cambios: list[Cambio]
    faltas: list[Falta]  #: of the manifest
    todos: Mapping[str, bytes]  #: what would be in force

    @property
    def archivos(self) -> dict[str, bytes]:
        return {c.nombre: c.guardado.content for c in self.cambios}

    @property
    def visto(self) -> str:
        return " ".join(sello(c.guardado) for c in self.cambios)


def propuesta(session: Session, codigo: str) -> Propuesta:
    """The drafts of the person among the pieces of the package, as its manifest would be with
    them."""
    hoy = lectura.vigente(session)
    guardados = {d.file: d for d in lectura.borradores(session, actor_actual().id)}
    archivos = con_borradores(hoy, {nombre: d.content for nombre, d in guardados.items()})
    paquete = paquete_pedido(codigo, archivos)
    en_vigor: Mapping[str, bytes] = hoy.archivos if hoy else {}
    cambios = [
        Cambio(
            nombre,
            titulo(nombre, d.content),
            nombre not in en_vigor,
            d,
            cambio_ajeno(session, nombre, d, hoy),
        )
        for nombre in paquete.piezas
        if (d := guardados.get(nombre)) is not None and d.content != en_vigor.get(nombre)
    ]
    return Propuesta(paquete, hoy, cambios, reglas.leer(codigo, archivos)[1], archivos)


@rutas.get(
    "/procedimientos/<codigo>/poner-en-vigor",
    para=MODELA,
    ayuda=Ayuda(
        _l("Lo que cambia si el procedimiento entra en vigor, y a quién afecta."), ANALISTA
    ),
)
def poner_paquete(codigo: str) -> ResponseReturnValue:
    return _pagina(codigo, nota=limpiar(request.args.get("nota", ""))[:500])


def _pagina(
    codigo: str, *, nota: str = "", sin_nadie: str = "", aviso: str = "", codigo_http: int = 200
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        p = propuesta(session, codigo)
        de_carriles = _de_carriles(session, p)
        que_pasa = (
            [e for c in p.cambios for e in efectos(session, c.nombre, c.guardado.content, p.hoy)]
            if p.cambios
            else []
        )
        pedida = pedida_de(session, codigo)
    ensayados = recordados(servicios().engine, p.paquete, p.todos) if p.cambios else None
    encontrados = (revisar_juntos(p.archivos) if p.cambios else []) + de_carriles
    return render_template(
        "paquetes/paquete_poner.html",
        codigo=codigo,
        paquete=p.paquete,
        cambios=p.cambios,
        faltas=frases(p.faltas),
        hallazgos=encontrados,
        efectos=_una_vez(que_pasa),
        impide=bool(p.faltas) or _impide(encontrados),
        ensayados=ensayados,
        traducciones=list(avisos_de_traducciones(p.paquete, p.todos))
        if p.cambios and not p.faltas
        else [],
        escenarios=len(escenarios.de_un_paquete(codigo, p.todos)),
        ajenos=any(c.ajeno for c in p.cambios),
        base=p.hoy.numero if p.hoy else 0,
        visto=p.visto,
        confirmables=[h for h in de_carriles if h.regla in CONFIRMABLES],
        nota=nota,
        sin_nadie=sin_nadie,
        aviso=aviso,
        pedida=pedida,
        se_pide=se_pide(),
    ), codigo_http


def _impide(encontrados: list[Hallazgo]) -> bool:
    return any(h.gravedad == "error" and h.regla not in CONFIRMABLES for h in encontrados)


def _de_carriles(session: Session, p: Propuesta) -> list[Hallazgo]:
    """Lanes of the changed diagrams whose tasks nobody could do, or nobody somewhere."""
    quienes, donde = titulares(session, ahora()), lugares(session)
    diagramas = [c for c in p.cambios if c.nombre.endswith(".bpmn")]
    return [h for c in diagramas for h in sin_titular(c.nombre, c.guardado.content, quienes, donde)]


def _una_vez(que_pasa: list[dict[str, object]]) -> list[dict[str, object]]:
    """A process that several drafts touch gets one new version."""
    return list({str(e["nombre"]): e for e in que_pasa}.values())


@rutas.post(
    "/procedimientos/<codigo>/poner-en-vigor",
    para=MODELA,
    haria=_l("Poner en vigor un procedimiento"),
    de_peso=True,
)
def desplegar_paquete(codigo: str) -> ResponseReturnValue:
    nota, sin_nadie = (
        limpiar(request.form.get(campo, ""))[:500] for campo in ("nota", "sin_nadie")
    )
    with servicios().uow.reading() as session:
        p = propuesta(session, codigo)
        vacios = [h for h in _de_carriles(session, p) if h.regla in CONFIRMABLES]
    if not p.cambios:
        flash(_("No hay borradores suyos que poner en vigor en este procedimiento."), "ambar")
        return redirect(url_for("procesos.paquete", codigo=codigo))
    if request.form.get("visto") != p.visto:
        aviso = _(
            "Usted guardó un borrador en otra pestaña después de abrir esta página. Revise de nuevo qué cambia."
        )
        return _pagina(codigo, nota=nota, sin_nadie=sin_nadie, aviso=aviso, codigo_http=409)
    if p.faltas:
        return _pagina(
            codigo,
            nota=nota,
            aviso=_("Primero corrija los textos del procedimiento."),
            codigo_http=422,
        )
    if not nota:
        aviso = _("Escriba qué cambia y por qué: queda en la historia de versiones.")
        return _pagina(codigo, sin_nadie=sin_nadie, aviso=aviso, codigo_http=422)
    if vacios and not sin_nadie:
        return _pagina(codigo, nota=nota, aviso=str(NADIE_AQUI), codigo_http=422)
    if any(c.ajeno for c in p.cambios) and request.form.get("reemplaza") != "si":
        aviso = _("Confirme que revisó la versión que otra persona puso en vigor.")
        return _pagina(codigo, nota=nota, sin_nadie=sin_nadie, aviso=aviso, codigo_http=409)
    try:
        if se_pide():
            pedir(Peticion(codigo, p.paquete.nombre, nota, p.archivos, (), sin_nadie), p.hoy)
            return redirect(url_for("procesos.poner_paquete", codigo=codigo))
        puesto = servicios().engine.releases.deploy(
            p.archivos,
            actor=actor_actual(),
            now=ahora(),
            base=entero_o(request.form.get("base", ""), -1),
            note=nota_con_vacios(nota, vacios, sin_nadie),
        )
    except DatoInvalido as rechazo:
        return _pagina(codigo, nota=nota, sin_nadie=sin_nadie, aviso=str(rechazo), codigo_http=409)
    except DeployRefused:
        return _pagina(
            codigo,
            nota=nota,
            sin_nadie=sin_nadie,
            aviso=_("No se puso nada en vigor: vea la revisión."),
            codigo_http=422,
        )
    except StaleBase:
        aviso = _(
            "Otra persona puso cambios en vigor mientras usted revisaba. Sus borradores siguen aquí: revise de nuevo qué cambia."
        )
        return _pagina(codigo, nota=nota, sin_nadie=sin_nadie, aviso=aviso, codigo_http=409)
    anotar_vacios(puesto.release, vacios, sin_nadie)
    flash(
        _(
            "En vigor: %(nombre)s. Los casos abiertos siguen en su versión.",
            nombre=p.paquete.nombre,
        ),
        "verde",
    )
    return redirect(url_for("procesos.paquete", codigo=codigo))
