"""Writes the reference page of the language from the same tables the language is made of.

``python -m tieout.domain.mapping.reference`` prints it; the page in the documentation is compared with it by a test.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby

from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.fitting import shown
from tieout.domain.mapping.limits import SENTENCES
from tieout.domain.mapping.registry import Entry, catalogue
from tieout.domain.mapping.transforms._transform import EXAMPLE_TABLES
from tieout.domain.mapping.values import admit

OPENING = """\
# Expressions

One small language feeds every mapped field and decides every condition. It reads values and makes values; it cannot
reach anything else. This page is generated from the language itself: every example on it is also a test.

```
charge.created | date('yyyy-MM-dd', 'America/New_York')
if charge.amount > 50000 and charge.currency = 'usd' then 'A' else 'B'
map(order.lines, l => {item_id: lookup_required(l.sku, 'items'), price: money(l.unit_amount, order.currency)})
```

## Values
| kind | written | remarks |
|---|---|---|
| nothing | `null` | a field that is missing reads as nothing |
| true or false | `true` `false` | a condition must be one of them; nothing else counts as true |
| number | `12` `12.50` | decimal, 34 digits, halves rounded away from zero; there is no floating point |
| text | `'PO 17'` `"PO 17"` | `\\\\` `\\'` `\\"` `\\n` `\\t` inside |
| list | `[1, 2]` | |
| object | `{sku: 'A-1', 'po no': 7}` | |

A date is a text in ISO form. Inputs are read by name, their fields with a point, other names and elements in brackets:
`charge.metadata.po`, `charge.metadata['po no']`, `order.lines[0].sku` (`[-1]` is the last). What is not there is
nothing.

## Operators
From the loosest to the tightest; operators of one row are worked off from left to right. Brackets come first.

| operators | meaning |
|---|---|
| `if … then … else …` | one of two values; everything after `else` belongs to it |
| `value \\| function(more)` | the pipe: the value becomes the function's first argument |
| `or` | true when one side is; the right side is read only when needed |
| `and` | true when both sides are; the right side is read only when needed |
| `not` | the opposite |
| `=` `!=` `<` `<=` `>` `>=` `in` | comparison of two values (also written `==`, `<>`); `in` looks into a list |
| `&` | joins as text; nothing adds nothing |
| `+` `-` | numbers only |
| `*` `/` | numbers only; dividing by zero is an error |
| `??` | the left value, or the right one when the left is nothing |
| `-` | the negative number |
| `.name` `['name']` `[0]` `function(…)` | reading a field, an element, the value of a function |

`each => expression` stands only inside the brackets of a function that goes through a list; `each` is any name.

## Nothing
A function whose first argument is nothing gives nothing, unless its description says otherwise. Arithmetic and `<` with
nothing are errors: say what is meant with `??`. `=` and `!=` compare with nothing as with any value.

## Checked before it runs
Names of fields and functions, the number and kinds of arguments, and comparisons that could never be true are checked
when an expression is saved, against the fields that are known at its place. An error shows the place:

```
(error)
```

## Limits
| what | at most |
|---|---|
"""


def page() -> str:
    """The whole page in Markdown."""
    return OPENING.replace("(error)", _error()) + "".join([*_limits(), "\n", *_grammar(), *_tables(), *_functions()])


def _error() -> str:
    source = "charge.amont / 100"
    try:
        return Expression.parse(source, {"charge.amount": "number"}).source
    except ExpressionError as error:
        return error.show(source)


def _limits() -> Iterator[str]:
    for what, most, unit in SENTENCES:
        yield f"| {what} | {most:,} {unit} |\n"


def _grammar() -> Iterator[str]:
    yield """\
## Grammar
```
expression = choice | pipe
choice     = "if" expression "then" expression "else" expression
pipe       = or { "|" name [ arguments ] }
or         = and { "or" and }
and        = not { "and" not }
not        = "not" not | comparison
comparison = joined [ ( "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" | "in" ) joined ]
joined     = sum { "&" sum }
sum        = product { ( "+" | "-" ) product }
product    = instead { ( "*" | "/" ) instead }
instead    = operand { "??" operand }
operand    = "-" operand | primary { "." name | "[" expression "]" }
primary    = number | text | "true" | "false" | "null" | name | name arguments
           | "(" expression ")" | "[" expressions "]" | "{" fields "}"
arguments  = "(" [ argument { "," argument } [ "," ] ] ")"
argument   = name "=>" expression | expression
fields     = [ ( name | text ) ":" expression { "," … } [ "," ] ]
```

"""


def _tables() -> Iterator[str]:
    yield "## Look-up tables of the examples\n"
    for name, rows in EXAMPLE_TABLES.items():
        yield f"- `{name}`: " + ", ".join(f"{key} → {shown(admit(value))}" for key, value in rows.items()) + "\n"
    yield "\n"


def _functions() -> Iterator[str]:
    entries = sorted(catalogue(), key=lambda entry: (entry.group, entry.name))
    for group, members in groupby(entries, key=lambda entry: entry.group):
        yield f"## Functions: {group}\n\n"
        yield from _group(members)


def _group(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield f"### {entry.name}\n`{entry.signature}`\n\n{entry.title}.\n\n```\n"
        for source, value in entry.examples:
            yield f"{source}  →  {shown(admit(value))}\n"
        yield "```\n\n"


if __name__ == "__main__":
    sys.stdout.write(page().rstrip("\n") + "\n")
