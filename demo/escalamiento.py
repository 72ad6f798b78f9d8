"""What happens to a case after the desk: the areas, the adviser's answer (5.2.16–5.2.18, M5-1-01
act. 13–15), filed documents."""

import datetime as dt
import random

from sqlalchemy import select

from demo import textos
from demo.guion import Guion
from demo.mundo import Historia, Mundo
from engine.types import Actor, Completed, Data, Value, WorkItem, Writing
from records.base.actos import acto_de
from records.casos import escalonamientos
from records.casos.archivos import registrar_archivo
from records.casos.tablas import Caso
from records.catalogos.catalogo import AREAS, TIPIFICACION
from records.escritos import escritos
from records.escritos.reglas import guias
from records.plazos.reglas.calendario import dia_local, instante, sumar_habiles

APERTURA_TAREAS = dt.time(8, 15)
JORNADA_MIN = 8 * 60  # 8:15 to 16:15: time to finish before the office closes
DESPUES_DEL_LIMITE = (0.4, 3.0)  # business days after the legal limit, of an overdue answer
ANALISIS = (1.6, 4.2)  # business days of an ordinary answer of an area
TOMA = (0.1, 1.3)  # until an officer takes the case
ENTREGA = (0.2, 1.4)  # until the adviser hands the answer over
COMPLEMENTO = (2.0, 6.0)
INCOMPLETAS = 1 / 6  # of the deliveries that are filed
DEVUELTAS = 0.15  # of the letters with a guide
DIAS_PRORROGA = 8
CURIOSOS = 0.05  # of the cases, somebody of another area tries to open
TOMADOS = 0.6  # of the cases that wait for an answer; the others have not even been taken


def laboral(desde: dt.datetime, dias: float, azar: random.Random) -> dt.datetime:
    """Some hour of an office day, so many business days later; never before `desde`."""
    entero = int(dias)
    dia = sumar_habiles(dia_local(desde), entero)
    hora = instante(dia, APERTURA_TAREAS) + dt.timedelta(minutes=azar.uniform(0, JORNADA_MIN))
    if hora > desde:
        return hora
    return instante(sumar_habiles(dia, 1), APERTURA_TAREAS) + dt.timedelta(
        minutes=azar.uniform(0, 120)
    )


def escrito(mundo: Mundo, guion: Guion, case_key: str, asesor: Actor) -> Historia:
    """M5-1-04: document management receives and files what the visit left; complete, digitised and
    typed the area has the case."""
    item = mundo.abierta(case_key, "act_1")
    if item is None:
        raise LookupError(f"act_1 is not open in {case_key}")
    entrega = _entrega(guion)
    mundo.completar(item, entrega, actor=mundo.gestion)
    mundo.entregar()
    if falta := str(entrega["falta"]):
        yield laboral(mundo.now, guion.azar.uniform(*COMPLEMENTO), guion.azar)
        _traer_lo_que_falta(mundo, case_key, falta)
        mundo.entregar()
    yield mundo.now + dt.timedelta(minutes=guion.azar.randint(5, 40))
    _digitalizar(mundo, case_key)
    mundo.entregar()
    yield from Escrito(mundo, guion, case_key, asesor).historia()


def _digitalizar(mundo: Mundo, case_key: str) -> None:
    """Act. 3 and 4: an image of each document, and the subject as it was said."""
    item = mundo.abierta(case_key, "act_3")
    if item is None:
        raise LookupError(f"act_3 is not open in {case_key}")
    turno_id, valores = int(str(item.data["turno_id"])), dict[str, Value]({"novedad": ""})
    for d in mundo.leer(lambda session: escritos.documentos(session, turno_id)):
        folios = d.folio_hasta - d.folio_desde + 1
        valores[f"digital_{d.n}"] = {**mundo.imagen(d.nombre), "paginas": folios}
    hecho = mundo.completar(item, valores, actor=mundo.gestion)
    tipificar = mundo.abierta(case_key, "act_4", hecho)
    if tipificar is None:
        raise LookupError(f"act_4 is not open in {case_key}")
    mundo.completar(
        tipificar,
        {"tema": item.data["tema"], "subclase": item.data.get("subclase", "")},
        actor=mundo.gestion,
    )


