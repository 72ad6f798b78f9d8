"""Whatever says «ya hay…», «ya está…»: two who do it at once on PostgreSQL, between the look of one
and its commit. One effect; the other reads what it would have read a moment later."""

import ast
import datetime as dt
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

import records
from engine.store.access import AccessLog
from records.auditorias import auditorias, calibraciones, evaluaciones, muestras
from records.auditorias.tablas import (
    F189,
    Auditoria,
    AuditoriaInforme,
    AuditoriaMuestra,
    AuditoriaRevision,
    Calibracion,
    CalibracionF189,
    Inconsistencia,
)
from records.base.actos import Acto
from records.base.errores import DatoInvalido, Rechazo
from records.base.tablas import Base
from records.casos import (
    devueltos,
    enlaces_de_caso,
    escalonamientos,
    numeros_anulados,
    plantillas,
    prorrogas,
    restringidos,
)
from records.casos.tablas import Archivo, Caso, CasoRestringido, EnlaceDeCaso, Norma, Tipificacion
from records.catalogos import catalogos
from records.catalogos.catalogos import CATALOGOS
from records.comites import comites
from records.comites.tablas import Accion, Comite, ComiteAsistencia, ComiteHallazgo, ComiteSesion
from records.contingencia import papel
from records.contingencia.reglas.papel import Estado, Horas, formar
from records.contingencia.tablas import CaidaPunto
from records.controles import accesos
from records.controles.tablas import RevisionAccesos, RevisionCuenta
from records.correo import avisos, correos, direcciones
from records.correo.tablas import Aviso
from records.cuentas import (
    aprobaciones,
    ausencias,
    cuentas,
    enlaces_de_clave,
    llaves_de_acceso,
    personal,
    retiros,
    segundo_factor,
    sesiones,
)
from records.cuentas.tablas import FiltroGuardado, RolAsignado
from records.derechos import derechos
from records.derechos.tablas import SolicitudDatos
from records.escritos import sueltos
from records.escritos.tablas import DocumentoSuelto
from records.informes import cierres, reportes
from records.informes.tablas import InformeMensual, MesCerrado, ReportePunto
from records.interventoria import interventoria
from records.interventoria.tablas import EntregaInterventor, PaqueteInterventoria
from records.lugares import dispositivos
from records.lugares.tablas import Area
from records.personas import caracterizacion
from records.plazos import calendario
from records.plazos.reglas.calendario import Descanso
from records.plazos.tablas import DescansoSemanal, ExcepcionCalendario
from records.retencion import eliminaciones, reservas
from records.retencion.tablas import ActaEliminacion, ObjecionEliminacion
from records.sistemas import crm_externo
from records.sistemas.tablas import CrmDiferencia
from records.visita import digiturno, turnos
from records.visita.tablas import Atencion, DigiturnoEvento, Turno
from tests.kit import records as kit, web as web_kit
from tests.kit.cast import ADMIN
from tests.kit.clock import CALENDAR, NOW
from tests.kit.rivals import rivals

PORQUE = "Lo pidió la persona por escrito."
ACTO = Acto("admin", NOW, instancia_id="i1")
HOY, MES = NOW.date(), dt.date(2026, 10, 1)
Hace = Callable[[Session], object]
_LISTAS = frozenset({"miembros", "archivos"})
_LLENO: dict[type, object] = {
    int: 0,
    str: "x",
    bool: False,
    float: 0.0,
    bytes: b"",
    object: {},
    dt.date: HOY,
    dt.datetime: NOW,
}


CASOS: dict[str, Callable[[Session], Hace]] = {}


def caso_de(*funciones: str) -> Callable[[Callable[[Session], Hace]], Callable[[Session], Hace]]:
    """What is there before, and what each of the two does with it; of these functions of
    `records`."""

    def anotar(prepara: Callable[[Session], Hace]) -> Callable[[Session], Hace]:
        CASOS.update(dict.fromkeys(funciones, prepara))
        return prepara

    return anotar


def fila(session: Session, modelo: type[Base], **dicho: Any) -> Any:
    """A row that says this, and of the rest whatever fits."""
    for columna in modelo.__table__.columns:
        if columna.name not in dicho and not (
            columna.nullable or columna.default or columna.server_default or columna.primary_key
        ):
            tipo = getattr(columna.type, "impl", columna.type)  # moments are kept by a type of ours
            dicho[columna.name] = [] if columna.name in _LISTAS else _LLENO[tipo.python_type]
    hecha = modelo(**dicho)
    session.add(hecha)
    session.flush()
    return hecha


def cada(valores: Iterable[Any]) -> Callable[[], Any]:
    """To each of the two one of its own, however often it tries."""
    quedan, suyos = list(valores), dict[int, Any]()

    def suyo() -> Any:
        quien = threading.get_ident()
        if quien not in suyos:
            suyos[quien] = quedan.pop()
        return suyos[quien]

    return suyo


