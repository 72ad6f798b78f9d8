"""What is wrong with a package, in sentences."""

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Final

from records.rules.paquete import Falta

#: code of the fault → sentence; `{}` is its fact
FRASES: Final[Mapping[str, str]] = {
    "codigo": "«{}» no sirve como código: lleva minúsculas sin tilde, números y guion bajo, y empieza por una letra.",
    "sin_manifiesto": "Falta «{}/paquete.toml», que dice qué es el procedimiento y qué diagramas tiene.",
    "no_es_toml": "El manifiesto no se puede leer: {}",
    "traduccion_ilegible": "La traducción no se puede leer: {}",
    "escenario_ilegible": "El escenario no se puede leer: {}",
    "desconocido": "Aquí no se conoce este nombre. Quítelo o corríjalo.",
    "formato": "El manifiesto debe decir formato = {}: es de otra versión de Ventanilla.",
    "vacio": "Falta.",
    "no_es_texto": "Debe ser un texto entre comillas.",
    "no_es_tabla": "Debe ser una tabla de nombres con su valor.",
    "no_es_verdad": "Debe ser true o false.",
    "no_es_instante": "Debe ser un día con hora y zona, por ejemplo 2026-11-24T08:00:00-05:00.",
    "sistema": "Diga qué entrega, { nombre = valor }, o entre comillas el código de su error.",
    "paso": "Un paso dice una sola cosa: hace, llega, mensaje o pasa.",
    "lapso": "Diga cuánto pasa: { dias = 10, horas = 2, minutos = 30 }, hasta diez años.",
    "no_es_lista": "Debe ser una lista de textos.",
    "no_son_filas": "Debe ser una lista de filas.",
    "muchas": "Son más de {} filas.",
    "largo": "El texto tiene más de {} caracteres.",
    "valores": "Los valores de una lista se escriben codigo = «nombre».",
    "valor": "«{}» no sirve como código: lleva de 1 a 40 letras sin tilde, números, puntos o guiones; empieza y termina en letra o número.",
    "reservada": "«{}» es la variable de los puntos o de las áreas, que tienen sus propias páginas. Use otra.",
    "signo": "Tiene un signo que no se puede guardar, como un salto de línea en un nombre. Quítelo.",
    "sin_diagrama": "No nombra ningún diagrama (.bpmn).",
    "no_es_modelo": "«{}» no es un diagrama (.bpmn) ni una tabla (.dmn).",
    "no_nombrada": "Está en el paquete y el manifiesto no lo nombra en «modelos». Nómbrelo allí o quítelo.",
    "no_esta": "Nombra «{}», que no está en el paquete.",
    "dos_veces": "«{}» está dos veces.",
    "zip_grande": "El paquete pesa más de {} MB.",
    "no_es_zip": "No es un archivo ZIP que se pueda abrir: está cortado, o es otra cosa.",
    "varias_carpetas": "Un paquete es una sola carpeta; este trae: {}.",
    "no_es_pieza": "No es una pieza de un paquete: solo diagramas (.bpmn), tablas (.dmn) y textos (.toml, .txt, .md, .csv, .po).",
    "muchas_piezas": "Trae más de {} archivos.",
    "ruta": "El nombre de este archivo no se acepta.",
    "otro_zip": "Está comprimido de una manera que no todos los programas abren. Use la común (deflate).",
    "cifrada": "Está cifrado con una contraseña. Expórtelo sin ella.",
    "pieza_grande": "Pesa más de {} MB.",
    "sin_huellas": "El paquete no trae la lista de sus huellas. Expórtelo otra vez desde Ventanilla o con «flask procedure export».",
    "huellas_ilegibles": "La lista de huellas no se puede leer.",
    "sin_huella": "No está en la lista de huellas.",
    "falta_pieza": "La lista de huellas lo nombra y no está.",
    "otra_huella": "Su contenido no es el de su huella: se dañó o lo cambiaron después de exportar.",
}


def frases(faltas: Iterable[Falta]) -> list[str]:
    """ "actividad 3.texto: Falta." """
    dichas = ((_visible(f.donde), FRASES[f.que].format(_visible(f.dato))) for f in faltas)
    return [f"{donde}: {dicha}" if donde else dicha for donde, dicha in dichas]


def _visible(dicho: str) -> str:
    """What somebody else wrote, in one line and without what no screen shows."""
    return "".join(signo if signo >= " " else "\N{REPLACEMENT CHARACTER}" for signo in dicho[:300])
