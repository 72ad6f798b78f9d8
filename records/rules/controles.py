"""The six controls of section 6 of M5-1-02, in its words, and where each is exercised. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from records.rules.roles import ADMIN_CRM
from records.rules.roles import ASESOR
from records.rules.roles import COORDINADOR
from records.rules.roles import FUNCIONARIO


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
        "Ingreso al CRM: manejo de claves",
        "Ingresa al Sistema de Administración de Clientes-CRM.",
        "Verificar el correcto manejo de claves por parte de los usuarios del sistema.",
        "Registro de usuario y clave en el sistema.",
        "Administrador del Sistema de Administración de Clientes-CRM",
        ADMIN_CRM,
        ("svc_accesos", "us_revisar_claves"),
    ),
    Control(
        "6-2",
        "Titularidad: reserva bancaria",
        "Verifica la titularidad del beneficiario o deudor solidario.",
        "Aplicar los lineamientos de la reserva bancaria.",
        "Confrontación de documento de identificación con la información registrada en el sistema Administración de Clientes-CRM.",
        "Asesor de Servicio al Cliente",
        ASESOR,
        ("act_5_2_4", "act_5_2_5"),
    ),
    Control(
        "6-3",
        "Escala de manera inmediata",
        "Escala la solicitud, queja o reclamo al proceso que corresponde.",
        "Direccionar a quien corresponde de manera inmediata.",
        "Notificación a través del Sistema de Administración de Clientes-CRM.",
        "Asesor de Servicio al Cliente",
        ASESOR,
        ("act_5_2_15",),
    ),
    Control(
        "6-4",
        "Respuesta en los tiempos",
        "Suministra la información para dar respuesta al usuario.",
        "Asegurar que se da respuesta dentro de los tiempos establecidos.",
        "Notificación a través del Sistema de Administración de Clientes-CRM.",
        "Funcionario del proceso correspondiente",
        FUNCIONARIO,
        ("act_5_2_18",),
    ),
    Control(
        "6-5",
        "Reportes de fallas a los líderes",
        "Remite los reportes de fallas a los líderes de procesos.",
        "Determinar los casos de escalonamiento que no han sido resueltos y los tiempos establecidos.",
        "Reportes de fallas.",
        "Coordinador Grupo de Atención al Usuario",
        COORDINADOR,
        ("svc_vencidos", "us_revisar_fallas", "svc_lideres"),
    ),
    Control(
        "6-6",
        "Disponibilidad del CRM",
        "Opera el Sistema de Administración de Clientes-CRM.",
        "Asegurar la disponibilidad y continuidad del Sistema de Administración de Clientes-CRM.",
        "Sistema de Administración de Clientes-CRM en uso.",
        "Outsourcing de Atención a Usuarios",
        ADMIN_CRM,
        ("svc_contingencia", "us_sincronizar"),
    ),
)
CONTROLES: Final[Mapping[str, Control]] = {c.id: c for c in _CONTROLES}