def uno() -> str:
    return secrets.token_hex(4)


# --- places and paper -----------------------------------------------------------------------------
@caso_de("papel.declarar")
def _caida(_session: Session) -> Hace:
    return lambda s: papel.declarar(s, "PAS", papel.NuevaCaida(NOW, None, PORQUE), ACTO)


@caso_de("escalonamientos.anotar_aporte")
def _aporte(session: Session) -> Hace:
    persona = kit.persona(session, "7112245").id
    de = {"punto_id": "PAS", "persona_id": persona, "tema": "R01", "norma": "LEY1755"}
    caso = fila(session, Caso, estado="en_analisis", **de).id
    return lambda s: escalonamientos.anotar_aporte(s, caso, PORQUE, ACTO, una_vez=True)


@caso_de("papel.terminar")
def _fin_de_caida(session: Session) -> Hace:
    abierta = fila(session, CaidaPunto, punto_id="BOG-AGU", desde=NOW - dt.timedelta(hours=2)).id
    return lambda s: papel.terminar(s, abierta, NOW, ACTO)


@caso_de("papel.anular")
def _lote(session: Session) -> Hace:
    lote = papel.imprimir(session, "BOG-AGU", "atencion", 2, ACTO).id
    return lambda s: papel.anular(s, lote, PORQUE, ACTO)


@caso_de("papel.explicar")
def _formato(session: Session) -> Hace:
    lote = papel.imprimir(session, "BOG-AGU", "atencion", 1, ACTO)
    nombre = formar("BOG-AGU", lote.desde)
    return lambda s: papel.explicar(s, nombre, Estado.DANADO, PORQUE, ACTO)


@caso_de("papel.por_digitar")
def _digitado(session: Session) -> Hace:
    """The same number entered twice, each time with a visit of its own."""
    lote = papel.imprimir(
        session, "BOG-AGU", "atencion", 1, Acto("admin", NOW - dt.timedelta(days=1))
    )
    nombre = formar("BOG-AGU", lote.desde)
    empezo = NOW - dt.timedelta(minutes=20)
    horas = Horas(empezo, NOW - dt.timedelta(minutes=5))
    visita = papel.Visita(horas, "asesor", "servicio_adquirido", "abandono")
    fila(session, CaidaPunto, punto_id="BOG-AGU", desde=empezo - dt.timedelta(minutes=1), hasta=NOW)
    return lambda s: papel.digitar(s, nombre, visita, ACTO)


@caso_de("digiturno.cambiar_modo")
def _modo(_session: Session) -> Hace:
    return lambda s: digiturno.cambiar_modo(
        s, "PAS", digiturno.MANUAL, PORQUE, ACTO, {digiturno.MANUAL}
    )


@caso_de("digiturno.listado")
def _aviso_de_digiturno(session: Session) -> Hace:
    evento = fila(session, DigiturnoEvento, ticket=uno(), estado=digiturno.LISTADO).id
    return lambda s: digiturno.otra_vez(s, evento, NOW, None)


@caso_de("digiturno.hecho")
def _aplicado(session: Session) -> Hace:
    turno = fila(
        session, Turno, punto_id="PAS", fecha=HOY, estado="cerrado", condicion="ninguna"
    ).id
    evento = fila(
        session,
        DigiturnoEvento,
        ticket=uno(),
        estado=digiturno.NUEVO,
        clase="retirado",
        huella=uno(),
    ).id
    return lambda s: digiturno.hecho(s, s.get_one(DigiturnoEvento, evento), turno, ACTO)


@caso_de("turnos.encolar_manual")
def _ficha(session: Session) -> Hace:
    ids = cada(
        [
            fila(
                session, Turno, punto_id="BOG-AGU", fecha=HOY, estado="nuevo", condicion="ninguna"
            ).id
            for _ in range(2)
        ]
    )
    manual = partial(
        turnos.encolar_manual, ficha=uno()[:3], prioridad=turnos.Prioridad(1, 30, "A"), now=NOW
    )
    return lambda s: manual(s, ids())


@caso_de("dispositivos.registrar_dispositivo")
def _equipo(_session: Session) -> Hace:
    codigo = uno()
    return lambda s: dispositivos.registrar_dispositivo(
        s, dispositivos.NuevoDispositivo(codigo, "tablero", "PAS", "1", uno()), ACTO
    )


@caso_de("catalogos.poner_fin")
def _fin_de_catalogo(session: Session) -> Hace:
    codigo = f"A{uno()[:4].upper()}"
    fila(session, Area, codigo=codigo, nombre=codigo, activa=True)
    return lambda s: catalogos.poner_fin(s, CATALOGOS["areas"], codigo, PORQUE, ACTO, rige=False)


