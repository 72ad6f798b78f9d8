"""Weekly audits: samples, each F189, calibrations, what an adviser reads of theirs, and the F189 of
a visit on a tablet without network (5.2.27–5.2.29)."""

from webforms.auditorias import auditorias, calibraciones, visita
from webforms.base.rutas import Plano, Sala

SALA = Sala((Plano("calidad", (auditorias.rutas, calibraciones.rutas, visita.rutas)),))
