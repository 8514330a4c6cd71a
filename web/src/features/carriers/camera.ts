// Frames from screen to camera: the library decodes the codes, the node joins the frames.

/** What every frame of ours begins with; other codes on a wall are passed over. */
export const FRAME = /^PEHRA:/;

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
