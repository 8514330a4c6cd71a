// The map's own WebGL layer: one draw per tile for the points, one instanced draw for the hexagons.
import type { CustomLayerInterface, CustomRenderMethodInput } from "maplibre-gl";
import type { Hexes, Tiles } from "./geometry";

const POINT_VERTEX = `#version 300 es
uniform mat4 u_matrix;
uniform float u_size;
uniform vec3 u_palette[8];
in vec2 a_place;
in vec4 a_status; // shape, colour, visible, gravity
out vec3 v_colour;
flat out int v_shape;
out float v_size;
void main() {
  int colour = int(a_status.y);
  v_colour = u_palette[clamp(colour, 0, 7)];
  v_shape = int(a_status.x);
  float grow = v_shape == 0 ? 0.86 : 1.12;
  v_size = u_size * grow;
  gl_Position = a_status.z > 0.5 ? u_matrix * vec4(a_place, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = v_size + 1.5;
}`;
const POINT_FRAGMENT = `#version 300 es
precision highp float;
in vec3 v_colour;
flat in int v_shape;
in float v_size;
uniform float u_alpha;
uniform float u_edge;
out vec4 colour;
void main() {
  vec2 p = (gl_PointCoord - 0.5) * 2.0 * (v_size + 1.5) / v_size;
  float d;
  if (v_shape == 0) d = length(p) - 0.9;
  else if (v_shape == 1) d = (abs(p.x) + abs(p.y)) * 0.82 - 0.82;
  else if (v_shape == 2) d = max(abs(p.x), abs(p.y)) - 0.78;
  else d = max(p.y - 0.62, max(0.87 * p.x, -0.87 * p.x) - 0.5 * p.y - 0.46);
  float soft = 1.4 / v_size;
  float inside = 1.0 - smoothstep(-soft, soft, d);
  if (inside < 0.02) discard;
  float rim = v_size > 7.0 ? smoothstep(-0.30, -0.16, d) * u_edge : 0.0;
  float a = inside * u_alpha;
  colour = vec4(mix(v_colour, vec3(0.04, 0.06, 0.09), rim) * a, a);
}`;
const HEX_VERTEX = `#version 300 es
uniform mat4 u_matrix;
uniform float u_radius;
uniform vec3 u_palette[8];
in vec2 a_corner;
in vec2 a_centre;
in vec2 a_look; // step, scale
out vec3 v_colour;
out float v_alpha;
void main() {
  v_colour = u_palette[clamp(int(a_look.x), 0, 7)];
  v_alpha = 0.55 + 0.45 * a_look.y;
  gl_Position = u_matrix * vec4(a_centre + a_corner * u_radius * (0.42 + 0.54 * a_look.y), 0.0, 1.0);
}`;
const HEX_FRAGMENT = `#version 300 es
precision highp float;
in vec3 v_colour;
in float v_alpha;
uniform float u_alpha;
out vec4 colour;
void main() { float a = v_alpha * u_alpha; colour = vec4(v_colour * a, a); }`;

function build(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error("the graphics driver gave no shader");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) ?? "shader");
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "program");
  return program;
}

/** `matrix * translate(x, y) * scale(s)` in double precision: the large numbers cancel before float32 sees them. */
export function moved(matrix: ArrayLike<number>, x: number, y: number, s: number): Float32Array {
  const out = new Float32Array(16);
  for (let row = 0; row < 4; row += 1) {
    const a = matrix[row] ?? 0;
    const b = matrix[4 + row] ?? 0;
    out[row] = a * s;
    out[4 + row] = b * s;
    out[8 + row] = matrix[8 + row] ?? 0;
    out[12 + row] = a * x + b * y + (matrix[12 + row] ?? 0);
  }
  return out;
}

/** Diameter in CSS pixels by zoom. */
export function pointSize(zoom: number): number {
  const stops: [number, number][] = [[6, 1.6], [8, 3.2], [10, 5], [12, 8], [14, 12], [17, 18]];
  const first = stops[0] ?? [0, 1];
  if (zoom <= first[0]) return first[1];
  for (let i = 1; i < stops.length; i += 1) {
    const [z1, s1] = stops[i] ?? first;
    const [z0, s0] = stops[i - 1] ?? first;
    if (zoom <= z1) return s0 + ((zoom - z0) / (z1 - z0)) * (s1 - s0);
  }
  return stops[stops.length - 1]?.[1] ?? first[1];
}

const HEX_UNTIL_ZOOM = 8;

