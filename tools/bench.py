"""Mide el curso frente a bibliotecas conocidas, todo en la misma máquina y la misma vez (make bench).

    python tools/bench.py [red] [derivadas] [convolucion] [carrera] [patio] [arranque] [cuadernos]

Cada comparación alterna a los contendientes, con un hilo cada uno, y da la mediana de REPEATS vueltas tras una
de calentamiento: si la máquina se frena, se frena para todos. Comprueba además que calculan lo mismo. Con todas
las partes escribe tests/informes/rendimiento.md, y copia su primera tabla en el README.
"""
import importlib.metadata
import json
import os
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]
from test_repeat import ONE_THREAD  # noqa: E402

import notebooks  # noqa: E402

REPORT = notebooks.ROOT / "tests/informes/rendimiento.md"
MARK = "rendimiento: lo escribe make bench"
REPEATS = 7
os.environ.update(ONE_THREAD, TF_CPP_MIN_LOG_LEVEL="3")


def in_turn(contestants, repeats=REPEATS):
    """Mediana de los segundos de cada función: {nombre: función} -> {nombre: segundos}. La primera vuelta no cuenta."""
    seconds = {name: [] for name in contestants}
    for turn in range(repeats + 1):
        for name, job in contestants.items():
            start = time.perf_counter()
            job()
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def row(what, seconds, *goals):
    """Filas de la tabla: el primero de `seconds` es el nuestro; la razón dice cuántas veces más tarda el otro."""
    (ours, mine), *others = seconds.items()
    return [f"| {what} | {ours} {shown(mine)} | {name} {shown(theirs)} | {theirs / mine:.2f} | {goal} |"
            for (name, theirs), goal in zip(others, goals, strict=True)]


def shown(seconds):
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def agree(what, ours, theirs, tolerance=1e-4):
    """Se detiene si dos contendientes no calculan lo mismo: comparar sus tiempos no tendría sentido."""
    import numpy as np

    gap = np.abs(np.asarray(ours, float) - np.asarray(theirs, float)).max()
    if not gap < tolerance:
        sys.exit(f"✘ {what}: los resultados difieren en {gap:.2g}. No mido cosas distintas.")


def mnist():
    """(x, y, x_test, y_test): imágenes (n, 784) float32 entre 0 y 1, y clases enteras."""
    from helpers import data

    digits = data.load("mnist")
    flat = [(images.reshape(len(images), -1) / 255).astype("float32") for images in (digits.x_train, digits.x_test)]
    return flat[0], digits.y_train.astype(int), flat[1], digits.y_test.astype(int)


