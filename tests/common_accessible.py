"""axe-core on the customers' pages, by keyboard and screen reader."""

import json

from .common_portal import PortalCommon

AXE = "/sale_rma/static/tests/lib/axe-core/axe.min.js"
# What is Odoo's own on every page, by rule and by what it is found on. All else is ours.
ODOO_FINDINGS = [
    ["color-contrast", ".js_language_selector, .js_language_selector *"],  # in the footer
    ["landmark-unique", "nav.navbar"],  # its bar to search in lists, and that of the page
]
# The rules of WCAG 2.2 at its levels A and AA, and what axe-core holds to be good practice: the
# whole page, its header and footer included.
CHECK = """
(async () => {
    %(prepare)s
    const script = document.createElement("script");
    script.src = "%(axe)s";
    await new Promise((loaded, failed) => {
        script.onload = loaded;
        script.onerror = failed;
        document.head.append(script);
    });
    const results = await axe.run(%(part)s, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    const isOdoos = (rule, element) =>
        %(known)s.some(([known, selector]) => known === rule && element.matches(selector));
    const found = [];
    for (const violation of results.violations) {
        for (const node of violation.nodes) {
            if (!isOdoos(violation.id, document.querySelector(node.target[0]))) {
                found.push(`${violation.id}: ${violation.help}: ${node.html.slice(0, 200)}`);
            }
        }
    }
    if (found.length) {
        console.error(found.join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""


class AccessibleCommon(PortalCommon):
    def _check_accessible(self, path, prepare="", login="rma_customer", part=None):
        """:param str part: a CSS selector; the whole page without it"""
        known = json.dumps(ODOO_FINDINGS)
        values = {"axe": AXE, "prepare": prepare, "known": known}
        values["part"] = json.dumps(part) if part else "document"
        with self.subTest(path=path, prepare=prepare):
            self.browser_js(
                path,
                CHECK % values,
                ready="document.readyState === 'complete'",
                login=login,
                timeout=90,
            )
