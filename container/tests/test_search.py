import threading

import pytest

from retrieval_server.search import LexicalRetriever, match_expression


@pytest.fixture(scope="module")
def index(index_path):
    index = LexicalRetriever(index_path)
    yield index
    index.close()


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("freedom of speech", '"freedom" OR "speech"'),
        ("Jury jury JURY", '"jury"'),
        ("to be or not to be", '"not"'),
        ("what is it", '"what" OR "is" OR "it"'),
        ('say "press" NEAR(a b) AND col:x* -y ^z', '"press" OR "near" OR "b" OR "col" OR "x" OR "y" OR "z"'),
        ("snake_case", '"snake" OR "case"'),
        ("?!…", None),
    ],
)
def test_a_query_becomes_a_safe_expression(query, expression):
    assert match_expression(query) == expression


@pytest.mark.parametrize(
    "query",
    ['"', "'; DROP TABLE passages; --", "a\x00b", "NOT", "*", "(((", "😀", "𠜎", "\u0301", "ß" * 9, "word " * 9999],
)
def test_no_query_breaks_the_search(index, query):
    index.search(query, 5)


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("freedom of speech and of the press", "bill-of-rights.md"),
        ("four score and seven years", "gettysburg-address.md"),
        ("life, liberty and the pursuit of happiness", "declaration-of-independence.md"),
    ],
)
def test_the_best_passage_is_of_the_right_document(index, query, best):
    assert index.search(query, 5)[0].path == best


def test_word_forms_and_headings_are_found(index):
    assert "cruel and unusual punishments" in index.search("punishing", 1)[0].body
    assert "Warrants" in index.search("Fourth Amendment", 1)[0].body


def test_order_is_by_score_then_id(index):
    hits = index.search("people government law state", 50)
    assert len(hits) > 5
    assert [(-h.score, h.id) for h in hits] == sorted((-h.score, h.id) for h in hits)
    assert index.search("people government law state", 3) == hits[:3]


def test_marks_follow_the_stemming_of_the_index(index):
    hit = index.search("searching seizure", 1)[0]
    assert "\x01searches\x02 and \x01seizures\x02" in index.passages.marked("searching seizure", hit)


def test_many_threads_may_search(index):
    expected = index.search("jury", 5)
    results = []
    threads = [threading.Thread(target=lambda: results.append(index.search("jury", 5))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 16
