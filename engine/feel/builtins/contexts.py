"""Functions of contexts (DMN 1.5, 10.3.4.10)."""

from engine.feel.builtins.registry import feel
from engine.feel.values import Feel, Run


@feel("get value(m: context, key: string)")
def _get_value(_: Run, m: dict[str, Feel], key: str) -> Feel:
    return m.get(key)


@feel("get entries(m: context)")
def _get_entries(run: Run, m: dict[str, Feel]) -> Feel:
    return run.items([{"key": key, "value": value} for key, value in m.items()])


@feel("context(entries: list)")
def _context(run: Run, entries: list[Feel]) -> Feel:
    run.items(entries)
    found: dict[str, Feel] = {}
    for each in entries:
        if (
            not isinstance(each, dict)
            or not {"key", "value"} <= each.keys()
            or not isinstance(each["key"], str)
            or each["key"] in found
        ):
            return None
        found[each["key"]] = each["value"]
    return found


@feel(
    "context put(context: context, key: string, value: any)",
    "context put(context: context, keys: list, value: any)",
)
def _put(run: Run, context: dict[str, Feel], key: Feel, value: Feel) -> Feel:
    run.spend(1 + len(context))
    if isinstance(key, str):
        return {**context, key: value}
    if not isinstance(key, list) or not key or not all(isinstance(each, str) for each in key):
        return None
    if len(key) == 1:
        return {**context, key[0]: value}
    inner = context.get(key[0])
    changed = _put(run, inner, key[1:], value) if isinstance(inner, dict) else None
    return None if changed is None else {**context, key[0]: changed}


@feel("context merge(contexts: list)")
def _merge(run: Run, contexts: list[Feel]) -> Feel:
    found: dict[str, Feel] = {}
    for each in contexts:
        if not isinstance(each, dict):
            return None
        run.spend(1 + len(each))
        found |= each
    return found