# --- days -----------------------------------------------------------------------------------------
@caso_de("ausencias.registrar_ausencia")
def _ausencia(_session: Session) -> Hace:
    dia = HOY + dt.timedelta(days=40)
    reemplazos = cada(["funcionaria", "lider"])
    return lambda s: ausencias.registrar_ausencia(
        s, ausencias.NuevaAusencia("companero", reemplazos(), dia, dia, "Vacaciones"), ACTO
    )


@caso_de("calendario.agregar")
def _excepcion(_session: Session) -> Hace:
    dia = dt.date(2026, 12, 3)
    nueva = calendario.NuevaExcepcion(dia, dia, None, abre=False, nombre="Inventario")
    return lambda s: calendario.agregar(s, nueva, PORQUE, ACTO)


@caso_de("calendario.anular")
def _sin_excepcion(session: Session) -> Hace:
    excepcion = fila(session, ExcepcionCalendario, dia=HOY + dt.timedelta(days=9), nombre="Aseo").id
    return lambda s: calendario.anular(s, excepcion, PORQUE, ACTO)


@caso_de("calendario.poner_descanso")
def _descanso(_session: Session) -> Hace:
    nuevo = Descanso(HOY + dt.timedelta(days=30), frozenset({5}))
    return lambda s: calendario.poner_descanso(s, nuevo, PORQUE, ACTO)


@caso_de("calendario.anular_descanso")
def _sin_descanso(session: Session) -> Hace:
    descanso = fila(session, DescansoSemanal, desde=HOY + dt.timedelta(days=60), dias="67").id
    return lambda s: calendario.anular_descanso(s, descanso, PORQUE, ACTO)


# --- accounts -------------------------------------------------------------------------------------
@caso_de("cuentas.guardar_filtro")
def _filtro(session: Session) -> Hace:
    for n in range(cuentas.MAX_FILTROS - 1):
        fila(session, FiltroGuardado, usuario="asesor", pagina="bandeja", nombre=f"n{n}")
    return lambda s: cuentas.guardar_filtro(
        s, cuentas.NuevoFiltro("asesor", "bandeja", uno(), ""), now=NOW
    )


@caso_de("llaves_de_acceso.poner")
def _llave(_session: Session) -> Hace:
    nueva = llaves_de_acceso.Nueva(uno(), b"x", 0, "La de casa")
    return lambda s: llaves_de_acceso.poner(s, "asesor", nueva, NOW)


@caso_de("llaves_de_acceso.quitar")
def _sin_llave(session: Session) -> Hace:
    llaves_de_acceso.poner(
        session, "colega", llaves_de_acceso.Nueva(uno(), b"x", 0, "La de casa"), NOW
    )
    [llave] = llaves_de_acceso.de(session, "colega")
    return lambda s: llaves_de_acceso.quitar(s, "colega", llave.id, NOW)


@caso_de("personal.dar_rol")
def _rol(_session: Session) -> Hace:
    """Days that overlap, in another way each."""
    hasta = cada([HOY + dt.timedelta(days=n) for n in (3, 4)])
    return lambda s: personal.dar_rol(
        s, "nadie", personal.RolPedido("jefe_ocm", hasta=hasta()), PORQUE, ACTO
    )


@caso_de("personal.quitar_rol")
def _sin_rol(session: Session) -> Hace:
    suya = cuentas.cuenta(session, "lejana")
    rol = (
        session.scalars(sa.select(RolAsignado.id).where(RolAsignado.cuenta_id == suya.id)).first()
        or 0
    )
    return lambda s: personal.quitar_rol(s, "lejana", rol, PORQUE, ACTO)


@caso_de("personal._poner_activa")
def _inactiva(_session: Session) -> Hace:
    return lambda s: personal.desactivar(s, "otro.lider", PORQUE, ACTO)


@caso_de("retiros.planear")
def _retiro(_session: Session) -> Hace:
    return lambda s: retiros.planear(s, "gestora", HOY + dt.timedelta(days=3), {}, PORQUE, ACTO)


@caso_de("accesos.decidir")
def _revisada(session: Session) -> Hace:
    revision = fila(session, RevisionAccesos).id
    fila(session, RevisionCuenta, revision_id=revision, usuario="asesor", activa=True)
    return lambda s: accesos.decidir(s, revision, {"asesor": accesos.Decision("conservar")}, ACTO)


@caso_de("sesiones.cerrar_una")
def _salida(session: Session) -> Hace:
    suya = cuentas.cuenta(session, "asesor")
    desde = sesiones.Desde("127.0.0.1", "", "")
    abierta = sesiones.Nueva(uno(), suya.id, suya.fs_uniquifier, NOW + dt.timedelta(days=1), desde)
    sesiones.anotar(session, abierta, NOW)
    cual = sesiones.como_se_llama(abierta.sesion)
    return lambda s: sesiones.cerrar_una(s, "asesor", cual, NOW, dt.timedelta(hours=12))


