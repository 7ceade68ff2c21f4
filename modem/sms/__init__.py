"""Short messages: alphabets (23.038), PDUs (23.040), parts put together, and the modem's message store (27.005)."""
