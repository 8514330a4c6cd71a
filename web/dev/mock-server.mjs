// For building the screens only: answers the HTTP contract from generated data. It is no part of the product.
// node dev/mock-server.mjs [port] [--fresh]   (serves dist/ too, when it is built)
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = fileURLToPath(new URL("..", import.meta.url));
const port = Number(process.argv[2] ?? 7717);
const fresh = process.argv.includes("--fresh");
let state = 12345;
const rnd = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296);
const gauss = () => rnd() + rnd() + rnd() - 1.5;
const csv = (name) => readFileSync(join(here, "../data", name), "utf8").trim().split("\n").slice(1).map((l) => l.split(","));
const towns = csv("towns.csv").map((c) => ({ name: c[1], name_ur: c[2] || null, lat: +c[3], lon: +c[4], population: +c[5] }));
towns.sort((a, b) => b.population - a.population);
const dist = csv("districts.csv").map((c, index) => ({ index, name: c[0], province: c[2], adults: +c[4], lat: +c[8], lon: +c[9], area_km2: +c[10] }));
const adults = dist.reduce((s, d) => s + d.adults, 0);
const N = 90675;
const shares = { Punjab: [0.63, 0.25], Sindh: [0.31, 0.34], "Khyber Pakhtunkhwa": [0.34, 0.39], Balochistan: [0.19, 0.46] };
const stations = [];
for (const d of dist) {
  const n = d === dist[dist.length - 1] ? N - stations.length : Math.round((d.adults / adults) * N);
  const radius = Math.sqrt(d.area_km2 / 3.14) / 111;
  const near = towns.filter((t) => Math.hypot(t.lat - d.lat, t.lon - d.lon) < radius * 1.2).slice(0, 6);
  const [a, b] = shares[d.province] ?? [0.5, 0.3];
  const from = stations.length;
  for (let i = 0; i < n && stations.length < N; i += 1) {
    const t = near.length && rnd() < 0.6 ? near[Math.floor(rnd() * rnd() * near.length)] : null;
    const r = t ? 0.05 + radius * 0.12 : radius * 0.55;
    const u = rnd();
    const klass = u < a ? 0 : u < a + b ? 1 : 2;
    const score = Math.round(Math.min(99, Math.max(5, [18, 40, 58][klass] + gauss() * [18, 12, 16][klass])) * 100);
    stations.push({ d: d.index, lat: (t ? t.lat : d.lat) + gauss() * r, lon: (t ? t.lon : d.lon) + gauss() * r, klass, score, kind: Math.floor(rnd() * 2.6), fl: (rnd() < 0.08 ? 1 : 0) | (rnd() < 0.2 ? 2 : 0) | (rnd() < 0.11 ? 4 : 0) | (rnd() < 0.005 ? 8 : 0) | 16, short: klass === 2 ? (rnd() < 0.2 ? 2 : rnd() < 0.4 ? 1 : 0) : rnd() < 0.12 ? 1 : 0 });
  }
  d.from = from;
  d.to = stations.length;
}
const CLS = ["normal", "sensitive", "most"];
const KIND = ["men", "women", "combined"];
const STAFF = ["police_man", "police_woman", "civil_armed_forces", "army"];
const sid = (i) => `SYN-${String(i + 1).padStart(6, "0")}`;
const E7 = 1e7;
const oLat = Math.round(30 * E7), oLon = Math.round(69 * E7);
function pointsFile() {
  const pad = (n) => Math.ceil(n / 4) * 4;
  const out = Buffer.alloc(20 + N * 8 + pad(N * 2) * 2 + pad(N) * 4);
  out.write("PHP1");
  out.writeUInt32LE(N, 4); out.writeUInt32LE(dist.length, 8); out.writeInt32LE(oLat, 12); out.writeInt32LE(oLon, 16);
  let at = 20;
  const col = (bytes, put) => { stations.forEach((s, i) => put(s, at + i * bytes)); at += pad(N * bytes); };
  col(4, (s, o) => out.writeInt32LE(Math.round(s.lat * E7) - oLat, o));
  col(4, (s, o) => out.writeInt32LE(Math.round(s.lon * E7) - oLon, o));
  col(2, (s, o) => out.writeUInt16LE(s.d, o));
  col(2, (s, o) => out.writeUInt16LE(s.score, o));
  col(1, (s, o) => out.writeUInt8(s.klass, o)); col(1, (s, o) => out.writeUInt8(s.fl, o)); col(1, (s, o) => out.writeUInt8(s.kind, o)); col(1, (s, o) => out.writeUInt8(s.short, o));
  return gzipSync(out);
}
const file = pointsFile();
const tag = `"${createHash("sha256").update(file).digest("hex").slice(0, 16)}"`;
function hull(points) {
  const p = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const cross = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list) => { const h = []; for (const q of list) { while (h.length > 1 && cross(h.at(-2), h.at(-1), q) <= 0) h.pop(); h.push(q); } h.pop(); return h; };
  return [...half(p), ...half(p.reverse())];
}
for (const d of dist) {
  const own = stations.slice(d.from, d.to);
  d.classes = [0, 1, 2].map((k) => own.filter((s) => s.klass === k).length);
  d.hull = hull(own.map((s) => [Math.round(s.lat * E7), Math.round(s.lon * E7)]));
  d.mean = Math.round(own.reduce((s, x) => s + x.score, 0) / Math.max(1, own.length));
  d.dis = own.filter((s) => s.fl & 4).length;
  d.prov = own.filter((s) => s.fl & 2).length;
}
const t0 = Date.now();
const ready = { stations: !fresh, assessment: !fresh, plan: !fresh };
let session = null;
const clients = new Set();
let seq = 0;
const publish = (topic, more) => { seq += 1; for (const c of clients) c.write(`id: ${seq}\nevent: delta\ndata: ${JSON.stringify({ seq, topic, ...more })}\n\n`); };
const jobs = new Map();
let jobNo = 0;
function startJob(kind, label, ms, result, stages, onDone) {
  jobNo += 1;
  const job = { id: `J${jobNo}`, kind, label, by: "demo", state: "running", stage: stages[0], done: 0, total: N, started_ms: Date.now(), ended_ms: null, result: null, error: null, bound: null };
  jobs.set(job.id, job);
  const timer = setInterval(() => {
    if (job.state !== "running") { clearInterval(timer); return; }
    const f = Math.min(1, (Date.now() - job.started_ms) / ms);
    job.done = Math.round(f * job.total);
    job.stage = stages[Math.min(stages.length - 1, Math.floor(f * stages.length))];
    if (kind === "allocate" && f > 0.2) { const objective = 812345678 + Math.round(9e8 * Math.exp(-6 * f)); job.bound = { objective, dual_bound: 812345678 - Math.round(3e8 * Math.exp(-7 * f)), gap: 0 }; job.bound.gap = f >= 1 ? 0 : objective - job.bound.dual_bound; if (f >= 1) job.bound.objective = job.bound.dual_bound = 812345678; }
    if (f >= 1) { job.state = "done"; job.ended_ms = Date.now(); job.result = result?.() ?? null; clearInterval(timer); onDone?.(); }
    publish("job", { job });
  }, 200);
  publish("job", { job });
  return job;
}
if (fresh) startJob("generate", "The nation", 6000, null, ["districts", "stations", "forces"], () => { ready.stations = true; publish("node", {}); startJob("assess", "Assessment", 5000, null, ["factors", "draws"], () => { ready.assessment = true; publish("node", {}); publish("assessment", {}); newPlan("Demo plan"); }); });
const plans = [];
const kinds = (scale, missing = 1) => STAFF.map((kind, i) => { const need = Math.round(scale * [4.1, 0.9, 0.8, 0.3][i]); const m = Math.round(need * [0.04, 0.21, 0, 0][i] * missing); return { kind, need, posted: need - m, missing: m, minimum_missing: Math.round(m * 0.3), supply: Math.round(need * [0.96, 0.79, 1.4, 2][i]), unused: Math.round(need * [0, 0, 0.4, 1][i]) }; });
function newPlan(label) {
  return startJob("allocate", label, fresh ? 9000 : 4000, () => { const p = { id: `P${plans.length + 1}`, label, status: "draft", made_ms: Date.now(), by: "demo-planner", objective: 812345678, dual_bound: 812345678, gap: 0, posted: 449532, missing: 31204 - plans.length * 120, current: true }; plans.forEach((q) => (q.current = false)); plans.unshift(p); return { plan_id: p.id }; }, ["needs", "network", "solving", "certificate"], () => { ready.plan = true; publish("plan", { id: plans[0].id }); publish("node", {}); });
}
if (!fresh) { plans.unshift({ id: "P1", label: "Demo plan", status: "draft", made_ms: t0, by: "demo-planner", objective: 812345678, dual_bound: 812345678, gap: 0, posted: 449532, missing: 31204, current: true }); }
const locks = [];
const imports = new Map();
const people = [{ person: "demo-planner", name: "Demo planner", roles: [{ role: "DRO", area: "PK", grant: "G1", state: "active" }] }];
const params = [["weight.T1", "weights", 0.22, "share"], ["weight.T2", "weights", 0.22, "share"], ["weight.V2", "weights", 0.2, "share"], ["threshold.most", "thresholds", 50, "points"], ["threshold.sensitive", "thresholds", 32, "points"], ["norm.sindh.inner.most", "norms", 3, "people"], ["norm.sindh.outer.most", "norms", 5, "people"]].map(([key, group, value, unit]) => ({ key, group, value, unit, default: value, source: "DOMAIN §3(a)", as_of_ms: t0, signed_by: "node", conflict: false }));
const FACT = [["T1", "Past election incidents at the building", "عمارت میں سابقہ انتخابی واقعات"], ["T2", "Armed attacks within 10 km", "دس کلومیٹر میں مسلح حملے"], ["T3", "Current graded intelligence", "موجودہ درجہ بند اطلاع"], ["T4", "Attacks on election targets in the district", "ضلع میں انتخابی اہداف پر حملے"], ["T5", "Recorded firing on earlier polling days", "سابقہ پولنگ پر فائرنگ"], ["T6", "Violent crime in the police-station area", "تھانے کی حدود میں پُرتشدد جرائم"], ["V1", "Walls, gates, sight lines", "دیواریں، دروازے، نظر"], ["V2", "Quick-reaction travel time", "فوری دستے کا سفر"], ["V3", "Working communications under shutdown", "بندش میں مواصلات"], ["V4", "Force gap to the norm", "معیار سے نفری کی کمی"], ["V5", "Women's booth lacking women staff", "خواتین بوتھ پر خواتین عملہ کم"], ["V6", "Route exposure", "راستے کا خطرہ"], ["V7", "Power, light, cameras", "بجلی، روشنی، کیمرے"], ["V8", "Trained share of staff", "تربیت یافتہ عملہ"], ["C1", "Voters", "ووٹر"], ["C2", "Booths and co-located stations", "بوتھ اور ساتھ کے اسٹیشن"], ["C3", "Women, disabled and displaced voters", "خواتین، معذور اور بے گھر ووٹر"], ["C4", "Material concentrated there", "وہاں جمع سامان"], ["C5", "Distance to the alternative", "متبادل کا فاصلہ"]];
const row = (s, i) => ({ id: sid(i), name: `Synthetic school ${i + 1}`, kind: KIND[s.kind], class: CLS[s.klass], official: s.fl & 4 ? CLS[(s.klass + 1) % 3] : CLS[s.klass], inherent_centi: s.score, p10_centi: Math.max(0, s.score - 700), p90_centi: Math.min(10000, s.score + 800), completeness_pct: s.fl & 2 ? 41 : 72, provisional: !!(s.fl & 2), disagrees: !!(s.fl & 4), place_basis: s.fl & 1 ? "estimated" : "given" });
const detail = (i) => { const s = stations[i], d = dist[s.d], r = row(s, i); return { id: r.id, name: r.name, kind: r.kind, district: `D-${s.d}`, district_name: d.name, province: d.province, lat_e7: Math.round(s.lat * E7), lon_e7: Math.round(s.lon * E7), place_basis: r.place_basis, building: `SYN-B${i}`, contests: [{ assembly: "NA", constituency: "NA-128", station_no: (i % 300) + 1 }, { assembly: "PA", constituency: "PP-146", station_no: (i % 200) + 1 }], booths: { men: 2, women: 2 }, voters: { men: 742, women: 676 }, official: [{ class: r.official, source: "ECP list", as_of: "2024-01-30", approved_by: null }], assessment: { inherent_centi: s.score, residual_centi: s.score - 300, p10_centi: r.p10_centi, p50_centi: s.score, p90_centi: r.p90_centi, class_permille: s.klass === 2 ? [20, 210, 770] : s.klass === 1 ? [120, 760, 120] : [860, 130, 10], class: r.class, force_class: r.official, provisional: r.provisional, completeness_pct: r.completeness_pct, overrides: s.fl & 8 ? [{ code: "O1", reason: "Graded report", expires_ms: Date.now() + 864e5, signed_by: "demo-planner" }] : [], official: r.official, disagrees: r.disagrees, as_of_ms: t0 }, posts: STAFF.map((kind, k) => ({ kind, need: [6, 1, 4, 0][k], minimum: [3, 1, 0, 0][k], posted: [5, s.short ? 0 : 1, 4, 0][k] })), postings: [{ unit: "SYN-U12", unit_name: "Police Lines 12", kind: "police_man", count: 5, distance_m: 8400, origin: "own", estimated: true }], point_index: i }; };
const why = (i) => { const s = stations[i]; const factors = FACT.map(([factor, name_en, name_ur], k) => { const centi = (i * 37 + k * 91) % 401; return { factor, name_en, name_ur, centi, basis: ["observed", "district", "province", "prior"][(i + k) % 4], confidence_pct: 40 + ((i + k * 7) % 60), contribution_centi: Math.round((centi - 100) * 1.4), source_en: "events file", source_ur: "واقعات کی فائل" }; }); const reasons = [...factors].sort((a, b) => b.contribution_centi - a.contribution_centi).slice(0, 4).map((f) => ({ factor: f.factor, contribution_centi: f.contribution_centi, sentence_en: `${f.name_en}: ${(f.centi / 100).toFixed(2)} of 4, adding ${(f.contribution_centi / 100).toFixed(1)} points.`, sentence_ur: `${f.name_ur}: چار میں سے ${(f.centi / 100).toFixed(2)}، جس سے ${(f.contribution_centi / 100).toFixed(1)} پوائنٹ بڑھے۔` })); return { t_centi: 4200, v_centi: 6100, c_centi: 3900, score_centi: s.score, reasons, factors, notes: [{ en: "Force gap is set to its largest value: the inherent score knows no plan.", ur: "نفری کی کمی زیادہ سے زیادہ لی گئی ہے: بنیادی اسکور منصوبے کے بغیر ہے۔" }] }; };
const counts = (list) => ({ normal: list[0], sensitive: list[1], most: list[2] });
const summary = () => { const area = (d) => ({ area: `D-${d.index}`, name: d.name, name_ur: null, province: d.province, stations: d.to - d.from, ...counts(d.classes), mean_centi: d.mean, disagreements: d.dis, provisional: d.prov, completeness_pct: 58 + (d.index % 30) }); const districts = dist.map(area); const all = (l) => l.reduce((a, d) => ({ ...a, stations: a.stations + d.stations, normal: a.normal + d.normal, sensitive: a.sensitive + d.sensitive, most: a.most + d.most, disagreements: a.disagreements + d.disagreements, provisional: a.provisional + d.provisional }), { stations: 0, normal: 0, sensitive: 0, most: 0, disagreements: 0, provisional: 0 }); const n = all(districts); return { as_of_ms: t0, seed: "8022024", draws: 500, stations: N, national: counts([n.normal, n.sensitive, n.most]), official: counts([44610, 27628, 18437]), disagreements: n.disagreements, provisional: n.provisional, completeness_pct: 66, provinces: [...new Set(dist.map((d) => d.province))].map((p) => ({ area: p, name: p, ...all(districts.filter((d) => d.province === p)), mean_centi: 3300, completeness_pct: 66 })), districts }; };
const fault = (status, code, text_en, text_ur) => ({ status, body: { code, text_en, text_ur } });
const idx = (id) => Number(String(id).slice(4)) - 1;
const importView = (im) => ({ ...im, meanings: [["station_no", "Station number", "اسٹیشن نمبر", true], ["name", "Name of the place", "جگہ کا نام", true], ["voters_men", "Men voters", "مرد ووٹر", false], ["voters_women", "Women voters", "خواتین ووٹر", false], ["latitude", "Latitude", "عرض بلد", false], ["longitude", "Longitude", "طول بلد", false]].map(([key, en, ur, required]) => ({ key, en, ur, required })) });

