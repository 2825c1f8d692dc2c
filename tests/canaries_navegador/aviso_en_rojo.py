# Debe fallar: stderr: aviso
import sys

print("aviso", file=sys.stderr)
