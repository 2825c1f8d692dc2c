"""Ejercicios del cuaderno 15, Sobreajuste y regularización."""
import unicodedata

import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, quiet, unfinished

DIAGNOSES = ("subajuste", "faltan épocas", "sobreajuste", "tasa alta", "fuga", "sano")


def _patients():
    """Las curvas inventadas del ejercicio 4: paciente → (entrenamiento (40,), validación (40,), prueba)."""
    e, shake = np.arange(40), np.random.default_rng(0).normal(size=(2, 40))
    train = {"A": 0.02 + 2.2 * np.exp(-e / 5), "B": 2.2 + 0.28 * shake[0], "C": 0.16 + 2 * np.exp(-e / 5),
             "D": 0.03 + 2.2 * np.exp(-e / 5), "E": 2.3 * np.exp(-e / 55), "F": 1.5 + 0.8 * np.exp(-e / 4)}
    val = {"A": 0.42 + 1.9 * np.exp(-e / 4) + 0.022 * e, "B": 2.25 + 0.3 * shake[1], "C": 0.22 + 2 * np.exp(-e / 5),
           "D": 0.06 + 2.2 * np.exp(-e / 5), "E": 0.06 + 2.28 * np.exp(-e / 55), "F": 1.56 + 0.78 * np.exp(-e / 4)}
    test = {"A": 1.3, "B": 2.3, "C": 0.24, "D": 1.2, "E": 1.2, "F": 1.57}
    return {name: (train[name], val[name] + 0.012 * shake[1], test[name]) for name in train}


PATIENTS = _patients()
_RIGHT = {"A": "sobreajuste", "B": "tasa alta", "C": "sano", "D": "fuga", "E": "faltan épocas", "F": "subajuste"}
_SIGNS = {  # qué se ve en cada paciente, sin decir el nombre
    "A": "la validación bajó y lleva muchas épocas subiendo, mientras la de entrenamiento se pega al cero",
    "B": "las curvas saltan y no bajan desde el principio: los pasos se pasan de largo",
    "C": "las dos bajan, se quedan planas abajo y muy juntas, y la prueba coincide",
    "D": "la validación es casi perfecta y la prueba, muy mala: la validación no era nueva",
    "E": "las dos van juntas y al final todavía están bajando",
    "F": "las dos van juntas, pero se quedaron planas muy arriba: el modelo no da para más"}


def ridge(answer):
    """`answer(X, y, strength)` devuelve los pesos de ridge, sin cobrar a la ordenada. X: (n, d + 1), unos delante."""
    def solve(X, y, added):
        return np.linalg.solve(X.T @ X + added, X.T @ y)

    def free(X, strength):
        return strength * np.diag(np.r_[0.0, np.ones(X.shape[1] - 1)])

    rng = np.random.default_rng(15)
    cases = [(np.column_stack([np.ones(n), rng.integers(-3, 4, (n, d))]), rng.integers(1, 9, n).astype(float), strength)
             for n, d, strength in [(4, 1, 2.0), (6, 2, 0.5), (9, 4, 3.0)]]
    answer = quiet(answer)
    verdict = grade_function(
        answer, lambda X, y, s: solve(X, y, free(X, s)), cases,
        [("La ordenada también está pagando: pon un 0 en la primera casilla de la identidad.",
          lambda X, y, s: solve(X, y, s * np.eye(X.shape[1]))),
         ("Esos son los mínimos cuadrados de siempre: falta sumar λP a XᵀX.", lambda X, y, s: solve(X, y, 0)),
         ("El signo está cambiado: λP se suma a XᵀX. Restada, premia los pesos grandes.",
          lambda X, y, s: solve(X, y, -free(X, s))),
         ("Hay una n de más: con la suma de los cuadrados (no la media), λ va sola.",
          lambda X, y, s: solve(X, y, len(y) * free(X, s))),
         ("Divides λ entre n: con la suma de los cuadrados (no la media), λ va sola.",
          lambda X, y, s: solve(X, y, free(X, s) / len(y))),
         ("λ va sola: al derivar, el 2 de los errores y el de la penalización se cancelan.",
          lambda X, y, s: solve(X, y, 2 * free(X, s))),
         ("λ va sola: al derivar, el 2 de los errores y el de la penalización se cancelan.",
          lambda X, y, s: solve(X, y, free(X, s) / 2)),
         ("λ va sola, sin elevarla al cuadrado.", lambda X, y, s: solve(X, y, free(X, s * s))),
         ("Sumaste λ a todas las casillas de XᵀX. Solo va en la diagonal: λ · np.eye(…).",
          lambda X, y, s: solve(X, y, s)),
         ("La casilla que no paga es la primera, no la última: los unos van delante.",
          lambda X, y, s: solve(X, y, s * np.diag(np.r_[np.ones(X.shape[1] - 1), 0.0]))),
         ("X ya trae la columna de unos: no añadas otra.",
          lambda X, y, s: solve(np.c_[np.ones(len(X)), X], y, s * np.diag(np.r_[0.0, np.ones(X.shape[1])]))),
         ("Eso son las predicciones Xw. Se piden los pesos w.", lambda X, y, s: X @ solve(X, y, free(X, s)))],
        "La ordenada no paga y los demás pesos, sí.")
    if verdict.state == WRONG and any(word in verdict.hint for word in ("broadcast", "matmul", "mismatch", "Singular")):
        return Verdict(CLOSE, "Las formas no encajan. XᵀX mide (d + 1, d + 1), como lo que le sumas; XXᵀ mide "
                              "(n, n) y no sirve. El sistema es (XᵀX + λP) w = Xᵀy.")
    return verdict


