"""The six controls of section 6 of M5-1-02, in its words, and where each is exercised. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from common.language import marked
from records.cuentas.reglas.roles import ADMIN_CRM, ASESOR, COORDINADOR, FUNCIONARIO


@dataclass(frozen=True, slots=True)
class Control:
    """A row of section 6. `elementos`: of the diagrams, where it is exercised."""

    id: str
    nombre: str
    actividad: str
    como: str
    evidencia: str
    responsable: str
    rol: str
    elementos: tuple[str, ...]


_CONTROLES = (
    Control(
        "6-1",
        marked("Ingreso al CRM: manejo de claves"),
        marked("Ingresa al Sistema de Administración de Clientes-CRM."),
        marked("Verificar el correcto manejo de claves por parte de los usuarios del sistema."),
        marked("Registro de usuario y clave en el sistema."),
        marked("Administrador del Sistema de Administración de Clientes-CRM"),
        ADMIN_CRM,
        ("svc_accesos", "us_revisar_claves"),
    ),
    Control(
        "6-2",
        marked("Titularidad: reserva bancaria"),
        marked("Verifica la titularidad del beneficiario o deudor solidario."),
        marked("Aplicar los lineamientos de la reserva bancaria."),
        marked(
            "Confrontación de documento de identificación con la información registrada en el sistema Administración de Clientes-CRM."
        ),
        marked("Asesor de Servicio al Cliente"),
        ASESOR,
        ("act_5_2_4", "act_5_2_5"),
    ),
    Control(
        "6-3",
        marked("Escala de manera inmediata"),
        marked("Escala la solicitud, queja o reclamo al proceso que corresponde."),
        marked("Direccionar a quien corresponde de manera inmediata."),
        marked("Notificación a través del Sistema de Administración de Clientes-CRM."),
        marked("Asesor de Servicio al Cliente"),
        ASESOR,
        ("act_5_2_15",),
    ),
    Control(
        "6-4",
        marked("Respuesta en los tiempos"),
        marked("Suministra la información para dar respuesta al usuario."),
        marked("Asegurar que se da respuesta dentro de los tiempos establecidos."),
        marked("Notificación a través del Sistema de Administración de Clientes-CRM."),
        marked("Funcionario del proceso correspondiente"),
        FUNCIONARIO,
        ("act_5_2_18",),
    ),
    Control(
        "6-5",
        marked("Reportes de fallas a los líderes"),
        marked("Remite los reportes de fallas a los líderes de procesos."),
        marked(
            "Determinar los casos de escalonamiento que no han sido resueltos y los tiempos establecidos."
        ),
        marked("Reportes de fallas."),
        marked("Coordinador Grupo de Atención al Usuario"),
        COORDINADOR,
        ("svc_vencidos", "us_revisar_fallas", "svc_lideres"),
    ),
    Control(
        "6-6",
        marked("Disponibilidad del CRM"),
        marked("Opera el Sistema de Administración de Clientes-CRM."),
        marked(
            "Asegurar la disponibilidad y continuidad del Sistema de Administración de Clientes-CRM."
        ),
        marked("Sistema de Administración de Clientes-CRM en uso."),
        marked("Outsourcing de Atención a Usuarios"),
        ADMIN_CRM,
        ("svc_contingencia", "us_sincronizar"),
    ),
)
CONTROLES: Final[Mapping[str, Control]] = {c.id: c for c in _CONTROLES}
