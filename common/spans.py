"""What OpenTelemetry is told, where OTEL_EXPORTER_OTLP_ENDPOINT is set: requests, commands, jobs
and questions to systems around, as one trace from the press of a button to the call that the worker
makes for it. Elsewhere nothing is made, and no library of it is imported.

Of a span holds what holds of a line of the log: ids, kinds and times; no name, no document, no
value.
"""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

#: Under this name a job's arguments carry the span that asks for it (W3C Trace Context).
CARRIED: Final = "traceparent"
FLUSH_MS: Final = 5_000


class _Told:
    """The library's tracer and what carries its context; None: nobody listens."""

    tracer: Any = None
    trace: Any = None
    carrier: Any = None


def tell(endpoint: str) -> None:
    """From now on, by OTLP over HTTP; its other settings (OTEL_SERVICE_NAME, …_HEADERS,
    OTEL_TRACES_SAMPLER) are OpenTelemetry's own.

    Raises ImportError where requirements-otel.txt is not installed.
    """
    sdk = importlib.import_module("opentelemetry.sdk.trace")
    batch = importlib.import_module("opentelemetry.sdk.trace.export").BatchSpanProcessor
    resource = importlib.import_module("opentelemetry.sdk.resources").Resource.create()
    otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    provider = sdk.TracerProvider(resource=resource)
    provider.add_span_processor(
        batch(otlp.OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces"))
    )
    _Told.trace = importlib.import_module("opentelemetry.trace")
    _Told.carrier = importlib.import_module(
        "opentelemetry.trace.propagation.tracecontext"
    ).TraceContextTextMapPropagator()
    _Told.tracer = provider.get_tracer("ventanilla")


def hush() -> None:
    """Nothing more is told; what was told is sent."""
    if _Told.tracer is not None:
        _Told.tracer.span_processor.shutdown()
    _Told.tracer = None


def flush() -> None:
    if _Told.tracer is not None:
        _Told.tracer.span_processor.force_flush(FLUSH_MS)


@contextmanager
def span(
    name: str,
    *,
    kind: str = "INTERNAL",
    carried: Mapping[str, str] | None = None,
    **facts: str | int,
) -> Iterator[None]:
    """`kind`: SERVER, CLIENT, CONSUMER, INTERNAL; `carried`: headers or arguments that may hold the
    span that this one goes on from."""
    if _Told.tracer is None:
        yield
        return
    context = _Told.carrier.extract(dict(carried)) if carried else None
    # the text of an exception may name people
    quiet = {"record_exception": False, "set_status_on_exception": False}
    with _Told.tracer.start_as_current_span(
        name, context=context, kind=_Told.trace.SpanKind[kind], attributes=_dotted(facts), **quiet
    ):
        try:
            yield
        except Exception:
            failed()
            raise


def note(name: str = "", **facts: str | int) -> None:
    """Of the span that is open, what is known only now: another name, more facts."""
    if _Told.tracer is None:
        return
    here = _Told.trace.get_current_span()
    here.set_attributes(_dotted(facts))
    if name:
        here.update_name(name)


def failed() -> None:
    """What the open span is about did not work; why stands in the log."""
    if _Told.tracer is not None:
        _Told.trace.get_current_span().set_status(_Told.trace.StatusCode.ERROR)


def packed() -> dict[str, str]:
    """For a job's arguments: the span that asks for it."""
    held: dict[str, str] = {}
    if _Told.tracer is not None:
        _Told.carrier.inject(held)
    return {CARRIED: held[CARRIED]} if CARRIED in held else {}


def _dotted(facts: Mapping[str, str | int]) -> dict[str, str | int]:
    """`http__route` → "http.route", as the conventions of OpenTelemetry name attributes."""
    return {name.replace("__", "."): value for name, value in facts.items()}
