"""A procedure that is not the product's: a permit that a citizen or a clerk asks for, with a fee
table, a payment and a decision."""

from tests.kit.diagrams import extension, flows, lane, model

AFTER = "Revisamos los requisitos y le escribimos."
_START = extension(
    f'<v:start roles="asesor" public="true" after="{AFTER}"/>'
    '<v:field name="nombre" label="Nombre completo" required="true" max="120"/>'
    '<v:field name="documento" label="Documento" required="true" search="true" max="20"/>'
    '<v:field name="correo" label="Correo" type="email"/>'
    '<v:field name="uso" label="Para qué" type="choice" required="true" decision="true" search="true"'
    ' options="terraza:Terraza de un negocio|obra:Obra o andamio"/>'
    '<v:field name="direccion" label="Dirección del sitio" required="true" search="true"/>'
    '<v:field name="area" label="Área en metros" type="integer" required="true" decision="true" min="1" max="500"/>'
    '<v:field name="plano" label="Plano" type="file"/>'
)
_REVIEW = extension(
    '<v:field name="cumple" label="¿Cumple?" type="choice" required="true" decision="true" options="si:Sí|no:No"/>'
    '<v:field name="concepto" label="Concepto" type="longtext" required="true"/>'
)
_FEE = extension('<v:decision table="tarifa"/><v:output name="valor" type="integer"/>')
_PAID = extension(
    '<v:message key="numero_caso"/><v:delivery roles="gestion_documental" webhook="true"/>'
    '<v:field name="pagado" label="Valor pagado" type="integer" required="true" decision="true" min="1"/>'
    '<v:field name="recibo" label="Recibo" required="true" search="true"/>'
)
_DECIDE = extension(
    '<v:due expr="P3D"/><v:field name="decision" label="Decisión" type="choice" required="true" decision="true"'
    ' options="otorga:Se otorga|niega:Se niega"/>'
)
_NODES = (
    f'<startEvent id="pide" name="Pedir el permiso"><documentation>Terrazas y obras en el andén.</documentation>{_START}</startEvent>'
    f'<userTask id="revisar" name="Revisar los requisitos">{_REVIEW}</userTask>'
    '<exclusiveGateway id="cumple" name="¿Cumple?" default="f_cumple_negado"/>'
    '<endEvent id="negado" name="Negado"/>'
    f'<businessRuleTask id="cobro" name="Calcular la tarifa">{_FEE}</businessRuleTask>'
    f'<intermediateCatchEvent id="pago" name="Pago recibido">{_PAID}<messageEventDefinition messageRef="m_pago"/></intermediateCatchEvent>'
    f'<userTask id="decidir" name="Decidir">{_DECIDE}</userTask>'
    '<endEvent id="fin" name="Decidido"/>'
)
_WIRES = "pide>revisar>cumple cumple>cobro?cumple~==~'si' cumple>negado cobro>pago>decidir>fin"
_LANES = lane("ln_puerta", "", "punto_id", "pide").replace(' role=""', ' role="asesor"') + lane(
    "ln_revisa", "gestion_documental", "", "revisar", "cumple", "negado", "cobro", "pago"
)
_CASE = (
    '<v:case number="PEP-{aaaa}-{00000}" class="permiso" subject="direccion" person="documento" name="nombre" email="correo"'
    ' place="uso" due="P15D"/><v:variable name="punto_id"/><v:variable name="numero_caso"/><v:variable name="idioma" value="es"/>'
)
DIAGRAM = model(
    f'<process id="permiso" name="Permiso de ocupación" isExecutable="true">{extension(_CASE)}'
    f'<laneSet id="ls">{_LANES}{lane("ln_decide", "coordinador_gau", "", "decidir", "fin")}</laneSet>{_NODES}{flows(_WIRES)}</process>',
    defs='<message id="m_pago" name="PagoRecibido"/>',
)
TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="tarifa" namespace="urn:permiso">
  <decision id="tarifa" name="Tarifa"><decisionTable id="tabla" hitPolicy="UNIQUE">
    <input id="i1"><inputExpression id="e1" typeRef="string"><text>uso</text></inputExpression></input>
    <output id="o1" name="valor" typeRef="number"/>
    <rule id="r1"><inputEntry id="c1"><text>"terraza"</text></inputEntry><outputEntry id="v1"><text>412000</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="c2"><text>not("terraza")</text></inputEntry><outputEntry id="v2"><text>90000</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>"""
FILES = {"permiso.bpmn": DIAGRAM, "tarifa.dmn": TABLE}
#: The same, where the type of the document is asked for beside its number.
WITH_KIND = {
    **FILES,
    "permiso.bpmn": DIAGRAM.replace(
        b'person="documento"', b'person="documento" person_kind="tipo"'
    ).replace(
        b'<v:field name="documento"',
        b'<v:field name="tipo" label="Tipo" required="true"/><v:field name="documento"',
        1,
    ),
}
#: What somebody writes into the start form.
ASKED = {
    "nombre": "Yolanda Prada Cuesta",
    "documento": "51000481",
    "correo": "yolanda@correo.example",
    "uso": "terraza",
    "direccion": "Calle 14 n.º 6-25",
    "area": "24",
}
