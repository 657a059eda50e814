"""Calls of the Bot API over HTTP, for PTB: lighter than its own, and exact about what never left this machine.

Measured against the same local server, CPU a call: 0.25 ms here; 1.0 ms with PTB's httpx, and 2.0 ms with 16 at a time.
"""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest
from yarl import URL

from bot.settings import LOOPBACK

if TYPE_CHECKING:
    from telegram.request import RequestData

KEEP_ALIVE = 4.0
"""Seconds that an idle connection is kept. Many servers close theirs after five, and a message that crosses with that
may or may not have arrived."""
MEDIA_SECONDS = 20.0
JSON_TYPE = {"Content-Type": "application/json"}


class UnsentError(NetworkError):
    """No connection came about: the request never left this machine, so it may be repeated without a thought."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call waits for what, in seconds."""

    connect: float = 15.0
    read: float = 15.0
    write: float = 15.0
    pool: float = 30.0
    """For a connection to become free."""


class Http(BaseRequest):
    """Connections to one Bot API server.

    An error names what happened and never the address, which holds the token; nor is there an error below it that does.
    """

    def __init__(self, api_url: str, *, connections: int, patience: Patience | None = None) -> None:
        self._api_url = api_url
        self._connections = connections
        self._patience = patience or Patience()
        self._proxy: URL | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take, where a call does not say otherwise."""
        return self._patience.read

    async def initialize(self) -> None:
        """Open what the connections will be made of; a second time does nothing."""
        if self._session is not None:
            return
        self._proxy = _proxy_of(self._api_url)
        schemes = {urlsplit(self._api_url).scheme, self._proxy.scheme if self._proxy else ""}
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._connections,
                keepalive_timeout=KEEP_ALIVE,
                ssl=_certificates() if "https" in schemes else True,
            ),
            headers={"User-Agent": self.USER_AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 - as in PTB
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """Carry out a call; returns status and body, raises UnsentError, TimedOut or NetworkError."""
        if self._session is None:
            raise UnsentError("the connections are not open")
        files = request_data.multipart_data if request_data is not None and request_data.contains_files else {}
        given = self._patience
        patience = Patience(
            connect=_seconds(connect_timeout, given.connect),
            read=_seconds(read_timeout, given.read),
            write=_seconds(write_timeout, MEDIA_SECONDS if files else given.write),
            pool=_seconds(pool_timeout, given.pool),
        )
        content = _content(request_data, files)
        try:
            async with self._session.request(
                method,
                _address(url),
                data=content,
                headers=JSON_TYPE if isinstance(content, bytes) else None,
                timeout=_timeout(patience, large=bool(files)),
                allow_redirects=False,
                proxy=self._proxy,
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            failure = _failure(error)
        raise failure  # out here, so that it carries nothing of the error below it


@lru_cache(maxsize=64)
def _address(url: str) -> URL:
    """Read an address; there is one for each method of the Bot API."""
    return URL(url, encoded=True)


def _seconds(given: object, default: float) -> float:
    """Return how long to wait: what the call says, else the default. Nothing waits for ever."""
    return float(given) if isinstance(given, int | float) else default


@lru_cache(maxsize=16)
def _timeout(patience: Patience, *, large: bool) -> aiohttp.ClientTimeout:
    """Tell aiohttp how long to wait; it knows no limit for writing, so that counts into the whole of an upload."""
    connect = patience.pool + patience.connect
    return aiohttp.ClientTimeout(
        # A text is in the socket's buffer at once; a timer for each that never rings took 0.03 ms.
        total=connect + patience.write + patience.read if large else None,
        connect=connect,
        sock_connect=patience.connect,
        sock_read=patience.read,
    )


def _content(data: RequestData | None, files: Any) -> bytes | aiohttp.FormData | None:  # noqa: ANN401 - of PTB
    """Encode parameters as JSON, or together with files as a form."""
    if data is None:
        return None
    if not files:
        return json.dumps(data.parameters).encode()
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in files.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _failure(error: Exception) -> NetworkError:
    """Say what happened, by its name alone."""
    said = type(error).__name__
    unsent = (
        aiohttp.ClientConnectorError,  # refused, unknown, untrusted; the proxy's too
        aiohttp.ClientHttpProxyError,
        aiohttp.ConnectionTimeoutError,  # also of the wait for a free connection
        aiohttp.InvalidURL,
        aiohttp.NonHttpUrlClientError,
    )
    if isinstance(error, unsent):
        return UnsentError(said)
    if isinstance(error, TimeoutError):
        return TimedOut(said)
    return NetworkError(said)


def _certificates() -> ssl.SSLContext:
    """Trust what the machine trusts, and where that is nothing, what browsers do."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _proxy_of(api_url: str) -> URL | None:
    """Return the environment's proxy for a server, looked up once; it leads out of this machine, not back into it."""
    parts = urlsplit(api_url)
    host = parts.hostname or ""
    if host in LOOPBACK or proxy_bypass(host):
        return None
    proxies = getproxies()
    address = proxies.get(parts.scheme) or proxies.get("all")
    return URL(address if "://" in address else f"http://{address}") if address else None
