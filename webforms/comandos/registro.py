"""How a process writes down what happens, and whom it tells."""

from common import lines, spans
from common.language import said
from common.place import Place
from webforms.comandos.ajustes import AjustesMalos
from webforms.evidencia.accesos import SUJETO_ESCRITO


def registrar(lugar: Place) -> None:
    """Raises AjustesMalos."""
    lines.hide_values()
    if lugar.log_json:
        lines.configure(lugar.instance / "trazas", SUJETO_ESCRITO)
    if lugar.otel:
        try:
            spans.tell(lugar.otel)
        except ImportError as error:
            raise AjustesMalos(
                said(
                    "OTEL_EXPORTER_OTLP_ENDPOINT: falta instalar requirements-otel.txt en este lugar."
                )
            ) from error