@caso_de("segundo_factor.poner")
def _segundo(_session: Session) -> Hace:
    secretos = cada(["uno", "otro"])
    return lambda s: segundo_factor.poner(s, "colega", secretos(), [uno()], NOW)


# --- two people -----------------------------------------------------------------------------------
@caso_de("aprobaciones.pedir")
def _pedida(_session: Session) -> Hace:
    return lambda s: aprobaciones.pedir(
        s, aprobaciones.Pedido("personas.dar_rol", "nadie", "x", PORQUE, ("administrador",)), ACTO
    )


@caso_de("aprobaciones._cerrar")
def _retirada(session: Session) -> Hace:
    pedido = aprobaciones.Pedido("personas.dar_rol", uno(), "x", PORQUE, ("administrador",))
    aprobacion = aprobaciones.pedir(session, pedido, ACTO)
    return lambda s: aprobaciones.retirar(s, aprobacion, ACTO)


# --- mail -----------------------------------------------------------------------------------------
@caso_de("avisos.entregar_carta")
def _carta(session: Session) -> Hace:
    carta = fila(session, Aviso, clave=uno(), para="").id
    return lambda s: avisos.entregar_carta(s, carta, now=NOW)


@caso_de("avisos.acusar_en_papel")
def _acuse(_session: Session) -> Hace:
    caso = uno()
    return lambda s: avisos.acusar_en_papel(s, caso, None, "Entregado", now=NOW)


@caso_de("direcciones.confirmar")
def _direccion(session: Session) -> Hace:
    token = uno()
    direcciones.preguntar(session, f"{token}@ejemplo.test", now=NOW)
    direcciones.con_enlace(session, f"{token}@ejemplo.test", token)
    return lambda s: direcciones.confirmar(s, token, now=NOW)


@caso_de("correos.de_nuevo", "correos.descartar")
def _descartado(session: Session) -> Hace:
    """Sent again by one, thrown away by both: `de_nuevo` lends it to whoever sends, and may be
    asked for twice."""
    correo = fila(session, Aviso, clave=uno(), para="a@ejemplo.test").id
    return lambda s: correos.descartar(s, correo, PORQUE, ACTO)


# --- closed months --------------------------------------------------------------------------------
@caso_de("cierres.pedir", "meses.se_puede_cerrar")
def _cierre(_session: Session) -> Hace:
    return lambda s: cierres.pedir(s, MES, PORQUE, ACTO)


@caso_de("reportes.revisar")
def _revision(session: Session) -> Hace:
    mes = fila(session, MesCerrado, mes=dt.date(2026, 9, 1), version=1).id
    reporte = fila(
        session,
        ReportePunto,
        mes=dt.date(2026, 9, 1),
        punto_id="PAS",
        version=1,
        mes_id=mes,
        autor="lejana",
    ).id
    return lambda s: reportes.revisar(s, reporte, cumple=True, observaciones={}, acto=ACTO)


# --- audits ---------------------------------------------------------------------------------------
def _auditoria(session: Session) -> Any:
    parametros = {
        "confianza_z": 1.96,
        "error_maximo": 0.1,
        "puntos_visita": 1,
        "observaciones_visita": 1,
    }
    return fila(session, Auditoria, canal=uno(), semana=uno(), parametros=parametros, semilla="7")


def _con_f189(session: Session, *, modo: str = muestras.EXPEDIENTE) -> tuple[Any, Any, Any]:
    auditoria = _auditoria(session)
    muestra = fila(
        session,
        AuditoriaMuestra,
        auditoria_id=auditoria.id,
        modo=modo,
        punto_id="PAS",
        estrato="PAS",
        orden=1,
    )
    f189 = fila(
        session, F189, muestra_id=muestra.id, punto_id="PAS", asesor_id="lejana", auditor="admin"
    )
    return auditoria, muestra, f189


@caso_de("muestras.tomar")
def _semana(_session: Session) -> Hace:
    return lambda s: muestras.tomar(
        s, "presencial", HOY, muestras.Parametros(1.96, 0.1, 1, 1), ACTO
    )


@caso_de("muestras.sortear")
def _sorteo(session: Session) -> Hace:
    muestra = fila(
        session,
        AuditoriaMuestra,
        auditoria_id=_auditoria(session).id,
        modo=muestras.SITIO,
        punto_id="PAS",
        orden=1,
    )
    fila(
        session,
        Turno,
        punto_id="PAS",
        fecha=HOY,
        ficha=uno(),
        estado="espera",
        condicion="ninguna",
    )
    return lambda s: muestras.sortear(s, muestra.id, ACTO)


