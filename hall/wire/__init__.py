"""What travels between terminals and the hall server: messages, snapshots, and their bytes."""
