"""JSON as policies are read: what two readers could understand in two ways is refused."""

import pytest

from iamd.policy.jsontext import MAX_DEPTH, JsonTextError, load_json, load_json_leniently, scalar_text


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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 2}}', 'the name "c" is repeated'),
        ('{"z": 1, "a": 1, "a": 2, "z": 3}', 'the name "z" is repeated'),
        ("NaN", "NaN is not JSON"),
        ("[-Infinity]", "-Infinity is not JSON"),
        ("[" * 65 + "]" * 65, "nested too deeply"),
        ('{"a":' * 65 + "1" + "}" * 65, "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        (r'"\ud800"', "half of a surrogate pair"),
        ("", "Expecting value: line 1 column 1 (char 0)"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)
def test_what_is_wrong_is_said(text: str | bytes, words: str) -> None:
    with pytest.raises(JsonTextError) as caught:
        load_json(text)
    assert str(caught.value) == words


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_how_deep_it_may_be(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    load_json(opening * MAX_DEPTH + "0" + closing * MAX_DEPTH)
    assert MAX_DEPTH == 64
    with pytest.raises(JsonTextError):
        load_json(opening * (MAX_DEPTH + 1) + "0" + closing * (MAX_DEPTH + 1))


def test_read_leniently_the_first_name_that_is_repeated_is_told_and_the_last_value_wins() -> None:
    assert load_json_leniently(b'{"a": 1, "a": 2, "b": {"c": 1, "c": 2}}') == ({"a": 2, "b": {"c": 2}}, "c")
    assert load_json_leniently('[{"a": 1}, {"a": 2}]') == ([{"a": 1}, {"a": 2}], None)


@pytest.mark.parametrize(
    ("text", "meant"), [("true", "true"), ("false", "false"), ("1.50", "1.50"), ("1e3", "1e3"), ("7", "7"), ("-0", "0")]
)
def test_a_scalar_is_meant_as_it_is_written(text: str, meant: str) -> None:
    assert scalar_text(load_json(text)) == meant
