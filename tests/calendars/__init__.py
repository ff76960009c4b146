"""Tests of working-day calendars."""