/** 1 well below zoom 8, 0 from zoom 8 on. */
export function hexShare(zoom: number): number {
  return Math.max(0, Math.min(1, (HEX_UNTIL_ZOOM - zoom) / 0.4));
}

export class PointsLayer implements CustomLayerInterface {
  readonly id = "stations";
  readonly type = "custom" as const;
  readonly renderingMode = "2d" as const;
  #gl: WebGL2RenderingContext | null = null;
  #pointProgram: WebGLProgram | null = null;
  #hexProgram: WebGLProgram | null = null;
  #pointArray: WebGLVertexArrayObject | null = null;
  #hexArray: WebGLVertexArrayObject | null = null;
  #place: WebGLBuffer | null = null;
  #status: WebGLBuffer | null = null;
  #hexCentre: WebGLBuffer | null = null;
  #tiles: Tiles | null = null;
  #statusBytes: Uint8Array | null = null;
  #hexes: Hexes | null = null;
  #hexLook: Float32Array | null = null;
  #palette = new Float32Array(24);
  #hexPalette = new Float32Array(24);
  #zoom: () => number;
  #edge = 1;

  constructor(zoom: () => number) {
    this.#zoom = zoom;
  }

  onAdd(_map: unknown, given: WebGLRenderingContext | WebGL2RenderingContext): void {
    const gl = given as WebGL2RenderingContext;
    this.#gl = gl;
    this.#pointProgram = build(gl, POINT_VERTEX, POINT_FRAGMENT);
    this.#hexProgram = build(gl, HEX_VERTEX, HEX_FRAGMENT);
    this.#place = gl.createBuffer();
    this.#status = gl.createBuffer();
    this.#pointArray = gl.createVertexArray();
    gl.bindVertexArray(this.#pointArray);
    this.#attribute(this.#pointProgram, "a_place", this.#place, 2, gl.FLOAT, 0);
    this.#attribute(this.#pointProgram, "a_status", this.#status, 4, gl.UNSIGNED_BYTE, 0);
    const corner = gl.createBuffer();
    const corners = [0, 0];
    for (let i = 0; i <= 6; i += 1) corners.push(Math.sin((i * Math.PI) / 3), Math.cos((i * Math.PI) / 3));
    gl.bindBuffer(gl.ARRAY_BUFFER, corner);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(corners), gl.STATIC_DRAW);
    this.#hexCentre = gl.createBuffer();
    this.#hexArray = gl.createVertexArray();
    gl.bindVertexArray(this.#hexArray);
    this.#attribute(this.#hexProgram, "a_corner", corner, 2, gl.FLOAT, 0);
    for (const [name, offset] of [["a_centre", 0], ["a_look", 8]] as const) {
      const place = gl.getAttribLocation(this.#hexProgram, name);
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#hexCentre);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 16, offset);
      gl.vertexAttribDivisor(place, 1);
    }
    gl.bindVertexArray(null);
    this.#upload();
  }

  #attribute(program: WebGLProgram, name: string, buffer: WebGLBuffer | null, size: number, type: number, stride: number): void {
    const gl = this.#gl;
    if (!gl) return;
    const place = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, type, false, stride, 0);
  }

  setTiles(tiles: Tiles): void {
    this.#tiles = tiles;
    this.#upload();
  }
  /** Four bytes per point in tile order: shape, colour, visible, spare. */
  setStatus(bytes: Uint8Array): void {
    this.#statusBytes = bytes;
    this.#upload("status");
  }
  setPalette(points: [number, number, number][], hexes: [number, number, number][], edge: number): void {
    this.#palette.set(points.flat().slice(0, 24));
    this.#hexPalette.set(hexes.flat().slice(0, 24));
    this.#edge = edge;
  }
  /** `look` holds, per hexagon, the colour step and the size from 0 to 1. */
  setHexes(hexes: Hexes, look: Float32Array): void {
    this.#hexes = hexes;
    this.#hexLook = look;
    this.#upload("hexes");
  }

