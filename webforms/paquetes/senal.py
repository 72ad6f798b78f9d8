"""A process that sends a signal for somebody outside: whoever may begin it sends it, and it is
over. Laid out, as the editor shows it.

What asks is a process here, too: it has who may, a form and a history, and a message start beside
the plain one lets a system call.
"""

from typing import Final
from xml.sax.saxutils import quoteattr

from common.language import said

_MODELO: Final = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:v="urn:ventanilla:bpmn:1"
  id="{clave}_def" targetNamespace="urn:ventanilla:importado">
  <bpmn:signal id="{clave}_senal" name={senal}/>
  <bpmn:process id="{clave}" name={nombre} isExecutable="true">
    <bpmn:startEvent id="{clave}_inicio" name={comienzo}>
      <bpmn:extensionElements><v:start roles="{rol}"/></bpmn:extensionElements><bpmn:outgoing>{clave}_f1</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:endEvent id="{clave}_fin" name={senal}>
      <bpmn:incoming>{clave}_f1</bpmn:incoming><bpmn:signalEventDefinition id="{clave}_ed" signalRef="{clave}_senal"/>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="{clave}_f1" sourceRef="{clave}_inicio" targetRef="{clave}_fin"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{clave}_dibujo">
    <bpmndi:BPMNPlane id="{clave}_plano" bpmnElement="{clave}">
      <bpmndi:BPMNShape id="{clave}_inicio_di" bpmnElement="{clave}_inicio">
        <dc:Bounds x="160" y="100" width="36" height="36"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{clave}_fin_di" bpmnElement="{clave}_fin">
        <dc:Bounds x="300" y="100" width="36" height="36"/></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="{clave}_f1_di" bpmnElement="{clave}_f1">
        <di:waypoint x="196" y="118"/><di:waypoint x="300" y="118"/></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def diagrama_de_senal(clave: str, senal: str, rol: str) -> bytes:
    """`clave` is an identifier, `rol` who may send it."""
    dichos = {
        "senal": senal,
        "nombre": said("Enviar la señal «%(s)s»", s=senal),
        "comienzo": said("Alguien la envía"),
    }
    return _MODELO.format(
        clave=clave, rol=rol, **{que: quoteattr(dicho) for que, dicho in dichos.items()}
    ).encode()
