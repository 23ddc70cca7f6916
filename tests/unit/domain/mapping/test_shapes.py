"""Dataclasses as inputs: their schema and their values agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

import pytest

from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.path import segments
from tieout.domain.mapping.shapes import schema_of, values_of
from tieout.domain.sale import Address, Order, OrderLine, Party


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Leaf:
    sku: str
    price: Decimal | None = None


@dataclass(frozen=True)
class Tree:
    id: str
    count: int
    paid: bool
    on: date
    colour: Colour
    leaves: tuple[Leaf, ...] = ()
    tags: tuple[str, ...] = ()
    first: Leaf | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    free: Mapping[str, object] = field(default_factory=dict)
    parent: Tree | None = None


TREE = Tree("t", 1, True, date(2024, 3, 1), Colour.RED, (Leaf("a", Decimal("1.50")),), ("x",), metadata={"po": "7"})


def test_schema_follows_the_annotations() -> None:
    schema = schema_of(Tree, "tree")
    assert {path: kind for path, kind in schema.items() if not path.startswith("tree.parent")} == {
        "tree.id": "text",
        "tree.count": "number",
        "tree.paid": "bool",
        "tree.on": "date",
        "tree.colour": "text",
        "tree.leaves[].sku": "text",
        "tree.leaves[].price": "number",
        "tree.tags[]": "text",
        "tree.first.sku": "text",
        "tree.first.price": "number",
        "tree.metadata.*": "text",
        "tree.free": "object",
    }
    assert schema_of(Leaf) == {"sku": "text", "price": "number"}


def test_values_are_of_the_language() -> None:
    values = values_of(TREE)
    assert values["count"] == Decimal(1)
    assert values["on"] == "2024-03-01"
    assert values["colour"] == "red"
    assert values["leaves"] == [{"sku": "a", "price": Decimal("1.50")}]
    assert values["parent"] is None


def test_schema_and_values_agree() -> None:
    schema = schema_of(Tree, "tree")
    found = Expression.parse("tree.leaves[0].price * tree.count & tree.metadata.po & tree.on", schema)
    assert found.value({"tree": values_of(TREE)}) == "1.5072024-03-01"


def test_a_sale_can_be_mapped() -> None:
    order = Order("1", "web", "N-1", "usd", (), 0, 0, 0, 0, Party(metadata={"p21": "100"}), "", Party().address)
    schema = schema_of(Order, "order")
    found = Expression.parse("order.buyer.metadata.p21 & '/' & count(order.lines)", schema)
    assert found.value({"order": values_of(order)}) == "100/0"
    assert str(Expression.parse("sum(order.lines, l => l.net)", schema).type) == "number"


def test_floats_are_named() -> None:
    @dataclass(frozen=True)
    class Loose:
        amount: float

    with pytest.raises(ValueError, match=r"Loose\.amount is a floating point number"):
        values_of(Loose(1.5))
    with pytest.raises(ValueError, match="str is not a dataclass"):
        values_of("text")


def test_paths_are_read_as_they_are_written() -> None:
    assert segments("a.b[].c['d.e']['it\\'s']") == ("a", "b", "[]", "c", "d.e", "it's")


CARD, GOOD_ORDER_ID = "4242 4242 4242 4242 12/27", "4505934037171"
BUYER = Party(
    "cus_1", f"Pat {CARD}", f"{CARD}@x.example", CARD, Address(CARD, CARD, CARD, CARD, CARD), {"note": CARD, CARD: "x"}
)


def order_with_cards() -> Order:
    line = OrderLine(GOOD_ORDER_ID, "4006381333931", CARD, Decimal(1), Decimal(4242424242424242), 1, 0, 0, 1)
    metadata = {"ecommerceorderid": GOOD_ORDER_ID, "po_number": CARD, "key": "Bearer abcdefghijkl1234"}
    return Order(
        GOOD_ORDER_ID,
        "generic",
        GOOD_ORDER_ID,
        "usd",
        (line,),
        0,
        0,
        0,
        1,
        BUYER,
        CARD,
        Address(),
        CARD,
        CARD,
        metadata,
    )


@pytest.mark.parametrize(
    "key", ["card_id", "paid", "Token_ID", "sku", "id", "number", "customerid", "ecommerceorderid", "payment"]
)
@pytest.mark.parametrize(
    "secret", ["4012 8888 8888 1881", "4000056655665556", "4917610000000000", "sk_live_a1b2c3d4e5f6g7"]
)
def test_no_name_of_a_key_that_anybody_may_give_excuses_a_card_number_or_a_key(key: str, secret: str) -> None:
    """Case D4: whatever ended with id, and sku and number, were served in clear."""
    party = Party("cus_1", metadata={key: secret, "note": f"{key}={secret}"})
    assert secret not in repr(values_of(party))


@pytest.mark.parametrize("secret", ["4012888888881881", "378282246310005", "sk_live_a1b2c3d4e5f6g7"])
def test_a_whole_card_number_is_no_article_number(secret: str) -> None:
    line = OrderLine(secret, secret, "", Decimal(1), Decimal(1), 1, 0, 0, 1)
    assert secret not in repr(values_of(line))


def test_no_text_of_a_sale_carries_a_card_number_or_a_key() -> None:
    told = repr(values_of(order_with_cards()))
    assert "4242 4242" not in told
    assert "abcdefghijkl1234" not in told
    assert told.count("[card number …4242] 12/27") == 15


def test_what_things_are_looked_up_by_and_amounts_stay_as_they_are() -> None:
    found = Expression.parse("[o.id, o.number, o.lines[0].id, o.lines[0].sku, o.metadata.ecommerceorderid]")
    assert found.value({"o": values_of(order_with_cards())}) == [
        GOOD_ORDER_ID,
        GOOD_ORDER_ID,
        GOOD_ORDER_ID,
        "4006381333931",
        GOOD_ORDER_ID,
    ]
    amount = Expression.parse("o.lines[0].unit_amount").value({"o": values_of(order_with_cards())})
    assert amount == Decimal(4242424242424242)


def test_half_a_character_is_replaced_because_nothing_can_store_it() -> None:
    found = values_of(Party(id="cus_1\ud83d", name="Ada \ud83d", metadata={"note\udc00": "\ud83d\ude00 Łukasz"}))
    assert (found["id"], found["name"]) == ("cus_1\N{REPLACEMENT CHARACTER}", "Ada \N{REPLACEMENT CHARACTER}")
    repr(found).encode()
    assert "Łukasz" in repr(found["metadata"])
