"""Talks Telegram: updates in, replies out."""
