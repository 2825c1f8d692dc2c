"""El patio de juegos del cuaderno 11: un tablero con todos los controles de una red que se entrena a la vista.

>>> board = Board()
>>> board.show()
>>> show(board.session)     # lo mismo, quieto
"""
import gc
import io
import time
from dataclasses import replace

import ipywidgets
import matplotlib
import numpy as np
from IPython.display import display
from PIL import Image, ImageColor, ImageDraw, ImageFont

from helpers import plots, widgets
from helpers.sandbox import ACTIVATIONS, DATASETS, FEATURES, MAX_NEURONS, OPTIMIZERS, PENALTIES, Session, Settings

__all__ = ["Board", "DATASETS", "FEATURES", "Session", "Settings", "frames_per_second", "picture", "show"]

LIMIT, SIDE = 6, 96                                # el plano va de −6 a 6 y se mira en una rejilla de 96 × 96
GRID = np.stack(np.meshgrid(*[np.linspace(-LIMIT, LIMIT, SIDE)] * 2), axis=-1)[::-1].reshape(-1, 2)
WIDE, HIGH, TILE, ROW, ZOOM = 900, 500, 48, 54, 2  # en píxeles; se dibuja al doble y se reduce: bordes suaves
CENTER, FIELD = (740, 190), 288                    # el campo de la salida
RAMP = np.array([[np.interp(v, [-1, 0, 1], [low, 255, high]) for low, high in
                  zip(*map(ImageColor.getrgb, plots.CLASS_COLORS))] for v in np.linspace(-1, 1, 256)]).astype(np.uint8)
