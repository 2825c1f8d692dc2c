# Debe fallar: RuntimeError: botón roto
import ipywidgets
from IPython.display import display


def press(_):
    raise RuntimeError("botón roto")


# %%
button = ipywidgets.Button(description="romper")
button.on_click(press)
display(button)
