"""Ejercicios del cuaderno 15: el hueco, respuestas buenas distintas y errores típicos."""
import numpy as np
import pytest

from helpers import check
from helpers.check import regularization
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def identity(X):
    P = np.eye(X.shape[1])
    P[0, 0] = 0
    return P


def ridge(X, y, s):
    return np.linalg.solve(X.T @ X + s * identity(X), X.T @ y)


def ridge_by_rows(X, y, s):
    """Ridge como mínimos cuadrados con filas inventadas."""
    extra = np.sqrt(s) * np.eye(X.shape[1])[1:]
    return np.linalg.lstsq(np.vstack([X, extra]), np.append(y, np.zeros(len(extra))), rcond=None)[0]


def ridge_by_inverse(X, y, s):
    return list(np.linalg.inv(X.T @ X + np.diag([0] + [s] * (X.shape[1] - 1))) @ X.T @ y)


@pytest.mark.parametrize("answer, state, words", [
    (lambda X, y, s: ..., UNTRIED, "puntos"),
    (ridge, RIGHT, "no paga"), (ridge_by_rows, RIGHT, "no paga"), (ridge_by_inverse, RIGHT, "no paga"),
    (lambda X, y, s: np.linalg.solve(X.T @ X + s * np.eye(X.shape[1]), X.T @ y), CLOSE, "ordenada también"),
    (lambda X, y, s: np.linalg.lstsq(X, y, rcond=None)[0], CLOSE, "falta sumar λP"),
    (lambda X, y, s: ridge(X, y, -s), CLOSE, "signo está cambiado"),
    (lambda X, y, s: ridge(X, y, s * len(y)), CLOSE, "n de más"),
    (lambda X, y, s: ridge(X, y, s / len(y)), CLOSE, "Divides λ entre n"),
    (lambda X, y, s: ridge(X, y, 2 * s), CLOSE, "el 2 de los errores"),
    (lambda X, y, s: ridge(X, y, s / 2), CLOSE, "el 2 de los errores"),
    (lambda X, y, s: ridge(X, y, s**2), CLOSE, "al cuadrado"),
    (lambda X, y, s: np.linalg.solve(X.T @ X + s, X.T @ y), CLOSE, "todas las casillas"),
    (lambda X, y, s: np.linalg.solve(X.T @ X + s * np.flip(identity(X)), X.T @ y), CLOSE, "la primera, no la última"),
    (lambda X, y, s: X @ ridge(X, y, s), CLOSE, "predicciones"),
    (lambda X, y, s: ridge(np.c_[np.ones(len(X)), X], y, s), CLOSE, "no añadas otra"),
    (lambda X, y, s: np.linalg.solve(X @ X.T + s * np.eye(X.shape[1]), X.T @ y), CLOSE, "formas no encajan"),
    (lambda X, y, s: np.linalg.solve(X @ X.T + s * np.eye(len(X)), X.T @ y), CLOSE, "formas no encajan"),
    (lambda X, y, s: np.linalg.solve(X.T @ X + s * np.eye(X.shape[1] - 1), X.T @ y), CLOSE, "formas no encajan"),
    (lambda X, y, s: np.zeros(X.shape[1]), WRONG, "se esperaba")])
