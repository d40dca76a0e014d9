"""Social-security card readers (LD/T 32): commands, files, drivers."""
