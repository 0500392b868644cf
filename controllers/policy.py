from odoo import http
from odoo.http import request

from .page import page


class ReturnPolicyPage(http.Controller):
    """What may come back, until when and at whose cost, for everybody to read."""

    @page("/returns/policy", auth="public", website=True, sitemap=True)
    def returns_policy(self, **kwargs):
        """Show the rules of the shop the page belongs to."""
        website = getattr(request, "website", None)
        company = website.company_id if website else request.env.company
        return request.render(
            "sale_rma.returns_policy",
            {
                "page_name": "returns_policy",
                "title": request.env._("Our returns policy"),
                "sections": company._get_policy_sections(),
            },
        )
