# Debe fallar: ZeroDivisionError
1 / 0

# %%
print("aquí no se llega")
