from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..models.portal.sale_rma_customer_actions import MAX_PROOFS
from ..models.portal.sale_rma_upload import MAX_FILE_SIZE
from .page import is_form_own, is_post, page
from .portal import ReturnPortal
from .portal_request import MAX_REQUEST_SIZE
from .typed import keep_typed, take_typed

TYPED = (
    "typed_tracking_ref",
    "typed_message",
)  # on the page of a return, kept when it could not be taken
MAX_IBAN = 64  # signs: an IBAN has 34, and spaces
# what the page of a return can say was done
NOTICES = ("asked", "cancelled", "proof", "message", "remedy", "iban", "credit")

# A change that is asked for on the page of a return. `_change_return` checks the token against
# forged posts, and shows the page again with what was typed.
POSTED = {
    "auth": "public",
    "website": True,
    "methods": ("POST",),
    "csrf": False,
    "is_key": True,
}


class ReturnFollowPortal(ReturnPortal):
    """What customers do with a return they asked for."""

    @page(
        "/my/returns/<int:rma_id>/cancel",
        **POSTED,
    )
    def portal_return_cancel(self, rma_id, access_token=None, **kwargs):
        """Take a return back of which nothing has arrived."""
        return self._change_return(rma_id, access_token, "cancelled", self._cancel_return)

    @page(
        "/my/returns/<int:rma_id>/proof",
        **POSTED,
        max_content_length=MAX_REQUEST_SIZE,
    )
    def portal_return_proof(self, rma_id, access_token=None, tracking_ref="", **kwargs):
        """Take the proof of posting: a tracking number, files, or both."""

        number = tracking_ref if isinstance(tracking_ref, str) else ""
        files = self._read_files()
        return self._change_return(
            rma_id,
            access_token,
            "proof",
            lambda rma: rma._customer_show_proof(number, files),
            typed_tracking_ref=number,
        )

    @page(
        "/my/returns/<int:rma_id>/message",
        **POSTED,
        max_content_length=MAX_REQUEST_SIZE,
    )
    def portal_return_message(self, rma_id, access_token=None, message="", **kwargs):
        """Take what the customer writes about a return, with files."""
        text = message if isinstance(message, str) else ""
        files = self._read_files()
        return self._change_return(
            rma_id,
            access_token,
            "message",
            lambda rma: rma._customer_write(text, files),
            typed_message=text,
        )

    @page(
        "/my/returns/<int:rma_id>/remedy",
        **POSTED,
    )
    def portal_return_remedy(self, rma_id, access_token=None, remedy="", **kwargs):
        """Take the remedy that the customer of a recalled product chose."""
        return self._change_return(
            rma_id, access_token, "remedy", lambda rma: rma._customer_choose_remedy(remedy)
        )

    @page(
        "/my/returns/<int:rma_id>/iban",
        **POSTED,
    )
    def portal_return_iban(self, rma_id, access_token=None, iban="", **kwargs):
        """Take the bank account that the customer wants his money on."""
        number = iban[:MAX_IBAN] if isinstance(iban, str) else ""
        return self._change_return(
            rma_id,
            access_token,
            "iban",
            lambda rma: rma._customer_give_iban(number),
            typed_iban=number,
        )

    @page(
        "/my/returns/<int:rma_id>/credit",
        auth="public",
        website=True,
        methods=("POST",),
        csrf=False,  # `_change_return` checks it, and shows the page again
        is_key=True,
    )
    def portal_return_credit(self, rma_id, access_token=None, **kwargs):
        """Take the customer's word that he wants store credit."""
        return self._change_return(
            rma_id, access_token, "credit", lambda rma: rma._customer_take_credit()
        )

    def _read_files(self):
        """Return the files of a form as (name, content), one more than is taken at most. Of a
        file that is too large only as much is read as shows it."""
        return [
            (file.filename, file.read(MAX_FILE_SIZE + 1))
            for file in request.httprequest.files.getlist("files")[: MAX_PROOFS + 1]
            if file.filename and not file.seek(0)  # it may be a second try after a conflict
        ]

    def _cancel_return(self, rma):
        try:
            with request.env.cr.savepoint():
                rma._customer_cancel()
        except UserError as error:
            return str(error)
        return None

    def _change_return(self, rma_id, access_token, notice, change, **values):
        """Let the customer change a return, and show its page again.

        :param str notice: what was done, the page says it
        :param change: does it with the return as superuser; returns in words why it was refused
        :param values: what was typed, to show it again beside the refusal
        """
        path = f"/my/returns/{rma_id}"
        try:
            rma_sudo = self._return_check_access(rma_id, access_token)
        except (AccessError, MissingError):
            if request.env.user._is_public():
                kept = {name: value for name, value in values.items() if name in TYPED}
                keep_typed(path, {**kept, "ended": notice})
            return self._render_closed(path, access_token)
        rma = self._as_viewed(rma_sudo)
        if not is_form_own():
            values["ended"] = notice
            error = self._get_ended_text()
        elif rma._may_act_for_customer():
            error = change(rma)
        else:
            error = request.env._("Only the customer, or who looks after the return, can do this.")
        if error:
            response = self._render_return_page(
                rma_sudo, access_token, errors={notice: error}, **values
            )
            response.status_code = 400 if "ended" in values else 200
            return response
        return request.redirect(
            rma_sudo.get_portal_url(query_string=f"&notice={notice}", anchor="return_notice")
        )

    def _prepare_return_page_values(self, rma_sudo):
        notice = request.params.get("notice")
        typed = take_typed(f"/my/returns/{rma_sudo.id}") if not is_post() else {}
        ended = typed.get("ended")
        return {
            **super()._prepare_return_page_values(rma_sudo),
            **{name: typed.get(name, "") for name in TYPED},
            "photo_types": request.env["sale.rma.upload"]._get_photo_types(),
            "notice": notice if notice in NOTICES else "",
            "errors": {ended: self._get_ended_text()} if ended in NOTICES else {},
        }

    def _render_return_page(self, rma_sudo, access_token, **values):
        """Render the page of a return with what was typed and refused."""
        values = {**self._prepare_return_page_values(rma_sudo), **values}
        values = self._get_page_view_values(
            rma_sudo, access_token, values, "my_returns_history", False
        )
        return request.render("sale_rma.portal_return_page", values)
