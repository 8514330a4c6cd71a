// One door to the node: same origin, JSON, the CSRF token on whatever changes something.
import type { ToSign } from "./key";
import type { Fault } from "./types";

export class ApiFault extends Error {
  readonly status: number;
  readonly fault: Fault;
  constructor(status: number, fault: Fault) {
    super(fault.text_en);
    this.status = status;
    this.fault = fault;
  }
}

let csrf = "";
let onSignedOut: () => void = () => undefined;
/** Signs with the own key of this page: the key's id and the signatures, or null when it holds none that fits. */
export type Sign = (wanted: ToSign) => Promise<string[] | null>;
let sign: Sign = () => Promise.resolve(null);
let keyId = "";
/** An act of two persons asks twice: over the first's header, then over the own. */
const SIGNED_AT_MOST = 4;

export function signWith(next: Sign, key: string): void {
  sign = next;
  keyId = key;
}

export function setCsrf(token: string): void {
  csrf = token;
}
export function whenSignedOut(deed: () => void): void {
  onSignedOut = deed;
}

const UNREACHABLE: Fault = {
  code: "unreachable",
  text_en: "The node does not answer. What is on screen may be old; nothing you typed is lost.",
  text_ur: "نوڈ جواب نہیں دے رہا۔ اسکرین پر موجود معلومات پرانی ہو سکتی ہیں؛ آپ کا لکھا ضائع نہیں ہوا۔",
};

async function faultOf(response: Response): Promise<Fault> {
  try {
    const body: unknown = await response.json();
    if (body && typeof body === "object" && "code" in body && "text_en" in body) return body as Fault;
  } catch {
    // not JSON: said below
  }
  return {
    code: `http-${response.status}`,
    text_en: `The node answered ${response.status}. Try again; if it stays, tell whoever keeps the node.`,
    text_ur: `نوڈ کا جواب: ${response.status}۔ دوبارہ کوشش کریں؛ یہی رہے تو نوڈ کے ذمہ دار کو بتائیں۔`,
  };
}

async function once(method: string, path: string, body: BodyInit | null, headers: Record<string, string>): Promise<Response> {
  const all: Record<string, string> = { accept: "application/json", ...headers };
  if (method !== "GET") all["x-pehra-csrf"] = csrf;
  if (method !== "GET" && keyId) all["x-pehra-key"] = keyId;
  try {
    return await fetch(path, { method, body, headers: all, credentials: "same-origin" });
  } catch {
    throw new ApiFault(0, UNREACHABLE);
  }
}

export async function call(method: string, path: string, body?: BodyInit | null, headers: Record<string, string> = {}): Promise<Response> {
  let response = await once(method, path, body ?? null, headers);
  for (let round = 0; response.status === 428 && round < SIGNED_AT_MOST; round += 1) {
    const fault = await faultOf(response);
    const signatures = fault.sign ? await sign(fault.sign) : null;
    if (!fault.sign || !signatures) throw new ApiFault(428, fault);
    response = await once(method, path, body ?? null, { ...headers, "x-pehra-signed": `${fault.sign.draft}:${signatures.join(",")}` });
  }
  if (response.status === 401 && path !== "/api/session") onSignedOut();
  if (!response.ok && response.status !== 304) throw new ApiFault(response.status, await faultOf(response));
  return response;
}

async function json<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text ? JSON.parse(text) : null) as T;
}

let questions = 0;
/** Questions under way, by path: the numbers of those that wait, and the newest answer that came meanwhile. */
const under = new Map<string, { waiting: Set<number>; newest: { number: number; answer: unknown } | null }>();
/** Asks. Of several questions to one path an answer that a newer one has overtaken gives way to that: nobody shows what is older than what was shown. */
export async function get<T>(path: string): Promise<T> {
  const number = (questions += 1);
  const same = under.get(path) ?? { waiting: new Set<number>(), newest: null };
  under.set(path, same);
  same.waiting.add(number);
  try {
    const answer = await json<T>(await call("GET", path));
    if (same.newest && same.newest.number > number) return same.newest.answer as T;
    same.newest = { number, answer };
    return answer;
  } finally {
    same.waiting.delete(number);
    if (same.waiting.size === 0) under.delete(path);
  }
}
export async function send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T> {
  const given = body === undefined ? null : JSON.stringify(body);
  return json<T>(await call(method, path, given, given === null ? {} : { "content-type": "application/json" }));
}

/** `?a=1&b=x` of what is given; empty values are left out. */
export function query(of: Record<string, string | number | boolean | null | undefined>): string {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(of)) {
    if (value !== null && value !== undefined && value !== "" && value !== false) parts.set(key, String(value));
  }
  const text = parts.toString();
  return text ? `?${text}` : "";
}

/** Sends a file with progress, which `fetch` cannot tell. Aborting ends the request. */
export function upload<T>(path: string, file: Blob, onProgress: (sent: number, total: number) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("x-pehra-csrf", csrf);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total || file.size);
    request.onerror = () => reject(new ApiFault(0, UNREACHABLE));
    request.onabort = () => reject(new ApiFault(0, { code: "aborted", text_en: "The transfer was stopped.", text_ur: "منتقلی روک دی گئی۔" }));
    request.onload = () => {
      try {
        const body: unknown = JSON.parse(request.responseText);
        if (request.status >= 200 && request.status < 300) resolve(body as T);
        else reject(new ApiFault(request.status, body as Fault));
      } catch {
        reject(new ApiFault(request.status, { ...UNREACHABLE, code: `http-${request.status}` }));
      }
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
