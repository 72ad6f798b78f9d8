"""Sentences: pools, message flows, conversations and choreographies."""

from collections.abc import Mapping
from typing import Final

from common.language import marked

FRASES: Final[Mapping[str, str]] = {
    "message_flow_end": marked(
        "El flujo de mensaje toca {element}, que no envía ni recibe mensajes. Conéctelo con un participante, una tarea o un evento de mensaje."
    ),
    "message_flow_source": marked(
        "El flujo de mensaje sale de {element}, que solo recibe. Invierta el flujo, o use un evento o una tarea que envía."
    ),
    "message_flow_target": marked(
        "El flujo de mensaje entra a {element}, que solo envía. Invierta el flujo, o use un evento o una tarea que recibe."
    ),
    "message_flow_event": marked(
        "El flujo de mensaje «{flow}» toca un evento que no es de mensaje. Márquelo como evento de mensaje o quite el flujo."
    ),
    "message_flow_same_pool": marked(
        "El flujo de mensaje une dos partes de un mismo participante. Use un flujo de secuencia, o separe los participantes."
    ),
    "participant_multiplicity": marked(
        "La cantidad de participantes va de «{minimum}» a «{maximum}»: el mínimo es 0 o más, y el máximo 1 o más y no menor que el mínimo. Corríjala."
    ),
    "choreography_in_process": marked(
        "Una actividad de coreografía no va dentro de un proceso. Cámbiela por una tarea."
    ),
    "choreography_content": marked(
        "Una coreografía solo lleva actividades de coreografía, eventos y compuertas, y esta tiene {element}. Quite ese elemento."
    ),
    "choreography_reference": marked(
        "Una coreografía o conversación global no puede referirse a otra coreografía. Quite la referencia."
    ),
    "choreography_participants": marked(
        "Una tarea de coreografía une a dos participantes distintos de su coreografía, y uno de ellos la inicia. Revise los participantes (participantRef, initiatingParticipantRef)."
    ),
    "global_conversation_content": marked(
        "Una conversación global no lleva nada adentro, y esta tiene {element}. Quítelo o dibuje una colaboración."
    ),
    "message_flow_many": marked(
        "Lo tocan {number} flujos de mensaje, y un evento de un solo mensaje tiene uno. Deje uno, o dibuje un evento para cada mensaje."
    ),
    "conversation_participants": marked(
        "Una conversación une al menos a dos participantes de la colaboración o conversación que la contiene. Revise sus participantes (participantRef)."
    ),
    "conversation_link": marked(
        "Un enlace de conversación va de una conversación a un participante, o a una tarea o un evento suyo. Conéctelo así o quítelo."
    ),
    "correlation_binding": marked(
        "Da valor a la propiedad «{reference}», que no es de la clave de correlación que usa, o se lo da dos veces. Deje un valor para cada propiedad de esa clave."
    ),
    "choreography_event": marked(
        "En una coreografía este evento ({element} de {kind}) lo vería un solo participante. Use un inicio, un intermedio o un fin simple, o una tarea de coreografía."
    ),
    "choreography_flow": marked(
        "El flujo de la coreografía sale de su nivel, entra a un inicio o sale de un fin. Conéctelo con dos elementos del mismo nivel."
    ),
    "choreography_message": marked(
        "El flujo de mensaje «{flow}» no va entre los dos participantes de esta tarea de coreografía. Elija otro flujo o corrija los participantes."
    ),
}
