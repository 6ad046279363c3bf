"""The adapter to mitmproxy: the only place that imports it."""
