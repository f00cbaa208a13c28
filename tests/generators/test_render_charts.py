import ast
import io
import sys
from collections import Counter

import pytest
from PIL import Image

from renderers import fonts
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.picture import pixel_hash
from renderers.rejected import Rejected
from vary_data.base.errors import SourceError, ToolMissing, UsageError
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejection
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Sample
from vary_data.generators import chart_drawing, load
from vary_data.generators.render_charts import ChartTaskRunner, Options, RenderCharts, parse_size
from vary_data.sources.charts.type_mix import weight
from vary_data.sources.corpus import load_corpus

KIND = RenderCharts()


def recipe(lang="en", **options):
    return Recipe("render-charts", f"charts-{lang}", lang, Options(**options))


def outcomes(made, index=0, performer=None):
    task = KIND.tasks(made)[index]
    seed = TaskSeed.of(made.seed, made.generator, task.key)
    return list((performer or KIND.open(made)).run(task, seed))


def test_the_kind_is_found_by_its_name():
    assert isinstance(load("render-charts"), RenderCharts)


def test_tasks_are_lazy_and_types_take_turns():
    tasks = KIND.tasks(recipe(num_samples=10**7))
    assert len(tasks) == 10**7
    assert tasks[-1].key == "charts-en-9999999"
    round_ = sum(weight(name) for name in MatplotlibBackend.types)
    types = Counter(task.params["type"] for task in tasks[: 4 * round_])
    assert types == {name: 4 * weight(name) for name in MatplotlibBackend.types}
    # Types that are asked for are equally frequent.
    chosen = KIND.tasks(recipe(num_samples=20, types=("bar", "venn")))
    assert Counter(task.params["type"] for task in chosen) == {"bar": 10, "venn": 10}
    assert [t.key for t in tasks[1:3]] == ["charts-en-0000001", "charts-en-0000002"]
    with pytest.raises(IndexError):
        tasks[10**7]


def test_a_task_does_not_depend_on_how_many_there_are():
    assert KIND.tasks(recipe(num_samples=50))[7] == KIND.tasks(recipe(num_samples=5000))[7]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_sample_is_filled_in_completely(lang):
    made = recipe(lang, types=("pie",), annotations=0.0)
    (sample,) = outcomes(made)
    assert isinstance(sample, Sample)
    assert sample.id == sample.doc_id == f"charts-{lang}-0000000"
    with Image.open(io.BytesIO(sample.image)) as image:
        assert image.format == "PNG"
        assert image.size == (sample.width, sample.height)
    truth = ast.literal_eval(sample.text)
    assert list(truth) == ["title", "source", "x_title", "y_title", "values"]
    assert (sample.kind, sample.format, sample.lang) == ("chart", "dict", lang)
    assert (sample.renderer, sample.template) == ("matplotlib", "pie")
    assert sample.prompt
    assert sample.source
    assert sample.license
    assert sample.meta["type"] == "pie"
    assert sample.meta["labels"] is True
    assert sample.meta["style"]["family"]
    assert {"mark", "plot", "word"} <= {region.role for region in sample.regions}


def test_same_task_same_sample():
    made = recipe(types=("multi_line",))
    (first,), (second,) = outcomes(made, 3), outcomes(made, 3)
    assert first == second
    assert pixel_hash(first.image) == pixel_hash(second.image)


def test_sizes_and_formats_are_kept():
    made = Recipe(
        "render-charts", "c", "en", Options(size="640x400", types=("bar",)), image_format="webp"
    )
    (sample,) = outcomes(made)
    assert (sample.width, sample.height, sample.image_format) == (640, 400, "webp")


class Refusing:
    """A backend that refuses the first charts it is given."""

    name = "matplotlib"
    types = MatplotlibBackend.types
    forms = MatplotlibBackend.forms
    annotations = MatplotlibBackend.annotations
    figures = False

    def __init__(self, times):
        self.left = times
        self.closed = False

    def render(self, spec, rng):
        if self.left:
            self.left -= 1
            raise Rejected("overlap", "Tea / Rice")
        return MatplotlibBackend().render(spec, rng)

    def close(self):
        self.closed = True


