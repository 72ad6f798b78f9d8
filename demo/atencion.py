"""The story of one visit, from the kiosk to the rating (M5-1-02 5.2.1 to 5.2.15, 5.2.19 to
5.2.22)."""

import datetime as dt
from collections.abc import Mapping

from demo import textos
from demo.escalamiento import escalamiento, escrito, laboral
from demo.guion import CON_DOCUMENTO, ESCRITA, EXTERIOR, PERSONALIZADA, Guion
from demo.mundo import Historia, Mundo, Paso, Pregunta
from demo.sitio_web import CREDITOS
from engine.types import Actor, Completed, Data, Value, WorkItem
from records.catalogos.catalogo import CIERRE
from records.personas.reglas.titularidad import COTEJADOS
from records.plazos.reglas.calendario import BOGOTA, dia_local, fecha_larga, instante
from records.sistemas.reglas.paginas import PAGINA_WEB
from records.visita.charlas import asistentes

#: Minutes of each activity for an attention of eight, in proportion.
PASOS = {
    "act_5_2_3": 1.0,
    "act_5_2_4": 1.0,
    "act_5_2_5": 1.5,
    "act_5_2_7": 1.5,
    "act_5_2_8": 1.5,
    "act_5_2_10": 2.0,
}
SUMA = 8.0
ESPERA_CHARLA = (10, 25)
DURACION_CHARLA = 15
VUELTA_CON_PODER = (40, 90)
VUELTA_MAXIMA = dt.timedelta(minutes=125)
SE_MUDO = 0.3  # share of people who have moved
AUTORIZA = 0.93  # share who agree to the treatment of their data
PREGUNTA = 0.5  # share of the people in a talk who ask something
A_CONSEJERIA = 0.6  # share sent to the counsellors
NOTA_BAJA = 2  # a rating that asks for its reason


