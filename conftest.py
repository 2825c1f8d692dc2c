"""Ajustes comunes de las pruebas: afirmaciones estrictas, un hilo por cuaderno, tabla final."""
import json
import os
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
LIMITS = {"seconds": 150, "megabytes": 2048}  # por cuaderno; los tiempos solo avisan
START = time.perf_counter()

os.environ["CURSO_ESTRICTO"] = "1"
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
             "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ.setdefault(name, "1")  # dos cuadernos a la vez comparten bien dos núcleos


def measured_seconds(path):
    """Lo que tardó un cuaderno la última vez que se actualizó (0 si no se sabe)."""
    header = json.loads(path.read_text("utf-8"))["metadata"].get("curso", {})
    return header.get("measured", {}).get("seconds", 0)


def pytest_collection_modifyitems(items):
    """Primero los cuadernos más largos: así los dos trabajadores terminan casi a la vez."""
    seconds = {path: measured_seconds(path) for path in {i.path for i in items} if path.suffix == ".ipynb"}
    items.sort(key=lambda item: -seconds.get(item.path, 0))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Anota en cada celda ejecutada la memoria máxima de su kernel."""
    outcome = yield
    report = outcome.get_result()
    if item.path.suffix == ".ipynb" and report.when == "call":
        report.user_properties.append(("megabytes", kernel_peak(item.parent.kernel)))


def kernel_peak(kernel):
    """Pico de memoria del kernel de nbval, en MB; 0 si ya no existe (nbval borra entonces `km`)."""
    if not hasattr(kernel, "km") or kernel.km.provisioner is None or not kernel.is_alive():
        return 0
    import psutil
    from refresh import peak_memory
    try:
        return peak_memory(psutil.Process(kernel.km.provisioner.pid))
    except psutil.NoSuchProcess:
        return 0


def pytest_terminal_summary(terminalreporter):
    """Adónde se fue el tiempo: segundos y memoria de cada cuaderno, segundos de cada módulo y total."""
    notebooks, modules = {}, {}
    reports = [r for status in ("passed", "failed", "xfailed") for r in terminalreporter.stats.get(status, [])]
    for report in reports:
        name = report.nodeid.split("::")[0]
        table = notebooks if name.endswith(".ipynb") else modules
        seconds, peak = table.get(name, (0.0, 0))
        peak = max([peak, *(v for k, v in report.user_properties if k == "megabytes")])
        table[name] = (seconds + report.duration, peak)
    if not notebooks:
        return
    terminalreporter.section("adónde se fue el tiempo")
    for name, (seconds, peak) in sorted(notebooks.items()):
        over = [f"más de {LIMITS[k]}" for k, v in (("seconds", seconds), ("megabytes", peak)) if v > LIMITS[k]]
        terminalreporter.write_line(f"{Path(name).name:45} {seconds:6.1f} s {peak:6} MB  {' '.join(over)}".rstrip())
    for name, (seconds, _) in sorted(modules.items(), key=lambda item: -item[1][0])[:6]:
        terminalreporter.write_line(f"{name:45} {seconds:6.1f} s")
    total, elapsed = sum(s for s, _ in [*notebooks.values(), *modules.values()]), time.perf_counter() - START
    terminalreporter.write_line(f"{'una detrás de otra':45} {total:6.1f} s; así, {elapsed:.1f} s "
                                f"({elapsed / max(total, 1e-9):.2f} veces)")
