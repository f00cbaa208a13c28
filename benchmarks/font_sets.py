"""Many fonts in a small folder, as `benchmarks.styled_pages` takes them.

    python -m benchmarks.font_sets --corpus FOLDER --out FOLDER [--cache FOLDER]

Fonts are looked for where Debian installs them and in packages that are fetched. They are cut down
to Latin, Greek and signs, Chinese ones also to GB 2312 and the characters of the corpus. Writes
FOLDER/*.otf|ttf and fonts.json: a list of families with `lang`, `kind` (serif, sans, mono, caps,
kai) and `faces`, files by style.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from fontTools import subset
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from benchmarks.text_pages import fetch
from renderers.pdf.canonical import usual_characters

PACKAGES = ("fonts-texgyre", "fonts-roboto-unhinted", "fonts-vollkorn", "fonts-cantarell",
            "fonts-adf-accanthis", "fonts-adf-gillius", "fonts-noto-core")  # fmt: skip
"""Fetched with `apt-get download`, not installed."""
ROOTS = ("/usr/share/fonts", "/usr/share/texmf/fonts/opentype",
         "/usr/share/texlive/texmf-dist/fonts/opentype")  # fmt: skip
STYLES = ("regular", "bold", "italic", "bolditalic")
LATIN = {
    "serif": (
        "DejaVuSerif.ttf DejaVuSerif-Bold.ttf DejaVuSerif-Italic.ttf DejaVuSerif-BoldItalic.ttf",
        "DejaVuSerifCondensed.ttf DejaVuSerifCondensed-Bold.ttf DejaVuSerifCondensed-Italic.ttf",
        "LiberationSerif-Regular.ttf LiberationSerif-Bold.ttf LiberationSerif-Italic.ttf "
        "LiberationSerif-BoldItalic.ttf",
        "Caladea-Regular.ttf Caladea-Bold.ttf Caladea-Italic.ttf Caladea-BoldItalic.ttf",
        "FreeSerif.ttf FreeSerifBold.ttf FreeSerifItalic.ttf FreeSerifBoldItalic.ttf",
        "lmroman10-regular.otf lmroman10-bold.otf lmroman10-italic.otf lmroman10-bolditalic.otf",
        "lmroman12-regular.otf lmroman12-bold.otf lmroman12-italic.otf",
        "lmroman9-regular.otf lmroman9-bold.otf lmroman9-italic.otf",
        "lmroman8-regular.otf lmroman8-bold.otf lmroman8-italic.otf",
        "lmroman7-regular.otf lmroman7-bold.otf lmroman7-italic.otf",
        "lmromanslant10-regular.otf lmromanslant10-bold.otf lmroman10-italic.otf",
        "texgyretermes-regular.otf texgyretermes-bold.otf texgyretermes-italic.otf "
        "texgyretermes-bolditalic.otf",
        "texgyrepagella-regular.otf texgyrepagella-bold.otf texgyrepagella-italic.otf",
        "texgyrebonum-regular.otf texgyrebonum-bold.otf texgyrebonum-italic.otf",
        "texgyreschola-regular.otf texgyreschola-bold.otf texgyreschola-italic.otf",
        "EBGaramond12-Regular.otf EBGaramond12-Bold.otf EBGaramond12-Italic.otf",
        "LinLibertine_R.otf LinLibertine_RB.otf LinLibertine_RI.otf LinLibertine_RBI.otf",
        "GFSBaskerville.otf",
        "NotoSerif-Regular.ttf NotoSerif-Bold.ttf NotoSerif-Italic.ttf NotoSerif-BoldItalic.ttf",
        "Vollkorn-Regular.ttf Vollkorn-Bold.ttf Vollkorn-Italic.ttf",
        "AccanthisADFStd-Regular.otf AccanthisADFStd-Bold.otf AccanthisADFStd-Italic.otf",
    ),
    "sans": (
        "DejaVuSans.ttf DejaVuSans-Bold.ttf DejaVuSans-Oblique.ttf DejaVuSans-BoldOblique.ttf",
        "DejaVuSansCondensed.ttf DejaVuSansCondensed-Bold.ttf DejaVuSansCondensed-Oblique.ttf",
        "LiberationSans-Regular.ttf LiberationSans-Bold.ttf LiberationSans-Italic.ttf "
        "LiberationSans-BoldItalic.ttf",
        "Carlito-Regular.ttf Carlito-Bold.ttf Carlito-Italic.ttf Carlito-BoldItalic.ttf",
        "FreeSans.ttf FreeSansBold.ttf FreeSansOblique.ttf",
        "lmsans10-regular.otf lmsans10-bold.otf lmsans10-oblique.otf",
        "lmsans8-regular.otf lmsans10-bold.otf lmsans8-oblique.otf",
        "texgyreheros-regular.otf texgyreheros-bold.otf texgyreheros-italic.otf",
        "texgyreadventor-regular.otf texgyreadventor-bold.otf texgyreadventor-italic.otf",
        "LinBiolinum_R.otf LinBiolinum_RB.otf LinBiolinum_RI.otf",
        "Lato-Regular.ttf Lato-Bold.ttf Lato-Italic.ttf Lato-BoldItalic.ttf",
        "Lato-Light.ttf Lato-Semibold.ttf Lato-LightItalic.ttf",
        "NotoSans-Regular.ttf NotoSans-Bold.ttf NotoSans-Italic.ttf NotoSans-BoldItalic.ttf",
        "Roboto-Regular.ttf Roboto-Bold.ttf Roboto-Italic.ttf Roboto-BoldItalic.ttf",
        "Cantarell-Regular.otf Cantarell-Bold.otf",
        "GilliusADF-Regular.otf GilliusADF-Bold.otf GilliusADF-Italic.otf",
        "OpenSans-Regular.ttf OpenSans-Bold.ttf OpenSans-Italic.ttf OpenSans-BoldItalic.ttf",
    ),
    "mono": (
        "DejaVuSansMono.ttf DejaVuSansMono-Bold.ttf DejaVuSansMono-Oblique.ttf",
        "LiberationMono-Regular.ttf LiberationMono-Bold.ttf LiberationMono-Italic.ttf",
        "FreeMono.ttf FreeMonoBold.ttf FreeMonoOblique.ttf",
        "lmmono10-regular.otf lmmonolt10-bold.otf lmmono10-italic.otf",
        "lmmono9-regular.otf lmmonolt10-bold.otf lmmonoslant10-regular.otf",
        "lmmono8-regular.otf",
        "lmmonolt10-regular.otf lmmonolt10-bold.otf lmmonolt10-oblique.otf",
        "texgyrecursor-regular.otf texgyrecursor-bold.otf texgyrecursor-italic.otf",
    ),
    "caps": ("lmromancaps10-regular.otf",),
}
CHINESE = {
    "sans": (
        "NotoSansCJK-Regular.ttc:2 NotoSansCJK-Bold.ttc:2",
        "wqy-zenhei.ttc",
        "wqy-microhei.ttc",
        "FandolHei-Regular.otf FandolHei-Bold.otf",
    ),
    "serif": (
        "NotoSerifCJK-Regular.ttc:2 NotoSerifCJK-Bold.ttc:2",
        "uming.ttc",
        "gbsn00lp.ttf",
        "FandolSong-Regular.otf FandolSong-Bold.otf",
    ),
    "kai": (
        "FandolKai-Regular.otf",
        "FandolFang-Regular.otf",
        "ukai.ttc",
        "gkai00mp.ttf",
        "LXGWWenKai-Regular.ttf",
    ),
}
"""Files of a family in the order of `STYLES`; in a collection `:N` is the face."""
SIGNS = (
    "–—‘’“”„•…′″‹›€™←↑→↓⇐⇒⇔↦∀∂∃∅∆∇∈∉∏∑−∗√∞∩∪∫≈≠≤≥⊂⊆⊕⊗·×÷†‡§¶ﬁﬂ⟨⟩■□▪▷▸▹►◁△◦∙○●◆★☆✓✗⊥∣∥∧∨¬∼≃≅≡"
    "∝∘⋅⋯ℓ№™ϵϕϑ≪≫"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("text-pages-cache"))
    parser.add_argument("--langs", nargs="+", choices=("en", "zh"), default=("en", "zh"))
    parser.add_argument("-j", "--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    roots = [*map(Path, ROOTS), *(fetch(package, arguments.cache) for package in PACKAGES)]
    files = {p.name: p for root in roots for p in sorted(root.rglob("*.[ot]t[cf]"))}
    wanted = {"en": latin()}
    if "zh" in arguments.langs:
        wanted["zh"] = wanted["en"] | chinese(arguments.corpus)
    cuts: dict[tuple[str, str], Future[str]] = {}
    families = []
    with ProcessPoolExecutor(arguments.workers) as pool:
        for lang, kind, entries in families_of(arguments.langs):
            faces = {}
            for style, entry in zip(STYLES, entries, strict=False):
                name, _, index = entry.partition(":")
                if name in files and (lang, entry) not in cuts:
                    cuts[lang, entry] = pool.submit(
                        cut, files[name], int(index or 0), wanted[lang], arguments.out
                    )
                if name in files:
                    faces[style] = (lang, entry)
            if "regular" in faces:
                families.append((lang, kind, faces))
            else:
                print(f"not installed: {entries[0]}")
        described = [
            {"lang": lang, "kind": kind, "faces": {s: cuts[f].result() for s, f in faces.items()}}
            for lang, kind, faces in families
        ]
    (arguments.out / "fonts.json").write_text(json.dumps(described, indent=1))
    size = sum(p.stat().st_size for p in arguments.out.iterdir())
    print(f"{len(families)} families, {size / 1e6:.1f} MB")


def families_of(langs: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Language, kind and files of every family; Latin ones always, for the Latin words of Chinese
    documents."""
    for lang, kinds in (("en", LATIN), ("zh", CHINESE)):
        if lang in ("en", *langs):
            yield from (
                (lang, kind, line.split()) for kind, lines in kinds.items() for line in lines
            )


