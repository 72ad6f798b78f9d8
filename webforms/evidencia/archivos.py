"""The files of compliance: the cases of a search, and what tables decided in them. In words; codes
stand in columns of their own."""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import islice

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import Entry
from records.base.reglas.documentos import enmascarar_documento, normalizar_numero
from records.casos import registro
from records.casos.registro import ABIERTO, ESTADOS, Dato, Ficha
from records.casos.reglas.veredictos import NOMBRES, Momento, veredicto
from records.contingencia import papel
from records.plazos.reglas.calendario import ZONA
from webforms.base import formatos, palabras
from webforms.base.palabras import de_catalogo
from webforms.base.personas import nombre_de
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios
from webforms.casos import tiempos as de_tiempos
from webforms.casos.decisiones import Decidida, decididas_en
from webforms.documentos.planillas import BOM, linea
from webforms.evidencia import busqueda
from webforms.evidencia.busqueda import Fila, Pedido
from webforms.tareas.elementos import titulo_de_elemento

#: In days of the reader; the same moments for machines stand in columns of their own, and so do
#: codes. `caso`: what people call it.
DE_CASOS = ("radicado", "recepcion", "punto", "area", "clase", "tema", "estado", "termino", "vencido", "limite_respuesta", "enviado",
            "documento", "asesor", "caso", "proceso", "version", "expediente", "recepcion_iso", "limite_respuesta_iso", "enviado_iso",
            "punto_codigo", "area_codigo", "tema_codigo", "estado_codigo", "asesor_usuario", "proceso_codigo", "en_papel",
            "datos")  # fmt: skip
DE_DECISIONES = ("caso", "cuando", "actividad", "tabla", "version", "reglas", "segun", "con", "resulto", "dicho", "expediente",
                 "registro", "archivo", "huella", "cuando_iso")  # fmt: skip
DE_UNA_VEZ = 100  #: cases whose history is read at once


def casos(session: Session, pedido: Pedido, now: dt.datetime) -> Iterator[str]:
    nombres: dict[str, str] = {}

    def quien(usuario: str) -> str:
        if usuario not in nombres:
            nombres[usuario] = nombre_de(session, usuario)
        return nombres[usuario]

    yield BOM + linea(DE_CASOS)
    filas = iter(busqueda.exportar(session, pedido, now=now))
    while tanda := list(islice(filas, DE_UNA_VEZ)):
        papeles = papel.de_casos(session, {f.clave for f in tanda if f.clave})
        for fila in tanda:
            en_papel = ", ".join(n.nombre for n in papeles.get(fila.clave or "", ()))
            yield linea(
                (
                    *_caso(fila, now, quien),
                    en_papel,
                    "; ".join(f"{rotulo(d.rotulo)}: {_dicho(fila, d)}" for d in fila.datos),
                )
            )


def _dicho(f: Fila, dato: Dato) -> str:
    """A document stays covered, whatever field it was written in."""
    de_la_persona = f.ficha is not None and normalizar_numero(dato.valor) == f.ficha.documento
    return enmascarar_documento("", dato.valor).strip() if de_la_persona else dato.valor


def _de_otro(f: Fila, registrado: Ficha, now: dt.datetime) -> tuple[str, ...]:
    """A case of another procedure in the same columns."""
    i, limite = f.instancia, registrado.vence
    vencido = registrado.estado == ABIERTO and limite is not None and limite < now
    momentos = (registrado.abierto, limite, registrado.cerrado)
    dias = [formatos.dia_local(m).strftime("%d/%m/%Y") if m else "" for m in momentos]
    isos = [m.astimezone(ZONA).isoformat(timespec="seconds") if m else "" for m in momentos]
    documento = (
        enmascarar_documento(registrado.tipo_doc, registrado.documento).strip()
        if registrado.documento
        else ""
    )
    proceso = (rotulo(i.process_name), str(i.version)) if i else ("", "")
    estado, dado = _(ESTADOS[registrado.estado]), registro.veredicto(registrado, now)
    termino = _(NOMBRES[dado.cual]) if dado is not None else ""
    return (registrado.numero, dias[0], registrado.en_lugar, "", registrado.clase.capitalize(), registrado.asunto, estado, termino,
            _("sí") if vencido else _("no"), dias[1], dias[2], documento, "", f.nombre, *proceso, f.clave or "", *isos, registrado.lugar,
            "", "", registrado.estado, "", i.process if i else registrado.procedimiento)  # fmt: skip


