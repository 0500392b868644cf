from odoo import models
from odoo.tools.pdf import merge_pdf


class SaleRmaJob(models.Model):
    """The operations: each does what it is named after with all lines at once."""

    _inherit = "sale.rma.job"

    def _request_lines(self, lines):
        lines.with_env(self.env).rma_id.action_request()
        lines.state = "done"

    def _accept_lines(self, lines):
        lines.with_env(self.env).rma_id.action_accept()
        lines.state = "done"

    def _group_by_lang(self, lines):
        rmas = lines.with_env(self.env).rma_id
        return rmas.grouped(lambda rma: rma.partner_id.lang).items()

    def _refuse_lines(self, lines):
        for lang, rmas in self._group_by_lang(lines):
            rmas.action_refuse(reason=self._get_reason(lang))
        lines.state = "done"

    def _cancel_lines(self, lines):
        for lang, rmas in self._group_by_lang(lines):
            rmas.action_cancel(reason=self._get_reason(lang))
        lines.state = "done"

    def _process_lines(self, lines):
        lines = self._set_aside_not_arrived(lines)
        if not lines:
            return
        rmas = lines.with_env(self.env).rma_id
        before = self._get_credited(rmas)
        plans = self._make_plans(rmas)
        messages = self._get_process_messages(plans)
        rmas._process([plan.to_data() for plan in plans])
        after = self._get_credited(rmas)
        for line in lines:
            rma_id = line.rma_id.id
            line.write(
                {
                    "amount": after.get(rma_id, 0.0) - before.get(rma_id, 0.0),
                    "message": messages[line.rma_id],
                }
            )
        lines.state = "done"

    def _get_credited(self, rmas):
        """Return {return id: amount of its credit notes, drafts included}, tax included."""
        # sudo: shown on the return itself
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("rma_id", "in", rmas.ids),
                    ("move_type", "=", "out_refund"),
                    ("state", "!=", "cancel"),
                ],
                ["rma_id"],
                ["amount_total:sum"],
            )
        )
        return {rma.id: amount for rma, amount in groups}

    def _print_lines(self, lines):
        """Render the slips of some returns; the parts are put together at the end."""
        rmas = lines.with_env(self.env).rma_id
        report = self.env["ir.actions.report"]
        content, _type = report._render_qweb_pdf("sale_rma.action_report_sale_rma", rmas.ids)
        # sudo: the part belongs to the user's own job
        self.env["ir.attachment"].sudo().create(
            {
                "name": f"{lines[0].id:012}",
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
                "mimetype": "application/pdf",
            }
        )
        lines.state = "done"

    def _merge_parts(self):
        """Put the rendered slips together to one document."""
        parts = (
            self.env["ir.attachment"]
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "=", False),
                    ("id", "!=", self.document_id.id),
                ]
            )
            .sorted("name")
        )
        if not parts:
            return
        self.document_id = self.env["ir.attachment"].create(
            {
                "name": self.env._("Return slips.pdf"),
                "raw": merge_pdf(parts.mapped("raw")),
                "res_model": self._name,
                "res_id": self.id,
                "mimetype": "application/pdf",
            }
        )
        parts.unlink()
