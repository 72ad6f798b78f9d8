"""Signed notes, checkpoints and proofs: a known answer, and whatever is altered is refused."""

import base64

import pytest

from common import merkle, notes
from common.notes import BadNote, Checkpoint, Signer, Verifier

#: The note and the key of the documentation of signed notes, which every implementation opens.
KNOWN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
KNOWN = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = Signer.new("ventanilla.example/registro")
OTHER = Signer.new("otra.example/registro")
AT = 1_795_000_000
TREE = Checkpoint(SIGNER.name, 3, bytes(range(32)))


def why(note: str, *keys: Verifier) -> str:
    with pytest.raises(BadNote) as refused:
        notes.read(note, keys)
    return str(refused.value)


def test_the_known_note_opens_with_its_key() -> None:
    key = Verifier.read(KNOWN_KEY)
    assert str(key) == KNOWN_KEY
    assert notes.read(KNOWN, [key]).startswith("If you think cryptography")
    assert why(KNOWN.replace("answer", "Answer"), key) == "signature"


def test_what_was_signed_is_read_and_says_the_tree() -> None:
    note = notes.sign(TREE.text, [SIGNER], AT)
    assert Checkpoint.of(notes.read(note, [OTHER.verifier, SIGNER.verifier])) == TREE
    assert Verifier.read(str(SIGNER.verifier)) == SIGNER.verifier


def test_who_did_not_sign_opens_nothing_and_other_signatures_beside_do_no_harm() -> None:
    note = notes.sign(TREE.text, [SIGNER], AT)
    assert why(note, OTHER.verifier) == "unsigned"
    assert why(note) == "unsigned"
    both = note + notes.sign(TREE.text, [OTHER], AT).rpartition("\n\n")[2]
    assert notes.read(both, [SIGNER.verifier]) == notes.read(both, [OTHER.verifier]) == TREE.text
    forged = note + notes.sign("otra cosa\n", [OTHER], AT).rpartition("\n\n")[2]
    assert why(forged, SIGNER.verifier, OTHER.verifier) == "signature"


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "sin firma\n",
        "texto\n\n",
        "texto\n\nnada",
        "texto\n\n— a b c\n",
        "texto\n\n— a ñ\n",
        "texto\n\n- a AAAAAAAA\n",
        "x" * 70_000 + "\n\n— a AAAAAAAA\n",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    assert why(note, SIGNER.verifier) == "form"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n1\n",
        "o\n01\n{r}\n",
        "o\n-1\n{r}\n",
        "o\n1.0\n{r}\n",
        "o\n²\n{r}\n",
        "\n1\n{r}\n",
        "o\n1\nAAAA\n",
        "o\n" + "9" * 30 + "\n{r}\n",
        "o\n1\n¡\n",
    ],
)
def test_what_says_no_tree_is_refused(text: str) -> None:
    with pytest.raises(BadNote, match="form"):
        Checkpoint.of(text.replace("{r}", base64.b64encode(bytes(32)).decode()))


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a+b",
        "a+00000000+AQ==",
        KNOWN_KEY.replace("c74f", "c74e"),
        KNOWN_KEY.replace("+AR", "+Ah"),
        " " + KNOWN_KEY[5:],
        "a b" + KNOWN_KEY[12:],
    ],
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(BadNote, match="form"):
        Verifier.read(key)


def test_a_private_key_is_kept_as_a_word_and_what_is_none_is_refused() -> None:
    assert Signer.read(SIGNER.secret + "\n") == SIGNER
    for wrong in (
        "",
        KNOWN_KEY,
        SIGNER.secret[:-3],
        SIGNER.secret.replace("PRIVATE", "PUBLIC"),
        SIGNER.secret.replace("+KEY+v", "+KEY+w"),
    ):
        with pytest.raises(BadNote, match="form"):
            Signer.read(wrong)


@pytest.mark.parametrize("name", ["", "con espacio", "a+b", "con\nsalto"])
def test_a_name_that_a_note_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(BadNote, match="form"):
        Signer.new(name)


def test_a_proof_proves_its_entry_and_no_other() -> None:
    entries = [f"entrada {n}".encode() for n in range(11)]
    leaves = [merkle.leaf_hash(each) for each in entries]
    note = notes.sign(Checkpoint(SIGNER.name, 11, merkle.root_of(leaves)).text, [SIGNER], AT)
    for n, entry in enumerate(entries):
        text = notes.proof(entry, n, merkle.inclusion(leaves, n), note)
        proven = notes.read_proof(text, [SIGNER.verifier])
        assert (proven.entry, proven.index, proven.checkpoint.size) == (entry, n, 11)
        with pytest.raises(BadNote, match="tree"):
            notes.read_proof(
                text.replace(f"index {n}\n", f"index {(n + 1) % 11}\n"), [SIGNER.verifier]
            )
        with pytest.raises(BadNote, match="tree"):
            notes.read_proof(
                text.replace(base64.b64encode(entry).decode(), "b3RyYQ=="), [SIGNER.verifier]
            )
        with pytest.raises(BadNote, match="unsigned"):
            notes.read_proof(text, [OTHER.verifier])


@pytest.mark.parametrize("altered", ["index x\n", "index 01\n", "index ²\n", "index \n"])
def test_a_proof_in_another_form_is_refused(altered: str) -> None:
    leaf = merkle.leaf_hash(b"una")
    text = notes.proof(
        b"una", 0, [], notes.sign(Checkpoint(SIGNER.name, 1, leaf).text, [SIGNER], AT)
    )
    assert notes.read_proof(text, [SIGNER.verifier]).entry == b"una"
    for wrong in (
        text.replace("index 0\n", altered),
        text.replace("proof@v1", "proof@v2"),
        text.replace("extra ", "extra ¡"),
        text[:30],
        "",
    ):
        with pytest.raises(BadNote, match="form"):
            notes.read_proof(wrong, [SIGNER.verifier])
