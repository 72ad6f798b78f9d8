"""Settings of all that handlers talk to, as one typed value: each field stands beside the row that
it is read from."""

from dataclasses import dataclass
from pathlib import Path

from common.place import Place
from common.settings import of
from common.witness import Witness
from handlers.conectores import ajustes as conectados
from handlers.conectores.cctex.sentencias import Sentencias
from handlers.conectores.digiturno import SistemaDeTurnos
from handlers.conectores.foxpro.mapeo import Mapeo
from handlers.conectores.servicios import Servicio
from handlers.conectores.suitecrm import Instalacion
from handlers.conectores.tipos import Conector
from handlers.correo import ajustes as de_correo
from handlers.correo.smtp import ServidorSMTP
from handlers.documentos import ajustes as de_deposito
from handlers.documentos.carpeta import Carpeta
from handlers.enlaces import Enlaces
from handlers.evidencia import ajustes as evidencia
from records.sistemas.puertos import Antivirus, Correo, Deposito, PaginasWeb, SistemaQueAvisa


@dataclass(frozen=True, kw_only=True)
class Alrededor(Place):
    """The systems around this place, and how they are reached."""

    smtp: ServidorSMTP = of(de_correo.servidor, ServidorSMTP())
    mail_per_hour: int = of(de_correo.POR_CADA_HORA)
    cctex_url: str | None = of(conectados.CCTEX, None)
    cctex_queries: Sentencias = of(conectados.sentencias, Sentencias())
    foxpro: Mapeo | None = of(conectados.foxpro, None)
    cobol: Conector | None = of(conectados.cobol, None)
    crm: Instalacion | None = of(conectados.crm, None)  #: None: the CRM is ours alone
    turnos: tuple[SistemaDeTurnos, ...] = of(conectados.turnos, ())  #: of other vendors
    mensajes: tuple[SistemaQueAvisa, ...] = of(
        conectados.que_avisan, ()
    )  #: deliver messages of diagrams
    servicios: tuple[Servicio, ...] = of(
        conectados.llamados, ()
    )  #: HTTP, that steps of diagrams may call
    documentos: Deposito | None = of(de_deposito.deposito, None)  #: None: a folder of the instance
    antivirus: Antivirus | None = of(de_deposito.CLAMD, None)  #: None: there is none
    testigos: tuple[Witness, ...] = of(evidencia.testigos, ())  #: who keeps what was signed
    evidence_key: Path | None = of(evidencia.LLAVE, None)  #: keys that sign the log
    evidence_credential: Path | None = of(evidencia.credencial, None)  #: None: none handed over
    correo: Correo | None = None  #: None: SMTP
    paginas: PaginasWeb | None = None  #: None: the entity's site, over the network
    #: old systems are asked in parallel, which a load whose sessions are one cannot do
    at_once: bool = True

    @property
    def deposito(self) -> Deposito:
        return self.documentos or Carpeta(self.instance / "archivos")

    @property
    def enlaces(self) -> Enlaces:
        return Enlaces(
            self.base_url.rstrip("/"),
            self.secret_key.encode(),
            tuple(key.encode() for key in self.older_keys),
        )
