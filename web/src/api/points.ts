// The map's columnar file: a header of 20 bytes, then one column after another, each padded to 4 bytes.

export const FLAG = { estimated: 1, provisional: 2, disagrees: 4, overridden: 8, official: 16 } as const;

export interface Points {
  count: number;
  districts: number;
  /** Degrees. */
  lat: Float64Array;
  lon: Float64Array;
  district: Uint16Array;
  /** Hundredths of the inherent score. */
  score: Uint16Array;
  /** 0 normal, 1 sensitive, 2 most sensitive: the class by which forces are due. */
  klass: Uint8Array;
  flags: Uint8Array;
  /** 0 men, 1 women, 2 combined. */
  kind: Uint8Array;
  /** 0 none, 1 some post unmet, 2 a legal minimum unmet. */
  shortfall: Uint8Array;
  /** The day's byte for each station, while the day's screen shows it. */
  day?: Uint8Array;
  /** How a basing covers each station, and in how many minutes, while the reserves show it. */
  cover?: Uint8Array;
  minutes?: Uint8Array;
  /** Hundredths of the days on which a team is there, while the plan of patrols is shown; 255 outside of it. */
  patrol?: Uint8Array;
}

const HEADER_BYTES = 20;
const E7 = 1e-7;

/** Reads the file, or says what is wrong with it. Little-endian, as the server writes it. */
export function readPoints(buffer: ArrayBuffer): Points {
  const view = new DataView(buffer);
  if (buffer.byteLength < HEADER_BYTES) throw new Error(`points: ${buffer.byteLength} bytes are too few for a header`);
  const magic = String.fromCharCode(view.getUint8(0), view.getUint8(1), view.getUint8(2), view.getUint8(3));
  if (magic !== "PHP1") throw new Error(`points: begins with "${magic}" instead of "PHP1"`);
  const count = view.getUint32(4, true);
  const districts = view.getUint32(8, true);
  const originLat = view.getInt32(12, true);
  const originLon = view.getInt32(16, true);
  let at = HEADER_BYTES;
  const column = (bytesEach: number): number => {
    const start = at;
    at += Math.ceil((count * bytesEach) / 4) * 4;
    return start;
  };
  const starts = [column(4), column(4), column(2), column(2), column(1), column(1), column(1), column(1)] as const;
  if (at > buffer.byteLength) throw new Error(`points: ${count} stations need ${at} bytes, the file has ${buffer.byteLength}`);
  const lat = new Float64Array(count);
  const lon = new Float64Array(count);
  const district = new Uint16Array(count);
  const score = new Uint16Array(count);
  for (let i = 0; i < count; i += 1) {
    lat[i] = (view.getInt32(starts[0] + i * 4, true) + originLat) * E7;
    lon[i] = (view.getInt32(starts[1] + i * 4, true) + originLon) * E7;
    district[i] = view.getUint16(starts[2] + i * 2, true);
    score[i] = view.getUint16(starts[3] + i * 2, true);
  }
  const bytes = (start: number): Uint8Array => new Uint8Array(buffer.slice(start, start + count));
  return { count, districts, lat, lon, district, score, klass: bytes(starts[4]), flags: bytes(starts[5]), kind: bytes(starts[6]), shortfall: bytes(starts[7]) };
}
