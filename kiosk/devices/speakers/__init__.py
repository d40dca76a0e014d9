"""Speech for announcements. One file per driver; its name is its `driver` in the configuration."""
