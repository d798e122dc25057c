"""Growth curves as a picture: SVG, both axes logarithmic, readable on light and dark pages."""

import math
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 250, 20, 50
COLOURS: Final = ("#0972d3", "#c33d69", "#2ea597", "#8456ce", "#e07f00", "#5f6b7a", "#037f0c")


@dataclass(frozen=True)
class Curve:
    """Points are (how many, microseconds)."""

    name: str
    points: list[tuple[int, float]]
    dashed: bool = False


def drawn(curves: list[Curve], what: str = "statements") -> str:
    """`what` there are so many of."""
    points = [point for curve in curves for point in curve.points]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    left, right = math.log10(min(xs)), math.log10(max(xs))

    def across(x: float) -> float:
        return LEFT + (math.log10(x) - left) / (right - left) * (WIDTH - LEFT - RIGHT)

    def down(y: float) -> float:
        return TOP + (high - math.log10(y)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"',
        ' font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for power in range(low, high + 1):
        y = down(10**power)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e2e5e9"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#414d5c">{_time(power)}</text>')
    parts += [
        f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="#414d5c">{x:,}</text>'
        for x in sorted(set(xs))
    ]
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle" fill="#414d5c">{what}</text>')
    for number, curve in enumerate(curves):
        parts += _curve(curve, COLOURS[number % len(COLOURS)], number, across, down)
    return "\n".join([*parts, "</svg>", ""])


def _curve(curve: Curve, colour: str, number: int, across: object, down: object) -> list[str]:
    assert callable(across)
    assert callable(down)
    path = "L".join(f"{across(x):.1f} {down(y):.1f}" for x, y in curve.points)
    dash = ' stroke-dasharray="5 4"' if curve.dashed else ""
    y = TOP + 16 + number * 22
    start = WIDTH - RIGHT + 16
    return [
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>' if path else "",
        f'<path d="M{start} {y - 4}h22" stroke="{colour}" stroke-width="2"{dash}/>',
        f'<text x="{start + 30}" y="{y}" fill="#16191f">{escape(curve.name)}</text>',
    ]


def _time(power: int) -> str:
    """10 to this power of microseconds, as people say it."""
    units = ((6, "s"), (3, "ms"), (0, "µs"), (-3, "ns"))
    base, unit = next((each for each in units if power >= each[0]), units[-1])
    return f"{10 ** (power - base)} {unit}"
