"""Tests of counting, warning and explaining, with an oracle of their own."""
