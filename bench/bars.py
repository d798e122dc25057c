"""A few figures side by side as a picture: SVG, readable on light and dark pages."""

from dataclasses import dataclass
from html import escape
from typing import Final

from bench.curves import COLOURS

WIDTH: Final = 760
_LABELS: Final = 210
_FIGURES: Final = 90
_BAR: Final = 20
_GAP: Final = 14
_TOP: Final = 34


@dataclass(frozen=True)
class Group:
    """What was done, and a figure for each of the picture's series."""

    name: str
    figures: list[float]


def drawn(groups: list[Group], series: list[str]) -> str:
    most = max(figure for group in groups for figure in group.figures)
    height = _TOP + len(groups) * (len(series) * _BAR + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"',
        ' font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for number, name in enumerate(series):
        x = _LABELS + number * 110
        parts.append(f'<rect x="{x}" y="10" width="12" height="12" fill="{COLOURS[number]}"/>')
        parts.append(f'<text x="{x + 18}" y="21" fill="#16191f">{escape(name)}</text>')
    y = float(_TOP)
    for group in groups:
        middle = y + len(series) * _BAR / 2 + 4
        parts.append(
            f'<text x="{_LABELS - 10}" y="{middle:.1f}" text-anchor="end" fill="#16191f">{escape(group.name)}</text>'
        )
        for number, figure in enumerate(group.figures):
            length = figure / most * (WIDTH - _LABELS - _FIGURES)
            parts.append(
                f'<rect x="{_LABELS}" y="{y + 2:.1f}" width="{length:.1f}" height="{_BAR - 4}" '
                f'fill="{COLOURS[number]}"/>'
            )
            parts.append(f'<text x="{_LABELS + length + 8:.1f}" y="{y + 14:.1f}" fill="#414d5c">{figure:,.0f}</text>')
            y += _BAR
        y += _GAP
    return "\n".join([*parts, "</svg>", ""])
