"""What we lean on in DBOS, the job library; the pin stands in requirements.in. common.foreign says
what such a list is for.

Besides these names: its table of jobs (engine.jobs.durable reads it with SQL of our own), the
arguments of a job as `status.input["args"]`, and that an Engine of ours is used as it is given
(only its own would get the pragmas of SQLite).
"""

from typing import Final

from common.foreign import ForeignName

NAMES: Final = (
    ForeignName("dbos:DBOS", "class", "the library; one in a process"),
    ForeignName(
        "dbos:DBOS.__init__",
        "self config conductor_url= conductor_key=",
        "takes the configuration: system_database_engine, serializer, executor_id, application_version, use_listen_notify and the like",
    ),
    ForeignName(
        "dbos:DBOS._recover_pending_workflows",
        "cls executor_ids=",
        "starts the jobs of a dead worker here; no public call does it",
    ),
    ForeignName(
        "dbos:DBOS.migrate",
        "system_database_url schema= application_role= sharding=",
        "creates or upgrades the library's tables, before web and worker start",
    ),
    ForeignName("dbos:DBOS.launch", "cls", "only the worker does"),
    ForeignName(
        "dbos:DBOS.destroy",
        "cls destroy_registry= workflow_completion_timeout_sec=",
        "when the worker stops",
    ),
    ForeignName(
        "dbos:DBOS.register_queue",
        (
            "cls name worker_concurrency= global_concurrency= partition_concurrency= "
            "partition_worker_concurrency= partition_limiter= limiter= polling_interval_sec= "
            "on_conflict= concurrency="
        ),
        "polling interval and worker_concurrency of a queue",
    ),
    ForeignName(
        "dbos:DBOS.enqueue_workflow",
        "cls queue_name func *args **kwargs",
        "a failed try is enqueued again, with a delay",
    ),
    ForeignName(
        "dbos:DBOS.workflow",
        "cls name= max_recovery_attempts= serialization_type= validate_args= auto_upgrade=",
        "decorator; max_recovery_attempts says how many workers a job may take down",
    ),
    ForeignName(
        "dbos:DBOS.step",
        (
            "cls name= retries_allowed= interval_seconds= max_attempts= backoff_rate= should_retry= preemptible= timeout_seconds="
        ),
        "decorator",
    ),
    ForeignName("dbos:DBOS.workflow_id", "property", "which job runs just now"),
    ForeignName(
        "dbos:DBOS.get_workflow_status",
        "cls workflow_id shard_key=",
        '`input["args"]` are the arguments of a job',
    ),
    ForeignName(
        "dbos:DBOS.cancel_workflow",
        "cls workflow_id cancel_children= shard_key=",
        "a job that was given up",
    ),
    ForeignName(
        "dbos:DBOS.resume_workflow",
        "cls workflow_id queue_name= shard_key=",
        "a job that was dropped is put back",
    ),
    ForeignName("dbos:DBOSClient", "class", "enqueues from a process that does not launch"),
    ForeignName(
        "dbos:DBOSClient.__init__",
        (
            "self system_database_url= system_database_engine= dbos_system_schema= serializer= "
            "system_database_pool_size= system_database_polling_concurrency= use_listen_notify= "
            "application_name= lazy= retry_connection_errors= observability_query_timeout_sec= "
            "sys_db_idle_transaction_timeout_sec= sharding="
        ),
        "system_database_engine, application_name and serializer",
    ),
    ForeignName(
        "dbos:DBOSClient.enqueue_in_transaction",
        "self conn_or_session options *args **kwargs",
        "in the transaction of the command; on this the promise rests that a job stands or falls with it",
    ),
    ForeignName("dbos:DBOSPortableJSONSerializer", "class", "what client and worker write: JSON"),
    ForeignName(
        "dbos._serialization:DefaultSerializer",
        "class",
        "its `deserialize` is replaced: the library reads a row that calls itself a pickle with it, whichever serializer is configured",
    ),
    ForeignName("dbos:SetEnqueueOptions", "class", "priority, app_version, delay_seconds"),
    ForeignName(
        "dbos:SetEnqueueOptions.__init__",
        (
            "self deduplication_id= priority= app_version= queue_partition_key= delay_seconds= duplication_policy="
        ),
        "takes them",
    ),
    ForeignName(
        "dbos._schemas.system_database:SystemSchema.workflow_status",
        "class attribute",
        "the table that we read with SQL of our own: workflow_uuid, status, name, executor_id",
    ),
    ForeignName(
        "dbos._sys_db:WorkflowStatusString.PENDING",
        "'PENDING'",
        "status of a job that runs, as our SQL has it",
    ),
    ForeignName(
        "dbos._sys_db:WorkflowStatusString.MAX_RECOVERY_ATTEMPTS_EXCEEDED",
        "'MAX_RECOVERY_ATTEMPTS_EXCEEDED'",
        "status of a job that took its workers down",
    ),
)