@caso_de("evaluaciones.diligenciar")
def _f189(session: Session) -> Hace:
    turno = fila(session, Turno, punto_id="PAS", fecha=HOY, estado="cerrado", condicion="ninguna")
    atencion = fila(session, Atencion, turno_id=turno.id, punto_id="PAS", asesor_id="lejana")
    auditoria = _auditoria(session).id
    muestra = fila(
        session,
        AuditoriaMuestra,
        auditoria_id=auditoria,
        modo=muestras.EXPEDIENTE,
        punto_id="PAS",
        orden=1,
    )
    muestra.atencion_id = atencion.id
    llenado = evaluaciones.Llenado({}, {}, (), "", None)
    return lambda s: evaluaciones.diligenciar(
        s, muestra.id, evaluaciones.hechos(s, muestras.una(s, muestra.id)), llenado, 1, ACTO
    )


@caso_de("evaluaciones.acusar")
def _leido(session: Session) -> Hace:
    _auditoria, _muestra, f189 = _con_f189(session)
    return lambda s: evaluaciones.acusar(s, f189.id, "", Acto("lejana", NOW))


@caso_de("evaluaciones.agregar")
def _agregada(session: Session) -> Hace:
    _auditoria, _muestra, f189 = _con_f189(session)
    f189.banda = "satisfactorio"
    return lambda s: auditorias.agregar(s, f189.id, "11", PORQUE, ACTO)


@caso_de("auditorias.revisar")
def _revisado(session: Session) -> Hace:
    informe = fila(
        session, AuditoriaInforme, auditoria_id=_auditoria(session).id, version=1, autor="otro"
    ).id
    return lambda s: auditorias.revisar(s, informe, remite=True, observaciones="", acto=ACTO)


def _remitida(session: Session) -> Any:
    auditoria = _auditoria(session)
    informe = fila(session, AuditoriaInforme, auditoria_id=auditoria.id, version=1, autor="otro")
    fila(session, AuditoriaRevision, informe_id=informe.id, remite=True)
    return auditoria


@caso_de("auditorias.acusar")
def _acusada(session: Session) -> Hace:
    auditoria = _remitida(session).id
    return lambda s: auditorias.acusar(s, auditoria, "", ACTO)


@caso_de("calibraciones.abrir")
def _calibracion(session: Session) -> Hace:
    auditoria, muestra, _f189 = _con_f189(session)
    dos = [c.usuario for c in calibraciones.auditores(session, NOW)] + ["otra.auditora"]
    nueva = cuentas.crear_cuenta(
        session,
        cuentas.NuevaCuenta(f"a.{uno()}", "Otra Auditora", f"{uno()}@x.test", "x", uno()),
        now=NOW,
    )
    fila(session, RolAsignado, cuenta_id=nueva.id, rol="profesional_ocm", vigente_desde=NOW)
    elegidos = (dos[0], nueva.usuario)
    hasta = NOW + dt.timedelta(days=3)
    codigo = calibraciones.codigo_de(muestra)
    return lambda s: calibraciones.abrir(
        s, calibraciones.NuevaCalibracion(auditoria.id, codigo, elegidos, hasta), ACTO
    )


def _por_calibrar(session: Session) -> Any:
    auditoria, muestra, _f189 = _con_f189(session)
    limite = NOW + dt.timedelta(days=1)
    return fila(
        session, Calibracion, auditoria_id=auditoria.id, muestra_id=muestra.id, limite=limite
    )


@caso_de("calibraciones.no_califica")
def _calificado(session: Session) -> Hace:
    sesion = _por_calibrar(session).id
    fila(session, CalibracionF189, calibracion_id=sesion, auditor="admin")
    return lambda s: calibraciones.abstenerse(s, sesion, "admin", PORQUE, ACTO)


@caso_de("calibraciones.acordar")
def _acordada(session: Session) -> Hace:
    sesion = _por_calibrar(session).id
    fila(session, CalibracionF189, calibracion_id=sesion, auditor="otro", hecho=NOW)
    return lambda s: calibraciones.acordar(s, sesion, {}, (), PORQUE, ACTO)


# --- committees -----------------------------------------------------------------------------------
@caso_de("comites.reunir")
def _comite(_session: Session) -> Hace:
    return lambda s: comites.reunir(s, NOW, ACTO)


def _hallazgo(session: Session) -> tuple[Any, Any]:
    """A finding of an audit that was sent, before a committee of its own."""
    auditoria, _muestra, f189 = _con_f189(session)
    informe = fila(session, AuditoriaInforme, auditoria_id=auditoria.id, version=1)
    fila(session, AuditoriaRevision, informe_id=informe.id, remite=True)
    hallado = fila(
        session,
        Inconsistencia,
        auditoria_id=auditoria.id,
        f189_id=f189.id,
        punto_id="PAS",
        asesor_id="lejana",
    )
    comite = fila(session, Comite, mes=uno()[:7])
    fila(session, ComiteHallazgo, comite_id=comite.id, inconsistencia_id=hallado.id, acepta=True)
    return comite, hallado


