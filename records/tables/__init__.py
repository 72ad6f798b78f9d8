"""The business tables. Rows are never deleted; `instancia_id` and `case_key` name the engine's rows, no foreign key."""

from records.tables.accesos import RevisionAccesos
from records.tables.accesos import RevisionCuenta
from records.tables.anulaciones import AnulacionDeNumero
from records.tables.aprobaciones import Aprobacion
from records.tables.aprobaciones import ArchivoPorAprobar
from records.tables.auditorias import F189
from records.tables.auditorias import Auditoria
from records.tables.auditorias import AuditoriaAcuse
from records.tables.auditorias import AuditoriaInforme
from records.tables.auditorias import AuditoriaMuestra
from records.tables.auditorias import AuditoriaRevision
from records.tables.auditorias import F189Acuse
from records.tables.auditorias import F189Criterio
from records.tables.auditorias import Inconsistencia
from records.tables.base import Base
from records.tables.calibraciones import Calibracion
from records.tables.calibraciones import CalibracionCriterio
from records.tables.calibraciones import CalibracionF189
from records.tables.caracterizacion import Caracterizacion
from records.tables.casos import Aviso
from records.tables.casos import CartaDevuelta
from records.tables.casos import Caso
from records.tables.casos import CasoEstado
from records.tables.casos import DireccionCorreo
from records.tables.casos import Escalonamiento
from records.tables.casos import Escrito
from records.tables.casos import EscritoDocumento
from records.tables.casos import Incumplimiento
from records.tables.casos import Investigacion
from records.tables.casos import Mencion
from records.tables.casos import NoConformidad
from records.tables.casos import Norma
from records.tables.casos import PlantillaRespuesta
from records.tables.casos import Plazo
from records.tables.casos import Prorroga
from records.tables.casos import Rebote
from records.tables.casos import Respuesta
from records.tables.casos import RespuestaAdjunto
from records.tables.casos import Suspension
from records.tables.casos import TareaQuieta
from records.tables.casos import Tipificacion
from records.tables.comites import Accion
from records.tables.comites import AccionCierre
from records.tables.comites import Comite
from records.tables.comites import ComiteActa
from records.tables.comites import ComiteAsistencia
from records.tables.comites import ComiteHallazgo
from records.tables.comites import ComiteSesion
from records.tables.comites import ComiteVoto
from records.tables.comites import PlanMejora
from records.tables.crm import CrmConciliacion
from records.tables.crm import CrmDiferencia
from records.tables.crm import CrmEnlace
from records.tables.crm import CrmSalida
from records.tables.cuentas import Ausencia
from records.tables.cuentas import BorradorDeInicio
from records.tables.cuentas import Cuenta
from records.tables.cuentas import Dispositivo
from records.tables.cuentas import EnlaceDeClave
from records.tables.cuentas import FiltroGuardado
from records.tables.cuentas import MarcaTarea
from records.tables.cuentas import RecorridoCerrado
from records.tables.cuentas import RetiroPrevisto
from records.tables.cuentas import RolAsignado
from records.tables.cuentas import SesionAbierta
from records.tables.cuentas import SesionCerrada
from records.tables.derechos import CasoRestringido
from records.tables.derechos import ParteDeSolicitud
from records.tables.derechos import SolicitudDatos
from records.tables.diario import DiaActividad
from records.tables.diario import DiaAsesor
from records.tables.diario import DiaHora
from records.tables.diario import DiaResumido
from records.tables.digiturno import DigiturnoEvento
from records.tables.digiturno import DigiturnoModo
from records.tables.digiturno import DigiturnoRecibo
from records.tables.digiturno import DigiturnoSalida
from records.tables.digiturno import DigiturnoSistema
from records.tables.digiturno import DigiturnoTicket
from records.tables.disponibilidad import CaidaCrm
from records.tables.disponibilidad import VigilanciaCrm
from records.tables.eliminaciones import ActaEliminacion
from records.tables.eliminaciones import ExpedienteEnActa
from records.tables.eliminaciones import IndiceExpediente
from records.tables.eliminaciones import ObjecionEliminacion
from records.tables.enlaces_de_caso import EnlaceDeCaso
from records.tables.escritos import Archivado
from records.tables.escritos import DocumentoDevuelto
from records.tables.escritos import DocumentoSuelto
from records.tables.escritos import Envio
from records.tables.escritos import Firma
from records.tables.fallas import ReporteFallas
from records.tables.fallas import ReporteFallasCaso
from records.tables.frenos import Freno
from records.tables.interventoria import ActaInterventor
from records.tables.interventoria import AcuseInterventor
from records.tables.interventoria import EntregaInterventor
from records.tables.interventoria import PaqueteInterventoria
from records.tables.interventoria import PasoSupervision
from records.tables.interventoria import RecordatorioAcuse
from records.tables.listas import Cambio
from records.tables.listas import DescansoSemanal
from records.tables.listas import ExcepcionCalendario
from records.tables.listas import Lista
from records.tables.listas import ListaValor
from records.tables.listas import RolDeCarril
from records.tables.listas import SerieDocumental
from records.tables.llaves_de_acceso import LlaveDeAcceso
from records.tables.lugares import Archivo
from records.tables.lugares import Area
from records.tables.lugares import Contador
from records.tables.lugares import DatosDeEntidad
from records.tables.lugares import Puesto
from records.tables.lugares import Punto
from records.tables.meses import IndicadorMes
from records.tables.meses import MesCerrado
from records.tables.meses import MesDatos
from records.tables.operacion import AvisoDeOperacion
from records.tables.operacion import Latido
from records.tables.operacion import RespaldoHecho
from records.tables.operacion import VistaDeProceso
from records.tables.paginas import PaginaCitada
from records.tables.paginas import PaginaCopia
from records.tables.papel import CaidaPunto
from records.tables.papel import FormatoPapel
from records.tables.papel import LotePapel
from records.tables.pedidos import CierrePedido
from records.tables.pedidos import DocumentosPedido
from records.tables.personas import Consentimiento
from records.tables.personas import Contacto
from records.tables.personas import Persona
from records.tables.personas import PersonaPalabra
from records.tables.personas import Poder
from records.tables.personas import ServicioAdquirido
from records.tables.recibos import Recibo
from records.tables.registro import CasoRegistrado
from records.tables.registro import DatoRegistrado
from records.tables.registro import MensajeRecibido
from records.tables.registro import PalabraRegistrada
from records.tables.registro import PlazoRegistrado
from records.tables.reportes import InformeMensual
from records.tables.reportes import ReporteNota
from records.tables.reportes import ReportePedido
from records.tables.reportes import ReportePunto
from records.tables.reportes import ReporteRevision
from records.tables.reservas import ReservaLegal
from records.tables.segundo_factor import CodigoDeRecuperacion
from records.tables.segundo_factor import SegundoFactor
from records.tables.sistemas import SistemaEstado
from records.tables.sistemas import SistemaSuceso
from records.tables.turnos import Atencion
from records.tables.turnos import Calificacion
from records.tables.turnos import Charla
from records.tables.turnos import CharlaAsistente
from records.tables.turnos import ConsultaLegado
from records.tables.turnos import EnlaceCalificacion
from records.tables.turnos import Orientacion
from records.tables.turnos import Turno
from records.tables.turnos import TurnoPeriodo

