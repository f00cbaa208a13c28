"""The language of a page, from running text or from the rest of its document."""

from pathlib import Path

import matplotlib
import pymupdf
import pytest

from renderers.pdf.document import open_document
from renderers.pdf.language import FOREIGN, detect, document_language, language_of_words
from tests.renderers.pdf.pdf_inputs import CHINESE, ENGLISH, read, reason, written

CODE = (
    r"\newcommand\zhnum[2][]{\begingroup\setkeys{zhnum}{#1}\numexpr#2\relax\endgroup}"
    "\n\\ExplSyntaxOn \\cs_new:Nn \\zhnum_scale:n { \\tl_use:c { c__zhnum_ #1 _tl } }\n"
    "def main(args):\n    return int(args[0]) + len(sys.argv)\n"
)
FIGURES = "A1 0.512 17.3 22.9\nA2 0.488 16.1 23.0\nB1 0.530 18.8 21.7\n" * 6

FRENCH = (
    "C'est une verite universellement reconnue, qu'un homme celibataire, dans la possession"
    " d'une bonne fortune, doit avoir envie de se marier avec une femme qui lui plait."
)
GERMAN = (
    "Es ist eine allgemein anerkannte Wahrheit, dass ein Junggeselle im Besitz eines Vermogens"
    " nichts dringender braucht als eine Frau. Das war in der Gegend von Kent nicht anders."
)
SPANISH = (
    "Es una verdad mundialmente reconocida que un hombre soltero, poseedor de una gran fortuna,"
    " necesita una esposa. Sin embargo, poco se sabe de los sentimientos de las familias."
)
DUTCH = (
    "Het is een algemeen erkende waarheid dat een alleenstaande man in het bezit van een goed"
    " fortuin een vrouw moet hebben, of hij dat nu wil of niet. Zo was het in de stad."
)
LATIN = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt"
    " ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation."
)
VIETNAMESE = "Một sự thật được mọi người thừa nhận là một người đàn ông độc thân giàu có cần vợ."
RUSSIAN = "Все знают, что молодой человек, располагающий средствами, должен подыскивать себе жену."
JAPANESE = "独身の男性で財産があるというのなら、きっと妻を欲しがっているにちがいない。"
KOREAN = "재산이 많은 미혼 남자에게 아내가 필요하다는 것은 누구나 인정하는 진리이다."
GREEK = "Είναι αλήθεια παγκοσμίως αναγνωρισμένη ότι ένας άντρας με περιουσία χρειάζεται γυναίκα."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (CHINESE, "zh"),
        (f"{CHINESE}\n{CODE}", "zh"),  # a Chinese page with a listing
        (f"{CODE * 4}% 将整数转换为中文数字，并且设置其格式与大小写。", "zh"),  # comments alone
        (f"{ENGLISH} The word is 道 (dao).", "en"),
        (f"{ENGLISH} Müller und Söhne, in der Straße des 17. Juni, Berlin", "en"),
        ("壹贰叁肆伍陆柒捌玖拾佰仟 壹貳參肆伍陸柒捌玖拾佰仟", "zh"),
        (FRENCH, FOREIGN),
        (GERMAN, FOREIGN),
        (SPANISH, FOREIGN),
        (DUTCH, FOREIGN),
        (LATIN, FOREIGN),
        (VIETNAMESE, FOREIGN),
        (RUSSIAN, FOREIGN),
        (JAPANESE, FOREIGN),
        (KOREAN, FOREIGN),
        (GREEK, FOREIGN),
        (f"{FRENCH * 3} 道德經 論語 孟子 莊子 荀子 史記 漢書 詩經 書經 易經 禮記 春秋", FOREIGN),
        ("".join(map(chr, range(0x4E00, 0x9FA5, 37))), FOREIGN),  # a broken encoding
        (CODE, None),
        (FIGURES, None),
        ("1 2 3 4 5", None),
    ],
)
def test_detect(text, language):
    assert detect(text) == language


def document(path, *texts):
    with pymupdf.open() as made:
        for text in texts:
            font = "china-s" if any(c > "\u2e80" for c in text) else "cour"
            made.new_page().insert_textbox(pymupdf.Rect(50, 50, 545, 800), text, fontname=font)
        made.save(path)
    return path


@pytest.mark.parametrize(
    ("others", "language"),
    [
        ((CHINESE, CHINESE), "zh"),
        ((ENGLISH, ENGLISH, CHINESE), "en"),
        ((GERMAN, GERMAN), FOREIGN),
        ((ENGLISH, CHINESE), None),  # no majority
        ((CODE, CODE), None),
    ],
)
def test_a_page_without_running_text_takes_the_language_of_its_document(tmp_path, others, language):
    path = document(tmp_path / "a.pdf", FIGURES, *others)
    with open_document(path) as opened:
        assert document_language(opened) == language
    if language in ("en", "zh"):
        assert read(path).lang == language
    else:
        from tests.renderers.pdf.pdf_inputs import reason

        assert reason(path) == "wrong-language"


def test_program_text_in_a_chinese_document(tmp_path):
    assert read(document(tmp_path / "a.pdf", CODE * 2, CHINESE, CHINESE)).lang == "zh"


def test_an_invoice_is_english_by_its_words():
    invoice = (
        "Invoice number\nName of the bank\nYour reference\nTime to pay\nItem price\nTotal\n"
        "4 chairs, all new\n2 tables\nFirst and last name\nPlease use\nTelephone\nStreet"
    )
    assert language_of_words(invoice) == "en"
    assert language_of_words("Rechnung Nummer Datum Betrag Summe Konto Bank Preis Menge") is None
    assert language_of_words("Name Date " * 20) is None  # two words


@pytest.mark.parametrize(
    ("text", "kept"), [("be אבגד, which", False), ("the letter א alone", False), ("sign ℵ", True)]
)
def test_english_with_letters_from_right_to_left_is_rejected(tmp_path, text, kept):
    path = written(tmp_path / "a.pdf")
    font = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    with pymupdf.open(path) as document:
        document[0].insert_font(fontname="other", fontfile=font)
        document[0].insert_text((60, 400), text, fontname="other")
        document.saveIncr()
    if kept:
        assert text in read(path).text
    else:
        assert reason(path) == "right-to-left-text"
