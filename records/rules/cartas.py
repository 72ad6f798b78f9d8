"""The letter with the answer (M5-1-01 act. 14), as the person gets it and as the page shows it before it leaves. Pure."""

FIRMA = "Grupo de Atención al Usuario\nICETEX"
FIRMA_INGLES = "Citizen Service Group\nICETEX"


def respuesta(radicado: str, tema: str, texto: str, *, en_ingles: bool) -> tuple[str, str]:
    """Subject and text."""
    if en_ingles:
        saludo = f"Dear citizen,\n\nThis is the answer to your case {radicado}:"
        return f"Answer to your case {radicado}", f"{saludo}\n\n{texto}\n\n{FIRMA_INGLES}"
    saludo = f"Reciba un cordial saludo.\n\nEsta es la respuesta a su radicado {radicado} ({tema}):"
    return f"Respuesta a su radicado {radicado}", f"{saludo}\n\n{texto}\n\n{FIRMA}"