__all__ = [
    "F189",
    "Accion",
    "AccionCierre",
    "ActaEliminacion",
    "ActaInterventor",
    "AcuseInterventor",
    "AnulacionDeNumero",
    "Aprobacion",
    "Archivado",
    "Archivo",
    "ArchivoPorAprobar",
    "Area",
    "Atencion",
    "Auditoria",
    "AuditoriaAcuse",
    "AuditoriaInforme",
    "AuditoriaMuestra",
    "AuditoriaRevision",
    "Ausencia",
    "Aviso",
    "AvisoDeOperacion",
    "Base",
    "BorradorDeInicio",
    "CaidaCrm",
    "CaidaPunto",
    "Calibracion",
    "CalibracionCriterio",
    "CalibracionF189",
    "Calificacion",
    "Cambio",
    "Caracterizacion",
    "CartaDevuelta",
    "Caso",
    "CasoEstado",
    "CasoRegistrado",
    "CasoRestringido",
    "Charla",
    "CharlaAsistente",
    "CierrePedido",
    "CodigoDeRecuperacion",
    "Comite",
    "ComiteActa",
    "ComiteAsistencia",
    "ComiteHallazgo",
    "ComiteSesion",
    "ComiteVoto",
    "Consentimiento",
    "ConsultaLegado",
    "Contacto",
    "Contador",
    "CrmConciliacion",
    "CrmDiferencia",
    "CrmEnlace",
    "CrmSalida",
    "Cuenta",
    "DatoRegistrado",
    "DatosDeEntidad",
    "DescansoSemanal",
    "DiaActividad",
    "DiaAsesor",
    "DiaHora",
    "DiaResumido",
    "DigiturnoEvento",
    "DigiturnoModo",
    "DigiturnoRecibo",
    "DigiturnoSalida",
    "DigiturnoSistema",
    "DigiturnoTicket",
    "DireccionCorreo",
    "Dispositivo",
    "DocumentoDevuelto",
    "DocumentoSuelto",
    "DocumentosPedido",
    "EnlaceCalificacion",
    "EnlaceDeCaso",
    "EnlaceDeClave",
    "EntregaInterventor",
    "Envio",
    "Escalonamiento",
    "Escrito",
    "EscritoDocumento",
    "ExcepcionCalendario",
    "ExpedienteEnActa",
    "F189Acuse",
    "F189Criterio",
    "FiltroGuardado",
    "Firma",
    "FormatoPapel",
    "Freno",
    "Inconsistencia",
    "Incumplimiento",
    "IndicadorMes",
    "IndiceExpediente",
    "InformeMensual",
    "Investigacion",
    "Latido",
    "Lista",
    "ListaValor",
    "LlaveDeAcceso",
    "LotePapel",
    "MarcaTarea",
    "Mencion",
    "MensajeRecibido",
    "MesCerrado",
    "MesDatos",
    "NoConformidad",
    "Norma",
    "ObjecionEliminacion",
    "Orientacion",
    "PaginaCitada",
    "PaginaCopia",
    "PalabraRegistrada",
    "PaqueteInterventoria",
    "ParteDeSolicitud",
    "PasoSupervision",
    "Persona",
    "PersonaPalabra",
    "PlanMejora",
    "PlantillaRespuesta",
    "Plazo",
    "PlazoRegistrado",
    "Poder",
    "Prorroga",
    "Puesto",
    "Punto",
    "Rebote",
    "Recibo",
    "RecordatorioAcuse",
    "RecorridoCerrado",
    "ReporteFallas",
    "ReporteFallasCaso",
    "ReporteNota",
    "ReportePedido",
    "ReportePunto",
    "ReporteRevision",
    "ReservaLegal",
    "RespaldoHecho",
    "Respuesta",
    "RespuestaAdjunto",
    "RetiroPrevisto",
    "RevisionAccesos",
    "RevisionCuenta",
    "RolAsignado",
    "RolDeCarril",
    "SegundoFactor",
    "SerieDocumental",
    "ServicioAdquirido",
    "SesionAbierta",
    "SesionCerrada",
    "SistemaEstado",
    "SistemaSuceso",
    "SolicitudDatos",
    "Suspension",
    "TareaQuieta",
    "Tipificacion",
    "Turno",
    "TurnoPeriodo",
    "VigilanciaCrm",
    "VistaDeProceso",
]
