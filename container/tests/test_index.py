import sqlite3

import pytest

from retrieval_server.index import BuildError, build, main
from retrieval_server.search import Index, IndexRefused


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "sources"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.md").write_text("# A\n\nApples grow on trees.")
    (folder / "sub" / "b.txt").write_text("Boats float.")
    (folder / "c.png").write_bytes(b"\x89PNG")
    return folder


def test_the_manifest_says_what_is_in_the_index(tmp_path, sources):
    manifest = build(tmp_path / "i.db", [sources])
    assert {k: manifest[k] for k in ("schema_version", "model", "documents", "passages")} == {
        "schema_version": "1",
        "model": "lexical-bm25",
        "documents": "2",
        "passages": "2",
    }
    index = Index(tmp_path / "i.db")
    assert index.manifest == manifest
    assert [h.path for h in index.search("boats", 5)] == ["sub/b.txt"]
    index.close()


def test_the_same_sources_give_the_same_file(tmp_path, sources):
    build(tmp_path / "1.db", [sources])
    build(tmp_path / "2.db", [sources])
    assert (tmp_path / "1.db").read_bytes() == (tmp_path / "2.db").read_bytes()


def test_a_changed_source_changes_the_digest(tmp_path, sources):
    before = build(tmp_path / "1.db", [sources])
    (sources / "a.md").write_text("# A\n\nApples grow on bushes.")
    assert build(tmp_path / "1.db", [sources])["sources_sha256"] != before["sources_sha256"]


def test_sources_that_cannot_be_indexed_are_named(tmp_path, sources):
    with pytest.raises(BuildError, match="nowhere: is not a folder"):
        build(tmp_path / "i.db", [tmp_path / "nowhere"])
    with pytest.raises(BuildError, match=r"a\.md: another source folder also holds a\.md"):
        build(tmp_path / "i.db", [sources, sources])
    (tmp_path / "empty").mkdir()
    with pytest.raises(BuildError, match=r"no \.md or \.txt file with text"):
        build(tmp_path / "i.db", [tmp_path / "empty"])
    (sources / "a.md").write_bytes(b"\xff\xfe")
    with pytest.raises(BuildError, match=r"a\.md: is not UTF-8"):
        build(tmp_path / "i.db", [sources])
    assert not (tmp_path / "i.db").exists()


def test_the_command_reports_and_fails_with_one_line(tmp_path, sources, capsys):
    assert main(["build", str(tmp_path / "new" / "i.db"), str(sources)]) == 0
    assert capsys.readouterr().out.endswith("i.db: 2 passages of 2 documents\n")
    assert main(["build", str(tmp_path / "i.db"), str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_an_index_of_another_schema_is_refused(tmp_path, sources):
    path = tmp_path / "i.db"
    build(path, [sources])
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE manifest SET value = '99' WHERE key = 'schema_version'")
    connection.close()
    with pytest.raises(IndexRefused, match=r"has schema 99, .* reads schema 1, .*Rebuild it with"):
        Index(path)


@pytest.mark.parametrize("content", [b"", b"not a database, but long enough to look at" * 50])
def test_what_is_no_index_is_refused(tmp_path, content):
    (tmp_path / "i.db").write_bytes(content)
    with pytest.raises(IndexRefused, match="is not an index"):
        Index(tmp_path / "i.db")


def test_a_missing_index_is_refused(tmp_path):
    with pytest.raises(IndexRefused, match="no such index; build it with"):
        Index(tmp_path / "i.db")


def test_an_index_is_opened_without_writing_beside_it(tmp_path, sources):
    folder = tmp_path / "read only?#%"
    build(folder / "i.db", [sources])
    index = Index(folder / "i.db")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._connection.execute("DELETE FROM manifest")
    assert [p.name for p in folder.iterdir()] == ["i.db"]
    index.close()