@caso_de("comites.responder")
def _accion(session: Session) -> Hace:
    comite, hallado = _hallazgo(session)
    nueva = comites.NuevaAccion("Causa", "Acción", "asesor", HOY + dt.timedelta(days=9))
    return lambda s: comites.responder(s, comite.id, hallado.id, nueva, ACTO)


@caso_de("comites.cerrar_accion")
def _cerrada(session: Session) -> Hace:
    comite, hallado = _hallazgo(session)
    suya = {"comite_id": comite.id, "inconsistencia_id": hallado.id}
    fila(session, Accion, **suya, por="asesor", responsable="asesor")
    return lambda s: comites.cerrar_accion(s, hallado.id, PORQUE, None, ACTO)


@caso_de("comites.asistir")
def _asistencia(session: Session) -> Hace:
    comite, _hallado = _hallazgo(session)
    fila(session, ComiteSesion, comite_id=comite.id, numero=1, miembros=["admin"])
    return lambda s: comites.asistir(s, comite.id, ACTO)


@caso_de("comites.votar")
def _voto(session: Session) -> Hace:
    comite, hallado = _hallazgo(session)
    sesion = fila(session, ComiteSesion, comite_id=comite.id, numero=1, miembros=["admin"])
    fila(session, ComiteAsistencia, sesion_id=sesion.id, miembro="admin")
    return lambda s: comites.votar(s, comite.id, hallado.id, "acepta", "", ACTO)


# --- contract supervision -------------------------------------------------------------------------
def _paquete(session: Session) -> Any:
    mes = fila(session, MesCerrado, mes=dt.date(2020, 1, 1), version=secrets.randbelow(10**6))
    informe = fila(session, InformeMensual, mes=mes.mes, tipo=uno(), version=1, mes_id=mes.id)
    return fila(session, PaqueteInterventoria, informe_id=informe.id, mes=mes.mes)


@caso_de("interventoria.acusar")
def _acusado(session: Session) -> Hace:
    paquete = _paquete(session).id
    entrega = {"paquete_id": paquete, "interventor": "admin", "medio": interventoria.DIGITAL}
    fila(session, EntregaInterventor, **entrega, envio=1)
    return lambda s: interventoria.acusar(s, paquete, interventoria.DIGITAL, "", ACTO)


@caso_de("interventoria.usar_enlace")
def _enlace_de_paquete(session: Session) -> Hace:
    token = uno()
    fila(
        session,
        EntregaInterventor,
        paquete_id=_paquete(session).id,
        token_hash=token,
        vence=NOW + dt.timedelta(days=1),
    )
    return lambda s: interventoria.usar_enlace(s, token, NOW)


@caso_de("interventoria.presentar")
def _presentado(session: Session) -> Hace:
    paquete = _paquete(session).id
    return lambda s: interventoria.presentar(
        s, paquete, interventoria.NuevaActa(HOY, ("Una",), PORQUE), ACTO
    )


@caso_de("interventoria.dar_paso")
def _paso(session: Session) -> Hace:
    paquete = _paquete(session).id
    return lambda s: interventoria.dar_paso(
        s, paquete, interventoria.VERIFICACION, PORQUE, ACTO, decision=True
    )


# --- cases ----------------------------------------------------------------------------------------
@caso_de("escalonamientos.prorrogar", "plazos.prorrogar")
def _prorroga(session: Session) -> Hace:
    persona = kit.persona(session, "7112233").id
    limite = {"limite_respuesta": NOW + dt.timedelta(days=5), "prorroga_max": 15}
    caso = fila(
        session,
        Caso,
        punto_id="PAS",
        persona_id=persona,
        tema="R01",
        norma="LEY1755",
        estado="radicado",
        **limite,
    ).id
    return lambda s: escalonamientos.prorrogar(
        s, caso, escalonamientos.NuevaProrroga(5, PORQUE), ACTO
    )


@caso_de("prorrogas.pedir")
def _prorroga_pedida(session: Session) -> Hace:
    persona = kit.persona(session, "7112244").id
    caso = fila(session, Caso, punto_id="PAS", persona_id=persona, tema="R01", norma="LEY1755").id
    return lambda s: prorrogas.pedir(s, caso, 5, PORQUE, ACTO)


@caso_de("numeros_anulados.pedir")
def _anulacion(_session: Session) -> Hace:
    caso = uno()
    return lambda s: numeros_anulados.pedir(s, caso, PORQUE, ACTO)


@caso_de("numeros_anulados.retirar")
def _sin_anulacion(session: Session) -> Hace:
    caso = uno()
    numeros_anulados.pedir(session, caso, PORQUE, ACTO)
    return lambda s: numeros_anulados.retirar(s, caso, PORQUE, ACTO)