def _traer_lo_que_falta(mundo: Mundo, case_key: str, falta: str) -> None:
    """The person is back: document management receives it, and the clock of the case goes on (art.
    17)."""
    caso_id = mundo.leer(
        lambda session: session.scalars(select(Caso.id).where(Caso.case_key == case_key)).one()
    )

    def anotar(w: Writing) -> None:
        escritos.completar_escrito(
            w.session, case_key, [escritos.NuevoDocumento(falta, 1, "copia")], "", acto_de(w)
        )
        escalonamientos.anotar_complemento(
            w.session, caso_id, f"Entregó lo que faltaba: {falta}.", acto_de(w)
        )

    mundo.correlacionar(
        "ComplementoRecibido", str(caso_id), {}, actor=mundo.gestion, records=anotar
    )


def _entrega(guion: Guion) -> Data:
    """What is filed: up to three documents, one delivery in six with something missing."""
    azar = guion.azar
    tema = azar.choice([t.codigo for t in TIPIFICACION if t.clase == "solicitud"])
    valores: dict[str, Value] = {
        "tema": tema,
        "asunto": azar.choice(textos.ASUNTOS),
        "subclase": "",
    }
    for n, nombre in enumerate(azar.sample(textos.ENTREGADOS, azar.randint(1, 3)), start=1):
        valores |= {
            f"documento_{n}": nombre,
            f"folios_{n}": azar.randint(1, 12),
            f"soporte_{n}": azar.choice(("", "copia")),
        }
        valores[f"digital_{n}"] = None
    falta = azar.choice(textos.FALTANTES) if azar.random() < INCOMPLETAS else ""
    return {**valores, "completo": "no" if falta else "si", "falta": falta}


def escalamiento(mundo: Mundo, guion: Guion, case_key: str, asesor: Actor) -> Historia:
    """From the area's inbox to the closed case."""
    yield from Escalamiento(mundo, guion, case_key, asesor).historia()


def _analisis(resultado: str, area_destino: str = "", informacion: str = "") -> Data:
    """5.2.16 as its page sends it, and the end of 5.2.17: the reason and the confirmation belong to
    the change of area."""
    cambia = resultado == "otra_area"
    return {
        "resultado_analisis": resultado,
        "area_destino": area_destino,
        "motivo_area": "El trámite que pide la persona lo lleva esa área." if cambia else "",
        "confirma_area": "si" if cambia else "",
        "informacion_faltante": informacion,
    }