class Visitante:
    """One person at one desk: what is the same in every step of the story."""

    def __init__(self, mundo: Mundo, guion: Guion) -> None:
        self.m = mundo
        self.g = guion
        self.azar = guion.azar
        self.punto = guion.visita.punto
        self.asesor = mundo.asesores[self.punto.codigo][guion.visita.puesto - 1]
        self.modulo = str(guion.visita.puesto)
        self.ritmo = (guion.visita.fin - guion.visita.llamado) / SUMA
        self.turno_id = 0
        self.case_key = ""

    def historia(self) -> Historia:
        """Arrival, waiting, and what comes of it."""
        yield from self._tomar_turno()
        if self.g.visita.desenlace == "sin_atender":
            return
        if self.g.visita.desenlace == "retirado":
            self.m.retirar(self.turno_id, actor=self.asesor)
            return
        if self.g.visita.desenlace == "ausente":
            yield from self._no_se_presenta()
            return
        hecho = yield from self._presentarse()
        yield from self._atender(hecho)

    # --- 5.2.1, 5.2.2 -----------------------------------------------------------------------------
    def _tomar_turno(self, espera: dt.timedelta | None = None, anterior: str = "") -> Historia:
        valores = self._turno()
        quien = self.m.quiosco(self.punto) or self.asesor
        self.turno_id, self.case_key = self.m.llegar(
            self.punto, valores, actor=quien, visita_anterior=anterior
        )
        yield self.m.now + espera if espera is not None else self.g.visita.llamado

    def _turno(self) -> Data:
        con_documento = self.azar.random() < CON_DOCUMENTO
        return {
            "motivo_visita": self.g.motivo_visita,
            "condicion": "preferente" if self.g.visita.preferente else "ninguna",
            "tipo_doc": self.g.persona.tipo_doc if con_documento else "",
            "num_doc": self.g.persona.num_doc if con_documento else "",
        }

    def _no_se_presenta(self) -> Historia:
        """Three calls, two minutes apart; some come back within half an hour and keep their
        arrival."""
        item: WorkItem | None = self.m.llamar(self.turno_id, actor=self.asesor, modulo=self.modulo)
        yield self.m.now + dt.timedelta(seconds=45)
        while item is not None:
            self.m.completar(
                item, {"modulo": self.modulo, "resultado_llamado": "ausente"}, actor=self.asesor
            )
            yield self.m.now + dt.timedelta(minutes=2, seconds=1)
            item = self.m.llamar_otra_vez(self.turno_id, actor=self.asesor, modulo=self.modulo)
        if self.g.visita.vuelve and self._alcanza():
            yield self.m.now + dt.timedelta(minutes=self.azar.randint(3, 12))
            yield from self._tomar_turno(
                dt.timedelta(minutes=self.azar.randint(2, 6)), str(self.turno_id)
            )
            hecho = yield from self._presentarse()
            yield from self._atender(hecho)

    def _alcanza(self) -> bool:
        """Is there time to come back before the point closes?"""
        return self.m.now + VUELTA_MAXIMA < instante(dia_local(self.m.now), CIERRE)

    def _presentarse(self) -> Paso:
        item = self.m.llamar(self.turno_id, actor=self.asesor, modulo=self.modulo)
        yield self.m.now + dt.timedelta(seconds=self.azar.randint(15, 50))
        return self.m.completar(
            item, {"modulo": self.modulo, "resultado_llamado": "atendido"}, actor=self.asesor
        )

    # --- 5.2.3 to 5.2.8 ---------------------------------------------------------------------------
    def _atender(self, hecho: Completed) -> Historia:
        escrita = self.g.ruta == ESCRITA
        motivo = (
            textos.PEDIDOS[self.g.tema]
            if self.g.ruta == PERSONALIZADA
            else self.azar.choice(textos.ASUNTOS)
        )
        hecho = yield from self._paso(
            hecho,
            "act_5_2_3",
            {
                "motivo": motivo,
                "motivo_visita": self.g.motivo_visita,
                "requiere_radicar": escrita,
                "resoluble": not escrita,
            },
        )
        if escrita:
            yield from self._radicar(hecho)
        elif self.g.ruta == PERSONALIZADA:
            yield from self._personalizada(hecho)
        else:
            yield from self._sala()

    def _radicar(self, hecho: Completed) -> Historia:
        """Who files documents is identified like the others; document management receives them
        while the person waits."""
        hecho = yield from self._paso(hecho, "act_5_2_4", self._cotejo())
        hecho = yield from self._datos_basicos(hecho)
        self.m.entregar()
        pronto = self.m.now + dt.timedelta(minutes=self.azar.randint(2, 12))
        self.m.contar(pronto, escrito(self.m, self.g, self.case_key, self.asesor))
        yield from self._calificar(hecho)

    def _personalizada(self, hecho: Completed) -> Historia:
        hecho = yield from self._paso(hecho, "act_5_2_4", self._cotejo())
        if self.g.titular is not None:
            vuelve = self.g.vuelve_hoy and self._alcanza()
            hecho = yield from self._poder(hecho, con_poder=self.g.con_poder, vuelve=vuelve)
            if not self.g.con_poder:
                if not vuelve:
                    return
                hecho = yield from self._volver_con_poder()
        hecho = yield from self._datos_basicos(hecho)
        hecho = yield from self._tipificar(hecho)
        yield from self._responder(hecho)

    def _cotejo(self) -> Data:
        """5.2.4 as the page sends it: the document in sight, the record of the CRM compared with
        it, the quality that it holds."""
        persona, calidad = self.g.persona, self._calidad()
        registro = self.m.registro_crm(persona) if calidad != "apoderado" else None
        return {
            "tipo_doc": persona.tipo_doc,
            "num_doc": persona.num_doc,
            "documento_exhibido": True,
            **{f"igual_{campo}": registro is not None for campo in COTEJADOS},
            "calidad": calidad,
            "nombre_nuevo": persona.nombre if self.g.potencial and registro is None else "",
            "camino": "verificar"
            if registro is not None
            else "potencial"
            if self.g.potencial
            else "poder",
            "visto": registro.huella if registro is not None else "",
        }

    def _calidad(self) -> str:
        if self.g.potencial:
            return "cliente_potencial"
        return "apoderado" if self.g.titular is not None else self.g.persona.calidad

    def _poder(self, hecho: Completed, *, con_poder: bool, vuelve: bool = False) -> Paso:
        titular = self.g.titular or self.g.persona
        hoy = self.m.now.date()
        fecha = hoy - dt.timedelta(days=self.azar.randint(3, 200))
        valores: dict[str, Value] = {
            "apoderado_nombre": self.g.persona.nombre if con_poder else "",
            "apoderado_tipo_doc": self.g.persona.tipo_doc if con_poder else "",
            "apoderado_num_doc": self.g.persona.num_doc if con_poder else "",
            "apoderado_exhibe": con_poder,
            "trae_poder": "si" if con_poder else "hoy" if vuelve else "otro_dia",
            "camino": "seguir",
            "poder_presentado": con_poder,
            "titular_tipo_doc": titular.tipo_doc if con_poder else "",
            "titular_num_doc": titular.num_doc if con_poder else "",
            "notaria": f"Notaría {self.azar.randint(1, 60)} de {self.punto.ciudad}"
            if con_poder
            else "",
            "numero_poder": str(self.azar.randint(100, 9_999)) if con_poder else "",
            "fecha_poder": fecha.isoformat() if con_poder else None,
            "facultades": ["saldos", "certificados"] if con_poder else [],
            "motivo_duda": "",
            "adjunto": None,
            "vuelve_hoy": vuelve and not con_poder,
            "volver_a_titularidad": False,
        }
        if con_poder:
            lineas = (
                f"Poder especial de {titular.nombre}",
                f"a {self.g.persona.nombre}",
                f"{valores['notaria']}, {fecha_larga(fecha)}",
            )
            valores["adjunto"] = dict(self.m.adjuntar("poder.pdf", lineas))
        return (yield from self._paso(hecho, "act_5_2_5", valores))

    def _volver_con_poder(self) -> Paso:
        """Back the same day: a new turn in the same visit (5.2.5 «Regresa a la actividad
        5.2.1»)."""
        yield self.m.now + dt.timedelta(minutes=self.azar.randint(*VUELTA_CON_PODER))
        item = self._dibujada("act_5_2_1")
        hecho = self.m.completar(
            item, self._turno(), actor=self.m.quiosco(self.punto) or self.asesor
        )
        self.turno_id = self.m.turno_de(hecho.instance_id)
        yield self.m.now + dt.timedelta(minutes=self.azar.randint(2, 12))
        hecho = yield from self._presentarse()
        motivo: Data = {
            "motivo": "Vuelve con el poder del titular",
            "motivo_visita": self.g.motivo_visita,
        }
        hecho = yield from self._paso(
            hecho, "act_5_2_3", {**motivo, "requiere_radicar": False, "resoluble": True}
        )
        hecho = yield from self._paso(hecho, "act_5_2_4", self._cotejo())
        return (yield from self._poder(hecho, con_poder=True))

    def _datos_basicos(self, hecho: Completed) -> Paso:
        de = self.g.titular or self.g.persona
        datos = dict(de.datos)
        if self.azar.random() < SE_MUDO:
            datos["direccion"] = (
                f"Carrera {self.azar.randint(1, 120)} # {self.azar.randint(1, 99)}-{self.azar.randint(1, 99)}"
            )
        correo = datos.get("correo", f"contacto{self.turno_id}@correo.example")
        return (
            yield from self._paso(
                hecho,
                "act_5_2_7",
                {
                    "nombre": de.nombre,
                    "direccion": datos["direccion"],
                    "municipio": datos.get("municipio", self.punto.dane),
                    "telefono_fijo": datos.get("telefono_fijo", ""),
                    "celular": datos.get("celular", f"399{self.azar.randrange(10**7):07d}"),
                    "correo": correo,
                    "medio_notificacion": datos.get("medio_notificacion", "correo"),
                    "autoriza_tratamiento": self.azar.random() < AUTORIZA,
                },
            )
        )

    def _tipificar(self, hecho: Completed) -> Paso:
        servicio_id = (
            0 if self.g.potencial else self.m.servicio_de(self.g.titular or self.g.persona)
        )
        valores: Data = {
            "clase": self.g.clase,
            "subclase": "",
            "tema": self.g.tema,
            "servicio_id": servicio_id,
            "descripcion": self.g.descripcion,
        }
        return (yield from self._paso(hecho, "act_5_2_8", valores))

    # --- 5.2.10 to 5.2.15 -------------------------------------------------------------------------
    def _responder(self, hecho: Completed) -> Historia:
        """The legacy query is a job; when it is done the answer waits."""
        yield self.m.now + PASOS["act_5_2_10"] * self.ritmo * self.azar.uniform(0.8, 1.1)
        item = self.m.abierta(self.case_key, "act_5_2_10", hecho)
        if item is None:
            dato: Data = {
                "decision_manual": "consultado",
                "sistema_consultado": "cctex",
                "quien_dio": "Mesa de Cartera",
                "referencia": f"Llamada {self.azar.randint(1000, 9999)}",
                "dato_consultado": "Consultado por teléfono con el área, corte de ayer.",
                "doy_fe": True,
            }
            hecho = self._completar(hecho, "us_consulta_manual", dato)
            yield self.m.now + dt.timedelta(minutes=2)
            item = self._la(hecho, "act_5_2_10")
        dispone = not self.g.escala
        respuesta = self.azar.choice(textos.RESPUESTAS) if dispone else ""
        fuente = self.azar.choice(textos.FUENTES) if dispone else ""
        pagina = CREDITOS if fuente == PAGINA_WEB else ""
        valores: Data = {
            "dispone": dispone,
            "fuente": fuente,
            "respuesta": respuesta,
            "pagina": pagina,
            "camino": "seguir",
            "reclasificar": False,
        }
        hecho = self.m.completar(item, valores, actor=self.asesor)
        if dispone:
            yield from self._calificar(hecho)
        else:
            yield from self._escalar(hecho)

    def _escalar(self, hecho: Completed) -> Historia:
        de = self.g.titular or self.g.persona
        correo = de.datos.get("correo", f"contacto{self.turno_id}@correo.example")
        medio = de.datos.get("medio_notificacion", "correo")
        resumen = f"{textos.PEDIDOS[self.g.tema]}. {self.azar.choice(textos.RESUMENES)}"
        if self.g.demora_en_escalar:
            yield laboral(self.m.now, self.azar.uniform(5.5, 7.5), self.azar)
        item = self._dibujada("act_5_2_14", hecho)
        yield self.m.now + 1.5 * self.ritmo
        valores: Data = {"medio_respuesta": medio, "correo_confirmado": correo, "resumen": resumen}
        valores = {**valores, "camino": "escalar", "volver_a_responder": False}
        hecho = self.m.completar(item, valores, actor=self.asesor)
        self.m.entregar()
        self.m.contar(self.m.now, escalamiento(self.m, self.g, self.case_key, self.asesor))
        yield from self._calificar(hecho)

    # --- 5.2.19 to 5.2.22 -------------------------------------------------------------------------
    def _sala(self) -> Historia:
        self.m.entregar()
        charla = self.m.abierta(self.case_key, "act_5_2_19")
        if charla is not None:
            inicio = self.m.now + dt.timedelta(minutes=self.azar.randint(*ESPERA_CHARLA))
            self.m.contar(inicio, self._charla(charla))
        item = None
        while item is None:
            yield self.m.now + dt.timedelta(minutes=5)
            item = self.m.abierta(self.case_key, "act_5_2_20")
            if item is None and self.m.abierta(self.case_key, "act_5_2_12") is not None:
                return
        tema = "estudios_exterior" if self.g.ruta == EXTERIOR else "servicio"
        if self.g.ruta == EXTERIOR or self.azar.random() < PREGUNTA:
            item = yield from self._inquietud(item, tema)
        ninguna: Data = {"tiene_inquietud": False, "tema_inquietud": "", "pregunta": ""}
        hecho = self.m.completar(item, ninguna, actor=self.asesor)
        yield from self._calificar(hecho)

    def _inquietud(self, item: WorkItem, tema: str) -> Pregunta:
        pregunta = self.azar.choice(textos.PREGUNTAS[tema])
        valores: Data = {"tiene_inquietud": True, "tema_inquietud": tema, "pregunta": pregunta}
        hecho = self.m.completar(item, valores, actor=self.asesor)
        yield self.m.now + dt.timedelta(minutes=self.azar.randint(2, 6))
        if tema == "servicio":
            hecho = self._completar(hecho, "act_5_2_21", self._informacion_web())
        else:
            hecho = self._completar(hecho, "act_5_2_22", self._estudios())
        return self._dibujada("act_5_2_20", hecho)

    def _informacion_web(self) -> Data:
        respuesta, url = self.azar.choice(textos.INFORMADO)
        return {
            "respuesta": respuesta,
            "url": url,
            "fecha_consulta": self.m.now.date().isoformat(),
        }

    def _estudios(self) -> Data:
        valores: dict[str, Value] = {
            "pais": self.azar.choice(textos.PAISES),
            "nivel": self.azar.choice(("pregrado", "posgrado", "posgrado", "idiomas")),
            "requisitos_explicados": True,
            "mecanismo": self.azar.choice(("credito", "beca", "cupo")),
        }
        if self.punto.ciudad == "Bogotá":
            valores["remitido_consejeria"] = self.azar.random() < A_CONSEJERIA
        return valores

    def _charla(self, item: WorkItem) -> Historia:
        """The talk of the room, once for everybody who waits."""
        inicio = self.m.now
        yield inicio + dt.timedelta(minutes=DURACION_CHARLA)
        charla_id = item.data["charla_id"]
        presentes = self.m.leer(
            lambda session: [
                a.turno_id for a in asistentes(session, int(str(charla_id))) if not a.retirado
            ]
        )
        local = (inicio.astimezone(BOGOTA), self.m.now.astimezone(BOGOTA))
        valores: Mapping[str, Value] = {
            "tema_charla": "Líneas de crédito y fechas de la convocatoria",
            "inicio": f"{local[0]:%H:%M}",
            "fin": f"{local[1]:%H:%M}",
            "asistentes": presentes,
            "medios": ["web", "linea", "punto"],
        }
        if presentes:
            self.m.completar(item, valores, actor=self.asesor)
            self.m.entregar()

    # --- 5.2.12, 5.2.13 ---------------------------------------------------------------------------
    def _calificar(self, hecho: Completed) -> Historia:
        pedir = self.m.abierta(self.case_key, "act_5_2_12", hecho)
        if pedir is None:
            return
        tableta = self.m.tableta(self.punto)
        yield self.m.now + dt.timedelta(seconds=20)
        hecho = self.m.completar(
            pedir, {"medio_calificacion": "tableta" if tableta else "verbal"}, actor=self.asesor
        )
        if self.g.calificacion is None:
            return  # the timer of three minutes writes «no califica»
        nota = self.g.calificacion
        yield self.m.now + dt.timedelta(seconds=self.azar.randint(20, 120))
        baja = nota <= NOTA_BAJA
        motivo = (
            self.azar.choice(("espera", "trato", "informacion", "solucion", "otro")) if baja else ""
        )
        valores: Data = {
            "calificacion": nota,
            "motivo_calificacion": motivo,
            "comentario": self.azar.choice(textos.COMENTARIOS[nota]),
        }
        self._completar(hecho, "act_5_2_13", valores, tableta or self.asesor)

    # --- steps ------------------------------------------------------------------------------------
    def _dibujada(self, element: str, hecho: Completed | None = None) -> WorkItem:
        """The open activity that the diagram promises here."""
        item = self.m.abierta(self.case_key, element, hecho)
        if item is None:
            raise LookupError(f"{self.case_key}: {element}")
        return item

    def _paso(self, hecho: Completed, element: str, valores: Data) -> Paso:
        """The adviser takes some time, then completes the activity."""
        yield self.m.now + PASOS[element] * self.ritmo * self.azar.uniform(0.8, 1.1)
        return self._completar(hecho, element, valores)

    def _completar(
        self, hecho: Completed, element: str, valores: Data, actor: Actor | None = None
    ) -> Completed:
        return self.m.completar(self._la(hecho, element), valores, actor=actor or self.asesor)

    def _la(self, hecho: Completed, element: str) -> WorkItem:
        item = self.m.abierta(self.case_key, element, hecho)
        if item is None:
            raise LookupError(f"{element} is not open in {self.case_key}")
        return item
