"""Drawing of what a tool shows of unfinished work: outlines, scribbles, handles."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from inpaintgui.session.tools import LineKind, Sketch, SketchLine
from inpaintgui.ui.viewport import Viewport

# Okabe & Ito's palette: told apart by colour-blind people.
_SCRIBBLE_COLOURS = {LineKind.KEEP: QColor(0, 158, 115, 200), LineKind.DROP: QColor(213, 94, 0, 200)}
_SHADE, _LIGHT = QColor(0, 0, 0, 180), QColor(255, 255, 255)
_HANDLE = 4.0
"""Logical pixels from a handle's middle to its edge."""


def draw_sketch(painter: QPainter, view: Viewport, sketch: Sketch) -> None:
    """Draw with a painter that counts in device pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in sketch:
        points = [QPointF((x - view.left) * view.zoom, (y - view.top) * view.zoom) for x, y in line.points]
        if line.kind is LineKind.HANDLE:
            _draw_handle(painter, points[0], view.ratio)
        elif line.kind is LineKind.OUTLINE:
            _draw_outline(painter, points, line, view.ratio)
        else:
            _draw_scribble(painter, points, line, view)
    painter.restore()


def _draw_handle(painter: QPainter, point: QPointF, ratio: float) -> None:
    reach = _HANDLE * ratio
    frame = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    painter.fillRect(frame, _LIGHT)
    painter.setPen(QPen(_SHADE, ratio))
    painter.drawRect(frame)


def _draw_outline(painter: QPainter, points: list[QPointF], line: SketchLine, ratio: float) -> None:
    polygon = QPolygonF(points)
    dashed = QPen(_LIGHT, ratio, Qt.PenStyle.CustomDashLine)
    dashed.setDashPattern([4, 4])
    for pen in (QPen(_SHADE, 2.5 * ratio), dashed):
        painter.setPen(pen)
        if line.closed:
            painter.drawPolygon(polygon)
        else:
            painter.drawPolyline(polygon)


def _draw_scribble(painter: QPainter, points: list[QPointF], line: SketchLine, view: Viewport) -> None:
    width = max(3.0 * view.ratio, line.width * view.zoom)
    pen = QPen(_SCRIBBLE_COLOURS[line.kind], width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    if len(points) == 1:
        painter.drawPoint(points[0])
    else:
        painter.drawPolyline(QPolygonF(points))
