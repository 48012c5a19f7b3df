"""Other people's formats, one file each; each says what it can and cannot hold. See docs/formats.md.

``read_…(path, *, repair=False, report=None) -> Iterator[Document]`` refuses what breaks the schema with file, line and
document; ``write_…(docs, path) -> Report`` counts what the format could not hold and writes whole files or none.
"""

from .brat import read_brat, write_brat
from .conll import read_conll, write_conll
from .convert import FORMATS, convert
from .docbin import read_spacy, write_spacy
from .doccano import read_doccano, write_doccano
from .event_table import write_plover
from .gsr import read_gsr
from .label_studio import read_label_studio, write_label_studio
from .parquet import read_parquet, write_parquet
from .report import Report
from .span_table import read_csv, write_csv

__all__ = [
    "FORMATS",
    "Report",
    "convert",
    "read_brat",
    "read_conll",
    "read_csv",
    "read_doccano",
    "read_gsr",
    "read_label_studio",
    "read_parquet",
    "read_spacy",
    "write_brat",
    "write_conll",
    "write_csv",
    "write_doccano",
    "write_label_studio",
    "write_parquet",
    "write_plover",
    "write_spacy",
]
