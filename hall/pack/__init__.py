"""The hall pack: everything that a hall decides for itself, read from TOML and checked. `hall_pack` is the door."""
