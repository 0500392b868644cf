from odoo import api, models


class SaleRmaWithdrawal(models.Model):
    """A statement that reached the shop any other way than by its function counts as well
    (docs/law.md L9, N12): the same evidence, acknowledgement and case."""

    _inherit = "sale.rma.withdrawal"

    @api.model
    def _record(self, declared, received_at, declared_at=None, files=(), note=""):
        """Write down a statement that came by letter, mail or telephone. To be called as
        superuser, after the colleague's rights were checked.

        :param dict declared: see `_submit`
        :param datetime received_at: when it reached the shop: what is due is due from then
        :param datetime declared_at: when it was sent, if that is known
        :param files: (name, content) of each file the consumer sent
        :param str note: what the colleague says about it
        :return: the withdrawal
        """
        known = self._find_by_token(declared["token"])
        if known:
            return known
        withdrawal = self._submit(declared, received_at=received_at, declared_at=declared_at)
        withdrawal._add_event("recorded", note=note, user_id=self.env.uid)
        for name, content in files:
            withdrawal._attach_evidence(name, content)
        return withdrawal

    def _attach_evidence(self, name, content):
        """Keep a file that the consumer sent: from then on nobody changes it.

        :param str name: of the file
        :param bytes content: of the file
        """
        self.ensure_one()
        # sudo: nobody has the right to change a withdrawal's files
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create({"name": name, "raw": content, "res_model": self._name, "res_id": self.id})
        )
        self._add_event(
            "attached",
            note=name,
            attachment_id=attachment.id,
            file_hash=self._hash_file(attachment.raw),
        )
