"""Makes small inputs for the demo: generated documents, and pieces of a real photograph.

    python -m vary_data.sources.demo FOLDER

writes `FOLDER/pdf_en` and `FOLDER/pdf_zh` (a PDF and an EPUB each) and `FOLDER/pictures`. The
texts are in the public domain (Jane Austen, Pride and Prejudice, 1813; 论语 and 道德经). The
photograph is matplotlib's sample of Grace Hopper (US Navy, public domain), divided into
overlapping pieces.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from vary_data.base.errors import SourceError

ENGLISH = (
    "It is a truth universally acknowledged, that a single man in possession of a good fortune,"
    " must be in want of a wife.",
    "However little known the feelings or views of such a man may be on his first entering a"
    " neighbourhood, this truth is so well fixed in the minds of the surrounding families, that"
    " he is considered as the rightful property of some one or other of their daughters.",
    "“My dear Mr. Bennet,” said his lady to him one day, “have you heard that Netherfield Park"
    " is let at last?” Mr. Bennet replied that he had not. “But it is,” returned she; “for Mrs."
    " Long has just been here, and she told me all about it.” Mr. Bennet made no answer.",
    "Mr. Bennet was so odd a mixture of quick parts, sarcastic humour, reserve, and caprice, that"
    " the experience of three and twenty years had been insufficient to make his wife understand"
    " his character. Her mind was less difficult to develop.",
    "She was a woman of mean understanding, little information, and uncertain temper. When she was"
    " discontented, she fancied herself nervous. The business of her life was to get her daughters"
    " married; its solace was visiting and news.",
)
CHINESE = (
    "子曰：“学而时习之，不亦说乎？有朋自远方来，不亦乐乎？人不知而不愠，不亦君子乎？”",
    "曾子曰：“吾日三省吾身：为人谋而不忠乎？与朋友交而不信乎？传不习乎？”",
    "子曰：“吾十有五而志于学，三十而立，四十而不惑，五十而知天命，六十而耳顺，七十而从心所欲，不逾矩。”",
    "道可道，非常道；名可名，非常名。无名，天地之始；有名，万物之母。故常无欲，以观其妙；常有欲，以观其徼。",
    "上善若水。水善利万物而不争，处众人之所恶，故几于道。居善地，心善渊，与善仁，言善信，政善治，事善能，动善时。",
)
TITLES = {"en": "Chapter {}", "zh": "第{}章"}
NUMBERS = {"en": "123456", "zh": "一二三四五六"}


def write_documents(folder: Path, lang: str, pages: int = 6) -> Path:
    """Write a PDF of `pages` pages, alternately with one and two columns.

    Run it in a separate process, because it uses MuPDF.
    """
    import pymupdf

    texts = ENGLISH if lang == "en" else CHINESE
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"demo-{lang}.pdf"
    writer = pymupdf.DocumentWriter(path)
    whole = pymupdf.Rect(0, 0, 420, 595)
    for number in range(pages):
        device = writer.begin_page(whole)
        turned = texts[number % len(texts) :] + texts[: number % len(texts)]
        title = TITLES[lang].format(NUMBERS[lang][number % len(NUMBERS[lang])])
        body = "".join(f"<p style='font-size:10px;line-height:1.35'>{text}</p>" for text in turned)
        story = pymupdf.Story(body)
        head = pymupdf.Story(f"<h3>{title}</h3>")
        head.place(pymupdf.Rect(45, 40, 375, 75))
        head.draw(device)
        columns = [(45, 375)] if number % 2 == 0 else [(45, 200), (220, 375)]
        for x0, x1 in columns:
            more, _ = story.place(pymupdf.Rect(x0, 85, x1, 540 if len(columns) == 1 else 330))
            story.draw(device)
            if not more:
                break
        foot = pymupdf.Story(f"<p style='font-size:9px'>{number + 1}</p>")
        foot.place(pymupdf.Rect(205, 555, 235, 580))
        foot.draw(device)
        writer.end_page()
    writer.close()
    return path


def write_book(folder: Path, lang: str, chapters: int = 4) -> Path:
    """Write an EPUB 2 with the same texts; the generator `pages` chooses its layouts."""
    texts = ENGLISH if lang == "en" else CHINESE
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"demo-{lang}.epub"
    names = [f"chapter{number}.xhtml" for number in range(chapters)]
    items = "".join(
        f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(chapters))
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, "mimetype", "application/epub+zip")
        _add(archive, "META-INF/container.xml", _CONTAINER)
        _add(archive, "book.opf", _PACKAGE.format(lang=lang, items=items, spine=spine))
        for number, name in enumerate(names):
            title = TITLES[lang].format(NUMBERS[lang][number % len(NUMBERS[lang])])
            start = number % len(texts)
            body = "".join(f"<p>{text}</p>" for text in (*texts[start:], *texts[:start]))
            _add(archive, name, _CHAPTER.format(title=title, body=body))
    return path


_CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""
_PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Demo</dc:title>
<dc:identifier id="id">demo-{lang}</dc:identifier><dc:language>{lang}</dc:language></metadata>
<manifest>{items}</manifest><spine>{spine}</spine></package>"""
_CHAPTER = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title></head>
<body><h2>{title}</h2>{body}</body></html>"""


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    """Add a file without a time stamp, so that equal books are equal files."""
    archive.writestr(zipfile.ZipInfo(name), text)


def write_pictures(folder: Path) -> list[Path]:
    """Write pieces of matplotlib's sample photograph as JPEG files.

    Raises:
        SourceError: this version of matplotlib has no such photograph.
    """
    from matplotlib import cbook
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    try:
        photo = Image.open(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
        photo.load()
    except (OSError, ValueError) as error:
        raise SourceError("matplotlib has no sample photograph", str(error)) from error
    width, height = photo.size
    paths = []
    for number in range(8):
        left, top = (number % 2) * width // 4, (number // 2) * height // 8
        piece = photo.crop((left, top, left + 3 * width // 4, top + 5 * height // 8))
        paths.append(folder / f"photo-{number}.jpg")
        piece.save(paths[-1], quality=92)
    return paths


if __name__ == "__main__":
    target = Path(sys.argv[1])
    for language in ("en", "zh"):
        write_documents(target / f"pdf_{language}", language)
        write_book(target / f"pdf_{language}", language)
    write_pictures(target / "pictures")
