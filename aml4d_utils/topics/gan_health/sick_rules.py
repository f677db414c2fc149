"""Ways to make a contest of garments ill, and to keep it well; every illness is real training."""

from __future__ import annotations

from aml4d_utils.topics.gan_2d.rivalry import Rules

FAIR = Rules()
"""One turn each, the discriminator's steps twice as large."""

STRICT = Rules(generator_rate=2e-5, discriminator_rate=2e-3, discriminator_turns=2, dropping=False)
"""The discriminator learns a hundred times as fast, and twice as often."""

HASTY = Rules(generator_rate=2e-3, discriminator_rate=2e-4, generator_turns=5)
"""The generator learns ten times as fast, and five times as often."""
