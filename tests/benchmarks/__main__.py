"""``make bench``: every row of the design's table that a benchmark can tell, as ratios measured in one run.

Each module beside this one has ``rows() -> Iterator[Row]``. A row that misses what is to be held is marked, and the
exit code says so; nothing here is an absolute time, since machines differ.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from tests import benchmarks
from tests.benchmarks.row import Row


def modules(wanted: list[str]) -> Iterator[str]:
    """The benchmark modules, or those of them that are named on the command line."""
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name not in {"__main__", "row"} and (not wanted or module.name in wanted):
            yield module.name


def main() -> int:
    """Run the benchmarks and print the table."""
    console = Console()
    table = Table("what", "measured", "to hold", "")
    held = True
    for name in modules(sys.argv[1:]):
        console.print(f"… {name}", style="dim")
        for row in importlib.import_module(f"tests.benchmarks.{name}").rows():
            assert isinstance(row, Row)
            table.add_row(row.what, row.measured, row.to_hold, "held" if row.held else "NOT HELD")
            held = held and row.held
    console.print(table)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
