from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .page import page
from .portal import ReturnPortal


class ReturnLabelPortal(ReturnPortal):
    """The carrier's label of a return."""

    @page("/my/returns/<int:rma_id>/label", auth="public", website=True, is_key=True)
    def portal_return_label(self, rma_id, access_token=None, **kwargs):
        """Give the label to the return's customer, or to whoever holds its link."""
        try:
            rma_sudo = self._return_check_access(rma_id, access_token)
        except (AccessError, MissingError):
            return self._render_closed(f"/my/returns/{rma_id}", access_token)
        label = rma_sudo._get_customer_label()
        if not label:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(label.attachment_id)
        return stream.get_response(as_attachment=False, content_security_policy="sandbox")
