"""What a hall is: words, rules and their bytes. No I/O, no clock, no randomness; both sides import it."""
