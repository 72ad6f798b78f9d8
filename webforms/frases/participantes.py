"""Sentences: pools, message flows, conversations and choreographies."""
# ruff: noqa: E501 - a sentence stands on one line, however long

from collections.abc import Mapping
from typing import Final

FRASES: Final[Mapping[str, str]] = {
    "message_flow_end": "El flujo de mensaje llega a {element}, que no envía ni recibe mensajes. Conéctelo con un participante, una tarea o un evento.",
    "message_flow_source": "El flujo de mensaje sale de {element}, que solo recibe. Invierta el flujo o use un evento que envía.",
    "message_flow_target": "El flujo de mensaje entra a {element}, que solo envía. Invierta el flujo o use un evento que recibe.",
    "message_flow_event": "El flujo de mensaje «{flow}» toca un inicio o un fin que no es de mensaje. Márquelo como evento de mensaje o quite el flujo.",
    "message_flow_same_pool": "El flujo de mensaje une dos partes de un mismo participante. Use un flujo de secuencia, o separe los participantes.",
    "participant_multiplicity": "La cantidad de participantes va de «{minimum}» a «{maximum}»: el mínimo es 0 o más, y el máximo 1 o más y no menor que el mínimo. Corríjala.",
    "choreography_in_process": "Una actividad de coreografía no va dentro de un proceso. Cámbiela por una tarea.",
    "choreography_content": "Una coreografía solo lleva actividades de coreografía, eventos y compuertas, y esta tiene {element}. Quítela.",
    "choreography_reference": "Una coreografía o conversación global no puede referirse a otra coreografía. Quite la referencia.",
    "choreography_participants": "Una tarea de coreografía une a dos participantes, y uno de ellos la inicia. Revise los participantes.",
    "global_conversation_content": "Una conversación global no lleva nada adentro, y esta tiene {element}. Quítelo o dibuje una colaboración.",
}
