"""What leaks between the splits of a dataset, ours or anybody's: equal and near texts, and the same events."""

from dateline.leaks.check import LEAKS, Report, check
from dateline.leaks.layout import LeakError

__all__ = ["LEAKS", "LeakError", "Report", "check"]
