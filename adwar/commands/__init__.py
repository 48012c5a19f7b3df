"""One module a command of ``adwar``; each has ``register(subparsers)``."""
