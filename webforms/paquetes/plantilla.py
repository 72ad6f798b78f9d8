"""The diagram with which a new process begins: one lane, a start, a task, an end, laid out.

Its words are in the language of who makes it; from then on they are what the diagram says.
"""

from xml.sax.saxutils import quoteattr

from common.language import said

_MODELO = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:v="urn:ventanilla:bpmn:1"
  id="{clave}_def" targetNamespace="urn:ventanilla:m5-1-02">
  <bpmn:collaboration id="{clave}_colaboracion">
    <bpmn:participant id="{clave}_pool" name={nombre} processRef="{clave}"/>
  </bpmn:collaboration>
  <bpmn:process id="{clave}" name={nombre} isExecutable="true">
    <bpmn:extensionElements><v:variable name="punto_id" type="text"/></bpmn:extensionElements>
    <bpmn:laneSet id="{clave}_carriles">
      <bpmn:lane id="{clave}_carril" name={asesor}>
        <bpmn:extensionElements><v:lane role="asesor" scope="punto_id"/></bpmn:extensionElements>
        <bpmn:flowNodeRef>{clave}_inicio</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>{clave}_tarea</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>{clave}_fin</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="{clave}_inicio" name={comienzo}><bpmn:outgoing>{clave}_f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="{clave}_tarea" name={tarea}>
      <bpmn:incoming>{clave}_f1</bpmn:incoming><bpmn:outgoing>{clave}_f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="{clave}_fin" name={fin}><bpmn:incoming>{clave}_f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="{clave}_f1" sourceRef="{clave}_inicio" targetRef="{clave}_tarea"/>
    <bpmn:sequenceFlow id="{clave}_f2" sourceRef="{clave}_tarea" targetRef="{clave}_fin"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{clave}_dibujo">
    <bpmndi:BPMNPlane id="{clave}_plano" bpmnElement="{clave}_colaboracion">
      <bpmndi:BPMNShape id="{clave}_pool_di" bpmnElement="{clave}_pool" isHorizontal="true"><dc:Bounds x="160" y="80" width="600" height="200"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{clave}_carril_di" bpmnElement="{clave}_carril" isHorizontal="true"><dc:Bounds x="190" y="80" width="570" height="200"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{clave}_inicio_di" bpmnElement="{clave}_inicio"><dc:Bounds x="252" y="162" width="36" height="36"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{clave}_tarea_di" bpmnElement="{clave}_tarea"><dc:Bounds x="375" y="140" width="110" height="80"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{clave}_fin_di" bpmnElement="{clave}_fin"><dc:Bounds x="572" y="162" width="36" height="36"/></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="{clave}_f1_di" bpmnElement="{clave}_f1"><di:waypoint x="288" y="180"/><di:waypoint x="375" y="180"/></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="{clave}_f2_di" bpmnElement="{clave}_f2"><di:waypoint x="485" y="180"/><di:waypoint x="572" y="180"/></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""  # noqa: E501 - one shape a line


def diagrama_vacio(clave: str, nombre: str) -> bytes:
    """`clave` is an identifier; `nombre` may be any text."""
    dichos = {
        "asesor": said("Asesor"),
        "comienzo": said("Comienzo"),
        "tarea": said("Primera tarea"),
        "fin": said("Fin"),
    }
    return _MODELO.format(
        clave=clave,
        nombre=quoteattr(nombre),
        **{que: quoteattr(dicho) for que, dicho in dichos.items()},
    ).encode()
