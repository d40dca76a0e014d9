"""LED bars above the windows. One file per driver; its name is its `driver` in the configuration."""
