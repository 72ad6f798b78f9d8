"""Links to set a password and logins that were ended are entered in the log from here on
(migrations/env.py); nothing else changes."""

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What stands there counts as it stands: `_enter_rows` behind the last migration."""


def downgrade() -> None:
    """Entries of theirs stay, and say nothing of what comes later."""