@caso_de("enlaces_de_caso.enlazar")
def _vinculo(_session: Session) -> Hace:
    uno_, otro = uno(), uno()
    return lambda s: enlaces_de_caso.enlazar(
        s, uno_, otro, next(iter(enlaces_de_caso.CLASES)), PORQUE, ACTO
    )


@caso_de("enlaces_de_caso.quitar")
def _sin_vinculo(session: Session) -> Hace:
    vinculo = fila(session, EnlaceDeCaso, desde=uno(), hacia=uno(), pareja=uno()).id
    return lambda s: enlaces_de_caso.quitar(s, vinculo, PORQUE, ACTO)


@caso_de("reservas.poner")
def _reserva(_session: Session) -> Hace:
    caso = uno()
    return lambda s: reservas.poner(s, caso, PORQUE, ACTO)


@caso_de("reservas.levantar")
def _sin_reserva(session: Session) -> Hace:
    caso = uno()
    reservas.poner(session, caso, PORQUE, ACTO)
    return lambda s: reservas.levantar(s, caso, PORQUE, ACTO)


@caso_de("plantillas.agregar")
def _plantilla(_session: Session) -> Hace:
    nombre = f"Saldo {uno()}"
    nombres = cada([nombre, nombre.upper()])
    return lambda s: plantillas.agregar(
        s, plantillas.NuevaPlantilla("R01", nombres(), "Hola"), ACTO
    )


@caso_de("plantillas.retirar")
def _sin_plantilla(session: Session) -> Hace:
    plantilla = plantillas.agregar(session, plantillas.NuevaPlantilla("R01", uno(), "Hola"), ACTO)
    return lambda s: plantillas.retirar(s, plantilla, now=NOW)


@caso_de("crm_externo.resolver")
def _diferencia(session: Session) -> Hace:
    persona = kit.persona(session, "7112244").id
    diferencia = fila(
        session, CrmDiferencia, tipo="persona", local_id=persona, campo="nombre", porque="ambos"
    ).id
    return lambda s: crm_externo.resolver(s, diferencia, "ventanilla", ACTO)


@caso_de("caracterizacion.decir")
def _caracterizada(_session: Session) -> Hace:
    secreto = uno()
    pregunta, codigos = next(iter(caracterizacion.PREGUNTAS.items()))
    return lambda s: caracterizacion.decir(
        s, secreto, "M5-1-02", {pregunta: next(iter(codigos))}, HOY
    )


# --- documents and data ---------------------------------------------------------------------------
ARCHIVO = {"sha256": "0" * 64, "nombre": "carta.pdf", "tipo": "application/pdf", "bytes": 3}


@caso_de("sueltos.recibir")
def _suelto(_session: Session) -> Hace:
    nuevo = sueltos.NuevoSuelto("Ana", "Una carta", "correo", HOY)
    return lambda s: sueltos.recibir(s, nuevo, [ARCHIVO], ACTO)


def _recibido(session: Session, **dicho: Any) -> int:
    archivo = fila(session, Archivo, **{**ARCHIVO, "sha256": secrets.token_hex(32)})
    return int(fila(session, DocumentoSuelto, archivo_id=archivo.id, **dicho).id)


@caso_de("sueltos._decidir")
def _apartado(session: Session) -> Hace:
    suelto = _recibido(session)
    return lambda s: sueltos.apartar(s, suelto, PORQUE, ACTO)


@caso_de("devueltos.pedir")
def _devuelto(session: Session) -> Hace:
    suelto = _recibido(session, case_key=uno(), destino="caso")
    return lambda s: devueltos.pedir(s, suelto, PORQUE, ACTO)


@caso_de("derechos.pedir")
def _solicitud(session: Session) -> Hace:
    persona = kit.persona(session, "7112255").id
    parte = derechos.Parte(derechos.NOMBRE, None, "", 1, (derechos.SUPRIMIR,))
    pedido = derechos.Pedido(persona, "R-1", HOY, PORQUE, [(parte, derechos.SUPRIMIR)])
    return lambda s: derechos.pedir(s, pedido, ACTO)


@caso_de("restringidos.levantar")
def _restringido(session: Session) -> Hace:
    caso, persona = uno(), kit.persona(session, "7112266").id
    solicitud = fila(
        session, SolicitudDatos, numero=uno(), persona_id=persona, estado="cumplida"
    ).id
    fila(session, CasoRestringido, case_key=caso, solicitud_id=solicitud)
    return lambda s: restringidos.levantar(s, caso, PORQUE, ACTO)


@caso_de("eliminaciones.responder")
def _objecion(session: Session) -> Hace:
    acta = fila(session, ActaEliminacion, numero=uno(), estado=eliminaciones.PUBLICADA).id
    objecion = fila(session, ObjecionEliminacion, acta_id=acta).id
    return lambda s: eliminaciones.responder(s, acta, objecion, PORQUE, ACTO, acepta=False)


