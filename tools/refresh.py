"""Ejecuta los cuadernos y guarda sus salidas en forma canónica (make refresh [NB=17]).

Un cuaderno que falla se deja como estaba. Al final imprime segundos y memoria de cada uno.
"""
import os
import sys
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

sys.path.insert(0, str(Path(__file__).resolve().parent))
import cover  # noqa: E402

import notebooks  # noqa: E402

WIDGET = "application/vnd.jupyter.widget-view+json"
CELL_METADATA = {"tags", "jupyter", "cellView"}


def execute(notebook):
    """Ejecuta el cuaderno en un kernel nuevo. Devuelve (segundos, megabytes del pico)."""
    os.environ["CURSO_ESTRICTO"] = "1"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS",
                 "TF_NUM_INTEROP_THREADS"):
        os.environ.setdefault(name, "1")  # como en las pruebas: un hilo
    client = NotebookClient(notebook, timeout=600, kernel_name="python3",
                            resources={"metadata": {"path": str(notebooks.FOLDER)}})
    start, peak = time.perf_counter(), 0
    with client.setup_kernel():
        process = psutil.Process(client.km.provisioner.pid)
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number)
            peak = max(peak, peak_memory(process))
    return time.perf_counter() - start, peak


def peak_memory(process):
    """Pico de memoria de un proceso en MB; en los sistemas que no lo guardan, la memoria actual."""
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    memory = process.memory_info()
    return getattr(memory, "peak_wset", memory.rss) // 2**20


def clean(notebook):
    """Quita lo que no debe guardarse: estado de controles, tiempos de ejecución y metadatos ajenos."""
    notebook.metadata = nbformat.from_dict({
        "curso": notebook.metadata.curso, "language_info": {"name": "python"},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in CELL_METADATA})
        if notebooks.SOLUTION in cell.metadata.get("tags", []):
            cell.metadata.update(cellView="form", jupyter={"source_hidden": True})
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
            output.pop("transient", None)


def main(numbers):
    chosen = [p for p in notebooks.paths() if not numbers or p.name[:2] in numbers]
    missing = set(numbers) - {p.name[:2] for p in chosen}
    if missing:
        sys.exit(f"No hay cuadernos con el número {', '.join(sorted(missing))}.")
    failed = []
    for path in chosen:
        notebook = notebooks.complete(notebooks.read(path), path.name, notebooks.existing_names())
        try:
            seconds, peak = execute(notebook)
        except CellExecutionError as error:
            failed.append(path.name)
            print(f"✘ {path.name}\n{error}", flush=True)
            continue
        clean(notebook)
        notebook.metadata.curso.code = notebooks.code_hash(notebook)
        notebook.metadata.curso.measured = {"seconds": round(seconds), "megabytes": peak}
        notebooks.write(notebook, path)
        print(f"✔ {path.name}: {seconds:.0f} s, {peak} MB, {path.stat().st_size // 1000} kB", flush=True)
    notebooks.update_all()
    if failed:
        sys.exit(f"Fallaron y quedaron como estaban: {', '.join(failed)}")
    cover.main()


if __name__ == "__main__":
    main([number.zfill(2) for number in sys.argv[1:]])
