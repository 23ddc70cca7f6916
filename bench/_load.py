"""A load generator: many keep-alive connections that send prepared requests as fast as they are answered."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

PADDING = "x" * 900


def signed_requests(url: str, secret: str, count: int, prefix: str) -> list[bytes]:
    """``count`` webhook deliveries of about 1.5 kB, each another event, signed now."""
    host, path = urlsplit(url).netloc, urlsplit(url).path
    return [_request(host, path, secret, f"{prefix}{number}") for number in range(count)]


async def run(url: str, requests: Sequence[bytes], connections: int) -> tuple[float, list[float]]:
    """Seconds for all requests and the latency of each in seconds; RuntimeError for any answer that is not 200."""
    waiting, latencies = iter(requests), list[float]()
    begun = time.perf_counter()
    await asyncio.gather(*(_connection(url, waiting, latencies) for _ in range(connections)))
    return time.perf_counter() - begun, latencies


async def _connection(url: str, waiting: object, latencies: list[float]) -> None:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    for request in waiting:  # type: ignore[attr-defined]
        sent = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        latencies.append(time.perf_counter() - sent)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode("latin-1"))
    writer.close()


def _request(host: str, path: str, secret: str, name: str) -> bytes:
    charge = {"id": f"ch_{name}", "object": "charge", "customer": f"cus_{name}", "description": PADDING}
    event = {"id": f"evt_{name}", "object": "event", "type": "charge.succeeded", "created": int(time.time())}
    body = json.dumps(
        {**event, "livemode": False, "api_version": "2026-10-28.endive", "data": {"object": charge}}
    ).encode()
    stamp = int(time.time())
    mark = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return (
        f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
        f"stripe-signature: t={stamp},v1={mark}\r\ncontent-length: {len(body)}\r\n\r\n"
    ).encode() + body
