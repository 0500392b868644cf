"""Mails about returns come from the shop, and that of a guest's link has the layout of the others:
where nobody changed it."""

OLD_SENDER = (
    "{{ object.user_id.email_formatted or object.company_id.email_formatted "
    "or user.email_formatted }}"
)
NEW_SENDER = (
    "{{ object.company_id.email_formatted or object.user_id.email_formatted "
    "or user.email_formatted }}"
)


def migrate(cr, version):
    own = "SELECT res_id FROM ir_model_data WHERE module = 'sale_rma' AND model = 'mail.template'"
    cr.execute(
        f"UPDATE mail_template SET email_from = %s WHERE email_from = %s AND id IN ({own})",
        (NEW_SENDER, OLD_SENDER),
    )
    cr.execute(
        "UPDATE mail_template "
        "SET email_layout_xmlid = 'mail.mail_notification_layout_with_responsible_signature' "
        "WHERE email_layout_xmlid = 'mail.mail_notification_light' "
        f"AND id IN ({own} AND name = 'mail_template_rma_guest_link')"
    )
