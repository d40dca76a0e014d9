"""How a hall is put up: example settings, packs, and the virtual hall of `./run demo`."""
