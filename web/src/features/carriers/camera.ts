// Codes from screen to camera: what is drawn, and what is read from a picture. The library decodes; the node joins.
import { decodeQR } from "qr/decode.js";
import { encodeQR } from "qr";

/** What every text of ours begins with; other codes on a wall are passed over. */
const MARK = "PEHRA:";
/** Light modules around a code, without which no camera finds it. */
const MARGIN = 4;

/** Draws a code as large as the canvas allows, in whole pixels a module. */
export function drawCode(canvas: HTMLCanvasElement, text: string): void {
  const rows = encodeQR(text, "raw", { ecc: "medium", encoding: "alphanumeric", border: MARGIN });
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

/** The text of a code of ours in a picture; none when there is none that can be read. */
export function readCode(picture: ImageData): string | null {
  try {
    const text = decodeQR({ width: picture.width, height: picture.height, data: picture.data });
    return text.startsWith(MARK) ? text : null;
  } catch {
    return null;
  }
}

/** Texts that were not handed on yet, each once. */
export class Basket {
  #seen = new Set<string>();
  #waiting: string[] = [];
  put(text: string): boolean {
    if (this.#seen.has(text)) return false;
    this.#seen.add(text);
    this.#waiting.push(text);
    return true;
  }
  take(): string[] {
    return this.#waiting.splice(0, 64);
  }
  /** What could not be handed on comes again. */
  back(texts: string[]): void {
    this.#waiting.unshift(...texts);
  }
}
