"""Logs: one JSON object a line on standard output. Whoever started the process (runner, systemd) keeps the files."""

from datetime import datetime
from typing import Any

import structlog


def stamp(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Add the local time with its distance to UTC: people compare it with the clock on the wall."""
    event["timestamp"] = datetime.now().astimezone().isoformat(timespec="milliseconds")
    return event


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    stamp,
]


def logging_config(level: str) -> dict[str, Any]:
    """The LOGGING setting; structlog loggers and the standard library's loggers end in the same JSON lines."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*SHARED_PROCESSORS, structlog.stdlib.ExtraAdder(allow=("request_id", "data"))],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                ],
            }
        },
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # The request log has a line for each answer already; Django's second line would only repeat it.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": ["stdout"], "level": level, "propagate": False},
            # `Received` and `succeeded` of every seal, once a minute, would bury the rest.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }
