"""Full-resolution texture for the hole: a guided patch search. See :mod:`inpaintgui.engine.detail.synthesis`."""

from inpaintgui.engine.detail.settings import DetailSettings, DetailStep
from inpaintgui.engine.detail.synthesis import synthesise_detail
from inpaintgui.engine.detail.warm import warm_up

__all__ = ["DetailSettings", "DetailStep", "synthesise_detail", "warm_up"]
