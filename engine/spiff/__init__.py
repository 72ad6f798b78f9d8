"""The only importer of SpiffWorkflow. docs/architecture.md says what commands use.

A registered function of the expression language that has a parameter `now` gets the command's instant.
"""

from engine.spiff.compile import compile_release
from engine.spiff.compile import compile_stored
from engine.spiff.live import Live
from engine.spiff.migrate import Moved
from engine.spiff.release import Release
from engine.spiff.watch import Waits

__all__ = ["Live", "Moved", "Release", "Waits", "compile_release", "compile_stored"]
