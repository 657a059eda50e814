"""The Bot API's methods by theme; `table` maps their names to functions."""
