"""What we lean on in SpiffWorkflow; the pin stands in requirements.in. common.foreign says what
such a list is for.

Besides these names: WorkflowSpec names its first and last task Start and End (nodes.free_names),
the split before an activity with boundary events is called "<id>.BoundaryEventSplit", the activity
inside a loop "<id> [child]"; stored states hold these names.
"""

from typing import Final

from common.foreign import ForeignName

NAMES: Final = (
    ForeignName(
        "SpiffWorkflow.task:Task",
        "class",
        "Token is one: the specs of the library take it for theirs",
    ),
    ForeignName(
        "SpiffWorkflow.task:Task.__init__",
        "self workflow task_spec parent= state= id=",
        "overridden: puts itself into workflow.tasks, and itself among its parent's children; the clock that it looks at is overwritten",
    ),
    ForeignName(
        "SpiffWorkflow.task:Task._parent",
        "attribute",
        "the parent's number; Token.restore, Token.add_to set it, since the setter of `parent` takes a task",
    ),
    ForeignName(
        "SpiffWorkflow.task:Task._children",
        "attribute",
        "numbers of the children, in the order in which they came; Token.child_ids gives the list itself",
    ),
    ForeignName(
        "SpiffWorkflow.task:Task._state",
        "attribute",
        "Token.become sets it: the setter of `state` refuses to go back, which a retry does",
    ),
    ForeignName("SpiffWorkflow.task:Task.state", "property", "read everywhere; gives _state"),
    ForeignName(
        "SpiffWorkflow.task:Task.parent", "property", "the task of _parent in workflow.tasks"
    ),
    ForeignName(
        "SpiffWorkflow.task:Task.children", "property", "the tasks of _children in workflow.tasks"
    ),
    ForeignName(
        "SpiffWorkflow.task:Task.data",
        "attribute",
        "the variables of a token; each has its own dictionary",
    ),
    ForeignName(
        "SpiffWorkflow.task:Task.last_state_change",
        "attribute",
        "a time there, a count of changes here: Token keeps its own order",
    ),
    ForeignName(
        "SpiffWorkflow.task:Task.triggered",
        "attribute",
        "true of an item, of a round and of a handler that undoes: not one of the outgoing flows",
    ),
    ForeignName(
        "SpiffWorkflow.task:Task.thread_id",
        "attribute",
        "Token.restore sets it, as the constructor does",
    ),
    ForeignName("SpiffWorkflow.task:Task.id", "attribute", "a number here"),
    ForeignName(
        "SpiffWorkflow.task:Task.task_spec",
        "attribute",
        "the element at which it stands; moving to another release exchanges it",
    ),
    ForeignName("SpiffWorkflow.task:Task.workflow", "attribute", "the scope in which it runs"),
    ForeignName("SpiffWorkflow.task:Task.run", "self", "overridden: nothing is predicted"),
    ForeignName("SpiffWorkflow.task:Task.complete", "self", "overridden: see Token"),
    ForeignName(
        "SpiffWorkflow.task:Task.cancel", "self", "overridden: it reaches what runs inside"
    ),
    ForeignName(
        "SpiffWorkflow.util.task:TaskState",
        "class",
        "the numbers are stored with every token: they must never change",
    ),
    ForeignName("SpiffWorkflow.util.task:TaskState.FUTURE", "4", "stored"),
    ForeignName("SpiffWorkflow.util.task:TaskState.WAITING", "8", "stored"),
    ForeignName("SpiffWorkflow.util.task:TaskState.READY", "16", "stored"),
    ForeignName("SpiffWorkflow.util.task:TaskState.STARTED", "32", "stored"),
    ForeignName("SpiffWorkflow.util.task:TaskState.COMPLETED", "64", "stored"),
    ForeignName("SpiffWorkflow.util.task:TaskState.CANCELLED", "256", "stored"),
    ForeignName(
        "SpiffWorkflow.util.task:TaskState.FINISHED_MASK", "448", "COMPLETED, ERROR or CANCELLED"
    ),
    ForeignName("SpiffWorkflow.bpmn:BpmnWorkflow", "class", "Workflow is one"),
    ForeignName(
        "SpiffWorkflow.bpmn.workflow:BpmnWorkflow.__init__",
        "self spec subprocess_specs= script_engine= **kwargs",
        "overridden; `deserializing` keeps it from making a first task, `subprocess_specs` is kept as given",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.workflow:BpmnWorkflow.subprocess_specs",
        "attribute",
        "specs of what runs inside, by name; moving to another release exchanges them",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.workflow:BpmnWorkflow.subprocesses",
        "attribute",
        "running scopes by the number of the token that they run in",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.workflow:BpmnWorkflow.create_subprocess",
        "self my_task spec_name",
        "overridden: ours makes a Sub",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.workflow:BpmnWorkflow.script_engine",
        "property",
        "the engine that was given",
    ),
    ForeignName("SpiffWorkflow.bpmn.workflow:BpmnWorkflow.top_workflow", "property", "itself"),
    ForeignName(
        "SpiffWorkflow.bpmn.workflow:BpmnWorkflow.parent_task_id",
        "property",
        "None: how the outermost scope is told",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.workflow:BpmnWorkflow.get_task_from_id",
        "self task_id",
        "looks into the scopes that run, too",
    ),
    ForeignName(
        "SpiffWorkflow.workflow:Workflow.tasks",
        "attribute",
        "number -> token, in the order in which they were made: that order is stored",
    ),
    ForeignName(
        "SpiffWorkflow.workflow:Workflow.completed", "attribute", "set by us when a scope is over"
    ),
    ForeignName(
        "SpiffWorkflow.workflow:Workflow.spec",
        "attribute",
        "what a scope executes; moving to another release exchanges it",
    ),
    ForeignName("SpiffWorkflow.bpmn.util.subworkflow:BpmnSubWorkflow", "class", "Sub is one"),
    ForeignName(
        "SpiffWorkflow.bpmn.util.subworkflow:BpmnSubWorkflow.__init__",
        "self spec parent_task_id top_workflow **kwargs",
        "takes the number of the token that it runs in; passes `deserializing` on",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.util.subworkflow:BpmnSubWorkflow.parent_task_id",
        "attribute",
        "that number",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.util.subworkflow:BpmnSubWorkflow.top_workflow",
        "attribute",
        "the instance",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.util.subworkflow:BpmnSubWorkflow.depth",
        "attribute",
        "how many scopes are around it, found when it is made",
    ),
    ForeignName(
        "SpiffWorkflow.specs.base:TaskSpec", "class", "the bare `connect` of an event gateway"
    ),
    ForeignName(
        "SpiffWorkflow.specs.base:TaskSpec.connect",
        "self taskspec",
        "appends to `_outputs` here and to `_inputs` there",
    ),
    ForeignName(
        "SpiffWorkflow.specs.base:TaskSpec._inputs",
        "attribute",
        "names of the elements of the incoming flows, one for each flow",
    ),
    ForeignName(
        "SpiffWorkflow.specs.base:TaskSpec._wf_spec",
        "attribute",
        "the spec to which an element belongs",
    ),
    ForeignName(
        "SpiffWorkflow.specs.base:TaskSpec.inputs",
        "property",
        "the same as elements; nodes.free_names sets it",
    ),
    ForeignName(
        "SpiffWorkflow.specs.base:TaskSpec.outputs",
        "property",
        "elements of the outgoing flows, in the order of the parser; nodes.free_names sets it",
    ),
    ForeignName(
        "SpiffWorkflow.specs.base:TaskSpec.name",
        "attribute",
        "unique in a spec and stored with every token",
    ),
    ForeignName(
        "SpiffWorkflow.specs.base:TaskSpec.manual", "attribute", "set for what waits for a person"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.bpmn_task_spec:BpmnTaskSpec.__init__",
        (
            "self wf_spec name lane= documentation= data_input_associations= data_output_associations= io_specification= **kwargs"
        ),
        "overridden: `wf_spec`, `name` and the attributes of the parser pass through ours",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.bpmn_task_spec:BpmnTaskSpec.lane",
        "attribute",
        "copied onto the split before an activity",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin:BpmnSpecMixin", "class", "Node is one"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.bpmn_task_spec:BpmnTaskSpec.bpmn_id",
        "attribute",
        "the element that was drawn; the parser gives it to what stands for one",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin:BpmnSpecMixin.__init__",
        "self wf_spec bpmn_id **kwargs",
        "overridden where an element has more than the library gives it",
    ),
    ForeignName(
        "SpiffWorkflow.specs.WorkflowSpec:WorkflowSpec.task_specs",
        "attribute",
        "elements of a scope by name",
    ),
    ForeignName(
        "SpiffWorkflow.specs.WorkflowSpec:WorkflowSpec.start",
        "attribute",
        "the first element; nodes.harden exchanges its class",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.bpmn_process_spec:BpmnProcessSpec",
        "class",
        "a scope; it makes a start, an end join and a last task, called Start, <id>.EndJoin and End",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.bpmn_process_spec:BpmnProcessSpec.end",
        "attribute",
        "the end join; nodes.harden exchanges its class",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.control:_EndJoin",
        "class",
        "EndJoin is one, so that exchanging the class is sound",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.control:BpmnStartTask", "class", "Begin is one, for the same"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.control:SimpleBpmnTask", "class", "Finish is one, for the same"
    ),
    ForeignName("SpiffWorkflow.bpmn.specs.control:BoundaryEventSplit", "class", "Split is one"),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins:SubWorkflowTaskMixin", "class", "SubProcess is one"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.subworkflow_task:SubWorkflowTask.__init__",
        "self wf_spec bpmn_id subworkflow_spec transaction= **kwargs",
        "overridden by EventSubProcess",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.subworkflow_task:SubWorkflowTask.spec",
        "attribute",
        "name of the scope that it runs",
    ),
    ForeignName("SpiffWorkflow.bpmn.specs.mixins:CallActivityMixin", "class", "Call is one"),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins:ExclusiveGatewayMixin", "class", "Exclusive is one"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins:InclusiveGatewayMixin",
        "class",
        "Inclusive and Complex are",
    ),
    ForeignName(
        "SpiffWorkflow.specs.MultiChoice:MultiChoice.cond_task_specs",
        "attribute",
        "pairs of (condition or None, name of the element behind), in the order of the parser; of a condition, args[0] is the text",
    ),
    ForeignName("SpiffWorkflow.bpmn.specs.mixins:StandardLoopTaskMixin", "class", "Loop is one"),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:StandardLoopTask.maximum",
        "attribute",
        "of a loop",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:StandardLoopTask.condition",
        "attribute",
        "of a loop",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:StandardLoopTask.test_before",
        "attribute",
        "of a loop",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:StandardLoopTask.task_spec",
        "attribute",
        "name of the activity that is repeated",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins:ParallelMultiInstanceTaskMixin",
        "class",
        "ParallelMulti is one",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins:SequentialMultiInstanceTaskMixin",
        "class",
        "SequentialMulti is one",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:LoopTask",
        "class",
        "what all of them are",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:MultiInstanceTask.cardinality",
        "attribute",
        "expression of the number of items",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:MultiInstanceTask.condition",
        "attribute",
        "completion condition",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:MultiInstanceTask.data_input",
        "attribute",
        "the collection; it has a bpmn_id",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:MultiInstanceTask.data_output",
        "attribute",
        "the collection of results",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:MultiInstanceTask.input_item",
        "attribute",
        "the variable of an item; it has a bpmn_id and a bpmn_name",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:MultiInstanceTask.output_item",
        "attribute",
        "the result of an item",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task:MultiInstanceTask.task_spec",
        "attribute",
        "name of the activity that is repeated",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.data_spec:BpmnDataSpecification.bpmn_name",
        "attribute",
        "the variable of a data item, whose id is unique in the file",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.events.start_event:StartEvent", "class", "Start is one"
    ),
    ForeignName("SpiffWorkflow.bpmn.specs.mixins.events.end_event:EndEvent", "class", "End is one"),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event:BoundaryEvent",
        "class",
        "Boundary is one",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event:BoundaryEvent.cancel_activity",
        "attribute",
        "interrupting or not",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event:EventBasedGateway",
        "class",
        "EventGateway is one",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event:EventBasedGateway.connect",
        "self child",
        "overridden: the original gathers its events into one definition",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.events.event_types:CatchingEvent.event_definition",
        "attribute",
        "what an event waits for; ours",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.mixins.events.event_types:ThrowingEvent.event_definition",
        "attribute",
        "what it throws; ours",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.event_definitions.base:EventDefinition",
        "class",
        "Definition is one",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.event_definitions.base:EventDefinition.__init__",
        "self name= description=",
        "overridden",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.event_definitions.base:EventDefinition.name",
        "attribute",
        "what a signal or message is called",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.specs.event_definitions.base:EventDefinition.throw",
        "self my_task",
        "overridden: nothing is thrown at the library",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.script_engine:PythonScriptEngine",
        "class",
        "given our environment, it evaluates nothing itself",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.script_engine:PythonScriptEngine.__init__",
        "self environment=",
        "takes the environment",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.script_engine:PythonScriptEngine.environment",
        "attribute",
        "ours; elements ask it directly",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.script_engine:BasePythonScriptEngineEnvironment",
        "class",
        "Environment is one",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.script_engine:BasePythonScriptEngineEnvironment.__init__",
        "self environment_globals=",
        "overridden",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.script_engine:BasePythonScriptEngineEnvironment.evaluate",
        "self expression context external_context=",
        "overridden: our expression language",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.script_engine:BasePythonScriptEngineEnvironment.execute",
        "self script context external_context=",
        "overridden: refuses scripts",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.script_engine:BasePythonScriptEngineEnvironment.call_service",
        "self context **kwargs",
        "overridden: refuses services",
    ),
    ForeignName(
        "SpiffWorkflow.exceptions:SpiffWorkflowException",
        "error",
        "what the library raises becomes a failure of the token",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser",
        "module",
        "the XSD of BPMN 2.0.2 lies beside it, as schema/BPMN20.xsd",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.util:full_tag",
        "tag",
        "name of an element as the parser's table has it",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ValidationException:ValidationException",
        "error",
        "becomes NotBuildable",
    ),
    ForeignName("SpiffWorkflow.bpmn.parser.BpmnParser:BpmnParser", "class", "Parser is one"),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.BpmnParser:BpmnParser.__init__",
        "self namespaces= validator= spec_descriptions=",
        "overridden",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.BpmnParser:BpmnParser.PARSER_CLASSES",
        "class attribute",
        "overridden: tag -> (parser, class of the element)",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.BpmnParser:BpmnParser.PROCESS_PARSER_CLASS",
        "class",
        "overridden",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.BpmnParser:BpmnParser.add_bpmn_xml",
        "self bpmn filename=",
        "gives it a rewritten diagram",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.BpmnParser:BpmnParser.get_spec",
        "self process_id required=",
        "the spec of a process",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.BpmnParser:BpmnParser.get_subprocess_specs",
        "self name specs= require_call_activity_specs=",
        "the specs of all that runs inside",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ProcessParser:ProcessParser", "class", "_Process is one"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ProcessParser:ProcessParser.__init__",
        "self p node nsmap data_stores filename= lane=",
        "overridden; all it is given passes through",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ProcessParser:ProcessParser.create_spec",
        "self",
        "overridden: names are freed right after a spec is made",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ProcessParser:ProcessParser.add_tasks",
        "self",
        "overridden: every start event, event sub-process and handler; then the flows",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ProcessParser:ProcessParser.parse_node",
        "self node",
        "the element of a node, made when it is asked for first",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ProcessParser:ProcessParser.get_boundary_events",
        "self attached_to_ref",
        "of an activity",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ProcessParser:ProcessParser.get_node_by_id",
        "self node_id",
        "node of an element",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ProcessParser:ProcessParser.get_outgoing_sequence_flows",
        "self source_ref",
        "overridden: in the order in which the element lists them",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ProcessParser:ProcessParser.parser",
        "attribute",
        "the parser of the file",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.ProcessParser:ProcessParser.spec",
        "attribute",
        "the spec that is being made",
    ),
    ForeignName("SpiffWorkflow.bpmn.parser.TaskParser:TaskParser", "class", "_Parser is one"),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.__init__",
        "self process_parser spec_class node nsmap= lane=",
        "called for the events of a multi-instance activity",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.STANDARD_LOOP_CLASS", "class", "overridden"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.PARALLEL_MI_CLASS", "class", "overridden"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.SEQUENTIAL_MI_CLASS", "class", "overridden"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.parse_node",
        "self",
        "overridden: without the recursion",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.create_task",
        "self",
        "overridden: what an element has from our vocabulary",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser._add_loop_task",
        "self loop_characteristics",
        'puts the loop before the activity, which it renames to "<id> [child]"',
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser._add_multiinstance_task",
        "self loop_characteristics",
        "the same for items",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser._add_boundary_event",
        "self children",
        "overridden: without the join",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.connect_outgoing",
        "self outgoing_task sequence_flow_node is_default",
        "a flow out of an element",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.handles_multiple_outgoing",
        "self",
        "overridden by the event gateway",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.process_parser",
        "attribute",
        "the parser of the process around it",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.spec_class",
        "attribute",
        "the class of the element, from PARSER_CLASSES",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.spec", "attribute", "the spec around it"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.TaskParser:TaskParser.task",
        "attribute",
        "the element; _add_loop_task exchanges it",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.node_parser:NodeParser.bpmn_attributes",
        "property",
        "id, name, lane and such, for the constructor",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.node_parser:NodeParser.bpmn_id", "property", "of the node"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.node_parser:NodeParser.node", "attribute", "of the element"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.node_parser:NodeParser.nsmap", "attribute", "prefixes for xpath"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.node_parser:NodeParser.filename",
        "attribute",
        "name of the file as it was given",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.node_parser:NodeParser.xpath",
        "self xpath",
        "below the node, with the prefix bpmn",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.node_parser:NodeParser.parse_condition",
        "self sequence_flow",
        "of a flow",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.node_parser:NodeParser.parse_extensions",
        "self node=",
        "of a node",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.node_parser:NodeParser.raise_validation_exception",
        "self message",
        "with the place in the file",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.task_parsers:GatewayParser",
        "class",
        "_Gateway is one: it may have several flows",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.task_parsers:ConditionalGatewayParser",
        "class",
        "_Conditional is one: its flows have conditions",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.task_parsers:ConditionalGatewayParser.connect_outgoing",
        "self outgoing_task sequence_flow_node is_default",
        "a flow with its condition, or the default",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.task_parsers:CallActivityParser", "class", "_Call is one"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.task_parsers:SubWorkflowParser", "class", "_SubProcess is one"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.task_parsers:SubWorkflowParser.create_task",
        "self",
        "called by ours; gives the name of the scope to the element",
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.task_parsers:SubprocessParser", "class", "parses what is inside"
    ),
    ForeignName(
        "SpiffWorkflow.bpmn.parser.task_parsers:SubprocessParser.get_subprocess_spec",
        "task_parser",
        "and gives the name of the scope",
    ),
)