class Escalamiento:
    """One escalated case; whoever has it acts when it is his turn."""

    def __init__(self, mundo: Mundo, guion: Guion, case_key: str, asesor: Actor) -> None:
        self.m = mundo
        self.g = guion
        self.azar = guion.azar
        self.case_key = case_key
        self.asesor = asesor
        self.caso_id = int(str(self._abierta("act_5_2_16").data["caso_id"]))

    def historia(self) -> Historia:
        yield self._en(*TOMA)
        if self.azar.random() < CURIOSOS:
            self._curiosear()
        if self.g.sin_responder:
            if self.azar.random() < TOMADOS:
                self._recibir("competente")
            return
        yield from self._reasignaciones()
        if self.g.falta_informacion:
            yield from self._pedir_informacion()
        yield from self._analizar()
        yield from self._entregar()

    # --- 5.2.16 -----------------------------------------------------------------------------------
    def _reasignaciones(self) -> Historia:
        """Wrong area, twice at most; a third time the coordinator decides."""
        for _ in range(self.g.areas_erradas):
            item = self._abierta("act_5_2_16")
            otra = self.azar.choice(
                [a.codigo for a in AREAS if a.codigo not in (item.scope, "GAU")]
            )
            self._recibir("otra_area", area_destino=otra)
            yield self._en(*TOMA)
            decide = self.m.abierta(self.case_key, "us_decide_coord")
            if decide is not None:
                motivo = "El asunto es de esta área según la matriz de escalonamiento."
                self.m.completar(
                    decide,
                    {"area_destino": otra, "motivo_decision": motivo},
                    actor=self.m.coordinador,
                )
                yield self._en(*TOMA)

    def _recibir(
        self, resultado: str, *, area_destino: str = "", informacion: str = ""
    ) -> Completed:
        return self._completar("act_5_2_16", _analisis(resultado, area_destino, informacion))

    def _pedir_informacion(self) -> Historia:
        """The clock stands still until the citizen brings it (art. 17)."""
        self._recibir("falta_informacion", informacion=self.azar.choice(textos.FALTANTES))
        yield self._en(*COMPLEMENTO)
        complemento = self.azar.choice(textos.COMPLEMENTOS)

        def anotar(w: Writing) -> None:
            escalonamientos.anotar_complemento(w.session, self.caso_id, complemento, acto_de(w))

        self.m.correlacionar(
            "ComplementoRecibido", str(self.caso_id), {}, actor=self.asesor, records=anotar
        )
        yield self._en(*TOMA)

    def _curiosear(self) -> None:
        """Somebody of another area opens a case that is not his: refused, and recorded (control
        6-2)."""
        item = self._abierta("act_5_2_16")
        ajena = self.azar.choice([area for area in self.m.funcionarios if area != item.scope])
        self.m.intentar(
            item, _analisis("competente"), actor=self.azar.choice(self.m.funcionarios[ajena])
        )

    # --- 5.2.17, 5.2.18 ---------------------------------------------------------------------------
    def _analizar(self) -> Historia:
        self._recibir("competente")
        if self.g.prorroga:
            yield self._en(1.0, 2.5)
            self._prorrogar()
        yield self._cuando_investiga()
        fuentes = self.azar.choice((["cctex"], ["expediente"], ["cctex", "banco"], ["otra"]))
        self._completar(
            "act_5_2_17",
            {
                "hallazgos": self.azar.choice(textos.HALLAZGOS),
                "fuentes": list(fuentes),
                "otra_fuente": "Archivo central" if "otra" in fuentes else "",
                "accion_correctiva": self.azar.choice(textos.ACCIONES),
                "soporte": None,
                **_analisis("competente"),
            },
        )
        yield self.m.now + dt.timedelta(minutes=self.azar.randint(10, 90))
        self._documentar()

    def _documentar(self) -> None:
        favorable = self.azar.choices(("si", "parcial", "no"), weights=(60, 15, 25))[0]
        tecnica = self.azar.choice(textos.TECNICAS)
        self._completar(
            "act_5_2_18", {"respuesta_tecnica": tecnica, "favorable": favorable, "soporte": None}
        )

    def _cuando_investiga(self) -> dt.datetime:
        if not self.g.vencido:
            return self._en(*ANALISIS)
        limite = self.m.leer(lambda session: session.get_one(Caso, self.caso_id).limite_respuesta)
        return laboral(max(limite, self.m.now), self.azar.uniform(*DESPUES_DEL_LIMITE), self.azar)

    def _prorrogar(self) -> None:
        """Once, told before expiry, with its letter (art. 14 par.)."""
        motivo = self.azar.choice(textos.PRORROGAS)
        carta = self.m.adjuntar("prorroga.pdf", ("Se prorroga el término de respuesta.", motivo))

        def anotar(w: Writing) -> None:
            acto = acto_de(w)
            pedida = escalonamientos.NuevaProrroga(
                DIAS_PRORROGA, motivo, registrar_archivo(w.session, carta, acto)
            )
            escalonamientos.prorrogar(w.session, self.caso_id, pedida, acto)

        quien = self._abierta("act_5_2_17").claimed_by or ""
        datos: Data = {"actividad_interrumpida": "act_5_2_17", "funcionario_id": quien}
        self.m.correlacionar(
            "ProrrogaAprobada", str(self.caso_id), datos, actor=self.m.coordinador, records=anotar
        )

    # --- M5-1-01 act. 13 to 15 --------------------------------------------------------------------
    def _entregar(self) -> Historia:
        yield self._en(*ENTREGA)
        if self.g.incompleta:
            observacion = "Falta explicar desde cuándo se aplica la corrección."
            self._del_asesor(
                "act_13", {"revision_respuesta": "incompleta", "observacion": observacion}
            )
            yield self._en(0.3, 1.6)
            hallazgos: Data = {
                "hallazgos": textos.HALLAZGOS[0],
                "fuentes": ["expediente"],
                "accion_correctiva": "",
                "soporte": None,
            }
            self._completar("act_5_2_17", {**hallazgos, **_analisis("competente")})
            yield self.m.now + dt.timedelta(minutes=self.azar.randint(10, 60))
            self._documentar()
            yield self._en(*ENTREGA)
        self._del_asesor("act_13", {"revision_respuesta": "completa", "observacion": ""})
        yield self.m.now + dt.timedelta(minutes=self.azar.randint(4, 20))
        carta = textos.CARTAS.format(tecnica=self.azar.choice(textos.TECNICAS))
        self._del_asesor("act_14", {"texto_respuesta": carta})

    # --- steps ------------------------------------------------------------------------------------
    def _en(self, minimo: float, maximo: float) -> dt.datetime:
        return laboral(self.m.now, self.azar.uniform(minimo, maximo), self.azar)

    def _abierta(self, element: str) -> WorkItem:
        item = self.m.abierta(self.case_key, element)
        if item is None:
            raise LookupError(f"{element} is not open in {self.case_key}")
        return item

    def _completar(self, element: str, valores: Data) -> Completed:
        """The officer who has the case, or one of the area."""
        item = self._abierta(element)
        gente = self.m.funcionarios[str(item.scope)]
        quien = next(
            (p for p in gente if p.id == item.claimed_by), gente[self.caso_id % len(gente)]
        )
        return self.m.completar(item, valores, actor=quien)

    def _del_asesor(self, element: str, valores: Data) -> Completed:
        return self.m.completar(self._abierta(element), valores, actor=self.asesor)


