"""Tests of the floor `scenario`: reading with positions, playing, and that a wrong expectation never passes."""
