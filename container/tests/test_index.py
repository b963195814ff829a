import json
import sqlite3

import pytest
from pdf_file import write_pdf

from retrieval_server.documents import BuildError
from retrieval_server.index import build, main
from retrieval_server.manifest import IndexRefused, Manifest
from retrieval_server.search import LexicalRetriever


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "sources"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.md").write_text("# A\n\nApples grow on trees.")
    (folder / "sub" / "b.txt").write_text("Boats float.")
    (folder / "c.png").write_bytes(b"\x89PNG")
    return folder


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_manifest_says_what_is_in_the_index(tmp_path, sources):
    manifest = build(tmp_path / "i", [sources])
    assert (manifest.format, manifest.model, manifest.dimension) == (2, "lexical-bm25", 0)
    assert (manifest.documents, manifest.passages) == (2, 2)
    index = LexicalRetriever(tmp_path / "i")
    assert index.manifest == manifest
    assert [h.path for h in index.search("boats", 5)] == ["sub/b.txt"]
    index.close()


def test_html_and_pdf_are_read(tmp_path, sources):
    (sources / "page.html").write_text(
        "<html><head><title>x</title><style>p {}</style></head><body><nav>Menu</nav><h1>Cats</h1>"
        "<p>Cats <b>purr</b> loudly.</p><h2>Food</h2><ul><li>Fish</li><li>Milk</li></ul>"
        "<script>hidden()</script></body></html>"
    )
    write_pdf(sources / "paper.pdf", ["Dogs bark at night.", "Wolves howl."])
    build(tmp_path / "i", [sources])
    index = LexicalRetriever(tmp_path / "i")
    assert [(h.heading, h.body) for h in index.search("purr", 5)] == [("Cats", "Cats **purr** loudly.")]
    assert [h.heading for h in index.search("milk", 5)] == ["Cats > Food"]
    assert [h.path for h in index.search("wolves", 5)] == ["paper.pdf"]
    for word in ("menu", "hidden"):
        assert index.search(word, 5) == []
    index.close()


def test_the_same_sources_give_the_same_index(tmp_path, sources):
    build(tmp_path / "1", [sources])
    build(tmp_path / "2", [sources])
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_another_index_takes_the_place_of_the_one_before(tmp_path, sources):
    before = build(tmp_path / "1", [sources])
    still_open = LexicalRetriever(tmp_path / "1")
    (sources / "a.md").write_text("# A\n\nApples grow on bushes.")
    after = build(tmp_path / "1", [sources])
    assert after.sources_sha256 != before.sources_sha256
    assert set(contents(tmp_path / "1")) == {"manifest.json", after.files["passages"].name}
    # A server that runs keeps what it has opened.
    assert "trees" in still_open.search("apples", 1)[0].body
    still_open.close()


def test_sources_that_cannot_be_indexed_are_named(tmp_path, sources):
    with pytest.raises(BuildError, match="nowhere: is not a folder"):
        build(tmp_path / "i", [tmp_path / "nowhere"])
    with pytest.raises(BuildError, match=r"a\.md: another source folder also holds a\.md"):
        build(tmp_path / "i", [sources, sources])
    (tmp_path / "empty").mkdir()
    with pytest.raises(BuildError, match=r"no file \(\.htm, \.html, \.md, \.pdf, \.txt\) with text in"):
        build(tmp_path / "i", [tmp_path / "empty"])
    (sources / "x.pdf").write_bytes(b"%PDF-1.4 and no more")
    with pytest.raises(BuildError, match=r"x\.pdf: is not a PDF that can be read"):
        build(tmp_path / "i", [sources])
    (sources / "x.pdf").unlink()
    (sources / "a.md").write_bytes(b"\xff\xfe")
    with pytest.raises(BuildError, match=r"a\.md: is not UTF-8"):
        build(tmp_path / "i", [sources])
    assert not (tmp_path / "i").exists()


def test_the_command_reports_and_fails_with_one_line(tmp_path, sources, capsys, monkeypatch):
    monkeypatch.setenv("BACKEND", "lexical")
    out = tmp_path / "new" / "i"
    assert main(["build", str(sources), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 2 passages of 2 documents, model lexical-bm25\n"
    assert main(["build", str(tmp_path / "nowhere"), "--out", str(out)]) == 2
    assert capsys.readouterr().err == f"error: {tmp_path / 'nowhere'}: is not a folder\n"
    monkeypatch.setenv("BACKEND", "onnx")
    monkeypatch.setenv("MODEL_DIR", str(tmp_path / "no-model"))
    assert main(["build", str(sources), "--out", str(out)]) == 2
    assert "no-model: no such model; make it with" in capsys.readouterr().err


def change_manifest(folder, **values):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_an_index_of_another_format_is_refused(tmp_path, sources):
    build(tmp_path / "i", [sources])
    change_manifest(tmp_path / "i", format=99)
    with pytest.raises(IndexRefused, match=r"has format 99, this server reads 2; rebuild it with"):
        LexicalRetriever(tmp_path / "i")


@pytest.mark.parametrize("content", [b"", b"not JSON", b"[]", b'{"format": 2}', b'{"format": 2, "files": {}, "x": 1}'])
def test_what_is_no_manifest_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(IndexRefused, match="is not the manifest of an index"):
        Manifest.read(tmp_path)


def damage(path, how):
    data = bytearray(path.read_bytes())
    if how == "cut":
        del data[-100:]
    elif how == "bit":
        data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("how", "message"),
    [("cut", r"is damaged: \d+ bytes instead of"), ("bit", "is damaged: its checksum is another")],
)
def test_a_damaged_file_is_refused(tmp_path, sources, how, message):
    manifest = build(tmp_path, [sources])
    damage(tmp_path / manifest.files["passages"].name, how)
    with pytest.raises(IndexRefused, match=message):
        LexicalRetriever(tmp_path)


def test_a_missing_index_or_file_is_refused(tmp_path, sources):
    with pytest.raises(IndexRefused, match="no such index; build it with"):
        LexicalRetriever(tmp_path / "i")
    manifest = build(tmp_path / "i", [sources])
    (tmp_path / "i" / manifest.files["passages"].name).unlink()
    with pytest.raises(IndexRefused, match=r"can't be read \(No such file or directory\)"):
        LexicalRetriever(tmp_path / "i")


def test_an_index_is_opened_without_writing_beside_it(tmp_path, sources):
    folder = tmp_path / "read only?#%"
    build(folder, [sources])
    before = contents(folder)
    index = LexicalRetriever(folder)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index.passages._connection.execute("DELETE FROM passages")
    assert contents(folder) == before
    index.close()
