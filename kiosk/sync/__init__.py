"""How a terminal lives without a network: journal, outbox, courier, link. The assembly makes a `terminal.Terminal`."""
