// Codes in pictures. The library is fetched when the first picture comes.
const OURS = /^PEHRA(1:|-)/;
/** Longest side that is looked at, in turn: small codes want many pixels, blurred ones few. */
const SIDES = [1400, 900, 600];

export async function reader(): Promise<(picture: ImageData) => string | null> {
  const { decodeQR } = await import("qr/decode.js");
  return (picture) => {
    try {
      const text = decodeQR({ width: picture.width, height: picture.height, data: picture.data });
      return OURS.test(text) ? text : null;
    } catch {
      return null;
    }
  };
}

/** The text of the code in a photograph; none when there is none that can be read. */
export async function readPhotograph(file: Blob): Promise<string | null> {
  const read = await reader();
  const picture = await createImageBitmap(file);
  try {
    for (const side of SIDES) {
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      const brush = canvas.getContext("2d", { willReadFrequently: true });
      if (!brush) return null;
      brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const text = read(brush.getImageData(0, 0, canvas.width, canvas.height));
      if (text) return text;
    }
    return null;
  } finally {
    picture.close();
  }
}
