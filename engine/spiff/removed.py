"""What stands in the place of an element that a release no longer has, where a case passed before
it was moved there."""

from engine.spiff.nodes import Core


class Removed(Core):
    """A mark in the history of a case; no token that still moves may stand on it."""

    manual = False

    def __init__(self, name: str) -> None:
        self.name = self.bpmn_id = name

    def reports(self, *_: object) -> bool:
        return False