def latin() -> set[str]:
    codes = (*range(32, 127), *range(0xA0, 0x180), *range(0x391, 0x3CA))
    return {*map(chr, codes), *SIGNS}


def chinese(corpus: Path) -> set[str]:
    """GB 2312 and what the corpus has more than once."""
    codes = (bytes((a, b)) for a in range(0xA1, 0xF8) for b in range(0xA1, 0xFF))
    found = {c for code in codes for c in code.decode("gb2312", "ignore")}
    with lzma.open(corpus / "zh.xz", "rt", encoding="utf-8") as file:
        text = file.read()
    return found | {c for c in set(text) if c >= "\u3000" and text.count(c) > 1}


def cut(path: Path, index: int, wanted: set[str], folder: Path) -> str:
    """Write the font with only the wanted characters that it draws as such; returns its file name.

    Of ligatures fi and fl stay: others have no code of their own and could not be read back.
    """
    options = subset.Options(
        hinting=False, layout_features=["kern"], notdef_outline=True, name_IDs=[1, 2, 4, 6]
    )
    options.drop_tables += ["vmtx", "vhea", "BASE", "STAT", "MATH", "FFTM", "BDF ", "EBDT", "EBLC"]
    font = TTFont(path, fontNumber=index)
    if "CFF " in font and hasattr(font["CFF "].cff[0], "ROS"):
        options.retain_gids = True  # MuPDF takes a glyph's index for its CID
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(c) for c in wanted - drawn_as_others(font, wanted)])
    subsetter.subset(font)
    target = folder / (path.stem + (".otf" if "CFF " in font else ".ttf"))
    font.save(target)
    return target.name


def drawn_as_others(font: TTFont, wanted: set[str]) -> set[str]:
    """Signs with the glyph of a more usual one, of which a page shows that one.

    Latin Modern Mono draws “ ” – — as " and -, Fandol ￥ as ＄. Another font has to draw them.
    Letters stay: Greek capitals have the shapes of Latin ones everywhere.
    """
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    first: dict[str, str] = {}
    found = set()
    rare = set(wanted) - {*map(chr, range(256)), *SIGNS}
    for sign in (*map(chr, range(256)), *SIGNS, *sorted(rare)):
        name = names.get(ord(sign))
        if name is None or sign.isalnum() or sign not in wanted:
            continue
        pen = RecordingPen()
        glyphs[name].draw(pen)
        if not pen.value:
            continue
        other = first.setdefault(repr((pen.value, glyphs[name].width)), sign)
        if usual_characters(other) != usual_characters(sign):
            found.add(sign)
    return found


if __name__ == "__main__":
    main()
