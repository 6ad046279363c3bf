"""Holter: record and audit what an AWS Data Pipeline task runner says."""

__version__ = "0.1.0"
