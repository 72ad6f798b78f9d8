"""The only importer of SpiffWorkflow. docs/architecture.md says what commands use.

A registered function of the expression language that has a parameter `now` gets the command's
instant.
"""

from engine.spiff.live import Live
from engine.spiff.migrate import Moved
from engine.spiff.release import Release
from engine.spiff.waits import Waits

__all__ = ["Live", "Moved", "Release", "Waits"]
