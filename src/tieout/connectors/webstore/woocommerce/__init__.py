"""WooCommerce, over its REST interface v3."""

from __future__ import annotations

from tieout.connectors._connector import Secret
from tieout.connectors.webstore._face import StoreConnector
from tieout.connectors.webstore.woocommerce.store import WooSettings, open_woocommerce

CONNECTOR = StoreConnector(
    "woocommerce",
    "WooCommerce",
    WooSettings,
    (
        Secret(
            "consumer_key", "Consumer key (ck_…)", "WooCommerce, Settings, Advanced, REST API; read access to orders."
        ),
        Secret(
            "consumer_secret", "Consumer secret (cs_…)", "Shown once with the key; read/write to write numbers back."
        ),
    ),
    open_woocommerce,
)
