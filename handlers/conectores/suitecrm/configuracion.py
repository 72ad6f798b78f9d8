"""Where the CRM is, how it is entered, and how this installation calls its fields: the file that
`CRM_CONFIG` names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from common.language import kept
from records.base.toml import ConfiguracionInvalida, abrir
from records.sistemas.reglas.crm import CASO, CASOS, PERSONA, PERSONAS, Campo, Gana

MODULOS: Final = {PERSONA: "Contacts", CASO: "Cases"}
NOMBRE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Instalacion:
    """A SuiteCRM. `cuenta`: the account under which it files the cases, which it asks for."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    cuenta: str
    campos: Mapping[str, tuple[Campo, ...]] = field(
        default_factory=lambda: {PERSONA: PERSONAS, CASO: CASOS}
    )
    certificado: str | None = None  #: ours
    archivo: Path | None = None  #: in which the secret stands, and may be renewed
    #: file with the certificate authorities that are trusted; None: those of the system
    autoridades: str | None = None


def leer(archivo: Path, credenciales: Path | None = None) -> Instalacion:
    """Raises ConfiguracionInvalida. Whether anybody answers there is asked later."""
    dicho = abrir(archivo, credenciales)
    dicho.solo(
        "url",
        "client_id",
        "client_secret_file",
        "cuenta",
        "autoridades",
        "certificado",
        "personas",
        "casos",
        "gana",
    )
    gana = dicho.seccion("gana", obligatoria=False).tabla
    if sobran := set(gana) - {c.nuestro for c in PERSONAS if c.trae}:
        raise ConfiguracionInvalida(
            kept(
                "[gana] nombra %(s)s, que no es un dato que las dos partes cambien",
                s=", ".join(sorted(sobran)),
            )
        )
    return Instalacion(
        url=dicho.url("url", kept("del CRM, como https://crm.entidad.gov.co")),
        client_id=dicho.texto("client_id"),
        client_secret=dicho.secreto("client_secret_file"),
        cuenta=dicho.texto("cuenta"),
        campos={
            PERSONA: _campos(PERSONAS, dicho.seccion("personas", obligatoria=False).tabla, gana),
            CASO: _campos(CASOS, dicho.seccion("casos", obligatoria=False).tabla, {}),
        },
        autoridades=dicho.autoridades(),
        certificado=dicho.certificado(),
        archivo=dicho.lugar("client_secret_file", dicho.texto("client_secret_file")),
    )


def _campos(
    todos: tuple[Campo, ...], nombres: Mapping[str, Any], gana: Mapping[str, Any]
) -> tuple[Campo, ...]:
    """Those of the installation: another name, or an empty one for what it does not have. Who a
    record is of cannot be missing."""
    if ajenos := set(nombres) - {c.nuestro for c in todos}:
        raise ConfiguracionInvalida(kept("no se conoce el dato %(a)s", a=", ".join(sorted(ajenos))))
    quedan = []
    for campo in todos:
        suyo = nombres.get(campo.nuestro, campo.suyo)
        if suyo == "" and campo.nuestro not in (
            "tipo_doc",
            "num_doc",
            "nombre",
            "radicado",
            "asunto",
            "estado",
        ):
            continue
        if not isinstance(suyo, str) or not NOMBRE.fullmatch(suyo):
            raise ConfiguracionInvalida(
                kept(
                    "%(n)s: se espera el nombre de un campo del CRM, no «%(s)s»",
                    n=campo.nuestro,
                    s=suyo,
                )
            )
        try:
            regla = Gana(gana.get(campo.nuestro, campo.gana))
        except ValueError as error:
            raise ConfiguracionInvalida(
                kept(
                    "[gana] %(n)s: se espera %(g)s, no «%(n2)s»",
                    n=campo.nuestro,
                    g=", ".join(Gana),
                    n2=gana[campo.nuestro],
                )
            ) from error
        quedan.append(replace(campo, suyo=suyo, gana=regla))
    return tuple(quedan)
