"""Secrets that are made up, each with the part of it that must never be kept."""

from __future__ import annotations

from collections.abc import Iterator

from holter.wire.message import Json
from holter.wire.shapes import Flag, Items, Number, Record, Shape, Table, Text

SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SESSION = "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDx" + "aB3/" * 40
JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
KEY_BODY = "MIIEowIBAAKCAQEAxyz\nsecondlineofkey9876\n"

SECRETS: tuple[tuple[str, str], ...] = (
    ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ("denied for ASIAQWERTYUIOPASDFGH.", "ASIAQWERTYUIOPASDFGH"),
    (SECRET_KEY, SECRET_KEY),
    (f"aws_secret_access_key = {SECRET_KEY}", SECRET_KEY),
    ("export AWS_SECRET_ACCESS_KEY=hunter2hunter2", "hunter2hunter2"),
    ("java -jar TaskRunner.jar --secretKey hunter2x --tasks 2", "hunter2x"),
    ("java -jar TaskRunner.jar --proxyPassword hunter2x", "hunter2x"),
    ("mysql --password=hunter2x -u root", "hunter2x"),
    ("PGPASSWORD=hunter2x psql", "hunter2x"),
    ("MYSQL_PWD='hunter 2x' mysql", "hunter 2x"),
    ('{"password": "hunter2x", "user": "me"}', "hunter2x"),
    ('{\\"password\\": \\"hunter2x\\"}', "hunter2x"),
    ("{'db_password': 'hunter2x'}", "hunter2x"),
    ("client-secret: hunter2x", "hunter2x"),
    ("fs.s3a.secret.key=hunter2x", "hunter2x"),
    ("jdbc:mysql://db:3306/x?user=me&password=hunter2x&ssl=1", "hunter2x"),
    ("jdbc:postgresql://me:hunter2x@db/x", "hunter2x"),
    ("curl https://me:hunt@er2x@example.com/a", "er2x"),
    ("git clone https://hunter2x@github.com/a/b", "hunter2x"),
    ("curl -u me:hunter2x https://example.com", "hunter2x"),
    (f"aws_session_token={SESSION}", SESSION[20:60]),
    (SESSION, SESSION[20:60]),
    ("X-Amz-Security-Token: hunter2xhunter2x", "hunter2x"),
    ("https://b.s3.amazonaws.com/k?X-Amz-Credential=hunter2x/x&X-Amz-Signature=deadbeef", "hunter2x"),
    ("Authorization: AWS4-HMAC-SHA256 Credential=hunter2x/x, Signature=deadbeef01", "deadbeef01"),
    ("AWS4-HMAC-SHA256 Credential=hunter2x/x, SignedHeaders=host, Signature=deadbeef01", "deadbeef01"),
    ("authorization: Basic aHVudGVyMng=", "aHVudGVyMng"),
    ("Proxy-Authorization: Basic aHVudGVyMng=", "aHVudGVyMng"),
    ("Cookie: session=hunter2x; other=hunter3x", "hunter3x"),
    ("got Bearer abc.def-123456789 back", "abc.def-123456789"),
    (JWT, JWT[40:60]),
    (f"-----BEGIN RSA PRIVATE KEY-----\n{KEY_BODY}-----END RSA PRIVATE KEY-----", "secondlineofkey9876"),
    (f"-----BEGIN PRIVATE KEY-----\n{KEY_BODY}", "secondlineofkey9876"),
    ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnop"),
)

HARMLESS = (
    "s3://bucket/path/to/2026/11/21/file.csv",
    "aws s3 cp s3://in/a.csv . && python run.py --mode fast -v",
    "@CopyStep_2026-01-02T00:00:00_Attempt=1",
    "df-0SYNTH00000000EXAMPLE",
    "The security token included in the request is expired",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "jdbc:mysql://db.example.com:3306/table",
    "http://proxy.example.com:3128/",
    "git@github.com:a/b.git",
    "PWD=/home/me OLDPWD=/tmp",
    "SELECT a, b FROM c WHERE d = 'e' AND f > 5",
    "java.lang.RuntimeException: x\n\tat com.example.Main.run(Main.java:5)",
    "#{node.@scheduledStartTime}",
    "30 minutes",
    "marker=abcdef",
    "",
)


def places(shape: Shape, text: str) -> Iterator[Json]:
    """Yield messages of a shape, each with the text in one of its places, keys of tables included."""
    match shape:
        case Text():
            yield text
        case Items():
            yield from ([item, _plain(shape.of)] for item in places(shape.of, text))
        case Table():
            yield {text: _plain(shape.value)}
            yield from ({"a": item} for item in places(shape.value, text))
        case Record():
            plain = _plain(shape)
            assert isinstance(plain, dict)
            for name, member in shape.members.items():
                yield from ({**plain, name: item} for item in places(member, text))
            yield {**plain, text: "unknown member"}
            yield {**plain, "unknownMember": [{"deep": text}]}


def _plain(shape: Shape) -> Json:
    match shape:
        case Text():
            return shape.enum[0] if shape.enum else "plain"
        case Flag():
            return False
        case Number():
            return 5
        case Items():
            return [_plain(shape.of)]
        case Table():
            return {"a": _plain(shape.value)}
        case Record():
            return {name: _plain(member) for name, member in shape.members.items()}
