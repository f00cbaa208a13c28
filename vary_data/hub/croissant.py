"""The dataset described in Croissant 1.1 (https://docs.mlcommons.org/croissant/docs/).

The Hub generates such a description for public datasets; this file is part of the dataset, so that
private datasets and copies have one too.
"""

from __future__ import annotations

from typing import Any

from vary_data.dataset.schema import features
from vary_data.hub.facts import ConfigFacts, Facts
from vary_data.hub.licenses import hub_license

FILE = "croissant.json"
CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
TYPES = {
    "string": "sc:Text",
    "bool": "sc:Boolean",
    "int32": "cr:Int32",
    "uint64": "cr:UInt64",
    "float32": "cr:Float32",
}
UNDESCRIBED = ("messages",)
"""Columns without a description: readers of Croissant do not support lists of structs inside
lists of structs."""
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(repo: str, endpoint: str, facts: Facts, summary: str) -> dict[str, Any]:
    """The description of a repository as JSON-LD."""
    url = f"{endpoint}/datasets/{repo}"
    stated = hub_license(facts.licenses())
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": repo.partition("/")[2],
        "description": summary,
        "url": url,
        "creator": {"@type": "Organization", "name": repo.partition("/")[0]},
        "license": stated,
        "inLanguage": facts.values("langs"),
        "keywords": ["synthetic", "ocr", "document", "chart"],
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "repo",
                "name": "repo",
                "description": "The repository on the Hugging Face Hub.",
                "contentUrl": f"{url}/tree/main",
                "encodingFormat": "git+https",
                "sha256": "https://github.com/mlcommons/croissant/issues/80",
            },
            *(_files(config) for config in facts.configs),
        ],
        "recordSet": [record for config in facts.configs for record in _records(config)],
    }


def _files(config: ConfigFacts) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"parquet-files-{config.name}",
        "name": f"parquet-files-{config.name}",
        "containedIn": {"@id": "repo"},
        "encodingFormat": "application/x-parquet",
        "includes": f"{config.name}/data/*.parquet",
    }


def _records(config: ConfigFacts) -> list[dict[str, Any]]:
    splits = f"{config.name}_splits"
    files = {"fileSet": {"@id": f"parquet-files-{config.name}"}}
    split = {
        "@type": "cr:Field",
        "@id": f"{config.name}/split",
        "name": "split",
        "description": "The split that the row belongs to.",
        "dataType": "sc:Text",
        "source": {
            **files,
            "extract": {"fileProperty": "filename"},
            "transform": {"regex": r"^([a-z][a-z0-9_]*)(?:-\d{5}-of-\d{5}\.parquet)?$"},
        },
        "references": {"field": {"@id": f"{splits}/split_name"}},
    }
    named = {
        "@type": "cr:Field",
        "@id": f"{splits}/split_name",
        "name": "split_name",
        "dataType": "sc:Text",
    }
    names = [{f"{splits}/split_name": name} for name in config.splits]
    rows = ", ".join(f"{count:,} rows in {name}" for name, count in config.splits.items())
    fields = [
        _field(config.name, name, feature, files)
        for name, feature in features().items()
        if name not in UNDESCRIBED
    ]
    return [
        {
            "@type": "cr:RecordSet",
            "@id": splits,
            "name": splits,
            "dataType": "cr:Split",
            "key": {"@id": f"{splits}/split_name"},
            "field": [named],
            "data": names,
        },
        {
            "@type": "cr:RecordSet",
            "@id": config.name,
            "name": config.name,
            "description": f"{config.name}: {rows}.",
            "key": {"@id": f"{config.name}/id"},
            "field": [split, *fields],
        },
    ]


def _field(
    parent: str, name: str, feature: dict[str, Any], files: dict[str, Any], column: str = ""
) -> dict[str, Any]:
    field: dict[str, Any] = {"@type": "cr:Field", "@id": f"{parent}/{name}", "name": name}
    source: dict[str, Any] = {**files, "extract": {"column": column or name}}
    depth = 0
    while feature.get("_type") == "List":
        feature, depth = feature["feature"], depth + 1
    if depth:
        field.update(isArray=True, arrayShape=",".join(["-1"] * depth))
    if feature.get("_type") == "Image":
        field["dataType"] = "sc:ImageObject"
        source["transform"] = {"jsonPath": "bytes"}
    elif "_type" in feature:
        field["dataType"] = TYPES[feature["dtype"]]
    else:
        place = column or name
        field["subField"] = [
            _field(f"{parent}/{name}", inner, value, files, place)
            for inner, value in feature.items()
        ]
        for sub, inner in zip(field["subField"], feature, strict=True):
            sub["source"]["transform"] = {"jsonPath": f"$[*].{inner}"}
    field["source"] = source
    return field
