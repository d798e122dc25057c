from dataclasses import dataclass, replace

import pytest

from iamd.model.tags import Tags
from iamd.stores.ports.records import Kind
from iamd.stores.sql.columns import columns_of, decoder, encoder


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    number: int | None
    on: bool
    maybe: bool | None
    data: bytes | None
    tags: Tags
    more: Tags | None = None
    last: bytes | None = None


SAMPLE = Kind("sample", Sample, key=("name",), unread_in_pages=("last",))


@pytest.mark.parametrize(
    "record",
    [
        Sample("a", 1, on=True, maybe=False, data=b"x", tags=(("k", "v"), ("é", "\0"))),
        Sample("", None, on=False, maybe=None, data=None, tags=(), more=(), last=b""),
    ],
)
def test_a_record_survives_its_row(record: Sample) -> None:
    columns = columns_of(SAMPLE)
    row = encoder(columns)(record)
    assert decoder(Sample, columns)(row) == record
    assert all(isinstance(each, str | int | bytes | None) for each in row)


def test_unread_columns_become_none() -> None:
    columns = columns_of(SAMPLE)
    record = Sample("a", 1, on=True, maybe=True, data=b"x", tags=(), last=b"large")
    row = encoder(columns)(record)[:-1]
    assert decoder(Sample, columns, 1)(row) == replace(record, last=None)


def test_a_field_without_a_column_type_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Wrong:
        name: str
        ratio: float

    with pytest.raises(TypeError, match=r"wrong\.ratio"):
        columns_of(Kind("wrong", Wrong, key=("name",)))
