"""Ejercicios del cuaderno 11: las misiones, respuestas buenas distintas y errores típicos."""
import numpy as np
import pytest

from helpers import check
from helpers.check import playground as checks
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG
from helpers.playground import Board
from helpers.sandbox import Session, Settings

SQUARES, WAVES = ("x₁²", "x₂²"), ("x₁", "x₂", "sen x₁", "sen x₂")


def same(verdict, state, words):
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def ring(features=SQUARES, **more):
    return Settings("círculo", features=features, layers=(), **more)


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "board"), (None, UNTRIED, "board"), (ring(), RIGHT, "valen por una capa"),
    (ring(("x₁", "x₂", "x₁²", "x₂²"), optimizer="SGD", learning_rate=3), RIGHT, "capa"),
    ({"data": "círculo", "layers": [], "features": ["x₁²", "x₂²"]}, RIGHT, "capa"), (ring(batch=200), RIGHT, "capa"),
    (Settings(), CLOSE, "«círculo» y ruido 0"), (ring(noise=0.5), CLOSE, "ruido 0.5"),
    (Settings("círculo", layers=(4,)), CLOSE, "Quita las capas"), (ring(("x₁", "x₂")), CLOSE, "cerca del centro"),
    (ring(("x₁", "x₂²")), CLOSE, "una franja"), (ring(penalty="L2 0.01"), CLOSE, "encoge los pesos"),
    (ring(learning_rate=0.001), CLOSE, "Va despacio"), (ring(optimizer="SGD"), CLOSE, "Va despacio"),
    ({"data": "círculo", "layers": (9,)}, WRONG, "Caben hasta"), ({"datos": "círculo"}, WRONG, "no hay tablero"),
    ("círculo", WRONG, "Se esperaba el tablero"), (0.02, WRONG, "Se esperaba el tablero")])
def test_circle(answer, state, words):
    same(check.playground.circle(answer), state, words)


def waves(layers=(8,), features=WAVES, **more):
    return Settings("espiral", features=features, layers=layers, **more)


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "board"), (waves(), RIGHT, "Con 8 neuronas ocultas. Nuestro récord son 3."),
    (waves((6,)), RIGHT, "Con 6"), (waves((4, 4), WAVES + SQUARES), RIGHT, "Con 8"),
    (waves((8, 8)), CLOSE, "Son 16"), (waves((8, 1)), CLOSE, "Son 9"), (waves(()), CLOSE, "Añade alguna"),
    (waves(activation="lineal"), CLOSE, "Falta algo que doble"), (waves(features=("x₁", "x₂")), CLOSE, "sube y baja"),
    (waves(penalty="L2 0.03"), CLOSE, "encoge los pesos"), (waves(learning_rate=0.001), CLOSE, "Va despacio"),
    (waves(optimizer="SGD", learning_rate=0.03), CLOSE, "Va despacio"), (waves(learning_rate=3), CLOSE, "Baja la tasa"),
    (waves((2,)), CLOSE, "la mejor de 10 redes"), (Settings("XOR"), CLOSE, "«espiral»")])
def test_spiral(answer, state, words):
    same(check.playground.spiral(answer), state, words)


def test_our_record_exists():
    session = Session(waves((3,), WAVES + SQUARES), starts=100, seed=0)
    lowest = 1.0
    while lowest >= 0.02 and session.epoch < 600:
        session.run(20, every=20)
        lowest = min(lowest, session.losses()[1].min())
    assert lowest < 0.02 and sum(session.settings.layers) == checks.RECORD


def big(penalty="L2 0.01", layers=(8, 8, 8), **more):
    return Settings("dos nubes", noise=2, layers=layers, penalty=penalty, **more)


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "board"), (big(), RIGHT, "a cuenta"), (big("L1 0.01", activation="ReLU"), RIGHT, "a cuenta"),
    (big("L2 0.03", (8, 8, 4)), RIGHT, "a cuenta"), (big("ninguna"), CLOSE, "le cobra los pesos"),
    (big("L2 0.001", activation="ReLU"), CLOSE, "Sube la multa"), (big("L1 0.1"), CLOSE, "demasiado grande"),
    (big("L2 0.1"), CLOSE, "la mediana de 10 redes termina en"),
    (big(layers=(8, 8)), CLOSE, "al menos 20"), (big(layers=(8, 8, 3)), CLOSE, "al menos 20"),
    (big(activation="lineal"), CLOSE, "no sean lineales"), (Settings("dos nubes", layers=(8, 8, 8)), CLOSE, "ruido 2")])
