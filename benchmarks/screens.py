"""What the web client asks for to show a view, read from the view itself."""

import json
from dataclasses import dataclass

from lxml import etree

from odoo.tools.safe_eval import safe_eval

SUBVIEWS = ("list", "kanban", "form")


@dataclass
class Screen:
    """A view of a model as its user gets it."""

    browser: object
    model: str
    arch: etree._Element
    fields: dict

    @classmethod
    def open_all(cls, browser, model, kinds, action_id=False):
        """Return {kind: screen} of these kinds of view."""
        views = browser.call(
            model,
            "get_views",
            views=[[False, kind] for kind in kinds],
            options={"action_id": action_id, "toolbar": True, "load_filters": True},
        ).result
        fields = {name: data["fields"] for name, data in views["models"].items()}
        return {
            kind: cls(browser, model, etree.fromstring(view["arch"]), fields)
            for kind, view in views["views"].items()
        }

    @property
    def specification(self):
        """What `web_read` is to return."""
        return self._specify(self.arch, self.model)

    def _specify(self, node, model):
        spec = {}
        for field in self._own_fields(node):
            name = field.get("name")
            definition = self.fields[model].get(name)
            if definition:
                spec[name] = self._specify_field(field, definition)
        return spec

    def _own_fields(self, node):
        """Return the field nodes of a view without those of the views within."""
        for child in node:
            if child.tag == "field":
                yield child
            elif isinstance(child.tag, str):
                yield from self._own_fields(child)

    def _specify_field(self, field, definition):
        invisible = field.get("invisible") in ("1", "True")
        if definition["type"] in ("many2one", "reference"):
            return {"fields": {} if invisible else {"display_name": {}}}
        if definition["type"] in ("one2many", "many2many") and not invisible:
            subview = next((child for child in field if child.tag in SUBVIEWS), None)
            if subview is not None:
                relation = definition["relation"]
                limit = int(subview.get("limit") or 40)
                return {"fields": self._specify(subview, relation), "limit": limit}
            if field.get("widget", "").startswith("many2many_"):
                return {"fields": {"display_name": {}}}
        return {}

    # === SEARCH === #

    def get_filters(self):
        """Return [(name, domain)] of the filters of a search view."""
        filters = []
        for node in self.arch.iter("filter"):
            if node.get("domain"):
                domain = safe_eval(node.get("domain"), {"uid": self.browser.uid})
                filters.append((node.get("name"), domain))
        return filters

    def get_date_fields(self):
        """Return the dates that a search view filters by, month by month."""
        return [node.get("date") for node in self.arch.iter("filter") if node.get("date")]

    def get_groupings(self):
        """Return [(name, field)] of the groupings of a search view."""
        return [
            (node.get("name"), safe_eval(node.get("context"))["group_by"])
            for node in self.arch.iter("filter")
            if "group_by" in node.get("context", "")
        ]

    def get_search_domain(self, name, text):
        """Return the domain of a text typed for one of a search view's fields, by its label or
        its name."""
        for node in self.arch.iter("field"):
            if name in (node.get("string"), node.get("name")):
                if node.get("filter_domain"):
                    return safe_eval(node.get("filter_domain"), {"self": text})
                return [[node.get("name"), node.get("operator") or "ilike", text]]
        raise KeyError(name)

    # === GROUPS === #

    def get_measures(self):
        """Return what the pivot and graph of this view add up."""
        return ["__count"]

    def get_rows_and_columns(self):
        """Return the fields that a pivot or graph groups by, with their intervals."""
        return [
            f"{node.get('name')}:{node.get('interval')}"
            if node.get("interval")
            else node.get("name")
            for node in self.arch.iter("field")
        ]

    def get_progress_bar(self):
        """Return what the columns of a kanban count."""
        node = next(self.arch.iter("progressbar"))
        return {"field": node.get("field"), "colors": json.loads(node.get("colors"))}
