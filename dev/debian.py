"""Debian packages that are unpacked into our folder and never installed.

apt does the work with sources, lists and a cache of our own, so it checks Debian's signature
and every package's hash, and the system's own packages stay as they are. None of it needs root.
"""

import re
import shutil
import subprocess
from pathlib import Path

from . import settings, ui

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
ADVICE = "Is the network up, and does this machine reach a Debian mirror?"


def unpack(suite: str, packages: list[str], target: Path, title: str, *, closure=False) -> None:
    """Download packages of a Debian suite and unpack them into a folder.

    :param target: an existing folder
    :param closure: take all they depend on too, down to the C library
    """
    name = f"debian-{target.name}"
    apt = settings.CACHE / name
    debs = apt / "archives"
    options = _options(suite, apt)
    log = settings.LOGS / f"{name}.log"
    ui.run_logged(
        f"Reading Debian's package list ({suite})",
        ["apt-get", *options, "update"],
        log,
        advice=ADVICE,
    )
    if closure:
        how = ["install", "--yes", "--download-only", "--no-install-recommends"]
    else:
        how = ["download"]
    ui.run_logged(
        title,
        ["apt-get", *options, *how, *packages],
        log,
        cwd=debs,
        detail=ui.folder_size(debs),
        advice=ADVICE,
    )
    script = 'for deb in "$1"/*.deb; do dpkg-deb --extract "$deb" "$2" || exit 1; done'
    ui.run_logged(
        "Unpacking",
        ["sh", "-c", script, "unpack", debs, target],
        log,
    )
    shutil.rmtree(apt)


def system_offers(package: str) -> bool:
    """Whether this system's own apt could install a package."""
    policy = subprocess.run(
        ["apt-cache", "policy", package],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    candidate = re.search(r"Candidate: (\S+)", policy.stdout)
    return bool(candidate and candidate[1] != "(none)")


def has_lists() -> bool:
    """Whether this system's apt has read its package lists; without them it offers nothing."""
    return any(Path("/var/lib/apt/lists").glob("*Packages*"))


def _options(suite: str, folder: Path) -> list[str]:
    """Options for an apt that uses one folder and one suite, and believes nothing installed."""
    sources = folder / "sources"
    shutil.rmtree(sources, ignore_errors=True)
    for path in (sources, folder / "lists" / "partial", folder / "archives" / "partial"):
        path.mkdir(parents=True, exist_ok=True)
    (folder / "status").touch()
    (sources / "debian.sources").write_text(source_entry(suite))
    options = {
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": sources,
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State": folder,
        "Dir::State::Lists": folder / "lists",
        "Dir::State::Status": folder / "status",
        "Dir::Cache": folder,
        "Debug::NoLocking": "true",
        "Acquire::Languages": "none",
        "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
        # A container image's apt may be set to throw downloads away.
        "Binary::apt::APT::Keep-Downloaded-Packages": "true",
        "APT::Keep-Downloaded-Packages": "true",
        "DPkg::Post-Invoke": "",
        "APT::Update::Post-Invoke": "",
    }
    if ui.is_root():
        # The user apt downloads as need not be able to enter the folder of this clone.
        options["APT::Sandbox::User"] = "root"
    return [part for name, value in options.items() for part in ("-o", f"{name}={value}")]


def source_entry(suite: str) -> str:
    """An apt source for a suite: this machine's own Debian entry with the suite replaced.

    :raise ui.DevError: this machine has no Debian entry (it may be Ubuntu)
    """
    if mirror := settings.env("DEBIAN_MIRROR"):
        return _stanza(mirror, suite)
    for uri in _system_uris():
        if re.search(r"/debian/?$", uri):
            return _stanza(uri, suite)
    raise ui.DevError(
        "This machine's apt has no Debian mirror to take packages from. Either\n"
        "    set ODOO_HOME=/path/to/odoo to use an Odoo 19 you have already, or\n"
        "    install the package debian-archive-keyring and set DEBIAN_MIRROR to the address\n"
        "    of a Debian mirror, the one that ends in /debian."
    )


def _stanza(uri: str, suite: str) -> str:
    lines = ["Types: deb", f"URIs: {uri}", f"Suites: {suite}", "Components: main"]
    if KEYRING.exists():
        lines.append(f"Signed-By: {KEYRING}")
    return "\n".join(lines) + "\n"


def _system_uris() -> list[str]:
    """Every package source of this machine, as its apt reads them."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)"]
    listing = subprocess.run(command, capture_output=True, text=True)
    return list(dict.fromkeys(listing.stdout.split()))
