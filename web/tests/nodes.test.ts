import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeRow, Nodes, Paths } from "../src/api/types.ts";
import { DARK_MS, FRESH_MS, LOOK, links, NODE_STATES, SIGN, stands, stateOf } from "../src/features/carriers/nodes.ts";

const NOW = 1_707_350_400_000;
const node = (name: string, more: Partial<NodeRow> = {}): NodeRow => ({ device: name, name, area: "pk/sindh/sukkur", roles: [], lat_e7: 277_000_000, lon_e7: 688_000_000, marks: ["vouched"], entries: 1, said_ms: NOW, received_ms: NOW, withheld: 0, paths: [], ...more });
const path = (name: string, state: string, more: Partial<Paths["paths"][number]> = {}): Paths["paths"][number] => ({ name, area: "pk", carrier: "lan", state, since_ms: null, heard_ms: null, delivered_ms: null, failures: 0, queue: [], queue_ms: null, ...more });
const world = (nodes: NodeRow[], paths: Paths["paths"], ends: Nodes["ends"] = []): [Nodes, Paths] => [{ nodes, more: 0, ends, now_ms: NOW }, { paths, areas: [], now_ms: NOW }];

test("a node is as its best path is, and without one as old as its last word", () => {
  const aged = (ms: number): string => stateOf(node("x", { received_ms: NOW - ms }), [], NOW);
  assert.deepEqual([aged(0), aged(FRESH_MS), aged(FRESH_MS + 1), aged(DARK_MS), aged(DARK_MS + 1)], ["heard", "heard", "aged", "aged", "dark"]);
  assert.equal(stateOf(node("x", { received_ms: null }), [], NOW), "dark", "never heard");
  const by = (...states: string[]): string => stateOf(node("x", { received_ms: null }), states.map((state, n) => path(`p${n}`, state)), NOW);
  assert.deepEqual([by("lost", "up"), by("lost", "doubtful"), by("lost"), by("unknown"), by("lost", "lost")], ["up", "doubtful", "dark", "dark", "dark"]);
  // A path of a kind or state that this page does not know yet neither breaks nor hides anything.
  assert.equal(stateOf(node("x"), [path("p", "half-up", { carrier: "pigeon" })], NOW), "dark");
});
test("what must not be believed is out of use, however well it carries", () => {
  for (const mark of ["revoked", "forked"]) assert.equal(stateOf(node("x", { marks: [mark] }), [path("p", "up")], NOW), "out");
  assert.equal(stateOf(node("x", { marks: ["own", "vouched"] }), [], NOW), "own");
});
test("dark ones stand first, nodes of one place stand apart, and each line leads somewhere", () => {
  const paths = [path("lan 1", "lost", { queue: [{ class: "life", parcels: 2, bytes: 9, oldest_ms: null }, { class: "bulk", parcels: 1, bytes: 9, oldest_ms: null }] }), path("radio 7", "up", { carrier: "radio" }), path("nowhere", "up")];
  const [nodes, given] = world([node("own", { marks: ["own"] }), node("near", { paths: ["lan 1"] }), node("far"), node("lost place", { lat_e7: null, lon_e7: null })], paths, [{ path: "radio 7", lat_e7: 300_000_000, lon_e7: 700_000_000 }]);
  const all = stands(nodes, given, NOW);
  assert.deepEqual(all.map((one) => [one.row.name, one.is]), [["near", "dark"], ["far", "heard"], ["lost place", "heard"], ["own", "own"]]);
  assert.equal(all[0]?.waits, 3);
  const places = all.flatMap((one) => (one.at ? [one.at.join()] : []));
  assert.equal(new Set(places).size, 3, "three places on the map, and one node that has none");
  const drawn = links(all, nodes, given);
  assert.deepEqual(drawn.map((one) => [one.path.name, one.is]), [["lan 1", "lost"], ["radio 7", "up"]]);
  assert.deepEqual(drawn[0]?.to, all[0]?.at);
  assert.deepEqual(drawn[1]?.to, [70, 30]);
});
test("each state has a sign of its own beside its colour", () => {
  assert.equal(new Set(NODE_STATES.map((is) => SIGN[is])).size, NODE_STATES.length);
  for (const is of NODE_STATES) assert.ok(is in LOOK);
});
