"""The templates' colours."""

from dataclasses import dataclass

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
CARD_INK: Colour = (38, 33, 30)
CARD_MUTED: Colour = (138, 129, 122)
CARD_LINE: Colour = (238, 233, 227)


@dataclass(frozen=True, slots=True)
class Palette:
    """One template: the sheet runs from `top` to `bottom`, the neutral panel from `panel` to `panel_low`."""

    top: Colour
    bottom: Colour
    ink: Colour
    muted: Colour
    accent: Colour
    panel: Colour
    panel_low: Colour
    shadow: Colour


TEMPLATES: dict[str, Palette] = {
    "clean": Palette(
        top=(252, 249, 244),
        bottom=(243, 234, 222),
        ink=(42, 33, 28),
        muted=(136, 122, 110),
        accent=(205, 52, 38),
        panel=(240, 229, 214),
        panel_low=(223, 204, 182),
        shadow=(120, 88, 58),
    ),
    "spring": Palette(
        top=(247, 251, 244),
        bottom=(222, 237, 219),
        ink=(27, 46, 36),
        muted=(104, 128, 113),
        accent=(222, 82, 36),
        panel=(225, 239, 220),
        panel_low=(186, 214, 184),
        shadow=(54, 92, 66),
    ),
    "night": Palette(
        top=(33, 45, 48),
        bottom=(15, 21, 24),
        ink=(250, 244, 232),
        muted=(172, 178, 170),
        accent=(240, 192, 120),
        panel=(54, 71, 74),
        panel_low=(32, 44, 47),
        shadow=(0, 0, 0),
    ),
}
