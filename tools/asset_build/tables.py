"""Small things that every table of pictures or models needs."""

import csv
import io
import re


def slug(name: str) -> str:
    """Return a file name for the name of a thing."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def as_csv(rows: list[dict]) -> bytes:
    """Return rows, all with the same keys, as a table with a head."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
