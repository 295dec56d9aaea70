"""Says what broke and where, for the log. It never says an exception's message: that may hold a person's words."""

from pathlib import Path


def told(error: BaseException) -> dict[str, str]:
    """The error's type, and the file and line that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return {"error": type(error).__name__, "at": place}
