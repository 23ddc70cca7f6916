"""HTTP: the webhook door and the page, on ports of their own."""
