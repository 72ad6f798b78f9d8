"""Every rule code that a finding of `compile_release` may carry; a test keeps this list and the code equal."""

from typing import Final

RULES: Final = frozenset({
    "boundary_ambiguous", "boundary_host_kind", "boundary_host_unknown", "boundary_must_interrupt", "boundary_of_a_task", "call_cycle",
    "called_missing", "called_start", "called_unknown", "cancel_outside_transaction", "code_missing", "compensation", "condition_empty",
    "condition_missing", "condition_without_gateway", "default_missing", "default_unknown", "default_with_condition", "dmn_aggregation",
    "dmn_cell", "dmn_empty", "dmn_gap", "dmn_hit_policy", "dmn_id_missing", "dmn_inputs", "dmn_no_else", "dmn_not_a_table", "dmn_not_dmn",
    "dmn_outputs", "dmn_overlap", "dmn_rule_size", "dmn_rule_unused", "dmn_rules", "dmn_too_large_to_check", "element_unsupported",
    "end_missing", "event_gateway_alone", "event_gateway_target", "event_kind", "event_multiple", "event_undefined", "expression",
    "field_decision_type", "field_duplicate", "field_options", "field_pattern", "file_unknown", "flow_dangling", "flow_into",
    "flow_missing", "flow_out_of_end", "flow_references", "foreign_extension", "form_unknown", "function_unknown",
    "gateway_takes_no_conditions", "handler_missing", "handler_unknown", "id_duplicate", "id_missing", "id_reserved", "join_deadlock",
    "lane_missing", "lane_reference_unknown", "lane_twice", "link_source", "link_target", "loop_maximum", "loop_without_end",
    "message_key_missing", "message_missing", "message_unnamed", "multi_behaviour", "multi_item", "multi_number", "multi_output",
    "multi_source", "output_not_in_table", "parser", "process_missing", "process_not_executable", "process_too_large", "quantity",
    "reference_missing", "reference_unknown", "schema", "scope_empty", "script_refused", "send_task_message_or_handler",
    "separate_unknown", "signal_never_thrown", "start_ambiguous", "start_missing", "start_of_sub_process", "table_missing",
    "table_unknown", "timer_missing", "unreachable", "v_attribute_missing", "v_attribute_unknown", "v_content_unknown",
    "v_element_misplaced", "v_element_repeated", "v_element_unknown", "v_value", "variable_name", "variable_not_decision",
    "variable_unknown", "xml_doctype", "xml_not_well_formed", "xml_too_large",
})  # fmt: skip
