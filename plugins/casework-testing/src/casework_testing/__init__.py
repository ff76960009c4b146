"""Histories, laws and contracts for whoever writes rules or plugins."""
