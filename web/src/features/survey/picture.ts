// A picture made small: decoded, turned upright, drawn anew. What a telephone writes into a file besides the picture does
// not survive that; the node drops it once more.

/** Longest side that is kept, in pixels: a gate's hinge can be seen on it. */
export const SIDE_MAX = 1600;
const QUALITIES = [0.82, 0.7, 0.55, 0.4];

export interface Cover { x: number; y: number; width: number; height: number }

/** Width and height after shrinking. */
export function fitted(width: number, height: number, most = SIDE_MAX): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
/** A frame with its corner first, cut to the picture; drawn backwards it is the same frame. */
export function framed(from: { x: number; y: number }, to: { x: number; y: number }, width: number, height: number): Cover {
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value)));
  const [left, right] = [clamp(Math.min(from.x, to.x), width), clamp(Math.max(from.x, to.x), width)];
  const [top, bottom] = [clamp(Math.min(from.y, to.y), height), clamp(Math.max(from.y, to.y), height)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export async function decoded(file: Blob): Promise<HTMLCanvasElement> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = document.createElement("canvas");
  Object.assign(canvas, fitted(picture.width, picture.height));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}
/** The picture as JPEG under a number of bytes; none when it cannot be made that small. */
export async function packed(canvas: HTMLCanvasElement, bytesMax: number): Promise<ArrayBuffer | null> {
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((settle) => canvas.toBlob(settle, "image/jpeg", quality));
    if (blob && blob.size <= bytesMax) return blob.arrayBuffer();
  }
  return null;
}
