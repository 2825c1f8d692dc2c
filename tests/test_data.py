"""helpers.data: lo que viene con el curso, la versión completa y los días malos."""
import gzip
import hashlib
import http.server
import io
import shutil
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest

from helpers import data

SHAPES = {"mnist": ((10000, 28, 28), (2000, 28, 28)), "fashion_mnist": ((10000, 28, 28), (2000, 28, 28)),
          "pixel_faces": ((10000, 16, 16, 3), (2000, 16, 16, 3)), "iris": ((150, 4), None),
          "penguins": ((344, 4), None), "photos": ((3, 240, 320, 3), None)}
UNEQUAL = {"penguins": [152, 68, 124]}  # ejemplos por clase de los conjuntos descompensados


@pytest.mark.parametrize("name", data.names())
def test_load(name):
    start = time.perf_counter()
    dataset = data.load(name)
    assert time.perf_counter() - start < 5  # mide «muy por debajo de un segundo»; esto es solo un tope
    assert dataset.x_train.shape == SHAPES[name][0] and not dataset.full
    assert (None if dataset.x_test is None else dataset.x_test.shape) == SHAPES[name][1]
    if dataset.y_train is not None:
        counts = np.bincount(dataset.y_train).tolist()
        assert len(counts) == len(dataset.class_names)
        assert counts == UNEQUAL.get(name, [counts[0]] * len(counts))
    for key in ("title", "description", "contents", "origin", "licence", "sha256", "remake"):
        assert dataset.card[key].strip()


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_subset_keeps_the_indices_of_its_draw(name):
    with np.load(data.FOLDER / f"{name}.npz", allow_pickle=False) as file:
        for part, size, total in (("train", 10000, 60000), ("test", 2000, 10000)):
            index = file[f"{part}_index"]
            assert len(set(index.tolist())) == size and 0 <= index.min() and index.max() < total
        np.testing.assert_array_equal(data.load(name).test_index, file["test_index"])
    assert data.load("iris").test_index is None


def test_faces_are_all_different():
    faces = data.load("pixel_faces")
    everything = np.concatenate([faces.x_train, faces.x_test]).reshape(12000, -1)
    assert len({row.tobytes() for row in everything}) == 12000


def test_iris_is_fishers():
    iris = data.load("iris")
    assert iris.x_train[0].tolist() == [5.1, 3.5, 1.4, 0.2] and iris.x_train.mean().round(4) == 3.4645


def test_penguins_keep_their_holes():
    penguins = data.load("penguins")
    assert penguins.x_train[0].tolist() == [39.1, 18.7, 181, 3750]
    holes = np.isnan(penguins.x_train)
    assert np.flatnonzero(holes.any(axis=1)).tolist() == [3, 271] and holes.sum() == 8
    assert np.nanmean(penguins.x_train, axis=0).round(2).tolist() == [43.92, 17.15, 200.92, 4201.75]


def test_photos_are_pictures():
    photos = data.load("photos")
    assert photos.x_train.dtype == np.uint8 and photos.y_train.tolist() == [0, 1, 2]
    blue = photos.x_train[2, ..., 2].mean() - photos.x_train[2, ..., 0].mean()
    red = photos.x_train[1, ..., 0].mean() - photos.x_train[1, ..., 2].mean()
    assert photos.class_names == ["gato", "café", "cohete"] and blue > 20 and red > 20  # el cielo y el platillo
    neighbours = np.abs(np.diff(photos.x_train.astype(int), axis=2)).mean()
    assert neighbours < 10  # píxeles vecinos se parecen: nada está cortado ni revuelto


def test_total_size():
    assert sum(path.stat().st_size for path in data.FOLDER.iterdir()) < 25e6


def test_catalog_shows_every_card():
    catalog = data.catalog()
    assert [card["name"] for card in catalog] == data.names()
    assert all(f"<code>{name}</code>" in catalog._repr_html_() and name in repr(catalog) for name in data.names())
    assert "licencia" in catalog[0]._repr_html_() and "origen: " in repr(catalog[0])
    assert "x_train (10000, 28, 28)" in repr(data.load("mnist"))


