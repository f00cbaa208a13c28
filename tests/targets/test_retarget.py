"""`vary-data retarget`, mixtures with other targets, and the trainer's `data.targets`."""

import importlib
import json
from pathlib import Path

import pytest
import yaml

from trainer.data.catalog import open_catalog
from trainer.data.fingerprint import fingerprints
from trainer.data.rows import RowReader
from trainer.evaluation.example import examples_of
from vary_data import generate, validate
from vary_data.base.errors import UsageError, VaryError
from vary_data.dataset.reader import Dataset
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.schema import FORMATS
from vary_data.targets.prompts import prompts_of
from vary_data.targets.registry import FORMS, NAMES, QUESTIONS, load
from vary_data.targets.tables.html import parse_html
from vary_data.targets.target import original, targets


@pytest.fixture(scope="module")
def charts(tmp_path_factory):
    out = tmp_path_factory.mktemp("retarget") / "charts"
    generate(
        "render-charts", out, name="charts", lang="en", num_samples=10, workers=1,
        backend="matplotlib", annotations=0.0, panels=0.0, types=("bar", "pie", "grouped_bar"),
        splits={"train": 0.7, "validation": 0.3},
    )  # fmt: skip
    return out


def run(command, *arguments):
    """A command in this process: a new one takes a second to start."""
    module = importlib.import_module(f"vary_data.cli.{command}")
    module.command.main([*map(str, arguments), "-q"], standalone_mode=False)


def rows(out, name):
    return list(Dataset.open(out).config(name).rows())


def test_every_form_has_writers_prompts_and_a_format():
    for form in FORMS.values():
        assert form.writers
        assert all(callable(load(path)) for path in form.writers.values())
        assert all(prompts_of(form.name, lang) for lang in ("en", "zh", "de"))
        assert form.name in FORMATS


def test_the_documentation_lists_every_form():
    lines = (Path(__file__).parents[2] / "docs/targets.md").read_text("utf-8").splitlines()
    listed = {line.split("`")[1] for line in lines if line.startswith("| `")}
    assert listed == set(NAMES)


def test_rows_have_other_texts_and_the_same_pictures(charts, tmp_path):
    pool = tmp_path / "prompts.txt"
    pool.write_text("Table, please.\n\nAs HTML.\n", encoding="utf-8")
    run("retarget", charts, "--to", "html", "--prompt-pool", pool, "-o", tmp_path, "-j", 1)
    before = {row["id"]: row for row in rows(charts, "charts")}
    after = rows(tmp_path, "charts-html")
    assert len(after) == len(before) == 10
    for row in after:
        source = before[json.loads(row["meta"])["origin"]]
        assert (row["kind"], row["format"]) == ("chart_html", "html")
        assert row["image"]["bytes"] == source["image"]["bytes"]
        assert row["regions"] == source["regions"]
        assert row["doc_id"] == source["doc_id"]
        assert parse_html(row["text"]).rows > 2
        question = "".join(part["text"] or "" for part in row["messages"][0]["content"])
        assert question in ("Table, please.", "As HTML.")
        assert original(row)["text"] == source["text"]
    splits = {c.name: dict(c.plan["shards"]) for c in Dataset.open(tmp_path).configs}
    assert set(splits["charts-html"]) == {"train", "validation"}
    assert validate(tmp_path, deep=True).clean


def test_a_retargeted_row_is_retargeted_from_its_truth(charts, tmp_path):
    run("retarget", charts, "--to", "caption", "-o", tmp_path / "a", "-j", 1)
    run("retarget", tmp_path / "a", "--to", "dict", "-o", tmp_path / "b", "-j", 1)
    truths = {row["text"] for row in rows(charts, "charts")}
    assert {row["text"] for row in rows(tmp_path / "b", "charts-caption-dict")} == truths


def test_changed_texts_are_found_by_validate(charts, tmp_path):
    from vary_data.quality.validate.targets import check_target

    row = dict(rows(charts, "charts")[0])
    made = targets(row, "csv")[0]
    truth = {name: row[name] for name in ("text", "kind", "format")}
    meta = json.loads(row["meta"]) | {"target": {"form": "csv", "of": truth}}
    copy = {**row, "text": made.text, "format": "csv", "meta": json.dumps(meta)}
    assert not list(check_target(copy, meta))
    assert list(check_target({**copy, "text": made.text + "1"}, meta))
    lost = {**meta, "target": {"form": "csv"}}
    assert list(check_target({**copy, "meta": json.dumps(lost)}, lost))


