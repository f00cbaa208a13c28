"""The generator `negatives`."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from vary_data.base.errors import UsageError
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejection
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Sample
from vary_data.generators.negatives import SENTENCES, NegativeOptions, Negatives


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "train2017"
    root.mkdir()
    rng = np.random.default_rng(0)
    for number in range(12):
        pixels = rng.integers(0, 255, (48, 64, 3), np.uint8)
        Image.fromarray(pixels).save(root / f"{number:012}.jpg")
    return tmp_path


def recipe(folder, lang="en", seed=0, **options):
    settings = NegativeOptions(coco=str(folder), **options)
    return Recipe("negatives", "test", lang, settings, seed=seed)


def run_all(wanted):
    kind = Negatives()
    performer = kind.open(wanted)
    tasks = [
        type(t)(t.key, t.doc_id, t.weight, json.loads(json.dumps(t.params)))
        for t in kind.tasks(wanted)
    ]  # as from a plan file
    outcomes = [
        o for t in tasks for o in performer.run(t, TaskSeed.of(wanted.seed, "negatives", t.key))
    ]
    performer.close()
    return outcomes


def test_the_papers_sentences():
    assert SENTENCES["en"] == (
        "It’s an image of nature",
        "Here’s a nature picture",
        "It’s a nature photo",
        "This is a natural image",
        "That’s a shot from nature",
    )
    assert len(set(SENTENCES["zh"])) == 5


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_samples(folder, lang):
    outcomes = run_all(recipe(folder, lang, license="CC-BY-4.0"))
    assert [type(o) for o in outcomes] == [Sample] * 12
    assert {o.text for o in outcomes} <= set(SENTENCES[lang])
    assert len({o.text for o in outcomes}) > 2
    first = outcomes[0]
    assert first.image == (folder / "train2017" / "000000000000.jpg").read_bytes()
    assert (first.kind, first.lang, first.width, first.height) == ("negative", lang, 64, 48)
    assert first.source == "train2017/000000000000.jpg"
    assert first.license == "CC-BY-4.0"
    assert not first.regions
    assert outcomes == run_all(recipe(folder, lang, license="CC-BY-4.0"))


def test_a_seeded_choice(folder):
    def chosen(n, seed):
        return [t.doc_id for t in Negatives().tasks(recipe(folder, n=n, seed=seed))]

    assert len(chosen(5, 0)) == 5
    assert chosen(5, 0) == chosen(5, 0)
    assert chosen(5, 0) != chosen(5, 1)
    assert set(chosen(5, 0)) < set(chosen(8, 0))
    assert len(chosen(100, 0)) == 12


def test_configurations_of_the_same_pictures_have_keys_of_their_own(folder):
    english, chinese = (
        {t.key for t in Negatives().tasks(replace(recipe(folder, lang), name=f"negatives-{lang}"))}
        for lang in ("en", "zh")
    )
    assert len(english) == len(chinese) == 12
    assert not english & chinese


def test_bad_pictures_are_counted_with_their_names(folder):
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, "PNG")
    root = folder / "train2017"
    (root / "lie.jpg").write_bytes(out.getvalue())
    (root / "text.jpg").write_text("hello")
    (root / "none.png").touch()
    (root / "half.png").write_bytes(out.getvalue()[:60])
    rejected = [o for o in run_all(recipe(folder)) if isinstance(o, Rejection)]
    found = {o.detail.split(":")[0].removeprefix("train2017/"): o.reason for o in rejected}
    assert found == {
        "lie.jpg": "wrong-format",
        "text.jpg": "not-an-image",
        "none.png": "empty-file",
        "half.png": "damaged",
    }


def test_options_that_make_no_sense(folder):
    with pytest.raises(UsageError, match="--coco"):
        Negatives().tasks(recipe(""))
    with pytest.raises(UsageError, match="n must be"):
        Negatives().tasks(recipe(folder, n=0))
    with pytest.raises(UsageError, match="long_side"):
        Negatives().tasks(recipe(folder, long_side=1))


def test_pictures_with_text_in_coco_text_are_left_out_and_counted(folder):
    names = ("COCO_train2017_000000000003.jpg", "COCO_train2017_000000000004.jpg")
    content = {
        "imgs": {str(i): {"file_name": name} for i, name in enumerate(names)},
        "anns": {
            "1": {"image_id": 0, "legibility": "legible"},
            "2": {"image_id": 1, "legibility": "illegible"},
        },
    }
    (folder / "COCO_Text.json").write_text(json.dumps(content))
    found = run_all(recipe(folder, coco_text=str(folder / "COCO_Text.json")))
    rejected = [o for o in found if isinstance(o, Rejection)]
    assert [(o.reason, o.detail.split(":")[0]) for o in rejected] == [
        ("has-text", "train2017/000000000003.jpg")
    ]
    assert len(found) == 12


def test_annotations_that_are_not_of_coco_text(folder):
    from vary_data.base.errors import SourceError
    from vary_data.sources.coco_text import pictures_with_text

    (folder / "a.json").write_text("[]")
    with pytest.raises(SourceError, match="not an annotation file of COCO-Text"):
        pictures_with_text(str(folder / "a.json"))


def test_a_split_of_a_local_dataset(tmp_path, folder):
    import pyarrow as pa
    import pyarrow.parquet as pq

    from vary_data.base.errors import SourceError
    from vary_data.sources.coco import list_pictures

    data = (folder / "train2017" / "000000000000.jpg").read_bytes()
    table = pa.table({"image": [{"bytes": data, "path": "a.jpg"}]})
    root = tmp_path / "dataset"
    root.mkdir()
    for name in ("train-00000-of-00002", "train-00001-of-00002", "test-00000-of-00001"):
        pq.write_table(table, root / f"{name}.parquet")

    def names(split):
        return sorted(ref.name for ref in list_pictures(str(root), split))

    assert names("train2017") == [
        "train-00000-of-00002.parquet:0",
        "train-00001-of-00002.parquet:0",
    ]
    assert names("test") == ["test-00000-of-00001.parquet:0"]
    with pytest.raises(SourceError, match="no split 'val2017'"):
        list_pictures(str(root), "val2017")
