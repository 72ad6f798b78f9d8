"""What is wrong with a package, in sentences."""

from collections.abc import Iterable, Mapping
from typing import Final

from flask_babel import gettext as _

from common.language import marked
from records.paquetes.reglas.paquete import Falta

#: code of the fault → sentence; `{}` is its fact
FRASES: Final[Mapping[str, str]] = {
    "codigo": marked(
        "«{}» no sirve como código: lleva minúsculas sin tilde, números y guion bajo, y empieza por una letra."
    ),
    "sin_manifiesto": marked(
        "Falta «{}/paquete.toml», que dice qué es el procedimiento y qué diagramas tiene."
    ),
    "no_es_toml": marked("El manifiesto no se puede leer: {}"),
    "traduccion_ilegible": marked("La traducción no se puede leer: {}"),
    "escenario_ilegible": marked("El escenario no se puede leer: {}"),
    "desconocido": marked("Aquí no se conoce este nombre. Quítelo o corríjalo."),
    "formato": marked("El manifiesto debe decir formato = {}: es de otra versión de Ventanilla."),
    "vacio": marked("Falta."),
    "no_es_texto": marked("Debe ser un texto entre comillas."),
    "no_es_tabla": marked("Debe ser una tabla de nombres con su valor."),
    "no_es_verdad": marked("Debe ser true o false."),
    "no_es_instante": marked(
        "Debe ser un día con hora y zona, por ejemplo 2026-11-24T08:00:00-05:00."
    ),
    "sistema": marked(
        "Diga qué entrega, {{ nombre = valor }}, o entre comillas el código de su error."
    ),
    "paso": marked("Un paso dice una sola cosa: hace, llega, mensaje o pasa."),
    "lapso": marked("Diga cuánto pasa: {{ dias = 10, horas = 2, minutos = 30 }}, hasta diez años."),
    "no_es_lista": marked("Debe ser una lista de textos."),
    "no_son_filas": marked("Debe ser una lista de filas."),
    "muchas": marked("Son más de {} filas."),
    "largo": marked("El texto tiene más de {} caracteres."),
    "valores": marked("Los valores de una lista se escriben codigo = «nombre»."),
    "valor": marked(
        "«{}» no sirve como código: lleva de 1 a 40 letras sin tilde, números, puntos o guiones; empieza y termina en letra o número."
    ),
    "reservada": marked(
        "«{}» es la variable de los puntos o de las áreas, que tienen sus propias páginas. Use otra."
    ),
    "signo": marked(
        "Tiene un signo que no se puede guardar, como un salto de línea en un nombre. Quítelo."
    ),
    "sin_diagrama": marked("No nombra ningún diagrama (.bpmn)."),
    "no_es_modelo": marked("«{}» no es un diagrama (.bpmn) ni una tabla (.dmn)."),
    "no_nombrada": marked(
        "Está en el paquete y el manifiesto no lo nombra en «modelos». Nómbrelo allí o quítelo."
    ),
    "no_esta": marked("Nombra «{}», que no está en el paquete."),
    "dos_veces": marked("«{}» está dos veces."),
    "zip_grande": marked("El paquete pesa más de {} MB."),
    "no_es_zip": marked("No es un archivo ZIP que se pueda abrir: está cortado, o es otra cosa."),
    "varias_carpetas": marked("Un paquete es una sola carpeta; este trae: {}."),
    "no_es_pieza": marked(
        "No es una pieza de un paquete: solo diagramas (.bpmn), tablas (.dmn) y textos (.toml, .txt, .md, .csv, .po)."
    ),
    "muchas_piezas": marked("Trae más de {} archivos."),
    "ruta": marked("El nombre de este archivo no se acepta."),
    "otro_zip": marked(
        "Está comprimido de una manera que no todos los programas abren. Use la común (deflate)."
    ),
    "cifrada": marked("Está cifrado con una contraseña. Expórtelo sin ella."),
    "pieza_grande": marked("Pesa más de {} MB."),
    "sin_huellas": marked(
        "El paquete no trae la lista de sus huellas. Expórtelo otra vez desde Ventanilla o con «flask procedure export»."
    ),
    "huellas_ilegibles": marked("La lista de huellas no se puede leer."),
    "sin_huella": marked("No está en la lista de huellas."),
    "falta_pieza": marked("La lista de huellas lo nombra y no está."),
    "otra_huella": marked(
        "Su contenido no es el de su huella: se dañó o lo cambiaron después de exportar."
    ),
}


def frases(faltas: Iterable[Falta]) -> list[str]:
    """ "actividad 3.texto: Falta." """
    dichas = ((_visible(f.donde), str(_(FRASES[f.que])).format(_visible(f.dato))) for f in faltas)
    return [f"{donde}: {dicha}" if donde else dicha for donde, dicha in dichas]


def _visible(dicho: str) -> str:
    """What somebody else wrote, in one line and without what no screen shows."""
    return "".join(signo if signo >= " " else "\N{REPLACEMENT CHARACTER}" for signo in dicho[:300])
