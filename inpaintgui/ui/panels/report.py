"""What a fill did, in words."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from PySide6.QtCore import QCoreApplication

from inpaintgui.contracts import FillReport, FillStep, Losses, Phase, RegionReport
from inpaintgui.ui.setting_names import value_name
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP, in_users_language

PHASES = {
    Phase.PREPARE: QT_TRANSLATE_NOOP("Report", "Preparing"),
    Phase.SEARCH: QT_TRANSLATE_NOOP("Report", "Searching"),
    Phase.DETAIL: QT_TRANSLATE_NOOP("Report", "Adding detail"),
    Phase.BLEND: QT_TRANSLATE_NOOP("Report", "Blending"),
}


def _translated(text: str) -> str:
    return QCoreApplication.translate("Report", text)


def phase_name(phase: str) -> str:
    """A phase in the user's language; phases this version does not know keep their name."""
    known = {str(name): text for name, text in PHASES.items()}
    return _translated(known[phase]) if phase in known else phase.capitalize()


def step_text(step: FillStep) -> str:
    """Where a fill is: phase, region and step."""
    parts = [phase_name(step.phase)]
    if step.regions > 1:
        parts.append(_translated(QT_TRANSLATE_NOOP("Report", "region {} of {}")).format(step.region + 1, step.regions))
    if step.phase == Phase.DETAIL and step.steps > 0:  # its steps are places in the photo, many thousands of them
        parts.append(_translated(QT_TRANSLATE_NOOP("Report", "{:.0f} %")).format(100 * step.step / step.steps))
    elif step.steps > 0:
        parts.append(_translated(QT_TRANSLATE_NOOP("Report", "step {} of {}")).format(step.step, step.steps))
    return " · ".join(parts)


def duration_text(seconds: float) -> str:
    """A time that is only roughly known."""
    if seconds < 9.5:
        return _translated(QT_TRANSLATE_NOOP("Report", "{:.1g} s")).format(max(seconds, 0.1))
    if seconds < 100:
        return _translated(QT_TRANSLATE_NOOP("Report", "{:.0f} s")).format(seconds)
    return _translated(QT_TRANSLATE_NOOP("Report", "{:.0f} min")).format(seconds / 60)


def losses_text(losses: Losses) -> str:
    """The losses of the leading candidate."""
    text = _translated(QT_TRANSLATE_NOOP("Report", "Loss {:.3g} (contextual {:.3g}, perceptual {:.3g})"))
    return text.format(losses.total, losses.contextual, losses.perceptual)


def report_html(report: FillReport) -> str:
    """The whole report, to be read in a panel about 280 pixels wide."""
    head = _translated(QT_TRANSLATE_NOOP("Report", "{:.1f} s on {} · budget: {} · seed {}")).format(
        report.seconds, report.device, value_name(report.preset), report.seed
    )
    parts = [f"<p style='margin:0 0 6px 0'>{escape(head)}</p>"]
    for number, region in enumerate(report.regions, start=1):
        parts.append(_region_html(region, number, len(report.regions)))
    return "".join(parts)


def _region_html(region: RegionReport, number: int, count: int) -> str:
    name = _translated(QT_TRANSLATE_NOOP("Report", "Region {}, {} × {}")).format(
        number, region.box.width, region.box.height
    )
    used = region.prior if region.prior_used else _translated(_TEXTURE_ONLY)
    title = used if count == 1 else f"{name}: {used}"
    lines = [f"<b>{escape(title)}</b>", escape(_as_sentence(in_users_language(region.reason)))]
    if region.steps:
        text = _translated(QT_TRANSLATE_NOOP("Report", "{} candidates, {} steps"))
        lines.append(escape(text.format(region.candidates, region.steps)))
    if region.losses is not None:
        lines.append(escape(losses_text(region.losses)))
    if region.fit is not None:
        lines.append(escape(fit_text(region.fit)))
    if region.context_error is not None:
        lines.append(escape(_error_text(region.context_error, region.typical_error)))
    if region.seconds:
        lines.append(escape(_times_text(region.seconds)))
    return "<p style='margin:0 0 8px 0'>" + "<br>".join(lines) + "</p>"


def _times_text(seconds: Mapping[str, float]) -> str:
    """What each phase took."""
    time = _translated(QT_TRANSLATE_NOOP("Report", "{} {:.1f} s"))
    times = (time.format(phase_name(phase).lower(), spent) for phase, spent in seconds.items())
    return _translated(QT_TRANSLATE_NOOP("Report", ", ")).join(times)


_TEXTURE_ONLY = QT_TRANSLATE_NOOP("Report", "No prior fits this region; texture only")
# From which share on, of images of its own kind on which the prior errs more, it is said to fit so.
_FITS = (
    (
        0.25,
        QT_TRANSLATE_NOOP("Report", "fits well"),
        QT_TRANSLATE_NOOP("Report", "The prior fits well: on {:.0f} % of the images of its own kind it errs more"),
    ),
    (
        0.05,
        QT_TRANSLATE_NOOP("Report", "fits fairly"),
        QT_TRANSLATE_NOOP("Report", "The prior fits fairly: on {:.0f} % of the images of its own kind it errs more"),
    ),
    (
        0.0,
        QT_TRANSLATE_NOOP("Report", "hardly fits"),
        QT_TRANSLATE_NOOP("Report", "The prior hardly fits: on only {:.0f} % of images of its own kind it errs more"),
    ),
)


def fit_text(fit: float) -> str:
    """How well a prior fits, as a sentence. fit: see :class:`RegionReport`."""
    return next(_translated(text).format(100 * fit) for least, _, text in _FITS if fit >= least)


def fit_words(fit: float) -> str:
    """The same in two words and a figure."""
    words = next(_translated(words) for least, words, _ in _FITS if fit >= least)
    return f"{words} ({100 * fit:.0f} %)"


def _error_text(error: float, typical: float | None) -> str:
    """How well the prior explains the known pixels, errors as in :class:`RegionReport`."""
    if typical is None:
        return _translated(QT_TRANSLATE_NOOP("Report", "Misses the known pixels by {:.1%}")).format(error)
    text = _translated(QT_TRANSLATE_NOOP("Report", "Misses the known pixels by {:.1%} (up to {:.1%} is usual)"))
    return text.format(error, typical)


def _as_sentence(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]
