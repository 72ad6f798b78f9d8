"""Messages that a person hands over: which cases wait for them, one by one or from a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import reads
from engine.errors import Conflict, InstanceNotActive, InvalidValues
from engine.states import AccessKind
from engine.types import FieldSpec
from records.base.errores import Rechazo
from records.casos import registro
from records.casos.mensajes import caso_de
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import PERSONA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.casos.cabecera import anotar_que_se_ve, puede_ver
from webforms.documentos import planillas
from webforms.documentos.planillas import NoEsPlanilla
from webforms.iniciar.lotes import FILAS, LETRAS, como_opcion
from webforms.tareas import mensajes
from webforms.tareas.mensajes import Entrega, Esperado
from webforms.tareas.rechazos import lo_que_no_se_acepta

rutas = Rutas()


@rutas.get(
    "/mensajes",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Lo que los casos esperan y usted puede entregar, por ejemplo un pago."), FUNCIONARIO
    ),
    menu=Entrada(Grupo.HOY, _l("Mensajes por entregar")),
)
def por_entregar() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        colas = mensajes.que_entrega(session, actor_actual(), mensajes.CUANTAS)
        fichas = registro.fichas(
            session, [e.espera.case_key for cola in colas.values() for e in cola.esperados]
        )
    return render_template("iniciar/mensajes.html", colas=colas, fichas=fichas)


def _pedido(session: Session, task_id: str) -> Esperado:
    """404 for what nobody waits for, and for who may not hand it over, which is recorded."""
    hallado = next(
        iter(mensajes.con_elemento(session, reads.operation.awaited(session, task_id=task_id))),
        None,
    )
    if hallado is None:
        abort(404)
    if not hallado.puede(actor_actual()):
        s = servicios()
        s.engine.log_access(
            actor_actual(),
            AccessKind.REFUSAL,
            hallado.espera.case_key,
            now=s.clock.now(),
            detail={"reason": "delivery"},
        )
        abort(404)
    return hallado


@rutas.get(
    "/mensajes/<task_id>",
    para=PERSONA,
    ayuda=Ayuda(_l("Aquí entrega lo que este caso espera."), FUNCIONARIO),
)
def entrega(task_id: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        return _pagina(
            session, mensajes.entrega(session, _pedido(session, task_id), actor_actual(), None)
        )


@rutas.post("/mensajes/<task_id>", para=PERSONA, haria=_l("Entregar lo que un caso espera"))
def entregar(task_id: str) -> ResponseReturnValue:
    """What is wrong comes back with what was typed; who is second is told so."""
    enviado: MultiDict[str, object] = MultiDict(
        [*request.form.items(multi=True), *request.files.items(multi=True)]
    )
    with servicios().uow.reading() as session:
        esperas = reads.operation.awaited(session, task_id=task_id)
        if not esperas:
            flash(
                _(
                    "El caso ya no lo espera: llegó antes, o el caso siguió por otro camino. No se cambió nada."
                ),
                "ambar",
            )
            return redirect(url_for("iniciar.por_entregar"))
        hecha = mensajes.entrega(session, _pedido(session, task_id), actor_actual(), enviado)
        if not hecha.form.validate():
            return _pagina(session, hecha), 422
        se_ve = puede_ver(session, actor_actual(), hecha.esperado.espera.case_key)
    try:
        mensajes.entregar(hecha)
    except (Conflict, InstanceNotActive):
        flash(
            _(
                "El caso ya no lo espera: llegó antes, o el caso siguió por otro camino. No se cambió nada."
            ),
            "ambar",
        )
        return redirect(url_for("iniciar.por_entregar"))
    except (Rechazo, InvalidValues) as falla:
        with servicios().uow.reading() as session:
            return _pagina(session, hecha, lo_que_no_se_acepta(falla)), 422
    flash(
        _("Quedó entregado: %(m)s. El caso sigue.", m=rotulo(hecha.esperado.elemento.name)), "verde"
    )
    return redirect(
        url_for("casos.ver", case_key=hecha.esperado.espera.case_key)
        if se_ve
        else url_for("iniciar.por_entregar")
    )


def _pagina(session: Session, hecha: Entrega, error: str = "") -> str:
    errores = ([("contenido", error)] if error else []) + hecha.form.errores()
    clave = hecha.esperado.espera.case_key
    anotar_que_se_ve(clave)
    valores = {
        "e": hecha.esperado,
        "form": hecha.form,
        "errores": errores,
        "registrado": registro.ficha(session, clave),
    }
    return render_template("iniciar/mensaje.html", **valores, datos=registro.datos(session, clave))


# --- from a list ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FilaEntrega:
    numero: int
    dicho: str
    errores: Sequence[str]
    hecha: Entrega | None


@rutas.get(
    "/mensajes/<elemento>/csv",
    para=PERSONA,
    ayuda=Ayuda(_l("Aquí entrega lo que esperan muchos casos, desde un archivo."), FUNCIONARIO),
)
def entregar_csv(elemento: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        suyo = _de(session, elemento)
    return _lista(suyo, None)


def _de(session: Session, elemento: str) -> Esperado:
    """The oldest that waits there: its diagram gives the columns."""
    cola = mensajes.que_entrega(session, actor_actual(), 1).get(elemento)
    if cola is None:
        abort(404)
    return cola.esperados[0]


@rutas.post(
    "/mensajes/<elemento>/csv", para=PERSONA, haria=_l("Entregar lo que varios casos esperan")
)
def entregar_varios(elemento: str) -> ResponseReturnValue:
    """First with the file: what would happen. Then with its text, confirmed: it happens, line by
    line."""
    subido = request.files.get("archivo")
    contenido = (
        subido.read(LETRAS + 1)
        if subido is not None and subido.filename
        else request.form.get("texto", "").encode()
    )
    with servicios().uow.reading() as session:
        suyo = _de(session, elemento)
        falta, filas, texto = _revisar(session, suyo, contenido)
    if falta or any(fila.errores for fila in filas) or "confirmar" not in request.form:
        mal = bool(falta) or any(fila.errores for fila in filas)
        return _lista(suyo, filas, falta=falta, texto="" if mal else texto), 422 if mal else 200
    hechas = 0
    for fila in filas:
        try:
            if fila.hecha is not None:
                mensajes.entregar(fila.hecha)
                hechas += 1
        except (Conflict, InstanceNotActive):
            falta = _(
                "La línea %(n)s no se entregó: el caso ya no lo espera. Las anteriores quedaron entregadas.",
                n=fila.numero,
            )
            return _lista(suyo, filas, falta=falta), 409
        except (Rechazo, InvalidValues) as error:
            dicho = lo_que_no_se_acepta(error)
            falta = _(
                "La línea %(n)s no se entregó; las anteriores sí. %(f)s", n=fila.numero, f=dicho
            )
            return _lista(suyo, filas, falta=falta), 422
    flash(_("Quedaron entregados %(n)s mensajes.", n=hechas), "verde")
    return redirect(url_for("iniciar.por_entregar"))


def _lista(
    esperado: Esperado, filas: Sequence[FilaEntrega] | None, *, falta: str = "", texto: str = ""
) -> str:
    valores = {
        "e": esperado,
        "filas": filas or [],
        "falta": falta,
        "texto": texto,
        "campos": _campos(esperado),
    }
    return render_template(
        "iniciar/mensajes_csv.html", **valores, maximo=FILAS, kilos=LETRAS // 1000
    )


def _campos(esperado: Esperado) -> list[FieldSpec]:
    return [campo for campo in esperado.elemento.fields if campo.type != "file"]


def _revisar(
    session: Session, esperado: Esperado, contenido: bytes
) -> tuple[str, list[FilaEntrega], str]:
    """What is wrong with the file as a whole, its lines, its text as it is sent again."""
    pesado = str(_("Elija un archivo CSV de máximo %(n)s kB.", n=LETRAS // 1000))
    if len(contenido) > LETRAS or not contenido.strip():
        return pesado, [], ""
    try:
        cabeza, lineas = planillas.leer(contenido, FILAS)
    except NoEsPlanilla as error:
        return str(error), [], ""
    columnas = {
        nombre.casefold(): campo
        for campo in _campos(esperado)
        for nombre in (campo.name, campo.label, rotulo(campo.label))
    }
    if not cabeza or cabeza[0].casefold() not in ("número", "numero"):
        return str(_("La primera columna es «Número»: el del caso que espera.")), [], ""
    if sobran := [nombre for nombre in cabeza[1:] if nombre.casefold() not in columnas]:
        return str(_("La columna «%(c)s» no es de este mensaje.", c=sobran[0][:60])), [], ""
    vistos: set[str] = set()
    filas = []
    for numero, celdas in lineas:
        dichas = {
            columnas[n.casefold()].name: como_opcion(columnas[n.casefold()], c)
            for n, c in zip(cabeza[1:], celdas[1:], strict=False)
        }
        filas.append(_fila(session, esperado, (numero, celdas), dichas, vistos))
    texto = "".join(
        planillas.linea(celdas) for celdas in (cabeza, *(celdas for _n, celdas in lineas))
    )
    return ("", filas, texto) if len(texto.encode()) <= LETRAS else (pesado, [], "")


def _fila(
    session: Session,
    esperado: Esperado,
    linea: tuple[int, list[str]],
    dichas: dict[str, str],
    vistos: set[str],
) -> FilaEntrega:
    numero, celdas = linea
    dicho, de_caso = " · ".join(celdas[:4])[:120], celdas[0].upper()
    clave = caso_de(session, de_caso)
    esperas = (
        reads.operation.awaited(session, case_key=clave, elements=[esperado.espera.element])
        if clave
        else []
    )
    suyo = next(
        (e for e in mensajes.con_elemento(session, esperas) if e.puede(actor_actual())), None
    )
    if suyo is None or de_caso in vistos:
        porque = (
            _("Está dos veces en el archivo")
            if de_caso in vistos
            else _("Ningún caso con ese número lo espera")
        )
        return FilaEntrega(numero, dicho, [str(porque)], None)
    vistos.add(de_caso)
    hecha = mensajes.entrega(
        session, suyo, actor_actual(), MultiDict({n: v for n, v in dichas.items() if v})
    )
    return FilaEntrega(
        numero,
        dicho,
        [] if hecha.form.validate() else [m for _id, m in hecha.form.errores()],
        hecha,
    )
