"""The first steps of each audience, each on a page that its people have: the head of its guide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from webforms.base.guias import (
    ADMINISTRADOR,
    ANALISTA,
    ASESOR,
    CALIDAD,
    COORDINADOR,
    CUMPLIMIENTO,
    DOCUMENTAL,
    FUNCIONARIO,
)


@dataclass(frozen=True, slots=True)
class Paso:
    """`endpoint`: the page to which it leads; it takes no parts."""

    endpoint: str
    titulo: Any
    texto: Any


_AUSENCIAS = Paso(
    "bandeja.ausencias_lista",
    _l("Si va a faltar"),
    _l("Anote aquí los días y quién lo reemplaza: esos días la otra persona ve y hace sus tareas."),
)
_CUENTA = Paso(
    "cuenta.ver",
    _l("Su cuenta"),
    _l(
        "Su nombre, arriba, lleva aquí. El «?» de al lado dice para qué es cada página y lleva a su guía. Eso es todo."
    ),
)
RECORRIDOS: Final[Mapping[str, tuple[Paso, ...]]] = {
    ASESOR: (
        Paso(
            "asesor.consola",
            _l("Su módulo"),
            _l("Lo primero del día es elegir su módulo; los tableros lo dicen a las personas."),
        ),
        Paso(
            "asesor.consola",
            _l("Llamar"),
            _l(
                "«Llamar siguiente» toma el turno que sigue. Desde ahí cada actividad aparece cuando termina la anterior."
            ),
        ),
        Paso(
            "bandeja.bandeja",
            _l("Lo que queda"),
            _l("Lo que no terminó en el módulo lo espera en la bandeja, con su fecha."),
        ),
        Paso(
            "calidad.mi_calidad",
            _l("Cómo lo evalúan"),
            _l(
                "Sus evaluaciones F189 y sus calificaciones aparecen aquí; de cada evaluación se acusa recibo."
            ),
        ),
        _CUENTA,
    ),
    FUNCIONARIO: (
        Paso(
            "bandeja.bandeja",
            _l("Lo más urgente va arriba"),
            _l("Cada tarea dice cuándo vence y por qué. Empiece por la primera."),
        ),
        Paso(
            "bandeja.bandeja",
            _l("Tomar y hacer"),
            _l(
                "«Tomar» la hace suya y los demás lo ven. El formulario se guarda solo; el botón azul dice qué pasa después."
            ),
        ),
        Paso(
            "casos.buscar",
            _l("Encontrar un caso"),
            _l("Por su número, por la persona o por lo que trata. Mirar un caso queda anotado."),
        ),
        _AUSENCIAS,
        _CUENTA,
    ),
    COORDINADOR: (
        Paso(
            "bandeja.bandeja",
            _l("La bandeja de su gente"),
            _l("Ve las tareas de quienes coordina, y puede tomarlas o pasarlas."),
        ),
        Paso(
            "bandeja.tablero",
            _l("La carga"),
            _l("Cuánto tiene cada persona y qué vence. De aquí se envía un recordatorio."),
        ),
        Paso(
            "casos.buscar",
            _l("Los casos"),
            _l("De un caso se ve en qué va, quién lo tiene y qué plazo corre."),
        ),
        Paso(
            "bandeja.ausencias_lista",
            _l("Las ausencias"),
            _l("Anote quién falta y quién lo reemplaza; sin reemplazo las tareas esperan."),
        ),
        _CUENTA,
    ),
    DOCUMENTAL: (
        Paso(
            "radicacion.lista",
            _l("Lo que llega"),
            _l("Cada entrega espera aquí hasta que la recibe y le da su número."),
        ),
        Paso(
            "radicacion.lista",
            _l("Lo que sale"),
            _l("Las cartas que ningún correo lleva esperan aquí su envío y su prueba."),
        ),
        Paso(
            "papel.lista",
            _l("El papel"),
            _l("Si un punto trabajó sin sistema, lo escrito se digita aquí, número por número."),
        ),
        _AUSENCIAS,
        _CUENTA,
    ),
    CALIDAD: (
        Paso(
            "portada.inicio",
            _l("Lo que le espera"),
            _l("Su primera página: las tareas que tiene y de qué trata cada una."),
        ),
        Paso(
            "portada.inicio",
            _l("El mes"),
            _l("Las fechas del mes dicen qué toca, a quién y de dónde sale cada plazo."),
        ),
        Paso(
            "bandeja.bandeja",
            _l("La bandeja"),
            _l("Las mismas tareas como lista, para buscar y filtrar."),
        ),
        _AUSENCIAS,
        _CUENTA,
    ),
    CUMPLIMIENTO: (
        Paso(
            "cumplimiento.buscar",
            _l("Buscar casos"),
            _l("Por fecha, por persona o por lo que se salió de la regla."),
        ),
        Paso(
            "cumplimiento.buscar",
            _l("Revisar uno"),
            _l(
                "Abra un caso: la página dice primero si la evidencia está completa. Usted no cambia nada; puede dejar una observación."
            ),
        ),
        Paso(
            "cumplimiento.accesos",
            _l("Quién miró"),
            _l("Cada mirada a datos de una persona queda anotada, también las suyas."),
        ),
        Paso(
            "calidad.panel_de_controles",
            _l("Los controles"),
            _l("Si los seis controles se ejercieron, con las filas que lo prueban."),
        ),
        _CUENTA,
    ),
    ANALISTA: (
        Paso(
            "procesos.lista",
            _l("Lo que rige"),
            _l("Los diagramas y tablas en vigor. Ninguno cambia mientras usted dibuja."),
        ),
        Paso(
            "procesos.lista",
            _l("Su borrador"),
            _l("«Editar» abre un borrador suyo. Cada falla se dice en el panel, en palabras."),
        ),
        Paso(
            "procesos.procedimientos",
            _l("El procedimiento"),
            _l("Diagramas, tablas y textos juntos, y qué actividades cubren."),
        ),
        Paso(
            "programaciones.lista",
            _l("Lo que empieza solo"),
            _l("Los procesos que el calendario inicia, y cuándo."),
        ),
        _CUENTA,
    ),
    ADMINISTRADOR: (
        Paso(
            "estado.pagina", _l("Cómo está"), _l("Esta página dice si todo responde y qué le pide.")
        ),
        Paso(
            "personas.lista",
            _l("La gente"),
            _l("Cree cuentas y dé roles con su lugar. Cada cambio lleva un motivo."),
        ),
        Paso(
            "entidad.indice",
            _l("La entidad"),
            _l("Puntos, áreas, listas y normas. Nada se borra: termina con una fecha."),
        ),
        Paso(
            "incidentes.lista",
            _l("Lo que falló"),
            _l("Un caso que una falla detuvo espera aquí hasta que alguien decide cómo sigue."),
        ),
        _CUENTA,
    ),
}
