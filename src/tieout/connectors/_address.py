"""Addresses that secrets may be sent to."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def safe_url(url: str) -> str:
    """An address with https, or with http on this machine; ValueError says what to write instead."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("write the whole address, beginning with https://")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise ValueError("use https://; plain http is only for what runs on this machine")
    if "@" in parts.netloc:
        raise ValueError("leave user name and password out of the address")
    return url.rstrip("/")


def safe_base(url: str) -> str:
    """The same, of an address that paths are put behind."""
    if "?" in url or "#" in url:
        raise ValueError("leave everything from ? or # on out of the address")
    return safe_url(url)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
