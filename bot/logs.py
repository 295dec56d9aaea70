"""Sets up the log: one JSON line for each event, codes only. It never logs what a library says of a request.

Twilio's and aiohttp's own loggers print addresses at INFO (measured), so nothing below WARNING passes.
"""

from __future__ import annotations

import logging
import sys

import structlog


def configure() -> None:
    """Log to stderr from now on."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format='{"level": "%(levelname)s", "event": "%(name)s"}'
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
