from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

# what it depends on where returned goods wait
PLACE_NAMES = ("rma_location_id", "view_location_id")


class StockWarehouse(models.Model):
    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "sale.rma.cached"]
    _cached_by = frozenset(PLACE_NAMES)

    rma_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Returns Location",
        check_company=True,
        copy=False,
        index="btree_not_null",
        domain="[('usage', '=', 'internal'), ('company_id', 'in', [company_id, False])]",
        help="Where returned goods wait until they are put back to stock: not for sale.",
    )

    @api.constrains("rma_location_id")
    def _check_rma_location(self):
        """Goods in Returns are told from those for sale by where it is (S13)."""
        for warehouse in self:
            location = warehouse.rma_location_id
            if location and location.location_id.usage != "view":
                raise ValidationError(
                    self.env._(
                        "%(location)s cannot be the Returns location of %(warehouse)s: what is "
                        "inside another location counts as for sale. Choose one directly in a "
                        "warehouse, beside its stock.",
                        location=location.display_name,
                        warehouse=warehouse.name,
                    )
                )

    def _get_locations_values(self, vals, code=False):
        """Override of `stock` to add the Returns location to new warehouses."""
        values = super()._get_locations_values(vals, code)
        code = (vals.get("code") or code or "").replace(" ", "").upper()
        company_id = vals.get("company_id", self.default_get(["company_id"]).get("company_id"))
        values["rma_location_id"] = {
            "name": self.env._("Returns"),
            "active": True,
            "usage": "internal",
            "barcode": self._valid_barcode(f"{code}RETURNS", company_id),
        }
        return values

    def _create_missing_rma_locations(self):
        """Give warehouses that were there before this addon their Returns location: the one that
        is left from an earlier installation, else a new one."""
        for warehouse in self.filtered(lambda warehouse: not warehouse.rma_location_id):
            warehouse.rma_location_id = warehouse._find_former_rma_location()
            if not warehouse.rma_location_id:
                warehouse._create_missing_locations({})

    def _find_former_rma_location(self):
        """Return the location that was the warehouse's Returns one: its barcode tells."""
        self.ensure_one()
        code = (self.code or "").replace(" ", "").upper()
        locations = self.env["stock.location"].with_context(active_test=False)
        return locations.search(
            [
                ("barcode", "=", f"{code}RETURNS"),
                ("location_id", "=", self.view_location_id.id),
                ("usage", "=", "internal"),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            limit=1,
        )

    # === WHERE RETURNED GOODS WAIT === #

    def _get_rma_locations(self):
        """Return the Returns locations of all warehouses, archived ones too."""
        # sudo: places only, of all companies: where goods may be
        locations = self.env["stock.location"].sudo().with_context(active_test=False)
        return locations.browse(self._get_rma_location_ids())

    @api.model
    @ormcache()
    def _get_rma_location_ids(self):
        """Return the ids of the Returns locations of all warehouses. Each stock quantity asks for
        them, so they are kept in memory."""
        # sudo: as `_get_rma_locations`
        warehouses = self.sudo().with_context(active_test=False)
        warehouses = warehouses.search_fetch([("rma_location_id", "!=", False)], PLACE_NAMES)
        return tuple(warehouses.rma_location_id.ids)

    @api.model
    @ormcache()
    def _get_rma_places_for_sale(self):
        """Return {id of a warehouse's view location: ids of what is directly in it but Returns},
        of all warehouses; kept in memory as `_get_rma_location_ids`."""
        # sudo: where goods are kept is asked by whoever may ask how many there are
        warehouses = self.sudo().with_context(active_test=True)
        places = {warehouse.view_location_id.id: set() for warehouse in warehouses.search([])}
        returns = set(self._get_rma_location_ids())
        locations = self.env["stock.location"].sudo().with_context(active_test=False)
        locations = locations.search_fetch([("location_id", "in", list(places))], ["location_id"])
        for location in locations:
            if location.id not in returns:
                places[location.location_id.id].add(location.id)
        return places
