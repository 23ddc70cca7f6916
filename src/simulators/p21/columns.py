"""Which tables and columns the pretend P21 keeps, and which of them OData shows (P21 facts §6.3).

A schema is a line of columns: ``name:8`` is text of at most 8 characters, ``name#`` a number, ``name@`` a moment;
``=N`` gives the value of a new row, a leading ``*`` says the column is indexed.
"""

from __future__ import annotations

_TIMES = " date_created@ date_last_modified@ created_by:30 last_maintained_by:30"
_CLASSES = " class_1id:255 class_2id:255 class_3id:255 class_4id:255 class_5id:255"
_SHIP2 = (
    " ship2_name:50 ship2_add1:50 ship2_add2:50 ship2_city:50 ship2_state:50 ship2_zip:10 ship2_country:50"
    " ship2_email_address:255"
)
_MAIL = (
    " mail_address1:50 mail_address2:50 mail_address3:50 mail_city:50 mail_state:50 mail_postal_code:10 mail_country:50"
)
_PHYS = (
    " phys_address1:50 phys_address2:50 phys_address3:50 phys_city:50 phys_state:50 phys_postal_code:10"
    " phys_country:50 phys_county:50"
)

SCHEMAS: dict[str, str] = {
    "company": "*company_id:8 company_name:50 home_currency_id# enable_multi_currency_payments:1=N"
    " branch_debit_equal_credit:1=N create_prepaid_invoice_flag:1=Y default_arpymt_bank_no# avalara_enabled:1=N"
    " vertex_enabled:1=N delete_flag:1=N",
    "customer": "*customer_id# company_id:8 customer_name:255 taxable_flag:1=Y terms_id:2 salesrep_id:16"
    " credit_status:8=GOOD credit_limit#=0 credit_limit_used#=0 credit_limit_per_order#=0 currency_id#=1"
    " ar_account_no:32=11000 revenue_account_no:32=40000 po_no_required:1=N cod_required_flag:1=N"
    " default_branch_id:8 bill_to_contact_id:16 *legacy_id:255 web_enabled_flag:1=N customer_type_cd#=1203"
    " downpayment_percentage#=0 customer_type:8 pricing_method:8 default_disposition:1 state_sales_tax_exemption_no:40"
    " federal_exemption_number:40 invoice_print_qty#=1 generate_customer_statements:1=Y statement_balance:1=O"
    " date_acct_opened@ delete_flag:1=N" + _CLASSES + _TIMES,
    "address": "*id# name:50" + _MAIL + _PHYS + " central_phone_number:20 central_fax_number:20 *email_address:255"
    " *url:255 corp_address_id# delete_flag:1=N" + _TIMES,
    "contacts": "*id:16 *address_id# first_name:15 last_name:24 mi:2 salutation:4 title:40 direct_phone:20 phone_ext:5"
    " cellular:20 *email_address:255 *email_address2:255 home_address1:50 home_address2:50 *url:255 login_id:30"
    " company_id:8 delete_flag:1=N" + _CLASSES + _TIMES,
    "contact_links": "*id:16 link_type:16 *link_id# link_name:255 company_id:8 first_name:15 last_name:24"
    " *email_address:255 delete_flag:1=N",
    "ship_to": "*ship_to_id# company_id:8 *customer_id# default_branch:8 preferred_location_id# default_carrier_id#"
    " terms_id:2 tax_group_id:10 invoice_type:2 packing_basis:16 pick_ticket_type:2 taxable_flag:1=Y"
    " po_no_required_flag:1=N credit_status:8 credit_limit#=0 delete_flag:1=N" + _TIMES,
    "oe_hdr": "*order_no:8 *customer_id# company_id:8 order_date@ requested_date@ promise_date@ expedite_date@"
    " *po_no:50 po_no_append:20 terms:2 completed:1=N delete_flag:1=N cancel_flag:1=N projected_order:1=N rma_flag:1=N"
    " approved:1=N location_id# source_location_id# address_id#" + _SHIP2 + " ship_to_phone:20 carrier_id#"
    " contact_id:16 taker:30 *job_name:40 packing_basis:16 pick_ticket_type:2 delivery_instructions:255"
    " freight_out#=0 validation_status:8 credit_card_hold# cod_flag:1=N taxable:1=Y front_counter:1=N source_id:8"
    " *web_reference_no:255 currency_line_uid# invoice_no:10 merchandise_credit_flag:1=N restock_fee_percentage#"
    " placed_by_name:255 oe_hdr_uid#" + _CLASSES + _TIMES,
    "oe_line": "*order_no:8 line_no# oe_line_uid# oe_hdr_uid# company_no:8 inv_mast_uid# item_id:40 unit_quantity#"
    " unit_of_measure:8 unit_size#=1 unit_price# pricing_unit:8 extended_price# sales_tax#=0 qty_ordered#"
    " qty_allocated#=0 qty_on_pick_tickets#=0 qty_invoiced#=0 qty_canceled#=0 complete:1=N cancel_flag:1=N"
    " delete_flag:1=N disposition:1 required_date@ source_loc_id# ship_loc_id# product_group_id:8 tax_item:1=N"
    " other_charge:1=N manual_price_overide:1=N customer_part_number:40 extended_desc:255 user_line_no:25" + _TIMES,
    "oe_hdr_tax": "*order_no:8 jurisdiction_id:10 taxable:1=Y",
    "invoice_hdr": "*invoice_no:10 inv_no_display:255 *order_no:8 order_date@ invoice_date@ *customer_id:12"
    " *customer_id_number# company_no:8 branch_id:8 ship_to_id# bill2_name:50" + _SHIP2 + " po_no:255 salesrep_id:16"
    " terms_id:2 terms_desc:20 terms_due_date@ net_due_date@ terms_amount#=0 terms_taken#=0 allowed#=0 memo_amount#=0"
    " bad_debt_amount#=0 freight#=0 tax_amount#=0 other_charge_amount#=0 total_amount# amount_paid#=0"
    " paid_in_full_flag:1=N date_paid@ paid_by_check_no# period# year_for_period# period_fully_paid# year_fully_paid#"
    " invoice_type:2=IN invoice_adjustment_type:1 source_type_cd# record_type_cd# *invoice_reference_no:10"
    " invoice_desc:255 invoice_class:8 *external_reference_no:255 external_claim_id:255 ar_account_no:32"
    " sales_location_id# currency_line_uid# currency_id# approved:1=Y disputed_flag:1=N" + _TIMES,
    "invoice_line": "*invoice_no:10 line_no# invoice_line_uid# *order_no:8 oe_line_number# inv_mast_uid# item_id:40"
    " item_desc:255 qty_requested# qty_shipped# unit_of_measure:8 unit_price# pricing_unit:8 pricing_quantity#"
    " extended_price# gl_revenue_account_no:32 tax_item:1=N other_charge_item:1=N company_id:8" + _TIMES,
    "invoice_line_taxes": "*invoice_no:10 line_no# item_id:40 jurisdiction_id:10 tax_percentage# tax_charged#"
    " total_sales_amt# taxable_sales_amt# taxable:1",
    "ar_payment_details": "*payment_number# payment_type_id# payment_desc:60 payment_date@ payment_amount#"
    " terms_amount#=0 allowed_amount#=0 memo_amount#=0 *check_number:30 cc_name:30 cc_number:30 cc_expiration_date@"
    " cc_authorized_date@ cc_authorized_number:30 period# year_for_period# *deposit_number:40 currency_line_uid#"
    " source_type_cd# payment_account_id:255 cc_return_transaction_id:255 multi_currency_id# delete_flag:1=N" + _TIMES,
    "ar_receipts": "*receipt_number# *payment_number# company_id:8 *remitter_id# date_received@ bank_no#"
    " gl_bank_account_no:32 ar_account_no:32 approved:1=Y delete_flag:1=N reverse_payment_flag:1=N cleared_bank:1=N"
    + _TIMES,
    "ar_receipts_detail": "*receipt_number# *invoice_no:10 customer_id# company_id:8 payment_amount# terms_amount#=0"
    " allowed_amount#=0 delete_flag:1=N" + _TIMES,
    "remittances": "*remittance_number# *order_no:8 cash_drawer_id# company_id:8 *payment_number# in_cash_drawer:1=N"
    + _TIMES,
    "gl": "*gl_uid# company_no:8 *account_number:32 period# year_for_period# journal_id:2 amount# foreign_amount#"
    " currency_id#=1 *source:255 description:255 transaction_date@ *transaction_number# sequence_number# approved:1=Y"
    " source_type_cd#=3495 record_type_cd# bank_no# cleared_bank:1=N origin:8" + _TIMES,
    "inv_mast": "*inv_mast_uid# *item_id:40 item_desc:40 extended_desc:255 short_code:30 price1#=0 price2#=0 price3#=0"
    " default_selling_unit:8=EA base_unit:8=EA sales_pricing_unit:8=EA other_charge_item:1=N delete_flag:1=N"
    " inactive:1=N" + _TIMES,
    "inv_loc": "*inv_mast_uid# location_id# company_id:8 qty_on_hand#=0 qty_allocated#=0 qty_backordered#=0"
    " sellable:1=Y stockable:1=Y revenue_account_no:32 cos_account_no:32 tax_group_id:10 product_group_id:8"
    " delete_flag:1=N",
    "item_uom": "*inv_mast_uid# unit_of_measure:8 unit_size#=1 selling_unit:1=Y delete_flag:1=N",
    "terms": "*terms_id:2 terms_desc:20 discount_pct#=0 discount_days#=0 net_days#=30 creditcard_required_flag:1=N"
    " downpayment_pct#=0 delete_flag:1=N",
    "credit_status": "*credit_status_id:8 credit_status_desc:40 order_entry_action:1 invoice_entry_action:1"
    " shipping_action:1 pick_ticket_action:1 validation_action:1 require_cc_payment_flag:1=N cc_accepted_flag:1=Y"
    " delete_flag:1=N",
    "currency_hdr": "*currency_id# currency_desc:20 currency_mask:40 available_for_orders_invoices:1=Y iso_currency_cd#"
    " delete_flag:1=N",
    "periods": "company_no:8 period# *year_for_period# period_closed:1=N beginning_date@ ending_date@"
    " adjustment_period_flag:1=N",
    "chart_of_accts": "*account_no:32 company_no:8 account_desc:40 account_type:1 branch_id:8 delete_flag:1=N",
    "journal": "*journal_id:2 journal_description:40 journal_type# delete_flag:1=N",
    "payment_types": "*payment_type_id# company_id:8 payment_method_id:2 payment_type_desc:30 account_number:32"
    " delete_flag:1=N",
    "bank_accounts": "company_no:8 *bank_no# bank_name:40 gl_account_no:32 currency_id#=1 active:1=Y delete_flag:1=N",
    "invoice_types": "*invoice_type_id:2 invoice_type_description:40",
    "tax_jurisdiction": "*jurisdiction_id:10 jurisdiction_desc:40 tax_percentage# freight_out_taxable:1=N",
    "location": "*location_id# company_id:8 location_name:40 default_branch_id:8 tax_group_id:10 delete_flag:1=N",
    "branch": "company_id:8 *branch_id:8 branch_description:40 delete_flag:1=N",
}

HIDDEN_IN_TABLES: dict[str, frozenset[str]] = {
    "oe_line": frozenset({"item_id"}),
    "invoice_hdr": frozenset({"currency_id"}),
    "gl": frozenset({"origin"}),
}

VIEWS: dict[str, str] = {
    "p21_view_oe_hdr": "oe_hdr",
    "p21_view_oe_line": "oe_line",
    "p21_view_invoice_hdr": "invoice_hdr",
    "p21_view_contacts_x_links": "contact_links",
    "p21_view_customer": "customer",
}

NOT_TABLES = frozenset({"contact_links"})
