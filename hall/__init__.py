"""What a hall is: words, rules and their bytes. No I/O, no clock, no randomness; kiosk and hall server both import it."""
