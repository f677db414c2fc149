"""A card as one HTML file that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

import base64
import html
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aml4d_utils.topics.model_card.card_sentences import CardSection, ModelCard, Sentence
from aml4d_utils.topics.model_card.fingerprints import short

PAGE = "model_card.html"
MOST_BYTES = 5_000_000
TILE, WIDE_TILE, NARROWEST = 132, 260, 176
"""Width of a photo and of a scene in the card, and of the words below, in CSS pixels."""


@dataclass(frozen=True)
class CardPicture:
    """A picture for a section of a card.

    Attributes
    ----------
    section : str
        The title of its section.
    png : bytes
    alt : str
        What it shows, in words.
    width : int
        In CSS pixels.
    """

    section: str
    png: bytes
    alt: str
    width: int


STYLE = """
.model-card{max-width:46rem;background:#fff;color:#1f2328;padding:1rem 1.4rem;
font:16px/1.5 system-ui,sans-serif;box-sizing:border-box}
.model-card h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0;color:#1f2328}
.model-card h2{font-size:1.15rem;margin:1.3rem 0 .3rem;color:#1f2328;
border-bottom:1px solid #d0d7de}
.model-card p{margin:.45rem 0;overflow-wrap:anywhere}
.model-card .from{display:block;font-size:.8rem;color:#57606a}
.model-card .stale,.model-card .missing{color:#a40e26;background:#ffebe9;
border-left:5px solid #a40e26;padding:.25rem .6rem}
.model-card .stale .from{color:#82071e}
.model-card figure{display:inline-block;vertical-align:top;margin:.3rem .8rem .3rem 0;
max-width:100%}
.model-card figcaption{font-size:.85rem;overflow-wrap:anywhere}
.model-card img{max-width:100%;height:auto;display:block}
"""

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def card_markup(card: ModelCard, pictures: Sequence[CardPicture] = ()) -> str:
    """Return a card as the part of a page; whatever anybody wrote is escaped.

    Parameters
    ----------
    card : ModelCard
    pictures : sequence of CardPicture
        Beside the photos of the gallery and of the findings.
    """
    parts = [f'<article class="model-card" lang="en"><h1>{_text(f"Model card: {card.name}")}</h1>']
    if card.example:
        parts.append("<p><strong>An example of the course, not a product.</strong></p>")
    parts.append(_summary(card))
    for section in card.sections:
        parts.append(_section(section))
        parts += [_drawn(one, bool(card.stale)) for one in pictures if one.section == section.title]
        if section.title == "Quantitative analyses":
            parts += [_gallery_figure(case, bool(card.stale)) for case in card.gallery]
        if section is card.sections[-1]:
            parts += [_finding_figure(finding) for finding in card.findings]
    return "".join([*parts, "</article>"])


def card_page(card: ModelCard, pictures: Sequence[CardPicture] = ()) -> str:
    """Return a card as a whole HTML file, to be opened from disk.

    The page forbids itself every request: its content security policy allows pictures that it
    brings along and its own style, and nothing else.

    Raises
    ------
    ValueError
        With a sentence, if the brief has left something out, or the page would be too large.
    """
    if card.missing:
        raise ValueError(f"The card is not complete. {card.missing[0].text}")
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(f'Model card: {card.name}')}</title>"
        f"<style>body{{margin:0;background:#fff}}{STYLE}</style></head>"
        f"<body>{card_markup(card, pictures)}</body></html>"
    )
    size = len(page.encode())
    if size > MOST_BYTES:
        raise ValueError(
            f"The card would have {size / 1e6:.1f} MB, more than {MOST_BYTES / 1e6:.0f}. Show "
            "fewer photos."
        )
    return page


def save_page(folder: str | os.PathLike, page: str) -> Path:
    """Write a card's page into a folder, which is made; return the file.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    file = Path(folder) / PAGE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, "utf-8")
    return file


def _summary(card: ModelCard) -> str:
    measured = [s for s in card.sentences if s.source]
    if card.stale:
        words = (
            f"Out of date: {len(card.stale)} of {len(measured)} measured sentences belong to "
            f"another model than {short(card.model)}, or to other pictures. They are red, and say "
            "so."
        )
        return f'<p class="stale">{_text(words)}</p>'
    words = (
        f"Every one of the {len(measured)} measured sentences belongs to this model, "
        f"{short(card.model)}."
    )
    return f"<p>{_text(words)}</p>"


def _section(section: CardSection) -> str:
    return f"<h2>{_text(section.title)}</h2>" + "".join(map(_paragraph, section.sentences))


def _paragraph(sentence: Sentence) -> str:
    kinds = f"{sentence.kind} stale" if sentence.stale else sentence.kind
    lead = "<strong>Out of date.</strong> " if sentence.stale else ""
    source = " ".join(filter(None, [sentence.stale, sentence.source]))
    below = f'<span class="from">{_text(source)}</span>' if source else ""
    return f'<p class="{kinds}">{lead}{_text(sentence.text)}{below}</p>'


def _gallery_figure(case, stale: bool) -> str:
    height, width = case.picture.shape[:2]
    size = TILE if height == width else WIDE_TILE
    alt = f"A picture of the test. {case.in_words}"
    return _figure(_jpeg(case.picture), "jpeg", alt, case.in_words, size, stale)


def _finding_figure(finding) -> str:
    return _figure(
        _jpeg(finding.picture), "jpeg", f"What a peer found. {finding.in_words}",
        f"{finding.truth} called {finding.answer}", TILE, False,
    )  # fmt: skip


def _drawn(picture: CardPicture, stale: bool) -> str:
    return _figure(picture.png, "png", picture.alt, "", picture.width, stale)


def _figure(data: bytes, kind: str, alt: str, caption: str, width: int, stale: bool) -> str:
    old = "Out of date: of the model that was measured. " if stale else ""
    below, widest = f"{old}{caption}", max(width, NARROWEST)
    return (
        f'<figure{" class=stale" if stale else ""}><img alt="{_text(old + alt)}" width="{width}" '
        f'src="data:image/{kind};base64,{base64.b64encode(data).decode("ascii")}">'
        + (f'<figcaption style="max-width:{widest}px">{_text(below)}</figcaption>' if below else "")
        + "</figure>"
    )


def _jpeg(picture: np.ndarray) -> bytes:
    from PIL import Image

    memory = io.BytesIO()
    Image.fromarray(picture).save(memory, "JPEG", quality=90)
    return memory.getvalue()


def _text(words: str) -> str:
    return html.escape(words, quote=True)
