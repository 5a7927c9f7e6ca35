"""Pictures WeChat holds for us: uploaded once, used until its three days are nearly over."""

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

#: WeChat keeps them 72 hours.
MEDIA_LIFE = timedelta(hours=60)
_MOST = 500


class Shelf:
    """Media ids by content, for this process."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, datetime]] = {}
        self._guard = threading.Lock()

    def media_id(self, content: bytes, upload: Callable[[bytes], str], *, now: datetime) -> str:
        """The id of an uploaded picture, uploading it if it is not held any more."""
        key = hashlib.sha256(content).hexdigest()
        with self._guard:
            held = self._held.get(key)
        if held is not None and held[1] > now:
            return held[0]
        media_id = upload(content)
        with self._guard:
            if len(self._held) >= _MOST:
                self._held.clear()
            self._held[key] = (media_id, now + MEDIA_LIFE)
        return media_id

    def forget(self, media_id: str) -> None:
        """WeChat does not know this id any more."""
        with self._guard:
            self._held = {key: held for key, held in self._held.items() if held[0] != media_id}
