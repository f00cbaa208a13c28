"""Which rows are one paragraph: below a label, in two sizes, set in, of an index, of a program."""

from dataclasses import replace

from renderers.pdf.styles import is_bold
from renderers.pdf.text import page_text
from renderers.roles import CAPTION, CODE, LIST_ITEM
from tests.renderers.pdf.placed_lines import STORIES, column, line, wrapped

RIGHT = 460
BODY = wrapped(STORIES[0], 80)


def full(text, x, y, **fields):
    """A row that ends at the right edge."""
    return line(text, x, y, advance=(RIGHT - x) / (10 * len(text)), **fields)


def texts(lines, **settings):
    return page_text(lines, 800, **settings).text.split("\n")


def roles(lines):
    return {block.text: block.role for block in page_text(lines, 800).blocks}


def with_label(label, x, rows, y):
    """A label, and rows of text that begin at `x`, the first of them beside it."""
    first, *rest = rows
    row = line(label, 50, y), full(first, x, y)
    return [*row, *(line(text, x, y + 12 * i) for i, text in enumerate(rest, 1))]


def test_text_below_a_label_goes_on_with_a_sentence_or_in_lower_case():
    sentence = ["tells which way is used to bundle the edges of the graph.", "The default is 1."]
    words = ["changes the rules for the names of files and folders,", "assigns to each of them"]
    near = with_label("-m", 80, sentence, 100)
    far = with_label("-name", 140, words, 140)  # so far away that they are cells
    assert texts([*near, *far]) == [" ".join(("-m", *sentence)), " ".join(("-name", *words))]


def test_a_name_below_a_name_is_no_text_below_a_label():
    rows = [line("A 2 2 2 2", 50, 100), line("1 2 3 4", 60, 112)]
    assert texts(rows) == ["A 2 2 2 2", "1 2 3 4"]


def test_a_sentence_goes_on_in_a_row_whose_letters_have_another_size():
    rows = [full(BODY[0], 50, 100), line("single \\name{man} in need", 50, 112, size=8.8)]
    assert texts(rows) == [f"{BODY[0]} single \\name{{man}} in need"]
    heads = [full("A heading in larger letters", 50, 100, size=14), line("It begins.", 50, 114)]
    assert len(texts(heads)) == 2


def test_the_rows_of_an_abstract_end_at_its_own_edge():
    abstract = wrapped(STORIES[1], 60)[:4]
    first = "As was shown before, the studio was filled with the air, and"
    inset = [
        line(first, 120, 100, advance=28 / len(first)),
        *(line(text, 110, 112 + 12 * i, advance=29 / len(text)) for i, text in enumerate(abstract)),
    ]
    body = [full(text, 50, 200 + 12 * i) for i, text in enumerate(BODY)]
    assert texts([*inset, *body]) == [" ".join((first, *abstract)), STORIES[0]]


def test_entries_that_end_with_page_numbers_are_lines():
    entries = ["acme screw, 58", "axis, 58", "ball nut, 59", "ball screw, 59, 61-62", "comp, 60"]
    starred = ["abort: 2*, 3.", "buf: 2*, 10*.", "entry: 5.", "item: 2*, 5*, 10*.", "x: 2*."]
    assert texts(column(50, 100, entries)) == entries
    assert texts(column(50, 100, starred)) == starred
    dated = ["The first of them was written in the year 1989", "and the second one later"]
    assert len(texts([full(dated[0], 50, 100), line(dated[1], 50, 112)])) == 1


def test_short_rows_of_a_program_are_on_its_grid():
    rows = ["first part runs", "FALSE", ">", "last part runs"]
    xs = (50, 60, 50, 50)
    program = [
        replace(line(text, x, 100 + 12 * i), monospaced=len(text) > 5)
        for i, (x, text) in enumerate(zip(xs, rows, strict=True))
    ]
    assert roles(program) == dict.fromkeys(rows, CODE)
    other = [program[0], line("FALSE", 60, 112, advance=0.43)]
    assert roles(other)["FALSE"] != CODE


def test_a_row_with_the_number_of_its_line_is_in_a_typewriter_font():
    """The number is in another font, near the row."""
    rows = ["pqrst vwxyz(k)", "zyxwv tsrqp(k)"]
    lines = [numbered(12 + i, text, 100 + 12 * i) for i, text in enumerate(rows)]
    assert roles(lines) == {f"{12 + i} {text}": CODE for i, text in enumerate(rows)}


