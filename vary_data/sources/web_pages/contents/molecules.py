"""Structural formulas of molecules, drawn by RDKit; the truth is the canonical SMILES."""

from __future__ import annotations

from importlib import resources

import numpy as np

from renderers.web.document import Inset
from vary_data.sources.web_pages.contents.content import Content

MIN_WIDTH = 140
"""Pixels of a place below which the letters of atoms are not legible."""
MAX_WIDTH = 320
"""Larger places show a drawing of this width in their middle."""
BOND = 26.0
"""Pixels of a bond; large molecules are drawn smaller."""
MAX_ATOMS = 32
"""Without hydrogen."""
MAX_PARTS = 3
"""Groups that are put on a ring."""


class Molecules:
    """Draws molecules: well-known ones, and rings with random groups."""

    name = "molecule"

    def __init__(self) -> None:
        from rdkit import Chem, rdBase
        from rdkit.Chem.Draw import rdMolDraw2D

        rdBase.DisableLog("rdApp.*")  # about groups that do not fit, which is expected
        self._chem = Chem
        self._drawer = rdMolDraw2D.MolDraw2DCairo
        self._known, self._rings, self._groups = _lists()

    def make(self, width: float, ratio: float, rng: np.random.Generator) -> Content | None:
        """A molecule for a place of this many pixels; None if none fits."""
        if width < MIN_WIDTH:
            return None
        molecule = self._molecule(rng)
        if molecule is None or molecule.GetNumAtoms() > MAX_ATOMS:
            return None
        wide = int(min(width, MAX_WIDTH))
        drawer = self._drawer(wide, round(wide * min(max(ratio, 0.5), 0.8)))
        options = drawer.drawOptions()
        options.fixedBondLength = BOND  # type: ignore[assignment]  # RDKit's stubs are wrong here
        if rng.random() < 0.7:
            options.useBWAtomPalette()
        drawer.DrawMolecule(molecule)
        drawer.FinishDrawing()
        data = drawer.GetDrawingText()
        text = self._chem.MolToSmiles(molecule)
        size = drawer.Width(), drawer.Height()
        return Content(Inset(data, "image/png", *size, text=text, form="smiles"))

    def _molecule(self, rng: np.random.Generator):  # type: ignore[no-untyped-def]  # RDKit has no types
        """A molecule, or None if the groups do not fit their ring."""
        if rng.random() < 0.35:
            smiles = self._known[int(rng.integers(len(self._known)))]
        else:
            smiles = self._rings[int(rng.integers(len(self._rings)))]
            count = min(smiles.count("*"), int(rng.integers(1, MAX_PARTS + 1)))
            for _ in range(count):
                group = self._groups[int(rng.integers(len(self._groups)))]
                smiles = smiles.replace("(*)", f"({group})", 1)
            smiles = smiles.replace("(*)", "")
        return self._chem.MolFromSmiles(smiles)


def _lists() -> list[list[str]]:
    """Known molecules, rings with places for groups, and groups, from the file of this package."""
    text = (resources.files(__package__) / "molecules.txt").read_text("utf-8")
    parts: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("["):
            parts.append([])
        elif line and not line.startswith("#"):
            parts[-1] += line.split()
    return parts
