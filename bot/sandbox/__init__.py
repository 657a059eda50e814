"""A local Telegram: the Bot API over HTTP and a chat page, so that the whole bot can be tried without a token."""
