"""Recognising a recording by its first bytes: Ogg Opus or MPEG-4 audio, one channel, not too large (K17).

It does not decode: whether somebody speaks, and well, is for ears.
"""

from __future__ import annotations

#: 30 seconds at four times the 32 kbit/s that speech needs.
MOST_BYTES = 480_000
#: What files may be called, and what is sent for them.
MEDIA_TYPES = {".ogg": "audio/ogg", ".opus": "audio/ogg", ".m4a": "audio/mp4"}


def media_type_of(sound: bytes) -> str | None:
    """Give the media type of a recording; None when it is neither of the two kinds."""
    if sound.startswith(b"OggS") and b"OpusHead" in sound[:128]:
        return "audio/ogg"
    if sound[4:8] == b"ftyp" and sound[8:12] in (b"M4A ", b"mp42", b"isom", b"iso2", b"mp41", b"dash"):
        return "audio/mp4"
    return None


def channels_of(sound: bytes) -> int | None:
    """Give the number of channels that an Ogg Opus file declares (RFC 7845, 5.1); None for other files."""
    at = sound[:128].find(b"OpusHead")
    return sound[at + 9] if at >= 0 and len(sound) > at + 9 else None


def problem_with(sound: bytes, suffix: str) -> str | None:
    """Say what keeps a file from being taken as a recording, by a word of SOUND_PROBLEMS; None when sound."""
    if len(sound) > MOST_BYTES:
        return "too-large"
    found = media_type_of(sound)
    if found is None:
        return "not-audio"
    if MEDIA_TYPES.get(suffix) != found:
        return "wrong-suffix"
    return "not-mono" if channels_of(sound) not in (None, 1) else None


SOUND_PROBLEMS = {
    "too-large": (f"lớn hơn {MOST_BYTES} byte", f"larger than {MOST_BYTES} bytes"),
    "not-audio": ("không phải Ogg Opus hay M4A", "neither Ogg Opus nor M4A"),
    "wrong-suffix": ("đuôi tệp không đúng loại âm thanh", "the file's ending is not of its kind of sound"),
    "not-mono": ("phải là một kênh (mono)", "must have one channel (mono)"),
    "unknown-place": ("bộ câu hỏi không có đoạn chữ này", "the questionnaire has no such text"),
    "no-words": ("chưa có lời bằng ngôn ngữ này", "no words in this language yet"),
}
