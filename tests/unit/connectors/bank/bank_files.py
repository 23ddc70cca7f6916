"""Small statements in the shape that banks export them; every name and number in them is made up."""

from __future__ import annotations

import pytest

from tieout.connectors.bank import CsvColumns, Statement, read_statement
from tieout.kernel.failures import Failed, Fix

IBAN = "DE02120300000000202051"

OFX_1 = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20261106120000<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>091000019<ACCTID>000111222<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261106
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261103120000.000[-5:EST]<TRNAMT>1422.90<FITID>A1<REFNUM>091000019876543
<NAME>STRIPE<MEMO>TRANSFER ST-K1 &amp; Co</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261104<TRNAMT>-15,00<FITID>A2<NAME>SERVICE CHARGE<MEMO></STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>25407.90<DTASOF>20261106</LEDGERBAL><AVAILBAL><BALAMT>1.00<DTASOF>20261106</AVAILBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""

OFX_2 = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1</TRNUID><STMTRS><CURDEF>CAD</CURDEF>
<BANKACCTFROM><BANKID>1</BANKID><ACCTID>77</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101</DTSTART><DTEND>20261130</DTEND>
<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20261110</DTPOSTED><TRNAMT>12.34</TRNAMT><FITID>B1</FITID>
<PAYEE><NAME>STRIPE CANADA</NAME><CITY>TORONTO</CITY></PAYEE><MEMO><![CDATA[PAYOUT <1> & more]]></MEMO></STMTTRN>
<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20261110</DTPOSTED><TRNAMT>5</TRNAMT><FITID>B2</FITID><NAME>Zoë</NAME>
<CURRENCY><CURRATE>1.4</CURRATE><CURSYM>USD</CURSYM></CURRENCY></STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def camt(entries: str, version: str = "08", opening: str = "100.00", closing: str = "1522.90") -> bytes:
    """A statement in EUR with these entries between the two balances."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-04T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>
{balance("OPBD", opening)}{balance("CLBD", closing)}{balance("CLAV", "3.00")}
{entries}</Stmt></BkToCstmrStmt></Document>""".encode()


def balance(kind: str, amount: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{amount}</Amt>"
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-03</Dt></Dt></Bal>"
    )


def entry(
    amount: str = "1422.90",
    direction: str = "CRDT",
    details: str = "",
    day: str = "<Dt>2026-11-03</Dt>",
    status: str = "<Cd>BOOK</Cd>",
) -> str:
    return (
        f"<Ntry><NtryRef>1</NtryRef><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts>{status}</Sts>"
        f"<BookgDt>{day}</BookgDt><AcctSvcrRef>BANK-1</AcctSvcrRef>{details}</Ntry>"
    )


def refusal(content: bytes | str, columns: CsvColumns | None = None) -> Fix:
    """What is said of a file called november that cannot be read."""
    with pytest.raises(Failed) as failed:
        read("november", content, columns)
    failure = failed.value.failure
    assert isinstance(failure, Fix)
    return failure


def read(name: str, content: bytes | str, columns: CsvColumns | None = None) -> Statement:
    return read_statement(name, content.encode() if isinstance(content, str) else content, columns)


BAI2 = """01,S,R,261104,0600,1,80,,2/
02,R,S,1,261103,2359,USD,2/
03,0001112222,USD,010,10000,,,015,150790,,/
16,165,142290,Z,0000000,091000019876543,STRIPE TRANSFER, ST-K1
88,and more of it
16,698,1500,Z,,,SERVICE CHARGE/
49,304580,5/
98,304580,1,7/
99,304580,1,9/
"""


def bai2(detail: str, header: str = "03,1,USD,,,,/", currency: str = "USD", extra: int = 0) -> str:
    """A report of one account with this detail; ``extra`` is the sum of the balances in the header."""
    amount = int(detail.split(",")[2] or 0) + extra
    lines = header.count("\n") + 3
    return (
        f"01,S,R,261104,0600,1,80,,2/\n02,R,S,1,261103,,{currency},2/\n{header.replace('USD', currency)}\n{detail}\n"
        f"49,{amount},{lines}/\n98,{amount},1,{lines + 2}/\n99,{amount},1,{lines + 4}/\n"
    )


def mt940(*lines: str, opening: str = "C261103EUR0,00", closing: str = "C261103EUR1,00", account: str = IBAN) -> str:
    """A statement with these lines between the two balances."""
    return "\r\n".join(
        (":20:S1", f":25:{account}", ":28C:1/1", f":60F:{opening}", *lines, f":62F:{closing}", ":86:end of it", "-")
    )
