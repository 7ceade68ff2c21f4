"""The renewal desk: which cards end when, what was ordered and paid for them, and whether it worked."""
