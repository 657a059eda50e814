"""Intake: what Telegram sends is committed to the inbox before it is acknowledged, then handled in order."""
