"""The webhook door in this process, the page in one of its own, each on its own port."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import socket
import time

import uvicorn

from tieout.api.webhooks import webhook_app
from tieout.app.hardening import harden
from tieout.app.house import House
from tieout.app.page_process import page_process
from tieout.app.receivers import Receivers
from tieout.app.restore import serving
from tieout.app.serving import config_of
from tieout.app.starting import see_to_files
from tieout.kernel.failures import Failed, Fix
from tieout.processes.intake import Intake
from tieout.settings import Settings

PORT_SECONDS_MAX, PORT_LOOK_SECONDS = 2.0, 0.1  # the page of a door that was killed goes a moment after it


def serve(house: House) -> None:
    """Serve until interrupted. Failed(Fix) when an address cannot be listened on."""
    settings = house.settings
    harden()
    _check_page(settings)
    see_to_files(house)
    with (
        serving(settings.folder),
        _listening(settings.host, settings.webhook_port, "webhook_port") as door,
        _listening(settings.page_host, settings.page_port, "page_port") as page,
        page_process(settings, page),
    ):
        asyncio.run(_serve(house, door))


async def _serve(house: House, door_socket: socket.socket) -> None:
    settings, intake, receivers = house.settings, Intake(house.box), Receivers(house)
    door = webhook_app(intake, receivers.known, time.time)
    looking = asyncio.create_task(receivers.keep_looking())
    try:
        await uvicorn.Server(config_of(door, settings.host, settings.webhook_port)).serve([door_socket])
    finally:
        looking.cancel()
        intake.close()


def _check_page(settings: Settings) -> None:
    """The page has no sign-in of its own: where others reach it, a proxy that asks who they are must stand before it."""
    for address in settings.page_proxy.split():
        if not _is_address(address):
            sentence = f"TIEOUT_PAGE_PROXY: {address} is no IP address. Write that of the proxy, such as 10.0.0.2."
            raise Failed(Fix("serve.page", sentence, field="page_proxy", value=address))
    if _is_loopback(settings.page_host) or settings.page_proxy.strip():
        return
    sentence = (
        f"The page would listen on {settings.page_host}, where others reach it, and it has no sign-in of its own. Let it listen "
        "on this machine alone (TIEOUT_PAGE_HOST=127.0.0.1), or name the address of the proxy that asks who people are "
        "before it passes them on: TIEOUT_PAGE_PROXY. The page answers nobody else then."
    )
    raise Failed(Fix("serve.page", sentence, field="page_host", value=settings.page_host))


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until = time.monotonic() + PORT_SECONDS_MAX
    while True:
        try:
            return socket.create_server((host, port), family=family)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < until:
                time.sleep(PORT_LOOK_SECONDS)
                continue
            raise _not_listening(host, port, setting, error) from None


def _not_listening(host: str, port: int, setting: str, error: OSError) -> Failed:
    why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
    sentence = (
        f"Nothing can listen on {host} port {port} ({why}). Stop what listens there (another tieout serve?), "
        f"or choose another port: TIEOUT_{setting.upper()}."
    )
    return Failed(Fix("serve.port", sentence, field=setting, value=str(port)))
