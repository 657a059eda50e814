"""The chat page, tested in a real headless Chromium with a scripted bot behind it."""