def numbered(number, text, y):
    narrow, row = line(f"{number} ", 50, y, advance=0.3), line(text, 60, y)
    box = (50, row.box[1], row.box[2], row.box[3])
    return replace(row, text=narrow.text + text, boxes=(*narrow.boxes, *row.boxes), box=box)


def test_a_bullet_before_a_row_in_a_typewriter_font_is_an_item():
    rows = ["• https://example.org/one", "• https://example.org/two"]
    lines = [replace(each, monospaced=True) for each in column(50, 100, rows)]
    assert roles(lines) == dict.fromkeys(rows, LIST_ITEM)


def test_a_sentence_that_begins_with_a_figure_is_no_caption():
    sentence, caption = "Figure 3 shows the result of it.", "Figure 3 The result of it"
    found = roles([line(sentence, 50, 100), line(caption, 50, 200), *column(50, 250, BODY)])
    assert found[caption] == CAPTION
    assert found[sentence] != CAPTION


def test_an_item_that_ends_with_a_colon_is_no_heading_among_small_rows():
    item = "2. Solve the problem by a search that finds a good bound before it begins:"
    rows = column(50, 130, ["24 names, 116 values in all of the domains"] * 9, size=6, leading=7)
    assert roles([line(item, 50, 100), *rows])[item] == LIST_ITEM


def test_a_sentence_through_the_frame_of_a_word_is_no_table():
    rules = [(x, 88, x + 0.5, 128) for x in (180, 210, 240, 270, 300)]
    rules += [(180, y, 300, y + 0.5) for y in (88, 108, 128)]
    rows = [full(BODY[0], 30, 100), full(BODY[1], 30, 120)]
    page = page_text(rows, 800, rules=rules)
    assert page.text == f"{BODY[0]} {BODY[1]}"


def test_fonts_named_bold_by_their_letters():
    assert is_bold({"flags": 4, "font": "CMB10"})
    assert not is_bold({"flags": 4, "font": "CMR10"})


def test_a_small_gap_between_sentences_ends_a_paragraph_of_even_rows():
    rows = [*BODY[:2], "families, in the minds of all the neighbours around them.", *BODY[:2]]
    ys = (100, 112, 124, 138, 150)  # 1.17 times as far
    lines = [full(text, 50, y) for text, y in zip(rows, ys, strict=True)]
    assert texts(lines) == [" ".join(rows[:3]), " ".join(rows[3:])]
    even = [full(text, 50, 100 + 12 * i) for i, text in enumerate(rows)]
    assert len(texts(even)) == 1


def test_a_bullet_at_the_edge_of_the_text_begins_an_item():
    rows = [full("The package has the following options:", 50, 100), full("• one of them", 50, 112)]
    assert len(texts([*rows, full(BODY[0], 50, 124), full(BODY[1], 50, 136)])) > 1


def test_columns_end_above_a_heading_and_begin_below_a_paragraph():
    """The file draws one column after the other, below a short row and above a short heading."""
    above = [*[full(text, 50, 100 + 12 * i) for i, text in enumerate(BODY[:3])]]
    end = line("to learn a few things.", 50, 136)
    left, right = ([*wrapped(story, 30)][:7] for story in STORIES[1:])
    columns = [*column(60, 156, left), *column(270, 156, right)]
    below = [line("Death", 50, 260), *(full(text, 50, 280 + 12 * i) for i, text in enumerate(BODY))]
    found = page_text([*above, end, *columns, *below], 800, keep_rows=True).text.split("\n")
    assert found == [*BODY[:3], "to learn a few things.", *left, *right, "Death", *BODY]


def test_a_short_row_may_have_the_size_of_the_number_before_it():
    rows = [numbered(12 + i, text, 100 + 12 * i) for i, text in enumerate(("pqrst vwxyz(k)", "}%"))]
    rows[1] = replace(rows[1], size=7)
    assert roles(rows) == {"12 pqrst vwxyz(k)": CODE, "13 }%": CODE}


def test_items_with_a_dash_are_no_headings_among_small_rows():
    rows = column(50, 150, ["24 names, 116 values in all of the domains"] * 9, size=6, leading=7)
    items = ["– is similar;", "– likewise."]
    found = roles([line(items[0], 50, 100), line(items[1], 50, 125), *rows])
    assert [found[item] for item in items] == [LIST_ITEM, LIST_ITEM]