def test_ridge(answer, state, words):
    verdict = check.regularization.ridge(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def by_loop(z, t):
    return [value - t if value > t else value + t if value < -t else 0 for value in z]


@pytest.mark.parametrize("answer, state, words", [
    (lambda z, t: ..., UNTRIED, "puntos"),
    (lambda z, t: np.sign(z) * np.maximum(np.abs(z) - t, 0), RIGHT, "exactamente cero"),
    (by_loop, RIGHT, "exactamente cero"), (lambda z, t: z - np.clip(z, -t, t), RIGHT, "exactamente cero"),
    (lambda z, t: np.where(abs(z) > t, z - t * np.sign(z), 0), RIGHT, "exactamente cero"),
    (lambda z, t: np.maximum(abs(z) - t, 0), CLOSE, "perdieron el signo"),
    (lambda z, t: z - t * np.sign(z), CLOSE, "pasaron de cero"),
    (lambda z, t: np.where(abs(z) > t, z, 0), CLOSE, "umbral duro"),
    (lambda z, t: z - t, CLOSE, "Restas t a todos"),
    (lambda z, t: np.where(abs(z) > t, z - t, 0), CLOSE, "se les suma t"),
    (lambda z, t: np.maximum(z - t, 0), CLOSE, "con los positivos"),
    (lambda z, t: z / (1 + t), CLOSE, "en proporción"), (lambda z, t: z * (1 - t), CLOSE, "en proporción"),
    (lambda z, t: np.clip(z, -t, t), CLOSE, "lo que se quita"),
    (lambda z, t: np.where(abs(z) > t, 0, z), CLOSE, "al revés"),
    (lambda z, t: z + t * np.sign(z), CLOSE, "Se alejan"),
    (lambda z, t: np.sign(np.where(abs(z) > t, z, 0)), CLOSE, "Solo da el signo"),
    (lambda z, t: z - t if z > t else 0, CLOSE, "un if solo"),
    (lambda z, t: 0 * z, WRONG, "se esperaba")])
def test_soft_threshold(answer, state, words):
    verdict = check.regularization.soft_threshold(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def stop(losses, patience, better=lambda new, old: new < old, late=0):
    best, best_epoch = losses[0], 1
    for epoch in range(2, len(losses) + 1):
        if better(losses[epoch - 1], best):
            best, best_epoch = losses[epoch - 1], epoch
        elif epoch - best_epoch == patience + late:
            return best_epoch, epoch
    return best_epoch, len(losses)


def stop_by_count(losses, patience):
    wait, best = 0, np.inf
    for k in range(len(losses)):
        wait = 0 if losses[k] < best else wait + 1
        best = min(best, losses[k])
        if wait == patience:
            break
    return np.array([int(np.argmin(losses[:k + 1])) + 1, k + 1])


def no_reset(losses, patience):
    wait, best, best_epoch = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, best_epoch = loss, epoch
        else:
            wait += 1
            if wait == patience:
                break
    return best_epoch, epoch


def against_previous(losses, patience):
    wait, best_epoch = 0, 1
    for epoch, loss in enumerate(losses, 1):
        wait = 0 if epoch == 1 or loss < losses[epoch - 2] else wait + 1
        best_epoch = epoch if loss < min(losses[:epoch - 1], default=np.inf) else best_epoch
        if wait == patience:
            break
    return best_epoch, epoch


@pytest.mark.parametrize("answer, state, words", [
    (lambda v, p: (..., ...), UNTRIED, "puntos"), (lambda v, p: (stop(v, p)[0], ...), UNTRIED, "puntos"),
    (stop, RIGHT, "mejor época"), (lambda v, p: tuple(stop_by_count(v, p)), RIGHT, "mejor época"),
    (lambda v, p: list(stop(v, p)), RIGHT, "mejor época"),
    (lambda v, p: (stop(v, p)[0] - 1, stop(v, p)[1] - 1), CLOSE, "empiezan en 0"),
    (lambda v, p: stop(v, p)[::-1], CLOSE, "al revés"),
    (lambda v, p: (int(np.argmin(v)) + 1, stop(v, p)[1]), CLOSE, "hasta la parada"),
    (lambda v, p: (int(np.argmin(v)), stop(v, p)[1]), CLOSE, "desde 1 y se busca"),
    (lambda v, p: (stop(v, p)[0] - 1, stop(v, p)[1]), CLOSE, "la tuya empieza en 0"),
    (lambda v, p: (stop(v, p)[0], stop(v, p)[1] - 1), CLOSE, "La época de parada"),
    (lambda v, p: stop(v, p, lambda new, old: new <= old), CLOSE, "Empatar"),
    (lambda v, p: stop(v, p, late=1), CLOSE, "una época tarde"),
    (lambda v, p: stop(v, p, late=-1), CLOSE, "una época antes"),
    (no_reset, CLOSE, "cuenta a cero"), (against_previous, CLOSE, "época anterior"),
    (lambda v, p: (min(v[:stop(v, p)[1]]), stop(v, p)[1]), CLOSE, "no la pérdida"),
    (lambda v, p: (int(np.argmin(v)) + 1, len(v)), CLOSE, "última época de la lista"),
    (lambda v, p: (stop(v, p)[0], len(v)), CLOSE, "última época de la lista"),
    (lambda v, p: (stop(v, p)[0], stop(v, p)[0] + p), CLOSE, "puede acabar antes"),
    (lambda v, p: (1, 1), WRONG, "se esperaba"), (lambda v, p: 3, WRONG, "se esperaba")])
def test_early_stop(answer, state, words):
    verdict = check.regularization.early_stop(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


GOOD = {"A": "sobreajuste", "B": "tasa alta", "C": "sano", "D": "fuga", "E": "faltan épocas", "F": "subajuste"}


@pytest.mark.parametrize("answer, state, words", [
    (dict.fromkeys("ABCDEF", ...), UNTRIED, "cada paciente"), (..., UNTRIED, "cada paciente"),
    (GOOD | {"F": ...}, UNTRIED, "cada paciente"), (GOOD, RIGHT, "Seis de seis"),
    (list(GOOD.values()), RIGHT, "Seis de seis"), (GOOD | {"B": "Tasa muy alta"}, RIGHT, "Seis de seis"),
    ({k: v.upper().replace("É", "E") + " " for k, v in GOOD.items()}, RIGHT, "Seis de seis"),
    (GOOD | {"E": "subajuste"}, CLOSE, "5 de 6. Paciente E: «subajuste» no. Mira: las dos van juntas y al final"),
    (GOOD | {"D": "sano"}, CLOSE, "la validación no era nueva"),
    (GOOD | {"A": "fuga", "C": "fuga"}, CLOSE, "4 de 6. Paciente A"),
    (GOOD | {"B": "sobreajuste"}, CLOSE, "se pasan de largo"),
    (GOOD | {"C": "subajuste"}, CLOSE, "la prueba coincide"),
    (GOOD | {"F": "faltan épocas"}, CLOSE, "planas muy arriba"),
    (dict.fromkeys("ABCDEF", "sano"), WRONG, "1 de 6"),
    (GOOD | {"B": "gripe"}, WRONG, "«gripe» no está en la lista"), ({"A": "sano"}, WRONG, "Falta el paciente B"),
    ("sano", WRONG, "diccionario")])
def test_diagnose(answer, state, words):
    verdict = check.regularization.diagnose(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def test_patients_show_their_disease():
    p = regularization.PATIENTS
    assert set(p) == set(GOOD)
    assert p["A"][1][-1] > p["A"][1].min() + 0.3 > p["A"][0][-1]          # la validación sube
    assert np.abs(np.diff(p["B"][0])).max() > 0.4                        # saltos
    assert abs(p["C"][2] - p["C"][1][-1]) < 0.1 and p["C"][1][-1] < 0.4  # sano
    assert p["D"][2] > p["D"][1][-1] + 1                                 # fuga
    assert p["E"][0][-1] < p["E"][0][-5] - 0.05                          # todavía baja
    assert p["F"][0][-1] > p["F"][0][-15] - 0.01 and p["F"][0][-1] > 1   # plano y alto
