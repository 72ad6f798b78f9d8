"""Who keeps what the log signed, outside of it: witnesses, time stamps, and their settings."""
