"""The hall without its server: who calls whom from the last board, and how it all becomes one day again."""
