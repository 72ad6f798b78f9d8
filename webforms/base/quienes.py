"""Groups of roles that a page may be for: `@rutas.get("/…", para=RADICA)`.

A role here opens the page; the engine decides again, with the scope, on each work item.
"""

from records.cuentas.reglas import roles
from records.cuentas.reglas.roles import Facultad, con_facultad

PUBLICO = frozenset({"publico"})
PERSONA = frozenset({"persona"})  # anybody who is logged in
QUIOSCO = frozenset({f"dispositivo:{roles.QUIOSCO}"})
TABLERO = frozenset({f"dispositivo:{roles.TABLERO}"})
VISITA = frozenset({roles.PROFESIONAL})
TABLETA = frozenset({f"dispositivo:{roles.TABLETA}"})
VE_PAPEL, DIGITA_PAPEL = con_facultad(Facultad.VER_PAPEL), con_facultad(Facultad.DIGITAR_PAPEL)
PREPARA_PAPEL = con_facultad(Facultad.PREPARAR_PAPEL)
REVISA, ATIENDE, ADMINISTRA = (
    con_facultad(Facultad.REVISAR),
    con_facultad(Facultad.ATENDER),
    con_facultad(Facultad.ADMINISTRAR),
)
GOBIERNA = con_facultad(Facultad.GOBERNAR)
# suspend, resume, send back; the engine lets only one of them cancel
OPERA = con_facultad(Facultad.OPERAR)
CORRIGE, CANCELA = con_facultad(Facultad.CORREGIR), con_facultad(Facultad.CANCELAR)
SUPERVISA = con_facultad(Facultad.SUPERVISAR)
REPARA, MIGRA, MODELA = (
    con_facultad(Facultad.REPARAR),
    con_facultad(Facultad.MIGRAR),
    con_facultad(Facultad.MODELAR),
)
LEE_MODELOS = con_facultad(Facultad.LEER_MODELOS)
ABRE = con_facultad(Facultad.ABRIR_CON_MOTIVO)
BUSCA_CASOS, ANOTA = con_facultad(Facultad.BUSCAR_CASOS), con_facultad(Facultad.ANOTAR)
CONCILIA = con_facultad(Facultad.CONCILIAR)
COORDINA_TURNOS = con_facultad(Facultad.COORDINAR_TURNOS)
REDACTA = con_facultad(Facultad.REDACTAR)
RADICA = con_facultad(Facultad.RADICAR)
VE_ELIMINACION, ELIMINA = con_facultad(Facultad.VER_ELIMINACION), con_facultad(Facultad.ELIMINAR)
APRUEBA_ELIMINACION = con_facultad(Facultad.APROBAR_ELIMINACION)
VE_DERECHOS = REVISA | APRUEBA_ELIMINACION  # compliance asks, who approves disposal decides
VE_INDICADORES, CIERRA_MES = (
    con_facultad(Facultad.VER_INDICADORES),
    con_facultad(Facultad.CERRAR_MES),
)
VE_OPERACION = con_facultad(Facultad.VER_OPERACION)
VE_ENTREGAS, ACUSA = con_facultad(Facultad.VER_ENTREGAS), con_facultad(Facultad.ACUSAR)
VE_FALLAS = VE_INDICADORES & con_facultad(Facultad.VER_TODO)
VE_AUDITORIAS = con_facultad(Facultad.VER_AUDITORIAS)
AUDITA, CALIBRA = con_facultad(Facultad.AUDITAR), con_facultad(Facultad.CALIBRAR)
VE_COMITES, SESIONA = con_facultad(Facultad.VER_COMITES), con_facultad(Facultad.SESIONAR)
CIERRA_ACCIONES = con_facultad(Facultad.CERRAR_ACCIONES)
VE_ACCESOS, VE_CONTROLES = con_facultad(Facultad.VER_ACCESOS), con_facultad(Facultad.VER_CONTROLES)
COMPLEMENTA, PRORROGA = con_facultad(Facultad.COMPLEMENTAR), con_facultad(Facultad.PRORROGAR)
VE_PORTADA = con_facultad(Facultad.VER_LO_SUYO)
VE_SISTEMAS = con_facultad(Facultad.VER_SISTEMAS)
