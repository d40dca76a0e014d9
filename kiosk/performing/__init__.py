"""How effects are carried out: flows say what, this room says to whom."""
