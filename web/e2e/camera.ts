// One page's screen as another page's camera.
import type { Page } from "playwright-core";

/** The camera of a telephone in a hand: pixels, blur in pixels, degrees. */
const CAMERA = { width: 960, height: 720, blur: 1.1, turn: 11 };

/** Puts a canvas in the place of the camera: what is drawn on it by `__film` is what the page sees. */
export async function lendCamera(page: Page): Promise<void> {
  // The loader of these stories names functions by a helper that a page does not have.
  await page.addInitScript("globalThis.__name = (it) => it");
  await page.addInitScript(({ width, height, blur, turn }) => {
    // A browser lends its camera to a page that it trusts, and to no other.
    if (!navigator.mediaDevices) return;
    const film = document.createElement("canvas");
    film.width = width;
    film.height = height;
    const brush = film.getContext("2d");
    const paint = (picture: CanvasImageSource | null): void => {
      if (!brush) return;
      brush.filter = "none";
      brush.fillStyle = "#777";
      brush.fillRect(0, 0, width, height);
      if (!picture) return;
      brush.save();
      brush.filter = `blur(${blur}px)`;
      brush.translate(width / 2, height / 2);
      brush.rotate((turn * Math.PI) / 180);
      brush.drawImage(picture, -height * 0.41, -height * 0.41, height * 0.82, height * 0.82);
      brush.restore();
    };
    paint(null);
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(film.captureStream(15));
    (window as any).__film = async (url: string): Promise<void> => {
      const picture = new Image();
      picture.src = url;
      await picture.decode();
      paint(picture);
    };
  }, CAMERA);
}
/** Holds a picture before a page's camera. */
export const film = (page: Page, picture: string): Promise<void> => page.evaluate((url) => (window as any).__film(url), picture);
