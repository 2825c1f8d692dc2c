"""Repite los cuadernos con otro azar y mide el margen de cada afirmación (make test-repeat N=10 [NB=17]).

Cada vuelta k usa CURSO_SEMILLA=k, en un kernel nuevo y sin detenerse en las afirmaciones falsas. El margen
de una afirmación es lo que la separa de su umbral, en desviaciones típicas y en puntos (centésimas del umbral,
o de 1 si el umbral es menor). Con todos los cuadernos, el informe queda en tests/informes/margenes.md. Cada vuelta
terminada se guarda en build/margenes: si algo se corta, la misma orden sigue donde iba.
"""
import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import notebooks  # noqa: E402

REPORT, DONE = notebooks.ROOT / "tests/informes/margenes.md", notebooks.ROOT / "build/margenes"
DEVIATIONS, POINTS = 3, 2  # una afirmación más cerca de su umbral se mueve, o se afina su experimento
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
                            "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
RUN = """import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": sys.argv[2]}}).execute()
"""


def run(path, turn):
    """Ejecuta un cuaderno con CURSO_SEMILLA=turn. Devuelve sus afirmaciones, en orden, o lanza RuntimeError."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "acta.jsonl"
        record.touch()
        environment = {**os.environ, **ONE_THREAD, "CURSO_SEMILLA": str(turn), "CURSO_ACTA": str(record),
                       "CURSO_ESTRICTO": "0"}
        result = subprocess.run([sys.executable, "-c", RUN, str(path), str(notebooks.FOLDER)], env=environment,
                                capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(f"{path.name} se detuvo con CURSO_SEMILLA={turn}:\n{result.stderr[-2000:]}")
        return [json.loads(line) for line in record.read_text("utf-8").splitlines()]


def run_once(path, turn):
    """Como run, pero si esa vuelta de ese código ya se hizo (y algo se cortó después) la lee de build/margenes."""
    saved = DONE / f"{path.stem}-{notebooks.code_hash(notebooks.read(path))}-{turn}.json"
    if not saved.exists():
        claims = run(path, turn)
        DONE.mkdir(parents=True, exist_ok=True)
        saved.with_suffix(".parte").write_text(json.dumps(claims), encoding="utf-8")
        saved.with_suffix(".parte").replace(saved)
    return json.loads(saved.read_text("utf-8"))


def room(claim):
    """Cuánto le sobra a una medida antes de romper su afirmación (negativo si la rompe).

    None si no es un número finito.
    """
    value, threshold = claim["value"], threshold_of(claim)
    if isinstance(value, (str, list)) or isinstance(threshold, (str, list)) or not math.isfinite(value):
        return None
    if claim["at_least"] is not None:
        return value - threshold
    if claim["at_most"] is not None:
        return threshold - value
    return claim["tolerance"] - abs(value - threshold)


def threshold_of(claim):
    return next(claim[key] for key in ("at_least", "at_most", "equal") if claim[key] is not None)


def margin(turns):
    """Resume una afirmación medida en varias vueltas (lista de registros del acta).

    Devuelve un diccionario: text, threshold, low, high, deviation, sigmas, points, verdict. Una igualdad
    exacta, o algo que no es un número, no tiene margen: basta con que se cumpla en todas las vueltas.
    """
    first, rooms = turns[0], [room(claim) for claim in turns]
    threshold, broken = threshold_of(first), sum(not claim["holds"] for claim in turns)
    row = {"text": first["text"], "threshold": threshold, "low": "", "high": "", "deviation": "", "sigmas": "",
           "points": "", "verdict": f"✘ falla en {broken} de {len(turns)}" if broken else "✔"}
    exact = first["equal"] is not None and first["tolerance"] == 0
    if None in rooms or exact:
        return row
    values = [claim["value"] for claim in turns]
    deviation = statistics.stdev(rooms) if len(rooms) > 1 else 0.0
    mean = statistics.mean(rooms)
    sigmas = mean / deviation if deviation else float("inf")
    points = 100 * mean / max(abs(threshold), 1)
    if not broken and deviation and sigmas < DEVIATIONS:
        row["verdict"] = "✘ muy justa"
    elif not broken and deviation and points < POINTS:
        row["verdict"] = "menos de 2 puntos"
    return row | {"low": min(values), "high": max(values), "deviation": deviation, "sigmas": sigmas,
                  "points": points}


def table(rows):
    """Tabla de Markdown con el margen de las afirmaciones de un cuaderno."""
    lines = ["| afirmación | umbral | mínimo | máximo | desviación | σ hasta el umbral | puntos | |",
             "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        cells = [row[key] for key in ("threshold", "low", "high", "deviation", "sigmas", "points")]
        shown = [f"{c:.3g}" if isinstance(c, float) else str(c)[:40] for c in cells]
        lines.append("| " + " | ".join([row["text"].replace("|", "\\|"), *shown, row["verdict"]]) + " |")
    return "\n".join(lines)


def measure(paths, repeats):
    """{ruta: filas} tras repetir cada cuaderno; de dos en dos, primero los más largos."""
    seconds = {p: notebooks.read(p).metadata.curso.get("measured", {}).get("seconds", 0) for p in paths}
    jobs = [(p, turn) for p in sorted(paths, key=lambda p: -seconds[p]) for turn in range(repeats)]
    found = {}
    with ThreadPoolExecutor(2) as pool:
        for (path, turn), claims in zip(jobs, pool.map(lambda job: run_once(*job), jobs)):
            found.setdefault(path, []).append(claims)
            print(f"{path.name}, vuelta {turn}: {len(claims)} afirmaciones", flush=True)
    for path, turns in found.items():
        if len({tuple(claim["text"] for claim in claims) for claims in turns}) > 1:
            raise RuntimeError(f"{path.name} no hace las mismas afirmaciones en todas las vueltas.")
    return {path: [margin(claims) for claims in zip(*found[path])] for path in paths}


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("numbers", nargs="*", help="cuadernos; todos si no se dice")
    parser.add_argument("-n", type=int, default=10, help="vueltas")
    options = parser.parse_args(arguments)
    if options.n < 2:
        sys.exit("Hacen falta al menos 2 vueltas para medir una desviación: make test-repeat N=10")
    chosen = {number.zfill(2) for number in options.numbers}
    rows = measure([p for p in notebooks.paths() if not chosen or p.name[:2] in chosen], options.n)
    text = (f"# Margen de las afirmaciones\n\n{options.n} vueltas con azar distinto, {date.today()}. "
            f"«✘»: a menos de {DEVIATIONS} desviaciones del umbral, o falla en alguna vuelta.\n\n"
            + "\n\n".join(f"## {path.name}\n\n{table(rows[path])}" for path in rows) + "\n")
    print(text)
    if not chosen:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(text, encoding="utf-8", newline="\n")
    shutil.rmtree(DONE)
    bad = [f"{path.name}: {row['text']}" for path in rows for row in rows[path] if row["verdict"].startswith("✘")]
    sys.exit("Afirmaciones que hay que mover o afinar:\n" + "\n".join(bad) if bad else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
