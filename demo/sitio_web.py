"""The entity's web site as the demo plays it: some pages that say what they are, so that a citation
has a copy without a network."""

import http
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from handlers.sistemas.paginas.texto import leer
from records.sistemas.paginas import Copia
from records.sistemas.puertos import PaginaNoTraida
from records.sistemas.reglas.paginas import Falla

TIPO: Final = "text/html; charset=utf-8"
CREDITOS: Final = "https://www.icetex.gov.co/creditos"
CONVOCATORIAS: Final = "https://www.icetex.gov.co/convocatorias"
_AVISO: Final = "<p>Página de demostración de Ventanilla: no es lo que publica la entidad.</p>"
_PAGINAS: Final[Mapping[str, str]] = {
    "/creditos": f"""<title>Líneas de crédito (demostración)</title><h1>Líneas de crédito</h1>{_AVISO}
        <p>La tasa de cada línea es el IPC del año anterior más los puntos que siguen. Se paga una parte durante los estudios.</p>
        <table><tr><th>Línea</th><th>Puntos</th><th>Se paga durante los estudios</th></tr>
        <tr><td>Pregrado, largo plazo</td><td>7</td><td>0 %</td></tr><tr><td>Pregrado, mediano plazo</td><td>9</td><td>40 %</td></tr>
        <tr><td>Posgrado en el país</td><td>9</td><td>20 %</td></tr><tr><td>Posgrado en el exterior</td><td>8</td><td>0 %</td></tr></table>
        <h2>Requisitos</h2><ul><li>Ser colombiano</li><li>Admisión de la institución</li><li>Un deudor solidario</li></ul>""",
    "/convocatorias": f"""<title>Convocatorias abiertas (demostración)</title><h1>Convocatorias abiertas</h1>{_AVISO}
        <ol><li>Crédito de pregrado, primer semestre: inscripciones hasta el último día hábil de enero.</li>
        <li>Becas de posgrado: inscripciones hasta el último día hábil de marzo.</li></ol>
        <p>La solicitud se hace en línea; el punto de atención orienta a quien la necesite.</p>""",
}


class SitioDemo:
    """The port `PaginasWeb`."""

    def traer(self, url: str) -> Copia:
        hallada = _PAGINAS.get(urlsplit(url).path.rstrip("/"))
        if hallada is None:
            raise PaginaNoTraida(
                Falla.RESPUESTA, str(http.HTTPStatus.NOT_FOUND.value), pasajera=False
            )
        cuerpo = hallada.encode()
        pagina = leer(cuerpo, TIPO)
        return Copia(
            url=url,
            url_final=url,
            estado_http=http.HTTPStatus.OK,
            tipo=TIPO,
            codificacion="",
            cuerpo=cuerpo,
            titulo=pagina.titulo,
            texto=pagina.texto,
            recortado=pagina.recortado,
        )
