from retrieval_server.passages import MAX_CHARACTERS, sentences, split_document


def bodies(text):
    return [(p.heading, p.body) for p in split_document("a.md", text)]


def test_a_passage_has_the_headings_above_it_and_never_crosses_one():
    text = "# Title\n\nIntro.\n\n## One\n\nFirst.\n\nSecond.\n\n### Deep\n\nThird.\n\n## Two\n\nFourth.\n"
    assert bodies(text) == [
        ("Title", "Intro."),
        ("Title > One", "First.\n\nSecond."),
        ("Title > One > Deep", "Third."),
        ("Title > Two", "Fourth."),
    ]


def test_ids_count_passages_of_a_path():
    assert [p.id for p in split_document("x/a.md", "# A\n\none\n\n# B\n\ntwo")] == ["x/a.md#1", "x/a.md#2"]


def test_code_is_kept_whole_and_its_comments_are_no_headings():
    assert bodies("# T\n\n```sh\n# not a heading\n\nls\n```\n") == [("T", "```sh\n# not a heading\n\nls\n```")]


def test_an_open_fence_ends_with_the_file():
    assert bodies("```\nls\n") == [("", "```\nls\n")]


def test_comments_and_empty_texts_give_nothing():
    assert bodies("<!-- a\nb -->\n\n\n") == []


def test_long_paragraphs_are_cut_between_sentences():
    text = " ".join(f"Sentence number {n} is here." for n in range(100))
    cut = [body for _, body in bodies(text)]
    assert len(cut) > 1
    assert all(len(body) <= MAX_CHARACTERS for body in cut)
    assert " ".join(cut) == text


def test_sentences_leave_out_code_and_tables_and_split_lists():
    body = "One is\nwrapped. Two?\n\n- item A\n  goes on\n- item B\n\n| a | b |\n\n```\ncode\n```"
    assert sentences(body) == ["One is wrapped.", "Two?", "item A goes on", "item B"]
