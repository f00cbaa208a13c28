"""Your PDF files to a dataset on the Hugging Face Hub.

    python examples/pdfs_to_hub.py my_pdfs/ my-name/my-pages --license CC-BY-4.0

Makes one row per page, checks every row against its own image, and writes what would be published
(card, recipe, shards) to OUT/.push. Nothing is uploaded without --push; that needs
`hf auth login` first.
"""

from __future__ import annotations

import argparse

from vary_data import generate, open_dataset, validate
from vary_data.hub.stage import stage
from vary_data.hub.upload import endpoint, upload


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pdfs", help="folder or file")
    parser.add_argument("repo", help="ORG/NAME on the Hub")
    parser.add_argument("-o", "--out", default="out/my-pages")
    parser.add_argument("--license", default="unknown", help="license of the documents")
    parser.add_argument("--push", action="store_true", help="upload, as a private repository")
    arguments = parser.parse_args()

    result = generate(
        "pages",
        arguments.out,
        name="pages",
        src=[arguments.pdfs],
        license=arguments.license,
        detect=True,  # keep pages in every known language, each under its own `lang`
        splits={"train": 0.9, "test": 0.1},  # by document: no document is in two splits
    )
    print(f"{result.samples} pages; not usable: {result.reasons or 'none'}")

    report = validate(arguments.out, deep=True)
    if not report.clean:
        raise SystemExit("\n".join(map(str, report.problems)))
    print(f"all {report.rows} rows agree with their images")

    staged = stage(open_dataset(arguments.out), arguments.repo, endpoint())
    print(f"{len(staged.files)} files for {arguments.repo}; the card is {staged.card}")
    if arguments.push:
        print(upload(staged, arguments.repo, private=True, message="First version"))


if __name__ == "__main__":
    main()
