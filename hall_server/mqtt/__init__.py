"""The wire to the terminals. The only room of the hall server that knows paho."""
