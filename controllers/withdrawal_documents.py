import re

from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .page import page

RECEIPTS_KEPT = 20  # in a browser's session


class WithdrawalDocuments(CustomerPortal):
    """What consumers and shops take away: the acknowledgement, the model form, the information."""

    def _withdrawal_go_to_receipt(self, withdrawal, report_type=None):
        """Open the acknowledgement's page in this browser, which is given the right to see it. The
        address is the number only: the key of an acknowledgement is in no address, hence in no
        server's log."""
        kept = [number for number in self._withdrawal_get_receipts() if number != withdrawal.id]
        request.session["rma_receipts"] = [*kept, withdrawal.id][-RECEIPTS_KEPT:]
        query = {"report_type": report_type} if report_type == "pdf" else None
        return request.redirect_query(f"/withdraw/receipt/{withdrawal.name}", query)

    def _withdrawal_get_receipts(self):
        """Return the ids of the withdrawals that were submitted in this browser."""
        return request.session.get("rma_receipts") or []

    @page(
        "/withdraw/receipt/<string:number>",
        auth="public",
        website=True,
        sitemap=False,
        is_key=True,
    )
    def withdraw_receipt(self, number, report_type=None, **kwargs):
        """Show the acknowledgement to whoever submitted the statement; `report_type=pdf` gives it
        as PDF. The page is the same whether an order was found or not.

        :param str number: of the acknowledgement, in the browser that submitted it; or its key
        """
        withdrawals = self._withdrawal_get_recorder()
        if re.fullmatch(r"[0-9a-f]{64}", number) and (found := withdrawals._find_by_token(number)):
            return self._withdrawal_go_to_receipt(found, report_type)
        submitted = withdrawals.browse(self._withdrawal_get_receipts()).exists()
        withdrawal = submitted.filtered(lambda submitted: submitted.name == number)
        if not withdrawal:
            return request.redirect("/withdraw")
        texts = withdrawal._get_texts()
        if report_type == "pdf" and (pdf := withdrawal._get_receipt_pdf()):
            headers = [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(pdf.name)),
            ]
            return request.make_response(pdf.raw, headers=headers)
        # who proved to be the customer may be told about the return, nobody else
        is_known = withdrawal.channel != "form"
        return request.render(
            "sale_rma.withdrawal_receipt_page",
            {
                **self._withdrawal_prepare_page_values(withdrawal.lang),
                "doc": withdrawal,
                "texts": texts,
                "notice": texts["receipt_altered"] if withdrawal._is_receipt_altered() else None,
                "rma": withdrawal.rma_ids[:1] if is_known else withdrawal.rma_id.browse(),
                "res_company": withdrawal.company_id,
            },
        )

    @page(
        "/withdraw/form",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def withdraw_form(self, **kwargs):
        """Show the model withdrawal form of the directive, to print (L9)."""
        return request.render(
            "sale_rma.withdrawal_model_form",
            {
                **self._withdrawal_prepare_page_values(),
                # sudo: the company's name and address, which visitors are told
                "company": request.env.company.sudo(),
            },
        )

    @page("/withdraw/information", auth="public", website=True, sitemap=False, readonly=True)
    def withdraw_information(self, **kwargs):
        """Show what the terms say of the right of withdrawal, in all languages, to copy (L10)."""
        # sudo: what any shop's terms say
        company = request.env.company.sudo()
        return request.render(
            "sale_rma.withdrawal_information",
            {
                **self._withdrawal_prepare_page_values(),
                "information": company._get_withdrawal_information(),
            },
        )
