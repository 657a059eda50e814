"""The rules that turn a question into an outcome; each is tried in the order of :mod:`knowledge.answering`."""
