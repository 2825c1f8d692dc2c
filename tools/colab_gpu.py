"""Ejecuta los cuadernos en un Colab con GPU y escribe una tabla con lo que pasó. Se basta solo, sin el curso.

- Desde el navegador: abre tools/colab_gpu.ipynb en Colab y ejecuta su única celda.
- Desde una terminal, con la herramienta oficial de Google (pip install google-colab-cli):
      colab run --gpu T4 --timeout 36000 tools/colab_gpu.py 17 34 > gpu-t4.md    (sin números, todos)

El informe sale fila a fila por la salida estándar y queda en gpu.md: si algo se corta, lo hecho no se pierde
(al informe entero no le falta su última línea, «Todo bien» o «Fallaron»).
El progreso y los fallos salen por stderr. Termina con 0 (todo bien), 1 (algún cuaderno falló) o 2 (no pudo seguir).
"""
import argparse
import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = "https://github.com/sin--publicar/del-perceptron-a-las-gan"  # esta línea y la siguiente
EDITION = "v0.1.0"                                                         # las pone al día make links
NBVAL = ("nbval==0.11.0", "coverage==7.17.3")  # lo único que le falta a la imagen de Colab
REPORT = Path("gpu.md")
SAMPLE, HEARTBEAT = 0.5, 20  # segundos; en silencio, la conexión de «colab run» podría perderse
COUNT = "import tensorflow; print(len(tensorflow.config.list_physical_devices('GPU')))"
NO_GPU = ("No veo ninguna GPU. En Colab elige «Entorno de ejecución → Cambiar tipo de entorno → GPU T4» "
          "(en la terminal, colab run --gpu T4) y empieza de nuevo.")


def progress(text):
    print(text, file=sys.stderr, flush=True)


def stop(problem):
    """Dice qué impide seguir y termina con 2."""
    progress(f"✘ {problem}")
    sys.exit(2)


def report(text):
    """Añade una línea al informe."""
    print(text, flush=True)
    with REPORT.open("a", encoding="utf-8") as file:
        file.write(text + "\n")