class Escrito(Escalamiento):
    """What came in writing: the answer of the area is signed, sent as the person asked, and
    archived (M5-1-04 act. 5–7)."""

    def _entregar(self) -> Historia:
        yield self._en(*ENTREGA)
        if self.g.incompleta:
            self._del_firmante(
                {
                    "firma": "devuelta",
                    "carta": "",
                    "motivo": "Falta explicar desde cuándo se aplica la corrección.",
                }
            )
            yield self._en(0.3, 1.6)
            hallazgos: Data = {
                "hallazgos": textos.HALLAZGOS[0],
                "fuentes": ["expediente"],
                "accion_correctiva": "",
                "soporte": None,
            }
            self._completar("act_5_2_17", {**hallazgos, **_analisis("competente")})
            yield self.m.now + dt.timedelta(minutes=self.azar.randint(10, 60))
            self._documentar()
            yield self._en(*ENTREGA)
        carta = textos.CARTAS.format(tecnica=self.azar.choice(textos.TECNICAS))
        self._del_firmante({"firma": "firmada", "carta": carta, "motivo": ""})
        self.m.entregar()
        enviar = self.m.abierta(self.case_key, "act_6")
        if enviar is not None:
            yield self.m.now + dt.timedelta(minutes=self.azar.randint(20, 90))
            yield from self._por_correo_certificado(enviar)

    def _del_firmante(self, valores: Data) -> None:
        """Whoever leads the area, or the coordination where there is nobody else."""
        self.m.entregar()
        item = self.m.abierta(self.case_key, "act_5") or self._abierta("act_5_gau")
        quien = (
            self.m.funcionarios[str(item.scope)][-1]
            if item.element == "act_5"
            else self.m.coordinador
        )
        self.m.completar(item, valores, actor=quien)

    def _por_correo_certificado(self, item: WorkItem) -> Historia:
        serie = f"{self.caso_id:08d}"
        salida = dia_local(self.m.now)
        valores: Data = {
            "medio": "certificado", "operador": guias.OFICIAL, "guia": f"RA{serie}{guias.digito(serie)}CO",
            "direccion": textos.DIRECCION_DE_CARTA, "municipio": "Bogotá", "recibe": "", "fecha_envio": salida.isoformat(),
        }  # fmt: skip
        self.m.completar(item, valores, actor=self.m.gestion)
        yield self._en(1.5, 4.0)
        vuelve, hoy = self.azar.random() < DEVUELTAS, dia_local(self.m.now)
        resultado: Data = {
            "resultado_envio": "devuelto" if vuelve else "entregado",
            "fecha_resultado": hoy.isoformat(),
        }
        dicho: Data = {
            "recibe": "" if vuelve else "La persona",
            "causa": "no_reside" if vuelve else "",
        }
        self.m.completar(self._abierta("us_entrega"), {**resultado, **dicho}, actor=self.m.gestion)
        if vuelve:
            desde = sumar_habiles(hoy, 1)
            yield laboral(instante(sumar_habiles(desde, 5), APERTURA_TAREAS), 0, self.azar)
            hasta = sumar_habiles(desde, 4)
            aviso: Data = {
                "lugar": textos.LUGAR_DEL_AVISO,
                "aviso_desde": desde.isoformat(),
                "aviso_hasta": hasta.isoformat(),
            }
            self.m.completar(self._abierta("us_aviso"), aviso, actor=self.m.gestion)
