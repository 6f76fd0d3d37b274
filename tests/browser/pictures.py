"""Makes a browser's picture small enough for a repository: at most 256 colours, packed well. It takes no pictures."""

import base64
import struct
import zlib
from typing import Final

from playwright.sync_api import Browser

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_COLOURS_FROM_A_PALETTE: Final = 3

# The commonest colours stay exact. Of those that look alike the commonest stands for all; the rest take the nearest.
_REDUCE: Final = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const { width, height } = bitmap;
  const pen = new OffscreenCanvas(width, height).getContext("2d");
  pen.drawImage(bitmap, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height);
  const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const alike = (colour) => channels(colour).reduce((sum, channel) => (sum << 5) | (channel >> 3), 0);
  const counts = new Map();
  const colours = new Uint32Array(width * height);
  for (let at = 0; at < colours.length; at += 1) {
    const colour = (data[at * 4] << 16) | (data[at * 4 + 1] << 8) | data[at * 4 + 2];
    colours[at] = colour;
    counts.set(colour, (counts.get(colour) || 0) + 1);
  }
  const commonest = [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
  const palette = commonest.slice(0, 128);
  const seen = new Set(palette.map(alike));
  for (const colour of commonest) {
    if (palette.length === 256) break;
    if (seen.has(alike(colour))) continue;
    seen.add(alike(colour));
    palette.push(colour);
  }
  const indices = new Map(palette.map((colour, index) => [colour, index]));
  const distance = (one, other) => one.reduce((sum, channel, at) => sum + (channel - other[at]) ** 2, 0);
  const parts = palette.map(channels);
  for (const colour of commonest) {
    if (indices.has(colour)) continue;
    const distances = parts.map((part) => distance(part, channels(colour)));
    indices.set(colour, distances.indexOf(Math.min(...distances)));
  }
  const pixels = new Blob([Uint8Array.from(colours, (colour) => indices.get(colour))]);
  const reader = new FileReader();
  await new Promise((done) => { reader.onload = done; reader.readAsDataURL(pixels); });
  return { width, height, palette: parts.flat(), pixels: reader.result.split(",")[1] };
}"""


def reduced(browser: Browser, png: bytes) -> bytes:
    """The picture as a PNG with a palette."""
    page = browser.new_page()
    try:
        found = page.evaluate(_REDUCE, base64.b64encode(png).decode())
    finally:
        page.close()
    width, height = found["width"], found["height"]
    pixels = base64.b64decode(found["pixels"])
    # Each row starts with its filter, none: the best one for a palette.
    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, width * height, width))
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOURS_FROM_A_PALETTE, 0, 0, 0)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", bytes(found["palette"]))
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
