"""JSON as policies are read: what two readers could understand in two ways is refused."""

import pytest

from iamd.policy.jsontext import JsonTextError, load_json


@pytest.mark.parametrize("text", [r'"\ud800"', r'{"\uDBFF": 1}', r'["\udc00\ud800"]', r'{"a": ["x", {"b": "\uDFFF"}]}'])
def test_half_a_surrogate_pair_is_no_character(text: str) -> None:
    """It could be neither stored nor printed: the answer to it was an empty 500."""
    with pytest.raises(JsonTextError, match="surrogate"):
        load_json(text)


@pytest.mark.parametrize(("text", "value"), [(r'"\ud83d\ude00"', "😀"), (r'"\\ud800"', r"\ud800"), ('"😀"', "😀")])
def test_whole_characters_are_read(text: str, value: str) -> None:
    assert load_json(text) == value


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "NaN", "-Infinity", "[" * 65 + "]" * 65, "[" * 100_000, "", "{"])
def test_what_is_ambiguous_or_broken_is_refused(text: str) -> None:
    with pytest.raises(JsonTextError):
        load_json(text)


def test_a_name_that_is_repeated_at_the_end_of_many_is_found() -> None:
    """Each name was counted in all of them: five MiB of names kept the server busy for hours."""
    names = ",".join(f'"k{number}":1' for number in range(200_000))
    with pytest.raises(JsonTextError, match='the name "z" is repeated'):
        load_json(f'{{{names},"z":1,"z":2}}')
