"""Pages of the process analysts: processes, tables, drafts, versions."""

from webforms.analista import (
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
from webforms.base.rutas import Plano, Sala

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
