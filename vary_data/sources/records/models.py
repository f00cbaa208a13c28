"""The records of charts: one model for each shape of data, found by the chart type.

A record is data, never code, and its author is not trusted. Fields are named as on an upright
chart: `x_title` names the categories, `y_title` the values; charts that lie swap them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from renderers.charts.catalog import CATALOG, Shape

MAX_SHOWN_ERRORS = 3
"""Faults of a malformed record that a rejection names."""


class RecordProblem(ValueError):
    """A record cannot become content; `reason` is a short fixed word, `detail` what it is about."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def _no_truth_value(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a truth value is no number")
    return value


Number = Annotated[float, BeforeValidator(_no_truth_value)]


class Model(BaseModel):
    """Unknown fields are faults; numbers may be names (`2021`)."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class SeriesRecord(Model):
    """One series: a name (may be empty when there is only one) and a value per category."""

    name: str
    values: list[Number]


class PointRecord(Model):
    """A point: `label` is empty where it has no name, `size` is null where it has none."""

    label: str
    x: Number
    y: Number
    size: Number | None


class PointSeriesRecord(Model):
    name: str
    points: list[PointRecord]


class MemberRecord(Model):
    name: str
    value: Number


class GroupRecord(Model):
    name: str
    members: list[MemberRecord]


class LinkRecord(Model):
    source: str
    target: str
    value: Number


class ChartRecord(Model):
    """What every record has. Texts that the chart does not have are empty."""

    topic: str
    chart_type: str
    title: str
    source: str
    x_title: str
    y_title: str
    unit: str


def _types(*shapes: Shape, second_axis: bool = False) -> tuple[str, ...]:
    return tuple(
        entry.name
        for entry in CATALOG.values()
        if entry.shape in shapes and entry.second_axis == second_axis and entry.recorded
    )


TABLE_TYPES = _types("table")
TWO_AXES_TYPES = _types("table", second_axis=True)
SUMMARY_TYPES, POINT_TYPES = _types("summary"), _types("points")
TREE_TYPES, FLOW_TYPES = _types("tree"), _types("flow")


def _one_of(types: tuple[str, ...]) -> Any:
    return Field(json_schema_extra={"enum": list(types)})


class TableRecord(ChartRecord):
    """Values by series and category, all in one unit."""

    chart_type: str = _one_of(TABLE_TYPES)
    categories: list[str]
    series: list[SeriesRecord]


class TwoAxesRecord(ChartRecord):
    """Two series over the same categories; the second one has an axis and a unit of its own."""

    chart_type: str = _one_of(TWO_AXES_TYPES)
    y2_title: str
    unit2: str
    categories: list[str]
    series: list[SeriesRecord]


class SummaryRecord(ChartRecord):
    """Several figures for each category, in the order of `fields`."""

    chart_type: str = _one_of(SUMMARY_TYPES)
    categories: list[str]
    fields: list[str]
    rows: list[list[Number]]


class PointsRecord(ChartRecord):
    """Points in the plane; `unit` is that of the vertical axis."""

    chart_type: str = _one_of(POINT_TYPES)
    x_unit: str
    size_unit: str
    series: list[PointSeriesRecord]


class TreeRecord(ChartRecord):
    """Groups and their members."""

    chart_type: str = _one_of(TREE_TYPES)
    groups: list[GroupRecord]


class FlowRecord(ChartRecord):
    """What flows from one name to another."""

    chart_type: str = _one_of(FLOW_TYPES)
    links: list[LinkRecord]


Record = TableRecord | TwoAxesRecord | SummaryRecord | PointsRecord | TreeRecord | FlowRecord

RECORD_OF_TYPE: Mapping[str, type[Record]] = {
    **dict.fromkeys(TABLE_TYPES, TableRecord),
    **dict.fromkeys(TWO_AXES_TYPES, TwoAxesRecord),
    **dict.fromkeys(SUMMARY_TYPES, SummaryRecord),
    **dict.fromkeys(POINT_TYPES, PointsRecord),
    **dict.fromkeys(TREE_TYPES, TreeRecord),
    **dict.fromkeys(FLOW_TYPES, FlowRecord),
}


def parse_record(value: object) -> Record:
    """A record of plain data.

    Raises:
        RecordProblem: it has an unknown type, or a field is missing, unknown or of another kind.
    """
    if not isinstance(value, dict):
        raise RecordProblem("malformed-record", f"{type(value).__name__} instead of an object")
    chart_type = value.get("chart_type")
    if not isinstance(chart_type, str):
        raise RecordProblem("malformed-record", "chart_type: a string is required")
    model = RECORD_OF_TYPE.get(chart_type)
    if model is None:
        raise RecordProblem("unknown-type", chart_type)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise RecordProblem("malformed-record", _faults(error)) from None
    except OverflowError as error:
        raise RecordProblem("malformed-record", f"a number is too large: {error}") from None


def _faults(error: ValidationError) -> str:
    """`unit: Field required; series.0.values.1: Input should be a valid number`."""
    faults = error.errors(include_url=False, include_input=False)
    shown = [f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in faults[:MAX_SHOWN_ERRORS]]
    more = len(faults) - len(shown)
    return "; ".join(shown) + (f"; {more} more" if more else "")
