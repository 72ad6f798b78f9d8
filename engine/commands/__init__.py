"""The commands of the engine. Each takes exactly one instance, in one transaction with one commit, in this order:

1 take     UPDATE instance SET rev = rev + 1 … RETURNING: blocks while a rival holds it; from here nobody else changes it
2 read     the item, timer, outbox row or job, only now
3 decide   pure; a refusal rolls everything back and goes to the access chain in a transaction of its own
4 records  the caller writes business rows
5 advance  the live workflow (cache, else snapshot + deltas), local handlers each in a savepoint
6 write    submission, journal, head, items, timers, subscriptions, outbox, jobs
7 commit   then, and only then, the live workflow goes back into the cache
"""

from engine.commands.erasures import Erasures
from engine.commands.erasures import delete_drafts
from engine.commands.incidents import Repairs
from engine.commands.items import Items
from engine.commands.jobs import RemoteTasks
from engine.commands.migration import KeptItem
from engine.commands.migration import Migration
from engine.commands.migration import Plan
from engine.commands.notes import Notes
from engine.commands.pump import Pump
from engine.commands.releases import Releases


class Engine(Releases, Items, Pump, RemoteTasks, Migration, Repairs, Notes, Erasures):
    """The engine of one database. Thread safe."""


__all__ = ["Engine", "KeptItem", "Plan", "delete_drafts"]
