"""One measured run of pyroutingkit or pyvalhalla, as a line of JSON."""

import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

name, folder, extract = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
# A table of Valhalla's that would take longer than this is not begun, but reckoned from the largest that was.
PATIENCE_S = float(sys.argv[4]) if len(sys.argv) > 4 else 600.0


def load(part):
    return np.fromfile(folder / part, dtype=np.uint32)


def peak_mb(who=resource.RUSAGE_SELF):
    return resource.getrusage(who).ru_maxrss // 1024


class Clock:
    """Seconds by the wall and of processor, children with them."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), self.used()

    @staticmethod
    def used():
        parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(part.ru_utime + part.ru_stime for part in parts)

    def both(self):
        return time.perf_counter() - self.wall, self.used() - self.cpu


lat = load("lat_e7").astype(np.int32) / 1e7
lon = load("lon_e7").astype(np.int32) / 1e7
sources, targets = load("from"), load("to")

if name == "pyroutingkit":
    import pyroutingkit

    tail, head, weight = load("tail"), load("head"), load("weight")
    weight = np.where(weight >= (1 << 30) - 1, pyroutingkit.INF_WEIGHT, weight).astype(np.uint32)
    # It reads no map: its preparation is that of the same graph, once ours has been read.
    clock = Clock()
    cch = pyroutingkit.CCH()
    cch.build_topology(tail, head, lat.astype(np.float32), lon.astype(np.float32), len(lat))
    cch.customize_weights(weight)
    prepare, prepare_cpu = clock.both()
    clock = Clock()
    cch.customize_weights(weight)
    weigh, weigh_cpu = clock.both()
    clock = Clock()
    for a, b in zip(sources, targets):
        cch.query(int(a), int(b))
    way, way_cpu = (part * 1e6 / len(sources) for part in clock.both())
    clock = Clock()
    table = np.asarray(cch.distances_many_to_many(sources, targets)).reshape(-1)
    seconds, seconds_cpu = clock.both()
    ours = load("table").astype(np.int64)
    theirs = table.astype(np.int64)
    theirs[theirs >= pyroutingkit.INF_WEIGHT] = (1 << 30) - 1
    found = {
        "prepare_s": prepare,
        "weigh_s": weigh,
        "way_us": way,
        "table_one_s": seconds,
        "table_two_s": seconds,
        "prepare_cpu_s": prepare_cpu,
        "weigh_cpu_s": weigh_cpu,
        "way_cpu_us": way_cpu,
        "table_cpu_s": seconds_cpu,
        "peak_mb": peak_mb(),
        "different": int((ours != theirs).sum()),
        "openmp": bool(pyroutingkit.HAS_OPENMP),
    }
else:
    import valhalla

    home = folder / "valhalla"
    shutil.rmtree(home, ignore_errors=True)
    (home / "tiles").mkdir(parents=True)
    # Its helper wants both to exist; without an extract it reads the folder.
    (home / "none.tar").touch()
    config = valhalla.get_config(tile_extract=str(home / "none.tar"), tile_dir=str(home / "tiles"), verbose=False)
    config["mjolnir"].pop("tile_extract", None)
    config["mjolnir"]["concurrency"] = 2
    config["service_limits"]["auto"]["max_matrix_location_pairs"] = 10_000_000
    config["service_limits"]["auto"]["max_matrix_distance"] = 1e7
    (home / "valhalla.json").write_text(json.dumps(config))
    # Newer wheels bring no builder: it is taken from the path then, or there is none.
    inside = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    builder = str(inside) if inside.exists() else shutil.which("valhalla_build_tiles")
    if builder is None:
        sys.exit("this wheel of Valhalla has no valhalla_build_tiles, and none is on the path")
    clock = Clock()
    subprocess.run(
        [builder, "-c", str(home / "valhalla.json"), extract],
        check=True,
        capture_output=True,
    )
    prepare, prepare_cpu = clock.both()
    built_mb = peak_mb(resource.RUSAGE_CHILDREN)
    actor = valhalla.Actor(str(home / "valhalla.json"))

    def place(vertex):
        return {"lat": float(lat[vertex]), "lon": float(lon[vertex])}

    clock = Clock()
    tried = failed = 0
    for a, b in list(zip(sources, targets))[:200]:
        tried += 1
        try:
            actor.route(json.dumps({"locations": [place(a), place(b)], "costing": "auto", "directions_type": "none"}))
        except RuntimeError:
            failed += 1
        if clock.both()[0] > PATIENCE_S / 4:
            break
    way, way_cpu = (part * 1e6 / tried for part in clock.both())
    side, known = 25, []
    while side <= len(sources):
        if known and known[-1]["s"] * (side / known[-1]["side"]) > PATIENCE_S:
            break
        request = {
            "sources": [place(v) for v in sources[:side]],
            "targets": [place(v) for v in targets[:side]],
            "costing": "auto",
            "verbose": False,
        }
        clock = Clock()
        actor.matrix(json.dumps(request))
        seconds, seconds_cpu = clock.both()
        known.append({"side": side, "s": seconds, "cpu_s": seconds_cpu})
        side = len(sources) if side < len(sources) < side * 3 else side * 3
    whole = known[-1]["side"] == len(sources)
    # It searches once from every place, so the least that a larger table takes grows with its side.
    more = len(sources) / known[-1]["side"]
    found = {
        "prepare_s": prepare,
        "way_us": way,
        "table_one_s": known[-1]["s"] * more,
        "table_two_s": known[-1]["s"] * more,
        "prepare_cpu_s": prepare_cpu,
        "way_cpu_us": way_cpu,
        "table_cpu_s": known[-1]["cpu_s"] * more,
        "tables": known,
        "table_whole": whole,
        "built_mb": built_mb,
        "peak_mb": max(peak_mb(), built_mb),
        "routes_tried": tried,
        "routes_failed": failed,
    }
print(json.dumps(found))
