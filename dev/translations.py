"""Translations: the template of all texts, and each language's file brought up to it."""

import os
import shutil
import subprocess

from . import databases, odoo_source, prepare, python_env, settings, ui

FOLDER = settings.ROOT / "i18n"
TEMPLATE = FOLDER / f"{settings.MODULE}.pot"
MERGE = """
import sys
import polib
template = polib.pofile(sys.argv[1])
for path in sys.argv[2:]:
    old = {(e.msgctxt, e.msgid): e for e in polib.pofile(path)}
    po = polib.pofile(sys.argv[1])
    po.metadata = polib.pofile(path).metadata
    for entry in po:
        known = old.get((entry.msgctxt, entry.msgid))
        if known and not known.obsolete:
            entry.msgstr, entry.flags, entry.tcomment = known.msgstr, known.flags, known.tcomment
    po.save(path)
    print(f"    {path}: {po.percent_translated()} % translated")
"""
"""Run by the virtual environment, which has polib. A text's old translation stays; a text that
has gone goes from the file too; a new one comes without a translation."""


def _copy_addon() -> str:
    """Copy the addon for the export, which walks through all below it and follows links.

    Below the checkout is our own folder, and in it a link back to the checkout: no end to that.

    :return: the addons path with the copy in it
    """
    folder = settings.TMP / "addons"
    shutil.rmtree(folder, ignore_errors=True)
    for path in settings.addon_files(settings.ROOT):
        target = folder / settings.MODULE / path.relative_to(settings.ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return ",".join(map(str, [folder, *odoo_source.locate().addons]))


def export() -> int:
    """`make i18n`: from a fresh database, so that nothing a user changed gets in."""
    prepare.everything()
    database = databases.named(f"test_{os.getpid()}")
    try:
        databases.ensure_addon(database)
        conf = databases.write_conf(database, 0, addons_path=_copy_addon())
        FOLDER.mkdir(exist_ok=True)
        ui.step(f"Exporting {TEMPLATE.name}")
        arguments = ["i18n", "export", "--config", conf, "--output", TEMPLATE, settings.MODULE]
        done = subprocess.run(
            databases.odoo_command(*arguments),
            env=databases.environment(),
            capture_output=True,
            text=True,
        )
    finally:
        databases.drop(database)
    if done.returncode:
        raise ui.DevError(f"Odoo could not export the texts:\n{done.stderr}")
    languages = sorted(map(str, FOLDER.glob("*.po")))
    ui.step(f"Merging it into {len(languages)} translation(s)")
    command = [str(settings.PYTHON), "-c", MERGE, str(TEMPLATE), *languages]
    return subprocess.run(command, env=python_env.without_odoo()).returncode
