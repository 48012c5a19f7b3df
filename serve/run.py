"""Runs the service until SIGTERM or SIGINT, then finishes what it took."""

from __future__ import annotations

import ipaddress
import logging
from typing import Any

from .settings import ServeSettings
from .token import Token

log = logging.getLogger("adwar.serve")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        name: {"handlers": ["stderr"], "level": "INFO", "propagate": False}
        for name in ("uvicorn", "uvicorn.access", "uvicorn.error", "adwar.serve")
    },
}


def is_local(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def serve(app: Any, settings: ServeSettings, *, token: Token | None, access_log: bool = True) -> None:
    """Listen and answer; returns after a graceful end. Raises OSError where the port is taken."""
    import logging.config

    import uvicorn

    from .protocol import limited_protocol

    logging.config.dictConfig(LOGGING)
    if token is None and not is_local(settings.host):
        log.warning(
            "listening on %s without a token: whoever reaches this port can use it; set ADWAR_TOKEN", settings.host
        )
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=limited_protocol(settings.header_timeout, settings.send_timeout, 2 * settings.max_requests),
        ws="none",
        log_config=None,
        access_log=access_log,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=int(settings.drain_timeout),
    )
    uvicorn.Server(config).run()
