"""Settings of the grounded warm-up, with their checks."""

from __future__ import annotations

from dataclasses import dataclass, field

from trainer.errors import SettingsError


@dataclass(frozen=True, slots=True)
class WarmUpSettings:
    """The grounded warm-up (trainer/warmup/).

    Tuples have an entry per stage; the last stage shows whole samples and fades the dense loss out.
    """

    mode: str = "auto"
    """`grounded`, `none`, or `auto`: grounded if Vary-tiny starts without a trained tower."""
    sizes: tuple[int, ...] = (224, 448, 1024)
    """Picture sides in pixels; the last is model.image_size. Windows of 14 patches of 16 pixels
    fill 224 and 448 pixels exactly; at 256, three quarters of their patches are padding."""
    batch_sizes: tuple[int, ...] = (256, 96, 16)
    steps: tuple[int, ...] = (1500, 1200, 2000)
    """Maximum steps of a stage, within `lag`; the last stage always has all of them."""
    minutes: float | None = None
    """Approximate duration of the warm-up: the last stage gets the steps that fit. Their number
    depends on the machine's speed and is logged."""
    glyph_low: tuple[float, ...] = (12.0, 7.0, 8.0)
    """Crops enlarge characters to widths in pixels from `glyph_low` to `glyph_high`."""
    glyph_high: tuple[float, ...] = (32.0, 20.0, 28.0)
    """Characters are never smaller than in the whole picture."""
    first_length: int = 4
    """Target tokens of an answer at the start."""
    lengths: tuple[int, ...] = (48, 240, 1200)
    growth: float = 1.5
    """Of length and of the number of characters."""
    loss_below: tuple[float, ...] = (2.5, 2.5, 2.5)
    gain_above: float = 0.5
    accuracy_above: float = 0.6
    """The lengths grow when running loss, vision gain and dense accuracy pass these."""
    grown_by: tuple[float, ...] = ()
    """Share of a stage's steps by whose end its answers have their full length in any case; 0, or
    empty: they grow only when these are passed."""
    patience: int = 20
    """Steps between two growths."""
    lag: int = 32
    """Steps from a decision to its effect; so many batches can be read ahead."""
    first_characters: int = 1500
    fewest: int = 10
    """A character must occur this often in the data to become a class."""
    dense_weight: float = 1.0
    token_weight: float = 1.0
    """Weight of classifying characters from the language model's image tokens."""
    places: tuple[int, ...] = (2, 4)
    """Rows and columns of places in a cell of 16 pixels that have a character each. Letters of a
    page at full size are about 8 pixels wide."""
    text_places: int = 16384
    """Maximum places with text in a step's dense loss on one device."""
    background: float = 0.05
    isolated: float = 0.5
    """Share of the first crops that show only their answer; it falls as answers grow."""
    weights: dict[str, float] = field(default_factory=dict)
    """Share by configuration name before the last stage, since pages have many characters even if
    `data.weights` gives them a small share. Empty: `data.weights`, as in the last stage."""
    whole: float = 0.7
    """Share of whole samples with their complete answers in the last stage."""
    crops_per_picture: int = 4
    optimizer: str = "muon"
    """`muon`: Muon for the matrices of the blocks, AdamW for the rest; or `adamw` for all."""
    lr: float = 8e-4
    lr_scale: dict[str, float] = field(default_factory=dict)
    betas: tuple[float, float] = (0.9, 0.98)
    momentum: float = 0.95
    """Of Muon."""
    weight_decay: float = 0.0
    warmup: int = 100
    """Steps to the full learning rate."""
    fade: float = 0.4
    """The last share of the last stage, over which dense loss and learning rate fall."""
    lr_end: float = 0.1
    """Final learning rate, as a share of `lr`."""
    clip: float = 1.0
    cache_mb: int = 1024
    """Decoded pictures that a worker keeps in memory."""

    @property
    def grid(self) -> tuple[int, int]:
        """`places` as rows and columns."""
        rows, columns = self.places
        return rows, columns


def check_warm_up(settings: WarmUpSettings) -> None:
    """Check that every stage has all of its settings, and the ranges of values."""
    for name in ("batch_sizes", "steps", "glyph_low", "glyph_high", "lengths", "loss_below"):
        values = getattr(settings, name)
        if len(values) != len(settings.sizes):
            raise SettingsError(
                f"warm_up.{name} has {len(values)} entries, warm_up.sizes {len(settings.sizes)}",
                "give one for each stage",
            )
        if min(values) <= 0:
            raise SettingsError(f"warm_up.{name} is {list(values)}", "all must be above 0")
    if any(size < 64 or size % 16 for size in settings.sizes):
        raise SettingsError(f"warm_up.sizes is {list(settings.sizes)}", "expected multiples of 16")
    for name, value in (
        ("first_length", settings.first_length),
        ("first_characters", settings.first_characters),
        ("crops_per_picture", settings.crops_per_picture),
        ("patience", settings.patience),
        ("lag", settings.lag),
    ):
        if value < 1:
            raise SettingsError(f"warm_up.{name} is {value}", "it must be at least 1")
    if len(settings.places) != 2 or any(n < 1 or 16 % n for n in settings.places):
        raise SettingsError(
            f"warm_up.places is {list(settings.places)}", "expected rows and columns that divide 16"
        )
    if not 0 < settings.fade <= 1:
        raise SettingsError(
            f"warm_up.fade is {settings.fade}", "expected a share above 0, at most 1"
        )
    shares = settings.grown_by
    if shares and (
        len(shares) != len(settings.sizes) or not all(0 <= share <= 1 for share in shares)
    ):
        raise SettingsError(
            f"warm_up.grown_by is {list(shares)}", "expected a share from 0 to 1 for each stage"
        )
    if settings.growth <= 1:
        raise SettingsError(f"warm_up.growth is {settings.growth}", "it must be above 1")
