"""Delivery: one outbox for everything that is not an immediate reply; claimed, paced, sent, settled."""