async function answer(method, path, q, body, raw) {
  const m = (re) => path.match(re);
  let g;
  if (path === "/api/setup" && method === "GET") return { body: { first_start: false, synthetic: true, demo: true } };
  if (path === "/api/session/demo" || (path === "/api/session" && method === "POST")) { session = { person: "demo-planner", name: "Demo planner", roles: [{ role: "DRO", area: "PK" }], area: "PK", csrf: "c", permissions: ["*"], expires_ms: Date.now() + 36e5 }; return { body: session }; }
  if (path === "/api/session") { if (method === "DELETE") { session = null; return { body: {} }; } return session ? { body: session } : fault(401, "signed-out", "You are not signed in.", "آپ داخل نہیں ہیں۔"); }
  if (path === "/api/node") return { body: { version: "0.1.0", node_name: "demo", device: "ab12cd34", epoch: 1, entries: 42, election: { id: "PK-GE-2024-SYN", name: "General Election 2024 (synthetic)", date: "2024-02-08", kind: "synthetic" }, watermark: "SYNTHETIC DATA", demo: true, ready, now_ms: Date.now(), data: [{ kind: "stations", name: "Generated stations", as_of_ms: t0, source_file: "generated", counts: { stations: N }, signed_by: "node" }], conflicts: 1, withheld: 0 } };
  if (path === "/api/jobs") return { body: [...jobs.values()] };
  if ((g = m(/^\/api\/jobs\/(\w+)$/))) { const job = jobs.get(g[1]); if (method === "DELETE") { job.state = "cancelled"; job.ended_ms = Date.now(); publish("job", { job }); } return { body: job }; }
  if (!session) return fault(401, "signed-out", "You are not signed in.", "آپ داخل نہیں ہیں۔");
  if (path === "/api/conflicts") return { body: [{ noun: "lock", kind: "double", subject: "SYN-U12", sides: [1, 2].map((n) => ({ entry: `E${n}`, person: `person-${n}`, role: "POL-SP", area: "pk/punjab", at_ms: t0, word: "pin", detail: `SYN-B${n}`, note: "", attested_by_node: true })) }] };
  if (path === "/api/withheld") return { body: [] };
  if (path === "/api/map/districts") return { body: dist.map((d) => ({ index: d.index, area: `D-${d.index}`, name: d.name, name_ur: null, province: d.province, lat_e7: Math.round(d.lat * E7), lon_e7: Math.round(d.lon * E7), stations: d.to - d.from, classes: d.classes, hull: d.hull })) };
  if (path === "/api/map/towns") return { body: towns.map((t) => ({ name: t.name, name_ur: t.name_ur, lat_e7: Math.round(t.lat * E7), lon_e7: Math.round(t.lon * E7), population: t.population })) };
  if (path === "/api/map/boundaries") return fault(404, "not-found", "No boundary was imported.", "کوئی حد درآمد نہیں ہوئی۔");
  if (path === "/api/map/station-ids") return { body: stations.slice(+q.get("from"), +q.get("from") + +q.get("count")).map((_, i) => sid(+q.get("from") + i)) };
  if ((g = m(/^\/api\/map\/at\/(\d+)$/))) return { body: detail(+g[1]) };
  if (path === "/api/search") { const t = q.get("q").toLowerCase(); const hits = [...dist.filter((d) => d.name.toLowerCase().includes(t)).slice(0, 4).map((d) => ({ kind: "district", id: `D-${d.index}`, text: d.name, sub: d.province, lat_e7: Math.round(d.lat * E7), lon_e7: Math.round(d.lon * E7) })), ...towns.filter((x) => x.name.toLowerCase().includes(t)).slice(0, 4).map((x) => ({ kind: "town", id: x.name, text: x.name, sub: String(x.population), lat_e7: Math.round(x.lat * E7), lon_e7: Math.round(x.lon * E7) }))]; const n = t.match(/\d+/)?.[0]; if (n && +n <= N && +n > 0) hits.unshift({ kind: "station", id: sid(+n - 1), text: `Synthetic school ${n}`, sub: dist[stations[+n - 1].d].name }); return { body: hits }; }
  if (path === "/api/assessment") { if (method === "POST") return { body: startJob("assess", "Assessment", 4000, null, ["factors", "draws"], () => publish("assessment", {})) }; return { body: summary() }; }
  if ((g = m(/^\/api\/stations\/([^/]+)$/))) return { body: detail(idx(g[1])) };
  if ((g = m(/^\/api\/stations\/([^/]+)\/why$/))) return { body: why(idx(g[1])) };
  if ((g = m(/^\/api\/stations\/([^/]+)\/what-if$/))) { const i = idx(g[1]); const base = why(i); let sc = stations[i].score; for (const c of body.changes) { const f = base.factors.find((x) => x.factor === c.factor); sc += Math.round((c.centi - f.centi) * 3); } sc = Math.max(0, Math.min(10000, sc)); const cl = (x) => CLS[x >= 5000 ? 2 : x >= 3200 ? 1 : 0]; return { body: { score_centi: sc, class: cl(sc), before_centi: stations[i].score, before_class: cl(stations[i].score) } }; }
  if (m(/^\/api\/stations\/[^/]+\/(override|official)/)) return { body: {} };
  if (path === "/api/stations") { const k = q.get("class"); const dd = q.get("district"); let list = stations.map((s, i) => [s, i]).filter(([s]) => (!k || CLS[s.klass] === k) && (!dd || `D-${s.d}` === dd)); list.sort((a, b) => b[0].score - a[0].score); const off = +(q.get("offset") ?? 0); return { body: { total: list.length, rows: list.slice(off, off + +(q.get("limit") ?? 100)).map(([s, i]) => row(s, i)) } }; }
  if (path === "/api/parameters") return { body: params };
  if ((g = m(/^\/api\/parameters\/(.+)$/))) { const p = params.find((x) => x.key === decodeURIComponent(g[1])); Object.assign(p, { value: body.value, source: body.source, as_of_ms: Date.now(), signed_by: "demo-planner" }); publish("parameter", { key: p.key }); return { body: p }; }
  if (path === "/api/imports/kinds") return { body: ["stations", "forces", "events", "norms", "figures", "boundaries", "surveys"].map((kind) => ({ kind })) };
  if (path === "/api/imports") { const lines = raw.toString("utf8").trim().split(/\r?\n/).map((l) => l.split(",")); const id = `I${imports.size + 1}`; const guess = (h) => ({ number: "station_no", station: "station_no", name: "name", men: "voters_men", women: "voters_women", lat: "latitude", lon: "longitude" })[h.toLowerCase().split(/[ _]/)[0]] ?? null; imports.set(id, { id, kind: q.get("kind"), name: q.get("name"), bytes: raw.length, sha256: createHash("sha256").update(raw).digest("hex"), state: "columns", format: "csv", encoding: "utf-8", delimiter: ",", columns: lines[0].map((header, index) => ({ index, header, guess: guess(header), confidence: guess(header) ? 90 : 0, sample: lines.slice(1, 6).map((l) => l[index] ?? "") })), preview: lines.slice(1, 11), rows: lines.length - 1 }); return { body: imports.get(id) }; }
  if ((g = m(/^\/api\/imports\/(\w+)(\/\w+)?(?:\.csv)?$/))) { const im = imports.get(g[1]); if (!im) return fault(404, "not-found", "No such import.", "ایسی درآمد نہیں۔"); if (g[2] === "/mapping") { for (const c of body.columns) im.columns[c.index].guess = c.meaning; return { body: importView(im) }; } if (g[2] === "/check") { im.state = "checking"; return { body: startJob("import", im.name, 2000, null, ["reading", "checking"], () => { im.state = "checked"; im.summary = { rows: im.rows, accepted: im.rows - 1, repaired: 1, quarantined: 0, findings: { "coordinate-missing": 1, "sum-mismatch": 1 }, stations: im.rows, buildings: im.rows, booths: im.rows * 3, voters: im.rows * 1418 }; im.diff = { added: im.rows, changed: 1, removed: 0, unchanged: 0, sample: [{ id: "SYN-000001", what: "voters_men 742 → 750" }] }; publish("dataset", { kind: "stations" }); }) }; } if (g[2] === "/findings") return { body: { total: 2, codes: [{ code: "coordinate-missing", severity: "warning", count: 1, text_en: "No coordinate: planned at the constituency's median.", text_ur: "مقام نہیں: حلقے کے درمیانی مقام پر رکھا گیا۔" }, { code: "sum-mismatch", severity: "warning", count: 1, text_en: "Men and women do not add up to the total.", text_ur: "مرد اور خواتین کا مجموعہ کل کے برابر نہیں۔" }], rows: [{ row: 2, column: "lat", code: "coordinate-missing", severity: "warning", was: "", now: "estimated", text_en: "Row 2 has no coordinate.", text_ur: "قطار 2 میں مقام نہیں۔" }, { row: 3, column: "men", code: "sum-mismatch", severity: "warning", was: "742", now: "742", text_en: "742 + 676 is not 1500.", text_ur: "742 + 676، 1500 نہیں بنتے۔" }] } }; if (g[2] === "/sign") return { body: startJob("import", im.name, 1500, null, ["signing"], () => { im.state = "signed"; publish("dataset", { kind: "stations" }); }) }; if (method === "DELETE") { imports.delete(g[1]); return { body: {} }; } return { body: importView(im) }; }
  if (path === "/api/plans") { if (method === "POST") return { body: newPlan(body?.label || `Plan ${plans.length + 1}`) }; return { body: plans }; }
  if (path === "/api/plans/compare") return { body: { moves: 214, moved_people: 1290, per_district: dist.slice(0, 60).map((d, i) => ({ area: `D-${i}`, name: d.name, missing_a: 100 + i, missing_b: 100 + i - ((i * 7) % 13) + 6 })), sample: [{ unit: "SYN-U12", building: "SYN-B33", kind: "police_man", was: 5, now: 7 }], cost_a: 812345678, cost_b: 812301111 } };
  if ((g = m(/^\/api\/plans\/(\w+)(?:\/([\w.]+))?$/))) { const p = plans.find((x) => x.id === g[1]) ?? plans[0]; if (!g[2]) return { body: { ...p, certificate: { input_hash: createHash("sha256").update("x").digest("hex"), seed: "8022024", engine: "mincost-flow 1", objective: 812345678, dual_bound: 812345678, gap: 0, relaxations: [{ rule: "women minimum", count: 312, text: "312 buildings lack a woman officer: mobile women's team proposed." }], notes: ["Distances are estimates along the ground."] }, totals: kinds(99000) } }; if (g[2].startsWith("export")) return { raw: Buffer.from((g[2].endsWith("xlsx") ? "PK" : "unit,building\n") + "x".repeat(400)) }; if (g[2] === "districts") return { body: dist.map((d, i) => ({ area: `D-${d.index}`, name: d.name, name_ur: null, province: d.province, buildings: Math.round((d.to - d.from) / 1.35), per_kind: kinds(d.to - d.from, (i % 5) / 2), worst_class_missing: [null, "normal", "sensitive", "most"][i % 4], shadow: STAFF.map((kind, k) => ({ kind, per_hundred: [62, 88, 0, 0][k] })) })) }; if (g[2] === "buildings") { const dd = q.get("district"); let list = dd ? Array.from({ length: 60 }, (_, i) => i) : Array.from({ length: 400 }, (_, i) => i); const off = +(q.get("offset") ?? 0); return { body: { total: list.length, rows: list.slice(off, off + +(q.get("limit") ?? 100)).map((i) => ({ building: `SYN-B${i}`, name: `Synthetic school ${i}`, district: dd ?? "D-3", class: CLS[i % 3], stations: (i % 3) + 1, need: 8, posted: 6, missing: 2, per_kind: kinds(2), postings: [{ unit: "SYN-U12", unit_name: "Police Lines 12", kind: "police_man", count: 5, distance_m: 8400, origin: "own" }], shortfalls: [{ kind: "police_woman", missing: 1, minimum_missing: 1, reason: "supply", reason_en: "No woman officer is left within reach.", reason_ur: "قریب کوئی خاتون افسر باقی نہیں۔", shadow_price: 1200, mitigation: "Mobile women's team of the sector" }] })) } }; } if (g[2] === "units") { const off = +(q.get("offset") ?? 0); return { body: { total: 240, rows: Array.from({ length: Math.min(100, 240 - off) }, (_, k) => k + off).map((i) => ({ unit: `SYN-U${i}`, name: `Police Lines ${i}`, tier: ["police", "civil_armed_forces", "army"][i % 3], district: "D-3", men: 300, women: 40, posted: 310, buildings: [{ building: "SYN-B1", name: "Synthetic school 1", kind: "police_man", count: 5, distance_m: 8400 }] })) } }; } if (g[2] === "more") { const d = dist.find((x) => `D-${x.index}` === q.get("district")); const n = +q.get("n"); return { body: { removes: Math.round(n * 0.83), sentence_en: `${n} more in ${d?.name ?? "the nation"} remove ${Math.round(n * 0.83)} unmet posts.`, sentence_ur: `${d?.name ?? "ملک"} میں ${n} مزید اہلکاروں سے ${Math.round(n * 0.83)} خالی پوسٹیں پُر ہوں گی۔` } }; } if (method === "POST") { p.status = { propose: "proposed", approve: "approved", adopt: "adopted", withdraw: "withdrawn" }[g[2]]; publish("plan", { id: p.id }); return { body: p }; } }
  if (path === "/api/locks") { if (method === "POST") { locks.push({ id: `L${locks.length + 1}`, ...body, by: "demo-planner", made_ms: Date.now() }); publish("lock", {}); return { body: locks.at(-1) }; } return { body: locks }; }
  if ((g = m(/^\/api\/locks\/(\w+)$/))) { locks.splice(locks.findIndex((l) => l.id === g[1]), 1); publish("lock", {}); return { body: {} }; }
  if (path === "/api/figures") { const groups = new Map(); for (const [area, measure, value, ...source] of csv("ge2024_figures.csv")) { const key = `${area}|${measure}`; if (!groups.has(key)) groups.set(key, { area, measure, disputed: false, values: [] }); const gr = groups.get(key); gr.values.push({ value, number: Number(value) || null, source: source.join(","), as_of: null, note: null }); gr.disputed = new Set(gr.values.map((v) => v.value)).size > 1; } return { body: { groups: [...groups.values()], age: { as_of_ms: t0, source: "press" } } }; }
  if (path === "/api/persons") { if (method === "POST") people.push({ person: body.person, name: body.name, roles: [] }); return { body: people }; }
  if ((g = m(/^\/api\/persons\/([^/]+)\/roles/))) { const p = people.find((x) => x.person === g[1]); if (body?.role) p.roles.push({ ...body, grant: `G${Date.now()}`, state: "asked" }); return { body: p }; }
  return fault(404, "not-found", `There is no ${path} here.`, "یہ یہاں نہیں۔");
}
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml" };
const POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'";
createServer(async (req, res) => {
  const url = new URL(req.url, "http://x");
  if (url.pathname === "/api/live") { res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" }); res.write(":\n\n"); clients.add(res); req.on("close", () => clients.delete(res)); return; }
  if (url.pathname === "/api/map/points") { if (req.headers["if-none-match"] === tag) { res.writeHead(304).end(); return; } res.writeHead(200, { "content-type": "application/octet-stream", "content-encoding": "gzip", etag: tag }).end(file); return; }
  if (!url.pathname.startsWith("/api")) {
    const path = join(here, "dist", url.pathname === "/" ? "index.html" : url.pathname);
    if (!existsSync(path)) { res.writeHead(404).end(); return; }
    res.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "content-security-policy": POLICY }).end(readFileSync(path));
    return;
  }
  const parts = [];
  for await (const part of req) parts.push(part);
  const raw = Buffer.concat(parts);
  let body = null;
  if ((req.headers["content-type"] ?? "").includes("json") && raw.length) body = JSON.parse(raw);
  const held = session;
  if (!(req.headers.cookie ?? "").includes("pehra_session=1")) session = null;
  const out = await answer(req.method, url.pathname, url.searchParams, body, raw);
  if (url.pathname.startsWith("/api/session") && req.method === "POST") res.setHeader("set-cookie", "pehra_session=1; HttpOnly; SameSite=Strict; Path=/");
  else if (req.method !== "DELETE") session = held;
  if (out.raw) { res.writeHead(200, { "content-type": "application/octet-stream", "content-disposition": "attachment" }).end(out.raw); return; }
  res.writeHead(out.status ?? 200, { "content-type": "application/json" }).end(JSON.stringify(out.body));
}).listen(port, "127.0.0.1", () => console.log(`mock on http://127.0.0.1:${port}`));