SHRINKS = "Eso encoge en proporción, como L2, y nunca llega a cero. Resta una cantidad fija."


def soft_threshold(answer):
    """`answer(z, t)` acerca cada z a cero una cantidad t, sin pasarse."""
    cases = [(np.array([2.0, -2.0]), 0.5), (np.array([0.3, -0.3, 0.0]), 0.5),
             (np.array([3.0, -1.5, 0.2, -0.1, 1.0, -4.0]), 1.0)]
    answer = quiet(answer)
    verdict = grade_function(
        answer, lambda z, t: np.sign(z) * np.maximum(np.abs(z) - t, 0), cases,
        [("Los negativos perdieron el signo: multiplica por np.sign(z).", lambda z, t: np.maximum(np.abs(z) - t, 0)),
         ("Los valores pequeños se pasaron de cero y cambiaron de signo: si |z| < t, el resultado es 0.",
          lambda z, t: np.sign(z) * (np.abs(z) - t)),
         ("Ese es el umbral duro: deja los grandes como estaban. El suave también les resta t.",
          lambda z, t: z * (np.abs(z) > t)),
         ("Los negativos grandes se alejan del cero: a ellos se les suma t.",
          lambda z, t: np.where(np.abs(z) > t, z - t, 0)),
         ("Restas t a todos: los negativos se alejan del cero. Hay que acercarlos.", lambda z, t: z - t),
         ("Solo funciona con los positivos: los negativos grandes no son 0, son z + t.",
          lambda z, t: np.maximum(z - t, 0)),
         (SHRINKS, lambda z, t: z / (1 + t)), (SHRINKS, lambda z, t: z * (1 - t)),
         ("Eso es justo lo que se quita. Falta restárselo a z.", lambda z, t: np.clip(z, -t, t)),
         ("Está al revés: te quedas con los pequeños y tiras los grandes.", lambda z, t: z * (np.abs(z) <= t)),
         ("Se alejan del cero: a |z| se le resta t.", lambda z, t: np.sign(z) * np.maximum(np.abs(z) + t, 0)),
         ("Solo da el signo: falta multiplicarlo por lo que queda de |z|.",
          lambda z, t: np.sign(z) * (np.abs(z) > t))],
        "Los pequeños valen exactamente cero, y los grandes pierden t.")
    if verdict.state == WRONG and "truth value" in verdict.hint:
        return Verdict(CLOSE, "z es un arreglo, y un if solo sirve con un número: usa np.sign y np.maximum, o un for.")
    return verdict


