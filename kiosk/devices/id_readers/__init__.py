"""Identity-card readers (GA/T 467): frames, text block, numbers, drivers."""
