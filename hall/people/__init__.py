"""What is known of the person at the terminal: kinds of identity numbers, ages, and whose card is in hand."""
