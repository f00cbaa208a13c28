import numpy as np
import pytest

from renderers import fonts
from renderers.charts.matplotlib.text import Font, advance, stamp, wrap

LATIN = Font(fonts.families("en")[0].regular, 16)


def chinese(size=16.0):
    families = fonts.families("zh")
    if not families:
        pytest.skip("no Chinese font is installed")
    return Font(families[0].regular, size)


def test_the_mask_is_cut_to_the_ink():
    made = stamp("Tea 12%", LATIN)
    for edge in (made.mask[0], made.mask[-1], made.mask[:, 0], made.mask[:, -1]):
        assert edge.any()


def test_words_are_in_order_within_the_mask():
    made = stamp("Tea and rice", LATIN)
    assert [w.text for w in made.words] == ["Tea", "and", "rice"]
    ends = [edge for w in made.words for edge in (w.bbox[0], w.bbox[2])]
    assert ends == sorted(ends)
    assert ends[-1] <= made.width


def test_chinese_words_are_runs_of_equally_wide_characters():
    made = stamp("北京 2024年", chinese(20))
    assert [w.text for w in made.words] == ["北京", "2024", "年"]
    width = made.words[0].bbox[2] - made.words[0].bbox[0]
    assert width == pytest.approx(40, abs=2)


def test_words_follow_lines():
    made = stamp("Tea\nand rice", LATIN, "left")
    first, second, _ = made.words
    assert second.bbox[1] > first.bbox[3]


def test_dollars_and_underscores_are_characters_not_formulas():
    made = stamp("$a_b$", LATIN)
    assert made.width == pytest.approx(advance("$a_b$", LATIN), abs=3)
    assert made.width > advance("ab", LATIN) * 1.8
    assert [w.text for w in made.words] == ["$a_b$"]


def test_quarter_turns_only_turn_the_mask():
    made = stamp("Tea", LATIN)
    assert np.array_equal(np.rot90(made.mask), made.turned(90).mask)
    assert made.turned(0) is made
    assert made.turned(90).words == ()


def test_slanted_text_covers_as_much_ink():
    made = stamp("Tea and rice", LATIN)
    slanted = made.turned(45)
    assert slanted.mask.sum() == pytest.approx(made.mask.sum(), rel=0.15)
    assert slanted.height > made.height * 3


def test_several_lines_cannot_be_slanted():
    with pytest.raises(ValueError, match="single"):
        stamp("a\nb", LATIN).turned(45)


def test_wrapping_english_at_spaces_and_chinese_between_characters():
    assert wrap("Tea and rice", LATIN, 500) == "Tea and rice"
    wide = advance("Tea and", LATIN) + 1
    assert wrap("Tea and rice", LATIN, wide) == "Tea and\nrice"
    assert wrap("Extraordinarily", LATIN, 30) is None
    font = chinese(10)
    assert wrap("中国人民银行", font, 31) == "中国人\n民银行"
    assert wrap("中国人，银行", font, 35) == "中国\n人，银\n行"
    assert wrap("中国人民银行", font, 21, max_lines=2) is None