def _caso(f: Fila, now: dt.datetime, quien: Callable[[str], str]) -> tuple[str, ...]:
    if f.caso is None and f.ficha is not None:
        return _de_otro(f, f.ficha, now)
    c, i = f.caso, f.instancia
    momentos = (f.cuando, c.limite_respuesta if c else None, c.enviado if c else None)
    dias = [formatos.dia_local(m).strftime("%d/%m/%Y") if m else "" for m in momentos]
    isos = [m.astimezone(ZONA).isoformat(timespec="seconds") if m else "" for m in momentos]
    proceso = (rotulo(i.process_name), str(i.version)) if i else ("", "")
    comunes = (f.nombre, *proceso, f.clave or "", *isos, f.punto_id or "")
    if c is None:
        return (
            "",
            dias[0],
            palabras.punto(f.punto_id),
            *("",) * 10,
            *comunes,
            "",
            "",
            "",
            "",
            i.process if i else "",
        )
    dado = (
        veredicto(c.limite_respuesta, c.enviado, Momento(c.estado, c.cerrado, now, c.detenido))
        if c.limite_respuesta
        else None
    )
    documento = enmascarar_documento(c.tipo_doc, c.num_doc) if c.num_doc else ""
    return (c.radicado or "", dias[0], palabras.punto(f.punto_id), palabras.area(c.area_id), c.clase.capitalize(), de_catalogo(c.subtema),
            palabras.estado_caso(c.estado), _(NOMBRES[dado.cual]) if dado else "", _("sí") if c.vencido else _("no"), dias[1], dias[2],
            documento, quien(c.asesor_id), *comunes, c.area_id or "", c.tema, c.estado, c.asesor_id, i.process if i else "")  # fmt: skip


def tiempos(session: Session, pedido: Pedido, now: dt.datetime) -> Iterator[str]:
    yield BOM + linea(de_tiempos.COLUMNAS)
    claves = (f.clave for f in busqueda.exportar(session, pedido, now=now) if f.clave)
    while tanda := list(islice(claves, DE_UNA_VEZ)):
        yield from de_tiempos.en_lineas(session, tanda, now)


def decisiones(session: Session, pedido: Pedido, now: dt.datetime) -> Iterator[str]:
    yield BOM + linea(DE_DECISIONES)
    con_clave = (f for f in busqueda.exportar(session, pedido, now=now) if f.clave)
    while tanda := list(islice(con_clave, DE_UNA_VEZ)):
        nombres = {
            f.clave: f.nombre or (rotulo(f.instancia.process_name) if f.instancia else "")
            for f in tanda
        }
        entradas = reads.history.decisions(
            session, servicios().engine.catalog, [f.clave for f in tanda if f.clave]
        )
        dichas = decididas_en(session, (x for _clave, x in entradas), cubierto=True)
        for clave, x in entradas:
            for d in dichas[x.instance_id, x.rev]:
                yield linea(_decision(nombres[clave], clave, x, d))


def _decision(caso: str, clave: str, x: Entry, d: Decidida) -> tuple[str, ...]:
    cuando = x.at.astimezone(ZONA)
    return (
        caso,
        cuando.strftime("%d/%m/%Y %H:%M"),
        titulo_de_elemento(x.element or "", x.name),
        d.tabla,
        str(d.version or ""),
        ", ".join(map(str, d.reglas)),
        d.porque,
        *(
            "; ".join(f"{nombre}: {texto}" for nombre, texto in pares)
            for pares in (d.con, d.resulto)
        ),
        d.frase,
        clave,
        str(x.rev),
        d.archivo,
        d.huella,
        cuando.isoformat(timespec="seconds"),
    )
