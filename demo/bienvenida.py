"""What a start of the demo prints: who may log in as what, and the links that make a browser a
kiosk, a board, a tablet."""

import datetime as dt

from sqlalchemy import select

from common.language import marked, said
from demo import cuentas
from engine.types import Transactions
from records.casos.tablas import Caso
from records.personas.tablas import Persona, ServicioAdquirido

#: One account of each role, in the order in which a visit meets them.
MUESTRA = (
    ("asesor.bog01 … asesor.bog14", marked("Asesor, Bogotá Aguas (módulos 1 a 14)")),
    (
        "asesor.med01, asesor.nva01, …",
        marked("Asesor de los otros puntos: tres letras del punto y número"),
    ),
    ("coordinador", marked("Coordinador del Grupo de Atención al Usuario")),
    ("gestion.documental", marked("Gestión documental (M5-1-04)")),
    ("agente.calidad", marked("Agente de Calidad: casos e indicadores de los meses cerrados")),
    ("gerente, gerente.operativo", marked("Gerentes del outsourcing: indicadores y entregas")),
    ("profesional01, jefe.ocm", marked("Oficina Comercial y de Mercadeo: auditorías")),
    ("comite01 … comite05", marked("Comité de Calidad")),
    ("interventor01, interventor02", marked("Interventoría del contrato")),
    (
        "admin.crm",
        marked("Administrador del CRM: cuentas, caídas, y el CRM de la entidad si hay otro"),
    ),
    ("cumplimiento", marked("Revisión de cumplimiento: solo lectura")),
    ("analista", marked("Analista de procesos: diagramas, tablas y versiones")),
    (
        "espacio.ventanilla, espacio.jefe",
        marked("Permisos de espacio público (EP-01): recibe, decide"),
    ),
    (
        "espacio.abogado01, espacio.suba",
        marked("Revisa los requisitos; inspecciona en Suba (hay .usaquen y .chapinero)"),
    ),
    ("espacio.tesoreria", marked("Registra los pagos de EP-01")),
    ("administrador", marked("Incidentes, correos, programaciones y dispositivos")),
)
DE_PUNTO = "BOG-AGU"
_SIN_CASO = (
    select(Persona.tipo_doc, Persona.num_doc, Persona.nombre)
    .where(
        select(ServicioAdquirido.id)
        .where(ServicioAdquirido.persona_id == Persona.id, ServicioAdquirido.estado == "vigente")
        .exists(),
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
    funcionarios = [
        (gente[0].usuario, gente[-1].usuario) for gente in cuentas.funcionarios().values()
    ]
    lineas = [
        "",
        said("Usuarios de demostración, contraseña de todos: %(c)s", c=cuentas.CLAVE),
        *(f"  {usuario:<32} {said(quien)}" for usuario, quien in MUESTRA[:2]),
        *(
            f"  {usuario:<32} {said('Funcionario (hasta 03); lidera %(u)s', u=lider)}"
            for usuario, lider in funcionarios
        ),
        *(f"  {usuario:<32} {said(quien)}" for usuario, quien in MUESTRA[2:]),
        "",
        said("Personas que pueden llegar al punto, con un crédito vigente y sin casos"),
        *(f"  {f'{tipo} {numero}':<32} {nombre}" for tipo, numero, nombre in titulares),
        "",
        said(
            "Dispositivos de %(p)s: abra el enlace en el navegador que hará de quiosco, tablero o tableta",
            p=DE_PUNTO,
        ),
        *(
            f"  {e.codigo:<32} {_enlace(base_url, codigo)}"
            for e, codigo in equipos
            if e.punto_id == DE_PUNTO
        ),
        "  "
        + said(
            "Los de otros puntos y enlaces nuevos: %(u)s, como administrador",
            u=f"{base_url}/equipos",
        ),
    ]
    return "\n".join(lineas)


def _enlace(base_url: str, activacion: str | None) -> str:
    return said("ya está en uso") if activacion is None else f"{base_url}/activar/#{activacion}"
