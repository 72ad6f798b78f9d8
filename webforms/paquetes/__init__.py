"""Procedures as process analysts draw them: packages, processes, tables, texts, drafts, versions."""

from webforms.base.rutas import Plano, Sala
from webforms.paquetes import (
    borradores,
    cartas,
    despliegue,
    en_vigor,
    ensayo,
    importacion,
    migracion,
    paquete_en_vigor,
    paquetes,
    quitar,
    reglas,
    tabla_nueva,
    textos,
)

SALA = Sala(
    (
        Plano(
            "procesos",
            (
                en_vigor.rutas,
                borradores.rutas,
                reglas.rutas,
                ensayo.rutas,
                despliegue.rutas,
                migracion.rutas,
                paquetes.rutas,
                importacion.rutas,
                paquete_en_vigor.rutas,
                textos.rutas,
                cartas.rutas,
                quitar.rutas,
                tabla_nueva.rutas,
            ),
        ),
    )
)