def test_the_number_of_a_line_does_not_decide_the_font_of_a_shorter_row():
    rows = ["\\begin{one}", "$", "}", "\\two", "$", "\\end{one}"]
    lines = [
        piece
        for i, text in enumerate(rows)
        for piece in (
            line(str(24 + i), 40, 500 + 12 * i, size=5),
            replace(line(text, 60, 500 + 12 * i), monospaced=True),
        )
    ]
    assert roles(lines) == {f"{24 + i} {text}": CODE for i, text in enumerate(rows)}


def test_text_below_a_program_is_no_part_of_it():
    """Its rows are no sentences, and the short rows of the program have no fixed pitch."""
    rows = ["first row of them", "is", "last row of them", "fis", "tips"]
    program = [
        replace(line(text, 50, 100 + 12 * i), monospaced=len(text) > 5)
        for i, text in enumerate(rows)
    ]
    below = ["Result 19", "Another 1999", "Qxg nHuoxh"]
    found = roles([*program, *column(53, 160, below)])
    assert [found[text] for text in rows] == [CODE] * 5
    assert not [text for text, role in found.items() if role == CODE and text in below]


def test_a_heading_between_rows_with_numbers_is_no_code():
    rows = ["pqrst vwxyz(k)", "}", "zyxwv tsrqp(k)", "}"] * 2
    lines = [
        piece
        for i, text in enumerate(rows)
        for piece in (
            line(str(24 + i), 40, 500 + 12 * i + 12 * (i > 3), size=5),
            replace(line(text, 60, 500 + 12 * i + 12 * (i > 3)), monospaced=len(text) > 5),
        )
    ]
    heading = "5.1 Options"
    found = roles([*lines, line(heading, 45, 548, advance=0.57)])
    assert found[heading] != CODE
    assert found["27 }"] == found["28 pqrst vwxyz(k)"] == CODE


def test_a_bold_heading_between_listings_is_no_code_although_its_letters_fit():
    heading = replace(line("Example:", 50, 132), bold=True)
    rows = ["pqrst vwxyz(k)", "zyxwv tsrqp(k)"]
    code = [replace(x, monospaced=True) for y in (100, 152) for x in column(50, y, rows)]
    lines = [*code[:2], heading, *code[2:]]
    assert roles(lines)["Example:"] != CODE


def test_an_item_of_a_bibliography_goes_on_after_a_row_that_ends_with_a_number():
    rows = [f"{i}) A. Smith, Phys. Rev. {i * 11} (1967), {i * 123}" for i in range(1, 7)]
    last = [full("7) B. Roe and C. Poe, Phys. Rev. 92 (1994), 1161", 50, 172)]
    last.append(line("[Errata 95 (1996), 835].", last[0].boxes[3][0], 184))
    found = texts([*column(50, 100, rows), *last])
    assert found == [*rows, f"{last[0].text} {last[1].text}"]


def test_running_text_goes_on_after_rows_that_end_with_numbers():
    rows = [f"and in the next of the years the number of all people was {i}1{i}" for i in range(9)]
    assert texts([full(text, 50, 100 + 12 * i) for i, text in enumerate(rows)]) == [" ".join(rows)]


def test_a_subtitle_is_no_part_of_the_title_above_it():
    title = full("The history of the northern railway", 150, 100, size=12.5)
    lines = [title, line("of the people who built and used it", 170, 114)]
    assert texts([*lines, *column(50, 150, BODY)])[:2] == [title.text, lines[1].text]
    names = [full("Ben Trovato G. Tobin", 50, 100, size=12), line("trovato@example.org", 55, 114)]
    assert len(texts(names)) == 2


def test_a_sign_without_name_within_a_sentence_begins_no_item():
    rows = ["If this should not be done, a barrier from the package", "\ufffd places may help."]
    lines = [full(text, 50, 100 + 12 * i) for i, text in enumerate(rows)]
    assert texts([*lines, full(BODY[0], 50, 124)])[0].startswith(" ".join(rows))


def test_the_raised_number_of_a_note_makes_no_gap_between_paragraphs():
    rows = [*BODY[:2], "families, in the minds of all the neighbours around them.", *BODY[:2]]
    ys = (100, 112, 124, 138, 150)
    lines = [full(text, 50, y) for text, y in zip(rows, ys, strict=True)]
    x0, _, x1, bottom = lines[3].box
    lines[3] = replace(lines[3], box=(x0, lines[3].box[1] - 2, x1, bottom))
    assert texts(lines) == [" ".join(rows)]


def test_words_with_marks_are_words_of_a_sentence():
    rows = ["averaging. distracting,", "and so"]
    lines = [full(rows[0], 50, 100), line(rows[1], 50, 112, size=8.5)]
    assert texts(lines) == [" ".join(rows)]
