"""Sets up the log: one JSON line for each event, codes only. It never logs what a library says of a request.

Twilio's and aiohttp's own loggers print addresses at INFO (measured), so nothing below WARNING passes.
"""

from __future__ import annotations

import logging
import sys

import structlog


class WithoutWords(logging.Formatter):
    """Leaves a library's traceback out: its last line is the exception's message, which may hold a person's words."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """Nothing."""
        del ei
        return ""


def configure() -> None:
    """Log to stderr from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithoutWords('{"level": "%(levelname)s", "event": "%(name)s"}'))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
