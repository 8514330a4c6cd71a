// The live stream. EventSource resumes by itself with Last-Event-ID; "reset" means that too much was missed.

export type LiveState = "connecting" | "open" | "lost";
export interface Delta { seq: number; topic: string; [key: string]: unknown }

export interface LiveHandlers {
  delta: (delta: Delta) => void;
  reset: () => void;
  state: (state: LiveState) => void;
}

/** Opens the stream; the answer closes it. */
export function openLive(handlers: LiveHandlers): () => void {
  handlers.state("connecting");
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const connect = (): void => {
    source = new EventSource("/api/live");
    source.onopen = () => handlers.state("open");
    source.addEventListener("delta", (event) => {
      handlers.state("open");
      try {
        handlers.delta(JSON.parse((event as MessageEvent<string>).data) as Delta);
      } catch {
        handlers.reset();
      }
    });
    source.addEventListener("reset", () => handlers.reset());
    source.onerror = () => {
      handlers.state("lost");
      // The browser gives up for good after an HTTP error: begin anew, and fetch what changed meanwhile.
      if (source?.readyState === EventSource.CLOSED && !closed) {
        clearTimeout(retry);
        retry = setTimeout(() => {
          connect();
          handlers.reset();
        }, 3000);
      }
    };
  };
  connect();
  return () => {
    closed = true;
    clearTimeout(retry);
    source?.close();
  };
}
