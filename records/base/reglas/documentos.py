"""Identity documents, mobile numbers and mail: their forms, and how they look when masked."""

import re

from common.language import marked, said
from records.base.errores import DatoInvalido
from records.base.reglas.nombres import palabras

#: SUPUESTO: digits and letters as issued; dots, spaces and hyphens are typed by people and removed.
TIPOS = {
    "CC": (
        marked("Cédula de ciudadanía"),
        re.compile(r"[1-9]\d{2,9}"),
        marked("de 3 a 10 dígitos"),
    ),
    "TI": (marked("Tarjeta de identidad"), re.compile(r"\d{10,11}"), marked("10 u 11 dígitos")),
    "CE": (marked("Cédula de extranjería"), re.compile(r"\d{3,7}"), marked("de 3 a 7 dígitos")),
    "PA": (
        marked("Pasaporte"),
        re.compile(r"[A-Z0-9]{5,15}"),
        marked("de 5 a 15 letras o dígitos"),
    ),
    "RC": (marked("Registro civil"), re.compile(r"\d{8,11}"), marked("de 8 a 11 dígitos")),
    "PPT": (
        marked("Permiso por protección temporal"),
        re.compile(r"\d{5,8}"),
        marked("de 5 a 8 dígitos"),
    ),
}
CORREO = re.compile(r"[^@\s\"'<>()\\,;:]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
FIJO = re.compile(r"[0-9 ()+-]{7,20}")
CELULAR = re.compile(r"3\d{9}")
PUNTO = "•"
VISIBLES = 3


def normalizar_numero(numero: str) -> str:
    return re.sub(r"[\s.\-]", "", numero).upper()


def tipo_de(escrito: str) -> str:
    """The code of a type, from it or from its name; "" where nothing of that is said."""
    normal = normalizar_numero(escrito)
    dicho = palabras(escrito.replace("_", " "))
    return next(
        (
            t
            for t, (nombre, _patron, _forma) in TIPOS.items()
            if normal == t or dicho == palabras(nombre)
        ),
        "",
    )


def con_tipo(escrito: str) -> list[tuple[str, str]]:
    """Type and number of what was written in one: "C.C. 52.123.456". A passport may begin with
    these letters, too."""
    normal = normalizar_numero(escrito)
    return [(t, normal.removeprefix(t)) for t, (_nombre, patron, _forma) in TIPOS.items() if patron.fullmatch(normal.removeprefix(t))
            and normal.startswith(t)]  # fmt: skip


def parece_documento(escrito: str) -> bool:
    """A number of some type, or one with its type before it."""
    normal = normalizar_numero(escrito)
    suelto = any(patron.fullmatch(normal) for _nombre, patron, _forma in TIPOS.values())
    return normal.isascii() and any(map(str.isdigit, normal)) and (suelto or bool(con_tipo(normal)))


def validar_documento(tipo: str, numero: str) -> str:
    """The number in its normal form; DatoInvalido with the sentence for the field."""
    if tipo not in TIPOS:
        raise DatoInvalido("Elija el tipo de documento.")
    normal = normalizar_numero(numero)
    nombre, patron, forma = TIPOS[tipo]
    if not normal.isascii() or not patron.fullmatch(normal):
        raise DatoInvalido(
            "%(documento)s: escriba %(forma)s.", documento=said(nombre), forma=said(forma)
        )
    return normal


def validar_celular(numero: str) -> str:
    normal = re.sub(r"[\s.\-()]", "", numero).removeprefix("+57")
    if not normal.isascii() or not CELULAR.fullmatch(normal):
        raise DatoInvalido("Escriba los 10 dígitos del celular; empieza por 3.")
    return normal


def validar_correo(correo: str) -> str:
    """One @, a domain with a point, no spaces: what a mail server would take; delivery is proven by
    delivery."""
    if not CORREO.fullmatch(correo):
        raise DatoInvalido("Escriba un correo como nombre@dominio.com.")
    return correo


def validar_fijo(numero: str) -> str:
    if not FIJO.fullmatch(numero):
        raise DatoInvalido("Escriba solo el número.")
    return numero


def enmascarar_documento(tipo: str, numero: str) -> str:
    """ "CC •• ••• •821": only the last three are seen. Numbers of less than six show at most a
    third."""
    visibles = VISIBLES if len(numero) >= 2 * VISIBLES else len(numero) // 3
    oculto = PUNTO * (len(numero) - visibles) + (numero[-visibles:] if visibles else "")
    grupos = [oculto[-4:]]
    resto = oculto[:-4]
    while resto:
        grupos.insert(0, resto[-3:])
        resto = resto[:-3]
    return f"{tipo} {' '.join(grupos)}"


def enmascarar_correo(correo: str) -> str:
    """ "l••••••@correo.com": the length is not told."""
    local, arroba, dominio = correo.partition("@")
    return f"{local[:1]}{PUNTO * 6}@{dominio}" if arroba else PUNTO * 6


#: Digits of a local number: of fewer nothing is shown.
LOCAL = 7


def enmascarar_telefono(numero: str) -> str:
    """ "3•• ••• 7719" """
    digitos = re.sub(r"\D", "", numero)
    if len(digitos) < LOCAL:
        return PUNTO * len(digitos)
    oculto = digitos[0] + PUNTO * (len(digitos) - 5) + digitos[-4:]
    return (
        f"{oculto[:3]} {oculto[3:-4]} {oculto[-4:]}"
        if len(oculto) > LOCAL
        else f"{oculto[:3]} {oculto[3:]}"
    )