def network():
    """Una época de MNIST, 10 000 imágenes, red 784-128-10, lotes de 32, Adam, float32."""
    import keras
    import numpy as np
    from sklearn.neural_network import MLPClassifier

    from helpers import nn, optim

    x, y, x_test, y_test = mnist()
    rng = np.random.default_rng(0)
    ours = nn.Network([nn.Dense(784, 128, rng, dtype="float32"), nn.ReLU(), nn.Dense(128, 10, rng, dtype="float32")])
    optimizer = optim.Adam()
    sklearn = MLPClassifier((128,), batch_size=32, alpha=0, random_state=0)
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(128, "relu"),
                              keras.layers.Dense(10, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    seconds = in_turn({
        "helpers.nn": lambda: nn.fit(ours, x, y, optimizer, epochs=1, batch_size=32, rng=rng),
        "scikit-learn": lambda: sklearn.partial_fit(x, y, classes=np.arange(10)),
        "Keras": lambda: model.fit(x, y, batch_size=32, epochs=1, verbose=0)})
    scores = [(guess == y_test).mean() for guess in
              (ours.predict(x_test), sklearn.predict(x_test), model.predict(x_test, verbose=0).argmax(1))]
    agree("exactitud tras las mismas épocas", scores, [np.mean(scores)] * 3, tolerance=0.02)
    return row("una época de MNIST (10 000 imágenes, red 784-128-10)", seconds, "> 1", "> 1")


def derivatives():
    """Valor y gradientes de una red 2-8-8-1 escrita con números sueltos, sobre cuatro puntos."""
    import random

    from micrograd.engine import Value as Theirs

    from helpers.autodiff import Value

    def cost(kind, numbers):
        """La misma expresión con cualquiera de los dos Value. Devuelve (resultado, entradas)."""
        params = [kind(v) for v in numbers]
        supply, total = iter(params), kind(0.0)

        def layer(inputs, size, active):
            sums = [sum((x * next(supply) for x in inputs), next(supply)) for _ in range(size)]
            return [z.relu() for z in sums] if active else sums

        for a, b, target in ((0, 0, -1), (0, 1, 1), (1, 0, 1), (1, 1, -1)):
            supply = iter(params)
            hidden = layer(layer([kind(a), kind(b)], 8, True), 8, True)
            total = total + (layer(hidden, 1, False)[0] - target) ** 2
        return total, params

    numbers = [random.Random(0).uniform(-1, 1) for _ in range(2 * 8 + 8 + 8 * 8 + 8 + 8 + 1)]

    def job(kind):
        total, params = cost(kind, numbers)
        total.backward()
        return [total.data] + [p.grad for p in params]

    agree("derivadas", job(Value), job(Theirs), tolerance=1e-9)
    return row("valor y 105 derivadas de una red 2-8-8-1 en cuatro puntos",
               in_turn({"helpers.autodiff": lambda: job(Value), "micrograd": lambda: job(Theirs)}, 31), "≥ 1")


def convolution():
    """Convolución de un lote: 64 imágenes 28×28×1 con 32 filtros 3×3, y 32 de 32×32×16 con 32 filtros."""
    import keras
    import numpy as np
    from scipy.signal import correlate

    from helpers import vision

    lines, rng = [], np.random.default_rng(0)
    for n, size, channels in ((64, 28, 1), (32, 32, 16)):
        x = rng.normal(size=(n, size, size, channels)).astype("float32")
        kernels = rng.normal(size=(3, 3, channels, 32)).astype("float32")

        def scipy(x=x, kernels=kernels):
            return np.stack([np.stack([correlate(image, kernels[..., f], "valid")[..., 0] for f in range(32)], -1)
                             for image in x])

        jobs = {"helpers.vision": lambda x=x, kernels=kernels: vision.conv2d(x, kernels), "SciPy": scipy,
                "Keras": lambda x=x, kernels=kernels: np.asarray(keras.ops.conv(x, kernels))}
        ours, *others = [job() for job in jobs.values()]
        for other in others:
            agree("convolución", ours, other, tolerance=1e-3)
        what = f"convolución de {n} imágenes {size}×{size}×{channels} con 32 filtros 3×3"
        lines += row(what, in_turn(jobs), "> 1", "–")
    return lines


def race():
    """Segundos hasta .95 en prueba (MNIST 10k/2k), construir y preparar la red incluido: mediana de 5 semillas."""
    import itertools
    from types import SimpleNamespace

    import keras
    import numpy as np
    from keras import layers

    from helpers import nn, optim

    x, y, x_test, y_test = mnist()
    seeds = {name: itertools.count() for name in ("cuaderno 14", "cuaderno 10", "keras.io", "tensorflow.org")}

    def arrived(guesses):
        return (guesses.argmax(axis=1) == y_test).mean() >= 0.95

    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = arrived(self.model.predict_on_batch(x_test))

        def on_train_end(self, logs=None):
            if not self.model.stop_training:
                sys.exit("✘ carrera: una red no llegó a 0.95.")

    def recipe(name, optimizer, batch, *hidden):
        keras.utils.set_random_seed(next(seeds[name]))
        model = keras.Sequential([keras.Input((784,)), *hidden, layers.Dense(10, "softmax")])
        model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(x, y, batch_size=batch, epochs=40, verbose=0, callbacks=[Stop()])

    notebook = {"keras": keras, "layers": layers, "widgets": SimpleNamespace(training_progress=lambda epochs: Stop())}
    cells = notebooks.read(next(notebooks.FOLDER.glob("14_*.ipynb"))).cells
    exec(next(cell.source for cell in cells if "def train(" in cell.source), notebook)

    def ours():
        keras.utils.set_random_seed(next(seeds["cuaderno 14"]))
        notebook["train"](notebook["dense_net"](128), x, y)

    def with_numpy():
        rng = np.random.default_rng(next(seeds["cuaderno 10"]))
        net = nn.Network([nn.Dense(784, 128, rng, dtype="float32"), nn.ReLU(),
                          nn.Dense(128, 10, rng, dtype="float32")])
        optimizer = optim.Adam(0.003)
        while not arrived(net.forward(x_test)):
            nn.fit(net, x, y, optimizer, epochs=1, batch_size=100, rng=rng)

    seconds = in_turn({
        "cuaderno 14 (Keras)": ours,
        "receta clásica de keras.io (512-512, RMSprop)": lambda: recipe(
            "keras.io", "rmsprop", 128, layers.Dense(512, "relu"), layers.Dropout(0.2), layers.Dense(512, "relu"),
            layers.Dropout(0.2)),
        "receta de inicio de TensorFlow (128, Adam)": lambda: recipe(
            "tensorflow.org", "adam", 32, layers.Dense(128, "relu"), layers.Dropout(0.2)),
        "la misma red con helpers.nn": with_numpy}, 5)
    return row("MNIST hasta 0.95 en prueba (10 000 imágenes)", seconds, "≥ 2", "–", "–")


def playground():
    """Imágenes por segundo del patio de juegos (cuaderno 11): cada una, varios pasos y el tablero entero."""
    from helpers import playground as patio

    return [f"| imágenes por segundo del patio de juegos | {patio.frames_per_second():.0f} | | | ≥ 10 |"]


def import_seconds(code):
    """Mediana de los segundos que tarda un Python nuevo en ejecutar `code`."""
    return in_turn({"": lambda: subprocess.run([sys.executable, "-c", code], check=True, cwd=notebooks.ROOT)}, 5)[""]


def starting():
    """Cuánto se espera antes de la primera celda, y cuánto tarda cada conjunto de datos en llegar."""
    from helpers import data

    codes = {"Python sin nada": "pass", "NumPy y matplotlib": "import numpy, matplotlib.pyplot",
             "helpers": "from helpers import autodiff, check, data, nn, optim, plots, runtime, widgets",
             "TensorFlow y Keras": "import keras"}
    lines = ["| al empezar | ms |", "|---|--:|"]
    lines += [f"| importar {name} | {1000 * import_seconds(code):.0f} |" for name, code in codes.items()]
    names = sorted(path.stem for path in (notebooks.ROOT / "data").glob("*.npz"))
    loads = in_turn({name: lambda name=name: data.load(name) for name in names}, 5)
    return lines + [f'| `data.load("{name}")` | {1000 * seconds:.0f} |' for name, seconds in loads.items()]


def in_all_notebooks():
    """Cada cuaderno entero y solo, en un proceso nuevo: segundos, memoria y redibujados de sus controles."""
    lines = ["| cuaderno | segundos | MB | redibujados | p50 (ms) | p95 (ms) |", "|---|--:|--:|--:|--:|--:|"]
    for path in notebooks.paths():
        result = subprocess.run([sys.executable, __file__, "--cuaderno", str(path)], capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"✘ {path.name} se detuvo:\n{result.stderr[-2000:]}")
        found = json.loads(result.stdout.splitlines()[-1])
        times = found["redraws"] or [float("nan")]
        p50, p95 = statistics.median(times), sorted(times)[int(0.95 * (len(times) - 1))]
        lines.append(f"| {path.name[:2]} | {found['seconds']:.0f} | {found['megabytes']:.0f} | "
                     f"{len(found['redraws'])} | {1000 * p50:.0f} | {1000 * p95:.0f} |")
    return lines


def one_notebook(path):
    """Ejecuta un cuaderno en este proceso y redibuja sus controles muchas veces. Escribe un objeto JSON."""
    import psutil
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from refresh import peak_memory

    from helpers import widgets

    start, seconds, moved, explore = time.perf_counter(), [], [], widgets.explore

    def watched(draw, **options):
        def timed(**values):
            before = time.perf_counter()
            draw(**values)
            seconds.append(time.perf_counter() - before)

        moved.append(explore(timed, **options))
        return moved[-1]

    widgets.explore = watched
    shell = InteractiveShell.instance()
    cells = notebooks.read(path).cells
    os.chdir(notebooks.FOLDER)
    with capture_output():
        for cell in cells:
            if cell.cell_type == "code":
                shell.run_cell(cell.source).raise_error()
        whole = time.perf_counter() - start
        seconds.clear()
        for controls in moved:
            for control in controls.values():
                sweep(control)
    print(json.dumps({"seconds": whole, "megabytes": peak_memory(psutil.Process()), "redraws": seconds}))


def sweep(control, moves=10):
    """Lleva un control por `moves` valores de los suyos y lo deja donde estaba."""
    before = control.value
    if hasattr(control, "options"):
        values = [value for _, value in control.options]
    else:
        values = [control.min + (control.max - control.min) * k / moves for k in range(moves + 1)]
        values = [round(v) for v in values] if isinstance(before, int) else values
    for value in [*values, before]:
        control.value = value


COMPARISONS = {"red": network, "derivadas": derivatives, "convolucion": convolution, "carrera": race,
               "patio": playground}
TABLES = {"arranque": starting, "cuadernos": in_all_notebooks}


def main(parts):
    unknown = [part for part in parts if part not in {**COMPARISONS, **TABLES}]
    if unknown:
        sys.exit(f"✘ No conozco «{unknown[0]}». Las partes son: {', '.join({**COMPARISONS, **TABLES})}.")
    whole, parts = not parts, parts or [*COMPARISONS, *TABLES]
    table = ["| medida | el curso | el otro | razón | meta |", "|---|---|---|--:|--:|"]
    print(*table, sep="\n", flush=True)
    for part in [part for part in COMPARISONS if part in parts]:
        table += (rows := COMPARISONS[part]())
        print(*rows, sep="\n", flush=True)
    others = [TABLES[part]() for part in TABLES if part in parts]
    for lines in others:
        print("", *lines, sep="\n", flush=True)
    if whole:
        write_report("\n".join(table), others)


def write_report(table, others):
    """El informe, y su primera tabla en el README."""
    import psutil

    versions = ", ".join(f"{name} {importlib.metadata.version(name)}"
                         for name in ("numpy", "tensorflow", "keras", "scikit-learn", "scipy", "micrograd"))
    head = (f"# Rendimiento\n\nLo escribe `make bench`: no lo edites.\n\n{date.today()} · {versions} · "
            f"{os.cpu_count()} núcleos, con una carga media de {psutil.getloadavg()[2]:.1f}. Un hilo por contendiente; "
            f"medianas de {REPEATS} vueltas alternadas (31 en las derivadas, 5 al empezar y en la carrera); los "
            "cuadernos, una vez. Razón: cuántas veces más tarda el otro.\n\n")
    REPORT.write_text(head + "\n\n".join([table, *("\n".join(lines) for lines in others)]) + "\n",
                      encoding="utf-8", newline="\n")
    readme = notebooks.ROOT / "README.md"
    before, rest = readme.read_text("utf-8").split(f"<!-- {MARK} -->")
    after = rest.split("<!-- fin de rendimiento -->")[1]
    readme.write_text(f"{before}<!-- {MARK} -->\n{table}\n<!-- fin de rendimiento -->{after}", encoding="utf-8",
                      newline="\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--cuaderno"]:
        one_notebook(sys.argv[2])
    else:
        main(sys.argv[1:])
