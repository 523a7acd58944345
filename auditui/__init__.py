"""auditui: a terminal explorer for the audit log of a Confluence Cloud site."""

__version__ = "0.1.0"
