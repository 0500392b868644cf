import base64
import hashlib

from odoo import models
from odoo.exceptions import UserError

# What a file is, where it is found and who may have it.
EVIDENCE_FIELDS = frozenset(
    (
        "name",
        "raw",
        "datas",
        "db_datas",
        "store_fname",
        "mimetype",
        "res_model",
        "res_id",
        "res_field",
        "company_id",
        "type",
        "url",
        "public",
    )
)


class IrAttachment(models.Model):
    """Files that are evidence, acknowledgements and what consumers sent: nobody changes or
    deletes them, not even the superuser."""

    _inherit = "ir.attachment"

    def write(self, vals):
        """Override of `base`.

        :raise UserError: it would change the acknowledgement of a withdrawal
        """
        if EVIDENCE_FIELDS.intersection(vals):
            evidence = self._filter_rma_evidence()
            if evidence and not evidence._is_rma_move_of_store(vals):
                evidence._raise_for_rma_evidence()
        return super().write(vals)

    def unlink(self):
        """Override of `base`.

        :raise UserError: the acknowledgement of a withdrawal is among them
        """
        evidence = self._filter_rma_evidence()
        if evidence:
            evidence._raise_for_rma_evidence()
        return super().unlink()

    def _filter_rma_evidence(self):
        """Return those that are the acknowledgement of a withdrawal that is kept."""
        # sudo: what they are is asked whoever it is that would change them
        files = self.sudo().filtered(lambda file: file.res_model == "sale.rma.withdrawal")
        if not files:
            return self.browse()
        made = [("attachment_id", "in", files.ids), ("kind", "in", ("made", "attached"))]
        named = self.env["sale.rma.withdrawal.event"].sudo().search(made).attachment_id
        return self.browse(named.ids)

    def _is_rma_move_of_store(self, vals):
        """Whether only the place changes where the same content is kept, as when all files go
        from the database to the disk."""
        if vals.keys() - {"raw", "datas", "mimetype"}:
            return False
        if len(vals.keys() & {"raw", "datas"}) != 1:
            return False  # two contents would be written, of which one is looked at
        content = vals["raw"] if "raw" in vals else base64.b64decode(vals["datas"] or b"")
        content = content.encode() if isinstance(content, str) else content or b""
        kept = {(hashlib.sha256(file.raw or b"").digest(), file.mimetype) for file in self}
        mimetypes = {vals.get("mimetype", mimetype) for _content, mimetype in kept}
        return kept == {(hashlib.sha256(content).digest(), mimetype) for mimetype in mimetypes}

    def _raise_for_rma_evidence(self):
        raise UserError(
            self.env._(
                "%(files)s: the receipt of a withdrawal is evidence. It is written once, never "
                "changed, and goes with the withdrawal when its retention period is over.",
                # sudo: names, to whoever tries to delete these files
                files=", ".join(self.sudo().mapped("name")),
            )
        )
