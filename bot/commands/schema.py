"""``factline schema``: the published JSON Schema of the knowledge files."""

from __future__ import annotations

import json
import sys

from bot.commands.ask import print_line


def print_schema(part: str) -> int:
    """Print the JSON Schema of one of the four files."""
    from knowledge.loading import json_schema

    print_line(sys.stdout, json.dumps(json_schema(part), indent=2, ensure_ascii=False))
    return 0
