"""The CRM as steps of diagrams ask it for a person: the one outside, where there is one, else our
own tables. It is only read."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from common.language import kept
from handlers.conectores.suitecrm.cliente import SuiteCRM
from handlers.conectores.tipos import Documento, Fila, Plazo, Probado, RegistroIlegible, Respuesta
from records.personas import personas
from records.sistemas.reglas.crm import PERSONA
from records.sistemas.reglas.sistemas import OTROS, Sistema

CRM = Sistema("crm", OTROS["crm"], None, "", "")


@dataclass(frozen=True, slots=True)
class PersonaDelCrm:
    """A connector. `afuera`: None, the CRM is ours alone."""

    sesiones: Callable[[], Session]
    afuera: SuiteCRM | None = None
    sistema: str = CRM.codigo

    def preguntar(self, doc: Documento, _servicio: str | None, _plazo: Plazo) -> Respuesta:
        fila = self._de_aqui(doc) if self.afuera is None else self._de_afuera(self.afuera, doc)
        return Respuesta((fila,) if fila else (), None)

    def probar(self, _plazo: Plazo) -> Probado:
        if self.afuera is not None:
            self.afuera.probar()
        return Probado()

    def _de_aqui(self, doc: Documento) -> Fila:
        with self.sesiones() as session:
            persona = personas.buscar_persona(session, doc.tipo, doc.numero)
            if persona is None:
                return {}
            datos = personas.datos_vigentes(session, persona.id)
            return {
                "tipo_doc": doc.tipo,
                "num_doc": doc.numero,
                **dict.fromkeys(personas.DATOS, ""),
                "nombre": persona.nombre,
                **datos,
            }

    @staticmethod
    def _de_afuera(crm: SuiteCRM, doc: Documento) -> Fila:
        halladas = crm.buscar(PERSONA, {"tipo_doc": doc.tipo, "num_doc": doc.numero})
        if len(halladas) > 1:
            raise RegistroIlegible(kept("el CRM tiene dos registros con el mismo documento"))
        return dict(halladas[0].campos) if halladas else {}
