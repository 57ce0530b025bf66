"""Files: stored once, named by a file_id, fetched under /file/bot<token>/."""

import hashlib
import mimetypes
from typing import Any

from bot.rehearsal.objects import file_json
from bot.rehearsal.params import Params, Upload
from bot.rehearsal.refusal import bad_request
from bot.rehearsal.state import Json, State, StoredFile

DOWNLOAD_LIMIT = 20 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
FOLDERS = {"document": "documents", "photo": "photos", "voice": "voice", "sticker": "stickers"}
PREFIXES = {"document": "BQACAgUAAxkBAAI", "photo": "AgACAgUAAxkBAAI", "voice": "AwACAgUAAxkBAAI"}
OTHER_PREFIX = "CAACAgUAAxkBAAI"
IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")
DOT = bytes.fromhex(  # a PNG of one pixel
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
ATTRIBUTES: dict[str, Json] = {
    "photo": {"width": 1280, "height": 960},
    "voice": {"duration": 3, "mime_type": "audio/ogg"},
    "sticker": {
        "width": 512,
        "height": 512,
        "type": "regular",
        "is_animated": False,
        "is_video": False,
    },
}


def store(
    state: State,
    kind: str,
    name: str,
    data: bytes | None,
    *,
    size: int | None = None,
    mime_type: str | None = None,
) -> StoredFile:
    """Keeps a file; a huge one may come with its size and no bytes."""
    number = state.count("files")
    length = size if size is not None else len(data or b"")
    unique = hashlib.sha256(data if data is not None else f"{name} {length}".encode()).hexdigest()[:14]
    extension = name.rpartition(".")[2] if "." in name else ""
    path = f"{FOLDERS.get(kind, kind)}/file_{number}" + (f".{extension}" if extension else "")
    file_id = f"{PREFIXES.get(kind, OTHER_PREFIX)}{number:06d}{unique}"
    guessed = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    described = ATTRIBUTES.get(kind, {"file_name": name, "mime_type": guessed})
    stored = StoredFile(file_id, f"AgAD{unique}", kind, path, length, described, data)
    state.files[file_id] = stored
    return stored


def content(stored: StoredFile) -> Json:
    """The field of Message that carries the file."""
    described = file_json(stored) | stored.described
    return {stored.kind: [described] if stored.kind == "photo" else described}


def sent_file(state: State, params: Params, kind: str, given: Any) -> StoredFile:
    """The file a call names: an upload, `attach://` an upload, or a file_id."""
    upload = params.uploads.get(str(given).removeprefix("attach://") if given else kind)
    if upload:
        return _uploaded(state, kind, upload)
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    if str(given).startswith("attach://") or str(given).startswith(("http://", "https://")):
        raise bad_request("wrong file identifier/HTTP URL specified")
    stored = state.files.get(str(given))
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


def _uploaded(state: State, kind: str, upload: Upload) -> StoredFile:
    size = len(upload.data)
    if not size:
        raise bad_request("file must be non-empty")
    if kind == "photo" and size > PHOTO_LIMIT:
        reason = f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes"
        raise bad_request(reason)
    if kind == "photo" and not upload.data.startswith(IMAGES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return store(state, kind, upload.name, upload.data, mime_type=upload.mime_type)


def get_file(state: State, file_id: str) -> Json:
    """The File object; refused over 20 MB."""
    if not file_id:
        raise bad_request("file_id not specified")
    stored = state.files.get(file_id)
    if stored is None:
        known = file_id.startswith((*PREFIXES.values(), OTHER_PREFIX))
        reason = "wrong file_id or the file is temporarily unavailable" if known else "invalid file_id"
        raise bad_request(reason)
    if stored.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return file_json(stored) | {"file_path": stored.path}


def fetch(state: State, path: str) -> bytes | None:
    found = next((stored for stored in state.files.values() if stored.path == path), None)
    if found is None or found.size > DOWNLOAD_LIMIT:
        return None
    return found.data if found.data is not None else bytes(found.size)
