"""A list of a spreadsheet is read as people mean it, or refused in words."""

import pytest

from records.base.reglas.tabla_csv import MAX_BYTES, TablaIlegible, leer

COLUMNAS = ("nombre", "correo")


@pytest.mark.parametrize("separador", [";", ",", "\t"])
@pytest.mark.parametrize("fin", ["\n", "\r\n"])
def test_each_way_to_write_a_list(separador: str, fin: str) -> None:
    texto = fin.join(
        ["\ufeffNOMBRE;Correo;;", "'=Núñez; a@b.co ", ";;", '"De ""la"" Peña";c@d.co', ""]
    ).replace(";", separador)
    tabla = leer(texto.encode(), COLUMNAS, COLUMNAS)
    assert [dict(f.datos) for f in tabla.filas] == [
        {"nombre": "=Núñez", "correo": "a@b.co"},
        {"nombre": 'De "la" Peña', "correo": "c@d.co"},
    ]
    assert [f.linea for f in tabla.filas] == [2, 4]


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(TablaIlegible, match="pesa más de 1 MB"):
        leer(b"nombre;correo\n" + b"a" * MAX_BYTES, COLUMNAS, COLUMNAS)
