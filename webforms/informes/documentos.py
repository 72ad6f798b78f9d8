"""The monthly reports as documents: of the entity, of a point, of complaints. The same report gives
the same bytes, whoever asks."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _, ngettext
from sqlalchemy.orm import Session

from records.informes import meses, reportes
from records.informes.reglas.indicadores import INDICADORES, POCOS
from records.informes.tablas import InformeMensual, MesCerrado
from webforms.base import formatos
from webforms.base.personas import nombres_de
from webforms.documentos.pdf import HECHOS, Adjunto, Pedido
from webforms.documentos.planillas import BOM, en_decimal, linea
from webforms.informes.cifras import (
    Corte,
    Fila,
    en_palabras,
    filas,
)
from webforms.informes.datos import Celda, anexos, columnas, del_informe, del_punto
from webforms.informes.graficas import (
    Barra,
    Grafica,
    en_una_frase,
    graficas,
    graficas_de_un_punto,
    svg,
)
from webforms.informes.palabras_de_pdf import de_todos
from webforms.informes.quejas import Suma, sumadas
from webforms.informes.reporte import ESTADOS, Hoja, cambios

PROCEDIMIENTO: Final = "M5-1-02"
#: A class of cases with more themes than this has a chart of the first ones; the table has all.
EN_GRAFICA = 12


def informe_pdf(
    session: Session, mes: dt.date, informe: InformeMensual | None, version: MesCerrado
) -> Pedido:
    """To the contract supervisors, with an annex of each point; while it is not made, of the latest
    data, and it says so."""
    corte, nombre = Corte(version, "total", ""), formatos.mes(mes)
    de_la_entidad, de_puntos = filas(session, corte), anexos(session, version, informe)
    aprobaron = {h.ultima.revision.por for h in de_puntos if h.ultima and h.ultima.revision}
    personas = nombres_de(
        session,
        {h.ultima.reporte.autor for h in de_puntos if h.ultima}
        | aprobaron
        | ({informe.por} if informe else set()),
    )
    aprobados = sum(
        h.ultima is not None and h.ultima.revision is not None and h.ultima.revision.cumple
        for h in de_puntos
    )
    quien = personas.get(informe.por, informe.por) if informe is not None else ""
    sin_consolidar = _("Sin consolidar: estas cifras son del mes cerrado.")
    ficha = [
        *_de_los_datos(version),
        (_("Reportes de punto"), _aprobados(aprobados, len(de_puntos), aprobaron, personas), False),
        (
            _("Consolidó"),
            sin_consolidar if informe is None else f"{quien}, {formatos.momento(informe.hecho)}",
            False,
        ),
    ]
    if informe is not None:
        ficha.append((_("Huella del informe"), _en_grupos(informe.huella, 8), True))
    datos = {
        **_cabeza(_("Informe mensual a la Interventoría"), mes, version, _("actividad 5.2.26")),
        "subtitulo": f"{nombre.capitalize()} · " + ngettext("%(num)s punto de atención", "%(num)s puntos de atención", len(de_puntos)),
        "version": f"{PROCEDIMIENTO} · " + (_("versión %(v)s", v=informe.version) if informe is not None else _("sin consolidar")),
        "ficha": ficha,
        "frases": " ".join(en_palabras(_("La entidad"), de_la_entidad)),
        "aviso": "" if informe is not None else _("El informe está sin consolidar (5.2.26): no es el que recibe la Interventoría."),
        "filas": _tabla(de_la_entidad),
        "graficas": [_grafica(g, g.titulo) for g in graficas(session, version) if g.barras],
        "situaciones": [_situacion(h, personas) for h in de_puntos],
        "conclusiones": informe.conclusiones if informe is not None else "",
        "firma": [quien, _("Gerente Operativo")],
        "notas": _notas(),
        "anexos": [{"titulo": _("Anexo %(n)s. %(p)s", n=n, p=h.punto), **_del_punto(session, h)} for n, h in enumerate(de_puntos, 1)],
    }  # fmt: skip
    hecho = informe.hecho if informe is not None else version.cerrado
    return Pedido(
        HECHOS / "informe.typ",
        datos,
        hecho,
        _csv(version, del_informe(session, version, de_puntos)),
    )


def punto_pdf(session: Session, h: Hoja) -> Pedido:
    """The report of a point, in the version that `h` is of."""
    ultima = h.ultima
    ficha = _de_los_datos(h.corte.version)
    if ultima is not None:
        r = ultima.reporte
        ficha += [
            (
                _("Lo hizo"),
                f"{h.personas.get(r.autor, r.autor)}, {formatos.momento(r.hecho)}",
                False,
            ),
            (_("Huella del reporte"), _en_grupos(r.huella, 8), True),
        ]
    datos = {
        **_cabeza(
            _("Reporte mensual de %(p)s", p=h.punto), h.mes, h.corte.version, _("actividad 5.2.23")
        ),
        "version": f"{PROCEDIMIENTO} · "
        + (
            _("versión %(v)s", v=ultima.reporte.version) if ultima is not None else _("por generar")
        ),
        "ficha": ficha,
        "punto": {
            **_del_punto(session, h),
            "graficas": [_grafica(g, g.encabezado) for g in graficas_de_un_punto(session, h.corte)],
        },
        "notas": _notas(),
    }
    hecho = ultima.reporte.hecho if ultima is not None else h.corte.version.cerrado
    return Pedido(HECHOS / "punto.typ", datos, hecho, _csv(h.corte.version, del_punto(h)))


def quejas_pdf(session: Session, informe: InformeMensual) -> Pedido:
    """The «Informe mensual de quejas, reclamos o sugerencias» (section 7)."""
    de, q = meses.de_id(session, informe.mes_id), sumadas(session, informe)
    ficha = [
        *_de_los_datos(de),
        (_("Hecho"), formatos.momento(informe.hecho), False),
        (_("Huella del informe"), _en_grupos(informe.huella, 8), True),
    ]
    cuadros = [
        (_("Por clase"), _("Clase"), q.clases),
        *((_("%(c)s por tema", c=c), _("Tema"), f) for c, f in q.por_tema),
    ]
    cuadros.append((_("Quejas y reclamos por punto"), _("Punto"), q.por_punto))
    datos = {
        **_cabeza(_("Informe mensual de quejas, reclamos o sugerencias"), informe.mes, de, _("sección 7")),
        "version": f"{PROCEDIMIENTO} · " + _("versión %(v)s", v=informe.version),
        "ficha": ficha,
        "cuadros": [
            {"titulo": t, "que": que, "filas": [[n, *map(formatos.numero, ns)] for n, *ns in f], "grafica": _recibidos(t, f)}
            for t, que, f in cuadros
        ],
        "notas": [
            _("Casos recibidos en el mes, como estaban al cerrarlo. «En término»: respondidos dentro de su término legal."),
            _("Sugerencias y denuncias son quejas (sección 3 del procedimiento)."),
            _del_cierre(),
        ],
    }  # fmt: skip
    filas_csv = [[t, n, str(r), str(d), str(a)] for t, _que, f in cuadros for n, r, d, a in f]
    texto = _planilla(
        [_("Cuadro"), _("Qué"), _("Recibidos"), _("Respondidos"), _("En término")], filas_csv
    )
    adjunto = Adjunto("quejas.csv", texto, _("Los cuadros de este informe, como hoja de datos"))
    return Pedido(HECHOS / "quejas.typ", datos, informe.hecho, adjunto)


def _recibidos(titulo: str, suyas: Sequence[Suma]) -> dict[str, str] | None:
    """A bar each, where there are some to be compared."""
    primeras = suyas[:EN_GRAFICA]
    if len(primeras) <= 1:
        return None
    tope = max(r for _n, r, _d, _t in primeras) or 1
    barras = [Barra(n, formatos.numero(r), r / tope, None) for n, r, _d, _t in primeras]
    (primera, *_resto, ultima) = barras
    extremos = {"p": primera.punto, "v": primera.dicho, "u": ultima.punto, "w": ultima.dicho}
    alt = _(
        "%(t)s: recibidos, de %(p)s (%(v)s) a %(u)s (%(w)s). La tabla de al lado los tiene todos.",
        t=titulo,
        **extremos,
    )
    return {"titulo": titulo, "svg": svg(barras, None), "alt": alt}


# --- what they share ------------------------------------------------------------------------------
def _cabeza(nombre: str, mes: dt.date, version: MesCerrado, de_que: str) -> dict[str, Any]:
    titulo = f"{nombre}, {formatos.mes(mes)}"
    return {
        "titulo": titulo,
        "nombre": nombre,
        "encabezado": titulo,
        "subtitulo": formatos.mes(mes).capitalize(),
        "autor": "Ventanilla",
        "descripcion": _(
            "%(t)s. Datos del mes, versión %(v)s, sha256 %(h)s",
            t=titulo,
            v=version.version,
            h=version.huella,
        ),
        "de_que": _("Procedimiento M5-1-02, Atención personalizada, %(a)s", a=de_que),
        "pie_datos": _("Datos del mes, versión %(v)s", v=version.version),
        "pie_huella": _en_grupos(version.huella[:16], 4),
        **de_todos(),
    }


def _del_cierre() -> str:
    return str(
        _(
            "Todas las cifras salen de los datos del mes cerrado; ninguna se copia a mano. Lo que se registró después del cierre entra en "
            "el mes en que se registró. Una corrección es otra versión del mes, con su motivo."
        )
    )


def _notas() -> list[str]:
    return [
        _(
            "Una parte de menos de %(n)s no se dice como porcentaje, ni se juzga contra su meta: se dice como «3 de 7».",
            n=POCOS,
        ),
        _del_cierre(),
        _(
            "«Sin medir» son turnos con una hora escrita a mano o una espera o una atención abierta de un día para otro: sus tiempos no cuentan."
        ),
        _(
            "«Reservado»: calificaron tan pocas personas que la cifra diría quién dio cuál calificación."
        ),
        _(
            "Las metas son supuestos del sistema hasta que la entidad fije los acuerdos de nivel de servicio del contrato."
        ),
    ]


def _de_los_datos(version: MesCerrado) -> list[tuple[str, str, bool]]:
    """What the cover says of them; True: it is a hash."""
    return [
        (
            _("Datos"),
            _(
                "Mes cerrado, versión %(v)s, %(m)s",
                v=version.version,
                m=formatos.momento(version.cerrado),
            ),
            False,
        ),
        (_("Huella de los datos"), _en_grupos(version.huella, 8), True),
    ]


def _en_grupos(huella: str, de: int) -> str:
    return " ".join(huella[n : n + de] for n in range(0, len(huella), de))


def _aprobados(cuantos: int, de: int, usuarios: Iterable[str], personas: Mapping[str, str]) -> str:
    quienes = ", ".join(sorted(personas.get(u, u) for u in usuarios))
    if not quienes:
        return str(_("%(a)s de %(n)s aprobados", a=cuantos, n=de))
    return str(_("%(a)s de %(n)s aprobados por %(q)s", a=cuantos, n=de, q=quienes))


def _tabla(dichas: Sequence[Fila]) -> list[dict[str, str]]:
    """As the page says it: what is told of nobody there is told of nobody here."""
    return [
        {
            "id": f.indicador.id.partition(".")[0],
            "nombre": _(f.indicador.nombre),
            "formula": _(f.indicador.formula),
            "porque": f.porque,
            "valor": _("reservado") if f.oculta else f.valor,
            "meta": f.meta,
            "de_cuantos": "—" if f.oculta else f.de_cuantos,
            "sin_medir": _("%(n)s sin medir", n=formatos.numero(f.sin_medir))
            if f.sin_medir > 0
            else "",
            "antes": f.dicho_antes,
            "hace_un_anio": f.dicho_hace_un_anio,
            "resultado": _resultado(f),
        }
        for f in dichas
    ]


def _resultado(f: Fila) -> str:
    if f.cumple is not None:
        return "si" if f.cumple else "no"
    if f.oculta or f.meta == "—" or f.cifra.valor is None:
        return "—"
    return _("Muy pocos") if f.pocos else "—"


def _grafica(g: Grafica, titulo: str) -> dict[str, Any]:
    return {
        "titulo": titulo,
        "explica": g.explica,
        "que": g.que,
        "con-detalle": any(b.detalle for b in g.barras),
        "svg": svg(g.barras, g.linea),
        "alt": en_una_frase(g),
        "filas": [
            [
                b.punto,
                b.detalle or b.dicho,
                g.duda if b.cumple is None else "si" if b.cumple else "no",
            ]
            for b in g.barras
        ],
    }


def _situacion(h: Hoja, personas: Mapping[str, str]) -> list[str]:
    u = h.ultima
    if u is None:
        return [h.punto, str(ESTADOS[reportes.POR_GENERAR][0]), "—", "—", "—", "—"]
    estado = (
        reportes.POR_REVISAR
        if u.revision is None
        else reportes.APROBADO
        if u.revision.cumple
        else reportes.POR_AJUSTAR
    )
    aprobo = (
        personas.get(u.revision.por, u.revision.por)
        if u.revision is not None and u.revision.cumple
        else "—"
    )
    return [
        h.punto,
        str(ESTADOS[estado][0]),
        str(u.reporte.version),
        personas.get(u.reporte.autor, u.reporte.autor),
        aprobo,
        u.reporte.huella[:16],
    ]


def _del_punto(session: Session, h: Hoja) -> dict[str, Any]:
    u = h.ultima
    llamados = {f.indicador.id: _(f.indicador.nombre) for f in h.filas}

    def de(indicador: str) -> str:
        if indicador == "":
            return str(_("Todo el reporte"))
        return llamados.get(indicador) or (
            _(INDICADORES[indicador].nombre) if indicador in INDICADORES else indicador
        )

    observadas = [
        [
            _("%(i)s (versión %(v)s)", i=de(i), v=r.reporte.version),
            texto,
            siguiente.respuestas.get(i, "") if siguiente is not None else "",
        ]
        for siguiente, r in zip([None, *h.rondas], h.rondas, strict=False)
        for i, texto in r.observaciones.items()
    ]
    cambiado = (
        cambios(session, h.anterior, u, h.punto_id)
        if h.anterior is not None and u is not None
        else []
    )
    return {
        "nombre": h.punto,
        "situacion": _dicho_de(h),
        "frases": " ".join(h.frases),
        "filas": _tabla(h.filas),
        "comentarios": u.reporte.comentarios if u is not None else "",
        "de_cifras": [[de(i), texto] for i, texto in u.comentarios.items()]
        if u is not None
        else [],
        "observaciones": observadas,
        "cambios": [[c.que, c.antes, c.ahora] for c in cambiado],
        # an annex has the figures; the report of the point itself has them as charts, too
        "graficas": [],
    }


def _dicho_de(h: Hoja) -> str:
    u = h.ultima
    datos = _("datos del mes, versión %(v)s", v=h.corte.version.version)
    if u is None:
        return f"{_('Reporte por generar')} · {datos}"
    r, quien = u.reporte, h.personas.get(u.reporte.autor, u.reporte.autor)
    dicho = f"{_('Reporte versión %(v)s', v=r.version)} · {quien}, {formatos.momento(r.hecho)}"
    if h.tarde:
        dicho += f" · {_('Llegó tarde:')} {h.tarde}"
    if u.revision is not None:
        reviso = {
            "q": h.personas.get(u.revision.por, u.revision.por),
            "m": formatos.momento(u.revision.cuando),
        }
        dicho += " · " + (
            _("aprobado por %(q)s, %(m)s", **reviso)
            if u.revision.cumple
            else _("devuelto por %(q)s, %(m)s", **reviso)
        )
    return f"{dicho} · {datos} · {_('huella')} {_en_grupos(r.huella[:16], 4)}"


def _csv(version: MesCerrado, dichas: Iterable[Sequence[Celda]]) -> Adjunto:
    """In the notation of spreadsheets here."""
    lineas = [[c if isinstance(c, str) else en_decimal(c) for c in fila] for fila in dichas]
    return Adjunto(
        f"indicadores-{version.mes:%Y-%m}.csv",
        _planilla(columnas(), lineas),
        _("Los indicadores de este informe, como hoja de datos"),
    )


def _planilla(cabeza: Sequence[str], lineas: Iterable[Sequence[str]]) -> str:
    return BOM + linea(cabeza) + "".join(map(linea, lineas))
