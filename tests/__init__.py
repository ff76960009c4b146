"""Tests of the core, in folders that mirror its floors."""
