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


def load(part):
    return np.fromfile(folder / part, dtype=np.uint32)


def peak_mb(who=resource.RUSAGE_SELF):
    return resource.getrusage(who).ru_maxrss // 1024


lat = load("lat_e7").astype(np.int32) / 1e7
lon = load("lon_e7").astype(np.int32) / 1e7
sources, targets = load("from"), load("to")

if name == "pyroutingkit":
    import pyroutingkit

    tail, head, weight = load("tail"), load("head"), load("weight")
    weight = np.where(weight >= (1 << 30) - 1, pyroutingkit.INF_WEIGHT, weight).astype(np.uint32)
    # It reads no map: its preparation is that of the same graph, once ours has been read.
    start = time.perf_counter()
    cch = pyroutingkit.CCH()
    cch.build_topology(tail, head, lat.astype(np.float32), lon.astype(np.float32), len(lat))
    cch.customize_weights(weight)
    prepare = time.perf_counter() - start
    start = time.perf_counter()
    cch.customize_weights(weight)
    weigh = time.perf_counter() - start
    start = time.perf_counter()
    for a, b in zip(sources, targets):
        cch.query(int(a), int(b))
    way = (time.perf_counter() - start) * 1e6 / len(sources)
    start = time.perf_counter()
    table = np.asarray(cch.distances_many_to_many(sources, targets)).reshape(-1)
    seconds = time.perf_counter() - start
    ours = load("table").astype(np.int64)
    theirs = table.astype(np.int64)
    theirs[theirs >= pyroutingkit.INF_WEIGHT] = (1 << 30) - 1
    found = {
        "prepare_s": prepare,
        "weigh_s": weigh,
        "way_us": way,
        "table_one_s": seconds,
        "table_two_s": seconds,
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
    start = time.perf_counter()
    subprocess.run(
        [str(Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"), "-c", str(home / "valhalla.json"), extract],
        check=True,
        capture_output=True,
    )
    prepare = time.perf_counter() - start
    actor = valhalla.Actor(str(home / "valhalla.json"))

    def place(vertex):
        return {"lat": float(lat[vertex]), "lon": float(lon[vertex])}

    start = time.perf_counter()
    failed = 0
    for a, b in list(zip(sources, targets))[:200]:
        try:
            actor.route(json.dumps({"locations": [place(a), place(b)], "costing": "auto", "directions_type": "none"}))
        except RuntimeError:
            failed += 1
    way = (time.perf_counter() - start) * 1e6 / 200
    request = {
        "sources": [place(v) for v in sources],
        "targets": [place(v) for v in targets],
        "costing": "auto",
        "verbose": False,
    }
    start = time.perf_counter()
    actor.matrix(json.dumps(request))
    seconds = time.perf_counter() - start
    found = {
        "prepare_s": prepare,
        "way_us": way,
        "table_one_s": seconds,
        "table_two_s": seconds,
        "peak_mb": max(peak_mb(), peak_mb(resource.RUSAGE_CHILDREN)),
        "routes_failed": failed,
    }
print(json.dumps(found))
