"""Positions of statements, as the simulator counts them."""

import json

import pytest

from iamd.policy.positions import Span, statement_spans

ONE = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


def shown(spans: list[Span]) -> list[tuple[int, int, int, int]]:
    return [(*span.start, *span.end) for span in spans]


def test_a_statement_begins_behind_the_bracket_and_the_next_behind_the_one_before() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [ONE, ONE]})
    first, second = statement_spans(text)
    length = len(json.dumps(ONE))
    assert shown([first]) == [(1, 41, 1, 41 + length)]
    assert second.start == first.end
    assert second.end == (1, 43 + 2 * length)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_and_columns_count_from_one(ending: str) -> None:
    """The example of the AWS CLI's simulate-principal-policy: line 3, column 19 to line 9, column 10."""
    lines = [
        "{",
        '    "Version": "2012-10-17",',
        '    "Statement": [',
        "        {",
        '            "Effect": "Allow",',
        '            "Action": "codecommit:ListRepositories",',
        '            "Resource": "*",',
        '            "Sid": ""',
        "        }",
        "    ]",
        "}",
    ]
    assert shown(statement_spans(ending.join(lines))) == [(3, 19, 9, 10)]


def test_other_elements_and_the_order_of_elements_do_not_matter() -> None:
    text = '{ "Statement" :{"Effect":"Allow","Action":"a:b","Resource":"}]"} , "Id":"Statement"}'
    start, end = text.index(":{") + 3, text.index(" , ") + 1
    assert shown(statement_spans(text)) == [(1, start, 1, end)]