def run(problem, *command):
    """Ejecuta una orden y devuelve lo que escribe; si falla, termina con `problem` y la última línea del error."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        stop(" ".join([problem, *(getattr(error, "stderr", None) or "").strip().splitlines()[-1:]]))


def gpu(field):
    """Lo que dice nvidia-smi de la GPU: su nombre (name), su memoria ocupada en MB (memory.used)…"""
    return run(NO_GPU, "nvidia-smi", "--id=0", f"--query-gpu={field}", "--format=csv,noheader,nounits")


def prepare(folder, repository, edition):
    """Clona la edición en `folder`/curso y deja nbval en `folder`/nbval, sin tocar los paquetes de Colab."""
    progress(f"GPU: {gpu('name')}. Trayendo {edition} de {repository}…")
    if run("TensorFlow no se puede importar.", sys.executable, "-c", COUNT).split()[-1] == "0":
        stop("Hay una GPU, pero TensorFlow no la ve. Abre un entorno nuevo y no instales nada en él.")
    run(f"No pude traer {edition} de {repository}. Revisa la red y que esa edición esté publicada.",
        "git", "clone", "-q", "--depth=1", "-b", edition, repository, str(folder / "curso"))
    if importlib.util.find_spec("nbval") is None:
        run("No pude traer nbval. Revisa la red y empieza de nuevo.", sys.executable, "-m", "pip", "install", "-q",
            "--no-deps", "--target", str(folder / "nbval"), *NBVAL)


def execute(path, folder, limit):
    """Ejecuta un cuaderno con nbval. Devuelve (código de salida o None si se cortó, segundos, MB de GPU)."""
    environment = {**os.environ, "CURSO_DISPOSITIVO": "gpu", "CURSO_ESTRICTO": "1",
                   "CURSO_ACTA": str(folder / "acta.jsonl"), "TF_FORCE_GPU_ALLOW_GROWTH": "true",
                   "PYTHONPATH": os.pathsep.join([str(folder / "nbval"), os.environ.get("PYTHONPATH", "")])}
    (folder / "acta.jsonl").write_text("")
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", ".", "--noconftest",
               "--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={limit}", path.name]
    before = peak = int(gpu("memory.used"))
    start = beat = time.monotonic()
    with (folder / "salida.txt").open("w") as output:
        process = subprocess.Popen(command, cwd=path.parent, env=environment, stdout=output, stderr=output)
        try:
            while process.poll() is None and time.monotonic() - start < limit:
                time.sleep(SAMPLE)
                peak = max(peak, int(gpu("memory.used")))
                if time.monotonic() - beat > HEARTBEAT:
                    beat = time.monotonic()
                    progress(f"  {path.stem}: {beat - start:.0f} s, {peak - before} MB")
            return process.poll(), time.monotonic() - start, peak - before
        finally:
            process.kill()  # si se cortó; el kernel se cierra solo al quedarse sin él
            process.wait()


def outcome(code, log):
    """«✔», o «✘» y las celdas de código que fallaron, contadas desde 1."""
    cells = ", ".join(str(int(number) + 1) for number in re.findall(r"^FAILED .*::Cell (\d+)", log, re.M))
    return {0: "✔", None: "✘ cortado: no terminaba"}.get(code, f"✘ celdas {cells}" if cells else "✘ no se ejecutó")


def claims_text(record):
    """«11/12», y las afirmaciones que no se cumplen con lo que se esperaba."""
    claims = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    words = {"at_least": "al menos", "at_most": "como mucho", "equal": "exactamente"}
    failed = [f"{c['text']}: {c['value']!s:.80} (se esperaba {word} {c[key]})"
              for c in claims if not c["holds"] for key, word in words.items() if c[key] is not None]
    return "; ".join([f"{len(claims) - len(failed)}/{len(claims)}", *failed]).replace("|", r"\|")


def check(options, folder):
    """Ejecuta los cuadernos y escribe el informe. Devuelve 0 si todo fue bien y 1 si no."""
    prepare(folder, options.repo, options.edition)
    found = {path.name[:2]: path for path in sorted((folder / "curso/notebooks").glob("[0-9][0-9]_*.ipynb"))}
    numbers, failed = [n.zfill(2) for n in options.numbers] or list(found), []
    if set(numbers) - set(found):
        stop(f"Esta edición no tiene algún cuaderno de {', '.join(numbers)}; tiene {', '.join(found)}.")
    versions = [f" · {name} {importlib.metadata.version(name)}" for name in ("tensorflow", "keras", "numpy")]
    REPORT.unlink(missing_ok=True)
    report(f"# Los cuadernos en una GPU\n\n{gpu('name')} ({gpu('memory.total')} MB) · python {sys.version.split()[0]}"
           f"{''.join(versions)} · {options.edition} de {options.repo} · {time.strftime('%Y-%m-%d')}\n\n"
           "| Cuaderno | Resultado | Segundos | Pico de memoria de la GPU (MB) | Afirmaciones |\n|---|---|---|---|---|")
    for path in map(found.get, numbers):
        code, seconds, peak = execute(path, folder, options.limit)
        log = (folder / "salida.txt").read_text(errors="replace")
        report(f"| {path.stem} | {outcome(code, log)} | {seconds:.0f} | {peak} | "
               f"{claims_text(folder / 'acta.jsonl')} |")
        if code != 0:
            failed.append(path.stem)
            progress(log[-8000:])
    report(f"\nFallaron: {', '.join(failed)}." if failed else f"\nTodo bien: {len(numbers)} cuadernos.")
    return min(len(failed), 1)


def main(arguments):
    parser = argparse.ArgumentParser(description="Ejecuta los cuadernos del curso en un Colab con GPU.")
    parser.add_argument("numbers", nargs="*", help="números de los cuadernos (sin ninguno, todos)")
    parser.add_argument("--repo", default=REPOSITORY, help="dirección del repositorio")
    parser.add_argument("--edition", default=EDITION, help="etiqueta o rama que se clona")
    parser.add_argument("--limit", type=int, default=1800, help="segundos que puede durar un cuaderno")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return check(parser.parse_args(arguments), Path(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
