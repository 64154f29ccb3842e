"""Event-extraction datasets from news: schema, checks, export."""

__version__ = "0.1.0"