def test_unknown_name_suggests_the_nearest():
    with pytest.raises(data.DataError, match="¿Querías decir «mnist»"):
        data.load("minst")
    with pytest.raises(data.DataError, match="Los que hay: fashion_mnist"):
        data.load("../secreto")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Una copia de las fichas y de iris, para estropearla."""
    for path in data.FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    shutil.copy(data.FOLDER / "iris.npz", tmp_path)
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    return tmp_path


def test_damaged_or_missing_file(folder):
    path = folder / "iris.npz"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(data.DataError, match="está dañado.*git checkout data/iris.npz"):
        data.load("iris")
    path.unlink()
    with pytest.raises(data.DataError, match="No puedo leer data/iris.npz"):
        data.load("iris")


@pytest.mark.parametrize("spoil, words", [
    (lambda card: card.unlink(), "No puedo leer data/iris.toml"),
    (lambda card: card.write_bytes(card.read_bytes()[:40]), "data/iris.toml está dañado"),
    (lambda card: card.write_bytes(b"\xff\xfe"), "data/iris.toml está dañado"),
    (lambda card: card.write_text("title = 'Iris'\n"), "le falta contents, licence, sha256"),
    (lambda card: card.write_text(card.read_text("utf-8").replace('sha256 = "', 'sha256 = "0'), "utf-8"),
     "iris.npz está dañado")])
def test_damaged_or_missing_card(folder, spoil, words):
    spoil(folder / "iris.toml")
    with pytest.raises(data.DataError, match=f"{words}.*git checkout data/iris"):
        data.load("iris")


def test_empty_or_missing_folder(folder, monkeypatch):
    monkeypatch.setattr(data, "FOLDER", folder / "nada")
    with pytest.raises(data.DataError, match="data/ falta o está vacía.*git checkout data»"):
        data.load("iris")


def test_never_opens_pickles(folder, monkeypatch):
    buffer = io.BytesIO()
    np.savez(buffer, x_train=np.array([{"objeto": 1}], dtype=object))
    (folder / "iris.npz").write_bytes(buffer.getvalue())
    card = data._card("iris")
    card["sha256"] = hashlib.sha256(buffer.getvalue()).hexdigest()
    monkeypatch.setattr(data, "_card", lambda name: card)
    with pytest.raises(ValueError, match="allow_pickle"):
        data.load("iris")


# --- La versión completa, contra un servidor de mentira ------------------------------------------

def idx(array):
    """Archivo IDX con una cabecera de 16 bytes (imágenes) u 8 (etiquetas)."""
    return bytes(16 if array.ndim == 3 else 8) + array.tobytes()


@pytest.fixture
def server():
    """Servidor local. `files` son las respuestas; `broken`, las que se cortan a la mitad."""
    class Handler(http.server.BaseHTTPRequestHandler):
        files, broken, asked = {}, set(), []

        def do_GET(self):
            name = self.path.rsplit("/", 1)[-1]
            self.asked.append(name)
            if name not in self.files:
                return self.send_error(404)
            content = self.files[name]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:len(content) // 2] if name in self.broken else content)

        def log_message(self, *arguments):
            pass

    http_server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http_server.serve_forever, daemon=True).start()
    Handler.url = f"http://127.0.0.1:{http_server.server_port}"
    yield Handler
    http_server.shutdown()


@pytest.fixture
def full(server, monkeypatch, tmp_path):
    """mnist (un .npz) y fashion_mnist (cuatro .gz) completos, muy pequeños, en el servidor."""
    rng = np.random.default_rng(0)
    arrays = {"x_train": rng.integers(0, 256, (6, 28, 28), np.uint8), "y_train": np.arange(6, dtype=np.uint8),
              "x_test": rng.integers(0, 256, (2, 28, 28), np.uint8), "y_test": np.arange(2, dtype=np.uint8)}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    contents = {"mnist": [("mnist.npz", buffer.getvalue())],
                "fashion_mnist": [(f"{key}.gz", idx(array)) for key, array in arrays.items()]}
    cards = {}
    for name, files in contents.items():
        cards[name] = data._card(name)
        cards[name]["full"] = [{"url": f"{server.url}/{file}", "sha256": hashlib.sha256(raw).hexdigest()}
                               for file, raw in files]
        server.files.update({file: gzip.compress(raw) if file.endswith(".gz") else raw for file, raw in files})
    monkeypatch.setattr(data, "_card", cards.__getitem__)
    monkeypatch.setenv("CURSO_CACHE", str(tmp_path / "cache"))
    return arrays


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_full_downloads_once_and_then_works_offline(name, full, server):
    for _ in range(2):
        dataset = data.load(name, full=True)
        assert dataset.full
        for key, array in full.items():
            np.testing.assert_array_equal(getattr(dataset, key), array)
        server.files.clear()  # la segunda vez ya no hay red


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_truncated_download_falls_back_and_recovers(name, full, server, tmp_path):
    server.broken.add("mnist.npz" if name == "mnist" else "y_train.gz")
    with pytest.warns(data.DataWarning, match="Sigo con el subconjunto"):
        dataset = data.load(name, full=True)
    assert not dataset.full and dataset.x_train.shape == (10000, 28, 28)
    kept = [p.name for p in (tmp_path / "cache").rglob("*") if p.is_file()]
    assert kept == ([] if name == "mnist" else ["x_train"])  # lo bueno se queda; lo roto, no
    server.broken.clear()
    server.asked.clear()
    assert data.load(name, full=True).full and "x_train.gz" not in server.asked


def test_wrong_content_is_rejected(full, server):
    server.files["mnist.npz"] = b"otra cosa"
    with pytest.warns(data.DataWarning, match="sha256 no es el esperado"):
        assert not data.load("mnist", full=True).full


def test_no_network(full, server, monkeypatch):
    card = data._card("mnist")
    card["full"][0]["url"] = "http://127.0.0.1:9/mnist.npz"  # nadie escucha ahí
    with pytest.warns(data.DataWarning, match="la descarga de mnist.npz falló"):
        assert not data.load("mnist", full=True).full


def test_damaged_cache_survives_until_there_is_a_good_copy(full, server, tmp_path):
    path = tmp_path / "cache/mnist/mnist.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"incompleto")
    good = server.files.pop("mnist.npz")
    with pytest.warns(data.DataWarning, match="404"):
        data.load("mnist", full=True)
    assert path.read_bytes() == b"incompleto"
    server.files["mnist.npz"] = good
    assert data.load("mnist", full=True).full and path.read_bytes() == good


def test_unwritable_cache_still_gives_the_data(full, server, tmp_path, monkeypatch):
    (tmp_path / "archivo").write_text("no soy una carpeta")
    monkeypatch.setenv("CURSO_CACHE", str(tmp_path / "archivo"))
    with pytest.warns(data.DataWarning, match="CURSO_CACHE"):
        assert data.load("mnist", full=True).full


def test_a_process_killed_while_saving_never_leaves_half_a_file(tmp_path):
    code = (f"import os, pathlib, sys; sys.path.insert(0, {str(data.FOLDER.parent)!r}); from helpers import data\n"
            "data.os.replace = lambda *paths: os._exit(9)\n"
            f"data._write_atomically(pathlib.Path({str(tmp_path / 'a/b.npz')!r}), b'datos')")
    assert subprocess.run([sys.executable, "-c", code]).returncode == 9
    assert not (tmp_path / "a/b.npz").exists()
    data._write_atomically(tmp_path / "a/b.npz", b"datos")
    assert (tmp_path / "a/b.npz").read_bytes() == b"datos"


def test_interrupted_write_leaves_nothing(tmp_path, monkeypatch):
    def no_space(*arguments):
        raise OSError(28, "sin espacio")

    monkeypatch.setattr(data.os, "replace", no_space)
    with pytest.raises(OSError, match="sin espacio"):
        data._write_atomically(tmp_path / "a/b.npz", b"datos")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", data.names())
def test_rehearsal_gives_a_thousand_examples_without_network(name, full, monkeypatch):
    monkeypatch.setenv("CURSO_DISPOSITIVO", "ensayo")
    monkeypatch.setattr(data, "_fetch", None)  # llamarla sería un error
    if full and "full" not in data._card(name):
        with pytest.raises(data.DataError, match="no tiene versión completa"):
            data.load(name, full=True)
        return
    small, whole = data.load(name, full=full), np.load(data.FOLDER / f"{name}.npz")
    assert small.full is full
    for key in ("x_train", "y_train", "x_test", "y_test"):
        if key in whole.files:
            np.testing.assert_array_equal(getattr(small, key), whole[key][:1000])


def test_full_of_a_set_without_full_version():
    with pytest.raises(data.DataError, match="no tiene versión completa"):
        data.load("pixel_faces", full=True)


def test_a_normal_load_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data.load("mnist")
