"""Signs of formulas and notes; those that are there more than once are drawn more often."""

from __future__ import annotations

RELATIONS = 16 * "=" + 3 * "<>≤≥≈∈→" + "≠≡∼≃≅∝⊂⊆∉⇒⇔←↔↦≪≫⊥∥∣"
OPERATORS = 8 * "+−" + 4 * "·×/" + "∗±∘⊕⊗∪∩∧∨÷"
PREFIXES = "∂∇∀∃¬√∆−"
"""What stands before a term."""
PREFIXED = 0.12
"""The share of terms with a sign before them."""
NOTE_MARKS = "*∗†‡§¶"
