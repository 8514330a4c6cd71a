// The day's frames: a byte a station, whole or as differences.

/** Stage of the ladder in the low three bits, then flags. */
export const DAY = { stage: 7, trouble: 8, opened: 16, closed: 32, incident: 64, disputed: 128 } as const;

function bytesOf(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The status after a frame. Differences are five bytes each: a position (little endian) and the new byte. */
export function decodeStatus(base64: string, whole: boolean, before: Uint8Array): Uint8Array {
  const bytes = bytesOf(base64);
  if (whole) return bytes;
  if (bytes.length % 5 !== 0) throw new Error(`day: ${bytes.length} bytes are no differences`);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 5) {
    const position = view.getUint32(at, true);
    if (position < before.length) before[position] = bytes[at + 4] ?? 0;
  }
  return before;
}
