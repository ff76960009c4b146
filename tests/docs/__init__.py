"""The documentation is run, and compared with the code."""