FONTS = {size: ImageFont.truetype(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf", ZOOM * size)
         for size in (11, 13)}
FRAME, RUN = 4, 100                                # épocas de un cuadro y del botón largo
GREY, LIGHT = "#666666", "#dddddd"


class Painter:
    """Un lienzo y sus pinceles, en píxeles del tablero."""

    def __init__(self):
        self.image = Image.new("RGB", (ZOOM * WIDE, ZOOM * HIGH), "white")
        self.pen = ImageDraw.Draw(self.image)

    def text(self, x, y, text, size=11, anchor="ls", fill=plots.BLACK):
        self.pen.text((ZOOM * x, ZOOM * y), text, fill, FONTS[size], anchor)

    def line(self, points, fill, width):
        self.pen.line([(ZOOM * x, ZOOM * y) for x, y in points], fill, max(1, round(ZOOM * width)))

    def field(self, place, values, size, pale=0.0):
        """values: (SIDE²,), de −1 (naranja) a 1 (azul). place: su centro. pale: cuánto blanco, de 0 a 1."""
        index = (127.5 + 127.5 * np.nan_to_num(values)).clip(0, 255).astype(np.uint8).reshape(SIDE, SIDE)
        ramp = (RAMP + pale * (255.0 - RAMP)).astype(np.uint8)
        tile = Image.fromarray(ramp[index]).resize((ZOOM * size,) * 2, Image.Resampling.NEAREST)
        corner = tuple(round(ZOOM * (c - size / 2)) for c in place)
        self.image.paste(tile, corner)
        self.pen.rectangle([*corner, *(c + ZOOM * size for c in corner)], outline=LIGHT if pale > 0.5 else GREY,
                           width=ZOOM)

    def points(self, points, classes):
        """Círculos azules (1) y cuadrados naranjas (0) sobre el campo de la salida."""
        for (x1, x2), y in zip(points * FIELD / (2 * LIMIT), classes):
            x, y_, shape = CENTER[0] + x1, CENTER[1] - x2, self.pen.ellipse if y else self.pen.rectangle
            if max(abs(x1), abs(x2)) < FIELD / 2 - 3:
                shape([ZOOM * (x - 3), ZOOM * (y_ - 3), ZOOM * (x + 3), ZOOM * (y_ + 3)],
                      plots.CLASS_COLORS[int(y)], "white", ZOOM // 2)

    def losses(self, history):
        """Las dos curvas, en escala logarítmica de 1 a 0.001."""
        epochs, *both = (np.ravel(values) for values in zip(*history))
        span = max(RUN, epochs[-1])
        for value in (1, 0.1, 0.02, 0.01, 0.001):
            y = 382 - 33 * np.log10(value)
            self.line([(640, y), (884, y)], GREY if value == 0.02 else LIGHT, 0.5)
            self.text(634, y + (1 if value == 0.01 else -1 if value == 0.02 else 0), f"{value:g}", anchor="rm")
        self.text(884, 496, f"{span} épocas", anchor="rs")
        keep = np.unique(np.linspace(0, len(epochs) - 1, 244).astype(int))
        for values, color, width in [(both[1], plots.GREEN, 3), (both[0], plots.BLACK, 1)]:
            heights = 382 - 33 * np.log10(values[keep].clip(8e-4, 1.4))
            self.line(list(zip(640 + 244 * epochs[keep] / span, heights)), color, width)


def picture(session):
    """El tablero: rasgos, campo de cada neurona, pesos, decisión y pérdidas. Devuelve (imagen, descripción)."""
    s, brush = session.settings, Painter()
    with np.errstate(all="ignore"):
        z = session.network.forward(session.inputs(GRID))[0, :, 0]  # y cada activación recuerda su h
    columns = [[(80, 262 + ROW * (k - 3)) for k in range(len(FEATURES))]]
    for layer, size in enumerate(s.layers):
        x = 104 + 480 * (layer + 1) / (len(s.layers) + 1)
        columns.append([(x, 262 + ROW * (k - (size - 1) / 2)) for k in range(size)])
        brush.text(x, 40, f"capa {layer + 1}", anchor="ms")
    used = [columns[0][k] for k, name in enumerate(FEATURES) if name in s.features]
    output = [(CENTER[0] - FIELD / 2 + TILE / 2, CENTER[1])]
    for before, after, layer in zip([used, *columns[1:]], [*columns[1:], output], session.network.layers[::2]):
        weights = np.nan_to_num(layer.weights[0])
        for j, k in zip(*np.unravel_index(np.abs(weights).argsort(axis=None), weights.shape)):  # los grandes, encima
            w, (x, y), (x_end, y_end) = weights[j, k], before[j], after[k]
            color = RAMP[int(127.5 + 127.5 * np.sign(w) * min(1, 0.25 + abs(w)))]
            ends = [(x + TILE / 2, y), (x_end - TILE / 2, y_end)]
            brush.line(ends, tuple(map(int, color)), min(7, 0.4 + 1.6 * abs(w)))
    for place, (name, feature) in zip(columns[0], FEATURES.items()):
        values, chosen = feature(*GRID.T), name in s.features
        brush.field(place, values / np.abs(values).max(), TILE, pale=0 if chosen else 0.8)
        brush.text(place[0] - 30, place[1], name, 13, "rm", plots.BLACK if chosen else "#999999")
    for places, activation in zip(columns[1:], session.network.layers[1::2]):
        for place, h in zip(places, activation.h[0].T):
            h = 2 * h - 1 if s.activation == "sigmoide" else h / max(np.abs(h).max(), 1e-9)
            brush.field(place, h, TILE)
    brush.field(CENTER, np.tanh(z / 2), FIELD, pale=0.35)  # tanh(z/2) = 2ŷ − 1
    brush.points(session.points[0], session.y[0][:, 0])
    brush.losses(session.history)
    train, test = (float(values[0]) for values in session.history[-1][1:])
    told = f"entrenamiento {train:.3f}, prueba {test:.3f}" if np.isfinite(train + test) else "disparada: baja la tasa"
    brush.text(10, 18, f"época {session.epoch} · arranque {session.draw + 1}", 13)
    brush.text(190, 18, str(s))
    brush.text(80, 40, "rasgos", anchor="ms")
    brush.text(596, 40, f"salida; aciertos en prueba: {session.accuracy()[0]:.3f}")
    brush.text(596, 356, "pérdida de")
    for x, label, value, color, width in [(660, "entrenamiento", train, plots.BLACK, 1),
                                          (796, "prueba", test, plots.GREEN, 3)]:
        brush.line([(x, 352), (x + 10, 352)], color, width)
        brush.text(x + 14, 356, f"{label} {value:.3f}" if np.isfinite(value) else "disparada")
    return brush.image.reduce(ZOOM), f"Época {session.epoch}, {s}. Pérdida: {told}."


def png(image):
    """Los bytes de una imagen con 128 colores: pesa la tercera parte y se ve igual."""
    buffer = io.BytesIO()
    image.quantize(128, method=Image.Quantize.FASTOCTREE, dither=0).save(buffer, "png", compress_level=1)
    return buffer.getvalue()


def show(session):
    """El tablero de una sesión, quieto y con su descripción."""
    image, alt = picture(session)
    alt = ("Una red con el campo de cada neurona, sus pesos como líneas, los puntos sobre el campo de la salida y las "
           f"curvas de pérdida. {alt}")
    display({"image/png": png(image), "text/plain": f"[Figura: {alt}]"}, metadata={"image/png": {"alt": alt}}, raw=True)


class Board:
    """El tablero. datasets: {nombre: función (n, rng) → x (n, 2), y (n,)}. missions: check.playground.MISSIONS."""

    def __init__(self, datasets=None, missions=(), settings=Settings()):
        self.datasets, self.missions, self.done, self.draw = datasets or DATASETS, missions, {}, 0
        for name in self.datasets:  # un generador que no sirve se queja ya
            Session(replace(settings, data=name), self.datasets)
        layers = (*settings.layers, 0, 0, 0)
        self.controls = {
            "data": widgets.choice("datos", list(self.datasets), settings.data),
            "noise": widgets.slider("ruido", 0.0, 2.0, settings.noise, 0.25),
            **{f"layer{k}": widgets.slider(f"neuronas, capa {k}", 0, MAX_NEURONS, layers[k - 1]) for k in (1, 2, 3)},
            "activation": widgets.choice("activación", list(ACTIVATIONS), settings.activation),
            "penalty": widgets.choice("regularización", PENALTIES, settings.penalty),
            "optimizer": widgets.choice("optimizador", list(OPTIMIZERS), settings.optimizer),
            "learning_rate": widgets.choice("tasa η", [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
                                            settings.learning_rate),
            "batch": widgets.choice("minilote", [1, 5, 20, 200], settings.batch)}
        self.features = {name: ipywidgets.ToggleButton(value=name in settings.features, description=name,
                                                       layout={"width": "68px"}) for name in FEATURES}
        self.play = ipywidgets.Play(min=0, max=10**6, interval=80)
        self.buttons = {text: ipywidgets.Button(description=text, layout={"width": "110px"})
                        for text in ("Un paso", f"{RUN} épocas", "Reiniciar")}
        self.picture = ipywidgets.Image(format="png", layout={"width": f"{WIDE}px", "max_width": "100%"})
        self.note = ipywidgets.HTML()
        for control in (*self.controls.values(), *self.features.values()):
            control.observe(self._choose, "value")
        self.play.observe(lambda change: change.new > change.old and self.frame(), "value")
        actions = [lambda _: self.frame(1), self._long_run, self._restart]
        for button, action in zip(self.buttons.values(), actions):
            button.on_click(action)
        self._begin()

    @property
    def settings(self):
        """Lo elegido ahora en los controles."""
        values = {name: control.value for name, control in self.controls.items()}
        layers = tuple(filter(None, (values.pop(f"layer{k}") for k in (1, 2, 3))))
        return Settings(layers=layers, features=tuple(n for n, b in self.features.items() if b.value), **values)

    def frame(self, epochs=None):
        """Un cuadro: unas épocas (una con minilotes de 1, o el siguiente llegaría antes), el dibujo y las misiones."""
        self.session.run(epochs or (1 if self.session.settings.batch == 1 else FRAME))
        self._redraw()

    def show(self):
        """Muestra el tablero, después de mover una vez cada control: si algo falla, se nota al ejecutar la celda."""
        self._try_everything()
        gc.collect()
        gc.freeze()  # como en widgets.explore: sin pausas de la memoria en mitad de un cuadro
        controls = list(self.controls.values())
        rows = [[ipywidgets.VBox(controls[:5]), ipywidgets.VBox(controls[5:])],
                [ipywidgets.Label("rasgos", layout={"width": "60px"}), *self.features.values()],
                [self.play, *self.buttons.values()]]
        widgets._display(ipywidgets.VBox([*map(ipywidgets.HBox, rows), self.picture, self.note]))

    def _begin(self):
        self.session = Session(self.settings, self.datasets, draw=self.draw)
        self._redraw()

    def _redraw(self):
        self.picture.value = png(picture(self.session)[0])
        for mission in self.missions:
            if not mission.missing(self.session):
                neurons = sum(self.session.settings.layers)
                self.done[mission.title] = min(neurons, self.done.get(mission.title, neurons))
        lines = [f"✔ {m.title} <b>Conseguida</b>, con {self.done[m.title]} neuronas ocultas." if m.title in self.done
                 else f"○ {m.title}" for m in self.missions]
        self.note.value = "<br>".join(lines)

    def _choose(self, change):
        """Un control se movió: se empieza de nuevo, salvo que solo cambie algo que se puede cambiar en marcha."""
        if not any(button.value for button in self.features.values()):
            change.owner.value = True  # sin rasgos no hay red
        new, old = self.settings, self.session.settings
        if new == replace(old, learning_rate=new.learning_rate, penalty=new.penalty, batch=new.batch):
            self.session.change(new)
            self._redraw()
        else:
            self._begin()

    def _long_run(self, _):
        for _ in range(RUN // FRAME):
            self.frame(FRAME)

    def _restart(self, _):
        self.draw += 1
        self._begin()

    def _try_everything(self):
        """Mueve cada control una vez y vuelve al principio."""
        for control in self.controls.values():
            widgets._move_and_return(control)
        for button in self.features.values():
            button.value = not button.value
            button.value = not button.value
        for button in self.buttons.values():
            button.click()
        self.play.value += 1
        self.play.value, self.draw, self.done = 0, 0, {}
        self._begin()


def frames_per_second(frames=50, settings=Settings(features=tuple(FEATURES), layers=(8, 8, 8))):
    """Cuadros por segundo del kernel: entrenar FRAME épocas, dibujarlo todo y dárselo al control."""
    board = Board(settings=settings)
    start = time.perf_counter()
    for _ in range(frames):
        board.frame()
    return frames / (time.perf_counter() - start)
