# The commands of this project. Each is a small Python program in dev/ that needs nothing
# but Python's own library. `make help` lists them.
#
# Variables such as T=tests/test_x.py or ODOO_HOME=/opt/odoo may be given on make's command
# line or in the environment: make hands both on to the program.

PYTHON ?= python3
COMMANDS = help demo stop clean setup test lint format shell psql logs mails i18n update status bench populate

.DEFAULT_GOAL := help
.PHONY: $(COMMANDS)
$(COMMANDS):
	@PYTHONPYCACHEPREFIX='$(CURDIR)/.odoo/cache/python' $(PYTHON) -m dev $@