  #upload(only?: "status" | "hexes"): void {
    const gl = this.#gl;
    if (!gl) return;
    if (this.#tiles && !only) {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#place);
      gl.bufferData(gl.ARRAY_BUFFER, this.#tiles.local, gl.STATIC_DRAW);
    }
    if (this.#statusBytes && only !== "hexes") {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#status);
      gl.bufferData(gl.ARRAY_BUFFER, this.#statusBytes, gl.DYNAMIC_DRAW);
    }
    if (this.#hexes && this.#hexLook && only !== "status") {
      // Relative to the first hexagon: hexagons are only drawn below zoom 8, where float32 is ample.
      const { x, y, count } = this.#hexes;
      const data = new Float32Array(count * 4);
      for (let i = 0; i < count; i += 1) {
        data[i * 4] = (x[i] ?? 0) - (x[0] ?? 0);
        data[i * 4 + 1] = (y[i] ?? 0) - (y[0] ?? 0);
        data[i * 4 + 2] = this.#hexLook[i * 2] ?? 0;
        data[i * 4 + 3] = this.#hexLook[i * 2 + 1] ?? 0;
      }
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#hexCentre);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    }
  }

  render(given: WebGLRenderingContext | WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const gl = given as WebGL2RenderingContext;
    const matrix = input.defaultProjectionData.mainMatrix as unknown as ArrayLike<number>;
    const zoom = this.#zoom();
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    const share = hexShare(zoom);
    if (share > 0) this.#drawHexes(gl, matrix, share);
    if (share < 1) this.#drawPoints(gl, matrix, zoom, 1 - share);
    gl.bindVertexArray(null);
  }

  #drawHexes(gl: WebGL2RenderingContext, matrix: ArrayLike<number>, alpha: number): void {
    const hexes = this.#hexes;
    if (!hexes || !this.#hexProgram || hexes.count === 0) return;
    const at = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(this.#hexProgram as WebGLProgram, name);
    gl.useProgram(this.#hexProgram);
    gl.bindVertexArray(this.#hexArray);
    gl.uniformMatrix4fv(at("u_matrix"), false, moved(matrix, hexes.x[0] ?? 0, hexes.y[0] ?? 0, 1));
    gl.uniform1f(at("u_radius"), hexes.radius);
    gl.uniform1f(at("u_alpha"), alpha);
    gl.uniform3fv(at("u_palette"), this.#hexPalette);
    gl.drawArraysInstanced(gl.TRIANGLE_FAN, 0, 8, hexes.count);
  }

  #drawPoints(gl: WebGL2RenderingContext, matrix: ArrayLike<number>, zoom: number, alpha: number): void {
    const tiles = this.#tiles;
    if (!tiles || !this.#statusBytes || !this.#pointProgram) return;
    const at = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(this.#pointProgram as WebGLProgram, name);
    gl.useProgram(this.#pointProgram);
    gl.bindVertexArray(this.#pointArray);
    gl.uniform1f(at("u_size"), pointSize(zoom) * (globalThis.devicePixelRatio || 1));
    gl.uniform1f(at("u_alpha"), alpha * (zoom < 10 ? 0.85 : 0.95));
    gl.uniform1f(at("u_edge"), this.#edge);
    gl.uniform3fv(at("u_palette"), this.#palette);
    const place = at("u_matrix");
    const scale = 1 / 2 ** tiles.zoom;
    for (const tile of tiles.tiles) {
      const own = moved(matrix, tile.x * scale, tile.y * scale, scale);
      if (outside(own)) continue;
      gl.uniformMatrix4fv(place, false, own);
      gl.drawArrays(gl.POINTS, tile.from, tile.to - tile.from);
    }
  }

  onRemove(): void {
    const gl = this.#gl;
    if (!gl) return;
    for (const buffer of [this.#place, this.#status, this.#hexCentre]) gl.deleteBuffer(buffer);
    gl.deleteProgram(this.#pointProgram);
    gl.deleteProgram(this.#hexProgram);
    gl.deleteVertexArray(this.#pointArray);
    gl.deleteVertexArray(this.#hexArray);
    this.#gl = null;
  }
}

/** Whether the tile's four corners all lie beyond one side of the screen. */
function outside(m: Float32Array): boolean {
  let left = 0, right = 0, below = 0, above = 0;
  for (const [x, y] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) {
    const w = (m[3] ?? 0) * x + (m[7] ?? 0) * y + (m[15] ?? 0);
    const cx = (m[0] ?? 0) * x + (m[4] ?? 0) * y + (m[12] ?? 0);
    const cy = (m[1] ?? 0) * x + (m[5] ?? 0) * y + (m[13] ?? 0);
    const margin = Math.abs(w) * 1.05;
    if (cx < -margin) left += 1;
    if (cx > margin) right += 1;
    if (cy < -margin) below += 1;
    if (cy > margin) above += 1;
  }
  return left === 4 || right === 4 || below === 4 || above === 4;
}