def test_questions_are_rows_of_their_own(charts, tmp_path):
    run("retarget", charts, "--to", QUESTIONS, "--questions", 3, "-o", tmp_path, "-j", 1)
    found = rows(tmp_path, "charts-questions")
    assert 20 < len(found) <= 30
    facts = [json.loads(row["meta"])["target"] for row in found]
    assert all(f["difficulty"] in (1, 2, 3) and f["program"] for f in facts)
    assert len({row["id"] for row in found}) == len(found)
    assert validate(tmp_path, deep=True).clean


def test_rows_without_the_form_are_counted(charts, tmp_path):
    run("retarget", charts, "--to", "mermaid", "-o", tmp_path, "-j", 1)
    config = Dataset.open(tmp_path).config("charts-mermaid")
    reasons = [rejection.reason for rejection in config.rejections()]
    assert len(reasons) + len(list(config.rows())) == 10
    assert set(reasons) == {"no-such-form"}


def test_rows_of_other_files_are_rejected_not_failures(charts):
    row = rows(charts, "charts")[0]
    for given in ({**row, "lang": "xx"}, {k: v for k, v in row.items() if k != "regions"}):
        with pytest.raises(Rejected):
            targets(given, "html")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "htm"), "no form 'htm'"),
        (("--to", "dots"), "no row of"),
        (("--to", "html", "--prompt-pool", "missing.txt"), "cannot be read"),
        (("--to", "html", "--config", "chart"), "no configuration 'chart'"),
        (("--to", "html", "--questions", "2"), "--to questions"),
        (("--to", "html", "--describe"), "one file"),
    ],
)
def test_bad_arguments_are_refused(charts, tmp_path, arguments, message):
    with pytest.raises(VaryError, match=message):
        run("retarget", charts, *arguments, "-o", tmp_path / "out")


def described(charts, tmp_path, form="markdown"):
    file = tmp_path / "described.yaml"
    run("retarget", charts, "--to", form, "--describe", "-o", file)
    return file


def test_a_description_is_copied_by_mix_and_read_by_the_trainer(charts, tmp_path):
    file = described(charts, tmp_path)
    run("mix", file, "-o", tmp_path / "mixed", "-j", 1)
    mixed = rows(tmp_path / "mixed", "mix")
    assert {row["kind"] for row in mixed} == {"chart_markdown"}
    assert validate(tmp_path / "mixed", deep=True).clean
    texts = {json.loads(row["meta"])["origin"]: row for row in mixed}
    reader = RowReader(("id", "text", "messages"), 1 << 20)
    for split in ("train", "validation"):
        (source,) = open_catalog([str(file)], split)
        for group, numbers in source.epoch_rows():
            for number in numbers:
                row = reader.row(group, number)
                assert row["text"].startswith("| ")
                if split == "train":
                    assert row["text"] == texts[row["id"]]["text"]
                    assert row["messages"] == texts[row["id"]]["messages"]


def test_the_trainer_reads_a_dataset_in_another_form(charts):
    plain = open_catalog([str(charts)], "train")
    catalog = open_catalog([str(charts)], "train", form="caption")
    assert fingerprints(plain) != fingerprints(catalog)
    examples = list(examples_of(catalog))
    assert {example.scoring for example in examples} == {"description"}
    assert all("chart" in example.truth for example in examples)
    with pytest.raises(UsageError, match="no form"):
        open_catalog([str(charts)], "train", form="captoin")


def test_rows_without_the_form_are_rejected_when_read(charts):
    (source,) = open_catalog([str(charts)], "train", form="mermaid")
    reader, outcomes = RowReader(("id", "text"), 1 << 20), []
    for group, numbers in source.epoch_rows():
        for number in numbers:
            try:
                outcomes.append(reader.row(group, number)["text"].startswith("pie"))
            except Rejected as error:
                outcomes.append(error.reason)
    assert set(outcomes) <= {True, "no-such-form"}
    assert len(outcomes) == source.rows


def test_a_wrong_form_in_a_mixture_is_refused(charts, tmp_path):
    file = described(charts, tmp_path)
    data = yaml.safe_load(file.read_text("utf-8"))
    data["datasets"][0]["to"] = "markdwon"
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(UsageError, match="no form 'markdwon'"):
        run("mix", file, "-o", tmp_path / "mixed")
