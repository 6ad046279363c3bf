from __future__ import annotations

from pathlib import Path

import pytest

from holter.cassette.outline import Bodies, Outline, outlines
from holter.cassette.reader import open_cassette
from holter.errors import CassetteError

CALL = (
    '---\ncall: {"op":"PollForTask","task":"task-1","status":200}\n'
    'request: {}\nresponse: {"taskObject":{"taskId":"task-1"}}\n'
)
UNNAMED = CALL.replace('"task":"task-1",', "")
EDITED = CALL.replace("\nrequest:", "\n# edited\nrequest:")
UNANSWERED = '---\ncall: {"op":"PollForTask","broken":"client"}\nrequest: {"workerGroup":"wg"}\n...\n'
MARK = '---\nmark: {"what":"started"}\n'


def test_our_own_layout_is_outlined_and_all_else_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("holter: 1\n" + MARK + CALL + EDITED + UNNAMED + UNANSWERED + CALL)
    found = list(outlines(open_cassette(str(path))))
    assert [isinstance(one, Outline) for one in found] == [False, True, False, False, True, True]
    outlined = [one for one in found if isinstance(one, Outline)]
    assert [one.answered for one in outlined] == [True, False, True]
    assert [one.said.task for one in outlined] == ["task-1", None, "task-1"]

    bodies, whole = Bodies(str(path)), [entry.value for entry in open_cassette(str(path))]
    assert [bodies.read(one.place, one.start, one.end) for one in outlined] == [whole[1], whole[4], whole[5]]
    bodies.close()
    bodies.close()
    with pytest.raises(CassetteError, match="document 3 cannot be read any more"):
        bodies.read(outlined[0].place, outlined[0].start, outlined[0].end)


@pytest.mark.parametrize("text", ['{"a"}', "[1,", "{'a': 1}", "", "[" * 200 + "]" * 200])
@pytest.mark.parametrize("key", ["request", "response"])
def test_a_body_that_is_no_json_is_read_with_care(tmp_path: Path, key: str, text: str) -> None:
    path = tmp_path / "a.yaml"
    bodies = {"request": "{}", "response": "{}", key: text}
    said = "".join(f"{name}: {body}\n" for name, body in bodies.items())
    path.write_text('holter: 1\n---\ncall: {"op":"PollForTask"}\n' + said + MARK)
    assert read_as(str(path), whole=False) == read_as(str(path), whole=True)


def read_as(path: str, *, whole: bool) -> list[str]:
    """What a file says, or what is wrong with it, read whole or by outlines."""
    reader, bodies = open_cassette(path), Bodies(path)
    try:
        found = reader if whole else outlines(reader)
        return [
            repr(bodies.read(one.place, one.start, one.end) if isinstance(one, Outline) else one.value)
            for one in found
        ]
    except CassetteError as why:
        return [str(why)]
    finally:
        bodies.close()
