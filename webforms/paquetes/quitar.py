"""Takes a diagram or a table out of force: first what would happen, and never while a case runs by
it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.errors import DeployRefused, NotFound, StaleBase
from records.base.errores import DatoInvalido
from records.paquetes.reglas import paquete as reglas
from webforms.base.entrada import entero_o
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.quienes import MODELA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.paquetes import lectura
from webforms.paquetes.edicion import ahora, exigir_vigente, nombre_pedido, nombres_en
from webforms.paquetes.hallazgos import Hallazgo, hallazgos
from webforms.paquetes.lectura import FilaProceso, Vigente
from webforms.paquetes.por_aprobar import Peticion, pedida_de, pedir, se_pide

rutas = Rutas()


@dataclass(frozen=True, slots=True)
class QuePasaria:
    """If a file were no longer in force."""

    procesos: Sequence[FilaProceso]  #: that nobody could begin any more
    usan: Sequence[str]  #: names of others that would get a new version
    paquetes: Sequence[str]  #: procedures that name it: it is taken out of their texts first
    faltas: Sequence[Hallazgo]  #: what would not work without it
    es_lo_unico: bool  #: nothing would be in force

    @property
    def abiertos(self) -> int:
        return sum(fila.abiertos for fila in self.procesos)

    @property
    def se_puede(self) -> bool:
        return not (self.abiertos or self.paquetes or self.faltas or self.es_lo_unico)


def _que_pasaria(session: Session, hoy: Vigente, archivo: str) -> QuePasaria:
    suyos = [fila for fila in lectura.procesos(session, hoy, {}) if fila.archivo == archivo]
    otros = [hoy.procesos[p].name for p in hoy.usan(archivo) if hoy.procesos[p].file != archivo]
    nombran = []
    for codigo in reglas.codigos(hoy.archivos):
        leido = reglas.leer(codigo, hoy.archivos)[0]
        if leido is not None and archivo in leido.modelos:
            nombran.append(leido.nombre)
    diagramas = (
        nombres_en(cada, contenido)
        for cada, contenido in hoy.archivos.items()
        if cada.endswith(".bpmn")
    )
    nombres = {clave: nombre for suyos_de in diagramas for clave, nombre in suyos_de.items()}
    dichos = hallazgos(servicios().engine.releases.check({}, [archivo]), nombres)
    return QuePasaria(
        suyos, otros, nombran, [h for h in dichos if h.gravedad == "error"], len(hoy.archivos) == 1
    )


@rutas.get(
    "/procesos/<archivo>/quitar",
    para=MODELA,
    ayuda=Ayuda(
        _l("Qué pasaría si un diagrama o una tabla deja de regir, y si se puede quitar."), ANALISTA
    ),
)
def por_quitar(archivo: str) -> ResponseReturnValue:
    return _pagina(nombre_pedido(archivo))


def _pagina(
    archivo: str, *, nota: str = "", aviso: str = "", codigo: int = 200
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hoy = exigir_vigente(session)
        if archivo not in hoy.archivos:
            raise NotFound(archivo)
        que_pasa, pedida = _que_pasaria(session, hoy, archivo), pedida_de(session, archivo)
    valores = {
        "archivo": archivo,
        "q": que_pasa,
        "base": hoy.numero,
        "nota": nota,
        "aviso": aviso,
        "pedida": pedida,
        "se_pide": se_pide(),
    }
    return render_template("paquetes/quitar.html", **valores), codigo


@rutas.post(
    "/procesos/<archivo>/quitar",
    para=MODELA,
    haria=_l("Quitar un archivo de lo que está en vigor"),
    de_peso=True,
)
def quitar(archivo: str) -> ResponseReturnValue:
    nota = limpiar(request.form.get("nota", ""))[:500]
    with servicios().uow.reading() as session:
        hoy = exigir_vigente(session)
        que_pasa = (
            _que_pasaria(session, hoy, nombre_pedido(archivo)) if archivo in hoy.archivos else None
        )
    if que_pasa is None:
        flash(_("Ese archivo ya no está en vigor. No se cambió nada."), "ambar")
        return redirect(url_for("procesos.lista"))
    if not que_pasa.se_puede:
        return _pagina(
            archivo, nota=nota, aviso=_("Así no se puede quitar: vea por qué."), codigo=409
        )
    if not nota:
        return _pagina(
            archivo,
            aviso=_("Escriba por qué se quita: queda en la historia de versiones."),
            codigo=422,
        )
    base = entero_o(request.form.get("base", ""), -1)
    try:
        if se_pide():
            pedir(Peticion(archivo, archivo, nota, {}, (archivo,)), hoy)
            return redirect(url_for("procesos.ver", archivo=archivo))
        servicios().engine.releases.deploy(
            {}, actor=actor_actual(), now=ahora(), remove=[archivo], base=base, note=nota
        )
    except DatoInvalido as rechazo:
        return _pagina(archivo, nota=nota, aviso=str(rechazo), codigo=409)
    except (DeployRefused, StaleBase):
        return _pagina(
            archivo,
            nota=nota,
            aviso=_("Otra persona puso cambios en vigor mientras usted decidía. Mire otra vez."),
            codigo=409,
        )
    dicho = _(
        "%(a)s ya no está en vigor. Lo que pasó con él sigue en la historia. Un caso que empezó en este instante sigue con él.",
        a=archivo,
    )
    flash(dicho, "verde")
    return redirect(url_for("procesos.lista"))
