"""The stored form of events, and commands from outside."""
