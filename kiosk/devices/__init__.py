"""How the kiosk touches metal: one folder per port, one file per driver, `virtual/` for wire-level simulators."""
