FILE = "linker.npz"
class PairLinker:
    pass
