"""Legacy systems (records.sistemas.reglas.sistemas): the remote task `legado.consultar` and the job
`legado.precargar`."""

from collections.abc import Iterable, Mapping

from engine.types import Handlers
from handlers.conectores.guarda import Bitacora, Guarda, Suceso
from handlers.conectores.proteccion import Politica
from handlers.conectores.tipos import Conector, Documento
from handlers.sistemas.legado.consultas import Consultas, Sesiones
from records.sistemas import legado
from records.sistemas.reglas.sistemas import SISTEMAS


def guardar(
    conectores: Iterable[Conector],
    *,
    sesiones: Sesiones,
    bitacora: Bitacora,
    suceso: Suceso,
    politica: Politica | None = None,
) -> dict[str, Guarda]:
    """Each system of the procedure, by code, behind its guard; those without one of `conectores`
    are "no configurado"."""

    def verificada(doc: Documento) -> bool:
        with sesiones() as session:
            return legado.titularidad_verificada(session, doc.turno_id, doc.tipo, doc.numero)

    por_codigo = {conector.sistema: conector for conector in conectores}

    return {
        s.codigo: Guarda(
            s,
            por_codigo.get(s.codigo),
            verificada=verificada,
            bitacora=bitacora,
            suceso=suceso,
            politica=politica,
        )
        for s in SISTEMAS
    }


def register(
    handlers: Handlers,
    guardas: Mapping[str, Guarda],
    *,
    sesiones: Sesiones,
    bitacora: Bitacora,
    a_la_vez: bool = True,
) -> None:
    """`a_la_vez`: all are asked at once, each from a thread of its own; not where all sessions are
    one."""
    consultas = Consultas(sesiones, guardas, bitacora, a_la_vez=a_la_vez)
    handlers.remote["legado.consultar"] = consultas.consultar
    handlers.jobs["legado.precargar"] = consultas.precargar
