"""Tests of the floor `delivery`: what is told, to whom, at least once; and that each test bites."""
