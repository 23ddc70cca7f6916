"""Any store that answers an order as JSON over HTTP: what its fields mean is configuration, not code (M17)."""

from __future__ import annotations

from tieout.connectors._connector import Secret
from tieout.connectors.webstore._face import StoreConnector
from tieout.connectors.webstore.generic.settings import GenericSettings
from tieout.connectors.webstore.generic.store import open_generic

CONNECTOR = StoreConnector(
    "generic",
    "Any web store (HTTP and JSON)",
    GenericSettings,
    (
        Secret("token", "Header value", "Sent in the header that the settings name.", required=False),
        Secret("user", "User name", "For basic authentication.", required=False),
        Secret("password", "Password", "For basic authentication.", required=False),
    ),
    open_generic,
)