def test_a_refused_chart_is_drawn_again_and_counted():
    made = recipe(types=("bar",))
    backend = Refusing(2)
    performer = ChartTaskRunner(made, load_corpus("en"), {"matplotlib": backend})
    first, second, sample = outcomes(made, performer=performer)
    assert (first.reason, first.attempt, first.retried) == ("overlap", 0, True)
    assert (second.attempt, second.retried) == (1, True)
    assert first.detail == "bar: Tea / Rice"
    assert isinstance(sample, Sample)
    assert sample.attempt == 2
    performer.close()
    assert backend.closed


def test_panels_are_of_types_that_their_backend_draws():
    asked = ("bar", "horizontal_stacked_bar")
    shown = set()

    class OfBars(Refusing):
        types = frozenset({"bar", "line"})
        figures = True

        def render_figure(self, spec, rng):
            shown.update(panel.spec.type for panel in spec.panels)
            raise Rejected("overlap", "Tea / Rice")

    made = recipe(types=asked, panels=1.0)
    performer = ChartTaskRunner(made, load_corpus("en"), {"matplotlib": OfBars(9)})
    for index, task in zip(range(12), KIND.tasks(made), strict=False):
        if task.params["type"] == "bar":
            outcomes(made, index, performer)
    assert shown == {"bar"}


def test_a_task_is_given_up_after_four_attempts():
    made = recipe(types=("bar",))
    performer = ChartTaskRunner(made, load_corpus("en"), {"matplotlib": Refusing(9)})
    rejections = outcomes(made, performer=performer)
    assert [(r.attempt, r.retried) for r in rejections] == [
        (0, True), (1, True), (2, True), (3, False),
    ]  # fmt: skip
    assert all(isinstance(r, Rejection) for r in rejections)


def test_a_corpus_of_the_user_names_everything_and_is_part_of_the_plan(tmp_path):
    heads = ("red", "blue", "grey", "old", "wide", "north", "glass", "stone")
    tails = ("finch", "heron", "robin", "crane", "forest", "grove", "avenue", "gate", "field")
    words = [f"{head} {tail}" for head in heads for tail in tails]
    path = tmp_path / "birds.txt"
    path.write_text(".\n".join(words))
    made = recipe(types=("bar",), corpus=(str(path),))
    task = KIND.tasks(made)[0]
    assert len(task.params["corpus"]) == 16
    (sample,) = outcomes(made)
    names = ast.literal_eval(sample.text)["values"]
    assert {name.lower() for name in names} <= set(words)
    assert sample.source == str(path)

    path.write_text(".\n".join(reversed(words)))
    assert KIND.tasks(made)[0].params["corpus"] != task.params["corpus"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_samples": 0}, "between 1 and"),
        ({"backend": "matplot"}, "did you mean 'matplotlib'"),
        ({"types": ("bars",)}, "did you mean 'bar'"),
        ({"size": "wide"}, "not a size"),
        ({"size": "10x10"}, "out of range"),
    ],
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises(UsageError, match=message):
        recipe(**options)


def test_a_type_that_the_backend_does_not_draw():
    for types in (("bar", "sankey"), ("sankey",)):
        with pytest.raises(UsageError, match="does not draw 'sankey'") as raised:
            KIND.tasks(recipe(types=types))
        assert raised.value.hint == "use --backend pyecharts"


def test_a_bad_corpus_shows_when_tasks_are_listed(tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        KIND.tasks(recipe(corpus=(str(tmp_path / "none.txt"),)))


def test_a_machine_without_fonts_for_the_language_gets_an_error(monkeypatch):
    for module in (chart_drawing, fonts):
        monkeypatch.setattr(module, "families", lambda lang: ())
    with pytest.raises(ToolMissing, match=r"--lang zh is installed; install fonts-\S+;.*doctor"):
        KIND.open(recipe("zh"))


def test_sizes():
    assert parse_size("800x600") == (800, 600)
    assert parse_size(None) is None


def test_the_module_loads_no_renderer():
    import subprocess

    code = "import vary_data.generators.render_charts, sys; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
