"""What the REST gateway calls things when a site does not say otherwise. No schema of it is published: synthetic."""

from __future__ import annotations

PATHS = {
    "customers": "/api/v2/customers",
    "salesorders": "/api/v2/salesorders",
    "invoices": "/api/v2/invoices",
    "creditmemos": "/api/v2/creditmemos",
    "journalentries": "/api/v2/gl/journalentries",
    "payments": "/api/v2/payments",
    "accounts": "/api/v2/gl/accounts",
    "periods": "/api/v2/gl/periods",
    "items": "/api/v2/items",
}
QUERIES = {name: name for name in ("reference", "number", "email", "customer", "open", "cursor", "limit")}
ANSWERS = {"value": "value", "next": "next", "error": "error", "code": "code", "message": "message", "field": "field"}
FIELDS = {
    name: name
    for name in (
        "OrderNumber CustomerNumber OrderDate RequestedDate TotalAmount Lines ItemId Quantity UnitPrice ExtendedPrice"
        " UnitOfMeasure Description Taxable Freight Tax ShipTo Name Address Address1 Address2 Address3 City State PostalCode"
        " Country Currency ExternalReference PONumber Taker Terms SalesRep JobName Note Approved Payment PaymentAmount"
        " PaymentDate PaymentType Reference PaymentNumber InvoiceNumber InvoiceDate CustomerName Email Phone Contact"
        " Contacts FirstName LastName Active CreditStatus Status Cancelled CreditMemoNumber Reason JournalNumber"
        " Date Journal Account Debit Credit Period Year ForeignAmount AccountType Branch Begins Ends Closed DueDate"
        " AmountPaid Balance Kind ByAmount Units"
    ).split()
}
