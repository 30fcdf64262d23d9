"""The blueprint of this room's pages."""

from __future__ import annotations

from flask import Blueprint, url_for

room = Blueprint("uploads", __name__, url_prefix="/banks")


def preview_address(upload_id: str, page: int = 1, show: str = "") -> str:
    return url_for("uploads.preview", upload_id=upload_id, page=page if page > 1 else None, show=show or None)