def early_stop(answer):
    """`answer(val_loss, patience)` devuelve (mejor época, época tras la que se para), contando desde 1."""
    def run(losses, patience, strict=True, reset=True, last=False, late=0, first=1):
        best, best_epoch, waited = float("inf"), 0, 0
        for epoch, loss in enumerate(losses, start=1):
            reference = losses[epoch - 2] if last and epoch > 1 else best
            if loss < reference or (not strict and loss == reference):
                waited = 0 if reset else waited
            else:
                waited += 1
            if loss < best or (not strict and loss == best):
                best, best_epoch = loss, epoch
            if waited >= patience + late:
                break
        return best_epoch + first - 1, epoch + first - 1

    def best_of_all(losses, patience):
        return int(np.argmin(losses)) + 1, run(losses, patience)[1]

    cases = [([3.0, 2.0, 1.0, 1.5, 1.2, 1.3, 1.4], 2), ([3.0, 2.0, 1.0], 2), ([5.0, 4.0, 4.5, 4.6, 3.0, 2.0], 2),
             ([2.0, 1.0, 1.0, 1.0, 1.0, 0.5], 3), ([5.0, 4.0, 4.2, 3.0, 3.5, 3.2, 3.1, 2.0], 3),
             ([1.0, 2.0, 3.0, 4.0, 5.0], 2), ([6.0, 5.0, 5.5, 4.0, 4.4, 3.9, 4.2, 4.3, 1.0], 2)]
    verdict = grade_function(
        answer, run, cases,
        [("Las dos épocas están bien, pero se cuentan desde 1, y las tuyas empiezan en 0.",
          lambda v, p: run(v, p, first=0)),
         ("Las dos épocas son esas, pero al revés: primero la mejor y después la de parada.",
          lambda v, p: run(v, p)[::-1]),
         ("La mejor época se busca solo hasta la parada. Lo que vendría después no se llega a entrenar.", best_of_all),
         ("La mejor época se cuenta desde 1 y se busca solo hasta la parada.",
          lambda v, p: (best_of_all(v, p)[0] - 1, run(v, p)[1])),
         ("La mejor época se cuenta desde 1: la tuya empieza en 0.", lambda v, p: (run(v, p)[0] - 1, run(v, p)[1])),
         ("La época de parada se cuenta desde 1: la tuya empieza en 0.", lambda v, p: (run(v, p)[0], run(v, p)[1] - 1)),
         ("Empatar no es mejorar: compara con <, no con <=.", lambda v, p: run(v, p, strict=False)),
         ("Paras una época tarde: se para en cuanto las épocas sin mejorar llegan a patience.",
          lambda v, p: run(v, p, late=1)),
         ("Paras una época antes: hay que aguantar patience épocas sin mejorar.",
          lambda v, p: run(v, p, late=-1)),
         ("Falta poner la cuenta a cero cuando hay una mejora: las épocas sin mejorar son seguidas.",
          lambda v, p: run(v, p, reset=False)),
         ("Comparas con la época anterior. Hay que comparar con la mejor hasta el momento.",
          lambda v, p: run(v, p, last=True)),
         ("El primer número es la época, no la pérdida.", lambda v, p: (v[run(v, p)[0] - 1], run(v, p)[1])),
         ("Esa es la última época de la lista: falta parar cuando se agota la paciencia.",
          lambda v, p: (run(v, p)[0], len(v))),
         ("Esa es la última época de la lista: falta parar cuando se agota la paciencia.",
          lambda v, p: (int(np.argmin(v)) + 1, len(v))),
         ("La época de parada es aquella tras la que se para, no la mejor más patience: la lista puede acabar antes.",
          lambda v, p: (run(v, p)[0], run(v, p)[0] + p))],
        "Y los pesos que se conservan son los de la mejor época, no los de la última.")
    return verdict


def _plain(text):
    """Minúsculas y sin tildes, para comparar lo escrito."""
    text = unicodedata.normalize("NFD", text.strip().lower())
    return "".join(letter for letter in text if unicodedata.category(letter) != "Mn")


def diagnose(answer):
    """Diccionario paciente → diagnóstico, con las palabras de DIAGNOSES."""
    if answer is None or unfinished(answer):
        return Verdict(UNTRIED, "Escribe un diagnóstico para cada paciente.")
    if isinstance(answer, (list, tuple)) and len(answer) == len(_RIGHT):
        answer = dict(zip(_RIGHT, answer))
    if not isinstance(answer, dict):
        return Verdict(WRONG, 'Se esperaba un diccionario, como {"A": "sano", …}.')
    if any(value is ... for value in answer.values()):
        return Verdict(UNTRIED, "Escribe un diagnóstico para cada paciente.")
    known = {_plain(word): word for word in DIAGNOSES} | {"tasa muy alta": "tasa alta"}
    right = 0
    wrong = None
    for patient, expected in _RIGHT.items():
        if patient not in answer:
            return Verdict(WRONG, f"Falta el paciente {patient}.")
        said = known.get(_plain(str(answer[patient])))
        if said is None:
            return Verdict(WRONG, f"Paciente {patient}: «{answer[patient]}» no está en la lista. "
                                  f"Elige entre {', '.join(DIAGNOSES)}.")
        right += said == expected
        if said != expected and wrong is None:
            wrong = f"Paciente {patient}: «{said}» no. Mira: {_SIGNS[patient]}."
    if wrong is None:
        return Verdict(RIGHT, "Seis de seis. Las mismas seis formas te las dará cualquier entrenamiento.")
    return Verdict(CLOSE if right >= 3 else WRONG, f"{right} de 6. {wrong}")
