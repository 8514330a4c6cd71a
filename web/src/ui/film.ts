// A camera's pictures, one after the other, as long as somebody looks.

interface Looks {
  /** Longer side of the picture that is read: larger ones cost time and bring nothing. */
  side: number;
  everyMs: number;
  look: (picture: ImageData) => void;
  refused: () => void;
}

/** Films into an element until the answer is called. */
export function watch(film: HTMLVideoElement, { side, everyMs, look, refused }: Looks): () => void {
  let ended = false;
  let stream: MediaStream | null = null;
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const stop = (given: MediaStream | null): void => given?.getTracks().forEach((track) => track.stop());
  void (async () => {
    try {
      const given = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      if (ended) return stop(given);
      stream = film.srcObject = given;
      await film.play();
    } catch {
      // Whoever stops at once takes the film away while it still begins: that is no fault.
      if (!ended) refused();
    }
  })();
  const timer = setInterval(() => {
    if (!film.videoWidth || !brush) return;
    const scale = Math.min(1, side / Math.max(film.videoWidth, film.videoHeight));
    canvas.width = Math.round(film.videoWidth * scale);
    canvas.height = Math.round(film.videoHeight * scale);
    brush.drawImage(film, 0, 0, canvas.width, canvas.height);
    look(brush.getImageData(0, 0, canvas.width, canvas.height));
  }, everyMs);
  return () => {
    ended = true;
    clearInterval(timer);
    stop(stream);
  };
}
