"""Checks of how the code is laid out, and proof that each of them bites."""
