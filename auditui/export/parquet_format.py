"""Parquet: the records for Spark, Trino or DuckDB. Needs pyarrow, which is looked for only when it is asked for.

How the file is made is `parquet_file.py`'s business, the only module that knows pyarrow.
"""

from __future__ import annotations

from importlib.util import find_spec

from auditui.export.exporter import Destination, Exporter, Occasion, Writer
from auditui.model.errors import ExportFailed

_INSTALL = "pip install 'auditui[parquet]'"


def _missing() -> str:
    return "" if find_spec("pyarrow") else f"Parquet needs pyarrow: {_INSTALL}"


def _open(destination: Destination, occasion: Occasion) -> Writer:
    """Begin a file.

    Raises:
        ExportFailed: pyarrow is missing, too old or broken.
    """
    try:
        from auditui.export.parquet_file import ParquetWriter

        return ParquetWriter(destination.stream, occasion)
    except ImportError as error:
        raise ExportFailed(
            "Parquet needs pyarrow.", why=f"{error}.", remedy=f"Install it: {_INSTALL}"
        ) from None


PARQUET = Exporter(
    key="parquet",
    letter="p",
    title="Parquet",
    what="columns for Spark, Trino or DuckDB",
    suffix=".parquet",
    open=_open,
    text=False,
    continues=False,
    missing=_missing,
)
"""Records as columns. A file that was broken off has no directory at its end and cannot be continued."""
