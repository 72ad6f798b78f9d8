"""What OpenTelemetry is told, read by a receiver of OTLP as any collector would: one trace for a
request and the work that it asked for."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

import app as door
from common import spans, trail
from tests.kit import diagrams as m, web as web_kit
from tests.kit.web import csrf, put

NAME = "Ana María Secreta"


class Receiver(ThreadingHTTPServer):
    """Keeps every span that arrives, by name."""

    def __init__(self) -> None:
        self.spans: dict[str, Any] = {}
        self.bytes = b""
        received = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.bytes += body
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        received.spans.update({span.name: span for span in scope.spans})
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Answer)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        spans.tell(f"http://127.0.0.1:{server.server_port}/")
        yield server
        spans.hush()
        server.shutdown()


def facts(span: Any) -> dict[str, object]:
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


def test_a_form_its_command_and_the_job_that_it_asks_for_are_one_trace(
    receiver: Receiver, tmp_path: Path, sqlite_url: str
) -> None:
    kit = web_kit.build(tmp_path, sqlite_url)
    nodes = m.start("ini") + m.user("uno", fields="texto") + m.end("fin")
    lane = m.lane("l1", "coordinador_gau", "", "ini", "uno", "fin")
    kit.deploy({"p.bpmn": m.model(m.process("P", nodes + m.flows("ini > uno > fin"), lanes=lane))})
    task, browser = kit.begin("P", {}), kit.browser("coordinador")
    before = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    sent = {"csrf_token": csrf(browser.get(f"/tarea/{task}").text), "texto": NAME}
    put(kit.app, proxies=1)
    assert (
        browser.post(f"/tarea/{task}", data=sent, headers={"traceparent": before}).status_code
        == 302
    )
    with spans.span("press", kind="SERVER"):
        trail.begin("peticion-0001")
        args = trail.packed({"clave": NAME})
    with trail.of_job("job mail", args):
        spans.failed()
    spans.flush()
    request, command, press, job = (
        receiver.spans[n]
        for n in ("POST tareas.completar", "command complete", "press", "job mail")
    )
    # what a proxy began goes on
    assert request.trace_id.hex() == command.trace_id.hex() == before[3:35]
    assert command.parent_span_id == request.span_id
    assert facts(request)["http.response.status_code"] == 302
    assert (job.trace_id, job.parent_span_id, job.status.code) == (
        press.trace_id,
        press.span_id,
        job.status.STATUS_CODE_ERROR,
    )
    assert facts(job)["ventanilla.request"] == "peticion-0001"
    assert args == {"clave": NAME}  # what a job is given holds neither
    assert NAME.encode() not in receiver.bytes
    kit.engine.db.dispose()


def test_what_a_browser_says_of_traces_is_not_taken(
    receiver: Receiver, tmp_path: Path, sqlite_url: str
) -> None:
    kit = web_kit.build(tmp_path, sqlite_url)
    # not sampled
    kit.browser().get(
        "/ingresar",
        headers={"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"},
    )
    spans.flush()
    [request] = [span for name, span in receiver.spans.items() if name.startswith("GET ")]
    assert (
        request.trace_id.hex() != "0af7651916cd43dd8448eb211c80319c",
        request.parent_span_id,
    ) == (True, b"")
    kit.engine.db.dispose()


def test_of_an_exception_that_passes_only_that_it_failed_is_told(receiver: Receiver) -> None:
    with pytest.raises(ValueError, match=NAME), spans.span("command"):
        raise ValueError(NAME)
    spans.flush()
    command = receiver.spans["command"]
    assert (command.status.code, command.status.message) == (command.status.STATUS_CODE_ERROR, "")
    assert NAME.encode() not in receiver.bytes


def test_nobody_is_told_where_nobody_listens(tmp_path: Path) -> None:
    with spans.span("nothing", kind="SERVER", ventanilla__request="x"):
        spans.note("other", http__route="y")
        spans.failed()
        assert trail.packed({"a": 1}).keys() <= {"a", trail.ARGUMENT}
    with pytest.raises(door.BadSetting, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        door.Config.from_environment(
            {"INSTANCE": str(tmp_path), "OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4317"}
        )
