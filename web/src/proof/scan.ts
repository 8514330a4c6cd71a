// Codes in pictures. The library is fetched when the first picture comes.
const OURS = /^PEHRA(1:|-)/;
/** Longest side that is looked at, in turn: small codes want many pixels, blurred ones few. */
const SIDES = [1400, 900, 600];
/** A picture smaller than this is looked at enlarged, too: modules of two pixels and a bit are read in no other way. */
const SMALL = 900;
const ENLARGED = [1.7, 1.3, 1.5];
/** By how much a picture is made smaller or enlarged, in turn; each size once. */
function scales(longest: number): number[] {
  const smaller = SIDES.map((side) => Math.min(1, side / longest));
  return [...new Set(longest <= SMALL ? [...smaller, ...ENLARGED] : smaller)];
}

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
    for (const scale of scales(Math.max(picture.width, picture.height))) {
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