def test_noise(answer, state, words):
    same(check.playground.noise(answer), state, words)


def test_step_budget():
    assert [checks.epochs(Settings(batch=batch)) for batch in (1, 5, 20, 200)] == [20, 100, 400, 2000]


def test_board_marks_the_missions_and_is_a_valid_answer():
    board = Board(missions=check.playground.MISSIONS, settings=ring())
    assert board.note.value.count("○") == 3
    same(check.playground.spiral(board), CLOSE, "«espiral»")
    while "✔" not in board.note.value:
        board.frame()
        assert board.session.epoch < 300
    assert list(board.done) == [checks.CIRCLE.title] and board.session.losses()[1] < 0.02
    board.controls["data"].value = "XOR"               # ya estaba conseguida: cuenta aunque cambies los controles
    same(check.playground.circle(board), RIGHT, "capa")
    board.done[checks.SPIRAL.title] = 2
    same(check.playground.spiral(board), RIGHT, "¡Nuestro récord eran 3!")
    board.done[checks.SPIRAL.title] = 3
    same(check.playground.spiral(board), RIGHT, "Igualas")


def test_noise_mission_waits_for_the_end():
    board = Board(missions=[checks.CLOUDS], settings=big())
    board.frame(399)
    assert board.session.losses()[1] < 0.32 and "○" in board.note.value
    board.frame(1)
    assert "✔" in board.note.value


def cells(x):
    return (np.floor(x / 2).sum(axis=1) % 2).astype(int)


def good(n, rng):
    x = rng.uniform(-4, 4, (n, 2))
    return x, cells(x)


def by_hand(n, rng):
    x = 8 * rng.random((n, 2)) - 4
    return [x, np.array([(int(a // 2) + int(b // 2)) % 2 for a, b in x])]


def points(make, label=cells):
    def answer(n, rng):
        x = make(n, rng)
        return x, label(x)
    return answer


def square(low, high):
    return lambda n, rng: rng.uniform(low, high, (n, 2))


FULL = square(-4, 4)


@pytest.mark.parametrize("answer, state, words", [
    (lambda n, rng: (..., ...), UNTRIED, "puntos"), (..., UNTRIED, "puntos"), (good, RIGHT, "tablero"),
    (lambda n, rng: (rng.uniform(-4, 4, (n, 2)), ...), UNTRIED, "puntos"),
    (lambda n, rng: ... + n, UNTRIED, "por completar"),
    (by_hand, RIGHT, "tablero"), (points(FULL, lambda x: (x // 2).sum(axis=1) % 2 == 1), RIGHT, "tablero"),
    (good(400, np.random.default_rng(0)), WRONG, "sin paréntesis"), (lambda n, rng: FULL(n, rng), WRONG, "dos cosas"),
    (lambda n, rng: None, WRONG, "dos cosas"), (lambda n: None, WRONG, "se detiene"),
    (lambda n, rng: (FULL(n, rng).T, np.zeros(n)), CLOSE, "traspuesta"),
    (lambda n, rng: (FULL(9, rng), 0), CLOSE, "tiene (9, 2)"),
    (lambda n, rng: (FULL(n, rng), np.zeros((n, 1))), CLOSE, "forma de y debe ser (400,), y es (400, 1)"),
    (points(lambda n, rng: rng.integers(-4, 4, (n, 2))), CLOSE, "decimales"),
    (points(square(0, 8)), CLOSE, "van de −4 a 4"), (points(square(-1, 1)), CLOSE, "de −1.0 a 1.0"),
    (points(lambda n, rng: 8 * rng.beta(0.3, 0.3, (n, 2)) - 4), CLOSE, "casi vacías"),
    (points(FULL, lambda x: 1 - cells(x)), CLOSE, "al revés"),
    (points(FULL, lambda x: (x / 2).astype(int).sum(axis=1) % 2), CLOSE, "np.floor"),
    (points(FULL, lambda x: np.floor(x).sum(axis=1) % 2), CLOSE, "miden 1"),
    (points(FULL, lambda x: np.floor(x / 2).sum(axis=1)), CLOSE, "ceros y unos"),
    (points(FULL, lambda x: (x.prod(axis=1) < 0).astype(int)), CLOSE, "debería ser de la clase")])
def test_checkerboard(answer, state, words):
    same(check.playground.checkerboard(answer), state, words)
