/** How long the first of two keys waits for the second, milliseconds between the two presses. */
const WAIT_MS = 4000;

/** The first key of two (`g`, then a screen's key). It goes by when the keys were pressed, not by when a busy page came to them. */
export class Prefix {
  #pressedMs = Number.NEGATIVE_INFINITY;
  press(event: Pick<Event, "timeStamp">): void {
    this.#pressedMs = event.timeStamp;
  }
  holds(event: Pick<Event, "timeStamp">): boolean {
    return event.timeStamp - this.#pressedMs < WAIT_MS;
  }
  /** The second key has come. */
  end(): void {
    this.#pressedMs = Number.NEGATIVE_INFINITY;
  }
}
