"""A report that people look at: one HTML file over an exported dataset or over annotations.

`from_export` and `from_annotations` gather what it is about, `html` makes the page.
"""

from dateline.report.load import from_annotations, from_export, is_export
from dateline.report.material import Entry, Material, ReportError
from dateline.report.page import html

__all__ = ["Entry", "Material", "ReportError", "from_annotations", "from_export", "html", "is_export"]
