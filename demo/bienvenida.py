"""What a start of the demo prints: who may log in as what, and the links that make a browser a kiosk, a board, a tablet."""

import datetime as dt

from sqlalchemy import select

from demo import cuentas
from engine.types import Transactions
from records.tables import Caso
from records.tables import Persona
from records.tables import ServicioAdquirido

#: One account of each role, in the order in which a visit meets them.
MUESTRA = (
    ("asesor.bog01 … asesor.bog14", "Asesor, Bogotá Aguas (módulos 1 a 14)"),
    ("asesor.med01, asesor.nva01, …", "Asesor de los otros puntos: tres letras del punto y número"),
    ("coordinador", "Coordinador del Grupo de Atención al Usuario"),
    ("gestion.documental", "Gestión documental (M5-1-04)"),
    ("agente.calidad", "Agente de Calidad: casos e indicadores de los meses cerrados"),
    ("gerente, gerente.operativo", "Gerentes del outsourcing: indicadores y entregas"),
    ("profesional01, jefe.ocm", "Oficina Comercial y de Mercadeo: auditorías"),
    ("comite01 … comite05", "Comité de Calidad"),
    ("interventor01, interventor02", "Interventoría del contrato"),
    ("admin.crm", "Administrador del CRM: cuentas, caídas, y el CRM de la entidad si hay otro"),
    ("cumplimiento", "Revisión de cumplimiento: solo lectura"),
    ("analista", "Analista de procesos: diagramas, tablas y versiones"),
    ("espacio.ventanilla, espacio.jefe", "Permisos de espacio público (EP-01): recibe, decide"),
    ("espacio.abogado01, espacio.suba", "Revisa los requisitos; inspecciona en Suba (hay .usaquen y .chapinero)"),
    ("espacio.tesoreria", "Registra los pagos de EP-01"),
    ("administrador", "Incidentes, correos, programaciones y dispositivos"),
)
DE_PUNTO = "BOG-AGU"
_SIN_CASO = (
    select(Persona.tipo_doc, Persona.num_doc, Persona.nombre)
    .where(
        select(ServicioAdquirido.id).where(ServicioAdquirido.persona_id == Persona.id, ServicioAdquirido.estado == "vigente").exists(),
        ~select(Caso.id).where(Caso.persona_id == Persona.id).exists(),
    )
    .order_by(Persona.id)
    .limit(3)
)


def bienvenida(uow: Transactions, base_url: str, now: dt.datetime) -> str:
    """The text; asks for a fresh activation link for each device that is not in use."""
    with uow.session() as session, session.begin():
        equipos = cuentas.activaciones(session, now)
        titulares = session.execute(_SIN_CASO).all()
    funcionarios = [(gente[0].usuario, gente[-1].usuario) for gente in cuentas.funcionarios().values()]
    lineas = [
        "",
        f"Usuarios de demostración, contraseña de todos: {cuentas.CLAVE}",
        *(f"  {usuario:<32} {quien}" for usuario, quien in MUESTRA[:2]),
        *(f"  {usuario:<32} Funcionario (hasta 03); lidera {lider}" for usuario, lider in funcionarios),
        *(f"  {usuario:<32} {quien}" for usuario, quien in MUESTRA[2:]),
        "",
        "Personas que pueden llegar al punto, con un crédito vigente y sin casos",
        *(f"  {f'{tipo} {numero}':<32} {nombre}" for tipo, numero, nombre in titulares),
        "",
        f"Dispositivos de {DE_PUNTO}: abra el enlace en el navegador que hará de quiosco, tablero o tableta",
        *(f"  {e.codigo:<32} {_enlace(base_url, codigo)}" for e, codigo in equipos if e.punto_id == DE_PUNTO),
        f"  Los de otros puntos y enlaces nuevos: {base_url}/equipos, como administrador",
    ]
    return "\n".join(lineas)


def _enlace(base_url: str, activacion: str | None) -> str:
    return "ya está en uso" if activacion is None else f"{base_url}/activar/{activacion}"
