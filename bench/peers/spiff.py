"""Raw SpiffWorkflow: its stock workflow, the whole state by its stock serializer into one row at
each step.

python -m bench.peers.spiff POSTGRES-URI ROUNDS MODEL-11 MODEL-200 MODEL-10 MODEL-20: prints one
JSON object.
"""

import json
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

FORM = {"ok": True, "texto": "Se revisó la solicitud y está completa."}


class Peer:
    def __init__(self, uri: str) -> None:
        self._connection = psycopg.connect(uri)
        self._connection.execute("CREATE TABLE spiff (id bigserial PRIMARY KEY, state text)")
        self._connection.commit()
        self._serializer = BpmnWorkflowSerializer(registry=BpmnWorkflowSerializer.configure())

    def instance(self, file: str, steps: int) -> list[float]:
        """ms of each step of one instance: complete the task, run on, save."""
        parser = BpmnParser()
        parser.add_bpmn_file(file)
        name = f"Lineal{steps}"
        workflow = BpmnWorkflow(parser.get_spec(name), parser.get_subprocess_specs(name))
        workflow.do_engine_steps()
        row = self._connection.execute(
            "INSERT INTO spiff (state) VALUES (%s) RETURNING id",
            (self._serializer.serialize_json(workflow),),
        )
        (key,) = row.fetchone() or (0,)
        self._connection.commit()
        return [self._step(workflow, key) for _ in range(steps)]

    def _step(self, workflow: Any, key: int) -> float:
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        begin = time.perf_counter()
        task.data.update(FORM)
        task.run()
        workflow.do_engine_steps()
        self._connection.execute(
            "UPDATE spiff SET state = %s WHERE id = %s",
            (self._serializer.serialize_json(workflow), key),
        )
        self._connection.commit()
        return (time.perf_counter() - begin) * 1_000

    def bytes_each(self, file: str, steps: int, instances: int) -> int:
        for _ in range(instances):
            self.instance(file, steps)
        self._connection.commit()
        self._connection.autocommit = True
        self._connection.execute("VACUUM FULL spiff")
        (total,) = self._connection.execute(
            "SELECT pg_total_relation_size('spiff')"
        ).fetchone() or (0,)
        (rows,) = self._connection.execute("SELECT count(*) FROM spiff").fetchone() or (1,)
        self._connection.execute("TRUNCATE spiff")
        self._connection.autocommit = False
        return int(total // rows)


def main() -> None:
    uri, rounds, eleven, two_hundred, ten, twenty = sys.argv[1:7]
    peer = Peer(uri)
    short = [ms for _ in range(max(1, int(rounds) // 10)) for ms in peer.instance(eleven, 11)[:-1]]
    long = peer.instance(two_hundred, 200)[-51:-1]
    peer.bytes_each(ten, 10, 1)
    result = {
        "version": version("SpiffWorkflow"),
        "step_11": statistics.median(short),
        "step_200": statistics.median(long),
        "bytes_10": peer.bytes_each(ten, 10, 30),
        "bytes_20": peer.bytes_each(twenty, 20, 30),
    }
    Path("/dev/stdout").write_text(json.dumps(result) + "\n", "utf-8")


if __name__ == "__main__":
    main()
