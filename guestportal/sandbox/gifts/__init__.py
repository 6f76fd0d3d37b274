"""Gift transfers: who can hold and get them, what can be sent, and every transfer with its state."""
