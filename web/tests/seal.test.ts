// What the crate sealed opens in a browser, by the same bytes and by nobody else's key.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { utf8 } from "../src/api/bytes";
import { readerOf } from "../src/api/reading";
import { openSealed, type Binding } from "../src/api/seal";

const body = new Uint8Array(readFileSync(resolve(import.meta.dirname, "../../fixtures/seal/v1/sealed.bin")));
const BINDING: Binding = { election: utf8("golden-election1"), author: utf8("golden device id"), kind: 90, compartment: utf8("golden compartm.") };

/** The sample's holders: their secret is the hash of their name. */
async function holder(name: string) {
  const secret = createHash("sha256").update(name).digest();
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), secret]);
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "X25519" }, true, ["deriveBits"]);
  const jwk = await crypto.subtle.exportKey("jwk", privateKey);
  const publicBytes = new Uint8Array(Buffer.from(jwk.x ?? "", "base64url"));
  const publicKey = await crypto.subtle.importKey("raw", publicBytes, { name: "X25519" }, true, []);
  return readerOf({ privateKey, publicKey }, publicBytes);
}

test("both readers of the golden seal open it, and nobody else does", async () => {
  for (const name of ["first", "second"]) {
    const opened = await openSealed(body, BINDING, await holder(name));
    assert.equal(opened && new TextDecoder().decode(opened), "told to few: پولنگ اسٹیشن ۲۴");
  }
  assert.equal(await openSealed(body, BINDING, await holder("later")), null);
});
test("in another entry, another election or with a byte turned it does not open", async () => {
  const first = await holder("first");
  assert.equal(await openSealed(body, { ...BINDING, kind: 91 }, first), null);
  assert.equal(await openSealed(body, { ...BINDING, author: utf8("another deviceid") }, first), null);
  await assert.rejects(openSealed(body, { ...BINDING, compartment: utf8("another compart.") }, first));
  for (let at = 40; at < body.length; at += 7) {
    const turned = body.slice();
    turned[at] = (turned[at] ?? 0) ^ 1;
    const read = await openSealed(turned, BINDING, first).catch(() => "refused");
    // A place of another reader may be turned without harm to the first one's words.
    if (read !== null && read !== "refused") assert.equal(new TextDecoder().decode(read as Uint8Array), "told to few: پولنگ اسٹیشن ۲۴");
  }
});
