"""People by CSV: first a rehearsal that changes nothing, line by line; then all of it in one
transaction. The export has the same shape."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import EngineError
from records.base.actos import Acto
from records.base.cambios import MAX_MOTIVO, Anotado, exigir_motivo
from records.base.errores import DatoInvalido, Rechazo
from records.base.reglas.tabla_csv import MAX_BYTES, Tabla, TablaIlegible
from records.base.tablas import Cambio
from records.cuentas import personal, personal_csv
from records.cuentas.cifrado import SIN_CLAVE
from records.cuentas.enlaces_de_clave import PRIMERA
from records.cuentas.personal_csv import COLUMNAS, Problema
from records.cuentas.reglas.roles import CON_PODER
from webforms.base import cambios, dos_personas
from webforms.base.cambios import Obra
from webforms.base.formatos import dia_local
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import GOBIERNA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.cuentas import claves
from webforms.cuentas.personal import TRES_DIAS
from webforms.documentos.planillas import BOM, linea
from webforms.navegador.firmas import firmante

rutas = Rutas()

ENSAYO = "Ensayo"  #: the reason of a rehearsal, which is written nowhere
EXPORTADA = "exportacion_personas"  #: kind of the access chain


@dataclass(frozen=True, slots=True)
class Persona:
    """Of the comparison: before and after, in words."""

    linea: int
    nombre: str
    usuario: str
    cambios: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Comparacion:
    nuevas: Sequence[Persona]
    cambian: Sequence[Persona]
    iguales: int
    problemas: Sequence[Problema]
    #: somebody gets a role, or is reached by another mail, that changes the rules or sees
    #: everything
    con_poder: bool

    @property
    def sello(self) -> str:
        """The same for the same comparison: what is applied is what was shown."""
        dicho = repr(
            [(p.linea, p.usuario, [*p.cambios]) for p in (*self.nuevas, *self.cambian)]
            + [self.iguales]
        )
        return hashlib.sha256(dicho.encode()).hexdigest()


def _aplicar(
    session: Session, tabla: Tabla, motivo: str, acto: Acto
) -> tuple[Comparacion, list[Anotado], list[str]]:
    resultado = personal_csv.aplicar(
        session,
        tabla.filas,
        tabla.columnas,
        motivo,
        acto,
        lambda: (SIN_CLAVE, secrets.token_urlsafe(32)),
    )
    ids = [a.detalle["cambio"] for a in resultado.anotados]
    escritos = (
        {c.id: c for c in session.scalars(select(Cambio).where(Cambio.id.in_(ids)))} if ids else {}
    )
    dicho = {d.cambio.id: d for d in cambios.historia(session, [*escritos.values()])}

    def persona(hecho: personal_csv.Hecho) -> Persona:
        dichos = [dicho[a.detalle["cambio"]] for a in hecho.anotados]
        return Persona(
            hecho.linea, hecho.nombre, hecho.usuario, [(d.que, d.antes, d.despues) for d in dichos]
        )

    con_poder = any(
        c.despues.get("rol") in CON_PODER
        or (
            c.que == "datos"
            and "correo" in c.despues
            and personal.tiene_poder(session, c.sujeto, acto.now)
        )
        for c in escritos.values()
    )
    personas = [persona(h) for h in resultado.nuevas], [persona(h) for h in resultado.cambian]
    comparacion = Comparacion(*personas, resultado.iguales, resultado.problemas, con_poder)
    return comparacion, resultado.anotados, [h.usuario for h in resultado.nuevas]


def _ensayar(tabla: Tabla) -> Comparacion:
    acto = Acto(actor_actual().id, servicios().clock.now())
    return cambios.en_ensayo(lambda session: _aplicar(session, tabla, ENSAYO, acto)[0])


def _sobre() -> URLSafeSerializer:
    """The list travels with the page between rehearsal and import, for this person only."""
    return firmante(f"personas-csv:{actor_actual().id}")


@rutas.get(
    "/personas/importar",
    para=GOBIERNA,
    ayuda=Ayuda(
        _l("Aquí trae muchas personas de un archivo; se ensaya antes de guardar."), ADMINISTRADOR
    ),
    menu=Entrada(Grupo.AJUSTES, _l("Importar personas")),
)
def importar() -> ResponseReturnValue:
    return render_template("cuentas/importar.html", columnas=COLUMNAS, error="")


@rutas.post("/personas/importar", para=GOBIERNA, haria=_l("Ensayar una lista de personas"))
def ensayar() -> ResponseReturnValue:
    enviado = request.files.get("archivo")
    contenido = enviado.stream.read(MAX_BYTES + 1) if enviado and enviado.filename else b""
    if enviado is not None:
        enviado.close()
    try:
        tabla = personal_csv.leer(contenido)
    except TablaIlegible as ilegible:
        return render_template("cuentas/importar.html", columnas=COLUMNAS, error=str(ilegible)), 422
    nombre = limpiar((enviado.filename if enviado else "") or "")[:120]
    return _pagina(tabla, {"texto": contenido.decode("utf-8-sig"), "nombre": nombre})


def _pagina(
    tabla: Tabla, llevado: dict[str, str], *, error: str = "", motivo: str = ""
) -> ResponseReturnValue:
    comparacion = _ensayar(tabla)
    valores: dict[str, Any] = {
        "c": comparacion,
        "tabla": tabla,
        "nombre": llevado["nombre"],
        "lista": _sobre().dumps(llevado),
    }
    pagina = render_template(
        "cuentas/ensayo.html", error=error, motivo=motivo, maximo=MAX_MOTIVO, **valores
    )
    return pagina, 422 if error else 200


@rutas.post(
    "/personas/importar/aplicar",
    para=GOBIERNA,
    haria=_l("Importar una lista de personas"),
    de_peso=True,
    pesa=MAX_BYTES * 2,
)
def aplicar() -> ResponseReturnValue:
    try:
        llevado = _sobre().loads(request.form.get("lista", ""))
        tabla = personal_csv.leer(llevado["texto"].encode())
    except (BadData, TablaIlegible, KeyError, UnicodeError):
        return render_template(
            "cuentas/importar.html",
            columnas=COLUMNAS,
            error=_("Elija otra vez el archivo: la lista no llegó entera."),
        ), 422
    motivo, visto = limpiar(request.form.get("motivo", "")), request.form.get("visto", "")
    sin_errores, en_papel = (
        request.form.get("sin_errores") == "si",
        request.form.get("enlace") == "papel",
    )
    nuevas: list[str] = []
    reglas: set[str] = set()

    def exigir(comparacion: Comparacion) -> None:
        exigir_motivo(motivo)
        reglas.update(p.regla for p in comparacion.problemas if p.regla)
        if comparacion.sello != visto:
            raise DatoInvalido(
                _(
                    "Algo cambió desde el ensayo. Abajo está la comparación de ahora: mírela y confirme otra vez."
                )
            )
        if comparacion.problemas and not sin_errores:
            raise DatoInvalido(
                _(
                    "Hay líneas con errores. Corríjalas en el archivo, o marque que se importen solo las demás."
                )
            )
        if not (comparacion.nuevas or comparacion.cambian):
            raise DatoInvalido(_("No hay nada que importar: todo está como en la lista."))

    def todo(session: Session, acto: Acto) -> Sequence[Anotado]:
        comparacion, anotados, usuarios = _aplicar(session, tabla, exigir_motivo(motivo), acto)
        exigir(comparacion)
        nuevas[:] = usuarios
        return anotados

    error, pedida = "", False
    try:
        comparacion = _ensayar(tabla)
        if comparacion.con_poder and dos_personas.se_pide(dos_personas.DE_LA_ENTIDAD):
            exigir(comparacion)
            pedida = not cambios.hacer_o_pedir(
                IMPORTAR,
                llevado["nombre"] or LISTA,
                {"motivo": motivo},
                {LISTA: llevado["texto"].encode()},
            )
        else:
            cambios.hacer(todo)
    except Rechazo as rechazo:
        error = str(rechazo)
    for regla in sorted(reglas):
        cambios.anotar_rechazo(regla)
    if error:
        return _pagina(tabla, llevado, error=error, motivo=motivo)
    return (
        redirect(url_for("personas.lista")) if pedida else _dar_enlaces(nuevas, en_papel=en_papel)
    )


def _importar(
    session: Session, _nombre: str, datos: cambios.Datos, acto: Acto
) -> Sequence[Anotado]:
    """What another person approved; lines that are wrong by then stay out, as its comparison
    shows."""
    return _aplicar(
        session, personal_csv.leer(datos[cambios.ARCHIVOS][LISTA]), datos["motivo"], acto
    )[1]


def _enlaces_por_correo(hechos: Sequence[Anotado]) -> None:
    for usuario in [h.sujeto for h in hechos if h.detalle["que"] == "creada"]:
        with suppress(Rechazo, EngineError):  # they stand under «Por activar»
            claves.dar(usuario, PRIMERA, actor_actual(), por_correo=True, vigencia=TRES_DIAS)


LISTA = "personas.csv"
IMPORTAR = Obra(
    "personas",
    _l("Importar personas con roles que cambian las reglas o ven todo"),
    _importar,
    lambda _n: url_for("personas.lista"),
    _enlaces_por_correo,
)


def _dar_enlaces(usuarios: Sequence[str], *, en_papel: bool) -> ResponseReturnValue:
    """Each a command of its own: whoever is left without one stands under «Por activar»."""
    hojas, sin_enlace = [], 0
    for usuario in usuarios:
        try:
            hojas.append(
                (
                    usuario,
                    usuario,
                    claves.dar(
                        usuario,
                        PRIMERA,
                        actor_actual(),
                        por_correo=not en_papel,
                        vigencia=TRES_DIAS,
                    ),
                )
            )
        except (Rechazo, EngineError):
            sin_enlace += 1
    flash(_("Importado. Personas nuevas: %(n)s.", n=len(usuarios)), "verde")
    if sin_enlace:
        flash(_("Sin enlace quedaron %(n)s: están en «Por activar».", n=sin_enlace), "ambar")
    if en_papel and hojas:
        return render_template("cuentas/hoja.html", hojas=hojas)
    return redirect(url_for("personas.lista", vista="por_activar" if usuarios else "activas"))


@rutas.get("/personas/exportar.csv", para=GOBIERNA, de_peso=True)
def exportar() -> ResponseReturnValue:
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        filas = personal_csv.exportar(session, now)
    s.engine.log_access(
        actor_actual(), EXPORTADA, "personas", now=now, detail={"filas": len(filas)}
    )
    texto = BOM + "".join(linea(celdas) for celdas in [COLUMNAS, *filas])
    nombre = f"personas-{dia_local(now).isoformat()}.csv"
    return Response(
        texto,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{nombre}"'},
    )
