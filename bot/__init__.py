"""Runs Factline: settings, store, delivery, intake, sandbox and the command line."""