# --- links of one use -----------------------------------------------------------------------------
@caso_de("enlaces_de_clave._gastar")
def _enlace_de_clave(session: Session) -> Hace:
    secreto = uno().encode()
    _fila, token = enlaces_de_clave.expedir(
        session,
        "asesor",
        enlaces_de_clave.NuevoEnlace(enlaces_de_clave.PRIMERA, uno()),
        secreto,
        ACTO,
    )
    mostrado = enlaces_de_clave.Mostrado(token, [secreto])
    return lambda s: enlaces_de_clave.usar(
        s, mostrado, clave_hash="x", fs_uniquifier=uno(), now=NOW
    )


# --- all of them ----------------------------------------------------------------------------------
#: They say that something is so already, and two at once are no question for them.
APARTE = {
    "auditorias.informar": "its answer is a version of a report, by the one who holds the task of that case",
    "reportes.generar": "the same",
    "envios.registrar_aviso": "the same, of the task of the notice",
    "borradores_de_inicio.guardar": "drafts: the second is told that another page saved",
    "casos.adjuntar_a_respuesta": "documents that are no longer there",
    "personal.dias_del_rol": "days that have passed",
}
#: A sentence that says that something is so or was done already.
YA = re.compile(r"\b[Yy]a\b")


def que_dicen_ya() -> set[str]:
    found = set()
    room = Path(records.__file__).parent
    for file in room.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                refusals = [n for n in ast.walk(function) if isinstance(n, ast.Raise)]
                texts = [
                    c.value
                    for r in refusals
                    for c in ast.walk(r)
                    if isinstance(c, ast.Constant) and isinstance(c.value, str)
                ]
                if any(YA.search(text) for text in texts):
                    found.add(f"{file.stem}.{function.name}")
    return found


def test_each_function_that_says_that_something_is_so_already_is_tried() -> None:
    assert que_dicen_ya() - set(CASOS) - set(APARTE) == set()
    assert set(APARTE) - que_dicen_ya() == set()


@pytest.fixture(scope="module")
def db(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    name = f"t_{secrets.token_hex(6)}"
    admin = sa.create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    made = web_kit.build(tmp_path_factory.mktemp("rivals"), url)
    with made.session() as session:
        fila(session, Tipificacion, codigo="R01")
        fila(session, Norma, codigo="LEY1755")
        session.commit()
    yield made.engine.db
    made.engine.db.dispose()
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "prepara", dict.fromkeys(CASOS.values()), ids=lambda p: p.__name__.strip("_")
)
def test_of_two_at_once_one_does_it_and_the_other_reads_why_not(
    db: sa.Engine, prepara: Callable[[Session], Hace]
) -> None:
    with Session(db, expire_on_commit=False) as session:
        hace = prepara(session)
        session.commit()
    primera, segunda = rivals(db, hace)
    assert primera is None
    assert isinstance(segunda, Rechazo)


@pytest.mark.postgres
@pytest.mark.parametrize("primero", ["reemplaza", "falta"])
def test_a_substitute_who_is_noted_as_away_at_once_is_refused_whoever_is_first(
    db: sa.Engine, primero: str
) -> None:
    dia = HOY + dt.timedelta(days=50 if primero == "falta" else 60)

    def anotar(quien: str, sustituto: str) -> Hace:
        return lambda s: ausencias.registrar_ausencia(
            s, ausencias.NuevaAusencia(quien, sustituto, dia, dia, "Permiso"), ACTO
        )

    dos = [anotar("funcionaria", "companero"), anotar("companero", "lider")]
    assert [type(r) for r in rivals(db, *(dos if primero == "reemplaza" else reversed(dos)))] == [
        type(None),
        DatoInvalido,
    ]


@pytest.mark.postgres
def test_two_first_entries_of_a_day_in_the_access_chain_both_stand(db: sa.Engine) -> None:
    """The page of a case opened twice at once, and nobody before them that day."""
    log, manana = AccessLog(CALENDAR), NOW + dt.timedelta(days=1)
    assert rivals(db, lambda s: log.append(s, ADMIN, "caso_visto", "M1", manana, {})) == [
        None,
        None,
    ]
    with db.connect() as c:
        assert c.scalars(
            sa.text("SELECT n FROM access WHERE day = '2026-11-25' ORDER BY n")
        ).all() == [1, 2]


@pytest.mark.postgres
def test_two_workers_begin_the_comparison_with_the_crm_of_a_night_once(db: sa.Engine) -> None:
    def begin(s: Session) -> object:
        return crm_externo.comenzar(s, "motor", NOW) if crm_externo.falta_hoy(s, NOW) else None

    assert rivals(db, begin) == [None, None]
    with db.connect() as c:
        assert c.scalar(sa.text("SELECT count(*) FROM crm_conciliacion")) == 1
