"""The printed numbers of counters."""

from __future__ import annotations

from vary_data.sources.arxiv.structure.numbering import Counters


def test_formats_that_name_each_other_many_times_end() -> None:
    names = "abcdefghi"
    counters = Counters()
    for name, other in zip(names, names[1:] + "a", strict=True):
        counters.formats[name] = f"\\the{other}" * 80
    counters.set("a", 3)
    assert len(counters.step("a")) < 10_000
    counters.formats = {"a": "A\\theb", "b": "B\\arabic{b}"}
    assert counters.step("a") == "AB0"
    counters.formats["a"] = "x" * 1_000_000
    assert counters.step("a") == "6"
