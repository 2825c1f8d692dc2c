"""Ejecuta los cuadernos en un JupyterLab real y mueve todos sus controles (make test-browser).

Trabaja sobre una copia temporal, sin red y con un Chromium sin ventana. Un control falla si algo sale en
rojo, si el kernel o la página se quejan o si su dibujo no cambia nunca. Los tiempos solo se anotan. Cada
vez demuestra antes que ve los fallos: abre los canarios de tests/canaries_navegador, rotos a propósito.
"""
import contextlib
import datetime
import importlib.metadata
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent))
from browser_page import visit  # noqa: E402
from test_colab import published_copy  # noqa: E402

import notebooks  # noqa: E402

REPORT = notebooks.ROOT / "tests/informes/navegador.md"
PICTURES = notebooks.ROOT / "build/navegador"
CANARIES = notebooks.ROOT / "tests/canaries_navegador"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
GOALS = {"browser": 150, "kernel": 100}  # milisegundos, percentil 95
NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
SETTINGS = {  # todas las celdas en la página, y sin noticias de JupyterLab
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}


def needed():
    """(sync_playwright, Error, ruta de Chromium); si falta algo, termina y dice qué instalar."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chromium:
        sys.exit("✘ Falta Chromium o Chrome. En Debian y Ubuntu: apt install chromium")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ModuleNotFoundError:
        sys.exit(f"✘ Falta Playwright, que maneja el navegador: {sys.executable} -m pip install playwright")
    return sync_playwright, Error, chromium


@contextlib.contextmanager
def laboratory(folder):
    """Copia el curso en `folder` y abre ahí un JupyterLab. Da su dirección; al salir lo detiene."""
    course = folder / "curso"
    course.mkdir()
    published_copy(course)
    for name, values in SETTINGS.items():
        file = folder / f"ajustes/@jupyterlab/{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values), "utf-8")
    own = ("JUPYTERLAB_WORKSPACES_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    environment = {"CURSO_ESTRICTO": "1", **os.environ, **{name: str(folder / name) for name in own},
                   "JUPYTERLAB_SETTINGS_DIR": str(folder / "ajustes")}
    with open(folder / "registro", "w+", encoding="utf-8") as log:
        server = psutil.Popen([sys.executable, "tools/lab.py", "--no-browser", "--ip=127.0.0.1", "--port=0",
                               "--LabApp.expose_app_in_browser=True"],
                              cwd=course, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            yield address(server, folder)
        finally:
            family = [*server.children(recursive=True), server] if server.is_running() else []
            for process in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(family, timeout=10)


def address(server, folder):
    """Espera a que JupyterLab anote dónde atiende y con qué clave: {"url": …, "token": …}."""
    for _ in range(300):
        for file in (folder / "JUPYTER_RUNTIME_DIR").glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError):  # lo está escribiendo
                return json.loads(file.read_text("utf-8"))
        if server.poll() is not None:
            break
        time.sleep(0.2)
    sys.exit("✘ JupyterLab no arrancó:\n" + (folder / "registro").read_text("utf-8")[-2000:])


def percentiles(milliseconds, goal):
    """«p50 | p95» de una columna; ▲ si el percentil 95 no cumple la meta."""
    if not milliseconds:
        return "– | –"
    middle, high = np.percentile(milliseconds, [50, 95])
    return f"{middle:.0f} | {high:.0f}{' ▲' if high >= goal else ''}"


def report(visits, browser_version):
    """El informe en Markdown."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("jupyterlab", "ipywidgets"))
    lines = ["# Los controles en el navegador", "", "Lo escribe `make test-browser`: no lo edites.", "",
             f"{datetime.date.today()} · {versions}, Chromium {browser_version} · {os.cpu_count()} núcleos, "
             f"con una carga media de {psutil.getloadavg()[1]:.1f} (más que núcleos: tiempos inflados)", "",
             "| cuaderno | celdas | segundos | grupos de controles | resultado |", "|---|--:|--:|--:|---|"]
    lines += [f"| {v['number']} | {v['cells']} | {v['seconds']:.0f} | {v['widgets']} | "
              f"{'✘ ' + v['problems'][0].replace('|', '/') if v['problems'] else '✔'} |" for v in visits]
    lines += ["", "Milisegundos de cada movimiento que cambió el dibujo. Navegador: desde la tecla o el clic hasta que "
              "la imagen nueva está lista. Kernel: lo que tarda en atender el mensaje, de «busy» a «idle», con su "
              f"propio reloj. ▲: percentil 95 de {GOALS['browser']} (navegador) o {GOALS['kernel']} (kernel) o más.",
              "", "| cuaderno | control | movimientos | cambios | navegador p50 | p95 | kernel p50 | p95 |",
              "|---|---|--:|--:|--:|--:|--:|--:|"]
    lines += [f"| {v['number']} | {row['label']} | {row['moves']} | {row['changes']} | "
              + " | ".join(percentiles(row[place], goal) for place, goal in GOALS.items()) + " |"
              for v in visits for row in v["controls"]]
    return "\n".join(lines) + "\n"


def write_canaries(folder):
    """Convierte los canarios en cuadernos. Devuelve {nombre: lo que debe decir su fallo, o None si está sano}."""
    expected = {}
    for path in sorted(CANARIES.glob("*.py")):
        first, code = path.read_text("utf-8").split("\n", 1)
        start = "import sys; sys.path.insert(0, '..')"
        cells = [nbformat.v4.new_code_cell(source.strip()) for source in [start, *code.split("\n# %%\n")]]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
        notebooks.write(notebook, folder / f"canario_{path.stem}.ipynb")
        verdict, words = first.removeprefix("# Debe ").split(": ", 1)
        expected[path.stem] = words if verdict == "fallar" else None
    return expected


def visit_canaries(browser, error, lab, folder):
    """Cada canario debe fallar por lo que tiene roto, y el sano, pasar. Devuelve si es así."""
    expected, results = write_canaries(folder), []
    for name, words in expected.items():
        problems = visit(browser, error, lab, f"canario_{name}.ipynb")["problems"]
        results.append(any(words in problem for problem in problems) if words else not problems)
        print("✔" if results[-1] else "✘", f"canario {name}:", "; ".join(problems) or "ningún fallo", flush=True)
    return all(results) and None in expected.values() and any(expected.values())


def main(numbers):
    sync_playwright, error, chromium = needed()
    chosen = [path.name for path in notebooks.paths() if not numbers or path.name[:2] in numbers]
    if missing := set(numbers) - {name[:2] for name in chosen}:
        sys.exit(f"✘ No hay cuadernos con el número {', '.join(sorted(missing))}.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("✘ Interrumpido."))  # para que todo se cierre igual
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, laboratory(Path(temporary)) as lab, \
            sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[NO_NETWORK])
        caught = visit_canaries(browser, error, lab, Path(temporary) / "curso/notebooks")
        visits = []
        for name in chosen:
            visits.append(visit(browser, error, lab, name, PICTURES))
            problems = visits[-1]["problems"]
            print("✘" if problems else "✔", name, "; ".join(problems), flush=True)
        text = report(visits, browser.version)
        browser.close()
    if numbers:
        print(text)
    else:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(text, encoding="utf-8", newline="\n")
    sys.exit(0 if caught and not any(v["problems"] for v in visits) else 1)


if __name__ == "__main__":
    main([number.zfill(2) for number in sys.argv[1:]])
