// Codes on a screen and in pictures. A chunk of its own: it is fetched, or taken from the shelf, when a code is wanted.
import { decodeQR } from "qr/decode.js";
import { encodeQR } from "qr";

/** Light modules around a code, without which no camera finds it. */
const MARGIN = 4;
/** Beyond so many letters a code is drawn with less correction, so that its modules stay large enough. */
const LONG = 700;

/** Draws a code as large as the canvas allows, in whole pixels a module. */
export function drawCode(canvas: HTMLCanvasElement, text: string): void {
  const rows = encodeQR(text, "raw", { ecc: text.length > LONG ? "low" : "medium", encoding: "alphanumeric", border: MARGIN });
  const brush = canvas.getContext("2d");
  if (!brush) return;
  const module = Math.max(1, Math.floor(Math.min(canvas.width, canvas.height) / rows.length));
  const offset = Math.floor((Math.min(canvas.width, canvas.height) - module * rows.length) / 2);
  // White and black whatever the theme is: the camera decides.
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.fillStyle = "#000";
  rows.forEach((row, y) => row.forEach((dark, x) => {
    if (dark) brush.fillRect(offset + x * module, offset + y * module, module, module);
  }));
}

/** The text of a code in a picture, if it begins as one of ours does; none when there is none that can be read. */
export function readCode(picture: ImageData, ours: RegExp): string | null {
  try {
    const text = decodeQR({ width: picture.width, height: picture.height, data: picture.data });
    return ours.test(text) ? text : null;
  } catch {
    return null;
  }
}
