"""Messages between instances are entered in the log from here on (migrations/env.py); nothing else
changes."""

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What stands there counts as it stands: `_enter_rows` behind the last migration."""


def downgrade() -> None:
    """Entries of theirs stay, and say nothing of what comes later."""
