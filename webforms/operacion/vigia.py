"""What machines ask: `/health` (this process lives), `/ready` (it can work), `/metrics`
(Prometheus). The last two only answer to addresses that are set, and to everybody else as any
address that does not exist."""

from collections.abc import Iterator
from typing import Any

from flask import abort, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from common.faults import is_outage
from common.metrics import REGISTRY
from common.version import VERSION
from records.sistemas import operacion
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.operacion import instalacion
from webforms.operacion.instalacion import Lectura
from webforms.operacion.vigias import conocido

rutas = Rutas()


@rutas.get("/health", para=PUBLICO)
def vive() -> ResponseReturnValue:
    """Asks nothing of anybody: who does not get this answer starts the process again."""
    return jsonify(status="alive", version=VERSION)


# and answers only to addresses that are set
@rutas.get("/ready", para=PUBLICO)
def listo() -> ResponseReturnValue:
    if not conocido():
        abort(404)
    s, now = servicios(), servicios().clock.now()
    try:
        puntos = [instalacion.migraciones()]
        if puntos[0].como == "bien":
            with s.uow.reading() as session:
                lectura = instalacion.leer(session, now)
            puntos += [instalacion.trabajador(lectura), instalacion.cola(lectura)]
    except (DBAPIError, PoolTimeout) as error:
        if not is_outage(error):
            raise
        return jsonify(ready=False, checks={"database": "falla"}), 503
    bien = all(p.como != "falla" for p in puntos)
    return jsonify(
        ready=bien, checks={"database": "bien", **{p.codigo: p.como for p in puntos}}
    ), 200 if bien else 503


@rutas.get("/metrics", para=PUBLICO)
def medidas() -> ResponseReturnValue:
    if not conocido():
        abort(404)
    return exposicion(), 200, {"Content-Type": CONTENT_TYPE_LATEST}


def exposicion() -> bytes:
    """What this process counted, and what the database says, which is the same from every
    process."""
    de_la_base = CollectorRegistry()
    de_la_base.register(_DeLaBase())
    return bytes(generate_latest(REGISTRY) + generate_latest(de_la_base))


class _DeLaBase:
    """Read when it is asked for."""

    def collect(self) -> Iterator[Metric]:
        s, now = servicios(), servicios().clock.now()
        arriba = GaugeMetricFamily("ventanilla_database_up", "1: the database answered this look")
        try:
            with s.uow.reading() as session:
                lectura = instalacion.leer(session, now)
        except (DBAPIError, PoolTimeout) as error:
            if not is_outage(error):
                raise
            arriba.add_metric([], 0)
            yield arriba
            return
        arriba.add_metric([], 1)
        yield arriba
        yield from _familias(lectura)


def _familias(leida: Lectura) -> Iterator[Metric]:
    cifras, now = leida.cifras, leida.now

    def edad(desde: Any) -> float:
        return max(0.0, (now - desde).total_seconds()) if desde is not None else 0.0

    trabajos = GaugeMetricFamily(
        "ventanilla_jobs", "Jobs that are not done, by queue and state", labels=("queue", "state")
    )
    for (cola, como), cuantos in sorted(cifras.jobs.items()):
        trabajos.add_metric([cola, como.lower()], cuantos)
    yield trabajos
    procesos = GaugeMetricFamily(
        "ventanilla_processes", "Processes that said they live, by kind", labels=("kind",)
    )
    for clase, dicha in ((operacion.WEB, "web"), (operacion.TRABAJADOR, "worker")):
        procesos.add_metric([dicha], len(leida.vivos(clase)))
    yield procesos
    sueltas = (
        (
            "ventanilla_queue_age_seconds",
            "Age of the oldest job that nobody has begun",
            edad(cifras.oldest_job),
        ),
        ("ventanilla_timers", "Timers that wait", cifras.timers),
        ("ventanilla_timers_late", "Timers whose time has come", cifras.late),
        (
            "ventanilla_timers_late_seconds",
            "How late the latest of them is",
            edad(cifras.oldest_timer),
        ),
        ("ventanilla_messages_waiting", "Messages on their way to another instance", cifras.outbox),
        ("ventanilla_incidents_open", "Incidents that nobody has resolved", cifras.incidents),
        (
            "ventanilla_backup_age_seconds",
            "Age of the last backup; -1: there is none",
            edad(leida.respaldo.cuando) if leida.respaldo else -1,
        ),
    )
    for nombre, que, cuanto in sueltas:
        yield GaugeMetricFamily(nombre, que, value=cuanto)
